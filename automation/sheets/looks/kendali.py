"""What Kendali's tables look like: whose column is whose, what may be typed there, and what wants attention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from automation.config import values as kinds
from automation.config.defaults import DIGEST_KINDS, TARGET, USUAL_KINDS
from automation.config.values import all_scopes
from automation.model.cells import Tab, Writable
from automation.model.complaint import Priority, Status
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.headings import Headings, find_columns
from automation.sheets.looks import colours
from automation.sheets.looks.columns import column_look
from automation.sheets.looks.formulas import cell, is_any, quoted
from automation.sheets.looks.kendali_settings import setting_cells, whole_number, yes_no
from automation.sheets.looks.model import (
    Allowed,
    AnyDate,
    ColumnLook,
    FilterView,
    ListFrom,
    ListOf,
    Rule,
    Shown,
    Style,
    TabLook,
)
from automation.sheets.port import Snapshot
from automation.tables.kendali import KENDALI, LISTS, RECIPIENTS, SETTINGS, SOURCES
from automation.tables.register import REGISTER
from automation.tables.table import Column, Form, Owner, Table

_TO_HEED = Style(ink=colours.OVERDUE.ink, bold=True)
_OUT_OF_USE = Style(ink=colours.CLOSED.ink, struck=True)


def list_rows(places: Places) -> list[list[Writable]]:
    """The rows of the tab of lists: every scope, and the usual choices of digests."""
    return [list(row) for row in zip_longest(all_scopes(places), USUAL_KINDS)]


def table_looks(snapshot: Snapshot, texts: Texts) -> list[TabLook]:
    """The look of each table that is there, its columns where people have put them."""
    looks = []
    for table in KENDALI:
        tab = snapshot.tab(table)
        if tab is not None and (headings := find_columns(tab.rows, table.columns)).columns:
            looks.append(_table_look(table, tab, headings, texts))
    return looks


def _table_look(table: Table, tab: Tab, headings: Headings[Column], texts: Texts) -> TabLook:
    return TabLook(
        title=tab.title,
        heading_row=headings.row,
        columns=tuple(_column(table, column, at, texts) for column, at in headings.columns.items()),
        cells=tuple(setting_cells(tab, headings, texts)) if table is SETTINGS else (),
        frozen_rows=headings.row + 1,
        frozen_columns=1 if table is REGISTER and headings.columns.get(REGISTER.columns[0]) == 0 else None,
        colour=colours.ROBOT_TAB if table.owner is Owner.ROBOT else colours.COORDINATOR_TAB,
        rules=tuple(_rules(table, headings, texts)),
        views=tuple(_views(headings, texts)) if table is REGISTER else (),
        filtered=table.filtered,
        protected=table.protected,
        guard=texts.say("kendali-kolom.jaga.tab" if table.protected else "kendali-kolom.jaga.kolom"),
    )


def _column(table: Table, column: Column, at: int, texts: Texts) -> ColumnLook:
    robots = column.owner is Owner.ROBOT
    note = texts.say(
        "kendali-kolom.catatan.bentuk",
        pemilik=texts.say(f"kendali-kolom.catatan.{'program' if robots else 'orang'}"),
        tulis=texts.say(f"kendali-kolom.{table.slug}.{column.slug}"),
    )
    return column_look(column, at, note, _allowed(column, texts), guarded=robots and not table.protected)


def _allowed(column: Column, texts: Texts) -> Allowed | None:
    """What may be typed. What the program understands in other spellings, too, is only asked about."""

    def say(entry: str) -> str:
        return texts.say(f"kendali-kolom.daftar.{entry}", jenis=", ".join(DIGEST_KINDS))

    if column.owner is Owner.ROBOT:
        return None
    if column.entries is not None:
        return Allowed(ListFrom(LISTS, column.entries.column), say(column.slug), strict=column.entries.strict)
    if column.options:
        return Allowed(ListOf(column.options), say(column.slug), strict=True)
    match column.form:
        case Form.YES_NO:
            return yes_no(texts)
        case Form.NUMBER:
            return whole_number(TARGET.read, texts)
        case Form.DATE:
            return Allowed(AnyDate(), say("tanggal"), strict=False)
    return None


def _rules(table: Table, headings: Headings[Column], texts: Texts) -> Iterable[Rule]:
    """Rows that want attention; what the colours say, the words in the cells say, too."""
    at = {str(column): place for column, place in headings.columns.items()}
    place = {heading: cell(column, headings.row + 1) for heading, column in at.items()}

    def rule(headings: Sequence[str], formula: str, style: Style) -> Iterable[Rule]:
        columns = sorted(at[heading] for heading in headings if heading in at)
        for number, column in enumerate(columns):  # a rule is known by its formula
            yield Rule((column, column), f"={formula}" + "*1" * number, style)

    if table is RECIPIENTS and "Aktif" in at:
        yield from rule(("Nama", "Email"), is_any(place["Aktif"], (kinds.NO,)), _OUT_OF_USE)
    if table is SOURCES and "Keadaan" in at:
        state = place["Keadaan"]
        well = quoted(texts.say("siklus.baik"))
        yield from rule(("Nama", "Keadaan"), f"(LEN({state})>0)*({state}<>{well})", _TO_HEED)
    if table is REGISTER and {"Status", "Hari Terlambat", "Prioritas"} <= at.keys():
        closed = is_any(place["Status"], _closed())
        open_ = f"(LEN({place['Status']})>0)*({closed}=0)"
        late = f"({place['Hari Terlambat']}>0)*{open_}"
        yield from rule(("Tenggat", "Keterlambatan"), late, colours.OVERDUE)
        emergency = f"({place['Prioritas']}={quoted(Priority.EMERGENCY)})*{open_}"
        yield from rule(("Prioritas",), emergency, colours.OVERDUE)
        yield from rule(("No. Tiket", "Status"), closed, colours.CLOSED)


def _views(headings: Headings[Column], texts: Texts) -> Iterable[FilterView]:
    """Named views of Rekap (Google): what one person filters by them, nobody else sees."""
    at = {str(column): place for column, place in headings.columns.items()}
    if not {"Status", "Tenggat", "Hari Terlambat", "Prioritas"} <= at.keys():
        return
    place = {heading: cell(column, headings.row + 1) for heading, column in at.items()}
    going_on = Shown(at["Status"], f"=(LEN({place['Status']})>0)*({is_any(place['Status'], _closed())}=0)")
    late = Shown(at["Hari Terlambat"], f"={place['Hari Terlambat']}>0")
    urgent = Shown(at["Prioritas"], f"={place['Prioritas']}={quoted(Priority.EMERGENCY)}")
    for entry, shown in (("berjalan", (going_on,)), ("terlambat", (going_on, late)), ("darurat", (going_on, urgent))):
        yield FilterView(texts.say(f"kendali-kolom.tampilan.{entry}"), shown, ordered_by=at["Tenggat"])


def _closed() -> list[str]:
    return [status.value for status in Status if status.closed]
