"""What comes of a reconciliation: how each row was judged, and what has to be journalled and written."""

from __future__ import annotations

from dataclasses import dataclass

from automation.cases.events import Event
from automation.cases.journal import Case
from automation.model.cells import CellWrite
from automation.model.complaint import Complaint
from automation.reading.tabs import Row


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that is not blank, as it was understood. `ticket` is empty while it has none; `check` is the text of
    `Pemeriksaan`; `waits` when it needs a person's fix; `ticket_cell` what its ticket cell is to say, also where that
    is not known to be its ticket."""

    row: Row
    complaint: Complaint
    ticket: str
    check: str
    waits: bool
    ticket_cell: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`events` to append and `cells` to write; both empty when the spreadsheet says all that it should.

    `cases` is the state after the events; `lanes_wanted` are kelurahan (codes) and years for which rows wait for
    a lane of numbers (see `Numbers`); `uncertain` tells that rows wait until the other spreadsheets have been read (see
    `elsewhere`); `cut` tells that the plan was cut to the size of one commit, and the rest is still to do.
    """

    events: tuple[Event, ...]
    cells: tuple[CellWrite, ...]
    cases: dict[str, Case]
    judged: tuple[Judged, ...]
    lanes_wanted: frozenset[tuple[str, int]]
    uncertain: bool = False
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.events or self.cells)
