"""Which complaints are one matter: in `Induk` a coordinator writes the ticket of the complaint that a case goes with.

The rules:

- What `Induk` names must be a case, anywhere in the city, and not the case itself. In a circle nobody knows which one
  comes first: as long as there is one, none of those in it has a parent.
- A parent may have a parent itself. All of them belong to the **root**, the one that has none.
- Belonging together changes nothing of a case but this: each keeps its status, its deadline and its reporter, who has
  to be told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from automation.cases.cell_text import line_of
from automation.cases.columns import Column
from automation.cases.events import POSITION
from automation.cases.findings import Code
from automation.cases.journal import Case
from automation.cases.tickets import Ticket

#: Finds a case of the city by its ticket.
Find = Callable[[str], Case | None]

_AT = POSITION[Column.PARENT]


def fault(ticket: str, parent: str, find: Find) -> Code | None:
    """What is wrong with `parent`, a ticket, as the parent of the case `ticket`; None where all is well."""
    if parent == ticket:
        return Code.PARENT_ITSELF
    if find(parent) is None:
        return Code.PARENT_UNKNOWN
    return Code.PARENT_CIRCLE if ticket in _line(parent, find) else None


@dataclass(frozen=True, slots=True)
class Families:
    """The root of each case that has a parent, and how many residents stand behind each root: itself and its kin."""

    roots: Mapping[str, str]
    residents: Mapping[str, int]


def families(cases: Mapping[str, Case]) -> Families:
    """Who belongs together among these cases, which are all of the city, by ticket."""
    parents = {
        case.ticket: parent
        for case in cases.values()
        if case.content[_AT] is not None and (parent := named(case)) in cases and parent != case.ticket
    }
    roots: dict[str, str] = {}
    for ticket in parents:
        path: dict[str, int] = {}  # the cases on the way up, and their places
        step = ticket
        while step in parents and step not in roots and step not in path:
            path[step] = len(path)
            step = parents[step]
        # A way that comes back to `step` is a circle from there on: it ends where it is entered.
        roots.update(dict.fromkeys(list(path)[: path.get(step)], roots.get(step, step)))
    kin = Counter(roots.values())
    return Families(roots, {root: count + 1 for root, count in kin.items()})


def named(case: Case | None) -> str:
    """The ticket that stands in a case's `Induk`; empty where there is none."""
    if case is None or case.content[_AT] is None:
        return ""
    ticket = Ticket.parse(line_of(case.content[_AT]))
    return str(ticket) if ticket is not None else ""


def _line(ticket: str, find: Find) -> set[str]:
    """The case, what it names as its parent, and so on, each once."""
    seen: set[str] = set()
    while ticket and ticket not in seen:
        seen.add(ticket)
        ticket = named(find(ticket))
    return seen
