"""What is told at once, whatever the hour, and never twice: an emergency; and, to the operator, that spreadsheets, or
everything, could not be read for long, and that they can be read again.

An incident is named after the minute in which its spreadsheets were last read. All spreadsheets that failed at the same
moment are one incident; it is over when none is left whose last reading was then.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import ClassVar

from msgspec import Struct

from automation.model.complaint import Priority
from automation.model.register import Entry, Health

FRESH = timedelta(hours=48)  # how long an alert is worth sending: after that, the daily digest has told it
#: A row that was received longer ago than this when it got its ticket is history that was typed in.
OLD_ON_ARRIVAL = timedelta(days=7)
_STAMP = "%Y-%m-%dT%H.%M"
_BEGUN, _OVER, _WHOLE = "gangguan", "pulih", "-kendali"


class Darurat(Struct, frozen=True, eq=False, weakref=True):
    """One case that has just become an emergency."""

    empty: ClassVar[bool] = False
    now: datetime
    raised: bool  # it had another priority before
    case: Entry
    coordinator: str  # the coordinator of its kelurahan, and their number; each may be empty
    phone: str


def darurat(entry: Entry, now: datetime) -> Darurat:
    """The alert about an emergency."""
    place = entry.kelurahan
    return Darurat(now, entry.priority_since is not None, entry, place.coordinator, place.coordinator_phone)


def emergencies(entries: Iterable[Entry]) -> list[Entry]:
    """Emergencies that need somebody at once: open, with their row in place. A case that was old already when it was
    typed in counts only if somebody raised its priority later."""
    there = (one for one in entries if one.priority is Priority.EMERGENCY and one.present and not one.status.closed)
    return [one for one in there if one.priority_since or one.issued_at.date() - one.received <= OLD_ON_ARRIVAL]


def became_at(entry: Entry) -> datetime:
    """When it became an emergency: with its ticket, or later."""
    return entry.priority_since or entry.issued_at


def is_fresh(entry: Entry, now: datetime) -> bool:
    """Whether an alert about it is still worth sending."""
    return now - became_at(entry) < FRESH


class Operator(Struct, frozen=True, eq=False, weakref=True):
    """An incident that has lasted too long, or is over."""

    empty: ClassVar[bool] = False
    now: datetime
    since: datetime  # when all was well last
    over: bool
    whole: bool  # no cycle could be run; otherwise `failing` spreadsheets could not be read
    failing: tuple[Health, ...]  # those that can't be read; if it is over, those of other incidents
    refused: tuple[str, ...] = ()  # no incident: cells of Penerima whose addresses get no mails from here on
    erased: str = ""  # no incident: the ticket of a case whose words are erased
    erased_on: date | None = None  # on that day, unless the wish is withdrawn


class Incident(Struct, frozen=True, order=True):
    """`since` is a whole minute. `whole`: no cycle could be run."""

    since: datetime
    whole: bool = False

    @property
    def begun(self) -> str:
        """The name of the occasion on which its beginning is told."""
        return f"{_BEGUN}-{self.since:{_STAMP}}{_WHOLE * self.whole}"

    @property
    def over(self) -> str:
        """The name of the occasion on which its end is told."""
        return self.begun.replace(_BEGUN, _OVER)


def incident_begun(occasion: str, zone: tzinfo | None) -> Incident | None:
    """The incident whose beginning this occasion tells; None for any other occasion."""
    word, _, name = occasion.partition("-")
    try:
        since = datetime.strptime(name.removesuffix(_WHOLE), _STAMP).replace(tzinfo=zone)
    except ValueError:
        return None
    return Incident(since, name.endswith(_WHOLE)) if word == _BEGUN else None


def minute(time: datetime) -> datetime:
    """The time as Kendali keeps it."""
    return time.replace(second=0, microsecond=0)


def unread_mark(health: Health) -> str:
    """The name of the mark that remembers since when a spreadsheet was never read, or has been in trouble."""
    return f"belum-{sha256(health.name.encode()).hexdigest()[:12]}"


def by_incident(health: Iterable[Health], marks: Mapping[str, datetime]) -> dict[Incident, list[Health]]:
    """The spreadsheets by the minute in which they were last read; one that never was, or is read since its mark and
    still in trouble (a tab is locked), counts from its mark."""
    found: dict[Incident, list[Health]] = {}
    for one in health:
        mark, read = marks.get(unread_mark(one)), one.last_read
        for since in {read, mark} if mark and read and mark < read else {read or mark}:
            if since is not None:
                found.setdefault(Incident(minute(since)), []).append(one)
    return found
