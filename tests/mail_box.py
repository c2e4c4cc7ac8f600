"""A way out for mails that keeps them."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from automation.cli.compose import compose
from automation.cycle.digest import Digester, Sent
from automation.cycle.kinds import KINDS
from automation.mail.delivery import Post
from tests.local_city import LocalCity
from tests.town import WORDS


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


class Robot(Digester, frozen=True):
    """One that reads Kendali for one kind at a time."""

    @classmethod
    def of(cls, city: LocalCity) -> "Robot":
        made = compose(city.credentials, WORDS).digester
        return cls(made.kendali, made.texts, made.renderer, made.sender)

    def send(self, kind: str, now: datetime, post: Post, *, whatever_the_hour: bool = False) -> Sent:
        return self.open(now).send(KINDS[kind], post, whatever_the_hour=whatever_the_hour)

    def preview(self, kind: str, now: datetime) -> list[EmailMessage]:
        return self.open(now).previews(KINDS[kind])
