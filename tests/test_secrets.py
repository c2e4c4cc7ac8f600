"""Secrets and personal data: the log quotes nobody, no key is ever printed, and files are for their owner alone."""

import json
import logging
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from automation.cli.compose import compose
from automation.cli.main import main
from automation.cli.screen import CLOSE, fitted
from automation.cli.state import NAME, log_crash, logger, start_log
from automation.demo.city import lay_out
from automation.tables import intake
from automation.trouble import ConfigurationError, Trouble, WorkbookError
from automation.whole_file import write_whole
from tests.conftest import Say
from tests.operator_desk import BENDA, Desk
from tests.town import WORDS

pytestmark = pytest.mark.sampled(tests=5)

posix = pytest.mark.skipif(os.name != "posix", reason="no modes here")
PLANTS = ("Zubaidah Kurniasih", "0812-7999-1234", "081279991234", "warga@rahasia.example", "Gang Kenanga Ungu")
QUOTING = f"invalid: {PLANTS[0]}, {PLANTS[1]} '{PLANTS[2]}' {PLANTS[3]}, {PLANTS[4]}"
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj" * 3
PEM = f"-----BEGIN PRIVATE KEY-----\n{BODY[:64]}\n{BODY[64:128]}\n{BODY[128:]}\n-----END PRIVATE KEY-----\n"


@pytest.fixture(autouse=True)
def _let_go_of_the_log() -> Iterator[None]:
    yield
    start_log(Path(os.devnull))


def found_in(text: str) -> list[str]:
    return [plant for plant in PLANTS if plant in text]


# The log --------------------------------------------------------------------------------------------------------------


def stumble(words: str) -> None:
    try:
        raise ValueError(words)
    except ValueError as error:
        raise KeyError(words) from error


def crash() -> Exception:
    """An error with a cause and a note, each of which quotes a cell."""
    try:
        stumble(QUOTING)
    except KeyError as error:
        error.add_note(QUOTING)
        return error
    raise AssertionError


def test_a_traceback_keeps_file_line_and_type_and_quotes_nothing(tmp_path: Path) -> None:
    error = crash()
    seen = logging.LogRecord("automation", logging.ERROR, "x", 1, "x", (), (type(error), error, error.__traceback__))
    log = log_crash(tmp_path, error).read_text("utf-8")
    assert not found_in(log) and "invalid" not in log
    assert "ValueError" in log and "KeyError" in log and log.index("ValueError") < log.index("KeyError")
    assert re.search(rf'File "{re.escape(__file__)}", line \d+, in stumble', log)
    seen.exc_text = QUOTING  # as a handler of somebody else's has left it
    logger.handle(seen)
    assert not found_in((tmp_path / NAME).read_text("utf-8"))


def test_errors_without_end_end(tmp_path: Path) -> None:
    one, other = ValueError(QUOTING), TypeError(QUOTING)
    one.__context__, other.__context__ = other, one
    log = log_crash(tmp_path, one).read_text("utf-8")
    assert log.count("ValueError") == log.count("TypeError") == 1 and not found_in(log)


@pytest.mark.parametrize(
    "error",
    [
        WorkbookError("google.ditolak", nama="Kecamatan Benda", sebab=f'Invalid value at "x" (TYPE), "{QUOTING}"'),
        Trouble("surat.templat.rusak", file="harian/isi.txt", reason=f"could not convert string to float: {QUOTING!r}"),
        ConfigurationError(Trouble("x.y", sebab=f"“{QUOTING}”")),
    ],
)
def test_what_an_error_that_people_can_mend_quotes_of_others_is_left_out(tmp_path: Path, error: Trouble) -> None:
    start_log(tmp_path)
    logger.warning("not done: %s", error)
    log = (tmp_path / NAME).read_text("utf-8")
    assert not found_in(log) and error.causes[0].code in log


