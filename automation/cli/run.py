"""``run``: stay, sync every few minutes, and send the digests at their hour."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from automation.cases.texts import Texts
from automation.cli.compose import Program, compose, jakarta_now
from automation.cli.digest import send, sent_lines
from automation.cli.exit_codes import WELL
from automation.cli.logs import start_log
from automation.cli.report import report_lines, trouble_lines
from automation.cli.screen import show
from automation.cli.sync import run_cycle
from automation.config.settings import Settings
from automation.cycle.digest import KINDS, is_due
from automation.scheduler import Runner
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)

#: Minutes between two cycles until Kendali has said otherwise.
MINUTES = 5
#: Between two looks whether mails are still to be sent: the shortest pause after a failed try.
AGAIN = timedelta(minutes=5)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Stay until SIGTERM or Ctrl-C."""
    program = compose(options.credentials, texts)
    with _only_copy(options.credentials):
        path = start_log(program.credentials.folder)
        stop = threading.Event()
        with _signals(stop, texts.say("operator.jalan.menunggu")):
            log.info("run begins")
            show([texts.say("operator.jalan.mulai", berkas=path)])
            jobs = Jobs(program, texts)
            Runner(jobs.sync, jobs.digests, stop).run()
        log.info("run ends")
        show([texts.say("operator.jalan.selesai")])
    return WELL


@contextmanager
def _only_copy(credentials: Path) -> Iterator[None]:
    """Hold the lock beside credentials.json: a second copy is refused, from whatever folder it is started. The system
    lets go of it when the program ends, however it ends."""
    path = credentials.resolve()
    lock = FileLock(path.with_name(f".{path.name}.kunci"))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ConfigurationError(Trouble("operator.sudah-jalan", berkas=path)) from None
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise ConfigurationError(Trouble("operator.folder-tertutup", folder=path.parent, sebab=cause)) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _signals(stop: threading.Event, words: str) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C set `stop`, however often they come."""

    def end(_number: int, _frame: FrameType | None) -> None:
        if not stop.is_set():
            stop.set()
            with suppress(OSError, ValueError):  # not print: the signal may have come in the middle of one
                os.write(sys.stdout.fileno(), f"\n{words}\n".encode(sys.stdout.encoding, "replace"))

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(slots=True)
class Jobs:
    """What the clock runs. Neither job raises: a trouble is told, once for as long as it lasts, and the next run goes
    on.

    A Kendali whose settings became wrong makes cycles wait until it is mended: what people typed meanwhile is read
    then, and no ticket or deadline comes from settings that nobody meant.
    """

    program: Program
    texts: Texts
    _settings: Settings | None = field(default=None, init=False)
    _looked: datetime | None = field(default=None, init=False)
    _told: dict[str, list[str]] = field(default_factory=dict, init=False)

    def sync(self) -> int:
        """One cycle; returns after how many minutes the next is due."""
        self._attempt("sync", self._cycle)
        return self._settings.sync_minutes if self._settings is not None else MINUTES

    def digests(self) -> None:
        """Send what is due. Kendali is only read for it when a digest's hour has come."""
        now = jakarta_now()
        if self._settings is None or not is_due(self._settings, now):
            return
        if self._looked is not None and abs(now - self._looked) < AGAIN:
            return
        self._looked = now
        for kind in KINDS:
            self._attempt(f"digest {kind}", partial(self._send, kind, now))

    def _cycle(self) -> list[str]:
        report = run_cycle(self.program)
        self._settings = report.settings
        return report_lines(report, self.texts, self.program.called)

    def _send(self, kind: str, now: datetime) -> list[str]:
        sent = send(self.program, kind, now)
        return sent_lines(kind, sent, self.program, self.texts) if sent.outcomes else []

    def _attempt(self, job: str, work: Callable[[], list[str]]) -> None:
        try:
            lines = work()
        except Trouble as error:
            causes = error.causes if isinstance(error, ConfigurationError) else (error,)
            waits = self.texts.say(f"operator.jalan.ditunda.{job.partition(' ')[0]}")
            lines = [waits, *trouble_lines(causes, self.texts)]
        except Exception as error:
            log.exception("%s: unexpected", job)
            path = start_log(self.program.credentials.folder)
            lines = [self.texts.say("operator.galat-program", berkas=path), f"  - {type(error).__name__}"]
        if lines != self._told.get(job):
            self._told[job] = lines
            if lines:
                show([f"{jakarta_now():%d/%m/%Y %H:%M}", *(f"  {line}" for line in lines)])
