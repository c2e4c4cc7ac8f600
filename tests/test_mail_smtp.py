"""A mail's headers, and its delivery over a real SMTP server that refuses, delays and drops at each stage."""

import ssl
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from msgspec.structs import replace

from automation.cli.screen import load_texts
from automation.config.kendali import Settings
from automation.digests.audience import CITY, Recipient, Scope
from automation.digests.ledger import State, key_of
from automation.digests.morning import harian
from automation.mail import smtp
from automation.mail.delivery import OutboxPost, PostClosed, deliver, file_name
from automation.mail.render import Mail, address_of, audience_id, compose_message
from automation.mail.smtp import SmtpPost
from automation.trouble import DeliveryError, Trouble
from tests.mail_examples import CITY_RULES, CONTEXT, NOW, SETTINGS, TODAY, YESTERDAY, renderer, twelve
from tests.smtp_server import HOST, Server, account, smtp_server

TEXTS = load_texts()
SITI = Recipient("Hj. Siti Nurbaya", "siti@example.org", (CITY,), (), False)
KEY = key_of("harian", TODAY.isoformat(), SITI.email)
DIGEST = Mail("[Ruang Rakyat] 3 lewat tenggat – Kam 26 Nov", "Tulisan é\n" * 3, "<p>HTML " + "panjang " * 400 + "</p>")


def outgoing(
    recipient: Recipient = SITI,
    mail: Mail = DIGEST,
    sender: str = "Ruang Rakyat <kabar@example.org>",
    occasion: str = TODAY.isoformat(),
    settings: Settings = SETTINGS,
) -> EmailMessage:
    return compose_message(mail, recipient, "harian", occasion, sender, settings, NOW)


def message(*what: Any, **how: Any) -> EmailMessage:
    """As it arrives: written out and parsed again."""
    return parsed(outgoing(*what, **how).as_bytes())


def parsed(content: bytes) -> EmailMessage:
    arrived = message_from_bytes(content, policy=policy.default)
    assert isinstance(arrived, EmailMessage)
    assert not arrived.defects
    return arrived


def bodies(arrived: EmailMessage) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in arrived.iter_parts()]


def test_a_mail_says_what_kind_of_mail_it_is() -> None:
    headers = {name: str(value) for name, value in message().items() if name not in ("Content-Type", "Message-ID")}
    assert headers == {
        "From": "Ruang Rakyat <kabar@example.org>",
        "To": '"Hj. Siti Nurbaya" <siti@example.org>',
        "Reply-To": "Ibu Ratna <ratna@example.net>",
        "Subject": "[Ruang Rakyat] 3 lewat tenggat – Kam 26 Nov",
        "Date": "Thu, 26 Nov 2026 06:30:00 +0700",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": "<harian.kota.example.org>",
        "List-Unsubscribe": "<mailto:ratna@example.net?subject=Mohon%20berhenti%20mengirim%20kabar%20harian>",
        "X-Ruang-Rakyat-Kunci": KEY,
        "MIME-Version": "1.0",
        "Content-Language": "id",
    }


def test_both_bodies_arrive_as_they_were() -> None:
    digest = renderer().render("harian", harian(twelve(), (CITY,), YESTERDAY, NOW, CITY_RULES), CONTEXT)
    for mail in (DIGEST, digest):
        arrived = message(mail=mail)
        assert arrived.get_content_type() == "multipart/alternative" and arrived["Subject"] == mail.subject
        assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
        text, html = bodies(arrived)
        assert (text, html.rstrip("\n")) == (mail.text, mail.html.rstrip("\n"))


def test_the_message_id_is_the_same_for_the_same_digest_and_no_other() -> None:
    assert message()["Message-ID"] == message(mail=Mail("lain", "lain", "lain"))["Message-ID"]
    others = (message(occasion="2026-11-27"), message(Recipient("Hadi", "hadi@example.org", (CITY,), (), False)))
    assert len({str(found["Message-ID"]) for found in (message(), *others)}) == 3


def test_a_name_or_a_subject_cannot_become_a_header_nor_a_second_recipient() -> None:
    name = 'Siti\r\nBcc: jahat@example.com\r\n\r\n<script>", jahat@example.com, "'
    subject = "3 lewat\r\nBcc: jahat@example.com\u2028X: y\x00"
    arrived = message(Recipient(name, SITI.email, (CITY,), (), False), Mail(subject, "a", "b"))
    assert "Bcc" not in arrived
    assert [address.addr_spec for address in arrived["To"].addresses] == [SITI.email]
    assert arrived["Subject"] == "3 lewat Bcc: jahat@example.com X: y"


NO_ADDRESSES = [
    "", "siti", "siti@", "siti@localhost", "siti@@example.org", "siti@example..org", ".siti@example.org",
    "siti nur@example.org", "siti@example.org, hadi@example.org", "siti@example.org\r\nBcc: jahat@example.com",
    "siti@exämple.org", "s" * 65 + "@example.org", "siti@-example.org",
]  # fmt: skip


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_is_none_is_refused_and_an_ordinary_one_accepted(address: str) -> None:
    with pytest.raises(Trouble) as caught:
        message(Recipient("Siti", address, (CITY,), (), False))
    assert TEXTS.say(caught.value.code, **caught.value.particulars)
    for good in ("siti.n+dprd@sub.example.co.id", "o'hara_99@example.org", "a@b.id"):
        assert address_of(good).addr_spec == good


