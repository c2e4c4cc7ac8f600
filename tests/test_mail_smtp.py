"""Delivery over a real SMTP server that refuses, delays, drops and keeps silent at each stage."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
import trustme

from automation.cli.screen import load_texts
from automation.config.credentials import Smtp
from automation.digests.audience import CITY, Recipient
from automation.digests.ledger import State
from automation.mail.delivery import PostClosed, SmtpPost, deliver
from automation.mail.render import Mail, compose
from automation.trouble import DeliveryError
from tests.mail_examples import NOW
from tests.smtp_server import HOST, PASSWORD, USERNAME, Server, smtp_server

TEXTS = load_texts()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    with smtp_server(authority) as running:
        yield running


def account(server: Server, **changes: str) -> Smtp:
    sender = "Ruang Rakyat <kabar@example.org>"
    return replace(Smtp(HOST, server.port, USERNAME, PASSWORD, sender), **changes)  # type: ignore[arg-type]


def mail(name: str = "siti") -> EmailMessage:
    addressee = Recipient(name.title(), f"{name}@example.org", (CITY,), (), False)
    content = Mail("[Ruang Rakyat] 3 lewat tenggat – Kam 26 Nov", "Halo\n.titik\n", "<p>Halo</p>")
    of = {"kind": "harian", "sender": "kabar@example.org", "reply_to": "", "organisation": "Ruang Rakyat"}
    return compose(content, addressee, f"harian:2026-11-26:{addressee.email}", texts=TEXTS, now=NOW, **of)


def failure(post: SmtpPost, message: EmailMessage | None = None) -> DeliveryError:
    with closing(post), pytest.raises(DeliveryError) as caught:
        post.send(message or mail())
    assert TEXTS.say(caught.value.code, **caught.value.particulars)
    assert "@" not in str(caught.value), "an error names no addressee"
    return caught.value


@pytest.mark.parametrize("implicit", [True, False])
def test_a_mail_arrives_over_tls_after_a_login(authority: trustme.CA, trusting: ssl.SSLContext, implicit: bool) -> None:
    with smtp_server(authority, implicit=implicit) as server:
        with closing(SmtpPost(account(server), trusting, implicit_tls=implicit)) as post:
            post.send(mail())
        [arrived] = server.behaviour.messages()
        assert server.behaviour.envelopes == [("kabar@example.org", ["siti@example.org"])]
        assert arrived["Subject"] == "[Ruang Rakyat] 3 lewat tenggat – Kam 26 Nov"
        text = arrived.get_body(("plain",))
        assert text is not None
        assert text.get_content().splitlines() == ["Halo", ".titik"]


def test_many_mails_travel_over_one_connection_and_one_that_the_server_gave_up_is_opened_again(
    server: Server, trusting: ssl.SSLContext
) -> None:
    with closing(SmtpPost(account(server), trusting)) as post:
        outcomes = list(deliver(post, ((name, mail(name)) for name in ("siti", "hadi", "ratna"))))
        assert [outcome.state for outcome in outcomes] == [State.SENT] * 3
        assert (server.behaviour.connections, server.behaviour.logins) == (1, 1)
        server.hang_up()
        post.send(mail("hadi"))
    assert (len(server.behaviour.received), server.behaviour.connections) == (4, 2)


def test_nothing_is_sent_without_encryption(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    with smtp_server(authority, tls=False, auth=False) as server:
        error = failure(SmtpPost(account(server), trusting))
        assert (error.code, error.permanent) == ("surat.kirim.tanpa-starttls", True)
        assert (server.behaviour.received, server.behaviour.logins) == ([], 0)
    with smtp_server(authority) as server:  # which speaks plainly at first
        error = failure(SmtpPost(account(server), trusting, implicit_tls=True))
        assert error.code == "surat.kirim.sambungan-aman"


@pytest.mark.parametrize("implicit", [True, False])
def test_a_certificate_for_another_name_or_of_an_unknown_authority_is_refused(
    authority: trustme.CA, trusting: ssl.SSLContext, implicit: bool
) -> None:
    for name, context in (("mail.orang-lain.example", trusting), (HOST, ssl.create_default_context())):
        with smtp_server(authority, implicit=implicit, name=name) as server:
            error = failure(SmtpPost(account(server), context, implicit_tls=implicit))
            assert isinstance(error, PostClosed)
            assert (error.code, error.permanent) == ("surat.kirim.sertifikat", True)
            assert server.behaviour.logins == 0


def test_a_wrong_password_is_for_a_person_to_mend_and_tried_once_only(server: Server, trusting: ssl.SSLContext) -> None:
    with closing(SmtpPost(account(server, password="salah"), trusting)) as post:
        outcomes = list(deliver(post, ((name, mail(name)) for name in ("siti", "hadi", "ratna"))))
    assert [outcome.state for outcome in outcomes] == [State.DELAYED] * 3, "today's mails go out once it is mended"
    error = outcomes[2].error
    assert error is not None
    assert (error.code, error.permanent) == ("surat.kirim.sandi-ditolak", True)
    assert error.particulars["answer"] == "535 5.7.8"
    assert server.behaviour.connections == 1
    assert server.behaviour.logins <= 2, "smtplib tries the two ways of saying it, PLAIN and LOGIN"


def test_a_password_that_no_server_understands_or_a_server_that_knows_no_logins_is_said_so(
    authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    with smtp_server(authority, auth=False) as server:
        server.behaviour.offers_logins = False
        assert failure(SmtpPost(account(server), trusting)).code == "surat.kirim.tanpa-login"
        with closing(SmtpPost(account(server, username=""), trusting)) as post:
            post.send(mail())
        assert len(server.behaviour.received) == 1
    with smtp_server(authority) as server:
        error = failure(SmtpPost(account(server, password="sandi–panjang"), trusting))
        assert error.code == "surat.kirim.sandi-tak-terbaca"


def test_a_refused_address_is_for_good_and_stops_nobody_else(server: Server, trusting: ssl.SSLContext) -> None:
    server.behaviour.refuse = {"hadi@example.org": "550 5.1.1 <hadi@example.org> unknown"}
    with closing(SmtpPost(account(server), trusting)) as post:
        outcomes = list(deliver(post, ((name, mail(name)) for name in ("siti", "hadi", "ratna"))))
    assert [outcome.state for outcome in outcomes] == [State.SENT, State.REFUSED, State.SENT]
    error = outcomes[1].error
    assert error is not None
    assert (error.code, error.particulars["answer"]) == ("surat.kirim.alamat-ditolak", "550 5.1.1")
    assert "hadi" not in str(error)


@pytest.mark.parametrize(
    ("behaviour", "code", "permanent", "closed"),
    [
        ({"refuse": {"siti@example.org": "451 4.7.1 Greylisted"}}, "surat.kirim.ditunda", False, False),
        ({"after_data": "554 5.7.1 spam"}, "", True, False),
        ({"after_data": "452 4.3.1 full"}, "", False, False),
        ({"after_data": "550 5.4.5 Daily user sending limit exceeded"}, "surat.kirim.kuota", False, True),
        ({"refuse_sender": "553 5.7.1 sender not owned by user"}, "surat.kirim.pengirim-ditolak", True, True),
        ({"silent_after_data": True}, "surat.kirim.terputus", False, False),
    ],
    ids=["greylisted", "refused content", "full", "a spent limit that it calls permanent", "refused sender", "silent"],
)
def test_a_refusal_follows_its_code(
    server: Server, trusting: ssl.SSLContext, behaviour: dict[str, Any], code: str, permanent: bool, closed: bool
) -> None:
    for name, value in behaviour.items():
        setattr(server.behaviour, name, value)
    error = failure(SmtpPost(account(server), trusting, timeout=0.3 if code == "surat.kirim.terputus" else 5))
    assert (error.permanent, error.code if code else "") == (permanent, code)
    assert not code or isinstance(error, PostClosed) == closed


def test_a_mail_that_is_repeated_after_a_lost_answer_can_be_recognised(
    server: Server, trusting: ssl.SSLContext
) -> None:
    server.behaviour.drop_after_data = True
    error = failure(SmtpPost(account(server), trusting))
    assert (error.code, error.permanent) == ("surat.kirim.terputus", False)
    server.behaviour.drop_after_data = False
    with closing(SmtpPost(account(server), trusting)) as post:
        post.send(mail())
    first, second = server.behaviour.messages()
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_is_away_delays_all_mails(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    with smtp_server(authority) as server:
        away = account(server)
    with closing(SmtpPost(away, trusting)) as post:
        outcomes = list(deliver(post, ((name, mail(name)) for name in ("siti", "hadi"))))
    assert [outcome.state for outcome in outcomes] == [State.DELAYED] * 2
    error = outcomes[0].error
    assert error is not None
    assert (error.code, error.permanent) == ("surat.kirim.tak-terjangkau", False)
