"""The register: one entry per case, as Kendali holds it, and from which every digest is made."""

from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import astuple

from automation.model.complaint import Priority, Status
from automation.model.deadlines import Level
from automation.model.places import Kelurahan


class Entry(Struct, frozen=True):  # noqa: PLW1641 - nothing looks one up by its value
    """One case as the faction sees it. The only personal data is in `summary`, which is masked (and withheld for a
    sensitive category). Dates are days in Asia/Jakarta."""

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
    resolved: date | None  # the day it was resolved, typed or first seen; None while it is not resolved
    told: str  # what others see of `Dikabari`
    issued_at: datetime
    closed_at: datetime | None  # when it was last closed (with any of the three statuses); None while open
    sensitive: bool
    present: bool  # False: its row is gone from the spreadsheet
    link: str  # opens its row; empty when the row is gone
    source: str  # the spreadsheet's identity in Sumber
    history: tuple[tuple[datetime, Status], ...]  # each status and since when, oldest first; never empty
    reporter: int  # an anonymous number of the reporter: the same number, the same person
    priority_since: datetime | None = None  # when its priority was last changed; None: never since it was issued
    level: Level = Level.NONE  # the highest level of escalation that it has reached
    parent: str = ""  # the ticket of its root case, which has no parent itself (see `one_matter`); or empty
    residents: int = 1  # how many stand behind it: itself and all that belong to it
    level_at: datetime | None = None  # when it reached that level; None for a baseline (see `deadlines`)
    channel: str = ""  # an entry of `Saluran`
    outcome: int | None = None  # a number for the text of `Hasil Tindak Lanjut`; None: there is none, or it was erased
    erased: bool = False  # no words of it are kept: nobody knows who reported it or who is in charge
    #: By a case's ticket, the ticket of the first case that likely tells of the same matter.
    together: Callable[[str], str] = str

    def __eq__(self, other: object) -> bool:
        """What `together` says of others does not count."""
        return isinstance(other, Entry) and astuple(self)[:-1] == astuple(other)[:-1]


class Repair(Struct, frozen=True):
    """A row that waits to be mended: where it is, and its findings as shown in `Pemeriksaan`."""

    kecamatan: str
    kelurahan: str
    row: int  # 1-based, as people count
    check: str
    link: str
    source: str = ""  # the spreadsheet's identity


class Health(Struct, frozen=True):
    """The state of a spreadsheet of Sumber: `problem` is empty if all is well, `whole` if it keeps nothing from being
    read; `last_read` is None if never read."""

    name: str
    last_read: datetime | None
    rows: int
    problem: str
    whole: bool = False


class Decision(Struct, frozen=True):
    """What a meeting has decided on a matter; `what` is empty while nothing is decided. `lead` is its first case, or
    its first private one, as nothing beside that ticket may tell what it is about; None if none is known, as of a year
    that was put away: then `at` may say where it is."""

    id: str
    tickets: tuple[str, ...]
    lead: Entry | None
    what: str = ""  # an entry of the list of `Keputusan`
    who: str = ""
    decided_at: datetime | None = None
    by: date | None = None
    days_late: int = 0  # working days past `by`; 0 if it is done
    done: bool = False  # it has had a result, or it reached those whom it was meant for
    came: str = ""  # its result (a name in the catalogue of words); empty while there is none
    came_on: date | None = None
    state: str = ""  # the state of the proposal that it began, once that is on its way
    agency: str = ""
    letter: str = ""  # the number of the letter
    sent: date | None = None
    answered: date | None = None
    waiting: int | None = None  # working days since the letter, while it has no answer
    year: str = ""  # the budget year of a proposal
    asked: bool = False  # what stands there as the decision now is not understood
    link: str = ""  # opens its row
    at: Kelurahan | None = None

    @property
    def place(self) -> Kelurahan | None:
        return self.lead.kelurahan if self.lead is not None else self.at


class Register(Struct, frozen=True):
    """All that a digest is made from. `entries` are in the order of their tickets, `decisions` as they were laid. No
    case that was closed since `whole_since` is missing because a year has ended; None if none is missing at all."""

    entries: tuple[Entry, ...]
    repairs: tuple[Repair, ...]
    health: tuple[Health, ...]
    decisions: tuple[Decision, ...] = ()
    proposals: tuple[Decision, ...] = ()
    whole_since: datetime | None = None
