"""The state of each case, folded from its events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from automation.cases.erasure import facts_of
from automation.cases.events import CASE_KINDS, PEOPLE_HEADINGS, Event, EventKind, from_json
from automation.cases.likeness import similar
from automation.model.cells import Value, fold as folded
from automation.model.complaint import Status
from automation.model.deadlines import Level
from automation.tables import intake

#: For how long a row says that its ticket cell was put right, or that another matter was typed over its case.
NOTICE = timedelta(days=1)


class Case(Struct):
    """A ticketed complaint, as far as the journal tells. `content` is the cells of its row in the order of PEOPLE."""

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
    level: Level | None = None  # the highest recorded level of escalation; None before its clock was first seen running
    level_at: datetime | None = None  # when that level was reached; None for a baseline
    similar: str = ""  # the ticket of an older case that it may belong to
    last_event_at: datetime | None = None
    seen_at: datetime | None = None  # the last event before its row was gone
    erased: bool = False  # people's words are no longer kept
    doubted: date | None = None  # the typed day of receipt, while another day counts in its place
    asked_with: str = ""  # while that day is asked about: the first ticket of those asked about together
    vouched_with: str = ""  # that ticket, if the answer was for all of them
    date_answered: datetime | None = None  # when the question was answered, and a typed day of receipt came to count
    contested: Status | None = None  # the closed status in its row, while it is open: its reporter says it isn't done
    contested_at: datetime | None = None
    priority_since: datetime | None = None  # when its priority was last changed; None: never since it was issued
    categories: tuple[str, ...] = ()  # its earlier categories, as they were understood
    read: tuple[tuple[str, str], ...] = ()  # how its cells were understood, by heading (``dibaca`` of `Event`)
    rewritten: datetime | None = None  # when another matter was typed over it, which may be a complaint of its own
    moved_at: datetime | None = None  # when its row moved into this journal's spreadsheet, other than as a year ended
    came_from: str = ""  # the other spreadsheet in which it stood until a year ended there
    told_open: datetime | None = None  # when `Dikabari` was typed as it stands, if the case was open then

    @property
    def status(self) -> Status:
        """The last status that was understood."""
        return self.statuses[-1][1]

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, with whichever closed status; None while it is open."""
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
        """A sort key: the higher, the surer it is that its row stands, or last stood, where this journal says."""
        told = self.last_event_at or self.issued_at
        return self.present, (None if self.present else self.seen_at) or told, told


def fold(events: Iterable[Event]) -> dict[str, Case]:
    """The cases that these events tell of, by ticket, in the order in which they were issued. An event of a ticket that
    was never issued is passed over: without a snapshot it says nothing."""
    cases: dict[str, Case] = {}
    for event in events:
        advance(cases, event)
    return cases


def expired(cases: Iterable[Case], now: datetime, months: int | None) -> list[str]:
    """The tickets of cases closed at least `months` ago (None: no limit is set) whose words are still kept."""
    if months is None:
        return []
    closed = ((case.ticket, case.closed_at) for case in cases if not case.erased)
    return [ticket for ticket, at in closed if at is not None and _months(at, now) >= months]


def _months(since: datetime, now: datetime) -> int:
    return (now.year - since.year) * 12 + now.month - since.month - (now.day < since.day)


def advance(cases: dict[str, Case], event: Event) -> None:
    """Apply one more event to the cases."""
    kind, case = event.kind, cases.get(event.ticket)
    if kind is EventKind.MOVED_IN or (kind is EventKind.ISSUED and case is None):
        cases[event.ticket] = opened = _opened(event)
        if case is not None and case.erased:
            opened.erased, opened.content = True, facts_of(opened.content, dict(opened.read))
        return
    # A second ISSUED was copied by hand. Other kinds are about the journal itself, or are a later version's.
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
    """The case as its snapshot tells. A case that moved in brings its history along, even if it was here before."""
    details, values = event.details, tuple(map(event.cells.get, PEOPLE_HEADINGS))
    case = Case(
        ticket=event.ticket,
        issued_at=event.at,
        content=values if dict not in map(type, values) else tuple(map(from_json, values)),
        tab=details.get("tab", ""),
        received=_day(details.get("masuk")) or event.at.date(),
        kelurahan=details.get("kelurahan", ""),
        first_due=_day(details.get("tenggat")),
        level=Level.named(details.get("jenjang")),
        similar=details.get("mirip", ""),
        last_event_at=event.at,
        read=tuple(details.get("dibaca", {}).items()),
        told_open=_moment(details.get("dikabari")),
        rewritten=event.at if "bekas" in details else None,
    )
    if event.kind is EventKind.MOVED_IN:
        _bring_along(case, event, details)
    _note_status(case, event.at, details.get("status"))
    if not case.statuses:
        case.statuses.append((event.at, Status.NEW))
    return case


