"""A complaint as it was understood from one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from automation.model.findings import Code, Finding
from automation.model.places import Kelurahan


class Channel(StrEnum):
    """How the complaint came in; the values are the list in `Saluran`."""

    HOTLINE = "Hotline"
    WALK_IN = "Datang Langsung"
    WHATSAPP = "WhatsApp"
    VISIT = "Kunjungan Warga"
    OTHER = "Lainnya"


class Priority(StrEnum):
    """How soon it must be done; an empty cell means NORMAL."""

    NORMAL = "Biasa"
    URGENT = "Mendesak"
    EMERGENCY = "Darurat"


class Status(StrEnum):
    """Where the case stands; an empty cell means NEW."""

    NEW = "Baru"
    VERIFIED = "Diverifikasi"
    FORWARDED = "Diteruskan ke Fraksi"
    IN_PROGRESS = "Ditindaklanjuti"
    WAITING = "Menunggu Pelapor"
    RESOLVED = "Selesai"
    NOT_OURS = "Bukan Kewenangan"
    UNRESOLVED = "Ditutup Tanpa Solusi"

    @property
    def closed(self) -> bool:
        """Nothing more is done: solved, not ours, or closed without a solution (three different things)."""
        return self in CLOSED

    @property
    def paused(self) -> bool:
        """The clock stands while the reporter has to answer."""
        return self is Status.WAITING

    @property
    def slug(self) -> str:
        """What messages call it: ``ditutup-tanpa-solusi``."""
        return self.value.casefold().replace(" ", "-")


#: All that are closed, in the order in which they are told.
CLOSED = (Status.RESOLVED, Status.UNRESOLVED, Status.NOT_OURS)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a row says, each field understood or None/empty where the row does not say it, and what was found wrong.

    `status` and `priority` are the list's entry even where the cell was mistyped and its closest entry is unknown:
    then they are None and a finding says so.
    """

    received: date | None
    channel: Channel | None
    name: str
    phones: tuple[str, ...]  # E.164
    address: str
    rt_rw: str  # "003/007"
    category: str | None
    priority: Priority | None
    description: str
    officer: str
    kelurahan: Kelurahan | None
    status: Status | None
    assignee: str
    outcome: str
    told: str
    parent: str  # the ticket that `Induk` names, whether or not there is such a case
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether something is wrong that must be mended before a ticket is issued."""
        return bool(self.findings) and any(finding.blocks for finding in self.findings)


#: A row that this program fails to read, by a mistake of its own.
UNREADABLE = Complaint(
    *(None, None, "", (), "", "", None, None, "", "", None, None, "", "", "", ""),
    findings=(Finding(Code.ROW_FAILS),),
)
