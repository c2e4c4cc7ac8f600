"""What must hold, as somebody sees it who knows which complaint every row is.

Each complaint has an identity in a column of the people's own that the robot does not read. Where people made copies, a
person could not tell either which row is the original: then it is enough that the ticket stays among them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from automation.cases.archive import is_put_away
from automation.cases.codec import decode
from automation.cases.events import JOURNAL, Event, EventKind
from automation.model.cells import Link, Value, serial_of
from automation.reading.tabs import GUIDE, LISTS
from automation.tables import intake
from automation.tables.kendali import CHECK, FILED, REGISTER, SOURCES, TABLES, WISHES
from automation.tables.table import Column, Owner
from tests.local_city import KELURAHAN
from tests.office.desk import AWAY, Desk, Rows
from tests.office.robot import Robot
from tests.office.sheet import ROBOTS, Sheet
from tests.town import NOTE, WORDS

if TYPE_CHECKING:
    from tests.office.kendali import Account

GONE = "baris tidak ditemukan"
#: The one that may end.
YEAR = 2026
#: So begins the line in a tab that was put away; a robot takes it out where the year was brought back.
PUT_AWAY = f"Arsip {YEAR}: "
#: Of Kendali's tabs, what a robot may write to: all of some, and these columns of Sumber.
ROBOTS_TABS = frozenset({"Rekap", "Perbaikan", JOURNAL, "Kiriman"})
#: And in every spreadsheet.
ROBOTS_EVERYWHERE = frozenset({LISTS, GUIDE, "Nilai Terakhir"})
ROBOTS_COLUMNS = frozenset(SOURCES.headings[2:])
#: Why something is erased that people wish in Kendali.
WISHED = WORDS.say("operator.data.permintaan")
#: Of these columns something must be left of a complaint, or it is another one.
TELLING = (intake.NAME, intake.PHONE, intake.ADDRESS, intake.DESCRIPTION)
#: And so many, where its ticket was written over.
NEARLY_ALL = 3
#: Then no correction's old words are kept (see `site`).
FORGOTTEN_AFTER = timedelta(days=1)
#: Without these a row gets no ticket.
TYPED = tuple(column for column in intake.INTAKE.columns if column.needed)

CLOSED = ("Selesai", "Bukan Kewenangan", "Ditutup Tanpa Solusi")
#: A day that is only typed where day and month changed places, and how it is kept.
SWAPPED, _MAY = "11/05/2026", serial_of(date(2026, 5, 11))
#: One that is still to come.
TO_COME = "30/11/2026"
#: Descriptions of which so much (of 100) is the same may be one, corrected.
ALIKE = 75

Place = tuple[str, str]  # spreadsheet and tab
Layout = tuple[int, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A complaint's row. `placed`: its kelurahan and category can be told; `words`: those for its reporter, and where
    they lead; `telling`: the columns that tell it from others and say something."""

    source: str
    tab: str
    identity: str
    ticket: str
    placed: bool
    words: str
    telling: frozenset[Column]
    when: tuple[str, ...]  # what it says of its day of receipt
    says: list[Value]  # in all of those columns


class Violation(AssertionError):
    """Something that must always hold does not: the `rule`, and what happened."""

    def __init__(self, rule: str, *about: object) -> None:
        super().__init__(": ".join([rule, *map(str, about)]))
        self.rule = rule


