"""Which row is which case.

People sort, insert, delete, copy, cut and paste. Only a row's ticket and its content together tell which case it is.
The rules are applied in this order; once a rule has paired a row or a case, later rules don't consider it.

1. **Ticket and content agree**: the row is the case. Of several such rows the first one in the tab where the case was
   last seen is the original.
2. **The ticket agrees, and half of the content**: the row was edited. Not so if its content is exactly that of another
   case, or if another row has exactly the content for which the ticket was issued and this row differs in more than one
   column: then the ticket was misplaced. Of several rows with one ticket the most similar keeps it. Its day and two
   more columns differ, and a row without a ticket differs in one, which is neither day nor description: misplaced, too.
3. **The content agrees, the ticket does not**: the row is the case. Its ticket was cleared, overwritten, or left behind
   when rows were moved; it comes back, wherever the row stands now. This also brings back a row that was gone.
4. **The content is that of a case that has its row already**, or may have it in a tab that can't be read now: the row
   is a copy. It gets no ticket until it differs, or until that tab can be read and the row is not there (rule 3). This
   rule is applied once more at the end, because of the rows that rules 5 to 8 have paired.
5. **The description agrees, and the name or the phone**, with one case only: it was edited and its ticket cleared.
6. **Nearly all of the content agrees, and the row shows no ticket that is its own** (a row with another telephone, or
   none, and another description is the next complaint of the same house). If it shows none, it is the case of a ticket
   that another row shows without being that case. If it shows one whose case has no row, or a row that does not show
   it, it is a case without a row, whose own ticket was covered.
7. **The ticket agrees, and some of the content**: the row was edited thoroughly. If nothing of the old name, phone,
   address and description is left, or less than most and not the day, it was reused for another complaint. If less than
   most is left, and the row has nearly all of another case's content, it is a changed copy of that one.
8. **The program wrote over the ticket** a moment ago, because rows moved during the write, and nobody can tell which
   ticket was meant (see `own_writes`): the row is the case without a row of whose content most is left.

Any row that is left is a new complaint, and any case that is left has lost its row.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import ne

from automation.cases.journal import Case
from automation.cases.likeness import MOST, closest, distinctive, most_left, most_of, nearby, nearly, similarity, traits
from automation.model.cells import Value
from automation.reading.tabs import Row, identity_of
from automation.tables.intake import POSITION, RECEIVED

Pair = tuple[int, str]  # a row's index, and its ticket


class Matching:
    """Pairs each row that is not blank with its case by the rules above.

    - `pairs`: cases by row index; `disagreeing`: indexes of pairs whose ticket and content did not agree
    - `copies`: row index to the ticket of the original; `unmatched`: row indexes of new complaints

    Cases last seen in a tab of `frozen`, which can't be read now, are neither gone nor looked for elsewhere, unless a
    readable row carries their ticket and their content: then the row has been moved. `overwritten` are the indexes of
    rows whose ticket the program may have overwritten in this cycle, that of `now` (rule 8).
    """

    def __init__(
        self,
        rows: Sequence[Row],
        cases: Mapping[str, Case],
        frozen: Collection[str],
        overwritten: Collection[int],
        now: datetime,
    ) -> None:
        self.rows, self.cases, self.frozen = rows, cases, frozenset(frozen)
        self.row_of: dict[str, int] = {}  # by ticket
        self.copies: dict[int, str] = {}
        self.unmatched: list[int] = []
        self.pair_agreeing_rows()  # rule 1, which settles nearly every row
        agreeing = {*self.row_of.values()}
        if self.unmatched:
            self.pair(self.edited())
            self.pair(self.without_their_ticket())
            self.set_copies_aside()
            self.pair(self.edited_without_ticket())
            self.pair(self.with_a_misplaced_ticket())
            self.pair(self.edited_thoroughly())
            self.pair(self.overwritten(overwritten, now))
            self.set_copies_aside()
        self.pairs = {index: self.cases[ticket] for ticket, index in self.row_of.items()}
        self.disagreeing = [*self.pairs.keys() - agreeing]

    def pair(self, found: Iterable[Pair]) -> None:
        """Record the pairs that a rule has found, so that later rules don't consider them."""
        pairs = dict(found)
        self.row_of.update((ticket, index) for index, ticket in pairs.items())
        self.unmatched = [index for index in self.unmatched if index not in pairs]

    def gone(self) -> list[Case]:
        """Cases that had a row when last seen, and have none now as far as can be read."""
        return [case for case in self._rowless() if case.present]

    def _rowless(self) -> list[Case]:
        """Cases without a row, except those whose row may stand in a tab that can't be read."""
        return [case for case in self.cases.values() if case.ticket not in self.row_of and not self._hidden(case)]

    def _hidden(self, case: Case) -> bool:
        return case.present and case.tab in self.frozen

    def pair_agreeing_rows(self) -> None:
        """Rule 1."""
        for index, row in enumerate(self.rows):
            if row.blank:
                continue
            case = self.cases.get(row.ticket_text)
            if case is None or identity_of(row.people) != identity_of(case.content):
                self.unmatched.append(index)
                continue
            first = self.row_of.setdefault(case.ticket, index)
            if row.tab.title == case.tab != self.rows[first].tab.title:
                self.row_of[case.ticket] = index
                self.unmatched.append(first)
            elif first != index:
                self.unmatched.append(index)
        self.unmatched.sort()

    def edited(self) -> Iterator[Pair]:
        """Rule 2."""
        identities = {index: identity_of(self.rows[index].people) for index in self.unmatched}
        shown = set(filter(distinctive, identities.values()))
        others = {identity_of(case.content) for case in self.cases.values() if case.ticket not in self.row_of}
        claims = self._claims(index for index, identity in identities.items() if identity not in others)
        free = {index for index in identities if self.rows[index].ticket_text not in self.cases}
        for index, case, left in claims:
            if left >= most_of(case.content) + (identity_of(case.content) in shown):
                best = self._of_its_day(index, case, free)
                free.discard(best)
                yield best, case.ticket

    def _of_its_day(self, index: int, case: Case, free: Collection[int]) -> int:
        """The row that shows the case's ticket; if its day and two more columns differ, the one of the `free` rows that
        is of the case's day and tells the same but for one column, if there is one."""
        told, tells, row = identity_of(case.content), {*traits(case.content)}, identity_of(self.rows[index].people)
        if row[-1] == told[-1] or sum(map(ne, row, told)) < 3:  # as people correct a row
            return index
        alike = ((identity_of(people), at) for at in free if tells & {*traits(people := self.rows[at].people)})
        near = ((sum(map(ne, row, told)), at) for row, at in alike if row[-1] == told[-1])
        return min((one for one in near if one[0] < 2), default=(0, index))[1]

    def without_their_ticket(self) -> Iterator[Pair]:
        """Rule 3. Of several cases with the same content, those that had a row come first, then the oldest; of several
        rows, those in a tab where such a case was last seen."""
        waiting: dict[tuple[Value, ...], list[Case]] = defaultdict(list)
        for case in self._rowless():
            identity = identity_of(case.content)
            if distinctive(identity):
                waiting[identity].append(case)
        homes = {(case.tab, identity) for identity, cases in waiting.items() for case in cases}
        told = ((index, self.rows[index], identity_of(self.rows[index].people)) for index in self.unmatched)
        for index, row, identity in sorted(told, key=lambda one: (one[1].tab.title, one[2]) not in homes):
            if candidates := waiting.get(identity):
                best = min(candidates, key=lambda case: (case.ticket != row.ticket_text, not case.present))
                candidates.remove(best)
                yield index, best.ticket

    def set_copies_aside(self) -> None:
        """Rule 4."""
        identities = {index: identity_of(self.rows[index].people) for index in self.unmatched}
        sought = set(filter(distinctive, identities.values()))
        stand = {case.ticket: case.content for case in self.cases.values() if self._hidden(case)}
        stand |= {ticket: self.rows[index].people for ticket, index in self.row_of.items()}
        originals: dict[tuple[Value, ...], str] = {}
        for ticket, people in stand.items():
            identity = identity_of(people)
            if identity in sought:
                originals[identity] = min(ticket, originals.get(identity, ticket))  # of several the oldest
        copies = {index: originals[identity] for index, identity in identities.items() if identity in originals}
        self.copies |= copies
        self.unmatched = [index for index in self.unmatched if index not in copies]

    def edited_without_ticket(self) -> Iterator[Pair]:
        """Rule 5."""
        by_trait: dict[object, list[Case]] = defaultdict(list)
        for case in self._rowless():
            for trait in traits(case.content):
                by_trait[trait].append(case)
        found: set[str] = set()
        for index in self.unmatched:
            alike = {case.ticket for trait in traits(self.rows[index].people) for case in by_trait.get(trait, ())}
            alike -= found
            if len(alike) == 1:
                found |= alike
                yield index, alike.pop()

    def with_a_misplaced_ticket(self) -> Iterator[Pair]:
        """Rule 6."""
        claimed = {self.rows[index].ticket_text for index in self.unmatched} & self.cases.keys() - self.row_of.keys()
        gone = {case.ticket for case in self.gone()}
        near = nearby((ticket, self.cases[ticket].content) for ticket in claimed | gone)

        def candidates(row: Row) -> Iterable[str]:
            """The cases that a row may be."""
            if (ticket := row.ticket_text) not in self.cases:
                return near(row.people) & claimed
            at = self.row_of.get(ticket)
            return () if at is not None and self.rows[at].ticket_text == ticket else near(row.people) & gone

        return closest(
            (left, index, ticket)
            for index in self.unmatched
            for ticket in candidates(self.rows[index])
            if (left := nearly(self.rows[index].people, self.cases[ticket].content))
        )

    def edited_thoroughly(self) -> Iterator[Pair]:
        """Rule 7."""
        day, claims = POSITION[RECEIVED], [*self._claims(self.unmatched)]
        near = nearby((case.ticket, case.content) for case in self.cases.values() if claims)
        for index, case, left in claims:
            same_day = (row := self.rows[index]).people[day] == case.content[day]
            if left >= MOST or (left and same_day and not self._is_of_another(row, case, near(row.people))):
                yield index, case.ticket

    def overwritten(self, overwritten: Collection[int], now: datetime) -> Iterable[Pair]:
        """Rule 8, for cases that had a row at the beginning of this cycle; the most similar first."""
        indexes = [index for index in self.unmatched if index in overwritten]
        if not indexes:
            return ()
        readable = (case for case in self._rowless() if case.tab not in self.frozen)
        had_a_row = [case for case in readable if case.present or case.last_event_at == now]
        return closest(
            (left, index, case.ticket)
            for index in indexes
            for case in had_a_row
            if (left := most_left(self.rows[index].people, case.content))
        )

    def _claims(self, indexes: Iterable[int]) -> Iterator[tuple[int, Case, float]]:
        """For each case without a row whose ticket one of these rows shows: the row most like it, and how much."""
        claims: dict[str, list[int]] = defaultdict(list)
        for index in indexes:
            ticket = self.rows[index].ticket_text
            if ticket in self.cases and ticket not in self.row_of:
                claims[ticket].append(index)
        for ticket, claimants in claims.items():
            case = self.cases[ticket]
            left, _, last = max(
                (similarity(self.rows[index].people, case.content), self.rows[index].tab.title == case.tab, -index)
                for index in claimants
            )
            yield -last, case, left

    def _is_of_another(self, row: Row, case: Case, near: Iterable[str]) -> bool:
        """Whether a row is nearly all of a case, of those `near`, other than the one whose ticket it shows: a changed
        copy of a row whose ticket had been written over."""
        others = (self.cases[ticket].content for ticket in near if ticket != case.ticket)
        alike = (other for other in others if similarity(row.people, other) > MOST)
        day = identity_of(row.people)[-1]
        return any(distinctive(told := identity_of(other)) and told[-1] == day for other in alike)
