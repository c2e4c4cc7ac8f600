"""What a tab looks like around its cells: what stays in sight, colour, filter, protection, heights, paper."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter

from automation.model.cells import Value
from automation.sheets.local.book import Book
from automation.sheets.local.markup import Node
from automation.sheets.local.worksheet import LAST_ROW, Worksheet
from automation.sheets.looks.model import TabLook

#: Columns right of the headings that the filter takes along: sorting by its arrows moves only what it covers, and a
#: column that people add must not stay behind when the rows move.
_SPARE = 10
#: Points of a pixel; inches of paper left free around a tab that is printed on one page.
_POINTS, _EDGE = 0.75, 0.5
_VIEW = ("pane", "selection", "pivotSelection", "extLst")
_PROPERTIES = ("tabColor", "outlinePr", "pageSetUpPr")


def frame(book: Book, title: str, look: TabLook, headings: Sequence[Value]) -> int:
    """Give a tab what it lacks of that; how many things."""
    sheet = book.sheet(title)
    there = sheet.frame
    properties, protected = there.find("sheetPr"), there.find("sheetProtection").flag("sheet")
    given = _freeze(sheet, look) + _heights(sheet, look)
    # LibreOffice takes the colour off a protected tab, each time it saves.
    if look.colour is not None and not properties.find("tabColor") and not protected:
        sheet.section("sheetPr").ensure("tabColor", _PROPERTIES).set(rgb=f"FF{look.colour}")
        given += 1
    if look.filtered and not there.find("autoFilter") and not there.find("tableParts"):
        width = max([1, len(headings), *(one.column + 1 for one in look.columns)]) + _SPARE
        ref = f"A{look.heading_row + 1}:{get_column_letter(width)}{LAST_ROW}"
        sheet.section("autoFilter").set(ref=ref)
        book.name_filter(title, ref)
        given += 1
    if look.protected and not protected:
        sheet.section("sheetProtection").set(sheet=1, objects=1, scenarios=1)
        given += 1
    view = there.find("sheetViews").find("sheetView")
    if not look.gridlines and view.flag("showGridLines", default=True):
        _view(sheet).set(showGridLines=0)
        given += 1
    if look.one_page and not properties.find("pageSetUpPr").flag("fitToPage"):
        _fit_one_page(sheet)
        given += 1
    return given


def _view(sheet: Worksheet) -> Node:
    views = sheet.section("sheetViews")
    return views.find("sheetView") or views.add("sheetView", workbookViewId=0)


def _heights(sheet: Worksheet, look: TabLook) -> int:
    given = 0
    for at, pixels in look.row_heights:
        row, height = sheet.row(at + 1), pixels * _POINTS
        node = row.node if row is not None else Node("")
        if not node.flag("customHeight") or (look.ours and abs(float(node.get("ht", "0")) - height) > 1):
            sheet.edit(at + 1).node.set(ht=f"{height:g}", customHeight=1)
            given += 1
    return given


def _fit_one_page(sheet: Worksheet) -> None:
    sheet.section("sheetPr").ensure("pageSetUpPr", _PROPERTIES).set(fitToPage=1)
    sheet.section("pageMargins").set(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE, header=_EDGE, footer=_EDGE)
    sheet.section("pageSetup").set(paperSize=9, orientation="portrait", fitToWidth=1, fitToHeight=1)


def _freeze(sheet: Worksheet, look: TabLook) -> bool:
    pane = sheet.frame.find("sheetViews").find("sheetView").find("pane")
    if pane and pane.get("state") not in ("frozen", "frozenSplit"):
        return False
    there = tuple(int(float(pane.get(side, "0"))) for side in ("ySplit", "xSplit"))
    pairs = zip(there, (look.frozen_rows, look.frozen_columns), strict=True)
    rows, columns = ((has if wants is None else wants) if look.ours else has or wants or 0 for has, wants in pairs)
    if (rows, columns) == there:
        return False
    view = _view(sheet)
    view.discard("pane", "selection")
    if rows or columns:
        corner = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
        first = f"{get_column_letter(columns + 1)}{rows + 1}"
        pane = view.add("pane", _VIEW).set(xSplit=columns or None, ySplit=rows or None)
        pane.set(topLeftCell=first, activePane=corner, state="frozen")
        view.add("selection", _VIEW, pane=corner)
    return True
