"""What the robot decides for one spreadsheet, told as what people do and see."""

from __future__ import annotations

from datetime import date

import pytest

from automation.cases.cells import CellError, Value, serial_of
from automation.cases.columns import ROBOT, Column
from automation.cases.complaint import Status
from automation.cases.elsewhere import Elsewhere
from automation.cases.events import EventKind
from automation.cases.examiner import Examiner
from automation.cases.reconcile import reconcile
from tests.town import GOOD, NOTE, TUESDAY, Town


def kinds(town: Town) -> list[EventKind]:
    return [event.kind for event in town.journal]


def test_a_good_row_gets_a_ticket_and_a_deadline() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    assert town.ticket(yati) == "RR-260504-0001-3"
    assert town.get(yati, Column.DUE) == serial_of(date(2026, 11, 30))
    assert town.check(yati) == ""


def test_numbers_count_up_per_kelurahan_and_year() -> None:
    town = Town("Gondrong", "Petir")
    first, second = town.type(), town.type(name="Pak Amir", phone="081200001022")
    petir = town.type("Petir", name="Wawan")
    last_year = town.type(name="Bu Sri", received="30/12/2025")
    town.sync()
    assert [town.ticket(of)[:14] for of in (first, second, petir, last_year)] == [
        "RR-260504-0001",
        "RR-260504-0002",
        "RR-260506-0001",
        "RR-250504-0001",
    ]


def test_a_row_with_an_error_gets_its_ticket_once_it_is_mended() -> None:
    town = Town()
    yati = town.type(category="Jaln")
    town.sync()
    assert town.ticket(yati) == "" and "Jalan" in town.check(yati)
    town.set(yati, Column.CATEGORY, "Jalan")
    town.sync()
    assert town.ticket(yati) and town.check(yati) == ""


def test_a_sorted_tab_keeps_every_ticket_beside_its_complaint() -> None:
    town = Town()
    ids = [town.type(name=name, phone=f"0812000010{n}") for n, name in enumerate(["Citra", "Ani", "Budi"], start=10)]
    town.sync()
    before = {of: town.ticket(of) for of in ids}
    town.sort("Gondrong", Column.NAME)
    assert not town.plan()
    assert {of: town.ticket(of) for of in ids} == before


def test_tickets_left_behind_by_a_sort_of_some_columns_go_back_to_their_complaints() -> None:
    town = Town()
    ids = [town.type(name=name, phone=f"0812000010{n}") for n, name in enumerate(["Citra", "Ani", "Budi"], start=10)]
    town.sync()
    before = {of: town.ticket(of) for of in ids}
    robots = [row[: len(ROBOT)] for row in town.tabs["Gondrong"]]
    town.sort("Gondrong", Column.NAME)
    for row, cells in zip(town.tabs["Gondrong"], robots, strict=True):
        row[: len(ROBOT)] = cells
    town.sync()
    assert {of: town.ticket(of) for of in ids} == before


def test_an_edited_row_keeps_its_ticket_and_the_journal_knows_both_values() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    town.set(yati, Column.PHONE, "081200009999")
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.journal[-1].kind is EventKind.EDITED
    assert town.journal[-1].details["isi"] == {"Telepon": ["081200001021", "081200009999"]}


def test_a_row_reused_for_another_complaint_gets_a_ticket_of_its_own() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    for column, value in {
        Column.NAME: "Pak Amir",
        Column.PHONE: "081200001022",
        Column.ADDRESS: "Jl. Maulana Hasanuddin no 21",
        Column.DESCRIPTION: "Lampu jalan mati sejak dua minggu lalu",
    }.items():
        town.set(yati, column, value)
    town.sync()
    assert town.ticket(yati) not in ("", ticket)
    assert EventKind.VANISHED in kinds(town)


def test_a_copied_row_is_told_and_gets_a_ticket_once_it_differs() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    copy = [*town.tabs["Gondrong"][1]]
    copy[-1] = "#copy"
    town.tabs["Gondrong"].append(copy)
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.ticket("#copy") == "" and ticket in town.check("#copy")
    town.set("#copy", Column.DESCRIPTION, "Lampu jalan mati sejak dua minggu lalu")
    town.sync()
    assert town.ticket("#copy") not in ("", ticket)
    assert town.ticket(yati) == ticket


def test_a_deleted_row_is_recorded_and_its_number_is_never_used_again() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    row = town.delete(yati)
    amir = town.type(name="Pak Amir", phone="081200001022")
    town.sync()
    assert EventKind.VANISHED in kinds(town)
    assert town.ticket(amir) not in ("", ticket)
    row[0] = None
    town.tabs["Gondrong"].append(row)
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.journal[-1].kind is EventKind.BACK


