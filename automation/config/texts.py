"""Loading the words that people read."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from automation.model.texts import Texts

#: All that people read stands here: mails, messages, explanations.
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@cache
def load_texts(folder: Path = TEMPLATES / "pesan") -> Texts:
    """All messages of a folder of TOML files; a file's name without ``.toml`` is the first part of its keys.

    Raises `ValueError` that names the file and the line, for a file that somebody has edited wrongly.
    """
    tree = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            tree[path.stem] = tomllib.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return Texts(tree)
