"""An outcome that can be believed: what we say, what the reporter says, and what nobody wrote are told apart."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import process_time

import pytest

from automation.cases.examiner import Examiner, make_entries
from automation.cases.journal import fold
from automation.cases.kabari import Answer, answer_in, is_told, told_shown
from automation.cli.compose import compose, jakarta_now
from automation.digests.audience import CITY
from automation.digests.figures import outcomes
from automation.digests.flow import Period, passage
from automation.digests.morning import koordinator
from automation.model.cells import CellError, Value
from automation.model.complaint import Status
from automation.model.register import Entry, Register
from automation.tables import intake
from tests.lost_and_found import TITLES, Place, laid_out
from tests.mail_examples import CITY_RULES, CONTEXT, NOW, YESTERDAY, case, closed, renderer
from tests.town import RULES, TUESDAY, WORDS, Town

pytestmark = pytest.mark.sampled(4, tests=5)

BARAT = "Laporan Barat"
SPREADSHEETS = {BARAT: ("Gondrong",)}

#: What people type, by the answer that it is and what is shown of it.
SAYINGS = {
    ("UNREACHED", "Belum tersambung"): "belum telpon; blm sy WA; blm ngabarin; gak bales; belum ketemu orangnya; "
    "blm dikasih tau; sibuk terus; ga diangkat2; di luar jangkauan; nomor tidak terdaftar; ga ada yg angkat; "
    "no salah; blm ada waktu; hpnya ga nyala; blm bs dihubungi; belum berhasil dihubungi; tdk dpt ditelp; "
    "belum ada balasan; telp ga masuk; diblokir; bukan nomor dia; nomornya ganti; direject terus; hp nya dimatiin; "
    "telpon ditutup; nmr salah; salah no; nomor tidak valid; diluar kota; teu aya jawaban; lagi sakit; "
    "senin mau didatengin; telp mati; no hp salah; wa nya sudah ganti; salah orang; orangnya lagi keluar; "
    "rumahnya kosong; tidak di rumah; nunggu konfirmasi; masih nunggu dinas; pending; sudah pindah; lagi dihubungi; "
    "minta ditelp lagi; rencana dikabari Senin; gagal dihubungi; belum dapat jawaban; nunggu dibalas; "
    "belum tau puas apa ngga; belum ditanya puas/tidak; orangnya meninggal; pelapor sudah wafat; pulang kampung; "
    "Ani 25/11: lagi pulkam; bapaknya dirawat",
    ("UNDONE", "Belum beres"): "agak kecewa; marah2; cuma difoto; hasilnya jelek; diperbaiki tapi bocor; kumat; "
    "air msh item; acan; sudah wa, mati lampu lagi; belum dilihat dinas; blm ada yg dateng; ga ada yang ngerjain; "
    "ga beres2; teu acan; msh banjir; masi mati kata bu yati; masih aja mampet; masih ada genangan; ga nyala; "
    "nyala sebentar, mati lg; cuma ditambal, jebol lagi; baru separo; sudah tp komplain; mati lampu lagi; "
    "tidak terlalu puas; kurang begitu puas; belum bisa dibilang puas; krg puas; teu puas; "
    "tidak pernah dikerjakan dinas; tidak memuaskan; belon beres; masih seperti semula; "
    "sudah telp, katanya masih becek; warga kecewa; Ani 25/11: komplain; minta dikerjakan ulang; katanya asal2an; "
    "dateng doang ga dikerjain; dinas ga dateng",
    ("TOLD", "Sudah"): "tdk ada genangan lagi; rusak lagi diperbaiki dinas; msh mau dicek; ga ada komplain; "
    "puas kalau dicor; ga protes; puas tidak?; semoga warga puas; tak pernah bau lagi; tapi sudah tidak bocor; "
    "sudah, tapi banjir sudah surut; cuma dikabari; mati; sudah diminta tunggu; wa salah satu anaknya; "
    "sudah wa anaknya, orangnya meninggal; dikabari sebelum pulang kampung",
    ("SATISFIED", "Sudah, puas"): "hasilnya memuaskan; puas, tidak kecewa lagi; puas, tidak banjir lagi; puas2 aja",
    ("NONE", "Belum dikabari"): "?; ❌; Tidak; ga",
}


@pytest.mark.parametrize(
    ("typed", "answer", "shown"),
    [
        ("", "NONE", ""),
        (" - ", "NONE", "Belum dikabari"),
        ("24/11", "TOLD", "Sudah"),
        ("Ani, 30/11/2026 lewat WA", "TOLD", "Sudah, 30/11/2026"),
        ("Ani 30/11/2026: puas", "SATISFIED", "Sudah, puas, 30/11/2026"),
        ("PUAS", "SATISFIED", "Sudah, puas"),
        ("tidak puas, minta dicek lagi", "UNDONE", "Belum beres"),
        ("blm beres kata Bu Yati", "UNDONE", "Belum beres"),
        ("Belum", "UNDONE", "Belum beres"),
        ("1/12/2026 belum beres; 5/12/2026 puas", "SATISFIED", "Sudah, puas, 05/12/2026"),
        ("puas, tapi 5/12/2026 blm selesai", "UNDONE", "Belum beres, 05/12/2026"),
        ("tak tersambung 2x", "UNREACHED", "Belum tersambung"),
        ("belum diangkat", "UNREACHED", "Belum tersambung"),
        ("blm, HP mati", "UNREACHED", "Belum tersambung"),
        ("belum sempat ditelepon", "UNREACHED", "Belum tersambung"),
        ("Hendra: belom kelar", "UNDONE", "Belum beres"),
        ("belum ada perubahan kata bu Yati", "UNDONE", "Belum beres"),
        ("gak ada perbaikan", "UNDONE", "Belum beres"),
        ("sudah ditelepon, masih mati lampunya", "UNDONE", "Belum beres"),
        ("belum bisa dilewati motor", "UNDONE", "Belum beres"),
        ("enggak puas", "UNDONE", "Belum beres"),
        ("puass", "SATISFIED", "Sudah, puas"),
        ("belum ada di rumah", "UNREACHED", "Belum tersambung"),
        ("hpnya masih mati", "UNREACHED", "Belum tersambung"),
        ("ditelp ga diangkat", "UNREACHED", "Belum tersambung"),
        ("blm bisa dihubungi", "UNREACHED", "Belum tersambung"),
        ("tidak ada keluhan lagi", "TOLD", "Sudah"),
        ("tidak puass", "UNDONE", "Belum beres"),
        ("ora puas", "UNDONE", "Belum beres"),
        ("tetap banjir", "UNDONE", "Belum beres"),
        ("tidak di perbaiki", "UNDONE", "Belum beres"),
        ("belum di telepon", "UNREACHED", "Belum tersambung"),
        ("blm di angkat", "UNREACHED", "Belum tersambung"),
        ("belum merespon", "UNREACHED", "Belum tersambung"),
        ("tidak terhubung", "UNREACHED", "Belum tersambung"),
        ("salah nomor", "UNREACHED", "Belum tersambung"),
        ("1/12/2026 belum beres; 5/12/2026 tidak diangkat", "UNDONE", "Belum beres, 05/12/2026"),
        ("puas, 5/12/2026 tak tersambung lagi", "SATISFIED", "Sudah, puas, 05/12/2026"),
        ("belum, tidak diangkat", "UNREACHED", "Belum tersambung"),
        ("besok ditelpon", "UNREACHED", "Belum tersambung"),
        ("Nanti malam", "UNREACHED", "Belum tersambung"),
        ("mau di telp Deni", "UNREACHED", "Belum tersambung"),
        ("mau dicor lagi, Bu Yati sudah tahu", "TOLD", "Sudah"),
        ("WA 30/11/2026 centang satu", "UNREACHED", "Belum tersambung, 30/11/2026"),
        ("sudah di WA, nanti petugas cek lagi", "TOLD", "Sudah"),
        ("sempat nyala, mati lagi", "UNDONE", "Belum beres"),
        ("alhamdulillah ga banjir lagi", "TOLD", "Sudah"),
        ("hp mati lagi", "UNREACHED", "Belum tersambung"),
        ("puas?", "TOLD", "Sudah"),
        *((said, *told) for told, sayings in SAYINGS.items() for said in sayings.split("; ")),
        *(
            (said, "TOLD", f"Sudah, {day}")
            for said, day in [
                ("28/12/2026 mampet lagi; 30/12/2026 katanya sudah lancar", "30/12/2026"),
                ("Ani 28/12/2026 blm, 30/12/2026 udah nyala, 2/1/2027 tdk diangkat", "02/01/2027"),
            ]
        ),
        *(
            (said, "UNDONE", "Belum beres, 30/12/2026")
            for said in [
                "28/12/2026 mampet; 30/12/2026 belum, kata dinas sudah selesai",
                "30/12/2026 sudah selesai tapi masih bau",
                "28/12/2026 belum; 30/12/2026 dinas bilang sudah selesai",
            ]
        ),
    ],
)
def test_what_stands_in_dikabari_is_understood(typed: str, answer: str, shown: str) -> None:
    assert (answer_in(typed).name, told_shown(typed, WORDS)) == (answer, shown)
    assert is_told(typed) == (answer in ("TOLD", "SATISFIED"))
    assert not shown or is_told(shown) == is_told(typed), "so it is read again where only that is shown"
    assert answer == "NONE" or answer_in(shown) is Answer[answer]


def test_a_long_diary_of_calls_in_dikabari_is_read_at_once() -> None:
    begun = process_time()
    assert answer_in("12/11 telp, 13/11 wa, " * 1000) is Answer.TOLD
    assert process_time() - begun < 0.5  # a look from every day to the end would take a hundred times as long


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A spreadsheet with one complaint that is done, as its row says, and its reporter not yet told."""
    return laid_out(request, tmp_path, SPREADSHEETS, begin)


