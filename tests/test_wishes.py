"""What people wish in Kendali: it is done once by the next cycle, answered beside it, and nobody needs a terminal."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import asdict

from automation.cli import sync as cycle, wishes
from automation.cli.compose import Program, compose, jakarta_now
from automation.model.cells import CellError, Tab, serial_of
from automation.sheets.port import Snapshot
from automation.tables.kendali import PLACES, RECIPIENTS, WISHES
from tests.local_city import Disturbed
from tests.lost_and_found import KENDALI, GooglePlace, Place, laid_out
from tests.sheets_server.fixtures import Google
from tests.town import WORDS

pytestmark = pytest.mark.sampled(6, tests=22)

BARAT = "Laporan Barat"
SPREADSHEETS = {BARAT: ("Gondrong", "Petir")}


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A spreadsheet with three complaints, all ticketed; one of them has a doubtful day."""
    return laid_out(request, tmp_path, SPREADSHEETS, begin)


def begin(place: Place) -> None:
    place.type(BARAT, "Gondrong", "yati")
    place.type(BARAT, "Gondrong", "amir")
    place.type(BARAT, "Gondrong", "sri", received=serial_of(date(2024, 5, 11)))
    place.put(KENDALI, RECIPIENTS, 1, dict(enumerate(("Ibu Ratna", "ratna@example.org", "Anggota", "Kota", "harian"))))
    assert place.run("sync") == 0


def wish(place: Place, *lines: str, first: int = 1) -> None:
    for row, line in enumerate(lines, start=first):
        place.put(KENDALI, WISHES, row, {0: line or None})


def granted(place: Place, *lines: str, first: int = 1) -> None:
    """The same, and let a robot come."""
    wish(place, *lines, first=first)
    place.run("sync")


def answers(place: Place) -> list[str]:
    rows = place.rows(KENDALI, WISHES)[1:]
    return [str((row[1] if len(row) > 1 else None) or "") for row in rows]


def mails(place: Place) -> list[str]:
    """All mails, with what is attached to them."""
    paths = sorted((place.credentials.parent / "outbox").glob("permintaan*.eml"))
    return [path.read_bytes().decode("utf-8", "replace") for path in paths]


def ticket_of(place: Place, identity: str) -> str:
    return place.tickets(BARAT, "Gondrong")[identity]


def test_what_was_done_though_its_answer_was_lost_on_the_way_is_told_as_done(google: Google, tmp_path: Path) -> None:
    place = GooglePlace.lay_out(google, tmp_path, SPREADSHEETS, begin)
    amir, sri = (ticket_of(place, who) for who in ("amir", "sri"))
    place.delete_row(BARAT, "Gondrong", 2)
    place.run("sync")
    for _ in range(20):  # of each batch, which is then sent again, and refused
        google.server.before("batchUpdate", lambda: google.server.fail(kind="batchUpdate", when="after", drop=True))
        google.server.before("batchUpdate", lambda: None)
    granted(place, f"tutup {amir} pelapor pindah rumah", f"tanggal benar {sri}")
    closed, dated = answers(place)
    assert closed.startswith(f"tutup {amir} – sudah") and f"{sri} – sudah" in dated


def test_a_row_comes_back_a_case_is_closed_and_a_day_is_right(place: Place) -> None:
    yati, amir, sri = (ticket_of(place, who) for who in ("yati", "amir", "sri"))
    place.delete_row(BARAT, "Gondrong", 1)
    place.delete_row(BARAT, "Gondrong", 1)
    place.run("sync")
    granted(place, f"Pulihkan {yati}", f"tutup: {amir.replace('-', ' ')} pelapor pindah rumah", f"tanggal benar {sri}")
    restored, closed, dated = answers(place)
    assert restored.startswith(f"pulihkan {yati} – sudah") and closed.startswith(f"tutup {amir} – sudah")
    assert dated == f"tanggal benar {sri} – sudah: 11/05/2024 dipakai sebagai Tanggal Masuk."
    assert place.run("sync") == 0
    assert place.kinds(BARAT, yati) == ["Diterbitkan", "Hilang", "Kembali"]
    assert place.kinds(BARAT, amir) == ["Diterbitkan", "Hilang", "Ditutup"]
    assert place.register()[amir]["Status"] == "Ditutup Tanpa Solusi"
    assert "Tanggal Dipastikan" in place.kinds(BARAT, sri)
    assert str(place.register()[sri]["Tanggal Masuk"]).startswith(("2024-05-11", str(serial_of(date(2024, 5, 11)))))


