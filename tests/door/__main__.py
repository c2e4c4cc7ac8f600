"""Print the table of misses: ``python -m tests.door [FILE]``. Of a file of one's own, or the one to tune on, it shows
with ``--show`` what went wrong, too."""

import argparse
from pathlib import Path

from tests.door import MEASURED, count, table, vocabulary


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.door", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=MEASURED, help="complaints marked by hand")
    parser.add_argument("--show", action="store_true", help="show each miss")
    options = parser.parse_args()
    found = count(options.file.read_text("utf-8").splitlines(), vocabulary())
    if options.show and options.file.resolve() != MEASURED:
        print("\n".join(found.examples))
    print(table(found))


main()
