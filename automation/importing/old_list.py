"""A list that others made: where its headings stand, and its rows. Some of these tell of no complaint: totals, and
those that say which kelurahan the following ones are about; so does a title, or the name of a tab."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from automation.importing.values import is_month_first
from automation.model.cells import Value, fold, letters
from automation.model.disclosure import without_contacts
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.cell_text import clean, line_of, raw_text
from automation.reading.headings import Meaning, Said, Understood, says, understand
from automation.tables.intake import DESCRIPTION, ORIGIN, RECEIVED, TICKET
from automation.tables.table import Column
from automation.trouble import ConfigurationError, Trouble

#: Above the headings stand titles, dates and signatures.
ROWS_SEARCHED = 25
#: Fewer headings that mean something to us are none: a title may hold one such word.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the list that holds something; `number` counts from 1, as people see it, after its tab's title where
    there are several, and `cells` are as many as there are headings. `above` is what stands above the headings, and the
    title: it may name the rows' kelurahan."""

    number: str
    cells: tuple[Value, ...]
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OldList:
    """`title` is what its tab is called; `columns` are its headings, understood; a column without a heading in which
    something stands is called by its letter; `others` are tabs of the file that are none of it."""

    title: str
    columns: tuple[Understood, ...]
    records: tuple[Record, ...]
    others: tuple[str, ...] = ()

    def at(self, column: Column) -> int | None:
        """Where the list holds this column of ours."""
        return next((at for at, found in enumerate(self.columns) if column in found.columns), None)

    @property
    def reference(self) -> str:
        """The heading under which the list numbers its complaints, ours before others'; empty where it does not."""
        labels = (found.label for found in self.columns if ORIGIN in found.columns or fold(found.label) == fold(TICKET))
        return next(labels, "")

    def understood(self, said: Said) -> "OldList":
        """The same list, as its headings mean with what people said of them."""
        return replace(self, columns=understand([found.label for found in self.columns], said))


def joined(title: str, lists: Sequence[OldList]) -> OldList:
    """The rows of several tabs as one list. Headings are the same where they surely mean one column of ours (`Tgl` in
    one tab, `Tanggal` in the other: the first name stands for both), or are called the same; a tab without
    descriptions, such as a table of figures, is none of it, as long as another has them."""
    told = [old for old in lists if old.at(DESCRIPTION) is not None] or lists
    if len(told) == 1:
        return told[0]
    labels = {key: label for old in reversed(told) for key, label in _keys(old).items()}
    records = []
    for old in told:
        places = [*map([*labels].index, _keys(old))]
        for record in old.records:
            cells: list[Value] = [None] * len(labels)
            for at, value in zip(places, record.cells, strict=True):
                cells[at] = value
            records.append(Record(f"{old.title} {record.number}", tuple(cells), record.above))
    return OldList(title, understand([*labels.values()]), tuple(records))


def _keys(old: OldList) -> dict[tuple[str, int], str]:
    """Its headings by what they mean or are called, those that are called the same counted."""
    seen = Counter[str]()
    keys: dict[tuple[str, int], str] = {}
    for found in old.columns:
        sure = found.meaning is Meaning.KNOWN and len(found.columns) == 1 and not found.part
        key = str(found.columns[0]) if sure else fold(found.label)
        keys[key, seen[key]] = found.label
        seen[key] += 1
    return keys


def find_list(title: str, rows: Sequence[Sequence[Value]], unnamed: str) -> OldList | None:
    """The list in a tab; None where no row looks like headings. `unnamed` is the pattern of what a column without a
    heading is called, with its ``{huruf}``."""
    best, first_row, last, labels = 0, 0, 0, list[str]()
    for height in (1, 2):  # two rows only where that tells more than any one
        for first in range(min(ROWS_SEARCHED, len(rows) - height + 1)):
            found = _labels(rows[first : first + height])
            if (worth := _worth(found)) > best:
                best, first_row, last, labels = worth, first, first + height - 1, found
    if not best:
        return None
    folded = [fold(label) for label in labels]
    numbered = enumerate(rows[last + 1 :], start=last + 2)
    below = [(number, cells) for number, cells in numbered if any(map(says, cells)) and not _repeats(cells, folded)]
    width = max(len(labels), *(len(cells) for _, cells in below), 0)
    labels += [""] * (width - len(labels))
    whole = [(number, [*cells, *[None] * (width - len(cells))]) for number, cells in below]
    used = [at for at in range(width) if labels[at] or any(says(cells[at]) for _, cells in whole)]
    columns = tuple(
        found if found.label else Understood(unnamed.format(huruf=letters(at)), Meaning.NONE)
        for at, found in zip(used, understand([labels[at] for at in used]), strict=True)
    )
    above = (title, *(clean(cell) for row in rows[:first_row] for cell in row if isinstance(cell, str)))
    records = (Record(str(number), tuple(cells[at] for at in used), above) for number, cells in whole)
    return OldList(title, columns, tuple(records))


def _worth(labels: Sequence[str]) -> int:
    """How many of our columns a row names, certain names counting more; nothing where it may be no headings at all."""
    meanings = [found.meaning for found in understand(labels) if found.columns]
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
        telling = bool(found.columns) and below.count(lower) == 1
        labels.append(lower if lower and (telling or not group) else f"{group} {lower}".strip() if lower else upper)
    return labels


