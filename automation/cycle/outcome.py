"""The state of a spreadsheet after its turn, and what has to be told about its tabs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from automation.cases.elsewhere import Elsewhere
from automation.cases.events import Event
from automation.cases.journal import Case
from automation.cases.robot_cells import Judged
from automation.cycle.overwritten import Overwritten
from automation.model.cells import fold_title, letters
from automation.model.complaint import check_text
from automation.model.register import Repair
from automation.model.texts import ZONE, Texts
from automation.reading.tabs import Intake
from automation.sheets.port import Snapshot
from automation.trouble import Trouble

#: How many rows of the journal a message names at most.
_NAMED = 12
#: Locales of spreadsheets in which the month comes first: 05/11 is 11 May.
_MONTH_FIRST = frozenset({"en", "en_PH", "en_US", "es_PA", "es_PR", "fil_PH"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A spreadsheet after its turn.

    - `links`: the link to the row of each ticket; `vanished`: the tickets whose rows were found gone
    - `issued`: how many tickets are new; `restored`: how many events it had lost and got back from Kendali
    - `waiting`: the lanes that rows wait for; none while its service is untried: then that is among its `troubles`
    - `told`: troubles that are told only once; `uncertain`: rows may have come from a spreadsheet not read yet
    """

    source: str
    name: str
    judged: tuple[Judged, ...]
    links: Mapping[str, str]
    repairs: tuple[Repair, ...]
    issued: int
    vanished: tuple[str, ...]
    restored: int
    commits: int
    troubles: tuple[Trouble, ...]
    waiting: frozenset[tuple[str, int]]
    uncertain: bool
    told: tuple[Trouble, ...] = ()

    def after(self, first: "Outcome | None") -> "Outcome":
        """The outcome of a second turn, with what the `first` turn did already, if there was one."""
        if first is None:
            return self
        return replace(
            self,
            issued=first.issued + self.issued,
            vanished=(*first.vanished, *self.vanished),
            restored=first.restored + self.restored,
            commits=first.commits + self.commits,
            troubles=(*self.troubles, *first.told),
            told=(*first.told, *self.told),
        )


def doubly_held(cases: Mapping[str, Mapping[str, Case]]) -> dict[str, str]:
    """Listed spreadsheets that hold a ticket which an earlier one holds too, and which one: a copy was listed. `cases`
    are those of each, in listed order, by ticket. What went from one to the other with a year is no copy."""
    holders: dict[str, tuple[str, str]] = {}
    found: dict[str, str] = {}
    for source, held in cases.items():
        for ticket, case in held.items():
            holder, came_from = holders.setdefault(ticket, (source, case.came_from)) if case.present else (source, "")
            if holder not in (source, case.came_from) and came_from != source:
                found.setdefault(source, holder)
    return found


def lost_tabs(
    seen: Snapshot, intake: Intake, cases: Mapping[str, Case], elsewhere: Elsewhere | None
) -> Iterator[Trouble]:
    """Tabs that held complaints and have lost their headings; tabs that are gone, with rows of running cases that stand
    nowhere else; and the program's own tabs that can't be read."""
    for tab in seen.tabs:
        if tab.unread and tab.title not in intake.frozen and tab.key not in {one.key for one in intake.tabs}:
            yield Trouble("tab.tak-terbaca", workbook=seen.name, tab=tab.title)
    for title in sorted({case.tab for case in cases.values() if case.present} & intake.untitled):
        yield Trouble("tab.tanpa-judul", workbook=seen.name, tab=title)
    here = {fold_title(tab.title) for tab in seen.tabs}
    gone = (case for case in cases.values() if not case.present and not case.status.closed)
    lost = Counter(
        case.tab for case in gone if fold_title(case.tab) not in here and not (elsewhere and elsewhere.has_taken(case))
    )
    for title, count in sorted(lost.items()):
        yield Trouble("tab.hilang", workbook=seen.name, tab=title, banyak=count)


def overwritten_cells(seen: Snapshot, owed: Iterable[Overwritten]) -> list[Trouble]:
    """People's cells that the program overwrote when it died, and empties now; only the version history has them."""
    titles = {tab.key: tab.title for tab in seen.tabs}
    lost = [one.back for one in owed if one.back.value is None]
    cells = [f"{titles[back.tab]}!{letters(back.column)}{back.row + 1}" for back in lost]
    return [Trouble("siklus.sel-tertimpa", workbook=seen.name, sel=", ".join(cells))] if cells else []


def repair_of(found: Judged, link: str, source: str, texts: Texts) -> Repair:
    """What has to be told outside its spreadsheet about a row that waits, and the `link` to it."""
    row = found.row
    place = found.complaint.kelurahan or row.tab.place
    kecamatan, kelurahan = (place.kecamatan, place.name) if place is not None else ("", row.tab.title)
    told = [outside for one in found.complaint.findings if (outside := one.outside) is not None]
    check = check_text(told, texts) if told else found.check
    return Repair(kecamatan, kelurahan, row.number + 1, check, link, source)


def altered(workbook: str, event: Event) -> Trouble:
    """The trouble that names the rows of a journal which people have changed according to this event."""
    code = "siklus.salinan-diubah" if event.details.get("salinan") else "siklus.riwayat-diubah"
    rows = ", ".join(map(str, sorted(event.details["baris"])[:_NAMED]))
    return Trouble(code, workbook=workbook, baris=rows, banyak=len(event.details["baris"]))


def foreign(seen: Snapshot) -> list[Trouble]:
    """The troubles that a spreadsheet reads days differently than people type them, or has another time zone."""
    code = "siklus.bahasa" if seen.locale in _MONTH_FIRST else "siklus.bahasa-lain"
    told = [Trouble(code, workbook=seen.name, bahasa=seen.locale)] if seen.foreign else []
    if seen.zone and not _goes_like_ours(seen.zone):
        told.append(Trouble("siklus.zona", workbook=seen.name, zona=seen.zone))
    return told


def _goes_like_ours(zone: str) -> bool:
    """Whether the clock of a zone shows the same time as ours: Asia/Bangkok's does, which accounts here may have."""
    with suppress(ZoneInfoNotFoundError, ValueError):
        return datetime.now(ZoneInfo(zone)).utcoffset() == datetime.now(ZONE).utcoffset()
    return False
