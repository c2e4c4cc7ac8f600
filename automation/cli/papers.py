"""Papers about single cases: ``slip``, a receipt to print for a reporter without a telephone; ``surat``, a letter about
a meeting's decision; ``history``, what happened to a case."""

import argparse
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from automation.cases.history import History, clock_line
from automation.cases.journal import Case
from automation.cli.compose import Program, jakarta_now, start
from automation.cli.report import listed_lines, read_tickets
from automation.cli.screen import WELL, Told, refuse
from automation.cycle.facts import Facts
from automation.cycle.second_copy import events_of
from automation.model.complaint import Complaint
from automation.model.deadlines import Clock
from automation.model.texts import Texts
from automation.model.tickets import is_misheard, unknown
from automation.trouble import Trouble, reason_of
from automation.whole_file import write_whole

log = logging.getLogger(__name__)


def slip(options: argparse.Namespace, texts: Texts) -> Told:
    """Read Kendali, which knows every case, and write the receipt as HTML and PDF."""
    program, written = start(options, texts), options.ticket.strip(" ,;.")
    name, files = slip_files(program, written, jakarta_now())
    (ticket,) = read_tickets([written])
    lines = _written(program, options.output, name, files, ticket)
    log.info("slip: %s", ticket)
    return [program.say("slip.hasil.ditulis", tiket=ticket), *lines], WELL


def _written(program: Program, folder: Path | None, name: str, files: Mapping[str, bytes], ticket: str) -> list[str]:
    """Write files (given by ending), and tell where. A receipt replaces only a file with its `ticket`. A letter (empty
    `ticket`) replaces its PDF, but not a text that somebody has changed. Raises `Trouble` instead of replacing."""
    paths = {(folder or Path()) / f"{name}.{ending}": content for ending, content in files.items()}
    try:
        for path, content in paths.items():
            if ticket and path.exists() and ticket.encode() not in path.read_bytes():
                raise Trouble("slip.hasil.berkas-lain", berkas=path, tiket=ticket)
            if not ticket and path.suffix != ".pdf" and path.exists() and path.read_bytes() != content:
                raise Trouble("surat.berkas-ada", berkas=path)
        for path, content in paths.items():
            write_whole(path, content)
    except OSError as error:
        raise Trouble("slip.hasil.folder-tertutup", berkas=path, sebab=reason_of(error)) from error
    lines = [program.say("slip.hasil.berkas", berkas=path) for path in paths]
    return [*lines, *listed_lines("operator.ringkasan.kata", program.texts.problems, program.texts)]


def slip_files(program: Program, written: str, now: datetime) -> tuple[str, dict[str, bytes]]:
    """The name and, by ending, the files of a receipt. Raises `Trouble` for one closed, unknown, erased or gone."""
    from automation.mail.paper import TEMPLATE, make_slip, slip_pdf  # the history needs no PDF

    case, complaint, times, facts = _known(program, written, now)
    if case.erased:
        raise Trouble("kasus.dihapus", tiket=case.ticket)
    if case.closed_at is not None:
        since = f"{case.closed_at:%d/%m/%Y}"
        raise Trouble("slip.hasil.sudah-ditutup", tiket=case.ticket, tanggal=since, status=case.status.value)
    if not case.present:
        raise Trouble("slip.hasil.baris-hilang", tiket=case.ticket, perintah=program.called)
    promised = times.due if times.days_left is not None else None
    made = make_slip(case, complaint, promised, facts.settings, now.date())
    html = program.templates.fill(TEMPLATE, {"slip": made})
    return made.name, {"html": html.encode(), "pdf": slip_pdf(made, now)}


def letter(options: argparse.Namespace, texts: Texts) -> Told:
    """Write the letter of a decision, as text and PDF."""
    program, number = start(options, texts), options.number.strip(" ,;.").upper()
    if not number.removeprefix("K")[:4].isdigit():  # it may be a person's name, which must not get into the log
        refuse("nomor-surat", tertulis=options.number)
    name, files = letter_files(program, number, jakarta_now())
    return _written(program, options.output, name, files, ""), WELL


def letter_files(program: Program, number: str, now: datetime) -> tuple[str, dict[str, bytes]]:
    """The name and, by ending, the contents of the files of a decision's letter. Raises `Trouble` if it is unknown."""
    from automation.mail.paper import write_letter

    facts = Facts(program.kendali, program.texts, now, whole=True)
    decision = next((one for one in facts.register.decisions if one.id == number), None)
    if decision is None:
        raise Trouble("kasus.asing-keputusan", nomor=number)
    cases = tuple(entry for entry in facts.register.entries if entry.ticket in decision.tickets)
    files = write_letter(decision, cases, facts.settings, program.templates, facts.now)
    return program.say("surat.berkas", nomor=number), files


def history(options: argparse.Namespace, texts: Texts) -> Told:
    """Tell what happened to a case."""
    return history_lines(start(options, texts), options.ticket.strip(" ,;."), jakarta_now(), mailed=False), WELL


def history_lines(program: Program, written: str, now: datetime, *, mailed: bool = True) -> list[str]:
    """What happened to a case, from what Kendali knows; if mailed, a private matter tells only kinds and times."""
    case, complaint, times, facts = _known(program, written, now)
    rules = facts.settings.rules
    private = mailed and rules.is_private(complaint, case.categories)
    lines = History(case.ticket, rules, private=private).lines(*events_of(facts.snapshot, case.ticket))
    heading = program.texts.say("jejak.judul", tiket=case.ticket)
    return [heading, *lines, *([] if private else [clock_line(case, times.due, rules)])]


def _known(program: Program, written: str, now: datetime) -> tuple[Case, Complaint, Clock, Facts]:
    """What Kendali knows of a ticket. Raises `Trouble` if it is unknown, or no ticket (the text may be a name)."""
    ticket = written.upper() if is_misheard(written) else read_tickets([written])[0]
    facts = Facts(program.kendali, program.texts, now, whole=True)
    cases = {ticket: case for ticket, (_, case) in facts.registry.cases().items()}
    if (case := cases.get(ticket)) is None:
        raise unknown(ticket, cases)
    examiner = program.syncer.examiner(facts.snapshot, facts.settings, now)
    complaint = examiner.examine(case.content, examiner.rules.places.by_code.get(case.kelurahan), False)
    times, _ = examiner.clock(complaint, case.received, case.statuses, case.first_due)
    return case, complaint, times, facts
