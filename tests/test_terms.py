"""The words of the street: what a cell is understood as, what is only offered, and what neither."""

from collections.abc import Iterable, Sequence
from datetime import date

import pytest
from msgspec.structs import replace

from automation.config.defaults import load_defaults, load_terms, make_terms
from automation.config.kendali import read_kendali
from automation.model.cells import Value, fold, serial_of
from automation.model.complaint import Channel, Priority, Status, check_text
from automation.model.rules import Category
from automation.model.terms import MOST_OFFERED, SHOWN, SPELLING, Term
from automation.reading.validation import examine
from automation.tables import intake
from automation.tables.kendali import CATEGORIES as KINDS, DECISIONS, FILED, HEADINGS, PROPOSALS, TERMS
from automation.tables.table import Column, Table, names
from tests.kendali_examples import edit, kendali, texts, with_tab, without_tab
from tests.town import GONDRONG, RULES, TUESDAY, WORDS, Town, complaint

CATEGORIES = {str(row[0]): Category(str(row[0])) for row in load_defaults(WORDS)[KINDS]}
CITY = replace(RULES, categories=CATEGORIES)
ROWS = [dict(zip(HEADINGS[TERMS], row, strict=False)) for row in load_defaults(WORDS)[TERMS]]


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        (intake.CATEGORY, typed, meant)
        for meant, said in {
            "Jalan & Drainase": "got mampet; jln rusak; Jalan dan drainase; selokan buntet; dalan bolong; got rw 3; "
            "got mamp3t; gotmampet; lobang2 jalan; jalanna ruksak; jln brlubang; jalan kampung; gotnya "
            "mampet; jalan lubang²; selokzn; eslokan; jlaan rusak",
            "Air Bersih": "airnya keruh; pasag baru air; kirim air",
            "Penerangan Jalan": "lampu mati; PJU; lampu jalan mati dpn masjid; penerangn jalan; poek; lampu pju mati; "
            "pju mati total; jln raya gelap gulita; lamu taman redup",
            "Lalu Lintas & Parkir": "macet; lampu merah mati; lmpu mrah; parkir liar; poldur ketinggian; "
            "jln raya macet",
            "Taman & Pohon": "pohon tumbang nimpa kabel; phn tumbanggg; beringin roboh nutup jalan",
            "Lainnya": "mati lampu; sutet; lain-lain; dll; pipa gas bocor; elpiji bocor",
            "Lingkungan & Pencemaran": "kali item; asap pabrik",
            "Sampah & Kebersihan": "smpah; runtah; sampah numpuk!!; kontener sampah",
            "Ketertiban & Keamanan": "miras oplosan; pelanggaran perda",
        }.items()
        for typed in said.split("; ")
    ]
    + [(intake.CHANNEL, typed, Channel.WHATSAPP) for typed in ("wa", "W.A", "wa grup", "via wa bu RT")]
    + [
        *((intake.CHANNEL, said, Channel.OTHER) for said in ("dari pak RT", "lapor pak rt")),
        (intake.CHANNEL, "wa bu rt", Channel.WHATSAPP),
        (intake.CHANNEL, "nelpon ke kantor dewan", Channel.HOTLINE),  # who and where give way to how
        (intake.CHANNEL, "lapor via telp", Channel.HOTLINE),
        (intake.CHANNEL, "ngisi form di posko", Channel.FORM),
        (intake.CHANNEL, "lewat oragn", Channel.OTHER),  # a slip is one of a word of its own list
        (intake.PRIORITY, "tdk blh dtunda", Priority.URGENT),
        (intake.CATEGORY, "comberan luber", "Jalan & Drainase"),
        (intake.CATEGORY, "sampah udah lama sekali pada belum diangkut sampai sekarang", "Sampah & Kebersihan"),
    ]
    + [(intake.CHANNEL, "tlp", Channel.HOTLINE), (intake.CHANNEL, "dtg ke posko", Channel.WALK_IN)]
    # The street's endings and beginnings, “di” apart from its word, and what only says where.
    + [
        (intake.CATEGORY, typed, meant)
        for meant, said in {
            "Ketertiban & Keamanan": "motor di curi; rumah kebobol; ipnotis",
            "Perempuan & Anak": "di pukul suami; anak di telantarin; cewek di lecehkan",
            "Ketenagakerjaan": "di phk; dirumahin",
            "Lingkungan & Pencemaran": "bau nyengat; air tanah kecemar; sunge merah",
            "Bantuan Sosial": "lansia kelantar",
            "Perizinan & Bangunan": "ruko ngelanggar",
            "Jalan & Drainase": "jalan belumpur; jalan ajrut2an; got mampet komplek pajak",
            "Lalu Lintas & Parkir": "bis ugal2an",
            "Pelayanan Kelurahan": "petugasnya galak; lurah jarang di tempat; lurahna teu aya",
            "Sampah & Kebersihan": "sampahnye numpuk",
            "Pendidikan": "sakolana rusak; sekolahannye bocor",
            "Kesehatan & BPJS": "bpjsny mati",
            "Administrasi Kependudukan": "ktpne ilang",
            "Penerangan Jalan": "lampu jln ke makam mati; lampu mati perum benteng permai",
            "Banjir": "banjir perum total persada raya",
            "Taman & Pohon": "pohon tumbang jl raden fatah ciledug",
        }.items()
        for typed in said.split("; ")
    ]
    + [(intake.STATUS, said, Status.RESOLVED) for said in ("sdh beres", "selesai 100%", "sdh ditambal", "udah cair")]
    + [(intake.STATUS, said, Status.IN_PROGRESS) for said in ("diteruskan ke dinas", "sdh disurati", "baru sebagian")]
    # A word without its vowels is the one of which they are the consonants, not another one with a slip (“pkh macet”).
    + [
        (intake.CATEGORY, "jln amls", "Jalan & Drainase"),
        (intake.CATEGORY, "macet prh", "Lalu Lintas & Parkir"),
        (intake.CATEGORY, "hrg sembako", "Pasar & PKL"),
        (intake.CATEGORY, "ank hlg", "Perempuan & Anak"),
    ]
    + [(intake.STATUS, said, Status.IN_PROGRESS) for said in ("otw", "akan ditindaklanjuti")]
    + [
        (intake.STATUS, who, Status.IN_PROGRESS)
        for who in ("nunggu anggaran", "nunggu dinas", "tunggu kabar dinas", "dibuka lagi")
    ]
    + [(intake.STATUS, who, Status.WAITING) for who in ("nunggu warga", "nunggu balasan warga")]
    + [(intake.PRIORITY, "urgent bgt", Priority.URGENT), (intake.PRIORITY, "b aja", Priority.NORMAL)]
    + [(intake.PRIORITY, said, Priority.NORMAL) for said in ("g penting", "bkn darurat", "kalo sempet")]
    + [(intake.PRIORITY, said, Priority.NORMAL) for said in ("ga terlalu gawat", "ga usah buru2", "blm urgent")]
    + [(intake.PRIORITY, said, Priority.URGENT) for said in ("jamgan lambat", "parah pisan")]
    + [(intake.CATEGORY, said, "Penerangan Jalan") for said in ("gang gelap rawan begal", "lampu mati belakang pasar")]
    # What is only offered where it stands alone, another word makes sure.
    + [
        (intake.CATEGORY, "jalan kayak sawah", "Jalan & Drainase"),
        (intake.CATEGORY, "kerja taiwan", "Ketenagakerjaan"),
        (intake.CATEGORY, "calo kerja", "Ketenagakerjaan"),
        (intake.CATEGORY, "kelurahan minta duit", "Pelayanan Kelurahan"),
        (intake.CATEGORY, "istri dicekik", "Perempuan & Anak"),
    ]
    # Streets are named after trees.
    + [(intake.CATEGORY, said, "Jalan & Drainase") for said in ("got jl cemara mampet", "jalan palem rusak")]
    + [(intake.CATEGORY, said, "Taman & Pohon") for said in ("cemara", "cemara mau tumbang")],
)
def test_a_cell_that_says_one_thing_is_understood(column: Column, typed: str, meant: str) -> None:
    assert CITY.entry(column, typed) == meant


