"""``check``: a line for each thing that has to be right: it is well, or what cures it. Nothing is changed but what is
tried out of Google, and what ``--mail`` sends."""

from __future__ import annotations

import argparse
import json
import platform

from automation import __version__
from automation.cli.compose import start
from automation.cli.doctor import Doctor, Level, Line
from automation.cli.screen import PARTLY, USAGE, WELL, show
from automation.config.values import is_email
from automation.model.texts import Texts
from automation.trouble import ConfigurationError, Trouble


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Look at everything, and tell how it fares. 2 where the program could not begin, 1 where something is wrong."""
    lines = [Line("program", Level.WELL, f"Ruang Rakyat {__version__}, Python {platform.python_version()}")]
    if options.mail is not None and not is_email(options.mail):
        raise ConfigurationError(Trouble("operator.pakai.surel", tertulis=options.mail))
    try:
        doctor = Doctor(start(options, texts), options, texts)
    except ConfigurationError as error:
        lines += [Line("kredensial", Level.WRONG, texts.tell(cause)) for cause in error.causes]
        code = USAGE
    else:
        lines += doctor.lines()
        wrong = any(line.level is Level.WRONG for line in lines)
        code = USAGE if doctor.unusable else PARTLY if wrong else WELL
    if options.json:
        print(json.dumps([line._asdict() for line in lines], ensure_ascii=False, indent=1))
        return code
    count = {level: sum(line.level is level for line in lines) for level in Level}
    told = [
        texts.say(f"periksa.baris.{level}", hal=texts.say(f"periksa.hal.{thing}"), kata=words)
        for thing, level, words in lines
    ]
    entry = "semua" if count[Level.WELL] == len(lines) else "ringkas"
    show([*told, texts.say(f"periksa.{entry}", salah=count[Level.WRONG], catat=count[Level.NOTE])])
    return code
