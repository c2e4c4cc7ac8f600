"""Formulas that every spreadsheet program works out alike, whatever its language: without a separator between
arguments, which is a comma for some and a semicolon for others."""

from __future__ import annotations

from collections.abc import Iterable

from automation.model.cells import letters


def cell(column: int, row: int) -> str:
    """A cell (0-based) in its column, whatever the formula is copied to: ``$D3``."""
    return f"${letters(column)}{row + 1}"


def whole(column: int) -> str:
    """A whole column: what is inserted, deleted, sorted or moved in it, the formula goes on counting all of it."""
    return f"{letters(column)}:{letters(column)}"


def quoted(text: str) -> str:
    """A text in a formula."""
    return '"' + text.replace('"', '""') + '"'


def is_any(place: str, texts: Iterable[str]) -> str:
    """Whether a cell holds one of these texts (1 or 0; as numbers, for a whole column). Case does not matter."""
    return "(" + "+".join(f"({place}={quoted(text)})" for text in texts) + ")"


def begins(place: str, beginning: str) -> str:
    """Whether a cell's text begins so: it comes at or after it in the alphabet, and before its successor."""
    after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    return f"({place}>={quoted(beginning)})*({place}<{quoted(after)})"
