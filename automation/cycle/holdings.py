"""What Kendali holds, read back: the register that every digest is made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from automation.cases.cells import Value
from automation.cases.entries import make_entries
from automation.cases.events import JOURNAL
from automation.cases.examiner import Examiner
from automation.cases.register import Health, Register, Repair
from automation.cases.texts import Texts
from automation.config.kinds import text
from automation.config.settings import Settings
from automation.config.table import Record, find_header, records
from automation.config.tables import HEADINGS, MAILS, REGISTER, REPAIRS, SOURCES
from automation.cycle.kendali import READ_AT, read_stamp
from automation.cycle.registry import Registry
from automation.digests.ledger import State
from automation.sheets.port import Snapshot
from automation.trouble import ConfigurationError, Trouble


def read_register(snapshot: Snapshot, settings: Settings, texts: Texts, now: datetime) -> Register:
    """The register as it stands at `now`: every case from the journals' copy, as far as they were written by then."""
    journal = snapshot.tab(JOURNAL)
    registry = Registry(journal.rows if journal is not None else (), until=now)
    examiner = Examiner(settings.rules, now.date())
    entries = make_entries(registry.cases().values(), read_links(snapshot), examiner, now)
    return Register(tuple(entries), _repairs(snapshot), read_health(snapshot, settings, texts, now))


def read_links(snapshot: Snapshot) -> dict[str, str]:
    """The address of each case's row, by ticket, as the register says."""
    return {text(row["No. Tiket"]): text(row["Tautan"]) for row in table_of(snapshot, REGISTER)}


def last_readings(snapshot: Snapshot, now: datetime) -> dict[str, tuple[datetime | None, int | None, str]]:
    """When the spreadsheets behind each link of Sumber were last read, how many rows they had (None where that was
    never), and how they fared then."""
    return {
        text(row["Tautan"]): (read_stamp(row[READ_AT], now.tzinfo), _whole(row["Baris"]), text(row["Keadaan"]))
        for row in table_of(snapshot, SOURCES)
    }


def table_of(snapshot: Snapshot, title: str) -> Iterator[Record]:
    """The rows of one of Kendali's tabs; none where it is not there."""
    tab = snapshot.tab(title)
    return records(tab, find_header(tab.rows, HEADINGS[title])) if tab is not None else iter(())


def mail_rows(snapshot: Snapshot) -> list[list[Value]]:
    """The rows of Kiriman as they were written: by their headings, and in the order of their times, however people have
    moved the columns and sorted the rows. The last row of a key tells what became of it, so the order matters.

    Raises `ConfigurationError` where a heading is gone: without knowing what was sent, nothing may be sent.
    """
    tab = snapshot.tab(MAILS)
    if tab is None:
        return []
    header = find_header(tab.rows, HEADINGS[MAILS])
    if header.missing:
        columns = ", ".join(header.missing)
        raise ConfigurationError(Trouble("kendali.judul-hilang", tab=MAILS, row=header.row + 1, columns=columns))
    rows = [[record[heading] for heading in HEADINGS[MAILS]] for record in records(tab, header)]
    # A claim and its result may bear the same time.
    return sorted(rows, key=lambda cells: (text(cells[0]), text(cells[4]).casefold() != State.CLAIMED))


def _repairs(snapshot: Snapshot) -> tuple[Repair, ...]:
    return tuple(
        Repair(
            kecamatan=text(row["Kecamatan"]),
            kelurahan=text(row["Kelurahan"]),
            row=_whole(row["Baris"]) or 0,
            check=str(row["Pemeriksaan"] or ""),
            link=text(row["Tautan"]),
        )
        for row in table_of(snapshot, REPAIRS)
    )


def read_health(snapshot: Snapshot, settings: Settings, texts: Texts, now: datetime) -> tuple[Health, ...]:
    """How each spreadsheet fares. One that was not read for long, or never, is not well, even if nobody has written
    down why: the program itself may have stopped."""
    # A quiet cycle leaves the time of the last reading as it is for a while; one that was missed is no reason to worry.
    fresh = settings.heartbeat + 2 * timedelta(minutes=settings.sync_minutes)
    well = texts.say("siklus.baik")
    found: list[Health] = []
    for row in table_of(snapshot, SOURCES):
        if not text(row["Tautan"]):
            continue
        read_at, state = read_stamp(row[READ_AT], now.tzinfo), text(row["Keadaan"])
        problem = "" if state == well else state
        if not problem and read_at is None:
            problem = texts.say("siklus.belum-dibaca")
        elif not problem and read_at is not None and now - read_at > fresh:
            problem = texts.say("siklus.tidak-dibaca-lagi")
        found.append(
            Health(
                name=text(row["Nama"]) or text(row["Tautan"]),
                last_read=read_at,
                rows=_whole(row["Baris"]) or 0,
                problem=problem,
            )
        )
    return tuple(found)


def _whole(value: Value) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None
