"""A case whose row is gone: where its row is put back, what that row holds, and how the case is closed without it."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from automation.cases.archive import without_year
from automation.cases.event_details import status_changed
from automation.cases.events import Event, EventKind
from automation.cases.examiner import Examiner
from automation.cases.journal import Case
from automation.cases.likeness import distinctive
from automation.model.cells import Value, Writable, fold_title
from automation.model.complaint import Status
from automation.model.places import Kelurahan
from automation.reading.cell_text import row_with, writable
from automation.reading.dates import read_date
from automation.reading.tabs import IntakeTab, Row, identity_of
from automation.tables.intake import KELURAHAN, PEOPLE, POSITION, TICKET
from automation.tables.table import Column, Form


def is_back(case: Case, rows: Iterable[Row], known: Container[str]) -> bool:
    """Whether one of these rows carries the ticket already, or the content and no ticket of another case (`known`):
    then the next reconciliation takes it for the case."""
    identity = identity_of(case.content)
    telling = distinctive(identity)
    return any(
        row.ticket_text == case.ticket
        or (telling and row.ticket_text not in known and identity_of(row.people) == identity)
        for row in rows
        if not row.blank
    )


def tab_for(case: Case, tabs: Sequence[IntakeTab], *, home: bool) -> IntakeTab | None:
    """The tab where a row of this case belongs, None if there is none: its own tab, or that of a later year (both only
    if `home`: this is the spreadsheet where it was last seen, or the one that continues it); else its kelurahan's tab;
    else one whose rows name their kelurahan."""
    candidates = (
        *(tab for tab in tabs if home and tab.title == case.tab),
        *(tab for tab in tabs if home and fold_title(without_year(tab.title)) == fold_title(without_year(case.tab))),
        *(tab for tab in tabs if tab.place is not None and tab.place.code == case.kelurahan),
        *(tab for tab in tabs if tab.has(KELURAHAN)),
    )
    return next(iter(candidates), None)


def row_of(case: Case, tab: IntakeTab, place: Kelurahan | None) -> list[Writable]:
    """A new row of `tab` with the ticket and what people had typed; `place` is the case's kelurahan. The next
    reconciliation fills the robot's other cells."""
    cells: dict[Column, Writable] = {one: typed_again(one, case.content[POSITION[one]]) for one in PEOPLE}
    cells[TICKET] = case.ticket
    if tab.title != case.tab and place is not None:
        cells[KELURAHAN] = cells[KELURAHAN] or place.name
    return row_with({at: cells.get(column) for column, at in tab.headings.columns.items()})


def typed_again(column: Column, value: Value) -> Writable:
    """The value to write. A number that could be a date of this century is written as one, except in a column of
    telephones; the time of day is not kept."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and column.form is not Form.PHONES:
        return read_date(value) or writable(value)
    return writable(value)


def closing(case: Case, reason: str, sequence: int, examiner: Examiner, now: datetime) -> Event:
    """The event that closes a case as unresolved while its row is gone; its deadline stays as it is now."""
    place = examiner.rules.places.by_code.get(case.kelurahan)
    complaint = examiner.examine(case.content, place, False)
    details = status_changed(case, complaint, Status.UNRESOLVED, examiner, now) | {"alasan": reason}
    return Event(sequence, now, case.ticket, EventKind.CLOSED, details)