def _repeats(cells: Sequence[Value], folded: Sequence[str]) -> bool:
    """Whether a row is the headings once more, as on every page of a printed list."""
    first = next(at for at, heading in enumerate(folded) if heading)
    if first >= len(cells) or fold(cells[first]) != folded[first]:
        return False
    mine = [fold(value) for value in cells]
    mine += [""] * (len(folded) - len(mine))
    return mine == list(folded)


def check_days(old: OldList) -> None:
    """Raise `ConfigurationError` where months stand before days: then no other day is certain."""
    if (at := old.at(RECEIVED)) is None:
        return
    for record in old.records:
        if is_month_first(cell := record.cells[at]):
            about = {"kolom": old.columns[at].label, "tulisan": without_contacts(line_of(cell))}
            raise ConfigurationError(Trouble("impor.tanggal-terbalik", baris=record.number, **about))


# Rows that tell of no complaint

_KECAMATAN = re.compile(r"\b(?:kecamatan|kec)\b[\s.:-]*", re.IGNORECASE)
_KELURAHAN = re.compile(r"\b(?:kelurahan|kel|desa)\b[\s.:-]*", re.IGNORECASE)
#: What numbers such a row, and how many rows follow.
_NUMBERING = re.compile(
    r"(?:[0-9]+|[IVX]+|[A-Z])[.)]?|[([]?[0-9]+ *(?:laporan|aduan|pengaduan|baris|kasus)?[)\]]?", re.IGNORECASE
)
_AFTER = re.compile(r"[\s(\[:;,/-]*(?:\(.*|[0-9].*|\b(?:tahun|bulan|periode|per|kota)\b.*)?$", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:[0-9]+|[IVX]+|[A-Z])[.)]\s*|^wilayah\s+", re.IGNORECASE)
_MOST_CELLS = 3
_TOTALS = frozenset({"jumlah", "total", "subtotal", "grandtotal", "jumlahtotal"})
_LONGEST = 70  # characters; what is longer is no heading
_MOST_WORDS = 3  # of a kelurahan's name


def group_of(cells: Sequence[Value], places: Places) -> Kelurahan | Doubt | None:
    """The kelurahan that the following rows are about, where this row says nothing else; a doubt without candidates for
    a kecamatan's, whose rows may be about any. None for any other row."""
    if len(cells) - cells.count(None) > _MOST_CELLS + _MOST_CELLS:
        return None
    texts = [text for text in (clean(raw_text(cell)) for cell in cells) if text]
    told = [text for text in texts if not _NUMBERING.fullmatch(text)]
    if not told or len(texts) > _MOST_CELLS or sum(map(len, told)) > _LONGEST:
        return None
    named = _place_in(" ".join(told), places)
    if named is None and len(told) == 1 and isinstance(found := places.find(_AFTER.sub("", told[0])), Kelurahan):
        return found
    return named


def _place_in(text: str, places: Places) -> Kelurahan | Doubt | None:
    """The kelurahan that a heading begins with, called one: ``KELURAHAN PETIR (20 laporan)``, ``Kec. Cipondoh, Kel.
    Petir``. None where it calls nothing so."""
    text = _BEFORE.sub("", text)
    parts = _KECAMATAN.split(text, maxsplit=1)
    kecamatan = _KELURAHAN.split(parts[1])[0] if len(parts) > 1 else None
    kelurahan = _KELURAHAN.split(text, maxsplit=1)
    if len(kelurahan) > 1 and (not kelurahan[0].strip() or _KECAMATAN.match(kelurahan[0])):
        name = _KECAMATAN.split(kelurahan[1])[0]
        found = _find(name, kecamatan, places)
        return found if isinstance(found, Kelurahan) or len(_AFTER.sub("", name).split()) <= _MOST_WORDS else None
    return Doubt() if len(parts) > 1 and not parts[0].strip() else None


def place_called(text: str, places: Places) -> Kelurahan | Doubt | None:
    """The kelurahan that a text calls one: ``Laporan Kel. Gondrong 2026``, ``Kelurahan Gondrong, Kecamatan Cipondoh``.
    None where it calls nothing so."""
    _, *called = _KELURAHAN.split(text, maxsplit=1)
    if not called:
        return None
    name, *kecamatan = _KECAMATAN.split(called[0], maxsplit=1)
    return _find(name, kecamatan[0] if kecamatan else None, places)


def place_above(texts: Sequence[str], places: Places, into: Kelurahan | None) -> Kelurahan | Doubt | None:
    """The kelurahan that a tab's title, or what stands above its headings, names. A bare name that is a kecamatan's,
    too, is a doubt, unless it is that of the tab that the list is brought `into`."""
    doubt: Doubt | None = None
    for text in texts:
        called, (name, *within) = place_called(text, places), _KECAMATAN.split(text, maxsplit=1)
        if isinstance(place := called or _find(name, None, places), Kelurahan):
            if called or within or isinstance(places.find_kecamatan(place.name), Doubt):
                return place
            doubt = doubt or (Doubt((place.name,)) if place != into else None)
    return doubt


def is_total(cell: Value) -> bool:
    """Whether it begins the last row of a list."""
    return fold(cell).rstrip("0123456789").removesuffix("laporan") in _TOTALS


def _find(name: str, kecamatan: str | None, places: Places) -> Kelurahan | Doubt:
    bare = _AFTER.sub("", name).strip(" .,:;-/")
    return places.find(bare, _AFTER.sub("", kecamatan).strip(" .,:;-/") if kecamatan else None)
