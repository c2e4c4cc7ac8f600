"""What the robot decides for one spreadsheet, told as what people do and see."""

from collections.abc import Mapping
from datetime import date, timedelta
from time import process_time
from typing import Any

import pytest
from msgspec.structs import replace

from automation.cases.copies import Journal
from automation.cases.elsewhere import Elsewhere
from automation.cases.events import Event, EventKind
from automation.cases.examiner import Examiner
from automation.cases.journal import fold
from automation.cases.reconcile import Reconciliation
from automation.model.cells import Area, CellError, Lock, Value, serial_of
from automation.model.complaint import Status
from automation.sheets.port import Changes
from automation.tables import intake
from automation.tables.intake import ROBOT
from automation.tables.table import Column
from tests.town import GOOD, HEADINGS, NOTE, TUESDAY, WORDS, Town, complaint, neighbours, three, ticketed


def kinds(town: Town) -> list[EventKind | str]:
    return [event.kind for event in town.journal]


def test_what_says_too_little_to_be_a_copy_gets_its_ticket_in_the_same_cycle() -> None:
    town = Town()
    row = complaint(name=None, phone=None, channel="LAPOR!")
    typed = [town.type("Gondrong", row, origin=f"8812{number}") for number in range(9)]
    town.sync()
    assert len({town.ticket(one) for one in typed} - {""}) == len(typed), "each after the other, nine writes before"
    assert not town.plan().cells


def test_numbers_count_up_per_kelurahan_and_year() -> None:
    town = Town("Gondrong", "Petir")
    first, second = town.type(), town.type(name="Pak Amir", phone="081200001022")
    petir = town.type("Petir", name="Wawan")
    last_year = town.take_in(name="Bu Sri", received="30/12/2025", date_right="Ya")
    assert [town.ticket(of)[:14] for of in (first, second, petir, last_year)] == [
        "RR-260504-0001",
        "RR-260504-0002",
        "RR-260506-0001",
        "RR-250504-0001",
    ]


def test_a_row_with_an_error_gets_its_ticket_and_its_deadline_once_it_is_mended() -> None:
    town, yati, _ = ticketed(category="Entah")
    assert town.ticket(yati) == "" and "Jalan" in town.check(yati)
    town.change(yati, category="Jalan")
    assert (town.ticket(yati), town.check(yati)) == ("RR-260504-0001-3", "")
    assert town.get(yati, intake.DUE) == serial_of(date(2026, 11, 30))


def test_a_sorted_tab_keeps_every_ticket_beside_its_complaint_though_only_some_columns_were_sorted() -> None:
    town = Town()
    before = three(town)
    robots = [row[: len(ROBOT)] for row in town.tabs["Gondrong"]]
    town.sort("Gondrong", intake.NAME)
    assert not town.plan()
    assert {of: town.ticket(of) for of in before} == before
    for row, cells in zip(town.tabs["Gondrong"], robots, strict=True):
        row[: len(ROBOT)] = cells
    town.sync()
    assert {of: town.ticket(of) for of in before} == before


def test_an_edited_row_keeps_its_ticket_and_the_journal_knows_both_values() -> None:
    town, yati, ticket = ticketed()
    town.change(yati, phone="081200009999")
    assert town.ticket(yati) == ticket
    assert town.journal[-1].kind is EventKind.EDITED
    assert town.journal[-1].details["isi"] == {"Telepon": ["081200001021", "081200009999"]}


def test_a_thorough_correction_of_a_row_without_a_phone_loses_its_ticket_to_no_newcomer() -> None:
    town, yati, ticket = ticketed(phone=None)
    town.set(yati, intake.DESCRIPTION, f"{GOOD[intake.DESCRIPTION]}, makin parah")
    town.set(yati, intake.ADDRESS, "Jl. Baru no 17")
    newcomer = town.take_in(description=f"{GOOD[intake.DESCRIPTION]} lagi")
    assert town.ticket(yati) == ticket != town.ticket(newcomer) != ""


