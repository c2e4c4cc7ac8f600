"""What `import` would do, told before it is done. No telephone number is shown whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from automation.cycle.importing import Plan
from automation.importing.headings import Meaning, Understood
from automation.importing.translation import KEPT, Incoming
from automation.model.cells import Value, date_of, fold
from automation.model.complaint import Complaint
from automation.model.findings import Code, Finding, check_text
from automation.model.masking import mask_phone, mask_text, shorten
from automation.model.texts import Texts
from automation.reading.cell_text import line_of, raw_text
from automation.reading.phones import read_phones
from automation.tables.intake import KELURAHAN, PEOPLE
from automation.tables.table import Column, Form

ROWS_SHOWN, NUMBERS_SHOWN, THINGS_SHOWN = 3, 5, 12
#: Characters of a cell, and of a message.
CELL_SHOWN, MESSAGE_SHOWN = 60, 160
_CLASSIFICATION = "klasifikasi"


def plan_lines(plan: Plan, file: str, texts: Texts, old_after_days: int) -> list[str]:
    """The whole plan. `file` is the list's name."""
    return list(_Teller(plan, file, texts, old_after_days).lines())


class _Teller:
    def __init__(self, plan: Plan, file: str, texts: Texts, old_after_days: int) -> None:
        self.plan, self.file, self.texts, self.old_after_days = plan, file, texts, old_after_days
        self.say = texts.say

    def lines(self) -> Iterator[str]:
        plan = self.plan
        title = plan.old.title
        sheet = "" if title == self.file else self.say("impor.rencana.lembar", lembar=title)
        place = {"tab": plan.target.tab.title, "spreadsheet": plan.target.snapshot.name}
        yield self.say("impor.rencana.judul", berkas=self.file, lembar=sheet, **place)
        yield from ("", self.say("impor.rencana.kolom"))
        yield from (self._column(found) for found in plan.old.columns)
        for part in (self._notes(), self._left_out(), self._rows(), self._findings(), self._old_ones()):
            lines = [*part]
            yield from ["", *lines] if lines else ()

    def _rows(self) -> Iterator[str]:
        rows = self.plan.rows
        if not rows:
            yield self.say("impor.rencana.tidak-ada")
            return
        yield self.say("impor.rencana.banyak", banyak=len(rows))
        yield self.say("impor.rencana.contoh", banyak=len(rows[:ROWS_SHOWN]))
        for incoming, _ in rows[:ROWS_SHOWN]:
            yield self.say("impor.rencana.baris", nomor=incoming.number, isi="; ".join(self._cells(incoming)))

    def _column(self, found: Understood) -> str:
        target = self.plan.place_of(found)
        if found.column is not None and self.plan.layout.holds(found):
            entry = "bagian" if found.part else "mirip" if found.meaning is Meaning.SIMILAR else "dikenal"
        elif found.column is KELURAHAN:
            entry = "kelurahan"
        else:
            entry = "disimpan" if target == KEPT else "sendiri"
        return self.say(f"impor.rencana.{entry}", asal=found.label, tujuan=target)

    def _notes(self) -> Iterator[str]:
        translation = self.plan.translation
        if any(fold(found.label).startswith(_CLASSIFICATION) for found in self.plan.old.columns):
            yield self.say("impor.rencana.klasifikasi")
        if translation.channel_filled:
            yield self.say("impor.rencana.saluran")
        if translation.meant:
            yield self.say("impor.rencana.arti")
            for (column, written, entry), count in translation.meant.most_common(THINGS_SHOWN):
                shown = self._masked(written)
                yield self.say("impor.rencana.arti-satu", kolom=column, tulisan=shown, menjadi=entry, banyak=count)
            yield from self._more(len(translation.meant))
        if self.plan.keeps and self.plan.layout.kept is None:
            yield self.say("impor.rencana.data-asal")

    def _left_out(self) -> Iterator[str]:
        translation, already = self.plan.translation, self.plan.already
        if already:
            places = [
                self.say("impor.rencana.sudah-satu", nomor=number, tab=row.tab.title, baris=row.number + 1)
                for number, row in already[:ROWS_SHOWN]
            ]
            listed = "; ".join(places) + ("; …" if len(already) > ROWS_SHOWN else "")
            yield self.say("impor.rencana.sudah", banyak=len(already), daftar=listed)
        for entry, numbers in (("kembar", translation.doubled), ("kosong", translation.empty)):
            if numbers:
                yield self.say(f"impor.rencana.{entry}", banyak=len(numbers), daftar=self._numbers(numbers))
        for place, numbers in translation.elsewhere.items():
            yield self.say(
                "impor.rencana.lain", banyak=len(numbers), kelurahan=place.name, daftar=self._numbers(numbers)
            )
        if translation.doubtful:
            numbers = translation.doubtful
            yield self.say("impor.rencana.ragu", banyak=len(numbers), daftar=self._numbers(numbers))

    def _findings(self) -> Iterator[str]:
        """What `Pemeriksaan` will say, each message once with the rows that it stands beside."""
        blocked = [(row, complaint) for row, complaint in self.plan.rows if complaint.blocked]
        noted = [(row, complaint) for row, complaint in self.plan.rows if complaint.findings and not complaint.blocked]
        for entry, rows in (("perbaikan", blocked), ("catatan", noted)):
            if rows:
                yield self.say(f"impor.rencana.{entry}", banyak=len(rows))
                yield from self._messages(rows, blocking=entry == "perbaikan")

    def _messages(self, rows: Sequence[tuple[Incoming, Complaint]], *, blocking: bool) -> Iterator[str]:
        beside: dict[Finding, list[int]] = defaultdict(list)
        for incoming, complaint in rows:
            for finding in complaint.findings:
                if finding.blocks or not blocking:
                    beside[finding].append(incoming.number)
        ordered = sorted(beside.items(), key=lambda found: -len(found[1]))
        for finding, numbers in ordered[:THINGS_SHOWN]:
            message = shorten(line_of(check_text([finding], self.texts)), MESSAGE_SHOWN)
            yield self.say("impor.rencana.temuan", banyak=len(numbers), pesan=message, daftar=self._numbers(numbers))
        yield from self._more(len(ordered))

    def _old_ones(self) -> Iterator[str]:
        complaints = [complaint for _, complaint in self.plan.rows]
        closed = sum(complaint.status is not None and complaint.status.closed for complaint in complaints)
        old = sum(any(found.code is Code.DATE_OLD for found in complaint.findings) for complaint in complaints)
        if closed:
            yield self.say("impor.rencana.tertutup", banyak=closed)
        if self.plan.late:
            yield self.say("impor.rencana.terlambat", banyak=self.plan.late)
        if old:
            yield self.say("impor.rencana.lama", banyak=old, hari=self.old_after_days)

    def _cells(self, incoming: Incoming) -> Iterator[str]:
        """The row, cell by cell, as far as a line shows it."""
        for column, value in zip(PEOPLE, incoming.people, strict=True):
            if shown := self._cell(column, value):
                yield self.say("impor.rencana.isi", kolom=column, isi=shown)
        own = {at: title for title, at in self.plan.layout.own.items()}
        for at, written in enumerate(incoming.row):
            if at in own and written is not None:
                yield self.say("impor.rencana.isi", kolom=self._title(own[at]), isi=self._masked(str(written)))
        if incoming.kept:
            kept = self._masked(" · ".join(incoming.kept.split("\n")))
            yield self.say("impor.rencana.isi", kolom=KEPT, isi=kept)

    def _title(self, key: str) -> str:
        return next((found.label for found in self.plan.old.columns if fold(found.label) == key), key)

    def _cell(self, column: Column, value: Value) -> str:
        if column.form is Form.DATE and isinstance(value, (int, float)):
            return f"{date_of(value):%d/%m/%Y}"
        if column.form is Form.PHONES and value is not None:
            numbers = read_phones(value).numbers
            return " / ".join(map(mask_phone, numbers)) if numbers else mask_phone(raw_text(value))
        return self._masked(raw_text(value))

    @staticmethod
    def _masked(text: str) -> str:
        return shorten(mask_text(" ".join(text.split())), CELL_SHOWN)

    def _numbers(self, numbers: Sequence[int]) -> str:
        more = len(numbers) - NUMBERS_SHOWN
        listed = ", ".join(map(str, numbers[:NUMBERS_SHOWN]))
        if more <= 0:
            return self.say("impor.rencana.nomor", daftar=listed)
        return self.say("impor.rencana.nomor-lagi", daftar=listed, banyak=more)

    def _more(self, things: int) -> Iterator[str]:
        if things > THINGS_SHOWN:
            yield self.say("impor.rencana.dan-lagi", banyak=things - THINGS_SHOWN)
