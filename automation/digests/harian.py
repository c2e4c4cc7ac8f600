"""The daily digest: what is new, falls due, is overdue and was closed since the last one, and what needs a hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from automation.cases.complaint import Priority, Status
from automation.cases.escalation import Level
from automation.cases.places import Kelurahan
from automation.cases.register import Entry, Health, Register, Repair
from automation.digests.audience import Scope, apart, repairs_within, within

KIND = "harian"
_URGENCY = {Priority.EMERGENCY: 0, Priority.URGENT: 1, Priority.NORMAL: 2}


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Harian:
    """What a recipient is told on a working day. A case may stand in several sections (new and already overdue).

    What is no matter of its own (see `apart`) counts among the open cases, and is not listed, unless its row is gone.

    Sections hold every case, in the order in which they are read; how many are printed is the rendering's business.
    """

    since: datetime  # the last digest that told this recipient anything
    now: datetime
    warn_days: int  # working days before the deadline from which a case falls due soon
    open_cases: int
    waiting: int  # of these: paused until the reporter answers
    new: tuple[Entry, ...]  # the most urgent first
    escalated: tuple[Entry, ...]  # of the overdue: those that have come to a higher level since; the highest first
    due_soon: tuple[Entry, ...]  # the nearest deadline first
    overdue: tuple[Entry, ...]  # the most working days late first
    resolved: tuple[Entry, ...]
    unresolved: tuple[Entry, ...]  # closed without a solution, which is not the same as resolved
    not_ours: tuple[Entry, ...]
    gone: tuple[Entry, ...]  # still open, but the row is no longer in its spreadsheet
    repairs: tuple[Repair, ...]
    unread: tuple[Health, ...]  # spreadsheets that could not be read: all figures may lag behind

    @property
    def empty(self) -> bool:
        """Nothing to tell: then a mail is sent only to those who asked for it even so."""
        sections = (self.new, self.due_soon, self.overdue, self.resolved, self.unresolved, self.not_ours, self.gone)
        return not any((*sections, self.repairs, self.unread))


def harian(
    register: Register,
    scopes: Collection[Scope],
    since: datetime,
    now: datetime,
    warn_days: int,
    places: Iterable[Kelurahan] = (),
) -> Harian:
    """What there is to tell about the cases in `scopes` (their union) after `since` and up to `now`.

    `places` are the city's kelurahan: they tell whose a row is that waits for a fix. Spreadsheets that could not be
    read are told to everybody, since nobody's figures are certain then.
    """
    entries = within(register.entries, scopes)
    opened = [entry for entry in entries if not entry.status.closed]
    matters = apart(entries)
    running = [entry for entry in matters if not entry.status.closed]
    overdue = sorted((entry for entry in running if entry.days_late > 0), key=_lateness)
    closed = [entry for entry in matters if entry.closed_at is not None and since < entry.closed_at <= now]

    def closed_as(status: Status) -> tuple[Entry, ...]:
        return tuple(sorted((entry for entry in closed if entry.status is status), key=_closing))

    return Harian(
        since=since,
        now=now,
        warn_days=warn_days,
        open_cases=len(opened),
        waiting=sum(entry.status.paused for entry in opened),
        new=tuple(sorted((entry for entry in matters if since < entry.issued_at <= now), key=_urgency)),
        due_soon=tuple(sorted((entry for entry in running if _is_due_soon(entry, warn_days)), key=_nearness)),
        escalated=tuple(sorted((entry for entry in overdue if _went_up(entry, since, now)), key=_height)),
        overdue=tuple(overdue),
        resolved=closed_as(Status.RESOLVED),
        unresolved=closed_as(Status.UNRESOLVED),
        not_ours=closed_as(Status.NOT_OURS),
        gone=tuple(entry for entry in opened if not entry.present),
        repairs=repairs_within(register, scopes, places),
        unread=tuple(health for health in register.health if health.problem),
    )


def _is_due_soon(entry: Entry, warn_days: int) -> bool:
    return entry.days_left is not None and entry.days_left <= warn_days


def _went_up(entry: Entry, since: datetime, now: datetime) -> bool:
    """Whether somebody higher up has to know of it now. That a deadline comes near is told by `due_soon`."""
    return entry.level >= Level.COORDINATOR and entry.level_at is not None and since < entry.level_at <= now


def _height(entry: Entry) -> int:
    return -entry.level


def _urgency(entry: Entry) -> tuple[int, str]:
    return _URGENCY[entry.priority], entry.ticket


def _nearness(entry: Entry) -> tuple[int, int, str]:
    return entry.days_left or 0, *_urgency(entry)


def _lateness(entry: Entry) -> tuple[int, int, str]:
    return -entry.days_late, *_urgency(entry)


def _closing(entry: Entry) -> tuple[datetime, str]:
    return entry.closed_at or entry.issued_at, entry.ticket