_ANOTHER = {intake.NAME: "Pak Amir", intake.DESCRIPTION: "Lampu jalan mati sejak dua minggu lalu"}


@pytest.mark.parametrize(
    "typed",
    [
        {**_ANOTHER, intake.PHONE: "081200001022", intake.ADDRESS: "Jl. Maulana Hasanuddin no 21"},
        {**_ANOTHER, intake.PHONE: None, intake.RECEIVED: "24/11/2026"},
    ],
    ids=["nothing is left", "the house alone, on another day"],
)
def test_a_row_reused_for_another_complaint_gets_a_ticket_of_its_own(typed: dict[str, str | None]) -> None:
    """It is so too where a ticket landed beside a neighbour's next complaint, as somebody deleted its own row."""
    town, yati, ticket = ticketed(**({"phone": None} if typed[intake.PHONE] is None else {}))
    for column, value in typed.items():
        town.set(yati, column, value)
    town.sync()
    assert town.ticket(yati) not in ("", ticket)
    assert EventKind.VANISHED in kinds(town)


@pytest.mark.parametrize("tab", ["Petir", "Gondrong"])
def test_a_copied_row_is_told_and_gets_a_ticket_once_it_differs(tab: str) -> None:
    town, yati, ticket = ticketed("Petir", "Gondrong")
    copy = [*town.tabs["Gondrong"][1]]
    copy[-1] = "#copy"
    town.tabs[tab].append(copy)
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.ticket("#copy") == "" and ticket in town.check("#copy")
    town.set("#copy", intake.DESCRIPTION, "Lampu jalan mati sejak dua minggu lalu")
    town.sync()
    assert town.ticket("#copy") not in ("", ticket)
    assert town.ticket(yati) == ticket


def test_of_two_new_rows_that_say_the_same_the_first_gets_a_ticket() -> None:
    town = Town()
    first, second = town.type(), town.type()
    town.sync()
    assert town.ticket(first) and not town.ticket(second) and town.ticket(first) in town.check(second)


def test_where_the_column_of_tickets_is_locked_no_number_is_used_up_and_the_row_says_why() -> None:
    town = Town()
    at, yati = HEADINGS.index(intake.TICKET), town.type()
    town.locks = (Lock(Area(left=at, right=at + 1)),)
    town.sync()
    assert not town.journal and "dikunci" in town.check(yati)
    town.locks = ()
    town.sync()
    assert town.ticket(yati) == "RR-260504-0001-3"


def test_neither_a_corrected_row_nor_a_copy_becomes_the_complaint_of_that_person_that_was_deleted() -> None:
    town = Town()
    yati, other = town.type(), town.type(address="Jl. Baru no 16")
    town.sync()
    tickets = town.ticket(yati), town.ticket(other)
    copy, gone = town.type(), town.delete(other)
    town.sync()
    assert town.ticket(yati) == tickets[0] and town.ticket(copy) == "" and tickets[0] in town.check(copy)
    town.delete(copy)
    town.tabs["Gondrong"].append(gone)
    town.sync()
    town.delete(other)
    town.change(yati, phone="081200009999")
    assert town.ticket(yati) == tickets[0] and [*town.gone()] == [tickets[1]]


def test_a_ticket_that_stands_beside_its_row_goes_to_no_other_though_a_changed_copy_shows_it() -> None:
    town, yati, ticket = ticketed()
    copy = [*town.tabs["Gondrong"][1]]
    copy[-1] = "#copy"
    town.tabs["Gondrong"].append(copy)
    town.set("#copy", intake.DESCRIPTION, "Lampu jalan mati sejak dua minggu lalu")
    other = town.take_in(address="Jl. Baru no 16")
    assert town.ticket(yati) == ticket and len({ticket, town.ticket("#copy"), town.ticket(other), ""}) == 4


