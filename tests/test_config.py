"""credentials.json and Kendali: what is accepted, what people may write, and what they are told."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from automation.cli.screen import TEMPLATES
from automation.config.credentials import read_credentials
from automation.config.defaults import SETTINGS, load_defaults, load_terms
from automation.config.filing import read_filed, unready
from automation.config.kendali import Settings, list_sources, read_kendali
from automation.digests.audience import Scope
from automation.digests.decisions import Filed
from automation.model.cells import Area, CellError, Link, Lock, Tab, Value, letters, serial_of
from automation.model.complaint import Priority
from automation.model.deadlines import Ladder
from automation.model.places import Kelurahan
from automation.model.rules import Category
from automation.model.texts import ZONE
from automation.sheets.looks.lists import lists_of
from automation.sheets.port import Snapshot
from automation.sheets.prepare import prepare_kendali
from automation.tables import intake
from automation.tables.kendali import CATEGORIES, DECISIONS, HEADINGS, LAST_VALUES, PROPOSALS, ROBOT, TABLES, TERMS
from automation.trouble import ConfigurationError, Trouble
from tests.kendali_examples import Rows, edit, kendali, texts, with_tab, without_tab

SECRET = "s3cr3t-p4ssw0rd"
PRIVATE = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"
KEY = {
    "type": "service_account",
    "client_email": "robot@ruang-rakyat.iam.gserviceaccount.com",
    "private_key": PRIVATE,
    "token_uri": "https://oauth2.googleapis.com/token",
}
SMTP = {
    "host": "smtp.example.org",
    "port": 587,
    "username": "kabar",
    "password": SECRET,
    "from": "Ruang Rakyat <kabar@example.org>",
}
GOOD = {"kendali": "https://docs.google.com/spreadsheets/d/abc/edit", "google": KEY, "smtp": SMTP}


def write(folder: Path, content: Any, name: str = "credentials.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def complaints(path: Path) -> list[str]:
    """All that is said about the file, in the words that the operator reads."""
    with pytest.raises(ConfigurationError) as raised:
        read_credentials(path)
    said = [texts().say(cause.code, **cause.particulars) for cause in raised.value.causes]
    assert SECRET not in "".join([*said, str(raised.value), repr(raised.value.causes)])
    return said


def test_a_complete_file_is_understood(tmp_path: Path) -> None:
    credentials = read_credentials(write(tmp_path, GOOD))
    assert credentials.kendali == GOOD["kendali"]
    assert credentials.google == KEY
    assert credentials.smtp is not None and credentials.smtp.port == 587
    assert credentials.folder == tmp_path


def test_a_mail_server_that_takes_no_login_is_given_an_empty_one_as_it_is_advised(tmp_path: Path) -> None:
    for login in ({"username": "", "password": ""}, {"username": "", "password": None}):
        smtp = read_credentials(write(tmp_path, {**GOOD, "smtp": SMTP | login})).smtp
        assert smtp is not None and not smtp.username and smtp.host == SMTP["host"]


def test_an_app_password_copied_from_a_page_can_be_sent(tmp_path: Path) -> None:
    copied = {**GOOD, "smtp": {**SMTP, "password": "abcd\xa0efgh\xa0ijkl\xa0mnop"}}
    smtp = read_credentials(write(tmp_path, copied)).smtp
    assert smtp is not None and smtp.password.encode("ascii") == b"abcd efgh ijkl mnop"


def test_a_key_may_lie_in_a_file_beside_it_and_other_ways_of_logging_in_are_accepted(tmp_path: Path) -> None:
    credentials = read_credentials(write(tmp_path, {"kendali": " Kendali.xlsx "}))
    assert (credentials.kendali, credentials.google, credentials.smtp) == ("Kendali.xlsx", None, None)
    write(tmp_path, KEY, "kunci.json")
    assert read_credentials(write(tmp_path, GOOD | {"google": "kunci.json"})).google == KEY
    assert read_credentials(write(tmp_path, GOOD | {"google": "default"})).google == "default"
    user = {"client_id": "a", "client_secret": SECRET, "refresh_token": SECRET}
    google = read_credentials(write(tmp_path, GOOD | {"google": user})).google
    assert google == {"type": "authorized_user", **user}
    # A byte order mark and notes are forgiven.
    text = "\ufeff" + json.dumps({"_catatan": "punya Deni", "kendali": "Kendali.xlsx", "smtp": SMTP | {"port": "465"}})
    credentials = read_credentials(write(tmp_path, text))
    assert credentials.smtp is not None and credentials.smtp.port == 465


def test_a_file_that_is_missing_or_no_json_is_told_by_its_own_name(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path / "credentials.json")
    assert "credentials.example.json" in said and "demo" in said
    (said,) = complaints(write(tmp_path, KEY))
    assert '"kendali":' in said and '"google": "kunci-google.json"' in said, "how to wrap it is shown"
    for content in ("[]", '"Kendali.xlsx"', "null"):
        (said,) = complaints(write(tmp_path, content))
        assert "dibuka dengan {" in said
    (said,) = complaints(write(tmp_path, GOOD | {"google": "kunci.json"}))
    assert "kunci.json tidak ditemukan" in said
    write(tmp_path, PRIVATE, "kunci.json")
    (said,) = complaints(tmp_path / "credentials.json")
    assert "kunci.json rusak di baris 1" in said


def test_a_slip_in_the_json_is_told_with_its_place_and_usual_causes(tmp_path: Path) -> None:
    (said,) = complaints(write(tmp_path, '{\n  "kendali": "Kendali.xlsx",\n}'))
    # Python 3.13 points at the comma, earlier ones at what follows it.
    assert "baris 2" in said or "baris 3" in said
    assert "koma sesudah isian terakhir" in said
    (said,) = complaints(write(tmp_path, "{\n  “kendali”: “Kendali.xlsx”\n}"))
    assert "baris 2, kolom 3" in said and "melengkung" in said
    (said,) = complaints(write(tmp_path, ""))
    assert "baris 1, kolom 1" in said
    (tmp_path / "credentials.json").write_bytes(b"\xff\xfe\x00")
    (said,) = complaints(tmp_path / "credentials.json")
    assert "bukan berkas teks UTF-8" in said


@pytest.mark.parametrize("content", [{"installed": {"client_secret": SECRET}}, {"web": {"client_secret": SECRET}}])
def test_an_oauth_client_file_is_told_apart_from_a_key(tmp_path: Path, content: Any) -> None:
    assert "OAuth" in complaints(write(tmp_path, content))[0]
    assert "OAuth" in complaints(write(tmp_path, GOOD | {"google": content}))[0]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    content = {
        "kendalli": "x",
        "google": 5,
        "smtp": {"host": "", "port": "lima", "username": 7, "password": SECRET, "form": "a"},
    }
    said = "\n".join(complaints(write(tmp_path, content)))
    for expected in (
        'isian "kendalli" tidak dikenal. Maksudnya "kendali"?',
        '"kendali" harus berisi',
        '"google" harus berisi',
        'isian "smtp.form" tidak dikenal. Maksudnya "smtp.from"?',
        "belum diisi: smtp.host, smtp.from",
        '"smtp.username" harus berupa tulisan',
        '"smtp.port" harus angka',
    ):
        assert expected in said


@pytest.mark.parametrize(
    ("field", "value"),
    [("port", port) for port in (0, 65536, True, 58.7, "smtp", -1)]
    + [("from", sender) for sender in ("Ruang Rakyat", "kabar@localhost", "a@b@c.org", "a@b.org\nBcc: c@d.org")],
)
def test_a_port_is_a_number_from_1_to_65535_and_the_sender_an_address(
    tmp_path: Path, field: str, value: object
) -> None:
    (said,) = complaints(write(tmp_path, GOOD | {"smtp": SMTP | {field: value}}))
    assert f"smtp.{field}" in said


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"type": "service_account", "private_key": PRIVATE, "token_uri": "x"}, "tidak ada: client_email"),
        (KEY | {"type": "external_account_authorized"}, '"type" harus'),
        ({"kendali": "x"}, '"type" harus'),
        (KEY | {"private_key": SECRET}, '"private_key" rusak'),
        (KEY | {"private_key": PRIVATE.replace("\n", "\\n")}, '"private_key" rusak'),
        (KEY | {"private_key": PRIVATE[:40] + SECRET}, '"private_key" rusak'),
    ],
)
def test_a_key_that_google_would_refuse_is_told_before_google_is_asked(tmp_path: Path, key: Any, expected: str) -> None:
    (inside,) = complaints(write(tmp_path, GOOD | {"google": key}))
    write(tmp_path, key, "kunci.json")
    (beside,) = complaints(write(tmp_path, GOOD | {"google": "kunci.json"}))
    assert expected in inside and expected in beside
    assert "credentials.json" in inside and "kunci.json" in beside


def test_the_example_as_it_is_is_told_what_is_still_to_be_filled_in(tmp_path: Path) -> None:
    example = (TEMPLATES.parent / "credentials.example.json").read_text("utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_credentials(write(tmp_path, example))
    (cause,) = error.value.causes
    assert cause.code == "kendali.kredensial.masih-contoh"
    assert {"kendali", "google.private_key", "smtp.password"} <= set(str(cause.particulars["fields"]).split(", "))


# Kendali, read into settings: what people may write, and what they are told


def read(rows: Mapping[str, Rows] | None = None, settings: Mapping[str, Value] | None = None) -> Settings:
    return read_kendali(kendali(rows, settings), texts())


def say(troubles: tuple[Trouble, ...]) -> list[str]:
    return [texts().say(trouble.code, **trouble.particulars) for trouble in troubles]


def refusal(snapshot: Snapshot) -> list[str]:
    """Everything for which Kendali is refused."""
    with pytest.raises(ConfigurationError) as raised:
        read_kendali(snapshot, texts())
    return say(raised.value.causes)


def test_a_kendali_fresh_from_setup_works_as_documented() -> None:
    settings = read()
    assert settings.problems == ()
    assert settings.rules.targets == {Priority.NORMAL: 6, Priority.URGENT: 3, Priority.EMERGENCY: 1}
    assert settings.rules.calendar.week == frozenset(range(6))
    assert settings.rules.calendar.national and settings.rules.calendar.joint_leave
    assert (settings.rules.old_after_days, settings.rules.shortest_description) == (30, 1)
    assert (settings.sync_minutes, settings.daily_at, settings.rules.ladder.warn_days) == (5, time(6, 30), 1)
    assert (settings.rules.organisation, settings.reply_to) == ("Ruang Rakyat", "")
    assert len(list(settings.rules.places)) == 104
    assert len(settings.rules.places.kecamatan) == 13
    assert [source.link for source in settings.sources] == ["Kecamatan Cipondoh.xlsx"]


def test_each_setting_is_a_field_of_its_own() -> None:
    fields = [setting.field for setting in SETTINGS if setting.field]
    assert len(set(fields)) == len(fields) == len(SETTINGS) - 1, "but for Cadangan's"
    steps: dict[str, Value] = {"Peringatan Sebelum Tenggat": 5, "Eskalasi Koordinator": 2, "Eskalasi Fraksi": 4}
    assert read(settings={**steps, "Eskalasi Ketua": 9}).rules.ladder == Ladder(5, 2, 4, 9)


def test_known_other_spellings_lead_to_the_kelurahan() -> None:
    place = read().rules.places.find("Poris Pelawad")
    assert isinstance(place, Kelurahan) and place.code == "36.71.05.1008"
    assert read().rules.places.find_kecamatan("Priuk") == "Periuk"


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Senin–Jumat", {0, 1, 2, 3, 4}),
        ("senin s/d jum'at", {0, 1, 2, 3, 4}),
        ("Sabtu sampai Senin", {5, 6, 0}),
        ("Senin, Rabu dan Ahad", {0, 2, 6}),
        ("Senin - Kamis; Sabtu", {0, 1, 2, 3, 5}),
    ],
)
def test_working_days_are_listed_or_run_from_day_to_day(written: str, days: set[int]) -> None:
    assert read(settings={"Hari Kerja": written}).rules.calendar.week == days


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("06:30", time(6, 30)),
        ("7.05 WIB", time(7, 5)),
        (0.3125, time(7, 30)),
        ("pukul 18:00:00", time(18)),
        (0, time(0)),
    ],
)
def test_the_hour_is_text_or_the_fraction_that_a_spreadsheet_made_of_it(written: Value, expected: time) -> None:
    assert read(settings={"Jam Kabar Harian": written}).daily_at == expected


def test_numbers_come_as_numbers_or_text_with_their_unit_and_ya_and_tidak_are_written_in_many_ways() -> None:
    settings = read(
        settings={
            "Target Hari Kerja": "7 hari kerja",
            "Jeda Sinkron": 10.0,
            "Laporan Lama": "90",
            "Retensi": "24 bulan",
        }
    )
    assert settings.rules.targets[Priority.NORMAL] == 7
    assert (settings.sync_minutes, settings.rules.old_after_days, settings.rules.retention_months) == (10, 90, 24)
    no: tuple[Value, ...] = ("tidak", "T", False, 0, "no", "✗", "☐", "Tidak aktif")
    yes: tuple[Value, ...] = ("YA", "y", True, 1, "yes", "✓", "x")
    for answer, ways in ((False, no), (True, yes)):
        for written in ways:
            assert read(settings={"Cuti Bersama": written}).rules.calendar.joint_leave is answer, written


def test_a_setting_that_is_empty_or_whose_row_is_gone_keeps_its_default_and_columns_may_be_moved() -> None:
    assert read(settings={"Target Hari Kerja": " "}).rules.targets[Priority.NORMAL] == 6
    snapshot = with_tab(kendali(), "Pengaturan", [HEADINGS["Pengaturan"], ["Jeda Sinkron", 9]])
    settings = read_kendali(snapshot, texts())
    assert (settings.sync_minutes, settings.rules.ladder.warn_days) == (9, 1)
    rows: Rows = [["PENGATURAN"], [], ["Catatan", "nilai ", "PENGATURAN"], ["oleh Rina", 9, "jeda  sinkron"]]
    without: Rows = [["Pengaturan", "Nilai"], ["Jeda Sinkron", 9]]  # nor are the robot's tabs needed
    for written in (rows, without):
        snapshot = with_tab(without_tab(without_tab(kendali(), "Rekap"), "Riwayat"), "Pengaturan", written)
        assert read_kendali(snapshot, texts()).sync_minutes == 9


def test_all_wrong_settings_are_told_at_once_with_cell_value_range_and_example() -> None:
    wrong: dict[str, Value] = {
        "Target Hari Kerja": "enam",
        "Hari Kerja": "Senen",
        "Libur Nasional": "mungkin",
        "Jeda Sinkron": 0,
        "Jam Kabar Harian": "25:00",
        "Balas Ke": "fraksi",
        "Laporan Lama": CellError("#REF!"),
    }
    said = say(read(settings=wrong).problems)
    assert len(said) == len(wrong)
    assert said[0].startswith('Pengaturan!B2 (Target Hari Kerja): tertulis "enam".')
    assert "angka bulat 1 sampai 250" in said[0] and "Contoh: 6" in said[0]
    listed = "\n".join(said)
    for expected in (
        "Pengaturan!B14 (Jeda Sinkron)",
        "1 sampai 1440",
        "Contoh: 06:30",
        "#REF!",
        "Ya atau Tidak",
        "surel",
    ):
        assert expected in listed


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Target Hari Kerja", [6.5, "-3", True, 251, 1e300, "6 bulan", float("inf")]),
        ("Retensi", ["90 hari", "2 tahun", 0]),
        ("Telepon Kantor", ["0812", "021-55", 812]),
        ("Simpan Koreksi", ["1.000 hari", "1,000"]),
        ("Jam Kabar Harian", [6.3, 7, True, "6:3", "jam enam", 45000.25, -0.1]),
    ],
)
def test_what_is_no_whole_number_of_days_or_an_hour_that_could_mean_another_is_asked(
    name: str, values: list[Value]
) -> None:
    assert [len(read(settings={name: written}).problems) for written in values] == [1] * len(values)


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        (81200001021, "0812-0000-1021"),
        (215512345.0, "(021) 5512345"),
        ("021-5512345 ext. 7, jam kerja", "021-5512345 ext. 7, jam kerja"),
        (112, "112"),
        (None, ""),
    ],
)
def test_a_telephone_that_became_a_number_has_its_zero_again(typed: Value, read_as: str) -> None:
    assert read(settings={"Telepon Kantor": typed}).office[0] == read_as
    rows: Rows = [HEADINGS["Wilayah"], ["36.71.05.1004", "Cipondoh", "Gondrong", 3, "Hendra", None, typed]]
    settings = read_kendali(with_tab(kendali(), "Wilayah", rows), texts())
    assert [place.coordinator_phone for place in settings.rules.places] == [read_as] and not settings.problems


@pytest.mark.parametrize("typed", ["0812-00", "+62 812", 8120000])
def test_a_telephone_of_a_coordinator_that_is_cut_short_is_told_before_a_mail_of_an_emergency_shows_it(
    typed: Value,
) -> None:
    rows: Rows = [HEADINGS["Wilayah"], ["36.71.05.1004", "Cipondoh", "Gondrong", 3, "Hendra", None, typed]]
    (said,) = say(read_kendali(with_tab(kendali(), "Wilayah", rows), texts()).problems)
    assert said.startswith("Wilayah!G2: bukan nomor telepon yang lengkap")


def test_a_tab_of_the_meeting_that_got_another_name_is_told_and_a_copy_beside_it_is_not() -> None:
    renamed = ["Pelaksana" if heading == "Siapa" else heading for heading in DECISIONS.headings]
    copy, own = Tab("a", "Keputusan Nov", [renamed]), Tab("b", "Rapat", [["Nomor", "Siapa", "Sebelum"]])

    def told(snapshot: Snapshot) -> list[tuple[str, object]]:
        problems = read_kendali(replace(snapshot, tabs=(*snapshot.tabs, copy, own)), texts()).problems
        return [(problem.code, problem.particulars.get("other")) for problem in problems]

    assert told(without_tab(kendali(), "Keputusan")) == [("kendali.tab-berganti-nama", "Keputusan Nov")]
    assert told(kendali()) == []
    bare = replace(without_tab(kendali(), "Keputusan"), tabs=(*without_tab(kendali(), "Keputusan").tabs, copy))
    made = [[tab.title for tab in prepare_kendali(seen, {}).new_tabs] for seen in (bare, replace(bare, tabs=()))]
    assert "Keputusan" not in made[0] and "Keputusan" in made[1], "setup makes no second one beside it"


@pytest.mark.parametrize(
    ("title", "heading"),
    [("Keputusan", "Keputusan"), ("Keputusan", "Jawaban"), ("Permintaan", "Jawaban"), ("Kiriman", "Keadaan")],
)
def test_beside_a_heading_that_people_renamed_setup_adds_no_empty_column(title: str, heading: str) -> None:
    """All decisions would be withdrawn, all wishes open, and all mails unsent."""
    rows: Rows = [[f"{one} x" if one == heading else one for one in HEADINGS[title]], ["x"] * 15]
    lacking = prepare_kendali(with_tab(kendali(), title, rows), {})
    assert title not in {cell.tab for cell in lacking.cells} | {*lacking.appends}


@pytest.mark.parametrize("title", ["Permintaan", "Sumber", "Keputusan"])
def test_where_the_robot_can_not_say_what_came_of_a_row_that_is_told(title: str) -> None:
    """Below a locked or lost heading a wish to erase somebody's data would wait for ever."""
    (tab,) = (tab for tab in kendali().tabs if tab.title == title)
    answer = next(at for at, column in enumerate(TABLES[title].columns) if column.owner == ROBOT)
    for area, told in (
        (Area(), 1),
        (Area(left=answer, right=answer + 1), 1),
        (Area(left=len(TABLES[title].headings)), 0),
    ):
        shut = replace(tab, locks=(Lock(area),))
        tabs = tuple(shut if one.title == title else one for one in kendali().tabs)
        said = say(read_kendali(replace(kendali(), tabs=tabs), texts()).problems)
        assert [words.startswith(f"Kendali, tab {title}: dikunci") for words in said] == [True] * told


