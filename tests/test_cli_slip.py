"""A reporter without a telephone goes home with a sheet of paper."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from automation.cli.screen import TEMPLATES, load_texts
from automation.mail.paper import TEMPLATE, Slip, slip_pdf
from automation.mail.templates import Templates
from automation.sheets.prepare import INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from tests.operator_desk import BENDA, TAB, Desk
from tests.programs import run_program
from tests.town import TUESDAY
from tests.xlsx_person import Editor, delete_rows

pytestmark = pytest.mark.sampled(tests=3)

LONG = "Raden Ajeng Siti Nurhaliza Kusumawardhani binti Haji Abdurrahman Wahid Suryadiningrat"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "kota")
    desk.report({intake.NAME: "Mbah Karto", intake.PHONE: None})
    assert desk.run("sync") == 0
    return desk


def ticket_of(desk: Desk, complaint: int = 0) -> str:
    return str(desk.shown(intake.TICKET)[complaint])


Slipper = Callable[[str], tuple[int, str]]


@pytest.fixture
def slip(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Slipper:
    """The command; gives its exit code and what it said."""

    def run(ticket: str) -> tuple[int, str]:
        capsys.readouterr()
        code = desk.run("slip", ticket, "--output", str(desk.folder / "cetak"))
        return code, "".join(capsys.readouterr())

    return run


def poppler(tool: str, pdf: Path, *more: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    return run_program(tool, pdf, *more)


def example(name: str, size: int = 1) -> Slip:
    facts = (("Pelapor", name), ("Diterima", "Rabu, 25 November 2026"), ("Kelurahan", name), ("Tentang", name * size))
    ticket = "RR-260504-0001-3" if size == 1 else "RR-260504-123456789-3"
    return Slip("Tanda Terima", ticket, name, "Tanda Terima", "Nomor", name, facts, name * 3, name)


def test_a_slip_is_one_a6_page_with_the_ticket_and_for_nobody_else_to_read(desk: Desk, slip: Slipper) -> None:
    ticket = ticket_of(desk)
    code, said = slip(ticket)
    html, pdf = (desk.folder / "cetak" / f"Tanda Terima {ticket}.{kind}" for kind in ("html", "pdf"))
    assert code == 0 and str(pdf) in said
    assert [path.stat().st_mode & 0o777 for path in (html, pdf)] == [0o600, 0o600]
    page = html.read_text("utf-8")
    for part in (ticket, "Pajang", "er er – ", "paling lambat"):
        assert part in page
    assert "0812" not in page and "Karto" not in page
    text = poppler("pdftotext", pdf, "-")
    assert ticket in text
    assert slip(ticket.removeprefix("RR-"))[0] == 0, "the same again, as it is read out, replaces itself"


NAMES = ("Karto", LONG, LONG * 2, "Ł‑é “Ñ” 王 مرحبا 🙏🏽", "X" * 80)


@pytest.mark.parametrize("name", NAMES, ids=["short", "long", "longer", "foreign", "one word"])
@pytest.mark.parametrize("size", [1, 4])
def test_whatever_the_name_the_pdf_is_one_page_of_a6(tmp_path: Path, name: str, size: int) -> None:
    path = tmp_path / "slip.pdf"
    path.write_bytes(slip_pdf(example(name, size), TUESDAY))
    told = poppler("pdfinfo", path)
    assert re.search(r"^Pages: +1$", told, re.MULTILINE)
    found = re.search(r"^Page size: +([0-9.]+) x ([0-9.]+) pts", told, re.MULTILINE)
    assert found is not None
    assert [round(float(points) * 25.4 / 72) for points in found.groups()] == [105, 148]
    boxes = re.findall(r'yMax="([0-9.]+)"', poppler("pdftotext", path, "-bbox", "-"))
    assert max(map(float, boxes)) <= float(found[2]), "all of it is on the page"
    assert example(name, size).ticket in poppler("pdftotext", path, "-")


def test_a_name_can_not_steer_the_page_and_the_same_slip_of_the_same_moment_is_the_same_file() -> None:
    page = Templates(TEMPLATES, load_texts()).fill(TEMPLATE, {"slip": example("<script>alert(1)</script>")})
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert slip_pdf(example("Karto"), TUESDAY) == slip_pdf(example("Karto"), TUESDAY)


def test_a_private_matter_is_not_named(desk: Desk, slip: Slipper) -> None:
    desk.report({intake.NAME: "Bu Sri", intake.PHONE: None, intake.CATEGORY: "Kesehatan & BPJS"})
    assert desk.run("sync") == 0
    ticket = ticket_of(desk, 1)
    assert slip(ticket)[0] == 0
    page = (desk.folder / "cetak" / f"Tanda Terima {ticket}.html").read_text("utf-8")
    assert ticket in page and "BPJS" not in page and "Bu Sri" not in page


def test_another_file_of_that_name_is_left_alone_and_an_unknown_ticket_is_met_with_the_nearest_one(
    desk: Desk, slip: Slipper
) -> None:
    ticket = ticket_of(desk)
    code, said = slip(ticket[:-1] + str((int(ticket[-1]) + 1) % 10))
    assert code == 1 and f"Mungkin maksudnya {ticket}?" in said
    assert slip("tiket saya")[0] == 2
    other = desk.folder / "cetak" / f"Tanda Terima {ticket}.pdf"
    assert not other.parent.exists()
    other.parent.mkdir()
    other.write_text("catatan")
    code, said = slip(ticket)
    assert code == 1 and "tidak ditimpa" in said
    assert other.read_text() == "catatan" and len(list(other.parent.iterdir())) == 1


def test_a_case_that_is_closed_or_lost_its_row_gets_no_slip(desk: Desk, slip: Slipper) -> None:
    ticket = ticket_of(desk)
    status = desk.rows(BENDA, TAB)[HEAD].index("Status")
    desk.write(BENDA, TAB, HEAD + 1, ["Selesai"], column=status)
    assert desk.run("sync") == 0
    code, said = slip(ticket)
    assert code == 1 and "sudah ditutup" in said
    desk.write(BENDA, TAB, HEAD + 1, ["Baru"], column=status)
    assert desk.run("sync") == 0 and slip(ticket)[0] == 0
    Editor(desk.folder / f"{BENDA}.xlsx").edit(lambda book: delete_rows(book[TAB], HEAD + 1))
    assert desk.run("sync") == 0
    code, said = slip(ticket)
    assert code == 1 and f"restore {ticket}" in said
