"""Dressing the tabs of one spreadsheet: one request looks at them (one more, where a column lacks something, at all of
its rows), one gives what lacks, none where nothing lacks.

No write is simply sent again when its answer is lost, for what was given unnoticed would be given twice. Whatever goes
wrong, the tabs are looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from automation.sheets.google.commit import quoted
from automation.sheets.google.failures import FAILURES, OUTRUN, Kind, again_after, failure_of
from automation.sheets.google.lacking import batches_of, gifts_of
from automation.sheets.google.present import (
    HEADING_FIELDS,
    LOOK_FIELDS,
    OUTLINE_FIELDS,
    Present,
    folded,
    heading_texts,
    headings_of,
    lacks_below,
    outlines_of,
    present_tabs,
    ranges_of,
)
from automation.sheets.google.retry import Again
from automation.sheets.looks.model import TabLook
from automation.trouble import WorkbookError

#: How often the tabs are looked at again because they were changed between looking and giving.
PATIENCE = 3


class Send(Protocol):
    """Sends one request about the spreadsheet, once; `action` goes behind its address."""

    def __call__(
        self, method: str, action: str, params: Mapping[str, str | list[str]], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The JSON of the answer."""


def look_again_after(error: Exception) -> Again | None:
    """Whether and how to look at the tabs again after a failure."""
    return Again(PATIENCE) if _is_outrun(error) else again_after(error)


def _is_outrun(error: Exception) -> bool:
    failure = failure_of(error)
    return failure.kind is Kind.REFUSED and OUTRUN.search(failure.words) is not None


class Dresser:
    """Gives the tabs of one spreadsheet what they lack. `robot` is the address that may edit protected tabs, `place`
    the spreadsheet's name and link for messages."""

    def __init__(self, send: Send, looks: Sequence[TabLook], robot: str, place: Mapping[str, str]) -> None:
        self._send, self._looks, self._robot, self._place = send, looks, robot, place
        self._given = 0

    def dress(self) -> int:
        """Look, and give what lacks; returns how many things have been given so far.

        Raises `WorkbookError` where people moved columns between the two, so that one of them may have got what
        another lacked: nothing that stood there is lost by it, but only people can tell which list is in a wrong place.
        """
        tabs = self._look()
        gifts = gifts_of(self._looks, tabs, self._robot)
        batches = list(batches_of(gifts))
        for batch in batches[:-1]:
            self._send("post", ":batchUpdate", {"fields": "spreadsheetId"}, {"requests": batch})
        if batches:
            self._give_last(batches[-1], tabs)
            self._given += sum(gift.things for gift in gifts)
        return self._given

    def _look(self) -> Mapping[str, Present]:
        try:
            tabs = self._read(ranges_of(self._looks))
        except FAILURES as error:
            if not _is_outrun(error):
                raise
            # A tab is not there, is spelled otherwise, or has fewer rows than usual.
            tabs = self._read(ranges_of(self._looks, outlines_of(self._send("get", "", {"fields": OUTLINE_FIELDS}))))
        more = [
            quoted(present.outline.title)
            for look in self._looks
            if (present := tabs.get(folded(look.title))) is not None and lacks_below(look, present)
        ]
        return {**tabs, **self._read(more, whole=True)}

    def _read(self, ranges: list[str], *, whole: bool = False) -> dict[str, Present]:
        params: dict[str, str | list[str]] = {"fields": LOOK_FIELDS, "ranges": ranges}
        return present_tabs(self._send("get", "", params), whole=whole) if ranges else {}

    def _give_last(self, batch: Sequence[Mapping[str, Any]], tabs: Mapping[str, Present]) -> None:
        before = list(self._headings(tabs))
        body: dict[str, Any] = {"requests": batch}
        if before:
            body |= {
                "includeSpreadsheetInResponse": True,
                "responseRanges": [
                    f"{quoted(title)}!{look.heading_row + 1}:{look.heading_row + 1}" for look, _, title, _ in before
                ],
            }
        answer = self._send("post", ":batchUpdate", {"fields": HEADING_FIELDS if before else "spreadsheetId"}, body)
        after = dict(headings_of(answer.get("updatedSpreadsheet", {})))
        for look, id, title, headings in before:
            now = after.get(id, [])
            if any(_at(headings, column.column) != _at(now, column.column) for column in look.columns):
                raise WorkbookError("google.kolom-bergeser", **self._place, tab=title)

    def _headings(self, tabs: Mapping[str, Present]) -> Iterator[tuple[TabLook, int, str, list[str]]]:
        """The looks that are given to people's columns; the id, the title and the headings of their tabs."""
        for look in self._looks:
            present = tabs.get(folded(look.title))
            if present is not None and look.columns and not look.ours:
                headings = heading_texts(present.row(look.heading_row))
                yield look, present.outline.id, present.outline.title, headings


def _at(headings: Sequence[str], column: int) -> str:
    return headings[column] if column < len(headings) else ""