@dataclass(slots=True)
class Complaint:
    """`kin` names the complaint of which it is a copy, of a copy. The rest is what people did to it since the robot had
    time to look: more than so much at once, and nobody could recognise it."""

    identity: str
    kin: str
    complete: bool
    ticket: str = ""
    edited: set[str] = field(default_factory=set)
    ticket_hit: bool = False
    written_over: bool = False  # a robot's write has landed over its ticket, and none has put it right
    moved: bool = False
    vouched: bool = False  # somebody said that its day of receipt is right
    held: bool = False  # nothing more may happen to it before the robot has seen it
    erased: bool = False  # it is known by its ticket alone
    #: Words that nobody else has and that stand in its row no more; since when the robot has known that.
    replaced: dict[str, datetime | None] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What was counted."""

    commits: int = 0
    tickets: int = 0
    misplaced: int = 0  # tickets that a robot wrote beside a wrong row
    longest: int = 0  # and for how many round trips the longest stood there
    covered: int = 0  # cells of people's that a write covered because they were moving columns
    lost: int = 0  # and that could not be given back: typed a moment before, or that robot died, or its answer was lost

    def add(self, other: "Tally") -> None:
        for name in ("commits", "tickets", "misplaced", "covered", "lost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest = max(self.longest, other.longest)

    def lines(self) -> list[str]:
        misplaced = "tickets were written beside a wrong row as rows moved in between; none stood there for more than"
        covered = "cells of people's were covered because columns moved in between, and given back"
        lost = "were not: they were typed, or the robot was killed, or its answer was lost, at that very moment"
        return [
            f"{self.commits} commits, {self.tickets} tickets",
            f"{self.misplaced} {misplaced} {self.longest} round trips",
            f"{self.covered - self.lost} {covered}; {self.lost} {lost}",
        ]


class Oracle:
    """Looks on, and complains."""

    def __init__(self, account: "Account") -> None:
        self.account = account  # of what people wish and decide in Kendali
        self.given_back: list[tuple[str, str, str]] = []  # rows with their tickets, as somebody wished
        self.kinds: set[str] = set()  # that people type
        self.erased: list[str] = []  # tickets
        self.worked_in: set[tuple[str, str]] = set()  # tabs that a robot has written to
        self.unlinked: set[str] = set()  # files that people saved amid a cycle, with a program that keeps no links
        self.complaints: dict[str, Complaint] = {}
        self.promised: dict[str, str] = {}  # of a ticket: the kin to which a robot issued it
        self.owner: dict[str, str] = {}  # and the one beside which it was first seen when all was quiet
        self.issued: dict[str, tuple[Value, ...]] = {}
        self.tally = Tally()
        self.seen: dict[tuple[str, str], dict[str, Rows]] = {}  # by robot and spreadsheet: what it knows of
        self.typed: dict[Place, Counter[str]] = {}  # what people typed into a tab, and never what a robot wrote
        self.covered: dict[Place, Counter[str]] = {}  # tabs where robots have covered something; what is lost there
        self.locked: set[Place] = set()  # tabs from which people kept robots out in this while, who still owe there
        self.stood: dict[Place, dict[str, list[str]]] = {}  # what was covered there, by the complaint in whose row
        self.unmarked = False  # a write has covered the identity of a row: typed a moment before, or the robot died
        self.excused = False  # a robot died, or an answer was lost, while something was covered
        self.wrong: dict[str, dict[tuple[str, str, str], int]] = {}  # by spreadsheet: misplaced tickets, and how long
        self.restructured: set[Place] = set()  # tabs whose columns were moved while robots are at work
        self.spoiled: set[Place] = set()  # and those with a heading that no robot understood, for a while
        self.anew: set[str] = set()  # spreadsheets whose tabs became others while robots are at work
        self.copied = False  # people have copied what two spreadsheets may show now
        self.adrift: dict[str, set[str]] = {}  # by spreadsheet: tickets that landed there, and whose rows have left it
        self.believed: set[str] = set()  # of these, what nobody can tell from their own (see `_is_twin`)
        self.told: dict[str, dict[str, Value]] = {}  # of a ticket: the row to which it was issued
        self.days: dict[tuple[str, ...], Value] = {}  # by ticket, row and what it says: the day of receipt that counts
        self.said: dict[tuple[str, str], tuple[str, ...]] = {}  # by ticket and row: what it said of that day last
        self.touched: Counter[Place] = Counter()  # how often people have changed a tab
        self.strays: dict[Place, tuple[int, set[str]]] = {}  # what robots wrote into people's cells, and when
        self.is_locked: Callable[[str, str], bool] = lambda *_: False  # whether people keep robots out of a tab
        self.written: set[str] = set()  # what robots have written beside complaints
        self.reopened: set[str] = set()  # spreadsheets whose year was brought back
        self.moves = 0  # rows or columns moved by people so far
        self._moves_at: dict[str, int] = {}
        self._misplaced_by: dict[str, str] = {}  # by spreadsheet: the robot that put tickets beside wrong rows last

    # Whatever a robot writes

    def wrote(self, robot: Robot | None, source: str, before: dict[str, Rows], after: dict[str, Rows]) -> None:
        """Judge one commit; `robot` is None for a request that came late."""
        if before == after:  # refused, or only the fence was moved
            return
        self.tally.commits += 1
        for title, rows in before.items():
            self.typed.setdefault((source, title), _typed(rows))
        for title, old in before.items():
            if title not in after:
                raise Violation("a tab was deleted", source, title)
            if old == after[title] or title in ROBOTS_EVERYWHERE:
                continue
            if title == JOURNAL:
                self._journal(robot, source, old, after[title])
            elif source.endswith("Kendali.xlsx") or "Sumber" in before:
                self._kendali(title, old, after[title])
                self.account.wrote(robot.name if robot is not None else "", title, old, after[title])
            else:
                self._intake(robot, source, title, old, after[title])
        for title in after.keys() - before.keys():
            if title == JOURNAL:
                self._journal(robot, source, [], after[title])
            elif title not in ROBOTS_TABS:
                raise Violation("a tab was added", source, title)
        self._misplaced(robot, source, before, after)

    def went_along(
        self,
        robot: Robot | None,
        source: str,
        before: dict[str, Rows],
        after: dict[str, Rows],
        targets: Mapping[str, Sequence[str]],
        origin: str,
        old: Mapping[str, Rows],
    ) -> dict[str, Rows]:
        """A year has ended: each row that goes on in one of the `targets` says what it said in one of these tabs of its
        `origin`, which holds the `old` rows, to the robot or just before. Returns `before` with all of them in their
        places."""
        for target, titles in targets.items():
            seen = self.seen.get((robot.name, origin), {}) if robot is not None else {}
            tabs = [rows for title in titles for rows in (old[title], seen.get(title, []))]
            stood = [sheet.record(row) for sheet in map(Sheet, tabs) if sheet for row in sheet.below]
            new = Sheet(after[target])
            for row in new.below[max(0, len(before.get(target, ())) - new.head - 1) :]:
                told = {column: new.get(row, column) for column in (*TELLING, NOTE)}
                if all(any(value not in (None, was.get(column)) for column, value in told.items()) for was in stood):
                    raise Violation("a row went along otherwise than it stood", source, target, told)
                known = self.complaints.get(new.identity(row))
                if known is not None and told[intake.DESCRIPTION] is None:
                    shown = [was.get(intake.TICKET) for was in (*stood, new.record(row)) if was.get(NOTE) == told[NOTE]]
                    went = known.ticket or known.identity in Sheet(before.get(target, [])).identities().values()
                    if went and not any(shown):
                        # It had gone along half typed before the year was brought back. What was finished there since
                        # is not known by what the old row says; rather than be lost that goes along again: a copy.
                        twin = f"{known.identity}~{target}"
                        self.complaints[twin] = Complaint(twin, known.kin, complete=False)
                    else:  # typed at that moment, it is not there
                        known.complete = False
                elif known is None and new.ticket(row):  # of who was erased only that goes along
                    self.given_back.append((source, target, new.ticket(row)))
            # What another robot has covered there it still owes: only what went along is people's anew.
            was, stands = _typed(before.get(target, [])), _typed(after[target])
            self.typed[source, target] = self.typed.get((source, target), was) + (stands - was)
        return {**before, **{target: after[target] for target in targets}}

    @staticmethod
    def begun_anew(source: str, before: dict[str, Rows], after: dict[str, Rows]) -> dict[str, Rows]:
        """`before`, without a journal that was put away as it was."""
        titles = {title for title in before.keys() ^ after.keys() if is_put_away(title) and title.startswith(JOURNAL)}
        if JOURNAL not in before or not titles or titles & before.keys():  # it has another title only
            return before
        if [after[title] for title in titles] != [before[JOURNAL]]:
            raise Violation("a journal was put away otherwise than it was", source)
        return {**before, JOURNAL: []}

    def left_alone(self, source: str, away: set[str], before: dict[str, Rows], after: dict[str, Rows]) -> None:
        """Nothing changes in tabs that are put away but the line that says so; what a robot has covered there just
        before is given back; and what it owes it takes away, where people have renamed the heading above since."""
        for title in (title for title in away if (source, title) not in self.covered):
            sheet = Sheet(before[title])
            for r, c in _changed(before[title], after[title]):
                was, emptied = str(_cell(before[title], r, c)), _cell(after[title], r, c) is None
                if emptied and sheet and _cell(sheet.rows, sheet.head, c) not in ROBOTS and was in self.written:
                    continue
                if "Arsip" not in f"{_cell(before[title], r, c)}{_cell(after[title], r, c)}":
                    raise Violation("a tab that is put away was changed", source, title, r, c)

    def saw(self, robot: Robot, source: str, tabs: dict[str, Rows]) -> None:
        """A robot has read a spreadsheet, or, in the answer to a commit, some of its tabs."""
        self.seen.setdefault((robot.name, source), {}).update(tabs)
        if robot.name != self._misplaced_by.get(source):
            self.believed |= self.adrift.get(source, set())

    def _journal(self, robot: Robot | None, source: str, old: Rows, new: Rows) -> None:
        for was, stands in zip_longest(old, new[: len(old)], fillvalue=list[Value]()):
            words_taken = '"tanpa":true' in str(stands[-1:]) and (was[:3] == stands[:3] or _landed(stands))
            if was != stands and not words_taken and not all(cell is None or cell in was for cell in stands):
                raise Violation("what stood in a journal was changed", source, was, stands)
        for row in new[len(old) :]:
            at = 1 if len(row) > 5 and row[4] in set(EventKind) else 0
            told = tuple(row[at:])
            if len(told) > 4:
                self._wished(robot, *map(str, told[1:5]), first=at == 1)
            if len(told) > 3 and told[3] == EventKind.ISSUED:
                ticket, told = str(told[2]), told[1:]  # people may have spoiled the event's number
                first = self.issued.setdefault(ticket, told)
                if first[:3] != told[:3] or (first != told and '"tanpa":true' not in f"{first}{told}"):
                    raise Violation("a ticket was issued twice", ticket, self.issued[ticket], told)
                if at == 0 and robot is not None and ticket not in self.promised:
                    self.told[ticket] = json.loads(str(told[3]))["isi"]
                    self._issued_to(ticket, self.told[ticket], self.seen.get((robot.name, source), {}))

    def _wished(self, robot: Robot | None, when: str, ticket: str, kind: str, details: str, *, first: bool) -> None:
        """What may have been done because somebody wished it. An erasure is `first` told in the second copy."""
        if kind == EventKind.CLOSED and (why := json.loads(details).get("alasan")):  # or its words were taken out
            self.account.did("tutup", ticket, (when, why))
        elif kind == EventKind.REOPENED:  # while it was closed nobody was asked
            for known in self.complaints.values():
                known.vouched |= known.kin == self._owner(ticket)
        elif kind == EventKind.DATE_CONFIRMED and self.account.asked["tanggal benar", ticket]:
            for known in self.complaints.values():
                known.vouched |= known.kin == self._owner(ticket)
            self.days = {key: day for key, day in self.days.items() if key[0] != ticket}
        elif (
            kind == EventKind.ERASED and first and robot is not None and WISHED in details and ticket not in self.erased
        ):
            self.erased.append(ticket)
            seen = (tabs[WISHES] for (who, _), tabs in self.seen.items() if who == robot.name and WISHES in tabs)
            self.account.erased(ticket, datetime.fromisoformat(when).date(), next(seen, []))

    def _issued_to(self, ticket: str, content: dict[str, Value], seen: dict[str, Rows]) -> None:
        """A ticket is its complaint's from the moment in which it is issued."""
        for sheet in map(Sheet, seen.values()):
            for row, identity in sheet.identities().items():
                known = self.complaints.get(identity)
                if known is not None and all(sheet.get(row, column) == content.get(column) for column in TELLING):
                    self.promised[ticket] = known.kin
                    return

    @staticmethod
    def _kendali(title: str, old: Rows, new: Rows) -> None:
        if title in ROBOTS_TABS:
            return
        ours = (
            ROBOTS_COLUMNS if title == SOURCES else set(TABLES[title].of(Owner.ROBOT)) if title in TABLES else {CHECK}
        )
        allowed = {c for c, heading in enumerate(old[0]) if heading in ours}
        for r, c in _changed(old, new):
            if r == 0 or (c not in allowed and not (title in FILED and r >= len(old))):
                raise Violation("a people's cell of Kendali was changed", title, r, c)

    def _intake(self, robot: Robot | None, source: str, title: str, old: Rows, new: Rows) -> None:
        """No cell of people's may change; but where they moved columns since the robot looked, its writing lands where
        it was not meant to. Then it has to be put right before the cycle ends."""
        place, sheet, after = (source, title), Sheet(old), Sheet(new)
        self.worked_in.add(place)
        self.written |= {str(_cell(new, r, c)) for r, c in _changed(old, new)}
        back = self._given_back(robot, source, title, after, sheet)
        if robot is not None and after and place in self.restructured:
            # One that lands where a row was just deleted, as columns are moved, stands there alone.
            bare = {r for r, _ in _changed(old, new) if r in after.below} - after.identities().keys() - back
            self.unmarked |= any(map(after.ticket, bare))
        self.account.back |= {after.ticket(row) for row in after.below} - {sheet.ticket(row) for row in sheet.below}
        changed = [
            (r, c)
            for r, c in _changed(old, new)
            if r not in back and not any(one and r > one.head and one.is_robots(c) for one in (sheet, after))
            if not str(_cell(old, r, c)).startswith(PUT_AWAY) or _cell(new, r, c) is not None
            if (_cell(new, r, c) is not None and not (r == after.head and after.is_robots(c)))
            or str(_cell(old, r, c)) not in self.strays.get(place, (0, set()))[1]
        ]
        _, astray = self.strays.get(place, (0, set[str]()))
        if any(_cell(new, r, c) is None and str(_cell(old, r, c)) in astray for r, c in _changed(old, new)):
            self._lacking(after)  # what a robot that died had covered, the next one empties, and says so
        if changed and place not in self.covered:
            seen = self.seen.get((robot.name, source), {}).get(title, []) if robot is not None else []
            if layout(seen) == layout(old) and source not in self.anew:
                r, c = changed[0]
                raise Violation(
                    "a people's cell was changed", place, (r, c), repr(_cell(old, r, c)), repr(_cell(new, r, c))
                )
            _, values = self.strays.get(place, (0, set[str]()))
            self.strays[place] = self.touched[place], values | {str(_cell(new, r, c)) for r, c in changed}
            self.tally.covered += len(changed)
            # What was typed since the robot looked it can't know; it can only take its own value away again.
            known = Counter(str(value) for row in seen for value in row)
            rows_seen, rows = set(Sheet(seen).identities().values()), sheet.identities()
            stood = [(rows.get(r), str(value)) for r, c in changed if (value := _cell(old, r, c)) is not None]
            told = Counter(value for row, value in stood if row is None or row in rows_seen)
            self.stood[place] = {row: [value for one, value in stood if one == row] for row, _ in stood if row}
            self.covered[place] = Counter(value for _, value in stood) - (told & known)
            self.unmarked |= any(row == value for row, value in stood)

    def _given_back(self, robot: Robot | None, source: str, title: str, sheet: Sheet, old: Sheet) -> set[int]:
        """The rows below the others that a robot has given back, each because somebody wished it; or has put right, if
        columns were moved just then. A ticket alone in a row that it saw there was not given back: people have deleted
        that row just then."""
        looks = [
            tabs for (name, where), tabs in self.seen.items() if where == source and (not robot or robot.name == name)
        ]
        seen = max((len(tabs.get(title, ())) for tabs in looks), default=0)
        first = len(old.rows)
        both = (
            set(range(old.head + 1, min(first, len(sheet.rows)))) - sheet.identities().keys() if old and sheet else ()
        )
        astray = [row for row in both if (ticket := sheet.ticket(row)) != old.ticket(row) and ticket in old.rows[row]]
        rows = [*astray, *range(first, len(sheet.rows))] if sheet else []
        told = {
            row: [str(one) for c, one in enumerate(sheet.rows[row]) if one not in (None, "") and not sheet.is_robots(c)]
            for row in rows
        }
        back = {row for row in rows if self.account.asked["pulihkan", sheet.ticket(row)] and (told[row] or row >= seen)}
        for row in back:
            ticket, name = sheet.ticket(row), str(sheet.get(row, intake.NAME) or "")
            if not name.startswith(str(self.told[ticket].get(intake.NAME) or "")):
                raise Violation("another's row was given back", ticket, name)
            self.account.did("pulihkan", ticket, (self.tally.commits, row))
            self.given_back.append((source, title, ticket))
            self.typed[source, title] += Counter(told[row])
        return back

    def changed(self, source: str, title: str, old: Rows, new: Rows) -> None:
        self.touched[source, title] += 1
        self.account.back |= {str(cell) for row in new for cell in row} - {str(cell) for row in old for cell in row}
        if (source, title) in self.typed:
            mine = self.typed[source, title]
            was, stands = _typed(old), _typed(new)
            self.typed[source, title] = (mine - (was - stands) - self._deleted(source, title, old, new)) + (
                stands - was
            )

    def _deleted(self, source: str, title: str, old: Rows, new: Rows) -> Counter[str]:
        """What a robot has covered in rows that people delete: it can be given back nowhere."""
        covered, there = self.stood.get((source, title), {}), Sheet(new).identities().values()
        rows = ((old[row], covered.get(one, ())) for row, one in Sheet(old).identities().items() if one not in there)
        return Counter(value for row, values in rows for value in values if value not in map(str, row))

    def begin_anew(self, source: str) -> None:
        """Tabs of a spreadsheet are others now: what was covered in them can't be told any more."""
        self.moves += 1
        self.anew.add(source)
        self.days.clear()
        for place in [place for place in self.typed if place[0] == source]:
            del self.typed[place]

    def _misplaced(self, robot: Robot | None, source: str, before: dict[str, Rows], after: dict[str, Rows]) -> None:
        """Tickets that this commit put beside a wrong row, and those that an earlier one put there. Nobody can put them
        right in a tab whose headings people have spoiled; where the commit itself covered them, or the right row has
        just been deleted, only the robot that did it can."""
        for title, rows in before.items():
            then, now = Sheet(rows), Sheet(after[title])
            for row, identity in then.identities().items() if now else ():
                if (known := self.complaints.get(identity)) is None:
                    continue
                if known.ticket and now.ticket(row) == known.ticket:
                    known.written_over = False
                elif then.ticket(row) not in ("", now.ticket(row)):
                    known.written_over = True
                    known.ticket_hit |= known.moved  # by a robot, which may not have seen that it was moved here
        stands = set(self._beside(after))
        fresh = stands - set(self._beside(before))
        old = self.wrong.get(source, {})
        undisturbed = self._moves_at.get(source) == self.moves
        mine = robot is not None and robot.name == self._misplaced_by.get(source)
        identities = {identity for tab in after.values() for identity in Sheet(tab).identities().values()}
        here = {self.complaints[identity].kin for identity in identities & self.complaints.keys()}
        self.adrift[source] = {
            ticket for _, _, ticket in stands if ticket not in self.owner and self._owner(ticket) not in here
        }
        self.believed |= {
            ticket
            for title, identity, ticket in stands
            if ticket in self.adrift[source] and self._is_twin(ticket, identity, Sheet(after[title]))
        }
        still = {
            (title, identity, ticket): age
            + (
                undisturbed
                and ticket not in self.believed
                and Sheet(after[title]).readable
                and (source, title) not in self.spoiled
                and not self.is_locked(source, title)
                and (mine or (Sheet(before[title]).readable and self._owner(ticket) in here))
            )
            for (title, identity, ticket), age in old.items()
            if (title, identity, ticket) in stands
        }
        self.tally.misplaced += len(fresh)
        self.tally.longest = max(self.tally.longest, *still.values(), int(bool(fresh)))
        if self.tally.longest > 1:
            raise Violation("a ticket stood beside a wrong row for more than a round trip", source, still)
        self.wrong[source] = still | dict.fromkeys(fresh, 1)
        if fresh and robot is not None:
            self._misplaced_by[source] = robot.name
        self._moves_at[source] = self.moves

    def _is_twin(self, ticket: str, identity: str, sheet: Sheet) -> bool:
        """Whether a ticket whose row is gone from its spreadsheet stands beside one that differs by the telephone only,
        but for a word or two: whoever typed it may have typed the row anew."""
        row = next(row for row, one in sheet.identities().items() if one == identity)
        mine, other = (
            {column: of(column) for column in TELLING} for of in (partial(sheet.get, row), self.told[ticket].get)
        )
        words = (str(cells[intake.DESCRIPTION] or "") for cells in (mine, other))
        return mine[intake.NAME] == other[intake.NAME] and fuzz.token_set_ratio(*words) >= ALIKE

    def _beside(self, tabs: dict[str, Rows]) -> list[tuple[str, str, str]]:
        """Tickets beside a row that is known not to be theirs."""
        found = []
        for title, rows in tabs.items():
            sheet = Sheet(rows)
            for row, identity in sheet.identities().items():
                known, ticket = self.complaints.get(identity), sheet.ticket(row)
                if known is not None and self._owner(ticket) not in (None, known.kin):
                    found.append((title, identity, ticket))
        return found

    def _owner(self, ticket: str) -> str | None:
        return self.owner.get(ticket, self.promised.get(ticket))

    def _copied_with_it(
        self, source: str, title: str, lost: Counter[str], foreign: Counter[str]
    ) -> tuple[Counter[str], Counter[str]]:
        """What a robot has put over people's cells, where somebody copied a row with it: there it gives back, too, what
        stood in the row."""
        _, strays = self.strays.get((source, title), (0, set[str]()))
        stood = {value for values in self.stood.get((source, title), {}).values() for value in values}
        copied = Counter({value: count for value, count in lost.items() if value in strays})
        again = Counter({value: count for value, count in foreign.items() if value in stood})
        return (copied, again) if copied.total() == again.total() else (Counter(), Counter())

    def ended(self, robots: Sequence[Robot], desks: list[Desk]) -> None:
        """A cycle has ended, well or not. When no other is under way, what was covered must have been given back."""
        self.wrong.clear()  # its misplaced tickets wait for the next cycle
        self.excused |= any(robot.unanswered or robot.failure is not None for robot in robots)
        if any(robot.busy for robot in robots):
            return
        self.account.ended(failed=self.excused)
        tabs = {(desk.source, title): desk for desk in desks for title in desk.titles()}
        for (source, title), unknown in self.covered.items():
            if (source, title) not in tabs or source in self.anew:
                continue
            stands = _typed(tabs[source, title].rows(title))
            lost, foreign = self.typed[source, title] - stands - unknown, stands - self.typed[source, title]
            copied, again = self._copied_with_it(source, title, lost, foreign)
            lost, foreign = lost - copied, foreign - again
            self.tally.lost += sum(lost.values()) + sum(unknown.values())
            locked = (source, title) in self.locked or self.is_locked(source, title)
            if (lost or foreign) and not (self.excused or locked):
                raise Violation("what was covered was not given back", source, title, lost, foreign)
            self.typed[source, title] = stands
            if lost or unknown:
                self._lacking(Sheet(tabs[source, title].rows(title)))
        self.covered.clear()
        self.stood.clear()
        self.locked.clear()
        self.anew.clear()
        self.restructured.clear()
        self.spoiled.clear()
        self.excused = False

    def _lacking(self, sheet: Sheet) -> None:
        """A complaint waits for people again once what it can't do without was covered and could not be given back."""
        for row, identity in sheet.identities().items() if sheet else ():
            if identity in self.complaints and any(
                column in sheet.at and sheet.get(row, column) is None for column in TYPED
            ):
                self.complaints[identity].complete = False

    def _strays(self, source: str, title: str, sheet: Sheet) -> None:
        """What a robot has written over as it died is taken away by the next one: no ticket stands under a heading of
        people's."""
        since, values = self.strays.pop((source, title), (-1, set()))
        if values:  # the robot that wrote them may take its turn only later
            self.strays[source, title] = -1, values
        for row in sheet.below if sheet and sheet.readable and since == self.touched[source, title] else ():
            for column, value in enumerate(sheet.rows[row]):
                if value in self.promised and not sheet.is_robots(column):
                    raise Violation("a ticket stands in a cell of people's", source, title, row, column, value)

    # When all is quiet

    def settled(self, desks: list[Desk], kendali: Desk, *, first: bool) -> None:
        """Everything must be right now; what Kendali says of it is looked at after the `first` cycle and a second."""
        for desk in desks:
            for title in desk.titles():
                self._strays(desk.source, title, Sheet(desk.rows(title)))
        standing = self._standing(desks)
        self.unlinked -= set() if first else {desk.source for desk in desks}
        places = Counter(row.identity for row in standing)
        kin = {self.complaints[row.identity].kin for row in standing}
        reopened = self._away(desk for desk in desks if desk.source in self.reopened)
        older = self._said(desk for desk in desks if desk.source in self.reopened)
        sizes = Counter(complaint.kin for complaint in self.complaints.values())
        # Of a tab whose headings are spoiled nobody knows what is gone from it, and may stand elsewhere now.
        certain = all(
            sheet.readable
            for desk in desks
            for title in desk.titles()
            if (sheet := Sheet(desk.rows(title)))
            or _place(title) in KELURAHAN
            or (desk.source, title) in self.worked_in
        )
        for row in standing:
            known = self.complaints[row.identity]
            if not certain and (known.moved or known.held):
                continue
            # Moved to another spreadsheet, its ticket written over before it was seen there, and described anew.
            if known.moved and known.ticket_hit and intake.DESCRIPTION in known.edited:
                known.ticket = ""
            if known.erased and (known.written_over or known.ticket_hit or not known.ticket):
                known.ticket, known.replaced = "", {}  # nobody can tell it any more, and it is told anew
            left = row.telling - known.edited
            recognised = intake.DESCRIPTION in left and bool(left & {intake.NAME, intake.PHONE})
            if known.written_over and not recognised and len(left) < NEARLY_ALL:
                known.ticket = ""  # whoever wrote over it could still tell, if no other robot looked before
            alone = places[row.identity] == 1 and sizes[known.kin] == 1
            back = known.ticket in reopened if known.ticket else known.kin in map(self._owner, reopened)
            # Corrected since it went along it differs from that, and a copy that differs gets a ticket of its own.
            told = [*row.says, row.when[0]]
            own = row.ticket not in ("", known.ticket) and told not in older.get(known.ticket, [told])
            if alone and back and (own or not row.ticket) and (known.moved or known.held):
                # Cut from where it went along to, before the year was brought back: its old row shows the ticket again,
                # and this is a copy of it from now on.
                known.ticket, known.complete = "", False
            if alone and known.ticket and row.ticket != known.ticket:
                raise Violation("a ticket left its complaint", row, known.ticket)
            if alone and known.complete and row.placed and not row.ticket:
                raise Violation("a complaint got no ticket", row)
            unlinked = first and row.source in self.unlinked
            if row.words and (not row.ticket or (row.ticket not in row.words and not unlinked)):
                raise Violation("the words for a reporter are another's", row)
            if row.ticket:
                promised = self.promised.get(row.ticket)
                # One that landed beside another row, as its own was deleted, may stay there; so may one whose own was
                # moved to another spreadsheet just then, if another robot believed what it saw.
                stays = promised not in kin or row.ticket in self.believed
                if row.ticket not in self.owner and promised is not None and not stays and certain:
                    self.owner[row.ticket] = promised
                self._belongs(row.ticket, known)
        if first:
            return
        self._no_doubles(standing, copied=self.copied)
        bare = [desk for desk in desks if self.unmarked]
        shown = {
            sheet.ticket(row)
            for desk in bare
            for sheet in map(Sheet, map(desk.rows, desk.titles()))
            if sheet
            for row in sheet.below
        }
        self._nothing_vanished(
            standing,
            kendali,
            {*shown, *reopened},
            desks,
            certain=certain,
        )
        if certain or not self.copied:  # of two spreadsheets with a ticket, the one that can't be read may say its day
            self._days_stand(standing, kendali)
        if certain:
            self._forget(standing)

    def forgotten(self, desks: list[Desk], now: datetime, tended: datetime | None) -> None:
        """Of a person who was erased nothing stands in any journal, nor do words that were corrected days
        ago: in rows that people have not spoiled. Nor in journals that were put away, where they were `tended` now."""
        rows = [row for desk in desks for title in desk.titles() for row in desk.rows(title)]
        if landed := [row for row in rows if _landed(row)]:
            raise Violation("what landed in a row of a journal that people inserted stays there", landed)
        told = _told(rows)
        away = [(desk, title) for desk in desks for title in desk.put_away() if tended and title.startswith(JOURNAL)]
        kept = _told(row for desk, title in away for row in desk.rows(title))
        # In a year that was brought back a row may stand as it was then, and count again.
        again = [(desk, title) for desk in desks if desk.source in self.reopened for title in desk.put_away()]
        back = (row for desk, title in again if not title.startswith(JOURNAL) for row in desk.rows(title))
        stands = {str(cell) for row in (*rows, *back) for cell in row}
        sizes = Counter(complaint.kin for complaint in self.complaints.values())
        sheets = [Sheet(desk.rows(title)) for desk in desks for title in desk.titles() if title != JOURNAL]
        unread = {one for sheet in sheets if sheet and not sheet.readable for one in sheet.identities().values()}
        for known in self.complaints.values():
            # What is corrected there nobody has seen.
            if sizes[known.kin] > 1 or known.held or known.identity in unread:
                continue
            # Moved without its ticket and corrected on the way, it got a second one, and each is erased by itself.
            if [*self.promised.values()].count(known.kin) > 1:
                continue
            for words, since in [*known.replaced.items()]:
                if not known.erased and words in stands:
                    del known.replaced[words]  # an old version was restored
                    continue
                if since is None:
                    known.replaced[words] = now
                elif tended and f'"{words}"' in kept and tended - since > FORGOTTEN_AFTER * (not known.erased):
                    raise Violation("words are remembered of a year", known.identity, words, known.erased)
                if f'"{words}"' in told and (known.erased or now - (since or now) > FORGOTTEN_AFTER):
                    raise Violation("words are remembered", known.identity, words, known.erased)

    def _belongs(self, ticket: str, known: Complaint) -> None:
        if ticket not in self.issued:
            raise Violation("a ticket was never issued", ticket, known.identity)
        if self.owner.setdefault(ticket, known.kin) != known.kin:
            raise Violation("a ticket stands beside another complaint", ticket, self.owner[ticket], known.identity)
        known.ticket = ticket

    def _standing(self, desks: list[Desk]) -> list[Standing]:
        found = []
        for desk in desks:
            for title in desk.titles():
                sheet = Sheet(desk.rows(title))
                for row, identity in sheet.identities().items() if sheet.readable else ():
                    placed = (
                        _place(title) in KELURAHAN
                        if intake.KELURAHAN not in sheet.at
                        else sheet.get(row, intake.KELURAHAN)
                    )
                    words = sheet.get(row, intake.KABARI)
                    told = words + words.address if isinstance(words, Link) else str(words or "")
                    # What a robot covered as it died, and says so, people have to type again.
                    is_kind = sheet.get(row, intake.CATEGORY) in self.kinds
                    is_placed = (placed in KELURAHAN or placed is True) and is_kind
                    telling = frozenset(column for column in TELLING if sheet.get(row, column) is not None)
                    when = tuple(str(sheet.get(row, one) or "") for one in (intake.RECEIVED, intake.DATE_RIGHT))
                    found.append(
                        Standing(
                            desk.source,
                            title,
                            identity,
                            sheet.ticket(row),
                            is_placed,
                            told,
                            telling,
                            when,
                            [sheet.get(row, column) for column in TELLING],
                        )
                    )
        return found

    def _no_doubles(self, standing: list[Standing], *, copied: bool) -> None:
        """Where people `copied` a whole spreadsheet, or a row while two robots were at work, two spreadsheets may show
        a ticket; that is told, and a person has to take one away. So it is with a copy of an erased row."""
        erased = {complaint.ticket for complaint in self.complaints.values() if complaint.erased}
        shown = Counter((row.source if copied else "", row.ticket) for row in standing if row.ticket)
        for (source, ticket), count in shown.items():
            if count > 1 and ticket not in erased:
                raise Violation("a ticket stands beside several rows", ticket, source, count)

    @staticmethod
    def _away(desks: Iterable[Desk]) -> dict[str, bool]:
        """The tickets in tabs that were put away, and whether they are said to be closed there."""
        sheets = (Sheet(desk.rows(title)) for desk in desks for title in AWAY[desk.source] if not is_put_away(title))
        return {
            sheet.ticket(row): str(sheet.get(row, intake.STATUS) or "").capitalize() in CLOSED
            for sheet in sheets
            for row in sheet.identities()
        }

    @staticmethod
    def _said(desks: Iterable[Desk]) -> dict[str, list[list[Value]]]:
        """What the rows in tabs that were put away once say of their complaints and of the day, by ticket."""
        found: dict[str, list[list[Value]]] = {}
        for desk in desks:
            for sheet in (Sheet(desk.rows(title)) for title in AWAY[desk.source] if not is_put_away(title)):
                for row in sheet.identities():
                    told = [sheet.get(row, column) for column in TELLING]
                    found.setdefault(sheet.ticket(row), []).append([*told, str(sheet.get(row, intake.RECEIVED) or "")])
        return found

    def _nothing_vanished(
        self, standing: list[Standing], kendali: Desk, shown: set[str], desks: list[Desk], *, certain: bool
    ) -> None:
        """Also a ticket that is `shown` beside a row without an identity stands."""
        titles, *rows = kendali.rows(REGISTER)
        number, late = titles.index("No. Tiket"), titles.index("Keterlambatan")
        status = titles.index("Status")
        register = {str(_cell([row], 0, number)): row for row in rows if row}
        readable = {row.ticket for row in standing}
        away = self._away(desks)
        for ticket in self.issued:
            entry = register.get(ticket)
            if entry is None and away.get(ticket):  # closed, it stayed where it was
                continue
            if entry is None:
                raise Violation("a ticket is not in Rekap", ticket)
            gone = _cell([entry], 0, late) == GONE
            closed = _cell([entry], 0, status) in CLOSED
            if ticket in readable and gone:
                raise Violation("a row is said to be gone, and stands there", ticket)
            if certain and ticket not in readable | shown and not (gone or closed):
                raise Violation("a row vanished silently", ticket)
        self.tally.tickets = len(self.issued)

    def _days_stand(self, standing: list[Standing], kendali: Desk) -> None:
        """A day of receipt changes only with what people type; one that nobody can mean does not count by itself."""
        titles, *rows = kendali.rows(REGISTER)
        number, day = titles.index("No. Tiket"), titles.index("Tanggal Masuk")
        shown = {str(_cell([row], 0, number)): row for row in rows if row}
        places = Counter(row.ticket for row in standing)
        for row in standing:
            # A ticket that a copied spreadsheet shows too has one entry: it says what was typed last in either.
            if row.ticket not in shown or places[row.ticket] > 1:
                continue
            counts, status = _cell([shown[row.ticket]], 0, day), _cell([shown[row.ticket]], 0, titles.index("Status"))
            self.complaints[row.identity].vouched |= status in CLOSED  # nothing runs: nobody is asked
            # Nobody can tell a row from its copies: what was said of one may count for another.
            kin = self.complaints[row.identity].kin
            vouched = any(known.vouched for known in self.complaints.values() if known.kin == kin)
            if row.when == (SWAPPED, "") and counts == _MAY and not vouched:
                raise Violation("a doubtful day counts", row)
            # It counts once it has come; and though a robot that died has covered what vouched for it.
            answered = vouched and (row.when[0] == TO_COME or (row.when[0] == SWAPPED and counts == _MAY))
            # Where it was sure meanwhile, that day goes on counting; “kemarin” said anew is another day.
            answered |= (
                row.when[0] in (SWAPPED, TO_COME, "kemarin") and self.said.get((row.ticket, row.identity)) != row.when
            )
            self.said[row.ticket, row.identity] = row.when
            about = (row.ticket, row.identity, *row.when)
            if answered:
                self.days[about] = counts
            elif self.days.setdefault(about, counts) != counts:
                raise Violation("a day of receipt changed by itself", row, counts)

    def _forget(self, standing: list[Standing]) -> None:
        """What the robot has seen now is no longer news to it."""
        for row in standing:
            known = self.complaints[row.identity]
            known.edited.clear()
            known.ticket_hit = known.written_over = known.moved = known.held = False


