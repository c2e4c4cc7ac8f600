"""``export``: a file of all cases, or of proposals for the budget. ``mirror``: a database for questions (docs/sql)."""

import argparse
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from automation.cases.archive import is_put_away
from automation.cases.codec import Decoder
from automation.cases.events import CASE_KINDS, Event
from automation.cases.examiner import Examiner
from automation.cli.compose import Program, jakarta_now, start
from automation.cli.screen import WELL, Told, refuse
from automation.cli.state import closed_folder
from automation.config.tabs import rows_of
from automation.config.values import read_scope, text
from automation.cycle import second_copy
from automation.cycle.facts import Facts
from automation.cycle.kiriman import mail_rows
from automation.cycle.register import as_cell_text
from automation.digests.audience import CITY, Scope, within
from automation.digests.case_rows import CaseFacts, exported_headings, exported_row
from automation.digests.flow import passage
from automation.digests.mirror import MirrorTable, mirror_tables
from automation.model.cells import Writable, fold
from automation.model.places import Doubt, Places
from automation.model.texts import Texts
from automation.reading.dates import read_date
from automation.sheets.files import FileFormat, table_file, write_new
from automation.tables.kendali import MAILS, PROPOSALS
from automation.trouble import ConfigurationError, Trouble
from automation.whole_file import make_private_file

log = logging.getLogger(__name__)
_VIEWS = Path(__file__).parents[1] / "config" / "data" / "cermin.sql"


def export(options: argparse.Namespace, texts: Texts) -> Told:
    """Read Kendali, and write the cases in the order in which they were issued; personal data only if asked for."""
    if options.proposals:
        path = options.output or Path("usulan.txt")
        if any((options.scope, options.full, options.to, options.since)):
            refuse("usulan-semua")
        if options.format or path.suffix.casefold().removeprefix(".") in [form.value for form in FileFormat]:
            refuse("usulan-teks")
        return _proposals(start(options, texts), path)
    form = _read_form(options.format, options.output)
    since, until = read_days(options.since, options.to)
    program, now = start(options, texts), jakarta_now()
    facts = Facts(program.kendali, texts, now, whole=True)
    rules, cases = facts.settings.rules, facts.registry.cases()
    examiner, scope = Examiner(rules, now.date()), _scope(options.scope, rules.places)
    rows: list[list[Writable]] = []
    for entry in within(facts.register.entries, [scope]):
        if (since or entry.received) <= entry.received <= (until or entry.received):
            _, case = cases[entry.ticket]
            complaint = examiner.examine(case.content, entry.kelurahan, False)
            told = CaseFacts(passage(entry), rules, now.date(), complaint, personal=options.full)
            rows.append([as_cell_text(value) for value in exported_row(told, case.content)])
    data = table_file(form, texts.say("ekspor.lembar"), exported_headings(personal=options.full), rows)
    named = {"sejak": since, "sampai": until, "dibuat": now.date()}
    name = _name(options.scope if scope != CITY else None, named, texts, full=options.full)
    paths = [Path(f"{name}{more}.{form}") for more in ("", *(f"-{number}" for number in range(2, 1000)))]
    path = options.output or next((one for one in paths if not one.exists()), paths[0])
    write_new(path, data)
    log.info("export: %d cases as %s, %s", len(rows), form, "with personal data" if options.full else "masked")
    lines = [texts.say("ekspor.ditulis", banyak=len(rows), berkas=path.absolute())]
    lines.append(texts.say("ekspor.awas" if options.full else "ekspor.disamarkan"))
    lines += [texts.say("ekspor.csv")] if form is FileFormat.CSV else []
    unread = [health for health in facts.health if health.problem]
    lines += [texts.say("ekspor.tertinggal", banyak=len(unread))] if unread else []
    for one in unread:
        read = f"{one.last_read:%d/%m/%Y %H:%M}" if one.last_read is not None else texts.say("ekspor.belum")
        lines.append(texts.say("ekspor.spreadsheet", nama=one.name, sejak=read, sebab=" ".join(one.problem.split())))
    return lines, WELL


def _proposals(program: Program, path: Path) -> Told:
    """Write the proposals for copying field by field: there is no way to import a file into SIPD."""
    rows = rows_of(program.kendali.read(), PROPOSALS)
    shown = [[(heading, as_cell_text(text(row[heading]))) for heading in PROPOSALS.headings[:-1]] for row in rows]
    blocks = ["\n\n".join(f"{heading}\n{value}" for heading, value in row if value) for row in shown]
    write_new(path, ("\n\n" + "-" * 50 + "\n\n").join(blocks).encode() + b"\n")
    return [program.say("ekspor.ditulis-usulan", banyak=len(rows), berkas=path.absolute())], WELL


def _read_form(written: str | None, output: Path | None) -> FileFormat:
    """Csv or xlsx, from the option or from the file's ending. Raises `ConfigurationError`."""
    ending = output.suffix.removeprefix(".").casefold() if output is not None else ""
    said = (written or ending).strip().casefold()
    if said not in {form.value for form in FileFormat}:
        refuse("tanpa-bentuk")
    if ending in {form.value for form in FileFormat} and ending != said:
        refuse("bentuk-beda", bentuk=said, berkas=output)
    return FileFormat(said)


def read_days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """The first and the last day of receipt, each None if not given. Raises `ConfigurationError`."""
    first, last = read_date(since), read_date(until)
    for option, written, day in (("--from", since, first), ("--to", until, last)):
        if written is not None and day is None:
            refuse("tanggal-rentang", tertulis=written, isian=option)
    if first is not None and last is not None and first > last:
        refuse("rentang", dari=first, sampai=last)
    return first, last


