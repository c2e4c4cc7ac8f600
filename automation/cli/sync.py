"""``sync``: one cycle, and what came of it."""

from __future__ import annotations

import argparse
import sys

from tqdm import tqdm

from automation.cases.texts import Texts
from automation.cli.compose import compose, jakarta_now
from automation.cli.exit_codes import PARTLY, WELL
from automation.cli.logs import start_log
from automation.cli.report import plan_lines, report_lines
from automation.cycle.sync import Progress

BAR = "{desc} {bar} {n}/{total}"


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Run one cycle; with --dry-run print what it would do."""
    program = compose(options.credentials, texts, rehearse=options.dry_run)
    if not options.dry_run:
        start_log(program.credentials.folder)
    with tqdm(disable=not sys.stderr.isatty(), leave=False, file=sys.stderr, bar_format=BAR) as bar:
        report = program.syncer.sync(jakarta_now(), progress_on(bar))
    if options.dry_run:
        print("\n".join(plan_lines(program.rehearsals, texts)))
    print("\n".join(report_lines(report, texts)))
    return WELL if report.well else PARTLY


def progress_on(bar: tqdm) -> Progress:  # type: ignore[type-arg]
    """Show a cycle's progress on a bar."""

    def progress(done: int, total: int, name: str) -> None:
        bar.total = total
        bar.n = done
        bar.set_description_str(name[:40], refresh=False)
        bar.refresh()

    return progress
