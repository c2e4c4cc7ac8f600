"""A short mail to one person: a few lines, perhaps with a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from html import escape

from automation.config.kendali import Settings
from automation.digests.audience import Recipient
from automation.digests.ledger import key_of
from automation.mail.render import Mail, compose

KIND = "permintaan"


def note(
    about: str, lines: Sequence[str], recipient: Recipient, sender: str, settings: Settings, now: datetime
) -> EmailMessage:
    """The message. Raises `Trouble` for an address that can't be used."""
    subject = settings.rules.texts.say("permintaan.perihal", kata=about)
    page = f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{escape(subject)}</title><body>'
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return compose(
        Mail(subject, "\n".join(lines) + "\n", f"{page}{body}</body></html>"),
        recipient,
        key_of(KIND, f"{about} {now:%Y%m%d-%H%M%S}".replace(" ", "-"), recipient.email),
        kind=KIND,
        sender=sender,
        reply_to=settings.reply_to,
        organisation=settings.rules.organisation,
        texts=settings.rules.texts,
        now=now,
    )
