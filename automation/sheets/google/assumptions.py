"""The behaviour of Google that our fence and our cells depend on, tried out on the operator's own account.

Every trial goes through the adapter, in a tab of its own and behind a fence of its own. So Google's words for a refusal
are tried too (`failures.OUTRUN` must match them), and a robot that is at work meanwhile notices nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import date
from typing import Any, Protocol, cast

from automation.model.cells import CellWrite, Link, Value, Writable, as_read, shown_alike
from automation.sheets.google.observations import observations
from automation.sheets.google.resources import VALUE_FIELDS, Request, cell, named_range, own_id, update
from automation.sheets.google.snapshot import Revision
from automation.sheets.port import Changes, NewTab, Proof, Snapshot, Tab, Workbook
from automation.trouble import Outrun, WorkbookError

#: Increased when an assumption is added: then all are tried out again before more tickets are issued.
VERSION = 2
#: Named ranges of a trial begin so; no robot takes them for its own.
FENCE = "robot_uji"
#: How many times sweeping up is tried while others are quicker.
PATIENCE = 3
#: Characters of Google's words that are shown.
CAUSE_SHOWN = 200

OWN_IDS, CELLS, READ_BACK, BELOW = "uji.nomor-sendiri", "uji.isi-sel", "uji.baca-balik", "uji.baris-bawah"
SECOND, USED_ID, LOST_ID, WHOLE = "uji.yang-kedua", "uji.nomor-terpakai", "uji.nomor-hilang", "uji.utuh"
LINKS = "uji.tautan"
#: In the order in which they are tried: their keys in templates/pesan/uji.toml.
ALL = (OWN_IDS, CELLS, READ_BACK, BELOW, SECOND, USED_ID, LOST_ID, WHOLE, LINKS)

WRITTEN: tuple[Writable, ...] = ("=1+1", "+6281200001021", date(2026, 2, 3))
LINK = Link("tautan", "https://wa.me/6281200001021?text=Laporan%20%E2%80%9CJalan%20%26%20Drainase%E2%80%9D%0ARR-1")
FIRST, NEXT, LATE = "pertama", "kedua", "terlambat"


class Spreadsheet(Workbook, Protocol):
    """The adapter, with the requests below the port."""

    def behind(self, fence: str) -> "Spreadsheet":
        """The same spreadsheet behind a fence of another name."""

    def fetch(self, fields: str) -> Mapping[str, Any]:
        """These fields of the spreadsheet."""

    def batch(self, body: Mapping[str, Any], fields: str) -> Mapping[str, Any]:
        """The answer to a batchUpdate."""


class GoogleAssumptions:
    """The assumptions of one spreadsheet on Google; implements `Assumptions`."""

    def __init__(self, workbook: Spreadsheet) -> None:
        self._workbook, self.version = workbook, VERSION

    def try_out(self, title: str) -> Sequence[Proof]:
        """All, in the order of `ALL`."""
        proofs: list[Proof] = []
        with closing(_Trial(self._workbook.behind(FENCE), title)) as trial:
            try:
                for proof in trial.run():
                    proofs.append(proof)  # noqa: PERF402 - those before a refusal are kept
            except WorkbookError as error:
                if not _is_refusal(error):
                    raise
                proofs.append(Proof(ALL[len(proofs)], holds=False, cause=_words(error)))
        return [*proofs, *(Proof(code, holds=None) for code in ALL[len(proofs) :])]

    def observe(self, title: str) -> tuple[Sequence[Proof], Sequence[Mapping[str, Any]]]:
        """The observations, and what was sent and answered."""
        with closing(_Trial(self._workbook.behind(FENCE), title)) as trial:
            told = [*trial.looks()]
        return [proof for proof, _ in told], [transcript for _, transcript in told]


class _Trial:
    def __init__(self, workbook: Spreadsheet, title: str) -> None:
        self._workbook, self._title, self._id = workbook, title, own_id(title)
        self.close()  # an interrupted earlier trial

    def run(self) -> Iterator[Proof]:
        """The proofs. An unexpected refusal is raised in place of the next proof."""
        workbook, title = self._workbook, self._title
        wanted = workbook.commit(Changes((NewTab(title, (title,), hidden=True),)), workbook.read())
        seen = workbook.read()
        yield Proof(OWN_IDS, _fences(seen) == _fences(wanted))
        if _fences(seen) != _fences(wanted):
            return
        key = self._tab(seen).key

        cells = [CellWrite(key, 3, column, value) for column, value in enumerate((*WRITTEN, LINK))]
        shown = workbook.commit(Changes(appends={title: [[FIRST]]}, cells=cells), seen)
        seen = workbook.read()
        kept = [as_read(value) for value in WRITTEN]
        yield Proof(CELLS, self._row(seen, 3)[: len(kept)] == kept)
        opens = any(shown_alike(value, LINK) for value in self._row(seen, 3)[len(kept) :])
        yield Proof(READ_BACK, shown.tab(title) == seen.tab(title))

        bare = [CellWrite(key, 3, len(WRITTEN), str(LINK))]
        newer = workbook.commit(Changes(appends={title: [[NEXT]]}, cells=bare), seen)
        late = Changes(appends={title: [[LATE]]}, cells=[CellWrite(key, 7, 0, LATE)])
        second = _refusal_of(lambda: workbook.commit(late, seen))
        anchor, standing, lost = self._tab(seen), _fences(newer)[-1], _fences(seen)[-1]
        used = self._probe(8, {"addNamedRange": {"namedRange": named_range(standing, anchor, f"{FENCE}_lain")}})
        moved = {"updateNamedRange": {"namedRange": named_range(lost, anchor), "fields": "range"}}
        gone = self._probe(9, moved, {"deleteNamedRange": {"namedRangeId": lost}})
        seen = workbook.read()
        yield Proof(BELOW, self._row(seen, 4) == [NEXT])
        yield _refused(SECOND, second, spared=not any(LATE in row for row in self._tab(seen).rows))
        yield _refused(USED_ID, used)
        yield _refused(LOST_ID, gone)
        shut = not any(isinstance(value, Link) for value in self._row(seen, 3))
        refused = [row for row, refusal in ((8, used), (9, gone)) if refusal is not None]
        yield Proof(WHOLE, not any(self._row(seen, row) for row in refused) if refused else None)
        yield Proof(LINKS, opens and shut)

    def looks(self) -> Iterator[tuple[Proof, Mapping[str, Any]]]:
        """The result of each observation, and what was sent and answered. If the tab is gone, it is made again."""
        for code, batches, holds, fields in observations(self._id):
            there = self._workbook.fetch("sheets.properties.title").get("sheets", ())  # without years of rows
            if self._title not in [one["properties"]["title"] for one in there]:
                made = Changes((NewTab(self._title, (self._title,), hidden=True),))
                self._workbook.commit(made, self._workbook.read())
            refusal = next(filter(None, map(self._refusal_of, batches)), None)
            words = _words(refusal) or "?" if refusal is not None else ""
            found: Mapping[str, Any] = {}
            if fields:
                found = self._workbook.fetch(fields)
                sheets = found.get("sheets", ())
                ours = [one for one in sheets if one.get("properties", {}).get("sheetId", 0) == self._id]
                found = {**found, "sheets": ours}
            transcript = {"code": code, "sent": batches, "refused": words, "seen": found}
            yield Proof(code, holds(found, words), words), transcript

    def _probe(self, row: int, *requests: Request) -> WorkbookError | None:
        """The refusal of these requests after one that writes a cell in this row, which should be refused with them."""
        return self._refusal_of([update(str(self._id), row, 0, [[cell(LATE + str(row))]], VALUE_FIELDS), *requests])

    def _refusal_of(self, requests: Sequence[Request]) -> WorkbookError | None:
        """How a batch was refused; None if it was not."""
        return _refusal_of(lambda: self._workbook.batch({"requests": requests}, "spreadsheetId"))

    def _tab(self, seen: Snapshot) -> Tab:
        tab = seen.tab(self._title)
        if tab is None:  # somebody deleted it, or sweeps up after a trial of their own
            raise Outrun("google.didahului", nama=seen.name, tautan=self._workbook.source, sebab="-")
        return tab

    def _row(self, seen: Snapshot, number: int) -> Sequence[Value]:
        return next(iter(self._tab(seen).rows[number:]), [])

    def close(self) -> None:
        """Take the tab and the named ranges of a trial away, if there are any."""
        fields = "properties.title,sheets(properties(sheetId,title)),namedRanges(namedRangeId,name)"
        for _ in range(PATIENCE):
            found = self._workbook.fetch(fields)
            ranges = [
                {"deleteNamedRange": {"namedRangeId": named["namedRangeId"]}}
                for named in found.get("namedRanges", ())
                if any(named[field].startswith(f"{FENCE}_") for field in ("namedRangeId", "name"))
            ]
            # A tab that a person gave the same name has another id.
            left = [sheet for sheet in found["sheets"] if sheet["properties"].get("sheetId", 0) == self._id]
            requests = [*ranges, *({"deleteSheet": {"sheetId": self._id}} for _ in left)]
            with suppress(Outrun):
                if requests:
                    self._workbook.batch({"requests": requests}, "spreadsheetId")
                return
        raise WorkbookError("siklus.terlalu-ramai", workbook=found["properties"]["title"])


def _refusal_of(change: Callable[[], object]) -> WorkbookError | None:
    """How changes that should be refused were refused; None if they were not."""
    try:
        change()
    except WorkbookError as error:
        if not _is_refusal(error):
            raise
        return error
    return None


def _refused(code: str, refusal: WorkbookError | None, *, spared: bool = True) -> Proof:
    """Whether changes were refused in words that we know, and what they would have changed was `spared`."""
    known = isinstance(refusal, Outrun)
    return Proof(code, known and spared, "" if known or refusal is None else _words(refusal))


def _is_refusal(error: WorkbookError) -> bool:
    """Whether Google refused the request itself; other errors (no connection, no access) prove nothing."""
    return isinstance(error, Outrun) or error.code == "google.ditolak"


def _words(error: WorkbookError) -> str:
    return str(error.particulars.get("sebab", ""))[:CAUSE_SHOWN]


def _fences(seen: Snapshot) -> list[str]:
    revision = cast("Revision", seen.revision)
    return [f"{revision.fence}_{number}" for number in revision.fences]
