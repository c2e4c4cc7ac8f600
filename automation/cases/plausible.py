"""Days of receipt that may be a slip. Whoever typed one is asked, and nobody is harmed meanwhile: until it is answered
the day on which the row was first seen counts, and nobody is told that the case is late.

A day is doubtful if it has yet to come; if it is longer ago than anybody takes to type a complaint in; if its day,
month and year in another order are a day much nearer, as they are where a spreadsheet reads them in the American order;
or if it lies in another year than today and than all of the rows above.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import permutations

from automation.cases.journal import Case
from automation.model.cells import Value
from automation.model.complaint import Complaint
from automation.model.deadlines import Calendar, Level
from automation.model.rules import Rules
from automation.tables import intake

#: Days in which nearly every complaint is typed in.
NEAR = 30
#: Rows above a new one that tell which years are usual in the tab.
ROWS_ABOVE = 10
#: More doubtful rows than this in one tab at once are asked about together: a list on paper was typed in.
FEW = 20
_MUCH = 14  # days
_RECEIVED = intake.POSITION[intake.RECEIVED]


def is_doubtful(day: date, today: date, longest: int, above: Iterable[date | None]) -> bool:
    """Whether the day of receipt of a row that is first seen `today` is asked about: `longest` is the number of days
    ago that needs no asking, `above` are those of the rows above it."""
    if not 0 <= (today - day).days <= longest or meant(day, today) is not None:
        return True
    return day.year != today.year and all(one is None or one.year != day.year for one in above)


def meant(day: date, today: date) -> date | None:
    """The day that was probably meant by one that is far off: the same numbers in another order, or this year's."""
    found = []
    others = permutations((day.year % 100, day.month, day.day))
    for year, month, number in (*others, (today.year % 100, day.month, day.day)):
        try:
            other = date(2000 + year, month, number)
        except ValueError:
            continue
        if 0 <= (today - other).days <= NEAR:
            found.append(other)
    nearest = max(found, default=None)
    return nearest if nearest is not None and abs((today - day).days) >= (today - nearest).days + _MUCH else None


def retyped(people: tuple[Value, ...], case: Case, complaint: Complaint, today: date) -> date | None:
    """The day of receipt that somebody has typed in place of the one known of a case; None while nobody has, or if it
    has yet to come. What is said from the day on which it is read, such as ``kemarin``, stays the day that it was."""
    typed = complaint.received
    return typed if typed is not None and typed <= today and people[_RECEIVED] != case.content[_RECEIVED] else None


def doubted_anew(people: tuple[Value, ...], case: Case, complaint: Complaint, rules: Rules, today: date) -> date | None:
    """The doubtful day of receipt that somebody has typed in place of a good one, in a running case, and vouches for
    nowhere. A day that is typed where one is asked about is an answer, whatever it is."""
    typed = retyped(people, case, complaint, today)
    still_closed = case.status.closed and (complaint.status or case.status).closed  # not opened again with it
    if typed is None or case.doubted is not None or complaint.date_right or still_closed:
        return None
    return typed if is_doubtful(typed, today, rules.old_after_days, [case.received]) else None


def done_on(case: Case, complaint: Complaint) -> date | None:
    """The day on which a case was resolved: as somebody has typed it, unless that is before the day of receipt that
    counts; else the one on which that was first seen."""
    typed = None if done_early(case, complaint) else complaint.done
    return case.resolved_on and (typed or case.resolved_on)


def done_early(case: Case, complaint: Complaint) -> bool:
    """Whether a case was done, as somebody has typed, before the day of receipt that counts."""
    return complaint.done is not None and complaint.done < case.received


def level_allowed(case: Case, reached: Level | None, calendar: Calendar, today: date) -> Level | None:
    """How high a case may be taken today whose clock has `reached` this level. While its day of receipt is asked about,
    no higher; after the answer one level a working day, for nobody was told of it before."""
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
    """The days of receipt that are asked about in one spreadsheet, whose `cases` these are as they stand when it is
    asked. Rows that are asked about together have the first ticket among them in common; one row puts the question."""

    def __init__(self, cases: Mapping[str, Case]) -> None:
        self._cases = cases

    @cached_property
    def first(self) -> Mapping[str, str]:
        """The ticket of the row that puts the question, by what its cases have in common."""
        asked = (case for case in self._cases.values() if case.asked_with and case.present)
        in_order = sorted(asked, key=lambda case: (case.issued_at, len(case.ticket), case.ticket), reverse=True)
        return {case.asked_with: case.ticket for case in in_order}

    @cached_property
    def _vouched(self) -> set[str]:
        return {case.vouched_with for case in self._cases.values() if case.vouched_with}

    @cached_property
    def together(self) -> Counter[str]:
        """How many rows each question is about, by what its cases have in common."""
        return Counter(case.asked_with for case in self._cases.values())

    def vouch(self, case: Case, today: date) -> dict[str, str] | None:
        """The details of the event that a case's day is right, as somebody says who looks at it alone; for all that are
        asked about with it, if it puts the question. None where nothing is asked, or the day has yet to come."""
        if not case.asked_with or case.doubted is None or case.doubted > today:
            return None
        for_all = self.first.get(case.asked_with) == case.ticket
        return {"masuk": case.doubted.isoformat()} | ({"bersama": case.asked_with} if for_all else {})

    def answer(self, case: Case, complaint: Complaint, today: date) -> dict[str, str] | None:
        """The details of the event that a case's day is right, if its row says so, or the row that asks for several at
        once; None without an answer."""
        if (vouched := self.vouch(case, today)) is None:
            return None
        if complaint.date_right:
            self._vouched.update(filter(None, [vouched.get("bersama")]))
            return vouched
        return {"masuk": vouched["masuk"]} if case.asked_with in self._vouched else None

    def about(self, doubtful: Mapping[str, Sequence[Case]]) -> Iterator[tuple[str, dict[str, str]]]:
        """The tickets of new cases, by tab, whose days are to be asked about, with the details of the event."""
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
