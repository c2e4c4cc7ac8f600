"""``sync``: one cycle, and what came of it."""

from __future__ import annotations

import argparse
import logging
import time
from datetime import datetime

from automation.cli.compose import Program, compose, jakarta_now
from automation.cli.logs import in_log, start_log
from automation.cli.report import Counts, in_short, plan_lines, report_lines
from automation.cli.screen import PARTLY, WELL, progress_bar, show
from automation.cycle.sync import Report
from automation.model.texts import Texts
from automation.trouble import Trouble

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run one cycle; with --dry-run print what it would do."""
    program = compose(options.credentials, texts, options.state, rehearse=options.dry_run)
    if not options.dry_run:
        start_log(program.state.path)
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
