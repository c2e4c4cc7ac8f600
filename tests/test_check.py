"""`check` finds what is wrong with a set-up, says the cure, and is silent where nothing is."""

import json
import runpy
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, NoReturn

import pytest
import trustme
from filelock import FileLock

from automation import __version__
from automation.cli import check
from automation.cli.compose import compose, jakarta_now
from automation.cli.screen import Level
from automation.cli.state import Heartbeat, is_running, only_copy
from automation.model.cells import Value
from automation.tables import intake
from automation.tables.kendali import JOURNAL, MAILS, RECIPIENTS, REGISTER, SETTINGS, SOURCES
from tests.conftest import Say
from tests.google_city import City, link
from tests.operator_desk import Desk
from tests.sheets_server.drive import ANYONE
from tests.sheets_server.fixtures import Google
from tests.sites import below, protected, refused, typed, wiped
from tests.smtp_server import HOST, PASSWORD, USERNAME, Server, smtp_server
from tests.test_cycle_failures import NEWER
from tests.town import WORDS

Patch = pytest.MonkeyPatch
#: What is looked at where credentials.json can be read.
THINGS = {key.rpartition(".")[2] for key in WORDS.entries if key.startswith("periksa.hal.")} - {"kredensial"}
pytestmark = pytest.mark.sampled(tests=16)


class House(City):
    """A city on Google as it should be: mail goes out, and the copy of the journals lies apart."""

    def __init__(self, google: Google, folder: Path, post: Server, authority: trustme.CA) -> None:
        super().__init__(google, folder, "Cipondoh")
        self.post, self.authority = post, authority
        self.backup = google.spreadsheet("Cadangan", {})
        self.smtp = {"host": HOST, "port": post.port, "username": USERNAME, "password": PASSWORD, "from": USERNAME}
        self.set_up()
        self.tell()
        self.once("a house", self._begin, self.backup)
        self.note()
        self.credentials.chmod(0o600)

    def _begin(self) -> None:
        self.subscribe("ratna@fraksi.example")
        assert self.run("setup") == 0
        self.type("Cipondoh", "Gondrong", "lastri", name="Sulastri", category="Jalan & Drainase")
        assert self.run("sync") == 0

    def tell(self, smtp: Mapping[str, object] | None = None, **more: Any) -> None:
        """credentials.json, complete but for what is said otherwise."""
        self.enter(smtp={**self.smtp, **(smtp or {})}, cadangan=link(self.backup), **more)

    def file(self, name: str) -> Any:
        return self.google.server.drive.files[self.person(name).book.id]

    def keep(self, book: str) -> Callable[[], object]:
        return lambda: None

    def setting(self, name: str, value: Value) -> None:
        at = [row[0] for row in self.rows("Kendali", SETTINGS)].index(name)
        self.put("Kendali", SETTINGS, {(at, 1): value})

    def note(self, **changes: Any) -> None:
        """As if the last cycle had been another."""
        now = {"began": jakarta_now().isoformat(), "seconds": 1.0, **changes}
        (self.folder / f".{self.credentials.name}.siklus").write_text(json.dumps(now), "utf-8")


@pytest.fixture
def house(google: Google, trusted: trustme.CA, tmp_path: Path) -> Iterator[House]:
    with smtp_server(trusted) as server:
        yield House(google, tmp_path, server, trusted)


def looked_at(house: House, say: Say, *options: str) -> tuple[int, list[dict[str, str]]]:
    say()
    code = house.run("check", "--json", *options)
    return code, json.loads(say())


def wrong(lines: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(line["thing"], line["words"]) for line in lines if line["level"] != Level.WELL]


# Faults -------------------------------------------------------------------------------------------------------------


Plant = Callable[[House, Patch], object]


def another_key(house: House, _: Patch) -> None:
    house.tell(google={**house.google.key, "private_key": house.google.key["private_key"][:40]})


def revoked(house: House, _: Patch) -> None:
    house.google.server.accounts.revoke(house.google.key["client_email"])


