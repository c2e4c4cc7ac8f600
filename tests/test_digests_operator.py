"""Incidents by the moment in which all was well last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from automation.digests.operator import Incident, by_incident, incident_begun, minute, unread_mark
from tests.mail_examples import JAKARTA, NOW, UNREAD, WELL, YESTERDAY

LOST = replace(WELL, name="Kecamatan Benda", last_read=YESTERDAY, problem="Tidak dibagikan.")
NEVER = replace(UNREAD, name="Baru", last_read=None)


def test_what_failed_in_the_same_moment_is_one_incident() -> None:
    other = replace(LOST, name="Kecamatan Cibodas", last_read=YESTERDAY + timedelta(seconds=40))
    found = by_incident([LOST, other, WELL], {})
    assert found[Incident(YESTERDAY)] == [LOST, other]
    assert set(found) == {Incident(YESTERDAY), Incident(NOW)}


def test_what_could_never_be_read_counts_from_when_it_was_first_seen() -> None:
    assert by_incident([NEVER], {}) == {}
    assert by_incident([NEVER], {unread_mark(NEVER): NOW}) == {Incident(NOW): [NEVER]}


def test_an_incident_is_known_again_by_its_name() -> None:
    for incident in (Incident(minute(NOW)), Incident(minute(NOW), whole=True)):
        assert incident_begun(incident.begun, JAKARTA) == incident
        assert ":" not in incident.begun + incident.over, "it is a part of a key"
    assert Incident(NOW).begun != Incident(NOW, whole=True).begun


def test_other_occasions_are_no_beginnings() -> None:
    for name in (Incident(NOW).over, unread_mark(NEVER), "gangguan-kemarin", "gangguan", ""):
        assert incident_begun(name, JAKARTA) is None
