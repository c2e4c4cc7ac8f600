"""Tickets that the program itself has just put beside a wrong row.

Cells are written by position. If people move rows between our reading and our writing, a ticket lands beside another
row, over the ticket that stood there. So for the rest of the turn a ticket that we wrote says nothing of its row,
unless the row's content is that of its case. What counts instead is the ticket that was meant to stand beside that row.
The row is recognised by its content among the rows as they stood before the write. It is

1. the one with **the same content**; of several, the one whose ticket it shows, if there is one,
2. or else, of those whose content no row has any more, **the one with most content in common** (see `similarity`),
   including the phone or the description: name and address may be those of another complaint of the same house. What
   is told word for word under the same name or phone counts for one column more: a neighbour says nearly the same. Of
   two that are equally similar it is the one in its tab.

A row that was not there before, or can't be recognised, counts as showing no ticket: its own may be overwritten.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.journal import Case
from automation.cases.likeness import closest, most_left, traits
from automation.cases.robot_cells import Judged
from automation.model.cells import CellWrite, Value
from automation.reading.tabs import IntakeTab, Place, Row, identity_of
from automation.tables import intake

_AT_HOME = 1e-3  # the bonus of a row's own tab: less than any likeness


class OwnWrites(Struct, frozen=True):
    """What one turn has written so far: all `tickets`, the places where the last commit has `cleared` one, and how the
    rows were `judged` for that commit."""

    tickets: frozenset[str] = frozenset()
    cleared: frozenset[Place] = frozenset()
    judged: Sequence[Judged] = ()

    def and_then(self, tabs: Iterable[IntakeTab], cells: Iterable[CellWrite], judged: Sequence[Judged]) -> "OwnWrites":
        """The same after one more commit, of these `cells`."""
        columns = {tab.key: tab.headings.columns[intake.TICKET] for tab in tabs}
        ours = [cell for cell in cells if columns.get(cell.tab) == cell.column]
        return OwnWrites(
            tickets=self.tickets.union(str(cell.value) for cell in ours if cell.value),
            cleared=frozenset((cell.tab, cell.row) for cell in ours if not cell.value),
            judged=judged,
        )


def with_meant_tickets(
    rows: Sequence[Row], writes: OwnWrites, cases: Mapping[str, Case]
) -> tuple[Sequence[Row], Collection[int]]:
    """The rows, each with the ticket that it would show if our writes had landed where they were meant to; and the
    indexes of those that can't be recognised."""
    stray = {index for index, row in enumerate(rows) if _says_nothing(row, writes, cases)}
    if not stray:
        return rows, ()
    # If a ticket has gone astray, the row that it was meant for may show none.
    unsure = {index for index, row in enumerate(rows) if not row.blank and (index in stray or not row.ticket_text)}
    known = _recognised(rows, unsure, writes.judged, cases)
    unknown = {index for index in stray - known.keys() if not rows[index].blank}
    meant = dict.fromkeys(unknown, "") | known
    return [replace(row, meant=meant[index]) if index in meant else row for index, row in enumerate(rows)], unknown


def _says_nothing(row: Row, writes: OwnWrites, cases: Mapping[str, Case]) -> bool:
    """Whether the program wrote or cleared the row's ticket, and the row's content does not bear it out."""
    if row.ticket_text not in writes.tickets and row.place not in writes.cleared:
        return False
    return not _bears_out(row, row.ticket_text, cases)


def _bears_out(row: Row, ticket: str, cases: Mapping[str, Case]) -> bool:
    """Whether the row has the content of the case with this ticket."""
    case = cases.get(ticket)
    return case is not None and identity_of(case.content) == identity_of(row.people)


def _meant(judged: Judged, cases: Mapping[str, Case]) -> str:
    """The ticket meant to stand beside a row, if the journal bears it out; else (somebody was quicker) the old one."""
    return judged.ticket_cell if _bears_out(judged.row, judged.ticket_cell, cases) else judged.row.ticket_text


def _recognised(
    rows: Sequence[Row], unsure: Collection[int], judged: Sequence[Judged], cases: Mapping[str, Case]
) -> dict[int, str]:
    """The index of each unsure row that can be recognised, and the ticket that was meant for it."""
    before = [(one.row, _meant(one, cases)) for one in judged if not one.row.blank]
    waiting: dict[tuple[Value, ...], list[int]] = defaultdict(list)
    for at, (row, _) in enumerate(before):
        waiting[identity_of(row.people)].append(at)
    found: dict[int, int] = {}  # row index: place in `before`
    for any_ticket in (False, True):
        for index, row in enumerate(rows):
            if row.blank or index in found:
                continue
            same = waiting[identity_of(row.people)]
            matching = [at for at in same if any_ticket or before[at][1] == row.ticket_text]
            if matching:
                found[index] = matching[0]
                same.remove(matching[0])
    unknown = [index for index, row in enumerate(rows) if not row.blank and index not in found]
    # A row that shows its ticket, though we did not write it, is that row, edited.
    shown = {rows[index].ticket_text for index in unknown if index not in unsure}
    left_over = [at for same in waiting.values() for at in same if not before[at][1] or before[at][1] not in shown]
    found |= closest(
        (left + _tells_the_same(row, was) + _AT_HOME * (row.tab.key == was.tab.key), index, at)
        for index, row in ((index, rows[index]) for index in unknown)
        for at, was in ((at, before[at][0]) for at in left_over)
        if (left := most_left(row.people, was.people))
    )
    return {index: before[at][1] for index, at in found.items() if index in unsure}


def _tells_the_same(row: Row, was: Row) -> bool:
    """Whether a row has another's description, and its name or its phone."""
    return not {*traits(row.people)}.isdisjoint(traits(was.people))
