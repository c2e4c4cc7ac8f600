"""Which number the next ticket of a kelurahan gets.

Numbers count up per kelurahan and year. Where two spreadsheets hold complaints of one kelurahan, each issues from a
lane of its own (1–9999, 10001–19999, …): a lane is given once, in Kendali, to one spreadsheet. So no two robots can
ever issue the same number from two spreadsheets, and within one spreadsheet the commit's fence sees to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from automation.cases.tickets import Ticket, prefix_of

LANE_WIDTH = 10_000


class Numbers:
    """Numbers still to be issued by one spreadsheet.

    `used` are all ticket numbers known anywhere, whatever became of their rows; `lanes` is the first number (minus
    one) of the lane that this spreadsheet has for a kelurahan, by code.
    """

    __slots__ = ("_lanes", "_last", "_used", "wanted")

    def __init__(self, used: Iterable[str], lanes: Mapping[str, int]) -> None:
        self._used = used
        self._lanes = lanes
        self._last: dict[tuple[int, str, int], int] | None = None
        self.wanted: set[str] = set()  # kelurahan codes that a number was asked for, and that have no lane here

    def next(self, kelurahan: str, year: int) -> str | None:
        """The next ticket of this kelurahan (by code) and year of receipt; None while there is no lane for it."""
        base = self._lanes.get(kelurahan)
        if base is None:
            self.wanted.add(kelurahan)
            return None
        if self._last is None:  # only now: in most cycles nothing is issued
            self._last = _last_of(self._used)
        place = prefix_of(kelurahan)
        key = (year % 100, place, base // LANE_WIDTH)
        number = max(self._last.get(key, 0), base) + 1
        if number >= base + LANE_WIDTH:
            self.wanted.add(kelurahan)
            return None
        self._last[key] = number
        return str(Ticket(year, place, number))


def _last_of(used: Iterable[str]) -> dict[tuple[int, str, int], int]:
    """The highest number by year (two digits), place and lane."""
    last: dict[tuple[int, str, int], int] = {}
    for ticket in used:
        year, place, number = _parts(ticket)
        key = (year, place, number // LANE_WIDTH)
        if number > last.get(key, 0):
            last[key] = number
    return last


def lane_of(ticket: str) -> tuple[str, int]:
    """The place (``0503``) and the lane's base that an issued ticket tells."""
    _, place, number = _parts(ticket)
    return place, number // LANE_WIDTH * LANE_WIDTH


def _parts(ticket: str) -> tuple[int, str, int]:
    """Year (two digits), place and number of a ticket that we issued: ``RR-260503-0042-7``."""
    return int(ticket[3:5]), ticket[5:9], int(ticket[10:-2])
