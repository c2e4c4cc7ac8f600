"""Whole spreadsheets: an intake spreadsheet with its tabs for complaints, or Kendali with its tables; and in both, the
robot's own tabs. How Kendali's tables look: who owns a column, what may be typed there, and what needs attention."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest

from msgspec.structs import replace

from automation.config.defaults import DIGEST_KINDS, SETTINGS as KNOWN, TARGET, USUAL_KINDS, Defaults, load_kelurahan
from automation.config.kendali import Settings
from automation.config.places import read_places
from automation.config.tabs import rows_of
from automation.config.values import all_scopes
from automation.digests.charts import nothing_yet
from automation.model.cells import Tab, Writable, fold
from automation.model.complaint import Priority
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.tabs import Headings, find_columns, headings_of, peoples
from automation.sheets.looks import colours
from automation.sheets.looks.columns import CLOSED, Attention, column_look, rules, views
from automation.sheets.looks.formulas import is_any, quoted_text
from automation.sheets.looks.guides import Guide, kendali_guide
from automation.sheets.looks.intake import intake_look
from automation.sheets.looks.lists import LIST_HEADINGS, lists_of, lists_tab, prepare_lists, served_by
from automation.sheets.looks.model import Allowed, CellLook, ColumnLook, FilterView, ListOf, Style, TabLook, WholeNumber
from automation.sheets.looks.page import PageLook, charts_page
from automation.sheets.port import Changes, Snapshot, combined
from automation.sheets.prepare import INTAKE_COLUMNS, prepare_intake, prepare_kendali
from automation.tables.kendali import CHARTS, KENDALI, LISTS, PLACES, RECIPIENTS, REGISTER, SETTINGS, SOURCES, TABS
from automation.tables.table import NO, Column, Form, Owner, Table

#: The width of a column of the tab of lists, in pixels.
_LIST = 200


def prepare_spreadsheet(snapshot: Snapshot, kelurahan: Sequence[str], settings: Settings) -> Changes:
    """What an intake spreadsheet lacks: see `prepare_intake`; and the guide and the tab of lists."""
    rules = settings.rules
    served = served_by(snapshot.tabs, rules.places, kelurahan)
    return combined(
        _guide(snapshot, settings).changes(snapshot),  # the first tab of a new spreadsheet
        prepare_intake(snapshot, kelurahan),
        prepare_lists(snapshot, lists_of(rules, settings.recipients, served), rules.texts.say("kolom.belum-diperiksa")),
    )


def spreadsheet_looks(snapshot: Snapshot, settings: Settings) -> tuple[list[TabLook], tuple[str, ...]]:
    """The looks of its tabs, and the titles of robot's tabs that people already use for tabs of their own."""
    pages, taken = _page_looks(snapshot, _guide(snapshot, settings))
    found = ((tab, headings_of(tab)) for tab in peoples(snapshot.tabs))
    read = ((tab, headings) for tab, headings in found if headings is not None and headings.complete)
    looks = [*(intake_look(tab, headings, settings.rules) for tab, headings in read), *pages]
    if lists_tab(snapshot) is None:
        return looks, (*taken, LISTS)
    guard = settings.rules.texts.say("kolom.perlindungan.tab")
    heads = tuple(ColumnLook(at, colours.ROBOT, width=_LIST) for at, text in enumerate(LIST_HEADINGS) if text)
    grey = colours.ROBOT_TAB
    lists = TabLook(LISTS, columns=heads, frozen_rows=1, colour=grey, protected=True, ours=True, guard=guard)
    return [*looks, lists], taken


def prepare_control(snapshot: Snapshot, defaults: Defaults, texts: Texts, today: date) -> Changes:
    """What Kendali lacks. Charts and lists that are there already are left to the next cycle, which updates them."""
    parts = [prepare_kendali(snapshot, defaults), kendali_guide(texts).changes(snapshot)]
    # If Wilayah is still empty: the places that it is going to list.
    places = Places(read_places(rows_of(snapshot, PLACES), []) or load_kelurahan())
    if snapshot.tab(LISTS) is None:
        parts.append(Changes(appends={LISTS: list_rows(places)}))
    if snapshot.tab(CHARTS) is None:
        parts.append(charts_page(nothing_yet(today, places.kecamatan), texts).changes(snapshot))
    changes = combined(*parts)
    return replace(changes, new_tabs=tuple(sorted(changes.new_tabs, key=lambda tab: TABS.index(tab.title))))


def control_looks(snapshot: Snapshot, texts: Texts, today: date) -> tuple[list[TabLook], tuple[str, ...]]:
    """The look of every tab of Kendali, with columns where people have put them; and the titles as above."""
    pages, taken = _page_looks(snapshot, kendali_guide(texts), charts_page(nothing_yet(today, ()), texts))
    there = ((table, tab) for table in KENDALI if (tab := snapshot.tab(table)) is not None)
    found = ((table, tab, find_columns(tab.rows, table.columns)) for table, tab in there)
    looks = [_table_look(table, tab, headings, texts) for table, tab, headings in found if headings.columns]
    return [*looks, *pages], taken


def _page_looks(snapshot: Snapshot, *pages: PageLook) -> tuple[list[TabLook], tuple[str, ...]]:
    """The looks of pages that are there, and the titles of those that people use for tabs of their own."""
    found = [(page, tab) for page in pages if (tab := snapshot.tab(page.title)) is not None]
    taken = tuple(page.title for page, tab in found if not page.is_in(tab))
    return [page.look() for page, tab in found if page.is_in(tab)], taken


def _guide(snapshot: Snapshot, settings: Settings) -> PageLook:
    """The guide, which covers the columns that are there and those of a new tab."""
    found = (headings_of(tab) for tab in peoples(snapshot.tabs))
    columns: set[Column] = {*INTAKE_COLUMNS, *(column for headings in found if headings for column in headings.columns)}
    return Guide(settings, columns)


# Kendali's tables

_TO_HEED = Style(ink=colours.OVERDUE.ink, bold=True)
_OUT_OF_USE = Style(ink=colours.CLOSED.ink, struck=True)
_OPEN = f"(LEN({{status}})>0)*({CLOSED}=0)"
_HELP = {Form.YES_NO: "ya-tidak", Form.NUMBER: "angka", Form.DATE: "tanggal"}


def list_rows(places: Places) -> list[list[Writable]]:
    """The rows of the tab of lists: all scopes, and the usual choices of digests."""
    return [list(row) for row in zip_longest(all_scopes(places), USUAL_KINDS)]


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
            takes = WholeNumber(**kind.limits) if kind.limits else ListOf(kind.choices) if kind.choices else None
            help_text = f"kendali-kolom.daftar.{kind.name}"
            allowed = Allowed(takes, say(help_text, **kind.limits), strict=True) if takes is not None else None
            yield CellLook(row, valued, note, allowed)


def _attention(table: Table, texts: Texts) -> list[Attention]:
    """The rules for rows that need attention; the words in the cells say the same as the colours."""
    well, urgent = quoted_text(texts.say("siklus.baik")), quoted_text(Priority.EMERGENCY)
    asked: dict[Table, list[Attention]] = {
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
