"""What happened to a case, as people read it: what, who, what the clock did and why; and where citizens can turn."""

import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from msgspec.structs import replace

from automation.cases.elsewhere import Elsewhere
from automation.cases.history import History
from automation.cases.kabari import told_shown
from automation.cli.compose import compose, jakarta_now
from automation.cli.papers import slip_files
from automation.cycle.second_copy import events_of
from automation.digests.at_once import darurat
from automation.model.cells import Value, serial_of
from automation.model.complaint import Priority
from automation.sheets.port import Snapshot
from automation.tables.kendali import DECISIONS, PROPOSALS, RECIPIENTS, WISHES
from tests.local_city import LocalCity
from tests.lost_and_found import KENDALI, TITLES, LocalPlace, Place, laid_out
from tests.mail_examples import CONTEXT, JATIUWUNG, NOW, case, renderer
from tests.meeting_examples import city_rules
from tests.test_decisions import MORNING, cycle, fill as decide, row_of, send
from tests.town import RULES, WORDS, neighbours

pytestmark = pytest.mark.sampled(4, tests=10)
BARAT = "Laporan Barat"


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return laid_out(request, tmp_path, {BARAT: ("Gondrong",)}, begin)


def begin(place: Place) -> None:
    place.type(BARAT, "Gondrong", "yati", category="Banjir")
    kinds = "mingguan, koordinator"
    place.put(KENDALI, RECIPIENTS, 1, dict(enumerate(("Ibu Ratna", "ratna@example.org", "Anggota", "Kota", kinds))))
    assert place.run("sync") == 0
    send(place, "mingguan", MORNING)


def fill(place: Place, **cells: str | float | None) -> None:
    at = next(n for n, row in enumerate(place.rows(BARAT, "Gondrong")) if "Warga yati" in row)
    place.put(BARAT, "Gondrong", at, {TITLES.index(name.replace("_", " ")): value for name, value in cells.items()})


def lived(place: Place) -> str:
    """The ticket of a case that has seen much."""
    decide(place, row_of(place, "Banjir"), Keputusan="Sidak", Siapa="Bu Rini", Sebelum="10/12/2026")
    steps: tuple[dict[str, str | None], ...] = (
        {"Status": "Diverifikasi", "Penanggung_Jawab": "Ibu Ratna"},
        {"Status": "Menunggu Pelapor"},
        {"Status": "Ditindaklanjuti", "Alamat": "Jl. Rahasia No. 9"},
        {"Status": "Selesai", "Hasil_Tindak_Lanjut": "got dikeruk"},
        {"Dikabari": "Ibu Ratna 9/12/2026 belum beres"},
    )
    for day, step in enumerate(steps, start=1):
        fill(place, **step)
        cycle(place, MORNING + timedelta(days=3 * day))
    (ticket,) = place.tickets(BARAT, "Gondrong").values()
    return ticket


def seen(place: Place) -> Snapshot:
    return compose(place.credentials, WORDS).kendali.read()


