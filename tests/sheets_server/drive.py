"""Drive: which files there are, in which folder, and who may read and change them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.sheets_server.answer import ApiError
from tests.sheets_server.masks import Mask, kept, parse_mask
from tests.sheets_server.model import Book

NO_ROOM = (
    "Service Accounts do not have storage quota. Leverage shared drives (https://developers.google.com/workspace/drive/"
    "api/guides/about-shareddrives), or use OAuth delegation instead."
)
#: Among readers or writers: whoever has the link.
ANYONE = "anyone"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
CLAUSE = re.compile(
    r"""(?P<parent>['"][^'"]+['"])\s+in\s+parents | parents\s+in\s+(?P<parents>['"][^'"]+['"])
    | (?P<field>name|mimeType|trashed)\s*(?P<operator>!?=)\s*(?P<value>['"](?:[^'"\\]|\\.)*['"]|true|false)""",
    re.VERBOSE,
)


@dataclass(slots=True)
class File:
    """A file of Drive. `book` is the spreadsheet in it, None for anything else (a folder). The owner can do all."""

    id: str
    name: str
    owner: str
    kind: str = SPREADSHEET
    book: Book | None = None
    parents: set[str] = field(default_factory=set)
    writers: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    trashed: bool = False
    writers_can_share: bool = True

    def readable_by(self, account: str) -> bool:
        """Whether `account` may open it."""
        return account in self.readers or self.writable_by(account)

    def writable_by(self, account: str) -> bool:
        """Whether `account` may change it."""
        return account == self.owner or account in self.writers


def file_json(file: File, account: str, mask: Mask) -> dict[str, Any]:
    """The File resource; without a mask Drive shows the four fields that everybody knows."""
    whole = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.book.title if file.book else file.name,
        "mimeType": file.kind,
        "trashed": file.trashed,
        "parents": sorted(file.parents),
        "capabilities": {"canEdit": file.writable_by(account) and not file.trashed, "canDownload": True},
        "owners": [{"emailAddress": file.owner}],
    }
    if account == file.owner or (file.writers_can_share and file.writable_by(account)):
        whole["permissions"] = [
            {"role": role, "type": "user", "emailAddress": email} if email != ANYONE else {"role": role, "type": email}
            for role, emails in (("owner", [file.owner]), ("writer", file.writers), ("reader", file.readers))
            for email in sorted(emails)
        ]
    chosen = mask if mask is not None else dict.fromkeys(("kind", "id", "name", "mimeType"))
    shown: dict[str, Any] = kept(whole, chosen)
    return shown


class Drive:
    """All files, by id."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}

    def create(self, id: str, body: Mapping[str, Any], account: str, mask: Mask) -> dict[str, Any]:
        """``files.create`` of a spreadsheet, in the folder that `parents` names. A service account has no room."""
        (parent,) = body.get("parents", ("root",))
        folder = self.files.get(parent)
        if folder is None or not folder.readable_by(account):
            raise ApiError(404, f"File not found: {parent}.", reason="notFound")
        if not folder.writable_by(account):
            raise ApiError(403, "The user does not have sufficient permissions for this file.", reason="forbidden")
        if account.endswith(".gserviceaccount.com"):
            raise ApiError(403, NO_ROOM, reason="storageQuotaExceeded")
        if body.get("mimeType") != SPREADSHEET:
            raise NotImplementedError("this server only makes spreadsheets")
        book = Book(id, body.get("name", "Untitled spreadsheet"))
        book.properties |= {"locale": "en_US", "timeZone": "America/Los_Angeles"}
        book.add_sheet("Sheet1", id=0)
        file = File(id, book.title, account, book=book, parents={parent})
        file.writers |= folder.writers | {folder.owner}
        file.readers |= folder.readers
        self.files[id] = file
        return file_json(file, account, mask)

    def find(self, id: str, account: str) -> File:
        """The file, if `account` may know of it."""
        file = self.files.get(id)
        if file is None or not file.readable_by(account):
            raise ApiError(404, f"File not found: {id}.", reason="notFound")
        return file

    def list(self, query: Mapping[str, str], account: str, mask: Mask) -> dict[str, Any]:
        """``files.list``: `q` with the clauses above joined by ``and``, `pageSize`, `pageToken`."""
        wanted = [file for file in self.files.values() if file.readable_by(account)]
        for clause in filter(None, re.split(r"\s+and\s+", query.get("q", ""))):
            match = CLAUSE.fullmatch(clause.strip())
            if match is None:
                raise ApiError(400, "Invalid Value", reason="invalid")
            parent = (match["parent"] or match["parents"] or "")[1:-1]
            if parent and (parent not in self.files or not self.files[parent].readable_by(account)):
                raise ApiError(404, "File not found: .", reason="notFound")
            wanted = [file for file in wanted if _matches(file, match)]
        size = int(query.get("pageSize", "100"))
        if not 1 <= size <= 1000:
            raise ApiError(400, f"Invalid value '{size}'. Values must be within the range: [1, 1000]", reason="invalid")
        start = int(query.get("pageToken") or 0)
        shown = mask or parse_mask("kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)") or {}
        answer: dict[str, Any] = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [file_json(file, account, shown.get("files")) for file in wanted[start : start + size]],
        }
        if start + size < len(wanted):
            answer["nextPageToken"] = str(start + size)
        filtered: dict[str, Any] = kept(answer, shown)
        return filtered


def _matches(file: File, clause: re.Match[str]) -> bool:
    parent = clause["parent"] or clause["parents"]
    if parent:
        return parent[1:-1] in file.parents
    value = clause["value"]
    known = {"trashed": str(file.trashed).lower(), "name": file.name, "mimeType": file.kind}[clause["field"]]
    wanted = value if value in ("true", "false") else value[1:-1].replace("\\'", "'")
    return (known == wanted) == (clause["operator"] == "=")
