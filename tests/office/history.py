"""One history: people and robots at work in a city, step by step; and what must hold, looked at all the time."""

import logging
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from automation.cases.archive import Archive, is_put_away, title_of
from automation.cases.codec import decode
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cli.compose import Program
from automation.cycle.sync import Report
from automation.cycle.year_end import roll_over
from automation.digests.ledger import CLAIM_HOLDS
from automation.model.cells import Value
from automation.tables import intake
from automation.tables.table import Column
from automation.trouble import ConfigurationError, Trouble
from tests.local_city import KELURAHAN
from tests.office import kendali, people
from tests.office.desk import AWAY, Desk, GoogleDesk, LocalDesk, Rows
from tests.office.oracle import TELLING, YEAR, Complaint, Oracle, Tally, Violation
from tests.office.people import NAMES, WORDS, Action, Spot
from tests.office.robot import Fate, Killed, Robot, Work, robot_here
from tests.office.sheet import Sheet
from tests.office.site import CATEGORY, SPREADSHEETS, Site
from tests.town import GOOD, NOTE, TUESDAY

#: Cycles after which an undisturbed robot must have nothing left to write.
CYCLES_TO_SETTLE = 4
#: What a journal tells of whether a ticket's row stands.
_COMES_AND_GOES = (EventKind.ISSUED, EventKind.MOVED_IN, EventKind.BACK, EventKind.VANISHED)

Step = tuple[str, int, int, int]


