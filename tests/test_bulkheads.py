"""What people click stops at the tab where they clicked it: its neighbours are served in the same cycle, and the tab is
named with the cure where people look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from automation.cases import examiner
from automation.model.cells import Area, Lock, Value
from automation.model.complaint import Complaint
from automation.reading.tabs import LISTS
from automation.sheets.google.refusals import Refusals
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.journal import JOURNAL
from automation.tables.kendali import REGISTER, REPAIRS, SOURCES
from automation.tables.table import Column
from tests.conftest import Say
from tests.google_city import City
from tests.sheets_server import server
from tests.sheets_server.answer import ApiError, InvalidRequest
from tests.sheets_server.batch import HANDLERS
from tests.sheets_server.fixtures import Google
from tests.sheets_server.masks import inner, wants
from tests.sheets_server.model import Book

#: A tab of one spreadsheet, its neighbour, and another spreadsheet.
ITSELF, NEIGHBOUR, OTHER = ("Cipondoh", "Gondrong"), ("Cipondoh", "Petir"), ("Karawaci", "Cimone")


@dataclass(frozen=True)
class Condition:
    """What somebody has protected without the robot: in which tab of Cipondoh, which part of it. `served`: who has
    tickets after the cycle besides the other spreadsheet; `said` stands in `Keadaan` of Sumber."""

    tab: str
    area: Mapping[str, int]
    served: frozenset[tuple[str, str]]
    said: str
    exit: int = 1
    more: Mapping[str, Any] | None = None


def below(*columns: Column) -> Mapping[str, int]:
    """Whole columns."""
    at = [INTAKE_COLUMNS.index(column) for column in columns]
    return {"startColumnIndex": min(at), "endColumnIndex": max(at) + 1}


CURE = "Data → Lindungi sheet dan rentang"
BOTH, ONE = frozenset({ITSELF, NEIGHBOUR}), frozenset({NEIGHBOUR})
FREE = {"unprotectedRanges": [{"sheetId": 0, "startRowIndex": HEAD + 1}]}
CONDITIONS = {
    "a tab": Condition("Gondrong", {}, ONE, CURE),
    "the column of tickets": Condition("Gondrong", below(intake.TICKET), ONE, "No. Tiket"),
    "one ticket cell": Condition("Gondrong", {**below(intake.TICKET), "startRowIndex": HEAD + 1}, ONE, "No. Tiket"),
    "the column of links": Condition("Gondrong", below(intake.KABARI), BOTH, "Kabari"),
    "the check": Condition("Gondrong", below(intake.CHECK), BOTH, "Pemeriksaan"),
    "a deadline": Condition("Gondrong", below(intake.DUE, intake.RESOLVED), BOTH, "Tenggat, Keterlambatan"),
    "people's columns": Condition("Gondrong", below(intake.NAME, intake.DESCRIPTION), BOTH, "Baik", 0),
    "the headings": Condition("Gondrong", {"endRowIndex": HEAD + 1}, BOTH, "Baik", 0),
    "a tab, but for its rows": Condition("Gondrong", {}, BOTH, "Baik", 0, FREE),
    "a tab, with a warning": Condition("Gondrong", {}, BOTH, "Baik", 0, {"warningOnly": True}),
    "the lists": Condition(LISTS, {}, BOTH, "Baik", 0),
    "the journal": Condition(JOURNAL, {}, frozenset(), CURE),
}


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """Two spreadsheets, prepared, with a complaint in each of three tabs."""
    city = City(google, tmp_path, "Cipondoh", "Karawaci")
    assert city.set_up() == 0
    for name, tab in (ITSELF, NEIGHBOUR, OTHER):
        city.type(name, tab, tab, name=f"Warga {tab}", category="Jalan & Drainase")
    return city


def protect(city: City, name: str, tab: str, area: Mapping[str, int], more: Mapping[str, Any] | None) -> None:
    person = city.spreadsheets[name]
    id = person.sheet(tab).id
    free = [{**one, "sheetId": id} for one in (more or {}).get("unprotectedRanges", ())]
    protected = {"range": {"sheetId": id, **area}, "editors": {"users": ["koordinator@example.org"]}, **(more or {})}
    person.book.protected[77] = protected | ({"unprotectedRanges": free} if free else {})


def served(city: City) -> set[tuple[str, str]]:
    """The tabs whose complaint has a ticket."""
    return {(name, tab) for name, tab in (ITSELF, NEIGHBOUR, OTHER) if city.tickets(name, tab)[tab]}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_what_is_protected_stops_nobody_else_and_is_named(city: City, say: Say, condition: Condition) -> None:
    protect(city, "Cipondoh", condition.tab, condition.area, condition.more)
    say()
    assert city.run("sync") == condition.exit
    assert served(city) == {OTHER} | condition.served
    assert condition.said in str(city.kendali.values(SOURCES)[1][4])
    assert (CURE in say()) == bool(condition.exit)
    city.server.requests.clear()
    assert city.run("sync") == condition.exit
    assert city.server.count("batchUpdate") == 0, "what is refused is not asked for again and again"
    del city.spreadsheets["Cipondoh"].book.protected[77]
    assert city.run("sync") == 0
    assert served(city) == {ITSELF, NEIGHBOUR, OTHER}


def test_a_protected_register_stops_no_ticket_and_is_said(city: City, say: Say) -> None:
    id = city.kendali.sheet(REGISTER).id
    city.kendali.book.protected[77] = {"range": {"sheetId": id}, "editors": {"users": ["koordinator@example.org"]}}
    say()
    assert city.run("sync") == 1
    assert served(city) == {ITSELF, NEIGHBOUR, OTHER}
    assert "tab Rekap: dikunci untuk program" in say()
    del city.kendali.book.protected[77]
    assert city.run("sync") == 0 and len(city.kendali.values(REGISTER)) == 4


def test_what_google_refuses_for_a_reason_that_we_do_not_know_costs_its_column(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typed column of a table, say: the request is named, the rest is written in the same cycle."""
    real, sheet = HANDLERS["updateCells"], city.spreadsheets["Cipondoh"].sheet("Gondrong").id
    kabari = INTAKE_COLUMNS.index(intake.KABARI)

    def picky(book: Book, body: Mapping[str, Any]) -> Any:
        start = body["start"]
        width = max(len(row["values"]) for row in body["rows"])
        if start.get("sheetId") == sheet and start["columnIndex"] <= kabari < start["columnIndex"] + width:
            raise InvalidRequest("This column of the table holds only ratings.")
        return real(book, body)

    monkeypatch.setitem(HANDLERS, "updateCells", picky)
    assert city.run("sync") == 1
    assert served(city) == {ITSELF, NEIGHBOUR, OTHER}
    assert "Kabari" in str(city.kendali.values(SOURCES)[1][4])


