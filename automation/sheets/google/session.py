"""Signs in to Google (as a service account, as a person who allowed it, or with the machine's default credentials) and
sends requests as fast as its quota allows: each is tried again if that may help, and a lasting failure becomes an error
for people. gspread's `BackOffHTTPClient`, which never gives up and repeats writes, is not used."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from time import monotonic, sleep
from typing import Any, TypeVar

import google.auth
import gspread
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.oauth2.credentials import Credentials as UserCredentials
from google.oauth2.service_account import Credentials as ServiceCredentials
from msgspec.json import Decoder
from requests.exceptions import InvalidJSONError

from automation.sheets.google.failures import FAILURES, FailureKind, Subject, call_patiently, classify
from automation.sheets.google.snapshot import WITH_CELLS, with_rows
from automation.sheets.port import A_MINUTE
from automation.trouble import ConfigurationError, Trouble

T = TypeVar("T")
Params = Mapping[str, str | list[str]]
Body = Mapping[str, Any] | None

SHEETS_URL = "https://sheets.googleapis.com/v4/spreadsheets"
DRIVE_URL = "https://www.googleapis.com/drive/v3"
SHARED = {"supportsAllDrives": "true"}
#: Seconds to connect and to wait for an answer; Google itself cuts a request off at 180.
TIMEOUT = (10.0, 190.0)
_OBJECT = Decoder(dict[str, Any])

#: The fewest rights that do the work: read and write the spreadsheets that were shared; of Drive only a file's name,
#: its folder and whether it may be edited, never its content.
SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly")
#: The additional right for making spreadsheets: access to files that the program itself has made, and no others.
CREATING = "https://www.googleapis.com/auth/drive.file"


def credentials_of(settings: Mapping[str, object] | str, *, creating: bool = False) -> tuple[Credentials, str]:
    """The credentials in credentials.json, and whose they are (empty: ask Google). Raises `ConfigurationError`."""
    scopes = (*SCOPES, CREATING) if creating else SCOPES
    info = {} if isinstance(settings, str) else dict(settings)
    try:
        match info.get("type") if info else settings:
            case "default" if not info:
                found, _ = google.auth.default(scopes=scopes)
                address = str(getattr(found, "service_account_email", ""))
                # On Google's own machines the address is only "default" until Google is asked.
                return found, address if "@" in address else ""
            case "service_account" if info:
                service = ServiceCredentials.from_service_account_info(info, scopes=scopes)  # type: ignore[no-untyped-call]
                return service, str(service.service_account_email)
            case "authorized_user" if info:
                user = UserCredentials.from_authorized_user_info(info, scopes=scopes)  # type: ignore[no-untyped-call]
                return user, ""
            case other:
                raise ConfigurationError(Trouble("google.jenis-kunci", jenis=other or "-"))
    except DefaultCredentialsError as error:
        # MalformedError of a broken key is one of these too.
        code = "google.tanpa-kunci-bawaan" if isinstance(settings, str) else "google.kunci-keliru"
        raise ConfigurationError(Trouble(code, sebab=_reason(error))) from None
    except (GoogleAuthError, ValueError, TypeError, AttributeError) as error:
        raise ConfigurationError(Trouble("google.kunci-keliru", sebab=_reason(error))) from None


def _reason(error: Exception) -> str:
    """The first line of the library's message, and never a part of the key itself."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return text if "PRIVATE KEY" not in text else type(error).__name__


# Keeping within Google's quota, and within less after a refusal.
# https://developers.google.com/workspace/sheets/api/limits

_WINDOW = 60.0
#: The lowest limit that a refusal can teach, and for how many seconds it is believed.
_LEAST, _BELIEVED = 10, 600.0
#: Seconds of one wait, at most.
_NAP = 1.0


class Pace:
    """Lets all requests of a process wait until they fit into the minute. A refusal teaches how many fit, because
    others may use the same account. `meanwhile` is called during a wait."""

    def __init__(self, clock: Callable[[], float] = monotonic, sleep: Callable[[float], object] = sleep) -> None:
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


# Requests


class Session:
    """One session of a process, signed in as `address` (empty if Google has to be asked)."""

    def __init__(self, client: gspread.Client, address: str, pace: Pace) -> None:
        self._http = client.http_client.session
        # Else a default entry in ~/.netrc would replace the robot's own credentials.
        self._http.auth = lambda request: request
        # Google compresses its answers only for clients that also say so here.
        self._http.headers["User-Agent"] = "ruang-rakyat (gzip)"
        self._address = address
        self.pace = pace
        #: The Date header of Google's last answer, and the time here.
        self.dated: tuple[str, datetime] | None = None

    @property
    def address(self) -> str:
        """Whom spreadsheets have to be shared with; empty if Google does not say."""
        with suppress(*FAILURES, KeyError):
            if not self._address:
                about = partial(self.send, "get", f"{DRIVE_URL}/about", {"fields": "user(emailAddress)"})
                self._address = call_patiently(about)["user"]["emailAddress"]
        return self._address

    def ask(self, place: Subject, method: str, url: str, params: Params, body: Body = None) -> dict[str, Any]:
        """The JSON of a request about a place, tried again if that may help; always with the same body, so that a
        commit which was applied unnoticed is refused by its own fence. Raises `WorkbookError` for a lasting failure."""
        call = partial(call_patiently, partial(self.send, method, url, params, body))
        return self.attempt(call, place, writing=body is not None)

    def attempt(self, call: Callable[[], T], place: Subject, *, writing: bool = False) -> T:
        """The result of `call`; a failure becomes a `WorkbookError` that names the place."""
        try:
            return call()
        except FAILURES as error:
            failure = classify(error)
            # Only if the message names it: asking for the address is a request of its own.
            address = self.address if failure.kind is FailureKind.NO_ACCESS or "protected" in failure.words else ""
            raise place.trouble(failure, address, writing=writing) from error

    def send(self, method: str, url: str, params: Params, body: Body = None) -> dict[str, Any]:
        """The JSON of one request, sent once."""
        reading, metered = method == "get", url.startswith(SHEETS_URL)
        try:
            with self.pace.turn(reading=reading) if metered else nullcontext():
                # Without indentation an answer has a third of the size.
                shown = {**params, "prettyPrint": "false"}
                response = self._http.request(method, url, params=shown, json=body, timeout=TIMEOUT)
                response.raise_for_status()
        except FAILURES as error:
            if metered and (failure := classify(error)).kind is FailureKind.QUOTA:
                self.pace.refused(failure.after or 0.0, reading=reading)
            raise
        except TypeError as error:
            if "indices" not in str(error):
                raise
            raise InvalidJSONError(str(error)) from error  # google-auth takes a page for its token
        self.dated = response.headers.get("Date", ""), datetime.now(UTC)
        try:
            return (with_rows if params.get("fields") in WITH_CELLS else _OBJECT.decode)(response.content)
        except ValueError as error:  # also for bytes that are no text
            raise InvalidJSONError(str(error)) from error