def test_an_emptied_row_loses_the_robots_cells_and_its_case_is_reported_gone() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    town.tabs["Gondrong"][1][len(ROBOT) :] = [None] * len(town.tabs["Gondrong"][1][len(ROBOT) :])
    town.sync()
    assert EventKind.VANISHED in kinds(town)
    assert not any(map(any, town.tabs["Gondrong"][1:]))
    assert yati


def test_a_ticket_cell_changed_by_hand_is_put_right_and_said_for_a_day() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    town.set(yati, Column.TICKET, "RR-1")
    town.sync()
    assert town.ticket(yati) == ticket
    assert ticket in town.check(yati)
    town.sync(days=1)
    assert town.check(yati) == ""


def test_a_row_moved_to_another_tab_keeps_its_ticket() -> None:
    town = Town("Gondrong", "Petir")
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    town.tabs["Petir"].append(town.delete(yati))
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.journal[-1].details == {"tab": "Petir", "kelurahan": "36.71.05.1006"}


def test_a_row_moved_from_another_spreadsheet_keeps_its_ticket_and_its_history() -> None:
    cipondoh, karawaci = Town("Gondrong"), Town("Cimone")
    yati = cipondoh.type(status="Selesai", outcome="Got sudah dikeruk")
    cipondoh.sync()
    ticket = cipondoh.ticket(yati)
    row = cipondoh.delete(yati)
    cipondoh.sync()
    karawaci.now = cipondoh.now
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    karawaci.tabs["Cimone"].append(row)
    karawaci.sync(days=3)
    assert karawaci.ticket(yati) == ticket
    assert karawaci.plan().cases[ticket].issued_at == TUESDAY
    assert karawaci.get(yati, Column.RESOLVED) == serial_of(TUESDAY.date())


def test_a_row_that_another_spreadsheet_still_has_is_told_to_be_a_copy() -> None:
    cipondoh, karawaci = Town("Gondrong"), Town("Cimone")
    yati = cipondoh.type()
    cipondoh.sync()
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    karawaci.tabs["Cimone"].append([*cipondoh.tabs["Gondrong"][1]])
    karawaci.sync()
    assert not karawaci.journal
    assert cipondoh.ticket(yati) in karawaci.check(yati)


def test_of_two_rows_whose_spreadsheet_cannot_be_read_only_the_first_keeps_the_ticket() -> None:
    cipondoh, karawaci = Town("Gondrong"), Town("Cimone")
    yati = cipondoh.type()
    cipondoh.sync()
    ticket, cases = cipondoh.ticket(yati), dict(cipondoh.plan().cases)
    karawaci.elsewhere = Elsewhere(cases, unread=cases)
    karawaci.tabs["Cimone"] += [[*cipondoh.tabs["Gondrong"][1]] for _ in range(2)]
    karawaci.sync()
    assert [row[0] for row in karawaci.tabs["Cimone"][1:]] == [ticket, None]
    assert all(ticket in str(row[1]) for row in karawaci.tabs["Cimone"][1:])


def test_a_misplaced_ticket_goes_back_to_the_row_it_was_issued_for_though_the_other_is_much_alike() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    also_yati = town.type(description="Lampu jalan mati total sejak minggu lalu", address="Jl. Baru no 16")
    town.set(yati, Column.TICKET, None)
    town.set(also_yati, Column.TICKET, ticket)
    town.sync()
    assert town.ticket(yati) == ticket != town.ticket(also_yati) != ""


@pytest.mark.parametrize(
    ("column", "corrected"),
    [
        (Column.DESCRIPTION, "Got mampet di depan musala, air naik ke jalan, makin parah"),
        (Column.PHONE, "081200001099"),
    ],
)
def test_a_corrected_row_is_the_case_rather_than_one_with_the_ticket_and_little_else(
    column: Column, corrected: str
) -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    other = town.type(name="Pak Amir", phone="081200001022", description="Lampu jalan mati total sejak minggu lalu")
    town.set(yati, Column.TICKET, None)
    town.set(yati, column, corrected)
    town.set(other, Column.TICKET, ticket)
    town.sync()
    assert town.ticket(yati) == ticket != town.ticket(other) != ""


def test_rows_of_a_tab_without_its_headings_are_not_taken_for_deleted() -> None:
    town = Town("Gondrong", "Petir")
    town.type()
    town.sync()
    headings = town.tabs["Gondrong"].pop(0)
    assert not town.plan()
    town.tabs["Gondrong"].insert(0, [*headings[:-3], "entah", *headings[-2:]])
    assert not town.plan()


