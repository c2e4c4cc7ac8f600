"""A year ends: what still runs goes on in the new year's tabs, and nothing is lost, doubled or told as gone. On either
kind of spreadsheet, with a Cadangan beside Kendali and without."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from automation.cases.codec import decode
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cli.compose import compose
from automation.cli.sync import tend_archives
from automation.config.kendali import list_sources
from automation.cycle.commit import appended_to, commit
from automation.cycle.erasing import Erasing
from automation.cycle.gone import GoneCases
from automation.cycle.kiriman import mail_rows
from automation.cycle.rollover import Ended
from automation.cycle.sync import Report, Syncer
from automation.cycle.tending import tend
from automation.cycle.year_end import roll_over
from automation.digests.ledger import BAD_ADDRESS, BAD_DAYS, State, read_ledger, row
from automation.model.cells import Value
from automation.model.texts import ZONE
from automation.reading.tabs import LISTS
from automation.sheets.google import recall
from automation.sheets.local import files
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Assumptions, Changes, ReadRequest, Snapshot, Tab, Workbook
from automation.sheets.prepare import INTAKE_HEADING_ROW
from automation.tables import intake
from automation.tables.kendali import HEADINGS, MAILS, REGISTER, SOURCES, WISHES
from automation.trouble import WorkbookError
from tests.examples import ALL
from tests.google_city import City, link
from tests.local_city import TITLES, LocalCity
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.town import GOOD, NOTE, TUESDAY, WORDS
from tests.xlsx_person import make_file

pytestmark = pytest.mark.sampled(4, tests=43)

YEAR = 2026
MONDAY = datetime(2027, 1, 4, 9, tzinfo=ZONE)
ONWARD = ("Barat 2027", "Berkas baru")  # in which a year goes on; the second is called so in `Sumber` only
APART = {"cadangan": "Cadangan.xlsx"}
LETTER = "Tgl Surat"  # a column of people's own, with a day
BUDI = "budi@example.org"
GOOD_ROW: Mapping[str, Value] = {**GOOD, intake.CATEGORY: "Jalan & Drainase"}


class Crash(BaseException):
    """The machine dies."""


class Fate:
    """The robot dies at the `at`-th commit to any workbook (-1: it lives), before it is made, or after."""

    def __init__(self, at: int = -1, *, after: bool = False) -> None:
        self.at, self.after, self.commits = at, after, 0
        self.act_at = "?"  # or just before this is journalled
        self.act: Callable[[], object] | None = None  # what people do just before a spreadsheet's year ends
        self.largest: int | None = None  # rows of a commit


class Mortal:
    """A workbook in the hands of a robot that may die."""

    def __init__(self, workbook: Workbook, fate: Fate) -> None:
        self.workbook, self.fate = workbook, fate
        self.source, self.largest_commit = workbook.source, fate.largest or workbook.largest_commit

    @property
    def assumptions(self) -> Assumptions | None:
        return None  # which need no trial here

    def read(self, request: ReadRequest | None = None) -> Snapshot:
        return self.workbook.read(request)

    def mark(self, request: ReadRequest | None = None) -> str:
        return self.workbook.mark(request)

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        if changes.put_away and changes.cells is not None and len(changes.new_tabs) > 1 and self.fate.act is not None:
            act, self.fate.act = self.fate.act, None
            act()
        if self.fate.act is not None and self.fate.act_at in str(changes.appends.get(JOURNAL)):
            act, self.fate.act = self.fate.act, None
            act()
        dies = self.fate.commits == self.fate.at
        self.fate.commits += bool(changes)
        if dies and changes and not self.fate.after:
            raise Crash
        after = self.workbook.commit(changes, seen)
        if dies and changes:
            raise Crash
        return after

    def dress(self, looks: Sequence[TabLook]) -> int:
        return self.workbook.dress(looks)

    def link(self, tab: Tab, row: int) -> str:
        return self.workbook.link(tab, row)


class Town:
    """Two spreadsheets, in whichever kind; `names` are those of the first, and of its tab."""

    def __init__(self, city: LocalCity | City, name: str) -> None:
        self.city, self.name, self.tab = city, name, "Gondrong"
        self.people: list[Person] = []

    def robot(self, fate: Fate | None = None) -> Syncer:
        program, fate = compose(self.city.credentials, WORDS), fate or Fate()
        opened = program.syncer.open_source
        return Syncer(Mortal(program.kendali, fate), lambda one: [Mortal(book, fate) for book in opened(one)], WORDS)

    def sync(self, now: datetime = MONDAY) -> Report:
        return self.robot().sync(now)

    def roll_over(self, fate: Fate | None = None, *, undo: bool = False) -> list[Ended]:
        return self.report(fate, undo=undo)[0]

    def report(self, fate: Fate | None = None, *, undo: bool = False) -> tuple[list[Ended], Report]:
        robot = self.robot(fate)
        ended, report = roll_over(robot, YEAR, lambda: robot.sync(MONDAY), MONDAY, undo=undo)
        assert not report.failures and not report.vanished
        troubles = [one.code for outcome in report.outcomes for one in outcome.troubles]
        assert {*troubles} <= {"tahun.diketik"}
        return ended, report

    def type(self, note: str, tab: str = "", **more: Value) -> None:
        cells = {**GOOD_ROW, intake.NAME: f"Warga {note}", intake.DESCRIPTION: f"Got mampet di depan {note}"}
        cells |= {getattr(intake, name.upper()): value for name, value in more.items()}
        if isinstance(self.city, City):
            self.city.type(self.name, tab or self.tab, note, cells)
        else:
            self.city.type(self.name, tab or self.tab, {**cells, NOTE: note})

    def books(self) -> dict[str, Snapshot]:
        program = compose(self.city.credentials, WORDS)
        kendali = program.kendali.read()
        found = {"Kendali": kendali}
        for source in list_sources(kendali)[0]:
            found |= {book.source: book.read() for book in program.syncer.open_source(source)}
        return found

    def shown(self, tab: str, *, onward: bool = False) -> dict[str, str]:
        """The ticket beside each complaint of a tab, by people's own note; in the spreadsheet in which a year goes on,
        or in another."""
        books = (seen for seen in self.books().values() if (seen.name in ONWARD) is onward)
        rows = next((found.rows for seen in books if (found := seen.tab(tab)) is not None), ())
        at = next((number for number, row in enumerate(rows) if intake.TICKET in row and NOTE in row), None)
        if at is None:
            return {}
        note, ticket = rows[at].index(NOTE), rows[at].index(intake.TICKET)
        return {str(row[note]): str(row[ticket] or "") for row in rows[at + 1 :] if len(row) > note and row[note]}

    def standing(self) -> dict[str, object]:
        """All that must be the same however it came about."""
        found: dict[str, object] = {}
        for source, seen in self.books().items():
            for tab in seen.tabs:
                rows = [[str(cell) for cell in row if cell is not None] for row in tab.rows]
                if tab.title.startswith(JOURNAL):
                    events = [decode(row[source == "Kendali" :]) for row in tab.rows]
                    told = Counter(
                        (one.ticket, str(one.kind), str({k: v for k, v in one.details.items() if k != "naik"}))
                        for one in events
                        if isinstance(one, Event)
                    )
                    found[f"{source} {tab.title}"] = told
                elif tab.title not in (LISTS, "Sumber", "Nilai Terakhir", "Grafik"):
                    found[f"{source} {tab.title}"] = (tab.hidden, sorted(filter(None, rows)))
        return found

    def cell(self, note: str, heading: str, value: Value | date, tab: str = "") -> None:
        """Type into the row with this note; everywhere in it where there is no heading."""
        seen = next(seen for seen in self.books().values() if seen.tab(tab or self.tab) is not None)
        found = seen.tab(tab or self.tab)
        assert found is not None
        head = next(number for number, row in enumerate(found.rows) if intake.TICKET in row)
        at = found.rows[head].index(NOTE)
        row = next(number for number, row in enumerate(found.rows) if len(row) > at and row[at] == note)
        columns = [found.rows[head].index(heading)] if heading else range(len(found.rows[row]))
        for column in columns:
            self.put(tab or self.tab, row, column, value)

    def keep(self) -> Callable[[], None]:
        """What brings all workbooks back as they are now."""
        books = [(person.book, person.book.copy()) for person in self.people]
        files = [(path, path.read_bytes()) for path in self.city.credentials.parent.glob("*.xlsx")]

        def bring_back() -> None:
            for book, kept in books:
                book.become(kept.copy())
            for path, data in files:
                path.write_bytes(data)

        return bring_back

    def put(self, tab: str, row: int, column: int, value: Value | date) -> None:
        if isinstance(self.city, City):
            self.city.spreadsheets[self.name].set(tab, row, column, value)
        else:
            self.city.put(self.name, tab, {(row, column): value})


def begin(town: Town) -> None:
    """One complaint that runs, one that is resolved, one whose row is gone, one that lacks something, and a copy."""
    seen = next(seen for seen in town.books().values() if seen.tab("Gondrong"))
    rows = seen.rows("Gondrong")
    head = next(number for number, row in enumerate(rows) if intake.TICKET in row)
    town.put("Gondrong", head, len(rows[head]), LETTER)
    town.type("runs", phone="081200001021")
    town.cell("runs", LETTER, date(2026, 11, 20))
    town.type("done", phone="081200001022", status="Selesai", outcome="Got dikeruk")
    town.type("gone", phone="081200001023")
    town.sync(TUESDAY)
    town.cell("gone", "", None)
    town.type("waits", phone="081200001024", category=None)
    town.type("copy", name="Warga runs", phone="081200001021", description="Got mampet di depan runs")
    town.sync(TUESDAY + timedelta(hours=1))


def begin_on_disk(city: LocalCity) -> None:
    begin(Town(city, "Barat"))


def begin_on_disk_apart(city: LocalCity) -> None:
    city.enter(kendali="Kendali.xlsx", **APART)
    assert city.run("setup") == 0
    begin(Town(city, "Barat"))


@pytest.fixture(params=["local", "local apart", "google", "google apart"])
def town(request: pytest.FixtureRequest, google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Where that has happened which `begin` says."""
    monkeypatch.setattr(recall, "AWAY_ROWS", INTAKE_HEADING_ROW + 1)  # of so few rows most would be read
    apart = request.param.endswith("apart")
    if request.param.startswith("local"):
        how = begin_on_disk_apart if apart else begin_on_disk
        layout = {"Barat": ("Gondrong", "Petir"), "Timur": ("Cimone",)}
        return Town(LocalCity.lay_out(tmp_path, layout, how, **(APART if apart else {})), "Barat")
    city = City.prepared(google, tmp_path, "Cipondoh", "Karawaci")
    town = Town(city, "Cipondoh")
    copy = [google.spreadsheet("Cadangan", {})] if apart else []
    town.people = [city.kendali, *city.spreadsheets.values(), *copy]
    if copy:
        city.enter(cadangan=copy[0].book.id)

    def make() -> None:
        if apart:
            city.run("setup")
        begin(town)

    city.once("a year that ends", make, *copy)
    return town


