"""What Google has refused: writes to cells that it does not report as protected, and reading a tab."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from automation.sheets.google.snapshot import OUTLINE_FIELDS, READ_FIELDS, UNREAD, grid_sheets
from automation.sheets.links import quoted_title
from automation.trouble import WorkbookError

#: Seconds for which a refusal is believed: its cause may be gone afterwards.
BELIEVED = 3600.0

#: Values as they are, not as they look.
VALUES = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}

T = TypeVar("T")
Spreadsheet = Mapping[str, Any]
#: Asks once for something of the spreadsheet, by parameters and the rest of a path.
Ask = Callable[..., dict[str, Any]]


class Refusals(Generic[T]):
    """Refusals by spreadsheet, each believed for an hour."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._told: dict[str, list[tuple[float, T]]] = defaultdict(list)

    def note(self, source: str, refused: T) -> None:
        """Note a refusal, now."""
        self._told[source].append((self._clock(), refused))

    def of(self, source: str) -> list[T]:
        """The refusals of a spreadsheet that are still believed."""
        since = self._clock() - BELIEVED
        self._told[source] = [told for told in self._told[source] if told[0] > since]
        return [refused for _, refused in self._told[source]]


def read_anyway(whole: Callable[[], Spreadsheet], ask: Ask, unreadable: Refusals[str], source: str) -> Spreadsheet:
    """A spreadsheet, even if Google can't return all of its tabs at once: then each is asked for by itself, or, if some
    are known to be bad, all others together. Of a bad one only the values are read, or nothing. Raises `WorkbookError`
    if nothing at all can be read."""
    # A single failure may be Google's own trouble, by chance.
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
            read = ask({"fields": READ_FIELDS, "ranges": [quoted_title(title) for title in titles]})
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
            titled[title][UNREAD] = ask(VALUES, f"/values/{quote(quoted_title(title), safe='')}").get("values", [])
    return spreadsheet