def test_of_a_row_whose_ticket_was_cleared_and_its_copy_in_another_tab_the_row_keeps_it() -> None:
    town = Town("Gondrong", "Petir")
    yati = town.take_in("Petir")
    ticket, copy = town.ticket(yati), town.type("Gondrong")
    town.sync()
    town.change(yati, ticket=None)
    assert town.ticket(yati) == ticket and town.ticket(copy) == ""


def test_of_two_cases_that_came_to_say_the_same_the_one_whose_row_stands_gets_its_ticket_back() -> None:
    town, yati, _ = ticketed()
    other = town.take_in(description="Lampu jalan mati total")
    ticket = town.ticket(other)
    town.change(other, description=GOOD[intake.DESCRIPTION])
    town.delete(yati)
    town.sync()
    town.change(other, ticket=None)
    assert town.ticket(other) == ticket


def test_a_deleted_row_is_recorded_and_its_number_is_never_used_again() -> None:
    town, yati, ticket = ticketed()
    row = town.delete(yati)
    amir = town.take_in(name="Pak Amir", phone="081200001022")
    assert EventKind.VANISHED in kinds(town)
    assert town.ticket(amir) not in ("", ticket)
    row[0] = None
    town.tabs["Gondrong"].append(row)
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.journal[-1].kind is EventKind.BACK


def test_an_emptied_row_loses_the_robots_cells_and_its_case_is_reported_gone() -> None:
    town, yati, _ = ticketed()
    town.tabs["Gondrong"][1][len(ROBOT) :] = [None] * len(town.tabs["Gondrong"][1][len(ROBOT) :])
    town.sync()
    assert EventKind.VANISHED in kinds(town)
    assert not any(map(any, town.tabs["Gondrong"][1:]))
    assert yati


def test_a_ticket_cell_changed_by_hand_is_put_right_and_said_for_a_day() -> None:
    town, yati, ticket = ticketed()
    town.change(yati, ticket="RR-1")
    assert town.ticket(yati) == ticket
    assert ticket in town.check(yati)
    town.sync(days=1)
    assert town.check(yati) == ""


def test_a_row_moved_to_another_tab_keeps_its_ticket() -> None:
    town, yati, ticket = ticketed("Gondrong", "Petir")
    town.tabs["Petir"].append(town.delete(yati))
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.journal[-1].details == {"tab": "Petir", "kelurahan": "36.71.05.1006"}


def test_a_row_moved_from_another_spreadsheet_keeps_its_ticket_and_its_history() -> None:
    cipondoh, karawaci, yati, ticket = neighbours(status="Selesai", outcome="Got sudah dikeruk")
    row = cipondoh.delete(yati)
    cipondoh.sync()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    karawaci.tabs["Cimone"].append(row)
    karawaci.sync(days=3)
    assert karawaci.ticket(yati) == ticket
    assert karawaci.plan().cases[ticket].issued_at == TUESDAY
    assert karawaci.get(yati, intake.RESOLVED) == serial_of(TUESDAY.date())


def test_a_ticket_of_another_spreadsheet_typed_beside_a_complaint_makes_it_neither_that_case_nor_its_copy() -> None:
    cipondoh, karawaci, yati, ticket = neighbours()
    about: dict[str, Any] = {"phone": "081200001022", "address": "Jl. Baru", "description": "Lampu jalan mati total"}
    new = karawaci.type("Cimone", name="Pak Amir", **about)
    karawaci.change(new, ticket=ticket)
    assert karawaci.ticket(new) not in ("", ticket)
    mine = cipondoh.take_in(**about)
    cipondoh.delete(yati)
    cipondoh.sync()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    copy = karawaci.type("Cimone", **about)  # of that person, and their first ticket is free
    karawaci.change(copy, ticket=ticket)
    assert karawaci.ticket(copy) == "" and cipondoh.ticket(mine) in karawaci.check(copy)


