"""What is written as a file, to be taken elsewhere: ``export``, all cases; ``slip``, a receipt to print for a reporter
who has no telephone."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from automation.cases.examiner import Examiner, make_entries
from automation.cases.history import history as told_history, standing
from automation.cases.journal import Case
from automation.cli.compose import Program, compose, jakarta_now, start
from automation.cli.log import start_log
from automation.cli.report import read_tickets
from automation.cli.screen import TEMPLATES, WELL, show
from automation.config.kendali import Settings, read_kendali
from automation.config.values import read_scope
from automation.cycle.facts import read_links
from automation.cycle.health import read_health
from automation.cycle.kendali import plain
from automation.cycle.registry import Registry
from automation.cycle.second_copy import told_of
from automation.digests.audience import CITY, Scope, within
from automation.digests.case_rows import CaseFacts, exported_headings, exported_row
from automation.digests.figures import measures
from automation.digests.flow import passage
from automation.model.cells import Writable, fold
from automation.model.complaint import Complaint
from automation.model.deadlines import Clock
from automation.model.places import Doubt, Places
from automation.model.register import Health
from automation.model.texts import Texts
from automation.model.tickets import Ticket, is_misheard, nearest
from automation.sheets.files import Form, table_file, write_new
from automation.sheets.port import Snapshot
from automation.trouble import ConfigurationError, Trouble
from automation.whole_file import write_whole

if TYPE_CHECKING:
    from automation.mail.slip import Slip

log = logging.getLogger(__name__)
_MOST_NAMES = 1000


def export(options: argparse.Namespace, texts: Texts) -> int:
    """Read Kendali, write the file, say what is in it: the cases in the order in which they were issued, with personal
    data only where that was asked for."""
    if options.proposals:
        from automation.cli.proposals import export_proposals

        return export_proposals(options, texts)
    form = read_form(options.format, options.output)
    since, until = read_days(getattr(options, "from"), options.to)
    program = compose(options.credentials, texts, options.state)
    now = jakarta_now()
    snapshot = program.kendali.read()
    settings = read_kendali(snapshot, texts)
    rules, cases = settings.rules, Registry(snapshot).cases()
    examiner, scope = Examiner(rules, now.date()), _scope(options.scope, rules.places)
    rows: list[list[Writable]] = []
    for entry in within(make_entries(cases.values(), read_links(snapshot), examiner, now), [scope]):
        if (since or entry.received) <= entry.received <= (until or entry.received):
            _, case = cases[entry.ticket]
            complaint = examiner.examine(case.content, entry.kelurahan, False)
            category = rules.categories.get(entry.category)
            measured = measures(passage(entry), now.date(), rules.calendar)
            facts = CaseFacts(entry, measured, texts, complaint, category, personal=options.full, travels=True)
            rows.append([plain(value) for value in exported_row(facts, case.content)])
    data = table_file(form, texts.say("ekspor.lembar"), exported_headings(personal=options.full), rows)
    named = {"sejak": since, "sampai": until, "dibuat": now.date()}
    name = _name(options.scope if scope != CITY else None, named, texts, full=options.full)
    path = options.output or _unused(name, form)
    try:
        write_new(path, data)
    except FileExistsError:
        raise ConfigurationError(Trouble("ekspor.sudah-ada", berkas=path)) from None
    start_log(program.state)
    log.info("export: %d cases as %s, %s", len(rows), form, "with personal data" if options.full else "masked")
    lines = [texts.say("ekspor.ditulis", banyak=len(rows), berkas=path.absolute())]
    lines.append(texts.say("ekspor.awas" if options.full else "ekspor.disamarkan"))
    if form is Form.CSV:
        lines.append(texts.say("ekspor.csv"))
    unread = [health for health in read_health(snapshot, settings, texts, now) if health.problem]
    show([*lines, *_unread_lines(unread, texts)])
    return WELL


def read_form(written: str | None, output: Path | None) -> Form:
    """Csv or xlsx, as said or as the file is called. Raises `ConfigurationError`."""
    ending = output.suffix.removeprefix(".").casefold() if output is not None else ""
    said = (written or ending).strip().casefold()
    if said not in {form.value for form in Form}:
        raise ConfigurationError(Trouble("operator.pakai.tanpa-bentuk"))
    if ending in {form.value for form in Form} and ending != said:
        raise ConfigurationError(Trouble("operator.pakai.bentuk-beda", bentuk=said, berkas=output))
    return Form(said)


def read_days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """The first and the last day of receipt. Raises `ConfigurationError`."""
    days: list[date | None] = []
    for option, written in (("--from", since), ("--to", until)):
        try:
            day = None if written is None else datetime.strptime(written.strip(), "%Y-%m-%d").date()  # noqa: DTZ007
            days.append(day)
        except ValueError:
            trouble = Trouble("operator.pakai.tanggal-rentang", tertulis=written, isian=option)
            raise ConfigurationError(trouble) from None
    first, last = days
    if first is not None and last is not None and first > last:
        raise ConfigurationError(Trouble("operator.pakai.rentang", dari=first, sampai=last))
    return first, last


def _scope(written: str | None, places: Places) -> Scope:
    if written is None:
        return CITY
    found = read_scope(written, places)
    if isinstance(found, Doubt):
        entry, near = ("cakupan-mirip", found.candidates[0]) if found.candidates else ("cakupan", "")
        listed = ", ".join(found.candidates)
        raise ConfigurationError(Trouble(f"operator.pakai.{entry}", tertulis=written, calon=listed, contoh=near))
    return found


def _name(scope: str | None, days: Mapping[str, date | None], texts: Texts, *, full: bool) -> str:
    """What the file is called if nobody says: what is in it, and when it was made."""
    parts = [texts.say("ekspor.nama.awal")]
    if scope is not None:
        parts.append("-".join(filter(None, map(fold, scope.split()))))
    parts += [texts.say(f"ekspor.nama.{entry}", hari=day) for entry, day in days.items() if day is not None]
    if full:
        parts.append(texts.say("ekspor.nama.lengkap"))
    return "-".join(parts)


def _unused(name: str, form: Form) -> Path:
    names = [name, *(f"{name}-{number}" for number in range(2, _MOST_NAMES))]
    return next((path for each in names if not (path := Path(f"{each}.{form}")).exists()), Path(f"{name}.{form}"))


def _unread_lines(unread: Sequence[Health], texts: Texts) -> list[str]:
    lines = [texts.say("ekspor.tertinggal", banyak=len(unread))] if unread else []
    for health in unread:
        since = f"{health.last_read:%d/%m/%Y %H:%M}" if health.last_read is not None else texts.say("ekspor.belum")
        words = " ".join(health.problem.split())
        lines.append(texts.say("ekspor.spreadsheet", nama=health.name, sejak=since, sebab=words))
    return lines


def slip(options: argparse.Namespace, texts: Texts) -> int:
    """Read Kendali, which knows every case, and write the files."""
    from automation.mail.slip import slip_html, slip_pdf  # `export` needs no PDF
    from automation.mail.templates import Templates

    written = options.ticket.strip(" ,;.")
    if not is_misheard(written):
        read_tickets([written])
    program = start(options, texts)
    now = jakarta_now()
    case, made = made_slip(program, written)
    files = {
        options.output / f"{made.name}.html": slip_html(made, Templates(TEMPLATES, texts, program.own_words)).encode(),
        options.output / f"{made.name}.pdf": slip_pdf(made, now),
    }
    path = options.output
    try:
        for path in files:
            # The same slip may replace itself; whatever else has its name stays.
            if path.exists() and case.ticket.encode() not in path.read_bytes():
                raise Trouble("slip.hasil.berkas-lain", berkas=path, tiket=case.ticket)
        for path, content in files.items():
            write_whole(path, content)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Trouble("slip.hasil.folder-tertutup", berkas=path, sebab=cause) from error
    log.info("slip: %s", case.ticket)
    paths = [texts.say("slip.hasil.berkas", berkas=path) for path in files]
    show([texts.say("slip.hasil.ditulis", tiket=case.ticket), *paths])
    return WELL


def made_slip(program: Program, written: str) -> tuple[Case, Slip]:
    """The case of a ticket and its receipt, from what Kendali knows. Raises `Trouble` where none can be written."""
    from automation.mail.slip import make_slip

    case, complaint, times, settings, _ = _known(program, written)
    promised = times.due if times.days_left is not None else None
    return _running(case, program), make_slip(
        case, complaint, promised, settings.rules, settings.reply_to, settings.office
    )


def history(options: argparse.Namespace, texts: Texts) -> int:
    """Tell what happened to a case."""
    program = start(options, texts)
    show(history_lines(program, options.ticket.strip(" ,;."), mailed=False))
    return WELL


def history_lines(program: Program, written: str, *, mailed: bool = True) -> list[str]:
    """What happened to a case, from what Kendali knows; into a mail goes of a private matter only that and when."""
    case, complaint, times, settings, snapshot = _known(program, written)
    private = mailed and settings.rules.is_private(complaint)
    events, decided = told_of(snapshot, case.ticket)
    lines = told_history(events, decided, case.ticket, settings.rules, private=private)
    heading = program.texts.say("jejak.judul", tiket=case.ticket)
    return [heading, *lines, *([] if private else [standing(case, times.due, settings.rules)])]


def _known(program: Program, written: str) -> tuple[Case, Complaint, Clock, Settings, Snapshot]:
    """What Kendali knows of a ticket. Raises `Trouble` for one that nobody knows."""
    now, snapshot = jakarta_now(), program.kendali.read()
    settings = read_kendali(snapshot, program.texts)
    cases = {ticket: case for ticket, (_, case) in Registry(snapshot).cases().items()}
    ticket = Ticket.parse(written)
    if (case := cases.get(str(ticket))) is None:
        named = str(ticket or written.upper())
        near = nearest(named, cases)
        raise Trouble("kasus.asing-mirip" if near else "kasus.asing", tiket=named, mirip=near)
    examiner = program.syncer.examiner(snapshot, settings, now)
    complaint = examiner.examine(case.content, settings.rules.places.by_code.get(case.kelurahan), False)
    times, _ = examiner.clock(complaint, case.received, case.statuses, case.first_due)
    return case, complaint, times, settings, snapshot


def _running(case: Case, program: Program) -> Case:
    """The case. Raises `Trouble` for one that is closed, or whose row is gone."""
    if case.closed_at is not None:
        since = f"{case.closed_at:%d/%m/%Y}"
        raise Trouble("slip.hasil.sudah-ditutup", tiket=case.ticket, tanggal=since, status=case.status.value)
    if not case.present:
        raise Trouble("slip.hasil.baris-hilang", tiket=case.ticket, perintah=program.called)
    return case
