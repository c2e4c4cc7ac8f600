"""``mirror``: a database of facts (SQLite), for questions that no mail answers; docs/sql has some of them. What is
there already is only added to and corrected."""

from __future__ import annotations

import argparse
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from automation.cases.codec import Decoder
from automation.cases.events import CASE_KINDS, Event
from automation.cases.examiner import Examiner
from automation.cli.compose import closed_folder, compose, jakarta_now
from automation.cli.screen import WELL, show
from automation.config.values import text
from automation.cycle import second_copy
from automation.cycle.facts import Facts, mail_rows
from automation.cycle.registry import Registry
from automation.digests.flow import passage
from automation.digests.mirror import MirrorTable, mirror_tables
from automation.model.texts import Texts
from automation.trouble import ConfigurationError, Trouble
from automation.whole_file import make_private_file

log = logging.getLogger(__name__)

_VIEWS = Path(__file__).parents[1] / "config" / "data" / "cermin.sql"


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Read Kendali, bring the file up to date, say what has changed."""
    program = compose(options.credentials, texts, options.state)
    now = jakarta_now()
    facts = Facts(program.kendali, texts, now)
    events = [
        (source, found)
        for source, _, found in second_copy.read(facts.snapshot, Decoder())
        if isinstance(found, Event) and found.kind in CASE_KINDS
    ]
    mails = [[text(cell) for cell in row] for row in mail_rows(facts.snapshot)]
    passages, rules = [*map(passage, facts.register.entries)], facts.settings.rules
    examiner, cases = Examiner(rules, now.date()), Registry(facts.snapshot).cases().values()
    complaints = {case.ticket: examiner.examine(case.content, None, False) for _, case in cases}
    tables = mirror_tables(passages, rules, now, events, mails, complaints)
    try:
        make_private_file(options.file)
        with closing(sqlite3.connect(options.file)) as database:
            changed = write(database, tables)
    except OSError as error:
        raise ConfigurationError(closed_folder(options.file.absolute().parent, error)) from error
    except sqlite3.DatabaseError as error:
        log.warning("mirror: %s", error)
        raise ConfigurationError(Trouble("ekspor.bukan-cermin", berkas=options.file)) from error
    log.info("mirror: %d cases, %d rows changed", len(passages), changed)
    told = {"kasus": len(passages), "baris": changed, "berkas": options.file.absolute()}
    show([texts.say("ekspor.cermin", **told)])
    return WELL


def write(database: sqlite3.Connection, tables: Sequence[MirrorTable]) -> int:
    """Let the database hold these tables, whole or not at all; returns how many rows were added or changed."""
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
            for name, kind in columns:  # a later version tells more
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
        changed = database.total_changes - before
    database.executescript(_VIEWS.read_text("utf-8"))
    return changed
