"""Sending the digests that are due: claim in Kiriman, send, record."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import cached_property

from automation.cases.masking import mask_text, shorten
from automation.cases.register import Register
from automation.cases.texts import Texts
from automation.config.kendali import read_kendali
from automation.config.settings import Settings
from automation.config.tables import MAILS, REGISTER
from automation.cycle.commits import append
from automation.cycle.holdings import mail_rows, read_register
from automation.digests.audience import Addressee, Scope, addressees
from automation.digests.harian import KIND, Harian, harian
from automation.digests.ledger import Ledger, Row, State, key_of, read_ledger, row
from automation.mail.delivery import Outcome, Post, deliver
from automation.mail.message import address_of, compose
from automation.mail.render import Context, Mail, Renderer, scope_in_words
from automation.sheets.port import Snapshot, Workbook
from automation.trouble import DeliveryError, Trouble

log = logging.getLogger(__name__)

#: The kinds of digest that can be made, and sent.
KINDS = (KIND,)
#: So many digests are claimed, sent and recorded at once: a claim must not grow old before its mail's turn comes, and
#: a crash leaves no more than these in doubt.
BATCH = 50
#: Characters of the reason why a mail was not sent.
REASON_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one run: how each mail fared, and to how many there was nothing to tell. `recipients` counts those
    who want this kind at all."""

    outcomes: tuple[Outcome, ...]
    empty: int
    recipients: int

    @property
    def well(self) -> bool:
        """Whether every mail was accepted."""
        return all(outcome.state is State.SENT for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail that would be sent."""

    recipient: Addressee
    mail: Mail
    message: EmailMessage


@dataclass(frozen=True, slots=True)
class Digester:
    """Makes and sends digests from what Kendali holds. `sender` is the address in From."""

    kendali: Workbook
    texts: Texts
    renderer: Renderer
    sender: str

    def send(self, kind: str, now: datetime, post: Post, *, whatever_the_hour: bool = False) -> Sent:
        """Send what is due of this kind at `now`; nothing before its hour, unless `whatever_the_hour`.

        Every mail is made before the first is claimed: a template with a mistake leaves nothing claimed and unsent.
        Raises `ConfigurationError` and `WorkbookError` for Kendali, `Trouble` for a template that can't be used. What
        befalls a single mail is in the result, and in Kiriman.
        """
        desk = _Desk(self, kind, now)
        if not whatever_the_hour and not is_due(desk.settings, desk.now):
            return Sent((), 0, len(desk.recipients))
        due = desk.prepare()
        outcomes: list[Outcome] = []
        empty = 0
        for at in range(0, len(due), BATCH):
            claimed = desk.claim(due[at : at + BATCH])
            empty += sum(letter.state is State.EMPTY for letter in claimed)
            outcomes += desk.deliver(claimed, post)
        return Sent(tuple(outcomes), empty, len(desk.recipients))

    def preview(self, kind: str, now: datetime) -> list[Preview]:
        """All mails of this kind as they would be sent at `now`, whether or not they have been. Nothing is written."""
        return _Desk(self, kind, now).previews()


def is_due(settings: Settings, now: datetime) -> bool:
    """Whether the daily digest's hour has come: from then on until midnight, on working days."""
    return settings.rules.calendar.is_working(now.date()) and now.timetz().replace(tzinfo=None) >= settings.daily_at


@dataclass(frozen=True, slots=True)
class _Letter:
    """A digest that is due: its message, or None where there is nothing to tell, or nobody to send it to (`error`)."""

    key: str
    email: str
    message: EmailMessage | None = None
    error: DeliveryError | None = None

    @property
    def state(self) -> State:
        """What is written into Kiriman before anything is sent."""
        if self.error is not None:
            return State.REFUSED
        return State.EMPTY if self.message is None else State.CLAIMED


class _Desk:
    """One run of one kind of digest."""

    def __init__(self, digester: Digester, kind: str, now: datetime) -> None:
        self.digester, self.kind, self.now = digester, kind, now.replace(microsecond=0)
        self.texts = digester.texts
        self.snapshot = digester.kendali.read()
        self.settings = read_kendali(self.snapshot, self.texts)
        self.places = tuple(self.settings.rules.places)
        self.recipients = addressees(kind, self.settings.recipients)
        self.ledger = read_ledger(mail_rows(self.snapshot))
        self._digests: dict[tuple[tuple[Scope, ...], datetime], Harian] = {}

    @cached_property
    def register(self) -> Register:
        """Every case; only worked out when there is somebody to tell."""
        return read_register(self.snapshot, self.settings, self.texts, self.now)

    def prepare(self) -> list[_Letter]:
        """Every digest that is due."""
        return [self._letter(recipient) for recipient in self._due(self.ledger)]

    def _due(self, ledger: Ledger) -> tuple[Addressee, ...]:
        return ledger.due(self.kind, self.now.date(), self.settings.recipients, self.now)

    def _letter(self, recipient: Addressee) -> _Letter:
        key, digest = self._key(recipient), self._digest(recipient)
        if (error := _unusable(recipient)) is not None:
            return _Letter(key, recipient.email, error=error)
        if digest.empty and not recipient.even_when_empty:
            return _Letter(key, recipient.email)
        return _Letter(key, recipient.email, self._message(recipient, self._mail(recipient, digest)))

    def claim(self, letters: Sequence[_Letter]) -> list[_Letter]:
        """Claim those of the letters that no other robot has claimed meanwhile; where there is nothing to tell that is
        noted, and all that is to be done."""
        claimed: list[_Letter] = []

        def rows(snapshot: Snapshot) -> list[Row]:
            due = {self._key(recipient) for recipient in self._due(read_ledger(mail_rows(snapshot)))}
            claimed[:] = [letter for letter in letters if letter.key in due]
            return [self._row(letter, letter.state, letter.error) for letter in claimed]

        self.snapshot = append(self.digester.kendali, self.snapshot, MAILS, rows)
        return claimed

    def deliver(self, letters: Sequence[_Letter], post: Post) -> list[Outcome]:
        """Send the letters, and write into Kiriman what became of each: also when something unexpected stops it."""
        by_key = {letter.key: letter for letter in letters}
        outcomes = [Outcome(letter.key, letter.state, letter.error) for letter in letters if letter.error is not None]
        known = len(outcomes)
        try:
            messages = ((letter.key, letter.message) for letter in letters if letter.message is not None)
            for outcome in deliver(post, messages):
                outcomes.append(outcome)
                if outcome.error is not None:
                    log.warning("mail not sent: %s", outcome.error)
        finally:
            rows = [self._row(by_key[done.key], done.state, done.error) for done in outcomes[known:]]
            self.snapshot = append(self.digester.kendali, self.snapshot, MAILS, lambda _: rows)
        return outcomes

    def previews(self) -> list[Preview]:
        """Every mail of this kind, whether or not it has been sent."""
        previews = []
        for recipient in self.recipients:
            if _unusable(recipient) is None:
                mail = self._mail(recipient, self._digest(recipient))
                previews.append(Preview(recipient, mail, self._message(recipient, mail)))
        return previews

    def _digest(self, recipient: Addressee) -> Harian:
        """Most recipients share their scopes and what they were told last: what there is to tell is found once."""
        default = self._working_day_before()
        since = self.ledger.since(self.kind, recipient.email, default)
        if since >= self.now:  # a day that has passed, looked at again
            since = default
        wanted = (recipient.scopes, since)
        if wanted not in self._digests:
            self._digests[wanted] = harian(
                self.register, recipient.scopes, since, self.now, self.settings.warn_days, self.places
            )
        return self._digests[wanted]

    def _working_day_before(self) -> datetime:
        """When the digest before this one would have been sent: what a first digest reaches back to."""
        day = self.now.date() - timedelta(days=1)
        while not self.settings.rules.calendar.is_working(day):
            day -= timedelta(days=1)
        return datetime.combine(day, self.settings.daily_at, self.now.tzinfo)

    def _mail(self, recipient: Addressee, digest: Harian) -> Mail:
        kendali = self.digester.kendali
        tab = self.snapshot.tab(REGISTER)
        context = Context(
            name=recipient.name,
            scope=scope_in_words(recipient.scopes, self.texts, {place.code: place.name for place in self.places}),
            organisation=self.settings.organisation,
            contact=self.settings.reply_to or self.digester.sender,
            register_link=kendali.link(tab, 0) if tab is not None else "",
        )
        return self.digester.renderer.render(self.kind, digest, context)

    def _message(self, recipient: Addressee, mail: Mail) -> EmailMessage:
        return compose(
            mail,
            recipient,
            self._key(recipient),
            kind=self.kind,
            sender=self.digester.sender,
            reply_to=self.settings.reply_to,
            organisation=self.settings.organisation,
            texts=self.texts,
            now=self.now,
        )

    def _key(self, recipient: Addressee) -> str:
        return key_of(self.kind, self.now.date(), recipient.email)

    def _row(self, letter: _Letter, state: State, error: DeliveryError | None) -> Row:
        reason = mask_text(self.texts.say(error.code, **error.particulars)) if error is not None else ""
        id = letter.message["Message-ID"] if letter.message is not None else ""
        return row(self.now, self.kind, self.now.date(), letter.email, state, id, shorten(reason, REASON_SHOWN))


def _unusable(recipient: Addressee) -> DeliveryError | None:
    """Why nothing can be sent to an address; one that is wrong stops nobody else's mail."""
    try:
        address_of(recipient.email)
    except Trouble as error:
        return DeliveryError(error.code, permanent=True, **error.particulars)
    return None
