"""The heart: from rows and journal to what must be journalled and written, a pure function.

Running it on its own result gives an empty plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from automation.cases.bulk import in_bulk
from automation.cases.cells import Value, Writable, serial_of, shown_alike
from automation.cases.columns import ROBOT, Column
from automation.cases.complaint import Complaint, Status
from automation.cases.elsewhere import Elsewhere
from automation.cases.events import PEOPLE_HEADINGS, Event, EventKind, jsonable, snapshot
from automation.cases.examiner import Examiner
from automation.cases.findings import Code, Finding
from automation.cases.grid import CellWrite
from automation.cases.intake import Intake, Row, identity_of
from automation.cases.journal import Case, advance, fold, priority_since
from automation.cases.matching import NOTHING, Place, match
from automation.cases.numbering import Numbers
from automation.cases.places import Kelurahan
from automation.cases.plan import Judged, Plan
from automation.cases.wording import check_text

#: How long a row says that its ticket cell was put right.
NOTICE = timedelta(days=1)


@in_bulk
def reconcile(
    intake: Intake,
    journal: Sequence[Event],
    examiner: Examiner,
    now: datetime,
    lanes: Mapping[str, int],
    elsewhere: Elsewhere | None = None,
    most: int | None = None,
    stirred: Mapping[Place, str] = NOTHING,
) -> Plan:
    """Decide what one spreadsheet needs so that every ticket stands beside its complaint and every cell is true.

    `journal` are the spreadsheet's events in order; `lanes` the lanes of numbers that it has (see `Numbers`);
    `elsewhere` what all other spreadsheets hold, so that a row that was moved here keeps its ticket, and no number is
    used twice; `most` the number of rows that one commit should write; `stirred` where the commit before has
    written which ticket. `now` is aware, in Asia/Jakarta.
    """
    return _Reconciliation(intake, journal, examiner, now, lanes, elsewhere or Elsewhere(), most, stirred).plan()


class _Reconciliation:
    """One run: the events gathered so far and the cases as they stand after them."""

    def __init__(
        self,
        intake: Intake,
        journal: Sequence[Event],
        examiner: Examiner,
        now: datetime,
        lanes: Mapping[str, int],
        elsewhere: Elsewhere,
        most: int | None,
        stirred: Mapping[Place, str],
    ) -> None:
        self.intake, self.examiner, self.now, self.elsewhere = intake, examiner, now, elsewhere
        self.cases = fold(journal)
        self.sequence = journal[-1].sequence if journal else 0
        self.numbers = Numbers(chain(self.cases, elsewhere.cases), lanes)
        self.most, self.stirred = most, stirred
        self.touched = 0
        self.cut = False
        self.events: list[Event] = []
        self.cells: list[CellWrite] = []
        self.judged: list[Judged] = []
        self.uncertain = False

    def plan(self) -> Plan:
        rows = self.intake.rows
        self.own = {ticket: case for ticket, case in self.cases.items() if not self.elsewhere.took(case)}
        matching = match(rows, self.own, self.intake.frozen, self.stirred)
        if matching.fresh:
            self.elsewhere.look_for(rows[index] for index in matching.fresh)
        for case in matching.gone:
            self._happen(EventKind.VANISHED, case.ticket, {"tab": case.tab})
        originals: dict[tuple[Value, ...], str] = {}
        for index, row in enumerate(rows):
            if self.most is not None and self.touched >= self.most:
                self.cut = True
                break
            if row.blank:
                self._write(row, (None,) * len(ROBOT))
            elif (paired := matching.pairs.get(index)) is not None:
                self._keep(row, paired)
            elif (original := matching.copies.get(index)) is not None:
                self._tell_copy(row, original)
            else:
                self._admit(row, originals)
        return Plan(
            events=tuple(self.events),
            cells=tuple(self.cells),
            cases=self.cases,
            judged=tuple(self.judged),
            lanes_wanted=frozenset(self.numbers.wanted),
            uncertain=self.uncertain,
            cut=self.cut,
        )

    def _keep(self, row: Row, case: Case) -> None:
        """A row whose case is known: journal what changed."""
        complaint = self._examine(row)
        unchanged = row.people == case.content and row.tab.title == case.tab and case.present
        if not unchanged or (complaint.status is not None and complaint.status is not case.status):
            self._journal_changes(row, case, complaint)
        self._note_foreign_ticket(row, case.ticket)
        self._show_case(row, case, complaint)

    def _journal_changes(self, row: Row, case: Case, complaint: Complaint) -> None:
        details: dict[str, Any] = {}
        changed = {
            heading: [jsonable(old), jsonable(new)]
            for heading, old, new in zip(PEOPLE_HEADINGS, case.content, row.people, strict=True)
            if old != new
        }
        if changed:
            details["isi"] = changed
        if row.tab.title != case.tab:
            details["tab"] = row.tab.title
        if complaint.received is not None and complaint.received != case.received:
            details["masuk"] = complaint.received.isoformat()
        if complaint.kelurahan is not None and complaint.kelurahan.code != case.kelurahan:
            details["kelurahan"] = complaint.kelurahan.code
        kind = EventKind.EDITED
        if complaint.status is not None and complaint.status is not case.status:
            kind = EventKind.STATUS
            if case.status.closed and not complaint.status.closed:
                kind = EventKind.REOPENED
            details |= {"dari": case.status.value, "ke": complaint.status.value}
            if complaint.status.closed and case.first_due is None:
                details["tenggat"] = self._due_when_closed(case, complaint)
        if not case.present:
            kind = EventKind.BACK
        if details or kind is EventKind.BACK:
            self._happen(kind, case.ticket, details)

    def _due_when_closed(self, case: Case, complaint: Complaint) -> str:
        statuses = [*case.statuses, (self.now, complaint.status or case.status)]
        times, _ = self.examiner.clock(complaint, complaint.received or case.received, statuses, None)
        return times.due.isoformat()

    def _tell_copy(self, row: Row, original: str, *, keep: bool = False) -> None:
        """A row with the same content as one that has its ticket already."""
        finding = Finding(Code.ROW_COPIED, None, (("tiket", original),))
        self._show_plain(row, self._examine(row), finding, ticket=original if keep else None)

    def _wait_for(self, row: Row, known: Case, complaint: Complaint) -> None:
        """A row that was moved here or copied, nobody knows which."""
        if not self.elsewhere.to_come:
            self._tell_copy(row, known.ticket, keep=row.ticket_text == known.ticket)
            return
        self.uncertain = True
        self.judged.append(Judged(row, complaint, "", str(row.robot[ROBOT.index(Column.CHECK)] or ""), waits=False))

    def _admit(self, row: Row, originals: dict[tuple[Value, ...], str]) -> None:
        """A row that no case here is known for: moved here from another spreadsheet, or a new complaint."""
        complaint = self._examine(row)
        identity = identity_of(row.people)
        known = self.elsewhere.find(row, by_ticket=row.ticket_text not in self.own)
        if known is not None and not known.present:
            self._move_in(row, known, complaint)
        elif known is not None and not self.elsewhere.is_certain(known):
            self._wait_for(row, known, complaint)
        elif known is not None:
            self._tell_copy(row, known.ticket)
        elif complaint.blocked or complaint.received is None or complaint.kelurahan is None:
            self._show_plain(row, complaint)
        elif identity in originals:
            self._tell_copy(row, originals[identity])
        else:
            ticket = self._issue(row, complaint, complaint.received, complaint.kelurahan)
            if ticket is not None:
                originals[identity] = ticket

    def _issue(self, row: Row, complaint: Complaint, received: date, kelurahan: Kelurahan) -> str | None:
        ticket = self.numbers.next(kelurahan.code, received.year)
        if ticket is None:
            self._show_plain(row, complaint, Finding(Code.NUMBERS_WAIT))
            return None
        status = complaint.status or Status.NEW
        details: dict[str, Any] = {
            "tab": row.tab.title,
            "masuk": received.isoformat(),
            "kelurahan": kelurahan.code,
            "status": status.value,
            "isi": snapshot(row.people),
        }
        if status.closed:
            times, _ = self.examiner.clock(complaint, received, [(self.now, status)], None)
            details["tenggat"] = times.due.isoformat()
        self._happen(EventKind.ISSUED, ticket, details)
        self._note_foreign_ticket(row, ticket)
        self._show_case(row, self.cases[ticket], complaint)
        return ticket

    def _note_foreign_ticket(self, row: Row, ticket: str) -> None:
        """Journal what people had written where the row's `ticket` belongs, if it was no ticket of ours."""
        if row.robot[0] == ticket:
            return
        written = row.ticket_text
        if written and written != ticket and written not in self.cases and written not in self.elsewhere.cases:
            self._happen(EventKind.TICKET_RESTORED, ticket, {"tertulis": written[:100]})

    def _move_in(self, row: Row, known: Case, complaint: Complaint) -> None:
        received = complaint.received or known.received
        details: dict[str, Any] = {
            "tab": row.tab.title,
            "masuk": received.isoformat(),
            "kelurahan": complaint.kelurahan.code if complaint.kelurahan is not None else known.kelurahan,
            "status": (complaint.status or known.status).value,
            "terbit": known.issued_at.isoformat(timespec="seconds"),
            "riwayat": [[at.isoformat(timespec="seconds"), status.value] for at, status in known.statuses],
            "isi": snapshot(row.people),
        }
        if known.first_due is not None:
            details["tenggat"] = known.first_due.isoformat()
        if (raised := priority_since(known, self.now, row.people)) is not None:
            details["prioritas"] = raised.isoformat(timespec="seconds")
        self._happen(EventKind.MOVED_IN, known.ticket, details)
        self._show_case(row, self.cases[known.ticket], complaint)

    def _examine(self, row: Row) -> Complaint:
        return self.examiner.examine(row.people, row.tab.place, row.tab.has_kelurahan_column)

    def _happen(self, kind: EventKind, ticket: str, details: Mapping[str, Any]) -> None:
        self.sequence += 1
        event = Event(self.sequence, self.now, ticket, kind, details)
        self.events.append(event)
        advance(self.cases, event)

    def _show_case(self, row: Row, case: Case, complaint: Complaint) -> None:
        restored = case.ticket_restored
        if restored is not None and self.now - restored[0] < NOTICE:
            finding = Finding(Code.TICKET_CHANGED, None, (("tiket", case.ticket),))
            complaint = replace(complaint, findings=(*complaint.findings, finding))
        received = complaint.received or case.received
        times, lateness = self.examiner.clock(complaint, received, case.statuses, case.first_due)
        check = check_text(complaint.findings, self.examiner.rules.texts) if complaint.findings else ""
        self.judged.append(Judged(row, complaint, case.ticket, check, complaint.blocked))
        resolved = case.resolved_on
        # Most rows show all that they should: one comparison tells.
        shown = (case.ticket, check or None, serial_of(times.due), lateness or None, resolved and serial_of(resolved))
        if row.robot != shown:
            self._write(row, (case.ticket, check, times.due, lateness, resolved))

    def _show_plain(self, row: Row, complaint: Complaint, *more: Finding, ticket: str | None = None) -> None:
        """A row that is no case: only what is to be mended."""
        if more:
            complaint = replace(complaint, findings=(*complaint.findings, *more))
        check = check_text(complaint.findings, self.examiner.rules.texts)
        self.judged.append(Judged(row, complaint, "", check, waits=True))
        self._write(row, (ticket, check, None, None, None))

    def _write(self, row: Row, wanted: tuple[Writable, ...]) -> None:
        columns = row.tab.headings.columns
        before = len(self.cells)
        for column, shown, value in zip(ROBOT, row.robot, wanted, strict=True):
            if not shown_alike(shown, value):
                self.cells.append(CellWrite(row.tab.key, row.number, columns[column], value or None))
        self.touched += len(self.cells) > before