class Mistakes(logging.Handler):
    """Keeps the errors of which the program says, in its log alone, that they are its own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[BaseException] = []
        logging.getLogger("automation").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self.found.append(record.exc_info[1])

    def forget(self) -> None:
        logging.getLogger("automation").removeHandler(self)


class Office:
    """A fresh city, and what people and robots need to know of each other."""

    def __init__(self, site: Site) -> None:
        self.account = kendali.Account()
        self.site, self.oracle = site, Oracle(self.account)
        self.oracle.kinds = {CATEGORY}
        site.watch, site.look, site.mailed = self._watch, self._look, self._mailed
        site.begin()
        self.robots = [Robot("robot 1", site.program), Robot("robot 2", site.program)]
        self.now = TUESDAY
        self.quiet = True  # nothing has happened since the robots settled
        self.clipboard: list[tuple[str, str, dict[str, Value]]] = []
        self.versions: list[tuple[str, object, dict[str, str]]] = []
        self.kendali_versions: list[tuple[object, object]] = []
        self.tables: dict[str, Rows] = {}  # of Kendali, which people removed
        self.settings: dict[str, Value] = {}  # before people spoiled them
        self.oracle.is_locked = self._is_locked
        self.renamed: dict[str, str] = {}  # headings that people spoiled: what they say, and said
        self.folder: dict[Path, bytes] = {}  # what was kept there once
        self.ending = False  # somebody has begun to end a year
        self.undoing: set[str] = set()  # the robots that bring one back, if they have other work than cycles
        AWAY.clear()
        self._numbers = 0
        self._told_gone: set[tuple[str, ...]] = set()  # by spreadsheet, number, time and ticket
        self._mistakes = Mistakes()
        self._hurt: dict[str, bool] = {}  # whether it was Kendali that was damaged since the robots settled
        for number in range(3):  # there is something to wish, and to decide
            people.type_a_row(self, number, number, number + 1)
        kendali.join(self, 0, 0, 0)
        self.robots[0].start(self.now)
        self.robots[0].finish()
        self._look_at(self.robots[0])

    def act(self, step: Step) -> bool:
        """One step; False where it made no sense."""
        name, a, b, c = step
        action = ACTIONS[name][0]
        done = action(self, a, b, c) is not False
        if done and name not in _STILL:
            self.quiet = False
        for robot in self.robots if name not in ("start", "go on", "run", "settle") else ():
            robot.alone = False
        return done

    def _is_locked(self, source: str, title: str) -> bool:
        desks = (desk for desk in self.site.desks() if desk.source == source)
        return any(isinstance(desk, GoogleDesk) and desk.is_protected(title) for desk in desks)

    def close(self) -> None:
        self._mistakes.forget()
        for robot in self.robots:
            while robot.busy:
                robot.step(Fate.KILLED)

    # What people need

    def fresh(self) -> int:
        self._numbers += 1
        return self._numbers

    def phone(self) -> str:
        return f"0812{self.fresh():08}"

    def description(self, pick: int) -> str:
        """What it is about; others may say nearly the same."""
        return f"{WORDS[pick % len(WORDS)]}, nomor {self.fresh()}"

    def new_complaint(self, b: int, c: int, *, complete: bool) -> dict[str, Value]:
        identity = f"#{self.fresh()}"
        self.oracle.complaints[identity] = Complaint(identity, identity, complete)
        record: dict[str, Value] = {**GOOD, intake.CATEGORY: CATEGORY, NOTE: identity}
        record[intake.NAME] = NAMES[b % len(NAMES)]
        record[intake.PHONE] = self.phone() if c % 4 else None
        record[intake.ADDRESS] = f"Gg. Mawar no {c % 9}"
        record[intake.DESCRIPTION] = self.description(b)
        record[intake.KELURAHAN] = KELURAHAN[c % len(KELURAHAN)]
        record[intake.RECEIVED] = people.DAYS[b // 10 % len(people.DAYS)]
        return record

    def relative_of(self, complaint: Complaint) -> str:
        """Of a copy: another identity of the same kin."""
        identity = f"{complaint.kin}~{self.fresh()}"
        # A robot that began before another one was at work does not know what that one has seen moved.
        busy = [robot for robot in self.robots if robot.busy]
        self.oracle.copied |= len(busy) == len(self.robots) or any(robot.outdated for robot in busy)
        self.oracle.complaints[identity] = Complaint(identity, complaint.kin, complete=False)
        return identity

    def may_edit(self, spot: Spot, column: Column) -> bool:
        """Whether the complaint can still be recognised if this is changed too before the robot looks."""
        known = spot.complaint
        if known.held or known.erased or column in known.edited:
            return False
        filled = {c for c in TELLING if spot.sheet.get(spot.row, c) is not None}
        left = filled - known.edited - {column}
        if known.moved:
            return False
        if known.ticket_hit:
            return intake.DESCRIPTION in left and bool(left & {intake.NAME, intake.PHONE})
        return bool(left)

    def may_hit_ticket(self, spot: Spot) -> bool:
        """Whether the complaint can still be recognised by its content alone. Of copies nobody could say which is the
        original."""
        known = spot.complaint
        if known.held or known.moved or known.erased or not known.complete:
            return False
        filled = {c for c in TELLING if spot.sheet.get(spot.row, c) is not None}
        left = filled - known.edited
        return intake.DESCRIPTION in left and bool(left & {intake.NAME, intake.PHONE})

    def may_be_erased(self, ticket: str) -> bool:
        """Whether a complaint is known by more than its ticket, and is its own: nothing happened to it just now."""
        known = next((one for one in self.oracle.complaints.values() if one.ticket == ticket), None)
        alone = known and [one.kin for one in self.oracle.complaints.values()].count(known.kin) == 1
        spoiled = known and (known.erased or known.held or known.moved or known.ticket_hit or known.edited)
        return bool(alone and not spoiled)

    def may_hurt(self, desk: Desk | None) -> bool:
        """Whether one of the two homes of the journal (Kendali: None) may be damaged: not both before the robots have
        settled, and none while the other lacks something, or a robot under way knows less of it than another has
        written since. What is known nowhere else can be put back from nowhere."""
        if self.ending or any(robot.busy and robot.outdated for robot in self.robots):
            return False
        kendali = self.site.copy
        copies = _events(kendali.rows(JOURNAL), 1) if JOURNAL in kendali.titles() else set()
        own = {
            (one.source, *event)
            for one in self.site.desks()
            if JOURNAL in one.titles()
            for event in _events(one.rows(JOURNAL), 0)
        }
        lacks = own - copies if desk is not None else {copy for copy in copies if copy[-1] != EventKind.LANE} - own
        return not lacks and (desk is None) == self._hurt.setdefault("Kendali", desk is None)

    def standing_in(self, desk: Desk) -> dict[str, str]:
        """The complaints of a spreadsheet, and the ticket beside each."""
        found: dict[str, str] = {}
        for title in desk.titles():
            if title != JOURNAL and (sheet := Sheet(desk.rows(title))):
                found |= {identity: sheet.ticket(row) for row, identity in sheet.identities().items()}
        return found

    def tickets_in(self, desk: Desk) -> set[str]:
        """The tickets that stand in a spreadsheet, also beside one of two rows that are one complaint."""
        sheets = [Sheet(desk.rows(title)) for title in desk.titles() if title != JOURNAL]
        return {sheet.ticket(row) for sheet in sheets if sheet for row in sheet.below}

    def _not_told_gone(self, desk: Desk, *, ever: bool) -> set[str]:
        """Those that stood there when a robot last looked, as its journal says; or at any time (`ever`)."""
        rows = desk.rows(JOURNAL) if JOURNAL in desk.titles() else []
        told = {str(row[2]): row[3] for row in rows if row[3:4] and row[3] in _COMES_AND_GOES}
        return {ticket for ticket, kind in told.items() if ever or kind != EventKind.VANISHED}

    def may_restructure(self, desk: Desk, title: str) -> bool:
        """Whether columns, or the headings, may be moved: once in a cycle under way. What was covered is found by what
        did not move; where all has moved twice within a second or two, the robot could only guess."""
        place = (desk.source, title)
        if place in self.oracle.restructured and any(robot.busy for robot in self.robots):
            return False
        self.oracle.restructured.add(place)
        return True

    def finished_in(self, desk: Desk) -> dict[str, bool]:
        """The complaints of a spreadsheet, and whether all is typed."""
        found: dict[str, bool] = {}
        for title in desk.titles():
            if title != JOURNAL and (sheet := Sheet(desk.rows(title))):
                rows = sheet.identities().items()
                found |= {identity: sheet.get(row, intake.DESCRIPTION) is not None for row, identity in rows}
        return found

    def hold(self, identity: str) -> None:
        """Nothing more happens to a complaint before the robot has seen it."""
        self.oracle.complaints[identity].held = True

    def put(self, desk: Desk, title: str, rows: Rows) -> None:
        self.oracle.changed(desk.source, title, desk.rows(title), rows)
        desk.put(title, rows)

    def rows_moved(self) -> None:
        """What is under way will land beside what it was meant for."""
        self.oracle.moves += 1

    # What robots do

    def start(self, number: int, work: Work | None = None) -> bool:
        robot = self.robots[number]
        if robot.busy or any(other.locking for other in self.robots):
            return False
        robot.start(self.now, work)
        self._look_at(robot)
        if all(robot.busy for robot in self.robots):
            kin = [complaint.kin for complaint in self.oracle.complaints.values()]
            self.oracle.copied |= len(set(kin)) < len(kin)
        return True

    def step(self, number: int, fate: Fate) -> bool:
        robot = next((robot for robot in self.robots if robot.locking), self.robots[number])
        if not robot.busy:
            return False
        robot.step(fate)
        self._look_at(robot)
        return True

    def _look_at(self, robot: Robot) -> None:
        """A cycle that has ended: nobody's mistake may have become ours."""
        if robot.busy:
            return
        if isinstance(robot.failure, Exception) and not isinstance(robot.failure, Trouble):
            raise robot.failure
        if self._mistakes.found:
            raise self._mistakes.found.pop()
        if isinstance(robot.failure, ConfigurationError):
            raise Violation("the city stands still", robot.failure)
        failures = robot.report.failures if robot.report is not None else ()
        # A year can't end in a spreadsheet where what goes along may not be written.
        if robot.cycles and any(failure.trouble.code == "google.terlindung" for failure in failures):
            raise Violation("what people protect stops a neighbour", failures)
        if robot.report is not None and robot.report.failures:
            robot.failure = Killed()  # what it owed to a spreadsheet that failed it could not give back
        self.oracle.ended(self.robots, self.site.desks())

    def settle(self) -> None:
        """Everybody rests but one robot; then all must be right."""
        people.lift_the_protections(self, 0, 0, 0)
        people.mend_kendali(self, 0, 0, 0)
        for robot in (*[robot for robot in self.robots if robot.locking], *self.robots):
            if robot.busy:
                robot.finish()
                self._look_at(robot)
        self.site.deliver_late()
        robot, tended = self.robots[self.fresh() % 2], None
        # What one owes to a spreadsheet that failed it gives back itself, as long as it lives.
        robot = next((one for one in self.robots if one.report is not None and one.report.failures), robot)
        if robot.rests(self.now):  # then a whole cycle finds nothing to write
            robot.start(self.now)
            robot.finish()
            self._look_at(robot)
        for cycle in range(CYCLES_TO_SETTLE):
            # At first so late that every time of the last look is renewed: none comes due in the next minutes.
            # Or a day later, where only that a journal is read whole shows what people did to it.
            self.now += timedelta(minutes=1 if cycle else 25 * 60 if self._hurt else 61)
            before = self.oracle.tally.commits
            tended = self.now if robot.tended != self.now.date() else tended
            robot.start(self.now)
            robot.finish()
            self._look_at(robot)
            if robot.failure is not None or robot.report is None or robot.report.failures:
                raise Violation(
                    "an undisturbed robot failed", repr(robot.failure), robot.report and robot.report.failures
                )
            if cycle == 0:
                self.oracle.settled(self.site.desks(), self.site.kendali, first=True)
            elif before == self.oracle.tally.commits:
                break
        else:
            raise Violation("an undisturbed robot finds no end")
        self.oracle.settled(self.site.desks(), self.site.kendali, first=False)
        all_read = all(sheet.readable for sheet in self._sheets() if sheet)
        self.account.settled(self.site.kendali, self.site.copy, all_read=all_read)
        self.oracle.forgotten([self.site.kendali, self.site.copy, *self.site.desks()], self.now, tended)
        self._hurt.clear()
        self.quiet = True

    def _watch(self, source: str, before: dict[str, Rows], after: dict[str, Rows]) -> None:
        for robot in self.robots:
            robot.outdated |= robot is not robot_here()
        desk, archives = (
            next((desk for desk in self.site.desks() if desk.source == source), None),
            [*map(_archive, (before, after))],
        )
        there, now = ({desk.title_of(key) for key in one.tabs} if desk is not None else set() for one in archives)
        AWAY[source] |= now.union(filter(is_put_away, after))
        (self.oracle.reopened.discard if archives[1].years else self.oracle.reopened.add)(source)
        if len(archives[1].years) > len(archives[0].years):
            self.undoing.clear()  # who began to bring it back before may find its rows where they have gone since
            targets = {target: [title] for title in now - there if (target := title_of(title, YEAR + 1)) in after}
            before = self.oracle.went_along(robot_here(), source, before, after, targets, source, before)
        before = self._went_on(desk, before, after)
        before = self.oracle.begun_anew(source, before, after)
        self.oracle.left_alone(source, there & now, before, after)
        if desk is not None:
            self._still_there(desk, {desk.title_of(key) for key in archives[1].again}, after)
        # People leave tabs alone that were put away once; to robots they count again once the year was brought back.
        away = {title for title in AWAY[source] if title in there | now or is_put_away(title)}
        self.oracle.wrote(
            robot_here(),
            source,
            *({title: rows for title, rows in tabs.items() if title not in away} for tabs in (before, after)),
        )
        while self.oracle.given_back:
            self._claim(*self.oracle.given_back.pop())
        for known in self.oracle.complaints.values():
            if known.ticket in self.oracle.erased and not known.erased:
                known.erased = True
                rows = [sheet.record(row) for sheet, row in self.rows_of(known)]
                words = [row.get(column) for row in (*rows, self.oracle.told[known.ticket]) for column in people.UNIQUE]
                known.replaced = dict.fromkeys([*known.replaced, *(str(one) for one in words if one is not None)])

    def _went_on(self, desk: Desk | None, before: dict[str, Rows], after: dict[str, Rows]) -> dict[str, Rows]:
        """What a robot has added of the year that goes on here; from then on people leave the old spreadsheet alone."""
        names = {f"{one.name} {YEAR + 1}": one for one in self.site.desks()}
        if desk is None or (old := names.get(desk.name)) is None:
            return before
        sheets = {title: Sheet(rows) for title, rows in after.items() if title != JOURNAL}
        new = [
            title
            for title, sheet in sheets.items()
            if sheet
            if title not in before
            or any(self._is_of_the_year(sheet, row) for row in range(len(before[title]), len(sheet.rows)))
        ]
        if not new:
            return before
        stood = {title: old.rows(title) for title in (*old.titles(), *old.put_away())}
        AWAY[old.source] |= {title for title, rows in stood.items() if (sheet := Sheet(rows)) and not sheet.form}
        return self.oracle.went_along(
            robot_here(), desk.source, before, after, {title: [*stood] for title in new}, old.source, stood
        )

    def _is_of_the_year(self, sheet: Sheet, row: int) -> bool:
        """Whether a row was added that goes on. One that was given back has nothing in people's own columns; and what
        says nothing but a ticket, though nobody was erased, was written to a row that people have deleted just then."""
        ticket = sheet.ticket(row)
        erased = ticket in self.oracle.erased or ticket in self.account.erased_by_command
        says = erased or any(sheet.get(row, column) is not None for column in TELLING)
        return bool(sheet.identity(row)) or (says and not self.account.asked["pulihkan", ticket])

    def _still_there(self, desk: Desk, again: set[str], after: dict[str, Rows]) -> None:
        """Where a year was brought back, no row is said to be gone from a tab in which it stands: people leave those
        alone. One that stands in another spreadsheet, too, may go there with the year, once more, but never while the
        year is brought back: unless it stands in two, as people have copied a spreadsheet, and nobody could tell where
        it went. What a journal had lost is written once more, and was true when it was told."""
        robot = robot_here()
        undoes = robot is not None and not robot.cycles and robot.name in self.undoing
        for row in after.get(JOURNAL, ()):
            if row[3:4] != [EventKind.VANISHED] or (told := (desk.source, *map(str, row[:3]))) in self._told_gone:
                continue
            self._told_gone.add(told)
            event = decode(row)
            title = event.details["tab"] if isinstance(event, Event) else ""
            stands = title in again and str(row[2]) in map((sheet := Sheet(after[title])).ticket, sheet.below)
            others = (one for one in self.site.desks() if one.source != desk.source)
            # Deleted there and not read since, it comes back here as soon as a robot reads that. A robot that looked
            # before another one wrote does not know of it yet, nor can one tell where it went that was in a copy, too.
            ever = undoes or (robot is not None and robot.outdated)
            held = (self.tickets_in(one) | self._not_told_gone(one, ever=ever) for one in others)
            holders = sum(str(row[2]) in tickets for tickets in held)
            if stands and holders <= undoes:
                raise Violation("a row is said to be gone from where it stands", desk.source, title, row[2])

    def _sheets(self) -> list[Sheet]:
        return [Sheet(desk.rows(title)) for desk in self.site.desks() for title in desk.titles() if title != JOURNAL]

    def rows_of(self, known: Complaint) -> list[tuple[Sheet, int]]:
        return [
            (sheet, row) for sheet in self._sheets() for row, one in sheet.identities().items() if one == known.identity
        ]

    def _claim(self, source: str, title: str, ticket: str) -> None:
        """Of a row that was given back nobody but people knows whose it is: they write it beside it at once."""
        known = next((one for one in self.oracle.complaints.values() if one.kin == self.oracle._owner(ticket)), None)
        if known is None:  # it got its ticket, and went along, while a robot had covered its mark
            stood = (told for place in self.oracle.covered for told in self.oracle.stood[place].items())
            known = next((self.oracle.complaints[mark] for mark, covered in stood if mark in covered), None)
            if known is None:
                raise Violation("a row was given back that is nobody's", source, title, ticket)
            self.oracle.promised[ticket] = known.kin
        desk = next(desk for desk in self.site.desks() if desk.source == source)
        sheet = Sheet(desk.rows(title))
        marked = sheet.identities()  # with what a robot has covered a mark is none
        row = next(row for row in reversed(sheet.below) if sheet.ticket(row) == ticket and row not in marked)
        sheet.set(row, NOTE, self.relative_of(known) if self.rows_of(known) else known.identity)
        self.oracle.unlinked |= {desk.source} if isinstance(desk, LocalDesk) else set()
        self.put(desk, title, sheet.rows)

    def _mailed(self, key: str, heard: bool) -> None:
        """To others, what a robot has claimed that stands still for so long is open again."""
        slow = any(robot.busy and self.now - robot.now >= CLAIM_HOLDS for robot in self.robots)
        self.account.mail(key, heard=heard and not slow)

    def _look(self, source: str, tabs: dict[str, Rows]) -> None:
        if (robot := robot_here()) is not None:
            self.oracle.saw(robot, source, tabs)


