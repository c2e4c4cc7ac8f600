"""Digests in a real browser: no horizontal scrolling on a small phone, and every word readable, by day and by night."""

import html
import json
import re
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from msgspec.structs import replace

from automation.cli.screen import TEMPLATES, load_texts
from automation.digests.mingguan import reses
from automation.mail.paper import TEMPLATE, Slip, spoken
from automation.mail.render import Mail
from automation.mail.templates import Templates
from automation.model.complaint import Channel
from automation.model.register import Health, Register
from tests.mail_examples import (
    CONTEXT,
    MAILS,
    NOTHING,
    NOW,
    TODAY,
    UNREAD,
    WELL,
    crowd,
    late,
    mail_name,
    renderer,
    repair,
    twelve,
)
from tests.meeting_examples import changed, city_rules, large, packed, small, with_decisions
from tests.programs import CHROMIUM, run_program

PDFTOTEXT = shutil.which("pdftotext")
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3

#: Measures the mail in the frame: its overflow, and the worst contrast of a text with what lies behind it.
MEASURE = """
function colour(text) { return text.match(/[\\d.]+/g).map(Number); }
function light(parts) {
  const [r, g, b] = parts.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function behind(element, view) {
  for (; element; element = element.parentElement) {
    const parts = colour(view.getComputedStyle(element).backgroundColor);
    if (parts.length < 4 || parts[3] > 0) return parts;
  }
  return [255, 255, 255];
}
function measure(view) {
  const page = view.document;
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  let worst = 99, words = "", texts = 0, smallest = 99, tightest = 99;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = view.getComputedStyle(element);
    if (!walker.currentNode.data.trim() || element.closest('[style*="display:none"]')) continue;
    const one = light(colour(style.color)), other = light(behind(element, view));
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    texts += 1;
    const size = parseFloat(style.fontSize);
    smallest = Math.min(smallest, size);
    if (size < 22) tightest = Math.min(tightest, parseFloat(style.lineHeight) / size);
    if (contrast < worst) { worst = contrast; words = walker.currentNode.data.trim().slice(0, 40); }
  }
  const root = page.documentElement;
  const overflow = root.scrollWidth - root.clientWidth, paper = behind(page.querySelector("h1"), view);
  return {overflow, contrast: worst, words, texts, paper, height: root.scrollHeight, smallest, tightest};
}
onload = () => {
  const told = document.createElement("pre");
  told.id = "hasil";
  told.textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(f => measure(f.contentWindow)));
  document.body.replaceChildren(told);
};
"""


def measured(
    folder: Path, mails: Mapping[str, Mail], *, dark: bool, width: int = 360, height: int = 800
) -> dict[str, dict[str, Any]]:
    """What the browser finds in each mail on a screen of this width. All are looked at in one go: starting a browser
    takes longer than looking."""
    frame = '<iframe srcdoc="{}" style="border:0;width:{}px;height:{}px"></iframe>'
    frames = "".join(frame.format(html.escape(mail.html), width, height) for mail in mails.values())
    page = folder / "surat.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><script>{MEASURE}</script>{frames}", "utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    dom = browse(folder, scheme, "--virtual-time-budget=5000", "--dump-dom", page.as_uri())
    found = re.search(r'<pre id="hasil">(.*?)</pre>', dom, re.DOTALL)
    assert found, dom[-500:]
    return dict(zip(mails, json.loads(html.unescape(found[1])), strict=True))


def all_mails(**registers: Register) -> dict[str, Mail]:
    """Every kind of mail about each of these registers."""
    make = renderer().render
    return {
        f"{mail_name(made_of)} {name}": make(kind, made_of(register), CONTEXT)
        for kind, made_of in MAILS
        for name, register in registers.items()
    }


def browse(folder: Path, *options: str) -> str:
    quiet = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    quiet += " --disable-component-update --disable-sync --hide-scrollbars"
    return run_program(str(CHROMIUM), *quiet.split(), f"--user-data-dir={folder / 'profil'}", *options)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("width", [360, 600])
def test_every_mail_fits_its_screen_and_every_word_is_readable(tmp_path: Path, width: int, dark: bool) -> None:
    mails = all_mails(nothing=NOTHING, twelve=twelve(), crowd=crowd())
    mails |= {
        f"mingguan {name}": packed(register)
        for name, register in (("nothing", NOTHING), ("small", small()), ("large", large()))
    }
    for name, result in measured(tmp_path, mails, dark=dark, width=width).items():
        assert result["overflow"] <= 0, name
        assert result["contrast"] >= LEAST_CONTRAST, (name, result["words"])
        assert result["texts"] > 5, name
        assert result["paper"] == ([30, 35, 41] if dark else [255, 255, 255]), "the asked scheme was not the one shown"


@pytest.mark.browser
def test_a_morning_of_a_thousand_open_cases_is_one_screen(tmp_path: Path) -> None:
    busy = replace(crowd(1500), health=())
    assert sum(not entry.status.closed for entry in busy.entries) == 1000
    decided = with_decisions(replace(large(2400, open_share=0.35), health=()), 60)
    lacking = "Tinggal dilengkapi – Uraian (contoh: Lampu jalan depan masjid mati sejak Senin); Kategori (dari daftar) "
    blank = tuple(repair(row, check=lacking * 3) for row in range(4, 400))
    unread = replace(busy, health=crowd(1).health)
    mails = all_mails(crowd=busy, twelve=twelve(), decided=decided, blank=Register((), blank, ()), unread=unread)
    mails = {name: mails[name] for name in mails if name.startswith(("harian", "koordinator"))}
    for name, result in measured(tmp_path, mails, dark=False, height=100).items():
        assert result["height"] <= 1400 and result["smallest"] >= 15 and result["tightest"] >= 1.349, (name, result)


