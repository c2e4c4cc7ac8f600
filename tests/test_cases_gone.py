"""A case whose row is gone: what is given back, where, and how a case is closed without its row."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from automation.cases.codec import decode, encode
from automation.cases.events import EventKind
from automation.cases.examiner import Examiner, make_entries
from automation.cases.gone import is_back, row_of, tab_for
from automation.cases.journal import Case, fold
from automation.model.cells import CellError, Value, serial_of
from automation.model.complaint import Status
from automation.model.deadlines import Clock
from automation.model.register import Entry
from automation.model.tickets import Ticket, is_misheard, unknown
from automation.tables import intake
from automation.tables.intake import COORDINATOR, VOLUNTEER
from automation.tables.table import Column
from tests.town import GONDRONG, HEADINGS, NOTE, PETIR, RULES, TUESDAY, Town, ticketed

TYPED = [column for column in (*VOLUNTEER, *COORDINATOR) if column is not intake.KELURAHAN]


def deleted(**changes: Value) -> tuple[Town, str, str]:
    """A town whose only complaint was ticketed, changed and deleted, its identity and its ticket."""
    town, identity, ticket = ticketed("Gondrong", "Petir")
    for name, value in changes.items():
        town.set(identity, name if name in TYPED else getattr(intake, name.upper()), value)
    town.sync()
    town.delete(identity)
    town.sync()
    return town, identity, ticket


def entry(town: Town, ticket: str) -> Entry:
    examiner = Examiner(town.rules, town.now.date())
    (found,) = make_entries([("Cipondoh", fold(town.journal)[ticket])], {}, examiner)
    return found


def with_titles(titles: Sequence[Value], *rows: list[Value]) -> list[list[Value]]:
    return [list(titles), *rows]


@pytest.mark.parametrize(
    ("column", "typed", "given_back"),
    [
        (intake.RECEIVED, serial_of(date(2026, 11, 23)), serial_of(date(2026, 11, 23))),
        (intake.RECEIVED, serial_of(date(2026, 11, 23)) + 0.4, serial_of(date(2026, 11, 23))),
        (intake.TOLD, serial_of(date(2026, 11, 24)), serial_of(date(2026, 11, 24))),
        (intake.PHONE, 81200001021.0, 81200001021),
        (intake.PHONE, 50005, 50005),
        (intake.PHONE, "081200001021", "081200001021"),
        (intake.RT_RW, 3, 3),
        (intake.OUTCOME, 2.5, 2.5),
        (intake.OUTCOME, "=1+1", "=1+1"),
        (intake.TOLD, True, "✓"),
        (intake.ASSIGNEE, CellError("#REF!"), None),
    ],
)
def test_dates_come_back_as_dates_numbers_as_numbers_and_text_as_text(
    column: Column, typed: Value, given_back: Value
) -> None:
    town, yati, ticket = deleted(**{column: typed})
    case = town.gone()[ticket]
    town.restore(ticket, yati)
    assert town.get(yati, column) == given_back
    town.sync()
    assert town.ticket(yati) == ticket and not town.gone()
    assert fold(town.journal)[ticket].issued_at == case.issued_at


def test_columns_are_found_by_their_headings_and_a_telephone_number_is_never_written_as_a_date() -> None:
    town, yati, ticket = deleted(received=serial_of(date(2026, 11, 23)), phone=40000)
    town.tabs["Gondrong"] = with_titles([NOTE, "Kolom warga", *reversed(HEADINGS[:-1])])
    tab = town.intake().tabs[0]
    row = row_of(town.gone()[ticket], tab, GONDRONG)
    columns = tab.headings.columns
    assert (row[columns[intake.RECEIVED]], row[columns[intake.PHONE]]) == (date(2026, 11, 23), 40000)
    town.restore(ticket, yati)
    town.sync()
    assert town.ticket(yati) == ticket
    assert town.get(yati, intake.NAME) == "Ibu Yati" and town.get(yati, "Kolom warga") is None


def test_of_two_cases_that_say_the_same_the_one_that_was_asked_for_comes_back() -> None:
    town = Town()
    first, second = town.type(), town.type(name="Ibu Yati S.")
    town.sync()
    town.change(second, name="Ibu Yati")
    tickets = [town.ticket(first), town.ticket(second)]
    town.delete(first)
    town.delete(second)
    town.sync()
    town.restore(tickets[1], second)
    town.sync()
    assert town.ticket(second) == tickets[1] and list(town.gone()) == tickets[:1]


def test_the_row_goes_to_its_own_tab_else_its_kelurahans_else_one_whose_rows_name_theirs() -> None:
    town, yati, ticket = deleted()
    assert town.restore(ticket) == "Gondrong"
    town.tabs = {"Petir": town.tabs["Petir"], "Kel. Gondrong": [list(HEADINGS)]}
    assert town.restore(ticket) == "Kel. Gondrong"
    town.tabs = {"Petir": town.tabs["Petir"], "Hotline": [[*HEADINGS, intake.KELURAHAN]]}
    assert town.restore(ticket, yati) == "Hotline"
    assert town.get(yati, intake.KELURAHAN) == "Gondrong"
    town.sync()
    assert town.ticket(yati) == ticket
    assert fold(town.journal)[ticket].kelurahan == GONDRONG.code
    town.tabs = {"Petir": town.tabs["Petir"]}
    assert tab_for(fold(town.journal)[ticket], town.intake().tabs, home=True) is None


def test_the_tab_of_a_later_year_is_the_cases_own_and_one_of_its_name_in_another_spreadsheet_is_not() -> None:
    town, _, ticket = deleted()
    case = town.gone()[ticket]
    tabs = town.intake().tabs
    town.tabs["Gondrong"][0] = []
    assert case.tab in town.intake().frozen, "a tab that lost its headings may still hold the row"
    case.kelurahan = GONDRONG.code
    for case.tab, home, place in (("Petir", True, PETIR), ("Petir 2026", True, PETIR), ("Petir", False, GONDRONG)):
        chosen = tab_for(case, tabs, home=home)
        assert chosen is not None and chosen.place == place


def test_in_its_own_tab_a_row_is_as_it_was_also_where_it_named_no_kelurahan() -> None:
    town = Town("Gondrong")
    town.tabs["Gondrong"][0].append(intake.KELURAHAN)
    yati = town.take_in()
    ticket = town.ticket(yati)
    town.delete(yati)
    town.sync()
    town.restore(ticket, yati)
    assert town.get(yati, intake.KELURAHAN) is None
    assert town.sync().events[-1].details == {}


def test_a_row_that_came_back_by_itself_is_noticed_by_its_ticket_or_its_content() -> None:
    town = Town()
    yati, amir = town.type(), town.type(name="Pak Amir", phone="081200001022")
    town.sync()
    ticket = town.ticket(yati)
    row = town.delete(yati)
    town.sync()
    case, known = town.gone()[ticket], fold(town.journal)

    def is_there() -> bool:
        return is_back(case, town.intake().rows, known)

    assert not is_there()
    town.tabs["Gondrong"].append(row)
    assert is_there()
    town.tabs["Gondrong"][-1] = [None, *row[1:]]
    assert is_there()
    town.tabs["Gondrong"][-1] = [town.ticket(amir), *row[1:]]
    assert not is_there(), "that is another case, which happens to say the same"
    town.tabs["Gondrong"][-1] = [ticket]
    assert not is_there(), "of the row only our own cells are left"


def test_a_case_that_is_closed_without_its_row_is_closed_without_a_solution_and_stays_gone() -> None:
    town, _, ticket = deleted()
    assert entry(town, ticket).lateness == "baris tidak ditemukan"
    town.close(ticket, "pelapor pindah")
    town.sync(days=1)
    case = town.gone()[ticket]
    assert (case.status, case.present, case.closed_at) == (Status.UNRESOLVED, False, TUESDAY)
    told = entry(town, ticket)
    assert (told.status, told.lateness, told.link, told.days_late) == (Status.UNRESOLVED, "", "", 0)
    (event,) = (event for event in town.journal if event.kind is EventKind.CLOSED)
    assert event.details["alasan"] == "pelapor pindah" and event.details["dari"] == "Baru"
    assert decode(encode(event)) == event  # type: ignore[arg-type]


def test_its_deadline_is_frozen_on_the_day_it_is_closed() -> None:
    town, _, ticket = deleted()
    due = clock(town.gone()[ticket], town).due
    town.close(ticket)
    assert fold(town.journal)[ticket].first_due == due
    # Nothing moves it, as nothing moves that of a case that was closed in its row.
    town.close(ticket)
    assert "tenggat" not in town.journal[-1].details
    # An awaited answer counts as a pause until then.
    town, _, ticket = deleted(status="Menunggu Pelapor")
    town.now += timedelta(days=4)
    town.close(ticket)
    assert fold(town.journal)[ticket].first_due == date(2026, 12, 4)


def test_a_closed_case_whose_row_comes_back_is_what_its_row_says() -> None:
    town, yati, ticket = deleted()
    town.close(ticket)
    due = fold(town.journal)[ticket].first_due
    town.now += timedelta(days=20)
    town.restore(ticket, yati)
    event, raised = town.sync().events
    assert event.kind is EventKind.BACK
    assert event.details == {"dari": "Ditutup Tanpa Solusi", "ke": "Baru"}
    assert raised.kind is EventKind.ESCALATED, "its clock runs again, and is long past the deadline"
    case = fold(town.journal)[ticket]
    assert (case.present, case.status, case.first_due) == (True, Status.NEW, due)
    assert "terlambat" in str(town.get(yati, intake.LATENESS))


def test_a_closed_case_whose_row_comes_back_closed_was_never_opened_again() -> None:
    town, yati, _ = ticketed()
    ticket, row = town.ticket(yati), town.delete(yati)
    town.sync()
    town.close(ticket)
    row[list(HEADINGS).index(intake.STATUS)] = "Ditutup Tanpa Solusi"
    town.tabs["Gondrong"].append(row)
    town.sync(days=3)
    case = fold(town.journal)[ticket]
    assert case.present and case.closed_at == TUESDAY
    assert [status for _, status in case.statuses] == [Status.NEW, Status.UNRESOLVED]


def test_a_misheard_ticket_is_told_from_what_is_no_ticket_and_the_nearest_known_one_is_named() -> None:
    assert is_misheard("RR-260504-0001-4") and is_misheard("rr 260504 0001 4")
    assert not any(map(is_misheard, ("RR-260504-0001-3", "260504", "Ibu Yati")))
    known = [str(Ticket(2026, "0504", number)) for number in range(1, 40)] + ["RR-260705-0001-0"]
    assert unknown("RR-260705-0001-1", known).particulars["mirip"] == "RR-260705-0001-0"
    assert unknown("RR-191305-8888-0", known).code == "kasus.asing"


def clock(case: Case, town: Town) -> Clock:
    examiner = Examiner(RULES, town.now.date())
    complaint = examiner.examine(case.content, GONDRONG, False)
    return examiner.clock(complaint, case.received, case.statuses, case.first_due)[0]
