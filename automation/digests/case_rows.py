"""A case as a row: in `Rekap`, and in a table that `export` writes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from automation.digests.flow import Passage, monday_of
from automation.model.cells import Link, Value, Writable
from automation.model.complaint import Complaint, Status
from automation.model.deadlines import paused_days
from automation.model.rules import Rules
from automation.reading.cell_text import lines_of
from automation.reading.dates import read_date
from automation.reading.numbers import national
from automation.tables.intake import POSITION, SECRET
from automation.tables.kendali import EXPORTED, TYPED
from automation.tables.table import Audience, Column, Form, Nature

_UNREAD = Complaint()


class CaseFacts:
    """The facts behind a row: a case as it stands on a day, and its row as last seen. `personal`: what people wrote is
    shown as it stands, and not only what everybody may see of it.

    Days are working days. `age` counts until the case is closed, or until today; `days_late` are those past the
    deadline, without pauses; `on_time` is None while a case has time, and for one that was closed unsolved.
    """

    def __init__(
        self, case: Passage, rules: Rules, today: date, complaint: Complaint | None = None, *, personal: bool = False
    ) -> None:
        self.entry, self.category = case.entry, rules.category(case.entry.category)
        entry = case.entry
        self.texts, self.complaint, self.personal = rules.texts, complaint or _UNREAD, personal
        self.days_late, self.on_time = entry.days_late, False if entry.days_late else None
        last = case.closings[-1] if entry.status.closed else None
        until = last.day if last is not None else today
        if last is not None:
            self.days_late = rules.calendar.between(entry.due, until, paused_days(entry.history))
            self.on_time = last.kept(entry.due) if last.way is Status.RESOLVED else None
        self.age = rules.calendar.between(entry.received, until)

    def words(self, shown: str, typed: str) -> str:
        """What people wrote, as far as this table shows it."""
        return typed if self.personal else shown

    def yes(self, true: bool | None) -> str:
        """Ya or Tidak; empty for None."""
        return "" if true is None else self.texts.say(f"ekspor.{'ya' if true else 'tidak'}")


#: The value of each column for a case.
_VALUES: Mapping[str, Callable[[CaseFacts], Writable]] = {
    "No. Tiket": lambda case: case.entry.ticket,
    "Kecamatan": lambda case: case.entry.kelurahan.kecamatan,
    "Kelurahan": lambda case: case.entry.kelurahan.name,
    "Dapil": lambda case: case.entry.kelurahan.dapil,
    "Tanggal Masuk": lambda case: case.entry.received,
    "Tahun Masuk": lambda case: case.entry.received.year,
    "Bulan Masuk": lambda case: case.entry.received.isoformat()[:7],
    "Minggu Masuk": lambda case: monday_of(case.entry.received),
    "Saluran": lambda case: case.complaint.channel.value if case.complaint.channel else "",
    "Kategori": lambda case: case.entry.category,
    "Komisi": lambda case: case.category.commission if case.category else "",
    "Instansi": lambda case: case.category.agency if case.category else "",
    "Prioritas": lambda case: case.entry.priority.value,
    "Status": lambda case: case.entry.status.value,
    "Masih Berjalan": lambda case: case.yes(not case.entry.status.closed),
    "Penanggung Jawab": lambda case: case.words(case.entry.assignee, case.complaint.assignee),
    "Ringkasan": lambda case: case.entry.summary,
    "Tenggat": lambda case: case.entry.due,
    "Keterlambatan": lambda case: case.entry.lateness,
    "Hari Terlambat": lambda case: case.days_late,
    "Umur": lambda case: case.age,
    "Tepat Waktu": lambda case: case.yes(case.on_time),
    "Jenjang": lambda case: case.texts.say(f"ekspor.jenjang.{case.entry.level.slug}") if case.entry.level else "",
    "Tanggal Selesai": lambda case: case.entry.resolved,
    "Tanggal Ditutup": lambda case: case.entry.closed_at.date() if case.entry.closed_at else None,
    "Dikabari": lambda case: case.words(case.entry.told, case.complaint.told),
    "Induk": lambda case: case.entry.parent,
    "Jumlah Warga": lambda case: case.entry.residents,
    "Baris Masih Ada": lambda case: case.yes(case.entry.present),
    "Tautan": lambda case: Link(case.entry.link),
}


def exported_headings(*, personal: bool) -> tuple[str, ...]:
    """The headings of an exported table."""
    return (*EXPORTED, *(column.heading for column in _typed(personal)))


def exported_cells(case: CaseFacts, headings: Iterable[str] = EXPORTED) -> list[Writable]:
    """The case's values in these columns of an exported table, or of `Rekap`."""
    return [_VALUES[heading](case) for heading in headings]


def exported_row(case: CaseFacts, cells: tuple[Value, ...]) -> list[Writable]:
    """The case under these headings; `cells` are its row as last seen, in the order of `intake.PEOPLE`. The table is a
    file, in which a link is only its address."""
    shown = (value.address if isinstance(value, Link) else value for value in exported_cells(case))
    typed = (_as_typed(column, lines_of(cells[POSITION[column]]), case) for column in _typed(case.personal))
    return [*shown, *typed]


def _typed(personal: bool) -> list[Column]:
    facts = (column for column in TYPED if column.audience is Audience.EVERYBODY and column.nature is Nature.FACT)
    return [*(TYPED if personal else facts)]


def _as_typed(column: Column, text: str, case: CaseFacts) -> str:
    """What was typed; if not `personal`, only known entries. Telephones and RT/RW get dashes and letters: a spreadsheet
    would take the zero from a bare telephone number, and make a date of ``003/007``."""
    if column.form is Form.PHONES:
        return " / ".join(map(national, case.complaint.phones)) or text
    if column.form is Form.RT_RW:
        rt, _, rw = case.complaint.rt_rw.partition("/")
        return f"RT {rt}/RW {rw}" if rw else text
    if column is SECRET:  # also if its category, or an earlier one, makes it so: categories may differ elsewhere
        return "Ya" if case.entry.sensitive else text
    understood = text in column.options or (column.form is Form.DATE and read_date(text) is not None)
    return text if case.personal or understood else ""
