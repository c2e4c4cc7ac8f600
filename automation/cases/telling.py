"""What a complaint tells, for comparison with others: its words, where something is, and where its reporter lives."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set as AbstractSet
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from automation.cases.whereabouts import NamedPlaces, Reader, kept, part_of, sound
from automation.model.affixes import stems
from automation.model.complaint import Complaint
from automation.model.rules import Rules
from automation.model.terms import Terms
from automation.model.vocabulary import Vocabulary
from automation.tables import intake

#: In how many of `BEFORE` complaints a word is expected at first: a word of Istilah, an ordinary one, one of no list.
BEFORE, OF_ISTILAH, ORDINARY, UNKNOWN = 60, 9.0, 5.0, 1.2

_WORD = re.compile(r"[a-z]+|[0-9]+")
_UNITS = [re.compile(rf"\b{unit}[ .:/]*0*([0-9]{{1,3}})", re.IGNORECASE) for unit in ("rt", "rw")]
_BOTH_UNITS = re.compile(r"\brt([ .:]*[0-9]{1,3}) ?/ ?(?=[0-9])", re.IGNORECASE)
_TWICE = re.compile(r"\b(?!s[dm])([a-z]{3,})[2²](an|nya|in|kan)?\b")  # ``trek2an``, but ``smp2``
_LASTING = re.compile(
    r"(?<!\bno )(?<!\bno\. )(?<!\bsdn )\b(?:[0-9]{1,3}|dua|tiga|empat|lima) ?"
    r"(?=(?:hari|hr|minggu|mgg|bulan|bln|tahun|thn)\b(?! (?:ini|itu|depan|pagi|malam|20[0-9]{2}"
    r"|sen|sel|rab|kam|jum|sab|ming|lib|janu|febr|maret|apri|mei|juni|juli|agus|sept|okto|nove|dese)))"
)  # how long, not “jl mawar 3 hari ini”
_OFTEN = re.compile(  # no river
    r"(?<!\bgang )(?<!\bgg )\b"
    r"(?:[0-9]+|(?:be)?berapa|brp|sering|(?:se)?tiap|pertama|(?:ke)?(?:satu|dua|tiga|empat|lima|enam|sekian)|ber)"
    r"[- ]?kali(?:nya|[- ]?kali)?\b"
)
_BLOCKS = re.compile(r"\b(blo?k [a-z][0-9]*)(?: ?[,&/] ?| (?:dan|sama|serta) )(?=[a-z][0-9]*\b)")  # ``blok a dan b``
_WITHIN = 4  # a phrase stands within so many words
_MYSELF = frozenset(("saya", "sy", "aku", "gw", "ane"))
_THINGS = "benda "  # the sections of things begin so; the other senses are states


class Telling(NamedTuple):
    """What a complaint is compared by: its words (`rest`: in how many of `BEFORE` complaints each is expected, without
    those of `Istilah`), the things it is about and their states, where it says that something is, and the address."""

    words: frozenset[str]
    rest: Mapping[str, float]
    sounds: frozenset[str]  # of all its words
    names: frozenset[str]  # those that are names, wherever they stand
    parts: Mapping[str, str]  # by word, the number or side behind it that tells two places of one name apart
    things: frozenset[str]
    states: frozenset[str]
    where: frozenset[str]  # the things among them that may be no more than a place
    told: NamedPlaces
    lived: NamedPlaces
    at: NamedPlaces  # told, and the landmarks of the address where the description names none
    named: NamedPlaces  # both
    marks: Sequence[AbstractSet[str]]  # whose place it is, what it is near, the blocks, the house numbers
    unit: Sequence[str]  # RT and RW
    kelurahan: str
    category: str
    day: date
    kinds: Callable[[], Collection[str]]  # the categories that its words may mean
    own: bool  # it is the reporter's own affair


def tell(complaint: Complaint, kelurahan: str, day: date, rules: Rules) -> Telling:
    """What a complaint tells; `day` is its day of receipt."""
    said = complaint.description
    text, address = (told.casefold().replace("'", "") for told in (said, complaint.address))  # asy'ari
    text = _TWICE.sub(r"\1 \1\2", _BOTH_UNITS.sub(r"rt\1 rw ", text))
    reader = _reader(rules.terms, rules.vocabulary, rules.places.by_code.get(kelurahan))
    unit = list(complaint.rt_rw.partition("/")[::2])
    for at, pattern in enumerate(_UNITS):
        unit[at] = (unit[at] or (found[1] if (found := pattern.search(text)) else "")).lstrip("0")
        text = pattern.sub(" ", text)
    text = _BLOCKS.sub(r"\1 blok ", _OFTEN.sub("", _LASTING.sub("", text)))  # no street is called “3 hari”
    raws = _WORD.findall(text)
    told_words = {*raws} - reader.idle
    words = dict(_word(raw, rules) for raw in told_words)
    words.pop("", None)
    told, lived = reader.place(raws), reader.place(_WORD.findall(address), lives=True)
    marks = told if told.landmarks else told._replace(landmarks=lived.landmarks, kinds=told.kinds | lived.kinds)
    shops = {name for name in told.landmarks if name.kind in ("toko", "pt", "warung")}  # named “Apel”, it isn't fruit
    called = {word for name in told.streets | lived.streets | shops for word in name.words}
    senses = _senses([raw for raw in raws if raw not in reader.city and not (called and sound(raw) in called)], rules)
    things = frozenset(sense for sense in senses if sense.startswith(_THINGS))
    return Telling(
        frozenset(words),
        {word: expected for word, expected in words.items() if expected != OF_ISTILAH},
        frozenset(sound(word) for word in told_words if len(word) > 1),
        frozenset(sound(word) for word in raws if reader.is_name(word) or word in reader.city),
        {
            sound(word): part
            for word, after in pairwise(raw for raw in raws if raw != "raya")
            if word not in rules.vocabulary.sections["bandingan tanpa arti"] and (part := part_of(after))
        },
        kept(things),
        kept(frozenset(senses - things)),
        kept(frozenset(sense for kind in told.kinds for sense in rules.vocabulary.senses.get((kind,), ()))),
        told,
        lived,
        marks,
        named := NamedPlaces._make(one | more if more else one for one, more in zip(told, lived, strict=True)),
        (told.people, named.spots, told.blocks or lived.blocks, told.numbers),
        tuple(unit),
        kelurahan,
        complaint.category or "",
        day,
        lambda: rules.terms.choices(intake.CATEGORY, rules.categories).offers("", said).entries,
        not rules.vocabulary.sections["bandingan urusan sendiri"].isdisjoint(words)
        and (rules.vocabulary.sections["bandingan urusan bersama"].isdisjoint(raws) or not _MYSELF.isdisjoint(raws)),
    )


_reader = lru_cache(maxsize=256)(Reader)


def _word(raw: str, rules: Rules) -> tuple[str, float]:
    """A word in the form that is compared, and in how many complaints it is expected."""
    word = rules.terms.usual(raw) if len(raw) > 1 and raw.isalpha() else ""
    if not word or word in rules.vocabulary.sections["bandingan tanpa arti"]:
        return "", 0.0
    if rules.terms.knows(word):
        return word, OF_ISTILAH
    return (word, ORDINARY) if rules.vocabulary.has(word) else (sound(word), UNKNOWN)


def _senses(words: Sequence[str], rules: Rules) -> set[str]:
    """The things and states that a text tells of; a word within a phrase counts only as that phrase."""
    senses, ends = rules.vocabulary.senses, rules.vocabulary.sense_ends
    known = [_known(word, rules.terms, rules.vocabulary) for word in words]
    found: set[str] = set()
    said: list[AbstractSet[str]] = [senses.get((word,), frozenset()) for word in known]
    for told in (known, words):
        firsts = (at for at, word in enumerate(told) if ends.get(word))
        for first, last in ((at, end) for at in firsts for end in range(at + 1, min(at + _WITHIN, len(told)))):
            if told[last] not in ends[told[first]]:
                continue
            phrases = {tuple(told[first : last + 1]), (told[first], told[last])}
            for means in filter(None, map(senses.get, phrases)):
                found |= means
                of = tuple({sense.partition(" ")[0] for sense in means})
                for at in (first, last):
                    said[at] = {sense for sense in said[at] if not sense.startswith(of)}
    return found.union(*said)


@lru_cache(maxsize=65536)
def _known(word: str, terms: Terms, vocabulary: Vocabulary) -> str:
    """A word as it stands in the lists of senses, else in its usual spelling; empty if it only looks like one there."""
    if word in vocabulary.sections["bandingan lain arti"]:
        return ""
    usual, made_of = terms.usual(word), () if word.isdigit() else stems(word)
    return next((one for one in (word, usual, *made_of) if (one,) in vocabulary.senses), usual)
