"""What Google has refused: to write something, besides what it says is protected; to read a tab."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from automation.sheets.google.snapshot import OUTLINE_FIELDS, READ_FIELDS, UNREAD, grid_sheets
from automation.sheets.links import quoted
from automation.trouble import WorkbookError

#: Seconds for which a refusal is believed: someone may have lifted meanwhile what it came from.
BELIEVED = 3600.0

#: Values as they are, not as they look.
VALUES = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}

T = TypeVar("T")
Spreadsheet = Mapping[str, Any]
#: Asks once for something of the spreadsheet, by parameters and the rest of a path.
Ask = Callable[..., dict[str, Any]]


class Refusals(Generic[T]):
    """By spreadsheet, for an hour."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._told: dict[str, list[tuple[float, T]]] = defaultdict(list)

    def note(self, source: str, refused: T) -> None:
        """From now on this is believed."""
        self._told[source].append((self._clock(), refused))

    def of(self, source: str) -> list[T]:
        """Those of a spreadsheet that are still believed."""
        since = self._clock() - BELIEVED
        self._told[source] = [told for told in self._told[source] if told[0] > since]
        return [refused for _, refused in self._told[source]]


def read_anyway(whole: Callable[[], Spreadsheet], ask: Ask, unreadable: Refusals[str], source: str) -> Spreadsheet:
    """A spreadsheet, though Google may not be able to tell all of its tabs at once: then each is asked for once, or all
    but those known to be bad together. Of the bad ones only the values are known, or nothing. Raises `WorkbookError`
    where nothing at all can be read."""
    # Once Google's own trouble may have struck a tab by chance.
    bad = [title for title, times in Counter(unreadable.of(source)).items() if times > 1]
    try:
        if not bad:
            return whole()
    except WorkbookError as error:
        if not str(error.particulars.get("sebab")).startswith("HTTP 5"):
            raise
    spreadsheet = ask({"fields": OUTLINE_FIELDS})
    titled: dict[str, Any] = {properties["title"]: sheet for _, properties, sheet in grid_sheets(spreadsheet)}
    good = [title for title in titled if title not in bad]
    groups = [good] if bad else [[title] for title in good]
    for titles in groups:
        try:
            read = ask({"fields": READ_FIELDS, "ranges": [quoted(title) for title in titles]})
            for sheet in read.get("sheets", ()):
                titled[sheet["properties"]["title"]].update(sheet)
        except WorkbookError:
            if len(titled) == 1:
                raise
            groups += [[title] for title in titles] if len(titles) > 1 else []
            if len(titles) == 1:
                bad += titles
                unreadable.note(source, titles[0])
    for title in filter(titled.__contains__, bad):
        titled[title][UNREAD] = []
        with suppress(WorkbookError):
            titled[title][UNREAD] = ask(VALUES, f"/values/{quote(quoted(title), safe='')}").get("values", [])
    return spreadsheet
