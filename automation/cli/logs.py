"""The log: what happened, for whoever looks after the program. No personal data; tracebacks of our own mistakes."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

NAME = "ruang-rakyat.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_log(folder: Path) -> Path:
    """Write the log of our own package into a file in this folder (where credentials.json lies), and nowhere else."""
    path = (folder / NAME).resolve()
    logger = logging.getLogger("automation")
    if not any(isinstance(handler, RotatingFileHandler) for handler in logger.handlers):
        try:
            handler: logging.Handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
        except OSError:  # a folder that can't be written to: the work goes on without a log
            handler = logging.NullHandler()
        handler.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    return path


def log_crash(folder: Path, error: Exception) -> Path:
    """Put the traceback of an unexpected error into the log, and return the log's path."""
    path = start_log(folder if folder.is_dir() else Path())
    logging.getLogger("automation").error("unexpected", exc_info=error)
    return path