def another_server(house: House, patch: Patch, **how: Any) -> None:
    """Mail goes to a server of another kind, for as long as the test lasts."""
    context = smtp_server(house.authority, **how)
    server = context.__enter__()
    patch.setattr(house, "leave", lambda: context.__exit__(None, None, None), raising=False)
    house.tell({"port": server.port})


def english(house: House, _: Patch, name: str = "Cipondoh") -> None:
    house.person(name).book.properties["locale"] = "en_US"


def never_copied(house: House, _: Patch) -> None:
    """A city whose copy lies in Kendali: it has no case yet."""
    house.enter(smtp=house.smtp)
    house.put("Kendali", REGISTER, {(1, at): None for at in range(len(REGISTER.headings))})


def clock_off(_: House, patch: Patch) -> None:
    real = BaseHTTPRequestHandler.date_time_string
    ahead = timedelta(minutes=10).total_seconds()

    def later(self: Any, timestamp: float | None = None) -> str:
        return real(self, (timestamp or time.time()) + ahead)

    patch.setattr(BaseHTTPRequestHandler, "date_time_string", later)


def disk_full(_: House, patch: Patch) -> None:
    patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))


def newer_format(house: House, _: Patch) -> None:
    person = house.person("Cipondoh")
    below = len(person.values(JOURNAL))
    for column, value in enumerate(NEWER):
        person.set(JOURNAL, below, column, value)


def mail_refused(house: House, _: Patch) -> None:
    """To one of those who are told; what goes to others arrives."""
    now, to = f"{jakarta_now():%Y-%m-%dT%H:%M:%S+07:00}", str(house.rows("Kendali", RECIPIENTS)[1][1])
    for number, (email, state) in enumerate({to: "gagal sementara: 451 4.3.0", "a@b.c": "terkirim"}.items(), start=1):
        row = (now, f"harian:x:{email}", "harian", email, state, "")
        house.put("Kendali", MAILS, {(number, column): value for column, value in enumerate(row)})


def own_words(house: House, _: Patch) -> None:
    (house.folder / "templat" / "harian").mkdir(parents=True)
    (house.folder / "templat" / "harian" / "isi.txt").write_text("{{ apa }}", "utf-8")


def own_message(house: House, _: Patch) -> None:
    (house.folder / "templat" / "pesan").mkdir(parents=True)
    (house.folder / "templat" / "pesan" / "surat.toml").write_text('putusan.pada = "{kapan}"', "utf-8")


def stuck(house: House, patch: Patch) -> None:
    """`run` holds its lock, and has not read for hours."""
    lock = FileLock(house.folder / f".{house.credentials.name}.kunci")
    lock.acquire()
    patch.setattr(house, "leave", lock.release, raising=False)
    house.note(began=(jakarta_now() - timedelta(hours=5)).isoformat())


def read_elsewhere(house: House, _: Patch) -> None:
    """Another robot has read since this one did."""
    house.note(began=(jakarta_now() - timedelta(minutes=30)).isoformat())


def too_many(house: House, patch: Patch) -> None:
    patch.setattr(check, "A_MINUTE", 1)
    house.setting("Jeda Sinkron", 1)


def holidays_end(_: House, patch: Patch) -> None:
    patch.setattr(check, "known_through", lambda: jakarta_now().year - 1)


