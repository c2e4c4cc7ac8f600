"""What Kendali's tabs should say after a cycle: register, rows that wait, the second copy, each spreadsheet's state."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from automation.cases.archive import is_put_away
from automation.cases.erasure import cells_without_words
from automation.cases.events import JOURNAL, Event, EventKind
from automation.config.kendali import PEOPLES_TABS, Settings, read_kendali
from automation.config.last_values import changed_settings
from automation.config.tabs import rows_of
from automation.config.values import text, whole
from automation.cycle import filing, second_copy
from automation.cycle.commit import commit
from automation.cycle.health import Reading, foreign, reading_cells
from automation.cycle.overwritten import RobotColumns
from automation.cycle.register import RegisterCache, as_cell_text, table_cells
from automation.cycle.registry import Registry
from automation.digests.charts import overview
from automation.model.cells import CellWrite, Link, Part, Tab, Value, Writable, fold, fold_title
from automation.model.places import Places
from automation.model.register import Repair
from automation.model.texts import Texts
from automation.reading.tabs import GUIDE, ROWS_SEARCHED, find_columns
from automation.sheets.looks.page import HEADING, charts_page
from automation.sheets.looks.spreadsheets import list_rows
from automation.sheets.port import Changes, Snapshot, Workbook, combined
from automation.sheets.prepare import new_tab
from automation.tables import kendali as tables
from automation.tables.table import Owner
from automation.trouble import ConfigurationError, Trouble

_WRITTEN = (tables.REGISTER, tables.REPAIRS, tables.SOURCES, tables.WISHES, *tables.CHECKED)  # among people's columns
_LARGE = (tables.REGISTER, tables.CHARTS, tables.REPAIRS, tables.MAILS, JOURNAL)
_ALWAYS = (tables.REGISTER, tables.REPAIRS, tables.LAST_VALUES)  # tabs that a cycle makes if they are missing


def deciding(seen: Snapshot) -> Snapshot:
    """What `read_settings` depends on: of the robot's largest tabs, unless they are locked, only the headings, and of
    `Sumber` not what a cycle has written there."""
    large = {tab.key: tab.rows[:ROWS_SEARCHED] for tab in seen.tabs if tab.title in _LARGE and not tab.locks}
    rows = {tab.key: _typed(seen, tab.title) for tab in seen.tabs if tab.title == tables.SOURCES} | large
    tabs = (replace(tab, rows=rows[tab.key]) if tab.key in rows else tab for tab in seen.tabs)
    return replace(seen, tabs=tuple(tabs), revision=None)


def read_settings(seen: Snapshot, texts: Texts) -> Settings:
    """What people decide in Kendali. That it reads days another way, or `Grafik` is locked, is among the problems."""
    settings = read_kendali(seen, texts)
    pages = (tab for tab in (seen.tab(tables.CHARTS),) if tab is not None and tab.at(0, 0) == HEADING)
    shut = (tab for tab in pages if any(tab.refuses(len(tab.rows), column) for column in range(tab.width)))
    told = [Trouble("kendali.terkunci", workbook="Kendali", tab=tab.title) for tab in shut]
    return replace(settings, problems=(*settings.problems, *foreign(seen), *told))


def contents(
    decided: Snapshot,
    settings: Settings,
    registry: Registry,
    register: RegisterCache,
    repairs: Iterable[Repair],
    readings: Mapping[str, Reading],
    now: datetime,
) -> Callable[[Snapshot], Changes]:
    """A function that tells what has to be written after a cycle that `decided` by Kendali as it stood then: nothing if
    Kendali says all this already. `readings` stand beside the links of Sumber, `repairs` are the rows that wait. Lists
    and charts are written only to tabs that `setup` has made: Kendali can do without them."""
    rules, texts, filed = settings.rules, settings.rules.texts, filing.filed_rows(registry)
    copies, kept = registry.pending_rows(), [*settings.to_keep, *registry.number_rows()]
    shown: Mapping[str, Sequence[Sequence[Writable]]] = {
        tables.REPAIRS: [
            [one.kecamatan, one.kelurahan, one.row, one.check, Link(one.link), one.source] for one in repairs
        ],
        tables.LAST_VALUES: kept,  # the last good content of people's tables
        tables.LISTS: list_rows(rules.places),
    }
    charts = charts_page(overview(register.passages, now, rules, second_copy.whole_since(decided, copies)), texts)
    begun = filing.new_proposals(filed, register.entries, now)  # proposals whose rows have to be laid
    secret = {entry.ticket for entry in register.entries if entry.sensitive}

    def wanted(seen: Snapshot) -> Changes:
        parts = [Changes(tuple(new_tab(title, tables.HEADINGS[title]) for title in _ALWAYS if not seen.tab(title)))]
        if (tab := seen.tab(tables.REGISTER)) is not None:
            parts.append(Changes(cells=register.lacking(tab)))
        for title, rows in shown.items():
            tab, headings = seen.tab(title), tables.HEADINGS[title]
            # A tab of people's own may have the same title as the lists.
            if tab is not None and (title != tables.LISTS or find_columns(tab.rows, headings).columns):
                parts.append(Changes(cells=table_cells(tab, headings, rows)))
        if seen.tab(charts.title) is not None:
            parts.append(charts.changes(seen))
        bare = Changes(cells=cells_without_words(seen.tab(JOURNAL), registry.taken))
        typed, asked = filing.typed(seen, filed, now, rules.terms)
        proposals, laid = filing.laid(seen, tables.PROPOSALS, begun, now)
        private = filing.private_cells(seen, filed, secret, texts)
        found = findings_in(decided, settings.problems, texts, seen, asked)
        findings = Changes(cells=[*private, *finding_cells(seen, found)])
        changed = [
            second_copy.row_of(tables.SETTINGS, Event(0, now, "", EventKind.SETTING, change))
            for change in changed_settings(seen.rows(tables.LAST_VALUES), kept)
        ]
        copy = second_copy.lacking(seen, [*copies, *changed, *typed, *laid])
        changes = combined(*parts, bare, proposals, findings, copy)
        cells = reading_cells(seen, readings, settings.heartbeat, anyway=bool(changes))
        return replace(changes, cells=[*changes.cells, *cells])

    return wanted


def give_lanes(
    kendali: Workbook, seen: Snapshot, registry: Registry, wanted: second_copy.Wanted, places: Places, now: datetime
) -> Snapshot:
    """Give spreadsheets lanes of their own for each of these kelurahan and years; Kendali records them at once."""
    lacking = registry.lanes.lacking(wanted, places, registry.listed)

    def given(seen: Snapshot) -> Changes:
        registry.refresh(seen)
        return second_copy.added(seen, registry.lanes.rows_for(lacking(), now))

    return commit(kendali, seen, given)


def finding_cells(kendali: Snapshot, findings: Mapping[tuple[str, int], str]) -> Iterator[CellWrite]:
    """What is wrong, beside the rows of people's tables, where there is a column for it."""
    for table in tables.CHECKED:
        if (tab := kendali.tab(table)) is not None:
            header = find_columns(tab.rows, table.headings)
            if (column := header.columns.get(tables.CHECK)) is not None:
                found = {row for title, row in findings if title == table and row < len(tab.rows)}
                told = {row for row, cells in enumerate(tab.rows) if len(cells) > column and cells[column] is not None}
                for row in sorted(row for row in found | told if row > header.row):
                    yield from tab.lacks(row, [(column, as_cell_text(findings.get((table, row))))])


