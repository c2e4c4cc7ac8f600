"""What the tabs of a spreadsheet lack of their looks, as the requests of one ``spreadsheets.batchUpdate``.

Views, charts and protections get ids of our own, the same wherever they are worked out: naming one that exists is an
error, so that of two who dress the same tab at the same moment only the first gets through.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from automation.sheets.google.cells import Request, grown, spans
from automation.sheets.google.charts import chart_gifts
from automation.sheets.google.commit import kept_for
from automation.sheets.google.gifts import Gift
from automation.sheets.google.lacking_cells import CellGifts
from automation.sheets.google.present import Present, folded, furthest
from automation.sheets.google.styles import colour, format_of, holds, letter_parts, same_formula, shown_colour
from automation.sheets.looks.model import FilterView, Rule, TabLook

#: Bytes of requests in one batch; Google advises at most 2 MB.
LARGEST_BATCH = 1_800_000


def gifts_of(looks: Sequence[TabLook], tabs: Mapping[str, Present], robot: str) -> list[Gift]:
    """What lacks, in order; `tabs` are those that are there, by their folded titles, `robot` is the address that may
    edit protected tabs. Looks of tabs that are not there are passed over, and so are lists and charts of such tabs."""
    ids = _Ids(tabs.values())
    gifts: list[Gift] = []
    for look in looks:
        if (present := tabs.get(folded(look.title))) is not None:
            gifts += _grown(look, present)
            gifts += CellGifts(look, present, tabs).gifts()
            gifts += _TabGifts(look, present, tabs, ids, robot).gifts()
    return [] if all(gift.things == 0 for gift in gifts) else gifts


def batches_of(gifts: Sequence[Gift]) -> Iterator[list[Request]]:
    """The requests, in batches of a size that Google takes."""
    batch: list[Request] = []
    size = 0
    for gift in gifts:
        length = len(json.dumps(gift.request))
        if batch and size + length > LARGEST_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(gift.request)
        size += length
    if batch:
        yield batch


def _grown(look: TabLook, present: Present) -> Iterator[Gift]:
    key, (rows, columns) = str(present.outline.id), furthest(look)
    for request in grown(key, rows, columns, {key: (present.outline.rows, present.outline.columns)}):
        yield Gift(request, 0)


class _Ids:
    """Ids for what is added."""

    def __init__(self, tabs: Iterable[Present]) -> None:
        self._taken = {
            each[name]
            for tab in tabs
            for kind, name in (
                ("filterViews", "filterViewId"),
                ("protectedRanges", "protectedRangeId"),
                ("charts", "chartId"),
            )
            for each in tab.all(kind)
        }

    def new(self, tab: int, what: str) -> int:
        """The id of what has this name in this tab."""
        id = zlib.crc32(f"{tab}/{what}".encode()) & 0x3FFFFFFF
        while id in self._taken:
            id += 1
        self._taken.add(id)
        return id


class _TabGifts:
    """What one tab lacks besides its cells."""

    def __init__(self, look: TabLook, present: Present, tabs: Mapping[str, Present], ids: _Ids, robot: str) -> None:
        self._look, self._present, self._tabs, self._ids, self._robot = look, present, tabs, ids, robot
        self._id = present.outline.id

    def gifts(self) -> Iterator[Gift]:
        """All of it."""
        yield from self._properties()
        yield from self._rules()
        for view in self._look.views:
            yield from self._view(view)
        for chart in self._look.charts:
            id = self._ids.new(self._id, chart.title)
            yield from chart_gifts(chart, id, self._present, self._tabs, ours=self._look.ours)
        yield from self._protections()

    def _properties(self) -> Iterator[Gift]:
        look, grid = self._look, self._present.properties["gridProperties"]
        wanted: list[tuple[str, Any, Any]] = [
            ("gridProperties.frozenRowCount", look.frozen_rows, grid.get("frozenRowCount")),
            ("gridProperties.frozenColumnCount", look.frozen_columns, grid.get("frozenColumnCount")),
            ("gridProperties.hideGridlines", not look.gridlines or None, grid.get("hideGridlines")),
        ]
        if look.colour is not None:
            there = shown_colour(self._present.properties, "tabColorStyle")
            wanted.append(("tabColorStyle", colour(look.colour), there))
        parts = {
            path: wish
            for path, wish, there in wanted
            if wish is not None and (not holds(there, wish) if look.ours else wish and not there)
        }
        if parts:
            body = {"properties": {"sheetId": self._id, **format_of(parts)}, "fields": ",".join(parts)}
            yield Gift({"updateSheetProperties": body}, len(parts))

    # Rules

    def _rules(self) -> Iterator[Gift]:
        """Those that lack, behind people's own, which therefore have the last word. In a tab of the robot's all are
        renewed as soon as one is another than it should be."""
        look = self._look
        there = self._present.all("conditionalFormats")
        if look.ours:
            if len(there) == len(look.rules) and all(map(self._is_there, look.rules, there)):
                return
            lacking = list(look.rules)
            for index in reversed(range(len(there))):
                yield Gift({"deleteConditionalFormatRule": {"sheetId": self._id, "index": index}}, 0 if lacking else 1)
            there = ()
        else:
            known = {_formula_of(rule) for rule in there}
            lacking = [rule for rule in look.rules if same_formula(rule.formula, look.heading_row + 1) not in known]
        for index, rule in enumerate(lacking, start=len(there)):
            yield Gift({"addConditionalFormatRule": {"index": index, "rule": self._rule(rule)}})

    def _rule(self, rule: Rule) -> Request:
        left, right = rule.columns
        area = {"sheetId": self._id, "startRowIndex": self._look.heading_row + 1}
        area |= {"startColumnIndex": left, "endColumnIndex": right + 1}
        format = format_of(letter_parts(rule.style))
        return {"ranges": [area], "booleanRule": {"condition": _condition(rule.formula), "format": format}}

    def _is_there(self, rule: Rule, there: Mapping[str, Any]) -> bool:
        """Whether a rule of the robot's own tab is as it should be, down to the end of the tab."""
        wanted = self._rule(rule)
        first, *others = there.get("ranges", ({},))
        return (
            not others
            and holds(first, {**wanted["ranges"][0], "sheetId": self._id})
            and first.get("endRowIndex", self._present.outline.rows) >= self._present.outline.rows
            and _formula_of(there) == same_formula(rule.formula, self._look.heading_row + 1)
            and holds(there.get("booleanRule", {}).get("format", {}), wanted["booleanRule"]["format"])
        )

    # Views

    def _view(self, view: FilterView) -> Iterator[Gift]:
        there = next((each for each in self._present.all("filterViews") if _named(each.get("title"), view.title)), None)
        wanted: Request = {
            "title": view.title,
            "range": {"sheetId": self._id, "startRowIndex": self._look.heading_row},
            "filterSpecs": [
                {"columnIndex": shown.column, "filterCriteria": {"condition": _condition(shown.formula)}}
                for shown in view.shown
            ],
        }
        if view.ordered_by is not None:
            wanted["sortSpecs"] = [{"dimensionIndex": view.ordered_by, "sortOrder": "ASCENDING"}]
        if there is None:
            id = self._ids.new(self._id, view.title)
            yield Gift({"addFilterView": {"filter": {"filterViewId": id, **wanted}}})
        elif self._look.ours and not (
            _shown_of(there) == _shown_of(wanted) and holds(there.get("sortSpecs", []), wanted.get("sortSpecs", []))
        ):
            filter = {"filterViewId": there["filterViewId"], **wanted}
            yield Gift({"updateFilterView": {"filter": filter, "fields": "range,filterSpecs,sortSpecs"}})

    # Protections

    def _protections(self) -> Iterator[Gift]:
        there = self._present.all("protectedRanges")
        if self._look.protected and not any(_is_whole_tab(each.get("range", {})) for each in there):
            area = {**kept_for(self._id, self._robot), "description": self._look.guard}
            yield self._protection(area, "")
        guarded = sorted(column.column for column in self._look.columns if column.guarded)
        open_columns = [at for at in guarded if not any(self._covers(each, at) for each in there)]
        for first, last in spans(open_columns) if open_columns else ():
            area = {"sheetId": self._id, "startRowIndex": self._look.heading_row + 1}
            area |= {"startColumnIndex": first, "endColumnIndex": last + 1}
            warning = {"range": area, "description": self._look.guard, "warningOnly": True}
            yield self._protection(warning, str(first))

    def _protection(self, area: Request, what: str) -> Gift:
        id = self._ids.new(self._id, f"{self._look.guard}/{what}")
        return Gift({"addProtectedRange": {"protectedRange": {"protectedRangeId": id, **area}}})

    def _covers(self, there: Mapping[str, Any], column: int) -> bool:
        """Whether a protection holds a column: one of the robot's own, or one of people's on all rows below the
        headings."""
        area, rows = there.get("range", {}), self._present.outline.rows
        whole = area.get("startRowIndex", 0) <= self._look.heading_row + 1 and area.get("endRowIndex", rows) >= rows
        inside = area.get("startColumnIndex", 0) <= column < area.get("endColumnIndex", column + 1)
        return inside and (whole or there.get("description") == self._look.guard)


def _condition(formula: str) -> Request:
    return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}


def _formula_of(rule: Mapping[str, Any]) -> str:
    """What a rule's formula says, counted from the first row of its ranges."""
    condition = rule.get("booleanRule", {}).get("condition", {})
    if condition.get("type") != "CUSTOM_FORMULA":
        return ""
    first = min((area.get("startRowIndex", 0) for area in rule.get("ranges", ())), default=0)
    return same_formula(condition["values"][0].get("userEnteredValue", ""), first)


def _shown_of(view: Mapping[str, Any]) -> set[tuple[int, str]]:
    first_row = view.get("range", {}).get("startRowIndex", 0) + 1
    return {
        (spec.get("columnIndex", 0), same_formula(value.get("userEnteredValue", ""), first_row))
        for spec in view.get("filterSpecs", ())
        for value in spec.get("filterCriteria", {}).get("condition", {}).get("values", ())
    }


def _named(there: str | None, title: str) -> bool:
    return (there or "").strip() == title.strip()


def _is_whole_tab(area: Mapping[str, int]) -> bool:
    return not any(name in area for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"))
