"""What an idle cycle, and one with a few new rows, costs a city on Google by how many cases are closed: in a process
that stays, and in a fresh one. The program runs in a process of its own, so that time and memory are its own."""

import contextlib
import gzip
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from unittest import mock

from automation.cases.archive import title_of, without_year
from automation.cli.compose import compose, jakarta_now
from automation.config.defaults import load_kelurahan
from automation.cycle.year_end import roll_over
from automation.model.cells import Value, serial_of
from automation.sheets.prepare import INTAKE_HEADING_ROW
from automation.tables import intake
from automation.tables.kendali import SOURCES
from tests.benchmark.cycles import ROOT
from tests.benchmark.measure import complaint, own_google
from tests.google_city import City, link
from tests.local_city import TITLES
from tests.sheets_server.fixtures import ROBOT, Google
from tests.sheets_server.people import Person
from tests.town import WORDS

RUNNING, CLOSED, NEW = 1_000, (0, 2_000, 12_000), 10
A_YEAR = 12_500  # cases of an earlier year, at most
HEAD = f"{'':44}{'reads':>7}{'writes':>8}{'wire MB':>9}{'read MB':>9}{'seconds':>9}{'peak MB':>9}"
NOTES = """\
13 spreadsheets, 104 tabs, Kendali and Cadangan, with the looks of `setup`. wire: compressed as the service does. read:
unpacked. seconds: processor time of the program; of a first cycle with that of the interpreter's start."""


def years_table(earlier: int = 0) -> str:
    """By how many cases are closed this year; with `earlier` for the most of them only, beside that many cases of
    years that have ended."""
    lines: list[str] = []
    for closed in CLOSED[-1:] if earlier else CLOSED:
        with _city(closed, earlier) as (google, city, persons):
            lines += _lines(google, city, persons, closed)
    if earlier:
        lines.append(f"beside {earlier:,} of {ceil(earlier / A_YEAR)} years that were put away")
    return "\n".join((f"{RUNNING:,} running cases, by how many are closed", HEAD, *lines, NOTES))


@contextlib.contextmanager
def _city(closed: int, earlier: int = 0) -> Iterator[tuple[Google, City, dict[str, Person]]]:
    """So many closed cases, which were new once; beside those of `earlier` years."""
    with own_google() as (google, folder):
        city = City(google, folder)
        parent = google.server.folder("Laporan", readers=[ROBOT])
        places = load_kelurahan()
        books = {
            name: google.spreadsheet(f"Kecamatan {name}", {}, folder=parent)
            for name in dict.fromkeys(place.kecamatan for place in places)
        }
        city.enter(cadangan=link(google.spreadsheet("Cadangan", {})))
        persons = {place.name: books[place.kecamatan] for place in places}
        with contextlib.redirect_stdout(io.StringIO()):
            city.run("setup")
            city.kendali.set(SOURCES, 1, 0, "Laporan")
            city.kendali.set(SOURCES, 1, 1, f"https://drive.google.com/drive/folders/{parent}")
            assert city.run("setup") == 0
            now, years = jakarta_now(), ceil(earlier / A_YEAR)
            for number in range(years, 0, -1):
                then = now.replace(year=now.year - number, month=6, day=1)
                _lived(city, persons, earlier // years, earlier // years, then)
                end, syncer = then + timedelta(300), compose(city.credentials, WORDS).syncer
                _, report = roll_over(syncer, then.year, partial(syncer.sync, end), end)
                assert not report.failures
                persons = {title_of(without_year(tab), then.year + 1): person for tab, person in persons.items()}
            _lived(city, persons, RUNNING + closed, closed, now)
        yield google, city, persons


def _lived(city: City, persons: dict[str, Person], count: int, closed: int, now: datetime) -> None:
    """So many cases come in, and so many of them are closed."""
    _type(persons, 0, count, now)
    syncer = compose(city.credentials, WORDS).syncer
    syncer.sync(now)
    _close(persons, closed)
    for _ in range(2):
        syncer.sync(now)


def _type(persons: dict[str, Person], first: int, count: int, now: datetime) -> None:
    for number in range(first, first + count):
        down, across = divmod(number, len(persons))
        tab, person = [*persons.items()][across]
        head = person.values(tab)[INTAKE_HEADING_ROW] if number < first + len(persons) else _heads[tab]
        _heads[tab] = head
        typed = {title: value for title, value in zip(TITLES, complaint(number), strict=True) if value is not None}
        typed |= {intake.RECEIVED: serial_of(now.date()), intake.CATEGORY: "Jalan & Drainase"}
        for title, value in typed.items():
            person.set(tab, INTAKE_HEADING_ROW + 1 + down, head.index(title), value)


_heads: dict[str, list[Value]] = {}


def _close(persons: dict[str, Person], count: int) -> None:
    for number in range(count):
        down, across = divmod(number, len(persons))
        tab, person = [*persons.items()][across]
        for title, value in ((intake.STATUS, "Selesai"), (intake.OUTCOME, "Lampu sudah diganti oleh Dinas PUPR")):
            person.set(tab, INTAKE_HEADING_ROW + 1 + down, _heads[tab].index(title), value)


def _lines(google: Google, city: City, persons: dict[str, Person], closed: int) -> Iterator[str]:
    wire: list[int] = []

    def packed(body: bytes, _: int, mtime: int) -> bytes:  # the tests take the quickest way
        wire.append(len(found := _compress(body, 6, mtime=mtime)))
        return found

    with mock.patch("tests.sheets_server.proxy.gzip.compress", packed):
        for kind in ("a process that stays", "a fresh one", "another", "a third"):
            begun = [sys.executable, "-m", "tests.benchmark.cycler", kind, str(city.credentials)]
            with subprocess.Popen(
                begun,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            ) as child:
                assert child.stdin is not None and child.stdout is not None
                cycles = ["first", "idle", "idle", f"{NEW} new rows"] if kind.startswith("a p") else ["first"]
                for cycle in cycles:
                    if cycle.endswith("rows"):
                        _type(persons, RUNNING + closed, NEW, jakarta_now())
                    google.server.requests.clear()
                    wire.clear()
                    child.stdin.write("\n")
                    child.stdin.flush()
                    seconds, peak = json.loads(child.stdout.readline())
                    counts = Counter(seen.kind for seen in google.server.requests)
                    read = sum(seen.received for seen in google.server.requests) / 1e6
                    what = f"{closed:,} closed, {kind}, {cycle}"
                    yield (
                        f"{what:44}{counts['get']:7}{counts['batchUpdate']:8}{sum(wire) / 1e6:9.2f}{read:9.1f}"
                        f"{seconds:9.2f}{peak:9.0f}"
                    )
                child.stdin.close()


_compress = gzip.compress
