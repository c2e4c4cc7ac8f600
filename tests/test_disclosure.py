"""The one door: which words and numbers of a description may leave its row."""

import re
from functools import cache

import pytest
from hypothesis import given, strategies as st

from automation.cases.examiner import Examiner, make_entries
from automation.model.disclosure import GAP, has_nik, known_names, normalized, shorten, summary, title, without_contacts
from automation.model.vocabulary import Vocabulary
from automation.tables import intake
from tests.door import FOLDER, MEASURED, Count, count, table, vocabulary as city_vocabulary
from tests.door.notations import NOTATIONS
from tests.town import RULES, WORDS as WORDS_SHOWN, Town

PHONE, NIK, ACCOUNT = "081234567890", "3671051203850001", "723105567781"
WORDS = cache(city_vocabulary)
#: People of whom no list needs to know.
PEOPLE = (FOLDER / "names.txt").read_text("utf-8").split()


def told(text: str, name: str = "", address: str = "") -> str:
    return summary(text, WORDS(), name, address)


@cache
def measured() -> Count:
    return count(MEASURED.read_text("utf-8").splitlines(), WORDS())


@pytest.mark.parametrize(("group", "most"), [("private", 0.02), ("public", 0.03), ("matter", 0.05)])
def test_of_complaints_it_was_not_tuned_to_it_misses_no_more_than_is_promised(group: str, most: float) -> None:
    assert measured().share(group) <= most, table(measured())


def test_most_names_that_it_is_measured_by_are_bare_and_the_table_counts_what_it_says() -> None:
    assert sum(n for (group, _), n in measured().all.items() if group == "private") >= 400
    line = "Budi|Jl. Mawar 3|pak [budi] [t:0812-3456-7890] <got mampet> di {h:112}"
    assert count([line], WORDS()).wrong.total() == 0
    silent, blabbing = count([line], Vocabulary()), count([line.replace("[budi]", "[got]")], WORDS())
    assert (silent.share("public"), silent.share("matter"), silent.share("private")) == (1, 1, 0)
    assert blabbing.wrong["private", "n"] == 1, "what is shown twice was shown as a name, too"


@pytest.mark.parametrize("said", ["koma", "titik", "strip", "spasi", "minus"])
def test_a_number_that_is_dictated_is_one_number_and_a_measure_stays(said: str) -> None:
    for number in (f"0812 {said} 3456 {said} 7890", f"3671 {said} 0512 {said} 0385 {said} 0001"):
        for shown in (told(f"got mampet hubungi {number} segera"), without_contacts(f"hubungi {number} segera")):
            assert not re.search(r"\d", shown) and shown.endswith(f"{GAP} segera")
    assert "120 titik 350 meter" in told("lubang 120 titik 350 meter")


def test_another_spelling_is_shown_as_the_word_that_it_means_but_never_one_that_is_a_name() -> None:
    assert told("uler masuk got, runtah numpuk, laler naek") == "uler masuk got, runtah numpuk, laler naek"
    assert "asep" not in told("kemarin asep bilang got mampet")


def test_what_is_never_called_after_a_person_has_its_name_behind_any_word() -> None:
    for public in ("parkiran stasiun xyzab mahal", "lampu gor xyzab mati", "atap sdn xyzab", "toa masjid agung keras"):
        assert told(public) == public
    private = ("anak sd xyzab jatuh", "lampu taman xyzab mati", "warga kampung xyzab", "preman pasar xyzab")
    for text in (*private, "rsud xyzab", "murid sdn xyzab", "masjid agung xyzab bising", "di alun-alun xyzab jatuh"):
        assert "xyzab" not in told(text)
    assert told("ppdb sma negeri 2 di jl aria xyzab") == "ppdb sma negeri 2 di jl aria xyzab"


@pytest.mark.sampled(9)
@pytest.mark.parametrize("name", sorted({*PEOPLE} - WORDS().maybe_names))
def test_a_name_is_not_shown_wherever_it_stands(name: str) -> None:
    titled = f"{name.title()} Pratomo"
    for text in (
        f"ketua RT {titled} tidak mau tahu",
        f"Lapangan Pak {titled} becek",
        f"Jalan depan Gang Bu {titled} rusak",
    ):
        assert name.title() not in told(text), "an RT is no street, and nobody's field is called so"
    for text in ("tadi {} lapor got mampet", "got mampet di rumah {} kemarin", "got mampet kata pak {}", "{}nya jatuh"):
        assert name not in told(text.format(name)).lower().split()


