"""The line that tells how an intake tab stands: a formula that the spreadsheet itself keeps true.

It is written once, by `setup`. No cell beside people's rows has to be written again for it, so nothing can race with
people who move rows and columns; only the time of the last look stands in a tab of the robot's.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter

from automation.cases.grid import Tab, letters
from automation.cases.headings import Headings
from automation.cases.robot_tabs import LISTS
from automation.cases.texts import Texts
from automation.model.cells import CellError, Value, is_empty
from automation.sheets.looks.formulas import begins, quoted, whole
from automation.sheets.looks.lists import CHECKED
from automation.tables.intake import CHECK, DUE, LATENESS, TICKET
from automation.tables.table import Column

_LINE = "kolom.baris-status"
#: Rows from the line down to the headings.
GAP = 2


def status_formula(headings: Headings[Column], texts: Texts) -> str:
    """The sentence of ``templates/pesan/kolom.toml`` with what it counts. `INDIRECT` finds the time again also when the
    tab that holds it was deleted and made anew."""
    check, lateness = (whole(headings.columns[column]) for column in (CHECK, LATENESS))
    waiting = "+".join(begins(check, text) for text in waiting_words(texts))
    row, column = CHECKED
    time = f"'{LISTS}'!{letters(column)}{row + 1}"
    parts = {
        "waktu": f"INDIRECT({quoted(time)})",
        "laporan": f"COUNT({whole(headings.columns[DUE])})",  # every case has a deadline
        "perbaiki": f"SUMPRODUCT({waiting})",
        "terlambat": f"SUMPRODUCT({begins(lateness, late_word(texts))})",
    }
    pieces = []
    for text, name, _, _ in Formatter().parse(texts.raw(_LINE)):
        pieces += [quoted(text)] if text else []
        pieces += [parts[name]] if name else []
    return "=" + "&".join(pieces)


def waiting_words(texts: Texts) -> tuple[str, str]:
    """How `Pemeriksaan` begins where people have to do something: something is wrong, or still missing."""
    return beginning(texts, "pemeriksaan.bentuk.galat"), beginning(texts, "pemeriksaan.bentuk.kosong")


def late_word(texts: Texts) -> str:
    """How `Keterlambatan` begins when it is too late."""
    return beginning(texts, "tenggat.terlambat")


def place_of_line(tab: Tab, headings: Headings[Column], texts: Texts) -> tuple[int, int]:
    """Where the line stands, or may stand (0-based row and column): above the headings and an empty row, if there is
    nothing else; or beside the headings, to the right of everything. Right above them it would be sorted along."""
    column, last = headings.columns[TICKET], max(headings.columns.values())
    if headings.row >= GAP:
        *_, above, between = tab.rows[: headings.row]
        if all(map(is_empty, between)) and all(is_empty(value) or is_line(value, texts) for value in above):
            return headings.row - GAP, next((at for at, value in enumerate(above) if is_line(value, texts)), column)
    row = tab.rows[headings.row]
    there = (at for at, value in enumerate(row) if at > last and is_line(value, texts))
    return headings.row, next(there, max(map(_width, tab.rows)))


def is_line(value: Value, texts: Texts) -> bool:
    """Whether a cell shows the line, or has yet to be worked out."""
    return isinstance(value, CellError) or (isinstance(value, str) and value.startswith(beginning(texts, _LINE)))


def beginning(texts: Texts, key: str) -> str:
    """A message up to what is filled in, and to the dash before it."""
    return texts.raw(key).partition("{")[0].rstrip(" –-:")


def _width(cells: Sequence[Value]) -> int:
    return max((at + 1 for at, value in enumerate(cells) if not is_empty(value)), default=0)
