"""The log: what happened, for whoever looks after the program. No personal data; tracebacks of our own mistakes."""

from __future__ import annotations

import logging
import tempfile
from logging.handlers import RotatingFileHandler
from pathlib import Path

from automation.model.masking import mask_text
from automation.trouble import ConfigurationError, Trouble

NAME = "ruang-rakyat.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LARGEST, _KEPT = 1_000_000, 3

logger = logging.getLogger("automation")
logger.addHandler(logging.NullHandler())  # without a file (a dry run) nothing goes to the terminal


class _Discreet(logging.Formatter):
    """A spreadsheet may be named after somebody's number, and an unexpected error quotes what it stumbled over."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.message = mask_text(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802
        return mask_text(super().formatException(ei))  # type: ignore[arg-type]


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
