"""Old lists brought into the spreadsheets by `import`, local and on Google, while people are at work."""

import os
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from openpyxl import Workbook as Book

from automation.cli.compose import compose, jakarta_now
from automation.cli.import_list import read_old_list
from automation.cli.main import read_arguments
from automation.cycle.importing import TakingIn
from automation.cycle.sync import Syncer
from automation.importing.profiles import KEPT
from automation.model.cells import Part, Tab
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from automation.tables.kendali import PROFILES, REPAIRS
from automation.trouble import WorkbookError
from tests.conftest import Say
from tests.local_city import Disturbed
from tests.lost_and_found import GooglePlace, LocalPlace, Place
from tests.operator_desk import start
from tests.sheets_server.fixtures import Google
from tests.town import NOTE, WORDS
from tests.xlsx_person import editing, make_file

pytestmark = pytest.mark.sampled(6, tests=20)

BARAT, TIMUR, TAB = "Laporan Barat", "Laporan Timur", "Gondrong"
NO_TAB = Tab("", "", ())
SPREADSHEETS = {BARAT: (TAB, "Petir"), TIMUR: ("Cimone",)}
LIST = """\
Rekap pengaduan;;;;;;
Tgl;Nama Pelapor;No HP;Alamat;Kategori;Keluhan;Foto
02/11/2024;Bu Heni;81200002032;Gg. Damai no 2;Jalan dan drainase;got mampet di depan musala;ya
03/11/2024;Pak Dodi;0812-0000-2033;;Banjir;air masuk rumah tiap hujan deras;
;;;;;;
05/11/2024;Bu Lilis;0812-0000-2034;Gg. Damai no 9;Warna-warni;lampu gang mati dua minggu;
"""


@pytest.fixture
def local(tmp_path: Path) -> LocalPlace:
    return LocalPlace.lay_out(tmp_path, SPREADSHEETS)


@pytest.fixture
def cloud(google: Google, tmp_path: Path) -> GooglePlace:
    return GooglePlace.lay_out(google, tmp_path, SPREADSHEETS)


@pytest.fixture(params=["local", "cloud"])
def place(request: pytest.FixtureRequest) -> Place:
    """Two spreadsheets, with one complaint in Gondrong."""
    place: Place = request.getfixturevalue(request.param)
    place.type(BARAT, TAB, "yati")
    return place


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "daftar lama.csv"
    path.write_text(LIST, "utf-8")
    return path


def bring(place: Place, path: Path, *more: str, tab: str = TAB) -> int:
    return place.run("import", str(path), "--tab", tab, *more)


def names(place: Place, tab: str = TAB) -> list[str]:
    return [str(row[intake.NAME]) for row in place.table(BARAT, tab)]


def kept(row: Mapping[str, Any]) -> list[str]:
    """What stands in `Data Asal`, but for the mark at its end."""
    *lines, mark = str(row[KEPT]).split("\n")
    assert mark.startswith("Sidik: ")
    return lines


def is_day(value: Any, day: date) -> bool:
    """A real date: openpyxl gives it as one, the Sheets server as its serial."""
    return value in (datetime(day.year, day.month, day.day), (day - date(1899, 12, 30)).days)


def test_the_rows_are_appended_for_people_to_check_and_the_next_cycle_gives_tickets(
    place: Place, old: Path, say: Say
) -> None:
    assert bring(place, old, "--yes", tab="Kelurahan Gondrong") == 0
    assert "3 baris ditambahkan" in say()
    yati, heni, dodi, lilis = place.table(BARAT, TAB)
    assert not any(row[intake.TICKET] for row in (yati, heni, dodi, lilis))
    assert heni[intake.PHONE] == "081200002032"
    assert heni[intake.CATEGORY] == "Jalan & Drainase"
    assert is_day(heni[intake.RECEIVED], date(2024, 11, 2))
    assert kept(heni) == ["Kategori: Jalan dan drainase", "Foto: ya"]
    assert heni[NOTE] is None and kept(dodi) == []
    place.run("sync")
    waiting = [str(row[3]) for row in place.rows("Kendali", REPAIRS)[1:]]
    assert len(waiting) == 3 and all("Saluran" in check for check in waiting)  # the list does not say it
    for row in (2, 3):
        place.put(BARAT, TAB, row, {list(map(str, INTAKE_COLUMNS)).index("Saluran"): "Hotline"})
    place.run("sync")
    assert [bool(row[intake.TICKET]) for row in place.table(BARAT, TAB)] == [True, True, True, False]


