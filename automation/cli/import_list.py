"""``import``: bring an old list into an intake tab. It shows what it would do, and asks."""

from __future__ import annotations

import argparse
import logging
import sys

from automation.cli.compose import compose, jakarta_now
from automation.cli.import_plan import plan_lines
from automation.cli.screen import PARTLY, WELL, progress_bar, show
from automation.cli.state import start_log
from automation.cycle.importing import Plan, TakingIn
from automation.importing.old_list import OldList, find_list
from automation.importing.values import is_month_first
from automation.model.cells import fold
from automation.model.masking import mask_text
from automation.model.texts import Texts
from automation.reading.cell_text import line_of
from automation.sheets.files import read_list
from automation.sheets.local.reading import UNCALCULATED
from automation.tables.intake import RECEIVED
from automation.trouble import ConfigurationError, Trouble, WorkbookError

log = logging.getLogger(__name__)
_AGREED = frozenset({"y", "ya", "yes", "lanjut", "lanjutkan", "ok", "oke"})


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Read the list, show the plan, ask, append."""
    program = compose(options.credentials, texts, options.state)
    old = read_old_list(options, texts)
    taking = TakingIn(program.syncer, jakarta_now())
    with progress_bar() as progress:
        target = taking.find(options.tab, options.spreadsheet or "", progress)
    plan = taking.plan(target, old)
    show(plan_lines(plan, options.file.name, texts, taking.settings.rules.old_after_days))
    if options.dry_run or not plan.rows:
        show(["", texts.say("impor.hasil.coba" if options.dry_run else "impor.hasil.batal")])
        return WELL
    if not options.yes and not _agreed(texts):
        show([texts.say("impor.hasil.batal")])
        return WELL
    start_log(program.state)
    return _append(taking, plan, texts, program.called)


def _append(taking: TakingIn, plan: Plan, texts: Texts, called: str) -> int:
    place = {"tab": plan.target.tab.title, "spreadsheet": plan.target.snapshot.name}
    lacking = taking.append(plan)
    log.info("import: %d rows appended to %s", len(plan.rows) - lacking, plan.target.snapshot.name)
    if lacking:
        show([texts.say("impor.hasil.kurang", banyak=lacking, **place)])
        return PARTLY
    show([texts.say("impor.hasil.selesai", banyak=len(plan.rows), perintah=called, **place)])
    return WELL


def _agreed(texts: Texts) -> bool:
    """Whether the operator says so. Raises `ConfigurationError` where nobody can be asked."""
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise ConfigurationError(Trouble("impor.tanpa-jawaban"))
    try:
        answer = input(texts.say("impor.hasil.tanya"))
    except EOFError:
        return False
    return answer.strip().casefold() in _AGREED


def read_old_list(options: argparse.Namespace, texts: Texts) -> OldList:
    """The list in the file. Raises `ConfigurationError` where there is none, or its sheet is not certain."""
    name = options.file.name
    try:
        tabs = read_list(options.file)
    except WorkbookError as error:
        raise ConfigurationError(error) from error
    if options.sheet is not None:
        wanted = [tab for tab in tabs if fold(tab.title) == fold(options.sheet)]
        if not wanted:
            listed = ", ".join(f"“{tab.title}”" for tab in tabs)
            raise ConfigurationError(Trouble("impor.lembar-asing", berkas=name, lembar=options.sheet, ada=listed))
        tabs = tuple(wanted)
    unnamed = texts.say("impor.tanpa-nama", huruf="{huruf}")
    lists = [(tab, old) for tab in tabs if (old := find_list(tab.title, tab.rows, unnamed)) is not None]
    if not lists:
        raise ConfigurationError(Trouble("impor.tanpa-judul", berkas=name))
    if len(lists) > 1:
        listed = ", ".join(f"“{tab.title}”" for tab, _ in lists)
        trouble = Trouble("impor.lembar-ganda", berkas=name, ada=listed, contoh=lists[0][0].title)
        raise ConfigurationError(trouble)
    ((_, old),) = lists
    _refuse_unreadable(old, name)
    return old


def _refuse_unreadable(old: OldList, name: str) -> None:
    """Raise `ConfigurationError` for what would be read wrong: formulas without results, months before days."""
    received = old.at(RECEIVED)
    for record in old.records:
        if UNCALCULATED in record.cells:
            raise ConfigurationError(Trouble("impor.rumus", berkas=name, baris=record.number))
        if received is not None and is_month_first(record.cells[received]):
            written = mask_text(line_of(record.cells[received]))
            label = old.columns[received].label
            trouble = Trouble("impor.tanggal-terbalik", kolom=label, baris=record.number, tulisan=written)
            raise ConfigurationError(trouble)
