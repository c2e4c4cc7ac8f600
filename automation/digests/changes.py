"""What changed in a period, case by case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from automation.digests.flow import Passage, Period
from automation.digests.matters import pressing
from automation.model.complaint import Status
from automation.model.register import Entry


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
    resolved: tuple[Entry, ...]
    unresolved: tuple[Entry, ...]
    not_ours: tuple[Entry, ...]
    gone: tuple[Entry, ...]  # open, but its row is no longer in the spreadsheet, whenever that was seen

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        sections = (self.new, self.reopened, self.turned_late, self.moved, self.resolved, self.unresolved)
        return any((*sections, self.not_ours, self.gone))


def changes(passages: Iterable[Passage], period: Period) -> Changes:
    """What changed in the period and still holds at its end."""
    new: list[Entry] = []
    reopened: list[Entry] = []
    turned_late: list[Entry] = []
    moved: list[Move] = []
    closed: dict[Status, list[Entry]] = {status: [] for status in Status if status.closed}
    gone: list[Entry] = []
    for case in passages:
        entry = case.entry
        is_open = not entry.status.closed
        if period.holds(case.opened):
            new.append(entry)
        if is_open and any(map(period.holds, case.reopenings)):
            reopened.append(entry)
        elif not is_open and period.holds(case.closings[-1].at):
            closed[entry.status].append(entry)
        elif case.opened <= period.after and (before := _status_at(entry.history, period.after)) is not entry.status:
            told = ("", "") if entry.sensitive else (before.value, entry.status.value)
            moved.append(Move(entry, *told))
        if entry.days_late > 0 and entry.due >= period.after.date():
            turned_late.append(entry)
        if is_open and not entry.present:
            gone.append(entry)
    return Changes(
        new=_ordered(new),
        reopened=_ordered(reopened),
        turned_late=_ordered(turned_late),
        moved=tuple(sorted(moved, key=lambda move: pressing(move.entry))),
        resolved=_ordered(closed[Status.RESOLVED]),
        unresolved=_ordered(closed[Status.UNRESOLVED]),
        not_ours=_ordered(closed[Status.NOT_OURS]),
        gone=_ordered(gone),
    )


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=pressing))


def _status_at(history: Sequence[tuple[datetime, Status]], moment: datetime) -> Status:
    """The status of a case at a moment; its first one where that is earlier than all that is written."""
    status = history[0][1]
    for at, later in history:
        if at > moment:
            break
        status = later
    return status
