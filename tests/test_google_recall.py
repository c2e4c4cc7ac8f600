"""A spreadsheet that was read before is read in part: what people type is always there, and whatever they do to the
rest is found, at once or when it was said."""

import gzip
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import time

import pytest
from msgspec.structs import replace

from automation.cli.compose import compose
from automation.cycle.commit import commit
from automation.cycle.overwritten import RobotColumns
from automation.model.cells import CellWrite, Link, Part, Tab, fold, letters
from automation.sheets.google.client import GoogleWorkbook, connect
from automation.sheets.google.kept import SpreadsheetCache
from automation.sheets.google.recall import BELOW, WHOLE_AFTER
from automation.sheets.google.snapshot import Revision
from automation.sheets.google.views import with_views
from automation.sheets.port import AROUND, Changes, NewTab, ReadRequest, Snapshot
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.kendali import JOURNAL, REGISTER, REPAIRS, SETTINGS
from automation.trouble import Outrun, WorkbookError
from tests.google_city import City
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person, Typed
from tests.sheets_server.resource import hyperlink
from tests.town import TUESDAY, WORDS

pytestmark = pytest.mark.sampled(tests=6)

ROWS: list[list[Typed]] = [["No. Tiket", "Nama"], [None, "Ani"], [None, "Budi"]]
EVENTS: list[list[Typed]] = [["Urutan", "Rincian"], [1, "satu"], [2, "dua"], [3, "tiga"]]
NOTES: list[list[Typed]] = [[f"catatan {row}"] for row in range(200)]
LATER = {"soon": timedelta(minutes=1), "in half an hour": AROUND, "tomorrow": WHOLE_AFTER}


def part(tab: Tab) -> Part:
    known = {"Riwayat": Part.END, "Rekap": Part.NONE}
    return known.get(tab.title, Part.ALL if tab.at(0, 0) == "No. Tiket" else Part.TOP)


@pytest.fixture
def person(google: Google) -> Person:
    tabs: dict[str, list[list[Typed]]] = {
        "Gondrong": ROWS,
        "Catatan": NOTES,
        "Rekap": [["a"], ["b"]],
        "Riwayat": EVENTS,
    }
    return google.spreadsheet("Kecamatan Cipondoh", {title: [[*row] for row in rows] for title, rows in tabs.items()})


@pytest.fixture
def workbook(google: Google, person: Person) -> GoogleWorkbook:
    """Read a moment ago."""
    workbook = connect(google.key).open(person.book.id)
    workbook.read(ReadRequest(part, TUESDAY))
    google.server.requests.clear()
    return workbook


def shown(seen: Snapshot) -> dict[str, list[list[object]]]:
    return {tab.title: [[*row] for row in tab.rows] for tab in seen.tabs}


def partial_of(seen: Snapshot) -> bool:
    """Whether something may stand there that it does not show."""
    return any(tab.part not in (Part.ALL, Part.AWAY) for tab in seen.tabs)


def test_what_is_wished_for_is_one_small_request_and_the_rest_is_told_apart(
    google: Google, workbook: GoogleWorkbook, person: Person
) -> None:
    person.set("Gondrong", 3, 1, "Citra")
    seen = workbook.read(ReadRequest(part, TUESDAY))
    (asked,) = google.server.requests
    assert asked.kind == "get" and asked.received < 3000
    assert shown(seen) == {
        **shown(connect(google.key).open(person.book.id).read()),
        "Catatan": [[row[0]] for row in NOTES[:10]],
    }
    assert {tab.title: tab.part for tab in seen.tabs} == {
        "Gondrong": Part.ALL, "Catatan": Part.TOP, "Rekap": Part.NONE, "Riwayat": Part.END,
    }  # fmt: skip
    (rekap,) = (tab for tab in seen.tabs if tab.title == "Rekap")
    assert seen.unsure(Changes(cells=rekap.lacks(0, [(0, "c")]))) == {"Rekap"}
    person.set("Rekap", 1, 0, "diketik")
    again = workbook.read(ReadRequest.only({"Rekap"}))
    assert again.rows("Rekap")[1] == ["diketik"] and again.tab("Riwayat").part is Part.END  # type: ignore[union-attr]


def _begin_anew(person: Person) -> None:
    person.rename_tab("Rekap", "Rekap lama")
    person.add_tab("Rekap", [["baru"]])


#: What people do between the two requests.
IN_BETWEEN: dict[str, Callable[[Person], object]] = {
    "nothing": lambda _: None,
    "a renamed tab": lambda one: one.rename_tab("Gondrong", "Petir"),
    "what was put away renamed": lambda one: one.rename_tab("Catatan", "Catatan 2026"),
    "a tab taken away": lambda one: one.delete_tab("Rekap"),
    "another tab of that name": _begin_anew,
}