def findings_in(
    decided: Snapshot, problems: Iterable[Trouble], texts: Texts, seen: Snapshot, asked: Sequence[Trouble]
) -> Mapping[tuple[str, int], str]:
    """What is wrong with rows of people's tables, by table and 0-based row: what is `asked`, and the `problems` if all
    is still as it was `decided`; else they are found anew, as people may have sorted rows since."""
    differing = (table for table in PEOPLES_TABS if seen.rows(table) != decided.rows(table))
    if any(_typed(seen, table) != _typed(decided, table) for table in differing):
        try:
            problems = read_kendali(seen, texts).problems
        except ConfigurationError as error:
            problems = error.causes
    found: dict[tuple[str, int], str] = {}
    for problem in (*problems, *asked):
        title, _, cell = str(problem.particulars.get("cell", "")).rpartition("!")
        if number := re.search(r"\d+$", cell):
            place = title, int(number[0]) - 1
            found[place] = "\n".join(filter(None, (found.get(place), texts.tell(problem))))
    return found


def _typed(kendali: Snapshot, title: str) -> Sequence[Sequence[Value]]:
    """The rows of a table of people's. What the robot writes there says no more than that something stands there."""
    rows = kendali.rows(title)
    columns = find_columns(rows, tables.HEADINGS[title]).columns
    ours = {columns.get(column) for column in tables.TABLES[title].of(Owner.ROBOT)}
    return [[cell is not None if at in ours else cell for at, cell in enumerate(row)] for row in rows]


def is_kendali(snapshot: Snapshot) -> bool:
    """Whether a spreadsheet is a Kendali (or a copy of one)."""
    return all(snapshot.tab(title) is not None for title in tables.OWN)


def part_of_kendali(tab: Tab) -> Part:
    """How much of a tab of Kendali's a cycle has to read: nothing of the robot's own, nor of the journal of mails."""
    title = fold_title(tab.title)
    if is_put_away(title):
        return Part.AWAY
    return Part.END if title == fold_title(JOURNAL) else Part.NONE if title in _KNOWN else Part.ALL


_KNOWN = frozenset(map(fold_title, (tables.REGISTER, tables.REPAIRS, tables.CHARTS, GUIDE, tables.MAILS)))


def robot_columns(tab: Tab) -> RobotColumns | None:
    """The robot's columns in one of Kendali's tabs; None where it has none."""
    for table in (one for one in _WRITTEN if fold_title(one) == fold_title(tab.title)):
        if (header := find_columns(tab.rows, table.headings)).columns:
            return RobotColumns(header.row, {fold(one): str(one) for one in table.of(Owner.ROBOT)})
    return None


def read_repairs(kendali: Snapshot) -> tuple[Repair, ...]:
    """The rows that wait for a person to mend them."""
    rows = ([row[heading] for heading in tables.REPAIRS.headings] for row in rows_of(kendali, tables.REPAIRS))
    return tuple(
        Repair(text(kecamatan), text(kelurahan), whole(row) or 0, *(str(cell or "") for cell in cells))
        for kecamatan, kelurahan, row, *cells in rows
    )