def test_copied_sorted_and_deleted_wishes_do_nothing_twice(place: Place) -> None:
    yati, amir = ticket_of(place, "yati"), ticket_of(place, "amir")
    place.delete_row(BARAT, "Gondrong", 1)
    place.run("sync")
    granted(place, f"pulihkan {yati}", f"data {amir} ratna@example.org", f"data {amir} ratna@example.org")
    assert len(mails(place)) == 1, "one wish, in two rows"
    first, second, third = answers(place)
    # Sorted: each answer stands beside another wish now. A copy of a row with its answer is done, too.
    for row, (line, answer) in enumerate([(f"data {amir} ratna@example.org", second), (f"pulihkan {yati}", first)], 1):
        place.put(KENDALI, WISHES, row, {0: line, 1: answer})
    place.put(KENDALI, WISHES, 4, {0: f"pulihkan {yati}", 1: first})
    for _ in range(2):
        place.run("sync")
    assert len(mails(place)) == 1 and answers(place) == [second, first, third, first]
    assert place.kinds(BARAT, yati) == ["Diterbitkan", "Hilang", "Kembali"]
    assert list(place.tickets(BARAT, "Gondrong").values()).count(yati) == 1


def test_wishes_that_are_sorted_without_their_answers_get_them_back(place: Place) -> None:
    yati, amir = ticket_of(place, "yati"), ticket_of(place, "amir")
    place.delete_row(BARAT, "Gondrong", 1)
    place.run("sync")
    lines = [f"data {amir} ratna@example.org", f"hapus data {amir}", f"pulihkan {yati}"]
    granted(place, *lines)
    place.delete_row(BARAT, "Gondrong", [*place.tickets(BARAT, "Gondrong").values()].index(yati) + 1)
    before, outbox = answers(place), place.credentials.parent / "outbox"
    assert len(mails(place)) == 1
    for path in outbox.glob("permintaan*"):  # another of the same second would have the same name
        path.unlink()
    for turned in (lines[::-1], lines[1:] + lines[:1]):
        granted(place, *turned)
        assert answers(place) == [before[lines.index(line)] for line in turned]
    assert not mails(place)
    assert yati not in place.tickets(BARAT, "Gondrong").values(), "people deleted it again"
    place.put(KENDALI, WISHES, 4, {0: lines[0]})
    place.run("sync")
    assert len(mails(place)) == 1, "that is wished anew"


def test_what_is_not_understood_is_answered_with_how_it_is_written_right(place: Place) -> None:
    yati, unknown = ticket_of(place, "yati"), "RR-260504-0099-9"
    granted(
        place, "pulihkn RR-260504-0001-3", "tutup", f"pulihkan {unknown}", f"pulihkan {yati}", f"tutup {yati}", "slip x"
    )
    place.put(KENDALI, WISHES, 7, {0: CellError("#REF!")})
    place.put(KENDALI, WISHES, 8, {0: f"jelaskan K2648-{yati[3:]} ratna@example.org"})
    place.run("sync")
    misspelt, bare, strange, there, reasonless, vague, broken, decision = answers(place)
    assert decision.endswith(f'– tidak bisa: "K2648-{yati[3:]}" bukan nomor tiket. Contoh yang benar: RR-260504-0001-3')
    assert broken.startswith("Permintaan ini belum dikenal. Tulis misalnya: pulihkan RR-"), "it is not empty"
    assert "Tulis misalnya: pulihkan RR-" in misspelt and "Nomor tiketnya belum terbaca" in bare and "slip" in vague
    assert strange.startswith(f"pulihkan {unknown} – tidak bisa: nomor tiket ini tidak ada")
    assert "barisnya masih ada" in there and "alasannya belum ditulis" in reasonless
    before = answers(place)
    place.run("sync")
    assert answers(place) == before
    granted(place, f"tutup {yati} salah ketik", first=1)  # mended in its row: the answer changes with it
    assert answers(place)[0].startswith(f"tutup {yati} – tidak bisa: barisnya masih ada")


