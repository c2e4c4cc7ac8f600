"""Rows that are moved between the robot's reading and its writing: what landed elsewhere comes back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from automation.cases.elsewhere import Elsewhere
from automation.cases.events import EventKind
from automation.cases.examiner import Examiner
from automation.cases.own_writes import OwnWrites
from automation.cases.reconcile import Reconciliation
from automation.cycle.overwritten import Before, Overwritten, RobotColumns, find_overwritten
from automation.model.cells import CellWrite, Tab, Value, fold
from automation.sheets.port import Changes, Snapshot
from automation.tables import intake
from tests.town import Town, sound, ticketed


def turn(town: Town, *meanwhile: Callable[[], object]) -> list[dict[str, str]]:
    """One turn of the robot. Between its readings and its commits people do something, once for each of `meanwhile`.
    Returns what tickets stood beside which complaint after each commit."""
    writing, acts, shown = OwnWrites(), iter(meanwhile), []
    while plan := Reconciliation(
        town.intake(),
        sound(town.journal),
        Examiner(town.rules, town.now.date()),
        town.now,
        town.lane,
        town.elsewhere,
        own_writes=writing,
    ).plan():
        writing = writing.and_then(town.intake().tabs, plan.cells, plan.judged)
        next(acts, lambda: None)()
        town.journal += plan.events
        written = town.snapshot().after(Changes(cells=plan.cells))
        town.tabs = {tab.title: [list(row) for row in tab.rows] for tab in written.tabs}
        shown.append({str(row[-1]): str(row[0] or "") for rows in town.tabs.values() for row in rows[1:]})
    return shown


def turned_round(town: Town, tab: str = "Gondrong") -> None:
    """All rows in the opposite order."""
    town.tabs[tab][1:] = reversed(town.tabs[tab][1:])


def moved_to(town: Town, other: Town) -> None:
    """What stands in Gondrong is cut, and pasted at the top of the other's Petir."""
    other.tabs["Petir"][1:1] = [[*row] for row in town.tabs["Gondrong"][1:]]
    del town.tabs["Gondrong"][1:]


def two_spreadsheets() -> tuple[Town, Town, str, str]:
    """Two, the complaint in the first with its ticket; the second is read before the first."""
    hotline, yati, ticket = ticketed("Gondrong")
    petir, cases = Town("Petir"), dict(hotline.plan().cases)
    petir.elsewhere = Elsewhere(cases, lambda _: ("", True), to_come=True)
    petir._named = 10
    return hotline, petir, yati, ticket


def test_new_tickets_that_landed_beside_each_others_rows_change_places_even_if_a_row_was_corrected() -> None:
    town = Town()
    yati = town.type()
    amir = town.type(name="Pak Amir", phone="081200001022", description="Lampu jalan mati total sejak minggu lalu")

    def meanwhile() -> None:
        turned_round(town)
        town.set(amir, intake.DESCRIPTION, "Lampu taman padam, gelap sekali kalau malam")

    first, *_, last = turn(town, meanwhile)
    assert first == {amir: "RR-260504-0001-3", yati: "RR-260504-0002-1"}
    assert last == {yati: "RR-260504-0001-3", amir: "RR-260504-0002-1"}
    assert len(town.journal) == 3  # two issued, one edited


@pytest.mark.parametrize("description", [None, "Lampu jalan mati total sejak minggu lalu"])
def test_another_complaint_of_the_same_house_does_not_get_the_ticket_of_a_row_that_was_deleted_where_ours_landed(
    description: str | None,
) -> None:
    town = Town()
    yati = town.type(name="Bu Sri", address="Gg. Mawar no 3")

    def meanwhile() -> None:
        town.delete(yati)
        town.type(name="Bu Sri", address="Gg. Mawar no 3", phone="081200001099", description=description)

    first, *_, last = turn(town, meanwhile)
    assert [*first.values()] == ["RR-260504-0001-3"]
    assert [*last.values()] == ["RR-260504-0002-1" if description else ""]
    kinds = [event.kind for event in town.journal]
    assert kinds == [EventKind.ISSUED, EventKind.VANISHED, *([EventKind.ISSUED] if description else [])]


def test_a_ticket_stays_beside_a_row_corrected_twice_though_another_tab_tells_nearly_the_same_of_one_house() -> None:
    town = Town("Gondrong", "Petir")
    amir = town.type("Petir", address="Gg. Mawar no 4", phone="081200001028", description="jalan berlubang, nomor 29")

    def meanwhile() -> None:
        town.set(amir, intake.PHONE, "081200001036")
        town.set(amir, intake.ADDRESS, "Jl. Baru no 40")
        town.type(address="Gg. Mawar no 4", phone="081200001043", description="jalan berlubang, nomor 44")

    first, *_, last = turn(town, meanwhile)
    assert first[amir] == last[amir] == "RR-260506-0001-9"
    assert [*last.values()].count("RR-260506-0001-9") == 1


