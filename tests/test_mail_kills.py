"""A robot that is killed in a batch of fifty mails repeats one at most, leaves nobody out, and asks Kendali twice."""

import os
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from threading import Timer
from typing import Any

import pytest
import trustme
from msgspec.structs import force_setattr

from automation.cli.compose import Program, compose
from automation.cycle.digest import BATCH
from automation.cycle.kinds import KINDS
from automation.cycle.kiriman import Noted
from automation.digests.ledger import CLAIM_HOLDS
from automation.mail.render import KEY_HEADER
from automation.sheets.port import Changes, Snapshot
from automation.tables.kendali import MAILS
from automation.trouble import WorkbookError
from tests import mail_robot
from tests.local_city import Disturbed, LocalCity
from tests.mail_box import Box
from tests.smtp_server import HOST, PASSWORD, USERNAME, Server
from tests.town import NOTE, TUESDAY, WORDS

pytestmark = pytest.mark.sampled(tests=3)

PEOPLE = [f"anggota{number:02}@fraksi.example" for number in range(BATCH)]
KEY = re.compile(rb"(?m)^" + KEY_HEADER.encode() + rb": harian:2026-11-24:(\S+?)\r?$")
MINUTE = timedelta(minutes=1)
#: Makes processes out of one that has loaded the program already: a start of Python each would take most of the time.
ROBOTS: Any = get_context("forkserver" if os.name == "posix" else "spawn")
ROBOTS.set_forkserver_preload(["tests.mail_robot"])
#: When the robot is killed: before a mail is offered, named its recipient or was accepted, once it was, but nobody said
#: so, and right after that was said; or at any moment at all.
POINTS = ("MAIL", "RCPT", "DATA", "accepted", "answered", "any time")


def begin(city: LocalCity) -> None:
    """One case, and as many who are told of it as one batch holds."""
    city.subscribe(*((address, "Kota") for address in PEOPLE))
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    city.sync(TUESDAY - timedelta(minutes=30))


@pytest.fixture
def city(tmp_path: Path, server: Server, trusted: trustme.CA) -> LocalCity:
    smtp = {"host": HOST, "port": server.port, "username": USERNAME, "password": PASSWORD, "from": "kabar@example.org"}
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",)}, begin, smtp=smtp)


def delivered(server: Server) -> Counter[str]:
    """How often each mail has arrived."""
    return Counter(found[1].decode() for content in server.behaviour.received if (found := KEY.search(content)))


def send(city: LocalCity, after: timedelta) -> Program:
    """A robot that lives, so long after the hour."""
    program = compose(city.credentials, WORDS)
    with program.post() as post:
        program.digester.open(TUESDAY + after).send(KINDS["harian"], post)
    return program


def notes(folder: Path) -> list[Path]:
    return [*folder.glob(".terkirim-*")]


def kill(city: LocalCity, server: Server, point: str, random: Random) -> None:
    """Start a robot, and kill it at a point of the batch."""
    victim = random.randrange(BATCH)
    seen = Counter[str]()
    ready = ROBOTS.Event()
    process = ROBOTS.Process(target=mail_robot.main, args=(str(city.credentials), TUESDAY.isoformat(), ready))

    def act(stage: str) -> None:
        if stage == "accepted" and point == "answered" and seen[stage] == victim:
            Timer(random.uniform(0, 0.004), process.kill).start()
        elif stage == point and seen[stage] == victim:
            process.kill()
            time.sleep(0.02)  # an answer finds nobody
        seen[stage] += 1

    server.behaviour.act = act
    process.start()
    assert ready.wait(timeout=60)
    if point == "any time":
        time.sleep(random.uniform(0, 1.2))
        process.kill()
    process.join(timeout=60)
    assert process.exitcode is not None
    server.behaviour.act = lambda _: None