@pytest.mark.parametrize(
    ("written", "word", "ticket", "rest"),
    [
        ("slip RR\u2011260504\u20110001\u20113", "slip", "RR-260504-0001-3", ""),
        ("Jelaskan: *RR\u2212260504\u22120001\u22123*", "jelaskan", "RR-260504-0001-3", ""),
        ('data "rr2605040001 3"', "data", "RR-260504-0001-3", ""),
        ("tutup RR-260504-0001-3 2 warga pindah", "tutup", "RR-260504-0001-3", "2 warga pindah"),
        ("tutup RR-260504-0001-3 Jangan dulu", "", "RR-260504-0001-3", "Baris ini tidak dikerjakan"),
        ("tutup RR-260504-0001-3 warga batal pindah", "tutup", "RR-260504-0001-3", "warga batal pindah"),
        ("surat K2649\u2013260504\u20130001\u20133", "surat", "K2649-260504-0001-3", ""),
        ("surat", "surat", "", "Salin dari tab Keputusan, misalnya: surat K2648-"),
        ("tolong surat", "", "", "Tulis misalnya: surat K2648-"),
        ("slip RR-260504-0001-4", "slip", "", "atau ada angkanya yang keliru. Tulis misalnya: slip RR-"),
        ("data 081200001021", "", "", "Tulis misalnya: data RR-"),
        ("tolong hapus data RR-260504-0001-3", "", "RR-260504-0001-3", "Tulis misalnya: hapus data RR-"),
        ("apa ini", "", "", "Tulis misalnya: pulihkan RR-"),
        # What stands there as an example is copied: it is nobody else's case.
        ("hapus RR-260504-0002-1", "", "RR-260504-0002-1", "misalnya: hapus data RR-260504-0002-1."),
        ("hapus data RR-260504-0001-4", "hapus data", "", "misalnya: hapus data RR-… (nomornya disalin"),
    ],
)
def test_a_wish_is_read_as_people_paste_it_or_answered_with_the_word_that_was_meant(
    written: str, word: str, ticket: str, rest: str
) -> None:
    (wish,) = wishes.wishes_in(Snapshot("Kendali", (Tab("1", WISHES, (WISHES.headings, (written, None))),), 0))
    assert (wish.word, wish.ticket) == (word, ticket)
    assert wish.rest == rest if word and ticket else rest in wishes._how(wish, WORDS)


def test_a_wish_is_for_one_ticket_and_does_not_leave_the_second_out_in_silence(place: Place) -> None:
    yati, others = ticket_of(place, "yati"), ticket_of(place, "amir")
    granted(place, f"hapus data {yati}, {others}", f"slip {yati} dan {others} ratna@example.org")
    granted(place, f"tutup {yati} pindah\nTutup {others} pindah", first=3)  # a reason may name another ticket
    assert all("satu baris hanya untuk satu nomor tiket" in answer for answer in answers(place)) and not mails(place)
    granted(
        place, f"tutup {yati} sama dengan {others}", f"pulihkan {yati} kata a@example.org dan b@example.org", first=4
    )
    assert all("barisnya masih ada" in answer for answer in answers(place)[3:]), "who has said it gets no mail"


