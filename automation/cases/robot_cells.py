"""What a reconciliation yields: how each row was judged, what the robot's cells should say, and which to write."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.erasure import words_left
from automation.cases.events import Event
from automation.cases.examiner import Examiner
from automation.cases.journal import NOTICE, Case
from automation.cases.one_matter import fault, relation
from automation.cases.plausible import Asked, done_early, done_on, first_done, meant
from automation.model.cells import CellWrite, Value, Writable, serial_of, shown_alike
from automation.model.complaint import Code, Complaint, Finding, about, check_text
from automation.model.deadlines import Clock
from automation.reading.dates import read_date
from automation.reading.headings import says_done
from automation.reading.tabs import IntakeTab, Row
from automation.tables import intake
from automation.tables.intake import CHECK, KABARI, PARENT, RECEIVED, ROBOT, TICKET
from automation.tables.table import Column

_NOTHING: tuple[Writable, ...] = (None,) * len(ROBOT)
_CHECK = ROBOT.index(CHECK)
_KABARI = ROBOT.index(KABARI)


class Judged(Struct, frozen=True):
    """How a row that is not blank was understood:

    - `ticket`: empty while it has none; `ticket_cell`: what its ticket cell should say, even if that may not be its own
    - `check`: the text of `Pemeriksaan`; `waits`: a person must mend something
    """

    row: Row
    complaint: Complaint
    ticket: str
    check: str
    waits: bool
    ticket_cell: str


class Plan(Struct, frozen=True):
    """`events` to append and `cells` to write; both are empty if the spreadsheet already says all that it should.

    - `cases`: the state after the events; `lanes_wanted`: kelurahan (codes) and years that wait for lanes (see
      `Numbers`)
    - `uncertain`: rows wait until the other spreadsheets have been read (see `elsewhere`)
    - `cut`: the plan was cut to the size of one commit, and the rest is still to do
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


