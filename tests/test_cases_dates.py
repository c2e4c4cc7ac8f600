"""A day of receipt that may be a slip is asked about; until that is answered it harms nobody."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from automation.cases.events import EventKind
from automation.cases.examiner import Examiner, make_entries
from automation.cases.issued import NewCases
from automation.cases.journal import Case, fold
from automation.cases.plausible import FEW, ROWS_ABOVE
from automation.model.cells import Value, serial_of
from automation.model.complaint import Status
from automation.model.deadlines import Level
from automation.model.tickets import Numbers
from automation.reading.dates import read_date
from automation.reading.tabs import Row
from automation.tables import intake
from tests.town import GONDRONG, GOOD, RULES, TUESDAY, Town, neighbours

TODAY = TUESDAY.date()
OPEN_DAYS = 6


def case_of(town: Town, identity: str) -> Case:
    return fold(town.journal)[town.ticket(identity)]


def doubtful(received: Value, **changes: Value) -> tuple[Town, str]:
    """A town whose first robot's visit finds a row that was received so."""
    town = Town()
    identity = town.take_in("Gondrong", GOOD, received=received, **changes)
    return town, identity


SWAPPED = date(2026, 5, 11)  # as an American spreadsheet reads 05/11/2026, typed in November


AGO = "hari sebelum dicatat), benar?"


@pytest.mark.parametrize(
    ("received", "says"),
    [
        pytest.param(
            SWAPPED,
            f"11 Mei 2026 (197 {AGO} Kalau maksudnya 5 November 2026, ketik 5 November 2026",
            id="day and month",
        ),
        pytest.param(date(2025, 11, 26), f"26 November 2025 (363 {AGO}", id="another year"),
        pytest.param(date(2025, 11, 23), "benar? Kalau maksudnya 23 November 2026", id="last year's"),
        pytest.param(
            date(2024, 6, 10),
            f"10 Juni 2024 (897 {AGO} Kalau keliru, ketik tanggal yang benar",
            id="long ago",
        ),
        pytest.param(TODAY - timedelta(days=31), "benar?", id="more than 30 days ago"),
        pytest.param(TODAY + timedelta(days=1), "belum terjadi", id="tomorrow"),
        pytest.param("03/12", f"3 Desember 2025 (356 {AGO}", id="without a year"),
    ],
)
def test_a_doubtful_day_gets_its_ticket_and_a_question_and_the_day_first_seen_counts(
    received: Value, says: str
) -> None:
    town, identity = doubtful(serial_of(received) if isinstance(received, date) else received)
    case = case_of(town, identity)
    assert town.ticket(identity).startswith("RR-26"), "the citizen is not punished, and the number is this year's"
    assert says in town.check(identity) and len(town.check(identity)) < 300
    assert f"= {TODAY:%d/%m/%Y}" not in town.check(identity), "what was read is not the day that counts meanwhile"
    assert case.received == TODAY and case.level is Level.NONE
    assert town.get(identity, intake.DUE) == serial_of(RULES.calendar.after(TODAY, OPEN_DAYS))
    assert [event.kind for event in town.journal] == [EventKind.ISSUED, EventKind.DATE_ASKED]
    # However long nobody answers, nobody is told that it is late.
    town.sync(days=30)
    assert case_of(town, identity).level is Level.NONE


@pytest.mark.parametrize(
    "received", [TODAY, TODAY - timedelta(days=30), date(2026, 11, 5), date(2026, 11, 11), "24 Nop", "kemarin"]
)
def test_a_likely_day_is_not_asked_about(received: Value) -> None:
    town, identity = doubtful(serial_of(received) if isinstance(received, date) else received)
    told = "" if isinstance(received, date) else f"Dibaca: Tanggal Masuk = {case_of(town, identity).received:%d/%m/%Y}"
    assert town.check(identity).startswith(told) and town.check(identity).count("\n") == 0
    assert [event.kind for event in town.journal] == [EventKind.ISSUED]


@pytest.mark.parametrize(("above", "asked"), [((), True), ((date(2025, 12, 30),), False), ((date(2026, 1, 2),), True)])
def test_a_day_of_last_year_is_asked_about_early_in_the_year_only_where_the_rows_above_are_of_this_one(
    above: tuple[date, ...], asked: bool
) -> None:
    town = Town()
    town.now = town.now.replace(year=2026, month=1, day=5)
    for day in above:
        town.type(received=serial_of(day), description=f"sampah menumpuk di gang sejak {day}")
    identity = town.take_in(received=serial_of(date(2025, 12, 29)))
    assert ("benar?" in town.check(identity)) is asked


