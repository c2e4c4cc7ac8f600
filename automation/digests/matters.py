"""What a meeting decides on, the most urgent first: a case, or several complaints as one collective matter.

Complaints are one matter if they likely tell of the same thing (`cases/same_matter`), or if a coordinator has put them
together (`Induk`). A case of a sensitive category is always a matter of its own: others beside it would reveal what it
is about.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from automation.digests.audience import Whole
from automation.digests.decisions import week_mark
from automation.digests.figures import passed
from automation.digests.flow import Passage, Period
from automation.model.complaint import Priority
from automation.model.register import Decision, Entry
from automation.model.rules import Category
from automation.tables.meeting import LATER

MOST_MATTERS = 15  # matters that a meeting can decide on; the others are a table by commission
#: A council has three to five commissions. If Kendali names more than this, the others share the last row, so that the
#: table stays short, whatever is typed there.
MOST_COMMISSIONS = 6
_NO_DEADLINE = 100_000  # working days; a case that waits for its reporter comes last


class Matter(Struct, frozen=True):
    """One thing to decide. `lead` is its most pressing case that goes with no other; a collective matter has `others`,
    in the same order."""

    lead: Entry
    others: tuple[Entry, ...]
    residents: int  # different reporters, and no fewer than stand behind one case of it
    first: date  # day of receipt
    last: date
    age: int  # working days since the first receipt
    new: int  # cases that came in the period
    reopened: int  # cases that were reopened in the period
    repeats: int  # how often its cases were ever reopened
    passed: int  # working days of the farthest legal clock that one of its cases has passed; 0 for none
    id: str = ""  # of its row in `Keputusan`, once it is listed for a meeting
    before: Decision | None = None  # in its row, not understood or put off till now; or the last with a result

    @property
    def cases(self) -> int:
        return 1 + len(self.others)


def pressing(entry: Entry) -> tuple[bool, int, int, date, str]:
    """Sorts cases for a meeting: emergencies, then the longest overdue, then the nearest deadline, then the oldest."""
    left = entry.days_left if entry.days_left is not None else _NO_DEADLINE
    return entry.priority is not Priority.EMERGENCY, -entry.days_late, left, entry.received, entry.ticket


def matters(passages: Iterable[Passage], period: Period, age: Callable[[date], int]) -> list[Matter]:
    """The open cases as matters, in no order; `age` returns the working days since a day of receipt."""
    opened = {case.entry.ticket: case for case in passages if not case.entry.status.closed}
    kin: dict[str, list[Passage]] = defaultdict(list)  # by the case that they go with
    alike: dict[str, list[Passage]] = defaultdict(list)
    groups: list[list[Passage]] = []
    for case in opened.values():
        entry, parent = case.entry, opened.get(case.entry.parent)
        if entry.sensitive:
            groups.append([case])
        elif parent is not None and not parent.entry.sensitive:
            kin[entry.parent].append(case)
        else:
            alike[entry.together(entry.ticket)].append(case)
    groups += alike.values()
    return [_matter(group, [one for case in group for one in kin[case.entry.ticket]], period, age) for group in groups]


def _matter(roots: Sequence[Passage], kin: Sequence[Passage], period: Period, age: Callable[[date], int]) -> Matter:
    group = [*roots, *kin]
    entries = [entry for cases in (roots, kin) for entry in sorted((case.entry for case in cases), key=pressing)]
    received = [entry.received for entry in entries]
    first = min(received)
    return Matter(
        lead=entries[0],
        others=tuple(entries[1:]),
        residents=max(len({entry.reporter for entry in entries}), *(case.entry.residents for case in roots)),
        first=first,
        last=max(received),
        age=age(first),
        new=sum(period.holds(case.opened) for case in group),
        reopened=sum(any(map(period.holds, case.reopenings)) for case in group),
        repeats=sum(len(case.reopenings) for case in group),
        passed=max(passed(entry, age(entry.received)) for entry in entries),
    )


class Rest(Struct, frozen=True):
    """The matters of one commission that are not listed. `commission` is empty if the category has none; `private`: the
    cases of sensitive categories, whose commission would reveal what they are about."""

    commission: str
    private: bool
    matters: int
    cases: int
    overdue: int  # of the cases
    oldest: int  # working days since the first receipt of the oldest


def agenda(
    matters: Iterable[Matter], categories: Mapping[str, Category], laid: Collection[Decision], today: date
) -> tuple[tuple[Matter, ...], Whole[Rest]]:
    """The most urgent matters, each with the id of its row (`laid` are the rows that are there, in order) and the last
    decision with a result; and the other matters, by commission. If one matter has become two, the row stays with the
    one whose ticket gave it its id, and the other gets a row of its own."""
    rows, ended = dict[str, str](), dict[str, Decision]()
    for decision in laid:  # one that nothing came of is decided, or put off, in its row
        rows |= dict.fromkeys(() if decision.came else decision.tickets, decision.id)
        ended |= dict.fromkeys(decision.tickets if decision.came_on else (), decision)
    said = {decision.id: decision for decision in laid if decision.asked or decision.what == LATER}
    ranked = sorted(matters, key=lambda it: (pressing(it.lead)[0], -urgency(it), pressing(it.lead)))
    leads = {one.lead.ticket.removeprefix("RR-") for one in ranked[:MOST_MATTERS]}
    listed: dict[str, Matter] = {}
    for one in ranked[:MOST_MATTERS]:
        own = week_mark(today) + (lead := one.lead.ticket.removeprefix("RR-"))
        id = rows.get(one.lead.ticket, own)
        first = id.partition("-")[2]
        id = own if id in listed or (first != lead and first in leads) else id
        before = next((ended[case.ticket] for case in (one.lead, *one.others) if case.ticket in ended), None)
        listed[id] = replace(one, id=id, before=said.get(id, before))
    rest = [(matter, _commission(matter, categories)) for matter in ranked[MOST_MATTERS:]]
    counted = Counter(name for _, name in rest if name)
    kept = {name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_COMMISSIONS]}
    groups: dict[tuple[bool, bool, str], list[Matter]] = defaultdict(list)
    for matter, name in rest:
        groups[matter.lead.sensitive, name not in kept, name if name in kept else ""].append(matter)
    return tuple(listed.values()), Whole(
        Rest(
            name,
            private,
            len(group),
            sum(matter.cases for matter in group),
            sum(entry.days_late > 0 for matter in group for entry in (matter.lead, *matter.others)),
            max(matter.age for matter in group),
        )
        for (private, _, name), group in sorted(groups.items())
    )


def urgency(matter: Matter) -> int:
    """How much a matter needs a meeting: a point for each working day that it is late, ten for Mendesak, three for each
    further reporter, five for each reopening of one of its cases; at most thirty for days, and for reporters."""
    late = max(entry.days_late for entry in (matter.lead, *matter.others))
    raised = 10 * (matter.lead.priority is Priority.URGENT)
    return min(late, 30) + raised + min(3 * (matter.residents - 1), 30) + 5 * matter.repeats


def _commission(matter: Matter, categories: Mapping[str, Category]) -> str:
    """The commission that a matter goes to; empty if there is none, or if it may not be told."""
    category = None if matter.lead.sensitive else categories.get(matter.lead.category)
    return category.commission if category is not None else ""
