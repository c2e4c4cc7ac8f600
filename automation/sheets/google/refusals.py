"""What Google has refused: to write something, besides what it says is protected; to read a tab."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

#: Seconds for which a refusal is believed: someone may have lifted meanwhile what it came from.
BELIEVED = 3600.0

T = TypeVar("T")


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
