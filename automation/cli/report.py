"""A cycle, told to the operator: what was done, what waits, what failed and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from automation.cycle.sync import Failure, Report
from automation.model.cells import CellWrite, letters
from automation.model.masking import mask_text
from automation.model.texts import Texts
from automation.sheets.port import Changes, Rehearsal
from automation.trouble import Trouble

#: So many cells of a plan are shown for each tab; the rest is counted.
CELLS_SHOWN = 12
#: So many tickets are named where rows are gone.
TICKETS_SHOWN = 10
#: A cell's text is cut to this length: enough to recognise it.
TEXT_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Counts:
    """A cycle in numbers. `waiting` rows have an error and no ticket yet, `noted` rows a warning; `lanes` counts the
    spreadsheets whose rows still wait for a lane of numbers."""

    rows: int
    spreadsheets: int
    issued: int
    tickets: int
    waiting: int
    noted: int
    late: int
    running: int
    vanished: int
    restored: int
    lanes: int
    failed: int

    @classmethod
    def of(cls, report: Report) -> Counts:
        """Count what a cycle did."""
        outcomes, entries = report.outcomes, report.entries
        waiting = sum(len(outcome.repairs) for outcome in outcomes)
        said = sum(bool(judged.check) for outcome in outcomes for judged in outcome.judged)
        return cls(
            rows=sum(len(outcome.judged) for outcome in outcomes),
            spreadsheets=len(outcomes),
            issued=sum(outcome.issued for outcome in outcomes),
            tickets=len(entries),
            waiting=waiting,
            noted=max(said - waiting, 0),
            late=sum(entry.days_late > 0 for entry in entries),
            running=sum(not entry.status.closed for entry in entries),
            vanished=sum(len(tickets) for _, tickets in report.vanished),
            restored=sum(count for _, count in report.restored),
            lanes=sum(outcome.waiting for outcome in outcomes),
            failed=len(report.failures),
        )

    def in_log(self) -> str:
        """``rows=68 spreadsheets=3 …``: for whoever reads the log."""
        return " ".join(f"{name}={count}" for name, count in asdict(self).items())


def report_lines(report: Report, texts: Texts, called: str) -> list[str]:
    """The summary at the end of `sync`. Names of people and contents of rows do not appear in it. `called` is how the
    operator starts the program."""
    say = texts.say
    counts = Counts.of(report)
    lines = [
        say("operator.ringkasan.dibaca", baris=counts.rows, spreadsheet=counts.spreadsheets),
        say("operator.ringkasan.tiket", baru=counts.issued, semua=counts.tickets),
        say("operator.ringkasan.temuan", menunggu=counts.waiting, catatan=counts.noted),
        say("operator.ringkasan.tenggat", terlambat=counts.late, berjalan=counts.running),
    ]
    lines += event_lines(report, texts, called)
    for entry, tickets in (("menunggu", report.missing), ("terlepas", report.orphans)):
        if tickets:
            lines.append(_tickets(entry, tickets, texts, called))
    if counts.lanes:
        lines.append(say("operator.ringkasan.nomor", banyak=counts.lanes))
    return [
        *lines,
        *_calendar(report, texts),
        *(say("operator.ringkasan.nama", lama=old, baru=new) for old, new in report.renamed),
        *failure_lines(report.failures, texts),
        *_listed("tab", [trouble for outcome in report.outcomes for trouble in outcome.troubles], texts),
        *problem_lines(report.settings.problems, texts),
    ]


def event_lines(report: Report, texts: Texts, called: str) -> list[str]:
    """Rows that vanished and histories that were lost, by spreadsheet, and what to do."""
    return [
        *(_tickets("hilang", tickets, texts, called, spreadsheet=name) for name, tickets in report.vanished),
        *(texts.say("operator.ringkasan.pulih", spreadsheet=name, banyak=count) for name, count in report.restored),
    ]


def _tickets(entry: str, tickets: Sequence[str], texts: Texts, called: str, **particulars: object) -> str:
    """A message about these tickets that ends with the command for the first of them."""
    more = len(tickets) - TICKETS_SHOWN
    also = texts.say("operator.ringkasan.dan-lagi", banyak=more) if more > 0 else ""
    shown = " ".join(tickets[:TICKETS_SHOWN])
    return texts.say(
        f"operator.ringkasan.{entry}", banyak=len(tickets), lagi=also, perintah=called, tiket=shown, **particulars
    )


def in_short(tickets: Sequence[str]) -> str:
    """The first of these tickets, and how many more there are."""
    more = len(tickets) - TICKETS_SHOWN
    return ", ".join(tickets[:TICKETS_SHOWN]) + (f" + {more}" if more > 0 else "")


def failure_lines(failures: Sequence[Failure], texts: Texts) -> list[str]:
    """The spreadsheets that failed, by the names that Sumber has for them, and why."""
    if not failures:
        return []
    lines = [texts.say("operator.ringkasan.gagal", banyak=len(failures))]
    for failure in failures:
        words = texts.tell(failure.trouble)
        lines.append(f"  - {words}" if failure.name in words else f"  - {failure.name}: {words}")
    return lines


def problem_lines(problems: Sequence[Trouble], texts: Texts) -> list[str]:
    """What is to be mended in Kendali."""
    return _listed("kendali", problems, texts)


def _listed(entry: str, troubles: Sequence[Trouble], texts: Texts) -> list[str]:
    if not troubles:
        return []
    return [texts.say(f"operator.ringkasan.{entry}", banyak=len(troubles)), *trouble_lines(troubles, texts)]


def trouble_lines(troubles: Iterable[Trouble], texts: Texts) -> list[str]:
    """Each trouble in its words, as an item."""
    return [f"  - {texts.tell(trouble)}" for trouble in troubles]


def _calendar(report: Report, texts: Texts) -> list[str]:
    """Holidays that open cases are counted with, and that may still change."""
    running = [entry for entry in report.entries if entry.days_left is not None or entry.days_late]
    if not running:
        return []
    last = max(entry.due for entry in running) + timedelta(days=1)
    doubts = report.settings.rules.calendar.doubts(min(entry.received for entry in running), last)
    lines = []
    if doubts.estimated:
        days = ", ".join(f"{day:%d/%m/%Y}" for day in doubts.estimated)
        lines.append(texts.say("operator.ringkasan.libur-perkiraan", tanggal=days))
    if doubts.undecreed:
        lines.append(texts.say("operator.ringkasan.libur-belum", tahun=", ".join(map(str, doubts.undecreed))))
    return lines


def plan_lines(rehearsals: Sequence[Rehearsal], texts: Texts) -> list[str]:
    """What a dry run would have written, workbook by workbook."""
    lines = [texts.say("operator.rencana.judul")]
    for rehearsal in rehearsals:
        for changes in rehearsal.planned:
            lines += _changes(rehearsal, changes, texts)
    if len(lines) == 1:
        lines.append(texts.say("operator.rencana.kosong"))
    return [*lines, ""]


def _changes(rehearsal: Rehearsal, changes: Changes, texts: Texts) -> list[str]:
    snapshot = rehearsal.read()
    titles = {tab.key: tab.title for tab in snapshot.tabs}
    lines = [texts.say("operator.rencana.spreadsheet", nama=snapshot.name)]
    lines += [texts.say("operator.rencana.tab-baru", tab=new.title) for new in changes.new_tabs]
    lines += [
        texts.say("operator.rencana.tambah", tab=title, banyak=len(rows)) for title, rows in changes.appends.items()
    ]
    by_tab: dict[str, list[CellWrite]] = {}
    for cell in changes.cells:
        by_tab.setdefault(cell.tab, []).append(cell)
    for key, cells in by_tab.items():
        lines.append(texts.say("operator.rencana.tulis", tab=titles[key], banyak=len(cells)))
        for cell in cells[:CELLS_SHOWN]:
            shown = "" if cell.value is None else mask_text(" ".join(str(cell.value).split()))
            shown = shown if len(shown) <= TEXT_SHOWN else shown[: TEXT_SHOWN - 1] + "…"
            place = f"{letters(cell.column)}{cell.row + 1}"
            lines.append(texts.say("operator.rencana.sel", sel=place, isi=shown))
        if len(cells) > CELLS_SHOWN:
            lines.append(texts.say("operator.rencana.lagi", banyak=len(cells) - CELLS_SHOWN))
    return lines