def _archive(tabs: dict[str, Rows]) -> Archive:
    """What the journals of a spreadsheet say of years that were put away."""
    journals = (rows for title, rows in tabs.items() if title == JOURNAL or is_put_away(title))
    told = (row for rows in journals for row in rows if len(row) > 3 and row[3] in _OF_YEARS)
    return Archive.of(event for row in told if isinstance(event := decode(row), Event))


_OF_YEARS = (EventKind.ARCHIVED, EventKind.BACK_FROM_ARCHIVE)


def _events(rows: Rows, at: int) -> set[tuple[object, ...]]:
    """Number, ticket and kind of every event of a journal, after what stands in the first `at` columns."""
    found = ((row[:at], decode(row[at:])) for row in rows[1:])
    return {(*before, one.sequence, one.ticket, one.kind) for before, one in found if isinstance(one, Event)}


def _start(office: Office, a: int, b: int, c: int) -> bool:
    return office.start(a % 2)


def _end_a_year(office: Office, a: int, b: int, c: int) -> bool:
    """The operator ends it, or brings it back; cut off, or run twice, as it comes. The first time a spreadsheet may be
    made in which one goes on."""
    robot = office.robots[a % 2]
    if robot.busy or any(one.locking for one in office.robots):
        return False
    if b % 4 == 0 and not office.ending:
        office.site.add(f"{next(iter(SPREADSHEETS))} {YEAR + 1}")

    undo = c % 4 == 0
    office.now += timedelta(seconds=1)  # a command is typed later than the one before
    (office.undoing.add if undo else office.undoing.discard)(robot.name)

    def work(program: Program, now: datetime) -> Report:
        return roll_over(program.syncer, YEAR, lambda: robot.cycle(program, now), now, undo=undo)[1]

    office.ending |= (began := office.start(a % 2, work))
    return began


