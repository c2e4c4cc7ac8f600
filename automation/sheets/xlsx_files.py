"""Files of local workbooks: one writer at a time, never while somebody has one open, replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from automation.trouble import WorkbookError

#: Seconds to wait for another robot on the same file; one commit takes a few.
PATIENCE = 60.0


def read_bytes(path: Path) -> bytes:
    """The whole file; `WorkbookError` where there is none or it may not be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError("lokal.tidak-ada", berkas=str(path)) from None
    except OSError as error:
        raise WorkbookError("lokal.tidak-bisa-dibaca", berkas=str(path), sebab=error.strerror) from error


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold the file's lock, on which robots wait for each other: a hidden file beside it, which stays there because
    removing it would let two robots each lock a file of the same name."""
    if not path.parent.is_dir():
        raise WorkbookError("lokal.tidak-ada", berkas=str(path))
    lock = FileLock(path.with_name(f".{path.name}.kunci"), timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise WorkbookError("lokal.dipakai-program-lain", berkas=str(path)) from None
    except (OSError, NotImplementedError) as error:
        raise unwritable(path, error) from error
    try:
        yield
    finally:
        lock.release()


def refuse_if_open(path: Path) -> None:
    """Raise `WorkbookError` while LibreOffice or Excel has the file open: what is written beneath an open window is
    lost when that window is saved. Both leave a lock file beside it; a crash leaves it behind."""
    for application, name in (("LibreOffice", f".~lock.{path.name}#"), ("Excel", f"~${path.name}")):
        if path.with_name(name).exists():
            raise WorkbookError("lokal.sedang-dibuka", berkas=str(path), aplikasi=application, kunci=name)


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the file's place: readers find the old file or the new one, whole, even after a power cut.
    Keeps the mode and, where permitted, the owner."""
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".baru")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _dress_as(path, temporary)
        temporary.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise unwritable(path, error) from error


def _dress_as(path: Path, temporary: Path) -> None:
    if path.exists():
        shutil.copymode(path, temporary)
        if hasattr(os, "chown"):
            status = path.stat()
            with suppress(PermissionError):
                os.chown(temporary, status.st_uid, status.st_gid)
    elif os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)


def _flush_folder(folder: Path) -> None:
    """Make the renaming durable, where a folder can be opened (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def unwritable(path: Path, error: Exception) -> WorkbookError:
    """The error to raise where the file can't be saved."""
    cause = getattr(error, "strerror", None) or type(error).__name__
    return WorkbookError("lokal.tidak-bisa-ditulis", berkas=str(path), sebab=cause)