def test_without_a_name_or_a_reply_address_answers_go_to_the_sender_named_after_the_organisation() -> None:
    arrived = message(sender="kabar@example.org", settings=replace(SETTINGS, reply_to=""))
    assert str(arrived["From"]) == "Rumah Aspirasi <kabar@example.org>"
    assert "Reply-To" not in arrived
    assert "kabar@example.org" in arrived["List-Unsubscribe"]
    # Each audience has its own list to filter by.
    scopes = (CITY, Scope(dapil=2), Scope(kecamatan="Karang Tengah"), Scope(kelurahan="36.71.09.1005"))
    names = [audience_id((scope,)) for scope in scopes]
    assert names == ["kota", "dapil-2", "kecamatan-karang-tengah", "kelurahan-36-71-09-1005"]
    assert audience_id(scopes) == "gabungan"


def test_lines_are_short_enough_for_every_server_and_long_addresses_stay_readable() -> None:
    domain = "surat.kantor-pelayanan-masyarakat-kota-tangerang.example.org"
    content = outgoing(sender=f"kabar@{domain}", settings=replace(SETTINGS, reply_to="")).as_bytes()
    head, _, body = content.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert b"List-Unsubscribe: <mailto:kabar@" + domain.encode() in head
    assert b"\n" not in content.replace(b"\r\n", b"") and content.isascii()


def test_the_outbox_holds_each_mail_for_a_mail_program_and_for_a_browser(tmp_path: Path) -> None:
    folder = tmp_path / "baru" / "kotak keluar"
    post = OutboxPost(folder)
    post.send(outgoing())
    post.send(outgoing())
    stem = "harian-2026-11-26-siti@example.org"
    assert sorted(path.name for path in folder.iterdir()) == [f"{stem}.eml", f"{stem}.html"]
    assert (folder / f"{stem}.html").read_text("utf-8").rstrip("\n") == DIGEST.html
    assert parsed((folder / f"{stem}.eml").read_bytes())["To"].addresses[0].addr_spec == SITI.email
    (tmp_path / "berkas").write_text("bukan folder")
    with pytest.raises(PostClosed) as caught:
        OutboxPost(tmp_path / "berkas").send(outgoing())
    assert "berkas" in TEXTS.say(caught.value.code, **caught.value.particulars)


def test_two_keys_never_share_a_file_and_no_key_leaves_the_folder() -> None:
    keys = ("harian:2026-11-26:a/b@x.id", "harian:2026-11-26:a?b@x.id", "../../etc/passwd", "..", "x" * 400, "y" * 400)
    names = [file_name(key) for key in keys]
    assert len(set(names)) == len(keys)
    assert all(len(name) < 140 and "/" not in name and not name.startswith(".") for name in names)


# Delivery over a real SMTP server that refuses, delays, drops and keeps silent at each stage


def mail(name: str = "siti") -> EmailMessage:
    content = Mail("[Ruang Rakyat] 3 lewat tenggat – Kam 26 Nov", "Halo\n.titik\n", "<p>Halo</p>")
    return outgoing(Recipient(name.title(), f"{name}@example.org", (CITY,), (), False), content)


def failure(post: SmtpPost, message: EmailMessage | None = None) -> DeliveryError:
    with closing(post), pytest.raises(DeliveryError) as caught:
        post.send(message or mail())
    assert TEXTS.say(caught.value.code, **caught.value.particulars)
    assert "@" not in str(caught.value), "an error names no addressee"
    return caught.value


@pytest.mark.parametrize("implicit", [True, False])
def test_a_mail_arrives_over_tls_after_a_login(
    authority: trustme.CA, trusting: ssl.SSLContext, implicit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server(authority, implicit=implicit) as server:
        if implicit:
            monkeypatch.setattr(smtp, "IMPLICIT_TLS_PORT", server.port)
        with closing(SmtpPost(account(server), trusting)) as post:
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


def test_nothing_is_sent_without_encryption(
    authority: trustme.CA, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server(authority, tls=False, auth=False) as server:
        error = failure(SmtpPost(account(server), trusting))
        assert (error.code, error.permanent) == ("surat.kirim.tanpa-starttls", True)
        assert (server.behaviour.received, server.behaviour.logins) == ([], 0)
    with smtp_server(authority) as server:  # which speaks plainly at first
        monkeypatch.setattr(smtp, "IMPLICIT_TLS_PORT", server.port)
        error = failure(SmtpPost(account(server), trusting))
        assert error.code == "surat.kirim.sambungan-aman"


@pytest.mark.parametrize("implicit", [True, False])
def test_a_certificate_for_another_name_or_of_an_unknown_authority_is_refused(
    authority: trustme.CA, trusting: ssl.SSLContext, implicit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, context in (("mail.orang-lain.example", trusting), (HOST, ssl.create_default_context())):
        with smtp_server(authority, implicit=implicit, name=name) as server:
            if implicit:
                monkeypatch.setattr(smtp, "IMPLICIT_TLS_PORT", server.port)
            error = failure(SmtpPost(account(server), context))
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
    error = failure(
        SmtpPost(account(server), trusting, timeout=5, after_data=0.3 if code == "surat.kirim.terputus" else 5)
    )
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
