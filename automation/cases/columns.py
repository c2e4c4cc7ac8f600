"""The columns of an intake tab, by their names."""

from __future__ import annotations

from typing import Any

from automation.tables import intake
from automation.tables.intake import INTAKE, PEOPLE, ROBOT
from automation.tables.table import Owner

__all__ = ["COORDINATOR", "OPTIONAL", "PEOPLE", "REQUIRED", "ROBOT", "VOLUNTEER", "Column"]

REQUIRED = tuple(column for column in INTAKE if not column.optional)
OPTIONAL = tuple(column for column in INTAKE if column.optional)
VOLUNTEER = INTAKE.of(Owner.VOLUNTEER)
COORDINATOR = INTAKE.of(Owner.COORDINATOR)


class _Names(type):
    def __getattr__(cls, name: str) -> Any:
        return getattr(intake, name)

    def __getitem__(cls, name: str) -> Any:
        return getattr(intake, name)

    def __iter__(cls) -> Any:
        return iter(INTAKE)

    def __call__(cls, heading: str) -> Any:
        return INTAKE.by_heading[heading]


class Column(metaclass=_Names):
    """Transitional."""