def _scope(written: str | None, places: Places) -> Scope:
    if written is None:
        return CITY
    found = read_scope(written, places)
    if isinstance(found, Doubt):
        entry, near = ("cakupan-mirip", found.candidates[0]) if found.candidates else ("cakupan", "")
        refuse(entry, tertulis=written, calon=", ".join(found.candidates), contoh=near)
    return found


def _name(scope: str | None, days: Mapping[str, date | None], texts: Texts, *, full: bool) -> str:
    """The default name of the file: what is in it, and when it was made."""
    told = [texts.say(f"ekspor.nama.{entry}", hari=day) for entry, day in days.items() if day is not None]
    last = texts.say("ekspor.nama.lengkap") if full else ""
    return "-".join(filter(None, [texts.say("ekspor.nama.awal"), *map(fold, (scope or "").split()), *told, last]))


def mirror(options: argparse.Namespace, texts: Texts) -> Told:
    """Bring the database up to date. Rows are only added and corrected, but a decision may lose cases."""
    if options.file.is_dir():
        refuse("cermin-folder", berkas=options.file, contoh=options.file / "kota.sqlite")
    program, now, folder = start(options, texts), jakarta_now(), options.file.absolute().parent
    facts = Facts(program.kendali, program.texts, now, whole=True)
    read = second_copy.read(facts.snapshot, Decoder(), archives=True)
    found = ((source, one) for source, _, one in read if isinstance(one, Event) and one.kind in CASE_KINDS)
    events = [*{(source, one.key): (source, one) for source, one in found}.values()]
    seen = facts.snapshot
    away = (tab.title for tab in seen.tabs if is_put_away(tab.title) and tab.title.startswith(MAILS))
    mails = dict.fromkeys(tuple(map(text, row)) for title in (*away, MAILS) for row in mail_rows(seen, title))
    rules = facts.settings.rules
    examiner, cases = Examiner(rules, now.date()), facts.registry.cases().values()
    complaints = {case.ticket: examiner.examine(case.content, None, False) for _, case in cases}
    tables = mirror_tables(facts.register, rules, now, events, mails, complaints)
    try:
        make_private_file(options.file)
        with closing(sqlite3.connect(options.file)) as database:
            _refuse_another(database, tables, options.file)
            changed = write(database, tables)
    except OSError as error:
        raise closed_folder(folder, error) from error
    except sqlite3.DatabaseError as error:
        log.warning("mirror: %s", error)
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise closed_folder(folder, OSError(code, str(error))) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Trouble("ekspor.cermin-dipakai", berkas=options.file) from error
        raise ConfigurationError(Trouble("ekspor.bukan-cermin", berkas=options.file)) from error
    log.info("mirror: %d cases, %d rows changed", len(facts.register.entries), changed)
    told = {"kasus": len(facts.register.entries), "baris": changed, "berkas": options.file.absolute()}
    return [program.say("ekspor.cermin", **told)], WELL


def _refuse_another(database: sqlite3.Connection, tables: Sequence[MirrorTable], file: Path) -> None:
    """Raise `ConfigurationError` for a mirror of another city: one that holds events, but none of this city's."""
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'peristiwa'").fetchone() is None:
        return
    (table,) = (one for one in tables if one.name == "peristiwa")
    own = {tuple(row[: table.key]) for row in table.rows}
    there = sorted(name for (name,) in database.execute("SELECT DISTINCT sumber FROM peristiwa"))
    found = database.execute("SELECT sumber, urutan, waktu, tiket, peristiwa FROM peristiwa")
    if there and not any(key in own for key in found):
        here = sorted({str(row[0]) for row in table.rows})
        told = {"isinya": ", ".join(there[:3]), "kota": ", ".join(here[:3]) or "-"}
        raise ConfigurationError(Trouble("ekspor.cermin-lain", berkas=file, **told))


def write(database: sqlite3.Connection, tables: Sequence[MirrorTable]) -> int:
    """Write these tables to the database, whole or not at all; returns how many rows were added or changed."""
    before = database.total_changes
    with database:
        database.execute("BEGIN")
        for table in tables:
            columns = [(name.lstrip("#"), "INTEGER" if name.startswith("#") else "TEXT") for name in table.columns]
            names = [name for name, _ in columns]
            declared = ", ".join(f"{name} {kind}" for name, kind in columns)
            key = ", ".join(names[: table.key])
            database.execute(f"CREATE TABLE IF NOT EXISTS {table.name} ({declared}, PRIMARY KEY ({key}))")
            there = {row[1] for row in database.execute(f"PRAGMA table_info({table.name})")}
            for name, kind in columns:  # a later version has more columns
                if name not in there:
                    database.execute(f"ALTER TABLE {table.name} ADD COLUMN {name} {kind}")
            rest = names[table.key :]
            differs = " OR ".join(f"{name} IS NOT excluded.{name}" for name in rest)
            database.executemany(  # the names are ours
                f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
                f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in rest)}"
                f" WHERE {differs}",
                table.rows,
            )
            if table.name == "putusan_tiket":  # a decision's row may have been laid anew, on fewer cases
                own, known = {tuple(row[:2]) for row in table.rows}, {row[0] for row in table.rows}
                found = database.execute("SELECT nomor, tiket FROM putusan_tiket").fetchall()
                gone = [pair for pair in map(tuple, found) if pair[0] in known and pair not in own]
                database.executemany("DELETE FROM putusan_tiket WHERE nomor = ? AND tiket = ?", gone)
        changed = database.total_changes - before
    database.executescript(_VIEWS.read_text("utf-8"))
    return changed
