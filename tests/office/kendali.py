"""Kendali in people's hands: what they wish in `Permintaan`, and what a meeting decides in `Keputusan` and `Usulan`.

The acts, and an account of what must come of them by people's own reading: it knows what each text means that they
type.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from automation.cases.codec import decode
from automation.cases.events import JOURNAL, Event, EventKind
from automation.model.cells import Value, serial_of
from automation.tables.kendali import DECISIONS, FILED, PEOPLE, PROPOSALS, RECIPIENTS, TABLES, WISHES
from automation.tables.table import Owner
from tests.office.desk import Desk, GoogleDesk, Rows
from tests.office.oracle import Violation
from tests.office.robot import Fate

if TYPE_CHECKING:
    from tests.office.history import Office

#: What people type into the rows that the robot laid, and what it means; None: nobody can tell.
TYPED: Mapping[str, Mapping[str, tuple[tuple[Value, str | None], ...]]] = {
    DECISIONS: {
        "Keputusan": (
            ("Sidak", "Sidak"), ("Usulan Pokir", "Usulan Pokir"), ("sidak ", "Sidak"), ("Tutup", "Tutup"),
            ("usulan pokir", "Usulan Pokir"), ("sidak rdp", None), ("entah", None), (None, ""),
        ),
        "Siapa": (("Bu Rini", "Bu Rini"), (" Bu  Rini", "Bu Rini"), ("Pak Hadi", "Pak Hadi"), (None, "")),
        "Sebelum": (
            ("10/12/2026", "2026-12-10"), (serial_of(date(2026, 12, 10)), "2026-12-10"), ("10 Des 2026", "2026-12-10"),
            ("kapan-kapan", None), ("1/1/2005", None), ("-", ""), (None, ""),
        ),
        "Catatan": (("rahasia", "ada"), ("lain lagi", "ada"), (None, "")),
        "Tanggal Surat": (("04/12/2026", "2026-12-04"), ("bulan depan nanti", None), (None, "")),
    },
    PROPOSALS: {
        "Volume": (("120", "120"), ("80,5", "80,5"), (None, "")),
        "Keadaan": (
            ("Diusulkan", "Diusulkan"), ("dikembalikan", "Dikembalikan"), ("Ditolak", "Ditolak"), ("entah", None),
            (None, ""),
        ),
        "Alasan": (("kurang foto", "ada"), (None, "")),
    },
}  # fmt: skip
MEANT = {(table, heading): dict(pairs) for table, columns in TYPED.items() for heading, pairs in columns.items()}
#: What is wished; of these the mailed ones are mailed to somebody who stands in `Penerima`.
WISHED = ("pulihkan", "tutup", "tanggal benar", "data", "hapus data", "pulihkan", "jelaskan", "slip", "surat", "data")
MAILED = frozenset({"data", "jelaskan", "slip", "surat"})
GONE_ONLY = frozenset({"pulihkan", "tutup"})
WAITS = "Belum bisa, dan dicoba lagi sendiri"
MOST_MEMBERS = 3
SATURDAY = 5  # a working day, as the city has it
MEMBER = "anggota{}@example.org"
#: Written so that nobody can tell what is wished.
WRONG = ("pulihkn {}", "tutup", "{}", "tolong dibantu ya {}", "pulihkan RR-2605")
UNKNOWN = "RR-260504-0099-9"


Row = list[Value]


class Meant(NamedTuple):
    """A wish: its word, and the ticket or the decision's number."""

    word: str
    number: str


class Grid:
    """A table of Kendali as people see it; falsy where it is not there."""

    def __init__(self, desk: Desk, title: str) -> None:
        self.desk, self.title = desk, title
        self.headings = TABLES[title].headings
        rows = desk.rows(title) if title in desk.titles() else []
        self.head = rows[:1]
        self.rows = [[*row, *[None] * (len(self.headings) - len(row))] for row in rows[1:]]

    def __bool__(self) -> bool:
        return bool(self.head)

    def at(self, row: int, heading: str) -> Value:
        return self.rows[row][self.headings.index(heading)]

    def save(self, office: "Office") -> bool:
        rows = [*self.head, *self.rows]
        now = min(
            [office.now, *(robot.now for robot in office.robots if robot.busy)]
        )  # as a robot has it that was slow
        office.account.changed(self.title, self.desk.rows(self.title), rows, now.date())
        self.desk.put(self.title, rows)
        return True