def test_the_same_list_once_more_adds_nothing(place: Place, old: Path, say: Say) -> None:
    assert bring(place, old, "--yes") == 0
    before = place.rows(BARAT, TAB)
    say()
    assert bring(place, old, "--yes") == 0
    assert place.rows(BARAT, TAB) == before
    assert "Sudah ada, tidak ditambahkan lagi: 3 baris" in say()
    place.run("sync")
    assert bring(place, old, "--yes") == 0
    assert names(place) == ["Warga yati", "Bu Heni", "Pak Dodi", "Bu Lilis"]


def test_a_row_that_tells_of_a_case_in_other_words_is_named_and_taken(place: Place, tmp_path: Path, say: Say) -> None:
    heading, *where = (
        "Tanggal;Nama;No HP;Alamat;Kategori;Saluran;Keluhan",
        "Jl. Anggrek 4",
        "Jalan & Drainase",
        "Hotline",
    )
    told = "got mampet depan SDN 3, air naik ke jalan", "selokan samping sd 3 buntet, airnya meluap", "lampu jalan mati"
    for at, text in enumerate(told):
        row = ";".join(("23/11/2026", f"Warga {at}", f"08120000303{at}", *where, text))
        path = tmp_path / f"daftar {at}.csv"
        path.write_text(f"{heading}\n{row}\n", "utf-8")
        say()
        assert bring(place, path, "--yes") == 0
        assert ("baris 2 mirip RR-" in say()) == (at == 1)
        place.run("sync")
    assert len(names(place)) == 4


def test_a_row_with_a_text_that_fits_no_cell_is_named_and_the_rest_is_taken(place: Place, old: Path, say: Say) -> None:
    whole = old.read_bytes()
    old.write_bytes(whole.replace(b"air masuk rumah", b"air masuk rumah " + "🌊".encode() * 16_400))
    say()
    assert bring(place, old, "--yes") == 1
    said = say()
    assert "terlalu panjang untuk satu sel, tidak diambil: 1 baris (baris 4)" in said and "2 baris ditambahkan" in said
    for _ in range(2):
        assert names(place) == ["Warga yati", "Bu Heni", "Bu Lilis"]
        assert bring(place, old, "--yes") == 1, "the row is still lacking"
    old.write_bytes(whole)
    assert bring(place, old, "--yes") == 0
    assert names(place) == ["Warga yati", "Bu Heni", "Bu Lilis", "Pak Dodi"]


def test_the_plan_comes_first_and_tells_what_becomes_of_each_column_and_row(place: Place, old: Path, say: Say) -> None:
    before = place.rows(BARAT, TAB)
    assert bring(place, old, "--dry-run", "--yes") == 0
    said = say()
    for words in (
        "Tgl → Tanggal Masuk · 02/11/2024; 03/11/2024; 05/11/2024",
        "Foto → disimpan di Data Asal",
        "“Jalan dan drainase” → Jalan & Drainase",
        "Akan ditambahkan: 3 baris",
        "0812…2032",
        "Kategori: isinya belum pasti",
        "baris 3, 4, 6",
        "tidak ada yang ditulis",
    ):
        assert words in said
    assert "81200002032" not in said and "0812-0000-2033" not in said
    assert bring(place, old) == 2, "without a terminal nothing is done unless it was agreed before"
    assert "--yes" in say()
    assert place.rows(BARAT, TAB) == before


def test_columns_in_any_order_with_peoples_own_between_and_a_title_above(local: LocalPlace, old: Path) -> None:
    titles = ["Foto", *reversed([str(column) for column in INTAKE_COLUMNS]), "Catatan RW"]
    titles.insert(4, "Kode Map")
    row: list[str | None] = [None] * len(titles)
    row[titles.index("Nama Pelapor")] = "Warga yati"
    make_file(local.city.path(BARAT), {TAB: [["Laporan warga"], [], titles, row]})
    assert bring(local, old, "--yes") == 0
    rows = local.rows(BARAT, TAB)
    assert [rows[2].index(title) for title in titles] == list(range(len(titles)))
    heni = dict(zip(rows[2], rows[4], strict=True))
    assert (heni["Nama Pelapor"], heni["Foto"], heni["Kode Map"]) == ("Bu Heni", "ya", None)
    assert kept(heni) == ["Kategori: Jalan dan drainase"]
    assert rows[:4] == [
        [*cells, *[None] * (len(rows[2]) - len(cells))] for cells in [["Laporan warga"], [], rows[2], row]
    ]


