"""Which cases are alerts, and which only look like it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from automation.digests.darurat import became_at, darurat, emergencies, is_fresh
from automation.model.complaint import Priority, Status
from automation.model.register import Entry
from tests.mail_examples import CONTEXT, NOW, TODAY, case, closed, renderer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def emergency(**changes: object) -> Entry:
    return case(1, **({"priority": Priority.EMERGENCY, "issued_at": NOW, "received": TODAY} | changes))


def test_an_open_emergency_is_one() -> None:
    assert emergencies([emergency()])


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": Priority.URGENT},
        {"status": Status.RESOLVED, "closed_at": NOW},
        {"present": False},
        {"received": TODAY - 8 * DAY},
    ],
    ids=["only urgent", "closed", "its row is gone", "history that was typed in"],
)
def test_what_nobody_has_to_run_for_is_none(changes: dict[str, object]) -> None:
    assert not emergencies([emergency(**changes)])


def test_an_old_case_that_somebody_raised_is_an_emergency_from_then_on() -> None:
    raised = emergency(issued_at=NOW - 60 * DAY, received=TODAY - 90 * DAY, priority_since=NOW - HOUR)
    assert emergencies([raised]) and became_at(raised) == NOW - HOUR
    assert darurat(raised, NOW).raised and not darurat(emergency(), NOW).raised


def test_after_two_days_an_alert_is_none_any_more() -> None:
    assert is_fresh(emergency(issued_at=NOW - 47 * HOUR), NOW)
    assert not is_fresh(emergency(issued_at=NOW - 48 * HOUR), NOW)


def test_the_subject_says_what_it_is_and_where() -> None:
    mail = renderer().render("darurat", darurat(emergency(), NOW), CONTEXT)
    assert mail.subject.startswith("[Ruang Rakyat] DARURAT: Jatiuwung, Kec. Cibodas, RR-260902-0001-1")


def test_of_a_sensitive_emergency_only_number_place_and_age_are_told() -> None:
    secret = {"category": "Kesehatan Jiwa", "summary": "anak saya sakit", "assignee": "Dokter Ani", "sensitive": True}
    mail = renderer().render("darurat", darurat(emergency(**secret), NOW), CONTEXT)
    for body in (mail.text, mail.html):
        assert "RR-260902-0001-1" in body and "Jatiuwung" in body
        assert not [word for word in ("Kesehatan", "sakit", "Dokter") if word in body]


def test_closed_cases_are_never_alerts() -> None:
    assert not emergencies([closed(1, Status.UNRESOLVED, priority=Priority.EMERGENCY, priority_since=NOW)])