def test_the_next_complaint_of_a_house_does_not_become_the_one_that_was_deleted_before_where_ours_landed() -> None:
    town, sri, old = ticketed(name="Bu Sri", address="Gg. Mawar no 3")
    town.delete(sri)
    town.sync()
    town.now += timedelta(days=30)
    yati = town.type(phone="081200001099", description="Lampu jalan mati total", received="22/12/2026")

    def meanwhile() -> None:
        town.delete(yati)
        town.type(name="Bu Sri", address="Gg. Mawar no 3", description="Sampah di kali", received="23/12/2026")

    *_, last = turn(town, meanwhile)
    assert [*last.values()] == ["RR-260504-0003-7"] and old in town.gone()


def test_a_row_from_another_spreadsheet_has_its_ticket_back_at_once_after_ours_landed_on_it() -> None:
    hotline, petir, yati, ticket = two_spreadsheets()
    moved_to(hotline, petir)
    amir = petir.type("Petir", name="Pak Amir", phone="081200001022")

    def meanwhile() -> None:
        turned_round(petir, "Petir")
        petir.set(yati, intake.DESCRIPTION, "Sampah menumpuk di pinggir kali sejak lebaran")

    first, second, *_ = turn(petir, meanwhile)
    assert first == {yati: "RR-260506-0001-9", amir: ""}
    assert second == {yati: ticket, amir: "RR-260506-0001-9"}


def test_a_row_from_another_spreadsheet_is_known_even_if_ours_landed_on_it_before_it_was_seen() -> None:
    hotline, petir, yati, ticket = two_spreadsheets()
    amir = petir.type("Petir", name="Pak Amir", phone="081200001022", description="Lampu jalan mati total")

    def meanwhile() -> None:
        moved_to(hotline, petir)
        petir.set(yati, intake.ADDRESS, "Jl. Baru no 16")

    first, second, *_ = turn(petir, meanwhile)
    assert first == {yati: "RR-260506-0001-9", amir: ""}
    assert second == {yati: ticket, amir: "RR-260506-0001-9"}


def test_a_copy_whose_ticket_was_taken_away_does_not_become_a_case_that_has_lost_its_row() -> None:
    hotline, petir, yati, ticket = two_spreadsheets()
    petir.elsewhere = Elsewhere(dict(hotline.plan().cases))
    deleted = petir.take_in("Petir", phone="081200001022", description="Sampah menumpuk di pinggir kali")
    petir.delete(deleted)
    petir.tabs["Petir"].append([*hotline.tabs["Gondrong"][1]])
    turn(petir)
    assert petir.ticket(yati) == "" and ticket in petir.check(yati)
    assert list(petir.gone()) == ["RR-260506-0001-9"]


def test_a_new_complaint_that_takes_the_place_of_a_deleted_one_gets_a_number_of_its_own() -> None:
    town, yati, ticket = ticketed()
    town.set(yati, intake.TICKET, "RR-1")

    def meanwhile() -> None:
        town.delete(yati)
        town.type(phone="081200001099", address="Jl. Baru no 16", description="Sampah menumpuk di pinggir kali")

    _, *_, last = turn(town, meanwhile)
    assert ticket not in last.values() and all(last.values())
    assert list(town.gone()) == [ticket]


def test_a_row_that_waits_for_another_spreadsheet_does_not_show_the_ticket_of_another_row_meanwhile() -> None:
    hotline, petir, yati, _ = two_spreadsheets()
    amir = petir.take_in("Petir", name="Pak Amir", phone="081200001022")
    moved_to(hotline, petir)
    petir.set(yati, intake.TICKET, petir.ticket(amir))
    petir.set(amir, intake.TICKET, None)
    first, *_ = turn(petir)
    assert first == {yati: "", amir: "RR-260506-0001-9"}


def written_over() -> tuple[Town, str, str, dict[str, str]]:
    """Two complaints: the second one's new ticket has landed over the first one's, as somebody inserted a row above;
    the robot that wrote it has not put it right yet."""
    town, yati, _ = ticketed()
    amir = town.take_in(name="Pak Amir", phone="081200001022", description="Lampu jalan mati total")
    issued = {yati: town.ticket(yati), amir: town.ticket(amir)}
    town.set(yati, intake.TICKET, issued[amir])
    town.set(amir, intake.TICKET, None)
    return town, yati, amir, issued


def test_a_row_whose_ticket_one_robot_wrote_over_is_known_to_another_though_it_was_added_to_meanwhile() -> None:
    town, yati, amir, issued = written_over()
    town.change(yati, description=f"{town.get(yati, intake.DESCRIPTION)}, makin parah")
    assert {yati: town.ticket(yati), amir: town.ticket(amir)} == issued
    assert not town.gone()


