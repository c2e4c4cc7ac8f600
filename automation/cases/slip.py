"""What the receipt says that a reporter takes home who has no telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from automation.cases.cells import kept_text
from automation.cases.complaint import Complaint
from automation.cases.date_words import Dates
from automation.cases.journal import Case
from automation.cases.masking import shorten
from automation.cases.rules import Rules
from automation.cases.texts import Texts

#: Characters of a name, of a category and of a telling line: what an A6 sheet has room for.
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Slip:
    """All words of one receipt. `facts` are labels and what is beside them."""

    name: str  # of the files, without an ending
    ticket: str
    organisation: str
    title: str
    number_label: str
    spoken: str
    facts: tuple[tuple[str, str], ...]
    ask: str
    thanks: str


def make_slip(case: Case, complaint: Complaint, promised: date | None, rules: Rules, contact: str) -> Slip:
    """The receipt of a case. Of a private matter it names no category; `contact` is an address for questions, or empty;
    the day that was `promised` is left out where it is None."""
    texts = rules.texts
    dates = Dates(texts)
    category = rules.categories.get(complaint.category) if complaint.category is not None else None
    place = rules.places.by_code(case.kelurahan)
    facts = {
        "nama": complaint.name,
        "masuk": dates.long(complaint.received or case.received),
        "kelurahan": place.name if place is not None else "",
        "kategori": category.name if category is not None and not category.sensitive else "",
        "tenggat": dates.long(promised) if promised is not None else "",
    }
    return Slip(
        name=texts.say("slip.berkas", tiket=case.ticket),
        ticket=case.ticket,
        organisation=_short(rules.organisation),
        title=texts.say("slip.judul"),
        number_label=texts.say("slip.nomor"),
        spoken=texts.say("slip.dibaca", kata=spoken(case.ticket, texts)),
        facts=tuple((texts.say(f"slip.isi.{entry}"), _short(value)) for entry, value in facts.items() if value),
        ask=texts.say("slip.bertanya-surel", surel=contact) if contact else texts.say("slip.bertanya"),
        thanks=texts.say("slip.terima-kasih"),
    )


def spoken(ticket: str, texts: Texts) -> str:
    """How a ticket is read aloud: ``er er – dua enam nol lima nol empat – nol nol nol satu – tiga``."""
    _, *groups = ticket.split("-")
    words = [" ".join(texts.say(f"slip.baca.{digit}") for digit in group) for group in groups]
    return texts.say("slip.baca.jeda").join([texts.say("slip.baca.awalan"), *words])


def _short(text: str) -> str:
    return shorten(" ".join(kept_text(text).split()), SHOWN)
