"""Kiriman, the journal of e-mails: in Kendali, or, while Kendali can't be reached, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from automation.cases.cells import Value, Writable
from automation.config.kinds import text
from automation.config.table import find_header, records
from automation.config.tables import HEADINGS, MAILS
from automation.cycle.commit import appended, commit
from automation.digests.ledger import Ledger, Row, State, read_ledger
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.trouble import ConfigurationError, Trouble

#: The rows to append, as it stands; asked again whenever somebody else was quicker.
RowsOf = Callable[[Ledger], Sequence[Row]]


class Kiriman(Protocol):
    """What was sent to whom."""

    @property
    def ledger(self) -> Ledger:
        """As it was last seen."""

    def append(self, rows_of: RowsOf) -> None:
        """Add rows below. Raises `WorkbookError`."""


class KendaliKiriman:
    """The tab of Kendali, as of `snapshot`."""

    def __init__(self, kendali: Workbook, snapshot: Snapshot) -> None:
        self._kendali = kendali
        self.snapshot = snapshot
        self._folded: tuple[Snapshot, Ledger] | None = None

    @property
    def ledger(self) -> Ledger:
        """Raises `ConfigurationError` where a heading is gone."""
        if self._folded is None or self._folded[0] is not self.snapshot:
            self._folded = self.snapshot, read_ledger(_mail_rows(self.snapshot))
        return self._folded[1]

    def append(self, rows_of: RowsOf) -> None:
        """Under Kendali's fence: no other robot claims the same."""

        def wanted(seen: Snapshot) -> Changes:
            self.snapshot = seen
            return appended(seen, MAILS, HEADINGS[MAILS], _in_place(seen, rows_of(self.ledger)))

        self.snapshot = commit(self._kendali, self.snapshot, wanted, once=True)


class MemoryKiriman:
    """Kept while this process lives; `rows` are to be handed on to Kendali when it can be reached again."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    @property
    def ledger(self) -> Ledger:
        """All of it."""
        return read_ledger(self.rows)

    def append(self, rows_of: RowsOf) -> None:
        """Nobody else writes here."""
        self.rows += rows_of(self.ledger)


def _mail_rows(kendali: Snapshot) -> list[list[Value]]:
    """The rows of Kiriman as they were written: by their headings, and in the order of their times, however people have
    moved the columns and sorted the rows. The last row of a key tells what became of it, so the order matters.

    Raises `ConfigurationError` where a heading is gone: without knowing what was sent, nothing may be sent.
    """
    tab = kendali.tab(MAILS)
    if tab is None:
        return []
    header = find_header(tab.rows, HEADINGS[MAILS])
    if header.missing:
        columns = ", ".join(header.missing)
        raise ConfigurationError(Trouble("kendali.judul-hilang", tab=MAILS, row=header.row + 1, columns=columns))
    rows = [[record[heading] for heading in HEADINGS[MAILS]] for record in records(tab, header)]
    # A claim and its result may bear the same time.
    return sorted(rows, key=lambda cells: (text(cells[0]), text(cells[4]).casefold() != State.CLAIMED))


def _in_place(kendali: Snapshot, rows: Sequence[Row]) -> Sequence[Sequence[Writable]]:
    """The rows with their values where people have moved the columns to."""
    found = find_header(kendali.rows(MAILS), HEADINGS[MAILS]).columns
    places = [found.get(heading, at) for at, heading in enumerate(HEADINGS[MAILS])]
    lines: list[list[Writable]] = [[None] * (max(places) + 1) for _ in rows]
    for line, row in zip(lines, rows, strict=True):
        for place, value in zip(places, row, strict=True):
            line[place] = value
    return lines
