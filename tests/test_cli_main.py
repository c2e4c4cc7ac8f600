"""The terminal, as an operator reads it: help, wrong use, exit codes, and lines that fit."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from automation.cli.main import COMMANDS, main
from automation.cli.screen import fitted, load_texts, show
from automation.sheets.prepare import INTAKE_HEADING_ROW
from automation.tables import intake
from automation.tables.kendali import RECIPIENTS
from tests.conftest import Say
from tests.operator_desk import BENDA, ROOT, TAB, Desk, command
from tests.town import WORDS

pytestmark = pytest.mark.sampled(tests=8)

HEAVY = ("gspread", "google.auth", "requests", "openpyxl", "jinja2", "phonenumbers", "holidays", "tqdm", "rapidfuzz")
ENGLISH = re.compile(
    r"\b(usage|error|options|arguments?|help message|invalid|required|show|default)\b:?", re.IGNORECASE
)


def said_by(say: Say, *arguments: str) -> tuple[int, str]:
    return main(arguments), say()


# Help ---------------------------------------------------------------------------------------------------------------


def test_help_answers_without_loading_what_it_does_not_need() -> None:
    program = (
        "import sys; from automation.cli.main import main; code = main(['--help']); print(*sys.modules); exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    )
    loaded = done.stdout.splitlines()[-1].split()
    assert "automation.cli.main" in loaded
    assert not set(HEAVY) & set(loaded)


def test_a_python_without_the_libraries_is_told_with_the_cure_and_not_by_a_traceback(tmp_path: Path) -> None:
    bare = [sys.executable, "-S", "-m", "automation", "demo", "--dir", str(tmp_path / "demo")]
    done = subprocess.run(bare, check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 2 and "belum punya pustaka msgspec" in done.stderr
    assert ".venv/bin/pip install -q -r requirements.txt" in done.stderr and "Traceback" not in done.stderr


def test_on_a_machine_without_zone_files_it_is_as_late_as_in_the_city(tmp_path: Path) -> None:
    program = (
        "from automation.cli.compose import jakarta_now; from automation.cycle.health import foreign\n"
        "from automation.sheets.port import Snapshot; seen = Snapshot('A', (), None, 'id_ID', zone='Asia/Jakarta')\n"
        "print(jakarta_now().utcoffset(), foreign(seen))"
    )
    bare, nowhere = [sys.executable, "-c", program], {**os.environ, "PYTHONTZPATH": str(tmp_path)}
    done = subprocess.run(bare, check=True, cwd=ROOT, capture_output=True, text=True, env=nowhere)
    assert done.stdout.split(maxsplit=1) == ["7:00:00", "[]\n"]


OPTIONS = {
    "demo": ["--dir"],
    "setup": [],
    "sync": ["--dry-run"],
    "digest": ["JENIS", "--preview", "--to", "--date"],
    "run": [],
    "restore": ["TIKET"],
    "close": ["TIKET", "--reason"],
}


def test_help_names_every_command_with_its_own_options_and_speaks_one_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def page(*arguments: str) -> str:
        assert main([*arguments, "--help"]) == 0
        said = capsys.readouterr().out
        assert not ENGLISH.search(said)
        return said

    assert all(re.search(rf"^  {name} ", page(), re.MULTILINE) for name in COMMANDS)
    for name, options in OPTIONS.items():
        assert all(option in page(name) for option in options)
    assert main([]) == 2  # without a command it is shown, and counts as wrong use
    captured = capsys.readouterr()
    assert captured.out == "" and "Perintah:" in captured.err


# Wrong use ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("hapus", 'Tidak ada perintah "hapus". Yang ada: demo, setup, check, sync, digest, run, rollover'),
        ("sinc", "Maksudnya sync?"),
        ("sync --kering", "Isian ini tidak dikenal: --kering. Lihat: python -m automation sync --help"),
        ("setup sekarang", "Isian ini tidak dikenal: sekarang"),
        ("sync --dry-run=ya", "Sesudah --dry-run harus"),
        ("sync --credentials", "Sesudah --credentials harus ada satu nilai"),
        ("digest", "Contoh: python -m automation digest harian"),
        (
            "digest bulanan",
            'Tidak ada kabar jenis "bulanan". Yang ada: darurat, operator, harian, koordinator, mingguan, reses',
        ),
        ("digest darurat --date 2026-11-24", "bukan keadaan suatu hari, jadi --date tidak berlaku"),
        ("digest operator --preview --date 2026-11-24", "--date tidak berlaku"),
        ("digest harian --to ratna@fraksi.example", "--to dipakai bersama --preview"),
        (
            "digest mingguan --from 2026-11-02 --date 2026-11-23",
            "hanya berlaku untuk reses, jadi tidak ada yang dikirim",
        ),
        ("digest harian --dapil 3", "--dapil dan --from hanya berlaku untuk reses"),
        ("digest harian --date kemarin", '"kemarin" bukan tanggal. Tulis tahun-bulan-hari'),
        ("digest harian --date 11/24/2026", '"11/24/2026" bukan tanggal'),
        ("digest harian --date 2099-01-01", "belum tiba"),
        ("restore", "Contoh: python -m automation restore RR-260504-0001-3"),
        # What it proposes is copied: it must erase nobody.
        ("erase", "Salin dari kolom No. Tiket: python -m automation erase TIKET"),
        ("restore yati", '"yati" bukan nomor tiket'),
        ("restore RR-260504-0001-3 RR-260504-0002-2", '"RR-260504-0002-2": angka terakhirnya tidak cocok'),
        ("close RR-260504-0001-3", "alasannya belum ditulis"),
        ("close --reason pindah", "Nomor tiket dan alasannya belum ditulis"),
        ("close RR-260504-0001-3 --reason -", "alasannya belum ditulis"),
        ("close RR-260504-0001-4 --reason pindah", "angka terakhirnya tidak cocok"),
    ],
)
def test_wrong_use_is_explained_with_what_to_type(say: Say, arguments: str, words: str) -> None:
    code, said = said_by(say, *arguments.split())
    assert code == 2 and words in said
    assert not ENGLISH.search(said.replace("--help", "").replace("digest", ""))


def test_without_credentials_the_demo_or_the_example_is_proposed_and_they_may_be_named_anywhere(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = said_by(say, "sync")
    assert code == 2
    assert str(tmp_path / "credentials.json") in said
    assert "credentials.example.json" in said and "python -m automation demo" in said
    for arguments in (("--credentials", "/x/rahasia.json", "sync"), ("sync", "--credentials", "/x/rahasia.json")):
        assert "/x/rahasia.json" in said_by(say, *arguments)[1]
    Path("credentials.json").write_text(json.dumps({"kendali": "Kendali.xlsx"}), "utf-8")
    code, said = said_by(say, "setup")
    assert code == 0 and "tab Sumber" in said and "setup sekali lagi" in said


# What is said, and the exit code ------------------------------------------------------------------------------------


def test_the_summary_counts_what_was_done_and_says_what_failed_and_why(desk: Desk, say: Say) -> None:
    desk.report(
        {"Telepon": "12", "Alamat": None},
        {"Tanggal Masuk": "02/01/2026", "Tanggal Benar": "Ya", "Nama Pelapor": "Pak Amir"},
    )
    assert desk.run("sync") == 0
    said = say()
    assert "3 baris dari 1 spreadsheet" in said
    assert "2 baru, 2 seluruhnya" in said
    assert "1 baris menunggu perbaikan" in said
    assert "1 terlambat, dari 2" in said
    desk.write("Kendali", "Sumber", 2, ["Kecamatan Larangan", "hilang.xlsx"])
    (desk.folder / f".~lock.{BENDA}.xlsx#").touch()
    desk.report({"Nama Pelapor": "Bu Sri", "Telepon": "081200001099"})
    assert desk.run("sync") == 1
    said = say()
    assert "2 spreadsheet tidak bisa dibaca atau ditulis" in said
    assert "Kecamatan Larangan: Berkas" in said and "tidak ditemukan" in said
    assert f"{BENDA}.xlsx” sedang dibuka di LibreOffice" in said


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(desk: Desk, say: Say) -> None:
    before = {path.name: path.read_bytes() for path in desk.folder.glob("*.xlsx")}
    assert desk.run("sync", "--dry-run") == 0
    said = say()
    assert "Rencana (tidak ada yang ditulis):" in said
    assert re.search(rf"{TAB}: \d+ sel ditulis\n      A{INTAKE_HEADING_ROW + 2}: RR-", said)
    assert "1 baru, 1 seluruhnya" in said
    assert {path.name: path.read_bytes() for path in desk.folder.glob("*.xlsx")} == before
    assert not (desk.folder / "outbox").exists()
    desk.write("Kendali", "Sumber", 2, ["Kecamatan Larangan", "hilang.xlsx"])
    process = desk.start("sync", "--dry-run")
    assert process.communicate(timeout=30)[1] == "", "what goes into the log elsewhere is not shown here"
    assert not (desk.folder / "ruang-rakyat.log").exists()
    desk.write("Kendali", "Sumber", 2, [None, None])
    assert desk.run("sync") == 0
    say()
    assert desk.run("sync", "--dry-run") == 0
    assert "Tidak ada yang perlu ditulis." in say()


def test_a_digest_is_sent_once_and_can_be_looked_at_whenever(desk: Desk, say: Say) -> None:
    desk.run("sync")
    assert desk.run("digest", "harian") == 0
    assert "1 kabar harian ditulis" in say()
    assert desk.run("digest", "harian") == 0
    assert "sudah terkirim semua" in say()
    assert desk.run("digest", "harian", "--preview", "--date", "31/12/2098") == 0
    said = say()
    assert "1 pratinjau" in said and "  - [Ruang Rakyat]" in said and "tak terbaca" not in said
    (folder,) = (desk.folder / "outbox").glob("pratinjau-harian-2098-12-31")
    assert len(list(folder.iterdir())) == 2


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="the stand-in for a browser is a shell script")
def test_a_preview_for_one_recipient_is_shown_in_the_browser_where_there_is_a_display(desk: Desk) -> None:
    desk.run("sync")
    browser, opened = desk.folder / "peramban", desk.folder / "dibuka"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n', "utf-8")
    browser.chmod(0o755)
    preview = ("--credentials", str(desk.credentials), "digest", "harian", "--preview", "--to", "RATNA@fraksi.example")
    without = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment = {**without, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "BROWSER": f"{browser} %s"}
    code, said, _ = command(*preview, env=environment)
    (page,) = (desk.folder / "outbox").glob("pratinjau-harian-*/*.html")
    assert code == 0 and str(page) in said and not opened.exists()
    code, said, _ = command(*preview, env={**environment, "DISPLAY": ":0"})
    assert code == 0 and str(page) in said
    assert opened.read_text("utf-8").strip() == page.as_uri()


def test_a_preview_for_somebody_who_does_not_want_this_kind_says_so_and_alerts_from_when_on_they_are_told(
    desk: Desk, say: Say
) -> None:
    assert desk.run("digest", "harian", "--preview", "--to", "budi@fraksi.example") == 2
    assert "tidak terdaftar sebagai penerima kabar harian" in " ".join(say().split())
    assert desk.run("digest", "darurat", "--preview") == 0
    assert "Belum ada penerima kabar darurat" in " ".join(say().split())
    desk.write("Kendali", RECIPIENTS, 1, ["darurat"], column=4)
    desk.run("sync")
    assert desk.run("digest", "darurat") == 0
    assert "Mulai sekarang tiap kasus yang menjadi Darurat" in " ".join(say().split())
    assert desk.run("digest", "darurat") == 0
    assert "Tidak ada kabar darurat yang perlu dikirim sekarang." in say()


def test_addresses_that_fail_are_told_by_their_cells_and_no_mail_is_lost_for_it(desk: Desk, say: Say) -> None:
    desk.write("Kendali", RECIPIENTS, 2, ["Budi", "budi(at)fraksi", "", "Kota", "harian"])
    desk.write("Kendali", RECIPIENTS, 3, ["Ani", "ani.@fraksi.example", "", "Kota", "harian"])
    desk.run("sync")
    say()
    assert desk.run("digest", "harian") == 1
    said = " ".join(say().split())
    assert "1 kabar harian ditulis" in said
    assert all(f"Penerima!{cell}: bukan alamat surel" in said for cell in ("B3", "B4"))
    assert "ani.@" not in said and "budi(at)" not in said


@pytest.mark.parametrize("named", ["--state", "STATE_DIRECTORY"])
def test_log_and_lock_go_into_a_folder_of_their_own_that_nobody_else_may_enter(
    named: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = desk.folder / "milik program"
    options = [named, str(own)] if named == "--state" else []
    if not options:
        monkeypatch.setenv(named, f"{own}:/var/lib/lain")
    assert desk.run("sync", "--dry-run", *options) == 0
    assert not own.exists()
    assert desk.run("sync", *options) == 0
    assert "cycle ends" in (own / "ruang-rakyat.log").read_text("utf-8")
    if os.name == "posix":
        assert own.stat().st_mode & 0o777 == 0o700
    with FileLock(own / ".credentials.json.kunci"):
        assert desk.run("run", *options) == 2
    assert "sudah berjalan" in capsys.readouterr().err
    assert not [*desk.folder.glob("*.log"), *desk.folder.glob(".credentials*")]


def test_without_its_own_folder_the_work_goes_on(desk: Desk) -> None:
    (desk.folder / "berkas").touch()
    assert desk.run("sync", "--state", str(desk.folder / "berkas" / "di bawahnya")) == 0
    assert desk.shown(intake.TICKET) != [None]


def test_our_own_mistake_is_owned_up_to_with_its_traceback_in_the_log(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("automation.cycle.sync.read_settings")
    assert desk.run("sync") == 1
    said = capsys.readouterr().err
    assert "Maaf" in said and str(desk.folder / "ruang-rakyat.log") in said and "Traceback" not in said
    assert "NameError" in desk.log()


def test_a_reader_that_goes_away_is_no_mistake(desk: Desk) -> None:
    desk.run("sync")
    process = desk.start("digest", "harian", "--preview")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=30) == 1
    assert process.stderr.read() == ""
    process.stderr.close()


# Lines that fit -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("satu dua tiga empat", ["satu dua tiga", "empat"]),
        ("  - satu dua tiga empat", ["  - satu dua", "    tiga empat"]),
        ("Kendali: satu dua tiga", ["Kendali: satu", "dua tiga"]),
        ("Hilang : satu dua tiga", ["Hilang : satu", "         dua", "         tiga"]),
        ("  run  satu dua tiga", ["  run  satu dua", "       tiga"]),
        ("lihat /home/relawan/Kendali.xlsx", ["lihat", "/home/relawan/Kendali.xlsx"]),
        ("- satu dua: python -m automation demo --dir x", ["- satu dua:", "  python -m automation demo --dir x"]),
    ],
)
def test_a_long_line_is_continued_below_its_own_beginning(line: str, lines: list[str]) -> None:
    assert fitted(line, 15).split("\n") == lines


def test_a_text_from_a_cell_can_not_steer_the_terminal() -> None:
    screen = io.StringIO()
    show(["tab \x1b[2JGondrong\x07 \u202egnordnoG\u2069", "satu\ndua 🙏🏽"], screen)
    assert screen.getvalue() == "tab �[2JGondrong� �gnordnoG�\nsatu\ndua 🙏🏽\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_on_a_terminal_lines_fit_and_a_bar_shows_how_far_the_work_is_and_in_a_pipe_neither(desk: Desk) -> None:
    import fcntl
    import pty
    import struct
    import termios

    desk.write("Kendali", "Sumber", 2, ["Kecamatan Larangan", "hilang.xlsx"])
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    process = desk.start("sync", stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # the other end was closed: Linux says it so
        pass
    os.close(ours)
    assert process.wait(timeout=30) == 1
    text = shown.decode()
    assert re.search(rf"0/1 .*{BENDA}\r", text), "the bar"
    lines = [line.split("\r")[-1] for line in text.replace("\r\n", "\n").split("\n")]
    assert "Dibaca      : 1 baris dari 1 spreadsheet" in lines, "of the bar nothing is left"
    assert [line for line in lines if len(line) > 60 and "/" not in line] == []
    assert "    betulkan tautannya." in lines
    code, output, errors = command("sync", "--credentials", str(desk.credentials))
    assert (code, errors) == (1, "")
    assert any(line.endswith("betulkan tautannya.") and len(line) > 120 for line in output.split("\n"))


def test_check_says_that_its_own_folder_can_not_be_written(desk: Desk, say: Say, tmp_path: Path) -> None:
    assert desk.run("check") == 0 and "tidak bisa ditulisi" not in say()
    (tmp_path / "berkas").write_text("bukan folder", "utf-8")
    desk.run("--state", str(tmp_path / "berkas"), "check")
    said = say()
    assert f"Folder {tmp_path / 'berkas'} tidak bisa ditulisi" in said and "terkirim dua kali" in said


# The words ----------------------------------------------------------------------------------------------------------


def test_a_workbook_is_a_spreadsheet_and_a_sheet_in_it_is_a_tab_in_every_message() -> None:
    other = re.compile(r"\b(lembar|worksheet|workbook|buku kerja)\b", re.IGNORECASE)
    others = ("surat.", "slip.")  # who reads a mail may know neither word, and a receipt is a sheet of paper
    messages = {key: re.sub(r"\{\w+\}", "", text) for key, text in WORDS.entries.items() if not key.startswith(others)}
    assert [key for key, words in messages.items() if other.search(words)] == []


def test_a_slip_in_a_file_of_messages_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "siklus.toml").write_text('baik = "Baik"\nramai = "tanpa penutup\n', "utf-8")
    with pytest.raises(ValueError, match=r"siklus\.toml: .*line 2"):
        load_texts(tmp_path)
