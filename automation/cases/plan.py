"""What a reconciliation decides: events for the journal, cells to write, and what it learned on the way."""

from __future__ import annotations

from dataclasses import dataclass

from automation.cases.complaint import Complaint
from automation.cases.events import Event
from automation.cases.grid import CellWrite
from automation.cases.intake import Row
from automation.cases.journal import Case


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that is not blank, as it was understood. `ticket` is empty while it has none; `check` is the text of
    `Pemeriksaan`; `waits` when it needs a person's fix; `beside` what its ticket cell is to say, also where that is not
    known to be its ticket."""

    row: Row
    complaint: Complaint
    ticket: str
    check: str
    waits: bool
    beside: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`events` to append and `cells` to write; both empty when the spreadsheet says all that it should.

    `cases` is the state after the events; `lanes_wanted` are kelurahan codes for which rows wait for a lane of
    numbers (see `numbering`); `uncertain` tells that rows wait until the other spreadsheets have been read (see
    `elsewhere`); `cut` tells that the plan was cut to the size of one commit, and the rest is still to do.
    """

    events: tuple[Event, ...]
    cells: tuple[CellWrite, ...]
    cases: dict[str, Case]
    judged: tuple[Judged, ...]
    lanes_wanted: frozenset[str]
    uncertain: bool = False
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.events or self.cells)
