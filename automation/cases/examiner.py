"""Results for rows and cases, remembered because most rows are the same in every cycle and most cases share their
dates; and the entries of the register that are made from them."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from hashlib import blake2b
from sys import intern

from automation.cases.journal import Case
from automation.cases.kabari import kabari, told_of_outcome, told_shown
from automation.cases.one_matter import families, matter_finder
from automation.cases.plausible import done_on
from automation.cases.telling import Telling, tell
from automation.model.bulk import in_bulk
from automation.model.cells import Link, Value, fold
from automation.model.complaint import UNREADABLE, Complaint, Priority, Status
from automation.model.deadlines import Clock, Level, clock, paused_days
from automation.model.disclosure import known_names, shorten, summary, title
from automation.model.places import Kelurahan
from automation.model.register import Entry
from automation.model.rules import Rules
from automation.reading.tabs import Row
from automation.reading.validation import examine
from automation.tables.intake import KELURAHAN

log = logging.getLogger(__name__)


class Examiner:
    """`examine`, `clock` and `kabari` for one set of rules and one day; each distinct input is worked out once."""

    def __init__(self, rules: Rules, today: date) -> None:
        self.rules = rules
        self.today = today
        self._seen: dict[tuple[str | None, bool], dict[tuple[Value, ...], Complaint]] = defaultdict(dict)
        self._clocks: dict[tuple[object, ...], tuple[Clock, str]] = {}
        self._told: dict[str, tuple[object, ...]] = {}  # what a right `Kabari` was last made of, by ticket
        self.likely: dict[object, float] = {}  # that two complaints are one matter
        #: Digests of correct contents of `Kabari` and what they were made of: those known now, and those from before.
        self.right, self.was_right = set[str](), set[str]()
        self.summaries: dict[str, str] = {}  # of all cases, by a digest of what each was made of
        self.proposed: Mapping[str, tuple[str, str]] = {}  # state and year of a proposal for the budget, by ticket

    def examine(self, people: tuple[Value, ...], place: Kelurahan | None, has_column: bool) -> Complaint:
        """The complaint in a row of a tab that is named after `place`, or whose `Kelurahan` column says it."""
        seen = self._seen[place.code if place is not None else None, has_column]
        complaint = seen.get(people)
        if complaint is None:
            try:
                complaint = examine(people, place, self.rules, self.today, has_column)
            except Exception:  # a mistake of ours costs one row its turn, not its neighbours
                log.exception("a row can't be read")
                complaint = UNREADABLE
            seen[people] = complaint
        return complaint

    def row(self, row: Row) -> Complaint:
        """The complaint in a row."""
        return self.examine(row.people, row.tab.place, row.tab.has(KELURAHAN))

    def clock(
        self, complaint: Complaint, received: date, statuses: Sequence[tuple[datetime, Status]], first_due: date | None
    ) -> tuple[Clock, str]:
        """The clock of a case as `deadlines.clock` computes it, and what `Keterlambatan` says of it."""
        target = self.rules.target_days(complaint.priority, complaint.category)
        key = (received, target, statuses[-1][1], paused_days(statuses), first_due)
        times = self._clocks.get(key)
        if times is None:
            due = clock(received, target, statuses, first_due, self.rules.calendar, self.rules.ladder, self.today)
            times = self._clocks[key] = due, due.words(self.rules.texts)
        return times

    def kabari(self, case: Case, complaint: Complaint, times: Clock, stands: Value = None) -> Link | None:
        """What `Kabari` shows of a case, as `kabari.kabari` says it; what `stands` there, if that is known to be right.
        No day is promised while the case's clock is stopped, or once it is late."""
        promised, proposed = times.due if times.days_left is not None else None, self.proposed.get(case.ticket, ())
        told = case.statuses[-1], case.told_open, case.categories, promised, proposed
        if (before := self._told.get(case.ticket)) and before[0] is stands and before[1:] == (complaint, told):
            return stands if isinstance(stands, Link) else None
        secret, (since, status) = self.rules.is_private(complaint, case.categories), case.statuses[-1]
        said = complaint.phones, complaint.name, complaint.address, complaint.category, complaint.outcome
        known = case.ticket, since.timestamp(), status, secret, promised, proposed
        made_of = "\0".join(map(str, (*known, told_of_outcome(case, complaint.told), *said)))
        if (shown := _shows(stands, made_of)) in self.right or shown in self.was_right:
            self.right.add(shown)
            self._told[case.ticket] = stands, complaint, told
            return stands if isinstance(stands, Link) else None
        try:
            link = kabari(case, complaint, promised, self.rules, proposed)
        except Exception:  # as above
            log.exception("%s: no words for its reporter", case.ticket)
            link = None
        self.right.add(_shows(link, made_of))
        return link