def test_a_row_without_its_ticket_waits_where_the_tab_in_which_it_stood_cannot_be_read() -> None:
    town = Town("Gondrong", "Petir")
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    town.tabs["Petir"].append(town.delete(yati))
    town.set(yati, Column.TICKET, "RR-26")
    town.tabs["Gondrong"][0][0] = "Tiket lama"
    town.sync()
    assert town.ticket(yati) == "" and ticket in town.check(yati)
    town.tabs["Gondrong"][0][0] = Column.TICKET.value
    town.sync()
    assert town.ticket(yati) == ticket and not town.gone()


def test_a_row_that_was_gone_comes_back_though_the_tab_in_which_it_stood_cannot_be_read_now() -> None:
    town = Town("Gondrong", "Petir")
    yati = town.type()
    town.sync()
    ticket, row = town.ticket(yati), town.delete(yati)
    town.sync()
    town.tabs["Gondrong"][0][0] = "Tiket lama"
    town.tabs["Petir"].append(row)
    town.set(yati, Column.TICKET, None)
    town.sync()
    assert town.ticket(yati) == ticket and not town.gone()


def test_a_ticket_pasted_over_another_does_not_make_a_row_the_case_that_was_deleted() -> None:
    town = Town()
    yati = town.type()
    amir = town.type(name="Pak Amir", phone="081200001022", description="Lampu jalan mati total")
    town.sync()
    tickets = town.ticket(yati), town.ticket(amir)
    town.delete(yati)
    town.set(amir, Column.TICKET, tickets[0])
    town.set(amir, Column.DESCRIPTION, "Lampu jalan mati total, gelap sekali")
    town.sync()
    assert town.ticket(amir) == tickets[1]
    assert list(town.gone()) == [tickets[0]]


def test_a_resolved_case_is_stamped_once_and_stops_its_clock() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    town.set(yati, Column.STATUS, "selesai")
    town.set(yati, Column.OUTCOME, "Got sudah dikeruk")
    town.sync(days=1)
    stamped = serial_of(TUESDAY.date()) + 1
    assert town.get(yati, Column.RESOLVED) == stamped
    town.sync(days=30)
    assert town.get(yati, Column.RESOLVED) == stamped
    assert town.get(yati, Column.LATENESS) is None


def test_a_reopened_case_keeps_its_first_deadline_even_if_it_was_made_urgent() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    due = town.get(yati, Column.DUE)
    town.set(yati, Column.STATUS, "Bukan Kewenangan")
    town.sync(days=1)
    town.set(yati, Column.STATUS, "Ditindaklanjuti")
    town.set(yati, Column.PRIORITY, "Darurat")
    town.sync(days=1)
    assert town.journal[-1].kind is EventKind.REOPENED
    assert town.get(yati, Column.DUE) == due
    assert town.get(yati, Column.RESOLVED) is None


def test_lateness_is_told_in_words_as_days_go_by() -> None:
    town = Town()
    yati = town.type()  # received Monday 23 November, due Monday 30 November
    said = {}
    for day in range(24, 31):
        town.sync(days=0 if day == 24 else 1)
        said[day] = town.get(yati, Column.LATENESS)
    assert said == {
        24: None,
        25: None,
        26: None,
        27: None,
        28: None,
        29: "jatuh tempo besok",
        30: "jatuh tempo hari ini",
    }
    town.sync(days=1)
    assert town.get(yati, Column.LATENESS) == "terlambat 1 hari kerja"
    town.sync(days=5)  # Sunday 6 December
    assert town.get(yati, Column.LATENESS) == "terlambat 5 hari kerja"


def test_days_on_which_the_reporters_answer_is_awaited_do_not_count() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    town.set(yati, Column.STATUS, "Menunggu Pelapor")
    town.sync(days=1)
    town.sync(days=20)
    assert town.get(yati, Column.LATENESS) == "dijeda"
    town.set(yati, Column.STATUS, "Ditindaklanjuti")
    town.sync()  # 15 December: paused from 25 November to 14 December
    assert town.get(yati, Column.DUE) == serial_of(date(2026, 12, 19))
    assert town.get(yati, Column.LATENESS) is None


def test_an_unknown_status_is_said_and_the_case_stays_as_it_was() -> None:
    town = Town()
    yati = town.type(status="Diverifikasi")
    town.sync()
    town.set(yati, Column.STATUS, "Proses dong")
    town.sync()
    assert town.plan().cases[town.ticket(yati)].status is Status.VERIFIED
    assert "Status" in town.check(yati)