@pytest.mark.parametrize("digits", [PHONE, NIK, ACCOUNT])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_notation_shows_a_number_that_is_somebodys(notation: str, digits: str) -> None:
    written = NOTATIONS[notation](digits)
    for text in (f"got mampet, hubungi {written} ya", f"{written} got mampet", f"rumah {written}, sejak 2024, 3 hari"):
        shown = told(text)
        assert "got mampet" in shown or "3 hari" in shown
        for left in (shown, without_contacts(text)):
            kept = re.sub(r"\D", "", normalized(left).replace("2024", "").replace("3 hari", ""))
            assert len(kept) < 5, left


@pytest.mark.parametrize(
    "written",
    [
        "siti@contoh.id",
        "siti @ contoh.id",
        "siti (at) contoh.com",
        "@siti_123",
        "siti@\u200bcontoh.id",
        "ｓiti＠contoh.id",
    ],
)
def test_no_notation_shows_an_address_of_e_mail(written: str) -> None:
    for left in (told(f"got mampet, {written} ya"), without_contacts(f"got mampet, {written} ya")):
        assert "siti" not in normalized(left) and "contoh" not in left


@pytest.mark.parametrize(
    "text",
    [
        "jalan rusak, sudah telepon 112", "tiket RR-260504-0001-3 belum dijawab", "laporan nomor 2026110045 ditolak",
        "laporan #8812034 ditutup", "surat No. 470/112/Kel.KB/2026 hilang", "pohon tumbang di -6.1781, 106.6312",
        "pungutan Rp 300.000 per siswa", "rugi 2,5 juta sejak tahun 2023", "banjir 30 cm di 12 rumah",
        "SDN Petir 4 bocor",
        "puskesmas Cipondoh (021) 5521113 tidak diangkat", "(hot line) 119 sibuk", "jalan Hasyim Ashari km 3 berlubang",
        "masjid Nurul Iman kebanjiran", "di Pasar Anyar macet", "Ketua RT dan lurah tahu", "dua kali sejak 12/11/2026",
        "mati sejak 12 Mei 2026", "padam sejak tgl 27/06 malam", "padam hari Senin 3/8/26", "di 2 RT",
        "air mati tanggal 3/8 sampai 5/8 di pasar", "padam tgl 3/8 - 5/8 di pasar",
        "akta kelahiran belum jadi sejak 12/11/2026", "mati 1/2 hari", "5 RW terendam air",
        "call center PLN 123 sibuk", "anak2 jatuh jam 17.00", "banjir di rumah saya 3 orang sakit",
        "jalan rusak dan 2 lampu mati", "janda dengan 2 anak belum dapat bantuan", "warung 3 pintu dibongkar",
    ],
)  # fmt: skip
def test_what_is_public_stays(text: str) -> None:
    assert told(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("got depan rumah no 12 mampet", "got depan rumah no … mampet"),
        ("rumah blok C3 no 112 banjir", "rumah blok … no … banjir"),
        ("got mampet di depan no rmh 12 sudah seminggu", "got mampet di depan no rmh … sudah seminggu"),
        ("nomernya 15 gelap", "nomernya … gelap"),
        ("rumah saya yang 25 kena banjir", "rumah saya yang … kena banjir"),
        ("rumah nomor 12 sampai 20 air mati", "rumah nomor … sampai … air mati"),
        ("blok AA 5 air mati", "blok … air mati"),
        ("kavling c/14 banjir", "kavling … banjir"),
        ("air mati di Kapas Baru 2/56 RT 04", "air mati di Kapas Baru … RT …"),
        ("gelap mulai 2/56 RT 4 sampai rumah Kapas Baru 2/5", "gelap mulai … RT … sampai rumah Kapas Baru …"),
        ("gelap tgl 3/8 sampai Kapas Baru 2/5 dan 2/6", "gelap tgl 3/8 sampai Kapas Baru … dan …"),
        ("PJU padam di Jemursari Timur 17 RT 05", "PJU padam di … Timur … RT …"),
        ("banjir di Gembong 65 Kelurahan Petir", "banjir di … Kelurahan Petir"),
        ("banjir di RT 03 RW 05", "banjir di RT … RW …"),
        ("motor B 1234 XYZ hilang", "motor … hilang"),
        ("lapor ke kelurahan, telp saya 021 5521113", "ke kelurahan, telp saya …"),
        ("tadi pak Bagus Prakoso lihat, hasilnya bagus", "tadi pak … lihat, hasilnya bagus"),
        ("tadi pak hari jatuh, sudah tiga hari", "tadi pak … jatuh, sudah tiga hari"),
        ("tolong Bu Siti rumahnya kena banjir", "rumahnya kena banjir"),
        ("got di rumah bu Bunga mampet", "got di rumah bu … mampet"),
        ("got mampet, wa nol delapan satu dua nol nol satu dua ya", "got mampet, wa … ya"),
        ("got mampet, wa delapan satu dua tiga tiga empat ya", "got mampet, wa … ya"),
        ("got mampet, wa 0 lapan satu dua 3344 5566 ya", "got mampet, wa … ya"),
        (
            "[28/11/2026 09.14] Bu Hj Tini: lampu mati\n[28/11/26, 9:15:02] Tini: sejak Senin",
            "lampu mati … sejak Senin",
        ),
        ("Lampu Mati Di Gang Buntu Budi Santoso", "Lampu Mati Di Gang Buntu …"),
        ("Pohon Tumbang Di Pos Satpam Budi Santoso", "Pohon Tumbang Di Pos Satpam …"),
        ("got Taman Depan Budi Santoso kotor", "got Taman Depan … kotor"),
        ("Anak Kasih Wulandari Sakit Parah Sekali", "Anak … Sakit Parah Sekali"),
        ("ktp salah, ttl Jakarta 12-03-1980", "ktp salah, ttl Jakarta …"),
        ("akta salah, lahir 12 mei 1980 di Cipondoh", "akta salah, lahir … di Cipondoh"),
        ("akta salah, kelahiran 12 bulan Pebruari tahun 1980", "akta salah, kelahiran …"),
        ("akta salah, lahir tgl 12 sept. 1980 pagi", "akta salah, lahir tgl … pagi"),
        ("rumah no 12 mei 2026 kebanjiran", "rumah no … mei 2026 kebanjiran"),
        ("akta salah, lahir di rumah bidan tanggal 3 Agustus 1999", "akta salah, lahir di rumah bidan tanggal …"),
        ("lampu mati, telp lima lima tujuh satu dua tiga empat ya", "lampu mati, telp … ya"),
        ("banjir dua tiga empat hari", "banjir dua tiga empat hari"),
        ("Assalamualaikum, saya Budi warga sini mau lapor lampu mati", "lampu mati"),
        ("katanya atas nama melati bantuan cair", "katanya atas nama … bantuan cair"),
        ("lampu <script>alert(1)</script> mati", "lampu < … mati"),
    ],
)
def test_what_is_somebodys_goes_and_it_begins_with_the_matter(text: str, shown: str) -> None:
    assert told(text) == shown


