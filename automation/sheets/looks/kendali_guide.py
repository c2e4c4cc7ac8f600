"""The tab `Panduan` of Kendali: the coordinators' and operators' manual, one page drawn with cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from automation.cases.robot_tabs import GUIDE, LISTS
from automation.cases.texts import Texts
from automation.config.defaults import DIGEST_KINDS
from automation.config.tables import REGISTER, SOURCES, TABS
from automation.sheets.kendali_looks import PEOPLES
from automation.sheets.looks.colours import CHAPTER, COORDINATOR, GUIDE_TAB, QUIET, ROBOT, TEXT, TITLE
from automation.sheets.looks.model import Style, TabLook
from automation.sheets.looks.page import Page, Piece

#: What stands in the page's first cell, and what it is known by.
HEADING = "Panduan Kendali"
#: A grid of twelve columns, which fits a small screen and a sheet of paper.
_WIDTHS = (82,) * 12
_PLAIN = TEXT
_BOXED = replace(_PLAIN, boxed=True)
_STRONG = replace(_PLAIN, bold=True)
_NAMED = replace(_BOXED, bold=True)

#: Tabs in which not everything is one owner's.
_OWNERS = {SOURCES: "bersama", REGISTER: "catatan"}
_WORK = ("penerima", "libur", "sumber", "koordinator", "pengaturan", "pivot")
COMMANDS = ("run", "sync", "digest", "setup", "restore", "close", "slip", "import", "export", "check", "demo")
_TROUBLES = ("sumber", "perbaikan", "hapus", "tab")


def kendali_guide(texts: Texts) -> Page:
    """The page."""

    def say(key: str) -> str:
        return texts.say(f"panduan-kendali.{key}")

    page = Page(GUIDE, HEADING, _WIDTHS, TITLE)

    def line(text: str, style: Style) -> None:
        page.add(Piece(text, len(_WIDTHS), style))

    def chapter(key: str, pairs: Iterable[tuple[str, str]], wide: int) -> None:
        page.space(6)
        line(say(f"{key}.judul"), CHAPTER)
        for name, text in pairs:
            page.add(Piece(name, wide, _NAMED), Piece(text, len(_WIDTHS) - wide, _BOXED))

    line(say("pengantar"), QUIET)
    chapter("tab", (), 0)
    page.add(
        *(Piece(say(f"tab.kepala-{name}"), span, _STRONG) for name, span in (("tab", 2), ("guna", 7), ("siapa", 3)))
    )
    for title in TABS:
        if title in (GUIDE, LISTS):
            continue
        owner = _OWNERS.get(title, "orang" if title in PEOPLES else "program")
        style = replace(COORDINATOR if title in PEOPLES else ROBOT, size=10, boxed=True)
        page.add(
            Piece(title, 2, style),
            Piece(say(f"tab.{title.casefold()}"), 7, _BOXED),
            Piece(say(f"tab.{owner}"), 3, _BOXED),
        )
    chapter("kerja", ((say(f"kerja.{work}"), say(f"kerja.{work}-cara")) for work in _WORK), 2)
    chapter("kabar", ((kind, say(f"kabar.{kind}")) for kind in DIGEST_KINDS), 2)
    chapter("perintah", ((command, say(f"perintah.{command}")) for command in COMMANDS), 2)
    chapter("masalah", (), 0)
    for trouble in _TROUBLES:
        line(say(f"masalah.{trouble}"), _PLAIN)
    return page


def guide_look(page: Page, texts: Texts) -> TabLook:
    """How the page looks."""
    return page.look(texts.say("kendali-kolom.jaga.tab"), GUIDE_TAB)
