"""``digest KIND``: send what is due now, or write a preview to look at."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import webbrowser
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from pathlib import Path

from automation.cli.compose import JAKARTA, Program, compose, jakarta_now
from automation.cli.logs import in_log, start_log
from automation.cli.report import trouble_lines
from automation.cli.screen import PARTLY, WELL, show
from automation.cycle.digest import Round, Sent
from automation.cycle.facts import Known
from automation.cycle.kinds import KINDS, DigestKind
from automation.digests.ledger import State
from automation.mail.delivery import OutboxPost, Outcome, Post, PostClosed, file_name
from automation.mail.message import KEY_HEADER
from automation.model.texts import Texts
from automation.reading.dates import read_date
from automation.trouble import ConfigurationError, DeliveryError, Trouble

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Send or preview the digests of one kind."""
    kind = KINDS.get(options.kind)
    if kind is None:
        raise ConfigurationError(Trouble("operator.pakai.jenis", jenis=options.kind, boleh=", ".join(KINDS)))
    if options.date is not None and not kind.dated:
        raise ConfigurationError(Trouble("operator.pakai.tanpa-tanggal", jenis=kind.name))
    if options.to is not None and not options.preview:
        raise ConfigurationError(Trouble("operator.pakai.hanya-pratinjau", jenis=kind.name))
    now = jakarta_now()
    moment = _moment(options.date, now)
    if moment > now and not options.preview:
        # What was sent for a day is not sent again when that day comes.
        raise ConfigurationError(Trouble("operator.pakai.tanggal-depan", jenis=kind.name, tanggal=options.date))
    program = compose(options.credentials, texts, options.state)
    start_log(program.state.path)
    if options.preview:
        return _preview(program, kind, moment, options.to, texts)
    with program.post() as post:
        opened = open_round(program, [kind], moment)
        sent = send(opened, kind, post, whatever_the_hour=options.date is not None)
    show(sent_lines(kind.name, sent, program, texts))
    return WELL if sent.well else PARTLY


def _moment(written: str | None, now: datetime) -> datetime:
    """Now, or the end of another day: what was known then, or would be due by then."""
    day = now.date() if written is None else read_date(written)
    if day is None:
        raise ConfigurationError(Trouble("operator.pakai.tanggal", tertulis=written))
    return now if day == now.date() else datetime.combine(day, time(23, 59), JAKARTA)


def _preview(program: Program, kind: DigestKind, now: datetime, email: str | None, texts: Texts) -> int:
    """Write the mails, say where they are, and show the one that was asked for."""
    folder = program.outbox / f"pratinjau-{kind.name}-{now:%Y-%m-%d}"
    opened = program.digester.open(now)
    people = opened.people(kind)
    if not people:
        show([texts.say("operator.kabar.tanpa-penerima", jenis=kind.name)])
        return WELL
    if email is not None and email.casefold() not in (person.email.casefold() for person in people):
        raise ConfigurationError(Trouble("operator.pakai.bukan-penerima", jenis=kind.name))
    previews = opened.previews(kind, email)
    if not previews:
        show([texts.say("operator.kabar.tanpa-pratinjau", jenis=kind.name)])
        return WELL
    post = OutboxPost(folder)
    for preview in previews:
        post.send(preview.message)
    show(
        [
            texts.say("operator.kabar.pratinjau", banyak=len(previews), folder=folder),
            *(f"  - {preview.mail.subject}" for preview in previews),
        ]
    )
    if email is not None:
        pages = [folder / f"{file_name(str(preview.message[KEY_HEADER]))}.html" for preview in previews]
        show(map(str, pages))
        _open_page(pages[0])
    return WELL


def _open_page(page: Path) -> None:
    """Show it in a browser, where there is somebody in front of a display."""
    on_display = sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if on_display:
        try:
            webbrowser.open(page.absolute().as_uri())
        except webbrowser.Error as error:
            log.info("no browser: %s", error)


def open_round(
    program: Program, kinds: Iterable[DigestKind], now: datetime, known: Known | None = None, *, stale: bool = False
) -> Round:
    """Read Kendali for digests of these kinds (see `Digester.open`); that it can't be read is in the log."""
    try:
        return program.digester.open(now, known, stale=stale)
    except Trouble as error:
        log.warning("digest %s not done: %s", ", ".join(kind.name for kind in kinds), in_log(error))
        raise


def send(opened: Round, kind: DigestKind, post: Post, *, whatever_the_hour: bool = False) -> Sent:
    """Send what is due of one kind, with its counts in the log."""
    try:
        sent = opened.send(kind, post, whatever_the_hour=whatever_the_hour)
    except Trouble as error:
        log.warning("digest %s not done: %s", kind.name, in_log(error))
        raise
    if sent.outcomes or sent.empty:
        accepted = _accepted(sent.outcomes)
        failed = len(sent.outcomes) - accepted
        log.info("digest %s: accepted=%d failed=%d empty=%d", kind.name, accepted, failed, sent.empty)
    return sent


def sent_lines(kind: str, sent: Sent, program: Program, texts: Texts) -> list[str]:
    """What came of sending, for the operator: counts, reasons, and the cells where an address stands; no addresses."""
    say = texts.say
    lines = []
    if accepted := _accepted(sent.outcomes):
        entry = "ditulis" if program.credentials.smtp is None else "terkirim"
        lines.append(say(f"operator.kabar.{entry}", banyak=accepted, jenis=kind, folder=program.outbox))
    if sent.empty:
        lines.append(say("operator.kabar.nihil", banyak=sent.empty, jenis=kind))
    if sent.begins and kind == "darurat":
        lines.append(say("operator.kabar.darurat-mulai"))
    failed = [(outcome.key, outcome.error) for outcome in sent.outcomes if outcome.error is not None]
    if failed:
        lines.append(say("operator.kabar.gagal", banyak=len(failed), jenis=kind))
        lines += dict.fromkeys(f"  - {_reason(sent.cells.get(key, ''), error, texts)}" for key, error in failed)
    if not lines:
        quiet = "tidak-ada" if KINDS[kind].dated else "tidak-ada-segera"
        lines.append(say(f"operator.kabar.{quiet if sent.recipients else 'tanpa-penerima'}", jenis=kind))
    if sent.problems:
        lines += [say("operator.kabar.dilewati", banyak=len(sent.problems)), *trouble_lines(sent.problems, texts)]
    return lines


def _reason(cell: str, error: DeliveryError, texts: Texts) -> str:
    """Why a mail was not sent; with the cell where its address stands, unless no mail can be sent at all."""
    words = texts.tell(error)
    if isinstance(error, PostClosed) or not cell:
        return words
    return texts.say("operator.kabar.alamat", sel=cell, pesan=words)


def _accepted(outcomes: Sequence[Outcome]) -> int:
    return sum(outcome.state is State.SENT for outcome in outcomes)
