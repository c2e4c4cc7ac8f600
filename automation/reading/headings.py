"""What the headings of a list mean that others made (an export of LAPOR!, a table that people keep by hand), and the
questions of a Google Form, which are known by their words.

What a person or a `Profile` has **said** of a heading counts. Else it is **known** where it stands below, case and
punctuation aside; it is **similar** where it resembles one of these, or names two (`Nama / No HP`). None of our columns
is then given to two headings: the better one has it, of equals the one that stands first below, then the one further
left.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rapidfuzz import fuzz

from automation.model.cells import CellError, Value, fold
from automation.reading.cell_text import clean, raw_text
from automation.tables.intake import ADDRESS, CATEGORY, DESCRIPTION, KELURAHAN, NAME, PEOPLE, PHONE, RECEIVED, RT_RW
from automation.tables.table import Column, Owner, names

#: From this score (of 100) on, a heading resembles a known one.
ALIKE = 82.0
_SHORTEST = 5  # letters: shorter words stand in many headings by accident
_LONGEST = 120  # characters of a heading; forms have whole questions there
_CERTAIN = 1000.0


class Meaning(Enum):
    """How a heading was understood."""

    SAID = "dikatakan"  # by a person, or a profile
    KNOWN = "dikenal"
    SIMILAR = "mirip"
    NONE = "tidak"  # none of our columns


@dataclass(frozen=True, slots=True)
class Understood:
    """What a heading means: `columns` are what its cells are taken for, none where they are none of ours; `part` is
    ``RT`` or ``RW`` where a list keeps the two apart."""

    label: str
    meaning: Meaning
    columns: tuple[Column, ...] = ()
    part: str = ""


#: What people said of headings, by their folded labels.
Said = Mapping[str, tuple[Column, ...]]
#: Between the names of two columns in one heading.
_BARRED = re.compile(r"\b(rt|hp|no)\s*/\s*(rw|wa|hp)\b", re.IGNORECASE)  # one name that has such a bar itself
_BETWEEN = re.compile(r"\s*(?:[/,+&\n|]|\bdan\b)\s*", re.IGNORECASE)
#: What resembles ours and is none. LAPOR!'s `Klasifikasi` (Pengaduan, Aspirasi, Permintaan Informasi) is not what a
#: complaint is about, as our `Kategori` is.
_OTHERS = names("""
    klasifikasi; klasifikasi laporan; no; nomor; no urut; nomor urut; pemeriksaan; tenggat; keterlambatan; tanggal
    kejadian; tgl kejadian; tanggal disposisi; tanggal tindak lanjut; tanggal lahir; tempat lahir; alamat email;
    email; nama instansi; instansi; instansi induk; instansi terdisposisi; disposisi; nama kecamatan; kecamatan;
    kota; provinsi; area; nik; no ktp; nomor ktp; no kk; jenis kelamin; umur; usia; pekerjaan; rating; lampiran;
    foto; dapil; bulan; tahun; tautan; link; jumlah warga; email pelapor; alamat email pelapor; waktu laporan masuk;
    id kategori; ringkasan; komisi; umur; jenjang
