"""What a template sees of a digest: every list is bounded, every word from a cell harmless, and nothing else is there.

Any digest is converted by the types of its fields, so that all kinds follow the same rules: a tuple becomes a
`Section`; an entry of the register, a decision, a row to repair and a spreadsheet become lines, a kelurahan the words
for its place. Text is made inert: one line, no hidden characters, nothing that a mail client turns into a link. What
remains is what a person reads in the cell.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import SimpleNamespace
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import fields, replace

from automation.digests.audience import Whole
from automation.model.complaint import Priority, Status
from automation.model.deadlines import Level
from automation.model.disclosure import shorten, without_contacts
from automation.model.places import Kelurahan
from automation.model.register import Decision, Entry, Health, Repair
from automation.model.texts import Texts
from automation.tables.meeting import LATER, LETTER, PREPARED, SENT_BACK

#: The most items that a list prints; the characters of two long messages on a spreadsheet, which end with their cures.
ORDINARY, _WITH_CURE = 15, 1_000
#: Takes no room and allows no line break; no address or phone number contains it, so mail clients see no link.
#: https://blog.teknkl.com/stop-email-client-hyperlinking-text-without-consent/ names the clients it was tried in.
WORD_JOINER = "\u2060"
#: Format characters that text needs: joiners of emoji and of Persian and Malayalam letters.
_NEEDED = "\u200c\u200d"
#: Controls, format characters (bidirectional overrides among them), lone surrogates, private use.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co"))

_ADDRESS_SIGN = re.compile(r"(?<=\S)(?=[.@:/\\]\S)|(?<=\S[.@:/\\])(?=\S)")
_PHONE_LIKE = re.compile(r"\+?\d(?:[\s().\-]{0,2}\d){6,}")
#: The number of a case, or of what a meeting decides on: printed as it is, so that it can be searched for.
_ROW_ID = re.compile(r"(?:RR|K\d{4})-\d{6}-\d{4,9}-\d", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"(?<=\d\d)(?=\d)")


class Item(Struct, frozen=True):
    """One item of a list. What an item does not have is empty, and a template prints nothing for it."""

    title: str  # ticket, row, or name of a spreadsheet
    link: str = ""  # opens it; https only
    path: str = ""  # where it lies, if that is no link
    place: str = ""
    spot: str = ""  # its kelurahan alone
    category: str = ""
    residents: str = ""  # how many, if there are several behind it
    priority: str = ""  # empty for Biasa
    text: str = ""
    age: str = ""  # how late, or when due
    level: str = ""  # to whom an overdue case is escalated
    status: str = ""
    assignee: str = ""
    gone: str = ""  # its row is no longer in the spreadsheet
    late: bool = False
    bare: bool = False  # resolved, and nobody has written how
    known: bool = False  # its row tells who reported it
    tickets: str = ""  # what a decision is about
    more: int = 0  # how many more tickets


class Section(Struct, frozen=True):
    """A list as a template prints it: how many there are, those that are shown, and how many more."""

    count: int
    shown: tuple[object, ...]
    more: int
    first: object  # the most important item, as lists are sorted, even if none is shown; None for an empty list


class View(Struct, frozen=True):
    """Converts a digest to what its templates see. `most` is how many items a list prints."""

    texts: Texts
    most: int

    def of(self, value: object) -> object:
        """The value for a template: numbers and dates as they are, everything else as the module says."""
        match value:
            case Entry():
                return self.case(value)
            case Repair():
                return self.repair(value)
            case Health():
                return self.spreadsheet(value)
            case Decision():
                return self.decision(value)
            case Kelurahan():
                return inert(self._place(value.kecamatan, value.name), 90)
            case str():
                return value if _ROW_ID.fullmatch(value) else inert(value)
            case tuple() | list():
                shown = tuple(map(self.of, value if isinstance(value, Whole) else value[: self.most]))
                first = shown[0] if shown else self.of(value[0]) if value else None
                return Section(len(value), shown, len(value) - len(shown), first)
            case Mapping():
                return {name: self.of(part) for name, part in value.items()}
        if isinstance(value, Struct):
            return SimpleNamespace(**{field.name: self.of(getattr(value, field.name)) for field in fields(value)})
        return value

    def case(self, entry: Entry) -> Item:
        """A case. A sensitive one shows only its number, place and age, to whom it is escalated, and a missing row."""
        say, late = self.texts.say, entry.days_late > 0
        line = Item(
            title=str(self.of(entry.ticket)),
            link=web_link(entry.link),
            path=shown_path(entry.link),
            place=str(self.of(entry.kelurahan)),
            spot=inert(entry.kelurahan.name, 60),
            age=self._age(entry),
            level=say(f"surat.jenjang.{entry.level.slug}") if late and entry.level >= Level.COORDINATOR else "",
            gone="" if entry.present else say("surat.kasus.hilang"),
            late=late,
            bare=entry.status is Status.RESOLVED and entry.outcome is None and not entry.erased,
            known=not entry.erased,
        )
        if entry.sensitive:
            return replace(line, text=say("surat.kasus.peka"))
        return replace(
            line,
            category=inert(entry.category, 60),
            residents=say("surat.kasus.warga", banyak=entry.residents) if entry.residents > 1 else "",
            priority="" if entry.priority is Priority.NORMAL else entry.priority.value,
            text=inert(entry.summary),
            status=entry.status.value,
            assignee=inert(entry.assignee, 60) or ("" if entry.status.closed else say("surat.kasus.tanpa-petugas")),
        )

    def _age(self, entry: Entry) -> str:
        if entry.days_late > 0:
            return self.texts.say("surat.kasus.terlambat", hari=entry.days_late)
        if entry.closed_at is not None:
            return self.texts.say("surat.kasus.ditutup", tanggal=self.texts.short_date(entry.closed_at))
        if entry.present and entry.lateness.strip():
            return inert(entry.lateness, 60)
        if entry.days_left is not None:
            return self.texts.say("surat.kasus.tenggat", tanggal=self.texts.short_date(entry.due))
        return self.texts.say("surat.kasus.masuk", tanggal=self.texts.short_date(entry.received))

    def decision(self, decision: Decision) -> Item:
        """What was decided on a matter: when, what, by when, and who is to do it."""
        lead, say, day = decision.lead, self.texts.say, self.texts.brief_date
        private = lead is not None and lead.sensitive  # an agency would reveal what it is about
        letter = decision.what == LETTER and decision.agency != "" and not private
        what = say("surat.putusan.surat", instansi=decision.agency) if letter else decision.what.lower()
        asked = say("surat.putusan.tanya") if decision.asked else ""
        if decision.came_on:
            words = [say(f"surat.putusan.{decision.came}", putusan=what, tanggal=day(decision.came_on))]
        else:
            until = "sampai" if decision.what == LATER else "sebelum"
            made, ends = decision.decided_at or decision.by, decision.by
            year = f" {ends.year}" if ends and made and ends.year != made.year else ""  # else it seems to be near
            by = say(f"surat.putusan.{until}", tanggal=day(ends) + year) if ends else ""
            days_late = decision.days_late if decision.what != LATER else 0  # then its meeting has come
            late = say("surat.putusan.lewat", hari=days_late) if days_late else ""
            waiting = "menunggu" if decision.what == LETTER else "surat-menunggu"
            waits = say(f"surat.putusan.{waiting}", hari=decision.waiting) if decision.waiting else ""
            words = [what, late or decision.state.lower() or by * (decision.what != LETTER or not waits), waits, asked]
        at = "usulan" if decision.what in (PREPARED, SENT_BACK) else "pada"
        told_at = None if decision.came_on else decision.decided_at
        since = say(f"surat.putusan.{at}", tanggal=day(told_at)) if told_at else ""
        gone = "" if decision.link or decision.came else say("surat.putusan.terhapus", nomor=decision.id)
        told = ", ".join(filter(None, words))
        return Item(
            title=str(self.of(decision.id)),
            link=web_link(decision.link),
            path=shown_path(decision.link) or gone,
            spot=inert(decision.place.name, 60) if decision.place is not None else "",
            category="" if lead is None or private else inert(lead.category, 60),
            age=inert(": ".join(filter(None, (since, told))), 240),
            assignee=inert(decision.who, 60),
            tickets=", ".join(filter(_ROW_ID.fullmatch, decision.tickets[:ORDINARY])),
            more=max(0, len(decision.tickets) - ORDINARY),
            late=decision.days_late > 0,
        )

    def repair(self, repair: Repair) -> Item:
        """A row that waits for a fix, and what is wrong with it."""
        place = self._place(repair.kecamatan, repair.kelurahan) or self.texts.say("surat.baris.tanpa-tempat")
        title = _told(self.texts.say("surat.baris.tempat", nomor=repair.row, tempat=place), 110)
        return Item(title, web_link(repair.link), shown_path(repair.link), text=inert(repair.check, 80))

    def _place(self, kecamatan: str, kelurahan: str) -> str:
        if kecamatan and kelurahan:
            return self.texts.say("surat.kasus.tempat", kelurahan=kelurahan, kecamatan=kecamatan)
        return kelurahan or kecamatan

    def spreadsheet(self, health: Health) -> Item:
        """A spreadsheet that could not be read: why, and since when its figures may be outdated."""
        since = self.texts.stamp(health.last_read) if health.last_read is not None else ""
        age = self.texts.say("surat.lembar.sejak" if since else "surat.lembar.belum-pernah", saat=since)
        return Item(_told(health.name, 80), text=_told(health.problem, _WITH_CURE), age=age)


def _told(text: str, most: int) -> str:
    """A name that a person gave, without contacts: a tab or a file may be named after somebody's number."""
    return inert(without_contacts(text[: most * 20]), most)


