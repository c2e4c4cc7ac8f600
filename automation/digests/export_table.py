"""What an exported table says of a case: a row each, ready to be filtered and counted by any of its columns."""

from __future__ import annotations

from collections.abc import Callable

import phonenumbers

from automation.cases.cell_text import line_of, lines_of
from automation.cases.cells import Value, Writable
from automation.cases.columns import Column
from automation.cases.complaint import Complaint
from automation.cases.deadlines import Level
from automation.cases.events import POSITION
from automation.cases.masking import mask_text, shorten
from automation.cases.register import Entry
from automation.cases.rules import Category
from automation.cases.texts import Texts
from automation.digests.figures import Measures

#: Of every table. Those that `Rekap` has too are called as there.
HEADINGS = (
    "No. Tiket",
    "Kecamatan",
    "Kelurahan",
    "Dapil",
    "Tanggal Masuk",
    "Tahun Masuk",
    "Bulan Masuk",
    "Minggu Masuk",
    "Saluran",
    "Kategori",
    "Komisi",
    "Instansi",
    "Prioritas",
    "Status",
    "Masih Berjalan",
    "Penanggung Jawab",
    "Ringkasan",
    "Tenggat",
    "Keterlambatan",
    "Hari Terlambat",
    "Umur",
    "Tepat Waktu",
    "Jenjang",
    "Tanggal Selesai",
    "Tanggal Ditutup",
    "Dikabari",
    "Induk",
    "Jumlah Warga",
    "Baris Masih Ada",
    "Tautan",
)
#: What a table with personal data has besides.
PERSONAL_HEADINGS = ("Nama Pelapor", "Telepon", "Alamat", "RT/RW", "Uraian", "Petugas", "Hasil Tindak Lanjut")
#: Characters of what people wrote that are shown where personal data are masked.
SHOWN = 120


def table_row(
    entry: Entry, complaint: Complaint, category: Category | None, measured: Measures, texts: Texts
) -> list[Writable]:
    """The case under HEADINGS, nothing personal in it; of a sensitive category not even what was written beside it."""

    def free(text: str) -> str:
        if entry.sensitive and text:
            return texts.say("rekap.disamarkan")
        return shorten(mask_text(text), SHOWN)

    return _row(entry, complaint, category, measured, texts, free)


def full_row(
    entry: Entry,
    complaint: Complaint,
    cells: tuple[Value, ...],
    category: Category | None,
    measured: Measures,
    texts: Texts,
) -> list[Writable]:
    """The case under HEADINGS and PERSONAL_HEADINGS; `cells` are its row as last seen, in the order of PEOPLE."""

    def typed(column: Column) -> str:
        return lines_of(cells[POSITION[column]])

    return [
        *_row(entry, complaint, category, measured, texts, str),
        typed(Column.NAME),
        _telephones(complaint) or typed(Column.PHONE),
        typed(Column.ADDRESS),
        _rt_and_rw(complaint.rt_rw) or typed(Column.RT_RW),
        typed(Column.DESCRIPTION),
        typed(Column.OFFICER),
        typed(Column.OUTCOME),
    ]


def _row(
    entry: Entry,
    complaint: Complaint,
    category: Category | None,
    measured: Measures,
    texts: Texts,
    free: Callable[[str], str],
) -> list[Writable]:
    place = entry.kelurahan

    def yes(true: bool) -> str:
        return texts.say(f"ekspor.{'ya' if true else 'tidak'}")

    return [
        entry.ticket,
        place.kecamatan,
        place.name,
        place.dapil,
        entry.received,
        entry.received.year,
        measured.month,
        measured.week,
        complaint.channel.value if complaint.channel is not None else "",
        entry.category,
        category.commission if category is not None else "",
        category.agency if category is not None else "",
        entry.priority.value,
        entry.status.value,
        yes(not entry.status.closed),
        shorten(mask_text(entry.assignee), SHOWN) if free is not str else entry.assignee,
        entry.summary,
        entry.due,
        entry.lateness,
        measured.days_late,
        measured.age,
        "" if measured.on_time is None else yes(measured.on_time),
        texts.say(f"ekspor.jenjang.{entry.level.slug}") if entry.level is not Level.NONE else "",
        entry.resolved,
        entry.closed_at.date() if entry.closed_at is not None else None,
        free(line_of(entry.told)),
        entry.parent,
        entry.residents,
        yes(entry.present),
        entry.link,
    ]


def _telephones(complaint: Complaint) -> str:
    """As people write them here, with dashes (``0812-3456-7890``): a spreadsheet leaves that as it is, and would make
    a number without its zero of the bare digits."""
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    numbers = (phonenumbers.format_number(phonenumbers.parse(number), national) for number in complaint.phones)
    return " / ".join(numbers)


def _rt_and_rw(read: str) -> str:
    """``RT 003/RW 007``: a spreadsheet would make a date of the bare numbers."""
    rt, _, rw = read.partition("/")
    return f"RT {rt}/RW {rw}" if rw else ""
