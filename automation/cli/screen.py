"""What the operator sees: messages, wrapped to the terminal, a progress bar; and what a command returns."""

import os
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TextIO

from automation.model.texts import Texts, flattened
from automation.trouble import ConfigurationError, Trouble

#: Exit codes, documented in the README.
WELL = 0  # everything was done
PARTLY = 1  # part of the work failed, as told
USAGE = 2  # wrong use or configuration: nothing was done (argparse exits with the same)

Told = tuple[Sequence[str], int]  # what a command returns: what to show, and the exit code

#: The folder with all words that people read: mails, messages, explanations.
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: The folder beside credentials.json with people's own versions of them.
OWN = "templat"
_TABLE = re.compile(r"\s*\[+([^\]]+)\]")
_ENTRY = re.compile(r"\s*([\w.'\"-]+)\s*=")
_AT = re.compile(r"line (\d+)")

#: Longer lines are hard to read, however wide the terminal is.
WIDEST = 100
_NARROWEST = 40
_NAME_SHOWN = 36
#: What sets the indent of continued lines: an item's mark, a label, or the first of two columns.
_LEAD = re.compile(r" *(?:- |\S+ +: |(?:\S+ )?\S+ {2,})?")
#: Control characters and marks that change the writing direction: a cell's text must not control the terminal.
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: How messages name the program, and how the operator has started it (``.venv/bin/python -m automation``).
_CALLED = "python -m automation"
_TYPED = f"{sys.orig_argv[0]} -m automation" if sys.orig_argv[1:3] == ["-m", "automation"] else _CALLED
#: The command that closes files to others.
CLOSE = "chmod go-rwx"
_BAR = "{n:>3}/{total} {bar:20} {desc}"


class Level(StrEnum):
    """How good a thing is; the value is its mark."""

    WELL = "baik"
    NOTE = "catat"  # may be intended
    WRONG = "salah"


class StatusLine(NamedTuple):
    """A line about a thing (a name below ``periksa.hal``)."""

    thing: str
    level: Level
    words: str


Found = Iterator[tuple[Level, str]]  # what was found about a thing


@cache
def load_texts(folder: Path = TEMPLATES / "pesan") -> Texts:
    """All messages of a folder of TOML files; a file's name without ``.toml`` is the first part of its keys. Raises
    `ValueError`, with the file and the line, if a file is invalid."""
    tree = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            tree[path.stem] = tomllib.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return Texts(tree)


def with_own_words(shipped: Texts, folder: Path) -> Texts:
    """The messages: for each entry that of this folder, if there is one, else the shipped one. An entry that can't be
    used gives way to the shipped one, and is listed with its file and line in `problems`."""
    texts = Texts(shipped.entries)
    for path in sorted((folder / "pesan").glob("*.toml")):
        texts.problems += _laid_over(texts, path)
    texts.problems += _misplaced(folder)
    return texts


def _misplaced(folder: Path) -> Iterator[Trouble]:
    """Files named as a shipped one in another folder, or as ``….txt`` by the editor: nothing reads them."""
    if folder.is_file():
        yield Trouble("surat.templat.milik-folder", file=OWN)
    shipped = [path.relative_to(TEMPLATES) for path in sorted(TEMPLATES.rglob("*.*"))]
    for path in sorted(folder.rglob("*.*")):
        here, name = path.relative_to(folder), path.name.casefold()
        meant = [one for one in shipped if one.name in (name, name.removesuffix(".txt"))]
        if meant and here not in shipped:
            same = here.as_posix().casefold()
            nearest = max(meant, key=lambda one: SequenceMatcher(None, one.as_posix(), same).ratio())
            places = {"file": f"{OWN}/{here.as_posix()}", "shipped": f"{OWN}/{nearest.as_posix()}"}
            yield Trouble("surat.templat.milik-tempat", **places)


