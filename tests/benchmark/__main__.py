"""Print all tables, or one: ``python -m tests.benchmark [speed | requests | digests]``."""

from __future__ import annotations

import argparse
import os
import platform

from tests.benchmark.digests import digests_table
from tests.benchmark.requests import requests_table
from tests.benchmark.speed import speed_table

TABLES = {"speed": speed_table, "requests": requests_table, "digests": digests_table}


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("table", nargs="?", choices=TABLES, help="only this table")
    only = parser.parse_args().table
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; {python}")
    for name, table in TABLES.items():
        if only in (None, name):
            print()
            print(table())


if __name__ == "__main__":  # processes of their own import this module again
    main()
