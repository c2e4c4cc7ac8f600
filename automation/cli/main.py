"""The command line. Each command is imported when it is called, so that ``--help`` answers at once."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from automation.cases.texts import Texts
from automation.cli.arguments import COMMANDS, read_arguments
from automation.cli.exit_codes import PARTLY, USAGE, WELL
from automation.cli.screen import show
from automation.config.texts import load_texts
from automation.trouble import ConfigurationError, Trouble

#: The module of a command whose name Python keeps for itself.
_MODULES = {"import": "take_in"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows "?", and goes on
    try:
        texts = load_texts()
    except ValueError as error:  # somebody's slip in templates/pesan: there are no words yet to say it in
        print(error, file=sys.stderr)
        return USAGE
    folder = Path()
    try:
        options = read_arguments(sys.argv[1:] if arguments is None else arguments)
        if options.help or options.command is None:
            return _help(options, texts)
        folder = options.dir if options.command == "demo" else options.credentials.parent
        module = importlib.import_module(f"automation.cli.{_MODULES.get(options.command, options.command)}")
        code: int = module.run(options, texts)
        return code
    except Trouble as error:
        show(complaint(error, texts), sys.stderr)
        return USAGE if isinstance(error, ConfigurationError) else PARTLY
    except KeyboardInterrupt:
        show([texts.say("operator.dihentikan")], sys.stderr)
        return PARTLY
    except BrokenPipeError:  # whoever read our output has gone (``| head``); nothing more can be said there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PARTLY
    except Exception as error:
        from automation.cli.logs import log_crash

        show([texts.say("operator.galat-program", berkas=log_crash(folder, error))], sys.stderr)
        return PARTLY


def complaint(error: Trouble, texts: Texts) -> list[str]:
    """An error in its words; one of the configuration with all its causes."""
    causes = error.causes if isinstance(error, ConfigurationError) else (error,)
    lines = [f"- {texts.say(cause.code, **cause.particulars)}" for cause in causes]
    if isinstance(error, ConfigurationError):
        lines.insert(0, texts.say("operator.keliru", banyak=len(causes)))
    return lines


def _help(options: argparse.Namespace, texts: Texts) -> int:
    """The page that was asked for; without a command it is wrong use, and the page says what to type."""
    page = options.command if options.command in COMMANDS else "umum"
    show([texts.say(f"operator.bantuan.{page}").strip("\n")], sys.stdout if options.help else sys.stderr)
    return WELL if options.help else USAGE
