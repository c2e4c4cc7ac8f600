"""The tab `Panduan` of Kendali: the coordinators' and operators' manual, one page drawn with cells."""

from __future__ import annotations

from dataclasses import replace

from automation.cases.robot_tabs import GUIDE, LISTS
from automation.cases.texts import Texts
from automation.config.defaults import DIGEST_KINDS
from automation.sheets.looks.colours import COORDINATOR, GUIDE_TAB, QUIET, ROBOT, TEXT
from automation.sheets.looks.page import Page, Piece
from automation.tables.kendali import REGISTER, SOURCES, TABLES, TABS
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
