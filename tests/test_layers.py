"""The program's rooms are kept apart: see docs/design.md."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

# In a process of its own: it sets up logging as it likes.
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"


def test_imports_point_downward_only() -> None:
    linted = subprocess.run([sys.executable, "-c", LINT], capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_no_module_needs_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("automation", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_a_module_is_read_in_one_sitting() -> None:
    modules = Path(__file__).parents[1].joinpath("automation").rglob("*.py")
    assert not [path.name for path in modules if len(path.read_text("utf-8").splitlines()) > 250]
