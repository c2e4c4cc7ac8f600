"""What our writing has overwritten, wherever people move it before it is given back."""

from __future__ import annotations

from automation.cycle.overwritten import Before, Overwritten, RobotColumns, find_overwritten
from automation.model.cells import CellWrite, Tab, Value, fold
from automation.sheets.port import Snapshot

HEADINGS = ("No. Tiket", "Tenggat", "Kabari", "Tanggal Masuk", "Nama")


def sheet(*rows: tuple[Value, ...]) -> Snapshot:
    return Snapshot("Barat", (Tab("gondrong", "Gondrong", (HEADINGS, *rows)),), None)


def test_what_landed_in_an_empty_row_is_taken_away_though_a_row_like_it_stands_where_it_stood() -> None:
    stray = ("RR-260504-0002-1", "30/11/2026", "WhatsApp", "23/11/2026")
    yati = ("RR-260504-0001-3", "30/11/2026", "WhatsApp", "23/11/2026", "Ibu Yati")
    overwritten = Overwritten("23/11/2026", CellWrite("gondrong", 1, 3, None))
    before = Before(sheet(stray, yati), sheet((*stray[:3], None), yati), [overwritten])
    ours = RobotColumns(0, set(map(fold, HEADINGS[:3])))
    found = find_overwritten(before, sheet(yati, stray), [], lambda _: ours, certain=True)
    assert found == [Overwritten("23/11/2026", CellWrite("gondrong", 2, 3, None))]