def test_a_row_below_a_ticket_of_another_is_no_lost_case_that_half_resembles_it() -> None:
    town, yati, amir, issued = written_over()
    town.change(yati, description="Sampah menumpuk di pinggir kali", address="Jl. Baru no 16")
    assert town.ticket(amir) == issued[amir]
    assert town.ticket(yati) not in ("", *issued.values())
    assert list(town.gone()) == [issued[yati]]


def test_a_copy_used_as_a_pattern_is_no_lost_case_that_resembles_it() -> None:
    town, yati, amir, issued = written_over()
    town.set(yati, intake.TICKET, issued[yati])
    town.set(amir, intake.TICKET, issued[amir])
    town.delete(yati)
    pattern = town.type(description="Got mampet di depan musala, air naik ke jalan, makin parah")
    town.change(pattern, ticket=issued[amir])
    assert town.ticket(amir) == issued[amir]
    assert town.ticket(pattern) not in ("", *issued.values())
    assert list(town.gone()) == [issued[yati]]


# What our writing has overwritten, wherever people move it before it is given back


HEADINGS = ("No. Tiket", "Tenggat", "Kabari", "Tanggal Masuk", "Nama")


def sheet(*rows: tuple[Value, ...]) -> Snapshot:
    return Snapshot("Barat", (Tab("gondrong", "Gondrong", (HEADINGS, *rows)),), None)


def test_what_landed_in_an_empty_row_is_taken_away_though_a_row_like_it_stands_where_it_stood() -> None:
    stray = ("RR-260504-0002-1", "30/11/2026", "WhatsApp", "23/11/2026")
    yati = ("RR-260504-0001-3", "30/11/2026", "WhatsApp", "23/11/2026", "Ibu Yati")
    overwritten = Overwritten("23/11/2026", CellWrite("gondrong", 1, 3, None))
    before = Before(sheet(stray, yati), sheet((*stray[:3], None), yati), [overwritten])
    ours = RobotColumns(0, {fold(title): title for title in HEADINGS[:3]})
    found = find_overwritten(before, sheet(yati, stray), [], lambda _: ours, certain=True)
    assert found == [Overwritten("23/11/2026", CellWrite("gondrong", 2, 3, None))]


FORM, NUMBER = ("Stempel", "Nama", "Jenis", "No. Tiket", "Status"), "RR-260504-0002-1"
OURS = RobotColumns(0, {fold("No. Tiket"): "No. Tiket"})


def form(*rows: tuple[Value, ...]) -> Snapshot:
    return Snapshot("Barat", (Tab("form", "Form", rows),), None)


@pytest.mark.parametrize("shown", [NUMBER, 46357, "Mohon dicek – " + 20 * "sesuatu "], ids=["name", "day", "text"])
def test_a_covered_heading_is_given_back_though_the_robot_has_only_looked_again(shown: str | int) -> None:
    seen, covered = form((*FORM[:3], shown, "Status"), ()), Overwritten(shown, CellWrite("form", 0, 3, "No. Tiket"))
    before = Before(seen, form(FORM, ()), [covered])
    assert find_overwritten(before, seen, [], lambda _: OURS, certain=False) == [covered]


def test_a_cell_is_given_back_though_its_question_was_asked_otherwise_as_a_column_was_inserted() -> None:
    seen = form(FORM, ("23/11", "Yati", "Banjir"))
    now = form(("Stempel", None, "Nama", "Masalah", "No. Tiket", "Status"), ("23/11", None, "Yati", NUMBER))
    found = find_overwritten(Before(seen, seen), now, [CellWrite("form", 1, 3, NUMBER)], lambda _: OURS, certain=True)
    assert found == [Overwritten(NUMBER, CellWrite("form", 1, 3, "Banjir"))]


def test_a_row_that_may_have_left_with_a_year_shows_no_ticket_of_another_meanwhile() -> None:
    town, yati, ticket = ticketed("Gondrong")
    amir = town.take_in(name="Pak Amir", phone="081200001022", description="Lampu jalan mati total sejak minggu lalu")
    landed = town.get(amir, intake.TICKET)
    town.set(yati, intake.TICKET, landed)
    town.set(amir, intake.TICKET, None)
    town.elsewhere = Elsewhere(to_come=True)
    town.elsewhere.unsure = {ticket}
    assert turn(town) == [{yati: "", amir: landed}]


def test_a_row_that_shows_anothers_ticket_waits_where_it_says_what_one_does_that_may_have_left_with_a_year() -> None:
    town, yati, ticket = ticketed("Gondrong")
    amir = town.take_in(name="Pak Amir", phone="081200001022", description="Tumpukan sampah di ujung gang, bau sekali")
    town.set(yati, intake.TICKET, town.get(amir, intake.TICKET))
    town.delete(amir)
    town.elsewhere = Elsewhere(to_come=True)
    town.elsewhere.unsure = {ticket}
    turn(town)
    assert not any(event.kind is EventKind.EDITED for event in town.journal)
    town.elsewhere = Elsewhere()
    assert turn(town)[-1] == {yati: ticket}
