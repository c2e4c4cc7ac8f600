"""The service in figures: whatever happened to cases, the counts add up, never without their cases."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given
from msgspec.structs import replace

from automation.digests.case_rows import CaseFacts, exported_cells
from automation.digests.charts import WEEKS_SHOWN, Overview, overview
from automation.digests.figures import FEWEST, FEWEST_FOR_NINETIETH, Service, nearest_rank, service
from automation.digests.flow import WEEKS, Flow, Passage, Period, flow, passage, weeks
from automation.model.complaint import CLOSED, Status
from automation.model.deadlines import Calendar
from automation.model.register import Entry, Register
from tests.examples import examples
from tests.mail_examples import JAKARTA, NOW, TODAY, case
from tests.meeting_examples import CITY_PLACES, city_rules, large, lived, pack
from tests.town import RULES

DAY = timedelta(days=1)

#: Histories of any kind: of one or many steps, in the order of the journal, whatever the clocks of the robots said.
MOMENTS = st.integers(-40 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
HISTORIES = st.lists(st.tuples(MOMENTS, st.sampled_from(Status)), min_size=1, max_size=7)


@st.composite
def any_case(draw: st.DrawFn) -> Entry:
    history = draw(HISTORIES)
    if draw(st.booleans()):
        history.sort(key=lambda step: step[0])
    issued = draw(st.sampled_from([history[0][0], history[0][0] - DAY, history[0][0] + DAY]))
    return case(1, issued_at=issued, history=tuple(history), status=history[-1][1])


CASES = st.lists(any_case(), max_size=12)


# The service in figures: whatever happened to cases, the counts add up, never without their cases


PERIOD = Period(NOW - 7 * DAY, NOW)


def resolved(received: date, on: date, due: date | None = None, way: Status = Status.RESOLVED) -> Entry:
    """A case that was closed at noon of a day."""
    issued, at = (datetime.combine(day, datetime.min.time(), JAKARTA) + DAY / 2 for day in (received, on))
    history = ((issued, Status.NEW), (at, way))
    return case(1, received=received, issued_at=issued, history=history, status=way, due=due or on)


def figures(*entries: Entry) -> Service:
    return service([*map(passage, entries)], PERIOD, RULES.calendar, known=True)


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


def test_median_and_ninetieth_are_durations_that_some_case_had() -> None:
    values = [15, 20, 35, 40, 50]  # the textbooks' example of the nearest rank
    assert [nearest_rank(values, percent) for percent in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]
    told = taking(1, 2, 3, 4, 5, 6, 7, 8, 9, 30)
    assert (told.median.value, told.ninetieth.value) == (5, 9)
    assert told.median.cases == told.ninetieth.cases == told.flow.closed[Status.RESOLVED] == 10


def test_durations_are_working_days_from_receipt_to_the_outcome() -> None:
    """Received Friday 13 March 2026: the week of Nyepi and Idul Fitri has no working day."""
    entry = resolved(date(2026, 3, 13), date(2026, 3, 30))
    period = Period(datetime(2026, 3, 29, tzinfo=JAKARTA), datetime(2026, 3, 31, tzinfo=JAKARTA))
    week = Calendar(frozenset(range(5)), national=True, joint_leave=True)
    told = service([passage(entry)] * FEWEST, period, week, known=True)
    assert told.median.value == 6


def test_a_case_that_is_typed_in_closed_took_as_long_as_its_row_says() -> None:
    """An old list brings cases that were done long ago: they counted as open until the day on which they came in."""
    said, seen = date(2026, 9, 24), date(2026, 11, 25)
    old = replace(resolved(date(2026, 9, 21), seen, due=date(2026, 9, 28)), resolved=said)
    told = figures(*[old] * FEWEST)
    assert (told.median.value, told.on_time.value, told.flow.closed[Status.RESOLVED]) == (3, 100, FEWEST)
    facts = CaseFacts(passage(old), RULES, NOW.date())
    assert (facts.age, facts.days_late, facts.on_time) == (3, 0, True)


@pytest.mark.parametrize("count", range(12))
def test_what_rests_on_too_few_cases_is_not_said(count: int) -> None:
    told = taking(*range(1, count + 1))
    assert (told.median.value is None) == (told.on_time.value is None) == (count < FEWEST)
    assert (told.ninetieth.value is None) == (count < FEWEST_FOR_NINETIETH)
    assert told.median.cases == told.ninetieth.cases == told.on_time.cases == count


ON = date(2026, 11, 25)


def test_on_time_is_up_to_the_evening_of_the_deadline_and_all_on_time_is_said_only_of_all() -> None:
    told = figures(*(resolved(ON - 9 * DAY, ON, due=ON + late * DAY) for late in (-2, -1, 0, 1, 2)))
    assert (told.kept, told.on_time.value, told.on_time.cases) == (3, 60, 5)
    entries = [resolved(ON - 9 * DAY, ON)] * 999
    assert figures(*entries, resolved(ON - 9 * DAY, ON, due=ON - DAY)).on_time.value == 99
    assert figures(*entries).on_time.value == 100


def test_what_was_closed_unsolved_does_not_make_the_service_look_fast_nor_a_receipt_in_the_future() -> None:
    slow = [resolved(ON - 20 * DAY, ON)] * FEWEST
    quick = [resolved(ON, ON, way=way) for way in (Status.UNRESOLVED, Status.NOT_OURS)] * 20
    assert figures(*slow, *quick).median == figures(*slow).median
    assert figures(*[replace(resolved(ON, ON), received=ON + 2 * DAY)] * FEWEST).median.value == 0


S = Status
THIS = Period(NOW - 7 * DAY, NOW)


def stepped(*steps: tuple[float, Status]) -> Entry:
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
    assert told.start + told.received + told.reopened - sum(told.closed.values()) == told.end


@examples(200)
@given(CASES, MOMENTS, st.integers(1, 30))
def test_two_periods_in_a_row_count_what_the_one_made_of_both_counts(
    cases: Sequence[Entry], until: datetime, days: int
) -> None:
    later = Period(until - days * DAY, until)
    both = counted(*cases, period=Period(later.before.after, until))
    first, second = counted(*cases, period=later.before), counted(*cases, period=later)
    assert (first.start, first.end, second.end) == (both.start, second.start, both.end)
    assert (first.received + second.received, first.reopened + second.reopened) == (both.received, both.reopened)
    assert {way: first.closed[way] + second.closed[way] for way in CLOSED} == both.closed


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
    assert sum(week.resolved for week in told) == everything.closed[S.RESOLVED]
    assert sum(week.otherwise for week in told) == sum(everything.closed.values()) - everything.closed[S.RESOLVED]


def test_a_case_counts_in_the_period_that_it_came_in_and_no_other() -> None:
    second = timedelta(seconds=1)
    at_both_ends = [case(1, issued_at=moment) for moment in (THIS.after, THIS.after + second, NOW, NOW + second)]
    told = counted(*(entry for entry in at_both_ends))
    assert (told.start, told.received, told.end) == (1, 2, 3)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(10, S.NEW), (2, S.RESOLVED)], {"start": 1, S.RESOLVED: 1}),
        ([(10, S.NEW), (2, S.UNRESOLVED)], {"start": 1, S.UNRESOLVED: 1}),
        ([(10, S.NEW), (2, S.NOT_OURS)], {"start": 1, S.NOT_OURS: 1}),
        ([(10, S.NEW), (3, S.RESOLVED), (1, S.UNRESOLVED)], {"start": 1, S.UNRESOLVED: 1}),  # so it was not solved
        (
            [(10, S.NEW), (6, S.RESOLVED), (5, S.IN_PROGRESS), (1, S.RESOLVED)],
            {"start": 1, "reopened": 1, S.RESOLVED: 2},
        ),
        ([(2, S.RESOLVED)], {"received": 1, S.RESOLVED: 1}),  # typed in closed, it came and went
    ],
)
def test_the_ways_of_closing_are_counted_apart(steps: list[tuple[float, Status]], told: dict[str, int]) -> None:
    found = counted(stepped(*steps))
    counts = {name: getattr(found, name) for name in ("start", "received", "reopened", "end")} | {**found.closed}
    assert {name: count for name, count in counts.items() if count} == told


def test_weeks_before_the_first_ticket_are_not_shown_as_quiet_ones() -> None:
    told = weeks([passage(stepped((10, S.NEW)))], TODAY - 10 * DAY, NOW)
    assert [(week.monday.day, week.received, week.complete) for week in told] == [(16, 1, True), (23, 0, False)]
    assert len(weeks([], TODAY - 365 * DAY, NOW)) == WEEKS


@pytest.mark.parametrize("status", Status)
def test_the_short_way_through_a_short_history_is_no_other(status: Status) -> None:
    once, twice = stepped((3, status)), stepped((3, status), (2, status))
    assert counted(once) == counted(twice)


WEEK = 7 * DAY


def shown(cases: Sequence[Entry]) -> Overview:
    return overview([passage(entry) for entry in cases], NOW, city_rules())


def test_weeks_of_which_cases_are_away_with_their_year_are_not_shown() -> None:
    cases = [passage(lived(1, 60))]
    told = overview(cases, NOW, city_rules(), NOW - 2 * WEEK)
    assert len(told.weeks) == 3 < len(overview(cases, NOW, city_rules()).weeks)


def measured(case: Passage) -> CaseFacts:
    return CaseFacts(case, city_rules(), TODAY)


def the_week_of(monday: date) -> Period:
    first = datetime.combine(monday, time(), NOW.tzinfo) - timedelta(microseconds=1)
    return Period(first, first + WEEK)


@examples(150)
@given(CASES)
def test_the_charts_count_what_the_meeting_pack_counts(cases: list[Entry]) -> None:
    overall, packed = shown(cases), pack(Register(tuple(cases), (), ()))
    assert overall.weeks[-len(packed.weeks) :] == packed.weeks
    assert overall.ages == packed.charts.ages
    assert (overall.open_cases, overall.overdue) == (packed.open_cases, packed.overdue)
    assert sum(area.open_cases for area in overall.areas) == sum(band.cases for band in overall.ages)
    for week in overall.weeks:
        figures = service([*map(passage, cases)], the_week_of(week.monday), city_rules().calendar, known=True)
        resolved = figures.flow.closed[Status.RESOLVED]
        assert (week.kept, week.resolved) == (figures.kept, figures.on_time.cases) == (week.kept, resolved)


def test_a_whole_city_is_counted_as_in_its_pack() -> None:
    register = large(600)
    overall, packed = shown(register.entries), pack(register)
    assert len(overall.weeks) == WEEKS_SHOWN and overall.weeks[-8:] == packed.weeks
    assert [area.kecamatan for area in overall.areas] == list(city_rules().places.kecamatan)
    assert {area.kecamatan: area.open_cases for area in overall.areas} == {
        area.kecamatan: area.open_cases for area in packed.coverage.areas
    }
    assert sum(area.overdue for area in overall.areas) == overall.overdue == packed.overdue > 0


def test_the_rows_of_rekap_add_up_to_the_packs_share_on_time() -> None:
    """Of cases that were never reopened: each resolution counts in the pack, and a row has but its last."""
    cases = [case for entry in large(400).entries if not (case := passage(entry)).reopenings]
    solved = [measured(case) for case in cases if case.entry.status is S.RESOLVED]
    answers = Counter(measure.on_time for measure in solved)
    figures = service(cases, Period(NOW - 365 * DAY, NOW), city_rules().calendar, known=True)
    assert (answers[True], answers.total()) == (figures.kept, figures.on_time.cases) and not answers[None]
    ages = sorted(measure.age for measure in solved)
    assert ages[(len(ages) + 1) // 2 - 1] == figures.median.value


def test_a_case_that_has_time_or_was_closed_unsolved_is_neither_on_time_nor_late() -> None:
    received = exported_cells(
        measured(passage(lived(1, 2, received=date(2026, 11, 1)))), ["Minggu Masuk", "Bulan Masuk"]
    )
    assert received == [date(2026, 10, 26), "2026-11"], "those of receipt"
    assert measured(passage(lived(1, 2))).on_time is None
    late = measured(passage(lived(2, 30)))
    assert late.on_time is False and late.days_late > 0 and late.age > late.days_late
    closed = measured(passage(lived(1, 40, (30, S.UNRESOLVED))))
    assert closed.on_time is None and closed.days_late > 10 and closed.age > closed.days_late, "it keeps its delay"


def test_days_of_waiting_for_the_reporter_are_no_delay() -> None:
    late = measured(passage(lived(1, 60, (20, S.IN_PROGRESS), (40, S.RESOLVED))))
    waited = measured(passage(lived(1, 60, (20, S.WAITING), (30, S.IN_PROGRESS), (40, S.RESOLVED))))
    assert waited.on_time is False and waited.age == late.age
    assert late.days_late - waited.days_late == city_rules().calendar.between(TODAY - 41 * DAY, TODAY - 31 * DAY)


def test_a_case_that_was_reopened_is_measured_by_its_last_outcome() -> None:
    reopened = measured(passage(lived(1, 40, (2, S.RESOLVED), (10, S.IN_PROGRESS), (30, S.RESOLVED))))
    once = measured(passage(lived(1, 40, (2, S.RESOLVED))))
    assert once.on_time is True and reopened.on_time is False
    assert reopened.age - once.age == city_rules().calendar.between(TODAY - 38 * DAY, TODAY - 10 * DAY)


def test_cases_of_a_kelurahan_that_wilayah_knows_no_longer_are_counted_apart() -> None:
    lost = replace(CITY_PLACES[0], code="36.71.99.1001", kecamatan="", name="36.71.99.1001")
    areas = shown([lived(1, 30, kelurahan=lost), lived(2, 1)]).areas
    assert (areas[-1].kecamatan, areas[-1].open_cases, areas[-1].overdue) == ("", 1, 1)
    assert len(areas) == 14