def test_an_excel_list_with_dates_numbers_and_merged_headings(local: LocalPlace, tmp_path: Path, say: Say) -> None:
    path = tmp_path / "lama.xlsx"
    make_file(
        path,
        {
            "Isi": [
                ["DAFTAR KELUHAN"],
                ["No", "Tanggal", "Pelapor", None, "RT", "RW", "Keluhan", "Selesai tanggal"],
                [None, None, "Nama", "No. HP", None, None, None, None],
                [
                    1,
                    datetime(2024, 11, 3, 8, 30),
                    "Bu Heni",
                    81200002032,
                    3,
                    7,
                    "got mampet di gang",
                    date(2024, 11, 5),
                ],
            ],
            "Catatan": [["apa saja"]],
        },
    )
    local.city.edit("lama", lambda book: book["Isi"].merge_cells("C2:D2"))
    assert bring(local, path, "--yes") == 0
    (heni,) = local.table(BARAT, TAB)
    assert heni[intake.RECEIVED] == datetime(2024, 11, 3)
    assert (heni[intake.PHONE], heni[intake.RT_RW]) == ("081200002032", "3/7")
    assert kept(heni) == ["No: 1", "Tanggal: 03/11/2024 08:30"] and heni[intake.DONE] == datetime(2024, 11, 5)
    assert "No. HP → Telepon" in say()


def test_rows_that_a_filter_hides_are_taken_and_counted(local: LocalPlace, tmp_path: Path, say: Say) -> None:
    path = tmp_path / "lama.xlsx"
    rows = [[f"0{day}/11/2024", f"Bu {name}", "got mampet di gang"] for day, name in enumerate("ABC", start=1)]
    make_file(path, {"Isi": [["Tanggal", "Nama Pelapor", "Keluhan"], *rows]})
    assert bring(local, path, "--dry-run") == 0 and "tersembunyi" not in say()

    def hide(book: Book) -> None:
        for row in (2, 4, 9):
            book["Isi"].row_dimensions[row].hidden = True

    local.city.edit("lama", hide)
    assert bring(local, path, "--yes") == 0
    assert "Ada 2 baris di berkas itu yang tersembunyi" in say(), "one of the hidden rows is empty"
    assert names(local) == ["Bu A", "Bu B", "Bu C"]
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:  # as LibreOffice writes it
        for name, part in parts.items():
            packed.writestr(name, part.replace(b'hidden="1"', b'hidden="true"'))
    assert bring(local, path, "--dry-run") == 0 and "Ada 2 baris di berkas itu yang tersembunyi" in say()


def test_an_export_of_lapor_goes_to_each_tab_in_turn(local: LocalPlace, tmp_path: Path, say: Say) -> None:
    path = tmp_path / "lapor.csv"
    path.write_text(
        "Tracking ID;Tanggal Laporan Masuk;Klasifikasi;Isi Laporan;Kategori;Status;Kelurahan\n"
        "771;2024-03-02 08:15;Pengaduan;Jalan di depan SDN 3 rusak parah;Banjir;Selesai;Gondrong\n"
        "772;2024-11-02 08:15;Aspirasi;Mohon lampu jalan di gang Mawar;Penerangan Jalan;Sedang Diproses;Petir\n",
        "utf-16",
    )
    assert bring(local, path, "--yes") == 0
    said = say()
    assert "untuk Petir" in said and "Klasifikasi LAPOR!" in said and "Sudah ditutup di daftar lama: 1 baris" in said
    assert bring(local, path, "--yes", tab="Petir") == 0
    assert "Lebih lama dari 30 hari" in say(), "what is closed needs no asking"
    ((gondrong,), (petir,)) = local.table(BARAT, TAB), local.table(BARAT, "Petir")
    assert gondrong[intake.ORIGIN] == "771" and "Klasifikasi: Pengaduan" in str(gondrong[KEPT])
    assert (petir[intake.STATUS], petir[intake.CHANNEL]) == ("Ditindaklanjuti", "LAPOR!")
    # It is known by its number, whatever people have changed.
    titles = local.rows(BARAT, TAB)[0]
    local.put(BARAT, TAB, 1, {titles.index(intake.DESCRIPTION): "Jalan SDN 3 sudah dicek", titles.index("Alamat"): "x"})
    assert bring(local, path, "--yes") == 0
    assert len(local.table(BARAT, TAB)) == 1


# While people are at work


def disturbed(place: Place, act: Callable[[], object]) -> TakingIn:
    """`act` happens just before the first commit."""
    credentials = place.city.credentials  # type: ignore[attr-defined]
    program = compose(credentials, WORDS)
    open_source = program.syncer.open_source
    syncer = Syncer(program.kendali, lambda source: [Disturbed(one, act) for one in open_source(source)], WORDS)
    return TakingIn(syncer, jakarta_now())


