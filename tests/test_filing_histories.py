"""Whatever people do to the rows that the robot laid (type, change, sort, copy, delete, mistype), while robots come and
go: what was decided is what was understood last, nothing of theirs is changed, and each change is journalled once."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from automation.cases.codec import Decoder
from automation.cases.events import Event, EventKind
from automation.config.defaults import load_terms
from automation.cycle import second_copy
from automation.cycle.filing import Known, LaidRow, laid, typed
from automation.cycle.kendali import finding_cells, findings_in
from automation.digests.decisions import Filed, filed
from automation.model.cells import Value
from automation.sheets.port import Changes, Snapshot
from automation.tables.kendali import DECISIONS, PEOPLE, PROPOSALS
from automation.tables.table import Form
from tests.examples import ALL, QUARTER, SEED, examples
from tests.kendali_examples import kendali, texts
from tests.made_once import made_once
from tests.office.kendali import TYPED as TYPED_IN
from tests.town import JAKARTA

HEADINGS = DECISIONS.headings
OURS = [HEADINGS.index(column) for column in DECISIONS.of(PEOPLE)]
START = datetime(2026, 11, 27, 8, tzinfo=JAKARTA)
IDS = tuple(f"K2648-260504-000{n}-{n}" for n in range(1, 5))
TYPED = TYPED_IN[DECISIONS]
MEANT = {heading: dict(pairs) for heading, pairs in TYPED.items()}
Row = list[Value]


@dataclass
class Office:
    """Kendali, in memory; what is known of each row by an account of its own."""

    seen: Snapshot
    now: datetime = START
    known: dict[str, dict[str, str]] = field(default_factory=lambda: {id: {} for id in IDS})

    @classmethod
    def begun(cls) -> "Office":
        return cls(made_once("rows are laid", cls._begun))

    @classmethod
    def _begun(cls) -> Snapshot:
        office = cls(kendali())
        rows = [LaidRow(Filed(id, (id[5:],), START), {"Nomor": id, "Tiket": id[5:]}) for id in IDS]
        for _ in range(2):  # a second robot at the same
            changes, told = laid(office.seen, DECISIONS, rows, START)
            office.seen = office.seen.after(changes).after(second_copy.lacking(office.seen, told))
        assert [row[0] for row in office.rows] == [*IDS]
        return office.seen

    @property
    def rows(self) -> list[Row]:
        return [[*row, *[None] * (len(HEADINGS) - len(row))] for row in self.seen.rows(DECISIONS)[1:]]

    def put(self, rows: list[Row]) -> None:
        tabs = [replace(tab, rows=[HEADINGS, *rows]) if tab.title == DECISIONS else tab for tab in self.seen.tabs]
        self.seen = replace(self.seen, tabs=tuple(tabs))

    def events(self) -> list[Event]:
        found = (one for source, _, one in second_copy.read(self.seen, Decoder()) if source == DECISIONS)
        return [one for one in found if isinstance(one, Event) and one.kind is EventKind.FILED]

    def cycle(self) -> int:
        """A cycle; how many events it has journalled."""
        self.now += timedelta(minutes=5)
        before, theirs = len(self.events()), [[row[at] for at in OURS] for row in self.rows]
        known: Known = {DECISIONS: filed(self.events()), PROPOSALS: {}}
        told, asked = typed(self.seen, known, self.now, load_terms())
        found = findings_in(self.seen, (), texts(), self.seen, asked)
        changes = [Changes(cells=[*finding_cells(self.seen, found)]), second_copy.lacking(self.seen, told)]
        for part in changes:
            self.seen = self.seen.after(part)
        assert [[row[at] for at in OURS] for row in self.rows] == theirs, "what people typed is never changed"
        self._recount()
        return len(self.events()) - before

    def _recount(self) -> None:
        for id in IDS:
            told = []
            for row in (row for row in self.rows if row[0] == id):
                said = {heading: MEANT[heading][row[HEADINGS.index(heading)]] for heading in TYPED}
                whole = {name: self.known[id].get(name, "") if value is None else value for name, value in said.items()}
                told.append({heading: value for heading, value in whole.items() if value})
            if told and all(one == told[0] for one in told):
                self.known[id] = told[0]
        assert {id: dict(row.values) for id, row in filed(self.events()).items()} == self.known

    # What people do, each with three numbers that choose where and what

    def types(self, where: int, column: int, what: int) -> None:
        rows = self.rows
        heading = [*TYPED][column % len(TYPED)]
        pairs = TYPED[heading]
        if rows:
            rows[where % len(rows)][HEADINGS.index(heading)] = pairs[what % len(pairs)][0]
        self.put(rows)

    def sorts(self, seed: int, *_: int) -> None:
        rows = self.rows
        random.Random(seed).shuffle(rows)
        self.put(rows)

    def copies(self, where: int, *_: int) -> None:
        rows = self.rows
        self.put([*rows, list(rows[where % len(rows)])] if rows else rows)

    def deletes(self, where: int, *_: int) -> None:
        rows = self.rows
        self.put([row for at, row in enumerate(rows) if at != where % len(rows)])

    def takes_the_number_away(self, where: int, *_: int) -> None:
        rows = self.rows
        if rows:
            rows[where % len(rows)][0] = None
        self.put(rows)

    def moves_a_column(self, *_numbers: int) -> None:
        """And back: what stands in a tab whose heading is gone for a while is as it was last."""
        tab = self.seen.tab(DECISIONS)
        assert tab is not None
        headless = [tuple("Pelaksana" if heading == "Siapa" else heading for heading in HEADINGS), *tab.rows[1:]]
        whole, known = self.seen, {id: dict(values) for id, values in self.known.items()}
        tabs = [replace(one, rows=headless) if one.title == DECISIONS else one for one in whole.tabs]
        self.seen = replace(whole, tabs=tuple(tabs))
        told, _asked = typed(self.seen, {DECISIONS: filed(self.events()), PROPOSALS: {}}, self.now, load_terms())
        names = [row for row in told if '"Siapa"' in str(row[-1])]
        assert all(
            any(f'"Siapa":"{values.get("Siapa")}"' in str(row[-1]) for values in known.values()) for row in names
        )
        self.seen = whole


ACTS: tuple[Callable[..., None], ...] = (
    Office.types, Office.types, Office.types, Office.sorts, Office.copies, Office.deletes, Office.takes_the_number_away,
    Office.moves_a_column,
)  # fmt: skip
Step = tuple[int, int, int, int, bool]
STEPS = st.lists(st.tuples(*(st.integers(0, 60) for _ in range(4)), st.booleans()), min_size=1, max_size=25)


def lived(steps: list[Step]) -> Office:
    office = Office.begun()
    for act, first, second, third, comes in steps:
        ACTS[act % len(ACTS)](office, first, second, third)
        if comes:
            office.cycle()
            assert office.cycle() == 0, "each change is told once"
    office.cycle()
    return office


@examples(360)
@given(STEPS)
def test_whatever_people_do_to_the_rows_what_was_understood_last_counts_and_nothing_is_lost(steps: list[Step]) -> None:
    office = lived(steps)
    told = [(one.details["id"], tuple(sorted(one.details["nilai"].items()))) for one in office.events()]
    for id in IDS:
        own = [values for one, values in told if one == id]
        assert all(one != after for one, after in pairwise(own)), "journalled once"


@pytest.mark.long
@pytest.mark.skipif(not ALL, reason="as long as asked")
def test_ten_thousand_histories_of_rows() -> None:
    for number in range(SEED % 4, 10_000, 4) if QUARTER else range(10_000):
        chance = random.Random(f"15 {number}")
        drawn = partial(chance.randrange, 60)
        length = chance.randrange(1, 14)
        lived([(drawn(), drawn(), drawn(), drawn(), chance.random() < 0.5) for _ in range(length)])


def test_what_two_robots_see_is_told_once_and_a_row_that_is_laid_anew_keeps_what_was_decided() -> None:
    office = Office.begun()
    known: Known = {DECISIONS: filed(office.events()), PROPOSALS: {}}
    office.types(0, 0, 0)
    for minutes in (5, 1):  # the second one began earlier, and knows nothing of the first
        told, _ = typed(office.seen, known, START + timedelta(minutes=minutes), load_terms())
        office.seen = office.seen.after(second_copy.lacking(office.seen, told))
    assert [one.details["nilai"] for one in office.events() if one.details["nilai"]] == [{"Keputusan": "Sidak"}]
    office.deletes(0)
    row = LaidRow(Filed(IDS[0], ("a", "b"), START), {"Nomor": IDS[0]})
    assert laid(office.seen, DECISIONS, [row], START + timedelta(minutes=1)) == (Changes(cells=[]), []), "it slept"
    changes, told = laid(office.seen, DECISIONS, [row], START + timedelta(minutes=9))
    assert [row[:1] for row in changes.appends[DECISIONS]] == [[IDS[0]]] and not changes.cells
    office.seen = office.seen.after(second_copy.lacking(office.seen, told))
    assert filed(office.events())[IDS[0]].values == {"Keputusan": "Sidak"}


def test_a_change_that_is_not_understood_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is one of its own: where the program guesses, it says otherwise."""
    from automation.config import filing

    monkeypatch.setattr(filing, "closest", lambda *_: "Sidak")
    said, guess = filing._value, {Form.DATE: "2026-11-24"}
    guessed = lambda row, column, *more: said(row, column, *more) or guess.get(column.form, "Tutup")
    monkeypatch.setattr(filing, "_value", guessed)
    with pytest.raises(AssertionError):
        lived([(0, 0, 0, 5, True)])
