"""A digest as a mail. First it is rendered: each kind has a folder of three templates (subject, text, HTML) that people
may edit. Then the message is made: addresses, and headers that tell other programs what kind of mail it is.

No header is made from a case. Names and addresses come from Kendali and credentials.json, and can't add headers: they
are reduced to one line before, and `EmailMessage` refuses line breaks.
"""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr
from html import escape
from urllib.parse import quote
from weakref import WeakKeyDictionary

from msgspec import Struct
from msgspec.structs import replace

from automation.config.kendali import Settings
from automation.config.values import is_email
from automation.digests.audience import Recipient, Scope
from automation.digests.ledger import key_of
from automation.mail.templates import Templates
from automation.mail.view import ORDINARY, WORD_JOINER, View, inert, one_line, web_link
from automation.model.disclosure import shorten
from automation.model.texts import Texts
from automation.trouble import Trouble

LARGEST = 90_000  # Gmail clips HTML at about 102 KB, and then hides the rest of the mail
#: How many items a list prints: the first of these numbers for which the mail is small enough.
_SHOWN = (ORDINARY, 10, 7, 5, 4, 3, 2, 1, 0)
_PARTS = ("isi.html", "isi.txt", "subjek.txt")  # the templates of a kind
#: The template for sharing a kind in a group, and its most characters: WhatsApp folds longer texts.
_GROUP, GROUP_LONGEST = "grup.txt", 1000

KEY_HEADER = "X-Ruang-Rakyat-Kunci"  # our own header: the digest's key, which also names the file in the outbox


class Mail(Struct, frozen=True):
    """A rendered digest: a subject of one line, and two bodies that say the same."""

    subject: str
    text: str
    html: str


class Context(Struct, frozen=True):
    """What a mail says besides its digest."""

    name: str  # the recipient's
    scope: str  # in words: `scope_in_words`
    organisation: str  # who signs
    contact: str  # whom a reply reaches
    register_link: str = ""  # opens the register; empty if it can't be opened
    as_of: datetime | None = None  # when all was last read, if reading has failed since


class Renderer:
    """Makes mails from templates. Texts from cells reach them only through `View`."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        # The step of `_SHOWN` at which a digest fits: many recipients share a digest.
        self._fitting: WeakKeyDictionary[object, int] = WeakKeyDictionary()

    def render(self, kind: str, digest: object, context: Context) -> Mail:
        """The mail of one digest, with the longest lists with which it is small enough to be shown whole, or the
        shortest. Raises `Trouble` if a template can't be used, with the file and, if known, the line."""
        around = replace(
            context,
            name=inert(context.name, 80),
            scope=inert(context.scope, 200),
            organisation=inert(context.organisation, 120),
            contact=one_line(context.contact),
            register_link=web_link(context.register_link),
        )
        for step in range(self._fitting.get(digest, 0), len(_SHOWN)):
            view = View(self._templates.texts, _SHOWN[step]).of(digest)
            names = {"digest": view, "context": around, "share": self._share(kind, view, around)}
            html, text, subject = (self._templates.fill(f"{kind}/{part}", names) for part in _PARTS)
            # Indentation is only for people who edit, and would count towards the size.
            html, text = re.sub(r"\s*\n\s*", "\n", html).strip() + "\n", _spaced(text)
            self._fitting[digest] = step
            if len(html.encode()) < LARGEST:
                break
        return Mail(one_line(subject)[:200], text, html)

    def _share(self, kind: str, view: object, around: object) -> str:
        """A link that opens WhatsApp with the kind's text for a group, cut (…) after a whole line; or nothing."""
        if not (self._templates.folder / kind / _GROUP).is_file():
            return ""
        lines = self._templates.fill(f"{kind}/{_GROUP}", {"digest": view, "context": around}).splitlines()
        lines = [line.strip().replace(WORD_JOINER, "") for line in lines if line.strip()]
        while len("\n".join(lines)) > GROUP_LONGEST:
            lines[-2:] = ["…"]
        return f"https://wa.me/?text={quote(chr(10).join(lines))}"


def scope_in_words(scopes: Collection[Scope], texts: Texts, kelurahan_names: Mapping[str, str]) -> str:
    """The scopes in words: ``Dapil 2, Kecamatan Cibodas``. `kelurahan_names` are names by code."""
    limits = (scope.limit for scope in scopes)
    words = (texts.say(f"surat.cakupan.{kind}", nama=kelurahan_names.get(it, it), nomor=it) for kind, it in limits)
    return ", ".join(words)