def test_what_still_runs_goes_along_and_the_rest_stays_where_it_is(town: Town) -> None:
    before, told = town.shown("Gondrong"), town.sync().entries
    assert {note: bool(ticket) for note, ticket in before.items()} == {"runs": 1, "done": 1, "waits": 0, "copy": 0}
    ended = town.roll_over()
    assert [(one.tab, one.to, one.carried, one.left) for one in ended] == [("Gondrong", "Gondrong 2027", 2, 2)]
    assert town.shown("Gondrong 2027") == {"runs": before["runs"], "waits": ""}
    assert town.shown("Gondrong") == before
    books = town.books()
    seen = next(seen for seen in books.values() if seen.tab("Gondrong 2027"))
    new, old = seen.rows("Gondrong 2027"), seen.rows("Gondrong")
    letter = new[2].index(LETTER)
    assert new[3][letter] == 46346 and any("Arsip 2026" in str(cell) for row in old[:3] for cell in row)
    hidden = {tab.title for one in books.values() for tab in one.tabs if tab.hidden}
    assert hidden >= {"Riwayat", "Riwayat 2026", "Rekap 2026"} and REGISTER not in hidden
    kinds = {str(row[4]) for row in books["Kendali"].rows(JOURNAL) if len(row) > 4}
    assert {"Lajur Nomor", "Tahun Diarsipkan", "Pindah Masuk", "Format"} <= kinds and "Diterbitkan" not in kinds
    # A cycle later nothing is to be done, and what runs is as it was: with its clock, and its row gone or not.
    report = town.sync()
    assert not any(one.done.commits for one in report.outcomes) and not report.vanished
    kept = {one.ticket: (one.status, one.days_late, one.received, one.present) for one in report.entries}
    was = {one.ticket: (one.status, one.days_late, one.received, one.present) for one in told}
    assert kept == {ticket: one for ticket, one in was.items() if not one[0].closed} and len(kept) == 2
    town.type("new", tab="Gondrong 2027", phone="081200001025", received="04/01/2027")
    town.cell("waits", intake.CATEGORY, "Jalan & Drainase", "Gondrong 2027")
    town.sync()
    issued = town.shown("Gondrong 2027")  # the day of one that waited so long is asked about, and today's counts
    assert sorted(issued[note][:-2] for note in ("new", "waits")) == ["RR-270504-0001", "RR-270504-0002"]
    assert town.shown("Gondrong") == before


@pytest.mark.parametrize("town", ["local", "google apart"], indirect=True)
def test_of_the_mails_those_go_along_that_may_still_be_asked_for(town: Town) -> None:
    long_ago, lately, ana = MONDAY - timedelta(days=200), MONDAY - timedelta(days=3), "ana@example.org"
    sent = [
        row(long_ago, "harian", "2026-06-18", ana, State.SENT),
        row(long_ago, "mingguan", "2026-W25", ana, State.SENT),
        row(long_ago, "darurat", "RR-260504-0001-3", ana, State.SENT),
        row(long_ago, "operator", f"mulai-{long_ago.isoformat()}", ana, State.SENT),
        *(
            row(long_ago + timedelta(day), "harian", f"2026-06-2{day}", BUDI, State.REFUSED, reason=BAD_ADDRESS)
            for day in range(BAD_DAYS)
        ),
        row(lately, "harian", "2027-01-01", ana, State.SENT),
    ]
    kendali = compose(town.city.credentials, WORDS).kendali
    commit(kendali, kendali.read(), lambda seen: appended_to(seen, MAILS, sent), once=True)
    town.roll_over()
    seen = town.books()["Kendali"]
    assert mail_rows(seen) == [[*one[:5], one[5] or None] for one in sent[2:]]
    old = seen.tab(f"{MAILS} {YEAR}")
    assert old is not None and old.hidden and len(old.rows) == 1 + len(sent)
    assert not town.sync().failures and read_ledger(mail_rows(seen)).given_up(BUDI)
    mirror = town.city.credentials.parent / "kota.sqlite"
    assert town.city.run("mirror", str(mirror)) == 0
    with closing(sqlite3.connect(mirror)) as database:
        assert database.execute("select count(*) from kiriman").fetchone() == (len(sent),), "each once"
    town.roll_over(undo=True)
    town.roll_over()
    assert len(mail_rows(town.books()["Kendali"])) == len(sent) - 2, "nothing is told anew, and nothing is lost"


@pytest.mark.parametrize("town", ["local"], indirect=True)
def test_how_many_reporters_of_what_stays_behind_have_yet_to_be_told_is_said(town: Town) -> None:
    for note in ("told", "untold"):
        town.type(note, phone=f"08120000103{len(note)}")
    town.sync(TUESDAY + timedelta(hours=2))
    for note in ("told", "untold"):
        town.cell(note, intake.STATUS, "Selesai")
    town.cell("told", intake.TOLD, "Ani, puas")
    town.sync(TUESDAY + timedelta(hours=3))
    assert [(one.carried, one.left, one.untold) for one in town.roll_over()] == [(2, 4, 1)]


