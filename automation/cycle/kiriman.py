"""Kiriman, the journal of e-mails: in Kendali, or, while Kendali can't be reached, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from automation.config.tables import MAILS
from automation.cycle.commits import append
from automation.cycle.holdings import mail_rows
from automation.digests.ledger import Ledger, Row, read_ledger
from automation.sheets.port import Snapshot, Workbook

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
            self._folded = self.snapshot, read_ledger(mail_rows(self.snapshot))
        return self._folded[1]

    def append(self, rows_of: RowsOf) -> None:
        """Under Kendali's fence: no other robot claims the same."""

        def rows(snapshot: Snapshot) -> Sequence[Row]:
            self.snapshot = snapshot
            return rows_of(self.ledger)

        self.snapshot = append(self._kendali, self.snapshot, MAILS, rows)


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
