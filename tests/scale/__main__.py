"""``python -m tests.scale --branches 514 --cases 300``: as many branches as there are, each with a mirror of its own;
all of them joined with DuckDB into Parquet by year and branch, and asked. Prints what each step took."""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from automation.cli.export import write
from automation.digests.mirror import mirror_tables
from automation.model.register import Register
from tests.mail_examples import NOW
from tests.meeting_examples import city_rules, large
from tests.scale.cells import hidden

#: The tables of all branches, with the branch in front.
TABLES = ("kasus", "riwayat_status", "hari")
BY_BRANCH = """
SELECT cabang, CASE WHEN sensitif = 1 THEN '' ELSE kategori END, COUNT(DISTINCT pelapor)
FROM kasus GROUP BY ALL
"""


def make_mirrors(folder: Path, branches: int, cases: int) -> None:
    """A mirror for each branch: cases drawn from those of a city in a bad year."""
    rules, chance = city_rules(), random.Random(1)
    pool = large(max(cases * 3, 1000)).entries
    for number in range(branches):
        own = chance.sample(pool, min(cases, len(pool)))
        with closing(sqlite3.connect(folder / f"cabang-{number:03}.sqlite")) as database:
            write(database, mirror_tables(Register(tuple(own), (), ()), rules, NOW))


def join(folder: Path) -> Any:
    """All mirrors of a folder in one database of DuckDB's."""
    import duckdb
    from duckdb_extensions import import_extension  # type: ignore[import-untyped]

    import_extension("sqlite_scanner")
    joined = duckdb.connect()
    joined.execute("LOAD sqlite_scanner")
    for number, path in enumerate(sorted(folder.glob("*.sqlite"))):
        joined.execute(f"ATTACH '{path}' AS cabang (TYPE sqlite, READ_ONLY)")
        for table in TABLES:
            how = f"CREATE TABLE {table} AS" if number == 0 else f"INSERT INTO {table}"
            joined.execute(f"{how} SELECT '{path.stem}' AS cabang, * FROM cabang.{table}")
        joined.execute("DETACH cabang")
    return joined


def write_parquet(joined: Any, folder: Path) -> None:
    """The cases by year and branch, as other engines read them."""
    parts = "(FORMAT parquet, PARTITION_BY (tahun_masuk, cabang))"
    joined.execute(f"COPY kasus TO '{folder}' {parts}")


def size(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, default=514)
    parser.add_argument("--cases", type=int, default=300, help="of each branch")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        mirrors, parquet = Path(name) / "cermin", Path(name) / "parquet"
        mirrors.mkdir()

        def timed(what: str, work: Callable[[], Any]) -> Any:
            began, spent = time.monotonic(), time.process_time()
            done = work()
            took, worked = time.monotonic() - began, time.process_time() - spent
            print(f"{what:34} {took:7.1f} s, {worked:7.1f} s of processor time")
            return done

        timed(f"{options.branches} mirrors made", lambda: make_mirrors(mirrors, options.branches, options.cases))
        joined = timed("joined", lambda: join(mirrors))
        timed("written as Parquet", lambda: write_parquet(joined, parquet))
        counts = {(branch, kind): people for branch, kind, people in joined.execute(BY_BRANCH).fetchall()}
        out = timed("figures by branch and category", lambda: hidden(counts))
        (cases,) = joined.execute("SELECT COUNT(*) FROM kasus").fetchone()
        print(f"{cases} cases: mirrors {size(mirrors) / 1e6:.0f} MB, Parquet {size(parquet) / 1e6:.1f} MB")
        print(f"{len(counts)} cells of people, {len(out)} of them hidden")
    return 0


if __name__ == "__main__":
    sys.exit(main())
