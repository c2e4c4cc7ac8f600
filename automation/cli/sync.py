"""``sync``: run one cycle, and tell its result. ``restore``, ``close``: give the deleted rows of cases back, or close
such a case without its row. ``data``: tell where something is held about a person. ``erase``: remove a complaint's
words everywhere. ``rollover``: end a year, or bring it back."""

import argparse
import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import groupby

from msgspec.structs import replace

from automation.cases.archive import is_put_away, title_of
from automation.cases.events import JOURNAL
from automation.cli import report as tell
from automation.cli.compose import Program, jakarta_now, start
from automation.cli.screen import PARTLY, WELL, Told, progress_bar, refuse
from automation.cli.state import Heartbeat
from automation.cli.unchanged import Unchanged
from automation.cycle.erasing import Content, Erasing, Held
from automation.cycle.gone import GoneCases
from automation.cycle.setup import Setup
from automation.cycle.sources import open_listed
from automation.cycle.sync import Report
from automation.cycle.tending import tend
from automation.cycle.year_end import has_ended, roll_over
from automation.model.bulk import in_bulk
from automation.model.disclosure import summary
from automation.model.texts import Texts
from automation.model.tickets import Ticket
from automation.reading.cell_text import line_of
from automation.reading.numbers import read_phones
from automation.tables.kendali import FILED, REGISTER, REPAIRS, WISHES
from automation.trouble import Trouble, WorkbookError

log = logging.getLogger(__name__)


@in_bulk
def sync(options: argparse.Namespace, texts: Texts) -> Told:
    """Run one cycle, unless nothing has changed since the last one; with --dry-run tell what it would do."""
    program, now = start(options, texts, rehearse=options.dry_run), jakarta_now()
    if not options.dry_run:
        return Unchanged(program, now).or_else(partial(run_cycle, program, now))
    report = run_cycle(program, now)
    lines = [*tell.plan_lines(program.rehearsals, texts), *tell.report_lines(report, program)]
    return lines, WELL if report.well else PARTLY


def run_cycle(program: Program, now: datetime, between: Callable[[], object] = lambda: None) -> Report:
    """One cycle, with a progress bar; its beginning, its end and its counts are logged. `between` is called before each
    spreadsheet. The first cycle of a day also tends archives, and deletes mails about cases whose words have expired;
    every cycle grants wishes."""
    log.info("cycle begins")
    began, heartbeat = time.monotonic(), Heartbeat(program.state, program.path, program.texts)
    begins = (last := heartbeat.last()) is None or last.time.date() != now.date()
    with progress_bar() as progress:

        def shown(done: int, total: int, name: str) -> None:
            progress(done, total, name)
            between()

        cycle = partial(program.syncer.sync, now, shown)
        report = cycle() if program.rehearsals else heartbeat.watch(now, cycle)
    counts = " ".join(f"{name}={count}" for name, count in tell.counts_of(report).items())
    log.info("cycle ends after %.1f s: %s", time.monotonic() - began, counts)
    for name, tickets in report.vanished:
        more = f" + {len(tickets) - tell.TICKETS_SHOWN}" if len(tickets) > tell.TICKETS_SHOWN else ""
        log.warning("%s: rows vanished: %s%s", name, ", ".join(tickets[: tell.TICKETS_SHOWN]), more)
    for name, count in report.restored:
        log.warning("%s: lost events put back from Kendali: %d", name, count)
    if begins and not program.rehearsals:
        tend_archives(program, report, now)
        program.delete_files(*(one.ticket for one in report.entries if one.erased and one.status.closed))
    if not program.rehearsals and report.kendali.tab(WISHES) is not None:
        from automation.cli.wishes import grant  # most cities have none

        grant(program, report, now)
    return report


def tend_archives(program: Program, report: Report, now: datetime) -> None:
    """Tend the tabs of years that were put away, if there are any; what fails is done on the next day."""
    if any(is_put_away(tab.title) for tab in report.kendali.tabs):
        listed, _ = open_listed(report.settings.sources, program.syncer.open_source, program.kendali)
        try:
            program.delete_files(*tend(program.kendali, listed, report.settings.rules, now))
        except Trouble as error:
            log.warning("years that were put away: %s", error.code)
        except Exception:
            log.exception("years that were put away")