def test_a_tab_of_cadangan_that_is_locked_is_named_where_it_is() -> None:
    shut = Tab("cadangan 7", "Nilai Terakhir", [TABLES["Nilai Terakhir"].headings], locks=(Lock(Area()),))
    tabs = (*(tab for tab in kendali().tabs if tab.title != shut.title), shut)
    (said,) = say(read_kendali(replace(kendali(), tabs=tabs), texts()).problems)
    assert said.startswith("Cadangan, tab Nilai Terakhir: dikunci")


@pytest.mark.parametrize("headings", [["Permintaan", "Balasan"], ["Permohonan", "Jawaban"], ["jelaskan RR-1", None]])
def test_wishes_without_their_headings_or_title_are_told(headings: list[Value]) -> None:
    (said,) = say(read_kendali(with_tab(kendali(), "Permintaan", [headings]), texts()).problems)
    assert said.startswith("Kendali, tab Permintaan, baris 1: judul kolom tidak ada:")
    tabs = (replace(tab, title="Usul" if tab.title == "Permintaan" else tab.title) for tab in kendali().tabs)
    (said,) = say(read_kendali(replace(kendali(), tabs=tuple(tabs)), texts()).problems)
    assert said.startswith("Kendali: tab Permintaan sekarang bernama “Usul”")


