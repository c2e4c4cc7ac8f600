"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.programs import NEEDED

pytest.register_assert_rewrite("tests.workbook_contract")
pytest_plugins = ["tests.sheets_server.fixtures"]

# The same examples every time, and no deadline: these machines are noisy, and a test that failed once must fail again.
settings.register_profile(
    "same-every-time", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same-every-time")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not there."""
    for marker in item.iter_markers():
        if NEEDED.get(marker.name, "") is None:
            pytest.skip(f"this computer has no program for tests marked {marker.name}")
