"""Lists that others made: what their headings and values mean, and that nothing in them is lost."""

import string
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook

from automation.config.defaults import load_lapor
from automation.importing.layout import MARK, Finder, Incoming, Layout, changed, known_rows, missing
from automation.importing.old_list import OldList, as_one_list, check_days, find_list, find_lists, group_of
from automation.importing.profiles import Profile, profile_for, said_of
from automation.importing.translation import Translation, translate
from automation.importing.values import as_text, is_month_first, taken_apart, telephone
from automation.model.cells import Tab, Value, date_of, fold, serial_of
from automation.model.complaint import Status
from automation.model.places import Kelurahan
from automation.model.rules import Category
from automation.reading.dates import read_date
from automation.reading.headings import Meaning, Said, says, understand
from automation.reading.numbers import read_phones
from automation.reading.tabs import read_intake
from automation.reading.validation import examine
from automation.sheets.files import read_list
from automation.sheets.port import Changes, Snapshot
from automation.tables import intake
from automation.tables.intake import POSITION
from automation.tables.table import Column
from automation.trouble import ConfigurationError
from tests.street import city
from tests.town import GONDRONG, HEADINGS, NOTE, RULES, TUESDAY
from tests.xlsx_person import make_file

LAPOR = ["Tracking ID", "Tanggal Laporan Masuk", "Klasifikasi", "Isi Laporan", "Kategori", "Status Laporan"]
WHO = (intake.NAME, intake.ADDRESS, intake.PHONE)
PLAIN = ["Tanggal", "Nama", "No HP", "Alamat", "RT", "RW", "Keluhan"]


def meanings(*labels: str) -> dict[str, Column | None]:
    return {found.label: next(iter(found.columns), None) for found in understand(labels)}


def listed(*rows: Sequence[Value]) -> OldList:
    found = find_list("Lembar1", rows, "Kolom {huruf}")
    assert found is not None
    return found


def tab_of(*rows: Sequence[Value], titles: Sequence[str] = HEADINGS, title: str = "Gondrong") -> Tab:
    return Tab(title, title, [list(titles), *rows])


def kept(incoming: Incoming) -> str:
    """What stands in `Data Asal` above the mark."""
    return incoming.told.removesuffix(f"{MARK}: {incoming.mark}").removesuffix("\n")


def layout_of(tab: Tab) -> Layout:
    (found,) = read_intake([tab], RULES.places, "Cipondoh").tabs
    return Layout(tab, found)


def brought(old: OldList, tab: Tab | None = None, said: Said | None = None) -> Translation:
    profile = profile_for(old, (), load_lapor())
    return translate(old.understood({**profile.said, **(said or {})}), layout_of(tab or tab_of()), RULES, profile)


def appended(rows: Sequence[Incoming], tab: Tab) -> Tab:
    """The tab after the rows were appended, and the columns made that they need."""
    snapshot = Snapshot("Cipondoh", (tab,), None)
    made = snapshot.after(Changes(cells=layout_of(tab).making(rows)))
    lay_out = layout_of(made.tabs[0]).lay_out
    return made.after(Changes(appends={tab.title: [*map(lay_out, rows)]})).tabs[0]


def known_in(tab: Tab, label: str = "") -> Finder:
    rows = read_intake([tab], RULES.places, "Cipondoh").rows
    return Finder(known_rows([row for row in rows if not row.blank], {tab.key: tab}, label))


def cells(incoming: Incoming) -> dict[str, object]:
    return {str(column): value for column, value in (*incoming.ours.items(), *incoming.own.items())}


# Headings


def test_an_export_of_lapor_is_understood_and_its_classification_is_no_category() -> None:
    assert meanings(*LAPOR) == {
        "Tracking ID": intake.ORIGIN,
        "Tanggal Laporan Masuk": intake.RECEIVED,
        "Klasifikasi": None,
        "Isi Laporan": intake.DESCRIPTION,
        "Kategori": intake.CATEGORY,
        "Status Laporan": intake.STATUS,
    }


def test_headings_in_english_are_known_and_none_is_taken_for_another() -> None:
    labels = ("Ticket Number", "Date Reported", "Reporter", "Mobile", "Complaint Location", "Complaint Type", "Issue")
    told = (
        intake.ORIGIN,
        intake.RECEIVED,
        intake.NAME,
        intake.PHONE,
        intake.ADDRESS,
        intake.CATEGORY,
        intake.DESCRIPTION,
    )
    assert tuple(meanings(*labels).values()) == told
    more = meanings("Received", "Contact Name", "Complaint Status", "Priority", "Source", "Resolution", "Closing Date")
    told = (intake.RECEIVED, intake.NAME, intake.STATUS, intake.PRIORITY, intake.CHANNEL, intake.OUTCOME, intake.DONE)
    assert tuple(more.values()) == told and not any(meanings("Due Date", "Response Date", "Remarks").values())


def test_headings_of_minutes_chats_and_forms_are_known() -> None:
    assert [*meanings("Pengirim", "Pesan", "Tempat").values()] == [intake.NAME, intake.DESCRIPTION, intake.ADDRESS]
    assert {*meanings("Nama (L/P)").values(), *meanings("Nama Pelapor L / P").values()} == {intake.NAME}
    assert understand(["Nama Pelapor (L/P)", "L/P"])[0].meaning is Meaning.KNOWN
    minutes = ("Usulan / Keluhan Warga", "Disampaikan oleh", "RT", "Keterangan")
    assert [*meanings(*minutes).values()] == [intake.DESCRIPTION, intake.NAME, intake.RT_RW, None]
    form = ("Siapa nama Bapak/Ibu?", "RT berapa?", "RW berapa?", "Masalahnya tentang apa?", "Ceritakan masalahnya")
    told = [intake.NAME, intake.RT_RW, intake.RT_RW, intake.CATEGORY, intake.DESCRIPTION]
    spoken = meanings("Apa yang terjadi?", "Tinggal di mana? (jalan, gang)").values()
    assert [*spoken, *meanings("apa masalahnya", "dmn").values()] == [intake.DESCRIPTION, intake.ADDRESS] * 2
    assert [*meanings(*form).values()] == told
    assert understand(["Pelapor (Nama, Alamat, No Telp)"])[0].columns == WHO
    assert understand(["Pelapor (Nama & No. HP)"])[0].columns == (intake.NAME, intake.PHONE)
    lives = meanings("Kelurahan domisili", "Kelurahan lokasi kejadian", "Tgl/Jam")
    assert [*lives.values()] == [None, intake.KELURAHAN, intake.RECEIVED], "where it is counts, not who lives where"
    assert [*meanings("HP 1", "HP 2").values()] == [intake.PHONE, None]
    app = ("updated_at", "created_at", "name", "address", "category", "description")
    known = [None, intake.RECEIVED, intake.NAME, intake.ADDRESS, intake.CATEGORY, intake.DESCRIPTION]
    assert [*meanings(*app).values()] == known
    hotline = ("Tanggal Ditanggapi", "Tanggal Keluhan", "Nama Penelpon")
    assert [*meanings(*hotline).values()] == [None, intake.RECEIVED, intake.NAME]
    english = ("Full name", "Contact", "Location", "Complaint", "Closed date", "Email address")
    who = [intake.NAME, intake.PHONE, intake.ADDRESS, intake.DESCRIPTION]
    assert [*meanings(*english).values()] == [*who, intake.DONE, None]
    rt = ("Hari/Tgl", "HP/WA", "No. Rumah", "Kronologi", "Tgl Tutup", "Anggaran", "Saran", "Tanggal Surat")
    place = [intake.RECEIVED, intake.PHONE, intake.ADDRESS, intake.DESCRIPTION, intake.DONE]
    assert [*meanings(*rt).values()] == [*place, None, None, None]
    asked = ("Alamat Lengkap Pelapor", "Status Penyelesaian", "Rencana Tindak Lanjut", "Kanal Aduan", "Tanggal Close")
    assert [*meanings(*asked).values()] == [intake.ADDRESS, intake.STATUS, None, intake.CHANNEL, intake.DONE]
    assert [*meanings("No. Rumah", "Alamat").values()] == [None, intake.ADDRESS]
    office = ("Perihal", "Uraian Singkat", "Tgl Penyelesaian", "Kode Pengaduan")
    assert [*meanings(*office).values()] == [None, intake.DESCRIPTION, intake.DONE, intake.ORIGIN]


