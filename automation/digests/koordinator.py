"""The coordinator's digest: what has to be done today, by them and by nobody else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from automation.cases.kabari import is_told
from automation.digests.audience import (
    Scope,
    by_closing,
    by_lateness,
    by_urgency,
    has_nothing_listed,
    own_matters,
    register_within,
    still_open,
)
from automation.model.complaint import Status
from automation.model.register import Entry, Health, Register, Repair
from automation.model.rules import Rules


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Koordinator:
    """What waits for a coordinator. A case may stand in several sections (overdue, and nobody in charge). What is no
    matter of its own (see `own_matters`) is worked on with the case that it goes with. Its reporter is called all the
    same.

    Sections hold every case, what has waited longest first; how many are printed is the rendering's business.
    """

    now: datetime
    to_call: tuple[Entry, ...]  # resolved, and the reporter has not been told
    to_explain: tuple[Entry, ...]  # closed in another way, and the reporter has not been told
    overdue: tuple[Entry, ...]
    unassigned: tuple[Entry, ...]  # open, with nobody in charge
    gone: tuple[Entry, ...]  # still open, but the row is no longer in its spreadsheet
    repairs: tuple[Repair, ...]
    unread: tuple[Health, ...]  # spreadsheets that could not be read: there may be more to do

    @property
    def empty(self) -> bool:
        """Nothing to do: then a mail is sent only to those who asked for it even so."""
        return has_nothing_listed(self)


def koordinator(register: Register, scopes: Collection[Scope], _: datetime, now: datetime, rules: Rules) -> Koordinator:
    """What waits in `scopes` (their union) at `now`, whenever it was told last.

    A case that was closed already when it got its ticket is history that was typed in: nobody is asked to call its
    reporter. Nor can anybody be called whose row, with the telephone number, is gone.
    """
    told = register_within(register, scopes, rules.places)
    running = still_open(own_matters(told.entries))
    untold = sorted(filter(_is_untold, told.entries), key=by_closing)
    return Koordinator(
        now=now,
        to_call=tuple(entry for entry in untold if entry.status is Status.RESOLVED),
        to_explain=tuple(entry for entry in untold if entry.status is not Status.RESOLVED),
        overdue=tuple(sorted((entry for entry in running if entry.days_late > 0), key=by_lateness)),
        unassigned=tuple(sorted(filter(_is_unassigned, running), key=_by_deadline)),
        gone=tuple(entry for entry in still_open(told.entries) if not entry.present),
        repairs=told.repairs,
        unread=told.health,
    )


def _is_untold(entry: Entry) -> bool:
    was_open = entry.closed_at is not None and entry.closed_at > entry.issued_at
    return was_open and entry.present and not is_told(entry.told)


def _is_unassigned(entry: Entry) -> bool:
    return entry.present and not entry.assignee.strip()


def _by_deadline(entry: Entry) -> tuple[int, date, str]:
    urgency, ticket = by_urgency(entry)
    return urgency, entry.due, ticket
