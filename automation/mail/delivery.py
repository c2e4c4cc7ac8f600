"""Delivery: the port `Post`, the outcome of each mail, and the outbox, which is used if no server is configured."""

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
        """Hand one message over. Returns once it is accepted; raises `DeliveryError` if it is not."""


class PostClosed(DeliveryError):
    """No mail can be sent at all: no server, no login, a full disk.

    `permanent` if only a person can mend that.
    """


class DeliveryResult(NamedTuple):
    """The result for the mail with this key; `error` says why it was not sent, `cell` where its address stands."""

    key: str
    state: State
    error: DeliveryError | None = None
    cell: str = ""


def deliver(
    post: Post, messages: Iterable[tuple[str, EmailMessage]], is_late: Callable[[], bool] = lambda: False
) -> Iterator[DeliveryResult]:
    """Send one mail after the other, and yield each outcome as soon as it is known, so that it can be recorded.

    One refused address stops nobody else's mail. If the post itself is closed (trying a wrong password for every mail
    would lock the account), or once it `is_late`, the rest is not tried. It counts as delayed, not refused, so that
    today's mails still go out once the cause is mended.
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
        yield DeliveryResult(key, State.SENT if error is None else State.REFUSED if refused else State.DELAYED, error)


class OutboxPost:
    """Writes each mail as ``<key>.eml`` for a mail program and ``<key>.html`` for a browser. The same digest replaces
    its files."""

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


class Noted:
    """Notes accepted mails at once: Kiriman is only written in batches, and a process that dies in between leaves one
    mail in doubt, not all of them.

    A line holds the time and the Message-ID of the claim in Kiriman, which name nobody. Each process has a file of its
    own in the program's folder. The folder may vanish or become unwritable at any time: then the batch is in doubt, as
    it would be on another machine. Nothing here raises.
    """

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._folder = folder
        self._names = names_of("terkirim", credentials)
        self._own = folder / f"{self._names}{secrets.token_hex(4)}"

    def add(self, claim: str) -> None:
        """Note that a mail was accepted."""
        with suppress(OSError):
            write_down(self._own, f"{claim}\n".encode(), "ab")

    def known(self) -> frozenset[str]:
        """All claims noted here, also by processes that have died."""
        found: list[str] = []
        for path in self._files():
            with suppress(OSError):
                found += path.read_text("utf-8", "replace").splitlines()
        return frozenset(found)

    def forget(self) -> None:
        """Delete the notes, once Kiriman has them all. Another process's are kept while it may still need them."""
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
