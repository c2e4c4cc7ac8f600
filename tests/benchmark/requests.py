"""What one spreadsheet is asked in a cycle, counted at the server, beside the obvious script on the same work."""

import contextlib
import io
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal
from unittest import mock

import gspread

from automation.cli.compose import compose, jakarta_now
from automation.config.defaults import load_kelurahan
from automation.model.cells import Value, serial_of
from automation.sheets.google.session import Pace
from automation.sheets.port import A_MINUTE
from automation.sheets.prepare import INTAKE_HEADING_ROW
from automation.tables import intake
from automation.tables.kendali import SOURCES
from tests.benchmark.measure import complaint, own_google
from tests.google_city import City, link
from tests.local_city import TITLES
from tests.sheets_server.answer import Quota
from tests.sheets_server.fixtures import ROBOT
from tests.sheets_server.server import Seen
from tests.town import WORDS

KECAMATAN = "Cipondoh"
TABS = [place.name for place in load_kelurahan() if place.kecamatan == KECAMATAN]
NEW, LATER, PAUSED = 40, 3, 2  # complaints of the first cycle; new ones and changes of status in the second
GOOGLES = 60  # reads, and as many writes, for each user: https://developers.google.com/workspace/sheets/api/limits

HEAD = f"{'':34}{'`run`':>7}{'`sync`':>8}{'obvious script':>17}{'its writes':>12}{'quota minutes':>15}"
NOTES = f"""\
`run` knows the spreadsheet from an earlier cycle, `sync` looks it up once. One read; when something changed, one write
with the journal, the fence and the reading back in it. Obvious script: gspread's open_by_key(), worksheet() and
get_all_records() for each tab, update_cell() for each value: the same cells, and no journal. quota minutes: how long
that takes for each spreadsheet at Google's {GOOGLES} reads and {GOOGLES} writes a minute."""

SETUP_HEAD = f"{'':34}{'reads':>8}{'writes':>8}{'of Drive':>10}{'sent MB':>10}{'read MB':>10}{'quota minutes':>15}"
SETUP_NOTES = f"""\
All spreadsheets listed by one link to their folder. quota minutes: how long it takes at the {A_MINUTE} reads and as
many writes a minute that Google allows. The trial is what `setup` tries out on Google once."""

QUOTA_HEAD = f"{'':34}{'reads':>8}{'writes':>8}{'refused':>9}{'seconds':>9}{'quota alone':>13}"
QUOTA_NOTES = f"""\
A spreadsheet for each kelurahan, as `setup` leaves it; the server refuses more than {GOOGLES} of a kind a
minute. seconds: waits, which take no time here, and processor time, the server's too. quota alone: what the minutes
allow, if nothing else took any time."""

EACH = 20


class Ticking(Quota):
    """A quota whose minutes pass by these `hands`."""

    def __init__(self, hands: Callable[[], float], per_user: int) -> None:
        super().__init__(per_user)
        self._hands = hands

    def spend(self, kind: Literal["Read", "Write"], account: str) -> None:
        self.now = self._hands()
        super().spend(kind, account)


State = Mapping[str, Sequence[Sequence[Value]]]  # the rows of each intake tab


def requests_table() -> str:
    by_run, _ = _our_cycles(stays=True)
    by_sync, works = _our_cycles(stays=False)
    works_in_words = (f"{NEW} new complaints", f"{LATER} new, {PAUSED} with another status", "nothing changed")
    lines = []
    for words, run, sync, (before, after) in zip(works_in_words, by_run, by_sync, works, strict=True):
        obvious = _obvious_script(before, after)
        writes = obvious["values.update"]
        minutes = max(writes, obvious.total() - writes) / GOOGLES
        lines.append(f"{words:34}{run.total():7}{sync.total():8}{obvious.total():17}{writes:12}{minutes:15.1f}")
    title = f"Requests to a spreadsheet of {len(TABS)} intake tabs in one cycle, counted at the server"
    return "\n".join((title, HEAD, *lines, NOTES, "", *_setup_lines(), "", *_quota_lines()))


