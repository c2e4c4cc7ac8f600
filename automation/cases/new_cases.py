"""New complaints: each becomes a case with the next number of its kelurahan and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice

from automation.cases.examiner import Examiner
from automation.cases.journal import Case
from automation.cases.plausible import ROWS_ABOVE, is_doubtful
from automation.model.complaint import Complaint, Status
from automation.model.places import Kelurahan
from automation.model.tickets import Numbers
from automation.reading.tabs import Row


class NewCases:
    """The `cases` whose tickets are still to be issued, with their rows; of these by tab the `doubtful`, whose day of
    receipt is asked about. `rows` are all of the spreadsheet, in order; `examiner` understands one."""

    def __init__(self, rows: Sequence[Row], numbers: Numbers, examiner: Examiner, now: datetime) -> None:
        self.cases: list[tuple[Row, Case, Complaint]] = []
        self.doubtful: dict[str, list[Case]] = defaultdict(list)
        self._rows, self._numbers, self._examiner, self._now = rows, numbers, examiner, now

    def open(self, row: Row, complaint: Complaint, received: date, place: Kelurahan, ticket: str | None) -> Case | None:
        """A case for a new complaint, with its own ticket where only the journal of it was spoiled. None while its
        kelurahan has no numbers."""
        doubtful = ticket is None and self._is_doubtful(row, complaint, received)
        counted = self._now.date() if doubtful else received
        ticket = ticket or self._numbers.next(place.code, counted.year)
        if ticket is None:
            return None
        case = Case(ticket, self._now, row.people, row.tab.title, counted, place.code)
        case.statuses.append((self._now, complaint.status or Status.NEW))
        self.cases.append((row, case, complaint))
        if doubtful:
            case.doubted = received
            self.doubtful[case.tab].append(case)
        return case

    def _is_doubtful(self, row: Row, complaint: Complaint, received: date) -> bool:
        """Whether a row's day of receipt is asked about. One that comes closed harms nobody, nor does one that somebody
        vouches for, unless the day has yet to come."""
        today = self._now.date()
        if received <= today and (complaint.date_right or (complaint.status or Status.NEW).closed):
            return False
        above = (other for other in reversed(self._rows) if other.tab is row.tab and other.number < row.number)
        days = (self._examiner.row(one).received for one in islice(above, ROWS_ABOVE))
        return is_doubtful(received, today, self._examiner.rules.old_after_days, days)
