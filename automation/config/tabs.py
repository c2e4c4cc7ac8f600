"""The rows that people keep in Kendali: recipients, categories, terms, holidays, sources (places: `places.py`), read by
their headings. A row that can't be used is passed over and reported with its cell; if only a part is wrong and the rest
can safely be used, the rest counts. Reports name cells and what is allowed, never an address or a person's name."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Protocol

from msgspec import Struct

from automation.config.defaults import DIGEST_KINDS, TARGET
from automation.config.values import Unfit, is_email, read_scope, text, yes_no
from automation.digests.audience import Recipient
from automation.model.cells import Link, Tab, Value, fold, is_empty, letters
from automation.model.places import Doubt, Places
from automation.model.rules import Category
from automation.model.terms import AMBIGUOUS, SHOWN, SPELLING, Term
from automation.reading.cell_text import line_of
from automation.reading.dates import read_date
from automation.reading.tabs import Headings, find_columns
from automation.tables.intake import KELURAHAN
from automation.tables.kendali import CHECK, HEADINGS, HOLIDAYS
from automation.trouble import Trouble

_GOOGLE_ID = re.compile(r"/(?:d|folders)/([\w-]{10,})")
#: Headings below which links are typed; Google offers to show the title of the target in their place.
_LINKED = ("Tautan", "Nilai")
#: A remark beside a day of no kind that says that it is none off.
_NOT_OFF = re.compile(r"\b(?:masuk|(?:tidak|tdk|bukan|batal)(?: jadi)? (?:libur|cuti))\b", re.IGNORECASE)
OFF, WORKED = HOLIDAYS.by_heading["Jenis"].options
BACKUP_KEY = "cadangan "  # the keys of Cadangan's tabs begin so where it is read with Kendali


class Kendali(Protocol):
    """What this room needs of Kendali (`sheets.port.Snapshot`); `troubles`: what it links to and can't be used."""

    @property
    def tabs(self) -> Sequence[Tab]: ...

    @property
    def troubles(self) -> Sequence[Trouble]: ...

    def tab(self, title: str) -> Tab | None:
        """The tab with this title."""


class Record(Struct, frozen=True):
    """One row of a table; `number` is its 0-based row in the tab."""

    tab: str
    number: int
    columns: Mapping[str, int]
    cells: Sequence[Value]

    def __getitem__(self, heading: str) -> Value:
        column = self.columns.get(heading)
        cell = None if column is None or column >= len(self.cells) else self.cells[column]
        return cell.address if isinstance(cell, Link) and cell.is_page and heading in _LINKED else cell

    def place(self, heading: str) -> str:
        """The cell under this heading as people name it: ``Pengaturan!B7``; only the row if the heading is gone."""
        column = self.columns.get(heading)
        return f"{self.tab}!{letters(column) if column is not None else ''}{self.number + 1}"

    def problem(self, entry: str, heading: str, **particulars: object) -> Trouble:
        """What is wrong with the cell under this heading."""
        return Trouble(f"kendali.baris.{entry}", cell=self.place(heading), **particulars)


def records(tab: Tab, header: Headings[str]) -> Iterator[Record]:
    """The rows below the headings that hold anything under one of them, other than the program's check."""
    title, told = tab.title.strip(), [at for heading, at in header.columns.items() if heading != CHECK]
    for number, cells in enumerate(tab.rows[header.row + 1 :], start=header.row + 1):
        if not all(is_empty(cells[at]) for at in told if at < len(cells)):
            yield Record(title, number, header.columns, cells)


def rows_of(kendali: Kendali, title: str) -> list[Record]:
    """The rows of one of Kendali's tables; none if it is not there."""
    tab = kendali.tab(title)
    return [*records(tab, find_columns(tab.rows, HEADINGS[title]))] if tab is not None else []


def read_categories(rows: Iterable[Record], problems: list[Trouble]) -> dict[str, Category]:
    """Kategori. A target that is no number is replaced by the city's; all but a clear "Tidak" counts as sensitive."""
    found: dict[str, Category] = {}
    for row in rows:
        name = line_of(row["Kategori"])
        if not any(map(str.isalnum, name)):
            problems.append(row.problem("kosong-tetap", "Kategori"))
            continue
        if name.casefold() in found:
            problems.append(row.problem("kategori-ganda", "Kategori", category=name))
            continue
        target = None
        if not is_empty(row["Target Hari Kerja"]):
            try:
                target = TARGET.read(row["Target Hari Kerja"])
            except Unfit as unfit:
                problems.append(row.problem("target-keliru", "Target Hari Kerja", **unfit.limits))
        sensitive = _yes_no(row["Sensitif"], when_empty=None)  # a “Ya” may have been wiped
        if sensitive is None:
            problems.append(row.problem("sensitif-keliru", "Sensitif"))
        goes_to = line_of(row["Komisi"]), line_of(row["Instansi"])
        found[name.casefold()] = Category(name, *goes_to, target, sensitive is not False)
    return {one.name: one for one in found.values()}


