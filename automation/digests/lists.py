"""How long a list of a digest may become. A plain tuple grows with the cases, and is printed up to a bound."""

from __future__ import annotations

from typing import TypeVar

T_co = TypeVar("T_co", covariant=True)


class Whole(tuple[T_co, ...]):
    """A list that is always printed whole: its length depends on the city or the calendar, never on how many cases
    there are."""

    __slots__ = ()


class Long(tuple[T_co, ...]):
    """A list of cases that is worked through one by one: as much of it is printed as a mail holds."""

    __slots__ = ()
