"""``run``: stay, sync every few minutes, and send the digests at their hour."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from types import FrameType

from filelock import FileLock, Timeout

from automation.cases.texts import Texts
from automation.cli.compose import Program, compose, jakarta_now
from automation.cli.digest import sent_lines
from automation.cli.exit_codes import WELL
from automation.cli.logs import start_log
from automation.cli.report import report_lines, trouble_lines
from automation.cycle.digest import KINDS
from automation.scheduler import Runner
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)

#: Held while the program stays; a second copy on this machine is refused by it.
LOCK = ".ruang-rakyat.kunci"


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Stay until SIGTERM or Ctrl-C."""
    program = compose(options.credentials, texts)
    lock = FileLock(program.credentials.folder / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ConfigurationError(Trouble("operator.sudah-jalan", folder=program.credentials.folder.resolve())) from None
    with lock:
        path = start_log(program.credentials.folder)
        stop = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        _say(texts.say("operator.jalan.mulai", berkas=path))
        jobs = _Jobs(program, texts)
        Runner(jobs.sync, jobs.digests, stop).run()
        _say(texts.say("operator.jalan.selesai"))
    return WELL


class _Jobs:
    """What the clock runs. Troubles are said, and the next run goes on; `minutes` keeps the last good setting."""

    def __init__(self, program: Program, texts: Texts) -> None:
        self._program, self._texts = program, texts
        self._minutes = 5
        self._told: list[str] = []

    def sync(self) -> int:
        """One cycle; returns after how many minutes the next is due."""
        try:
            report = self._program.syncer.sync(jakarta_now())
        except Trouble as error:
            self._complain(error)
        else:
            self._minutes = report.settings.sync_minutes
            lines = report_lines(report, self._texts)
            if lines != self._told:  # a quiet night prints nothing
                self._told = lines
                _say("\n".join([f"{jakarta_now():%d/%m/%Y %H:%M}", *(f"  {line}" for line in lines)]))
        return self._minutes

    def digests(self) -> None:
        """Send what is due. One kind that fails stops no other."""
        for kind in KINDS:
            try:
                with self._program.post() as post:
                    sent = self._program.digester.send(kind, jakarta_now(), post)
            except Trouble as error:
                self._complain(error)
            else:
                if sent.outcomes:
                    _say("\n".join(sent_lines(sent, self._program, self._texts)))

    def _complain(self, error: Trouble) -> None:
        log.warning("%s", error)
        causes = error.causes if isinstance(error, ConfigurationError) else (error,)
        lines = trouble_lines(causes, self._texts)
        if lines != self._told:
            self._told = lines
            _say("\n".join([f"{jakarta_now():%d/%m/%Y %H:%M}", *lines]))


def _say(text: str) -> None:
    print(text, flush=True)
