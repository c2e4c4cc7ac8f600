"""Working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from automation.model.workdays import Calendar, known_through

FIVE_DAYS = frozenset(range(5))
SIX_DAYS = frozenset(range(6))
days = st.dates(date(2023, 1, 1), date(2027, 12, 31))


def calendar(
    week: frozenset[int] = SIX_DAYS,
    national: bool = True,
    joint_leave: bool = True,
    days_off: frozenset[date] = frozenset(),
    days_worked: frozenset[date] = frozenset(),
) -> Calendar:
    return Calendar(week, national, joint_leave, days_off, days_worked)


def test_six_working_days_across_nyepi_and_idul_fitri_end_on_30_march_2026() -> None:
    assert calendar(FIVE_DAYS).after(date(2026, 3, 13), 6) == date(2026, 3, 30)


def test_saturday_counts_in_a_six_day_week_and_sunday_never() -> None:
    assert calendar().after(date(2026, 7, 3), 1) == date(2026, 7, 4)
    assert calendar().after(date(2026, 7, 4), 1) == date(2026, 7, 6)
    assert calendar(FIVE_DAYS).after(date(2026, 7, 3), 1) == date(2026, 7, 6)


def test_the_decree_for_2026_has_17_holidays_and_8_days_of_joint_leave() -> None:
    every_day = frozenset(range(7))
    year = date(2025, 12, 31), date(2026, 12, 31)
    assert calendar(every_day, joint_leave=False).between(*year) == 365 - 17
    assert calendar(every_day).between(*year) == 365 - 17 - 8
    assert calendar(every_day, national=False).between(*year) == 365 - 8
    assert calendar(every_day, national=False, joint_leave=False).between(*year) == 365


def test_joint_leave_counts_as_work_where_the_settings_say_so() -> None:
    day = date(2026, 3, 20)  # cuti bersama Idul Fitri
    assert not calendar().is_working(day)
    assert calendar(joint_leave=False).is_working(day)


def test_local_exceptions_win_over_the_week_and_the_nations_holidays() -> None:
    holiday, sunday, monday = date(2026, 8, 17), date(2026, 7, 5), date(2026, 7, 6)
    ours = calendar(days_off=frozenset({monday, sunday}), days_worked=frozenset({holiday, sunday}))
    assert ours.is_working(holiday)
    assert ours.is_working(sunday)
    assert not ours.is_working(monday)


def test_zero_working_days_is_the_day_itself_or_the_next_that_counts() -> None:
    assert calendar().after(date(2026, 7, 4), 0) == date(2026, 7, 4)
    assert calendar().after(date(2026, 7, 5), 0) == date(2026, 7, 6)


def test_the_clock_stands_on_days_that_are_skipped() -> None:
    waiting = {date(2026, 7, 7), date(2026, 7, 8), date(2026, 7, 12)}
    assert calendar().after(date(2026, 7, 6), 2, waiting) == date(2026, 7, 10)
    assert calendar().between(date(2026, 7, 6), date(2026, 7, 13), waiting) == 4


def test_counting_goes_on_over_the_turn_of_the_year() -> None:
    # 25 December and 1 January are holidays, 24 December is joint leave, 27 December a Sunday
    assert calendar().after(date(2026, 12, 23), 6) == date(2027, 1, 2)
    assert calendar().between(date(2026, 12, 23), date(2027, 1, 2)) == 6


def test_the_last_working_day_of_a_year_can_be_the_day_due() -> None:
    assert calendar().after(date(2026, 12, 29), 2) == date(2026, 12, 31)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert calendar().between(date(2026, 7, 10), date(2026, 7, 6)) == 0
    assert calendar().between(date(2027, 7, 10), date(2026, 7, 6)) == 0
    assert calendar().between(date(2026, 7, 10), date(2026, 7, 6), {date(2026, 7, 8)}) == 0


@given(start=days, n=st.integers(1, 60), waiting=st.sets(days, max_size=20))
def test_the_nth_working_day_has_n_working_days_up_to_it(start: date, n: int, waiting: set[date]) -> None:
    ours = calendar()
    due = ours.after(start, n, waiting)
    assert ours.between(start, due, waiting) == n
    assert ours.is_working(due)
    assert due not in waiting


@given(start=days, length=st.integers(0, 800))
def test_a_span_holds_as_many_working_days_as_are_found_one_by_one(start: date, length: int) -> None:
    ours = calendar()
    span = [start + timedelta(days=n) for n in range(1, length + 1)]
    assert ours.between(start, start + timedelta(days=length)) == sum(map(ours.is_working, span))


def test_the_decree_of_2027_is_known_and_of_2028_is_not() -> None:
    assert known_through() == 2027


def test_a_span_of_decreed_days_leaves_no_doubt() -> None:
    assert not calendar().doubts(date(2026, 1, 1), date(2026, 12, 31))


def test_an_estimated_holiday_within_the_span_is_a_doubt() -> None:
    doubts = calendar().doubts(date(2027, 3, 1), date(2027, 3, 20))
    assert doubts.estimated == (date(2027, 3, 10), date(2027, 3, 11))  # Idul Fitri
    assert doubts.undecreed == ()
    assert not calendar().doubts(date(2027, 6, 1), date(2027, 6, 30))


def test_a_holiday_that_may_move_into_the_span_is_a_doubt_as_well() -> None:
    assert calendar().doubts(date(2027, 3, 1), date(2027, 3, 9))
    assert not calendar().doubts(date(2027, 3, 1), date(2027, 3, 8))


def test_years_without_a_decree_are_said() -> None:
    assert calendar().doubts(date(2027, 12, 20), date(2028, 1, 10)).undecreed == (2028,)


def test_what_the_calendar_does_not_heed_is_no_doubt() -> None:
    ours = calendar(national=False, joint_leave=False)
    assert not ours.doubts(date(2027, 3, 1), date(2029, 3, 20))


def test_a_calendar_without_a_working_day_is_refused_and_nothing_counts_forever() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    with pytest.raises(ValueError, match="working day"):
        calendar(frozenset())
    with pytest.raises(ValueError, match="working day"):
        calendar(frozenset({7}))
    with pytest.raises(ValueError, match="no working day"):
        calendar().after(date(2026, 7, 6), 1, Always())
    with pytest.raises(ValueError, match="forwards"):
        calendar().after(date(2026, 7, 6), -1)


def test_calendars_that_count_alike_are_equal_whatever_was_asked_of_them() -> None:
    asked = calendar()
    asked.after(date(2026, 7, 6), 3)
    assert asked == calendar()
    assert hash(asked) == hash(calendar())
