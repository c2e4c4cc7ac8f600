"""``restore``: give the rows of cases back that were deleted."""

from __future__ import annotations

import argparse
import logging

from automation.cases.texts import Texts
from automation.cli.cases import besides_lines, read_tickets, refused_lines
from automation.cli.compose import compose, jakarta_now
from automation.cli.exit_codes import PARTLY, WELL
from automation.cli.logs import start_log
from automation.cli.screen import show
from automation.cli.sync import run_cycle
from automation.cycle.gone import GoneCases

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, the rows, and a cycle that recognises them."""
    tickets = read_tickets(options.tickets)
    program = compose(options.credentials, texts)
    start_log(program.credentials.folder)
    first = last = run_cycle(program, jakarta_now())
    troubles = GoneCases(program.syncer, first, jakarta_now()).restore(tickets)
    if len(troubles) < len(tickets):
        last = run_cycle(program, jakarta_now())
    statuses = {entry.ticket: entry.status for entry in last.entries if entry.present}
    lines: list[str] = []
    done: list[str] = []
    for ticket in tickets:
        found = last.row_of(ticket) if ticket not in troubles and ticket in statuses else None
        if found is not None:
            name, row = found
            place = {"spreadsheet": name, "tab": row.tab.title, "baris": row.number + 1}
            lines.append(texts.say("operator.kasus.kembali", tiket=ticket, status=statuses[ticket].value, **place))
            done.append(ticket)
        elif ticket not in troubles:
            lines.append(texts.say("operator.kasus.belum", tiket=ticket, perintah=program.called))
    log.info("restore: %d of %d rows are back: %s", len(done), len(tickets), ", ".join(done))
    refused = refused_lines(list(troubles.values()), texts)
    show([*lines, *refused, *besides_lines(first, last, texts, program.called)])
    return WELL if len(done) == len(tickets) else PARTLY
