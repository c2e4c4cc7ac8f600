"""The catalogue of findings: what can be wrong with a row. Each has a stable code and a severity; its message and a
correct example stand in ``templates/pesan/pemeriksaan.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from automation.cases.columns import Column


class Severity(StrEnum):
    """An error blocks the ticket; a warning does not; missing is an error of a row that is still being typed; what is
    waiting blocks the ticket as well, but is nothing that the row's people could mend."""

    ERROR = "error"
    WARNING = "warning"
    MISSING = "missing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a row. `particulars` fill the message's pattern."""

    code: Code
    column: Column | None = None
    particulars: tuple[tuple[str, str], ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether no ticket is issued until this is mended."""
        return self.code.severity is not Severity.WARNING


class Code(StrEnum):
    """Stable codes; the value is the key in the catalogue of messages."""

    severity: Severity

    def __new__(cls, value: str, severity: Severity) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.severity = severity
        return member

    DATE_MISSING = "tanggal-kosong", Severity.MISSING
    DATE_INVALID = "tanggal-keliru", Severity.ERROR
    DATE_FUTURE = "tanggal-mendatang", Severity.ERROR
    DATE_OLD = "tanggal-lama", Severity.WARNING
    CHANNEL_MISSING = "saluran-kosong", Severity.MISSING
    CHANNEL_UNKNOWN = "saluran-keliru", Severity.ERROR
    NAME_MISSING = "nama-kosong", Severity.MISSING
    CONTACT_MISSING = "kontak-kosong", Severity.MISSING
    PHONE_INVALID = "telepon-keliru", Severity.ERROR
    PHONE_TWO = "telepon-dua", Severity.WARNING
    PHONE_LOST = "telepon-hilang-angka", Severity.ERROR
    PHONE_FOREIGN = "telepon-luar-negeri", Severity.WARNING
    RT_RW_INVALID = "rtrw-keliru", Severity.ERROR
    RT_RW_DATE = "rtrw-jadi-tanggal", Severity.ERROR
    CATEGORY_MISSING = "kategori-kosong", Severity.MISSING
    CATEGORY_UNKNOWN = "kategori-keliru", Severity.ERROR
    PRIORITY_UNKNOWN = "prioritas-keliru", Severity.ERROR
    DESCRIPTION_MISSING = "uraian-kosong", Severity.MISSING
    DESCRIPTION_SHORT = "uraian-pendek", Severity.ERROR
    NIK = "nik", Severity.WARNING
    KELURAHAN_MISSING = "kelurahan-kosong", Severity.MISSING
    KELURAHAN_TAB = "kelurahan-tab", Severity.ERROR  # the tab's name is no kelurahan, and no column says it
    KELURAHAN_UNKNOWN = "kelurahan-keliru", Severity.ERROR
    KELURAHAN_AMBIGUOUS = "kelurahan-ganda", Severity.ERROR
    STATUS_UNKNOWN = "status-keliru", Severity.ERROR
    OUTCOME_MISSING = "hasil-kosong", Severity.WARNING
    PARENT_INVALID = "induk-keliru", Severity.WARNING  # a complaint is never kept waiting for this column
    PARENT_ITSELF = "induk-sendiri", Severity.WARNING
    PARENT_UNKNOWN = "induk-tidak-ada", Severity.WARNING
    PARENT_CIRCLE = "induk-melingkar", Severity.WARNING
    CELL_ERROR = "sel-galat", Severity.ERROR
    TICKET_CHANGED = "tiket-diubah", Severity.WARNING
    ROW_COPIED = "baris-salinan", Severity.ERROR
    SIMILAR = "mirip", Severity.WARNING
    SAME_PHONE = "telepon-sama", Severity.WARNING
    NUMBERS_WAIT = "nomor-menunggu", Severity.WAITING
