"""Kiriman, the journal of e-mails: in Kendali, or, while Kendali can't be reached, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from automation.config.tabs import records
from automation.config.values import text
from automation.cycle.commit import appended, commit
from automation.digests.ledger import Ledger, Row, State, read_ledger
from automation.model.cells import Value, Writable
from automation.reading.headings import find_columns
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.tables.kendali import MAILS
from automation.trouble import ConfigurationError, Trouble

#: The rows to append, as it stands; asked again whenever somebody else was quicker.
RowsOf = Callable[[Ledger], Sequence[Row]]


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
        """Under Kendali's fence: no other robot claims the same. Raises `WorkbookError`."""

        def wanted(seen: Snapshot) -> Changes:
            self.snapshot = seen
            return appended(seen, MAILS, MAILS.headings, _in_place(seen, rows_of(self.ledger)))

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


#: What was sent to whom: `ledger` as it was last seen, and `append` below it.
Kiriman = KendaliKiriman | MemoryKiriman


def _mail_rows(kendali: Snapshot) -> list[list[Value]]:
    """The rows of Kiriman as they were written: by their headings, and in the order of their times, however people have
    moved the columns and sorted the rows. The last row of a key tells what became of it, so the order matters.

    Raises `ConfigurationError` where a heading is gone: without knowing what was sent, nothing may be sent.
    """
    tab = kendali.tab(MAILS)
    if tab is None:
        return []
    header = find_columns(tab.rows, MAILS.headings)
    if header.missing:
        columns = ", ".join(header.missing)
        raise ConfigurationError(Trouble("kendali.judul-hilang", tab=MAILS, row=header.row + 1, columns=columns))
    rows = [[record[heading] for heading in MAILS.headings] for record in records(tab, header)]
    # A claim and its result may bear the same time.
    return sorted(rows, key=lambda cells: (text(cells[0]), text(cells[4]).casefold() != State.CLAIMED))


def _in_place(kendali: Snapshot, rows: Sequence[Row]) -> Sequence[Sequence[Writable]]:
    """The rows with their values where people have moved the columns to."""
    found = find_columns(kendali.rows(MAILS), MAILS.headings).columns
    places = [found.get(heading, at) for at, heading in enumerate(MAILS.headings)]
    lines: list[list[Writable]] = [[None] * (max(places) + 1) for _ in rows]
    for line, values in zip(lines, rows, strict=True):
        for place, value in zip(places, values, strict=True):
            line[place] = value
    return lines
