"""Print all tables, or one: ``python -m tests.benchmark [cycles | speed | requests | digests | imports | years]``.

With a git revision, `cycles` shows beside each figure what that version takes, measured in the same run."""

import argparse
import os
import platform
from collections.abc import Callable
from functools import partial

from tests.benchmark.cycles import cycles_table
from tests.benchmark.digests import digests_table
from tests.benchmark.imports import imports_table
from tests.benchmark.requests import requests_table
from tests.benchmark.speed import speed_table
from tests.benchmark.years import years_table

TABLES: dict[str, Callable[[], str]] = {
    "cycles": cycles_table,
    "speed": speed_table,
    "requests": requests_table,
    "digests": digests_table,
    "imports": imports_table,
    "years": years_table,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("table", nargs="?", choices=TABLES, help="only this table")
    parser.add_argument("--before", default="", metavar="REVISION", help="measure `cycles` on this version, too")
    parser.add_argument(
        "--earlier", default=0, type=int, metavar="CASES", help="measure `years` beside so many earlier"
    )
    options = parser.parse_args()
    asked = {"cycles": partial(cycles_table, options.before), "years": partial(years_table, options.earlier)}
    tables: dict[str, Callable[[], str]] = {**TABLES, **asked}
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; {python}")
    for name, table in tables.items():
        if options.table in (None, name):
            print()
            print(table())


if __name__ == "__main__":  # processes of their own import this module again
    main()
