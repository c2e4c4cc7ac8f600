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


def certain(cells: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these cells whose content follows from all totals: elimination, modulo a prime."""
    prime, solved = 1_000_003, dict[int, list[int]]()
    for line in {(at, cell[at]) for cell in cells for at in (0, 1)}:
        row = [int(cell[line[0]] == line[1]) for cell in cells]
        for at, known in solved.items():
            row = [(a - row[at] * b) % prime for a, b in zip(row, known, strict=True)]
        for lead in [at for at, value in enumerate(row) if value][:1]:
            row = [value * pow(row[lead], -1, prime) % prime for value in row]
            for at, known in solved.items():
                solved[at] = [(a - known[lead] * b) % prime for a, b in zip(known, row, strict=True)]
            solved[lead] = row
    return {cells[at] for at, row in solved.items() if sum(map(bool, row)) == 1}


@given(st.lists(st.lists(st.sampled_from((1, 4, 9, 50)), min_size=4, max_size=4), min_size=2, max_size=5))
def test_nor_from_the_totals_of_several_rows_and_columns_together(rows: list[list[int]]) -> None:
    people = {(r, c): count for r, row in enumerate(rows) for c, count in enumerate(row)}
    assert not certain(sorted(hidden(people)))


def test_two_groups_of_hidden_cells_do_not_give_away_the_one_between_them() -> None:
    small = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (0, 2)]
    assert certain(small) == {(0, 2)}
    out = hidden({(r, c): 3 if (r, c) in small else 50 for r in range(4) for c in range(4)})
    assert out > set(small) and not certain(sorted(out))


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