def test_one_that_was_thrown_away_meanwhile_is_told_within_a_day(
    google: Google, workbook: GoogleWorkbook, person: Person
) -> None:
    workbook.read(ReadRequest(part, TUESDAY))
    google.server.drive.files[person.book.id].trashed = True
    assert workbook.read(ReadRequest(part, TUESDAY + LATER["soon"])).tabs, "Google serves it as ever"
    for _ in range(2):
        with pytest.raises(WorkbookError, match=person.book.title) as refused:
            workbook.read(ReadRequest(part, TUESDAY + LATER["tomorrow"]))
        assert refused.value.code == "google.tempat-sampah"


def test_what_was_put_away_and_fills_its_grid_is_asked_for_no_more_either(google: Google, person: Person) -> None:
    workbook = connect(google.key).open(person.book.id)
    request = ReadRequest(lambda tab: Part.AWAY if tab.title == "Rekap" else part(tab), TUESDAY, away=True)
    person.sheet("Rekap").grid["rowCount"] = len(person.values("Rekap"))
    assert workbook.read(request).rows("Rekap") == workbook.read(request).rows("Rekap") == [["a"], ["b"]]


@pytest.mark.parametrize("what", [*IN_BETWEEN, "a robot that adds a tab"])
def test_of_what_was_put_away_the_top_is_read_even_where_all_is_and_the_rest_when_it_is_asked_for(
    google: Google, person: Person, what: str
) -> None:
    workbook = connect(google.key).open(person.book.id)
    request = ReadRequest(lambda tab: Part.AWAY if tab.title == "Catatan" else part(tab), TUESDAY, away=True)
    do: Callable[[Person], object] = IN_BETWEEN.get(
        what, lambda _: another_robot(workbook, google, NewTab("Baru", ("a",)))
    )
    google.server.before("get", lambda: google.server.before("get", lambda: do(person)))
    seen, whole = workbook.read(request), connect(google.key).open(person.book.id).read()
    if what == "nothing":
        assert len([one for one in google.server.requests if one.kind == "get"]) == 3
        assert seen.tab("Catatan").rows == whole.rows("Catatan")[:10]  # type: ignore[union-attr]
    shown_now = {title: rows for title, rows in shown(seen).items() if title != "Catatan"}
    assert shown_now == {title: rows for title, rows in shown(whole).items() if title != "Catatan"}
    sure = Changes(appends={"Riwayat": [[4, "empat"]]}, sure=True)
    assert not partial_of(seen) and not seen.unsure(sure), "it is looked at by nobody"
    if what == "nothing":
        person.set("Catatan", 0, 0, "lain")
        again = workbook.read(request)
        assert again.rows("Catatan") == seen.rows("Catatan"), "until all is read: else each year would cost its part"
        person.set("Catatan", 0, 0, whole.rows("Catatan")[0][0])
        assert {tab.title: tab.part for tab in again.tabs if tab.part is not Part.ALL} == {
            "Catatan": Part.AWAY, "Rekap": Part.NONE, "Riwayat": Part.END,
        }  # fmt: skip
        assert again.unsure(sure) == {"Rekap", "Riwayat"}
        google.server.requests.clear()
        anew = workbook.read(ReadRequest.all_of(again))
        assert sum(one.received for one in google.server.requests) < 5000 and not partial_of(anew)
        assert shown(workbook.read(ReadRequest.only({"Catatan"}))) == shown(whole)
        assert google.server.count("get") == 3, "and only that"


def test_what_was_put_away_may_be_as_short_as_what_is_read_of_it(google: Google, person: Person) -> None:
    sheet = next(one for one in person.book.sheets if one.title == "Catatan")
    person.delete_row("Catatan", 2, sheet.row_count - 2)
    workbook = connect(google.key).open(person.book.id)
    request = ReadRequest(lambda tab: Part.AWAY if tab.title == "Catatan" else part(tab), TUESDAY, away=True)
    assert shown(workbook.read(request)) == shown(workbook.read(request))


def test_a_year_that_was_put_away_costs_the_next_process_no_more_than_its_titles(
    google: Google, person: Person, tmp_path: Path
) -> None:
    client = connect(google.key)
    client.kept = SpreadsheetCache(tmp_path, tmp_path / "credentials.json")
    many_rows(person)
    request = ReadRequest(lambda tab: Part.AWAY if tab.title == "Gondrong" else part(tab), TUESDAY, away=True)
    client.open(person.book.id).read(request)
    client.kept.save(client.known)
    later = connect(google.key)
    later.kept = client.kept
    workbook = later.open(person.book.id)
    assert workbook.read(request).rows("Gondrong") == []
    whole = connect(google.key).open(person.book.id).read()
    google.server.requests.clear()
    assert shown(workbook.read(ReadRequest.only({"Gondrong"})))["Gondrong"] == shown(whole)["Gondrong"]
    assert google.server.count("get") == 1


