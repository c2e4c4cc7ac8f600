"""What a digest looks like: the same in both bodies, small at any size, and harmless whatever cells hold."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from msgspec.structs import replace

from automation.cli.screen import TEMPLATES, load_texts
from automation.digests.audience import CITY, Scope
from automation.digests.morning import harian
from automation.mail import render
from automation.mail.render import LARGEST, Mail, Renderer, scope_in_words
from automation.mail.templates import Templates
from automation.mail.view import WORD_JOINER, inert, one_line, shown_path, web_link
from automation.model.complaint import Priority, Status
from automation.model.deadlines import Ladder, Level
from automation.model.disclosure import shorten
from automation.model.places import Kelurahan
from automation.model.register import Entry, Health, Register
from automation.trouble import Trouble
from tests.mail_examples import (
    CITY_RULES,
    CONTEXT,
    MAILS,
    NOTHING,
    NOW,
    PLACES,
    UNREAD,
    YESTERDAY,
    case,
    closed,
    crowd,
    due,
    erasure_of,
    late,
    mail_name,
    outage_of,
    renderer,
    repair,
    twelve,
)
from tests.meeting_examples import pack

#: The meeting pack, too, which is laid out in another way.
EVERY = [*MAILS, pytest.param("mingguan", pack, id="mingguan")]
SHARE = "https://wa.me/?text="
TICKET = re.compile(r"RR-\d{6}-\d{4,}-\d")
RENDERER = renderer()
MadeOf = Callable[[Register], object]


def rendered(register: Register, warn_days: int = 1) -> Mail:
    rules = replace(CITY_RULES, ladder=Ladder(warn_days))
    return RENDERER.render("harian", harian(register, (CITY,), YESTERDAY, NOW, rules), CONTEXT)


def of(*entries: Entry) -> Mail:
    return rendered(Register(entries, (), ()))


#: What a page says and a text need not: the heads of its tables, and where to tap.
TABLE_HEADS = frozenset(
    re.findall(r"\w+", "kasus keadaan baris dan yang perlu dibetulkan lembar kerja sebabnya ketuk nomor tiketnya")
)


def words_of(text: str) -> set[str]:
    """The words of a body, whatever their order and case; addresses left out, which a page hides behind words."""
    return set(re.findall(r"\w+", re.sub(r"https://\S+", " ", text).casefold()))


class Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._skipping = False
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skipping = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._skipping = False

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.words += data + " "


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([late(1, 2), late(2, 4), late(3, 1), case(4, issued_at=NOW)], "3 lewat tenggat, 1 baru"),
        ([due(1, 0)], "1 segera jatuh tempo"),
        ([closed(1, Status.RESOLVED)], "1 selesai"),
        ([closed(1, Status.NOT_OURS)], "1 ditutup"),
        ([case(1, present=False)], "1 baris hilang"),
    ],
)
def test_the_subject_carries_the_numbers_of_the_weightiest_news(entries: list[Entry], words: str) -> None:
    assert of(*entries).subject == f"[Ruang Rakyat] {words} – Kam 26 Nov"


def test_the_operator_reads_each_message_on_a_spreadsheet_to_its_end_where_the_cure_is() -> None:
    words = load_texts()
    where = {"workbook": "Kecamatan Cipondoh", "tab": "Gondrong", "row": 3, "columns": "No. Tiket, Pemeriksaan, Kabari"}
    problem = "\n".join(words.say(f"tab.{code}", **where) for code in ("terkunci", "judul-hilang"))
    outage = outage_of(replace(NOTHING, health=(replace(UNREAD, problem=problem),)))
    mail = RENDERER.render("operator", outage, CONTEXT)
    for body in (mail.text, Reader(mail.html).words):
        said = body.replace(WORD_JOINER, "")
        assert all(" ".join(line.split()[-8:]) in " ".join(said.split()) for line in problem.split("\n"))


def test_nothing_new_is_said_in_one_line_and_what_could_not_be_read_is_never_reported_as_quiet() -> None:
    mail = rendered(NOTHING)
    assert mail.subject == "[Ruang Rakyat] nihil, sistem berjalan – Kam 26 Nov"
    assert all("Sistem berjalan seperti biasa." in body for body in (mail.text, Reader(mail.html).words))
    mail = rendered(replace(NOTHING, health=(UNREAD, Health("Kecamatan Neglasari", None, 0, "Tidak ditemukan."))))
    assert mail.subject == "[Ruang Rakyat] 2 lembar tak terbaca utuh – Kam 26 Nov"
    for body in (mail.text, Reader(mail.html).words):
        for words in ("belum tentu lengkap", "Di lembar kerja lainnya tidak ada yang baru", "belum pernah terbaca"):
            assert words in body
        assert "Sistem berjalan" not in body
        assert "terakhir terbaca Sel 24 Nov 2026 pukul 03.30" in body
    elsewhere = replace(UNREAD, last_read=(NOW - timedelta(days=1)).astimezone(UTC))
    assert "Rab 25 Nov pukul 06.30" in rendered(replace(NOTHING, health=(elsewhere,))).text, "in the city's time"


@pytest.mark.parametrize(("kind", "made_of"), MAILS, ids=mail_name)
@pytest.mark.parametrize("register", [NOTHING, twelve(), crowd()], ids=["0", "12", "3000"])
def test_both_bodies_tell_the_same_in_the_same_order(kind: str, made_of: MadeOf, register: Register) -> None:
    mail = RENDERER.render(kind, made_of(register), CONTEXT)
    assert len(mail.html.encode()) < LARGEST
    assert len(mail.text.encode()) < LARGEST
    assert "\n" not in mail.subject and len(mail.subject) < 120
    body = mail.html[mail.html.index("<h1") :]
    assert TICKET.findall(body) == TICKET.findall(mail.text)
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", body)
    assert re.findall(r"(?m)^([A-Z, ]+ \([\d.]+\))$", mail.text) == [heading.upper() for heading in headings]
    page = words_of(Reader(mail.html[mail.html.index('<td class="isi') :]).words)
    assert page - words_of(mail.text) <= TABLE_HEADS
    assert {word for word in words_of(mail.text) - page if not word.isdecimal()} <= {"buka", "tautan", "atas"}


def test_a_morning_names_seven_cases_and_of_three_thousand_what_is_left_out_is_counted() -> None:
    told = TICKET.findall(rendered(twelve()).text.split("Bagikan")[0])
    assert len(told) == len(set(told)) == 7
    mail = rendered(crowd(3000))
    assert "1.496 lain terlambat: Rekap" in mail.text and mail.text.count("terlambat 40 hari") == 4
    assert mail.subject.startswith("[Ruang Rakyat] 1.500 lewat tenggat, 3.000 baru")


@pytest.mark.parametrize(
    ("kind", "said"), [("harian", "398 baris perlu diperbaiki"), ("koordinator", "lain perlu dibetulkan")]
)
def test_what_is_left_out_is_named_with_the_tab_where_it_stands(kind: str, said: str) -> None:
    mail = RENDERER.render(
        kind, dict(MAILS)[kind](crowd()), replace(CONTEXT, register_link="https://docs.google.com/x")
    )
    assert f"{said}: Perbaikan" in mail.text and f"{said}: Perbaikan" in mail.html
    assert "lain terlambat: Rekap" in mail.text and ">Rekap</a>" in mail.html


@pytest.mark.parametrize("kind", ["harian", "koordinator"])
@pytest.mark.parametrize("register", [twelve(), crowd()], ids=["12", "3000"])
def test_the_text_for_a_group_has_its_point_first_and_nobodys_data(kind: str, register: Register) -> None:
    mail = RENDERER.render(kind, dict(MAILS)[kind](register), CONTEXT)
    page = Reader(mail.html)
    (link,) = {href for _, attributes in page.tags if (href := attributes.get("href") or "").startswith(SHARE)}
    assert link in mail.text and len(link) < 2000
    text = unquote(link.removeprefix(SHARE))
    assert 200 < len(text) <= 1000 and "26 Nov, Kota Tangerang" in text.splitlines()[0]
    assert "lewat tenggat" in text.splitlines()[1]
    assert not [word for word in ("Nurbaya", "Ratna", "Hadi", "http", "0812") if word in text]
    assert not any(entry.summary and entry.summary in text for entry in register.entries)


def test_a_text_for_a_group_that_is_too_long_says_that_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "GROUP_LONGEST", 300)
    mail = RENDERER.render("koordinator", dict(MAILS)["koordinator"](crowd()), CONTEXT)
    text = unquote(re.findall(rf"{re.escape(SHARE)}(\S+)", mail.text)[0])
    assert text.endswith("\n…") and 200 < len(text) <= 300


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("kind", "made_of"), EVERY, ids=mail_name)
def test_the_heaviest_cells_fit_too(kind: str, made_of: MadeOf) -> None:
    heavy = {
        "summary": '"<&>\U0001f6a8' * 12500,
        "category": "<&>" * 500,
        "assignee": '"' * 50000,
        "link": "https://example.org/" + "&" * 570,
        "kelurahan": Kelurahan("36.71.09.1005", "&" * 300, '"' * 300, 3),
        "issued_at": NOW,
        "level_at": NOW,
        "present": False,
    }
    entries = tuple(late(number, number, **heavy) for number in range(1, 200))
    repairs = tuple(repair(row, check="<&>" * 5000) for row in range(200))
    register = Register(entries, repairs, (replace(UNREAD, problem="&" * 5000),) * 50)
    mail = RENDERER.render(kind, made_of(register), CONTEXT)
    assert len(mail.html.encode()) < LARGEST
    assert kind == "operator" or TICKET.search(mail.html)


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style></td></table><h1>palsu</h1>",
    "{{ 7*7 }}{% raw %}",
    '"><a href="https://jahat.example">klik</a>',
    "=IMPORTDATA(1)\r\nBcc: jahat@example.com",
    "\u202ekilabret\x00\x1b[31m",
    "مرحبا بالعالم 🙂",
)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("kind", "made_of"), EVERY, ids=mail_name)
@pytest.mark.parametrize("nasty", HOSTILE)
def test_nothing_in_any_field_becomes_markup_a_link_or_a_template(kind: str, made_of: MadeOf, nasty: str) -> None:
    place = Kelurahan("36.71.09.1005", nasty, nasty, 3)
    words = {"ticket": nasty, "kelurahan": place, "category": nasty, "assignee": nasty, "summary": nasty}
    entry = late(1, 3, lateness=nasty, told=nasty, link=nasty, source=nasty, **words)
    entries = (entry, replace(entry, days_late=0, days_left=1, issued_at=NOW))
    rows = (repair(check=nasty, kelurahan=nasty, kecamatan=nasty, link=nasty),)
    mail = RENDERER.render(kind, made_of(Register(entries, rows, (Health(nasty, None, 0, nasty),))), CONTEXT)
    plain = Reader(RENDERER.render(kind, made_of(twelve()), CONTEXT).html)
    page = Reader(mail.html)
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in plain.tags}
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert all(re.fullmatch(r"https://wa\.me/\?text=[\w%.~/-]+", link) for link in links)
    assert "\r" not in mail.text + mail.subject
    assert "\n" not in mail.subject
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", mail.text + mail.html)
    assert "49" not in page.words.replace("2649", "")


@pytest.mark.parametrize(
    "text", ["lihat jalan-rusak.com/x", "https://jahat.example", "tulis ke a@b.id", "tel:112233", "C:\\tmp\\x.exe"]
)
def test_text_that_looks_like_an_address_is_broken_for_machines_and_whole_for_people(text: str) -> None:
    told = inert(text)
    assert told.replace(WORD_JOINER, "") == text
    assert not re.search(r"\w[.@:/\\]\w", told) and WORD_JOINER in told
    assert not re.search(r"\d{4}", inert("hubungi 5521 7788 atau 55217788")), "digits that look like a phone number"
    assert "RR-260905-0002-2" in of(late(2, 1, link="")).text
    asked = RENDERER.render("operator", erasure_of(NOTHING), CONTEXT)
    for part in (asked.subject, asked.text, asked.html):
        assert "RR-260504-0001-3" in part, "to be looked for"


def test_of_a_sensitive_case_only_number_place_and_age_are_told() -> None:
    secret = {"category": "Kesehatan Jiwa", "summary": "anak saya sakit", "assignee": "Dokter Ani", "sensitive": True}
    mail = of(late(1, 3, priority=Priority.EMERGENCY, status=Status.FORWARDED, told="ya", **secret))
    for body in (mail.text, mail.html):
        assert "RR-260902-0001-1" in body
        assert "Jatiuwung" in body
        assert "terlambat 3 hari kerja" in body
        for word in ("Kesehatan", "sakit", "Dokter", "Darurat", "DARURAT", "Diteruskan"):
            assert word not in body


def test_a_case_links_to_its_row_only_over_https_and_a_row_in_a_local_workbook_is_named() -> None:
    def links(mail: Mail) -> list[str | None]:
        found = [attributes["href"] for tag, attributes in Reader(mail.html).tags if tag == "a"]
        return [link for link in found if not (link or "").startswith(SHARE)]

    assert links(of(late(1, 3))) == [late(1, 3).link]
    path = "/home/posko/" + "folder panjang/" * 9 + "Cibodas.xlsx#'Cibodas Sari'!A12"
    for address in (
        "javascript:alert(1)",
        "http://example.org/x",
        "data:text/html,x",
        "https://a@jahat.example/",
        path,
    ):
        mail = of(late(1, 3, link=address))
        assert links(mail) == []
        assert address not in mail.text
    for body in (mail.text, Reader(mail.html).words):
        assert "Cibodas.xlsx › Cibodas Sari › A12" in body.replace(WORD_JOINER, "")
    assert web_link(path) == "" and len(shown_path(path).replace(WORD_JOINER, "")) <= 90


def test_words_are_cut_between_words_and_one_long_word_wherever_it_must() -> None:
    assert shorten("lampu jalan mati semua", 18) == "lampu jalan mati…"
    assert shorten("a" * 50, 10) == "a" * 9 + "…"
    assert one_line(" a\r\nb\u2028c\u200b\u00a0 d\ud800 ") == "a b c d"
    scopes = (Scope(dapil=2), Scope(kecamatan="Benda"), Scope(kelurahan="36.71.09.1002"))
    names = {place.code: place.name for place in PLACES}
    assert scope_in_words(scopes, load_texts(), names) == "Dapil 2, Kecamatan Benda, Kelurahan Jatiuwung"
    assert scope_in_words((CITY,), load_texts(), {}) == "Kota Tangerang"


def test_the_page_is_made_as_mail_clients_need_it() -> None:
    mail = rendered(twelve())
    page = Reader(mail.html)
    assert ("html", {"lang": "id"}) in page.tags
    assert {"img", "script", "link", "iframe", "form"}.isdisjoint(tag for tag, _ in page.tags)
    assert "url(" not in mail.html
    assert "@media (prefers-color-scheme: dark)" in mail.html
    metas = {attributes.get("name"): attributes.get("content") for tag, attributes in page.tags if tag == "meta"}
    assert metas["color-scheme"] == "light dark"
    assert "telephone=no" in (metas["format-detection"] or "")
    outage = Reader(RENDERER.render("operator", dict(MAILS[4:])["operator"](twelve()), CONTEXT).html)
    for told, data_tables in ((page, 0), (outage, 1)):
        assert all(attributes.get("scope") == "col" for tag, attributes in told.tags if tag == "th")
        tables = [attributes for tag, attributes in told.tags if tag == "table"]
        assert sum(attributes.get("role") != "presentation" for attributes in tables) == data_tables


def test_it_is_said_to_whom_an_overdue_case_has_gone_up_and_how_many_residents_stand_behind_it() -> None:
    words = {2: "naik ke koordinator", 3: "naik ke fraksi", 6: "naik ke ketua"}
    for days, said in words.items():
        mail = of(late(1, days, sensitive=days == 3, residents=12))
        for body in (mail.text, Reader(mail.html).words):
            assert said in body and f"baru {said}" not in body
            assert ("Lampu Jalan · 12 warga: " in body) == (re.search(r"\d warga", body) is not None) == (days != 3)
    for entry in (closed(1, Status.RESOLVED, level=Level.CHAIR), due(2, 1, level=Level.CHAIR), late(1, 2, residents=1)):
        assert not re.search(r"naik ke (ketua|fraksi)|\d warga", of(entry).text), "overdue no more, or alone"
    # What has newly gone up stands first.
    mail = of(late(1, 6, level_at=NOW), late(2, 9))
    for body in (mail.text, Reader(mail.html).words.split("Yth.")[1]):
        assert TICKET.findall(body)[:2] == [late(1, 6).ticket, late(2, 9).ticket]
        assert body.index("baru naik ke ketua, terlambat 6") < body.index(": naik ke ketua, terlambat 9")


def test_the_preheader_names_the_worst_case_and_the_numbers() -> None:
    words = Reader(rendered(twelve()).html).words
    preheader = words[: words.index("Kamis, 26 November 2026")]
    assert "RR-260106-0004-4, Sukasari · Air Bersih: darurat, jatuh tempo hari ini." in preheader
    assert "3 lewat tenggat (+1), 2 segera jatuh tempo (+1), 8 masih terbuka (−1)." in preheader


@pytest.mark.parametrize(("kind", "made_of"), EVERY, ids=mail_name)
def test_who_sent_it_how_to_stop_and_what_is_masked_stand_at_the_end(kind: str, made_of: MadeOf) -> None:
    mail = RENDERER.render(kind, made_of(twelve()), CONTEXT)
    for body in (mail.text, Reader(mail.html).words):
        end = body[-500:]
        for words in ("Rumah Aspirasi Tangerang", "aspirasi@example.org", "berhenti", "disembunyikan"):
            assert words in end


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (b"{{ digest.lewat }}", ["harian/isi.txt", "lewat"]),
        (b"{% if %}", ["harian/isi.txt", "baris 1"]),
        (b"{{ digest.picks.count + 'x' }}", ["harian/isi.txt"]),
        ("Kabar – hari ini".encode("cp1252"), ["harian/isi.txt", "UTF-8"]),
    ],
    ids=["an unknown name", "a broken tag", "what can't be added", "another encoding"],
)
def test_a_template_that_was_damaged_by_an_edit_is_named(tmp_path: Path, damage: bytes, said: list[str]) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    (tmp_path / "templates" / "harian" / "isi.txt").write_bytes(damage)
    digest = harian(NOTHING, (CITY,), YESTERDAY, NOW, CITY_RULES)
    with pytest.raises(Trouble) as caught:
        Renderer(Templates(tmp_path / "templates", load_texts())).render("harian", digest, CONTEXT)
    words = load_texts().say(caught.value.code, **caught.value.particulars)
    assert all(part in words for part in said)


def test_everything_about_mails_can_be_said() -> None:
    texts = load_texts()
    dates = "hari tanggal bulan tahun jam menit saat"
    names = "nomor nama kelurahan kecamatan tempat jenis host port reason answer folder file line banyak entry shipped"
    decided = "instansi kategori warga putusan berkas"
    particulars = dict.fromkeys(f"{dates} {names} {decided}".split(), "x")
    for key in filter(re.compile(r"surat\.").match, texts.entries):
        assert texts.say(key, **particulars)
