"""A workbook in memory, behind the same fence as the others: for tests that commit thousands of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, Snapshot, Tab
from automation.trouble import Outrun


class MemoryWorkbook:
    source = "Kendali"
    largest_commit = None
    assumptions = None

    def __init__(self, snapshot: Snapshot) -> None:
        self.standing = replace(snapshot, revision=0)

    def read(self) -> Snapshot:
        return self.standing

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        revision = self.standing.revision
        if seen.revision != revision:
            raise Outrun("siklus.terlalu-ramai", workbook=self.standing.name)
        assert isinstance(revision, int)
        self.standing = replace(self.standing.after(changes), revision=revision + 1)
        return self.standing

    def dress(self, looks: Sequence[TabLook]) -> int:
        raise NotImplementedError(f"nothing to look at for {len(looks)} looks")

    def link(self, tab: Tab, row: int) -> str:
        return f"{self.source}#'{tab.title}'!A{row + 1}"
