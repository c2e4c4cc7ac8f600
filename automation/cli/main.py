"""The command line. Each command is imported when it is called, so that ``--help`` answers at once; argparse only
parses: what it would say in English stands in templates/."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from automation import __version__
from automation.cli.screen import PARTLY, USAGE, WELL, load_texts, show
from automation.config.own_words import FOLDER, with_own_words
from automation.trouble import ConfigurationError, Trouble

#: What `setup --create` makes a spreadsheet for each of: `automation.cycle.sources.Unit`.
CREATED = ("kecamatan", "kelurahan")

_FLAG: Mapping[str, Any] = {"action": "store_true"}
_PATH: Mapping[str, Any] = {"type": Path}
_MAYBE: Mapping[str, Any] = {"nargs": "?"}
#: Each command with its own options, as argparse takes them.
_OPTIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "demo": {"--dir": {**_PATH, "default": Path("demo")}},
    "setup": {"--create": {}, "--locale": _FLAG, "--dry-run": _FLAG},
    "check": {"--mail": {}, "--json": _FLAG, "--report": _PATH},
    "sync": {"--dry-run": _FLAG},
    "digest": {"kind": _MAYBE, "--preview": _FLAG, "--date": {}, "--to": {}, "--from": {}, "--dapil": {}},
    "run": {},
    "restore": {"tickets": {"nargs": "*"}},
    "close": {"ticket": _MAYBE, "--reason": {"default": ""}},
    "data": {"about": _MAYBE},
    "erase": {"ticket": _MAYBE, "--reason": {"default": ""}, "--row": _FLAG},
    "history": {"ticket": _MAYBE},
    "surat": {"number": _MAYBE, "--output": {**_PATH, "default": Path()}},
    "slip": {"ticket": _MAYBE, "--output": {**_PATH, "default": Path()}},
    "import": {
        "file": {**_MAYBE, **_PATH},
        "--tab": {},
        "--spreadsheet": {},
        "--sheet": {},
        "--map": {"action": "append"},
        "--corrections": _FLAG,
        "--yes": _FLAG,
        "--dates-right": _FLAG,
        "--dry-run": _FLAG,
    },
    "export": {
        "--format": {},
        "--from": {},
        "--to": {},
        "--scope": {},
        "--output": _PATH,
        "--full": _FLAG,
        "--proposals": _FLAG,
    },
    "mirror": {"file": {**_MAYBE, **_PATH}},
}
COMMANDS = tuple(_OPTIONS)
#: What a command can't do without, and what is said where it lacks.
_NEEDED = {
    "digest": ("tanpa-jenis", "kind"),
    "restore": ("tanpa-tiket", "tickets"),
    "close": ("tanpa-alasan", "ticket", "reason"),
    "data": ("tanpa-siapa", "about"),
    "erase": ("tanpa-tiket-hapus", "ticket"),
    "slip": ("tanpa-tiket-slip", "ticket"),
    "history": ("tanpa-tiket-history", "ticket"),
    "surat": ("tanpa-nomor-surat", "number"),
    "import": ("tanpa-berkas", "file", "tab"),
    "mirror": ("tanpa-cermin", "file"),
}
#: Module and function of a command that has no module of its name; others have a function `run` there.
_ELSEWHERE = {
    "close": ("sync", "close"),
    "data": ("erase", "data"),
    "demo": ("setup", "demo"),
    "erase": ("erase", "erase"),
    "export": ("files", "export"),
    "history": ("files", "history"),
    "surat": ("letters", "letter"),
    "import": ("import_list", "run"),
    "restore": ("sync", "restore"),
    "slip": ("files", "slip"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    nowhere = Path(os.devnull)  # pythonw on Windows has no streams at all
    sys.stdout, sys.stderr = (one or nowhere.open("w", encoding="utf-8") for one in (sys.stdout, sys.stderr))
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
        if options.version:
            show([f"Ruang Rakyat {__version__}"])
            return WELL
        if options.help or options.command is None:
            # Without a command it is wrong use, and the page says what to type.
            page = options.command if options.command in COMMANDS else "umum"
            words = texts.say(f"operator.bantuan.{page}").strip("\n")
            show([words], sys.stdout if options.help else sys.stderr)
            return WELL if options.help else USAGE
        beside = options.dir if options.command == "demo" else options.credentials.parent
        folder = options.state or beside
        texts = with_own_words(texts, beside / FOLDER)
        module, function = _ELSEWHERE.get(options.command, (options.command, "run"))
        code: int = getattr(importlib.import_module(f"automation.cli.{module}"), function)(options, texts)
        return code
    except Trouble as error:
        from automation.cli.log import in_log, logger

        logger.warning("not done: %s", in_log(error))
        wrong = isinstance(error, ConfigurationError)
        heading = [texts.say("operator.keliru", banyak=len(error.causes))] if wrong else []
        show([*heading, *(f"- {texts.tell(cause)}" for cause in error.causes)], sys.stderr)
        return USAGE if wrong else PARTLY
    except KeyboardInterrupt:
        show([texts.say("operator.dihentikan")], sys.stderr)
        return PARTLY
    except BrokenPipeError:  # whoever read our output has gone (``| head``); nothing more can be said there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PARTLY
    except Exception as error:
        from automation.cli.log import log_crash

        show([texts.say("operator.galat-program", berkas=log_crash(folder, error))], sys.stderr)
        return PARTLY


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """`command` (None where there is none), `help`, `credentials`, `state`, and the command's own options.

    Raises `ConfigurationError` for wrong use.
    """
    front = {
        "command": _MAYBE,
        "--credentials": {**_PATH, "default": Path("credentials.json")},
        "--state": _PATH,
        "--help": _FLAG,
        "--version": _FLAG,
    }
    options, rest = _parse(front, arguments)
    command = options.command
    if command is not None and command not in COMMANDS:
        near = get_close_matches(command, COMMANDS, n=1)
        _refuse("perintah-mirip" if near else "perintah", perintah=command, mirip="".join(near))
    # Messages and the log are read far from the folder in which the command was given.
    options.credentials = options.credentials.absolute()
    # Else what systemd names, the first where there are several.
    own = options.state or os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    options.state = Path(own).absolute() if own else None
    if options.help or options.version or command is None:
        return options
    options, unknown = _parse(_OPTIONS[command], rest, options)
    if unknown:
        _refuse("asing", isian=" ".join(unknown), perintah=command)
    if command == "setup" and options.create not in (None, *CREATED):
        _refuse("buat", isian=options.create, boleh=", ".join(CREATED))
    entry, *names = _NEEDED.get(command, ("",))
    if any(not str(getattr(options, name) or "").strip() for name in names):
        _refuse(entry)
    return options


def _parse(
    options: Mapping[str, Mapping[str, Any]], arguments: Sequence[str], into: argparse.Namespace | None = None
) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name, details in options.items():
        parser.add_argument(*(["-h", name] if name == "--help" else [name]), **details)
    try:
        return parser.parse_known_args(arguments, into)
    except argparse.ArgumentError as error:
        _refuse("nilai", isian=error.argument_name)


def _refuse(entry: str, **particulars: object) -> NoReturn:
    raise ConfigurationError(Trouble(f"operator.pakai.{entry}", **particulars)) from None