def one_line(text: str) -> str:
    """The text without line breaks, controls and hidden characters, with single spaces."""
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    kept = (char for char in spaced if char in _NEEDED or unicodedata.category(char) not in _HIDDEN)
    return " ".join("".join(kept).split())


def inert(text: str, most: int = 160) -> str:
    """Text that is safe to print in a mail: one line, shortened, with nothing that looks like an address."""
    text = shorten(one_line(text), most)
    text = _PHONE_LIKE.sub(lambda found: _BETWEEN_DIGITS.sub(WORD_JOINER, found[0]), text)
    return _ADDRESS_SIGN.sub(WORD_JOINER, text)


def web_link(address: str) -> str:
    """The address if it may be a link (https, one line, not too long), otherwise an empty text."""
    if len(address) > 600 or not address.isascii() or not address.isprintable() or re.search(r"[\s\"'<>\\`]", address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc else ""


def shown_path(address: str, most: int = 90) -> str:
    """The place of a row on a computer (``Cipondoh.xlsx › Gondrong › A12``), shortened in front; else empty."""
    path = re.sub(r"#'(.+)'!([A-Z]+[0-9]+)$", r" › \1 › \2", one_line(address)).replace("''", "'")
    if web_link(path) or "://" in path.removeprefix("file://"):
        return ""
    path = without_contacts(path.removeprefix("file://"))
    return inert(path if len(path) <= most else "…" + path[1 - most :], most)
