"""Makes and sends what is due: each digest is composed, claimed in Kiriman and sent, and the result is recorded."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage

from msgspec import Struct
from msgspec.structs import replace

from automation.config.kendali import Settings
from automation.cycle.facts import CycleResult, Facts
from automation.cycle.kinds import OPERATOR, Digest, DigestKind
from automation.cycle.kiriman import Kiriman, MemoryKiriman, Noted
from automation.digests.at_once import Incident, Operator
from automation.digests.audience import Recipient, addressees
from automation.digests.ledger import BAD_ADDRESS, BAD_DAYS, CLAIM_HOLDS, UNTIL, Ledger, Row, State, key_of, row
from automation.mail.delivery import DeliveryResult, Post, deliver
from automation.mail.render import Context, Renderer, compose_message, scope_in_words
from automation.model.disclosure import shorten, without_contacts
from automation.model.register import Health
from automation.model.texts import Texts
from automation.sheets.port import Workbook
from automation.tables.kendali import RECIPIENTS, REGISTER
from automation.trouble import DeliveryError, Trouble

log = logging.getLogger(__name__)

#: How many are claimed, sent and recorded at once: a claim must not expire before its mail's turn comes.
BATCH = 50
#: Seconds after which a round leaves the rest to the next one: an answer may take ten minutes, and claims expire.
LONGEST = CLAIM_HOLDS.total_seconds() / 2
REASON_SHOWN = 500  # characters of the reason why a mail was not sent


class Sent(Struct, frozen=True):
    """The result of one run."""

    outcomes: Sequence[DeliveryResult]
    empty: int  # for how many there was nothing to tell
    recipients: int  # how many want this kind at all
    problems: tuple[Trouble, ...] = ()  # rows of Penerima that were passed over
    waits: bool = False  # something is still to be sent later
    begins: bool = False  # only what happens from now on is told

    @property
    def accepted(self) -> int:
        """How many mails were accepted."""
        return sum(outcome.state is State.SENT for outcome in self.outcomes)

    @property
    def well(self) -> bool:
        """Whether every mail was accepted, and nobody was left out."""
        return not self.problems and self.accepted == len(self.outcomes)


class Letter(Struct, frozen=True):
    """A digest that is due: its message, or None if there is nothing to tell."""

    kind: DigestKind
    occasion: str
    recipient: Recipient
    message: EmailMessage | None
    until: datetime | None = None  # up to when it tells, if that is not when it was composed

    @property
    def key(self) -> str:
        """The digest's key in Kiriman."""
        return key_of(self.kind.name, self.occasion, self.recipient.email)


class Digester(Struct, frozen=True):
    """Makes and sends digests from what Kendali holds. `sender` is the address in From; `clock` returns seconds."""

    kendali: Workbook
    texts: Texts
    renderer: Renderer
    sender: str
    noted: Noted | None = None
    clock: Callable[[], float] = time.monotonic

    def open(self, now: datetime, known: CycleResult | None = None, *, stale: bool = False) -> "Round":
        """Read Kendali, to send what is due at `now`. `known` is what the last complete cycle of this process has
        worked out; `stale`: a later cycle has failed. Raises `ConfigurationError` and `WorkbookError`."""
        return Round(self, Facts(self.kendali, self.texts, now, known, self.noted, stale=stale))

    def tell_outage(
        self, settings: Settings, since: datetime, why: str, now: datetime, memory: MemoryKiriman, post: Post
    ) -> Sent:
        """Report from memory that no cycle could run since `since`. Kendali can't say whether somebody has reported it
        already, so this process tells each recipient of `settings` once, under a key that names the incident."""
        occasion, now = Incident(since, whole=True).begun, now.replace(microsecond=0)
        digest = Operator(now, since, over=False, whole=True, failing=(Health("", since, 0, why),))
        desk, people = _Desk(self, settings, now, memory, self.clock()), addressees(OPERATOR.name, settings.recipients)
        letters = [desk.letter(OPERATOR, occasion, person, digest) for person in people]
        return Sent(*desk.dispatch(letters, post), len(people))


