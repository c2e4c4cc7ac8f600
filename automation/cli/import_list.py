"""``import``: bring an old list into an intake tab, after a plan that shows no telephone number in full."""

import argparse
import logging
import re
import sys

from msgspec.structs import replace

from automation.cli.compose import compose, jakarta_now
from automation.cli.import_plan import Teller
from automation.cli.screen import PARTLY, WELL, Told, progress_bar, show
from automation.cli.state import start_log
from automation.cycle.importing import TakingIn
from automation.importing.old_list import OldList, as_one_list, find_lists
from automation.importing.profiles import read_said, said_of, words_of
from automation.model.bulk import in_bulk
from automation.model.cells import fold
from automation.model.texts import Texts
from automation.reading.cell_text import line_of
from automation.reading.headings import Said
from automation.sheets.files import count_hidden, read_list
from automation.sheets.local.reading import UNCALCULATED
from automation.tables.intake import DESCRIPTION
from automation.tables.kendali import GUIDE
from automation.trouble import ConfigurationError, Trouble, WorkbookError

log = logging.getLogger(__name__)
#: How a message begins in a chat that WhatsApp has exported: ``28/11/26, 09.14 - Bu Tini:``.
_MESSAGE = re.compile(r"\W*\d{1,2}[/.]\d{1,2}[/.]\d{2,4}[, ]+\d{1,2}[.:]\d\d\b.{0,12}?[])-] ?[^:]+:")
_AGREED = frozenset({"y", "ya", "yes", "lanjut", "lanjutkan", "ok", "oke"})


@in_bulk
def take_in(options: argparse.Namespace, texts: Texts) -> Told:
    """Read the list, show the plan, ask again after each correction, append."""
    program = compose(options.credentials, texts, options.state)
    taking, heard = TakingIn(program.syncer, jakarta_now()), options.map or ()
    known = {label: to for profile in taking.profiles for label, to in profile.said.items() if to}
    old = read_old_list(options, texts, {**known, **read_said(heard)})
    said, words = said_of(old, heard), words_of(heard, taking.settings.rules)
    with progress_bar() as progress:
        target = taking.find(options.tab, options.spreadsheet or "", progress)
    answer, unread = "=", ", ".join(map(str, taking.unread))
    wrong = [texts.say("impor.profil-keliru", baris=unread)] if unread else []
    while "=" in answer:
        plan = taking.plan(target, old, said, words)
        teller = Teller(plan, options.file.name, texts, taking.settings.rules.old_after_days, taking.now.date())
        show([*teller.lines(), "", *wrong])  # right above the question: the plan fills a screen
        if options.dry_run:
            return [texts.say("impor.hasil.coba")], WELL
        if not (plan.rows or plan.corrections):
            return [texts.say("impor.hasil.batal")], PARTLY if plan.translation.too_long else WELL
        answer = "ya" if options.yes or not plan.rows else _answer(texts, "tanya")
        try:
            told = answer.split(";") if "=" in answer else []
            said, words, wrong = said | said_of(old, told), words | words_of(told, taking.settings.rules), []
        except ConfigurationError as error:
            wrong = [texts.tell(cause) for cause in error.causes]
    if answer not in _AGREED:
        return [texts.say("impor.hasil.batal")], WELL
    asks = bool(teller.old) and not options.yes
    vouched = options.dates_right or (asks and _answer(texts, "tanya-tanggal") in _AGREED)
    start_log(program.state)
    if plan.corrections:
        if agreed := options.corrections or (not options.yes and _answer(texts, "tanya-perubahan") in _AGREED):
            taking.correct(plan)
        entry = "dibetulkan" if agreed else "tidak-dibetulkan"
        show([texts.say(f"impor.hasil.{entry}", banyak=len(plan.corrections))])
    lacking = taking.append(plan, vouched=vouched)
    name, tab = target.snapshot.name, target.tab.title
    log.info("import: %d rows appended to %s", len(plan.rows) - lacking, name)
    if said or words:
        taking.remember(plan.old, said, words, options.file.name)
        show([texts.say("impor.hasil.ingat")])
    entry, count = ("kurang", lacking) if lacking else ("selesai" if plan.rows else "tanpa-baris", len(plan.rows))
    done = texts.say(f"impor.hasil.{entry}", banyak=count, tab=tab, spreadsheet=name, perintah=program.called)
    return [done], PARTLY if lacking or plan.translation.too_long else WELL


def _answer(texts: Texts, question: str) -> str:
    """The operator's answer. Raises `ConfigurationError` if nobody can be asked."""
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise ConfigurationError(Trouble("impor.tanpa-jawaban"))
    try:
        answer = input(texts.say(f"impor.hasil.{question}")).strip()
        return answer if "=" in answer else answer.casefold()  # what is said of words is kept as typed
    except EOFError:
        return ""


def read_old_list(options: argparse.Namespace, texts: Texts, said: Said | None = None) -> OldList:
    """The list in the file: all its visible tabs that hold complaints, or the one that is asked for; `said` as in
    `find_lists`. Raises `ConfigurationError` if there is none, or if formulas have no results."""
    name, unnamed = options.file.name, texts.say("impor.tanpa-nama", huruf="{huruf}")
    try:
        tabs = read_list(options.file)
    except WorkbookError as error:
        raise ConfigurationError(error) from error
    asked = fold(options.sheet or "")  # the page `Panduan` of a spreadsheet of ours is no list
    wanted = [tab for tab in tabs if (fold(tab.title) == asked if asked else not tab.hidden and tab.title != GUIDE)]
    if options.sheet is not None and not wanted:
        listed = ", ".join(f"“{tab.title}”" for tab in tabs)
        raise ConfigurationError(Trouble("impor.lembar-asing", berkas=name, lembar=options.sheet, ada=listed))
    lists = [old for tab in wanted for old in find_lists(tab.title, tab.rows, unnamed, said)]
    if not lists:
        lines = (", ".join(filter(None, map(line_of, row))) for tab in wanted for row in tab.rows)
        chat = sum(map(bool, map(_MESSAGE.match, lines))) > 1
        raise ConfigurationError(Trouble(f"impor.{'obrolan' if chat else 'tanpa-judul'}", berkas=name))
    old = as_one_list(name, lists)
    for record in old.records:
        if UNCALCULATED in record.cells:
            raise ConfigurationError(Trouble("impor.rumus", berkas=name, baris=record.number))
    told = {one.title for one in [one for one in lists if one.at(DESCRIPTION) is not None] or lists}
    filled = [*(tab.title for tab in (wanted if options.sheet else tabs) if tab.width), *(one.title for one in lists)]
    others = tuple(dict.fromkeys(title for title in filled if title not in told))
    return replace(old, others=others, hidden=count_hidden(options.file, wanted))
