"""What Kendali holds at one moment: the register and all else that the digests due then are made from, read once."""

import logging
import re
from collections.abc import Hashable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from msgspec import Struct

from automation.cases.examiner import Examiner, make_entries
from automation.config.tabs import rows_of
from automation.config.values import text
from automation.cycle import second_copy
from automation.cycle.commit import commit
from automation.cycle.filing import Known as FiledRows, LaidRow, asked_about, filed_rows, laid, links_to
from automation.cycle.health import read_health
from automation.cycle.kendali import part_of_kendali, read_repairs, read_settings, robot_columns
from automation.cycle.kiriman import KendaliKiriman, Noted
from automation.cycle.registry import Registry
from automation.digests.audience import Digest, Recipient
from automation.digests.decisions import decisions, proposals, week_mark
from automation.model.cells import Part, Tab
from automation.model.register import Entry, Health, Register
from automation.model.texts import Texts
from automation.reading.dates import read_date
from automation.sheets.port import Changes, ReadRequest, Snapshot, Workbook, combined
from automation.tables.kendali import DECISIONS, FILED, REGISTER, RULES, WISHES
from automation.trouble import WorkbookError

LONGEST_CYCLE = timedelta(hours=1)  # no cycle takes so long, however it waits for the service
ERASE = "hapus data"  # the wish that waits for a day before it is carried out

log = logging.getLogger(__name__)


class CycleResult(Struct, frozen=True):
    """What a cycle has worked out for the digests that the same process sends: the register's entries `at` its time,
    made from the `rules` it began with and the second copy of the `journals` as it left them (by their marks)."""

    at: datetime
    entries: tuple[Entry, ...]
    rules: int
    journals: int
    filed: FiledRows

    def is_newest(self, kendali: Snapshot) -> bool:
        """Whether no other robot has written to Kendali's journals since."""
        return self.journals == second_copy.mark(kendali)

    def still_holds(self, kendali: Snapshot, now: datetime) -> bool:
        """Whether the entries would come out the same if they were worked out again."""
        same_day = self.at.date() == now.date()
        return same_day and self.is_newest(kendali) and self.rules == second_copy.mark(kendali, RULES)


def waiting_wishes(kendali: Snapshot) -> dict[str, date]:
    """People's wishes that wait for a day (erasures), by command and ticket."""
    answers = (text(record[WISHES.headings[1]]) for record in rows_of(kendali, WISHES))
    return {key: day for answer in answers for key, day in [waits_until(answer)] if day is not None}


