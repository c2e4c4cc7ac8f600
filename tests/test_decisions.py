"""What a meeting decides: rows that the pack lays, what people type beside them, and where it comes back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from automation.cases.events import JOURNAL
from automation.cli import export, papers, sync, wishes
from automation.cli.compose import compose
from automation.cli.screen import TEMPLATES
from automation.config.defaults import load_terms
from automation.cycle import filing
from automation.cycle.kinds import KINDS
from automation.cycle.registry import Registry
from automation.cycle.year_end import roll_over
from automation.mail.paper import write_letter
from automation.mail.templates import Templates
from automation.model.cells import CellError, Value, letters as columns
from automation.model.complaint import Status
from automation.model.register import Decision
from automation.tables import intake
from automation.tables.kendali import DECISIONS, PROPOSALS, RECIPIENTS, WISHES
from tests.conftest import Say
from tests.lost_and_found import KENDALI, TITLES, Place, laid_out
from tests.mail_examples import NOW, SETTINGS, case, closed
from tests.town import TUESDAY, WORDS

pytestmark = pytest.mark.sampled(6, tests=28)

BARAT = "Laporan Barat"
SPREADSHEETS = {BARAT: ("Gondrong", "Petir")}
HEADINGS = DECISIONS.headings
#: The morning after the rows were typed.
MORNING = TUESDAY.replace(hour=8) + timedelta(days=1)


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Three complaints, all ticketed, and a recipient of the pack and of the coordinator's digest."""
    return laid_out(request, tmp_path, SPREADSHEETS, begin)


def begin(place: Place) -> None:
    place.type(BARAT, "Gondrong", "yati", category="Jalan & Drainase", description="jalan berlubang di tikungan pasar")
    place.type(BARAT, "Gondrong", "amir", category="Air Bersih", description="air PAM keruh dan berbau besi")
    place.type(BARAT, "Petir", "sri", category="Banjir", description="got mampet, air naik ke jalan")
    kinds = "mingguan, koordinator"
    place.put(KENDALI, RECIPIENTS, 1, dict(enumerate(("Ibu Ratna", "ratna@example.org", "Anggota", "Kota", kinds))))
    assert place.run("sync") == 0
    send(place, "mingguan", MORNING)


def cycle(place: Place, now: datetime) -> None:
    compose(place.credentials, WORDS).syncer.sync(now)


def send(place: Place, kind: str, now: datetime) -> str:
    """Send what is due of this kind, and return the text of the mail; nothing where none was sent."""
    program, outbox = compose(place.credentials, WORDS), place.credentials.parent / "outbox"
    before = set(outbox.glob("*.eml"))
    with program.post() as post:
        program.digester.open(now).send(KINDS[kind], post, whatever_the_hour=True)
    texts = [message_from_bytes(path.read_bytes(), policy=default) for path in {*outbox.glob("*.eml")} - before]
    bodies = [body.get_content() for mail in texts if (body := mail.get_body(("plain",))) is not None]
    return " ".join("\n".join(bodies).split())


def rows(place: Place) -> list[dict[str, Any]]:
    return [row for row in place.table(KENDALI, DECISIONS) if any(row.values())]


def row_of(place: Place, category: str) -> int:
    return next(at for at, row in enumerate(rows(place), start=1) if str(row["Perkara"]).startswith(category))


def fill(place: Place, row: int, **cells: Value) -> None:
    place.put(KENDALI, DECISIONS, row, {HEADINGS.index(name.replace("_", " ")): value for name, value in cells.items()})


def checks(place: Place) -> list[str]:
    return [str(row["Pemeriksaan"] or "") for row in rows(place)]


def what_people_typed(place: Place) -> list[list[Value]]:
    return [[cell for cell in row[5:14] if cell is not None] for row in place.rows(KENDALI, DECISIONS)]


def recorded(place: Place) -> list[str]:
    """What was journalled of what people typed."""
    return [
        str(row[5]) for row in place.rows(KENDALI, JOURNAL) if row[4] == "Dicatat" and '"nilai":{}' not in str(row[5])
    ]


def test_a_pack_lays_a_row_for_each_matter_once(place: Place) -> None:
    found = rows(place)
    assert sorted(str(row["Perkara"]).split(",")[0] for row in found) == ["Air Bersih", "Banjir", "Jalan & Drainase"]
    tickets = place.tickets(BARAT, "Gondrong") | place.tickets(BARAT, "Petir")
    assert {row["Tiket"] for row in found} == set(tickets.values())
    assert {row["Nomor"][5:] for row in found} == {ticket[2:] for ticket in tickets.values()}
    send(place, "mingguan", MORNING + timedelta(days=7))
    assert [row["Nomor"] for row in rows(place)] == [row["Nomor"] for row in found]
    send(place, "mingguan", MORNING + timedelta(days=7))  # when nobody is to be sent anything


def test_rows_that_a_pack_could_not_lay_come_as_soon_as_they_can_and_nothing_is_sent_again(place: Place) -> None:
    place.type(BARAT, "Petir", "new", category="Sampah & Kebersihan", description="sampah menumpuk di pinggir kali")
    cycle(place, MORNING + timedelta(hours=1))
    place.put(KENDALI, DECISIONS, 0, {0: "No"})  # or the tab is locked, or the network fails
    program = compose(place.credentials, WORDS)
    for again in range(3):
        now = MORNING + timedelta(days=7, minutes=5 * again)
        if again == 2:  # another process, as a scheduled task is
            program = compose(place.credentials, WORDS)
        with program.post() as post:
            sent = program.digester.open(now).send(KINDS["mingguan"], post, whatever_the_hour=True)
        assert (sent.accepted, sent.waits) == (not again, again < 2) and len(rows(place)) == 3 + (again == 2)
        if again == 1:
            place.put(KENDALI, DECISIONS, 0, {0: "Nomor"})
    assert rows(place)[3]["Tiket"] == place.tickets(BARAT, "Petir")["new"]