@pytest.mark.parametrize(
    ("column", "typed", "first"),
    [
        (intake.CATEGORY, "bau", "Lingkungan & Pencemaran"),
        (intake.CATEGORY, "nutup jalan", "Perizinan & Bangunan"),
        (intake.CATEGORY, "jalan ke pasar", "Jalan & Drainase"),
        (intake.CATEGORY, "bukan banjir", "Banjir"),
        (intake.CATEGORY, "parkir liar, sampah", "Lalu Lintas & Parkir"),
        (intake.CATEGORY, "jalan dan sampah", "Sampah & Kebersihan"),
        (intake.CATEGORY, "jalan sm lampu", "Penerangan Jalan"),
        (intake.CATEGORY, "anak sekolah", "Pendidikan"),
        (intake.PRIORITY, "kurang penting", "Mendesak"),
        (intake.PRIORITY, "penting ga ya", "Mendesak"),
        (intake.PRIORITY, "ga tau", None),
        (intake.PRIORITY, "lampu mati", None),
        (intake.CHANNEL, "dugi", None),
        (intake.CATEGORY, "bantuan karpet", "Bantuan Sosial"),
        (intake.CATEGORY, "fasos diambil", "Perizinan & Bangunan"),
        (intake.CHANNEL, "lapor ke saya", "LAPOR!"),
        (intake.CHANNEL, "telepon lalu wa", "WhatsApp"),
        (intake.CHANNEL, "telpon/wa", "WhatsApp"),
        (intake.CATEGORY, "jalan", "Jalan & Drainase"),
        *((intake.CATEGORY, said, "Ketenagakerjaan") for said in ("kerja", "kerjaan banyak")),
        (intake.CATEGORY, "suami istri", "Perempuan & Anak"),
        (intake.CATEGORY, "sda", "Jalan & Drainase"),
        (intake.STATUS, "ditutup", "Selesai"),
        (intake.STATUS, "nunggu", "Menunggu Pelapor"),
        (intake.STATUS, "ok", "Selesai"),
        (intake.STATUS, "tidak selesai", "Ditutup Tanpa Solusi"),
        (intake.CATEGORY, "bantuan", "Bantuan Sosial"),
        (intake.CATEGORY, "pmi", "Kesehatan & BPJS"),
        (intake.CATEGORY, "dishub", "Lalu Lintas & Parkir"),
        (intake.STATUS, "belum selesai", "Ditindaklanjuti"),
        *(
            (intake.STATUS, said, "Selesai")  # not yet, or nobody says so
            for said in names(
                "akan selesai; hampir beres; selesai minggu depan; selesai 50%; selesai?; beres?; mohon diselesaikan; "
                "tolong selesaikan; kalau selesai; mana beres"
            )
        ),
        (intake.PRIORITY, "gawat", "Mendesak"),
        (intake.PRIORITY, "anak kecil", "Mendesak"),
        (intake.CATEGORY, "sembako", "Pasar & PKL"),
        (intake.CATEGORY, "xyzzy", None),
        (intake.CATEGORY, "xelokan", None),  # a slip is seldom in the first letter
        (intake.CATEGORY, "", None),
    ],
)
def test_what_has_another_sense_is_only_offered_and_what_nobody_knows_not_even_that(
    column: Column, typed: str, first: str | None
) -> None:
    assert CITY.entry(column, typed) is None
    lists = {intake.STATUS: Status, intake.PRIORITY: Priority, intake.CHANNEL: Channel}
    offers = CITY.terms.choices(column, lists.get(column, CITY.categories)).offers(typed)
    assert next(iter(offers.entries), None) == first and len(offers.entries) <= MOST_OFFERED