@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("Nama Pelapr", intake.NAME),
        ("Nomer Telpon", intake.PHONE),
        ("Nomor telepon yang bisa dihubungi", intake.PHONE),
        ("Almat Lengkap", intake.ADDRESS),
        ("Uraikan keluhan Anda sejelas mungkin", intake.DESCRIPTION),
        ("Kelurahan tempat tinggal", intake.KELURAHAN),
        ("Masalah apa yang dialami", intake.DESCRIPTION),
    ],
)
def test_a_heading_that_is_only_similar_is_told_to_be_so(label: str, column: Column) -> None:
    (found,) = understand([label])
    assert (found.columns, found.meaning) == ((column,), Meaning.SIMILAR)


@pytest.mark.parametrize(
    "label",
    [
        "Tanggal Kejadian", "Tanggal Ditanggapi", "Tanggal Update", "Alamat email", "NIK", "Instansi Terdisposisi",
        "No", "Rating", "Kecamatan",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_of_our_columns_is_left_alone(label: str) -> None:
    assert meanings(label) == {label: None}


def test_of_two_headings_for_one_column_the_better_one_has_it() -> None:
    assert meanings("Keterangan", "Isi Laporan", "Judul") == {
        "Keterangan": None,
        "Isi Laporan": intake.DESCRIPTION,
        "Judul": None,
    }


def test_titles_above_and_headings_over_two_rows_are_understood() -> None:
    old = listed(
        ["REKAP PENGADUAN WARGA KELURAHAN GONDRONG 2024"],
        [],
        [],
        ["No", "Tanggal", "Pelapor", None, "Petugas", None, "Uraian"],
        [None, None, "Nama", "Telepon", "Nama", "NIP"],
        [1, "1/2/2024", "Pak A", 81200001021, "Bu B", 77, "got mampet sekali"],
        [],
        ["Jumlah", None, None, None, None, None, None],
    )
    assert [found.label for found in old.columns] == [
        "No", "Tanggal", "Pelapor Nama", "Telepon", "Petugas Nama", "Petugas NIP", "Uraian",
    ]  # fmt: skip
    assert [old.columns[at].columns for at in (2, 4)] == [(intake.NAME,), (intake.OFFICER,)]
    assert [record.number for record in old.records] == ["6", "8"]
    short = ["No", "Nama", "Alamat", None, "Keluhan"]
    old = listed(short, [None, None, "Jalan", "RT/RW"], [1, "Pak A", "Jl. Melati", "02/05", "got mampet sekali"])
    assert [found.label for found in old.columns] == ["No", "Nama", "Alamat Jalan", "RT/RW", "Keluhan"]
    assert len(old.records) == 1 and old.at(intake.RT_RW) == 3
    old = listed(short, [1, "Pak A", "Jl. Melati", "RT/RW", "got mampet sekali"])
    assert len(old.records) == 1, "a row with such a word in it is none of headings"


def test_headings_may_be_numbered() -> None:
    old = listed(["1. Tanggal*", "2) Nama Pelapor", "(3) No. HP", "4. No"], ["1/2/2024", "Pak A", "0812", 1])
    known = [found.columns if found.meaning is Meaning.KNOWN else () for found in old.columns]
    assert known == [(intake.RECEIVED,), (intake.NAME,), (intake.PHONE,), ()]


@pytest.mark.parametrize("title", [["Rekap pengaduan"], ["Rekap pengaduan", "2024"]])
def test_a_title_right_above_the_headings_is_no_part_of_them(title: list[Value]) -> None:
    old = listed(title, ["Tanggal", "Nama", "Foto"], ["1/2/2024", "Pak A", "ada"])
    assert [(found.label, found.columns) for found in old.columns] == [
        ("Tanggal", (intake.RECEIVED,)),
        ("Nama", (intake.NAME,)),
        ("Foto", ()),
    ]


def test_what_is_a_row_of_headings_and_what_is_none() -> None:
    below = listed(["Tanggal", "Nama", None, "Keluhan"], ["1/2/2024", "Pak A", "Telepon", "laporan warga"])
    assert [record.number for record in below.records] == ["2"]
    printed = listed(PLAIN, ["1/2/2024", "A"], PLAIN, ["2/2/2024", "B"])  # repeated on every page
    assert [record.number for record in printed.records] == ["2", "4"]
    rows = [["1/2/2024", "Pak Amir", "0812", "laporan got mampet"], ["Bu Sri", "Hotline"]]
    assert find_list("x", rows, "{huruf}") is None and find_list("x", [], "{huruf}") is None
    (incoming,) = brought(listed([*PLAIN, None], ["1/2/2024", "A", None, "x", None, None, "got mampet", "lagi"])).rows
    assert kept(incoming) == "Kolom H: lagi"


# Values


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sedang Diproses", "Ditindaklanjuti"),
        ("Belum Terverifikasi", "Baru"),
        ("selesei", "Selesai"),
        ("Selesai", None),  # it is one already
        ("Belum Selesai", None),
        ("akan selesai", None),  # nothing to come is done
        ("hampir selesai", None),
        ("kapan selesai", None),
        ("lagi diselesaikan", None),
        ("minta ditolak", None),
        ("selesai minggu depan", None),
        ("Blm diverifikasi", "Baru"),
        ("Bukan Kewenagan", "Bukan Kewenangan"),
        ("Ditutup", None),  # solved, or merely closed?
    ],
)
def test_a_status_is_translated_only_where_it_is_certain(written: str, meant: str | None) -> None:
    entry = RULES.entry(intake.STATUS, written)
    assert (entry if entry != written else None) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Jalan dan drainase", "Jalan & Drainase"),
        ("Penerangan jalan umum", "Penerangan Jalan"),
        ("Lain-lain", "Lainnya"),
        ("PJU", "Penerangan Jalan"),
        ("Bansos", None),  # there is no such category any more
        ("Jalan", None),  # two have it in their names
        ("Infrastruktur", None),
    ],
)
def test_a_category_is_translated_only_where_it_is_certain(written: str, meant: str | None) -> None:
    ours = {name: Category(name) for name in ("Jalan & Drainase", "Penerangan Jalan", "Banjir", "Lainnya")}
    assert replace(RULES, categories=ours).entry(intake.CATEGORY, written) == meant


