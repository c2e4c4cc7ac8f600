"""What a cell says, as clean text, the way a person reads it off the screen. Nothing is ever guessed."""

import math
import re
import unicodedata
from collections.abc import Mapping, Set as AbstractSet

from automation.model.cells import CellError, Value, Writable
from automation.tables.table import names

TICKED = "✓"  # a ticked box; an unticked one says nothing
#: How people say yes and no.
YES_WORDS = frozenset("ya y iya iyo yes true benar bener bnr betul ok oke 1 x v ✓ ✔ ✅ ☑ aktif".split())  # noqa: SIM905
NO_WORDS = frozenset("tidak t tdk gak ga nggak enggak n no false salah 0 - ✗ ✘ ❌ ☐ nonaktif".split())  # noqa: SIM905
_EXACT = 1e17  # whole numbers below it are written out, so that 16 digits stay recognisable as such
_NOTHING = frozenset(" -\u2013\u2014_.,:;?!/*'\"\u201d\n")  # people type these if there is nothing to say
_LONGEST_NOTHING, _BEGINNING = 3, 100  # characters; of a long text, those that are examined first
#: These say nothing either: nobody knows; or "as above", where another row stands once rows are sorted.
_UNKNOWN = frozenset(
    f"{word} {rest} {what}".rstrip()
    for word in names("tidak; tdk; nggak; ngga; enggak; gak; ga; gk; g; kagak; ndak; ora; teu; kurang; belum; blm")
    for rest in names("""tahu; tau; ada; aya; punya; pnya; pny; duwe; ono; boga; gaduh; apal; hafal; inget; ingat;
        jelas; ditunjuk; ditentukan""")
    for what in names("; hp; no hp; wa; no wa; no; nomor; nomer; nomor hp; telepon; telp; tlp")
) | {"lupa", "gatau", "gaada", "gada", "gapunya", "n/a", "idem", "sama dengan atas", "sama dgn atas"}
#: Words that point to another row, which is elsewhere once rows are sorted.
AS_ABOVE = names("idem; sda; s.d.a; sama; sama dengan atas; sama dgn atas; sama seperti di atas; sama kayak atas")
DITTO_MARKS = ('"', "\u201c", "\u201d", "\u2033", "\u3003", "''", ",,")  # the same in one sign
_WORD, _FIGURE = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[0-9]{2,}")
_JOINERS = "\u200c\u200d"  # invisible, but they join letters and emoji or keep them apart
TEXT_MARK = "'\u2019"  # typed before a value that a spreadsheet should leave as it is
_SPACES, _LINES = re.compile(r" {2,}"), re.compile(r" *\n[ \n]*")


class _Cleaning(dict[int, str | None]):
    """A `str.translate` table: odd spaces become spaces, line ends newlines; invisible characters are removed."""

    def __missing__(self, code: int) -> str | None:
        character, category = chr(code), unicodedata.category(chr(code))
        if character in "\n\r\v\f\x85" or category in ("Zl", "Zp"):
            self[code] = "\n"
        elif category == "Zs" or character == "\t":
            self[code] = " "
        else:
            unseen = category in ("Cc", "Cf", "Cs") and character not in _JOINERS
            self[code] = None if unseen or code & 0xFFFE == 0xFFFE else character
        return self[code]


_CLEANING = _Cleaning()


def clean(text: str) -> str:
    """`text` on one line, without control characters, direction marks, and odd or doubled spaces."""
    if not text.isprintable():
        text = text.translate(_CLEANING).replace("\n", " ")
    return _SPACES.sub(" ", text).strip() if "  " in text else text.strip()


def clean_lines(text: str) -> str:
    """As `clean`, but line breaks are kept."""
    if text.isprintable():
        return clean(text)
    return _LINES.sub("\n", _SPACES.sub(" ", text.translate(_CLEANING))).strip()


def raw_text(value: Value) -> str:
    """The value as text, as it is: a whole number without ``.0``; empty for a cell that shows an error."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return TICKED if value else ""
    if value is None or isinstance(value, CellError) or not math.isfinite(value):
        return ""
    return str(int(value)) if abs(value) < _EXACT and value == int(value) else f"{value:.15g}"


def writable(value: Value) -> Writable:
    """The value in a form that can be written: text and numbers as they are, even a fraction (the time of a stamp);
    anything else as the text that it shows."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return int(value) if value == int(value) else value
    return raw_text(value) or None


def row_with(cells: Mapping[int, Writable]) -> list[Writable]:
    """The row with these cells, by their 0-based columns."""
    return [cells.get(at) for at in range(max(cells) + 1)]


def line_of(value: Value) -> str:
    """What the cell says, on one line; empty if it only says that there is nothing to say (``-``)."""
    return _unless_nothing(clean(value if type(value) is str else raw_text(value))) if value is not None else ""


def lines_of(value: Value) -> str:
    """As `line_of`, with the line breaks that were typed."""
    return _unless_nothing(clean_lines(raw_text(value)))


def says_yes(text: str) -> bool:
    """Whether every word says yes: “ya, betul”."""
    words = text.casefold().replace(",", " ").rstrip(" .!").split()
    return bool(words) and YES_WORDS.issuperset(words)


def promised(value: Value) -> bool | None:
    """Whether secrecy was promised in this cell: it was unless the cell clearly denies it, even if it can't be read;
    None if nothing stands there."""
    said = value.text if isinstance(value, CellError) else line_of(value) or "?" * ("?" in raw_text(value))
    return said.casefold().rstrip(" .!") not in NO_WORDS if said else None


def _unless_nothing(text: str) -> str:
    nothing = len(text) <= _LONGEST_NOTHING and _NOTHING.issuperset(text)
    return "" if nothing or text.casefold().rstrip(" .") in _UNKNOWN else text


def says_what(text: str, idle: AbstractSet[str], beside: str = "") -> bool:
    """Whether a description says what is wrong, in however few words: “got mampet” and “maksa 5000” do, “sama kayak
    kemarin” does not; “mampet” does if “got” stands `beside` it. `idle` words say nothing, however many there are."""
    if len(text) > 2 * _BEGINNING and says_what(text[:_BEGINNING].rpartition(" ")[0], idle):
        return True
    words = set(_WORD.findall(text.casefold()))
    if words <= idle:
        return False
    return len(words) > 1 or bool(_FIGURE.search(text) or {*_WORD.findall(beside.casefold())} - words - idle)