def test_columns_in_any_order_with_strangers_between_them_are_read() -> None:
    town = Town()
    headings = town.tabs["Gondrong"][0]
    town.tabs["Gondrong"][0] = ["Umur", *(f"  {str(h).upper()} " for h in reversed(headings[:-1])), NOTE]
    titles = [str(title).strip().casefold() for title in town.tabs["Gondrong"][0]]
    row: list[Value] = [None] * len(titles)
    for heading, value in GOOD.items():
        row[titles.index(heading.casefold())] = value
    town.tabs["Gondrong"].append(row)
    plan = town.plan()
    assert [event.kind for event in plan.events] == [EventKind.ISSUED]
    assert {titles[cell.column] for cell in plan.cells} == {"no. tiket", "tenggat", "kabari"}


def test_blank_rows_are_skipped_wherever_they_stand() -> None:
    town = Town()
    town.tabs["Gondrong"] += [[], [None, "", "   "], [None] * 40]
    yati = town.type()
    channel = town.titles("Gondrong").index(Column.CHANNEL)
    town.tabs["Gondrong"].append([*[None] * channel, "Hotline"])
    town.sync()
    assert town.ticket(yati)
    assert len(town.plan().judged) == 1


def test_an_error_cell_is_said_and_nothing_of_the_case_is_lost() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    town.set(yati, Column.ADDRESS, CellError("#REF!"))
    town.sync()
    assert town.ticket(yati) == ticket
    assert "#REF!" in town.check(yati)


def test_a_missing_heading_is_said_with_its_tab_and_row() -> None:
    town = Town("Gondrong", "Petir")
    town.tabs["Gondrong"][0].remove("Uraian")
    petir = town.type("Petir")
    intake = town.intake()
    assert [(t.code, t.particulars["tab"], t.particulars["columns"]) for t in intake.troubles] == [
        ("tab.judul-hilang", "Gondrong", "Uraian")
    ]
    town.sync()
    assert town.ticket(petir)


def test_without_a_lane_of_numbers_nothing_is_issued_and_the_row_says_why() -> None:
    town = Town()
    town.lanes = {}
    yati = town.type()
    plan = town.plan()
    assert plan.lanes_wanted == {"36.71.05.1004"} and not plan.events
    town.sync()
    assert town.check(yati)


def test_two_spreadsheets_with_one_kelurahan_never_issue_the_same_number() -> None:
    one, other = Town(), Town()
    other.lanes = {"36.71.05.1004": 10_000}
    of_one, of_other = one.type(), other.type(name="Pak Amir", phone="081200001022")
    one.sync()
    other.sync()
    assert one.ticket(of_one)[:14] == "RR-260504-0001"
    assert other.ticket(of_other).startswith("RR-260504-10001-")


def test_a_tab_cut_to_the_size_of_a_commit_goes_on_where_it_stopped() -> None:
    town = Town()
    for number in range(10):
        town.type(name=f"Warga {number}", phone=f"08120000{number:04}")
    examiner = Examiner(town.rules, town.now.date())
    plan = reconcile(town.intake(), [], examiner, town.now, town.lanes, most=4)
    assert plan.cut and len(plan.events) == 4
    assert {cell.row for cell in plan.cells} == {1, 2, 3, 4}


def test_people_own_tabs_without_our_headings_are_none_of_our_business() -> None:
    town = Town()
    town.tabs["Catatan rapat"] = [["Hal", "Isi"], ["Senin", "rapat"]]
    intake = town.intake()
    assert not intake.troubles
    assert not intake.rows


def test_a_tab_that_is_named_after_no_kelurahan_is_told_and_its_tickets_stay() -> None:
    town = Town()
    yati = town.type()
    town.sync()
    ticket = town.ticket(yati)
    town.tabs = {"Gondrongan": town.tabs["Gondrong"]}
    (trouble,) = town.intake().troubles
    assert (trouble.code, trouble.particulars["tab"]) == ("tab.bukan-kelurahan", "Gondrongan")
    assert "Gondrong" in str(trouble.particulars["candidates"])
    town.sync()
    assert town.ticket(yati) == ticket
    assert "nama tab" in town.check(yati)


def test_a_parent_is_journalled_as_any_edit_and_a_tab_without_the_column_goes_on() -> None:
    town = Town()
    yati, amir = town.type(), town.type(name="Pak Amir", phone="081200001022")
    at = town.tabs["Gondrong"][0].index(Column.PARENT)
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
    town.set(amir, Column.TICKET, lost)  # written over, and copied, by people
    title, number = town.find(amir)
    copy = list(town.tabs[title][number])
    town.tabs[title].append(copy)
    copy[town.titles(title).index(NOTE)] = "salinan"
    town.set("salinan", Column.NAME, "Ibu Yati, anak Pak Amir")
    town.sync()
    assert town.ticket(amir) and lost not in (town.ticket(amir), town.ticket("salinan"))