def test_a_telephone_number_gets_the_zero_back_that_a_spreadsheet_took_and_months_before_days_are_noticed() -> None:
    for lost in (81200001021, 81200001021.0, "81200001021", "81200001021.0"):
        assert telephone(lost) == "081200001021"
    assert (telephone("8,12E+11"), telephone(12.0)) == ("8,12E+11", "12"), "nobody can call that"
    assert is_month_first("11/24/2026 10:15:00")
    assert is_month_first("11/2/2026 18:05:22", "Timestamp") and not is_month_first("11/2/2026 18:05:22", "Tanggal")
    assert not any(is_month_first(f"02/11/2026 {time}", "Timestamp") for time in ("18:05:22", "18.05.22"))
    assert not any(is_month_first(day) for day in ("24/11/2026", "03/04/2026", 46000.0))


@pytest.mark.parametrize("label", ["Tanggal", "Tanggal Selesai"])
def test_days_that_an_english_spreadsheet_has_turned_where_it_could_stop_the_whole_list(label: str) -> None:
    turned = [serial_of(date(2026, month, 11)) for month in (5, 3, 2)]

    def of(*days: Value) -> OldList:
        return listed([label, "Nama", "Keluhan"], *([day, "Yati", "got mampet"] for day in days))

    with pytest.raises(ConfigurationError):
        check_days(of(*turned, "24/11/2026"))
    for sound in ((), ("03/04/2026", "24/11/2026"), (serial_of(date(2026, 11, 24)), "24/11/2026")):
        check_days(of(*turned, *sound))


# Rows


def test_each_cell_stands_where_it_belongs_and_what_has_no_column_is_kept_with_its_heading() -> None:
    old = listed(
        [*LAPOR, NOTE],
        ["7700002", "2026-11-02 19:00:00", "Aspirasi", "Lampu jalan mati", "Jalann", "Sedang Diproses", "dari Pak RW"],
    )
    translation = brought(old)
    (incoming,) = translation.rows
    assert cells(incoming) == {
        intake.RECEIVED: read_date("02/11/2026"),
        intake.CHANNEL: "LAPOR!",
        intake.ORIGIN: "7700002",
        intake.CATEGORY: "Jalan",
        intake.DESCRIPTION: "Lampu jalan mati",
        intake.STATUS: "Ditindaklanjuti",
        NOTE.casefold(): "dari Pak RW",
    }
    assert kept(incoming).split("\n") == [
        "Tanggal Laporan Masuk: 2026-11-02 19:00:00",
        "Klasifikasi: Aspirasi",
        "Kategori: Jalann",
        "Status Laporan: Sedang Diproses",
    ]
    assert translation.meant == {
        (intake.CATEGORY, "Jalann", "Jalan"): 1,
        (intake.STATUS, "Sedang Diproses", "Ditindaklanjuti"): 1,
    }


def test_what_lapor_calls_other_things_is_what_it_is_about() -> None:
    topic = "Lainnya terkait Lampu Penerangan Jalan Umum"
    old = listed(LAPOR, ["7700002", "2026-11-02", "Aspirasi", "Lampu jalan mati", topic, "Selesai"])
    (incoming,) = translate(old, layout_of(tab_of()), city(), profile_for(old, (), load_lapor())).rows
    assert incoming.ours[intake.CATEGORY] == "Penerangan Jalan"


def test_nothing_of_a_list_is_written_into_the_robots_columns() -> None:
    old = listed(["No. Tiket", "Pemeriksaan", *PLAIN], ["RR-260504-0001-3", "baik", "1/2/2026", "A", "0812"])
    (incoming,) = brought(old).rows
    assert not any(column in cells(incoming) for column in HEADINGS[:5])
    assert (incoming.reference, kept(incoming)) == ("RR-260504-0001-3", "Pemeriksaan: baik")


def test_rt_and_rw_in_columns_of_their_own_become_one_and_the_day_is_a_date_and_no_text() -> None:
    rows = [["Senin, 2 Maret 2026", "A", None, None, "3", "7"], [None, "B", None, None, "3", None]]
    both, alone = brought(listed(PLAIN, *rows)).rows
    assert (cells(both)[intake.RT_RW], cells(both)[intake.RECEIVED]) == ("3/7", date_of(46083))
    assert cells(alone)[intake.RT_RW] == "RT 3"


def test_a_cell_that_is_merged_over_rows_says_the_same_of_each(tmp_path: Path) -> None:
    first_row: list[Value] = ["1/2/2026", "A", "0812", "Gg. Mawar", None, None, "got mampet"]
    second_row: list[Value] = [None, "B", "0813", None, None, None, "pohon tumbang"]
    rows: list[list[Value]] = [[*PLAIN], first_row, second_row, [None] * 7]
    path = make_file(tmp_path / "lama.xlsx", {"Isi": rows})
    book = load_workbook(path)
    for area in ("A2:A4", "D2:E3"):
        book["Isi"].merge_cells(area)
    book.save(path)
    (tab,) = read_list(path)
    first, second = brought(listed(*tab.rows)).rows
    for column in (intake.RECEIVED, intake.ADDRESS):
        assert first.people[POSITION[column]] == second.people[POSITION[column]] is not None


def test_the_downloaded_answers_of_a_google_form_have_their_days() -> None:
    said, utc = "2026/01/24 6:46:43 PM GMT+7", "2026-01-24T20:04:05+00:00"
    (answer,) = brought(listed(["Timestamp", "Nama", "Apa keluhan Anda?"], [said, "Bu Ani", "got mampet"])).rows
    assert (cells(answer)[intake.RECEIVED], kept(answer)) == (date(2026, 1, 24), f"Timestamp: {said}")
    (moved,) = brought(listed(["Created at", "Nama", "Apa keluhan Anda?"], [utc, "Bu Ani", "got mampet"])).rows
    assert (cells(moved)[intake.RECEIVED], kept(moved)) == (date(2026, 1, 25), f"Created at: {utc}")
    (abroad,) = brought(listed(PLAIN, ["2026/01/24 6:46:43 PM GMT-5", "Bu Ani", *[None] * 4, "got mampet"])).rows
    assert not isinstance(cells(abroad)[intake.RECEIVED], date), "there it was another day"


