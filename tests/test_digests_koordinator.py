"""What a coordinator is told to do, and what they are not bothered with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from automation.digests.audience import CITY, Scope
from automation.digests.koordinator import Koordinator, koordinator
from automation.model.complaint import Priority, Status
from automation.model.register import Entry, Register
from tests.mail_examples import (
    CITY_RULES,
    CONTEXT,
    NOTHING,
    NOW,
    TODAY,
    UNREAD,
    YESTERDAY,
    case,
    closed,
    late,
    renderer,
    repair,
    twelve,
)


def compose(*entries: Entry, scopes: tuple[Scope, ...] = (CITY,)) -> Koordinator:
    return koordinator(Register(entries, (), ()), scopes, YESTERDAY, NOW, CITY_RULES)


def numbers(section: tuple[Entry, ...]) -> list[int]:
    return [int(entry.ticket.split("-")[2]) for entry in section]


def test_what_goes_with_an_open_case_is_worked_on_with_it_and_its_reporter_is_called_all_the_same() -> None:
    parent = late(1, 4, assignee="", residents=4)
    kin = {"parent": parent.ticket, "assignee": ""}
    told = compose(parent, late(2, 3, **kin), case(3, **kin), closed(4, Status.RESOLVED, **kin), case(5, present=False))
    assert (numbers(told.overdue), numbers(told.unassigned), numbers(told.to_call)) == ([1], [1], [4])
    shut = replace(parent, status=Status.UNRESOLVED, days_late=0, closed_at=NOW, told="ya")
    told = compose(shut, late(2, 3, **kin), case(3, **kin))
    assert (numbers(told.overdue), numbers(told.unassigned)) == ([2], [2, 3])


def test_the_mail_says_to_whom_an_overdue_case_went_up_and_how_many_residents_are_behind_it() -> None:
    mail = renderer().render("koordinator", compose(late(1, 7, residents=12)), CONTEXT)
    assert "terlambat 7 hari kerja, naik ke ketua" in mail.text
    for body in (mail.text, mail.html):
        assert "naik ke ketua" in body
        assert "12 warga" in body


def test_reporters_are_to_be_called_until_somebody_wrote_that_they_were() -> None:
    told = compose(
        closed(1, Status.RESOLVED),
        closed(2, Status.RESOLVED, told="Senin, oleh Ani"),
        closed(3, Status.RESOLVED, told=" "),
    )
    assert sorted(numbers(told.to_call)) == [1, 3]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", False),
        ("Belum", False),
        ("blm, HP mati", False),
        (" - ", False),
        ("Sudah", True),
        ("ya", True),
        ("24/11", True),
    ],
)
def test_a_note_that_nobody_has_called_yet_is_no_call(written: str, told: bool) -> None:
    assert compose(closed(1, Status.RESOLVED, told=written)).empty is told


def test_whom_there_is_bad_news_for_is_told_with_other_words() -> None:
    told = compose(closed(1, Status.UNRESOLVED), closed(2, Status.NOT_OURS), closed(3, Status.RESOLVED))
    assert numbers(told.to_call) == [3] and numbers(told.to_explain) == [1, 2]


def test_who_has_waited_longest_is_called_first() -> None:
    ages = {1: 3, 2: 30, 3: 9}
    told = compose(
        *(
            closed(n, Status.RESOLVED, issued_at=NOW - timedelta(days=90), closed_at=NOW - timedelta(days=age))
            for n, age in ages.items()
        )
    )
    assert numbers(told.to_call) == [2, 3, 1]


def test_nobody_is_asked_to_call_the_reporters_of_years_that_were_typed_in_as_history() -> None:
    assert compose(closed(1, Status.RESOLVED, issued_at=NOW, closed_at=NOW)).empty


def test_nobody_can_be_called_whose_row_is_gone() -> None:
    assert compose(closed(1, Status.RESOLVED, present=False, link="")).empty


def test_cases_without_a_person_in_charge_stand_with_the_most_urgent_first() -> None:
    told = compose(
        case(1, assignee="", due=TODAY + timedelta(days=3)),
        case(2, assignee=" ", due=TODAY),
        case(3, assignee="", due=TODAY + timedelta(days=5), priority=Priority.EMERGENCY),
        case(4, assignee="Pak Hadi"),
        closed(5, Status.RESOLVED, assignee="", told="ya"),
    )
    assert numbers(told.unassigned) == [3, 2, 1]


def test_a_coordinator_hears_of_their_own_kecamatan_only() -> None:
    told = koordinator(twelve(), (Scope(kecamatan="Cibodas"),), YESTERDAY, NOW, CITY_RULES)
    everywhere = koordinator(twelve(), (CITY,), YESTERDAY, NOW, CITY_RULES)
    assert {entry.kelurahan.kecamatan for entry in (*told.to_call, *told.overdue, *told.unassigned)} == {"Cibodas"}
    assert len(told.overdue) < len(everywhere.overdue)


def test_nothing_to_do_is_empty_and_what_could_not_be_read_is_not() -> None:
    assert koordinator(NOTHING, (CITY,), YESTERDAY, NOW, CITY_RULES).empty
    assert not koordinator(Register((), (), (UNREAD,)), (CITY,), YESTERDAY, NOW, CITY_RULES).empty
    assert not koordinator(Register((), (repair(),), ()), (CITY,), YESTERDAY, NOW, CITY_RULES).empty
    assert not compose(late(1, 2)).empty
    assert not compose(case(1, present=False)).empty


def test_the_mail_says_what_to_read_out_and_shows_no_number_to_call() -> None:
    mail = renderer().render("koordinator", compose(closed(1, Status.RESOLVED)), CONTEXT)
    assert mail.subject == "[Ruang Rakyat] Koordinator: 1 perlu dikabari – Kam 26 Nov"
    assert "“Selamat siang, Bapak/Ibu, saya dari Rumah Aspirasi Tangerang." in mail.text
    assert closed(1, Status.RESOLVED).link in mail.text
    assert "Nomor telepon" in mail.text and "08" not in mail.text