def read(**changes: Value) -> str:
    row = complaint(**{"category": "Banjir", **changes})
    told = examine(tuple(row.get(column) for column in intake.PEOPLE), GONDRONG, CITY, TUESDAY.date())
    return check_text(told.findings, WORDS)


def test_a_row_says_what_its_cells_were_read_as_and_what_its_text_suggests_with_the_words_it_comes_from() -> None:
    assert read() == ""
    assert read(category="got mampet", channel="wa") == (
        "Dibaca: Kategori = Jalan & Drainase; Saluran = WhatsApp. Kalau keliru, ganti isinya."
    )
    assert read(category=None) == "Tinggal dilengkapi – Kategori (mungkin Jalan & Drainase, karena: got mampet)."
    assert read(category="aduan", description="lampu jalan mati, gelap") == (
        "Perlu diperbaiki – Kategori: isinya belum pasti. Mungkin Penerangan Jalan (karena: lampu jalan mati, "
        "jalan gelap). Pilih dari daftar."
    )
    assert "karena: lampu mati)" in read(category=None, description="lampu dari sini mati"), "as typed"
    assert "karena: lampu mati)" in read(category=None, description="lampu PJU mati"), "and once"
    assert "karena: lampu jalan mati total)" in read(category=None, description="lampu jalan padam total")
    assert read(category="aduan", description="minta disurvei ke sini") == (
        "Perlu diperbaiki – Kategori: isinya belum dikenal. Pilih dari daftar."
    )


