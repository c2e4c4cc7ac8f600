"""A cell that says several things, taken apart: each goes under a heading of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from automation.tables.table import Column, Form

_PHONE = r"(?<![0-9])\(?(?:\+?62[ -]?|0|8(?=[0-9]{8}))[0-9][0-9 .()-]{5,15}[0-9](?![0-9])"
#: What is known by its form, the surest first.
_PATTERNS: Mapping[Form, Sequence[str]] = {
    Form.PHONES: (rf"{_PHONE}(?:\s*[/,;&|]\s*{_PHONE})*",),
    Form.RT_RW: (
        r"\bRT[ .:]*[0-9]{1,3}(?:\s*[/,.-]?\s*RW[ .:]*[0-9]{1,3}|\s*/\s*[0-9]{1,3})?",
        r"\bRW[ .:]*[0-9]{1,3}|(?<![0-9A-Za-z/])[0-9]{1,3} ?/ ?[0-9]{1,3}(?![0-9/])",
    ),
    Form.DATE: (
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?[0-9]{2,4}",
        r"[0-9]{1,2} [A-Za-z]{3,9} [0-9]{2,4}",
    ),
    Form.PLACE: (r"\bkel(?:urahan)?\b[ .:]*[a-z]+(?: [a-z]+)?",),
}
#: Labels of what was taken out, and what stood around it.
_LABEL = re.compile(
    r"\b(?:no|nomor|hp|telp|tlp|telepon|wa|whatsapp|tgl|tanggal)\b[ .:]*(?=[\s(/,;|-]*$)", re.IGNORECASE
)
_EDGES = " \t\n.,:;/|&-()[]"
_BETWEEN = re.compile(r"\s*(?:[/|;\n]|\s-\s)\s*")


def taken_apart(text: str, columns: Sequence[Column]) -> dict[Column, str]:
    """What of `text` belongs under each of the columns: first what is known by its form, then the rest in their order.
    Every letter and digit of it is found again, or it is all under the first column that takes a text."""
    found: dict[Column, str] = {}
    rest = text
    for column in columns:
        told = (re.search(pattern, rest, re.IGNORECASE) for pattern in _PATTERNS.get(column.form, ()))
        if (match := next(filter(None, told), None)) is not None:
            found[column] = match[0].strip()
            before = _LABEL.sub("", rest[: match.start()]).rstrip(_EDGES)
            rest = f"{before} / {rest[match.end() :].lstrip(_EDGES)}".strip(_EDGES) if before else rest[match.end() :]
    others = [column for column in columns if column.form not in _PATTERNS]
    pieces = _BETWEEN.split(rest.strip(_EDGES), maxsplit=max(len(others) - 1, 0)) if rest.strip(_EDGES) else []
    return found | {column: piece.strip(_EDGES) for column, piece in zip(others, pieces, strict=False) if piece}


def is_whole(text: str, parts: Iterable[str]) -> bool:
    """Whether all that a text says stands in its parts."""
    said, found = (sorted(filter(str.isalnum, one)) for one in (text, "".join(parts)))
    return said == found
