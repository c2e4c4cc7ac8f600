"""``run``: stay, sync every few minutes, and send the digests at their hour."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import FrameType

import schedule
from msgspec.structs import replace

from automation.cli.compose import Program, compose, jakarta_now
from automation.cli.digest import sent_lines
from automation.cli.report import report_lines, trouble_lines
from automation.cli.screen import WELL, Told, show
from automation.cli.state import in_log, only_copy, start_log
from automation.cli.sync import run_cycle
from automation.cycle.digest import Round
from automation.cycle.kinds import AGAIN, OPERATOR, DigestKind, DueKinds
from automation.cycle.kiriman import MemoryKiriman
from automation.cycle.sync import Report
from automation.digests.at_once import minute
from automation.mail.delivery import Post
from automation.model.texts import Texts
from automation.trouble import Trouble

log = logging.getLogger(__name__)

MINUTES = 5  # minutes between two cycles until Kendali has said otherwise
#: How long due mails wait for a cycle under way, which knows more; after that they go out between its spreadsheets.
WAITED_FOR = timedelta(minutes=2)

DIGEST_MINUTES = 1  # minutes between two checks whether a digest is due
#: Seconds between two looks at the clock. Windows notices Ctrl-C only between two waits.
TICK = 1.0


def run(options: argparse.Namespace, texts: Texts) -> Told:
    """Stay until SIGTERM or Ctrl-C."""
    program = compose(options.credentials, texts, options.state)
    with only_copy(options.state, options.credentials):
        path = start_log(program.state, texts.problems)
        stop = threading.Event()
        with _signals(stop, texts.say("operator.jalan.menunggu")):
            log.info("run begins")
            show([texts.say("operator.jalan.mulai", berkas=path)])
            jobs = Jobs(program, stop=stop)
            program.syncer.remember = partial(program.syncer.remember, stays=True)
            runner = Runner(jobs.sync, jobs.digests, stop)
            jobs.meanwhile = runner.meanwhile
            runner.run()
        log.info("run ends")
    return [texts.say("operator.jalan.selesai")], WELL


@contextmanager
def _signals(stop: threading.Event, words: str) -> Iterator[None]:
    """Make SIGTERM and Ctrl-C set `stop`, however often they come."""

    def end(_number: int, _frame: FrameType | None) -> None:
        if not stop.is_set():
            stop.set()
            with suppress(OSError, ValueError):  # not print(), which the signal may have interrupted
                os.write(sys.stdout.fileno(), f"\n{words}\n".encode(sys.stdout.encoding, "replace"))

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(slots=True)
class Jobs:
    """The jobs that the clock runs. Neither raises: a trouble is told once while it lasts, and the next run goes on."""

    program: Program
    clock: Callable[[], datetime] = jakarta_now
    stop: threading.Event = field(default_factory=threading.Event)
    meanwhile: Callable[[], object] = lambda: None  # runs what is due during waits for a mail server or the quota
    _report: Report | None = field(default=None, init=False)
    _worked: datetime | None = field(default=None, init=False)  # when the last successful cycle began
    _began: datetime | None = field(default=None, init=False)  # when the cycle under way began
    _why: str = field(default="", init=False)  # why the last cycle failed; empty if it did not
    _due: DueKinds = field(default_factory=DueKinds, init=False)
    _memory: MemoryKiriman = field(default_factory=MemoryKiriman, init=False)
    _asked: datetime | None = field(default=None, init=False)  # when an outage was last told, or tried to be
    _told: dict[str, list[str]] = field(default_factory=dict, init=False)

    def sync(self) -> int:
        """One cycle; returns after how many minutes the next is due."""
        self._why = self._attempt("sync", self._cycle)
        return self._report.settings.sync_minutes if self._report is not None else MINUTES

    def digests(self) -> None:
        """Send what is due by the last complete cycle. Kendali is read only if there may be something to send."""
        now = self.clock()
        if self._report is None:
            return
        if self._why:
            self._outage(self._report, now)
        kinds = self._due.due(self._report, now)
        if self._why and OPERATOR in kinds:  # `_outage` tells that from memory
            kinds.remove(OPERATOR)
        if kinds:
            self._attempt("digest", partial(self._send, kinds, now))

    def _cycle(self) -> list[str]:
        self._began = now = self.clock()
        self.program.sources.meanwhile = self._between
        try:
            report = run_cycle(self.program, now, self._between)
        finally:
            self._began = None
        self._worked, self._report = now, replace(report, outcomes=())  # the next cycle reads the rows anew
        minutes = report.settings.sync_minutes
        late = self.clock() - now > timedelta(minutes=minutes)
        lines = [self.program.say("operator.jalan.lama", menit=minutes)] if late else []
        return [*report_lines(report, self.program), *lines]

    def _between(self) -> None:
        if self._began is not None and self.clock() - self._began > WAITED_FOR:
            self.meanwhile()

    def _send(self, kinds: Sequence[DigestKind], now: datetime) -> list[str]:
        known = self._report.known if self._report is not None else None
        opened = self.program.digester.open(now, known, stale=bool(self._why) or self._began is not None)
        if self._memory.rows and not self._why:
            noted = [*self._memory.rows]
            opened.facts.kiriman.append(lambda _: noted)
            self._memory.rows.clear()
        # Only Kiriman knows which addresses were refused for days: the operator hears of them with other digests.
        told = [OPERATOR] if opened.facts.given_up and not self._why and OPERATOR not in kinds else []
        with self.program.post(self.meanwhile, self.stop.is_set) as post:
            for kind in (*kinds, *told):
                self._attempt(f"digest {kind.name}", partial(self._send_kind, opened, kind, post))
        return []

    def _send_kind(self, opened: Round, kind: DigestKind, post: Post) -> list[str]:
        sent = opened.send(kind, post)
        if not sent.waits:
            self._due.done(kind)
        return sent_lines(kind, sent, self.program) if sent.outcomes or sent.begins else []

    def _outage(self, report: Report, now: datetime) -> None:
        """Tell that cycles fail, once that has lasted as long as the setting says."""
        if self._worked is None or now - self._worked < report.settings.outage_after:
            return
        if self._asked is None or abs(now - self._asked) >= AGAIN:
            self._asked = now
            self._attempt("digest operator", partial(self._tell_outage, report, minute(self._worked), now))

    def _tell_outage(self, report: Report, since: datetime, now: datetime) -> list[str]:
        with self.program.post(self.meanwhile, self.stop.is_set) as post:
            sent = self.program.digester.tell_outage(report.settings, since, self._why, now, self._memory, post)
        return sent_lines(OPERATOR, sent, self.program) if sent.outcomes else []

    def _attempt(self, job: str, work: Callable[[], list[str]]) -> str:
        """Do the work, and show its lines if they are new. Returns why it could not be done, or an empty text."""
        why: list[str] = []
        try:
            lines = work()
        except Trouble as error:
            log.warning("%s not done: %s", job, in_log(error))
            why = [self.program.texts.tell(cause) for cause in error.causes]
            waits = self.program.say(f"operator.jalan.ditunda.{job.partition(' ')[0]}")
            lines = [waits, *trouble_lines(error.causes, self.program.texts)]
        except Exception as error:
            log.exception("%s: unexpected", job)
            path = start_log(self.program.state)
            why = [self.program.say("operator.galat-program", berkas=path)]
            lines = [*why, f"  - {type(error).__name__}"]
        if lines != self._told.get(job):
            self._told[job] = lines
            if lines:
                show([f"{self.clock():%d/%m/%Y %H:%M}", *(f"  {line}" for line in lines)])
        return " ".join(why)


@dataclass(slots=True)
class Runner:
    """Runs `sync` every so many minutes, as it returns, and `digests` every minute; both at the start, too, to catch
    up. A failing job stops nothing: both tell people of their troubles; any other exception is our own mistake, and
    logged."""

    sync: Callable[[], int]
    digests: Callable[[], None]
    stop: threading.Event = field(default_factory=threading.Event)
    _minutes: int = field(default=1, init=False)
    _clock: schedule.Scheduler = field(default_factory=schedule.Scheduler, init=False)
    _under_way: list[object] = field(default_factory=list, init=False)

    def run(self) -> None:
        """Stay until `stop` is set; a job under way is finished first."""
        self._sync()
        self._plan()
        self._safely(self.digests)
        while not self.stop.wait(TICK):
            if (self._clock.idle_seconds or 0.0) > DIGEST_MINUTES * 60:
                self._plan()  # the machine's clock was set back: plan anew, instead of waiting until it catches up
            self.meanwhile()

    def meanwhile(self) -> None:
        """Run what is due, also while the other job waits. The cycle comes first, so that digests are not outdated."""
        for cycle in self._clock.get_jobs("cycle"):
            if cycle.should_run:
                cycle.run()  # type: ignore[no-untyped-call]
        self._clock.run_pending()

    def _plan(self) -> None:
        self._clock.clear()
        self._clock.every(DIGEST_MINUTES).minutes.do(self._safely, self.digests)
        self._clock.every(self._minutes).minutes.do(self._sync).tag("cycle")

    def _sync(self) -> None:
        minutes = self._safely(self.sync)
        if minutes and minutes != self._minutes:
            self._minutes = minutes
            self._plan()

    def _safely(self, job: Callable[[], int | None]) -> int | None:
        if self.stop.is_set() or job in self._under_way:
            return None
        self._under_way.append(job)
        try:
            return job()
        except Exception:
            log.exception("a job failed; the next one goes on")
            return None
        finally:
            self._under_way.remove(job)
