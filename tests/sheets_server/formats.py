"""Formats as Google keeps them: each colour under its old name and its new one, and zeros left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.sheets_server.masks import Mask

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
