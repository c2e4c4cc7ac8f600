"""A year that was put away: which tabs are read no more, and from which event on a journal counts that began anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.journal import Case
from automation.cases.likeness import most_left
from automation.model.cells import Tab, fold_title
from automation.reading.tabs import Intake, Row
from automation.tables.kendali import REGISTER

_OF_A_YEAR = re.compile(rf"(?:{fold_title(JOURNAL)}|{fold_title(REGISTER)}) \d{{4}}\b.*")
_YEAR = re.compile(r"[\s,.-]*\b20\d\d\s*$")


class Archive(NamedTuple):
    """What of a spreadsheet is put away, of which `years` (the last one last): events before the one with the number
    `since`, and `tabs` by their keys. `again` are tabs that were put away once and are read again."""

    since: int = 0
    tabs: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    years: tuple[int, ...] = ()

    @classmethod
    def of(cls, events: Iterable[Event]) -> Archive:
        """As these events tell, in whichever order. Each that puts a year away names all tabs that are away then."""
        away, again = list[Event](), set[str]()
        for event in sorted(events, key=lambda event: (event.sequence, event.at)):
            if event.kind is EventKind.ARCHIVED:
                away.append(event)
            elif event.kind is EventKind.BACK_FROM_ARCHIVE:
                undone = [one for one in away if one.details.get("tahun") == event.details.get("tahun")]
                away = [one for one in away if one not in undone]
                again.update(key for one in undone for key in one.details.get("arsip", ()))
        tabs = frozenset(key for one in away[-1:] for key in one.details.get("arsip", ()))
        years = tuple(one.details.get("tahun", 0) for one in away)
        return cls(away[-1].sequence if away else 0, tabs, frozenset(again - tabs), years)

    def live(self, tabs: Iterable[Tab]) -> list[Tab]:
        """Those of these tabs that are read."""
        return [tab for tab in tabs if tab.key not in self.tabs]

    def at_last(self, tabs: Iterable[Tab]) -> list[Tab]:
        """All of these tabs, those that are put away last: a row that went along is first found where it is read."""
        return sorted(tabs, key=lambda tab: tab.key in self.tabs)

    def without_carried(self, intake: Intake, cases: Mapping[str, Case]) -> Intake:
        """Without the rows, in tabs that are read again, of cases that went along to another tab, and stand there: with
        their ticket, or known without it; or may stand there, because it can't be read now."""
        if not self.again:
            return intake
        live = [row for row in intake.rows if row.tab.key not in self.again]
        shown, of = {row.ticket_text for row in live}, {ticket: case.content for ticket, case in cases.items()}
        shows = ((row.people, of.get(row.ticket_text)) for row in live)  # its own ticket, another's, or none
        bare = [people for people, told in shows if told is None or not most_left(people, told)]
        went = {
            ticket: cases[ticket].tab
            for ticket, content in of.items()
            if ticket in shown
            or cases[ticket].tab in intake.frozen
            or any(most_left(people, content) for people in bare)
        }

        def stays(row: Row) -> bool:
            return row.tab.key not in self.again or went.get(row.ticket_text, row.tab.title) == row.tab.title

        return replace(intake, rows=tuple(filter(stays, intake.rows)))


def title_of(title: str, year: int) -> str:
    """What a tab is called in a year, or that of a year that was put away: ``Gondrong 2027`` after ``Gondrong 2026``;
    short enough for a file, too."""
    return f"{_YEAR.sub('', title)[:26].rstrip()} {year}"


def is_put_away(title: str) -> bool:
    """Whether a tab's title is that of a journal, or of a register, of a year that was put away."""
    return _OF_A_YEAR.fullmatch(fold_title(title)) is not None