def test_a_list_without_days_has_that_of_the_meeting_that_its_title_names_and_only_one() -> None:
    names, row = ["No", "Nama", "HP Pelapor", "Keluhan"], ["1", "Bu Ani", "0812-3456-7890", "got mampet"]
    for title in (["Hari, tanggal : Minggu, 18 Oktober 2026"], ["Hari/Tgl", ": 18-10-2026"]):
        (answer,) = brought(listed(["RESES"], title, names, row)).rows
        assert (cells(answer)[intake.RECEIVED], cells(answer)[intake.PHONE]) == (date(2026, 10, 18), row[2])
    several = ["Hari/tanggal: 18 Oktober 2026", "Hari/tanggal: 19 Oktober 2026"]
    for told in (several, ["Tangerang, 31 Oktober 2026"], ["Hari/tanggal: Senin, 18 Oktober 2026"]):
        (answer,) = brought(listed(told, names, row)).rows
        assert intake.RECEIVED not in cells(answer)
    (own,) = brought(listed(several[:1], [*names, "Tanggal"], [*row, "20/10/2026"])).rows
    assert cells(own)[intake.RECEIVED] == date(2026, 10, 20)


def test_what_has_a_day_on_which_it_was_done_is_done_where_no_status_says_otherwise() -> None:
    row: list[Value] = ["1/2/2026", "A", "0812", "x", None, None, "got mampet", "3/2/2026"]
    (done,) = brought(listed([*PLAIN, "Tanggal Selesai"], row)).rows
    assert done.people[POSITION[intake.STATUS]] == Status.RESOLVED.value
    rows = brought(listed([*PLAIN, "Tanggal Selesai", "Status"], [*row, "proses"], [*row[:7], "-", None])).rows
    assert [one.people[POSITION[intake.STATUS]] for one in rows] == [Status.IN_PROGRESS.value, None]


@pytest.mark.parametrize(
    ("said", "stands"),
    [("kemarin", None), ("2 hari lalu", None), ("24/11", "24/11"), ("November 3, 2026", "November 3, 2026")],
)
def test_a_day_that_was_yesterday_when_the_list_was_written_is_asked(said: str, stands: str | None) -> None:
    (row,) = brought(listed(PLAIN, [said, "A", "0812", "x", None, None, "got mampet"])).rows
    assert row.people[POSITION[intake.RECEIVED]] == stands
    assert kept(row) == ("" if stands else f"Tanggal: {said}")


def test_a_day_that_stands_in_a_row_of_its_own_is_the_day_of_those_below_it() -> None:
    again: list[Value] = ["Bu Tini", None, None, "jalan becek"]
    first: list[list[Value]] = [["Senin, 2 November 2026"], again, ["Roni", "3/11/2026", None, "air mati"]]
    days: list[list[Value]] = [*first, ["", "4 Nov 2026"], again, ["Jumlah", None, None, "2 laporan"]]
    old = listed(["Nama", "Tgl", "HP", "Keluhan"], *days)
    translation = brought(old)
    received = [str(read_date(row.people[POSITION[intake.RECEIVED]])) for row in translation.rows]
    assert received == ["2026-11-02", "2026-11-03", "2026-11-04"]
    assert (translation.grouped, translation.empty) == (["2", "5"], ["7"])
    assert len({row.mark for row in translation.rows}) == 3, "the same words on another day are another complaint"


def test_rows_of_other_kelurahan_are_left_for_their_own_tab_and_a_tab_of_several_takes_them_all() -> None:
    old = listed(
        [*PLAIN, "Kelurahan"],
        ["1/2/2026", "A", *[None] * 4, "got mampet", "Gondrong"],
        ["1/2/2026", "B", *[None] * 4, "got mampet", "Kel. Petir"],
        ["1/2/2026", "C", *[None] * 4, "got mampet", "Gondrong Raya Baru"],
        ["1/2/2026", "D", *[None] * 4, "got mampet", "Petirr"],  # a slip, but surely not Gondrong
        ["KELURAHAN PETTIR"],
        ["1/2/2026", "E", *[None] * 4, "got mampet", None],
    )
    translation = brought(old)
    assert [row.number for row in translation.rows] == ["2", "4"]
    assert {place.name: numbers for place, numbers in translation.elsewhere.items()} == {"Petir": ["3", "5", "7"]}
    assert translation.doubtful == ["4"] and "Kelurahan: Gondrong Raya Baru" in kept(translation.rows[1])
    assert GONDRONG not in translation.elsewhere
    assert brought(old, tab_of(title="Petir")).doubtful == ["4", "5", "7"]
    several = brought(old, tab_of(titles=[*HEADINGS, intake.KELURAHAN], title="Semua")).rows
    assert [row.ours.get(intake.KELURAHAN) for row in several[1:]] == [
        "Kel. Petir",
        "Gondrong Raya Baru",
        "Petirr",
        None,
    ]


def test_lines_that_tell_of_no_complaint_and_exact_doubles_are_left_out() -> None:
    row = ["1/2/2026", "A", "0812", "Gg. Mawar", None, None, "got mampet"]
    none = [[*[None] * 7, "ditulis Pak RW"], [*[None] * 6, "Sub total 2"], [None, "Jumlah", "", "2"]]
    none += [[None, None, "3", *[None] * 4, "JUMLAH"]]  # counted below the telephones
    called_so = ["1/2/2026", "Total", None, "Gg. Mawar", None, None, "got mampet"]  # with a day of its own
    translation = brought(listed([*PLAIN, "Ket"], row, row, *none, called_so))
    assert [one.number for one in translation.rows] == ["2", "8"]
    assert (translation.doubled, translation.empty) == (["3"], ["4", "5", "6", "7"])


def test_a_cell_that_is_as_above_says_what_stands_there_where_that_is_sure() -> None:
    whole = ["1/2/2026", "Yati", "081200001021", "Gg. Mawar", "1", "2", "got mampet", "Banjir"]
    dittos = ["sda", "idem", '"', "s.d.a.", '- " -', "''", "got di depan musala juga mampet", "SDA"]
    old = listed([*PLAIN, "Kategori"], dittos, whole, ["KEL. GONDRONG"], dittos)
    first, _, second = (cells(row) for row in brought(old).rows)
    assert first[intake.NAME] == "idem", "nothing stands above it: people are asked"
    assert second == {**first, **cells(brought(listed([*PLAIN, "Kategori"], whole)).rows[0]), "Uraian": dittos[6]} | {
        "Kategori": "SDA"  # sumber daya air?
    }
    assert [one.number for one in old.records if one.repeats] == ["5"]


def test_what_a_status_says_in_part_is_left_for_people_to_say() -> None:
    told = ["beres", "selesai 80%", "beres ?", "100% beres"]
    rows = brought(listed(["Nama", "Keluhan", "Status"], *(["A", f"got {one}", one] for one in told))).rows
    assert [cells(row)[intake.STATUS] for row in rows] == ["Selesai", *told[1:3], "Selesai"]


