"""A small city for tests of the pure heart: tabs in memory, people who edit them, and a robot that reconciles them.

Each complaint carries an identity in a column of the people's own (`Catatan`), which the robot does not read: it moves
with its row, so a test knows which complaint a row is, whatever people did to the rows.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from automation.cases.copies import Journal
from automation.cases.elsewhere import Elsewhere
from automation.cases.events import Event
from automation.cases.examiner import Examiner
from automation.cases.gone import closing, is_back, row_of, tab_for
from automation.cases.journal import Case, fold
from automation.cases.reconcile import Reconciliation
from automation.cases.robot_cells import Plan
from automation.config.defaults import city_vocabulary, load_terms
from automation.model.cells import Lock, Tab, Value
from automation.model.complaint import Priority
from automation.model.deadlines import Calendar
from automation.model.places import Kelurahan, Places
from automation.model.rules import Category, Rules
from automation.model.texts import Texts
from automation.reading.tabs import Intake, read_intake
from automation.sheets.port import Changes, Snapshot
from automation.tables import intake
from automation.tables.intake import COORDINATOR, ROBOT, VOLUNTEER

JAKARTA = ZoneInfo("Asia/Jakarta")
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=JAKARTA)
GONDRONG = Kelurahan("36.71.05.1004", "Cipondoh", "Gondrong", 3)
PETIR = Kelurahan("36.71.05.1006", "Cipondoh", "Petir", 3)
CIMONE = Kelurahan("36.71.07.1005", "Karawaci", "Cimone", 1)
#: Where the identity stands that the robot does not know of.
NOTE = "Catatan"
HEADINGS = (*ROBOT, *(c for c in VOLUNTEER if c is not intake.KELURAHAN), *COORDINATOR, NOTE)

GOOD: Mapping[str, Value] = {
    intake.RECEIVED: "23/11/2026",
    intake.CHANNEL: "Hotline",
    intake.NAME: "Ibu Yati",
    intake.PHONE: "081200001021",
    intake.ADDRESS: "Gg. Mawar no 4",
    intake.CATEGORY: "Jalan",
    intake.DESCRIPTION: "Got mampet di depan musala, air naik ke jalan",
}


def load_words() -> Texts:
    folder = Path(__file__).parent.parent / "templates" / "pesan"
    return Texts({path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))})


WORDS = load_words()
RULES = Rules(
    places=Places([GONDRONG, PETIR, CIMONE], {}),
    categories={"Jalan": Category("Jalan"), "Kesehatan": Category("Kesehatan", sensitive=True)},
    calendar=Calendar(frozenset(range(6)), national=True, joint_leave=True),
    targets={Priority.NORMAL: 6, Priority.URGENT: 3, Priority.EMERGENCY: 1},
    texts=WORDS,
    vocabulary=city_vocabulary(("Jalan", "Kesehatan"), ("Gondrong", "Petir", "Cimone")),
    terms=load_terms(),
    helpers=frozenset(("Hendra Saputra", "Sri Wahyuni")),
)
LANES = {place.code: 0 for place in (GONDRONG, PETIR, CIMONE)}  # in every year


def peoples_cells(rows: Sequence[Sequence[Any]], head: int = 0) -> list[list[Any]]:
    """The cells of each row that are not the robot's, by the headings in this row, without empty ones at the end."""
    mine = [
        [value for at, value in enumerate(row) if at >= len(rows[head]) or rows[head][at] not in ROBOT] for row in rows
    ]
    return [row[: max((at + 1 for at, value in enumerate(row) if value is not None), default=0)] for row in mine]


def complaint(**changes: Value) -> dict[str, Value]:
    """A good row; `changes` by the column's name in lower case (``name="Budi"``)."""
    return {**GOOD, **{getattr(intake, name.upper()): value for name, value in changes.items()}}


def sound(events: Sequence[Event]) -> Journal:
    """A journal of these events that nobody has touched."""
    return Journal(fold(events), last=events[-1].sequence if events else 0)