def test_of_what_was_put_away_nobody_asks_whether_it_is_a_view() -> None:
    away = Tab("1", "Gondrong 2026", [[*map(str, INTAKE_COLUMNS)]], part=Part.AWAY)
    seen = Snapshot("Barat", (away,), Revision((), {}, frozenset()))

    def fetch(*_: object, **__: object) -> dict[str, object]:
        raise AssertionError("it is asked")

    assert with_views(seen, set(), fetch) is seen


def another_robot(workbook: GoogleWorkbook, google: Google, *new: NewTab) -> None:
    other = connect(google.key).open(workbook.source)
    other.commit(Changes(new, appends={"Rekap": [["c"]]}), other.read())


def many_rows(person: Person) -> None:
    for row in range(3, BELOW + 90):
        person.set("Gondrong", row, 1, "Dedi")


def change_names(person: Person) -> None:
    for names in (("Gondrong", "x"), ("Catatan", "Gondrong"), ("x", "Catatan")):
        person.rename_tab(*names)


#: What happens, and when it is found.
FOUND: dict[str, tuple[Callable[[Person], object], str]] = {
    "a row far below": (lambda one: one.set("Gondrong", BELOW + 90, 1, "Dedi"), "in half an hour"),
    "many rows": (many_rows, "soon"),
    "a column before": (lambda one: one.insert_column("Gondrong", 0), "soon"),
    "a new tab": (lambda one: one.add_tab("Petir", ROWS), "in half an hour"),
    "a renamed tab": (lambda one: one.rename_tab("Catatan", "Petir"), "soon"),
    "a renamed register": (lambda one: one.rename_tab("Rekap", "Rekap lama"), "soon"),
    "a tab taken away": (lambda one: one.delete_tab("Gondrong"), "soon"),
    "two tabs that change their names": (
        change_names,
        "soon",
    ),
    "headings in a tab of one's own": (lambda one: one.set("Catatan", 0, 0, "No. Tiket"), "soon"),
    "an old event changed": (lambda one: one.set("Riwayat", 1, 1, "lain"), "tomorrow"),
    "the last event changed": (lambda one: one.set("Riwayat", 3, 1, "lain"), "soon"),
    "an old event taken away": (lambda one: one.delete_row("Riwayat", 1), "soon"),
    "a row put into the journal": (lambda one: one.insert_row("Riwayat", 1), "soon"),
    "a row below the journal": (lambda one: one.set("Riwayat", 5, 0, "catatan"), "soon"),
    "the register changed": (lambda one: one.set("Rekap", 1, 0, "lain"), "tomorrow"),
    "a note of one's own": (lambda one: one.set("Catatan", 150, 0, "lain"), "tomorrow"),
}  # fmt: skip


@pytest.mark.sampled(8)
@pytest.mark.parametrize("when", LATER)
@pytest.mark.parametrize("what", FOUND)
def test_whatever_people_do_is_found_when_it_was_said(
    google: Google, workbook: GoogleWorkbook, person: Person, what: str, when: str
) -> None:
    act, due = FOUND[what]
    act(person)
    seen = workbook.read(ReadRequest(part, TUESDAY + LATER[when]))
    assert len([one for one in google.server.requests if one.kind == "get"]) <= 3
    all_of_it = connect(google.key).open(person.book.id).read()
    whole = shown(all_of_it)
    if [*LATER].index(when) < [*LATER].index(due):
        assert shown(seen) != whole
    else:
        wanted = [tab.title for tab in all_of_it.tabs if part(tab) is not Part.TOP]
        assert [shown(seen)[title] for title in wanted] == [whole[title] for title in wanted]
        assert [tab.title for tab in seen.tabs] == [*whole]


def test_what_another_robot_wrote_is_read_and_what_this_one_wrote_is_known(
    google: Google, workbook: GoogleWorkbook
) -> None:
    seen = workbook.commit(Changes(appends={"Riwayat": [[4, "empat"]]}), workbook.read(ReadRequest(part, TUESDAY)))
    google.server.requests.clear()
    assert workbook.read(ReadRequest(part, TUESDAY)).rows("Riwayat") == seen.rows("Riwayat")
    assert len(google.server.requests) == 1
    another_robot(workbook, google)
    after = workbook.read(ReadRequest(part, TUESDAY))
    assert after.rows("Rekap")[-1] == ["c"] and not partial_of(after)