FAULTS: dict[str, tuple[Plant, str, str]] = {
    "a broken key": (another_key, "kredensial", "kunci"),
    "a key that was withdrawn": (revoked, "google", "kunci"),
    "no JSON": (lambda house, _: house.credentials.write_text("{", "utf-8"), "kredensial", "credentials.json"),
    "a file others may open": (lambda house, _: house.credentials.chmod(0o644), "rahasia", "chmod"),
    "Kendali not shared": (lambda house, _: house.file("Kendali").writers.clear(), "google", "Bagikan kepada"),
    "a spreadsheet not shared": (lambda house, _: house.file("Cipondoh").writers.clear(), "sumber", "Bagikan kepada"),
    "one in the bin": (lambda house, _: setattr(house.file("Cipondoh"), "trashed", True), "sumber", "sampah"),
    "a link to nowhere": (lambda house, _: house.put("Kendali", SOURCES, {(1, 1): "besok"}), "sumber", "betulkan tautannya"),
    "an English spreadsheet": (english, "sumber", "setup --locale"),
    "an English Kendali": (partial(english, name="Kendali"), "kendali", "setup --locale"),
    "a protected tab": (lambda house, _: protected("Gondrong", book="Cipondoh")(house), "sumber", "Lindungi"),
    "headings wiped": (lambda house, _: wiped("Cipondoh", "Gondrong", 2, 3)(house), "sumber", "Gondrong"),
    "a heading misspelled": (lambda house, _: typed("Cipondoh", "Gondrong", "Uraian", "Uarain")(house), "sumber", "Uraian"),
    "a setting that can't be": (lambda house, _: house.setting("Jam Kabar Harian", "besok pagi"), "kendali", "besok pagi"),
    "a tab of Kendali gone": (lambda house, _: house.person("Kendali").delete_tab("Libur"), "kendali", "Libur"),
    "a port nobody listens at": (lambda house, _: house.tell({"port": 1}), "surat", "port pada bagian smtp"),
    "a wrong password": (lambda house, _: house.tell({"password": "salah"}), "surat", "sandi"),
    "an expired certificate": (lambda house, patch: another_server(house, patch, expired=True), "surat", "expired"),
    "another's certificate": (lambda house, patch: another_server(house, patch, name="lain.example"), "surat", "nama host"),
    "no encryption": (lambda house, patch: another_server(house, patch, tls=False), "surat", "STARTTLS"),
    "no mail server": (lambda house, _: house.enter(cadangan=link(house.backup)), "surat", "smtp"),
    "nobody to be told": (lambda house, _: house.person("Kendali").delete_row(RECIPIENTS, 1), "kabar", "Penerima"),
    "the last mail refused": (mail_refused, "kabar", "451"),
    "a clock off by ten minutes": (clock_off, "jam", "10 menit"),
    "a full disk": (disk_full, "folder", "5 MB"),
    "a copy that others read": (lambda house, _: house.google.server.drive.files[house.backup.book.id].readers.add(ANYONE), "cadangan", "Cabut akses"),
    "no copy": (never_copied, "cadangan", "setup"),
    "a copy that this machine is not told of": (lambda house, _: house.enter(smtp=house.smtp), "google", '"cadangan" di credentials.json'),
    "a newer format": (newer_format, "sumber", "versi"),
    "a second robot": (read_elsewhere, "robot", "hentikan salah satunya"),
    "a run that is stuck": (stuck, "siklus", "jalankan lagi"),
    "nobody at work": (lambda house, _: house.note(began="2026-01-02T03:04:05+07:00"), "siklus", "run"),
    "a cycle longer than the pause": (lambda house, _: house.note(seconds=4000), "siklus", "Jeda Sinkron"),
    "more than the quota": (too_many, "kuota", "Jeda Sinkron"),
    "holidays not known": (holidays_end, "libur", "holidays"),
    "own words with a slip": (own_words, "kata", "templat/harian/isi.txt"),
    "an own message with a slip": (own_message, "kata", "templat/pesan/surat.toml"),
    "Google as nobody knows it": (lambda house, _: house.google.server.fail(kind="batchUpdate", status=400, times=50, message="Invalid requests[0]: No."), "google", ""),
}  # fmt: skip


@pytest.mark.sampled(12)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_its_cure_said(house: House, say: Say, monkeypatch: Patch, fault: str) -> None:
    plant, thing, words = FAULTS[fault]
    plant(house, monkeypatch)
    try:
        code, lines = looked_at(house, say)
    finally:
        getattr(house, "leave", lambda: None)()
    found = wrong(lines)
    assert any(name == thing and words in said for name, said in found), found
    assert {name for name, _ in found} <= {thing, "robot"}, "and nothing else is blamed"
    assert len({said for _, said in found}) == len(found), "each is told once"
    assert (code == 0) == all(line["level"] != Level.WRONG for line in lines)


