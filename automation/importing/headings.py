"""What headings mean in lists that others made: exports of LAPOR!, and tables that people keep by hand.

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

from automation.model.cells import fold
from automation.tables.intake import PEOPLE, RT_RW
from automation.tables.table import Column, names

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
    selesai; tgl selesai; tanggal kejadian; tgl kejadian; tanggal disposisi; tanggal tindak lanjut; tanggal tutup;
    tanggal ditutup; tanggal lahir; tempat lahir; alamat email; email; nama instansi; instansi; instansi induk;
    instansi terdisposisi; disposisi; nama kecamatan; kecamatan; kota; provinsi; area; nik; no ktp; nomor ktp; no
    kk; jenis kelamin; umur; usia; pekerjaan; rating; lampiran; foto; dapil; bulan; tahun; tautan; link; jumlah
    warga; email pelapor; alamat email pelapor
""")


def understand(labels: Sequence[str]) -> tuple[Understood, ...]:
    """What each heading of a list means, in their order; an empty one means nothing."""
    parts = _rt_and_rw(labels)
    scored = sorted(
        (
            (-score, at, column)
            for at, label in enumerate(labels)
            if at not in parts
            for score, column in [_best(label)]
            if column is not None
        ),
        key=lambda found: found[:2],
    )
    taken: dict[Column, tuple[int, float]] = {RT_RW: (-1, 0.0)} if parts else {}
    for score, at, column in scored:
        taken.setdefault(column, (at, -score))
    placed = {at: (column, score) for column, (at, score) in taken.items() if at >= 0}
    found: list[Understood] = []
    for at, label in enumerate(labels):
        if at in parts:
            found.append(Understood(label, Meaning.KNOWN, RT_RW, part=parts[at]))
        elif at in placed:
            column, score = placed[at]
            found.append(Understood(label, Meaning.KNOWN if score > 100 else Meaning.SIMILAR, column))
        else:
            found.append(Understood(label, Meaning.NONE, reference=fold(label) in _REFERENCE_KEYS))
    return tuple(found)


def _rt_and_rw(labels: Sequence[str]) -> dict[int, str]:
    """Where RT and RW stand in columns of their own."""
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
    for column in (*PEOPLE, None)
    for name in ((column.heading, *column.other_names) if column else (*_REFERENCES, *_OTHERS))
)
_EXACT: Mapping[str, tuple[Column | None, int]] = {
    fold(name): (column, place) for place, (name, column) in reversed(list(enumerate(_ALL)))
}
