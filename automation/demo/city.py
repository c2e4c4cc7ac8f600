"""Lays out the demo city: a Kendali, three kecamatan workbooks, and the complaints of ``laporan.toml``."""

import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from automation.config.defaults import load_defaults, load_kelurahan
from automation.model.cells import Writable
from automation.model.deadlines import Calendar
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.tabs import GUIDE
from automation.sheets.local.files import FIRST_TAB
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.looks.spreadsheets import prepare_control
from automation.sheets.port import Changes, NewTab, Snapshot
from automation.sheets.prepare import INTAKE_HEADING_ROW, kelurahan_served, new_tab, prepare_intake
from automation.tables import intake
from automation.tables.intake import INTAKE
from automation.tables.kendali import PLACES, RECIPIENTS, SOURCES
from automation.trouble import ConfigurationError, Trouble
from automation.whole_file import write_whole

KENDALI = "Kendali.xlsx"
CREDENTIALS = "credentials.json"

_HERE = Path(__file__).parent
#: Days of receipt are counted back from today in working days, by the defaults of an empty Kendali.
_CALENDAR = Calendar(week=frozenset(range(6)), national=True, joint_leave=True)

#: The columns that people fill in, by their names in `laporan.toml`.
_FIELDS = {column.slug: column for column in INTAKE.columns}

Report = Mapping[str, Any]


def lay_out(folder: Path, today: date, texts: Texts) -> Path:
    """Write the missing files of the city into `folder`, and return its credentials.json. Existing files stay as is.

    Raises `OSError` if the folder can't be written to, and `ConfigurationError` if it is another city's.
    """
    workbooks, own = _load("laporan.toml"), folder / CREDENTIALS
    credentials = (json.dumps({"kendali": KENDALI}, indent=2) + "\n").encode()
    begun = any((folder / f"{name}.xlsx").exists() for name in workbooks)
    if own.exists() and not (begun and own.read_bytes() == credentials):  # else mails of a real city would go out
        raise ConfigurationError(Trouble("operator.demo.kota-lain", folder=folder))
    folder.mkdir(parents=True, exist_ok=True)
    for name, tabs in workbooks.items():
        _write_new(folder / f"{name}.xlsx", partial(_write_intake, name=name, tabs=tabs, today=today))
    _write_new(folder / KENDALI, partial(_write_kendali, city=_load("kota.toml"), texts=texts, today=today))
    _write_new(own, lambda path: write_whole(path, credentials))
    return own


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text("utf-8"))


def _write_new(path: Path, write: Callable[[Path], object]) -> None:
    if path.exists():
        return
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
        write(Path(folder, path.name))
        os.replace(Path(folder, path.name), path)


def _write_kendali(path: Path, city: Mapping[str, Any], texts: Texts, today: date) -> None:
    empty, defaults = Snapshot(path.stem, (), None), load_defaults(texts)
    at = PLACES.headings.index("Kecamatan")
    places = [[*row[:-3], *city["koordinator"].get(row[at], row[-3:])] for row in defaults[PLACES]]
    changes = prepare_control(empty, {**defaults, PLACES: places}, texts, today)
    rows: dict[str, Sequence[Sequence[Any]]] = {
        SOURCES: [(name, f"{name}.xlsx") for name in city["sumber"]],
        RECIPIENTS: [
            tuple(person.get(field) for field in ("nama", "email", "peran", "cakupan", "kabar", "nihil", "aktif"))
            for person in city["penerima"]
        ],
    }
    workbook = XlsxWorkbook.create(path, path.name)
    workbook.commit(replace(changes, appends={**changes.appends, **rows}, removed=FIRST_TAB), workbook.read())


def _write_intake(path: Path, name: str, tabs: Mapping[str, Sequence[Report]], today: date) -> None:
    """Write a kecamatan's workbook. A tab that is not named after a kelurahan serves several, and has the column that
    says which. The guide comes first; `setup` fills it in."""
    empty = Snapshot(name, (), None)
    prepared = prepare_intake(empty, kelurahan_served(name, empty, Places(load_kelurahan()))).new_tabs
    titles = {tab.title for tab in prepared}
    several = [new_tab(title, INTAKE.columns, INTAKE_HEADING_ROW) for title in tabs if title not in titles]
    *kelurahan, journal = prepared
    ordered = (*kelurahan, *several, journal)
    rows = {tab.title: [_row_of(report, tab, today) for report in tabs.get(tab.title, ())] for tab in ordered}
    workbook = XlsxWorkbook.create(path, path.name, tab=GUIDE)
    workbook.commit(Changes(ordered, rows), workbook.read())


def _row_of(report: Report, tab: NewTab, today: date) -> list[Writable]:
    cells: dict[str, Writable] = {_FIELDS[field]: value for field, value in report.items() if field in _FIELDS}
    if "tanggal" in report:
        cells[intake.RECEIVED] = report["tanggal"]
    elif "lalu" in report:
        day = _working_days_before(today, report["lalu"])
        if "tahun" in report:
            day = day.replace(year=day.year + report["tahun"], day=min(day.day, 28))
        cells[intake.RECEIVED] = day.strftime(report["gaya"]) if "gaya" in report else day
    return [cells.get(heading) for heading in tab.headings]


def _working_days_before(today: date, passed: int) -> date:
    """The working day from which so many working days have `passed` by today; a negative count lies ahead."""
    if passed <= 0:
        return _CALENDAR.after(today, -passed) if passed else today
    back = (today - timedelta(days=ago) for ago in count(1))
    return next(day for day in back if _CALENDAR.is_working(day) and _CALENDAR.between(day, today) == passed)
