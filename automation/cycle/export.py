"""The table that `export` writes: every case that Kendali knows, as the last cycle left it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from automation.cases.cells import Writable
from automation.cases.entries import make_entries
from automation.cases.events import JOURNAL
from automation.cases.examiner import Examiner
from automation.cases.register import Health
from automation.cases.texts import Texts
from automation.config.settings import Settings
from automation.cycle.holdings import read_health, read_links
from automation.cycle.registry import Registry
from automation.cycle.robot_table import plain
from automation.digests.audience import CITY, Scope, within
from automation.digests.case_rows import Facts, exported_headings, exported_row
from automation.digests.figures import measures
from automation.digests.flow import passage
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
    journal = kendali.tab(JOURNAL)
    cases = Registry(journal.rows if journal is not None else ()).cases()
    rules, examiner = settings.rules, Examiner(settings.rules, now.date())
    rows: list[list[Writable]] = []
    for entry in within(make_entries(cases.values(), read_links(kendali), examiner, now), [chosen.scope]):
        if (chosen.since or entry.received) <= entry.received <= (chosen.until or entry.received):
            _, case = cases[entry.ticket]
            complaint = examiner.examine(case.content, entry.kelurahan, False)
            category = rules.categories.get(entry.category)
            measured = measures(passage(entry), now.date(), rules.calendar)
            facts = Facts(entry, measured, texts, complaint, category, personal=personal, travels=True)
            rows.append([plain(value) for value in exported_row(facts, case.content)])
    unread = tuple(health for health in read_health(kendali, settings, texts, now) if health.problem)
    return Table(exported_headings(personal=personal), rows, unread)
