"""What the register says of all cases, nearly always the same as in the cycle before; what the next process may use of
it; and how a table of the robot's in Kendali is made to say its rows."""

import gzip
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from sys import intern

import msgspec

from automation import __version__
from automation.cases.examiner import Examiner, make_entries
from automation.cycle.registry import Registry
from automation.digests.case_rows import CaseFacts, exported_cells
from automation.digests.flow import Passage, passage
from automation.model.cells import CellWrite, Link, Rows, Tab, Value, Writable, kept_text
from automation.model.disclosure import shorten
from automation.model.register import Entry
from automation.reading.tabs import find_columns
from automation.tables.kendali import REGISTER
from automation.whole_file import delete_stale, names_of, write_whole

#: Characters of a text that the robot writes: xlsx holds them, whatever they are (32,767 UTF-16 units).
LONGEST = 16_000
_KEPT = msgspec.json.Decoder(tuple[str, dict[str, str], set[str]])


@dataclass(slots=True)
class RegisterCache:
    """The entries, passages, and what `Rekap` should say, while no event, place of a row, rule or day changes."""

    entries: tuple[Entry, ...] = ()
    passages: Sequence[Passage] = ()
    _examiner: Examiner | None = field(default=None, repr=False)
    _made_of: object = field(default=None, repr=False)
    _shown: Rows | None = field(default=None, repr=False)  # the cells that say all this

    def update(self, registry: Registry, links: Mapping[str, str], examiner: Examiner) -> None:
        """Work out what there is to say now; `links` lead to the rows, by ticket."""
        made_of = registry.events(), links, examiner
        if made_of != self._made_of:
            self.entries = tuple(make_entries(registry.cases().values(), links, examiner))
            self.passages = [passage(entry) for entry in self.entries]
            self._made_of, self._examiner, self._shown = made_of, examiner, None

    def lacking(self, tab: Tab) -> list[CellWrite]:
        """The cells to write so that `Rekap` says it."""
        if tab.rows is self._shown or self._examiner is None:
            return []
        facts = (CaseFacts(case, self._examiner.rules, self._examiner.today) for case in self.passages)
        rows = [exported_cells(case, REGISTER.headings) for case in facts]
        cells = table_cells(tab, REGISTER.headings, rows, sortable=True)
        self._shown = None if cells else tab.rows
        return cells


class Summaries:
    """Keeps what `Rekap` shows of descriptions and right `Kabari`, in one file in the program's own folder for all
    programs that use these credentials; that saves the next process a third of its time. No more than that is kept, by
    a digest of what it was made of, for one day and one city's words. The file may be gone, closed, old, cut off or
    another city's at any time. Nothing here raises."""

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._path = folder / names_of("ringkas", credentials)[:-1]
        self._examiner: Examiner | None = None
        self._made_for, self._kept = "", (dict[str, str](), set[str]())

    def load(self, examiner: Examiner) -> None:
        """Give the examiner what was made with the same words, on its day and by this version."""
        words = (rules := examiner.rules).vocabulary.told(), rules.texts.entries, rules.organisation, rules.categories
        told = repr((__version__, examiner.today, words)).encode()
        self._examiner, self._made_for, self._kept = examiner, blake2b(told, digest_size=16).hexdigest(), ({}, set())
        with suppress(OSError, EOFError, zlib.error, ValueError):
            made_for, summaries, right = _KEPT.decode(gzip.decompress(self._path.read_bytes()))
            if made_for == self._made_for:
                examiner.summaries = {key: intern(shown) for key, shown in summaries.items()}
                examiner.was_right, self._kept = right, (examiner.summaries, right)

    def save(self, *, stays: bool = False) -> None:
        """Keep what is shown now, and nothing else; nothing for a process that `stays`."""
        with suppress(OSError, ValueError):
            delete_stale(self._path.parent, "ringkas", [self._path])
            if stays:
                self._kept = {}, set()
                self._path.unlink(missing_ok=True)
            elif (one := self._examiner) is not None and (one.summaries, one.right) != self._kept:
                told = msgspec.json.encode((self._made_for, one.summaries, one.right))
                write_whole(self._path, gzip.compress(told, 1))
                self._kept = one.summaries, {*one.right}


def as_cell_text(value: Writable) -> Writable:
    """A value as a cell keeps it: a text of limited length, with plain line ends, without control characters."""
    if not isinstance(value, str) or isinstance(value, Link):
        return value
    return shorten(kept_text(value), LONGEST) or None


def table_cells(
    tab: Tab, headings: Sequence[str], rows: Sequence[Sequence[Writable]], *, sortable: bool = False
) -> list[CellWrite]:
    """The cells to write so that the table below the tab's headings says `rows` and nothing else. Columns are found by
    their headings. A missing one is added at the right, and people's own columns are left alone. If none is left, the
    table begins anew in the tab's first row. If it is `sortable`, each row (known by its first cell) stays where people
    have sorted it, beside what they wrote in columns of their own."""
    header = find_columns(tab.rows, headings)
    free = tab.width if header.columns and header.missing else 0
    columns = {**header.columns, **{heading: free + step for step, heading in enumerate(header.missing)}}
    cells = [CellWrite(tab.key, header.row, columns[heading], heading) for heading in header.missing]
    at, first = [columns[heading] for heading in headings], header.row + 1
    placed = _placed(tab, first, at[0], rows) if sortable else dict(enumerate(rows, start=first))
    nothing: tuple[Writable, ...] = (None,) * len(headings)
    for number in range(first, max(len(tab.rows), max(placed, default=0) + 1)):
        wanted: Iterable[tuple[int, Writable]] = zip(at, placed.get(number, nothing), strict=True)
        if number < len(tab.rows):  # most cells are right: only those that seem to differ are converted
            wanted = [(cell.column, cell.value) for cell in tab.lacks(number, wanted)]
        if wanted:
            cells += tab.lacks(number, ((column, as_cell_text(value)) for column, value in wanted))
    return cells


def _placed(tab: Tab, first: int, column: int, rows: Sequence[Sequence[Writable]]) -> dict[int, Sequence[Writable]]:
    """Each row where it stands already; the others in free rows, and below."""
    wanted: dict[Value, Sequence[Writable]] = {str(row[0]): row for row in rows}
    placed: dict[int, Sequence[Writable]] = {}
    for number in range(first, len(tab.rows)):
        cells = tab.rows[number]
        row = wanted.pop(cells[column], None) if column < len(cells) else None
        if row is not None:
            placed[number] = row
    below = max(first, len(tab.rows))
    free = [number for number in range(first, below + len(wanted)) if number not in placed]
    return placed | dict(zip(free, wanted.values(), strict=False))
