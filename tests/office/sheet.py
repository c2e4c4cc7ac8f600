"""An intake tab as people see it: headings somewhere, and rows that each carry an identity in people's own column.
One of them is the answers of a form."""

from automation.model.cells import Value
from automation.tables import intake
from automation.tables.intake import COORDINATOR, INTAKE, ROBOT
from tests.office.desk import Rows
from tests.town import NOTE

NEEDED = tuple(str(column) for column in [column for column in INTAKE.columns if not column.optional])
ROBOTS = frozenset(str(column) for column in ROBOT)

#: The tab of a form's answers, when one came in, and what it asks: in words that people may change.
FORM, STAMP = "Form Responses 1", "Stempel waktu"
QUESTIONS = {
    intake.DESCRIPTION: ("Apa yang terjadi? Ceritakan keluhan Anda", "Keluhan Anda", "Uraian masalah"),
    intake.ADDRESS: ("Alamat atau patokan lokasi kejadian", "Alamat lokasi kejadian"),
    intake.KELURAHAN: ("Kelurahan Anda", "Kelurahan"),
    intake.NAME: ("Nama Anda", "Nama lengkap Anda"),
    intake.PHONE: ("Nomor WhatsApp yang bisa dihubungi", "Nomor HP/WA"),
    intake.CATEGORY: ("Jenis masalah", "Kategori masalah"),
}
ASKED = {STAMP: intake.RECEIVED, **{asked: column for column, words in QUESTIONS.items() for asked in words}}
_OURS = tuple(str(column) for column in (*COORDINATOR, *ROBOT) if not column.optional)

#: Between what a heading said and what somebody made of it.
SPOILED = " lama "


class Sheet:
    """`rows` with headings in row `head`; `at` is the column of each heading. Made from any rows: without the identity
    or the headings it is falsy. Of a form, `at` says where the questions for our columns stand."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.head = next((r for r, row in enumerate(rows[:10]) if NOTE in row), -1)
        titles = rows[self.head] if self.head >= 0 else []
        self.form = STAMP in titles
        named = [str(ASKED.get(title, title)) if self.form and isinstance(title, str) else title for title in titles]
        self.at = {title: c for c, title in reversed(list(enumerate(named))) if isinstance(title, str)}

    @property
    def readable(self) -> bool:
        """Whether the robot can tell which column is which."""
        titles = self.rows[self.head] if self.head >= 0 else []
        if self.form:
            return QUESTIONS.keys() <= self.at.keys() and all(titles.count(one) == 1 for one in _OURS)
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
        for heading, value in ({intake.CHANNEL: "Formulir"} | record).items():  # which a form does not say
            self.set(at, heading, value)
