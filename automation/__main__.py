"""``python -m automation``"""

import sys

# Said before anything is imported that an older Python can't read, words from templates/ among it.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Ruang Rakyat memerlukan Python 3.11 atau yang lebih baru. Pasang dari https://www.python.org")

from automation.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
