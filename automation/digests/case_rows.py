"""A case as a row: in `Rekap`, in a table that `export` writes, and in the database of `mirror`.

That has what Kendali and Cadangan know as tables, for whoever wants to ask more than a mail tells: facts alone. No word
that people typed goes in: no name, telephone, address or description, nor whom a mail went to. Times are Jakarta's, as
text (ISO 8601). `ke` numbers the days so that the working days between two of them are a difference.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import phonenumbers

from automation.cases.events import Event
from automation.digests.figures import measures
from automation.digests.flow import Passage
from automation.model.cells import Link, Value, Writable
from automation.model.complaint import Complaint
from automation.model.deadlines import Level
from automation.model.rules import Rules
from automation.model.texts import ZONE
from automation.reading.cell_text import lines_of
from automation.reading.dates import read_date
from automation.tables.intake import POSITION
from automation.tables.register import EXPORTED, REGISTER, TYPED
from automation.tables.table import Audience, Column, Form, Nature


class CaseFacts:
    """All that a row tells from: a case as it stands on a day, its row as last seen. With `personal` what people wrote
    is shown as it stands; without, what everybody may see of it. `travels`: the table is a file."""

    def __init__(
        self,
        case: Passage,
        rules: Rules,
        today: date,
        complaint: Complaint | None = None,
        *,
        personal: bool = False,
        travels: bool = False,
    ) -> None:
        self.entry, self.texts, self.complaint = case.entry, rules.texts, complaint
        self.measures, self.category = measures(case, today, rules.calendar), rules.category(case.entry.category)
        self.personal, self.travels = personal, travels

    def words(self, shown: str, typed: str) -> str:
        """What people wrote, as far as this table shows it."""
        return typed if self.personal else shown

    def yes(self, true: bool | None) -> str:
        """Ya or Tidak; nothing where nobody can tell."""
        return "" if true is None else self.texts.say(f"ekspor.{'ya' if true else 'tidak'}")


def _level(case: CaseFacts) -> str:
    level = case.entry.level
    return case.texts.say(f"ekspor.jenjang.{level.slug}") if level is not Level.NONE else ""


#: What each column says of a case.
_VALUES: Mapping[str, Callable[[CaseFacts], Writable]] = {
    "No. Tiket": lambda case: case.entry.ticket,
    "Kecamatan": lambda case: case.entry.kelurahan.kecamatan,
    "Kelurahan": lambda case: case.entry.kelurahan.name,
    "Dapil": lambda case: case.entry.kelurahan.dapil,
    "Tanggal Masuk": lambda case: case.entry.received,
    "Tahun Masuk": lambda case: case.entry.received.year,
    "Bulan Masuk": lambda case: case.measures.month,
    "Minggu Masuk": lambda case: case.measures.week,
    "Saluran": lambda case: case.complaint.channel.value if case.complaint and case.complaint.channel else "",
    "Kategori": lambda case: case.entry.category,
    "Komisi": lambda case: case.category.commission if case.category else "",
    "Instansi": lambda case: case.category.agency if case.category else "",
    "Prioritas": lambda case: case.entry.priority.value,
    "Status": lambda case: case.entry.status.value,
    "Masih Berjalan": lambda case: case.yes(not case.entry.status.closed),
    "Penanggung Jawab": lambda case: case.words(case.entry.assignee, case.complaint.assignee if case.complaint else ""),
    "Ringkasan": lambda case: case.entry.summary,
    "Tenggat": lambda case: case.entry.due,
    "Keterlambatan": lambda case: case.entry.lateness,
    "Hari Terlambat": lambda case: case.measures.days_late,
    "Umur": lambda case: case.measures.age,
    "Tepat Waktu": lambda case: case.yes(case.measures.on_time),
    "Jenjang": _level,
    "Tanggal Selesai": lambda case: case.entry.resolved,
    "Tanggal Ditutup": lambda case: case.entry.closed_at.date() if case.entry.closed_at else None,
    "Dikabari": lambda case: case.words(case.entry.told, case.complaint.told if case.complaint else ""),
    "Induk": lambda case: case.entry.parent,
    "Jumlah Warga": lambda case: case.entry.residents,
    "Baris Masih Ada": lambda case: case.yes(case.entry.present),
    "Tautan": lambda case: case.entry.link if case.travels else Link(case.entry.link),
}


def exported_headings(*, personal: bool) -> tuple[str, ...]:
    """The headings of an exported table."""
    return (*EXPORTED, *(column.heading for column in _typed(personal)))


def exported_cells(case: CaseFacts, headings: Iterable[str] = EXPORTED) -> list[Writable]:
    """What these columns of an exported table, or of `Rekap`, say of the case."""
    return [_VALUES[heading](case) for heading in headings]


def exported_row(case: CaseFacts, cells: tuple[Value, ...]) -> list[Writable]:
    """The case under these headings; `cells` are its row as last seen, in the order of `intake.PEOPLE`."""
    typed = (_as_typed(column, lines_of(cells[POSITION[column]]), case) for column in _typed(case.personal))
    return [*exported_cells(case), *typed]


def _typed(personal: bool) -> list[Column]:
    facts = (column for column in TYPED if column.audience is Audience.EVERYBODY and column.nature is Nature.FACT)
    return [*(TYPED if personal else facts)]


def _as_typed(column: Column, text: str, case: CaseFacts) -> str:
    """What was typed. A spreadsheet would make a number without its zero of a bare telephone number, and a date of
    ``003/007``: so these are written with dashes and letters, as people write them."""
    if column.form is Form.PHONES and case.complaint is not None:
        parsed = (phonenumbers.parse(number) for number in case.complaint.phones)
        national = phonenumbers.PhoneNumberFormat.NATIONAL
        return " / ".join(phonenumbers.format_number(number, national) for number in parsed) or text
    if column.form is Form.RT_RW and case.complaint is not None:
        rt, _, rw = case.complaint.rt_rw.partition("/")
        return f"RT {rt}/RW {rw}" if rw else text
    understood = text in column.options or (column.form is Form.DATE and read_date(text) is not None)
    return text if case.personal or understood else ""


#: Days that are in the calendar before the first and after the last that is needed.
_MARGIN = timedelta(days=120)
#: What stays out: words, and what leads to them.
_OUT = {column.heading for column in REGISTER.columns if column.nature is Nature.WORDS} | {"Tautan"}
_NUMBERS = {column.heading for column in REGISTER.columns if column.form is Form.NUMBER} | {
    "Tahun Masuk",
    "Jumlah Warga",
}

#: The tables: how many columns tell the rows apart, and the columns, whole numbers after a ``#``.
_TABLES = {
    "kasus": (1, "{} kode diterbitkan #sensitif pelapor"),
    "riwayat_status": (2, "tiket #urutan waktu status #tertutup"),
    "peristiwa": (5, "sumber #urutan waktu tiket peristiwa status jenjang masuk kelurahan"),
    "kiriman": (1, "sidik waktu jenis kesempatan keadaan"),
    "hari": (1, "hari #kerja #ke"),
    "kelurahan": (1, "kode kelurahan kecamatan #dapil"),
}

Row = Sequence[Writable]


@dataclass(frozen=True, slots=True)
class MirrorTable:
    """A table: its columns, whole numbers after a ``#``; the first ones, `key` of them, tell its rows apart."""

    name: str
    columns: tuple[str, ...]
    key: int
    rows: Sequence[Row]


