"""A real SMTP server (aiosmtpd) with TLS and authentication, which can be told to fail at each stage of a delivery."""

import asyncio
import re
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from msgspec.structs import replace

from automation.config.credentials import Smtp

HOST = "127.0.0.1"
USERNAME, PASSWORD = "kabar@example.org", "abcd efgh ijkl mnop"


@dataclass
class Behaviour:
    """What the server has received, and how it is told to answer."""

    received: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    connections: int = 0
    logins: int = 0
    offers_logins: bool = True
    size: int = 0  # the largest mail, as it says in EHLO
    refuse_sender: str = ""  # the answer to MAIL FROM
    refuse: dict[str, str] = field(default_factory=dict)  # by recipient: the answer to RCPT TO
    after_data: str = ""  # the answer after DATA
    drop_after_data: bool = False  # accepts a mail, and is gone before it says so
    drop_instead: bool = False  # is gone before it has accepted a mail
    silent_after_data: bool = False  # accepts one mail, and never says so
    act: Callable[[str], object] = lambda _: None  # done at MAIL, RCPT and DATA, and once a mail is "accepted"
    released: asyncio.Event | None = None
    sessions: list[SMTP] = field(default_factory=list)

    def messages(self) -> list[EmailMessage]:
        parsed = [message_from_bytes(content, policy=policy.default) for content in self.received]
        return [message for message in parsed if isinstance(message, EmailMessage)]

    async def handle_EHLO(
        self, server: SMTP, session: Session, _: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if server not in self.sessions:
            self.sessions.append(server)
            self.connections += 1
        said = [re.sub(r"SIZE \d+", f"SIZE {self.size}", line) if self.size else line for line in responses]
        return [line for line in said if self.offers_logins or "AUTH" not in line]

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        self.act("MAIL")
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        self.act("RCPT")
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        self.act("DATA")
        if self.after_data:
            return self.after_data
        if self.drop_instead:
            assert server.transport is not None
            server.transport.close()
            return "250 OK"
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        self.act("accepted")
        if self.drop_after_data:
            assert server.transport is not None
            server.transport.close()
        if self.silent_after_data:
            self.silent_after_data = False
            self.released = asyncio.Event()
            await self.released.wait()
        return "250 OK"

    def authenticate(self, _: SMTP, __: Session, ___: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.logins += 1
        known = isinstance(data, LoginPassword) and data == LoginPassword(USERNAME.encode(), PASSWORD.encode())
        return (
            AuthResult(success=known, handled=False) if mechanism in ("PLAIN", "LOGIN") else AuthResult(success=False)
        )


class Server(Controller):
    def __init__(self, behaviour: Behaviour, implicit: ssl.SSLContext | None, **options: Any) -> None:
        self.behaviour = behaviour
        super().__init__(behaviour, HOST, _free_port(), ssl_context=implicit, **options)

    def hang_up(self) -> None:
        async def abort() -> None:
            for session in self.behaviour.sessions:
                if session.transport is not None:
                    session.transport.close()
            for _ in range(5):
                await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(abort(), self.loop).result(timeout=5)

    def release(self) -> None:
        if self.behaviour.released is not None:
            self.loop.call_soon_threadsafe(self.behaviour.released.set)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Trusted by this process."""
    authority.cert_pem.write_to_path(str(tmp_path / "surat.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "surat.pem"))
    return authority


@contextmanager
def smtp_server(
    authority: trustme.CA,
    *,
    implicit: bool = False,
    tls: bool = True,
    auth: bool = True,
    name: str = HOST,
    expired: bool = False,
) -> Iterator[Server]:
    """A running server whose certificate, issued by `authority`, is for `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ended = datetime(2021, 1, 1) if expired else None
    authority.issue_cert(name, not_before=datetime(2020, 1, 1), not_after=ended).configure_cert(context)
    behaviour = Behaviour()
    options: dict[str, Any] = {"auth_required": auth, "auth_require_tls": tls and not implicit}
    if auth:
        options["authenticator"] = behaviour.authenticate
    if tls and not implicit:
        options |= {"tls_context": context, "require_starttls": True}
    with warnings.catch_warnings():
        # aiosmtpd does not count implicit TLS as TLS, and warns of logins without it.
        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS", UserWarning)
        server = Server(behaviour, context if implicit else None, **options)
        server.start()
        try:
            yield server
        finally:
            server.release()
            server.stop()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    with smtp_server(authority) as running:
        yield running


def account(server: Server, **changes: str) -> Smtp:
    """With which the program may send by it."""
    sender = "Ruang Rakyat <kabar@example.org>"
    return replace(Smtp(HOST, server.port, USERNAME, PASSWORD, sender), **changes)  # type: ignore[arg-type]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
