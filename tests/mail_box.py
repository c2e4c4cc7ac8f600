"""A way out for mails that keeps them."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage


class Box:
    """A way out for mails that keeps them; `act` may happen before each."""

    def __init__(self, act: Callable[[EmailMessage], object] = lambda _: None) -> None:
        self.mails: list[EmailMessage] = []
        self._act = act

    def send(self, message: EmailMessage) -> None:
        self._act(message)
        self.mails.append(message)

    def to(self) -> list[str]:
        return [str(mail["To"].addresses[0].addr_spec) for mail in self.mails]

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]).removeprefix("[Ruang Rakyat] ") for mail in self.mails]
