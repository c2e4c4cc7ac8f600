"""``export``: all cases as a file, to be taken elsewhere."""

from __future__ import annotations

import argparse
import logging
from datetime import date, datetime
from pathlib import Path

from automation.cli.compose import compose, jakarta_now
from automation.cli.logs import start_log
from automation.cli.screen import WELL, show
from automation.config.kendali import read_kendali
from automation.config.values import read_scope
from automation.cycle.facts import Selection, Table, make_table
from automation.digests.audience import CITY, Scope
from automation.model.cells import fold
from automation.model.places import Doubt, Places
from automation.model.texts import Texts
from automation.sheets.files import Form, table_file, write_new
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)
_MOST_NAMES = 1000


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Read Kendali, write the file, say what is in it."""
    form = read_form(options.format, options.output)
    since, until = read_days(getattr(options, "from"), options.to)
    program = compose(options.credentials, texts, options.state)
    now = jakarta_now()
    snapshot = program.kendali.read()
    settings = read_kendali(snapshot, texts)
    chosen = Selection(since, until, _scope(options.scope, settings.rules.places))
    table = make_table(snapshot, settings, texts, now, chosen, personal=options.full)
    data = table_file(form, texts.say("ekspor.lembar"), table.headings, table.rows)
    path = options.output or _unused(_name(chosen, options.scope, now, texts, full=options.full), form)
    try:
        write_new(path, data, private=options.full)
    except FileExistsError:
        raise ConfigurationError(Trouble("ekspor.sudah-ada", berkas=path)) from None
    start_log(program.state.path)
    log.info("export: %d cases as %s, %s", len(table.rows), form, "with personal data" if options.full else "masked")
    show(_told(table, path, form, texts, full=options.full))
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
    first, last = _day("--from", since), _day("--to", until)
    if first is not None and last is not None and first > last:
        raise ConfigurationError(Trouble("operator.pakai.rentang", dari=first, sampai=last))
    return first, last


def _day(option: str, written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return datetime.strptime(written.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the calendar
    except ValueError:
        trouble = Trouble("operator.pakai.tanggal-rentang", tertulis=written, isian=option)
        raise ConfigurationError(trouble) from None


def _scope(written: str | None, places: Places) -> Scope:
    if written is None:
        return CITY
    found = read_scope(written, places)
    if isinstance(found, Doubt):
        if not found.candidates:
            raise ConfigurationError(Trouble("operator.pakai.cakupan", tertulis=written))
        listed, example = ", ".join(found.candidates), found.candidates[0]
        trouble = Trouble("operator.pakai.cakupan-mirip", tertulis=written, calon=listed, contoh=example)
        raise ConfigurationError(trouble)
    return found


def _name(chosen: Selection, scope: str | None, now: datetime, texts: Texts, *, full: bool) -> str:
    """What the file is called if nobody says: what is in it, and when it was made."""
    parts = [texts.say("ekspor.nama.awal")]
    if chosen.scope != CITY and scope is not None:
        parts.append("-".join(filter(None, (fold(word) for word in scope.split()))))
    if chosen.since is not None:
        parts.append(texts.say("ekspor.nama.sejak", hari=chosen.since))
    if chosen.until is not None:
        parts.append(texts.say("ekspor.nama.sampai", hari=chosen.until))
    parts.append(texts.say("ekspor.nama.dibuat", hari=now.date()))
    if full:
        parts.append(texts.say("ekspor.nama.lengkap"))
    return "-".join(parts)


def _unused(name: str, form: Form) -> Path:
    """A name that no file has yet."""
    names = [name, *(f"{name}-{number}" for number in range(2, _MOST_NAMES))]
    return next((path for each in names if not (path := Path(f"{each}.{form}")).exists()), Path(f"{name}.{form}"))


def _told(table: Table, path: Path, form: Form, texts: Texts, *, full: bool) -> list[str]:
    lines = [texts.say("ekspor.ditulis", banyak=len(table.rows), berkas=path.absolute())]
    lines.append(texts.say("ekspor.awas" if full else "ekspor.disamarkan"))
    if form is Form.CSV:
        lines.append(texts.say("ekspor.csv"))
    if table.unread:
        lines.append(texts.say("ekspor.tertinggal", banyak=len(table.unread)))
        for health in table.unread:
            since = f"{health.last_read:%d/%m/%Y %H:%M}" if health.last_read is not None else texts.say("ekspor.belum")
            words = " ".join(health.problem.split())
            lines.append(texts.say("ekspor.spreadsheet", nama=health.name, sejak=since, sebab=words))
    return lines
