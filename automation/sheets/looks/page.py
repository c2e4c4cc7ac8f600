"""A tab that is a page to read: rows of text on a grid of columns, written and kept up to date by the robot."""

from collections.abc import Sequence
from math import ceil

from msgspec.structs import replace

from automation.model.cells import Tab, Writable
from automation.model.texts import Texts
from automation.sheets.looks.colours import CHAPTER, TEXT, TITLE
from automation.sheets.looks.model import Area, Chart, ColumnLook, Style, TabLook
from automation.sheets.port import Changes, NewTab, Snapshot

#: The default size of text, in points.
_SIZE = 10
#: The width of a letter and the height of a line, in pixels for each point; measured in Arial and Liberation Sans.
_LETTER, _BOLD_LETTER, _LINE = 0.62, 0.68, 1.6
#: Pixels of a cell around its text.
_PADDING = 3
#: The least height of a row, in pixels.
_LOWEST = 4
#: A row of a table, in pixels.
TABLE_ROW = 21

#: A value, how many columns of the page's grid it spans, and its style.
Piece = tuple[str | int | None, int, Style]


class PageLook:
    """A page under construction: rows are added from the top. `heading` stands in its first cell, by which the page is
    known later; `widths` are those of the grid's columns, in pixels; `colour` is that of the tab. Its words stand in
    the table `key` of the `texts`; `guard` is the whole key of what describes its protection."""

    def __init__(
        self, title: str, heading: str, widths: Sequence[int], texts: Texts, key: str, guard: str, colour: str
    ) -> None:
        self.title, self.heading, self.texts, self._widths, self._key = title, heading, texts, tuple(widths), key
        columns = tuple(ColumnLook(at, width=width) for at, width in enumerate(widths))
        look = TabLook(title, columns=columns, colour=colour, guard=texts.say(guard), protected=True, ours=True)
        self._look = replace(look, gridlines=False, one_page=True)
        self.rows: list[list[Writable]] = []
        self.charts: tuple[Chart, ...] = ()
        self._areas: list[Area] = []
        self._heights: list[tuple[int, int]] = []
        self.text(heading, TITLE)

    def say(self, key: str, **particulars: object) -> str:
        return self.texts.say(f"{self._key}.{key}", **particulars)

    def text(self, text: str, style: Style = TEXT) -> None:
        self.row((text, len(self._widths), style))

    def chapter(self, key: str) -> None:
        """A little space, and the title of what comes next."""
        self.row(height=6)
        self.text(self.say(f"{key}.judul"), CHAPTER)

    def row(self, *pieces: Piece, height: int = 0) -> None:
        """Add a row of pieces, from the left; as high as the longest of them needs, and at least `height` pixels."""
        row, column = len(self.rows), 0
        cells: list[Writable] = [None] * len(self._widths)
        for value, span, style in pieces:
            end = column + span
            cells[column] = None if value == "" else value
            self._areas.append(Area((row, column, row + 1, end), style, merged=span > 1))
            height = max(height, _height(str(value or ""), style, sum(self._widths[column:end])))
            column = end
        self.rows.append(cells)
        self._heights.append((row, height))

    def look(self) -> TabLook:
        areas, heights = tuple(self._areas), tuple(self._heights)
        return replace(self._look, areas=areas, row_heights=heights, charts=self.charts)

    def is_in(self, tab: Tab) -> bool:
        """Whether a tab is this page (perhaps of an earlier version) or empty; if not, it is somebody's own."""
        return tab.at(0, 0) == self.heading or not tab.width

    def changes(self, snapshot: Snapshot) -> Changes:
        """What has to be written so that the page is there; nothing into a tab that is somebody's own."""
        tab = snapshot.tab(self.title)
        if tab is None:
            first, *rest = self.rows
            return Changes((NewTab(self.title, tuple(str(value or "") for value in first)),), {self.title: rest})
        if not self.is_in(tab):
            return Changes()
        return Changes(cells=tab.differs(self.rows, max(len(self._widths), tab.width)))


def _height(text: str, style: Style, width: int) -> int:
    """The height that a text needs, in pixels; an estimate, necessary because rows of merged cells don't grow."""
    size = style.size or _SIZE
    room = max(1, int((width - _PADDING) / (size * (_BOLD_LETTER if style.bold else _LETTER))))
    lines = sum(max(1, ceil(len(line) / room)) if style.wrapped else 1 for line in text.split("\n"))
    return max(_LOWEST, ceil(lines * size * _LINE) + _PADDING) if text else _LOWEST
