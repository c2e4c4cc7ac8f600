"""Cities that earlier versions left behind: the program opens each, and nothing in it changes but what it adds.

``tests/cities/first`` was made by version 0.1.0, and is never made anew: Kendali and two spreadsheets with three weeks
of history, as local files and on the tests' Google (what `book_of_json` reads of each by its name, gzipped).
"""

import gzip
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.cases.events import JOURNAL
from automation.cli import digest
from automation.cli.compose import compose
from automation.tables.kendali import CATEGORIES, CHARTS, MAILS, RECIPIENTS, REGISTER, REPAIRS
from tests.conftest import Say
from tests.local_city import LocalCity, head_of
from tests.lost_and_found import KENDALI, GooglePlace, LocalPlace, Place
from tests.sheets_server.saved import book_of_json
from tests.town import JAKARTA, TUESDAY, WORDS

FIRST = Path(__file__).parent / "cities" / "first"
LAST_CYCLE = datetime(2026, 11, 24, 9, 0, tzinfo=JAKARTA)
INTAKE = {"Barat": ("Gondrong", "Petir"), "Hotline": ("Hotline", "Cimone")}
TABS = [(name, tab) for name, tabs in INTAKE.items() for tab in (*tabs, JOURNAL)]
#: Of what people write less is told than that version did: there, and in `Pemeriksaan`.
TOLD_ANEW = {"Rekap": ("Ringkasan", "Penanggung Jawab", "Dikabari")}
TABS += [(KENDALI, tab) for tab in (RECIPIENTS, CATEGORIES, REGISTER, CHARTS, REPAIRS, JOURNAL, MAILS)]


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "local":
        for file in FIRST.glob("*.xlsx"):
            shutil.copy(file, tmp_path)
        local = LocalPlace(LocalCity(tmp_path))
        local.city.enter(kendali="Kendali.xlsx")
        return local
    google = GooglePlace(request.getfixturevalue("google"), tmp_path, INTAKE)
    for name, saved in json.loads(gzip.decompress((FIRST / "server.json.gz").read_bytes())).items():
        google.restore_version(name, book_of_json(saved))
    return google


def columns(place: Place, name: str, tab: str, headings: list[Any]) -> list[list[Any]]:
    """What stands below these headings, row by row; a tab of the robot's own has them all in its first row."""
    rows = [[cell if cell != "" else None for cell in row] for row in place.rows(name, tab)]
    head = rows[head_of(rows)]
    places = [head.index(heading) for heading in headings]
    return [[row[at] if at < len(row) else None for at in places] for row in rows]


def test_a_cycle_changes_no_ticket_no_clock_and_no_figure_and_misses_nothing(place: Place) -> None:
    headings = {}
    rows = place.rows("Barat", "Gondrong")
    phone, address = (next(row for row in rows if "Telepon" in row).index(name) for name in ("Telepon", "Alamat"))
    for at, row in enumerate(rows):  # that nobody knows it is an answer by now, and beside an address it is only asked
        if row[phone] in ("kurang tahu", "0812"):
            place.put("Barat", "Gondrong", at, {phone: "0812", address: None})
    for name, tab in TABS:
        rows = place.rows(name, tab)
        headings[name, tab] = [
            heading
            for heading in rows[head_of(rows)]
            if heading and heading not in (*TOLD_ANEW.get(str(tab), ()), "Pemeriksaan")
        ]
    before = {where: columns(place, *where, known) for where, known in headings.items()}
    report = compose(place.credentials, WORDS).syncer.sync(LAST_CYCLE + timedelta(minutes=5))
    assert report.well and not (report.vanished or report.restored or report.orphans)
    for where, known in headings.items():
        assert columns(place, *where, known) == before[where], where
    kinds = {row[4] for row in place.rows(KENDALI, JOURNAL)[1:]}
    happened = {
        "Diterbitkan", "Status", "Dibuka Lagi", "Hilang", "Kembali", "Ditutup", "Naik Jenjang", "Pindah Masuk",
        "Diubah",
    }  # fmt: skip
    assert happened < kinds and len(place.register()) == 14


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("harian", ["10 lewat tenggat, 1 baris hilang", "] 4 lewat tenggat, 1 baris hilang"]),
        ("koordinator", ["4 lewat tenggat, 3 belum ditugaskan"]),
        ("mingguan", ["11 lewat tenggat, 11 terbuka"]),
    ],
)
def test_its_digests_tell_of_the_cases_as_they_stand(
    place: Place, kind: str, told: list[str], say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its last mails went out in the very second in which the clock of tests begins.
    monkeypatch.setattr(digest, "jakarta_now", lambda: TUESDAY + timedelta(hours=1))
    assert place.run("digest", kind, "--preview", "--date", "2026-11-24") == 0
    subjects = say()
    assert all(words in subjects for words in told) and subjects.count("[Ruang Rakyat]") == len(told)
