"""Local workbooks behind a link in Sumber: a file, or a folder with all that is in it."""

from __future__ import annotations

import os
from pathlib import Path

from automation.sheets.local.workbook import XlsxWorkbook
from automation.trouble import WorkbookError

#: Spreadsheets that people may have saved by mistake; opened too, so that each reports that it can't be read.
_QUOTED = 100
_OTHER_KINDS = frozenset({".xls", ".xlsm", ".xlsb", ".ods"})


def open_local(link: str, folder: Path) -> list[XlsxWorkbook]:
    """The workbook at a path, relative to `folder`, or every one in the folder at that path, sorted by name.

    Raises `WorkbookError` for a path where nothing is, what is no .xlsx file, and a folder without workbooks. Each is
    known by its path relative to `folder`, however the link was spelled.
    """
    try:
        return _opened(local_path(link, folder), folder)
    except PermissionError as error:
        raise WorkbookError("lokal.tidak-bisa-dibaca", berkas=_shortened(link), sebab=error.strerror) from error
    except (OSError, RuntimeError) as error:  # no name that a file could have, or no such user's home
        raise WorkbookError("lokal.tidak-ada", berkas=_shortened(link)) from error


def _opened(path: Path, folder: Path) -> list[XlsxWorkbook]:
    if path.is_dir():
        files = sorted(filter(_is_spreadsheet, path.iterdir()), key=lambda file: file.name.casefold())
        if not files:
            raise WorkbookError("lokal.folder-kosong", folder=str(path))
        return [local_workbook(file, folder) for file in files]
    if not path.exists():
        raise WorkbookError("lokal.tidak-ada", berkas=str(path))
    if path.suffix.lower() != ".xlsx":
        raise WorkbookError("lokal.bukan-xlsx", berkas=str(path), jenis=path.suffix or "-")
    return [local_workbook(path, folder)]


def _shortened(link: str) -> str:
    """A link as a message can quote it."""
    return link if len(link) <= _QUOTED else link[:_QUOTED] + "…"


def local_path(link: str, folder: Path) -> Path:
    """The path that a person typed, with quotation marks around it or the backslashes of Windows."""
    typed = link.strip().strip("\"'").strip()
    if os.sep == "/":
        typed = typed.replace("\\", "/")
    return Path(os.path.normpath(folder / Path(typed).expanduser()))


def _is_spreadsheet(file: Path) -> bool:
    """Not what Excel (``~$…``) and LibreOffice (``.~lock…``) put beside an open file, nor anything hidden."""
    if file.name.startswith(("~$", ".")) or not file.is_file():
        return False
    return file.suffix.lower() == ".xlsx" or file.suffix.lower() in _OTHER_KINDS


def local_workbook(path: Path, folder: Path) -> XlsxWorkbook:
    """The workbook in a file, which need not be there yet, known by its path relative to `folder`."""
    try:
        source = path.relative_to(os.path.normpath(folder)).as_posix()
    except ValueError:  # it lies elsewhere
        source = path.as_posix()
    return XlsxWorkbook(path, source, base=folder)
