"""A list that others made (an export of LAPOR!, a table that people keep by hand): where its headings stand, what they
mean, and its rows.

A heading is **known** where it stands below, case and punctuation aside; it is **similar** where it resembles one of
these, and then a person is asked. No heading is given to two of our columns, and none of our columns to two headings:
the better one has it, of equals the one that stands first below, then the one further left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rapidfuzz import fuzz

from automation.model.cells import CellError, Value, fold, letters
from automation.reading.cell_text import clean, raw_text
from automation.tables.intake import PEOPLE, RT_RW
from automation.tables.table import Column, names

#: Above the headings stand titles, dates and signatures.
ROWS_SEARCHED = 25
#: Fewer headings that mean something to us are none: a title may hold one such word.
FEWEST = 2
#: From this score (of 100) on, a heading resembles a known one.
ALIKE = 82.0
_SHORTEST = 5  # letters: shorter words stand in many headings by accident
_LONGEST = 120  # characters of a heading; forms have whole questions there
_CERTAIN = 1000.0


class Meaning(Enum):
    """How a heading was understood."""

    KNOWN = "dikenal"
    SIMILAR = "mirip"
    NONE = "tidak"  # none of our columns


@dataclass(frozen=True, slots=True)
class Understood:
    """What a heading means. `column` is None where it is none of ours; `part` is ``RT`` or ``RW`` where a list keeps
    the two apart; `reference` tells that it numbers the complaints in the list that it comes from."""

    label: str
    meaning: Meaning
    column: Column | None = None
    part: str = ""
    reference: bool = False


#: What numbers the complaints of such a list: by it a row is known again that was brought in before.
_REFERENCES = names("""
    tracking id; trackingid; id laporan; nomor laporan; no laporan; kode laporan; id aduan; nomor aduan; no aduan;
    kode aduan; nomor pengaduan; no pengaduan; id pengaduan; no registrasi; nomor registrasi; no tiket; nomor tiket;
    kode tiket; id tiket; ticket id; id
""")
#: What resembles ours and is none. LAPOR!'s `Klasifikasi` (Pengaduan, Aspirasi, Permintaan Informasi) is not what a
#: complaint is about, as our `Kategori` is.
_OTHERS = names("""
    klasifikasi; klasifikasi laporan; no; nomor; no urut; nomor urut; pemeriksaan; tenggat; keterlambatan; tanggal
    kejadian; tgl kejadian; tanggal disposisi; tanggal tindak lanjut; tanggal lahir; tempat lahir; alamat email;
    email; nama instansi; instansi; instansi induk; instansi terdisposisi; disposisi; nama kecamatan; kecamatan;
    kota; provinsi; area; nik; no ktp; nomor ktp; no kk; jenis kelamin; umur; usia; pekerjaan; rating; lampiran;
    foto; dapil; bulan; tahun; tautan; link; jumlah warga; email pelapor; alamat email pelapor
