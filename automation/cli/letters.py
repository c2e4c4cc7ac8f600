"""Wishes that are answered by mail: what is held about a case, its receipt, what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from automation.cli.compose import Program
from automation.cli.files import history_lines, made_slip
from automation.cli.report import place_lines
from automation.config.kendali import Settings
from automation.cycle.erasing import Erasing
from automation.cycle.gone import GoneCases
from automation.digests.audience import CITY, Recipient

Result = tuple[str, dict[str, object]]  # the entry of the answer, and its particulars


class Asked(Protocol):
    """A wish: about which ticket, what else is said, and how its answer begins."""

    @property
    def ticket(self) -> str: ...
    @property
    def rest(self) -> str: ...
    @property
    def key(self) -> str: ...


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

    def slip(self, wish: Asked) -> Result:
        """Its receipt."""
        from automation.mail.slip import slip_pdf  # only here a PDF is made

        _, made = made_slip(self.program, wish.ticket)
        file = f"{made.name}.pdf", slip_pdf(made, self.now)
        return self._mail(wish, [self.program.texts.say("permintaan.lampiran")], file)

    def _mail(self, wish: Asked, lines: list[str], file: tuple[str, bytes] | None = None) -> Result:
        """Mail these lines to the address that the wish names, or to the coordinator of the case's kelurahan; only to
        one that stands in Penerima or Wilayah."""
        from automation.mail.note import note

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
        own = places.by_code.get(self.gone.known(wish.ticket)[1].kelurahan)
        named = next((word for word in wish.rest.split() if "@" in word), own.coordinator_email if own else "")
        return {person.email.casefold(): person for person in people}.get(named.strip(".,;<>").casefold())