def test_where_another_robot_is_always_quicker_no_part_is_asked_for_in_vain(
    google: Google, workbook: GoogleWorkbook
) -> None:
    asked = []
    for _ in range(13):
        another_robot(workbook, google)
        google.server.requests.clear()
        assert workbook.read(ReadRequest(part, TUESDAY)).rows("Rekap")[-1] == ["c"]
        asked.append(google.server.count("get"))
    assert asked == [2, 2, 2, *[1] * 9, 2]
    assert not partial_of(workbook.read(ReadRequest(part, TUESDAY)))
    for _ in range(11):
        workbook.read(ReadRequest(part, TUESDAY))
    assert partial_of(workbook.read(ReadRequest(part, TUESDAY))), "once it is alone"


# What a commit reads back

#: A tab of which only a part is read back: a line, headings, rows with tickets and without, and one that was begun.
LINE, HEADS, TWIN = "diperiksa 09:00", ["No. Tiket", "Nama", "Keterlambatan", "Catatan"], ["RR-99", "Ani"]
NUMBERED: list[list[Typed]] = [[f"RR-{at}", f"Warga {at}"] for at in range(80)]
LONG: list[list[Typed]] = [[LINE], [], [*HEADS], *NUMBERED, [None, "Ani"], [*TWIN]]
WAITS = 83  # the row that gets its ticket
OURS = {fold(heading): heading for heading in (HEADS[0], HEADS[2])}


def swapped(person: Person, tab: str, *rows: int) -> None:
    """Two rows change places."""
    kept = [[*person.values(tab)[row], None, None][:4] for row in rows]
    for row, cells in zip(reversed(rows), kept, strict=True):
        for column, value in enumerate(cells):
            person.set(tab, row, column, value)


