"""A letter of the faction to an agency, on the cases of one decision: plain text, and the same on A4. It asks, and
names only numbers, places and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from automation.digests.figures import ANSWER
from automation.mail.slip import SOFT, Page
from automation.mail.templates import Templates
from automation.model.places import Kelurahan
from automation.model.register import Decision, Entry
from automation.model.rules import Rules

TEMPLATE = "surat/isi.txt"
#: Millimetres.
MARGIN, LINE = 25.0, 5.6
SIZE = 11.0  # points


@dataclass(frozen=True, slots=True)
class Item:
    """A case as the letter names it; of a private matter without what it is about."""

    ticket: str
    place: str
    category: str
    received: date


@dataclass(frozen=True, slots=True)
class Letter:
    """All that is in one letter."""

    id: str  # of the decision
    organisation: str
    address: str
    phone: str
    agency: str
    number: str
    day: date
    answer_by: date
    items: tuple[Item, ...]


def make_letter(
    decision: Decision, cases: tuple[Entry, ...], rules: Rules, office: tuple[str, str], today: date
) -> Letter:
    """The letter of a decision on these cases, of the day that is typed for it, or today."""
    day = decision.sent or today

    def place(kelurahan: Kelurahan) -> str:
        return rules.texts.say("surat.kasus.tempat", kelurahan=kelurahan.name, kecamatan=kelurahan.kecamatan)

    return Letter(
        id=decision.id,
        organisation=rules.organisation,
        address=office[1],
        phone=office[0],
        agency=decision.agency,
        number=decision.letter,
        day=day,
        answer_by=rules.calendar.after(day, ANSWER),
        items=tuple(
            Item(one.ticket, place(one.kelurahan), "" if one.sensitive else one.category, one.received) for one in cases
        ),
    )


def letter_text(letter: Letter, templates: Templates, rules: Rules) -> str:
    """The plain text: what is on the sheet, from top to bottom. Raises `Trouble` where the template can't be used."""
    head = [letter.organisation.upper(), letter.address, letter.phone, "", rules.texts.long_date(letter.day), ""]
    return "\n".join([*(line for line in head[:3] if line), *head[3:], templates.fill(TEMPLATE, {"letter": letter})])


def letter_pdf(letter: Letter, templates: Templates, rules: Rules, made: datetime) -> bytes:
    """The same on A4, as many pages as it takes."""
    page = Page(made, rules.texts.say("surat.berkas", nomor=letter.id), "A4", MARGIN)
    words = partial(page.words, size=SIZE, line=LINE)
    words(letter.organisation.upper(), size=14, style="B", align="C")
    if about := ", ".join(filter(None, (letter.address, letter.phone))):
        words(about, size=9, grey=SOFT, align="C")
    page.ln(2)
    page.line(MARGIN, page.get_y(), page.w - MARGIN, page.get_y())
    page.ln(5)
    top = page.get_y()
    words(rules.texts.long_date(letter.day), align="R")
    page.set_y(top)
    for line in templates.fill(TEMPLATE, {"letter": letter}).splitlines():
        if line.strip():
            words(line)
        else:
            page.ln(LINE * 0.6)
    return bytes(page.output())
