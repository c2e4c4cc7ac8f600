"""The heart, a pure function from rows and journal to what must be journalled and written. It is idempotent."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from math import inf
from typing import Any, TypeVar

from msgspec.structs import replace

from automation.cases.copies import Journal
from automation.cases.elsewhere import Elsewhere
from automation.cases.erasure import RETENTION, erased_as
from automation.cases.event_details import edited, escalated, facts_in, issued, moved_in
from automation.cases.events import Event, EventKind
from automation.cases.examiner import Examiner
from automation.cases.issued import Issued, NewCases
from automation.cases.journal import Case, advance, expired
from automation.cases.likeness import distinctive
from automation.cases.matching import Matching
from automation.cases.one_matter import suggest
from automation.cases.own_writes import OwnWrites, with_meant_tickets
from automation.cases.plausible import Asked, doubted_anew, level_allowed
from automation.cases.robot_cells import Plan, RobotCells
from automation.model.cells import Value
from automation.model.complaint import UNREADABLE, Code, Complaint, about
from automation.model.deadlines import Clock
from automation.model.tickets import Numbers
from automation.reading.tabs import Intake, Row, identity_of
from automation.tables.intake import PARENT, TICKET

T = TypeVar("T")

Lane = Callable[[str, int], int | None]


class Reconciliation:
    """Decides what a spreadsheet needs so that every ticket stands beside its complaint and every cell is true.

    The cases of its `journal` are modified; `lane` gives its lanes of numbers (see `Numbers`), `elsewhere` what others
    hold, `most` how many rows one commit should write, `own_writes` what this turn has written. `now` has a time zone.
    """

    def __init__(
        self,
        intake: Intake,
        journal: Journal,
        examiner: Examiner,
        now: datetime,
        lane: Lane,
        elsewhere: Elsewhere,
        most: int | None = None,
        own_writes: OwnWrites | None = None,
    ) -> None:
        cases = journal.cases
        #: At the indexes `unsure` the program may have overwritten the ticket.
        self.rows, self.unsure = with_meant_tickets(intake.rows, own_writes or OwnWrites(), cases)
        self.cases, self.elsewhere, self.sequence = cases, elsewhere, journal.last
        self.issued = Issued(journal, elsewhere, examiner)
        self.examiner, self.now, self.frozen = examiner, now, intake.frozen
        self.numbers = Numbers(chain(cases, journal.tickets), lane)
        self.events, self.touched = list[Event](), set[int]()  # ids of rows with something to journal or to write
        here = [case for case in cases.values() if not elsewhere.has_taken(case)]
        over = [(EventKind.VANISHED, case.ticket, {"tab": case.tab}) for case in elsewhere.leaving(cases)]
        old = expired(here, now, examiner.rules.retention_months)
        over += [(EventKind.ERASED, ticket, erased_as(cases[ticket].content, RETENTION)) for ticket in old]
        for event in over[:most]:
            self._record(*event)
        self.own = {case.ticket: case for case in here if not self.issued.is_erased(case.ticket)}
        self.most, self.cut, self.uncertain = inf if most is None else most, len(over) > len(over[:most]), False
        self.robot = RobotCells(intake.tabs, examiner, now, cases, elsewhere.cases)
        self.known, self.placed = list[tuple[Row, str, Complaint]](), set[str]()  # rows that are a case; their tickets
        self.new, self.asked = NewCases(intake.rows, self.numbers, examiner, now), Asked(cases)
        for rows in journal.altered:
            self._record(EventKind.ALTERED, "", rows)

    def plan(self) -> Plan:
        """What has to be journalled and written."""
        rows, unsure = self.rows, self.unsure
        erased, pasted = self.issued.erased_rows(rows)
        told = [replace(row, blank=True) if index in erased else row for index, row in enumerate(rows)]
        matching = Matching(told, self.own, self.frozen, unsure, self.now)
        self.elsewhere.prepare_for([rows[index] for index in (*matching.unmatched, *matching.disagreeing)])
        pairs, is_anothers = matching.pairs, self.elsewhere.holds_as_another
        copied = [pairs.pop(index) for index in matching.disagreeing if is_anothers(rows[index], pairs[index])]
        given_up, self.uncertain = self.elsewhere.given_up(pairs)
        copied += [pairs.pop(index) for index in given_up]
        # Beside a row whose words are erased but still there, one that says the same is no new complaint.
        told_once = {identity_of(rows[index].people): rows[index].ticket_text for index in erased}
        bare = [(at, identity_of(rows[at].people)) for at in matching.unmatched if not rows[at].ticket_text]
        same = {at: told_once[who] for at, who in bare if who in told_once and distinctive(who)}
        same |= {at: ticket for at, _ in bare if (ticket := self.issued.erased_original(rows[at]))}
        copies = {**same, **matching.copies, **given_up}
        self.placed = {case.ticket for case in pairs.values()}
        lost = self.issued.without_row({rows[index].ticket_text for index in erased}, self.frozen)
        for case in (*matching.gone(), *(case for case in copied if case.present), *lost):
            self._record(EventKind.VANISHED, case.ticket, {"tab": case.tab})
        new: dict[tuple[Value, ...], str] = {}  # the tickets of new complaints
        for index, row in self._affordable(enumerate(rows)):
            if row.blank:
                self.robot.blank(row)
            elif (paired := pairs.get(index)) is not None:
                self._keep(row, paired)
            elif (original := copies.get(index)) is not None:
                self._tell_copy(row, original)
            elif index in erased or index in pasted:
                self._keep_facts(row, own=index in erased)
            else:
                self._admit(row, new, overwritten=index in unsure)
        self._issue_tickets()
        # What is shown of a case may depend on other cases: only now is the state of all of them known.
        for (ticket, complaint), row in self._affordable(((ticket, told), row) for row, ticket, told in self.known):
            case = self.cases[ticket]
            self.robot.case(row, case, complaint, *self._raise(case, complaint))
        found = tuple(self.events), tuple(self.robot.cells), self.cases, tuple(self.robot.judged)
        return Plan(*found, frozenset(self.numbers.wanted), self.uncertain, self.cut)

    def _affordable(self, rows: Iterable[tuple[T, Row]]) -> Iterator[tuple[T, Row]]:
        """These rows; once as many are touched as one commit should write, only those that are touched already."""
        for what, row in rows:
            if len(self.touched) >= self.most and id(row) not in self.touched:
                self.cut = True
                continue
            before = len(self.events) + len(self.robot.cells) + len(self.new.cases)
            yield what, row
            if len(self.events) + len(self.robot.cells) + len(self.new.cases) > before:
                self.touched.add(id(row))

    def _keep(self, row: Row, case: Case) -> None:
        """A row whose case is known: journal what changed."""
        complaint = self.examiner.row(row)
        if complaint is UNREADABLE:  # by a mistake of ours: what is known of the case stays
            self.robot.as_it_is(row, complaint, case.ticket)
            return
        doubted = doubted_anew(row.people, case, complaint, self.examiner.rules, self.examiner.today)
        if (change := edited(row, case, complaint, self.examiner, self.now, doubted)) is not None:
            self._record(change[0], case.ticket, change[1])
        if doubted is not None:
            self._record(EventKind.DATE_ASKED, case.ticket, {"ragu": doubted.isoformat(), "bersama": case.ticket})
        if (answer := self.asked.answer(case, complaint)) is not None:
            self._record(EventKind.DATE_CONFIRMED, case.ticket, answer)
        self._record_foreign_ticket(row, case.ticket)
        self.known.append((row, case.ticket, complaint))

    def _keep_facts(self, row: Row, *, own: bool) -> None:
        """A row whose words are not kept: journal its facts and its level if it is its ticket's `own` row."""
        ticket, bare = row.ticket_text, replace(row, people=facts_in(row, self.examiner))
        case, known, complaint = self.cases.get(ticket), self.elsewhere.cases.get(ticket), self.examiner.row(bare)
        if own and case is not None and not self.elsewhere.has_taken(case):
            if not case.erased:  # only another journal tells it: this is an old file under another link
                self._record(EventKind.ERASED, ticket, {"sebab": EventKind.MOVED_IN})
            doubted = doubted_anew(bare.people, case, complaint, self.examiner.rules, self.examiner.today)
            if (change := edited(bare, case, complaint, self.examiner, self.now, doubted)) is not None:
                self._record(change[0], ticket, change[1])
        elif own and known is not None and not known.present:
            self._move_in(bare, known, complaint)
            self._record(EventKind.ERASED, ticket, {"sebab": EventKind.MOVED_IN})
        else:
            ticket = ""
        if (shown := self.cases.get(ticket)) is not None:
            self._raise(shown, complaint)
        self.robot.erased(row, shown, complaint)

    def _move_in(self, row: Row, known: Case, complaint: Complaint) -> None:
        self.placed.add(known.ticket)
        doubted = doubted_anew(row.people, known, complaint, self.examiner.rules, self.examiner.today)
        self._record(EventKind.MOVED_IN, known.ticket, moved_in(row, known, complaint, self.now, doubted))
        if doubted is not None:
            self._record(EventKind.DATE_ASKED, known.ticket, {"ragu": doubted.isoformat(), "bersama": known.ticket})

    def _tell_copy(self, row: Row, original: str, *, keep: bool = False) -> None:
        """A row with the content of one that has its ticket already; with `keep` it keeps that ticket meanwhile."""
        code = Code.COPY_ERASED if self.issued.is_erased(original) else Code.ROW_COPIED
        copied = about(code, tiket=original)
        self.robot.plain(row, self.examiner.row(row), copied, ticket=original if keep else None)

    def _admit(self, row: Row, new: dict[tuple[Value, ...], str], *, overwritten: bool) -> None:
        """A row without a known case here: moved here from another spreadsheet, or a new complaint."""
        complaint = self.examiner.row(row)
        known = self.elsewhere.find(row, by_ticket=row.ticket_text not in self.own, overwritten=overwritten)
        if known is not None and not (known.present or known.ticket in self.placed):
            self._move_in(row, known, complaint)
            self.known.append((row, known.ticket, complaint))
        elif known is not None and not (known.ticket in self.placed or self.elsewhere.is_certain(known)):
            self._wait_for(row, known, complaint, overwritten=overwritten)
        elif known is not None:
            self._tell_copy(row, known.ticket)
        elif self.elsewhere.may_still_tell(row, self.cases):
            self.uncertain = True
            self.robot.as_it_is(replace(row, meant="") if row.ticket_text in self.placed else row, complaint)
        elif complaint.held or complaint.received is None or complaint.kelurahan is None:
            self.robot.plain(row, complaint, ticket=self.issued.orphaned(row))
        elif row.tab.refuses(row.number, TICKET):  # the ticket can't be written, and a ticket nobody sees is useless
            self.robot.plain(row, complaint, about(Code.TICKET_LOCKED))
        elif distinctive(told := identity_of(row.people)) and (same := new.get(told)) is not None:
            self._tell_copy(row, same)
        elif (
            case := self.new.open(row, complaint, complaint.received, complaint.kelurahan, self.issued.orphaned(row))
        ) is None:
            self.robot.plain(row, complaint, about(Code.NUMBERS_WAIT))
        else:
            new[told] = case.ticket
            self.known.append((row, case.ticket, complaint))

    def _wait_for(self, row: Row, known: Case, complaint: Complaint, *, overwritten: bool) -> None:
        """A row that was either moved here or copied, which can't be told yet."""
        if not self.elsewhere.to_come:
            self._tell_copy(row, known.ticket, keep=self.issued.keeps(row, known))
            return
        self.uncertain = True
        if overwritten or row.ticket_text in self.own:  # it gets its ticket back, or loses another case's
            row = replace(row, meant=known.ticket if overwritten else "")
        self.robot.as_it_is(row, complaint)

    def _issue_tickets(self) -> None:
        """Journal the new cases, each with the older one that it may belong to, and the questions about their dates."""
        opened = {case.ticket: case for _, case, _ in self.new.cases}
        known = ((opened.get(ticket) or self.cases[ticket], complaint) for _, ticket, complaint in self.known)
        fresh = [(case, complaint) for row, case, complaint in self.new.cases if row.tab.has(PARENT)]
        similar = suggest(fresh, known, self.examiner.rules, self.now.date())
        for row, case, complaint in self.new.cases:
            said = issued(case, complaint, similar.get(case.ticket), self.examiner)
            if case.status.closed and row.ticket_text in self.own:  # typed over a row, whose status stayed
                said["bekas"] = row.ticket_text
            self._record(EventKind.ISSUED, case.ticket, said)
            self._record_foreign_ticket(row, case.ticket)
        for ticket, details in self.asked.about(self.new.doubtful):
            self._record(EventKind.DATE_ASKED, ticket, details)

    def _record_foreign_ticket(self, row: Row, ticket: str) -> None:
        """Journal what people had written in the cell of the row's `ticket`, if it was no ticket of ours."""
        if written := self.issued.foreign(row, ticket):
            self._record(EventKind.TICKET_RESTORED, ticket, {"tertulis": written[:100]})

    def _raise(self, case: Case, complaint: Complaint) -> tuple[Clock, str]:
        """Journal the level that the case has reached; return its clock, and what `Keterlambatan` says."""
        times, lateness = self.examiner.clock(complaint, case.received, case.statuses, case.first_due)
        level = level_allowed(case, times.level, self.examiner.rules.calendar, self.now.date())
        if (details := escalated(case.level, level)) is not None:
            self._record(EventKind.ESCALATED, case.ticket, details)
        return times, lateness

    def _record(self, kind: EventKind, ticket: str, details: Mapping[str, Any]) -> None:
        self.sequence += 1
        self.events.append(Event(self.sequence, self.now, ticket, kind, details))
        advance(self.cases, self.events[-1])
