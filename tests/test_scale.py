"""Nobody is found in figures of many branches, and their mirrors can be joined."""

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tests.scale.__main__ import BY_BRANCH, join, make_mirrors, write_parquet
from tests.scale.cells import FEWEST, hidden

TABLES = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(0, 12), max_size=36)


@given(TABLES)
def test_a_small_cell_can_not_be_worked_out_from_the_totals_beside_it(people: dict[tuple[int, int], int]) -> None:
    out = hidden(people)
    assert {cell for cell, count in people.items() if 0 < count < FEWEST} <= out
    for at in (0, 1):
        lines: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for cell in people:
            lines[cell[at]].append(cell)
        for line in lines.values():
            hides = [cell for cell in line if cell in out]
            assert len(hides) != 1 or not [cell for cell in line if cell not in out and people[cell]]


@pytest.mark.long
def test_mirrors_of_many_branches_are_joined_and_written_by_year_and_branch(tmp_path: Path) -> None:
    pytest.importorskip("duckdb_extensions")
    mirrors, parquet = tmp_path / "cermin", tmp_path / "parquet"
    mirrors.mkdir()
    make_mirrors(mirrors, 3, 40)
    joined = join(mirrors)
    assert joined.execute("SELECT cabang, COUNT(*) FROM kasus GROUP BY 1 ORDER BY 1").fetchall() == [
        (f"cabang-{number:03}", 40) for number in range(3)
    ]
    assert joined.execute(BY_BRANCH).fetchall()
    write_parquet(joined, parquet)
    assert [path.name for path in sorted((parquet / "tahun_masuk=2026").iterdir())] == [
        f"cabang=cabang-{number:03}" for number in range(3)
    ]