def _shows(value: Value, made_of: str) -> str:
    """A digest of what a cell shows, where its link leads, and what it was made of."""
    leads = value.mark if isinstance(value, Link) else ""
    return blake2b(f"{value or ''}\0{leads}\0{made_of}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


#: Characters of a summary: it fits a line on a phone and a cell of the register.
SUMMARY_LENGTH = 140


@in_bulk
def make_entries(cases: Iterable[tuple[str, Case]], links: Mapping[str, str], examiner: Examiner) -> list[Entry]:
    """The register's entries for these cases (each with its spreadsheet), in the order in which they were issued.

    Each row is understood anew from the journal's copy of it, so a spreadsheet that can't be read now still has its
    cases in the register.
    """
    known, rules, numbers = list(cases), examiner.rules, dict[object, int]()
    kin = families({case.ticket: case for _, case in known})
    running = [case for _, case in known if not (case.status.closed or case.erased)]
    first_of = matter_finder(partial(_tellings, running, examiner))  # every entry keeps it
    before, examiner.summaries = examiner.summaries, {}

    def entry(source: str, case: Case) -> Entry:
        place, complaint = _told(case, examiner)
        done = complaint.outcome  # of a long one only the beginning is folded
        sensitive = rules.is_private(complaint, case.categories)
        times, lateness = examiner.clock(complaint, case.received, case.statuses, case.first_due)
        return Entry(
            ticket=case.ticket,
            kelurahan=place,
            received=case.received,
            category=complaint.category or "",
            priority=complaint.priority or Priority.NORMAL,
            status=case.status,
            assignee=assignee_shown(complaint.assignee, rules),
            summary=_summary(case, complaint, examiner, before, sensitive=sensitive),
            due=times.due,
            lateness=lateness if case.present or times.closed else rules.texts.say("tenggat.hilang"),
            days_late=times.days_late,
            days_left=times.days_left,
            resolved=done_on(case, complaint),
            told=told_shown(told_of_outcome(case, complaint.told), rules.texts),
            issued_at=case.issued_at,
            closed_at=case.closed_at,
            sensitive=sensitive,
            present=case.present,
            link=links.get(case.ticket, "") if case.present else "",
            source=source,
            history=tuple(case.statuses),
            reporter=numbers.setdefault(_reporter(complaint, case.ticket), len(numbers)),
            priority_since=case.priority_since,
            level=case.level or Level.NONE,
            level_at=case.level_at,
            parent=kin.roots.get(case.ticket, ""),
            residents=kin.residents.get(case.ticket, 1),
            channel=complaint.channel.value if complaint.channel is not None else "",
            outcome=numbers.setdefault(("", fold(done[:100]), done[100:]), len(numbers)) if done else None,
            together=first_of,
            erased=case.erased,
        )

    return sorted((entry(*one) for one in known), key=lambda one: (one.issued_at, one.ticket))


def _told(case: Case, examiner: Examiner) -> tuple[Kelurahan, Complaint]:
    place = examiner.rules.places.by_code.get(case.kelurahan) or Kelurahan(case.kelurahan, "", case.kelurahan, 0)
    return place, examiner.examine(case.content, place, False)


def _tellings(running: Iterable[Case], examiner: Examiner) -> Iterator[tuple[str, Telling]]:
    """What each of these cases tells, by ticket, without the private ones, about which others may not know."""
    for case in sorted(running, key=lambda case: (case.issued_at, case.ticket)):
        _, complaint = _told(case, examiner)
        if not examiner.rules.is_private(complaint, case.categories):
            yield case.ticket, tell(complaint, case.kelurahan, case.received, examiner.rules)


def _summary(
    case: Case, complaint: Complaint, examiner: Examiner, before: Mapping[str, str], *, sensitive: bool
) -> str:
    words = examiner.rules.vocabulary
    if case.erased or sensitive:
        return examiner.rules.texts.say("rekap.dihapus" if case.erased else "rekap.disamarkan")
    made_of = complaint.title, complaint.description, complaint.name, complaint.address
    key = blake2b("\0".join(made_of).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    if (shown := before.get(key)) is None:
        made = title(made_of[0], words, made_of[2]) if made_of[0] else summary(made_of[1], words, *made_of[2:])
        shown = intern(shorten(made, SUMMARY_LENGTH))  # `Rekap` shows it, too
    examiner.summaries[key] = shown
    return shown


def assignee_shown(typed: str, rules: Rules) -> str:
    """What others see of a person in charge: the names that Kendali knows; if it knows none, that there is somebody."""
    return typed and (known_names(typed, rules.helpers, rules.vocabulary) or rules.texts.say("rekap.di-luar-daftar"))


def _reporter(complaint: Complaint, ticket: str) -> object:
    """What tells one reporter from another: the telephone; without one, name and address. Without a name nobody can
    tell, so each complaint counts as another reporter's."""
    if complaint.phones:
        return complaint.phones[0]
    if complaint.name:
        return complaint.name.casefold(), complaint.address.casefold()
    return ticket
