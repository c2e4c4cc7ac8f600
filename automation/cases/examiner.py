"""Validation that remembers: most rows are the same in every cycle."""

from __future__ import annotations

from datetime import date

from automation.cases.cells import Value
from automation.cases.complaint import Complaint
from automation.cases.places import Kelurahan
from automation.cases.rules import Rules
from automation.cases.validation import examine


class Examiner:
    """`examine` for one set of rules and one day, each distinct row examined once."""

    __slots__ = ("_seen", "rules", "today")

    def __init__(self, rules: Rules, today: date) -> None:
        self.rules = rules
        self.today = today
        self._seen: dict[tuple[object, ...], Complaint] = {}

    def examine(self, people: tuple[Value, ...], place: Kelurahan | None, has_column: bool) -> Complaint:
        """The complaint in a row of a tab that is named after `place`, or whose `Kelurahan` column says it."""
        key = (people, place.code if place is not None else None, has_column)
        complaint = self._seen.get(key)
        if complaint is None:
            complaint = self._seen[key] = examine(people, place, self.rules, self.today, has_column)
        return complaint
