"""The two places where a city's spreadsheets live: the tests' Google, and a folder of xlsx files."""

import errno
import json
import logging
import shutil
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from email.message import EmailMessage
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, cast
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests
import stamina
from cryptography.hazmat.primitives import serialization
from requests.adapters import HTTPAdapter

from automation.cases.events import JOURNAL
from automation.cli.compose import LOCAL_SENDER, Program, compose
from automation.config import last_values
from automation.config.defaults import CORRECTION_DAYS, shipped_terms
from automation.config.kendali import PEOPLES_TABS
from automation.cycle.debts import Debts
from automation.cycle.digest import Digester
from automation.cycle.kiriman import Noted
from automation.cycle.setup import Setup
from automation.digests.mingguan import Mingguan
from automation.mail.delivery import PostClosed
from automation.mail.render import KEY_HEADER, Context, Mail, Renderer
from automation.model.cells import Tab, Value
from automation.reading.tabs import GUIDE, find_columns
from automation.sheets.google import client as google, commit as google_commit, recall
from automation.sheets.links import quoted_title
from automation.sheets.local import files as xlsx_files, workbook as xlsx
from automation.sheets.prepare import INTAKE_HEADING_ROW
from automation.tables import intake
from automation.tables.kendali import (
    CATEGORIES,
    FILED,
    HEADINGS,
    PLACES,
    REGISTER,
    REPAIRS,
    SETTINGS,
    SOURCES,
    TERMS,
    WISHES,
)
from tests.local_city import KELURAHAN, TITLES
from tests.office.desk import (
    SPARE_COLUMNS,
    SPARE_ROWS,
    Desk,
    GoogleDesk,
    LocalDesk,
    Rows,
    file_of,
    google_rows,
    tabs_of,
)
from tests.office.robot import LIVING, UNANSWERED, Fate, Killed, robot_here
from tests.office.sheet import FORM, QUESTIONS, STAMP
from tests.sheets_server.answer import Answer, Request, page_answer
from tests.sheets_server.drive import File
from tests.sheets_server.fixtures import ROBOT, Hurried
from tests.sheets_server.model import Book
from tests.sheets_server.proxy import running
from tests.sheets_server.server import SheetsServer
from tests.sheets_server.structure import add_table
from tests.town import NOTE, TUESDAY, WORDS
from tests.xlsx_person import make_file

#: What a spreadsheet held before and after a robot's commit: by tab.
Watch = Callable[[str, dict[str, Rows], dict[str, Rows]], None]
#: A mail that was accepted: by its key, and whether the robot heard of it.
Mailed = Callable[[str, bool], None]
#: And what a robot saw when it read a spreadsheet, or the answer to a commit.
Look = Callable[[str, dict[str, Rows]], None]

KINDS = ("google", "local")
#: What all complaints are about: the only category that Kendali keeps.
CATEGORY = "Jalan & Drainase"
#: For so many days the words are kept that a correction has replaced.
DAYS_KEPT = 1
FOLDER = "laporan"
#: The spreadsheets at the beginning, each with its tabs; one tab serves all kelurahan by a column of its own, and so
#: does one into which a form writes its answers.
SPREADSHEETS: dict[str, dict[str, tuple[str, ...]]] = {
    "Barat": {"Gondrong": TITLES, "Petir": TITLES, FORM: (STAMP, NOTE, *(asked for asked, *_ in QUESTIONS.values()))},
    "Hotline": {"Hotline": (*TITLES, intake.KELURAHAN), "Cimone": TITLES},
}


class Site(Protocol):
    """Where the spreadsheets are. `watch` is told of every commit that a robot makes, `look` of all that it sees,
    `mailed` of every mail."""

    watch: Watch
    look: Look
    mailed: Mailed

    @property
    def kendali(self) -> Desk:
        """The control spreadsheet."""

    @property
    def copy(self) -> Desk:
        """Where the second copy of the journals lies: Kendali, or Cadangan."""

    def begin(self) -> None:
        """A fresh city."""

    def kept(self) -> list[Path]:
        """What the programs keep for each other on disk of what they have read."""

    def desks(self) -> list[Desk]:
        """The spreadsheets that the robot is to look after."""

    def duplicate(self, desk: Desk) -> Desk:
        """A copy in the same folder, as people make one."""

    def add(self, name: str) -> None:
        """An empty spreadsheet in that folder."""

    def discard(self, desk: Desk) -> None:
        """Put a spreadsheet into the bin."""

    def program(self) -> Program:
        """The program, started on another machine."""

    def deliver_late(self) -> None:
        """Let what is late arrive."""


