"""Dressing the tabs of one spreadsheet: one request looks at them (one more, where a column lacks something, at all of
its rows), one gives what lacks, none where nothing lacks.

No write is simply sent again when its answer is lost, for what was given unnoticed would be given twice. Whatever goes
wrong, the tabs are looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from automation.model.cells import fold_title
from automation.sheets.google.cells import Request, quoted
from automation.sheets.google.failures import FAILURES, Again, Place, again_after, call_patiently, failure_of
from automation.sheets.google.missing import batches_of, edits_of
from automation.sheets.google.missing_cells import CellEdits
from automation.sheets.google.present import (
    HEADING_FIELDS,
    LOOK_FIELDS,
    OUTLINE_FIELDS,
    Present,
    present_tabs,
    ranges_of,
)
from automation.sheets.looks.model import TabLook
from automation.trouble import WorkbookError

#: How often the tabs are looked at again because they were changed between looking and giving.
PATIENCE = 3

#: Sends one request about the spreadsheet, once, with these parameters (and a body), and returns the answer's JSON.
Send = Callable[..., Mapping[str, Any]]


class Dresser:
    """Gives the tabs of one spreadsheet what they lack. `robot` is the address that may edit protected tabs, `place`
    the spreadsheet for messages; `get` asks for the spreadsheet, and `post` sends it a batchUpdate."""

    def __init__(self, get: Send, post: Send, looks: Sequence[TabLook], robot: str, place: Place) -> None:
        self._get, self._post, self._looks, self._robot, self._place = get, post, looks, robot, place
        self._given = 0

    def dress(self) -> int:
        """Look and give what lacks, again where that may help; returns how many things were given.

        Raises `WorkbookError` where people moved columns between the two, so that one of them may have got what
        another lacked: nothing that stood there is lost by it, but only people can tell which list is in a wrong place.
        """
        return call_patiently(self._dress, _look_again_after)

    def _dress(self) -> int:
        tabs = self._look()
        edits = edits_of(self._looks, tabs, self._robot)
        batches = list(batches_of(edits))
        for batch in batches[:-1]:
            self._post({"fields": "spreadsheetId"}, {"requests": batch})
        if batches:
            self._give_last(batches[-1], tabs)
        self._given += sum(edit.things for edit in edits)
        return self._given

    def _look(self) -> Mapping[str, Present]:
        try:
            tabs = self._read(ranges_of(self._looks))
        except FAILURES as error:
            if not failure_of(error).is_outrun:
                raise
            # A tab is not there, is spelled otherwise, or has fewer rows than usual.
            tabs = self._read(ranges_of(self._looks, present_tabs(self._get({"fields": OUTLINE_FIELDS}))))
        # Where the first row seems to lack something, only all rows show whether it is there further down.
        more = [
            quoted(present.title)
            for look, present in self._pairs(tabs)
            if not look.ours and any(CellEdits(look, present, tabs).columns())
        ]
        return {**tabs, **self._read(more, whole=True)}

    def _read(self, ranges: list[str], *, whole: bool = False) -> dict[str, Present]:
        return present_tabs(self._get({"fields": LOOK_FIELDS, "ranges": ranges}), whole=whole) if ranges else {}

    def _give_last(self, batch: Sequence[Request], tabs: Mapping[str, Present]) -> None:
        """With the answer come the headings above people's columns: they must be where they were."""
        watched = [(look, present) for look, present in self._pairs(tabs) if look.columns and not look.ours]
        body: dict[str, Any] = {"requests": batch}
        if watched:
            body["includeSpreadsheetInResponse"] = True
            rows = [(quoted(present.title), look.heading_row + 1) for look, present in watched]
            body["responseRanges"] = [f"{tab}!{row}:{row}" for tab, row in rows]
        answer = self._post({"fields": HEADING_FIELDS if watched else "spreadsheetId"}, body)
        shown = map(Present, answer.get("updatedSpreadsheet", {}).get("sheets", ()))
        after = {present.id: present.texts(0) for present in shown}
        for look, before in watched:
            then, now = before.texts(look.heading_row), after.get(before.id, {})
            if any(then.get(each.column) != now.get(each.column) for each in look.columns):
                raise WorkbookError("google.kolom-bergeser", **self._place.named, tab=before.title)

    def _pairs(self, tabs: Mapping[str, Present]) -> list[tuple[TabLook, Present]]:
        """The looks of tabs that are there."""
        found = ((look, tabs.get(fold_title(look.title))) for look in self._looks)
        return [(look, present) for look, present in found if present is not None]


def _look_again_after(error: Exception) -> Again | None:
    """Whether and how to look at the tabs again after a failure."""
    return Again(PATIENCE) if failure_of(error).is_outrun else again_after(error)
