"""The command line. Each command is imported when it is called, so that ``--help`` answers at once."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from automation.cases.texts import Texts
from automation.cli.exit_codes import PARTLY, USAGE
from automation.config.texts import load_texts
from automation.trouble import ConfigurationError, Trouble

COMMANDS = ("demo", "setup", "sync", "digest", "run")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows "?", and goes on
    texts = load_texts()
    options = _parser(texts).parse_args(arguments)
    command = importlib.import_module(f"automation.cli.{options.command}")
    try:
        code: int = command.run(options, texts)
        return code
    except ConfigurationError as error:
        _complain(texts, [texts.say("operator.keliru", banyak=len(error.causes)), *_lines(texts, *error.causes)])
        return USAGE
    except Trouble as error:
        _complain(texts, _lines(texts, error))
        return PARTLY
    except KeyboardInterrupt:
        _complain(texts, [texts.say("operator.dihentikan")])
        return PARTLY
    except Exception as error:
        from automation.cli.logs import log_crash

        _complain(texts, [texts.say("operator.galat-program", berkas=log_crash(options.credentials.parent, error))])
        return PARTLY


def _lines(texts: Texts, *troubles: Trouble) -> list[str]:
    return [f"- {texts.say(trouble.code, **trouble.particulars)}" for trouble in troubles]


def _complain(texts: Texts, lines: Sequence[str]) -> None:
    print("\n".join(lines), file=sys.stderr)


def _parser(texts: Texts) -> argparse.ArgumentParser:
    say = texts.say
    parser = argparse.ArgumentParser(
        prog="python -m automation",
        description=say("operator.bantuan.program"),
        epilog=say("operator.bantuan.kode"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--credentials",
        type=Path,
        default=Path("credentials.json"),
        metavar="FILE",
        help=say("operator.bantuan.credentials"),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))
    for name in COMMANDS:
        help_text = say(f"operator.bantuan.{name}")
        command = commands.add_parser(name, help=help_text, description=help_text)
        # Also after the command's name; there it must not undo what was said before it.
        command.add_argument("--credentials", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if name == "demo":
            command.add_argument(
                "--dir", type=Path, default=Path("demo"), metavar="DIR", help=say("operator.bantuan.dir")
            )
        elif name == "sync":
            command.add_argument("--dry-run", action="store_true", help=say("operator.bantuan.dry-run"))
        elif name == "digest":
            command.add_argument("kind", metavar="KIND", help=say("operator.bantuan.kind"))
            command.add_argument("--preview", action="store_true", help=say("operator.bantuan.preview"))
            command.add_argument(
                "--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help=say("operator.bantuan.date")
            )
    return parser