def waits_until(answer: str) -> tuple[str, date | None]:
    """The wish that an answer is about, and the day until which it says, in whatever words, that it waits, or None."""
    key, _, words = answer.partition(" – ")
    written = re.search(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", words) if key.startswith(f"{ERASE} ") else None
    return key, read_date(written[0]) if written else None


def _part(tab: Tab) -> Part:
    """All of a tab of Kendali's; of the journal, which only grows, and of what is put away what a cycle reads."""
    return part if (part := part_of_kendali(tab)) in (Part.END, Part.AWAY) else Part.ALL


class Facts:
    """What digests are made from. `known` is what the last complete cycle of this process has worked out; `stale`: a
    later one has failed. Then `as_of`, as old as the digests are, is the time of the complete one, unless another robot
    has worked since. `whole`: also read years that were put away. Raises `ConfigurationError` and `WorkbookError`."""

    def __init__(
        self,
        kendali: Workbook,
        texts: Texts,
        now: datetime,
        known: CycleResult | None = None,
        noted: Noted | None = None,
        *,
        stale: bool = False,
        whole: bool = False,
    ) -> None:
        self.kendali, self.now, self.texts = kendali, now.replace(microsecond=0), texts
        self.snapshot = kendali.read(None if whole else ReadRequest(_part, self.now, away=True))
        second_copy.refuse_newer(self.snapshot)
        self.settings = read_settings(self.snapshot, texts)
        self.kiriman = KendaliKiriman(kendali, self.snapshot, noted)
        self._known, self._whole = known, whole
        self.as_of = known.at if known is not None and stale and known.is_newest(self.snapshot) else None
        self.made: dict[Hashable, Digest] = {}  # most recipients share their scopes and the time of their last digest
        self._filed: FiledRows = {}

    @cached_property
    def registry(self) -> Registry:
        """The cases as they stood at this moment; of the `whole`, all that is known by now."""
        return Registry(self.snapshot, until=None if self._whole else self.now, whole=self._whole)

    @cached_property
    def register(self) -> Register:
        """Every case; worked out only when there is somebody to tell, and nobody has done so before."""
        if self._known is not None and self._known.still_holds(self.snapshot, self.now):
            entries, self._filed = self._known.entries, self._known.filed
        else:
            examiner, cases = Examiner(self.settings.rules, self.now.date()), self.registry.cases().values()
            entries = tuple(make_entries(cases, read_links(self.snapshot), examiner))
            self._filed = filed_rows(self.registry)
        rules, (decided, proposed) = self.settings.rules, (self._filed[table] for table in FILED)
        first, second = (links_to(self.kendali, self.snapshot, table) for table in FILED)
        asked = asked_about(self.snapshot, decided, rules.terms)
        told = decisions(decided.values(), entries, first, rules, self.now, proposed, asked)
        proposal = proposals(proposed.values(), entries, second, rules.places)
        away = second_copy.whole_since(self.snapshot)
        return Register(entries, read_repairs(self.snapshot), self.health, told, proposal, away)

    @cached_property
    def told_until(self) -> datetime:
        """Up to when digests made now tell all that happened. What a cycle under way writes after them bears the time
        at which it began, and is news of the next ones: their period begins with the newest moment that these know, or
        as long ago as no cycle takes. A moment to come, by the clock of another robot, is news of theirs."""
        decided = (one.decided_at for one in (*self.register.decisions, *self.register.proposals))
        moments = [at for one in self.register.entries for at in (one.issued_at, one.history[-1][0], one.level_at)]
        begins = min(self.as_of or self.now, self.now - LONGEST_CYCLE)
        return max(at for at in (begins, *moments, *decided) if at is not None and at <= self.now)

    @property
    def lacks_agenda(self) -> bool:
        """Whether `Keputusan` has no row of this week: it may have been locked when the pack was sent."""
        laid = (str(one.details.get("id")) for one in second_copy.filed_in(self.snapshot, DECISIONS))
        mark, there = week_mark(self.now.date()), self.snapshot.tab(DECISIONS) is not None
        return there and not any(id.startswith(mark) for id in laid)

    def lay(self, rows: Sequence[LaidRow]) -> bool:
        """Make these rows stand in `Keputusan`; returns whether they do: no mail has to wait for it."""

        def wanted(seen: Snapshot) -> Changes:
            changes, told = laid(seen, DECISIONS, rows, self.now)
            return combined(changes, second_copy.lacking(seen, told))

        kendali, seen, most = self.kendali, self.kiriman.snapshot, self.kendali.largest_commit
        try:
            self.kiriman.snapshot = commit(kendali, seen, wanted, columns=robot_columns, most=most)
        except WorkbookError as error:
            log.warning("rows of %s wait: %s", DECISIONS, error.code)
        return not rows or {one.row.id for one in rows} <= links_to(kendali, self.kiriman.snapshot, DECISIONS).keys()

    @cached_property
    def health(self) -> tuple[Health, ...]:
        """The state of each spreadsheet."""
        return read_health(self.snapshot, self.settings, self.texts, self.now)

    def since(self, kind: str, recipient: Recipient, default: datetime) -> datetime:
        """The moment after which things are news for a recipient: the last digest of this kind, or `default`."""
        since = self.kiriman.ledger.since(kind, recipient.email, default)
        return default if since >= self.now else since  # later than `now`: a past day is looked at again

    @property
    def given_up(self) -> dict[str, date]:
        """Cells of Penerima whose addresses get no more mail, as they were refused for days, and since which day."""
        found = {one.cell: self.kiriman.ledger.given_up(one.email) for one in self.settings.recipients}
        return {cell: day for cell, day in found.items() if day is not None}


def read_links(kendali: Snapshot) -> dict[str, str]:
    """The address of each case's row, by ticket, as the register tells."""
    return {text(row["No. Tiket"]): text(row["Tautan"]) for row in rows_of(kendali, REGISTER)}
