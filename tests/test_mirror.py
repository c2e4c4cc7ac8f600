"""The mirror holds facts alone, is brought up to date, and its questions in docs/sql answer as mails and charts do."""

import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from automation.cli.export import write
from automation.digests.audience import CITY
from automation.digests.charts import charts, coverage, overview
from automation.digests.decisions import agencies
from automation.digests.figures import legal, service
from automation.digests.flow import Passage, Period, monday_of, passage, weeks
from automation.digests.mingguan import changes
from automation.digests.mirror import mirror_tables, timestamp
from automation.model.cells import Value
from automation.model.complaint import Status
from automation.model.register import Decision, Entry, Register
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from tests.conftest import Say
from tests.local_city import LocalCity
from tests.mail_examples import NOW
from tests.meeting_examples import city_rules, large, small
from tests.town import TUESDAY, WORDS

SQL = Path(__file__).parents[1] / "docs" / "sql"
RULES = replace(
    city_rules(),
    categories={
        name: replace(one, agency=f"Dinas {at % 4}") for at, (name, one) in enumerate(city_rules().categories.items())
    },
)


def letters(entries: Iterable[Entry]) -> tuple[Decision, ...]:
    """On every third case a letter, to agencies of the city's and to one that it does not know; some are answered."""
    known = [*sorted({category.agency for category in RULES.categories.values()}), "Kantor Pos"]
    found = []
    for at, entry in enumerate([*entries][::3]):
        sent = NOW.date() - timedelta(days=at % 40 + 1)
        answered = sent + timedelta(days=at % 9 - 1) if at % 3 == 0 else None
        waits = not entry.status.closed and answered is None
        found.append(
            Decision(
                f"K{at}",
                (entry.ticket,),
                entry,
                agency=known[at % len(known)],
                letter=f"12/{at % 7}" if at % 2 else "",
                sent=sent,
                answered=answered,
                waiting=RULES.calendar.between(sent, NOW.date()) if waits else None,
            )
        )
    return tuple(found)


@pytest.fixture(params=[small, pytest.param(large, marks=pytest.mark.long)])
def city(request: pytest.FixtureRequest) -> Iterator[tuple[list[Passage], sqlite3.Connection]]:
    """Cases, and the database that mirrors them."""
    register: Register = request.param()
    said = ("puas", "belum beres", "", "24/11")
    told = (
        replace(
            one,
            outcome=None if at % 3 == 0 else at,
            told=said[at % 4],
            resolved=one.resolved and max(one.received, one.resolved - timedelta(days=at % 3)),  # as its row says
        )
        for at, one in enumerate(register.entries)
    )
    hearing = Decision("K-RDP", ((first := (entries := tuple(told))[0]).ticket,), first)
    register = replace(register, entries=entries, decisions=(*letters(entries), hearing))
    with closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        write(database, mirror_tables(register, RULES, NOW))
        yield [*map(passage, register.entries)], database


def answers(database: sqlite3.Connection, name: str, **asked: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in database.execute((SQL / f"{name}.sql").read_text("utf-8"), asked)]


