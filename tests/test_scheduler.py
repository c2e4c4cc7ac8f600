"""The clock of `run`, without waiting for it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from automation.cli.run import DIGEST_MINUTES, Runner
from tests.operator_desk import enable_logs


class Hands(threading.Event):
    """A `stop` that moves the clock's hands: each wait is a minute, and after so many the program is stopped."""

    def __init__(self, jobs: "Jobs", minutes: int, set_back: int = 0) -> None:
        super().__init__()
        self.left = minutes
        self.set_back = timedelta(minutes=set_back)
        self.runner = Runner(jobs.sync, jobs.digests, self)

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None and timeout <= 1, "a signal would be noticed late"
        self.left -= 1
        if self.left < 0:
            self.set()
        for job in self.runner._clock.jobs:
            assert job.next_run is not None
            job.next_run += self.set_back - timedelta(minutes=1)
        self.set_back = timedelta()
        return self.is_set()


@dataclass
class Jobs:
    """Counts what is run, and when; a job may be told to fail."""

    minutes: int = 5
    fail: bool = False
    ran: list[str] = field(default_factory=list)
    then: Callable[[str], None] = lambda job: None

    def sync(self) -> int:
        self._run("sync")
        return self.minutes

    def digests(self) -> None:
        self._run("digests")

    def _run(self, job: str) -> None:
        self.ran.append(job)
        self.then(job)
        if self.fail:
            raise ValueError(job)


def run(jobs: Jobs, minutes: int, set_back: int = 0) -> list[str]:
    Hands(jobs, minutes, set_back).runner.run()
    return jobs.ran


@pytest.mark.parametrize(
    ("every", "minutes", "set_back", "cycles"),
    [(5, 0, 0, 1), (5, 10, 0, 3), (2, 4, 60, 2)],
    ids=["start", "on", "back"],
)
def test_a_cycle_runs_every_few_minutes_and_digests_are_looked_for_every_minute(
    every: int, minutes: int, set_back: int, cycles: int
) -> None:
    """Also where the clock was set back. What was missed is caught up at the start, the cycle first."""
    ran = run(Jobs(minutes=every), minutes, set_back)
    assert ran[:2] == ["sync", "digests"] and ran.count("sync") == cycles
    assert ran.count("digests") == 1 + (minutes - bool(set_back)) // DIGEST_MINUTES


def test_a_machine_that_has_slept_reads_before_it_tells() -> None:
    """What would be told is of the evening before, and that nothing was read since."""
    assert run(Jobs(minutes=5), 1, set_back=-600) == ["sync", "digests", "sync", "digests"]


def test_the_interval_follows_the_setting_while_the_program_runs() -> None:
    jobs = Jobs(minutes=5)

    def change(job: str) -> None:
        if job == "sync" and jobs.ran.count("sync") == 2:
            jobs.minutes = 2

    jobs.then = change
    assert run(jobs, 9).count("sync") == 1 + 1 + 2


def test_a_job_that_fails_stops_neither_itself_nor_the_other(caplog: pytest.LogCaptureFixture) -> None:
    enable_logs()
    ran = run(Jobs(fail=True), 3)
    assert ran.count("digests") == 1 + 3
    assert ran.count("sync") == 1 + 3  # it never said how often, so every minute
    assert "ValueError" in caplog.text


@pytest.mark.parametrize("last", ["sync", "digests"])
def test_a_job_under_way_is_finished_and_nothing_begins_after_a_stop(last: str) -> None:
    jobs = Jobs()
    hands = Hands(jobs, 100)
    jobs.then = lambda job: hands.set() if job == last else None
    hands.runner.run()
    assert jobs.ran[-1] == last and jobs.ran.count(last) == 1


def test_digests_that_fall_due_while_a_cycle_waits_are_sent_in_between_and_no_cycle_is_doubled() -> None:
    jobs = Jobs(minutes=5)
    hands = Hands(jobs, 12)

    def wait_for_the_quota(job: str) -> None:
        if job == "sync" and jobs.ran.count("sync") == 2:
            for _ in range(7):
                hands.left += 1
                hands.wait(1)
                hands.runner.meanwhile()

    jobs.then = wait_for_the_quota
    hands.runner.run()
    assert jobs.ran[6:14] == ["sync", *["digests"] * 7]
    assert jobs.ran.count("digests") == 12 + 7 and jobs.ran.count("sync") == 3


def test_a_cycle_that_falls_due_while_mails_are_sent_is_run_in_between_and_not_again() -> None:
    jobs = Jobs(minutes=5)
    hands = Hands(jobs, 12)

    def wait_for_the_server(job: str) -> None:
        if job == "digests" and jobs.ran.count("digests") == 2:
            for _ in range(6):
                hands.left += 1
                hands.wait(1)
                hands.runner.meanwhile()

    jobs.then = wait_for_the_server
    hands.runner.run()
    assert jobs.ran[:4] == ["sync", "digests", "digests", "sync"], "in between"
    assert jobs.ran.count("sync") == 4, "of eighteen minutes"
