"""``demo``: a small local city, and the main job run on it."""

from __future__ import annotations

import argparse

from automation.cases.texts import Texts
from automation.cli.compose import compose, jakarta_now
from automation.cli.digest import sent_lines
from automation.cli.exit_codes import PARTLY, WELL
from automation.cli.logs import start_log
from automation.cli.report import report_lines
from automation.cycle.digest import KINDS
from automation.demo.city import lay_out


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Lay the city out (or go on with what is there), sync it, and write today's digests."""
    folder = options.dir
    credentials = folder / "credentials.json"
    again = credentials.exists()
    now = jakarta_now()
    print(texts.say("operator.demo.lanjut" if again else "operator.demo.mulai", folder=folder))
    program = compose(lay_out(folder, now.date(), texts), texts)
    start_log(program.credentials.folder)
    report = program.syncer.sync(now)
    print("\n".join(report_lines(report, texts)))
    well = report.well
    print()
    for kind in KINDS:
        with program.post() as post:
            sent = program.digester.send(kind, jakarta_now(), post, whatever_the_hour=True)
        print("\n".join(sent_lines(sent, program, texts)))
        well = well and sent.well
    print()
    print(texts.say("operator.demo.selesai", folder=folder, outbox=program.outbox))
    return WELL if well else PARTLY
