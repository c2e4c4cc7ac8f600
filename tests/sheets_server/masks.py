"""Field masks, and formats as Google keeps them: each colour under its old name and its new one, zeros left out."""

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


# Formats as Google keeps them: each colour under its old name and its new one, and zeros left out


#: Fields that say the same, the newer of which counts where both are set.
COLOURS = {
    name: f"{name}Style" for name in ("backgroundColor", "foregroundColor", "color", "tabColor", "backgroundColor")
}
NEWER = {newer: older for older, newer in COLOURS.items()}


def paired_mask(mask: Mask) -> Mask:
    """`mask` with both names of each colour that it names by one."""
    if mask is None:
        return None
    paired: dict[str, Any] = {name: paired_mask(child) for name, child in mask.items()}
    for name in list(paired):
        if name in COLOURS or name in NEWER:
            paired = {key: None if key == name else child for key, child in paired.items()}
            paired[COLOURS.get(name) or NEWER[name]] = None
    return paired


def kept_format(value: Any) -> Any:
    """A format as it is shown after it was set."""
    if isinstance(value, list):
        return [kept_format(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for name, child in value.items():
        if name in COLOURS and COLOURS[name] in value:
            continue
        if name in COLOURS or name in NEWER:
            older = name if name in COLOURS else NEWER[name]
            colour = child if name in COLOURS else child.get("rgbColor")
            if colour is not None:
                colour = {channel: float(part) for channel, part in colour.items() if part}
                kept[older], kept[COLOURS[older]] = colour, {"rgbColor": colour}
            else:
                kept[name] = child
        else:
            kept[name] = kept_format(child)
    return kept
