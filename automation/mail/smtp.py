"""Delivery by SMTP, over TLS or not at all.

Errors carry the server's code, never its words: those often quote the recipient's address.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from types import TracebackType
from typing import NoReturn, Self

from automation.config.settings import Smtp
from automation.mail.delivery import PostClosed
from automation.mail.message import address_of
from automation.trouble import DeliveryError

IMPLICIT_TLS_PORT = 465
#: Enhanced status code of a spent sending limit (RFC 3463; Gmail answers so, as a 550, though tomorrow all is well).
_QUOTA = "5.4.5"


class SmtpPost:
    """One connection for a run of mails, opened with the first, opened again if it broke; a context manager.

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

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
        """The connection, if the server still answers on it; otherwise a new one."""
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
