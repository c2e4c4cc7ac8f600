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
from automation.cycle.sync import Report
from automation.model.bulk import in_bulk


def cycle(kind: str, credentials: Path) -> None:
    """Tells seconds of processor time, and the most memory so far in megabytes."""
    program = compose(credentials, load_texts(), credentials.parent)
    if kind.endswith("stays"):  # as `run` does
        program.syncer.remember = partial(program.syncer.remember, stays=True)
    began, kept = 0.0, list[Report]()
    for _ in sys.stdin:
        kept[:] = [replace(program.syncer.sync(jakarta_now()), outcomes=())]  # as `run` does
        # `ru_maxrss` would count what the process that started this one holds.
        peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) / 1024  # type: ignore[index]
        print(json.dumps([time.process_time() - began, peak]), flush=True)
        began = time.process_time()


if __name__ == "__main__":
    run = cycle if sys.argv[1].endswith("stays") else in_bulk(cycle)  # as the commands `run` and `sync` do
    run(sys.argv[1], Path(sys.argv[2]))