def _place(title: str) -> str:
    return title.removesuffix(f" {YEAR + 1}")


def _landed(row: list[Value]) -> bool:
    """Whether what is left of an event without its words was written into an empty row of a journal."""
    return '"tanpa":true' in str(row[-1:]) and not any(row[:4])


def _told(rows: Iterable[Sequence[Value]]) -> str:
    """What the events among these rows say."""
    return "\n".join(str(row[at + 4 :]) for row in rows for at in (0, 1) if isinstance(decode(row[at:]), Event))


def layout(rows: Rows) -> Layout:
    """Where the headings stand and what they say: while it is the same, a write lands where it was meant to."""
    sheet = Sheet(rows)
    return sheet.head, tuple(rows[sheet.head]) if sheet else ()


def _typed(rows: Rows) -> Counter[str]:
    """All that stands in a tab but in the robot's cells; how often, not where."""
    sheet = Sheet(rows)
    return Counter(
        str(value)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value not in (None, "") and not (sheet and r > sheet.head and sheet.is_robots(c))
        if not str(value).startswith(PUT_AWAY)
    )


def _changed(old: Rows, new: Rows) -> list[tuple[int, int]]:
    return [
        (r, c)
        for r in range(max(len(old), len(new)))
        for c in range(max(len(old[r]) if r < len(old) else 0, len(new[r]) if r < len(new) else 0))
        if _cell(old, r, c) != _cell(new, r, c)
    ]


def _cell(rows: Rows, row: int, column: int) -> Value:
    value = rows[row][column] if 0 <= row < len(rows) and column < len(rows[row]) else None
    return None if value == "" else value
