"""What goes back over the wire, errors in Google's words, quotas per minute, and faults that a test asks for."""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

import msgspec

_encoded = msgspec.json.Encoder().encode

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

#: What Google says where nothing more is known than the status.
WORDS = {
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    429: "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
    "'sheets.googleapis.com' for consumer 'project_number:1234567890'.",
    500: "Internal error encountered.",
    502: "Bad Gateway",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}


class ApiError(Exception):
    """An error answer; `reason` is Drive's (``notFound``), `details` are google.rpc messages."""

    def __init__(
        self, status: int, message: str = "", *, reason: str = "", details: tuple[Mapping[str, Any], ...] = ()
    ) -> None:
        self.status = status
        self.message = message or WORDS.get(status, HTTPStatus(status).phrase)
        self.reason = reason
        self.details = details
        super().__init__(f"{status}: {self.message}")

    @property
    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.status, "message": self.message}
        if self.reason:
            error["errors"] = [{"message": self.message, "domain": "global", "reason": self.reason}]
        else:
            error["status"] = STATUS_NAMES.get(self.status, "UNKNOWN")
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


class InvalidRequest(Exception):
    """One request of a batch that can't be applied; the batch says which one it was."""


# Quotas per minute, and faults that a test asks for


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
    html: bool | str = False  # an HTML page instead, or this text (with `status`, or 200)
    drop: bool = False  # close the connection without an answer
    cut: bool = False  # close it in the middle of the answer
    hang: bool = False  # no answer, until the client gives up
    headers: Mapping[str, str] = field(default_factory=dict)

    def strikes(self, kind: str, when: Literal["before", "after"]) -> bool:
        if self.times < 1 or self.when != when or self.kind not in (None, kind):
            return False
        self.times -= 1
        return True


# What goes back over the wire


PAGE = (
    "<!DOCTYPE html><html lang=en><title>Error</title><p>The server encountered a temporary error and could not "
    "complete your request.<p>Please try again in 30 seconds.</html>"
)


@dataclass(slots=True)
class Request:
    method: str
    host: str
    path: str  # as sent, still quoted
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]  # by lower-case name
    body: bytes


@dataclass(slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    cut: bool = False
    hang: bool = False


def json_answer(value: Any, status: int = 200, *, pretty: bool = True) -> Answer:
    """JSON, indented as Google does unless told ``prettyPrint=false``."""
    try:
        body = json.dumps(value, ensure_ascii=False, indent=2).encode() if pretty else _encoded(value)
    except UnicodeEncodeError:  # half of a character
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
    return Answer(status, body, {"Content-Type": "application/json; charset=UTF-8"})


def page_answer(status: int = 200, page: str = PAGE) -> Answer:
    """An HTML page, as Google's front ends send."""
    return Answer(status, page.encode(), {"Content-Type": "text/html; charset=UTF-8"})
