"""Preparing a spreadsheet: adds missing tabs, headings and first rows, and nothing else.

Nothing that stands in a cell is ever overwritten, and a prepared spreadsheet needs no changes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from automation.cases.events import JOURNAL, JOURNAL_HEADINGS
from automation.config.defaults import Defaults
from automation.config.kendali import ANSWERED, lost_headings
from automation.config.last_values import KEYS, read_kept
from automation.importing.old_list import place_called
from automation.model.cells import CellWrite, Tab, Value, Writable, fold, is_empty
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.cell_text import writable
from automation.reading.headings import spaced
from automation.reading.tabs import Headings, Key, find_columns, headings_of, peoples
from automation.sheets.port import Changes, NewTab, Snapshot, combined
from automation.tables.intake import INTAKE, KELURAHAN
from automation.tables.kendali import HEADINGS, LAST_VALUES, MAILS, SETTINGS, TABLES, TERMS
from automation.tables.table import Owner
from automation.trouble import WorkbookError

#: Columns of a new intake tab.
INTAKE_COLUMNS = tuple(column for column in INTAKE.columns if column.in_new_tabs)
#: The row (0-based) of its headings. The status line stands on top; the row between stays empty, because LibreOffice
#: takes a row right above the headings as part of the table, and would sort the headings among the complaints.
INTAKE_HEADING_ROW = 2

_NAMED = re.compile(r"\b(?:kecamatan|kec)\b[\s.:-]*(.+)", re.IGNORECASE)
_WHOLE = "(?! (?:timur|barat|utara|selatan|tengah)\\b)"  # Cipondoh Timur, where there is one, is no part of Cipondoh
_CITY = re.compile(r"\bkota\s+tangerang\b", re.IGNORECASE)
#: A city-wide spreadsheet may be named after the city, so this kecamatan only counts if it is called a kecamatan.
_NAMESAKE = "Tangerang"

#: What spreadsheet programs call the only tab of a new spreadsheet.
_FIRST_TABS = ("Sheet1", "Lembar1")

Rows = Sequence[Sequence[Writable]]


def new_tab(title: str, headings: Sequence[str], heading_row: int = 0) -> NewTab:
    """A tab with these headings, hidden or protected if it is not for people."""
    hidden = title in TABLES and TABLES[title].hidden
    return NewTab(title, tuple(map(str, headings)), hidden, title in (JOURNAL, LAST_VALUES), heading_row)


def prepare_kendali(snapshot: Snapshot, defaults: Defaults) -> Changes:
    """What Kendali lacks: tabs, headings (on the right), settings, first rows. A lost table comes back as it was."""
    parts = []
    kept = read_kept(snapshot)
    for title, headings in HEADINGS.items():
        tab = snapshot.tab(title)
        rows = _missing_rows(title, tab or Tab("", title, ()), defaults)
        emptied = title in KEYS and rows  # nobody's decision: a cycle goes on with what was kept, too
        if title in kept and (emptied or not (tab and find_columns(tab.rows, headings).columns)):
            rows = _as_kept(title, kept[title], rows)
        known = tab is None or find_columns(tab.rows, headings).columns
        if known and title in ANSWERED[1:] and any(lost_headings(snapshot, TABLES[title])):
            continue  # what people have renamed only has to get its name back: else its content would seem emptied
        if tab is None:
            parts.append(Changes((new_tab(title, headings),), {title: rows} if rows else {}))
        else:
            bare = Changes(cells=_journal_headings(tab, headings))
            parts.append(bare if title in (JOURNAL, MAILS) else _completed(tab, headings, rows))
    return combined(*parts)


def lacking_terms(snapshot: Snapshot, rows: Rows) -> Changes:
    """Adds those of these rows for `Istilah` whose word does not stand there yet, for the same column or for none."""
    if (tab := snapshot.tab(TERMS)) is None or not (at := find_columns(tab.rows, TERMS.headings).columns):
        return Changes()
    word, kind = (at.get(heading, tab.width) for heading in TERMS.headings[:2])
    there = {(fold(tab.at(row, word)), fold(tab.at(row, kind))) for row in range(len(tab.rows))}
    lacking = [row for row in rows if there.isdisjoint(((fold(row[0]), fold(row[1])), (fold(row[0]), "")))]
    return _completed(tab, TERMS.headings, lacking) if lacking else Changes()


def _completed(tab: Tab, headings: Sequence[str], rows: Rows) -> Changes:
    """Adds the headings that a tab lacks, and these rows at its end."""
    header = find_columns(tab.rows, headings)
    numbered = any(re.match(r"K\d{4}-", str(tab.at(row, 0))) for row in range(len(tab.rows)))
    emptied = numbered and all(map(is_empty, tab.rows[header.row]))
    if emptied:
        added = _headings(tab, header.row, header.missing, emptied=True)
    else:
        added = _missing_headings(tab, header, headings, header.missing)
    if len(header.columns) + len(added) < len(headings):  # its rows would lack what stands below a renamed heading
        rows = ()
    columns = dict(header.columns) | {str(cell.value): cell.column for cell in added}
    by_column = [{columns[heading]: value for heading, value in zip(headings, row, strict=False)} for row in rows]
    if header.columns:
        placed = [[row.get(at) for at in range(max(columns.values()) + 1)] for row in by_column]
        return Changes((), {tab.title: placed} if placed else {}, added)
    # A commit appends rows before it writes cells: appended rows would take the headings' place.
    cells = enumerate(by_column, start=max(header.row + 1, len(tab.rows)))
    below = ((row, at, value) for row, line in cells for at, value in line.items() if value is not None)
    return Changes(cells=[*added, *(CellWrite(tab.key, *one) for one in below)])


def prepare_intake(snapshot: Snapshot, kelurahan: Sequence[str]) -> Changes:
    """What an intake spreadsheet lacks: tabs for these kelurahan, headings (added on the right), and the journal."""
    named, titles = {fold(name): name for name in kelurahan}, {fold(tab.title) for tab in snapshot.tabs}
    lacking = [name for folded, name in named.items() if folded not in titles]
    tabs = [new_tab(name, INTAKE_COLUMNS, INTAKE_HEADING_ROW) for name in lacking]
    journal = snapshot.tab(JOURNAL)
    tabs += [new_tab(JOURNAL, JOURNAL_HEADINGS)] if journal is None else []
    cells = _journal_headings(journal, JOURNAL_HEADINGS) if journal is not None else []
    for tab in peoples(snapshot.tabs):
        if headings := headings_of(tab):
            asked = Owner.VOLUNTEER if headings.form else None  # a form has questions of its own
            lacks = [one for one in INTAKE_COLUMNS if one not in headings.columns and one.owner is not asked]
            cells += _missing_headings(tab, headings, INTAKE_COLUMNS, lacks)
        elif fold(tab.title) in named and not tab.width:
            cells += _headings(tab, INTAKE_HEADING_ROW, INTAKE_COLUMNS)
    return Changes(tuple(tabs), {}, cells)


def untouched(snapshot: Snapshot) -> bool:
    """Whether nobody has typed anything yet into people's tabs of a spreadsheet."""
    found = ((tab, headings_of(tab)) for tab in peoples(snapshot.tabs))
    below = (tab.rows[headings.row + 1 if headings else 0 :] for tab, headings in found)
    return all(is_empty(value) for rows in below for row in rows for value in row)


