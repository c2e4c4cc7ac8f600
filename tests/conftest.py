"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.examples import examples
from tests.programs import NEEDED

pytest.register_assert_rewrite("tests.workbook_contract")
pytest_plugins = ["tests.sheets_server.fixtures"]

settings.register_profile("as often as asked", examples(100))
settings.load_profile("as often as asked")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not there."""
    for marker in item.iter_markers():
        if NEEDED.get(marker.name, "") is None:
            pytest.skip(f"this computer has no program for tests marked {marker.name}")