def test_a_window_for_proposals_that_ends_before_it_begins_is_told() -> None:
    for begins, ends, said in (("20/12/2026", "1/12/2026", 1), ("1/12/2026", "20/12/2026", 0), ("20/12/2026", None, 0)):
        settings = read(settings={"Pokir Mulai": begins, "Pokir Sampai": ends})
        assert [words.startswith("Pengaturan: Pokir Mulai sesudah") for words in say(settings.problems)] == [
            True
        ] * said


def test_a_later_stage_that_is_reached_before_an_earlier_one_is_told_and_equal_ones_are_not() -> None:
    for coordinator, told in ((4, ["Pengaturan: Eskalasi Koordinator lebih besar daripada Eskalasi Fraksi"]), (3, [])):
        settings = read(settings={"Eskalasi Koordinator": coordinator, "Eskalasi Fraksi": 3})
        assert [words.split(",")[0] for words in say(settings.problems)] == told
    (said,) = say(read(settings={"Target Mendesak": 9}).problems)
    assert said.startswith("Pengaturan: Target Mendesak lebih besar daripada Target Hari Kerja")


def test_an_unknown_setting_is_told_with_the_nearest_name_and_one_written_twice_is_not_chosen_by_chance() -> None:
    settings = read({"Pengaturan": [["Target Hari Krja", 9], ["Warna Latar", "biru"]]})
    near, foreign = say(settings.problems)
    assert "Pengaturan!A29" in near and "Maksudnya Target Hari Kerja?" in near
    assert "Warna Latar" in foreign and "Maksudnya" not in foreign
    settings = read({"Pengaturan": [["Jeda Sinkron", 9], ["Jeda Sinkron", 7]]})
    assert ["tertulis dua kali" in said for said in say(settings.problems)] == [True, True]
    assert settings.sync_minutes == 5


