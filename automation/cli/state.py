"""The program's own folder, for what is no secret and nobody's work: the lock of `run`, the log, the note of the last
cycle. Only `run` needs it, to hold its lock there; for all else it may vanish or be read-only at any time.

The log tells whoever looks after the program what happened: without personal data, with tracebacks of our own mistakes.

What the last cycle of this machine came to is noted, and told to a watchman on the web: the address in the setting
`Ping`, of healthchecks (``https://hc-ping.com/…``, told with /start and /fail) or of Uptime Kuma
(``https://…/api/push/…``). It hears when a cycle begins, that it went well, or in one line why not, without a word of
anybody's row. The note remembers it for the day on which Kendali can't be read. No watchman stops a cycle.
"""

import json
import logging
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from filelock import FileLock, Timeout

from automation.cli.screen import Level
from automation.model.disclosure import shorten, without_contacts
from automation.model.texts import Texts
from automation.trouble import ConfigurationError, Trouble, reason_of
from automation.whole_file import write_whole

if TYPE_CHECKING:
    from automation.cycle.sync import Report

log = logging.getLogger(__name__)

NAME = "ruang-rakyat.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LARGEST, _KEPT = 1_000_000, 3
#: Seconds for which a watchman is waited for; characters of a reason.
PATIENCE, REASON = 5.0, 200

logger = logging.getLogger("automation")
logger.addHandler(logging.NullHandler())  # without a file (a dry run) nothing goes to the terminal


class _Discreet(logging.Formatter):
    """A spreadsheet may be named after somebody's number, and the words of an unexpected error may quote the cell that
    it stumbled over: of errors it is told where they were raised, and their types."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # as others have formatted it
        record.asctime = self.formatTime(record)  # digits, but nobody's
        return record.asctime + without_contacts(super().format(record).removeprefix(record.asctime))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        chain: list[BaseException] = []
        error = ei[1]
        while error is not None and error not in chain:
            chain.insert(0, error)
            error = error.__cause__ or error.__context__
        lines = ("".join(traceback.format_tb(one.__traceback__)) + type(one).__qualname__ for one in chain)
        return "Traceback:\n" + "\n".join(lines)


class _File(RotatingFileHandler):
    """A log that can't be written (a full disk) stops nothing, and doesn't flood the terminal."""

    def _open(self) -> TextIOWrapper:
        opener = partial(os.open, mode=0o600)
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=opener)  # type: ignore[return-value]

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass


def start_log(folder: Path, problems: Iterable[Trouble] = ()) -> Path:
    """Write the log of our own package into a file in this folder, and nowhere else; at its head what is wrong already.

    Raises nothing: where no file can be written the work goes on without a log.
    """
    path = (folder / NAME).resolve()
    for handler in [*logger.handlers]:
        if isinstance(handler, _File):
            if handler.baseFilename == str(path):
                return path
            logger.removeHandler(handler)
            handler.close()
    try:
        file = _File(path, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        return path
    file.setFormatter(_Discreet(_FORMAT))
    logger.addHandler(file)
    logger.setLevel(logging.INFO)
    for problem in problems:
        logger.warning("not used: %s", problem)
    return path


def in_log(error: Trouble) -> str:
    """The trouble for the log. Of wrong settings only code and cell: the value may be somebody's address."""
    if not isinstance(error, ConfigurationError):
        return str(error)
    return ", ".join(f"{cause.code} {cause.particulars.get('cell', '')}".strip() for cause in error.causes)


def log_crash(folder: Path, error: Exception) -> Path:
    """Put the traceback of an unexpected error into the log, and return the log's path: in the machine's folder for
    temporary files where ours can't be written to."""
    path = start_log(folder)
    if not any(isinstance(handler, _File) for handler in logger.handlers):
        path = start_log(Path(tempfile.gettempdir()))
    logger.error("unexpected", exc_info=error)
    return path


@contextmanager
def only_copy(folder: Path, credentials: Path) -> Iterator[None]:
    """Hold the lock of these credentials: a second copy is refused, from whatever folder it is started. The system
    lets go of it when the program ends, however it ends.

    Raises `ConfigurationError`.
    """
    lock = FileLock(folder / f".{credentials.name}.kunci")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ConfigurationError(Trouble("operator.sudah-jalan", berkas=credentials)) from None
    except OSError as error:
        raise ConfigurationError(closed_folder(folder, error)) from error
    try:
        yield
    finally:
        lock.release()


