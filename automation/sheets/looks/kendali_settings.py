"""What each setting takes, beside its value in Pengaturan: every row is of a kind of its own."""

from __future__ import annotations

from collections.abc import Iterable

from automation.config import values as kinds
from automation.config.defaults import SETTINGS, Setting
from automation.model.cells import Tab, fold
from automation.model.texts import Texts
from automation.reading.headings import Headings
from automation.sheets.looks.model import Allowed, CellLook, ListOf, WholeNumber
from automation.tables.kendali import SETTINGS as TABLE
from automation.tables.table import Column

#: What each kind of setting takes, as ``kendali.boleh`` calls it.
_KINDS = {
    kinds.yes_no: "ya-tidak",
    kinds.weekdays: "hari",
    kinds.weekday: "satu-hari",
    kinds.clock: "jam",
    kinds.email: "email",
}


def yes_no(texts: Texts) -> Allowed:
    """Ya or Tidak."""
    return Allowed(ListOf((kinds.YES, kinds.NO)), texts.say("kendali-kolom.daftar.ya-tidak"), strict=True)


def whole_number(kind: object, texts: Texts) -> Allowed | None:
    """A number within the bounds of its kind; None where the kind is none of numbers."""
    if not isinstance(kind, kinds.Whole):
        return None
    limits = {"low": kind.low, "high": kind.high}
    return Allowed(WholeNumber(kind.low, kind.high), texts.say("kendali-kolom.daftar.angka", **limits), strict=True)


def setting_cells(tab: Tab, headings: Headings[Column], texts: Texts) -> Iterable[CellLook]:
    """Each setting's value is of its own kind, and stands where people have put it."""
    named, valued = (headings.columns.get(column) for column in TABLE.columns[:2])
    if named is None or valued is None:
        return
    settings = {fold(setting.name): setting for setting in SETTINGS}
    for row, cells in enumerate(tab.rows):
        setting = settings.get(fold(cells[named])) if named < len(cells) else None
        if setting is not None:
            yield _value_cell(row, valued, setting, texts)


def _value_cell(row: int, column: int, setting: Setting[object], texts: Texts) -> CellLook:
    read, allowed = setting.read, whole_number(setting.read, texts)
    if isinstance(read, kinds.Whole):
        said = texts.say("kendali.boleh.angka", low=read.low, high=read.high)
    else:
        said = texts.say(f"kendali.boleh.{_KINDS[read]}" if read in _KINDS else "kendali-kolom.catatan.bebas")
    if read is kinds.yes_no:
        allowed = yes_no(texts)
    elif read is kinds.weekday:
        allowed = Allowed(ListOf(kinds.WEEKDAYS), texts.say("kendali-kolom.daftar.hari"), strict=True)
    example = texts.say(f"kendali.pengaturan.{setting.slug}.contoh")
    return CellLook(row, column, texts.say("kendali-kolom.catatan.nilai", boleh=said, contoh=example), allowed)
