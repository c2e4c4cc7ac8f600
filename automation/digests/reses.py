"""A reses in one sheet of paper: what was heard where in a dapil, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from automation.digests.audience import Whole
from automation.digests.decisions import PREPARED
from automation.model.complaint import Channel, Status
from automation.model.register import Entry, Register

#: Cases that are listed, so that it stays one sheet.
MOST_CASES = 18


@dataclass(frozen=True, slots=True)
class Heard:
    """A case, and what was decided on it and proposed for it; each may be empty."""

    case: Entry
    decided: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A kelurahan: what was heard there, and how much of it is resolved, closed in another way, and proposed."""

    name: str
    cases: int
    resolved: int
    otherwise: int
    proposed: int


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Reses:
    """What there is to report."""

    now: datetime
    dapil: int
    begins: date
    ends: date
    total: int
    spots: Whole[Spot]
    cases: Whole[Heard]

    @property
    def empty(self) -> bool:
        """Nothing was heard."""
        return not self.total


def reses(register: Register, dapil: int, begins: date, ends: date, now: datetime) -> Reses:
    """The cases that came in by `Reses` in this dapil, received on these days."""
    heard = [
        entry
        for entry in register.entries
        if entry.channel == Channel.RESES and entry.kelurahan.dapil == dapil and begins <= entry.received <= ends
    ]
    decided = {ticket: one.what for one in register.decisions for ticket in one.tickets if one.what}
    proposed = {ticket: one.what for one in register.proposals for ticket in one.tickets}
    places: dict[str, list[Entry]] = defaultdict(list)
    for entry in heard:
        places[entry.kelurahan.name].append(entry)
    told = sorted(heard, key=lambda entry: (entry.status.closed, entry.kelurahan.name, entry.received, entry.ticket))
    return Reses(
        now,
        dapil,
        begins,
        ends,
        len(heard),
        Whole(_spot(name, entries, proposed) for name, entries in sorted(places.items())),
        Whole(Heard(one, decided.get(one.ticket, ""), proposed.get(one.ticket, "")) for one in told[:MOST_CASES]),
    )


def _spot(name: str, entries: Iterable[Entry], proposed: dict[str, str]) -> Spot:
    entries = tuple(entries)
    closed = [entry for entry in entries if entry.status.closed]
    resolved = sum(entry.status is Status.RESOLVED for entry in closed)
    sent = sum(proposed.get(entry.ticket, PREPARED) != PREPARED for entry in entries)
    return Spot(name, len(entries), resolved, len(closed) - resolved, sent)
