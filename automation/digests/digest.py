"""What digests have in common: bounds of their lists, and the orders in which they list cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol, TypeVar

from automation.cases.complaint import Priority
from automation.cases.register import Entry

T_co = TypeVar("T_co", covariant=True)


class Digest(Protocol):
    """What is told; the rest of it is between its maker and its templates. A plain tuple in it grows with the cases,
    and is printed up to a bound. One that many recipients share is rendered once: it is known by its identity, and can
    be referred to weakly."""

    @property
    def empty(self) -> bool:
        """Nothing to tell: then a mail is sent only to those who asked for it even so."""


class Whole(tuple[T_co, ...]):
    """A list that is always printed whole: its length depends on the city or the calendar, never on how many cases
    there are."""

    __slots__ = ()


class Long(tuple[T_co, ...]):
    """A list of cases that is worked through one by one: as much of it is printed as a mail holds."""

    __slots__ = ()


def has_nothing_listed(digest: Any) -> bool:
    """Whether each list of a digest, a dataclass, is empty."""
    values = (getattr(digest, field.name) for field in fields(digest))
    return not any(value for value in values if isinstance(value, tuple))


def still_open(entries: Iterable[Entry]) -> list[Entry]:
    """Those that are not closed, in the order given."""
    return [entry for entry in entries if not entry.status.closed]


def by_urgency(entry: Entry) -> tuple[int, str]:
    """Sorts the most urgent first."""
    return _URGENCY[entry.priority], entry.ticket


def by_lateness(entry: Entry) -> tuple[int, int, str]:
    """Sorts the most working days late first."""
    return -entry.days_late, *by_urgency(entry)


def by_closing(entry: Entry) -> tuple[datetime, str]:
    """Sorts the closed ones, the longest closed first."""
    return entry.closed_at or entry.issued_at, entry.ticket


_URGENCY = {Priority.EMERGENCY: 0, Priority.URGENT: 1, Priority.NORMAL: 2}
