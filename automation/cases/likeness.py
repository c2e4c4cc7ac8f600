"""How much two rows are alike, and which row is most like which."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from rapidfuzz import fuzz

from automation.model.cells import Value
from automation.reading.tabs import IDENTITY, identity_of
from automation.tables import intake

Key = TypeVar("Key", str, int)
Trait = tuple[int, Value, Value]  # the place of the name or of the phone, what it says, and the description

MOST = 2  # how many of name, phone, address and description must be left; with fewer it is another complaint

#: From this token-set ratio (of 100) on, a text was corrected or added to; below, it is another text.
SIMILAR = 75

_NAME, _PHONE, _ADDRESS, _DESCRIPTION = _TELLING = tuple(
    IDENTITY.index(column) for column in (intake.NAME, intake.PHONE, intake.ADDRESS, intake.DESCRIPTION)
)


def distinctive(identity: Sequence[Value]) -> bool:
    """Whether a row says enough to be told from any other by its content alone."""
    return bool(identity[_DESCRIPTION]) and bool(identity[_NAME] or identity[_PHONE])


def most_left(people: Sequence[Value], content: Sequence[Value]) -> float:
    """How much of `content` is left in a row whose ticket says nothing: 0 if less than most, or if neither phone nor
    description is left. Name and address alone may be those of a neighbour's next complaint, just begun."""
    left = similarity(people, content)
    mine, other = identity_of(people), identity_of(content)
    told = (mine[_PHONE] and mine[_PHONE] == other[_PHONE]) or (
        mine[_DESCRIPTION]
        and (mine[_DESCRIPTION] == other[_DESCRIPTION] or similar(mine[_DESCRIPTION], other[_DESCRIPTION]))
    )
    return left if left >= MOST and told else 0.0


def nearly(people: Sequence[Value], content: Sequence[Value]) -> float:
    """How much of `content` is left in a row whose ticket was misplaced: 0 if no more than most, or if both phone and
    description differ: then it is the next complaint of the same house."""
    left, mine, other = similarity(people, content), identity_of(people), identity_of(content)
    return left if left > MOST and any(mine[at] == other[at] for at in (_PHONE, _DESCRIPTION)) else 0.0


def most_of(content: Sequence[Value]) -> float:
    """How much of this content must be left in a row that shows its ticket: half of what it tells, but at least 1.5:
    without phone or address that is one column, and another that was corrected."""
    identity = identity_of(content)
    return max(3, sum(1 for at in _TELLING if identity[at])) / 2


def nearby(contents: Iterable[tuple[str, Sequence[Value]]]) -> Callable[[Sequence[Value]], set[str]]:
    """A function that gives the tickets of those contents of which more than most may be left in a row: they have one
    of the cells in common that tell what a row is about, because only two of the four can be alike without that."""
    known: dict[tuple[int, Value], set[str]] = defaultdict(set)
    for ticket, content in contents:
        for cell in _cells(content):
            known[cell].add(ticket)
    return lambda people: set().union(*(known.get(cell, ()) for cell in _cells(people)))


def _cells(people: Sequence[Value]) -> Iterator[tuple[int, Value]]:
    identity = identity_of(people)
    return ((at, identity[at]) for at in _TELLING if identity[at] not in (None, ""))


def traits(people: Sequence[Value]) -> Iterator[Trait]:
    """What identifies a row after an edit: its description with the name, and its description with the phone."""
    identity = identity_of(people)
    described = identity[_DESCRIPTION]
    return ((at, identity[at], described) for at in (_NAME, _PHONE) if identity[at] and described)


def similarity(people: Sequence[Value], content: Sequence[Value]) -> float:
    """How much of name, phone, address and description is still there: equal, or (name, description) corrected or added
    to. The day and RT/RW don't count: many complaints share them. Both arguments are in the order of PEOPLE."""
    mine, other = identity_of(people), identity_of(content)
    same = sum(1.0 for at in _TELLING if mine[at] == other[at] and mine[at] is not None and mine[at] != "")
    return same + sum(similar(mine[at], other[at]) for at in (_NAME, _DESCRIPTION) if mine[at] != other[at])


def similar(mine: Value, other: Value) -> float:
    """How much two texts are one that was corrected or added to; 0 if one is another text, or none."""
    if not isinstance(mine, str) or not isinstance(other, str):
        return 0.0
    return fuzz.token_set_ratio(mine, other, processor=str.casefold, score_cutoff=SIMILAR) / 100


def closest(scored: Iterable[tuple[float, int, Key]]) -> Iterator[tuple[int, Key]]:
    """Each row index with the thing most like it, each once; `scored` holds (likeness, row, thing) of what is alike."""
    rows: set[int] = set()
    taken: set[Key] = set()
    for _, index, key in sorted(scored, key=lambda each: (-each[0], *each[1:])):
        if index not in rows and key not in taken:
            rows.add(index)
            taken.add(key)
            yield index, key
