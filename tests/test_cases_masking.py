"""Keeping personal data out of mails."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from automation.model.masking import has_nik, mask_phone, mask_text, shorten, summary

SEPARATORS = ["", " ", "-", ".", " - ", "\u2011"]
prose = st.text(
    st.characters(codec="utf-8", exclude_categories=["Nd", "Cs", "Cc"], exclude_characters="@"), max_size=30
)


@st.composite
def phones(draw: st.DrawFn) -> tuple[str, str]:
    """A telephone number as somebody might write it, and its national digits."""
    area, least, most = draw(st.sampled_from([("8", 8, 11), ("21", 7, 8), ("254", 6, 7)]))
    national = area + draw(st.from_regex(rf"[1-9][0-9]{{{least - 1},{most - 1}}}", fullmatch=True))
    prefix = draw(st.sampled_from(["0", "+62", "+62 ", "62", "62-", "0062", "+62 0", "(0"]))
    mark = draw(st.sampled_from(SEPARATORS))
    size = draw(st.sampled_from([3, 4]))
    groups = [national[n : n + size] for n in range(0, len(national), size)]
    if prefix == "(0":
        return f"(0{groups[0]}) {mark.join(groups[1:])}", national
    return prefix + mark.join(groups), national


@given(before=prose, after=prose, phone=phones())
def test_no_planted_phone_can_be_read_off_the_text(before: str, after: str, phone: tuple[str, str]) -> None:
    written, national = phone
    masked = mask_text(f"{before} {written} {after}")
    assert "••••" in masked
    left = "".join(re.findall("[0-9]", masked))
    assert national not in left
    assert not re.search(r"[0-9](?:[ ().\-]?[0-9]){6}", masked)


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once_and_text_without_digits_and_at_signs_stays(text: str) -> None:
    assert mask_text(mask_text(text)) == mask_text(text)
    plain = re.sub(r"[0-9@]", "", text)
    assert mask_text(plain) == plain


@given(
    before=prose,
    after=prose,
    nik=st.from_regex(r"3[1-6][0-9]{14}", fullmatch=True),
    mark=st.sampled_from(["", " ", ".", "-"]),
)
def test_a_nik_in_fours_or_in_one_piece_is_found_and_hidden_whole(before: str, after: str, nik: str, mark: str) -> None:
    written = mark.join(nik[n : n + 4] for n in range(0, 16, 4))
    text = f"{before} {written} {after}"
    assert has_nik(text)
    assert not re.search("[0-9]", mask_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "NIK 3671051203850001",
        "NIK:3671051203850001.",
        "3671-0512-0385-0001",
        "36.71.05.120385.0001",
        "36 71 05 52 03 85 0001",
        "Jl. Mawar 5 367105 120385 0001",
    ],
)
def test_a_nik_is_found_as_people_write_it(text: str) -> None:
    assert has_nik(text)
    assert not re.search("[0-9]{2}", mask_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890 0857-1234-5678",
        "081234567890/085712345678",
        "+62 812 3456 7890 1234",
        "367105120385000",
        "36710512038500012",
        "tgl 24/11/2026 0812-3456-7890",
        "tahun 2026 0812 3456 7890",
        "0812 3456 7890 1234 5678",
        "RR-260503-0042-5",
        "",
    ],
)
def test_other_long_numbers_are_not_called_a_nik(text: str) -> None:
    assert not has_nik(text)


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("081234567890", "0812••••7890"),
        ("0812-3456-7890", "0812••••7890"),
        ("+62 812-3456-7890", "0812••••7890"),
        ("+62 0812-3456-7890", "0812••••7890"),
        ("0062 812 3456 7890", "0812••••7890"),
        ("81234567890", "0812••••7890"),
        ("0812345678", "081••••678"),
        ("0812345678901", "0812••••8901"),
        ("(021) 5512345", "021••••345"),
        ("5512345", "55••••5"),
        ("+6581234567", "+658••••567"),
        ("112", "••••"),
        ("", "••••"),
    ],
)
def test_a_phone_keeps_its_ends_and_hides_four_digits_at_least(written: str, masked: str) -> None:
    assert mask_phone(written) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hubungi 0812-3456-7890, siang", "hubungi 0812••••7890, siang"),
        ("(021) 5512345 atau 5512345", "021••••345 atau 55••••5"),
        ("telp 5512-345/081234567890", "telp 55••••5/0812••••7890"),
        ("081234567890 085712345678", "•••••••••••• ••••••••••••"),
        ("surel siti.aminah+1@contoh.co.id.", "surel s•••@•••."),
        ("pelanggan 541234567890", "pelanggan 5412••••7890"),
        ("RR-260503-0042-5 0812-3456-7890", "RR-260503-0042-5 0812••••7890"),
        ("tgl 24/11/2026 0812-3456-7890", "tgl 24/11/2026 0812••••7890"),
        ("ganti 1.500.000, telp 0812.3456.7890", "ganti 1.500.000, telp 0812••••7890"),
        ("08.12.2034.5678", "0812••••5678"),
        ("62.812.345.678", "081••••678"),
    ],
)
def test_personal_data_in_a_sentence_is_masked_and_the_rest_stays(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "RR-260503-0042-7",
        "rr-260503-12345-7",
        "Rp1.500.000",
        "Rp 1500000",
        "Rp. 25.000.000,-",
        "1.500.000 dan 850.000.000",
        "1500000 rupiah",
        "24/11/2026 dan 24-11-2026 14.30",
        "2026-11-24",
        "tahun 2024-2025 dan 2023/2024",
        "Jl. Mawar 3 No. 12 RT 003/007 15148",
        "RT 003 007 15148",
        "pukul 08.00-12.00",
        "B 1234 CDE, 3 hari, 150 KK, 40 m2",
        "36.71.05.1003",
        "@rt03 @ warung",
    ],
)
def test_numbers_that_are_nobodys_stay_readable(text: str) -> None:
    assert mask_text(text) == text


def test_a_summary_is_one_masked_line_cut_between_words() -> None:
    text = "Jalan berlubang\n\n di depan mushola, hubungi 081234567890 sebelum Jumat"
    assert summary(text, 200) == "Jalan berlubang di depan mushola, hubungi 0812••••7890 sebelum Jumat"
    assert summary(text, 40) == "Jalan berlubang di depan mushola…"
    assert summary("", 40) == ""
    assert shorten("satu dua", 8) == "satu dua"
    assert shorten("satu dua tiga", 9) == "satu dua…"
    assert shorten("sepanjangitu", 5) == "sepa…"


@given(text=st.text(max_size=300), phone=phones(), limit=st.integers(1, 80))
def test_no_summary_is_too_long_or_shows_a_phone_that_it_cuts(text: str, phone: tuple[str, str], limit: int) -> None:
    assert len(summary(text, limit)) <= limit
    cut = summary(f"Telepon {phone[0]} segera", limit)
    assert not re.search(r"[0-9](?:[ ().\-]?[0-9]){6}", cut)
