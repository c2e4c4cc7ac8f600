"""What all tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings

from tests.examples import examples
from tests.programs import NEEDED

pytest.register_assert_rewrite("tests.workbook_contract")
pytest_plugins = ["tests.sheets_server.fixtures"]

settings.register_profile("as often as asked", examples(100))
settings.load_profile("as often as asked")


#: Tells what the operator has read since the last call.
Say = Callable[[], str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """What the operator has read since the last call."""
    return lambda: "".join(capsys.readouterr())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not there."""
    for marker in item.iter_markers():
        if NEEDED.get(marker.name, "") is None:
            pytest.skip(f"this computer has no program for tests marked {marker.name}")
