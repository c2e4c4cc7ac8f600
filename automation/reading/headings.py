"""What the headings of other people's lists mean (an export of LAPOR!, a table kept by hand), and the questions of a
Google Form, which are recognised by their words.

What a person or a `Profile` has **said** of a heading counts. Otherwise it is **known** if it stands below, apart from
case and punctuation; it is **similar** if it resembles one of these, or names two (`Nama / No HP`). No column of ours
is given to two headings: the better one gets it; of equals the one that comes first below, then the one further left.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache

from msgspec import Struct
from rapidfuzz import fuzz

from automation.model.cells import CellError, Value, fold
from automation.reading.cell_text import clean, raw_text
from automation.reading.dates import read_date
from automation.reading.numbers import read_phones
from automation.tables import intake
from automation.tables.intake import ADDRESS, CATEGORY, DESCRIPTION, KELURAHAN, NAME, PEOPLE, PHONE, RECEIVED, RT_RW
from automation.tables.table import Column, Owner, names

#: From this score (of 100) on, a heading resembles a known one.
ALIKE = 82.0
_SHORTEST = 5  # letters: shorter words occur in many headings by accident
_LONGEST = 120  # characters of a heading that are read; forms have whole questions there
_CERTAIN = 1000.0


class Meaning(Enum):
    """How a heading was understood."""

    SAID = "dikatakan"  # by a person, or a profile
    KNOWN = "dikenal"
    SIMILAR = "mirip"
    NONE = "tidak"  # none of our columns


class Understood(Struct, frozen=True):
    """What a heading means: `columns` are those of ours that its cells belong to, if any; `part` is ``RT`` or ``RW`` if
    a list keeps the two apart."""

    label: str
    meaning: Meaning
    columns: tuple[Column, ...] = ()
    part: str = ""


Said = Mapping[str, tuple[Column, ...]]  # what people said of headings, by their folded labels
#: What separates the names of two columns in one heading.
_BARRED = re.compile(r"\b(rt|hp|no)\s*/\s*(rw|wa|hp)\b", re.IGNORECASE)  # a single name that contains a slash
_BETWEEN = re.compile(r"\s*(?:[/,+&\n|]|\bdan\b)\s*", re.IGNORECASE)
_LISTED = re.compile(r"^[^()]*\(([^()]+(?:[,&+]| dan )[^()]+)\)$")  # “Pelapor (Nama, Alamat, No HP)”
#: Around a heading: a form's number; that men and women are marked (L/P); the ending of ``Masalahnya apa?``.
_AROUND = re.compile(r"^\(?[0-9]{1,2}[.)]\s*(?=\S)|(?<=[\w ])\(?\b[LP] ?/ ?[LP]\)?$|(?<=\w{3})nya\b")
_ASKED = re.compile(r"(rt|rw)(?:berapa|keberapa|nya)")
#: Headings that resemble ours but mean something else. LAPOR!'s `Klasifikasi` (Pengaduan, Aspirasi, Permintaan
#: Informasi) is not what a complaint is about, unlike our `Kategori`.
_OTHERS = names("""klasifikasi; klasifikasi laporan; no; nomor; no urut; nomor urut; pemeriksaan; tenggat;
    keterlambatan; tanggal kejadian; tgl kejadian; tanggal disposisi; tanggal tindak lanjut; tanggal ditanggapi; tanggal
    tanggapan; tanggal respon; waktu respon; tanggal jawaban; tanggal update; tanggal diperbarui; updated at; batas
    waktu; tanggal lahir; tempat lahir; alamat email; email; nama instansi; instansi; instansi induk; instansi
    terdisposisi; disposisi; nama kecamatan; kecamatan; kota; provinsi; area; nik; no ktp; nomor ktp; no kk; jenis
    kelamin; umur; usia; pekerjaan; rating; lampiran; foto; dapil; bulan; tahun; tautan; link; jumlah warga; email
    pelapor; alamat email pelapor; waktu laporan masuk; id kategori; ringkasan; komisi; jenjang; tanggal surat; tanggal
    realisasi; anggaran; saran; email address; rencana tindak lanjut; no hp rt; kesan; kesan dan pesan; kesan pesan;
    pesan kesan; due date; response date""")


def understand(labels: Sequence[str], said: Said | None = None) -> tuple[Understood, ...]:
    """What each heading of a list means, in order; an empty one means nothing."""
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
    folded = [_ASKED.sub(r"\1", fold(label)) for label in labels]
    there = (name for name in ("rt", "rw") if folded.count(name) == 1 and fold(RT_RW) not in folded)
    return {folded.index(name): name.upper() for name in there}


@lru_cache(maxsize=1024)
def _best(label: str) -> tuple[float, tuple[Column, ...]]:
    """The column that a heading names or resembles most, or those that it names one after another, and the score; none
    if the best is none of ours."""
    if (known := _EXACT.get(fold(label := _AROUND.sub("", label).removesuffix(" 1")))) is not None:
        column, place = known
        return _CERTAIN - place, (column,) if column else ()
    listed = _LISTED.sub(r"\1", label)
    each = [_EXACT.get(fold(part), (None, 0)) for part in _BETWEEN.split(_BARRED.sub(r"\1\2", listed))]
    several = tuple(dict.fromkeys(column for column, _ in each if column))
    if len(each) > 1 and several and None not in (column for column, _ in each):
        # “Usulan / Keluhan Warga” is one column, and as sure as its better name.
        return (_CERTAIN - min(place for _, place in each) if len(several) == 1 else _CERTAIN / 2), several
    said = {*(words := spaced(label[:_LONGEST])).split()}
    score, column = max(((_likeness(words, said, name), column) for name, column in _ALL), key=lambda found: found[0])
    return (score, (column,)) if score >= ALIKE and column is not None else (0.0, ())


def _likeness(words: str, said: set[str], name: str) -> float:
    """How much a heading resembles a known name; one with all words of the name does, the longer the name the more."""
    if len(name) < _SHORTEST:
        return 0.0
    within = min(ALIKE + len(name) / 2, 99.0) if said.issuperset(name.split()) else 0.0
    return max(within, fuzz.ratio(words.replace(" ", ""), name.replace(" ", "")), fuzz.token_sort_ratio(words, name))


def spaced(text: str) -> str:
    """The words of a text, in lower case and separated by single spaces."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


