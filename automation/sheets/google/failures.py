"""What went wrong with a request to Google, whether trying again helps, what a person is told, and what is left alone
from then on: cells that Google does not report as protected, and tabs that it can't return.

A failure is classified by its HTTP status, because gspread can't build its ``APIError`` from every answer.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from itertools import count
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import requests
import stamina
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from msgspec import Struct
from requests.exceptions import ChunkedEncodingError, ContentDecodingError, InvalidJSONError, Timeout

from automation.sheets.google.snapshot import OUTLINE_FIELDS, READ_FIELDS, UNREAD, grid_sheets
from automation.sheets.links import quoted_title
from automation.trouble import Outrun, WorkbookError

T = TypeVar("T")


class FailureKind(Enum):
    """What a failure means for us; the value is the last part of the key of the message to people."""

    QUOTA = "kuota"
    OUTAGE = "tak-terjangkau"  # whether the request was carried out is unknown
    NO_ACCESS = "tanpa-akses"
    API_OFF = "api-mati"
    SCOPES = "izin-kurang"
    LOGIN = "login-ditolak"
    REFUSED = "ditolak"


class RequestFailure(Struct, frozen=True):
    """A failed request; `words` are Google's, or the error's name where there are none."""

    kind: FailureKind
    words: str
    after: float | None = None

    @property
    def is_outrun(self) -> bool:
        """Whether the spreadsheet was no longer what had been read."""
        return self.kind is FailureKind.REFUSED and OUTRUN.search(self.words) is not None


#: What requests and google-auth raise. Every RequestException is an OSError, and so is a missing CA bundle.
FAILURES = (OSError, GoogleAuthError)
stamina.instrumentation.set_on_retry_hooks(())  # else each wait shows on the operator's screen, in English
#: A quota is per minute, so the waits before the last of seven tries add up to one. After an outage the next cycle,
#: minutes later, is the better retry: spreadsheets must not wait for one another.
TRIES = {FailureKind.QUOTA: 7, FailureKind.OUTAGE: 4}
#: In seconds, the longest single wait (Google advises 32 or 64), and the time after which nothing is tried again:
#: requests that Google cuts off after 180 seconds would keep the other spreadsheets waiting four times as long.
LONGEST_WAIT, LONGEST = 64.0, 150.0
#: The last one is for a 200 whose body is no JSON.
LOST_CONNECTION = (requests.ConnectionError, Timeout, ChunkedEncodingError, ContentDecodingError, InvalidJSONError)
#: Which request of a batch Google's words refuse: the first one that it can't carry out.
NAMED = re.compile(r"Invalid requests\[([0-9]+)\]")
#: Google's words (HTTP 400) when the spreadsheet is no longer what was read: the fence has moved, a tab was deleted,
#: renamed or added, rows or columns were deleted.
OUTRUN = re.compile(
    r"NamedRange|named range|No grid with id|Unable to parse range|already exists|exceeds grid limits"
    r"|beyond the last requested|after last (row|column) in grid",
    re.IGNORECASE,
)


def classify(error: Exception) -> RequestFailure:
    """What happened; `error` is anything that requests or google-auth raised."""
    response = getattr(error, "response", None)
    if isinstance(response, requests.Response) and not response.ok:
        return _answered(response)
    sent = isinstance(error, TransportError)  # by google-auth, for a token
    name = type(cause := (error.__cause__ if sent else None) or error).__name__
    if isinstance(cause, LOST_CONNECTION) or (isinstance(error, (TransportError, RefreshError)) and error.retryable):
        return RequestFailure(FailureKind.OUTAGE, name)
    if isinstance(error, GoogleAuthError) and not sent:
        words = str(error.args[0]) if error.args else name
        return RequestFailure(FailureKind.SCOPES if "invalid_scope" in words else FailureKind.LOGIN, words)
    return RequestFailure(FailureKind.REFUSED, name)


def _answered(response: requests.Response) -> RequestFailure:
    status = response.status_code
    try:
        error: dict[str, Any] = response.json()["error"]
        words = str(error["message"])
        reasons = str([error.get("details"), error.get("errors")])
    except (ValueError, KeyError, TypeError):
        words, reasons = f"HTTP {status}", ""
    asked = response.headers.get("Retry-After", "")
    kinds = {
        FailureKind.QUOTA: status == 429 or "ateLimitExceeded" in reasons,
        FailureKind.OUTAGE: status >= 500 or status == 408,
        FailureKind.LOGIN: status == 401,
        FailureKind.API_OFF: status == 403 and ("accessNotConfigured" in reasons or "SERVICE_DISABLED" in reasons),
        FailureKind.SCOPES: status == 403 and "authentication scopes" in words,
        FailureKind.NO_ACCESS: status in (403, 404),
    }
    kind = next((kind for kind, holds in kinds.items() if holds), FailureKind.REFUSED)
    told = f"HTTP {status}" if kind is FailureKind.OUTAGE else words
    return RequestFailure(kind, told, float(asked) if asked.isdecimal() else None)


# Trying again


def tries_after(failure: RequestFailure) -> int:
    """How many times in all a request is sent that fails in this way."""
    return TRIES.get(failure.kind, 1)


def call_patiently(call: Callable[[], T], tries: Callable[[RequestFailure], int] = tries_after) -> T:
    """The result of `call`, which is tried up to as many times as `tries` says for the failure; the last error is
    raised. Waits are 1, 2, 4, 8, 16 and 32 seconds, or what the server asks for, with up to a second of jitter."""
    failures = count(1)

    def wait_after(error: Exception) -> bool | float:
        failure = classify(error)
        if next(failures) >= tries(failure):
            return False
        return True if failure.after is None else min(failure.after, LONGEST_WAIT) + random.random()

    patient = stamina.retry(on=wait_after, attempts=None, timeout=LONGEST, wait_initial=1, wait_max=LONGEST_WAIT)
    return patient(call)()


# What a person is told


class Subject(Struct, frozen=True):
    """The name and address of what a request is about, for messages."""

    name: str
    link: str

    @property
    def named(self) -> dict[str, str]:
        return {"nama": self.name, "tautan": self.link}

    def trouble(self, failure: RequestFailure, address: str, *, writing: bool) -> WorkbookError:
        """The error that tells a person about a failure; `address` is whom the spreadsheet has to be shared with."""
        about = {**self.named, "alamat": address or "-", "sebab": failure.words}
        if writing and failure.is_outrun:
            return Outrun("google.didahului", **about)
        if failure.kind is FailureKind.API_OFF:
            enable = re.search(r"https://console\S+?(?=[\s.]*(?:\s|$))", failure.words)
            about["buka"] = enable[0] if enable else "-"
        usual = "hanya-baca" if writing and failure.kind is FailureKind.NO_ACCESS else failure.kind.value
        said = (code for of, told, code in _CLOSER if of is failure.kind and re.search(told, failure.words, re.DOTALL))
        return WorkbookError(f"google.{next(said, usual)}", **about)


#: Closer messages to people if Google's words say more than the kind of a failure.
_CLOSER = (
    (FailureKind.REFUSED, r"protected cell", "terlindung"),
    (FailureKind.REFUSED, r"(?=.*the limit of).*cells", "penuh"),
    (FailureKind.NO_ACCESS, r"storage quota", "tanpa-ruang"),
    (FailureKind.LOGIN, r"iat and exp|reasonable timeframe", "jam-meleset"),
    (FailureKind.LOGIN, r"invalid_grant", "kunci-dicabut"),
)


# What is refused again and again

#: Seconds for which a refusal is believed: its cause may be gone afterwards.
BELIEVED = 3600.0
#: Values as they are, not as they look.
VALUES = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
Spreadsheet = Mapping[str, Any]
#: Asks once for something of the spreadsheet, by parameters and the rest of a path.
Ask = Callable[..., dict[str, Any]]


class Refusals(Generic[T]):
    """Refusals by spreadsheet, each believed for an hour."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._told: dict[str, list[tuple[float, T]]] = defaultdict(list)

    def note(self, source: str, refused: T) -> None:
        """Note a refusal, now."""
        self._told[source].append((self._clock(), refused))

    def of(self, source: str) -> list[T]:
        """The refusals of a spreadsheet that are still believed."""
        since = self._clock() - BELIEVED
        return [refused for noted, refused in self._told[source] if noted > since]


