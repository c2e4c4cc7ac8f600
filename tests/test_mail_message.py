"""The headers of a mail: what programs read, and what nobody can smuggle in."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from automation.cli.screen import load_texts
from automation.digests.audience import CITY, Recipient, Scope
from automation.digests.harian import harian
from automation.digests.ledger import key_of
from automation.mail.delivery import OutboxPost, PostClosed, file_name
from automation.mail.render import Mail, address_of, audience_id, compose
from automation.trouble import Trouble
from tests.mail_examples import CITY_RULES, CONTEXT, NOW, TODAY, YESTERDAY, renderer, twelve

TEXTS = load_texts()
SITI = Recipient("Hj. Siti Nurbaya", "siti@example.org", (CITY,), (), False)
KEY = key_of("harian", TODAY.isoformat(), SITI.email)
DIGEST = Mail("[Ruang Rakyat] 3 lewat tenggat – Kam 26 Nov", "Tulisan é\n" * 3, "<p>HTML " + "panjang " * 400 + "</p>")


def outgoing(
    recipient: Recipient = SITI,
    mail: Mail = DIGEST,
    sender: str = "Ruang Rakyat <kabar@example.org>",
    reply_to: str = "Ibu Ratna <ratna@example.net>",
    key: str = KEY,
) -> EmailMessage:
    from_to = {"sender": sender, "reply_to": reply_to, "organisation": "Rumah Aspirasi"}
    return compose(mail, recipient, key, kind="harian", texts=TEXTS, now=NOW, **from_to)


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
    tomorrow = key_of("harian", "2026-11-27", SITI.email)
    others = (message(key=tomorrow), message(Recipient("Hadi", "hadi@example.org", (CITY,), (), False)))
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
    arrived = message(sender="kabar@example.org", reply_to="")
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
    content = outgoing(sender=f"kabar@{domain}", reply_to="").as_bytes()
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