def test_a_row_that_another_spreadsheet_still_has_is_told_to_be_a_copy() -> None:
    cipondoh, karawaci, yati, ticket = neighbours()
    karawaci.tabs["Cimone"].append([*cipondoh.tabs["Gondrong"][1]])
    karawaci.sync()
    assert not karawaci.journal and ticket in karawaci.check(yati)


def test_a_row_corrected_and_moved_after_its_spreadsheet_was_read_keeps_its_ticket() -> None:
    cipondoh, karawaci, yati, ticket = neighbours()
    karawaci.tabs["Cimone"].append(cipondoh.delete(yati))  # Cipondoh has just been read, with this row
    karawaci.set(yati, intake.ADDRESS, "Gg. Mawar 7")
    told = karawaci.plan()
    assert not told.events and any(ticket in str(cell.value) for cell in told.cells), "as far as is known, a copy"
    (written,) = karawaci.snapshot().after(Changes(cells=told.cells)).tabs
    karawaci.tabs["Cimone"] = [list(row) for row in written.rows]
    assert karawaci.ticket(yati) == ""
    cipondoh.sync()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    karawaci.sync()
    assert karawaci.ticket(yati) == ticket


@pytest.mark.parametrize(("hours", "keeps"), [(1, False), (-1, True)])
def test_of_a_row_that_two_robots_have_each_taken_in_the_one_seen_later_keeps_the_ticket(
    hours: int, keeps: bool
) -> None:
    cipondoh, karawaci, yati, ticket = neighbours()
    row = cipondoh.delete(yati)
    cipondoh.sync()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    karawaci.tabs["Cimone"].append(row)
    karawaci.sync()
    assert karawaci.ticket(yati) == ticket
    at = TUESDAY + timedelta(hours=hours)
    other = replace(cipondoh.plan().cases[ticket], present=True, moved_at=at, last_event_at=at)
    karawaci.elsewhere = Elsewhere({ticket: other}, lambda _: ("Cipondoh", True), to_come=True)
    assert karawaci.plan().uncertain is not keeps
    karawaci.elsewhere = Elsewhere({ticket: other}, lambda _: ("Cipondoh", False))
    karawaci.sync()
    assert (karawaci.ticket(yati) == ticket) is keeps
    assert (ticket in str(karawaci.check(yati))) is not keeps


def test_a_copy_of_a_row_whose_data_were_erased_takes_no_case_from_where_it_stands() -> None:
    cipondoh, karawaci, yati, ticket = neighbours()
    karawaci.tabs["Cimone"].append([*cipondoh.tabs["Gondrong"][1]])
    cipondoh.journal.append(Event(9, TUESDAY, ticket, EventKind.ERASED, {"sebab": "diminta"}))
    cipondoh.sync()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    karawaci.sync()
    assert not karawaci.journal and "sudah dihapus" in karawaci.check(yati)


@pytest.mark.parametrize("unread", [False, True])
def test_of_two_rows_that_were_one_elsewhere_one_comes_here_and_the_other_is_its_copy(*, unread: bool) -> None:
    """Also if the spreadsheet that it has left can't be read now."""
    cipondoh, karawaci, yati, ticket = neighbours()
    row = cipondoh.delete(yati)
    cipondoh.sync()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases), lambda _: ("", unread))
    karawaci.tabs["Cimone"] += [[*row], [*row]]
    karawaci.sync()
    assert [row[0] for row in karawaci.tabs["Cimone"][1:]] == [ticket, None]
    assert [event.kind for event in karawaci.journal] == [EventKind.MOVED_IN]
    first, second = (str(row[1] or "") for row in karawaci.tabs["Cimone"][1:])
    assert ticket in second and ticket not in first
    before = len(karawaci.journal)
    karawaci.sync(days=1)
    assert len(karawaci.journal) == before


