"""What was decided on which cases, and its result: from the rows that the robot laid in Kendali's tables of the
meeting, as people have filled them in."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from automation.cases.events import Event, EventKind
from automation.digests.audience import Scope, Whole, covers
from automation.model.cells import fold
from automation.model.deadlines import Calendar
from automation.model.places import Kelurahan
from automation.model.register import Decision, Entry
from automation.model.rules import Rules
from automation.model.tickets import prefix_of
from automation.tables.meeting import BUILT, LATER, LETTER, PREPARED, PROPOSAL, REFUSED, SENT_BACK

MOST_AGENCIES = 6  # agencies in the table of the meeting pack: those that let letters wait longest
#: Results of a decision, besides those of the tables: all its cases are closed; its letter was answered; it was carried
#: out; its cases were closed, but one of them is open again.
CLOSED, ANSWERED, CARRIED_OUT, REOPENED = "ditutup", "dijawab", "jalan", "dibuka"

_GREETED = re.compile(r"(?:kepada|yth|bapak|bpk|ibu|kepala|kadis|plt)*(?:dinas)?")

SOME = "ada"  # stands for people's words, which are not kept outside their row


class Filed(Struct, frozen=True):
    """A row as it was last understood, even after it was deleted: its id, its tickets, when it was laid, its values by
    heading (dates in ISO 8601), since when each has stood there, and when the row was last journalled."""

    id: str
    tickets: tuple[str, ...]
    laid_at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, datetime] = field(default_factory=dict)
    told_at: datetime | None = None

    def event(self, at: datetime) -> Event:
        """The event that journals the row."""
        return Event(0, at, "", EventKind.FILED, {"id": self.id, "tiket": [*self.tickets], "nilai": dict(self.values)})


def filed(events: Iterable[Event]) -> dict[str, Filed]:
    """The rows of one table, folded from the events that journal them: by id, in the order in which they were laid."""
    found: dict[str, Filed] = {}
    for event in sorted(events, key=lambda event: event.at):
        id, values = event.details.get("id", ""), event.details.get("nilai", {})
        known = found.get(id) or Filed(id, (), event.at)
        same = {heading for heading, value in values.items() if known.values.get(heading) == value}
        since = {heading: known.since[heading] if heading in same else event.at for heading in values}
        found[id] = Filed(id, tuple(event.details.get("tiket", ())), known.laid_at, values, since, event.at)
    return found


def decisions(
    rows: Iterable[Filed],
    entries: Iterable[Entry],
    links: Mapping[str, str],
    rules: Rules,
    now: datetime,
    proposed: Mapping[str, Filed] | None = None,
    asked: Collection[str] = (),
) -> tuple[Decision, ...]:
    """The rows of `Keputusan` as decisions; `links` (by id) open the rows; `proposed` are the rows of `Usulan`; those
    with the ids `asked` are asked about."""
    known, today, proposed = _named(tuple(rows), entries), now.date(), proposed or {}
    told = [_decision(row, cases, rules, today, proposed.get(row.id, row)) for row, cases in known]
    days = {letter_of(one): one.answered for one in sorted(told, key=lambda it: it.answered or date.max, reverse=True)}
    told = [_answered(one, day) if (day := days[letter_of(one)]) else one for one in told]
    return tuple(replace(one, link=links.get(one.id, ""), asked=one.id in asked and not one.came) for one in told)


def _answered(one: Decision, day: date) -> Decision:
    """The decision, if its letter waits here, though it was answered on this `day` beside another of its matters."""
    came, on = (ANSWERED, day) if one.what == LETTER else (one.came, one.came_on)
    return one if one.waiting is None else replace(one, answered=day, waiting=None, came=came, came_on=on)


def proposals(
    rows: Iterable[Filed], entries: Iterable[Entry], links: Mapping[str, str], places: Iterable[Kelurahan] = ()
) -> tuple[Decision, ...]:
    """The rows of `Usulan` as decisions: `what` is the state, `who` the proposer. They outlive their cases' year."""
    by_prefix = {prefix_of(place.code): place for place in places}
    return tuple(
        Decision(
            id=row.id,
            tickets=row.tickets,
            lead=min(cases, key=lambda entry: not entry.sensitive, default=None),
            what=row.values.get("Keadaan", PREPARED),
            who=row.values.get("Pengusul", ""),
            decided_at=row.since.get("Keadaan", row.laid_at),
            done=row.values.get("Keadaan", PREPARED) not in (PREPARED, SENT_BACK),
            year=row.values.get("Tahun", ""),
            link=links.get(row.id, ""),
            at=next((by_prefix.get(ticket[5:9]) for ticket in row.tickets), None),
        )
        for row, cases in _named(tuple(rows), entries)
    )


