"""What a coordinator is told to do, and which cases are alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from automation.digests.at_once import became_at, darurat, emergencies, is_fresh
from automation.digests.audience import CITY, Scope
from automation.digests.harian import Koordinator, koordinator
from automation.model.complaint import Priority, Status
from automation.model.register import Entry, Health, Register, Repair
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
    notes = {"": False, "Belum": False, "blm, HP mati": False, " - ": False, " ": False}
    notes |= dict.fromkeys(("Sudah", "ya", "24/11", "Senin, oleh Ani"), True)
    for written, told in notes.items():
        assert compose(closed(1, Status.RESOLVED, told=written)).empty is told
    bad = compose(closed(1, Status.UNRESOLVED), closed(2, Status.NOT_OURS), closed(3, Status.RESOLVED))
    assert numbers(bad.to_call) == [3] and numbers(bad.to_explain) == [1, 2], "with other words"
    typed_in_as_history = closed(1, Status.RESOLVED, issued_at=NOW, closed_at=NOW)
    row_is_gone = closed(1, Status.RESOLVED, present=False, link="")
    assert compose(typed_in_as_history).empty and compose(row_is_gone).empty


def test_who_has_waited_longest_is_called_first() -> None:
    told = compose(
        *(
            closed(n, Status.RESOLVED, issued_at=NOW - timedelta(days=90), closed_at=NOW - timedelta(days=age))
            for n, age in {1: 3, 2: 30, 3: 9}.items()
        )
    )
    assert numbers(told.to_call) == [2, 3, 1]


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
    def told(*entries: Entry, repairs: tuple[Repair, ...] = (), health: tuple[Health, ...] = ()) -> Koordinator:
        return koordinator(Register(entries, repairs, health), (CITY,), YESTERDAY, NOW, CITY_RULES)

    assert told(health=NOTHING.health).empty
    some = (told(health=(UNREAD,)), told(repairs=(repair(),)), told(late(1, 2)), told(case(1, present=False)))
    assert not any(one.empty for one in some)


def test_the_mail_says_what_to_read_out_and_shows_no_number_to_call() -> None:
    mail = renderer().render("koordinator", compose(closed(1, Status.RESOLVED)), CONTEXT)
    assert mail.subject == "[Ruang Rakyat] Koordinator: 1 perlu dikabari – Kam 26 Nov"
    assert "“Selamat siang, Bapak/Ibu, saya dari Rumah Aspirasi Tangerang." in mail.text
    assert closed(1, Status.RESOLVED).link in mail.text
    assert "Nomor telepon" in mail.text and "08" not in mail.text


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def emergency_of(**changes: object) -> Entry:
    return case(1, **({"priority": Priority.EMERGENCY, "issued_at": NOW, "received": TODAY} | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": Priority.URGENT},
        {"status": Status.RESOLVED, "closed_at": NOW},
        {"status": Status.UNRESOLVED, "closed_at": NOW, "priority_since": NOW},
        {"present": False},
        {"received": TODAY - 8 * DAY},
    ],
    ids=["only urgent", "closed", "closed once raised", "its row is gone", "history that was typed in"],
)
def test_an_open_emergency_is_one_and_what_nobody_has_to_run_for_is_none(changes: dict[str, object]) -> None:
    assert emergencies([emergency_of()]) and not emergencies([emergency_of(**changes)])


def test_an_old_case_that_somebody_raised_is_an_emergency_from_then_on_and_after_two_days_no_alert() -> None:
    raised = emergency_of(issued_at=NOW - 60 * DAY, received=TODAY - 90 * DAY, priority_since=NOW - HOUR)
    assert emergencies([raised]) and became_at(raised) == NOW - HOUR
    assert darurat(raised, NOW).raised and not darurat(emergency_of(), NOW).raised
    assert is_fresh(emergency_of(issued_at=NOW - 47 * HOUR), NOW)
    assert not is_fresh(emergency_of(issued_at=NOW - 48 * HOUR), NOW)


def test_of_a_sensitive_emergency_only_number_place_and_age_are_told() -> None:
    secret = {"category": "Kesehatan Jiwa", "summary": "anak saya sakit", "assignee": "Dokter Ani", "sensitive": True}
    mail = renderer().render("darurat", darurat(emergency_of(**secret), NOW), CONTEXT)
    assert mail.subject.startswith("[Ruang Rakyat] DARURAT: Jatiuwung, Kec. Cibodas, RR-260902-0001-1")
    for body in (mail.text, mail.html):
        assert "RR-260902-0001-1" in body and "Jatiuwung" in body
        assert not [word for word in ("Kesehatan", "sakit", "Dokter") if word in body]
