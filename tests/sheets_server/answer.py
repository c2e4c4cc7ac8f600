"""What goes back over the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
    text = json.dumps(
        value, ensure_ascii=False, indent=2 if pretty else None, separators=None if pretty else (",", ":")
    )
    return Answer(status, text.encode(errors="surrogatepass"), {"Content-Type": "application/json; charset=UTF-8"})


def page_answer(status: int = 200) -> Answer:
    """An HTML page, as Google's front ends send."""
    return Answer(status, PAGE.encode(), {"Content-Type": "text/html; charset=UTF-8"})