#: What people do at that very moment, and whether anything may have moved.
MEANWHILE: dict[str, tuple[Callable[[Person, str], object], bool]] = {
    "nothing": (lambda one, tab: None, False),
    "the line tells another time": (lambda one, tab: one.set(tab, 0, 0, "diperiksa 09:05"), False),
    "a name in another row": (lambda one, tab: one.set(tab, 40, 1, "Budi"), False),
    "a row below all": (lambda one, tab: one.set(tab, 85, 1, "Citra"), False),
    "the name in that row": (lambda one, tab: one.set(tab, WAITS, 1, "Anita"), True),
    "a note in that row": (lambda one, tab: one.set(tab, WAITS, 3, "catatan"), True),
    "sorted": (lambda one, tab: one.sort(tab, 1, descending=True), True),
    "a row above": (lambda one, tab: one.insert_row(tab, 50), True),
    "a row above the headings": (lambda one, tab: one.insert_row(tab, 0), True),
    "a row taken away": (lambda one, tab: one.delete_row(tab, 50), True),
    "two rows elsewhere": (lambda one, tab: swapped(one, tab, 20, 60), True),
    "it and its twin": (lambda one, tab: swapped(one, tab, WAITS, WAITS + 1), True),
    "a column before": (lambda one, tab: one.insert_column(tab, 0), True),
    "a column between": (lambda one, tab: one.insert_column(tab, 2), True),
    "a column taken away": (lambda one, tab: one.delete_column(tab, 2), True),
    "most rows taken away": (lambda one, tab: one.delete_row(tab, 3, 70), True),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_is_read_back_of_a_long_tab_is_little_and_tells_whatever_has_moved(google: Google, what: str) -> None:
    person = google.spreadsheet("Kecamatan Cipondoh", {"Gondrong": LONG, "Riwayat": EVENTS})
    workbook, (act, moved) = connect(google.key).open(person.book.id), MEANWHILE[what]
    seen = workbook.read()
    google.server.before("batchUpdate", partial(act, person, "Gondrong"))
    cells = [CellWrite(seen.tabs[0].key, WAITS, column, value) for column, value in ((0, "RR-81"), (2, "terlambat"))]
    try:
        after = workbook.commit(Changes(cells=cells), seen)
    except Outrun:  # the row is there no more
        assert what == "most rows taken away"
        return
    (tab, _), stands = after.tabs, person.values("Gondrong")
    assert google.server.requests[-1].received < 10_000 and (tab.part is Part.MOVED) == moved
    assert [[*row] for row in (*tab.rows[:10], tab.rows[WAITS])] == [*stands[:10], stands[WAITS]]
    whole = workbook.read(ReadRequest.only({"Gondrong"}))
    assert [[*row] for row in whole.tabs[0].rows] == stands and whole.tabs[0].part is Part.ALL


@pytest.mark.parametrize("first", ["a column taken away", "sorted", "two rows elsewhere"])
def test_what_was_covered_is_given_back_though_columns_move_once_more_before_all_is_read(
    google: Google, first: str
) -> None:
    rows: list[list[Typed]] = [*LONG[:WAITS], [None, "Ani", None, "punya Ani"]]
    person = google.spreadsheet("Kecamatan Cipondoh", {"Gondrong": rows, "Riwayat": EVENTS})
    workbook = connect(google.key).open(person.book.id)

    def wanted(one: Snapshot) -> Changes:
        column, (tab, _) = [*one.tabs[0].rows[2]].index("Keterlambatan"), one.tabs
        late = {at: "terlambat" if {"Ani", "Warga 20"} & {*row} else None for at, row in enumerate(tab.rows)}
        return Changes(cells=[cell for at in range(3, len(tab.rows)) for cell in tab.lacks(at, [(column, late[at])])])

    person.sheet("Gondrong").grid["frozenRowCount"] = 3
    person.set("Gondrong", 23, 2, "terlambat")
    seen = workbook.read(ReadRequest(part, TUESDAY))
    act = {"a column taken away": lambda: person.delete_column("Gondrong", 0)}
    google.server.before("batchUpdate", act.get(first, partial(MEANWHILE[first][0], person, "Gondrong")))
    google.server.before("get", lambda: person.insert_column("Gondrong", 1))
    google.server.before("get", lambda: person.sort("Gondrong", 0))
    told = commit(workbook, seen, wanted, columns=lambda tab: RobotColumns(2, OURS) if len(tab.rows) > 2 else None)
    stands = person.values("Gondrong")
    assert [[*row] for row in told.tabs[0].rows] == stands
    heads = [heading for heading in HEADS if heading != HEADS[0] or first != "a column taken away"]
    ani = dict(zip(HEADS, [None, "Ani", "terlambat", "punya Ani"], strict=True))
    assert [row for row in stands if "Ani" in row] == [[ani[heads[0]], None, *(ani[one] for one in heads[1:])]]
    assert sum("terlambat" in row for row in stands) == 2


def test_what_is_to_be_given_back_is_followed_though_its_row_moves_out_of_what_is_read_back(google: Google) -> None:
    """A column is inserted under the first commit, a row under the second, which gives back what the first has covered:
    only of the whole tab can it be told where that stands by then."""
    person = google.spreadsheet("Kecamatan Cipondoh", {"Gondrong": LONG[: WAITS + 1], "Riwayat": EVENTS})
    workbook = connect(google.key).open(person.book.id)

    def wanted(one: Snapshot) -> Changes:
        column, (tab, _) = [*one.tabs[0].rows[2]].index("Keterlambatan"), one.tabs
        late = {at: "terlambat" if "Ani" in row else None for at, row in enumerate(tab.rows)}
        return Changes(cells=[cell for at in range(3, len(tab.rows)) for cell in tab.lacks(at, [(column, late[at])])])

    google.server.before("batchUpdate", lambda: person.insert_column("Gondrong", 2))
    google.server.before("batchUpdate", lambda: person.insert_row("Gondrong", 50))
    seen = workbook.read(ReadRequest(part, TUESDAY))
    commit(workbook, seen, wanted, columns=lambda tab: RobotColumns(2, OURS) if len(tab.rows) > 2 else None)
    shown = [(row[1], at) for row in person.values("Gondrong") for at, cell in enumerate(row) if cell == "terlambat"]
    assert shown == [("Ani", 3)], "under its heading alone"


# From process to process


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:90])


def _anothers(path: Path) -> None:
    told = json.loads(gzip.decompress(path.read_bytes()))
    told[1] = "lain"
    path.write_bytes(gzip.compress(json.dumps(told).encode()))


def _of_a_later_version(path: Path) -> None:
    told = json.loads(gzip.decompress(path.read_bytes()))
    told[0] += 1
    path.write_bytes(gzip.compress(json.dumps(told).encode()))


def _shorter(path: Path) -> None:
    """An event is not among what is known."""
    told = json.loads(gzip.decompress(path.read_bytes()))
    (journal,) = (tab for tab in told[-1] if tab[1] == "Riwayat")
    journal[-2].pop()
    journal[-3] -= 1
    path.write_bytes(gzip.compress(json.dumps(told).encode()))


def _nonsense(path: Path) -> None:
    path.write_bytes(gzip.compress(b"[1, 2, 3]"))


