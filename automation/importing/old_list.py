"""A list that others made: where its headings stand, and its rows. Some rows are no complaints: totals, and those that
say which kelurahan the following rows are about (as may a title, or the name of a tab)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from automation.importing.values import as_above, is_half_turned, is_month_first, is_part
from automation.model.cells import Rows, Value, fold, letters
from automation.model.disclosure import without_contacts
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.cell_text import clean, line_of, raw_text
from automation.reading.headings import Meaning, Said, Understood, are_names, says, understand
from automation.tables.intake import CATEGORY, DESCRIPTION, DONE, ORIGIN, RECEIVED, TICKET
from automation.tables.table import Column
from automation.trouble import ConfigurationError, Trouble

ROWS_SEARCHED = 25  # rows in which headings are looked for: titles, dates and signatures may stand above them
#: Headings with a known meaning that a row of headings needs: a title may contain one such word.
FEWEST = 2


class ListRow(Struct, frozen=True):
    """A row of the list that holds something. `number` counts from 1, as people see it, after its tab's title if there
    are several tabs; there are as many `cells` as headings. `above` are the tab's title and the texts above the
    headings, which may name the rows' kelurahan."""

    number: str
    cells: tuple[Value, ...]
    above: tuple[str, ...] = ()
    repeats: bool = False  # some of its cells said that they are as those above


class OldList(Struct, frozen=True, dict=True):
    """`title` is the name of its tab or file; `columns` are its understood headings (a column with content but without
    a heading is named by its letter); `others` are tabs of the file that are not part of the list."""

    title: str
    columns: tuple[Understood, ...]
    records: tuple[ListRow, ...]
    others: tuple[str, ...] = ()
    hidden: int = 0  # rows that the file hides

    def at(self, column: Column) -> int | None:
        """Where the list has this column of ours; None if it has not."""
        return next((at for at, found in enumerate(self.columns) if column in found.columns), None)

    @cached_property
    def reference(self) -> str:
        """The heading under which the list numbers its complaints; empty if it does not."""
        labels = (found.label for found in self.columns if ORIGIN in found.columns or fold(found.label) == fold(TICKET))
        return next(labels, "")

    def understood(self, said: Said) -> "OldList":
        """The same list, with its headings understood as people `said`."""
        return replace(self, columns=understand([found.label for found in self.columns], said))


def as_one_list(title: str, lists: Sequence[OldList]) -> OldList:
    """The rows of several tabs as one list. Headings are the same if they surely mean one column of ours (`Tgl` in one
    tab, `Tanggal` in the other: the first name stands for both), or have the same name. A tab without descriptions,
    such as a table of figures, is left out if another tab has them."""
    told = [old for old in lists if old.at(DESCRIPTION) is not None] or lists
    if len(told) == 1:
        return told[0]
    labels = {key: label for old in reversed(told) for key, label in _keys(old).items()}
    records = []
    for old in told:
        places = [*map([*labels].index, _keys(old))]
        for record in old.records:
            cells = tuple(map(dict(zip(places, record.cells, strict=True)).get, range(len(labels))))
            records.append(replace(record, number=f"{old.title} {record.number}", cells=cells))
    return OldList(title, understand([*labels.values()]), tuple(records))


def _keys(old: OldList) -> dict[tuple[str, int], str]:
    """The list's headings by meaning or name, and a count for those with the same."""
    seen, keys = Counter[str](), dict[tuple[str, int], str]()
    for found in old.columns:
        sure = found.meaning is Meaning.KNOWN and len(found.columns) == 1 and not found.part
        key = str(found.columns[0]) if sure else fold(found.label)
        keys[key, seen[key]] = found.label
        seen[key] += 1
    return keys


def find_lists(title: str, rows: Rows, unnamed: str, said: Said | None = None) -> list[OldList]:
    """The lists in a tab, those below the first named after their row, too; `said` is what people say of headings."""
    cuts, heads, last = list[int](), list[list[str]](), -1
    for at, names in ((at, [*map(fold, row)]) for at, row in enumerate(rows) if are_names(row)):
        if heads and at > last + 1 and not any(is_part(names, head) for head in heads):
            cuts, heads = [*cuts, at], []
        heads, last = [*heads, names], at
    parts = ((f"{title} ({at + 1})" if at else title, at, end) for at, end in pairwise([0, *cuts, len(rows)]))
    return [*filter(None, (find_list(name, rows[at:end], unnamed, at, said) for name, at, end in parts))]