def test_a_refusal_is_believed_for_an_hour() -> None:
    now = [0.0]
    refusals, lock = Refusals(lambda: now[0]), ("7", Lock(Area()))
    refusals.note("a", lock)
    now[0] = 3599.0
    assert refusals.of("a") == [lock] and refusals.of("b") == []
    now[0] = 3600.0
    assert refusals.of("a") == []


def test_a_tab_that_is_gone_is_named_until_its_cases_are_back_or_closed(city: City, say: Say) -> None:
    assert city.run("sync") == 0
    person = city.spreadsheets["Cipondoh"]
    kept = person.book.copy()
    person.delete_tab("Gondrong")
    for _ in range(2):
        say()
        assert city.run("sync") == 1, "a running case is unread"
        assert "tab Gondrong tidak ada lagi, padahal 1 laporannya" in say()
        assert "histori versi" in str(city.kendali.values(SOURCES)[1][4]).casefold()
    person.book.become(kept)
    assert city.run("sync") == 0


def test_a_spreadsheet_that_is_listed_no_more_is_told_by_the_exit_code(city: City) -> None:
    assert city.run("sync") == 0
    row = city.kendali.values(SOURCES)[2]
    for column in range(2):
        city.kendali.set(SOURCES, 2, column, None)
    assert city.run("sync") == 1
    for column in range(2):
        city.kendali.set(SOURCES, 2, column, row[column])
    assert city.run("sync") == 0