def test_what_only_a_cycle_that_writes_can_meet_is_told_as_the_last_one_met_it(house: House, say: Say) -> None:
    """People have made a table of a tab, with a column that takes nothing of the program's."""
    undo = refused("updateCells", "Gondrong", intake.TICKET, book="Cipondoh")(house)
    house.type("Cipondoh", "Gondrong", "yati", category="Jalan & Drainase")
    assert house.run("sync") == 1
    code, lines = looked_at(house, say)
    ((thing, words),) = wrong(lines)
    assert (thing, code) == ("sumber", 0) and "tab Gondrong" in words and "Konversi ke tabel" in words
    undo()
    assert house.run("sync") == 0
    assert wrong(looked_at(house, say)[1]) == []


def test_of_a_spreadsheet_that_cannot_be_read_it_is_told_since_when(house: House, say: Say) -> None:
    house.file("Cipondoh").trashed = True
    ((_, words),) = [found for found in wrong(looked_at(house, say)[1]) if found[0] == "sumber"]
    assert f"Terakhir terbaca {jakarta_now():%d/%m/%Y}" in words


def test_an_older_python_is_told_before_anything_is_imported(
    monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12, "final", 0))
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("automation", run_name="__main__")
    assert ended.value.code == 2 and "Python 3.11" in capsys.readouterr().err


# Healthy ------------------------------------------------------------------------------------------------------------


def elsewhere(house: House) -> tuple[str, ...]:
    (house.folder / "negara").mkdir(mode=0o700)
    return "--state", str(house.folder / "negara")


def at_work(house: House) -> None:
    FileLock(house.folder / f".{house.credentials.name}.kunci").acquire()
    house.note()


WELL: dict[str, Callable[[House], Any]] = {
    "as it was set up": lambda _: None,
    "a second spreadsheet": lambda house: house.google.spreadsheet("Catatan", {"Apa": [["saja"]]}),
    "a folder of its own": elsewhere,
    "run at work": at_work,
    "a lock left behind": lambda house: (house.folder / f".{house.credentials.name}.kunci").touch(),
    "a protected tab that warns": protected("Gondrong", book="Cipondoh", warningOnly=True),
    "people's columns protected": protected("Gondrong", below(intake.NAME, intake.DESCRIPTION), book="Cipondoh"),
    "a row that waits for its volunteer": lambda house: house.type("Cipondoh", "Gondrong", "x", phone="12"),
    "words of its own": lambda house: (house.folder / "templat").mkdir(),
    "mail sent": lambda house: house.run("digest", "harian", "--date", f"{jakarta_now():%Y-%m-%d}"),
    "a note nobody can read": lambda house: (house.folder / f".{house.credentials.name}.siklus").write_text("[]", "utf-8"),
}  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("how", WELL)
def test_a_healthy_set_up_is_all_green_and_nothing_is_changed(house: House, say: Say, how: str) -> None:
    options = WELL[how](house)
    before = [house.person(name).book.copy() for name in ("Kendali", "Cipondoh")]
    say()
    code, lines = looked_at(house, say, *(options if isinstance(options, tuple) else ()))
    assert wrong(lines) == [] and code == 0
    assert {line["thing"] for line in lines} == THINGS
    for was, name in zip(before, ("Kendali", "Cipondoh"), strict=True):
        stands = house.person(name).book
        assert [sheet.title for sheet in stands.sheets] == [sheet.title for sheet in was.sheets]


def test_before_anything_is_set_up_it_leaves_kendali_empty_and_setup_makes_it(google: Google, tmp_path: Path) -> None:
    """A `Riwayat` alone would make it look like a Cadangan, which `setup` leaves alone."""
    city = City(google, tmp_path)
    assert city.run("check") == 2 and [sheet.title for sheet in city.kendali.book.sheets] == ["Sheet1"]
    assert city.run("setup") == 0


def test_a_program_at_work_is_known_by_each_link_to_its_credentials(tmp_path: Path) -> None:
    own, link = tmp_path / "kota" / "credentials.json", tmp_path / "pintas" / "credentials.json"
    for path in (own, link):
        path.parent.mkdir()
    own.write_text("{}")
    link.symlink_to(own)
    for one in (own, link):
        assert not is_running(None, own) and not is_running(None, link)
        with only_copy(None, one):
            assert is_running(None, own) and is_running(None, link)


def test_the_copy_of_the_journals_is_not_read_again_for_each_line(house: House, say: Say) -> None:
    house.google.server.requests.clear()
    assert house.run("check") == 0
    asked = [one.kind for one in house.google.server.requests if house.backup.book.id in one.path]
    assert asked.count("get") <= 4, "for the trial of Google, for the rehearsal, and once for all lines"


def test_it_reads_as_one_screen(house: House, say: Say) -> None:
    say()
    assert house.run("check") == 0
    lines = say().splitlines()
    assert len(lines) == len(THINGS) + 1 and lines[-1] == "Semua baik."
    assert all(line.startswith("  baik   ") for line in lines[:-1])
    assert house.run("--version") == 0 and __version__ in say()


def test_a_trial_mail_takes_the_way_of_all_mails(house: House, say: Say) -> None:
    assert house.run("check", "--mail", "bukan alamat") == 2
    code, _ = looked_at(house, say, "--mail", "ratna@fraksi.example")
    (mail,) = house.post.behaviour.messages()
    assert code == 0 and mail["To"] == "ratna@fraksi.example" and "surat uji" in str(mail.get_body(("plain",)))


# Whoever is told of each cycle --------------------------------------------------------------------------------------


