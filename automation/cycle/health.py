"""The state of a spreadsheet: after its turn in a cycle, with what has to be told about its tabs; and beside its row of
Sumber, where a cycle writes it, and it is read later."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from automation.cases.elsewhere import Elsewhere
from automation.cases.events import Event, EventKind
from automation.cases.journal import Case
from automation.cases.robot_cells import Judged
from automation.config.kendali import Settings
from automation.config.tabs import Record, rows_of
from automation.config.values import text, whole
from automation.cycle.overwritten import Overwritten
from automation.cycle.sources import Failure
from automation.model.cells import CellWrite, fold_title, kept_text, letters
from automation.model.complaint import check_text
from automation.model.disclosure import shorten
from automation.model.register import Health, Repair
from automation.model.texts import CITY_ZONE, ZONE, Texts
from automation.reading.tabs import Intake
from automation.sheets.port import Snapshot
from automation.tables.intake import ADDRESS, CATEGORY, DESCRIPTION, NAME, OUTCOME, PHONE, STATUS, TOLD
from automation.tables.kendali import SOURCES
from automation.trouble import Trouble

_EDITED = (EventKind.EDITED, EventKind.STATUS, EventKind.REOPENED)
_NAMED = 12  # how many rows of the journal a message names at most
#: Locales of spreadsheets in which the month comes first: 05/11 is 11 May.
_MONTH_FIRST = frozenset({"en", "en_PH", "en_US", "es_PA", "es_PR", "fil_PH"})
READ_AT, ROWS, STATE = "Terakhir Dibaca", "Baris", "Keadaan"
STAMP = "%Y-%m-%d %H:%M"
#: How many characters of one trouble, and of all of them, stand beside a spreadsheet.
TROUBLE_SHOWN, STATE_SHOWN = 500, 3000


@dataclass(slots=True)
class Done:
    """What the turns of a spreadsheet in one cycle have done so far."""

    issued: int = 0  # tickets
    restored: int = 0  # events that it had lost, and got back from Kendali
    commits: int = 0
    vanished: list[str] = field(default_factory=list)  # the tickets whose rows were found gone
    told: list[Trouble] = field(default_factory=list)  # what is told only once


class Outcome(Struct, frozen=True):
    """A spreadsheet after its last turn.

    - `links`: the link to the row of each ticket; `done`: what all its turns have done
    - `waiting`: the lanes that rows wait for; none while its service is untried: then that is among its `troubles`
    - `uncertain`: rows may have come from a spreadsheet not read yet
    """

    source: str
    name: str
    judged: tuple[Judged, ...]
    links: Mapping[str, str]
    repairs: tuple[Repair, ...]
    done: Done
    troubles: tuple[Trouble, ...]
    waiting: frozenset[tuple[str, int]]
    uncertain: bool
    looked_at: datetime | None = None  # when it was last looked at, as all its tabs show


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


def lost_tabs(seen: Snapshot, intake: Intake, cases: Mapping[str, Case], elsewhere: Elsewhere) -> Iterator[Trouble]:
    """Tabs that held complaints and have lost their headings, or hold some below others; tabs that are gone, with rows
    of running cases that stand nowhere else and could be given back; and the program's own tabs that can't be read."""
    for tab in seen.tabs:
        if tab.unread and tab.title not in intake.frozen and tab.key not in {one.key for one in intake.tabs}:
            yield Trouble("tab.tak-terbaca", workbook=seen.name, tab=tab.title)
    held = {case.tab for case in cases.values() if case.present}
    for title in sorted(intake.untitled & (held | intake.unserved)):
        yield Trouble("tab.tanpa-judul" if title in held else "tab.judul-sendiri", workbook=seen.name, tab=title)
    here = {fold_title(tab.title) for tab in seen.tabs}
    gone = (case for case in cases.values() if not (case.present or case.erased or case.status.closed))
    lost = Counter(case.tab for case in gone if fold_title(case.tab) not in here and not elsewhere.has_taken(case))
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


def moved_alone(workbook: str, events: Iterable[Event]) -> Iterator[Trouble]:
    """The troubles that cells of one column stand in other rows, without the rest: it was sorted alone, or one of them
    was deleted and those below moved up. Then reporters have others' telephones, and cases others' status."""
    edited = (event.cells for event in events if event.kind in _EDITED)
    alone = [next(iter(changed.items())) for changed in edited if len(changed) == 1]
    for column in (NAME, PHONE, ADDRESS, DESCRIPTION, CATEGORY, STATUS, OUTCOME, TOLD):
        pairs = [[*map(str, pair)] for heading, pair in alone if heading == column]
        stay = (Counter(old for old, _ in pairs) & Counter(new for _, new in pairs)).total()
        if len(pairs) > 3 and stay >= len(pairs) * 3 / 4:
            yield Trouble("tab.kolom-pindah", workbook=workbook, column=column, banyak=len(pairs))


def foreign(seen: Snapshot) -> list[Trouble]:
    """The troubles that a spreadsheet reads days differently than people type them, or has another time zone."""
    code = "siklus.bahasa" if seen.locale in _MONTH_FIRST else "siklus.bahasa-lain"
    told = [Trouble(code, workbook=seen.name, bahasa=seen.locale)] if seen.foreign else []
    if seen.zone not in ("", CITY_ZONE) and not _goes_like_ours(seen.zone):
        told.append(Trouble("siklus.zona", workbook=seen.name, zona=seen.zone))
    return told


def _goes_like_ours(zone: str) -> bool:
    """Whether the clock of a zone shows the same time as ours: Asia/Bangkok's does, which accounts here may have."""
    with suppress(ZoneInfoNotFoundError, ValueError):
        return datetime.now(ZoneInfo(zone)).utcoffset() == datetime.now(ZONE).utcoffset()
    return False


