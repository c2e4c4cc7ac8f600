"""A cell whose entry comes from a list: case, spacing and punctuation are forgiven, the nearest entry is suggested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

Entry = TypeVar("Entry", bound=str)

_LONGEST = 100  # characters; no entry is longer
_ALIKE = 60.0  # of 100, from which an entry is worth suggesting
_MOST_SUGGESTED = 3
_MOST_LISTED = 5


class Choices(Generic[Entry]):
    """The entries of one list. `aliases` are other ways to write one, such as ``WA`` for ``WhatsApp``."""

    def __init__(self, entries: Iterable[Entry], aliases: Mapping[str, Entry] | None = None) -> None:
        self._entries = tuple(entries)
        self._by_key = {_key(alias): entry for alias, entry in (aliases or {}).items()}
        self._by_key |= {_key(entry): entry for entry in self._entries}
        self._find = lru_cache(maxsize=1024)(self._search)
        self._suggest = lru_cache(maxsize=1024)(self._nearest)

    def find(self, text: str) -> Entry | None:
        """The entry that `text` names."""
        return self._find(text) if len(text) <= _LONGEST else None

    def suggest(self, text: str) -> tuple[Entry, ...]:
        """The entries that `text` resembles, nearest first; the list's beginning if it resembles none."""
        return self._suggest(text[:_LONGEST])

    def _search(self, text: str) -> Entry | None:
        return self._by_key.get(_key(text))

    def _nearest(self, text: str) -> tuple[Entry, ...]:
        alike = process.extract(
            _key(text),
            {entry: _key(entry) for entry in self._entries},
            scorer=fuzz.WRatio,
            score_cutoff=_ALIKE,
            limit=_MOST_SUGGESTED,
        )
        return tuple(entry for _, _, entry in alike) or self._entries[:_MOST_LISTED]


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
