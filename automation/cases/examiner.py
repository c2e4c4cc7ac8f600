"""What is made of a row, remembered: most rows are the same in every cycle, and most cases share their dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from automation.cases.complaint import Complaint, Status
from automation.cases.deadlines import Clock, clock, paused_days
from automation.cases.journal import Case
from automation.cases.kabari import kabari
from automation.cases.places import Kelurahan
from automation.cases.rules import Rules
from automation.cases.validation import examine
from automation.model.cells import Link, Value


class Examiner:
    """`examine` for one set of rules and one day, each distinct row examined once; `clock` and `kabari`, likewise."""

    __slots__ = ("_clocks", "_links", "_seen", "rules", "today")

    def __init__(self, rules: Rules, today: date) -> None:
        self.rules = rules
        self.today = today
        self._seen: dict[tuple[str | None, bool], dict[tuple[Value, ...], Complaint]] = defaultdict(dict)
        self._clocks: dict[tuple[object, ...], tuple[Clock, str]] = {}
        self._links: dict[tuple[object, ...], Link | None] = {}

    def examine(self, people: tuple[Value, ...], place: Kelurahan | None, has_column: bool) -> Complaint:
        """The complaint in a row of a tab that is named after `place`, or whose `Kelurahan` column says it."""
        seen = self._seen[place.code if place is not None else None, has_column]
        complaint = seen.get(people)
        if complaint is None:
            complaint = seen[people] = examine(people, place, self.rules, self.today, has_column)
        return complaint

    def clock(
        self, complaint: Complaint, received: date, statuses: Sequence[tuple[datetime, Status]], first_due: date | None
    ) -> tuple[Clock, str]:
        """The clock of a case as `deadlines.clock` computes it, and what `Keterlambatan` says of it."""
        target = self.rules.target_days(complaint.priority, complaint.category)
        key = (received, target, statuses[-1][1], paused_days(statuses), first_due)
        times = self._clocks.get(key)
        if times is None:
            due = clock(received, target, statuses, first_due, self.rules.calendar, self.rules.ladder, self.today)
            times = self._clocks[key] = due, due.words(self.rules.texts)
        return times

    def kabari(self, case: Case, complaint: Complaint, times: Clock) -> Link | None:
        """What `Kabari` shows of a case that stands so, as `kabari.kabari` says it. Nothing is promised while its clock
        stands, or once it is late."""
        promised = times.due if times.days_left is not None else None
        key = (
            case.ticket,
            case.statuses[-1],
            complaint.phones,
            complaint.name,
            complaint.category,
            complaint.outcome,
            complaint.told,
            promised,
        )
        if key not in self._links:
            self._links[key] = kabari(case, complaint, promised, self.rules)
        return self._links[key]
