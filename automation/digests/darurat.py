"""The alert of one emergency, told at once, whatever the hour, and never twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from automation.model.complaint import Priority
from automation.model.register import Entry

#: After so long an alert is none any more: the daily digest has told it meanwhile.
FRESH = timedelta(hours=48)
#: A row that was received longer ago than this when it got its ticket is history that was typed in.
OLD_ON_ARRIVAL = timedelta(days=7)


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Darurat:
    """One case that has just become an emergency."""

    now: datetime
    raised: bool  # it had another priority before
    case: Entry

    @property
    def empty(self) -> bool:
        """There is always something to tell."""
        return False


def darurat(entry: Entry, now: datetime) -> Darurat:
    """What there is to tell about an emergency."""
    return Darurat(now, entry.priority_since is not None, entry)


def emergencies(entries: Iterable[Entry]) -> list[Entry]:
    """Emergencies that somebody has to run for: open, and their row is there. What was old already when it was typed
    in counts only if somebody raised it later."""
    return [
        entry
        for entry in entries
        if entry.priority is Priority.EMERGENCY
        and not entry.status.closed
        and entry.present
        and (entry.priority_since is not None or entry.issued_at.date() - entry.received <= OLD_ON_ARRIVAL)
    ]


def became_at(entry: Entry) -> datetime:
    """When it became an emergency: with its ticket, or later."""
    return entry.priority_since or entry.issued_at


def is_fresh(entry: Entry, now: datetime) -> bool:
    """Whether an alert is still one."""
    return now - became_at(entry) < FRESH
