"""Delivery: the port `Post`, the outcome of each mail, and the outbox, which is used if no server is configured."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, Protocol

from automation.digests.ledger import State
from automation.mail.render import KEY_HEADER
from automation.trouble import DeliveryError, reason_of
from automation.whole_file import write_whole


class Post(Protocol):
    """A way out for mails."""

    def send(self, message: EmailMessage) -> None:
        """Hand one message over. Returns once it is accepted; raises `DeliveryError` if it is not."""


class PostClosed(DeliveryError):
    """No mail can be sent at all: no server, no login, a full disk. `permanent` if only a person can mend that."""


class DeliveryResult(NamedTuple):
    """The result for the mail with this key; `error` says why it was not sent, `cell` where its address stands."""

    key: str
    state: State
    error: DeliveryError | None = None
    cell: str = ""


def deliver(
    post: Post, messages: Iterable[tuple[str, EmailMessage]], is_late: Callable[[], bool] = lambda: False
) -> Iterator[DeliveryResult]:
    """Send one mail after the other, and yield each outcome at once, so that it can be recorded. One refused address
    stops nobody else's mail. If the post is closed (trying a wrong password for each would lock the account), or once
    it `is_late`, the rest is not tried, and counts as delayed: today's mails still go out once the cause is mended."""
    closed: PostClosed | None = None
    for key, message in messages:
        if closed is None and is_late():
            closed = PostClosed("surat.kirim.lambat", permanent=False)
        error: DeliveryError | None = closed
        if closed is None:
            try:
                post.send(message)
            except DeliveryError as failure:
                error, closed = failure, failure if isinstance(failure, PostClosed) else None
        refused = error is not None and error.permanent and closed is None
        yield DeliveryResult(key, State.SENT if error is None else State.REFUSED if refused else State.DELAYED, error)


class OutboxPost:
    """Writes each mail as ``<key>.eml`` for a mail program and ``<key>.html`` for a browser, over what was there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the files, each whole or not at all. Raises `PostClosed` if the folder can't be written to."""
        name = file_name(str(message[KEY_HEADER]))
        html = message.get_body(("html",))
        try:
            if isinstance(html, EmailMessage):
                write_whole(self._folder / f"{name}.html", html.get_content().encode())
            write_whole(self._folder / f"{name}.eml", message.as_bytes())
        except OSError as error:
            reason = reason_of(error)
            raise PostClosed("surat.kirim.kotak-keluar", permanent=True, folder=self._folder, reason=reason) from error


class ThreadPost:
    """Sends each mail in a thread, because a server may take ten minutes for an answer, and calls `meanwhile` every
    second. Once the program `ends`, the mail under way is waited for, and the rest is left for the next start."""

    def __init__(self, post: Post, meanwhile: Callable[[], object], ends: Callable[[], bool]) -> None:
        self._post, self._meanwhile, self._ends = post, meanwhile, ends
        self._thread = ThreadPoolExecutor(1, "mail")

    def send(self, message: EmailMessage) -> None:
        if self._ends():
            raise PostClosed("surat.kirim.berhenti", permanent=False)
        sending = self._thread.submit(self._post.send, message)
        while not wait([sending], timeout=1).done:
            self._meanwhile()
        sending.result()

    def close(self) -> None:
        self._thread.shutdown()


def file_name(key: str) -> str:
    """A file name for a key, valid on any file system, and different for every key."""
    safe = re.sub(r"[^a-z0-9@._-]+", "-", key.casefold().replace(":", "-"))[:120].strip(".-")
    return safe if safe == key.replace(":", "-") else f"{safe}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"
