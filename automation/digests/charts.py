"""What people would rather look at than read, as numbers: how old the open cases are, of what kind, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from automation.cases.places import Kelurahan
from automation.cases.register import Entry
from automation.digests.lists import Whole

#: Bars that a chart shows; what is left is counted in one more.
MOST_BARS = 10
#: The oldest working day since receipt of each band of ages, but the last. 3, 14 and 60 are the law's, 6 the usual
#: promise.
BANDS = (3, 6, 14, 30, 60)


@dataclass(frozen=True, slots=True)
class Band:
    """How many open cases were received so many working days ago; `oldest` None: and longer."""

    youngest: int
    oldest: int | None
    cases: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A category. All sensitive ones are counted together, without a name."""

    name: str
    sensitive: bool
    cases: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A kelurahan."""

    place: Kelurahan
    cases: int


T = TypeVar("T", Kind, Spot)


@dataclass(frozen=True, slots=True)
class Ranking(Generic[T]):
    """The longest bars, longest first; `others` are how many more there are, with so many cases together."""

    bars: Whole[T]
    others: int
    others_cases: int


@dataclass(frozen=True, slots=True)
class Charts:
    """The open cases, counted in three ways; each adds up to all of them."""

    ages: Whole[Band]
    kinds: Ranking[Kind]
    spots: Ranking[Spot]


def charts(opened: Iterable[Entry], age: Callable[[date], int]) -> Charts:
    """The charts of these open cases."""
    opened = tuple(opened)
    days = Counter(age(entry.received) for entry in opened)
    starts = (0, *(oldest + 1 for oldest in BANDS))
    bands = Whole(
        Band(start, oldest, sum(n for day, n in days.items() if day >= start and (oldest is None or day <= oldest)))
        for start, oldest in zip(starts, (*BANDS, None), strict=True)
    )
    kinds = Counter(("" if entry.sensitive else entry.category, entry.sensitive) for entry in opened)
    spots = Counter(entry.kelurahan for entry in opened)
    by_kind = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    by_spot = sorted(spots.items(), key=lambda item: (-item[1], item[0].code))
    return Charts(
        ages=bands,
        kinds=_ranking([Kind(*kind, cases) for kind, cases in by_kind]),
        spots=_ranking([Spot(place, cases) for place, cases in by_spot]),
    )


def _ranking(bars: Sequence[T]) -> Ranking[T]:
    """One bar too many is shown as itself, not as "one other"."""
    shown = MOST_BARS if len(bars) > MOST_BARS + 1 else len(bars)
    rest = bars[shown:]
    return Ranking(Whole(bars[:shown]), len(rest), sum(bar.cases for bar in rest))
