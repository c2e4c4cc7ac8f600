"""An intake spreadsheet as a whole: its tabs for complaints, and the robot's own beside them."""

from __future__ import annotations

from collections.abc import Sequence

from automation.config.kendali import Settings
from automation.reading.headings import GUIDE, LISTS, find_headings, peoples
from automation.sheets.looks import colours
from automation.sheets.looks.intake import intake_looks
from automation.sheets.looks.intake_guide import guide
from automation.sheets.looks.lists import (
    LIST_HEADINGS,
    lists_of,
    lists_tab,
    prepare_lists,
    served_by,
)
from automation.sheets.looks.model import ColumnLook, TabLook
from automation.sheets.looks.page import Page
from automation.sheets.port import Changes, Snapshot, together
from automation.sheets.prepare import INTAKE_COLUMNS, prepare_intake
from automation.tables.table import Column

#: Pixels of a column of choices.
_LIST = 200


def prepare_spreadsheet(snapshot: Snapshot, kelurahan: Sequence[str], settings: Settings) -> Changes:
    """What a spreadsheet lacks that has to have tabs for these kelurahan: those and the journal (see `prepare_intake`),
    the guide, and what may be chosen."""
    rules = settings.rules
    served = served_by(snapshot.tabs, rules.places, kelurahan)
    parts = (
        _guide(snapshot, settings).changes(snapshot),  # the first tab of a new spreadsheet
        prepare_intake(snapshot, kelurahan),
        prepare_lists(snapshot, lists_of(rules, settings.recipients, served), rules.texts.say("kolom.belum-diperiksa")),
    )
    return together(*parts)


def spreadsheet_looks(snapshot: Snapshot, settings: Settings) -> tuple[list[TabLook], tuple[str, ...]]:
    """The looks of its tabs, and the titles that the robot would have used, had people not been quicker."""
    page, looks, taken = _guide(snapshot, settings), intake_looks(snapshot, settings.rules), []
    tab = snapshot.tab(GUIDE)
    if tab is not None and page.is_in(tab):
        looks.append(page.look())
    else:
        taken.append(GUIDE)
    if lists_tab(snapshot) is not None:
        guard = settings.rules.texts.say("kolom.perlindungan.tab")
        heads = tuple(ColumnLook(at, colours.ROBOT, width=_LIST) for at, text in enumerate(LIST_HEADINGS) if text)
        grey = colours.ROBOT_TAB
        looks.append(TabLook(LISTS, columns=heads, frozen_rows=1, colour=grey, protected=True, ours=True, guard=guard))
    else:
        taken.append(LISTS)
    return looks, tuple(taken)


def _guide(snapshot: Snapshot, settings: Settings) -> Page:
    """The guide tells of the columns that there are, and of those of a new tab."""
    found = (find_headings(tab.rows) for tab in peoples(snapshot.tabs))
    columns: set[Column] = {*INTAKE_COLUMNS, *(column for headings in found if headings for column in headings.columns)}
    return guide(settings, columns)
