"""Fixtures for tests that drive the real gspread and google-auth; named in ``pytest_plugins``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import stamina
from cryptography.hazmat.primitives import serialization

from automation.sheets.google import client, commit
from automation.sheets.google.session import Pace
from tests.sheets_server.people import Person, Typed
from tests.sheets_server.proxy import running
from tests.sheets_server.server import SheetsServer

#: Of a new tab, formatted by the robot: fewer than for people, for the sake of speed.
NEW_ROWS = 100
_read_key = cache(serialization.load_pem_private_key)
ROBOT = "robot@ruang-rakyat.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True)
class Google:
    """The server, a service account on it, and the environment in which a program (or a subprocess) reaches it."""

    server: SheetsServer
    key: dict[str, Any]
    environ: dict[str, str]

    def spreadsheet(self, title: str, tabs: dict[str, list[list[Typed]]], **how: Any) -> Person:
        return self.server.spreadsheet(title, tabs, **{"writers": [ROBOT], **how})


class Hurried(Pace):
    """Its waits take no time, and say so to `told`, in seconds."""

    def __init__(self, told: Callable[[float], object] = lambda _: None) -> None:
        self._slept = 0.0
        self._told = told
        super().__init__(lambda: monotonic() + self._slept, self._pass)

    def _pass(self, seconds: float) -> None:
        self._slept += seconds
        self._told(seconds)


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """Google, reached through this process's environment. Nothing waits: not retries, and not for a minute's quota."""
    server = SheetsServer()
    key = server.accounts.service_account(ROBOT)
    for name in ("https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with running(server, tmp_path) as environ, stamina.set_testing(True, attempts=100, cap=True):
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        # Every command reads the robot's key anew, and every reading of a spreadsheet brings all formatted rows.
        monkeypatch.setattr(serialization, "load_pem_private_key", _read_key)
        monkeypatch.setattr(commit, "ROWS", NEW_ROWS)
        monkeypatch.setattr(client, "Pace", Hurried)
        yield Google(server, key, environ)
