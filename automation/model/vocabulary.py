"""Words. Those that may leave a row as part of a description stand in sections of ``config/data/kata.txt``, which are
named here; a city adds its categories and places. And the usual spelling of what people type: abbreviations, typing
slips, letters drawn out or left out."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from functools import cache, cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from automation.model.affixes import as_in_books, stems

_DRAWN_OUT, _TWICE = re.compile(r"(.)\1{2,}"), re.compile(r"(.)\1")
_DOUBLED = re.compile(r"([^\W\d_]{3,})[2²](?:nya|an|in|kan)?")
_FIGURES = str.maketrans("01345", "oieas")  # digits that are typed for letters
_SHORTEST_SLIP, _LONG, _SHORTEST_PART = 5, 9, 3  # letters of a word with one slip, with two, of two typed as one
_SHORT_PREFIX = re.compile("^(?:[bt](?=r)|[mp](?=[mnr]))(?=.[^aeiou])")  # without its vowel: ``brlubang``
_LETTERS, _VOWELS = re.compile(r"[^\W\d_]+"), re.compile("[aeiou]")
_SHORTEST, _LONGEST = 6, 30  # letters of a word that may be derived from another
_ALL_SHOWN = ("kata", "sapaan", "pembuka", "satuan", "sebelum angka", "nomor orang", "nomor laporan", "layanan")
_MAYBE_NAMES, _MARKERS = ("mungkin nama", "jarang nama"), ("jalan", "tempat", "rumah ibadah")
_BEFORE_NAMES = (*_MARKERS, "bernama jalan", "tempat bernama")
_KNOWN_PLACES = "di mana saja"
_SENSES = ("benda ", "keadaan ")  # the sections of things and of states begin so


class Vocabulary:
    """The words of the list. An empty vocabulary shows no word."""

    def __init__(self, sections: Mapping[str, Iterable[str]] | None = None, places: Iterable[str] = ()) -> None:
        #: By name; one that is not there is empty. ``terima_kasih`` is a phrase of two words.
        self.sections = defaultdict(frozenset[str], {name: frozenset(said) for name, said in (sections or {}).items()})
        #: Words that are also names.
        self.maybe_names = frozenset(word for name in _MAYBE_NAMES for word in self.sections[name])
        #: Words that may always be shown.
        sure = (word for name in (*_ALL_SHOWN, *_MARKERS) for word in self.sections[name] if "_" not in word)
        self.sure = frozenset(sure) - self.maybe_names
        phrases = [(tuple(phrase.split("_")), place) for phrase, place in self._all_phrases(places)]
        self._phrases = dict(reversed(phrases))  # of two that are alike the first counts
        self._lengths = defaultdict[str, dict[int, None]](dict)  # of phrases by their first words, the longest first
        for parts in sorted(self._phrases, key=len, reverse=True):
            self._lengths[parts[0]][len(parts)] = None
        #: Words that occur in names of streets.
        streets = self.sections["nama jalan"] | self.sections["bandingan nama"]
        self.named = frozenset(" ".join(streets).replace("_", " ").split())
        #: Words behind which the name of a place may stand.
        self.before_names = frozenset(word for name in _BEFORE_NAMES for word in self.sections[name])
        self.titles = self.sections["sapaan"] | self.sections["pembuka"]
        self._has_made = cache(self._is_made)

    @cached_property  # as what follows from it: most cycles compare nothing
    def senses(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """The things and states that a word or phrase tells of, for comparing complaints."""
        senses = defaultdict[tuple[str, ...], set[str]](set)
        for name in [one for one in self.sections if one.startswith(_SENSES)]:
            for said in self.sections[name]:
                senses[tuple(re.split("[_-]", said))].add(name)
        return {said: frozenset(of) for said, of in senses.items()}

    @cached_property
    def sense_ends(self) -> Mapping[str, set[str]]:
        """The last words of such phrases, by their first ones."""
        ends = defaultdict[str, set[str]](set)
        for first, *more in self.senses:
            ends[first].update(more[-1:])
        return ends

    @cached_property
    def states(self) -> frozenset[str]:
        """The single words among them that tell of a state."""
        return frozenset(said[0] for said, of in self.senses.items() if len(said) == 1 and _SENSES[1] in str(of))

    def told(self) -> object:
        """All that it is made of, always in the same order."""
        return sorted((name, sorted(of)) for name, of in self.sections.items() if of), sorted(self._phrases.items())

    def _all_phrases(self, places: Iterable[str]) -> Iterator[tuple[str, bool]]:
        for name, words in self.sections.items():
            if name != "nama jalan" and not name.startswith(_SENSES):
                yield from ((each, name == _KNOWN_PLACES) for each in words if "_" in each or name == _KNOWN_PLACES)
        yield from (("_".join(_LETTERS.findall(place.lower())), True) for place in places)

    def all_sure(self, words: Iterable[str], own: AbstractSet[str]) -> bool:
        """Whether each word may always be shown, and none is one of `own`."""
        return all(word not in own and word not in self.maybe_names and self.has(word) for word in words)

    def of_city(self, categories: Iterable[str], places: Iterable[str], more: Iterable[str] = ()) -> "Vocabulary":
        """The same vocabulary with the words of the categories, the names of places, and `more` words and phrases."""
        words = {*more, *_LETTERS.findall(" ".join(categories).lower())}
        return Vocabulary({**self.sections, "kata": self.sections["kata"] | words}, places)

    def street(self, words: Sequence[str], at: int) -> int:
        """How many words from `at` on are the name of a street; 0 for none."""
        return next((size for size in (3, 2, 1) if "_".join(words[at : at + size]) in self.sections["nama jalan"]), 0)

    def phrase(self, words: Sequence[str], at: int) -> tuple[int, bool]:
        """How many words from `at` on are one phrase, 0 for none, and whether it is a place."""
        for count in self._lengths.get(words[at], ()):
            if (place := self._phrases.get(tuple(words[at : at + count]))) is not None:
                return count, place
        return 0, False

    def has(self, word: str) -> bool:
        """Whether a word (in lower case) is in the list, or derived from one that is: ``dibuangnya``, ``anak-anak``,
        ``orang2``, ``parahhh``."""
        return word in self.sure or word in self.maybe_names or self._has_made(word)

    def _is_made(self, word: str) -> bool:
        if "-" in word:
            return all(self.has(part) for part in word.split("-") if part)
        if doubled := _DOUBLED.fullmatch(word):
            return self.has(doubled[1])
        if (shorter := _DRAWN_OUT.sub(r"\1", word)) != word:
            return self.has(shorter)
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or word in self.sections["bukan turunan"]:
            return False
        return any(stem not in self.maybe_names and stem != word and self.has(stem) for stem in stems(word))


def read_sections(text: str) -> dict[str, list[str]]:
    """The words of the list by section: a line ``[section]``, then words; lines that begin with ``#`` are comments."""
    sections, words = dict[str, list[str]](), list[str]()
    for line in text.splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[] "), [])
        elif not line.startswith("#"):
            words += line.split()
    return sections


