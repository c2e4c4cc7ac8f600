"""A copy of the program on a machine of its own: it stands still before each request, until it is told to go on."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum, auto

from automation.cli.compose import Program
from automation.cli.sync import tend_archives
from automation.cli.unchanged import Unchanged
from automation.cli.wishes import grant
from automation.cycle.kinds import DueKinds
from automation.cycle.sync import Report
from automation.trouble import Trouble

#: What a robot does with the program at a time.
Work = Callable[[Program, datetime], Report]
#: Seconds in which a robot must come to its next request; only a deadlock takes longer.
STUCK = 20.0
#: The troubles of a journal, or its copy, whose rows people have changed.
OLDER_ROWS = frozenset({"siklus.riwayat-diubah", "siklus.salinan-diubah"})


class Fate(Enum):
    """What becomes of a request, or of the robot that sends it."""

    WELL = auto()
    DROPPED = auto()  # the connection is lost before anything was done
    UNANSWERED = auto()  # done, but the answer is lost
    LATE = auto()  # the client's patience ends, and it is done later
    QUOTA = auto()  # 429
    ERROR = auto()  # 500, nothing done
    PAGE = auto()  # 503 with an HTML page, nothing done
    PAGE_AFTER = auto()  # 503 with an HTML page, and done all the same
    CUT = auto()  # done; the answer ends in the middle
    DISK_FULL = auto()  # a local file can't be written
    KILLED = auto()  # the robot dies before
    KILLED_AFTER = auto()  # the robot dies after
    CUT_OFF = auto()  # done; from then on the network is gone, until the program is started again


#: The processes that are alive.
LIVING: set[str] = set()
UNANSWERED = frozenset({Fate.UNANSWERED, Fate.LATE, Fate.PAGE_AFTER, Fate.CUT, Fate.CUT_OFF})


class Killed(BaseException):
    """The process was killed: nothing is caught, nothing is tidied up but what the system does."""


_here = threading.local()


def robot_here() -> "Robot | None":
    """The robot whose thread this is; None for anybody else."""
    return getattr(_here, "robot", None)


class Robot:
    """One cycle after another. `busy` from `start` until the cycle has ended, in whichever way."""

    def __init__(self, name: str, make: Callable[[], Program]) -> None:
        self.name, self._make = name, make
        self._program: Program | None = None
        self._due = DueKinds()
        self.tended: date | None = None  # when it did last what is due once a day
        self._thread: threading.Thread | None = None
        self._work: Work = self.cycle
        self.cycles = True  # it has no other work
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self.fate = Fate.WELL
        self.busy = False
        self.locking = False  # it holds the lock of a local file: another robot would wait for it
        self.about = ""  # the spreadsheet to which it is about to commit
        self.cut_off = False  # its network is gone
        self.unanswered = False  # the answer to one of its requests was lost
        self.outdated = False  # another robot has written something since it began
        self.alone = False  # nobody else has done anything since it began
        self.report: Report | None = None
        self.failure: BaseException | None = None

    def start(self, now: datetime, work: Work | None = None) -> None:
        """Begin a cycle, or some other work."""
        assert not self.busy
        self.now = now  # in its eyes, as long as it is busy
        self._work, self.cycles = work or self.cycle, work is None
        self.busy, self.outdated, self.unanswered, self.report, self.failure = True, False, False, None, None
        self._thread = threading.Thread(target=self._cycle, args=(now,), daemon=True)
        self._thread.start()
        self._await()

    def step(self, fate: Fate = Fate.WELL) -> None:
        assert self.busy
        self.fate = fate
        self.unanswered |= fate in UNANSWERED
        self._go.release()
        self._await()

    def finish(self) -> None:
        while self.busy:
            self.step()

    def stand(self, about: str = "") -> Fate:
        """Called by its own thread before a request, `about` a spreadsheet if it is a commit: what becomes of it."""
        self.about = about
        self._stands.release()
        self._go.acquire()
        if self.fate is Fate.KILLED:
            raise Killed
        self.cut_off |= self.fate is Fate.CUT_OFF
        return self.fate

    def _await(self) -> None:
        if not self._stands.acquire(timeout=STUCK):
            raise TimeoutError(f"{self.name} is stuck")

    def _cycle(self, now: datetime) -> None:
        _here.robot = self
        try:
            self._program = self._program or self._make()
            self.report = self._work(self._program, now)
            self._afterwards(self._program, self.report, now)
        except Killed as error:
            self._die(error)
        except Trouble as error:
            self.failure = error
        except BaseException as error:  # noqa: BLE001 - a mistake of ours: whoever drives the robot tells
            self.failure = error
        if self.cut_off:
            self._die(self.failure or Killed())
        self.busy = self.locking = self.cut_off = False
        self._stands.release()

    def cycle(self, program: Program, now: datetime) -> Report:
        """With what is due once a day. What `sync` takes for unchanged, nothing has to be written to: it is tried. But
        people's changes of older rows of a journal are only looked for when all of it is read, once a day."""
        unchanged, self.alone = Unchanged(program, now), True
        is_same = self.cycles and unchanged._holds() is not None  # it ends no year
        report = program.syncer.sync(now)
        told = {trouble.code for outcome in report.outcomes for trouble in outcome.troubles}
        seen_late = bool(told & OLDER_ROWS)
        if is_same and report.wrote and self.alone and not (self.outdated or report.failures or seen_late):
            raise AssertionError("what was taken for unchanged had to be written to")
        if self.cycles:
            unchanged._keep(report, [])
        if self.tended != now.date():
            self.tended = now.date()
            tend_archives(program, report, now)
        return report

    def rests(self, now: datetime) -> bool:
        """Whether `sync` would take all for unchanged now."""
        self._program = self._program or self._make()
        return Unchanged(self._program, now)._holds() is not None

    def _afterwards(self, program: Program, report: Report, now: datetime) -> None:
        """What people wish, and the mails that are due, as `run` has it."""
        grant(program, report, now)
        if kinds := self._due.due(report, now):
            opened = program.digester.open(now, report.known)
            with program.post() as post:
                for kind in kinds:
                    if not opened.send(kind, post).waits:
                        self._due.done(kind)

    def _die(self, failure: BaseException) -> None:
        """What it knows is gone; what it has noted on disk is there for whoever starts next."""
        if self._program is not None and self._program.syncer.debts is not None:
            LIVING.discard(self._program.syncer.debts.process)
        self._program, self._due, self.failure = None, DueKinds(), failure
