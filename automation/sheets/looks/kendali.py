"""What Kendali's tables look like: who owns each column, what may be typed there, and what needs attention."""

from collections.abc import Iterable
from itertools import zip_longest

from automation.config.defaults import DIGEST_KINDS, SETTINGS as KNOWN, TARGET, USUAL_KINDS
from automation.config.values import all_scopes
from automation.model.cells import Tab, Writable, fold
from automation.model.complaint import Priority
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.tabs import Headings, find_columns
from automation.sheets.looks import colours
from automation.sheets.looks.columns import CLOSED, column_look, rules, views
from automation.sheets.looks.formulas import is_any, quoted_text
from automation.sheets.looks.model import Allowed, CellLook, ColumnLook, FilterView, ListOf, Style, TabLook, WholeNumber
from automation.sheets.port import Snapshot
from automation.tables.kendali import KENDALI, RECIPIENTS, REGISTER, SETTINGS, SOURCES
from automation.tables.table import NO, Column, Form, Owner, Table

_TO_HEED = Style(ink=colours.OVERDUE.ink, bold=True)
_OUT_OF_USE = Style(ink=colours.CLOSED.ink, struck=True)
_OPEN = f"(LEN({{status}})>0)*({CLOSED}=0)"
_HELP = {Form.YES_NO: "ya-tidak", Form.NUMBER: "angka", Form.DATE: "tanggal"}


def list_rows(places: Places) -> list[list[Writable]]:
    """The rows of the tab of lists: all scopes, and the usual choices of digests."""
    return [list(row) for row in zip_longest(all_scopes(places), USUAL_KINDS)]


def table_looks(snapshot: Snapshot, texts: Texts) -> list[TabLook]:
    """The look of each table that is there, with its columns where people have put them."""
    there = ((table, tab) for table in KENDALI if (tab := snapshot.tab(table)) is not None)
    found = ((table, tab, find_columns(tab.rows, table.columns)) for table, tab in there)
    return [_table_look(table, tab, headings, texts) for table, tab, headings in found if headings.columns]


def _table_look(table: Table, tab: Tab, headings: Headings[Column], texts: Texts) -> TabLook:
    return TabLook(
        title=tab.title,
        heading_row=headings.row,
        columns=tuple(_column(table, column, at, texts) for column, at in headings.columns.items()),
        cells=tuple(_setting_cells(tab, headings, texts)) if table is SETTINGS else (),
        frozen_rows=headings.row + 1,
        frozen_columns=1 if table is REGISTER and headings.columns.get(REGISTER.columns[0]) == 0 else None,
        colour=colours.COORDINATOR_TAB if table.of(Owner.COORDINATOR) else colours.ROBOT_TAB,
        rules=rules(headings, _attention(table, texts)),
        views=_views(headings, texts) if table is REGISTER else (),
        filtered=table.filtered,
        protected=table.protected,
        guard=texts.say(f"kolom.perlindungan.{'tab' if table.protected else 'kolom'}"),
    )


def _column(table: Table, column: Column, at: int, texts: Texts) -> ColumnLook:
    owner = texts.say(f"kolom.catatan.{column.owner.value}")
    own = f"kendali-kolom.{table.slug}.{column.slug}"
    what = texts.say(own if texts.has(own) else f"kendali-kolom.semua.{column.slug}")
    note = texts.say("kendali-kolom.catatan.bentuk", pemilik=owner, tulis=what)
    particulars = {"jenis": ", ".join(DIGEST_KINDS), **TARGET.read.limits}
    help_text = f"kendali-kolom.daftar.{_HELP.get(column.form, column.slug)}"
    guarded = column.owner is Owner.ROBOT and not table.protected
    return column_look(column, at, note, lambda: texts.say(help_text, **particulars), guarded=guarded)


def _setting_cells(tab: Tab, headings: Headings[Column], texts: Texts) -> Iterable[CellLook]:
    """The looks of the settings' values: each is of its own kind, and stands where people have put it."""
    named, valued = (headings.columns.get(column) for column in SETTINGS.columns[:2])
    settings = {fold(setting.name): setting for setting in KNOWN}
    if named is not None and valued is not None:
        for row in range(len(tab.rows)):
            if (setting := settings.get(fold(tab.at(row, named)))) is None:
                continue
            kind, say = setting.read, texts.say
            said = say(f"kendali.boleh.{kind.name}" if kind.name else "kendali-kolom.catatan.bebas", **kind.limits)
            note = say("kendali-kolom.catatan.nilai", boleh=said, contoh=setting.example(texts))
            allowed = None
            if kind.limits or kind.choices:
                takes = WholeNumber(**kind.limits) if kind.limits else ListOf(kind.choices)
                allowed = Allowed(takes, say(f"kendali-kolom.daftar.{kind.name}", **kind.limits), strict=True)
            yield CellLook(row, valued, note, allowed)


def _attention(table: Table, texts: Texts) -> list[tuple[Iterable[str], str, Style]]:
    """The rules for rows that need attention; the words in the cells say the same as the colours."""
    well, urgent = quoted_text(texts.say("siklus.baik")), quoted_text(Priority.EMERGENCY)
    asked: dict[Table, list[tuple[Iterable[str], str, Style]]] = {
        RECIPIENTS: [(("Nama", "Email"), is_any("{aktif}", (NO,)), _OUT_OF_USE)],
        SOURCES: [(("Nama", "Keadaan"), f"(LEN({{keadaan}})>0)*({{keadaan}}<>{well})", _TO_HEED)],
        REGISTER: [
            (("Tenggat", "Keterlambatan"), f"({{hari-terlambat}}>0)*{_OPEN}", colours.OVERDUE),
            (("Prioritas",), f"({{prioritas}}={urgent})*{_OPEN}", colours.OVERDUE),
            (("No. Tiket", "Status"), CLOSED, colours.CLOSED),
        ],
    }
    return asked.get(table, [])


def _views(headings: Headings[Column], texts: Texts) -> tuple[FilterView, ...]:
    """Named views of Rekap (Google): they filter for one person alone."""
    going_on, late = ("Status", _OPEN), ("Hari Terlambat", "{hari-terlambat}>0")
    urgent = ("Prioritas", f"{{prioritas}}={quoted_text(Priority.EMERGENCY)}")
    asked = {"berjalan": (going_on,), "terlambat": (going_on, late), "darurat": (going_on, urgent)}
    titled = {texts.say(f"kendali-kolom.tampilan.{name}"): shown for name, shown in asked.items()}
    return views(headings, "Tenggat", titled)
