"""Which complaints are one matter, on a coordinator's word; and which may be, as a suggestion to people.

In `Induk` a coordinator writes the ticket of the complaint that a case belongs to, its parent. The rules:

- `Induk` must name a case, anywhere in the city, other than the case itself. In a circle nobody knows which case comes
  first: while there is a circle, none of the cases in it has a parent.
- A parent may have a parent itself. All of them belong to the **root**, the one that has none.
- Belonging together changes nothing else: each case keeps its status, its deadline and its reporter, who has to be
  told.

The program never joins complaints, but it suggests. It compares each complaint that has just got its ticket with the
open ones of its spreadsheet that already have theirs. Two may be the same matter if they were received within 30 days
of each other and

- it is likely (`same_matter`), or
- they came from the same telephone. A family reports different things from one telephone, so this is only a hint; and a
  telephone that has reported many things already belongs to somebody who reports for neighbours, so it is none.

Complaints of a sensitive category are neither suggested nor given a suggestion: it would tell everybody who reads the
spreadsheet that two rows concern the same people. Nor are complaints of long ago that are typed in late, or many at
once, as in a first run. A suggestion is journalled once, with the ticket, so that no later cycle has to search again;
each cycle checks whether it still holds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import chain

from msgspec import Struct

from automation.cases.journal import Case
from automation.cases.same_matter import LIKELY, SLACK, Matters
from automation.cases.telling import Telling, tell
from automation.model.complaint import Code, Complaint
from automation.model.rules import Rules
from automation.model.tickets import Ticket
from automation.reading.cell_text import line_of
from automation.tables import intake

#: The most time between the receipt of two complaints about one matter; and since the receipt of a new one.
NEAR = timedelta(days=30)
#: More new tickets than these in one cycle are an import or a first run: nobody is typing them now.
MOST_AT_ONCE = 500
#: With so many of the latest complaints beside them new ones are compared, so that they cost no more in a large city.
_MOST_BESIDE = 3_000
#: A telephone with this many open complaints belongs to somebody who reports for others.
MANY = 3

Known = tuple[Case, Complaint]
#: Finds a case of the city by its ticket.
Find = Callable[[str], Case | None]

_PARENT = intake.POSITION[intake.PARENT]


def fault(ticket: str, parent: str, find: Find) -> Code | None:
    """What is wrong with the ticket `parent` as the parent of the case `ticket`; None if nothing is."""
    if parent == ticket:
        return Code.PARENT_ITSELF
    if (lead := find(parent)) is None:
        return Code.PARENT_UNKNOWN
    if ticket in lineage(parent, find):
        return Code.PARENT_CIRCLE
    left_open = lead.status.closed and (case := find(ticket)) is not None and not case.status.closed
    return Code.PARENT_CLOSED if left_open else None


class Families(Struct, frozen=True):
    """The root of each case that has a parent, and how many residents stand behind each root: itself and its kin."""

    roots: Mapping[str, str]
    residents: Mapping[str, int]


def families(cases: Mapping[str, Case]) -> Families:
    """The families among these cases, which are all cases of the city, by ticket."""
    parents = {
        case.ticket: parent
        for case in cases.values()
        if case.content[_PARENT] is not None and (parent := parent_ticket(case)) in cases and parent != case.ticket
    }
    roots: dict[str, str] = {}
    for ticket in parents:
        path: dict[str, int] = {}  # the cases on the way up, and their positions in it
        step = ticket
        while step in parents and step not in roots and step not in path:
            path[step] = len(path)
            step = parents[step]
        # A path that comes back to `step` is a circle from there on: `step` counts as the root of those before it.
        roots.update(dict.fromkeys(list(path)[: path.get(step)], roots.get(step, step)))
    kin = Counter(roots.values())
    return Families(roots, {root: count + 1 for root, count in kin.items()})


def parent_ticket(case: Case | None) -> str:
    """The ticket in a case's `Induk`; empty if there is none."""
    if case is None or case.content[_PARENT] is None:
        return ""
    ticket = Ticket.parse(line_of(case.content[_PARENT]))
    return str(ticket) if ticket is not None else ""


def lineage(ticket: str, find: Find) -> set[str]:
    """The tickets of the case, of the parent that it names, and so on, each once."""
    seen: set[str] = set()
    while ticket and ticket not in seen:
        seen.add(ticket)
        ticket = parent_ticket(find(ticket))
    return seen


