"""Delivery: the port `Post`, and what became of each mail. By SMTP, over TLS or not at all; into the outbox while no
server is configured.

Errors carry the server's code, never its words: those often quote the recipient's address.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, NoReturn, Protocol

from automation.config.credentials import Smtp
from automation.digests.ledger import State
from automation.mail.render import KEY_HEADER, address_of
from automation.trouble import DeliveryError
from automation.whole_file import write_whole

IMPLICIT_TLS_PORT = 465
#: Enhanced status code of a spent sending limit (RFC 3463; Gmail answers so, as a 550, though tomorrow all is well).
_QUOTA = "5.4.5"


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


class SmtpPost:
    """One connection for a run of mails, opened with the first, opened again if it broke; to be closed after the last.

    `context` checks the server's certificate (the default: against the machine's authorities). `implicit_tls`
    follows the port where it is not given.
    """

    def __init__(
        self,
        account: Smtp,
        context: ssl.SSLContext | None = None,
        *,
        implicit_tls: bool | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._account = account
        self._context = context or ssl.create_default_context()
        self._implicit = account.port == IMPLICIT_TLS_PORT if implicit_tls is None else implicit_tls
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def close(self) -> None:
        """Take leave of the server, if it is still there."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def send(self, message: EmailMessage) -> None:
        """Hand over to the server; raises `DeliveryError`, or `PostClosed` when no mail can be sent at all."""
        connection = self._ready()
        recipient = message["To"]
        if not isinstance(recipient, AddressHeader):
            raise TypeError("the message has no address in To")
        sender = address_of(self._account.sender).addr_spec
        try:
            connection.send_message(message, sender, [address.addr_spec for address in recipient.addresses])
        except smtplib.SMTPRecipientsRefused as error:
            self._refused(next(iter(error.recipients.values())), "alamat-ditolak")
        except smtplib.SMTPResponseException as error:
            of_sender = isinstance(error, smtplib.SMTPSenderRefused)
            entry = "pengirim-ditolak" if of_sender else "isi-ditolak"
            self._refused((error.smtp_code, error.smtp_error), entry, closes=of_sender)
        except (smtplib.SMTPException, OSError) as error:
            # Perhaps it was accepted and only the answer was lost. The next try carries the same Message-ID.
            self._drop()
            raise DeliveryError("surat.kirim.terputus", permanent=False, host=self._account.host) from error

    def _ready(self) -> smtplib.SMTP:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._connection.noop()[0] == 250:
                    return self._connection
            self._drop()
        self._connection = self._open()
        return self._connection

    def _open(self) -> smtplib.SMTP:
        account, where = self._account, {"host": self._account.host, "port": self._account.port}
        name = address_of(account.sender).domain  # said in EHLO; the machine's own name may take a DNS search
        connection: smtplib.SMTP | None = None
        try:
            if self._implicit:
                connection = smtplib.SMTP_SSL(
                    account.host, account.port, name, timeout=self._timeout, context=self._context
                )
            else:
                connection = smtplib.SMTP(account.host, account.port, name, timeout=self._timeout)
                connection.starttls(context=self._context)
            if account.username:
                connection.login(account.username, account.password)
        except Exception as error:
            why = self._why_closed(error, where, encrypted=_is_encrypted(connection))
            if connection is not None:
                connection.close()
            raise why from error
        return connection

    def _why_closed(self, error: Exception, where: dict[str, object], *, encrypted: bool) -> PostClosed | Exception:
        def closed(entry: str, *, permanent: bool, **particulars: object) -> PostClosed:
            return PostClosed(f"surat.kirim.{entry}", permanent=permanent, **where, **particulars)

        match error:
            case ssl.SSLCertVerificationError():
                return closed("sertifikat", permanent=True, reason=error.verify_message)
            case ssl.SSLError():
                return closed("sambungan-aman", permanent=True, reason=error.reason or type(error).__name__)
            case smtplib.SMTPNotSupportedError() if not encrypted:
                return closed("tanpa-starttls", permanent=True)
            case smtplib.SMTPAuthenticationError():
                permanent = error.smtp_code >= 500
                answer = _code((error.smtp_code, error.smtp_error))
                return closed("sandi-ditolak" if permanent else "ditunda", permanent=permanent, answer=answer)
            case UnicodeError():
                return closed("sandi-tak-terbaca", permanent=True)
            case smtplib.SMTPResponseException():
                reason = _code((error.smtp_code, error.smtp_error))
                return closed("tak-terjangkau", permanent=False, reason=reason)
            case smtplib.SMTPServerDisconnected():
                return closed("tak-terjangkau", permanent=False, reason=type(error).__name__)
            case smtplib.SMTPException():
                return closed("tanpa-login", permanent=True)
            case OSError():
                return closed("tak-terjangkau", permanent=False, reason=error.strerror or type(error).__name__)
        return error

    def _refused(self, answer: tuple[int, bytes | str], entry: str, *, closes: bool = False) -> NoReturn:
        """Raise what the server's answer means: 4xx is for later, 5xx for good."""
        code = _code(answer)
        if answer[0] == 421:  # it is closing the connection
            self._drop()
        kind: Callable[..., DeliveryError] = DeliveryError
        permanent = answer[0] >= 500
        if _QUOTA in code:
            kind, permanent, entry = PostClosed, False, "kuota"
        elif not permanent:
            entry = "ditunda"
        elif closes:
            kind = PostClosed
        error = kind(f"surat.kirim.{entry}", permanent=permanent, host=self._account.host, answer=code)
        raise error from None  # the cause quotes the recipient

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _is_encrypted(connection: smtplib.SMTP | None) -> bool:
    return connection is not None and isinstance(connection.sock, ssl.SSLSocket)


def _code(answer: tuple[int, bytes | str]) -> str:
    """The reply code, with the enhanced status code if there is one: ``550 5.1.1``."""
    basic, words = answer
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    enhanced = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", text)
    return f"{basic} {enhanced[1]}" if enhanced else str(basic)
