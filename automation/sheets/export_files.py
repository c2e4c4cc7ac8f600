"""Files that are made for people to take away."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from automation.model.cells import Writable
from automation.sheets.csv_files import write_csv
from automation.sheets.local.writing import new_table
from automation.sheets.prepare import new_tab
from automation.trouble import WorkbookError

#: Only the owner may read a file with personal data.
PRIVATE, COMMON = 0o600, 0o666


class Form(StrEnum):
    """What the file is; the value is its ending, too."""

    CSV = "csv"
    XLSX = "xlsx"


def table_file(form: Form, title: str, headings: Sequence[str], rows: Sequence[Sequence[Writable]]) -> bytes:
    """A table as a file; nothing in it is ever run as a formula. `title` is what its tab is called."""
    if form is Form.CSV:
        return write_csv(headings, rows)
    return new_table(new_tab(title, headings), rows)


def write_new(path: Path, data: bytes, *, private: bool) -> None:
    """Write a file that is not there yet. Raises `FileExistsError` if it is, and `WorkbookError` where it can't be
    written."""
    mode = PRIVATE if private else COMMON
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
            try:
                stream.write(data)
                stream.flush()
            except OSError:
                with suppress(OSError):  # half a table would pass for a whole one
                    path.unlink()
                raise
    except FileExistsError:
        raise
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise WorkbookError("ekspor.tidak-bisa-ditulis", berkas=path, sebab=cause) from error
