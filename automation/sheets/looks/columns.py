"""The looks of columns of any table, from their declarations; and which of their cells need attention."""

from collections.abc import Callable, Iterable, Mapping

from automation.config.defaults import TARGET
from automation.model.cells import runs
from automation.model.complaint import Status
from automation.reading.tabs import LISTS, Headings
from automation.sheets.looks import colours, model
from automation.sheets.looks.formulas import cell, is_any
from automation.tables.table import NO, YES, Column, Form, Owner

#: The colours of a heading, by who types below it.
HEADING_STYLES = dict(zip(Owner, (colours.ROBOT, colours.VOLUNTEER, colours.COORDINATOR), strict=True))
#: Formats of columns whose content a spreadsheet would misread as a number, and of dates.
_FORMATS = {**dict.fromkeys((Form.PHONES, Form.RT_RW, Form.CODE), model.Format.TEXT), Form.DATE: model.Format.DATE}
_TAKEN: dict[Form, model.AnyDate | model.WholeNumber | model.ListOf] = {
    Form.DATE: model.AnyDate(),
    Form.NUMBER: model.WholeNumber(**TARGET.read.limits),
    Form.YES_NO: model.ListOf((YES, NO)),
}
#: Columns, a formula as in `model.Rule`, and the style of their cells where it holds.
Attention = tuple[Iterable[str], str, model.Style]
#: Whether a case is closed. In formulas of rules and views, the slug of a column in braces stands for its cell.
CLOSED = is_any("{status}", (status.value for status in Status if status.closed))


def column_look(column: Column, at: int, note: str, help_text: Callable[[], str], *, guarded: bool) -> model.ColumnLook:
    """The look of a column at the 0-based column `at` of its tab; `help_text` says what may be typed."""
    return model.ColumnLook(
        column=at,
        heading=HEADING_STYLES[column.owner],
        note=note,
        width=column.width,
        format=_FORMATS.get(column.form),
        wrapped=column.wrapped and column.form is not Form.DATE,
        allowed=None if column.owner is Owner.ROBOT else _allowed(column, help_text),
        guarded=guarded,
    )


def _allowed(column: Column, help_text: Callable[[], str]) -> model.Allowed | None:
    """What may be typed; if the program understands other spellings, too, the rule only warns."""
    listed = model.ListFrom(LISTS, column.entries) if column.entries is not None else None
    takes = listed or _TAKEN.get(column.form) or (model.ListOf(column.options) if column.options else None)
    strict = not isinstance(takes, (model.ListFrom, model.AnyDate))
    return model.Allowed(takes, help_text(), strict) if takes is not None else None


def rules(headings: Headings[Column], asked: Iterable[Attention]) -> tuple[model.Rule, ...]:
    """The rules for those of these columns that are there. Columns of people's between them stay as they are: there is
    a rule for each run of neighbouring columns, each with its own formula, because a rule is known by that."""
    found = []
    for columns, formula, style in asked:
        wanted = {headings.columns[column] for column in headings.columns if column in columns}
        if (said := _filled(headings, formula)) is not None:
            for number, (first, last) in enumerate(runs(wanted)):
                found.append(model.Rule((first, last), said + "*1" * number, style))
    return tuple(found)


def views(
    headings: Headings[Column], ordered_by: str, asked: Mapping[str, Iterable[tuple[str, str]]]
) -> tuple[model.FilterView, ...]:
    """Views by title, each from columns and the conditions on their cells; without those that miss a column."""
    at: dict[str, int] = {str(column): place for column, place in headings.columns.items()}
    found = []
    for title, conditions in asked.items():
        filled = [(column, _filled(headings, formula)) for column, formula in conditions]
        shown = [(at[column], formula) for column, formula in filled if column in at and formula is not None]
        if len(shown) == len(filled) and ordered_by in at:
            found.append(model.FilterView(title, tuple(shown), at[ordered_by]))
    return tuple(found)


def _filled(headings: Headings[Column], formula: str) -> str | None:
    """The formula for the first row below the headings; None if it needs a column that is not there."""
    cells = {column.slug: cell(at, headings.row + 1) for column, at in headings.columns.items()}
    try:
        return "=" + formula.format_map(cells)
    except KeyError:
        return None
