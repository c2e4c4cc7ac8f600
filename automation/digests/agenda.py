"""The agenda of a meeting: matters by dapil and by the council's commission."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from automation.cases.rules import Category
from automation.digests.lists import Long, Whole
from automation.digests.matters import Matter

#: A council has three to five commissions. What a Kendali names beyond that many goes together at the end, so that the
#: agenda stays one, whatever is typed there.
MOST_COMMISSIONS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """The matters of one commission in one dapil. `commission` is empty where the category has none; `private` are the
    cases of sensitive categories, whose commission would tell what they are about."""

    commission: str
    private: bool
    cases: int
    matters: Long[Matter]


@dataclass(frozen=True, slots=True)
class Part:
    """The agenda of one dapil; 0 where a case's kelurahan is in none."""

    dapil: int
    cases: int
    points: Whole[Point]


def agenda(matters: Iterable[Matter], categories: Mapping[str, Category]) -> Whole[Part]:
    """Parts in the order of the dapil, points in the alphabet's, matters in the order given."""
    matters = tuple(matters)
    kept = _commissions(matters, categories)
    parts: dict[int, dict[tuple[bool, str], list[Matter]]] = defaultdict(lambda: defaultdict(list))
    for matter in matters:
        commission = _commission(matter, categories)
        name = "" if commission not in kept else commission
        parts[matter.lead.kelurahan.dapil][matter.lead.sensitive, name].append(matter)
    return Whole(
        Part(
            dapil,
            sum(matter.cases for point in points.values() for matter in point),
            Whole(
                Point(name, private, sum(matter.cases for matter in points[private, name]), Long(points[private, name]))
                for private, name in sorted(points, key=lambda key: (key[0], not key[1], key[1]))
            ),
        )
        for dapil, points in sorted(parts.items(), key=lambda part: (part[0] == 0, part[0]))
    )


def _commission(matter: Matter, categories: Mapping[str, Category]) -> str:
    """The commission that a matter goes to; empty where there is none, or it may not be told."""
    category = None if matter.lead.sensitive else categories.get(matter.lead.category)
    return category.commission if category is not None else ""


def _commissions(matters: Iterable[Matter], categories: Mapping[str, Category]) -> set[str]:
    """Those that get a point of their own."""
    counted = Counter(_commission(matter, categories) for matter in matters)
    del counted[""]
    return {name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_COMMISSIONS]}
