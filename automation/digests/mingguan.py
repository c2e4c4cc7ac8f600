"""The meeting pack: what changed since the last meeting, what there is to decide, and how the service does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from automation.digests.audience import Scope, Whole, closed_as, register_within, still_open
from automation.digests.charts import Charts, Coverage, charts, coverage
from automation.digests.decisions import Agency, agencies, decided_within, settled, undecided, unfinished
from automation.digests.figures import Legal, Service, legal, service
from automation.digests.flow import Passage, Period, Week, passage, status_at, weeks
from automation.digests.matters import Matter, Rest, agenda, matters, pressing
from automation.model.bulk import in_bulk
from automation.model.complaint import Priority, Status
from automation.model.register import Decision, Entry, Health, Register, Repair
from automation.model.rules import Rules

#: Decisions that are not carried out, as many as are listed.
MOST_PENDING = 8


@dataclass(frozen=True, slots=True)
class Move:
    """A case whose status is another now; both are empty where its category is sensitive."""

    entry: Entry
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Sections hold every case, the most pressing first. One that came and was closed stands in both."""

    new: tuple[Entry, ...]
    reopened: tuple[Entry, ...]  # and open now
    turned_late: tuple[Entry, ...]  # its deadline passed in the period
    moved: tuple[Move, ...]  # neither new, closed nor reopened
    closed: Mapping[Status, tuple[Entry, ...]]  # by what they were closed as
    gone: tuple[Entry, ...]  # open, but its row is no longer in the spreadsheet, whenever that was seen

    @property
    def empty(self) -> bool:
        """Nothing stands in any of them."""
        lists = self.new, self.reopened, self.turned_late, self.moved, self.gone, *self.closed.values()
        return not any(lists)


def changes(passages: Iterable[Passage], period: Period) -> Changes:
    """What changed in the period and still holds at its end."""
    cases = list(passages)
    opened = [case for case in cases if not case.entry.status.closed]
    reopened = [case.entry for case in opened if any(map(period.holds, case.reopenings))]
    closed = [case.entry for case in cases if case.entry.status.closed and period.holds(case.closings[-1].at)]
    told = {entry.ticket for entry in (*reopened, *closed)}
    others = [case.entry for case in cases if case.opened <= period.after and case.entry.ticket not in told]
    moved = [
        Move(entry, *(("", "") if entry.sensitive else (before.value, entry.status.value)))
        for entry in others
        if (before := status_at(entry.history, period.after)) is not entry.status
    ]
    return Changes(
        new=_ordered(case.entry for case in cases if period.holds(case.opened)),
        reopened=_ordered(reopened),
        turned_late=_ordered(
            case.entry for case in cases if case.entry.days_late > 0 and case.entry.due >= period.after.date()
        ),
        moved=tuple(sorted(moved, key=lambda move: pressing(move.entry))),
        closed=closed_as(_ordered(closed)),
        gone=_ordered(case.entry for case in opened if not case.entry.present),
    )


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=pressing))


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Mingguan:
    """What a faction takes into its meeting: at most four sheets of paper."""

    since: datetime  # the last meeting's pack
    now: datetime
    open_cases: int
    waiting: int  # of these: paused until the reporter answers
    overdue: int
    changes: Changes
    pending: Whole[Decision]  # decided, and not done, the longest past its day first; and how many more
    pending_more: int
    collective: int  # collective matters among all that is to be decided
    agenda: tuple[Matter, ...]
    rest: Whole[Rest]
    agencies: Whole[Agency]
    promise: Mapping[Priority, int]  # working days from receipt to an outcome; a category may have its own
    service: Service
    before: Service  # the period of the same length before
    weeks: Whole[Week]
    charts: Charts
    legal: Legal
    coverage: Coverage
    repairs: tuple[Repair, ...]
    unread: tuple[Health, ...]  # spreadsheets that could not be read: all figures may lag behind

    @property
    def empty(self) -> bool:
        """Nothing to decide and nothing to tell: then a mail is sent only to those who asked for it even so."""
        return self.changes.empty and not (self.open_cases or self.repairs or self.unread)


@in_bulk
def mingguan(register: Register, scopes: Collection[Scope], since: datetime, now: datetime, rules: Rules) -> Mingguan:
    """The pack about the cases in `scopes` (their union), with what changed after `since` and up to `now`.

    `register` is as it stands at `now`. Each part goes over the cases once.
    """
    told = register_within(register, scopes, rules.places)
    passages = [passage(entry) for entry in told.entries]
    opened = still_open(told.entries)
    # Before its first ticket the program knew nothing: that is not the same as a quiet week.
    begun = min((entry.issued_at for entry in register.entries), default=now)
    period = Period(since, now)

    @cache
    def age(received: date) -> int:
        return rules.calendar.between(received, now.date())

    def figures(period: Period) -> Service:
        return service(passages, period, rules.calendar, known=begun <= period.after)

    known = decided_within(register.decisions, scopes)
    pending, past = unfinished(known), settled(known, now.date())
    decided = matters((case for case in passages if case.entry.ticket not in past), period, age)
    listed, rest = agenda(decided, rules.categories, undecided(known), now.date())
    return Mingguan(
        since=since,
        now=now,
        open_cases=len(opened),
        waiting=sum(entry.status.paused for entry in opened),
        overdue=sum(entry.days_late > 0 for entry in opened),
        changes=changes(passages, period),
        pending=Whole(pending[:MOST_PENDING]),
        pending_more=len(pending[MOST_PENDING:]),
        collective=sum(matter.cases > 1 for matter in decided),
        agenda=listed,
        rest=rest,
        agencies=agencies(known, rules.calendar),
        promise=rules.targets,
        service=figures(period),
        before=figures(period.before),
        weeks=weeks(passages, begun.date(), now),
        charts=charts(opened, age),
        legal=legal(opened, age),
        coverage=coverage(passages, rules.places, scopes, period),
        repairs=told.repairs,
        unread=told.health,
    )
