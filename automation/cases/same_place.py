"""Whether two complaints are about one place, by all that each says of where it is and where its reporter lives."""

from __future__ import annotations

from collections.abc import Iterator

from automation.cases.telling import Telling
from automation.cases.whereabouts import meet
from automation.tables.table import names

#: What is called by what it makes or sells, as anybody sees it.
_LOOSELY_NAMED = frozenset(("pabrik", "gudang"))
#: What a whole kelurahan has: where a reporter lives says nothing.
_WIDE = frozenset(f"benda {one}" for one in names("gas; sembako; pegawai; puskesmas; aplikasi; posyandu; ambulan"))


def compared(one: Telling, other: Telling) -> Iterator[tuple[str, float]]:
    """What the places speak for one matter or against it, and how much."""
    mine, others, home, theirs = one.told, other.told, one.lived, other.lived
    wide = not _WIDE.isdisjoint(one.things & other.things)
    placed, apart = wide, False
    told = bool(mine.streets and others.streets)
    some, their = (mine.streets, others.streets) if told else (one.named.streets, other.named.streets)
    if some and their:
        met = meet(some, their)
        placed = placed or met
        at_home = not (mine.streets or others.streets)
        if met:
            yield ("street" if told else "homes" if at_home else "street lived"), 1
        elif told or not wide:
            apart = True
            yield ("homes apart" if at_home else "streets apart" if told else "street not lived"), 1
    if meet(one.named.landmarks, other.named.landmarks):
        placed = True
        yield "landmark", 1
    elif ({name.kind for name in mine.landmarks} & {name.kind for name in others.landmarks}) - _LOOSELY_NAMED:
        yield "landmarks apart", 1
    elif mine.landmarks and others.landmarks:
        yield "other landmarks", 1
    elif mine.kinds and others.kinds:
        placed = placed or bool(mine.kinds & others.kinds)
        yield ("like places" if mine.kinds & others.kinds else "unlike places"), 1
    for name, said, told_too in (
        ("person", mine.people, others.people),
        ("spot", one.named.spots, other.named.spots),
        ("block", mine.blocks or home.blocks, others.blocks or theirs.blocks),
        ("number", mine.numbers, others.numbers),
    ):
        if said and told_too:
            yield (name if said & told_too else f"{name} apart"), 1
            placed = placed or (name == "person" and bool(said & told_too))
    for name, own, another in zip(("rt", "rw"), one.unit, other.unit, strict=True):
        if own and another and not wide and (name == "rw" or one.unit[1] == other.unit[1]):
            yield (name if own == another else f"{name} apart"), 1
            placed = placed or own == another
    if not placed:
        alike = one.parts.items() & other.parts.items()
        placed = not apart and bool(alike or one.names & other.names or _heard(one, other) or _heard(other, one))
        yield ("heard" if placed else "not placed"), 1
    if any(one.parts[word] != part for word, part in other.parts.items() if word in one.parts):
        yield "parts apart", 1


def _heard(one: Telling, other: Telling) -> bool:
    """Whether a text has a word of the names in another complaint, as people leave out what kind of place it is."""
    heard = [name for name in one.named.streets | one.named.landmarks if not other.sounds.isdisjoint(name.words)]
    apart = {part for name in heard for word in name.words if (part := other.parts.get(word))}
    return any(not (apart and name.part) or name.part in apart for name in heard) or bool(
        one.told.people & other.sounds
    )
