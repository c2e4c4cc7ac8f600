"""What Kendali holds at one moment: read once for all digests that are due then."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from automation.cases.register import Health, Register
from automation.cases.texts import Texts
from automation.config.kendali import read_kendali
from automation.cycle.holdings import read_health, read_register
from automation.cycle.kiriman import KendaliKiriman
from automation.digests.audience import Addressee
from automation.digests.ledger import Ledger
from automation.sheets.port import Workbook

T = TypeVar("T")


class Facts:
    """Raises `ConfigurationError` and `WorkbookError` for Kendali."""

    def __init__(self, kendali: Workbook, texts: Texts, now: datetime) -> None:
        self.now, self.texts = now.replace(microsecond=0), texts
        self.snapshot = kendali.read()
        self.settings = read_kendali(self.snapshot, texts)
        self.places = tuple(self.settings.rules.places)
        self.kiriman = KendaliKiriman(kendali, self.snapshot)
        self._known: dict[Hashable, object] = {}

    @property
    def ledger(self) -> Ledger:
        """Kiriman as it stands now."""
        return self.kiriman.ledger

    @cached_property
    def register(self) -> Register:
        """Every case; only worked out when there is somebody to tell."""
        return read_register(self.snapshot, self.settings, self.texts, self.now)

    @cached_property
    def health(self) -> tuple[Health, ...]:
        """How each spreadsheet fares."""
        return read_health(self.snapshot, self.settings, self.texts, self.now)

    def since(self, kind: str, recipient: Addressee, default: datetime) -> datetime:
        """Since when there is news for a recipient: the last digest of this kind, or `default`."""
        since = self.ledger.since(kind, recipient.email, default)
        return default if since >= self.now else since  # a day that has passed, looked at again

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes, once: most recipients share their scopes and what they were told last."""
        if name not in self._known:
            self._known[name] = make()
        return self._known[name]  # type: ignore[return-value]
