"""Quotas per minute, and faults that a test asks for."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.sheets_server.errors import ApiError


@dataclass(slots=True)
class Quota:
    """Reads and writes, metered apart, each per account and for the project. `now` is a clock in seconds that only
    tests move. None as a limit is no limit."""

    per_user: int | None = None
    per_project: int | None = None
    now: float = 0.0
    _spent: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def spend(self, kind: Literal["Read", "Write"], account: str) -> None:
        """Count one request; raises Google's 429 when the minute is used up."""
        meters = [(account, self.per_user, " per user"), ("", self.per_project, "")]
        for whose, limit, words in meters:
            times = self._spent.setdefault((kind, whose), deque())
            while times and times[0] <= self.now - 60:
                times.popleft()
            if limit is not None and len(times) >= limit:
                raise ApiError(
                    429,
                    f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute{words}' "
                    "of service 'sheets.googleapis.com' for consumer 'project_number:1234567890'.",
                )
        for whose, _, _ in meters:
            self._spent[kind, whose].append(self.now)

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(slots=True)
class Fault:
    """Something that goes wrong with the next `times` requests (of one kind, or of any): before they are handled, or
    after. Exactly one of the ways to fail is taken."""

    kind: str | None
    when: Literal["before", "after"]
    times: int
    status: int | None = None  # this status with Google's JSON
    message: str = ""
    reason: str = ""  # Drive's, such as ``accessNotConfigured``
    html: bool = False  # an HTML page instead (with `status`, or 200)
    drop: bool = False  # close the connection without an answer
    cut: bool = False  # close it in the middle of the answer
    hang: bool = False  # no answer, until the client gives up
    headers: Mapping[str, str] = field(default_factory=dict)

    def strikes(self, kind: str, when: Literal["before", "after"]) -> bool:
        if self.times < 1 or self.when != when or self.kind not in (None, kind):
            return False
        self.times -= 1
        return True
