"""The operator's desk: a small local city, a command line in a process of its own, and people who edit the files."""

import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from automation.cli.compose import jakarta_now
from automation.cli.state import start_log
from automation.model.cells import Value
from automation.tables import intake
from automation.tables.kendali import RECIPIENTS, SETTINGS
from tests.local_city import LocalCity, new_kendali
from tests.made_once import made_once
from tests.xlsx_person import make_file

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


class Desk(LocalCity):
    """Kendali and Kecamatan Benda in `folder`, made by `setup` as the README says, with one recipient."""

    def __init__(self, folder: Path, **credentials: Any) -> None:
        super().__init__(folder)
        folder.mkdir(exist_ok=True)
        for name, content in made_once("desk", _files).items():
            (folder / name).write_bytes(content)
        self.enter(kendali="Kendali.xlsx", **credentials)
        enable_logs()

    def start(self, *arguments: str, **how: Any) -> subprocess.Popen[str]:
        return start("--credentials", str(self.credentials), *arguments, **how)

    def write(self, book: str, tab: str, row: int, values: Sequence[Value], column: int = 0) -> None:
        """Type values into a row (0-based) from `column` on."""
        self.put(book, tab, {(row, at): value for at, value in enumerate(values, start=column)})

    def report(self, *complaints: Mapping[Any, Value], tab: str = TAB) -> None:
        """Type complaints of today below the last one."""
        self.type(BENDA, tab, *({intake.RECEIVED: f"{jakarta_now():%d/%m/%Y}", **told} for told in complaints))

    def shown(self, heading: str, tab: str = TAB) -> list[Any]:
        """What stands in a column."""
        return self.column(BENDA, tab, heading)

    def log(self) -> str:
        return (self.folder / "ruang-rakyat.log").read_text("utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """With one good complaint, which must come through whatever else is wrong."""
    desk = Desk(tmp_path / "kota")
    desk.report({})
    return desk


def enable_logs() -> None:
    """Undo what a tool in the same process may have done, whose own logging disables everybody's."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith("automation") and isinstance(logger, logging.Logger):
            logger.disabled = False


def _files() -> Mapping[str, bytes]:
    with TemporaryDirectory() as name, redirect_stdout(StringIO()):
        city = LocalCity(Path(name))
        city.enter(kendali="Kendali.xlsx")
        city.path("Kendali").write_bytes(new_kendali())
        make_file(city.path(BENDA), {"Sheet1": []})
        city.list_sources(f"{BENDA}.xlsx")
        city.put_rows(
            "Kendali", RECIPIENTS, [["Ratna", "ratna@fraksi.example", "Anggota", "Kota", "harian", "Ya", "Ya"]]
        )
        names = [row[0] for row in city.rows("Kendali", SETTINGS)]
        city.put("Kendali", SETTINGS, {(names.index(name), 1): value for name, value in ALWAYS.items()})
        assert city.run("setup") == 0
        start_log(Path(os.devnull))  # let go of the log before the folder goes
        return {path.name: path.read_bytes() for path in city.folder.glob("*.xlsx")}


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
