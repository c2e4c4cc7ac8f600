"""From a link in Sumber (or credentials.json) to workbooks of either kind; and workbooks that only pretend to write."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from automation.sheets.links import HERE, folder_id, is_there, local_path, spreadsheet_id
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, ReadRequest, Snapshot, Tab, Workbook
from automation.trouble import WorkbookError

if TYPE_CHECKING:
    from automation.sheets.google.client import GoogleClient
    from automation.sheets.local.workbook import Known


class Sources:
    """Opens spreadsheets. The code for either kind is loaded when the first one is opened; signing in to Google happens
    then, with `creating` including the right to make spreadsheets. `state`: the program's own folder, in which what is
    known of them is kept, and credentials.json. `meanwhile` is called during waits for the quota."""

    def __init__(
        self,
        google: Mapping[str, object] | str | None,
        folder: Path,
        *,
        creating: bool = False,
        state: tuple[Path, Path] | None = None,
    ) -> None:
        self._key, self._creating, self._state = google, creating, state
        self.meanwhile: Callable[[], object] = lambda: None
        self._folder = folder
        self._files: Known = {}
        self._client: GoogleClient | None = None

    def open_one(self, link: str, called: str = "") -> Workbook:
        """The spreadsheet behind a link, `called` so while its name is unknown. Raises `WorkbookError`."""
        if self.is_google(link):
            workbook = self.google().open(link)
            self.google().called[workbook.source] = called or link
            return workbook
        from automation.sheets.local.workbook import local_workbook

        return local_workbook(local_path(link, self._folder), self._folder, self._files)

    def open(self, link: str) -> Sequence[Workbook]:
        """The spreadsheet behind a link, or all in a folder. Raises `WorkbookError`."""
        if self.is_google(link):
            client = self.google()
            found = [identity for identity, _ in client.folder(link)] if folder_id(link) else [link]
            return [*map(client.open, found)]
        from automation.sheets.local.workbook import open_local

        return open_local(link, self._folder, self._files)

    def create_missing(self, link: str) -> bool:
        """Make an empty local spreadsheet if the link names a file that is not there, and tell whether it was so. On
        Google people create spreadsheets themselves: a service account has no storage of its own."""
        path = local_path(link, self._folder)
        missing = not self.is_google(link) and path.suffix.casefold() == ".xlsx" and not is_there(path)
        if missing:
            from automation.sheets.local.workbook import XlsxWorkbook

            XlsxWorkbook.create(path, link)
        return missing

    def in_folder(self, link: str) -> list[str] | None:
        """The names of the spreadsheets in the folder behind a link; None for any other link."""
        if self.is_google(link):
            client = self.google()
            return [name for _, name in client.folder(link)] if folder_id(link) else None
        there = is_there(path := local_path(link, self._folder))
        if not path.is_dir() if there else path.suffix:
            return None
        from automation.sheets.local.workbook import spreadsheets_in

        return [file.stem for file in spreadsheets_in(path)] if there else []

    def create(self, link: str, name: str, tab: str) -> None:
        """Make a spreadsheet of this name with one empty tab in the folder behind a link, on Google or local."""
        if self.is_google(link):
            self.google().create(link, name, tab)
            return
        from automation.sheets.local.workbook import XlsxWorkbook

        path = local_path(link, self._folder) / f"{name}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        XlsxWorkbook.create(path, tab=tab)

    @property
    def skew(self) -> timedelta | None:
        """How far this machine's clock is ahead of Google's; None if Google was not asked, or does not say."""
        theirs, ours = (self._client and self._client.dated) or ("", datetime.now(UTC))
        try:
            return ours - parsedate_to_datetime(theirs)
        except ValueError:
            return None

    def is_google(self, link: str) -> bool:
        """Whether a link leads to Google rather than to a file or folder."""
        if "://" in link.strip().removeprefix(HERE) or "google.com/" in link:
            return True
        if self._key is None or (spreadsheet_id(link) is None and folder_id(link) is None):
            return False
        return not local_path(link, self._folder).exists()

    def remember(self, *, stays: bool = False) -> None:
        """Keep what is known of spreadsheets for the next process; a process that `stays` keeps nothing on disk."""
        if self._client is not None and self._client.kept is not None:
            self._client.kept.save({} if stays else self._client.known)

    def google(self) -> "GoogleClient":
        """The client, signed in. Raises `WorkbookError` if credentials.json holds no key."""
        if self._key is None:
            raise WorkbookError("operator.tanpa-kunci-google")
        if self._client is None:
            from automation.sheets.google.client import connect
            from automation.sheets.google.kept import SpreadsheetCache

            self._client = connect(self._key, creating=self._creating)
            self._client.kept = SpreadsheetCache(*self._state) if self._state is not None else None
            self._client.pace.meanwhile = lambda: self.meanwhile()  # noqa: PLW0108 - it is set later
        return self._client


class Rehearsal:
    """Reads the real workbook, and applies commits only to its own copy. `planned` are the commits, in order."""

    largest_commit: int | None = None  # nothing is sent

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.source, self.assumptions = workbook.source, workbook.assumptions
        self._pretended: Snapshot | None = None
        self.planned: list[Changes] = []

    def read(self, request: ReadRequest | None = None) -> Snapshot:  # noqa: ARG002 - as the port has it
        """The real workbook, or the copy as this rehearsal has changed it."""
        if self._pretended is None:
            self._pretended = self._workbook.read()
        return self._pretended

    def mark(self, request: ReadRequest | None = None) -> str:
        return self._workbook.mark(request)

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Note the changes, and go on as if they had been applied."""
        self.planned.append(changes)
        self._pretended = seen.after(changes)
        return self._pretended

    def dress(self, looks: Sequence[TabLook]) -> int:  # noqa: ARG002 - as the port has it
        """Gives nothing: a plan only shows what would be written into cells."""
        return 0

    def link(self, tab: Tab, row: int) -> str:
        return self._workbook.link(tab, row)