def _go_on(office: Office, a: int, b: int, c: int) -> bool:
    return office.step(a % 2, Fate.WELL)


def _suffer(office: Office, a: int, b: int, c: int) -> bool:
    return office.step(a % 2, _FATES[b % len(_FATES)])


def _run(office: Office, a: int, b: int, c: int) -> bool:
    robot = office.robots[a % 2]
    if not robot.busy or any(other.locking for other in office.robots):
        return False
    robot.finish()
    office._look_at(robot)
    return True


def _late(office: Office, a: int, b: int, c: int) -> None:
    office.site.deliver_late()


def _wait(office: Office, a: int, b: int, c: int) -> None:
    office.now += timedelta(days=a % 4) if b % 3 == 0 else timedelta(minutes=1 + a % 30)


def _settle(office: Office, a: int, b: int, c: int) -> None:
    office.settle()


def _days_go_by(office: Office, a: int, b: int, c: int) -> None:
    """So many that what was corrected before is forgotten."""
    office.settle()
    office.now += timedelta(days=2)
    office.settle()


def _folder(office: Office, a: int, b: int, c: int) -> bool:
    """What robots keep on disk is lost, is old, is cut off, or is another spreadsheet's."""
    found = office.site.kept()
    if not found:
        return False
    if a % 2:
        office.folder = {path: path.read_bytes() for path in found}
    for path in found if not a % 2 else ():
        match b % 4:
            case 0:
                path.unlink()
            case 1:
                path.write_bytes(office.folder.get(path, b""))
            case 2:
                path.write_bytes(path.read_bytes()[:c])
            case _:
                path.write_bytes(found[c % len(found)].read_bytes())
    return True


