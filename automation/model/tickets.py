"""Ticket numbers: ``RR-260503-0042-5`` is the 42nd complaint of 2026 in kelurahan 36.71.05.1003.

The last digit is a Damm check digit over all others (https://en.wikipedia.org/wiki/Damm_algorithm): it detects every
single wrong digit and every swap of neighbours, the usual errors in a number read out on the phone.

Numbers count up per kelurahan and year. If two spreadsheets hold complaints of one kelurahan, each issues from a lane
of its own (1–9999, 10001–19999, …): a lane of a year is given once, in Kendali, to one spreadsheet. So two robots can
never issue the same number from two spreadsheets; within one spreadsheet the commit's fence prevents it.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache

from msgspec import Struct
from rapidfuzz import fuzz, process
from stdnum import damm

from automation.trouble import Trouble

_APART = r"[ .\u2010-\u2015\u2212-]*"
_SHAPE = re.compile(_APART.join(("RR", "([0-9]{2})", "([0-9]{4})", "([0-9]{4,9})", "([0-9])")), re.IGNORECASE)
#: How many numbers a lane spans.
LANE_WIDTH = 10_000
_CENTURY = 2000
_DIGITS = 4  # of a number, at least
_ALIKE = 80.0  # from this likeness (of 100) on, a ticket may have been meant: up to three digits are wrong


class Ticket(Struct, frozen=True, order=True):
    """A ticket number. `year` is the year of receipt, `place` as `prefix_of` gives it; `number` counts from 1 in
    both."""

    year: int
    place: str
    number: int

    def __str__(self) -> str:
        prefix = f"{self.year - _CENTURY:02}{self.place}"
        number = f"{self.number:0{_DIGITS}}"
        return f"RR-{prefix}-{number}-{damm.calc_check_digit(prefix + number)}"

    @classmethod
    def parse(cls, text: str) -> "Ticket | None":
        """The ticket that `text` names, or None. Case, spaces and missing dashes are ignored, a wrong digit is not."""
        match = _SHAPE.fullmatch(text.strip())
        if match is None:
            return None
        year, place, number, _ = parts = match.groups()
        canonical = len(number) == _DIGITS or not number.startswith("0")  # or a number could be written in two ways
        if not canonical or int(number) == 0 or damm.checksum("".join(parts)) != 0:
            return None
        return cls(_CENTURY + int(year), place, int(number))


def is_exact(text: str) -> bool:
    """Whether `text` is a ticket exactly as the program writes it."""
    ticket = Ticket.parse(text)
    return ticket is not None and str(ticket) == text


def prefix_of(code: str) -> str:
    """The last two digits of the kecamatan and of the kelurahan: ``36.71.05.1003`` → ``0503``."""
    kecamatan, kelurahan = code.split(".")[-2:]
    return kecamatan[-2:] + kelurahan[-2:]


def is_misheard(text: str) -> bool:
    """Whether `text` has the form of a ticket but can't be one: a digit is wrong."""
    return _SHAPE.fullmatch(text.strip()) is not None and Ticket.parse(text) is None


def unknown(ticket: str, known: Iterable[str]) -> Trouble:
    """The trouble that nobody knows a ticket; it names the `known` one most similar, if one is similar enough."""
    near, *_ = process.extractOne(ticket, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE) or (None,)
    return Trouble("kasus.asing-mirip" if near else "kasus.asing", tiket=ticket, mirip=near)


class Numbers:
    """Numbers that one spreadsheet may still issue.

    `used` are all ticket numbers known anywhere, whatever became of their rows; `lane` gives the first number (minus
    one) of the lane that this spreadsheet has for a kelurahan (by code) and a year, None while it has none.
    """

    def __init__(self, used: Iterable[str], lane: Callable[[str, int], int | None]) -> None:
        self._used = used
        self._lane = cache(lane)
        self._last: dict[tuple[int, str, int], int] | None = None
        self.wanted: set[tuple[str, int]] = set()  # kelurahan (codes) and years without a lane here, or with a full one

    def next(self, kelurahan: str, year: int) -> str | None:
        """The next ticket of this kelurahan (by code) and year of receipt; None while its lane is missing or full."""
        if (base := self._lane(kelurahan, year)) is not None:
            if self._last is None:  # not earlier: in most cycles nothing is issued
                self._last = {key: _parts(ticket)[2] for key, ticket in highest(self._used).items()}
            place = prefix_of(kelurahan)
            key = (year % 100, place, base // LANE_WIDTH)
            number = max(self._last.get(key, 0), base) + 1
            if number < base + LANE_WIDTH:
                self._last[key] = number
                return str(Ticket(year, place, number))
        self.wanted.add((kelurahan, year))
        return None


def highest(used: Iterable[str]) -> dict[tuple[int, str, int], str]:
    """The ticket with the highest number, by year (two digits), place and lane."""
    return {lane_key(ticket): ticket for ticket in sorted(used, key=lambda ticket: _parts(ticket)[2])}


def lane_key(ticket: str) -> tuple[int, str, int]:
    """Year (two digits), place and lane of a ticket that we issued."""
    year, place, number = _parts(ticket)
    return year, place, number // LANE_WIDTH


def _parts(ticket: str) -> tuple[int, str, int]:
    """Year (two digits), place and number of a ticket that we issued: ``RR-260503-0042-7``."""
    return int(ticket[3:5]), ticket[5:9], int(ticket[10:-2])