def test_for_a_day_of_last_year_only_the_rows_just_above_are_looked_at_however_many_there_are() -> None:
    town, looked = Town(), list[int]()
    town.now = town.now.replace(year=2026, month=1, day=5)
    for number in range(3 * ROWS_ABOVE):
        town.type(received=serial_of(date(2025, 12, 29)), name=f"Ibu Yati {number}")

    class Rows(list[Row]):
        def __reversed__(self) -> Iterator[Row]:
            for row in super().__reversed__():
                looked.append(row.number)
                yield row

    rows, examiner = town.intake().rows, Examiner(RULES, town.now.date())
    new = NewCases(Rows(rows), Numbers((), town.lane), examiner, town.now)
    for row in rows:
        assert new.open(row, examiner.row(row), date(2025, 12, 29), GONDRONG, None)
    assert len(looked) <= ROWS_ABOVE * len(rows) and [*map(len, new.doubtful.values())] == [1], "the topmost is asked"


def test_the_day_that_may_be_meant_is_one_on_which_the_complaint_was_there_however_late_it_is_asked() -> None:
    town, identity = doubtful(serial_of(SWAPPED))
    for days in (0, 8, 40):
        town.sync(days=days)
        assert "Kalau maksudnya 5 November 2026" in town.check(identity)
    town, later = doubtful(serial_of(date(2025, 11, 25)))
    town.sync(days=8)
    assert "Kalau keliru, ketik tanggal yang benar" in town.check(later), "25 November 2026 came after it"


def test_a_day_after_the_complaint_typed_over_a_good_one_is_told_to_be_just_that() -> None:
    town, identity = doubtful(serial_of(TODAY))
    town.sync(days=8)
    town.change(identity, received=serial_of(TODAY + timedelta(days=3)))
    assert "27/11/2026 belum terjadi saat dicatat" in town.check(identity) and case_of(town, identity).received == TODAY


def test_another_day_typed_answers_and_counts_from_then_on() -> None:
    town, identity = doubtful(serial_of(SWAPPED))
    town.change(identity, received=serial_of(date(2026, 11, 5)))
    assert case_of(town, identity).received == date(2026, 11, 5) and town.check(identity) == ""


def test_today_typed_over_a_doubtful_day_answers_too() -> None:
    town, identity = doubtful(serial_of(SWAPPED))
    town.change(identity, received=serial_of(TODAY))
    assert case_of(town, identity).received == TODAY and town.check(identity) == ""


@pytest.mark.parametrize("status", [Status.NEW, Status.UNRESOLVED], ids=["running", "opened again"])
def test_a_doubtful_day_typed_over_a_good_one_is_asked_about_and_the_good_one_counts_meanwhile(status: Status) -> None:
    town, identity = doubtful(serial_of(date(2026, 11, 23)), status=status.value)
    town.change(identity, received=serial_of(SWAPPED), status=Status.NEW.value)
    assert "Kalau maksudnya 5 November 2026" in town.check(identity)
    assert case_of(town, identity).received == date(2026, 11, 23)
    town.change(identity, date_right="Ya, betul")
    assert case_of(town, identity).received == SWAPPED and town.check(identity) == ""


def test_a_day_that_has_yet_to_come_never_counts_whoever_vouches_for_it() -> None:
    town, identity = doubtful(serial_of(TODAY))
    tomorrow = serial_of(TODAY + timedelta(days=1))
    town.change(identity, received=tomorrow, date_right="Ya")
    assert case_of(town, identity).received == TODAY and "belum terjadi" in town.check(identity)


@pytest.mark.parametrize("vouched", [None, "Ya"])
def test_nor_does_it_once_it_has_come_because_the_complaint_was_there_before(vouched: str | None) -> None:
    town, identity = doubtful(serial_of(TODAY + timedelta(days=1)), date_right=vouched)
    for days in (0, 1, 8):
        town.sync(days=days)
        assert case_of(town, identity).received == TODAY and town.check(identity).count("belum terjadi") == 1
        assert "benar?" not in town.check(identity)


