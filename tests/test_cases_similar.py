"""Complaints that may be about one matter: what is suggested, and, more important, what is not.

The examples are pairs of one kelurahan and category; the threshold was chosen with them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from automation.cases.examiner import Examiner
from automation.cases.one_matter import MANY, MOST_AT_ONCE, tells_of_the_same
from automation.model.cells import Value
from automation.model.complaint import Complaint
from automation.tables import intake
from automation.tables.intake import PEOPLE
from tests.examples import examples
from tests.town import GONDRONG, RULES, TUESDAY, Town, complaint as row

Told = tuple[str, str]  # description and address

#: One matter, told by two people.
SAME: tuple[tuple[Told, Told], ...] = (
    (
        ("got mampet di depan musholla Al Ikhlas, air item naik ke jalan, anak2 mau ngaji susah lewat", "Gg. Mawar 4"),
        ("got depan musholla Al Ikhlas mampet, airnya naik ke jalan", "Gg. Mawar no 11"),
    ),
    (
        ("jalan berlubang lumayan dalam, udah 2 motor jatuh minggu ini. kalo malem gak keliatan", "Jl. Hasyim Ashari"),
        ("lubang dalam di Jl. Hasyim Ashari depan toko besi, kemarin ada motor jatuh lagi", "Gg. Langgar"),
    ),
    (
        ("PJU mati 4 tiang berturut2 dari pos satpam sampai mushola", "Perum Cipondoh Makmur blok D2 no 8"),
        ("lampu PJU dari pos satpam sampai mushola mati semua, gelap", "Perum Cipondoh Makmur blok D3"),
    ),
    (
        ("sampah di TPS gang numpuk sampe ke jalan, bau banget, truk terakhir dateng hari kamis", "Gg. Haji Sanip"),
        ("sampah TPS Gg. Haji Sanip menumpuk sampai ke jalan dan bau, truk tidak datang", "Gg. Haji Sanip no 3"),
    ),
    (
        ("air PAM cuma nyala jam 1 malem sampe subuh, siangnya kering. udah lapor ke kantornya 2 kali", "Kp. Ketapang"),
        ("air PAM nyala cuma tengah malam sampai subuh, siang kering", "Kp. Ketapang RT 2"),
    ),
    (
        ("tanggul kali retak panjang, kalo ujan malem ini bisa jebol ke rumah warga!!", "pinggir kali Angke"),
        ("tanggul kali Angke deket jembatan retak, takut jebol", "dekat jembatan kali Angke"),
    ),
    (
        ("balap liar tiap malem minggu depan ruko, polsek dateng bubar, pergi ngumpul lagi", "Jl. Raya Petir"),
        ("tiap malam minggu balap liar di depan ruko Jl. Raya Petir", "Jl. Raya Petir no 20"),
    ),
    (
        (
            "parkir liar 2 baris sampe malem, tukang parkir minta 5rb maksa. ambulan gak bisa lewat",
            "depan pasar malabar",
        ),
        ("parkir liar depan pasar malabar dua baris, ambulan tidak bisa lewat", "Jl. Merdeka"),
    ),
    (
        ("pohon angsana gede miring ke arah rumah, akarnya udah ngangkat trotoar", "Jl. Garuda 3 no 14"),
        ("pohon angsana besar di Jl. Garuda 3 miring, akar mengangkat trotoar, takut roboh", "Jl. Garuda 3 no 16"),
    ),
    (
        ("pabrik buang limbah ke kali tiap subuh, airnya berbusa dan bau. ada videonya", "pinggir Cisadane"),
        ("limbah pabrik dibuang ke kali tiap subuh, air berbusa bau menyengat", "pinggir Cisadane RT 1"),
    ),
    (
        ("tutup gorong2 hilang dicuri, lobang nganga di pinggir jalan", "Jl. Proklamasi"),
        ("tutup gorong-gorong di Jl. Proklamasi hilang, berbahaya buat motor", "Jl. Proklamasi no 5"),
    ),
    (
        ("drainase sepanjang Otista gak pernah dikeruk, hujan sejam aja toko kemasukan air", "Jl. Otista no 88"),
        ("selokan Otista tidak pernah dikeruk, hujan sebentar air masuk toko", "Jl. Otista no 70"),
    ),
    (
        ("lampu jalan mati udah 2 minggu, kemaren ada yg kejambret", "Jl. Maulana Hasanuddin no 21"),
        ("lampu jalan di Jl. Maulana Hasanuddin mati, rawan jambret", "Jl. Maulana Hasanuddin 15"),
    ),
)

#: Two matters of one kind, in one kelurahan, in much the same words.
OTHER: tuple[tuple[Told, Told], ...] = (
    (
        ("lampu jalan mati dari pos ronda ke selatan, kabel putus digigit tikus kata petugas PLN", "Jl. Merdeka"),
        ("tiang lampu roboh ketabrak truk pasir, kabel melintang bahaya buat anak sekolah", "Jl. Merdeka"),
    ),
    (("iuran sampah naik lagi", "Gg. Swadaya"), ("sampah tidak diangkut", "Gg. Swadaya")),
    (
        ("got mampet di depan musholla Al Ikhlas, air item naik ke jalan, anak2 mau ngaji susah lewat", "Gg. Mawar 4"),
        ("got mampet di depan SD, air naik ke halaman sekolah", "Jl. Ambon no 9"),
    ),
    (
        ("got mampet di Gg. Mawar dari kemarin", "Gg. Mawar 4"),
        ("got mampet di Gg. Melati dari kemarin", "Gg. Melati 4"),
    ),
    (("lampu jalan mati udah 2 minggu", "Jl. Ambon 9"), ("lampu jalan mati udah 2 minggu, gelap", "Jl. Kenanga 3")),
    (("lampu jalan mati udah 2 minggu", ""), ("lampu jalan mati udah 2 minggu, gelap", "")),
    (
        ("lampu mati di depan rumah no 17, gelap sekali", "Jl. Merdeka"),
        ("lampu mati di depan rumah no 388, gelap sekali", "Jl. Merdeka"),
    ),
    (
        ("jalan berlubang di depan pasar, motor jatuh", "Jl. Ambon"),
        ("jalan berlubang dekat SD, motor jatuh", "Jl. Otista"),
    ),
    (
        ("sampah menumpuk di TPS, tidak diangkut seminggu", "RW 03"),
        ("sampah menumpuk di pinggir kali, tidak diangkut seminggu", "RW 07"),
    ),
    (
        ("ada yg buang sampah ke kali malem2 pake gerobak, kali jadi dangkal", "Gg. Kenari 2"),
        ("iuran sampah naik jadi 40rb tapi diangkutnya cuma seminggu sekali", "Gg. Kenari 8"),
    ),
    (
        (
            "KTP hilang, sudah lapor polisi, di kelurahan katanya blangko kosong disuruh balik bulan depan",
            "Kp. Cipondoh",
        ),
        ("KTP hilang, sudah lapor polisi, blangko di kelurahan kosong", "Jl. Nusa Indah"),
    ),
    (
        ("KK baru belum jadi sebulan, buat daftar sekolah anak", "Jl. Raden Saleh"),
        ("KK belum jadi sudah dua bulan, buat daftar sekolah", "Gg. Damai"),
    ),
    (
        ("bansos beras udah 3 bulan gak dapet padahal tetangga yg mampu malah dapet", "kontrakan pak haji Udin"),
        ("bansos beras udah 2 bulan gak dapet, katanya data gak kebaca", "Gg. Pepaya"),
    ),
    (
        ("PKH ibu saya berhenti dari bulan 8 tanpa pemberitahuan", "Jl. Halim"),
        ("PKH saya berhenti sejak bulan 9", "Gg. Sawo"),
    ),
    (
        ("air PAM keruh kuning dan bau, tiap hari beli galon buat masak", "Jl. Inpres 2"),
        ("meteran air dobel tagihannya, bulan ini 700rb padahal rumah kosong", "Jl. Inpres 5"),
    ),
    (
        ("depan SD tiap pagi macet total, angkot ngetem 2 lapis, minta ada petugas jam 6", "warung kopi depan SD"),
        ("depan pasar tiap sore macet, angkot ngetem", "pasar"),
    ),
)


def told(what: Told, **changes: Value) -> Complaint:
    cells = row(description=what[0], address=what[1], **changes)
    people = tuple(cells.get(column) for column in PEOPLE)
    return Examiner(RULES, TUESDAY.date()).examine(people, GONDRONG, False)


@pytest.mark.parametrize(("one", "other"), SAME, ids=lambda what: what[0][:25])
def test_one_matter_told_by_two_people_is_recognised(one: Told, other: Told) -> None:
    assert tells_of_the_same(told(one), told(other)) and tells_of_the_same(told(other), told(one))


@pytest.mark.parametrize(("one", "other"), OTHER, ids=lambda what: what[0][:25])
def test_two_matters_of_one_kind_are_not_taken_for_one(one: Told, other: Told) -> None:
    assert not tells_of_the_same(told(one), told(other)) and not tells_of_the_same(told(other), told(one))


def test_where_it_is_known_to_err() -> None:
    """One word of the place and one of the matter are too few; two children of one gang are two matters."""
    ambles = ("jalan gang ambles di tengah, motor harus turun dituntun", "Gg. Swadaya")
    assert not tells_of_the_same(
        told(ambles), told(("Gg. Swadaya amblas, motor tidak bisa lewat", "Gg. Swadaya ujung"))
    )
    aid = ("PIP anak cair tapi dipotong 100rb sama pihak sekolah", "Gg. Sawo")
    assert tells_of_the_same(told(aid), told(("PIP anak belum cair, sekolah bilang tunggu", "Gg. Sawo")))


def test_the_same_words_from_two_rw_are_two_matters_and_from_one_rw_or_an_unknown_one_they_are_not() -> None:
    one, other = SAME[0]
    assert not tells_of_the_same(told(one, rt_rw="001/003"), told(other, rt_rw="001/004"))
    assert tells_of_the_same(told(one, rt_rw="001/003"), told(other, rt_rw="002/003"))
    assert tells_of_the_same(told(one, rt_rw="001/003"), told(other))


GOT, AGAIN = ({"description": of[0], "address": of[1]} for of in SAME[0])
ANOTHER: dict[str, Value] = {"description": OTHER[0][1][0], "address": OTHER[0][1][1]}
PHONE = "081200001099"


def comes(town: Town, tab: str = "Gondrong", /, **changes: Value) -> str:
    return town.type(tab, row(**changes))


def suggested(town: Town) -> list[str]:
    return [event.ticket for event in town.journal if "mirip" in event.details]


def two(**changes: Value) -> tuple[Town, str, str]:
    """A complaint, and then one that tells of the same."""
    town = Town()
    first = comes(town, **GOT)
    town.sync()
    second = comes(town, name="Pak Amir", phone=PHONE, **{**AGAIN, **changes})
    town.sync()
    return town, first, second


def test_the_newer_one_says_which_older_one_it_resembles_and_what_to_do() -> None:
    town, first, second = two()
    assert town.check(first) == ""
    assert town.check(second) == (
        f"Mohon dicek – Mirip dengan {town.ticket(first)}. Bila memang satu masalah, tulis nomor itu di kolom Induk; "
        "bila bukan, biarkan saja."
    )
    assert town.ticket(second), "nothing is put together, and nothing waits"
    town.sync(days=5)
    assert town.check(second)


def test_of_two_that_come_at_once_the_later_row_is_the_newer_one() -> None:
    town = Town()
    first, second = comes(town, **GOT), comes(town, name="Pak Amir", phone=PHONE, **AGAIN)
    town.sync()
    assert (bool(town.check(first)), bool(town.check(second))) == (False, True)


def test_all_that_tell_of_one_matter_name_the_oldest() -> None:
    town, first, second = two()
    third = comes(town, name="Wawan", phone="081200001098", **AGAIN)
    town.sync()
    assert all(town.ticket(first) in town.check(one) for one in (second, third))


@pytest.mark.parametrize(
    "changes",
    [
        {"received": "20/10/2026"},
        {"category": "Kesehatan"},
        {"status": "Selesai", "outcome": "Sudah"},
        ANOTHER,
        {"rt_rw": "001/009"},
    ],
    ids=["long ago", "another kind", "closed", "other words", "another RW"],
)
def test_nothing_is_said_of_what_is_another_matter(changes: dict[str, Value]) -> None:
    town = Town()
    comes(town, **{**GOT, "rt_rw": "001/002"})
    town.sync()
    second = comes(town, name="Pak Amir", phone=PHONE, **{**AGAIN, **changes})
    town.sync()
    assert "Mirip" not in town.check(second)
    assert not suggested(town)


def test_another_kelurahan_is_another_matter() -> None:
    town = Town("Gondrong", "Petir")
    comes(town, **GOT)
    second = comes(town, "Petir", name="Pak Amir", phone=PHONE, **AGAIN)
    town.sync()
    assert town.check(second) == ""


def test_complaints_of_a_sensitive_category_are_never_brought_together() -> None:
    town = Town()
    comes(town, **GOT, category="Kesehatan")
    second = comes(town, name="Pak Amir", category="Kesehatan", **AGAIN)  # from the same telephone, too
    third = comes(town, name="Wawan", **ANOTHER)
    town.sync()
    assert (town.check(second), town.check(third)) == ("", "")


def test_it_is_said_no_more_once_either_is_closed_or_gone_or_a_parent_is_written() -> None:
    for act in ("close the older", "close the newer", "delete the older", "write a parent"):
        town, first, second = two()
        if act == "write a parent":
            town.set(second, intake.PARENT, town.ticket(first))
        elif act == "delete the older":
            town.delete(first)
        else:
            town.set(first if "older" in act else second, intake.STATUS, "Bukan Kewenangan")
        town.sync()
        assert "Mirip" not in town.check(second), act


def test_it_is_said_no_more_once_the_newer_one_was_corrected_and_tells_of_something_else() -> None:
    town, _, second = two()
    town.set(second, intake.DESCRIPTION, ANOTHER["description"])
    town.set(second, intake.ADDRESS, ANOTHER["address"])
    town.sync()
    assert town.check(second) == ""


def test_a_tab_without_the_column_for_a_parent_gets_no_suggestions() -> None:
    town = Town()
    at = town.tabs["Gondrong"][0].index(intake.PARENT)
    del town.tabs["Gondrong"][0][at]
    comes(town, **GOT)
    second = comes(town, name="Pak Amir", phone=PHONE, **AGAIN)
    town.sync()
    assert town.check(second) == ""
    assert not suggested(town)


def test_one_telephone_for_two_matters_is_a_hint_and_for_many_it_is_none() -> None:
    town = Town()
    first = comes(town, **GOT)
    town.sync()
    second = comes(town, name="Anaknya", **ANOTHER)
    town.sync()
    assert f"Telepon yang sama juga ada di {town.ticket(first)}." in town.check(second)
    more = [
        comes(town, name="Anaknya", description=f"{what} sejak minggu lalu", address=where)
        for what, where in (
            ("sampah menumpuk", "TPS pasar"),
            ("pohon tumbang", "Jl. Otista"),
            ("jalan ambles", "Gg. 3"),
        )
    ]
    town.sync()
    assert MANY == 3
    assert [bool(town.check(one)) for one in more] == [True, False, False], "an RT head reports for the neighbours"


def test_rows_of_long_ago_that_are_typed_in_late_are_not_compared() -> None:
    town = Town()
    for number, told_so in enumerate((GOT, AGAIN)):
        comes(town, name=f"Warga {number}", phone=f"08120000104{number}", received="12/10/2026", **told_so)
    town.sync()
    assert not suggested(town)


def test_so_many_at_once_as_in_a_first_run_are_not_compared() -> None:
    town = Town()
    for number in range(MOST_AT_ONCE + 1):
        comes(town, name=f"Warga {number}", phone=f"0812000{number:05}", **GOT)
    town.sync()
    assert not suggested(town)
    last = comes(town, name="Pak Amir", phone=PHONE, **AGAIN)
    town.sync()
    assert town.check(last)


def test_what_an_upgrade_finds_there_is_left_as_it_is() -> None:
    town, _, second = two()
    for event in town.journal:
        event.details.pop("mirip", None)  # type: ignore[attr-defined]
    town.sync()
    assert town.check(second) == ""


@examples(60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([GOT, AGAIN, ANOTHER]),
            st.sampled_from(["Jalan", "Kesehatan"]),
            st.integers(0, 50),
            st.sampled_from(["", "Selesai", "Menunggu Pelapor"]),
            st.sampled_from([PHONE, "081200001021", "081200001022"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_whatever_comes_a_suggestion_names_an_older_open_case_and_the_next_cycle_finds_nothing_to_do(
    coming: list[tuple[dict[str, Value], str, int, str, str, bool]],
) -> None:
    town = Town()
    for number, (what, category, ago, status, phone, pause) in enumerate(coming):
        received = f"{town.now.date() - timedelta(days=ago):%d/%m/%Y}"
        comes(town, name=f"Warga {number}", phone=phone, category=category, received=received, status=status, **what)
        if pause:
            town.sync(days=1)
    town.sync()  # which checks that nothing is left to do
    cases = town.plan().cases
    for judged in town.plan().judged:
        named = [dict(finding.particulars)["tiket"] for finding in judged.complaint.findings if finding.column is None]
        for ticket in named:
            assert not cases[ticket].status.closed and not cases[judged.ticket].status.closed
            assert list(cases).index(ticket) < list(cases).index(judged.ticket)
            assert judged.complaint.category == "Jalan"


def test_a_sensitive_category_can_be_so_from_now_on() -> None:
    town, _, second = two()
    assert town.check(second)
    jalan = replace(RULES.categories["Jalan"], sensitive=True)
    town.rules = replace(RULES, categories={**RULES.categories, "Jalan": jalan})
    town.sync()
    assert town.check(second) == ""
