"""A Kendali to start from in tests: as setup makes it, and edited as people would."""

from collections.abc import Mapping, Sequence
from functools import cache

from msgspec.structs import replace

from automation.cli.screen import load_texts
from automation.config.defaults import load_defaults
from automation.model.cells import Value
from automation.model.texts import Texts
from automation.sheets.port import Snapshot
from automation.sheets.prepare import prepare_kendali
from tests.made_once import made_once

SOURCE = ("Kecamatan Cipondoh", "Kecamatan Cipondoh.xlsx")
Rows = Sequence[Sequence[Value]]


@cache
def texts() -> Texts:
    return load_texts()


def kendali(rows: Mapping[str, Rows] | None = None, settings: Mapping[str, Value] | None = None) -> Snapshot:
    """A working Kendali with one source, these rows below those of their tabs, and these settings."""
    added = {"Sumber": [SOURCE]} | dict(rows or {})
    return edit(made_once("Kendali in memory", _prepared), added, settings or {})


def _prepared() -> Snapshot:
    empty = Snapshot("Kendali", (), None)
    return empty.after(prepare_kendali(empty, load_defaults(texts())))


def edit(snapshot: Snapshot, added: Mapping[str, Rows], settings: Mapping[str, Value]) -> Snapshot:
    """The snapshot with rows added below, and with other values of settings."""
    tabs = []
    for tab in snapshot.tabs:
        grid = [list(row) for row in tab.rows] + [list(row) for row in added.get(tab.title, ())]
        if tab.title == "Pengaturan":
            for row in grid:
                if row[0] in settings:
                    row[1] = settings[str(row[0])]
        tabs.append(replace(tab, rows=grid))
    return replace(snapshot, tabs=tuple(tabs))


def with_tab(snapshot: Snapshot, title: str, rows: Rows) -> Snapshot:
    return replace(
        snapshot, tabs=tuple(replace(tab, rows=rows) if tab.title == title else tab for tab in snapshot.tabs)
    )


def without_tab(snapshot: Snapshot, title: str) -> Snapshot:
    return replace(snapshot, tabs=tuple(tab for tab in snapshot.tabs if tab.title != title))
