"""A citizen's request: to tell what is held about a person and where, and to hold it no longer. An event ERASED is
written to the second copy first. From then on every cycle takes the ticket's words out of whatever it can read: both
journals, Rekap and Perbaikan. The row belongs to people, who are asked to empty it, unless they asked the robot to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from msgspec import Struct

from automation.cases.archive import is_put_away
from automation.cases.codec import Damaged, Decoder, decode
from automation.cases.erasure import DETAILS, erased_as, without_words, words_left
from automation.cases.events import JOURNAL, Event, EventKind, from_json
from automation.config.tabs import rows_of
from automation.cycle import second_copy
from automation.cycle.commit import Displaced, commit
from automation.cycle.gone import GoneCases
from automation.cycle.tending import is_journal, is_old_register, words_in
from automation.model.cells import CellWrite, Value, fold, is_empty
from automation.reading.cell_text import line_of
from automation.reading.numbers import read_phones
from automation.reading.tabs import IDENTITY, Intake, Row, identity_of
from automation.sheets.backed_up import home_of
from automation.sheets.links import spreadsheet_id, spreadsheet_link
from automation.sheets.port import Changes, Snapshot
from automation.tables import intake
from automation.tables.intake import PEOPLE, ROBOT
from automation.tables.kendali import FILED, GUIDE, REGISTER, REPAIRS, WISHES
from automation.tables.table import Nature, Owner
from automation.trouble import Trouble, WorkbookError

Content = tuple[Value, ...]
_WORDS = tuple(column for column in PEOPLE if column.nature is Nature.WORDS)
_KABARI = ROBOT.index(intake.KABARI)  # shows name and number: in a tab that was put away no cycle removes it
_ENOUGH = 7  # a number is recognised by its last digits, however it is written


class Held(Struct, frozen=True):
    """Where something about a ticket is held: a spreadsheet, a tab, and a row of it (from 1), or how many rows."""

    spreadsheet: str
    tab: str
    row: int | None = None
    rows: int | None = None


class Erasing:
    """Erases from the cases as they stand after a cycle. `contents` are known from before, by ticket: a row with the
    same content is about the same person, whatever ticket it shows. Raises what `GoneCases` raises."""

    def __init__(self, cases: GoneCases, contents: Mapping[str, Content] | None = None) -> None:
        self._gone = cases
        self._contents = contents or {}
        self._intakes: dict[str, Intake] = {}  # each read once, however many tickets are asked about

    def content(self, ticket: str) -> Content:
        """What people last typed for a ticket, as far as it is kept."""
        content: Content = identity_of(self._gone.known(ticket)[1].content)
        return self._contents.get(ticket, content)

    def unreachable(self, ticket: str) -> list[str]:
        """The links to spreadsheets (or their files) in which the ticket's row stood, or stands after a year, that are
        no longer listed: nothing is read or written there."""
        whole = self._gone.whole
        apart = () if self._gone.unopened else [one for one in whole.events() if one not in self._gone.workbooks]
        held = (one for one in apart if ticket in whole.cases_of(one))
        return [spreadsheet_link(one) if spreadsheet_id(one) == one else one for one in held]

    def of_phone(self, written: str) -> list[str]:
        """The tickets of cases that have this telephone number, or had it until somebody corrected it, as far as any
        event still says so. Raises `Trouble` for what is no number."""
        numbers, told = _numbers(written), second_copy.read(self._gone.snapshot, Decoder(), archives=True)
        events = [event for _, _, event in told if isinstance(event, Event)]
        return [*dict.fromkeys(event.ticket for event in events if _is_in(event, numbers))]

    def elsewhere(self, written: str, told: Iterable[Held]) -> Iterator[Held]:
        """All rows besides those that were `told` in which this telephone number stands: without a ticket, in people's
        own columns, in Kendali. Raises `Trouble` for what is no number."""
        numbers, known = _numbers(written), {*told}
        for seen in (*(seen for seen, _ in self._read()), self._gone.snapshot):
            for tab in (one for one in seen.tabs if not is_journal(one) and one.title != GUIDE):
                for number in (at for at, cells in enumerate(tab.rows, start=1) if _says(numbers, cells)):
                    if (place := Held(home_of(seen, tab.title), tab.title, number)) not in known:
                        yield place

    def _read(self) -> Iterator[tuple[Snapshot, Intake]]:
        """All spreadsheets that can be read, and their rows; the cycle has reported the others."""
        for source in self._gone.workbooks:
            with suppress(WorkbookError):
                seen = self._gone.read(source)
                if source not in self._intakes:
                    self._intakes[source] = self._gone.intake(seen)
                yield seen, self._intakes[source]

    def held(self, ticket: str) -> Iterator[Held]:
        """Where words about a ticket stand: the places, not the words."""
        self._gone.known(ticket)
        for seen, found in self._read():
            for row in found.rows:
                if self._is_about(row, ticket) and (words_left(row.people) or not is_empty(row.robot[_KABARI])):
                    yield Held(seen.name, row.tab.title, row.number + 1)
            frozen = found.frozen - {JOURNAL}
            for tab in (one for one in seen.tabs if one.title in frozen and not is_put_away(one.title)):
                for number, cells in enumerate(tab.rows, start=1):
                    if ticket in cells:  # nobody can tell its columns
                        yield Held(seen.name, tab.title, number)
            yield from _in_journals(seen, 0, ticket)
        kendali = self._gone.snapshot
        yield from _in_journals(kendali, 1, ticket)
        for tab in filter(is_old_register, kendali.tabs):
            yield from (Held(kendali.name, tab.title, row + 1) for row in {one.row for one in words_in(tab, {ticket})})
        for title in (REGISTER, REPAIRS):
            for number, cells in enumerate(kendali.rows(title), start=1):
                if any(ticket in str(cell) for cell in cells):
                    yield Held(kendali.name, str(title), number)
        for table in FILED:  # people's notes on its matter may be about the person
            words = [column for column in table.of(Owner.COORDINATOR) if column.nature is Nature.WORDS]
            for record in rows_of(kendali, table):
                if ticket in line_of(record["Tiket"]) and not all(is_empty(record[column]) for column in words):
                    yield Held(kendali.name, str(table), record.number + 1)
        for record in rows_of(kendali, WISHES):  # the reason in a wish to close it
            reason = line_of(record[WISHES.headings[0]]).upper().partition(ticket)[2]
            if any(map(str.isalnum, reason)) and "@" not in reason:
                yield Held(kendali.name, str(WISHES), record.number + 1)

    def beside(self, ticket: str) -> Iterator[tuple[Held, str]]:
        """Rows of a ticket that hold something in people's own columns, and in which: nobody can tell of whom."""
        for seen, found in self._read():
            tabs = seen.by_key
            for row in (one for one in found.rows if self._is_about(one, ticket)):
                tab, ours = tabs[row.tab.key], set(row.tab.headings.columns.values())
                titles = enumerate(map(line_of, tab.rows[row.tab.headings.row]))
                own = [title for at, title in titles if at not in ours and not is_empty(tab.at(row.number, at))]
                if any(own):
                    yield Held(seen.name, row.tab.title, row.number + 1), ", ".join(filter(None, own))

    def erase(self, ticket: str, reason: str) -> None:
        """Record once, in the second copy, that no words of a ticket are kept; the next cycles do the rest."""
        gone = self._gone
        source, case = gone.known(ticket)
        self._contents, details = {**self._contents, ticket: self.content(ticket)}, erased_as(case.content, reason)

        def wanted(seen: Snapshot) -> Changes:
            gone.registry.refresh(seen)
            told = [] if ticket in gone.registry.taken.erased else [(ticket, EventKind.ERASED, details)]
            return second_copy.journalled(seen, source, gone.registry.numbered(source, told, gone.now))

        commit(gone.kendali, gone.snapshot, wanted)

    def empty_rows(self, ticket: str) -> list[Held]:
        """Empty the cells with people's words in every row about a ticket; returns where those rows are. If another row
        was sorted to such a place meanwhile, it gets its words back."""
        done: list[Held] = []
        for source, workbook in self._gone.workbooks.items():
            try:
                seen = self._gone.read(source)
                rows = [row for row in self._gone.intake(seen).rows if self._is_about(row, ticket)]
                commit(workbook, seen, partial(self._to_empty, ticket, Displaced()))
            except WorkbookError:  # what is left stays `held`
                continue
            done += [Held(seen.name, row.tab.title, row.number + 1) for row in rows]
        return done

    def _to_empty(self, ticket: str, displaced: Displaced, seen: Snapshot) -> Changes:
        tabs, emptied = seen.by_key, list[CellWrite]()
        about, others = list[Row](), list[Row]()
        for row in self._gone.intake(seen).rows:
            (about if self._is_about(row, ticket) else others).append(row)
        for row in about:
            told = [at for column, at in row.tab.headings.columns.items() if column in (*_WORDS, intake.KABARI)]
            emptied += tabs[row.tab.key].lacks(row.number, [(at, None) for at in told])
        backs = displaced.give_back(others, {row.place: dict.fromkeys(_WORDS) for row in about})
        return Changes(cells=[*backs, *emptied])

    def _is_about(self, row: Row, ticket: str) -> bool:
        content = self.content(ticket)  # if it was erased before, only a day is left, which fits many rows
        has_words = any(one is not None and column in _WORDS for column, one in zip(IDENTITY, content, strict=True))
        return row.ticket_text == ticket or (has_words and content == identity_of(row.people))


