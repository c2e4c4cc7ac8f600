"""Writes files that only their owner may read: replaced whole or not at all, or flushed to the disk at once."""

import hashlib
import os
import tempfile
from collections.abc import Collection
from functools import partial
from pathlib import Path
from time import time

_STALE = 2 * 86_400  # seconds; what is in use is written at least once a day


def make_private(folder: Path) -> None:
    """Make a folder, and missing ones above it, for the owner alone. Raises `OSError`."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file for the owner alone, unless it is there. Raises `OSError`."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def names_of(kind: str, credentials: Path) -> str:
    """The beginning of the names of hidden files of a kind that all programs with these credentials share."""
    return f".{kind}-{hashlib.sha256(os.fsencode(credentials.absolute())).hexdigest()[:8]}-"


def delete_stale(folder: Path, kind: str, kept: Collection[Path]) -> None:
    """Delete hidden files of a kind besides those that are `kept` if nobody has written them for days: the folder was
    moved, or the credentials are gone, and what is erased would stay there. Raises `OSError`."""
    for path in {*folder.glob(f".{kind}-*")}.difference(kept):
        if time() - path.stat().st_mtime > _STALE:
            path.unlink()


def write_down(path: Path, content: bytes, mode: str = "wb") -> None:
    """Write a file, or append to it (``ab``), flushed so that it survives a power cut. Raises `OSError`."""
    with open(path, mode, opener=partial(os.open, mode=0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole, instead of any that was there; its folder is made if necessary.

    Raises `OSError`, and then leaves the earlier file untouched.
    """
    make_private(path.parent)
    # Named so that tidying up hidden files of a kind also finds what a killed program left.
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name.lstrip('.')[:60]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