@pytest.mark.parametrize("known", [False, True], ids=["new", "with its ticket"])
def test_a_row_at_which_our_own_code_fails_waits_alone(
    city: City, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if known:
        assert city.run("sync") == 0
    before = city.tickets(*ITSELF)
    row = city.spreadsheets["Cipondoh"].values("Gondrong")[HEAD + 1]
    real = examiner.examine

    def failing(people: tuple[Value, ...], *more: Any) -> Complaint:
        if "Warga Gondrong" in people:
            raise ZeroDivisionError
        return real(people, *more)

    with monkeypatch.context() as patch:
        patch.setattr(examiner, "examine", failing)
        city.type(*NEIGHBOUR, "amir", name="Pak Amir", phone="081200001022", category="Jalan & Drainase")
        assert city.run("sync") == 0
        assert city.tickets(*ITSELF) == before and all(city.tickets(*NEIGHBOUR).values())
        after = city.spreadsheets["Cipondoh"].values("Gondrong")[HEAD + 1]
        assert "belum bisa diproses" in str(after[1]) and [*after[:1], *after[2:]] == [*row[:1], *row[2:]]
        assert any("belum bisa diproses" in str(one) for one in city.kendali.values(REPAIRS))
    assert city.run("sync") == 0
    after = city.spreadsheets["Cipondoh"].values("Gondrong")[HEAD + 1]
    assert city.tickets(*ITSELF)["Gondrong"] and "belum bisa" not in str(after[1])


def test_a_persons_cell_that_a_dying_program_has_written_over_is_given_back_by_the_next_one(
    city: City, say: Say
) -> None:
    """A column is moved to the left just before the write, and from then on the network is gone."""
    person = city.spreadsheets["Cipondoh"]

    def move_a_column() -> None:
        person.insert_column("Gondrong", 0)
        person.set("Gondrong", HEAD, 0, "Catatan kader")
        for row in range(2):
            person.set("Gondrong", HEAD + 1 + row, 0, "penting")

    city.server.before("batchUpdate", move_a_column)
    city.server.fail(when="after", kind="batchUpdate", drop=True)
    city.server.before("batchUpdate", lambda: city.server.fail(times=1000, drop=True))
    assert city.run("sync") == 1
    assert str(person.values("Gondrong")[HEAD + 1][0]).startswith("RR-"), "it was written over"
    (noted,) = city.credentials.parent.glob(".utang-*")
    assert noted.stat().st_mode & 0o777 == 0o600 and "RR-" not in noted.read_text("utf-8")
    noted.rename(noted.with_name(noted.name.rpartition("-")[0] + "-99999999"))  # that process is no more
    city.server.faults.clear()
    say()
    assert city.run("sync") == 1
    assert "Gondrong!A4" in say()
    rows = person.values("Gondrong")
    assert [row[0] for row in rows[HEAD + 1 : HEAD + 3]] == [None, "penting"]
    assert city.tickets(*ITSELF)["Gondrong"] and served(city) == {ITSELF, NEIGHBOUR, OTHER}
    assert city.run("sync") == 0 and not [*city.credentials.parent.glob(".utang-*")]


def test_a_look_that_google_refuses_costs_itself_and_is_said(
    city: City, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typed column of a table refuses its list; every other list, note and colour is given all the same."""
    person = city.spreadsheets["Cipondoh"]
    real, sheet = HANDLERS["setDataValidation"], person.sheet("Gondrong").id
    status = INTAKE_COLUMNS.index(intake.STATUS)

    def picky(book: Book, body: Mapping[str, Any]) -> Any:
        grid = body["range"]
        if grid.get("sheetId") == sheet and grid.get("startColumnIndex", 0) <= status < grid["endColumnIndex"]:
            raise InvalidRequest("This column is typed.")
        return real(book, body)

    tabs = ("Gondrong", "Petir")
    for tab in tabs:
        rows = person.sheet(tab).rows
        rows[:] = [tuple(replace(cell, extra={}) for cell in row) for row in rows]
    monkeypatch.setitem(HANDLERS, "setDataValidation", picky)
    say()
    assert city.run("setup") == 1
    assert "1 hal pada tampilannya ditolak" in say()
    first = {tab: person.sheet(tab).rows[HEAD + 1] for tab in tabs}
    listed = {tab: ["dataValidation" in cell.extra for cell in row] for tab, row in first.items()}
    assert listed["Petir"][status] and not listed["Gondrong"][status]
    assert sum(listed["Petir"]) == sum(listed["Gondrong"]) + 1
    monkeypatch.setitem(HANDLERS, "setDataValidation", real)
    assert city.run("setup") == 0
    assert "dataValidation" in person.sheet("Gondrong").rows[HEAD + 1][status].extra


@pytest.mark.parametrize("tab", ["Gondrong", JOURNAL])
def test_a_tab_that_google_can_not_read_waits_and_its_neighbours_do_not(
    city: City, say: Say, monkeypatch: pytest.MonkeyPatch, tab: str
) -> None:
    assert city.run("sync") == 0
    tickets = city.tickets(*ITSELF)
    real, book = server.spreadsheet_json, city.spreadsheets["Cipondoh"].book

    def huge(of: Book, mask: Any, blocks: Any, **more: Any) -> Any:
        asked = [block.sheet.title for block in blocks] or [sheet.title for sheet in of.sheets]
        if of is book and tab in asked and wants(inner(mask, "sheets"), "data"):
            raise ApiError(500)
        return real(of, mask, blocks, **more)

    city.type(*NEIGHBOUR, "amir", name="Pak Amir", phone="081200001022", category="Jalan & Drainase")
    with monkeypatch.context() as patch:
        patch.setattr(server, "spreadsheet_json", huge)
        say()
        assert city.run("sync") == 1
        assert f"tab {tab}: Google tidak bisa membacanya" in say()
        assert bool(city.tickets(*NEIGHBOUR)["amir"]) == (tab != JOURNAL), "without its journal nothing can be told"
    assert city.tickets(*ITSELF) == tickets
    assert city.run("sync") == 0 and all(city.tickets(*NEIGHBOUR).values())
    kinds = [row[3] for row in city.spreadsheets["Cipondoh"].values(JOURNAL)[1:]]
    assert kinds == ["Diterbitkan"] * 3, "nobody took its rows for gone"