def _quota_lines() -> list[str]:
    """A cycle over a spreadsheet for each kelurahan, cold and idle, where each minute has its quota."""
    lines = []
    with own_google() as (google, folder), contextlib.redirect_stdout(io.StringIO()):
        server, slept = google.server, list[float]()
        city = City(google, folder)
        parent = server.folder("Laporan", readers=[ROBOT])
        persons = {
            place.name: google.spreadsheet(f"Kelurahan {place.name}", {}, folder=parent) for place in load_kelurahan()
        }
        backup = google.spreadsheet("Cadangan", {})
        city.enter(cadangan=link(backup))
        city.run("setup")
        city.kendali.set(SOURCES, 1, 0, "Laporan")
        city.kendali.set(SOURCES, 1, 1, f"https://drive.google.com/drive/folders/{parent}")
        assert city.run("setup") == 0
        for at, (tab, person) in enumerate(persons.items()):
            head = person.values(tab)[INTAKE_HEADING_ROW]
            for row in range(EACH):
                typed = {
                    heading: value
                    for heading, value in zip(TITLES, complaint(at * EACH + row), strict=True)
                    if value is not None
                }
                typed |= {intake.RECEIVED: serial_of(jakarta_now().date()), intake.CATEGORY: "Jalan & Drainase"}
                for heading, value in typed.items():
                    person.set(tab, INTAKE_HEADING_ROW + 1 + row, head.index(heading), value)

        def hands() -> float:
            return time.process_time() + sum(slept)

        server.quota = Ticking(hands, GOOGLES)
        with mock.patch("automation.sheets.google.client.Pace", partial(Pace, hands, slept.append)):
            program = compose(city.credentials, WORDS)
            program.sources.google()
        for words in (f"{len(persons)} spreadsheets, {EACH} new rows each", "nothing changed"):
            server.requests.clear()
            slept.append(60)  # what was asked before is forgotten
            began = hands()
            report = program.syncer.sync(jakarta_now())
            took = hands() - began
            assert report.well, report.failures
            counts = Counter(seen.kind for seen in server.requests)
            refused = sum(seen.status == 429 for seen in server.requests)
            quota = 60 * ((max(counts["get"], counts["batchUpdate"]) - 1) // GOOGLES)
            lines.append(f"{words:34}{counts['get']:8}{counts['batchUpdate']:8}{refused:9}{took:9.0f}{quota:13}")
    return ["Under the quota", QUOTA_HEAD, *lines, QUOTA_NOTES]


def _setup_lines() -> list[str]:
    """What `setup` asks for all kecamatan, the first time and again."""
    kecamatan = list(dict.fromkeys(place.kecamatan for place in load_kelurahan()))
    lines = []
    with own_google() as (google, folder), contextlib.redirect_stdout(io.StringIO()):
        city = City(google, folder)
        google.server.quota.per_user = GOOGLES  # on a clock that stands still while the work is done
        parent = google.server.folder("Laporan", readers=[ROBOT])
        for name in kecamatan:
            google.spreadsheet(f"Kecamatan {name}", {}, folder=parent)
        for words in ("Kendali, with the trial", "13 spreadsheets, 104 tabs", "again: nothing lacks"):
            google.server.requests.clear()
            google.server.quota.advance(60)
            assert city.run("setup") == 0
            lines.append(f"{words:34}{_asked(google.server.requests)}")
            city.kendali.set(SOURCES, 1, 0, "Laporan")
            city.kendali.set(SOURCES, 1, 1, f"https://drive.google.com/drive/folders/{parent}")
        tabs = [sheet.title for file in google.server.drive.files.values() if file.book for sheet in file.book.sheets]
        assert {place.name for place in load_kelurahan()} <= set(tabs)
        assert {seen.status for seen in google.server.requests} == {200}
    return ["Requests of `setup`, counted at the server", SETUP_HEAD, *lines, SETUP_NOTES]


def _asked(requests: Sequence[Seen]) -> str:
    """The columns of a line: what was asked of Sheets and of Drive, how much, and how long the quota makes it."""
    counts = Counter(seen.kind for seen in requests)
    reads, writes = counts["get"], counts["batchUpdate"]
    drive = counts["files.get"] + counts["files.list"] + counts["about.get"]
    sent, received = (sum(getattr(seen, side) for seen in requests) / 1e6 for side in ("sent", "received"))
    minutes = max(reads, writes) / A_MINUTE
    return f"{reads:8}{writes:8}{drive:10}{sent:10.1f}{received:10.1f}{minutes:15.1f}"


def _our_cycles(*, stays: bool) -> tuple[list[Counter[str]], list[tuple[State, State]]]:
    """For each of three cycles what it asked of the spreadsheet, and how the tabs stood before and after it."""
    counts: list[Counter[str]] = []
    works: list[tuple[State, State]] = []
    with own_google() as (google, folder), contextlib.redirect_stdout(io.StringIO()):
        city = City(google, folder, KECAMATAN)
        city.set_up()
        program = compose(city.credentials, WORDS)
        program.syncer.sync(jakarta_now())
        person = city.spreadsheets[KECAMATAN]
        for step in range(3):
            if step == 0:
                _type(city, range(NEW))
            elif step == 1:
                _type(city, range(NEW, NEW + LATER))
                for tab in TABS[:PAUSED]:
                    head = person.values(tab)[INTAKE_HEADING_ROW]
                    person.set(tab, INTAKE_HEADING_ROW + 1, head.index(intake.STATUS), "Menunggu Pelapor")
            before = {tab: person.values(tab) for tab in TABS}
            city.requests(person)
            if stays:
                program.syncer.sync(jakarta_now())
            else:
                city.run("sync")
            counts.append(city.requests(person))
            works.append((before, {tab: person.values(tab) for tab in TABS}))
    return counts, works


def _type(city: City, numbers: Sequence[int]) -> None:
    """Good complaints, received today, in all tabs in turn."""
    for number in numbers:
        city.type(
            KECAMATAN,
            TABS[number % len(TABS)],
            str(number),
            received=serial_of(jakarta_now().date()),
            name=f"Warga {number}",
            phone=f"0812{number:08}",
            category="Jalan & Drainase",
        )


def _obvious_script(before: State, after: State) -> Counter[str]:
    """The requests of a script that writes what our program wrote, value by value."""
    with own_google() as (google, _):
        person = google.spreadsheet(KECAMATAN, {tab: [list(row) for row in rows] for tab, rows in before.items()})
        book = gspread.service_account_from_dict(google.key).open_by_key(person.book.id)
        for tab, rows in after.items():
            sheet = book.worksheet(tab)
            sheet.get_all_records(head=INTAKE_HEADING_ROW + 1)
            for at, (row, old) in enumerate(zip(rows, before[tab], strict=True), start=1):
                for across, value in enumerate(row, start=1):
                    if value != (old[across - 1] if across <= len(old) else None):
                        sheet.update_cell(at, across, str(value))
            assert person.values(tab) == rows, "not the same work"
        return Counter(seen.kind for seen in google.server.requests if person.book.id in seen.path)
