"""A tab is declared once: whoever adds a column writes its declaration and its words, and everything else follows.

The program is copied, the declaration of one more column is added to the copy, and the copy is run as its people would.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from automation.tables.intake import INTAKE, PEOPLE
from automation.tables.kendali import KENDALI
from automation.tables.table import Owner
from tests.town import WORDS

ROOT = Path(__file__).parent.parent
AFTER = "OFFICER, KELURAHAN),"
DECLARATION = """OFFICER, KELURAHAN),
        Column(
            "Email Pelapor",
            _VOLUNTEER,
            Form.LINE,
            WORDS,
            NOBODY,
            optional=True,
            exported=True,
            width=177,
            other_names=names("surel pelapor"),
        ),"""
WORDS_OF_IT = """
[email-pelapor]
tulis = "Boleh kosong. Alamat surel pelapor."
contoh = "siti@example.org"
"""

#: What people do with it, run by the changed program; it tells what they saw.
SCRIPT = """
import json, sys
from pathlib import Path
from openpyxl import load_workbook
from tests.local_city import LocalCity

folder = Path(sys.argv[1])
(folder / "outbox").mkdir(parents=True)
city = LocalCity.lay_out(folder, {"Barat": ("Petir",)})
city.subscribe(("ratna@example.org", "Kota"))
assert city.run("setup") == 0
book = load_workbook(city.path("Barat"))
sheet = book["Petir"]
head = {cell.value: cell for row in sheet.iter_rows(max_row=3) for cell in row}
mail = head["Email Pelapor"]
guide = " ".join(str(cell.value) for row in book["Panduan"].iter_rows() for cell in row if cell.value)
city.type("Barat", "Petir", {"Email Pelapor": "heni@example.org"}, {"Nama Pelapor": "Pak Amir",
    "Uraian": "lampu jalan di gang mati semua", "Email Pelapor": "amir 3671051304850002"})
assert city.run("sync") in (0, 1)
checks = city.column("Barat", "Petir", "Pemeriksaan")
journal = [json.loads(row[4]) for row in city.journal("Barat")]
(folder / "lama.csv").write_text("Tanggal;Nama;Surel Pelapor;Keluhan\\n23/11/2026;Bu Sri;sri@example.org;"
    "selokan di depan balai warga tersumbat\\n", "utf-8")
assert city.run("import", str(folder / "lama.csv"), "--tab", "Petir", "--yes") in (0, 1)
city.run("sync")
tables = {}
for name, more in (("masked", ()), ("full", ("--full",))):
    assert city.run("export", "--output", str(folder / f"{name}.csv"), *more) == 0
    tables[name] = (folder / f"{name}.csv").read_text("utf-8-sig")
assert city.run("digest", "harian", "--preview") in (0, 1)
mails = "".join(path.read_text("utf-8") for path in folder.glob("outbox/**/*") if path.is_file())
kendali = "".join(str(value) for tab in ("Rekap", "Perbaikan") for row in city.rows("Kendali", tab) for value in row)
print(json.dumps({
    "note": mail.comment.text, "fill": mail.fill.start_color.rgb, "name's": head["Nama Pelapor"].fill.start_color.rgb,
    "width": sheet.column_dimensions[mail.column_letter].width, "guide": guide, "checks": checks,
    "journal": [event.get("isi", {}).get("Email Pelapor") for event in journal],
    "brought in": city.column("Barat", "Petir", "Email Pelapor"), "tables": tables, "mails": mails, "kendali": kendali,
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    copy = tmp_path_factory.mktemp("program")
    for name in ("automation", "templates", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    declared = copy / "automation" / "tables" / "intake.py"
    before = declared.read_text("utf-8")
    assert before.count(AFTER) == 1
    declared.write_text(before.replace(AFTER, DECLARATION), "utf-8")
    words = copy / "templates" / "pesan" / "kolom.toml"
    words.write_text(words.read_text("utf-8") + WORDS_OF_IT, "utf-8")
    work = tmp_path_factory.mktemp("work")
    command = [sys.executable, "-c", SCRIPT, str(work / "city")]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.mark.long
def test_a_column_more_is_set_up_listed_read_checked_and_known_in_old_lists(seen: Mapping[str, Any]) -> None:
    assert seen["fill"] == seen["name's"], "its owner's colour"
    assert "Diisi relawan." in seen["note"] and "Boleh kosong. Alamat surel pelapor." in seen["note"]
    assert 20 < seen["width"] < 30
    assert "Email Pelapor" in seen["guide"] and "siti@example.org" in seen["guide"]
    assert "heni@example.org" in seen["journal"]
    assert [check for check in seen["checks"] if check and "Email Pelapor" in check and "NIK" in check]
    assert "sri@example.org" in seen["brought in"], "by its other names"


@pytest.mark.long
def test_a_column_more_is_exported_with_personal_data_only_and_shown_nowhere_else(seen: Mapping[str, Any]) -> None:
    assert "heni@example.org" in seen["tables"]["full"] and "Email Pelapor" in seen["tables"]["full"]
    assert "heni@example.org" not in seen["tables"]["masked"] and "Email Pelapor" not in seen["tables"]["masked"]
    assert seen["mails"] and seen["kendali"]
    for shown in (seen["mails"], seen["kendali"]):
        assert "heni@" not in shown and "3671051304850002" not in shown


def test_every_column_has_its_words_a_heading_stands_once_and_lists_have_places_of_their_own() -> None:
    for column in INTAKE.columns:
        assert WORDS.has(f"kolom.{column.slug}.tulis") and WORDS.has(f"kolom.{column.slug}.contoh")
    for table in KENDALI:
        told = ({f"kendali-kolom.{where}.{one.slug}" for where in (table.slug, "semua")} for one in table.columns)
        assert all(any(map(WORDS.has, keys)) for keys in told)
    for table in (INTAKE, *KENDALI):
        assert len(set(table.headings)) == len(table.headings)
        places = [column.entries for column in table.columns if column.entries is not None]
        assert sorted(places) == list(range(len(places)))
    assert set(PEOPLE) == {column for column in INTAKE.columns if column.owner is not Owner.ROBOT}
