"""What the mails of a morning have in common: one screen of numbers, of few lines, and of how many more there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from automation.digests.audience import Whole
from automation.model.register import Decision, Entry, Health, Repair

#: Lines that a mail of the morning has at most.
MOST_PICKS, MOST_ACTS = 7, 8
#: What is left of a kind is counted with that of another one.
_LEFT_AS = {"naik": "terlambat", "hari-ini": "segera"}


#: What a line may be about.
Item = Entry | Repair | Decision


@dataclass(frozen=True, slots=True)
class Pick:
    """A line for its reader: a case or a row, and why it stands there (a name in the catalogue of words)."""

    why: str
    item: Item


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of a kind, and how many more than at the last time."""

    name: str
    cases: int
    change: int = 0


def picked(kinds: Mapping[str, Sequence[Item]], most: int) -> tuple[Whole[Pick], Whole[Count]]:
    """Of each kind in turn the first that stands in none before it, `most` in all; and how many of each are left."""
    told = set[object]()
    lines: dict[str, list[Item]] = {}
    for why, items in kinds.items():
        keys = [_key(item) for item in items]
        lines[why] = [item for item, key in zip(items, keys, strict=True) if key not in told]
        told.update(keys)
    turns = ((turn, why) for why, items in lines.items() for turn in range(len(items)))
    taken = Counter(why for _, why in sorted(turns, key=lambda one: one[0])[:most])
    left = Counter[str]()
    for why, items in lines.items():
        left[_LEFT_AS.get(why, why)] += len(items) - taken[why]
    picks = Whole(Pick(why, item) for why, items in lines.items() for item in items[: taken[why]])
    return picks, Whole(Count(why, cases) for why, cases in left.items() if cases)


def _key(item: Item) -> object:
    return item.ticket if isinstance(item, Entry) else (item.id, item.what) if isinstance(item, Decision) else item


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Morning:
    """What stands on the screen."""

    now: datetime
    numbers: Whole[Count]
    picks: Whole[Pick]
    left: Whole[Count]
    unread: tuple[Health, ...]  # spreadsheets that could not be read: all figures may lag behind

    @property
    def empty(self) -> bool:
        """Nothing to tell: then a mail is sent only to those who asked for it even so."""
        return not (self.picks or self.left or self.unread)
