"""What Kendali's own tabs should say at the end of a cycle: the register, the rows that wait, the second copy of the
journals, and the state of each spreadsheet."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from automation.cases.archive import is_put_away
from automation.cases.erasure import Taken, cells_without_words
from automation.cases.events import JOURNAL, Event, EventKind
from automation.config.kendali import PEOPLES_TABS, Settings, read_kendali
from automation.config.last_values import changed_settings, read_kept
from automation.config.tabs import rows_of, whole
from automation.config.values import text
from automation.cycle import filing, second_copy
from automation.cycle.health import READ_AT, ROWS, STATE, Reading, reading_cells
from automation.cycle.overwritten import RobotColumns
from automation.model.cells import CellWrite, Link, Part, Tab, Value, Writable, fold, fold_title, kept_text
from automation.model.disclosure import shorten
from automation.model.register import Repair
from automation.model.texts import Texts
from automation.reading.tabs import GUIDE, find_columns
from automation.sheets.looks.page import Page
from automation.sheets.port import Changes, Snapshot, together
from automation.sheets.prepare import new_tab
from automation.tables import kendali as tables
from automation.tables.table import Owner
from automation.trouble import ConfigurationError, Trouble

#: Characters of a text that the robot writes: xlsx holds them, whatever they are (32,767 UTF-16 units).
LONGEST = 16_000

_ROBOTS = {
    tab: {fold(title): title for title in titles}
    for tab, titles in (
        (tables.REGISTER, tables.REGISTER.headings),
        (tables.REPAIRS, tables.REPAIRS.headings),
        (tables.SOURCES, (READ_AT, ROWS, STATE)),
        (tables.WISHES, tables.WISHES.headings[1:]),
        *((table, tuple(map(str, table.of(Owner.ROBOT)))) for table in tables.CHECKED),
    )
}

#: Tabs that a cycle makes if they are missing.
_ALWAYS = (tables.REGISTER, tables.REPAIRS, tables.LAST_VALUES)

Rows = Sequence[Sequence[Writable]]


@dataclass(frozen=True, slots=True)
class Contents:
    """All contents as of `now`. `copies` are rows that the second copy may lack, `taken` what it must hold no longer;
    `readings` stand beside the links of Sumber."""

    now: datetime
    copies: Rows
    taken: Taken
    register: Callable[[Tab], list[CellWrite]]  # the cells that Rekap lacks
    repairs: Rows
    lists: Rows
    kept: Rows  # the last good content of people's tables
    charts: Page
    readings: Mapping[str, Reading]
    settings: Settings
    filed: filing.Known
    begun: Sequence[filing.Laid]  # proposals whose rows have to be laid
    private: AbstractSet[str]  # tickets of which no content is told
    findings: Callable[[Snapshot, Sequence[Trouble]], Mapping[tuple[str, int], str]]  # by table and 0-based row

    def wanted(self, seen: Snapshot) -> Changes:
        """What has to be written: nothing if Kendali says all this already. Lists and charts are written only to tabs
        that `setup` has made: Kendali can do without them."""
        new = (new_tab(title, tables.HEADINGS[title]) for title in _ALWAYS if not seen.tab(title))
        parts = [Changes(tuple(new))]
        if (tab := seen.tab(tables.REGISTER)) is not None:
            parts.append(Changes(cells=self.register(tab)))
        told = {tables.REPAIRS: self.repairs, tables.LAST_VALUES: self.kept, tables.LISTS: self.lists}
        for title, rows in told.items():
            tab, headings = seen.tab(title), tables.HEADINGS[title]
            # A tab of people's own may have the same title as the lists.
            if tab is not None and (title != tables.LISTS or find_columns(tab.rows, headings).columns):
                parts.append(Changes(cells=table_cells(tab, headings, rows)))
        if seen.tab(self.charts.title) is not None:
            parts.append(self.charts.changes(seen))
        bare = Changes(cells=cells_without_words(seen.tab(JOURNAL), self.taken))
        typed, asked = filing.typed(seen, self.filed, self.now, self.settings.rules.terms)
        proposals, begun = filing.laid(seen, tables.PROPOSALS, self.begun, self.now)
        private = filing.private_cells(seen, self.filed, self.private, self.settings.rules.texts)
        findings = Changes(cells=[*private, *finding_cells(seen, self.findings(seen, asked))])
        settings = [
            second_copy.row_of(tables.SETTINGS, Event(0, self.now, "", EventKind.SETTING, change))
            for change in changed_settings(read_kept(seen), self.kept)
        ]
        changes = together(
            *parts, bare, proposals, findings, second_copy.lacking(seen, [*self.copies, *settings, *typed, *begun])
        )
        cells = reading_cells(seen, self.readings, self.settings.heartbeat, anyway=bool(changes))
        return replace(changes, cells=[*changes.cells, *cells])


def finding_cells(kendali: Snapshot, findings: Mapping[tuple[str, int], str]) -> Iterator[CellWrite]:
    """What is wrong, beside the rows of people's tables, where there is a column for it."""
    for table in tables.CHECKED:
        if (tab := kendali.tab(table)) is not None:
            header = find_columns(tab.rows, table.headings)
            if (column := header.columns.get(tables.CHECK)) is not None:
                for row in range(header.row + 1, len(tab.rows)):
                    yield from tab.lacks(row, [(column, plain(findings.get((table, row))))])


