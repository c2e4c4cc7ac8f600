"""The operator's desk: a small local city, a command line in a process of its own, and people who edit the files."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from automation.cli.compose import jakarta_now
from automation.cli.main import main
from automation.cli.state import start_log
from automation.model.cells import Value
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from automation.tables.kendali import RECIPIENTS, SETTINGS, SOURCES
from tests.town import GOOD
from tests.xlsx_person import make_file, open_book, put, read_rows

ROOT = Path(__file__).parent.parent
BENDA = "Kecamatan Benda"
TAB = "Pajang"
#: Any moment is a working day's, and the digest's hour has come.
ALWAYS = {
    "Hari Kerja": "Senin, Selasa, Rabu, Kamis, Jumat, Sabtu, Minggu",
    "Libur Nasional": "Tidak",
    "Cuti Bersama": "Tidak",
    "Jam Kabar Harian": "00:00",
}


class Desk:
    """Kendali and Kecamatan Benda in `folder`, made by `setup` as the README says, with one recipient."""

    def __init__(self, folder: Path, **credentials: Any) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.credentials = folder / "credentials.json"
        for name, content in _files().items():
            (folder / name).write_bytes(content)
        self.credentials.write_text(json.dumps({"kendali": "Kendali.xlsx", **credentials}), "utf-8")
        enable_logs()

    def run(self, *arguments: str) -> int:
        return main(["--credentials", str(self.credentials), *arguments])

    def start(self, *arguments: str, **how: Any) -> subprocess.Popen[str]:
        return start("--credentials", str(self.credentials), *arguments, **how)

    def write(self, book: str, tab: str, row: int, values: Sequence[Value], column: int = 0) -> None:
        """Type values into a row (0-based) from `column` on."""
        path = self.folder / f"{book}.xlsx"
        opened = open_book(path)
        for at, value in enumerate(values, start=column):
            put(opened[tab], row, at, value)
        opened.save(path)

    def setting(self, name: str, value: Value) -> None:
        names = [row[0] for row in self.rows("Kendali", SETTINGS)]
        self.write("Kendali", SETTINGS, names.index(name), [value], column=1)

    def type(self, *complaints: Mapping[Any, Value], tab: str = TAB) -> None:
        """Type complaints below the last one; what is not said is as in a good one."""
        path = self.folder / f"{BENDA}.xlsx"
        opened = open_book(path)
        sheet = opened[tab]
        for row, complaint in enumerate(complaints, start=len(self.rows(BENDA, tab))):
            today = f"{jakarta_now():%d/%m/%Y}"
            cells = {**GOOD, intake.RECEIVED: today, intake.CATEGORY: "Jalan & Drainase", **complaint}
            for heading, value in cells.items():
                put(sheet, row, [str(column) for column in INTAKE_COLUMNS].index(str(heading)), value)
        opened.save(path)

    def rows(self, book: str, tab: str) -> list[list[Any]]:
        rows = read_rows(self.folder / f"{book}.xlsx", tab)
        while rows and not any(value not in (None, "") for value in rows[-1]):
            rows.pop()
        return rows

    def column(self, heading: str, tab: str = TAB) -> list[Any]:
        _, _, head, *rows = self.rows(BENDA, tab)  # below the status line and an empty row
        at = head.index(heading)
        return [row[at] for row in rows]

    def log(self) -> str:
        return (self.folder / "ruang-rakyat.log").read_text("utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """With one good complaint, which must come through whatever else is wrong."""
    desk = Desk(tmp_path / "kota")
    desk.type({})
    return desk


def enable_logs() -> None:
    """Undo what a tool in the same process may have done, whose own logging disables everybody's."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith("automation") and isinstance(logger, logging.Logger):
            logger.disabled = False


@cache
def _files() -> Mapping[str, bytes]:
    with TemporaryDirectory() as name, redirect_stdout(StringIO()):
        folder = Path(name)
        (folder / "credentials.json").write_text(json.dumps({"kendali": "Kendali.xlsx"}), "utf-8")
        setup = ["--credentials", str(folder / "credentials.json"), "setup"]
        assert main(setup) == 0
        make_file(folder / f"{BENDA}.xlsx", {"Sheet1": []})
        book = open_book(folder / "Kendali.xlsx")
        for tab, values in (
            (SOURCES, [BENDA, f"{BENDA}.xlsx"]),
            (RECIPIENTS, ["Ratna", "ratna@fraksi.example", "Anggota", "Kota", "harian", "Ya", "Ya"]),
        ):
            for column, value in enumerate(values):
                put(book[tab], 1, column, value)
        for row, (name_cell, *_) in enumerate(book[SETTINGS].iter_rows(values_only=True)):
            if str(name_cell) in ALWAYS:
                put(book[SETTINGS], row, 1, ALWAYS[str(name_cell)])
        book.save(folder / "Kendali.xlsx")
        assert main(setup) == 0
        start_log(Path(os.devnull))  # let go of the log before the folder goes
        return {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}


def start(*arguments: str, **how: Any) -> subprocess.Popen[str]:
    """``python -m automation …`` in a process of its own."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.Popen([sys.executable, "-m", "automation", *arguments], **{**streams, "env": environment, **how})


def command(*arguments: str, **how: Any) -> tuple[int, str, str]:
    """Exit code, output and errors of one command in a process of its own."""
    process = start(*arguments, **how)
    output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors
