"""The details of a case's events (see `Event`), made from its row and from the case as it stands."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from automation.cases.erasure import facts_of
from automation.cases.events import PEOPLE_HEADINGS, Event, EventKind, jsonable, snapshot
from automation.cases.examiner import Examiner
from automation.cases.journal import Case, categories, priority_since
from automation.cases.kabari import Answer, answer_in
from automation.cases.plausible import retyped
from automation.model.cells import Value
from automation.model.complaint import Code, Complaint, Status
from automation.model.deadlines import Level
from automation.reading.cell_text import line_of
from automation.reading.tabs import Row
from automation.tables.intake import CATEGORY, IDENTITY, KELURAHAN, POSITION, TOLD

Details = dict[str, Any]
Told = tuple[str, EventKind, Details]  # of a ticket: what an event says that has no number yet


def issued(case: Case, complaint: Complaint, similar: str | None, examiner: Examiner) -> Details:
    """The details of a new case, with the ticket of an older one that it may belong to."""
    details: Details = {
        "tab": case.tab,
        "masuk": case.received.isoformat(),
        "kelurahan": case.kelurahan,
        "status": case.status.value,
        "isi": snapshot(case.content),
    }
    times, _ = examiner.clock(complaint, case.received, case.statuses, None)
    details |= {"tenggat": times.due.isoformat()} if case.status.closed else {}
    details |= {"jenjang": times.level.slug} if times.level is not None else {}
    details |= {"mirip": similar} if similar is not None else {}
    told_open = complaint.told and not case.status.closed
    details |= {"dikabari": case.issued_at.isoformat(timespec="seconds")} if told_open else {}
    return details | _read(_understood(complaint, case.content))


def moved_in(row: Row, case: Case, complaint: Complaint, now: datetime, doubted: date | None) -> Details:
    """The details of a case whose row has come from another spreadsheet, where `case` is how it stood. A `doubted` day
    of receipt that was typed on the way does not count."""
    received = retyped(row.people, case, complaint, now.date()) if doubted is None else None
    answered = case.date_answered if case.doubted is None or received is None else now
    there = replace(
        case,
        received=received or case.received,
        kelurahan=complaint.kelurahan.code if complaint.kelurahan is not None else case.kelurahan,
        content=row.people,
        read=tuple(_understood(complaint, row.people).items()),
        contested=case.contested if case.contested is complaint.status else None,
        priority_since=priority_since(case, now, row.people),
        categories=categories(case, row.people),
        date_answered=answered,
        doubted=case.doubted if received is None else None,
        similar="",
        told_open=_told_open(row, case, complaint, counted_status(row, case, complaint), now),
    )
    return carried(there, row.tab.title) | {"status": (counted_status(row, case, complaint) or case.status).value}


def carried(case: Case, tab: str) -> Details:
    """All that is known of a case whose row stands in this tab, for a journal that begins with it."""
    moments = {"naik": case.level_at, "prioritas": case.priority_since, "dijawab": case.date_answered}
    moments |= {"dikabari": case.told_open}
    days = {"tenggat": case.first_due, "ragu": case.doubted}
    details: Details = {
        "tab": tab,
        "masuk": case.received.isoformat(),
        "kelurahan": case.kelurahan,
        "status": case.status.value,
        "terbit": case.issued_at.isoformat(timespec="seconds"),
        "riwayat": [[at.isoformat(timespec="seconds"), status.value] for at, status in case.statuses],
        "isi": snapshot(case.content),
        "dibaca": dict(case.read),
        **{key: at.isoformat(timespec="seconds") for key, at in moments.items() if at is not None},
        **{key: day.isoformat() for key, day in days.items() if day is not None},
        "kategori": [*case.categories],
        "bersama": case.asked_with if case.doubted is not None else "",
        "disanggah": case.contested.value if case.contested is not None else "",
        "jenjang": case.level.slug if case.level is not None else "",
        "mirip": case.similar,
    }
    return {key: value for key, value in details.items() if value or key in ("isi", "kelurahan")}


def edited(
    row: Row, case: Case, complaint: Complaint, examiner: Examiner, now: datetime, doubted: date | None = None
) -> tuple[EventKind, Details] | None:
    """The kind and details of what changed in a case's row since it was last seen; None if nothing that counts has
    changed. A `doubted` day of receipt does not count."""
    status = counted_status(row, case, complaint)
    same_status = status is None or status is case.status
    if same_status and row.people == case.content and row.tab.title == case.tab and case.present:
        return None  # most rows, in every cycle
    details: Details = {}
    cells = zip(PEOPLE_HEADINGS, case.content, row.people, strict=True)
    changed = {heading: [jsonable(old), jsonable(new)] for heading, old, new in cells if old != new}
    if changed:
        details |= {"isi": changed} | _read(_understood(complaint, row.people), changed)
        if complaint.status is not None and status is not complaint.status:
            details["disanggah"] = complaint.status.value
        if TOLD in changed and (told_open := _told_open(row, case, complaint, status, now)) is not None:
            details["dikabari"] = told_open.isoformat(timespec="seconds")
    if row.tab.title != case.tab:
        details["tab"] = row.tab.title
    received = retyped(row.people, case, complaint, now.date())
    if doubted is None and received is not None and (received != case.received or case.doubted is not None):
        details["masuk"] = received.isoformat()
    if complaint.kelurahan is not None and complaint.kelurahan.code != case.kelurahan:
        details["kelurahan"] = complaint.kelurahan.code
    kind = EventKind.EDITED
    if status is not None and status is not case.status:
        kind = EventKind.REOPENED if case.status.closed and not status.closed else EventKind.STATUS
        details |= status_changed(case, complaint, status, examiner, now, received)
    if not case.present:
        return EventKind.BACK, details
    return (kind, details) if details else None


def _told_open(row: Row, case: Case, complaint: Complaint, status: Status | None, now: datetime) -> datetime | None:
    """When `Dikabari` was typed as the row has it, if the case was open then, and still is."""
    if row.people[POSITION[TOLD]] == case.content[POSITION[TOLD]]:
        return case.told_open
    return now if complaint.told and not (status or case.status).closed else None


def counted_status(row: Row, case: Case, complaint: Complaint) -> Status | None:
    """The status of the row as it counts; None where it is unknown. A closed case counts as open from when the
    reporter's answer that it is not done was typed, until somebody changes `Status` or that answer."""
    status, told = complaint.status, POSITION[TOLD]
    stays = case.erased and case.contested is status  # the words that contested it are erased, but it is still not done
    if status is None or not status.closed or not (stays or answer_in(complaint.told) is Answer.UNDONE):
        return status
    begins = row.people[told] != case.content[told] and answer_in(line_of(case.content[told])) is not Answer.UNDONE
    if not (begins or case.contested is status):
        return status
    return Status.IN_PROGRESS if case.status.closed else case.status


