"""The kinds of digest on a real city: alerts once and in time, incidents from their beginning to their end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from automation.cycle.digest import Sent
from automation.cycle.kinds import AGAIN, DueKinds, at_its_hour, every_week
from automation.digests.morning import harian
from automation.tables import intake
from automation.tables.kendali import MAILS, RECIPIENTS, SOURCES
from automation.trouble import ConfigurationError, DeliveryError
from tests.conftest import Say
from tests.local_city import AMIR, LocalCity
from tests.mail_box import Box, Robot
from tests.town import NOTE, TUESDAY, WORDS
from tests.workbook_contract import Typed

pytestmark = pytest.mark.sampled(tests=21)

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
RATNA, BUDI, OPERATOR = "ratna@fraksi.example", "budi@fraksi.example", "operator@fraksi.example"
SITI: Mapping[str, Typed] = {NOTE: "siti", intake.NAME: "Ibu Siti", intake.PHONE: "081200001023"}
EMERGENCY: Mapping[str, Typed] = {intake.PRIORITY: "Darurat"}
SUNDAY_NIGHT = datetime(2026, 11, 29, 2, 0, tzinfo=TUESDAY.tzinfo)


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Two spreadsheets; Ratna is told of all emergencies, Budi of those in Karawaci, the operator of outages."""
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",), "Timur": ("Cimone",)}, begin)


def begin(city: LocalCity) -> None:
    want(city, (RATNA, "Kota", "darurat"), (BUDI, "Kecamatan Karawaci", "darurat"), (OPERATOR, "Kota", "operator"))


def want(city: LocalCity, *people: tuple[str, str, str]) -> None:
    """Recipients by address, scope and kinds."""
    rows = [("Nama", email, "", scope, kinds) for email, scope, kinds in people]
    city.put("Kendali", RECIPIENTS, {(r, c): v for r, row in enumerate(rows, 1) for c, v in enumerate(row)})


def alerted(city: LocalCity, now: datetime) -> list[str]:
    """A cycle, then the alerts that are due: who is told."""
    city.sync(now)
    box = Box()
    Robot.of(city).send("darurat", now, box)
    return box.to()


# Emergencies


def test_an_emergency_is_told_at_once_at_any_hour_to_whom_it_concerns_and_never_again(city: LocalCity) -> None:
    assert alerted(city, SUNDAY_NIGHT) == []
    city.type("Barat", "Gondrong", EMERGENCY)
    assert alerted(city, SUNDAY_NIGHT + 5 * MINUTE) == [RATNA], "Budi looks after Karawaci"
    for later in (10 * MINUTE, HOUR, 30 * HOUR):
        assert alerted(city, SUNDAY_NIGHT + later) == []
    city.type("Barat", "Gondrong", {**SITI, **EMERGENCY}, {**AMIR, **EMERGENCY})
    assert alerted(city, SUNDAY_NIGHT + 31 * HOUR) == [RATNA, RATNA], "each has a mail of its own"
    assert alerted(city, SUNDAY_NIGHT + 100 * DAY) == []


