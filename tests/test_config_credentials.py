"""credentials.json: what is accepted, and that everything wrong is said at once, with no secret in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from automation.cli.screen import TEMPLATES
from automation.config.credentials import read_credentials
from automation.trouble import ConfigurationError
from tests.kendali_examples import texts

SECRET = "s3cr3t-p4ssw0rd"
PRIVATE = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"
KEY = {
    "type": "service_account",
    "client_email": "robot@ruang-rakyat.iam.gserviceaccount.com",
    "private_key": PRIVATE,
    "token_uri": "https://oauth2.googleapis.com/token",
}
SMTP = {
    "host": "smtp.example.org",
    "port": 587,
    "username": "kabar",
    "password": SECRET,
    "from": "Ruang Rakyat <kabar@example.org>",
}
GOOD = {"kendali": "https://docs.google.com/spreadsheets/d/abc/edit", "google": KEY, "smtp": SMTP}


def write(folder: Path, content: Any, name: str = "credentials.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def complaints(path: Path) -> list[str]:
    """All that is said about the file, in the words that the operator reads."""
    with pytest.raises(ConfigurationError) as raised:
        read_credentials(path)
    said = [texts().say(cause.code, **cause.particulars) for cause in raised.value.causes]
    assert SECRET not in "".join([*said, str(raised.value), repr(raised.value.causes)])
    return said


def test_a_complete_file_is_understood(tmp_path: Path) -> None:
    credentials = read_credentials(write(tmp_path, GOOD))
    assert credentials.kendali == GOOD["kendali"]
    assert credentials.google == KEY
    assert credentials.smtp is not None and credentials.smtp.port == 587
    assert credentials.folder == tmp_path


def test_a_key_may_lie_in_a_file_beside_it_and_other_ways_of_logging_in_are_accepted(tmp_path: Path) -> None:
    credentials = read_credentials(write(tmp_path, {"kendali": " Kendali.xlsx "}))
    assert (credentials.kendali, credentials.google, credentials.smtp) == ("Kendali.xlsx", None, None)
    write(tmp_path, KEY, "kunci.json")
    assert read_credentials(write(tmp_path, GOOD | {"google": "kunci.json"})).google == KEY
    assert read_credentials(write(tmp_path, GOOD | {"google": "default"})).google == "default"
    user = {"client_id": "a", "client_secret": SECRET, "refresh_token": SECRET}
    google = read_credentials(write(tmp_path, GOOD | {"google": user})).google
    assert google == {"type": "authorized_user", **user}
    # A byte order mark and notes are forgiven.
    text = "\ufeff" + json.dumps({"_catatan": "punya Deni", "kendali": "Kendali.xlsx", "smtp": SMTP | {"port": "465"}})
    credentials = read_credentials(write(tmp_path, text))
    assert credentials.smtp is not None and credentials.smtp.port == 465


def test_a_file_that_is_missing_or_no_json_is_told_by_its_own_name(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path / "credentials.json")
    assert "credentials.example.json" in said and "demo" in said
    (said,) = complaints(write(tmp_path, KEY))
    assert '"kendali":' in said and '"google": "kunci-google.json"' in said, "how to wrap it is shown"
    for content in ("[]", '"Kendali.xlsx"', "null"):
        (said,) = complaints(write(tmp_path, content))
        assert "dibuka dengan {" in said
    (said,) = complaints(write(tmp_path, GOOD | {"google": "kunci.json"}))
    assert "kunci.json tidak ditemukan" in said
    write(tmp_path, PRIVATE, "kunci.json")
    (said,) = complaints(tmp_path / "credentials.json")
    assert "kunci.json rusak di baris 1" in said


def test_a_slip_in_the_json_is_told_with_its_place_and_usual_causes(tmp_path: Path) -> None:
    (said,) = complaints(write(tmp_path, '{\n  "kendali": "Kendali.xlsx",\n}'))
    # Python 3.13 points at the comma, earlier ones at what follows it.
    assert "baris 2" in said or "baris 3" in said
    assert "koma sesudah isian terakhir" in said
    (said,) = complaints(write(tmp_path, "{\n  “kendali”: “Kendali.xlsx”\n}"))
    assert "baris 2, kolom 3" in said and "melengkung" in said


@pytest.mark.parametrize("content", [{"installed": {"client_secret": SECRET}}, {"web": {"client_secret": SECRET}}])
def test_an_oauth_client_file_is_told_apart_from_a_key(tmp_path: Path, content: Any) -> None:
    assert "OAuth" in complaints(write(tmp_path, content))[0]
    assert "OAuth" in complaints(write(tmp_path, GOOD | {"google": content}))[0]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    content = {
        "kendalli": "x",
        "google": 5,
        "smtp": {"host": "", "port": "lima", "username": 7, "password": SECRET, "form": "a"},
    }
    said = "\n".join(complaints(write(tmp_path, content)))
    for expected in (
        'isian "kendalli" tidak dikenal. Maksudnya "kendali"?',
        '"kendali" harus berisi',
        '"google" harus berisi',
        'isian "smtp.form" tidak dikenal. Maksudnya "smtp.from"?',
        "belum diisi: smtp.host, smtp.from",
        '"smtp.username" harus berupa tulisan',
        '"smtp.port" harus angka',
    ):
        assert expected in said


@pytest.mark.parametrize(
    ("field", "value"),
    [("port", port) for port in (0, 65536, True, 58.7, "smtp", -1)]
    + [("from", sender) for sender in ("Ruang Rakyat", "kabar@localhost", "a@b@c.org", "a@b.org\nBcc: c@d.org")],
)
def test_a_port_is_a_number_from_1_to_65535_and_the_sender_an_address(
    tmp_path: Path, field: str, value: object
) -> None:
    (said,) = complaints(write(tmp_path, GOOD | {"smtp": SMTP | {field: value}}))
    assert f"smtp.{field}" in said


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"type": "service_account", "private_key": PRIVATE, "token_uri": "x"}, "tidak ada: client_email"),
        (KEY | {"type": "external_account_authorized"}, '"type" harus'),
        ({"kendali": "x"}, '"type" harus'),
        (KEY | {"private_key": SECRET}, '"private_key" rusak'),
        (KEY | {"private_key": PRIVATE.replace("\n", "\\n")}, '"private_key" rusak'),
        (KEY | {"private_key": PRIVATE[:40] + SECRET}, '"private_key" rusak'),
    ],
)
def test_a_key_that_google_would_refuse_is_told_before_google_is_asked(tmp_path: Path, key: Any, expected: str) -> None:
    (inside,) = complaints(write(tmp_path, GOOD | {"google": key}))
    write(tmp_path, key, "kunci.json")
    (beside,) = complaints(write(tmp_path, GOOD | {"google": "kunci.json"}))
    assert expected in inside and expected in beside
    assert "credentials.json" in inside and "kunci.json" in beside


def test_the_example_as_it_is_is_told_what_is_still_to_be_filled_in(tmp_path: Path) -> None:
    example = (TEMPLATES.parent / "credentials.example.json").read_text("utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_credentials(write(tmp_path, example))
    (cause,) = error.value.causes
    assert cause.code == "kendali.kredensial.masih-contoh"
    assert {"kendali", "google.private_key", "smtp.password"} <= set(str(cause.particulars["fields"]).split(", "))
