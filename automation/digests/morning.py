"""The digests of every working day. To everybody: what is new, falls due, is overdue or was closed since the last time,
and what needs help. To coordinators: what they, and nobody else, have to do today.

Both fit on one screen of a telephone, however large the city: three numbers, the few lines that need this reader today
(each case once), and counts of everything else. A case that is no matter of its own (see `own_matters`) is worked on
with the case that it goes with; it is listed only if its row is gone, or its reporter is to be called.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.kabari import is_told
from automation.digests.audience import (
    Scope,
    Whole,
    by_closing,
    by_lateness,
    by_urgency,
    closed_as,
    own_matters,
    register_within,
    still_open,
)
from automation.digests.decisions import decided_within, letter_of, to_propose, unfinished
from automation.digests.flow import Period, passage, status_at
from automation.model.complaint import CLOSED, Priority, Status
from automation.model.deadlines import Level
from automation.model.register import Decision, Entry, Health, Register, Repair
from automation.model.rules import Rules

MOST_PICKS, MOST_ACTS = 7, 8  # the most lines of a mail in the morning
#: Kinds whose remaining cases are counted with those of another kind.
_LEFT_AS = {"naik": "terlambat", "hari-ini": "segera"}
_PATIENCE = 5  # working days that an agency has before it has to be reminded of a letter
_LATELY = timedelta(days=30)  # for how long coordinators are asked for the outcome of what they resolved

Item = Entry | Repair | Decision  # what a line may be about
#: What there is to tell, by kind (a name in the catalogue of messages), the most important first in each.
Kinds = Mapping[str, Sequence[Item]]


class Pick(Struct, frozen=True):
    """A line for its reader: a case, a row or a decision, and why it stands there (its kind)."""

    why: str
    item: Item


class Count(Struct, frozen=True):
    """How many there are of a kind, and how many more than last time."""

    name: str
    cases: int
    change: int = 0


class Morning(Struct, frozen=True, eq=False, weakref=True):
    """The content of the mail."""

    since: datetime  # the last digest that told this recipient anything
    now: datetime
    numbers: Whole[Count]
    picks: Whole[Pick]
    left: Whole[Count]
    counts: Mapping[str, int]  # by kind, including cases that an earlier kind has, too
    unread: tuple[Health, ...]  # spreadsheets that could not be read: all figures may lag behind

    @property
    def empty(self) -> bool:
        return not (self.picks or self.left or self.unread)

    @property
    def first(self) -> "Morning":
        """The same for somebody who was never sent one before: without changes."""
        return replace(self, numbers=Whole(replace(number, change=0) for number in self.numbers))


def harian(register: Register, scopes: Collection[Scope], since: datetime, now: datetime, rules: Rules) -> Morning:
    """The digest about the cases in `scopes` (their union), after `since` and up to `now`. Its numbers: overdue, due
    soon, open."""
    told = register_within(register, scopes, rules.places)
    kinds = news(told.entries, Period(since, now), rules)
    closed = {status.slug: kinds[status.slug] for status in CLOSED}
    picks, left = picked({why: items for why, items in kinds.items() if why not in (*closed, "masuk")}, MOST_PICKS)
    bare = sum(isinstance(one, Entry) and one.outcome is None and not one.erased for one in closed["selesai"])
    ways = {way: len(items) for way, items in closed.items()}
    ways |= {"selesai": ways["selesai"] - bare, "tanpa-hasil": bare, "perbaiki": len(told.repairs)}
    then = _standing(told.entries, since, rules)
    running = len(still_open(told.entries))
    counts = {"lewat": len(kinds["terlambat"]), "segera": len(kinds["segera"]), "terbuka": running}
    return Morning(
        since,
        now,
        numbers=Whole(Count(name, cases, cases - then[name]) for name, cases in counts.items()),
        picks=picks,
        left=Whole([*left, *(Count(name, cases) for name, cases in ways.items() if cases)]),
        counts={why: len(items) for why, items in kinds.items()} | {"perbaiki": len(told.repairs)},
        unread=told.health,
    )


def news(entries: Collection[Entry], period: Period, rules: Rules) -> Kinds:
    """What there is to tell, by kind: `masuk` are all new cases, `baru` the open ones; closed ones are by status."""
    opened, matters = still_open(entries), own_matters(entries)
    running = still_open(matters)
    overdue = _overdue(running)
    due_soon = [one for one in running if one.days_left is not None and one.days_left <= rules.ladder.warn_days]
    due_soon.sort(key=lambda entry: (entry.days_left or 0, *by_urgency(entry)))
    # Only levels above the first: `segera` tells that a deadline comes near.
    escalated = [entry for entry in overdue if entry.level >= Level.COORDINATOR and period.holds(entry.level_at)]
    new = sorted((entry for entry in matters if period.holds(entry.issued_at)), key=by_urgency)
    closed = closed_as(sorted((entry for entry in matters if period.holds(entry.closed_at)), key=by_closing))
    return {
        "darurat": sorted(filter(_is_emergency, running), key=by_lateness),
        "dibuka": [one for one in running if len(one.history) > 1 and any(map(period.holds, passage(one).reopenings))],
        "naik": sorted(escalated, key=lambda entry: -entry.level),
        "hari-ini": [entry for entry in due_soon if entry.days_left == 0],
        "terlambat": overdue,
        "hilang": _gone(opened),
        "segera": due_soon,
        "baru": still_open(new),
        "masuk": new,
        **{status.slug: cases for status, cases in closed.items()},
    }


def picked(kinds: Kinds, most: int) -> tuple[Whole[Pick], Whole[Count]]:
    """One item of each kind in turn until there are `most`, each only for the first kind that has it; and how many of
    each kind are left."""
    told = set[object]()
    lines: dict[str, list[Item]] = {}
    for why, items in kinds.items():
        lines[why] = [item for item in items if _key(item) not in told]
        told.update(map(_key, items))
    turns = ((turn, why) for why, items in lines.items() for turn in range(len(items)))
    taken = Counter(why for _, why in sorted(turns, key=lambda one: one[0])[:most])
    left = Counter[str]()
    for why, items in lines.items():
        left[_LEFT_AS.get(why, why)] += len(items) - taken[why]
    picks = Whole(Pick(why, item) for why, items in lines.items() for item in items[: taken[why]])
    return picks, Whole(Count(why, cases) for why, cases in left.items() if cases)


def _key(item: Item) -> object:
    return item.ticket if isinstance(item, Entry) else item.id if isinstance(item, Decision) else item


def _standing(entries: Iterable[Entry], at: datetime, rules: Rules) -> Counter[str]:
    """How many cases were overdue, due soon and open at a past moment, by the deadlines as they are known now."""
    found, day, between = Counter[str](), at.date(), rules.calendar.between
    there = [entry for entry in entries if entry.issued_at <= at and (entry.closed_at is None or entry.closed_at > at)]
    opened = {entry.ticket: status for entry in there if not (status := status_at(entry.history, at)).closed}
    for entry in there:
        stands = entry.days_left is None and not (entry.days_late or entry.status.closed or entry.status.paused)
        if entry.ticket not in opened or entry.parent in opened or stands or opened[entry.ticket].paused:
            continue
        found["lewat"] += between(entry.due, day) > 0
        found["segera"] += between(entry.due, day) == 0 and between(day, entry.due) <= rules.ladder.warn_days
    found["terbuka"] = len(opened)
    return found


def _is_emergency(entry: Entry) -> bool:
    """Whether a case is told as an emergency: not if paused, nor if sensitive, because that would tell its priority."""
    return entry.priority is Priority.EMERGENCY and not (entry.sensitive or entry.status.paused)


def koordinator(register: Register, scopes: Collection[Scope], since: datetime, now: datetime, rules: Rules) -> Morning:
    """What waits in `scopes` (their union) at `now`, whether or not it was told before; decisions made after `since`,
    or overdue; and, in the first mail of a week, letters without an answer. Its numbers: reporters to be told, overdue,
    without a person in charge."""
    told = register_within(register, scopes, rules.places)
    decided = decided_within(register.decisions, scopes)
    period, new_week = Period(since, now), since.isocalendar()[:2] != now.isocalendar()[:2]
    waiting = [one for one in decided if (one.waiting or 0) >= _PATIENCE and new_week and not one.came]
    unanswered = {letter_of(one): one for one in waiting}.values()  # one that stands beside two matters is one letter
    meeting = {
        "putusan": [one for one in unfinished(decided, now.date()) if one.days_late or period.holds(one.decided_at)],
        "usulan": to_propose(decided_within(register.proposals, scopes), decided, rules, now.date()),
        "ingatkan": sorted(unanswered, key=lambda one: (-(one.waiting or 0), one.id)),
    }
    to_mend: list[Item] = [*(one for one in decided if one.asked), *told.repairs]
    kinds: Kinds = {**meeting, **(todo := tasks(told.entries, now)), "betulkan": to_mend}
    acted_on = {ticket for found in meeting.values() for one in found for ticket in one.tickets}
    more = {why: [one for one in todo[why] if one.ticket not in acted_on] for why in ("tindak", "tugaskan")}
    picks, left = picked({**kinds, **more}, MOST_ACTS)
    counts = {why: len(items) for why, items in kinds.items()}
    numbers = (
        Count("kabari", counts["kabari"] + counts["jelaskan"]),
        Count("lewat", counts["tindak"], counts["tindak"] - _standing(told.entries, since, rules)["lewat"]),
        Count("tugaskan", counts["tugaskan"]),  # no change: it is not known since when nobody is in charge
    )
    return Morning(since, now, Whole(numbers), picks, left, counts, told.health)


def tasks(entries: Collection[Entry], now: datetime) -> Mapping[str, Sequence[Entry]]:
    """What waits for a coordinator, the longest waiting first (unassigned by urgency): reporters to be told that it is
    resolved, or why it was closed otherwise; overdue or unassigned cases; outcomes to be written; missing rows."""
    running = still_open(own_matters(entries))
    untold = sorted(filter(_is_untold, entries), key=by_closing)
    unassigned = (entry for entry in running if entry.present and not (entry.erased or entry.assignee.strip()))
    return {
        "kabari": [entry for entry in untold if entry.status is Status.RESOLVED],
        "jelaskan": [entry for entry in untold if entry.status is not Status.RESOLVED],
        "tindak": _overdue(running),
        "tugaskan": sorted(unassigned, key=lambda one: (by_urgency(one)[0], one.due, one.ticket)),
        "hasil": sorted((entry for entry in entries if _lacks_outcome(entry, now)), key=by_closing),
        "cari": _gone(still_open(entries)),
    }


def _overdue(running: Iterable[Entry]) -> list[Entry]:
    return sorted((entry for entry in running if entry.days_late > 0), key=by_lateness)


def _gone(opened: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in opened if not entry.present]


def _is_untold(entry: Entry) -> bool:
    """Whether a reporter still has to be called: not if the case was closed already when it got its ticket (typed-in
    history), nor if its row or its words, and so the telephone number, are gone."""
    was_open = entry.closed_at is not None and entry.closed_at > entry.issued_at
    return was_open and entry.present and not entry.erased and not is_told(entry.told)


def _lacks_outcome(entry: Entry, now: datetime) -> bool:
    """Whether a case was resolved lately, and nobody has written how."""
    lately = entry.closed_at is not None and entry.issued_at < entry.closed_at > now - _LATELY
    return lately and entry.status is Status.RESOLVED and entry.outcome is None and entry.present and not entry.erased
