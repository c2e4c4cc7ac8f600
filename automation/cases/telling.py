"""What a complaint tells, as it is compared with others: its words, where something is, where its reporter lives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from automation.model.complaint import Complaint
from automation.model.rules import Rules
from automation.model.vocabulary import bare
from automation.tables import intake
from automation.tables.table import names

#: In how many of `BEFORE` complaints a word is expected before any are known: of Istilah, ordinary, of no list.
BEFORE, OF_ISTILAH, ORDINARY, UNKNOWN = 60, 9.0, 5.0, 1.2

_WORD = re.compile(r"[a-z]+|[0-9]+")
_UNITS = (
    re.compile(r"\brt[ .:/]*0*([0-9]{1,3})", re.IGNORECASE),
    re.compile(r"\brw[ .:/]*0*([0-9]{1,3})", re.IGNORECASE),
)
_PROPER = re.compile(r"(?<=[a-z,0-9] )[A-Z][a-z]{2,}")
_BLOCK = re.compile(r"\b(?:blok|blk) ([a-z]{1,2} ?[0-9]{0,2})\b|\bno ([0-9]{1,3})\b")
_TWICE = re.compile(r"(.)\1+")
#: What tells two of one name apart.
_PARTS = {"satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "i": "1", "ii": "2", "iii": "3"}
_PARTS |= {side: side for side in names("utara; selatan; timur; barat; baru; lama; tengah; atas; bawah")}
_ALIKE = (
    ("sy", "s"),
    ("sh", "s"),
    ("kh", "k"),
    ("dh", "d"),
    ("th", "t"),
    ("dj", "j"),
    ("tj", "c"),
    ("oe", "u"),
    ("z", "s"),
)
_LISTS = names("jalan; tempat; dekat; sebutan; tanpa arti")
_SHORT = 2  # letters that alone tell nothing


class Place(NamedTuple):
    """What a text names: streets, landmarks and other names, each with what tells two of one name apart behind a space;
    the kinds of its landmarks; words near which something is; and blocks."""

    streets: frozenset[str]
    landmarks: frozenset[str]
    names: frozenset[str]
    kinds: frozenset[str]
    spots: frozenset[str]
    blocks: frozenset[str]
    all: frozenset[str]  # names


class Telling(NamedTuple):
    """What a complaint is compared by: its words, each with how many of `BEFORE` complaints have it; where it says that
    something is, and where its reporter lives; the categories that its words speak of."""

    words: Mapping[str, float]
    sounds: frozenset[str]  # of all its words
    told: Place
    lived: Place
    unit: Sequence[str]  # RT and RW
    kelurahan: str
    category: str
    subjects: Sequence[str]
    day: date
    own: bool  # it is the reporter's own affair


def tell(complaint: Complaint, kelurahan: str, day: date, rules: Rules) -> Telling:
    """What a complaint tells; `day` is when it was received."""
    text, place = complaint.description, rules.places.by_code.get(kelurahan)
    idle = (tellings := rules.vocabulary.sections["bandingan tanpa arti"]) | {
        *_WORD.findall(f"{place.name} {place.kecamatan}".casefold() if place is not None else "")
    }
    unit = list(complaint.rt_rw.partition("/")[::2])
    for at, pattern in enumerate(_UNITS):
        unit[at] = (unit[at] or (said[1] if (said := pattern.search(text)) else "")).lstrip("0")
        text = pattern.sub(" ", text)
    raws = _WORD.findall(text.casefold())
    words = dict(_word(raw, rules) for raw in {*raws} - idle)
    words.pop("", None)
    sounds = frozenset(map(_sound, {*raws} - idle))
    proper = set() if text.isupper() else {_sound(word.casefold()) for word in _PROPER.findall(text)} & sounds
    return Telling(
        words,
        sounds,
        _place([raw for raw in raws if raw not in idle or raw in tellings], rules, lambda word: _sound(word) in proper),
        _place(
            re.findall("[a-z]+", complaint.address.casefold()), rules, lambda word: _word(word, rules)[1] == UNKNOWN
        ),
        unit,
        kelurahan,
        complaint.category or "",
        rules.terms.choices(intake.CATEGORY, rules.categories).offers("", text).entries,
        day,
        not rules.vocabulary.sections["bandingan urusan sendiri"].isdisjoint(words),
    )


def _word(raw: str, rules: Rules) -> tuple[str, float]:
    """A word as it is compared, and in how many complaints it is expected."""
    word = rules.terms.usual(raw) if len(raw) > 1 and raw.isalpha() else ""
    if not word or word in rules.vocabulary.sections["bandingan tanpa arti"]:
        return "", 0.0
    if rules.terms.knows(word):
        return word, OF_ISTILAH
    return (word, ORDINARY) if rules.vocabulary.has(word) else (_sound(word), UNKNOWN)


@lru_cache(maxsize=65536)
def _sound(word: str) -> str:
    """A name as it sounds: ``Hasyim`` and ``Hasim``, ``Annur`` and ``Nur`` have one."""
    for written, spoken in _ALIKE:
        word = word.replace(written, spoken)
    word = _TWICE.sub(r"\1", word.removesuffix("h"))
    if word.startswith(("an", "al", "ar", "as")) and len(word) > _SHORT + 2:
        word = word[2:]
    return bare(word) if len(bare(word)) > _SHORT else word


def _place(words: Sequence[str], rules: Rules, is_name: Callable[[str], bool]) -> Place:
    streets, landmarks, found, kinds, spots = (set[str]() for _ in range(5))
    jalan, tempat, dekat, sebutan, idle = (rules.vocabulary.sections[f"bandingan {name}"] for name in _LISTS)
    usual = rules.terms.usual
    for at, word in enumerate(words):
        kind, leads = usual(word), word in jalan
        if not (leads or word in dekat or word in tempat or kind in tempat):
            if word.isalpha() and is_name(word):
                found.add(f"{_sound(word)} ")
            continue
        after = [one for one in words[at + 1 : at + 5] if one not in sebutan]
        name = _sound(after[0]) if after and after[0] not in idle and after[0] not in jalan else ""
        known = bool(name) and rules.terms.knows(usual(after[0]))
        part = _PARTS.get(after[1], after[1].lstrip("0") if after[1].isdigit() else "") if len(after) > 1 else ""
        if word in dekat:
            spots |= {_sound(usual(one)) for one in [one for one in after if one not in idle][:2]}
        if leads and name and not (known and word not in ("jl", "jln", "gg")):
            streets.add(f"{name} {part}")
        elif word in tempat or kind in tempat:
            kinds.add(kind)
            if name.isdigit():
                landmarks.add(f"{kind} {name}")
            elif name and not known:
                landmarks.add(f"{name} {part}")
    blocks = {kind or f"no {number}" for kind, number in _BLOCK.findall(" ".join(words))}
    return Place(*map(frozenset, (streets, landmarks, found, kinds, spots, blocks, streets | landmarks | found)))
