"""When digests are due: on working days from their hour on; the weekly one once a week, holidays or not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, strategies as st

from automation.digests.ledger import hour_has_come, week_before, week_of, working_day_before
from automation.model.workdays import Calendar
from tests.mail_examples import JAKARTA

CALENDAR = Calendar(frozenset(range(6)), national=True, joint_leave=True)
AT = time(6, 30)


def moment(day: int, month: int = 11, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=JAKARTA)


def week(now: datetime, weekday: int = 0, calendar: Calendar = CALENDAR) -> tuple[str, date]:
    found = week_of(calendar, weekday, AT, now)
    return found.name, found.due.date()


@pytest.mark.parametrize(
    ("now", "come"),
    [(moment(24, hour=6, minute=29), False), (moment(24, hour=6, minute=30), True), (moment(22), False)],
    ids=["before its hour", "at its hour", "on Sunday"],
)
def test_nothing_goes_out_before_its_hour_or_on_days_off(now: datetime, come: bool) -> None:
    assert hour_has_come(CALENDAR, AT, now) is come


def test_the_digest_before_mondays_was_saturdays() -> None:
    assert working_day_before(CALENDAR, AT, moment(23)) == moment(21, hour=6, minute=30)


def test_the_week_begins_at_the_hour_of_its_weekday() -> None:
    assert week(moment(23, hour=6, minute=29)) == ("2026-W47", date(2026, 11, 16))
    assert week(moment(23, hour=6, minute=30)) == ("2026-W48", date(2026, 11, 23))


def test_what_was_missed_is_due_until_the_next_one_is() -> None:
    found = {week(moment(23, hour=7) + timedelta(days=days))[0] for days in range(7)}
    assert found == {"2026-W48"}


def test_a_day_off_moves_it_to_the_next_working_day_even_into_the_next_week() -> None:
    assert week(moment(25, 12, hour=23), weekday=4) == ("2026-W51", date(2026, 12, 18)), "Christmas is a Friday"
    assert week(moment(26, 12), weekday=4) == ("2026-W52", date(2026, 12, 26))
    closed = Calendar(frozenset(range(5)), national=False, joint_leave=False)
    assert week(moment(22), weekday=5, calendar=closed) == ("2026-W46", date(2026, 11, 16))
    assert week(moment(23), weekday=5, calendar=closed) == ("2026-W47", date(2026, 11, 23))


def test_another_weekday_within_the_week_makes_no_second_digest() -> None:
    assert week(moment(24), weekday=0)[0] == week(moment(26), weekday=3)[0] == "2026-W48"


def test_a_first_digest_reaches_back_to_the_one_before() -> None:
    assert week_before(CALENDAR, 0, AT, moment(25)) == moment(16, hour=6, minute=30)


@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 11, 1)),
    weekday=st.integers(0, 6),
    days_off=st.frozensets(st.integers(0, 40), max_size=25),
)
def test_every_week_has_one_digest_whatever_days_are_off(
    start: datetime, weekday: int, days_off: frozenset[int]
) -> None:
    off = frozenset(start.date() + timedelta(days=days) for days in days_off)
    calendar = Calendar(frozenset(range(7)), national=False, joint_leave=False, days_off=off)
    names = []
    for hours in range(0, 60 * 24, 6):
        now = start.replace(tzinfo=JAKARTA) + timedelta(hours=hours)
        found = week_of(calendar, weekday, AT, now)
        assert found.due <= now and calendar.is_working(found.due.date())
        names.append(found.name)
    weeks = list(dict.fromkeys(names))
    assert weeks == sorted(weeks) and weeks == sorted(set(names))