_FATES = [fate for fate in Fate if fate is not Fate.WELL]
#: What leaves the office quiet.
_STILL = frozenset({"settle", "keep a version"})
#: Every action by its name, and how often it is done.
ACTIONS: dict[str, tuple[Action, int]] = {
    "type a row": (people.type_a_row, 14),
    "answer": (people.answer, 5),
    "begin a row": (people.begin_a_row, 3),
    "finish a row": (people.finish_a_row, 4),
    "correct": (people.correct, 10),
    "triage": (people.triage, 5),
    "say when": (people.say_when, 3),
    "erase": (people.erase, 3),
    "wish": (kendali.wish, 8),
    "decide": (kendali.decide, 8),
    "tidy": (kendali.tidy, 6),
    "interfere in Kendali": (kendali.interfere, 6),
    "join": (kendali.join, 2),
    "delete a row": (people.delete_a_row, 3),
    "cut a row": (people.cut_a_row, 4),
    "paste a row": (people.paste_a_row, 6),
    "copy a row": (people.copy_a_row, 3),
    "write over the ticket": (people.write_over_the_ticket, 4),
    "clear robot columns": (people.clear_robot_columns, 2),
    "sort": (people.sort, 9),
    "interfere": (people.interfere, 60),
    "interfere and cut off": (people.interfere_and_cut_off, 8),
    "insert rows": (people.insert_rows, 5),
    "insert a column": (people.insert_a_column, 2),
    "move a column": (people.move_a_column, 2),
    "rename a heading": (people.rename_a_heading, 1),
    "ask otherwise": (people.ask_otherwise, 3),
    "mend the headings": (people.mend_the_headings, 2),
    "rename a tab": (people.rename_a_tab, 1),
    "add a tab": (people.add_a_tab, 1),
    "remove a tab": (people.remove_a_tab, 1),
    "protect": (people.protect, 3),
    "lift the protections": (people.lift_the_protections, 2),
    "spoil Kendali": (people.spoil_kendali, 2),
    "mend Kendali": (people.mend_kendali, 1),
    "lose the fence": (people.lose_the_fence, 1),
    "damage the journal": (people.damage_the_journal, 2),
    "damage Kendali": (people.damage_kendali, 2),
    "keep a version": (people.keep_a_version, 4),
    "restore a version": (people.restore_a_version, 2),
    "restore Kendali": (people.restore_kendali, 1),
    "copy a spreadsheet": (people.copy_a_spreadsheet, 1),
    "discard a spreadsheet": (people.discard_a_spreadsheet, 1),
    "start": (_start, 14),
    "go on": (_go_on, 70),
    "end a year": (_end_a_year, 0),
    "suffer": (_suffer, 7),
    "run": (_run, 4),
    "late": (_late, 2),
    "spoil the folder": (_folder, 4),
    "wait": (_wait, 3),
    "settle": (_settle, 3),
    "days go by": (_days_go_by, 2),
}
_NAMES, _WEIGHTS = list(ACTIONS), [weight for _, weight in ACTIONS.values()]
#: Without these nothing happens.
_ALWAYS = frozenset({"type a row", "start", "go on"})


