"""The message around a digest: addresses, and the headers that tell other programs what kind of mail it is.

Nothing here is made from a case. Names and addresses come from Kendali and credentials.json, and can't become headers:
they are one line before they get here, and `EmailMessage` refuses line breaks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr
from urllib.parse import quote

from automation.config.values import is_email
from automation.digests.audience import Recipient, Scope
from automation.mail.render import Mail
from automation.mail.view import one_line
from automation.model.masking import shorten
from automation.model.texts import Texts
from automation.trouble import Trouble

#: Our own header: the digest's key, which also names the file in the outbox.
KEY_HEADER = "X-Ruang-Rakyat-Kunci"


class _OneLineHeader(UnstructuredHeader, BaseHeader):
    """A header for programs: never folded, since folding would encode a long address in a way that nobody reads."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject encoded whole where it is not ASCII: encoded in part, a fold beside a dash doubles its space."""

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


def compose(
    mail: Mail,
    recipient: Recipient,
    key: str,
    *,
    kind: str,
    sender: str,
    reply_to: str,
    organisation: str,
    texts: Texts,
    now: datetime,
) -> EmailMessage:
    """The message that brings `mail` to `recipient`.

    `key` is the digest's key in Kiriman; with the recipient it makes the Message-ID, so that a repeat after a crash
    can be recognised. `sender` may hold a name; `reply_to` may be empty. Raises `Trouble` for an address that can't
    be used.
    """
    author = address_of(sender, otherwise_named=organisation)
    answered = address_of(reply_to) if reply_to.strip() else author
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
    stop = quote(texts.say("surat.berhenti.perihal", jenis=kind))
    message["List-Unsubscribe"] = f"<mailto:{quote(answered.addr_spec, safe='@')}?subject={stop}>"
    message[KEY_HEADER] = key
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = "id"  # last: setting the content clears all Content- headers
    return message


def message_id(key: str, email: str, domain: str) -> str:
    """The same for the same digest to the same address, whenever and wherever it is made."""
    digest = hashlib.sha256(f"{key}\n{email.casefold()}".encode()).hexdigest()
    return f"<{digest[:32]}@{domain}>"


def audience_id(scopes: Collection[Scope]) -> str:
    """A word for whom a mail is for: ``kota``, ``dapil-2``, ``kecamatan-cibodas``; ``gabungan`` for several."""
    name, value = ("gabungan", "") if len(scopes) != 1 else next(iter(scopes)).limit
    return re.sub("[^a-z0-9]+", "-", f"{name} {value}".casefold()).strip("-")


def address_of(text: str, otherwise_named: str = "") -> Address:
    """An address, with its name if it has one. Raises `Trouble` (without quoting it) where it can't be used."""
    name, spec = parseaddr(text) if "<" in text else ("", text.strip())
    if not is_email(spec):
        raise Trouble("surat.alamat.keliru")
    return Address(shorten(one_line(name or otherwise_named), 60), addr_spec=spec)
