"""Kiriman, the journal of e-mails: in Kendali, or, while Kendali can't be reached, in memory. A letter is claimed
there, sent, and what became of it recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from automation.config.records import records
from automation.config.values import text
from automation.cycle.commit import appended, commit
from automation.digests.audience import Addressee
from automation.digests.ledger import Ledger, Row, State, key_of, read_ledger, row
from automation.mail.delivery import Outcome, Post, deliver
from automation.mail.message import address_of
from automation.model.cells import Value, Writable
from automation.model.masking import mask_text, shorten
from automation.model.texts import Texts
from automation.reading.headings import find_columns
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.tables.kendali import MAILS
from automation.trouble import ConfigurationError, DeliveryError, Trouble

log = logging.getLogger(__name__)

#: So many digests are claimed, sent and recorded at once: a claim must not grow old before its mail's turn comes, and
#: a crash leaves no more than these in doubt.
BATCH = 50
#: Characters of the reason why a mail was not sent.
REASON_SHOWN = 500
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


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest that is due: its message, or None where there is nothing to tell, or nobody to send it to (`error`)."""

    kind: str
    occasion: str
    recipient: Addressee
    message: EmailMessage | None = None
    error: DeliveryError | None = None

    @property
    def key(self) -> str:
        """Its identity in Kiriman."""
        return key_of(self.kind, self.occasion, self.recipient.email)

    @property
    def state(self) -> State:
        """What is written into Kiriman before anything is sent."""
        if self.error is not None:
            return State.REFUSED
        return State.EMPTY if self.message is None else State.CLAIMED

    def row(self, now: datetime, state: State, error: DeliveryError | None, texts: Texts) -> Row:
        """A row of Kiriman about it."""
        reason = mask_text(texts.tell(error)) if error is not None else ""
        id = self.message["Message-ID"] if self.message is not None else ""
        return row(now, self.kind, self.occasion, self.recipient.email, state, id, shorten(reason, REASON_SHOWN))


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are claimed, sent and recorded. `now` is when they were composed; `tries` how often each may be
    tried."""

    kiriman: Kiriman
    post: Post
    texts: Texts
    now: datetime
    tries: int

    def dispatch(self, letters: Sequence[Letter]) -> tuple[list[Outcome], int]:
        """Send all that no other robot has claimed meanwhile: what became of each, and to how many there was nothing
        to tell."""
        outcomes: list[Outcome] = []
        empty = 0
        for at in range(0, len(letters), BATCH):
            claimed = self._claim(letters[at : at + BATCH])
            empty += sum(letter.state is State.EMPTY for letter in claimed)
            outcomes += self._deliver(claimed)
        return outcomes, empty

    def _claim(self, letters: Sequence[Letter]) -> list[Letter]:
        """Where there is nothing to tell that is noted, and all that is to be done."""
        claimed: list[Letter] = []

        def rows(ledger: Ledger) -> list[Row]:
            claimed[:] = [letter for letter in letters if ledger.may_be_sent(letter.key, self.now, self.tries)]
            return [letter.row(self.now, letter.state, letter.error, self.texts) for letter in claimed]

        self.kiriman.append(rows)
        return claimed

    def _deliver(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Send, and write into Kiriman what became of each: also when something unexpected stops it."""
        by_key = {letter.key: letter for letter in letters}
        outcomes = [Outcome(letter.key, letter.state, letter.error) for letter in letters if letter.error is not None]
        known = len(outcomes)
        try:
            messages = ((letter.key, letter.message) for letter in letters if letter.message is not None)
            for outcome in deliver(self.post, messages):
                outcomes.append(outcome)
                if outcome.error is not None:
                    log.warning("mail not sent: %s", outcome.error)
        finally:
            rows = [by_key[done.key].row(self.now, done.state, done.error, self.texts) for done in outcomes[known:]]
            self.kiriman.append(lambda _: rows)
        return outcomes


def unusable(recipient: Addressee) -> DeliveryError | None:
    """Why nothing can be sent to an address; one that is wrong stops nobody else's mail."""
    try:
        address_of(recipient.email)
    except Trouble as error:
        return DeliveryError(error.code, permanent=True, **error.particulars)
    return None


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
