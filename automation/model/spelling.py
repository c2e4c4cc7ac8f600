"""The usual spelling of a word that people type: abbreviations, typing slips, letters drawn out or left out."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from automation.model.vocabulary import bare, shortens, stems

_DRAWN_OUT, _TWICE = re.compile(r"(.)\1{2,}"), re.compile(r"(.)\1")
_DOUBLED = re.compile(r"([^\W\d_]{3,})[2²](?:nya|an|in|kan)?")
_SHORT_PREFIX = re.compile("^(?:[bt](?=r)|[mp](?=[mnr]))(?=.[^aeiou])")  # without its vowel: ``brlubang``
_FIGURES = str.maketrans("01345", "oieas")  # digits that are typed for letters
_SHORTEST_SLIP, _LONG = 5, 9  # letters of a word from which on one slip is forgiven, and two
_SHORTEST_PART = 3  # letters, at least, of each of two words that were typed as one


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
        self._all = [word for word in (*known, *spelled) if len(word) >= _SHORTEST_SLIP]
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
        if match := _DOUBLED.fullmatch(word):
            word = match[1]
        for one in (word, plain := word if word in self.known else _DRAWN_OUT.sub(r"\1", word)):
            if (found := self._listed(one)) is not None:  # empty for a word that says nothing (``yg``)
                return found
        once = _TWICE.sub(r"\1", plain.translate(_FIGURES))
        is_sure = self._is_ordinary(plain) or len(once) < _SHORTEST_PART
        whole = _SHORT_PREFIX.sub(r"\g<0>e", once)
        return plain if is_sure else self._listed(once) or self._listed(whole) or self._slip(plain)

    def _listed(self, word: str) -> str | None:
        """A word, or the first of its stems that is listed, in its usual spelling; None if none is."""
        parts = (word,) if self._closed else (word, *stems(word))
        found = (one for one in parts if one in self._spelled or one in self.known)
        return next((self._spelled.get(one, one) for one in found), None)

    def _slip(self, word: str) -> str:
        """The only word that can be meant, if letters were left out or mixed up; else the word itself."""
        longer = (one for one in self._bare.get(self._outline(word), ()) if shortens(word, one))
        meant = {self._spelled.get(one, one) for one in longer}
        if len(meant) != 1 and len(word) >= _SHORTEST_SLIP:
            slips = 1 if len(word) < _LONG or self._closed else 2
            near = process.extract(word, self._all, scorer=OSA.distance, score_cutoff=slips, limit=4)
            near = [one for one in near if self._closed or one[0][0] == word[0]]  # a slip is seldom in the first letter
            meant = {self._spelled.get(found, found) for found, distance, _ in near if distance == near[0][1]}
        found = meant.pop() if len(meant) == 1 and word.isalpha() else word
        return self._spelled.get(found, found)

    def apart(self, words: Iterable[str]) -> Iterator[str]:
        """The words, those that were typed as two in one (``gotmampet``) taken apart if there is only one way."""
        for word in words:
            strange = word not in self.known and not self._is_ordinary(word)
            cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1) if strange else ()
            parts = ((self._listed(word[:at]), self._listed(word[at:])) for at in cuts)
            found = [(one, other) for one, other in parts if one and other]
            yield from found[0] if len(found) == 1 else (word,)
