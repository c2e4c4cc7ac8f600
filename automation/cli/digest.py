"""``digest KIND``: send what is due now, or write a preview to look at."""

from __future__ import annotations

import argparse
import logging
from datetime import datetime, time

from automation.cases.dates import read_date
from automation.cases.texts import Texts
from automation.cli.compose import JAKARTA, Program, compose, jakarta_now
from automation.cli.exit_codes import PARTLY, WELL
from automation.cli.logs import in_log, start_log
from automation.cli.screen import show
from automation.cycle.digest import KINDS, Sent
from automation.digests.ledger import State
from automation.mail.outbox import OutboxPost
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Send or preview the digests of one kind."""
    if options.kind not in KINDS:
        raise ConfigurationError(Trouble("operator.pakai.jenis", jenis=options.kind, boleh=", ".join(KINDS)))
    now = jakarta_now()
    moment = _moment(options.date, now)
    if moment > now and not options.preview:
        # What was sent for a day is not sent again when that day comes.
        raise ConfigurationError(Trouble("operator.pakai.tanggal-depan", jenis=options.kind, tanggal=options.date))
    program = compose(options.credentials, texts)
    start_log(program.credentials.folder)
    if options.preview:
        return _preview(program, options.kind, moment, texts)
    sent = send(program, options.kind, moment, whatever_the_hour=options.date is not None)
    show(sent_lines(options.kind, sent, program, texts))
    return WELL if sent.well else PARTLY


def _moment(written: str | None, now: datetime) -> datetime:
    """Now, or the end of another day: what was known then, or would be due by then."""
    day = now.date() if written is None else read_date(written)
    if day is None:
        raise ConfigurationError(Trouble("operator.pakai.tanggal", tertulis=written))
    return now if day == now.date() else datetime.combine(day, time(23, 59), JAKARTA)


def _preview(program: Program, kind: str, now: datetime, texts: Texts) -> int:
    folder = program.outbox / f"pratinjau-{kind}-{now:%Y-%m-%d}"
    previews = program.digester.preview(kind, now)
    post = OutboxPost(folder)
    for preview in previews:
        post.send(preview.message)
    if not previews:
        show([texts.say("operator.kabar.tanpa-penerima", jenis=kind)])
        return WELL
    show(
        [
            texts.say("operator.kabar.pratinjau", banyak=len(previews), folder=folder),
            *(f"  - {preview.mail.subject}" for preview in previews),
        ]
    )
    return WELL


def send(program: Program, kind: str, now: datetime, *, whatever_the_hour: bool = False) -> Sent:
    """Send what is due of one kind, with its counts in the log."""
    try:
        with program.post() as post:
            sent = program.digester.send(kind, now, post, whatever_the_hour=whatever_the_hour)
    except Trouble as error:
        log.warning("digest %s not done: %s", kind, in_log(error))
        raise
    if sent.outcomes or sent.empty:
        accepted = _accepted(sent)
        failed = len(sent.outcomes) - accepted
        log.info("digest %s: accepted=%d failed=%d empty=%d", kind, accepted, failed, sent.empty)
    return sent


def sent_lines(kind: str, sent: Sent, program: Program, texts: Texts) -> list[str]:
    """What came of sending, for the operator: counts and reasons, no addresses."""
    say = texts.say
    if not sent.recipients:
        return [say("operator.kabar.tanpa-penerima", jenis=kind)]
    lines = []
    if accepted := _accepted(sent):
        entry = "ditulis" if program.credentials.smtp is None else "terkirim"
        lines.append(say(f"operator.kabar.{entry}", banyak=accepted, folder=program.outbox))
    if sent.empty:
        lines.append(say("operator.kabar.nihil", banyak=sent.empty))
    errors = [outcome.error for outcome in sent.outcomes if outcome.error is not None]
    if errors:
        lines.append(say("operator.kabar.gagal", banyak=len(errors)))
        lines += dict.fromkeys(f"  - {say(error.code, **error.particulars)}" for error in errors)
    return lines or [say("operator.kabar.tidak-ada")]


def _accepted(sent: Sent) -> int:
    return sum(outcome.state is State.SENT for outcome in sent.outcomes)
