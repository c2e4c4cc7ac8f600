"""Cases on their way through the counts: whatever happened to them, the counts add up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from automation.digests.flow import WEEKS, Flow, Period, flow, passage, weeks
from automation.model.complaint import Status
from automation.model.register import Entry
from tests.any_cases import CASES, MOMENTS, any_case
from tests.examples import examples
from tests.mail_examples import NOW, TODAY, case

S = Status
DAY = timedelta(days=1)
THIS = Period(NOW - 7 * DAY, NOW)


def lived(*steps: tuple[float, Status]) -> Entry:
    """A case that came to each status so many days ago; the first is when it was issued."""
    history = tuple((NOW - days * DAY, status) for days, status in steps)
    return case(1, issued_at=history[0][0], history=history, status=history[-1][1])


def counted(*entries: Entry, period: Period = THIS) -> Flow:
    return flow([passage(entry) for entry in entries], period)


@examples(300)
@given(CASES, MOMENTS, st.integers(1, 30))
def test_open_at_the_start_and_what_came_is_what_went_and_open_at_the_end(
    cases: Sequence[Entry], until: datetime, days: int
) -> None:
    told = counted(*cases, period=Period(until - days * DAY, until))
    assert told.start + told.received + told.reopened - told.closed == told.end


@examples(200)
@given(CASES, MOMENTS, st.integers(1, 30))
def test_two_periods_in_a_row_count_what_the_one_made_of_both_counts(
    cases: Sequence[Entry], until: datetime, days: int
) -> None:
    later = Period(until - days * DAY, until)
    both = counted(*cases, period=Period(later.before.after, until))
    first, second = counted(*cases, period=later.before), counted(*cases, period=later)
    assert (first.start, first.end, second.end) == (both.start, second.start, both.end)
    for name in ("received", "reopened", "resolved", "unresolved", "not_ours"):
        assert getattr(first, name) + getattr(second, name) == getattr(both, name), name


@examples(200)
@given(any_case())
def test_a_case_is_open_at_last_unless_its_last_status_is_a_closed_one(entry: Entry) -> None:
    end = counted(entry, period=Period(NOW - 100 * DAY, NOW + 100 * DAY)).end
    assert end == (not entry.status.closed)


@examples(100)
@given(CASES)
def test_the_weeks_of_the_chart_hold_everything_that_is_not_too_old(cases: Sequence[Entry]) -> None:
    told = weeks(map(passage, cases), (NOW - 365 * DAY).date(), NOW)
    sunday = datetime.combine(told[-1].monday + 7 * DAY, datetime.min.time(), NOW.tzinfo)
    everything = counted(*cases, period=Period(sunday - WEEKS * 7 * DAY - timedelta(microseconds=1), sunday))
    assert sum(week.received for week in told) == everything.received
    assert sum(week.resolved for week in told) == everything.resolved
    assert sum(week.otherwise for week in told) == everything.unresolved + everything.not_ours


def test_a_case_counts_in_the_period_that_it_came_in_and_no_other() -> None:
    second = timedelta(seconds=1)
    at_both_ends = [case(1, issued_at=moment) for moment in (THIS.after, THIS.after + second, NOW, NOW + second)]
    told = counted(*(entry for entry in at_both_ends))
    assert (told.start, told.received, told.end) == (1, 2, 3)


def test_the_three_ways_of_closing_are_counted_apart() -> None:
    ways = (S.RESOLVED, S.RESOLVED, S.UNRESOLVED, S.NOT_OURS)
    told = counted(*(lived((10, S.NEW), (2, way)) for way in ways))
    assert (told.resolved, told.unresolved, told.not_ours, told.start, told.end) == (2, 1, 1, 4, 0)


def test_a_case_that_was_called_solved_and_then_closed_unsolved_was_not_solved() -> None:
    told = counted(lived((10, S.NEW), (3, S.RESOLVED), (1, S.UNRESOLVED)))
    assert (told.resolved, told.unresolved, told.reopened) == (0, 1, 0)


def test_a_case_that_was_reopened_and_closed_again_was_closed_twice() -> None:
    told = counted(lived((10, S.NEW), (6, S.RESOLVED), (5, S.IN_PROGRESS), (1, S.RESOLVED)))
    assert (told.start, told.reopened, told.resolved, told.end) == (1, 1, 2, 0)


def test_a_case_that_was_typed_in_closed_came_and_went() -> None:
    told = counted(lived((2, S.RESOLVED)))
    assert (told.start, told.received, told.resolved, told.end) == (0, 1, 1, 0)


def test_weeks_before_the_first_ticket_are_not_shown_as_quiet_ones() -> None:
    told = weeks([passage(lived((10, S.NEW)))], TODAY - 10 * DAY, NOW)
    assert [(week.monday.day, week.received, week.complete) for week in told] == [(16, 1, True), (23, 0, False)]
    assert len(weeks([], TODAY - 365 * DAY, NOW)) == WEEKS


@pytest.mark.parametrize("status", Status)
def test_the_short_way_through_a_short_history_is_no_other(status: Status) -> None:
    once, twice = lived((3, status)), lived((3, status), (2, status))
    assert counted(once) == counted(twice)
