"""``export --proposals``: what is proposed for the budget, field by field."""

from __future__ import annotations

import argparse
from pathlib import Path

from automation.cli.compose import compose
from automation.cli.screen import WELL, show
from automation.config.tabs import rows_of
from automation.config.values import text
from automation.cycle.kendali import plain
from automation.model.texts import Texts
from automation.sheets.files import write_new
from automation.tables.kendali import PROPOSALS
from automation.trouble import ConfigurationError, Trouble


def export_proposals(options: argparse.Namespace, texts: Texts) -> int:
    """Lay the proposals out for copying field by field: there is no way to import a file into SIPD."""
    rows = rows_of(compose(options.credentials, texts, options.state).kendali.read(), PROPOSALS)
    shown = [[(heading, plain(text(row[heading]))) for heading in PROPOSALS.headings[:-1]] for row in rows]
    blocks = ["\n\n".join(f"{heading}\n{value}" for heading, value in row if value) for row in shown]
    path = options.output or Path("usulan.txt")
    try:
        write_new(path, ("\n\n" + "-" * 50 + "\n\n").join(blocks).encode() + b"\n")
    except FileExistsError:
        raise ConfigurationError(Trouble("ekspor.sudah-ada", berkas=path)) from None
    show([texts.say("ekspor.ditulis-usulan", banyak=len(rows), berkas=path.absolute())])
    return WELL
