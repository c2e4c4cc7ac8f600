"""A year that was put away: which tabs are read no more, and from which event on a journal counts that began anew."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from automation.cases.elsewhere import Elsewhere
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.journal import Case
from automation.cases.likeness import most_left
from automation.model.cells import Tab, fold_title
from automation.reading.tabs import Intake, Place
from automation.tables.kendali import REGISTER

#: So long after it was closed a case goes along: its reporter is told, and may say that it is not done.
TOLD = timedelta(days=30)
_OF_A_YEAR = re.compile(rf"(?:{fold_title(JOURNAL)}|{fold_title(REGISTER)}) \d{{4}}\b.*")
_YEAR = re.compile(r"[\s,.-]*\b(20\d\d)\s*$")


class Archive(NamedTuple):
    """What of a spreadsheet is put away, of which `years` (the last one last): events before the one with the number
    `since`, and `tabs` by their keys. `again` are tabs that were put away once and are read again; `numbers` the last
    year whose numbers may be put away: of a year that is ended late some of the next one are."""

    since: int = 0
    tabs: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    years: tuple[int, ...] = ()
    numbers: int = 0

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Archive":
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
        numbers = max(((one.at - TOLD).year for one in away), default=0)
        return cls(away[-1].sequence if away else 0, tabs, frozenset(again - tabs), years, numbers)

    @property
    def journals(self) -> Iterator[str]:
        """What its journals of those years are called."""
        return (title_of(JOURNAL, year) for year in self.years)

    def live(self, tabs: Iterable[Tab]) -> list[Tab]:
        """Those of these tabs that are read."""
        return [tab for tab in tabs if tab.key not in self.tabs]

    def left_behind(self, intake: Intake, cases: Mapping[str, Case], elsewhere: Elsewhere) -> dict[Place, bool]:
        """The rows of cases that went along with a year: to another spreadsheet, which is not known to have lost them
        since; or, from tabs that are read again, to another tab, and stand there, with their ticket or known without
        it, or may, because it can't be read now; or stand elsewhere by now. And of each whether that is certain: else
        a spreadsheet that is still to come may hold it."""
        found, there = dict[Place, bool](), elsewhere.carried
        if not (self.again or there):
            return found
        live = [row for row in intake.rows if row.tab.key not in self.again]
        placed = [row for row in intake.rows if (case := cases.get(row.ticket_text)) and case.tab == row.tab.title]
        shown = {row.ticket_text for row in (*live, *placed)}  # where its row is now may be such a tab, too
        told = ((row, cases.get(row.ticket_text)) for row in live)  # its own ticket, another's, or none
        bare = [row for row, case in told if case is None or not most_left(row.people, case.content)]
        for row in intake.rows:
            if (case := cases.get(row.ticket_text)) is None:
                continue
            if case.ticket in there and case.tab == row.tab.title:
                found[row.place] = True
            elif row.tab.key in self.again and case.tab != row.tab.title:
                other = elsewhere.cases.get(case.ticket)
                near = {one.tab.title for one in bare if most_left(one.people, case.content)}
                stands = case.ticket in shown or case.tab in intake.frozen or (other is not None and other.present)
                stands = stands or case.tab in near  # its ticket was cleared there
                if stands or near or elsewhere.to_come:
                    found[row.place] = stands or not elsewhere.to_come
        return found


def without_year(title: str) -> str:
    """A title as it is in any year: ``Gondrong``, of ``Gondrong 2026``."""
    return _YEAR.sub("", title).rstrip()


def is_of(title: str, year: int) -> bool:
    """Whether a title ends with that year: ``Gondrong 2026``."""
    found = _YEAR.search(title)
    return found is not None and int(found[1]) == year


def title_of(title: str, year: int) -> str:
    """What a tab is called in a year, or that of a year that was put away: ``Gondrong 2027`` after ``Gondrong 2026``;
    short enough for a file, too."""
    return f"{without_year(title)[:26].rstrip()} {year}"


def is_put_away(title: str) -> bool:
    """Whether a tab's title is that of a journal, or of a register, of a year that was put away."""
    return _OF_A_YEAR.fullmatch(fold_title(title)) is not None
