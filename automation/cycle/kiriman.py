"""Kiriman, the journal of e-mails: what was sent to whom, in Kendali, or in memory while Kendali can't be reached."""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from automation.cases.events import parse_time
from automation.config.tabs import records
from automation.config.values import text
from automation.cycle.commit import appended_to, commit
from automation.digests.ledger import CLAIM_HOLDS, Ledger, Row, State, read_ledger
from automation.model.cells import Value, Writable
from automation.reading.tabs import find_columns
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.tables.kendali import MAILS
from automation.trouble import ConfigurationError, Trouble
from automation.whole_file import names_of, write_down

#: The key of a mail of a day or a week, which nobody asks for after a while; one of a case or an incident lasts.
_OF_A_DAY = re.compile(r"[^:]*:\d{4}-(?:\d\d-\d\d|W\d\d):")
_RECENT = timedelta(days=60)
#: The rows to append to a ledger; asked again whenever somebody else was quicker.
RowsOf = Callable[[Ledger], Sequence[Row]]


class Noted:
    """Notes accepted mails at once: Kiriman is only written in batches, and a process that dies in between leaves one
    mail in doubt, not all of them.

    A line holds the time and the Message-ID of the claim in Kiriman, which name nobody. Each process has a file of its
    own in the program's folder. The folder may vanish or become unwritable at any time: then the batch is in doubt, as
    it would be on another machine. Nothing here raises.
    """

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._folder = folder
        self._names = names_of("terkirim", credentials)
        self._own = folder / f"{self._names}{secrets.token_hex(4)}"

    def add(self, claim: str) -> None:
        """Note that a mail was accepted."""
        with suppress(OSError):
            write_down(self._own, f"{claim}\n".encode(), "ab")

    def known(self) -> frozenset[str]:
        """All claims noted here, also by processes that have died."""
        found: list[str] = []
        for path in self._files():
            with suppress(OSError):
                found += path.read_text("utf-8", "replace").splitlines()
        return frozenset(found)

    def forget(self) -> None:
        """Delete the notes, once Kiriman has them all. Another process's are kept while it may still need them."""
        oldest = time.time() - CLAIM_HOLDS.total_seconds()
        for path in self._files():
            with suppress(OSError):
                if path == self._own or path.stat().st_mtime < oldest:
                    path.unlink()

    def _files(self) -> list[Path]:
        with suppress(OSError):
            return [*self._folder.glob(f"{self._names}*")]
        return []


class KendaliKiriman:
    """The tab of Kendali, as of `snapshot`. A claimed mail that is `noted` was sent: that comes with the next rows."""

    def __init__(self, kendali: Workbook, snapshot: Snapshot, noted: Noted | None = None) -> None:
        self._kendali, self._noted = kendali, noted
        self.snapshot = snapshot
        self._folded: tuple[Snapshot, Ledger] | None = None
        self._lacking: list[Row] = []

    @property
    def ledger(self) -> Ledger:
        """The ledger of the tab. Raises `ConfigurationError` as `mail_rows` does."""
        if self._folded is None or self._folded[0] is not self.snapshot:
            rows = mail_rows(self.snapshot)
            known = self._noted.known() if self._noted is not None else ()
            last = {text(row[1]): row for row in rows} if known else {}
            self._lacking = [
                (at, key, kind, email, str(State.SENT), id)
                for at, key, kind, email, state, id in (tuple(map(text, row)) for row in last.values())
                if _is_claim(state) and f"{at} {id}" in known
            ]
            self._folded = self.snapshot, read_ledger([*rows, *self._lacking])
        return self._folded[1]

    def sent(self, claim: Row) -> None:
        """Note that the mail of this claim was accepted; its result is written with those of its batch."""
        if self._noted is not None:
            self._noted.add(f"{claim[0]} {claim[5]}")

    def append(self, rows_of: RowsOf) -> None:
        """Append rows under Kendali's fence, so that no other robot claims the same. Raises `WorkbookError`."""
        before = self.snapshot

        def wanted(seen: Snapshot) -> Changes:
            self.snapshot = seen
            rows = rows_of(self.ledger)
            told = {row[1] for row in rows}
            lacking = (row for row in self._lacking if row[1] not in told)
            return appended_to(seen, MAILS, [*lacking, *rows])

        self.snapshot = commit(self._kendali, before, wanted, once=True)
        if self._noted is not None and self.snapshot is not before:
            self._noted.forget()


@dataclass(slots=True)
class MemoryKiriman:
    """Kept while this process lives; its `rows` have to be written to Kendali once it can be reached again."""

    rows: list[Row] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        return read_ledger(self.rows)

    def append(self, rows_of: RowsOf) -> None:
        """Append rows; nobody else writes here."""
        self.rows += rows_of(self.ledger)

    def sent(self, claim: Row) -> None:
        """Does nothing: no claim outlives this process."""


#: What was sent to whom: `ledger` as last seen, and `append` to add to it.
Kiriman = KendaliKiriman | MemoryKiriman


def mail_rows(kendali: Snapshot, title: str = MAILS) -> list[list[Value]]:
    """The rows of Kiriman, or of one put away (by its `title`), by their headings and in order of time, however people
    have moved and sorted them: the last row of a key tells the result. Raises `ConfigurationError` if a heading is gone
    or doubled: nothing may be sent without knowing what was sent."""
    tab = kendali.tab(title)
    if tab is None:
        return []
    header = find_columns(tab.rows, MAILS.headings)
    if wrong := [*header.missing, *header.doubled]:
        raise ConfigurationError(Trouble("kendali.judul-kiriman", row=header.row + 1, columns=", ".join(wrong)))
    rows = [[record[heading] for heading in MAILS.headings] for record in records(tab, header)]
    # A claim and its result may bear the same time.
    return sorted(rows, key=lambda cells: (text(cells[0]), not _is_claim(text(cells[4]))))


def lasting_mails(now: datetime, kendali: Snapshot) -> list[list[Writable]]:
    """The rows with which Kiriman goes on once a year has ended: of late, of cases and incidents, and of addresses
    that are left alone. Raises `ConfigurationError` as `mail_rows` does."""
    rows = [[*map(text, row)] for row in mail_rows(kendali)]
    ledger, times = read_ledger(rows), [parse_time(row[0]) for row in rows]
    return [
        [*row]
        for row, at in zip(rows, times, strict=True)
        if at is None or now - at < _RECENT or not _OF_A_DAY.match(row[1]) or ledger.given_up(row[3])
    ]


def _is_claim(state: str) -> bool:
    return state.partition(":")[0].strip().casefold() == State.CLAIMED
