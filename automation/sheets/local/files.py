"""Files of local workbooks, new ones too: one writer at a time, none while it is open, replaced whole or not at all."""

import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from openpyxl import Workbook as Fresh
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from automation.model.cells import LONGEST, Writable, kept_text
from automation.sheets.local.book import Book
from automation.sheets.port import Changes, Snapshot
from automation.trouble import WorkbookError, reason_of
from automation.whole_file import write_down

#: The author of what is written.
PROGRAM = "Ruang Rakyat"
#: The title of the only tab in an empty new file.
FIRST_TAB = "Lembar1"
#: The widest column of a new table, in characters.
_WIDEST = 48
#: Seconds to wait for another robot on the same file; one commit takes a few.
PATIENCE = 60.0
#: Excel's limit.
_LONGEST_TITLE = 31
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


def read_bytes(path: Path) -> bytes:
    """The whole file. Raises `WorkbookError` if there is none, or it can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError("lokal.tidak-ada", berkas=str(path)) from None
    except OSError as error:
        raise WorkbookError("lokal.tidak-bisa-dibaca", berkas=str(path), sebab=reason_of(error)) from error


def outside(path: Path, before: float) -> object:
    """A mark of a file, got without opening it, that differs for another file or other content. None if the file was
    changed since `before` (seconds since the epoch), or can't be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    told = found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    return told if max(found.st_mtime, found.st_ctime) < before else None


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold the file's lock, on which robots wait for each other: a hidden file beside it. It is never removed, because
    then two robots could each lock a file of the same name. Raises `WorkbookError` if it can't be held in time."""
    if not path.parent.is_dir():
        raise WorkbookError("lokal.tidak-ada", berkas=str(path))
    beside = path.with_name(f".{path.name}.kunci")
    try:
        held = FileLock(beside, timeout=PATIENCE).acquire()
    except Timeout:
        raise WorkbookError("lokal.dipakai-program-lain", berkas=str(path)) from None
    except (OSError, NotImplementedError) as error:
        cause = reason_of(error)
        raise WorkbookError("lokal.kunci-tertutup", berkas=str(path), kunci=beside.name, sebab=cause) from error
    with held:
        yield


def refuse_if_open(path: Path) -> None:
    """Raise `WorkbookError` while LibreOffice or Excel has the file open: what is written meanwhile is lost when people
    save there. Both keep a lock file beside it, which also remains after a crash."""
    for application, name in (("LibreOffice", f".~lock.{path.name}#"), ("Excel", f"~${path.name}")):
        if path.with_name(name).exists():
            raise WorkbookError("lokal.sedang-dibuka", berkas=str(path), aplikasi=application, kunci=name)


def refuse_if_read_only(path: Path) -> None:
    """Raise `WorkbookError` for a read-only file: replaced, it would be another one to whoever protected or owns it."""
    try:
        if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):  # an administrator always has access
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise unwritable(path, error) from error


def replace(path: Path, data: bytes) -> None:
    """Replace the file by `data`: readers find the old file or the new one, whole, even after a power cut. The mode
    and, if permitted, the owner are kept; a new file is private. To be called within `only_writer`."""
    new = path.with_name(f".{path.name}.baru")
    try:
        new.unlink(missing_ok=True)  # left by a writer that was killed
        status = path.stat() if path.exists() else None
        write_down(new, data, "xb")
        if status:
            new.chmod(stat.S_IMODE(status.st_mode))
            with suppress(PermissionError, AttributeError):  # Windows knows no such owners
                os.chown(new, status.st_uid, status.st_gid)
        new.replace(path)
        with suppress(OSError):  # make it durable, where a folder can be opened (not on Windows)
            descriptor = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):  # it is gone if it has taken the file's place
            new.unlink()


def unwritable(path: Path, error: OSError) -> WorkbookError:
    """The error to raise if the file can't be saved."""
    return WorkbookError("lokal.tidak-bisa-ditulis", berkas=str(path), sebab=reason_of(error))


def check_changes(changes: Changes, seen: Snapshot, name: str) -> None:
    """Raise `WorkbookError`, before anything is done, for changes that this workbook can't take."""
    if (wrong := seen.misnamed(changes)) is not None:
        raise WorkbookError("lokal.lembar-keliru", berkas=name, lembar=wrong)
    for title in (*(tab.title for tab in changes.new_tabs), *changes.put_away.values()):
        if not 0 < len(title) <= _LONGEST_TITLE or _FORBIDDEN_IN_TITLE.search(title):
            raise WorkbookError("lokal.judul-lembar", berkas=name, lembar=title)
    rows: list[tuple[str, Sequence[Writable]]] = [(tab.title, tab.headings) for tab in changes.new_tabs]
    rows += [(title, row) for title, appended in changes.appends.items() for row in appended]
    rows += [(cell.tab, (cell.value,)) for cell in changes.cells]
    for title, value in ((title, value) for title, row in rows for value in row):
        long = isinstance(value, str) and len(value) > LONGEST // 2  # in UTF-16 it is at most twice as long
        if long and len(kept_text(str(value)).encode("utf-16-le")) > 2 * LONGEST:
            raise WorkbookError("lokal.teks-terlalu-panjang", berkas=name, lembar=title, batas=LONGEST)


def new_file(title: str) -> bytes:
    """A file with one empty tab."""
    return _saved(_fresh(title))


def new_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[Writable]]) -> bytes:
    """A file with one tab and the rows below its headings, ready to be filtered; the headings and the first column stay
    in sight. openpyxl never sees the rows: it uses temporary files in a folder that the whole machine shares."""
    fresh = _fresh(title)
    (sheet,) = fresh.worksheets
    for column, heading in enumerate(headings, start=1):
        name: Any = sheet.cell(1, column)
        name.font = Font(name=name.font.name, size=name.font.size, bold=True)
        longest = max((len(str(row[column - 1] or "")) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = max(len(heading), min(longest, _WIDEST)) + 4
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{1 + len(rows)}"
    sheet.freeze_panes = "B2"
    book = Book(_saved(fresh))
    book.put_rows(title, 1, [headings, *rows])
    return book.saved().data


def _fresh(title: str) -> Fresh:
    book = Fresh()
    book.properties.creator = PROGRAM
    book.worksheets[0].title = title
    return book


def _saved(fresh: Fresh) -> bytes:
    stream = BytesIO()
    fresh.save(stream)
    return stream.getvalue()
