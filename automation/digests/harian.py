"""The daily digest: what is new, falls due, is overdue and was closed since the last one, and what needs a hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from automation.digests.audience import (
    Scope,
    by_closing,
    by_lateness,
    by_urgency,
    has_nothing_listed,
    own_matters,
    register_within,
    still_open,
)
from automation.digests.flow import Period
from automation.model.complaint import Status
from automation.model.deadlines import Level
from automation.model.register import Entry, Health, Register, Repair
from automation.model.rules import Rules


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Harian:
    """What a recipient is told on a working day. A case may stand in several sections (new and already overdue).

    What is no matter of its own (see `own_matters`) counts among the open cases. It is not listed, unless its row is
    gone.

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
        return has_nothing_listed(self)


def harian(register: Register, scopes: Collection[Scope], since: datetime, now: datetime, rules: Rules) -> Harian:
    """What there is to tell about the cases in `scopes` (their union) after `since` and up to `now`."""
    period, warn_days = Period(since, now), rules.ladder.warn_days
    told = register_within(register, scopes, rules.places)
    opened = still_open(told.entries)
    matters = own_matters(told.entries)
    running = still_open(matters)
    overdue = sorted((entry for entry in running if entry.days_late > 0), key=by_lateness)
    closed = sorted((entry for entry in matters if period.holds(entry.closed_at)), key=by_closing)

    def closed_as(status: Status) -> tuple[Entry, ...]:
        return tuple(entry for entry in closed if entry.status is status)

    return Harian(
        since=since,
        now=now,
        warn_days=warn_days,
        open_cases=len(opened),
        waiting=sum(entry.status.paused for entry in opened),
        new=tuple(sorted((entry for entry in matters if period.holds(entry.issued_at)), key=by_urgency)),
        due_soon=tuple(sorted((entry for entry in running if _is_due_soon(entry, warn_days)), key=_by_nearness)),
        escalated=tuple(sorted((entry for entry in overdue if _went_up(entry, period)), key=_by_height)),
        overdue=tuple(overdue),
        resolved=closed_as(Status.RESOLVED),
        unresolved=closed_as(Status.UNRESOLVED),
        not_ours=closed_as(Status.NOT_OURS),
        gone=tuple(entry for entry in opened if not entry.present),
        repairs=told.repairs,
        unread=told.health,
    )


def _is_due_soon(entry: Entry, warn_days: int) -> bool:
    return entry.days_left is not None and entry.days_left <= warn_days


def _went_up(entry: Entry, period: Period) -> bool:
    """Whether somebody higher up has to know of it now. That a deadline comes near is told by `due_soon`."""
    return entry.level >= Level.COORDINATOR and period.holds(entry.level_at)


def _by_height(entry: Entry) -> int:
    return -entry.level


def _by_nearness(entry: Entry) -> tuple[int, int, str]:
    return entry.days_left or 0, *by_urgency(entry)
