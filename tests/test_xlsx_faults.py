"""Faults of the disk, of files and of the machine: the last good file is never damaged, and it is said what to do."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from automation.cli.main import main
from automation.sheets.local import files as xlsx_files
from automation.sheets.local.workbook import open_local
from automation.sheets.looks.model import ColumnLook, Style, TabLook
from automation.sheets.port import CellWrite, Changes, Snapshot
from automation.tables import intake
from automation.tables.kendali import SOURCES
from automation.trouble import Outrun, WorkbookError
from tests.conftest import Say
from tests.local_city import LocalCity
from tests.operator_desk import ROOT
from tests.programs import bound_by_permissions
from tests.test_xlsx_files import WhileWritten
from tests.town import TUESDAY, WORDS
from tests.xlsx_parts import replace_in
from tests.xlsx_person import Editor, make_file, opened

pytestmark = pytest.mark.sampled(tests=5)

TAB = "Gondrong"
CHANGES = Changes(cells=[CellWrite(TAB, 0, 0, "RR-1")])
posix = pytest.mark.skipif(os.name != "posix", reason="this system has no file modes and no signals of this kind")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path / "Cipondoh.xlsx", {TAB: [["a", "b" * 1000]]})


def listing(folder: Path) -> dict[str, bytes]:
    """All files but the lock."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and ".kunci" not in file.name}


def refused(path: Path, seen: Snapshot | None = None) -> WorkbookError:
    """What a commit raises: in words, and with every file left as it was and none added."""
    seen = seen or opened(path).read()
    before = listing(path.parent)
    with pytest.raises(WorkbookError) as caught:
        opened(path).commit(CHANGES, seen)
    assert listing(path.parent) == before
    assert str(path) in WORDS.say(caught.value.code, **caught.value.particulars)
    return caught.value


# The disk -----------------------------------------------------------------------------------------------------------


def fails_for(monkeypatch: pytest.MonkeyPatch, call: str, cause: int, part: str = "") -> list[str]:
    """Let a call to the system fail for paths in which the pattern `part` is found; returns those that it struck."""
    real: Callable[..., Any] = getattr(os, call)
    struck: list[str] = []

    def failing(target: Any, *rest: Any, **more: Any) -> Any:
        if not re.search(part, str(target)):
            return real(target, *rest, **more)
        struck.append(str(target))
        raise OSError(cause, os.strerror(cause))

    monkeypatch.setattr(os, call, failing)
    return struck


@pytest.mark.parametrize(
    ("call", "cause", "part"),
    [
        pytest.param("open", errno.ENOSPC, r"\.baru$", id="no room for another name in the folder"),
        pytest.param("open", errno.EDQUOT, r"\.baru$", id="the user's quota is used up"),
        pytest.param("fsync", errno.ENOSPC, "", id="no room when the system writes at last"),
        pytest.param("fsync", errno.EIO, "", id="the disk is broken"),
        pytest.param("chmod", errno.EPERM, r"\.baru$", id="modes can't be kept"),
        pytest.param("replace", errno.EACCES, r"\.baru$", id="the file may not be replaced"),
        pytest.param("replace", errno.EROFS, r"\.baru$", id="the disk has become read-only"),
    ],
)
def test_whichever_call_of_the_system_fails_the_old_file_stays_and_it_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, cause: int, part: str
) -> None:
    with monkeypatch.context() as patch:
        struck = fails_for(patch, call, cause, part)
        error = refused(path)
    assert struck
    assert error.code == "lokal.tidak-bisa-ditulis"
    assert error.particulars["sebab"] == os.strerror(cause)
    opened(path).commit(CHANGES, opened(path).read())
    assert opened(path).read().tabs[0].rows[0][0] == "RR-1"


def test_a_folder_that_can_not_be_flushed_is_no_reason_to_fail_and_no_folder_of_temporary_files_is_needed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_for(monkeypatch, "open", errno.EINVAL, f"^{re.escape(str(path.parent))}$")
    monkeypatch.setattr(tempfile, "tempdir", str(path.parent / "tidak ada"))
    opened(path).commit(CHANGES, opened(path).read())
    assert opened(path).read().tabs[0].rows[0][0] == "RR-1"


