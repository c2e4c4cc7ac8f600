"""How much of the words of the street and of same matters is understood; the table stands in docs/words.md."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from automation.cases import same_matter
from automation.cases.same_matter import LIKELY, Matters
from automation.cases.telling import Telling, tell
from automation.model.complaint import UNREADABLE
from automation.model.places import Kelurahan
from automation.tables.intake import STATUS
from tests.street import COUNTS, MEASURE, WORK, city, lines, results, table, telling

PAGE = Path(__file__).parent.parent / "docs" / "words.md"


def shares(found: str) -> dict[str, float]:
    """The shares in a table, by what they are of."""
    rows = re.findall(r"^\| ([^|]+) \| (\d+) of (\d+) ", found, re.MULTILINE)
    return {what: int(part) / int(whole) for what, part, whole in rows}


@pytest.mark.parametrize("name", COUNTS)
def test_what_everything_was_tuned_on_is_mostly_right(name: str) -> None:
    found = shares(table(COUNTS[name](lines(WORK, name)[:120], city())))
    assert found and min(found.values()) > 0.7, found


@pytest.mark.long
def test_what_is_measured_is_no_worse_than_the_docs_say() -> None:
    told, found = shares(PAGE.read_text("utf-8")), shares(table(results(MEASURE)))
    assert told.keys() == found.keys()
    assert {what for what, share in told.items() if found[what] < share} == set()


def test_a_kelurahan_that_is_shortened_is_no_other_place() -> None:
    line = dict.fromkeys(("alamat", "rtrw"), "") | {"kategori": "Jalan & Drainase", "tanggal": "3/11/2026"}
    said = ("jalan keriting depan gerbang tol karang tengah", "aspal bergelombang depan gerbang tol karteng")
    one, other = (telling(line | {"uraian": text, "kelurahan": "Karang Tengah"}, city()) for text in said)
    assert Matters[int]().likelihood(one, other) > LIKELY


def test_what_clerks_write_for_a_status_and_for_a_kelurahan_is_understood_and_what_denies_it_is_not() -> None:
    rules = city()
    told = {
        word: rules.entry(STATUS, word)
        for word in ("ongoing", "belum direspon", "bukan kewenangan pemkot", "tidak valid")
    }
    assert [*told.values()] == ["Ditindaklanjuti", "Baru", "Bukan Kewenangan", "Ditutup Tanpa Solusi"]
    denied = ("belum disurvey", "tidak dianggarkan", "belum ke dinas", "belum terealisasi", "belum selesai")
    assert {rules.entry(STATUS, word) for word in denied} == {None}
    places = [rules.places.find(name) for name in ("Kel. Ps. Baru", "lrg selatan", "Sudimara Tmr", "karteng")]
    names = ["Pasar Baru", "Larangan Selatan", "Sudimara Timur", "Karang Tengah"]
    assert [place.name for place in places if isinstance(place, Kelurahan)] == names


def test_a_folder_of_ones_own_may_lack_any_file(tmp_path: Path) -> None:
    (tmp_path / "categories.csv").write_text("tertulis,kategori\nPJU,Penerangan Jalan\nzzz,Banjir\n", "utf-8")
    assert "1 of 2 (50%)" in table(results(tmp_path))


@pytest.mark.long
def test_what_putting_complaints_together_takes_grows_no_faster_than_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, places, texts = city(), [*city().places], [line["uraian"] for line in lines(WORK, "complaints")]

    def told(n: int, place: int, more: str, day: int = 1, rt_rw: str = "") -> Telling:
        complaint = replace(UNREADABLE, description=f"{texts[n % len(texts)]} {more}", rt_rw=rt_rw)
        return tell(complaint, places[place % len(places)].code, date(2026, 11, day), rules)

    spread = [told(n, n, f"di jl mawar {n % 97}", 1 + n % 25, f"{n % 9}/{n % 7}") for n in range(500)]
    spread += [told(n, n, f"gang {n}") for n in range(9_500)]
    crowded = [told(n, 0, f"gang {n}") for n in range(5_000)]
    work: Counter[str] = Counter()

    class Score(Counter[int]):
        """How often each was found by a word."""

        def update(self, found: Iterable[int] | None = None) -> None:  # type: ignore[override]
            work["found"] += len(found) if isinstance(found, list) else 0
            super().update(found or ())

    compare = Matters.likelihood

    def likelihood(self: Matters[int], one: Telling, other: Telling) -> float:
        work["compared"] += 1
        return compare(self, one, other)

    monkeypatch.setattr(Matters, "likelihood", likelihood)
    monkeypatch.setattr(same_matter, "Counter", Score)
    for number, tellings in ((2_500, spread), (10_000, spread), (1_250, crowded), (5_000, crowded)):
        matters = Matters(enumerate(tellings[:number]))
        work.clear()
        assert len(matters.groups()) > number * 0.9
        assert work["compared"] < 7 * number, f"{number}: five at the most, and some again where groups are joined"
        assert work["found"] < 200 * number, f"{number}: by rare words first, and no more than are looked at"
