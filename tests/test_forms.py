"""A tab into which a Google Form writes its answers, as an intake tab; local and on Google."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.cli.compose import jakarta_now
from automation.model.cells import Value
from automation.reading.tabs import find_headings
from automation.tables import intake
from automation.tables.intake import COORDINATOR, ROBOT
from automation.tables.kendali import JOURNAL
from tests.lost_and_found import GooglePlace, Place, laid_out
from tests.sheets_server.fixtures import Google

pytestmark = pytest.mark.sampled(6, tests=13)

FORM, TAB = "Formulir Warga", "Form Responses 1"
QUESTIONS = (
    "Stempel waktu", "Apa yang terjadi? Ceritakan keluhan Anda", "Alamat atau patokan lokasi kejadian", "RT/RW",
    "Kelurahan", "Nama Anda", "Nomor WhatsApp yang bisa dihubungi", "Jenis masalah", "Email",
)  # fmt: skip
SPREADSHEETS = {"Laporan Barat": ("Gondrong",), FORM: ("Petir",)}


def begun(place: Place) -> None:
    place.make(FORM, {TAB: QUESTIONS})
    place.list_sources("Laporan Barat", FORM)
    assert place.run("setup") == 0


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    place = laid_out(request, tmp_path, SPREADSHEETS)
    begun(place)
    return place


def answer(place: Place, name: str, **changes: Value) -> None:
    """The form writes an answer into a new row below the last one."""
    when = (jakarta_now().replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1)
    phone = f"0812{sum(map(ord, name)):08}"
    told: list[Value] = [
        when,
        "lampu jalan di gang mati sejak Senin",
        "Gg. Mawar 4",
        "003/007",
        "Gondrong",
        name,
        phone,
    ]
    place.put(FORM, TAB, len(place.rows(FORM, TAB)), dict(enumerate([*told, "PJU", f"{name}@surel.example"])))


def rows_by_name(place: Place) -> dict[str, dict[str, Any]]:
    titles, *below = place.rows(FORM, TAB)
    name = titles.index("Nama Anda") if "Nama Anda" in titles else 5
    return {str(row[name]): dict(zip(titles, row, strict=False)) for row in below}


def test_setup_adds_what_is_ours_at_the_right_and_touches_no_question(place: Place) -> None:
    (titles,) = place.rows(FORM, TAB)
    width = len(QUESTIONS)
    assert tuple(titles[:width]) == QUESTIONS
    added = [title for title in titles[width:] if title and not str(title).startswith("Terakhir")]
    assert {str(one) for one in (*COORDINATOR, *ROBOT) if one.in_new_tabs} == set(added)
    headings = find_headings([titles])
    assert headings is not None and headings.complete and headings.form
    below = find_headings([[], titles])  # somebody has inserted a row above
    assert below is not None and below.complete and below.form and below.row == 1
    assert place.run("setup") == 0
    assert place.rows(FORM, TAB) == [titles]
    titles[1] = "Apa yang bisa kami bantu?"  # says nothing of a complaint
    place.put(FORM, TAB, 0, {1: titles[1]})
    assert place.run("setup") == 1, "the form can not be read, which setup tells"
    assert place.rows(FORM, TAB) == [titles], "an empty Uraian beside it would be read instead, and every case be gone"


def test_a_form_whose_times_are_called_otherwise_waits_and_setup_adds_nothing_beside_it(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(place, "Bu Heni")
    assert place.run("sync") == 0
    before = place.rows(FORM, TAB)
    place.put(FORM, TAB, 0, {0: "Tanggal isi"})
    assert place.run("setup") == 1 and place.run("sync") == 1
    assert "tulis kembali Stempel waktu" in capsys.readouterr().out
    place.put(FORM, TAB, 0, {0: QUESTIONS[0]})
    assert place.run("sync") == 0
    assert place.rows(FORM, TAB) == before, "columns beside the questions would be read instead, and every case be gone"


def test_answers_get_tickets_and_a_renamed_question_moves_none(place: Place) -> None:
    answer(place, "Bu Heni")
    answer(place, "Pak Dodi")
    assert place.run("sync") == 0
    first = rows_by_name(place)
    tickets = {name: row[intake.TICKET] for name, row in first.items()}
    assert all(tickets.values()) and len(set(tickets.values())) == 2, first
    entries = place.register()
    assert {entry["Kelurahan"] for entry in entries.values()} == {"Gondrong"}
    assert {entry["Kategori"] for entry in entries.values()} == {"Penerangan Jalan"}
    assert str(place.rows(FORM, JOURNAL)).count('"Saluran":"Formulir"') == 2
    question = QUESTIONS.index("Apa yang terjadi? Ceritakan keluhan Anda")
    place.put(FORM, TAB, 0, {question: "Keluhan Anda", 5: "Nama lengkap Anda"})
    answer(place, "Bu Ani")
    assert place.run("sync") == 0
    after = {row[5]: row[place.rows(FORM, TAB)[0].index(intake.TICKET)] for row in place.rows(FORM, TAB)[1:]}
    assert {name: after[name] for name in tickets} == tickets and after["Bu Ani"]
    place.put(FORM, TAB, 0, {question: "Apa yang bisa kami bantu?"})
    assert place.run("setup") == 1 and place.run("sync") == 1, "told, and nothing is done"
    place.put(FORM, TAB, 0, {question: "Keluhan Anda"})
    assert place.run("sync") == 0
    now = {row[5]: row[place.rows(FORM, TAB)[0].index(intake.TICKET)] for row in place.rows(FORM, TAB)[1:]}
    assert now == after


def test_an_answer_that_comes_in_while_the_robot_writes_keeps_every_ticket_beside_its_own(
    google: Google, tmp_path: Path
) -> None:
    place = GooglePlace.lay_out(google, tmp_path, SPREADSHEETS)
    begun(place)
    for name in ("Bu Heni", "Pak Dodi", "Bu Ani"):
        answer(place, name)

    def comes_in() -> None:
        place.people[FORM].insert_row(TAB, 2)  # where somebody has sorted, Google puts it among the others
        told: list[Value] = [46000.5, "banjir di gang", "Gg. B", "", "Petir", "Pak Amir", "08120000"]
        place.put(FORM, TAB, 2, dict(enumerate(told)))

    place.google.server.before("batchUpdate", comes_in)
    place.run("sync")
    place.run("sync")
    rows = rows_by_name(place)
    tickets = {name: rows[name][intake.TICKET] for name in ("Bu Heni", "Pak Dodi", "Bu Ani")}
    assert all(tickets.values()) and len(set(tickets.values())) == 3
    entries = place.register()
    assert all(entries[ticket]["Kelurahan"] == "Gondrong" for ticket in tickets.values())
    (said,) = [row for row in place.rows(FORM, TAB)[1:] if row[5] == "Pak Amir"]
    assert said[: len(QUESTIONS)][1] == "banjir di gang", "nothing of an answer is written over"


def test_the_questions_that_the_page_says_to_copy_are_known() -> None:
    page = (Path(__file__).parent.parent / "docs" / "formulir.md").read_text("utf-8")
    asked = (line for line in page.splitlines() if line.strip().startswith("| ") and "**" in line)
    questions = [line.split("|")[1].replace("*", "").strip() for line in asked]
    headings = find_headings([["Stempel waktu", *questions]])
    assert headings is not None and headings.form
    assert len(questions) == 7 and sorted(headings.columns.values()) == [*range(8)]


def test_a_question_as_long_as_a_paragraph_is_known_too() -> None:
    asked = (
        "Apa keluhan Anda? Ceritakan apa yang terjadi, di mana letaknya, sejak kapan, dan siapa saja yang terdampak."
    )
    assert len(asked) > 100
    found = find_headings([["Stempel waktu", asked, "Nama Anda", "Nomor WhatsApp"]])
    assert found is not None and found.form and found.columns[intake.DESCRIPTION] == 1


@pytest.mark.parametrize("asked", ["Apakah laporan ini rahasia?", "Laporan saya bersifat rahasia"])
def test_whether_a_report_is_secret_is_read_and_is_no_description(asked: str) -> None:
    found = find_headings([["Stempel waktu", asked, "Apa isi laporan Anda?", "Nama Anda", "Nomor WhatsApp"]])
    assert found is not None and (found.columns[intake.SECRET], found.columns[intake.DESCRIPTION]) == (1, 2)


def test_where_it_is_is_no_description_and_what_guests_thought_of_a_meeting_no_complaint() -> None:
    found = find_headings([["Timestamp", "Nama Lengkap", "No. HP/WA", "Lokasi Masalah", "Keluhan / Saran"]])
    assert found is not None and (found.columns[intake.ADDRESS], found.columns[intake.DESCRIPTION]) == (3, 4)
    found = find_headings([["Timestamp", "Nama", "No HP", "RT", "RW", "Keluhan"]])
    assert found is not None and intake.RT_RW not in found.columns, "neither answer says both"
    guests = find_headings([["Stempel waktu", "Nama peserta", "No HP", "Alamat", "Kesan dan pesan"]])
    assert guests is None or not guests.form