@pytest.mark.browser
def test_a_word_without_end_does_not_widen_a_mail(tmp_path: Path) -> None:
    long = {"summary": "a" * 500, "category": "b" * 90, "assignee": "c" * 90, "link": "/" + "d" * 300}
    register = Register((late(1, 3, **long),), (), (Health("e" * 90, None, 0, "f" * 300),))
    entries = tuple(changed(entry, **long) for entry in small().entries)
    mails = all_mails(long=register) | {"mingguan": packed(Register(entries, (), ()))}
    for name, result in measured(tmp_path, mails, dark=False).items():
        assert result["overflow"] <= 0, name


@pytest.mark.browser
@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext to look at prints with")
@pytest.mark.parametrize("cases", [0, 12, 2400])
def test_the_pack_of_a_city_is_four_sheets_of_paper_and_no_case_is_cut_between_two(tmp_path: Path, cases: int) -> None:
    city = with_decisions(replace(large(cases, open_share=0.35), health=(WELL,)), 60)
    register = {0: NOTHING, 12: small()}.get(cases, city)
    if cases > 12:
        assert 950 < sum(not entry.status.closed for entry in register.entries) < 1050
    mail = packed(register)
    pages = printed(mail.html, tmp_path)
    assert len(pages) <= 4
    for page in pages:
        lines = page.strip().splitlines()
        starts = [number for number, line in enumerate(lines) if re.match(r" *(\d+\. RR-|K26\d\d-)", line)]
        assert not starts or starts[-1] < len(lines) - 1, "the last line of a page begins a case"
        heading = r" *(Komisi|Diputuskan|Untuk|Surat ke|Layanan|Masuk dan|Umur|Kasus terbuka|Tenggat|Cakupan).*[a-z)]$"
        assert not re.match(heading, lines[-1]), "a heading ends a page"
    if cases > 12:
        paper = mail.html.replace("@media print", "@media screen")
        (found,) = measured(tmp_path, {"pack": replace(mail, html=paper)}, dark=False, width=690).values()
        assert found["smallest"] >= 12 and found["tightest"] >= 1.349, "9 points are 12 pixels"


@pytest.mark.browser
@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext to look at prints with")
@pytest.mark.parametrize("health", [(), (UNREAD,) * 13], ids=["well", "unread"])
@pytest.mark.parametrize("dapil", [1, 4])
def test_the_report_of_a_reses_is_one_sheet_of_paper(tmp_path: Path, dapil: int, health: tuple[Health, ...]) -> None:
    city = with_decisions(replace(large(2400, open_share=0.35), health=health), 60)
    city = replace(city, entries=tuple(replace(entry, channel=Channel.RESES) for entry in city.entries))
    told = reses(city, dapil, TODAY - timedelta(days=60), TODAY, NOW, city_rules().places)
    assert len(told.spots) > (20 if dapil == 1 else 10) and told.total > 200
    (page,) = printed(renderer().render("reses", told, CONTEXT).html, tmp_path)
    assert "lagi di Rekap" in page and ("tidak terbaca" in page) == bool(health)


@pytest.mark.browser
@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext is not installed")
def test_a_receipt_with_all_its_facts_is_printed_to_its_last_word_on_one_page(tmp_path: Path) -> None:
    office = "Gedung Fraksi Lantai 3, Jl. Satria Sudirman No. 1 (samping Masjid Raya Al-Azhom) Kelurahan Sukaasih"
    days = (
        "Diterima",
        "Kelurahan",
        "Tentang",
        "Langkah berikutnya",
        "Kami usahakan ada hasil paling lambat",
        "Telepon",
    )
    facts = (
        *((label, "Minggu, 29 November 2026") for label in days),
        ("Alamat kami", office + ", 15111 Kota Tangerang"),
    )
    named, texts = "Ruang Rakyat Fraksi Amanah Demokrasi Kota Tangerang", load_texts()
    words = (texts.say("slip.bertanya-surel", surel="pengaduan.ruangrakyat@fraksi.example"), "Terima kasih.")
    slip = Slip("x", "RR-260504-0013-0", named, "Tanda", "Nomor", spoken("RR-260504-0013-0", texts), facts, *words)
    (page,) = printed(Templates(TEMPLATES, texts).fill(TEMPLATE, {"slip": slip}), tmp_path)
    said = " ".join(page.split())
    assert "Silakan bertanya kapan saja." in said and "15111 Kota Tangerang" in said


def printed(page_of: str, folder: Path) -> list[str]:
    assert PDFTOTEXT is not None
    page, paper = folder / "surat.html", folder / "surat.pdf"
    page.write_text(page_of, "utf-8")
    browse(folder, "--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
    return run_program(PDFTOTEXT, "-layout", paper, "-").split("\f")[:-1]


@pytest.mark.parametrize("scheme", ["terang", "gelap"])
def test_every_text_colour_is_readable_on_every_ground(scheme: str) -> None:
    tokens = getattr(Environment(loader=FileSystemLoader(TEMPLATES)).get_template("_bagian/gaya.html").module, scheme)
    for name, text in tokens["tulisan"].items():
        for ground_name, ground in tokens["dasar"].items():
            assert contrast(text, ground) >= LEAST_CONTRAST, f"{name} on {ground_name}"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours such as ``#1f2933``: 1 to 21 (WCAG 2.2, relative luminance)."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
