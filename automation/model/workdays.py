"""Working days: the week, national holidays and joint leave, and what Kendali's Libur tab says.

National holidays and joint leave (cuti bersama) come from PyPI ``holidays``, which follows the government's joint
decrees (SKB 3 Menteri). A decree appears some months before its year: for a later year only computed dates are known,
and `Calendar.doubts` says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Container
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays
from holidays.countries.indonesia import Indonesia

_FIRST_DECREE = 2002  # the first year with joint leave
_LAST_CONSIDERED = 2099
_ESTIMATED = Indonesia.estimated_label.replace("%s", "")
_SHIFT = timedelta(days=1)  # how far the moon may move an estimated day
_FARTHEST = 50  # years; beyond it every day is being skipped, and counting on would never end


@lru_cache(maxsize=256)
def _national(year: int, *categories: str) -> dict[date, str]:
    return dict(holidays.country_holidays("ID", years=year, categories=categories, language="id"))


@lru_cache(maxsize=1)
def known_through() -> int:
    """The last year whose decree, joint leave included, is known. Later years have computed holidays only."""
    decreed = holidays.country_holidays(
        "ID", years=range(_FIRST_DECREE, _LAST_CONSIDERED + 1), categories=("government",)
    )
    return max(day.year for day in decreed)


@dataclass(frozen=True, slots=True)
class Doubts:
    """Why a count of working days may still change: holidays whose date is an estimate (they follow the moon), and
    years whose joint leave has not been decreed. Falsy when there is no doubt."""

    estimated: tuple[date, ...] = ()
    undecreed: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.estimated or self.undecreed)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count. `days_worked` wins over `days_off`, and both over the week and the nation's holidays.

    Counting costs a search in a sorted year, so it can be asked a hundred thousand times a cycle.
    """

    week: frozenset[int]  # 0 = Monday
    national: bool
    joint_leave: bool
    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()
    _years: dict[int, tuple[date, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.week or not self.week <= set(range(7)):
            raise ValueError("a calendar needs at least one working day in its week, 0 (Monday) to 6")

    def is_working(self, day: date) -> bool:
        """Whether `day` counts."""
        return day in self._working(day.year)

    def after(self, day: date, n: int, skipping: Container[date] = ()) -> date:
        """The `n`-th working day after `day`; days in `skipping` don't count. For 0: `day`, or the next that counts."""
        if n < 0:
            raise ValueError("working days are counted forwards")
        if n == 0:
            return self.after(day - timedelta(days=1), 1, skipping)
        for year in range(day.year, day.year + _FARTHEST):
            days = self._working(year)
            for candidate in days[bisect_right(days, day) :]:
                n -= candidate not in skipping
                if n == 0:
                    return candidate
        raise ValueError("no working day is left to count")

    def between(self, start: date, end: date, skipping: Collection[date] = ()) -> int:
        """How many working days d there are with start < d <= end; days in `skipping` don't count."""
        years = map(self._working, range(start.year, end.year + 1) if start < end else ())
        worked = sum(bisect_right(days, end) - bisect_right(days, start) for days in years)
        return worked - sum(start < day <= end and self.is_working(day) for day in set(skipping))

    def doubts(self, start: date, end: date) -> Doubts:
        """What may still change among the days from `start` to `end`, as far as this calendar heeds it."""
        years = range(start.year, end.year + 1)
        named = [item for year in years if self.national for item in _national(year, "public").items()]
        estimated = sorted(
            day for day, name in named if _ESTIMATED in name and start <= day + _SHIFT and day - _SHIFT <= end
        )
        undecreed = [year for year in years if self.joint_leave and year > known_through()]
        return Doubts(tuple(estimated), tuple(undecreed))

    def _working(self, year: int) -> tuple[date, ...]:
        """All working days of the year, in order."""
        if year not in self._years:
            off = set(self.days_off)
            if self.national:
                off.update(_national(year, "public"))
            if self.joint_leave:
                off.update(_national(year, "government"))
            first = date(year, 1, 1).toordinal()
            days = map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1))
            self._years[year] = tuple(
                day for day in days if day in self.days_worked or (day.weekday() in self.week and day not in off)
            )
        return self._years[year]
