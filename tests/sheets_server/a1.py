"""Ranges in A1 notation."""

from __future__ import annotations

import re
from dataclasses import dataclass

CORNER = re.compile(r"([A-Za-z]{0,3})([0-9]*)\Z")


@dataclass(frozen=True, slots=True)
class Area:
    """Half-open, 0-based; None is unbounded."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None


def column_index(letters: str) -> int:
    """``A`` is 0."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def split_title(text: str) -> tuple[str | None, str]:
    """The tab's title (None where the text names none) and what follows the exclamation mark."""
    if text.startswith("'"):
        quoted = re.match(r"'((?:[^']|'')*)'(?:!(.*))?\Z", text, re.DOTALL)
        if not quoted:
            return None, text
        return quoted[1].replace("''", "'"), quoted[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def parse_area(text: str) -> Area | None:
    """``A1``, ``A1:C3``, ``A:C``, ``A2:C`` or ``1:3``; None if it is none of these."""
    first, _, last = text.partition(":")
    start, end = CORNER.match(first), CORNER.match(last or first)
    if not text or not start or not end or not (start[1] or start[2]) or not (end[1] or end[2]):
        return None
    if not last and not (start[1] and start[2]):
        return None
    return Area(
        int(start[2]) - 1 if start[2] else 0,
        column_index(start[1]) if start[1] else 0,
        int(end[2]) if end[2] else None,
        column_index(end[1]) + 1 if end[1] else None,
    )
