"""Kendali's charts and the numbers of Rekap say what the meeting pack says of the same cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given

from automation.digests.charts import WEEKS_SHOWN, Overview, overview
from automation.digests.figures import Measures, measures, service
from automation.digests.flow import Passage, Period, passage
from automation.model.complaint import Status
from automation.model.register import Entry, Register
from tests.any_cases import CASES
from tests.examples import examples
from tests.mail_examples import NOW, TODAY
from tests.meeting_examples import CITY_PLACES, city_rules, large, lived, pack

DAY, WEEK = timedelta(days=1), timedelta(days=7)
S = Status


def shown(cases: Sequence[Entry]) -> Overview:
    return overview([passage(entry) for entry in cases], NOW, city_rules())


def told(case: Passage) -> Measures:
    return measures(case, TODAY, city_rules().calendar)


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
        figures = service(map(passage, cases), the_week_of(week.monday), city_rules().calendar, known=True)
        assert (week.kept, week.resolved) == (figures.kept, figures.on_time.cases) == (week.kept, figures.flow.resolved)


def test_a_whole_city_is_counted_as_in_its_pack() -> None:
    register = large(600)
    overall, packed = shown(register.entries), pack(register)
    assert len(overall.weeks) == WEEKS_SHOWN and overall.weeks[-8:] == packed.weeks
    assert [area.kecamatan for area in overall.areas] == list(city_rules().places.kecamatan())
    assert {area.kecamatan: area.open_cases for area in overall.areas} == {
        area.kecamatan: area.open_cases for area in packed.coverage.areas
    }
    assert sum(area.overdue for area in overall.areas) == overall.overdue == packed.overdue > 0


def test_the_rows_of_rekap_add_up_to_the_packs_share_on_time() -> None:
    """Of cases that were never reopened: each resolution counts in the pack, and a row has but its last."""
    cases = [case for entry in large(400).entries if not (case := passage(entry)).reopenings]
    solved = [told(case) for case in cases if case.entry.status is S.RESOLVED]
    answers = Counter(measure.on_time for measure in solved)
    figures = service(cases, Period(NOW - 365 * DAY, NOW), city_rules().calendar, known=True)
    assert (answers[True], answers.total()) == (figures.kept, figures.on_time.cases) and not answers[None]
    ages = sorted(measure.age for measure in solved)
    assert ages[(len(ages) + 1) // 2 - 1] == figures.median.value


def test_a_case_that_has_time_is_neither_on_time_nor_late() -> None:
    assert told(passage(lived(1, 2))).on_time is None
    late = told(passage(lived(2, 30)))
    assert late.on_time is False and late.days_late > 0 and late.age > late.days_late


def test_a_case_that_was_closed_unsolved_keeps_its_delay_and_has_no_share_in_what_was_on_time() -> None:
    closed = told(passage(lived(1, 40, (30, S.UNRESOLVED))))
    assert closed.on_time is None and closed.days_late > 10 and closed.age > closed.days_late


def test_days_of_waiting_for_the_reporter_are_no_delay() -> None:
    late = told(passage(lived(1, 60, (20, S.IN_PROGRESS), (40, S.RESOLVED))))
    waited = told(passage(lived(1, 60, (20, S.WAITING), (30, S.IN_PROGRESS), (40, S.RESOLVED))))
    assert waited.on_time is False and waited.age == late.age
    assert late.days_late - waited.days_late == city_rules().calendar.between(TODAY - 41 * DAY, TODAY - 31 * DAY)


def test_a_case_that_was_reopened_is_measured_by_its_last_outcome() -> None:
    reopened = told(passage(lived(1, 40, (2, S.RESOLVED), (10, S.IN_PROGRESS), (30, S.RESOLVED))))
    once = told(passage(lived(1, 40, (2, S.RESOLVED))))
    assert once.on_time is True and reopened.on_time is False
    assert reopened.age - once.age == city_rules().calendar.between(TODAY - 38 * DAY, TODAY - 10 * DAY)


def test_weeks_and_months_are_those_of_receipt() -> None:
    measure = told(passage(lived(1, 2, received=date(2026, 11, 1))))
    assert (measure.week, measure.month) == (date(2026, 10, 26), "2026-11")


def test_cases_of_a_kelurahan_that_wilayah_knows_no_longer_are_counted_apart() -> None:
    lost = replace(CITY_PLACES[0], code="36.71.99.1001", kecamatan="", name="36.71.99.1001")
    areas = shown([lived(1, 30, kelurahan=lost), lived(2, 1)]).areas
    assert (areas[-1].kecamatan, areas[-1].open_cases, areas[-1].overdue) == ("", 1, 1)
    assert len(areas) == 14
