"""From the rows of Sumber to spreadsheets, each once, whatever was listed twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from automation.config.settings import Source
from automation.sheets.port import Workbook
from automation.trouble import Trouble, WorkbookError

log = logging.getLogger(__name__)

#: Opens a row of Sumber: one spreadsheet, or all in a folder. Raises `WorkbookError`.
OpenSource = Callable[[Source], Sequence[Workbook]]
#: Told before each spreadsheet: how many are done, how many there are, and the name of the next.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A spreadsheet (or a row of Sumber) that could not be read or written."""

    source: Source
    name: str
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Listed:
    """A spreadsheet, and the rows of Sumber that lead to it: a file and its folder may both be listed."""

    workbook: Workbook
    sources: tuple[Source, ...]

    @property
    def source(self) -> Source:
        """The first of these rows, which gives it its name."""
        return self.sources[0]


def open_listed(
    sources: Sequence[Source], open_source: OpenSource, kendali: Workbook
) -> tuple[list[Listed], list[Failure]]:
    """Every spreadsheet that Sumber leads to, in its order, and the rows that lead nowhere. Kendali is left out where
    it lies in a folder with the others."""
    found: dict[str, Listed] = {}
    failures: list[Failure] = []
    for source in sources:
        try:
            opened = [workbook for workbook in open_source(source) if workbook.source != kendali.source]
            if not opened:
                raise WorkbookError("siklus.hanya-kendali", workbook=source.name)
        except Exception as error:
            failures.append(failure_of(source, source.name, error))
            continue
        for workbook in opened:
            known = found.get(workbook.source)
            found[workbook.source] = Listed(workbook, (*known.sources, source) if known else (source,))
    return list(found.values()), failures


def failure_of(source: Source, name: str, error: Exception) -> Failure:
    """One bad spreadsheet never stops the city. What is our own mistake has its traceback in the log."""
    if isinstance(error, Trouble):
        log.warning("%s: %s", name, error)
        return Failure(source, name, error)
    log.exception("%s: unexpected", name, exc_info=error)
    return Failure(source, name, WorkbookError("siklus.galat-program", workbook=name))
