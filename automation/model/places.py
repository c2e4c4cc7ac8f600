"""Places of the city: which kelurahan a person means."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct
from rapidfuzz import fuzz

from automation.model.cells import fold

_KELURAHAN = re.compile(r"\s*(?:kelurahan|kel)\b[\s.:-]+", re.IGNORECASE)
_KECAMATAN = re.compile(r"\s*(?:kecamatan|kec)\b[\s.:-]+", re.IGNORECASE)
_WITHIN = re.compile(r"(?<=\w)[\s,(/-]+(?:kecamatan|kec)\b[\s.:-]+", re.IGNORECASE)
_YEAR = re.compile(r"[\s,.-]+20\d\d\s*$")  # in the title of a year's tab
_LONGEST = 100  # characters; no name of a place is longer
_SHORTEST_PART = 3  # so many characters of a name are enough to suggest it
_ALIKE = 75.0  # from this likeness (of 100) on, two spellings are alike
_MOST_CANDIDATES = 8


class Kelurahan(Struct, frozen=True):
    """One kelurahan. `code` is the ministry's (``36.71.05.1003``, Kepmendagri 300.2.2-2430/2025), not the BPS code."""

    code: str
    kecamatan: str
    name: str
    dapil: int
    coordinator: str = ""
    coordinator_email: str = ""
    coordinator_phone: str = ""


class Doubt(Struct, frozen=True):
    """A text that names no place for certain, and the official names that may have been meant, likeliest first."""

    candidates: tuple[str, ...] = ()


class Places:
    """All kelurahan, found by code or by what people write. `spellings` maps other spellings to official names, of
    kelurahan and kecamatan alike."""

    def __init__(self, kelurahan: Iterable[Kelurahan], spellings: Mapping[str, str] | None = None) -> None:
        self._all = tuple(kelurahan)
        #: By the ministry's code.
        self.by_code: Mapping[str, Kelurahan] = {place.code: place for place in self._all}
        #: The official names of all kecamatan, in the order given.
        self.kecamatan = tuple(dict.fromkeys(place.kecamatan for place in self._all))
        self._kelurahan_keys: dict[str, tuple[Kelurahan, ...]] = {}
        for place in self._all:
            key = fold(place.name)
            self._kelurahan_keys[key] = (*self._kelurahan_keys.get(key, ()), place)
        self._kecamatan_keys = {fold(name): name for name in self.kecamatan}
        for other, official in (spellings or {}).items():
            if (places := self._kelurahan_keys.get(fold(official))) is not None:
                self._kelurahan_keys.setdefault(fold(other), places)
            if (name := self._kecamatan_keys.get(fold(official))) is not None:
                self._kecamatan_keys.setdefault(fold(other), name)
        #: Every name that a place here goes by.
        self.names = (*(place.name for place in self._all), *self.kecamatan, *(spellings or ()))
        self._find = lru_cache(maxsize=4096)(self._search)

    def __iter__(self) -> Iterator[Kelurahan]:
        return iter(self._all)

    def find(self, text: str, kecamatan: str | None = None) -> Kelurahan | Doubt:
        """The kelurahan that `text` names, or a doubt: what is ambiguous or unknown is asked, never guessed.

        Case, spaces, punctuation and "Kel." are ignored, known other spellings accepted. `kecamatan` is where the place
        should lie: kelurahan Jatiuwung lies in kecamatan Cibodas, so with kecamatan Jatiuwung it is a doubt.
        """
        if len(text) > _LONGEST:
            return Doubt()
        name, *within = _WITHIN.split(text, maxsplit=1)  # ``Kel. Petir, Kec. Cipondoh``
        told = self.find_kecamatan(within[0]) if within and kecamatan is None else None
        return self._find(name, told) if isinstance(told, str) else self._find(text, kecamatan)

    def find_kecamatan(self, text: str) -> str | Doubt:
        """The official name of the kecamatan that `text` names, or a doubt."""
        if len(text) > _LONGEST:
            return Doubt()
        key = fold(_KECAMATAN.sub("", text, count=1))
        return self._kecamatan_keys.get(key) or Doubt(_alike(key, self._kecamatan_keys.items()))

    def _search(self, text: str, kecamatan: str | None) -> Kelurahan | Doubt:
        key = fold(_YEAR.sub("", _KELURAHAN.sub("", text, count=1)))
        found = self._kelurahan_keys.get(key, ())
        supposed = self.find_kecamatan(kecamatan) if kecamatan is not None else None
        inside = [place for place in found if not isinstance(supposed, str) or place.kecamatan == supposed]
        if len(inside) == 1:
            return inside[0]
        everywhere = [(key, place) for key, places in self._kelurahan_keys.items() for place in places]
        nearby = [(key, place.name) for key, place in everywhere if place.kecamatan == supposed]
        candidates = _alike(key, nearby) or _alike(key, ((key, place.name) for key, place in everywhere))
        inside_it = (place.name for place in self._all if place.kecamatan == self._kecamatan_keys.get(key))
        return Doubt(tuple(dict.fromkeys((*(place.name for place in found), *(candidates or inside_it)))))


def _alike(wanted: str, named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The names whose key begins with `wanted`, contains it, or resembles it; likeliest first, each once."""
    scored: list[tuple[float, str]] = []
    for key, name in named:
        begins, within = key.startswith(wanted) and len(wanted) >= _SHORTEST_PART, wanted in key
        score = 300 if begins else 200 if within and len(wanted) > _SHORTEST_PART else fuzz.ratio(wanted, key)
        if score >= _ALIKE:
            scored.append((score, name))
    ordered = sorted(scored, key=lambda entry: -entry[0])  # stable: equals stay in the order of their codes
    return tuple(dict.fromkeys(name for _, name in ordered))[:_MOST_CANDIDATES]
