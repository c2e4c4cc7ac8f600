"""Ticket numbers: ``RR-260503-0042-5`` is the 42nd complaint of 2026 in kelurahan 36.71.05.1003.

The last digit is a Damm check digit over all others (https://en.wikipedia.org/wiki/Damm_algorithm): it notices every
single wrong digit and every pair of neighbours swapped, which is what happens to a number read out on the phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from stdnum import damm

_SHAPE = re.compile(
    r"RR[ .\u2013-]*([0-9]{2})[ .\u2013-]*([0-9]{4})[ .\u2013-]*([0-9]{4,9})[ .\u2013-]*([0-9])", re.IGNORECASE
)
_CENTURY = 2000
_DIGITS = 4  # of a number, at least
_ALIKE = 80.0  # of 100, from which a ticket may have been meant: up to three digits that are wrong


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """A ticket number. `year` is the year of receipt, `place` what `prefix_of` says, `number` counts from 1 in both."""

    year: int
    place: str
    number: int

    def __str__(self) -> str:
        prefix = f"{self.year - _CENTURY:02}{self.place}"
        number = f"{self.number:0{_DIGITS}}"
        return f"RR-{prefix}-{number}-{damm.calc_check_digit(prefix + number)}"

    @classmethod
    def parse(cls, text: str) -> Ticket | None:
        """The ticket that `text` names, or None. Case, spaces and missing dashes are forgiven, a wrong digit is not."""
        match = _SHAPE.fullmatch(text.strip())
        if match is None:
            return None
        year, place, number, _ = parts = match.groups()
        canonical = len(number) == _DIGITS or not number.startswith(
            "0"
        )  # else the same number could be written two ways
        if not canonical or int(number) == 0 or damm.checksum("".join(parts)) != 0:
            return None
        return cls(_CENTURY + int(year), place, int(number))


def prefix_of(code: str) -> str:
    """The last two digits of the kecamatan and of the kelurahan: ``36.71.05.1003`` → ``0503``."""
    kecamatan, kelurahan = code.split(".")[-2:]
    return kecamatan[-2:] + kelurahan[-2:]


def is_misheard(text: str) -> bool:
    """Whether `text` is written like a ticket and can't be one: a digit is wrong."""
    return _SHAPE.fullmatch(text.strip()) is not None and Ticket.parse(text) is None


def nearest(ticket: str, known: Iterable[str]) -> str | None:
    """The known ticket that `ticket` resembles most; None where none is near."""
    found = process.extractOne(ticket, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[0] if found else None
