"""What the daily digest tells, and what it must not pass over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from automation.cases.complaint import Priority, Status
from automation.cases.register import Entry, Register
from automation.digests.audience import CITY, Scope
from automation.digests.harian import Harian, harian
from tests.mail_examples import (
    JATIUWUNG,
    NOTHING,
    NOW,
    PLACES,
    SUKASARI,
    UNREAD,
    WELL,
    YESTERDAY,
    case,
    closed,
    due,
    late,
    repair,
    twelve,
)


def compose(*entries: Entry, scopes: Collection[Scope] = (CITY,), warn_days: int = 1) -> Harian:
    return harian(Register(entries, (), ()), scopes, YESTERDAY, NOW, warn_days, PLACES)


def tickets(section: tuple[Entry, ...]) -> list[int]:
    return [int(entry.ticket.split("-")[2]) for entry in section]


def test_a_case_is_new_in_one_digest_only() -> None:
    second = timedelta(seconds=1)
    at = (YESTERDAY, YESTERDAY + second, NOW, NOW + second)
    cases = [case(number, issued_at=time) for number, time in enumerate(at)]
    assert tickets(compose(*cases).new) == [1, 2]
    later = harian(Register(tuple(cases), (), ()), (CITY,), NOW, NOW + timedelta(days=1), 1)
    assert tickets(later.new) == [3]


def test_the_most_urgent_new_case_stands_first() -> None:
    fresh = {"issued_at": NOW}
    cases = (
        case(1, **fresh),
        case(2, priority=Priority.URGENT, **fresh),
        case(3, priority=Priority.EMERGENCY, **fresh),
    )
    assert tickets(compose(*cases).new) == [3, 2, 1]


def test_due_soon_includes_today_and_ends_at_the_setting() -> None:
    cases = (due(1, 2), due(2, 0), due(3, 1), due(4, 3))
    assert tickets(compose(*cases, warn_days=2).due_soon) == [2, 3, 1]
    assert tickets(compose(*cases, warn_days=0).due_soon) == [2]


def test_the_longest_overdue_case_stands_first() -> None:
    assert tickets(compose(late(1, 2), late(2, 30), late(3, 7)).overdue) == [2, 3, 1]


def test_a_paused_case_is_neither_due_nor_overdue_but_still_open() -> None:
    told = compose(case(1, status=Status.WAITING, days_left=None, lateness="dijeda"))
    assert (told.overdue, told.due_soon) == ((), ())
    assert (told.open_cases, told.waiting) == (1, 1)


def test_the_three_ways_of_closing_a_case_are_never_mixed() -> None:
    told = compose(closed(1, Status.RESOLVED), closed(2, Status.UNRESOLVED), closed(3, Status.NOT_OURS))
    assert (tickets(told.resolved), tickets(told.unresolved), tickets(told.not_ours)) == ([1], [2], [3])
    assert told.open_cases == 0


def test_what_was_closed_before_the_last_digest_is_not_told_again() -> None:
    assert compose(closed(1, Status.RESOLVED, closed_at=YESTERDAY)).empty


def test_a_deleted_row_is_told_and_its_delay_with_it() -> None:
    told = compose(late(1, 4, present=False), closed(2, Status.RESOLVED, present=False))
    assert tickets(told.gone) == [1]
    assert tickets(told.overdue) == [1]


def test_a_recipient_hears_of_their_part_of_the_city_only() -> None:
    cases = [late(number, 1) for number in range(1, 9)]
    told = compose(*cases, scopes=(Scope(kelurahan=JATIUWUNG.code), Scope(dapil=1)))
    assert {entry.kelurahan for entry in told.overdue} == {JATIUWUNG, SUKASARI}
    assert told.open_cases == 4


def test_rows_that_wait_for_a_fix_follow_the_scope_even_where_no_case_is_known_yet() -> None:
    register = Register((), (repair(2), repair(3, kecamatan="Tangerang", kelurahan="Sukasari")), ())
    told = harian(register, (Scope(dapil=3),), YESTERDAY, NOW, 1, PLACES)
    assert [row.row for row in told.repairs] == [2]


def test_a_spreadsheet_that_could_not_be_read_is_told_to_everybody() -> None:
    register = Register((), (), (WELL, UNREAD))
    told = harian(register, (Scope(kelurahan=JATIUWUNG.code),), YESTERDAY, NOW, 1, PLACES)
    assert told.unread == (UNREAD,)
    assert not told.empty


def test_a_quiet_day_is_empty_and_any_piece_of_news_is_not() -> None:
    assert harian(NOTHING, (CITY,), YESTERDAY, NOW, 1).empty
    assert compose(case(1)).empty, "an open case in good time is no news"
    some = (case(1, issued_at=NOW), due(2, 0), late(3, 1), case(4, present=False))
    ways = tuple(closed(5, status) for status in (Status.RESOLVED, Status.UNRESOLVED, Status.NOT_OURS))
    for entry in some + ways:
        assert not compose(entry).empty
    assert not harian(replace(NOTHING, repairs=(repair(),)), (CITY,), YESTERDAY, NOW, 1).empty


def test_counts_are_never_bounded() -> None:
    told = compose(*(late(number, 1) for number in range(5000)))
    assert len(told.overdue) == told.open_cases == 5000


def test_an_ordinary_morning_is_told_whole() -> None:
    told = harian(twelve(), (CITY,), YESTERDAY, NOW, 1, PLACES)
    sections = (told.new, told.due_soon, told.overdue, told.resolved, told.unresolved, told.not_ours, told.gone)
    assert [len(section) for section in sections] == [3, 2, 3, 2, 1, 1, 1]
    assert (told.open_cases, told.waiting, len(told.repairs), len(told.unread)) == (8, 1, 2, 1)
