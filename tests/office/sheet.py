"""An intake tab as people see it: headings somewhere, and rows that each carry an identity in people's own column."""

from __future__ import annotations

from automation.model.cells import Value
from automation.tables import intake
from automation.tables.intake import INTAKE, ROBOT
from tests.office.desk import Rows
from tests.town import NOTE

NEEDED = tuple(str(column) for column in [column for column in INTAKE.columns if not column.optional])
ROBOTS = frozenset(str(column) for column in ROBOT)

#: Between what a heading said and what somebody made of it.
SPOILED = " lama "


class Sheet:
    """`rows` with headings in row `head`; `at` is the column of each heading. Made from any rows: without the identity
    or the headings it is falsy."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.head = next((r for r, row in enumerate(rows[:10]) if NOTE in row), -1)
        titles = rows[self.head] if self.head >= 0 else []
        self.at = {title: c for c, title in reversed(list(enumerate(titles))) if isinstance(title, str)}

    @property
    def readable(self) -> bool:
        """Whether the robot can tell which column is which."""
        titles = self.rows[self.head] if self.head >= 0 else []
        return all(titles.count(title) == 1 for title in NEEDED)

    def __bool__(self) -> bool:
        return self.head >= 0

    def is_robots(self, column: int) -> bool:
        """Whether a column is the robot's; also when somebody has spoiled its heading."""
        titles = self.rows[self.head]
        heading = titles[column] if column < len(titles) else None
        return isinstance(heading, str) and heading.partition(SPOILED)[0] in ROBOTS

    @property
    def below(self) -> range:
        return range(self.head + 1, len(self.rows))

    def get(self, row: int, heading: str) -> Value:
        column, cells = self.at.get(heading), self.rows[row]
        return cells[column] if column is not None and column < len(cells) else None

    def set(self, row: int, heading: str, value: Value) -> None:
        if (column := self.at.get(heading)) is not None:
            cells = self.rows[row]
            cells += [None] * (column + 1 - len(cells))
            cells[column] = value

    def identity(self, row: int) -> str:
        return str(self.get(row, NOTE) or "")

    def identities(self) -> dict[int, str]:
        return {row: identity for row in self.below if (identity := self.identity(row)).startswith("#")}

    def ticket(self, row: int) -> str:
        return str(self.get(row, intake.TICKET) or "").strip()

    def record(self, row: int) -> dict[str, Value]:
        return {heading: value for heading in self.at if (value := self.get(row, heading)) is not None}

    def append(self, record: dict[str, Value], at: int | None = None) -> None:
        at = len(self.rows) if at is None else at
        self.rows.insert(at, [])
        for heading, value in record.items():
            self.set(at, heading, value)
