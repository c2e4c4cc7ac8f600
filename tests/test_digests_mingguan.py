"""The meeting pack as a whole: what changed, what is silent, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from automation.digests.audience import Scope
from automation.digests.mingguan import Changes, Mingguan
from automation.model.complaint import Status
from automation.model.register import Entry, Register
from tests.mail_examples import NOTHING, NOW, TODAY, UNREAD, WELL, late, repair
from tests.meeting_examples import CITY_PLACES, SECRET, WEEK, large, lived, pack

S = Status


def of(*entries: Entry, **options: object) -> Mingguan:
    return pack(Register(entries, (), (WELL,)), **options)  # type: ignore[arg-type]


def sections(told: Changes) -> dict[str, int]:
    lists = {name: getattr(told, name) for name in ("new", "reopened", "turned_late", "moved", "gone")}
    return {name: len(cases) for name, cases in (lists | {**told.closed}).items() if cases}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (lived(1, 3), {"new": 1}),
        (lived(1, 3, (1, S.RESOLVED)), {"new": 1, S.RESOLVED: 1}),
        (lived(1, 30, (28, S.UNRESOLVED)), {S.UNRESOLVED: 1}),
        (lived(1, 30, (28, S.NOT_OURS)), {S.NOT_OURS: 1}),
        (lived(1, 30, (2, S.RESOLVED), (28, S.IN_PROGRESS)), {"reopened": 1}),
        (lived(1, 30, (25, S.RESOLVED), (28, S.IN_PROGRESS)), {"reopened": 1}),
        (lived(1, 30, (1, S.VERIFIED), (28, S.FORWARDED)), {"moved": 1}),
        (lived(1, 30, (25, S.FORWARDED), (28, S.VERIFIED), (29, S.FORWARDED)), {"moved": 1}),
        (lived(1, 30, (2, S.RESOLVED), (28, S.UNRESOLVED)), {"moved": 1}),
        (lived(1, 30, (1, S.VERIFIED)), {}),
        (lived(1, 30, (2, S.RESOLVED)), {}),
        (lived(1, 9), {"turned_late": 1}),
        (replace(lived(1, 30, (1, S.VERIFIED)), present=False), {"gone": 1}),
        (replace(lived(1, 30, (1, S.RESOLVED)), present=False), {}),
    ],
)
def test_what_changed_since_the_last_meeting_is_told_once(entry: Entry, told: dict[str, int]) -> None:
    assert sections(of(entry).changes) == told


def test_a_move_is_from_the_status_at_the_last_meeting_and_of_a_sensitive_case_not_told() -> None:
    (move,) = of(lived(1, 30, (1, S.VERIFIED), (25, S.FORWARDED), (28, S.IN_PROGRESS))).changes.moved
    assert (move.before, move.after) == ("Diverifikasi", "Ditindaklanjuti")
    (move,) = of(lived(1, 30, (1, S.VERIFIED), (28, S.FORWARDED), category=SECRET)).changes.moved
    assert (move.before, move.after) == ("", "")


def test_a_case_that_was_late_at_the_last_meeting_is_not_newly_late_at_this_one() -> None:
    told = of(lived(1, 40), lived(2, 10), lived(3, 1))
    assert [entry.ticket[-1] for entry in told.changes.turned_late] == ["2"]
    assert told.overdue == 2


@pytest.mark.parametrize(("days", "told"), [(0, 0), (1, 1), (7, 1), (8, 0)])
def test_on_the_day_of_its_deadline_a_case_is_not_late_yet(days: int, told: int) -> None:
    """So one that was due on the day of the last meeting became late after it."""
    entry = replace(lived(1, 40), due=TODAY - timedelta(days=days), days_late=days)
    assert len(of(entry).changes.turned_late) == told


def test_agenda_figures_and_lists_hold_every_open_case_and_no_other() -> None:
    told = pack(large(500))
    matters = [matter for part in told.agenda for point in part.points for matter in point.matters]
    inside = [entry.ticket for matter in matters for entry in (matter.lead, *matter.others)]
    assert len(inside) == len(set(inside)) == told.open_cases == told.service.flow.end
    assert told.open_cases == sum(area.open_cases for area in told.coverage.areas)
    assert told.open_cases == sum(band.cases for band in told.charts.ages)
    flow, lists = told.service.flow, told.changes
    assert flow.received == len(lists.new) == sum(area.received for area in told.coverage.areas)
    assert told.before.flow.end == flow.start
    reclosed = sum(flow.closed.values()) - sum(map(len, lists.closed.values()))
    assert 0 <= reclosed <= flow.reopened


# Coverage ----------------------------------------------------------------------------------------------------------


def test_all_104_kelurahan_are_covered_and_the_silent_ones_named_with_their_last_entry() -> None:
    fresh, long_ago = lived(1, 3), lived(2, 90, (5, S.RESOLVED))
    told = of(fresh, long_ago).coverage
    assert (told.places, told.silent, told.never) == (104, 103, 102)
    assert sum(len(area.heard) + len(area.never) for area in told.areas) == 104
    heard = {one.name: one for area in told.areas for one in area.heard}
    assert (heard[fresh.kelurahan.name].open_cases, heard[fresh.kelurahan.name].received) == (1, 1)
    silent = heard[long_ago.kelurahan.name]
    assert (silent.open_cases, silent.received, silent.last) == (0, 0, long_ago.issued_at.date())


def test_who_looks_after_a_part_of_the_city_sees_the_coverage_of_that_part() -> None:
    entries = [lived(number, 3) for number in range(1, 60)]
    told = of(*entries, scopes=(Scope(dapil=3), Scope(kecamatan="Benda")))
    inside = [place for place in CITY_PLACES if place.dapil == 3 or place.kecamatan == "Benda"]
    assert told.coverage.places == len(inside)
    assert {area.kecamatan for area in told.coverage.areas} == {place.kecamatan for place in inside}
    assert told.open_cases == sum(entry.kelurahan in inside for entry in entries)


# What is known, and what is not ------------------------------------------------------------------------------------


def test_a_week_before_the_first_ticket_is_not_compared_with() -> None:
    assert not of(lived(1, 9)).before.known
    assert of(lived(1, 9)).service.known
    assert of(lived(1, 9), lived(2, 14.5)).before.known
    assert not of(lived(1, 2)).service.known
    # When the program began is the same for the whole city.
    other = lived(2, 3)
    told = of(lived(1, 60), other, scopes=(Scope(kelurahan=other.kelurahan.code),))
    assert told.before.known and told.weeks[0].monday < (NOW - 5 * WEEK).date()


def test_a_pack_is_empty_only_when_there_is_nothing_to_decide_or_tell() -> None:
    assert pack(NOTHING).empty
    assert of(lived(1, 90, (1, S.RESOLVED))).empty
    for entry in (lived(1, 90), lived(1, 90, (88, S.RESOLVED)), late(1, 1)):
        assert not of(entry).empty
    assert not pack(Register((), (repair(),), (WELL,))).empty
    told = pack(Register((), (), (UNREAD,)), scopes=(Scope(kelurahan="36.71.01.1001"),))
    assert told.unread == (UNREAD,) and not told.empty, "told to everybody"


def test_after_two_weeks_without_a_meeting_the_two_weeks_before_are_compared_with() -> None:
    told = pack(large(300), since=NOW - 2 * WEEK)
    assert told.before.period.after == NOW - 4 * WEEK
    assert told.before.period.until == told.service.period.after == NOW - 2 * WEEK


def test_the_history_of_a_case_is_the_journals() -> None:
    again = lived(1, 30, (2, S.RESOLVED), (27, S.IN_PROGRESS), (29, S.RESOLVED))
    told = of(again)
    assert (told.service.flow.reopened, told.service.flow.closed[S.RESOLVED]) == (1, 1)
    assert told.before.flow == replace(told.before.flow, start=0, received=0, reopened=0, end=0)
