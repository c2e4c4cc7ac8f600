"""What the last cycle of this machine came to: noted in the program's own folder, and told to a watchman on the web.

The watchman is the address in the setting `Ping`: of healthchecks (``https://hc-ping.com/…``, told with /start and
/fail) or of Uptime Kuma (``https://…/api/push/…``). It hears when a cycle begins, that it went well, or in one line why
not, without a word of anybody's row. The note remembers it for the day on which Kendali can't be read. Nothing here
raises: no watchman stops a cycle.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from automation.cycle.sync import Report
from automation.model.disclosure import shorten, without_contacts
from automation.model.texts import Texts
from automation.trouble import ConfigurationError, Trouble
from automation.whole_file import write_whole

log = logging.getLogger(__name__)

#: Seconds for which a watchman is waited for.
PATIENCE = 5.0
#: Characters of a reason.
REASON = 200


@dataclass(frozen=True, slots=True)
class LastCycle:
    """When it began (ISO 8601), how many seconds it took, whether all was well, and who was told."""

    began: str = ""
    seconds: float = 0.0
    well: bool = True
    ping: str = ""

    @property
    def time(self) -> datetime:
        """When it began."""
        return datetime.fromisoformat(self.began)

    def standing(self, now: datetime, pause: timedelta, *, running: bool) -> tuple[str, str]:
        """How good that is where a cycle is due after each `pause`: a level of `check`, and an entry of ``periksa``."""
        if now - self.time > max(timedelta(hours=1), 3 * pause):
            return ("salah", "macet") if running else ("catat", "diam")
        return ("catat", "lambat") if timedelta(seconds=self.seconds) > pause else ("baik", "siklus")


class Heartbeat:
    """The note of the last cycle with these credentials."""

    def __init__(self, folder: Path, credentials: Path, texts: Texts) -> None:
        self._path, self._texts = folder / f".{credentials.name}.siklus", texts

    def last(self) -> LastCycle | None:
        """The last cycle; None where none is known."""
        try:
            last = LastCycle(**json.loads(self._path.read_text("utf-8")))
            return last if last.time.tzinfo is not None and last.seconds >= 0 else None
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    @contextmanager
    def watch(self, began: datetime) -> Iterator[Callable[[Report], object]]:
        """While a cycle runs; it hands in its report at the end."""
        last = self.last()
        ping, since = (last.ping if last is not None else ""), time.monotonic()
        _tell(ping, "start")
        reports: list[Report] = []
        try:
            yield reports.append
        except Exception as error:
            self._ends(began, since, ping, self._reason(error))
            raise
        for report in reports:
            self._ends(began, since, report.settings.ping, "" if report.well else self._partly(report))

    def _ends(self, began: datetime, since: float, ping: str, reason: str) -> None:
        cycle = LastCycle(began.isoformat(), round(time.monotonic() - since, 1), not reason, ping)
        try:
            write_whole(self._path, json.dumps(asdict(cycle)).encode())
        except OSError as error:
            log.info("the last cycle is not noted: %s", type(error).__name__)
        _tell(ping, "fail" if reason else "", reason)

    def _partly(self, report: Report) -> str:
        tabs = sum(len(outcome.troubles) for outcome in report.outcomes)
        counts = {"gagal": len(report.failures), "kendali": len(report.settings.problems), "tab": tabs}
        return self._texts.say("operator.ping", **counts)

    def _reason(self, error: Exception) -> str:
        """Why a cycle was broken off; what people typed into Kendali is not in it."""
        if isinstance(error, ConfigurationError):
            return self._texts.say("operator.keliru", banyak=len(error.causes))
        words = self._texts.tell(error) if isinstance(error, Trouble) else type(error).__name__
        return shorten(without_contacts(" ".join(words.split())), REASON)


def _tell(address: str, what: str, words: str = "") -> None:
    """`what` is ``start``, ``fail`` or nothing: all is well."""
    if not address:
        return
    import requests  # only here: most cities have no watchman

    parts = urlsplit(address)
    if is_kuma := "/api/push/" in parts.path:
        if what == "start":  # it knows no beginning
            return
        query = {"status": "down" if what else "up", "msg": words or "OK"}
    bare = urlunsplit(parts._replace(path=parts.path.rstrip("/"), query="", fragment=""))
    try:
        if is_kuma:
            answer = requests.get(bare, params=query, timeout=PATIENCE)
        else:
            answer = requests.post(f"{bare}/{what}".rstrip("/"), data=words.encode(), timeout=PATIENCE)
        answer.raise_for_status()
    except requests.RequestException as error:  # its words would name the address, which is a key
        log.info("no ping: %s", type(error).__name__)
