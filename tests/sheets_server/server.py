"""Google as this program sees it: three hosts, their methods, words and limits."""

import itertools
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from tests.sheets_server.answer import (
    PAGE,
    Answer,
    ApiError,
    Fault,
    InvalidRequest,
    Quota,
    Request,
    json_answer,
    page_answer,
)
from tests.sheets_server.batch import apply_batch
from tests.sheets_server.drive import FOLDER, Drive, File, file_json
from tests.sheets_server.masks import Mask, inner, wants
from tests.sheets_server.model import Book
from tests.sheets_server.people import Person, Typed
from tests.sheets_server.protection import check_block
from tests.sheets_server.ranges import a1_block
from tests.sheets_server.resource import spreadsheet_json
from tests.sheets_server.schema import HOSTS, Api, Method, api
from tests.sheets_server.tokens import Accounts, Grant, TokenError
from tests.sheets_server.values import read_values, write_values

OWNER = "koordinator@example.org"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that was answered. `kind` is ``token`` or the method without its API's name (``get``, ``batchUpdate``,
    ``values.get``, ``files.list``); sizes are bytes of the bodies, before compression."""

    kind: str
    method: str
    path: str
    status: int
    sent: int
    received: int


class SheetsServer:
    """All of it without sockets: `handle` takes a request and gives an answer; tests look on and interfere."""

    def __init__(self) -> None:
        self.accounts = Accounts()
        self.drive = Drive()
        self.quota = Quota()
        self.requests: list[Seen] = []
        self.faults: list[Fault] = []
        self._before: defaultdict[str, list[Callable[[], object]]] = defaultdict(list)
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()

    # What tests set up

    def spreadsheet(
        self,
        title: str,
        tabs: Mapping[str, Sequence[Sequence[Typed]]],
        *,
        writers: Sequence[str] = (),
        readers: Sequence[str] = (),
        folder: str = "",
    ) -> Person:
        book = Book(self._new_id(), title)
        person = Person(book, self._lock)
        for rows in tabs.items():
            person.add_tab(*rows)
        if not tabs:
            person.add_tab("Sheet1", ())
        file = File(book.id, title, OWNER, book=book, writers=set(writers), readers=set(readers))
        file.parents = {folder} if folder else set()
        self.drive.files[book.id] = file
        return person

    def _new_id(self) -> str:
        return f"1Lembar{next(self._numbers):037d}"

    def person(self, id: str) -> Person:
        book = self.drive.files[id].book
        assert book is not None, f"{id} is no spreadsheet"
        return Person(book, self._lock)

    def folder(self, name: str, *, readers: Sequence[str] = (), writers: Sequence[str] = ()) -> str:
        id = f"1Folder{next(self._numbers):026d}"
        self.drive.files[id] = File(id, name, OWNER, kind=FOLDER, readers=set(readers), writers=set(writers))
        return id

    def fail(
        self, *, when: Literal["before", "after"] = "before", kind: str | None = None, times: int = 1, **how: Any
    ) -> None:
        """Let the next `times` requests fail; see `Fault` for how."""
        self.faults.append(Fault(kind, when, times, **how))

    def before(self, kind: str, act: Callable[[], object]) -> None:
        """Do something just before the next request of this kind is handled; several queue up, one a request."""
        self._before[kind].append(act)

    def count(self, *kinds: str) -> int:
        return sum(1 for seen in self.requests if not kinds or seen.kind in kinds)

    # What the proxy calls

    def handle(self, request: Request) -> Answer:
        kind, work = self._route(request)
        if self._before[kind]:  # outside the lock: what is done may be another program's requests
            self._before[kind].pop(0)()
        with self._lock:
            answer = self._struck(kind, "before")
            if answer is None:
                answer = work()
                answer = self._struck(kind, "after", answer) or answer
            self.requests.append(
                Seen(kind, request.method, request.path, answer.status, len(request.body), len(answer.body))
            )
        return answer

    def _struck(self, kind: str, when: Literal["before", "after"], answer: Answer | None = None) -> Answer | None:
        fault = next((fault for fault in self.faults if fault.strikes(kind, when)), None)
        if fault is None:
            return None
        if fault.drop or fault.hang:
            return Answer(0, drop=fault.drop, hang=fault.hang)
        if fault.cut:
            whole = answer or json_answer({"spreadsheetId": "?" * 200})
            return Answer(whole.status, whole.body, whole.headers, cut=True)
        if fault.html:
            broken = page_answer(fault.status or 200, fault.html if isinstance(fault.html, str) else PAGE)
        else:
            broken = json_answer(
                ApiError(fault.status or 503, fault.message, reason=fault.reason).body, fault.status or 503
            )
        broken.headers |= fault.headers
        return broken

    def _route(self, request: Request) -> tuple[str, Callable[[], Answer]]:
        if request.host == "oauth2.googleapis.com" and request.path == "/token" and request.method == "POST":
            return "token", lambda: self._token(request)
        name = HOSTS.get(request.host)
        found = api(name).find(request.method, request.path) if name else None
        if name is None or found is None:
            return "unknown", lambda: page_answer(404)
        method, names = found
        return method.kind, lambda: self._call(api(name), method, names, request)

    def _token(self, request: Request) -> Answer:
        try:
            return json_answer(self.accounts.token(dict(parse_qsl(request.body.decode()))))
        except TokenError as error:
            return json_answer(error.body, 400)

    def _call(self, of: Api, method: Method, names: Mapping[str, str], request: Request) -> Answer:
        pretty = request.query.get("prettyPrint", ["true"])[0] != "false"
        try:
            grant = self._grant(request, method)
            mask = of.check_query(method, request.query)
            body = _parsed(request)
            if method.request:
                of.check_body(method.request, body)
            if method.kind.startswith(("files.", "about.")):
                answer = self._drive(method, names, request, mask, body, grant)
            else:
                answer = self._sheets(method, names, request, mask, body, grant)
            return json_answer(answer, pretty=pretty)
        except ApiError as error:
            return json_answer(error.body, error.status, pretty=pretty)

    def _grant(self, request: Request, method: Method) -> Grant:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self.accounts.grants.get(token)
        if grant is None:
            raise ApiError(401)
        if not grant.scopes & method.scopes:
            raise ApiError(403, "Request had insufficient authentication scopes.")
        return grant

    def _drive(
        self, method: Method, names: Mapping[str, str], request: Request, mask: Mask, body: Any, grant: Grant
    ) -> Any:
        query = {name: texts[0] for name, texts in request.query.items()}
        if method.kind == "files.list":
            return self.drive.list(query, grant.account, mask)
        if method.kind == "files.create":
            return self.drive.create(self._new_id(), body, grant.account, mask)
        if method.kind == "files.get":
            return file_json(self.drive.find(names["fileId"], grant.account), grant.account, mask)
        if method.kind == "about.get" and mask and wants(mask, "user"):
            return {"user": {"kind": "drive#user", "emailAddress": grant.account}}
        raise ApiError(400, "The 'fields' parameter is required for this method.", reason="required")

    def _sheets(
        self, method: Method, names: Mapping[str, str], request: Request, mask: Mask, body: Any, grant: Grant
    ) -> Any:
        query = request.query
        reads = method.http == "GET"
        self.quota.spend("Read" if reads else "Write", grant.account)
        file = self.drive.files.get(names["spreadsheetId"])
        if file is None or file.book is None:
            raise ApiError(404)
        if not (file.readable_by(grant.account) if reads else file.writable_by(grant.account)):
            raise ApiError(403)
        book = file.book
        single = {name: texts[0] for name, texts in query.items()}
        if not reads and grant.account != file.owner and "range" in names:
            try:
                check_block(book, a1_block(book, names["range"]), grant.account)
            except InvalidRequest as error:
                raise ApiError(400, str(error)) from None
        match method.kind:
            case "get":
                blocks = [a1_block(book, text) for text in query.get("ranges", ())]
                grid_data, account = single.get("includeGridData") == "true", _limited(grant.account, file.owner)
                return spreadsheet_json(book, mask, blocks, grid_data=grid_data, account=account)
            case "batchUpdate":
                return self._batch(book, body, mask, grant.account, file.owner)
            case "values.get":
                return read_values(book, names["range"], single)
            case "values.update":
                return write_values(book, names["range"], body.get("values", []), single.get("valueInputOption", ""))
        raise NotImplementedError(f"this server does not know the method {method.kind!r} yet")

    def _batch(self, book: Book, body: Mapping[str, Any], mask: Mask, account: str, owner: str) -> Any:
        draft = book.copy()
        replies = apply_batch(draft, body.get("requests", ()), account, owner)
        answer: dict[str, Any] = {"spreadsheetId": book.id, "replies": replies}
        if body.get("includeSpreadsheetInResponse") and wants(mask, "updatedSpreadsheet"):
            blocks = [a1_block(draft, text) for text in body.get("responseRanges", ())]
            grid_data = body.get("responseIncludeGridData", False)
            of_book = inner(mask, "updatedSpreadsheet")
            shown = spreadsheet_json(draft, of_book, blocks, grid_data=grid_data, account=_limited(account, owner))
            answer["updatedSpreadsheet"] = shown
        book.become(draft)
        return {name: value for name, value in answer.items() if wants(mask, name)}


def _limited(account: str, owner: str) -> str | None:
    """Whom protections may keep out: not the owner."""
    return None if account == owner else account


def _parsed(request: Request) -> Any:
    if not request.body:
        return {}
    try:
        return json.loads(request.body)
    except ValueError:
        raise ApiError(400, "Invalid JSON payload received. Unexpected token.") from None