def test_every_figure_of_the_meeting_pack_and_of_the_charts_is_a_question_in_sql(
    city: tuple[list[Passage], sqlite3.Connection],
) -> None:
    passages, database = city
    opened = [case.entry for case in passages if not case.entry.status.closed]
    today = NOW.date().isoformat()
    for weeks_back, length in ((0, 7), (1, 7), (0, 30), (3, 100)):
        until = NOW - timedelta(weeks=weeks_back)
        period = Period(until - timedelta(days=length), until)
        asked = {"sesudah": timestamp(period.after), "sampai": timestamp(period.until)}
        told = service(passages, period, RULES.calendar, known=True)
        counts = told.flow
        ways = (counts.closed[way] for way in (Status.RESOLVED, Status.UNRESOLVED, Status.NOT_OURS))
        told_of = (counts.start, counts.received, counts.reopened, *ways, counts.end)
        assert answers(database, "alur", **asked) == [told_of]
        figures = (told.median.cases, told.median.value, told.ninetieth.value, told.kept, told.on_time.value)
        assert answers(database, "layanan", **asked) == [figures]
        worth = told.outcomes
        assert answers(database, "hasil", **asked) == [(worth.ours, worth.confirmed, worth.undone, worth.bare)]
        areas = coverage(passages, RULES.places, [CITY], period)
        rows = answers(database, "cakupan", **asked)
        assert len(rows) == areas.places and sum(not row[4] for row in rows) == areas.silent
        assert sum(row[5] is None for row in rows) == areas.never
        for area in areas.areas:
            own = [row for row in rows if row[2] == area.kecamatan]
            assert (sum(row[3] for row in own), sum(row[4] for row in own)) == (area.open_cases, area.received)
            assert [row[1] for row in own if not row[4]] == [*area.silent]
        if not weeks_back:  # what holds now
            told_of = tuple(map(len, changes(passages, period).values()))
            assert answers(database, "berubah", sesudah=asked["sesudah"]) == [told_of] and any(told_of)
    counted = (len(opened), sum(one.days_late > 0 for one in opened), sum(one.status.paused for one in opened))
    assert answers(database, "terbuka") == [counted]
    first = min(case.opened for case in passages).date()
    shown = [week for week in weeks(passages, first, NOW, 30) if week.received + week.resolved + week.otherwise]
    since = (monday_of(NOW.date()) - timedelta(weeks=29)).isoformat()
    assert answers(database, "minggu", sejak=since) == [
        (week.monday.isoformat(), week.received, week.resolved, week.kept, week.otherwise) for week in shown
    ]
    drawn = charts(opened, lambda received: RULES.calendar.between(received, NOW.date()))
    assert answers(database, "umur", hari=today) == [(band.youngest, band.oldest, band.cases) for band in drawn.ages]
    kinds = answers(database, "kategori")
    assert kinds[: len(drawn.kinds.bars)] == [(bar.name, bar.cases) for bar in drawn.kinds.bars]
    assert sum(count for _, count in kinds) == len(opened)
    spots = answers(database, "kelurahan")
    assert [count for *_, count in spots[: len(drawn.spots.bars)]] == [bar.cases for bar in drawn.spots.bars]
    late_in = {area.kecamatan: (area.open_cases, area.overdue) for area in overview(passages, NOW, RULES).areas}
    listed = {name: tuple(counts) for name, *counts in answers(database, "kecamatan")}
    assert listed == {name: counts for name, counts in late_in.items() if counts[0]}
    named = {category.agency for category in RULES.categories.values()}
    decided = letters(case.entry for case in passages)
    decided_on = [replace(one, agency=one.agency if one.agency in named else "lain") for one in decided]
    held_up = agencies(decided_on, RULES.calendar)
    assert len(held_up) > 1 and any(one.longest for one in held_up) and any(one.median is not None for one in held_up)
    assert answers(database, "instansi", hari=today) == [
        (one.name, one.sent, one.answered, one.median, one.longest) for one in held_up
    ]
    assert database.execute("SELECT instansi FROM putusan WHERE nomor = 'K-RDP'").fetchone()[0] == "", "it has none"
    clocks = legal(opened, lambda received: RULES.calendar.between(received, NOW.date()))
    assert answers(database, "hukum", hari=today) == [tuple(map(len, clocks.values()))]


def test_every_question_is_asked_here() -> None:
    asked = set(re.findall(r'answers\(database, "(\w+)"', Path(__file__).read_text("utf-8")))
    assert asked == {path.stem for path in SQL.glob("*.sql")}


def test_a_question_is_asked_with_its_parameters_as_the_docs_say(tmp_path: Path) -> None:
    (line,) = re.findall(r"^sqlite3 .*$", (SQL.parent / "scale.md").read_text("utf-8"), re.MULTILINE)
    _, file, *steps = shlex.split(line)
    given: dict[str, str] = dict(re.findall(r"\.param set :(\w+) '([^']*)'", line))
    question = (SQL.parents[1] / steps[-1].removeprefix(".read ")).read_text("utf-8")
    assert set(given) == set(re.findall(r"(?<=[ ,(]):([a-z]+)", question))
    assert all(map(datetime.fromisoformat, given.values()))
    if (program := shutil.which("sqlite3")) is not None:
        with closing(sqlite3.connect(tmp_path / file)) as database:
            write(database, mirror_tables(small(), RULES, NOW))
        asked = [program, str(tmp_path / file), *steps]
        done = subprocess.run(asked, cwd=SQL.parents[1], capture_output=True, text=True, encoding="utf-8", check=True)
        assert set(done.stdout.strip().split("|")) > {"0"}, "it has counted something"
        (line,) = re.findall(r"^for file .*$", (SQL.parent / "scale.md").read_text("utf-8"), re.MULTILINE)
        for number in (1, 2):
            shutil.copy(tmp_path / file, tmp_path / f"cabang-{number}.sqlite")
        line = line.replace("docs/sql", str(SQL))
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
        told = [row.split("|") for row in done.stdout.splitlines()]
        assert [row[0] for row in told] == ["cabang-1.sqlite"] * 6 + ["cabang-2.sqlite"] * 6
        assert sum(int(row[3]) for row in told) == 2 * sum(not one.status.closed for one in small().entries)


def test_a_decision_on_fewer_cases_than_before_keeps_no_other_and_what_is_not_known_any_more_stays() -> None:
    register = small()
    first, second, third = (one.ticket for one in register.entries[:3])
    with closing(sqlite3.connect(":memory:")) as database:
        for on, changed in (({"K1": (first, second, third), "K2": (first,)}, 6), ({"K1": (first, third)}, 2), ({}, 0)):
            decided = tuple(Decision(id, tickets, register.entries[0]) for id, tickets in on.items())
            tables = mirror_tables(replace(register, decisions=decided), RULES, NOW)
            told = [table for table in tables if table.name.startswith("putusan")]
            assert write(database, told) == changed
        pairs = database.execute("SELECT nomor, tiket FROM putusan_tiket ORDER BY nomor, urutan").fetchall()
    assert pairs == [("K1", first), ("K1", third), ("K2", first)]


