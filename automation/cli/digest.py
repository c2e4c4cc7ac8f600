"""``digest KIND``: send what is due now, or write a preview to look at."""

import argparse
import os
import sys
import webbrowser
from datetime import date, datetime, time

from automation.cli.compose import Program, jakarta_now, start
from automation.cli.export import read_days
from automation.cli.report import listed_lines
from automation.cli.screen import PARTLY, WELL, Told, refuse
from automation.config.values import read_scope
from automation.cycle.digest import Sent
from automation.cycle.facts import Facts
from automation.cycle.health import read_health
from automation.cycle.kinds import KINDS, DigestKind
from automation.digests.mingguan import Reses, reses
from automation.mail.delivery import OutboxPost, PostClosed, file_name
from automation.mail.render import KEY_HEADER, Context, Mail
from automation.model.places import Doubt
from automation.model.texts import ZONE, Texts
from automation.reading.dates import read_date
from automation.whole_file import write_whole


def digest(options: argparse.Namespace, texts: Texts) -> Told:
    """Send or preview the digests of one kind."""
    if options.kind == "reses":
        return _reses(options, texts)
    kind = KINDS.get(options.kind)
    if kind is None:
        refuse("jenis", jenis=options.kind, boleh=", ".join([*KINDS, "reses"]))
    if options.since is not None or options.dapil is not None:
        refuse("hanya-reses", jenis=kind.name)
    if options.date is not None and not kind.dated:
        refuse("tanpa-tanggal", jenis=kind.name)
    if options.to is not None and not options.preview:
        refuse("hanya-pratinjau", jenis=kind.name)
    now = jakarta_now()
    day = now.date() if options.date is None else read_date(options.date)
    if day is None:
        refuse("tanggal", tertulis=options.date)
    # For another day, its end: what was known then, or would be due by then.
    moment = now if day == now.date() else datetime.combine(day, time(23, 59), ZONE)
    if moment > now and not options.preview:
        # Refused, because what was sent for a day would not be sent again when that day comes.
        refuse("tanggal-depan", jenis=kind.name, tanggal=options.date)
    program = start(options, texts)
    if options.preview:
        return _preview(program, kind, moment, options.to)
    with program.post() as post:
        sent = program.digester.open(moment).send(kind, post, whatever_the_hour=options.date is not None)
    words = listed_lines("operator.ringkasan.kata", texts.problems, texts)
    return [*sent_lines(kind, sent, program), *words], WELL if sent.well else PARTLY


def _reses(options: argparse.Namespace, texts: Texts) -> Told:
    """Write the report of a reses into the outbox. Raises `ConfigurationError` for wrong days or an unknown dapil."""
    if options.date is not None:
        refuse("tanpa-tanggal", jenis=options.kind)
    begins, ends = read_days(options.since, options.to)
    if begins is None or ends is None or not options.dapil:
        refuse("tanpa-reses")
    program = start(options, texts)
    facts = Facts(program.kendali, texts, jakarta_now(), whole=True)
    places = facts.settings.rules.places
    scope = read_scope(f"Dapil {options.dapil}", places)
    if isinstance(scope, Doubt) or scope.dapil is None:
        refuse("dapil", dapil=options.dapil, ada=", ".join(map(str, sorted({place.dapil for place in places}))))
    told, mail = reses_page(program, facts, scope.dapil, begins, ends)
    paths = [program.outbox / f"reses-dapil-{scope.dapil}-{begins}-{ends}.{ending}" for ending in ("html", "txt")]
    for path, content in zip(paths, (mail.html, mail.text), strict=True):
        write_whole(path, content.encode())
    written = program.say("operator.kabar.reses", berkas=paths[0], banyak=told.total)
    return [written, *listed_lines("operator.ringkasan.kata", texts.problems, texts)], WELL


def reses_page(program: Program, facts: Facts, dapil: int, begins: date, ends: date) -> tuple[Reses, Mail]:
    """The report of a reses: its figures, and its page."""
    settings = facts.settings
    told = reses(facts.register, dapil, begins, ends, facts.now, settings.rules.places)
    context = Context("", "", settings.rules.organisation, settings.reply_to)
    return told, program.digester.renderer.render("reses", told, context)


def _preview(program: Program, kind: DigestKind, now: datetime, email: str | None) -> Told:
    folder = program.outbox / f"pratinjau-{kind.name}-{now:%Y-%m-%d}"
    opened, today = program.digester.open(now), jakarta_now()
    if now > today:  # in the future: nothing can have been read by then
        opened.facts.health = read_health(opened.facts.snapshot, opened.facts.settings, program.texts, today)
    people = opened.people(kind)
    if people and email is not None and email.casefold() not in (person.email.casefold() for person in people):
        refuse("bukan-penerima", jenis=kind.name)
    mails = opened.previews(kind, email)
    if not mails:
        return [program.say(f"operator.kabar.tanpa-{'pratinjau' if people else 'penerima'}", jenis=kind.name)], WELL
    post = OutboxPost(folder)
    for mail in mails:
        post.send(mail)
    lines = [program.say("operator.kabar.pratinjau", banyak=len(mails), folder=folder)]
    lines += [f"  - {mail['Subject']}" for mail in mails]
    if email is not None:
        pages = [folder / f"{file_name(str(mail[KEY_HEADER]))}.html" for mail in mails]
        lines += map(str, pages)
        if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            webbrowser.open(pages[0].absolute().as_uri())
    return [*lines, *listed_lines("operator.ringkasan.kata", program.texts.problems, program.texts)], WELL


def sent_lines(kind: DigestKind, sent: Sent, program: Program) -> list[str]:
    """The result of sending, for the operator: counts, reasons, and the cells of addresses, but no addresses."""
    lines, reasons, texts = list[str](), list[str](), program.texts

    def say(entry: str, count: int = 0) -> None:
        lines.append(texts.say(f"operator.kabar.{entry}", banyak=count, jenis=kind.name, folder=program.outbox))

    if sent.accepted:
        say("ditulis" if program.credentials.smtp is None else "terkirim", sent.accepted)
    if sent.empty:
        say("nihil", sent.empty)
    if sent.begins and kind.name == "darurat":
        say("darurat-mulai")
    for cell, error in ((outcome.cell, outcome.error) for outcome in sent.outcomes if outcome.error is not None):
        words = texts.tell(error)
        if cell and not isinstance(error, PostClosed):  # which means that no mail can be sent at all
            words = texts.say("operator.kabar.alamat", sel=cell, pesan=words)
        reasons.append(f"  - {words}")
    if reasons:
        say("gagal", len(reasons))
        lines += dict.fromkeys(reasons)
    if not lines:
        say("tanpa-penerima" if not sent.recipients else "tidak-ada" if kind.dated else "tidak-ada-segera")
    return [*lines, *listed_lines("operator.kabar.dilewati", sent.problems, texts)]
