"""Years that were put away: which tabs are no longer read, and from which event on the journal begun anew counts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from automation.cases.elsewhere import Elsewhere
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.journal import Case
from automation.cases.likeness import most_left
from automation.model.cells import Tab, fold_title
from automation.reading.tabs import Intake, Place
from automation.tables.kendali import MAILS, REGISTER

#: A case closed no longer ago than this still goes along into a new year: its reporter is told, and may contest it.
TOLD = timedelta(days=30)
_OF_A_YEAR = re.compile(rf"(?:{'|'.join(map(fold_title, (JOURNAL, REGISTER, MAILS)))}) \d{{4}}\b.*")
_YEAR = re.compile(r"[\s,.-]*\b(20\d\d)\s*$")


class Archive(NamedTuple):
    """What a spreadsheet has put away:

    - `since`: events with lower numbers no longer count; `tabs`: keys of the tabs that are away
    - `again`: keys of tabs that were away once and are read again; `years`: the years put away, the last one last
    - `numbers`: the last year of whose tickets some may be away; after a year that was ended late, it is the next one
    """

    since: int = 0
    tabs: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    years: tuple[int, ...] = ()
    numbers: int = 0

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Archive":
        """The archive from these events, in any order. Each that puts a year away names all tabs put away by then."""
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

    def live(self, tabs: Iterable[Tab]) -> list[Tab]:
        """The tabs that are still read."""
        return [tab for tab in tabs if tab.key not in self.tabs]

    def left_behind(self, intake: Intake, cases: Mapping[str, Case], elsewhere: Elsewhere) -> dict[Place, bool]:
        """The rows left behind by cases that went along with a year, each with whether that is certain; if not, a
        spreadsheet still to be read may hold the case. Either the case went to another spreadsheet, which is not known
        to have lost it since. Or the row's tab is read again, and the case stands in another tab (with its ticket or
        recognised without it), may stand in one that can't be read now, or stands in another spreadsheet by now."""
        found, there = dict[Place, bool](), elsewhere.carried
        if not (self.again or there):
            return found
        live = [row for row in intake.rows if row.tab.key not in self.again]
        placed = [row for row in intake.rows if (case := cases.get(row.ticket_text)) and case.tab == row.tab.title]
        shown = {row.ticket_text for row in (*live, *placed)}  # a case's present row may be in such a tab, too
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


def archiving(
    year: int, tabs: frozenset[str], again: frozenset[str]
) -> Iterator[tuple[str, EventKind, dict[str, Any]]]:
    """What a journal that begins anew tells of the `tabs` that are away with a year, and of those that are read `again`
    after a later one, which it would forget."""
    yield "", EventKind.ARCHIVED, {"tahun": year, "arsip": sorted(tabs)}
    if again - tabs:
        yield "", EventKind.ARCHIVED, {"tahun": year + 1, "arsip": sorted(tabs | again)}
        yield "", EventKind.BACK_FROM_ARCHIVE, {"tahun": year + 1}


def without_year(title: str) -> str:
    """A title without its year: ``Gondrong`` for ``Gondrong 2026``."""
    return _YEAR.sub("", title).rstrip()


def year_in(title: str) -> int:
    """The year that a title ends with: 2026 for ``Gondrong 2026``; 0 if it ends with none."""
    found = _YEAR.search(title)
    return int(found[1]) if found is not None else 0


def title_of(title: str, year: int) -> str:
    """The title of a tab in this year, whether running or put away: ``Gondrong 2027`` follows ``Gondrong 2026``. It is
    short enough for a sheet of an .xlsx file."""
    return f"{without_year(title)[:26].rstrip()} {year}"


def is_put_away(title: str) -> bool:
    """Whether this is the title of a journal, of a register, or of the mails, of a year that was put away."""
    return _OF_A_YEAR.fullmatch(fold_title(title)) is not None
