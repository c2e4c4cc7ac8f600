"""Whole spreadsheets: an intake spreadsheet with its tabs for complaints, or Kendali with its tables; and in both, the
robot's own tabs."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from automation.config.defaults import Defaults, load_kelurahan
from automation.config.kendali import Settings
from automation.config.places import read_places
from automation.config.tabs import rows_of
from automation.digests.charts import nothing_yet
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.tabs import headings_of, peoples
from automation.sheets.looks import colours
from automation.sheets.looks.guides import Guide, kendali_guide
from automation.sheets.looks.intake import intake_looks
from automation.sheets.looks.kendali import list_rows, table_looks
from automation.sheets.looks.kendali_charts import charts_page
from automation.sheets.looks.lists import LIST_HEADINGS, lists_of, lists_tab, prepare_lists, served_by
from automation.sheets.looks.model import ColumnLook, TabLook
from automation.sheets.looks.page import PageLook
from automation.sheets.port import Changes, Snapshot, combined
from automation.sheets.prepare import INTAKE_COLUMNS, prepare_intake, prepare_kendali
from automation.tables.kendali import CHARTS, LISTS, PLACES, TABS
from automation.tables.table import Column

#: The width of a column of the tab of lists, in pixels.
_LIST = 200


def prepare_spreadsheet(snapshot: Snapshot, kelurahan: Sequence[str], settings: Settings) -> Changes:
    """What an intake spreadsheet lacks: tabs for these kelurahan and the journal (see `prepare_intake`), the guide, and
    the tab of lists."""
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
    looks = [*intake_looks(snapshot, settings.rules), *pages]
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
    """The look of every tab of Kendali; and the titles of robot's tabs that people use for tabs of their own, which are
    left alone."""
    pages, taken = _page_looks(snapshot, kendali_guide(texts), charts_page(nothing_yet(today, ()), texts))
    return [*table_looks(snapshot, texts), *pages], taken


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
