"""The columns of an intake tab and who owns each. Their headings are names that people and programs rely on."""

from __future__ import annotations

from enum import StrEnum


class Column(StrEnum):
    """A column of an intake tab; the value is its heading."""

    TICKET = "No. Tiket"
    CHECK = "Pemeriksaan"
    DUE = "Tenggat"
    LATENESS = "Keterlambatan"
    RESOLVED = "Tanggal Selesai"
    KABARI = "Kabari"

    RECEIVED = "Tanggal Masuk"
    CHANNEL = "Saluran"
    NAME = "Nama Pelapor"
    PHONE = "Telepon"
    ADDRESS = "Alamat"
    RT_RW = "RT/RW"
    CATEGORY = "Kategori"
    PRIORITY = "Prioritas"
    DESCRIPTION = "Uraian"
    OFFICER = "Petugas"
    KELURAHAN = "Kelurahan"

    STATUS = "Status"
    ASSIGNEE = "Penanggung Jawab"
    OUTCOME = "Hasil Tindak Lanjut"
    TOLD = "Dikabari"
    PARENT = "Induk"


#: Written by the program alone, and always worked out again from the row and the journal.
ROBOT = (Column.TICKET, Column.CHECK, Column.DUE, Column.LATENESS, Column.RESOLVED, Column.KABARI)
#: Typed by the volunteer who takes the complaint.
VOLUNTEER = (
    Column.RECEIVED,
    Column.CHANNEL,
    Column.NAME,
    Column.PHONE,
    Column.ADDRESS,
    Column.RT_RW,
    Column.CATEGORY,
    Column.PRIORITY,
    Column.DESCRIPTION,
    Column.OFFICER,
    Column.KELURAHAN,
)
#: Typed by the coordinator who follows the case.
COORDINATOR = (Column.STATUS, Column.ASSIGNEE, Column.OUTCOME, Column.TOLD, Column.PARENT)
#: What people type; the program never writes here.
PEOPLE = VOLUNTEER + COORDINATOR
#: A tab without `Kelurahan` serves the one kelurahan that it is named after; in one without `Induk` each complaint is a
#: matter of its own; in one without `Kabari` reporters are told without help.
OPTIONAL = (Column.KELURAHAN, Column.PARENT, Column.KABARI)
REQUIRED = tuple(column for column in ROBOT + PEOPLE if column not in OPTIONAL)
