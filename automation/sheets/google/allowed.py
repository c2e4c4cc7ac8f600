"""What may be typed into a cell, as the Sheets API says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from automation.cases.grid import letters
from automation.sheets.google.commit import quoted
from automation.sheets.looks.model import Allowed, AnyDate, ListFrom, ListOf, WholeNumber


def rule_of(allowed: Allowed) -> dict[str, Any]:
    """A DataValidationRule: a list or a calendar to choose from, and words for whoever types something else."""
    said = {"inputMessage": allowed.help, "strict": allowed.strict, "showCustomUi": True}
    return {"condition": condition_of(allowed), **said}


def condition_of(allowed: Allowed) -> dict[str, Any]:
    """What a cell takes, as a BooleanCondition."""
    match allowed.what:
        case ListFrom(tab, column, first_row):
            values = [f"={quoted(tab)}!${letters(column)}${first_row + 1}:${letters(column)}"]
            return {"type": "ONE_OF_RANGE", "values": _entered(values)}
        case ListOf(words):
            return {"type": "ONE_OF_LIST", "values": _entered(words)}
        case WholeNumber(low, high):
            return {"type": "NUMBER_BETWEEN", "values": _entered((str(low), str(high)))}
        case AnyDate():
            return {"type": "DATE_IS_VALID"}


def _entered(values: Iterable[str]) -> list[dict[str, str]]:
    return [{"userEnteredValue": value} for value in values]
