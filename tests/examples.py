"""How many examples the property tests look at: a sample in the test command, all of them with ``EXAMPLES=all``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ALL = os.environ.get("EXAMPLES") == "all"


def examples(number: int) -> settings:
    """The same examples every time, and no deadline: machines are noisy, and what failed once must fail again."""
    return settings(
        max_examples=number if ALL else max(5, number // 12),
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