def said_by(place: Place, ticket: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert place.run("history", ticket) == 0
    return capsys.readouterr().out.splitlines()


def test_the_history_of_a_case_tells_a_line_an_event(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    ticket = lived(place)
    said = said_by(place, ticket.removeprefix("RR-"), capsys)
    assert said == said_by(place, ticket, capsys), "as it is read out"
    lines = [line.partition(": ")[2] or line for line in said]
    first, waited = MORNING + timedelta(days=6), MORNING + timedelta(days=9)
    stood = sum(day.weekday() < 6 for n in range(1, 4) if (day := (first + timedelta(days=n)).date()))
    answered = told_shown("belum 9/12/2026", WORDS)
    for words in (
        "status Baru menjadi Diverifikasi", "penanggung jawab: Ibu Ratna", "hitungan hari berhenti: menunggu pelapor",
        f"hitungan hari berjalan lagi, sesudah berhenti {stood} hari kerja: menunggu pelapor",
        "diisi atau diubah: Alamat", "status Ditindaklanjuti menjadi Selesai",
        "diisi atau diubah: Hasil Tindak Lanjut",
        "pelapor bilang belum beres, jadi Selesai dibuka lagi", f"pelapor dikabari oleh Ibu Ratna: {answered}",
    ):  # fmt: skip
        assert lines.count(words) == 1, (words, lines)
    assert lines[1].startswith("laporan masuk di tab Gondrong, diterima")
    assert any(line.startswith("diputuskan rapat: Sidak, Bu Rini, sebelum Kam 10 Des (K") for line in lines)
    assert lines[-1].startswith("Sekarang Ditindaklanjuti; tenggatnya") and waited
    assert not [line for line in lines if "Rahasia" in line or "Warga" in line or "0812" in line or "dikeruk" in line]


def test_a_row_is_told_to_have_gone_before_it_stood_in_another_spreadsheet() -> None:
    cipondoh, karawaci, yati, ticket = neighbours()
    row = cipondoh.delete(yati)
    cipondoh.sync(days=1)
    karawaci.now, karawaci.elsewhere = cipondoh.now, Elsewhere(cipondoh.plan().cases)
    karawaci.tabs["Cimone"].append(row)
    karawaci.sync()
    lines = History(ticket, RULES).lines([*karawaci.journal, *cipondoh.journal], {})
    assert [line.partition(": ")[2] for line in lines][1:] == [
        "barisnya hilang dari tab Gondrong", "barisnya pindah ke spreadsheet lain, tab Cimone",
    ]  # fmt: skip
    assert lines[1].startswith("Rab 25 Nov 2026 pukul 09.00: "), "a case may run for years, and has its 25 Nov in each"


def test_of_a_spreadsheet_whose_copy_was_listed_in_its_place_no_row_is_gone(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """As people do who end its history of versions after an erasure."""
    (ticket,), whole = place.tickets(BARAT, "Gondrong").values(), place.version(BARAT)
    before = said_by(place, ticket, capsys)
    place.make("Salinan", {"Gondrong": ()})
    place.restore_version("Salinan", whole)
    place.remove(BARAT)
    place.list_sources("Salinan")
    assert place.run("sync") == 0 and said_by(place, ticket, capsys) == before


def test_of_a_decision_and_its_proposal_each_thing_is_told_once_without_its_words(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    row = row_of(place, "Banjir")
    number = str(place.rows(KENDALI, DECISIONS)[row][0])
    sent: dict[str, Value] = {"Instansi": "Dinas PUPR", "Tanggal_Surat": "4/12/2026"}
    typed: tuple[tuple[str, dict[str, Value], str], ...] = (
        (DECISIONS, {"Keputusan": "Usulan Pokir"}, "diputuskan rapat: Usulan Pokir"),
        (DECISIONS, {}, "usulan anggaran: Disiapkan"),
        (PROPOSALS, {"Volume": 120}, ""),
        (PROPOSALS, {"Keadaan": "Diusulkan", "Pengusul": "Pak Dewan"}, "usulan anggaran: Diusulkan, Pak Dewan"),
        (
            PROPOSALS, {"Keadaan": "Dikembalikan", "Alasan": "volume kurang jelas"},
            "usulan anggaran: Dikembalikan, Pak Dewan, alasannya di tab Usulan",
        ),
        (
            PROPOSALS, {"Keadaan": "Diteruskan", "SKPD": "Dinas PUPR", "Tahun": 2028},
            "usulan anggaran: Diteruskan, Pak Dewan, Dinas PUPR, 2028",
        ),
        (PROPOSALS, {"Keadaan": "Dianggarkan"}, "usulan anggaran: Dianggarkan, Pak Dewan, Dinas PUPR, 2028"),
        (DECISIONS, {"Keputusan": None}, "keputusan rapat dicabut: Usulan Pokir"),
        (
            DECISIONS, {**sent, "Keputusan": "surat ke dinas"},
            "diputuskan rapat: Surat ke Dinas|surat dikirim: Jum 4 Des, Dinas PUPR",
        ),
        (DECISIONS, {"Jawaban": "akan dikeruk"}, "surat dijawab: {hari}, Dinas PUPR"),
        (
            DECISIONS, {"Keputusan": "Sidak", "Tanggal_Surat": None, "Jawaban": None},
            "diputuskan rapat: Sidak|dikosongkan lagi: Tanggal Surat, Jawaban",
        ),
        (DECISIONS, {"Jawaban": "got memang buntu"}, "keputusan rapat sudah dijalankan: {hari}"),
        (
            DECISIONS, {"Keputusan": "tunda", "Sebelum": "20/1/2027", "Jawaban": None},
            "diputuskan rapat: Tunda, sampai Rab 20 Jan 2027|dikosongkan lagi: Jawaban",
        ),
    )  # fmt: skip
    for hours, (table, cells, _) in enumerate(typed, start=1):
        headings = (DECISIONS if table == DECISIONS else PROPOSALS).headings
        values = {headings.index(name.replace("_", " ")): value for name, value in cells.items()}
        place.put(KENDALI, table, row if table == DECISIONS else 1, values)
        cycle(place, MORNING + timedelta(hours=hours))
    (ticket,) = place.tickets(BARAT, "Gondrong").values()
    lines = [line.partition(": ")[2] for line in said_by(place, ticket, capsys) if f"({number})" in line]
    told = "|".join(line for _, _, line in typed if line).format(hari=WORDS.short_date(MORNING.date()))
    assert lines == [f"{line} ({number})" for line in told.split("|")]
    private = History(ticket, city_rules(), private=True).lines(*events_of(seen(place), ticket))
    assert len(private) > len(lines) and "PUPR" not in "".join(private)


def test_it_can_be_wished_and_is_mailed_to_people_of_kendali(place: Place) -> None:
    (ticket,) = place.tickets(BARAT, "Gondrong").values()
    place.put(KENDALI, WISHES, 1, {0: f"jelaskan {ticket} ratna@example.org"})
    assert place.run("sync") == 0
    assert "dikirim lewat surel kepada Ibu Ratna" in str(place.rows(KENDALI, WISHES)[1][1])
    (path,) = (place.credentials.parent / "outbox").glob("permintaan*.eml")
    body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
    assert body is not None and "laporan masuk di tab Gondrong" in body.get_content()


def test_what_was_pasted_a_column_off_is_told_to_nobody(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    ticket = lived(place)
    texts = ("Bu Yati 0812-0000-1021 sakit TBC", "jalan &  drainase")
    for day, text in enumerate(texts, start=20):
        fill(place, Kategori=text)
        cycle(place, MORNING + timedelta(days=day))
    fill(place, Prioritas="kata Pak Budi mendesak")
    cycle(place, MORNING + timedelta(days=23))
    lines = [line.partition(": ")[2] for line in said_by(place, ticket, capsys)]
    assert "diisi atau diubah: Kategori" in lines and "diisi atau diubah: Prioritas" in lines
    assert "Kategori menjadi Jalan & Drainase" in lines, "an entry of the list is told"
    assert not [line for line in lines if "Yati" in line or "TBC" in line or "Budi" in line]


def test_a_ticket_that_nobody_knows_is_said(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert place.run("history", "RR-260504-0099-9") == 1
    assert "tidak ada di Kendali" in capsys.readouterr().err
    assert place.run("history", "Ibu Yatimah") == place.run("surat", "Ibu Yatimah") == 2
    said = capsys.readouterr().err
    assert "bukan nomor tiket" in said and '"Ibu Yatimah" bukan nomor keputusan. Salin dari tab Keputusan' in said
    assert "YATIMAH" not in place.credentials.with_name("ruang-rakyat.log").read_text("utf-8").upper()


def test_of_a_private_matter_a_mail_tells_that_something_happened_and_when(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {BARAT: ("Gondrong",)})
    place = LocalPlace(city)
    begin(place)
    ticket = lived(place)
    lines = History(ticket, city_rules(), private=True).lines(*events_of(seen(place), ticket))
    assert len(lines) > 4
    assert not [line for line in lines if "Selesai" in line or "Alamat" in line or "Banjir" in line]


def test_a_doubtful_day_is_told_with_the_day_that_counts(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.type(BARAT, "Gondrong", "sri", received=serial_of(date(2024, 5, 11)))
    assert place.run("sync") == 0
    lines = said_by(place, place.tickets(BARAT, "Gondrong")["sri"], capsys)
    assert any("tanggal 11/05/2024 diragukan, jadi hitungan hari mulai" in line for line in lines)


def test_an_emergency_names_the_coordinator_and_their_number() -> None:
    helped = replace(JATIUWUNG, coordinator="Pak Hasan", coordinator_phone="0812-3456-7890")
    for place, told in ((helped, True), (JATIUWUNG, False)):
        mail = renderer().render(
            "darurat", darurat(case(1, kelurahan=place, priority=Priority.EMERGENCY), NOW), CONTEXT
        )
        for body in (mail.text, mail.html):
            assert ("Koordinator di sana" in body) == ("Pak Hasan" in body) == told
        assert ('href="tel:081234567890"' in mail.html) == ("Pak Hasan, 0812-3456-7890\n" in mail.text) == told


def test_a_slip_says_where_to_turn_and_what_comes_next(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {BARAT: ("Gondrong",)})
    begin(LocalPlace(city))
    city.setting("Telepon Kantor", "021-5512345")
    address = "Gedung Fraksi Lantai 3, Jl. Contoh No. 1 (samping Masjid Raya)\nKelurahan Sukaasih\nKota Tangerang 15111"
    city.setting("Alamat Kantor", address)
    LocalPlace(city).type(BARAT, "Gondrong", "sri", priority="Darurat")
    assert city.run("sync") == 0
    pages = {}
    for name, ticket in LocalPlace(city).tickets(BARAT, "Gondrong").items():
        assert city.run("slip", ticket, "--output", str(tmp_path)) == 0
        pages[name] = (tmp_path / f"Tanda Terima {ticket}.html").read_text("utf-8")
        for words in ("021-5512345", address.replace("\n", " "), "Langkah berikutnya"):
            assert words in pages[name]
    checked = {name: re.findall("diperiksa petugas paling lambat ([^<]+)<", page) for name, page in pages.items()}
    told = {name: [page.count(day) for day in checked[name]] for name, page in pages.items()}
    assert told == {"yati": [1], "sri": [2]}, "an emergency's outcome is promised for a day before the usual check"
    for name in ("Libur Nasional", "Cuti Bersama"):
        city.setting(name, "Tidak")
    later, yati = jakarta_now() + timedelta(days=5), LocalPlace(city).tickets(BARAT, "Gondrong")["yati"]
    page = slip_files(compose(city.credentials, WORDS), yati, later)[1]["html"].decode()
    assert "Kami usahakan ada hasil" in page and "Langkah berikutnya" not in page, "no day that is past is promised"
    for status, step in (
        ("Ditindaklanjuti", "dikerjakan; Anda"),
        ("Menunggu Pelapor", "menunggu keterangan dari Anda"),
    ):
        (row,) = [at for at, row in enumerate(city.rows(BARAT, "Gondrong")) if yati in row]
        city.put(BARAT, "Gondrong", {(row, TITLES.index("Status")): status})
        assert city.run("sync") == 0
        page = slip_files(compose(city.credentials, WORDS), yati, later + timedelta(days=40))[1]["html"].decode()
        assert step in page and "Kami usahakan" not in page, "when nothing can be promised, there is a next step yet"