def test_the_help_names_every_table() -> None:
    page = WORDS.say("operator.bantuan.mirror")
    named = re.search(r"sebagai tabel \(([^)]*)\)", page)
    assert named and named[1].split(", ") == [table.name for table in mirror_tables(Register((), (), ()), RULES, NOW)]


SECRET = ("Sulastri", "081234567890", "3671050101800001", "lastri@example.org", "Kenanga", "mampet")


def test_the_command_adds_what_is_new_and_no_word_of_anybodys(tmp_path: Path, say: Say) -> None:
    local = LocalCity.lay_out(tmp_path, {"Cipondoh": ["Gondrong"]})
    name, phone, _, email, street, word = SECRET
    text = " ".join(SECRET)
    planted: dict[str, Value] = {
        column: text for column in INTAKE_COLUMNS if column in intake.PEOPLE and column != intake.STATUS
    }
    told: dict[str, Value] = {intake.NAME: name, intake.PHONE: phone, intake.DESCRIPTION: f"got {word} di {street}"}
    local.type("Cipondoh", "Gondrong", told, planted)
    local.subscribe((email, "Kota"))
    local.run("sync")
    local.run("digest", "harian", "--date", f"{TUESDAY:%Y-%m-%d}")
    path = tmp_path / "kota.sqlite"
    say()
    assert local.run("mirror", str(path)) == 0 and "kasus di" in say()
    assert path.stat().st_mode & 0o077 == 0
    first = path.read_bytes()
    assert not [secret for secret in SECRET if secret.encode() in first]
    assert local.run("mirror", str(path)) == 0 and ": 0 baris" in say(), "nothing is new"
    local.type("Cipondoh", "Gondrong", {intake.PHONE: "081200001029", intake.DESCRIPTION: "lampu jalan padam semua"})
    local.run("sync")
    local.run("mirror", str(path))
    with closing(sqlite3.connect(path)) as database:
        cases = {row[0] for row in database.execute("SELECT no_tiket FROM kasus")}
        (mails,) = database.execute("SELECT COUNT(*) FROM kiriman").fetchone()
    assert cases == set(filter(None, local.column("Cipondoh", "Gondrong", intake.TICKET))) and mails
    (tmp_path / "lain.sqlite").write_text("bukan basis data\n" * 99)
    assert local.run("mirror", str(tmp_path / "lain.sqlite")) == 2 and "Pilih nama lain" in say()
    assert local.run("mirror") == 2


def test_a_file_that_another_program_holds_is_said_to_be_in_use(
    tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    local, path = LocalCity.lay_out(tmp_path, {"Cipondoh": ["Gondrong"]}), tmp_path / "kota.sqlite"
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert local.run("mirror", str(path)) == 1 and "sedang dipakai program lain" in say()
    assert local.run("mirror", str(path)) == 0


def test_a_disk_or_folder_that_takes_nothing_is_said_and_the_file_is_not_blamed(tmp_path: Path, say: Say) -> None:
    local = LocalCity.lay_out(tmp_path / "kota", {"Cipondoh": ("Gondrong",)})
    (tmp_path / "penuh.sqlite-journal").mkdir()  # SQLite can't write beside it
    assert local.run("mirror", str(tmp_path / "penuh.sqlite")) == 1, "as `export` ends there"
    said = say()
    assert f"Folder {tmp_path} tidak bisa ditulisi (unable to open" in said and "bukan basis data" not in said
    for command in (["mirror"], ["export", "--format", "csv", "--output"]):
        assert local.run(*command, str(tmp_path / "tidak" / "ada")) == 1
    assert (
        local.run("mirror", str(tmp_path)) == 2
        and f'sebuah folder. Tulis juga nama berkasnya, misalnya: python -m automation mirror "{tmp_path}' in say()
    )


def test_two_cities_do_not_share_a_file(tmp_path: Path, say: Say) -> None:
    path, cities = tmp_path / "kota.sqlite", []
    for name, tab in (("Cipondoh", "Gondrong"), ("Karawaci", "Cimone")):
        (tmp_path / name).mkdir()
        cities.append(LocalCity.lay_out(tmp_path / name, {name: [tab]}))
        cities[-1].type(name, tab, {})
        cities[-1].run("sync")
    one, other = cities
    assert one.run("mirror", str(path)) == 0
    before = path.read_bytes()
    say()
    assert other.run("mirror", str(path)) == 2
    said = say()
    assert "(spreadsheet Cipondoh.xlsx)" in said and "(Karawaci.xlsx)" in said and "Pilih nama berkas lain" in said
    assert path.read_bytes() == before
    one.type("Cipondoh", "Gondrong", {intake.PHONE: "081200001029"})
    one.run("sync")
    assert one.run("mirror", str(path)) == 0 and other.run("mirror", str(tmp_path / "lain.sqlite")) == 0
