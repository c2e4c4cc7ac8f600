"""Print how much is understood: ``python -m tests.street [FOLDER]``. A folder of one's own has the same files and
columns as `tests/street/work`; whatever lacks is passed over."""

import argparse
from pathlib import Path

from tests.street import MEASURE, results, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.street", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=MEASURE, help="complaints.csv, categories.csv, …")
    options = parser.parse_args()
    print(table(results(options.folder)))


main()
