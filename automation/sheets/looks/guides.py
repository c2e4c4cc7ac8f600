"""The pages `Panduan`: the volunteers' manual in an intake spreadsheet; the coordinators' and operators' in Kendali."""

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from automation.config.defaults import DIGEST_KINDS
from automation.config.kendali import Settings
from automation.model.complaint import Code, Finding, Severity, check_text, message
from automation.model.texts import Texts
from automation.reading.tabs import GUIDE
from automation.sheets.looks import colours
from automation.sheets.looks.columns import HEADING_STYLES
from automation.sheets.looks.intake import beginning, what_to_type
from automation.sheets.looks.model import Style
from automation.sheets.looks.page import PageLook
from automation.tables import intake
from automation.tables.kendali import FILED, LAST_VALUES, LISTS, REGISTER, SOURCES, TABLES, TABS
from automation.tables.table import Column, Owner

#: The content of the pages' first cells, by which they are known.
HEADING, KENDALI_HEADING = "Panduan Ruang Rakyat", "Panduan Kendali"
#: Grids of twelve columns, which fit a small screen and a sheet of paper.
_WIDTHS, _KENDALI_WIDTHS = (94,) * 12, (82,) * 12
_SMALL = replace(colours.TEXT, size=9)
_BOXED, _STRONG = replace(_SMALL, boxed=True), replace(_SMALL, bold=True)
_DIGITS = replace(colours.TEXT, size=14, bold=True, centred=True, boxed=True)
_SPOKEN = replace(colours.TEXT, size=10, bold=True, centred=True)
_MEANING = replace(colours.QUIET, centred=True)
_TICKET = ("RR", "26", "05", "04", "0001", "3")
#: The columns of the picture, and how wide each is in the grid.
_PICTURE = (
    (intake.TICKET, 2),
    (intake.CHECK, 3),
    (intake.LATENESS, 1),
    (intake.RECEIVED, 1),
    (intake.NAME, 1),
    (intake.PHONE, 2),
    (intake.DESCRIPTION, 2),
)
#: What the messages of the catalogue are filled with.
_PARTICULARS = ("tulisan", "tanggal", "pilihan", "mungkin", "contoh", "calon", "galat", "tiket", "keliru", "benar")
#: Not listed: messages that resemble others, or are rare and say themselves what to do.
TOLD = (
    *(Code.CATEGORY_SUGGESTED, Code.CATEGORY_OFFERED, Code.CATEGORY_UNKNOWN),
    *(Code.STILL_PRIVATE, Code.DONE_EARLY, Code.PARENT_CLOSED, Code.OUTCOME_STRAY),
    *(Code.ROW_REWRITTEN, Code.COPY_ERASED),
)
#: Tabs of Kendali with more than one owner.
_OWNERS: dict[str, str] = {SOURCES: "bersama", REGISTER: "catatan", **dict.fromkeys(FILED, "rapat")}


def kendali_guide(texts: Texts) -> PageLook:
    """The page of Kendali."""
    guard = "kolom.perlindungan.tab"
    page = PageLook(GUIDE, KENDALI_HEADING, _KENDALI_WIDTHS, texts, "panduan-kendali", guard, colours.GUIDE_TAB)
    boxed, strong, say = replace(colours.TEXT, boxed=True), replace(colours.TEXT, bold=True), page.say

    def chapter(key: str, pairs: Iterable[tuple[str, str]]) -> None:
        page.chapter(key)
        for name, text in pairs:
            page.row((name, 2, replace(boxed, bold=True)), (text, 10, boxed))

    page.text(say("pengantar"), colours.QUIET)
    page.chapter("tab")
    page.row(*((say(f"tab.kepala-{name}"), wide, strong) for name, wide in (("tab", 2), ("guna", 7), ("siapa", 3))))
    for title in TABS:
        if title not in (GUIDE, LISTS, LAST_VALUES):
            peoples = title in TABLES and TABLES[title].of(Owner.COORDINATOR)
            style = replace(colours.COORDINATOR if peoples else colours.ROBOT, size=10, boxed=True)
            owner = _OWNERS.get(title, "orang" if peoples else "program")
            what = say(f"tab.{title.casefold().replace(' ', '-')}")
            page.row((title, 2, style), (what, 7, boxed), (say(f"tab.{owner}"), 3, boxed))
    work = (name.removesuffix("-cara") for name in page.entries("kerja") if name.endswith("-cara"))
    chapter("kerja", ((say(f"kerja.{name}"), say(f"kerja.{name}-cara")) for name in work))
    chapter("kabar", ((kind, say(f"kabar.{kind}")) for kind in DIGEST_KINDS))
    chapter("perintah", ((command, say(f"perintah.{command}")) for command in page.entries("perintah")))
    page.chapter("masalah")
    for trouble in page.entries("masalah"):
        page.text(say(f"masalah.{trouble}"))
    return page