def append(place: Place, path: Path, act: Callable[[], object], *, then: Callable[[], object] | None = None) -> int:
    """`then` happens just before the last look at everything."""
    taking = disturbed(place, act)
    options = read_arguments(["import", str(path), "--tab", TAB])
    plan = taking.plan(taking.find(TAB), read_old_list(options, WORDS))
    if then is not None:
        workbook: Any = plan.target.workbook
        read = workbook.read
        workbook.read = lambda request: read(request) if request.part(NO_TAB) is not Part.ALL else (then(), read())[1]
    return taking.append(plan)


def test_a_row_that_somebody_types_over_as_soon_as_it_stands_there_is_counted(place: Place, old: Path) -> None:
    column = [*map(str, INTAKE_COLUMNS)].index("Nama Pelapor")
    typed = append(place, old, lambda: None, then=lambda: place.put(BARAT, TAB, 3, {column: "Pak Ujang"}))
    assert (typed, names(place)) == (1, ["Warga yati", "Bu Heni", "Pak Ujang", "Bu Lilis"])


@pytest.mark.parametrize("twice", [False, True], ids=["somebody types", "the same list twice at once"])
def test_what_happens_at_that_moment_is_not_covered_and_nothing_is_brought_in_twice(
    place: Place, old: Path, twice: bool
) -> None:
    act = (lambda: bring(place, old, "--yes")) if twice else (lambda: place.type(BARAT, TAB, "amir"))
    assert append(place, old, act) == 0
    assert sorted(names(place)) == ["Bu Heni", "Bu Lilis", "Pak Dodi", *["Warga amir"][twice:], "Warga yati"]


def test_where_the_year_ends_at_that_moment_nothing_goes_into_a_tab_that_is_read_no_more(
    place: Place, old: Path
) -> None:
    with pytest.raises(WorkbookError) as error:
        append(place, old, lambda: place.run("rollover", "2026", "--yes"))
    assert "diarsipkan" in WORDS.tell(error.value)
    assert names(place) == ["Warga yati"] and names(place, f"{TAB} 2027") == ["Warga yati"]


def test_a_column_moved_at_that_moment_keeps_its_heading_and_the_rows_stand_below_theirs(
    cloud: GooglePlace, old: Path
) -> None:
    cloud.type(BARAT, TAB, "yati")
    assert append(cloud, old, lambda: cloud.people[BARAT].insert_column(TAB, 7)) == 0
    titles = cloud.rows(BARAT, TAB)[0]
    assert titles.count(KEPT) == 1 and titles.count(NOTE) == 1
    yati, heni, *_ = cloud.table(BARAT, TAB)
    assert (yati[NOTE], heni[intake.NAME]) == ("yati", "Bu Heni")
    assert kept(heni) == ["Kategori: Jalan dan drainase", "Foto: ya"]


def test_rows_that_a_moved_column_has_put_in_the_wrong_place_are_put_right(
    cloud: GooglePlace, tmp_path: Path, old: Path
) -> None:
    cloud.type(BARAT, TAB, "yati")
    bring(cloud, old, "--yes")
    yati = cloud.table(BARAT, TAB)[0]
    path = tmp_path / "pendek.csv"
    path.write_text("Nama;Keluhan\nBu Heni;got mampet di gang\n", "utf-8")
    assert append(cloud, path, lambda: cloud.people[BARAT].insert_column(TAB, 3)) == 0
    first, *_, last = cloud.table(BARAT, TAB)
    assert {title: cell for title, cell in first.items() if title} == yati
    assert (last[intake.NAME], last[intake.DESCRIPTION]) == ("Bu Heni", "got mampet di gang")


def test_an_answer_lost_on_the_way_appends_nothing_twice(cloud: GooglePlace, old: Path) -> None:
    cloud.google.server.fail(when="after", kind="batchUpdate", times=1, drop=True)
    assert bring(cloud, old, "--yes") == 0
    assert names(cloud) == ["Bu Heni", "Pak Dodi", "Bu Lilis"]


@pytest.mark.long
def test_hundreds_of_rows_are_two_requests_more(cloud: GooglePlace, tmp_path: Path) -> None:
    path = tmp_path / "banyak.csv"
    lines = [f"0{n % 9 + 1}/11/2024;Warga {n};0812{n:08};lampu mati di gang nomor {n};{n}" for n in range(400)]
    path.write_text("Tanggal;Nama;HP;Keluhan;Berkas\n" + "\n".join(lines), "utf-8")
    cloud.city.server.requests.clear()
    assert bring(cloud, path, "--yes") == 0
    assert cloud.city.requests(cloud.people[BARAT])["batchUpdate"] == 2
    assert names(cloud) == [f"Warga {n}" for n in range(400)]