def test_a_column_of_the_rt_alone_says_so() -> None:
    told = listed(["Nama", "RT", "Keluhan"], ["A", "004", "got mampet"], ["B", "RT 5", "got bau"])
    rows = brought(told, said={"rt": (intake.RT_RW,)}).rows
    assert [cells(row)[intake.RT_RW] for row in rows] == ["RT 004", "RT 5"]
    asked = listed(["Nama", "RT berapa?", "RW berapa?", "Keluhan"], ["A", 4, "07", "got mampet"])
    (row,) = brought(asked, said={"rtberapa": (intake.RT_RW,), "rwberapa": (intake.RT_RW,)}).rows
    assert cells(row)[intake.RT_RW] == "4/07"


def test_whoever_has_only_a_number_and_a_place_is_answered_in_the_system_of_that_number() -> None:
    assert brought(listed(["No Tiket", "Lokasi", "Isi Laporan"], ["771", "Gg. A", "got mampet"])).channel == "Lainnya"
    assert brought(listed(["No Tiket", "Nama", "Lokasi", "Isi Laporan"], ["7", "A", "Gg. A", "x"])).channel is None


def test_the_numbers_of_columns_and_who_signs_a_list_are_no_complaints() -> None:
    row: list[Value] = [1, "1/2/2026", "A", "0812", "got mampet"]
    short: list[Value] = [None, None, "Bu B", None, "jalan rusak"]
    signed: list[list[Value]] = [
        ["", "Mengetahui,", None, "", "Petugas"],
        ["", "Ketua RW 04"],
        ["", "H. Abdul Karim", "", "", "Siti"],
    ]
    petir: list[Value] = [None, None, None, None, "Petir, 31 Oktober 2026"]  # no heading of a group
    for last in (petir, [None, "Cipondoh, ... Oktober 2026"]):
        left = brought(listed(["No", "Tanggal", "Nama", "HP", "Keluhan"], row, last, *signed[1:]))
        assert ([one.number for one in left.rows], left.grouped, left.empty) == (["2"], [], ["3", "4", "5"])
    old = listed(["No", "Tanggal", "Nama", "HP", "Keluhan"], [1, "(2)", 3.0, "4", "5."], row, short, *signed, row[:4])
    translation = brought(old)
    assert [one.number for one in translation.rows] == ["3", "4", "8"], "a whole row below them is one"
    assert translation.empty == ["5", "6", "7"]
    whole: list[Value] = [2, "2/2/2026", "B", "0813", "Petir, 31 Oktober 2026"]
    signs_nothing = listed(["No", "Tanggal", "Nama", "HP", "Keluhan"], row, whole, short)
    assert [one.number for one in brought(signs_nothing).rows] == ["2", "3", "4"], "so whole a row signs no list"
    for told in ("Mengetahui ada pungli di kantor", "Petugas sampah tidak datang"):
        assert len(brought(listed(["Nama", "Tanggal", "HP", "Keluhan"], ["A", None, None, told], short[1:])).rows) == 2


def test_a_register_of_two_pages_with_headings_in_two_rows_is_one_list() -> None:
    whole = [
        "No. Urut",
        "Tanggal Pengaduan",
        "Nama",
        "No. Telepon",
        "Substansi Pengaduan",
        "Tanggal",
        "Hasil",
        "Keterangan",
    ]
    above = [*whole[:2], "Pengadu", None, whole[4], "Penyelesaian", None, whole[7]]  # the others are merged downwards
    below = [None, None, *whole[2:4], None, *whole[5:7]]  # as on a page where they were not
    rows = ([n, "3/11/2026", "A", "0812", f"got {n} mampet", "5/11/2026", "x", "proses"] for n in (1, 2, 3))
    first, second, third = rows
    for names in (below, whole):
        tab: list[Sequence[Value]] = [["REGISTER"], above, whole, first, above, names, second, third]
        (old,) = find_lists("Register", tab, "{huruf}")
        told = brought(old).rows
        assert [(row.number, cells(row)[intake.DESCRIPTION]) for row in told] == [
            ("4", "got 1 mampet"),
            ("7", "got 2 mampet"),
            ("8", "got 3 mampet"),
        ]
        assert kept(told[0]) == "No. Urut: 1\nKeterangan: proses", "a remark is no description beside a text"
        assert cells(told[0])[intake.DONE] == date(2026, 11, 5)
    plain: list[list[Value]] = [["No", "Pengadu", None, "Keluhan"], ["No", "Nama", "HP", "Keluhan"]]
    assert [one.number for one in listed(*plain, [1, "A", "0812", "got mampet"], *plain).records] == ["3"]


def test_a_telephone_that_an_export_marks_as_text_for_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.csv"
    path.write_text('Nama,HP,Keluhan\nAni,="081200002035",got mampet\n', "utf-8")
    (tab,) = read_list(path)
    assert tab.rows[1] == ["Ani", "081200002035", "got mampet"]


def test_a_title_beside_a_longer_description_is_none() -> None:
    old = listed(
        ["Nama", "Perihal", "Uraian kejadian singkat", "Keterangan"], ["A", "Jalan", "jalan berlubang", "x" * 99]
    )
    assert [*profile_for(old, (), load_lapor()).guessed] == ["uraiankejadiansingkat"]
    long_address = listed(["Nama", "Perihal", "Alamat"], ["A", "got mampet", "Jl. Mawar no 3, " * 9])
    assert not profile_for(long_address, (), load_lapor()).guessed, "an address is no description"
    said = profile_for(
        old,
        [
            Profile(
                frozenset(map(fold, ("Nama", "Perihal", "Uraian kejadian singkat", "Keterangan"))),
                {"perihal": (intake.DESCRIPTION,)},
            )
        ],
        load_lapor(),
    )
    assert not said.guessed and said.said == {"perihal": (intake.DESCRIPTION,)}
    assert not profile_for(
        listed(["Nama", "Keluhan", "Uraian kejadian"], ["A", "got", "got mampet"]), (), load_lapor()
    ).guessed


def test_tabs_that_call_one_column_differently_are_one_list() -> None:
    october = find_list("Okt", [PLAIN, ["1/10/2026", "A", "0812", "x", "1", "2", "got mampet"]], "{huruf}")
    titles = ["Nama", "Tgl", "Isi Aduan", "Telp", "Alamat", "Keterangan Petugas"]
    november = find_list("Nop", [titles, ["B", "1/11/2026", "pohon tumbang", "0813", "y", "z"]], "{huruf}")
    assert october and november
    first, second = brought(as_one_list("lama.xlsx", [october, november])).rows
    assert [one.people[POSITION[intake.DESCRIPTION]] for one in (first, second)] == ["got mampet", "pohon tumbang"]
    assert str(read_date(second.people[POSITION[intake.RECEIVED]])) == "2026-11-01" and "0813" in second.people
    assert kept(second) == "Keterangan Petugas: z"


