"""What Kendali's tables look like: whose column is whose, what may be typed there, and what wants attention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from automation.cases.cells import Writable
from automation.cases.complaint import Priority, Status
from automation.cases.events import JOURNAL
from automation.cases.grid import Tab
from automation.cases.places import Places
from automation.cases.robot_tabs import LISTS
from automation.cases.texts import Texts
from automation.config import kinds
from automation.config.defaults import DIGEST_KINDS, TARGET, USUAL_KINDS
from automation.config.scopes import all_scopes
from automation.config.table import Header, find_header
from automation.config.tables import (
    CATEGORIES,
    HEADINGS,
    HOLIDAYS,
    MAILS,
    PLACES,
    RECIPIENTS,
    REGISTER,
    REPAIRS,
    SETTINGS,
    SOURCES,
)
from automation.config.tabs import OFF, WORKED
from automation.sheets.looks import colours
from automation.sheets.looks.formulas import cell, is_any, quoted
from automation.sheets.looks.kendali_settings import setting_cells, whole_number, yes_no
from automation.sheets.looks.model import (
    Allowed,
    AnyDate,
    ColumnLook,
    FilterView,
    Format,
    ListFrom,
    ListOf,
    Rule,
    Shown,
    Style,
    TabLook,
)
from automation.sheets.port import Snapshot

_EMAIL = "Email Koordinator"
#: Pixels, by tab and heading.
_WIDTHS: Mapping[str, Mapping[str, int]] = {
    SETTINGS: {"Pengaturan": 220, "Nilai": 240, "Keterangan": 560},
    RECIPIENTS: {"Nama": 180, "Email": 240, "Peran": 160, "Cakupan": 190, "Kabar": 230, "Kirim Walau Nihil": 110},
    CATEGORIES: {"Kategori": 210, "Komisi": 110, "Instansi": 270, "Target Hari Kerja": 110, "Sensitif": 90},
    PLACES: {
        "Kode": 120,
        "Kecamatan": 150,
        "Kelurahan": 170,
        "Dapil": 70,
        "Koordinator": 180,
        "Email Koordinator": 240,
    },
    HOLIDAYS: {"Tanggal": 110, "Keterangan": 360, "Jenis": 100},
    SOURCES: {"Nama": 220, "Tautan": 320, "Terakhir Dibaca": 140, "Baris": 70, "Keadaan": 420},
    REGISTER: {
        "No. Tiket": 145,
        "Dapil": 60,
        "Tanggal Masuk": 95,
        "Kategori": 170,
        "Prioritas": 90,
        "Status": 150,
        "Penanggung Jawab": 150,
        "Ringkasan": 400,
        "Tenggat": 95,
        "Keterlambatan": 180,
        "Tanggal Selesai": 95,
        "Tautan": 140,
        "Induk": 145,
        "Minggu Masuk": 95,
        "Bulan Masuk": 85,
        "Umur": 70,
        "Hari Terlambat": 90,
        "Tepat Waktu": 80,
    },
    REPAIRS: {"Baris": 70, "Pemeriksaan": 520, "Tautan": 160, "Sumber": 240},
    JOURNAL: {"Sumber": 240, "Urutan": 80, "Waktu": 190, "Tiket": 145, "Rincian": 420},
    MAILS: {"Waktu": 200, "Kunci": 320, "Jenis": 110, "Penerima": 240, "Keadaan": 300, "Message-ID": 260},
    LISTS: {"Cakupan": 220, "Kabar": 280},
}
_WIDTH = 130
_WRAPPED = frozenset(
    {"Nilai", "Keterangan", "Kabar", "Instansi", "Keadaan", "Ringkasan", "Pemeriksaan", "Keterlambatan"}
)
_TEXTS = frozenset({"Kode"})
_DATES = frozenset({"Tanggal", "Tanggal Masuk", "Tenggat", "Tanggal Selesai", "Minggu Masuk"})
#: Of people's tabs, the columns that the robot keeps.
_ROBOTS_OWN = frozenset({"Terakhir Dibaca", "Baris", "Keadaan"})
#: Tabs that people fill.
PEOPLES = (SETTINGS, RECIPIENTS, CATEGORIES, PLACES, HOLIDAYS, SOURCES)
#: Nobody has anything to do in these, not even to sort or to keep notes, as in Rekap.
_PROTECTED = (REPAIRS, JOURNAL, MAILS, LISTS)
_FILTERED = (PLACES, REGISTER, REPAIRS, MAILS)

_TO_HEED = Style(ink=colours.OVERDUE.ink, bold=True)
_OUT_OF_USE = Style(ink=colours.CLOSED.ink, struck=True)


def list_rows(places: Places) -> list[list[Writable]]:
    """The rows of the tab of lists: every scope, and the usual choices of digests."""
    return [list(row) for row in zip_longest(all_scopes(places), USUAL_KINDS)]


def table_looks(snapshot: Snapshot, texts: Texts) -> list[TabLook]:
    """The look of each table that is there, its columns where people have put them."""
    looks = []
    for title in HEADINGS:
        tab = snapshot.tab(title)
        if tab is not None and (header := find_header(tab.rows, HEADINGS[title])).columns:
            looks.append(_table_look(title, tab, header, texts))
    return looks


def _table_look(title: str, tab: Tab, header: Header, texts: Texts) -> TabLook:
    robots = title not in PEOPLES
    protected = title in _PROTECTED
    return TabLook(
        title=tab.title,
        heading_row=header.row,
        columns=tuple(_column(title, heading, at, texts) for heading, at in header.columns.items()),
        cells=tuple(setting_cells(tab, header, texts)) if title == SETTINGS else (),
        frozen_rows=header.row + 1,
        frozen_columns=1 if title == REGISTER and header.columns.get("No. Tiket") == 0 else None,
        colour=colours.ROBOT_TAB if robots else colours.COORDINATOR_TAB,
        rules=tuple(_rules(title, header, texts)),
        views=tuple(_views(header, texts)) if title == REGISTER else (),
        filtered=title in _FILTERED,
        protected=protected,
        guard=texts.say("kendali-kolom.jaga.tab" if protected else "kendali-kolom.jaga.kolom"),
    )


def _column(title: str, heading: str, at: int, texts: Texts) -> ColumnLook:
    robots = title not in PEOPLES or (heading in _ROBOTS_OWN and title == SOURCES)
    return ColumnLook(
        column=at,
        heading=colours.ROBOT if robots else colours.COORDINATOR,
        note=texts.say(
            "kendali-kolom.catatan.bentuk",
            pemilik=texts.say(f"kendali-kolom.catatan.{'program' if robots else 'orang'}"),
            tulis=texts.say(f"kendali-kolom.{_slug(title)}.{_slug(heading)}"),
        ),
        width=_WIDTHS[title].get(heading, _WIDTH),
        format=Format.TEXT if heading in _TEXTS else Format.DATE if heading in _DATES else None,
        wrapped=heading in _WRAPPED,
        allowed=_allowed(title, heading, texts),
        guarded=robots and title not in _PROTECTED,
    )


def _slug(name: str) -> str:
    return "-".join(re.findall("[a-z]+", name.casefold()))


def _allowed(title: str, heading: str, texts: Texts) -> Allowed | None:
    """What may be typed. What the program understands in other spellings, too, is only asked about."""

    def say(entry: str, **particulars: object) -> str:
        return texts.say(f"kendali-kolom.daftar.{entry}", **particulars)

    match title, heading:
        case (str(), "Kirim Walau Nihil" | "Aktif" | "Sensitif"):
            return yes_no(texts)
        case (str(), "Cakupan") if title == RECIPIENTS:
            return Allowed(ListFrom(LISTS, HEADINGS[LISTS].index(heading)), say("cakupan"), strict=False)
        case (str(), "Kabar") if title == RECIPIENTS:
            choices = ListFrom(LISTS, HEADINGS[LISTS].index(heading))
            return Allowed(choices, say("kabar", jenis=", ".join(DIGEST_KINDS)), strict=False)
        case (str(), "Target Hari Kerja"):
            return whole_number(TARGET.read, texts)
        case (str(), "Tanggal"):
            return Allowed(AnyDate(), say("tanggal"), strict=False)
        case (str(), "Jenis") if title == HOLIDAYS:
            return Allowed(ListOf((OFF, WORKED)), say("jenis"), strict=True)
    return None


def _rules(title: str, header: Header, texts: Texts) -> Iterable[Rule]:
    """Rows that want attention; what the colours say, the words in the cells say, too."""
    at = header.columns
    place = {heading: cell(column, header.row + 1) for heading, column in at.items()}

    def rule(headings: Sequence[str], formula: str, style: Style) -> Iterable[Rule]:
        columns = sorted(at[heading] for heading in headings if heading in at)
        for number, column in enumerate(columns):  # a rule is known by its formula
            yield Rule((column, column), f"={formula}" + "*1" * number, style)

    if title == RECIPIENTS and "Aktif" in at:
        yield from rule(("Nama", "Email"), is_any(place["Aktif"], (kinds.NO,)), _OUT_OF_USE)
    if title == SOURCES and "Keadaan" in at:
        state = place["Keadaan"]
        well = quoted(texts.say("siklus.baik"))
        yield from rule(("Nama", "Keadaan"), f"(LEN({state})>0)*({state}<>{well})", _TO_HEED)
    if title == REGISTER and {"Status", "Hari Terlambat", "Prioritas"} <= at.keys():
        closed = is_any(place["Status"], _closed())
        open_ = f"(LEN({place['Status']})>0)*({closed}=0)"
        late = f"({place['Hari Terlambat']}>0)*{open_}"
        yield from rule(("Tenggat", "Keterlambatan"), late, colours.OVERDUE)
        emergency = f"({place['Prioritas']}={quoted(Priority.EMERGENCY)})*{open_}"
        yield from rule(("Prioritas",), emergency, colours.OVERDUE)
        yield from rule(("No. Tiket", "Status"), closed, colours.CLOSED)


def _views(header: Header, texts: Texts) -> Iterable[FilterView]:
    """Named views of Rekap (Google): what one person filters by them, nobody else sees."""
    at = header.columns
    if not {"Status", "Tenggat", "Hari Terlambat", "Prioritas"} <= at.keys():
        return
    place = {heading: cell(column, header.row + 1) for heading, column in at.items()}
    going_on = Shown(at["Status"], f"=(LEN({place['Status']})>0)*({is_any(place['Status'], _closed())}=0)")
    late = Shown(at["Hari Terlambat"], f"={place['Hari Terlambat']}>0")
    urgent = Shown(at["Prioritas"], f"={place['Prioritas']}={quoted(Priority.EMERGENCY)}")
    for entry, shown in (("berjalan", (going_on,)), ("terlambat", (going_on, late)), ("darurat", (going_on, urgent))):
        yield FilterView(texts.say(f"kendali-kolom.tampilan.{entry}"), shown, ordered_by=at["Tenggat"])


def _closed() -> list[str]:
    return [status.value for status in Status if status.closed]
