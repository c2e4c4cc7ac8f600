"""What an empty Kendali starts with: settings, categories, places. The names are relied on; the words are elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from automation.config import values as kinds
from automation.model.cells import Value, Writable, fold
from automation.model.places import Kelurahan
from automation.model.terms import AMBIGUOUS, Term, Terms
from automation.model.texts import Texts
from automation.model.vocabulary import Vocabulary, read_sections
from automation.tables.table import YES

_DATA = Path(__file__).with_name("data")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A row of Pengaturan: its name, what stands there at first, and how a cell is understood (raises `Unfit`)."""

    name: str
    default: Writable
    read: Callable[[Value], T]

    @property
    def slug(self) -> str:
        """Its table in templates/pesan/kendali.toml, below ``pengaturan``."""
        return self.name.casefold().replace(" ", "-")


TARGET = Setting("Target Hari Kerja", 6, kinds.Whole(1, 250))
TARGET_URGENT = Setting("Target Mendesak", 3, kinds.Whole(1, 250))
TARGET_EMERGENCY = Setting("Target Darurat", 1, kinds.Whole(1, 250))
WEEK = Setting("Hari Kerja", ", ".join(kinds.WEEKDAYS[:6]), kinds.weekdays)
NATIONAL_HOLIDAYS = Setting("Libur Nasional", YES, kinds.yes_no)
JOINT_LEAVE = Setting("Cuti Bersama", YES, kinds.yes_no)
WARN_DAYS = Setting("Peringatan Sebelum Tenggat", 1, kinds.Whole(0, 30))
ESCALATE_COORDINATOR = Setting("Eskalasi Koordinator", 1, kinds.Whole(1, 250))
ESCALATE_FACTION = Setting("Eskalasi Fraksi", 3, kinds.Whole(1, 250))
ESCALATE_CHAIR = Setting("Eskalasi Ketua", 6, kinds.Whole(1, 250))
OLD_AFTER_DAYS = Setting("Laporan Lama", 30, kinds.Whole(30, 3650))
SHORTEST_DESCRIPTION = Setting("Panjang Uraian Minimum", 1, kinds.Whole(1, 200))
SYNC_MINUTES = Setting("Jeda Sinkron", 5, kinds.Whole(1, 1440))
DAILY_AT = Setting("Jam Kabar Harian", "06:30", kinds.clock)
WEEKLY_ON = Setting("Hari Kabar Mingguan", kinds.WEEKDAYS[0], kinds.weekday)
OUTAGE_MINUTES = Setting("Lapor Gangguan Sesudah", 120, kinds.Whole(10, 10_080))
ORGANISATION = Setting("Nama Organisasi", "Ruang Rakyat", kinds.text)
REPLY_TO = Setting("Balas Ke", None, kinds.email)
PHONE = Setting("Telepon Kantor", None, kinds.text)
ADDRESS = Setting("Alamat Kantor", None, kinds.text)
PROPOSALS_FROM = Setting("Pokir Mulai", None, kinds.day)
PROPOSALS_UNTIL = Setting("Pokir Sampai", None, kinds.day)
RETENTION = Setting("Retensi", None, kinds.Whole(1, 600))
CORRECTION_DAYS = Setting("Simpan Koreksi", 30, kinds.Whole(1, 3650))
BACKUP = Setting("Cadangan", None, kinds.link)
PING = Setting("Ping", None, kinds.web)

#: In the order in which they stand in Pengaturan.
SETTINGS: tuple[Setting[Any], ...] = tuple(one for one in [*vars().values()] if isinstance(one, Setting))

#: What a recipient can ask for in `Kabar`.
DIGEST_KINDS = ("harian", "mingguan", "koordinator", "darurat", "operator")
#: What people mostly ask for, as it is written there; any other choice may be typed.
USUAL_KINDS = (
    "harian",
    "harian, mingguan",
    "harian, mingguan, darurat",
    "harian, darurat",
    "mingguan",
    "mingguan, darurat",
    "darurat",
    "koordinator",
    "koordinator, darurat",
    "koordinator, mingguan, darurat",
    "operator",
    "harian, mingguan, darurat, operator",
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """Rows for an empty Kendali, each in the order of its tab's headings."""

    settings: Sequence[Sequence[Writable]]
    categories: Sequence[Sequence[Writable]]
    places: Sequence[Sequence[Writable]]
    terms: Sequence[Sequence[Writable]]


def load_defaults(texts: Texts) -> Defaults:
    """The defaults, with each setting's explanation."""
    return Defaults(
        settings=[
            (setting.name, setting.default, texts.say(f"kendali.pengaturan.{setting.slug}.keterangan"))
            for setting in SETTINGS
        ],
        categories=[
            (*[row[name] for name in ("kategori", "komisi", "instansi")], _whole(row["target"]), row["sensitif"])
            for row in _rows("kategori.csv")
        ],
        places=[(place.code, place.kecamatan, place.name, place.dapil, "", "", "") for place in load_kelurahan()],
        terms=shipped_terms(),
    )


def load_kelurahan() -> tuple[Kelurahan, ...]:
    """The 104 kelurahan of Kota Tangerang, in the order of their codes."""
    return tuple(
        Kelurahan(row["kode"], row["kecamatan"], row["kelurahan"], int(row["dapil"])) for row in _rows("kelurahan.csv")
    )


@lru_cache(maxsize=1)
def shipped_categories() -> frozenset[str]:
    """The categories of an empty Kendali, as `fold` gives them."""
    return frozenset(fold(row["kategori"]) for row in _rows("kategori.csv"))


@lru_cache(maxsize=1)
def shipped_terms() -> tuple[tuple[str | None, ...], ...]:
    """The rows of an empty Kendali's `Istilah`."""
    return tuple(tuple(cell or None for cell in row.values()) for row in _rows("istilah.csv"))


@lru_cache(maxsize=1)
def load_terms() -> Terms:
    """What they say."""
    rows = (map(str, (cell or "" for cell in row)) for row in shipped_terms())
    return make_terms(tuple(Term(said, kind, meant, note.startswith(AMBIGUOUS)) for said, kind, meant, note in rows))


@lru_cache(maxsize=4)
def make_terms(terms: tuple[Term, ...]) -> Terms:
    """The rows of an `Istilah`."""
    words = _shipped_words()
    named = {part for street in words.sections["nama jalan"] for part in street.split("_")}
    return Terms(terms, lambda word: word in named or words.has(word))


@lru_cache(maxsize=4)
def city_vocabulary(
    categories: tuple[str, ...] = (), places: tuple[str, ...] = (), terms: Terms | None = None
) -> Vocabulary:
    """The words that complaints are made of, in a city with these categories, names of places and words of its own."""
    return _shipped_words().of_city(categories, places, terms.shown if terms else ())


@lru_cache(maxsize=1)
def _shipped_words() -> Vocabulary:
    return Vocabulary(read_sections((_DATA / "kata.txt").read_text("utf-8")))


def _whole(written: str) -> int | None:
    return int(written) if written else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))
