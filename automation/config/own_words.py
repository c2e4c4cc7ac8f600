"""The words that people have made their own: ``templat/pesan/*.toml`` beside credentials.json, entry by entry over the
shipped ones. An entry that can't be used gives way to the shipped one, and is told with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from automation.model.texts import Texts, flattened
from automation.trouble import Trouble

#: The folder beside credentials.json.
FOLDER = "templat"
_TABLE = re.compile(r"\s*\[+([^\]]+)\]")
_ENTRY = re.compile(r"\s*([\w.'\"-]+)\s*=")
_AT = re.compile(r"line (\d+)")


def with_own_words(shipped: Texts, folder: Path) -> Texts:
    """The messages, those of this folder before the shipped ones; their `problems` tell what can't be used."""
    texts = shipped.copied()
    for path in sorted((folder / "pesan").glob("*.toml")):
        texts.problems += _laid_over(texts, path)
    return texts


def _laid_over(texts: Texts, path: Path) -> Iterator[Trouble]:
    file = f"{FOLDER}/pesan/{path.name}"
    try:
        written = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        yield Trouble("surat.templat.milik-berkas", file=file, reason=reason)
        return
    lines = written.splitlines()
    tree: Mapping[str, Any] = {}
    for _ in range(len(lines) + 1):  # a forgotten quote costs its entry; a broken title of a table, or end, the file
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
