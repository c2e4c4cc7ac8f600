"""Which tickets were issued, kept or erased, or are foreign, where a row and its case alone don't tell; and new
tickets: each new complaint becomes a case with the next number of its kelurahan and year."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from automation.cases.copies import Journal
from automation.cases.elsewhere import Elsewhere
from automation.cases.event_details import facts_in
from automation.cases.examiner import Examiner
from automation.cases.journal import Case
from automation.cases.likeness import MOST, distinctive, similarity, traits
from automation.cases.plausible import ROWS_ABOVE, is_doubtful
from automation.model.complaint import Complaint, Status
from automation.model.places import Kelurahan
from automation.model.tickets import Numbers, Ticket, highest, is_exact, lane_key
from automation.reading.tabs import Place, Row, identity_of
from automation.tables.intake import CHECK, ROBOT, TICKET

_CHECK = ROBOT.index(CHECK)


class Issued:
    """`journal` is the spreadsheet's own, with its cases as they stand when it is asked."""

    def __init__(self, journal: Journal, elsewhere: Elsewhere, examiner: Examiner) -> None:
        self._journal, self._elsewhere, self._examiner = journal, elsewhere, examiner
        self._cases: Mapping[str, Case] = journal.cases
        self._kept: set[str] = set()  # tickets that a row keeps although its case is unknown here
        self._highest: Mapping[tuple[int, str, int], str] | None = None

    def is_erased(self, ticket: str) -> bool:
        """Whether no words of the ticket's case are kept, wherever its row stands now."""
        if ticket in self._journal.erased:
            return True
        told = (self._cases.get(ticket), self._elsewhere.cases.get(ticket))
        return any(case.erased for case in told if case is not None)

    def erased_rows(self, rows: Sequence[Row]) -> tuple[set[int], set[int]]:
        """The indexes of the rows that belong to erased cases, known by their ticket alone; and of the other rows with
        such a ticket, beside which it was pasted or landed: but those that are like another case are as if they showed
        none. One row with a ticket belongs to its case: best one without all the words of another case, with the same
        facts, in the same tab. A row with all the words of another case never does, if that case's ticket is shown by
        no such row."""
        found: dict[str, list[tuple[bool, bool, int]]] = {}
        for index, row in enumerate(rows):
            if self.is_erased(row.ticket_text) and not self._tells_of_another(row):
                case = self._cases.get(row.ticket_text)
                other = (
                    case is None or facts_in(row, self._examiner) != case.content,
                    case is None or row.tab.title != case.tab,
                )
                found.setdefault(row.ticket_text, []).append((*other, index))
        if not found:
            return set(), set()
        said_by = ((identity_of(case.content), ticket) for ticket, case in self._cases.items() if not case.erased)
        # A case whose row has moved to another spreadsheet may have lost its words, too.
        told = {who: ticket for who, ticket in said_by if distinctive(who)}
        shown = {(identity_of(row.people), row.ticket_text) for row in rows}
        said = {index: identity_of(rows[index].people) for places in found.values() for *_, index in places}
        others = {index for index, who in said.items() if who in told and (who, told[who]) not in shown}
        theirs = ([place for place in places if place[-1] not in others] for places in found.values())
        own = {min(places, key=lambda place: (said[place[-1]] in told, *place))[-1] for places in theirs if places}
        return own, {index for index in said.keys() - own if not self._is_like_another(rows[index])}

    def _tells_of_another(self, row: Row) -> bool:
        """Whether a row shows the ticket of an erased case that has no row here, but is a third case's row or a copy of
        it, beside which the ticket was pasted. A row with the erased case's facts must tell all that the third does,
        unless the erased one surely stands elsewhere."""
        case = self._cases.get(row.ticket_text)
        if case is not None and case.present:
            return False
        other = self._elsewhere.cases.get(row.ticket_text)
        stands, known = other is not None and other.present and self._elsewhere.is_certain(other), case or other
        fits = known is not None and not stands and facts_in(row, self._examiner) == known.content
        return self._is_like_another(row, exactly=fits)

    def _is_like_another(self, row: Row, *, exactly: bool = False) -> bool:
        """Whether a row with an erased ticket tells all that another case does, here or elsewhere; or, unless it must
        be `exactly` that, the same description with the name or the phone."""
        who, told = identity_of(row.people), {*(() if exactly else traits(row.people))}
        cases = (*self._cases.values(), *self._elsewhere.cases.values()) if distinctive(who) else ()
        others = (one.content for one in cases if not one.erased and one.ticket != row.ticket_text)
        return any(identity_of(one) == who or not told.isdisjoint(traits(one)) for one in others)

    def erased_original(self, row: Row) -> str | None:
        """The erased ticket of whose row `Pemeriksaan` calls a row a copy, while it has that case's facts: the words by
        which it was known are gone."""
        for found in re.finditer(r"RR-[-\d]+", str(row.robot[_CHECK])):
            case = self._cases.get(found[0]) or self._elsewhere.cases.get(found[0])
            erased = case is not None and self.is_erased(case.ticket)
            if case and erased and identity_of(facts_in(row, self._examiner)) == identity_of(case.content):
                return case.ticket
        return None

    def without_row(self, shown: Collection[str], frozen: Collection[str]) -> list[Case]:
        """The erased cases whose row is gone: none with a ticket of `shown`, and none whose tab is `frozen`."""
        present = (case for case in self._cases.values() if case.present and case.tab not in frozen)
        return [case for case in present if case.ticket not in shown and self.is_erased(case.ticket)]

    def orphaned(self, row: Row) -> str | None:
        """The ticket that a row shows, if it was issued and no journal tells to which row: its event was spoiled, or
        its number is not above the highest noted beside the journals. The first row that is asked about keeps it. None
        also if it may belong to a case that was put away: then the row was copied from there."""
        ticket = row.ticket_text
        if not ticket or ticket in self._kept or ticket in self._cases or ticket in self._elsewhere.cases:
            return None
        if ticket not in self._journal.tickets and not self._is_below_highest(ticket):
            return None
        number = Ticket.parse(ticket)
        if number and number.year <= self._journal.ended and ticket not in self._journal.running:
            return None
        self._kept.add(ticket)
        return ticket

    def keeps(self, row: Row, known: Case) -> bool:
        """Whether a row keeps the ticket that it shows until the spreadsheet of its case can be read again: one row
        does, if most of the case's content is left in it."""
        keeps = row.ticket_text == known.ticket and known.ticket not in self._kept
        keeps = keeps and similarity(row.people, known.content) >= MOST
        self._kept.update({known.ticket} if keeps else ())
        return keeps

    def foreign(self, row: Row, ticket: str) -> str:
        """What people have written in the cell where the row's `ticket` belongs, unless it is a ticket of ours."""
        if row.robot[0] == ticket or row.tab.refuses(row.number, TICKET):  # or it can't be put right
            return ""
        written = row.ticket_text
        ours = written == ticket or written in self._cases or written in self._elsewhere.cases
        return "" if ours else written

    def _is_below_highest(self, ticket: str) -> bool:
        if not is_exact(ticket):
            return False
        if self._highest is None:
            self._highest = highest(self._journal.tickets)
        top = self._highest.get(lane_key(ticket))
        return top is not None and (len(ticket), ticket) <= (len(top), top)