def read_anyway(whole: Callable[[], Spreadsheet], ask: Ask, unreadable: Refusals[str], source: str) -> Spreadsheet:
    """A spreadsheet, even if Google can't return all of its tabs at once: then each is asked for by itself, or, if some
    are known to be bad, all others together. Of a bad one only values are read, or nothing. Raises `WorkbookError`."""
    # A single failure may be Google's own trouble, by chance.
    bad = [title for title, times in Counter(unreadable.of(source)).items() if times > 1]
    try:
        if not bad:
            return whole()
    except WorkbookError as error:
        if not str(error.particulars.get("sebab")).startswith("HTTP 5"):
            raise
    spreadsheet = ask({"fields": OUTLINE_FIELDS})
    titled: dict[str, Any] = {properties["title"]: sheet for _, properties, sheet in grid_sheets(spreadsheet)}
    good = [title for title in titled if title not in bad]
    groups = [good] if bad else [[title] for title in good]
    for titles in groups:
        try:
            read = ask({"fields": READ_FIELDS, "ranges": [quoted_title(title) for title in titles]})
            for sheet in read.get("sheets", ()):
                titled[sheet["properties"]["title"]].update(sheet)
        except WorkbookError:
            if len(titled) == 1:
                raise
            groups += [[title] for title in titles] if len(titles) > 1 else []
            if len(titles) == 1:
                bad += titles
                unreadable.note(source, titles[0])
    for title in filter(titled.__contains__, bad):
        titled[title][UNREAD] = []
        with suppress(WorkbookError):
            titled[title][UNREAD] = ask(VALUES, f"/values/{quote(quoted_title(title), safe='')}").get("values", [])
    return spreadsheet
