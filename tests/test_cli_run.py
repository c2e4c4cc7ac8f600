"""`run` as an operator runs it: it stays, does its work, tells troubles once, and ends cleanly."""

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from queue import Queue
from time import monotonic

import pytest
from filelock import FileLock
from msgspec.structs import replace

from automation.cli.compose import compose, jakarta_now
from automation.cli.run import Jobs
from automation.cli.screen import TEMPLATES
from automation.cli.state import start_log
from automation.config.tabs import Source
from automation.config.values import WEEKDAYS
from automation.cycle.sync import Syncer
from automation.mail.render import Renderer
from automation.mail.templates import Templates
from automation.sheets.port import ReadRequest, Snapshot, Workbook
from automation.tables import intake
from automation.tables.kendali import MAILS, RECIPIENTS, SOURCES
from tests.conftest import Say
from tests.local_city import Disturbed
from tests.operator_desk import ALWAYS, BENDA, Desk, command
from tests.town import WORDS

pytestmark = [pytest.mark.sampled(tests=6), pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGTERM")]

#: The first ticket in Pajang.
FIRST = re.compile(r"RR-\d\d0404-0001-\d")
#: A working week without today, and without tomorrow should the test run past midnight.
FREE_TODAY = ", ".join(day for at, day in enumerate(WEEKDAYS) if (at - jakarta_now().weekday()) % 7 > 1)


class Broken(Disturbed):
    """A workbook whose adapter has a mistake, which quotes a cell."""

    def read(self, _: ReadRequest | None = None) -> Snapshot:
        raise ZeroDivisionError("telepon 0812-3456-7890")


class Staying:
    """A `run` under way, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: Queue[str | None] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip())
        self._lines.put(None)

    def until(self, words: str) -> None:
        while (line := self._lines.get(timeout=30)) is not None:
            self.said.append(line)
            if words in line:
                return
        raise AssertionError(self.said)

    def end(self) -> int:
        """Its exit code, once it has ended; what it still said is in `said`."""
        code = self.process.wait(timeout=30)
        while (line := self._lines.get(timeout=30)) is not None:
            self.said.append(line)
        return code


@contextmanager
def staying(desk: Desk) -> Iterator[Staying]:
    """`run` in a process of its own, which does not outlive the test."""
    with desk.start("run", cwd="/") as process:
        run = Staying(process)
        try:
            yield run
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            run._reader.join(timeout=30)


def test_it_syncs_and_sends_at_once_refuses_a_second_copy_and_ends_cleanly(desk: Desk) -> None:
    with staying(desk) as run:
        run.until("1 kabar harian ditulis")
        assert any("1 baru, 1 seluruhnya" in line for line in run.said)
        code, _, errors = command("--credentials", "credentials.json", "run", cwd=desk.folder)
        assert code == 2
        assert "sudah berjalan" in errors and str(desk.credentials) in errors
        run.process.send_signal(signal.SIGTERM)
        assert run.end() == 0
    assert run.said[-1] == "Ruang Rakyat berhenti dengan baik."
    assert FIRST.fullmatch(desk.shown(intake.TICKET)[0])
    assert [str(row[4]).split(":")[0] for row in desk.rows("Kendali", MAILS)[1:]] == ["diklaim", "terkirim"]
    assert len(list((desk.folder / "outbox").glob("*.eml"))) == 1


def test_a_cycle_under_way_is_finished_however_often_it_is_told_to_end(desk: Desk) -> None:
    held = FileLock(desk.folder / f".{BENDA}.xlsx.kunci")
    with held.acquire(), staying(desk) as run:
        run.until("berjalan")
        deadline = monotonic() + 30
        while "cycle begins" not in desk.log():  # it goes on until it waits for the file
            assert monotonic() < deadline
        run.process.send_signal(signal.SIGTERM)
        run.until("Baik, berhenti")
        run.process.send_signal(signal.SIGINT)
        run.process.send_signal(signal.SIGTERM)
        assert run.process.poll() is None
        assert desk.shown(intake.TICKET) == [None]
        held.release()
        assert run.end() == 0
    assert FIRST.fullmatch(desk.shown(intake.TICKET)[0])
    assert "digest" not in desk.log(), "no new job begins"


def test_a_trouble_is_told_once_and_work_goes_on_when_it_is_over(desk: Desk, say: Say) -> None:
    jobs = jobs_of(desk)
    (desk.folder / "Kendali.xlsx").rename(desk.folder / "weg")
    for _ in range(3):
        jobs.sync()
        jobs.digests()
    said = say()
    assert said.count("Pembacaan ditunda") == 1 and said.count("tidak ditemukan") == 1
    (desk.folder / "weg").rename(desk.folder / "Kendali.xlsx")
    jobs.sync()
    jobs.digests()
    said = say()
    assert "1 baru, 1 seluruhnya" in said and "1 kabar harian ditulis" in said


def test_settings_that_became_wrong_keep_their_last_good_value_and_nobody_waits(desk: Desk, say: Say) -> None:
    jobs = jobs_of(desk)
    desk.setting("Jeda Sinkron", 7)
    assert jobs.sync() == 7
    desk.setting("Jeda Sinkron", "sering")
    desk.setting("Target Hari Kerja", "secepatnya")
    desk.setting("Balas Ke", "ratna@fraksi")
    desk.report({intake.NAME: "Pak Amir", intake.PHONE: "081200001022"})
    say()
    assert [jobs.sync(), jobs.sync()] == [7, 7]
    said = say()
    assert "Pengaturan!B2 (Target Hari Kerja)" in said and "nilai terakhir yang benar" in said
    assert jobs.sync() == 7 and not say(), "it is told once"
    assert "ratna@" not in desk.log()
    assert desk.shown(intake.TICKET)[1] is not None
    desk.setting("Jeda Sinkron", 9)
    assert jobs.sync() == 9


def test_a_mistake_of_our_own_is_told_once_is_in_the_log_and_stops_nothing(desk: Desk, say: Say) -> None:
    jobs = jobs_of(desk)
    start_log(desk.folder)

    program = jobs.program
    jobs.program = replace(
        program, syncer=Syncer(Broken(program.kendali, lambda: None), program.syncer.open_source, WORDS)
    )
    jobs.sync()
    jobs.sync()
    said = say()
    assert said.count("kesalahan di program ini sendiri") == 1 and "ZeroDivisionError" in said
    assert "Traceback" in desk.log()
    assert "0812-3456-7890" not in desk.log()
    jobs.program = program
    assert jobs.sync() == 5
    assert FIRST.fullmatch(desk.shown(intake.TICKET)[0])


def test_the_log_tells_what_was_done_in_counts_and_names_nobody(desk: Desk) -> None:
    jobs = jobs_of(desk)
    desk.report({intake.PHONE: "12", intake.ADDRESS: None, intake.NAME: "Pak Amir"})
    desk.write("Kendali", SOURCES, 2, ["Kecamatan Larangan", "Kecamatan Larangan.xlsx"])
    desk.setting("Hari Kerja", FREE_TODAY)
    jobs.sync()
    jobs.digests()
    assert not (desk.folder / "outbox").exists(), "Kendali is read for digests only at their hour"
    desk.setting("Hari Kerja", ALWAYS["Hari Kerja"])
    jobs.sync()
    (desk.folder / "Kendali.xlsx").rename(desk.folder / "weg")
    for _ in range(2):  # a minute later it is not looked again
        jobs.digests()
        assert desk.log().count("digest not done") == 1
    (desk.folder / "weg").rename(desk.folder / "Kendali.xlsx")
    jobs = jobs_of(desk)
    jobs.sync()
    jobs.digests()
    log = desk.log()
    assert "cycle ends" in log and "rows=2 spreadsheets=1 issued=1 tickets=1 waiting=1" in log and "failed=1" in log
    assert "digest harian: accepted=1 failed=0 empty=0" in log
    assert not [word for word in ("Yati", "Amir", "0812", "ratna", "musala") if word in log]


def jobs_of(desk: Desk) -> Jobs:
    start_log(desk.folder)
    return Jobs(compose(desk.credentials, WORDS))


class Clock:
    """Hands that a test moves."""

    def __init__(self) -> None:
        self.now = jakarta_now().replace(hour=9, minute=0, second=0, microsecond=123)

    def __call__(self) -> datetime:
        return self.now

    def later(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


def ticking(desk: Desk) -> tuple[Jobs, Clock]:
    """The jobs of a `run` whose clock a test moves."""
    clock = Clock()
    return Jobs(compose(desk.credentials, WORDS), clock), clock


def tick(jobs: Jobs, clock: Clock, minutes: int = 0) -> None:
    clock.later(minutes)
    jobs.sync()
    jobs.digests()


def mails(desk: Desk, kind: str) -> dict[str, str]:
    """Subjects in the outbox by the Message-ID."""
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in desk.folder.glob(f"outbox/{kind}-*.eml")]
    return {str(mail["Message-ID"]): str(mail["Subject"]) for mail in found}


@pytest.fixture
def watched(desk: Desk) -> tuple[Jobs, Clock]:
    """A `run` that has been well so far, and tells the operator of outages."""
    desk.write("Kendali", RECIPIENTS, 1, ["operator, darurat"], column=4)
    jobs, clock = ticking(desk)
    tick(jobs, clock)
    return jobs, clock


def test_an_emergency_goes_out_with_the_tick_after_its_ticket_and_wrong_settings_are_told_to_the_operator(
    desk: Desk, watched: tuple[Jobs, Clock]
) -> None:
    desk.report({intake.PRIORITY: "Darurat", intake.NAME: "Pak Amir", intake.PHONE: "081200001022"})
    tick(*watched, 5)
    tick(*watched, 5)
    (subject,) = mails(desk, "darurat").values()
    assert "DARURAT: Pajang" in subject
    desk.setting("Target Hari Kerja", "secepatnya")
    tick(*watched, 5)
    assert not [*(desk.folder / "outbox").glob("operator-*.html")]
    tick(*watched, 130)
    (page,) = (desk.folder / "outbox").glob("operator-*.html")
    assert "Pengaturan!B2" in page.read_text("utf-8").replace("\u2060", "")


def test_an_outage_bears_the_same_message_id_whenever_it_is_told(desk: Desk, watched: tuple[Jobs, Clock]) -> None:
    jobs, clock = watched
    identities = []
    (desk.folder / "Kendali.xlsx").rename(desk.folder / "weg")
    for minutes in (130, 240):
        jobs._memory.rows.clear()  # as if it had forgotten
        jobs._asked = None
        tick(jobs, clock, minutes)
        identities.append(set(mails(desk, "operator")))
    assert identities[0] == identities[1] and len(identities[0]) == 1


def test_an_outage_that_could_not_be_told_is_tried_again(desk: Desk, watched: tuple[Jobs, Clock]) -> None:
    (desk.folder / "Kendali.xlsx").rename(desk.folder / "weg")
    (desk.folder / "outbox").write_text("no folder")
    tick(*watched, 130)
    (desk.folder / "outbox").unlink()
    tick(*watched, 1)
    assert not mails(desk, "operator")
    tick(*watched, 5)
    assert len(mails(desk, "operator")) == 1


def test_that_kendali_is_away_is_told_once_from_memory_and_that_it_is_back(desk: Desk) -> None:
    desk.write("Kendali", RECIPIENTS, 1, ["operator"], column=4)
    jobs, clock = ticking(desk)
    tick(jobs, clock)
    (desk.folder / "Kendali.xlsx").rename(desk.folder / "weg")
    tick(jobs, clock, 119)
    assert not mails(desk, "operator")
    for minutes in (1, 5, 60, 600):
        tick(jobs, clock, minutes)
        (subject,) = mails(desk, "operator").values()
        assert "pembacaan tidak bisa dijalankan" in subject
    (desk.folder / "weg").rename(desk.folder / "Kendali.xlsx")
    for minutes in (5, 5, 600):
        tick(jobs, clock, minutes)
    assert [subject.partition(" – ")[0] for subject in sorted(mails(desk, "operator").values())] == [
        "[Ruang Rakyat] Gangguan: pembacaan tidak bisa dijalankan",
        "[Ruang Rakyat] Pulih: pembacaan berjalan lagi",
    ]
    assert all("." not in row[0] for row in desk.rows("Kendali", MAILS)[1:]), "whole seconds"
    states = [row[1].split("-")[0] + " " + row[4] for row in desk.rows("Kendali", MAILS)[1:]]
    assert states == [f"operator:{word} {state}" for word in ("gangguan", "pulih") for state in ("diklaim", "terkirim")]


def test_cycles_that_fail_by_our_own_mistake_are_one_outage_told_once(desk: Desk) -> None:
    """Kendali can be read all the time: its spreadsheets, which nobody reads now, are no second outage."""
    desk.write("Kendali", RECIPIENTS, 1, ["operator, harian"], column=4)
    jobs, clock = ticking(desk)
    tick(jobs, clock)
    program = jobs.program
    broken = Syncer(Broken(program.kendali, lambda: None), program.syncer.open_source, WORDS)
    jobs.program = replace(program, syncer=broken)
    for minutes in (130, 10, 24 * 60):
        tick(jobs, clock, minutes)
    assert len(mails(desk, "operator")) == 1 and len(mails(desk, "harian")) == 2
    told = [path.read_text("utf-8") for path in desk.folder.glob("outbox/harian-*.html")]
    assert sorted("dalam surat ini menurut pembacaan" in page for page in told) == [False, True], "of when it is"
    states = [row[4] for row in desk.rows("Kendali", MAILS)[1:] if row[2] == "operator"]
    assert not states, "handed on when it is over"
    jobs.program = program
    tick(jobs, clock, 10)
    assert [subject.split(":")[0] for subject in mails(desk, "operator").values()].count("[Ruang Rakyat] Pulih") == 1


def test_a_broken_template_of_one_kind_stops_no_other(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    desk.write("Kendali", RECIPIENTS, 1, ["harian, koordinator"], column=4)
    jobs, clock = ticking(desk)
    templates = tmp_path_factory.mktemp("templates")
    shutil.copytree(TEMPLATES, templates, dirs_exist_ok=True)
    (templates / "harian" / "isi.txt").write_text("{{ apa }}", "utf-8")
    digester = replace(jobs.program.digester, renderer=Renderer(Templates(templates, WORDS)))
    vars(jobs.program)["digester"] = digester  # in place of the one that it would make
    tick(jobs, clock)
    assert len(mails(desk, "koordinator")) == 1 and not mails(desk, "harian")


def test_mails_wait_for_no_long_cycle_but_say_of_when_they_are_and_that_it_is_long_is_told_once(
    desk: Desk, watched: tuple[Jobs, Clock], say: Say
) -> None:
    jobs, clock = watched
    desk.report({intake.PRIORITY: "Darurat", intake.NAME: "Pak Amir", intake.PHONE: "081200001022"})
    clock.later(5)
    jobs.sync()
    opened, sent = jobs.program.syncer.open_source, list[int]()

    def slowly(source: Source) -> Sequence[Workbook]:
        clock.later(6)
        return opened(source)

    jobs.program.syncer.open_source = slowly

    def between() -> None:
        jobs.digests()
        sent.append(len(mails(desk, "darurat")))

    jobs.meanwhile = between
    say()
    began = clock()
    for _ in range(2):
        jobs.sync()
    assert sent[0] == 1, "while the cycle is under way"
    (mail,) = desk.folder.glob("outbox/darurat-*.eml")
    body = message_from_bytes(mail.read_bytes(), policy=default).get_body()
    assert body is not None and re.search(rf"menurut pembacaan [^.]*{began:%H[.]%M}", body.get_content())
    assert say().count("lebih dari 5 menit") == 1


class Waiting:
    """A mail server that answers the first mail only after a cycle has gone on, and is told so."""

    def __init__(self) -> None:
        self.threads: set[str] = set()
        self.sent: list[str] = []
        self.cycled = threading.Event()

    def send(self, message: EmailMessage) -> None:
        assert self.cycled.wait(timeout=60), "cycles stood still"
        self.threads.add(threading.current_thread().name)
        self.sent.append(str(message["Message-ID"]))


def test_a_slow_mail_server_stops_no_cycle_and_an_end_leaves_the_rest_for_the_next_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in (2, 3):
        desk.write("Kendali", RECIPIENTS, row, ["Budi", f"budi{row}@fraksi.example", "", "Kota", "harian", "Ya", "Ya"])
    jobs, clock = ticking(desk)
    server = Waiting()
    monkeypatch.setattr("automation.mail.delivery.OutboxPost", lambda _: server)
    jobs.sync()

    def cycle() -> None:
        if not server.cycled.is_set():
            desk.report({intake.NAME: "Pak Amir", intake.PHONE: "081200001022"})
            jobs.sync()
            assert all(desk.shown(intake.TICKET)), "a ticket, while the mail was under way"
            jobs.stop.set()
            server.cycled.set()

    jobs.meanwhile = cycle
    jobs.digests()
    (first,) = server.sent
    assert server.threads == {"mail_0"}
    states = [str(row[4]).split(":")[0] for row in desk.rows("Kendali", MAILS)[1:]]
    assert sorted(states) == ["diklaim"] * 3 + ["gagal sementara"] * 2 + ["terkirim"]
    jobs.stop.clear()
    clock.later(10)
    jobs.digests()
    assert len(server.sent) == len(set(server.sent)) == 3 and server.sent[0] == first, "nothing twice, none left out"
