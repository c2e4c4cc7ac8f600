"""What may stand in an event: whatever else does was put there by hands, and changes no case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from math import isfinite
from types import NoneType
from typing import Any

from automation.cases.events import EventKind

#: The highest number of an event, or of anything else that is counted.
LAST_NUMBER = 2**31
_YEARS = range(2000, 2200)
_LARGEST = 10**300
_NONE: Mapping[str, Any] = {}
_ALWAYS_FIT = frozenset({str, bool, NoneType})
_OPENING = frozenset({EventKind.ISSUED, EventKind.MOVED_IN})
_SAID_FIRST = frozenset({"isi", "tab", "masuk", "kelurahan", "status"})


@lru_cache(maxsize=1024)  # a commit's events share one
def moment(text: object) -> datetime | None:
    """The moment that is written so; None where it is none, says not of which place, or is not of these times."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year in _YEARS else None


@lru_cache(maxsize=4096)  # many cases share one
def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).year in _YEARS
    except ValueError:
        return False


def _is_day(value: object) -> bool:
    return isinstance(value, str) and _is_date(value)


def is_shaped(kind: EventKind, details: Mapping[str, Any]) -> bool:
    """Whether everything that the program reads of an event of this kind is what it should be."""
    if kind in _OPENING and not details.keys() >= _SAID_FIRST:
        return False
    if (cells := details.get("isi", _NONE)) is not _NONE:
        if not isinstance(cells, dict):
            return False
        told = cells.values() if kind in _OPENING else [*chain.from_iterable(filter(_is_pair, cells.values()))]
        if len(told) != len(cells) * (1 if kind in _OPENING else 2):
            return False
        if not _ALWAYS_FIT.issuperset(map(type, told)) and not all(map(_is_cell, told)):
            return False
    return not any(key in _SHAPES and not _SHAPES[key](value) for key, value in details.items())


def _is_cell(value: object) -> bool:
    """Whether a cell may hold this, as JSON has it."""
    if isinstance(value, dict):
        return list(value) == ["galat"] and isinstance(value["galat"], str)
    if isinstance(value, float):
        return isfinite(value)
    return value is None or isinstance(value, str) or (isinstance(value, int) and abs(value) < _LARGEST)


def _is_pair(value: object) -> bool:
    """Whether this may be what stood in a cell, and what stands there now."""
    return isinstance(value, list) and len(value) == 2


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= LAST_NUMBER


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and moment(value) is not None


def _is_history(value: object) -> bool:
    """Statuses, each after its moment."""
    return isinstance(value, list) and all(
        isinstance(one, list) and len(one) == 2 and _is_moment(one[0]) and _is_text(one[1]) for one in value
    )


def _all(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("tab", "kelurahan", "status", "dari", "ke", "jenjang", "mirip"), _is_text),
    **dict.fromkeys(("alasan", "tertulis", "sebab", "bersama", "disanggah", "asal"), _is_text),
    **dict.fromkeys(("masuk", "tenggat", "ragu"), _is_day),
    **dict.fromkeys(("terbit", "naik", "prioritas", "dijawab"), _is_moment),
    **dict.fromkeys(("awal", "nomor", "tahun"), _is_number),
    "riwayat": _is_history,
    "id": _is_text,
    **dict.fromkeys(("tiket", "kategori"), _all(_is_text)),
    "nilai": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    "baris": _all(_is_number),
    **dict.fromkeys(("tanda", "arsip"), _all(_is_text)),
}
