"""Formulas that every spreadsheet program calculates alike, whatever its language: they have no argument separator
(except `has`), which is a comma for some and a semicolon for others."""

import re
from collections.abc import Iterable

from automation.model.cells import letters

#: A token of a formula: a text, a reference to a cell (never the name of a function), or any other character.
_TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")|(?P<column>[A-Z]{1,3})(?P<fixed>\$?)(?P<row>\d+)(?![\w(])|.', re.IGNORECASE | re.DOTALL
)
#: A whole column as LibreOffice writes it.
_WHOLE = re.compile(r"(\$?[A-Z]{1,3})\$?1:(\$?[A-Z]{1,3})\$?1048576(?!\d)")


def cell(column: int, row: int) -> str:
    """A reference to a cell (0-based) that keeps its column wherever the formula is copied to: ``$D3``."""
    return f"${letters(column)}{row + 1}"


def whole_column(column: int) -> str:
    """A whole column, so that the formula counts all of it, whatever is inserted, deleted, sorted or moved in it."""
    return f"{letters(column)}:{letters(column)}"


def quoted_text(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


def is_any(place: str, texts: Iterable[str]) -> str:
    """Whether a cell holds one of these texts (1 or 0; for a whole column, such numbers). Case does not matter."""
    return "(" + "+".join(f"({place}={quoted_text(text)})" for text in texts) + ")"


def begins(place: str, beginning: str) -> str:
    """Whether a cell's text begins so: it comes at or after it in the alphabet, and before its successor."""
    after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    return f"({place}>={quoted_text(beginning)})*({place}<{quoted_text(after)})"


def has(place: str, text: str) -> str:
    """Whether a cell's text contains this; else an error, which no rule takes for true. See `with_semicolons`."""
    return f"FIND({quoted_text(text)},{place})"


def with_semicolons(formula: str) -> str:
    """The formula as an Indonesian spreadsheet on Google takes it: there the comma is the decimal separator."""
    return _TOKEN.sub(lambda match: ";" if match[0] == "," else match[0], formula)


def said(formula: str, first_row: int = 0) -> str:
    """A formula in a form for comparing: programs differ in spaces, capitals, quotes, dollars before columns, and
    argument separators. Rows are counted from `first_row` (0-based), because a formula moves along with its range."""

    def same(match: re.Match[str]) -> str:
        if match["text"]:
            return match[0]
        if match["row"]:
            row = match["row"] if match["fixed"] else f"[{int(match['row']) - 1 - first_row}]"
            return match["column"].upper() + row
        return match[0].strip("$' \t\n").upper().replace(";", ",")

    return _TOKEN.sub(same, _WHOLE.sub(r"\1:\2", formula.removeprefix("=")))