@pytest.mark.parametrize("town", ["local"], indirect=True)
def test_what_a_running_case_belongs_to_goes_along_however_far_up_and_wherever_it_stands(town: Town) -> None:
    assert isinstance(town.city, LocalCity)
    far = {**GOOD_ROW, intake.NAME: "Warga far", intake.STATUS: "Selesai", NOTE: "far"}
    town.city.type("Timur", "Cimone", far)
    above = {"root": "far", "middle": "root", "leaf": "middle"}
    for at, (note, parent) in enumerate(above.items()):
        town.sync(TUESDAY + timedelta(hours=2 + at))
        tickets = town.shown("Cimone") | town.shown("Gondrong")
        status = None if note == "leaf" else "Selesai"
        town.type(note, phone=f"08120000104{at}", parent=tickets[parent], status=status)
    town.sync(TUESDAY + timedelta(hours=9))
    town.roll_over()
    assert above.keys() <= town.shown("Gondrong 2027").keys() and "far" in town.shown("Cimone 2027")


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_a_cell_that_shows_an_error_goes_along_as_one(town: Town) -> None:
    town.type("broken", phone="081200001026", address="#REF!")
    town.sync()
    town.roll_over()
    town.sync()
    assert town.shown("Gondrong")["broken"] == town.shown("Gondrong 2027")["broken"] == ""


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_a_row_goes_along_though_a_space_stands_to_the_right_of_all_columns(town: Town) -> None:
    before, rows = town.shown("Gondrong"), rows_of(town)
    row = next(at for at, cells in enumerate(rows) if "runs" in cells)
    town.put("Gondrong", row, max(map(len, rows)) + 2, " ")
    town.roll_over()
    assert town.shown("Gondrong 2027")["runs"] == before["runs"]


@pytest.mark.parametrize("town", ["local"], indirect=True)
def test_two_spreadsheets_of_one_name_are_both_told(town: Town) -> None:
    assert isinstance(town.city, LocalCity)
    town.city.path("lain/Barat").parent.mkdir()
    town.city.make("lain/Barat", "Cimone")
    town.city.list_sources("Barat.xlsx", "Timur.xlsx", "lain/Barat.xlsx")
    town.city.type("lain/Barat", "Cimone", {intake.PHONE: "081200001031", NOTE: "other"})
    assert [(one.workbook, one.tab) for one in town.roll_over()] == [("Barat", "Gondrong"), ("Barat", "Cimone")]


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_what_people_have_spoiled_of_a_journal_is_not_brought_back_beside_what_is_sound(town: Town) -> None:
    def journal() -> Sequence[Sequence[Value]]:
        return next(
            seen.rows(JOURNAL) for name, seen in town.books().items() if name != "Kendali" and seen.tab("Gondrong")
        )

    rows = journal()
    at = next(number for number, row in enumerate(rows) if len(row) > 3 and row[3] == "Diterbitkan")
    town.put(JOURNAL, at, 4, str(rows[at][4]).replace('"tab"', '"teb"'))
    town.sync()
    town.roll_over()
    town.roll_over(undo=True)
    assert '"teb"' not in str(journal()) and str(rows[at][2]) in str(journal())


def rows_of(town: Town) -> Sequence[Sequence[Value]]:
    return next(rows for seen in town.books().values() if (rows := seen.rows("Gondrong")))


def test_twice_is_once_and_an_undone_year_may_be_ended_again(town: Town) -> None:
    before = town.shown("Gondrong")
    town.roll_over()
    standing = town.standing()
    fate = Fate()
    assert not town.roll_over(fate) and not fate.commits and town.standing() == standing
    town.type("new", tab="Gondrong 2027", phone="081200001025", received="04/01/2027")
    town.cell("runs", intake.STATUS, "Ditindaklanjuti", "Gondrong 2027")
    town.sync()
    town.cell("done", intake.OUTCOME, "Got dikeruk dua kali", "Gondrong")
    town.roll_over(undo=True)
    report = town.sync()
    assert not report.vanished and not any(one.done.commits for one in report.outcomes)
    statuses = {one.ticket: one.status.value for one in report.entries}
    new = town.shown("Gondrong 2027")
    assert statuses == {
        before["runs"]: "Ditindaklanjuti",
        before["done"]: "Selesai",
        new["new"]: "Baru",
        "RR-260504-0003-7": "Baru",
    }
    assert town.shown("Gondrong") == before and new["runs"] == before["runs"]
    assert not any("Arsip 2026" in str(row) for seen in town.books().values() for row in seen.rows("Gondrong")[:3])
    heads = rows_of(town)
    passed = {str(row[0]) for row in heads if "dilanjutkan di tab “Gondrong 2027”" in str(row)}
    assert passed == {before["runs"]}, "whoever types there is told that nobody reads it"
    head = next(at for at, row in enumerate(heads) if intake.TICKET in row)
    second = max(map(len, heads)) + 1
    town.put("Gondrong", head, second - 1, "Blok")
    town.put("Gondrong", head, second, LETTER)  # two are called alike
    town.type("more", phone="081200001026", category=None)
    for heading, value in (("Blok", "B2"), (LETTER, "B1")):
        town.cell("more", heading, value, "Gondrong")
    town.put("Gondrong", next(n for n, row in enumerate(rows_of(town)) if "B2" in row), second, "B3")
    again = {one.tab: (one.carried, one.left) for one in town.roll_over()}
    assert again == {"Gondrong": (1, 2)}, "what waits there since, and nothing a second time"
    assert town.shown("Gondrong 2027") == {**new, "more": ""}
    rows = next(rows for seen in town.books().values() if (rows := seen.rows("Gondrong 2027")))
    assert [row[rows[INTAKE_HEADING_ROW].index("Blok")] for row in rows if "B2" in row] == ["B2"], "with its heading"
    assert sum(one in row for row in rows if "B2" in row for one in ("B1", "B3")) == 2, "and each in a place of its own"
    assert not any(one.done.commits for one in town.sync().outcomes)


@pytest.mark.long
@pytest.mark.parametrize("town", ["local"], indirect=True)
def test_where_a_year_was_undone_a_row_without_its_ticket_keeps_it_and_a_tab_is_put_away_a_second_time(
    town: Town,
) -> None:
    """What went along stands in both tabs then; nobody looks at the old one."""
    before = town.shown("Gondrong")
    town.roll_over()
    for note in ("waits", "copy"):
        town.cell(note, "", None, "Gondrong")
    robot = town.robot()
    Erasing(GoneCases(robot, robot.sync(MONDAY), MONDAY)).erase(before["done"], "diminta")
    town.roll_over(undo=True)
    journals = [str(tab.rows) for seen in town.books().values() for tab in seen.tabs if tab.title == JOURNAL]
    assert not any("Warga done" in told for told in journals), "what was erased meanwhile is not brought back"
    heads = next(rows for seen in town.books().values() if (rows := seen.rows("Gondrong 2027")))[INTAKE_HEADING_ROW]
    for heading in ("Isian", intake.DESCRIPTION):  # it can't be read for a while
        town.put("Gondrong 2027", INTAKE_HEADING_ROW, heads.index(intake.DESCRIPTION), heading)
        assert not town.sync().vanished and town.shown("Gondrong 2027")["runs"] == before["runs"]
    town.cell("runs", intake.TICKET, None, "Gondrong 2027")
    town.cell("runs", intake.ADDRESS, "Gg. Melati 9", "Gondrong 2027")
    assert not town.sync().vanished and town.shown("Gondrong 2027")["runs"] == before["runs"]
    town.cell("done", "", None, "Gondrong")
    town.sync()
    assert [(one.tab, one.carried, one.left) for one in town.roll_over()] == [("Gondrong", 0, 0)]
    town.type("late", tab="Gondrong", phone="081200001029")
    town.sync()
    assert town.shown("Gondrong")["late"] == "", "it is put away"


