"""The clocks of the law beside ours: SP4N-LAPOR! promises verification within 3 working days, and an answer within 14,
or within 60 where supervision (pengawasan) is involved.

They run from receipt, by the office's own calendar, and never pause: what a reporter sees is the calendar on the wall.
An answer here is an outcome: that the case was closed, in whichever way. Whether supervision is involved stands in no
column, so a case past 14 days is named, with the 60 beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from automation.cases.complaint import Status
from automation.cases.register import Entry

VERIFICATION, ANSWER, SUPERVISION = 3, 14, 60  # working days from receipt


@dataclass(frozen=True, slots=True)
class Aged:
    """A case, and the working days since it was received."""

    entry: Entry
    age: int


@dataclass(frozen=True, slots=True)
class Legal:
    """The open cases that have passed a clock, the oldest first. A case past 60 days is not listed at 14 again; one
    that was never verified is listed there as well."""

    unverified: tuple[Aged, ...]
    unanswered: tuple[Aged, ...]
    unanswered_under_supervision: tuple[Aged, ...]


def verified(entry: Entry) -> bool:
    """Whether anybody has ever set a status beyond Baru."""
    return any(status is not Status.NEW for _, status in entry.history)


def passed(entry: Entry, age: int) -> int:
    """The farthest legal clock that an open case of this age has passed, as its working days; 0 for none."""
    if age > SUPERVISION:
        return SUPERVISION
    if age > ANSWER:
        return ANSWER
    return VERIFICATION if age > VERIFICATION and not verified(entry) else 0


def legal(entries: Iterable[Entry], age: Callable[[date], int]) -> Legal:
    """The open ones among the entries that have passed a clock."""
    aged = [Aged(entry, age(entry.received)) for entry in entries if not entry.status.closed]
    aged.sort(key=lambda case: (-case.age, case.entry.ticket))
    return Legal(
        unverified=tuple(case for case in aged if case.age > VERIFICATION and not verified(case.entry)),
        unanswered=tuple(case for case in aged if ANSWER < case.age <= SUPERVISION),
        unanswered_under_supervision=tuple(case for case in aged if case.age > SUPERVISION),
    )
