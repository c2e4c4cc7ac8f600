"""The heart: from rows and journal to what must be journalled and written, a pure function.

Running it on its own result gives an empty plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import Any

from automation.cases.bulk import in_bulk
from automation.cases.cells import Value
from automation.cases.complaint import Complaint, Status
from automation.cases.elsewhere import Elsewhere
from automation.cases.escalation import carried, record
from automation.cases.events import PEOPLE_HEADINGS, Event, EventKind, jsonable, snapshot
from automation.cases.examiner import Examiner
from automation.cases.findings import Code, Finding
from automation.cases.intake import Intake, Row, identity_of
from automation.cases.journal import Case, advance, fold, priority_since
from automation.cases.likeness import MOST, likeness
from automation.cases.matching import match
from automation.cases.numbering import Numbers
from automation.cases.places import Kelurahan
from automation.cases.plan import Plan
from automation.cases.showing import Showing
from automation.cases.similar import suggest
from automation.cases.stirred import Writing, undone


@in_bulk
def reconcile(
    intake: Intake,
    journal: Sequence[Event],
    examiner: Examiner,
    now: datetime,
    lanes: Mapping[str, int],
    elsewhere: Elsewhere | None = None,
    most: int | None = None,
    writing: Writing | None = None,
    cases: dict[str, Case] | None = None,
) -> Plan:
    """Decide what one spreadsheet needs so that every ticket stands beside its complaint and every cell is true.

    `journal` are the spreadsheet's events in order; `lanes` the lanes of numbers that it has (see `Numbers`);
    `elsewhere` what all other spreadsheets hold, so that a row that was moved here keeps its ticket, and no number is
    used twice; `most` the number of rows that one commit should write; `writing` what this turn has written already;
    `cases` the fold of `journal` where it is known: it is carried on. `now` is aware, in Asia/Jakarta.
    """
    return _Reconciliation(intake, journal, examiner, now, lanes, elsewhere or Elsewhere(), most, writing, cases).plan()


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
        writing: Writing | None,
        cases: dict[str, Case] | None,
    ) -> None:
        self.intake, self.examiner, self.now, self.elsewhere = intake, examiner, now, elsewhere
        self.cases = fold(journal) if cases is None else cases
        self.sequence = journal[-1].sequence if journal else 0
        self.numbers = Numbers(chain(self.cases, elsewhere.cases), lanes)
        self.most = most
        self.rows, self.stirred = undone(intake.rows, writing or Writing(), self.cases)
        self.touched: set[int] = set()  # ids of rows for which something is journalled or written
        self.cut = False
        self.events: list[Event] = []
        self.showing = Showing(intake, examiner, now, self.cases, elsewhere.cases)
        self.known: list[tuple[Row, Case, Complaint]] = []  # rows that are a case
        self.fresh: dict[str, tuple[Case, Complaint]] = {}  # new tickets that may be about a matter that is known
        self.issued: dict[str, dict[str, Any]] = {}  # the details of their events
        self.uncertain = False
        self.kept: set[str] = set()  # tickets that a row keeps until another spreadsheet can be read

    def plan(self) -> Plan:
        rows = self.rows
        self.own = {ticket: case for ticket, case in self.cases.items() if not self.elsewhere.took(case)}
        matching = match(rows, self.own, self.intake.frozen, self.stirred, self.now)
        if matching.fresh:
            self.elsewhere.look_for(rows[index] for index in matching.fresh)
        for case in matching.gone:
            self._happen(EventKind.VANISHED, case.ticket, {"tab": case.tab})
        originals: dict[tuple[Value, ...], str] = {}
        bounded = self.most is not None
        for index, row in enumerate(rows):
            if bounded and self._is_full():
                self.cut = True
                break
            before = self._size()
            if row.blank:
                self.showing.blank(row)
            elif (paired := matching.pairs.get(index)) is not None:
                self._keep(row, paired)
            elif (original := matching.copies.get(index)) is not None:
                self._tell_copy(row, original)
            else:
                self._admit(row, originals, stirred=index in self.stirred)
            if bounded:
                self._note_touched(row, before)
        # What a row says of its case may depend on other cases: only now is it known how they all stand.
        self._suggest()
        for row, case, complaint in self.known:
            if not bounded:
                self._show(row, case, complaint)
            elif self._is_full() and id(row) not in self.touched:
                self.cut = True
            else:
                before = self._size()
                self._show(row, case, complaint)
                self._note_touched(row, before)
        return Plan(
            events=tuple(self.events),
            cells=tuple(self.showing.cells),
            cases=self.cases,
            judged=tuple(self.showing.judged),
            lanes_wanted=frozenset(self.numbers.wanted),
            uncertain=self.uncertain,
            cut=self.cut,
        )

    def _is_full(self) -> bool:
        return self.most is not None and len(self.touched) >= self.most

    def _size(self) -> int:
        return len(self.events) + len(self.showing.cells)

    def _note_touched(self, row: Row, before: int) -> None:
        if self._size() > before:
            self.touched.add(id(row))

    def _keep(self, row: Row, case: Case) -> None:
        """A row whose case is known: journal what changed."""
        complaint = self._examine(row)
        unchanged = row.people == case.content and row.tab.title == case.tab and case.present
        if not unchanged or (complaint.status is not None and complaint.status is not case.status):
            self._journal_changes(row, case, complaint)
        self._note_foreign_ticket(row, case.ticket)
        self.known.append((row, case, complaint))

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
        self.showing.plain(row, self._examine(row), finding, ticket=original if keep else None)

    def _wait_for(self, row: Row, known: Case, complaint: Complaint, *, stirred: bool) -> None:
        """A row that was moved here or copied, nobody knows which."""
        if not self.elsewhere.to_come:
            keep = row.ticket_text == known.ticket and known.ticket not in self.kept
            keep = keep and likeness(row.people, known.content) >= MOST
            self.kept.update({known.ticket} if keep else ())
            self._tell_copy(row, known.ticket, keep=keep)
            return
        self.uncertain = True
        if stirred:  # what it had is written over: by this ticket it is known again
            row = replace(row, meant=known.ticket)
        elif row.ticket_text in self.own:  # that of another row here
            row = replace(row, meant="")
        self.showing.as_it_is(row, complaint)

    def _admit(self, row: Row, originals: dict[tuple[Value, ...], str], *, stirred: bool) -> None:
        """A row that no case here is known for: moved here from another spreadsheet, or a new complaint."""
        complaint = self._examine(row)
        identity = identity_of(row.people)
        known = self.elsewhere.find(row, by_ticket=row.ticket_text not in self.own, stirred=stirred)
        if known is not None and not known.present:
            self._move_in(row, known, complaint)
        elif known is not None and not self.elsewhere.is_certain(known):
            self._wait_for(row, known, complaint, stirred=stirred)
        elif known is not None:
            self._tell_copy(row, known.ticket)
        elif complaint.blocked or complaint.received is None or complaint.kelurahan is None:
            self.showing.plain(row, complaint)
        elif identity in originals:
            self._tell_copy(row, originals[identity])
        else:
            ticket = self._issue(row, complaint, complaint.received, complaint.kelurahan)
            if ticket is not None:
                originals[identity] = ticket

    def _issue(self, row: Row, complaint: Complaint, received: date, kelurahan: Kelurahan) -> str | None:
        ticket = self.numbers.next(kelurahan.code, received.year)
        if ticket is None:
            self.showing.plain(row, complaint, Finding(Code.NUMBERS_WAIT))
            return None
        status = complaint.status or Status.NEW
        details: dict[str, Any] = {
            "tab": row.tab.title,
            "masuk": received.isoformat(),
            "kelurahan": kelurahan.code,
            "status": status.value,
            "isi": snapshot(row.people),
        }
        times, _ = self.examiner.clock(complaint, received, [(self.now, status)], None)
        if status.closed:
            details["tenggat"] = times.due.isoformat()
        if times.level is not None:
            details["jenjang"] = times.level.slug
        self._happen(EventKind.ISSUED, ticket, details)
        self._note_foreign_ticket(row, ticket)
        self.known.append((row, self.cases[ticket], complaint))
        if row.tab.has_parent_column:
            self.fresh[ticket] = self.cases[ticket], complaint
            self.issued[ticket] = details
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
        details |= carried(known.level, known.level_at)
        self._happen(EventKind.MOVED_IN, known.ticket, details)
        self.known.append((row, self.cases[known.ticket], complaint))

    def _suggest(self) -> None:
        """Which new complaints seem to be about a matter that is known: their events, not yet written, say so."""
        fresh = tuple(self.fresh.values())
        known = ((case, complaint) for _, case, complaint in self.known)
        for ticket, other in suggest(fresh, known, self.examiner.rules, self.now.date()).items():
            self.issued[ticket]["mirip"] = self.cases[ticket].similar = other

    def _show(self, row: Row, case: Case, complaint: Complaint) -> None:
        """Journal how high the case stands by now, and show it in its row."""
        times, lateness = self.examiner.clock(
            complaint, complaint.received or case.received, case.statuses, case.first_due
        )
        if (reached := record(case.level, times.level)) is not None:
            self._happen(EventKind.ESCALATED, case.ticket, reached)
        self.showing.case(row, case, complaint, times, lateness)

    def _examine(self, row: Row) -> Complaint:
        return self.examiner.examine(row.people, row.tab.place, row.tab.has_kelurahan_column)

    def _happen(self, kind: EventKind, ticket: str, details: Mapping[str, Any]) -> None:
        self.sequence += 1
        event = Event(self.sequence, self.now, ticket, kind, details)
        self.events.append(event)
        advance(self.cases, event)
