"""What may be typed into the cells of an xlsx file, also into rows that are typed next year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter, quote_sheetname

from automation.sheets.local.book import Book
from automation.sheets.local.markup import Node
from automation.sheets.local.worksheet import Sides, bounds, meet, named
from automation.sheets.looks.model import Allowed, AnyDate, ListFrom, ListOf, WholeNumber

#: Rows of a list: xlsx knows no range without an end.
_LIST = 1000
#: What Excel takes of a message, and of a list that stands in the rule itself; more would make the file unreadable.
_LONGEST = 255
#: Empty rows that are told what may be typed into them, at least.
_AHEAD = 500


@dataclass(frozen=True, slots=True)
class Run:
    """Cells of a column (1-based), of which those down to row `used` hold something."""

    column: int
    first: int
    last: int
    used: int


def allow(book: Book, title: str, allowed: Allowed, run: Run) -> bool:
    """Tell what may be typed into the cells, where nothing tells yet; whether it was told."""
    kind, formulas, more = _asked(book, allowed)
    settings = {"errorStyle": "stop" if allowed.strict else "warning", **more}
    return bool(formulas) and _tell(book, title, kind, settings, formulas, allowed.help, run)


def warn(book: Book, title: str, words: str, run: Run) -> bool:
    """Ask whoever types into the robot's column whether they mean it. It keeps nobody from sorting or deleting rows, as
    a protected tab would."""
    return _tell(book, title, "custom", {"errorStyle": "warning"}, ("FALSE",), words, run)


def _tell(
    book: Book, title: str, kind: str, settings: Mapping[str, object], formulas: Sequence[str], words: str, run: Run
) -> bool:
    """Add the rule if the cells have none, or make ours longer: LibreOffice lets it end 1000 rows below the last."""
    wanted = (run.column, run.first, run.column, run.last)
    there = [one for one in book.sheet(title).frame.all("dataValidation") if any(meet(a, wanted) for a in _areas(one))]
    if not there:
        rules = book.edit(title).section("dataValidations")
        rule = rules.add("dataValidation", type=kind)
        rule.set(**settings)
        rule.set(error=_cut(words) or None, allowBlank=1, showErrorMessage=1, sqref=named(wanted))
        for number, formula in enumerate(formulas, start=1):
            rule.add(f"formula{number}").children = [escape(formula)]
        rules.set(count=len(rules.nodes))
        return True
    (known, *others), needed = there, min(run.last, run.used + _AHEAD)
    alike = (known.get("type"), known.get("error")) == (kind, _cut(words))
    areas = _areas(known)
    if others or not alike or any(area[3] >= needed for area in areas):
        return False
    kept = [area for area in areas if not (meet(area, wanted) and area[0] == area[2] and area[1] >= run.first)]
    book.edit(title)
    ranges, own = " ".join(map(named, [*kept, wanted])), known.find("sqref")
    if own:
        own.children = [ranges]
    else:
        known.set(sqref=ranges)
    return True


def _areas(rule: Node) -> list[Sides]:
    """The ranges of a rule; those of Excel's extension of 2009 stand in an element of their own."""
    return [bounds(area) for area in (rule.find("sqref").text or rule.get("sqref")).split()]


def _asked(book: Book, allowed: Allowed) -> tuple[str, tuple[str, ...], dict[str, object]]:
    """The kind of rule, its formulas (none for a list whose tab is not there), and what else it says."""
    match allowed.what:
        case ListFrom(tab=tab, column=column, first_row=first):
            title, letter = book.title_like(tab), get_column_letter(column + 1)
            source = f"{quote_sheetname(title or '')}!${letter}${first + 1}:${letter}${first + _LIST}"
            return "list", (source,) if title is not None else (), {}
        case ListOf(values=values):
            entries = ",".join(values).replace('"', '""')
            if any("," in value for value in values) or len(entries) > _LONGEST:
                raise ValueError(f"no list of an xlsx file: {values}")
            return "list", (f'"{entries}"',), {}
        case AnyDate():
            # Nothing else shows what a date should look like: a list has its arrow.
            guidance: dict[str, object] = {"prompt": _cut(allowed.help), "showInputMessage": 1}
            return "date", ("1",), {"operator": "greaterThanOrEqual", **guidance}
        case WholeNumber(low=low, high=high):
            return "whole", (str(low), str(high)), {"operator": "between"}


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