def test_what_was_typed_comes_back_in_the_morning_and_opens_the_next_pack(place: Place) -> None:
    soon, row = MORNING + timedelta(days=1), row_of(place, "Banjir")
    ticket = place.tickets(BARAT, "Petir")["sri"]
    fill(place, row, Keputusan="surat ke dinas", Siapa="Bu Rini", Sebelum=f"{soon:%d/%m/%Y}", Catatan="rahasia rapat")
    cycle(place, MORNING + timedelta(hours=1))
    assert len(recorded(place)) == 1 and checks(place) == [""] * 3
    mail = send(place, "koordinator", MORNING + timedelta(hours=2))
    day = WORDS.brief_date((MORNING + timedelta(hours=1)).date())
    assert f"Petir · Banjir: diputuskan {day}: surat ke " in mail
    assert f"sebelum {WORDS.brief_date(soon.date())}, Bu Rini" in mail
    assert f"› Keputusan › A{row + 1}" in mail or f"range=A{row + 1}" in mail, "the row is a tap away"
    assert "rahasia" not in mail + "".join(recorded(place))
    pack = send(place, "mingguan", MORNING + timedelta(days=7))
    assert "DIPUTUSKAN, BELUM JALAN (1)" in pack and f"– Bu Rini ({ticket})" in pack
    assert "lewat " in pack and "UNTUK DIPUTUSKAN (2)" in pack
    # Once the letter has gone, its clock runs, and once a week it is said who is to be reminded.
    fill(place, row, Instansi="Dinas PUPR", Nomor_Surat="12/F", Tanggal_Surat=f"{soon:%d/%m/%Y}")
    later = MORNING + timedelta(days=14)
    cycle(place, later - timedelta(hours=1))
    assert "Ingatkan instansi K" in send(place, "koordinator", later)
    assert "Ingatkan" not in send(place, "koordinator", later + timedelta(days=1))
    pack = send(place, "mingguan", later)
    assert "surat ke Dinas PUPR, belum dijawab " in pack and "Dinas PUPR: terkirim 1, dijawab 0" in pack
    assert "UNTUK DIPUTUSKAN (2)" in pack
    # What was answered comes back to be decided anew, in a row of its own, as long as its case is open.
    fill(place, row, Jawaban="akan diperbaiki")
    cycle(place, later + timedelta(hours=1))
    pack = send(place, "mingguan", later + timedelta(days=7))
    assert "Dinas PUPR: terkirim 1, dijawab 1" in pack and "BELUM JALAN" not in pack and "DIPUTUSKAN (3)" in pack
    assert f"surat ke Dinas PUPR dijawab {WORDS.brief_date(later.date())}, keluhan masih terbuka" in pack
    new = len(rows(place))
    assert new == 4 and rows(place)[new - 1]["Tiket"] == ticket and str(rows(place)[new - 1]["Nomor"]) in pack
    fill(place, new, Keputusan="Sidak")
    cycle(place, later + timedelta(days=7, hours=1))
    pack = send(place, "mingguan", later + timedelta(days=14))
    assert "BELUM JALAN (1)" in pack and pack.count(ticket) == 1 and len(rows(place)) == 4


def swapped(place: Place) -> None:
    """Somebody sorts the tab."""
    table = [list(row) for row in place.rows(KENDALI, DECISIONS)[1:4]]
    for at, row in enumerate(reversed(table), start=1):
        place.put(KENDALI, DECISIONS, at, dict(enumerate([*row, *[None] * (len(HEADINGS) - len(row))])))


def copied(place: Place) -> None:
    row = place.rows(KENDALI, DECISIONS)[row_of(place, "Banjir")]
    place.put(KENDALI, DECISIONS, 4, dict(enumerate(row)))


def deleted(place: Place) -> None:
    place.delete_row(KENDALI, DECISIONS, row_of(place, "Banjir"))


def retyped(place: Place) -> None:
    """The same, in other letters, by somebody who did not see it."""
    fill(place, row_of(place, "Banjir"), Keputusan="SIDAK ", Siapa=" Bu  Rini")


def headless(place: Place) -> None:
    place.put(KENDALI, DECISIONS, 0, {HEADINGS.index("Siapa"): "Pelaksana"})


@pytest.mark.parametrize("act", [swapped, copied, deleted, retyped, headless])
def test_whatever_people_do_to_the_rows_a_decision_stays_what_it_is_and_is_told_once(
    place: Place, act: Callable[[Place], None]
) -> None:
    fill(place, row_of(place, "Banjir"), Keputusan="Sidak", Siapa="Bu Rini")
    cycle(place, MORNING + timedelta(hours=1))
    told = recorded(place)
    act(place)
    typed = what_people_typed(place)
    cycle(place, MORNING + timedelta(hours=2))
    asked = [said for said in checks(place) if said]
    assert recorded(place) == told and len(asked) == (act is headless)
    assert all("judul kolom Siapa tidak ada lagi" in said for said in asked)
    assert what_people_typed(place) == typed, "what people typed is never changed"
    mail = send(place, "koordinator", MORNING + timedelta(hours=3))
    assert mail.count("diputuskan ") == 1 and "sidak, Bu Rini" in mail
    assert "sidak – Bu Rini" in send(place, "mingguan", MORNING + timedelta(days=7))


def test_numbers_that_were_sorted_without_the_rest_take_no_decision_to_another_matter(place: Place) -> None:
    fill(place, row_of(place, "Banjir"), Keputusan="Sidak", Siapa="Bu Rini")
    fill(place, row_of(place, "Air Bersih"), Keputusan="Jawab Warga")
    cycle(place, MORNING + timedelta(hours=1))
    told, numbers = recorded(place), [row["Nomor"] for row in rows(place)]
    for at, number in enumerate(reversed(numbers), start=1):
        fill(place, at, Nomor=number)
    cycle(place, MORNING + timedelta(hours=2))
    assert "sidak – Bu Rini" in send(place, "mingguan", MORNING + timedelta(days=7)), "nor does the pack lay them anew"
    assert "Betulkan K" in send(place, "koordinator", MORNING + timedelta(days=7))
    cycle(place, MORNING + timedelta(days=7, hours=1))
    first, second, third = checks(place)
    assert f"bukan milik tiket di baris ini, jadi isi baris ini belum dicatat. Nomornya: {numbers[0]}." in first
    assert f"A4: nomor {numbers[0]} bukan milik" in third and second == "" and recorded(place) == told
    for at, number in enumerate(numbers, start=1):
        fill(place, at, Nomor=number)
    cycle(place, MORNING + timedelta(days=7, hours=2))
    assert checks(place) == [""] * 3 and recorded(place) == told
    lost = row_of(place, "Banjir")
    fill(place, lost, Nomor=None)
    cycle(place, MORNING + timedelta(days=7, hours=3))
    assert (
        f"hilang atau berubah, jadi isi baris ini belum dicatat. Nomornya: {numbers[lost - 1]}"
        in checks(place)[lost - 1]
    )


