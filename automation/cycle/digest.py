"""Making and sending the digests that are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from automation.config.settings import Settings
from automation.cycle.facts import Facts, Known
from automation.cycle.kinds import KINDS, OPERATOR, Digest, DigestKind
from automation.cycle.kiriman import Desk, Letter, MemoryKiriman, unusable
from automation.digests.audience import Addressee, addressees
from automation.digests.ledger import Ledger, Row, State, key_of, row
from automation.digests.operator import Incident, Operator
from automation.mail.delivery import Outcome, Post
from automation.mail.message import compose
from automation.mail.render import Context, Mail, Renderer, scope_in_words
from automation.model.register import Health
from automation.model.texts import Texts
from automation.sheets.port import Workbook
from automation.tables.kendali import RECIPIENTS, REGISTER
from automation.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one run: how each mail fared, and to how many there was nothing to tell. `recipients` counts those
    who want this kind at all; `problems` are rows of Penerima that were passed over; `cells` tells where the address
    of a mail's key stands. `waits`: something is still to be sent later. `begins`: what comes from now on is told."""

    outcomes: tuple[Outcome, ...]
    empty: int
    recipients: int
    problems: tuple[Trouble, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False
    begins: bool = False

    @property
    def well(self) -> bool:
        """Whether every mail was accepted, and nobody was left out."""
        return not self.problems and all(outcome.state is State.SENT for outcome in self.outcomes)


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

    def open(self, now: datetime, known: Known | None = None, *, stale: bool = False) -> Round:
        """Read Kendali, to send what is due at `now`. `known` is what the last whole cycle of this process has worked
        out, `stale` that a later one has failed. Raises `ConfigurationError` and `WorkbookError`."""
        return Round(self, Facts(self.kendali, self.texts, now, known, stale=stale))

    def send(self, kind: str, now: datetime, post: Post, *, whatever_the_hour: bool = False) -> Sent:
        """Read Kendali, and send what is due of one kind: see `Round.send`."""
        return self.open(now).send(KINDS[kind], post, whatever_the_hour=whatever_the_hour)

    def preview(self, kind: str, now: datetime, email: str | None = None) -> list[Preview]:
        """All mails of this kind, or those to one address, as they would be sent at `now`, whether or not they have
        been. Nothing is written."""
        return self.open(now).previews(KINDS[kind], email)

    def tell_outage(
        self, settings: Settings, since: datetime, why: str, now: datetime, memory: MemoryKiriman, post: Post
    ) -> Sent:
        """Tell from memory that no cycle could be run since `since`: Kendali can't be asked whether somebody has told
        it already, so this process tells each recipient of `settings` once, under a key that names the incident."""
        incident, now = Incident(since, whole=True), now.replace(microsecond=0)
        health = Health("", since, 0, why)
        digest = Operator(now, since, over=False, whole=True, failing=(health,))
        composer = _Composer(self, settings, now, "")
        ledger = memory.ledger
        people = addressees(OPERATOR.name, settings.recipients)
        letters = [
            composer.letter(OPERATOR, incident.begun, person, digest)
            for person in people
            if ledger.may_be_sent(key_of(OPERATOR.name, incident.begun, person.email), now, OPERATOR.tries)
        ]
        outcomes, empty = Desk(memory, post, self.texts, now, OPERATOR.tries).dispatch(letters)
        return Sent(tuple(outcomes), empty, len(people), cells=_cells(letters))


class Round:
    """All that is sent at one moment: Kendali is read once for it."""

    def __init__(self, digester: Digester, facts: Facts) -> None:
        self._facts = facts
        tab = facts.snapshot.tab(REGISTER)
        link = digester.kendali.link(tab, 0) if tab is not None else ""
        self._composer = _Composer(digester, facts.settings, facts.now, link, facts.as_of)

    def send(self, kind: DigestKind, post: Post, *, whatever_the_hour: bool = False) -> Sent:
        """Send what is due of this kind; nothing before its hour, unless `whatever_the_hour`.

        Every mail is made before the first is claimed: a template with a mistake leaves nothing claimed and unsent.
        Raises `ConfigurationError` and `WorkbookError` for Kendali, `Trouble` for a template that can't be used. What
        befalls a single mail is in the result, and in Kiriman.
        """
        facts, people = self._facts, self.people(kind)
        problems = tuple(filter(_leaves_out, facts.settings.problems))
        if not people or not (whatever_the_hour or kind.has_come(facts.settings, facts.now)):
            return Sent((), 0, len(people), problems, waits=bool(people))
        begins = self._mark(kind)
        letters, keys = [], []
        for person in people:
            for occasion in kind.occasions(facts, person):
                keys.append(key_of(kind.name, occasion.name, person.email))
                if facts.ledger.may_be_sent(keys[-1], facts.now, kind.tries):
                    letters.append(self._composer.letter(kind, occasion.name, person, occasion.make()))
        outcomes, empty = Desk(facts.kiriman, post, facts.texts, facts.now, kind.tries).dispatch(letters)
        waits = any(facts.ledger.waits(key, kind.tries) for key in keys)
        return Sent(tuple(outcomes), empty, len(people), problems, _cells(letters), waits, begins)

    def previews(self, kind: DigestKind, email: str | None = None) -> list[Preview]:
        """Every mail of this kind, or to one address, whether or not it has been sent."""
        return [
            self._composer.made(kind, occasion.name, person, occasion.make())
            for person in self.people(kind)
            if unusable(person) is None and (email is None or person.email.casefold() == email.casefold())
            for occasion in kind.occasions(self._facts, person)
        ]

    def remember(self, rows: Sequence[Row]) -> None:
        """Hand on what was noted while no cycle could be run."""
        self._facts.kiriman.append(lambda _: rows)

    def people(self, kind: DigestKind) -> tuple[Addressee, ...]:
        """Who wants this kind, one per address."""
        return addressees(kind.name, self._facts.settings.recipients)

    def _mark(self, kind: DigestKind) -> bool:
        """Remember since when something counts; tells whether that was not known before."""
        names, now = kind.marks(self._facts), self._facts.now

        def rows(ledger: Ledger) -> list[Row]:
            unknown = (name for name in names if ledger.begun(kind.name, name) is None)
            return [row(now, kind.name, name, "", State.BEGUN) for name in unknown]

        begins = bool(rows(self._facts.ledger))
        self._facts.kiriman.append(rows)
        return begins


@dataclass(frozen=True, slots=True)
class _Composer:
    """Makes letters to recipients of `settings`."""

    digester: Digester
    settings: Settings
    now: datetime
    register_link: str
    as_of: datetime | None = None

    def letter(self, kind: DigestKind, occasion: str, recipient: Addressee, digest: Digest) -> Letter:
        """The letter that tells a recipient of an occasion."""
        if (error := unusable(recipient)) is not None:
            return Letter(kind.name, occasion, recipient, error=error)
        if digest.empty and not recipient.even_when_empty:
            return Letter(kind.name, occasion, recipient)
        return Letter(kind.name, occasion, recipient, self.made(kind, occasion, recipient, digest).message)

    def made(self, kind: DigestKind, occasion: str, recipient: Addressee, digest: Digest) -> Preview:
        """The mail, as it is read and as it is sent."""
        texts, settings, sender = self.digester.texts, self.settings, self.digester.sender
        names = {place.code: place.name for place in settings.rules.places}
        context = Context(
            name=recipient.name,
            scope=scope_in_words(recipient.scopes, texts, names),
            organisation=settings.organisation,
            contact=settings.reply_to or sender,
            register_link=self.register_link,
            as_of=self.as_of,
        )
        mail = self.digester.renderer.render(kind.name, digest, context)
        message = compose(
            mail,
            recipient,
            key_of(kind.name, occasion, recipient.email),
            kind=kind.name,
            sender=sender,
            reply_to=settings.reply_to,
            organisation=settings.organisation,
            texts=texts,
            now=self.now,
        )
        return Preview(recipient, mail, message)


def _leaves_out(trouble: Trouble) -> bool:
    """Whether a row of Penerima is passed over for it, and somebody gets no mail."""
    tab, _, _ = str(trouble.particulars.get("cell", "")).partition("!")
    return tab.casefold() == RECIPIENTS.casefold() and trouble.code != "kendali.baris.penerima-ganda"


def _cells(letters: Sequence[Letter]) -> dict[str, str]:
    return {letter.key: letter.recipient.cell for letter in letters}
