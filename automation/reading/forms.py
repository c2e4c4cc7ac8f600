"""The answers of a Google Form: its questions are known by their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from automation.model.cells import Value, fold
from automation.reading.cell_text import clean
from automation.reading.headings import understand
from automation.tables.intake import (
    ADDRESS,
    CATEGORY,
    DESCRIPTION,
    KELURAHAN,
    NAME,
    PHONE,
    RECEIVED,
    RT_RW,
)
from automation.tables.table import Column, Owner

#: When an answer came in, as Google calls it.
_STAMPS = frozenset({"timestamp", "stempelwaktu", "capwaktu"})
#: What any form may ask; and which questions tell one of complaints.
_TOO_LITTLE = frozenset({"keterangan", "judul", "isi", "perihal", "laporan"})
_TELLING, FEWEST = frozenset({NAME, PHONE, ADDRESS, RT_RW, CATEGORY, KELURAHAN}), 2


def find_questions(row: Sequence[Value], known: Mapping[Column, int]) -> dict[Column, int] | None:
    """Where the columns of ours stand in a row of headings that a form has made, beside those that are `known`; None
    where it is none, or not one of complaints: then it asks what is wrong, and two more of our questions."""
    stamp = next((at for at, value in enumerate(row) if fold(value) in _STAMPS), None)
    if stamp is None:
        return None
    columns = {RECEIVED: stamp, **known}
    taken = frozenset(columns.values())
    labels = ["" if at in taken or not isinstance(value, str) else clean(value) for at, value in enumerate(row)]
    for at, asked in enumerate(understand(labels)):
        column = asked.columns[0] if len(asked.columns) == 1 and fold(asked.label) not in _TOO_LITTLE else None
        if column is not None and column.owner is Owner.VOLUNTEER:
            columns.setdefault(column, at)
    return columns if DESCRIPTION in columns and len(_TELLING & columns.keys()) >= FEWEST else None
