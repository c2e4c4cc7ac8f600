"""Spreadsheets on Google, through gspread (but its `Spreadsheet`, which costs more): a read or commit is a request."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from sys import intern
from typing import Any

import gspread

from automation.model.cells import Lock
from automation.sheets.google.assumptions import GoogleAssumptions
from automation.sheets.google.commit import LOCAL, commit_of
from automation.sheets.google.dress import Dresser
from automation.sheets.google.failures import Refusals, Subject, call_patiently, read_anyway
from automation.sheets.google.kept import SpreadsheetCache
from automation.sheets.google.leftover import commit_removal
from automation.sheets.google.recall import WHOLE_AFTER, KnownSpreadsheet, read_whole
from automation.sheets.google.session import DRIVE_URL, SHARED, SHEETS_URL, Pace, Params, Session, credentials_of
from automation.sheets.google.snapshot import FENCE, READ_BACK_FIELDS, snapshot_of
from automation.sheets.google.views import typed_in, with_views
from automation.sheets.links import folder_id, folder_link, spreadsheet_id, spreadsheet_link
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, ReadRequest, Snapshot, Tab
from automation.trouble import Outrun, WorkbookError

log = logging.getLogger(__name__)

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
#: In rows: a new one is about two kilobytes of JSON (cells, link, event); Google advises at most 2 MB a request.
LARGEST_COMMIT = 900


def connect(google: Mapping[str, object] | str, *, creating: bool = False) -> "GoogleClient":
    """A client for ``google`` of credentials.json: a service-account key, authorized-user credentials or ``"default"``.
    With `creating` it may make spreadsheets. Nothing is sent yet. Raises `ConfigurationError` if the key is invalid."""
    credentials, address = credentials_of(google, creating=creating)
    return GoogleClient(gspread.Client(credentials), address, Pace())


class GoogleClient(Session):
    """One session for all spreadsheets of a process, and what is known of them."""

    def __init__(self, client: gspread.Client, address: str, pace: Pace) -> None:
        super().__init__(client, address, pace)
        self.places: dict[str, Subject] = {}  # names and links of spreadsheets, by id
        self.called: dict[str, str] = {}  # what is said of a spreadsheet, by its id, until its name is known
        self._met: dict[str, datetime] = {}
        self.typed: dict[str, set[str]] = {}  # by id, the keys of tabs that were checked and are no views
        self.known: dict[str, KnownSpreadsheet] = {}  # by id, what was read: later only parts have to be
        self.kept: SpreadsheetCache | None = None
        #: Columns of tabs that can't be written, and titles of tabs that can't be read.
        self.refusals, self.unreadable = Refusals[tuple[str, Lock]](), Refusals[str]()

    def known_of(self, source: str, request: ReadRequest | None) -> KnownSpreadsheet | None:
        """What was read of a spreadsheet before; if there is a request, also what another process has kept."""
        if source not in self.known and request is not None and self.kept and (kept := self.kept.load(source)):
            self.known[source], self.typed[source] = kept, typed_in(kept.seen)
        return self.known.get(source)

    def open(self, link: str) -> "GoogleWorkbook":
        """The spreadsheet behind a link or an id. Nothing is sent yet; raises `WorkbookError` for any other text."""
        return GoogleWorkbook(self, _named(spreadsheet_id(link), link))

    def folder(self, link: str) -> list[tuple[str, str]]:
        """Id and name of every spreadsheet in the folder behind a link or an id, sorted by name."""
        id = _named(folder_id(link) or spreadsheet_id(link), link)
        params = {
            "q": f"'{id}' in parents and trashed = false and mimeType = '{SPREADSHEET}'",
            "fields": "nextPageToken,files(id,name,capabilities(canEdit))",
            "orderBy": "name_natural",
            "pageSize": "1000",
            "includeItemsFromAllDrives": "true",
            **SHARED,
        }
        found: list[tuple[str, str]] = []
        while True:
            listed = self.ask(Subject(folder_link(id), folder_link(id)), "get", f"{DRIVE_URL}/files", params)
            for file in listed.get("files", ()):
                found.append((file["id"], file["name"]))
                if file.get("capabilities", {}).get("canEdit"):  # what `meet` would ask
                    self.places[file["id"]] = Subject(file["name"], spreadsheet_link(file["id"]))
            if "nextPageToken" not in listed:
                return found
            params["pageToken"] = listed["nextPageToken"]

    def meet(self, id: str, now: datetime | None = None) -> Subject:
        """A spreadsheet's name and link. The first time in a process, unless its folder told of it, and once a day if
        the time is known, Drive is asked about it: Sheets serves one in the bin until it is gone for good. Raises if it
        is there, or read-only."""
        if due := now is not None and now - self._met.setdefault(id, now) >= WHOLE_AFTER:
            self.typed.pop(id, None)
        if due or id not in self.places:
            link = spreadsheet_link(id)
            params = {"fields": "id,name,trashed,capabilities(canEdit)", **SHARED}
            known = self.places.get(id, Subject(self.called.get(id, link), link))
            file = self.ask(known, "get", f"{DRIVE_URL}/files/{id}", params)
            place = Subject(file["name"], link)
            if file.get("trashed"):
                raise WorkbookError("google.tempat-sampah", **place.named)
            if not file.get("capabilities", {}).get("canEdit", True):
                raise WorkbookError("google.hanya-baca", **place.named, alamat=self.address)
            self.places[id] = place
            self._met.update({id: now} if now is not None else {})
        return self.places[id]

    def opened_by(self, link: str) -> list[str] | None:
        """Who may open a spreadsheet besides its owner and the robot, by address or domain; an empty text stands for
        whoever has the link. None if Google does not say. Raises `WorkbookError`."""
        url, fields = f"{DRIVE_URL}/files/{spreadsheet_id(link)}", "permissions(role,emailAddress,domain)"
        told = self.ask(Subject(link, link), "get", url, {"fields": fields, **SHARED}).get("permissions")
        others = (one.get("emailAddress") or one.get("domain") or "" for one in told or () if one["role"] != "owner")
        return [one for one in others if one != self.address] if told is not None else None

    def create(self, link: str, name: str, tab: str) -> None:
        """Make a spreadsheet of this name in the folder behind a link, with one empty tab, the city's locale and its
        time zone. Without those it would still work, in the locale of its owner."""
        folder = folder_id(link) or link
        file = {"name": name, "mimeType": SPREADSHEET, "parents": [folder]}
        sent = False

        def make() -> str:
            """Looks before it tries again: if an answer was lost, the spreadsheet may be there already."""
            nonlocal sent
            if sent and (there := [id for id, named in self.folder(link) if named == name]):
                return there[0]
            sent = True
            return str(self.send("post", f"{DRIVE_URL}/files", {"fields": "id", **SHARED}, file)["id"])

        id = self.attempt(partial(call_patiently, make), Subject(name, folder_link(folder)), writing=True)
        called = {"updateSheetProperties": {"properties": {"sheetId": 0, "title": tab}, "fields": "title"}}
        url, body = f"{SHEETS_URL}/{id}:batchUpdate", {"requests": [LOCAL, called]}
        self.ask(Subject(name, spreadsheet_link(id)), "post", url, {"fields": "spreadsheetId"}, body)


def _named(id: str | None, link: str) -> str:
    if id is None:
        raise WorkbookError("google.tautan-keliru", tautan=link.strip())
    return id


class GoogleWorkbook:
    """One spreadsheet on Google; implements `Workbook`. Commits behind fences of different names ignore each other."""

    def __init__(self, client: GoogleClient, id: str, fence: str = FENCE) -> None:
        self._client, self.source, self.largest_commit, self._fence = client, id, LARGEST_COMMIT, fence
        self._url, self._link, self.assumptions = f"{SHEETS_URL}/{id}", spreadsheet_link(id), GoogleAssumptions(self)
        self._shut: tuple[str, Lock] | None = None  # the last that was refused as protected
        self._get = partial(client.send, "get", self._url)

    def behind(self, fence: str) -> "GoogleWorkbook":
        """The same spreadsheet behind a fence of another name."""
        return GoogleWorkbook(self._client, self.source, fence)

    def read(self, request: ReadRequest | None = None) -> Snapshot:
        """All tabs, names and fences; in one request if Google manages (and one to Drive the first time)."""
        known = self._client.known_of(self.source, request) if self._fence == FENCE else None
        if known is not None and (ahead := known.ahead_for(request)) is not None:
            return ahead
        seen = known.read(request, self.fetch, self._shown) if known and request and not request.anew else None
        if seen is None:
            seen = self._read_all(request)
            if request is not None and request.now is not None:
                self._client.known[self.source] = known = KnownSpreadsheet.of(seen, request.now, self.source, known)
            if known is not None:
                known.changed = True
        if self._fence == FENCE:
            seen = with_views(seen, self._client.typed.setdefault(self.source, set()), self.fetch)
        if known is not None:
            known.seen = seen
            known.part = request.part if request is not None and request.now is not None else known.part
        return seen

    def mark(self, request: ReadRequest | None = None) -> str:
        """The digest of what was asked for the last time, tab by tab. A read right behind asks for nothing twice."""
        if (known := self._client.known_of(self.source, request)) is not None and request is not None:
            seen = self.read(known.request(request))
            known = self._client.known[self.source]
            known.ahead = seen
        return known.mark if known is not None else ""

    def _shown(self, answer: Mapping[str, Any]) -> Snapshot:
        return snapshot_of(answer, self._fence, self._client.refusals.of(self.source))

    def _read_all(self, request: ReadRequest | None) -> Snapshot:
        place = self._client.meet(self.source, request.now if request is not None else None)

        def ask(params: Params, path: str = "") -> dict[str, Any]:
            return self._client.attempt(partial(self._client.send, "get", self._url + path, params), place)

        whole = partial(read_whole, request, self.fetch)
        spreadsheet = read_anyway(whole, ask, self._client.unreadable, self.source)
        snapshot = self._shown(spreadsheet)
        self._client.places[self.source] = Subject(snapshot.name, self._link)
        return snapshot

    def fetch(self, fields: str, **more: list[str]) -> Mapping[str, Any]:
        """These fields of the spreadsheet."""
        return self._client.ask(self._client.meet(self.source), "get", self._url, {"fields": fields, **more})

    def batch(self, body: Mapping[str, Any], fields: str) -> Mapping[str, Any]:
        """Send a batchUpdate as it is, and return these fields of the answer."""
        url = f"{self._url}:batchUpdate"
        return self._client.ask(self._client.meet(self.source), "post", url, {"fields": fields}, body)

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Apply all changes in one request behind the fence; see `Workbook.commit`."""
        if changes.removed:
            return commit_removal(self, self._commit, changes, seen)
        return self._commit(changes, seen) if changes else seen

    def _commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        place = Subject(seen.name, self._link)
        robot = self._client.address if any(tab.protected for tab in changes.new_tabs) else ""
        for tab in filter(None, map(seen.tab, changes.appends)):
            if tab.refuses(len(tab.rows), 0):
                raise WorkbookError("google.terlindung", **place.named, alamat=self._client.address, sebab=tab.title)
        if (wrong := seen.misnamed(changes)) is not None:
            raise WorkbookError("google.tab-keliru", **place.named, tab=wrong)
        commit = commit_of(changes, seen, robot)
        outrun = Outrun("google.didahului", **place.named, sebab="-")
        try:
            answer = self.batch(commit.body, READ_BACK_FIELDS if commit.read_back else "spreadsheetId")
        except WorkbookError as error:
            refused = commit.refused(str(error.particulars.get("sebab")))
            if isinstance(error, Outrun) or refused is None:
                raise
            if error.code != "google.terlindung":
                log.warning("%s: refused, and left alone from here on: %s", seen.name, refused)
                self._client.refusals.note(self.source, refused)
            elif refused == self._shut:  # a protection set just now would have shown in the read before this try
                raise
            self._shut = refused
            raise outrun from error
        if (after := commit.after(answer)) is None:
            raise outrun
        if self._fence == FENCE and (known := self._client.known.get(self.source)) is not None:
            known.seen, known.changed = after, True
        return after

    def dress(self, looks: Sequence[TabLook]) -> int:
        """Give tabs what they lack of their looks; see `Workbook.dress`."""
        place, post = self._client.meet(self.source), partial(self._client.send, "post", f"{self._url}:batchUpdate")
        robot = self._client.address if any(look.protected for look in looks) else ""
        return self._client.attempt(Dresser(self._get, post, looks, robot, place).dress, place, writing=True)

    def link(self, tab: Tab, row: int) -> str:
        """Opens the spreadsheet at this 0-based row."""
        return intern(f"{self._link}#gid={tab.key}&range=A{row + 1}")  # `Rekap` holds it, too
