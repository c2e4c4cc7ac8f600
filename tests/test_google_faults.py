"""What happens when Google, the network or the login fails: nothing twice, nothing lost, and words that help."""

import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Literal

import gspread
import pytest
import requests

from automation.cli.compose import jakarta_now
from automation.cli.screen import load_texts
from automation.config.defaults import load_kelurahan
from automation.model.cells import serial_of
from automation.sheets.google import client as google_client, session
from automation.sheets.google.client import GoogleClient, GoogleWorkbook, connect
from automation.sheets.google.failures import LONGEST_WAIT, TRIES, FailureKind, call_patiently
from automation.sheets.google.session import SCOPES, Pace, credentials_of
from automation.sheets.links import folder_id, spreadsheet_id
from automation.sheets.port import A_MINUTE, CellWrite, Changes
from automation.trouble import ConfigurationError, Outrun, Trouble, WorkbookError
from tests.google_city import City
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
def client(google: Google, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> GoogleClient:
    hangs = "hang" in request.node.name  # a busy machine's own answer must not come too late
    monkeypatch.setattr(session, "TIMEOUT", (5, 0.5 if hangs else 30))
    return connect(google.key)


@pytest.fixture
def workbook(client: GoogleClient, person: Person) -> GoogleWorkbook:
    return client.open(person.book.id)


def said(trouble: Trouble) -> str:
    """The message as the operator sees it, and that it names the spreadsheet where it is about one."""
    return load_texts().say(trouble.code, **trouble.particulars)


def refusal(act: Callable[[], object], *words: str) -> WorkbookError:
    """What is raised, in words that hold these."""
    with pytest.raises(WorkbookError) as raised:
        act()
    assert all(word in said(raised.value) for word in words)
    return raised.value


@pytest.mark.parametrize("how", [*BEFORE, {"cut": True}], ids=str)
def test_a_read_that_fails_once_is_tried_again(google: Google, workbook: GoogleWorkbook, how: dict[str, Any]) -> None:
    google.server.fail(kind="get", when="after", **how)
    assert workbook.read().tabs[0].rows == [["a"]]
    assert google.server.count("get") == 2


@pytest.mark.parametrize(
    ("when", "how"), [("before", how) for how in BEFORE] + [("after", how) for how in AFTER], ids=str
)
def test_a_commit_whose_answer_fails_is_applied_once_and_outrun_by_itself_if_it_was_applied_unnoticed(
    google: Google, workbook: GoogleWorkbook, person: Person, when: Literal["before", "after"], how: dict[str, Any]
) -> None:
    seen = workbook.read()
    google.server.fail(kind="batchUpdate", when=when, **how)
    with pytest.raises(Outrun) if when == "after" else nullcontext():
        workbook.commit(EVENT, seen)
    assert when == "before" or google.server.count("batchUpdate") == 2
    assert person.values("Riwayat") == [["Urutan"], [1, "satu"], [2, "dua"]]


def test_a_token_that_ran_out_is_renewed(google: Google, workbook: GoogleWorkbook) -> None:
    workbook.read()
    google.server.accounts.expire()
    assert workbook.read().tabs[0].rows == [["a"]]
    assert google.server.count("token") == 2


def test_a_page_in_place_of_a_token_is_google_failing_and_no_mistake_of_the_programs(
    google: Google, workbook: GoogleWorkbook
) -> None:
    google.server.fail(kind="token", html=True)
    assert workbook.read().tabs[0].rows == [["a"]]
    google.server.accounts.expire()
    google.server.fail(kind="token", times=1000, html=True)
    refusal(workbook.read, "Google", "Kecamatan Cipondoh")


def test_a_used_up_quota_is_waited_out(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.quota.per_user = 3
    for _ in range(3):
        workbook.read()
    google.server.before("get", lambda: None)
    google.server.before("get", lambda: google.server.quota.advance(60))
    workbook.read()
    assert google.server.count("get") == 5


@pytest.mark.parametrize("how", [{"status": 429}, {"status": 503}, {"html": True}, {"drop": True}], ids=str)
def test_a_lasting_fault_ends_after_a_bounded_number_of_tries_and_names_the_spreadsheet(
    google: Google, workbook: GoogleWorkbook, how: dict[str, Any]
) -> None:
    google.server.fail(kind="get", times=1000, **how)
    quota = how.get("status") == 429
    error = refusal(workbook.read, "Kecamatan Cipondoh")
    assert error.code == ("google.kuota" if quota else "google.tak-terjangkau")
    # What Google itself fails at is asked for once more, tab by tab.
    again = 1 if how.get("status") == 503 else 0
    assert google.server.count("get") == TRIES[FailureKind.QUOTA if quota else FailureKind.OUTAGE] + again < 10


@pytest.mark.parametrize(
    ("variable", "value"), [("HTTPS_PROXY", "http://127.0.0.1:9"), ("REQUESTS_CA_BUNDLE", "/tidak/ada.pem")]
)
def test_without_a_network_or_certificates_it_is_an_error_of_that_workbook(
    workbook: GoogleWorkbook, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert refusal(workbook.read).code == "google.tak-terjangkau" or variable == "REQUESTS_CA_BUNDLE"


@pytest.mark.parametrize(
    "how",
    [
        {"status": 400},
        {"status": 404, "html": True},
        {"status": 413, "html": True},
        {"status": 404, "html": '{"error": "?"}'},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["files.get", "get", "batchUpdate"])
def test_whatever_google_answers_it_is_an_error_of_that_workbook(
    google: Google, workbook: GoogleWorkbook, kind: str, how: dict[str, Any]
) -> None:
    google.server.fail(kind=kind, **how)
    assert not isinstance(refusal(lambda: workbook.commit(EVENT, workbook.read())), Outrun)
    assert google.server.count(kind) == 1


def test_a_spreadsheet_that_is_not_shared_or_can_only_be_read_says_with_whom_to_share_it(
    google: Google, client: GoogleClient
) -> None:
    person = google.spreadsheet("Rahasia", {"A": []}, writers=[])
    id = person.book.id
    assert refusal(client.open(id).read, ROBOT, id).code == "google.tanpa-akses"
    refusal(connect(google.server.accounts.user("operator@example.org")).open(id).read, "operator@example.org")
    person = google.spreadsheet("Hanya Baca", {"A": []}, writers=[], readers=[ROBOT])
    assert refusal(client.open(person.book.id).read, ROBOT).code == "google.hanya-baca"


def test_access_that_was_taken_away_later_and_a_spreadsheet_in_the_bin_are_said_by_name(
    google: Google, workbook: GoogleWorkbook, person: Person
) -> None:
    file = google.server.drive.files[person.book.id]
    file.trashed = True
    assert refusal(workbook.read, "Kecamatan Cipondoh").code == "google.tempat-sampah"
    file.trashed = False
    seen = workbook.read()
    file.writers.clear()
    for act in (workbook.read, lambda: workbook.commit(EVENT, seen)):
        refusal(act, "Kecamatan Cipondoh", ROBOT)


def test_an_api_that_is_not_switched_on_says_where_to_switch_it_on(google: Google, workbook: GoogleWorkbook) -> None:
    page = "https://console.developers.google.com/apis/api/drive.googleapis.com/overview?project=123"
    message = "Google Drive API has not been used in project 123 before or it is disabled. Enable it by visiting "
    message += f"{page} then retry."
    google.server.fail(kind="files.get", status=403, message=message, reason="accessNotConfigured")
    assert refusal(workbook.read, f"{page},").code == "google.api-mati"


def test_cells_that_people_locked_against_the_robot_are_said_so_and_nothing_is_written(
    workbook: GoogleWorkbook, person: Person
) -> None:
    seen = workbook.read()
    person.book.protected[1] = {"range": {"sheetId": 0}, "editors": {"users": ["koordinator@example.org"]}}
    changes = Changes(EVENT.new_tabs, EVENT.appends, [CellWrite("0", 1, 0, "x")])
    with pytest.raises(Outrun):  # it may have happened just now: whoever reads again sees it, and asks for less
        workbook.commit(changes, seen)
    assert refusal(lambda: workbook.commit(changes, workbook.read()), ROBOT).code == "google.terlindung"
    assert person.values("Riwayat") == [["Urutan"], [1, "satu"]]


def test_a_revoked_key_and_a_wrong_clock_are_said_so(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.accounts.skewed = True
    assert refusal(workbook.read, "jam").code == "google.jam-meleset"
    google.server.accounts.skewed = False
    google.server.accounts.revoke(ROBOT)
    tokens = google.server.count("token")
    assert refusal(workbook.read).code == "google.kunci-dicabut"
    assert google.server.count("token") == tokens + 1


def test_a_login_that_allows_too_little_or_is_refused_says_what_to_allow(google: Google, person: Person) -> None:
    only = frozenset({"https://www.googleapis.com/auth/spreadsheets"})
    key = google.server.accounts.user("operator@example.org", scopes=only)
    error = refusal(connect(key).open(person.book.id).read, "drive.metadata.readonly")
    assert error.code == "google.izin-kurang"
    wrong = connect({**key, "client_secret": "salah"}).open(person.book.id)
    assert refusal(wrong.read).code == "google.login-ditolak"


def test_what_netrc_says_of_every_machine_does_not_speak_for_the_robot(
    client: GoogleClient, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (netrc := tmp_path / "netrc").write_text("default login operator password rahasia\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert client.open(person.book.id).read().tabs


def test_no_message_shows_a_token_or_a_key(google: Google, workbook: GoogleWorkbook) -> None:
    google.server.fail(kind="get", status=401, times=9)
    error = refusal(workbook.read)
    assert "ya29" not in str(error) + said(error)


# How long the program waits before it tries again


class Busy(Exception):
    """The other side can't answer now."""

    def __init__(self, response: requests.Response | None = None) -> None:
        self.response = response


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every wait, in seconds, without waiting."""
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


def always_busy() -> None:
    raise Busy


def asks_to_wait(seconds: float) -> None:
    answer = requests.Response()
    answer.status_code, answer.headers["Retry-After"] = 429, str(int(seconds))
    raise Busy(answer)


def test_waits_grow_and_differ_and_nothing_is_said_of_them(
    waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        with pytest.raises(Busy):
            call_patiently(always_busy, lambda _: 7)
    first, second = waits[:6], waits[6:]
    assert first != second
    for wait, least in zip(first, (1, 2, 4, 8, 16, 32), strict=True):
        assert least <= wait <= least + 1
    assert not caplog.records, "what no log takes in is printed"


@pytest.mark.parametrize(
    ("tries", "least", "most"),
    [(TRIES[FailureKind.QUOTA], 60, 90), (TRIES[FailureKind.OUTAGE], 5, 15), (1, 0, 0.1)],
    ids=["longer than the minute a quota is metered by", "not long for an outage", "what trying again can't mend"],
)
def test_how_long_is_waited_in_all(waits: list[float], tries: int, least: float, most: float) -> None:
    with pytest.raises(Busy):
        call_patiently(always_busy, lambda _: tries)
    assert least <= sum(waits) < most


@pytest.mark.parametrize(("each", "calls"), [(1, TRIES[FailureKind.OUTAGE]), (180, 1)])
def test_what_takes_google_minutes_to_fail_at_is_not_tried_again_while_others_wait(
    waits: list[float], monkeypatch: pytest.MonkeyPatch, each: int, calls: int
) -> None:
    begun, tried = time.monotonic(), list[int]()

    def slow() -> None:
        tried.append(each)
        raise Busy

    monkeypatch.setattr(time, "monotonic", lambda: begun + sum(tried) + sum(waits))
    with pytest.raises(Busy):
        call_patiently(slow, lambda _: TRIES[FailureKind.OUTAGE])
    assert len(tried) == calls


def test_what_the_other_side_asks_to_wait_is_waited_up_to_a_limit(waits: list[float]) -> None:
    for after in (17.0, 86_400.0):
        with pytest.raises(Busy):
            call_patiently(partial(asks_to_wait, after), lambda _: 2)
    assert 17 <= waits[0] <= 18
    assert LONGEST_WAIT <= waits[1] <= LONGEST_WAIT + 1


# What a minute allows is kept


def test_more_than_a_minute_allows_waits_and_is_never_refused(google: Google) -> None:
    quota = google.server.quota
    quota.per_user = A_MINUTE
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        quota.advance(seconds)

    person = google.spreadsheet("Kecamatan Cipondoh", {})
    client = GoogleClient(gspread.Client(credentials_of(google.key)[0]), ROBOT, Pace(lambda: quota.now, sleep))
    workbook = client.open(person.book.id)
    for _ in range(2 * A_MINUTE + 1):
        workbook.read()
        quota.advance(0.5)
    assert {seen.status for seen in google.server.requests} == {200}
    assert max(waits) <= 1 and sum(waits) + 0.5 * 2 * A_MINUTE == pytest.approx(120, abs=0.1)


class Minute:
    """A pace whose clock only its own waits move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pace = Pace(lambda: self.now, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def send(self, times: int = 1, *, reading: bool = True) -> float:
        """When the last of so many is sent."""
        for _ in range(times):
            with self.pace.turn(reading=reading):
                sent = self.now
        return sent


def test_reads_and_writes_are_counted_apart_and_an_old_one_no_more() -> None:
    minute = Minute()
    assert minute.send(A_MINUTE) == minute.send(A_MINUTE, reading=False) == 0
    minute.now = 59
    assert minute.send(reading=False) == 60
    minute.now = 70
    assert minute.send() == 70


def test_a_refusal_slows_all_requests_for_as_long_as_it_says_and_then_no_more_are_sent_than_fitted() -> None:
    minute, done = Minute(), []
    minute.pace.meanwhile = lambda: done.append(minute.now)
    minute.send(A_MINUTE // 2 + 1)
    minute.pace.refused(7, reading=True)
    assert minute.send(reading=False) == 7 == len(done), "also what writes"
    assert minute.send() == 60 and minute.send(A_MINUTE // 2 - 1) == 60 and minute.send() == 120
    minute.now = 700
    assert minute.send(A_MINUTE) == 700, "not for ever"


@pytest.mark.long
def test_a_cold_cycle_over_more_spreadsheets_than_a_minute_allows_meets_no_refusal(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = City.prepared(google, tmp_path, "Benda", "Cibodas", "Periuk")
    tab = {
        name: next(place.name for place in load_kelurahan() if place.kecamatan == name) for name in city.spreadsheets
    }
    assert city.run("sync") == 0, "Kendali keeps what people's tabs say"
    today = serial_of(jakarta_now().date())
    for number, name in enumerate([*tab] * 3):
        who = f"Warga {number}", f"08120000{number:04}"
        city.type(name, tab[name], who[0], name=who[0], phone=who[1], received=today, category="Jalan & Drainase")
    quota, slept = google.server.quota, list[float]()
    quota.advance(60)
    quota.per_user = few = 3

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        quota.advance(seconds)

    monkeypatch.setattr(session, "A_MINUTE", few)
    monkeypatch.setattr(google_client, "Pace", partial(Pace, lambda: quota.now, sleep))
    google.server.requests.clear()
    assert city.run("sync") == 0
    reads, writes = google.server.count("get"), google.server.count("batchUpdate")
    assert (reads, writes) == (5, 4) and all(all(city.tickets(name, tab[name]).values()) for name in tab)
    assert {seen.status for seen in google.server.requests} == {200}
    assert sum(slept) <= 1.15 * 60 * ((reads - 1) // few)


# Keys, links and folders: what an operator puts into credentials.json and Sumber


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
