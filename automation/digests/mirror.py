"""The facts in Kendali and Cadangan as tables of a database, for questions that no mail answers.

No word that people typed goes in: no name, telephone, address or description, nor the recipient of a mail. Times are
Jakarta's, as text (ISO 8601). `ke` counts working days, so that the number between two days is a difference.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from automation.cases.events import Event
from automation.cases.kabari import answer_in
from automation.digests.case_rows import CaseFacts, exported_cells
from automation.digests.decisions import letter_of
from automation.digests.flow import Passage, passage
from automation.model.cells import Writable
from automation.model.complaint import Complaint
from automation.model.register import Decision, Register
from automation.model.rules import Rules
from automation.model.texts import ZONE
from automation.tables.kendali import EXPORTED, REGISTER
from automation.tables.table import Form, Nature

#: How long the calendar goes on before the first and after the last day that is needed.
_MARGIN = timedelta(days=120)
_UNLISTED = "lain"  # an agency that people typed, and no category has
#: Columns that stay out: words, and links to them.
_OUT = {column.heading for column in REGISTER.columns if column.nature is Nature.WORDS} | {"Tautan"}
_NUMBERS = {"Tahun Masuk", "Jumlah Warga"}.union(one.heading for one in REGISTER.columns if one.form is Form.NUMBER)

#: The tables: the number of columns in the primary key, and the columns; those of whole numbers begin with ``#``.
_TABLES = {
    "kasus": (1, "{} kode diterbitkan #sensitif #hasil jawaban pelapor"),
    "riwayat_status": (2, "tiket #urutan waktu status #tertutup"),
    "peristiwa": (5, "sumber #urutan waktu tiket peristiwa status jenjang masuk kelurahan"),
    "kiriman": (1, "sidik waktu jenis kesempatan keadaan"),
    "putusan": (1, "nomor keputusan diputuskan sebelum instansi tanggal_surat tanggal_jawaban #selesai surat"),
    "putusan_tiket": (2, "nomor tiket #urutan"),
    "usulan": (1, "nomor keadaan sejak tahun #selesai"),
    "hari": (1, "hari #kerja #ke"),
    "kelurahan": (1, "kode kelurahan kecamatan #dapil"),
}

Row = Sequence[Writable]


class MirrorTable(Struct, frozen=True):
    """A table: its columns (those of whole numbers begin with ``#``); the first `key` of them are the primary key."""

    name: str
    columns: tuple[str, ...]
    key: int
    rows: Sequence[Row]


def mirror_tables(
    register: Register,
    rules: Rules,
    now: datetime,
    events: Iterable[tuple[str, Event]] = (),
    mails: Iterable[Sequence[str]] = (),
    complaints: Mapping[str, Complaint] | None = None,
) -> tuple[MirrorTable, ...]:
    """The tables of a city; `events` each with its spreadsheet, `mails` as rows of Kiriman, `complaints` by ticket."""
    cases, told, letters = [*map(passage, register.entries)], complaints or {}, dict[object, str]()
    first: dict[int, str] = {}  # each reporter's first ticket: tells how many people there are, not who
    for case in cases:
        first.setdefault(case.entry.reporter, case.entry.ticket)
    headings = [heading for heading in EXPORTED if heading not in _OUT]
    named = " ".join(
        "#" * (heading in _NUMBERS) + re.sub(r"\W+", "_", heading.casefold()).strip("_") for heading in headings
    )
    agencies = {category.agency for category in rules.categories.values()}
    rows: dict[str, Iterable[Row]] = {
        "kasus": (
            [*_case_row(case, headings, rules, now, told.get(case.entry.ticket)), first[case.entry.reporter]]
            for case in cases
        ),
        "riwayat_status": (row for case in cases for row in _history(case)),
        "peristiwa": (_event_row(source, event) for source, event in events),
        "kiriman": map(_mail_row, mails),
        "putusan": (
            (*_decision_row(one, agencies), letters.setdefault(letter_of(one), one.id)) for one in register.decisions
        ),
        "putusan_tiket": ((one.id, ticket, at) for one in register.decisions for at, ticket in enumerate(one.tickets)),
        "usulan": map(_proposal_row, register.proposals),
        "hari": _days(cases, rules, now),
        "kelurahan": ((place.code, place.name, place.kecamatan, place.dapil) for place in rules.places),
    }
    return tuple(
        MirrorTable(name, tuple(columns.format(named).split()), key, [*rows[name]])
        for name, (key, columns) in _TABLES.items()
    )


def timestamp(at: datetime) -> str:
    """A time as the tables hold it."""
    return at.astimezone(ZONE).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _case_row(case: Passage, headings: Sequence[str], rules: Rules, now: datetime, complaint: Complaint | None) -> Row:
    entry, facts = case.entry, CaseFacts(case, rules, now.date(), complaint)
    shown = [cell.isoformat() if isinstance(cell, date) else cell for cell in exported_cells(facts, headings)]
    written, answer = entry.outcome is not None or entry.erased, answer_in(entry.told).value
    return [*shown, entry.kelurahan.code, timestamp(entry.issued_at), int(entry.sensitive), int(written), answer]


def _history(case: Passage) -> Iterable[Row]:
    """The history of a case. Robots' clocks may differ a little: what is written later is later."""
    at = case.entry.issued_at
    for number, (since, status) in enumerate(case.entry.history):
        at = max(at, since)
        yield case.entry.ticket, number, timestamp(at), status.value, int(status.closed)


def _event_row(source: str, event: Event) -> Row:
    told = [event.details.get(name) for name in ("status", "jenjang", "masuk", "kelurahan")]
    shown = [value if isinstance(value, str) else None for value in told]
    return source, event.sequence, timestamp(event.at), event.ticket, str(event.kind), *shown


def _mail_row(row: Sequence[str]) -> Row:
    at, key, kind, _, state, _ = row
    occasion = "" if key.count(":") < 2 else key.split(":")[1]
    mark = hashlib.sha256(f"{at} {key} {state}".encode()).hexdigest()[:16]
    return mark, at, kind, occasion, state.partition(":")[0]


def _decision_row(one: Decision, agencies: Collection[str]) -> Row:
    """The row of a decision. An agency is named only if a category has it, and not at all for a private matter."""
    at, days = one.decided_at, [day and day.isoformat() for day in (one.by, one.sent, one.answered)]
    agency = one.agency if one.agency in agencies or not one.agency else _UNLISTED
    agency = "" if one.lead and one.lead.sensitive else agency
    return one.id, one.what, at and timestamp(at), days[0], agency, *days[1:], int(one.done)


def _proposal_row(one: Decision) -> Row:
    year = one.year if re.fullmatch(r"20[0-9]{2}", one.year) else ""
    return one.id, one.what, one.decided_at and timestamp(one.decided_at), year, int(one.done)


def _days(cases: Sequence[Passage], rules: Rules, now: datetime) -> Iterable[Row]:
    last = max([now.date(), *(case.entry.due for case in cases)]) + _MARGIN
    day, number = min([now.date(), *(case.entry.received for case in cases)]) - _MARGIN, 0
    while day <= last:
        works = rules.calendar.is_working(day)
        number += works
        yield day.isoformat(), int(works), number
        day += timedelta(days=1)
