"""Which kelurahan are heard of, and which are silent: each of them, however few its complaints."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from automation.digests.audience import Scope, Whole, covers
from automation.digests.flow import Passage, Period
from automation.model.places import Kelurahan

_NONE = (0, 0)


@dataclass(frozen=True, slots=True)
class Heard:
    """A kelurahan that has been heard of: open cases, tickets issued in the period, and the day of the last one."""

    name: str
    open_cases: int
    received: int
    last: date


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan; `never` are the names of its kelurahan that no complaint has ever come from."""

    kecamatan: str
    open_cases: int
    received: int
    heard: Whole[Heard]
    never: Whole[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All kelurahan of a scope. `silent` had no ticket in the period; `never` of these had none at all."""

    places: int
    silent: int
    never: int
    areas: Whole[Area]


def coverage(
    passages: Iterable[Passage], places: Iterable[Kelurahan], scopes: Collection[Scope], period: Period
) -> Coverage:
    """How the kelurahan of the union of scopes are heard of, in the order of `places`."""
    counts: dict[str, tuple[int, int]] = {}  # open, received
    last: dict[str, date] = {}
    for case in passages:
        code, day = case.entry.kelurahan.code, case.opened.date()
        open_cases, received = counts.get(code, _NONE)
        counts[code] = open_cases + (not case.entry.status.closed), received + period.holds(case.opened)
        last[code] = max(last.get(code, day), day)
    areas: dict[str, list[Kelurahan]] = {}
    for place in places:
        if any(covers(scope, place) for scope in scopes):
            areas.setdefault(place.kecamatan, []).append(place)
    codes = [place.code for area in areas.values() for place in area]
    return Coverage(
        places=len(codes),
        silent=sum(counts.get(code, _NONE)[1] == 0 for code in codes),
        never=sum(code not in last for code in codes),
        areas=Whole(
            Area(
                kecamatan=kecamatan,
                open_cases=sum(counts.get(place.code, _NONE)[0] for place in area),
                received=sum(counts.get(place.code, _NONE)[1] for place in area),
                heard=Whole(
                    Heard(place.name, *counts[place.code], last[place.code]) for place in area if place.code in last
                ),
                never=Whole(place.name for place in area if place.code not in last),
            )
            for kecamatan, area in areas.items()
        ),
    )
