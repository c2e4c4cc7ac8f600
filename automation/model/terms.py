"""The meaning of everyday words: the rows of `Istilah`, and the entries of our lists themselves.

A cell is understood if all that it says means one entry; else entries are only offered, with the words behind them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from automation.model.affixes import as_words, without_place
from automation.model.cells import fold
from automation.model.vocabulary import Spelling, Vocabulary, with_word
from automation.tables import intake
from automation.tables.table import Column

#: What a row of `Istilah` may be about besides a column: another spelling of a word; that summaries may show it.
SPELLING, SHOWN = "Ejaan", "Ringkasan"
#: The columns of a complaint whose entries a term may mean: typing slips in such words are forgiven everywhere.
MEANT: tuple[Column, ...] = (intake.CATEGORY, intake.STATUS, intake.CHANNEL, intake.PRIORITY, intake.KELURAHAN)
#: The note of a term begins so if it also has another sense: then people are asked what they mean.
AMBIGUOUS = "RAGU"
MOST_OFFERED = 3
_INITIAL, _APART = 2, 2  # so few letters are no word; other words allowed within a phrase
WORD = re.compile(r"[^\W_]+")
_LONGEST_ENTRY, _LONGEST_TEXT = 100, 1500  # characters read of an entry; of a description
_SURE, _UNSURE, _MORE, _OF_THE_CELL = 3.0, 1.0, 0.75, 3.0  # scores: a word, each more of a phrase, the cell's factor
_LEAST, _BESIDE = 2.0, 0.3  # the score from which an entry is offered; the share of the best one's that it needs
_AND = re.compile(r"\b(?:dan|sama|sm|ama|ame|n|plus|serta|karo|jeung|lalu|terus|trus|trs|kemudian)\b|[&+,/]")
#: Columns in which so many extra words don't change the sense.
_FORGIVEN = {intake.CATEGORY: 2, intake.CHANNEL: 2, intake.PRIORITY: 2}

Entry = TypeVar("Entry", bound=str)


class Term(NamedTuple):
    """A row of `Istilah`: what is `said`, in which column (or SPELLING, SHOWN), its meaning, or that it is `asked`."""

    said: str
    kind: str
    meaning: str
    asked: bool


class _Phrase(NamedTuple):
    said: str
    words: tuple[str, ...]
    entry: str
    asked: bool


class Offers(NamedTuple):
    """Entries that may be meant, likeliest first, and the words of `Istilah` that they come from."""

    entries: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


class Terms:
    """The rows of `Istilah`. A word of the `vocabulary` is no slip; its sections “sel …” are about cells."""

    def __init__(self, terms: Iterable[Term] = (), vocabulary: Vocabulary | None = None) -> None:
        words = vocabulary or Vocabulary()
        self.words = words.sections
        self.is_known = lambda word: self.knows(word) or word in words.named or words.has(word)
        self._terms: dict[str, list[Term]] = defaultdict(list)
        for term in terms:
            self._terms[term.kind].append(term)
        spelled = {term.said.casefold(): term.meaning.casefold() for term in self._terms.get(SPELLING, ())}
        said = (term.said for kind in MEANT for term in self._terms.get(kind, ()))
        known = {*spelled.values(), *WORD.findall(" ".join(said).casefold())} - {*spelled}
        self.spelling = Spelling(known, spelled, self.is_known)
        self.usual = self.spelling.usual
        self._choices = lru_cache(maxsize=16)(Choices[str])

    @property
    def shown(self) -> Iterator[str]:
        """Words that summaries may show, in any spelling, but no names; some only together (``tenaga_surya``)."""
        shown = (term for kind in (intake.CATEGORY, SHOWN, SPELLING) for term in self._terms.get(kind, ()))
        told = filter(self.words["bukan turunan"].isdisjoint, (WORD.findall(term.said.lower()) for term in shown))
        return ("_".join(words) for words in told if max(map(len, words), default=0) > _INITIAL)

    def knows(self, word: str) -> bool:
        """Whether this is a word of `Istilah`, in its usual spelling."""
        return word in self.spelling.known

    def places(self, known: Iterable[str]) -> dict[str, str]:
        """Other names of places, each with the one of the `known` names that it means."""
        names = {fold(name): name for name in known}
        spelled = self._terms.get(intake.KELURAHAN, ())
        return {term.said: names[key] for term in spelled if not term.asked and (key := fold(term.meaning)) in names}

    def choices(self, column: Column, entries: Iterable[Entry]) -> "Choices[Entry]":
        """The list of a column, with what people call its entries."""
        return self._choices(self, column, tuple(entries))  # type: ignore[return-value]

    def phrases(self, column: Column, entries: Iterable[str]) -> Iterator[_Phrase]:
        """What people call these entries of a column."""
        known = {key: entry for entry in entries if (key := fold(entry))}
        terms = self._terms.get(column, ())
        doubted = {key for term in terms if term.asked and (key := fold(term.said)) == fold(term.meaning)}
        yield from (_Phrase(one, tuple(self.told(one)), one, key in doubted) for key, one in known.items())
        for term in terms:
            words = tuple(self.told(term.said))
            if (meant := known.get(fold(term.meaning))) and words and len({*words}) == len(words):
                yield _Phrase(term.said, words, meant, term.asked)

    def told(self, text: str) -> list[str]:
        """The words of a text in their usual spelling, without idle ones."""
        partly = text.lower().replace("100%", "").replace("%", " persen")  # “selesai 50%” is not done
        words = [self.usual(word) for word, _ in groupby(WORD.findall(as_words(partly, self.spelling.listed)))]
        return [word for word in words if word not in self.words["sel tanpa arti"]] or words


class Choices(Generic[Entry]):
    """The entries of one list. Case, spacing and punctuation are ignored, and the terms of `Istilah` are understood."""

    def __init__(self, terms: Terms, column: Column, entries: Sequence[Entry]) -> None:
        self._terms, self._column, self._of = terms, column, terms.words
        self._by_key = {key: entry for entry in entries if (key := fold(entry))}
        self._exact: dict[tuple[str, ...], dict[str, bool]] = defaultdict(dict)
        self._by_word: dict[str, list[_Phrase]] = defaultdict(list)
        phrases = [one for one in terms.phrases(column, entries) if one.words]
        often = Counter(word for phrase in phrases for word in phrase.words)
        self._doubted = {fold(phrase.said) for phrase in phrases if phrase.asked}
        self._joined = {phrase.words for phrase in phrases if _AND.search(phrase.said)}
        for phrase in phrases:
            self._exact[phrase.words][phrase.entry] = phrase.asked and self._exact[phrase.words].get(phrase.entry, True)
            self._by_word[min(phrase.words, key=often.__getitem__)].append(phrase)
        self._with = with_word(self._exact if column is intake.CATEGORY else ())
        self._own = Spelling(often if column in _FORGIVEN else (), {}, terms.is_known, closed=column != intake.CATEGORY)
        #: `find`: the entry that a text names or surely means. `offers`: those that it, and another text, may mean.
        self.find = lru_cache(maxsize=4096)(self._find)
        self.offers = lru_cache(maxsize=1024)(self._offers)

    def _find(self, text: str) -> Entry | None:
        if len(text) > _LONGEST_ENTRY or ({*"?%"} & {*text.replace("100%", "")} and self._column not in _FORGIVEN):
            return None  # who asks whether it is done, or says how much of it, does not say so
        if (named := self._by_key.get(fold(text))) is not None or fold(text) in self._doubted:
            return named  # a doubted term stays doubted, whatever its words mean in another form (“bantuan masyarakat”)
        first, *more = _AND.split(text)
        other = self._exact.get(tuple(self._terms.told(first)), {}) if more else {}
        whole = tuple(self._terms.told(text)) in self._joined
        found = next(filter(None, map(self._meant, self._readings(text))), None)
        return self._by_key.get(fold(found)) if whole or len(other) != 1 or found in other else None

    def _readings(self, text: str) -> Iterator[Sequence[str]]:
        """The words as those beside them suggest; split; without its outcome and place; in the column's spelling."""
        words = self._terms.told(text)
        own = [self._own.usual(word) for word in words]
        yield own if self._column is intake.PRIORITY else self._terms.spelling.beside(words, self._with)
        yield (apart := [*self._terms.spelling.apart(words)])
        yield without_place(apart, self._of["sel akibat"], self._terms.knows)
        yield own

    def _meant(self, words: Sequence[str]) -> str | None:
        if tuple(words) in self._exact:
            ((entry, asked), *others) = self._exact[tuple(words)].items()
            return None if asked or others else entry
        if self._column is intake.PRIORITY and not self._of["sel bukan"].isdisjoint(words[:1]):
            denied = tuple(word for word in words[1:] if word not in self._of["sel seberapa"])
            if (usual := next(iter(self._by_key.values()))) not in self._exact.get(denied, (usual,)):
                return usual  # any other entry was denied
        sure: dict[str, set[int]] = defaultdict(set)
        matches = self._matches(words, placed := self._places(words))
        # What is doubted where it stands alone another word may make sure: “kerja” is asked, “kerja taiwan” is not.
        firm = [m for m in matches if self._of["sel pasti " + m[0].entry.casefold()] & {*words}.difference(m[0].words)]
        for phrase, places in [one for one in matches if not one[0].asked] or firm:
            sure[phrase.entry] |= places
        weak = self._of[f"sel mengalah {self._column.casefold()}"]
        sure = {one: said for one, said in sure.items() if any(words[at] not in weak for at in said)} or sure
        # An entry whose words include all those of the others, and more, is meant.
        entry = max(sure, key=lambda one: len(sure[one]), default="")
        if not sure.get(entry) or any(not said < sure[entry] for one, said in sure.items() if one != entry):
            return None
        to = self._of[f"sel tujuan {entry.casefold()}"] if 0 in sure[entry] else ()
        told = {*weak, *to, *(words[at] for at in sure[entry])}
        rest = {word for at, word in enumerate(words) if at not in placed and word not in told and not word.isdigit()}
        denies = self._of["sel menyangkal" + " kategori" * (self._column is intake.CATEGORY)]
        denies = denies | self._of["sel kelak" * (fold(entry) in self._of["sel tercapai"])]
        more = rest - self._of["sel menyangkal"] - self._of["bandingan tanpa arti"]
        return entry if denies.isdisjoint(rest) and len(more) <= _FORGIVEN.get(self._column, 0) else None

    def _offers(self, cell: str, text: str = "") -> Offers:
        score: dict[str, float] = defaultdict(float)
        because: dict[str, dict[tuple[str, ...], _Phrase]] = defaultdict(dict)
        for told, weight in ((cell[:_LONGEST_ENTRY], _OF_THE_CELL), (text[:_LONGEST_TEXT], 1.0)):
            words = self._terms.told(told)
            for phrase, places in self._matches(words, self._places(words)):
                if phrase.words not in because[phrase.entry]:
                    said = (_UNSURE if phrase.asked else _SURE) * weight
                    score[phrase.entry] += said * (1 + _MORE * (len(phrase.words) - 1))
                    heard = " ".join(words[at] for at in sorted(places))  # not another form, which nobody typed
                    because[phrase.entry][phrase.words] = phrase._replace(said=heard)
                if phrase.said.casefold() in told.casefold():
                    because[phrase.entry][phrase.words] = phrase
        ranked = sorted(score, key=lambda entry: -score[entry])[:MOST_OFFERED]
        offered = [one for one in ranked if score[one] >= max(_LEAST, _BESIDE * score[ranked[0]])]
        told_of = dict.fromkeys(said for entry in offered for said in _telling([*because[entry].values()]))
        return Offers(tuple(offered), tuple(told_of)[:MOST_OFFERED])

    def may_mean(self, text: str, entries: Iterable[str]) -> bool:
        """Whether a text has all words of a phrase for one of these entries; if not, it is no offer for any of them."""
        said = set(map(self._terms.usual, WORD.findall(" ".join({*text[:_LONGEST_TEXT].lower().split()}))))
        near = (one.words for word in said for one in self._by_word.get(word, ()) if one.entry in entries)
        return any(map(said.issuperset, near))

    def _places(self, words: Sequence[str]) -> frozenset[int]:
        """Positions where a text only says where something is: behind “depan”, one word or a known name."""
        found: set[int] = set()
        for at, word in enumerate(words if self._column is intake.CATEGORY else ()):
            if word in self._of["sel letak"]:
                count = next((count for count in (3, 2) if tuple(words[at + 1 : at + 1 + count]) in self._exact), 1)
                found.update(range(at, at + 1 + count))
        return frozenset(found)

    def _matches(self, words: Sequence[str], without: frozenset[int]) -> list[tuple[_Phrase, set[int]]]:
        """The phrases in a text, the longest first, except those within a longer one."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(words):
            if at not in without:
                places[word].append(at)
        found = [
            (phrase, best)
            for word in places
            for phrase in self._by_word.get(word, ())
            if all(other in places for other in phrase.words) and (best := _nearest(phrase.words, word, places))
        ]
        found.sort(key=lambda match: (-len(match[1]), min(match[1])))
        # Of two phrases with the same words, the one in the text's order is meant (“lampu mati”, “mati lampu”).
        ordered = [match for match in found if [words[at] for at in sorted(match[1])] == [*match[0].words]]
        found = [match for match in found if match in ordered or match[1] not in [said for _, said in ordered]]
        return [match for match in found if not any(match[1] < said for _, said in found)]


def _telling(phrases: Sequence[_Phrase]) -> Iterator[str]:
    """The two phrases that say most of what was meant."""
    first, *others = sorted([one for one in phrases if not one.asked] or phrases, key=lambda one: -len(one.words))[:2]
    return (phrase.said for phrase in (first, *others) if phrase is first or not {*phrase.words} <= {*first.words})


def _nearest(phrase: Sequence[str], anchor: str, places: Mapping[str, Sequence[int]]) -> set[int]:
    """The positions where the words of a phrase stand near each other; empty if they don't."""
    for start in places[anchor]:
        found = {min(places[word], key=lambda at: abs(at - start)) if word != anchor else start for word in phrase}
        if max(found) - min(found) < len(phrase) + _APART:
            return found
    return set()
