"""``demo``: a small local city, and the main job run on it."""

from __future__ import annotations

import argparse

from automation.cli.compose import compose, jakarta_now
from automation.cli.digest import open_round, send, sent_lines
from automation.cli.logs import start_log
from automation.cli.report import report_lines
from automation.cli.screen import PARTLY, WELL, show
from automation.cli.sync import run_cycle
from automation.config.defaults import load_defaults
from automation.cycle.kinds import KINDS
from automation.cycle.setup import set_up
from automation.demo.city import CREDENTIALS, lay_out
from automation.model.texts import Texts
from automation.trouble import ConfigurationError, Trouble


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Lay the city out (or go on with what is there), sync it, and write today's digests."""
    folder = options.dir
    again = (folder / CREDENTIALS).exists()
    show([texts.say("operator.demo.lanjut" if again else "operator.demo.mulai", folder=folder)])
    try:
        credentials = lay_out(folder, jakarta_now().date(), texts)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise ConfigurationError(Trouble("operator.folder-tertutup", folder=folder, sebab=cause)) from error
    program = compose(credentials, texts, options.state)
    start_log(program.state.path)
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
