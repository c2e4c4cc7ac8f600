"""Files that nobody but their owner may read: there whole or not at all, or written down at once."""

import hashlib
import os
import tempfile
from functools import partial
from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder, and those above it, for the owner alone, where they are not there. Raises `OSError`."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file for the owner alone, where it is not there. Raises `OSError`."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def names_of(kind: str, credentials: Path) -> str:
    """How the names of files begin that all programs with these credentials keep of a kind, hidden, in one folder."""
    return f".{kind}-{hashlib.sha256(os.fsencode(credentials.absolute())).hexdigest()[:8]}-"


def write_down(path: Path, content: bytes, mode: str = "wb") -> None:
    """Write into a file, or add to it (``ab``), so that not even a power cut takes it back. Raises `OSError`."""
    with open(path, mode, opener=partial(os.open, mode=0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, content: bytes) -> None:
    """Put a file there, in the place of one that has the name; its folder is made if it is not there.

    Raises `OSError`, with what was there before untouched.
    """
    make_private(path.parent)
    # Called so that whoever tidies up among hidden files of a kind finds what a killed program left, too.
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name.lstrip('.')[:60]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