class _Kept(dict[bytes, Tab]):
    """Worksheets that were read, by their marks: those of all files, until they are many."""

    def clear(self) -> None:
        if len(self) > 2_000:
            super().clear()


def _unwatched(*_: object) -> None:
    """Nobody looks on."""


class GoogleSite:
    """On the tests' Google, with the real gspread and google-auth; over real HTTP, or (much faster) by a short cut from
    the client's library to the server's code."""

    def __init__(self, folder: Path, *, http: bool, apart: bool) -> None:
        self.watch: Watch = _unwatched
        self.look: Look = _unwatched
        self.mailed: Mailed = _unwatched
        self._server = SheetsServer()
        self._http = http
        key = self._server.accounts.service_account(ROBOT)
        self._late: list[requests.PreparedRequest] = []
        self._original = HTTPAdapter.send
        self._credentials = folder / "credentials.json"
        parent = self._folder = self._server.folder(FOLDER, readers=[ROBOT])
        kendali = self._server.spreadsheet("Kendali", {}, writers=[ROBOT])
        for name, tabs in SPREADSHEETS.items():
            content = {title: [list(headings)] for title, headings in tabs.items()}
            self._server.spreadsheet(name, content, writers=[ROBOT], folder=parent)
        link = f"https://docs.google.com/spreadsheets/d/{kendali.book.id}/edit"
        said = {"kendali": link, "google": key}
        self.kendali = self.copy = GoogleDesk(kendali.book)
        if apart:
            self.copy = GoogleDesk(self._server.spreadsheet("Cadangan", {}, writers=[ROBOT]).book)
            said["cadangan"] = f"https://docs.google.com/spreadsheets/d/{self.copy.source}/edit"
        self._credentials.write_text(json.dumps(said), "utf-8")
        with self.wired():
            _set_up(self, self._credentials, f"https://drive.google.com/drive/folders/{parent}")
        for file in self._server.drive.files.values():
            if file.book is not None:
                _shrink(file.book)
                if sheet := file.book.by_title(FORM):  # a table, as Google makes it; nobody knows what it refuses
                    add_table(file.book, {"table": {"name": "Form_Responses", "range": {"sheetId": sheet.id}}})
        self._model = {id: _copied(file) for id, file in self._server.drive.files.items()}

    @contextmanager
    def wired(self) -> Iterator[None]:
        """Requests of this process go to the server, past whoever stands at the gate."""
        site = self

        def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            return site._send(request, lambda: site._perform(adapter, request, options))

        with ExitStack() as stack:
            stack.enter_context(stamina.set_testing(True, attempts=100, cap=True))
            stack.enter_context(patch.object(HTTPAdapter, "send", send))
            stack.enter_context(patch.object(google, "Pace", Hurried))
            # Headings stand above here, and tabs are short: most commits read back no more than they need.
            stack.enter_context(patch.multiple(google_commit, TOP=5, SHORT=0))
            stack.enter_context(patch.object(recall, "AWAY_ROWS", INTAKE_HEADING_ROW + 1))
            # Every robot that was killed is started again with the same key: most of the time would go into reading it.
            read_key = lru_cache(maxsize=8)(serialization.load_pem_private_key)
            stack.enter_context(patch.object(serialization, "load_pem_private_key", read_key))
            if self._http:
                folder = Path(stack.enter_context(TemporaryDirectory()))
                environ = stack.enter_context(running(self._server, folder))
                stack.enter_context(patch.dict("os.environ", environ))
            else:  # no proxy stands in between, and looking for one takes longer than the request
                stack.enter_context(patch.object(requests.sessions, "get_environ_proxies", lambda *_, **__: {}))
            yield

    def begin(self) -> None:
        for note in (*self._credentials.parent.glob(".utang-*"), *self.kept()):
            note.unlink()
        self._server.drive.files = {id: _copied(file) for id, file in self._model.items()}
        self._server.requests.clear()
        self._late.clear()
        self.kendali, self.copy = map(self._desk, (self.kendali.source, self.copy.source))

    def kept(self) -> list[Path]:
        """What the programs keep for each other on disk of what they have read."""
        return [one for kind in (".ingat-*", ".ringkas-*", ".*.tenang") for one in self._credentials.parent.glob(kind)]

    def _desk(self, source: str) -> GoogleDesk:
        book = self._server.drive.files[source].book
        assert book is not None
        return GoogleDesk(book)

    def desks(self) -> list[Desk]:
        files = self._server.drive.files.values()
        return [GoogleDesk(file.book) for file in files if file.parents and file.book and not file.trashed]

    def duplicate(self, desk: Desk) -> Desk:
        original = self._server.drive.files[desk.source]
        assert original.book is not None
        copy = _copied(original)
        assert copy.book is not None
        copy.id = copy.book.id = f"1Salinan{len(self._server.drive.files):036d}"
        copy.name = copy.book.properties["title"] = f"Salinan {original.book.title}"
        self._server.drive.files[copy.id] = copy
        return GoogleDesk(copy.book)

    def add(self, name: str) -> None:
        self._server.spreadsheet(name, {}, writers=[ROBOT], folder=self._folder)

    def discard(self, desk: Desk) -> None:
        self._server.drive.files[desk.source].trashed = True

    def program(self) -> Program:
        return _started(self._credentials, self)

    def deliver_late(self) -> None:
        while self._late:
            request = self._late.pop(0)
            self._watched(request, lambda request=request: _answered(request, self._handle(request)))  # type: ignore[misc]

    def _send(self, request: requests.PreparedRequest, perform: Callable[[], requests.Response]) -> requests.Response:
        robot = robot_here()
        if robot is None or urlsplit(request.url or "").hostname == "oauth2.googleapis.com":
            return perform()
        if robot.cut_off:
            raise requests.exceptions.ConnectionError("no network")
        fate = robot.stand(_spreadsheet_in(request) if request.method == "POST" else "")
        match fate:
            case Fate.DROPPED:
                raise requests.exceptions.ConnectionError("reset")
            case Fate.LATE:
                self._late.append(request)
                raise requests.exceptions.ReadTimeout("no answer")
            case Fate.QUOTA | Fate.ERROR | Fate.PAGE:
                return _answered(request, _refusal(fate))
        response = self._watched(request, perform)
        match fate:
            case Fate.UNANSWERED | Fate.CUT_OFF:
                raise requests.exceptions.ReadTimeout("no answer")
            case Fate.PAGE_AFTER:
                return _answered(request, page_answer(503))
            case Fate.CUT:
                response._content = response.content[: len(response.content) // 2]
                return response
            case Fate.KILLED_AFTER:
                raise Killed
        id = _spreadsheet_in(request)
        if (file := self._server.drive.files.get(id)) is not None and file.book is not None and response.ok:
            self.look(id, _read_in(request, _tabs_of(file.book)))
        return response

    def _watched(
        self, request: requests.PreparedRequest, perform: Callable[[], requests.Response]
    ) -> requests.Response:
        """Tell of a commit what it changed."""
        id = _spreadsheet_in(request)
        if request.method != "POST" or id not in self._server.drive.files:
            return perform()
        book = self._server.drive.files[id].book
        assert book is not None
        before = _tabs_of(book)
        response = perform()
        self.watch(id, before, _tabs_of(book))
        return response

    def _perform(self, adapter: HTTPAdapter, request: requests.PreparedRequest, options: Any) -> requests.Response:
        if self._http:
            return self._original(adapter, request, **options)
        return _answered(request, self._handle(request))

    def _handle(self, request: requests.PreparedRequest) -> Answer:
        address = urlsplit(request.url or "")
        query = parse_qs(address.query, keep_blank_values=True)
        headers = {name.lower(): text for name, text in request.headers.items()}
        body = request.body.encode() if isinstance(request.body, str) else bytes(request.body or b"")
        return self._server.handle(
            Request(request.method or "", address.hostname or "", address.path, query, headers, body)
        )


def _spreadsheet_in(request: requests.PreparedRequest) -> str:
    """The id of the spreadsheet that a request is about; empty for any other request."""
    return urlsplit(request.url or "").path.partition("/spreadsheets/")[2].partition(":")[0]


def _read_in(request: requests.PreparedRequest, tabs: dict[str, Rows]) -> dict[str, Rows]:
    """Of a spreadsheet, the tabs that the answer to a request shows: to a commit, those that it writes to."""
    if request.method == "GET":
        asked = parse_qs(urlsplit(request.url or "").query)
        fields = asked.get("fields", [""])[0]
        if "rowData" not in fields or "userEnteredValue" in fields:  # whether tickets were typed says not what stands
            return {}
        if "ranges" not in asked:
            return tabs
        named = {quoted_title(title): title for title in tabs}
        shown = {}
        for one in asked["ranges"]:
            quoted, _, lines = one.rpartition("!1:")
            # Of one row a robot learns only that the tab is there: not that nothing stands below.
            if (title := named.get(quoted or one)) and (not quoted or int(lines) >= max(2, len(tabs[title]))):
                shown[title] = tabs[title]
        return shown
    shown = json.loads(request.body or "{}").get("responseRanges", ())
    return {title: rows for title, rows in tabs.items() if quoted_title(title) in shown}


def _copied(file: File) -> File:
    book = file.book.copy() if file.book is not None else None
    return File(
        file.id, file.name, file.owner, file.kind, book, set(file.parents), set(file.writers), set(file.readers)
    )


def _shrink(book: Book) -> None:
    """Take away cells that are only formatted, and most of the empty grid: it is read again and again."""
    for sheet in book.sheets:
        width = max(map(len, google_rows(sheet.rows)), default=1)
        sheet.rows = [row[:width] for row in sheet.rows[: sheet.last_data_row() + 1]]
        sheet.grid.update(rowCount=len(sheet.rows) + SPARE_ROWS, columnCount=width + SPARE_COLUMNS)


def _tabs_of(book: Book) -> dict[str, Rows]:
    return {sheet.title: google_rows(sheet.rows) for sheet in book.sheets}


def _refusal(fate: Fate) -> Answer:
    if fate is Fate.PAGE:
        return page_answer(503)
    status = 429 if fate is Fate.QUOTA else 500
    return Answer(status, json.dumps({"error": {"code": status, "message": "?", "status": "?"}}).encode())


def _answered(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response._content = answer.body
    response.url, response.request, response.encoding = request.url or "", request, "utf-8"
    return response


class LocalSite:
    def __init__(self, folder: Path, *, apart: bool) -> None:
        self.watch: Watch = _unwatched
        self.look: Look = _unwatched
        self.mailed: Mailed = _unwatched
        self._model, self._folder = folder / "model", folder / "kota"
        (self._model / FOLDER).mkdir(parents=True)
        for name, tabs in SPREADSHEETS.items():
            content: dict[str, Rows] = {title: [list(headings)] for title, headings in tabs.items()}
            (self._model / FOLDER / f"{name}.xlsx").write_bytes(file_of(content))
        self._copy = "Cadangan.xlsx" if apart else "Kendali.xlsx"
        self._point(self._model)
        said = {"kendali": "Kendali.xlsx", **({"cadangan": self._copy} if apart else {})}
        self._credentials.write_text(json.dumps(said), "utf-8")
        with self.wired():
            _set_up(self, self._credentials, FOLDER)
        self._save()

    @contextmanager
    def wired(self) -> Iterator[None]:
        """Files are read and written past whoever stands at the gate."""
        read, replace, lock = xlsx_files.read_bytes, xlsx_files.replace, xlsx_files.only_writer
        read_really = xlsx.read_tabs
        parsed = lru_cache(maxsize=64)(partial(read_really, name="", known=_Kept()))

        def read_tabs(data: bytes, name: str, known: dict[bytes, Any] | None = None) -> tuple[Tab, ...]:
            """For people the same bytes hold the same: much time would go into reading them again."""
            return parsed(data) if known is None else read_really(data, name, known=known)

        def read_bytes(path: Path) -> bytes:
            robot = robot_here()
            fate = robot.stand() if robot is not None else Fate.WELL
            self._save()
            if fate is Fate.DROPPED:
                raise xlsx_files.WorkbookError("lokal.tidak-bisa-dibaca", berkas=str(path), sebab="Input/output error")
            data = read(path)
            if robot is not None:
                self.look(path.relative_to(self._folder).as_posix(), tabs_of(data))
            return data

        def written(path: Path, data: bytes) -> None:
            robot = robot_here()
            if robot is None:
                replace(path, data)
                return
            if robot.fate is Fate.DISK_FULL:
                raise xlsx_files.unwritable(path, OSError(errno.ENOSPC, "No space left on device"))
            before = tabs_of(path.read_bytes())
            replace(path, data)
            self.watch(path.relative_to(self._folder).as_posix(), before, tabs_of(data))
            if robot.fate is Fate.KILLED_AFTER:
                raise Killed

        @contextmanager
        def only_writer(path: Path) -> Iterator[None]:
            with lock(path):
                robot = robot_here()
                if robot is not None:
                    robot.locking = True
                try:
                    yield
                finally:
                    if robot is not None:
                        robot.locking = False

        with (
            patch.object(xlsx_files, "read_bytes", read_bytes),
            patch.object(xlsx_files, "replace", written),
            patch.object(xlsx_files, "only_writer", only_writer),
            patch.object(xlsx, "read_tabs", read_tabs),
        ):
            yield

    def kept(self) -> list[Path]:
        return [*self._folder.glob(".*.tenang")]

    def begin(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._model, self._folder)
        self._point(self._folder)

    def desks(self) -> list[Desk]:
        return list(self._desks.values())

    def duplicate(self, desk: Desk) -> Desk:
        assert isinstance(desk, LocalDesk)
        desk.save()
        path = desk.path.with_name(f"Salinan {len(self._desks)} {zlib.crc32(desk.path.name.encode()) % 100}.xlsx")
        shutil.copyfile(desk.path, path)
        return self._take(path)

    def add(self, name: str) -> None:
        path = self._credentials.parent / FOLDER / f"{name}.xlsx"
        make_file(path, {"Sheet1": []})
        self._take(path)

    def discard(self, desk: Desk) -> None:
        assert isinstance(desk, LocalDesk)
        desk.path.unlink()
        del self._desks[desk.source]

    def program(self) -> Program:
        return _started(self._credentials, self)

    def deliver_late(self) -> None:
        """A file is written at once or not at all."""

    def _point(self, folder: Path) -> None:
        self._credentials = folder / "credentials.json"
        self.kendali = self.copy = LocalDesk(folder / "Kendali.xlsx", "Kendali.xlsx")
        if self._copy != "Kendali.xlsx":
            self.copy = LocalDesk(folder / self._copy, self._copy)
        self._desks: dict[str, Desk] = {}
        for path in sorted((folder / FOLDER).glob("*.xlsx")):
            self._take(path)

    def _take(self, path: Path) -> Desk:
        source = f"{FOLDER}/{path.name}"
        self._desks[source] = LocalDesk(path, source)
        return self._desks[source]

    def _save(self) -> None:
        for desk in (self.kendali, self.copy, *self._desks.values()):
            assert isinstance(desk, LocalDesk)
            desk.save()


@contextmanager
def opened(kind: str, *, http: bool = False, apart: bool = False) -> Iterator[Site]:
    """A city; with `apart`, its second copy lies in a spreadsheet of its own."""
    # In memory where the system has a place for that: thousands of files are written and forgotten.
    memory = Path("/dev/shm")
    few = tuple(row for row in shipped_terms() if row[2] == CATEGORY)  # with which `Istilah` is born: of thousands
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder, ExitStack() as stack:
        stack.enter_context(patch.object(last_values, "shipped_terms", lambda: few))
        path = Path(folder)
        make: Callable[..., GoogleSite | LocalSite] = partial(GoogleSite, http=http) if kind == "google" else LocalSite
        site = make(path, apart=apart)
        # Whatever goes wrong on purpose would be told; what the program calls its own mistake is seen to by `Office`.
        loggers = [logging.getLogger(name) for name in ("automation", "stamina")]
        before = [(logger.level, logger.propagate) for logger in loggers]
        try:
            for logger in loggers:
                logger.setLevel(logging.ERROR)
                logger.propagate = False
            with site.wired():
                yield site
        finally:
            for logger, (level, propagate) in zip(loggers, before, strict=True):
                logger.setLevel(level)
                logger.propagate = propagate


_processes = count(1)


def _started(credentials: Path, site: Site) -> Program:
    """The program in a process of its own, as its notes on disk have it."""
    program, process = compose(credentials, WORDS), f"1000{next(_processes)}"
    LIVING.add(process)
    program.syncer.debts = Debts(credentials.parent, credentials, process, LIVING.__contains__)
    noted = Noted(program.state, credentials)
    digester = Digester(program.kendali, WORDS, cast("Renderer", _Unadorned()), LOCAL_SENDER, noted)
    program.__dict__.update(post=lambda *_: nullcontext(_Post(site)), digester=digester)
    return program


class _Unadorned:
    """Mails that nobody looks at need no templates; what they tell is told once."""

    def render(self, kind: str, digest: object, context: Context) -> Mail:
        if isinstance(digest, Mingguan):
            ids = [*(one.id for one in digest.pending), *(one.id for one in digest.agenda)]
            assert len(ids) == len(set(ids)), ids
        return Mail(kind, context.scope, "")


class _Post:
    """A mail server, as little to be relied upon as all else."""

    def __init__(self, site: Site) -> None:
        self._site, self._robot = site, robot_here()  # mails are sent by a thread of their own

    def send(self, message: EmailMessage) -> None:
        fate = self._robot.stand() if self._robot is not None else Fate.WELL
        if fate in (Fate.WELL, Fate.KILLED_AFTER, *UNANSWERED):
            subject = str(message["Subject"]).replace("\u2060", "")
            key = subject if subject.startswith("Permintaan") else str(message[KEY_HEADER])
            self._site.mailed(key, fate is Fate.WELL)
        if fate is Fate.KILLED_AFTER:
            raise Killed
        if fate is not Fate.WELL:
            raise PostClosed("surat.kirim.lambat", permanent=False)


def _set_up(site: Site, credentials: Path, link: str) -> None:
    """Setup, the folder in Sumber and a few kelurahan, setup again. What no cycle looks at is taken away then (of local
    files all looks, too): they are read and written again and again. A cycle brings up to date what follows from it."""
    for _ in range(2):
        program = compose(credentials, WORDS, creating=True)
        program.sources.create_missing(program.credentials.kendali)
        report = Setup(program.kendali, program.syncer.open_source, WORDS, TUESDAY).run()
        assert report.well, report
        if not report.sources:
            _keep(site.kendali, PLACES, 2, KELURAHAN)
            site.kendali.put(SOURCES, [*_keep(site.kendali, SOURCES, 0, ()), ["Laporan", link]])
            if isinstance(site.kendali, LocalDesk):
                site.kendali.save()
    for title in site.kendali.titles():
        if title not in (*PEOPLES_TABS, *FILED, WISHES, REGISTER, REPAIRS, JOURNAL):
            site.kendali.remove(title)
    # The other settings are what they are by default.
    site.kendali.put(SETTINGS, [*_keep(site.kendali, SETTINGS, 0, ()), [CORRECTION_DAYS.name, DAYS_KEPT]])
    _keep(site.kendali, CATEGORIES, 0, (CATEGORY,))
    _keep(site.kendali, TERMS, 2, (CATEGORY,))
    for desk in site.desks():
        desk.remove(GUIDE)
    assert site.program().syncer.sync(TUESDAY).well


def _keep(kendali: Desk, title: str, column: int, wanted: Collection[Value]) -> Rows:
    """Take away the rows of a table in which none of `wanted` stands in a column; returns what is left."""
    rows = kendali.rows(title)
    head = find_columns(rows, HEADINGS[title]).row
    left = [row for at, row in enumerate(rows) if at <= head or (len(row) > column and row[column] in wanted)]
    kendali.put(title, left)
    return left
