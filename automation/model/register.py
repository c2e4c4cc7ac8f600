"""The register: one entry per case, as Kendali holds it and as every digest is made from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from automation.model.complaint import Priority, Status
from automation.model.deadlines import Level
from automation.model.places import Kelurahan


@dataclass(frozen=True, slots=True)
class Entry:
    """One case as the faction sees it. No personal data but `summary`, which is masked (and withheld for a sensitive
    category). Dates are days in Asia/Jakarta."""

    ticket: str
    kelurahan: Kelurahan
    received: date
    category: str
    priority: Priority
    status: Status
    assignee: str
    summary: str
    due: date
    lateness: str  # the words of `Keterlambatan`
    days_late: int  # working days past `due`; 0 when not overdue, paused or closed
    days_left: int | None  # working days until `due` (0 today); None when overdue, paused or closed
    resolved: date | None  # the day Selesai was first seen, None while it is not resolved
    told: str  # `Dikabari`
    issued_at: datetime
    closed_at: datetime | None  # when it was last seen closed (any of the three ways); None while open
    sensitive: bool
    present: bool  # False: its row is gone from the spreadsheet
    link: str  # opens its row; empty when the row is gone
    source: str  # the spreadsheet's identity in Sumber
    history: tuple[tuple[datetime, Status], ...]  # each status and since when, oldest first; never empty
    reporter: int  # who reported, as a number that tells nothing else: the same number, the same person
    priority_since: datetime | None = None  # when it was given another priority; None: it was issued with this one
    level: Level = Level.NONE  # the highest level of escalation that it has reached
    parent: str = ""  # the ticket of the case that it goes with, itself without a parent (see `parents`)
    residents: int = 1  # who stand behind it: itself and all that go with it
    level_at: datetime | None = None  # when it reached that; None where it was found there (see `deadlines`)
    channel: str = ""  # an entry of `Saluran`
    outcome: int | None = None  # the text of `Hasil Tindak Lanjut`, as a number; None: there is none, or it was erased
    #: The ticket of the first that tells of the same matter, as likely as it is: for a case's ticket.
    together: Callable[[str], str] = field(default=str, repr=False, compare=False)
    erased: bool = False  # nobody's words are kept of it: who reported it, and who is in charge, nobody knows


@dataclass(frozen=True, slots=True)
class Repair:
    """A row that waits for a fix: where it is, and its findings as shown in `Pemeriksaan`."""

    kecamatan: str
    kelurahan: str
    row: int  # 1-based, as people count
    check: str
    link: str
    source: str = ""  # the spreadsheet's identity


@dataclass(frozen=True, slots=True)
class Health:
    """How a spreadsheet of Sumber fared: `problem` is empty when all is well; `last_read` None when never read."""

    name: str
    last_read: datetime | None
    rows: int
    problem: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting has decided on a matter; `what` is empty as long as nothing was decided. `lead` is its first
    ticket's case, None where nobody knows that."""

    id: str
    tickets: tuple[str, ...]
    lead: Entry | None
    what: str = ""  # an entry of the list of `Keputusan`
    who: str = ""
    decided_at: datetime | None = None
    by: date | None = None
    days_late: int = 0  # working days past that; 0 where it is done
    done: bool = False  # it came to something, or it was put into the hands that it was meant for
    came: str = ""  # what came of it (a name in the catalogue of words); empty as long as it stands
    came_on: date | None = None
    state: str = ""  # of the proposal that it has begun, once that is on its way
    agency: str = ""
    letter: str = ""  # its number
    sent: date | None = None
    answered: date | None = None
    waiting: int | None = None  # working days since the letter, as long as it has no answer
    year: str = ""  # of the budget, of a proposal
    link: str = ""  # opens its row


@dataclass(frozen=True, slots=True)
class Register:
    """All that a digest is made from. `entries` are in the order of their tickets, `decisions` in which they were
    laid."""

    entries: tuple[Entry, ...]
    repairs: tuple[Repair, ...]
    health: tuple[Health, ...]
    decisions: tuple[Decision, ...] = ()
    proposals: tuple[Decision, ...] = ()