@pytest.mark.parametrize(
    ("decided", "agency", "told"),
    [
        ("surat ke dinas pupr", None, "Dinas PUPR"),
        ("bersurat ke DLH minggu depan", None, "Dinas Lingkungan Hidup"),
        ("kirim surat ke bu camat", None, "camat"),
        ("surat ke DLH", "Dinas Perhubungan", "Dinas Perhubungan"),
    ],
)
def test_a_letter_goes_to_whom_its_decision_names_unless_its_agency_is_typed(
    place: Place, decided: str, agency: str | None, told: str
) -> None:
    row = row_of(place, "Air Bersih")
    fill(place, row, Keputusan=decided, Instansi=agency)
    cycle(place, MORNING + timedelta(hours=1))
    assert f"F{row + 1}: dibaca Surat ke Dinas, " in checks(place)[row - 1]
    assert f"surat ke {told} (" in send(place, "mingguan", MORNING + timedelta(days=7))
    fill(place, row, Keputusan="camat sudah bersurat", Instansi=None)
    cycle(place, MORNING + timedelta(days=7, hours=1))
    assert "belum dicatat" in checks(place)[row - 1], "who stands before it has perhaps written it"


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({"Keputusan": "entah sidak"}, "F{}: tidak ada dalam daftar, jadi belum dicatat. Maksudnya Sidak?"),
        ({"Keputusan": "RDPU"}, "F{}: tidak ada dalam daftar, jadi belum dicatat. Maksudnya Rapat Dengar Pendapat?"),
        ({"Keputusan": "batal sidak"}, "F{}: tidak ada dalam daftar, jadi belum dicatat. Maksudnya Sidak?"),
        ({"Keputusan": "RDP"}, "F{}: dibaca Rapat Dengar Pendapat. Kalau keliru, ganti isinya."),
        ({"Keputusan": "entah"}, "F{}: tidak ada dalam daftar, jadi belum dicatat. Pilihannya: Surat ke Dinas"),
        ({"Sebelum": "minggu depan ya", "Keputusan": "Sidak"}, "H{}: bukan tanggal yang masuk akal"),
        ({"Sebelum": "10/12/2051", "Keputusan": "Sidak"}, "H{}: bukan tanggal yang masuk akal"),
        ({"Keputusan": "Sidak", "Siapa": '"'}, "G{}: menunjuk baris lain"),
        ({"Keputusan": "Sidak", "Siapa": "\u3003"}, "G{}: menunjuk baris lain"),
        ({"Siapa": "Bu Rini"}, "F{}: masih kosong, padahal Siapa terisi"),
        ({"Keputusan": "Surat ke Dinas", "Jawaban": "ya"}, "L{}: masih kosong, padahal Jawaban terisi"),
    ],
)
def test_what_is_not_understood_is_asked_beside_it_in_one_sentence(
    place: Place, cells: dict[str, str], asked: str
) -> None:
    row = row_of(place, "Banjir")
    fill(place, row, **cells)
    cycle(place, MORNING + timedelta(hours=1))
    said = checks(place)[row - 1]
    assert said.startswith(f"Keputusan!{asked.format(row + 1)}") and len(said) < 200
    fill(place, row, Keputusan="Sidak", Siapa="Bu Rini", Sebelum=f"{MORNING:%d/%m/%Y}", Jawaban=None)
    cycle(place, MORNING + timedelta(hours=2))
    assert not any(checks(place)) and '"Sebelum":' in recorded(place)[-1]


def test_a_decision_that_was_not_understood_is_asked_about_in_the_mails_too(
    place: Place,
) -> None:
    row, said = (
        row_of(place, "Banjir"),
        "keputusan yang tertulis sekarang belum dipahami, lihat Pemeriksaan di tab Keputusan",
    )
    number = rows(place)[row - 1]["Nomor"]
    fill(place, row, Keputusan="entah sidak", Siapa="Bu Rini")
    cycle(place, MORNING + timedelta(hours=1))
    assert f"Betulkan {number} Petir · Banjir: {said}" in send(place, "koordinator", MORNING + timedelta(hours=2))
    pack = send(place, "mingguan", MORNING + timedelta(days=7))
    assert pack.count(said) == 1 and "BELUM JALAN" not in pack and "UNTUK DIPUTUSKAN (3)" in pack
    fill(place, row, Keputusan="surat ke dinas lagi")
    cycle(place, MORNING + timedelta(days=7, hours=1))
    mails = [send(place, kind, MORNING + timedelta(days=8)) for kind in ("koordinator", "mingguan")]
    assert "Jalankan" in mails[0] and said not in "".join(mails), "that a slip was read as something is no question"
    fill(place, row, Keputusan="tidak jadi")
    cycle(place, MORNING + timedelta(days=8, hours=1))
    for kind in ("koordinator", "mingguan"):
        mail = send(place, kind, MORNING + timedelta(days=14))
        assert f"surat ke Dinas PUPR / BPBD, {said}" in mail, "what was decided before stands"


def test_cells_that_show_an_error_take_back_nothing_and_are_asked_about(place: Place) -> None:
    row, broken = row_of(place, "Banjir"), CellError("#REF!")
    fill(place, row, Keputusan="Surat ke Dinas", Siapa="Bu Rini", Tanggal_Surat=f"{TUESDAY:%d/%m/%Y}", Catatan="segera")
    cycle(place, MORNING + timedelta(hours=1))
    before = recorded(place)
    fill(place, row, Keputusan=broken, Siapa=broken, Tanggal_Surat=broken, Catatan=broken)
    cycle(place, MORNING + timedelta(hours=2))
    assert recorded(place) == before and len(before) == 1
    assert checks(place)[row - 1].count("menampilkan #REF!") == 4
    assert "keputusan yang tertulis sekarang belum dipahami" in send(place, "koordinator", MORNING + timedelta(hours=3))