""")


def understand(labels: Sequence[str], said: Said | None = None) -> tuple[Understood, ...]:
    """What each heading of a list means, in their order; an empty one means nothing."""
    told = {at: (said or {})[fold(label)] for at, label in enumerate(labels) if fold(label) in (said or {})}
    parts = {at: part for at, part in _rt_and_rw(labels).items() if at not in told}
    best = {at: _best(label) for at, label in enumerate(labels) if at not in parts and at not in told}
    taken = {column: -1 for columns in told.values() for column in columns} | ({RT_RW: -1} if parts else {})
    for at in sorted(best, key=lambda at: -best[at][0]):
        for column in best[at][1]:
            taken.setdefault(column, at)

    def meaning(at: int, label: str) -> Understood:
        if at in told:
            return Understood(label, Meaning.SAID, told[at])
        if at in parts:
            return Understood(label, Meaning.KNOWN, (RT_RW,), part=parts[at])
        score, columns = best[at]
        if not (own := tuple(column for column in columns if taken[column] == at)):
            return Understood(label, Meaning.NONE)
        return Understood(label, Meaning.KNOWN if score > 100 else Meaning.SIMILAR, own)

    return tuple(meaning(at, label) for at, label in enumerate(labels))


def _rt_and_rw(labels: Sequence[str]) -> dict[int, str]:
    folded = [fold(label) for label in labels]
    both = folded.count("rt") == folded.count("rw") == 1 and fold(RT_RW) not in folded
    return {folded.index("rt"): "RT", folded.index("rw"): "RW"} if both else {}


@lru_cache(maxsize=1024)
def _best(label: str) -> tuple[float, tuple[Column, ...]]:
    """The column that a heading names or resembles most, or those that it names one after another, and how much; none
    where that is none of ours."""
    if (known := _EXACT.get(fold(label))) is not None:
        column, place = known
        return _CERTAIN - place, (column,) if column else ()
    each = [_EXACT.get(fold(part), (None, 0))[0] for part in _BETWEEN.split(_BARRED.sub(r"\1\2", label))]
    if len(each) > 1 and (several := tuple(dict.fromkeys(filter(None, each)))) and None not in each:
        return _CERTAIN / 2, several
    words = spaced(label[:_LONGEST])
    score, column = max(((_likeness(words, name), column) for name, column in _ALL), key=lambda found: found[0])
    return (score, (column,)) if score >= ALIKE and column is not None else (0.0, ())


def _likeness(words: str, name: str) -> float:
    """How much a heading resembles a known name; one that holds all its words does, the more of them the better."""
    own, theirs = words.split(), name.split()
    within = len(name) >= _SHORTEST and set(theirs) <= set(own)
    spelled = max(fuzz.ratio(words.replace(" ", ""), name.replace(" ", "")), fuzz.token_sort_ratio(words, name))
    if len(name) < _SHORTEST:
        spelled = 0.0
    return max(spelled, min(ALIKE + len(name) / 2, 99.0) if within else 0.0)


def spaced(text: str) -> str:
    """The words of a text, in small letters and with one space between each two."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


_ALL: tuple[tuple[str, Column | None], ...] = tuple(
    (spaced(name), column)
    for column in (*(column for column in PEOPLE if column.imported), None)
    for name in ((column.heading, *column.other_names) if column else _OTHERS)
)
_EXACT: Mapping[str, tuple[Column | None, int]] = {
    fold(name): (column, place) for place, (name, column) in reversed(list(enumerate(_ALL)))
}


def says(value: Value) -> bool:
    """Whether something stands in the cell."""
    if value is None or type(value) is str:
        return value is not None and value != "" and not value.isspace()
    return bool(raw_text(value).strip()) or isinstance(value, CellError)


#: When an answer came in, as Google calls it.
STAMPS = frozenset({"timestamp", "stempelwaktu", "capwaktu"})
#: What any form may ask; and which questions tell one of complaints.
_TOO_LITTLE = frozenset({"keterangan", "judul", "isi", "perihal", "laporan"})
_TELLING, FEWEST = frozenset({NAME, PHONE, ADDRESS, RT_RW, CATEGORY, KELURAHAN}), 2


def find_questions(row: Sequence[Value], known: Mapping[Column, int]) -> dict[Column, int] | None:
    """Where the columns of ours stand in a row of headings that a form has made, beside those that are `known`; None
    where it is none, or not one of complaints: then it asks what is wrong, and two more of our questions."""
    stamp = next((at for at, value in enumerate(row) if fold(value) in STAMPS), None)
    if stamp is None:
        return None
    columns = {RECEIVED: stamp, **known}
    taken = frozenset(columns.values())
    labels = ["" if at in taken or not isinstance(value, str) else clean(value) for at, value in enumerate(row)]
    for at, asked in enumerate(understand(labels)):
        column = asked.columns[0] if len(asked.columns) == 1 and fold(asked.label) not in _TOO_LITTLE else None
        if column is not None and column.owner is Owner.VOLUNTEER:
            columns.setdefault(column, at)
    return columns if DESCRIPTION in columns and len(_TELLING & columns.keys()) >= FEWEST else None
