"""The clock of a case: when it is due, and how late it is, all computed from the row and the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from automation.cases.complaint import Complaint, Priority, Status
from automation.cases.escalation import Level
from automation.cases.rules import Rules
from automation.cases.texts import Texts


@dataclass(frozen=True, slots=True)
class Clock:
    """`due` is the day on which the target ends. `days_late` counts working days past it and is 0 while the clock
    stands; `days_left` counts working days until it (0 today) and is None when late, paused or closed."""

    due: date
    paused: bool
    closed: bool
    days_late: int
    days_left: int | None
    tomorrow: bool  # due tomorrow by the calendar
    level: Level | None  # where it stands on the ladder of escalation; None while the clock stands

    def words(self, texts: Texts) -> str:
        """What `Keterlambatan` says: nothing for a case that is closed or has time."""
        if self.closed:
            return ""
        if self.paused:
            return texts.say("tenggat.dijeda")
        if self.days_late:
            return texts.say("tenggat.terlambat", hari=self.days_late)
        if self.days_left == 0:
            return texts.say("tenggat.hari-ini")
        return texts.say("tenggat.besok") if self.tomorrow else ""


def target_days(complaint: Complaint, rules: Rules) -> int:
    """Working days promised: by priority; at normal priority the category's own target comes first."""
    priority = complaint.priority or Priority.NORMAL
    if priority is Priority.NORMAL and complaint.category is not None:
        category = rules.categories.get(complaint.category)
        if category is not None and category.target_days is not None:
            return category.target_days
    return rules.targets[priority]


def clock(
    received: date,
    target: int,
    statuses: Sequence[tuple[datetime, Status]],
    first_due: date | None,
    rules: Rules,
    today: date,
) -> Clock:
    """The clock of a case received on `received`, whose journal tells `statuses` (each since when, oldest first).

    Counting starts on the working day after receipt. A day on whose evening the reporter's answer was awaited does
    not count; while it is still awaited, the deadline is shown as it stood when the pause began. A deadline that a
    closed case has met or missed stays the deadline when it is opened again.
    """
    status = statuses[-1][1]
    skipped = paused_days(statuses)
    due = first_due or rules.calendar.after(received, target, skipped)
    running = not (status.paused or status.closed)
    late = rules.calendar.between(due, today, skipped) if running and today > due else 0
    # After a due day, on days when nobody works, a case has neither time left nor a working day of delay.
    left = rules.calendar.between(today, due) if running and today <= due else None
    return Clock(
        due=due,
        paused=status.paused,
        closed=status.closed,
        days_late=late,
        days_left=left,
        tomorrow=due == today + timedelta(days=1),
        level=rules.ladder.level(late, left) if running else None,
    )


def paused_days(statuses: Sequence[tuple[datetime, Status]]) -> frozenset[date]:
    """The days on whose evening the reporter's answer was awaited, of pauses that have ended."""
    if len(statuses) == 1:
        return frozenset()
    days: set[date] = set()
    for (since, status), (until, _) in pairwise(statuses):
        if status.paused:
            days.update(since.date() + timedelta(days=n) for n in range((until.date() - since.date()).days))
    return frozenset(days)