def test_the_reporters_own_name_and_house_are_nowhere_even_if_they_are_words() -> None:
    assert told("tiap hari lampu mati", "Hari Susanto") == "tiap … lampu mati"
    assert told("lampu terang mati, kata terangnya", "Terang") == "lampu … mati, kata …"
    assert told("tahun 2024 banjir", "", "Jl. Melati 2024") == "tahun … banjir"
    assert told("lampu mati", "Pak RT") == "lampu mati"


def test_a_title_is_for_others_to_read_but_shows_no_number_and_not_the_reporter() -> None:
    assert title("Got Kali Xylo mampet di RT 3", WORDS(), "Bu Yati") == "Got Kali Xylo mampet di RT 3"
    assert title("Got Yati 0812-3456-7890 a@b.id", WORDS(), "Bu Yati") == "Got …"


def test_without_a_list_no_word_is_shown_and_a_city_adds_its_own() -> None:
    assert summary("got mampet", Vocabulary(), "", "") == GAP and told("") == ""
    assert told("pelayanan xylografi") == "pelayanan …"
    more = WORDS().of_city(["Xylografi & Seni"], ["Kampung Zebulon"])
    assert summary("xylografi di kampung zebulon", more, "", "") == "xylografi di kampung zebulon"


def test_names_are_shown_that_stand_in_a_list() -> None:
    helpers = ["Hendra Saputra", "Sri Wahyuni"]
    for typed, shown in {
        "Pak Hendra": "Pak Hendra",
        "sri wahyuni, Budi": "sri wahyuni",
        "Sri dan Hendra": "Sri, Hendra",
    }.items():
        assert known_names(typed, helpers, WORDS()) == shown
    assert [known_names(typed, helpers, WORDS()) for typed in ("", "Pak", "0812", "Hendra Wijaya")] == [""] * 4


