"""Delivery: the port `Post`, what became of each mail, and the outbox, where mails go while no server is configured."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, Protocol

from automation.digests.ledger import State
from automation.mail.message import KEY_HEADER
from automation.trouble import DeliveryError
from automation.whole_file import write_whole


class Post(Protocol):
    """A way out for mails."""

    def send(self, message: EmailMessage) -> None:
        """Hand one message over. Returns when it was accepted; raises `DeliveryError` when it was not."""


class PostClosed(DeliveryError):
    """Nothing can be sent at all, whoever it is for: no server, no login, a full disk.

    `permanent` when only a person can mend it.
    """


class Outcome(NamedTuple):
    """What became of the mail with this key; `error` says why it was not sent."""

    key: str
    state: State
    error: DeliveryError | None = None


def deliver(post: Post, messages: Iterable[tuple[str, EmailMessage]]) -> Iterator[Outcome]:
    """Send one mail after the other, and tell each outcome as soon as it is known, so that it can be recorded.

    One refused address stops nobody else's mail. Where the post itself is closed the rest is not tried (a wrong
    password, tried for every mail, would lock the account); all of them are delayed, not refused: once the cause is
    mended today's mails still go out.
    """
    closed: PostClosed | None = None
    for key, message in messages:
        error: DeliveryError | None = closed
        if closed is None:
            try:
                post.send(message)
            except PostClosed as failure:
                error = closed = failure
            except DeliveryError as failure:
                error = failure
        if error is None:
            yield Outcome(key, State.SENT)
        else:
            yield Outcome(key, State.REFUSED if error.permanent and closed is None else State.DELAYED, error)


class OutboxPost:
    """Writes each mail as ``<key>.eml`` and ``<key>.html``, which a mail program and a browser open. The same digest
    again replaces its files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the files, whole or not at all; raises `PostClosed` when the folder can't be written."""
        name = file_name(str(message[KEY_HEADER]))
        html = message.get_body(("html",))
        try:
            if isinstance(html, EmailMessage):
                write_whole(self._folder / f"{name}.html", html.get_content().encode())
            write_whole(self._folder / f"{name}.eml", message.as_bytes())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PostClosed("surat.kirim.kotak-keluar", permanent=True, folder=self._folder, reason=reason) from error


def file_name(key: str) -> str:
    """A name for any file system, and another one for any other key."""
    safe = re.sub(r"[^a-z0-9@._-]+", "-", key.casefold().replace(":", "-"))[:120].strip(".-")
    if safe == key.replace(":", "-"):
        return safe
    return f"{safe}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"
