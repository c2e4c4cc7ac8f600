"""What is given to a tab: requests, and the pieces that they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from automation.sheets.google.cells import Request
from automation.sheets.google.present import Present
from automation.sheets.google.styles import Parts, cell_parts, format_of, has_colours, holds, mask_of, part
from automation.sheets.looks.model import Style

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gift:
    """A request, and how many things of a look it gives."""

    request: Request
    things: int = 1


def cells_from(present: Present, top: int, left: int, bottom: int | None, right: int) -> Request:
    """A GridRange of a tab; down to its end where `bottom` is None."""
    start = {"sheetId": present.outline.id, "startRowIndex": top, "startColumnIndex": left}
    return {**start, "endColumnIndex": right, **({} if bottom is None else {"endRowIndex": bottom})}


def formatted(area: Request, parts: Parts, things: int = 1) -> Gift:
    """These parts of a style for all cells of a GridRange, and nothing else of theirs."""
    cell = {"userEnteredFormat": format_of(parts)}
    return Gift({"repeatCell": {"range": area, "cell": cell, "fields": mask_of(parts)}}, things)


def style_lacking(present: Present, cells: Iterable[tuple[int, int]], style: Style, *, ours: bool) -> dict[str, Any]:
    """What these cells lack of a style. People's own colours keep it away altogether; in a tab that is `ours` all of it
    is given again where any of it is missing."""
    wanted = cell_parts(style)
    formats = [present.cell(*at).get("userEnteredFormat", {}) for at in cells]
    if ours:
        complete = all(holds(part(format, path), wanted[path]) for format in formats for path in wanted)
        return {} if complete else wanted
    if any(has_colours(format) for format in formats):
        return {}
    return {path: value for path, value in wanted.items() if not any(part(format, path) for format in formats)}


def runs(wanted: Mapping[int, T]) -> Iterator[tuple[int, int, T]]:
    """First and last of consecutive numbers that have the same value."""
    left = sorted(wanted)
    while left:
        value, length = wanted[left[0]], 1
        while length < len(left) and left[length] == left[0] + length and wanted[left[length]] == value:
            length += 1
        yield left[0], left[length - 1], value
        left = left[length:]
