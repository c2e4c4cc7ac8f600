"""Delivery: the port `Post`, and what became of each mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from typing import NamedTuple, Protocol

from automation.digests.ledger import State
from automation.trouble import DeliveryError


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
        if closed is None:
            try:
                post.send(message)
            except PostClosed as error:
                closed = error
            except DeliveryError as error:
                yield Outcome(key, State.REFUSED if error.permanent else State.DELAYED, error)
                continue
            else:
                yield Outcome(key, State.SENT)
                continue
        yield Outcome(key, State.DELAYED, closed)
