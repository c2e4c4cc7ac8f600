"""The log, which tells whoever looks after the program what happened: without personal data, with tracebacks of our own
mistakes, for its owner alone."""

from __future__ import annotations

import logging
import os
import tempfile
import traceback
from collections.abc import Iterable
from functools import partial
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from automation.model.disclosure import without_contacts
from automation.trouble import ConfigurationError, Trouble

NAME = "ruang-rakyat.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LARGEST, _KEPT = 1_000_000, 3

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
