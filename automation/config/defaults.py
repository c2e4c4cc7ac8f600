"""The content of an empty Kendali: settings, categories, places. Programs rely on these names; words are elsewhere."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from sys import intern

from msgspec import Struct

from automation.config import values as kinds
from automation.importing.profiles import Profile, read_said
from automation.model.cells import Writable, fold
from automation.model.complaint import Channel
from automation.model.places import Kelurahan
from automation.model.terms import AMBIGUOUS, Term, Terms
from automation.model.texts import Texts
from automation.model.vocabulary import Vocabulary, read_sections
from automation.tables import kendali as tables
from automation.tables.table import YES, names

_DATA = Path(__file__).with_name("data")


class Setting(Struct, frozen=True):
    """A row of Pengaturan: its name, its initial value, and how a cell is read (raises `Unfit`). `field` is its place
    in the settings, and `empty` its value there while the cell is empty."""

    name: str
    default: Writable
    read: kinds.ValueKind
    field: str = ""
    empty: str | None = ""

    @property
    def slug(self) -> str:
        """Its table in templates/pesan/kendali.toml, below ``pengaturan``."""
        return self.name.casefold().replace(" ", "-")

    def example(self, texts: Texts) -> str:
        """What may be typed: its initial value, or what its table says."""
        key = f"kendali.pengaturan.{self.slug}.contoh"
        return texts.say(key) if texts.has(key) else str(self.default)


TARGET = Setting("Target Hari Kerja", 6, kinds.between(1, 250), "targets.Biasa")
CORRECTION_DAYS = Setting("Simpan Koreksi", 30, kinds.between(1, 3650), "rules.correction_days")
BACKUP = Setting("Cadangan", None, kinds.LINK)
#: All settings, in the order in which they stand in Pengaturan.
SETTINGS: tuple[Setting, ...] = (
    TARGET,
    Setting("Target Mendesak", 3, kinds.between(1, 250), "targets.Mendesak"),
    Setting("Target Darurat", 1, kinds.between(1, 250), "targets.Darurat"),
    Setting("Hari Kerja", ", ".join(kinds.WEEKDAYS[:6]), kinds.SOME_WEEKDAYS, "calendar.week"),
    Setting("Libur Nasional", YES, kinds.YES_NO, "calendar.national"),
    Setting("Cuti Bersama", YES, kinds.YES_NO, "calendar.joint_leave"),
    Setting("Peringatan Sebelum Tenggat", 1, kinds.between(0, 30), "ladder.warn_days"),
    Setting("Eskalasi Koordinator", 1, kinds.between(1, 250), "ladder.coordinator"),
    Setting("Eskalasi Fraksi", 3, kinds.between(1, 250), "ladder.faction"),
    Setting("Eskalasi Ketua", 6, kinds.between(1, 250), "ladder.chair"),
    Setting("Laporan Lama", 30, kinds.between(30, 3650), "rules.old_after_days"),
    Setting("Panjang Uraian Minimum", 1, kinds.between(1, 200), "rules.shortest_description"),
    Setting("Jeda Sinkron", 5, kinds.between(1, 1440), "settings.sync_minutes"),
    Setting("Jam Kabar Harian", "06:30", kinds.CLOCK, "settings.daily_at"),
    Setting("Hari Kabar Mingguan", kinds.WEEKDAYS[0], kinds.WEEKDAY, "settings.weekly_on"),
    Setting("Cari Tab Baru", 30, kinds.between(1, 1440), "settings.new_tabs_minutes"),
    Setting("Lapor Gangguan Sesudah", 120, kinds.between(10, 10_080), "settings.outage_minutes"),
    Setting("Nama Organisasi", "Ruang Rakyat", kinds.ANY_TEXT, "rules.organisation"),
    Setting("Balas Ke", None, kinds.EMAIL, "settings.reply_to"),
    Setting("Telepon Kantor", None, kinds.PHONE, "office.phone"),
    Setting("Alamat Kantor", None, kinds.ANY_TEXT, "office.address"),
    Setting("Pokir Mulai", None, kinds.DAY, "proposing.begins", empty=None),
    Setting("Pokir Sampai", None, kinds.DAY, "proposing.ends", empty=None),
    Setting("Retensi", None, kinds.between(1, 600, "bulan"), "rules.retention_months", empty=None),
    CORRECTION_DAYS,
    BACKUP,
    Setting("Ping", None, kinds.WEB, "settings.ping"),
)

#: What a recipient can ask for in `Kabar`.
DIGEST_KINDS = ("harian", "mingguan", "koordinator", "darurat", "operator")
#: The usual combinations, as they are written there; any other may be typed.
USUAL_KINDS = names("""harian; harian, mingguan; harian, mingguan, darurat; harian, darurat; mingguan; mingguan,
    darurat; darurat; koordinator; koordinator, darurat; koordinator, mingguan, darurat; operator; harian, mingguan,
    darurat, operator""")


#: Rows for an empty Kendali, by table, each in the order of its headings.
Defaults = Mapping[str, Sequence[Sequence[Writable]]]


def load_defaults(texts: Texts) -> Defaults:
    """The defaults, with each setting's explanation."""
    said = ((one, texts.say(f"kendali.pengaturan.{one.slug}.keterangan")) for one in SETTINGS)
    return {
        tables.SETTINGS: [(setting.name, setting.default, told) for setting, told in said],
        tables.CATEGORIES: [
            (*row[:3], int(row[3] or 0) or None, row[4]) for row in ([*one.values()] for one in _rows("kategori.csv"))
        ],
        tables.PLACES: [(one.code, one.kecamatan, one.name, one.dapil, "", "", "") for one in load_kelurahan()],
        tables.TERMS: shipped_terms(),
    }


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
def load_lapor() -> Profile:
    """What is known beforehand of the files of LAPOR!."""
    told = tomllib.loads((_DATA / "lapor.toml").read_text("utf-8"))
    words = {fold(topic): entry for entry, topics in told["status"].items() for topic in names(topics)}
    for entry, topics in told["kategori"].items():
        for topic in (entry, *names(topics)):
            words |= {fold(topic): entry, fold(f"Lainnya terkait {topic}"): entry}
    return Profile(frozenset(map(fold, names(told["judul"]))), read_said(names(told["arti"])), Channel.LAPOR, words)


@lru_cache(maxsize=1)
def shipped_terms() -> tuple[tuple[str | None, ...], ...]:
    """The rows of an empty Kendali's `Istilah`."""
    return tuple(tuple(intern(cell) if cell else None for cell in row.values()) for row in _rows("istilah.csv"))


@lru_cache(maxsize=1)
def load_terms() -> Terms:
    """The terms of those rows."""
    rows = (map(str, (cell or "" for cell in row)) for row in shipped_terms())
    return make_terms(tuple(Term(said, kind, meant, note.startswith(AMBIGUOUS)) for said, kind, meant, note in rows))


@lru_cache(maxsize=4)
def make_terms(terms: tuple[Term, ...]) -> Terms:
    """Terms from the rows of an `Istilah`."""
    return Terms(terms, _shipped_words())


@lru_cache(maxsize=4)
def city_vocabulary(categories: tuple[str, ...], places: tuple[str, ...], terms: Terms | None = None) -> Vocabulary:
    """The words that may be shown of complaints, in a city with these categories, names of places and terms."""
    return _shipped_words().of_city(categories, places, terms.shown if terms else ())


@lru_cache(maxsize=1)
def _shipped_words() -> Vocabulary:
    lists = ((_DATA / name).read_text("utf-8") for name in ("kata.txt", "perkara.txt"))
    return Vocabulary(read_sections("\n".join(lists)))


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))
