"""What may be shown of descriptions, and what reporters are told, is worked out once a day, whichever process asks."""

import gzip
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import time
from urllib.parse import unquote

import pytest

from automation.cases import examiner
from automation.cli.compose import compose
from automation.model.cells import Link
from automation.model.texts import Texts
from automation.tables import intake
from automation.tables.kendali import REGISTER, SETTINGS, TERMS
from tests.local_city import LocalCity
from tests.town import TUESDAY, WORDS

pytestmark = pytest.mark.sampled(3, tests=4)

TOLD = "pohon brujul tumbang di depan rumah Pak Zulkarnaen nomor 7"


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    return LocalCity.lay_out(tmp_path, {"Cipondoh": ("Gondrong",)}, _told)


def _told(city: LocalCity) -> None:
    city.type("Cipondoh", "Gondrong", {"Uraian": TOLD}, {"Uraian": "jalan rusak", "Telepon": "081200001023"})


class Worked:
    """How often a summary was worked out, or a letter to a reporter."""

    def __init__(self, patch: pytest.MonkeyPatch, what: str) -> None:
        self.count, made = 0, getattr(examiner, what)

        def counted(*given: object, **how: bool) -> object:
            self.count += 1
            return made(*given, **how)

        patch.setattr(examiner, what, counted)


def _letters(city: LocalCity) -> list[str]:
    """Where `Kabari` leads."""
    rows = compose(city.credentials, WORDS).sources.open_one(str(city.path("Cipondoh"))).read().rows("Gondrong")
    head = next(row for row in rows if intake.KABARI.heading in row)
    cells = [row[head.index(intake.KABARI.heading)] for row in rows if row[0] and row is not head]
    return [unquote(cell.address) for cell in cells if isinstance(cell, Link)]


def _sync(city: LocalCity, days: int = 0, words: Texts = WORDS) -> list[str]:
    """What a process of its own makes `Rekap` say."""
    compose(city.credentials, words).syncer.sync(TUESDAY + timedelta(days=days))
    head, *rows = city.rows("Kendali", REGISTER)
    return [row[head.index("Ringkasan")] for row in rows]


def _file(city: LocalCity) -> Path:
    (path,) = city.folder.glob(".ringkas-*")
    return path


def _others(path: Path) -> None:
    made_for, told, right = json.loads(gzip.decompress(path.read_bytes()))
    made_for = "0" * len(made_for)
    path.write_bytes(gzip.compress(json.dumps([made_for, dict.fromkeys(told, "bukan ini"), right]).encode()))


@pytest.mark.parametrize(
    ("became", "days", "again"),
    [
        (lambda _: None, 0, False),
        (lambda _: None, 1, True),
        (Path.unlink, 0, True),
        (_others, 0, True),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), 0, True),
        (lambda path: path.write_bytes(gzip.compress(b"[1]")), 0, True),
    ],
)
def test_a_fresh_process_works_out_no_summary_or_letter_again_and_whatever_became_of_them_shows_the_same(
    city: LocalCity, monkeypatch: pytest.MonkeyPatch, became: Callable[[Path], object], days: int, *, again: bool
) -> None:
    shown, letters = _sync(city), _letters(city)
    assert len(shown) == len(letters) == 2 and "Zulkarnaen" not in str(shown)
    became(_file(city))
    worked = [Worked(monkeypatch, what) for what in ("summary", "kabari")]
    assert (_sync(city, days), _letters(city)) == (shown, letters)
    assert [one.count for one in worked] == [2 * again] * 2


def test_letters_are_others_at_once_where_the_words_are_or_where_somebody_typed_over_them(city: LocalCity) -> None:
    _sync(city)
    before = _letters(city)
    head = city.rows("Cipondoh", "Gondrong")
    row = next(at for at, cells in enumerate(head) if intake.KABARI in cells)
    city.put("Cipondoh", "Gondrong", {(row + 1, head[row].index(intake.KABARI)): "sudah"})
    _sync(city)
    assert _letters(city) == before
    words = Texts(WORDS.entries)
    assert words.put("kabari.bagian.sapaan", "Warga")
    _sync(city, words=words)
    assert [one.count("Yth. Warga") for one in (*before, *_letters(city))] == [0, 0, 1, 1]
    named = city.rows("Kendali", SETTINGS)
    at = next(at for at, cells in enumerate(named) if cells[0] == "Nama Organisasi")
    city.put("Kendali", SETTINGS, {(at, 1): "Fraksi Lain"})
    _sync(city, words=words)
    assert ["Fraksi Lain" in one for one in _letters(city)] == [True, True]


def test_words_that_the_city_adds_are_shown_at_once(city: LocalCity) -> None:
    before = _sync(city)
    rows = city.rows("Kendali", TERMS)
    city.put("Kendali", TERMS, {(len(rows), 0): "brujul", (len(rows), 1): "Ringkasan"})
    assert "pohon brujul tumbang" in str(_sync(city)) and "brujul" not in str(before)


def test_only_what_is_shown_is_kept_for_its_owner_alone_and_nothing_of_who_is_erased(city: LocalCity) -> None:
    _, told = _sync(city), gzip.decompress(_file(city).read_bytes()).decode()
    assert "pohon … tumbang" in told and not any(one in told for one in ("Zulkarnaen", "brujul", "0812", "Uraian"))
    assert _file(city).stat().st_mode & 0o77 == 0
    head, *rows = city.rows("Kendali", REGISTER)
    (ticket,) = (row[head.index("No. Tiket")] for row in rows if "pohon" in str(row))
    city.run("erase", ticket, "--row")
    left = gzip.decompress(_file(city).read_bytes()).decode()
    assert "pohon" not in left and "jalan rusak" in left
    syncer = compose(city.credentials, WORDS).syncer
    syncer.sync(TUESDAY)
    syncer.remember(stays=True)
    assert not [*city.folder.glob(".ringkas-*")], "who stays keeps nothing there"


def test_what_a_folder_that_was_moved_had_kept_is_deleted_once_nobody_writes_it(city: LocalCity) -> None:
    moved = city.folder / ".ringkas-0123abcd"
    for days in (1, 3):
        moved.write_bytes(b"pohon tumbang")
        os.utime(moved, (time() - days * 86_400,) * 2)
        compose(city.credentials, WORDS).syncer.remember()
        assert moved.exists() is (days == 1), "may be another program's"
