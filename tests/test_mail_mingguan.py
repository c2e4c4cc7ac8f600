"""What the meeting pack looks like: a meeting can be run from either body, and from the print."""

import re
from functools import cache

import pytest
from msgspec.structs import replace

from automation.digests.audience import Scope
from automation.mail.render import LARGEST, Mail
from automation.mail.view import WORD_JOINER, View
from automation.model.complaint import Priority, Status
from automation.model.register import Entry, Register
from tests.mail_examples import CONTEXT, NOTHING, UNREAD, WELL, renderer
from tests.meeting_examples import CITY_PLACES, SECRET, changed, large, lived, pack, packed, small, with_decisions
from tests.test_mail_render import TICKET, Reader
from tests.town import WORDS

S = Status
SIZES = pytest.mark.parametrize("size", [0, 12, 300, 3000])
GONDRONG = next(place for place in CITY_PLACES if place.name == "Gondrong")


@cache
def register_of(size: int) -> Register:
    return {0: lambda: NOTHING, 12: small}.get(size, lambda: large(size))()


@cache
def mail_of(size: int) -> Mail:
    return packed(register_of(size))


def of(*entries: Entry) -> Mail:
    return packed(Register(entries, (), (WELL,)))


def bodies(mail: Mail) -> tuple[str, str]:
    """The words of both bodies, from the heading on, without what is only there to be looked at."""
    page = mail.html[mail.html.index("<h1") :]
    return " ".join(mail.text.split()), Reader(page).words


def crowd(count: int, **changes: object) -> tuple[Entry, ...]:
    said = {"kelurahan": GONDRONG, "category": "Banjir", "together": lambda _: "crowd"} | changes
    return tuple(lived(number, number / 2, (0.1, S.VERIFIED), **said) for number in range(1, count + 1))


@SIZES
def test_both_bodies_tell_the_same_cases_and_numbers_in_the_same_order_and_words(size: int) -> None:
    """So no figure, date, bar or count stands in one of them only. Only lists are numbered differently."""
    text, page = bodies(mail_of(size))
    assert TICKET.findall(page) == TICKET.findall(text)
    text, page = (re.sub(r"https\S+", "", body[body.index("Kurun ini") :]) for body in (text, page))
    numbers, same = (re.findall(r"\d[\d.]*", re.sub(r"\b\d+\. ", "", body)) for body in (text, page))
    assert numbers == same and len(numbers) > 40
    words, alike = (set(re.findall(r"[^\W\d_]+", body.casefold())) for body in (text, page))
    assert not words ^ alike


@SIZES
def test_both_bodies_have_the_same_headings(size: int) -> None:
    mail = mail_of(size)
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", mail.html)
    underlined = re.findall(r"(?m)^(.+)\n-{50}$", mail.text)
    assert underlined == [heading.upper() for heading in headings]
    assert all(heading in mail.text for heading in re.findall(r"<h[34][^>]*>([^<]*)</h[34]>", mail.html))


@SIZES
def test_every_point_of_the_agenda_names_its_row_and_the_pack_is_shown_whole(size: int) -> None:
    mail = mail_of(size)
    points = re.findall(r"(?m)^\d+\. .*RR-", mail.text.split("LAYANAN DALAM ANGKA")[0])
    assert len(points) == len(re.findall(r"· K2648-[\d-]+$", mail.text, re.MULTILINE)) == min(15, len(points))
    assert max(len(mail.html.encode()), len(mail.text.encode())) < LARGEST


def test_what_is_not_listed_is_counted_and_where_it_stands_is_told() -> None:
    told, mail = pack(register_of(3000)), mail_of(3000)
    section = mail.text.split("UNTUK DIPUTUSKAN")[1].split("YANG BERUBAH")[0]
    assert "perkara lain" in section and "ada di Rekap, menurut komisi:" in section
    cases = sum(int(count.replace(".", "")) for count in re.findall(r"(?m)^- .*laporan ([\d.]+), terlambat", section))
    assert cases + sum(matter.cases for matter in told.agenda) == told.open_cases
    for body in bodies(packed(with_decisions(register_of(3000), 60))):
        assert "lagi, lihat tab Keputusan" in body and "belum jalan (47)" in body.casefold()