def to_propose(found: Iterable[Decision], decided: Iterable[Decision], rules: Rules, today: date) -> list[Decision]:
    """Proposals that were sent back, and so have to be corrected, at any time; and, within the window (which may have
    no beginning), those still to be typed, unless something else was `decided` since. `by` is the end of the window."""
    begins, ends = rules.proposing
    running = ends is not None and (begins or today) <= today <= ends
    gone = {one.id for one in decided if one.what != PROPOSAL}
    told = (one for one in found if one.what == SENT_BACK or (running and one.what == PREPARED and one.id not in gone))
    return [replace(one, by=ends if ends is not None and today <= ends else None) for one in told]


def _named(rows: Collection[Filed], entries: Iterable[Entry]) -> list[tuple[Filed, list[Entry]]]:
    """The known cases of each row, in the order of its tickets."""
    named = {ticket for row in rows for ticket in row.tickets}
    found = {entry.ticket: entry for entry in entries if entry.ticket in named} if named else {}
    return [(row, [found[ticket] for ticket in row.tickets if ticket in found]) for row in rows]


def _decision(row: Filed, known: Sequence[Entry], rules: Rules, today: date, proposed: Filed) -> Decision:
    values, lead = row.values, min(known, key=lambda entry: not entry.sensitive, default=None)
    category = rules.categories.get(known[0].category) if known else None
    what, decided_at, between = values.get("Keputusan", ""), row.since.get("Keputusan"), rules.calendar.between
    days = (values.get(heading) for heading in ("Sebelum", "Tanggal Surat", "Tanggal Jawaban"))
    by, sent, answered = (date.fromisoformat(day) if day else None for day in days)
    if answered is None and "Jawaban" in values and (since := row.since["Jawaban"].date()) >= (sent or since):
        answered = since  # if it stood there before the letter was sent, it answered another one
    state = proposed.values.get("Keadaan", PREPARED) if what == PROPOSAL else PREPARED
    handed = (what == LETTER and sent is not None) or state != PREPARED
    typed = [row.since[one] for one in ("Jawaban", "Tanggal Jawaban") if one in row.since]
    acts = answered is not None and what not in (LETTER, PROPOSAL, LATER)
    carried_out = acts and decided_at is not None and max(typed) >= decided_at  # else it belongs to what was before
    came, came_on = "", None
    if closed := all(entry.status.closed for entry in known):
        came = CLOSED
    elif answered is not None and (what == LETTER or carried_out):
        came, came_on = CARRIED_OUT if carried_out else ANSWERED, answered
    elif state in (REFUSED, BUILT):
        came, came_on = state.lower(), proposed.since["Keadaan"].date()
    elif decided_at and not handed and all(any(s.closed and at > decided_at for at, s in it.history) for it in known):
        came, came_on = REOPENED, decided_at.date()
    done = bool(came) or handed
    if carried_out and sent is not None:
        answered = None  # what came of the inspection is no answer to the letter that went before it
    return Decision(
        id=row.id,
        tickets=row.tickets,
        lead=lead,
        what=what,
        who=values.get("Siapa", ""),
        decided_at=decided_at,
        by=by,
        days_late=between(by, today) if by is not None and not done else 0,
        done=done,
        came=came,
        came_on=came_on,
        state="" if state == PREPARED else state,
        agency=_agency(values.get("Instansi", ""), rules) or (category.agency if category is not None else ""),
        letter=values.get("Nomor Surat", ""),
        sent=sent,
        answered=answered,
        waiting=None if sent is None or answered is not None or closed else between(sent, today),
    )


