"""Which row is which case.

People sort, insert, delete, copy, cut and paste; only a row's ticket and its content together tell which case it is.
The rules, in this order (a row or a case that one rule has paired is out of the next):

1. **Ticket and content agree**: the row is the case. Of several such rows the first one in the tab where the case was
   last seen is the original.
2. **The ticket agrees, and most of the content**: the row was edited. Unless the ticket has been misplaced: the row's
   content is exactly that of another case, or another row has exactly the content for which the ticket was issued, and
   this one more than one difference.
3. **Content agrees, the ticket does not**: the row is the case all the same. Its ticket was cleared, overwritten, or
   left behind when the rows were moved; it comes back, wherever the row stands now. A row that was gone comes back
   the same way.
4. **Content agrees with a case that has its row already**, or may have it in a tab that can't be read now: the row is
   a copy. It gets no ticket until it differs (or until that tab can be read, and the row is not there: rule 3).
5. **Neither agrees wholly, but the description does, and the name or the phone**, and with one case only: the row was
   edited and its ticket cleared between two readings.
6. **The ticket agrees, and some of the content**: the row was edited thoroughly. Where nothing of the old name, phone,
   address and description is left, it was reused for another complaint. Of several rows with one ticket the one most
   alike keeps it (here and in rule 2). But the ticket has been misplaced if a row without one has nearly all of the
   content: that one was corrected. So it has been where its case is a row that does not show it, or where less than
   most of its content stands beside it. There it may cover another ticket: if that row has nearly all of the content of
   a case without a row, it is that one; if of another case, it is a changed copy.
7. Where **the ticket was written over by ourselves** a moment ago, because rows were moved under our hands, the row has
   the ticket that was meant for it (see `stirred`). If nobody can tell which, the row is the case without a row of
   which most is left in it.

Whatever row is left is a new complaint, and whatever case is left has lost its row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from automation.cases.cells import Value
from automation.cases.intake import Row, identity_of
from automation.cases.journal import Case
from automation.cases.likeness import MOST, Trait, closest, distinctive, likeness, traits


@dataclass(slots=True)
class Matching:
    """`pairs` by row index; `copies`: row index to the ticket of its original; `gone`: cases without a row now, that
    had one when last seen; `fresh`: row indexes of new complaints."""

    pairs: dict[int, Case] = field(default_factory=dict)
    copies: dict[int, str] = field(default_factory=dict)
    gone: list[Case] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)


def match(
    rows: Sequence[Row],
    cases: Mapping[str, Case],
    frozen: Collection[str] = (),
    stirred: Collection[int] = (),
    now: datetime | None = None,
) -> Matching:
    """Pair each row that is not blank with its case by the rules above; `stirred` are the indexes of rows whose ticket
    we may have written over in this cycle, that of `now` (rule 7).

    Cases whose row was last seen in a tab of `frozen` that can't be read now are neither gone nor looked for elsewhere,
    unless a readable row carries their ticket and their content: then the row has been moved.
    """
    originals: dict[str, int] = {}  # rule 1, which is the end of nearly every row
    unmatched: list[int] = []
    for index, row in enumerate(rows):
        if row.blank:
            continue
        case = cases.get(row.ticket_text)
        if case is None or identity_of(row.people) != identity_of(case.content):
            unmatched.append(index)
        elif (first := originals.setdefault(case.ticket, index)) != index:
            if row.tab.title == case.tab != rows[first].tab.title:
                originals[case.ticket] = index
                unmatched.append(first)
            else:
                unmatched.append(index)
    result = Matching({index: cases[ticket] for ticket, index in originals.items()})
    if not unmatched:
        result.gone = _gone(cases, result.pairs, frozen)
        return result

    unmatched.sort()
    others = {identity_of(case.content) for case in cases.values() if case.ticket not in originals}
    unclaimed = [index for index in unmatched if identity_of(rows[index].people) not in others]
    standing = {identity for index in unmatched if distinctive(identity := identity_of(rows[index].people))}
    _by_ticket(result, unclaimed, rows, cases, MOST, standing)
    unmatched = [index for index in unmatched if index not in result.pairs]
    # Where a tab can't be read, nobody knows of these whether their row still stands there.
    hidden = {case.ticket for case in cases.values() if case.present and case.tab in frozen}
    unmatched = _by_content(result, unmatched, rows, cases, hidden)
    unmatched = _copies(result, unmatched, rows, cases, hidden)
    unmatched = _nearly(result, unmatched, rows, cases, hidden)
    _misplaced(result, unmatched, rows, cases, frozen)
    _by_ticket(result, [index for index in unmatched if index not in result.pairs], rows, cases, 0)
    unmatched = [index for index in unmatched if index not in result.pairs]
    if blind := [index for index in unmatched if index in stirred]:
        lost = [
            case for case in cases.values() if case.tab not in frozen and (case.present or case.last_event_at == now)
        ]
        _stirred(result, blind, rows, lost)
        unmatched = [index for index in unmatched if index not in result.pairs]
    result.fresh = _copies(result, unmatched, rows, cases, hidden)  # again: of what was paired since
    result.gone = _gone(cases, result.pairs, frozen)
    return result


def _by_content(
    result: Matching, unmatched: list[int], rows: Sequence[Row], cases: Mapping[str, Case], hidden: Collection[str]
) -> list[int]:
    """Rule 3. Of several cases with the same content, those that had a row come first, the oldest first."""
    paired = {case.ticket for case in result.pairs.values()}
    waiting: dict[tuple[Value, ...], list[Case]] = defaultdict(list)
    for case in cases.values():
        if case.ticket not in paired and case.ticket not in hidden:
            identity = identity_of(case.content)
            if distinctive(identity):
                waiting[identity].append(case)
    left: list[int] = []
    for index in unmatched:
        row = rows[index]
        if candidates := waiting.get(identity_of(row.people)):
            best = min(candidates, key=lambda case: (case.ticket != row.ticket_text, not case.present))
            candidates.remove(best)
            result.pairs[index] = best
        else:
            left.append(index)
    return left


def _copies(
    result: Matching, unmatched: list[int], rows: Sequence[Row], cases: Mapping[str, Case], hidden: Collection[str]
) -> list[int]:
    """Rule 4."""
    wanted = {identity_of(rows[index].people) for index in unmatched}
    originals: dict[tuple[Value, ...], str] = {}
    shown = {case.ticket: rows[index].people for index, case in result.pairs.items()}
    for ticket, people in {**{ticket: cases[ticket].content for ticket in hidden}, **shown}.items():
        identity = identity_of(people)
        if identity in wanted:
            originals[identity] = min(ticket, originals.get(identity, ticket))  # of several the oldest
    left: list[int] = []
    for index in unmatched:
        identity = identity_of(rows[index].people)
        if distinctive(identity) and identity in originals:
            result.copies[index] = originals[identity]
        else:
            left.append(index)
    return left


def _by_ticket(
    result: Matching,
    unmatched: list[int],
    rows: Sequence[Row],
    cases: Mapping[str, Case],
    least: float,
    standing: Collection[tuple[Value, ...]] = (),
) -> None:
    """Rules 2 and 6: at least so much of the content must be left, and in any case something; nearly all of it where
    the same content is still `standing`."""
    paired = {case.ticket for case in result.pairs.values()}
    claims: dict[str, list[int]] = defaultdict(list)
    for index in unmatched:
        ticket = rows[index].ticket_text
        if ticket in cases and ticket not in paired:
            claims[ticket].append(index)
    for ticket, claimants in claims.items():
        case = cases[ticket]
        left = {index: likeness(rows[index].people, case.content) for index in claimants}
        best = max(claimants, key=lambda index: (left[index], rows[index].tab.title == case.tab, -index))
        if left[best] < least + (identity_of(case.content) in standing) or not left[best]:
            continue
        if left[best] >= MOST or not _is_of_another(rows[best], case, cases):
            result.pairs[best] = case


def _is_of_another(row: Row, case: Case, cases: Mapping[str, Case]) -> bool:
    """Whether a row is nearly all of a case other than the one whose ticket it shows: a copy that was changed, of a row
    whose ticket had been written over."""
    return any(
        other is not case
        and distinctive(told := identity_of(other.content))
        and told[-1] == identity_of(row.people)[-1]
        and likeness(row.people, other.content) > MOST
        for other in cases.values()
    )


def _misplaced(
    result: Matching, unmatched: list[int], rows: Sequence[Row], cases: Mapping[str, Case], frozen: Collection[str]
) -> None:
    """Rule 6, where the ticket does not decide: what shows it has less than most of its content, or it is another's."""
    stands = {case.ticket: index for index, case in result.pairs.items()}
    shown = {rows[index].ticket_text for index in unmatched}
    claimed = sorted(ticket for ticket in shown - stands.keys() if ticket in cases)
    lost = [case.ticket for case in _gone(cases, result.pairs, frozen)]

    def sought(ticket: str) -> Iterable[str]:
        """What a row may be that shows this ticket."""
        if ticket not in cases:
            return claimed
        return () if ticket in stands and rows[stands[ticket]].ticket_text == ticket else lost

    scored = (
        (left, index, ticket)
        for index in unmatched
        for ticket in sought(rows[index].ticket_text)
        if (left := likeness(rows[index].people, cases[ticket].content)) > MOST
    )
    result.pairs |= {index: cases[ticket] for index, ticket in closest(scored)}