def test_missing_tabs_missing_and_doubled_headings_are_told_together() -> None:
    snapshot = without_tab(kendali(settings={"Jeda Sinkron": "sering"}), "Libur")
    snapshot = with_tab(snapshot, "Penerima", [["Nama", "Surel", "Peran", "Cakupan", "Kabar", "Aktif", "Aktif"]])
    said = "\n".join(say(read_kendali(snapshot, texts()).problems))
    for expected in (
        "tab Libur tidak ada. Sementara itu isi terakhirnya",
        "tab Penerima, baris 1: judul kolom tidak ada: Email, Kirim Walau Nihil",
        "kalau kolomnya terhapus, kembalikan (Ctrl+Z atau histori versi). Hanya kalau tidak bisa lagi, jalankan setup",
        "judul kolom ada dua: Aktif",
        "(Jeda Sinkron)",
    ):
        assert expected in said


def kept(snapshot: Snapshot) -> Snapshot:
    """Kendali after a cycle in which all could be used."""
    rows = read_kendali(snapshot, texts()).to_keep
    return with_tab(snapshot, LAST_VALUES, [LAST_VALUES.headings, *rows])  # type: ignore[list-item]


def edit_settings(snapshot: Snapshot, settings: Mapping[str, Value]) -> Snapshot:
    return edit(snapshot, {}, settings)


GOOD_ROWS: dict[str, Rows] = {
    "Penerima": [["Rina", "rina@example.org", "Staf", "Kota", "harian", "Ya", "Ya"]],
    "Libur": [[serial_of(date(2026, 12, 24)), CellError("#REF!"), "Libur"]],
}


@pytest.mark.parametrize("title", ["Pengaturan", "Penerima", "Kategori", "Wilayah", "Libur", "Sumber"])
def test_a_table_that_is_gone_or_has_lost_its_headings_gives_way_to_what_stood_in_it(title: str) -> None:
    snapshot = kept(kendali(GOOD_ROWS, {"Jeda Sinkron": 9}))
    before = read_kendali(snapshot, texts())
    for damaged in (
        without_tab(snapshot, title),
        with_tab(snapshot, title, [["x"], ["y"]]),
        with_tab(snapshot, title, []),
    ):
        settings = read_kendali(damaged, texts())
        assert [problem.particulars["tab"] for problem in settings.problems] == [title]
        assert (settings.sync_minutes, settings.recipients[0].email) == (9, "rina@example.org")
        assert settings.rules.categories == before.rules.categories
        assert list(settings.rules.places) == list(before.rules.places)
        assert settings.rules.calendar.days_off == before.rules.calendar.days_off
        assert [source.link for source in settings.sources] == ["Kecamatan Cipondoh.xlsx"]
        assert list(settings.to_keep) == list(before.to_keep), "what is lost stays kept"


@pytest.mark.parametrize("title", ["Penerima", "Kategori", "Wilayah", "Sumber"])
def test_a_table_in_which_nothing_can_be_used_gives_way_to_what_stood_in_it(title: str) -> None:
    snapshot = kept(kendali(GOOD_ROWS))
    before = read_kendali(snapshot, texts())
    wrong = with_tab(snapshot, title, [HEADINGS[title], ["x", ""] if title == "Sumber" else ["", "x", "y", "-", "-"]])
    settings = read_kendali(wrong, texts())
    assert settings.problems[-1].code == "kendali.isi-terakhir" and len(settings.problems) > 1, "each row is told too"
    assert list(settings.to_keep) == list(before.to_keep)
    assert settings.recipients == before.recipients and list(settings.rules.places) == list(before.rules.places)


@pytest.mark.parametrize("title", ["Penerima", "Kategori", "Wilayah", "Libur", "Sumber", "Pengaturan"])
def test_rows_that_were_sorted_above_their_headings_are_read_as_before(title: str) -> None:
    snapshot = kept(kendali(GOOD_ROWS, {"Jeda Sinkron": 9}))
    before = read_kendali(snapshot, texts())
    tab = snapshot.tab(title)
    assert tab is not None
    head, *rows = tab.rows
    settings = read_kendali(with_tab(snapshot, title, [*rows[:5], head, *rows[5:]]), texts())
    assert [problem.code for problem in settings.problems] == ["kendali.judul-tergeser"]
    assert sorted(map(str, settings.to_keep)) == sorted(map(str, before.to_keep))
    titled = read_kendali(with_tab(snapshot, title, [["Judul oleh orang"], head, *rows]), texts())
    assert not titled.problems


def test_a_cell_that_shows_an_error_was_not_emptied_and_its_last_good_content_serves() -> None:
    titles, broken = {"Wilayah": ("Koordinator", "Telepon Koordinator"), "Kategori": ("Komisi", "Instansi")}, "#REF!"
    snapshot = kendali()
    for title, headings in titles.items():
        at = [HEADINGS[title].index(heading) for heading in headings]
        whole = [[*row, *[None] * (len(HEADINGS[title]) - len(row))] for row in snapshot.rows(title)]
        good = [["0812-0000-1021" if n in at else cell for n, cell in enumerate(row)] for row in whole]
        snapshot = kept(with_tab(snapshot, title, [HEADINGS[title], *good[1:]]))
        before = read_kendali(snapshot, texts())
        spoiled = [[CellError(broken) if n in at else cell for n, cell in enumerate(row)] for row in good[1:2]]
        settings = read_kendali(with_tab(snapshot, title, [HEADINGS[title], *spoiled, *good[2:]]), texts())
        told = [said.partition(", jadi yang terakhir dicatat tetap berlaku")[0] for said in say(settings.problems)]
        assert told == [f"{title}!{letters(n)}2: menampilkan #REF!" for n in at]
        assert settings.rules.categories == before.rules.categories and before.to_keep == settings.to_keep
        assert list(settings.rules.places) == list(before.rules.places)