def restore(options: argparse.Namespace, texts: Texts) -> Told:
    """Run a cycle, give the rows back, and run a cycle that recognises them."""
    tickets, program = tell.read_tickets(options.tickets), start(options, texts)
    first = last = run_cycle(program, jakarta_now())
    troubles = GoneCases(program.syncer, first, jakarta_now()).restore(tickets)
    if len(troubles) < len(tickets):
        last = run_cycle(program, jakarta_now())
    statuses = {entry.ticket: entry.status for entry in last.entries if entry.present}
    lines, done = list[str](), list[str]()
    for ticket in (ticket for ticket in tickets if ticket not in troubles):
        if (found := last.row_of(ticket) if ticket in statuses else None) is not None:
            place = {"spreadsheet": found[0], "tab": found[1].tab.title, "baris": found[1].number + 1}
            lines.append(program.say("operator.kasus.kembali", tiket=ticket, status=statuses[ticket].value, **place))
            done.append(ticket)
        else:
            lines.append(program.say("operator.kasus.belum", tiket=ticket, perintah=program.called))
    log.info("restore: %d of %d rows are back: %s", len(done), len(tickets), ", ".join(done))
    lines += _refused_lines(list(troubles.values()), texts)
    return [*lines, *_besides_lines(first, last, program)], WELL if len(done) == len(tickets) else PARTLY


def close(options: argparse.Namespace, texts: Texts) -> Told:
    """Run a cycle, close the case, and run a cycle that tells Kendali."""
    (ticket,), program = tell.read_tickets([options.ticket]), start(options, texts)
    first = run_cycle(program, jakarta_now())
    try:
        kept = GoneCases(program.syncer, first, jakarta_now()).close(ticket, line_of(options.reason))
    except Trouble as error:
        return [*_refused_lines([error], texts), *_besides_lines(first, first, program)], PARTLY
    last = run_cycle(program, jakarta_now())
    log.info("close: %s", ticket)
    done = program.say(f"operator.kasus.ditutup{'' if kept else '-dihapus'}", tiket=ticket, perintah=program.called)
    others = replace(last, entries=tuple(one for one in last.entries if one.ticket != ticket))
    return [done, *_besides_lines(first, others, program)], WELL


def _refused_lines(troubles: list[Trouble], texts: Texts) -> list[str]:
    """Why it was not done; and, if a spreadsheet could not be used, that the command has to be repeated."""
    again = [texts.say("operator.ulangi")] if any(isinstance(one, WorkbookError) for one in troubles) else []
    return [*tell.listed_lines("operator.kasus.gagal", troubles, texts), *again]


def _besides_lines(first: Report, last: Report, program: Program) -> list[str]:
    """What the cycles found besides: rows gone even after the `last`, events restored, and spreadsheets that failed."""
    found = replace(first, entries=last.entries)
    return [*tell.event_lines(found, program), *tell.failure_lines(last.failures, program.texts)]


def data(options: argparse.Namespace, texts: Texts) -> Told:
    """Run a cycle, and list all places that hold something about a ticket, or about all with a telephone number."""
    written = line_of(options.about)
    if re.match("rr|[0-9]{6}-[0-9]{4,9}-[0-9]$", written, re.IGNORECASE):  # even mistyped, no telephone number
        (written,) = tell.read_tickets([written])
    program = start(options, texts)
    erasing = Erasing(GoneCases(program.syncer, report := run_cycle(program, jakarta_now()), jakarta_now()))
    ticket, lines, told, unread = Ticket.parse(written), list[str](), list[Held](), tell.unread_lines(report, texts)
    tickets = [str(ticket)] if ticket else erasing.of_phone(written)
    for one in tickets:
        told += (held := [*erasing.held(one)])
        unread += tell.unlisted_lines(erasing, one, texts)
        found = tell.place_lines(held, texts)
        found += [program.say("operator.data.berkas", berkas=path) for path in program.files_of(one)]
        lines += [program.say("operator.data.tiket", tiket=one), *found] if found else []
    if others := [] if ticket else [*erasing.elsewhere(written, told)]:
        lines += [program.say("operator.data.lain"), *tell.place_lines(others, texts)]
    log.info("data: %d tickets", len(tickets))
    known = ticket or read_phones(written).numbers
    lines = lines or [program.say(f"operator.data.{'tidak-ada' if known else 'tidak-lengkap'}")]
    return [*lines, *unread], PARTLY if unread else WELL


