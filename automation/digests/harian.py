"""What is told every working day. To everybody: what is new, falls due, is overdue and was closed since the last time,
and what needs a hand. To coordinators: what has to be done today, by them and by nobody else.

Sections hold every case, in the order in which they are read; how many are printed is the rendering's business. A case
may stand in several (new and already overdue). What is no matter of its own (see `own_matters`) is worked on with the
case that it goes with: it is not listed, unless its row is gone, or its reporter is to be called.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from automation.cases.kabari import is_told
from automation.digests.audience import (
    Listed,
    Scope,
    by_closing,
    by_lateness,
    by_urgency,
    closed_as,
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
class Harian(Listed):
    """What a recipient is told on a working day."""

    since: datetime  # the last digest that told this recipient anything
    now: datetime
    warn_days: int  # working days before the deadline from which a case falls due soon
    open_cases: int
    waiting: int  # of these: paused until the reporter answers
    new: tuple[Entry, ...]  # the most urgent first
    escalated: tuple[Entry, ...]  # of the overdue: those that have come to a higher level since; the highest first
    due_soon: tuple[Entry, ...]  # the nearest deadline first
    overdue: tuple[Entry, ...]  # the most working days late first
    closed: Mapping[Status, tuple[Entry, ...]]  # by what they were closed as
    gone: tuple[Entry, ...]  # still open, but the row is no longer in its spreadsheet
    repairs: tuple[Repair, ...]
    unread: tuple[Health, ...]  # spreadsheets that could not be read: all figures may lag behind


def harian(register: Register, scopes: Collection[Scope], since: datetime, now: datetime, rules: Rules) -> Harian:
    """What there is to tell about the cases in `scopes` (their union) after `since` and up to `now`."""
    period, warn_days = Period(since, now), rules.ladder.warn_days
    told = register_within(register, scopes, rules.places)
    opened = still_open(told.entries)
    matters = own_matters(told.entries)
    running = still_open(matters)
    overdue = _overdue(running)
    due_soon = [entry for entry in running if entry.days_left is not None and entry.days_left <= warn_days]
    # That a deadline comes near is told by `due_soon`: whoever is told here is somebody higher up.
    escalated = [entry for entry in overdue if entry.level >= Level.COORDINATOR and period.holds(entry.level_at)]
    return Harian(
        since=since,
        now=now,
        warn_days=warn_days,
        open_cases=len(opened),
        waiting=sum(entry.status.paused for entry in opened),
        new=tuple(sorted((entry for entry in matters if period.holds(entry.issued_at)), key=by_urgency)),
        due_soon=tuple(sorted(due_soon, key=lambda entry: (entry.days_left or 0, *by_urgency(entry)))),
        escalated=tuple(sorted(escalated, key=lambda entry: -entry.level)),
        overdue=overdue,
        closed=closed_as(sorted((entry for entry in matters if period.holds(entry.closed_at)), key=by_closing)),
        gone=_gone(opened),
        repairs=told.repairs,
        unread=told.health,
    )


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Koordinator(Listed):
    """What waits for a coordinator, in each section what has waited longest first."""

    now: datetime
    to_call: tuple[Entry, ...]  # resolved, and the reporter has not been told
    to_explain: tuple[Entry, ...]  # closed in another way, and the reporter has not been told
    overdue: tuple[Entry, ...]
    unassigned: tuple[Entry, ...]  # open, with nobody in charge
    gone: tuple[Entry, ...]  # still open, but the row is no longer in its spreadsheet
    repairs: tuple[Repair, ...]
    unread: tuple[Health, ...]  # spreadsheets that could not be read: there may be more to do


def koordinator(register: Register, scopes: Collection[Scope], _: datetime, now: datetime, rules: Rules) -> Koordinator:
    """What waits in `scopes` (their union) at `now`, whenever it was told last."""
    told = register_within(register, scopes, rules.places)
    running = still_open(own_matters(told.entries))
    untold = sorted(filter(_is_untold, told.entries), key=by_closing)
    unassigned = [entry for entry in running if entry.present and not (entry.erased or entry.assignee.strip())]
    return Koordinator(
        now=now,
        to_call=tuple(entry for entry in untold if entry.status is Status.RESOLVED),
        to_explain=tuple(entry for entry in untold if entry.status is not Status.RESOLVED),
        overdue=_overdue(running),
        unassigned=tuple(sorted(unassigned, key=_by_deadline)),
        gone=_gone(still_open(told.entries)),
        repairs=told.repairs,
        unread=told.health,
    )


def _overdue(running: Collection[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted((entry for entry in running if entry.days_late > 0), key=by_lateness))


def _gone(opened: Collection[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in opened if not entry.present)


def _is_untold(entry: Entry) -> bool:
    """A case that was closed already when it got its ticket is history that was typed in: nobody is asked to call its
    reporter. Nor can anybody be called whose row, or words, with the telephone number, are gone."""
    was_open = entry.closed_at is not None and entry.closed_at > entry.issued_at
    return was_open and entry.present and not entry.erased and not is_told(entry.told)


def _by_deadline(entry: Entry) -> tuple[int, date, str]:
    urgency, ticket = by_urgency(entry)
    return urgency, entry.due, ticket
