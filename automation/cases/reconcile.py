"""The heart: from rows and journal to what must be journalled and written, a pure function.

Running it on its own result gives an empty plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from math import inf
from typing import Any

from automation.cases.elsewhere import Elsewhere
from automation.cases.event_details import edited, escalated, issued, moved_in
from automation.cases.events import Event, EventKind
from automation.cases.examiner import Examiner
from automation.cases.journal import Case, advance, fold
from automation.cases.likeness import MOST, likeness
from automation.cases.matching import match
from automation.cases.one_matter import suggest
from automation.cases.own_writes import OwnWrites, with_meant_tickets
from automation.cases.robot_cells import Judged, RobotCells
from automation.model.bulk import in_bulk
from automation.model.cells import CellWrite, Value
from automation.model.complaint import Complaint, Status
from automation.model.findings import Code, Finding
from automation.model.places import Kelurahan
from automation.model.tickets import Numbers
from automation.reading.intake import Intake, Row, identity_of


@dataclass(frozen=True, slots=True)
class Plan:
    """`events` to append and `cells` to write; both empty when the spreadsheet says all that it should.

    `cases` is the state after the events; `lanes_wanted` are kelurahan codes for which rows wait for a lane of
    numbers (see `Numbers`); `uncertain` tells that rows wait until the other spreadsheets have been read (see
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


@in_bulk
def reconcile(
    intake: Intake,
    journal: Sequence[Event],
    examiner: Examiner,
    now: datetime,
    lanes: Mapping[str, int],
    elsewhere: Elsewhere | None = None,
    most: int | None = None,
    own_writes: OwnWrites | None = None,
    cases: dict[str, Case] | None = None,
) -> Plan:
    """Decide what one spreadsheet needs so that every ticket stands beside its complaint and every cell is true.

    `journal` are the spreadsheet's events in order; `lanes` the lanes of numbers that it has (see `Numbers`);
    `elsewhere` what all other spreadsheets hold, so that a row that was moved here keeps its ticket, and no number is
    used twice; `most` the number of rows that one commit should write; `own_writes` what this turn has written already;
    `cases` the fold of `journal` where it is known: it is carried on. `now` is aware, in Asia/Jakarta.
    """
    elsewhere = elsewhere or Elsewhere()
    cases = fold(journal) if cases is None else cases
    rows, unsure = with_meant_tickets(intake.rows, own_writes or OwnWrites(), cases)
    numbers = Numbers(chain(cases, elsewhere.cases), lanes)
    last = journal[-1].sequence if journal else 0
    return _Reconciliation(intake, cases, last, examiner, now, numbers, elsewhere, most).plan(rows, unsure)


class _Reconciliation:
    """One run: the events gathered so far and the cases as they stand after them."""

    def __init__(
        self,
        intake: Intake,
        cases: dict[str, Case],
        sequence: int,
        examiner: Examiner,
        now: datetime,
        numbers: Numbers,
        elsewhere: Elsewhere,
        most: int | None,
    ) -> None:
        self.cases, self.sequence, self.numbers, self.elsewhere = cases, sequence, numbers, elsewhere
        self.examiner, self.now, self.frozen = examiner, now, intake.frozen
        self.own = {ticket: case for ticket, case in cases.items() if not elsewhere.has_taken(case)}
        self.most = inf if most is None else most
        self.touched: set[int] = set()  # ids of rows for which something is journalled or written
        self.cut = self.uncertain = False
        self.events: list[Event] = []
        self.robot = RobotCells(intake, examiner, now, cases, elsewhere.cases)
        self.known: list[tuple[Row, str, Complaint]] = []  # rows that are a case, and its ticket
        self.new: list[tuple[Row, Case, Complaint]] = []  # cases whose ticket is still to be issued
        self.kept: set[str] = set()  # tickets that a row keeps until another spreadsheet can be read

    def plan(self, rows: Sequence[Row], unsure: Collection[int]) -> Plan:
        """The plan for these rows; of those at `unsure` indexes we may have written over the ticket."""
        matching = match(rows, self.own, self.frozen, unsure, self.now)
        if matching.new or matching.edited:
            self.elsewhere.prepare_for(rows[index] for index in (*matching.new, *matching.edited))
        pairs, elsewhere = matching.pairs, self.elsewhere
        copied = [index for index in matching.edited if elsewhere.holds_as_another(rows[index], pairs[index])]
        for case in (*matching.gone, *(case for case in map(pairs.pop, copied) if case.present)):
            self._record(EventKind.VANISHED, case.ticket, {"tab": case.tab})
        new: dict[tuple[Value, ...], str] = {}  # the tickets of new complaints
        for index, row in enumerate(rows):
            if len(self.touched) >= self.most:
                self.cut = True
                break
            before = self._size()
            if row.blank:
                self.robot.blank(row)
            elif (paired := pairs.get(index)) is not None:
                self._keep(row, paired)
            elif (original := matching.copies.get(index)) is not None:
                self._tell_copy(row, original)
            else:
                self._admit(row, new, overwritten=index in unsure)
            self._note_touched(row, before)
        self._issue_tickets()
        # What a row says of its case may depend on other cases: only now is it known how they all stand.
        for row, ticket, complaint in self.known:
            if len(self.touched) >= self.most and id(row) not in self.touched:
                self.cut = True
                continue
            before = self._size()
            self._show(row, self.cases[ticket], complaint)
            self._note_touched(row, before)
        return Plan(
            events=tuple(self.events),
            cells=tuple(self.robot.cells),
            cases=self.cases,
            judged=tuple(self.robot.judged),
            lanes_wanted=frozenset(self.numbers.wanted),
            uncertain=self.uncertain,
            cut=self.cut,
        )

    def _size(self) -> int:
        return len(self.events) + len(self.robot.cells) + len(self.new)

    def _note_touched(self, row: Row, before: int) -> None:
        if self._size() > before:
            self.touched.add(id(row))

    def _keep(self, row: Row, case: Case) -> None:
        """A row whose case is known: journal what changed."""
        complaint = self._examine(row)
        if (change := edited(row, case, complaint, self.examiner, self.now)) is not None:
            self._record(change[0], case.ticket, change[1])
        self._record_foreign_ticket(row, case.ticket)
        self.known.append((row, case.ticket, complaint))

    def _tell_copy(self, row: Row, original: str, *, keep: bool = False) -> None:
        """A row with the same content as one that has its ticket already."""
        finding = Finding(Code.ROW_COPIED, None, (("tiket", original),))
        self.robot.plain(row, self._examine(row), finding, ticket=original if keep else None)

    def _admit(self, row: Row, new: dict[tuple[Value, ...], str], *, overwritten: bool) -> None:
        """A row that no case here is known for: moved here from another spreadsheet, or a new complaint."""
        complaint = self._examine(row)
        identity = identity_of(row.people)
        known = self.elsewhere.find(row, by_ticket=row.ticket_text not in self.own, overwritten=overwritten)
        if known is not None and not known.present:
            self._record(EventKind.MOVED_IN, known.ticket, moved_in(row, known, complaint, self.now))
            self.known.append((row, known.ticket, complaint))
        elif known is not None and not self.elsewhere.is_certain(known):
            self._wait_for(row, known, complaint, overwritten=overwritten)
        elif known is not None:
            self._tell_copy(row, known.ticket)
        elif row.ticket_text not in self.cases and self.elsewhere.may_still_tell(row.ticket_text):
            self.uncertain = True
            self.robot.as_it_is(row, complaint)
        elif complaint.blocked or complaint.received is None or complaint.kelurahan is None:
            self.robot.plain(row, complaint)
        elif identity in new:
            self._tell_copy(row, new[identity])
        elif (ticket := self.numbers.next(complaint.kelurahan.code, complaint.received.year)) is None:
            self.robot.plain(row, complaint, Finding(Code.NUMBERS_WAIT))
        else:
            new[identity] = ticket
            self._open(row, ticket, complaint, complaint.received, complaint.kelurahan)

    def _wait_for(self, row: Row, known: Case, complaint: Complaint, *, overwritten: bool) -> None:
        """A row that was moved here or copied, nobody knows which."""
        if not self.elsewhere.to_come:
            keep = row.ticket_text == known.ticket and known.ticket not in self.kept
            keep = keep and likeness(row.people, known.content) >= MOST
            self.kept.update({known.ticket} if keep else ())
            self._tell_copy(row, known.ticket, keep=keep)
            return
        self.uncertain = True
        if overwritten:  # by this ticket the row is known again
            row = replace(row, meant=known.ticket)
        elif row.ticket_text in self.own:  # that of another row here
            row = replace(row, meant="")
        self.robot.as_it_is(row, complaint)

    def _open(self, row: Row, ticket: str, complaint: Complaint, received: date, kelurahan: Kelurahan) -> None:
        statuses = [(self.now, complaint.status or Status.NEW)]
        case = Case(ticket, self.now, row.people, row.tab.title, received, kelurahan.code, statuses=statuses)
        self.new.append((row, case, complaint))
        self.known.append((row, ticket, complaint))

    def _issue_tickets(self) -> None:
        """Journal the new cases, each with the older one that it may belong to."""
        fresh = [(case, complaint) for row, case, complaint in self.new if row.tab.has_parent_column]
        opened = {case.ticket: case for _, case, _ in self.new}
        known = ((opened.get(ticket) or self.cases[ticket], complaint) for _, ticket, complaint in self.known)
        similar = suggest(fresh, known, self.examiner.rules, self.now.date())
        for row, case, complaint in self.new:
            details = issued(case, complaint, similar.get(case.ticket), self.examiner)
            self._record(EventKind.ISSUED, case.ticket, details)
            self._record_foreign_ticket(row, case.ticket)

    def _record_foreign_ticket(self, row: Row, ticket: str) -> None:
        """Journal what people had written where the row's `ticket` belongs, if it was no ticket of ours."""
        if row.robot[0] == ticket:
            return
        written = row.ticket_text
        if written and written != ticket and written not in self.cases and written not in self.elsewhere.cases:
            self._record(EventKind.TICKET_RESTORED, ticket, {"tertulis": written[:100]})

    def _show(self, row: Row, case: Case, complaint: Complaint) -> None:
        """Journal how high the case stands by now, and show it in its row."""
        received = complaint.received or case.received
        times, lateness = self.examiner.clock(complaint, received, case.statuses, case.first_due)
        if (details := escalated(case.level, times.level)) is not None:
            self._record(EventKind.ESCALATED, case.ticket, details)
        self.robot.case(row, case, complaint, times, lateness)

    def _examine(self, row: Row) -> Complaint:
        return self.examiner.examine(row.people, row.tab.place, row.tab.has_kelurahan_column)

    def _record(self, kind: EventKind, ticket: str, details: Mapping[str, Any]) -> None:
        self.sequence += 1
        self.events.append(Event(self.sequence, self.now, ticket, kind, details))
        advance(self.cases, self.events[-1])