@pytest.mark.parametrize("wiped", [None, "", CellError("#REF!")])
def test_a_category_whose_name_was_wiped_is_the_one_that_is_missing(wiped: Value) -> None:
    def read(*names: Value) -> tuple[dict[str, Category], list[str]]:
        changed = [[*names[at : at + 1], *row[len(names[at : at + 1]) :]] for at, row in enumerate(rows)]
        settings = read_kendali(with_tab(snapshot, "Kategori", [head, *changed]), texts())
        return dict(settings.rules.categories), say(settings.problems)

    snapshot = kept(kendali())
    head, *rows = snapshot.rows("Kategori")
    first, second, *_ = names = [row[0] for row in rows]
    whole, none = read()
    assert not none and [*whole] == names
    found, (told,) = read(wiped)
    assert found == whole and told.startswith("Kategori!A2: masih kosong") and "tetap dipakai" in told
    for renamed in (("Jalan",), (second,)):  # that is a decision, or somebody's slip: nobody knows
        assert first not in read(*renamed)[0]
    unlike = next(row for row in rows if row[1:] != rows[0][1:])
    replaced = read_kendali(with_tab(snapshot, "Kategori", [head, [wiped, *unlike[1:]], *rows[1:]]), texts())
    assert first not in replaced.rules.categories, "it says something else besides"
    alike = [at for at, row in enumerate(rows) if row[1:] == rows[names.index("Sampah & Kebersihan")][1:]]
    assert len(alike) > 1 and [*read(*(wiped if at in alike else name for at, name in enumerate(names)))[0]] == [
        name for at, name in enumerate(names) if at not in alike
    ], "which of them is which nobody can tell"


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Kategori", "Kategori"),
        ("Wilayah", "Kelurahan"),
        ("Wilayah", "Kode"),
        ("Penerima", "Email"),
        ("Istilah", "Arti"),
    ],
)
def test_a_column_that_was_moved_without_the_rest_changes_nothing_until_it_is_back(title: str, heading: str) -> None:
    scopes = {"ratna": "Kota", "tuti": "Dapil 1", "yati": "Gondrong"}
    people = [(f"Ibu {one}", f"{one}@example.org", "", scope, "harian", "Ya", "Ya") for one, scope in scopes.items()]
    snapshot = kept(kendali({"Penerima": people}))
    before, (head, *rows) = read_kendali(snapshot, texts()), snapshot.rows(title)
    at = head.index(heading)
    blank: list[Value] = [None] * len(head)
    turned, up = rows[::-1], [*rows[1:], blank]  # sorted; a cell deleted, those below moved up
    for others in (turned, turned, up, [blank, *rows]):
        alone = [
            [*row[:at], other[at], *row[at + 1 :]] for row, other in zip_longest(rows, others, fillvalue=tuple(blank))
        ]
        snapshot = kept(with_tab(snapshot, title, [head, *alone]))
        settings = read_kendali(snapshot, texts())
        assert [problem.code for problem in settings.problems] == ["kendali.pindah-sendiri"]
        assert settings.to_keep == before.to_keep and settings.rules.categories == before.rules.categories
        assert [*settings.rules.places] == [*before.rules.places]
        assert [one.email for one in settings.recipients] == [one.email for one in before.recipients]
    for sound in (rows, rows[::-1]):
        snapshot = kept(with_tab(snapshot, title, [head, *sound]))
        assert not read_kendali(snapshot, texts()).problems


def test_a_setting_that_can_not_be_used_keeps_its_last_good_value_and_one_that_is_taken_away_its_default() -> None:
    snapshot = kept(kendali(settings={"Jeda Sinkron": 9, "Jam Kabar Harian": "07:15"}))
    wrong = edit_settings(snapshot, {"Jeda Sinkron": "sering", "Jam Kabar Harian": "besok pagi"})
    settings = read_kendali(wrong, texts())
    assert (settings.sync_minutes, settings.daily_at, len(settings.problems)) == (9, time(7, 15), 2)
    again = read_kendali(with_tab(wrong, LAST_VALUES, [LAST_VALUES.headings, *settings.to_keep]), texts())  # type: ignore[list-item]
    assert again.sync_minutes == 9, "it is kept as long as nothing better is there"
    assert read_kendali(edit_settings(snapshot, {"Jeda Sinkron": None}), texts()).sync_minutes == 5
    assert read(settings={"Jeda Sinkron": "sering"}).sync_minutes == 5, "nothing was ever good"
    head, *rows = snapshot.rows("Pengaturan")
    by_hand = kept(with_tab(snapshot, "Pengaturan", [head, *([str(row[0]).lower(), *row[1:]] for row in rows)]))
    assert read_kendali(edit_settings(by_hand, {"jeda sinkron": "sering"}), texts()).sync_minutes == 9


def test_nothing_is_erased_by_age_while_retensi_says_anything_but_months() -> None:
    snapshot = kept(kendali(settings={"Retensi": 12}))
    assert read_kendali(snapshot, texts()).rules.retention_months == 12
    settings = read_kendali(edit_settings(snapshot, {"Retensi": "tidak"}), texts())
    assert settings.rules.retention_months is None and "tidak ada data yang dihapus" in say(settings.problems)[0]


@pytest.mark.parametrize("renamed", ["Layanan Warga", None])
def test_a_sensitive_category_that_is_gone_counts_as_such_until_its_name_is_there_again(renamed: str | None) -> None:
    def after(snapshot: Snapshot, name: str, becomes: list[Value] | None) -> Snapshot:
        """Kendali, in which a row of Kategori was replaced, after a cycle."""
        rows = [becomes if row[:1] == [name] else row for row in snapshot.rows("Kategori")]
        return kept(with_tab(snapshot, "Kategori", [row for row in rows if row is not None]))

    first, name = kept(kendali()), "Kesehatan & BPJS"
    (row,) = ([*row] for row in first.rows("Kategori") if row[:1] == [name])
    at = HEADINGS["Kategori"].index("Sensitif")
    open_row = [*row[:at], "Tidak", *row[at + 1 :]]
    gone = after(first, name, [renamed, *row[1:]] if renamed else None)
    for _ in range(2):
        gone = kept(gone)
        assert read_kendali(gone, texts()).rules.once_sensitive == {name}
    back = kept(with_tab(gone, "Kategori", [*gone.rows("Kategori"), open_row]))
    for decided in (back, after(first, name, open_row)):  # that it may be told
        again = after(decided, name, ["Lain lagi", *open_row[1:]])
        assert not read_kendali(again, texts()).rules.once_sensitive
    spoiled = with_tab(gone, LAST_VALUES, [*gone.rows(LAST_VALUES), ["Kategori sensitif yang dihapus", "[]"]])
    assert read_kendali(spoiled, texts()).rules.once_sensitive == {name}


def test_rows_that_people_delete_are_a_decision() -> None:
    snapshot = with_tab(kept(kendali(GOOD_ROWS)), "Penerima", [HEADINGS["Penerima"]])
    settings = read_kendali(snapshot, texts())
    assert settings.recipients == () and not settings.problems
    assert not [row for row in settings.to_keep if row[0] == "Penerima"], "nobody is kept for ever"


def test_who_is_switched_off_or_deleted_is_told_nothing_more_also_where_nobody_else_can_be() -> None:
    off = ["Rina", "rina@example.org", "Staf", "Kota", "harian", "Ya", "Tidak"]
    broken = ["Budi", "budi at example.org", "Staf", "Kota", "harian"]
    both = kept(kendali(GOOD_ROWS | {"Penerima": [*GOOD_ROWS["Penerima"], broken]}))
    for before, rows in ((kept(kendali(GOOD_ROWS)), [off]), (both, [off, broken]), (both, [broken])):
        settings = read_kendali(with_tab(before, "Penerima", [HEADINGS["Penerima"], *rows]), texts())
        assert settings.recipients == ()
        assert [one.code for one in settings.problems] == ["kendali.baris.email-keliru"] * (broken in rows)


@pytest.mark.parametrize("junk", ["", "rusak", "{}", "[[1]]", '[{"a":1}]', "[" * 5000, None, 5])
def test_what_was_kept_is_not_believed_either(junk: Value) -> None:
    snapshot = kept(kendali(GOOD_ROWS))
    tab = snapshot.tab(LAST_VALUES)
    assert tab is not None
    rows = [[row[0], junk] if row[0] == "Penerima" else row for row in tab.rows]
    damaged = without_tab(with_tab(snapshot, LAST_VALUES, rows), "Penerima")
    assert read_kendali(damaged, texts()).recipients == ()


