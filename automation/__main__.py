"""``python -m automation``"""

import sys

# Checked before any import that an older Python can't run; so these words can't stand in templates/.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.stderr.write("Ruang Rakyat memerlukan Python 3.11 atau yang lebih baru. Pasang dari https://www.python.org\n")
    sys.exit(2)  # nothing was done

from automation.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
