"""Which complaints are one matter, by a coordinator's word; and which may be, as a suggestion to people.

In `Induk` a coordinator writes the ticket of the complaint that a case goes with. The rules:

- What `Induk` names must be a case, anywhere in the city, and not the case itself. In a circle nobody knows which one
  comes first: as long as there is one, none of those in it has a parent.
- A parent may have a parent itself. All of them belong to the **root**, the one that has none.
- Belonging together changes nothing of a case but this: each keeps its status, its deadline and its reporter, who has
  to be told.

The program never puts complaints together, but it suggests. A complaint that has just got its ticket is compared with
the open ones of its spreadsheet that have theirs already. It may be the same matter as one that was received within 30
days of it and

- is of the same kelurahan and category, names the same street, gang or landmark, and tells of it in similar words
  (`tells_of_the_same`), or
- came from the same telephone. A family reports two different things from one telephone, so that is said as a hint
  only; and whoever has reported many things already reports for the neighbours, and that is no hint at all.

Complaints of a sensitive category are neither suggested nor given a suggestion: that two rows concern the same people
would be told to everybody who reads the spreadsheet. Nor are complaints of long ago that are typed in late, or many at
once, as in a first run. A suggestion is journalled once, with the ticket, so that no later cycle has to search again;
whether it still holds is looked at in every cycle. The thresholds were chosen with the examples in
tests/test_cases_similar.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from rapidfuzz import fuzz

from automation.cases.events import POSITION
from automation.cases.journal import Case
from automation.model.complaint import Code, Complaint
from automation.model.rules import Rules
from automation.model.tickets import Ticket
from automation.reading.cell_text import line_of
from automation.tables import intake

#: Days between the receipt of two complaints about one matter, at most; and since receipt of one that is new.
NEAR = timedelta(days=30)
#: From this token-set ratio on (of 100), two complaints say the same of one place.
ALIKE = 75
#: So many words, besides the names of the place, they must have in common.
FEWEST_SHARED = 2
#: More new tickets than these in one cycle are an import or a first run: nobody is typing them now.
MOST_AT_ONCE = 500
#: A telephone that stands beside so many open complaints belongs to somebody who reports for others.
MANY = 3

_WORD = re.compile(r"[a-z]+|[0-9]+")
_HOUSE = re.compile(r"\b(?:no|nomor)\W{0,2}([0-9]+)")
#: Words that stand in any complaint, and say neither what it is about nor where.
_IDLE = frozenset(
    _WORD.findall(
        "ada agar akan atau banget banyak belakang belum biar bisa blm blok buat bulan cuma dan dari dekat deket "
        "dengan depan dgn di ga gak gang gg haji hari ini itu jadi jalan jl juga kalau kalo kami kampung karena ke "
        "kemaren kemarin komplek kp krn lagi lebih malam malem mau minggu minta mohon nggak no nomor oleh pada "
        "pagi perum perumahan pinggir rt rumah rw sama sampai sampe samping sangat saya sebelah seberang sejak "
        "sekali semua setiap siang sore sudah tahun tak terus tiap tidak tolong udah udh ujung untuk warga yang yg"
    )
)

Known = tuple[Case, Complaint]
_Place = tuple[str, str | None]  # kelurahan and category
#: Finds a case of the city by its ticket.
Find = Callable[[str], Case | None]

_PARENT = POSITION[intake.PARENT]


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
        if case.content[_PARENT] is not None and (parent := named(case)) in cases and parent != case.ticket
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
    if case is None or case.content[_PARENT] is None:
        return ""
    ticket = Ticket.parse(line_of(case.content[_PARENT]))
    return str(ticket) if ticket is not None else ""


def _line(ticket: str, find: Find) -> set[str]:
    """The case, what it names as its parent, and so on, each once."""
    seen: set[str] = set()
    while ticket and ticket not in seen:
        seen.add(ticket)
        ticket = named(find(ticket))
    return seen


@dataclass(frozen=True, slots=True)
class _Traits:
    """What two complaints are compared by: the words of the description, the names in the address, and the numbers of
    houses that the description mentions."""

    words: frozenset[str]
    names: frozenset[str]
    houses: frozenset[str]


def suggest(fresh: Sequence[Known], known: Iterable[Known], rules: Rules, today: date) -> dict[str, str]:
    """For each complaint of `fresh` (new tickets, in the order of their issue) the ticket of the oldest one that it may
    belong to, where there is one. `known` are all of the spreadsheet, the fresh ones among them."""
    news = [new for new in fresh if today - new[0].said_received <= NEAR and _eligible(new, rules)]
    if not news or len(fresh) > MOST_AT_ONCE:
        return {}
    neighbours: dict[_Place, list[Known]] = {(case.kelurahan, complaint.category): [] for case, complaint in news}
    callers: dict[str, list[Known]] = {phone: [] for _, complaint in news for phone in complaint.phones}
    for other in known:
        case, complaint = other
        lists = [callers[phone] for phone in complaint.phones if phone in callers]
        if (near := neighbours.get((case.kelurahan, complaint.category))) is not None:
            lists.append(near)
        if lists and case.said_received >= today - 2 * NEAR and _eligible(other, rules):
            for each in lists:
                each.append(other)
    order = {case.ticket: at for at, (case, _) in enumerate(fresh)}
    traits: dict[str, _Traits] = {}  # by ticket

    def traits_of(known: Known) -> _Traits:
        case, complaint = known
        if case.ticket not in traits:
            traits[case.ticket] = _traits(complaint)
        return traits[case.ticket]

    found = {}
    for new in news:
        case, complaint = new
        older = (other for other in neighbours[case.kelurahan, complaint.category] if _precedes(other, new, order))
        same = [
            other[0]
            for other in older
            if _may_be_in_one_rw(other[1], complaint) and _tell_of_the_same(traits_of(other), traits_of(new))
        ]
        if not same:
            by_phone = chain.from_iterable(callers[phone] for phone in complaint.phones)
            reported = {other[0].ticket: other[0] for other in by_phone if _precedes(other, new, order)}
            same = list(reported.values()) if len(reported) < MANY else []
        if same:
            found[case.ticket] = min((other.issued_at, other.ticket) for other in same)[1]
    return found


def relation(one: Known, other: Known, rules: Rules) -> Code | None:
    """Why two complaints may still be about one matter; None where they are not, or not any more."""
    between = abs(one[0].said_received - other[0].said_received)
    if not (_eligible(one, rules) and _eligible(other, rules)) or between > NEAR:
        return None
    if (one[0].kelurahan, one[1].category) == (other[0].kelurahan, other[1].category) and tells_of_the_same(
        one[1], other[1]
    ):
        return Code.SIMILAR
    return Code.SAME_PHONE if set(one[1].phones) & set(other[1].phones) else None


def tells_of_the_same(one: Complaint, other: Complaint) -> bool:
    """Whether two complaints of one kelurahan and category name the same place, and say the same of it."""
    return _may_be_in_one_rw(one, other) and _tell_of_the_same(_traits(one), _traits(other))


def _may_be_in_one_rw(one: Complaint, other: Complaint) -> bool:
    mine, others = one.rt_rw.partition("/")[2], other.rt_rw.partition("/")[2]  # ``007`` of ``003/007``
    return not mine or not others or mine == others


def _tell_of_the_same(one: _Traits, other: _Traits) -> bool:
    # The place that one is about may stand in the other's description: a street is named here or there.
    if one.names.isdisjoint(other.names | other.words) and one.words.isdisjoint(other.names):
        return False
    if one.houses and other.houses and one.houses.isdisjoint(other.houses):
        return False
    if len((one.words & other.words) - one.names - other.names) < FEWEST_SHARED:
        return False
    mine, others = (" ".join(sorted(traits.words | traits.names)) for traits in (one, other))
    return fuzz.token_set_ratio(mine, others, score_cutoff=ALIKE) > 0


def _traits(complaint: Complaint) -> _Traits:
    told = complaint.description.casefold()
    return _Traits(
        words=_words(told),
        names=frozenset(word for word in _words(complaint.address.casefold()) if word.isalpha()),
        houses=frozenset(_HOUSE.findall(told)),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text) if len(word) > 1) - _IDLE


def _eligible(known: Known, rules: Rules) -> bool:
    case, complaint = known
    return not rules.is_private(complaint) and case.present and not case.status.closed


def _precedes(other: Known, new: Known, order: Mapping[str, int]) -> bool:
    """Whether `other` had its ticket before `new`, and was received at about the same time."""
    theirs = order.get(other[0].ticket)
    if theirs is not None and theirs >= order[new[0].ticket]:
        return False
    return abs(other[0].said_received - new[0].said_received) <= NEAR
