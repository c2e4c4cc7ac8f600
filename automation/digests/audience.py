"""Who is told, and about which cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from automation.cases.places import Kelurahan
from automation.cases.register import Repair


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases a recipient is told about: the whole city, or one dapil, kecamatan or kelurahan."""

    dapil: int | None = None
    kecamatan: str | None = None
    kelurahan: str | None = None  # its code


@dataclass(frozen=True, slots=True)
class Recipient:
    """An active row of Penerima. `kinds` are digests, such as ``harian``."""

    name: str
    email: str
    role: str
    scope: Scope
    kinds: tuple[str, ...]
    even_when_empty: bool


#: Everything; a recipient without any limit.
CITY = Scope()


@dataclass(frozen=True, slots=True)
class Addressee:
    """One address, and all that it is told about: one mail, however many rows of Penerima name it."""

    name: str
    email: str
    scopes: tuple[Scope, ...]  # their union; never empty
    even_when_empty: bool


def addressees(kind: str, recipients: Iterable[Recipient]) -> tuple[Addressee, ...]:
    """One addressee per address that wants this kind of digest, in the order of Penerima.

    Several rows with one address give one mail with the union of their scopes; the first row gives the name, and one
    "kirim walau nihil" among them is enough.
    """
    found: dict[str, Addressee] = {}
    for recipient in recipients:
        if kind not in recipient.kinds:
            continue
        address = recipient.email.casefold()
        known = found.get(address)
        if known is None:
            scopes = (recipient.scope,)
            found[address] = Addressee(recipient.name, recipient.email, scopes, recipient.even_when_empty)
        else:
            found[address] = replace(
                known,
                scopes=_union(known.scopes, recipient.scope),
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


def covers_repair(scope: Scope, repair: Repair, places: Iterable[Kelurahan]) -> bool:
    """Whether a row that waits for a fix is within the scope, as far as its place is known.

    Where its kelurahan is not (yet) known, the row belongs to everybody who has a kelurahan in its kecamatan; where
    not even that is known, only to those who look after the whole city.
    """
    if scope == CITY:
        return True
    around = [place for place in places if _same(place.kecamatan, repair.kecamatan)]
    exact = [place for place in around if _same(place.name, repair.kelurahan)]
    return any(covers(scope, place) for place in exact or around)


def _union(scopes: tuple[Scope, ...], further: Scope) -> tuple[Scope, ...]:
    if CITY in (*scopes, further):
        return (CITY,)
    return scopes if further in scopes else (*scopes, further)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