FOLDERS: dict[str, tuple[Callable[[Path], object], bool]] = {
    "as it is": (lambda _: None, True),
    "lost": (Path.unlink, False),
    "cut off": (_cut, False),
    "another city's": (_anothers, False),
    "of a later version": (_of_a_later_version, False),
    "too short": (_shorter, False),
    "nonsense": (_nonsense, False),
}


@pytest.mark.parametrize("how", FOLDERS)
def test_whatever_became_of_the_folder_the_next_process_sees_the_same(
    google: Google, workbook: GoogleWorkbook, person: Person, tmp_path: Path, how: str
) -> None:
    kept = SpreadsheetCache(tmp_path, tmp_path / "credentials.json")
    person.set("Rekap", 0, 0, "#REF!")
    workbook.read()
    kept.save(workbook._client.known)
    (path,) = tmp_path.glob(".ingat-*")
    assert path.stat().st_mode & 0o77 == 0
    assert b"Ani" in gzip.decompress(path.read_bytes()) and b"catatan 50" not in gzip.decompress(path.read_bytes())
    act, is_believed = FOLDERS[how]
    act(path)
    person.set("Gondrong", 3, 1, "Citra")
    google.server.requests.clear()
    later = connect(google.key)
    later.kept = kept
    seen = later.open(person.book.id).read(ReadRequest(part, TUESDAY))
    whole = connect(google.key).open(person.book.id).read()
    assert all(shown(seen)[title] == shown(whole)[title] for title in ("Gondrong", "Rekap", "Riwayat"))
    assert partial_of(seen) == is_believed
    SpreadsheetCache(Path("/dev/null/closed"), path).save(workbook._client.known)
    moved = tmp_path / ".ingat-0123abcd-of-a-folder-that-was-moved"
    for days in (1, 3):
        moved.write_bytes(b"Ani")
        os.utime(moved, (time() - days * 86_400,) * 2)
        later.kept.save({})
        assert moved.exists() is (days == 1), "may be another program's"
    assert not [*tmp_path.glob(".ingat-*")], "of what is read no more nothing is kept"


def test_declared_titles_and_headings_are_kept_as_the_texts_that_they_are(
    person: Person, google: Google, tmp_path: Path
) -> None:
    client = connect(google.key)
    workbook = client.open(person.book.id)
    new = NewTab(REPAIRS, REPAIRS.headings)
    workbook.commit(Changes((new,)), workbook.read(ReadRequest(part, TUESDAY)))
    kept = SpreadsheetCache(tmp_path, tmp_path / "credentials.json")
    kept.save(client.known)
    known = kept.load(person.book.id)
    assert known is not None and known.seen.rows(REPAIRS)[0] == list(map(str, REPAIRS.headings))
    assert {type(tab.title) for tab in known.seen.tabs} == {str}


# In a city


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    city = City.prepared(google, tmp_path, "Cipondoh", "Karawaci")
    for name, phone in (("Pak Amir", "081200001022"), ("Bu Sri", "081200001023")):
        city.type("Cipondoh", "Gondrong", name, name=name, phone=phone, category="Jalan & Drainase")
    return city


def test_a_row_that_was_moved_where_nobody_looked_is_not_gone(city: City) -> None:
    syncer, person = compose(city.credentials, WORDS).syncer, city.spreadsheets["Cipondoh"]
    now = datetime.now(TUESDAY.tzinfo)
    for minutes in (0, 1):
        syncer.sync(now + timedelta(minutes=minutes))
    rows = person.values("Gondrong")
    tickets = city.tickets("Cipondoh", "Gondrong")
    person.add_tab("Petir 2", rows)
    for column in range(len(rows[HEAD + 1])):
        person.set("Gondrong", HEAD + 1, column, None)
    report = syncer.sync(now + timedelta(minutes=2))
    assert not report.vanished and city.tickets("Cipondoh", "Petir 2")["Pak Amir"] == tickets["Pak Amir"]


@pytest.mark.parametrize(("minutes", "after", "found"), [(5, 8, True), (1440, 40, False)])
def test_a_new_tab_is_found_as_soon_as_the_setting_says(city: City, minutes: int, after: int, *, found: bool) -> None:
    at = [row[0] for row in city.kendali.values(SETTINGS)].index("Cari Tab Baru")
    city.kendali.set(SETTINGS, at, 1, minutes)
    syncer, person, now = compose(city.credentials, WORDS).syncer, city.spreadsheets["Cipondoh"], TUESDAY
    for cycle in (0, 1):
        syncer.sync(now + timedelta(minutes=cycle))
    rows = person.values("Gondrong")
    name, ticket, check = (rows[HEAD].index(heading) for heading in (intake.NAME, intake.TICKET, intake.CHECK))
    rows[HEAD + 1][name], rows[HEAD + 1][ticket] = "Pak Budi", None
    person.add_tab("Petir 2", rows[: HEAD + 2])
    syncer.sync(now + timedelta(minutes=1 + after))
    assert bool(person.values("Petir 2")[HEAD + 1][check]) == found, "its kelurahan is asked for"