@given(st.text(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_written_what_is_shown_was_written_or_stands_for_it(text: str, name: str, address: str) -> None:
    shown = told(text, name, address)
    assert set(re.findall(r"\w+", shown.lower())) <= set(re.findall(r"\w+", normalized(text).lower()))


@given(
    nik=st.from_regex(r"3[1-6][0-9]{14}", fullmatch=True),
    mark=st.sampled_from(["", " ", ".", "-", "/", "_", "\u2212", "\u200d"]),
    before=st.text("abc ,", max_size=9),
)
def test_a_nik_in_fours_or_in_one_piece_is_found_and_hidden_whole(nik: str, mark: str, before: str) -> None:
    text = f"{before} {mark.join(nik[at : at + 4] for at in range(0, 16, 4))} ya"
    assert has_nik(text)
    assert not re.search("[0-9]", without_contacts(text) + told(text))


@pytest.mark.parametrize(
    "text",
    [
        "NIK 3671051203850001", "NIK:3671051203850001.", "3671-0512-0385-0001", "36.71.05.120385.0001",
        "NIK tiga enam tujuh satu, nol lima satu dua, nol tiga delapan lima, nol nol nol satu", "3671 nol 51203850001",
        "36 71 05 52 03 85 0001", "Jl. Mawar 5 367105 120385 0001",
    ],
)  # fmt: skip
def test_a_nik_is_found_as_people_write_it(text: str) -> None:
    assert has_nik(text)


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890 0857-1234-5678", "081234567890/085712345678", "+62 812 3456 7890 1234", "367105120385000",
        "36710512038500012", "tgl 24/11/2026 0812-3456-7890", "tahun 2026 0812 3456 7890", "0812 3456 7890 1234 5678",
        "RR-260503-0042-5", "",
    ],
)  # fmt: skip
def test_other_long_numbers_are_not_called_a_nik(text: str) -> None:
    assert not has_nik(text)


def test_names_of_files_and_errors_lose_contacts_and_nothing_else() -> None:
    for kept in ("RR-260503-0042-7 2026-11-24", "baris 12, kolom 4", "Rp 1.500.000", "36.71.05", "berkas\nkedua"):
        assert without_contacts(kept) == kept
    assert without_contacts("Telp 0812-7999-1234 bu.wati@rahasia.example") == "Telp … …"


def test_what_is_cut_is_cut_between_words() -> None:
    assert shorten("satu dua", 8) == "satu dua"
    assert shorten("satu dua tiga", 9) == "satu dua…"
    assert shorten("sepanjangitu", 5) == "sepa…"


def test_the_register_tells_of_a_row_what_may_leave_it() -> None:
    town = Town()
    rows = [
        town.type(
            name="Bu Yati", description="Got mampet, kata suparno", assignee="Pak Hendra", told="sudah, 24/11/2026"
        ),
        town.type(name="Bu Ani", title="Got Yth Xylo mampet", assignee="Zebulon", told="belum diangkat"),
        town.type(name="Bu Ina", title="Sakitnya", category="Kesehatan", assignee=None),
        town.type(name="Bu Ema", title="Sakitnya"),
    ]
    town.sync()
    town.set(rows[3], intake.CATEGORY, "Kesehatannya")  # nobody knows it any more
    plan = town.sync(days=1)
    examiner = Examiner(RULES, town.now.date())
    entries = make_entries([("x", plan.cases[town.ticket(row)]) for row in rows], {}, examiner)
    private = WORDS_SHOWN.say("rekap.disamarkan")
    assert [entry.summary for entry in entries] == ["Got mampet, kata …", "Got Yth Xylo mampet", private, private]
    assert [entry.assignee for entry in entries] == ["Pak Hendra", "(di luar daftar)", "", ""]
    assert [entry.told for entry in entries] == ["Sudah, 24/11/2026", "Belum tersambung", "", ""]
    assert [entry.sensitive for entry in entries] == [False, False, True, True]
