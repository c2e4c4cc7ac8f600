"""What Kendali holds at one moment: the register and all else that digests are made from, read once for all that are
due then; and the table that `export` writes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from automation.cases.examiner import Examiner, make_entries
from automation.config.kendali import Settings, read_kendali
from automation.config.tabs import rows_of, whole
from automation.config.values import text
from automation.cycle import second_copy
from automation.cycle.health import read_health
from automation.cycle.kendali import plain
from automation.cycle.kiriman import KendaliKiriman
from automation.cycle.registry import Registry
from automation.digests.audience import Recipient, Scope, within
from automation.digests.case_rows import CaseFacts, exported_headings, exported_row
from automation.digests.figures import measures
from automation.digests.flow import passage
from automation.digests.ledger import Ledger
from automation.model.cells import Writable
from automation.model.register import Entry, Health, Register, Repair
from automation.model.texts import Texts
from automation.sheets.port import Snapshot, Workbook
from automation.tables.kendali import CATEGORIES, HOLIDAYS, PLACES, REGISTER, REPAIRS, SETTINGS

#: What the rules are read from.
RULES = (SETTINGS, CATEGORIES, PLACES, HOLIDAYS)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What a cycle has worked out for the digests that the same process sends after it: the register's entries as they
    were `at` its time, from the `rules` that it began with and the second copy of the `journals` as it left them."""

    at: datetime
    entries: tuple[Entry, ...]
    rules: int
    journals: int

    @classmethod
    def of(cls, kendali: Snapshot, entries: tuple[Entry, ...], at: datetime, rules: int) -> Known:
        """What was worked out from the journals of this Kendali, and the rules with this `rules_mark`."""
        return cls(at, entries, rules, second_copy.mark(kendali))

    def is_newest(self, kendali: Snapshot) -> bool:
        """Whether no other robot has brought news to Kendali since."""
        return self.journals == second_copy.mark(kendali)

    def still_holds(self, kendali: Snapshot, now: datetime) -> bool:
        """Whether the entries would come out the same if they were worked out again."""
        same_day = self.at.date() == now.date()
        return same_day and self.is_newest(kendali) and self.rules == rules_mark(kendali)


def rules_mark(kendali: Snapshot) -> int:
    """A number that tells the rules from any others."""
    return hash(tuple(tuple(map(tuple, kendali.rows(title))) for title in RULES))


class Facts:
    """Raises `ConfigurationError` and `WorkbookError` for Kendali. `known` is what the last whole cycle of this process
    has worked out, `stale` that a later one has failed. Then `as_of` is the time of the last whole one, where no other
    robot has been at work since: so old is what there is to tell."""

    def __init__(
        self, kendali: Workbook, texts: Texts, now: datetime, known: Known | None = None, *, stale: bool = False
    ) -> None:
        self.now, self.texts = now.replace(microsecond=0), texts
        self.snapshot = kendali.read()
        second_copy.refuse_newer(self.snapshot)
        self.settings = read_kendali(self.snapshot, texts)
        self.kiriman = KendaliKiriman(kendali, self.snapshot)
        self._known = known
        self.as_of = known.at if known is not None and stale and known.is_newest(self.snapshot) else None
        self._made: dict[Hashable, object] = {}

    @property
    def ledger(self) -> Ledger:
        """Kiriman as it stands now."""
        return self.kiriman.ledger

    @cached_property
    def register(self) -> Register:
        """Every case; only worked out when there is somebody to tell, and nobody has done so before."""
        if self._known is not None and self._known.still_holds(self.snapshot, self.now):
            return Register(self._known.entries, read_repairs(self.snapshot), self.health)
        return read_register(self.snapshot, self.settings, self.texts, self.now)

    @cached_property
    def health(self) -> tuple[Health, ...]:
        """How each spreadsheet fares."""
        return read_health(self.snapshot, self.settings, self.texts, self.now)

    def since(self, kind: str, recipient: Recipient, default: datetime) -> datetime:
        """Since when there is news for a recipient: the last digest of this kind, or `default`."""
        since = self.ledger.since(kind, recipient.email, default)
        return default if since >= self.now else since  # a day that has passed, looked at again

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes, once: most recipients share their scopes and what they were told last."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]  # type: ignore[return-value]


def read_register(kendali: Snapshot, settings: Settings, texts: Texts, now: datetime) -> Register:
    """The register as it stands at `now`: every case from the second copy, as far as it was written by then."""
    cases = Registry(kendali, until=now).cases()
    entries = make_entries(cases.values(), read_links(kendali), Examiner(settings.rules, now.date()), now)
    return Register(tuple(entries), read_repairs(kendali), read_health(kendali, settings, texts, now))


def read_links(kendali: Snapshot) -> dict[str, str]:
    """The address of each case's row, by ticket, as the register says."""
    return {text(row["No. Tiket"]): text(row["Tautan"]) for row in rows_of(kendali, REGISTER)}


def read_repairs(kendali: Snapshot) -> tuple[Repair, ...]:
    """The rows that wait for a fix."""
    return tuple(
        Repair(
            kecamatan=text(row["Kecamatan"]),
            kelurahan=text(row["Kelurahan"]),
            row=whole(row["Baris"]) or 0,
            check=str(row["Pemeriksaan"] or ""),
            link=str(row["Tautan"] or ""),
            source=str(row["Sumber"] or ""),
        )
        for row in rows_of(kendali, REPAIRS)
    )


#: The first and the last day of receipt; None without a limit.
Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The exported table; `unread` are spreadsheets of which there may be more, or something newer."""

    headings: tuple[str, ...]
    rows: Sequence[Sequence[Writable]]
    unread: tuple[Health, ...]


def make_table(
    kendali: Snapshot, settings: Settings, texts: Texts, now: datetime, days: Days, scope: Scope, *, personal: bool
) -> Table:
    """The cases of these days and this part of the city in the order in which they were issued; with `personal` data
    only where that was asked for."""
    cases = Registry(kendali).cases()
    rules, examiner = settings.rules, Examiner(settings.rules, now.date())
    rows: list[list[Writable]] = []
    for entry in within(make_entries(cases.values(), read_links(kendali), examiner, now), [scope]):
        if (days[0] or entry.received) <= entry.received <= (days[1] or entry.received):
            _, case = cases[entry.ticket]
            complaint = examiner.examine(case.content, entry.kelurahan, False)
            category = rules.categories.get(entry.category)
            measured = measures(passage(entry), now.date(), rules.calendar)
            facts = CaseFacts(entry, measured, texts, complaint, category, personal=personal, travels=True)
            rows.append([plain(value) for value in exported_row(facts, case.content)])
    unread = tuple(health for health in read_health(kendali, settings, texts, now) if health.problem)
    return Table(exported_headings(personal=personal), rows, unread)