class Watchman(BaseHTTPRequestHandler):
    """Somebody on the web who waits for a sign of life."""

    heard: ClassVar[list[tuple[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.heard.append((self.path, body))
        self.send_response(500 if "rusak" in self.path else 200)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def watchman() -> Iterator[str]:
    Watchman.heard.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Watchman) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def heard() -> list[tuple[str, str]]:
    found, Watchman.heard[:] = [*Watchman.heard], []
    return found


def test_a_watchman_hears_of_each_cycle_and_why_one_failed(desk: Desk, watchman: str, monkeypatch: Patch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    desk.setting("Ping", f"{watchman}/abc-def")
    assert desk.run("sync") == 0 and heard() == [("/abc-def", "")], "whom it has to tell is known from Kendali"
    assert desk.run("sync") == 0 and heard() == [("/abc-def/start", ""), ("/abc-def", "")]
    assert desk.run("sync", "--dry-run") == 0 and heard() == []
    desk.write("Kendali", SOURCES, 2, ["Lain", "tidak ada.xlsx"])
    assert desk.run("sync") == 1
    assert heard()[-1] == (
        "/abc-def/fail",
        "tidak terbaca: 1 spreadsheet; perlu dibetulkan: 0 hal di Kendali, 0 di tab laporan",
    )
    (desk.folder / "Kendali.xlsx").write_bytes(b"bukan")
    assert desk.run("sync") != 0
    (begun, (path, why)) = heard()
    assert (begun[0], path) == ("/abc-def/start", "/abc-def/fail") and "Kendali" in why and len(why) <= 200


def test_a_watchman_of_another_kind_and_one_who_is_gone(desk: Desk, watchman: str, monkeypatch: Patch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    desk.setting("Ping", f"{watchman}/api/push/kunci?status=up&msg=OK&ping=")
    assert desk.run("sync") == 0 and heard() == [("/api/push/kunci?status=up&msg=OK", "")]
    for gone in (f"{watchman}/rusak", "http://127.0.0.1:9/x", "https://[alamat]/x", f"http://{'a' * 64}.example/x"):
        desk.setting("Ping", gone)
        assert [desk.run("sync"), desk.run("sync")] == [0, 0], "it stops nothing, nor the cycle that begins with it"
    assert "127.0.0.1" not in desk.log() and "no ping" in desk.log()
    desk.setting("Ping", "besok")
    assert desk.run("sync") == 1, "said as every setting is"


def test_a_closed_folder_is_wrong_where_the_spreadsheets_lie_in_it_and_noted_elsewhere(
    desk: Desk, say: Say, monkeypatch: Patch, tmp_path: Path
) -> None:
    def closed(**_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(check.tempfile, "TemporaryFile", closed)
    assert desk.run("check", "--json") == 1
    assert [thing for thing, words in wrong(json.loads(say())) if "tidak bisa ditulisi" in words] == ["folder"]
    assert desk.run("--state", str(tmp_path), "check") == 0 and "tidak bisa ditulisi" in say()


def test_a_cycle_that_was_broken_off_by_what_only_writing_meets_is_told_with_its_reason(desk: Desk, say: Say) -> None:
    lock = desk.folder / ".~lock.Kendali.xlsx#"
    lock.write_text(",siti,desktop,;")
    assert desk.run("sync") == 1
    lock.unlink()
    for told in (["siklus"], []):
        say()
        desk.run("check", "--json")
        assert [thing for thing, words in wrong(json.loads(say())) if "sedang dibuka di LibreOffice" in words] == told
        assert desk.run("sync") == 0
    note = {"began": jakarta_now().isoformat(), "broken": WORDS.say("operator.keliru", banyak=2)}
    (desk.folder / ".credentials.json.siklus").write_text(json.dumps(note))
    desk.run("check")
    assert "dibetulkan dulu. Sudah dibetulkan?" in say()
    beat = Heartbeat(desk.folder, desk.credentials, WORDS)

    def trip() -> NoReturn:
        raise ZeroDivisionError("telepon 0812-3456-7890")

    with pytest.raises(ZeroDivisionError):
        beat.watch(jakarta_now(), trip)
    desk.run("check")
    assert (
        "Rinciannya ada di ruang-rakyat.log" in (said := say()) and "(ZeroDivisionError)" in said and "0812" not in said
    )


def test_a_command_that_is_proposed_is_the_one_for_these_credentials(desk: Desk, say: Say) -> None:
    desk.run("setup")
    assert f'Berikutnya: python -m automation --credentials "{desk.credentials}" sync' in say()
    desk.run("sync")
    note = {"began": "2026-01-02T03:04:05+07:00", "seconds": 1.0, "ping": ""}
    (desk.folder / ".credentials.json.siklus").write_text(json.dumps(note))
    say()
    desk.run("check")
    assert f'jalankan: python -m automation --credentials "{desk.credentials}" run' in say()


def test_without_google_no_clock_is_called_right_and_one_before_a_ticket_is_found(desk: Desk, say: Say) -> None:
    desk.run("sync")
    say()
    desk.run("check")
    assert "tidak ada pembandingnya" in (said := say()) and "tepat" not in said and "Jam ini mundur" not in said
    ahead = jakarta_now() + timedelta(days=400)  # or this machine has lost its time since
    desk.report({intake.NAME: "Pak Amir", intake.PHONE: "081200001022"})
    compose(desk.credentials, WORDS).syncer.sync(ahead)
    assert desk.run("check", "--json") == 1
    assert [words for thing, words in wrong(json.loads(say())) if thing == "jam" and "Jam ini mundur" in words]


def test_without_google_what_is_missing_is_told_once_by_the_name_that_it_has(desk: Desk, say: Say) -> None:
    desk.write("Kendali", SOURCES, 2, ["Lain", "tidak ada.xlsx"])
    say()
    assert desk.run("check", "--json") == 1
    assert [thing for thing, words in wrong(json.loads(say())) if "tidak ada.xlsx" in words] == ["sumber"]
    desk.enter(kendali="Kendali.xlsx", cadangan="Cadangan.xlsx")
    assert desk.run("sync") == 2
    assert 'Cadangan.xlsx. Betulkan "cadangan"' in say()
