"""How likely two complaints are about one matter, by what they tell, where, of which kind and when.

- **Text**: the share of their words that they have in common; a rare word weighs more than one that complaints are
  made of. Words are compared in their usual spelling (`Istilah`), names as they sound. Where much the same is said, but
  words are replaced by others, it is a template that was sent for two places.
- **Place**: complaints of two kelurahan are never one matter, those that name two streets, blocks or landmarks hardly
  ever. What the description names comes before where the reporter lives.
- **Kind**: another category speaks against it. What is each reporter's own affair (a card, an allowance) is one matter
  only where somebody is named, or the same person asks again.
- **Days between**: what happens (a flood, a brawl) is another matter weeks later; what stands (a crack) is not.

The weights were found with the pairs in tests/street/work, and are measured on others: ``python -m tests.street``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from functools import lru_cache
from math import exp, log
from typing import Generic, TypeVar

from automation.cases.telling import BEFORE, OF_ISTILAH, Telling
from automation.tables.table import names

#: From this likelihood on a complaint is suggested beside a new one, and goes with others into a pack; so much lower
#: may it fall before a suggestion is taken back.
LIKELY, SLACK = 0.5, 0.2

#: What each sign says for one matter (of `log(p / (1 - p))`).
_NOTHING = -1.9
_TEXT, _TEXT_WITHIN, _TOPIC, _TOPIC_WITHIN, _TOPICS_APART, _REPLACED = 1.3, 1.2, 0.6, 0.4, -0.8, -4.9
_SUBJECT, _SUBJECTS_APART, _KIND, _KINDS_APART, _OWN_AFFAIR = 0.7, -0.9, 0.8, -1.1, -5.0
_STREETS_APART, _STREET_LIVED, _STREET_NOT_LIVED, _HOMES_APART, _HOMES_APART_BUT = -5.4, 2.2, -1.3, -3.6, -0.5
_NAMED, _NAMED_OF_A_KIND, _NAME, _NEAR, _LANDMARKS_APART, _LIKE_PLACES, _UNLIKE_PLACES = (
    0.6,
    0.9,
    0.6,
    1.5,
    -1.6,
    1.6,
    -0.9,
)
_SPOTS_APART, _BLOCK, _BLOCKS_APART, _RW, _RW_APART, _RT_APART = -0.6, 0.7, -2.3, 0.5, -4.0, -0.7
_DAYS, _DAYS_OF_AN_EVENT = 95, 8  # in which it becomes as much less likely as a sign of -1 makes it
#: How alike two texts are, of 1, from which words that differ were replaced; and which of one person are the same.
_MUCH, _THE_SAME = 0.4, 0.9
_MOST_COMMON, _MOST_COMPARED = 60, 5  # complaints that are found by their words, and that are compared
_TOGETHER, _MOST_ASKED = 0.4, 6  # the average likelihood of two groups that are one, and of how many each it is taken
_FEWEST_SHARED = 2  # words or names by which one is found
_EVENTS = frozenset(names("banjir; genangan; tawuran; macet; kebakaran; meluap; begal; maling; jambret; hajatan; mati"))

Key = TypeVar("Key", bound=Hashable)


class Matters(Generic[Key]):
    """Complaints that are compared with each other, or with another one. How rare a word is they tell themselves."""

    def __init__(self, tellings: Iterable[tuple[Key, Telling]] = ()) -> None:
        self._tellings = dict(tellings)
        self._with: dict[tuple[str, str], list[Key]] = defaultdict(list)
        self._count = Counter(word for telling in self._tellings.values() for word in telling.words)
        self._weights: dict[str, float] = {}
        for key, telling in self._tellings.items():
            for word in _found_by(telling):
                self._with[telling.kelurahan, word].append(key)

    def likelihood(self, one: Telling, other: Telling) -> float:
        """How likely they are about one matter, from 0 to 1."""
        if one.kelurahan != other.kelurahan:
            return 0.0
        text, alike = self._text(one, other)
        found = _NOTHING + text + _where(one, other) + (_KIND if one.category == other.category else _KINDS_APART)
        found -= abs((one.day - other.day).days) / (
            _DAYS if _EVENTS.isdisjoint(one.words.keys() & other.words.keys()) else _DAYS_OF_AN_EVENT
        )
        if one.subjects and other.subjects:
            met = not {*one.subjects}.isdisjoint(other.subjects)
            found += _SUBJECT / (1 if one.subjects[0] == other.subjects[0] else 2) if met else _SUBJECTS_APART
        if (one.own or other.own) and not _meet(one.told.names, other.told.names):
            same_home = one.unit == other.unit and one.lived.streets == other.lived.streets
            found += 0 if same_home and alike > _THE_SAME else _OWN_AFFAIR
        return 1 / (1 + exp(-found))

    def _text(self, one: Telling, other: Telling) -> tuple[float, float]:
        """What the words speak for or against it, and how alike they are."""
        known, found = {**one.words, **other.words}, 0.0
        weights = self._weights
        for word in [word for word in known if word not in weights]:
            weights[word] = log((BEFORE + len(self._tellings)) / (known[word] + self._count[word]))
        for topic, share, within in ((True, _TOPIC, _TOPIC_WITHIN), (False, _TEXT, _TEXT_WITHIN)):
            mine, others = (
                {word: weights[word] for word in words if (known[word] == OF_ISTILAH) is topic}
                for words in (one.words, other.words)
            )
            if both := sum(weight for word, weight in mine.items() if word in others):
                all_mine, all_others = sum(mine.values()), sum(others.values())
                found += share * 2 * both / (all_mine + all_others) + within * both / min(all_mine, all_others)
            elif mine and others and topic:
                found += _TOPICS_APART
        alike = 2 * len(one.sounds & other.sounds) / max(1, len(one.sounds) + len(other.sounds))
        if not (one.sounds <= other.sounds or other.sounds <= one.sounds):
            found += _REPLACED * max(0.0, alike - _MUCH)
        return found, alike

    def near(self, telling: Telling, without: Key | None = None) -> Iterator[tuple[float, Key]]:
        """Those that may be about the same matter, each with how likely it is."""
        found = (key for key in self._found(telling) if key != without)
        return ((self.likelihood(telling, self._tellings[key]), key) for key in found)

    def _found(self, telling: Telling) -> list[Key]:
        """Those that have most words and names in common with one; of short ones one is enough."""
        score = Counter[Key]()
        words = _found_by(telling)
        postings = sorted((self._with.get((telling.kelurahan, word), []) for word in words), key=len)
        for found in postings:
            score.update(found[:_MOST_COMMON])
            if len(score) > _MOST_COMMON:
                break  # rarer words come first
        fewest = min(_FEWEST_SHARED, len(words) // 3)
        return [key for key, count in score.most_common(_MOST_COMPARED + 1) if count >= fewest]

    def groups(self) -> list[list[Key]]:
        """All of them, those together that are about one matter: from the likeliest pair on, each with as many of the
        others as speak for it together."""
        order = {key: at for at, key in enumerate(self._tellings)}
        pairs = {
            (min(pair), max(pair))
            for key in order
            for other in self._found(self._tellings[key])
            if key != other
            for pair in [(order[key], order[other])]
        }
        keys = [*self._tellings]
        likely = sorted(((self._between(keys[one], keys[other]), one, other) for one, other in pairs), reverse=True)
        group = {key: [key] for key in keys}
        for how, one, other in likely:
            mine, others = group[keys[one]], group[keys[other]]
            if how < LIKELY:
                break
            if mine is not others and self._agree(mine, others):
                mine += others
                group.update(dict.fromkeys(others, mine))
        return [*{id(found): sorted(found, key=order.__getitem__) for found in group.values()}.values()]

    def _agree(self, some: Sequence[Key], others: Sequence[Key]) -> bool:
        """Whether on an average those of two groups are likely enough about one matter."""
        cross = [self._between(one, other) for one in some[:_MOST_ASKED] for other in others[:_MOST_ASKED]]
        return sum(cross) >= _TOGETHER * len(cross)

    def _between(self, one: Key, other: Key) -> float:
        return self.likelihood(self._tellings[one], self._tellings[other])


def _found_by(telling: Telling) -> set[str]:
    """By what others are looked for that may be about the same."""
    return {*telling.words, *(f"@{name.partition(' ')[0]}" for name in telling.told.all | telling.lived.streets)}


def _meet(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a place is named in both; what tells two of one name apart may be left out."""
    if not some or not others:
        return False
    mine, theirs = _parts(some), _parts(others)
    both = ((mine[name], theirs[name]) for name in mine.keys() & theirs.keys())
    return any("" in own or "" in their or own & their for own, their in both)


