"""The state of each row of Sumber: what a cycle writes beside it, and what is read there later."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from automation.config.kendali import Settings
from automation.config.tabs import Record, rows_of, whole
from automation.config.values import text
from automation.cycle.sources import Failure
from automation.model.cells import CellWrite, Value, kept_text
from automation.model.disclosure import shorten
from automation.model.register import Health
from automation.model.texts import Texts
from automation.sheets.port import Snapshot
from automation.tables.kendali import SOURCES
from automation.trouble import Trouble

READ_AT, ROWS, STATE = "Terakhir Dibaca", "Baris", "Keadaan"
STAMP = "%Y-%m-%d %H:%M"
#: How many characters of one trouble, and of all of them, stand beside a spreadsheet.
TROUBLE_SHOWN, STATE_SHOWN = 500, 3000


@dataclass(frozen=True, slots=True)
class Reading:
    """The robot's cells in a row of Sumber: when everything that its link leads to was last read, how many rows there
    were then (both None: never), and what is wrong, if anything."""

    read_at: datetime | None = None
    rows: int | None = None
    state: str = ""


def last_readings(kendali: Snapshot, now: datetime) -> dict[str, Reading]:
    """What Sumber says of each link."""
    return {text(row["Tautan"]): _reading(row, now.tzinfo) for row in rows_of(kendali, SOURCES)}


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
            anyway = anyway or _is_old(_reading(row, None).read_at, reading.read_at, heartbeat)
    return [*cells, *stamps] if cells or anyway else []


def read_health(kendali: Snapshot, settings: Settings, texts: Texts, now: datetime) -> tuple[Health, ...]:
    """The state of each spreadsheet. One that was not read for long, or never, is not well, even if nobody has written
    down why: the program itself may have stopped."""
    # A quiet cycle leaves the time of the last reading as it is for a while; one missed cycle is no reason to worry.
    fresh = settings.heartbeat + 2 * timedelta(minutes=settings.sync_minutes)
    well = texts.say("siklus.baik")
    found: list[Health] = []
    for row in rows_of(kendali, SOURCES):
        reading = _reading(row, now.tzinfo)
        problem = "" if reading.state == well else reading.state
        if not problem and reading.read_at is None:
            problem = texts.say("siklus.belum-dibaca")
        elif not problem and reading.read_at is not None and now - reading.read_at > fresh:
            problem = texts.say("siklus.tidak-dibaca-lagi")
        name, link = text(row["Nama"]), text(row["Tautan"])
        if link or (name and reading.read_at is not None):  # otherwise nothing was ever read there
            found.append(Health(name or link, reading.read_at, reading.rows or 0, problem))
    return tuple(found)


def state_of(troubles: Sequence[Trouble], texts: Texts) -> str:
    """What is wrong, one line each, as far as a cell should hold it; that all is well, if there is nothing."""
    lines: list[str] = []
    for trouble in troubles:
        words = " ".join(texts.tell(trouble).split())
        if sum(map(len, lines)) + len(words) > STATE_SHOWN:
            lines.append(texts.say("siklus.dan-lagi", banyak=len(troubles) - len(lines)))
            break
        lines.append(shorten(words, TROUBLE_SHOWN))
    return kept_text("\n".join(lines)) or texts.say("siklus.baik")


def unread(failures: Iterable[Failure], kendali: Snapshot, texts: Texts) -> Iterator[str]:
    """What is wrong with each spreadsheet that could not be read, and when it last was."""
    last = {text(row["Tautan"]): _stamped(row[READ_AT], None) for row in rows_of(kendali, SOURCES)}
    for one in failures:
        words, at = texts.tell(one.trouble), last.get(one.source.link)
        named = words if one.name in words else f"{one.name}: {words}"
        yield named if at is None else f"{named} {texts.say('periksa.terakhir', waktu=f'{at:%d/%m/%Y %H.%M}')}"


def last_troubles(kendali: Snapshot, texts: Texts, known: Sequence[str]) -> list[str]:
    """What the last cycle wrote beside spreadsheets that failed, one line each, without what is `known`."""
    said, well = " ".join(" ".join(known).split()), texts.say("siklus.baik")
    lines = (line for row in rows_of(kendali, SOURCES) for line in str(row[STATE] or "").split("\n"))
    return [line for line in dict.fromkeys(lines) if line not in ("", well) and line.rstrip("…") not in said]


def _reading(row: Record, zone: tzinfo | None) -> Reading:
    return Reading(_stamped(row[READ_AT], zone), whole(row[ROWS]), text(row[STATE]))


def _stamped(value: Value, zone: tzinfo | None) -> datetime | None:
    """The time in a cell of `Terakhir Dibaca`; None if there is none."""
    try:
        return datetime.strptime(str(value), STAMP).replace(tzinfo=zone)
    except ValueError:
        return None


def _is_old(shown: datetime | None, now: datetime | None, heartbeat: timedelta) -> bool:
    return shown is None or now is None or abs(now.replace(tzinfo=None) - shown) >= heartbeat