def status_changed(
    case: Case, complaint: Complaint, status: Status, examiner: Examiner, now: datetime, received: date | None = None
) -> Details:
    """The old and the new status; on the first closure also the deadline that the case has met or missed."""
    details = {"dari": case.status.value, "ke": status.value}
    if status.closed and case.first_due is None:
        statuses = [*case.statuses, (now, status)]
        times, _ = examiner.clock(complaint, received or case.received, statuses, None)
        details["tenggat"] = times.due.isoformat()
    return details


def facts_in(row: Row, examiner: Examiner) -> tuple[Value, ...]:
    """The cells of a row that people fill, without their words."""
    return facts_of(row.people, _understood(examiner.row(row), row.people))


def _understood(complaint: Complaint, cells: Sequence[Value]) -> dict[str, str]:
    """The entries that cells were understood as, by heading, if they say it in other words; empty if the text is no
    entry of a list of the city's own."""
    read = {str(one.column): dict(one.particulars)["dibaca"] for one in complaint.findings if one.code is Code.READ}
    named = ((CATEGORY, complaint.category), (KELURAHAN, complaint.kelurahan))
    return {**read, **{one.heading: "" for one, entry in named if entry is None and line_of(cells[POSITION[one]])}}


def _read(read: Mapping[str, str], of: Container[str] = PEOPLE_HEADINGS) -> Details:
    said = {heading: entry for heading, entry in read.items() if heading in of}
    return {"dibaca": said} if said else {}


def escalated(known: Level | None, reached: Level | None) -> Details | None:
    """The details of an escalation, if `reached` by the clock is above the level `known` of the case; the first level
    is its baseline (see `deadlines`). None where there is nothing to journal."""
    if reached is None or (known is not None and reached <= known):
        return None
    return {"jenjang": reached.slug} if known is not None else {"jenjang": reached.slug, "dasar": True}


def turns_over(event: Event) -> bool:
    """Whether the row of a case is gone, or several of the columns that identify a complaint have changed."""
    changed = event.cells if event.kind is EventKind.EDITED else {}
    return event.kind is EventKind.VANISHED or len(changed.keys() & _TELLING) > 1


_TELLING = frozenset(column.heading for column in IDENTITY)