def test_a_list_below_another_with_headings_of_its_own_is_read_by_those_and_none_is_lost() -> None:
    small: list[list[Value]] = [["Tanggal", "Nama", "Keluhan"], ["1/2/2026", "A", "got mampet"], ["Kel. Petir"]]
    wide = ["No", "Tgl", "Nama Pelapor", "HP", "Alamat", "Isi Laporan"]
    more: list[list[Value]] = [[*wide], [1, "2/2/2026", "B", "0813", "y", "pohon tumbang"], [*wide]]
    told: list[Value] = [2, "3/2/2026", "C", "0814", "z", "lampu mati"]
    words: list[Value] = [None, "3/2/2026", "Warga", "wa", None, "laporan"]  # no headings: they hold a day
    lists = find_lists("Data", [*small, *more, told, words], "{huruf}")
    assert [(old.title, len(old.records)) for old in lists] == [("Data", 2), ("Data (4)", 3)], "headings of each page"
    rows = [one.people for one in brought(as_one_list("lama.xlsx", lists)).rows]
    assert [row[POSITION[intake.DESCRIPTION]] for row in rows] == [
        "got mampet",
        "pohon tumbang",
        "lampu mati",
        "laporan",
    ]
    two: list[list[Value]] = [["Tanggal", "Pelapor", None, None, "Uraian"], [None, "Nama", "Telepon", "Alamat", None]]
    (old,) = find_lists("Data", [*two, ["1/2/2026", "A", "0812", "x", "got mampet"]], "{huruf}")
    assert len(old.records) == 1, "the second row of headings begins no other list"


# Known again


def typed(**changes: Value) -> list[Value]:
    row = {intake.RECEIVED: "1/2/2026", intake.NAME: "Pak Amir", intake.PHONE: "081200001021", **changes}
    return [row.get(title) for title in HEADINGS]


def test_a_row_that_was_typed_by_hand_is_known_however_it_was_written_or_corrected_since() -> None:
    tab = tab_of(typed(Uraian="got mampet di gang", Alamat="Gg. Melati no 4"))
    (written, corrected, other) = brought(
        listed(
            PLAIN,
            ["01-02-2026", "PAK AMIR", 81200001021, None, None, None, "Got  mampet di gang"],
            ["1/2/2026", "Pak Amir", "0812", "gg melati", None, None, "got mampet di gang"],
            ["9/2/2026", "Pak Amir", 81200001021, None, None, None, "got mampet di gang"],  # of another day
        ),
        tab,
    ).rows
    known = known_in(tab)
    assert known.find(written) is not None and known.find(corrected) is not None and known.find(other) is None


def test_two_numbers_of_a_list_are_two_complaints_whatever_they_say() -> None:
    rows = [[str(number), "1/2/2026", "Pengaduan", "lampu mati lagi"] for number in (1, 2)]
    first, second = brought(listed(LAPOR, *rows)).rows
    tab = appended([first], tab_of())
    assert known_in(tab, "Tracking ID").find(first) is not None
    assert known_in(tab, "Tracking ID").find(second) is None


def test_a_number_that_begins_anew_each_month_is_another_complaint_and_one_that_was_corrected_is_the_same() -> None:
    head = ["No Laporan", "Tanggal", "Nama", "No HP", "Alamat", "Keluhan"]
    row: list[Value] = [1, "3/1/2026", "Bu Ani", "081200001001", "Gg. A", "got mampet di gang"]
    other: list[Value] = [1, "3/2/2026", "Pak Udin", "081200001003", "Gg. C", "jalan rusak parah"]
    next_door: list[Value] = [1, "3/1/2026", "Pak Joni", "081200001004", "Gg. D", "sampah menumpuk"]
    (first,), (corrected,) = (brought(listed(head, one)).rows for one in (row, [*row[:4], "Gg. B", "got mampet lagi"]))
    tab = appended([first], tab_of())
    assert known_in(tab, "No Laporan").find(corrected) is not None
    for one in (other, next_door):
        (incoming,) = brought(listed(head, one)).rows
        assert known_in(tab, "No Laporan").find(incoming) is None
        tab = appended([incoming], tab)
        assert (found := known_in(tab, "No Laporan").find(incoming)) and found.mark == incoming.mark


def test_a_list_that_was_itself_brought_in_somewhere_is_known_by_its_own_mark() -> None:
    row = ["771", "1/2/2026", "lampu mati", "Klasifikasi: Aspirasi\nSidik: 0a0b0c0d"]
    (incoming,) = brought(listed(["Tracking ID", "Tanggal", "Isi Laporan", "Data Asal"], row)).rows
    found = known_in(appended([incoming], tab_of()), "Tracking ID").find(incoming)
    assert found is not None and found.mark == incoming.mark, "else it passes for changed, over what people correct"


def test_our_own_export_is_known_by_its_tickets_as_long_as_they_are_this_branchs() -> None:
    ticket, head = "RR-260504-0001-3", ["No. Tiket", "Tanggal Masuk", "Uraian", "Nama Pelapor", "Telepon"]
    stands = {"No. Tiket": ticket, intake.RECEIVED: "3/1/2026"}
    tab = tab_of(typed(**stands, Uraian="got mampet di gang"))
    ours: list[Value] = [ticket, "1/2/2026", "got di gang mampet", "Pak Amir", "081200001021"]
    emptied = tab_of(typed(**stands, **{intake.NAME: None, intake.PHONE: None}))
    theirs: list[Value] = [ticket, "3/1/2026", "got mampet di gang", "Bu Ani", "081200001022"]
    for titles in (head, [*head, "Nomor Asal"]):
        mine, other = brought(listed(titles, ours, theirs), tab).rows
        known = known_in(tab, "No. Tiket")
        assert known.find(mine) is not None and known_in(emptied, "No. Tiket").find(mine) is not None
        assert known.find(other) is None, "two branches have given the same number"


def test_another_spelling_of_an_entry_corrects_nothing() -> None:
    head = ["No Laporan", "Tanggal", "Nama", "Keluhan", "Kanal"]
    row: list[Value] = [7, "3/1/2026", "Pak Amir", "got mampet"]
    tab = appended(brought(listed(head, [*row, "LAPOR!"])).rows, tab_of())
    for channel, corrected in (("LAPOR", set()), ("WhatsApp", {intake.CHANNEL})):
        old = listed(head, [*row, channel])
        (incoming,) = brought(old, tab).rows
        found = known_in(tab, old.reference).find(incoming)
        assert found is not None and changed(incoming, found).keys() == corrected


def test_our_own_export_corrects_nothing() -> None:
    listed_once = listed(["No Laporan", "Tanggal", "Nama", "Keluhan"], [1, "3/1/2026", "Pak Amir", "got mampet"])
    tab = appended(brought(listed_once).rows, tab_of())
    ticketed = replace(tab, rows=[tab.rows[0], ["RR-260504-0001-3", *tab.rows[1][1:]]])
    old = listed(["No. Tiket", "Tanggal Masuk", "Status"], ["RR-260504-0001-3", "24/11/2026", "Baru"])
    (incoming,) = brought(old, ticketed).rows
    found = known_in(ticketed, old.reference).find(incoming)
    assert found is not None and not changed(incoming, found), "the day on which a row was seen is none of receipt"


