"""``sync``: one cycle, and what came of it. ``restore`` and ``close``: a cycle, in which the rows of cases that were
deleted are given back, or such a case is closed without its row."""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from automation.cli.compose import Program, compose, jakarta_now, start
from automation.cli.heartbeat import Heartbeat
from automation.cli.report import (
    TICKETS_SHOWN,
    counts_of,
    event_lines,
    failure_lines,
    listed_lines,
    plan_lines,
    read_tickets,
    report_lines,
)
from automation.cli.screen import PARTLY, WELL, progress_bar, show
from automation.cycle.gone import GoneCases
from automation.cycle.sync import Report
from automation.model.texts import Texts
from automation.reading.cell_text import line_of
from automation.tables.kendali import WISHES
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run one cycle; with --dry-run print what it would do."""
    if options.dry_run:
        program = compose(options.credentials, texts, options.state, rehearse=True)
        report = run_cycle(program, jakarta_now())
        show(plan_lines(program.rehearsals, texts))
    else:
        program = start(options, texts)
        report = run_cycle(program, jakarta_now())
    show(report_lines(report, texts, program.called))
    return WELL if report.well else PARTLY


def run_cycle(program: Program, now: datetime, between: Callable[[], object] = lambda: None) -> Report:
    """One cycle, with a progress bar; its beginning, its end and its counts are in the log. `between` is called before
    each spreadsheet."""
    log.info("cycle begins")
    began = time.monotonic()
    watched = Heartbeat(program.state, program.path, program.texts).watch(now)
    with nullcontext(list[Report]().append) if program.rehearsals else watched as ended, progress_bar() as progress:

        def shown(done: int, total: int, name: str) -> None:
            progress(done, total, name)
            between()

        report = program.syncer.sync(now, shown)
        ended(report)
    counts = " ".join(f"{name}={count}" for name, count in counts_of(report).items())
    log.info("cycle ends after %.1f s: %s", time.monotonic() - began, counts)
    for name, tickets in report.vanished:
        more = f" + {len(tickets) - TICKETS_SHOWN}" if len(tickets) > TICKETS_SHOWN else ""
        log.warning("%s: rows vanished: %s%s", name, ", ".join(tickets[:TICKETS_SHOWN]), more)
    for name, count in report.restored:
        log.warning("%s: lost events put back from Kendali: %d", name, count)
    if not program.rehearsals and report.kendali.tab(WISHES) is not None:
        from automation.cli.wishes import grant  # most cities have none

        grant(program, report, now)
    return report


def restore(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, the rows, and a cycle that recognises them."""
    tickets = read_tickets(options.tickets)
    program = start(options, texts)
    first = last = run_cycle(program, jakarta_now())
    troubles = GoneCases(program.syncer, first, jakarta_now()).restore(tickets)
    if len(troubles) < len(tickets):
        last = run_cycle(program, jakarta_now())
    statuses = {entry.ticket: entry.status for entry in last.entries if entry.present}
    lines: list[str] = []
    done: list[str] = []
    for ticket in (ticket for ticket in tickets if ticket not in troubles):
        found = last.row_of(ticket) if ticket in statuses else None
        if found is not None:
            name, row = found
            place = {"spreadsheet": name, "tab": row.tab.title, "baris": row.number + 1}
            lines.append(texts.say("operator.kasus.kembali", tiket=ticket, status=statuses[ticket].value, **place))
            done.append(ticket)
        else:
            lines.append(texts.say("operator.kasus.belum", tiket=ticket, perintah=program.called))
    log.info("restore: %d of %d rows are back: %s", len(done), len(tickets), ", ".join(done))
    lines += listed_lines("operator.kasus.gagal", list(troubles.values()), texts)
    show([*lines, *_besides_lines(first, last, texts, program.called)])
    return WELL if len(done) == len(tickets) else PARTLY


def close(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, the closing, and a cycle that tells Kendali."""
    (ticket,) = read_tickets([options.ticket])
    reason = line_of(options.reason)
    if not reason:
        raise ConfigurationError(Trouble("operator.pakai.tanpa-alasan"))
    program = start(options, texts)
    first = run_cycle(program, jakarta_now())
    try:
        GoneCases(program.syncer, first, jakarta_now()).close(ticket, reason)
    except Trouble as error:
        refused = listed_lines("operator.kasus.gagal", [error], texts)
        show([*refused, *_besides_lines(first, first, texts, program.called)])
        return PARTLY
    last = run_cycle(program, jakarta_now())
    log.info("close: %s", ticket)
    done = texts.say("operator.kasus.ditutup", tiket=ticket, perintah=program.called)
    show([done, *_besides_lines(first, last, texts, program.called)])
    return WELL


def _besides_lines(first: Report, last: Report, texts: Texts, called: str) -> Sequence[str]:
    """What the cycles found besides: rows that are gone even after the `last` one, and spreadsheets that failed."""
    found = replace(first, entries=last.entries)
    return [*event_lines(found, texts, called), *failure_lines(last.failures, texts)]
