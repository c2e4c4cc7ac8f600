"""Trying again: boundedly, further and further apart, and never in step with others."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import stamina

T = TypeVar("T")

#: No single wait is longer, in seconds; Google advises 32 or 64.
LONGEST_WAIT = 64.0


@dataclass(frozen=True, slots=True)
class Again:
    """Trying again may help: at most `tries` in all; `after` is how many seconds the other side asked to wait."""

    tries: int
    after: float | None = None


def call_patiently(call: Callable[[], T], judge: Callable[[Exception], Again | None]) -> T:
    """The result of `call`, tried again after each error of which `judge` says so; the last error goes through.

    Waits are 1, 2, 4, 8, 16 and 32 seconds, each with up to a second of jitter.
    """
    failures = 0

    def wait_after(error: Exception) -> bool | float:
        nonlocal failures
        failures += 1
        again = judge(error)
        if again is None or failures >= again.tries:
            return False
        if again.after is None:
            return True
        return min(again.after, LONGEST_WAIT) + random.random()

    for attempt in stamina.retry_context(
        on=wait_after, attempts=None, timeout=None, wait_initial=1, wait_max=LONGEST_WAIT, wait_jitter=1
    ):
        with attempt:
            return call()
    raise AssertionError  # pragma: no cover - the loop ends by returning or raising
