"""What a version of the program takes, measured from outside: ``python -m tests.benchmark.measure FOLDER`` prints JSON.

It is run as it stands here on other versions, too (see `tests.benchmark.cycles`), so it relies only on what they share:
commands, `Syncer.sync`, `Workbook.read` and `commit`, and the tests' cities. Seconds are the processor's, of the thread
that does the work: those of the tests' Sheets server are not counted.
"""

import contextlib
import io
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from automation.cases.events import JOURNAL
from automation.cli.compose import compose
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import CellWrite, Changes
from tests.google_city import City
from tests.local_city import GOOD_ROW, TITLES, LocalCity, head_of
from tests.sheets_server import fixtures
from tests.sheets_server.fixtures import ROBOT, Google
from tests.sheets_server.proxy import running
from tests.sheets_server.server import SheetsServer
from tests.town import TUESDAY, WORDS
from tests.xlsx_person import put

if TYPE_CHECKING:
    from automation.model.cells import Value, Writable  # older versions have them elsewhere

ROWS, CHANGED = 2_000, 20  # complaints of a city, and how many of them change (1 %)
TABS = ("Gondrong", "Petir")
WRITTEN, SIZES = 20, (258, 10_000, 50_000)  # rows that a commit writes, and of the workbook
RUNS = 3  # of which the quickest counts

Measured = dict[str, tuple[float, float]]  # by what was done: seconds, and the process's peak in megabytes


def main(folder: Path) -> None:
    work: list[tuple[Callable[..., Measured], tuple[object, ...]]] = [(local_city, ()), (sheets_server, ())]
    work += [(act, (size, folder)) for size in SIZES for act in (make_workbook, commit)]
    measured: Measured = {}
    for act, arguments in work:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _say_nothing) as pool:
            measured |= pool.submit(act, *arguments).result()
    json.dump(measured, sys.stdout)


def _say_nothing() -> None:
    sys.stdout = io.StringIO()


def local_city() -> Measured:
    """A city of one local workbook."""
    with tempfile.TemporaryDirectory() as name:
        city = LocalCity.lay_out(Path(name), {"Cipondoh": TABS})
        city.subscribe(("ratna@fraksi.example", "Kota"))
        syncer = compose(city.credentials, WORDS).syncer

        def fill(numbers: Sequence[int]) -> None:
            with city.editing("Cipondoh") as book:
                for number in numbers:
                    sheet = book[TABS[number % len(TABS)]]
                    for column, value in enumerate(complaint(number)):
                        put(sheet, 3 + number // len(TABS), column, value)

        measured = cycles("local files", syncer.sync, fill)
        for kind in ("harian", "mingguan"):
            command = ["digest", kind, "--preview", "--date", f"{TUESDAY:%Y-%m-%d}"]
            measured[f"digest {kind}, {ROWS:,} cases"] = timed(lambda: city.run(*command))  # noqa: B023 - done at once
        return measured


def sheets_server() -> Measured:
    """A city of one spreadsheet on the tests' Sheets server, over real HTTP."""
    with own_google() as (google, folder):
        city = City(google, folder, "Cipondoh")
        city.set_up()
        person = city.spreadsheets["Cipondoh"]
        syncer = compose(city.credentials, WORDS).syncer

        def fill(numbers: Sequence[int]) -> None:
            for number in numbers:
                for column, value in enumerate(complaint(number)):
                    if value is not None:
                        person.set(TABS[number % len(TABS)], 3 + number // len(TABS), column, value)

        return cycles("Sheets server", syncer.sync, fill)


def cycles(where: str, sync: Callable[..., object], fill: Callable[[Sequence[int]], None]) -> Measured:
    """The first cycle of a full city, one after 1 % has changed, and one with nothing to do."""
    fill(range(ROWS))
    measured = {f"cold cycle, {where}": timed(lambda: sync(TUESDAY))}
    fill(range(ROWS, ROWS + CHANGED))
    measured[f"1 % changed, {where}"] = timed(lambda: sync(TUESDAY + timedelta(minutes=5)))
    later = iter(range(10, 60, 5))
    measured[f"idle cycle, {where}"] = timed(lambda: sync(TUESDAY + timedelta(minutes=next(later))), RUNS)
    return measured


def make_workbook(size: int, folder: Path) -> Measured:
    """A workbook with so many complaints and the looks of `setup`, unless another version has made it."""
    model = folder / f"{size}.xlsx"
    if not model.exists():
        with tempfile.TemporaryDirectory() as name:
            city = LocalCity.lay_out(Path(name), {"Cipondoh": ("Gondrong",)})
            with city.editing("Cipondoh") as book:
                for number in range(size):
                    book["Gondrong"].append(complaint(number))
            model.write_bytes(city.path("Cipondoh").read_bytes())
    return {}


def commit(size: int, folder: Path) -> Measured:
    """Tickets beside 20 rows of a workbook, and their events."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "Cipondoh.xlsx")
        times = []
        for _ in range(RUNS):
            path.write_bytes((folder / f"{size}.xlsx").read_bytes())
            workbook = XlsxWorkbook(path, path.name)
            seen = workbook.read()
            tab = next(tab for tab in seen.tabs if tab.title == "Gondrong")
            first, ticket = head_of(tab.rows) + 1, TITLES.index("No. Tiket")
            cells = [CellWrite(tab.key, first + at * (size // WRITTEN), ticket, f"RR-{at}") for at in range(WRITTEN)]
            events: list[list[Writable]] = [
                [at, "2026-11-24 09:00", f"RR-{at}", "Diterbitkan", "{}"] for at in range(WRITTEN)
            ]
            times.append(timed(lambda: workbook.commit(Changes(cells=cells, appends={JOURNAL: events}), seen)))  # noqa: B023
        return {f"commit of {WRITTEN} rows into {size:,}": min(times)}


def complaint(number: int) -> "list[Value]":
    more: dict[str, Value] = {"Nama Pelapor": f"Warga {number}", "Telepon": f"0812{number:08}"}
    more["Uraian"] = f"Lampu jalan mati di depan rumah nomor {number}, sudah lama belum ada yang datang"
    row: Mapping[str, Value] = {**GOOD_ROW, **more}
    return [row.get(heading) for heading in TITLES]


def timed(work: Callable[[], object], runs: int = 1) -> tuple[float, float]:
    """The seconds of the quickest run, and the most memory that this process has held."""
    taken = []
    for _ in range(runs):
        begun = time.thread_time()
        work()
        taken.append(time.thread_time() - begun)
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return min(taken), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


@contextlib.contextmanager
def own_google() -> Iterator[tuple[Google, Path]]:
    """A Google of its own, and a folder for what belongs to it."""
    server = SheetsServer()
    key = server.accounts.service_account(ROBOT)
    with tempfile.TemporaryDirectory() as name, running(server, Path(name)) as environ:
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.casefold()}
        reached = mock.patch.dict(os.environ, {**kept, **environ}, clear=True)
        hurried = getattr(fixtures, "Hurried", None)  # older versions keep no pace
        paced = mock.patch("automation.sheets.google.client.Pace", hurried) if hurried else contextlib.nullcontext()
        with reached, paced:
            yield Google(server, key, environ), Path(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
