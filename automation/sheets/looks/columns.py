"""What a column looks like, whichever table it is of: as its declaration says."""

from __future__ import annotations

from automation.sheets.looks import colours
from automation.sheets.looks.model import Allowed, ColumnLook, Format, Style
from automation.tables.table import Column, Form, Owner

_HEADING: dict[Owner, Style] = {
    Owner.ROBOT: colours.ROBOT,
    Owner.VOLUNTEER: colours.VOLUNTEER,
    Owner.COORDINATOR: colours.COORDINATOR,
}
#: Digits in which a spreadsheet would see a number or a date.
_FORMATS = {Form.PHONES: Format.TEXT, Form.RT_RW: Format.TEXT, Form.CODE: Format.TEXT, Form.DATE: Format.DATE}


def heading_style(owner: Owner) -> Style:
    """The colours of a heading, by who types below it."""
    return _HEADING[owner]


def column_look(column: Column, at: int, note: str, allowed: Allowed | None, *, guarded: bool) -> ColumnLook:
    """The look of a column that stands in this 0-based column of its tab."""
    return ColumnLook(
        column=at,
        heading=_HEADING[column.owner],
        note=note,
        width=column.width,
        format=_FORMATS.get(column.form),
        wrapped=column.wrapped and column.form is not Form.DATE,
        allowed=allowed,
        guarded=guarded,
    )
