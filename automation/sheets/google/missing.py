"""What the tabs of a spreadsheet lack of their looks, as the requests of one ``spreadsheets.batchUpdate``.

Views, charts and protections get ids of our own, the same wherever they are worked out: naming one that exists is an
error, so that of two who dress the same tab at the same moment only the first gets through.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from automation.model.cells import fold_title
from automation.sheets.google.cells import Request, grown, runs
from automation.sheets.google.commit import free_id, kept_for
from automation.sheets.google.missing_cells import CellEdits, Edit
from automation.sheets.google.present import Present, size_needed
from automation.sheets.google.resources import (
    chart_spec,
    colour,
    format_of,
    formula_holds,
    grid_range,
    holds,
    lacks,
    letter_parts,
    part,
    same_formula,
)
from automation.sheets.looks.model import Chart, FilterView, Rule, TabLook

#: Bytes of requests in one batch; Google advises at most 2 MB.
LARGEST_BATCH = 1_800_000


def edits_of(looks: Sequence[TabLook], tabs: Mapping[str, Present], robot: str) -> list[Edit]:
    """What lacks, in order; `tabs` are those that are there, by their folded titles, `robot` is the address that may
    edit protected tabs. Looks of tabs that are not there are passed over, and so are lists and charts of such tabs."""
    named = {"filterViews": "filterViewId", "protectedRanges": "protectedRangeId", "charts": "chartId"}
    taken = {each[id] for tab in tabs.values() for kind, id in named.items() for each in tab.all(kind)}
    edits: list[Edit] = []
    for look in looks:
        if (present := tabs.get(fold_title(look.title))) is not None:
            edits += (Edit(request, 0) for request in grown(str(present.id), present.grid, size_needed(look)))
            edits += CellEdits(look, present, tabs).all()
            edits += _TabEdits(look, present, tabs, taken, robot).all()
    return edits if any(edit.things for edit in edits) else []


def batches_of(edits: Sequence[Edit]) -> Iterator[list[Request]]:
    """The requests, in batches of a size that Google takes."""
    batch: list[Request] = []
    size = 0
    for edit in edits:
        length = len(json.dumps(edit.request))
        if batch and size + length > LARGEST_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(edit.request)
        size += length
    if batch:
        yield batch


class _TabEdits:
    """What one tab lacks besides its cells."""

    def __init__(
        self, look: TabLook, present: Present, tabs: Mapping[str, Present], taken: set[int], robot: str
    ) -> None:
        self._look, self._present, self._tabs, self._taken, self._robot = look, present, tabs, taken, robot
        self._id, self._ours, self._first = present.id, look.ours, look.heading_row + 1

    def all(self) -> Iterator[Edit]:
        """All of it."""
        yield from self._properties()
        yield from self._rules()
        for view in self._look.views:
            yield from self._view(view)
        for chart in self._look.charts:
            yield from self._chart(chart)
        yield from self._protections()

    def _properties(self) -> Iterator[Edit]:
        look = self._look
        wanted = {
            "gridProperties.frozenRowCount": look.frozen_rows,
            "gridProperties.frozenColumnCount": look.frozen_columns,
            "gridProperties.hideGridlines": not look.gridlines,
            "tabColorStyle": look.colour and colour(look.colour),
        }
        parts = {
            path: wish
            for path, wish in wanted.items()
            if wish and lacks(wish, [part(self._present.properties, path)], ours=self._ours)
        }
        if parts:
            body = {"properties": {"sheetId": self._id, **format_of(parts)}, "fields": ",".join(parts)}
            yield Edit({"updateSheetProperties": body}, len(parts))

    # Rules

    def _rules(self) -> Iterator[Edit]:
        """Those that lack, behind people's own, which therefore have the last word. In a tab of the robot's all are
        renewed as soon as one is another than it should be."""
        lacking, there = self._look.rules, self._present.all("conditionalFormats")
        if self._ours:
            if len(there) == len(lacking) and all(map(self._is_there, lacking, there)):
                return
            for index in reversed(range(len(there))):
                yield Edit({"deleteConditionalFormatRule": {"sheetId": self._id, "index": index}}, 0 if lacking else 1)
            there = ()
        known = {_formula_of(rule) for rule in there}
        lacking = tuple(rule for rule in lacking if same_formula(rule.formula, self._first) not in known)
        for index, rule in enumerate(lacking, start=len(there)):
            yield Edit({"addConditionalFormatRule": {"index": index, "rule": self._rule(rule)}})

    def _rule(self, rule: Rule) -> Request:
        area = grid_range(self._id, self._first, rule.columns[0], None, rule.columns[1] + 1)
        format = format_of(letter_parts(rule.style))
        return {"ranges": [area], "booleanRule": {"condition": formula_holds(rule.formula), "format": format}}

    def _is_there(self, rule: Rule, there: Mapping[str, Any]) -> bool:
        """Whether a rule of the robot's own tab is as it should be, down to the end of the tab."""
        wanted, rows = self._rule(rule), self._present.grid[0]
        return (
            holds(there.get("ranges", [{}]), wanted["ranges"])
            and there["ranges"][0].get("endRowIndex", rows) >= rows
            and _formula_of(there) == same_formula(rule.formula, self._first)
            and holds(there.get("booleanRule", {}).get("format", {}), wanted["booleanRule"]["format"])
        )

    # Views and charts

    def _view(self, view: FilterView) -> Iterator[Edit]:
        there = self._titled("filterViews").get(view.title.strip())
        wanted: Request = {
            "title": view.title,
            "range": {"sheetId": self._id, "startRowIndex": self._look.heading_row},
            "filterSpecs": [
                {"columnIndex": shown.column, "filterCriteria": {"condition": formula_holds(shown.formula)}}
                for shown in view.shown
            ],
        }
        if view.ordered_by is not None:
            wanted["sortSpecs"] = [{"dimensionIndex": view.ordered_by, "sortOrder": "ASCENDING"}]
        if there is None:
            yield Edit({"addFilterView": {"filter": {"filterViewId": self._new_id(view.title), **wanted}}})
        elif lacks(_said_by(wanted), [_said_by(there)], ours=self._ours):
            filter = {"filterViewId": there["filterViewId"], **wanted}
            yield Edit({"updateFilterView": {"filter": filter, "fields": "range,filterSpecs,sortSpecs"}})

    def _chart(self, chart: Chart) -> Iterator[Edit]:
        """Nothing while a tab that it draws is missing."""
        drawn = {cells.tab for cells in (chart.categories, *chart.series)}
        if any(fold_title(title) not in self._tabs for title in drawn):
            return
        there = self._titled("charts").get(chart.title.strip())
        spec = chart_spec(chart, {title: self._tabs[fold_title(title)].id for title in drawn})
        anchor = {"sheetId": self._id, "rowIndex": chart.row, "columnIndex": chart.column}
        position = {"overlayPosition": {"anchorCell": anchor, "widthPixels": chart.width, "heightPixels": chart.height}}
        if there is None:
            wanted = {"chartId": self._new_id(chart.title), "spec": spec, "position": position}
            yield Edit({"addChart": {"chart": wanted}})
        elif self._ours:
            if not holds(there["spec"], spec):
                yield Edit({"updateChartSpec": {"chartId": there["chartId"], "spec": spec}})
            if not holds(there.get("position", {}), position):
                body = {"objectId": there["chartId"], "newPosition": position, "fields": "*"}
                yield Edit({"updateEmbeddedObjectPosition": body})

    def _titled(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """The views or charts that are there, by their titles."""
        return {each.get("spec", each).get("title", "").strip(): each for each in self._present.all(kind)}

    # Protections

    def _protections(self) -> Iterator[Edit]:
        there = self._present.all("protectedRanges")
        if self._look.protected and not any(each.get("range", {}).keys() <= {"sheetId"} for each in there):
            yield self._protection(kept_for(self._id, self._robot), "")
        guarded = (column.column for column in self._look.columns if column.guarded)
        open_columns = dict.fromkeys(at for at in guarded if not any(self._covers(each, at) for each in there))
        for first, last, _ in runs(open_columns):
            area = grid_range(self._id, self._first, first, None, last + 1)
            yield self._protection({"range": area, "warningOnly": True}, str(first))

    def _protection(self, protected: Request, what: str) -> Edit:
        id = self._new_id(f"{self._look.guard}/{what}")
        named = {"protectedRangeId": id, "description": self._look.guard, **protected}
        return Edit({"addProtectedRange": {"protectedRange": named}})

    def _new_id(self, name: str) -> int:
        return free_id(f"{self._id}/{name}", self._taken)

    def _covers(self, there: Mapping[str, Any], column: int) -> bool:
        """Whether a protection holds a column: one of the robot's own, or one of people's on all rows below the
        headings."""
        area, rows = there.get("range", {}), self._present.grid[0]
        whole = area.get("startRowIndex", 0) <= self._first and area.get("endRowIndex", rows) >= rows
        inside = area.get("startColumnIndex", 0) <= column < area.get("endColumnIndex", column + 1)
        return inside and (whole or there.get("description") == self._look.guard)


def _formula_of(rule: Mapping[str, Any]) -> str:
    """What a rule's formula says, counted from the first row of its ranges."""
    said = rule.get("booleanRule", {}).get("condition", {})
    if said.get("type") != "CUSTOM_FORMULA":
        return ""
    first = min((area.get("startRowIndex", 0) for area in rule.get("ranges", ())), default=0)
    return same_formula(said["values"][0].get("userEnteredValue", ""), first)


def _said_by(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a view shows, and in which order."""
    first_row = view.get("range", {}).get("startRowIndex", 0) + 1
    shown = {
        (spec.get("columnIndex", 0), same_formula(value.get("userEnteredValue", ""), first_row))
        for spec in view.get("filterSpecs", ())
        for value in spec.get("filterCriteria", {}).get("condition", {}).get("values", ())
    }
    return {"shown": shown, "order": view.get("sortSpecs", [])}
