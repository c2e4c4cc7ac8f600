"""The program's own folder, for files that are no secret and nobody's work: the lock of `run`, the log, the note of the
last cycle. Only `run` needs it, for its lock; otherwise it may vanish or be read-only at any time.

The log tells the program's maintainers what happened: without personal data, with tracebacks of our own mistakes.

The result of this machine's last cycle is noted, and reported to a monitoring service on the web: the address in the
setting `Ping`, of healthchecks (``https://hc-ping.com/…``, with /start and /fail) or of Uptime Kuma
(``https://…/api/push/…``). It hears when a cycle begins, that it went well, or in one line why not, without a word of
anybody's row. The note keeps the address for times when Kendali can't be read. No such service stops a cycle.
"""

import logging
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
from filelock import FileLock, Timeout
from msgspec import Struct

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
PATIENCE, REASON = 5.0, 200  # seconds to wait for a monitoring service; characters of a reason

logger = logging.getLogger("automation")
logger.addHandler(logging.NullHandler())  # without a file (a dry run) nothing goes to the terminal


class _Discreet(logging.Formatter):
    """Keeps personal data out of the log. Contacts are masked, because a spreadsheet may be named after a telephone
    number; of errors only places and types are logged, because the message of an unexpected one may quote a cell."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have formatted it
        record.asctime = self.formatTime(record)  # digits, but no telephone number
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
    """The log file. If it can't be written (a full disk), nothing stops, and the terminal isn't flooded."""

    def _open(self) -> TextIOWrapper:
        opener = partial(os.open, mode=0o600)
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=opener)  # type: ignore[return-value]

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass


def start_log(folder: Path, problems: Iterable[Trouble] = ()) -> Path:
    """Write the log of our own package into a file in this folder, and nowhere else, beginning with known `problems`.
    Raises nothing: if no file can be written, the work goes on without a log."""
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
    """The trouble for the log. For wrong settings only code and cell, because the value may be somebody's address."""
    if not isinstance(error, ConfigurationError):
        return str(error)
    return ", ".join(f"{cause.code} {cause.particulars.get('cell', '')}".strip() for cause in error.causes)


def log_crash(folder: Path, error: Exception) -> Path:
    """Write the traceback of an unexpected error to the log, if need be in the temporary folder; returns its path."""
    path = start_log(folder)
    if not any(isinstance(handler, _File) for handler in logger.handlers):
        path = start_log(Path(tempfile.gettempdir()))
    logger.error("unexpected", exc_info=error)
    return path


def only_copy(state: Path | None, credentials: Path) -> AbstractContextManager[object]:
    """Take the lock of these credentials, and hold it in a `with`: a second copy is refused, whatever folder it is
    started in. The system releases the lock when the program ends, however it ends. Raises `ConfigurationError`."""
    lock = _lock(state, credentials)
    try:
        return FileLock(lock).acquire(blocking=False)
    except Timeout:
        raise ConfigurationError(Trouble("operator.sudah-jalan", berkas=credentials)) from None
    except OSError as error:
        raise ConfigurationError(closed_folder(lock.parent, error)) from error


def is_running(state: Path | None, credentials: Path) -> bool:
    """Whether a program holds the lock of these credentials."""
    try:
        if _lock(state, credentials).exists():
            with only_copy(state, credentials):
                pass
    except ConfigurationError:
        return True
    return False


def _lock(state: Path | None, credentials: Path) -> Path:
    credentials = credentials.resolve()  # two links to one file are one program
    return (state or credentials.parent) / f".{credentials.name}.kunci"


def closed_folder(folder: Path, error: OSError) -> Trouble:
    """The trouble that nothing can be written into a folder, with the cause."""
    return Trouble("operator.folder-tertutup", folder=folder, sebab=reason_of(error))