def _bring_along(case: Case, event: Event, details: Mapping[str, Any]) -> None:
    """What had happened to a case in the spreadsheet that it came from."""
    case.issued_at, case.level_at = _moment(details.get("terbit")) or event.at, _moment(details.get("naik"))
    case.moved_at = event.at if "tahun" not in details else _moment(details.get("pindah"))
    case.priority_since, case.date_answered = _moment(details.get("prioritas")), _moment(details.get("dijawab"))
    case.doubted, case.asked_with = _day(details.get("ragu")), details.get("bersama", "")
    case.contested, case.came_from = _STATUSES.get(details.get("disanggah", "")), details.get("asal", "")
    case.categories = tuple(details.get("kategori", ()))
    for at, status in details.get("riwayat", ()):
        _note_status(case, datetime.fromisoformat(at), status)


def _apply(case: Case, event: Event) -> None:
    details, case.present = event.details, True
    if changed := event.cells:
        if _is_another_matter(case, changed):
            back = case.rewritten is not None and event.at - case.rewritten < NOTICE
            case.rewritten = None if back else event.at
        cells = list(case.content)
        for heading, (_, new) in changed.items():
            if (position := intake.POSITION.get(heading)) is not None:
                cells[position] = from_json(new)
        case.priority_since, case.categories = priority_since(case, event.at, cells), categories(case, cells)
        case.told_open = _moment(details.get("dikabari")) if intake.TOLD in changed else case.told_open
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
    closes = _STATUSES.get(details.get("ke", ""), Status.NEW).closed
    if closes or "disanggah" in details or not changed.keys().isdisjoint(_CONTESTING):  # words may have been taken out
        was, case.contested = case.contested, _STATUSES.get(details.get("disanggah", ""))
        if was is None:
            case.contested_at = event.at
        elif closes and not changed.get(intake.TOLD, (1, 1))[1] and case.statuses[-1][0] == case.contested_at:
            case.statuses.pop()  # the answer was emptied again: the case is closed since it first was
    _change_status(case, event)


def _is_another_matter(case: Case, changed: Mapping[str, Any]) -> bool:
    """Whether a description became another one, in the row of a closed case or with another name: not corrected."""
    old, new = changed.get(intake.DESCRIPTION, (None, None))
    texts = isinstance(old, str) and isinstance(new, str) and not similar(old, new)
    return texts and (case.status.closed or bool(changed.get(intake.NAME, (None,))[0]))


def _change_status(case: Case, event: Event) -> None:
    case.first_due = case.first_due or _day(event.details.get("tenggat"))
    _note_status(case, event.at, event.details.get("ke"))
    if event.details.get("ke", Status.NEW) != Status.NEW:  # whoever works on it accepts the day first seen
        case.asked_with = ""


def priority_since(case: Case, at: datetime, cells: Sequence[Value]) -> datetime | None:
    """Since when the case has the priority in these cells, typed `at` this time; another spelling is no change."""
    return case.priority_since if folded(case.content[_PRIORITY]) == folded(cells[_PRIORITY]) else at


def categories(case: Case, cells: Sequence[Value]) -> tuple[str, ...]:
    """The earlier categories of a case, as they were understood, once these cells have become its content."""
    if (typed := case.content[_CATEGORY]) == cells[_CATEGORY]:  # mostly
        return case.categories
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


def _day(text: str | None) -> date | None:
    return _date(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_date = lru_cache(maxsize=4096)(date.fromisoformat)  # many cases share one
