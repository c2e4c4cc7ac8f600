"""Working days, and the clock of a case: when it is due, how late it is, and to whom it has to be brought by now.

National holidays and joint leave (cuti bersama) come from PyPI ``holidays``, which follows the government's joint
decrees (SKB 3 Menteri). A decree appears some months before its year: for later years only computed dates are known,
and `Calendar.doubts` says so.

**Escalation** is how high up a case has to be known: the nearer its deadline, and the longer past it, the higher.

1. The level of a case follows from its clock alone: see `Ladder`. While the clock is stopped (the reporter's answer is
   awaited, or the case is closed) there is none.
2. **The baseline** of a case is the level at which its clock is first seen running. It is recorded, and never told as
   news: when old rows are typed in late, on the first run on old data, or on the first run of a version that knows
   levels, it was so already. It stands in the event that issues the case; if that case came waiting or closed, or was
   issued by a version that knew no levels, in an event of its own, marked ``dasar``.
3. **A level is reached once**: when a case stands higher than anything recorded of it, that is recorded with the time,
   and told in the next digest. Levels skipped in between are not told one by one. A deadline that moves back (a pause,
   a correction) takes nothing away: the case has been brought before those people, and is brought before them again
   only by a still higher level.

What was recorded is in the journal, so nothing is told again after an upgrade, a restart or a restored spreadsheet; and
what was reached while the program did not run is recorded, and told, when it runs again.
"""

import importlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import cache
from importlib.machinery import SourceFileLoader
from itertools import pairwise
from types import ModuleType
from typing import TYPE_CHECKING, cast

import holidays
from msgspec import Struct

from automation.model.complaint import Status
from automation.model.texts import Texts

if TYPE_CHECKING:
    from holidays.countries.indonesia import Indonesia


def _indonesia() -> "type[Indonesia]":
    """The only country of the package that is needed: importing it by name would load 250 others with it, 8 MB."""
    module = ModuleType(name := "holidays.countries.indonesia")
    try:
        SourceFileLoader(name, f"{holidays.__path__[0]}/countries/indonesia.py").exec_module(module)
    except FileNotFoundError:  # a later version keeps it elsewhere
        module = importlib.import_module(name)
    return cast("type[Indonesia]", module.Indonesia)


_INDONESIA = _indonesia()
_DECREES = range(2002, 2100)  # years; joint leave began with the first
_ESTIMATED = _INDONESIA.estimated_label.replace("%s", "")
_SHIFT = timedelta(days=1)  # how far the moon may move an estimated day
_FARTHEST = 50  # years to search; if every day is skipped, counting would never end


@cache
def _national(year: int, category: str) -> dict[date, str]:
    return dict(_INDONESIA(years=year, categories=(category,), language="id"))


@cache
def known_through() -> int:
    """The last year whose decree, joint leave included, is known. For later years only computed holidays are known."""
    return max(day.year for day in _INDONESIA(years=_DECREES, categories=("government",)))


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

    def is_working(self, day: date) -> bool:
        """Whether `day` counts."""
        return day in self._working(day.year)

    def after(self, day: date, n: int, skipping: Container[date] = ()) -> date:
        """The `n`-th working day after `day`; days in `skipping` don't count. For 0: `day`, or the next that counts."""
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
        """The number of working days d with start < d <= end; days in `skipping` don't count."""
        years = map(self._working, range(start.year, end.year + 1) if start < end else ())
        worked = sum([bisect_right(days, end) - bisect_right(days, start) for days in years])
        return worked - len([day for day in set(skipping) if start < day <= end and self.is_working(day)])

    def ages(self, today: date) -> Callable[[date], int]:
        """A function that gives the number of working days since a day; each day is worked out once."""
        return cache(lambda since: self.between(since, today))

    def doubts(self, start: date, end: date) -> tuple[list[date], list[int]]:
        """What may still change from `start` to `end`, as far as it matters to this calendar: holidays with an
        estimated date (they follow the moon), and years whose joint leave has not been decreed."""
        years = range(start.year, end.year + 1)
        named = [item for year in years if self.national for item in _national(year, "public").items()]
        moon = (day for day, name in named if _ESTIMATED in name)
        estimated = sorted(day for day in moon if start - _SHIFT <= day <= end + _SHIFT)
        undecreed = [year for year in years if self.joint_leave and year > known_through()]
        return estimated, undecreed

    def _working(self, year: int) -> tuple[date, ...]:
        if year not in self._years:
            categories = [name for name, on in (("public", self.national), ("government", self.joint_leave)) if on]
            off = self.days_off.union(*(_national(year, name) for name in categories))
            days = map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
            self._years[year] = tuple(
                day for day in days if day in self.days_worked or (day.weekday() in self.week and day not in off)
            )
        return self._years[year]