def test_the_register_is_read_before_something_in_it_changes_so_what_people_did_there_stays(city: City) -> None:
    syncer = compose(city.credentials, WORDS).syncer
    now = datetime.now(TUESDAY.tzinfo)
    for minutes in (0, 1):
        syncer.sync(now + timedelta(minutes=minutes))
    width = len(city.kendali.values(REGISTER)[0])
    city.kendali.insert_column(REGISTER, 1)
    for row, value in enumerate(["Catatan rapat", "sudah dibahas", "tunda"]):
        city.kendali.set(REGISTER, row, 1, value)
    city.kendali.sort(REGISTER, 0, descending=True)
    city.type("Cipondoh", "Gondrong", "baru", name="Pak Budi", phone="081200001024", category="Jalan & Drainase")
    city.server.requests.clear()
    assert syncer.sync(now + timedelta(minutes=2)).well
    counts = city.requests(city.kendali)
    assert counts == {"get": 2, "batchUpdate": 1}
    rows = city.kendali.values(REGISTER)
    assert [row[1] for row in rows] == ["Catatan rapat", "tunda", "sudah dibahas", None] and len(rows[0]) == width + 1


def test_a_fresh_process_with_its_folder_reads_as_little_as_one_that_stays(city: City) -> None:
    for cycle in range(4):
        if cycle == 2:
            city.type(
                "Cipondoh", "Gondrong", "baru", name="Pak Budi", phone="081200001024", category="Jalan & Drainase"
            )
        city.server.requests.clear()
        assert city.run("sync") == 0
    read = sum(seen.received for seen in city.server.requests)
    counts = [city.requests(one) for one in (city.kendali, *city.spreadsheets.values())]
    assert counts == [{"files.get": 1, "get": 1}] * 3
    for path in city.credentials.parent.glob(".ingat-*"):
        path.unlink()
    city.server.requests.clear()
    assert city.run("sync") == 0
    assert read < sum(seen.received for seen in city.server.requests)


def test_where_cells_lead_is_asked_twice_an_hour_and_what_leads_elsewhere_is_put_right_then(city: City) -> None:
    syncer, person, now = compose(city.credentials, WORDS).syncer, city.spreadsheets["Cipondoh"], TUESDAY
    rows = person.values("Gondrong")
    at, column = HEAD + 1, rows[HEAD].index(intake.KABARI)

    def leads(row: int) -> str:
        return hyperlink(person.sheet("Gondrong").cell(row, column))

    def read(minutes: float) -> tuple[int, Mapping[str, int]]:
        city.server.requests.clear()
        assert syncer.sync(now + timedelta(minutes=minutes)).well
        return sum(seen.received for seen in city.server.requests), city.requests(person)

    read(0)
    before, _ = read(AROUND.seconds / 60)  # looks around in every one
    first, second = leads(at), leads(at + 1)
    assert first.startswith("https://wa.me/") and first != second
    told, counts = read(AROUND.seconds / 60 + 1)
    assert counts == {"get": 1} and told < before - len(first) - len(second)

    person.set("Gondrong", at, len(rows[HEAD]), "catatan")
    assert read(AROUND.seconds / 60 + 2)[1] == {"get": 1}, "it is known where a row leads that was noted on"
    person.sort("Gondrong", rows[HEAD].index(intake.NAME))
    assert read(AROUND.seconds / 60 + 3)[1] == {"get": 1}, "and one that was moved"

    assert leads(at) == second, "the rows stand the other way round"
    sheet = person.sheet("Gondrong")
    sheet.put(at, column, replace(sheet.cell(at, column), format={"textFormat": {"link": {"uri": first}}}))
    read(AROUND.seconds / 60 + 4)
    assert leads(at) == first
    read(AROUND.seconds / 30)
    assert leads(at) == second


