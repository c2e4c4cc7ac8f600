"""What went wrong with a request to Google, whether trying again helps, and what a person is told.

A failure is classified by its HTTP status and never by gspread's ``APIError.code``, which is -1 for an HTML page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError

from automation.sheets.google.retry import Again
from automation.trouble import Outrun, WorkbookError


class Kind(Enum):
    """What a failure means for us."""

    QUOTA = auto()
    OUTAGE = auto()  # whether the request was carried out is unknown
    NO_ACCESS = auto()
    API_OFF = auto()
    SCOPES = auto()
    LOGIN = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request; `words` are Google's, or the error's name where there are none."""

    kind: Kind
    words: str
    after: float | None = None


#: What requests, google-auth and gspread raise. Every RequestException is an OSError, and so is a missing CA bundle.
FAILURES = (OSError, GoogleAuthError, gspread.exceptions.GSpreadException)
#: A quota is per minute, so the waits before the last of seven tries span one. After an outage the next cycle, minutes
#: later, is the better retry: its spreadsheets must not wait for one another.
TRIES = {Kind.QUOTA: 7, Kind.OUTAGE: 4}
LOST_CONNECTION = (
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    requests.exceptions.InvalidJSONError,  # a 200 whose body is no JSON
)
#: Google's words (HTTP 400) when the spreadsheet is no longer what was read: the fence has moved, a tab was deleted,
#: renamed or added, rows or columns were deleted.
OUTRUN = re.compile(
    r"NamedRange|named range|No grid with id|Unable to parse range|already exists|exceeds grid limits"
    r"|beyond the last requested|after last (row|column) in grid",
    re.IGNORECASE,
)


def failure_of(error: Exception) -> Failure:
    """What happened; `error` is anything that requests, google-auth or gspread raised."""
    response = getattr(error, "response", None)
    if isinstance(response, requests.Response) and not response.ok:
        return _answered(response)
    if isinstance(error, TransportError):
        lost = error.retryable or isinstance(error.__cause__, LOST_CONNECTION)
        return Failure(Kind.OUTAGE if lost else Kind.REFUSED, _name(error.__cause__ or error))
    if isinstance(error, RefreshError) and error.retryable:
        return Failure(Kind.OUTAGE, _name(error))
    if isinstance(error, GoogleAuthError):
        words = str(error.args[0]) if error.args else _name(error)
        return Failure(Kind.SCOPES if "invalid_scope" in words else Kind.LOGIN, words)
    if isinstance(error, LOST_CONNECTION):
        return Failure(Kind.OUTAGE, _name(error))
    return Failure(Kind.REFUSED, _name(error))


def _answered(response: requests.Response) -> Failure:
    status = response.status_code
    try:
        error: dict[str, Any] = response.json()["error"]
        words = str(error["message"])
        reasons = str([error.get("details"), error.get("errors")])
    except (ValueError, KeyError, TypeError):
        words, reasons = f"HTTP {status}", ""
    after = response.headers.get("Retry-After", "")
    if status == 429 or "ateLimitExceeded" in reasons:
        return Failure(Kind.QUOTA, words, float(after) if after.isdecimal() else None)
    if status >= 500 or status == 408:
        return Failure(Kind.OUTAGE, f"HTTP {status}", float(after) if after.isdecimal() else None)
    if status == 401:
        return Failure(Kind.LOGIN, words)
    if status == 403 and ("accessNotConfigured" in reasons or "SERVICE_DISABLED" in reasons):
        return Failure(Kind.API_OFF, words)
    if status == 403 and "authentication scopes" in words:
        return Failure(Kind.SCOPES, words)
    if status in (403, 404):
        return Failure(Kind.NO_ACCESS, words)
    return Failure(Kind.REFUSED, words)


def _name(error: BaseException) -> str:
    return type(error).__name__


def again_after(error: Exception) -> Again | None:
    """Whether and how to try the request again."""
    failure = failure_of(error)
    tries = TRIES.get(failure.kind)
    return Again(tries, failure.after) if tries else None


@dataclass(frozen=True, slots=True)
class Place:
    """What a request was about, in the words of a message: name, link, and the address to share it with."""

    name: str
    link: str
    address: str

    def trouble(self, failure: Failure, *, writing: bool = False) -> WorkbookError:
        """What a person is told about a failure."""
        about = {"nama": self.name, "tautan": self.link, "alamat": self.address or "-", "sebab": failure.words}
        match failure.kind:
            case Kind.REFUSED if writing and OUTRUN.search(failure.words):
                return Outrun("google.didahului", **about)
            case Kind.REFUSED if "protected cell" in failure.words:
                return WorkbookError("google.terlindung", **about)
            case Kind.REFUSED if "the limit of" in failure.words and "cells" in failure.words:
                return WorkbookError("google.penuh", **about)
            case Kind.NO_ACCESS if "storage quota" in failure.words:
                return WorkbookError("google.tanpa-ruang", **about)
            case Kind.NO_ACCESS:
                return WorkbookError("google.hanya-baca" if writing else "google.tanpa-akses", **about)
            case Kind.LOGIN:
                return WorkbookError(f"google.{_login_code(failure.words)}", **about)
            case Kind.API_OFF:
                enable = re.search(r"https://console\S+?(?=[\s.]*(?:\s|$))", failure.words)
                return WorkbookError("google.api-mati", **{**about, "buka": enable[0] if enable else "-"})
        codes = {
            Kind.QUOTA: "kuota",
            Kind.OUTAGE: "tak-terjangkau",
            Kind.SCOPES: "izin-kurang",
            Kind.REFUSED: "ditolak",
        }
        return WorkbookError(f"google.{codes[failure.kind]}", **about)


def _login_code(words: str) -> str:
    if "iat and exp" in words or "reasonable timeframe" in words:
        return "jam-meleset"
    return "kunci-dicabut" if "invalid_grant" in words else "login-ditolak"
