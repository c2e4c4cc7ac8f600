"""Preparing a spreadsheet: what is missing of its tabs, headings and first rows, and nothing else.

Nothing that stands in a cell is ever written over, and a prepared spreadsheet needs no changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from automation.cases.events import JOURNAL, JOURNAL_HEADINGS
from automation.config.defaults import Defaults
from automation.model.cells import CellWrite, Tab, Value, Writable, fold, is_empty
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.headings import find_columns, find_headings, peoples
from automation.sheets.port import Changes, NewTab, Snapshot
from automation.tables.intake import INTAKE, KELURAHAN
from automation.tables.kendali import CATEGORIES, HEADINGS, LISTS, PLACES, SETTINGS
from automation.tables.table import Column
from automation.trouble import WorkbookError

#: Columns of a new intake tab. The robot's stand leftmost, so that a column which people insert moves none of them.
INTAKE_COLUMNS = tuple(column for column in INTAKE.columns if column.in_new_tabs)
#: The row (0-based) of its headings. On top it tells how it stands; the row between stays empty, because LibreOffice
#: takes a row right above the headings for a part of the table, and sorts the headings among the complaints.
INTAKE_HEADING_ROW = 2

_KELURAHAN = re.compile(r"\b(?:kelurahan|kel)\b[\s.:-]*(.+)", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:kecamatan|kec)\b[\s.:-]*(.+)", re.IGNORECASE)
_CITY = re.compile(r"\bkota\s+tangerang\b", re.IGNORECASE)
#: A city-wide spreadsheet may well be called after the city; this kecamatan must be named as one.
_NAMESAKE = "Tangerang"


def new_tab(title: str, headings: Sequence[str], heading_row: int = 0) -> NewTab:
    """A tab with these headings; the journal and the lists hidden, the journal protected."""
    return NewTab(
        title=title,
        headings=tuple(map(str, headings)),
        hidden=title in (JOURNAL, LISTS),
        protected=title == JOURNAL,
        heading_row=heading_row,
    )


def new_intake_tab(title: str, columns: Sequence[Column] = INTAKE_COLUMNS) -> NewTab:
    """A tab for complaints."""
    return new_tab(title, columns, INTAKE_HEADING_ROW)


def prepare_kendali(snapshot: Snapshot, defaults: Defaults) -> Changes:
    """What Kendali lacks: tabs, headings at the right, settings, and the first categories and places."""
    tabs: list[NewTab] = []
    appends: dict[str, Sequence[Sequence[Writable]]] = {}
    cells: list[CellWrite] = []
    for title, headings in HEADINGS.items():
        tab = snapshot.tab(title)
        rows = _missing_rows(title, tab, defaults)
        if tab is None:
            tabs.append(new_tab(title, headings))
            if rows:
                appends[title] = rows
            continue
        if title == JOURNAL:
            cells += _journal_headings(tab, headings)
            continue
        header = find_columns(tab.rows, headings)
        columns = dict(header.columns)
        added = _headings(tab, header.row, header.missing)
        columns |= {str(cell.value): cell.column for cell in added}
        cells += added
        if not rows:
            continue
        width = max(columns.values()) + 1
        placed: list[list[Writable]] = []
        for row in rows:
            line: list[Writable] = [None] * width
            for heading, value in zip(headings, row, strict=True):
                line[columns[heading]] = value
            placed.append(line)
        if header.columns:
            appends[tab.title] = placed
        else:  # rows are appended before cells are written: they would take the headings' place
            first = max(header.row + 1, len(tab.rows))
            cells += [
                CellWrite(tab.key, first + down, column, value)
                for down, line in enumerate(placed)
                for column, value in enumerate(line)
                if value is not None
            ]
    return Changes(tuple(tabs), appends, cells)


def prepare_intake(snapshot: Snapshot, kelurahan: Sequence[str]) -> Changes:
    """What an intake spreadsheet lacks: a tab for each of these kelurahan, headings at the right of its intake tabs,
    and the journal."""
    tabs = [new_intake_tab(name) for name in kelurahan if _tab_of(snapshot, name) is None]
    cells: list[CellWrite] = []
    named = {fold(name) for name in kelurahan}
    if (journal := snapshot.tab(JOURNAL)) is not None:
        cells += _journal_headings(journal, JOURNAL_HEADINGS)
    else:
        tabs.append(new_tab(JOURNAL, JOURNAL_HEADINGS))
    for tab in peoples(snapshot.tabs):
        if headings := find_headings(tab.rows):
            lacking = [column for column in INTAKE_COLUMNS if column not in headings.columns]
            cells += _headings(tab, headings.row, lacking)
        elif fold(tab.title) in named and _is_blank(tab):
            cells += _headings(tab, INTAKE_HEADING_ROW, INTAKE_COLUMNS)
    return Changes(tuple(tabs), {}, cells)


def kelurahan_served(name: str, snapshot: Snapshot, places: Places) -> tuple[str, ...]:
    """The kelurahan for which a spreadsheet needs a tab of its own and has none under any spelling.

    They are those of the kecamatan, or the one, that it is named after: by `name` (Sumber's) or by its own title. A
    spreadsheet that is named after none is left as people made it, and so is one whose rows say for themselves where
    they belong.
    Raises `WorkbookError` where there is nothing to go by.
    """
    intake = {tab.title: found for tab in peoples(snapshot.tabs) if (found := find_headings(tab.rows))}
    if any(KELURAHAN in headings.columns for headings in intake.values()):
        return ()
    wanted = places_named(name, places) or places_named(snapshot.name, places)
    if not wanted and not intake:
        raise WorkbookError("kendali.sumber-tanpa-kecamatan", workbook=name or snapshot.name)
    present = {place for title in intake if not isinstance(place := places.find(title), Doubt)}
    return tuple(place.name for place in wanted if place not in present)


def places_named(name: str, places: Places) -> tuple[Kelurahan, ...]:
    """The kelurahan that a spreadsheet is for by its name: the one that it names, or all of the kecamatan."""
    kelurahan = kelurahan_named(name, places)
    if kelurahan is not None:
        return (kelurahan,)
    kecamatan = kecamatan_named(name, places)
    return tuple(place for place in places if place.kecamatan in kecamatan)


def kelurahan_named(name: str, places: Places) -> Kelurahan | None:
    """The kelurahan in a spreadsheet's name, which has to call it one: ``Kelurahan Gondrong``, ``Laporan Kel. Gondrong
    2026``, ``Kelurahan Gondrong, Kecamatan Cipondoh``."""
    explicit = _KELURAHAN.search(name)
    if explicit is None:
        return None
    rest, *kecamatan = _NAMED.split(explicit[1], maxsplit=1)
    whole = places.find(re.sub(r"[\d\W]+$", "", rest), kecamatan[0] if kecamatan else None)
    return None if isinstance(whole, Doubt) else whole


def kecamatan_named(name: str, places: Places) -> tuple[str, ...]:
    """The kecamatan in a spreadsheet's name: ``Kecamatan Cipondoh``, ``Laporan Pinang dan Cipondoh 2026``."""
    rest = _CITY.sub(" ", name)
    explicit = _NAMED.search(rest)
    words = f" {_spaced(explicit[1] if explicit else rest)} "
    found = []
    for kecamatan in places.kecamatan():
        certain = explicit or kecamatan != _NAMESAKE or words.strip() == _spaced(kecamatan)
        if certain and f" {_spaced(kecamatan)} " in words:
            found.append(kecamatan)
    if not found and not isinstance(spelled := places.find_kecamatan(rest), Doubt):
        found.append(spelled)
    return tuple(found)


def _missing_rows(title: str, tab: Tab | None, defaults: Defaults) -> Sequence[Sequence[Writable]]:
    """Of Pengaturan the settings that are not there; of Kategori and Wilayah everything, while nothing is there."""
    shipped: dict[str, Sequence[Sequence[Writable]]] = {
        SETTINGS: defaults.settings,
        CATEGORIES: defaults.categories,
        PLACES: defaults.places,
    }
    rows = shipped.get(title, ())
    if tab is None or not rows:
        return rows
    header = find_columns(tab.rows, HEADINGS[title])
    below = tab.rows[header.row + 1 :]
    if title != SETTINGS:
        return () if any(not is_empty(value) for row in below for value in row) else rows
    at = header.columns.get(SETTINGS.headings[0])
    present = {fold(row[at]) for row in below if at is not None and at < len(row)}
    return [row for row in rows if fold(str(row[0])) not in present]


def _headings(tab: Tab, row: int, missing: Iterable[str]) -> list[CellWrite]:
    """The missing headings, to the right of everything that stands in the tab: what people wrote there stays theirs."""
    free = max((_width(cells) for cells in tab.rows), default=0)
    return [CellWrite(tab.key, row, free + step, str(heading)) for step, heading in enumerate(missing)]


def _journal_headings(tab: Tab, headings: Sequence[str]) -> list[CellWrite]:
    """Only for an empty journal: its events are read by their place, and what stands beside one would be part of it."""
    return _headings(tab, 0, headings) if _is_blank(tab) else []


def _width(cells: Sequence[Value]) -> int:
    return max((at + 1 for at, value in enumerate(cells) if not is_empty(value)), default=0)


def _tab_of(snapshot: Snapshot, name: str) -> Tab | None:
    return next((tab for tab in snapshot.tabs if fold(tab.title) == fold(name)), None)


def _is_blank(tab: Tab) -> bool:
    return all(is_empty(value) for row in tab.rows for value in row)


def _spaced(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())
