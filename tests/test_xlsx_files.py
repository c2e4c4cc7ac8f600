"""The file of a local workbook is never damaged, and never written beneath somebody who has it open."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from automation.model.texts import Texts
from automation.sheets.local import files as xlsx_files
from automation.sheets.local.worksheet import Worksheet
from automation.sheets.port import CellWrite, Changes
from automation.trouble import Outrun, Trouble, WorkbookError
from tests.xlsx_parts import SHEET, add_before_margins, parts
from tests.xlsx_person import Editor, make_file, opened

TAB = "Gondrong"
CHANGES = Changes(cells=[CellWrite(TAB, 0, 0, "RR-1")])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path / "Cipondoh.xlsx", {TAB: [["a", "b" * 1000]]})


def refused(path: Path) -> str:
    """The code of the error that a commit raises; the file stays as it is, with nothing left beside it."""
    workbook = opened(path)
    seen = workbook.read()
    before, beside = path.read_bytes(), names(path.parent)
    with pytest.raises(WorkbookError) as caught:
        workbook.commit(CHANGES, seen)
    assert path.read_bytes() == before
    assert names(path.parent) == beside
    return caught.value.code


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if not file.name.endswith(".kunci")}


@pytest.mark.parametrize("lock", [".~lock.Cipondoh.xlsx#", "~$Cipondoh.xlsx"], ids=["LibreOffice", "Excel"])
def test_a_workbook_that_somebody_has_open_is_read_but_not_written(path: Path, lock: str) -> None:
    (path.parent / lock).write_text(",budi,komputer,24.11.2026 08:00,file:///home/budi;")
    assert refused(path) == "lokal.sedang-dibuka"
    (path.parent / lock).unlink()
    opened(path).commit(CHANGES, opened(path).read())


class WhileWritten(tuple[CellWrite, ...]):
    """Changes during whose writing somebody saves the file."""

    save: Callable[[], None]

    def __iter__(self) -> Iterator[CellWrite]:
        self.save()
        return super().__iter__()


def test_what_somebody_saves_while_a_commit_is_under_way_is_not_written_over(path: Path) -> None:
    workbook = opened(path)
    seen = workbook.read()
    cells = WhileWritten(CHANGES.cells)
    cells.save = lambda: Editor(path).set(TAB, 5, 0, "baru diketik")
    with pytest.raises(Outrun):
        workbook.commit(Changes(cells=cells), seen)
    assert workbook.read().tabs[0].rows[5] == ("baru diketik",)


def test_a_value_hidden_beneath_merged_cells_survives(path: Path) -> None:
    Editor(path).set(TAB, 2, 1, "tersembunyi")
    add_before_margins(path, '<mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>')
    after = opened(path).commit(CHANGES, opened(path).read())
    assert after.tabs[0].rows[2] == (None, "tersembunyi")
    assert b'<mergeCell ref="A3:B3"/>' in parts(path)[SHEET]


def test_a_file_that_does_not_read_as_it_should_takes_no_place_and_a_robot_that_never_finishes_is_not_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        write = Worksheet.written
        patch.setattr(Worksheet, "written", lambda sheet: [b"".join(write(sheet) or ()).replace(b"RR-1", b"RR-2")])
        assert refused(path) == "lokal.tidak-utuh"
    monkeypatch.setattr(xlsx_files, "PATIENCE", 0.01)
    with FileLock(path.with_name(".Cipondoh.xlsx.kunci")):
        assert refused(path) == "lokal.dipakai-program-lain"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "lokal.rusak"),
        (b"Nama;Telepon\n", "lokal.rusak"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "lokal.terkunci-sandi"),
        (None, "lokal.rusak"),
    ],
    ids=["empty", "text", "password", "cut off"],
)
def test_a_file_that_is_no_workbook_is_said_and_left_alone(path: Path, content: bytes | None, code: str) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    before = path.read_bytes()
    with pytest.raises(WorkbookError) as caught:
        opened(path).read()
    assert caught.value.code == code
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="this system has no file modes, and links need special rights")
def test_a_commit_keeps_who_may_read_the_file_and_one_reached_through_a_link_is_written_where_it_lies(
    path: Path, tmp_path: Path
) -> None:
    path.chmod(0o640)
    link = tmp_path / "tautan" / "tautan.xlsx"
    link.parent.mkdir()
    link.symlink_to(path)
    opened(link).commit(CHANGES, opened(link).read())
    assert link.is_symlink() and path.stat().st_mode & 0o777 == 0o640
    assert opened(path).read().tabs[0].rows[0][0] == "RR-1"
    opened(path).commit(Changes(cells=[CellWrite(TAB, 0, 0, "RR-2")]), opened(path).read())
    (path.parent / "tautan" / "tautan.xlsx").unlink()
    assert {".Cipondoh.xlsx.kunci", "Cipondoh.xlsx", "tautan"} == {file.name for file in path.parent.iterdir()}


def test_every_error_of_local_workbooks_has_its_words() -> None:
    root = Path(__file__).parent.parent
    texts = Texts({"lokal": tomllib.loads((root / "templates/pesan/lokal.toml").read_text("utf-8"))})
    sources = (root / "automation/sheets/local").glob("*.py")
    raised = {
        code: re.findall(r"(\w+)=", particulars)
        for source in sources
        for code, particulars in re.findall(r'\(\s*"(lokal\.[\w-]+)",(.*)', source.read_text("utf-8"))
    }
    assert raised.keys() == set(texts.entries)
    for code, particulars in raised.items():
        assert "{" not in texts.say(code, **dict.fromkeys(particulars, "x"))
    assert issubclass(WorkbookError, Trouble)