class Round:
    """Everything sent at one moment, for which Kendali is read once."""

    def __init__(self, digester: Digester, facts: Facts) -> None:
        self.facts = facts
        tab = facts.snapshot.tab(REGISTER)
        link = digester.kendali.link(tab, 0) if tab is not None else ""
        self._desk = _Desk(digester, facts.settings, facts.now, facts.kiriman, digester.clock(), link, facts.as_of)

    def send(self, kind: DigestKind, post: Post, *, whatever_the_hour: bool = False) -> Sent:
        """Send what is due of this kind; nothing before its hour, unless `whatever_the_hour`. Every mail is made before
        the first is claimed: if a template has a mistake, nothing is left claimed but unsent. Raises
        `ConfigurationError` and `WorkbookError` for Kendali, `Trouble` for a template that can't be used."""
        facts, people = self.facts, self.people(kind)
        problems = tuple(filter(_leaves_out, facts.settings.problems))
        if not people or not (whatever_the_hour or kind.has_come(facts.settings, facts.now)):
            return Sent((), 0, len(people), problems, waits=bool(people))
        begins = self._mark(kind)
        given_up = facts.given_up.keys() & {person.cell for person in people}
        problems += tuple(Trouble("kendali.baris.email-ditolak", cell=cell, days=BAD_DAYS) for cell in sorted(given_up))
        letters, keys, made = list[Letter](), list[str](), list[Digest]()
        for person in (one for one in people if one.cell not in given_up):
            for occasion in kind.occasions(facts, person):
                keys.append(key_of(kind.name, occasion.name, person.email))
                if facts.kiriman.ledger.may_be_sent(keys[-1], facts.now, kind.tries):
                    made.append(occasion.make())
                    until = facts.told_until if kind.dated else None
                    letters.append(replace(self._desk.letter(kind, occasion.name, person, made[-1]), until=until))
                elif kind.rows and facts.lacks_agenda:
                    made.append(occasion.make())
        laid = facts.lay(kind.rows(facts, made) if kind.rows else ())
        outcomes, empty = self._desk.dispatch(letters, post)
        waits = not laid or any(facts.kiriman.ledger.waits(key, kind.tries) for key in keys)
        sent = Sent(outcomes, empty, len(people), problems, waits, begins)
        if outcomes or empty:
            failed = len(outcomes) - sent.accepted
            log.info("digest %s: accepted=%d failed=%d empty=%d", kind.name, sent.accepted, failed, empty)
        return sent

    def previews(self, kind: DigestKind, email: str | None = None) -> list[EmailMessage]:
        """Every mail of this kind, or to one address, as it would be sent now, whether or not it has been sent."""
        return [
            self._desk.message(kind, occasion.name, person, occasion.make())
            for person in self.people(kind)
            if email is None or person.email.casefold() == email.casefold()
            for occasion in kind.occasions(self.facts, person)
        ]

    def people(self, kind: DigestKind) -> tuple[Recipient, ...]:
        """The recipients who want this kind, one per address."""
        return addressees(kind.name, self.facts.settings.recipients)

    def _mark(self, kind: DigestKind) -> bool:
        names, now = kind.marks(self.facts), self.facts.now

        def rows(ledger: Ledger) -> list[Row]:
            begun = {one for one in ledger.occasions(kind.name, "") if ledger.begun(kind.name, one) is not None}
            ends = [row(now, kind.name, one, "", State.EMPTY) for one in sorted(begun.difference(names))]
            return [*ends, *(row(now, kind.name, one, "", State.BEGUN) for one in names if one not in begun)]

        begins = bool(rows(self.facts.kiriman.ledger))
        self.facts.kiriman.append(rows)
        return begins