def test_what_the_text_suggests_stays_beside_its_row() -> None:
    row = complaint(category=None, channel="wa", description="tetangga saya ODGJ, BPJS mati")
    told = examine(tuple(row.get(column) for column in intake.PEOPLE), GONDRONG, CITY, TUESDAY.date())
    assert "Kesehatan" in check_text(told.findings, WORDS)
    outside = [found for one in told.findings if (found := one.outside) is not None]
    assert check_text(outside, WORDS) == "Tinggal dilengkapi – Kategori (pilih dari daftar)."


@pytest.mark.parametrize("odd", ["-", "?", "\U0001f4a1", "RT 3", "Lain " * 30])
def test_a_category_without_words_of_its_own_keeps_no_row_from_being_read(odd: str) -> None:
    listed = [HEADINGS[KINDS], ["Jalan", None, None, None, None], [odd, None, None, None, None]]
    rules = read_kendali(with_tab(kendali(), KINDS, listed), texts()).rules
    named = ("RT3", "RT 3" if odd == "RT 3" else None)
    for typed, meant in (("jalanan rusak", "Jalan"), (None, None), ("...", None), named):
        row = complaint(category=typed, description="minta tolong dicek")
        told = examine(tuple(row.get(column) for column in intake.PEOPLE), GONDRONG, rules, TUESDAY.date())
        assert told.category == meant, typed


def test_which_rt_and_rw_were_probably_typed_stays_beside_its_row() -> None:
    row = complaint(channel="wa", category="Banjir", rt_rw=serial_of(date(2026, 9, 4)))
    told = examine(tuple(row.get(column) for column in intake.PEOPLE), GONDRONG, CITY, TUESDAY.date())
    assert "004/009" in check_text(told.findings, WORDS)
    assert check_text(list(filter(None, (one.outside for one in told.findings))), WORDS) == (
        "Perlu diperbaiki – RT/RW: belum terbaca sebagai RT/RW. Tulis satu, atau kosongkan. Contoh: 003/007"
    )


def test_the_register_and_the_events_show_what_was_understood_and_another_word_refuses_it() -> None:
    town = Town(rules=CITY)
    identity = town.take_in(category="got mampet")
    assert town.ticket(identity) and town.journal[0].details["dibaca"] == {"Kategori": "Jalan & Drainase"}
    assert town.get(identity, intake.CATEGORY) == "got mampet", "what a person typed is theirs"
    town.change(identity, category="banjir bandang")
    assert town.journal[-1].details["dibaca"] == {"Kategori": "Banjir"}
    town.change(identity, category="Banjir")
    assert town.check(identity) == "" and "dibaca" not in town.journal[-1].details


def test_a_word_that_is_taken_out_of_istilah_is_asked_in_the_next_cycle() -> None:
    town = Town(rules=CITY)
    identity = town.take_in(category="got mampet")
    without = tuple(term for term in SHIPPED if "got" not in term.said and term.meaning != "got")
    town.rules = replace(CITY, terms=make_terms(without))
    town.sync()
    assert town.check(identity).startswith("Perlu diperbaiki – Kategori: isinya belum")


SHIPPED = tuple(
    Term(str(row["Kata"]), str(row["Kolom"]), str(row["Arti"]), str(row["Catatan"] or "").startswith("RAGU"))
    for row in ROWS
)


def test_what_is_shipped_means_something_and_no_word_has_two_senses_without_saying_so() -> None:
    assert len(ROWS) >= 500
    lists: dict[str, Iterable[str]] = {
        "Kategori": CATEGORIES,
        "Status": Status,
        "Saluran": Channel,
        "Prioritas": Priority,
        **{column: column.options for table in FILED for column in table.columns if column.options},
    }
    for term in SHIPPED:
        assert term.kind in (SPELLING, SHOWN, "Kelurahan") or term.meaning in list(lists[term.kind]), term
    for column in (intake.CATEGORY, intake.STATUS, intake.CHANNEL, intake.PRIORITY):
        for term in SHIPPED:
            if term.kind == column:
                named = fold(term.said) == fold(term.meaning)  # alone it is the entry, however else it is meant
                assert CITY.entry(column, term.said) == (None if term.asked and not named else term.meaning), term