def test_a_fresh_process_knows_that_cells_lead_where_they_led_and_keeps_no_address(city: City) -> None:
    person, now = city.spreadsheets["Cipondoh"], TUESDAY
    column = person.values("Gondrong")[HEAD].index(intake.KABARI)

    def sync(minutes: float, *, stays: bool = False) -> tuple[int, Mapping[str, int]]:
        """How much a process of its own reads of the spreadsheet, and what it asks."""
        syncer = stayed if stays else compose(city.credentials, WORDS).syncer
        city.server.requests.clear()
        assert syncer.sync(now + timedelta(minutes=minutes)).well
        read = (seen.received for seen in city.server.requests if seen.kind == "get" and person.book.id in seen.path)
        return sum(read), city.requests(person)

    stayed = compose(city.credentials, WORDS).syncer
    for minutes in (0, 31):
        sync(minutes, stays=True)
    least, _ = sync(32, stays=True)
    told = b"".join(gzip.decompress(path.read_bytes()) for path in city.credentials.parent.glob(".ingat-*"))
    assert b"wa.me" not in told and b"Gondrong" in told
    (known,) = filter(None, (SpreadsheetCache(city.credentials.parent, city.credentials).load(person.book.id),))
    assert not any(known.seen.rows("Gondrong")[HEAD + 1 :]), "nor any row of people's"
    for descending in (False, True):
        read, counts = sync(33)
        assert counts == {"files.get": 1, "get": 1} and read == least
        person.sort("Gondrong", person.values("Gondrong")[HEAD].index(intake.NAME), descending=descending)

    first, second = (person.sheet("Gondrong").cell(HEAD + 1 + down, column) for down in (0, 1))
    person.sheet("Gondrong").put(HEAD + 1, column, replace(first, format=second.format))
    sync(34)
    assert hyperlink(person.sheet("Gondrong").cell(HEAD + 1, column)) == hyperlink(second), "nobody has asked"
    sync(62)
    assert hyperlink(person.sheet("Gondrong").cell(HEAD + 1, column)) == hyperlink(first)
    at = [row[0] for row in city.kendali.values(SETTINGS)].index("Nama Organisasi")
    city.kendali.set(SETTINGS, at, 1, "Rumah Warga")
    sync(63)
    assert "Rumah%20Warga" in str(hyperlink(person.sheet("Gondrong").cell(HEAD + 1, column))), "under the same text"


def test_where_cells_of_peoples_lead_a_fresh_process_asks(google: Google, person: Person, tmp_path: Path) -> None:
    client, kept = connect(google.key), SpreadsheetCache(tmp_path, tmp_path / "credentials.json")
    told = {"textFormat": {"link": {"uri": "https://maps.example/peta"}}}
    person.set("Gondrong", 40, 1, "peta")
    person.sheet("Gondrong").put(40, 1, replace(person.sheet("Gondrong").cell(40, 1), format=told))
    client.open(person.book.id).read(ReadRequest(part, TUESDAY))
    kept.save(client.known)
    later = connect(google.key)
    later.kept = kept
    seen = later.open(person.book.id).read(ReadRequest(part, TUESDAY))
    cell = seen.rows("Gondrong")[40][1]
    assert partial_of(seen)
    assert isinstance(cell, Link) and cell.address == "https://maps.example/peta"


def test_who_is_erased_is_erased_from_the_folder_too(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(words: str) -> bool:
        paths = city.credentials.parent.glob("*ingat-*")
        return any(words.encode() in gzip.decompress(path.read_bytes()) for path in paths)

    with monkeypatch.context() as killed:  # as it writes what it knows
        killed.setattr(os, "replace", lambda *_: Path("/dev/null/closed").touch())
        killed.setattr(os, "unlink", lambda _: None)
        assert city.run("sync") == 0 and said("081200001022")
    assert city.run("sync") == 0
    ticket = city.tickets("Cipondoh", "Gondrong")["Pak Amir"]
    assert said("081200001022") and said("081200001023")
    city.run("erase", ticket, "--row")
    assert not said("081200001022") and said("081200001023")
    program = compose(city.credentials, WORDS)
    program.syncer.remember = partial(program.syncer.remember, stays=True)
    assert program.syncer.sync(datetime.now(TUESDAY.tzinfo)).well and not said(""), "who stays keeps nothing there"


def test_damage_to_old_rows_of_a_journal_is_found_on_the_next_day(city: City) -> None:
    syncer, person = compose(city.credentials, WORDS).syncer, city.spreadsheets["Cipondoh"]
    now = datetime.now(TUESDAY.tzinfo)
    for minutes in (0, 1):
        syncer.sync(now + timedelta(minutes=minutes))
    at = next(at for at, row in enumerate(person.values(JOURNAL)) if "Diterbitkan" in row)
    person.set(JOURNAL, at, 4, "{}")
    assert not syncer.sync(now + timedelta(minutes=2)).restored
    ((name, count),) = syncer.sync(now + timedelta(days=1, minutes=1)).restored
    assert (name, count) == ("Kecamatan Cipondoh", 1) and letters(INTAKE_COLUMNS.index(intake.TICKET)) == "A"
