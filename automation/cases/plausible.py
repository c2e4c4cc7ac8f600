"""Days of receipt that may be a slip. Whoever typed the day is asked. Nobody is harmed meanwhile: until there is an
answer, the day on which the row was first seen counts, and nobody is told that the case is late.

A day is doubtful if it has yet to come; if it is longer ago than typing in a complaint ever takes; if its day, month
and year in another order give a much nearer day, as where a spreadsheet reads dates in the American order; or if it
lies in another year than today and than all of the rows above.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from itertools import pairwise, permutations

from automation.cases.journal import Case
from automation.model.cells import Value
from automation.model.complaint import Complaint
from automation.model.deadlines import Calendar, Level
from automation.model.rules import Rules
from automation.tables import intake

NEAR = 30  # days within which nearly every complaint is typed in
ROWS_ABOVE = 10  # how many rows above a new one tell which years are usual in the tab
#: If more rows than this in one tab are doubtful at once, one question is asked for all: a paper list was typed in.
FEW = 20
_MUCH = 14  # days
_RECEIVED = intake.POSITION[intake.RECEIVED]


def is_doubtful(day: date, today: date, longest: int, above: Iterable[date | None]) -> bool:
    """Whether the day of receipt of a row first seen `today` is asked about. A day up to `longest` days ago needs no
    asking; `above` are the days of the rows above it."""
    if not 0 <= (today - day).days <= longest or meant(day, today) is not None:
        return True
    return day.year != today.year and all(one is None or one.year != day.year for one in above)


def meant(day: date, today: date) -> date | None:
    """The day probably meant by one that is far off: the same numbers in another order, or the same day this year."""
    found = []
    others = permutations((day.year % 100, day.month, day.day))
    for year, month, number in (*others, (today.year % 100, day.month, day.day)):
        with suppress(ValueError):
            if 0 <= (today - (other := date(2000 + year, month, number))).days <= NEAR:
                found.append(other)
    nearest = max(found, default=None)
    return nearest if nearest is not None and abs((today - day).days) >= (today - nearest).days + _MUCH else None


def retyped(people: tuple[Value, ...], case: Case, complaint: Complaint, today: date) -> date | None:
    """The day of receipt that somebody has typed in place of the known one; None if nobody has, or if it has yet to
    come. A day relative to when it is read, such as ``kemarin``, stays the day that it was."""
    typed = complaint.received
    latest = min(today, case.issued_at.date())  # what was known on a day was not received after it: =TODAY() moves on
    return typed if typed is not None and typed <= latest and people[_RECEIVED] != case.content[_RECEIVED] else None


def doubted_anew(people: tuple[Value, ...], case: Case, complaint: Complaint, rules: Rules, today: date) -> date | None:
    """The doubtful day of receipt that somebody has typed in place of a good one, in a running case, without vouching
    for it; else None. A day that is typed where one is asked about is an answer, whatever it is."""
    typed = retyped(people, case, complaint, today)
    still_closed = case.status.closed and (complaint.status or case.status).closed  # not reopened by the same edit
    if typed is None or case.doubted is not None or complaint.date_right or still_closed:
        return None
    return typed if is_doubtful(typed, today, rules.old_after_days, [case.received]) else None


def done_on(case: Case, complaint: Complaint) -> date | None:
    """The day on which a case was resolved: the typed one, unless that is too early; else the day on which it was first
    seen resolved. None if it is not resolved."""
    typed = None if done_early(case, complaint) else complaint.done
    return case.resolved_on and (typed or case.resolved_on)


def done_early(case: Case, complaint: Complaint) -> bool:
    """Whether the typed day of resolution is before the first that can count."""
    return complaint.done is not None and complaint.done < first_done(case)


def first_done(case: Case) -> date:
    """The first day on which a resolved case can have been done: that of its receipt that counts, or of its last
    reopening. Not that if it was resolved again on the same day: the typed day may be that of the first time."""
    opened = (now[0].date() for was, now in pairwise(case.statuses) if was[1].closed and not now[1].closed)
    return max([case.received, *(day for day in opened if case.resolved_on is not None and day < case.resolved_on)])


def level_allowed(case: Case, reached: Level | None, calendar: Calendar, today: date) -> Level | None:
    """How high a case may be escalated today if its clock has `reached` this level. None while its day of receipt is
    asked about; after the answer one level per working day, because nobody was told of it before."""
    if case.asked_with or reached is None:
        return None
    if case.date_answered is None:
        return reached
    since = max(case.date_answered, case.level_at or case.date_answered)
    first = case.level_at is None or case.level_at < case.date_answered
    if not first and not calendar.between(since.date(), today):
        return None
    return min(reached, Level(min(max(case.level or Level.NONE, Level.TODAY) + 1, Level.CHAIR)))


class Asked:
    """The days of receipt that are asked about in one spreadsheet, whose `cases` these are, as they stand when it is
    asked. Rows that are asked about together share the first ticket among them; one of the rows shows the question."""

    def __init__(self, cases: Mapping[str, Case]) -> None:
        self._cases = cases

    @cached_property
    def first(self) -> Mapping[str, str]:
        """The ticket of the row that shows each question, by the ticket that its cases share."""
        asked = (case for case in self._cases.values() if case.asked_with and case.present)
        in_order = sorted(asked, key=lambda case: (case.issued_at, len(case.ticket), case.ticket), reverse=True)
        return {case.asked_with: case.ticket for case in in_order}

    @cached_property
    def _vouched(self) -> set[str]:
        return {case.vouched_with for case in self._cases.values() if case.vouched_with}

    @cached_property
    def together(self) -> Counter[str]:
        """How many rows each question is about, by the ticket that its cases share."""
        return Counter(case.asked_with for case in self._cases.values())

    def vouch(self, case: Case) -> dict[str, str] | None:
        """The details of the event that a case's day is right, on the word of somebody who looks at this case alone; if
        it shows the question, for all cases of it. None if nothing is asked, or the day came after the complaint."""
        if not case.asked_with or case.doubted is None or case.doubted > case.issued_at.date():
            return None
        for_all = self.first.get(case.asked_with) == case.ticket
        return {"masuk": case.doubted.isoformat()} | ({"bersama": case.asked_with} if for_all else {})

    def answer(self, case: Case, complaint: Complaint) -> dict[str, str] | None:
        """The details of the event that a case's day is right, if its row says so, or the row that asks for several at
        once; None without an answer."""
        if (vouched := self.vouch(case)) is None:
            return None
        if complaint.date_right:
            self._vouched.update(filter(None, [vouched.get("bersama")]))
            return vouched
        return {"masuk": vouched["masuk"]} if case.asked_with in self._vouched else None

    def about(self, doubtful: Mapping[str, Sequence[Case]]) -> Iterator[tuple[str, dict[str, str]]]:
        """The tickets of new cases, by tab, whose days are `doubtful`, each with the details of the event that asks."""
        for tab, cases in doubtful.items():
            known = Counter(case.asked_with for case in self._cases.values() if case.asked_with and case.tab == tab)
            together = next((ticket for ticket, count in known.items() if count > FEW), "")
            past = [case for case in cases if case.doubted is not None and case.doubted < case.received]
            if len(past) > FEW:
                together = together or past[0].ticket
            for case in cases:
                if case.doubted is not None:
                    common = together if case.doubted < case.received else ""
                    yield case.ticket, {"ragu": case.doubted.isoformat(), "bersama": common or case.ticket}
