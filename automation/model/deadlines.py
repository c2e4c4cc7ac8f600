"""The clock of a case: when it is due, how late it is, and how high up it has to be known by now.

All of it is computed from the row and the journal.

**Escalation** is how high up a case has to be known by now, the nearer its deadline and the longer past it the higher:

1. The level that a case stands at follows from its clock alone: see `Ladder`. While the clock stands (the reporter's
   answer is awaited, or the case is closed) there is none.
2. **The baseline** of a case is the level at which its clock is first seen running. It is recorded, and never told as
   news: rows of long ago that are typed in late, the first run on old data and the first run of a version that knows
   levels find what was so already. It stands in the event that issues the case; where that case came waiting or
   closed, or was issued by a version that knew no levels, in an event of its own, marked ``dasar``.
3. **A level is reached once**: when a case stands higher than anything recorded of it, that is recorded with the time,
   and told in the next digest. Levels passed in between are not told one by one. A deadline that moves back (a pause,
   a correction) takes nothing away: the case has been brought before those people, and is brought before them again
   only by a level higher still.

What was recorded is in the journal, so nothing is told again after an upgrade, a restart or a restored spreadsheet; and
what was reached while nothing ran is recorded, and told, when it runs again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from itertools import pairwise

from automation.model.complaint import Status
from automation.model.texts import Texts
from automation.model.workdays import Calendar


class Level(IntEnum):
    """How far up a case has come. `slug` is its name in the journal and in the catalogue of words."""

    NONE = 0
    SOON = 1  # the deadline is near
    TODAY = 2  # and now it has come
    COORDINATOR = 3
    FACTION = 4
    CHAIR = 5

    @property
    def slug(self) -> str:
        """``fraksi`` for FACTION."""
        return _SLUGS[self]

    @staticmethod
    def named(slug: object) -> Level | None:
        """The level that the journal means; None where it means none."""
        return Level(_SLUGS.index(slug)) if slug in _SLUGS else None


_SLUGS = ("belum", "segera", "hari-ini", "koordinator", "fraksi", "ketua")


@dataclass(frozen=True, slots=True)
class Ladder:
    """From which day on a case stands at each level: `warn_days` working days before its deadline, and so many working
    days past it. Of several that are reached, the highest counts, whatever their order in days."""

    warn_days: int = 1
    coordinator: int = 1
    faction: int = 3
    chair: int = 6

    def level(self, days_late: int, days_left: int | None) -> Level:
        """The level of a running clock: working days past the deadline, and until it (None when it has passed)."""
        if days_left is not None:
            return Level.TODAY if days_left == 0 else Level.SOON if days_left <= self.warn_days else Level.NONE
        steps = ((self.chair, Level.CHAIR), (self.faction, Level.FACTION), (self.coordinator, Level.COORDINATOR))
        return next((level for days, level in steps if days_late >= days), Level.TODAY)


@dataclass(frozen=True, slots=True)
class Clock:
    """`due` is the day on which the target ends. `days_late` counts working days past it and is 0 while the clock
    stands; `days_left` counts working days until it (0 today) and is None when late, paused or closed."""

    due: date
    paused: bool
    closed: bool
    days_late: int
    days_left: int | None
    tomorrow: bool  # due tomorrow by the calendar
    level: Level | None  # where it stands on the ladder of escalation; None while the clock stands

    def words(self, texts: Texts) -> str:
        """What `Keterlambatan` says: nothing for a case that is closed or has time."""
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
    """The clock of a case received on `received`, with a `target` of so many working days, whose journal tells
    `statuses` (each since when, oldest first).

    Counting starts on the working day after receipt. A day on whose evening the reporter's answer was awaited does
    not count; while it is still awaited, the deadline is shown as it stood when the pause began. A deadline that a
    closed case has met or missed stays the deadline when it is opened again.
    """
    status = statuses[-1][1]
    skipped = paused_days(statuses)
    due = first_due or calendar.after(received, target, skipped)
    running = not (status.paused or status.closed)
    late = calendar.between(due, today, skipped) if running and today > due else 0
    # After a due day, on days when nobody works, a case has neither time left nor a working day of delay.
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
    """The days on whose evening the reporter's answer was awaited, of pauses that have ended."""
    paused = ((since.date(), until.date()) for (since, status), (until, _) in pairwise(statuses) if status.paused)
    return frozenset(since + timedelta(days=n) for since, until in paused for n in range((until - since).days))
