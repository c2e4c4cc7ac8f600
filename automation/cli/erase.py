"""``data``: where something is held about a person. ``erase``: to hold a complaint's words no more."""

from __future__ import annotations

import argparse
import logging

from automation.cli.compose import jakarta_now, start
from automation.cli.report import failure_lines, files_of, listed_lines, place_lines, read_tickets
from automation.cli.screen import PARTLY, WELL, show
from automation.cli.sync import run_cycle
from automation.cycle.erasing import Content, Erasing
from automation.cycle.gone import GoneCases
from automation.model.texts import Texts
from automation.model.tickets import Ticket
from automation.reading.cell_text import line_of
from automation.tables.kendali import REGISTER, REPAIRS
from automation.trouble import Trouble

log = logging.getLogger(__name__)

#: Keeps a ticket on one line in a mail.
_JOINER = "\u2060"


def data(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, and all places where something is held of a ticket, or of all tickets with a telephone number."""
    program = start(options, texts)
    report = run_cycle(program, jakarta_now())
    erasing = Erasing(GoneCases(program.syncer, report, jakarta_now()))
    written = line_of(options.about)
    ticket = Ticket.parse(written)
    tickets = [str(ticket)] if ticket else erasing.of_phone(written)
    lines: list[str] = []
    for one in tickets:
        lines.append(texts.say("operator.data.tiket", tiket=one))
        lines += [
            *place_lines(erasing.held(one), texts),
            *(texts.say("operator.data.berkas", berkas=path) for path in files_of(program, one)),
        ]
    if waiting := [] if ticket else [*erasing.without_ticket(written)]:
        lines += [texts.say("operator.data.tanpa-tiket"), *place_lines(waiting, texts)]
    lines = lines or [texts.say("operator.data.tidak-ada")]
    log.info("data: %d tickets", len(tickets))
    show([*lines, *failure_lines(report.failures, texts)])
    return WELL if report.well else PARTLY


def erase(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, the erasure, and a cycle that takes the words out of what can be read."""
    (ticket,) = read_tickets([options.ticket])
    program = start(options, texts)
    first = run_cycle(program, jakarta_now())
    erasing = Erasing(GoneCases(program.syncer, first, jakarta_now()))
    contents: dict[str, Content] = {}
    try:
        contents[ticket] = erasing.content(ticket)
        erasing.erase(ticket, line_of(options.reason) or texts.say("operator.data.permintaan"))
        emptied = erasing.empty_rows(ticket) if options.row else []
    except Trouble as error:
        show(listed_lines("operator.kasus.gagal", [error], texts))
        return PARTLY
    last = run_cycle(program, jakarta_now())
    for path in files_of(program, ticket):
        path.unlink(missing_ok=True)
    log.info("erase: %s", ticket)
    erasing = Erasing(GoneCases(program.syncer, last, jakarta_now()), contents)
    left = [one for one in erasing.held(ticket) if one.tab not in (REGISTER, REPAIRS)]  # the ticket alone stands there
    rows = [one for one in left if one.row is not None]
    journals = [one for one in left if one.row is None]
    unlisted = erasing.unreachable(ticket)
    show(
        [
            texts.say("operator.data.dihapus", tiket=ticket),
            *place_lines(emptied, texts, "dikosongkan"),
            *place_lines(rows, texts, "baris"),
            *place_lines(journals, texts, "belum"),
            *([texts.say("operator.data.tak-terdaftar", spreadsheet=unlisted)] if unlisted else []),
            texts.say("operator.data.sisa"),
            *failure_lines(last.failures, texts),
        ]
    )
    return PARTLY if last.failures or left or unlisted else WELL