def test_a_number_in_the_tabs_own_column_is_known_too() -> None:
    tab = tab_of(titles=[*HEADINGS, "TRACKING-ID"])
    (incoming,) = brought(listed(LAPOR, ["771", "1/2/2024", "Pengaduan", "lampu mati"]), tab).rows
    assert (cells(incoming)[intake.ORIGIN], kept(incoming)) == ("771", "Klasifikasi: Pengaduan")
    edited = [*typed(Uraian="lampu di gang Mawar mati"), "771"]
    assert known_in(tab_of(edited, titles=[*HEADINGS, "TRACKING-ID"]), "Tracking ID").find(incoming) is not None


# Whatever stands in it

TEXT = st.text(string.ascii_letters + string.digits + " .,:;/-+='\"\n\u00e9\u2019", max_size=24)
CELL: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    TEXT,
    st.integers(0, 10**13),
    st.sampled_from(
        ["24/11/2024", "2024-11-24 08:15", "31/02/2024", "-", "Selesai", "Ditutup", "Jalan", "WA", "3/7", True, 45620.5]
    ),
)
LABELS = st.lists(
    st.sampled_from(
        [*LAPOR, *PLAIN, "Keterangan", "No. Tiket", "Petugas", NOTE, "Kanal", "Prioritas", "Foto", "Judul"]
    ),
    min_size=3,
    max_size=9,
)


@st.composite
def lists(draw: st.DrawFn) -> OldList | None:
    labels = draw(LABELS)
    rows: list[list[Value]] = draw(
        st.lists(st.lists(CELL, min_size=len(labels), max_size=len(labels)), min_size=1, max_size=6)
    )
    return find_list("Lembar1", [labels, *rows], "Kolom {huruf}")


def found_again(value: Value, texts: Sequence[str], days: Sequence[str]) -> bool:
    text = as_text(value)
    day = read_date(value)
    numbers = read_phones(value).numbers
    return (
        any(text in one for one in texts)
        or (day is not None and f"{day:%d/%m/%Y}" in days)
        or any("0" + number.removeprefix("+62") in texts for number in numbers)
    )


@given(lists())
def test_every_cell_that_says_something_is_found_again_in_its_row(old: OldList | None) -> None:
    if old is None:
        return
    records = {record.number: record for record in old.records}
    for incoming in brought(old).rows:
        written = [*incoming.ours.values(), *incoming.own.values()]
        texts = [*(value for value in written if isinstance(value, str)), kept(incoming)]
        days = [f"{value:%d/%m/%Y}" for value in written if not isinstance(value, (str, int))]
        for value in filter(says, records[incoming.number].cells):
            assert found_again(value, texts, days), value


@given(lists())
def test_a_list_that_was_brought_in_once_adds_nothing_more(old: OldList | None) -> None:
    if old is None:
        return
    rows = brought(old).rows
    after = appended(rows, tab_of(typed(Uraian="sudah ada")))
    label = old.reference
    again = brought(old, after).rows
    known = known_in(after, label)
    assert [row.number for row in again if known.find(row) is None] == []
    stood = read_intake([after], RULES.places, "Cipondoh").rows
    assert missing(again, known_rows(stood, {after.key: after}, label)) == []


# What a list says in other ways


@pytest.mark.parametrize(
    ("text", "columns", "parts"),
    [
        ("Bu Heni / 0812-0000-2032", (intake.NAME, intake.PHONE), ("Bu Heni", "0812-0000-2032")),
        ("Bu Ani (HP. +62 812 0000 2034)", (intake.NAME, intake.PHONE), ("Bu Ani", "+62 812 0000 2034")),
        ("081200001021 / 0812-0000-1022 Bu A", (intake.NAME, intake.PHONE), ("Bu A", "081200001021 / 0812-0000-1022")),
        ("Pak Amir", (intake.NAME, intake.PHONE), ("Pak Amir", None)),
        ("Bu Tini (0812-0000-1021)", (intake.NAME, intake.PHONE), ("Bu Tini", "0812-0000-1021")),
        ("Bu Tini (021) 5512345", (intake.NAME, intake.PHONE), ("Bu Tini", "(021) 5512345")),
        ("Perum Indah C3/7 RT 002/ RW 005", (intake.ADDRESS, intake.RT_RW), ("Perum Indah C3", "RT 002/ RW 005")),
        ("3 Nov 2026 / Hotline", (intake.RECEIVED, intake.CHANNEL), ("3 Nov 2026", "Hotline")),
        ("Bu Tini, Jl. Mawar 3, 0812-0000-2032", WHO, ("Bu Tini", "Jl. Mawar 3", "0812-0000-2032")),
        ("Pak Dul Gg. Salak no 4 hp 081200002032", WHO, ("Pak Dul", "Gg. Salak no 4", "081200002032")),
        ("got dan jalan rusak", (intake.NAME, intake.DESCRIPTION, intake.ADDRESS), ("got dan jalan rusak", None, None)),
    ],
)
def test_a_cell_with_two_things_is_taken_apart(
    text: str, columns: Sequence[Column], parts: Sequence[str | None]
) -> None:
    found = taken_apart(text, columns)
    assert tuple(map(found.get, columns)) == parts


def test_a_heading_of_two_things_is_known_and_what_people_say_of_one_counts_more() -> None:
    old = listed(
        ["Tgl", "Nama / No HP", "Lokasi & RT/RW", "Keluhan", "Ket"], ["1/2/2026", "Bu A / 0812-0000-2032", "x"]
    )
    assert [found.columns for found in old.columns] == [
        (intake.RECEIVED,),
        (intake.NAME, intake.PHONE),
        (intake.ADDRESS, intake.RT_RW),
        (intake.DESCRIPTION,),
        (),
    ]
    (incoming,) = brought(old).rows
    assert (cells(incoming)[intake.NAME], cells(incoming)[intake.PHONE]) == ("Bu A", "0812-0000-2032")
    said = said_of(old, ["lokasi & rt/rw=Alamat", "Ket=Hasil Tindak Lanjut", "Nama / No HP="])
    assert [found.columns for found in old.understood(said).columns] == [
        (intake.RECEIVED,),
        (),
        (intake.ADDRESS,),
        (intake.DESCRIPTION,),
        (intake.OUTCOME,),
    ]
    for wrong in ("Ket=Petugaz", "Kett=Petugas", "Petugas"):
        with pytest.raises(ConfigurationError):
            said_of(old, [wrong])


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (["KELURAHAN PETIR"], "Petir"),
        (["A.", None, "Kel. Petir (20 laporan)"], "Petir"),
        (["Kec. Cipondoh - Kelurahan : Gondrong", 20], "Gondrong"),
        (["II", "PETIR"], "Petir"),
        (["II. Petir"], "Petir"),
        (["Kelurahan Petirr"], ""),  # nobody knows which
        ([None, "Petir", "0812", "got mampet", "Banjir"], None),
        (["kelurahan petir got mampet parah sekali"], None),
        (["Jumlah", 20], None),
    ],
)
def test_a_row_that_only_names_a_kelurahan_is_a_heading(row: Sequence[Value], name: str | None) -> None:
    found = group_of(row, RULES.places)
    assert (found.name if isinstance(found, Kelurahan) else None if found is None else "") == name


