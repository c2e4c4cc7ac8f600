"""When to read Kendali for mails: a process that stays has seen in its cycles whether there can be anything to send."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from automation.cycle.kinds import KINDS, Kind
from automation.cycle.sync import Report
from automation.digests.audience import addressees

#: Between two looks for the same: the shortest pause after a failed try.
AGAIN = timedelta(minutes=5)


@dataclass(slots=True)
class _Look:
    """What was looked for, when, and whether nothing of it is left to do."""

    target: Hashable
    at: datetime
    done: bool = False


@dataclass(slots=True)
class Lookout:
    """Remembers what was looked for. A digest of a day, or an emergency, that every recipient was sent is not looked
    for again; what is new is looked for at once, whatever the pause."""

    _looks: dict[str, _Look] = field(default_factory=dict)

    def due(self, report: Report, now: datetime) -> list[Kind]:
        """The kinds for which Kendali has to be read now. They are taken to be looked for with that."""
        found: list[Kind] = []
        for kind in KINDS.values():
            people, news = addressees(kind.name, report.settings.recipients), kind.news(report, now)
            if not people or news is None:
                continue
            target, last = (news, people), self._looks.get(kind.name)
            if last is None or last.target != target or not (last.done or abs(now - last.at) < AGAIN):
                self._looks[kind.name] = _Look(target, now)
                found.append(kind)
        return found

    def done(self, kind: Kind) -> None:
        """Everything that was last looked for of this kind is done."""
        self._looks[kind.name].done = True
