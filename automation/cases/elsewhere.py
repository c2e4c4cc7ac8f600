"""Rows that have come from another spreadsheet, with their ticket or without.

A row that matches no case here is a case of another spreadsheet if

1. its ticket is that case's and **some of its content is left**, provided that the case's row is gone from there: the
   row was moved here, unless it says exactly what another case does. While the row still stands there, nearly all must
   be left: then this one is a copy. With less, somebody has used a row as a pattern for another complaint.
2. or **all of its content is that case's**: it was moved or copied, and its ticket was lost.
3. or its ticket was **overwritten by the program** a moment ago (see `own_writes`), or `Pemeriksaan` calls it a copy of
   that case; its description and its name or phone are those of that case and of no other; and the case's row is gone
   from there. Then it was corrected and moved after that spreadsheet was read.

If the other spreadsheet has not been read yet in this cycle, nobody knows whether the row still stands there: until
then the row here is left as it is. If that spreadsheet (or the tab) can't be read at all, the row is called a copy, and
keeps its ticket if most of its content is left (of several such rows, the first keeps it).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from automation.cases.journal import Case
from automation.cases.likeness import MOST, Trait, distinctive, most_left, similarity, traits
from automation.model.cells import Value
from automation.model.tickets import Ticket
from automation.reading.tabs import IDENTITY, Row, identity_of
from automation.tables import intake

#: How many of the six identity columns must agree between a row and its copy.
NEARLY_ALL = len(IDENTITY) - 2
_DESCRIPTION = intake.POSITION[intake.DESCRIPTION]
_CHECK = intake.ROBOT.index(intake.CHECK)


@dataclass(eq=False)
class Others(Mapping[str, Case]):
    """The cases of all spreadsheets but `source`, by ticket. Each is looked up only when it is asked for, because a
    turn needs few of a whole city.

    `where` has the only spreadsheet that knows a ticket, empty if several do; `cases_of` gives the cases of one of all
    `sources`; `read` are those read in this cycle, each with its tabs that were not; `unlisted` are no longer listed.
    """

    source: str
    where: Mapping[str, str]
    sources: Collection[str]
    cases_of: Callable[[str], Mapping[str, Case]]
    read: Mapping[str, Collection[str]]
    unlisted: Collection[str]
    _known: dict[str, tuple[Case | None, str, bool]] = field(default_factory=dict, init=False)  # what was looked up

    def _found(self, ticket: str) -> tuple[Case | None, str, bool]:
        return self._known.get(ticket) or self._known.setdefault(ticket, self._look_up(ticket))

    def _look_up(self, ticket: str) -> tuple[Case | None, str, bool]:
        told = [only] if (only := self.where[ticket]) else [one for one in self.sources if one != self.source]
        known = [(case, one) for one in told if (case := self.cases_of(one).get(ticket)) is not None]
        case, holder = max(known, key=lambda one: one[0].last_seen, default=(None, ""))
        if case is None or (case.present and holder in self.unlisted):
            return case and replace(case, present=False), holder, False
        return case, holder, holder not in self.read or (case.present and case.tab in self.read[holder])

    def held(self, ticket: str) -> tuple[str, bool]:
        """The spreadsheet of a case, and whether that, or the case's tab, has not been read in this cycle."""
        return self._found(ticket)[1:]

    def get(self, ticket: str, default: Any = None) -> Any:
        holder = self.where.get(ticket, self.source)
        return default if holder == self.source else self._found(ticket)[0] or default

    def __getitem__(self, ticket: str) -> Case:
        if (case := self.get(ticket)) is None:
            raise KeyError(ticket)
        return case  # type: ignore[no-any-return]

    def __contains__(self, ticket: object) -> bool:
        return self.get(str(ticket)) is not None

    def __iter__(self) -> Iterator[str]:
        return filter(self.__contains__, self.where)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Elsewhere:
    """What all other spreadsheets hold, as the spreadsheet `source` asks it:

    - `cases` by ticket; `held` gives the spreadsheet of a case, and whether it has not been read in this cycle;
      `to_come`: it still may be; `went`: the tickets of all that ever left `source` with a year (None: it is not known)
    - `ended`: a year has just ended in one of them, and nobody knows yet where its cases continue
    - `carried`: tickets of cases that went from `source` to another spreadsheet with a year, and stood there when it
      was last seen; `unsure`: tickets that may have, until all spreadsheets have been read
    """

    def __init__(
        self,
        cases: Mapping[str, Case] | None = None,
        held: Callable[[str], tuple[str, bool]] = lambda _: ("", False),
        *,
        went: Iterable[str] | None = None,
        to_come: bool = False,
        ended: bool = False,
        source: str = "",
    ) -> None:
        self.cases: Mapping[str, Case] = {} if cases is None else cases
        self._source, self._held = source, held
        self.to_come, self._ended = to_come, ended
        came = filter(None, map(self.cases.get, self.cases if went is None else went))
        self.carried = {case.ticket for case in came if case.present and source and case.came_from == source}
        self.unsure: Collection[str] = ()
        self._left: list[Sequence[Value]] = []
        self._by_content: dict[tuple[Value, ...], Case] = {}
        self._by_trait: dict[Trait, list[Case]] = {}

    def has_taken(self, case: Case) -> bool:
        """Whether a case known here lives, or was last seen, in another spreadsheet: then what is known here is old."""
        if case.ticket in self.carried or case.ticket in self.unsure:
            return True
        other = self.cases.get(case.ticket)
        return not case.present and other is not None and other.last_seen > case.last_seen

    def given_up(self, pairs: Mapping[int, Case]) -> tuple[dict[int, str], bool]:
        """The rows (index: ticket) whose case also stands in another spreadsheet and was seen there later: two robots
        have each taken in one row of the case. And whether others may follow, once all spreadsheets are read."""
        doubly = {index: case.ticket for index, case in pairs.items() if self._stands_rather(case)}
        certain = {index: ticket for index, ticket in doubly.items() if not self._held(ticket)[1]}
        return certain, self.to_come and len(certain) < len(doubly)

    def _stands_rather(self, case: Case) -> bool:
        """Whether the row in the other spreadsheet counts rather than this one. Not if one spreadsheet is a listed copy
        of the other, and has to go; nor if the case was carried here from that one with a year."""
        other = self.cases.get(case.ticket)
        if other is None or not other.present or other.moved_at == case.moved_at:
            return False
        holder, _ = self._held(case.ticket)
        if holder == case.came_from:
            return False
        return (other.last_seen, self._source) > (case.last_seen, holder)

    def came_back(self, cases: Mapping[str, Case], tabs: Collection[str]) -> None:
        """Drop from `carried` the cases that were seen here, in `tabs` that are read again after a year, later than
        where they had gone: what is known of that place was read before they left it."""
        seen = [case for ticket in self.carried if (case := cases.get(ticket)) is not None and case.tab in tabs]
        self.carried -= {case.ticket for case in seen if case.last_seen > self.cases[case.ticket].last_seen}

    def leaving(self, cases: Mapping[str, Case]) -> list[Case]:
        """The spreadsheet's cases that went along with a year, but still count as if they had a row here."""
        went = [cases[ticket] for ticket in sorted(cases.keys() & {*self.carried, *self.unsure})]
        self._left = [case.content for case in went]
        return [case for case in went if case.present]

    def prepare_for(self, rows: Iterable[Row]) -> None:
        """Index by content the cases that these rows may be. All cases of the city are gone through once, so one cell
        is compared first, and the whole row only if that agrees."""
        told = {row.people[_DESCRIPTION] for row in rows}
        for case in self.cases.values() if told else ():
            if case.content[_DESCRIPTION] in told and distinctive(identity := identity_of(case.content)):
                self._by_content[identity] = case
                for trait in traits(case.content):
                    self._by_trait.setdefault(trait, []).append(case)

    def find(self, row: Row, *, by_ticket: bool, overwritten: bool) -> Case | None:
        """The case that a row is, or None; by its content alone where its ticket says nothing. `overwritten`: the
        program may have written over its ticket."""
        case = self.cases.get(row.ticket_text) if by_ticket else None
        if case is not None:
            moved = self._may_be_gone(case) and similarity(row.people, case.content)
            cells = zip(identity_of(row.people), identity_of(case.content), strict=True)
            same = sum(mine == other and mine not in (None, "") for mine, other in cells)
            if same >= NEARLY_ALL or (moved and not self.holds_as_another(row, case)):
                return case
        if (case := self.of_same_content(row)) is not None:
            return case
        case = self._resembled(row)
        return case if case is not None and (overwritten or case.ticket in str(row.robot[_CHECK])) else None

    def of_same_content(self, row: Row) -> Case | None:
        """The case that has exactly the content of a row."""
        return self._by_content.get(identity_of(row.people))

    def holds_as_another(self, row: Row, case: Case) -> bool:
        """Whether a row that shows the ticket of `case` is another case. Either it has exactly the content of a row in
        another spreadsheet, and less than most of its own: then the ticket was pasted there, and it is that row, copied
        or moved. (With most of its own left it was corrected, and two people said the same.) Or it is more like a case
        that went along with a year, and nobody knows yet where that stands."""
        other, own = self.of_same_content(row), similarity(row.people, case.content)
        pasted = other is not None and other.ticket != case.ticket and other.present
        return (pasted and own < MOST) or self._of_who_left(row) > own

    def may_still_tell(self, row: Row, own: Collection[str]) -> bool:
        """Whether a row may be a case of a spreadsheet that is still to be read. It may if it shows a ticket that
        nobody knows: the second copy of its event may be damaged and its row moved at that very moment, or its case
        went along as a year ended just now. It also may if it has most of the content of a case that went along with a
        year, while nobody knows yet where that stands."""
        unknown = row.ticket_text not in self.cases and row.ticket_text not in own
        told = unknown and Ticket.parse(row.ticket_text) is not None
        return ((self.to_come or self._ended) and told) or self._of_who_left(row) > 0

    def _of_who_left(self, row: Row) -> float:
        """How much a row is like a case that went along with a year; 0 once it is known where those stand."""
        return max((most_left(row.people, one) for one in self._left), default=0.0) if self.to_come else 0.0

    def _resembled(self, row: Row) -> Case | None:
        """The only case whose description, and name or phone, the row has, if its row may be gone from elsewhere."""
        near = {case.ticket: case for trait in traits(row.people) for case in self._by_trait.get(trait, ())}
        (case,) = near.values() if len(near) == 1 else (None,)
        return case if case is not None and self._may_be_gone(case) else None

    def is_certain(self, case: Case) -> bool:
        """Whether the other spreadsheet has been read, so that the state of the case there is known."""
        return not self._held(case.ticket)[1]

    def _may_be_gone(self, case: Case) -> bool:
        return not case.present or not self.is_certain(case)
