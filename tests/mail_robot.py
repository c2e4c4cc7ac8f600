"""A robot in a process of its own, to be killed."""

from datetime import datetime
from multiprocessing.synchronize import Event
from pathlib import Path

from automation.cli.compose import compose
from automation.cycle.kinds import KINDS
from tests.town import WORDS


def main(credentials: str, moment: str, ready: Event) -> None:
    """Send what is due at this moment, once it is said to be `ready`."""
    program = compose(Path(credentials), WORDS)
    ready.set()
    with program.post() as post:
        program.digester.open(datetime.fromisoformat(moment)).send(KINDS["harian"], post)
