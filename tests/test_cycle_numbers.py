"""Numbers and histories across spreadsheets: who may issue which, and what Kendali remembers of each."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from automation.cases import codec
from automation.cases.events import JOURNAL
from automation.model.tickets import Ticket
from automation.tables import intake
from automation.tables.intake import ROBOT
from automation.tables.kendali import LAST_VALUES, LISTS, PLACES, REGISTER
from automation.trouble import ConfigurationError
from tests.local_city import AMIR as AMIR_ROW, SRI as SRI_ROW, TITLES, WAWAN, LocalCity
from tests.town import NOTE, TUESDAY
from tests.workbook_contract import Typed
from tests.xlsx_person import delete_rows

pytestmark = pytest.mark.sampled(6, tests=10)

YATI = {NOTE: "yati"}
AMIR = {**AMIR_ROW, intake.DESCRIPTION: "Lampu jalan mati sejak dua minggu lalu"}
SRI = {**SRI_ROW, intake.DESCRIPTION: "Sampah menumpuk dan bau sekali"}


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Two spreadsheets, each with kelurahan of its own."""
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong", "Petir"), "Timur": ("Cimone",)})


def numbers(tickets: dict[str, str]) -> list[str]:
    return [ticket[:-2] for ticket in tickets.values()]


def lanes(city: LocalCity) -> list[tuple[str, str]]:
    """Spreadsheet and details of every lane that Kendali has given."""
    return [(str(row[0]), str(row[5])) for row in city.rows("Kendali", JOURNAL)[1:] if row[4] == "Lajur Nomor"]


def move(city: LocalCity, source: str, tab: str, to: str, to_tab: str, at: int = 1) -> None:
    row = city.rows(source, tab)[1]
    city.edit(source, lambda book: delete_rows(book[tab], 1, book[tab].max_row))
    city.put_rows(to, to_tab, [row], at)


def with_utara(city: LocalCity, *more: Mapping[str, Typed]) -> None:
    """A third spreadsheet, which has a kelurahan of the first."""
    city.make("Utara", "Gondrong")
    city.list_sources("Barat.xlsx", "Timur.xlsx", "Utara.xlsx")
    city.type("Utara", "Gondrong", *more)


def forget(city: LocalCity) -> None:
    """Kendali is lost, and made anew with the same list of spreadsheets."""
    links = [str(row[1]) for row in city.rows("Kendali", "Sumber")[1:]]
    city.path("Kendali").unlink()
    assert city.run("setup") == 0
    city.list_sources(*links)


# Moved rows


def test_a_row_moved_to_another_spreadsheet_keeps_its_ticket_and_is_one_case(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI)
    move(city, "Barat", "Gondrong", "Timur", "Cimone")
    city.sync(TUESDAY + timedelta(hours=1))
    assert city.tickets("Timur", "Cimone") == {"yati": "RR-260504-0001-3"}
    (case,) = city.register().values()
    assert case["Kelurahan"] == "Cimone" and case["Tautan"] == "Timur.xlsx#'Cimone'!A2"
    assert not city.sync(TUESDAY + timedelta(hours=1)).outcomes[0].done.commits
    # And back again: Barat is read before anybody knows that Timur has lost the row.
    move(city, "Timur", "Cimone", "Barat", "Gondrong")
    city.sync(TUESDAY + timedelta(hours=2))
    assert city.tickets("Barat") == {"yati": "RR-260504-0001-3"}
    assert city.column("Barat", "Gondrong", "Pemeriksaan") == [None] and len(city.register()) == 1
    assert not any(outcome.done.commits for outcome in city.sync(TUESDAY + timedelta(hours=2)).outcomes)


