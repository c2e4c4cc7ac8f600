"""The service in figures, each with the number of cases behind it.

Median and 90th percentile are by nearest rank: of n values in order, the p-th percentile is the one at position
ceil(p * n / 100). So each is a duration that some case really had, in whole working days, and "9 of 10 cases took at
most this long" is literally true.

The clocks of the law stand beside ours: SP4N-LAPOR! promises verification within 3 working days, and an answer within
14, or within 60 if supervision (pengawasan) is involved. They run from receipt, by the office's own calendar, and never
pause: what a reporter sees is the calendar on the wall. An answer here means that the case was closed, in any way.
Whether supervision is involved stands in no column, so a case past 14 days is named, with the 60 beside it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from automation.cases.kabari import Answer, answer_in
from automation.digests.flow import Flow, Passage, Period, flow
from automation.model.complaint import Status
from automation.model.deadlines import Calendar
from automation.model.register import Entry

FEWEST = 5  # cases that a median or a share needs: with fewer, a single case would change it too much
FEWEST_FOR_NINETIETH = 10  # cases that a 90th percentile needs: with fewer it would be the slowest case of all
VERIFICATION, ANSWER, SUPERVISION = 3, 14, 60  # working days from receipt


class Figure(Struct, frozen=True):
    """A number (None if there are too few cases for one), and the number of cases behind it."""

    value: int | None
    cases: int


class Outcomes(Struct, frozen=True):
    """What the resolutions of a period are worth: different counts, never added up. A case that was resolved without a
    written outcome is `bare`; of the others it can only be in `undone` and `quick`."""

    ours: int  # an outcome is written
    confirmed: int  # of these: the reporter is content
    undone: int  # cases that were reopened in the period, or whose reporter says that it is not done
    bare: int
    alike: tuple[Entry, ...]  # one for each text that `ALIKE` cases or more share
    quick: tuple[Entry, ...]  # resolved within minutes of coming in


#: How many cases with the very same outcome are worth a look, and within how many days they were closed.
ALIKE, ALIKE_WITHIN = 5, timedelta(days=90)
QUICK = timedelta(minutes=10)


def outcomes(cases: Collection[Passage], period: Period) -> Outcomes:
    """What became of the period's cases. An erased case counts as having an outcome, because nobody knows any more."""
    resolved = [case for case in cases if case.entry.status is Status.RESOLVED and period.holds(case.closings[-1].at)]
    answers = {case.entry.ticket: answer_in(case.entry.told) for case in resolved}
    written = [case.entry for case in resolved if case.entry.outcome is not None or case.entry.erased]
    lately = [one.entry for one in cases if one.closings and one.closings[-1].at > period.until - ALIKE_WITHIN]
    texts = Counter(entry.outcome for entry in lately if entry.outcome is not None and entry.status is Status.RESOLVED)
    new = {one.outcome: one for one in written if one.outcome is not None and texts[one.outcome] >= ALIKE}
    return Outcomes(
        ours=len(written),
        confirmed=sum(answers[entry.ticket] is Answer.SATISFIED for entry in written),
        undone=sum(
            any(map(period.holds, case.reopenings)) or answers.get(case.entry.ticket) is Answer.UNDONE for case in cases
        ),
        bare=len(resolved) - len(written),
        alike=tuple(new.values()),
        quick=tuple(case.entry for case in resolved if _is_quick(case)),
    )


def _is_quick(case: Passage) -> bool:
    """Whether a case was resolved within minutes. One that came in resolved is typed-in history, unless it was received
    that very day."""
    took = case.closings[-1].at - case.opened
    return timedelta() <= took <= QUICK and (took > timedelta() or case.entry.received == case.opened.date())


class Service(Struct, frozen=True):
    """A period in figures. Durations are working days from receipt to the outcome, including waits for the reporter; on
    time is what was resolved by its deadline, which moves during such waits."""

    period: Period
    flow: Flow
    known: bool  # the program was at work from the beginning of the period
    median: Figure
    ninetieth: Figure
    outcomes: Outcomes
    on_time: Figure  # percent, rounded down
    kept: int  # how many were on time, of the cases of `on_time`


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """The percentile (1 to 100) of at least one value, in ascending order."""
    return ordered[-(-percent * len(ordered) // 100) - 1]


def share(kept: int, cases: int) -> Figure:
    """The share of these cases that were on time, in percent, rounded down."""
    return Figure(100 * kept // cases if cases >= FEWEST else None, cases)


def service(passages: Collection[Passage], period: Period, calendar: Calendar, *, known: bool) -> Service:
    """The figures of the period. Every resolution counts, also the second one of a reopened case."""
    closings = ((case.entry, closing) for case in passages for closing in case.closings)
    resolved = [(entry, one) for entry, one in closings if one.way is Status.RESOLVED and period.holds(one.at)]
    days = sorted(calendar.between(entry.received, closing.day) for entry, closing in resolved)
    kept = sum(closing.kept(entry.due) for entry, closing in resolved)

    def percentile(percent: int, fewest: int) -> Figure:
        return Figure(nearest_rank(days, percent) if len(days) >= fewest else None, len(days))

    return Service(
        period=period,
        flow=flow(passages, period),
        known=known,
        outcomes=outcomes(passages, period),
        median=percentile(50, FEWEST),
        ninetieth=percentile(90, FEWEST_FOR_NINETIETH),
        on_time=share(kept, len(days)),
        kept=kept,
    )


class Aged(Struct, frozen=True):
    """A case, and the working days since it was received."""

    entry: Entry
    age: int


def verified(entry: Entry) -> bool:
    """Whether anybody has ever set a status beyond Baru."""
    return any(status is not Status.NEW for _, status in entry.history)


def passed(entry: Entry, age: int) -> int:
    """The farthest legal clock that an open case of this age has passed, as its working days; 0 for none."""
    if age > ANSWER:
        return SUPERVISION if age > SUPERVISION else ANSWER
    return VERIFICATION if age > VERIFICATION and not verified(entry) else 0


def legal(entries: Iterable[Entry], age: Callable[[date], int]) -> dict[int, tuple[Aged, ...]]:
    """The open cases that have passed a legal clock, by that clock, the oldest first. A case past 60 days is not listed
    at 14 again; one that was never verified is also listed under verification."""
    aged = [Aged(entry, age(entry.received)) for entry in entries if not entry.status.closed]
    aged.sort(key=lambda case: (-case.age, case.entry.ticket))
    return {
        VERIFICATION: tuple(case for case in aged if case.age > VERIFICATION and not verified(case.entry)),
        ANSWER: tuple(case for case in aged if ANSWER < case.age <= SUPERVISION),
        SUPERVISION: tuple(case for case in aged if case.age > SUPERVISION),
    }
