"""Spreadsheets of this server as JSON, to be kept in a file."""

from typing import Any

from tests.sheets_server.model import Book, Cell, Failure, Sheet


def book_as_json(book: Book) -> dict[str, Any]:
    """All of a spreadsheet. `cells` has every cell that differs from the others once; rows tell which stands where."""
    known: dict[str, int] = {}  # by what it is in full: cells are not hashable
    cells: list[Any] = []

    def place(cell: Cell) -> int:
        if repr(cell) not in known:
            known[repr(cell)] = len(cells)
            cells.append(_cell_as_json(cell))
        return known[repr(cell)]

    sheets = [
        {
            "properties": sheet.properties,
            "rows": [[place(cell) for cell in row] for row in sheet.rows],
            "sizes": [[*where, size] for where, size in sheet.sizes.items()],
            "views": list(sheet.views.items()),
            "charts": list(sheet.charts.items()),
            **{name: getattr(sheet, name) for name in ("rules", "merges", "filter")},
        }
        for sheet in book.sheets
    ]
    whole = {"id": book.id, "properties": book.properties, "named": book.named}
    return {**whole, "protected": list(book.protected.items()), "cells": cells, "sheets": sheets}


def book_of_json(saved: dict[str, Any]) -> Book:
    """The spreadsheet that `book_as_json` has told of."""
    book = Book(saved["id"], saved["properties"]["title"])
    book.properties, book.named, book.protected = saved["properties"], saved["named"], dict(saved["protected"])
    cells = [_cell_of_json(cell) for cell in saved["cells"]]
    for each in saved["sheets"]:
        sheet = Sheet(each["properties"], (tuple(cells[which] for which in row) for row in each["rows"]))
        sheet.sizes = {(dimension, at): size for dimension, at, size in each["sizes"]}
        sheet.rules, sheet.merges, sheet.filter = each["rules"], each["merges"], each["filter"]
        sheet.views, sheet.charts = dict(each["views"]), dict(each["charts"])
        book.sheets.append(sheet)
    return book


def _cell_as_json(cell: Cell) -> dict[str, Any]:
    error = cell.value.type if isinstance(cell.value, Failure) else None
    value = None if error else cell.value
    whole = {"value": value, "error": error, "formula": cell.formula, "format": cell.format, "extra": cell.extra}
    return {name: part for name, part in whole.items() if part is not None and part != {}}


def _cell_of_json(saved: dict[str, Any]) -> Cell:
    value = Failure(saved["error"]) if "error" in saved else saved.get("value")
    return Cell(value, saved.get("formula"), saved.get("format", {}), saved.get("extra", {}))
