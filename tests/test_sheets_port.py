"""How a workbook looks once changes are written to it, and changes put together."""

from __future__ import annotations

from datetime import date

import pytest

from automation.model.cells import CellWrite, Link, Tab
from automation.sheets.port import Changes, NewTab, Snapshot, together

SEEN = Snapshot("Barat", (Tab("7", "Gondrong", [["Nama", "Telepon"], ["Yati", 812], [None, ""], []]),), 3)


def rows(after: Snapshot, title: str = "Gondrong") -> list[list[object]]:
    return [list(row) for row in after.rows(title)]


def test_rows_are_appended_below_the_last_one_that_holds_anything() -> None:
    after = SEEN.after(Changes(appends={" gondrong ": [["Amir", date(2026, 11, 24), None]]}))
    assert rows(after) == [["Nama", "Telepon"], ["Yati", 812], ["Amir", 46350]]
    assert after.revision == 3 and rows(SEEN)[2:] == [[None, ""], []], "the snapshot itself stays as it is"


def test_cells_are_written_wherever_they_are_and_what_is_emptied_at_the_end_is_gone() -> None:
    cells = [CellWrite("7", 1, 1, ""), CellWrite("7", 4, 2, "a\r\nb\x00"), CellWrite("7", 1, 0, "Sri")]
    written = [["Nama", "Telepon"], ["Sri"], [None, ""], [], [None, None, "a\nb"]]
    assert rows(SEEN.after(Changes(cells=cells))) == written
    emptied = [CellWrite("7", 1, 0, None), CellWrite("7", 1, 1, None)]
    assert rows(SEEN.after(Changes(cells=emptied))) == [["Nama", "Telepon"]]
    # A link is read as one only where it says something else than its address.
    cells = [CellWrite("7", 1, 0, Link("Buka", "https://example.org")), CellWrite("7", 1, 1, Link("https://a.org"))]
    found, bare = SEEN.after(Changes(cells=cells)).rows("Gondrong")[1]
    assert isinstance(found, Link) and found.address == "https://example.org"
    assert bare == "https://a.org" and not isinstance(bare, Link)


def test_a_new_tab_stands_at_the_end_with_its_headings_and_first_rows() -> None:
    new = NewTab("Riwayat", ("Urutan", "Waktu"), hidden=True, heading_row=1)
    after = SEEN.after(Changes((new,), {"Riwayat": [[1, "x"]]}))
    assert [tab.title for tab in after.tabs] == ["Gondrong", "Riwayat"] and after.tabs[1].hidden
    assert rows(after, "Riwayat") == [[], ["Urutan", "Waktu"], [1, "x"]]


@pytest.mark.parametrize("changes", [Changes(appends={"Petir": [["x"]]}), Changes(cells=[CellWrite("8", 0, 0, "x")])])
def test_a_tab_that_is_not_there_is_a_mistake_of_ours(changes: Changes) -> None:
    with pytest.raises(KeyError):
        SEEN.after(changes)


def test_parts_are_one_commit_and_nothing_together_is_nothing() -> None:
    one, two = Changes(cells=[CellWrite("7", 0, 0, "x")]), Changes((NewTab("Baru", ("a",)),), {"Gondrong": [["y"]]})
    both = together(one, two, Changes())
    assert (both.new_tabs, dict(both.appends), list(both.cells)) == (two.new_tabs, two.appends, one.cells)
    assert not together(Changes(), Changes(appends={"Gondrong": []}))
