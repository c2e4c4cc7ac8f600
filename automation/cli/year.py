"""``rollover``: end a year, or bring it back."""

from __future__ import annotations

import argparse
import logging
from itertools import groupby

from automation.cli import report as tell
from automation.cli.compose import jakarta_now, start
from automation.cli.screen import PARTLY, WELL, Told
from automation.cli.sync import run_cycle
from automation.config.defaults import load_defaults
from automation.cycle.setup import set_up
from automation.cycle.year_end import roll_over
from automation.model.texts import Texts
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)


def rollover(options: argparse.Namespace, texts: Texts) -> Told:
    """Tell what would be put away; with --yes do so, and dress what is new."""
    now = jakarta_now()
    if not options.year.isdecimal() or not 2000 < int(options.year) <= now.year:
        raise ConfigurationError(Trouble("operator.pakai.tahun", tertulis=options.year))
    year, undo, plan = int(options.year), options.undo, not options.yes
    program = start(options, texts, rehearse=plan)
    ended, report = roll_over(program.syncer, year, lambda: run_cycle(program, jakarta_now()), now, undo=undo)
    lines = [texts.say("tahun.belum-berakhir", tahun=year)] if plan and year == now.year and not undo else []
    for (name, there), tabs in groupby(ended, lambda one: (one.workbook, one.there)):
        to, carried, left = zip(*((f"“{one.to}”", one.carried, one.left) for one in tabs), strict=True)
        stays = texts.say("tahun.tinggal", jumlah=sum(left)) if any(left) else ""
        told = {"jumlah": len(to), "ke": ", ".join(to), "ikut": sum(carried), "tinggal": stays, "lain": there}
        lines.append(texts.say("tahun.tab-lain" if there else "tahun.tab", spreadsheet=name, **told))
    lines += tell.failure_lines(report.failures, texts)
    besides = [trouble for one in report.outcomes for trouble in one.troubles if trouble.code.startswith("tahun.")]
    lines += [texts.tell(trouble) for trouble in besides]
    code = PARTLY if report.failures or any(one.code == "tahun.diketik" for one in besides) else WELL
    if plan:
        entry = "-buka" if undo else ""
        nothing = [] if ended or report.failures or undo else [texts.say("tahun.tidak-ada")]
        agree = texts.say(f"tahun.setuju{entry}", perintah=program.called, tahun=year)
        return [texts.say(f"tahun.rencana{entry}", tahun=year), *lines, *nothing, agree], code
    log.info("rollover %d%s: %d tabs, %d failed", year, " undone" if undo else "", len(ended), len(report.failures))
    set_up(program.kendali, program.syncer.open_source, load_defaults(texts), texts, now)
    done = [] if report.failures else [texts.say("tahun.dibuka" if undo else "tahun.selesai", tahun=year)]
    return [*lines, *done], code
