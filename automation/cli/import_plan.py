"""The plan that `import` shows before it does anything. No telephone number is shown in full."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from automation.cycle.importing import ImportPlan
from automation.importing.profiles import KEPT
from automation.importing.values import day_of
from automation.model.cells import Value, fold
from automation.model.complaint import Channel, Code, Complaint, Finding, check_text
from automation.model.disclosure import GAP, shorten, without_contacts
from automation.model.texts import Texts
from automation.reading.cell_text import line_of
from automation.reading.headings import Understood, says
from automation.reading.numbers import national, read_phones
from automation.reading.tabs import Row
from automation.tables.intake import CHANNEL, KELURAHAN, ORIGIN, PEOPLE, POSITION
from automation.tables.table import Column, Form

ROWS_SHOWN, NUMBERS_SHOWN, THINGS_SHOWN, VALUES_SHOWN = 3, 5, 12, 3
ROWS_SEARCHED = 50  # rows in which values of a column are looked for
#: Characters that are shown of a cell, and of a message.
CELL_SHOWN, MESSAGE_SHOWN = 28, 160
_UNKNOWN = frozenset(
    (Code.CHANNEL_UNKNOWN, Code.CATEGORY_UNKNOWN, Code.CATEGORY_OFFERED, Code.PRIORITY_UNKNOWN, Code.STATUS_UNKNOWN)
)
_CLASSIFICATION = "klasifikasi"


def _is_open(complaint: Complaint) -> bool:
    return complaint.status is None or not complaint.status.closed


class Teller:
    """Tells the whole plan; `file` is the list's name."""

    def __init__(self, plan: ImportPlan, file: str, texts: Texts, old_after_days: int, today: date) -> None:
        self.plan, self.file, self.texts, self.old_after_days = plan, file, texts, old_after_days
        days = [(today - told.received).days for _, told in plan.rows if told.received is not None and _is_open(told)]
        self.old = sum(ago > old_after_days for ago in days)
        self.layout = plan.target.layout

    def say(self, entry: str, **particulars: object) -> str:
        return self.texts.say(f"impor.rencana.{entry}", **particulars)

    def lines(self) -> Iterator[str]:
        plan, title = self.plan, self.plan.old.title
        sheet = "" if title == self.file else self.say("lembar", lembar=title)
        place = {"tab": plan.target.tab.title, "spreadsheet": plan.target.snapshot.name}
        yield self.say("judul", berkas=self.file, lembar=sheet, **place)
        yield from ("", self.say("kolom"))
        yield from sorted(
            (self._column(at, found) for at, found in enumerate(plan.old.columns)), key=lambda line: KEPT in line
        )
        parts = self._notes(), self._left_out(), self._rows(), self._unknown(), self._findings(), self._old_ones()
        for lines in map(list, parts):
            yield from ["", *lines] if lines else ()

    def _rows(self) -> Iterator[str]:
        waiting = sum(bool(complaint.held) for _, complaint in self.plan.rows)
        counts = {"banyak": len(self.plan.rows), "tiket": len(self.plan.rows) - waiting, "menunggu": waiting}
        yield self.say("banyak" if self.plan.rows else "tidak-ada", **counts)

    def _column(self, at: int, found: Understood) -> str:
        """What a column is taken for, with up to three of its values."""
        held = [column for column in found.columns if column in self.layout.columns]
        entry, target = "disimpan", KEPT
        if held:
            guessed = self.plan.profile.guessed.get(fold(found.label)) == found.columns
            entry = "bagian" if found.part else "mirip" if guessed else found.meaning.value
            target = " + ".join(held)
        elif KELURAHAN in found.columns:
            entry = "kelurahan"
        elif fold(found.label) in self.layout.own:
            entry, target = "sendiri", found.label
        none = {*self.plan.translation.grouped, *self.plan.translation.empty}
        values = (record.cells[at] for record in self.plan.old.records if record.number not in none)
        one = found.columns[0] if len(found.columns) == 1 else None
        said = (_value(one, value) if one else _masked(line_of(value)) for value in islice(values, ROWS_SEARCHED))
        shown = dict.fromkeys(filter(None, said))
        told = self.say("nilai", nilai="; ".join([*shown][:VALUES_SHOWN])) if shown else ""
        return self.say(entry, asal=found.label, tujuan=target) + told

    def _notes(self) -> Iterator[str]:
        translation = self.plan.translation
        if any(fold(found.label).startswith(_CLASSIFICATION) for found in self.plan.old.columns):
            yield self.say("klasifikasi")
        if others := self.plan.old.others:
            yield self.say("tab-lain", tab=", ".join(f"“{_masked(title)}”" for title in others))
        if hidden := self.plan.old.hidden:
            yield self.say("tersembunyi", banyak=hidden)
        if translation.channel is not None:
            yield self.say("saluran", saluran=translation.channel)
        elif self.plan.old.at(CHANNEL) is None:
            yield self.say("saluran-kosong")
        lost = [one for one in PEOPLE if one.needed and one.entries is None and self.plan.old.at(one) is None]
        if lost:
            yield self.say("kolom-kurang", kolom=", ".join(lost), satu=lost[0])
        if made := [str(one.value) for one in self.layout.making(incoming for incoming, _ in self.plan.rows)]:
            yield self.say("kolom-baru", kolom=", ".join(made))
        if translation.meant:
            yield self.say("arti")
        for (column, written, entry), count in translation.meant.most_common(THINGS_SHOWN):
            yield self.say("arti-satu", kolom=column, tulisan=_masked(written), menjadi=entry, banyak=count)
        yield from self._more(len(translation.meant))

    def _unknown(self) -> Iterator[str]:
        words = Counter[tuple[Column, str]]()
        offered: dict[tuple[Column, str], Counter[str]] = defaultdict(Counter)
        for incoming, complaint in self.plan.rows:
            for finding in complaint.findings:
                if finding.code in _UNKNOWN and finding.column is not None:
                    said = finding.column, _masked(line_of(incoming.people[POSITION[finding.column]]))
                    words[said] += 1
                    offered[said][dict(finding.particulars).get("pilihan", Channel.OTHER).partition(", ")[0]] += 1
        if words:
            (said, _), *_ = words.most_common(1)
            yield self.say("asing", contoh=f"{said[0]}: {said[1]}={offered[said].most_common(1)[0][0]}")
        for (column, word), count in words.most_common(THINGS_SHOWN):
            yield self.say("asing-satu", kolom=column, tulisan=word, banyak=count)

    def _left_out(self) -> Iterator[str]:
        translation = self.plan.translation
        known = {
            "sudah": [self._place("sudah-satu", number, row) for number, row in self.plan.already],
            "nyaris": [self._place("nyaris-satu", number, row) for number, row in self.plan.nearly],
            "serupa": [self.say("serupa-satu", nomor=one, tiket=ticket) for one, ticket in self.plan.alike.items()],
        }
        for entry, rows in known.items():
            if rows:
                listed = "; ".join(rows[:ROWS_SHOWN]) + ("; …" if len(rows) > ROWS_SHOWN else "")
                yield self.say(entry, banyak=len(rows), daftar=listed)
        others = [("lain", place.name, numbers) for place, numbers in translation.elsewhere.items()]
        kinds = {
            "kembar": translation.doubled,
            "kosong": translation.empty,
            "kelompok": translation.grouped,
            "panjang": translation.too_long,
            "ragu": translation.doubtful,
            "pribadi": translation.private,
            "dihapus": self.plan.erased,
            "sama-atas": [one.number for one in self.plan.old.records if one.repeats],
        }
        for entry, differ in (("berubah", self.plan.corrections), ("berubah-arsip", self.plan.shelved)):
            for incoming, stands, other in differ[:THINGS_SHOWN]:
                told = (f"{one}: {_value(one, was) or '–'} → {_value(one, now)}" for one, (was, now) in other.items())
                particulars = {"isi": "; ".join(told), "tiket": stands.row.ticket_text}
                yield self._place(entry, incoming.number, stands.row, **particulars)
            yield from self._more(len(differ))
        for entry, place, numbers in (*((entry, "", numbers) for entry, numbers in kinds.items()), *others):
            if numbers:
                yield self.say(entry, banyak=len(numbers), kelurahan=place, daftar=self._numbers(numbers))

    def _place(self, entry: str, number: str, row: Row, **more: str) -> str:
        return self.say(entry, nomor=number, tab=row.tab.title, baris=row.number + 1, **more)

    def _findings(self) -> Iterator[str]:
        """What `Pemeriksaan` will say: each message once, with the rows that it is about."""
        for entry, blocking in (("perbaikan", True), ("catatan", False)):
            rows = [one for one in self.plan.rows if one[1].findings and bool(one[1].held) is blocking]
            beside: dict[Finding, list[str]] = defaultdict(list)
            for incoming, complaint in rows:
                for finding in complaint.findings:
                    if finding.blocks or not blocking:
                        beside[finding].append(incoming.number)
            if rows:
                yield self.say(entry, banyak=len(rows))
            for finding, numbers in sorted(beside.items(), key=lambda found: -len(found[1]))[:THINGS_SHOWN]:
                message = shorten(line_of(check_text([finding], self.texts)), MESSAGE_SHOWN)
                yield self.say("temuan", banyak=len(numbers), pesan=message, daftar=self._numbers(numbers))
            yield from self._more(len(beside))

    def _old_ones(self) -> Iterator[str]:
        closed = sum(not _is_open(complaint) for _, complaint in self.plan.rows)
        for entry, count in (("tertutup", closed), ("terlambat", self.plan.late), ("lama", self.old)):
            if count:
                yield self.say(entry, banyak=count, hari=self.old_after_days)

    def _numbers(self, numbers: Sequence[str]) -> str:
        more, listed = len(numbers) - NUMBERS_SHOWN, ", ".join(numbers[:NUMBERS_SHOWN])
        return self.say("nomor-lagi" if more > 0 else "nomor", daftar=listed, banyak=more)

    def _more(self, things: int) -> Iterator[str]:
        if things > THINGS_SHOWN:
            yield self.say("dan-lagi", banyak=things - THINGS_SHOWN)


def _value(column: Column, value: Value) -> str:
    if column.form is Form.DATE and (day := day_of(value)[0]):
        return f"{day:%d/%m/%Y}"
    if column.form is Form.PHONES and says(value):
        return " / ".join(f"{national(number)[:4]}{GAP}{number[-4:]}" for number in read_phones(value).numbers) or GAP
    return line_of(value) if column is ORIGIN else _masked(line_of(value))


def _masked(text: str) -> str:
    return shorten(without_contacts(text), CELL_SHOWN)
