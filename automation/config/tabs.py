"""The rows that people keep in Kendali: recipients, categories, places, holidays, sources.

A row that can't be used is passed over and reported with its cell; where only a part of it is wrong and the rest can
stand safely, the rest stands. Reports name cells and what is allowed, never an address or a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from automation.config import values as kinds
from automation.config.defaults import DIGEST_KINDS, TARGET
from automation.config.records import Record
from automation.config.settings import Source
from automation.config.values import Unfit, read_scope, text
from automation.digests.audience import Recipient
from automation.model.cells import is_empty
from automation.model.places import Doubt, Kelurahan, Places
from automation.model.rules import Category
from automation.reading.dates import read_date
from automation.trouble import Trouble

_CODE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")
_CODE_DIGITS = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})\.?(\d{4})")
_DAPIL = re.compile(r"(?:dapil\s*)?(\d{1,2})", re.IGNORECASE)
_GOOGLE_ID = re.compile(r"/(?:d|folders)/([\w-]{10,})")
OFF, WORKED = "Libur", "Masuk"


@dataclass(slots=True)
class Problems:
    """Collects what was passed over."""

    found: list[Trouble] = field(default_factory=list)

    def report(self, entry: str, row: Record, heading: str, **particulars: object) -> None:
        """Say what is wrong with the row's cell under `heading`."""
        self.found.append(Trouble(f"kendali.baris.{entry}", cell=row.place(heading), **particulars))


def read_places(rows: Iterable[Record], problems: Problems) -> tuple[Kelurahan, ...]:
    """Wilayah. A coordinator's address that can't be one is left out; the kelurahan stands all the same."""
    found: dict[str, Kelurahan] = {}
    names: set[str] = set()
    for row in rows:
        code = _CODE_DIGITS.sub(r"\1.\2.\3.\4", text(row["Kode"]))
        kecamatan, name = text(row["Kecamatan"]), text(row["Kelurahan"])
        dapil = _DAPIL.fullmatch(text(row["Dapil"]))
        address = text(row["Email Koordinator"])
        if not _CODE.fullmatch(code):
            problems.report("kode-keliru", row, "Kode")
        elif code in found:
            problems.report("kode-ganda", row, "Kode", kode=code)
        elif not kecamatan or not name:
            problems.report("kosong", row, "Kelurahan" if kecamatan else "Kecamatan")
        elif name.casefold() in names:
            problems.report("kelurahan-ganda", row, "Kelurahan", kelurahan=name)
        elif not dapil or int(dapil[1]) < 1:
            problems.report("dapil-keliru", row, "Dapil")
        else:
            if address and not kinds.is_email(address):
                problems.report("email-keliru", row, "Email Koordinator")
                address = ""
            found[code] = Kelurahan(code, kecamatan, name, int(dapil[1]), text(row["Koordinator"]), address)
            names.add(name.casefold())
    return tuple(found.values())


def read_categories(rows: Iterable[Record], problems: Problems) -> dict[str, Category]:
    """Kategori. A target that is no number gives way to the city's; what is not clearly "Tidak" counts as sensitive."""
    found: dict[str, Category] = {}
    known: set[str] = set()
    for row in rows:
        name = text(row["Kategori"])
        if not name:
            problems.report("kosong", row, "Kategori")
            continue
        if name.casefold() in known:
            problems.report("kategori-ganda", row, "Kategori", category=name)
            continue
        target = None
        if not is_empty(row["Target Hari Kerja"]):
            try:
                target = TARGET.read(row["Target Hari Kerja"])
            except Unfit as unfit:
                problems.report("target-keliru", row, "Target Hari Kerja", **unfit.limits)
        sensitive = _yes_no(row, "Sensitif", when_empty=False)
        if sensitive is None:
            problems.report("sensitif-keliru", row, "Sensitif")
        found[name] = Category(name, text(row["Komisi"]), text(row["Instansi"]), target, sensitive is not False)
        known.add(name.casefold())
    return found


