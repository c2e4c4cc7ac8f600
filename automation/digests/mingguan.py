"""Digests for paper. The meeting pack: what changed since the last meeting, what is to be decided, and how the service
performs. The report of a reses: what was heard where in a dapil, and what became of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from automation.digests.audience import Scope, Whole, closed_as, register_within, still_open
from automation.digests.charts import Charts, Coverage, charts, coverage
from automation.digests.decisions import Agency, agencies, decided_tickets, decided_within, open_decisions
from automation.digests.figures import Aged, Service, legal, service
from automation.digests.flow import Passage, Period, Week, passage, status_at, weeks
from automation.digests.matters import Matter, Rest, agenda, matters, pressing
from automation.model.bulk import in_bulk
from automation.model.complaint import Channel, Priority, Status
from automation.model.places import Kelurahan
from automation.model.register import Decision, Entry, Health, Register, Repair
from automation.model.rules import Rules
from automation.tables.meeting import PREPARED, REFUSED

MOST_PENDING = 8  # decisions without a result that are listed, at most
#: Cases of a reses that are listed, so that it stays one sheet: two kelurahan take the room of one, a warning of three.
MOST_CASES, WITH_PLACES = 16, 20


def changes(cases: Collection[Passage], period: Period) -> dict[str, tuple[Entry, ...]]:
    """What changed in the period and still holds at its end, the most pressing first in each: new cases; cases whose
    deadline passed; reopened ones that are open; older ones with another status that were neither reopened nor closed;
    closed ones, by status (new ones, too); and open ones whose row is gone, whenever that was noticed."""
    opened = [case for case in cases if not case.entry.status.closed]
    reopened = [case.entry for case in opened if any(map(period.holds, case.reopenings))]
    closed = [case.entry for case in cases if case.entry.status.closed and period.holds(case.closings[-1].at)]
    late = (case.entry for case in cases if case.entry.days_late > 0 and case.entry.due >= period.after.date())
    told = {entry.ticket for entry in (*reopened, *closed)}
    others = (case.entry for case in cases if case.opened <= period.after and case.entry.ticket not in told)
    return {
        "new": _ordered(case.entry for case in cases if period.holds(case.opened)),
        "turned_late": _ordered(late),
        "reopened": _ordered(reopened),
        "moved": _ordered(one for one in others if status_at(one.history, period.after) is not one.status),
        **{status.slug: entries for status, entries in closed_as(_ordered(closed)).items()},
        "gone": _ordered(case.entry for case in opened if not case.entry.present),
    }


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=pressing))


class Mingguan(Struct, frozen=True, eq=False, weakref=True):
    """What a faction takes into its meeting: at most four sheets of paper."""

    since: datetime  # the time of the last meeting's pack
    now: datetime
    open_cases: int
    waiting: int  # of these: paused until the reporter answers
    overdue: int
    changes: Mapping[str, tuple[Entry, ...]]
    pending: Whole[Decision]  # decisions without a result: those not done, then those that wait
    pending_more: int  # how many more there are
    collective: int  # collective matters among all that are to be decided
    agenda: tuple[Matter, ...]
    rest: Whole[Rest]
    agencies: Whole[Agency]
    promise: Mapping[Priority, int]  # working days from receipt to an outcome; a category may have its own
    service: Service
    before: Service  # the period of the same length before
    weeks: Whole[Week]
    charts: Charts
    legal: Mapping[int, tuple[Aged, ...]]  # by the working days of a legal clock: the open cases that have passed it
    coverage: Coverage
    repairs: tuple[Repair, ...]
    unread: tuple[Health, ...]  # spreadsheets that could not be read: all figures may lag behind

    @property
    def empty(self) -> bool:
        return not (any(self.changes.values()) or self.open_cases or self.repairs or self.unread)


@in_bulk
def mingguan(register: Register, scopes: Collection[Scope], since: datetime, now: datetime, rules: Rules) -> Mingguan:
    """The pack about the cases in `scopes` (their union), with what changed after `since` and up to `now`.

    `register` is as it stands at `now`. Each part goes over the cases once.
    """
    told = register_within(register, scopes, rules.places)
    passages = [passage(entry) for entry in told.entries]
    opened = still_open(told.entries)
    # Before its first ticket the program knew nothing, which is not the same as a quiet week.
    begun = min((entry.issued_at for entry in register.entries), default=now)
    begun = max(begun, register.whole_since or begun)
    period, age = Period(since, now), rules.calendar.ages(now.date())

    def figures(period: Period) -> Service:
        return service(passages, period, rules.calendar, known=begun <= period.after)

    known = decided_within(register.decisions, scopes)
    past = decided_tickets(known, now.date())
    parents = {one.ticket for one in opened if one.ticket in past and not one.sensitive}
    children = (one for one in opened if one.parent in parents and one.ticket not in past)
    kin = {one.ticket: one.parent for one in children if not one.sensitive}  # decided with them
    pending = [
        replace(one, tickets=(*dict.fromkeys((*one.tickets, *(own for own in kin if kin[own] in one.tickets))),))
        for one in open_decisions(known, now.date())
    ]
    decided = matters((case for case in passages if case.entry.ticket not in past.union(kin)), period, age)
    listed, rest = agenda(decided, rules.categories, known, now.date())
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


class Heard(Struct, frozen=True):
    """A case, what was decided on it, and the state of its proposal; each text may be empty."""

    case: Entry
    decided: str
    proposed: str


class Spot(Struct, frozen=True):
    """A kelurahan: how many cases were heard there, and how many are resolved, closed in another way, and proposed
    (a proposal that was refused counts no more)."""

    name: str
    cases: int
    resolved: int
    otherwise: int
    proposed: int


class Reses(Struct, frozen=True, eq=False, weakref=True):
    """The report of a reses."""

    empty: ClassVar[bool] = False  # it is always written
    now: datetime
    dapil: int
    begins: date
    ends: date
    total: int
    spots: Whole[Spot]
    cases: Whole[Heard]
    waiting: int  # rows of the dapil that wait for a fix, and so are no cases yet
    unread: tuple[Health, ...]  # spreadsheets that could not be read: what was heard there may lag behind


def reses(
    register: Register, dapil: int, begins: date, ends: date, now: datetime, places: Iterable[Kelurahan]
) -> Reses:
    """The report on the cases of the channel `Reses` in this dapil that were received on these days; `places` are all
    known kelurahan."""
    there = register_within(register, (Scope(dapil=dapil),), places)
    heard = [one for one in there.entries if one.channel == Channel.RESES and begins <= one.received <= ends]
    decided = {ticket: one.what for one in register.decisions for ticket in one.tickets if one.what}
    proposed = {ticket: one.what for one in register.proposals if one.what != PREPARED for ticket in one.tickets}
    spots: dict[str, list[Entry]] = defaultdict(list)
    for entry in heard:
        spots[entry.kelurahan.name].append(entry)
    told = sorted(heard, key=lambda entry: (entry.status.closed, entry.kelurahan.name, entry.received, entry.ticket))
    room = max(0, min(MOST_CASES, WITH_PLACES - len(spots) // 2) - 3 * bool(there.health) - bool(there.repairs))
    return Reses(
        now,
        dapil,
        begins,
        ends,
        len(heard),
        Whole(_spot(name, entries, proposed) for name, entries in sorted(spots.items())),
        Whole(Heard(one, decided.get(one.ticket, ""), proposed.get(one.ticket, "")) for one in told[:room]),
        len(there.repairs),
        there.health,
    )


def _spot(name: str, entries: Collection[Entry], proposed: dict[str, str]) -> Spot:
    closed = [entry for entry in entries if entry.status.closed]
    resolved = sum(entry.status is Status.RESOLVED for entry in closed)
    sent = sum(proposed.get(entry.ticket, REFUSED) != REFUSED for entry in entries)
    return Spot(name, len(entries), resolved, len(closed) - resolved, sent)
