"""Taking over what a list says otherwise than before: the only writing into people's rows that `import` does, and only
when somebody says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from automation.cycle.overwritten import RobotColumns, given_back
from automation.importing.known_rows import Known, Standing
from automation.importing.layout import MARK, Incoming, Layout
from automation.importing.profiles import KEPT
from automation.model.cells import Tab, Value, Writable, fold
from automation.reading.tabs import Row, find_headings
from automation.sheets.port import Changes, Snapshot
from automation.tables.intake import INTAKE
from automation.tables.table import Column

#: A row of a list, the row that came from it, and what it says otherwise (see `changed`).
Correction = tuple[Incoming, Standing, Mapping[Column, tuple[Value, Value]]]
_OURS = {fold(heading): str(heading) for heading in (*INTAKE.columns, KEPT)}


class Correcting:
    """Carries `corrections` out in a spreadsheet."""

    def __init__(self, corrections: Sequence[Correction]) -> None:
        self.corrections = corrections
        self.before: list[Row] = []
        self.written: dict[tuple[str, int], dict[Column, Writable]] = {}

    def wanted(self, seen: Snapshot, standing: Sequence[Standing]) -> Changes:
        """The cells to write; first those of a row that was sorted to where we wrote get back what stood in them."""
        known, tabs = Known(standing), {tab.key: tab for tab in seen.tabs}
        found = [(one, stands, says) for one, _, says in self.corrections if (stands := known.find(one)) is not None]
        meant = {stands.row.place for _, stands, _ in found}
        rows = [stands.row for stands in standing]
        cells = [
            cell
            for row in rows
            if row.place in self.written and row.place not in meant
            for cell in given_back(row, self.before, self.written[row.place])
        ]
        self.before, self.written = rows, {}
        for incoming, stands, says in found:
            row, tab = stands.row, tabs[stands.row.tab.key]
            told = {column: incoming.ours[column] for column in says if row.tab.has(column)}
            self.written[row.place] = told
            at = [(row.tab.headings.columns[column], value) for column, value in told.items()]
            # What people have written below the mark stays.
            kept = Layout(tab, row.tab).kept
            *_, theirs = str(tab.at(row.number, kept)).partition(f"{MARK}: {stands.mark}")
            cells += tab.lacks(row.number, [*at, (kept, f"{incoming.told}{theirs}")])
        return Changes(cells=cells)


def columns(tab: Tab) -> RobotColumns | None:
    """Where corrected cells may stand in a tab."""
    headings = find_headings(tab.rows)
    return RobotColumns(headings.row, _OURS) if headings is not None else None
