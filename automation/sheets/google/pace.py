"""Keeping within Google's quota: 60 reads and 60 writes a minute for each account.
https://developers.google.com/workspace/sheets/api/limits"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

#: Reads, and as many writes, in any minute: a few are left for a `run` of the same account that is at work meanwhile.
A_MINUTE = 55
_WINDOW = 60.0


class Pace:
    """Lets a request wait until it fits into the minute."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._sent: dict[bool, deque[float]] = {reading: deque() for reading in (True, False)}

    def wait(self, *, reading: bool) -> None:
        """Wait, if need be, before a request that reads or writes is sent."""
        sent = self._sent[reading]
        if len(sent) == A_MINUTE:
            left = sent.popleft() + _WINDOW - self._clock()
            if left > 0:
                self._sleep(left)
        sent.append(self._clock())