def bare(word: str) -> str:
    """A word without the vowels that people leave out when typing: ``nmpk`` for ``numpuk``."""
    return word[:1] + _VOWELS.sub("", word[1:])


def shortens(word: str, whole: str) -> bool:
    """Whether `word` is `whole` with letters left out, no more than half of them."""
    rest = iter(whole)
    return len(whole) <= 2 * len(word) and all(letter in rest for letter in word)


def with_word(phrases: Iterable[Sequence[str]]) -> Mapping[str, Sequence[Sequence[str]]]:
    """The phrases, by each of their words."""
    found: dict[str, list[Sequence[str]]] = defaultdict(list)
    for word, phrase in ((word, one) for one in phrases for word in one):
        found[word].append(phrase)
    return found


class Spelling:
    """Usual spellings of words that are `known`, and of others as in `spelled`. `is_ordinary` tells whether a word is
    no slip. `closed`: whatever is typed is one of a few words, so any letters may be left out, even the first may be a
    slip, and there are no affixes."""

    def __init__(
        self,
        known: Collection[str],
        spelled: Mapping[str, str],
        is_ordinary: Callable[[str], bool] = lambda _: False,
        *,
        closed: bool = False,
    ) -> None:
        self.known, self._spelled, self._is_ordinary, self._closed = known, spelled, is_ordinary, closed
        self.listed = frozenset((*known, *spelled))
        self._near: dict[str, list[str]] = defaultdict(list)  # those that a word may be a slip of, by its first letter
        for word in (one for one in (*known, *spelled) if len(one) >= _SHORTEST_SLIP):
            self._near["" if closed else word[0]].append(word)  # a slip is seldom in the first letter
        self._bare: dict[str, list[str]] = defaultdict(list)
        for word in known if closed else (*known, *spelled):
            self._bare[self._outline(word)].append(word)
        #: A word as it is compared: in its usual spelling, without affixes and drawn-out letters.
        self.usual = lru_cache(maxsize=16384)(self._usual)

    def _outline(self, word: str) -> str:
        return word[:1] if self._closed else bare(word)

    def _usual(self, word: str) -> str:
        if word.isdigit() or word in self.known:
            return self._spelled.get(word, word)
        word = match[1] if (match := _DOUBLED.fullmatch(word)) else word
        plain = word if word in self.known else _DRAWN_OUT.sub(r"\1", word)
        for one in dict.fromkeys((word, plain)):
            if (found := self._listed(one)) is not None:  # empty for a word that says nothing (``yg``)
                return found
        once = _TWICE.sub(r"\1", plain.translate(_FIGURES))
        if self._is_ordinary(plain) or len(once) < _SHORTEST_PART:
            return plain
        listed = (self._listed(one) for one in (once, _SHORT_PREFIX.sub(r"\g<0>e", once)) if one not in (word, plain))
        return next(filter(None, listed), "") or self._slip(plain)

    def _listed(self, word: str) -> str | None:
        """A word, or the first of its stems that is listed, in its usual spelling; None if none is."""
        parts = (word,) if self._closed else (word, *as_in_books(word), *stems(word))
        return next((self._spelled.get(one, one) for one in parts if one in self.listed), None)

    def _slip(self, word: str) -> str:
        """The only word that can be meant, if letters were left out or mixed up; else the word itself."""
        meant = {self._spelled.get(one, one) for one in self._bare.get(self._outline(word), ()) if shortens(word, one)}
        if len(meant) != 1 and len(word) >= _SHORTEST_SLIP:
            slips = 1 if len(word) < _LONG or self._closed else 2
            known = self._near.get("" if self._closed else word[0], ())
            turned = (one for one in self._near.get(word[1], ()) if one == word[1] + word[0] + word[2:])  # ``uhkum``
            near = process.extract(word, (*known, *turned), scorer=OSA.distance, score_cutoff=slips, limit=4)
            meant = {self._spelled.get(found, found) for found, distance, _ in near if distance == near[0][1]}
        found = meant.pop() if len(meant) == 1 and word.isalpha() else word
        return self._spelled.get(found, found)

    def beside(self, words: Sequence[str], phrases: Mapping[str, Sequence[Sequence[str]]]) -> Sequence[str]:
        """The words; the one that is unknown, if there is just one, as the only word with which the others make one of
        the phrases and of which it may be a slip, or the consonants: ``pasag baru air``, ``jln brlbg``."""
        strange = [word for word in words if not (word in self.known or self._is_ordinary(word) or word.isdigit())]
        if len(strange) != 1 or len(strange[0]) < _SHORTEST_PART or len(words) < 2:
            return words
        others = {*words}.difference(strange)
        near = {rest.pop() for word in others for one in phrases.get(word, ()) if len(rest := set(one) - others) == 1}
        short = bare(typed := strange[0]) == typed
        meant = {word for word in near if short and word[0] == typed[0] and shortens(typed, word)} or {
            word for word in near if OSA.distance(word, typed) == 1 and not (short and len(typed) == _SHORTEST_PART)
        }
        return [one for word in words for one in (meant if word in strange else (word,))] if len(meant) == 1 else words

    def apart(self, words: Iterable[str]) -> Iterator[str]:
        """The words, those that were typed as two in one (``gotmampet``) taken apart if there is only one way."""
        for word in words:
            strange = word not in self.known and not self._is_ordinary(word)
            cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1) if strange else ()
            parts = ((self._listed(word[:at]), self._listed(word[at:])) for at in cuts)
            found = [(one, other) for one, other in parts if one and other]
            yield from found[0] if len(found) == 1 else (word,)
