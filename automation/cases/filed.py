"""What people have typed into the rows that the robot laid for them in Kendali, such as what a meeting has decided: the
fold of the events that journal it. A row that was deleted, or can't be understood now, is as it was last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from automation.cases.events import Event, EventKind

#: What stands for words, which are not kept outside of their row.
SOME = "ada"


@dataclass(frozen=True, slots=True)
class Filed:
    """A row as it was last understood: its id, the tickets that it is about, what stands there by heading (dates as ISO
    has them), since when each of that does, and when it was journalled last."""

    id: str
    tickets: tuple[str, ...]
    laid_at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, datetime] = field(default_factory=dict)
    told_at: datetime | None = None

    def event(self, at: datetime) -> Event:
        """What journals it."""
        details = {"id": self.id, "tiket": list(self.tickets), "nilai": dict(self.values)}
        return Event(0, at, "", EventKind.FILED, details)


def filed(events: Iterable[Event]) -> dict[str, Filed]:
    """The rows of one table by their ids, in the order in which they were laid."""
    found: dict[str, Filed] = {}
    for event in sorted(events, key=lambda event: event.at):
        id, values = event.details.get("id", ""), event.details.get("nilai", {})
        known = found.get(id) or Filed(id, (), event.at)
        same = {heading for heading, value in values.items() if known.values.get(heading) == value}
        since = {heading: known.since[heading] if heading in same else event.at for heading in values}
        found[id] = Filed(id, tuple(event.details.get("tiket", ())), known.laid_at, values, since, event.at)
    return found