class RobotCells:
    """The cells to write so far, and how each row was judged. `cases` are the spreadsheet's own, as they stand when a
    row is looked at; `elsewhere` are those of all others."""

    def __init__(
        self,
        tabs: Iterable[IntakeTab],
        examiner: Examiner,
        now: datetime,
        cases: Mapping[str, Case],
        elsewhere: Mapping[str, Case],
    ) -> None:
        self.cells: list[CellWrite] = []
        self.judged: list[Judged] = []
        self._tabs = {tab.title: tab for tab in tabs}
        self._examiner, self._now, self._cases, self._elsewhere = examiner, now, cases, elsewhere
        self._asked = Asked(cases)

    def case(self, row: Row, case: Case, complaint: Complaint, times: Clock, lateness: str) -> None:
        """A row that is a case, with its clock and the text of `Keterlambatan`."""
        link = self._examiner.kabari(case, complaint, times, row.robot[_KABARI]) if row.tab.has(KABARI) else None
        if complaint.findings:  # the day that a word such as ``kemarin`` meant is known by now
            day = Finding(Code.READ, RECEIVED, (("dibaca", f"{case.said_received:%d/%m/%Y}"),))
            told = (day if one.code is Code.DATE_RELATIVE else one for one in complaint.findings)
            complaint = replace(complaint, findings=tuple(told))
        complaint, check = self._checked(complaint, *self._found(row, case, complaint))
        self.judged.append(Judged(row, complaint, case.ticket, check, complaint.blocked, case.ticket))
        due, resolved = times.due, done_on(case, complaint)
        # Most rows already show all that they should: one comparison is enough for them.
        shown = (case.ticket, check or None, serial_of(due), lateness or None, resolved and serial_of(resolved), link)
        if row.robot != shown or not shown_alike(row.robot[_KABARI], link):
            self._write(row, (case.ticket, check, due, lateness, resolved, link))

    def plain(self, row: Row, complaint: Complaint, *more: Finding, ticket: str | None = None) -> None:
        """A row that is no case: only what has to be mended."""
        complaint, check = self._checked(complaint, *more)
        self.judged.append(Judged(row, complaint, "", check, waits=True, ticket_cell=ticket or ""))
        self._write(row, (ticket, check, *_NOTHING[2:]))

    def as_it_is(self, row: Row, complaint: Complaint, ticket: str = "") -> None:
        """A row whose case is not known yet, or whose content can't be read though it has this `ticket`. Nothing is
        written but what is wrong with it, and, for a ticket that can't be its own, the one that was meant or none."""
        waits = complaint.blocked and bool(ticket)
        _, check = self._checked(complaint) if waits else (complaint, str(row.robot[_CHECK] or ""))
        self.judged.append(Judged(row, complaint, ticket, check, waits, row.ticket_text))
        if waits:
            self._put(row, CHECK, row.robot[_CHECK], check)
        if row.meant is not None:
            self._put(row, TICKET, row.robot[0], row.meant)

    def erased(self, row: Row, case: Case | None, told: Complaint) -> None:
        """A row of which no words are kept: people are asked to remove theirs. Facts are shown if its case is here."""
        left = words_left(row.people)
        findings = [about(Code.ROW_ERASED, pilihan=", ".join(left))] if left else []
        findings += [about(Code.STATUS_CONTESTED)] if case is not None and case.contested else []
        check = check_text(findings, self._examiner.rules.texts)
        complaint = Complaint(findings=tuple(findings))
        self.judged.append(Judged(row, complaint, row.ticket_text, check, bool(left), row.ticket_text))
        if case is None:
            self._write(row, (row.ticket_text, check, *_NOTHING[2:]))
            return
        times, late = self._examiner.clock(told, case.received, case.statuses, case.first_due)
        self._write(row, (case.ticket, check, times.due, late, done_on(case, told), None))

    def blank(self, row: Row) -> None:
        """A row without a complaint: the robot's cells are emptied, unless people typed an outcome beside nothing."""
        if says_done(row.people):
            self.plain(row, Complaint(findings=(about(Code.OUTCOME_STRAY),)))
        else:
            self._write(row, _NOTHING)

    def _checked(self, complaint: Complaint, *more: Finding) -> tuple[Complaint, str]:
        """The complaint with `more` findings, and what `Pemeriksaan` says of it."""
        if more:
            complaint = replace(complaint, findings=(*complaint.findings, *more))
        return complaint, check_text(complaint.findings, self._examiner.rules.texts) if complaint.findings else ""

    def _found(self, row: Row, case: Case, complaint: Complaint) -> list[Finding]:
        """Findings about a case beyond those from its own cells."""
        found = []
        if (restored := case.ticket_restored) is not None and self._now - restored[0] < NOTICE:
            found.append(about(Code.TICKET_CHANGED, tiket=case.ticket))
        if case.rewritten is not None and self._now - case.rewritten < NOTICE:
            found.append(about(Code.ROW_REWRITTEN))
        if case.asked_with and self._asked.first.get(case.asked_with) == case.ticket and case.doubted is not None:
            found += self._question(row, case, case.doubted)
        rules = self._examiner.rules
        if case.categories and rules.is_private(complaint, case.categories) and not rules.is_private(complaint):
            found.append(about(Code.STILL_PRIVATE))
        if case.contested is not None:
            found.append(about(Code.STATUS_CONTESTED))
        if done_early(case, complaint):
            found.append(about(Code.DONE_EARLY, tanggal=f"{first_done(case):%d/%m/%Y}"))
        typed, today = read_date(row.people[intake.POSITION[RECEIVED]]), self._now.date()
        if typed and typed != case.said_received and case.issued_at.date() < typed <= today:
            moves = typed == today  # =TODAY() moves on from the day that counts
            code, day = (Code.DATE_RELATIVE, case.received) if moves else (Code.DATE_FUTURE, typed)
            found.append(about(code, tanggal=f"{day:%d/%m/%Y}"))
        if complaint.parent and (wrong := fault(case.ticket, complaint.parent, self._find)) is not None:
            found.append(about(wrong, tiket=complaint.parent))
        if case.similar and (hint := self._suggestion(row, case, complaint)) is not None:
            found.append(hint)
        return found

    def _question(self, row: Row, case: Case, typed: date) -> list[Finding]:
        """The question whether the day of receipt that was `typed` is right, and how to answer it, in a form that no
        spreadsheet swaps. A day that came after the complaint can't be right; while it has yet to come, the row's own
        cells say so."""
        texts, known = self._examiner.rules.texts, case.issued_at.date()
        if typed > known:
            return [about(Code.DATE_FUTURE, tanggal=f"{typed:%d/%m/%Y}")] if typed <= self._now.date() else []
        other, count = meant(typed, known), self._asked.together[case.asked_with]
        entry = "banyak" if count > 1 else "maksud" if other is not None else "ketik"
        told = {"banyak": count, "maksud": texts.plain_date(other) if other is not None else ""}
        how = "kolom" if row.tab.has(intake.DATE_RIGHT) else "permintaan"
        doubt = texts.say(f"pemeriksaan.tanya.{entry}", **told)
        answer = texts.say(f"pemeriksaan.tanya.{how}", tiket=case.ticket)
        day = texts.say("pemeriksaan.tanya.tertulis", tanggal=texts.plain_date(typed), hari=(known - typed).days)
        return [about(Code.DATE_ASKED, tanggal=day, keliru=doubt, benar=answer)]

    def _suggestion(self, row: Row, case: Case, complaint: Complaint) -> Finding | None:
        """That the row may be the same matter as an older one, while nobody has said so and both are open."""
        other = self._cases.get(case.similar)
        if other is None or not row.tab.has(PARENT) or row.people[intake.POSITION[PARENT]] is not None:
            return None
        if (tab := self._tabs.get(other.tab)) is None:
            return None
        told = self._examiner.examine(other.content, tab.place, tab.has(intake.KELURAHAN))
        code = relation((case, complaint), (other, told), self._examiner.rules, self._examiner.likely)
        return about(code, tiket=other.ticket) if code is not None else None

    def _find(self, ticket: str) -> Case | None:
        """A case of the city; of one known both here and elsewhere, the one whose row is present."""
        case = self._cases.get(ticket)
        return case if case is not None and case.present else self._elsewhere.get(ticket, case)

    def _write(self, row: Row, wanted: tuple[Writable, ...]) -> None:
        for column, shown, value in zip(ROBOT, row.robot, wanted, strict=True):
            self._put(row, column, shown, value)

    def _put(self, row: Row, column: Column, shown: Value, wanted: Writable) -> None:
        # In a column that is not there nothing is shown, and nothing is wanted.
        if not shown_alike(shown, wanted) and not row.tab.refuses(row.number, column):
            self.cells.append(CellWrite(*row.place, row.tab.headings.columns[column], wanted or None))