def _nearly(
    result: Matching, unmatched: list[int], rows: Sequence[Row], cases: Mapping[str, Case], hidden: Collection[str]
) -> list[int]:
    """Rule 5."""
    paired = {case.ticket for case in result.pairs.values()}
    lost = [case for case in cases.values() if case.ticket not in paired and case.ticket not in hidden]
    if not lost:
        return unmatched
    by_trait: dict[Trait, list[Case]] = defaultdict(list)
    for case in lost:
        for trait in traits(case.content):
            by_trait[trait].append(case)
    left: list[int] = []
    for index in unmatched:
        near = {
            case.ticket: case
            for trait in traits(rows[index].people)
            for case in by_trait.get(trait, ())
            if case.ticket not in paired
        }
        if len(near) == 1:
            ((ticket, case),) = near.items()
            result.pairs[index] = case
            paired.add(ticket)
        else:
            left.append(index)
    return left


def _stirred(result: Matching, blind: Collection[int], rows: Sequence[Row], cases: Sequence[Case]) -> None:
    """Rule 7, the most alike first; `cases` had a row at the beginning of this cycle."""
    paired = {case.ticket for case in result.pairs.values()}
    scored = (
        (left, index, case.ticket)
        for index in blind
        for case in cases
        if case.ticket not in paired and (left := likeness(rows[index].people, case.content)) >= MOST
    )
    by_ticket = {case.ticket: case for case in cases}
    result.pairs |= {index: by_ticket[ticket] for index, ticket in closest(scored)}


def _gone(cases: Mapping[str, Case], pairs: Mapping[int, Case], frozen: Iterable[str]) -> list[Case]:
    paired = {case.ticket for case in pairs.values()}
    kept = frozenset(frozen)
    return [case for case in cases.values() if case.present and case.ticket not in paired and case.tab not in kept]
