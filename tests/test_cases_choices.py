"""Entries of a list."""

from __future__ import annotations

import pytest

from automation.reading.cell_text import Choices

CHANNELS = Choices(("Hotline", "Datang Langsung", "WhatsApp", "Kunjungan Warga"), {"WA": "WhatsApp"})


@pytest.mark.parametrize("text", ["WhatsApp", "whatsapp", "Whats App", " whats-app. ", "WA", "wa"])
def test_case_spacing_punctuation_and_aliases_are_forgiven(text: str) -> None:
    assert CHANNELS.find(text) == "WhatsApp"


@pytest.mark.parametrize("text", ["Datang", "Hotlin", "", "?", "x" * 50_000])
def test_what_is_not_an_entry_is_not_guessed(text: str) -> None:
    assert CHANNELS.find(text) is None


@pytest.mark.parametrize(
    ("text", "nearest"), [("Datang", "Datang Langsung"), ("Hotlin", "Hotline"), ("kunjungan", "Kunjungan Warga")]
)
def test_the_nearest_entry_is_suggested_first(text: str, nearest: str) -> None:
    assert CHANNELS.suggest(text)[0] == nearest


def test_the_list_itself_is_shown_to_whoever_wrote_something_else() -> None:
    assert CHANNELS.suggest("qqq") == ("Hotline", "Datang Langsung", "WhatsApp", "Kunjungan Warga")
    assert Choices(()).suggest("qqq") == ()