def test_yes_beside_it_answers_and_it_climbs_one_level_a_working_day_instead_of_all_at_once() -> None:
    town, identity = doubtful(serial_of(SWAPPED))
    town.set(identity, intake.DATE_RIGHT, "ya")
    levels: list[Level | None] = []
    for _ in range(5):
        town.sync(days=0 if not levels else 1)
        levels.append(case_of(town, identity).level)
    case = case_of(town, identity)
    assert case.received == SWAPPED and town.check(identity) == ""
    assert "terlambat" in str(town.get(identity, intake.LATENESS))
    assert levels == [Level.COORDINATOR, Level.FACTION, Level.CHAIR, Level.CHAIR, Level.CHAIR]


def test_nothing_climbs_on_days_off() -> None:
    town = Town()
    town.now = town.now.replace(day=27)  # a Friday; Sunday is no working day
    identity = town.take_in(received=serial_of(SWAPPED), date_right=None)
    town.set(identity, intake.DATE_RIGHT, "Ya")
    levels: list[Level | None] = []
    for _ in range(4):
        town.sync(days=0 if not levels else 1)
        levels.append(case_of(town, identity).level)
    assert levels == [Level.COORDINATOR, Level.FACTION, Level.FACTION, Level.CHAIR]


def test_whoever_works_on_the_case_ends_the_question_and_keeps_the_day_first_seen() -> None:
    town, identity = doubtful(serial_of(SWAPPED))
    town.change(identity, status=Status.VERIFIED.value)
    assert town.check(identity) == "" and case_of(town, identity).received == TODAY
    town.sync(days=40)
    assert case_of(town, identity).received == TODAY and case_of(town, identity).level is Level.CHAIR
    town.set(identity, intake.RECEIVED, serial_of(date(2026, 11, 20)))  # and it can still be mended
    town.sync()
    assert case_of(town, identity).received == date(2026, 11, 20)


def test_a_row_that_comes_closed_keeps_its_day_and_one_that_is_vouched_for_is_not_asked_about() -> None:
    for told in ({"status": "Selesai", "outcome": "sudah diperbaiki"}, {"date_right": True}):
        town, identity = doubtful(serial_of(SWAPPED), **told)
        assert case_of(town, identity).received == SWAPPED and town.check(identity) == ""


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [("Selesai", "Selesai", False), ("Selesai", "entahlah", False), ("Selesai", None, True), (None, "Selesai", True)],
    ids=["closed", "its status unclear", "opened again", "closed just now"],
)
def test_a_doubtful_day_typed_over_a_good_one_of_a_case_that_stays_closed_is_no_question(
    before: str | None, after: str | None, *, asked: bool
) -> None:
    town, identity = doubtful(serial_of(date(2026, 11, 23)), status=before, outcome="sudah diperbaiki")
    town.change(identity, received=serial_of(SWAPPED), status=after)
    assert ("Kalau maksudnya 5 November 2026" in town.check(identity)) == asked
    assert (case_of(town, identity).received == SWAPPED) != asked


def test_a_list_that_was_typed_in_is_asked_about_once_and_answered_once() -> None:
    town = Town("Gondrong", "Petir")
    many = [town.type(received=serial_of(SWAPPED), phone=f"0812000{at:05}") for at in range(FEW + 1)]
    soon = town.take_in(received=serial_of(TODAY + timedelta(days=2)), name="Pak Amir", phone="081200001099")
    asked = [identity for identity in many if "ketik ulang" in town.check(identity)]
    assert asked == many[:1] and f"{FEW + 1} baris" in town.check(many[0]) and "belum terjadi" in town.check(soon)
    petir = town.take_in("Petir", received=serial_of(SWAPPED), name="Bu Sri", phone="081200001098")
    assert "Kalau maksudnya" in town.check(petir), "another tab has its own"
    town.set(many[3], intake.RECEIVED, serial_of(date(2026, 11, 5)))  # one that was wrong
    town.delete(many[0])
    town.sync()
    asked = [identity for identity in many[1:] if "ketik ulang" in town.check(identity)]
    assert asked == many[1:2], "another row puts the question once the first is gone"
    town.set(many[5], intake.DATE_RIGHT, "Ya")  # vouches for itself alone
    town.sync()
    assert case_of(town, many[5]).received == SWAPPED and case_of(town, many[6]).received == TODAY
    town.change(many[1], date_right="Ya")
    received = {identity: case_of(town, identity).received for identity in many[1:]}
    assert received == dict.fromkeys(many[1:], SWAPPED) | {many[3]: date(2026, 11, 5)}
    assert not any("benar?" in town.check(identity) for identity in many[1:])