def test_setup_makes_a_lost_table_anew_with_what_stood_in_it() -> None:
    snapshot = kept(kendali(GOOD_ROWS, {"Jeda Sinkron": 9}))
    before = read_kendali(snapshot, texts())
    for title in ("Pengaturan", "Penerima", "Kategori", "Wilayah", "Libur", "Sumber"):
        damaged = without_tab(snapshot, title)
        mended = read_kendali(damaged.after(prepare_kendali(damaged, load_defaults(texts()))), texts())
        assert not mended.problems and list(mended.to_keep) == list(before.to_keep), title


def test_setup_fills_what_must_not_be_empty_with_what_stood_in_it_and_not_with_what_is_shipped() -> None:
    own: dict[str, Rows] = {
        "Wilayah": [["36.71.99.1001", "Cipondoh", "Kampung Baru", 3, "Bu Ani", "ani@example.org"]],
        "Kategori": [["Pasar", None, None, None, "Tidak"]],
    }
    snapshot = kept(kendali(own))
    before = read_kendali(snapshot, texts())
    for title in own:
        emptied = with_tab(snapshot, title, [HEADINGS[title]])
        mended = read_kendali(emptied.after(prepare_kendali(emptied, load_defaults(texts()))), texts())
        assert not mended.problems and list(mended.to_keep) == list(before.to_keep), title


def test_without_sources_categories_or_places_there_is_nothing_to_do() -> None:
    snapshot = kendali({"Sumber": []})
    for title in ("Kategori", "Wilayah"):
        snapshot = with_tab(snapshot, title, [HEADINGS[title]])
    said = "\n".join(refusal(snapshot))
    assert all(f"tab {title} belum berisi" in said for title in ("Sumber", "Kategori", "Wilayah"))
    said = "\n".join(refusal(kendali({"Sumber": [["Kecamatan Cipondoh", None]]})))
    assert "Sumber!B2: tautan masih kosong" in said
    # Sources can be listed while Kendali is still unfinished.
    sources, problems = list_sources(without_tab(kendali(), "Pengaturan"))
    assert [(source.name, source.row) for source in sources] == [("Kecamatan Cipondoh", 1)]
    assert problems == () and list_sources(without_tab(kendali(), "Sumber"))[0] == ()


def test_the_same_spreadsheet_under_two_links_is_read_once() -> None:
    link = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp/edit"
    settings = read(
        {"Sumber": [["Cipondoh", link], ["", None, "2026-11-24 06:00", 5], ["Pinang", link + "?gid=7#gid=7"]]}
    )
    assert [source.name for source in settings.sources] == ["Cipondoh"]
    assert ["Sumber!B4" in said for said in say(settings.problems)] == [True]


def test_a_link_in_whose_place_google_shows_a_title_leads_where_it_leads() -> None:
    addresses = [f"https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp{name}/edit" for name in "qrs"]
    chips = [Link(f"Kecamatan {at}", address) for at, address in enumerate(addresses)]
    rows: Rows = [[chip, chip] for chip in chips[:2]]
    settings = read({"Sumber": rows}, settings={"Ping": chips[2]})
    assert [(one.name, one.link) for one in settings.sources] == [*zip(chips, addresses[:2], strict=False)]
    assert (settings.ping, settings.problems) == (addresses[2], ())
    assert all(f'"{one}"' in str(settings.to_keep) for one in addresses)


@pytest.mark.parametrize(
    ("written", "scope"),
    [
        ("Kota", Scope()),
        ("seluruh kota", Scope()),
        ("Kota Tangerang", Scope()),
        ("dapil 3", Scope(dapil=3)),
        ("Dapil III", Scope(dapil=3)),
        ("dapil tiga", Scope(dapil=3)),
        ("Kecamatan Cipondoh", Scope(kecamatan="Cipondoh")),
        ("kec. priuk", Scope(kecamatan="Periuk")),
        ("Kelurahan Gondrong", Scope(kelurahan="36.71.05.1004")),
        ("Kel Poris Pelawad", Scope(kelurahan="36.71.05.1008")),
        ("gondrong", Scope(kelurahan="36.71.05.1004")),
        ("Larangan", Scope(kecamatan="Larangan")),
    ],
)
def test_a_scope_is_understood(written: str, scope: Scope) -> None:
    settings = read({"Penerima": [["Rina", "rina@example.org", "Staf", written, "harian"]]})
    assert settings.problems == ()
    assert [recipient.scopes for recipient in settings.recipients] == [(scope,)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Cipondoh", "Kecamatan Cipondoh, Kelurahan Cipondoh"),
        ("Jatiuwung", "Kecamatan Jatiuwung, Kelurahan Jatiuwung"),
        ("Tangerang", "Kota, Kecamatan Tangerang"),
        ("Dapil 9", "Dapil 1, Dapil 2, Dapil 3, Dapil 4, Dapil 5"),
        ("Kelurahan Sudimara", "Kelurahan Sudimara Barat"),
        ("Jakarta Pusat", "tidak dikenal"),
        ("", "masih kosong"),
    ],
)
def test_a_scope_that_is_not_certain_is_asked_never_guessed(written: str, expected: str) -> None:
    settings = read({"Penerima": [["Rina", "rina@example.org", "Staf", written, "harian"]]})
    assert settings.recipients == ()
    (said,) = say(settings.problems)
    assert said.startswith("Penerima!D2") and expected in said


def test_recipients_are_the_active_ones_and_a_wrong_row_stops_no_other() -> None:
    rows: Rows = [
        ["Rina", " rina@example.org ", "Staf", "Kota", "Harian, mingguan", True, None],
        ["Doni", "doni@example.org", "Staf", "Kota", None, None, "Tidak"],
        ["Budi", "budi at example.org", "Staf", "Kota", "harian", None, "Ya"],
        ["Wati", "wati@example.org", "Staf", "Kota", "bulanan", "kadang", "Ya"],
        ["Iwan", None, "Staf", None, None, None, None],
        ["Yuni", "yuni@example.org", "Staf", "Kota", "harian", None, "sepertinya"],
        [],
        ["Rina lagi", "RINA@example.org", "Staf", "Kota"],
        ["Sari", "sari@example.org", "Anggota", "Dapil 1", None, None, None],
        ["Rina", "rina@example.org", "Staf", "Kota", "darurat, harian"],
    ]
    settings = read({"Penerima": rows})
    assert [(someone.name, someone.kinds, someone.even_when_empty) for someone in settings.recipients] == [
        ("Rina", ("harian", "mingguan"), True),
        ("Sari", ("harian",), False),
        ("Rina", ("darurat", "harian"), False),
    ]
    assert settings.recipients[0].email == "rina@example.org"
    said = say(settings.problems)
    cells = [text.split(":")[0] for text in said]
    assert cells == [
        "Penerima!B4",
        "Penerima!E5",
        "Penerima!F5",
        "Penerima!B6",
        "Penerima!D6",
        "Penerima!G7",
        "Penerima!B9",
    ]
    assert "harian, mingguan, koordinator, darurat, operator" in said[1]


def test_the_address_of_a_recipient_without_a_name_is_none_to_choose_or_to_show() -> None:
    settings = read({"Penerima": [[None, "rina@example.org", "Staf", "Kota"]]})
    (rina,) = settings.recipients
    assert (rina.name, rina.email, settings.rules.helpers) == ("", "rina@example.org", frozenset())
    assert lists_of(settings.rules, settings.recipients, ())[intake.ASSIGNEE] == ()