@pytest.mark.sampled(3)
@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="this system has no limits on file sizes")
@pytest.mark.parametrize("room", [0, 1, 500, 1500, 3000])
def test_a_disk_that_is_full_after_any_number_of_bytes_leaves_the_old_file_whole(path: Path, room: int) -> None:
    """In a process of its own, in which files really can't grow: openpyxl's as little as ours."""
    with zipfile.ZipFile(path) as archive:
        assert max(entry.file_size for entry in archive.infolist()) > room
    before = listing(path.parent)
    code = f"""
import resource
from pathlib import Path
from automation.trouble import WorkbookError
from automation.sheets.port import CellWrite, Changes
from automation.sheets.local.workbook import XlsxWorkbook
book = XlsxWorkbook(Path({str(path)!r}), "x")
seen = book.read()
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
try:
    book.commit(Changes(cells=[CellWrite({TAB!r}, 0, 0, "RR-1")]), seen)
except WorkbookError as error:
    print(error.code)
"""
    done = child(code)
    assert done.communicate(timeout=60) == ("lokal.tidak-bisa-ditulis\n", "")
    assert listing(path.parent) == before


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Two spreadsheets with a complaint each."""
    city = LocalCity.lay_out(tmp_path, {"Barat": ["Gondrong"], "Timur": ["Petir"]})
    city.type("Barat", "Gondrong", {"Catatan": "barat"})
    city.type("Timur", "Petir", {"Catatan": "timur", intake.NAME: "Bu Sri", intake.PHONE: "081200001099"})
    return city


def test_a_spreadsheet_for_which_the_disk_is_full_is_said_and_the_others_go_on(
    city: LocalCity, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    whole = city.path("Barat").read_bytes()
    say()
    with monkeypatch.context() as patch:
        fails_for(patch, "open", errno.ENOSPC, r"\.Barat\.xlsx\..*baru")
        assert city.run("sync") == 1
    assert city.path("Barat").read_bytes() == whole
    assert f"Barat.xlsx” tidak bisa disimpan ({os.strerror(errno.ENOSPC)})" in say()
    assert city.tickets("Timur", "Petir")["timur"].startswith("RR-")
    states = [str(row[4]) for row in city.rows("Kendali", SOURCES)[1:]]
    assert "tidak bisa disimpan" in states[0] and states[1] == "Baik"
    assert city.run("sync") == 0
    assert city.tickets("Barat")["barat"].startswith("RR-")


def test_a_kendali_that_can_not_be_written_is_said_and_catches_up_later(
    city: LocalCity, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = city.path("Kendali").read_bytes()
    city.path("Kendali").chmod(0o444)
    capsys.readouterr()
    assert city.run("sync") == 1
    assert "Kendali.xlsx” tidak bisa disimpan" in capsys.readouterr().err
    assert city.path("Kendali").read_bytes() == whole
    tickets = {*city.tickets("Barat").values(), *city.tickets("Timur", "Petir").values()}
    city.path("Kendali").chmod(0o644)
    assert city.run("sync") == 0
    assert city.register().keys() == tickets
    assert all(ticket.startswith("RR-") for ticket in tickets)


# What may be read only ----------------------------------------------------------------------------------------------


@posix
def test_a_file_that_somebody_made_read_only_is_not_replaced(path: Path) -> None:
    path.chmod(0o444)
    error = refused(path)
    assert (error.code, error.particulars["sebab"]) == ("lokal.tidak-bisa-ditulis", os.strerror(errno.EACCES))
    seen = opened(path).read()
    assert opened(path).commit(Changes(), seen) == seen, "nothing is to be written: that is no error"


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder with a workbook that any user of the machine may write."""
    make_file(tmp_path / "Cipondoh.xlsx", {TAB: [["a", "b"]]}).chmod(0o666)
    return tmp_path


@contextmanager
def mode(folder: Path, bits: int) -> Iterator[None]:
    """A folder with this mode, for somebody who is bound by it."""
    folder.chmod(bits)
    try:
        with bound_by_permissions():
            yield
    finally:
        folder.chmod(0o755)


@posix
def test_a_folder_that_may_not_be_written_is_said(open_folder: Path) -> None:
    path = open_folder / "Cipondoh.xlsx"
    with mode(open_folder, 0o555):
        assert refused(path).code == "lokal.kunci-tertutup"
    (open_folder / ".Cipondoh.xlsx.kunci").touch()
    (open_folder / ".Cipondoh.xlsx.kunci").chmod(0o666)
    with mode(open_folder, 0o555):
        assert refused(path).code == "lokal.tidak-bisa-ditulis"