def test_the_subject_carries_the_numbers() -> None:
    assert packed(NOTHING).subject == "[Ruang Rakyat] Bahan rapat: nihil – Kam 26 Nov"
    mail = of(lived(1, 30, (1, S.VERIFIED)), lived(2, 30, (28, S.RESOLVED)), lived(3, 1))
    assert mail.subject == "[Ruang Rakyat] Bahan rapat: 1 lewat tenggat, 1 baru, 1 selesai – Kam 26 Nov"


def test_a_crowd_is_one_point_with_its_residents_and_all_its_tickets() -> None:
    entries = crowd(12)
    for body in bodies(of(*entries)):
        agenda = body[body.upper().index("UNTUK DIPUTUSKAN (1)") : body.upper().index("YANG BERUBAH")]
        assert "Perkara bersama: 12 warga, 12 laporan" in agenda
        assert sorted(TICKET.findall(agenda)) == sorted(entry.ticket for entry in entries)


def test_of_a_sensitive_case_only_number_place_and_age_are_told() -> None:
    steps = ((1, S.VERIFIED), (28, S.FORWARDED))
    secret = lived(1, 30, *steps, category=SECRET, priority=Priority.EMERGENCY, assignee="Dokter Ani")
    again = lived(2, 30, (5, S.RESOLVED), (28, S.IN_PROGRESS), category="Perempuan & Anak", assignee="Ibu Sri")
    done = lived(3, 30, (28, S.RESOLVED), category=SECRET)
    others = crowd(4, category=SECRET)
    mail = of(secret, again, done, *others)
    for body in bodies(mail):
        assert secret.ticket in body
        assert secret.kelurahan.name in body
        assert "Perkara bersama" not in body, "what cases have in common would tell what they are about"
        for word in ("Kesehatan", "BPJS", "Anak", "Ani", "Sri", "DARURAT", "Diteruskan", "Ditindaklanjuti", "Komisi"):
            assert word not in body, word


def test_a_case_long_overdue_says_to_whom_it_went_up_and_a_parent_how_many_residents_are_behind_it() -> None:
    parent = changed(lived(1, 30, (1, S.VERIFIED), category="Banjir"), residents=12)
    child = changed(lived(2, 3, category="Penerangan Jalan"), parent=parent.ticket)
    for body in bodies(of(parent, child)):
        assert "hari kerja, naik ke ketua" in body
        assert "Perkara bersama: 12 warga, 2 laporan · " in body
        assert f"Juga: {child.ticket}" in body


def test_who_coordinates_a_place_stands_nowhere() -> None:
    place = replace(GONDRONG, coordinator="Ibu Zubaidah", coordinator_email="zubaidah@example.org")
    assert View(WORDS, 5).of(place) == "Gondrong, Kec. Cipondoh"
    mail = of(*crowd(4, kelurahan=place))
    for body in (mail.text, mail.html):
        assert "zubaidah" not in body.replace(WORD_JOINER, "").casefold()


def test_what_could_not_be_read_or_was_not_recorded_is_named_with_since_when() -> None:
    for body in bodies(packed(Register((), (), (WELL, UNREAD)))):
        assert "1 lembar kerja tidak terbaca" in body
        assert "terakhir terbaca Sel 24 Nov 2026 pukul 03.30" in body
        assert "Tidak ada yang berubah di lembar kerja yang terbaca." in body
        assert "mungkin hanya belum terbaca" in body
    for body in bodies(of(lived(1, 8))):
        assert "Kurun sebelumnya belum tercatat penuh" in body and "Kam 12 Nov" not in body
    for body in bodies(of(lived(1, 2))):
        assert "Pencatatan baru dimulai dalam kurun ini" in body


def test_too_few_cases_are_said_instead_of_a_figure() -> None:
    few = [lived(number, 30, (26, S.RESOLVED)) for number in range(1, 4)]
    for body in bodies(of(*few)):
        assert "terlalu sedikit (3 kasus)" in body
        assert "terlalu sedikit (0 dari 3 kasus)" in body
        assert "persen (" not in body
    enough = [lived(number, 8, (5, S.RESOLVED), category="Banjir") for number in range(1, 11)]
    for body in bodies(of(*enough)):
        assert "4 hari kerja (10 kasus)" in body
        assert "100 persen (10 dari 10 kasus)" in body