class NewCases:
    """The new `cases` whose tickets are not journalled yet, with their rows; and by tab the `doubtful` ones, whose day
    of receipt is asked about. `rows` are all rows of the spreadsheet, in order; `examiner` reads them."""

    def __init__(self, rows: Sequence[Row], numbers: Numbers, examiner: Examiner, now: datetime) -> None:
        self.cases: list[tuple[Row, Case, Complaint]] = []
        self.doubtful: dict[str, list[Case]] = defaultdict(list)
        self._rows, self._numbers, self._examiner, self._now = rows, numbers, examiner, now
        self._at: dict[Place, int] = {}

    def open(self, row: Row, complaint: Complaint, received: date, place: Kelurahan, ticket: str | None) -> Case | None:
        """A case for a new complaint, which keeps its `ticket` if only the journal of that was spoiled. None while its
        kelurahan has no numbers to issue."""
        doubtful = ticket is None and self._is_doubtful(row, complaint, received)
        counted = self._now.date() if doubtful else received
        ticket = ticket or self._numbers.next(place.code, counted.year)
        if ticket is None:
            return None
        case = Case(ticket, self._now, row.people, row.tab.title, counted, place.code)
        case.statuses.append((self._now, complaint.status or Status.NEW))
        self.cases.append((row, case, complaint))
        if doubtful:
            case.doubted = received
            self.doubtful[case.tab].append(case)
        return case

    def _is_doubtful(self, row: Row, complaint: Complaint, received: date) -> bool:
        """Whether a row's day of receipt is asked about. Not if the case comes closed, which harms nobody, or if
        somebody vouches for the day; but always if the day has yet to come."""
        today = self._now.date()
        if received <= today and (complaint.date_right or (complaint.status or Status.NEW).closed):
            return False
        self._at = self._at or {one.place: at for at, one in enumerate(self._rows)}
        above = self._rows[max(0, self._at[row.place] - ROWS_ABOVE) : self._at[row.place]]
        days = (self._examiner.row(one).received for one in reversed(above) if one.tab is row.tab)
        return is_doubtful(received, today, self._examiner.rules.old_after_days, days)
