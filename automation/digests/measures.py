"""A case in numbers that add up in a pivot table: one row of Rekap at a time, with the meeting pack's definitions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from automation.cases.complaint import Status
from automation.cases.deadlines import paused_days
from automation.cases.workdays import Calendar
from automation.digests.flow import Passage, monday_of


@dataclass(frozen=True, slots=True)
class Measures:
    """Days are working days. `age` ends with the outcome, and goes on while there is none; `days_late` are those past
    the deadline, pauses left out; `on_time` is None while a case has time, and for one that was closed unsolved."""

    week: date  # the Monday of the week in which it was received
    month: str  # 2026-11: a text, which sorts and groups the same everywhere
    age: int
    days_late: int
    on_time: bool | None


def measures(case: Passage, today: date, calendar: Calendar) -> Measures:
    """The measures of a case as it stands on `today`."""
    entry = case.entry
    late, on_time = entry.days_late, False if entry.days_late else None
    until = today
    if entry.status.closed:
        last = case.closings[-1]
        until = last.at.date()
        late = calendar.between(entry.due, until, paused_days(entry.history)) if until > entry.due else 0
        on_time = last.kept(entry.due) if last.way is Status.RESOLVED else None
    return Measures(
        week=monday_of(entry.received),
        month=f"{entry.received:%Y-%m}",
        age=calendar.between(entry.received, until),
        days_late=late,
        on_time=on_time,
    )