def erase(options: argparse.Namespace, texts: Texts) -> Told:
    """Run a cycle, erase, and run a cycle that removes the words from everything that can be read."""
    (ticket,), program, contents = tell.read_tickets([options.ticket]), start(options, texts), dict[str, Content]()
    erasing = Erasing(GoneCases(program.syncer, first := run_cycle(program, jakarta_now()), jakarta_now()))
    try:
        contents[ticket], beside = erasing.content(ticket), [*erasing.beside(ticket)]  # while the row is not empty yet
        words, own = first.settings.rules.vocabulary, " ".join(map(line_of, contents[ticket]))
        reason = summary(line_of(options.reason), words, own, "", whole=True)  # it stays: nobody can remove it later
        erasing.erase(ticket, reason or program.say("operator.data.permintaan"))
        emptied = erasing.empty_rows(ticket) if options.row else []
    except Trouble as error:
        return _refused_lines([error], texts), PARTLY
    last = run_cycle(program, jakarta_now())
    tend_archives(program, last, jakarta_now())
    program.delete_files(ticket)
    log.info("erase: %s", ticket)
    erasing = Erasing(GoneCases(program.syncer, last, jakarta_now()), contents)
    held = [one for one in erasing.held(ticket) if one.tab not in (REGISTER, REPAIRS)]  # these hold only the ticket
    noted = [one for one in held if one.tab in (*FILED, WISHES)]
    left = [one for one in held if one not in noted]
    unlisted = tell.unlisted_lines(erasing, ticket, texts)
    files = [program.say("operator.data.berkas-tetap", berkas=path) for path in program.files_of(ticket)]
    shut = [one for one in last.settings.problems if one.particulars.get("tab") in (REGISTER, REPAIRS)]  # still shown
    return [
        program.say("operator.data.dihapus", tiket=ticket),
        *tell.place_lines((one for one in emptied if one not in left), texts, "dikosongkan"),
        *tell.place_lines((one for one in left if one.row is not None), texts, "tetap" if options.row else "baris"),
        *tell.place_lines((one for one in left if one.row is None), texts, "belum"),
        *tell.place_lines(noted, texts, "catatan"),
        *(line for one, own in beside for line in tell.place_lines([one], texts, "kolom", kolom=own)),
        *unlisted,
        *files,
        *tell.trouble_lines(shut, texts),
        program.say("operator.data.sisa"),
        *tell.unread_lines(last, texts),
        *([program.say("operator.ulangi")] if last.failures else []),  # no later cycle empties a row, or names it
    ], PARTLY if last.failures or left or unlisted or files or shut else WELL


def rollover(options: argparse.Namespace, texts: Texts) -> Told:
    """Tell what would be put away; with --yes, do it, and dress new tabs."""
    now = jakarta_now()
    if not options.year.isdecimal() or not 2000 < int(options.year) <= now.year:
        refuse("tahun", tertulis=options.year)
    year, undo, plan = int(options.year), options.undo, not options.yes
    program = start(options, texts, rehearse=plan)
    if undo and not has_ended(program.kendali.read(), year):
        return [texts.say("tahun.tidak-ditutup", tahun=year)], WELL
    over = program.kendali.read().tab(title_of(JOURNAL, year)) is not None  # what an end does last
    ended, report = roll_over(program.syncer, year, lambda: run_cycle(program, jakarta_now()), now, undo=undo)
    lines = [texts.say("tahun.belum-berakhir", tahun=year)] if plan and year == now.year and not undo else []
    for (name, there), tabs in groupby(ended, lambda one: (one.workbook, one.there)):
        shown = ((f"“{one.to}”", one.carried, one.left, one.untold) for one in tabs)
        to, carried, left, untold = zip(*shown, strict=True)
        stays = texts.say("tahun.tinggal", jumlah=sum(left)) if any(left) else ""
        stays += texts.say("tahun.belum-dikabari", jumlah=sum(untold)) if any(untold) else ""
        told = {"jumlah": len(to), "ke": ", ".join(to), "ikut": sum(carried), "tinggal": stays, "lain": there}
        lines.append(texts.say("tahun.tab-lain" if there else "tahun.tab", spreadsheet=name, **told))
    lines += tell.failure_lines(report.failures, texts)
    besides = [trouble for one in report.outcomes for trouble in one.troubles if trouble.code.startswith("tahun.")]
    lines += [texts.tell(trouble) for trouble in besides]
    code = PARTLY if report.failures or any(one.code != "tahun.tanpa-asal" for one in besides) else WELL
    if plan:
        if over and not (ended or report.failures or undo):
            return [texts.say("tahun.sudah", tahun=year), *map(texts.tell, besides)], code
        entry = "-buka" if undo else ""
        nothing = [] if ended or report.failures or undo else [texts.say("tahun.tidak-ada")]
        agree = texts.say(f"tahun.setuju{entry}", perintah=program.called, tahun=year)
        return [texts.say(f"tahun.rencana{entry}", tahun=year), *lines, *nothing, agree], code
    log.info("rollover %d%s: %d tabs, %d failed", year, " undone" if undo else "", len(ended), len(report.failures))
    if not (report.failures or undo):  # to a tab that lost a heading it would give an empty column of that name
        Setup(program.kendali, program.syncer.open_source, texts, now).run()
    done = [] if report.failures else [texts.say("tahun.dibuka" if undo else "tahun.selesai", tahun=year)]
    return [*lines, *done, *([texts.say("tahun.tab-baru")] if done and ended else [])], code
