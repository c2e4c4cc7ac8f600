"""The numbers behind charts.

The meeting pack's charts show the open cases by age, category and place. Kendali's overview of the whole city shows
intake, outcome and punctuality by week, and the open cases by age and place.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from automation.digests.audience import Scope, Whole, covers
from automation.digests.flow import Passage, Period, Week, weeks
from automation.model.bulk import in_bulk
from automation.model.places import Kelurahan
from automation.model.register import Entry
from automation.model.rules import Rules

MOST_BARS = 7  # bars that a chart shows; the others are counted together in one more
#: The highest age, in working days since receipt, of each band but the last. 3, 14 and 60 are the law's, 6 the usual
#: promise.
BANDS = (3, 6, 14, 30, 60)
WEEKS_SHOWN = 13  # a quarter of a year: long enough to show a trend, short enough for one chart


class Band(Struct, frozen=True):
    """How many open cases were received `youngest` to `oldest` (None: or more) working days ago."""

    youngest: int
    oldest: int | None
    cases: int


class Bar(Struct, frozen=True):
    """A kelurahan, or a category by its name; all `sensitive` categories are counted together, without a name."""

    name: Kelurahan | str
    cases: int
    sensitive: bool = False


class Ranking(Struct, frozen=True):
    """The longest bars, longest first; `others` counts the bars left out, `others_cases` their cases."""

    bars: Whole[Bar]
    others: int
    others_cases: int


class Charts(Struct, frozen=True):
    """The open cases, counted in three ways, each of which adds up to all of them."""

    ages: Whole[Band]
    kinds: Ranking
    spots: Ranking


def charts(opened: Collection[Entry], age: Callable[[date], int]) -> Charts:
    """The charts of these open cases."""
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
    categories = [Bar(name, cases, sensitive) for (name, sensitive), cases in by_kind]
    return Charts(bands, _ranking(categories), _ranking([Bar(place, cases) for place, cases in by_spot]))


def _ranking(bars: Sequence[Bar]) -> Ranking:
    """A single bar too many is shown as itself, not as "one other"."""
    shown = MOST_BARS if len(bars) > MOST_BARS + 1 else len(bars)
    rest = bars[shown:]
    return Ranking(Whole(bars[:shown]), len(rest), sum(bar.cases for bar in rest))


class Area(Struct, frozen=True):
    """A kecamatan; without a name, all places in none that Wilayah knows."""

    kecamatan: str
    open_cases: int
    overdue: int  # of these


class Overview(Struct, frozen=True):
    """The city as it stands on `day`. Bands and areas add up to all open cases."""

    day: date
    open_cases: int
    overdue: int
    weeks: Whole[Week]
    ages: Whole[Band]
    areas: Whole[Area]


@in_bulk
def overview(passages: Sequence[Passage], now: datetime, rules: Rules, whole_since: datetime | None = None) -> Overview:
    """The overview of all cases (before `whole_since` closed ones are missing); areas in the order of Wilayah."""
    opened = [case.entry for case in passages if not case.entry.status.closed]
    begun = min((case.opened for case in passages), default=now)
    begun = max(begun, whole_since or begun)
    where = Counter(entry.kelurahan.kecamatan for entry in opened)
    late = Counter(entry.kelurahan.kecamatan for entry in opened if entry.days_late > 0)
    areas = [Area(name, where[name], late[name]) for name in rules.places.kecamatan]
    if elsewhere := len(opened) - sum(area.open_cases for area in areas):
        areas.append(Area("", elsewhere, late.total() - sum(area.overdue for area in areas)))
    return Overview(
        day=now.date(),
        open_cases=len(opened),
        overdue=late.total(),
        weeks=weeks(passages, begun.date(), now, WEEKS_SHOWN),
        ages=charts(opened, rules.calendar.ages(now.date())).ages,
        areas=Whole(areas),
    )


def nothing_yet(day: date, kecamatan: Sequence[str]) -> Overview:
    """The overview of a city that has no cases."""
    ages = charts((), lambda _: 0).ages
    return Overview(day, 0, 0, Whole(), ages, Whole(Area(name, 0, 0) for name in kecamatan))


class District(Struct, frozen=True):
    """A kecamatan: open cases, tickets issued in the period, and its kelurahan without any in the period."""

    kecamatan: str
    open_cases: int
    received: int
    silent: Whole[str]


class Coverage(Struct, frozen=True):
    """All kelurahan of a scope. `silent` counts those without a ticket in the period, `never` those without any."""

    places: int
    silent: int
    never: int
    areas: Whole[District]


def coverage(
    passages: Iterable[Passage], places: Iterable[Kelurahan], scopes: Collection[Scope], period: Period
) -> Coverage:
    """The coverage of the kelurahan within the union of scopes, in the order of `places`."""
    opened, received, heard = Counter[str](), Counter[str](), set[str]()
    for case in passages:
        code = case.entry.kelurahan.code
        opened[code] += not case.entry.status.closed
        received[code] += period.holds(case.opened)
        heard.add(code)
    areas: dict[str, list[Kelurahan]] = {}
    for place in places:
        if any(covers(scope, place) for scope in scopes):
            areas.setdefault(place.kecamatan, []).append(place)
    codes = [place.code for area in areas.values() for place in area]
    return Coverage(
        places=len(codes),
        silent=sum(received[code] == 0 for code in codes),
        never=sum(code not in heard for code in codes),
        areas=Whole(
            District(
                kecamatan=kecamatan,
                open_cases=sum(opened[place.code] for place in area),
                received=sum(received[place.code] for place in area),
                silent=Whole(place.name for place in area if not received[place.code]),
            )
            for kecamatan, area in areas.items()
        ),
    )
