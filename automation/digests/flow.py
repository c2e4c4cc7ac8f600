"""How many cases came in and went out in a period, counted from their histories, so that the counts add up:

    open at its start + received + reopened - closed = open at its end

`received` are tickets issued in the period. A case is `closed` when it passes from any open status to any closed one,
and counts by the last closed status before it is reopened: a case that was first called Selesai and then Ditutup Tanpa
Solusi was not solved. It is `reopened` when it passes back. A case that was issued closed is received and closed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from automation.digests.audience import Whole
from automation.model.complaint import CLOSED, Status
from automation.model.register import Entry

#: Weeks that a chart shows, the running one included.
WEEKS = 8
_WEEK = timedelta(days=7)


class Period(Struct, frozen=True):
    """The moments t with after < t <= until."""

    after: datetime
    until: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Whether the moment lies in the period; None (it never happened) does not."""
        return moment is not None and self.after < moment <= self.until

    @property
    def before(self) -> "Period":
        """The period of the same length that ended when this one began."""
        return Period(self.after - (self.until - self.after), self.after)


class Closing(Struct, frozen=True):
    """When a case was seen closed, as what, and the day on which that was done, as people say."""

    at: datetime
    way: Status
    day: date

    def kept(self, due: date) -> bool:
        """Whether it was solved, and by this deadline."""
        return self.way is Status.RESOLVED and self.day <= due


class Passage(Struct, frozen=True):
    """A case on its way through the counts: opened, closed, reopened, closed …, in turn and in order of time."""

    entry: Entry
    opened: datetime
    closings: tuple[Closing, ...]
    reopenings: tuple[datetime, ...]

    def open_at(self, moment: datetime) -> bool:
        """Whether it was an open case at that moment."""
        return self.opened <= moment and not status_at(self.entry.history, moment).closed


class Flow(Struct, frozen=True):
    """The counts of a period: `start` and `end` of cases, the others of how often it happened."""

    start: int
    received: int
    reopened: int
    closed: Mapping[Status, int]  # by closing status
    end: int


class Week(Struct, frozen=True):
    """Monday to Sunday. `complete` unless it is still running."""

    monday: date
    received: int
    resolved: int
    kept: int  # of the resolved: by their deadline
    otherwise: int  # closed without being resolved
    complete: bool


def passage(entry: Entry) -> Passage:
    """The case's passage, from its history. Robots' clocks may differ a little: what is written later is later."""
    history = entry.history
    closings: list[Closing] = []
    reopenings: list[datetime] = []
    moment, closed = entry.issued_at, False
    for at, status in ((moment, history[0][1]), *history[1:]):  # the first counts from the day of issue
        moment = max(moment, at)
        if status.closed and closed:
            closings[-1] = replace(closings[-1], way=status)
        elif status.closed:
            closings.append(Closing(moment, status, moment.date()))
        elif closed:
            reopenings.append(moment)
        closed = status.closed
    if closings and entry.resolved is not None:  # the last one: its row says when, if not on the day it was seen
        closings[-1] = replace(closings[-1], day=entry.resolved)
    return Passage(entry, entry.issued_at, tuple(closings), tuple(reopenings))


def status_at(history: Sequence[tuple[datetime, Status]], moment: datetime) -> Status:
    """The status of a case at a moment; its first one if the moment is earlier than its history."""
    stood = [*takewhile(lambda step: step[0] <= moment, history)] or history[:1]
    return stood[-1][1]


def flow(passages: Collection[Passage], period: Period) -> Flow:
    """The counts of the period."""
    ways = Counter(closing.way for case in passages for closing in case.closings if period.holds(closing.at))
    return Flow(
        start=sum(case.open_at(period.after) for case in passages),
        received=sum(period.holds(case.opened) for case in passages),
        reopened=sum(period.holds(at) for case in passages for at in case.reopenings),
        closed={way: ways[way] for way in CLOSED},
        end=sum(case.open_at(period.until) for case in passages),
    )


def weeks(passages: Iterable[Passage], begun: date, now: datetime, most: int = WEEKS) -> Whole[Week]:
    """The last `most` weeks, oldest first, without those that ended before `begun`, when the first ticket was issued:
    nothing is known of them. Empty weeks since then are listed: they had no complaint."""
    this_monday = monday_of(now.date())
    mondays = [this_monday - _WEEK * back for back in range(most - 1, -1, -1)]
    mondays = [monday for monday in mondays if monday + _WEEK > begun]
    counts = Counter[tuple[date, str]]()
    for case in passages:
        counts[monday_of(case.opened.date()), "received"] += 1
        for closing in case.closings:
            monday = monday_of(closing.at.date())
            counts[monday, "resolved" if closing.way is Status.RESOLVED else "otherwise"] += 1
            counts[monday, "kept"] += closing.kept(case.entry.due)
    names = ("received", "resolved", "kept", "otherwise")
    told = ((monday, {name: counts[monday, name] for name in names}) for monday in mondays)
    return Whole(Week(monday, **counted, complete=monday != this_monday) for monday, counted in told)


@lru_cache(maxsize=4096)  # many cases share one
def monday_of(day: date) -> date:
    """The day on which its week begins."""
    return day - timedelta(days=day.weekday())
