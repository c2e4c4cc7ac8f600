"""What Kendali shows of the whole city in charts: intake and outcome by week, what was on time, how old the open cases
are, and where they are. The counts are those of the meeting pack, of more weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from automation.cases.bulk import in_bulk
from automation.cases.rules import Rules
from automation.digests.charts import Band, charts
from automation.digests.flow import Passage, Week, weeks
from automation.digests.lists import Whole

#: A quarter of a year: long enough to see a trend in, short enough to be read beside each other.
WEEKS_SHOWN = 13


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan; without a name, whatever lies in none that Wilayah knows."""

    kecamatan: str
    open_cases: int
    overdue: int  # of these


@dataclass(frozen=True, slots=True)
class Overview:
    """The city as it stands on `day`. Bands and areas add up to all open cases."""

    day: date
    open_cases: int
    overdue: int
    weeks: Whole[Week]
    ages: Whole[Band]
    areas: Whole[Area]


@in_bulk
def overview(passages: Sequence[Passage], now: datetime, rules: Rules) -> Overview:
    """The overview of these cases, all that there are; areas in the order of Wilayah."""
    opened = [case.entry for case in passages if not case.entry.status.closed]
    begun = min((case.opened for case in passages), default=now)

    @cache
    def age(received: date) -> int:
        return rules.calendar.between(received, now.date())

    where = Counter(entry.kelurahan.kecamatan for entry in opened)
    late = Counter(entry.kelurahan.kecamatan for entry in opened if entry.days_late > 0)
    named = rules.places.kecamatan()
    areas = [Area(name, where[name], late[name]) for name in named]
    elsewhere = len(opened) - sum(area.open_cases for area in areas)
    if elsewhere:
        areas.append(Area("", elsewhere, late.total() - sum(area.overdue for area in areas)))
    return Overview(
        day=now.date(),
        open_cases=len(opened),
        overdue=late.total(),
        weeks=weeks(passages, begun.date(), now, WEEKS_SHOWN),
        ages=charts(opened, age).ages,
        areas=Whole(areas),
    )


def nothing_yet(day: date, kecamatan: Sequence[str]) -> Overview:
    """The overview of a city that has no cases."""
    ages = charts((), lambda _: 0).ages
    return Overview(day, 0, 0, Whole(), ages, Whole(Area(name, 0, 0) for name in kecamatan))
