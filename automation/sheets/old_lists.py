"""Lists that people bring along: an xlsx or csv file on this machine, read once and never written to."""

from __future__ import annotations

from pathlib import Path

from automation.cases.grid import Tab
from automation.sheets.csv_files import read_csv
from automation.sheets.local.files import read_bytes
from automation.sheets.local.reading import read_tabs
from automation.trouble import WorkbookError

_CSV = frozenset({".csv", ".tsv", ".txt"})


def read_list(path: Path) -> tuple[Tab, ...]:
    """The tabs of the file that people can see (a csv file is one), dates as they are shown.

    Raises `WorkbookError` for what is no such file, can't be read, or is damaged.
    """
    if not path.is_file():
        raise WorkbookError("impor.tidak-ada", berkas=path)
    kind = path.suffix.casefold()
    if kind in _CSV:
        return (read_csv(read_bytes(path), path.name),)
    if kind != ".xlsx":
        raise WorkbookError("impor.jenis", berkas=path, jenis=kind or "-")
    return tuple(tab for tab in read_tabs(read_bytes(path), str(path), as_shown=True) if not tab.hidden)