def test_of_two_rows_whose_spreadsheet_cannot_be_read_only_the_first_keeps_the_ticket() -> None:
    cipondoh, karawaci, _, ticket = neighbours()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases), lambda _: ("", True))
    karawaci.tabs["Cimone"] += [[*cipondoh.tabs["Gondrong"][1]] for _ in range(2)]
    karawaci.sync()
    assert [row[0] for row in karawaci.tabs["Cimone"][1:]] == [ticket, None]
    assert all(ticket in str(row[1]) for row in karawaci.tabs["Cimone"][1:])


@pytest.mark.parametrize(
    ("column", "corrected"),
    [
        (intake.DESCRIPTION, None),
        (intake.DESCRIPTION, "Got mampet di depan musala, air naik ke jalan, makin parah"),
        (intake.PHONE, "081200001099"),
    ],
)
def test_a_misplaced_ticket_goes_back_to_the_row_it_was_issued_for(column: Column, corrected: str | None) -> None:
    """Though the row where it stands now is much alike, or its own was corrected meanwhile."""
    town, yati, ticket = ticketed()
    told = "Lampu jalan mati total sejak minggu lalu"
    if corrected:
        other = town.type(name="Pak Amir", phone="081200001022", description=told)
    else:
        other = town.type(address="Jl. Baru no 16", description=told)
    town.set(yati, intake.TICKET, None)
    if corrected:
        town.set(yati, column, corrected)
    town.change(other, ticket=ticket)
    assert town.ticket(yati) == ticket != town.ticket(other) != ""


def test_a_misplaced_ticket_goes_back_to_the_row_of_its_day_though_its_address_was_corrected() -> None:
    """Both are of one house and tell of the same; where the ticket stands is the copy of an older complaint."""
    town, *_ = ticketed()
    copy, mine = town.type(), town.type(phone=None, address="Gg. Mawar no 2", received="05/05/2026")
    town.sync()
    ticket = town.ticket(mine)
    assert ticket and not town.ticket(copy)
    town.set(mine, intake.TICKET, None)
    town.set(mine, intake.ADDRESS, "Jl. Baru no 21")
    town.change(copy, ticket=ticket, address="Jl. Baru no 20")
    assert town.ticket(mine) == ticket != town.ticket(copy) != ""


@pytest.mark.parametrize(
    ("corrected", "new"),
    [
        ({}, {}),
        ({intake.ADDRESS: "Gg. Mawar no 6"}, {intake.ADDRESS: "Jl. Melati 3"}),
        (
            {intake.ADDRESS: "Gg. Mawar no 6", intake.PHONE: "081200001099"},
            {intake.DESCRIPTION: "Pohon tumbang menutup jalan"},
        ),
    ],
)
def test_a_row_whose_day_was_corrected_keeps_its_ticket_beside_a_new_one_of_its_house_and_old_day(
    corrected: Mapping[Column, Value], new: Mapping[str, Value]
) -> None:
    town, yati, ticket = ticketed()
    for column, value in {**corrected, intake.RECEIVED: "20/11/2026"}.items():
        town.set(yati, column, value)
    other = town.take_in(row={**GOOD, **new})
    assert town.ticket(yati) == ticket != town.ticket(other) != ""


@pytest.mark.parametrize("phone", ["081200001033", None])
def test_a_ticket_pasted_beside_another_row_is_not_the_next_complaint_of_the_same_house(phone: str | None) -> None:
    """Its own row was deleted, and somebody of that house tells of much the same by another telephone, or none."""
    town, yati, ticket = ticketed()
    town.delete(yati)
    other = town.type(name="Pak Amir", address="Jl. Baru no 16", phone="081200001022", description="Lampu jalan mati")
    town.set(other, intake.TICKET, ticket)
    new = town.take_in(phone=phone, description=f"{GOOD[intake.DESCRIPTION]}, lagi")
    assert ticket not in (town.ticket(other), town.ticket(new)) and town.ticket(new) and ticket in town.gone()


