"""The journal's events: what happened to a case, and the details of each event. The journal is append-only: a written
event is never changed. `codec` says how events stand in the rows of `Riwayat`. `is_shaped` says what may stand in an
event: anything else was put there by hand, and changes no case."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from math import isfinite
from typing import Any, TypeGuard

from msgspec import Struct
from msgspec.structs import astuple

from automation.model.cells import CellError, Value
from automation.tables.intake import PEOPLE
from automation.tables.kendali import FILED, JOURNAL as _TABLE
from automation.tables.table import Form

#: The journal's tab, in every spreadsheet, and its headings.
JOURNAL, JOURNAL_HEADINGS = str(_TABLE), _TABLE.headings


class EventKind(StrEnum):
    """What happened to a case; the value stands in `Peristiwa`."""

    ISSUED = "Diterbitkan"  # a ticket was issued; the snapshot of its row
    MOVED_IN = "Pindah Masuk"  # its row was moved here from another spreadsheet; the snapshot
    EDITED = "Diubah"
    STATUS = "Status"
    REOPENED = "Dibuka Lagi"
    VANISHED = "Hilang"  # its row is gone
    BACK = "Kembali"
    CLOSED = "Ditutup"  # the operator closed it while its row was gone
    ESCALATED = "Naik Jenjang"  # it came to a higher level of escalation, or its baseline was recorded
    TICKET_RESTORED = "Tiket Dikembalikan"  # people changed the ticket cell, and it was put right
    DATE_ASKED = "Tanggal Ditanyakan"  # its day of receipt is doubtful; until an answer the day first seen counts
    DATE_CONFIRMED = "Tanggal Dipastikan"  # somebody vouched for it
    ERASED = "Dihapus"  # people's words were taken out of all that is kept of it
    ALTERED = "Riwayat Diubah"  # people changed a row of the journal, and the true event was put back
    LANE = "Lajur Nomor"  # in Kendali: which numbers of a kelurahan a spreadsheet may issue
    PROVEN = "Layanan Terbukti"  # in Kendali: what is assumed of the spreadsheets' service was tried out, and holds
    SETTING = "Pengaturan Diubah"  # in Kendali: people changed a setting
    FILED = "Dicatat"  # in Kendali: people typed something into a row that the robot laid in the table of its `Sumber`
    ARCHIVED = "Tahun Diarsipkan"  # a year's tabs are no longer read, and the journal began anew with running cases
    BACK_FROM_ARCHIVE = "Arsip Dibuka"  # its tabs are read again
    FORMAT = "Format"  # from here on the journal is in the format of a later version; this version writes none


#: Number, ticket, kind, digest. Two robots, or a restored spreadsheet, may have used a number of the journal twice;
#: both events have happened all the same.
Key = tuple[int, str, str, str]

#: Kinds that happen to a case. The others are about the journal itself; so may be those of a later version.
CASE_KINDS = frozenset(EventKind) - {
    EventKind.ALTERED, EventKind.LANE, EventKind.PROVEN, EventKind.SETTING, EventKind.FILED, EventKind.FORMAT,
    EventKind.ARCHIVED, EventKind.BACK_FROM_ARCHIVE,
}  # fmt: skip


class Event(Struct, frozen=True):  # noqa: PLW1641 - its details can't be hashed
    """One row of the journal. `kind` is plain text if only a later version knows it. `digest` is the one in the row:
    None before the event is written, empty where the row has none. `details` by kind:

    - ISSUED, MOVED_IN: ``isi`` (heading: value, the row as people typed it), ``tab``, ``masuk`` (day of receipt),
      ``kelurahan`` (code), ``status``, ``tenggat`` (the deadline) if it came closed, ``jenjang`` (the recorded level of
      escalation). ISSUED has ``mirip``, the ticket of an older case that seemed to be the same matter
    - MOVED_IN has what happened before: ``terbit`` (when issued), ``riwayat`` (statuses), ``naik`` (when that level was
      reached), ``prioritas`` (since when it has its priority, if not from the first), ``kategori`` (earlier ones),
      ``disanggah``, ``ragu`` and ``bersama`` of a doubtful day of receipt, ``dijawab`` (when that was answered). If it
      went along as a year ended, also ``tahun`` (the new year), ``mirip``, ``pindah`` (when it had moved in) and
      ``asal`` (the spreadsheet it came from, if another)
    - these and EDITED: ``dibaca`` (heading: entry), what `Istilah` made of a cell; empty where Kategori or Kelurahan
      was not understood, so that this cell counts as words, and maybe the one before it. ``dikabari``: when `Dikabari`
      was typed, if the case was open then
    - EDITED, STATUS, REOPENED, BACK: ``isi`` (heading: [old, new]), and what changed of ``tab``, ``masuk``,
      ``kelurahan``; a change of status has ``dari`` and ``ke``, the first closure ``tenggat``, the deadline it met or
      missed; ``disanggah`` is the closed status in the row while the case is open, as its reporter says that it is not
      done
    - CLOSED: ``dari``, ``ke``, ``tenggat`` if it had none yet, ``alasan``; its row stays gone
    - ESCALATED: ``jenjang``; ``dasar`` if it is the baseline (see `deadlines`)
    - DATE_ASKED: ``ragu``, the day that was typed, and ``bersama``, the first ticket of those that are asked about at
      once; DATE_CONFIRMED: ``masuk``, and ``bersama`` if it answers for all of these
    - ERASED: ``sebab``, and ``asal``, digests by which `import` knows the row again. Any event may have lost words:
      then it has ``tanpa``
    - VANISHED: ``tab``; TICKET_RESTORED: ``tertulis``, what people had written
    - SETTING: ``nama``, ``dari`` and ``ke``; it happened before ``at``, when it was first seen
    - FILED: ``id`` of the row, its tickets ``tiket``, and ``nilai``, what stands there (heading: text; of words only
      that there are some)
    - ARCHIVED: ``tahun``, and ``arsip``, the keys of all tabs that are away from then on; events with lower numbers no
      longer count. BACK_FROM_ARCHIVE: ``tahun``, the year that is brought back
    - ALTERED: ``baris`` (the rows, from 1) and ``tanda``, the marks of what stands there now; ``salinan`` if they are
      the second copy's
    """

    sequence: int
    at: datetime
    ticket: str
    kind: EventKind | str
    details: Mapping[str, Any]
    digest: str | None = None

    def __eq__(self, other: object) -> bool:
        """The digest does not count."""
        return isinstance(other, Event) and astuple(self)[:-1] == astuple(other)[:-1]

    @property
    def key(self) -> Key:
        """What identifies the event within its spreadsheet."""
        return self.sequence, self.ticket, self.kind, self.digest or ""

    @property
    def cells(self) -> Mapping[str, Any]:
        """Its ``isi``; nothing of a kind that only a later version knows, which may have put anything there."""
        return self.details.get("isi", {}) if isinstance(self.kind, EventKind) else {}


def snapshot(people: Sequence[Value]) -> dict[str, Any]:
    """What people typed in a row, for JSON: heading to value, without empty cells."""
    cells = zip(PEOPLE_HEADINGS, people, strict=True)
    return {heading: jsonable(value) for heading, value in cells if value is not None and value != ""}


def jsonable(value: Value) -> Any:
    """A cell value as JSON can hold it; an error cell as ``{"galat": "#REF!"}``."""
    return {"galat": value.text} if isinstance(value, CellError) else value


def from_json(value: Any) -> Value:
    """The cell value that `jsonable` was given; None if the JSON holds no cell value."""
    if value is None or type(value) is str:  # nearly always
        return value
    if isinstance(value, dict):
        return CellError(str(value.get("galat", "")))
    return value if isinstance(value, (str, int, float, bool)) else None


PEOPLE_HEADINGS: tuple[str, ...] = tuple(column.heading for column in PEOPLE)


#: The highest number of an event, or of anything else that is counted.
LAST_NUMBER = 2**31
_YEARS = range(2000, 2200)
_LARGEST = 10**300
_OPENING = frozenset({EventKind.ISSUED, EventKind.MOVED_IN})
#: The keys that an event of a kind must have.
_SAID = {
    **dict.fromkeys(_OPENING, frozenset({"isi", "tab", "masuk", "kelurahan", "status"})),
    EventKind.FILED: frozenset({"id", "tiket", "nilai"}),
}
#: Headings of the date columns in the rows that the robot lays.
_DAYS = {column.heading for laid in FILED for column in laid.columns if column.form is Form.DATE}


@lru_cache(maxsize=1024)  # a commit's events share one
def parse_time(text: object) -> datetime | None:
    """The time that this text gives; None if it is none, has no time zone, or is not of this age (2000–2199)."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year in _YEARS else None


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).year in _YEARS
    except ValueError:
        return False


