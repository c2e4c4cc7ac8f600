"""What Google has refused to write, besides what it says is protected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from time import monotonic

from automation.model.cells import Lock

#: Seconds for which a refusal is believed: someone may have lifted meanwhile what it came from.
BELIEVED = 3600.0


class Refusals:
    """By spreadsheet: the key of a tab, and columns of it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._told: dict[str, list[tuple[float, tuple[str, Lock]]]] = defaultdict(list)

    def note(self, source: str, refused: tuple[str, Lock]) -> None:
        """From now on, for an hour, the spreadsheet holds this lock."""
        self._told[source].append((self._clock(), refused))

    def of(self, source: str) -> list[tuple[str, Lock]]:
        """Those of a spreadsheet that are still believed."""
        since = self._clock() - BELIEVED
        self._told[source] = [told for told in self._told[source] if told[0] > since]
        return [refused for _, refused in self._told[source]]
