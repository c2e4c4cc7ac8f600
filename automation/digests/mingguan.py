"""The meeting pack: what changed since the last meeting, what there is to decide, and how the service does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from automation.digests.audience import Scope, Whole, register_within, still_open
from automation.digests.changes import Changes, changes
from automation.digests.charts import Charts, charts
from automation.digests.coverage import Coverage, coverage
from automation.digests.figures import Legal, Service, legal, service
from automation.digests.flow import Period, Week, passage, weeks
from automation.digests.matters import Part, agenda, matters
from automation.model.bulk import in_bulk
from automation.model.complaint import Priority
from automation.model.register import Health, Register, Repair
from automation.model.rules import Rules


@dataclass(frozen=True, slots=True)
class Promise:
    """Working days from receipt to an outcome, by priority; a category may have its own."""

    normal: int
    urgent: int
    emergency: int


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Mingguan:
    """What a faction takes into its meeting. Sections hold every case; how many are printed is the rendering's
    business."""

    since: datetime  # the last meeting's pack
    now: datetime
    open_cases: int
    waiting: int  # of these: paused until the reporter answers
    overdue: int
    changes: Changes
    collective: int  # collective matters in the agenda
    agenda: Whole[Part]
    promise: Promise
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
        return not (self.open_cases or self.changes.any or self.repairs or self.unread)


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

    decided = matters(passages, period, age)
    return Mingguan(
        since=since,
        now=now,
        open_cases=len(opened),
        waiting=sum(entry.status.paused for entry in opened),
        overdue=sum(entry.days_late > 0 for entry in opened),
        changes=changes(passages, period),
        collective=sum(matter.cases > 1 for matter in decided),
        agenda=agenda(decided, rules.categories),
        promise=_promise(rules.targets),
        service=figures(period),
        before=figures(period.before),
        weeks=weeks(passages, begun.date(), now),
        charts=charts(opened, age),
        legal=legal(opened, age),
        coverage=coverage(passages, rules.places, scopes, period),
        repairs=told.repairs,
        unread=told.health,
    )


def _promise(targets: Mapping[Priority, int]) -> Promise:
    return Promise(targets[Priority.NORMAL], targets[Priority.URGENT], targets[Priority.EMERGENCY])
