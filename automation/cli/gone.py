"""``restore`` and ``close``: give the rows of cases back that were deleted, or close such a case without its row."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from automation.cli.compose import compose, jakarta_now
from automation.cli.logs import start_log
from automation.cli.report import event_lines, failure_lines, trouble_lines
from automation.cli.screen import PARTLY, WELL, show
from automation.cli.sync import run_cycle
from automation.cycle.gone import GoneCases
from automation.cycle.sync import Report
from automation.model.texts import Texts
from automation.model.tickets import Ticket, is_misheard
from automation.reading.cell_text import line_of
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)


def restore(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, the rows, and a cycle that recognises them."""
    tickets = read_tickets(options.tickets)
    program = compose(options.credentials, texts, options.state)
    start_log(program.state.path)
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
    refused = _refused_lines(list(troubles.values()), texts)
    show([*lines, *refused, *_besides_lines(first, last, texts, program.called)])
    return WELL if len(done) == len(tickets) else PARTLY


def close(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, the closing, and a cycle that tells Kendali."""
    (ticket,) = read_tickets([options.ticket])
    reason = line_of(options.reason)
    if not reason:
        raise ConfigurationError(Trouble("operator.pakai.tanpa-alasan"))
    program = compose(options.credentials, texts, options.state)
    start_log(program.state.path)
    first = run_cycle(program, jakarta_now())
    try:
        GoneCases(program.syncer, first, jakarta_now()).close(ticket, reason)
    except Trouble as error:
        show([*_refused_lines([error], texts), *_besides_lines(first, first, texts, program.called)])
        return PARTLY
    last = run_cycle(program, jakarta_now())
    log.info("close: %s", ticket)
    done = texts.say("operator.kasus.ditutup", tiket=ticket, perintah=program.called)
    show([done, *_besides_lines(first, last, texts, program.called)])
    return WELL


def read_tickets(written: Iterable[str]) -> list[str]:
    """The ticket numbers as they are issued, each once. Raises `ConfigurationError` with all that are none."""
    tickets: list[str] = []
    causes: list[Trouble] = []
    for text in (word.strip(" ,;.") for word in written):  # as they are copied from a list
        if (ticket := Ticket.parse(text)) is not None:
            tickets.append(str(ticket))
        else:
            causes.append(Trouble(f"operator.pakai.tiket{'-salah' if is_misheard(text) else ''}", tertulis=text))
    if causes:
        raise ConfigurationError(*causes)
    return list(dict.fromkeys(tickets))


def _refused_lines(troubles: Sequence[Trouble], texts: Texts) -> list[str]:
    """What could not be done, and why."""
    if not troubles:
        return []
    return [texts.say("operator.kasus.gagal", banyak=len(troubles)), *trouble_lines(troubles, texts)]


def _besides_lines(first: Report, last: Report, texts: Texts, called: str) -> list[str]:
    """What the cycles found besides: rows that are gone even after the `last` one, and spreadsheets that failed."""
    found = replace(first, entries=last.entries)
    return [*event_lines(found, texts, called), *failure_lines(last.failures, texts)]