class _Desk(Struct, frozen=True):
    """Writes, claims, sends and records letters to recipients of `settings`."""

    digester: Digester
    settings: Settings
    now: datetime
    kiriman: Kiriman
    began: float
    register_link: str = ""
    as_of: datetime | None = None

    def letter(self, kind: DigestKind, occasion: str, recipient: Recipient, digest: Digest) -> Letter:
        told = recipient.even_when_empty or not digest.empty
        return Letter(kind, occasion, recipient, self.message(kind, occasion, recipient, digest) if told else None)

    def message(self, kind: DigestKind, occasion: str, recipient: Recipient, digest: Digest) -> EmailMessage:
        texts, settings, sender = self.digester.texts, self.settings, self.digester.sender
        names = {place.code: place.name for place in settings.rules.places}
        scope, contact = scope_in_words(recipient.scopes, texts, names), settings.reply_to or sender
        around = recipient.name, scope, settings.rules.organisation, contact, self.register_link, self.as_of
        mail = self.digester.renderer.render(kind.name, digest, Context(*around))
        return compose_message(mail, recipient, kind.name, occasion, sender, settings, self.now)

    def dispatch(self, letters: Sequence[Letter], post: Post) -> tuple[list[DeliveryResult], int]:
        """Send what no other robot has claimed. Returns the outcomes, and for how many there was nothing to tell."""
        outcomes: list[DeliveryResult] = []
        empty = 0
        for at in range(0, len(letters), BATCH):
            claimed = self._claim(letters[at : at + BATCH])
            empty += sum(letter.message is None for letter in claimed)
            outcomes += self._deliver(claimed, post)
        return outcomes, empty

    def _claim(self, letters: Sequence[Letter]) -> list[Letter]:
        claimed: list[Letter] = []

        def rows(ledger: Ledger) -> list[Row]:
            claimed[:] = [one for one in letters if ledger.may_be_sent(one.key, self.now, one.kind.tries)]
            return [self._row(one, State.EMPTY if one.message is None else State.CLAIMED) for one in claimed]

        self.kiriman.append(rows)
        return claimed

    def _deliver(self, letters: Sequence[Letter], post: Post) -> list[DeliveryResult]:
        """Send, and write the result of each into Kiriman, even if something unexpected stops the sending."""
        by_key = {letter.key: letter for letter in letters}
        outcomes: list[DeliveryResult] = []
        messages = [(letter.key, letter.message) for letter in letters if letter.message is not None]
        try:
            for outcome in deliver(post, messages, lambda: self.digester.clock() - self.began > LONGEST):
                if outcome.error is None:
                    self.kiriman.sent(self._row(by_key[outcome.key], State.CLAIMED))
                else:
                    log.warning("mail not sent: %s", outcome.error)
                outcomes.append(outcome._replace(cell=by_key[outcome.key].recipient.cell))
        finally:
            self.kiriman.append(lambda _: [self._row(by_key[done.key], done.state, done.error) for done in outcomes])
        return outcomes

    def _row(self, letter: Letter, state: State, error: DeliveryError | None = None) -> Row:
        reason = shorten(without_contacts(self.digester.texts.tell(error)), REASON_SHOWN) if error is not None else ""
        if error is not None and error.code == "surat.kirim.alamat-ditolak":
            reason = f"{BAD_ADDRESS}. {reason}"
        if letter.until is not None and state in (State.CLAIMED, State.EMPTY):
            reason = f"{UNTIL}{letter.until.isoformat()}"
        id = letter.message["Message-ID"] if letter.message is not None else ""
        return row(self.now, letter.kind.name, letter.occasion, letter.recipient.email, state, id, reason)


def _leaves_out(trouble: Trouble) -> bool:
    """Whether a row of Penerima is passed over because of this trouble, so that somebody gets no mail."""
    cell = str(trouble.particulars.get("cell", "")).casefold()
    return cell.startswith(f"{RECIPIENTS.casefold()}!") and trouble.code != "kendali.baris.penerima-ganda"