def test_istilah_is_read_from_kendali_and_the_last_good_one_serves_where_it_is_gone() -> None:
    own: list[list[Value]] = [
        [*HEADINGS[TERMS]],
        ["Banjir Bandang", None, "Banjir"],
        ["kembung", "kategori", "Banjir", "ragu: perut"],
    ]
    own += [["lapuk", "Kategori"], ["x", "Warna", "Banjir"], ["y", "Kategori", "Tidak Ada"], ["mrica", "Ringkasan"]]
    settings = read_kendali(with_tab(kendali(), TERMS, own), texts())
    told = sorted(str(problem.particulars["cell"]) for problem in settings.problems)
    assert told == ["Istilah!B5", "Istilah!C4", "Istilah!C6"]
    rules = settings.rules
    assert rules.entry(intake.CATEGORY, "banjir bandang") == "Banjir"
    assert rules.entry(intake.CATEGORY, "kembung") is None and rules.entry(intake.CHANNEL, "wa") is None
    assert rules.vocabulary.has("mrica")
    kept: list[Sequence[Value]] = [["Tab", "Isi"], *[[str(cell) for cell in row] for row in settings.to_keep]]
    gone = with_tab(without_tab(with_tab(kendali(), TERMS, own), TERMS), "Nilai Terakhir", kept)
    again = read_kendali(gone, texts())
    assert again.rules.entry(intake.CATEGORY, "banjir bandang") == "Banjir"
    assert again.rules.entry(intake.CHANNEL, "wa") is None, "who took a word out has taken it out"
    added = edit(kendali(), {TERMS: [("kebanjiran sekali", intake.CATEGORY, "Banjir")]}, {})
    noted = [row for row in read_kendali(added, texts()).to_keep if row[0] == TERMS]
    assert len(noted) == 1 and "kebanjiran sekali" in str(noted[0][1]), "thousands of shipped words are not kept twice"
    assert "kendali.tab-hilang" in [problem.code for problem in again.problems]
    fresh = read_kendali(without_tab(kendali(), TERMS), texts())
    assert fresh.rules.entry(intake.CHANNEL, "wa") == "WhatsApp" and not fresh.problems, "what is shipped, until setup"


def test_a_word_that_another_row_gives_another_sense_is_told_beside_it() -> None:
    said: list[list[Value]] = [["wkwk", "Saluran", "WhatsApp"], ["Wkwk", None, "Hotline"]]
    said += [
        ["duh", "Saluran", "Hotline", "RAGU"],
        ["duh", "Saluran", "Hotline"],
        ["duh", "Saluran", "WhatsApp", "ragu"],
    ]
    said += [["wkwk", "Saluran", "WhatsApp"], ["wkwk", "Ejaan", "waduh"]]
    settings = read_kendali(with_tab(kendali(), TERMS, [[*HEADINGS[TERMS]], *said]), texts())
    told = [(problem.code, problem.particulars["cell"]) for problem in settings.problems]
    assert told == [("kendali.baris.arti-berlawanan", "Istilah!C3"), ("kendali.baris.arti-berlawanan", "Istilah!C5")]
    assert settings.rules.entry(intake.CHANNEL, "wkwk") is settings.rules.entry(intake.CHANNEL, "duh") is None


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        *((DECISIONS, *pair) for pair in (
            ("RDP", "Rapat Dengar Pendapat"), ("r.d.p.", "Rapat Dengar Pendapat"), ("hearing", "Rapat Dengar Pendapat"),
            ("surat", "Surat ke Dinas"), ("surat ke PUPR", "Surat ke Dinas"), ("disurati", "Surat ke Dinas"),
            ("pokir", "Usulan Pokir"), ("usulan pokir 2028", "Usulan Pokir"), ("sidak lapangan", "Sidak"),
            ("ditunda dulu", "Tunda"), ("pending", "Tunda"), ("tutup aja", "Tutup"), ("kabari warga", "Jawab Warga"),
            ("sidak + surat", None), ("surat/sidak", None), ("belum disurati", None), ("tidak jadi sidak", None),
            ("rapat", None), ("RDPU", None), ("surat dari dinas", None), ("nanti saja", None), ("selesai", None),
        )),
        *((PROPOSALS, *pair) for pair in (
            ("tolak", "Ditolak"), ("ditolak Bappeda", "Ditolak"),
            ("sudah diajukan", "Diusulkan"), ("masuk APBD", "Dianggarkan"), ("batal", None),
            ("belum diusulkan", None), ("dikirim", None), ("tidak ditolak", None),
        )),
    ],
)  # fmt: skip
def test_a_decision_is_understood_as_people_call_it_and_nothing_that_may_be_two(
    column: Table, written: str, meant: str | None
) -> None:
    heading = column.by_heading["Keputusan" if column == DECISIONS else "Keadaan"]
    assert load_terms().choices(heading, heading.options).find(written) == meant