# What people do -------------------------------------------------------------------------------------------------------


def wish(office: "Office", a: int, b: int, c: int) -> bool:
    """Type a wish below the others, or over one; as people write it, also so that nobody can tell what is meant."""
    grid, oracle = Grid(office.site.kendali, WISHES), office.oracle
    word, tickets = WISHED[b % len(WISHED)], [*oracle.issued]
    if word == "surat":
        tickets = [str(row[0]) for row in Grid(office.site.kendali, DECISIONS).rows if row[0]]
    elif word in GONE_ONLY and c % 4:
        stands = {ticket for desk in office.site.desks() for ticket in office.standing_in(desk).values()}
        tickets = [ticket for ticket in tickets if ticket not in stands]
    if not grid or not tickets:
        return False
    if word == "pulihkan" and c % 6 == 1:  # a decision that was deleted
        tickets = [id for title, id in office.account.meant if title == DECISIONS] or tickets
    number = tickets[a % len(tickets)] if c % 11 or word in ("surat", "hapus data") else UNKNOWN
    if word == "hapus data" and not office.may_be_erased(number):
        return False
    rest = f"pindah rumah {office.fresh()}" if word == "tutup" else ""
    rest = MEMBER.format(c % MOST_MEMBERS) if word in MAILED else rest
    line, meant = f"{word} {number} {rest}".strip(), Meant(word, number)
    if c % 9 == 0:
        line = WRONG[a % len(WRONG)].format(number)
        office.account.lines[line] = None
    else:
        spoken = number.replace("-", " ") if number.startswith("RR") else number
        line = (line, f"{word.capitalize()}: {spoken} {rest}".strip())[b // 10 % 2]
        office.account.lines[line] = meant
    row: Row = [line, None]
    if grid.rows and c % 5 == 0:
        row = grid.rows[a % len(grid.rows)]
        row[0] = line  # what was answered to the wish before stands beside it
    else:
        grid.rows.append(row)
    return grid.save(office)


def decide(office: "Office", a: int, b: int, c: int) -> bool:
    """Type what a meeting has decided, or what became of a proposal."""
    title = FILED[a % 4 == 0]
    grid = Grid(office.site.kendali, title)
    if not grid.rows:
        return False
    heading = [*TYPED[title]][b % len(TYPED[title])] if c % 3 else next(iter(TYPED[title]))
    pairs = TYPED[title][heading]
    grid.rows[a // 4 % len(grid.rows)][grid.headings.index(heading)] = pairs[c // 3 % len(pairs)][0]
    return grid.save(office)


def tidy(office: "Office", a: int, b: int, c: int) -> bool:
    """Sort, copy, delete, empty in a table of wishes or decisions, whatever robots are doing."""
    title = (WISHES, WISHES, *FILED)[a % 4]
    grid = Grid(office.site.kendali, title)
    if not grid.rows:
        return False
    at = a // 4 % len(grid.rows)
    row, below = grid.rows[at], c % 2 * len(grid.rows)
    ours = [place for place, column in enumerate(TABLES[title].columns) if column.owner is Owner.ROBOT]
    match b % 8:
        case 0 | 1 if title == WISHES:  # alone
            lines = sorted((str(one[0] or "") for one in grid.rows), reverse=c % 2 == 0)
            for one, line in zip(grid.rows, lines, strict=True):
                one[0] = line or None
        case 0 | 1 | 2:
            column = c % len(grid.headings)
            grid.rows.sort(key=lambda cells: (cells[column] is None, str(cells[column])), reverse=c % 2 == 0)
        case 3:
            grid.rows.insert(below, [*row])
        case 4:  # without what the robot says of it
            grid.rows.insert(below, [None if place in ours else value for place, value in enumerate(row)])
        case 5:
            del grid.rows[at]
        case 6:
            row[c % 2 if title == WISHES else ours[0] if c % 3 == 0 else c % len(row)] = None
        case _:
            grid.rows.insert(below, [None] * len(row))
    return grid.save(office)


def interfere(office: "Office", a: int, b: int, c: int) -> bool:
    """The same just when a robot is about to write there: it goes on until it is, for the first time or a later one."""
    busy = [number for number, robot in enumerate(office.robots) if robot.busy]
    if not busy or not isinstance(office.site.kendali, GoogleDesk):  # into a file nobody types between look and write
        return False
    robot, times = office.robots[busy[a % len(busy)]], c // 25 % 5
    while robot.busy and (robot.about != office.site.kendali.source or times):
        times -= robot.about == office.site.kendali.source
        office.step(office.robots.index(robot), Fate.WELL)
    (wish, decide, tidy, tidy, tidy)[c % 5](office, a, b, c // 5)
    return True


def join(office: "Office", a: int, b: int, c: int) -> bool:
    """Somebody wants the meeting pack, too: it is made for them, with an agenda of the day."""
    kendali = office.site.kendali
    rows = kendali.rows(RECIPIENTS) if RECIPIENTS in kendali.titles() else []
    there = sum("@" in str(cell) for row in rows for cell in row)
    if not rows or there >= MOST_MEMBERS:
        return False
    kendali.put(RECIPIENTS, [*rows, [f"Anggota {there}", MEMBER.format(there), "Anggota", "Kota", "mingguan"]])
    return True


# What must come of it -------------------------------------------------------------------------------------------------


@dataclass
class Account:
    """What people wished and decided. `asked`: how often a wish came to stand open, by people's doing; `since`: since
    when an erasure has been wished, wherever it stands; `meant`: of each row that was laid and each column, what may
    count of it: what was understood last, and all that stood there since."""

    lines: dict[str, Meant | None] = field(default_factory=dict)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    covered: Counter[tuple[str, str]] = field(default_factory=Counter)
    covered_by: dict[tuple[str, str], str] = field(default_factory=dict)  # the robot
    since: dict[str, date] = field(default_factory=dict)
    mailed: Counter[str] = field(default_factory=Counter)
    done: dict[Meant, set[object]] = field(default_factory=lambda: defaultdict(set))
    meant: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)
    tickets: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # of each row that was laid
    back: set[str] = field(default_factory=set)  # tickets whose rows people have put back themselves
    erased_by_command: set[str] = field(default_factory=set)  # tickets: a wish for the same finds it done

    def changed(self, title: str, old: Rows, new: Rows, today: date) -> None:
        """People have changed one of the tables."""
        if title == WISHES:
            self.asked += Counter(self._open(new)) - Counter(self._open(old))
            wished = {meant.number for meant, _ in self._wishes(new) if meant and meant.word == "hapus data"}
            opened = {meant.number for meant in self._open(new) if meant.word == "hapus data"}
            days = {number: today if number in opened else date.min for number in wished}
            self.since = days | {number: day for number, day in self.since.items() if number in wished}
        else:
            self._observe(title, new)

    def anew(self, old: Rows, new: Rows, today: date) -> None:
        """Kendali was restored: what it said of decisions and of mails is forgotten."""
        self.changed(WISHES, old, new, today)
        self.meant.clear()
        self.mailed = Counter({key: count for key, count in self.mailed.items() if key.startswith("Permintaan")})

    def _wishes(self, rows: Rows) -> Iterator[tuple[Meant | None, str]]:
        for row in rows[1:]:
            if (line := str(row[0] or "") if row else "") in self.lines:
                yield self.lines[line], str(row[1] or "") if len(row) > 1 else ""

    def _open(self, rows: Rows) -> Iterator[Meant]:
        """The wishes without an answer, which may also stand beside another wish: people sort wishes alone."""
        told = [(it, f"{it.word} {it.number}" if it else "", answer) for it, answer in self._wishes(rows)]
        found = [(meant, key, answer) for meant, key, answer in told if not answer.startswith(f"{key} ")]
        left = {answer.partition(" – ")[0] for _, _, answer in found}
        for meant, key, _ in found:
            if meant is not None and key not in left:
                yield meant
            left.discard(key)

    def _is_whole(self, title: str, row: Row) -> bool:
        """Whether the row shows its own cases: a robot's cells may have landed beside a row that people inserted. A
        matter may lose the case that its number names, once others belong to it."""
        at = TABLES[title].headings.index("Tiket")
        named = set(re.findall("RR-[0-9-]+", str(row[at]) if len(row) > at else ""))
        known = self.tickets.setdefault((title, str(row[0])), {f"RR-{str(row[0]).partition('-')[2]}"})
        if whole := not named or not named.isdisjoint(known):
            known |= named
        return whole

    def _observe(self, title: str, rows: Rows) -> None:
        """What may count from now on; where an id stands twice in different words, nothing of that does."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows[1:]:
            if row and row[0] and self._is_whole(title, row):
                found[str(row[0])].append(row)
        for id, same in found.items():
            said = {heading: {_meaning(title, heading, row) for row in same} - {None} for heading in TYPED[title]}
            known = self.meant.setdefault((title, id), {heading: {""} for heading in TYPED[title]})
            for heading, meanings in said.items() if all(len(one) < 2 for one in said.values()) else ():
                known[heading] |= {one for one in meanings if one is not None}

    # Whatever a robot does

    def wrote(self, robot: str, title: str, old: Rows, new: Rows) -> None:
        """A robot has written to one of the tables: no row of people's gets another number than it had."""
        if title == WISHES:  # an answer may land beside another wish, over its answer, as people sort: it is put back
            opened, closed = (Counter(self._open(rows)) for rows in (new, old))
            opened, closed = opened - closed, closed - opened
            for meant in closed:
                times = min(closed[meant], self.covered[meant])
                self.covered[meant] -= times
                if self.covered_by.get(meant) != robot:  # to another one it stood open meanwhile
                    self.asked[meant] += times
            self.covered += opened
            self.covered_by |= dict.fromkeys(opened, robot)
        if title not in FILED:
            return
        typed = [TABLES[title].headings.index(column) for column in TABLES[title].of(PEOPLE)]
        for was, stands in zip(old[1:], new[1:], strict=False):
            before, after = (str(row[0] or "") if row else "" for row in (was, stands))
            if before != after and (before or any(len(was) > at and was[at] is not None for at in typed)):
                raise Violation("a row of people's got another number", title, was, stands)
        for row in new[len(old) :]:  # of a row that was deleted, given back as it was understood last
            if any(len(row) > at and row[at] is not None for at in typed) and not self.asked["pulihkan", str(row[0])]:
                raise Violation("a row was given back that nobody wants", title, row)
        self._observe(title, new)

    def ended(self, *, failed: bool) -> None:
        """A cycle has ended, and no other is under way. One that died just then could put nothing back."""
        self.asked += self.covered if failed else Counter()
        self.covered.clear()

    def mail(self, subject: str, *, heard: bool) -> None:
        """A mail was accepted: none is sent twice, and none that nobody has asked for. Of a digest whose acceptance was
        not `heard` it is not known whether it arrived, and it is sent again."""
        self.mailed[subject] += heard or subject.startswith("Permintaan")
        meant = next((one for one in self.asked if subject == f"Permintaan: {' '.join(one)}"), None)
        if self.mailed[subject] > (self.asked[meant] if meant is not None else 1):
            raise Violation("a mail was sent twice", subject)

    def did(self, word: str, number: str, what: object) -> None:
        """Something was done that only a wish can ask for: once for each time that it was wished, or stood open to
        another robot than the one whose answer has landed over its own."""
        meant = Meant(word, number)
        self.done[meant].add(what)
        if len(self.done[meant]) > self.asked[meant] + self.covered[meant]:
            raise Violation("a wish was done twice", meant, self.done[meant])

    def erased(self, ticket: str, today: date, seen: Rows) -> None:
        """On the next working day at the earliest; and not once the wish was withdrawn, as far as the robot knows."""
        meant = Meant("hapus data", ticket)
        if ticket not in self.since and meant not in [one for one, _ in self._wishes(seen)]:
            raise Violation("what nobody wishes was erased", ticket)
        since = self.since.get(ticket, date.min)
        if since > date.min and today < since + timedelta(days=2 if since.weekday() == SATURDAY else 1):
            raise Violation("it was erased too early", ticket, since, today)
        self.did(*meant, today)

    # When all is quiet

    def settled(self, kendali: Desk, copy: Desk, *, all_read: bool) -> None:
        """Every wish is answered beside it, what is said to be done was done, and what was decided is known. What may
        only be done if a row is gone waits while not all tabs can be read."""
        for row in Grid(kendali, WISHES).rows:
            line, answer = str(row[0] or ""), str(row[1] or "")
            meant = self.lines.get(line)
            key = f"{meant.word} {meant.number} – " if meant is not None else ""
            if meant is not None and meant.word in GONE_ONLY and not all_read and answer.startswith(WAITS):
                continue
            if bool(line) != bool(answer) or not answer.startswith(key):
                raise Violation("a wish is not answered beside it", line, answer)
            if meant is None or meant.word == "tanggal benar" or not meant.number.startswith("RR"):
                continue
            done = self.done[meant] or self.mailed[f"Permintaan: {meant.word} {meant.number}"]
            done = done or (meant.word == "pulihkan" and meant.number in self.back)
            done = done or (meant.word == "hapus data" and meant.number in self.erased_by_command)
            if answer.startswith(f"{key}sudah") and not done:
                raise Violation("a wish is said to be done, and was not", line, answer)
        for title in FILED:
            self._filed(title, Grid(kendali, title), copy)

    def _filed(self, title: str, grid: Grid, copy: Desk) -> None:
        told = sorted(_filed_events(copy, title), key=lambda event: event[0])
        for id, known in groupby(sorted(told, key=lambda event: event[1]), key=lambda event: event[1]):
            events = [(at, what) for at, _, what in known]
            for (since, before), (at, after) in pairwise(events):
                if before == after and since != at:
                    raise Violation("a decision was told twice", title, id, after)
            counts, may = events[-1][1][0], self.meant.get((title, id))
            rows = [row for row in grid.rows if row[0] == id and self._is_whole(title, row)]
            alike = all(row[5:-1] == rows[0][5:-1] for row in rows)
            for heading, said in may.items() if may is not None else ():
                value = counts.get(heading, "")
                meaning = _meaning(title, heading, rows[0]) if rows and alike else None
                if value not in said or meaning not in (None, value):
                    raise Violation("a decision is lost", title, id, heading, value, meaning, said)
                said.clear()
                said.add(value)


def _meaning(title: str, heading: str, row: Row) -> str | None:
    at = TABLES[title].headings.index(heading)
    return MEANT[title, heading].get(row[at] if at < len(row) else None)


def _filed_events(copy: Desk, title: str) -> Iterator[tuple[str, str, tuple[dict[str, str], list[str]]]]:
    """When, of which row, and what of it was journalled: values by heading, and tickets. Of a year that has ended only
    the last of it goes along."""
    journals = [title for title in (*copy.put_away(), *copy.titles()) if title.startswith(JOURNAL)]
    for row in chain.from_iterable(map(copy.rows, journals)):
        if row[:1] == [title] and isinstance(event := decode(row[1:]), Event) and event.kind is EventKind.FILED:
            yield str(row[2]), event.details["id"], (event.details["nilai"], event.details["tiket"])
