"""The clock of `run`, which runs what is due. The only module that knows `schedule`."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import schedule

log = logging.getLogger(__name__)

DIGEST_MINUTES = 1  # minutes between two checks whether a digest is due
#: Seconds between two looks at the clock. Windows notices Ctrl-C only between two waits.
TICK = 1.0


@dataclass(slots=True)
class Runner:
    """Runs `sync` every so many minutes and `digests` every minute; both also at the start, to catch up on what was
    missed while the program was off.

    `sync` returns after how many minutes it wants to run again. A failing job stops nothing: both tell people of their
    troubles themselves, and any other exception is our own mistake, and is logged.
    """

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
