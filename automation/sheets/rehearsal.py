"""A workbook that only pretends to be written to: what a dry run works on."""

from __future__ import annotations

from collections.abc import Sequence

from automation.cases.grid import Tab
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Assumptions, Changes, Snapshot, Workbook


class Rehearsal:
    """Reads the real workbook, and applies commits to its own idea of it. `planned` are the commits, in order."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._pretended: Snapshot | None = None
        self.planned: list[Changes] = []

    @property
    def source(self) -> str:
        """As the real workbook's."""
        return self._workbook.source

    @property
    def largest_commit(self) -> int | None:
        """None: nothing is sent."""
        return None

    @property
    def assumptions(self) -> Assumptions | None:
        """As the real workbook's: a plan shows what would be done."""
        return self._workbook.assumptions

    def read(self) -> Snapshot:
        """The real workbook, or what has become of it in this rehearsal."""
        if self._pretended is None:
            self._pretended = self._workbook.read()
        return self._pretended

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Note the changes, and go on as if they had been applied."""
        self.planned.append(changes)
        self._pretended = seen.after(changes)
        return self._pretended

    def dress(self, looks: Sequence[TabLook]) -> int:  # noqa: ARG002 - as the port has it
        """Nothing is given: a plan shows what would be written into cells."""
        return 0

    def link(self, tab: Tab, row: int) -> str:
        """As the real workbook's."""
        return self._workbook.link(tab, row)
