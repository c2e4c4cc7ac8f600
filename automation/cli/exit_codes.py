"""What a command returns; documented in the README."""

from __future__ import annotations

WELL = 0  # everything was done
PARTLY = 1  # part of the work failed, and was said
USAGE = 2  # wrong use or configuration: nothing was done (argparse exits with the same)