@pytest.mark.long
@pytest.mark.parametrize("town", ["local"], indirect=True)
def test_what_a_slow_robot_copies_after_the_end_of_a_year_is_forgotten_in_time_too(town: Town) -> None:
    town.roll_over()
    kendali = town.books()["Kendali"]
    old = next(row for row in kendali.rows(f"{JOURNAL} {YEAR}") if "Diterbitkan" in row and "depan runs" in str(row))
    at = len(kendali.rows(JOURNAL))
    assert isinstance(town.city, LocalCity)
    town.city.put("Kendali", JOURNAL, {(at, column): value for column, value in enumerate(old)})
    for days, kept in ((0, True), (40, False)):
        assert not town.robot().sync(MONDAY + timedelta(days=days)).vanished
        assert ("depan runs" in str(town.books()["Kendali"].rows(JOURNAL)[at])) == kept


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_what_is_typed_at_that_very_moment_goes_along_or_is_told(town: Town) -> None:
    fate = Fate()
    fate.act = lambda: town.type("late", phone="081200001029")
    _, report = town.report(fate)
    told = [one.particulars for outcome in report.outcomes for one in outcome.troubles if one.code == "tahun.diketik"]
    if isinstance(town.city, LocalCity):  # whoever saves is quicker
        assert not told and town.shown("Gondrong 2027")["late"]
    else:
        assert [(one["tab"], one["baris"]) for one in told] == [("Gondrong", 8)]


@pytest.mark.sampled(16)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("undo", [False, True], ids=["ended", "undone"])
def test_killed_at_any_commit_with_a_cycle_between_the_next_run_finishes_it(
    town: Town, undo: bool, after: bool
) -> None:
    if undo:
        town.roll_over()
    bring_back, before = town.keep(), town.shown("Gondrong")
    fate = Fate()
    town.roll_over(fate, undo=undo)
    finished = town.standing()
    assert fate.commits >= (4 if undo else 6)
    for at in range(fate.commits) if ALL else (1, 4):
        bring_back()
        with pytest.raises(Crash):
            town.roll_over(Fate(at, after=after), undo=undo)
        report = town.sync()
        assert not report.vanished and not report.failures and not sum(one.done.issued for one in report.outcomes), at
        shown = town.shown("Gondrong"), town.shown("Gondrong 2027")
        assert shown[0] == before and shown[1] in ({}, {"runs": before["runs"], "waits": ""}), at
        town.roll_over(undo=undo)
        assert town.standing() == finished, at
        assert not any(one.done.commits for one in town.sync().outcomes), at