def begin(place: Place) -> None:
    place.type(BARAT, "Gondrong", "yati")
    assert place.run("sync") == 0
    fill(place, Status="Selesai", Hasil_Tindak_Lanjut="got sudah dikeruk")
    assert place.run("sync") == 0


def fill(place: Place, **cells: str | None) -> None:
    at = next(n for n, row in enumerate(place.rows(BARAT, "Gondrong")) if "Warga yati" in row)
    values = {TITLES.index(name.replace("_", " ")): value for name, value in cells.items()}
    place.put(BARAT, "Gondrong", at, values)


def stands(place: Place) -> tuple[str, bool, str]:
    """What Rekap says of it, whether the row is asked about, and its deadline."""
    place.run("sync")
    (row,) = place.register().values()
    (typed,) = place.table(BARAT, "Gondrong")
    return str(row["Status"]), "dihitung terbuka" in str(typed[intake.CHECK]), str(row["Tenggat"])


def puts(**cells: str | None) -> Callable[[Place], None]:
    return lambda place: fill(place, **cells)


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("ends", "after"),
    [
        (puts(Dikabari="1/12 belum; 2/12 puas"), "Selesai"),
        (puts(Dikabari=None), "Selesai"),
        (puts(Status="Ditutup Tanpa Solusi"), "Ditutup Tanpa Solusi"),
        (puts(Status="Menunggu Pelapor"), "Menunggu Pelapor"),
        (puts(Status="Ditindaklanjuti"), "Ditindaklanjuti"),
    ],
    ids=["a later answer", "no answer", "closed otherwise", "waited for", "worked on"],
)
def test_while_the_reporter_says_belum_the_case_is_open_until_that_is_answered(
    place: Place, ends: Callable[[Place], None], after: str
) -> None:
    status, asked, due = stands(place)
    assert (status, asked) == ("Selesai", False)
    fill(place, Dikabari="Ani 1/12/2026: belum beres")
    for _ in range(2):
        assert stands(place) == ("Ditindaklanjuti", True, due), "with its first deadline, and once"
    ends(place)
    assert stands(place)[:2] == (after, False)
    fill(place, Status="Selesai")
    assert stands(place)[0] == "Selesai", "whoever closes it again closes it"
    (ticket,) = place.register()
    assert place.kinds(BARAT, ticket).count("Dibuka Lagi") <= 2


