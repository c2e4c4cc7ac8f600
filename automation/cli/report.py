"""A cycle, told to the operator: what was done, what waits, what failed and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from automation.cases.grid import CellWrite
from automation.cases.texts import Texts
from automation.config.table import letters
from automation.cycle.sync import Report
from automation.sheets.port import Changes
from automation.sheets.rehearsal import Rehearsal
from automation.trouble import Trouble

#: So many cells of a plan are shown for each tab; the rest is counted.
CELLS_SHOWN = 12
#: A cell's text is cut to this length: enough to recognise it.
TEXT_SHOWN = 60


def report_lines(report: Report, texts: Texts) -> list[str]:
    """The summary at the end of `sync`. Names of people and contents of rows do not appear in it."""
    say = texts.say
    outcomes = report.outcomes
    waiting = sum(len(outcome.repairs) for outcome in outcomes)
    noted = sum(bool(judged.check) for outcome in outcomes for judged in outcome.judged) - waiting
    lines = [
        say(
            "operator.ringkasan.dibaca",
            baris=sum(len(outcome.judged) for outcome in outcomes),
            spreadsheet=len(outcomes),
        ),
        say("operator.ringkasan.tiket", baru=sum(outcome.issued for outcome in outcomes), semua=len(report.entries)),
        say("operator.ringkasan.temuan", menunggu=waiting, catatan=max(noted, 0)),
        say(
            "operator.ringkasan.tenggat",
            terlambat=sum(entry.days_late > 0 for entry in report.entries),
            berjalan=sum(not entry.status.closed for entry in report.entries),
        ),
    ]
    for entry, count in (
        ("hilang", sum(outcome.vanished for outcome in outcomes)),
        ("pulih", sum(outcome.restored for outcome in outcomes)),
        ("nomor", sum(outcome.waiting for outcome in outcomes)),
    ):
        if count:
            lines.append(say(f"operator.ringkasan.{entry}", banyak=count))
    lines += _calendar(report, texts)
    if report.failures:
        lines.append(say("operator.ringkasan.gagal", banyak=len(report.failures)))
        lines += trouble_lines((failure.trouble for failure in report.failures), texts)
    troubles = [trouble for outcome in outcomes for trouble in outcome.troubles]
    if troubles:
        lines.append(say("operator.ringkasan.tab", banyak=len(troubles)))
        lines += trouble_lines(troubles, texts)
    if report.settings.problems:
        lines.append(say("operator.ringkasan.kendali", banyak=len(report.settings.problems)))
        lines += trouble_lines(report.settings.problems, texts)
    return lines


def trouble_lines(troubles: Iterable[Trouble], texts: Texts) -> list[str]:
    """Each trouble in its words, as an item."""
    return [f"  - {texts.say(trouble.code, **trouble.particulars)}" for trouble in troubles]


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
            shown = "" if cell.value is None else " ".join(str(cell.value).split())
            shown = shown if len(shown) <= TEXT_SHOWN else shown[: TEXT_SHOWN - 1] + "…"
            place = f"{letters(cell.column)}{cell.row + 1}"
            lines.append(texts.say("operator.rencana.sel", sel=place, isi=shown))
        if len(cells) > CELLS_SHOWN:
            lines.append(texts.say("operator.rencana.lagi", banyak=len(cells) - CELLS_SHOWN))
    return lines