class LastCycle(Struct, frozen=True):
    """When the last cycle began (ISO 8601), how many seconds it took, why it was broken off, and the `Ping` address."""

    began: str = ""
    seconds: float = 0.0
    broken: str = ""  # empty: it came to its end
    ping: str = ""

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.began)

    def standing(self, now: datetime, pause: timedelta, *, running: bool) -> tuple[Level, str]:
        """How good that is if a cycle is due after each `pause`: a level of `check`, and an entry of ``periksa``."""
        if now - self.time > max(timedelta(hours=1), 3 * pause):
            return (Level.WRONG, "macet") if running else (Level.NOTE, "diam")
        if self.broken:
            return Level.NOTE, "tertulis"
        return (Level.NOTE, "lambat") if timedelta(seconds=self.seconds) > pause else (Level.WELL, "siklus")


class Heartbeat:
    """The note of the last cycle with these credentials."""

    def __init__(self, folder: Path, credentials: Path, texts: Texts) -> None:
        self._path, self._texts = folder / f".{credentials.name}.siklus", texts

    def last(self) -> LastCycle | None:
        """The last cycle; None if none is known."""
        try:
            last = msgspec.json.decode(self._path.read_bytes(), type=LastCycle)
            return last if last.time.tzinfo is not None and last.seconds >= 0 else None
        except (OSError, ValueError):
            return None

    def watch(self, began: datetime, cycle: "Callable[[], Report]") -> "Report":
        """Run a cycle, and note and report its beginning and its end."""
        last = self.last()
        ping, since = (last.ping if last is not None else ""), time.monotonic()
        _tell(ping, "start")
        try:
            report = cycle()
        except Exception as error:
            self._ends(began, since, ping, why := self._reason(error), why)
            raise
        tabs = sum(len(outcome.troubles) for outcome in report.outcomes)
        counts = {"gagal": len(report.failures), "kendali": len(report.settings.problems), "tab": tabs}
        why = "" if report.well else self._texts.say("operator.ping", **counts)
        self._ends(began, since, report.settings.ping, why)
        return report

    def is_well(self, began: datetime, ping: str) -> None:
        """Note and report a cycle that had nothing to do."""
        self._ends(began, time.monotonic(), ping, "")

    def _ends(self, began: datetime, since: float, ping: str, reason: str, broken: str = "") -> None:
        cycle = LastCycle(began.isoformat(), round(time.monotonic() - since, 1), broken, ping)
        try:
            write_whole(self._path, msgspec.json.encode(cycle))
        except OSError as error:
            log.info("the last cycle is not noted: %s", type(error).__name__)
        _tell(ping, "fail" if reason else "", reason)

    def _reason(self, error: Exception) -> str:
        """Why a cycle was broken off, without anything that people typed into Kendali."""
        if isinstance(error, ConfigurationError):
            return self._texts.say("operator.keliru", banyak=len(error.causes))
        if isinstance(error, Trouble):
            words = self._texts.tell(error)
        else:
            words = f"{self._texts.say('operator.galat-program', berkas=NAME)} ({type(error).__name__})"
        return shorten(without_contacts(" ".join(words.split())), REASON)


def _tell(address: str, what: str, words: str = "") -> None:
    """Tell the monitoring service; `what` is ``start``, ``fail`` or, if all is well, empty."""
    if not address:
        return
    import requests  # only here: most cities have no such service

    try:
        parts = urlsplit(address)
        bare = urlunsplit(parts._replace(path=parts.path.rstrip("/"), query="", fragment=""))
        if "/api/push/" not in parts.path:
            answer = requests.post(f"{bare}/{what}".rstrip("/"), data=words.encode(), timeout=PATIENCE)
        elif what == "start":  # Uptime Kuma knows no beginning
            return
        else:
            query = {"status": "down" if what else "up", "msg": words or "OK"}
            answer = requests.get(bare, params=query, timeout=PATIENCE)
        answer.raise_for_status()
    except (requests.RequestException, ValueError) as error:  # its message would reveal the address, which is secret
        log.info("no ping: %s", type(error).__name__)