@pytest.mark.parametrize(
    ("title", "tab", "name", "doubtful"),
    [
        ("Cipondoh", "Posko", None, True),  # a kecamatan, and a kelurahan in it
        ("Cipondoh 2025", "Gondrong", None, True),
        ("Cipondoh", "Cipondoh", None, False),
        ("Kelurahan Cipondoh", "Posko", "Cipondoh", False),
        ("Cipondoh, Kec. Cipondoh", "Posko", "Cipondoh", False),
        ("Gondrong", "Posko", "Gondrong", False),
    ],
)
def test_a_title_that_may_be_a_kecamatans_is_asked_about(
    title: str, tab: str, name: str | None, doubtful: bool
) -> None:
    below = tab_of(titles=[*HEADINGS, "Kelurahan"] if tab == "Posko" else HEADINGS, title=tab)
    old = find_list(title, [PLAIN, ["1/2/2026", "Bu Ani", "0812", "Gg. A", 3, 7, "got mampet"]], "{huruf}")
    (found,) = read_intake([below], city().places, "Cipondoh").tabs
    assert old is not None
    told = translate(old, Layout(below, found), city(), profile_for(old, (), load_lapor()))
    assert ([cells(row).get("Kelurahan") for row in told.rows], bool(told.doubtful)) == ([name], doubtful)


def test_rows_below_the_name_of_a_kelurahan_are_about_it() -> None:
    rows: list[list[Value]] = [
        ["KELURAHAN PETIR"],
        ["1/2/2026", "A", "0812", "x", None, None, "got mampet"],
        ["Jumlah", None, None, None, None, None, 1],
        ["KELURAHAN GONDRONG"],
        ["1/2/2026", "B", "0812", "x", None, None, "got mampet"],
        ["KELURAHAN GONDORONGG"],
        ["1/2/2026", "C", "0812", "x", None, None, "got mampet"],
        ["KECAMATAN KARAWACI"],
        ["1/2/2026", "D", "0812", "x", None, None, "got mampet"],
        [None, "Mengetahui, Lurah"],
    ]
    several = brought(listed(PLAIN, *rows), tab_of(titles=[*HEADINGS, intake.KELURAHAN], title="Semua"))
    assert [row.people[POSITION[intake.KELURAHAN]] for row in several.rows] == ["Petir", "Gondrong", None, None]
    assert (several.grouped, several.empty) == (["2", "5", "7", "9"], ["4", "11"]) and several.doubtful == ["8"]
    one = brought(listed(PLAIN, *rows))
    assert {place.name: numbers for place, numbers in one.elsewhere.items()} == {"Petir": ["3"]}
    above = find_list("Lembar1", [["LAPORAN KELURAHAN PETIR TAHUN 2026"], PLAIN, rows[1]], "{huruf}")
    assert above is not None and not brought(above).rows
    tabs = [found for title in ("Petir", "Gondrong") if (found := find_list(title, [PLAIN, rows[1]], "{huruf}"))]
    assert [row.number for row in brought(as_one_list("dua.xlsx", tabs)).rows] == ["Gondrong 2"]


def test_an_export_of_lapor_becomes_tickets_that_say_where_their_reporters_are_answered() -> None:
    (tab,) = read_list(Path(__file__).parent / "street" / "work" / "lapor.csv")
    translation = brought(listed(*tab.rows))
    assert translation.channel == "LAPOR!" and not translation.empty
    assert {place.name: numbers for place, numbers in translation.elsewhere.items()} == {"Petir": ["6"]}
    found = {}
    for incoming in translation.rows:
        read = examine(incoming.people, GONDRONG, RULES, TUESDAY.date())
        blocks = [one.column for one in read.findings if one.blocks]
        found[incoming.reference] = (read.status, bool(read.secret), blocks)
    assert found == {
        "9100001": (Status.RESOLVED, False, []),
        "9100002": (Status.WAITING, True, [intake.CATEGORY]),
        "9100003": (Status.UNRESOLVED, False, []),
        "9100004": (Status.NEW, True, []),
        "9100006": (Status.VERIFIED, False, []),
    }
    first, second, third, *_ = translation.rows
    assert str(cells(first)[intake.DESCRIPTION]).startswith("Selamat pagi, jalan di depan Pasar Contoh")
    assert "Judul Laporan: Jalan rusak di depan pasar\n" in kept(first)
    assert "Isi Laporan Akhir: Jalan di depan Pasar Contoh" in kept(first) and "Akhir" not in kept(second)
    assert cells(third)[intake.OUTCOME] == "Bukan kewenangan pemerintah daerah"


@pytest.mark.parametrize(
    ("category", "text", "secret"),
    [
        ("Lainnya", "anak saya kena TBC, tidak bisa berobat karena BPJS nonaktif", True),
        ("Pendidikan", "anak saya dipukul guru di sekolah", True),
        ("Pendidikan", "siswa ditampar guru di depan teman sekelasnya", True),
        ("Ketenagakerjaan", "karyawati sering diraba mandornya di pabrik", True),
        ("Lalu Lintas & Parkir", "motor dipalak preman di depan sekolah", False),
        ("Pendidikan", "guru sering tidak masuk, anak-anak tidak belajar", False),
        ("Lainnya", "kucing liar masuk rumah tiap malam", False),
        ("Jalan & Drainase", "jalan depan puskesmas berlubang, motor sering jatuh", False),
    ],
)
def test_a_text_that_hints_at_a_sensitive_matter_is_kept_private_until_a_person_empties_the_cell(
    category: str, text: str, secret: bool
) -> None:
    titles = ["Tanggal", "Nama", "Telepon", "Kategori", "Uraian"]
    old = listed(titles, ["23/11/2026", "Warga", "081200001021", category, text])
    (row,) = translate(old, layout_of(tab_of()), city(), profile_for(old, (), load_lapor())).rows
    assert (cells(row).get("Rahasia") == "Ya") is secret


@pytest.mark.parametrize(
    ("heading", "said", "secret"),
    [
        *(("Rahasia", said, True) for said in ("Ya, jangan disebut namanya", "iya.", "mohon dirahasiakan", "x")),
        *(("Rahasia", said, False) for said in ("Tidak", "tidak.", "-", None)),
        *(("Minta dirahasiakan", said, said == "Ya") for said in ("Ya", "nanti")),
        *(("Tipe Laporan (Anonim/Rahasia)", said, said == "Rahasia") for said in ("Rahasia", "Anonim", "Publik")),
    ],
)
def test_what_was_promised_in_another_list_is_kept_however_it_was_written(
    heading: str, said: str | None, secret: bool
) -> None:
    titles = ["Tanggal", "Nama", "Telepon", "Kategori", "Uraian", heading]
    old = listed(titles, ["23/11/2026", "Warga", "081200001021", "Lainnya", "kucing liar masuk rumah", said])
    profile = profile_for(old, (), load_lapor())
    said_of_it = {} if heading == "Rahasia" else {fold(heading): (intake.SECRET,)}
    (row,) = translate(old.understood({**profile.said, **said_of_it}), layout_of(tab_of()), city(), profile).rows
    assert (cells(row).get("Rahasia") == "Ya") is secret
