"""What is told every working day. To everybody: what is new, falls due, is overdue and was closed since the last time,
and what needs a hand. To coordinators: what has to be done today, by them and by nobody else.

Both fit on one screen of a telephone, however large the city: three numbers, the few lines that need this reader today,
each case once, and of everything else how many. What is no matter of its own (see `own_matters`) is worked on with the
case that it goes with: it is not listed, unless its row is gone, or its reporter is to be called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from automation.cases.kabari import is_told
from automation.digests.audience import (
    Scope,
    Whole,
    by_closing,
    by_lateness,
    by_urgency,
    closed_as,
    own_matters,
    register_within,
    still_open,
)
from automation.digests.decisions import decided_within, to_propose, unfinished
from automation.digests.flow import Period, passage, status_at
from automation.digests.morning import MOST_ACTS, MOST_PICKS, Count, Morning, picked
from automation.model.complaint import Priority, Status
from automation.model.deadlines import Level
from automation.model.register import Entry, Register, Repair
from automation.model.rules import Rules

#: For how long coordinators are asked for the outcome of what they resolved.
_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True, eq=False)
class Harian(Morning):
    """What a recipient is told on a working day. Its numbers: overdue, due soon, open."""

    since: datetime  # the last digest that told this recipient anything
    open_cases: int
    waiting: int  # of these: paused until the reporter answers
    new: tuple[Entry, ...]  # the most urgent first
    escalated: tuple[Entry, ...]  # of the overdue: those that have come to a higher level since; the highest first
    due_soon: tuple[Entry, ...]  # the nearest deadline first
    overdue: tuple[Entry, ...]  # the most working days late first
    closed: Mapping[Status, tuple[Entry, ...]]  # by what they were closed as
    gone: tuple[Entry, ...]  # still open, but the row is no longer in its spreadsheet
    repairs: tuple[Repair, ...]


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
    escalated.sort(key=lambda entry: -entry.level)
    due_soon.sort(key=lambda entry: (entry.days_left or 0, *by_urgency(entry)))
    new = sorted((entry for entry in matters if period.holds(entry.issued_at)), key=by_urgency)
    closed = closed_as(sorted((entry for entry in matters if period.holds(entry.closed_at)), key=by_closing))
    gone = _gone(opened)
    emergencies = sorted((entry for entry in running if _is_emergency(entry)), key=by_lateness)
    picks, left = picked(
        {
            "darurat": emergencies,
            "dibuka": [entry for entry in running if _reopened(entry, period)],
            "naik": escalated,
            "hari-ini": [entry for entry in due_soon if entry.days_left == 0],
            "terlambat": overdue,
            "hilang": gone,
            "segera": due_soon,
            "baru": still_open(new),
        },
        MOST_PICKS,
    )
    bare = sum(entry.outcome is None and not entry.erased for entry in closed[Status.RESOLVED])
    ways = {_slug(status): len(entries) for status, entries in closed.items()}
    ways |= {"selesai": ways["selesai"] - bare, "tanpa-hasil": bare, "perbaiki": len(told.repairs)}
    then = _standing(told.entries, since, rules)
    counts = {"lewat": len(overdue), "segera": len(due_soon), "terbuka": len(opened)}
    return Harian(
        since=since,
        now=now,
        open_cases=len(opened),
        waiting=sum(entry.status.paused for entry in opened),
        numbers=Whole(Count(name, cases, cases - then[name]) for name, cases in counts.items()),
        picks=picks,
        left=Whole([*left, *(Count(name, cases) for name, cases in ways.items() if cases)]),
        new=tuple(new),
        due_soon=tuple(due_soon),
        escalated=tuple(escalated),
        overdue=overdue,
        closed=closed,
        gone=gone,
        repairs=told.repairs,
        unread=told.health,
    )


def _standing(entries: Iterable[Entry], at: datetime, rules: Rules) -> Counter[str]:
    """How many were overdue, due soon and open at a moment that has passed, by the deadlines as they are known now."""
    found, day, between = Counter[str](), at.date(), rules.calendar.between
    there = [entry for entry in entries if entry.issued_at <= at and (entry.closed_at is None or entry.closed_at > at)]
    opened = {entry.ticket: status for entry in there if not (status := status_at(entry.history, at)).closed}
    for entry in there:
        stands = entry.days_left is None and not (entry.days_late or entry.status.closed or entry.status.paused)
        if entry.ticket not in opened or entry.parent in opened or stands or opened[entry.ticket].paused:
            continue
        found["lewat"] += between(entry.due, day) > 0
        found["segera"] += between(entry.due, day) == 0 and between(day, entry.due) <= rules.ladder.warn_days
    found["terbuka"] = len(opened)
    return found


def _is_emergency(entry: Entry) -> bool:
    """Of a sensitive case nobody is told its priority."""
    return entry.priority is Priority.EMERGENCY and not (entry.sensitive or entry.status.paused)


def _reopened(entry: Entry, period: Period) -> bool:
    return len(entry.history) > 1 and any(map(period.holds, passage(entry).reopenings))


def _slug(status: Status) -> str:
    return status.value.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True, eq=False)
class Koordinator(Morning):
    """What waits for a coordinator, in each section what has waited longest first. Its numbers: reporters to be told,
    overdue, without a person in charge."""

    to_call: tuple[Entry, ...]  # resolved, and the reporter has not been told
    to_explain: tuple[Entry, ...]  # closed in another way, and the reporter has not been told
    overdue: tuple[Entry, ...]
    unassigned: tuple[Entry, ...]  # open, with nobody in charge
    gone: tuple[Entry, ...]  # still open, but the row is no longer in its spreadsheet
    repairs: tuple[Repair, ...]


def koordinator(
    register: Register, scopes: Collection[Scope], since: datetime, now: datetime, rules: Rules
) -> Koordinator:
    """What waits in `scopes` (their union) at `now`, whenever it was told last; what was decided `since` then, or is
    past its day; and in the first mail of a week the letters that have no answer."""
    told = register_within(register, scopes, rules.places)
    running = still_open(own_matters(told.entries))
    untold = sorted(filter(_is_untold, told.entries), key=by_closing)
    unassigned = [entry for entry in running if entry.present and not (entry.erased or entry.assignee.strip())]
    waiting: dict[str, tuple[Entry, ...]] = {
        "kabari": tuple(entry for entry in untold if entry.status is Status.RESOLVED),
        "jelaskan": tuple(entry for entry in untold if entry.status is not Status.RESOLVED),
        "tindak": _overdue(running),
        "tugaskan": tuple(sorted(unassigned, key=_by_deadline)),
        "hasil": tuple(sorted((entry for entry in told.entries if _lacks_outcome(entry, now)), key=by_closing)),
        "cari": _gone(still_open(told.entries)),
    }
    decided = decided_within(register.decisions, scopes)
    period, new_week = Period(since, now), since.isocalendar()[:2] != now.isocalendar()[:2]
    due = [one for one in unfinished(decided) if one.days_late or period.holds(one.decided_at)]
    unanswered = [one for one in decided if one.waiting and new_week]
    unanswered.sort(key=lambda one: (-(one.waiting or 0), one.id))
    propose = to_propose(decided_within(register.proposals, scopes), rules, now.date())
    meant = {"putusan": due, "usulan": propose, "ingatkan": unanswered}
    picks, left = picked({**meant, **waiting, "betulkan": told.repairs}, MOST_ACTS)
    numbers = (("kabari", len(untold)), ("lewat", len(waiting["tindak"])), ("tugaskan", len(unassigned)))
    return Koordinator(
        now=now,
        numbers=Whole(Count(name, cases) for name, cases in numbers),
        picks=picks,
        left=left,
        to_call=waiting["kabari"],
        to_explain=waiting["jelaskan"],
        overdue=waiting["tindak"],
        unassigned=waiting["tugaskan"],
        gone=waiting["cari"],
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


def _lacks_outcome(entry: Entry, now: datetime) -> bool:
    """Lately resolved, and nobody has written how."""
    lately = entry.closed_at is not None and entry.issued_at < entry.closed_at > now - _LATELY
    return lately and entry.status is Status.RESOLVED and entry.outcome is None and entry.present and not entry.erased


def _by_deadline(entry: Entry) -> tuple[int, date, str]:
    urgency, ticket = by_urgency(entry)
    return urgency, entry.due, ticket