@pytest.mark.parametrize("nobody", ["-", "belum ada"])
def test_who_is_nobody_and_no_agency_is_named_nowhere(nobody: Value) -> None:
    seen = kendali({"Penerima": [[nobody, "rina@example.org", None, "Kota"]]})
    place_row: list[Value] = ["36.71.05.1004", "Cipondoh", "Gondrong", 3, nobody, None, nobody]
    seen = with_tab(seen, "Wilayah", [HEADINGS["Wilayah"], place_row])
    settings = read_kendali(
        with_tab(seen, "Kategori", [HEADINGS["Kategori"], ["Jalan", nobody, nobody, 6, "Tidak"]]), texts()
    )
    (place,), (category,) = settings.rules.places, settings.rules.categories.values()
    assert {place.coordinator, place.coordinator_phone, category.commission, category.agency} == {""}
    assert (settings.problems, settings.rules.helpers) == ((), frozenset())


def test_two_scopes_in_one_cell_are_told_to_be_two_rows() -> None:
    (said,) = say(read({"Penerima": [["Dua", "dua@example.org", "Staf", "Dapil 1, Kelurahan Petir"]]}).problems)[:1]
    assert said.startswith("Penerima!D2") and "Dua cakupan: dua baris dengan alamat yang sama" in said


def test_what_is_told_about_recipients_names_nobody() -> None:
    settings = read({"Penerima": [["Budi Santoso", "budi@@example.org", "Staf", "Gondrong Raya", "x", "y", "z"]]})
    said = "\n".join([*say(settings.problems), *map(str, settings.problems)])
    assert "udi" not in said and "Raya" not in said


def test_categories_keep_working_when_a_part_of_their_row_is_wrong() -> None:
    rows: Rows = [
        ["Kategori", "Komisi", "Instansi", "Target Hari Kerja", "Sensitif"],
        ["Jalan", "Komisi IV", "Dinas PUPR", 14, "Tidak"],
        ["Kesehatan", "Komisi II", "Dinkes", "segera", "Ya"],
        ["Bansos", None, None, None, "tergantung"],
        ["JALAN", None, None, None, None],
        [None, "Komisi I"],
        ["Anak", "Komisi II", None, None, None],
        [CellError("#REF!"), "Komisi II", None, None, "Tidak"],
    ]
    settings = read_kendali(with_tab(kendali(), "Kategori", rows), texts())
    assert list(settings.rules.categories.values()) == [
        Category("Jalan", "Komisi IV", "Dinas PUPR", 14, False),
        Category("Kesehatan", "Komisi II", "Dinkes", None, True),
        Category("Bansos", "", "", None, True),
        Category("Anak", "Komisi II", "", None, True),
    ]
    assert [text.split(":")[0] for text in say(settings.problems)] == [
        "Kategori!D3",
        "Kategori!E4",
        "Kategori!A5",
        "Kategori!A6",
        "Kategori!E7",
        "Kategori!A8",
    ]


def test_places_are_read_with_their_coordinators_and_wrong_rows_are_passed_over() -> None:
    rows: Rows = [
        HEADINGS["Wilayah"],
        ["36.71.05.1004", "Cipondoh", "Gondrong", "Dapil III", "Hendra", "hendra@example.org"],
        [3671051005.0, "Cipondoh", " Kenanga ", 3.0, "Sri", "sri@"],
        ["36.71.05", "Cipondoh", "Petir", 3],
        ["36.71.05.1004", "Cipondoh", "Ketapang", 3],
        ["36.71.05.1007", "Cipondoh", None, 3],
        ["36.71.05.1008", "Cipondoh", "gondrong", 3],
        ["36.71.05.1009", "Cipondoh", "Poris Plawad Utara", "tiga puluh"],
        ["36.71.05.1010", "Cipondoh", CellError("#REF!"), 3],
    ]
    settings = read_kendali(with_tab(kendali(), "Wilayah", rows), texts())
    assert list(settings.rules.places) == [
        Kelurahan("36.71.05.1004", "Cipondoh", "Gondrong", 3, "Hendra", "hendra@example.org"),
        Kelurahan("36.71.05.1005", "Cipondoh", "Kenanga", 3, "Sri", ""),
    ]
    cells = [text.split(":")[0] for text in say(settings.problems)]
    assert cells == ["Wilayah!F3", "Wilayah!A4", "Wilayah!A5", "Wilayah!C6", "Wilayah!C7", "Wilayah!D8", "Wilayah!C9"]


def test_a_kecamatan_that_one_row_spells_otherwise_stays_one_kecamatan_and_that_row_is_told() -> None:
    spelled = ("Cipondo", "Cipondoh", "cipondoh", "Cipondoh")
    rows: Rows = [[f"36.71.05.100{at}", kecamatan, f"Kampung {at}", 3] for at, kecamatan in enumerate(spelled)]
    settings = read_kendali(with_tab(kendali(), "Wilayah", [HEADINGS["Wilayah"], *rows]), texts())
    assert {place.kecamatan for place in settings.rules.places} == {"Cipondoh"}
    assert [words.split(":")[0] for words in say(settings.problems)] == ["Wilayah!B2"]


def test_holidays_add_days_off_and_days_worked() -> None:
    rows: Rows = [
        [serial_of(date(2026, 2, 9)), "Milad kota", None],
        ["28 Februari 2026", "HUT", "libur"],
        ["27/12/2026", "Piket", "Masuk"],
        ["2/30/2026", "salah", "Libur"],
        [None, "lupa tanggal", "Libur"],
        ["1/3/2026", "x", "Cuti"],
        ["27/12/2026", "berlawanan", "Libur"],
        ["24/12/2026", "cuti bersama, tetap masuk", None],
    ]
    settings = read({"Libur": rows})
    calendar = settings.rules.calendar
    assert calendar.days_off == {date(2026, 2, 9), date(2026, 2, 28)}
    assert calendar.days_worked == {date(2026, 12, 27)}
    cells = [text.split(":")[0] for text in say(settings.problems)]
    assert cells == ["Libur!A5", "Libur!A6", "Libur!C7", "Libur!A8", "Libur!C9"]


def test_a_city_that_takes_a_category_out_of_its_list_is_not_asked_about_its_words() -> None:
    """Every Kendali was born with both; a word whose meaning is misspelled is asked about."""
    city = kendali()
    own = with_tab(city, CATEGORIES, [row for row in city.rows(CATEGORIES) if row[0] != "Banjir"])
    assert not read_kendali(own, texts()).problems
    wrong = edit(own, {TERMS: [("kebanjiran sekali", intake.CATEGORY, "Banjr")]}, {})
    assert [trouble.code for trouble in read_kendali(wrong, texts()).problems] == ["kendali.baris.arti-keliru"]


