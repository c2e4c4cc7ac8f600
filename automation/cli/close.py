"""``close``: close a case whose row is gone, without giving it back."""

from __future__ import annotations

import argparse
import logging

from automation.cases.cell_text import line_of
from automation.cases.texts import Texts
from automation.cli.cases import besides_lines, read_tickets, refused_lines
from automation.cli.compose import compose, jakarta_now
from automation.cli.exit_codes import PARTLY, WELL
from automation.cli.logs import start_log
from automation.cli.screen import show
from automation.cli.sync import run_cycle
from automation.cycle.gone import GoneCases
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """A cycle, the closing, and a cycle that tells Kendali."""
    (ticket,) = read_tickets([options.ticket])
    reason = line_of(options.reason)
    if not reason:
        raise ConfigurationError(Trouble("operator.pakai.tanpa-alasan"))
    program = compose(options.credentials, texts)
    start_log(program.credentials.folder)
    first = run_cycle(program, jakarta_now())
    try:
        GoneCases(program.syncer, first, jakarta_now()).close(ticket, reason)
    except Trouble as error:
        show([*refused_lines([error], texts), *besides_lines(first, first, texts, program.called)])
        return PARTLY
    last = run_cycle(program, jakarta_now())
    log.info("close: %s", ticket)
    done = texts.say("operator.kasus.ditutup", tiket=ticket, perintah=program.called)
    show([done, *besides_lines(first, last, texts, program.called)])
    return WELL
