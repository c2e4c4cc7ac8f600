"""Taking away the tab with which a new file began, and nothing that anybody could miss."""

from __future__ import annotations

import re

from automation.sheets.local.book import Book

#: Tells which names hold in one tab alone, and which tabs a window begins with, by their place among the others.
_PLACED = (("definedNames", "localSheetId"), ("bookViews", "firstSheet"), ("bookViews", "activeTab"))


def is_bare(book: Book, title: str) -> bool:
    """Whether nothing is in a tab, and nothing in the file speaks of it: no formula, no name, no chart, no pivot."""
    bare, name = book.sheet(title).is_bare and not book.package.relations(book.parts[title]), re.escape(title)
    told = re.compile(rf"{name}(?:'|&apos;|&#39;)?!|sheet=\"{name}\"".encode())
    return bare and not any(map(told.search, book.package.texts()))


def take_away(book: Book, title: str) -> None:
    """Take a bare tab out of the file."""
    root = book.package.edit(book.package.workbook)
    sheets = root.find("sheets")
    at = [sheet.get("name") for sheet in sheets.nodes].index(title)
    sheets.children.remove(sheets.nodes[at])
    shown = [number for number, sheet in enumerate(sheets.nodes) if sheet.get("state", "visible") == "visible"]
    for where, name in _PLACED:
        for node in root.find(where).nodes:
            if (place := int(node.get(name) or 0)) > at:
                node.set(**{name: place - 1})
            elif place == at and where == "bookViews" and node.get(name):
                node.set(**{name: shown[0]})
    book.forget(title)