@pytest.mark.parametrize(
    ("cells", "read", "asked"),
    [
        *(
            ({"Sebelum": day}, {"Sebelum": "2026-12-10"}, "")
            for day in ("10 Des", "sebelum 10 Des", "paling lambat 10/12", "Kamis, 10 Des", "kamis 10/12")
        ),
        ({"Sebelum": "5 Jan"}, {"Sebelum": "2027-01-05"}, ""),
        ({"Sebelum": "10/12/2026"}, {"Sebelum": "2026-12-10"}, ""),
        ({"Sebelum": "5/1/2026"}, {}, "hari-keliru"),  # typed in December
        ({"Sebelum": "kemarin"}, {}, "hari-keliru"),
        ({"Sebelum": "jumat 10 Des"}, {}, "hari-keliru"),  # a Thursday
        ({"Sebelum": "tgl 10"}, {}, "hari-keliru"),
        ({"Tanggal Surat": "20 Nov"}, {"Tanggal Surat": "2026-11-20"}, ""),
        ({"Tanggal Surat": "1/12"}, {"Tanggal Surat": "2026-12-01"}, ""),
        ({"Tanggal Surat": "hari ini"}, {}, "hari-keliru"),
        ({"Tanggal Surat": "1/12/2027"}, {}, "hari-keliru"),
        (
            {"Tanggal Surat": "28/11/2026", "Tanggal Jawaban": "25/11/2026"},
            {"Tanggal Surat": "2026-11-28"},
            "jawaban-dulu",
        ),
        ({"Tanggal Surat": "20/11/2026", "Tanggal Jawaban": "4/1"}, {"Tanggal Surat": "2026-11-20"}, "jawaban-dulu"),
        (
            {"Tanggal Surat": "20/11/2026", "Tanggal Jawaban": "20/1/2027"},
            {"Tanggal Surat": "2026-11-20"},
            "hari-keliru",
        ),
        ({"Keputusan": None, "Tanggal Surat": "20/11/2026"}, {"Tanggal Surat": "2026-11-20"}, "perlu-juga"),
        ({"Keputusan": "entah", "Siapa": "Bu Rini"}, {"Siapa": "Bu Rini"}, "pilihan-asing"),
        *(
            ({"Keputusan": none, "Siapa": "Bu Rini"}, {"Siapa": "Bu Rini"}, "pilihan-asing")
            for none in ("?", "blm tahu")
        ),
        *(({"Siapa": same}, {}, "seperti-atas") for same in ("idem", "s.d.a.", "Sda")),
        ({"Instansi": "sama dgn atas", "Tanggal Surat": "20/11/2026"}, {"Tanggal Surat": "2026-11-20"}, "seperti-atas"),
        *(({heading: "belum"}, {}, "") for heading in ("Nomor Surat", "Tanggal Surat", "Tanggal Jawaban", "Siapa")),
        ({"Tanggal Surat": "blm dikirim"}, {}, ""),
        ({"Sebelum": "segera"}, {}, "hari-keliru"),
        ({"Jawaban": "got memang buntu"}, {"Jawaban": "ada"}, ""),
        (
            {"Keputusan": "Surat ke Dinas", "Jawaban": "ya"},
            {"Keputusan": "Surat ke Dinas", "Jawaban": "ada"},
            "perlu-juga",
        ),
        (
            {"Keputusan": "Surat ke Dinas", "Nomor Surat": "12/F/2026"},
            {"Keputusan": "Surat ke Dinas", "Nomor Surat": "12/F/2026"},
            "perlu-juga",
        ),
        *(
            ({"Jawaban": none}, {}, "")
            for none in (
                *("-", "belum", "Belum ada jawaban.", "masih menunggu", "blm dibalas dinas", "tidak ada jawaban"),
                *("ga direspon", "belum ada tanggapan dari PUPR", "blm ada jawaban sampe skrg", "dicuekin"),
                *("masih dipelajari", "sedang dikaji tim teknis", "akan segera ditindaklanjuti", "dalam proses"),
                *("Surat sudah diterima, masih dibahas.", "sudah diteruskan ke bidang terkait", "menunggu disposisi"),
                *("blm ada jwbn", "belum dibls", "?", "belum ada info", "surat sudah diterima", "blm keluar"),
                *("baik, akan kami tindaklanjuti", "terima kasih, dicatat dulu"),
            )
        ),
        *(
            ({"Jawaban": some}, {"Jawaban": "ada"}, "")
            for some in (
                *("belum ada anggaran", "ada", "tahun ini belum bisa", "no surat balasan 45/PUPR"),
                *("sudah ditindaklanjuti", "keputusan: ditolak", "ok", "lokasinya tidak jelas", "sudah keluar"),
                *("stok kosong, jawab dinas", "tidak dijawab lewat surat tapi lewat telepon: bulan depan"),
                *("akan ditindaklanjuti Maret 2027", "sudah dikaji: tidak layak", "diteruskan ke BBWS", "akan dikeruk"),
            )
        ),
    ],
)
def test_a_day_typed_beside_a_matter_stays_the_day_that_was_meant_and_each_cell_is_asked_once(
    cells: dict[str, str], read: dict[str, str], asked: str
) -> None:
    monday = datetime(2026, 11, 30, 10, tzinfo=ZONE)
    known, given = Filed("K2649-1", (), monday), {"Keputusan": "Sidak", "Nomor": "K2649-1"} | cells
    tab = Tab("1", "Keputusan", (DECISIONS.headings, tuple(given.get(heading) for heading in DECISIONS.headings)))
    for today in (monday.date(), date(2027, 1, 2)):
        problems: list[Trouble] = []
        seen = Snapshot("Kendali", (tab,), 0)
        said = read_filed(seen, DECISIONS, {known.id: known}, today, load_terms(), problems)[known.id]
        assert [one.code.rpartition(".")[2] for one in problems] == [asked] * bool(asked)
        assert {heading: value for heading, value in said.items() if value != "Sidak"} == read
        known = replace(known, values=said)


def test_a_letter_typed_over_one_that_was_answered_is_asked_about_and_the_first_two_days_stand() -> None:
    monday = datetime(2026, 11, 30, 10, tzinfo=ZONE)
    last = {"Keputusan": "Surat ke Dinas", "Tanggal Surat": "2026-11-10", "Tanggal Jawaban": "2026-11-20"}
    typed = {
        "Nomor": "K2649-1",
        **last,
        "Tanggal Surat": "28/11/2026",
        "Tanggal Jawaban": "20/11/2026",
        "Siapa": "Bu Rini",
    }
    tab = Tab("1", "Keputusan", (DECISIONS.headings, tuple(typed.get(heading) for heading in DECISIONS.headings)))
    problems: list[Trouble] = []
    known = Filed("K2649-1", (), monday, last)
    said = read_filed(
        Snapshot("Kendali", (tab,), 0), DECISIONS, {known.id: known}, monday.date(), load_terms(), problems
    )
    assert said == {known.id: {**last, "Siapa": "Bu Rini"}}
    assert [one.code for one in problems] == ["kendali.baris.jawaban-dulu"]


def test_two_proposals_are_the_same_only_if_all_of_their_long_titles_and_addresses_is() -> None:
    long = (
        "Pembangunan, Rehabilitasi, Pemeliharaan, atau Peningkatan Saluran Drainase Lingkungan Permukiman Kewenangan "
    )
    titles = (f"{long}Kota", f"{long}kota.", f"{long}Provinsi")
    laid = [Filed(f"K2649-{at}", (), datetime(2026, 11, 30, 10, tzinfo=ZONE)) for at in range(3)]
    whole: dict[str, Value] = {
        "Alamat": "Jl. Melati RT 003/007, Petir",
        "Foto": "https://foto.example/1",
        "Volume": 1,
        "Satuan": "m",
    }
    given = [{**whole, "Nomor": one.id, "Judul Kamus": title} for one, title in zip(laid, titles, strict=True)]
    rows = [tuple(one.get(heading) for heading in PROPOSALS.headings) for one in given]
    problems: list[Trouble] = []
    seen = Snapshot("Kendali", (Tab("1", "Usulan", (PROPOSALS.headings, *rows)),), 0)
    unready(seen, {one.id: one for one in laid}, problems)
    assert [(one.code, one.particulars["cell"]) for one in problems] == [
        ("kendali.baris.usulan-judul-kamus", f"Usulan!F{row}") for row in (3, 2)
    ]
