"""The links by which people name spreadsheets and folders, on Google and here."""

import os
import re
from pathlib import Path
from urllib.parse import unquote

from automation.trouble import WorkbookError, reason_of

#: Drive's ids: letters, digits, dashes and underscores; long enough not to be a word.
ID = r"[A-Za-z0-9_-]{20,}"
#: ``/spreadsheets/d/ID/edit#gid=0``, ``/spreadsheets/u/0/d/ID``, ``/file/d/ID/view``, ``/open?id=ID``.
SPREADSHEET = re.compile(rf"google\.com/(?:a/[^/]+/)?(?:spreadsheets|file)/(?:u/\d+/)?d/({ID})|[?&](?:id|key)=({ID})")
FOLDER = re.compile(rf"drive\.google\.com/(?:a/[^/]+/)?(?:drive/)?(?:u/\d+/)?(?:mobile/)?folders/({ID})")

#: The address of a file on this machine begins so.
HERE = "file://"


def spreadsheet_id(text: str) -> str | None:
    """The id in a link to a spreadsheet, or `text` itself if it is an id; None if it is neither."""
    text = text.strip()
    if re.fullmatch(ID, text):
        return text
    found = SPREADSHEET.search(text)
    return (found[1] or found[2]) if found else None


def folder_id(text: str) -> str | None:
    """The id in a link to a folder, or None. A bare id is taken for a spreadsheet's."""
    found = FOLDER.search(text.strip())
    return found[1] if found else None


def is_folder(link: str) -> bool:
    """Whether a link leads to a folder, as far as itself tells: it names neither a spreadsheet nor a file."""
    file = link.strip().strip("\"'").casefold().endswith(".xlsx")
    return folder_id(link) is not None or not (file or spreadsheet_id(link))


def spreadsheet_link(id: str) -> str:
    """The address of a spreadsheet."""
    return f"https://docs.google.com/spreadsheets/d/{id}/edit"


def folder_link(id: str) -> str:
    """The address of a folder."""
    return f"https://drive.google.com/drive/folders/{id}"


def local_path(link: str, folder: Path) -> Path:
    """The path, from `folder` on, that somebody typed (quoted, or as on Windows) or copied as a ``file://`` address."""
    typed = link.strip().strip("\"'").strip()
    if typed.startswith(HERE):
        typed = unquote(typed.removeprefix(HERE)).removeprefix("" if os.sep == "/" else "/")
    if os.sep == "/":
        typed = typed.replace("\\", "/")
    return Path(os.path.normpath(folder / os.path.expanduser(typed.replace("\0", "\ufffd"))))  # noqa: PTH111 - it never raises


def is_there(path: Path) -> bool:
    """Whether there is anything at a path. Raises `WorkbookError` for one in a folder that may not be entered, which
    `Path.exists` calls missing from Python 3.14 on."""
    try:
        path.stat()
    except PermissionError as error:
        raise WorkbookError("lokal.tidak-bisa-dibaca", berkas=str(path), sebab=reason_of(error)) from error
    except OSError:  # also for no name that a file could have
        return False
    return True


def quoted_title(title: str) -> str:
    """A whole tab in A1 notation, whatever its title."""
    return "'" + title.replace("'", "''") + "'"