@pytest.mark.parametrize(
    ("typed", "since"), [(("Selesai", None), 3), (("Selesai", "blm"), 5)], ids=["closed before", "closed with it"]
)
def test_what_was_emptied_again_leaves_the_case_closed_since_it_was(typed: tuple[str, str | None], since: int) -> None:
    """Who typed “blm” as nobody had been called yet empties it, as they are asked to: no figure keeps it."""
    town = Town()
    yati = town.type(outcome="got sudah dikeruk")
    for status, told in (("Selesai", None), ("Ditindaklanjuti", None), typed, ("Selesai", "blm"), ("Selesai", None)):
        town.change(yati, status=status, told=told, days=1)
    (case,) = fold(town.journal).values()
    assert (case.resolved_on, case.contested) == ((TUESDAY + timedelta(days=since)).date(), None)
    reopened = [status for _, status in case.statuses].count(Status.IN_PROGRESS)
    assert reopened == 1, "by Status, and not by an answer that nobody gave"


def test_who_works_on_it_again_and_empties_the_answer_has_not_closed_it_meanwhile() -> None:
    town = Town()
    yati = town.type(outcome="got sudah dikeruk")
    for status, told in (("Selesai", None), ("Selesai", "belum beres"), ("Ditindaklanjuti", None)):
        town.change(yati, status=status, told=told, days=1)
    (case,) = fold(town.journal).values()
    stood = [(status, (at - TUESDAY).days) for at, status in case.statuses]
    assert stood == [(Status.RESOLVED, 1), (Status.IN_PROGRESS, 2)]


