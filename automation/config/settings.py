"""What Kendali and credentials.json say, understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from automation.digests.audience import Recipient
from automation.model.rules import Rules
from automation.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Smtp:
    """How mail is sent. Port 465 speaks TLS from the start; any other port must offer STARTTLS."""

    host: str
    port: int
    username: str
    password: str
    sender: str  # "Ruang Rakyat <kabar@example.org>"


@dataclass(frozen=True, slots=True)
class Credentials:
    """credentials.json. `google` is the key itself, ``"default"``, or None for local workbooks; `folder` is where the
    file lies, and what relative paths start from."""

    kendali: str
    google: Mapping[str, object] | str | None
    smtp: Smtp | None
    folder: Path


@dataclass(frozen=True, slots=True)
class Source:
    """A row of Sumber: a link, id or path of a spreadsheet, or of a folder (all in it). `row` is 0-based in its tab."""

    name: str
    link: str
    row: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All of Kendali that people decide. `problems` are rows that were passed over, each with its cell."""

    rules: Rules
    recipients: tuple[Recipient, ...]
    sources: tuple[Source, ...]
    sync_minutes: int
    daily_at: time
    weekly_on: int  # 0 = Monday
    outage_minutes: int  # how long reading must have failed before it is told
    warn_days: int  # working days before the deadline from which a case falls due soon
    organisation: str  # who signs the mails
    reply_to: str  # a person's address, or empty
    problems: tuple[Trouble, ...] = ()

    @property
    def heartbeat(self) -> timedelta:
        """How old `Terakhir Dibaca` may grow in quiet times before it is renewed for its own sake: an hour, or less
        where a failure is to be told sooner."""
        return min(timedelta(hours=1), timedelta(minutes=self.outage_minutes) / 2)

    @property
    def outage_after(self) -> timedelta:
        """How old `Terakhir Dibaca` is when reading has failed for as long as the setting says; never younger than it
        may be while all is well."""
        return max(timedelta(minutes=self.outage_minutes), self.heartbeat + 2 * timedelta(minutes=self.sync_minutes))