def mirror_tables(
    passages: Iterable[Passage],
    rules: Rules,
    now: datetime,
    events: Iterable[tuple[str, Event]] = (),
    mails: Iterable[Sequence[str]] = (),
    complaints: Mapping[str, Complaint] | None = None,
) -> tuple[MirrorTable, ...]:
    """The tables of a city; `events` each with its spreadsheet, `mails` as rows of Kiriman, `complaints` by ticket."""
    cases = [*passages]
    first: dict[int, str] = {}  # of each reporter the first ticket: how many people there are, not who
    for case in cases:
        first.setdefault(case.entry.reporter, case.entry.ticket)
    headings = [heading for heading in EXPORTED if heading not in _OUT]
    named = " ".join("#" * (heading in _NUMBERS) + column_name(heading) for heading in headings)
    told = complaints or {}
    rows: dict[str, Iterable[Row]] = {
        "kasus": (
            [*_case_row(case, headings, rules, now, told.get(case.entry.ticket)), first[case.entry.reporter]]
            for case in cases
        ),
        "riwayat_status": (row for case in cases for row in _history(case)),
        "peristiwa": (_event_row(source, event) for source, event in events),
        "kiriman": map(_mail_row, mails),
        "hari": _days(cases, rules, now),
        "kelurahan": ((place.code, place.name, place.kecamatan, place.dapil) for place in rules.places),
    }
    return tuple(
        MirrorTable(name, tuple(columns.format(named).split()), key, [*rows[name]])
        for name, (key, columns) in _TABLES.items()
    )


def column_name(heading: str) -> str:
    """A heading as a column is called: ``No. Tiket`` as ``no_tiket``."""
    return re.sub(r"\W+", "_", heading.casefold()).strip("_")


def moment(at: datetime) -> str:
    """A time as it stands in the tables."""
    return at.astimezone(ZONE).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _case_row(case: Passage, headings: Sequence[str], rules: Rules, now: datetime, complaint: Complaint | None) -> Row:
    entry, facts = case.entry, CaseFacts(case, rules, now.date(), complaint, travels=True)
    shown = [cell.isoformat() if isinstance(cell, date) else cell for cell in exported_cells(facts, headings)]
    return [*shown, entry.kelurahan.code, moment(entry.issued_at), int(entry.sensitive)]


def _history(case: Passage) -> Iterable[Row]:
    """Robots' clocks may differ a little; what is written later is later."""
    at = case.entry.issued_at
    for number, (since, status) in enumerate(case.entry.history):
        at = max(at, since)
        yield case.entry.ticket, number, moment(at), status.value, int(status.closed)


def _event_row(source: str, event: Event) -> Row:
    told = [event.details.get(name) for name in ("status", "jenjang", "masuk", "kelurahan")]
    shown = [value if isinstance(value, str) else None for value in told]
    return source, event.sequence, moment(event.at), event.ticket, str(event.kind), *shown


def _mail_row(row: Sequence[str]) -> Row:
    at, key, kind, _, state, _ = row
    occasion = "" if key.count(":") < 2 else key.split(":")[1]
    mark = hashlib.sha256(f"{at} {key} {state}".encode()).hexdigest()[:16]
    return mark, at, kind, occasion, state.partition(":")[0]


def _days(cases: Sequence[Passage], rules: Rules, now: datetime) -> Sequence[Row]:
    last = max([now.date(), *(case.entry.due for case in cases)]) + _MARGIN
    day = min([now.date(), *(case.entry.received for case in cases)]) - _MARGIN
    is_working = rules.calendar.is_working
    rows, number = list[Row](), 0
    while day <= last:
        number += is_working(day)
        rows.append((day.isoformat(), int(is_working(day)), number))
        day += timedelta(days=1)
    return rows
