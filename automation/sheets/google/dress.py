"""Dressing the tabs of one spreadsheet: one request looks at them (a second one at all rows of tabs in which a column
seems to lack something), and one gives what is missing; none does if nothing is.

A write whose answer was lost is not simply sent again: what arrived unnoticed would be given twice. Whatever goes
wrong, the tabs are looked at again. A request that Google refuses by name (a list in a typed column) is dropped.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, groupby
from typing import Any

from automation.model.cells import fold_title
from automation.sheets.google.failures import FAILURES, NAMED, Subject, call_patiently, classify, tries_after
from automation.sheets.google.present import HEADING_FIELDS, LOOK_FIELDS, OUTLINE_FIELDS, Present, present_tabs
from automation.sheets.google.resources import Request
from automation.sheets.google.snapshot import echoing
from automation.sheets.google.tab import GoogleTab
from automation.sheets.links import quoted_title
from automation.sheets.looks.dressing import extent, sources, wanted_features
from automation.sheets.looks.model import TabLook
from automation.trouble import WorkbookError

#: How many times the tabs are looked at if they are changed between looking and giving.
PATIENCE = 3
#: Requests that may be refused by name; if more are, the failure is raised.
MOST_REFUSED = 40
#: Bytes of requests in one batch; Google advises at most 2 MB.
LARGEST_BATCH = 1_800_000

#: Sends one request about the spreadsheet, once, with these parameters (and a body), and returns the answer's JSON.
Send = Callable[..., Mapping[str, Any]]
Tabs = dict[str, Present]


class Dresser:
    """Gives the tabs of one spreadsheet what they lack. `robot` is the address that may edit protected tabs, `place`
    the spreadsheet for messages; `get` asks for the spreadsheet, and `post` sends it a batchUpdate."""

    def __init__(self, get: Send, post: Send, looks: Sequence[TabLook], robot: str, place: Subject) -> None:
        self._get, self._post, self._looks, self._robot, self._place = get, post, looks, robot, place
        self._given = 0

    def dress(self) -> int:
        """Look and give what is missing, again if that may help; returns how many things were given.

        Raises `WorkbookError` if people moved columns between the two, so that a column may have got what another one
        lacked: nothing that stood there is lost, but only people can tell which list is in a wrong place. Raises it
        also if Google refused something, once all else is given.
        """
        given = call_patiently(self._dress, lambda failure: PATIENCE if failure.is_outrun else tries_after(failure))
        if self._refused:
            about = {"banyak": len(self._refused), "sebab": self._refused[0]}
            raise WorkbookError("google.sebagian-ditolak", **self._place.named, **about)
        return given

    def _dress(self) -> int:
        self._refused: list[str] = []  # Google's words; what is still missing is asked for again
        tabs = self._look()
        edits = [tab.edits() for tab in self._dressed(tabs)]
        *earlier, last = _batches([request for _, requests in edits for request in requests]) or [[]]
        for batch in earlier:
            self._give("spreadsheetId", {"requests": batch})
        if last:
            self._give_last(last, tabs)
        self._given += sum(given for given, _ in edits)
        return self._given

    def _give(self, fields: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a batch, without what is refused by name."""
        requests = [*body["requests"]]
        while requests:
            try:
                return self._post({"fields": fields}, {**body, "requests": requests})
            except FAILURES as error:
                failure = classify(error)
                named = NAMED.search(failure.words)
                if failure.is_outrun or named is None or len(self._refused) >= MOST_REFUSED:
                    raise
                del requests[int(named[1])]
                self._refused.append(failure.words)
        return {}

    def _look(self) -> Tabs:
        try:
            tabs = self._read(_ranges_of(self._looks))
        except FAILURES as error:
            if not classify(error).is_outrun:
                raise
            # A tab is not there, is spelled differently, or has fewer rows than usual.
            tabs = self._read(_ranges_of(self._looks, present_tabs(self._get({"fields": OUTLINE_FIELDS}))))
        # If the first row seems to lack something, only all rows show whether it is there further down.
        more = [quoted_title(tab.present.title) for tab in self._dressed(tabs) if tab.seems_bare]
        return {**tabs, **self._read(more, whole=True)}

    def _read(self, ranges: list[str], *, whole: bool = False) -> Tabs:
        return present_tabs(self._get({"fields": LOOK_FIELDS, "ranges": ranges}), whole=whole) if ranges else {}

    def _dressed(self, tabs: Tabs) -> list[GoogleTab]:
        taken = set[int]().union(*(tab.ids() for tab in tabs.values()))
        found = ((look, tabs.get(fold_title(look.title))) for look in self._looks)
        return [GoogleTab(look, tab, tabs, taken, self._robot) for look, tab in found if tab is not None]

    def _give_last(self, batch: Sequence[Request], tabs: Tabs) -> None:
        """Send the last batch, whose answer shows the headings of people's columns: they must be where they were."""
        watched = [tab for tab in self._dressed(tabs) if tab.look.columns and not tab.look.ours]
        rows = ((quoted_title(tab.present.title), tab.look.heading_row + 1) for tab in watched)
        back = echoing([f"{tab}!{row}:{row}" for tab, row in rows]) if watched else {}
        answer = self._give(HEADING_FIELDS if watched else "spreadsheetId", {"requests": batch, **back})
        shown = map(Present, answer.get("updatedSpreadsheet", {}).get("sheets", ()))
        after = {present.id: present.texts(0) for present in shown}
        for tab in watched:
            then, now = tab.present.texts(tab.look.heading_row), after.get(tab.present.id, {})
            if any(then.get(each.column) != now.get(each.column) for each in tab.look.columns):
                raise WorkbookError("google.kolom-bergeser", **self._place.named, tab=tab.present.title)


def _ranges_of(looks: Sequence[TabLook], known: Tabs | None = None) -> list[str]:
    """The ranges to read of each tab that looks are for, or refer to: of people's tabs the headings and the first row
    below, which is mostly enough to see that a column lacks nothing. Without `known` tabs, all are assumed to be there
    under these titles, and large enough."""
    asked: list[tuple[str, int | None]] = [
        (title, 1) for look in looks for each in wanted_features(look) for title in sources(each)
    ]
    asked += [(look.title, None if look.ours and look.areas else extent(look)[0]) for look in looks]
    needed = {fold_title(title): (title, last) for title, last in asked}
    if known is not None:
        there = ((known[key], last) for key, (_, last) in needed.items() if key in known)
        needed = {tab.title: (tab.title, last if last and last <= tab.grid[0] else None) for tab, last in there}
    return [quoted_title(title) + (f"!1:{last}" if last else "") for title, last in needed.values()]


def _batches(requests: Sequence[Request]) -> list[list[Request]]:
    ends = accumulate(len(json.dumps(request)) for request in requests)
    batches = groupby(zip(requests, ends, strict=True), key=lambda one: one[1] // LARGEST_BATCH)
    return [[request for request, _ in batch] for _, batch in batches]