@lru_cache(maxsize=65536)
def _parts(names: frozenset[str]) -> Mapping[str, AbstractSet[str]]:
    """By name what stands behind its space."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, _, part in (one.partition(" ") for one in names):
        found[name].add(part)
    return found


def _where(one: Telling, other: Telling) -> float:
    """What the places speak for or against it."""
    mine, others, home, theirs = one.told, other.told, one.lived, other.lived
    found, met = 0.0, _meet(mine.all, others.all)
    if mine.streets and others.streets:
        found += 0 if _meet(mine.streets, others.streets) else _STREETS_APART
    elif mine.streets or others.streets:
        named, lived, heard = (
            (mine.streets, theirs, other.sounds) if mine.streets else (others.streets, home, one.sounds)
        )
        there = _meet(named, lived.all) or any(street.partition(" ")[0] in heard for street in named)
        found += _STREET_LIVED if there else _STREET_NOT_LIVED if lived.streets else 0
    elif home.streets and theirs.streets and not _meet(home.streets, theirs.streets):
        placed = (mine.landmarks or mine.names) and (others.landmarks or others.names)
        found += _HOMES_APART_BUT if placed else _HOMES_APART
    if met:
        found += _NAMED + _NAMED_OF_A_KIND * (one.category == other.category) + _NAME * _meet(mine.names, others.names)
    elif _meet(mine.all, theirs.all) or _meet(others.all, home.all):
        found += _NEAR
    elif mine.landmarks and others.landmarks:
        found += _LANDMARKS_APART
    elif mine.kinds and others.kinds:
        found += _LIKE_PLACES if mine.kinds & others.kinds else _UNLIKE_PLACES
    if mine.spots and others.spots and not mine.spots & others.spots:
        found += _SPOTS_APART
    if (blocks := mine.blocks or home.blocks) and (their_blocks := others.blocks or theirs.blocks):
        found += _BLOCK if blocks & their_blocks else _BLOCKS_APART
    for own, their, same, apart in zip(one.unit, other.unit, (0, _RW), (_RT_APART, _RW_APART), strict=True):
        found += (same if own == their else apart) if own and their else 0
    return found


class Together:
    """The ticket of the first of those that tell of one matter with a case; worked out when it is first asked."""

    def __init__(self, tellings: Callable[[], Iterable[tuple[str, Telling]]]) -> None:
        self._tellings = tellings
        self._first: dict[str, str] | None = None

    def __call__(self, ticket: str) -> str:
        """Its own, where it is alone."""
        if self._first is None:
            groups = Matters(self._tellings()).groups()
            self._first = {one: group[0] for group in groups for one in group}
        return self._first.get(ticket, ticket)