def read_terms(
    lists: Mapping[str, Iterable[str]], shipped: Collection[str], rows: Iterable[Record], problems: list[Trouble]
) -> tuple[Term, ...]:
    """Istilah; `lists` are the entries that a term may mean, by the heading of the column. A term for an entry that no
    longer exists is passed over, and reported once per entry; not at all for a place, or for a category that every
    Kendali starts with (`shipped`, folded): whoever removed that from the list meant it."""
    found, folded = list[Term](), cache(fold)  # many rows mean the same
    senses: dict[tuple[str, str], str] = {}  # of each word; what has several stands as AMBIGUOUS in each row
    known = {kind: {fold(entry) for entry in entries} for kind, entries in lists.items()}
    kinds, unknown = {fold(kind): kind for kind in (*known, SPELLING, SHOWN)}, set[str]()
    for row in rows:
        said, typed, meant = text(row["Kata"]), text(row["Kolom"]), text(row["Arti"])
        kind, entry = kinds.get(folded(typed)) if typed else None, folded(meant)
        implied = [one for one in known if entry in known[one]] if not typed else []
        kind = kind or (implied[0] if len(implied) == 1 else "")
        if not said or not (meant or kind == SHOWN):
            problems.append(row.problem("kosong", "Arti" if said else "Kata"))
        elif not kind:
            problems.append(row.problem("kolom-keliru", "Kolom", known=", ".join(kinds.values())))
        elif kind in known and entry not in known[kind]:
            if kind + entry not in unknown and kind != KELURAHAN and entry not in shipped:
                problems.append(row.problem("arti-keliru", "Arti", kolom=kind))
                unknown.add(kind + entry)
        else:
            found.append(Term(said, kind, meant, text(row["Catatan"]).upper().startswith(AMBIGUOUS)))
            sense = AMBIGUOUS if found[-1].asked else entry
            if kind in known and senses.setdefault((kind, folded(said)), sense) != sense:
                problems.append(row.problem("arti-berlawanan", "Arti", ragu=AMBIGUOUS))
    return tuple(found)


def read_holidays(rows: Iterable[Record], problems: list[Trouble]) -> tuple[frozenset[date], frozenset[date]]:
    """Libur: days off, and days worked that would otherwise be off."""
    days: dict[date, str] = {}
    for row in rows:
        untold = "" if _NOT_OFF.search(text(row["Keterangan"])) else OFF
        day, kind = read_date(row["Tanggal"]), (text(row["Jenis"]) or untold).capitalize()
        if day is None:
            problems.append(row.problem("kosong" if is_empty(row["Tanggal"]) else "tanggal-keliru", "Tanggal"))
        elif kind not in (OFF, WORKED):
            problems.append(row.problem("jenis-keliru", "Jenis", off=OFF, worked=WORKED))
        elif days.setdefault(day, kind) != kind:
            problems.append(row.problem("libur-berlawanan", "Tanggal", day=f"{day:%d/%m/%Y}"))
    off = frozenset(day for day, kind in days.items() if kind == OFF)
    return off, frozenset(days) - off


class Source(Struct, frozen=True):
    """A row of Sumber: a link, id or path of a spreadsheet, or of a folder (all in it). `row` is 0-based in its tab."""

    name: str
    link: str
    row: int


def read_sources(rows: Iterable[Record], problems: list[Trouble]) -> tuple[Source, ...]:
    """Sumber. A spreadsheet that is listed twice would be read twice, so the second row is passed over."""
    found: dict[str, Source] = {}
    for row in rows:
        name, link = text(row["Nama"]), text(row["Tautan"])
        identity = google[1] if (google := _GOOGLE_ID.search(link)) else link
        if not link:
            if name:  # if only the robot's cells are left, somebody cleared the row
                emptied = Trouble("kendali.tautan-terhapus", cell=row.place("Tautan"))
                problems.append(emptied if text(row["Terakhir Dibaca"]) else row.problem("tautan-kosong", "Tautan"))
        elif identity in found:
            problems.append(row.problem("tautan-ganda", "Tautan"))
        else:
            found[identity] = Source(name or link, link, row.number)
    return tuple(found.values())


def read_recipients(places: Places, rows: Iterable[Record], problems: list[Trouble]) -> tuple[Recipient, ...]:
    """Penerima: the active ones. For a row that can't be used, everything that is wrong is reported."""
    found: list[Recipient] = []
    for row in rows:
        active = _yes_no(row["Aktif"], when_empty=True)
        if active is False:
            continue
        before, address, written = len(problems), text(row["Email"]), text(row["Cakupan"])
        if not is_email(address):
            problems.append(row.problem("email-keliru" if address else "kosong", "Email"))
        scope = read_scope(written, places) if written else Doubt()
        if isinstance(scope, Doubt):
            entry = "cakupan-kosong" if not written else "cakupan-keliru" if not scope.candidates else "cakupan-mirip"
            problems.append(row.problem(entry, "Cakupan", candidates=", ".join(scope.candidates)))
        wanted = [part.strip().casefold() for part in re.split(r"[,;/\n]", text(row["Kabar"])) if part.strip()]
        if not set(wanted) <= set(DIGEST_KINDS):
            problems.append(row.problem("kabar-keliru", "Kabar", known=", ".join(DIGEST_KINDS)))
        even_when_empty = _yes_no(row["Kirim Walau Nihil"], when_empty=False)
        answers = {"Kirim Walau Nihil": even_when_empty, "Aktif": active}
        problems += [row.problem("ya-tidak-keliru", heading) for heading, said in answers.items() if said is None]
        if len(problems) > before or isinstance(scope, Doubt) or even_when_empty is None:
            continue
        kinds = tuple(dict.fromkeys(wanted)) or DIGEST_KINDS[:1]
        same = (one for one in found if (one.email.casefold(), one.scopes) == (address.casefold(), (scope,)))
        if set(kinds) <= {kind for one in same for kind in one.kinds}:
            problems.append(row.problem("penerima-ganda", "Email"))
        else:
            found.append(Recipient(line_of(row["Nama"]), address, (scope,), kinds, even_when_empty, row.place("Email")))
    return tuple(found)


def _yes_no(value: Value, *, when_empty: bool | None) -> bool | None:
    """What the cell says; None if it is neither."""
    return when_empty if is_empty(value) else yes_no(value)
