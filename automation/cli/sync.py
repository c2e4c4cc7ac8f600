"""``sync``: one cycle, and what came of it. ``demo``: a small local city, and the main job run on it."""

from __future__ import annotations

import argparse
import logging
import time
from datetime import datetime

from automation.cli.compose import Program, compose, jakarta_now
from automation.cli.digest import open_round, send, sent_lines
from automation.cli.logs import in_log, start_log
from automation.cli.report import Counts, in_short, plan_lines, report_lines
from automation.cli.screen import PARTLY, WELL, progress_bar, show
from automation.config.defaults import load_defaults
from automation.cycle.kinds import KINDS
from automation.cycle.setup import set_up
from automation.cycle.sync import Report
from automation.demo.city import CREDENTIALS, lay_out
from automation.model.texts import Texts
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run one cycle; with --dry-run print what it would do."""
    program = compose(options.credentials, texts, rehearse=options.dry_run)
    if not options.dry_run:
        start_log(program.credentials.folder)
    report = run_cycle(program, jakarta_now())
    if options.dry_run:
        show(plan_lines(program.rehearsals, texts))
    show(report_lines(report, texts, program.called))
    return WELL if report.well else PARTLY


def run_cycle(program: Program, now: datetime) -> Report:
    """One cycle, with a progress bar; its beginning, its end and its counts are in the log."""
    log.info("cycle begins")
    began = time.monotonic()
    try:
        with progress_bar() as progress:
            report = program.syncer.sync(now, progress)
    except Trouble as error:
        log.warning("cycle not done: %s", in_log(error))
        raise
    log.info("cycle ends after %.1f s: %s", time.monotonic() - began, Counts.of(report).in_log())
    for name, tickets in report.vanished:
        log.warning("%s: rows vanished: %s", name, in_short(tickets))
    for name, count in report.restored:
        log.warning("%s: lost events put back from Kendali: %d", name, count)
    return report


def demo(options: argparse.Namespace, texts: Texts) -> int:
    """Lay the city out (or go on with what is there), sync it, and write today's digests."""
    folder = options.dir
    again = (folder / CREDENTIALS).exists()
    show([texts.say("operator.demo.lanjut" if again else "operator.demo.mulai", folder=folder)])
    try:
        credentials = lay_out(folder, jakarta_now().date(), texts)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise ConfigurationError(Trouble("operator.folder-tertutup", folder=folder, sebab=cause)) from error
    program = compose(credentials, texts)
    start_log(program.credentials.folder)
    set_up(program.kendali, program.syncer.open_source, load_defaults(texts), texts, jakarta_now())
    report = run_cycle(program, jakarta_now())
    show([*report_lines(report, texts, program.called), ""])
    well = report.well
    opened = open_round(program, KINDS.values(), jakarta_now(), report.known)
    with program.post() as post:
        for kind in KINDS.values():
            sent = send(opened, kind, post, whatever_the_hour=True)
            well = well and sent.well
            if kind.dated and sent.recipients and not (sent.outcomes or sent.empty):
                show([texts.say("operator.demo.kabar-sudah", kredensial=credentials, jenis=kind.name)])
            elif sent.outcomes or sent.empty or sent.begins:
                show(sent_lines(kind.name, sent, program, texts))
    show([texts.say("operator.demo.selesai", folder=folder, outbox=program.outbox, kredensial=credentials)])
    return WELL if well else PARTLY
