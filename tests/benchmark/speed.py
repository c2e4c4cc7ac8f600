"""The pure heart on the rows of a whole city. Every measurement runs in a process of its own, on one core, so that its
peak memory is its own."""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from automation.cases.codec import Decoder, encode
from automation.cases.elsewhere import Elsewhere
from automation.cases.events import Event
from automation.cases.examiner import Examiner
from automation.cases.reconcile import Reconciliation
from automation.cases.robot_cells import Plan
from automation.model.bulk import in_bulk
from automation.model.cells import Link, Tab, Value
from automation.reading.tabs import read_intake
from automation.sheets.port import Changes, Snapshot
from tests.benchmark.city import ROWS, TABS, change, city_rules, new_city
from tests.town import TUESDAY, sound

RUNS = 3  # of which the quickest counts
COLD_TARGET, STEADY_TARGET, MEMORY_TARGET = 5.0, 2.0, 500  # seconds for `reconcile`; megabytes
#: Events that are read at a time: a cycle holds the text of one spreadsheet's journal, never of all of them.
JOURNAL_PART = 8_000

HEAD = f"{'':24}{'read':>6}{'decode':>8}{'RECONCILE':>11}{'target':>8}{'total':>7}"
HEAD += f"{'peak MB':>9}{'target':>8}{'events':>8}{'cells':>9}"
NOTES = """\
read: from tabs to rows. decode: the journals, from JSON to events. total: with reconcile, all that a cycle asks of the
heart. `run` keeps what it examined from cycle to cycle, `sync` begins anew. peak MB: of the whole process, with Python,
the tabs as read, the events, and for `run` what is left of the cycle before."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """Processor seconds; the most megabytes that the process ever held; and how much was decided."""

    read: float
    decode: float
    reconcile: float
    peak: float
    events: int
    cells: int


def speed_table() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _alone(prepare, folder)
        lines = [
            _line("all new", folder, cold, COLD_TARGET),
            _line("1 % changed, `run`", folder, steady_in_run, STEADY_TARGET),
            _line("1 % changed, `sync`", folder, steady_in_sync, STEADY_TARGET),
        ]
    title = f"{ROWS:,} rows in {TABS} tabs; processor seconds on one core, the quickest of {RUNS} runs"
    return "\n".join((title, HEAD, *lines, NOTES))


def _line(title: str, folder: Path, work: Callable[[Path], Measured], target: float) -> str:
    best = min((_alone(work, folder) for _ in range(RUNS)), key=lambda measured: measured.reconcile)
    total = best.read + best.decode + best.reconcile
    return (
        f"{title:24}{best.read:6.2f}{best.decode:8.2f}{best.reconcile:11.2f}{target:8.1f}{total:7.2f}"
        f"{best.peak:9.0f}{MEMORY_TARGET:8}{best.events:8,}{best.cells:9,}"
    )


def _alone(work: Callable[[Path], T], folder: Path) -> T:
    """Do `work` in a new process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, folder).result()


def prepare(folder: Path) -> None:
    """Leave the city in files: all new, as it stands after the first cycle, and after people went on with it."""
    tabs = new_city()
    plan, _ = _cycle(tabs, iter(()), _examiner())
    journal = [encode(event) for event in plan.events]
    written = Snapshot("Kota", tuple(tabs), None).after(Changes(cells=plan.cells)).tabs
    for name, rows in (("new", tabs), ("written", written), ("changed", change(written))):
        _save(folder / f"{name}.tabs", ((tab.title, [[*map(_as_json, row)] for row in tab.rows]) for tab in rows))
    _save(folder / "journal", iter(journal))


def cold(folder: Path) -> Measured:
    return _cycle(_tabs(folder / "new.tabs"), iter(()), _examiner())[1]


def steady_in_run(folder: Path) -> Measured:
    """The second cycle of a program that stays: its examiner knows the rows of the first."""
    examiner = _examiner()
    assert not _cycle(_tabs(folder / "written.tabs"), _journal(folder), examiner)[0], "nothing had changed"
    return _cycle(_tabs(folder / "changed.tabs"), _journal(folder), examiner)[1]


def steady_in_sync(folder: Path) -> Measured:
    """The one cycle of a program that starts for it."""
    return _cycle(_tabs(folder / "changed.tabs"), _journal(folder), _examiner())[1]


def _cycle(tabs: Sequence[Tab], journal: Iterator[list[list[Value]]], examiner: Examiner) -> tuple[Plan, Measured]:
    """What a cycle asks of the heart."""
    places = examiner.rules.places
    intake, reading = timed(lambda: read_intake(tabs, places, "Kota"))
    events: list[Event] = []
    decoding = 0.0
    for part in journal:
        decoded, seconds = timed(partial(Decoder().journal, part))
        events += [event for _, event in decoded if isinstance(event, Event)]
        decoding += seconds
    heart = in_bulk(lambda: Reconciliation(intake, sound(events), examiner, TUESDAY, lambda *_: 0, Elsewhere()).plan())
    plan, deciding = timed(heart)  # as in a cycle
    return plan, Measured(reading, decoding, deciding, _peak(), len(plan.events), len(plan.cells))


def _examiner() -> Examiner:
    return Examiner(city_rules(), TUESDAY.date())


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result, and the processor seconds it took."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def _peak() -> float:
    """The most memory that this process has held, in megabytes."""
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _save(file: Path, parts: Iterator[object]) -> None:
    """JSON, as Google sends it: every cell a text of its own. In lines, since the text of all would be the peak."""
    with file.open("w") as stream:
        for part in parts:
            print(json.dumps(part), file=stream)


def _as_json(value: Value) -> object:
    """A link is its text and its address."""
    return [value, value.address] if isinstance(value, Link) else value


def _tabs(file: Path) -> list[Tab]:
    def of_json(cell: Any) -> Value:
        return Link(*cell) if isinstance(cell, list) else cell

    with file.open() as stream:
        return [Tab(title, title, [[*map(of_json, row)] for row in rows]) for title, rows in map(json.loads, stream)]


def _journal(folder: Path) -> Iterator[list[list[Value]]]:
    with (folder / "journal").open() as stream:
        while part := list(map(json.loads, islice(stream, JOURNAL_PART))):
            yield part