@pytest.mark.parametrize("town", ["local apart", "google"], indirect=True)
def test_setup_and_import_leave_what_is_put_away_alone(
    archived: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town, before = archived, archived.shown("Gondrong")
    standing = town.standing()
    assert town.city.run("setup") == 0 and town.standing() == standing
    assert "tab baru" not in capsys.readouterr().out.splitlines()[-1]
    table = tmp_path / "lama.csv"
    table.write_text(
        "Uraian;Nama Pelapor;Telepon;Tanggal Masuk\nPohon tumbang;Bu Ani;081200001030;04/01/2027\n", "utf-8"
    )
    town.city.run("import", str(table), "--tab", "Gondrong", "--yes", "--dates-right")
    assert town.shown("Gondrong") == before and "Bu Ani" not in str(
        [seen.rows("Gondrong") for seen in town.books().values()]
    )
    assert "Bu Ani" in str([seen.rows("Gondrong 2027") for seen in town.books().values()])


@pytest.mark.long
def test_what_is_put_away_costs_nothing_neither_an_idle_cycle_nor_one_that_knows_nothing(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cycle(city: City) -> int:
        city.server.requests.clear()
        city.run("sync")
        return sum(request.received for request in city.server.requests)

    def idle(city: City, now: datetime) -> int:
        monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: now)
        return [cycle(city) for _ in range(3)][-1]

    def first(city: City) -> int:
        for path in city.credentials.parent.glob(".ingat-*"):
            path.unlink()
        return cycle(city)

    read = []
    for count in (20, 100):  # more than the rows in which headings may stand
        (folder := tmp_path / str(count)).mkdir()
        city = City.prepared(google, folder, "Cipondoh", "Karawaci")
        town = Town(city, "Cipondoh")
        for number in range(count):
            town.type(f"c{number}", phone=f"0812{number:08}", status="Selesai", outcome="Got dikeruk")
        read += [idle(city, TUESDAY)]
        monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
        assert city.run("rollover", str(YEAR), "--yes") == 0
        read += [idle(city, MONDAY), first(city)]
    few, few_away, first_few, many, many_away, first_many = read
    assert many > few * 1.05 and abs(many_away - few_away) < few_away * 0.01, read
    assert abs(first_many - first_few) < first_few * 0.01, read


@pytest.mark.long
@pytest.mark.parametrize("town", ["google apart"], indirect=True)
def test_a_spreadsheet_that_is_half_full_is_told(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "juta sel" not in (town.city.run("check"), capsys.readouterr().out)[1]
    monkeypatch.setattr("automation.cli.check.MOST_CELLS", 1000)
    town.city.run("check")
    told = capsys.readouterr().out
    assert not [name for name in ("Kendali", "Cadangan", "Kecamatan Cipondoh") if f"“{name}” sudah" not in told], told
    assert "laporan yang masih berjalan" not in told
    monkeypatch.setattr("automation.sheets.google.client.LARGEST_COMMIT", 2)
    town.city.run("check")
    assert "“Kecamatan Cipondoh” punya 2 laporan yang masih berjalan" in capsys.readouterr().out


# What was put away is still there


@pytest.fixture
def archived(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    for module in ("sync", "papers", "export"):
        monkeypatch.setattr(f"automation.cli.{module}.jakarta_now", lambda: MONDAY)
    assert town.city.run("rollover", str(YEAR), "--yes") == 0
    return town


@pytest.mark.parametrize("town", ["google"], indirect=True)
def test_what_protected_headings_can_not_say_of_a_year_is_told_and_never_taken_for_a_heading(town: Town) -> None:
    def told(*, undo: bool = False) -> list[str]:
        robot = town.robot()
        _, report = roll_over(robot, YEAR, lambda: robot.sync(MONDAY), MONDAY, undo=undo)
        assert not report.failures
        return [one.code for outcome in report.outcomes for one in outcome.troubles]

    person = town.people[1]
    person.delete_row("Gondrong", 0, INTAKE_HEADING_ROW)  # then the line stands beside the headings
    headings = {"sheetId": person.sheet("Gondrong").id, "endRowIndex": 1}
    lock = {"range": headings, "editors": {"users": ["koordinator@example.org"]}}
    person.book.protected[77] = lock
    assert told() == ["tahun.tanpa-tulisan"]
    del person.book.protected[77]
    assert told() == [] and said(town, "Arsip 2026") == {"Gondrong"}
    person.book.protected[77] = lock
    assert told(undo=True) == ["tahun.tulisan-tinggal"]
    town.type("late", phone="081200001031")
    assert told() == [] and said(town, "Arsip 2026") == {"Gondrong"} and "late" in town.shown("Gondrong 2027")


@pytest.mark.parametrize("town", ["google"], indirect=True)
def test_an_older_version_that_was_restored_says_again_that_its_tabs_are_away_once_the_year_is_ended_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    person, end = town.people[1], ("rollover", str(YEAR), "--yes")
    before = person.book.copy()
    assert town.city.run(*end) == 0
    person.book.become(before)
    town.city.run("sync")
    assert town.city.run(*end) == 0 and said(town, "Arsip 2026") == {"Gondrong"}


LOCAL = pytest.mark.parametrize("town", ["local apart"], indirect=True)


def said(town: Town, words: str) -> set[str]:
    """The tabs in which this stands anywhere."""
    books = town.books().items()
    return {tab.title for _, seen in books for tab in seen.tabs if words in str(tab.rows)}


@LOCAL
def test_a_case_of_a_year_that_was_put_away_is_told_given_back_and_exported(
    archived: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    town, run = archived, archived.city.run
    tickets = town.shown("Gondrong")
    capsys.readouterr()
    assert run("rollover", str(YEAR)) == 0 and capsys.readouterr().out.splitlines() == [
        f"Tahun {YEAR} sudah ditutup; tidak ada lagi yang perlu diarsipkan."
    ]
    assert run("rollover", str(YEAR), "--yes") == 0
    assert "ditutup" in (told := capsys.readouterr().out) and "tab yang baru" not in told, "volunteers were told"
    assert run("history", tickets["done"]) == 0
    assert "tiket terbit" in (told := capsys.readouterr().out) and "Sekarang Selesai" in told
    assert run("history", tickets["runs"]) == 0
    told = capsys.readouterr().out
    assert "tiket terbit" in told and "tahun berganti, barisnya berlanjut di tab Gondrong 2027" in told
    assert run("slip", tickets["runs"], "--output", str(tmp_path)) == 0
    assert run("export", "--output", str(tmp_path / "semua.csv")) == 0
    exported = (tmp_path / "semua.csv").read_text("utf-8-sig")
    assert all(ticket in exported for ticket in (tickets["done"], tickets["runs"], "RR-260504-0003-7"))
    assert isinstance(town.city, LocalCity)
    town.city.put_rows("Kendali", WISHES, [[f"tanggal benar {tickets['done']}", None], ["tutup", None]])
    assert run("sync") == 0
    books = town.books()
    assert "tidak sedang ditanyakan" in (wished := str(books["Kendali"].rows(WISHES))) and "belum terbaca" in wished
    assert run("rollover", str(YEAR - 1), "--yes") == 1, "a slip: what has ended with a later year is left alone"
    assert "sudah ditutup" in capsys.readouterr().err and town.books() == books
    closed = next(row for row in town.books()["Kendali"].rows("Rekap 2026") if tickets["done"] in row)
    assert run("restore", tickets["done"]) == 0
    assert tickets["done"] in str(next(filter(None, (seen.rows("Gondrong 2027") for seen in town.books().values()))))
    assert town.shown("Gondrong") == tickets
    again = next(row for row in town.books()["Kendali"].rows(REGISTER) if tickets["done"] in row)
    at = REGISTER.headings.index("Tanggal Selesai")
    assert again[at] == closed[at] and closed[at], "it was closed when it was"
    report = town.sync()
    assert {one.ticket for one in report.entries} == {tickets["done"], tickets["runs"], "RR-260504-0003-7"}
    assert not any(one.done.commits for one in report.outcomes)


@pytest.mark.parametrize("town", ["local apart", "google"], indirect=True)
def test_a_row_that_was_copied_from_a_year_that_was_put_away_gets_a_number_of_its_own(archived: Town) -> None:
    town, before = archived, archived.shown("Gondrong")
    told: dict[str, Value] = {"phone": "081200001099", "description": "Lampu padam", "ticket": before["done"]}
    town.type("pattern", "Gondrong 2027", **told)
    town.type("done", "Gondrong 2027", phone="081200001022", ticket=before["done"])
    town.sync()
    after = town.shown("Gondrong 2027")
    assert town.shown("Gondrong") == before and after["runs"] == before["runs"]
    found = {before["runs"], before["done"], after["pattern"], after["done"]}
    assert len(found) == 4 and "" not in found, "two complaints have one number"


@pytest.mark.parametrize("town", ["local", "local apart"], indirect=True)
def test_a_tab_of_peoples_own_that_is_called_like_one_put_away_is_neither_taken_for_it_nor_hidden(town: Town) -> None:
    assert isinstance(town.city, LocalCity)
    town.city.edit("Kendali", lambda book: setattr(book.copy_worksheet(book[REGISTER]), "title", "Rekap 2026"))
    town.sync()
    before = town.books()["Kendali"]
    with pytest.raises(WorkbookError, match="judul-ada"):
        town.roll_over()
    assert town.shown("Gondrong 2027") == {} and town.books()["Kendali"].rows(REGISTER) == before.rows(REGISTER)
    town.city.edit("Kendali", lambda book: setattr(book["Rekap 2026"], "title", "Rekap kami"))
    town.roll_over()
    town.roll_over(undo=True)
    town.city.edit("Kendali", lambda book: setattr(book["Rekap kami"], "title", "Rekap 2026"))
    town.roll_over(undo=True)
    kept = town.books()["Kendali"].tab("Rekap 2026")
    assert kept is not None and not kept.hidden


@LOCAL
def test_a_tab_that_was_put_away_and_renamed_or_copied_is_not_read_and_that_is_told(archived: Town) -> None:
    """In a file a tab is known by its title: it was read again, with new numbers for closed cases, and the one that
    took its title was not, without a word."""
    city, before = archived.city, archived.shown("Gondrong")
    assert isinstance(city, LocalCity)

    def rename(*steps: tuple[str, str]) -> None:
        with city.editing(archived.name) as book:
            for old, new in steps:
                book[old].title = new

    rename(("Gondrong", "Gondrong 2026"), ("Gondrong 2027", "Gondrong"))
    for _ in range(2):
        told = [one for outcome in archived.sync().outcomes for one in outcome.troubles]
        assert [one.particulars["tab"] for one in told if one.code == "tahun.arsip-berganti"] == ["Gondrong 2026"]
    assert archived.shown("Gondrong 2026") == before
    rename(("Gondrong", "Gondrong 2027"), ("Gondrong 2026", "Gondrong"))
    city.edit(archived.name, lambda book: book.copy_worksheet(book["Gondrong"]))
    told = [one for outcome in archived.sync().outcomes for one in outcome.troubles]
    assert [(one.code, one.particulars["tab"]) for one in told] == [("tahun.arsip-berganti", "Gondrong Copy")]
    assert archived.shown("Gondrong") == archived.shown("Gondrong Copy") == before


@LOCAL
def test_what_a_corrected_list_says_of_a_row_that_was_put_away_is_told_and_not_written_there(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "lama.csv"
    head = "Nomor Laporan;Uraian;Nama Pelapor;Telepon;Tanggal Masuk;Kategori;Alamat;Saluran;Status;Selesai Pada\n"
    row = "771;Pohon tumbang;Bu Ani;081200001030;04/05/2026;Taman & Pohon;Gg. Mawar;Hotline;{};06/05/2026\n"
    table.write_text(head + row.format("Selesai"), "utf-8")
    assert town.city.run("import", str(table), "--tab", "Gondrong", "--yes") == 0
    town.sync(MONDAY - timedelta(days=60))
    town.roll_over()
    before = town.books()
    table.write_text(head + row.format("Ditindaklanjuti"), "utf-8")
    capsys.readouterr()
    assert town.city.run("import", str(table), "--tab", "Gondrong", "--yes", "--corrections") == 0
    told = capsys.readouterr().out
    assert "sudah diarsipkan, jadi tidak ditulis" in told and "Status: Selesai → Ditindaklanjuti" in told
    assert "jalankan restore RR-2605" in told and "Perubahan" not in told and town.books() == before


@LOCAL
def test_so_does_one_of_a_case_of_the_new_year_that_a_late_end_has_put_away(town: Town) -> None:
    town.type("early", phone="081200001087", received="04/01/2027", status="Selesai", outcome="Got dikeruk")
    town.sync()
    ticket, late, robot = town.shown("Gondrong")["early"], MONDAY + timedelta(days=70), town.robot()
    assert ticket.startswith("RR-27")
    roll_over(robot, YEAR, lambda: robot.sync(late), late)
    town.type("pattern", "Gondrong 2027", phone="081200001099", received="10/03/2027", ticket=ticket)
    town.sync(late)
    assert town.shown("Gondrong 2027")["pattern"] not in ("", ticket) and town.shown("Gondrong")["early"] == ticket


@LOCAL
def test_a_number_of_the_new_year_stays_beside_its_row_though_both_journals_have_lost_it(archived: Town) -> None:
    town = archived
    town.type("new", "Gondrong 2027", phone="081200001088", received="04/01/2027")
    town.sync()
    before = town.shown("Gondrong 2027")
    assert before["new"].startswith("RR-27")
    for name in (town.name, "Cadangan"):
        rows = town.city.rows(name, JOURNAL)
        gone = {(at, column): None for at, row in enumerate(rows) if before["new"] in row for column in range(len(row))}
        assert gone
        town.city.put(name, JOURNAL, gone)
    town.sync()
    assert town.shown("Gondrong 2027") == before


@LOCAL
def test_of_two_years_the_later_one_is_brought_back_first(
    archived: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = archived.city.run
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY.replace(year=2028))
    assert run("rollover", str(YEAR + 1), "--yes") == 0
    books = archived.books()
    assert run("rollover", str(YEAR), "--undo", "--yes") == 1 and archived.books() == books
    assert "tahun 2027 ditutup sesudahnya" in capsys.readouterr().err
    assert run("rollover", str(YEAR + 1), "--undo", "--yes") == run("rollover", str(YEAR), "--undo", "--yes") == 0
    assert not any("Arsip" in str(row) for seen in archived.books().values() for row in seen.rows("Gondrong")[:3])
    assert "tidak sedang ditutup" not in capsys.readouterr().out
    assert run("rollover", str(YEAR), "--undo", "--yes") == run("rollover", str(YEAR), "--undo") == 0
    assert capsys.readouterr().out.count(f"Tahun {YEAR} tidak sedang ditutup") == 2, (
        "nothing is said to be brought back"
    )
    before, runs = archived.shown("Gondrong"), archived.shown("Gondrong 2028")["runs"]
    assert run("rollover", str(YEAR + 1), "--yes") == 1 and "tutup tahun itu dulu" in capsys.readouterr().out
    assert run("rollover", str(YEAR), "--yes") == run("rollover", str(YEAR + 1), "--yes") == run("sync") == 0
    archives = [seen.rows(tab)[:3] for seen in archived.books().values() for tab in ("Gondrong", "Gondrong 2027")]
    assert str(archives).count("Arsip 2026") == str(archives).count("Arsip 2027") == 1
    assert archived.shown("Gondrong") == before and archived.shown("Gondrong 2028")["runs"] == runs
    assert archived.shown("Gondrong 2027")["runs"] == runs, "nor is it taken for a copy"


@LOCAL
def test_who_is_erased_is_erased_from_the_years_too(archived: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town, ticket = archived, archived.shown("Gondrong")["done"]
    assert said(town, "Warga done") == {"Gondrong", "Riwayat 2026"}
    capsys.readouterr()
    assert town.city.run("data", ticket) == 0
    assert {name for name in ("Riwayat 2026", "Rekap 2026", "Gondrong") if name in capsys.readouterr().out}
    assert town.city.run("data", "081200001022") == 0
    assert ticket in (told := capsys.readouterr().out) and "belum bertiket" not in told
    assert town.city.run("erase", ticket, "--row") == 0, capsys.readouterr().out
    assert said(town, "Warga done") == said(town, "depan done") == set()
    capsys.readouterr()
    assert town.city.run("data", ticket) == 0
    assert "Tidak ada yang ditemukan" in (told := capsys.readouterr().out) and "disimpan di" not in told
    assert {*said(town, ticket)} >= {"Gondrong", "Riwayat 2026", "Rekap 2026"}
    assert said(town, "Warga runs") >= {"Gondrong", "Gondrong 2027", "Riwayat", "Riwayat 2026"}
    (kept,) = [tab.rows for seen in town.books().values() for tab in seen.tabs if tab.title == "Rekap 2026"]
    assert [str(row).count("Got mampet") for row in kept] == [0, 1, 0, 1], "of others nothing is taken"


@LOCAL
def test_a_spreadsheet_that_trips_the_program_keeps_no_other_years_waiting(archived: Town) -> None:
    class Tripping(Mortal):
        def read(self, request: ReadRequest | None = None) -> Snapshot:
            raise KeyError

    assert isinstance(archived.city, LocalCity)
    archived.city.setting("Retensi", 12)
    program, december = compose(archived.city.credentials, WORDS), datetime(2027, 12, 20, 9, tzinfo=ZONE)
    report, opened = program.syncer.sync(december), program.syncer.open_source
    program.syncer.open_source = lambda one: [
        book if one.name == "Barat" else Tripping(book, Fate()) for book in opened(one)
    ]
    (outbox := archived.city.folder / "outbox").mkdir()
    for note, ticket in archived.shown("Gondrong").items():
        (outbox / f"{note}.eml").write_text(f"{ticket}: Warga", "utf-8")
    tend_archives(program, report, december)
    assert said(archived, "Warga done") == {"Gondrong"}
    assert not (outbox / "done.eml").exists() and (outbox / "runs.eml").exists()


@LOCAL
def test_what_expires_at_once_in_a_year_that_was_put_away_is_recorded_in_commits_of_the_usual_size(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Measured(Mortal):
        def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
            assert sum(map(len, changes.appends.values())) <= 1
            told.extend(changes.appends)
            return super().commit(changes, seen)

    told = list[str]()
    for note in ("first", "second"):
        town.type(note, status="Selesai", outcome="sudah disedot", done="01/12/2026")
    town.sync(TUESDAY)
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    assert town.city.run("rollover", str(YEAR), "--yes") == 0
    fate, program = Fate(), compose(town.city.credentials, WORDS)
    fate.largest = 1
    december, settings = datetime(2028, 12, 20, 9, tzinfo=ZONE), program.syncer.sync(MONDAY).settings
    tend(Measured(program.kendali, fate), (), replace(settings.rules, retention_months=12), december)
    assert told == ["Riwayat 2026"] * 3


@LOCAL
@pytest.mark.long
def test_retention_goes_on_in_the_years_that_were_put_away(archived: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town = archived
    assert isinstance(town.city, LocalCity)
    town.city.setting("Retensi", 12)
    for month, left in ((10, {"Gondrong", "Riwayat 2026"}), (12, {"Gondrong"})):
        monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda at=month: datetime(2027, at, 20, 9, tzinfo=ZONE))
        town.city.run("sync")
        assert said(town, "Warga done") == left
    assert said(town, "Warga runs") >= {"Riwayat", "Riwayat 2026"}
    standing = town.standing()
    town.city.run("sync")
    assert town.standing() == standing


@pytest.fixture
def onward(town: Town, google: Google) -> Town:
    """The same, and an empty spreadsheet for the next year, called after the first one."""
    if isinstance(town.city, LocalCity):
        make_file(town.city.path("Barat 2027"), {"Sheet1": []})
        town.city.list_sources("Barat.xlsx", "Timur.xlsx", "Barat 2027.xlsx")
        town.city.run("setup")  # for which kelurahan it is, its name does not say
    else:
        town.people.append(google.spreadsheet("Berkas baru", {}))
        for column, value in enumerate(("Kecamatan Cipondoh 2027", link(town.people[-1]))):
            town.city.kendali.set(SOURCES, 3, column, value)
        assert town.city.run("setup") == 0
    return town


def test_a_year_goes_on_in_an_empty_spreadsheet_that_people_made_and_listed(onward: Town) -> None:
    town, before, told = onward, onward.shown("Gondrong"), onward.sync().entries
    town.put("Petir", 0, 40, "Arsip surat: lihat lemari")  # a note of people's
    ended = town.roll_over()
    found = {one.tab: (one.to, one.carried, one.left) for one in ended if one.carried or one.left}
    assert found == {"Gondrong": ("Gondrong", 2, 2)} and {one.there for one in ended} == {
        "Barat 2027" if isinstance(town.city, LocalCity) else "Berkas baru"
    }
    assert town.shown("Gondrong", onward=True) == {"runs": before["runs"], "waits": ""}
    assert town.shown("Gondrong") == before
    assert "2027" not in str([tab.title for seen in town.books().values() for tab in seen.tabs])
    seen = next(seen for seen in town.books().values() if seen.tab("Petir") and seen.name not in ONWARD)
    assert any(
        "Arsip 2026" in str(cell) and any(name in str(cell) for name in ONWARD)
        for row in seen.rows("Gondrong")[:3]
        for cell in row
    )
    report = town.sync()
    assert not any(one.done.commits for one in report.outcomes) and not report.vanished
    kept = {one.ticket: (one.status, one.days_late, one.received, one.present) for one in report.entries}
    was = {one.ticket: (one.status, one.days_late, one.received, one.present) for one in told}
    assert kept == {ticket: one for ticket, one in was.items() if not one[0].closed} and len(kept) == 2
    fate = Fate()
    assert not town.roll_over(fate) and not fate.commits
    town.roll_over(undo=True)
    report = town.sync()
    assert not report.vanished and not any(one.done.commits for one in report.outcomes)
    assert town.shown("Gondrong") == before and town.shown("Gondrong", onward=True)["runs"] == before["runs"]
    assert any("Arsip surat: lihat lemari" in row for seen in town.books().values() for row in seen.rows("Petir"))
    passed = [
        row[0] for seen in town.books().values() for row in seen.rows("Gondrong") if "Baris ini tidak" in str(row)
    ]
    assert passed == [before["runs"]], "whoever types there is told that nobody reads it"
    assert {one.ticket: one.status.closed for one in report.entries} == {one.ticket: one.status.closed for one in told}
    again = {one.tab: (one.carried, one.left) for one in town.roll_over() if one.carried or one.left}
    assert again == {"Gondrong": (2, 2)} and town.shown("Gondrong", onward=True) == {
        "runs": before["runs"],
        "waits": "",
    }


@pytest.mark.sampled(8)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("undo", [False, True], ids=["ended", "undone"])
def test_between_spreadsheets_it_is_cut_off_anywhere_and_a_cycle_between_changes_nothing(
    onward: Town, undo: bool, after: bool
) -> None:
    town = onward
    if undo:
        town.roll_over()
    bring_back, before = town.keep(), town.shown("Gondrong")
    fate = Fate()
    town.roll_over(fate, undo=undo)
    finished = {name: str(found) for name, found in town.standing().items() if JOURNAL not in name}
    assert fate.commits >= (4 if undo else 7)
    for at in range(fate.commits) if ALL else (3,):
        bring_back()
        with pytest.raises(Crash):
            town.roll_over(Fate(at, after=after), undo=undo)
        for _ in range(2):
            report = town.sync()
            troubles = [one.code for outcome in report.outcomes for one in outcome.troubles]
            assert not report.vanished and not report.failures and not troubles, at
            assert not sum(one.done.issued for one in report.outcomes), at
            assert town.shown("Gondrong") == before and town.shown("Gondrong", onward=True) in (
                {},
                {"runs": before["runs"], "waits": ""},
            ), at
        town.roll_over(undo=undo)
        assert {name: str(found) for name, found in town.standing().items() if JOURNAL not in name} == finished, at
        assert not any(one.done.commits for one in town.sync().outcomes), at


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_what_is_too_much_for_one_commit_goes_on_elsewhere_in_several(onward: Town) -> None:
    for number in range(7):
        onward.type(f"more {number}", phone=f"08120000110{number}", category="Jalan & Drainase" if number % 3 else None)
    onward.sync()
    before, fate = onward.shown("Gondrong"), Fate()
    fate.largest = 9
    ended = {one.tab: (one.carried, one.left) for one in onward.roll_over(fate)}
    assert ended["Gondrong"] == (9, 2)
    there = onward.shown("Gondrong", onward=True)
    assert there == {note: ticket for note, ticket in before.items() if note not in ("done", "copy")}
    assert onward.shown("Gondrong") == before and not any(one.done.commits for one in onward.sync().outcomes)


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_a_robot_whose_clock_is_behind_lets_each_row_go_on_once(onward: Town) -> None:
    onward.cell("runs", intake.STATUS, "Ditindaklanjuti")
    onward.sync(MONDAY + timedelta(hours=2))
    before = onward.shown("Gondrong")
    assert {one.tab: one.carried for one in onward.roll_over()}["Gondrong"] == 2
    assert onward.shown("Gondrong", onward=True) == {"runs": before["runs"], "waits": ""}


@LOCAL
@pytest.mark.parametrize("elsewhere", [True, False], ids=["in another spreadsheet", "in another tab"])
def test_a_heading_that_people_changed_in_the_next_year_is_left_alone_by_a_year_that_is_ended_again(
    town: Town, elsewhere: bool, request: pytest.FixtureRequest
) -> None:
    if elsewhere:
        request.getfixturevalue("onward")
    title = "Gondrong" if elsewhere else "Gondrong 2027"

    def headings() -> Sequence[Value]:
        found = (seen for seen in town.books().values() if (seen.name in ONWARD) is elsewhere and seen.tab(title))
        return next(row for row in next(found).rows(title) if intake.TICKET in row)

    town.roll_over()
    town.roll_over(undo=True)
    name, at = town.name, headings().index(intake.KABARI)
    if elsewhere:
        town.name = ONWARD[0]
    town.put(title, INTAKE_HEADING_ROW, at, "Sapaan")
    town.name, changed = name, headings()
    town.roll_over()
    assert headings() == changed and "Sapaan" in changed


@LOCAL
@pytest.mark.parametrize("whole", [True, False], ids=["all have ended, and one cannot be read", "one could not end"])
def test_words_that_were_corrected_where_a_year_goes_on_are_forgotten_where_it_ended(
    onward: Town, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    town, old = onward, "Got mampet di depan runs"
    assert isinstance(town.city, LocalCity)
    if not whole:  # then the second copy of the journals goes on
        town.city.put("Timur", "Cimone", {(0, town.city.rows("Timur", "Cimone")[0].index(intake.STATUS)): "Kabar"})
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    assert town.city.run("rollover", str(YEAR), "--yes") == (0 if whole else 1)
    rows = town.city.rows(ONWARD[0], "Gondrong")
    at = next(at for at, row in enumerate(rows) if old in row)
    town.city.put(ONWARD[0], "Gondrong", {(at, rows[at].index(old)): "Got mampet di depan musala, makin parah"})
    town.sync()
    town.city.list_sources("Timur.xlsx", "Barat.xlsx", "Barat 2027.xlsx")
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY + timedelta(days=40))
    with monkeypatch.context() as that_day:
        if whole:
            that_day.setattr(files, "read_bytes", lambda path: b"?" if path.stem == "Timur" else path.read_bytes())
        town.city.run("sync")
    copies = [tab for seen in town.books().values() for tab in seen.tabs if tab.at(0, 0) == HEADINGS[JOURNAL][0]]
    assert len(copies) == 1 + whole and old not in str([tab.rows for tab in copies])
    assert said(town, old) <= {"Gondrong"}


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_what_is_typed_into_a_row_that_stands_in_the_next_spreadsheet_already_is_told(onward: Town) -> None:
    fate = Fate()
    fate.act_at, fate.act = EventKind.VANISHED, lambda: onward.cell("runs", intake.ADDRESS, "Gg. Melati 9")
    _, report = onward.report(fate)
    told = [one.particulars for outcome in report.outcomes for one in outcome.troubles if one.code == "tahun.diketik"]
    assert [(one["tab"], one["baris"]) for one in told] == [
        ("Gondrong", 2 if isinstance(onward.city, LocalCity) else 4)
    ]


@pytest.mark.parametrize("town", ["local", "google"], indirect=True)
def test_where_a_year_was_undone_a_row_that_moved_on_to_another_spreadsheet_keeps_its_ticket(town: Town) -> None:
    before = town.shown("Gondrong")
    town.roll_over()
    town.roll_over(undo=True)
    seen = next(seen for seen in town.books().values() if seen.tab("Gondrong 2027"))
    rows = seen.rows("Gondrong 2027")
    at = next(number for number, row in enumerate(rows) if before["runs"] in row)
    cut = [(rows[INTAKE_HEADING_ROW][column], value) for column, value in enumerate(rows[at]) if value is not None]
    town.cell("runs", "", None, "Gondrong 2027")
    other = "Cimone"
    there = next(seen for seen in town.books().values() if seen.tab(other)).rows(other)
    head = next(number for number, row in enumerate(there) if intake.TICKET in row)
    name, town.name = town.name, "Timur" if isinstance(town.city, LocalCity) else "Karawaci"
    for heading, value in cut:
        if heading in there[head]:
            town.put(other, len(there), there[head].index(heading), value)
    town.name = name
    for _ in range(2):
        report = town.sync()
        assert not report.vanished and town.shown(other)["runs"] == before["runs"]
    assert town.shown("Gondrong") == before


@LOCAL
def test_where_a_year_was_undone_a_ticket_that_a_copy_in_its_tabs_has_taken_stays_there(town: Town) -> None:
    """The row that went along is corrected and lacks something; the old one, which nobody looks at, shows it."""
    town.type("moves", "Petir", phone="081200001030")
    town.sync(TUESDAY + timedelta(hours=2))
    ticket = town.shown("Petir")["moves"]
    town.roll_over()
    town.roll_over(undo=True)
    town.type("twin", name="Warga moves", description="Got mampet di depan moves", phone="081200001030")
    town.sync()
    for heading, value in ((intake.TICKET, None), (intake.CATEGORY, None), (intake.ADDRESS, "Gg. Melati 9")):
        town.cell("moves", heading, value, "Petir 2027")
    town.sync()
    assert town.shown("Gondrong")["twin"] == ticket
    report = town.sync()
    assert not report.vanished and not any(one.done.commits for one in report.outcomes), "gone and back in turns"


@LOCAL
def test_what_stayed_behind_is_given_back_and_erased_where_the_year_goes_on(
    onward: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    town, run, tickets = onward, onward.city.run, onward.shown("Gondrong")
    assert isinstance(town.city, LocalCity)
    make_file(town.city.path("Hotline"), {"Semua": [[*TITLES, intake.KELURAHAN]]})  # where any row has a place
    town.city.list_sources("Barat.xlsx", "Hotline.xlsx", "Timur.xlsx", "Barat 2027.xlsx")
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    assert run("rollover", str(YEAR), "--yes") == 0
    capsys.readouterr()
    assert run("restore", tickets["done"]) == 0
    assert "“Barat 2027”, tab Gondrong, baris" in capsys.readouterr().out
    assert town.shown("Gondrong", onward=True)["runs"] == tickets["runs"] and town.shown("Gondrong") == tickets
    assert run("history", tickets["done"]) == 0
    assert "tahun berganti, barisnya berlanjut di spreadsheet lain, tab Gondrong" in capsys.readouterr().out
    town.city.subscribe(("ratna@fraksi.example", "Kelurahan Cimone"))
    run("sync")
    barat = town.city.path("Barat").read_bytes()
    assert run("setup") == 0 and town.city.path("Barat").read_bytes() == barat, "it may choose from the same as before"
    assert run("rollover", str(YEAR), "--undo", "--yes") == run("sync") == 0, "it stands in both, and is no copy"
    assert run("rollover", str(YEAR), "--yes") == 0
    town.city.list_sources("Timur.xlsx", "Barat 2027.xlsx")
    capsys.readouterr()
    assert run("rollover", str(YEAR)) == 0, "the old one is listed no more, and this one is the next year's"
    told = capsys.readouterr().out
    assert "“Barat 2027” bernama tahun sesudah 2026" in told and f"Tahun {YEAR} sudah ditutup" in told
    assert run("erase", tickets["runs"], "--row") == 1
    assert "Barat.xlsx: tidak ada lagi di tab Sumber" in capsys.readouterr().out


@LOCAL
def test_who_was_erased_where_the_year_goes_on_typed_nothing_when_it_is_ended_again(
    onward: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    town, run = onward, onward.city.run
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    town.cell("runs", intake.CATEGORY, "jalan")  # read as an entry: of the row that stays
    for command in (["sync"], ["rollover", str(YEAR), "--yes"], ["erase", town.shown("Gondrong")["runs"], "--row"]):
        assert run(*command) == 0
    assert run("rollover", str(YEAR), "--undo", "--yes") == 0
    assert run("rollover", str(YEAR), "--yes") == 0 and "tepat saat" not in capsys.readouterr().out


@LOCAL
def test_rows_go_on_in_the_tab_of_their_kelurahan_and_nowhere_where_two_spreadsheets_could_go_on(
    onward: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    town, run, listed = onward, onward.city.run, ("Barat.xlsx", "Timur.xlsx", "Barat 2027.xlsx")
    assert isinstance(town.city, LocalCity)
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    town.city.make("Barat 2027", "Kel. Gondrong", "Petir 2027")
    town.city.make("BARAT - 2027")
    town.city.list_sources(*listed, "BARAT - 2027.xlsx")
    run("sync")
    before = town.books()
    assert run("rollover", str(YEAR), "--yes") == 1 and town.books() == before
    assert "Barat: ada beberapa spreadsheet" in (told := capsys.readouterr().err) and "“BARAT - 2027”" in told
    town.city.list_sources(*listed)
    assert run("rollover", str(YEAR), "--yes") == 0
    assert "tab “Kel. Gondrong”, “Petir 2027”:" in capsys.readouterr().out
    there = next(seen for seen in town.books().values() if seen.name in ONWARD)
    assert there.tab("Gondrong") is None and there.tab("Petir") is None


@LOCAL
def test_what_could_not_be_put_away_is_not_told_as_if_it_were(town: Town) -> None:
    def fail() -> None:
        raise WorkbookError("siklus.terlalu-ramai", workbook="Barat")

    (fate := Fate()).act = fail
    robot = town.robot(fate)
    ended, report = roll_over(robot, YEAR, lambda: robot.sync(MONDAY), MONDAY)
    assert [one.source.name for one in report.failures] == ["Barat"]
    assert not ended
    assert [one.tab for one in town.roll_over()] == ["Gondrong"], "the next time it is"


@LOCAL
def test_a_tab_that_lost_a_heading_gets_no_empty_column_in_its_place(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    city = town.city
    assert isinstance(city, LocalCity)
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    heads = city.rows("Timur", "Cimone")
    head = next(number for number, row in enumerate(heads) if intake.TICKET in row)
    city.put("Timur", "Cimone", {(head, heads[head].index(intake.DESCRIPTION)): "Isian"})
    before = city.rows("Timur", "Cimone")
    assert city.run("rollover", str(YEAR), "--yes") == 1 and "Betulkan judul kolomnya" in capsys.readouterr().out
    assert city.rows("Timur", "Cimone") == before, "people put its heading back"


@pytest.mark.parametrize("town", ["local"], indirect=True)
def test_a_journal_that_kendali_has_put_away_gets_out_of_there_once_there_is_a_cadangan(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    city, run = town.city, town.city.run
    assert isinstance(city, LocalCity)
    monkeypatch.setattr("automation.cli.sync.jakarta_now", lambda: MONDAY)
    assert run("rollover", str(YEAR), "--yes") == 0
    city.enter(kendali="Kendali.xlsx", **APART)
    assert run("setup") == 0 and "Kendali masih memuat “Riwayat 2026”" in capsys.readouterr().out
    assert run("rollover", str(YEAR), "--undo", "--yes") == run("rollover", str(YEAR), "--yes") == 0
    assert run("setup") == 0 and "Kendali masih memuat “Riwayat 2026 (1)”" in capsys.readouterr().out
    city.edit("Kendali", lambda book: book.remove(book["Riwayat 2026 (1)"]))
    assert run("setup") == 0 and "Kendali masih memuat" not in capsys.readouterr().out
    with city.editing("Kendali") as book:
        assert "Warga done" not in str([[*sheet.values] for sheet in book.worksheets])
    assert run("history", town.shown("Gondrong")["done"]) == 0 and "tiket terbit" in capsys.readouterr().out
