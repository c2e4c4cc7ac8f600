"""When a digest is due. Nothing goes out on days off, and nothing before the hour; what was missed is caught up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from automation.cases.workdays import Calendar

_WEEK = timedelta(days=7)


def hour_has_come(calendar: Calendar, at: time, now: datetime) -> bool:
    """Whether it is a working day, and from `at` on."""
    return calendar.is_working(now.date()) and now.timetz().replace(tzinfo=None) >= at


def working_day_before(calendar: Calendar, at: time, now: datetime) -> datetime:
    """When a daily digest was due before today's."""
    day = now.date() - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return datetime.combine(day, at, now.tzinfo)


@dataclass(frozen=True, slots=True)
class Week:
    """A week's digest. `name` (``2026-W48``, ISO 8601) stays the same when the weekday is changed within the week, so
    that nobody gets two of one week; `due` is its weekday, or the next working day."""

    name: str
    due: datetime


def week_of(calendar: Calendar, weekday: int, at: time, now: datetime) -> Week:
    """The last week's digest that is due at `now`: one that was missed can be caught up until the next one is due.
    `weekday` is 0 on Monday."""
    day = now.date() - timedelta(days=(now.weekday() - weekday) % 7)
    while (week := _week(calendar, day, at, now)).due > now:
        day -= _WEEK
    return week


def week_before(calendar: Calendar, weekday: int, at: time, now: datetime) -> datetime:
    """When the digest before that one was due."""
    return week_of(calendar, weekday, at, week_of(calendar, weekday, at, now).due - timedelta(seconds=1)).due


def _week(calendar: Calendar, day: date, at: time, now: datetime) -> Week:
    year, week, _ = day.isocalendar()
    return Week(f"{year}-W{week:02}", datetime.combine(calendar.after(day, 0), at, now.tzinfo))
