"""How many examples the property tests look at: a sample in the test command, all of them with ``EXAMPLES=all``; with
``EXAMPLES=quarter`` a quarter, and of long tables a sixth: ``SEED`` decides which, so that a few commits have seen
all."""

import os

from hypothesis import HealthCheck, settings

_ASKED = os.environ.get("EXAMPLES", "")
ALL, QUARTER = _ASKED in ("all", "quarter"), _ASKED == "quarter"
SEED = int(os.environ.get("SEED", "0"))


def examples(number: int) -> settings:
    """The same examples every time, and no deadline: machines are noisy, and what failed once must fail again."""
    return settings(
        max_examples=max(5, number // (4 if QUARTER else 1 if ALL else 12)),
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
