"""A robot in a process of its own, to be killed: ``python -m tests.mail_robot CREDENTIALS MOMENT``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from automation.cli.compose import compose
from automation.cycle.kinds import KINDS
from tests.town import WORDS


def main(credentials: str, moment: str) -> None:
    program = compose(Path(credentials), WORDS)
    print("ready", flush=True)
    with program.post() as post:
        program.digester.open(datetime.fromisoformat(moment)).send(KINDS["harian"], post)


if __name__ == "__main__":
    main(*sys.argv[1:])
