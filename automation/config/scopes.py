"""Understanding `Cakupan`: which part of the city a recipient is told about."""

from __future__ import annotations

import re

from automation.cases.headings import fold
from automation.cases.places import Doubt, Kelurahan, Places
from automation.digests.audience import Scope

_DAPIL = re.compile(r"(?:dapil|daerah pemilihan)[\s.:-]*(?:kota tangerang\s*)?(\d{1,2})", re.IGNORECASE)
_KELURAHAN = re.compile(r"(?:kelurahan|kel)\b", re.IGNORECASE)
_KECAMATAN = re.compile(r"(?:kecamatan|kec)\b", re.IGNORECASE)
_CITY = frozenset(map(fold, ("Kota", "Kota Tangerang", "Seluruh Kota", "Se-Kota", "Semua")))
_CITY_NAME = fold("Tangerang")


def all_scopes(places: Places) -> list[str]:
    """Every scope that there is, as it is written: the city first, then dapil, kecamatan, kelurahan."""
    dapil = sorted({place.dapil for place in places})
    return [
        "Kota",
        *(f"Dapil {number}" for number in dapil),
        *(f"Kecamatan {name}" for name in places.kecamatan()),
        *(f"Kelurahan {place.name}" for place in places),
    ]


def read_scope(written: str, places: Places) -> Scope | Doubt:
    """``Kota``, ``Dapil 3``, ``Kecamatan Cipondoh``, ``Kelurahan Gondrong``, or a bare name that is only one of them.

    A doubt's candidates are scopes as they can be written.
    """
    written = " ".join(written.split())
    if fold(written) in _CITY:
        return Scope()
    if match := _DAPIL.fullmatch(written):
        dapil = int(match[1])
        known = sorted({place.dapil for place in places})
        return Scope(dapil=dapil) if dapil in known else Doubt(tuple(f"Dapil {number}" for number in known))
    if _KELURAHAN.match(written):
        return _choose(places.find(written), None)
    if _KECAMATAN.match(written):
        return _choose(None, places.find_kecamatan(written))
    return _choose(places.find(written), places.find_kecamatan(written), city=fold(written) == _CITY_NAME)


def _choose(kelurahan: Kelurahan | Doubt | None, kecamatan: str | Doubt | None, *, city: bool = False) -> Scope | Doubt:
    """The one that is certain; otherwise all that may have been meant. None: it can't have been meant."""
    certain: list[tuple[str, Scope]] = [("Kota", Scope())] if city else []
    likely: list[str] = []
    if isinstance(kecamatan, Doubt):
        likely += [f"Kecamatan {name}" for name in kecamatan.candidates]
    elif kecamatan is not None:
        certain.append((f"Kecamatan {kecamatan}", Scope(kecamatan=kecamatan)))
    if isinstance(kelurahan, Doubt):
        likely += [f"Kelurahan {name}" for name in kelurahan.candidates]
    elif kelurahan is not None:
        certain.append((f"Kelurahan {kelurahan.name}", Scope(kelurahan=kelurahan.code)))
    if len(certain) == 1:
        return certain[0][1]
    return Doubt(tuple(name for name, _ in certain) or tuple(likely))