@posix
def test_a_folder_that_may_not_be_entered_is_said(open_folder: Path) -> None:
    seen = opened(open_folder / "Cipondoh.xlsx").read()
    with mode(open_folder, 0o000):
        with pytest.raises(WorkbookError, match=r"lokal\.tidak-bisa-dibaca"):
            opened(open_folder / "Cipondoh.xlsx").read()
        with pytest.raises(WorkbookError, match=r"lokal\."):
            opened(open_folder / "Cipondoh.xlsx").commit(CHANGES, seen)


@pytest.fixture(params=["3.11", "3.14"])
def pythons(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """From Python 3.14 on, what can't be looked at counts as missing, as it always did for `os.path`."""
    for asked in ("exists", "is_dir", "is_file") if request.param == "3.14" else ():
        answer = getattr(os.path, {"is_dir": "isdir", "is_file": "isfile"}.get(asked, asked))
        monkeypatch.setattr(Path, asked, lambda path, answer=answer: answer(path))


@posix
@pytest.mark.usefixtures("pythons")
def test_a_kendali_in_a_folder_that_may_not_be_entered_is_said(
    open_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    credentials = open_folder / "credentials.json"
    credentials.write_text(json.dumps({"kendali": "dalam/Kendali.xlsx"}), "utf-8")
    inner = open_folder / "dalam"
    inner.mkdir()
    (inner / "Kendali.xlsx").touch()
    with mode(inner, 0o000):
        for command in ("setup", "sync", "check"):
            assert main(["--credentials", str(credentials), command]) == 2
            said = " ".join("".join(capsys.readouterr()).split())
            assert "Kendali.xlsx” tidak bisa dibaca" in said and "izin berkas dan foldernya" in said


@posix
@pytest.mark.usefixtures("pythons")
def test_a_folder_of_sumber_that_may_not_be_looked_into_is_said(open_folder: Path) -> None:
    with mode(open_folder, 0o311), pytest.raises(WorkbookError, match=r"lokal\.tidak-bisa-dibaca"):
        open_local(str(open_folder), open_folder)
    with mode(open_folder, 0o000), pytest.raises(WorkbookError, match=r"lokal\.tidak-bisa-dibaca"):
        open_local("Cipondoh.xlsx", open_folder)


@posix
def test_a_lock_that_another_user_left_or_that_can_not_be_made_is_named(open_folder: Path) -> None:
    lock = open_folder / ".Cipondoh.xlsx.kunci"
    lock.touch()
    lock.chmod(0o000)
    with mode(open_folder, 0o777):
        error = refused(open_folder / "Cipondoh.xlsx")
    assert (error.code, error.particulars["kunci"]) == ("lokal.kunci-tertutup", lock.name)
    lock.unlink()
    lock.mkdir()
    assert refused(open_folder / "Cipondoh.xlsx").code == "lokal.kunci-tertutup"


# Damaged files ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = make_file(tmp_path_factory.mktemp("utuh") / "x.xlsx", {TAB: [["a", 1, "b"]], "Petir": [["c"]]})
    return path.read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rusak") / "Cipondoh.xlsx"


@given(data=st.data())
def test_a_file_cut_off_at_any_byte_is_said_and_left_alone(whole: bytes, place: Path, data: st.DataObject) -> None:
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    place.write_bytes(cut)
    with pytest.raises(WorkbookError, match=r"lokal\.rusak"):
        opened(place).read()
    assert place.read_bytes() == cut


@given(data=st.data())
def test_whatever_byte_of_a_file_is_damaged_it_is_read_or_said(whole: bytes, place: Path, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=5)):
        damaged[at] = data.draw(st.integers(0, 255))
    place.write_bytes(damaged)
    try:
        opened(place).read()
    except WorkbookError as error:
        assert error.code in {"lokal.rusak", "lokal.terkunci-sandi"}
    assert place.read_bytes() == damaged


def archive(**parts: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [archive(), archive(surat=b"halo"), archive(**{"[Content_Types].xml": b"<x/>"}), archive(mimetype=b"ods"), None],
    ids=["empty", "of other things", "without a workbook", "of another program", "cut off by a copy in progress"],
)
def test_a_zip_that_is_no_workbook_is_said_and_left_alone(path: Path, content: bytes | None) -> None:
    seen = opened(path).read()
    path.write_bytes(path.read_bytes()[:700] if content is None else content)
    before = path.read_bytes()
    with pytest.raises(WorkbookError, match=r"lokal\.rusak"):
        opened(path).read()
    with pytest.raises(Outrun):
        opened(path).commit(CHANGES, seen)
    assert path.read_bytes() == before


def test_what_is_damaged_where_no_reading_looks_is_said_and_left_alone(path: Path) -> None:
    replace_in(path, "xl/styles.xml", "<fonts", "<<fonts")
    seen, dated = opened(path).read(), Changes(cells=[CellWrite(TAB, 0, 0, TUESDAY.date())])
    before = path.read_bytes()
    for act in (
        partial(opened(path).commit, dated, seen),
        partial(opened(path).dress, [TabLook(TAB, columns=(ColumnLook(0, Style(bold=True)),))]),
    ):
        with pytest.raises(WorkbookError, match=r"lokal\.rusak"):
            act()
        assert path.read_bytes() == before


# While it is worked on ----------------------------------------------------------------------------------------------


def test_a_file_that_is_deleted_before_or_while_a_commit_is_under_way_is_not_made_anew(path: Path) -> None:
    seen, whole = opened(path).read(), path.read_bytes()
    path.unlink()
    assert refused(path, seen).code == "lokal.tidak-ada" and not path.exists()
    path.write_bytes(whole)
    cells = WhileWritten(CHANGES.cells)
    cells.save = lambda: path.unlink(missing_ok=True)
    with pytest.raises(WorkbookError, match=r"lokal\.tidak-ada"):
        opened(path).commit(Changes(cells=cells), opened(path).read())
    assert listing(path.parent) == {}
    shutil.rmtree(path.parent)
    with pytest.raises(WorkbookError, match=r"lokal\.tidak-ada"):
        opened(path).commit(CHANGES, seen)
    assert not path.parent.exists()


def test_somebody_who_saves_in_between_is_read_and_decided_again_in_the_same_cycle(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {"Barat": ["Gondrong"]})
    city.type("Barat", "Gondrong", {"Catatan": "pertama"})

    def save() -> None:
        city.type("Barat", "Gondrong", {"Catatan": "kedua", intake.NAME: "Bu Sri", intake.PHONE: "081200001099"})

    assert city.sync(between={"Barat": save}).well
    tickets = city.tickets("Barat")
    assert all(tickets[note].startswith("RR-") for note in ("pertama", "kedua"))


# A program that is killed -------------------------------------------------------------------------------------------


def child(code: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe
    )


@posix
@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_what_a_killed_program_leaves_is_no_workbook_and_the_next_writer_removes_it(path: Path, moment: str) -> None:
    code = f"""
import os, signal
from pathlib import Path
from automation.sheets.port import CellWrite, Changes
from automation.sheets.local.workbook import XlsxWorkbook
os.{moment} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
book = XlsxWorkbook(Path({str(path)!r}), "x")
book.commit(Changes(cells=[CellWrite({TAB!r}, 0, 0, "terbunuh")]), book.read())
"""
    before = path.read_bytes()
    killed = child(code)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    (left,) = path.parent.glob(".Cipondoh.xlsx*.baru")
    assert [book.source for book in open_local(".", path.parent)] == ["Cipondoh.xlsx"]
    other = path.with_name(".Cipondoh.xlsx.lain.xlsx.baru")
    other.touch()
    opened(path).commit(CHANGES, opened(path).read())
    assert not left.exists()
    assert other.exists(), "another workbook's, whose writer may be at work"
    assert opened(path).read().tabs[0].rows[0][0] == "RR-1"


@posix
def test_a_lock_whose_holder_was_killed_is_free(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_files, "PATIENCE", 0.01)
    code = f"""
from pathlib import Path
from automation.sheets.local.files import only_writer
with only_writer(Path({str(path)!r})):
    print("held", flush=True)
    input()
"""
    holder = child(code)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert refused(path).code == "lokal.dipakai-program-lain"
    holder.kill()
    holder.communicate(timeout=60)
    opened(path).commit(CHANGES, opened(path).read())
    assert Editor(path).values(TAB)[0][0] == "RR-1"
