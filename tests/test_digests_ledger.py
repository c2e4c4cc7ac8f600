"""The journal of e-mails: each digest once, whatever crashes, and nothing lost in between."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from automation.digests.audience import CITY, Recipient, Scope
from automation.digests.ledger import PATIENT_TRIES, PAUSES, TRIES, Ledger, Row, State, key_of, read_ledger, row
from automation.tables.kendali import MAILS
from tests.mail_examples import NOW, TODAY, YESTERDAY

SITI = Recipient("Siti", "Siti@Example.org", "Anggota DPRD", CITY, ("harian",), False)
HADI = Recipient("Hadi", "hadi@example.org", "Fraksi", Scope(dapil=3), ("harian", "mingguan"), False)


def wrote(state: State, at: datetime = NOW, email: str = SITI.email, reason: str = "") -> Row:
    return row(at, "harian", TODAY.isoformat(), email, state, "<abc@example.org>", reason)


def due(ledger: Ledger, now: datetime = NOW) -> list[str]:
    return waiting(ledger, TODAY, now)


def waiting(ledger: Ledger, day: date, now: datetime) -> list[str]:
    people = (SITI, HADI)
    return [one.name for one in people if ledger.may_be_sent(key_of("harian", day.isoformat(), one.email), now)]


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_a_row_has_the_columns_of_kiriman_in_their_order() -> None:
    named = dict(zip(MAILS.headings, wrote(State.SENT), strict=True))
    assert named == {
        "Waktu": "2026-11-26T06:30:00+07:00",
        "Kunci": "harian:2026-11-26:siti@example.org",
        "Jenis": "harian",
        "Penerima": "Siti@Example.org",
        "Keadaan": "terkirim",
        "Message-ID": "<abc@example.org>",
    }


def test_with_nothing_written_everybody_is_due() -> None:
    assert due(read_ledger([])) == ["Siti", "Hadi"]


@pytest.mark.parametrize("state", [State.SENT, State.EMPTY, State.REFUSED])
def test_what_is_settled_is_not_sent_again_that_day(state: State) -> None:
    ledger = read_ledger([wrote(State.CLAIMED), wrote(state, reason="550 5.1.1: alamat tidak dikenal")])
    assert due(ledger, after(600)) == ["Hadi"]
    assert waiting(ledger, TODAY + timedelta(days=1), after(1440)) == ["Siti", "Hadi"]


def test_another_robots_claim_is_respected_while_it_may_still_be_sending() -> None:
    ledger = read_ledger([wrote(State.CLAIMED)])
    assert due(ledger, after(29)) == ["Hadi"]
    assert due(ledger, after(-2)) == ["Hadi"], "the other machine's clock is a little ahead"
    assert due(ledger, after(-45)) == ["Siti", "Hadi"], "nobody's clock is that far ahead: the claim is worth nothing"


def test_a_claim_that_was_left_behind_by_a_crash_is_taken_over() -> None:
    assert due(read_ledger([wrote(State.CLAIMED)]), after(30)) == ["Siti", "Hadi"]


def test_a_temporary_failure_is_tried_again_after_growing_pauses_and_then_no_more_that_day() -> None:
    rows, now = [], NOW
    for pause in PAUSES:
        rows += [wrote(State.CLAIMED, now), wrote(State.DELAYED, now)]
        ledger = read_ledger(rows)
        assert due(ledger, now + timedelta(minutes=pause, seconds=-1)) == ["Hadi"]
        now += timedelta(minutes=pause)
        assert due(ledger, now) == ["Siti", "Hadi"]
    rows += [wrote(State.CLAIMED, now), wrote(State.DELAYED, now)]
    assert sum(cells[4] == State.CLAIMED for cells in rows) == TRIES
    assert due(read_ledger(rows), now + timedelta(hours=9)) == ["Hadi"]


def test_a_robot_that_dies_at_every_sending_does_not_send_for_ever() -> None:
    rows = [wrote(State.CLAIMED, after(40 * turn)) for turn in range(TRIES)]
    assert due(read_ledger(rows), after(40 * TRIES)) == ["Hadi"]


def test_what_is_told_once_only_is_tried_for_days_but_not_by_robots_that_die_over_it() -> None:
    key = key_of("harian", TODAY.isoformat(), SITI.email)
    delayed = [wrote(state, after(240 * turn)) for turn in range(TRIES + 5) for state in (State.CLAIMED, State.DELAYED)]
    assert not read_ledger(delayed).waits(key)
    assert read_ledger(delayed).waits(key, PATIENT_TRIES)
    assert read_ledger(delayed).may_be_sent(key, after(240 * (TRIES + 5)), PATIENT_TRIES)
    died = [wrote(State.CLAIMED, after(240 * turn)) for turn in range(TRIES)]
    assert not read_ledger(died).waits(key, PATIENT_TRIES)
    assert read_ledger(died[:-1]).waits(key, PATIENT_TRIES)


def test_a_moment_that_was_remembered_twice_counts_from_the_first() -> None:
    marks = [row(at, "darurat", "mulai", "", State.BEGUN) for at in (NOW, after(60))]
    assert read_ledger(marks).begun("darurat", "mulai") == NOW
    assert read_ledger(marks).begun("darurat", "lain") is None


def test_news_is_counted_from_when_the_last_digest_was_composed_not_from_when_it_was_delivered() -> None:
    ledger = read_ledger([wrote(State.CLAIMED, YESTERDAY), wrote(State.SENT, YESTERDAY + timedelta(minutes=9))])
    assert ledger.since("harian", "SITI@example.org", NOW) == YESTERDAY


def test_a_digest_that_failed_leaves_its_news_to_the_next_one() -> None:
    day = timedelta(days=1)
    sent = [row(NOW - 2 * day, "harian", str(TODAY - 2 * day), SITI.email, State.SENT)]
    failed = [row(NOW - day, "harian", str(TODAY - day), SITI.email, state) for state in (State.CLAIMED, State.REFUSED)]
    assert read_ledger(sent + failed).since("harian", SITI.email, NOW) == NOW - 2 * day


def test_a_quiet_day_counts_as_told() -> None:
    assert read_ledger([wrote(State.EMPTY, YESTERDAY)]).since("harian", SITI.email, NOW) == YESTERDAY


def test_each_kind_and_each_address_has_its_own_beginning() -> None:
    ledger = read_ledger([wrote(State.SENT, YESTERDAY)])
    assert ledger.since("mingguan", SITI.email, NOW) == NOW
    assert ledger.since("harian", HADI.email, NOW) == NOW


def test_rows_that_people_have_touched_do_no_harm() -> None:
    key = key_of("harian", TODAY.isoformat(), SITI.email)
    untidy = [
        (),
        (None, None, None),
        ("kapan-kapan", key, "harian", SITI.email, " Terkirim "),
        (46352.27, key_of("harian", TODAY.isoformat(), HADI.email), "harian", HADI.email, "entahlah"),
        ("2026-11-26T06:30:00", "", "harian", "x@example.org", "terkirim"),
    ]
    ledger = read_ledger(untidy)
    assert due(ledger) == ["Hadi"], "a sent mail stays sent though its time was overwritten"
    assert ledger.since("harian", SITI.email, YESTERDAY) == YESTERDAY


def test_a_reason_is_kept_beside_the_state_in_one_line() -> None:
    assert wrote(State.DELAYED, reason="ditunda\r\n(451)")[4] == "gagal sementara: ditunda (451)"
