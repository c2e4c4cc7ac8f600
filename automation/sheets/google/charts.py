"""What a tab lacks of its charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from automation.sheets.google.cells import Request
from automation.sheets.google.gifts import Gift
from automation.sheets.google.present import Present, folded
from automation.sheets.google.styles import colour, holds
from automation.sheets.looks.model import Cells, Chart, ChartKind

Tabs = Mapping[str, Present]

KINDS = {
    ChartKind.COLUMNS: "COLUMN",
    ChartKind.STACKED: "COLUMN",
    ChartKind.BARS: "BAR",
    ChartKind.LINES: "LINE",
}


def chart_gifts(chart: Chart, id: int, present: Present, tabs: Tabs, *, ours: bool) -> Iterator[Gift]:
    """A chart that the tab has none of this title of, with this id; in a tab that is `ours` one that differs is brought
    back. Nothing while a tab that it draws is missing."""
    if any(folded(cells.tab) not in tabs for cells in (chart.categories, *chart.series)):
        return
    titles = {each.get("spec", {}).get("title", "").strip(): each for each in present.all("charts")}
    there = titles.get(chart.title.strip())
    spec = _spec(chart, tabs)
    anchor = {"sheetId": present.outline.id, "rowIndex": chart.row, "columnIndex": chart.column}
    place = {"anchorCell": anchor, "widthPixels": chart.width, "heightPixels": chart.height}
    if there is None:
        position = {"overlayPosition": place}
        yield Gift({"addChart": {"chart": {"chartId": id, "spec": spec, "position": position}}})
    elif ours:
        if not holds(there["spec"], spec):
            yield Gift({"updateChartSpec": {"chartId": there["chartId"], "spec": spec}})
        if not holds(there.get("position", {}).get("overlayPosition", {}), place):
            body = {"objectId": there["chartId"], "newPosition": {"overlayPosition": place}, "fields": "*"}
            yield Gift({"updateEmbeddedObjectPosition": body})


def _spec(chart: Chart, tabs: Tabs) -> Request:
    axis = "BOTTOM_AXIS" if chart.kind is ChartKind.BARS else "LEFT_AXIS"
    series = [
        {"series": _source(cells, tabs), "targetAxis": axis, "colorStyle": colour(ink)}
        for cells, ink in zip(chart.series, chart.inks, strict=True)
    ]
    basic: Request = {
        "chartType": KINDS[chart.kind],
        "legendPosition": "BOTTOM_LEGEND" if len(series) > 1 else "NO_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": _source(chart.categories, tabs)}],
        "series": series,
    }
    if chart.highest is not None:
        ends = {"viewWindowMode": "EXPLICIT", "viewWindowMin": 0, "viewWindowMax": chart.highest}
        basic["axis"] = [{"position": axis, "viewWindowOptions": ends}]
    if chart.kind is ChartKind.STACKED:
        basic["stackedType"] = "STACKED"
    return {"title": chart.title, "basicChart": basic}


def _source(cells: Cells, tabs: Tabs) -> Request:
    tab = tabs[folded(cells.tab)].outline.id
    rows = {"startRowIndex": cells.row, "endRowIndex": cells.row + cells.rows}
    columns = {"startColumnIndex": cells.column, "endColumnIndex": cells.column + 1}
    return {"sourceRange": {"sources": [{"sheetId": tab, **rows, **columns}]}}
