"""What the program relies on of Google is tried out before tickets are issued there, and a trial leaves no trace."""

import json
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from automation.cases.events import EventKind
from automation.cli.compose import compose, jakarta_now
from automation.model.cells import Value
from automation.sheets.google import assumptions
from automation.sheets.google.client import GoogleWorkbook, connect
from automation.sheets.port import Changes
from automation.sheets.prepare import INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.kendali import JOURNAL, SOURCES
from automation.trouble import WorkbookError
from tests.conftest import Say
from tests.google_city import City, link
from tests.local_city import GOOD_ROW, LocalCity
from tests.operator_desk import start
from tests.sheets_server import batch, cells, resource, server as sheets_server
from tests.sheets_server.answer import ApiError
from tests.sheets_server.batch import HANDLERS
from tests.sheets_server.fixtures import Google
from tests.sheets_server.model import Book, Cell
from tests.sheets_server.people import Person
from tests.sheets_server.ranges import Block
from tests.town import WORDS
from tests.xlsx_person import delete_rows

pytestmark = pytest.mark.sampled(6, tests=8)

TITLE = WORDS.say("uji.nama-tab")
Body = Mapping[str, Any]


@pytest.fixture
def person(google: Google) -> Person:
    """A spreadsheet in which a robot has been at work."""
    person = google.spreadsheet("Kecamatan Benda", {"Pajang": [["No. Tiket", "Nama"], [None, "Ani"]], JOURNAL: [["a"]]})
    workbook = connect(google.key).open(person.book.id)
    workbook.commit(Changes(appends={JOURNAL: [["b"]]}), workbook.read())
    return person


def workbook_of(google: Google, person: Person) -> GoogleWorkbook:
    return connect(google.key).open(person.book.id)


def whole(book: Book) -> object:
    return [(sheet.properties, sheet.rows) for sheet in book.copy().sheets], dict(book.named), dict(book.protected)


def found(google: Google, person: Person) -> dict[str, bool | None]:
    """What a trial finds of each assumption; the spreadsheet is afterwards as it was."""
    before = whole(person.book)
    proofs = workbook_of(google, person).assumptions.try_out(TITLE)
    assert [proof.code for proof in proofs] == list(assumptions.ALL)
    assert whole(person.book) == before
    return {proof.code: proof.holds for proof in proofs}


def test_all_holds_on_a_google_that_keeps_to_its_documentation(google: Google, person: Person) -> None:
    assert found(google, person) == dict.fromkeys(assumptions.ALL, True)


def observed(google: Google, person: Person) -> dict[str, bool | None]:
    """What is only looked at; the spreadsheet is afterwards as it was."""
    before = whole(person.book)
    proofs, _ = workbook_of(google, person).assumptions.observe(TITLE)
    assert whole(person.book) == before
    return {proof.code.removeprefix("uji."): proof.holds for proof in proofs}


OBSERVED = ("sel-kosong", "penanda-baris", "titik-koma", "tabel", "kunci", "rumus-menjalar", "bahasa", "penanda-asing")


def test_what_is_only_observed_is_as_we_think(google: Google, person: Person) -> None:
    assert observed(google, person) == dict.fromkeys(OBSERVED, True)