def test_a_day_behind_tanggal_benar_may_be_meant_to_be_the_right_one_and_confirms_none(place: Place) -> None:
    sri = ticket_of(place, "sri")
    granted(place, f"tanggal benar {sri} 5 November 2026", f"Tanggal benar: {sri}, harusnya 5/11")
    assert all("di belakangnya ada tanggal lain" in answer for answer in answers(place))
    assert "Tanggal Dipastikan" not in place.kinds(BARAT, sri)
    granted(place, f"tanggal benar {sri}", first=3)
    assert "– sudah: 11/05/2024" in answers(place)[2] and "Tanggal Dipastikan" in place.kinds(BARAT, sri)


def test_a_wish_that_fails_by_a_fault_of_ours_is_answered_and_those_below_it_are_granted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    yati = ticket_of(place, "yati")
    monkeypatch.setitem(wishes.WORDS, "tutup", wishes.Word(lambda desk, wish: ("dikirim", {"nama": 1 / 0})))
    granted(place, f"tutup {yati} x", f"pulihkan {yati}")
    failed, other = answers(place)
    assert failed.startswith(f"tutup {yati} – belum bisa: ada yang keliru") and "barisnya masih ada" in other


def test_a_slip_and_what_is_held_are_mailed_only_to_people_of_kendali(place: Place) -> None:
    yati = ticket_of(place, "yati")
    wish(place, f"slip {yati} ratna@example.org", f"data {yati} siapa@luar.example", f"data {yati}")
    granted(place, f"data {yati} ratna@example.org, siapa@luar.example", first=4)
    sent, stranger, nobody, two = answers(place)
    assert "dan satu alamat surel" in two
    assert "dikirim lewat surel kepada Ibu Ratna" in sent
    assert all("alamat surelnya belum ada, atau tidak dikenal" in answer for answer in (stranger, nobody))
    (mail,) = (place.credentials.parent / "outbox").glob("permintaan*.eml")
    message = message_from_bytes(mail.read_bytes())
    assert message["To"] == "Ibu Ratna <ratna@example.org>" and message["Auto-Submitted"] == "auto-generated"
    pdf = next(part for part in message.walk() if part.get_content_type() == "application/pdf")
    assert pdf.get_filename() == f"Tanda Terima {yati}.pdf" and bytes(pdf.get_payload(decode=True)).startswith(b"%PDF")
    code = next(row for row, cells in enumerate(place.rows(KENDALI, PLACES)) if "Gondrong" in cells)
    place.put(KENDALI, PLACES, code, {4: "Hendra", 5: "hendra@example.org"})
    granted(place, f"data {yati}", first=5)
    assert "kepada Hendra" in answers(place)[4]
    (held,) = (text for text in mails(place) if "hendra@example.org" in text)
    assert "Gondrong" in held and "0812" not in held, "by place, not by what it says"


def test_who_waits_for_a_mail_that_could_not_be_sent_is_told_to_wish_again(place: Place) -> None:
    yati, told = ticket_of(place, "yati"), json.loads(place.credentials.read_text("utf-8"))
    smtp = {"host": "127.0.0.1", "port": 1, "username": "x", "password": "x", "from": "kabar@example.org"}
    place.credentials.write_text(json.dumps(told | {"smtp": smtp}), "utf-8")
    granted(place, f"slip {yati} ratna@example.org")
    place.credentials.write_text(json.dumps(told), "utf-8")
    granted(place, f"slip {yati} ratna@example.org.", first=2)
    failed, sent = answers(place)
    assert "belum pasti terkirim" in failed and "Tulis lagi di baris baru" in failed and "dicoba lagi" not in failed
    assert "dikirim lewat surel kepada Ibu Ratna" in sent and len(mails(place)) == 1