class Town:
    """One spreadsheet in memory. `now` goes on as a test says; `journal` is what the robot has written."""

    def __init__(self, *titles: str, rules: Rules = RULES) -> None:
        self.tabs: dict[str, list[list[Value]]] = {title: [list(HEADINGS)] for title in titles or ("Gondrong",)}
        self.journal: list[Event] = []
        self.now = TUESDAY
        self.rules = rules
        self.lanes: Mapping[str, int] = LANES
        self.elsewhere = Elsewhere()
        self.locks: tuple[Lock, ...] = ()  # of all tabs
        self._named = 0

    def lane(self, kelurahan: str, year: int) -> int | None:
        return self.lanes.get(kelurahan) if year else None

    # What people do -------------------------------------------------------------------------------------------------

    def type(self, tab: str = "Gondrong", row: Mapping[str, Value] = GOOD, **changes: Value) -> str:
        """Type a row below the last one; returns its identity."""
        self._named += 1
        identity = f"#{self._named}"
        cells = {**row, **{getattr(intake, name.upper()): value for name, value in changes.items()}, NOTE: identity}
        titles = self.titles(tab)
        line: list[Value] = [None] * len(titles)
        for heading, value in cells.items():
            line[titles.index(heading)] = value
        self.tabs[tab].append(line)
        return identity

    def take_in(self, tab: str = "Gondrong", row: Mapping[str, Value] = GOOD, **changes: Value) -> str:
        """The same, and let the robot come."""
        identity = self.type(tab, row, **changes)
        self.sync()
        return identity

    def titles(self, tab: str) -> list[Value]:
        return self.tabs[tab][0]

    def find(self, identity: str) -> tuple[str, int]:
        for title, rows in self.tabs.items():
            for number, row in enumerate(rows[1:], start=1):
                if self._cell(title, row, NOTE) == identity:
                    return title, number
        raise LookupError(identity)

    def set(self, identity: str, column: str, value: Value) -> None:
        title, number = self.find(identity)
        row, at = self.tabs[title][number], self.titles(title).index(column)
        row += [None] * (at + 1 - len(row))
        row[at] = value

    def change(self, identity: str, *, days: int = 0, **changes: Value) -> None:
        """Type into some of its cells, and let the robot come, `days` later."""
        for name, value in changes.items():
            self.set(identity, getattr(intake, name.upper()), value)
        self.sync(days=days)

    def get(self, identity: str, column: str) -> Value:
        title, number = self.find(identity)
        return self._cell(title, self.tabs[title][number], column)

    def sort(self, tab: str, column: str, *, reverse: bool = False) -> None:
        self.tabs[tab][1:] = sorted(
            self.tabs[tab][1:], key=lambda row: str(self._cell(tab, row, column) or "~"), reverse=reverse
        )

    def delete(self, identity: str) -> list[Value]:
        title, number = self.find(identity)
        return self.tabs[title].pop(number)

    def _cell(self, tab: str, row: list[Value], column: str) -> Value:
        at = self.titles(tab).index(column)
        return row[at] if at < len(row) else None

    # What the robot does --------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        return Snapshot(
            "Cipondoh", tuple(Tab(title, title, rows, locks=self.locks) for title, rows in self.tabs.items()), None
        )

    def intake(self) -> Intake:
        return read_intake(self.snapshot().tabs, self.rules.places, "Cipondoh")

    def plan(self) -> Plan:
        examiner = Examiner(self.rules, self.now.date())
        return Reconciliation(self.intake(), sound(self.journal), examiner, self.now, self.lane, self.elsewhere).plan()

    def sync(self, *, days: int = 0) -> Plan:
        """Let the robot do it, `days` later, and check that nothing is left to do."""
        self.now += timedelta(days=days)
        plan = self.plan()
        self.journal += plan.events
        written = self.snapshot().after(Changes(cells=plan.cells))
        self.tabs = {tab.title: [list(row) for row in tab.rows] for tab in written.tabs}
        again = self.plan()
        assert not again, (again.events, again.cells)
        return plan

    # What the operator does -----------------------------------------------------------------------------------------

    def gone(self) -> dict[str, Case]:
        """The cases without a row, by ticket."""
        return {ticket: case for ticket, case in fold(self.journal).items() if not case.present}

    def restore(self, ticket: str, identity: str = "") -> str:
        """Give a case its row back, and note its `identity` beside it; returns the tab."""
        case, intake = fold(self.journal)[ticket], self.intake()
        assert not is_back(case, intake.rows, fold(self.journal))
        tab = tab_for(case, intake.tabs, home=True)
        assert tab is not None
        row = row_of(case, tab, self.rules.places.by_code.get(case.kelurahan))
        written = self.snapshot().after(Changes(appends={tab.title: [row]}))
        self.tabs = {tab.title: [list(row) for row in tab.rows] for tab in written.tabs}
        line, at = self.tabs[tab.title][-1], self.titles(tab.title).index(NOTE)
        line += [None] * (at + 1 - len(line))
        line[at] = identity or None
        return tab.title

    def close(self, ticket: str, reason: str = "pelapor pindah") -> None:
        examiner = Examiner(self.rules, self.now.date())
        last = self.journal[-1].sequence
        self.journal.append(closing(fold(self.journal)[ticket], reason, last + 1, examiner, self.now))

    # What a test looks at -------------------------------------------------------------------------------------------

    def ticket(self, identity: str) -> str:
        return str(self.get(identity, intake.TICKET) or "")

    def check(self, identity: str) -> str:
        return str(self.get(identity, intake.CHECK) or "")


def ticketed(*titles: str, **changes: Value) -> tuple[Town, str, str]:
    """A town with these tabs whose only complaint got its ticket; the complaint's identity, and the ticket."""
    town = Town(*titles)
    identity = town.type(row=complaint(**changes))
    town.sync()
    return town, identity, town.ticket(identity)


def neighbours(**changes: Value) -> tuple[Town, Town, str, str]:
    """Cipondoh with a complaint that got its ticket, and Karawaci, which knows of it; the complaint and the ticket."""
    cipondoh, yati, ticket = ticketed(**changes)
    karawaci = Town("Cimone")
    karawaci.elsewhere = Elsewhere(dict(cipondoh.plan().cases))
    return cipondoh, karawaci, yati, ticket


def three(town: Town) -> dict[str, str]:
    told = [town.type(name=name, phone=f"0812000010{n}") for n, name in enumerate(["Citra", "Ani", "Budi"], start=10)]
    town.sync()
    return {identity: town.ticket(identity) for identity in told}
