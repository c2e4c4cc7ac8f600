"""The journal of e-mails: who is told about what, and when; each digest once, whatever crashes, and nothing lost."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from automation.cycle.kinds import KINDS
from automation.digests.at_once import Incident, by_incident, incident_begun, minute, unread_mark
from automation.digests.audience import CITY, Recipient, Scope, addressees, covers, register_within
from automation.digests.ledger import (
    PATIENT_TRIES,
    PAUSES,
    TRIES,
    Ledger,
    Row,
    State,
    key_of,
    read_ledger,
    row,
    week_of,
    working_day_before,
)
from automation.model.deadlines import Calendar
from automation.model.register import Register, Repair
from automation.tables.kendali import MAILS
from tests.mail_examples import (
    CIBODAS_SARI,
    JAKARTA,
    JATIUWUNG,
    KARANG_TIMUR,
    NOW,
    PLACES,
    SETTINGS,
    SUKASARI,
    TODAY,
    UNREAD,
    WELL,
    YESTERDAY,
    repair,
)

SITI = Recipient("Siti", "Siti@Example.org", (CITY,), ("harian",), False)
HADI = Recipient("Hadi", "hadi@example.org", (Scope(dapil=3),), ("harian", "mingguan"), False)


def wrote(state: State, at: datetime = NOW, email: str = SITI.email, reason: str = "") -> Row:
    return row(at, "harian", TODAY.isoformat(), email, state, "<abc@example.org>", reason)


def due(ledger: Ledger, now: datetime = NOW, day: date = TODAY) -> list[str]:
    people = (SITI, HADI)
    return [one.name for one in people if ledger.may_be_sent(key_of("harian", day.isoformat(), one.email), now)]


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_another_robots_claim_is_respected_while_it_may_still_be_sending_and_then_taken_over() -> None:
    assert due(read_ledger([])) == ["Siti", "Hadi"]
    ledger = read_ledger([wrote(State.CLAIMED)])
    assert due(ledger, after(29)) == ["Hadi"]
    assert due(ledger, after(-2)) == ["Hadi"], "the other machine's clock is a little ahead"
    assert due(ledger, after(-45)) == ["Siti", "Hadi"], "nobody's clock is that far ahead: the claim is worth nothing"
    assert due(ledger, after(30)) == ["Siti", "Hadi"], "left behind by a crash"


@pytest.mark.parametrize("state", [State.SENT, State.EMPTY, State.REFUSED])
def test_what_is_settled_is_not_sent_again_that_day(state: State) -> None:
    rows = [wrote(State.CLAIMED), wrote(state, reason="550 5.1.1: alamat tidak dikenal")]
    assert due(read_ledger(rows), after(600)) == ["Hadi"]
    assert due(read_ledger(rows), after(1440), TODAY + timedelta(days=1)) == ["Siti", "Hadi"]
    failed_before = [wrote(state, after(60)) for state in (State.CLAIMED, State.DELAYED)]
    assert due(read_ledger(rows + failed_before), after(600)) == ["Hadi"], "its clock was an hour ahead"


def test_a_temporary_failure_is_tried_again_after_growing_pauses_and_then_no_more_that_day() -> None:
    rows, now = [], NOW
    for pause in PAUSES:
        rows += [wrote(State.CLAIMED, now), wrote(State.DELAYED, now)]
        ledger = read_ledger(rows)
        assert due(ledger, now + timedelta(minutes=pause, seconds=-1)) == ["Hadi"]
        assert due(ledger, now - timedelta(days=1)) == ["Siti", "Hadi"], "a clock that was ahead has written it"
        now += timedelta(minutes=pause)
        assert due(ledger, now) == ["Siti", "Hadi"]
    rows += [wrote(State.CLAIMED, now), wrote(State.DELAYED, now)]
    assert sum(cells[4] == State.CLAIMED for cells in rows) == TRIES
    assert due(read_ledger(rows), now + timedelta(hours=9)) == ["Hadi"]


def test_what_is_told_once_only_is_tried_for_days_but_not_by_robots_that_die_over_it() -> None:
    key = key_of("harian", TODAY.isoformat(), SITI.email)
    delayed = [wrote(state, after(240 * turn)) for turn in range(TRIES + 5) for state in (State.CLAIMED, State.DELAYED)]
    assert not read_ledger(delayed).waits(key)
    assert read_ledger(delayed).waits(key, PATIENT_TRIES)
    assert read_ledger(delayed).may_be_sent(key, after(240 * (TRIES + 5)), PATIENT_TRIES)
    died = [wrote(State.CLAIMED, after(40 * turn)) for turn in range(TRIES)]
    assert due(read_ledger(died), after(40 * TRIES)) == ["Hadi"]
    assert not read_ledger(died).waits(key, PATIENT_TRIES)
    assert read_ledger(died[:-1]).waits(key, PATIENT_TRIES)


def test_a_moment_that_was_remembered_twice_counts_from_the_first() -> None:
    marks = [row(at, "darurat", "mulai", "", State.BEGUN) for at in (NOW, after(60))]
    assert read_ledger(marks).begun("darurat", "mulai") == NOW
    assert read_ledger(marks).begun("darurat", "lain") is None


def test_news_is_counted_from_when_the_last_digest_was_composed_not_from_when_it_was_delivered() -> None:
    ledger = read_ledger([wrote(State.CLAIMED, YESTERDAY), wrote(State.SENT, YESTERDAY + timedelta(minutes=9))])
    assert ledger.since("harian", "SITI@example.org", NOW) == YESTERDAY
    assert read_ledger([wrote(State.EMPTY, YESTERDAY)]).since("harian", SITI.email, NOW) == YESTERDAY, "a quiet day"
    assert ledger.since("mingguan", SITI.email, NOW) == ledger.since("harian", HADI.email, NOW) == NOW
    # A digest that failed leaves its news to the next one.
    day = timedelta(days=1)
    sent = [row(NOW - 2 * day, "harian", str(TODAY - 2 * day), SITI.email, State.SENT)]
    failed = [row(NOW - day, "harian", str(TODAY - day), SITI.email, state) for state in (State.CLAIMED, State.REFUSED)]
    assert read_ledger(sent + failed).since("harian", SITI.email, NOW) == NOW - 2 * day


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


def test_a_row_has_the_columns_of_kiriman_in_their_order() -> None:
    named = dict(zip(MAILS.headings, wrote(State.DELAYED, reason="ditunda\r\n(451)"), strict=True))
    assert named == {
        "Waktu": "2026-11-26T06:30:00+07:00",
        "Kunci": "harian:2026-11-26:siti@example.org",
        "Jenis": "harian",
        "Penerima": "Siti@Example.org",
        "Keadaan": "gagal sementara: ditunda (451)",
        "Message-ID": "<abc@example.org>",
    }


DAPIL_3 = Scope(dapil=3)
CIBODAS = Scope(kecamatan="cibodas")


def recipient(email: str, scope: Scope, *, kinds: tuple[str, ...] = ("harian",), empty: bool = False) -> Recipient:
    return Recipient(f"Yth. {email}", email, (scope,), kinds, empty)


def test_a_scope_covers_its_own_part_of_the_city_only() -> None:
    assert all(covers(CITY, place) for place in PLACES)
    assert covers(DAPIL_3, JATIUWUNG)
    assert not covers(DAPIL_3, SUKASARI)
    assert covers(CIBODAS, JATIUWUNG)
    assert not covers(CIBODAS, KARANG_TIMUR)
    assert covers(Scope(kelurahan=JATIUWUNG.code), JATIUWUNG)
    assert not covers(Scope(kelurahan=JATIUWUNG.code), CIBODAS_SARI)


@pytest.mark.parametrize(
    ("scope", "row", "told"),
    [
        (Scope(kelurahan=CIBODAS_SARI.code), repair(), True),
        (Scope(kelurahan=JATIUWUNG.code), repair(), False),
        (DAPIL_3, repair(), True),
        (Scope(kelurahan=JATIUWUNG.code), repair(kelurahan="Cibodas Sri"), True),  # to all in its kecamatan
        (Scope(kelurahan=SUKASARI.code), repair(kelurahan="Cibodas Sri"), False),
        (CITY, repair(kecamatan="", kelurahan=""), True),
        (DAPIL_3, repair(kecamatan="", kelurahan=""), False),
    ],
)
def test_a_row_to_repair_is_told_to_those_whose_place_it_is_or_may_be(scope: Scope, row: Repair, told: bool) -> None:
    assert (register_within(Register((), (row,), ()), (scope,), PLACES).repairs == (row,)) == told


def test_an_address_named_twice_gets_one_mail_about_both_parts_and_only_of_the_kind_that_it_asked_for() -> None:
    rows = [recipient("siti@example.org", DAPIL_3), recipient("Siti@Example.org", Scope(dapil=5), empty=True)]
    expected = Recipient("Yth. siti@example.org", "siti@example.org", (DAPIL_3, Scope(dapil=5)), ("harian",), True)
    assert addressees("harian", rows) == (expected,)
    for scopes, together in (([DAPIL_3] * 2, DAPIL_3), ([DAPIL_3, CITY], CITY), ([CITY, DAPIL_3], CITY)):
        found = addressees("harian", [recipient("siti@example.org", scope) for scope in scopes])
        assert found[0].scopes == (together,)
    rows = [recipient("a@example.org", CITY, kinds=("mingguan",)), recipient("b@example.org", CITY)]
    assert [found.email for found in addressees("harian", rows)] == ["b@example.org"]


CALENDAR = Calendar(frozenset(range(6)), national=True, joint_leave=True)
AT = time(6, 30)


def moment(day: int, month: int = 11, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=JAKARTA)


def week(now: datetime, weekday: int = 0, calendar: Calendar = CALENDAR) -> tuple[str, date]:
    name, due = week_of(calendar, weekday, AT, now)
    return name, due.date()


@pytest.mark.parametrize(
    ("now", "come"),
    [(moment(24, hour=6, minute=29), False), (moment(24, hour=6, minute=30), True), (moment(22), False)],
    ids=["before its hour", "at its hour", "on Sunday"],
)
def test_nothing_goes_out_before_its_hour_or_on_days_off(now: datetime, come: bool) -> None:
    settings = replace(SETTINGS, daily_at=AT, rules=replace(SETTINGS.rules, calendar=CALENDAR))
    assert all(kind.has_come(settings, now) is (come or not kind.dated) for kind in KINDS.values())


def test_the_week_begins_at_the_hour_of_its_weekday_and_what_was_missed_is_due_until_the_next_one_is() -> None:
    assert working_day_before(CALENDAR, AT, moment(23)) == moment(21, hour=6, minute=30), "a Saturday"
    assert week(moment(23, hour=6, minute=29)) == ("2026-W47", date(2026, 11, 16))
    assert week(moment(23, hour=6, minute=30)) == ("2026-W48", date(2026, 11, 23))
    assert {week(moment(23, hour=7) + timedelta(days=days))[0] for days in range(7)} == {"2026-W48"}
    assert week(moment(24), weekday=0)[0] == week(moment(26), weekday=3)[0] == "2026-W48", "of another weekday"
    before = moment(23, hour=6, minute=30) - timedelta(seconds=1)
    assert week_of(CALENDAR, 0, AT, before)[1] == moment(16, hour=6, minute=30), "so far back the first reaches"
    assert week(datetime(2025, 12, 29, 7, tzinfo=JAKARTA)) == ("2026-W01", date(2025, 12, 29)), "as ISO counts"


def test_a_day_off_moves_it_to_the_next_working_day_even_into_the_next_week() -> None:
    assert week(moment(25, 12, hour=23), weekday=4) == ("2026-W51", date(2026, 12, 18)), "Christmas is a Friday"
    assert week(moment(26, 12), weekday=4) == ("2026-W52", date(2026, 12, 26))
    closed = Calendar(frozenset(range(5)), national=False, joint_leave=False)
    assert week(moment(22), weekday=5, calendar=closed) == ("2026-W46", date(2026, 11, 16))
    assert week(moment(23), weekday=5, calendar=closed) == ("2026-W47", date(2026, 11, 23))


@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 11, 1)),
    weekday=st.integers(0, 6),
    days_off=st.frozensets(st.integers(0, 40), max_size=25),
)
def test_every_week_has_one_digest_whatever_days_are_off(
    start: datetime, weekday: int, days_off: frozenset[int]
) -> None:
    off = frozenset(start.date() + timedelta(days=days) for days in days_off)
    calendar = Calendar(frozenset(range(7)), national=False, joint_leave=False, days_off=off)
    names = []
    for hours in range(0, 60 * 24, 6):
        now = start.replace(tzinfo=JAKARTA) + timedelta(hours=hours)
        name, due = week_of(calendar, weekday, AT, now)
        assert due <= now and calendar.is_working(due.date())
        names.append(name)
    weeks = list(dict.fromkeys(names))
    assert weeks == sorted(weeks) and weeks == sorted(set(names))


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
