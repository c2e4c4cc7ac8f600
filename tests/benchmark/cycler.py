"""The program alone in its process: a cycle for each line it is given, and what that cost. It loads nothing of the
benchmark's."""

import json
import re
import sys
import time
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from automation.cli.compose import compose, jakarta_now
from automation.cli.screen import load_texts
from automation.cli.unchanged import Unchanged
from automation.cycle.sync import Report
from automation.model.bulk import in_bulk


def cycles(kind: str, credentials: Path) -> None:
    """Tells seconds of processor time, and the most memory so far in megabytes."""
    program = compose(credentials, load_texts(), credentials.parent)
    stays = kind.endswith("stays")  # as `run` does
    if stays:
        program.syncer.remember = partial(program.syncer.remember, stays=True)
    began, kept = 0.0, list[Report]()
    for _ in sys.stdin:
        cycle = partial(program.syncer.sync, now := jakarta_now())
        if stays:
            kept[:] = [replace(cycle(), outcomes=())]
        else:
            Unchanged(program, now).or_else(cycle)
        # `ru_maxrss` would count what the process that started this one holds.
        peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) / 1024  # type: ignore[index]
        print(json.dumps([time.process_time() - began, peak]), flush=True)
        began = time.process_time()


if __name__ == "__main__":
    run = cycles if sys.argv[1].endswith("stays") else in_bulk(cycles)  # as the commands `run` and `sync` do
    run(sys.argv[1], Path(sys.argv[2]))
