"""How likely two complaints are about one matter: by what they tell, where, of which kind and when.

- **What**: the things and states that both tell of (`config/data/perkara.txt`: “PJU padam” and “lampu jalan gelap” are
  one), and the share of their words that they have in common; rare words weigh more than common ones. If much the same
  is said, but with some words replaced, it is a template that was sent for two places.
- **Where**: complaints of two kelurahan are never one matter, those that name different streets, landmarks, people or
  RW hardly ever. What the description names comes before the address.
- **Kind**: a different category speaks against it, less if the words of one may mean the other's. What is each
  reporter's own affair (a card, an allowance) is one matter only where somebody is named, an office has failed, or the
  same person asks again.
- **Days between**: what happens (a flood, a brawl) is another matter weeks later; what stays (a crack) is not, if both
  name its place.

The weights were fitted on tests/street/work, and are measured on other examples: ``python -m tests.street``.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from functools import cache
from heapq import heappop, heappush
from itertools import count
from math import exp, log
from statistics import fmean
from typing import Generic, TypeVar

from automation.cases.telling import BEFORE, Telling
from automation.cases.whereabouts import share_place
from automation.tables.table import names

#: From this likelihood on, a complaint is suggested beside a new one, and packed with others; a suggestion is taken
#: back only if the likelihood falls lower by `SLACK`.
LIKELY, SLACK = 0.5, 0.2

#: How much each sign adds to the log-odds, `log(p / (1 - p))`, of one matter; other signs add nothing.
_WEIGHTS: Mapping[str, float] = {
    "nothing": -4.5, "text within": 0.6, "replaced": -3.3, "template": -3.7, "things": 2.4, "things apart": -1.1,
    "states": 1.7, "states apart": -0.4, "rare": 2.0, "kind": 1.8, "kinds apart": -3.2, "kinds apart but": -0.1,
    "kinds near": 1.1, "own affair": -4.2, "days": -0.1, "days of an event": -1.0, "days elsewhere": -1.5,
    "street": 0.8, "street lived": 1.8, "heard": 2.2, "not placed": -1.8, "streets apart": -4.9, "homes": 0.6,
    "homes apart": -3.5, "landmark": 1.9, "landmarks apart": -4.6, "other landmarks": -0.6, "like places": 1.6,
    "unlike places": -1.1, "person": 2.0, "person apart": -4.4, "spot": 0.8, "spot apart": -3.8, "block": 1.5,
    "block apart": -1.7, "number apart": -4.4, "rt": -0.6, "rt apart": -2.4, "parts apart": -4.2, "rw": 0.8,
    "rw apart": -5.5, "many-sided": -1.5,
}  # fmt: skip

#: How alike two texts must be, up to 1, for differing words to count as replaced; and for the texts to be the same.
_MUCH, _THE_SAME = 0.4, 0.9
_MOST_COMMON, _MOST_COMPARED = 60, 5  # how many complaints are found by their words, and how many are compared
_TOGETHER, _NEVER, _MOST_ASKED = 0.35, 0.002, 6  # to join groups; to bar it; how many of a group are compared
#: Signs of two places: the same text sent for both is a template.
_APART = {f"{one} apart" for one in names("streets; homes; landmarks; rw; rt; spot; block")} | {"street not lived"}
_PLACED = frozenset(names("street; street lived; homes; landmark; person; spot; heard"))  # signs of one place
#: What concerns a whole kelurahan: where a reporter lives says nothing.
_WIDE = frozenset(f"benda {one}" for one in names("gas; sembako; pegawai; puskesmas; aplikasi; posyandu; ambulan"))
#: What people complain about for many reasons: that both name it says little.
_MANY_SIDED = {f"benda {one}" for one in names("pegawai; pasar; sekolah; puskesmas; taman; bpjs; listrik; pabrik")}
#: What happens, and is another matter days later.
_EVENTS = {f"benda {one}" for one in names("banjir; tawuran; macet; kebakaran; jambret; pencurian; hajatan; listrik")}
#: What fails in an office or is done by it, and is nobody's own affair.
_OF_AN_OFFICE = {f"keadaan {one}" for one in names("habis; error; jutek; dipotong; pungutan; bau; kering")}
_LONGEST, _SOON = 60, 1.4  # days between that count at most; tens of days that speak not yet against it elsewhere
Key = TypeVar("Key", bound=Hashable)


class Matters(Generic[Key]):
    """Complaints to compare with each other, or with another one. How rare a word is follows from them."""

    def __init__(self, tellings: Iterable[tuple[Key, Telling]] = ()) -> None:
        self._tellings = dict(tellings)
        self._with: dict[str, list[Key]] = defaultdict(list)
        said = (one.words | one.things | one.states for one in self._tellings.values())
        self._count = Counter(word for words in said for word in words)
        self._weights: dict[str, float] = {}
        self._found_by = {key: _found_by(telling) for key, telling in self._tellings.items()}
        for key, found_by in self._found_by.items():
            for word in found_by:
                self._with[word].append(key)

    def likelihood(self, one: Telling, other: Telling) -> float:
        """How likely the two are one matter, from 0 to 1."""
        if one.kelurahan != other.kelurahan:
            return 0.0
        return 1 / (1 + exp(-sum([_WEIGHTS.get(sign, 0.0) * much for sign, much in self.signs(one, other)])))

    def signs(self, one: Telling, other: Telling) -> Iterator[tuple[str, float]]:
        """The signs for or against one matter, each with its strength."""
        yield "nothing", 1
        found, alike = self._text(one, other)
        yield from found.items()
        # A thing that may be just the place is not what both are about, if they name another thing.
        where = one.where & other.where
        things, their_things = one.things - where or one.things, other.things - where or other.things
        for name, mine, others in (("things", things, their_things), ("states", one.states, other.states)):
            if both := len(mine & others):
                yield name, 2 * both / (len(mine) + len(others))
            elif mine - one.where and others - other.where and not (where and name == "things"):
                yield f"{name} apart", 1
        if common := (things & their_things) | (one.states & other.states):
            rarest = min(self._count[sense] for sense in common)
            yield "rare", 1 - log(1 + rarest / 3) / log((BEFORE + len(self._tellings)) / 3)
            yield "many-sided", common <= _MANY_SIDED
        placed = dict(_where(one, other, shared := one.things & other.things))
        yield from placed.items()
        if alike > _THE_SAME and not _APART.isdisjoint(placed):
            yield "template", 1
        if one.category and other.category:
            apart = "kinds apart but" if things & their_things else "kinds apart"
            yield ("kind" if one.category == other.category else apart), 1
            if one.category != other.category and things & their_things and not _PLACED.isdisjoint(placed):
                yield "kinds near", other.category in one.kinds() or one.category in other.kinds()
        days = min(abs((one.day - other.day).days), _LONGEST) / 10
        yield ("days" if _EVENTS.isdisjoint(shared) else "days of an event"), days
        if days > _SOON and _PLACED.isdisjoint(placed):
            yield "days elsewhere", days - _SOON
        if one.own or other.own:
            again = alike > _THE_SAME and one.unit == other.unit and share_place(one.lived.streets, other.lived.streets)
            said, also = (told.sounds.union(*(name.words for name in told.named.landmarks)) for told in (one, other))
            places = (name for name in one.named.landmarks | other.named.landmarks if name.kind in ("pt", "pabrik"))
            employer = any(name.words and {*name.words} <= said & also for name in places)
            office = one.states & other.states & _OF_AN_OFFICE
            if not (employer or again or office or one.told.people & other.told.people):
                yield "own affair", 1

    def _text(self, one: Telling, other: Telling) -> tuple[dict[str, float], float]:
        """The signs that the words give, and how alike the texts are (0 to 1)."""
        weights, found = self._weights, dict[str, float]()
        if both := one.rest.keys() & other.rest.keys():
            for word, expected in {**one.rest, **other.rest}.items():
                if word not in weights:
                    weights[word] = log((BEFORE + len(self._tellings)) / (expected + self._count[word]))
            mine, others = (sum(weights[word] for word in told.rest) for told in (one, other))
            found["text within"] = sum(weights[word] for word in both) / min(mine, others)
        alike = 2 * len(one.sounds & other.sounds) / max(1, len(one.sounds) + len(other.sounds))
        if not (one.sounds <= other.sounds or other.sounds <= one.sounds):
            found["replaced"] = max(0.0, alike - _MUCH)
        return found, alike

    def near(self, telling: Telling, without: Key | None = None) -> Iterator[tuple[float, Key]]:
        """Those that may be the same matter, each with its likelihood."""
        found = (key for key in self._found(_found_by(telling)) if key != without)
        return ((self.likelihood(telling, self._tellings[key]), key) for key in found)

    def _found(self, found_by: Iterable[str]) -> list[Key]:
        """Those that have the most words, things and names in common with one."""
        score = Counter[Key]()
        for found in sorted((self._with.get(word, []) for word in found_by), key=len):
            score.update(found[:_MOST_COMMON])
            if len(score) > _MOST_COMMON:
                break  # rarer words come first
        return [key for key, _ in score.most_common(_MOST_COMPARED + 1)]

    def groups(self) -> list[list[Key]]:
        """All of them, grouped by matter: the likeliest two groups are joined, again and again, as long as their
        members are on average likely enough to be one matter."""
        keys, told = [*self._tellings], [*self._tellings.values()]
        order = {key: at for at, key in enumerate(keys)}
        group = {at: [at] for at in order.values()}
        near, likely, numbers = defaultdict[int, set[int]](set), list[tuple[float, int, int]](), count(len(keys))
        pair = cache(lambda one, other: self.likelihood(told[one], told[other]))  # asked again as groups grow

        def join(one: int, other: int) -> None:
            near[one].add(other)
            near[other].add(one)
            if (how := _together(group[one], group[other], pair)) >= _TOGETHER:
                heappush(likely, (-how, one, other))

        for at, found_by in enumerate(self._found_by.values()):
            for other in {order[key] for key in self._found(found_by)} - near[at] - {at}:
                join(min(at, other), max(at, other))
        while likely:
            _, some, others = heappop(likely)
            if some in group and others in group:
                group[new := next(numbers)] = sorted(group.pop(some) + group.pop(others))
                for beside in near[some] | near[others]:
                    if beside in group:
                        join(beside, new)
        return [[keys[at] for at in found] for found in sorted(group.values())]


def _together(some: Sequence[int], others: Sequence[int], pair: Callable[[int, int], float]) -> float:
    """How likely two groups are one matter: on average over their members, the likelihood with all of the other group,
    and with the nearest (one that tells little is near only to its like). 0 if any two hardly are one."""
    cross = [[pair(min(one, other), max(one, other)) for other in others[:_MOST_ASKED]] for one in some[:_MOST_ASKED]]
    if min(map(min, cross)) < _NEVER:
        return 0.0
    nearest = fmean(fmean(map(max, rows)) for rows in (cross, zip(*cross, strict=True)))
    return (nearest + fmean(map(fmean, cross))) / 2


def _found_by(telling: Telling) -> list[str]:
    """The keys by which others are looked for that may be the same matter."""
    places = telling.named.streets | telling.told.landmarks
    named = {f"@{word}" for name in places for word in (*name.words, f"{name.kind} {name.part}") if word != " "}
    found = {*telling.words, *telling.things, *named, f"rw {telling.unit[1]}"} - {"rw "}
    return sorted(f"{telling.kelurahan} {word}" for word in found)


def _where(one: Telling, other: Telling, shared: AbstractSet[str]) -> Iterator[tuple[str, float]]:
    """The signs that the places give."""
    mine, others = one.told, other.told
    wide = not _WIDE.isdisjoint(shared)
    placed, apart = wide, False
    told = bool(mine.streets and others.streets)
    some, their = (mine.streets, others.streets) if told else (one.named.streets, other.named.streets)
    if some and their:
        placed = (met := share_place(some, their)) or placed
        at_home = not (mine.streets or others.streets)
        if met:
            yield ("street" if told else "homes" if at_home else "street lived"), 1
        elif told or not (wide or (at_home and (_heard(one, other) or _heard(other, one)))):
            apart = True
            yield ("homes apart" if at_home else "streets apart" if told else "street not lived"), 1
    mine, others = one.at, other.at
    if share_place(one.named.landmarks, other.named.landmarks):
        placed = True
        yield "landmark", 1
    elif {name.kind for name in mine.landmarks} & {name.kind for name in others.landmarks}:
        yield "landmarks apart", 1
    elif mine.landmarks and others.landmarks:
        yield "other landmarks", 1
    elif mine.kinds and others.kinds:
        placed = placed or bool(mine.kinds & others.kinds)
        yield ("like places" if mine.kinds & others.kinds else "unlike places"), 1
    for name, said, told_too in zip(("person", "spot", "block", "number"), one.marks, other.marks, strict=True):
        if said and told_too:
            yield (name if said & told_too else f"{name} apart"), 1
            placed = placed or (name in ("person", "spot") and bool(said & told_too))
    named, rws = placed, {one.unit[1], other.unit[1]}
    for name, own, another in zip(("rt", "rw"), one.unit, other.unit, strict=True):
        # RTs can be compared within one RW; if an RW is missing, only different RTs tell something.
        known = name == "rw" or len(rws) == 1 or ("" in rws and own != another)
        if own and another and not wide and known:
            yield (name if own == another else f"{name} apart"), 1
        placed = placed or own == another != ""
    if not (apart or named) and (one.names & other.names or _heard(one, other) or _heard(other, one)):
        yield "heard", 1
    elif not placed:
        yield "not placed", sum(bool(one.streets or one.landmarks or one.kinds) for one in (one.named, other.named))
    if one.parts and any(one.parts[word] != part for word, part in other.parts.items() if word in one.parts):
        yield "parts apart", 1


def _heard(one: Telling, other: Telling) -> bool:
    """Whether a text has a word of the names in another complaint: people leave out what kind of place it is."""
    heard = [name for name in one.named.streets | one.named.landmarks if name.heard_in(other.sounds, other.names)]
    own = {word for name in other.named.streets | other.named.landmarks for word in name.words} if heard else set()
    heard = [name for name in heard if name.heard_in(other.sounds - own, other.names - own)] if own else heard
    apart = {part for name in heard for word in name.words if (part := other.parts.get(word))}
    found = any(not (apart and name.part) or name.part in apart for name in heard)
    return found or not one.told.people.isdisjoint(other.sounds)
