"""What happens when Google, the network or the login fails: nothing twice, nothing lost, and words that help."""

from __future__ import annotations

from typing import Any

import pytest

from automation.cli.screen import load_texts
from automation.sheets.google.client import GoogleClient, GoogleWorkbook, connect
from automation.sheets.google.failures import TRIES, FailureKind
from automation.sheets.port import CellWrite, Changes
from automation.trouble import Outrun, Trouble, WorkbookError
from tests.sheets_server.fixtures import ROBOT, Google
from tests.sheets_server.people import Person

EVENT = Changes(appends={"Riwayat": [[2, "dua"]]})
BEFORE: list[dict[str, Any]] = [
    {"status": 429},
    {"status": 429, "headers": {"Retry-After": "7"}},
    {"status": 500},
    {"status": 502, "html": True},
    {"status": 503},
    {"status": 504},
    {"html": True},
    {"drop": True},
    {"hang": True},
]
AFTER = [how for how in BEFORE if how.get("status") != 429] + [{"cut": True}]


@pytest.fixture
def person(google: Google) -> Person:
    return google.spreadsheet("Kecamatan Cipondoh", {"Gondrong": [["a"]], "Riwayat": [["Urutan"], [1, "satu"]]})


@pytest.fixture
def client(google: Google) -> GoogleClient:
    client = connect(google.key)
    client.set_timeout(5, 0.2)
    return client


@pytest.fixture
def workbook(client: GoogleClient, person: Person) -> GoogleWorkbook:
    return client.open(person.book.id)


def said(trouble: Trouble) -> str:
    """The message as the operator sees it, and that it names the spreadsheet where it is about one."""
    return load_texts().say(trouble.code, **trouble.particulars)


# Passing faults


@pytest.mark.parametrize("how", [*BEFORE, {"cut": True}], ids=str)
def test_a_read_that_fails_once_is_tried_again(google: Google, workbook: GoogleWorkbook, how: dict[str, Any]) -> None:
    google.server.fail(kind="get", when="after", **how)
    assert workbook.read().tabs[0].rows == [["a"]]
    assert google.server.count("get") == 2


@pytest.mark.parametrize("how", BEFORE, ids=str)
def test_a_commit_that_failed_before_it_was_applied_is_applied_once(
    google: Google, workbook: GoogleWorkbook, person: Person, how: dict[str, Any]
) -> None:
    seen = workbook.read()
    google.server.fail(kind="batchUpdate", when="before", **how)
    workbook.commit(EVENT, seen)
    assert person.values("Riwayat") == [["Urutan"], [1, "satu"], [2, "dua"]]


@pytest.mark.parametrize("how", AFTER, ids=str)
def test_a_commit_that_was_applied_unnoticed_is_outrun_by_itself(
    google: Google, workbook: GoogleWorkbook, person: Person, how: dict[str, Any]
) -> None:
    seen = workbook.read()
    google.server.fail(kind="batchUpdate", when="after", **how)
    with pytest.raises(Outrun):
        workbook.commit(EVENT, seen)
    assert google.server.count("batchUpdate") == 2
    assert person.values("Riwayat") == [["Urutan"], [1, "satu"], [2, "dua"]]


def test_a_token_that_ran_out_is_renewed(google: Google, workbook: GoogleWorkbook) -> None:
    workbook.read()
    google.server.accounts.expire()
    assert workbook.read().tabs[0].rows == [["a"]]
    assert google.server.count("token") == 2