def _in_journals(seen: Snapshot, first: int, ticket: str) -> Iterator[Held]:
    """How many rows of each journal hold words about a ticket; its events begin at the column `first`."""
    for tab in filter(is_journal, seen.tabs):
        rows = (row[first:] for row in tab.rows if ticket in row[first + 2 : first + 3])
        if told := sum(_has_words(decode(row), row[DETAILS:]) for row in rows):
            yield Held(home_of(seen, tab.title) if first else seen.name, tab.title, rows=told)


def _has_words(event: Event | Damaged | None, details: Sequence[Value]) -> bool:
    if isinstance(event, Damaged):
        return event.mark != "" and not all(map(is_empty, details))
    return event is not None and without_words(event) is not event


def _numbers(written: str) -> frozenset[str]:
    if not any(map(str.isdigit, written)):
        raise Trouble("operator.pakai.telepon", tertulis="-")
    return frozenset((*read_phones(written).numbers, fold(written)))


def _is_in(event: Event, numbers: frozenset[str]) -> bool:
    """Whether an event holds one of these numbers, as an old or as a new value."""
    cells = event.cells.items()
    then, now = ({of: cell[at] if isinstance(cell, list) else cell for of, cell in cells} for at in (0, 1))
    return _is_of(numbers, then) or _is_of(numbers, now)


def _is_of(numbers: frozenset[str], cells: Mapping[str, Any]) -> bool:
    """Whether one of these numbers is in the cells: as a telephone number, as `Nomor Asal`, or within other words."""
    said = {of: from_json(cells[of]) for of in _WORDS if cells.get(of) is not None}
    return not numbers.isdisjoint(read_phones(said.get(intake.PHONE)).numbers) or _says(numbers, said.values())


def _says(numbers: frozenset[str], cells: Iterable[Value]) -> bool:
    """Whether one of these numbers is a cell (such as `Nomor Asal`), or stands within its words."""
    said, ends = [*map(line_of, cells)], [number[-_ENOUGH:] for number in numbers if number.startswith("+")]
    within = (end in re.sub(r"\D", "", cell) for end in ends for cell in said)
    return any(within) or not numbers.isdisjoint(map(fold, said))
