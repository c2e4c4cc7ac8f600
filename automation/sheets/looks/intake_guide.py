"""The tab `Panduan` of an intake spreadsheet: the volunteers' manual, one page drawn with cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count, takewhile

from automation.config.kendali import Settings
from automation.model.findings import Code, Finding, Severity, check_text, message
from automation.model.rules import Rules
from automation.reading.headings import GUIDE
from automation.sheets.looks import colours, intake as intake_looks
from automation.sheets.looks.columns import heading_style
from automation.sheets.looks.intake import beginning
from automation.sheets.looks.model import Style
from automation.sheets.looks.page import Page, Piece
from automation.tables.intake import (
    CATEGORY,
    CHECK,
    DESCRIPTION,
    INTAKE,
    LATENESS,
    NAME,
    OFFICER,
    PHONE,
    RECEIVED,
    ROBOT,
    TICKET,
)
from automation.tables.table import Column, Owner

#: What stands in the page's first cell, and what it is known by.
HEADING = "Panduan Ruang Rakyat"
#: A grid of twelve columns, which fits a small screen and a sheet of paper.
_WIDTHS = (94,) * 12
_SMALL = replace(colours.TEXT, size=9)
_BOXED = replace(_SMALL, boxed=True)
_STRONG = replace(_SMALL, bold=True)
_DIGITS = replace(colours.TEXT, size=14, bold=True, centred=True, boxed=True)
_SPOKEN = replace(colours.TEXT, size=10, bold=True, centred=True)
_MEANING = replace(colours.QUIET, centred=True)
_TICKET = ("RR", "26", "05", "04", "0001", "3")
#: The columns of the picture, and how wide each is in the grid.
_PICTURE = (
    (TICKET, 2),
    (CHECK, 3),
    (LATENESS, 1),
    (RECEIVED, 1),
    (NAME, 1),
    (PHONE, 2),
    (DESCRIPTION, 2),
)


def guide(settings: Settings, columns: Collection[Column]) -> Page:
    """The page, for a spreadsheet whose intake tabs have these columns."""
    return _Guide(settings, columns).page


class _Guide:
    def __init__(self, settings: Settings, columns: Collection[Column]) -> None:
        self.rules: Rules = settings.rules
        self.texts = settings.rules.texts
        self.columns = columns
        self.page = Page(GUIDE, HEADING, _WIDTHS, self.texts.say("kolom.perlindungan.tab"), colours.GUIDE_TAB)
        self.page.text(self._say("pengantar", menit=settings.sync_minutes), colours.QUIET)
        self._telephone(settings.rules.organisation)
        self._ticket()
        self._columns()
        self._picture()
        self._messages()
        self._allowed()

    def _say(self, key: str, **particulars: object) -> str:
        return self.texts.say(f"panduan.{key}", **particulars)

    def _chapter(self, key: str) -> None:
        self.page.chapter(self._say(f"{key}.judul"))

    def _example(self, column: Column) -> str:
        return intake_looks.what_to_type(column, self.rules)[1]

    def _telephone(self, organisation: str) -> None:
        self._chapter("telepon")
        particulars = {
            "organisasi": organisation,
            "petugas": self._example(OFFICER),
            "contoh": self._example(DESCRIPTION),
        }
        for step in takewhile(lambda step: self.texts.has(f"panduan.telepon.langkah-{step}"), count(1)):
            number = Piece(str(step), 1, replace(_STRONG, centred=True))
            self.page.add(number, Piece(self._say(f"telepon.langkah-{step}", **particulars), 11, _SMALL))

    def _ticket(self) -> None:
        self._chapter("tiket")
        spoken = [" ".join(self._say(f"tiket.angka.{digit}") for digit in part) for part in _TICKET[1:]]
        self.page.add(*(Piece(part, 2, _DIGITS) for part in _TICKET))
        self.page.add(*(Piece(words, 2, _SPOKEN) for words in (self._say("tiket.awalan"), *spoken)))
        self.page.add(*(Piece(self._say(f"tiket.arti-{n}"), 2, _MEANING) for n in range(1, len(_TICKET) + 1)))
        self.page.text(self._say("tiket.cara"), _SMALL)

    def _columns(self) -> None:
        self._chapter("kolom")
        heads = (("kepala-kolom", 2), ("kepala-tulis", 7), ("kepala-contoh", 3))
        self.page.add(*(Piece(self._say(f"kolom.{key}"), span, _STRONG) for key, span in heads))
        for owner in (Owner.VOLUNTEER, Owner.COORDINATOR, Owner.ROBOT):
            style = replace(heading_style(owner), size=9)
            self.page.text(self._say(f"kolom.{owner.value}"), style)
            for column in INTAKE.of(owner):
                if column in self.columns:
                    what, example = intake_looks.what_to_type(column, self.rules)
                    heading = Piece(column.heading, 2, replace(style, boxed=True))
                    self.page.add(heading, Piece(what, 7, _BOXED), Piece(example, 3, _BOXED))

    def _picture(self) -> None:
        self._chapter("gambar")
        self.page.add(
            *(
                Piece(column.heading, span, replace(heading_style(column.owner), size=9, boxed=True))
                for column, span in _PICTURE
            )
        )
        wrong = check_text([Finding(Code.PHONE_INVALID, PHONE)], self.texts)
        late = self.texts.say("tenggat.terlambat", hari=3)
        self._row("benar", {}, _BOXED, ())
        mend = (CHECK,)
        self._row("keliru", {CHECK: wrong}, replace(colours.TO_MEND, size=9, wrapped=True), mend)
        overdue = replace(colours.OVERDUE, size=9, wrapped=True)
        self._row("terlambat", {LATENESS: late}, overdue, ROBOT)
        self._row("tutup", {}, replace(colours.CLOSED, size=9, wrapped=True), INTAKE.columns)

    def _row(self, name: str, filled: dict[Column, str], style: Style, styled: Sequence[Column]) -> None:
        """A row of the picture as the spreadsheet would show it, and a line that says why."""
        pieces = []
        for column, span in _PICTURE:
            key = f"gambar.baris-{name}.{column.slug}"
            text = filled.get(column) or (self._say(key) if self.texts.has(f"panduan.{key}") else "")
            pieces.append(Piece(text, span, replace(style, boxed=True) if column in styled else _BOXED))
        self.page.add(*pieces)
        self.page.text(self._say(f"gambar.{name}"), colours.QUIET)

    def _messages(self) -> None:
        """What `Pemeriksaan` may say, from the catalogue of findings: what is missing, what is wrong, and the rest."""
        self._chapter("pesan")
        missing = self._messages_of(Severity.MISSING, "butir")
        between = self.texts.say("pemeriksaan.bentuk.pemisah")
        self._group("kosong", self._say("pesan.kosong", daftar=between.join(text for _, text in missing)))
        for severity, form in ((Severity.ERROR, "galat"), (Severity.WARNING, "peringatan")):
            self._group(form, self._say(f"pesan.{form}"))
            for columns, texts in _by_columns(self._messages_of(severity, "contoh")):
                heading = ", ".join(columns) or self._say("pesan.baris")
                told = self._say("pesan.pisah").join(texts)
                self.page.add(Piece(heading, 2, _BOXED), Piece(told, 10, _BOXED))
        waiting = self._messages_of(Severity.WAITING, "contoh")
        self._group("tunggu", self._say("pesan.tunggu", daftar=" ".join(text for _, text in waiting)))

    def _group(self, form: str, text: str) -> None:
        self.page.add(Piece(beginning(self.texts, f"pemeriksaan.bentuk.{form}"), 2, _STRONG), Piece(text, 10, _SMALL))

    def _messages_of(self, severity: Severity, form: str) -> list[tuple[Column | None, str]]:
        """The messages as they would be written, without how they begin; those about columns that are not there are
        left out."""
        return [
            (code.column, message(Finding(code, code.column, self._particulars(code)), self.texts, form))
            for code in Code
            if code.severity is severity and (code.column is None or code.column in self.columns)
        ]

    def _particulars(self, code: Code) -> tuple[tuple[str, str], ...]:
        """What a message of this kind is filled with here."""
        found = []
        for name in _PARTICULARS:
            own = f"pesan.isian.{code.value}.{name}"
            key = own if self.texts.has(f"panduan.{own}") else f"pesan.isian.{name}"
            found.append((name, self._say(key, kategori=self._example(CATEGORY))))
        return tuple(found)

    def _allowed(self) -> None:
        self._chapter("boleh")
        views = {
            "milik": self.texts.say("kolom.tampilan.milik-saya"),
            "terlambat": self.texts.say("kolom.tampilan.terlambat"),
        }
        for key in ("boleh", "jangan", "google"):
            self.page.text(self._say(f"boleh.{key}", **views), _SMALL)


_PARTICULARS = ("tulisan", "tanggal", "pilihan", "mungkin", "contoh", "calon", "galat", "tiket")


def _by_columns(messages: Sequence[tuple[Column | None, str]]) -> list[tuple[list[str], tuple[str, ...]]]:
    """The messages by their column; columns with the very same ones together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for column in dict.fromkeys(column for column, _ in messages):
        texts = tuple(text for at, text in messages if at is column)
        together.setdefault(texts, []).extend([column.heading] if column is not None else [])
    return [(columns, texts) for texts, columns in together.items()]
