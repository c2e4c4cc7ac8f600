"""What the operator is told: that spreadsheets, or all of it, can't be read for long, and that they can be again.

An incident is named after the minute in which its spreadsheets were last read. All that failed in the same moment is
one incident, however many spreadsheets it struck; it is over when none of them is left that was read last then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256

from automation.model.register import Health

_STAMP = "%Y-%m-%dT%H.%M"
_BEGUN, _OVER, _WHOLE = "gangguan", "pulih", "-kendali"


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Operator:
    """An incident that has lasted too long, or is over."""

    now: datetime
    since: datetime  # when all was well last
    over: bool
    whole: bool  # not a cycle could be run; otherwise `failing` spreadsheets could not be read
    failing: tuple[Health, ...]  # those that can't be read; of one that is over: what of another incident can't be

    @property
    def empty(self) -> bool:
        """There is always something to tell."""
        return False


@dataclass(frozen=True, slots=True, order=True)
class Incident:
    """`since` is a whole minute. `whole`: no cycle could be run."""

    since: datetime
    whole: bool = False

    @property
    def begun(self) -> str:
        """The name of the occasion to tell that it goes on."""
        return f"{_BEGUN}-{self._name}"

    @property
    def over(self) -> str:
        """The name of the occasion to tell that it is over."""
        return f"{_OVER}-{self._name}"

    @property
    def _name(self) -> str:
        return self.since.strftime(_STAMP) + (_WHOLE if self.whole else "")


def incident_begun(occasion: str, zone: tzinfo | None) -> Incident | None:
    """The incident whose beginning this occasion tells of; None where it tells of something else."""
    word, _, name = occasion.partition("-")
    try:
        since = datetime.strptime(name.removesuffix(_WHOLE), _STAMP).replace(tzinfo=zone)
    except ValueError:
        return None
    return Incident(since, name.endswith(_WHOLE)) if word == _BEGUN else None


def minute(time: datetime) -> datetime:
    """The time as Kendali keeps it."""
    return time.replace(second=0, microsecond=0)


def unread_mark(health: Health) -> str:
    """Under which name it is remembered since when a spreadsheet is listed that could never be read."""
    return f"belum-{sha256(health.name.encode()).hexdigest()[:12]}"


def by_incident(health: Iterable[Health], marks: Mapping[str, datetime]) -> dict[Incident, list[Health]]:
    """The spreadsheets by the moment at which they were last read. One that never was counts from its mark."""
    found: dict[Incident, list[Health]] = {}
    for one in health:
        since = one.last_read or marks.get(unread_mark(one))
        if since is not None:
            found.setdefault(Incident(minute(since)), []).append(one)
    return found
