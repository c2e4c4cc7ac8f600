"""A citizen's request: what is held about a person and where, and to hold it no more.

An event ERASED is written to the second copy first. Every cycle from then on takes that ticket's words out of whatever
it can read: of both journals, of Rekap and Perbaikan. The person's own row is people's: the robot only asks for it to
be emptied, unless a person asked for exactly that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from automation.cases.codec import Damaged, Decoder, signed
from automation.cases.erasure import without_words
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.journal import Case
from automation.cycle import second_copy
from automation.cycle.commit import commit
from automation.cycle.gone import GoneCases
from automation.model.cells import CellWrite, Tab
from automation.model.tickets import nearest
from automation.reading.phones import read_phones
from automation.reading.tabs import Intake
from automation.sheets.port import Changes, Snapshot
from automation.tables import intake
from automation.tables.intake import PEOPLE
from automation.tables.kendali import REGISTER, REPAIRS
from automation.tables.table import Nature
from automation.trouble import Trouble, WorkbookError

_WORDS = tuple(column for column in PEOPLE if column.nature is Nature.WORDS)


@dataclass(frozen=True, slots=True)
class Held:
    """Where something is held of a ticket: a spreadsheet, a tab, and a row of it (from 1), or how many rows."""

    spreadsheet: str
    tab: str
    row: int | None = None
    rows: int | None = None


class Erasing:
    """As the cases stand after a cycle. Raises what `GoneCases` raises."""

    def __init__(self, cases: GoneCases) -> None:
        self._gone = cases
        self._cases = cases.registry.cases()

    def of_phone(self, written: str) -> list[str]:
        """The tickets of cases with this telephone number, as far as it is still known. Raises `Trouble` for what is no
        number."""
        numbers = set(read_phones(written).numbers)
        if not numbers:
            raise Trouble("operator.pakai.telepon", tertulis="-")
        at = PEOPLE.index(intake.PHONE)
        told = ((ticket, read_phones(case.content[at]).numbers) for ticket, (_, case) in self._cases.items())
        return [ticket for ticket, found in told if numbers.intersection(found)]

    def held(self, ticket: str) -> Iterator[Held]:
        """Where words of a ticket stand, by place and not by what they say."""
        self._find(ticket)
        for source in self._gone.workbooks:
            try:
                seen = self._gone.read(source)
            except WorkbookError:
                continue  # told by the cycle
            for row in self._gone.intake(seen).rows:
                if row.ticket_text == ticket and any(row.people[PEOPLE.index(column)] is not None for column in _WORDS):
                    yield Held(seen.name, row.tab.title, row.number + 1)
            if count := _told(seen.tab(JOURNAL), 0)[ticket]:
                yield Held(seen.name, JOURNAL, rows=count)
        kendali = self._gone.snapshot
        if count := _told(kendali.tab(JOURNAL), 1)[ticket]:
            yield Held(kendali.name, JOURNAL, rows=count)
        for title in (REGISTER, REPAIRS):
            for number, cells in enumerate(kendali.rows(title), start=1):
                if any(ticket in str(cell) for cell in cells):
                    yield Held(kendali.name, str(title), number)

    def erase(self, ticket: str, reason: str) -> bool:
        """Let the second copy say that no words of a ticket are kept; the next cycles do the rest. Returns whether that
        was not said before."""
        source, case = self._find(ticket)
        gone = self._gone
        if ticket in gone.registry.erased:
            return False

        def wanted(seen: Snapshot) -> Changes:
            gone.registry.refresh(seen)
            event = Event(
                gone.registry.last_sequence(source) + 1, gone.now, case.ticket, EventKind.ERASED, {"sebab": reason}
            )
            told = ticket in gone.registry.erased
            return second_copy.added(seen, [] if told else [second_copy.row_of(source, signed(event))])

        commit(gone.kendali, gone.snapshot, wanted)
        return True

    def empty_rows(self, ticket: str) -> list[Held]:
        """Empty the cells of people's words in every row that shows a ticket; returns where that was."""
        done: list[Held] = []
        for source, workbook in self._gone.workbooks.items():
            try:
                seen = self._gone.read(source)
            except WorkbookError:
                continue
            places = [
                (row.tab.title, row.number + 1) for row in self._gone.intake(seen).rows if row.ticket_text == ticket
            ]
            commit(workbook, seen, lambda now: Changes(cells=_emptied(now, self._gone.intake(now), ticket)))
            done += [Held(seen.name, *place) for place in places]
        return done

    def _find(self, ticket: str) -> tuple[str, Case]:
        if ticket not in self._cases:
            near = nearest(ticket, self._cases)
            raise Trouble("kasus.asing-mirip" if near else "kasus.asing", tiket=ticket, mirip=near)
        return self._cases[ticket]


def _told(journal: Tab | None, first: int) -> Counter[str]:
    """By ticket how many rows of a journal hold words; its events begin at the column `first`."""
    decoder, told = Decoder(), Counter[str]()
    for row in journal.rows if journal is not None else ():
        event = decoder.decode(row[first:])
        if isinstance(event, Damaged) or (event is not None and without_words(event) is not event):
            told[event.ticket] += 1
    return told


def _emptied(seen: Snapshot, found: Intake, ticket: str) -> list[CellWrite]:
    tabs = {tab.key: tab for tab in seen.tabs}
    return [
        cell
        for row in found.rows
        if row.ticket_text == ticket
        for cell in tabs[row.tab.key].lacks(
            row.number, ((row.tab.headings.columns[one], None) for one in _WORDS if one in row.tab.headings.columns)
        )
    ]
