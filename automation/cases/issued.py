"""Which tickets were issued, kept, erased or are foreign, where a row and its case alone don't tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from automation.cases.elsewhere import Elsewhere
from automation.cases.events import Spoiled
from automation.cases.journal import Case
from automation.cases.likeness import MOST, likeness
from automation.model.tickets import Ticket, highest, lane_key
from automation.reading.tabs import Row
from automation.tables.intake import TICKET


class Issued:
    """`cases` are the spreadsheet's own as they stand when it is asked, `spoiled` what its journals tell besides."""

    def __init__(self, cases: Mapping[str, Case], elsewhere: Elsewhere, spoiled: Spoiled) -> None:
        self._cases, self._elsewhere, self._spoiled = cases, elsewhere, spoiled
        self._kept: set[str] = set()  # tickets that a row keeps although its case is unknown here
        self._highest: Mapping[tuple[int, str, int], str] | None = None

    def is_erased(self, ticket: str) -> bool:
        """Whether no words are kept of it, wherever its row stands now."""
        if ticket in self._spoiled.erased:
            return True
        told = (self._cases.get(ticket), self._elsewhere.cases.get(ticket))
        return any(case.erased for case in told if case is not None)

    def without_row(self, shown: Collection[str], frozen: Collection[str]) -> list[Case]:
        """The erased cases whose row is gone: of the tickets that rows `shown` none is theirs."""
        erased = (case for case in self._cases.values() if case.erased and case.present and case.tab not in frozen)
        return [case for case in erased if case.ticket not in shown]

    def orphaned(self, row: Row) -> str | None:
        """The ticket that a row shows, if it was issued and no journal tells to whom: an event of it was spoiled, or it
        is not above the highest that is noted beside the journals. The first row that is asked about keeps it."""
        ticket = row.ticket_text
        if not ticket or ticket in self._kept or ticket in self._cases or ticket in self._elsewhere.cases:
            return None
        if ticket not in self._spoiled.tickets and not self._is_below_highest(ticket):
            return None
        self._kept.add(ticket)
        return ticket

    def keeps(self, row: Row, known: Case) -> bool:
        """Whether a row keeps the ticket that it shows until another spreadsheet, whose case it is, can be read: one
        row, if it says much the same."""
        keeps = row.ticket_text == known.ticket and known.ticket not in self._kept
        keeps = keeps and likeness(row.people, known.content) >= MOST
        self._kept.update({known.ticket} if keeps else ())
        return keeps

    def foreign(self, row: Row, ticket: str) -> str:
        """What people have written where the row's `ticket` belongs, if that is no ticket of ours."""
        if row.robot[0] == ticket or row.tab.refuses(row.number, TICKET):  # or it can't be put right
            return ""
        written = row.ticket_text
        ours = written == ticket or written in self._cases or written in self._elsewhere.cases
        return "" if ours else written

    def _is_below_highest(self, ticket: str) -> bool:
        if str(Ticket.parse(ticket)) != ticket:
            return False
        if self._highest is None:
            self._highest = highest(self._spoiled.tickets)
        top = self._highest.get(lane_key(ticket))
        return top is not None and (len(ticket), ticket) <= (len(top), top)