def leftover(snapshot: Snapshot) -> Tab | None:
    """The tab that a new spreadsheet began with, if it holds no value and another tab is visible; else None."""
    seen = [tab for tab in snapshot.tabs if not tab.hidden]
    first = filter(None, map(snapshot.tab, _FIRST_TABS))
    bare = (tab for tab in first if not (tab.width or tab.unread or tab.locks) and any(one is not tab for one in seen))
    return next(bare, None)


def kelurahan_served(name: str, snapshot: Snapshot, places: Places) -> tuple[str, ...]:
    """The titles of tabs that a spreadsheet needs: of empty ones that people named after a kelurahan, in any spelling
    and year; and the kelurahan for which it has none.

    Those come from the kecamatan or kelurahan that it is named after, by `name` (from Sumber) or by its own title. A
    spreadsheet named after neither is left as people made it, and so is one with a column Kelurahan.
    Raises `WorkbookError` if it is named after neither and has no intake tab.
    """
    intake = {tab.title: found for tab in peoples(snapshot.tabs) if (found := headings_of(tab))}
    if any(KELURAHAN in headings.columns for headings in intake.values()):
        return ()
    bare = [tab.title for tab in peoples(snapshot.tabs) if not (tab.width or isinstance(places.find(tab.title), Doubt))]
    wanted = places_named(name, places) or places_named(snapshot.name, places)
    if not (wanted or intake or bare):
        raise WorkbookError("kendali.sumber-tanpa-kecamatan", workbook=name or snapshot.name)
    present = {*map(places.find, [*intake, *bare])}
    return (*bare, *(place.name for place in wanted if place not in present))


