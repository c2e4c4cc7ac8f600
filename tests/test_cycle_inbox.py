"""From a volunteer's row on Google, through ticket and register, into the inbox: by real HTTPS and SMTP."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from automation.cli.compose import jakarta_now
from automation.tables.kendali import MAILS, REGISTER
from tests.conftest import Say
from tests.google_city import City
from tests.sheets_server.fixtures import Google
from tests.smtp_server import HOST, PASSWORD, USERNAME, Server, smtp_server
from tests.town import NOTE

SECRET = ("Sulastri", "081234567890", "3671050101800001", "lastri@example.org")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A mail server whose certificate this process trusts."""
    authority = trustme.CA()
    bundle = tmp_path / "surat.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert ssl.get_default_verify_paths().cafile == str(bundle)
    with smtp_server(authority) as running:
        yield running


def test_a_row_becomes_a_mail_with_its_case_and_nobodys_data(google: Google, server: Server, tmp_path: Path) -> None:
    account = {"host": HOST, "port": server.port, "username": USERNAME, "password": PASSWORD, "from": USERNAME}
    city = City(google, tmp_path, "Cipondoh", smtp=account)
    assert city.set_up() == 0
    name, phone, nik, address = SECRET
    city.type(
        "Cipondoh",
        "Gondrong",
        "lastri",
        name=name,
        phone=phone,
        category="Jalan & Drainase",
        description=f"Got mampet sejak Senin, hubungi {phone} atau {address}, NIK {nik}",
        assignee=f"Pak Budi {phone}",
        told=f"sudah, lewat {phone}",
    )
    city.type("Cipondoh", "Petir", "tanpa tanggal", name=name, phone=phone, category=f"Jln {phone}", received="besok")
    city.subscribe("ratna@fraksi.example", "Kecamatan Cipondoh")

    assert city.run("sync") == 0
    (ticket,) = city.tickets("Cipondoh", "Gondrong").values()
    assert ticket == "RR-260504-0001-3"
    case = dict(zip(*city.kendali.values(REGISTER), strict=False))
    assert case["No. Tiket"] == ticket and not any(secret in str(case) for secret in SECRET)

    assert city.run("digest", "harian", "--date", jakarta_now().date().isoformat()) == 0
    (mail,) = server.behaviour.messages()
    assert server.behaviour.envelopes == [(USERNAME, ["ratna@fraksi.example"])]
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(bodies) == 2
    for body in bodies:
        assert ticket in body and "Got mampet sejak Senin" in body and "Petir" in body
    seen = "\n".join([*map(str, mail.values()), *bodies])
    assert not [secret for secret in SECRET if secret.casefold() in seen.casefold()]
    assert NOTE not in seen

    rows = city.kendali.values(MAILS)[1:]
    assert [row[4] for row in rows] == ["diklaim", "terkirim"] and rows[1][5] == mail["Message-ID"]
    assert city.run("digest", "harian", "--date", jakarta_now().date().isoformat()) == 0
    assert len(server.behaviour.received) == 1


def test_a_mail_server_that_refuses_is_told_and_the_mail_waits(
    google: Google, server: Server, tmp_path: Path, say: Say
) -> None:
    account = {"host": HOST, "port": server.port, "username": USERNAME, "password": "salah", "from": USERNAME}
    city = City(google, tmp_path, "Benda", smtp=account)
    assert city.set_up() == 0
    city.subscribe("ratna@fraksi.example")
    assert city.run("digest", "harian", "--date", jakarta_now().date().isoformat()) == 1
    assert "kata sandi" in say()
    states = [str(row[4]).split(":")[0] for row in city.kendali.values(MAILS)[1:]]
    assert states == ["diklaim", "gagal sementara"]
