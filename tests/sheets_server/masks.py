"""Field masks, as in ``sheets(properties(sheetId,title),data.rowData.values.effectiveValue)``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

#: The fields to keep, each with its own mask; None keeps everything.
Mask = Mapping[str, Any] | None

TOKEN = re.compile(r"\s*([A-Za-z0-9_*$-]+|[(),./])\s*")


class InvalidMask(ValueError):
    """The mask can't be read."""


def parse_mask(text: str) -> Mask:
    if not text.strip():
        return None
    tokens = TOKEN.findall(text)
    if TOKEN.sub("", text):
        raise InvalidMask(text)
    tree: dict[str, Any] = {}
    rest = _fields(tokens, tree)
    if rest:
        raise InvalidMask(text)
    return _opened(tree)


def _fields(tokens: list[str], tree: dict[str, Any]) -> list[str]:
    while True:
        tokens = _field(tokens, tree)
        if not tokens or tokens[0] != ",":
            return tokens
        tokens = tokens[1:]


def _field(tokens: list[str], tree: dict[str, Any]) -> list[str]:
    if not tokens or not re.match(r"[A-Za-z0-9_*$-]", tokens[0]):
        raise InvalidMask("".join(tokens))
    child = tree.setdefault(tokens[0], {})
    tokens = tokens[1:]
    if tokens and tokens[0] in "./":
        return _field(tokens[1:], child)
    if tokens and tokens[0] == "(":
        tokens = _fields(tokens[1:], child)
        if not tokens or tokens[0] != ")":
            raise InvalidMask("".join(tokens))
        return tokens[1:]
    child["*"] = {}
    return tokens


def _opened(tree: dict[str, Any]) -> Mask:
    if "*" in tree:
        return None
    return {name: _opened(child) for name, child in tree.items()}


def kept(value: Any, mask: Mask) -> Any:
    """`value` with only the fields of `mask`."""
    if mask is None:
        return value
    if isinstance(value, list):
        return [kept(item, mask) for item in value]
    if isinstance(value, Mapping):
        return {name: kept(value[name], child) for name, child in mask.items() if name in value}
    return value


def inner(mask: Mask, name: str) -> Mask:
    """The mask for field `name`; ask `wants` first."""
    return None if mask is None else mask[name]


def wants(mask: Mask, name: str) -> bool:
    """Whether `mask` keeps field `name`."""
    return mask is None or name in mask


def paths(mask: Mask, prefix: str = "") -> Iterator[str]:
    """The dotted paths of `mask`."""
    for name, child in (mask or {}).items():
        if child:
            yield from paths(child, f"{prefix}{name}.")
        else:
            yield prefix + name
