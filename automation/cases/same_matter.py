"""How likely two complaints are about one matter, by what they tell, where, of which kind and when.

- **What**: the things and states that both tell of (`config/data/perkara.txt`: “PJU padam” and “lampu jalan gelap” are
  one), and the share of their words that they have in common; a rare word or thing weighs more than one that complaints
  are made of. From two sides (a bill, a leak) one thing is two matters. Where much the same is said, but words are
  replaced by others, it is a template that was sent for two places.
- **Where**: complaints of two kelurahan are never one matter, those that name two streets, landmarks, people or RW
  hardly ever. What the description names comes before where the reporter lives.
- **Kind**: another category speaks against it. What is each reporter's own affair (a card, an allowance) is one matter
  only where somebody is named, or the same person asks again.
- **Days between**: what happens (a flood, a brawl) is another matter weeks later; what stands (a crack) is not.

The weights were found with tests/street/work, and are measured on others: ``python -m tests.street``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from math import exp, log
from typing import Generic, TypeVar

from automation.cases.same_place import compared
from automation.cases.telling import BEFORE, OF_ISTILAH, Telling
from automation.cases.whereabouts import meet
from automation.tables.table import names

#: From this likelihood on a complaint is suggested beside a new one, and goes with others into a pack; so much lower
#: may it fall before a suggestion is taken back.
LIKELY, SLACK = 0.5, 0.2

#: What each sign says for one matter (of `log(p / (1 - p))`); one that is not here says nothing.
_WEIGHTS: Mapping[str, float] = {
    "nothing": -3.4, "text": 0.2, "replaced": -2.7, "template": -3.2, "things": 3.0, "things rare": 1.0,
    "things apart": -0.9, "states": 2.1, "aspects apart": -2.4, "kind": 0.9, "kinds apart": -1.5,
    "kinds apart but": -1.1, "own affair": -3.6, "days of an event": -1.0, "event elsewhere": -0.7, "street": 0.8,
    "street lived": 1.6, "heard": 1.9, "not placed": -1.1, "parts apart": -3.0, "streets apart": -4.6,
    "street not lived": -0.5, "homes": -0.9, "homes apart": -2.5, "landmark": 1.7, "landmarks apart": -4.0,
    "other landmarks": -0.4, "like places": 1.3, "unlike places": -0.9, "person": 1.8, "person apart": -3.6,
    "spot": 1.6, "spot apart": -3.1, "block": 0.0, "block apart": -1.6, "number": 0.5, "number apart": -3.6,
    "rt apart": -2.0, "rw": 0.6, "rw apart": -5.1,
}  # fmt: skip

#: How alike two texts are, of 1, from which words that differ were replaced; and which of one person are the same.
_MUCH, _TEMPLATE, _THE_SAME = 0.4, 0.6, 0.9
_MOST_COMMON, _MOST_COMPARED = 60, 5  # complaints that are found by their words, and that are compared
_TOGETHER, _MOST_ASKED = 0.25, 6  # the average likelihood of two groups that are one, and of how many each it is taken
#: Two places: a text that was sent for both is a template.
_APART = frozenset(
    names("streets apart; homes apart; street not lived; landmarks apart; rw apart; rt apart; spot apart")
)
#: Who names two places in one group has joined two.
_CONTRADICT = frozenset(
    names("streets apart; landmarks apart; rw apart; person apart; number apart; parts apart; spot apart")
)
#: What happens, and is another matter days later; days that count at most.
_EVENTS = frozenset(
    f"benda {event}" for event in names("banjir; tawuran; macet; kebakaran; jambret; pencurian; hajatan")
)
_LONGEST = 60
_PLACED = frozenset(names("street; street lived; landmark; like places; person; spot; block; number; heard"))

Key = TypeVar("Key", bound=Hashable)


class Matters(Generic[Key]):
    """Complaints that are compared with each other, or with another one. How rare a word is they tell themselves."""

    def __init__(self, tellings: Iterable[tuple[Key, Telling]] = ()) -> None:
        self._tellings = dict(tellings)
        self._with: dict[tuple[str, str], list[Key]] = defaultdict(list)
        self._count = Counter(said for one in self._tellings.values() for said in (*one.words, *one.things))
        self._weights: dict[str, float] = {}
        for key, telling in self._tellings.items():
            for word in _found_by(telling):
                self._with[telling.kelurahan, word].append(key)

    def likelihood(self, one: Telling, other: Telling) -> float:
        """How likely they are about one matter, from 0 to 1."""
        return _likely(self.signs(one, other)) if one.kelurahan == other.kelurahan else 0.0

    def signs(self, one: Telling, other: Telling) -> Iterator[tuple[str, float]]:
        """What speaks for one matter or against it, and how much."""
        yield "nothing", 1
        found, alike = self._text(one, other)
        yield from found
        # A thing that may be no more than the place of it is not what both are about, if there is another.
        where = one.where & other.where
        things, their_things = one.things - where or one.things, other.things - where or other.things
        placed = dict(compared(one, other))
        for name, mine, others in (("things", things, their_things), ("states", one.states, other.states)):
            if both := mine & others:
                yield name, 2 * len(both) / (len(mine) + len(others))
                if name == "things":
                    yield "things rare", max(self._rarity(thing, OF_ISTILAH / 3) for thing in both) / 4
            elif name == "things" and mine - one.where and others - other.where and not where:
                yield "things apart", 1
        if one.aspects and other.aspects and one.aspects.isdisjoint(other.aspects):
            yield "aspects apart", 1
        yield from placed.items()
        if not _APART.isdisjoint(placed):
            yield "template", max(0.0, (alike - _TEMPLATE) / (1 - _TEMPLATE))
        apart = "kinds apart but" if things & their_things else "kinds apart"
        yield ("kind" if one.category == other.category else apart), 1
        if not _EVENTS.isdisjoint(one.things & other.things):
            yield "days of an event", min(abs((one.day - other.day).days), _LONGEST) / 10
            if _PLACED.isdisjoint(placed):
                yield "event elsewhere", 1
        shared = "landmark" in placed or "keadaan jutek" in one.states & other.states
        if (one.own or other.own) and not (shared or one.told.people & other.told.people):
            same_home = one.unit == other.unit and meet(one.lived.streets, other.lived.streets)
            if not (same_home and alike > _THE_SAME):
                yield "own affair", 1

    def _rarity(self, said: str, expected: float) -> float:
        if (known := self._weights.get(said)) is None:
            known = self._weights[said] = log((BEFORE + len(self._tellings)) / (expected + self._count[said]))
        return known

    def _text(self, one: Telling, other: Telling) -> tuple[list[tuple[str, float]], float]:
        """What the words speak for or against it, and how alike they are."""
        found = list[tuple[str, float]]()
        weights = {word: self._rarity(word, expected) for word, expected in {**one.rest, **other.rest}.items()}
        if both := sum(weights[word] for word in one.rest if word in other.rest):
            mine, others = (sum(weights[word] for word in told.rest) for told in (one, other))
            found = [("text", 2 * both / (mine + others))]
        alike = 2 * len(one.sounds & other.sounds) / max(1, len(one.sounds) + len(other.sounds))
        if not (one.sounds <= other.sounds or other.sounds <= one.sounds):
            found.append(("replaced", max(0.0, alike - _MUCH)))
        return found, alike

    def near(self, telling: Telling, without: Key | None = None) -> Iterator[tuple[float, Key]]:
        """Those that may be about the same matter, each with how likely it is."""
        found = (key for key in self._found(telling) if key != without)
        return ((self.likelihood(telling, self._tellings[key]), key) for key in found)

    def _found(self, telling: Telling) -> list[Key]:
        """Those that have most words, things and names in common with one."""
        score = Counter[Key]()
        postings = sorted((self._with.get((telling.kelurahan, word), []) for word in _found_by(telling)), key=len)
        for found in postings:
            score.update(found[:_MOST_COMMON])
            if len(score) > _MOST_COMMON:
                break  # rarer words come first
        return [key for key, _ in score.most_common(_MOST_COMPARED + 1)]

    def groups(self) -> list[list[Key]]:
        """All of them, those together that are about one matter: the likeliest two groups become one, again and again,
        as long as theirs are on an average likely enough about one."""
        keys = [*self._tellings]
        order = {key: at for at, key in enumerate(keys)}
        group: dict[int, list[Key]] = {at: [key] for at, key in enumerate(keys)}
        near: dict[int, set[int]] = defaultdict(set)
        likely: list[tuple[float, int, int]] = []
        numbers = count(len(keys))

        def join(one: int, other: int) -> None:
            near[one].add(other)
            near[other].add(one)
            if (how := self._together(group[one], group[other])) >= _TOGETHER:
                heappush(likely, (-how, one, other))

        for at, key in enumerate(keys):
            for other in self._found(self._tellings[key]):
                if key != other and order[other] not in near[at]:
                    join(*sorted((at, order[other])))
        while likely:
            _, some, others = heappop(likely)
            if some in group and others in group:
                group[new := next(numbers)] = sorted(group.pop(some) + group.pop(others), key=order.__getitem__)
                for beside in near[some] | near[others]:
                    if beside in group:
                        join(beside, new)
        return sorted(group.values(), key=lambda found: order[found[0]])

    def _together(self, some: Sequence[Key], others: Sequence[Key]) -> float:
        """How likely those of two groups are about one matter, on an average; two places speak against it."""
        cross = [self._between(one, other) for one in some[:_MOST_ASKED] for other in others[:_MOST_ASKED]]
        return sum(cross) / len(cross)

    def _between(self, one: Key, other: Key) -> float:
        mine, others = self._tellings[one], self._tellings[other]
        signs = dict(self.signs(mine, others))
        apart = mine.kelurahan != others.kelurahan or not _CONTRADICT.isdisjoint(signs)
        return -1.0 if apart else _likely(signs.items())


def _likely(signs: Iterable[tuple[str, float]]) -> float:
    return 1 / (1 + exp(-sum(_WEIGHTS.get(sign, 0.0) * much for sign, much in signs)))


def _found_by(telling: Telling) -> set[str]:
    """By what others are looked for that may be about the same."""
    places = telling.named.streets | telling.told.landmarks
    named = {f"@{word}" for name in places for word in (*name.words, f"{name.kind} {name.part}") if word != " "}
    return {*telling.words, *telling.things, *named, f"rw {telling.unit[1]}"} - {"rw "}


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