def test_a_case_that_is_raised_later_is_told_once_however_often_it_goes_up_and_down(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", {})
    assert alerted(city, TUESDAY) == []
    for at, priority in enumerate(("Darurat", "Mendesak", "Darurat", " DARURAT "), start=1):
        city.put("Barat", "Gondrong", {(1, city.rows("Barat", "Gondrong")[0].index("Prioritas")): priority})
        assert alerted(city, TUESDAY + at * DAY) == ([RATNA] if at == 1 else [])


def test_what_is_there_when_alerts_begin_is_not_told(city: LocalCity, say: Say) -> None:
    """A first run, or an upgrade: a hundred cases that were emergencies long before."""
    city.type("Barat", "Gondrong", EMERGENCY, {**AMIR, **EMERGENCY})
    city.sync(TUESDAY)
    box = Box()
    assert Robot.of(city).send("darurat", TUESDAY, box).begins
    assert not Robot.of(city).send("darurat", TUESDAY + MINUTE, box).begins
    city.type("Barat", "Gondrong", {**SITI, **EMERGENCY})
    assert not box.mails and alerted(city, TUESDAY + HOUR) == [RATNA]


def test_old_rows_that_are_added_later_and_closed_ones_are_not_told_nor_anything_twice_after_kiriman_was_lost(
    city: LocalCity,
) -> None:
    alerted(city, TUESDAY)
    old, closed = {intake.RECEIVED: "02/11/2026"}, {**SITI, intake.STATUS: "Selesai"}
    city.type("Barat", "Gondrong", *({**EMERGENCY, **more} for more in (old, closed, AMIR)))
    assert alerted(city, TUESDAY + HOUR) == [RATNA]
    city.edit("Kendali", lambda book: book[MAILS].delete_rows(2, 50))
    assert alerted(city, TUESDAY + 2 * HOUR) == []


def test_who_could_not_be_reached_for_days_is_told_as_long_as_the_case_is_open(city: LocalCity) -> None:
    def away(_: EmailMessage) -> None:
        raise DeliveryError("surat.kirim.ditunda", permanent=False, answer="451")

    alerted(city, TUESDAY)
    city.type("Barat", "Gondrong", EMERGENCY)
    city.sync(TUESDAY + HOUR)
    for hours in range(1, 60, 16):
        assert Robot.of(city).send("darurat", TUESDAY + hours * HOUR, Box(away)).waits
    box = Box()
    Robot.of(city).send("darurat", TUESDAY + 70 * HOUR, box)
    assert box.to() == [RATNA]


def test_a_new_recipient_hears_of_the_emergency_of_this_morning_but_not_of_last_weeks(city: LocalCity) -> None:
    alerted(city, TUESDAY)
    city.type("Barat", "Gondrong", EMERGENCY)
    alerted(city, TUESDAY + HOUR)
    city.type("Barat", "Gondrong", {**AMIR, **EMERGENCY})
    alerted(city, TUESDAY + 3 * DAY)
    want(city, (RATNA, "Kota", "darurat"), (BUDI, "Kota", "darurat"))
    assert alerted(city, TUESDAY + 3 * DAY + HOUR) == [BUDI]


# Outages


def outage(city: LocalCity, now: datetime) -> list[str]:
    """A cycle, then the subjects that the operator is sent."""
    city.sync(now)
    box = Box()
    Robot.of(city).send("operator", now, box)
    assert set(box.to()) <= {OPERATOR}
    return [subject.partition(" – ")[0] for subject in box.subjects()]


def test_a_spreadsheet_that_fails_is_told_after_as_long_as_the_setting_says_and_when_it_works_again(
    city: LocalCity,
) -> None:
    assert outage(city, TUESDAY) == []
    hidden = city.path("Timur").rename(city.folder / "weg")
    assert outage(city, TUESDAY + 5 * MINUTE) == []
    assert outage(city, TUESDAY + 119 * MINUTE) == []
    assert outage(city, TUESDAY + 120 * MINUTE) == ["Gangguan: 1 lembar kerja bermasalah"]
    assert outage(city, TUESDAY + 26 * HOUR) == [], "once"
    hidden.rename(city.path("Timur"))
    assert outage(city, TUESDAY + 27 * HOUR) == ["Pulih: lembar kerja beres lagi"]
    assert outage(city, TUESDAY + 28 * HOUR) == []
    assert not Robot.of(city).preview("operator", TUESDAY + 28 * HOUR), "what is over is not shown for ever"
    city.path("Timur").rename(hidden)
    assert outage(city, TUESDAY + 29 * HOUR) == []
    assert outage(city, TUESDAY + 40 * HOUR) == ["Gangguan: 1 lembar kerja bermasalah"], "another one"


def test_a_failure_that_was_over_in_time_is_never_told_and_a_quiet_day_is_no_outage(city: LocalCity) -> None:
    outage(city, TUESDAY)
    hidden = city.path("Timur").rename(city.folder / "weg")
    outage(city, TUESDAY + HOUR)
    hidden.rename(city.path("Timur"))
    for hours in (3, 4, 5, 12):
        assert outage(city, TUESDAY + hours * HOUR) == []


def test_all_that_fails_at_once_is_told_at_once_and_is_over_when_the_last_is_read_again(city: LocalCity) -> None:
    outage(city, TUESDAY)
    hidden = {name: city.path(name).rename(city.folder / name) for name in ("Barat", "Timur")}
    assert outage(city, TUESDAY + 3 * HOUR) == ["Gangguan: 2 lembar kerja bermasalah"]
    hidden["Barat"].rename(city.path("Barat"))
    assert outage(city, TUESDAY + 4 * HOUR) == []
    hidden["Timur"].rename(city.path("Timur"))
    assert outage(city, TUESDAY + 5 * HOUR) == ["Pulih: lembar kerja beres lagi"]


def test_a_process_that_stays_knows_to_the_minute_since_when_a_spreadsheet_fails(city: LocalCity) -> None:
    """Kendali alone knows it to the hour only: a quiet cycle writes nothing."""
    robot = city.syncer()
    for minutes in (0, 55):
        robot.sync(TUESDAY + minutes * MINUTE)
    city.path("Timur").rename(city.folder / "weg")
    robot.sync(TUESDAY + 60 * MINUTE)
    assert city.rows("Kendali", SOURCES)[2][2] == "2026-11-24 09:55"


def test_a_second_robot_means_the_same_incident(city: LocalCity) -> None:
    """Each has read the spreadsheet at another moment; what the first one noted counts."""
    one, two = city.syncer(), city.syncer()
    one.sync(TUESDAY)
    two.sync(TUESDAY + 2 * MINUTE)
    city.path("Timur").rename(city.folder / "weg")
    one.sync(TUESDAY + 5 * MINUTE)
    city.type("Barat", "Gondrong", {})  # a reason to write
    two.sync(TUESDAY + 7 * MINUTE)
    assert city.rows("Kendali", SOURCES)[2][2] == "2026-11-24 09:00"


def test_a_spreadsheet_that_is_taken_out_of_its_folder_with_running_cases_is_told_beside_it_and_to_the_operator(
    city: LocalCity,
) -> None:
    folder = city.folder / "laporan"
    folder.mkdir()
    for name in ("Barat", "Timur"):
        city.path(name).rename(folder / f"{name}.xlsx")
    city.list_sources("laporan")

    def state() -> str:
        return str(city.rows("Kendali", SOURCES)[1][4])

    assert outage(city, TUESDAY) == [] and state() == "Baik"
    away = (folder / "Timur.xlsx").rename(city.folder / "weg")
    assert outage(city, TUESDAY + HOUR) == [] and state() == "Baik", "it holds no case"
    away.rename(folder / "Timur.xlsx")
    LocalCity(folder).type("Timur", "Cimone", {})
    city.sync(TUESDAY + 2 * HOUR)
    (ticket,) = LocalCity(folder).column("Timur", "Cimone", "No. Tiket")
    away = (folder / "Timur.xlsx").rename(city.folder / "weg")
    assert outage(city, TUESDAY + 3 * HOUR) == []
    assert f"1 laporan berjalan tidak dibaca (antara lain {ticket})" in state() and "dipindah dari folder" in state()
    assert outage(city, TUESDAY + 4 * HOUR) == []
    city.sync(TUESDAY + 6 * HOUR)
    (mail,) = Robot.of(city).preview("operator", TUESDAY + 6 * HOUR)
    part = mail.get_body(("plain",))
    assert part is not None and "perintah restore." in part.get_content(), "the cure is not cut off"
    assert outage(city, TUESDAY + 6 * HOUR) == ["Gangguan: 1 lembar kerja bermasalah"]
    away.rename(folder / "Timur.xlsx")
    assert outage(city, TUESDAY + 7 * HOUR) == ["Pulih: lembar kerja beres lagi"] and state() == "Baik"


def test_a_row_of_sumber_that_is_deleted_with_running_cases_is_told_beside_the_first_one_and_to_the_operator(
    city: LocalCity,
) -> None:
    city.take_in("Timur", "Cimone", {})
    (ticket,) = city.column("Timur", "Cimone", "No. Tiket")
    assert outage(city, TUESDAY) == []
    city.list_sources("Barat.xlsx")
    assert outage(city, TUESDAY + HOUR) == []
    state = str(city.rows("Kendali", SOURCES)[1][4])
    assert f"1 laporan berjalan tidak dibaca (antara lain {ticket}), sebab" in state
    assert outage(city, TUESDAY + 4 * HOUR) == ["Gangguan: 1 lembar kerja bermasalah"]
    city.list_sources("Barat.xlsx", "Timur.xlsx")
    assert outage(city, TUESDAY + 5 * HOUR) == ["Pulih: lembar kerja beres lagi"]
    assert {row[4] for row in city.rows("Kendali", SOURCES)[1:]} == {"Baik"}


@pytest.mark.parametrize(("column", "title"), [(2, "Kunci"), (1, "Kode")])
def test_nothing_is_sent_while_nobody_can_tell_what_was_sent(city: LocalCity, column: int, title: str) -> None:
    alerted(city, TUESDAY)
    city.put("Kendali", MAILS, {(0, column): title})
    with pytest.raises(ConfigurationError) as raised:
        Robot.of(city).send("darurat", TUESDAY, Box())
    assert "Sebelum itu betul tidak ada surel yang dikirim" in WORDS.tell(raised.value.causes[0])


# Coordinators


def test_a_coordinator_is_asked_to_call_until_dikabari_is_filled_in(city: LocalCity) -> None:
    def body(now: datetime) -> str:
        city.sync(now)
        box = Box()
        Robot.of(city).send("koordinator", now, box)
        part = box.mails[0].get_body(("plain",)) if box.mails else None
        return str(part.get_content()) if part is not None else ""

    want(city, (RATNA, "Kecamatan Cipondoh", "koordinator"))
    city.type("Barat", "Gondrong", {intake.ASSIGNEE: "Hendra"})
    titles = city.rows("Barat", "Gondrong")[0]
    assert body(TUESDAY) == "", "nothing to do"
    city.put("Barat", "Gondrong", {(1, titles.index(intake.STATUS)): "Selesai"})
    mail = body(TUESDAY + DAY)
    assert "1 perlu dikabari" in mail and "RR-260504-0001-3" in mail
    assert "0812" not in mail and "Yati" not in mail
    done = {intake.TOLD: "sudah, lewat telepon", intake.OUTCOME: "Got sudah dikeruk"}
    city.put("Barat", "Gondrong", {(1, titles.index(column)): said for column, said in done.items()})
    assert body(TUESDAY + 2 * DAY) == ""


def test_where_it_is_to_be_told_sooner_kendali_is_told_more_often_that_all_is_well(city: LocalCity) -> None:
    city.setting("Lapor Gangguan Sesudah", 20)
    city.sync(TUESDAY)
    for minutes in (5, 10, 15):
        assert outage(city, TUESDAY + minutes * MINUTE) == []
    assert city.rows("Kendali", SOURCES)[1][2] == "2026-11-24 09:10"
    city.path("Timur").rename(city.folder / "weg")
    assert outage(city, TUESDAY + 20 * MINUTE) == []
    assert outage(city, TUESDAY + 40 * MINUTE) == ["Gangguan: 1 lembar kerja bermasalah"]


def test_a_spreadsheet_that_could_never_be_read_is_told_too(city: LocalCity) -> None:
    city.list_sources("Barat.xlsx", "Timur.xlsx", "Baru.xlsx")
    assert outage(city, TUESDAY) == []
    assert outage(city, TUESDAY + HOUR) == []
    assert outage(city, TUESDAY + 2 * HOUR) == ["Gangguan: 1 lembar kerja bermasalah"]
    city.make("Baru", "Petir")
    assert outage(city, TUESDAY + 3 * HOUR) == ["Pulih: lembar kerja beres lagi"]


def test_what_cant_be_used_in_kendali_is_told_each_time_that_it_lasts_and_since_when(city: LocalCity) -> None:
    outage(city, TUESDAY)
    for day, lasts in ((0, False), (9, True), (20, True)):
        begins = TUESDAY + day * DAY
        city.setting("Target Hari Kerja", "enam")
        assert outage(city, begins + 5 * MINUTE) == []
        if lasts:
            assert outage(city, begins + 2 * HOUR) == []
            (mail,) = Robot.of(city).preview("operator", begins + 130 * MINUTE)
            assert "belum pernah terbaca" not in str(mail.get_body(("plain",))), "it is read all the time"
            assert outage(city, begins + 130 * MINUTE) == ["Gangguan: 1 lembar kerja bermasalah"]
        city.setting("Target Hari Kerja", 6)
        assert outage(city, begins + 3 * HOUR) == ["Pulih: lembar kerja beres lagi"] * lasts


def test_a_spreadsheet_that_is_read_but_has_a_tab_in_trouble_is_told_to_the_operator_too(city: LocalCity) -> None:
    outage(city, TUESDAY)
    titles = city.rows("Timur", "Cimone")[0]
    city.put("Timur", "Cimone", {(0, titles.index(intake.DESCRIPTION)): "Keluhannya"})
    assert [outage(city, TUESDAY + hours * HOUR) for hours in (1, 2)] == [[], []]
    (mail,) = Robot.of(city).preview("operator", TUESDAY + 200 * MINUTE)
    assert "judul kolom tidak ada: Uraian" in str(mail.get_body(("plain",)))
    assert outage(city, TUESDAY + 200 * MINUTE) == ["Gangguan: 1 lembar kerja bermasalah"]
    assert outage(city, TUESDAY + 26 * HOUR) == [], "once"
    hidden = city.path("Timur").rename(city.folder / "weg")
    assert outage(city, TUESDAY + 27 * HOUR) == []
    assert outage(city, TUESDAY + 40 * HOUR) == ["Gangguan: 1 lembar kerja bermasalah"], "now none of it is read"
    hidden.rename(city.path("Timur"))
    assert outage(city, TUESDAY + 41 * HOUR) == ["Pulih: lembar kerja beres lagi"], "the later one is over"
    city.put("Timur", "Cimone", {(0, titles.index(intake.DESCRIPTION)): "Uraian"})
    assert outage(city, TUESDAY + 42 * HOUR) == ["Pulih: lembar kerja beres lagi"]
    assert outage(city, TUESDAY + 60 * HOUR) == []


# The weekly digest: when it is due; what it says is not of interest here


def weekly_sent(city: LocalCity, now: datetime) -> Sent:
    opened = Robot.of(city).open(now)
    return opened.send(at_its_hour("harian", harian, every_week), Box())


def test_the_weekly_digest_goes_out_once_a_week_and_is_caught_up_when_the_program_was_off(city: LocalCity) -> None:
    want(city, (RATNA, "Kota", "harian"))
    city.type("Barat", "Gondrong", {})
    city.sync(TUESDAY - DAY)
    assert len(weekly_sent(city, TUESDAY).outcomes) == 1, "Monday's was missed"
    for days in range(1, 6):
        assert not weekly_sent(city, TUESDAY + days * DAY).outcomes
    assert len(weekly_sent(city, TUESDAY + 6 * DAY).outcomes) == 1
    keys = {row[1] for row in city.rows("Kendali", MAILS)[1:]}
    assert keys == {f"harian:2026-W{week}:{RATNA}" for week in (48, 49)}


# When Kendali is read


def test_kendali_is_read_again_only_for_what_is_new(city: LocalCity) -> None:
    want(city, (RATNA, "Kota", "harian, darurat"), (BUDI, "Kota", "harian"), (OPERATOR, "Kota", "operator"))
    due_kinds, robot = DueKinds(), city.syncer()

    def looks(now: datetime, *, done: bool = True) -> list[str]:
        report = robot.sync(now)
        kinds = due_kinds.due(report, now)
        for kind in kinds if done else ():
            due_kinds.done(kind)
        return [kind.name for kind in kinds]

    at_dawn = TUESDAY - 5 * HOUR
    assert looks(at_dawn) == ["darurat", "operator"], "once at the start"
    assert looks(at_dawn + 5 * MINUTE) == []
    assert looks(TUESDAY) == ["harian"]
    assert looks(TUESDAY + 5 * MINUTE) == []
    city.type("Barat", "Gondrong", EMERGENCY)
    assert looks(TUESDAY + 6 * MINUTE, done=False) == ["darurat"]
    assert looks(TUESDAY + 7 * MINUTE, done=False) == [], "what is delayed waits for its pause"
    city.type("Barat", "Gondrong", {**AMIR, **EMERGENCY})
    assert looks(TUESDAY + 8 * MINUTE, done=False) == ["darurat"], "what is new does not"
    assert looks(TUESDAY + 8 * MINUTE + AGAIN) == ["darurat"]
    assert looks(TUESDAY + HOUR) == []
    said = city.rows("Timur", "Cimone")[0].index(intake.DESCRIPTION)
    for minutes, title in ((65, "Keluhannya"), (75, "Uraian")):
        city.put("Timur", "Cimone", {(0, said): title})
        assert looks(TUESDAY + minutes * MINUTE) == ["operator"], "a tab in trouble, and out of it"
        assert looks(TUESDAY + (minutes + 5) * MINUTE) == []
    want(city, (RATNA, "Kota", "harian, darurat"), ("ani@fraksi.example", "Kota", "harian"))
    assert looks(TUESDAY + 2 * HOUR) == ["harian"], "somebody new"