@pytest.mark.sampled(200)
@pytest.mark.parametrize("seed", range(200))
def test_who_is_killed_repeats_one_mail_at_most_and_leaves_nobody_out(
    city: LocalCity, server: Server, seed: int
) -> None:
    kill(city, server, POINTS[seed % len(POINTS)], Random(seed))
    for after in (MINUTE, CLAIM_HOLDS, 2 * CLAIM_HOLDS):
        send(city, after)
    arrived = delivered(server)
    assert set(arrived) == set(PEOPLE)
    assert sum(arrived.values()) <= BATCH + 1
    states = {row[3]: row[4] for row in city.rows("Kendali", MAILS)[1:]}
    assert states == dict.fromkeys(PEOPLE, "terkirim")


def counting(program: Program, commits: list[Changes], fail: Callable[[int], bool] = lambda _: False) -> Program:
    """The program, with each of its commits to Kendali counted, and refused where it is to fail."""

    class Counted(Disturbed):
        def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
            commits.append(changes)
            if fail(len(commits)):
                raise WorkbookError("google.tak-terjangkau", nama="Kendali", tautan="", alamat="", sebab="HTTP 503")
            return super().commit(changes, seen)

    force_setattr(program, "kendali", Counted(program.kendali))
    return program


def test_a_batch_costs_two_requests_and_what_was_noted_is_told_with_one(city: LocalCity, server: Server) -> None:
    commits: list[Changes] = []
    first = counting(compose(city.credentials, WORDS), commits, lambda number: number == 2)
    with pytest.raises(WorkbookError), first.post() as post:
        first.digester.open(TUESDAY).send(KINDS["harian"], post)
    assert (len(commits), len(delivered(server))) == (2, BATCH)
    [noted] = notes(city.folder)
    assert len(noted.read_text("utf-8").splitlines()) == BATCH
    assert not re.search(r"anggota|fraksi", noted.read_text("utf-8")), "nobody is named"
    assert os.name != "posix" or noted.stat().st_mode & 0o777 == 0o600
    again = counting(compose(city.credentials, WORDS), commits)
    box = Box()
    assert not again.digester.open(TUESDAY + MINUTE).send(KINDS["harian"], box).outcomes
    assert len(commits) == 3 and not box.mails
    states = Counter(str(row[4]).partition(":")[0] for row in city.rows("Kendali", MAILS)[1:])
    assert states == {"diklaim": BATCH, "terkirim": BATCH}
    assert not again.digester.open(TUESDAY + CLAIM_HOLDS).send(KINDS["harian"], box).outcomes
    assert len(commits) == 3 and not box.mails


def test_notes_are_gone_with_their_batch_and_what_the_dead_have_left_once_it_is_old(city: LocalCity) -> None:
    dead = Noted(city.folder, city.credentials)
    dead.add("x")
    Noted(city.folder, city.folder / "lain.json").add("another city's")
    send(city, timedelta(0))
    left = {path.read_text("utf-8") for path in notes(city.folder)}
    assert left == {"x\n", "another city's\n"}, "it may be alive"
    old = time.time() - 2 * CLAIM_HOLDS.total_seconds()
    for path in notes(city.folder):
        os.utime(path, (old, old))
    dead.forget()
    Noted(city.folder, city.credentials).forget()
    assert {path.read_text("utf-8") for path in notes(city.folder)} == {"another city's\n"}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("folder", ["gone", "a file", "garbage"])
def test_without_notes_mails_go_out_all_the_same(city: LocalCity, server: Server, folder: str) -> None:
    own = city.folder / "milik"
    if folder == "a file":
        own.touch()
    program = compose(city.credentials, WORDS, own)
    if folder == "gone":
        own.rmdir()
    elif folder == "garbage":
        (own / f"{Noted(own, city.credentials)._own.name}").write_bytes(b"\xff\xfe\x00 <\n\n" * 1000)
    with program.post() as post:
        assert program.digester.open(TUESDAY).send(KINDS["harian"], post).well
    assert delivered(server) == dict.fromkeys(PEOPLE, 1)
