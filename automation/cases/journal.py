"""The state of every case is the fold of its events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from types import NoneType
from typing import Any

from automation.cases.erasure import facts_of
from automation.cases.events import CASE_KINDS, PEOPLE_HEADINGS, Event, EventKind, from_json
from automation.model.cells import Value, fold as folded
from automation.model.complaint import Status
from automation.model.deadlines import Level
from automation.tables import intake


@dataclass(slots=True)
class Case:
    """A ticketed complaint, as far as the journal tells. `content` is its row's cells in the order of PEOPLE."""

    ticket: str
    issued_at: datetime
    content: tuple[Value, ...]
    tab: str
    received: date
    kelurahan: str  # code
    present: bool = True
    statuses: list[tuple[datetime, Status]] = field(default_factory=list)  # each status and since when, oldest first
    first_due: date | None = None  # the deadline as it stood when the case was first closed
    ticket_restored: tuple[datetime, str] | None = None  # when the ticket cell was last put right, and what it said
    level: Level | None = None  # the highest level of escalation recorded; None before its clock was seen running
    level_at: datetime | None = None  # when it was reached; None for a baseline
    similar: str = ""  # the ticket of an older case that it may belong to
    last_event_at: datetime | None = None
    seen_at: datetime | None = None  # the last event before its row was gone
    erased: bool = False  # people's words are not kept any more
    doubted: date | None = None  # the day of receipt that was typed, while another one counts in its place
    asked_with: str = ""  # while that is asked: the first ticket of those that are asked about at once
    vouched_with: str = ""  # that ticket, where it was answered for all of them
    date_answered: datetime | None = None  # when another day of receipt than the day first seen came to count
    contested: Status | None = None  # closed as this by its row, and open: the reporter says that it is not done
    contested_at: datetime | None = None
    priority_since: datetime | None = None  # when another priority was typed; None: it has the one it was issued with
    categories: tuple[str, ...] = ()  # that it had before, as they were understood
    read: tuple[tuple[str, str], ...] = ()  # as what its cells were understood, by heading (``dibaca`` of `Event`)
    moved_at: datetime | None = None  # when its row was found in the spreadsheet that tells this, not as a year ended
    came_from: str = ""  # the spreadsheet in which a year ended, and for which the one that tells this goes on

    @property
    def status(self) -> Status:
        """The status that was last understood."""
        return self.statuses[-1][1]

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, in whichever of the three ways; None while it is open."""
        return self.statuses[-1][0] if self.status.closed else None

    @property
    def said_received(self) -> date:
        """The day of receipt as somebody typed it, whether or not it counts."""
        return self.doubted or self.received

    @property
    def resolved_on(self) -> date | None:
        """The day on which Selesai was first seen; None unless it is resolved now."""
        return self.statuses[-1][0].date() if self.status is Status.RESOLVED else None

    @property
    def last_seen(self) -> tuple[bool, datetime, datetime]:
        """How sure it is that its row stands, or stood last, where this says: the higher the surer."""
        told = self.last_event_at or self.issued_at
        return self.present, (None if self.present else self.seen_at) or told, told


def fold(events: Iterable[Event]) -> dict[str, Case]:
    """The cases that these events tell of, by ticket, in the order in which they were issued.

    An event of a ticket that was never issued is passed over: without a snapshot it says nothing.
    """
    cases: dict[str, Case] = {}
    for event in events:
        advance(cases, event)
    return cases


def expired(cases: Iterable[Case], now: datetime, months: int | None) -> list[str]:
    """The tickets of cases closed so many months ago, and whose words are still kept; none where no limit is set."""
    if months is None:
        return []
    closed = ((case.ticket, case.closed_at) for case in cases if not case.erased)
    return [ticket for ticket, at in closed if at is not None and _months(at, now) >= months]


def _months(since: datetime, now: datetime) -> int:
    return (now.year - since.year) * 12 + now.month - since.month - (now.day < since.day)


def advance(cases: dict[str, Case], event: Event) -> None:
    """Let one more event happen to the cases."""
    kind = event.kind
    case = cases.get(event.ticket)
    if kind is EventKind.MOVED_IN or (kind is EventKind.ISSUED and case is None):
        cases[event.ticket] = opened = _opened(event)
        if case is not None and case.erased:
            opened.erased, opened.content = True, facts_of(opened.content, dict(opened.read))
        return
    # Issued once: what tells it again was copied by hand. And some kinds are the journal's own, or a later version's.
    if case is None or kind is EventKind.ISSUED or kind not in CASE_KINDS:
        return
    before, case.last_event_at = case.last_event_at, event.at
    if kind is EventKind.ERASED:
        case.erased, case.content, case.ticket_restored = True, facts_of(case.content, dict(case.read)), None
    elif kind is EventKind.VANISHED:
        case.seen_at, case.present = before if case.present else case.seen_at, False
    elif kind is EventKind.ESCALATED:
        level = Level.named(event.details.get("jenjang"))
        if level is not None and (case.level is None or level > case.level):
            case.level, case.level_at = level, None if event.details.get("dasar") else event.at
    elif kind is EventKind.TICKET_RESTORED and not case.erased:
        case.ticket_restored = (event.at, event.details.get("tertulis", ""))
    elif kind is EventKind.DATE_ASKED:
        case.doubted, case.asked_with = _day(event.details.get("ragu")), event.details.get("bersama", case.ticket)
    elif kind is EventKind.CLOSED:
        _change_status(case, event)
    elif kind is not EventKind.TICKET_RESTORED:
        _apply(case, event)


def _opened(event: Event) -> Case:
    """The case as its snapshot tells. One that has moved in brings its history along, also if it was here before."""
    details = event.details
    moved = event.kind is EventKind.MOVED_IN and "tahun" not in details
    cells: tuple[Any, ...] = tuple(map(details.get("isi", {}).get, PEOPLE_HEADINGS))
    if not _PLAIN.issuperset(map(type, cells)):
        cells = tuple(map(from_json, cells))
    case = Case(
        ticket=event.ticket,
        issued_at=_moment(details.get("terbit")) or event.at,
        content=cells,
        tab=details.get("tab", ""),
        received=_day(details.get("masuk")) or event.at.date(),
        kelurahan=details.get("kelurahan", ""),
        first_due=_day(details.get("tenggat")),
        level=Level.named(details.get("jenjang")),
        level_at=_moment(details.get("naik")),
        similar=details.get("mirip", ""),
        last_event_at=event.at,
        moved_at=event.at if moved else _moment(details.get("pindah")),
        priority_since=_moment(details.get("prioritas")),
        doubted=_day(details.get("ragu")),
        asked_with=details.get("bersama", ""),
        contested=_STATUSES.get(details.get("disanggah", "")),
        categories=tuple(details.get("kategori", ())),
        read=tuple(details.get("dibaca", {}).items()),
        date_answered=_moment(details.get("dijawab")),
        came_from=details.get("asal", ""),
    )
    for at, status in details.get("riwayat", ()):  # the statuses it had in the spreadsheet that it came from
        _note_status(case, datetime.fromisoformat(at), status)
    _note_status(case, event.at, details.get("status"))
    if not case.statuses:
        case.statuses.append((event.at, Status.NEW))
    return case


def _apply(case: Case, event: Event) -> None:
    details = event.details
    case.present = True
    if changed := details.get("isi") or {}:
        cells = list(case.content)
        for heading, (_, new) in changed.items():
            if (position := intake.POSITION.get(heading)) is not None:
                cells[position] = from_json(new)
        case.priority_since, case.categories = priority_since(case, event.at, cells), categories(case, cells)
        still = (one for one in case.read if one[0] not in changed)
        case.read = (*still, *(one for one in details.get("dibaca", {}).items() if one[0] in changed))
        case.content = facts_of(cells, dict(case.read)) if case.erased else tuple(cells)
    case.tab = details.get("tab", case.tab)
    if (day := _day(details.get("masuk"))) is not None:
        if case.doubted is not None:
            case.date_answered = event.at
        case.received, case.doubted, case.asked_with = day, None, ""
        case.vouched_with = details.get("bersama", "")
    case.kelurahan = details.get("kelurahan", case.kelurahan)
    if "disanggah" in details or not changed.keys().isdisjoint(_CONTESTING):  # the words may have been taken out
        was, case.contested = case.contested, _STATUSES.get(details.get("disanggah", ""))
        closes = _STATUSES.get(details.get("ke", ""), Status.NEW).closed
        if was is None:
            case.contested_at = event.at
        elif closes and not changed.get(intake.TOLD, (1, 1))[1] and case.statuses[-1][0] == case.contested_at:
            case.statuses.pop()  # emptied again, as nobody had said so: it is closed since it was
    _change_status(case, event)


def _change_status(case: Case, event: Event) -> None:
    if case.first_due is None:
        case.first_due = _day(event.details.get("tenggat"))
    _note_status(case, event.at, event.details.get("ke"))
    if event.details.get("ke", Status.NEW) != Status.NEW:  # whoever works on it lets the day first seen stand
        case.asked_with = ""


def priority_since(case: Case, at: datetime, cells: Sequence[Value]) -> datetime | None:
    """Since when it has the priority that stands in these cells `at` this time. Another way of writing the same one is
    no other priority."""
    return case.priority_since if folded(case.content[_PRIORITY]) == folded(cells[_PRIORITY]) else at


def categories(case: Case, cells: Sequence[Value]) -> tuple[str, ...]:
    """The categories that it had before these cells were its own, as they were understood."""
    typed = case.content[_CATEGORY]
    was = dict(case.read).get(intake.CATEGORY.heading, typed)
    left = isinstance(was, str) and was and was not in case.categories and folded(typed) != folded(cells[_CATEGORY])
    return (*case.categories, str(was)) if left else case.categories


def _note_status(case: Case, at: datetime, status: Any) -> None:
    known = _STATUSES.get(status)
    if known is not None and (not case.statuses or case.statuses[-1][1] is not known):
        case.statuses.append((at, known))


_STATUSES = {status.value: status for status in Status}
_PRIORITY, _CATEGORY = intake.POSITION[intake.PRIORITY], intake.POSITION[intake.CATEGORY]
_CONTESTING = (intake.STATUS, intake.TOLD)
_PLAIN = frozenset({str, int, float, bool, NoneType})  # the types of a cell that stand in JSON as they are


def _day(text: str | None) -> date | None:
    return _date(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_date = lru_cache(maxsize=4096)(date.fromisoformat)  # many cases share one
