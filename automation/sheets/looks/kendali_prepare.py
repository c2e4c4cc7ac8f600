"""Preparing Kendali whole: its tables, the lists that they offer, the guide, and the page of charts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from automation.cases.places import Places
from automation.cases.texts import Texts
from automation.config.defaults import Defaults, load_kelurahan
from automation.config.table import records
from automation.config.tabs import Problems, read_places
from automation.digests.charts import nothing_yet
from automation.sheets.kendali_looks import list_rows, table_looks
from automation.sheets.looks.kendali_charts import charts_page
from automation.sheets.looks.kendali_guide import kendali_guide
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, Snapshot, together
from automation.sheets.prepare import prepare_kendali
from automation.tables.headings import find_columns
from automation.tables.kendali import CHARTS, LISTS, PLACES, TABS


def prepare_control(snapshot: Snapshot, defaults: Defaults, texts: Texts, today: date) -> Changes:
    """What Kendali lacks. Charts and lists that are there already are left to the next cycle, which keeps them."""
    parts = [prepare_kendali(snapshot, defaults), kendali_guide(texts).changes(snapshot)]
    places = _places(snapshot)
    if snapshot.tab(LISTS) is None:
        parts.append(Changes(appends={LISTS: list_rows(places)}))
    if snapshot.tab(CHARTS) is None:
        parts.append(charts_page(nothing_yet(today, places.kecamatan()), texts).changes(snapshot))
    changes = together(*parts)
    return replace(changes, new_tabs=tuple(sorted(changes.new_tabs, key=lambda tab: TABS.index(tab.title))))


def control_looks(snapshot: Snapshot, texts: Texts, today: date) -> tuple[list[TabLook], tuple[str, ...]]:
    """The look of every tab of Kendali; and the titles of tabs that people have made for themselves instead, which are
    left alone."""
    looks = table_looks(snapshot, texts)
    taken: list[str] = []
    for page in (kendali_guide(texts), charts_page(nothing_yet(today, ()), texts)):
        if (tab := snapshot.tab(page.title)) is not None:
            if page.is_in(tab):
                looks.append(page.look())
            else:
                taken.append(page.title)
    return looks, tuple(taken)


def _places(snapshot: Snapshot) -> Places:
    """What Wilayah says; while nothing is there, what it is going to say."""
    tab = snapshot.tab(PLACES)
    rows = records(tab, find_columns(tab.rows, PLACES.headings)) if tab is not None else ()
    return Places(read_places(rows, Problems()) or load_kelurahan())
