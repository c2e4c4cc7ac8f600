"""Keeping within Google's quota (60 reads and 60 writes a minute for each account), and within less after a refusal.
https://developers.google.com/workspace/sheets/api/limits"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Reads, and as many writes, in any minute.
A_MINUTE = 60
_WINDOW = 60.0
#: The lowest limit that a refusal can teach, and for how many seconds it is believed.
_LEAST, _BELIEVED = 10, 600.0
#: Seconds of one wait, at most.
_NAP = 1.0


class Pace:
    """Lets all requests of a process wait until they fit into the minute. A refusal teaches how many fit, because
    others may use the same account. `meanwhile` is called during a wait."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self.meanwhile: Callable[[], object] = lambda: None
        # A request counts from its answer on: nobody knows when it arrived at Google.
        self._answered: dict[bool, deque[float]] = {reading: deque() for reading in (True, False)}
        self._learned: dict[bool, tuple[float, int]] = {}
        self._closed_until = 0.0

    @contextmanager
    def turn(self, *, reading: bool) -> Iterator[None]:
        """Wait, if necessary, before the request that is sent inside."""
        while (left := self._left(reading)) > 0:
            self._sleep(min(left, _NAP))
            self.meanwhile()
        try:
            yield
        finally:
            self._answered[reading].append(self._clock())

    def refused(self, after: float, *, reading: bool) -> None:
        """The request just sent was refused; nothing more is sent for `after` seconds (a minute at most)."""
        now = self._answered[reading].pop()
        self._closed_until = max(self._closed_until, now + min(after, _WINDOW))
        self._learned[reading] = now + _BELIEVED, max(_LEAST, len(self._answered[reading]))

    def _left(self, reading: bool) -> float:
        """Seconds until the next request fits."""
        now, answered = self._clock(), self._answered[reading]
        while answered and answered[0] <= now - _WINDOW:
            answered.popleft()
        until, few = self._learned.get(reading, (now, A_MINUTE))
        allowed = min(few, A_MINUTE) if now < until else A_MINUTE
        fits = answered[-allowed] + _WINDOW if len(answered) >= allowed else now
        return max(fits, self._closed_until) - now