@pytest.mark.parametrize("at", ["read_settings", "reconcile", "send"])
def test_whatever_stumbles_in_a_command_quotes_nobody_in_the_log(
    desk: Desk, say: Say, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    desk.report({intake.NAME: PLANTS[0], intake.PHONE: PLANTS[1], intake.ADDRESS: PLANTS[4]})
    where = {
        "read_settings": "automation.cycle.sync.read_settings",
        "reconcile": "automation.cycle.intake.Reconciliation",
        "send": "automation.cycle.digest.deliver",
    }

    def fail(*_: object, **__: object) -> None:
        raise ValueError(QUOTING)

    desk.run("sync")
    monkeypatch.setattr(where[at], fail)
    desk.report({intake.NAME: PLANTS[0], intake.PHONE: "081200001031"})
    assert desk.run(*(("digest", "harian") if at == "send" else ("sync",))) == 1
    log = desk.log()
    assert "ValueError" in log and not found_in(log)
    assert not found_in(say())


# Keys -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        PEM,
        PEM.replace("\n", ""),
        PEM.replace("\n", "\\n"),
        json.dumps({"type": "service_account", "private_key": PEM}),
        BODY,
        BODY[:64],
        f"  {BODY[:64]}\x00",
        f"{PEM}.json",
        f"-----BEGIN PRIVATE KEY-----{BODY[:40]}.json",
    ],
    ids=["PEM", "one line", "escaped", "JSON as text", "its body", "a line of it", "NUL", "PEM.json", "line.json"],
)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("command", ["sync", "setup", "check"])
def test_a_key_that_was_pasted_as_text_is_never_printed(desk: Desk, say: Say, pasted: str, command: str) -> None:
    desk.credentials.write_text(json.dumps({"kendali": "Kendali.xlsx", "google": pasted}), "utf-8")
    assert desk.run(command) == 2
    said = say() + "".join(path.read_text("utf-8") for path in desk.folder.glob(f"{NAME}*"))
    assert "google" in said and "bukan nama berkas kunci" in " ".join(said.split())
    assert not [part for part in (BODY[at : at + 12] for at in range(0, 64, 4)) if part in said]
    assert "PRIVATE KEY" not in said


def test_a_key_file_may_be_called_anything_if_it_is_there(desk: Desk, say: Say) -> None:
    for name, words in (("kunci rahasia.json", "kunci rahasia.json tidak ditemukan"), ("kunci", "bukan nama berkas")):
        desk.credentials.write_text(json.dumps({"kendali": "Kendali.xlsx", "google": name}), "utf-8")
        assert desk.run("sync") == 2
        assert words in " ".join(say().split())
    (desk.folder / "kunci").write_text("{}", "utf-8")
    assert desk.run("sync") == 2
    assert "ini bukan kunci Google yang dikenal" in " ".join(say().split())


# Files ----------------------------------------------------------------------------------------------------------------


def modes(folder: Path) -> dict[str, int]:
    """By its path: the mode of each file and folder, but for locks, in which nothing stands."""
    paths = [path for path in folder.rglob("*") if not path.name.endswith(".kunci")]
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in paths}


@posix
def test_all_that_we_make_is_for_its_owner_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, say: Say
) -> None:
    made = tmp_path / "dibuat"
    made.mkdir()
    before = os.umask(0)
    try:
        monkeypatch.chdir(made)
        city = lay_out(made / "kota", date(2026, 11, 24), WORDS)
        options = ["--credentials", str(city), "--state", str(made / "milik" / "program")]
        assert main([*options, "setup"]) == 0 and "chmod" not in say()
        (made / "baru").mkdir(mode=0o700)
        write_whole(made / "baru" / "credentials.json", b'{"kendali": "Kendali.xlsx"}')
        assert main(["--credentials", str(made / "baru" / "credentials.json"), "setup"]) == 0
        assert main([*options, "sync"]) in (0, 1)
        assert main([*options, "digest", "harian", "--preview"]) == 0
        assert main([*options, "export", "--format", "csv"]) == 0
        assert main([*options, "export", "--format", "xlsx", "--full"]) == 0
        rows = compose(city, WORDS).kendali.read().rows("Rekap")
        running = next(str(row[0]) for row in rows if str(row[0]).startswith("RR-") and "Baru" in map(str, row))
        assert main([*options, "slip", running, "--output", str(made / "cetak")]) == 0
    finally:
        os.umask(before)
    wrong = {
        name: oct(mode)
        for name, mode in modes(made).items()
        if mode != (0o700 if (made / name).is_dir() else 0o600) and name != "kota"
    }
    assert not wrong
    found = modes(made)
    assert {
        "kota/credentials.json",
        "kota/Kendali.xlsx",
        "baru/Kendali.xlsx",
        f"milik/program/{NAME}",
        "cetak",
        "kota/outbox",
    } <= set(found)
    assert any(name.endswith(".csv") for name in found) and any(name.endswith(".eml") for name in found)