def test_a_used_up_quota_is_waited_out(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.quota.per_user = 3
    for _ in range(3):
        workbook.read()
    google.server.before("get", lambda: None)
    google.server.before("get", lambda: google.server.quota.advance(60))
    workbook.read()
    assert google.server.count("get") == 5


# Lasting faults


def test_a_lasting_quota_error_ends_after_a_bounded_number_of_tries(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.fail(kind="get", status=429, times=1000)
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert raised.value.code == "google.kuota"
    assert google.server.count("get") == TRIES[FailureKind.QUOTA] < 10
    assert "Kecamatan Cipondoh" in said(raised.value)


@pytest.mark.parametrize("how", [{"status": 503}, {"html": True}, {"drop": True}], ids=str)
def test_a_lasting_outage_ends_soon_and_names_the_spreadsheet(
    google: Google, workbook: GoogleWorkbook, how: dict[str, Any]
) -> None:
    google.server.fail(kind="get", times=1000, **how)
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert raised.value.code == "google.tak-terjangkau"
    assert google.server.count("get") == TRIES[FailureKind.OUTAGE]
    assert "Kecamatan Cipondoh" in said(raised.value)


def test_no_network_at_all_is_an_error_of_that_workbook(
    workbook: GoogleWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert raised.value.code == "google.tak-terjangkau"


def test_a_missing_certificate_bundle_is_an_error_of_that_workbook(
    workbook: GoogleWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/tidak/ada.pem")
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert said(raised.value)


@pytest.mark.parametrize(
    "how", [{"status": 400}, {"status": 404, "html": True}, {"status": 413, "html": True}], ids=str
)
@pytest.mark.parametrize("kind", ["files.get", "get", "batchUpdate"])
def test_whatever_google_answers_it_is_an_error_of_that_workbook(
    google: Google, workbook: GoogleWorkbook, kind: str, how: dict[str, Any]
) -> None:
    google.server.fail(kind=kind, **how)
    with pytest.raises(WorkbookError) as raised:
        workbook.commit(EVENT, workbook.read())
    assert not isinstance(raised.value, Outrun)
    assert said(raised.value)
    assert google.server.count(kind) == 1


# Access


def test_a_spreadsheet_that_is_not_shared_says_with_whom_to_share_it(google: Google, client: GoogleClient) -> None:
    person = google.spreadsheet("Rahasia", {"A": []}, writers=[])
    with pytest.raises(WorkbookError) as raised:
        client.open(person.book.id).read()
    assert raised.value.code == "google.tanpa-akses"
    assert ROBOT in said(raised.value)
    assert person.book.id in said(raised.value)


def test_for_a_person_s_login_google_is_asked_whom_to_share_with(google: Google) -> None:
    person = google.spreadsheet("Rahasia", {"A": []}, writers=[])
    client = connect(google.server.accounts.user("operator@example.org"))
    with pytest.raises(WorkbookError) as raised:
        client.open(person.book.id).read()
    assert "operator@example.org" in said(raised.value)


def test_access_that_was_taken_away_later_is_said_by_name(
    google: Google, workbook: GoogleWorkbook, person: Person
) -> None:
    seen = workbook.read()
    google.server.drive.files[person.book.id].writers.clear()
    for act in (workbook.read, lambda: workbook.commit(EVENT, seen)):
        with pytest.raises(WorkbookError) as raised:
            act()
        assert "Kecamatan Cipondoh" in said(raised.value)
        assert ROBOT in said(raised.value)


def test_a_spreadsheet_in_the_bin_is_said_so(google: Google, workbook: GoogleWorkbook, person: Person) -> None:
    google.server.drive.files[person.book.id].trashed = True
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert raised.value.code == "google.tempat-sampah"
    assert "Kecamatan Cipondoh" in said(raised.value)


def test_a_spreadsheet_that_can_only_be_read_is_said_before_anything_is_written(
    google: Google, client: GoogleClient
) -> None:
    person = google.spreadsheet("Hanya Baca", {"A": []}, writers=[], readers=[ROBOT])
    with pytest.raises(WorkbookError) as raised:
        client.open(person.book.id).read()
    assert raised.value.code == "google.hanya-baca"
    assert ROBOT in said(raised.value)


def test_an_api_that_is_not_switched_on_says_where_to_switch_it_on(google: Google, workbook: GoogleWorkbook) -> None:
    page = "https://console.developers.google.com/apis/api/drive.googleapis.com/overview?project=123"
    message = (
        f"Google Drive API has not been used in project 123 before or it is disabled. Enable it by visiting {page} "
    )
    message += "then retry."
    google.server.fail(kind="files.get", status=403, message=message, reason="accessNotConfigured")
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert raised.value.code == "google.api-mati"
    assert f"{page}," in said(raised.value)


def test_cells_that_people_locked_against_the_robot_are_said_so_and_nothing_is_written(
    google: Google, workbook: GoogleWorkbook, person: Person
) -> None:
    whole = {"range": {"sheetId": 0}, "editors": {"users": ["koordinator@example.org"]}}
    seen = workbook.read()
    person.book.protected[1] = whole
    with pytest.raises(WorkbookError) as raised:
        workbook.commit(Changes(EVENT.new_tabs, EVENT.appends, [CellWrite("0", 1, 0, "x")]), seen)
    assert raised.value.code == "google.terlindung"
    assert ROBOT in said(raised.value)
    assert person.values("Riwayat") == [["Urutan"], [1, "satu"]]


# Login


def test_a_revoked_key_is_said_so(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.accounts.revoke(ROBOT)
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert raised.value.code == "google.kunci-dicabut"
    assert google.server.count("token") == 1
    assert said(raised.value)


def test_a_wrong_clock_is_said_so(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.accounts.skewed = True
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert raised.value.code == "google.jam-meleset"
    assert "jam" in said(raised.value)


def test_a_login_that_allows_too_little_says_what_to_allow(google: Google, person: Person) -> None:
    only = frozenset({"https://www.googleapis.com/auth/spreadsheets"})
    key = google.server.accounts.user("operator@example.org", scopes=only)
    with pytest.raises(WorkbookError) as raised:
        connect(key).open(person.book.id).read()
    assert raised.value.code == "google.izin-kurang"
    assert "drive.metadata.readonly" in said(raised.value)


def test_a_refused_login_is_an_error_of_that_workbook(google: Google, person: Person) -> None:
    key = {**google.server.accounts.user("operator@example.org"), "client_secret": "salah"}
    with pytest.raises(WorkbookError) as raised:
        connect(key).open(person.book.id).read()
    assert raised.value.code == "google.login-ditolak"
    assert said(raised.value)


def test_no_message_shows_a_token_or_a_key(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.fail(kind="get", status=401, times=9)
    with pytest.raises(WorkbookError) as raised:
        workbook.read()
    assert "ya29" not in str(raised.value) + said(raised.value)
