"""A letter on what a meeting has decided, and wishes that are answered by mail: what is held
about a case, its receipt, what happened to it."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from automation.cli.compose import Program, jakarta_now, start
from automation.cli.files import history_lines, made_slip
from automation.cli.report import place_lines
from automation.cli.screen import TEMPLATES, WELL, show
from automation.config.kendali import Settings
from automation.cycle.erasing import Erasing
from automation.cycle.facts import Facts
from automation.cycle.filing import give_back, known
from automation.cycle.gone import GoneCases
from automation.cycle.registry import Registry
from automation.digests.audience import CITY, Recipient
from automation.model.texts import Texts
from automation.tables.kendali import DECISIONS
from automation.trouble import Trouble
from automation.whole_file import write_whole

Result = tuple[str, dict[str, object]]  # the entry of the answer, and its particulars


class Asked(Protocol):
    """A wish: about which ticket, what else is said, and how its answer begins."""

    @property
    def ticket(self) -> str: ...
    @property
    def rest(self) -> str: ...
    @property
    def key(self) -> str: ...


def letter(options: argparse.Namespace, texts: Texts) -> int:
    """Write the letter of a decision, as text and PDF."""
    program = start(options, texts)
    name, files = letter_files(program, options.number.strip(" ,;.").upper())
    for ending, content in files.items():
        path = options.output / f"{name}.{ending}"
        try:
            write_whole(path, content)
        except OSError as error:
            raise Trouble("slip.hasil.folder-tertutup", berkas=path, sebab=error.strerror or "") from error
        show([texts.say("slip.hasil.berkas", berkas=path)])
    return WELL


def letter_files(program: Program, number: str) -> tuple[str, dict[str, bytes]]:
    """What the files of a decision's letter are called, and what is in them by their ending. Raises `Trouble` for a
    decision that nobody knows."""
    from automation.mail.letter import letter_pdf, letter_text, make_letter
    from automation.mail.templates import Templates

    facts = Facts(program.kendali, program.texts, jakarta_now())
    rules, register = facts.settings.rules, facts.register
    decision = next((one for one in register.decisions if one.id == number), None)
    if decision is None:
        raise Trouble("kasus.asing-keputusan", nomor=number)
    cases = tuple(entry for entry in register.entries if entry.ticket in decision.tickets)
    made = make_letter(decision, cases, rules, facts.settings.office, facts.now.date())
    templates = Templates(TEMPLATES, program.texts, program.own_words)
    files = {"txt": letter_text(made, templates, rules).encode(), "pdf": letter_pdf(made, templates, rules, facts.now)}
    return program.texts.say("surat.berkas", nomor=number), files


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes them, after the cycle that `gone` and `erasing` know of."""

    program: Program
    settings: Settings
    gone: GoneCases
    erasing: Erasing
    now: datetime

    def data(self, wish: Asked) -> Result:
        """Where something is held about it."""
        lines = [*place_lines(self.erasing.held(wish.ticket), self.program.texts)]
        return self._mail(wish, lines or [self.program.texts.say("operator.data.tidak-ada")])

    def explain(self, wish: Asked) -> Result:
        """What happened to the case."""
        return self._mail(wish, history_lines(self.program, wish.ticket))

    def give_back(self, wish: Asked) -> Result:
        """The row of a decision that was deleted."""
        rows = known(Registry(self.program.kendali.read()))[DECISIONS]
        if wish.ticket not in rows:
            raise Trouble("kasus.asing-keputusan", nomor=wish.ticket)
        give_back(self.program.kendali, DECISIONS, rows[wish.ticket])
        return "dipulihkan", {}

    def letter(self, wish: Asked) -> Result:
        """The letter of a decision."""
        name, files = letter_files(self.program, wish.ticket)
        return self._mail(wish, files["txt"].decode().splitlines(), (f"{name}.pdf", files["pdf"]))

    def slip(self, wish: Asked) -> Result:
        """Its receipt."""
        from automation.mail.slip import slip_pdf  # only here a PDF is made

        _, made = made_slip(self.program, wish.ticket)
        file = f"{made.name}.pdf", slip_pdf(made, self.now)
        return self._mail(wish, [self.program.texts.say("permintaan.lampiran")], file)

    def _mail(self, wish: Asked, lines: list[str], file: tuple[str, bytes] | None = None) -> Result:
        """Mail these lines to the address that the wish names, or to the coordinator of the case's kelurahan; only to
        one that stands in Penerima or Wilayah."""
        from automation.mail.render import note

        if (recipient := self._recipient(wish)) is None:
            return "alamat", {}
        message = note(wish.key, lines, recipient, self.program.digester.sender, self.settings, self.now)
        if file is not None:
            message.add_attachment(file[1], maintype="application", subtype="pdf", filename=file[0])
        with self.program.post() as post:
            post.send(message)
        return "dikirim", {"nama": recipient.name or "-"}

    def _recipient(self, wish: Asked) -> Recipient | None:
        places, chosen = self.settings.rules.places, self.settings.recipients
        helpers = ((place.coordinator, place.coordinator_email) for place in places if place.coordinator_email)
        people = [*(Recipient(*helper, (CITY,), (), even_when_empty=False) for helper in helpers), *chosen]
        ticket = re.sub(r"^K\d{4}", "RR", wish.ticket)  # a decision's number has its first ticket in it
        own = places.by_code.get(self.gone.known(ticket)[1].kelurahan)
        named = next((word for word in wish.rest.split() if "@" in word), own.coordinator_email if own else "")
        return {person.email.casefold(): person for person in people}.get(named.strip(".,;<>").casefold())