@pytest.mark.parametrize("heading", ["Nomor", "Keputusan"])
def test_a_heading_without_which_nothing_can_be_recorded_is_told(
    place: Place, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place.put(KENDALI, DECISIONS, 0, {HEADINGS.index(heading): "Hasil Rapat"})
    fill(place, row_of(place, "Banjir"), Keputusan="Sidak")
    assert place.run("sync") == 1
    assert f"tab Keputusan, baris 1: judul kolom tidak ada: {heading}." in capsys.readouterr().out
    place.put(KENDALI, DECISIONS, 0, {HEADINGS.index(heading): heading})
    assert place.run("sync") == 0
    cycle(place, MORNING + timedelta(hours=1))
    assert len(recorded(place)) == 1


def test_a_copy_that_says_something_else_and_a_row_of_ones_own_are_asked_and_the_decision_stands(place: Place) -> None:
    fill(place, row_of(place, "Banjir"), Keputusan="Sidak")
    cycle(place, MORNING + timedelta(hours=1))
    told = recorded(place)
    copied(place)
    fill(place, 4, Keputusan="Tutup")
    fill(place, 5, Keputusan="Tunda")
    cycle(place, MORNING + timedelta(hours=2))
    assert recorded(place) == told
    doubled, strange = (said for said in checks(place) if said)
    assert doubled.startswith(f"Keputusan!A5: nomor {rows(place)[3]['Nomor']} ada di beberapa baris dengan isi berbeda")
    assert strange.startswith("Keputusan!A6: baris ini tidak punya nomor perkara dari program, jadi belum dicatat.")
    assert checks(place).index(doubled) == 3 and checks(place).index(strange) == 4


def test_a_number_in_small_letters_is_the_same_row_and_stays_as_it_was_typed(place: Place) -> None:
    row = row_of(place, "Banjir")
    number = str(rows(place)[row - 1]["Nomor"])
    fill(place, row, Nomor=number.lower(), Keputusan="Usulan Pokir")
    for hour in (1, 2):
        cycle(place, MORNING + timedelta(hours=hour))
    place.put(KENDALI, PROPOSALS, 1, {0: number.lower(), PROPOSALS.headings.index("Volume"): 120})
    cycle(place, MORNING + timedelta(hours=3))
    assert len(recorded(place)) == 2 and not any(checks(place))
    said = str(place.table(KENDALI, PROPOSALS)[0]["Pemeriksaan"])
    assert "usulan ini" in said and "nomor perkara" not in said
    other = row_of(place, "Air Bersih")  # on which nothing is decided: its row is laid again
    fill(place, other, Nomor=str(rows(place)[other - 1]["Nomor"]).lower())
    pack = send(place, "mingguan", MORNING + timedelta(days=7))
    assert "BELUM JALAN (1)" in pack and len(rows(place)) == 3 and str(rows(place)[other - 1]["Nomor"]).islower()
    assert [table[0]["Nomor"] for table in (rows(place)[row - 1 :], place.table(KENDALI, PROPOSALS))] == [
        number.lower()
    ] * 2, "what people typed is never changed"


def test_of_a_case_that_becomes_private_its_row_tells_no_more_what_it_is_about(place: Place) -> None:
    number = rows(place)[row_of(place, "Banjir") - 1]["Nomor"]
    at = next(at for at, row in enumerate(place.rows(BARAT, "Petir")) if "Warga sri" in row)
    place.put(BARAT, "Petir", at, {TITLES.index("Kategori"): "Kesehatan & BPJS"})
    for _ in range(2):
        cycle(place, MORNING + timedelta(hours=1))
        told = {row["Nomor"]: row["Perkara"] for row in rows(place)}
        assert told.pop(number) == "Hal pribadi" and "Hal pribadi" not in told.values()


def test_what_was_put_off_is_not_carried_out_though_something_stands_in_jawaban(place: Place) -> None:
    row = row_of(place, "Banjir")
    fill(place, row, Keputusan="Sidak", Siapa="Bu Rini", Jawaban="blm jalan, ditunda krn hujan")
    cycle(place, MORNING + timedelta(hours=1))
    pack = send(place, "mingguan", MORNING + timedelta(days=7))
    assert "BELUM JALAN (1)" in pack and "sudah dijalankan" not in pack
    for hour, put_off in enumerate(("menyusul", "lagi diproses", "dijadwalkan ulang", "mundur minggu depan"), start=1):
        fill(place, row, Jawaban=put_off)
        cycle(place, MORNING + timedelta(days=7, hours=hour))
        assert "Jawaban" not in recorded(place)[-1], put_off
    fill(place, row, Jawaban="tidak ditemukan sumbatan")
    cycle(place, MORNING + timedelta(days=7, hours=5))
    assert "sidak sudah dijalankan" in send(place, "mingguan", MORNING + timedelta(days=14))


def test_a_decision_is_withdrawn_by_emptying_its_cell(place: Place) -> None:
    row = row_of(place, "Banjir")
    for hour, decided in enumerate(("Sidak", None), start=1):
        fill(place, row, Keputusan=decided)
        cycle(place, MORNING + timedelta(hours=hour))
    assert len(recorded(place)) == 1
    assert "UNTUK DIPUTUSKAN (3)" in send(place, "mingguan", MORNING + timedelta(days=7))


def test_a_city_without_the_tab_works_as_before_and_check_says_the_cure(place: Place, say: Say) -> None:
    for tab in (DECISIONS, PROPOSALS):  # in the second nothing was laid
        place.delete_tab(KENDALI, tab)
    assert "UNTUK DIPUTUSKAN (3)" in send(place, "mingguan", MORNING + timedelta(days=7))
    assert place.run("sync") == 0
    for command, told in (("sync", True), ("setup", False)):
        assert place.run(command) == 0
        assert ("tab Keputusan tidak ada lagi" in say()) is told
        place.run("check")
        assert ("tab Keputusan tidak ada lagi" in (words := say())) is told and "tab Usulan" not in words


def test_the_cells_that_are_asked_about_are_named_as_people_see_them() -> None:
    assert [columns(HEADINGS.index(name)) for name in ("Keputusan", "Sebelum", "Tanggal Surat")] == ["F", "H", "L"]
    assert isinstance(MORNING.date(), date)


def test_a_letter_asks_an_agency_about_the_cases_of_a_decision_and_names_nobody(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "jakarta_now", lambda: MORNING + timedelta(hours=2))
    monkeypatch.setattr(sync, "jakarta_now", lambda: MORNING + timedelta(hours=2))
    row = row_of(place, "Banjir")
    fill(
        place,
        row,
        Keputusan="Surat ke Dinas",
        Instansi="Yth. Bapak Kepala Dinas PUPR",
        Nomor_Surat="12/F/XII",
        Tanggal_Surat="04/12/2026",
    )
    cycle(place, MORNING + timedelta(hours=1))
    number = str(rows(place)[row - 1]["Nomor"])
    assert place.run("surat", number.lower(), "--output", str(tmp_path)) == 0
    text = (tmp_path / f"Surat {number}.txt").read_text("utf-8")
    ticket = place.tickets(BARAT, "Petir")["sri"]
    for words in (
        "Nomor : 12/F/XII",
        "Yth. Dinas PUPR",
        f"1. {ticket}, Petir, Kec. Cipondoh, Banjir, diterima",
        "4 Desember",
    ):
        assert words in text
    assert "kami mohon" in text.lower() and "patokan" in text
    assert not [word for word in ("Warga", "0812", "pasal", "wajib", "Jl.") if word in text]
    pdf = (tmp_path / f"Surat {number}.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and b"595.28 841.89" in pdf, "A4"
    assert place.run("surat", number, "--output", str(tmp_path)) == 0, "once more"
    worked_on = f"{text}\nTembusan: Bu Wali Kota\n"
    (tmp_path / f"Surat {number}.txt").write_text(worked_on, "utf-8")
    assert place.run("surat", number, "--output", str(tmp_path)) != 0
    assert (tmp_path / f"Surat {number}.txt").read_text("utf-8") == worked_on, "what somebody has worked on stays"
    place.put(KENDALI, WISHES, 1, {0: f"Surat {number} ratna@example.org"})
    place.put(KENDALI, WISHES, 2, {0: "surat K2648-260504-0099-9"})
    assert place.run("sync") == 0
    sent, strange = (str(row[1]) for row in place.rows(KENDALI, WISHES)[1:3])
    assert sent.startswith(f"surat {number} – sudah: dikirim") and "tidak ada di tab Keputusan" in strange
    (mail,) = (place.credentials.parent / "outbox").glob("permintaan*.eml")
    assert f"Surat {number}.pdf" in mail.read_text("utf-8", "replace")
    later = MORNING + timedelta(days=7)  # an undated one is of the day of the cycle, not of the computer's
    fill(place, row, Tanggal_Surat=None)
    place.put(KENDALI, WISHES, 3, {0: f"surat {number}: ratna@example.org, sekali lagi"})
    program = compose(place.credentials, WORDS)
    wishes.grant(program, program.syncer.sync(later), later)
    (again,) = {*(place.credentials.parent / "outbox").glob("permintaan*.eml")} - {mail}
    assert WORDS.long_date(later.date()) in message_from_bytes(again.read_bytes(), policy=default).as_string()


def test_a_letter_asks_about_no_case_that_was_closed_before_it() -> None:
    cases = (case(1), closed(2, Status.RESOLVED, closed_at=NOW - timedelta(days=2)))
    decision = Decision("K2648-1", tuple(one.ticket for one in cases), cases[0], agency="Dinas PUPR")
    for sent, asked in ((None, 1), ((NOW - timedelta(days=1)).date(), 1), ((NOW - timedelta(days=3)).date(), 2)):
        of_day = replace(decision, sent=sent)
        made = write_letter(of_day, cases, SETTINGS, Templates(TEMPLATES, WORDS), NOW)
        assert f"tindak lanjut {asked} laporan" in made["txt"].decode(), "what was sent is no other letter later"


def test_an_edited_template_of_a_paper_that_can_not_be_used_is_told_by_the_command_and_by_check(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("papers", "setup", "digest"):
        monkeypatch.setattr(f"automation.cli.{module}.jakarta_now", lambda: MORNING + timedelta(hours=2))
    names = ("surat/isi.txt", "slip/isi.html", "reses/isi.html")
    for name in names:
        own = place.credentials.parent / "templat" / name
        own.parent.mkdir(parents=True)
        own.write_text("{{ apa.itu }}", "utf-8")
    number, ticket = str(rows(place)[0]["Nomor"]), str(rows(place)[0]["Tiket"])
    days = ("--from", f"{MORNING.date()}", "--to", f"{MORNING.date()}")
    papers_of = (("surat", number), ("slip", ticket), ("digest", "reses", "--dapil", "3", *days))
    for name, command in zip(names, papers_of, strict=True):
        more = () if command[0] == "digest" else ("--output", str(tmp_path / "cetak"))
        assert place.run(*command, *more) == 0, "the shipped one serves"
        assert capsys.readouterr().out.count(f"templat/{name}, baris 1") == 1
    (place.credentials.parent / "templat" / "slip" / "isi.html").write_text("{{ apa", "utf-8")  # seen when it is loaded
    place.run("check")
    told = capsys.readouterr().out
    assert [told.count(f"SALAH  Kata-kata: templat/{name}, baris 1") for name in names] == [1, 1, 1]


def test_a_proposal_is_begun_by_a_decision_and_asked_about_before_it_is_typed_into_sipd(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(place, "Banjir")
    fill(place, row, Keputusan="Usulan Pokir", Siapa="Pak Dewan")
    for hour in (1, 2, 3):
        cycle(place, MORNING + timedelta(hours=hour))
    (proposal,) = [one for one in place.table(KENDALI, PROPOSALS) if one["Nomor"]]
    ticket = place.tickets(BARAT, "Petir")["sri"]
    assert (proposal["Tiket"], proposal["Kelurahan"], proposal["Kecamatan"]) == (ticket, "Petir", "Cipondoh")

    def propose(**cells: Value) -> str:
        values = {PROPOSALS.headings.index(name.replace("_", " ")): value for name, value in cells.items()}
        place.put(KENDALI, PROPOSALS, 1, values)
        cycle(place, MORNING + timedelta(hours=4))
        return str(place.table(KENDALI, PROPOSALS)[0]["Pemeriksaan"] or "")

    said = propose(Judul_Kamus="Normalisasi drainase", Alamat="Petir", Dapil_Pengusul="1", Volume=120)
    assert "drainase" not in "".join(recorded(place)), "who types a name there finds it nowhere else"
    for words in ("K2: volume atau satuannya", "alamatnya belum lengkap", "di luar dapil", "belum ada tautan foto"):
        assert words.removeprefix("K2: ") in said
    whole: dict[str, Value] = {
        "Alamat": "Jl. Melati RT 003/007, Petir, Cipondoh",
        "Foto": "Https://foto.example/1",
        "Satuan": "meter",
    }
    for unknown in (0, "belum diukur", "-"):
        assert "volume atau satuannya" in propose(**whole, Volume=unknown)
    assert "tautan foto" in propose(Foto="IMG_2026.jpg") and "foto" not in propose(
        Foto="drive.google.com/abc", Volume=1
    )
    whole["Volume"] = 120
    for dapil in (f"Dapil {proposal['Dapil']}", f"DAPIL {'I' * int(proposal['Dapil'])}", "dapil tiga", "Cipondoh"):
        assert propose(**whole, Dapil_Pengusul=dapil, Masalah="air masuk rumah") == ""
    assert propose(Keadaan="dikirim").startswith("Usulan!R2: tidak ada dalam daftar")
    for state in ("Dikembalikan", "Ditolak"):
        assert propose(Keadaan=state) == (
            f"Usulan!S2: masih kosong, padahal usulan ini {state.lower()}. Tulis apa yang dikatakan instansinya."
        )
    assert propose(Keadaan="Dikembalikan", Alasan="volume kurang", Tahun=2028, Pengusul="Pak Dewan") == ""
    mail = send(place, "koordinator", MORNING + timedelta(hours=5))
    assert "Kerjakan usulan K" in mail and "dikembalikan" in mail and "volume kurang" not in mail
    assert "usulan pokir, dikembalikan" in send(place, "mingguan", MORNING + timedelta(days=7))
    propose(Keadaan="Diteruskan")
    cycle(place, MORNING + timedelta(hours=6))
    told = next(str(one["Kabari"] or "") for one in place.table(BARAT, "Petir"))
    links = [str(cell) for one in place.rows(BARAT, "Petir") for cell in one if "wa.me" in str(cell)]
    assert told and (not links or "usulan%20anggaran%202028" in links[0])
    assert '"Masalah":"ada"' in "".join(recorded(place)), "of words only that there are some"
    monkeypatch.setattr(export, "jakarta_now", lambda: MORNING + timedelta(hours=7))
    assert place.run("mirror", str(tmp_path / "kota.sqlite")) == 0
    with closing(sqlite3.connect(tmp_path / "kota.sqlite")) as database:
        asked = "SELECT keputusan, selesai FROM putusan JOIN putusan_tiket USING (nomor) WHERE tiket = ?"
        assert database.execute(asked, [ticket]).fetchall() == [("Usulan Pokir", 1)]
        assert database.execute("SELECT keadaan, tahun FROM usulan").fetchall() == [("Diteruskan", "2028")]
        assert not [row for row in database.iterdump() if "Pak Dewan" in row or "volume kurang" in row]


def test_a_proposal_that_can_be_corrected_is_told_though_the_year_of_its_case_was_put_away(place: Place) -> None:
    fill(place, row_of(place, "Banjir"), Keputusan="Usulan Pokir")
    for hour in (1, 2):
        cycle(place, MORNING + timedelta(hours=hour))
    place.put(KENDALI, PROPOSALS, 1, {PROPOSALS.headings.index("Keadaan"): "Dikembalikan"})
    closing = {intake.STATUS: "Ditutup Tanpa Solusi", intake.OUTCOME: "masuk usulan"}
    place.put(BARAT, "Petir", 1, {TITLES.index(heading): value for heading, value in closing.items()})
    cycle(place, MORNING + timedelta(hours=3))
    later, syncer = MORNING + timedelta(days=45), compose(place.credentials, WORDS).syncer
    roll_over(syncer, 2026, lambda: syncer.sync(later), later, undo=False)
    mail = send(place, "koordinator", later + timedelta(hours=1))
    assert "Kerjakan usulan K" in mail and "Petir: usulan sejak" in mail
    weeks = send(place, "mingguan", later + timedelta(hours=2)).partition("Minggu mulai Senin")[2]
    assert weeks.startswith(" 14 Des 2026: "), "of earlier weeks the cases that were closed are away"


def test_the_proposals_are_laid_out_for_copying_field_by_field(place: Place, tmp_path: Path) -> None:
    fill(place, row_of(place, "Banjir"), Keputusan="Usulan Pokir")
    for hour in (1, 2):
        cycle(place, MORNING + timedelta(hours=hour))
    values: dict[str, Value] = {"Judul Kamus": "Normalisasi drainase", "Masalah": "air masuk rumah", "Volume": 120}
    place.put(KENDALI, PROPOSALS, 1, {PROPOSALS.headings.index(name): value for name, value in values.items()})
    output = tmp_path / "usulan.txt"
    assert place.run("export", "--proposals", "--output", str(output)) == 0
    text = output.read_text("utf-8")
    assert "Judul Kamus\nNormalisasi drainase\n\nMasalah\nair masuk rumah\n\nVolume\n120" in text
    assert place.run("export", "--proposals", "--output", str(output)) == 2, "nothing is written over"
    assert place.run("export", "--proposals", "--output", str(tmp_path / "usulan.xlsx")) == 2, "it is no workbook"
    for only in (("--scope", "Dapil 1"), ("--from", "2026-11-01")):
        assert place.run("export", "--proposals", *only, "--output", str(tmp_path / "sebagian.txt")) == 2, "all or none"


def test_when_a_year_has_ended_a_decision_is_told_as_before_and_each_thing_once(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    row, ticket = row_of(place, "Banjir"), place.tickets(BARAT, "Petir")["sri"]
    steps: list[dict[str, Value]] = [{"Keputusan": "Usulan Pokir"}, {"Siapa": "Pak Dewan"}, {}, {"Siapa": "Bu Rini"}]
    for days, step in enumerate(steps):
        fill(place, row, **step)
        if not step:  # the proposal that the decision has begun
            place.put(KENDALI, PROPOSALS, 1, {PROPOSALS.headings.index("Volume"): 120})
        cycle(place, MORNING + timedelta(days=days, hours=1))
    told = []
    for command in ([], ["rollover", "2026", "--yes"]):
        assert not command or place.run(*command) == 0
        decided = filing.filed_rows(Registry(compose(place.credentials, WORDS).kendali.read()))[DECISIONS].values()
        assert next(one for one in decided if ticket in one.tickets).since["Keputusan"] == MORNING + timedelta(hours=1)
        capsys.readouterr()
        assert place.run("history", ticket) == 0
        told.append([line for line in capsys.readouterr().out.splitlines() if "diputuskan" in line])
    assert told[0] == told[1] and len(told[0]) == 1 and "Usulan Pokir" in told[0][0]


@pytest.mark.parametrize("place", ["local"], indirect=True)
def test_what_was_heard_and_decided_on_cases_of_a_year_that_was_put_away_is_told_whole(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.type(BARAT, "Petir", "heni", channel="Reses", category="Kesehatan & BPJS")
    cycle(place, MORNING)
    send(place, "mingguan", MORNING + timedelta(days=7))
    row, ticket = row_of(place, "Hal pribadi"), place.tickets(BARAT, "Petir")["heni"]
    fill(place, row, Keputusan="Surat ke Dinas", Instansi="Dinas Kesehatan", Tanggal_Surat="03/12/2026")
    place.put(BARAT, "Petir", len(place.rows(BARAT, "Petir")) - 1, {TITLES.index(intake.STATUS): "Selesai"})
    cycle(place, MORNING + timedelta(days=9))
    for module in ("sync", "papers", "export", "digest"):
        monkeypatch.setattr(f"automation.cli.{module}.jakarta_now", lambda: MORNING + timedelta(days=50))
    assert place.run("rollover", "2026", "--yes") == 0 and ticket not in place.register()
    assert place.run("digest", "reses", "--dapil", "3", "--from", "2026-11-01", "--to", "2026-12-31") == 0
    (page,) = (place.credentials.parent / "outbox").glob("reses-*.txt")
    assert "- Petir: 1 didengar, 1 selesai" in page.read_text("utf-8") and ticket in page.read_text("utf-8")
    number = str(rows(place)[row - 1]["Nomor"])
    assert place.run("surat", number, "--output", str(tmp_path)) == 0
    assert f"1. {ticket}, Petir" in (tmp_path / f"Surat {number}.txt").read_text("utf-8")
    assert place.run("mirror", str(tmp_path / "kota.sqlite")) == 0
    with closing(sqlite3.connect(tmp_path / "kota.sqlite")) as database:
        asked = "SELECT instansi FROM putusan JOIN putusan_tiket USING (nomor) WHERE tiket = ?"
        assert database.execute(asked, [ticket]).fetchall() == [("",)], "it would tell what the private matter is about"


def test_a_slow_robot_that_read_before_another_told_tells_nothing_older(place: Place) -> None:
    program = compose(place.credentials, WORDS)
    before = program.kendali.read()
    fill(place, row_of(place, "Banjir"), Keputusan="Sidak")
    cycle(place, MORNING + timedelta(hours=2))
    after = compose(place.credentials, WORDS).kendali.read()
    stale = [before.tab(tab.title) or tab if tab.title == DECISIONS else tab for tab in after.tabs]
    seen = replace(after, tabs=tuple(stale))
    last = filing.filed_rows(Registry(after))  # as it was read back with the journal alone
    assert filing.typed(seen, last, MORNING + timedelta(hours=1), load_terms()) == ([], [])
    told, _ = filing.typed(seen, last, MORNING + timedelta(hours=3), load_terms())
    assert len(told) == 1, "since then it was emptied again"


def test_a_reses_is_reported_on_one_sheet_what_was_heard_where_and_what_became_of_it(place: Place, say: Say) -> None:
    place.type(BARAT, "Gondrong", "tono", channel="Reses", category="Banjir")
    place.type(BARAT, "Petir", "wati", channel="reses", category="Jalan & Drainase")
    assert place.run("sync") == 0
    days = ("--from", f"{MORNING.date() - timedelta(days=9)}", "--to", f"{MORNING.date()}")
    assert place.run("digest", "reses", "--dapil", "3", *days) == 0
    (page,) = (place.credentials.parent / "outbox").glob("reses-dapil-3-*.txt")
    said = page.read_text("utf-8")
    tickets = place.tickets(BARAT, "Gondrong") | place.tickets(BARAT, "Petir")
    assert "2 aspirasi dari 2 kelurahan" in said and "- Gondrong: 1 didengar, 0 selesai" in said
    assert tickets["tono"] in said and tickets["wati"] in said and tickets["yati"] not in said
    assert "Warga" not in said and "0812" not in said
    assert place.run("digest", "reses", "--dapil", "9", *days) == 2
    assert "Tidak ada dapil 9" in (words := say()) and "Yang ada: 1, 3." in words
    assert not [*(place.credentials.parent / "outbox").glob("reses-dapil-9-*")]
    page.unlink()
    place.type(BARAT, "Gondrong", "joko", channel="Reses", category="entah apa", description="entah apa di sana")
    assert place.run("sync") == 0 and "menunggu perbaikan" not in said
    assert place.run("digest", "reses", "--dapil", "III", *days) == 0 and page.exists()
    assert "1 baris laporan di dapil ini menunggu perbaikan" in page.read_text("utf-8"), "or a member reports too few"
    assert place.run("digest", "reses", "--dapil", "1", *days) == 0
    (bare,) = (place.credentials.parent / "outbox").glob("reses-dapil-1-*.txt")
    assert "belum ada laporan" in bare.read_text("utf-8") and "dengan Saluran Reses" in bare.read_text("utf-8")
    assert place.run("digest", "reses", "--dapil", "3") == 2
    assert place.run("digest", "reses", "--dapil", "3", *days, "--date", "2026-11-24") == 2, "it tells of today"
    place.remove(BARAT)
    assert "tidak terbaca" not in said and place.run("sync") == 1
    assert place.run("digest", "reses", "--dapil", "3", *days) == 0
    assert f"1 lembar kerja tidak terbaca utuh, jadi angka di bawah belum tentu lengkap: {BARAT}" in page.read_text(
        "utf-8"
    )


def test_a_decision_whose_row_was_deleted_is_given_back_when_that_is_wished(place: Place) -> None:
    row = row_of(place, "Banjir")
    fill(place, row, Keputusan="Usulan Pokir", Siapa="Bu Rini", Sebelum="10/12/2026", Catatan="rahasia")
    whole = rows(place)[row - 1]
    number = str(whole["Nomor"])
    for hour in (1, 2):
        cycle(place, MORNING + timedelta(hours=hour))
    place.put(KENDALI, PROPOSALS, 1, {PROPOSALS.headings.index("Volume"): 120})
    cycle(place, MORNING + timedelta(hours=3))
    proposal = place.table(KENDALI, PROPOSALS)[0]
    place.put(KENDALI, WISHES, 1, {0: f"pulihkan {number}"})
    assert place.run("sync") == 0
    place.delete_row(KENDALI, DECISIONS, row)
    place.delete_row(KENDALI, PROPOSALS, 1)
    place.put(KENDALI, WISHES, 2, {0: f"Pulihkan {number} terhapus"})
    assert place.run("sync") == 0
    there, back = (str(one[1]) for one in place.rows(KENDALI, WISHES)[1:3])
    assert "barisnya masih ada" in there and back.startswith(f"pulihkan {number} – sudah")
    (found,) = [one for one in rows(place) if one["Nomor"] == number]
    lost = {"Catatan": None, "Pemeriksaan": None, "Sebelum": None}  # that is a day now, and told in the pack
    assert {name: cell or None for name, cell in (found | lost).items()} == whole | lost
    (found,) = [one for one in place.table(KENDALI, PROPOSALS) if one["Nomor"]]
    assert (found["Kecamatan"], found["Dapil"]) == (proposal["Kecamatan"], proposal["Dapil"]) and found["Volume"]
    told = recorded(place)
    cycle(place, MORNING + timedelta(hours=4))
    assert len(recorded(place)) == len(told) + 1, "the note is lost, and nothing else"
    pack = send(place, "mingguan", MORNING + timedelta(days=7))
    assert "usulan pokir, sebelum 10 Des" in pack and "– Bu Rini" in pack


@pytest.mark.parametrize("what", ["Surat ke Dinas", "Sidak"])
def test_what_came_of_a_decision_whose_row_is_given_back_stays(place: Place, what: str) -> None:
    row = row_of(place, "Banjir")
    number = str(rows(place)[row - 1]["Nomor"])
    fill(place, row, Keputusan=what, Tanggal_Surat=f"{MORNING:%d/%m/%Y}" if what != "Sidak" else None)
    cycle(place, MORNING + timedelta(hours=1))
    fill(place, row, Jawaban="dikeruk Kamis lalu")
    cycle(place, MORNING + timedelta(hours=2))
    place.delete_row(KENDALI, DECISIONS, row)
    place.put(KENDALI, WISHES, 1, {0: f"pulihkan {number}"})
    assert place.run("sync") == 0
    told = recorded(place)
    cycle(place, MORNING + timedelta(hours=3))
    assert recorded(place) == told, "nothing is another than it was"
    pack = send(place, "mingguan", MORNING + timedelta(days=14))
    assert "BELUM JALAN" not in pack and ("terkirim 1, dijawab 1" in pack) == (what != "Sidak")


def test_so_is_one_on_a_case_of_a_year_that_was_put_away(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.cycle.rollover.TOLD", timedelta())
    row = row_of(place, "Banjir")
    fill(place, row, Keputusan="Sidak", Siapa="Bu Rini")
    cycle(place, MORNING + timedelta(hours=1))
    whole = rows(place)[row - 1]
    for tab in ("Gondrong", "Petir"):
        for at, shown in enumerate(place.rows(BARAT, tab)):
            if str(shown[0]) in str(whole["Tiket"]) and shown[0]:
                place.put(BARAT, tab, at, {TITLES.index("Status"): "Selesai"})
    assert place.run("sync") == place.run("rollover", "2026", "--yes") == 0
    assert not {*str(whole["Tiket"]).split()} & place.register().keys()
    place.delete_row(KENDALI, DECISIONS, row)
    place.put(KENDALI, WISHES, 1, {0: f"pulihkan {whole['Nomor']}"})
    assert place.run("sync") == 0
    (found,) = [one for one in rows(place) if one["Nomor"] == whole["Nomor"]]
    assert (found["Kelurahan"], found["Keputusan"]) == (whole["Kelurahan"], "Sidak") and found["Perkara"]


def test_what_hands_write_into_the_journal_of_decisions_stops_nobody(place: Place) -> None:
    """Without a digest an event counts as it stands, where it is one: each of these stopped the city, or its mails."""
    known, pokir = rows(place)[0], '"nilai":{"Keputusan":"Usulan Pokir"}'
    odd = [
        f'{{"id":"K2648-9",{pokir}}}',
        f'{{"id":"K2648-8","tiket":[],{pokir}}}',
        f'{{"tiket":["{known["Tiket"]}"],{pokir}}}',
        f'{{"id":"{known["Nomor"]}","tiket":["{known["Tiket"]}"],"nilai":{{"Keputusan":"Sidak","Sebelum":"lusa"}}}}',
    ]
    for table, texts in ((DECISIONS, odd), (PROPOSALS, odd[2:])):
        for text in texts:
            at = len(place.rows(KENDALI, JOURNAL))
            told = (table, at, f"{MORNING + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S+07:00}", None, "Dicatat", text)
            place.put(KENDALI, JOURNAL, at, dict(enumerate(told)))
    cycle(place, MORNING + timedelta(hours=1))
    assert "Sidak" not in send(place, "koordinator", MORNING + timedelta(hours=2))
    assert send(place, "mingguan", MORNING + timedelta(days=7))
    assert place.run("history", str(known["Tiket"])) == 0