class Reading(Struct, frozen=True):
    """The robot's cells in a row of Sumber: when everything that its link leads to was last read, how many rows there
    were then (both None: never), and what is wrong, if anything."""

    read_at: datetime | None = None
    rows: int | None = None
    state: str = ""


def last_readings(kendali: Snapshot) -> dict[str, Reading]:
    """What Sumber says of each link."""
    return {text(row["Tautan"]): _reading(row) for row in rows_of(kendali, SOURCES)}


def reading_cells(
    kendali: Snapshot, readings: Mapping[str, Reading], heartbeat: timedelta, *, anyway: bool
) -> list[CellWrite]:
    """The cells to write so that Sumber says this of each link. `Terakhir Dibaca` alone is no reason to write: it is
    renewed along with something else (`anyway`), or when it is as old as `heartbeat`."""
    if (tab := kendali.tab(SOURCES)) is None:
        return []
    cells: list[CellWrite] = []
    stamps: list[CellWrite] = []
    for row in rows_of(kendali, SOURCES):
        link = text(row["Tautan"])
        # A row without a link is the rest of one that was cleared or moved during a write: it is emptied. If it still
        # has a name, its link was emptied: then the time of the last reading stays, and says that it was once read.
        reading = readings.get(link) if link else Reading()
        if reading is None:
            continue
        wanted = ((ROWS, reading.rows), (STATE, reading.state))
        cells += tab.lacks(row.number, ((row.columns[name], value) for name, value in wanted if name in row.columns))
        stamp = reading.read_at.strftime(STAMP) if reading.read_at is not None else None
        kept = READ_AT not in row.columns or (not link and text(row["Nama"]))
        if not kept and (lacking := tab.lacks(row.number, [(row.columns[READ_AT], stamp)])):
            stamps += lacking
            shown, now = _reading(row).read_at, reading.read_at
            anyway = anyway or not (shown and now) or abs(now - shown) >= heartbeat
    return [*cells, *stamps] if cells or anyway else []


def read_health(kendali: Snapshot, settings: Settings, texts: Texts, now: datetime) -> tuple[Health, ...]:
    """The state of each spreadsheet. One not read for long is not well: the program itself may have stopped."""
    # A quiet cycle leaves the time of the last reading as it is for a while; one missed cycle is no reason to worry.
    fresh = settings.heartbeat + 2 * timedelta(minutes=settings.sync_minutes)
    well = texts.say("siklus.baik")
    found: list[Health] = []
    for row in rows_of(kendali, SOURCES):
        reading = _reading(row)
        problem = "" if reading.state == well else reading.state
        if not problem and (reading.read_at is None or now - reading.read_at > fresh):
            problem = texts.say("siklus.belum-dibaca" if reading.read_at is None else "siklus.tidak-dibaca-lagi")
        name, link = text(row["Nama"]), text(row["Tautan"])
        if link or (name and reading.read_at is not None):  # otherwise nothing was ever read there
            whole = all(line.startswith(texts.say("siklus.catatan")) for line in problem.split("\n"))
            found.append(Health(name or link, reading.read_at, reading.rows or 0, problem, whole))
    return tuple(found)


def state_of(troubles: Sequence[Trouble], texts: Texts) -> str:
    """What is wrong, one line each, as far as a cell should hold it, at last what keeps nothing from being read; that
    all is well, if there is nothing."""
    lines, note = list[str](), texts.say("siklus.catatan")
    told = (" ".join(texts.tell(trouble).split()) for trouble in troubles)
    for words in sorted(told, key=lambda words: words.startswith(note)):
        if sum(map(len, lines)) + len(words) > STATE_SHOWN:
            lines.append(texts.say("siklus.dan-lagi", banyak=len(troubles) - len(lines)))
            break
        lines.append(shorten(words, TROUBLE_SHOWN))
    return kept_text("\n".join(lines)) or texts.say("siklus.baik")


def unread(failures: Iterable[Failure], kendali: Snapshot, texts: Texts) -> Iterator[str]:
    """What is wrong with each spreadsheet that could not be read, and when it last was."""
    last = last_readings(kendali)
    for one in failures:
        words, at = texts.tell(one.trouble), last.get(one.source.link, Reading()).read_at
        named = words if one.source.name in words else f"{one.source.name}: {words}"
        yield named if at is None else f"{named} {texts.say('periksa.terakhir', waktu=f'{at:%d/%m/%Y %H.%M}')}"


def last_troubles(kendali: Snapshot, texts: Texts, known: Sequence[str]) -> list[str]:
    """What the last cycle wrote beside spreadsheets that failed, one line each, without what is `known`."""
    said, well = " ".join(" ".join(known).split()), texts.say("siklus.baik")
    lines = (line for row in rows_of(kendali, SOURCES) for line in str(row[STATE] or "").split("\n"))
    return [line for line in dict.fromkeys(lines) if line not in ("", well) and line.rstrip("…") not in said]


def _reading(row: Record) -> Reading:
    at: datetime | None = None
    with suppress(ValueError):  # nobody has read it yet, or people have changed it
        at = datetime.strptime(str(row[READ_AT]), STAMP).replace(tzinfo=ZONE)
    return Reading(at, whole(row[ROWS]), text(row[STATE]))