def is_shaped(kind: EventKind, details: Mapping[str, Any]) -> bool:
    """Whether all details of an event of this kind that the program reads have the expected form."""
    if kind in _SAID and not (details.keys() >= _SAID[kind] and details.get("tiket") != []):
        return False
    cells, fits = details.get("isi", {}), _is_cell if kind in _OPENING else _is_change
    if not isinstance(cells, dict) or not all(map(fits, cells.values())):
        return False
    return all(_SHAPES[key](value) for key, value in details.items() if key in _SHAPES)


def _is_cell(value: object) -> bool:
    """Whether a cell may hold this value, as JSON represents it."""
    if isinstance(value, str) or value is None:  # nearly always
        return True
    if isinstance(value, dict):
        return list(value) == ["galat"] and isinstance(value["galat"], str)
    return isfinite(value) if isinstance(value, float) else isinstance(value, int) and abs(value) < _LARGEST


def _is_change(value: object) -> bool:
    return _is_pair(value) and all(map(_is_cell, value))


def _is_pair(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and len(value) == 2


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= LAST_NUMBER


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and parse_time(value) is not None


def _all(check: Callable[[Any], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("tab", "kelurahan", "status", "dari", "ke", "jenjang", "mirip"), _is_text),
    **dict.fromkeys(("alasan", "tertulis", "sebab", "bersama", "disanggah", "asal", "id"), _is_text),
    **dict.fromkeys(("masuk", "tenggat", "ragu"), _is_day),
    **dict.fromkeys(("terbit", "naik", "prioritas", "dijawab", "dikabari", "pindah"), _is_moment),
    **dict.fromkeys(("awal", "nomor", "tahun"), _is_number),
    **dict.fromkeys(("tiket", "kategori", "tanda", "arsip"), _all(_is_text)),
    "baris": _all(_is_number),
    "riwayat": _all(lambda one: _is_pair(one) and _is_moment(one[0]) and _is_text(one[1])),
    "dibaca": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    "nilai": lambda value: _SHAPES["dibaca"](value) and all(_is_day(value[day]) for day in _DAYS & value.keys()),
}