def _spaced(text: str) -> str:
    """Lines without trailing space, and never more than one blank line in a row."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


class _OneLineHeader(UnstructuredHeader, BaseHeader):
    """A header for programs: never folded, because folding would encode a long address in a way that nobody reads."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject that is encoded whole if it is not ASCII: encoded in part, a fold beside a dash doubles its space."""

    def fold(self, *, policy: Policy) -> str:
        charset = "us-ascii" if self.isascii() else "utf-8"
        header = Header(str(self), charset, maxlinelen=policy.max_line_length, header_name=self.name)
        return f"{self.name}: {header.encode(linesep=policy.linesep)}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)
for _name in ("list-id", "list-unsubscribe", KEY_HEADER):
    _HEADERS.map_to_type(_name, _OneLineHeader)
# 76: the longest line that quoted-printable allows (RFC 2045, section 6.7).
_POLICY = SMTP.clone(max_line_length=76, header_factory=_HEADERS)


def compose_message(
    mail: Mail, recipient: Recipient, kind: str, occasion: str, sender: str, settings: Settings, now: datetime
) -> EmailMessage:
    """The message that brings `mail` to `recipient`; `sender` may include a name. The Message-ID is made from the
    digest's key in Kiriman (`kind`, `occasion`, address), so that a repeat after a crash can be recognised. Raises
    `Trouble` for an address that can't be used."""
    author = address_of(sender, otherwise_named=settings.rules.organisation)
    answered = address_of(settings.reply_to) if settings.reply_to.strip() else author
    key = key_of(kind, occasion, recipient.email)
    message = EmailMessage(policy=_POLICY)
    message["From"] = author
    message["To"] = address_of(recipient.email, otherwise_named=recipient.name)
    if answered is not author:
        message["Reply-To"] = answered
    message["Subject"] = one_line(mail.subject)
    message["Date"] = now
    message["Message-ID"] = message_id(key, recipient.email, author.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    message["List-Id"] = f"<{kind}.{audience_id(recipient.scopes)}.{author.domain}>"  # RFC 2919: what filters look at
    stop = quote(settings.rules.texts.say("surat.berhenti.perihal", jenis=kind))
    message["List-Unsubscribe"] = f"<mailto:{quote(answered.addr_spec, safe='@')}?subject={stop}>"
    message[KEY_HEADER] = key
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = "id"  # last: setting the content clears all Content- headers
    return message


_WISHED = "permintaan"  # the kind of mails that were asked for by a wish


def short_message(
    about: str, lines: Sequence[str], recipient: Recipient, sender: str, settings: Settings, now: datetime
) -> EmailMessage:
    """A short message of a few lines. Raises `Trouble` for an address that can't be used."""
    subject = settings.rules.texts.say("permintaan.perihal", kata=about)
    page = f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{escape(subject)}</title><body>'
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    mail = Mail(subject, "\n".join(lines) + "\n", f"{page}{body}</body></html>")
    return compose_message(
        mail, recipient, _WISHED, f"{about} {now:%Y%m%d-%H%M%S}".replace(" ", "-"), sender, settings, now
    )


def message_id(key: str, email: str, domain: str) -> str:
    """The Message-ID: always the same for the same digest to the same address, on any machine."""
    digest = hashlib.sha256(f"{key}\n{email.casefold()}".encode()).hexdigest()
    return f"<{digest[:32]}@{domain}>"


def audience_id(scopes: Collection[Scope]) -> str:
    """A word for the audience of a mail: ``kota``, ``dapil-2``, ``kecamatan-cibodas``; ``gabungan`` for several."""
    name, value = ("gabungan", "") if len(scopes) != 1 else next(iter(scopes)).limit
    return re.sub("[^a-z0-9]+", "-", f"{name} {value}".casefold()).strip("-")


def address_of(text: str, otherwise_named: str = "") -> Address:
    """An address, with its name if it has one. Raises `Trouble` (without quoting it) if it can't be used."""
    name, spec = parseaddr(text) if "<" in text else ("", text.strip())
    if not is_email(spec):
        raise Trouble("surat.alamat.keliru")
    return Address(shorten(one_line(name or otherwise_named), 60), addr_spec=spec)