class Level(IntEnum):
    """How far up a case has come. `slug` is its name in the journal and in the catalogue of words."""

    NONE = 0
    SOON = 1  # the deadline is near
    TODAY = 2  # the deadline has come
    COORDINATOR = 3
    FACTION = 4
    CHAIR = 5

    @property
    def slug(self) -> str:
        """``fraksi`` for FACTION."""
        return _SLUGS[self]

    @staticmethod
    def named(slug: object) -> "Level | None":
        """The level with this slug in the journal; None if there is none."""
        return Level(_SLUGS.index(slug)) if slug in _SLUGS else None


_SLUGS = ("belum", "segera", "hari-ini", "koordinator", "fraksi", "ketua")


class Ladder(Struct, frozen=True):
    """From when on a case stands at each level: `warn_days` working days before its deadline, and the other numbers of
    working days past it. Of several levels that are reached the highest counts, whatever their order in days."""

    warn_days: int = 1
    coordinator: int = 1
    faction: int = 3
    chair: int = 6

    def level(self, days_late: int, days_left: int | None) -> Level:
        """The level of a running clock; `days_late` and `days_left` as in `Clock` (None: the deadline has passed)."""
        if days_left is not None:
            return Level.TODAY if days_left == 0 else Level.SOON if days_left <= self.warn_days else Level.NONE
        steps = ((self.chair, Level.CHAIR), (self.faction, Level.FACTION), (self.coordinator, Level.COORDINATOR))
        return next((level for days, level in steps if days_late >= days), Level.TODAY)


class Clock(Struct, frozen=True):
    """`due` is the day on which the target ends. `days_late` counts working days past it and is 0 while the clock is
    stopped; `days_left` counts working days until it (0 today) and is None when late, paused or closed."""

    due: date
    paused: bool
    closed: bool
    days_late: int
    days_left: int | None
    tomorrow: bool  # due tomorrow by the calendar
    level: Level | None  # the level of escalation; None while the clock is stopped

    def words(self, texts: Texts) -> str:
        """What `Keterlambatan` says: nothing if the case is closed or has time."""
        if self.closed:
            return ""
        if self.paused:
            return texts.say("tenggat.dijeda")
        if self.days_late:
            return texts.say("tenggat.terlambat", hari=self.days_late)
        if self.days_left == 0:
            return texts.say("tenggat.hari-ini")
        return texts.say("tenggat.besok") if self.tomorrow else ""


def clock(
    received: date,
    target: int,
    statuses: Sequence[tuple[datetime, Status]],
    first_due: date | None,
    calendar: Calendar,
    ladder: Ladder,
    today: date,
) -> Clock:
    """The clock of a case received on `received`, with a `target` in working days, whose journal gives `statuses` (each
    with its beginning, oldest first).

    Counting starts on the working day after receipt. A day on whose evening the reporter's answer was awaited does not
    count; while it is still awaited, the deadline is shown as it was when the pause began. A deadline that a closed
    case has met or missed stays the deadline when the case is reopened.
    """
    status = statuses[-1][1]
    skipped = paused_days(statuses)
    due = first_due or calendar.after(received, target, skipped)
    running = not (status.paused or status.closed)
    late = calendar.between(due, today, skipped) if running else 0
    # After the due day, on days when nobody works, a case has neither time left nor a working day of delay.
    left = calendar.between(today, due) if running and today <= due else None
    return Clock(
        due=due,
        paused=status.paused,
        closed=status.closed,
        days_late=late,
        days_left=left,
        tomorrow=due == today + timedelta(days=1),
        level=ladder.level(late, left) if running else None,
    )


def paused_days(statuses: Sequence[tuple[datetime, Status]]) -> frozenset[date]:
    """The days on whose evening the reporter's answer was awaited, in pauses that have ended."""
    paused = [(since.date(), until.date()) for (since, status), (until, _) in pairwise(statuses) if status.paused]
    return frozenset([since + timedelta(days=n) for since, until in paused for n in range((until - since).days)])