def suggest(fresh: Sequence[Known], known: Iterable[Known], rules: Rules, today: date) -> dict[str, str]:
    """For each complaint of `fresh` (new tickets, in the order of their issue) the ticket of the oldest one that it may
    belong to, if there is one. `known` are all of the spreadsheet, including the fresh ones."""
    news = [new for new in fresh if today - new[0].said_received <= NEAR and _eligible(new, rules)]
    if not news or len(fresh) > MOST_AT_ONCE:
        return {}
    kelurahan = {case.kelurahan for case, _ in news}
    near: dict[str, Known] = {}
    callers: dict[str, list[Known]] = {phone: [] for _, complaint in news for phone in complaint.phones}
    for other in known:
        case, complaint = other
        reported = [phone for phone in complaint.phones if phone in callers]
        beside = reported or case.kelurahan in kelurahan
        if beside and case.said_received >= today - 2 * NEAR and _eligible(other, rules):
            near[case.ticket] = other
            for phone in reported:
                callers[phone].append(other)
    order = {case.ticket: at for at, (case, _) in enumerate(fresh)}
    told = [each for each in near.values() if each[0].kelurahan in kelurahan]
    told.sort(key=lambda each: (each[0].issued_at, each[0].ticket))
    tellings = {case.ticket: _telling((case, one), rules) for case, one in told[-len(news) - _MOST_BESIDE :]}
    matters = Matters(tellings.items())
    found = {}
    for new in news:
        case, complaint = new
        alike = matters.near(tellings[case.ticket], case.ticket) if case.ticket in tellings else ()
        same = [near[ticket][0] for likely, ticket in alike if likely >= LIKELY and _precedes(near[ticket], new, order)]
        if not same:
            by_phone = chain.from_iterable(callers[phone] for phone in complaint.phones)
            reported_too = {other[0].ticket: other[0] for other in by_phone if _precedes(other, new, order)}
            same = list(reported_too.values()) if len(reported_too) < MANY else []
        if same:
            found[case.ticket] = min((other.issued_at, other.ticket) for other in same)[1]
    return found


def seem_there(
    fresh: Sequence[tuple[str, Complaint]], standing: Iterable[tuple[str, Complaint]], rules: Rules
) -> dict[str, str]:
    """For complaints of a list, by their numbers in it, the ticket of the open one of `standing` that likely tells of
    the same matter, in whatever words. Empty if there are so many that nobody would look."""
    if len(fresh) > MOST_AT_ONCE:
        return {}
    news, there = (
        {
            name: tell(one, one.kelurahan.code, one.received, rules)
            for name, one in those
            if one.kelurahan and one.received and not rules.is_private(one) and not (one.status and one.status.closed)
        }
        for those in (fresh, standing)
    )
    matters, found = Matters(there.items()), {}
    for number, one in news.items():
        near = (each for each in matters.near(one) if each[0] >= LIKELY and abs(there[each[1]].day - one.day) <= NEAR)
        if same := max(near, default=None):
            found[number] = same[1]
    return found


def relation(one: Known, other: Known, rules: Rules, likely: dict[object, float]) -> Code | None:
    """Why two complaints may still be one matter; None if they may not, or no longer. How `likely` two are is kept."""
    between = abs(one[0].said_received - other[0].said_received)
    if not (_eligible(one, rules) and _eligible(other, rules)) or between > NEAR:
        return None
    if (two := tuple((told, case.kelurahan, case.said_received) for case, told in (one, other))) not in likely:
        likely[two] = Matters[str]().likelihood(_telling(one, rules), _telling(other, rules))
    if likely[two] >= LIKELY - SLACK:
        return Code.SIMILAR
    return Code.SAME_PHONE if set(one[1].phones) & set(other[1].phones) else None


def matter_finder(tellings: Callable[[], Iterable[tuple[str, Telling]]]) -> Callable[[str], str]:
    """A function that gives the ticket of the first case of the same matter, the case's own where it is alone. The
    groups are worked out when it is first called."""
    first = cache(lambda: {one: group[0] for group in Matters(tellings()).groups() for one in group})
    return lambda ticket: first().get(ticket, ticket)


def _telling(known: Known, rules: Rules) -> Telling:
    return tell(known[1], known[0].kelurahan, known[0].said_received, rules)


def _eligible(known: Known, rules: Rules) -> bool:
    case, complaint = known
    return not rules.is_private(complaint, case.categories) and case.present and not case.status.closed


def _precedes(other: Known, new: Known, order: Mapping[str, int]) -> bool:
    """Whether `other` got its ticket before `new`, and was received at about the same time."""
    theirs = order.get(other[0].ticket)
    if theirs is not None and theirs >= order[new[0].ticket]:
        return False
    return abs(other[0].said_received - new[0].said_received) <= NEAR