def test_a_row_that_is_moved_while_its_event_is_lost_in_kendali_keeps_its_ticket(city: LocalCity) -> None:
    """Barat is read first, and nobody it can ask knows the ticket: it waits until Timur has told."""
    city.take_in("Timur", "Cimone", YATI)
    move(city, "Timur", "Cimone", "Barat", "Gondrong")
    events = city.rows("Kendali", JOURNAL)
    city.put("Kendali", JOURNAL, {(at, 4): "rusak" for at, one in enumerate(events) if "Diterbitkan" in one})
    city.sync()
    assert city.tickets("Barat") == {"yati": "RR-260705-0001-0"}
    assert len(city.register()) == 1


def test_a_row_that_was_corrected_to_what_another_spreadsheet_says_keeps_its_ticket(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", YATI)
    city.take_in("Timur", "Cimone", {**YATI, intake.ADDRESS: "Gg. Melati no 1"})
    issued = city.tickets("Timur", "Cimone")
    address = city.rows("Barat", "Gondrong")[0].index(intake.ADDRESS)
    city.put("Timur", "Cimone", {(1, address): city.rows("Barat", "Gondrong")[1][address]})
    report = city.sync(TUESDAY + timedelta(hours=1))
    assert city.tickets("Timur", "Cimone") == issued and not report.vanished
    assert len(city.register()) == 2


@pytest.mark.parametrize("there", ["Timur", "Utara"])
def test_a_copy_that_shows_another_rows_ticket_does_not_become_that_case_when_that_row_is_deleted(
    city: LocalCity, there: str
) -> None:
    """Somebody pasted Amir's ticket over Yati's, copied that row into his spreadsheet or another, and deleted his."""
    amir = {NOTE: "amir", intake.NAME: "Pak Amir", intake.PHONE: "081200001022", intake.ADDRESS: "Gg. Melati no 1"}
    with_utara(city)
    city.type("Barat", "Gondrong", YATI)
    city.take_in("Timur", "Cimone", amir)
    yati, other = city.rows("Barat", "Gondrong")[1], city.rows("Timur", "Cimone")[1]
    titles = city.rows("Barat", "Gondrong")[0]
    shown = [theirs if title in ROBOT else own for title, theirs, own in zip(titles, other, yati, strict=True)]
    city.edit("Timur", lambda book: delete_rows(book["Cimone"], 1, 1))
    tab = "Cimone" if there == "Timur" else "Gondrong"
    for name, title in (("Barat", "Gondrong"), (there, tab)):
        city.put(name, title, {(1, column): value for column, value in enumerate(shown)})
    city.sync(TUESDAY + timedelta(hours=1))
    assert city.tickets("Barat") == {"yati": "RR-260504-0001-3"}
    assert city.tickets(there, tab) == {"yati": ""}
    assert city.register()["RR-260705-0001-0"]["Keterlambatan"] == "baris tidak ditemukan"


# Restored spreadsheets


def test_a_kendali_restored_to_an_old_version_is_caught_up(city: LocalCity) -> None:
    with_utara(city, AMIR)
    city.type("Barat", "Gondrong", YATI)
    old = city.path("Kendali").read_bytes()
    city.sync()
    city.path("Kendali").write_bytes(old)
    city.type("Utara", "Gondrong", SRI)
    assert city.sync().well
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001"], "from lanes of their own"
    assert numbers(city.tickets("Utara")) == ["RR-260504-10001", "RR-260504-10002"]
    copies = [tuple(row[:2]) for row in city.rows("Kendali", JOURNAL)[1:] if row[1]]
    assert sorted(copies) == [("Barat.xlsx", 1), ("Utara.xlsx", 1), ("Utara.xlsx", 2)]
    assert len(city.register()) == 3


@pytest.mark.parametrize("number", [19999, 9999, 99_999_999])
def test_a_high_number_that_a_spoiled_row_names_shifts_no_lane(city: LocalCity, number: int) -> None:
    city.take_in("Barat", "Gondrong", YATI)
    city.put("Barat", JOURNAL, {(2, 0): 2, (2, 2): str(Ticket(2026, "0504", number)), (2, 3): "Diubah", (2, 4): "{}"})
    city.take_in("Barat", "Gondrong", AMIR)
    expected = "RR-260504-10001" if number == 9999 else "RR-260504-0002"  # its own lane may be used up
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001", expected]


def test_without_any_journal_each_row_keeps_the_ticket_that_was_told(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI, AMIR)
    before = city.tickets("Barat")
    for name in ("Barat", "Kendali"):
        city.edit(name, lambda book: book[JOURNAL].delete_rows(2, 50))
    city.take_in("Barat", "Gondrong", {**SRI_ROW, NOTE: "sri"})
    after = city.tickets("Barat")
    assert {name: after[name] for name in before} == before
    assert numbers(after) == ["RR-260504-0001", "RR-260504-0002", "RR-260504-0003"]


@pytest.mark.parametrize("apart", [False, True], ids=["Kendali", "Cadangan"])
def test_a_number_outlives_all_journals_and_a_ticket_that_nobody_issued_uses_none(
    city: LocalCity, *, apart: bool
) -> None:
    if apart:
        city.enter(kendali="Kendali.xlsx", cadangan="Cadangan.xlsx")
        assert city.run("setup") == 0
    copy = "Cadangan" if apart else "Kendali"
    city.take_in("Barat", "Gondrong", YATI, AMIR)
    assert "RR-260504-0002-1" in str(city.rows(copy, LAST_VALUES))
    assert apart is (not any("RR-260504-0002-1" in str(row) for row in city.rows("Kendali", LAST_VALUES)))
    for name, title in (("Barat", JOURNAL), (copy, JOURNAL), ("Barat", LISTS), ("Barat", "Gondrong")):
        with city.editing(name) as book:  # nobody shows a number any more
            book[title].delete_rows(2, 50)
    city.take_in("Barat", "Gondrong", {**SRI_ROW, NOTE: "sri", intake.TICKET: str(Ticket(2026, "0504", 77))})
    assert city.tickets("Barat") == {"sri": "RR-260504-0003-7"}
    assert "RR-260504-0003-7" in str(city.rows(copy, LAST_VALUES))
    files = city.files()
    city.sync()
    assert city.files() == files, "it comes to rest"


def test_of_two_rows_that_show_a_ticket_of_no_journal_one_keeps_it(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI)
    for name in ("Barat", "Kendali"):
        city.edit(name, lambda book: book[JOURNAL].delete_rows(2, 50))
    city.take_in("Barat", "Gondrong", {**SRI_ROW, NOTE: "sri", intake.TICKET: city.tickets("Barat")["yati"]})
    assert sorted(numbers(city.tickets("Barat"))) == ["RR-260504-0001", "RR-260504-0002"]
    issued = [str(row[2]) for row in city.journal("Barat") if row[3] == "Diterbitkan"]
    assert sorted(issued) == sorted(city.tickets("Barat").values()), "each is issued once"


@pytest.mark.parametrize("column", range(5))
def test_a_row_of_the_journal_that_somebody_damaged_is_put_back(city: LocalCity, column: int) -> None:
    city.type("Barat", "Gondrong", YATI)
    city.take_in("Timur", "Cimone", SRI)
    tickets = city.tickets("Barat")
    city.put("Barat", JOURNAL, {(1, column): "rusak"})
    (told,) = city.sync().outcomes[0].troubles
    assert told.code == "siklus.riwayat-diubah" and told.particulars["baris"] == "2"
    assert city.tickets("Barat") == tickets and city.tickets("Timur", "Cimone")["sri"]
    again = city.sync()
    assert again.well and not again.outcomes[0].done.commits, "it is told once"


def test_what_is_told_once_is_told_also_where_the_spreadsheet_takes_a_second_turn(city: LocalCity) -> None:
    """Both copies are damaged: the row keeps its ticket, once no other spreadsheet may hold it."""
    city.take_in("Barat", "Gondrong", YATI)
    tickets = city.tickets("Barat")
    row = next(at for at, row in enumerate(city.rows("Kendali", JOURNAL)) if "Diterbitkan" in row)
    city.put("Barat", JOURNAL, {(1, 4): '{"isi":5}'})
    city.put("Kendali", JOURNAL, {(row, 5): '{"isi":5}'})
    told = city.sync().outcomes[0].troubles
    assert [one.code for one in told] == ["siklus.riwayat-diubah", "siklus.salinan-diubah"]
    assert city.tickets("Barat") == tickets and city.sync().well


@pytest.mark.parametrize(
    ("details", "begun"),
    [(details, True) for details in ("[]", "5", "rusak")]
    + [(lane, False) for lane in ('{"kelurahan":7,"awal":0}', '{"kelurahan":"x","awal":0}', '{"awal":"y"}', "{}")],
)
def test_damaged_rows_of_kendalis_journal_stop_nothing(city: LocalCity, details: str, begun: bool) -> None:
    """Neither its copies of events, which are made anew, nor its lanes, which count as none."""
    city.type("Barat", "Gondrong", YATI)
    if begun:
        city.sync()
        city.type("Barat", "Gondrong", AMIR)
    journal = city.rows("Kendali", JOURNAL)
    city.put("Kendali", JOURNAL, {(row, 5): details for row in range(1, len(journal))})
    assert all(told.code == "siklus.salinan-diubah" for told in city.sync().outcomes[0].troubles)
    assert city.sync().well, "it is told once"
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001", "RR-260504-0002"][: 1 + begun]
    issued = [row for row in city.rows("Kendali", JOURNAL)[1:] if row[4] == "Diterbitkan" and "isi" in str(row[5])]
    assert len(issued) == 1 + begun


def test_a_journal_tab_in_other_letters_is_the_same_journal(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI)
    with city.editing("Barat") as book:
        journal = book[JOURNAL]
        journal.title = "lain"
        journal.title = "riwayat"
    city.type("Barat", "Gondrong", AMIR)
    assert city.sync().well
    assert len(city.rows("Barat", "riwayat")) == 3


# Lanes


def test_setup_gives_each_spreadsheet_a_lane_for_each_of_its_kelurahan_once(city: LocalCity) -> None:
    assert [source for source, _ in lanes(city)] == ["Barat.xlsx", "Barat.xlsx", "Timur.xlsx"]
    assert city.run("setup") == 0
    assert len(lanes(city)) == 3


@pytest.mark.long
def test_kelurahan_whose_codes_end_alike_have_lanes_of_their_own(city: LocalCity) -> None:
    (row,) = [number for number, row in enumerate(city.rows("Kendali", PLACES)) if "Petir" in row]
    city.put("Kendali", PLACES, {(row, 0): "36.03.05.1004"})  # Gondrong's is 36.71.05.1004
    city.type("Barat", "Gondrong", YATI)
    city.type("Barat", "Petir", AMIR)
    assert city.sync().well
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001"]
    assert numbers(city.tickets("Barat", "Petir")) == ["RR-260504-10001"]
    assert city.run("setup") == 0
    assert city.sync(TUESDAY + timedelta(hours=1)).well
    assert len(lanes(city)) == 4, "one more than at the beginning"


def test_two_robots_that_claim_a_lane_for_the_same_spreadsheet_give_it_one(city: LocalCity) -> None:
    with_utara(city, AMIR)
    other = city.syncer()
    city.sync(between={"Kendali": lambda: other.sync(TUESDAY)})
    assert [source for source, _ in lanes(city)].count("Utara.xlsx") == 1
    assert numbers(city.tickets("Utara")) == ["RR-260504-10001"]


def test_two_robots_that_claim_lanes_of_one_kelurahan_get_different_ones(city: LocalCity) -> None:
    city.make("Utara", "Gondrong")
    city.make("Selatan", "Gondrong")
    city.list_sources("Utara.xlsx")
    city.type("Utara", "Gondrong", AMIR)
    city.type("Selatan", "Gondrong", SRI)

    def quicker() -> None:
        city.list_sources("Selatan.xlsx")
        city.sync()

    city.sync(between={"Kendali": quicker})
    issued = numbers(city.tickets("Utara") | city.tickets("Selatan"))
    assert sorted(issued) == ["RR-260504-10001", "RR-260504-20001"]


def test_kendali_made_anew_learns_the_lanes_from_the_tickets(city: LocalCity) -> None:
    with_utara(city, AMIR)
    city.take_in("Barat", "Gondrong", YATI)
    forget(city)
    assert city.run("setup") == 0
    city.type("Barat", "Gondrong", SRI)
    city.type("Utara", "Gondrong", WAWAN)
    assert city.sync().well
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001", "RR-260504-0002"]
    assert numbers(city.tickets("Utara")) == ["RR-260504-10001", "RR-260504-10002"]
    assert len(city.register()) == 4


@pytest.mark.long
def test_kendali_made_anew_gives_no_lane_before_it_knows_who_uses_which(city: LocalCity) -> None:
    """Utara asks for Gondrong, which Barat has always used: but Barat itself is waiting for its lane of Petir."""
    city.take_in("Barat", "Gondrong", YATI)
    city.make("Utara", "Gondrong")
    city.type("Utara", "Gondrong", AMIR)
    city.type("Barat", "Petir", SRI)
    forget(city)
    city.list_sources("Utara.xlsx", "Barat.xlsx", "Timur.xlsx")
    city.sync()
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001"]
    assert numbers(city.tickets("Utara")) == ["RR-260504-10001"]


def test_numbers_and_lanes_begin_anew_with_each_year(city: LocalCity, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same spreadsheet, and in new ones of the same kelurahan; one of them still gets a complaint of the year
    before, whose lane is another's. A version that takes lanes for given for ever is told to stop."""

    def typed(source: str, day: datetime, who: Mapping[str, Typed], received: str) -> str:
        city.type(source, "Gondrong", {**who, intake.RECEIVED: received})
        city.sync(day)
        return city.tickets(source)[str(who[NOTE])][:-2]

    assert typed("Barat", TUESDAY, YATI, "24/11/2026") == "RR-260504-0001"
    monday = datetime(2027, 1, 4, 9, tzinfo=TUESDAY.tzinfo)
    assert typed("Barat", monday, AMIR, "04/01/2027") == "RR-270504-0001"
    assert typed("Barat", monday, WAWAN, "30/12/2026") == "RR-260504-0002"
    assert not city.sync(monday).outcomes[0].done.commits
    for year in (2028, 2029):
        city.make(f"Barat {year}", "Gondrong")
        city.list_sources(*(f"Barat {one}.xlsx" for one in range(2028, year + 1)), "Timur.xlsx")
        there = datetime(year, 1, 4, 9, tzinfo=TUESDAY.tzinfo)
        assert typed(f"Barat {year}", there, SRI, f"03/01/{year}") == f"RR-{year - 2000}0504-0001"
        late = {**SRI, NOTE: "late", intake.DESCRIPTION: "Pohon tumbang menutup jalan", intake.DATE_RIGHT: "Ya"}
        assert typed(f"Barat {year}", there, late, f"30/12/{year - 1}") == f"RR-{year - 2001}0504-10001"
        told = [row for row in city.rows("Kendali", JOURNAL) if row[4] == "Format"]
        assert len(told) == 1, "once"
    issued = [ticket for name in ("Barat", "Barat 2028", "Barat 2029") for ticket in city.tickets(name).values()]
    assert len({*issued}) == 7
    monkeypatch.setattr(codec, "FORMAT", 1)
    with pytest.raises(ConfigurationError):
        city.sync(there)


def test_what_another_robot_told_kendali_during_a_claim_counts_at_once(city: LocalCity) -> None:
    """A row is moved, and another robot has seen it go, while this one waits for its lane."""
    city.take_in("Barat", "Gondrong", YATI)
    with_utara(city, AMIR)

    def meanwhile() -> None:
        move(city, "Barat", "Gondrong", "Utara", "Gondrong", at=2)
        city.list_sources("Barat.xlsx")
        city.sync(TUESDAY + timedelta(minutes=1))
        city.list_sources("Barat.xlsx", "Utara.xlsx")

    city.sync(TUESDAY + timedelta(minutes=2), between={"Kendali": meanwhile})
    assert city.tickets("Utara")["yati"] == "RR-260504-0001-3"
    assert city.column("Utara", "Gondrong", "Pemeriksaan") == [None, None]


@pytest.mark.long
def test_a_full_lane_is_followed_by_another(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI)
    # As if 9,999 complaints had been received: the journal of the first one, which nobody vouches for, says so.
    last = "RR-260504-9999-2"
    city.put("Barat", JOURNAL, {(1, 2): last})
    city.put("Barat", "Gondrong", {(1, 0): last})
    forget(city)
    city.take_in("Barat", "Gondrong", AMIR)
    assert city.sync().well
    assert numbers(city.tickets("Barat")) == ["RR-260504-9999", "RR-260504-10001"]


# The same spreadsheet more than once


def test_a_spreadsheet_listed_by_link_and_by_folder_is_read_once(city: LocalCity) -> None:
    folder = city.folder / "laporan"
    folder.mkdir()
    shutil.move(city.path("Timur"), folder)
    city.list_sources("./Barat.xlsx", "laporan/../laporan/Timur.xlsx", "laporan")
    LocalCity(folder).type("Timur", "Cimone", SRI)
    report = city.sync()
    assert len(report.outcomes) == 2 and report.well
    assert [row[3:5] for row in city.rows("Kendali", "Sumber")[1:4]] == [[0, "Baik"], [1, "Baik"], [1, "Baik"]]
    assert len(LocalCity(folder).journal("Timur")) == 1


def test_a_copy_of_a_spreadsheet_is_told_and_issues_no_number_of_its_original(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI)
    shutil.copy(city.path("Barat"), city.path("Salinan Barat"))
    city.list_sources("Salinan Barat.xlsx", "Barat.xlsx", "Timur.xlsx")
    city.type("Salinan Barat", "Gondrong", AMIR)
    city.type("Barat", "Gondrong", SRI)
    report = city.sync()
    assert not report.well
    assert "Salinan Barat" in city.state(2) and "salinan" in city.state(2)
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001", "RR-260504-0002"]
    assert numbers(city.tickets("Salinan Barat")) == ["RR-260504-0001", "RR-260504-10001"]
    city.put("Salinan Barat", "Gondrong", {(1, TITLES.index(intake.STATUS)): "Diproses"})
    city.sync(TUESDAY + timedelta(hours=1))
    assert numbers(city.tickets("Barat")) == ["RR-260504-0001", "RR-260504-0002"]  # one of the two will be taken away


def test_a_renamed_file_goes_on_with_its_tickets_and_its_numbers(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI, AMIR)
    city.path("Barat").rename(city.path("Kecamatan Barat"))
    city.list_sources("Kecamatan Barat.xlsx", "Timur.xlsx")
    city.type("Kecamatan Barat", "Gondrong", SRI)
    assert city.sync().well
    assert numbers(city.tickets("Kecamatan Barat")) == ["RR-260504-0001", "RR-260504-0002", "RR-260504-0003"]
    links = {f"Kecamatan Barat.xlsx#'Gondrong'!A{row}" for row in (2, 3, 4)}
    assert {row["Tautan"] for row in city.register().values()} == links
    # A row that is deleted from it is gone, whatever the old file was known to hold, and comes back as itself.
    row = city.rows("Kecamatan Barat", "Gondrong")[1]
    city.edit("Kecamatan Barat", lambda book: delete_rows(book["Gondrong"], 1))
    city.sync(TUESDAY + timedelta(minutes=5))
    assert city.register()["RR-260504-0001-3"]["Keterlambatan"] == "baris tidak ditemukan"
    city.put_rows("Kecamatan Barat", "Gondrong", [[None, *row[1:]]], at=3)
    assert city.sync(TUESDAY + timedelta(minutes=10)).well
    assert city.tickets("Kecamatan Barat")["yati"] == "RR-260504-0001-3"
    assert city.column("Kecamatan Barat", "Gondrong", "Pemeriksaan") == [None] * 3


def test_rows_taken_over_from_a_spreadsheet_that_is_listed_no_more_keep_their_tickets(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", YATI, AMIR)
    rows = city.rows("Barat", "Gondrong")[1:]
    city.make("Baru", "Gondrong")
    city.put_rows("Baru", "Gondrong", rows)
    city.list_sources("Baru.xlsx", "Timur.xlsx")
    assert city.sync(TUESDAY + timedelta(minutes=5)).well
    assert numbers(city.tickets("Baru")) == ["RR-260504-0001", "RR-260504-0002"]
    assert city.column("Baru", "Gondrong", "Pemeriksaan") == [None, None]
    assert {row["Tautan"][:9] for row in city.register().values()} == {"Baru.xlsx"}
    # But not while a link of Sumber leads nowhere: that may be the very spreadsheet where they stand.
    city.make("Lain", "Gondrong")
    city.put_rows("Lain", "Gondrong", rows)
    city.list_sources("Lain.xlsx", "Hilang.xlsx")
    city.sync(TUESDAY + timedelta(minutes=10))
    assert all("salinan" in check or "sama dengan" in check for check in city.column("Lain", "Gondrong", "Pemeriksaan"))


def test_a_spreadsheet_that_is_listed_while_another_robot_is_at_work_loses_no_row(city: LocalCity) -> None:
    def add() -> None:
        city.make("Baru", "Gondrong")
        city.type("Baru", "Gondrong", AMIR)
        city.list_sources("Barat.xlsx", "Utara.xlsx", "Baru.xlsx")
        city.sync()

    city.take_in("Barat", "Gondrong", YATI)
    with_utara(city, SRI)  # it waits for a lane
    assert not city.sync(TUESDAY, {"Kendali": add}).orphans
    assert "Hilang" not in str(city.journal("Kendali")) and len(city.tickets("Baru")) == 1


# Kendali among the spreadsheets


@pytest.mark.parametrize("spelled", ["Kendali.xlsx", "./Kendali.xlsx", "'Kendali.xlsx'"])
def test_kendali_in_a_folder_of_reports_is_left_out(city: LocalCity, spelled: str) -> None:
    city.credentials.write_text(json.dumps({"kendali": spelled}), "utf-8")
    city.list_sources(".")
    city.type("Barat", "Gondrong", YATI)
    assert city.run("setup") == 0
    assert city.sync().well
    assert city.sync().well
    assert list(city.register()) == ["RR-260504-0001-3"]
    assert "Saluran" not in city.rows("Kendali", REGISTER)[0]


def test_a_copy_of_kendali_among_the_reports_is_left_alone_and_told_and_so_is_a_link_to_kendali_itself(
    city: LocalCity,
) -> None:
    shutil.copy(city.path("Kendali"), city.path("Cadangan"))
    before = city.path("Cadangan").read_bytes()
    city.list_sources(".", "./Kendali.xlsx")
    city.type("Barat", "Gondrong", YATI)
    assert city.run("setup") == 1
    report = city.sync()
    assert not report.well and len(report.outcomes) == 2
    assert "Kendali" in {failure.source.name for failure in report.failures}
    assert city.path("Cadangan").read_bytes() == before
    assert "Cadangan" in city.state() and "Kendali sendiri" in city.state(2)
    assert city.tickets("Barat")["yati"]