@posix
def test_what_is_open_to_others_is_told_with_the_command_that_closes_it(desk: Desk, say: Say) -> None:
    outbox = desk.folder / "outbox"
    write_whole(outbox / "x.html", b"x")
    desk.run("sync")
    for path in (*desk.folder.iterdir(), outbox):
        path.chmod(0o755 if path.is_dir() else 0o640)
    for command in ("check", "setup"):
        say()
        assert desk.run(command) == 0
        [line] = [line for line in say().split("\n") if "chmod" in line]
    opened = {desk.credentials, outbox, desk.folder / NAME, *desk.folder.glob("*.xlsx")}
    shown = line[line.index("chmod") :]
    assert set(shlex.split(shown)[2:]) == set(map(str, opened)), "a path with a space is one path"
    assert f"{len(opened)} berkas" in line
    subprocess.run(shown, shell=True, check=True)
    for command in ("check", "setup"):
        assert desk.run(command) == 0
    assert "chmod" not in say()
    long = f"Tutup dengan perintah ini: {CLOSE} " + " ".join(f"'a b{number}.xlsx'" for number in range(30))
    assert fitted(long, 60).splitlines()[-1] == long[long.index(CLOSE) :], "it stays in one piece, to be copied"
    assert desk.run("sync") == 0
    assert desk.credentials.stat().st_mode & 0o777 == 0o600 and outbox.stat().st_mode & 0o777 == 0o700


@posix
def test_a_key_file_and_a_folder_of_spreadsheets_are_looked_at_too(desk: Desk, say: Say) -> None:
    key = {"type": "service_account", "client_email": "r@x.y", "private_key": PEM, "token_uri": "https://x.example"}
    (desk.folder / "kunci.json").write_text(json.dumps(key), "utf-8")
    (desk.folder / "Laporan").mkdir()
    (desk.folder / f"{BENDA}.xlsx").rename(desk.folder / "Laporan" / f"{BENDA}.xlsx")
    desk.write("Kendali", "Sumber", 1, [BENDA, "Laporan"])
    desk.write("Kendali", "Sumber", 2, ["Sistem", "/etc/passwd"])
    desk.credentials.write_text(json.dumps({"kendali": "Kendali.xlsx", "google": "kunci.json"}), "utf-8")
    for path in (desk.folder / "kunci.json", desk.folder / "Laporan" / f"{BENDA}.xlsx"):
        path.chmod(0o604)
    (state := desk.folder / "negara").mkdir(mode=0o755)
    desk.run("check", "--state", str(state))
    said = say()
    assert str(state) in said[said.index(CLOSE) :]
    (state / "orang lain").touch()  # as in /tmp: to close it would shut others out
    for place in (state, state / "orang lain"):
        desk.run("check", "--state", str(place))
        said = say()
        assert str(place) not in said[said.index(CLOSE) :]
    assert "kunci.json" in said and f"Laporan/{BENDA}.xlsx" in said
    assert "/etc/passwd" not in said[said.index(CLOSE) :], "whoever fills in Sumber closes no file of the system's"


@pytest.mark.skipif(os.name == "posix", reason="there are modes here")
def test_where_there_are_no_modes_nothing_is_said_of_them(desk: Desk, say: Say) -> None:
    assert desk.run("setup") == 0
    assert "chmod" not in say()


def test_check_says_where_nothing_can_be_noted(desk: Desk, say: Say) -> None:
    (desk.folder / "berkas").touch()
    assert desk.run("check", "--state", str(desk.folder / "berkas" / "di bawahnya")) == 0
    assert "tidak bisa ditulisi" in " ".join(say().split())