def test_what_stood_in_a_tab_without_its_headings_is_not_taken_for_deleted() -> None:
    town, yati, ticket = ticketed("Gondrong", "Petir")
    headings = town.tabs["Gondrong"].pop(0)
    assert not town.plan()
    town.tabs["Gondrong"].insert(0, [*headings[:-3], "entah", *headings[-2:]])
    assert not town.plan()
    town.tabs["Gondrong"][0] = headings
    # A row that stood there and has lost its ticket waits,
    town.tabs["Petir"].append(town.delete(yati))
    town.set(yati, intake.TICKET, "RR-26")
    town.tabs["Gondrong"][0][0] = "Tiket lama"
    town.sync()
    assert town.ticket(yati) == "" and ticket in town.check(yati)
    town.tabs["Gondrong"][0][0] = intake.TICKET
    town.sync()
    assert town.ticket(yati) == ticket and not town.gone()
    # and one that was gone before comes back.
    row = town.delete(yati)
    town.sync()
    town.tabs["Gondrong"][0][0] = "Tiket lama"
    town.tabs["Petir"].append(row)
    town.change(yati, ticket=None)
    assert town.ticket(yati) == ticket and not town.gone()


@pytest.mark.parametrize(
    ("whose", "corrected"),
    [({"name": "Pak Amir", "phone": "081200001022"}, "Lampu jalan mati total, gelap sekali"), ({}, "Lampu jalan mati")],
)
def test_a_ticket_pasted_over_another_does_not_make_a_row_the_case_that_was_deleted(
    whose: dict[str, Any], corrected: str
) -> None:
    """Also if both are complaints of one person."""
    town = Town()
    yati = town.type()
    amir = town.take_in(**whose, description="Lampu jalan mati")
    tickets = town.ticket(yati), town.ticket(amir)
    town.delete(yati)
    town.change(amir, ticket=tickets[0], description=corrected)
    assert town.ticket(amir) == tickets[1]
    assert list(town.gone()) == [tickets[0]]


def test_a_resolved_case_is_stamped_once_and_stops_its_clock() -> None:
    town, yati, _ = ticketed()
    due = town.get(yati, intake.DUE)
    town.set(yati, intake.STATUS, "selesai")
    town.set(yati, intake.OUTCOME, "Got sudah dikeruk")
    for days in (1, 30):
        town.sync(days=days)
        assert town.get(yati, intake.RESOLVED) == serial_of(TUESDAY.date()) + 1
    assert town.get(yati, intake.LATENESS) is None
    # Reopened, it keeps its first deadline even if it was made urgent.
    town.change(yati, status="Ditindaklanjuti", priority="Darurat", days=1)
    assert EventKind.REOPENED in kinds(town)[-2:]
    assert (town.get(yati, intake.DUE), town.get(yati, intake.RESOLVED)) == (due, None)


def test_lateness_is_told_in_words_as_days_go_by() -> None:
    town = Town()
    yati = town.type()  # received Monday 23 November, due Monday 30 November
    said = []
    for day in range(24, 32):
        town.sync(days=int(day > 24))
        said.append(town.get(yati, intake.LATENESS))
    assert said == [None] * 5 + ["jatuh tempo besok", "jatuh tempo hari ini", "terlambat 1 hari kerja"]
    town.sync(days=5)  # Sunday 6 December
    assert town.get(yati, intake.LATENESS) == "terlambat 5 hari kerja"


def test_days_on_which_the_reporters_answer_is_awaited_do_not_count() -> None:
    town, yati, _ = ticketed()
    town.change(yati, status="Menunggu Pelapor", days=1)
    town.sync(days=20)
    assert town.get(yati, intake.LATENESS) == "dijeda"
    town.set(yati, intake.STATUS, "Ditindaklanjuti")
    town.sync()  # 15 December: paused from 25 November to 14 December
    assert town.get(yati, intake.DUE) == serial_of(date(2026, 12, 19))
    assert town.get(yati, intake.LATENESS) is None


