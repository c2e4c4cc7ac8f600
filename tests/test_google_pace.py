"""What a minute allows is kept."""

from __future__ import annotations

import gspread

from automation.sheets.google.client import GoogleClient
from automation.sheets.google.login import credentials_of
from automation.sheets.google.pace import A_MINUTE, Pace
from tests.sheets_server.fixtures import ROBOT, Google


def test_more_than_a_minute_allows_waits_and_is_never_refused(google: Google) -> None:
    quota = google.server.quota
    quota.per_user = A_MINUTE
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        quota.advance(seconds)

    person = google.spreadsheet("Kecamatan Cipondoh", {})
    client = GoogleClient(gspread.Client(credentials_of(google.key)[0]), ROBOT, Pace(lambda: quota.now, sleep))
    workbook = client.open(person.book.id)
    for _ in range(2 * A_MINUTE + 1):
        workbook.read()
        quota.advance(0.5)
    assert {seen.status for seen in google.server.requests} == {200}
    assert len(waits) == 2 and sum(waits) + 0.5 * 2 * A_MINUTE == 120


def test_reads_and_writes_are_counted_apart_and_an_old_one_no_more() -> None:
    now = 0.0
    waits: list[float] = []
    pace = Pace(lambda: now, waits.append)
    for _ in range(A_MINUTE):
        pace.wait(reading=True)
        pace.wait(reading=False)
    assert not waits
    now = 59.0
    pace.wait(reading=False)
    assert waits == [1.0]
    now = 60.0
    pace.wait(reading=True)
    assert waits == [1.0]
