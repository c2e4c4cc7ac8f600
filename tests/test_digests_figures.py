"""The service in figures: by a stated definition, on working days, and never without the cases behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from automation.digests.figures import FEWEST, FEWEST_FOR_NINETIETH, Service, nearest_rank, service
from automation.digests.flow import Period, passage
from automation.model.complaint import Status
from automation.model.register import Entry
from automation.model.workdays import Calendar
from tests.examples import examples
from tests.mail_examples import JAKARTA, NOW, case
from tests.town import RULES

DAY = timedelta(days=1)
PERIOD = Period(NOW - 7 * DAY, NOW)


def resolved(received: date, on: date, due: date | None = None, way: Status = Status.RESOLVED) -> Entry:
    """A case that was closed at noon of a day."""
    issued, at = (datetime.combine(day, datetime.min.time(), JAKARTA) + DAY / 2 for day in (received, on))
    history = ((issued, Status.NEW), (at, way))
    return case(1, received=received, issued_at=issued, history=history, status=way, due=due or on)


def figures(*entries: Entry) -> Service:
    return service(map(passage, entries), PERIOD, RULES.calendar, known=True)


def taking(*days: int) -> Service:
    """Cases that were resolved on Wednesday 25 November, after so many working days."""
    on = date(2026, 11, 25)
    starts = {RULES.calendar.between(day, on): day for n in range(60) if (day := on - n * DAY)}
    return figures(*(resolved(starts[n], on) for n in days))


@examples(100)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    values.sort()
    told = nearest_rank(values, percent)
    assert told in values
    assert sum(value <= told for value in values) * 100 >= percent * len(values)
    assert all(sum(v <= value for v in values) * 100 < percent * len(values) for value in values if value < told)


def test_the_textbooks_example_of_the_nearest_rank() -> None:
    values = [15, 20, 35, 40, 50]
    assert [nearest_rank(values, percent) for percent in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]


def test_durations_are_working_days_from_receipt_to_the_outcome() -> None:
    """Received Friday 13 March 2026: the week of Nyepi and Idul Fitri has no working day."""
    entry = resolved(date(2026, 3, 13), date(2026, 3, 30))
    period = Period(datetime(2026, 3, 29, tzinfo=JAKARTA), datetime(2026, 3, 31, tzinfo=JAKARTA))
    week = Calendar(frozenset(range(5)), national=True, joint_leave=True)
    told = service([passage(entry)] * FEWEST, period, week, known=True)
    assert told.median.value == 6


def test_median_and_ninetieth_are_durations_that_some_case_had() -> None:
    told = taking(1, 2, 3, 4, 5, 6, 7, 8, 9, 30)
    assert (told.median.value, told.ninetieth.value) == (5, 9)
    assert told.median.cases == told.ninetieth.cases == told.flow.resolved == 10


@pytest.mark.parametrize("count", range(12))
def test_what_rests_on_too_few_cases_is_not_said(count: int) -> None:
    told = taking(*range(1, count + 1))
    assert (told.median.value is None) == (told.on_time.value is None) == (count < FEWEST)
    assert (told.ninetieth.value is None) == (count < FEWEST_FOR_NINETIETH)
    assert told.median.cases == told.ninetieth.cases == told.on_time.cases == count


def test_on_time_is_up_to_the_evening_of_the_deadline() -> None:
    on = date(2026, 11, 25)
    told = figures(*(resolved(on - 9 * DAY, on, due=on + late * DAY) for late in (-2, -1, 0, 1, 2)))
    assert (told.kept, told.on_time.value, told.on_time.cases) == (3, 60, 5)


def test_all_on_time_is_said_only_of_all() -> None:
    on = date(2026, 11, 25)
    entries = [resolved(on - 9 * DAY, on)] * 999
    assert figures(*entries, resolved(on - 9 * DAY, on, due=on - DAY)).on_time.value == 99
    assert figures(*entries).on_time.value == 100


def test_what_was_closed_without_a_solution_does_not_make_the_service_look_fast() -> None:
    on = date(2026, 11, 25)
    slow = [resolved(on - 20 * DAY, on)] * FEWEST
    quick = [resolved(on, on, way=way) for way in (Status.UNRESOLVED, Status.NOT_OURS)] * 20
    assert figures(*slow, *quick).median == figures(*slow).median


def test_a_receipt_in_the_future_is_no_negative_duration() -> None:
    on = date(2026, 11, 25)
    assert figures(*[replace(resolved(on, on), received=on + 2 * DAY)] * FEWEST).median.value == 0
