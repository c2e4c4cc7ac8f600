"""Finding the kelurahan that a person means."""

from __future__ import annotations

import pytest

from automation.model.places import Doubt, Kelurahan, Places

NAMES = {
    "Tangerang": ("Sukaasih", "Sukasari", "Kelapa Indah"),
    "Jatiuwung": ("Keroncong", "Jatake"),
    "Batuceper": ("Batuceper", "Poris Gaga", "Poris Gaga Baru", "Poris Jaya"),
    "Cipondoh": ("Cipondoh", "Cipondoh Indah", "Poris Plawad"),
    "Ciledug": ("Sudimara Barat", "Sudimara Timur", "Paninggilan"),
    "Karawaci": ("Karawaci", "Sukajadi", "Sumur Pacing"),
    "Cibodas": ("Cibodas", "Cibodas Sari", "Cibodas Baru", "Jatiuwung"),
    "Pinang": ("Sudimara Pinang", "Kunciran"),
}
SPELLINGS = {"Suka Asih": "Sukaasih", "Sumur Pancing (Pacing)": "Sumur Pacing", "Cileduk": "Ciledug", "X": "Nowhere"}
PLACES = Places(
    (
        Kelurahan(f"36.71.{district:02}.{1000 + number}", kecamatan, name, 1)
        for district, (kecamatan, names) in enumerate(NAMES.items(), start=1)
        for number, name in enumerate(names, start=1)
    ),
    SPELLINGS,
)


def found(text: str, kecamatan: str | None = None) -> str:
    place = PLACES.find(text, kecamatan)
    assert isinstance(place, Kelurahan), place
    return place.name


def candidates(text: str, kecamatan: str | None = None) -> tuple[str, ...]:
    place = PLACES.find(text, kecamatan)
    assert isinstance(place, Doubt), place
    return place.candidates


@pytest.mark.parametrize(
    "text",
    [
        "Cibodas Sari",
        "cibodas sari",
        "  CIBODASSARI ",
        "Kel. Cibodas Sari",
        "kelurahan cibodas-sari",
        "Kel.Cibodas Sari",
    ],
)
def test_case_spaces_punctuation_and_the_word_kelurahan_are_forgiven(text: str) -> None:
    assert found(text) == "Cibodas Sari"


def test_a_name_that_begins_like_the_word_kelurahan_stays_whole() -> None:
    assert found("Kelapa Indah") == "Kelapa Indah"


def test_other_spellings_in_use_lead_to_the_official_name() -> None:
    assert found("suka asih") == "Sukaasih"
    assert found("Sumur Pancing (Pacing)") == "Sumur Pacing"
    assert PLACES.find_kecamatan("cileduk") == "Ciledug"


def test_a_name_that_is_the_beginning_of_others_is_itself() -> None:
    assert found("Cibodas") == "Cibodas"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sudimara", ("Sudimara Barat", "Sudimara Timur", "Sudimara Pinang")),
        ("Poris", ("Poris Gaga", "Poris Gaga Baru", "Poris Jaya", "Poris Plawad")),
    ],
)
def test_a_part_of_several_names_is_asked(text: str, expected: tuple[str, ...]) -> None:
    assert candidates(text) == expected


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [("Cibodas S", "Cibodas Sari"), ("Karawacii", "Karawaci"), ("Plawad", "Poris Plawad"), ("Suka jd", "Sukajadi")],
)
def test_even_a_single_likely_name_is_asked_never_guessed(text: str, likeliest: str) -> None:
    assert candidates(text)[0] == likeliest


@pytest.mark.parametrize("text", ["Bandung Wetan", "", "-", "a", "😀", "x" * 50_000])
def test_what_resembles_nothing_has_no_candidates(text: str) -> None:
    assert candidates(text) == ()


def test_a_kelurahan_is_in_doubt_where_it_is_supposed_to_lie_in_another_kecamatan() -> None:
    assert found("Jatiuwung") == "Jatiuwung"
    assert found("Jatiuwung", "Kec. Cibodas") == "Jatiuwung"
    assert candidates("Jatiuwung", "Jatiuwung") == ("Jatiuwung",)


def test_the_kecamatan_narrows_what_may_have_been_meant() -> None:
    assert candidates("Sudimara", "Cileduk") == ("Sudimara Barat", "Sudimara Timur")


def test_a_kecamatan_that_is_unknown_decides_nothing() -> None:
    assert found("Sukasari", "Bandung") == "Sukasari"


def test_a_name_that_two_kecamatan_share_needs_the_kecamatan() -> None:
    twins = Places([Kelurahan("1.1", "A", "Sukamaju", 1), Kelurahan("2.1", "B", "Sukamaju", 2)])
    assert twins.find("Sukamaju") == Doubt(("Sukamaju",))
    assert twins.find("Sukamaju", "B") == twins.by_code("2.1")


def test_kecamatan_are_listed_in_order_and_found_like_kelurahan() -> None:
    assert PLACES.kecamatan() == tuple(NAMES)
    assert PLACES.find_kecamatan("KEC. batu ceper") == "Batuceper"
    assert PLACES.find_kecamatan("Cibo") == Doubt(("Cibodas",))
    assert PLACES.find_kecamatan("x" * 50_000) == Doubt()


def test_a_code_finds_its_kelurahan() -> None:
    place = PLACES.by_code("36.71.01.1002")
    assert place is not None
    assert place.name == "Sukasari"
    assert PLACES.by_code("36.71.99.1002") is None