def test_what_a_city_had_closed_before_with_belum_beside_it_stays_closed(place: Place) -> None:
    fill(place, Status="Ditindaklanjuti", Dikabari="belum")
    place.run("sync")
    fill(place, Status="Selesai")
    assert stands(place)[:2] == ("Selesai", False)


def test_three_kinds_of_outcome_stand_side_by_side_and_add_up_to_nothing() -> None:
    at, day = NOW - timedelta(days=1), timedelta(days=1)
    opened = ((NOW - 9 * day, Status.NEW), (NOW - 5 * day, Status.RESOLVED), (NOW - day, Status.IN_PROGRESS))
    entries = [
        closed(1, Status.RESOLVED, told="Sudah, puas", closed_at=at),
        closed(2, Status.RESOLVED, told="Belum beres", closed_at=at),
        closed(3, Status.RESOLVED, told="Sudah, puas", outcome=None, closed_at=at),
        closed(4, Status.RESOLVED, outcome=None, erased=True, closed_at=at),
        closed(5, Status.UNRESOLVED, told="Sudah, puas", closed_at=at),
        case(6, status=Status.IN_PROGRESS, history=opened, issued_at=NOW - 9 * day),
        *(closed(n, Status.RESOLVED, outcome=77, closed_at=at) for n in range(10, 15)),
        closed(20, Status.RESOLVED, issued_at=at - timedelta(minutes=9), closed_at=at),
        closed(21, Status.RESOLVED, issued_at=at - timedelta(minutes=11), closed_at=at),
        closed(22, Status.RESOLVED, issued_at=at, closed_at=at),
        closed(23, Status.RESOLVED, issued_at=at, closed_at=at, received=at.date()),
    ]
    told = outcomes([*map(passage, entries)], Period(NOW - 7 * day, NOW))
    assert (told.ours, told.confirmed, told.undone, told.bare) == (12, 1, 2, 1)
    assert [one.outcome for one in told.alike] == [77]
    assert [one.ticket for one in told.quick] == [entries[-4].ticket, entries[-1].ticket]


def test_what_was_resolved_without_an_outcome_is_asked_for_and_not_for_ever() -> None:
    def to_do(entry: Entry) -> str:
        register = Register((entry,), (), ())
        return (
            renderer().render("koordinator", koordinator(register, (CITY,), YESTERDAY, NOW, CITY_RULES), CONTEXT).text
        )

    assert "Isi Hasil Tindak Lanjut RR-" in to_do(closed(1, Status.RESOLVED, outcome=None, told="ya"))
    old = {"issued_at": NOW - timedelta(days=99), "closed_at": NOW - timedelta(days=31), "told": "ya"}
    for entry in (
        closed(1, Status.UNRESOLVED, outcome=None, told="ya"),
        closed(1, Status.RESOLVED, outcome=None, **old),
    ):
        assert "Isi Hasil" not in to_do(entry)


def test_a_cycle_after_the_answer_changes_nothing_more(place: Place) -> None:
    fill(place, Dikabari="belum beres")
    for _ in range(2):
        place.run("sync")
    before = place.version(BARAT)
    report = compose(place.credentials, WORDS).syncer.sync(jakarta_now())
    assert [entry.status for entry in report.entries] == [Status.IN_PROGRESS]
    place.restore_version(BARAT, before)


def test_outcomes_that_are_longer_than_a_line_are_the_same_only_where_they_say_the_same() -> None:
    town = Town()
    done = "sudah dicek bersama Pak RT dan petugas kebersihan, lalu dikeruk dan dibersihkan sampai ke ujung gang, "
    said = (*(done + more for more in ("3 m", "9 m", "9 m")), "Sudah dikeruk.", "sudah dikeruk")
    rows = [town.type(name=f"Bu {at}", status="Selesai", outcome=one) for at, one in enumerate(said)]
    plan = town.sync()
    cases, examiner = plan.cases, Examiner(RULES, town.now.date())
    entries = make_entries([("x", cases[town.ticket(row)]) for row in rows], {}, examiner)
    one, other, same, short, alike = [entry.outcome for entry in entries]
    assert len({one, other, short}) == 3 and (other, short) == (same, alike)


@pytest.mark.parametrize("shown", [CellError("#REF!"), "#N/A", "entah"])
def test_a_status_that_shows_an_error_opens_no_case_again_and_is_asked_about(shown: Value) -> None:
    town = Town()
    yati = town.take_in(outcome="got sudah dikeruk", status="Selesai")
    for status in (shown, "Selesai"):
        town.change(yati, status=status, days=1)
        assert ("Status" in str(town.get(yati, intake.CHECK))) is (status is shown)
    (case,) = fold(town.journal).values()
    assert (len(case.statuses), case.closed_at) == (1, TUESDAY)
