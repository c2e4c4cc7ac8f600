"""The command line. A command is imported when it is called, so that ``--help`` is quick; words stand in templates/."""

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from automation import __version__
from automation.cli.screen import OWN, PARTLY, USAGE, WELL, load_texts, refuse, show, with_own_words
from automation.model.bulk import in_bulk
from automation.trouble import ConfigurationError, Trouble, WorkbookError

#: `setup --create` makes a spreadsheet for each of one of these.
CREATED = ("kecamatan", "kelurahan")

_FLAGS = (
    *("--help", "--version", "--locale", "--dry-run", "--json", "--preview", "--row", "--corrections", "--yes"),
    *("--dates-right", "--full", "--words", "--proposals", "--undo"),
)
#: How argparse takes an option; others are text, and one without dashes may be missing.
_TAKEN: Mapping[str, Mapping[str, Any]] = {
    "tickets": {"nargs": "*"},
    "file": {"nargs": "?", "type": Path},
    "--credentials": {"type": Path, "default": Path("credentials.json")},
    "--dir": {"type": Path, "default": Path("demo")},
    "--reason": {"default": ""},
    "--from": {"dest": "since"},
    "--map": {"action": "append"},
    **{name: {"type": Path} for name in ("--state", "--report", "--output")},
    **{name: {"action": "store_true"} for name in _FLAGS},
}


class Command(NamedTuple):
    """A command: its function in `automation.cli`, its own options, and the message if one it `needs` is missing."""

    place: str
    options: str = ""
    said: str = ""
    needs: Sequence[str] = ()


COMMANDS = {
    "demo": Command("setup.demo", "--dir"),
    "setup": Command("setup.setup", "--create --locale --words --dry-run"),
    "check": Command("check.check", "--mail --json --report"),
    "sync": Command("sync.sync", "--dry-run"),
    "digest": Command("digest.digest", "kind --preview --date --from --to --dapil", "tanpa-jenis", ["kind"]),
    "run": Command("run.run"),
    "rollover": Command("sync.rollover", "year --undo --yes", "tanpa-tahun", ["year"]),
    "restore": Command("sync.restore", "tickets", "tanpa-tiket", ["tickets"]),
    "close": Command("sync.close", "ticket --reason", "tanpa-alasan", ["ticket", "reason"]),
    "data": Command("sync.data", "about", "tanpa-siapa", ["about"]),
    "erase": Command("sync.erase", "ticket --reason --row", "tanpa-tiket-hapus", ["ticket"]),
    "history": Command("papers.history", "ticket", "tanpa-tiket-history", ["ticket"]),
    "surat": Command("papers.letter", "number --output", "tanpa-nomor-surat", ["number"]),
    "slip": Command("papers.slip", "ticket --output", "tanpa-tiket-slip", ["ticket"]),
    "import": Command(
        "import_list.take_in",
        "file --tab --spreadsheet --sheet --map --corrections --yes --dates-right --dry-run",
        "tanpa-berkas",
        ["file", "tab"],
    ),
    "export": Command("export.export", "--format --from --to --scope --output --full --proposals"),
    "mirror": Command("export.mirror", "file", "tanpa-cermin", ["file"]),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    nowhere = Path(os.devnull)  # pythonw on Windows has no streams at all
    sys.stdout, sys.stderr = (one or nowhere.open("w", encoding="utf-8") for one in (sys.stdout, sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows "?" instead of failing
    try:
        texts = load_texts()
    except ValueError as error:  # a mistake in templates/pesan: there are no messages yet to say it with
        print(error, file=sys.stderr)
        return USAGE
    folder = Path()
    try:
        options = read_arguments(sys.argv[1:] if arguments is None else arguments)
        if options.version:
            show([f"Ruang Rakyat {__version__}"])
            return WELL
        if options.help or options.command is None:
            # To give no command is wrong use; the page says what to type.
            page = options.command if options.command in COMMANDS else "umum"
            words = texts.say(f"operator.bantuan.{page}").strip("\n")
            show([words], sys.stdout if options.help else sys.stderr)
            return WELL if options.help else USAGE
        beside = options.dir if options.command == "demo" else options.credentials.parent
        folder = options.state or beside
        texts = with_own_words(texts, beside / OWN)
        command = COMMANDS[options.command]
        module, function = command.place.split(".")
        do = getattr(in_bulk(importlib.import_module)(f"automation.cli.{module}"), function)
        lines, code = do(options, texts)
        if lines:
            show(lines)
        return int(code)
    except Trouble as error:
        from automation.cli.state import in_log, logger

        logger.warning("not done: %s", in_log(error))
        wrong = isinstance(error, ConfigurationError)
        heading = [texts.say("operator.keliru", banyak=len(error.causes))] if wrong else []
        again = [texts.say("operator.ulangi")] if isinstance(error, WorkbookError) else []  # no cycle does it
        show([*heading, *(f"- {texts.tell(cause)}" for cause in error.causes), *again], sys.stderr)
        return USAGE if wrong else PARTLY
    except KeyboardInterrupt:
        show([texts.say("operator.dihentikan")], sys.stderr)
        return PARTLY
    except BrokenPipeError:  # the reader of our output has gone (``| head``); nothing more can be said there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PARTLY
    except ModuleNotFoundError as error:  # the log, too, may need the missing module
        show([texts.say("operator.tanpa-pustaka", nama=error.name)], sys.stderr)
        return USAGE
    except Exception as error:
        from automation.cli.state import log_crash

        show([texts.say("operator.galat-program", berkas=log_crash(folder, error))], sys.stderr)
        return PARTLY


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """`command` (None if there is none), `help`, `version`, `credentials`, `state`, and the command's own options.
    Raises `ConfigurationError` for wrong use."""
    options, rest = _parse("command --credentials --state --help --version", arguments)
    command = options.command
    if command is not None and command not in COMMANDS:
        near = get_close_matches(command, COMMANDS, n=1)
        told = {"mirip": "".join(near), "daftar": ", ".join(COMMANDS)}
        refuse("perintah-mirip" if near else "perintah", perintah=command, **told)
    # Absolute, because messages and the log are not read in the folder where the command was given.
    options.credentials = options.credentials.absolute()
    # Else the folder that systemd names, the first if there are several.
    own = options.state or os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    options.state = Path(own).absolute() if own else None
    if options.help or options.version or command is None:
        return options
    options, unknown = _parse(COMMANDS[command].options, rest, options)
    if unknown:
        refuse("asing", isian=" ".join(unknown), perintah=command)
    if command == "setup" and options.create not in (None, *CREATED):
        refuse("buat", isian=options.create, boleh=", ".join(CREATED))
    if any(not str(getattr(options, name) or "").strip(" -–—") for name in COMMANDS[command].needs):
        refuse(COMMANDS[command].said)
    return options


def _parse(
    names: str, arguments: Sequence[str], into: argparse.Namespace | None = None
) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name in names.split():
        parser.add_argument(
            *(["-h", name] if name == "--help" else [name]),
            **_TAKEN.get(name, {} if name.startswith("-") else {"nargs": "?"}),
        )
    try:
        return parser.parse_known_args(arguments, into)
    except argparse.ArgumentError as error:
        refuse("nilai", isian=error.argument_name)