class Guide(PageLook):
    """The page of an intake spreadsheet; `columns` are those that its tabs have."""

    def __init__(self, settings: Settings, columns: Collection[Column]) -> None:
        self.rules, self.columns, guard = settings.rules, columns, "kolom.perlindungan.tab"
        super().__init__(GUIDE, HEADING, _WIDTHS, settings.rules.texts, "panduan", guard, colours.GUIDE_TAB)
        self.text(self.say("pengantar", menit=settings.sync_minutes), colours.QUIET)
        self._telephone(settings.rules.organisation)
        self._ticket()
        self._columns()
        self._picture()
        self._messages()
        self.chapter("boleh")
        mine, late = (self.texts.say(f"kolom.tampilan.{view}") for view in ("milik-saya", "terlambat"))
        for key in ("boleh", "jangan", "google"):
            self.text(self.say(f"boleh.{key}", milik=mine, terlambat=late), _SMALL)

    def _example(self, column: Column) -> str:
        return what_to_type(column, self.rules)[1]

    def _telephone(self, organisation: str) -> None:
        self.chapter("telepon")
        officer, example = map(self._example, (intake.OFFICER, intake.DESCRIPTION))
        for number, step in enumerate(self.entries("telepon"), start=1):
            words = self.say(f"telepon.{step}", organisasi=organisation, petugas=officer, contoh=example)
            self.row((str(number), 1, replace(_STRONG, centred=True)), (words, 11, _SMALL))

    def _ticket(self) -> None:
        self.chapter("tiket")
        say = self.texts.say
        spoken = [" ".join(say(f"slip.baca.{digit}") for digit in part) for part in _TICKET[1:]]
        meanings = [self.say(f"tiket.arti-{number}") for number in range(1, len(_TICKET) + 1)]
        rows = ((_TICKET, _DIGITS), ((say("slip.baca.awalan"), *spoken), _SPOKEN), (meanings, _MEANING))
        for words, style in rows:
            self.row(*((word, 2, style) for word in words))
        self.text(self.say("tiket.cara"), _SMALL)

    def _columns(self) -> None:
        self.chapter("kolom")
        heads = (("kepala-kolom", 2), ("kepala-tulis", 7), ("kepala-contoh", 3))
        self.row(*((self.say(f"kolom.{key}"), span, _STRONG) for key, span in heads))
        for owner in (Owner.VOLUNTEER, Owner.COORDINATOR, Owner.ROBOT):
            style = replace(HEADING_STYLES[owner], size=9)
            self.text(self.say(f"kolom.{owner.value}"), style)
            for column in intake.INTAKE.of(owner):
                if column in self.columns:
                    what, example = what_to_type(column, self.rules)
                    heading = (column.heading, 2, replace(style, boxed=True))
                    self.row(heading, (what, 7, _BOXED), (example, 3, _BOXED))

    def _picture(self) -> None:
        """Rows as the spreadsheet would show them, each with a line that explains it."""
        self.chapter("gambar")
        heads = ((column, span, HEADING_STYLES[column.owner]) for column, span in _PICTURE)
        self.row(*((column.heading, span, replace(style, size=9, boxed=True)) for column, span, style in heads))
        wrong = {intake.CHECK: check_text([Finding(Code.PHONE_INVALID, intake.PHONE)], self.texts)}
        late = {intake.LATENESS: self.texts.say("tenggat.terlambat", hari=3)}
        rows: tuple[tuple[str, dict[Column, str], Style, Sequence[Column]], ...] = (
            ("benar", {}, _BOXED, ()),
            ("keliru", wrong, colours.TO_MEND, (intake.CHECK,)),
            ("terlambat", late, colours.OVERDUE, intake.ROBOT),
            ("tutup", {}, colours.CLOSED, intake.INTAKE.columns),
        )
        for name, filled, style, styled in rows:
            shown = replace(style, size=9, wrapped=True, boxed=True)
            cells = ((filled.get(column) or self._typed(name, column), span, column) for column, span in _PICTURE)
            self.row(*((text, span, shown if column in styled else _BOXED) for text, span, column in cells))
            self.text(self.say(f"gambar.{name}"), colours.QUIET)

    def _typed(self, name: str, column: Column) -> str:
        key = f"gambar.baris-{name}.{column.slug}"
        return self.say(key) if self.texts.has(f"panduan.{key}") else ""

    def _messages(self) -> None:
        """What `Pemeriksaan` may say, from the catalogue of findings: what is missing, what is wrong, and the rest."""
        self.chapter("pesan")
        missing = self._messages_of(Severity.MISSING, "butir")
        between = self.texts.say("pemeriksaan.bentuk.pemisah")
        self._group("kosong", self.say("pesan.kosong", daftar=between.join(text for _, text in missing)))
        for severity, form, said in ((Severity.ERROR, "galat", "contoh"), (Severity.WARNING, "peringatan", "pendek")):
            self._group(form, self.say(f"pesan.{form}"))
            for columns, texts in _by_columns(self._messages_of(severity, said)):
                heading = ", ".join(columns) or self.say("pesan.baris")
                self.row((heading, 2, _BOXED), (self.say("pesan.pisah").join(texts), 10, _BOXED))
        waiting = self._messages_of(Severity.WAITING, "contoh")
        self._group("tunggu", self.say("pesan.tunggu", daftar=" ".join(text for _, text in waiting)))
        self._group("dibaca", self.say("pesan.dibaca"))

    def _group(self, form: str, text: str) -> None:
        self.row((beginning(self.texts, f"pemeriksaan.bentuk.{form}"), 2, _STRONG), (text, 10, _SMALL))

    def _messages_of(self, severity: Severity, form: str) -> list[tuple[Column | None, str]]:
        """The messages as they would be written, without their beginnings; those about missing columns are left out."""
        return [
            (code.column, message(Finding(code, code.column, self._particulars(code)), self.texts, form))
            for code in Code
            if code.severity is severity and (code.column is None or code.column in self.columns) and code not in TOLD
        ]

    def _particulars(self, code: Code) -> tuple[tuple[str, str], ...]:
        """The values that a message of this kind is filled with here."""
        own = {name: f"pesan.isian.{code.value}.{name}" for name in _PARTICULARS}
        keys = {name: key if self.texts.has(f"panduan.{key}") else f"pesan.isian.{name}" for name, key in own.items()}
        return tuple((name, self.say(key, kategori=self._example(intake.CATEGORY))) for name, key in keys.items())


def _by_columns(messages: Sequence[tuple[Column | None, str]]) -> list[tuple[list[str], tuple[str, ...]]]:
    """The messages by their column; columns with the same messages are grouped."""
    together: dict[tuple[str, ...], list[str]] = {}
    for column in dict.fromkeys(column for column, _ in messages):
        texts = tuple(text for at, text in messages if at is column)
        together.setdefault(texts, []).extend([column.heading] if column is not None else [])
    return [(columns, texts) for texts, columns in together.items()]