def test_an_unknown_status_is_said_and_the_case_stays_as_it_was() -> None:
    town, yati, _ = ticketed(status="Diverifikasi")
    town.change(yati, status="bukan proses")
    assert town.plan().cases[town.ticket(yati)].status is Status.VERIFIED
    assert "Status" in town.check(yati)


def test_blank_rows_are_skipped_and_an_error_in_a_cell_loses_nothing_of_the_case() -> None:
    town = Town()
    town.tabs["Gondrong"] += [[], [None, "", "   "], [None] * 40]
    yati = town.type()
    channel = town.titles("Gondrong").index(intake.CHANNEL)
    town.tabs["Gondrong"].append([*[None] * channel, "Hotline"])
    town.sync()
    ticket = town.ticket(yati)
    assert ticket and len(town.plan().judged) == 1
    town.set(yati, intake.ADDRESS, CellError("#REF!"))
    town.sync()
    assert town.ticket(yati) == ticket and "#REF!" in town.check(yati)


def test_a_missing_heading_is_said_with_its_tab_and_tabs_of_peoples_own_are_none_of_our_business() -> None:
    town = Town("Gondrong", "Petir")
    town.tabs["Catatan rapat"] = [["Hal", "Isi"], ["Senin", "rapat"]]
    town.tabs["Gondrong"][0].remove("Uraian")
    petir = town.type("Petir")
    assert [(t.code, t.particulars["tab"], t.particulars["columns"]) for t in town.intake().troubles] == [
        ("tab.judul-hilang", "Gondrong", "Uraian")
    ]
    (said,) = (WORDS.tell(trouble) for trouble in town.intake().troubles)
    assert "Hanya kalau tidak bisa lagi, jalankan setup: kolom barunya kosong" in said
    town.sync()
    assert town.ticket(petir)


def test_without_a_lane_of_numbers_nothing_is_issued_and_the_row_says_why() -> None:
    town = Town()
    town.lanes = {}
    yati = town.type()
    plan = town.plan()
    assert plan.lanes_wanted == {("36.71.05.1004", 2026)} and not plan.events
    town.sync()
    assert town.check(yati)


def test_a_tab_that_is_named_after_no_kelurahan_is_told_and_its_tickets_stay() -> None:
    town, yati, ticket = ticketed()
    town.tabs = {"Gondrongan": town.tabs["Gondrong"]}
    (trouble,) = town.intake().troubles
    assert (trouble.code, trouble.particulars["tab"]) == ("tab.bukan-kelurahan", "Gondrongan")
    assert WORDS.tell(trouble).endswith("Kalau hanya salinan tab lain, hapus tabnya."), "as after “Duplikat”"
    assert "Gondrong" in str(trouble.particulars["candidates"])
    town.sync()
    assert town.ticket(yati) == ticket
    assert "nama tab" in town.check(yati)


def test_a_parent_is_journalled_as_any_edit_and_a_tab_without_the_column_goes_on() -> None:
    town = Town()
    yati, amir = town.type(), town.type(name="Pak Amir", phone="081200001022")
    at = town.tabs["Gondrong"][0].index(intake.PARENT)
    for row in town.tabs["Gondrong"]:
        del row[at]
    town.sync()
    for row, value in zip(town.tabs["Gondrong"], ("Induk", None, town.ticket(yati)), strict=True):
        row.extend([*[None] * (at + 1 - len(row)), value])
    town.sync()
    assert town.journal[-1].details == {"isi": {"Induk": [None, town.ticket(yati)]}}
    assert town.journal[-1].ticket == town.ticket(amir)
    assert len(town.journal) == 3