def test_the_question_goes_along_to_another_spreadsheet_and_survives_a_lost_row() -> None:
    here, there, identity, ticket = neighbours(received=serial_of(SWAPPED))
    there.tabs["Cimone"].append(here.delete(identity))
    here.sync()
    there.elsewhere = type(there.elsewhere)(fold(here.journal))
    there.sync()
    case = fold(there.journal)[ticket]
    assert (case.received, case.doubted) == (TODAY, SWAPPED) and "benar?" in there.check(identity)
    there.change(identity, date_right="Ya")
    assert fold(there.journal)[ticket].received == SWAPPED


def moved(here: Town, there: Town, identity: str, received: Value) -> None:
    """To another spreadsheet, with another day of receipt typed on the way."""
    there.tabs["Cimone"].append(here.delete(identity))
    there.set(identity, intake.RECEIVED, received)
    here.sync()
    there.elsewhere = type(there.elsewhere)(fold(here.journal))
    there.sync()


def test_a_doubtful_day_typed_on_the_way_to_another_spreadsheet_is_asked_about_too() -> None:
    here, there, identity, ticket = neighbours(received=serial_of(TODAY))
    moved(here, there, identity, serial_of(SWAPPED))
    case = fold(there.journal)[ticket]
    assert (case.received, case.doubted, case.level) == (TODAY, SWAPPED, Level.NONE)
    assert "Kalau maksudnya 5 November 2026" in there.check(identity)


def test_an_answer_typed_on_the_way_to_another_spreadsheet_ends_the_question_and_it_climbs_step_by_step() -> None:
    here, there, identity, ticket = neighbours(received=serial_of(SWAPPED))
    moved(here, there, identity, serial_of(SWAPPED + timedelta(days=1)))
    case = fold(there.journal)[ticket]
    assert (case.received, case.doubted, case.level) == (SWAPPED + timedelta(days=1), None, Level.COORDINATOR)
    assert "benar?" not in there.check(identity)


def test_a_tab_without_the_column_says_how_to_answer_in_kendali() -> None:
    town = Town()
    titles = town.titles("Gondrong")
    titles[titles.index(intake.DATE_RIGHT)] = "Catatan lain"
    identity = town.take_in(row={**GOOD, intake.RECEIVED: serial_of(SWAPPED)})
    assert f"“tanggal benar {town.ticket(identity)}” di tab Permintaan" in town.check(identity)


def test_a_day_that_was_said_from_the_day_of_typing_stays_that_day() -> None:
    town = Town()
    said = {"kemarin": 1, "hari ini": 0, "2 hari lalu": 2, "Senin kemarin": 1, "tiga hari yang lalu": 3, "24/11": 0}
    rows = {word: town.type(received=word, phone=f"08120000{at:04}") for at, word in enumerate(said)}
    waiting = town.take_in(received="kemarin", category="bukan jalan", phone="081200009999")
    town.sync(days=3)
    for word, days in said.items():
        assert case_of(town, rows[word]).received == TODAY - timedelta(days=days), word
        day = TODAY - timedelta(days=days)
        assert f"Dibaca: Tanggal Masuk = {day:%d/%m/%Y}. Kalau keliru, ganti isinya." in town.check(rows[word])
    assert "dibaca 26/11/2026. Tulis tanggalnya supaya tidak bergeser" in town.check(waiting)


WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Kemarin", date(2026, 11, 24)),
        *((text, date(2026, 11, 24)) for text in ("kmrn", "hari kemarin")),
        ("tadi pagi", WEDNESDAY),
        ("kemarin lusa", date(2026, 11, 23)),
        ("rabu lalu", date(2026, 11, 18)),
        ("malming", date(2026, 11, 21)),
        ("2 jam lalu", date(2026, 11, 25)),
        ("seminggu yang lalu", date(2026, 11, 18)),
        ("2 minggu lalu", date(2026, 11, 11)),
        *((text, date(2026, 11, 15)) for text in ("10 hari yang lalu", "10 hari yg lalu", "10 hr yg lalu")),
        ("sabtu", date(2026, 11, 21)),
        ("Rabu", WEDNESDAY),
        *((text, WEDNESDAY) for text in ("rebo", "poe ieu", "dina iki", "dinten ayeuna", "dini hari", "rabu tgl 25")),
        ("minggu pagi", date(2026, 11, 22)),
        ("24 Nop", date(2026, 11, 24)),
        ("Sel, 24 nov", date(2026, 11, 24)),
        *((text, date(2026, 11, 10)) for text in ("Selasa 10 nov", "sel, 10/11")),
        *((text, None) for text in ("rabu 10 nov", "rabu 26 nov")),  # that of last year was a Wednesday
        *((text, date(2026, 11, 24)) for text in ("kmren mlm", "semalem", "tgl 24", "selasa 24", "kemarin sore jam 5")),
        *((text, date(2026, 11, 24)) for text in ("kmrn, hari selasa", "selasa kmrn 24/11", "tadi malem tgl 24")),
        *((text, None) for text in ("kemarin, hari rabu", "kemarin 25/11")),  # it is said twice, and not alike
        *(
            (text, date(2026, 11, 24))
            for text in ("24 11 26 pagi", "24/11/2o26", "kemrin", "tadi mlm jam 9", "24nop siang")
        ),
        *((text, WEDNESDAY) for text in ("td pagi", "hr ini", "skrg", "barusan bgt", "pagi tadi, abis subuh")),
        ("jum'at", date(2026, 11, 20)),
        ("kemarin lusaaa", date(2026, 11, 23)),
        *((text, date(2026, 11, 23)) for text in ("2 hari yg lalu", "2 hr yg lalu", "23 nof")),
        ("sminggu yg lalu", date(2026, 11, 18)),
        ("tadi ba'da ashar", WEDNESDAY),
        *(
            (text, date(2026, 11, 24))
            for text in ("kemarin malem kira2 jam 9", "sore kemarin jam 5-an", "abis isya semalem")
        ),
        *((text, date(2026, 11, 24)) for text in ("dek wingi", "ti kamari", "seloso", "Salasa")),
        ("tadi pagi jam 6 lewat", WEDNESDAY),
        *((text, date(2026, 11, 23)) for text in ("dua dinten kapengker", "rong dina kepungkur")),
        # spoken numbers, Roman months, what messages and forms put around a day, and a weekday of another week
        *((text, date(2026, 11, 24)) for text in ("dua puluh empat november", "tanggal dua puluh empat", "24/XI")),
        *((text, date(2026, 11, 24)) for text in ("[24/11 19.42]", "*24/11*", "Hari/Tgl : Selasa, 24/11")),
        *((text, date(2026, 11, 24)) for text in ("kmrn (24/11)", "mau bengi", "24\u201311", "24|11", "\u00b124/11")),
        *((text, date(2026, 11, 20)) for text in ("jumat minggu lalu", "jmt minggu kmrn", "5 hari kemarin")),
        *((text, date(2026, 2, 5)) for text in ("5/II", "5 ii")),  # not November
        *((text, None) for text in ("dua empat sebelas", "dua tiga hari lalu", "kmrn (22/11)", "minggu minggu lalu")),
        *((text, date(2026, 11, 24)) for text in ("24 bovember", "24 nvmber", "24 nooovemberr", "24 nopem", "kemasin")),
        *(
            (text, None)
            for text in (
                "tahun baru",
                "malam thn baru",
                "pas tahun baru kemarin",
                "prabu",
                "rambu",
                "sertu",
                "tadit alam",
            )
        ),
        *((text, date(2026, 11, 24)) for text in ("24-11", "24,11", "24//11", "24/11 10.30", "nov 24", "Nopember 24")),
        *((text, date(2026, 11, 24)) for text in ("tgl 24 nov 26", "24 nov 26 (telp)")),
        ("minggu", date(2026, 11, 22)),
        ("26 November", date(2025, 11, 26)),
        ("besok", None),
        ("minggu lalu", None),  # a week ago, or on Sunday
        ("31/2", None),
        ("24/13", None),
        ("11 lapangan", None),
    ],
)
def test_days_as_people_say_them(text: str, day: date | None) -> None:
    assert read_date(text, WEDNESDAY) == day
    assert read_date(text) is None, "without a day on which it was said it says none"


def test_a_case_was_done_on_the_day_that_somebody_says_between_receipt_and_today() -> None:
    town, identity = doubtful(serial_of(date(2026, 11, 10)), status="Selesai", outcome="sudah diganti")
    assert town.get(identity, intake.RESOLVED) == serial_of(TODAY)
    town.change(identity, done=serial_of(date(2026, 11, 12)), days=3)
    assert town.get(identity, intake.RESOLVED) == serial_of(date(2026, 11, 12))
    for wrong in (serial_of(date(2026, 11, 9)), serial_of(date(2026, 12, 9)), "minggu lalu"):
        town.change(identity, done=wrong)
        assert town.get(identity, intake.RESOLVED) == serial_of(TODAY)
        assert "Selesai Pada" in town.check(identity)


