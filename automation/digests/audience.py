"""Who is told, and about which cases."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from automation.model.cells import fold_title
from automation.model.complaint import CLOSED, Priority, Status
from automation.model.places import Kelurahan
from automation.model.register import Entry, Register


class Scope(Struct, frozen=True):
    """Which cases a recipient is told about: the whole city, or one dapil, kecamatan or kelurahan."""

    dapil: int | None = None
    kecamatan: str | None = None
    kelurahan: str | None = None  # its code

    @property
    def limit(self) -> tuple[str, str]:
        """The kind and the value of the limit; ``kota`` and an empty text if there is none."""
        limits = {"kelurahan": self.kelurahan, "kecamatan": self.kecamatan, "dapil": self.dapil}
        return next(((name, str(value)) for name, value in limits.items() if value is not None), ("kota", ""))


CITY = Scope()  # everything; a recipient without any limit


class Recipient(Struct, frozen=True):
    """An active row of Penerima, or all rows of one address. `kinds` are digests, such as ``harian``; `cell` is the
    cell of the address, for messages."""

    name: str
    email: str
    scopes: tuple[Scope, ...]  # their union; never empty
    kinds: tuple[str, ...]
    even_when_empty: bool
    cell: str = ""


def addressees(kind: str, recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """The recipients of this kind of digest, in the order of Penerima.

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
        and (scope.kecamatan is None or fold_title(kelurahan.kecamatan) == fold_title(scope.kecamatan))
        and (scope.kelurahan is None or kelurahan.code == scope.kelurahan)
    )


def within(entries: Iterable[Entry], scopes: Collection[Scope]) -> list[Entry]:
    """The entries within the union of scopes; each kelurahan is checked only once."""

    @cache
    def told(kelurahan: Kelurahan) -> bool:
        return any(covers(scope, kelurahan) for scope in scopes)

    return [entry for entry in entries if told(entry.kelurahan)]


def own_matters(entries: Collection[Entry]) -> list[Entry]:
    """The entries of one recipient that are matters of their own.

    A case that goes with another one is not, as long as the other is open and told to the same recipient: it counts as
    a resident behind that. Once the other is closed, it is, because its reporter still has to be told.
    """
    opened = {entry.ticket for entry in entries if not entry.status.closed}
    return [entry for entry in entries if entry.parent not in opened]


def register_within(register: Register, scopes: Collection[Scope], places: Iterable[Kelurahan]) -> Register:
    """The part of the register that a recipient is told: the cases and rows within the union of scopes, and the
    spreadsheets that could not be read, which everybody is told, because then no figures are certain.

    `places` are the known kelurahan of the city: they tell in which scope a row that waits for a fix lies.
    """
    known = {place.code: place for place in places}
    known.update((entry.kelurahan.code, entry.kelurahan) for entry in register.entries)

    @cache
    def told(kecamatan: str, kelurahan: str) -> bool:
        return any(_covers_row(scope, kecamatan, kelurahan, known.values()) for scope in scopes)

    return Register(
        entries=tuple(within(register.entries, scopes)),
        repairs=tuple(repair for repair in register.repairs if told(repair.kecamatan, repair.kelurahan)),
        health=tuple(health for health in register.health if health.problem and not health.whole),
    )


def _covers_row(scope: Scope, kecamatan: str, kelurahan: str, places: Iterable[Kelurahan]) -> bool:
    """Whether a row that waits for a fix is within the scope, as far as its place is known.

    If its kelurahan is not (yet) known, the row belongs to every scope with a kelurahan in its kecamatan; if not even
    that is known, only to the whole city.
    """
    if scope == CITY:
        return True
    around = [place for place in places if fold_title(place.kecamatan) == fold_title(kecamatan)]
    exact = [place for place in around if fold_title(place.name) == fold_title(kelurahan)]
    return any(covers(scope, place) for place in exact or around)


T_co = TypeVar("T_co", covariant=True)


class Digest(Protocol):
    """The content of a digest; all but `empty` is agreed between its maker and its templates. A plain tuple in it grows
    with the cases, and is printed only up to a bound. A digest shared by many recipients is rendered once: it is known
    by its identity, and allows weak references."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell: then a mail goes only to those who asked for empty ones, too."""


class Whole(tuple[T_co, ...]):
    """A list that is always printed whole: its length depends on the city or the calendar, not on the number of
    cases."""

    __slots__ = ()


def still_open(entries: Iterable[Entry]) -> list[Entry]:
    """Those that are not closed, in the order given."""
    return [entry for entry in entries if not entry.status.closed]


def closed_as(entries: Collection[Entry]) -> dict[Status, tuple[Entry, ...]]:
    """The closed entries by their closing status, in the order given."""
    return {status: tuple(entry for entry in entries if entry.status is status) for status in CLOSED}


def by_urgency(entry: Entry) -> tuple[int, str]:
    """Sorts the most urgent first."""
    return _URGENCY[entry.priority], entry.ticket


def by_lateness(entry: Entry) -> tuple[int, int, str]:
    """Sorts the most working days late first."""
    return -entry.days_late, *by_urgency(entry)


def by_closing(entry: Entry) -> tuple[datetime, str]:
    """Sorts closed cases, the longest closed first."""
    return entry.closed_at or entry.issued_at, entry.ticket


_URGENCY = {Priority.EMERGENCY: 0, Priority.URGENT: 1, Priority.NORMAL: 2}