def findings_in(
    decided: Snapshot, problems: Iterable[Trouble], texts: Texts, seen: Snapshot, asked: Sequence[Trouble]
) -> Mapping[tuple[str, int], str]:
    """What is wrong with rows of people's tables, by table and 0-based row: what is `asked`, and the `problems` if all
    is still as it was `decided`; else they are found anew, as people may have sorted rows since."""
    if any(seen.rows(table) != decided.rows(table) for table in PEOPLES_TABS):
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
    title = next((title for title in _ROBOTS if fold_title(title) == fold_title(tab.title)), None)
    if title is None:
        return None
    header = find_columns(tab.rows, tables.HEADINGS[title])
    return RobotColumns(header.row, _ROBOTS[title]) if header.columns else None


def repair_row(repair: Repair) -> list[Writable]:
    """A row of Perbaikan."""
    return [repair.kecamatan, repair.kelurahan, repair.row, repair.check, Link(repair.link), repair.source]


def read_repairs(kendali: Snapshot) -> tuple[Repair, ...]:
    """The rows that wait for a person to mend them."""
    return tuple(
        Repair(
            kecamatan=text(row["Kecamatan"]),
            kelurahan=text(row["Kelurahan"]),
            row=whole(row["Baris"]) or 0,
            check=str(row["Pemeriksaan"] or ""),
            link=str(row["Tautan"] or ""),
            source=str(row["Sumber"] or ""),
        )
        for row in rows_of(kendali, tables.REPAIRS)
    )


def plain(value: Writable) -> Writable:
    """A value as a cell keeps it: a text of limited length, with plain line ends, without control characters."""
    if not isinstance(value, str) or isinstance(value, Link):
        return value
    return shorten(kept_text(value), LONGEST) or None


def table_cells(
    tab: Tab, headings: Sequence[str], rows: Sequence[Sequence[Writable]], *, sortable: bool = False
) -> list[CellWrite]:
    """The cells to write so that the table below the tab's headings says `rows` and nothing else.

    Columns are found by their headings. A missing one is added at the right, and people's own columns are left alone.
    If it is `sortable`, each row (known by its first cell) stays where people have sorted it, beside what they wrote in
    columns of their own.
    """
    header_row, columns, cells = _columns(tab, headings)
    at = [columns[heading] for heading in headings]
    first = header_row + 1
    placed = _placed(tab, first, at[0], rows) if sortable else dict(enumerate(rows, start=first))
    nothing: tuple[Writable, ...] = (None,) * len(headings)
    for number in range(first, max(len(tab.rows), max(placed, default=0) + 1)):
        wanted: Iterable[tuple[int, Writable]] = zip(at, placed.get(number, nothing), strict=True)
        if number < len(tab.rows):  # most cells are right; only those that seem to differ are converted by `plain`
            wanted = [(cell.column, cell.value) for cell in tab.lacks(number, wanted)]
        cells += tab.lacks(number, ((column, plain(value)) for column, value in wanted))
    return cells


def _columns(tab: Tab, headings: Sequence[str]) -> tuple[int, Mapping[str, int], list[CellWrite]]:
    """The row of the headings, the column of each, and the headings to write. If none is left, the table begins anew in
    the tab's first row."""
    header = find_columns(tab.rows, headings)
    if not header.columns:
        titles = [CellWrite(tab.key, 0, column, heading) for column, heading in enumerate(headings)]
        return 0, {heading: column for column, heading in enumerate(headings)}, titles
    free = tab.width if header.missing else 0
    added = {heading: free + step for step, heading in enumerate(header.missing)}
    cells = [CellWrite(tab.key, header.row, column, heading) for heading, column in added.items()]
    return header.row, {**header.columns, **added}, cells


def _placed(tab: Tab, first: int, column: int, rows: Sequence[Sequence[Writable]]) -> dict[int, Sequence[Writable]]:
    """Each row where it stands already; the others in free rows, and below."""
    wanted: dict[Value, Sequence[Writable]] = {str(row[0]): row for row in rows}
    placed: dict[int, Sequence[Writable]] = {}
    for number in range(first, len(tab.rows)):
        cells = tab.rows[number]
        row = wanted.pop(cells[column], None) if column < len(cells) else None
        if row is not None:
            placed[number] = row
    below = max(first, len(tab.rows))
    free = [number for number in range(first, below + len(wanted)) if number not in placed]
    return placed | dict(zip(free, wanted.values(), strict=False))
