"""The program's rooms are kept apart: see docs/design.md."""

from __future__ import annotations

import subprocess
import sys

# In a process of its own: it sets up logging as it likes.
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"


def test_imports_point_downward_only() -> None:
    linted = subprocess.run([sys.executable, "-c", LINT], capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
