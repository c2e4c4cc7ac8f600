"""Keys, links and folders: what an operator puts into credentials.json and Sumber."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from automation.cli.screen import load_texts
from automation.sheets.google.client import connect
from automation.sheets.google.links import folder_id, spreadsheet_id
from automation.sheets.google.login import SCOPES
from automation.trouble import ConfigurationError, WorkbookError
from tests.sheets_server.fixtures import ROBOT, Google

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcde"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"  {ID}\n",
        f"https://docs.google.com/spreadsheets/d/{ID}",
        f"https://docs.google.com/spreadsheets/d/{ID}/",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=12#gid=12&range=A5",
        f"https://docs.google.com/spreadsheets/u/0/d/{ID}/edit",
        f"https://docs.google.com/a/example.org/spreadsheets/d/{ID}/edit",
        f"docs.google.com/spreadsheets/d/{ID}/htmlview",
        f"https://drive.google.com/file/d/{ID}/view",
        f"https://drive.google.com/open?id={ID}",
    ],
)
def test_every_usual_link_to_a_spreadsheet_is_understood(text: str) -> None:
    assert spreadsheet_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kecamatan Cipondoh",
        "Cipondoh.xlsx",
        "https://example.org/",
        "https://docs.google.com/spreadsheets/u/0/",
        "https://docs.google.com/spreadsheets/d/e/2PACX-1vTabc/pubhtml",
        f"https://drive.google.com/drive/folders/{ID}",
    ],
)
def test_any_other_text_is_no_spreadsheet_and_an_example_is_shown(google: Google, text: str) -> None:
    with pytest.raises(WorkbookError) as raised:
        connect(google.key).open(text)
    assert "https://docs.google.com/spreadsheets/d/1AbC" in load_texts().say(
        raised.value.code, **raised.value.particulars
    )


def test_a_folder_gives_its_spreadsheets_however_many_there_are(google: Google) -> None:
    folder = google.server.folder("Pengaduan 2026", readers=[ROBOT])
    people = [google.spreadsheet(f"Kecamatan {number}", {"A": []}, folder=folder) for number in range(1_100)]
    google.server.drive.files[people[5].book.id].trashed = True
    google.spreadsheet("Di luar folder", {"A": []})
    found = connect(google.key).folder(f"https://drive.google.com/drive/folders/{folder}")
    assert found == [(person.book.id, person.book.title) for person in people if person is not people[5]]
    assert google.server.count("files.list") == 2


def test_every_usual_link_to_a_folder_is_understood_and_one_that_is_not_shared_says_with_whom_to_share_it(
    google: Google,
) -> None:
    for link in (f"folders/{ID}", f"u/1/folders/{ID}?usp=drive_link", f"mobile/folders/{ID}"):
        assert folder_id(f"https://drive.google.com/drive/{link}") == ID
    assert folder_id(f"https://docs.google.com/spreadsheets/d/{ID}/edit") is None
    folder = google.server.folder("Rahasia")
    with pytest.raises(WorkbookError) as raised:
        connect(google.key).folder(f"https://drive.google.com/drive/folders/{folder}")
    assert raised.value.code == "google.tanpa-akses"
    assert ROBOT in load_texts().say(raised.value.code, **raised.value.particulars)


def test_each_kind_of_login_reads_a_spreadsheet_and_knows_its_address(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key.json").write_text(json.dumps(google.key), "utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    user = google.server.accounts.user("operator@example.org")
    person = google.spreadsheet("Kendali", {"A": [["x"]]}, writers=[ROBOT, "operator@example.org"])
    for settings, address in ((google.key, ROBOT), (user, "operator@example.org"), ("default", ROBOT)):
        client = connect(settings)
        assert client.open(person.book.id).read().tabs[0].rows == [["x"]]
        assert client.address == address


def test_no_more_is_asked_for_than_spreadsheets_and_what_files_are_called(google: Google) -> None:
    connect(google.key).open(google.spreadsheet("x", {}).book.id).read()
    assert {grant.scopes for grant in google.server.accounts.grants.values()} == {frozenset(SCOPES)}
    assert all("readonly" in scope or scope.endswith("/spreadsheets") for scope in SCOPES)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nrusak\n-----END PRIVATE KEY-----\n"}, "google.kunci-keliru"),
        ({"private_key": None}, "google.kunci-keliru"),
        ({"private_key": 5}, "google.kunci-keliru"),
        ({"client_email": ...}, "google.kunci-keliru"),
        ({"type": "apa saja"}, "google.jenis-kunci"),
        ({"type": ...}, "google.jenis-kunci"),
        ({"type": "authorized_user"}, "google.kunci-keliru"),
    ],
)
def test_a_broken_key_is_said_so_without_showing_it(google: Google, change: dict[str, Any], code: str) -> None:
    key = {name: value for name, value in {**google.key, **change}.items() if value is not ...}
    with pytest.raises(ConfigurationError) as raised:
        connect(key)
    cause = raised.value.causes[0]
    assert cause.code == code
    message = load_texts().say(cause.code, **cause.particulars)
    assert "credentials.json" in message
    assert "rusak" not in message
    assert google.key["private_key"][40:80] not in message


def test_default_credentials_that_are_not_there_are_said_so(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ConfigurationError) as raised:
        connect("default")
    assert raised.value.causes[0].code == "google.tanpa-kunci-bawaan"
    assert load_texts().say(raised.value.causes[0].code, **raised.value.causes[0].particulars)