def test_a_changed_copy_of_a_row_with_anothers_ticket_is_not_taken_for_that_others_row() -> None:
    town = Town()
    yati, amir = town.type(), town.type(name="Pak Amir", phone=None, description="got mampet di depan pasar lama")
    town.sync()
    lost = town.ticket(yati)
    town.delete(yati)
    town.sync()
    town.set(amir, intake.TICKET, lost)  # written over, and copied, by people
    title, number = town.find(amir)
    copy = list(town.tabs[title][number])
    town.tabs[title].append(copy)
    copy[town.titles(title).index(NOTE)] = "salinan"
    town.change("salinan", name="Ibu Yati, anak Pak Amir")
    assert town.ticket(amir) and lost not in (town.ticket(amir), town.ticket("salinan"))


def test_headings_that_somebody_typed_again_further_down_are_no_complaint() -> None:
    town = Town()
    above = town.type()
    town.tabs["Gondrong"] += [
        list(town.titles("Gondrong")),
        [None if t in ROBOT else t for t in town.titles("Gondrong")],
    ]
    below = town.take_in(name="Pak Amir", description="Got mampet di depan musala")
    assert town.get(above, "No. Tiket") and town.get(below, "No. Tiket")
    for row in town.tabs["Gondrong"][2:4]:
        assert not any(cell for title, cell in zip(town.titles("Gondrong"), row, strict=True) if title in ROBOT)


def amir_in(town: Town, received: str) -> str:
    said = "tiang listrik miring di tikungan sekolah dasar"
    return town.take_in(received=received, name="Pak Amir", phone="081200001052", description=said)


def test_a_row_that_shows_an_erased_ticket_and_was_corrected_since_is_still_its_own_cases() -> None:
    town = Town()
    yati, amir = town.take_in(), amir_in(town, "20/11/2026")
    erased, ticket = town.ticket(yati), town.ticket(amir)
    town.journal.append(Event(9, TUESDAY, erased, EventKind.ERASED, {"sebab": "diminta"}))
    town.delete(yati)
    town.sync()
    town.set(amir, intake.TICKET, erased)
    town.change(amir, phone="081200001053")
    assert town.ticket(amir) == ticket
    assert town.plan().cases[ticket].present


def test_a_row_that_keeps_a_ticket_whose_events_are_lost_is_not_asked_for_its_day() -> None:
    town = Town()
    town.take_in()
    ticket = town.ticket(amir_in(town, "1/3/2026"))
    left = [event for event in town.journal if event.ticket != ticket]
    journal = Journal(fold(left), tickets={ticket}, last=town.journal[-1].sequence)
    examiner = Examiner(town.rules, town.now.date())
    plan = Reconciliation(town.intake(), journal, examiner, town.now, town.lane, Elsewhere()).plan()
    told = [(event.kind, event.ticket, event.details["masuk"]) for event in plan.events]
    assert told == [(EventKind.ISSUED, ticket, "2026-03-01")]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "new", ["Jalan berlubang nomor {}", "Got mampet di depan pasar"], ids=["pasted", "filled down"]
)
def test_many_rows_typed_over_beside_their_tickets_take_no_more_time_than_they_are_many(new: str) -> None:
    """Each was compared with every other: 3,000 rows took over half a minute."""
    town = Town()
    for number in range(1200):
        town.type(
            name=f"Yati {number}", phone=f"0812{number:08}", address=f"Gg. {number}", description=f"banjir {number}"
        )
    town.sync()
    who = {intake.NAME: "Pak Amir", intake.PHONE: "081200001022", intake.ADDRESS: "Jl. Raya"}
    for number, row in enumerate(town.tabs["Gondrong"][1:]):
        for heading, value in {**who, intake.DESCRIPTION: new.format(number)}.items():
            row[HEADINGS.index(heading)] = value
    began = process_time()
    town.plan()
    assert process_time() - began < 2.5


def test_a_robots_column_that_is_locked_in_one_row_only_is_told() -> None:
    town = Town()
    town.take_in()
    town.take_in(name="Pak Amir")
    town.locks = (Lock(Area(top=2, bottom=3)),)
    (told,) = town.intake().troubles
    assert told.code == "tab.terkunci" and "Pemeriksaan" in str(told.particulars["columns"])
