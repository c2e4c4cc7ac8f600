"""What a cell says, as clean text: the way a person would read it off the screen."""

from __future__ import annotations

import math
import re
import unicodedata

from automation.cases.cells import CellError, Value, Writable

TICKED = "✓"  # a ticked box; an unticked one says nothing
_EXACT = 1e17  # whole numbers below it are written out, so that 16 digits stay recognisable as such
_NOTHING = frozenset(" -\u2013\u2014_.,:;?!/*'\n")  # people type these to say that there is nothing to say
_LONGEST_NOTHING = 3  # characters
_JOINERS = "\u200c\u200d"  # invisible, but letters and emoji are joined or kept apart by them
TEXT_MARK = "'\u2019"  # typed in front of a value that a spreadsheet should leave as it is
_SPACES = re.compile(r" {2,}")
_LINES = re.compile(r" *\n[ \n]*")


class _Cleaning(dict[int, str | None]):
    """`str.translate` table: odd spaces become spaces, line ends newlines; what can't be seen goes."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        category = unicodedata.category(character)
        kept: str | None = character
        if character in "\n\r\v\f\x85" or category in ("Zl", "Zp"):
            kept = "\n"
        elif category == "Zs" or character == "\t":
            kept = " "
        elif (category in ("Cc", "Cf", "Cs") and character not in _JOINERS) or code & 0xFFFE == 0xFFFE:
            kept = None
        self[code] = kept
        return kept


_CLEANING = _Cleaning()


def clean(text: str) -> str:
    """`text` on one line, without control characters, direction marks and odd or doubled spaces."""
    if not text.isprintable():
        text = text.translate(_CLEANING).replace("\n", " ")
    return _SPACES.sub(" ", text).strip() if "  " in text else text.strip()


def clean_lines(text: str) -> str:
    """As `clean`, but what was written on several lines stays so."""
    if text.isprintable():
        return clean(text)
    return _LINES.sub("\n", _SPACES.sub(" ", text.translate(_CLEANING))).strip()


def raw_text(value: Value) -> str:
    """The value as text, as it is: a whole number without ``.0``; a cell that shows an error says nothing."""
    if isinstance(value, str):
        return value
    if value is None or value is False or isinstance(value, CellError):
        return ""
    if value is True:
        return TICKED
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return str(int(value)) if abs(value) < _EXACT and value == int(value) else f"{value:.15g}"


def writable(value: Value) -> Writable:
    """The value as it can be written: what is neither text nor a whole number as the text that it shows."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
        return int(value)
    return raw_text(value) or None


def line_of(value: Value) -> str:
    """What the cell says, on one line; empty where it only says that there is nothing to say (``-``)."""
    if value is None:
        return ""
    text = clean(value if type(value) is str else raw_text(value))
    return "" if len(text) <= _LONGEST_NOTHING and _NOTHING.issuperset(text) else text


def lines_of(value: Value) -> str:
    """As `line_of`, on as many lines as were written."""
    if value is None:
        return ""
    text = clean_lines(value if type(value) is str else raw_text(value))
    return "" if len(text) <= _LONGEST_NOTHING and _NOTHING.issuperset(text) else text
