"""``slip``: a receipt to print for a reporter who has no telephone. Nothing is written but its two files."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from automation.cases.journal import Case
from automation.cli.compose import Program, compose, jakarta_now
from automation.cli.gone import read_tickets
from automation.cli.logs import start_log
from automation.cli.screen import WELL, show
from automation.config.kendali import read_kendali
from automation.config.texts import TEMPLATES
from automation.cycle.registry import Registry
from automation.mail.slip import make_slip, slip_html, slip_pdf
from automation.model.texts import Texts
from automation.model.tickets import Ticket, is_misheard, nearest
from automation.trouble import Trouble
from automation.whole_file import write_whole

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Read Kendali, which knows every case, and write the files."""
    written = options.ticket.strip(" ,;.")
    if not is_misheard(written):
        read_tickets([written])
    program = compose(options.credentials, texts, options.state)
    start_log(program.state.path)
    now = jakarta_now()
    snapshot = program.kendali.read()
    settings = read_kendali(snapshot, texts)
    cases = {ticket: case for ticket, (_, case) in Registry(snapshot).cases().items()}
    case = _running(written, cases, program)
    examiner = program.syncer.examiner(snapshot, settings, now)
    complaint = examiner.examine(case.content, settings.rules.places.by_code(case.kelurahan), False)
    times, _ = examiner.clock(complaint, case.received, case.statuses, case.first_due)
    promised = times.due if times.days_left is not None else None
    slip = make_slip(case, complaint, promised, settings.rules, settings.reply_to)
    files = {
        options.output / f"{slip.name}.html": slip_html(slip, TEMPLATES).encode(),
        options.output / f"{slip.name}.pdf": slip_pdf(slip, now),
    }
    for path in files:
        _refuse_other(path, case.ticket)
    for path, content in files.items():
        _write(path, content)
    log.info("slip: %s", case.ticket)
    paths = [texts.say("slip.hasil.berkas", berkas=path) for path in files]
    show([texts.say("slip.hasil.ditulis", tiket=case.ticket), *paths])
    return WELL


def _running(written: str, cases: dict[str, Case], program: Program) -> Case:
    """The case of this ticket. Raises `Trouble` for one that nobody knows, that is closed, or whose row is gone."""
    ticket = Ticket.parse(written)
    case = cases.get(str(ticket))
    if case is None:
        named = str(ticket or written.upper())
        near = nearest(named, cases)
        raise Trouble("kasus.asing-mirip" if near else "kasus.asing", tiket=named, mirip=near)
    if case.closed_at is not None:
        since = f"{case.closed_at:%d/%m/%Y}"
        raise Trouble("slip.hasil.sudah-ditutup", tiket=case.ticket, tanggal=since, status=case.status.value)
    if not case.present:
        raise Trouble("slip.hasil.baris-hilang", tiket=case.ticket, perintah=program.called)
    return case


def _refuse_other(path: Path, ticket: str) -> None:
    """The same slip may replace itself; whatever else has its name stays."""
    try:
        if path.exists() and ticket.encode() not in path.read_bytes():
            raise Trouble("slip.hasil.berkas-lain", berkas=path, tiket=ticket)
    except OSError as error:
        raise _unwritable(path, error) from error


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> Trouble:
    return Trouble("slip.hasil.folder-tertutup", berkas=path, sebab=error.strerror or type(error).__name__)