# What can't be done is told


def odd(path: Path) -> Path:
    with editing(make_file(path, {"Isi": [["Tanggal", "Nama", "Keluhan"], ["1/11/2024", "A", "x"]]})) as book:
        book["Isi"]["C2"] = '="got"&"mampet"'
    return path


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("apa saja\nlain lagi\n", (), "tidak ditemukan baris judul kolom"),
        ("28/11/26 09.14 - Bu Tini: lampu mati, gelap\n28/11/26 09.20 - Pak RT: siap\n", (), "obrolan WhatsApp"),
        ("[28/11/26, 9:14:02 AM] Bu Tini: lampu mati\n[28/11/26, 9:20:02 AM] RT: siap, bu\n", (), "obrolan WhatsApp"),
        ('"Tanggal,Nama,Keluhan"\n"1/2/2024,A,got"\n', (), "pakai langsung berkas .csv asalnya"),  # as a table saved it
        ("Tanggal;Nama;Keluhan\n11/24/2024;A;got\n03/04/2024;B;got\n", (), "bulan dulu"),
        ('Tanggal;Nama;Keluhan\n1/2/2024;"A;got\n', (), "Tanda kutip"),
        (LIST, ("--sheet", "Isi"), "tidak ada tab “Isi”"),
        (LIST, ("--tab", "Gondrng"), "Mungkin maksudnya: “Gondrong”"),
        (LIST, ("--spreadsheet", "Laporan Brat"), "Mungkin maksudnya: “Laporan Barat”"),
        (None, ("lama.ods",), "Simpan Sebagai"),
        (None, ("lama.csv",), "tidak ditemukan"),
        (None, (f"{'a' * 256}.csv",), "tidak ditemukan"),
        (None, ("lama.xlsx",), "rumus yang belum dihitung (baris 2)"),
        (None, (), 'import daftar-lama.xlsx --tab "Kelurahan Gondrong"'),
    ],
)
def test_a_list_that_can_not_be_taken_changes_nothing(
    local: LocalPlace, tmp_path: Path, say: Say, content: str | None, more: tuple[str, ...], words: str
) -> None:
    file, *more_of_it = ("daftar.csv", *more) if content is not None else more or ("",)
    path = tmp_path / file
    if content is not None:
        path.write_text(content, "utf-8")
    elif file.endswith(".ods"):
        path.write_bytes(b"x")
    elif file.endswith(".xlsx"):
        odd(path)
    before = local.city.files()
    if file:
        assert bring(local, path, "--yes", *more_of_it) == 2
    else:
        assert local.run("import", "--tab", TAB) == local.run("import", "x.csv") == 2
    assert words in say()
    assert local.city.files() == before


def test_a_tab_that_is_there_twice_is_asked_for_and_two_sheets_are_one_list(
    local: LocalPlace, old: Path, tmp_path: Path, say: Say
) -> None:
    local.make(TIMUR, {TAB: [*map(str, INTAKE_COLUMNS), NOTE]})
    assert bring(local, old, "--yes") == 2
    assert "--spreadsheet" in say()
    assert bring(local, old, "--yes", "--spreadsheet", TIMUR) == 0
    assert len(local.table(TIMUR, TAB)) == 3 and local.table(BARAT, TAB) == []
    rows = [["Tanggal", "Nama", "Keluhan"], ["1/11/2024", "Bu Ani", "got mampet di gang"]]
    other = [["Tanggal", "Nama", "Yang dialami"], ["2/11/2024", "Bu Ina", "lampu mati di gang"]]
    path = make_file(tmp_path / "lama.xlsx", {"Satu": rows, "Dua": rows, "Tiga": other, "Kosong": [], "Lain": rows})
    with editing(path) as book:
        book["Lain"].sheet_state = "hidden"
    assert bring(local, path, "--yes", "--spreadsheet", BARAT, "--sheet", "dua") == 0
    assert bring(local, path, "--yes", "--spreadsheet", BARAT) == 0
    assert "diambil satu saja: 1 baris (baris Dua 2)" in (said := say())
    assert "karena tersembunyi atau kolom uraiannya tidak dikenali: “Tiga”, “Lain”." in said
    assert names(local) == ["Bu Ani"]
    assert bring(local, path, "--yes", "--spreadsheet", BARAT, "--sheet", "Tiga", "--map", "Yang dialami=Uraian") == 0
    path = make_file(tmp_path / "baru.xlsx", {"Tiga": other, "Empat": other})
    assert bring(local, path, "--yes", "--spreadsheet", BARAT, "--map", "Yang dialami=Uraian") == 0
    assert "yang tidak diambil" not in say() and names(local) == ["Bu Ani", "Bu Ina"]
    guide, own = (
        [rows[0], [f"{day}/11/2024", who, "jalan rusak di gang"]] for day, who in ((3, "Bu Siti"), (4, "Bu Eni"))
    )
    path = make_file(tmp_path / "kami.xlsx", {"Panduan": guide, "Enam": own})  # as a spreadsheet of the program's has
    assert bring(local, path, "--yes", "--spreadsheet", BARAT) == 0 and names(local) == ["Bu Ani", "Bu Ina", "Bu Eni"]


