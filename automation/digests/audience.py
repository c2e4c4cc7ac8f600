"""Who is told, and about which cases."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Protocol, TypeVar

from automation.model.complaint import CLOSED, Priority, Status
from automation.model.places import Kelurahan
from automation.model.register import Entry, Register


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases a recipient is told about: the whole city, or one dapil, kecamatan or kelurahan."""

    dapil: int | None = None
    kecamatan: str | None = None
    kelurahan: str | None = None  # its code

    @property
    def limit(self) -> tuple[str, str]:
        """By what it is limited, and to what: ``kota`` and nothing, where it is not."""
        limits = {"kelurahan": self.kelurahan, "kecamatan": self.kecamatan, "dapil": self.dapil}
        return next(((name, str(value)) for name, value in limits.items() if value is not None), ("kota", ""))


#: Everything; a recipient without any limit.
CITY = Scope()


@dataclass(frozen=True, slots=True)
class Recipient:
    """An active row of Penerima, or all rows of one address. `kinds` are digests, such as ``harian``; `cell` is where
    the address stands, to be named where something is wrong with it."""

    name: str
    email: str
    scopes: tuple[Scope, ...]  # their union; never empty
    kinds: tuple[str, ...]
    even_when_empty: bool
    cell: str = ""


def addressees(kind: str, recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Who wants this kind of digest, in the order of Penerima.

    Several rows with one address give one mail with the union of their scopes; the first row gives the name, and one
    "kirim walau nihil" among them is enough.
    """
    found: dict[str, Recipient] = {}
    for recipient in recipients:
        if kind in recipient.kinds:
            address = recipient.email.casefold()
            known = found.get(address, recipient)
            scopes = dict.fromkeys((*known.scopes, *recipient.scopes))
            found[address] = replace(
                known,
                scopes=(CITY,) if CITY in scopes else tuple(scopes),
                kinds=(kind,),
                even_when_empty=known.even_when_empty or recipient.even_when_empty,
            )
    return tuple(found.values())


def covers(scope: Scope, kelurahan: Kelurahan) -> bool:
    """Whether a case in this kelurahan is within the scope."""
    return (
        (scope.dapil is None or kelurahan.dapil == scope.dapil)
        and (scope.kecamatan is None or _same(kelurahan.kecamatan, scope.kecamatan))
        and (scope.kelurahan is None or kelurahan.code == scope.kelurahan)
    )


def within(entries: Iterable[Entry], scopes: Collection[Scope]) -> list[Entry]:
    """The entries of the union of scopes; each kelurahan is asked once, however many cases it has."""

    @cache
    def told(kelurahan: Kelurahan) -> bool:
        return any(covers(scope, kelurahan) for scope in scopes)

    return [entry for entry in entries if told(entry.kelurahan)]


def own_matters(entries: Collection[Entry]) -> list[Entry]:
    """Those that are matters of their own among the entries of one recipient.

    A case that goes with another one is none as long as that one is open and told to the same recipient: it counts as a
    resident behind the other. Once the other is closed it is, for its reporter still has to be told.
    """
    opened = {entry.ticket for entry in entries if not entry.status.closed}
    return [entry for entry in entries if entry.parent not in opened]


def register_within(register: Register, scopes: Collection[Scope], places: Iterable[Kelurahan]) -> Register:
    """What a recipient is told of the register: the cases and rows within the union of scopes, and the spreadsheets
    that could not be read. These are told to everybody, since nobody's figures are certain then.

    `places` are the city's kelurahan, as far as known: they tell whose a row is that waits for a fix.
    """
    known = {place.code: place for place in places}
    known.update((entry.kelurahan.code, entry.kelurahan) for entry in register.entries)

    @cache
    def told(kecamatan: str, kelurahan: str) -> bool:
        return any(_covers_row(scope, kecamatan, kelurahan, known.values()) for scope in scopes)

    return Register(
        entries=tuple(within(register.entries, scopes)),
        repairs=tuple(repair for repair in register.repairs if told(repair.kecamatan, repair.kelurahan)),
        health=tuple(health for health in register.health if health.problem),
    )


def _covers_row(scope: Scope, kecamatan: str, kelurahan: str, places: Iterable[Kelurahan]) -> bool:
    """Whether a row that waits for a fix is within the scope, as far as its place is known.

    Where its kelurahan is not (yet) known, the row belongs to everybody who has a kelurahan in its kecamatan; where
    not even that is known, only to those who look after the whole city.
    """
    if scope == CITY:
        return True
    around = [place for place in places if _same(place.kecamatan, kecamatan)]
    exact = [place for place in around if _same(place.name, kelurahan)]
    return any(covers(scope, place) for place in exact or around)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


T_co = TypeVar("T_co", covariant=True)


class Digest(Protocol):
    """What is told; the rest of it is between its maker and its templates. A plain tuple in it grows with the cases,
    and is printed up to a bound. One that many recipients share is rendered once: it is known by its identity, and can
    be referred to weakly."""

    @property
    def empty(self) -> bool:
        """Nothing to tell: then a mail is sent only to those who asked for it even so."""


class Whole(tuple[T_co, ...]):
    """A list that is always printed whole: its length depends on the city or the calendar, never on how many cases
    there are."""

    __slots__ = ()


def still_open(entries: Iterable[Entry]) -> list[Entry]:
    """Those that are not closed, in the order given."""
    return [entry for entry in entries if not entry.status.closed]


def closed_as(entries: Collection[Entry]) -> dict[Status, tuple[Entry, ...]]:
    """The closed ones among the entries by what they were closed as, in the order given."""
    return {status: tuple(entry for entry in entries if entry.status is status) for status in CLOSED}


def by_urgency(entry: Entry) -> tuple[int, str]:
    """Sorts the most urgent first."""
    return _URGENCY[entry.priority], entry.ticket


def by_lateness(entry: Entry) -> tuple[int, int, str]:
    """Sorts the most working days late first."""
    return -entry.days_late, *by_urgency(entry)


def by_closing(entry: Entry) -> tuple[datetime, str]:
    """Sorts the closed ones, the longest closed first."""
    return entry.closed_at or entry.issued_at, entry.ticket


_URGENCY = {Priority.EMERGENCY: 0, Priority.URGENT: 1, Priority.NORMAL: 2}
