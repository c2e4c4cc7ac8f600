"""From cases to the entries of the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from automation.cases.bulk import in_bulk
from automation.cases.complaint import Complaint, Priority
from automation.cases.deadlines import Level
from automation.cases.examiner import Examiner
from automation.cases.journal import Case
from automation.cases.masking import summary
from automation.cases.one_matter import Families, families
from automation.cases.places import Kelurahan
from automation.cases.register import Entry

#: A summary fits a line on a phone and a cell of the register.
SUMMARY_LENGTH = 140


@in_bulk
def make_entries(
    cases: Iterable[tuple[str, Case]], links: Mapping[str, str], examiner: Examiner, now: datetime
) -> list[Entry]:
    """The register's entries for these cases (each with its spreadsheet), in the order in which they were issued.

    What a row says is understood anew from the journal's copy of it, so a spreadsheet that can't be read now still
    has its cases in the register.
    """
    if examiner.today != now.date():
        raise ValueError("the examiner is for another day")
    known = list(cases)
    kin = families({case.ticket: case for _, case in known})
    reporters: dict[object, int] = {}
    entries = [_entry(source, case, links.get(case.ticket, ""), examiner, kin, reporters) for source, case in known]
    entries.sort(key=lambda entry: (entry.issued_at, entry.ticket))
    return entries


def _entry(
    source: str, case: Case, link: str, examiner: Examiner, kin: Families, reporters: dict[object, int]
) -> Entry:
    rules = examiner.rules
    place = rules.places.by_code(case.kelurahan) or Kelurahan(case.kelurahan, "", case.kelurahan, 0)
    complaint = examiner.examine(case.content, place, False)
    category = rules.categories.get(complaint.category) if complaint.category is not None else None
    sensitive = category is not None and category.sensitive
    times, lateness = examiner.clock(complaint, case.received, case.statuses, case.first_due)
    return Entry(
        ticket=case.ticket,
        kelurahan=place,
        received=case.received,
        category=complaint.category or "",
        priority=complaint.priority or Priority.NORMAL,
        status=case.status,
        assignee=complaint.assignee,
        summary=rules.texts.say("rekap.disamarkan") if sensitive else summary(complaint.description, SUMMARY_LENGTH),
        due=times.due,
        lateness=lateness if case.present or times.closed else rules.texts.say("tenggat.hilang"),
        days_late=times.days_late,
        days_left=times.days_left,
        resolved=case.resolved_on,
        told=complaint.told,
        issued_at=case.issued_at,
        closed_at=case.closed_at,
        sensitive=sensitive,
        present=case.present,
        link=link if case.present else "",
        source=source,
        history=tuple(case.statuses),
        reporter=reporters.setdefault(_reporter(complaint, case.ticket), len(reporters)),
        priority_since=case.priority_since,
        level=case.level or Level.NONE,
        level_at=case.level_at,
        parent=kin.roots.get(case.ticket, ""),
        residents=kin.residents.get(case.ticket, 1),
    )


def _reporter(complaint: Complaint, ticket: str) -> object:
    """What tells the reporter from others: the telephone; without one name and address; without a name nobody can tell,
    and each complaint is somebody's own."""
    if complaint.phones:
        return complaint.phones[0]
    if complaint.name:
        return complaint.name.casefold(), complaint.address.casefold()
    return ticket