@pytest.mark.skipif(os.name != "posix", reason="terminals of this kind are there on Unix only")
@pytest.mark.parametrize(("answer", "brought"), [("ya", True), ("", False)])
def test_on_a_terminal_it_asks(local: LocalPlace, old: Path, answer: str, brought: bool) -> None:
    import pty

    told, (ours, theirs) = "Kategori: Warna-warni=Penerangan Jalan", pty.openpty()
    process = start(
        "--credentials", str(local.city.credentials), "import", str(old), "--tab", TAB, stdin=theirs,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.write(ours, f"{told}\n{answer}\nYA\n".encode())
    said, _ = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert "Lanjutkan? [y/T]" in said
    assert process.returncode == 0
    assert names(local) == (["Bu Heni", "Pak Dodi", "Bu Lilis"] if brought else [])
    assert ("Tanggal-tanggal lama itu memang benar?" in said) is brought
    assert [row[1] for row in local.rows("Kendali", PROFILES)[1:]] == [told] * brought, "as it was typed"
    assert {row[intake.DATE_RIGHT] for row in local.table(BARAT, TAB)} == ({"Ya"} if brought else set())


def test_an_answer_that_can_not_be_taken_is_told_right_above_the_question(
    local: LocalPlace, old: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(("gambar=alamat", "saluran:=warung", "foto=petugas", ""))
    monkeypatch.setattr("automation.cli.import_list._answer", lambda *_: next(answers))
    assert bring(local, old) == 0
    wrong, other, right = say().rsplit("Rencana:", 3)[1:]
    assert "“warung” bukan isian yang ada di daftar Saluran" in other, "all rows would wait for one"
    assert wrong.index("Akan ditambahkan: 3 baris") < wrong.index("tidak ada judul kolom “gambar”")
    assert "tidak ada judul" not in right and "Foto → Petugas" in right and names(local) == []
    monkeypatch.setattr("automation.cli.import_list._answer", Mock(side_effect=KeyboardInterrupt))
    assert bring(local, old) == 1, "Ctrl-C"
    assert "jalankan perintah yang sama sekali lagi" in say(), "no cycle goes on with a list"


def test_a_workbook_that_is_open_takes_no_list_and_no_cycle_brings_it_in(
    local: LocalPlace, old: Path, say: Say
) -> None:
    (local.city.folder / f".~lock.{BARAT}.xlsx#").touch()
    assert bring(local, old, "--yes") == 1
    assert "jalankan sekali lagi" in say() and names(local) == []


def test_what_people_say_of_headings_is_asked_once(place: Place, tmp_path: Path, say: Say) -> None:
    path = tmp_path / "november.csv"
    head = "Tgl;Pelapor dan kontaknya;Perincian;Keluhan\n"
    path.write_text(f"{head}02/11/2024;Bu Heni / 0812-0000-2032;Gg. Damai;got mampet di gang\n", "utf-8")
    heard = "pelapor dan kontaknya=Nama Pelapor+Telepon"
    assert bring(place, path, "--yes", "--map", heard, "--map", "Perincian=Alamat") == 0
    path.write_text(f"{head}04/12/2024;Pak Dodi / 0812-0000-2033;Gg. Mawar;lampu mati di gang\n", "utf-8")
    assert bring(place, path, "--yes") == 0
    assert "Pelapor dan kontaknya → Nama Pelapor + Telepon (ditentukan) · Pak Dodi / …" in say()
    rows = [(row[intake.NAME], row[intake.PHONE], row[intake.ADDRESS]) for row in place.table(BARAT, TAB)[1:]]
    assert rows == [("Bu Heni", "0812-0000-2032", "Gg. Damai"), ("Pak Dodi", "0812-0000-2033", "Gg. Mawar")]
    assert bring(place, path, "--yes", "--map", "Perincian=") == 0, "nothing new: nothing is kept"
    path.write_text(f"{head}05/12/2024;Bu Ani / 0812-0000-2034;lewat RW;banjir di gang\n", "utf-8")
    assert bring(place, path, "--yes", "--map", "Perincian=") == 0
    (profile,) = place.rows("Kendali", PROFILES)[1:]
    assert profile[1] == "Pelapor dan kontaknya=Nama Pelapor+Telepon\nPerincian="
    assert kept(place.table(BARAT, TAB)[-1]) == ["Perincian: lewat RW"]
    path.write_text("Tgl;Orangnya;Kabarnya\n6/12/2024;Bu Nani;pohon tumbang di gang\n", "utf-8")
    assert bring(place, path, "--dry-run") == 2, "a row of which only one heading is known may be no headings"
    assert bring(place, path, "--yes", "--map", "Kabarnya=Uraian", "--map", "Orangnya=Nama Pelapor") == 0
    path.write_text("Tgl;Orangnya;Kabarnya\n7/12/2024;Bu Nunu;lampu mati di gang\n", "utf-8")
    assert bring(place, path, "--yes") == 0 and names(place)[-2:] == ["Bu Nani", "Bu Nunu"]
    path.write_text(f"{head}05/12/2024;Bu Ani / 0812-0000-2034;lewat RW;banjir di gang\n", "utf-8")
    assert bring(place, path, "--map", "Perincian=Alamt") == bring(place, path, "--map", "Alamat=Alamat") == 2
    said = say()
    assert "Tidak ada kolom “Alamt”. Yang bisa: Alamat, " in said, "the likeliest first, and all others"
    assert {"Perincian", "Pelapor dan kontaknya"} <= {*said.rpartition("Yang ada: ")[2].rstrip(".\n").split(", ")}


CASES = """\
Tracking ID;Tanggal Laporan Masuk;Nama Pelapor;Kategori;Isi Laporan Akhir;Status Laporan;Alasan Tunda/Arsip
771;02/11/2024;Bu Heni;Banjir;air masuk rumah tiap hujan;Proses;
772;03/11/2024;Pak Dodi;Banjir;jalan di depan SDN 3 tergenang;Proses;
"""


def corrected(place: Place, path: Path) -> TakingIn:
    """The list brought in, one of its rows corrected by people here, the other one there."""
    path.write_text(CASES, "utf-8")
    assert bring(place, path, "--yes") == 0
    titles = place.rows(BARAT, TAB)[0]
    place.put(
        BARAT, TAB, 2, {titles.index(intake.DESCRIPTION): "air masuk rumah Bu RT", titles.index("Alamat"): "Gg. A"}
    )
    closed = "jalan di depan SDN 3 tergenang;Ditutup oleh Admin;sudah disedot"
    path.write_text(CASES.replace("jalan di depan SDN 3 tergenang;Proses;", closed), "utf-8")
    return TakingIn(compose(place.city.credentials, WORDS).syncer, jakarta_now())  # type: ignore[attr-defined]


def test_a_corrected_list_shows_what_changed_and_asks(place: Place, tmp_path: Path, say: Say) -> None:
    path = tmp_path / "lapor.csv"
    corrected(place, path)
    before = place.rows(BARAT, TAB)
    say()
    assert bring(place, path, "--yes") == 0
    said = say()
    assert "Status: Ditindaklanjuti → Selesai; Hasil Tindak Lanjut: – → sudah disedot" in said
    assert "Bu RT" not in said, "what people have corrected here is no change there"
    assert "Perubahan di 1 baris yang disebut di atas tidak ditulis" in said and "--corrections" in said
    assert place.rows(BARAT, TAB) == before
    assert bring(place, path, "--yes", "--corrections") == 0
    assert "Perubahan ditulis di 1 baris" in (said := say()) and "Tidak ada baris baru" in said
    assert "tidak ditulis" not in said
    _, heni, dodi = place.table(BARAT, TAB)
    assert (heni[intake.DESCRIPTION], heni[intake.STATUS]) == ("air masuk rumah Bu RT", "Ditindaklanjuti")
    assert (dodi[intake.STATUS], dodi[intake.OUTCOME]) == ("Selesai", "sudah disedot")
    say()
    assert bring(place, path, "--yes", "--corrections") == 0
    assert "Berubah di berkas" not in say()


def test_a_row_that_a_list_without_numbers_corrects_is_named_and_once_corrected_here_not_taken(
    place: Place, old: Path, say: Say
) -> None:
    assert bring(place, old, "--yes") == 0
    news = "04/11/2024;Bu Yuni;0812-0000-2039;Gg. Damai no 3;Banjir;air masuk rumah;\n"
    old.write_text(f"{LIST.replace('tiap hujan deras', 'sampai selutut')}{news}", "utf-8")
    say()
    assert bring(place, old, "--dry-run") == 0
    dodi = next(at for at, row in enumerate(place.rows(BARAT, TAB)) if "Pak Dodi" in row)
    assert f"1 baris (baris 4 seperti tab {TAB} baris {dodi + 1})" in (said := say()) and "ditambahkan: 2 baris" in said
    titles = place.rows(BARAT, TAB)[0]
    place.put(BARAT, TAB, dodi, {titles.index(intake.DESCRIPTION): "air masuk rumah sampai selutut"})
    assert bring(place, old, "--yes") == 0
    assert "Hanya beda" not in (said := say()) and "1 baris ditambahkan" in said
    assert names(place)[-2:] == ["Bu Lilis", "Bu Yuni"]


def test_a_row_that_is_sorted_to_where_a_correction_is_written_gets_its_words_back(
    cloud: GooglePlace, tmp_path: Path
) -> None:
    cloud.type(BARAT, TAB, "yati")
    path = tmp_path / "lapor.csv"
    corrected(cloud, path)
    cloud.run("sync")
    people = cloud.people[BARAT]
    name = cloud.rows(BARAT, TAB)[0].index(intake.NAME)
    acts = {"disedot": lambda: people.sort(TAB, name), "disedot lagi": lambda: people.insert_column(TAB, 8)}
    for outcome, act in acts.items():
        taking = disturbed(cloud, act)
        options = read_arguments(["import", str(path), "--tab", TAB])
        taking.correct(taking.plan(taking.find(TAB), read_old_list(options, WORDS)))
        rows = {row[intake.NAME]: row for row in cloud.table(BARAT, TAB)}
        assert rows["Warga yati"][intake.OUTCOME] is None and rows["Warga yati"][NOTE] == "yati"
        assert (rows["Bu Heni"][intake.STATUS], rows["Bu Heni"][intake.OUTCOME]) == ("Ditindaklanjuti", None)
        assert (rows["Pak Dodi"][intake.STATUS], rows["Pak Dodi"][intake.OUTCOME]) == ("Selesai", f"sudah {outcome}")
        path.write_text(path.read_text("utf-8").replace("sudah disedot", "sudah disedot lagi"), "utf-8")


def test_a_word_that_nobody_knows_is_asked_once(local: LocalPlace, old: Path, say: Say) -> None:
    assert bring(local, old, "--dry-run") == 0
    assert (
        "misalnya: Kategori: Warna-warni=Penerangan Jalan" in (said := say())
        and "Kategori: “Warna-warni” (1 baris)" in said
    )
    assert bring(local, old, "--yes", "--map", "Kategori: warna-warni=penerangan jalan") == 0
    assert local.table(BARAT, TAB)[-1][intake.CATEGORY] == "Penerangan Jalan"
    old.write_text(f"{LIST}06/11/2024;Bu Ani;0812-0000-2035;Gg. Damai no 8;Warna-warni;lampu di gang mati;\n", "utf-8")
    assert bring(local, old, "--yes") == 0
    ani = local.table(BARAT, TAB)[-1]
    assert (ani[intake.NAME], ani[intake.CATEGORY]) == ("Bu Ani", "Penerangan Jalan")
    (profile,) = local.rows("Kendali", PROFILES)[1:]
    assert profile[1] == "Kategori: warna-warni=penerangan jalan"


def test_how_all_rows_came_in_is_asked_once_where_no_column_says_it(
    local: LocalPlace, tmp_path: Path, say: Say
) -> None:
    path = tmp_path / "lama.csv"
    path.write_text("Tanggal;Nama;HP;Keluhan\n06/11/2024;Bu Ani;0812-0000-2035;lampu di gang mati\n", "utf-8")
    assert bring(local, path, "--dry-run") == 0 and "Saluran:=Hotline" in say()
    assert bring(local, path, "--yes", "--map", "Saluran:=wa") == 0
    path.write_text(
        "Tanggal;Nama;HP;Duduk Perkara;Status\n1-11-24;Bu Ani;0812-0000-2035;lampu di gang mati;OKE\n", "utf-8"
    )
    assert bring(local, path, "--dry-run") == 0
    said = say()
    for told in ("Tanggal Masuk · 01/11/2024", "dikenal sebagai Uraian. ", "misalnya: Status: OKE=Selesai"):
        assert told in said
    path.write_text("Tanggal;Nama;HP;Keluhan\n07/11/2024;Bu Ina;0812-0000-2036;got di gang mampet\n", "utf-8")
    assert bring(local, path, "--yes") == 0 and "Saluran diisi WhatsApp" in say()
    assert [row[intake.CHANNEL] for row in local.table(BARAT, TAB)] == ["WhatsApp"] * 2
