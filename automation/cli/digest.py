"""``digest KIND``: send what is due now, or write a preview to look at."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time

from automation.cases.texts import Texts
from automation.cli.compose import JAKARTA, Program, compose, jakarta_now
from automation.cli.exit_codes import PARTLY, WELL
from automation.cli.logs import start_log
from automation.cycle.digest import KINDS, Sent
from automation.digests.ledger import State
from automation.mail.outbox import OutboxPost
from automation.trouble import ConfigurationError, Trouble


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Send or preview the digests of one kind."""
    if options.kind not in KINDS:
        raise ConfigurationError(Trouble("operator.jenis-asing", jenis=options.kind, boleh=", ".join(KINDS)))
    program = compose(options.credentials, texts)
    start_log(program.credentials.folder)
    now = moment_of(options.date)
    if options.preview:
        return _preview(program, options.kind, now, texts)
    with program.post() as post:
        sent = program.digester.send(options.kind, now, post, whatever_the_hour=options.date is not None)
    print("\n".join(sent_lines(sent, program, texts)))
    return WELL if sent.well else PARTLY


def moment_of(day: date | None) -> datetime:
    """Now, or the end of another day: what was known then, or would be due by then."""
    now = jakarta_now()
    return now if day is None or day == now.date() else datetime.combine(day, time(23, 59), JAKARTA)


def _preview(program: Program, kind: str, now: datetime, texts: Texts) -> int:
    folder = program.outbox / f"pratinjau-{kind}-{now:%Y-%m-%d}"
    previews = program.digester.preview(kind, now)
    post = OutboxPost(folder)
    for preview in previews:
        post.send(preview.message)
    if previews:
        print(texts.say("operator.kabar.pratinjau", banyak=len(previews), folder=folder))
        for preview in previews:
            print(f"  - {preview.mail.subject}")
    else:
        print(texts.say("operator.kabar.tanpa-penerima", jenis=kind))
    return WELL


def sent_lines(sent: Sent, program: Program, texts: Texts) -> list[str]:
    """What came of sending, for the operator: counts and reasons, no addresses."""
    say = texts.say
    if not sent.recipients:
        return [say("operator.kabar.tanpa-penerima", jenis=KINDS[0])]
    accepted = sum(outcome.state is State.SENT for outcome in sent.outcomes)
    lines = []
    if accepted:
        local = program.credentials.smtp is None
        lines.append(
            say(
                "operator.kabar.ditulis" if local else "operator.kabar.terkirim", banyak=accepted, folder=program.outbox
            )
        )
    if sent.empty:
        lines.append(say("operator.kabar.nihil", banyak=sent.empty))
    failed = [outcome for outcome in sent.outcomes if outcome.error is not None]
    if failed:
        lines.append(say("operator.kabar.gagal", banyak=len(failed)))
        reasons = dict.fromkeys(say(o.error.code, **o.error.particulars) for o in failed if o.error is not None)
        lines += [f"  - {reason}" for reason in reasons]
    return lines or [say("operator.kabar.tidak-ada")]