def test_erasing_waits_for_the_next_working_day_and_is_withdrawn_by_emptying_the_cell(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    yati, amir = ticket_of(place, "yati"), ticket_of(place, "amir")
    granted(place, f"hapus data {yati}", f"hapus data {amir}")
    waiting = answers(place)
    assert all("menunggu sampai" in answer for answer in waiting)
    place.run("sync")
    assert answers(place) == waiting and "Dihapus" not in place.copied(BARAT, yati)
    place.put(KENDALI, RECIPIENTS, 2, dict(enumerate(("Pak Adi", "adi@example.org", "Operator", "Kota", "operator"))))
    for _ in range(2):  # the operator hears of each once
        assert place.run("digest", "operator") == 0
    told = [path.name for path in (place.credentials.parent / "outbox").glob("operator*.eml")]
    assert len(told) == 2 and all(any(ticket.casefold() in name for name in told) for ticket in (yati, amir))
    granted(place, f"batal hapus data {yati}", first=3)
    assert "mengosongkan sel permintaannya" in answers(place)[2] and answers(place)[:2] == waiting, (
        "in a row of its own"
    )
    granted(place, f"hapus data {amir} (tidak jadi)", first=2)
    assert "tidak dikerjakan" in answers(place)[1] and "hapus data" not in answers(place)[1], "said where it was wished"
    words = place.credentials.parent / "templat" / "pesan" / "permintaan.toml"  # since then it is said otherwise
    words.parent.mkdir(parents=True)
    words.write_text('tunggu = "{kunci} – baru dikerjakan {tanggal}"', "utf-8")
    now = jakarta_now() + timedelta(days=5)
    monkeypatch.setattr(cycle, "jakarta_now", lambda: now)
    place.run("sync")
    place.run("sync")
    assert answers(place)[0].startswith(f"hapus data {yati} – sudah")
    assert place.copied(BARAT, yati)[-1] == "Dihapus" and "Dihapus" not in place.copied(BARAT, amir)
    assert len(answers(place)) == 3, "and nothing more"


def test_what_is_erased_is_said_to_be_so_and_no_receipt_is_mailed_of_it(place: Place) -> None:
    yati = ticket_of(place, "yati")
    place.run("erase", yati)
    lines = [f"hapus data {yati}", f"pulihkan {yati}", f"slip {yati} ratna@example.org"]
    granted(place, *lines)
    assert all("tidak bisa: data pelapornya sudah dihapus" in answer for answer in answers(place))
    assert not mails(place) and place.run("slip", yati) == 1


def test_an_erasure_names_the_spreadsheets_that_cannot_be_read_or_are_listed_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    yati, amir = ticket_of(place, "yati"), ticket_of(place, "amir")
    place.make("Laporan Timur", {"Laporan Timur": ("Cimone",)})
    place.list_sources(BARAT, "Laporan Timur")
    granted(place, f"hapus data {yati}")
    wish(place, f"data {amir} ratna@example.org", first=3)
    now = jakarta_now() + timedelta(days=5)
    monkeypatch.setattr(cycle, "jakarta_now", lambda: now)
    place.remove("Laporan Timur")
    place.run("sync")
    assert "sudah, kecuali yang ada di Laporan Timur:" in answers(place)[0]
    (mail,) = (place.credentials.parent / "outbox").glob("permintaan-data*.eml")
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None and "Laporan Timur" in body.get_content(), "it could not be looked for there"
    place.make("Laporan Timur", {"Laporan Timur": ("Cimone",)})
    place.list_sources("Laporan Timur")
    granted(place, f"hapus data {amir}", first=2)
    later = now + timedelta(days=5)
    monkeypatch.setattr(cycle, "jakarta_now", lambda: later)
    place.run("sync")
    told = answers(place)[1]
    assert "sudah, kecuali yang ada di" in told and place.source(BARAT) in told and "Timur" not in told
    place.list_sources("Laporan Timur", BARAT)
    place.run("sync")
    assert "Dihapus" in place.kinds(BARAT, amir), "as it says, that follows"


def test_a_robot_that_died_while_mailing_or_comes_second_mails_nothing(place: Place) -> None:
    yati = ticket_of(place, "yati")
    wish(place, f"data {yati} ratna@example.org")
    program, now = compose(place.credentials, WORDS), jakarta_now()
    report = program.syncer.sync(now)
    wishes.grant(disturbed(program, lambda: wishes.grant(program, report, now)), report, now)
    assert len(mails(place)) == 1 and "dikirim lewat surel" in answers(place)[0]
    # It died after it had said that it mails: nobody knows whether it did.
    begun = WORDS.say("permintaan.sedang", kunci=f"data {yati}", waktu="09.00.00-123")
    place.put(KENDALI, WISHES, 1, {1: begun})
    place.run("sync")
    assert len(mails(place)) == 1 and answers(place) == [begun]
    place.put(KENDALI, WISHES, 1, {1: None})  # as it says: whoever empties it has it done again
    place.run("sync")
    assert "dikirim lewat surel" in answers(place)[0]


def test_a_row_that_another_robot_has_given_back_and_people_delete_again_does_not_come_back_twice(place: Place) -> None:
    yati, amir = ticket_of(place, "yati"), ticket_of(place, "amir")
    place.delete_row(BARAT, "Gondrong", 1)
    place.run("sync")
    wish(place, f"pulihkan {amir}", f"pulihkan {yati}")
    first, second = (compose(place.credentials, WORDS) for _ in range(2))
    now = jakarta_now()
    reports = [program.syncer.sync(now) for program in (first, second)]

    def meanwhile() -> None:
        wishes.grant(first, reports[0], now)
        rows = [*place.tickets(BARAT, "Gondrong").values()]
        place.delete_row(BARAT, "Gondrong", rows.index(yati) + 1)
        place.run("sync")

    wishes.grant(disturbed(second, meanwhile), reports[1], now)
    assert answers(place)[1].startswith(f"pulihkan {yati} – sudah")
    assert yati not in place.tickets(BARAT, "Gondrong").values()


def test_an_answer_that_lands_beside_another_wish_covers_none(place: Place) -> None:
    """People sort just then: what was answered there is put back, and not wished again."""
    yati, amir = ticket_of(place, "yati"), ticket_of(place, "amir")
    granted(place, f"data {yati} ratna@example.org")
    (done,) = answers(place)
    wish(place, f"pulihkan {amir}", first=2)
    program, now = compose(place.credentials, WORDS), jakarta_now()
    report = program.syncer.sync(now)

    def sort() -> None:
        for row, cells in enumerate(((f"pulihkan {amir}", None), (f"data {yati} ratna@example.org", done)), start=1):
            place.put(KENDALI, WISHES, row, dict(enumerate(cells)))

    wishes.grant(disturbed(program, sort), report, now)
    assert answers(place)[0].startswith(f"pulihkan {amir} – tidak bisa") and answers(place)[1] == done
    place.run("sync")
    assert len(mails(place)) == 1


@pytest.mark.parametrize("known", [True, False], ids=["its row is known to be gone", "nobody can tell where it is"])
def test_what_cannot_be_written_just_now_is_tried_again_by_each_cycle_and_says_why(place: Place, known: bool) -> None:
    yati = ticket_of(place, "yati")
    place.delete_row(BARAT, "Gondrong", 1)
    if known:
        place.run("sync")
    if isinstance(place, GooglePlace):
        person, why = place.people[BARAT], "Data → Lindungi sheet"
        sheet = person.sheet("Gondrong" if known else "Riwayat").id
        locked = {"range": {"sheetId": sheet}, "editors": {"users": ["x@example.org"]}}
        person.book.protected[77] = locked
    else:
        lock, why = place.credentials.parent / f".~lock.{BARAT}.xlsx#", "sedang dibuka di LibreOffice"
        lock.write_text(",siti,desktop,;", "utf-8")
    granted(place, f"pulihkan {yati}")
    (waits,) = answers(place)
    assert waits.startswith("Belum bisa, dan dicoba lagi sendiri")
    assert (why if known else "yang sekarang tidak bisa dibaca") in waits
    place.run("sync")
    assert answers(place) == [waits]
    if isinstance(place, GooglePlace):
        person.book.protected.clear()
    else:
        lock.unlink()
    place.run("sync")
    assert answers(place)[0].startswith(f"pulihkan {yati} – sudah")
    place.run("sync")
    assert list(place.tickets(BARAT, "Gondrong").values()).count(yati) == 1


def test_an_erasure_that_cannot_be_recorded_on_its_day_is_done_by_a_later_cycle(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = GooglePlace.lay_out(google, tmp_path, SPREADSHEETS, begin)
    yati, kendali = ticket_of(place, "yati"), place.people[KENDALI]
    granted(place, f"hapus data {yati}")
    (waits,) = answers(place)
    place.put(KENDALI, WISHES, 1, {0: None, 1: None})
    now = jakarta_now() + timedelta(days=5)
    monkeypatch.setattr(cycle, "jakarta_now", lambda: now)
    place.run("sync")  # what else that day brings
    place.put(KENDALI, WISHES, 1, {0: f"hapus data {yati}", 1: waits})
    locked = {"range": {"sheetId": kendali.sheet("Riwayat").id}, "editors": {"users": ["x@example.org"]}}
    kendali.book.protected[77] = locked
    place.run("sync")
    assert answers(place) == [waits] and "Dihapus" not in place.copied(BARAT, yati)
    kendali.book.protected.clear()
    place.run("sync")
    assert "– sudah" in answers(place)[0] and place.copied(BARAT, yati)[-1] == "Dihapus"


def test_an_erasure_that_is_withdrawn_while_another_wish_is_granted_is_not_done(place: Place) -> None:
    yati, amir = ticket_of(place, "yati"), ticket_of(place, "amir")
    granted(place, f"pulihkan {amir}", f"hapus data {yati}")
    place.put(KENDALI, WISHES, 1, {1: None})
    program, later = compose(place.credentials, WORDS), jakarta_now() + timedelta(days=5)
    report = program.syncer.sync(later)
    wishes.grant(disturbed(program, lambda: wish(place, "", first=2)), report, later)
    assert "Dihapus" not in place.copied(BARAT, yati)


def test_what_is_due_does_not_wait_for_the_mail_of_a_wish(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    wish(place, f"data {ticket_of(place, 'yati')}: ratna@example.org")
    program, done = compose(place.credentials, WORDS), Event()
    program.sources.meanwhile = done.set
    slow = SimpleNamespace(send=lambda _: sent.append(done.wait(timeout=30)))
    sent: list[bool] = []
    monkeypatch.setattr("automation.mail.delivery.OutboxPost", lambda _: slow)
    cycle.run_cycle(program, jakarta_now())
    assert sent == [True] and "dikirim lewat surel" in answers(place)[0]


def disturbed(program: Program, act: Callable[[], object]) -> Any:
    """The program, before whose first commit to Kendali something happens."""
    return SimpleNamespace(**{**asdict(program), "kendali": Disturbed(program.kendali, act)}, **_ways(program))


def _ways(program: object) -> dict[str, object]:
    return {name: getattr(program, name) for name in ("outbox", "digester", "post")}


def test_a_mistake_of_ours_or_a_tab_of_peoples_own_stops_no_cycle(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(place, f"pulihkan {ticket_of(place, 'yati')}")

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(wishes._Desk, "run", fails)
        assert place.run("sync") == 0 and not any(answers(place))
    place.put(KENDALI, WISHES, 0, {0: "Usul warga", 1: "Catatan"})
    assert place.run("sync") == 0 and not any(answers(place))


def test_no_wish_costs_no_request_more(place: Place) -> None:
    if isinstance(place, GooglePlace):
        place.run("sync")
        place.city.server.requests.clear()
        place.run("sync")
        assert len([one for one in place.city.server.requests if "spreadsheets" in one.path]) == 2