""")


def understand(labels: Sequence[str]) -> tuple[Understood, ...]:
    """What each heading of a list means, in their order; an empty one means nothing."""
    parts = _rt_and_rw(labels)
    best = {at: _best(label) for at, label in enumerate(labels) if at not in parts}
    taken: dict[Column | None, int] = {RT_RW: -1} if parts else {}
    for at in sorted(best, key=lambda at: -best[at][0]):
        taken.setdefault(best[at][1], at)

    def meaning(at: int, label: str) -> Understood:
        if at in parts:
            return Understood(label, Meaning.KNOWN, RT_RW, part=parts[at])
        score, column = best[at]
        if column is None or taken[column] != at:
            return Understood(label, Meaning.NONE, reference=fold(label) in _REFERENCE_KEYS)
        return Understood(label, Meaning.KNOWN if score > 100 else Meaning.SIMILAR, column)

    return tuple(meaning(at, label) for at, label in enumerate(labels))


def _rt_and_rw(labels: Sequence[str]) -> dict[int, str]:
    folded = [fold(label) for label in labels]
    both = folded.count("rt") == folded.count("rw") == 1 and fold(RT_RW) not in folded
    return {folded.index("rt"): "RT", folded.index("rw"): "RW"} if both else {}


@lru_cache(maxsize=1024)
def _best(label: str) -> tuple[float, Column | None]:
    """The column that a heading names or resembles most, and how much; None where that is none of ours."""
    key = fold(label)
    if not key:
        return 0.0, None
    if (known := _EXACT.get(key)) is not None:
        column, place = known
        return _CERTAIN - place, column
    words = _spaced(label[:_LONGEST])
    score, column = max(((_likeness(words, name), column) for name, column in _ALL), key=lambda found: found[0])
    return (score, column) if score >= ALIKE else (0.0, None)


def _likeness(words: str, name: str) -> float:
    """How much a heading resembles a known name; one that holds all its words does, the more of them the better."""
    own, theirs = words.split(), name.split()
    within = len(name) >= _SHORTEST and set(theirs) <= set(own)
    spelled = max(fuzz.ratio(words.replace(" ", ""), name.replace(" ", "")), fuzz.token_sort_ratio(words, name))
    if len(name) < _SHORTEST:
        spelled = 0.0
    return max(spelled, min(ALIKE + len(name) / 2, 99.0) if within else 0.0)


def _spaced(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


_REFERENCE_KEYS = frozenset(map(fold, _REFERENCES))
_ALL: tuple[tuple[str, Column | None], ...] = tuple(
    (_spaced(name), column)
    for column in (*(column for column in PEOPLE if column.imported), None)
    for name in ((column.heading, *column.other_names) if column else (*_REFERENCES, *_OTHERS))
)
_EXACT: Mapping[str, tuple[Column | None, int]] = {
    fold(name): (column, place) for place, (name, column) in reversed(list(enumerate(_ALL)))
}


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the list that holds something; `number` counts from 1, as people see it, and `cells` are as many as
    there are headings."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OldList:
    """`title` is what its tab is called; `columns` are its headings, understood; a column without a heading in which
    something stands is called by its letter."""

    title: str
    columns: tuple[Understood, ...]
    records: tuple[Record, ...]

    def at(self, column: Column) -> int | None:
        """Where the list holds this column of ours."""
        return next((at for at, found in enumerate(self.columns) if found.column is column), None)

    @property
    def reference(self) -> str:
        """The heading under which the list numbers its complaints; empty where it does not."""
        return next((found.label for found in self.columns if found.reference), "")


def find_list(title: str, rows: Sequence[Sequence[Value]], unnamed: str) -> OldList | None:
    """The list in a tab; None where no row looks like headings. `unnamed` is the pattern of what a column without a
    heading is called, with its ``{huruf}``."""
    best, last, labels = 0, 0, list[str]()
    for height in (1, 2):  # two rows only where that tells more than any one
        for first in range(min(ROWS_SEARCHED, len(rows) - height + 1)):
            found = _labels(rows[first : first + height])
            if (worth := _worth(found)) > best:
                best, last, labels = worth, first + height - 1, found
    if not best:
        return None
    folded = [fold(label) for label in labels]
    below = [
        (number, cells)
        for number, cells in enumerate(rows[last + 1 :], start=last + 2)
        if any(map(says, cells)) and not _repeats(cells, folded)
    ]
    width = max(len(labels), *(len(cells) for _, cells in below), 0)
    labels += [""] * (width - len(labels))
    whole = [(number, [*cells, *[None] * (width - len(cells))]) for number, cells in below]
    used = [at for at in range(width) if labels[at] or any(says(cells[at]) for _, cells in whole)]
    columns = tuple(
        found if found.label else Understood(unnamed.format(huruf=letters(at)), Meaning.NONE)
        for at, found in zip(used, understand([labels[at] for at in used]), strict=True)
    )
    return OldList(title, columns, tuple(Record(number, tuple(cells[at] for at in used)) for number, cells in whole))


def says(value: Value) -> bool:
    """Whether something stands in the cell."""
    return bool(raw_text(value).strip()) or isinstance(value, CellError)


def _worth(labels: Sequence[str]) -> int:
    """How many of our columns a row names, certain names counting more; nothing where it may be no headings at all."""
    meanings = [found.meaning for found in understand(labels) if found.column is not None]
    if len(meanings) < FEWEST or Meaning.KNOWN not in meanings:
        return 0
    return sum(3 if meaning is Meaning.KNOWN else 2 for meaning in meanings)


def _labels(rows: Sequence[Sequence[Value]]) -> list[str]:
    """The headings in a row; or in two, where cells of the upper one are merged: `Pelapor` above `Nama` and `Telepon`.
    A merged cell holds its text at the left. What stands above is added where the word below says nothing to us by
    itself, or stands there twice."""
    above, *more = ([clean(value) if isinstance(value, str) else "" for value in row] for row in rows)
    if not more:
        return above
    (below,) = more
    width = max(len(above), len(below))
    above, below = (row + [""] * (width - len(row)) for row in (above, below))
    alone = understand(below)
    merged = any(lower and not upper for upper, lower in zip(above, below, strict=True))
    if not merged or sum(map(bool, above)) < FEWEST or sum(found.meaning is Meaning.KNOWN for found in alone) < FEWEST:
        return []
    labels: list[str] = []
    group = ""
    for upper, lower, found in zip(above, below, alone, strict=True):
        group = upper or (group if lower else "")
        telling = found.column is not None and below.count(lower) == 1
        labels.append(lower if lower and (telling or not group) else f"{group} {lower}".strip() if lower else upper)
    return labels


def _repeats(cells: Sequence[Value], folded: Sequence[str]) -> bool:
    """Whether a row is the headings once more, as on every page of a printed list."""
    mine = [fold(value) for value in cells]
    mine += [""] * (len(folded) - len(mine))
    return mine == list(folded)
