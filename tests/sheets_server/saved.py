"""Spreadsheets of this server that were kept in a file, as JSON."""

from typing import Any

from tests.sheets_server.model import Book, Cell, Failure, Sheet


def book_of_json(saved: dict[str, Any]) -> Book:
    """All of it. `cells` has every cell that differs from the others once; rows tell which stands where."""
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


def _cell_of_json(saved: dict[str, Any]) -> Cell:
    value = Failure(saved["error"]) if "error" in saved else saved.get("value")
    return Cell(value, saved.get("formula"), saved.get("format", {}), saved.get("extra", {}))