def places_named(name: str, places: Places) -> tuple[Kelurahan, ...]:
    """The kelurahan that a spreadsheet is for, by its name: the one named, or all of the kecamatan named."""
    if isinstance(called := place_called(name, places), Kelurahan):
        return (called,)
    kecamatan = kecamatan_named(name, places)
    return tuple(place for place in places if place.kecamatan in kecamatan)


def kecamatan_named(name: str, places: Places) -> tuple[str, ...]:
    """The kecamatan in a spreadsheet's name: ``Kecamatan Cipondoh``, ``Laporan Pinang dan Cipondoh 2026``."""
    rest = _CITY.sub(" ", name)
    explicit = _NAMED.search(rest)
    words = spaced(explicit[1] if explicit else rest)
    found = tuple(
        name
        for name, called in zip(places.kecamatan, map(spaced, places.kecamatan), strict=True)
        if re.search(rf"\b{called}\b{_WHOLE}", words) and (explicit or name != _NAMESAKE or words == called)
    )
    return found or (() if isinstance(spelled := places.find_kecamatan(rest), Doubt) else (spelled,))


def _missing_rows(title: str, tab: Tab, defaults: Defaults) -> Rows:
    """For Pengaturan the settings that it lacks; for another table all first rows if it is empty, else none."""
    rows = defaults.get(title, ())
    header = find_columns(tab.rows, HEADINGS[title])
    below = replace(tab, rows=tab.rows[header.row + 1 :])
    if title != SETTINGS:
        return () if below.width else rows
    at = header.columns.get(SETTINGS.headings[0])
    present = {fold(below.at(row, at)) for row in range(len(below.rows)) if at is not None}
    return [row for row in rows if fold(row[0]) not in present]


def _as_kept(title: str, kept: Sequence[Sequence[Value]], rows: Rows) -> Rows:
    """The rows of a lost table: those that were kept; for Pengaturan all `rows`, each with its kept value if any."""
    if title == SETTINGS:
        values: dict[Writable, Writable] = {writable(row[0]): writable(row[1]) for row in kept}
        return [(row[0], values.get(row[0], row[1]), *row[2:]) for row in rows]
    return [[*map(writable, row), *[None] * (len(HEADINGS[title]) - len(row))] for row in kept]


def _missing_headings(tab: Tab, found: Headings[Key], order: Sequence[Key], lacks: Sequence[Key]) -> list[CellWrite]:
    """The headings that a tab lacks: of a column that still stands in its place where it was wiped, but not where it
    got another name, because all that people typed there would seem emptied; of any other on the right."""
    places: Mapping[Key, int] = found.left_standing(order)
    wiped = [(at, str(one)) for one, at in places.items() if one in lacks and is_empty(tab.at(found.row, at))]
    back: list[CellWrite] = [CellWrite(tab.key, found.row, at, heading) for at, heading in wiped]
    return [*back, *_headings(tab, found.row, [one for one in lacks if one not in places])]


def _headings(tab: Tab, row: int, missing: Iterable[str], *, emptied: bool = False) -> list[CellWrite]:
    """The missing headings, to the right of everything in the tab, so that nothing of people's is overwritten; where
    all were wiped (`emptied`) from a table of the robot's making, above the columns that they stood over."""
    first = 0 if emptied else tab.width
    return [CellWrite(tab.key, row, at, str(heading)) for at, heading in enumerate(missing, start=first)]


def _journal_headings(tab: Tab, headings: Sequence[str]) -> list[CellWrite]:
    """Headings for an empty journal only: events are read by position, so a cell beside one would become part of it;
    and beside an empty column of states all mails would seem unsent."""
    return _headings(tab, 0, headings) if not tab.width else []
