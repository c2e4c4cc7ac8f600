"""The program's own folder, for what is no secret and nobody's work: the lock of `run`; the log, which tells whoever
looks after the program what happened, without personal data, with tracebacks of our own mistakes.

Only `run` asks for it, to hold its lock there. Afterwards, and for all else, it may vanish or be read-only at any time:
nothing in it is needed to go on.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from filelock import FileLock, Timeout

from automation.model.masking import mask_text
from automation.trouble import ConfigurationError, Trouble

NAME = "ruang-rakyat.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LARGEST, _KEPT = 1_000_000, 3

logger = logging.getLogger("automation")
logger.addHandler(logging.NullHandler())  # without a file (a dry run) nothing goes to the terminal


def make_own(folder: Path) -> None:
    """Make the folder, for its owner alone. Raises nothing: whatever is written there says for itself that it can't
    be."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


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


def closed_folder(folder: Path, error: OSError) -> Trouble:
    """That nothing can be written into a folder, and why."""
    return Trouble("operator.folder-tertutup", folder=folder, sebab=error.strerror or type(error).__name__)


class _Discreet(logging.Formatter):
    """A spreadsheet may be named after somebody's number, and an unexpected error quotes what it stumbled over."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))


class _File(RotatingFileHandler):
    """A log that can't be written (a full disk) stops nothing, and doesn't flood the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass


def start_log(folder: Path) -> Path:
    """Write the log of our own package into a file in this folder, and nowhere else.

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