def is_running(folder: Path, credentials: Path) -> bool:
    """Whether a program holds the lock of these credentials."""
    credentials = credentials.resolve()
    try:
        if (folder / f".{credentials.name}.kunci").exists():
            with only_copy(folder, credentials):
                pass
    except ConfigurationError:
        return True
    return False


def closed_folder(folder: Path, error: OSError) -> Trouble:
    """That nothing can be written into a folder, and why."""
    return Trouble("operator.folder-tertutup", folder=folder, sebab=reason_of(error))


@dataclass(frozen=True, slots=True)
class LastCycle:
    """When it began (ISO 8601), how many seconds it took, whether all was well, and who was told."""

    began: str = ""
    seconds: float = 0.0
    well: bool = True
    ping: str = ""

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.began)

    def standing(self, now: datetime, pause: timedelta, *, running: bool) -> tuple[Level, str]:
        """How good that is where a cycle is due after each `pause`: a level of `check`, and an entry of ``periksa``."""
        if now - self.time > max(timedelta(hours=1), 3 * pause):
            return (Level.WRONG, "macet") if running else (Level.NOTE, "diam")
        return (Level.NOTE, "lambat") if timedelta(seconds=self.seconds) > pause else (Level.WELL, "siklus")


class Heartbeat:
    """The note of the last cycle with these credentials."""

    def __init__(self, folder: Path, credentials: Path, texts: Texts) -> None:
        self._path, self._texts = folder / f".{credentials.name}.siklus", texts

    def last(self) -> LastCycle | None:
        """The last cycle; None where none is known."""
        try:
            last = LastCycle(**json.loads(self._path.read_text("utf-8")))
            return last if last.time.tzinfo is not None and last.seconds >= 0 else None
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    @contextmanager
    def watch(self, began: datetime) -> "Iterator[Callable[[Report], object]]":
        """While a cycle runs; it hands in its report at the end."""
        last = self.last()
        ping, since = (last.ping if last is not None else ""), time.monotonic()
        _tell(ping, "start")
        reports: list[Report] = []
        try:
            yield reports.append
        except Exception as error:
            self._ends(began, since, ping, self._reason(error))
            raise
        for report in reports:
            tabs = sum(len(outcome.troubles) for outcome in report.outcomes)
            counts = {"gagal": len(report.failures), "kendali": len(report.settings.problems), "tab": tabs}
            why = "" if report.well else self._texts.say("operator.ping", **counts)
            self._ends(began, since, report.settings.ping, why)

    def _ends(self, began: datetime, since: float, ping: str, reason: str) -> None:
        cycle = LastCycle(began.isoformat(), round(time.monotonic() - since, 1), not reason, ping)
        try:
            write_whole(self._path, json.dumps(asdict(cycle)).encode())
        except OSError as error:
            log.info("the last cycle is not noted: %s", type(error).__name__)
        _tell(ping, "fail" if reason else "", reason)

    def _reason(self, error: Exception) -> str:
        """Why a cycle was broken off; what people typed into Kendali is not in it."""
        if isinstance(error, ConfigurationError):
            return self._texts.say("operator.keliru", banyak=len(error.causes))
        words = self._texts.tell(error) if isinstance(error, Trouble) else type(error).__name__
        return shorten(without_contacts(" ".join(words.split())), REASON)


def _tell(address: str, what: str, words: str = "") -> None:
    """`what` is ``start``, ``fail`` or nothing: all is well."""
    if not address:
        return
    import requests  # only here: most cities have no watchman

    try:
        parts = urlsplit(address)
        bare = urlunsplit(parts._replace(path=parts.path.rstrip("/"), query="", fragment=""))
        if "/api/push/" not in parts.path:
            answer = requests.post(f"{bare}/{what}".rstrip("/"), data=words.encode(), timeout=PATIENCE)
        elif what == "start":  # it knows no beginning
            return
        else:
            query = {"status": "down" if what else "up", "msg": words or "OK"}
            answer = requests.get(bare, params=query, timeout=PATIENCE)
        answer.raise_for_status()
    except (requests.RequestException, ValueError) as error:  # its words would name the address, which is a key
        log.info("no ping: %s", type(error).__name__)