@pytest.mark.parametrize("name", OBSERVED)
def test_what_is_otherwise_is_seen_and_holds_up_nothing(
    google: Google, person: Person, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(book: Book, body: Body) -> None:
        raise ApiError(400, "This column holds numbers.")

    real, delete = resource.spreadsheet_json, HANDLERS["deleteNamedRange"]
    known: Handle = lambda book, body: delete(book, body) if body["namedRangeId"] in book.named else {}
    otherwise: dict[str, Callable[[], None]] = {
        "sel-kosong": lambda: monkeypatch.setitem(HANDLERS, "repeatCell", lambda book, body: _filled(book)),
        "penanda-baris": lambda: monkeypatch.setitem(HANDLERS, "sortRange", lambda book, body: {}),
        "titik-koma": lambda: monkeypatch.setitem(HANDLERS, "addConditionalFormatRule", refuse),
        "tabel": lambda: monkeypatch.setitem(HANDLERS, "addTable", refuse),
        "kunci": lambda: monkeypatch.setattr(resource, "is_against", lambda *_: True),
        "rumus-menjalar": lambda: monkeypatch.setattr(cells, "shown_below", lambda formula: ()),
        "bahasa": lambda: monkeypatch.setattr(
            sheets_server, "spreadsheet_json", lambda *a, **k: {**real(*a, **k), "properties": {"title": "x"}}
        ),
        "penanda-asing": lambda: monkeypatch.setitem(HANDLERS, "deleteNamedRange", known),
    }
    otherwise[name]()
    assert [code for code, holds in observed(google, person).items() if not holds] == [name]


def _filled(book: Book) -> dict[str, Any]:
    book.sheets[-1].put(40, 0, Cell(0.0))
    return {}


def test_check_writes_what_was_asked_and_answered_without_names(google: Google, tmp_path: Path, say: Say) -> None:
    city = City.prepared(google, tmp_path, "Cipondoh")
    city.kendali.rename("Kendali Bu Ratna")
    say()
    assert city.run("check", "--report", str(tmp_path / "uji.json")) == 0
    assert "bekerja seperti yang diandalkan" in say()
    written = (tmp_path / "uji.json").read_text("utf-8")
    report = json.loads(written)
    assert len(report["proofs"]) == len(assumptions.ALL) + len(OBSERVED)
    assert [one for one in report["proofs"] if not one["holds"]] == []
    assert [one["code"] for one in report["transcript"]] == [f"uji.{name}" for name in OBSERVED]
    assert report["transcript"][1]["seen"]["sheets"], "what was answered"
    for private in ("Ratna", city.kendali.book.id, "Kendali", "iam.gserviceaccount"):
        assert private not in written


# A Google that behaves otherwise: exactly that is noticed -----------------------------------------------------------


#: What a Google does otherwise, by the name of what it shows.
Break = Callable[[pytest.MonkeyPatch, Google, Person], None]
Handle = Callable[[Book, Body], Any]


def handled(kind: str, otherwise: Callable[[Handle, Book, Body], Any]) -> Break:
    """Requests of one kind are handled otherwise."""

    def broken(patch: pytest.MonkeyPatch, google: Google, person: Person) -> None:
        real = HANDLERS[kind]
        patch.setitem(HANDLERS, kind, lambda book, body: otherwise(real, book, body))

    return broken


def entering(otherwise: Callable[[Body], Body]) -> Break:
    """Values are entered otherwise."""

    def broken(patch: pytest.MonkeyPatch, google: Google, person: Person) -> None:
        real = cells.entered
        patch.setattr(cells, "entered", lambda cell, value: real(cell, otherwise(value)))

    return broken


Batch = Callable[[Book, Sequence[Body]], Any]


def batched(otherwise: Callable[[Batch, Book, Sequence[Body], Person], Any]) -> Break:
    """Whole batches are applied otherwise."""

    def broken(patch: pytest.MonkeyPatch, google: Google, person: Person) -> None:
        real = batch.apply_batch

        def apply(book: Book, requests: Sequence[Body], account: str, owner: str) -> Any:
            return otherwise(lambda book, some: real(book, some, account, owner), book, requests, person)

        patch.setattr(sheets_server, "apply_batch", apply)

    return broken


def without_id(real: Handle, book: Book, body: Body) -> Any:
    wanted = {name: value for name, value in body["namedRange"].items() if name != "namedRangeId"}
    return real(book, {"namedRange": wanted})


def own_tab_id(real: Handle, book: Book, body: Body) -> Any:
    return real(book, {"properties": {**body["properties"], "sheetId": 4711}})


def take_over(real: Handle, book: Book, body: Body) -> Any:
    book.named.pop(body["namedRange"]["namedRangeId"], None)
    return real(book, body)


def in_other_words(real: Handle, book: Book, body: Body) -> Any:
    if body["namedRange"]["namedRangeId"] in book.named:
        raise ApiError(400, "This id is taken.")
    return real(book, body)


def lenient(real: Handle, book: Book, body: Body) -> Any:
    id = body.get("namedRangeId") or body["namedRange"]["namedRangeId"]
    return real(book, body) if id in book.named else None


def ids_that_are_gone_are_passed_over(patch: pytest.MonkeyPatch, google: Google, person: Person) -> None:
    for kind in ("updateNamedRange", "deleteNamedRange"):
        handled(kind, lenient)(patch, google, person)


def in_the_first_gap(real: Handle, book: Book, body: Body) -> None:
    sheet = book.by_id(body["sheetId"])
    assert sheet is not None
    gap = [*(any(cell.holds_data for cell in row) for row in sheet.rows), False].index(False)
    start = {"sheetId": sheet.id, "rowIndex": gap}
    cells.update_cells(book, {"start": start, "rows": body["rows"], "fields": body["fields"]})


def answers_show_what_was_there_before(patch: pytest.MonkeyPatch, google: Google, person: Person) -> None:
    real = sheets_server.spreadsheet_json

    def shown(book: Book, mask: Any, blocks: Sequence[Block], **how: Any) -> Any:
        stands = person.book
        sheets = [stands.by_id(block.sheet.id) or block.sheet for block in blocks]
        return real(stands, mask, [replace(b, sheet=sheet) for b, sheet in zip(blocks, sheets, strict=True)], **how)

    patch.setattr(sheets_server, "spreadsheet_json", shown)


def appends(requests: Sequence[Body]) -> bool:
    return any("appendCells" in request for request in requests)


def past_the_fence(real: Batch, book: Book, requests: Sequence[Body], person: Person) -> Any:
    if not appends(requests):
        return real(book, requests)
    for request in requests:
        try:
            real(book, [request])
        except ApiError:
            assert "NamedRange" in str(request)
    return []


def refused_and_applied(real: Batch, book: Book, requests: Sequence[Body], person: Person) -> Any:
    try:
        return real(book, requests)
    except ApiError:
        if appends(requests):
            real(book, [request for request in requests if "NamedRange" not in str(request)])
            person.book.become(book)
        raise


def up_to_what_is_refused(real: Batch, book: Book, requests: Sequence[Body], person: Person) -> Any:
    try:
        return [real(book, [request]) for request in requests]
    except ApiError:
        person.book.become(book)
        raise


def links_lead_to_another_spelling(patch: pytest.MonkeyPatch, google: Google, person: Person) -> None:
    real = resource.hyperlink
    patch.setattr(resource, "hyperlink", lambda cell: real(cell).replace("%20", "+"))


def links_outlive_their_text(patch: pytest.MonkeyPatch, google: Google, person: Person) -> None:
    real = cells._merged

    def merged(old: Body, new: Body, mask: Any) -> Any:
        kept = old.get("textFormat", {}).get("link")
        return {**real(old, new, mask), "textFormat": {"link": kept}} if kept else real(old, new, mask)

    patch.setattr(cells, "_merged", merged)


FORMULAS_RUN = entering(
    lambda value: {"numberValue": 2} if str(value.get("stringValue", "")).startswith("=") else value
)
SINCE_1904 = entering(lambda value: {k: v - 1462 if k == "numberValue" else v for k, v in value.items()})
TAKEN_OVER = handled("addNamedRange", take_over)
IN_OTHER_WORDS = handled("addNamedRange", in_other_words)
OTHERWISE: dict[str, tuple[Break, str]] = {
    "text is run as a formula": (FORMULAS_RUN, assumptions.CELLS),
    "dates count from 1904": (SINCE_1904, assumptions.CELLS),
    "answers show what was there before": (answers_show_what_was_there_before, assumptions.READ_BACK),
    "rows are added in the first gap": (handled("appendCells", in_the_first_gap), assumptions.BELOW),
    "batches that append pass the fence": (batched(past_the_fence), assumptions.SECOND),
    "late batches are refused and applied all the same": (batched(refused_and_applied), assumptions.SECOND),
    "an id in use is taken over": (TAKEN_OVER, assumptions.USED_ID),
    "an id in use is refused in other words": (IN_OTHER_WORDS, assumptions.USED_ID),
    "ids that are gone are passed over": (ids_that_are_gone_are_passed_over, assumptions.LOST_ID),
    "batches are applied up to what is refused": (batched(up_to_what_is_refused), assumptions.WHOLE),
    "links lead to another spelling": (links_lead_to_another_spelling, assumptions.LINKS),
    "links in a format are passed over": (
        lambda patch, *_: patch.setattr(resource, "hyperlink", lambda _: ""),
        assumptions.LINKS,
    ),
    "links outlive their text": (links_outlive_their_text, assumptions.LINKS),
}


@pytest.mark.parametrize(("otherwise", "failing"), OTHERWISE.values(), ids=OTHERWISE)
def test_a_google_that_behaves_otherwise_is_noticed_by_exactly_that(
    google: Google, person: Person, monkeypatch: pytest.MonkeyPatch, otherwise: Break, failing: str
) -> None:
    otherwise(monkeypatch, google, person)
    assert found(google, person) == {**dict.fromkeys(assumptions.ALL, True), failing: False}
    if otherwise is IN_OTHER_WORDS:  # which are told
        proofs = {proof.code: proof for proof in workbook_of(google, person).assumptions.try_out(TITLE)}
        assert "This id is taken." in proofs[assumptions.USED_ID].cause


@pytest.mark.parametrize(("kind", "otherwise"), [("addNamedRange", without_id), ("addSheet", own_tab_id)])
def test_without_ids_of_our_own_nothing_else_can_be_tried(
    google: Google, person: Person, monkeypatch: pytest.MonkeyPatch, kind: str, otherwise: Any
) -> None:
    handled(kind, otherwise)(monkeypatch, google, person)
    assert found(google, person) == {**dict.fromkeys(assumptions.ALL, None), assumptions.OWN_IDS: False}


# Beside people and robots -------------------------------------------------------------------------------------------


def test_a_tab_that_people_called_the_same_is_left_alone_and_said(google: Google, person: Person) -> None:
    person.add_tab(TITLE, [["milik orang"]])
    before = whole(person.book)
    with pytest.raises(WorkbookError, match="tab-keliru"):
        workbook_of(google, person).assumptions.try_out(TITLE)
    assert whole(person.book) == before


def test_a_trial_and_robots_do_not_disturb_each_other_and_somebody_else_may_be_quicker_to_sweep_up(
    google: Google, person: Person
) -> None:
    robot, before = workbook_of(google, person), whole(person.book)
    seen = robot.read()
    left = {"namedRangeId": "robot_uji_3", "name": "robot_uji_3", "range": {"sheetId": 0}}
    person.book.named["robot_uji_3"] = left
    google.server.before("batchUpdate", lambda: person.book.named.pop("robot_uji_3"))
    assert all(proof.holds for proof in workbook_of(google, person).assumptions.try_out(TITLE))
    assert whole(person.book) == before
    after = robot.commit(Changes(appends={JOURNAL: [["c"]]}), seen)
    assert after.tab(JOURNAL) == robot.read().tab(JOURNAL)


@pytest.mark.parametrize("how", [{"status": 429}, {"drop": True}])
@pytest.mark.parametrize("after", range(1, 7))
def test_a_google_that_goes_away_says_nothing_about_an_assumption(
    google: Google, person: Person, after: int, how: dict[str, Any]
) -> None:
    before = whole(person.book)
    workbook = workbook_of(google, person)

    def go_away() -> None:
        google.server.fail(kind="batchUpdate", times=7 if "status" in how else 4, **how)

    for number in range(after):
        google.server.before("batchUpdate", go_away if number == after - 1 else lambda: None)
    with pytest.raises(WorkbookError, match=r"google\.(kuota|tak-terjangkau)"):
        workbook.assumptions.try_out(TITLE)
    assert whole(person.book) == before


# The command, and what waits for it ---------------------------------------------------------------------------------


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """Benda, prepared, with one complaint."""
    city = City.prepared(google, tmp_path, "Benda")
    complain(city, "yati")
    city.server.requests.clear()
    return city


def complain(city: City, identity: str, name: str = "Ibu Yati", phone: str = "081200001021") -> None:
    city.type("Benda", "Pajang", identity, category="Jalan & Drainase", name=name, phone=phone)


def records(city: City, kind: EventKind = EventKind.PROVEN) -> list[list[Value]]:
    return [row for row in city.kendali.values(JOURNAL) if len(row) > 4 and row[4] == kind.value]


def forget(city: City, kind: EventKind = EventKind.PROVEN) -> None:
    """Kendali as it was before any trial, or any lane was given."""
    rows = city.kendali.values(JOURNAL)
    for number in reversed(range(len(rows))):
        if rows[number] in records(city, kind):
            city.kendali.delete_row(JOURNAL, number)
    assert not records(city, kind)


def test_setup_tries_it_out_once_and_never_again(city: City, say: Say) -> None:
    ((source, number, _, _, kind, details),) = records(city)
    assert (source, number, kind) == (city.kendali.book.id, 0, "Layanan Terbukti")
    assert json.loads(str(details))["versi"] == assumptions.VERSION
    say()
    assert city.run("setup") == 0
    # What it holds, and what it looks like.
    assert city.requests(city.kendali) == {"files.get": 1, "get": 2}
    assert city.requests(city.spreadsheets["Benda"]) == {"files.get": 1, "get": 2}
    assert "Uji Google" not in say()
    forget(city)
    assert city.run("setup") == 0
    assert "Google bekerja seperti yang diandalkan" in say()
    assert len(records(city)) == 1


@pytest.mark.parametrize("kind", [EventKind.PROVEN, EventKind.LANE], ids=["it is tried out", "lanes are given"])
def test_what_setup_has_prepared_is_told_though_google_goes_away_while(city: City, say: Say, kind: EventKind) -> None:
    forget(city, kind)
    say()
    city.server.fail(kind="batchUpdate", drop=True, times=4)
    assert city.run("setup") == 1
    said = say()
    assert "Kecamatan Benda: tidak ada yang ditambahkan" in said and "“Kendali”" in said and "terjangkau" in said, said


def test_a_cycle_tries_out_what_kendali_has_forgotten_and_nobody_waits(city: City) -> None:
    assert city.run("sync") == 0
    forget(city)
    complain(city, "amir", name="Pak Amir", phone="081200001022")
    assert city.run("sync") == 0
    assert len(records(city)) == 1 and city.tickets("Benda", "Pajang")["amir"].startswith("RR-")
    city.server.requests.clear()
    assert city.run("sync") == 0
    assert city.server.count("batchUpdate") == 0, "nothing is left to do"


def test_no_new_ticket_is_issued_on_google_until_it_was_tried_out_and_all_else_goes_on(
    city: City, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert city.run("sync") == 0
    before = city.tickets("Benda", "Pajang")
    forget(city)
    with monkeypatch.context() as failing:
        TAKEN_OVER(failing, city.google, city.kendali)
        assert city.run("sync") == 0
    monkeypatch.setattr("automation.cycle.sync.make_sure", lambda *_: None)  # as on the same day
    complain(city, "amir", name="Pak Amir", phone="081200001022")
    complain(city, "salah", name="Bu Sri", phone="12")
    person = city.spreadsheets["Benda"]
    status = person.values("Pajang")[HEAD].index(intake.STATUS)
    person.set("Pajang", HEAD + 1, status, "Menunggu Pelapor")
    city.server.requests.clear()
    say()
    assert city.run("sync") == 1
    assert city.requests(person) == {"files.get": 1, "get": 1, "batchUpdate": 1}
    # What is known of Rekap is read again before something in it changes.
    assert city.requests(city.kendali) == {"files.get": 1, "get": 2, "batchUpdate": 1}
    said = say()
    assert "Google belum diuji" in said and "python -m automation check" in said
    assert "0 baru, 1 seluruhnya" in said
    assert city.tickets("Benda", "Pajang") == {**before, "amir": "", "salah": ""}
    checks = [str(row[1]) for row in person.values("Pajang")[HEAD + 2 :]]
    assert "Nomor tiket menyusul" in checks[0]
    assert "Telepon" in checks[1]
    assert [row[3] for row in person.values(JOURNAL)[1:]] == ["Diterbitkan", "Status"]
    assert "python -m automation check" in str(city.kendali.values(SOURCES)[1][4])

    assert city.run("sync") == 1
    assert city.server.count("batchUpdate") == 0, "nothing is left to do"
    assert city.run("check") == 0
    assert city.run("sync") == 0
    tickets = city.tickets("Benda", "Pajang")
    assert tickets["yati"] == before["yati"]
    assert tickets["amir"].startswith("RR-")
    assert city.kendali.values(SOURCES)[1][4] == "Baik"


def test_check_tells_each_assumption_and_records_that_all_hold(city: City, say: Say) -> None:
    forget(city)
    city.server.requests.clear()
    assert city.run("sync", "--dry-run") == 1
    assert "python -m automation check" in say() and city.server.count("batchUpdate") == 0
    assert city.run("check") == 0
    said = say()
    assert f"{len(assumptions.ALL)} hal" in said
    assert len(records(city)) == 1
    assert city.run("check") == 0
    assert len(records(city)) == 1, "once is enough"


def test_a_google_that_fails_gets_no_tickets_and_it_is_said_what_to_do(
    city: City, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(city)
    TAKEN_OVER(monkeypatch, city.google, city.kendali)
    for command in ("check", "setup"):
        say()
        assert city.run(command) == 1
        said = say()
        assert f"  GAGAL  {WORDS.say(assumptions.USED_ID)}" in said
        assert "jangan pakai program ini di Google" in said and "ruang-rakyat.log" in said
        assert "Hasil ini dicatat" not in said
    assert not records(city)
    assert city.run("sync") == 1
    assert city.tickets("Benda", "Pajang") == {"yati": ""}
    log = (city.credentials.parent / "ruang-rakyat.log").read_text("utf-8")
    assert f"assumption {assumptions.USED_ID} fails" in log


def test_other_assumptions_are_tried_out_anew(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assumptions, "VERSION", assumptions.VERSION + 1)
    with monkeypatch.context() as failing:
        TAKEN_OVER(failing, city.google, city.kendali)
        assert city.run("sync") == 1
    assert city.tickets("Benda", "Pajang") == {"yati": ""}
    assert city.run("sync") == 0
    assert city.tickets("Benda", "Pajang")["yati"].startswith("RR-")
    assert len(records(city)) == 2


def test_a_damaged_record_is_none(city: City) -> None:
    rows = city.kendali.values(JOURNAL)
    city.kendali.set(JOURNAL, rows.index(records(city)[0]), 5, '{"versi":[1]}')
    assert city.run("sync") == 0
    assert len(records(city)) == 2, "it was tried out anew"


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills in other ways")
def test_what_a_killed_trial_left_behind_is_swept_up_by_the_next(city: City) -> None:
    forget(city)
    process = start("--credentials", str(city.credentials), "check")
    for act in (lambda: None, lambda: None, process.kill):
        city.server.before("batchUpdate", act)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    (left,) = [sheet for sheet in city.kendali.book.sheets if sheet.title == TITLE]
    assert left.properties["hidden"]
    assert any(name.startswith("robot_uji_") for name in city.kendali.book.named)
    assert city.run("sync") == 0, "what is left disturbs nobody"
    assert TITLE not in [sheet.title for sheet in city.kendali.book.sheets]
    assert not any(name.startswith("robot_uji_") for name in city.kendali.book.named)
    assert city.run("sync") == 0


@pytest.mark.long
def test_robots_at_work_and_a_trial_do_not_disturb_each_other(city: City) -> None:
    forget(city)
    robot = compose(city.credentials, WORDS)
    for number in range(7):

        def work(number: int = number) -> None:
            complain(city, f"warga {number}", name=f"Warga {number}", phone=f"08120000{number:04}")
            robot.syncer.sync(jakarta_now())

        city.server.before("batchUpdate", work)
        city.server.before("batchUpdate", lambda: None)  # the robot's own
        city.server.before("batchUpdate", lambda: None)
    assert city.run("check") == 0
    assert len(records(city)) == 1
    assert city.run("sync") == 0
    tickets = city.tickets("Benda", "Pajang")
    assert len(set(tickets.values())) == len(tickets) and "" not in tickets.values()


def test_two_trials_at_once_leave_no_trace(city: City) -> None:
    forget(city)
    city.server.before("batchUpdate", lambda: None)
    city.server.before("batchUpdate", lambda: city.run("check"))
    city.run("check")
    assert TITLE not in [sheet.title for sheet in city.kendali.book.sheets]
    assert not any(name.startswith("robot_uji_") for name in city.kendali.book.named)
    assert len(records(city)) == 1


# Where nothing, or only a part, is on Google ------------------------------------------------------------------------


def test_where_nothing_is_on_google_there_is_nothing_to_try(tmp_path: Path, say: Say) -> None:
    local = LocalCity.lay_out(tmp_path, {"Cipondoh": ["Gondrong"]})
    before = local.files()
    say()
    assert local.run("check") == 0
    assert "Tidak ada yang perlu diuji" in say()
    assert local.files() == before


@pytest.fixture
def mixed(google: Google, tmp_path: Path) -> tuple[LocalCity, Person]:
    """A local Kendali, a local spreadsheet and one on Google, each with a complaint; Google was not tried out."""
    local = LocalCity.lay_out(tmp_path, {"Cipondoh": ["Gondrong"]}, google=google.key)
    person = google.spreadsheet("Kecamatan Karawaci", {})
    local.put("Kendali", SOURCES, {(2, 0): "Kecamatan Karawaci", (2, 1): link(person)})
    local.type("Cipondoh", "Gondrong", {"Catatan": "lokal"})
    return local, person


def test_a_local_kendali_keeps_the_record_of_a_trial_in_the_first_spreadsheet_on_google(
    mixed: tuple[LocalCity, Person], say: Say
) -> None:
    local, person = mixed
    assert local.run("setup") == 0
    assert "Uji Google di “Kecamatan Karawaci”" in say()
    (row,) = [row for row in local.journal("Kendali") if row[4] == "Layanan Terbukti"]
    assert row[0] == person.book.id
    assert TITLE not in [sheet.title for sheet in person.book.sheets]
    assert local.run("setup") == 0
    assert "Uji Google" not in say()


def test_one_spreadsheet_that_cannot_be_opened_keeps_no_other_from_its_tickets(
    mixed: tuple[LocalCity, Person], google: Google
) -> None:
    local, person = mixed
    other = google.spreadsheet("Kecamatan Cipondoh", {})
    local.put("Kendali", SOURCES, {(3, 0): "Kecamatan Cipondoh", (3, 1): link(other)})
    assert local.run("setup") == 0
    tried = next(at for at, row in enumerate(local.rows("Kendali", JOURNAL)) if "Layanan Terbukti" in row)
    local.edit("Kendali", lambda book: delete_rows(book[JOURNAL], tried))
    google.server.drive.files[person.book.id].writers.clear()
    head = other.values("Petir")[HEAD]
    for heading, value in {**GOOD_ROW, intake.NAME: "Bu Sri", intake.PHONE: "081200001099"}.items():
        other.set("Petir", HEAD + 1, head.index(heading), value)
    assert local.run("sync") == 1
    assert str(other.values("Petir")[HEAD + 1][0]).startswith("RR-")


def test_local_workbooks_get_their_tickets_whatever_google_does(
    mixed: tuple[LocalCity, Person], monkeypatch: pytest.MonkeyPatch, google: Google
) -> None:
    local, person = mixed
    ids_that_are_gone_are_passed_over(monkeypatch, google, person)
    assert local.run("setup") == 1
    head = person.values("Cimone")[HEAD]
    for heading, value in {**GOOD_ROW, intake.NAME: "Bu Sri", intake.PHONE: "081200001099"}.items():
        person.set("Cimone", HEAD + 1, head.index(heading), value)
    assert local.run("sync") == 1
    assert local.tickets("Cipondoh")["lokal"].startswith("RR-")
    assert "menyusul" in str(person.values("Cimone")[HEAD + 1][1])


def test_a_spreadsheet_that_nobody_shared_is_said_instead_of_that_there_is_none(
    mixed: tuple[LocalCity, Person], google: Google, capsys: pytest.CaptureFixture[str]
) -> None:
    local, person = mixed
    google.server.drive.files[person.book.id].writers.clear()
    assert local.run("check") == 1
    assert "Bagikan kepada" in "".join(capsys.readouterr())
    folder = google.server.folder("Laporan")
    local.put("Kendali", SOURCES, {(2, 1): f"https://drive.google.com/drive/folders/{folder}"})
    assert local.run("check") == 1
    assert "Bagikan kepada" in "".join(capsys.readouterr())


def test_what_is_observed_does_not_read_years_of_rows_each_time(google: Google, person: Person) -> None:
    person.add_tab("Kiriman", [["terkirim " * 10]] * 900)
    google.server.requests.clear()
    workbook_of(google, person).assumptions.observe(TITLE)
    sizes = [request.received for request in google.server.requests]
    assert sum(sizes) < 4 * max(sizes)