@dataclass(frozen=True, slots=True)
class Ran:
    """A history: the steps that made sense, what was counted, and what did not hold, if anything."""

    steps: Sequence[Step]
    tally: Tally
    failure: BaseException | None


def random_steps(seed: str, *, years: bool = False) -> Iterable[Step]:
    """With `years`, years end in it; else in every fourth history. What else happens is drawn by itself: in every
    second history some of it never, and some much more often than usual, so that rare things meet."""
    dice, others, habits = (random.Random(f"{seed}{what}") for what in ("", "/years", "/habits"))
    often, weights = 12 if years or others.randrange(4) == 0 else 0, _WEIGHTS
    if habits.randrange(2):
        named = zip(_NAMES, _WEIGHTS, strict=True)
        weights = [weight * (1 if name in _ALWAYS else habits.choice((0, 1, 1, 6))) for name, weight in named]
    while True:
        (name,) = dice.choices(_NAMES, weights)
        yield name, dice.randrange(1000), dice.randrange(1000), dice.randrange(1000)
        if often and others.randrange(often) == 0:
            yield "end a year", others.randrange(1000), others.randrange(1000), others.randrange(1000)


def run(site: Site, steps: Iterable[Step], most: int) -> Ran:
    """Do `most` steps that make sense, and let all settle."""
    office = Office(site)
    done: list[Step] = []
    try:
        for step in steps:
            done.append(step)
            if not office.act(step):
                done.pop()
            elif len(done) >= most:
                break
        people.mend_the_headings(office, 0, 0, 0)
        office.settle()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told with its history
        return Ran(done, office.oracle.tally, error)
    finally:
        office.close()
    return Ran(done, office.oracle.tally, None)


def shrink(site: Site, ran: Ran) -> Ran:
    """The shortest history found that fails in the same way: parts are left out, ever smaller ones."""
    best = ran
    size = max(1, len(best.steps) // 2)
    while size:
        at = 0
        while at < len(best.steps):
            fewer = [*best.steps[:at], *best.steps[at + size :]]
            again = run(site, fewer, len(fewer) + 1)
            if again.failure is not None and _rule(again.failure) == _rule(ran.failure):
                best = again
            else:
                at += size
        size //= 2
    return best


def _rule(failure: BaseException | None) -> str:
    return failure.rule if isinstance(failure, Violation) else type(failure).__name__
