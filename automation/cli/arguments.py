"""The command line, understood. argparse only parses: what it would say in English stands in templates/."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from automation.trouble import ConfigurationError, Trouble

#: What `setup --create` makes a spreadsheet for each of: `automation.cycle.sources.Unit`.
CREATED = ("kecamatan", "kelurahan")
COMMANDS = ("demo", "setup", "check", "sync", "digest", "run", "restore", "close", "slip", "import", "export")


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """`command` (None where there is none), `help`, `credentials`, and the command's own options.

    Raises `ConfigurationError` for wrong use.
    """
    front = _parser()
    front.add_argument("command", nargs="?")
    front.add_argument("--credentials", type=Path, default=Path("credentials.json"))
    front.add_argument("-h", "--help", action="store_true")
    options, rest = _parse(front, arguments)
    if options.command is not None and options.command not in COMMANDS:
        near = get_close_matches(options.command, COMMANDS, n=1)
        _refuse("perintah-mirip" if near else "perintah", perintah=options.command, mirip="".join(near))
    # Messages and the log are read far from the folder in which the command was given.
    options.credentials = options.credentials.absolute()
    if options.help or options.command is None:
        return options
    return _read_own(options, rest)


def _read_own(options: argparse.Namespace, rest: Sequence[str]) -> argparse.Namespace:
    """The options after the command's name."""
    own = _parser()
    if options.command == "demo":
        own.add_argument("--dir", type=Path, default=Path("demo"))
    elif options.command == "setup":
        own.add_argument("--create")
    elif options.command == "sync":
        own.add_argument("--dry-run", action="store_true")
    elif options.command == "digest":
        own.add_argument("kind", nargs="?")
        own.add_argument("--preview", action="store_true")
        own.add_argument("--date")
        own.add_argument("--to")
    elif options.command == "restore":
        own.add_argument("tickets", nargs="*")
    elif options.command == "close":
        own.add_argument("ticket", nargs="?")
        own.add_argument("--reason", default="")
    elif options.command == "slip":
        own.add_argument("ticket", nargs="?")
        own.add_argument("--output", type=Path, default=Path())
    elif options.command == "import":
        own.add_argument("file", nargs="?", type=Path)
        for name in ("--tab", "--spreadsheet", "--sheet"):
            own.add_argument(name)
        for name in ("--yes", "--dry-run"):
            own.add_argument(name, action="store_true")
    elif options.command == "export":
        for name in ("--format", "--from", "--to", "--scope"):
            own.add_argument(name)
        own.add_argument("--output", type=Path)
        own.add_argument("--full", action="store_true")
    options, unknown = _parse(own, rest, options)
    if unknown:
        _refuse("asing", isian=" ".join(unknown), perintah=options.command)
    if options.command == "setup" and options.create not in (None, *CREATED):
        _refuse("buat", isian=options.create, boleh=", ".join(CREATED))
    if options.command == "digest" and options.kind is None:
        _refuse("tanpa-jenis")
    if options.command == "restore" and not options.tickets:
        _refuse("tanpa-tiket")
    if options.command == "close" and (options.ticket is None or not options.reason.strip()):
        _refuse("tanpa-alasan")
    if options.command == "slip" and options.ticket is None:
        _refuse("tanpa-tiket-slip")
    if options.command == "import" and (options.file is None or not (options.tab or "").strip()):
        _refuse("tanpa-berkas")
    return options


def _parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)


def _parse(
    parser: argparse.ArgumentParser, arguments: Sequence[str], into: argparse.Namespace | None = None
) -> tuple[argparse.Namespace, list[str]]:
    try:
        return parser.parse_known_args(arguments, into)
    except argparse.ArgumentError as error:
        _refuse("nilai", isian=error.argument_name)


def _refuse(entry: str, **particulars: object) -> NoReturn:
    raise ConfigurationError(Trouble(f"operator.pakai.{entry}", **particulars)) from None