def find_list(title: str, rows: Rows, unnamed: str, before: int = 0, said: Said | None = None) -> OldList | None:
    """The list in these rows, `before` which so many stand in their tab; None if none looks like headings. `unnamed` is
    the pattern for the name of a column without a heading, with ``{huruf}`` for its letter."""
    best, first_row, last, labels = 0, 0, 0, list[str]()
    for height in (1, 2):  # two rows only if they tell more than any single one
        for first in range(min(ROWS_SEARCHED, len(rows) - height + 1)):
            found = _labels(rows[first : first + height])
            if (worth := _worth(found, said)) > best:
                best, first_row, last, labels = worth, first, first + height - 1, found
    if not best:
        return None
    heads = [[*map(fold, row)] for row in (labels, *rows[max(first_row - 1, 0) : last + 1])]
    numbered = enumerate(rows[last + 1 :], start=before + last + 2)
    below = [(number, cells) for number, cells in numbered if any(map(says, cells)) and not _repeats(cells, heads)]
    width = max(len(labels), *(len(cells) for _, cells in below), 0)
    labels += [""] * (width - len(labels))
    whole = [(number, [*cells, *[None] * (width - len(cells))]) for number, cells in below]
    used = [at for at in range(width) if labels[at] or any(says(cells[at]) for _, cells in whole)]
    columns = tuple(
        found if found.label else Understood(unnamed.format(huruf=letters(at)), Meaning.NONE)
        for at, found in zip(used, understand([labels[at] for at in used]), strict=True)
    )
    above = (title, *(clean(cell) for row in rows[:first_row] for cell in row if isinstance(cell, str)))
    told = as_above(([row[at] for at in used] for _, row in whole), [CATEGORY in found.columns for found in columns])
    records = [ListRow(str(number), cells, above, up) for (number, _), (cells, up) in zip(whole, told, strict=True)]
    return OldList(title, columns, (*records,))


def _worth(labels: Sequence[str], said: Said | None) -> int:
    """How many of our columns a row names, with certain names counting more; 0 if it may be no headings at all."""
    meanings = [found.meaning for found in understand(labels, said) if found.columns]
    sure = sum(meaning is not Meaning.SIMILAR for meaning in meanings)
    return 2 * len(meanings) + sure if sure and len(meanings) >= FEWEST else 0


def _labels(rows: Rows) -> list[str]:
    """The headings in a row, or in two rows if cells of the upper one are merged: `Pelapor` above `Nama` and `Telepon`.
    A merged cell holds its text at the left. The upper word is added if the lower one means nothing by itself, or
    stands there twice. One known lower word is enough if all stand below such cells, as no row's content does."""
    above, *more = ([clean(value) if isinstance(value, str) else "" for value in row] for row in rows)
    if not any(more):
        return above
    (below,) = more
    above, below = map(list, zip(*zip_longest(above, below, fillvalue=""), strict=True))
    alone, parts = understand(below), {at for at, up in enumerate(above) if below[at] and not up}
    apart = any(low and not {at, at + 1} & parts for at, low in enumerate(below))
    merged = parts and not re.search(r"\d", "".join(above)) and sum(map(bool, above)) >= FEWEST
    if not merged or sum(found.meaning is Meaning.KNOWN for found in alone) < (FEWEST if apart else 1):
        return []
    labels, group = list[str](), ""
    for upper, lower, found in zip(above, below, alone, strict=True):
        group = upper or (group if lower else "")
        telling = bool(found.columns) and below.count(lower) == 1
        whole = lower if telling or group in ("", lower) else f"{group} {lower}".strip()
        labels.append(whole if lower else upper)
    return labels


def _repeats(cells: Sequence[Value], heads: Iterable[Sequence[str]]) -> bool:
    """Whether a row repeats one of the rows of headings, as on every page of a printed list (there, merged cells of the
    first page may be empty), or numbers them, as official forms do."""
    told = [cell for cell in cells if says(cell)]
    numbers = (fold(raw_text(cell)) == str(at) for at, cell in enumerate(told, start=1))
    again = (is_part(map(fold, cells), head) for head in heads if not (first := fold(told[0])) or first in head)
    return (len(told) > FEWEST and all(numbers)) or (len(told) >= FEWEST and any(again))


