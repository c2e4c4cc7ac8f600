"""What is printed: the receipt for a reporter without a telephone, and the faction's letter to an agency. The receipt
is HTML for a browser and PDF for anything else, both A6 portrait; the letter is plain text, and PDF on A4."""

import unicodedata
from datetime import date, datetime
from functools import partial
from types import SimpleNamespace

from fpdf import FPDF
from msgspec import Struct

from automation.cases.journal import Case
from automation.config.kendali import Settings
from automation.digests.figures import ANSWER, VERIFICATION
from automation.mail.templates import Templates
from automation.model.cells import kept_text
from automation.model.complaint import Complaint, Status
from automation.model.disclosure import shorten
from automation.model.register import Decision, Entry
from automation.model.texts import Texts

TEMPLATE, LETTER_TEMPLATE = "slip/isi.html", "surat/isi.txt"
#: Millimetres.
WIDTH, HEIGHT, MARGIN = 105.0, 148.0, 9.0
LETTER_MARGIN, LETTER_LINE = 25.0, 5.6
#: A font that every PDF reader has, and its encoding: Western European letters.
FONT, ENCODING = "Helvetica", "windows-1252"
INK, SOFT, LINE = 20, 95, 190  # greys
#: Factors by which everything is made smaller until it fits on one page.
SCALES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.6, 0.5)
SHOWN = 160  # characters of a name or a fact: what an A6 sheet has room for


class Slip(Struct, frozen=True):
    """All words of one receipt. `facts` are pairs of a label and its text."""

    name: str  # of the files, without an ending
    ticket: str
    organisation: str
    title: str
    number_label: str
    spoken: str
    facts: tuple[tuple[str, str], ...]
    ask: str
    thanks: str


