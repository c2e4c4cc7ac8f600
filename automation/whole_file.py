"""A file that is there whole or not at all, and that nobody but its owner may read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder, and those above it, for the owner alone, where they are not there. Raises `OSError`."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file for the owner alone, where it is not there. Raises `OSError`."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def write_whole(path: Path, content: bytes) -> None:
    """Put a file there, in the place of one that has the name; its folder is made if it is not there.

    Raises `OSError`, with what was there before untouched.
    """
    make_private(path.parent)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
