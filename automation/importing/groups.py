"""Rows of a list that tell of no complaint: totals, and those that say which kelurahan the following ones are about; so
does a title, or the name of a tab."""

from __future__ import annotations

import re
from collections.abc import Sequence

from automation.model.cells import Value, fold
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.cell_text import clean, raw_text

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


def place_above(texts: Sequence[str], places: Places) -> Kelurahan | None:
    """The kelurahan that a tab's title, or what stands above its headings, names."""
    found = (place_called(text, places) or _find(_KECAMATAN.split(text)[0], None, places) for text in texts)
    return next((place for place in found if isinstance(place, Kelurahan)), None)


def is_total(cell: Value) -> bool:
    """Whether it begins the last row of a list."""
    return fold(cell).rstrip("0123456789").removesuffix("laporan") in _TOTALS


def _find(name: str, kecamatan: str | None, places: Places) -> Kelurahan | Doubt:
    bare = _AFTER.sub("", name).strip(" .,:;-/")
    return places.find(bare, _AFTER.sub("", kecamatan).strip(" .,:;-/") if kecamatan else None)
