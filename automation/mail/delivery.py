"""Delivery: the port `Post`, and what became of each mail; into the outbox while no server is configured."""

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, Protocol

from automation.digests.ledger import CLAIM_HOLDS, State
from automation.mail.render import KEY_HEADER
from automation.trouble import DeliveryError, reason_of
from automation.whole_file import names_of, write_down, write_whole


class Post(Protocol):
    """A way out for mails."""

    def send(self, message: EmailMessage) -> None:
        """Hand one message over. Returns when it was accepted; raises `DeliveryError` when it was not."""


class PostClosed(DeliveryError):
    """Nothing can be sent at all, whoever it is for: no server, no login, a full disk.

    `permanent` when only a person can mend it.
    """


class Outcome(NamedTuple):
    """What became of the mail with this key; `error` says why it was not sent, `cell` where its address stands."""

    key: str
    state: State
    error: DeliveryError | None = None
    cell: str = ""


def deliver(
    post: Post, messages: Iterable[tuple[str, EmailMessage]], is_late: Callable[[], bool] = lambda: False
) -> Iterator[Outcome]:
    """Send one mail after the other, and tell each outcome as soon as it is known, so that it can be recorded.

    One refused address stops nobody else's mail. Where the post itself is closed (a wrong password, tried for every
    mail, would lock the account), or once it `is_late`, the rest is not tried, but delayed, not refused: once the cause
    is mended today's mails still go out.
    """
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
        yield Outcome(key, State.SENT if error is None else State.REFUSED if refused else State.DELAYED, error)


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
            reason = reason_of(error)
            raise PostClosed("surat.kirim.kotak-keluar", permanent=True, folder=self._folder, reason=reason) from error


class ThreadPost:
    """Hands each mail to one thread, since a server may take ten minutes for an answer, and does something `meanwhile`,
    every second. Once the program `ends`, the mail under way is waited for, and the rest is left for the next start."""

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
    """A name for any file system, and another one for any other key."""
    safe = re.sub(r"[^a-z0-9@._-]+", "-", key.casefold().replace(":", "-"))[:120].strip(".-")
    return safe if safe == key.replace(":", "-") else f"{safe}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"


class Noted:
    """Which mails were accepted, noted as it happens: Kiriman is told by batch, and who dies in between leaves one mail
    in doubt, not all of them.

    A line is what the claim in Kiriman says: its time and the Message-ID, which name nobody. Each process has a file of
    its own in the program's folder. That may vanish or be closed at any time: then the batch is in doubt, as it would
    be on another machine. Nothing here raises.
    """

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._folder = folder
        self._names = names_of("terkirim", credentials)
        self._own = folder / f"{self._names}{secrets.token_hex(4)}"

    def add(self, claim: str) -> None:
        """A mail was accepted."""
        with suppress(OSError):
            write_down(self._own, f"{claim}\n".encode(), "ab")

    def known(self) -> frozenset[str]:
        """All that is noted here, also by processes that have died."""
        found: list[str] = []
        for path in self._files():
            with suppress(OSError):
                found += path.read_text("utf-8", "replace").splitlines()
        return frozenset(found)

    def forget(self) -> None:
        """All that is noted stands in Kiriman now. What another process has noted may be needed while it lives."""
        oldest = time.time() - CLAIM_HOLDS.total_seconds()
        for path in self._files():
            with suppress(OSError):
                if path == self._own or path.stat().st_mtime < oldest:
                    path.unlink()

    def _files(self) -> list[Path]:
        try:
            return [*self._folder.glob(f"{self._names}*")]
        except OSError:
            return []
