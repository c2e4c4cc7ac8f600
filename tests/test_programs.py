"""Programs from outside that do not answer."""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.programs import run_program

SLOW = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, file=open(sys.argv[1], "w"), flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(os.name != "posix", reason="there are no groups of processes on this system")
def test_a_program_that_does_not_answer_is_ended_with_what_it_started_and_the_test_says_so(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="did not answer within 2 seconds, and was ended"):
        run_program(sys.executable, "-c", SLOW, tmp_path / "child", seconds=2)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 10
    while runs(child):
        assert time.monotonic() < deadline, "what it started was left running"
        time.sleep(0.02)


def runs(process: int) -> bool:
    """Whether it is there, and not only its number: an orphan's stays until somebody has asked for its end."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
