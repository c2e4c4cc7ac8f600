"""Cycles, digests and commits side by side with the way before: the same measurements on another version."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MEASURE = Path(__file__).with_name("measure.py")

HEAD = f"{'':40}{'now':>9}{'before':>9}{'of it':>7}{'peak MB':>10}{'before':>9}"
NOTES = """\
Processor seconds of the program alone; peak MB of the process up to then. Workbooks have the looks of `setup`."""


def cycles_table(before: str = "") -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        now = _measured(ROOT, folder)
        then = {}
        if before:
            with _worktree(before, folder / "before") as tree:
                then = _measured(tree, folder)
    lines = []
    for what, (seconds, peak) in now.items():
        line = f"{what:40}{seconds:9.2f}"
        if what in then:
            earlier, held = then[what]
            line += f"{earlier:9.2f}{seconds / earlier:7.0%}{peak:10.0f}{held:9.0f}"
        else:
            line += f"{'':16}{peak:10.0f}"
        lines.append(line)
    title = f"Cycles, digests and commits{f', beside {before}' if before else ''}"
    return "\n".join((title, HEAD, *lines, NOTES))


def _measured(tree: Path, folder: Path) -> dict[str, tuple[float, float]]:
    command = [sys.executable, "-m", "tests.benchmark.measure", str(folder)]
    done = subprocess.run(
        command, check=False, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{tree}: {done.stderr}")
    measured: dict[str, tuple[float, float]] = json.loads(done.stdout)
    return measured


@contextmanager
def _worktree(revision: str, place: Path) -> Iterator[Path]:
    """The files of a revision in a folder, with today's measurements."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(place), revision], check=True)
    try:
        shutil.copy(MEASURE, place / MEASURE.relative_to(ROOT))
        yield place
    finally:
        subprocess.run([*git, "remove", "--force", str(place)], check=True)
