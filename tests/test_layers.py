"""The program's rooms are kept apart: see docs/design.md."""

from __future__ import annotations

from importlinter import cli


def test_imports_point_downward_only(monkeypatch: object) -> None:
    assert cli.lint_imports(no_cache=True) == cli.EXIT_STATUS_SUCCESS