def make_slip(case: Case, complaint: Complaint, promised: date | None, settings: Settings, today: date) -> Slip:
    """The receipt of a case, with its `promised` day if any; without a private category, or a step on a past day."""
    rules, texts, contact = settings.rules, settings.rules.texts, settings.reply_to
    checked = min(rules.calendar.after(case.received, VERIFICATION), promised or date.max)
    step = f"slip.langkah.{case.status.value.casefold().replace(' ', '-')}"
    category, private = rules.category(complaint.category), rules.is_private(complaint, case.categories)
    place = rules.places.by_code.get(case.kelurahan)
    facts = {
        "masuk": texts.long_date(case.received),
        "kelurahan": place.name if place is not None else "",
        "kategori": category.name if category is not None and not private else "",
        "langkah": texts.say(step, tanggal=texts.long_date(checked))
        if texts.has(step) and (case.status is not Status.NEW or (promised is not None and checked >= today))
        else "",
        "tenggat": texts.long_date(promised) if promised is not None else "",
        "telepon": settings.office[0],
        "alamat": settings.office[1],
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
    """A ticket as it is read aloud: ``er er – dua enam nol lima nol empat – nol nol nol satu – tiga``."""
    _, *groups = ticket.split("-")
    words = [" ".join(texts.say(f"slip.baca.{digit}") for digit in group) for group in groups]
    return texts.say("slip.baca.jeda").join([texts.say("slip.baca.awalan"), *words])


def slip_pdf(slip: Slip, made: datetime) -> bytes:
    """The receipt as a PDF of one page. Letters that the font lacks lose their marks, or become a question mark. The
    same slip `made` at the same time gives the same bytes."""
    for scale in SCALES:
        page = _Receipt(made, slip.name, (WIDTH, HEIGHT), MARGIN, scale)
        page.draw(slip)
        if page.get_y() <= HEIGHT - MARGIN or scale == SCALES[-1]:
            break
    return bytes(page.output())


class Page(FPDF):
    """A sheet in portrait, `format` and `margin` in millimetres, `made` at that time; never breaks if it is scaled."""

    def __init__(
        self, made: datetime, title: str, format: str | tuple[float, float], margin: float, scale: float = 0.0
    ) -> None:
        super().__init__(orientation="portrait", unit="mm", format=format)
        self.core_fonts_encoding, self.scale = ENCODING, scale or 1.0
        self.set_creation_date(made)
        self.set_margin(margin)
        self.set_auto_page_break(auto=not scale, margin=margin)
        self.add_page()
        self.set_title(title)
        self.set_lang("id")

    def words(
        self, text: str, size: float, style: str = "", grey: int = INK, align: str = "L", line: float = 0
    ) -> None:
        """A paragraph over the whole width; `size` in points, `line` in millimetres."""
        self.set_font(FONT, style, size * self.scale)
        self.set_text_color(grey)
        line = line or size * self.scale * 0.3528 * 1.25
        self.multi_cell(0, line, printable(text), align=align, new_x="LMARGIN", new_y="NEXT")


class _Receipt(Page):
    def draw(self, slip: Slip) -> None:
        self.c_margin = 0
        self.words(slip.organisation, 11, "B")
        self.words(slip.title, 9, grey=SOFT)
        self.gap(5)
        self.words(slip.number_label, 9, grey=SOFT)
        self.set_font(FONT, "B", 10)
        self.words(slip.ticket, 10 * self.epw / self.get_string_width(slip.ticket), "B")  # over the whole width
        self.gap(1)
        self.words(slip.spoken, 10)
        self.gap(3)
        self.rule()
        for label, value in slip.facts:
            self.gap(2)
            self.words(label, 8, grey=SOFT)
            self.words(value, 10.5)
        self.gap(3)
        self.rule()
        self.gap(3)
        self.words(slip.thanks, 9.5, "B")
        self.gap(1.5)
        self.words(slip.ask, 9)

    def gap(self, height: float) -> None:
        self.ln(height * self.scale)

    def rule(self) -> None:
        self.set_draw_color(LINE)
        self.line(MARGIN, self.get_y(), WIDTH - MARGIN, self.get_y())


def printable(text: str) -> str:
    """The text in letters that the font has."""
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(letter: str) -> str:
    for candidate in (letter, unicodedata.normalize("NFKD", letter)):
        written = candidate.encode(ENCODING, "ignore").decode(ENCODING)
        if written:
            return written
    return "" if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf" else "?"


def _short(text: str) -> str:
    return shorten(" ".join(kept_text(text).split()), SHOWN)


# The letter


def write_letter(
    decision: Decision, cases: tuple[Entry, ...], settings: Settings, templates: Templates, now: datetime
) -> dict[str, bytes]:
    """The letter of a decision, as files by their ending, dated the day that is typed for it, or today. It is about
    those of these cases that were open then (about all if none was). It asks, and names only numbers, places, dates
    and, unless private, categories. Raises `Trouble` if the template can't be used."""
    (phone, address), rules, texts = settings.office, settings.rules, settings.rules.texts
    items, sent, day = [], decision.sent, decision.sent or now.date()
    for one in [one for one in cases if one.closed_at is None or (sent and one.closed_at.date() >= sent)] or cases:
        where = {"kelurahan": one.kelurahan.name, "kecamatan": one.kelurahan.kecamatan}
        place, category = texts.say("surat.kasus.tempat", **where), "" if one.sensitive else one.category
        items.append(SimpleNamespace(ticket=one.ticket, place=place, category=category, received=one.received))
    letter = SimpleNamespace(
        id=decision.id,
        organisation=rules.organisation,
        address=address,
        phone=phone,
        agency=decision.agency,
        number=decision.letter,
        day=day,
        answer_by=rules.calendar.after(day, ANSWER),
        items=items,
    )
    body = templates.fill(LETTER_TEMPLATE, {"letter": letter})
    heading, dated = rules.organisation.upper(), texts.long_date(day)
    page = Page(now, texts.say("surat.berkas", nomor=decision.id), "A4", LETTER_MARGIN)
    words = partial(page.words, size=11, line=LETTER_LINE)
    words(heading, size=14, style="B", align="C")
    if about := ", ".join(filter(None, (address, phone))):
        words(about, size=9, grey=SOFT, align="C")
    page.ln(2)
    page.line(LETTER_MARGIN, page.get_y(), page.w - LETTER_MARGIN, page.get_y())
    page.ln(5)
    top = page.get_y()
    words(dated, align="R")
    page.set_y(top)
    for line in body.splitlines():
        if line.strip():
            words(line)
        else:
            page.ln(LETTER_LINE * 0.6)
    text = "\n".join([*filter(None, (heading, address, phone)), "", dated, "", body])
    return {"txt": text.encode(), "pdf": bytes(page.output())}