@pytest.mark.parametrize("days", [0, 6])
def test_a_reopened_case_was_not_done_on_the_day_that_was_typed_before(days: int) -> None:
    first = serial_of(date(2026, 11, 23))
    town, identity = doubtful(serial_of(date(2026, 11, 22)), status="Selesai", outcome="sudah diganti", done=first)
    town.change(identity, days=1, status="Ditindaklanjuti")
    reopened = town.now.date()
    town.change(identity, days=days, status="Selesai")
    assert town.get(identity, intake.RESOLVED) == (serial_of(town.now.date()) if days else first), "a slip is none"
    assert (f"dibuka lagi ({reopened:%d/%m/%Y})" in town.check(identity)) is bool(days)


@pytest.mark.parametrize("answered", [False, True], ids=["closed", "answered"])
def test_no_case_was_done_before_the_day_of_receipt_that_counts(answered: bool) -> None:
    told = "Mohon dicek – Selesai Pada: mendahului hari laporan dihitung diterima atau dibuka lagi (24/11/2026)"
    received, done = serial_of(date(2026, 6, 10)), serial_of(date(2026, 6, 12))
    town, identity = doubtful(received)
    if answered:
        town.change(identity, date_right="Ya", days=1)
    for column, value in ((intake.STATUS, "Selesai"), (intake.OUTCOME, "sudah"), (intake.DONE, done)):
        town.set(identity, column, value)
    town.sync(days=1)
    case = case_of(town, identity)
    (entry,) = make_entries([("Cipondoh", case)], {}, Examiner(RULES, town.now.date()))
    right = date(2026, 6, 12) if answered else town.now.date()
    assert entry.resolved == right >= entry.received and town.get(identity, intake.RESOLVED) == serial_of(right)
    assert (told in town.check(identity)) is not answered
    town.change(identity, done=None)
    assert "Selesai Pada" not in town.check(identity)


def test_figures_know_when_a_case_was_really_done() -> None:
    town, _ = doubtful(
        serial_of(date(2026, 11, 10)), status="Selesai", outcome="ya", done=serial_of(date(2026, 11, 12))
    )
    (entry,) = make_entries((("Cipondoh", case) for case in fold(town.journal).values()), {}, Examiner(RULES, TODAY))
    assert (entry.received, entry.resolved) == (date(2026, 11, 10), date(2026, 11, 12))


def test_a_day_that_moves_on_with_the_calendar_moves_no_deadline_and_is_asked_to_be_written_out() -> None:
    """As ``=TODAY()`` does: what was known on a day was not received after it."""
    town = Town()
    row = town.take_in(received=serial_of(TUESDAY.date()))
    due = int(str(town.get(row, intake.DUE)))
    for days in range(1, 9):
        town.change(row, received=serial_of(TUESDAY.date() + timedelta(days)), days=1)
        assert town.get(row, intake.DUE) == due
        assert "24/11/2026. Tulis tanggalnya supaya tidak bergeser" in str(town.get(row, intake.CHECK))
    assert town.get(row, intake.LATENESS) == "terlambat 1 hari kerja"
    town.change(row, received=serial_of(TUESDAY.date() - timedelta(1)))
    assert town.get(row, intake.CHECK) is None and town.get(row, intake.DUE) == due - 1


def test_many_days_that_have_yet_to_come_are_asked_about_one_by_one() -> None:
    town = Town()
    soon = serial_of(TUESDAY.date() + timedelta(days=6))
    many = [town.type(received=soon, phone=f"0812000{at:05}") for at in range(FEW + 1)]
    town.sync()
    assert all("belum terjadi" in town.check(one) and "baris" not in town.check(one) for one in many)


@pytest.mark.parametrize(("done", "said"), [("23/11/2026", False), ("22/11/2026", True)])
def test_a_case_may_be_done_on_the_day_on_which_it_came_in(done: str, *, said: bool) -> None:
    town = Town()
    yati = town.take_in(received="23/11/2026", status="Selesai", outcome="sudah diganti", done=done)
    assert (intake.DONE in town.check(yati)) is said
