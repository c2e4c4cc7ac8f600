"""Delivery by SMTP, only over TLS. Errors carry the server's code, never its words, which often quote an address."""

import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import NoReturn

from automation.config.credentials import Smtp
from automation.mail.delivery import PostClosed
from automation.mail.render import address_of
from automation.trouble import DeliveryError, reason_of

IMPLICIT_TLS_PORT = 465
#: Seconds to wait for the server; after the end of a mail as long as RFC 5321 (4.5.3.2.6) asks, because a client that
#: gives up earlier sends an accepted mail again.
TIMEOUT, AFTER_DATA = 30.0, 600.0
#: The answer to a mail that is too large (RFC 1870); as an answer to an address it means a full mailbox.
_TOO_LARGE = 552
#: Enhanced status code of a used-up sending limit (RFC 3463; from Gmail with a 550, though it is over tomorrow).
_QUOTA = "5.4.5"


class _Connection(smtplib.SMTP):
    """Waits longer for the answer to a mail than for any other."""

    after_data = AFTER_DATA

    def data(self, msg: bytes | str) -> tuple[int, bytes]:  # type: ignore[override]
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        super().send(s)
        if isinstance(s, bytes) and self.sock is not None:  # commands are text: this was a whole mail
            self.sock.settimeout(self.after_data)


class _TlsConnection(_Connection, smtplib.SMTP_SSL):
    """The same over TLS from the start."""


@dataclass(slots=True)
class SmtpPost:
    """One connection for several mails, opened with the first, and again if it broke; to be closed after the last.
    `context` checks the server's certificate (by default against the machine's authorities)."""

    _account: Smtp
    _context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    timeout: float = TIMEOUT
    after_data: float = AFTER_DATA
    _connection: _Connection | None = field(default=None, init=False)

    def close(self) -> None:
        """Quit the connection, if there is one."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def send(self, message: EmailMessage) -> None:
        """Hand a mail to the server. Raises `DeliveryError`, or `PostClosed` if no mail can be sent at all."""
        connection = self.ready()
        sender = address_of(self._account.sender).addr_spec
        limit = connection.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < len(message.as_bytes()):
            self._refused((_TOO_LARGE, f"SIZE {limit}"), "terlalu-besar")
        try:
            connection.send_message(message, sender, [address.addr_spec for address in message["To"].addresses])
        except smtplib.SMTPRecipientsRefused as error:
            answer: tuple[int, bytes | str] = next(iter(error.recipients.values()))
            # A refusal by policy (5.7, RFC 3463) or a full mailbox does not mean that the address is wrong.
            is_other = answer[0] == _TOO_LARGE or " 5.7." in _code(answer)
            self._refused(answer, "penerima-ditolak" if is_other else "alamat-ditolak")
        except smtplib.SMTPResponseException as error:
            answer = error.smtp_code, error.smtp_error
            too_large = answer[0] == _TOO_LARGE and " 5.2.2" not in _code(answer)
            closes = isinstance(error, smtplib.SMTPSenderRefused) and not too_large
            self._refused(
                answer, "terlalu-besar" if too_large else "pengirim-ditolak" if closes else "isi-ditolak", closes=closes
            )
        except (smtplib.SMTPException, OSError) as error:
            # Perhaps it was accepted, and only the answer was lost. The next try has the same Message-ID.
            self._drop()
            raise DeliveryError("surat.kirim.terputus", permanent=False, host=self._account.host) from error

    def ready(self) -> _Connection:
        """The connection, logged in. Raises `PostClosed` if no mail can be sent."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._connection.noop()[0] == 250:
                    return self._connection
            self._drop()
        self._connection = self._open()
        return self._connection

    def _open(self) -> _Connection:
        account, where = self._account, {"host": self._account.host, "port": self._account.port}
        name = address_of(account.sender).domain  # said in EHLO; the machine's own name may take a DNS search
        connection: _Connection | None = None
        try:
            if account.port == IMPLICIT_TLS_PORT:
                connection = _TlsConnection(
                    account.host, account.port, name, timeout=self.timeout, context=self._context
                )
            else:
                connection = _Connection(account.host, account.port, name, timeout=self.timeout)
                connection.starttls(context=self._context)
            connection.after_data = self.after_data
            connection.ehlo_or_helo_if_needed()  # the answer tells the size limit
            if account.username:
                connection.login(account.username, account.password)
        except Exception as error:
            encrypted = connection is not None and isinstance(connection.sock, ssl.SSLSocket)
            why = _why_closed(error, where, encrypted=encrypted)
            if connection is not None:
                connection.close()
            raise why from error
        return connection

    def _refused(self, answer: tuple[int, bytes | str], entry: str, *, closes: bool = False) -> NoReturn:
        """Raise the error that the server's answer means: 4xx is temporary, 5xx permanent."""
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
        # The cause quotes the recipient.
        raise kind(f"surat.kirim.{entry}", permanent=permanent, host=self._account.host, answer=code) from None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _why_closed(error: Exception, where: Mapping[str, object], *, encrypted: bool) -> Exception:
    """The `PostClosed` for an error that prevents all mails; any other error as it is."""
    reason: str | None = None
    entry, permanent = "tak-terjangkau", True
    match error:
        case ssl.SSLCertVerificationError():
            entry, reason = "sertifikat", error.verify_message
        case ssl.SSLError():
            entry, reason = "sambungan-aman", error.reason or type(error).__name__
        case smtplib.SMTPNotSupportedError() if not encrypted:
            entry = "tanpa-starttls"
        case smtplib.SMTPAuthenticationError():
            permanent = error.smtp_code >= 500
            entry, reason = "sandi-ditolak" if permanent else "ditunda", _code((error.smtp_code, error.smtp_error))
        case UnicodeError():
            entry = "sandi-tak-terbaca"
        case smtplib.SMTPResponseException():
            permanent, reason = False, _code((error.smtp_code, error.smtp_error))
        case smtplib.SMTPServerDisconnected():
            permanent, reason = False, type(error).__name__
        case smtplib.SMTPException():
            entry = "tanpa-login"
        case OSError():
            permanent, reason = False, reason_of(error)
        case _:
            return error
    told = {"reason": reason, "answer": reason} if reason is not None else {}
    return PostClosed(f"surat.kirim.{entry}", permanent=permanent, **where, **told)


def _code(answer: tuple[int, bytes | str]) -> str:
    """The reply code, with the enhanced status code if there is one: ``550 5.1.1``."""
    basic, words = answer
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    enhanced = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})\b", text)
    return f"{basic} {enhanced[1]}" if enhanced else str(basic)