def _laid_over(texts: Texts, path: Path) -> Iterator[Trouble]:
    file = f"{OWN}/pesan/{path.name}"
    try:
        written = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        yield Trouble("surat.templat.milik-berkas", file=file, reason=reason)
        return
    lines = written.splitlines()
    tree: Mapping[str, Any] = {}
    for _ in range(len(lines) + 1):  # a missing quote costs one entry; a broken table title or end of file, the rest
        try:
            tree = tomllib.loads("\n".join(lines) + "\n")
            break
        except ValueError as error:
            at = _AT.search(str(error))
            number = min(int(at[1]) if at else len(lines), len(lines))
            yield Trouble("surat.templat.milik-rusak", file=file, line=number, reason=str(error).partition(" (")[0])
            if at is None or not lines[number - 1].strip() or lines[number - 1].lstrip().startswith("["):
                return
            lines[number - 1] = ""
    places = _places(lines)
    for key, words in flattened(tree):
        if not texts.put(full := f"{path.stem}.{key}", words):
            kind = "isian" if texts.has(full) else "asing"
            shipped = texts.raw(full) if texts.has(full) else ""
            yield Trouble(f"surat.templat.milik-{kind}", file=file, line=places.get(key, 1), entry=key, shipped=shipped)


def _places(lines: list[str]) -> dict[str, int]:
    """The line (1-based) of each entry, by its dotted key."""
    table, found = "", dict[str, int]()
    for number, line in enumerate(lines, start=1):
        if title := _TABLE.match(line):
            table = re.sub(r"[\s'\"]", "", title[1]) + "."
        elif entry := _ENTRY.match(line):
            found.setdefault(table + re.sub(r"['\"]", "", entry[1]), number)
    return found


def refuse(entry: str, **particulars: object) -> NoReturn:
    """Raise `ConfigurationError` for wrong use of a command; nothing was done."""
    raise ConfigurationError(Trouble(f"operator.pakai.{entry}", **particulars)) from None


def show(lines: Iterable[str], stream: TextIO | None = None) -> None:
    """Print lines, wrapped to the terminal with a hanging indent. Commands begin as this one did, to be copied."""
    stream = stream or sys.stdout
    width = _width(stream)
    single = (line for text in lines for line in _STEERING.sub("�", text).replace(_CALLED, _TYPED).split("\n"))
    print("\n".join(fitted(line, width) if width else line for line in single), file=stream, flush=True)


def fitted(line: str, width: int) -> str:
    """The line, wrapped; long words (addresses, paths) and a command at its end, to be copied, stay whole."""
    if len(line) <= width:
        return line
    lead = _LEAD.match(line)
    indent = " " * (lead.end() if lead else 0)
    words, called, command = line.partition(CLOSE if CLOSE in line else _TYPED)
    if called and words.strip(" -"):
        return f"{_wrapped(words.rstrip(), width, indent)}\n{indent}{called}{command}"
    return line if called else _wrapped(line, width, indent)


def _wrapped(text: str, width: int, indent: str) -> str:
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _width(stream: TextIO) -> int | None:
    """The columns to use; None if there is no terminal."""
    if not stream.isatty():
        return None
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(_NARROWEST, min(columns or 80, WIDEST))


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """Shows the progress of the work on a terminal, and disappears afterwards."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from tqdm import tqdm  # only here: it is not needed for --help

    with ExitStack() as shown:
        bars: list[tqdm[NoReturn]] = []  # none before the first step

        def progress(done: int, total: int, name: str) -> None:
            if not bars:
                bar = tqdm(total=total, leave=False, file=sys.stderr, bar_format=_BAR, dynamic_ncols=True)
                bars.append(shown.enter_context(bar))
            bars[0].total, bars[0].n = total, done
            bars[0].set_description_str(_STEERING.sub("�", name)[:_NAME_SHOWN])

        yield progress


def each(level: Level, lines: Sequence[str], otherwise: str) -> Found:
    """A finding for each of these lines; if there are none, one that says `otherwise`."""
    yield from ((level, line) for line in lines) if lines else [(Level.WELL, otherwise)]
