"""What was decided on which cases, and what has become of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from automation.cases.filed import Filed
from automation.digests.audience import Scope, Whole, covers
from automation.model.cells import fold
from automation.model.deadlines import Calendar
from automation.model.register import Decision, Entry
from automation.model.rules import Rules

#: Agencies in the table of the pack: those that let letters wait longest.
MOST_AGENCIES = 6
LETTER, PROPOSAL, LATER = "Surat ke Dinas", "Usulan Pokir", "Tunda"
PREPARED, SENT_BACK = "Disiapkan", "Dikembalikan"


def decisions(
    rows: Iterable[Filed],
    entries: Iterable[Entry],
    links: Mapping[str, str],
    rules: Rules,
    now: datetime,
    proposed: Mapping[str, Filed] | None = None,
) -> tuple[Decision, ...]:
    """The rows of `Keputusan` as decisions; `links` open them, by their ids; `proposed` are the rows of `Usulan`."""
    rows, proposed = tuple(rows), proposed or {}
    cases = _named(rows, entries)
    sent = {id for id, row in proposed.items() if row.values.get("Keadaan", PREPARED) != PREPARED}
    return tuple(_decision(row, cases, links.get(row.id, ""), rules, now.date(), row.id in sent) for row in rows)


def proposals(
    rows: Iterable[Filed], entries: Iterable[Entry], links: Mapping[str, str], rules: Rules
) -> tuple[Decision, ...]:
    """The rows of `Usulan` likewise: `what` is the state, `who` proposes it, `by` the end of the window."""
    rows = tuple(rows)
    cases = _named(rows, entries)
    return tuple(
        Decision(
            id=row.id,
            tickets=row.tickets,
            lead=next((cases[ticket] for ticket in row.tickets if ticket in cases), None),
            what=row.values.get("Keadaan", PREPARED),
            who=row.values.get("Pengusul", ""),
            decided_at=row.since.get("Keadaan", row.laid_at),
            by=rules.proposing[1],
            done=row.values.get("Keadaan", PREPARED) not in (PREPARED, SENT_BACK),
            agency=row.values.get("SKPD", ""),
            year=row.values.get("Tahun", ""),
            link=links.get(row.id, ""),
        )
        for row in rows
    )


def to_propose(found: Iterable[Decision], rules: Rules, today: date) -> list[Decision]:
    """What has to be mended because it was sent back, whenever that is; and in the window what is still to be typed."""
    begins, ends = rules.proposing
    running = begins is not None and ends is not None and begins <= today <= ends
    return [one for one in found if one.what == SENT_BACK or (one.what == PREPARED and running)]


def _named(rows: Collection[Filed], entries: Iterable[Entry]) -> dict[str, Entry]:
    named = {ticket for row in rows for ticket in row.tickets}
    return {entry.ticket: entry for entry in entries if entry.ticket in named} if named else {}


def _decision(row: Filed, cases: Mapping[str, Entry], link: str, rules: Rules, today: date, proposed: bool) -> Decision:
    values = row.values
    lead = next((cases[ticket] for ticket in row.tickets if ticket in cases), None)
    category = rules.categories.get(lead.category) if lead is not None else None
    what, by, sent = values.get("Keputusan", ""), _day(values, "Sebelum"), _day(values, "Tanggal Surat")
    answered = _day(values, "Tanggal Jawaban")
    if answered is None and "Jawaban" in values:
        answered = row.since["Jawaban"].date()
    closed = all(cases[ticket].status.closed for ticket in row.tickets if ticket in cases)
    done = closed or (what == LETTER and sent is not None) or (what == PROPOSAL and proposed)
    between = rules.calendar.between
    return Decision(
        id=row.id,
        tickets=row.tickets,
        lead=lead,
        what=what,
        who=values.get("Siapa", ""),
        decided_at=row.since.get("Keputusan"),
        by=by,
        days_late=between(by, today) if by is not None and not done else 0,
        done=done,
        agency=_agency(values.get("Instansi", ""), rules) or (category.agency if category is not None else ""),
        letter=values.get("Nomor Surat", ""),
        sent=sent,
        answered=answered,
        waiting=None if sent is None or answered is not None or closed else between(sent, today),
        link=link,
    )


def _agency(written: str, rules: Rules) -> str:
    """An agency as `Kategori` spells it, where it knows it: its letters count as one agency's."""
    known = (one.agency for one in rules.categories.values() if one.agency)
    plain = fold(written).removeprefix("dinas")
    return next((name for name in known if fold(name).removeprefix("dinas") == plain), written) if written else ""


def _day(values: Mapping[str, str], heading: str) -> date | None:
    return date.fromisoformat(values[heading]) if heading in values else None


def decided_within(found: Iterable[Decision], scopes: Collection[Scope]) -> list[Decision]:
    """Those of the union of scopes: where the first case of them lies."""
    known = (one for one in found if one.lead is not None)
    return [one for one in known if one.lead and any(covers(scope, one.lead.kelurahan) for scope in scopes)]


def unfinished(found: Iterable[Decision]) -> list[Decision]:
    """What was decided and is not done, the longest past its day first. What was put off is none until its day."""
    waiting = (one for one in found if one.what and not one.done and one.what != LATER)
    return sorted(waiting, key=lambda one: (-one.days_late, one.by or date.max, one.id))


def settled(found: Iterable[Decision], today: date) -> set[str]:
    """The tickets on which nothing is to be decided now: it was, and what was put off has not come to its day. What was
    put off without a day comes to the next meeting."""
    decided = (one for one in found if one.what and (one.what != LATER or (one.by is not None and one.by >= today)))
    return {ticket for one in decided for ticket in one.tickets}


@dataclass(frozen=True, slots=True)
class Agency:
    """Letters to one agency. Days are working days; `longest` is that of a letter without an answer."""

    name: str
    sent: int
    answered: int
    median: int | None
    longest: int | None


def agencies(found: Iterable[Decision], calendar: Calendar) -> Whole[Agency]:
    """How the agencies answer, the one that has let a letter wait longest first."""
    letters: dict[str, list[Decision]] = defaultdict(list)
    for one in found:
        if one.sent is not None:
            letters[one.agency].append(one)
    told = []
    for name, sent in letters.items():
        took = sorted(calendar.between(one.sent, one.answered) for one in sent if one.sent and one.answered)
        waiting = [one.waiting for one in sent if one.waiting is not None]
        median = took[(len(took) - 1) // 2] if took else None
        told.append(Agency(name, len(sent), len(took), median, max(waiting, default=None)))
    return Whole(sorted(told, key=lambda one: (-(one.longest or 0), -one.sent, one.name))[:MOST_AGENCIES])


def undecided(found: Iterable[Decision]) -> dict[str, str]:
    """The id of the last row that was laid for a ticket."""
    return {ticket: one.id for one in found for ticket in one.tickets}