def test_the_law_stands_beside_our_promise_and_names_what_it_has_passed() -> None:
    old, waiting = lived(1, 90, (1, S.VERIFIED)), lived(2, 5, category="Banjir")
    for body in bodies(of(old, waiting)):
        assert "Janji kita: ada hasilnya dalam 6 hari kerja" in body
        assert "verifikasi 3 hari kerja, jawaban 14 hari kerja, atau 60 hari kerja" in body
        law = body[body.upper().index("TENGGAT MENURUT PERATURAN") :]
        assert TICKET.findall(law) == [waiting.ticket, old.ticket] and "1 belum dijawab, lewat 60 hari kerja" in law


def test_a_silent_kelurahan_is_named() -> None:
    silent = lived(1, 400, (1, S.RESOLVED), kelurahan=GONDRONG)
    for body in bodies(of(silent)):
        assert re.search(r"Kecamatan Cipondoh: 0 terbuka, 0 baru · diam: [\w ,]*Gondrong[\w ,]*Petir", body)
        assert "104 diam, 103 di antaranya belum pernah mengirim laporan" in body


def test_a_day_of_another_year_is_told_with_its_year() -> None:
    for body in bodies(of(lived(1, 400, (1, S.VERIFIED)), lived(2, 40, (1, S.VERIFIED)))):
        assert "masuk 22 Okt 2025, 3" in body and "masuk 17 Okt, 34 hari kerja" in body
    mail = packed(small(), scopes=(Scope(kelurahan=GONDRONG.code),))
    assert "Untuk diputuskan (" in mail.html and "Cakupan kelurahan (1)" in mail.html, (
        "who looks after one gets a pack of it"
    )


def test_the_page_is_made_as_mail_clients_and_printers_need_it() -> None:
    html = mail_of(12).html
    page = Reader(html)
    assert {"img", "script", "link", "iframe", "form"}.isdisjoint(tag for tag, _ in page.tags)
    assert all(attributes.get("scope") in {"col", "row", "rowgroup"} for tag, attributes in page.tags if tag == "th")
    tables = [attributes.get("role") for tag, attributes in page.tags if tag == "table"]
    assert len(tables) - tables.count("presentation") == sum(tag == "thead" for tag, _ in page.tags)
    style = html[html.index("@media print") : html.index("</style>")]
    assert "@page { size: A4;" in html and re.search(r"\.utuh \{ break-inside: avoid", style)
    assert html.index("prefers-color-scheme: dark") < html.index("@media print"), "the print is light by night, too"


def test_a_bar_is_as_long_as_its_number_and_printed_without_a_background() -> None:
    counts = {"Banjir": 10, "Pendidikan": 4, "Air Bersih": 1}
    numbers = iter(range(1, 99))
    entries = [lived(next(numbers), 30, category=name) for name, count in counts.items() for _ in range(count)]
    mail = of(*entries)
    chart = mail.html.split("menurut kategori</h2>")[1].split("<h2")[0]
    bars = re.findall(r">(\d+)\n<span class=\"tautan\" style=\"display:inline-block;width:(\d+)%", chart)
    assert bars == [("10", "70"), ("4", "28"), ("1", "7")]
    assert "border-top:9px solid" in chart
    assert "background" not in chart


def test_a_row_in_a_local_workbook_is_named_not_linked() -> None:
    mail = of(replace(lived(1, 3), link="/home/posko/Cipondoh.xlsx#'Gondrong'!A12"))
    assert not [tag for tag, _ in Reader(mail.html).tags if tag == "a"]
    for body in bodies(mail):
        assert "Cipondoh.xlsx › Gondrong › A12" in body.replace(WORD_JOINER, "")


def test_one_digest_is_fitted_once_and_comes_out_the_same_for_everybody() -> None:
    digest, maker = pack(register_of(300)), renderer()
    first = maker.render("mingguan", digest, CONTEXT)
    assert maker.render("mingguan", digest, CONTEXT) == first == renderer().render("mingguan", digest, CONTEXT)
    longer = maker.render("mingguan", digest, replace(CONTEXT, organisation='"' * 120, scope="&" * 200))
    assert len(longer.html.encode()) < LARGEST
