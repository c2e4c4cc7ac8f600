"""Kendali as a whole: its tables, the lists that they offer, the page of charts, and its `Panduan`, the manual of
coordinators and operators."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from automation.config.defaults import DIGEST_KINDS, Defaults, load_kelurahan
from automation.config.tabs import read_places, rows_of
from automation.digests.charts import nothing_yet
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.headings import GUIDE
from automation.sheets.looks.colours import COORDINATOR, GUIDE_TAB, QUIET, ROBOT, TEXT
from automation.sheets.looks.kendali import list_rows, table_looks
from automation.sheets.looks.kendali_charts import charts_page
from automation.sheets.looks.model import TabLook
from automation.sheets.looks.page import Page, Piece
from automation.sheets.port import Changes, Snapshot, together
from automation.sheets.prepare import prepare_kendali
from automation.tables.kendali import CHARTS, LISTS, PLACES, REGISTER, SOURCES, TABLES, TABS
from automation.tables.table import Owner

#: What stands in the page's first cell, and what it is known by.
HEADING = "Panduan Kendali"
#: A grid of twelve columns, which fits a small screen and a sheet of paper.
_WIDTHS = (82,) * 12
_BOXED, _STRONG = replace(TEXT, boxed=True), replace(TEXT, bold=True)
_NAMED = replace(_BOXED, bold=True)

#: Tabs in which not everything is one owner's.
_OWNERS: dict[str, str] = {SOURCES: "bersama", REGISTER: "catatan"}
_WORK = ("penerima", "libur", "sumber", "koordinator", "pengaturan", "pivot")
COMMANDS = ("run", "sync", "digest", "setup", "restore", "close", "slip", "import", "export", "check", "demo")
_TROUBLES = ("sumber", "perbaikan", "hapus", "tab")


def kendali_guide(texts: Texts) -> Page:
    """The page."""
    page = Page(GUIDE, HEADING, _WIDTHS, texts.say("kendali-kolom.jaga.tab"), GUIDE_TAB)

    def say(key: str) -> str:
        return texts.say(f"panduan-kendali.{key}")

    def chapter(key: str, *pairs: tuple[str, str]) -> None:
        page.chapter(say(f"{key}.judul"))
        for name, text in pairs:
            page.add(Piece(name, 2, _NAMED), Piece(text, 10, _BOXED))

    page.text(say("pengantar"), QUIET)
    chapter("tab")
    page.add(
        *(Piece(say(f"tab.kepala-{name}"), wide, _STRONG) for name, wide in (("tab", 2), ("guna", 7), ("siapa", 3)))
    )
    for title in TABS:
        if title not in (GUIDE, LISTS):
            peoples = title in TABLES and TABLES[title].owner is not Owner.ROBOT
            style = replace(COORDINATOR if peoples else ROBOT, size=10, boxed=True)
            owner = say(f"tab.{_OWNERS.get(title, 'orang' if peoples else 'program')}")
            use = say(f"tab.{title.casefold()}")
            page.add(Piece(title, 2, style), Piece(use, 7, _BOXED), Piece(owner, 3, _BOXED))
    chapter("kerja", *((say(f"kerja.{work}"), say(f"kerja.{work}-cara")) for work in _WORK))
    chapter("kabar", *((kind, say(f"kabar.{kind}")) for kind in DIGEST_KINDS))
    chapter("perintah", *((command, say(f"perintah.{command}")) for command in COMMANDS))
    chapter("masalah")
    for trouble in _TROUBLES:
        page.text(say(f"masalah.{trouble}"))
    return page


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
    return Places(read_places(rows_of(snapshot, PLACES), []) or load_kelurahan())
