"""The table that `export` writes: every case that Kendali knows, as the last cycle left it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from automation.cases.cells import Writable
from automation.cases.entries import make_entries
from automation.cases.examiner import Examiner
from automation.cases.register import Health
from automation.cases.texts import Texts
from automation.config.settings import Settings
from automation.cycle.facts import read_links
from automation.cycle.health import read_health
from automation.cycle.registry import Registry
from automation.cycle.table import plain
from automation.digests.audience import CITY, Scope, within
from automation.digests.export_table import HEADINGS, PERSONAL_HEADINGS, full_row, table_row
from automation.digests.flow import passage
from automation.digests.measures import measures
from automation.sheets.port import Snapshot


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases: received on these days (both included; None without a limit), in this part of the city."""

    since: date | None = None
    until: date | None = None
    scope: Scope = CITY


@dataclass(frozen=True, slots=True)
class Table:
    """The exported table; `unread` are spreadsheets of which there may be more, or something newer."""

    headings: tuple[str, ...]
    rows: Sequence[Sequence[Writable]]
    unread: tuple[Health, ...]


def make_table(
    kendali: Snapshot, settings: Settings, texts: Texts, now: datetime, chosen: Selection, *, personal: bool
) -> Table:
    """The cases in the order in which they were issued; with `personal` data only where that was asked for."""
    cases = Registry(kendali).cases()
    rules, examiner = settings.rules, Examiner(settings.rules, now.date())
    rows: list[list[Writable]] = []
    for entry in within(make_entries(cases.values(), read_links(kendali), examiner, now), [chosen.scope]):
        if (chosen.since or entry.received) <= entry.received <= (chosen.until or entry.received):
            _, case = cases[entry.ticket]
            complaint = examiner.examine(case.content, entry.kelurahan, False)
            category = rules.categories.get(entry.category)
            measured = measures(passage(entry), now.date(), rules.calendar)
            row = (
                full_row(entry, complaint, case.content, category, measured, texts)
                if personal
                else table_row(entry, complaint, category, measured, texts)
            )
            rows.append([plain(value) for value in row])
    unread = tuple(health for health in read_health(kendali, settings, texts, now) if health.problem)
    return Table((*HEADINGS, *PERSONAL_HEADINGS) if personal else HEADINGS, rows, unread)
