"""Sending the digests that are due: claim in Kiriman, send, record."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from automation.cases.cells import Value
from automation.cases.examiner import Examiner
from automation.cases.masking import mask_text
from automation.cases.register import Register
from automation.cases.texts import Texts
from automation.config.kendali import read_kendali
from automation.config.settings import Settings
from automation.config.tables import MAILS, REGISTER
from automation.cycle.holdings import read_register
from automation.cycle.kendali import append
from automation.digests.audience import Addressee, addressees
from automation.digests.harian import KIND, Harian, harian
from automation.digests.ledger import Ledger, Row, State, key_of, read_ledger, row
from automation.mail.delivery import Outcome, Post, deliver
from automation.mail.message import compose
from automation.mail.render import Context, Mail, Renderer, scope_in_words
from automation.sheets.port import Snapshot, Workbook

log = logging.getLogger(__name__)

#: The kinds of digest that can be made, and sent.
KINDS = (KIND,)


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

        Raises `ConfigurationError` and `WorkbookError` for Kendali, `Trouble` for a template that can't be used (then
        nothing was claimed). What befalls a single mail is in the result, and in Kiriman.
        """
        desk = _Desk(self, kind, now)
        if not whatever_the_hour and not is_due(desk.settings, now):
            return Sent((), 0, len(desk.recipients))
        messages, empty = desk.claim()
        outcomes = tuple(deliver(post, messages.items()))
        for outcome in outcomes:
            if outcome.error is not None:
                log.warning("mail not sent: %s", outcome.error)
        desk.record(outcomes, messages)
        return Sent(outcomes, empty, len(desk.recipients))

    def preview(self, kind: str, now: datetime) -> list[Preview]:
        """All mails of this kind as they would be sent at `now`, whether or not they have been. Nothing is written."""
        return _Desk(self, kind, now).previews()


def is_due(settings: Settings, now: datetime) -> bool:
    """Whether the daily digest's hour has come: from then on until midnight, on working days."""
    return settings.rules.calendar.is_working(now.date()) and now.timetz().replace(tzinfo=None) >= settings.daily_at


class _Desk:
    """One run of one kind of digest."""

    def __init__(self, digester: Digester, kind: str, now: datetime) -> None:
        self.digester, self.kind, self.now = digester, kind, now
        self.texts = digester.texts
        self.snapshot = digester.kendali.read()
        self.settings = read_kendali(self.snapshot, self.texts)
        examiner = Examiner(self.settings.rules, now.date())
        self.register: Register = read_register(self.snapshot, examiner, self.texts, now)
        self.places = tuple(self.settings.rules.places)
        self.recipients = addressees(kind, self.settings.recipients)

    def claim(self) -> tuple[dict[str, EmailMessage], int]:
        """Claim every digest that is due, and return the messages to send and how many had nothing to tell.

        Every mail is made before anything is claimed: a template with a mistake leaves nothing claimed and unsent.
        """
        made: dict[str, EmailMessage] = {}
        empty: list[str] = []

        def rows(snapshot: Snapshot) -> list[Row]:
            made.clear()
            empty.clear()
            ledger = read_ledger(mail_rows(snapshot))
            claims: list[Row] = []
            due = ledger.due(self.kind, self.now.date(), self.settings.recipients, self.now)
            for recipient in due:
                digest = self._digest(recipient, ledger)
                key = key_of(self.kind, self.now.date(), recipient.email)
                if digest.empty and not recipient.even_when_empty:
                    empty.append(key)
                    claims.append(self._row(recipient.email, State.EMPTY))
                else:
                    made[key] = self._message(recipient, self._mail(recipient, digest), key)
                    claims.append(self._row(recipient.email, State.CLAIMED, made[key]["Message-ID"]))
            return claims

        self.snapshot = append(self.digester.kendali, self.snapshot, MAILS, rows)
        return made, len(empty)

    def record(self, outcomes: Sequence[Outcome], messages: Mapping[str, EmailMessage]) -> None:
        """Write into Kiriman what became of each mail."""
        rows = []
        for outcome in outcomes:
            message = messages[outcome.key]
            error = outcome.error
            reason = self.texts.say(error.code, **error.particulars) if error is not None else ""
            to = message["To"].addresses[0].addr_spec
            rows.append(self._row(to, outcome.state, message["Message-ID"], mask_text(reason)))
        self.snapshot = append(self.digester.kendali, self.snapshot, MAILS, lambda snapshot: rows)

    def previews(self) -> list[Preview]:
        """Every mail of this kind, whether or not it has been sent."""
        ledger = read_ledger(mail_rows(self.snapshot))
        previews = []
        for recipient in self.recipients:
            mail = self._mail(recipient, self._digest(recipient, ledger))
            key = key_of(self.kind, self.now.date(), recipient.email)
            previews.append(Preview(recipient, mail, self._message(recipient, mail, key)))
        return previews

    def _digest(self, recipient: Addressee, ledger: Ledger) -> Harian:
        since = ledger.since(self.kind, recipient.email, default=self._working_day_before())
        return harian(self.register, recipient.scopes, since, self.now, self.settings.warn_days, self.places)

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

    def _message(self, recipient: Addressee, mail: Mail, key: str) -> EmailMessage:
        return compose(
            mail,
            recipient,
            key,
            kind=self.kind,
            sender=self.digester.sender,
            reply_to=self.settings.reply_to,
            organisation=self.settings.organisation,
            texts=self.texts,
            now=self.now,
        )

    def _row(self, email: str, state: State, message_id: str = "", reason: str = "") -> Row:
        return row(self.now, self.kind, self.now.date(), email, state, message_id, reason)


def mail_rows(snapshot: Snapshot) -> Sequence[Sequence[Value]]:
    """The rows of Kiriman."""
    tab = snapshot.tab(MAILS)
    return tab.rows if tab is not None else ()