def check_days(old: OldList) -> None:
    """Raise `ConfigurationError` if a date has the month first, or others were turned so: then none is certain."""
    for at in (at for at in map(old.at, (RECEIVED, DONE)) if at is not None):
        turned = is_half_turned([record.cells[at] for record in old.records])
        for record in old.records:
            if is_month_first(cell := record.cells[at], old.columns[at].label) or (turned and isinstance(cell, str)):
                about = {"kolom": old.columns[at].label, "tulisan": without_contacts(line_of(cell))}
                raise ConfigurationError(Trouble("impor.tanggal-terbalik", baris=record.number, **about))


# Rows that tell of no complaint

_KECAMATAN = re.compile(r"\b(?:kecamatan|kec)\b[\s.:-]*", re.IGNORECASE)
_KELURAHAN = re.compile(r"\b(?:kelurahan|kel|desa)\b[\s.:-]*", re.IGNORECASE)
#: The numbering of such a row, and a count of the rows that follow.
_NUMBERING = re.compile(
    r"(?:[0-9]+|[IVX]+|[A-Z])[.)]?|[([]?[0-9]+ *(?:laporan|aduan|pengaduan|baris|kasus)?[)\]]?", re.IGNORECASE
)
_AFTER = re.compile(r"[\s(\[:;,/-]*(?:\(.*|[0-9].*|\b(?:tahun|bulan|periode|per|kota)\b.*)?$", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:[0-9]+|[IVX]+|[A-Z])[.)]\s*|^wilayah\s+", re.IGNORECASE)
_MOST_CELLS, _LONGEST, _MOST_WORDS = 3, 70, 3  # of a heading: cells, characters; words of a kelurahan's name


def group_of(cells: Sequence[Value], places: Places) -> Kelurahan | Doubt | None:
    """The kelurahan that the following rows are about, if this row says nothing else; a doubt if it is unclear, without
    candidates if the row names only a kecamatan. None for any other row."""
    if len(cells) - cells.count(None) > _MOST_CELLS + _MOST_CELLS:
        return None
    texts = [text for text in (clean(raw_text(cell)) for cell in cells) if text]
    told = [text for text in texts if not _NUMBERING.fullmatch(text)]
    if not told or len(texts) > _MOST_CELLS or sum(map(len, told)) > _LONGEST:
        return None
    named, bare = _place_in(" ".join(told), places), _AFTER.sub("", _BEFORE.sub("", told[0]))
    found = places.find(bare) if named is None and len(told) == 1 else named
    return found if isinstance(found, Kelurahan) else named


def _place_in(text: str, places: Places) -> Kelurahan | Doubt | None:
    """The place that a heading begins with and calls a kelurahan or kecamatan: ``KELURAHAN PETIR (20 laporan)``, ``Kec.
    Cipondoh, Kel. Petir``. None if it does not."""
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
    """The place that a text calls a kelurahan: ``Laporan Kel. Gondrong 2026``, ``Kelurahan Gondrong, Kecamatan
    Cipondoh``. None if it calls nothing so."""
    _, *called = _KELURAHAN.split(text, maxsplit=1)
    if not called:
        return None
    name, *kecamatan = _KECAMATAN.split(called[0], maxsplit=1)
    return _find(name, kecamatan[0] if kecamatan else None, places)


def place_above(texts: Sequence[str], places: Places, into: Kelurahan | None) -> Kelurahan | Doubt | None:
    """The kelurahan that is named by a tab's title, or by a text above its headings; None if there is none. A bare name
    that is also a kecamatan's is a doubt, unless the list is brought `into` that kelurahan's tab."""
    doubt: Doubt | None = None
    for text in texts:
        called, (name, *within) = place_called(text, places), _KECAMATAN.split(text, maxsplit=1)
        if isinstance(place := called or _find(name, None, places), Kelurahan):
            if called or within or isinstance(places.find_kecamatan(place.name), Doubt):
                return place
            doubt = doubt or (Doubt((place.name,)) if place != into else None)
    return doubt


def _find(name: str, kecamatan: str | None, places: Places) -> Kelurahan | Doubt:
    bare = _AFTER.sub("", name).strip(" .,:;-/")
    return places.find(bare, _AFTER.sub("", kecamatan).strip(" .,:;-/") if kecamatan else None)
