"""What the register says of all cases: nearly always the same as in the cycle before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from automation.cases.examiner import Examiner, make_entries
from automation.cycle.kendali import table_cells
from automation.cycle.registry import Registry
from automation.digests.case_rows import CaseFacts, exported_cells
from automation.digests.flow import Passage, passage
from automation.model.cells import CellWrite, Rows, Tab
from automation.model.register import Entry
from automation.tables.kendali import REGISTER


@dataclass(slots=True)
class Register:
    """The entries, the passage of each case, and what `Rekap` should say. All stay as they are while no event, no row's
    place, no rule and not the day has changed."""

    entries: tuple[Entry, ...] = ()
    passages: Sequence[Passage] = ()
    _examiner: Examiner | None = field(default=None, repr=False)
    _made_of: object = field(default=None, repr=False)
    _shown: Rows | None = field(default=None, repr=False)  # the cells that say all this

    def update(self, registry: Registry, links: Mapping[str, str], examiner: Examiner, now: datetime) -> None:
        """Work out what there is to say now; `links` lead to the rows, by ticket."""
        made_of = registry.events(), links, examiner
        if made_of != self._made_of:
            self.entries = tuple(make_entries(registry.cases().values(), links, examiner, now))
            self.passages = [passage(entry) for entry in self.entries]
            self._made_of, self._examiner, self._shown = made_of, examiner, None

    def lacking(self, tab: Tab) -> list[CellWrite]:
        """The cells to write so that `Rekap` says it."""
        if tab.rows is self._shown or self._examiner is None:
            return []
        facts = (CaseFacts(case, self._examiner.rules, self._examiner.today) for case in self.passages)
        rows = [exported_cells(case, REGISTER.headings) for case in facts]
        cells = table_cells(tab, REGISTER.headings, rows, sortable=True)
        self._shown = None if cells else tab.rows
        return cells
