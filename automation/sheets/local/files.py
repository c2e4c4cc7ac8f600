"""Files of local workbooks: one writer at a time, never while somebody has one open, replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import re
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
    beside = path.with_name(f".{path.name}.kunci")
    lock = FileLock(beside, timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise WorkbookError("lokal.dipakai-program-lain", berkas=str(path)) from None
    except (OSError, NotImplementedError) as error:
        cause = _cause(error)
        raise WorkbookError("lokal.kunci-tertutup", berkas=str(path), kunci=beside.name, sebab=cause) from error
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


def refuse_if_read_only(path: Path) -> None:
    """Raise `WorkbookError` for a file that may not be written. It could be replaced all the same where its folder may
    be written to; but then whoever closed it, or owns it, would find another file there."""
    try:
        closed = not path.stat().st_mode & 0o222  # the administrator may write all the same
    except OSError as error:
        raise unwritable(path, error) from error
    if closed or not os.access(path, os.W_OK):
        raise unwritable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the file's place: readers find the old file or the new one, whole, even after a power cut.
    Keeps the mode and, where permitted, the owner. To be called by the `only_writer`."""
    temporary: Path | None = None
    try:
        _sweep(path)
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
        raise unwritable(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):  # it is gone if it has taken the file's place
                temporary.unlink()


def _sweep(path: Path) -> None:
    """Remove what a writer has left behind that was killed before it could put it in the file's place."""
    left = re.compile(rf"\.{re.escape(path.name)}\.[a-z0-9_]+\.baru")
    for beside in path.parent.iterdir():
        if left.fullmatch(beside.name):
            with suppress(OSError):
                beside.unlink()


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
    return WorkbookError("lokal.tidak-bisa-ditulis", berkas=str(path), sebab=_cause(error))


def _cause(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
