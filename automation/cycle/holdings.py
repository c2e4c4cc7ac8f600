"""What Kendali holds, read back: the register that every digest is made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from automation.cases.entries import make_entries
from automation.cases.examiner import Examiner
from automation.cases.register import Health, Register, Repair
from automation.cases.texts import Texts
from automation.config.kinds import text
from automation.config.table import Record, find_header, records
from automation.config.tables import HEADINGS, JOURNAL, REGISTER, REPAIRS, SOURCES
from automation.cycle.kendali import READ_AT, read_stamp
from automation.cycle.registry import Registry
from automation.sheets.port import Snapshot


def read_register(snapshot: Snapshot, examiner: Examiner, texts: Texts, now: datetime) -> Register:
    """The register as it stands at `now`: every case from the journals' copy, as far as they were written by then."""
    journal = snapshot.tab(JOURNAL)
    registry = Registry(journal.rows if journal is not None else (), until=now)
    entries = make_entries(registry.cases().values(), read_links(snapshot), examiner, now)
    return Register(tuple(entries), _repairs(snapshot), _health(snapshot, texts, now))


def read_links(snapshot: Snapshot) -> dict[str, str]:
    """The address of each case's row, by ticket, as the register says."""
    return {text(row["No. Tiket"]): text(row["Tautan"]) for row in table_of(snapshot, REGISTER)}


def table_of(snapshot: Snapshot, title: str) -> Iterator[Record]:
    """The rows of one of Kendali's tabs; none where it is not there."""
    tab = snapshot.tab(title)
    return records(tab, find_header(tab.rows, HEADINGS[title])) if tab is not None else iter(())


def _repairs(snapshot: Snapshot) -> tuple[Repair, ...]:
    return tuple(
        Repair(
            kecamatan=text(row["Kecamatan"]),
            kelurahan=text(row["Kelurahan"]),
            row=int(number) if isinstance(number := row["Baris"], (int, float)) else 0,
            check=str(row["Pemeriksaan"] or ""),
            link=text(row["Tautan"]),
        )
        for row in table_of(snapshot, REPAIRS)
    )


def _health(snapshot: Snapshot, texts: Texts, now: datetime) -> tuple[Health, ...]:
    well = texts.say("siklus.baik")
    return tuple(
        Health(
            name=text(row["Nama"]) or text(row["Tautan"]),
            last_read=read_stamp(row[READ_AT], now.tzinfo),
            rows=int(number) if isinstance(number := row["Baris"], (int, float)) else 0,
            problem="" if (state := text(row["Keadaan"])) == well else state,
        )
        for row in table_of(snapshot, SOURCES)
        if text(row["Tautan"])
    )
