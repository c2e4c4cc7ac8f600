"""Whatever people do to the rows, in whatever order: what must always hold, as a state machine.

The robot can't see the identity that each complaint carries in the people's own column.
"""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from automation.cases.events import EventKind
from automation.model.complaint import Status
from automation.tables import intake
from automation.tables.intake import COORDINATOR, ROBOT, VOLUNTEER
from tests.examples import examples
from tests.town import HEADINGS, NOTE, Town

NAMES = ("Ani", "Budi", "Citra", "Dedi", "Euis", "Fajar")
WORDS = ("lampu jalan mati total", "got mampet di depan", "sampah menumpuk lama", "jalan berlubang dalam")
TABS = ("Gondrong", "Petir")
PEOPLES = frozenset({*(str(c) for c in (*VOLUNTEER, *COORDINATOR)), NOTE})


class PeopleAndRobot(RuleBasedStateMachine):
    complaints = Bundle("complaints")

    def __init__(self) -> None:
        super().__init__()
        self.town = Town(*TABS)
        self.tickets: dict[str, str] = {}  # identity to the ticket that was issued for it
        self.cut: list[list[object]] = []
        self.copied: set[str] = set()
        self.count = 0

    @rule(target=complaints, tab=st.sampled_from(TABS), name=st.sampled_from(NAMES), words=st.sampled_from(WORDS))
    def type_a_complaint(self, tab: str, name: str, words: str) -> str:
        self.count += 1
        return self.town.type(
            tab, name=f"{name} {self.count}", phone=f"0812{self.count:08}", description=f"{words} {self.count}"
        )

    @rule(tab=st.sampled_from(TABS), column=st.sampled_from(HEADINGS), reverse=st.booleans())
    def sort(self, tab: str, column: str, reverse: bool) -> None:
        if column in self.town.titles(tab):
            self.town.sort(tab, column, reverse=reverse)

    @rule(tab=st.sampled_from(TABS), at=st.integers(1, 4))
    def insert_a_row(self, tab: str, at: int) -> None:
        self.town.tabs[tab].insert(at, [])

    @rule(complaint=complaints, column=st.sampled_from([intake.PHONE, intake.ADDRESS]), value=st.integers(0, 9))
    def correct(self, complaint: str, column: str, value: int) -> None:
        if self.stands(complaint):
            self.town.set(complaint, column, f"08579999000{value}")

    @rule(complaint=complaints, text=st.sampled_from(["", "RR-1", "RR-260504-0001-3", "x"]))
    def write_over_the_ticket(self, complaint: str, text: str) -> None:
        """Except where a copy stands: once its ticket or its row is gone, the copy is what was ticketed, to anybody who
        looks."""
        if self.stands(complaint) and complaint not in self.copied:
            self.town.set(complaint, intake.TICKET, text or None)

    @rule(complaint=complaints, status=st.sampled_from(["Selesai", "Menunggu Pelapor", "Ditindaklanjuti", ""]))
    def set_the_status(self, complaint: str, status: str) -> None:
        if self.stands(complaint):
            self.town.set(complaint, intake.STATUS, status)

    @rule(complaint=complaints, parent=complaints, junk=st.sampled_from(["", "", "RR-1", "RR-260504-0099-9"]))
    def write_a_parent(self, complaint: str, parent: str, junk: str) -> None:
        """In circles too, and sometimes the complaint itself."""
        if self.stands(complaint) and self.stands(parent):
            self.town.set(complaint, intake.PARENT, junk or self.town.ticket(parent))

    @rule(complaint=complaints)
    def cut_a_row(self, complaint: str) -> None:
        if self.stands(complaint) and complaint not in self.copied:
            self.cut.append(self.town.delete(complaint))  # type: ignore[arg-type]

    @rule(tab=st.sampled_from(TABS))
    def paste_a_row(self, tab: str) -> None:
        if self.cut:
            self.town.tabs[tab].append(self.cut.pop())  # type: ignore[arg-type]

    @rule(target=complaints, complaint=complaints, with_ticket=st.booleans())
    def copy_a_row(self, complaint: str, with_ticket: bool) -> str:
        """A copy is another row; it becomes a complaint of its own when somebody changes it. Had the robot not seen
        which of the two was there first, nobody could tell them apart."""
        if not self.stands(complaint):
            return complaint
        self.the_robot_comes(0)
        tab, number = self.town.find(complaint)
        copy = [*self.town.tabs[tab][number]]
        self.count += 1
        self.copied.add(complaint)
        copy[self.town.titles(tab).index(NOTE)] = f"copy {self.count}"
        if not with_ticket:
            copy[: len(ROBOT)] = [None] * len(ROBOT)
        self.town.tabs[tab].append(copy)
        self.the_robot_comes(0)
        return f"copy {self.count}"

    @rule(complaint=consumes(complaints))
    def delete(self, complaint: str) -> None:
        if self.stands(complaint):
            self.town.delete(complaint)

    @rule(target=complaints, which=st.integers(0, 9))
    def restore_a_row(self, which: int) -> str:
        """The operator gives a deleted row back. (One that somebody still holds cut is theirs to paste.)"""
        self.the_robot_comes(0)
        held = {identity for identity in map(self.identity_of, self.cut) if identity}
        deleted = [
            (identity, ticket)
            for identity, ticket in self.tickets.items()
            if ticket in self.town.gone() and identity not in held and not self.stands(identity)
        ]
        if not deleted:
            return "nobody"
        identity, ticket = deleted[which % len(deleted)]
        self.town.restore(ticket, identity)
        self.the_robot_comes(0)
        assert self.town.ticket(identity) == ticket, "the row that was given back is another case"
        assert ticket not in self.town.gone()
        return identity

    @rule(which=st.integers(0, 9))
    def close_without_a_row(self, which: int) -> None:
        self.the_robot_comes(0)
        running = [ticket for ticket, case in self.town.gone().items() if not case.status.closed]
        if running:
            ticket = running[which % len(running)]
            self.town.close(ticket)
            self.the_robot_comes(0)
            assert self.town.gone()[ticket].status is Status.UNRESOLVED

    @rule(days=st.integers(0, 3))
    def the_robot_comes(self, days: int) -> None:
        mine = self.of_people()
        self.town.sync(days=days)
        assert self.of_people() == mine, "a cell that a person owns was changed"
        for identity in self.identities():
            ticket = self.town.ticket(identity)
            if ticket and not identity.startswith("copy"):
                assert self.tickets.setdefault(identity, ticket) == ticket, "a ticket left its complaint"
        shown = [ticket for identity in self.identities() if (ticket := self.town.ticket(identity))]
        assert len(shown) == len(set(shown)), "a ticket stands beside two rows"

    @invariant()
    def no_number_is_issued_twice(self) -> None:
        issued = [event.ticket for event in self.town.journal if event.kind is EventKind.ISSUED]
        assert len(issued) == len(set(issued))

    @invariant()
    def nothing_vanishes_silently(self) -> None:
        known = {event.ticket for event in self.town.journal}
        assert set(self.tickets.values()) <= known

    def stands(self, identity: str) -> bool:
        return identity in self.identities()

    def identities(self) -> list[str]:
        found = []
        for tab, rows in self.town.tabs.items():
            at = self.town.titles(tab).index(NOTE)
            found += [str(row[at]) for row in rows[1:] if at < len(row) and row[at]]
        return found

    def identity_of(self, row: list[object]) -> str:
        at = self.town.titles(TABS[0]).index(NOTE)
        return str(row[at] or "") if at < len(row) else ""

    def of_people(self) -> list[list[object]]:
        """What people typed, tab by tab; empty rows at the end of one are no rows."""
        result: list[list[object]] = []
        for tab, rows in self.town.tabs.items():
            at = [i for i, title in enumerate(self.town.titles(tab)) if title in PEOPLES]
            typed: list[list[object]] = [[row[i] if i < len(row) else None for i in at] for row in rows]
            while typed and not any(typed[-1]):
                typed.pop()
            result += typed
        return result


TestPeopleAndRobot = PeopleAndRobot.TestCase
TestPeopleAndRobot.settings = settings(examples(60), stateful_step_count=30)