def _agency(written: str, rules: Rules) -> str:
    """An agency as `Kategori` spells it, however it is addressed or abbreviated; one that is not there, as written."""
    known = dict.fromkeys(one.agency for one in rules.categories.values() if one.agency)
    same = [name for name in known if _plain(name) == _plain(written)]
    short = same or [name for name in known if _is_short_for(_plain(written), name)]
    return short[0] if same or len(short) == 1 else re.sub(r"(?i)^\W*((kepada|yth)\b\W*)+", "", written)


def _plain(name: str) -> str:
    return _GREETED.sub("", fold(re.sub(r"(?i)\bkota\b.*", "", name)), count=1)


def _is_short_for(plain: str, name: str) -> bool:
    """Whether people mean an agency by its initials (``DLH``), by a part of its name (``PU``), or by letters of it."""
    initials = "".join(word[0] for word in re.findall(r"\w+", name.lower()) if word != "dan")
    part = plain in fold(name) if len(plain) > max(3, len(initials)) else _plain(name).startswith(plain)  # “satpol”
    letters = ".*".join(behind[1]) if (behind := re.fullmatch(r"di[ns]([a-z]{3,})", plain)) else "(?!)"
    whole = plain in (initials, initials[1:], f"d{_plain(name)}") or bool(re.match(f"dinas.*{letters}", fold(name)))
    return len(plain) > 1 and (whole or (part and "/" not in name))


def decided_within(found: Iterable[Decision], scopes: Collection[Scope]) -> list[Decision]:
    """The decisions within the union of scopes, by the place of their first case."""
    return [one for one in found if one.place and any(covers(scope, one.place) for scope in scopes)]


def open_decisions(found: Iterable[Decision], today: date) -> list[Decision]:
    """The decisions without a result yet: first those not done, the longest overdue first; then those that wait for
    others. One that put a matter off stands until its day; without a day, the matter comes to the next meeting."""
    told = (one for one in found if one.what and not one.came and (one.what != LATER or (one.by or date.min) >= today))
    return sorted(told, key=lambda one: (_waits(one), -one.days_late, -(one.waiting or 0), one.by or date.max, one.id))


def unfinished(found: Iterable[Decision], today: date) -> list[Decision]:
    """The standing decisions that somebody here has to carry out."""
    return [one for one in open_decisions(found, today) if not _waits(one)]


def _waits(one: Decision) -> bool:
    return one.done or one.what == LATER


def week_mark(day: date) -> str:
    """The beginning of the ids of rows that are laid in the week of this day."""
    year, week, _ = day.isocalendar()
    return f"K{year % 100}{week:02}-"


def decided_tickets(found: Collection[Decision], today: date) -> set[str]:
    """The tickets on which nothing is to be decided now: a decision on them stands, or had a result in the very week in
    which its row was laid (there is only one row for a matter and week)."""
    fresh = (one for one in found if one.came and one.id.startswith(week_mark(today)))
    return {ticket for one in (*open_decisions(found, today), *fresh) for ticket in one.tickets}


def letter_of(one: Decision) -> object:
    """What tells the letter of this decision from others: one that is typed beside two matters is one letter."""
    return (one.agency, one.sent, number) if (number := fold(one.letter)) else one.id


class Agency(Struct, frozen=True):
    """Letters to one agency. Days are working days: `median` until an answer, `longest` of a letter without one."""

    name: str
    sent: int
    answered: int
    median: int | None
    longest: int | None


def agencies(found: Iterable[Decision], calendar: Calendar) -> Whole[Agency]:
    """How agencies answer, the one with the longest waiting letter first; those on private matters without a name."""
    letters: dict[str, dict[object, Decision]] = defaultdict(dict)
    for one in sorted(found, key=lambda it: (it.answered or date.max, it.waiting is None)):  # the first answer counts
        if one.sent is not None:
            letters["" if one.lead and one.lead.sensitive else one.agency].setdefault(letter_of(one), one)
    told = []
    for name, sent in letters.items():
        took = sorted(calendar.between(one.sent, one.answered) for one in sent.values() if one.sent and one.answered)
        longest = max((one.waiting for one in sent.values() if one.waiting is not None), default=None)
        told.append(Agency(name, len(sent), len(took), took[(len(took) - 1) // 2] if took else None, longest))
    return Whole(sorted(told, key=lambda one: (-(one.longest or 0), -one.sent, one.name))[:MOST_AGENCIES])