_ALL: tuple[tuple[str, Column | None], ...] = tuple(
    (spaced(name), column)
    for column in (*(column for column in PEOPLE if column.imported), None)
    for name in ((column.heading, *column.other_names) if column else _OTHERS)
)
_EXACT: Mapping[str, tuple[Column | None, int]] = {
    fold(name): (column, place) for place, (name, column) in reversed(list(enumerate(_ALL)))
}


def are_names(row: Sequence[Value]) -> bool:
    """Whether a row surely holds headings: mostly known names of our columns, and no number beside them."""
    others = [raw_text(cell) for cell in row if says(cell) and not _is_name(cell)]
    return sum(map(_is_name, row)) > max(FEWEST, len(others)) and not any(map(str.isdigit, "".join(others)))


@lru_cache(maxsize=1024)
def _is_name(value: Value) -> bool:
    return isinstance(value, str) and _EXACT.get(fold(_AROUND.sub("", value[:_LONGEST])), (None,))[0] is not None


def says(value: Value) -> bool:
    """Whether something stands in the cell."""
    if type(value) is str:
        return value != "" and not value.isspace()
    return value is not None and (bool(raw_text(value).strip()) or isinstance(value, CellError))


STAMPS = frozenset({"timestamp", "stempelwaktu", "capwaktu"})  # Google's headings for the time of an answer
#: Questions that any form may ask; and those that mark a form for complaints.
_TOO_LITTLE = frozenset({"keterangan", "judul", "isi", "perihal", "laporan", "pesan", "usulan"})
#: What `setup` adds to each; what no form asks.
_ADDED = frozenset(one for one in intake.ROBOT if not one.optional)
_NEVER_ASKED = frozenset({intake.CHANNEL, intake.OFFICER})
_TELLING, FEWEST = frozenset({NAME, PHONE, ADDRESS, RT_RW, CATEGORY, KELURAHAN}), 2


def find_questions(row: Sequence[Value], known: Mapping[Column, int]) -> dict[Column, int] | None:
    """Where our columns stand in a row of headings that a form has made, including those that are `known`. None if it
    is no form, or none for complaints: that asks what is wrong, and at least two more of our questions, or did when the
    robot got its columns there; then it is one even if somebody has renamed the heading of its times."""
    stamp = next((at for at, value in enumerate(row) if fold(value) in STAMPS), None)
    if stamp is None and not (known.keys() >= _ADDED and _NEVER_ASKED.isdisjoint(known)):
        return None
    columns = {**known} if stamp is None else {RECEIVED: stamp, **known}
    taken = frozenset(columns.values())
    labels = ["" if at in taken or not isinstance(value, str) else clean(value) for at, value in enumerate(row)]
    for at, asked in enumerate(understand(labels)):
        whole = len(asked.columns) == 1 and not asked.part and fold(asked.label) not in _TOO_LITTLE
        column = asked.columns[0] if whole else None  # “RT” beside “RW” is half of one
        if column is not None and column.owner is Owner.VOLUNTEER and column is not RECEIVED:
            columns.setdefault(column, at)
    telling = DESCRIPTION in columns and len(_TELLING & columns.keys()) >= FEWEST
    return columns if telling or sum(one.owner is Owner.ROBOT for one in known) > FEWEST else None


def are_complaints(rows: Sequence[Sequence[Value]], *, named: bool) -> bool:
    """Whether rows below headings of somebody's own are complaints: the headings mean a description (not as little as
    remarks beside telephones), and a name or a telephone; or the tab is `named` after a kelurahan."""
    filled = [row for row in rows if sum(map(says, row)) > 1]
    labels = [clean(value) if isinstance(value, str) else "" for value in filled[0]] if len(filled) > 1 else []
    told = (one for one in understand(labels) if fold(one.label) not in _TOO_LITTLE - {"laporan"})
    meant = {column for one in told for column in one.columns}
    return bool(labels) and (named or (DESCRIPTION in meant and not meant.isdisjoint({NAME, PHONE})))


def was_sorted_up(people: Sequence[Value]) -> bool:
    """Whether a row above the headings is a complaint: they were sorted along with it. A title has fewer of the cells
    that identify one; what names groups of columns, or says how to fill them, has neither a day nor a telephone."""
    at = intake.POSITION
    known = read_date(people[at[RECEIVED]]) or read_phones(people[at[PHONE]]).numbers
    return bool(known) and sum(says(people[at[one]]) for one in intake.IDENTITY) > FEWEST


def says_done(people: Sequence[Value]) -> bool:
    """Whether a row tells an outcome in words."""
    done = people[intake.POSITION[intake.OUTCOME]]
    return isinstance(done, str) and any(map(str.isalpha, done)) and fold(done) != fold(intake.OUTCOME)