def read_holidays(rows: Iterable[Record], problems: Problems) -> tuple[frozenset[date], frozenset[date]]:
    """Libur: days off, and days worked although they would be off."""
    days: dict[date, str] = {}
    for row in rows:
        day = read_date(row["Tanggal"])
        kind = text(row["Jenis"]) or OFF
        matching = next((name for name in (OFF, WORKED) if name.casefold() == kind.casefold()), None)
        if day is None:
            problems.report("kosong" if is_empty(row["Tanggal"]) else "tanggal-keliru", row, "Tanggal")
        elif matching is None:
            problems.report("jenis-keliru", row, "Jenis", off=OFF, worked=WORKED)
        elif days.setdefault(day, matching) != matching:
            problems.report("libur-berlawanan", row, "Tanggal", day=f"{day:%d/%m/%Y}")
    off = frozenset(day for day, kind in days.items() if kind == OFF)
    return off, frozenset(days) - off


def read_sources(rows: Iterable[Record], problems: Problems) -> tuple[Source, ...]:
    """Sumber. The same spreadsheet twice would be read twice, so the second time is passed over."""
    found: list[Source] = []
    known: set[str] = set()
    for row in rows:
        name, link = text(row["Nama"]), text(row["Tautan"])
        google = _GOOGLE_ID.search(link)
        identity = google[1] if google else link
        if not link:
            if name:  # cells of the robot alone are what is left of a row that somebody cleared
                problems.report("tautan-kosong", row, "Tautan")
        elif identity in known:
            problems.report("tautan-ganda", row, "Tautan")
        else:
            known.add(identity)
            found.append(Source(name or link, link, row.number))
    return tuple(found)


def read_recipients(rows: Iterable[Record], places: Places, problems: Problems) -> tuple[Recipient, ...]:
    """Penerima: the active ones."""
    found: list[Recipient] = []
    for row in rows:
        active = _yes_no(row, "Aktif", when_empty=True)
        if active is False:
            continue
        recipient = _recipient(row, places, problems)
        if active is None:
            problems.report("ya-tidak-keliru", row, "Aktif")
        elif recipient is None:
            pass
        elif any(
            (known.email.casefold(), known.scope) == (recipient.email.casefold(), recipient.scope) for known in found
        ):
            problems.report("penerima-ganda", row, "Email")
        else:
            found.append(recipient)
    return tuple(found)


def _recipient(row: Record, places: Places, problems: Problems) -> Recipient | None:
    """The recipient, or None when something in the row is wrong; all of it is reported."""
    address, written = text(row["Email"]), text(row["Cakupan"])
    usable = kinds.is_email(address)
    if not usable:
        problems.report("email-keliru" if address else "kosong", row, "Email")
    scope = read_scope(written, places) if written else Doubt()
    if isinstance(scope, Doubt):
        entry = "cakupan-kosong" if not written else "cakupan-keliru" if not scope.candidates else "cakupan-mirip"
        problems.report(entry, row, "Cakupan", candidates=", ".join(scope.candidates))
    wanted = [part.strip().casefold() for part in re.split(r"[,;/\n]", text(row["Kabar"])) if part.strip()]
    unknown = [part for part in wanted if part not in DIGEST_KINDS]
    if unknown:
        problems.report("kabar-keliru", row, "Kabar", known=", ".join(DIGEST_KINDS))
    even_when_empty = _yes_no(row, "Kirim Walau Nihil", when_empty=False)
    if even_when_empty is None:
        problems.report("ya-tidak-keliru", row, "Kirim Walau Nihil")
    if not usable or isinstance(scope, Doubt) or unknown or even_when_empty is None:
        return None
    wanted = list(dict.fromkeys(wanted)) or [DIGEST_KINDS[0]]
    return Recipient(
        name=text(row["Nama"]) or address,
        email=address,
        role=text(row["Peran"]),
        scope=scope,
        kinds=tuple(wanted),
        even_when_empty=even_when_empty,
        cell=row.place("Email"),
    )


def _yes_no(row: Record, heading: str, *, when_empty: bool) -> bool | None:
    """None: neither."""
    if is_empty(row[heading]):
        return when_empty
    try:
        return kinds.yes_no(row[heading])
    except Unfit:
        return None
