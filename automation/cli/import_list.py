"""``import``: bring an old list into an intake tab. It shows what it would do, and asks. No telephone number is shown
whole."""

from __future__ import annotations

import argparse
import logging
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from automation.cli.compose import compose, jakarta_now
from automation.cli.log import start_log
from automation.cli.screen import PARTLY, WELL, progress_bar, show
from automation.cycle.importing import Plan, TakingIn
from automation.importing.headings import Understood
from automation.importing.old_list import OldList, find_list, joined
from automation.importing.profiles import KEPT, said_of
from automation.model.cells import Value, date_of, fold
from automation.model.complaint import Complaint, Finding, check_text
from automation.model.disclosure import GAP, shorten, without_contacts
from automation.model.texts import Texts
from automation.reading.cell_text import line_of, raw_text
from automation.reading.dates import read_date
from automation.reading.phones import national, read_phones
from automation.sheets.files import read_list
from automation.sheets.local.reading import UNCALCULATED
from automation.tables.intake import KELURAHAN, ORIGIN, PHONE
from automation.tables.table import Form
from automation.trouble import ConfigurationError, Trouble, WorkbookError

log = logging.getLogger(__name__)
_AGREED = frozenset({"y", "ya", "yes", "lanjut", "lanjutkan", "ok", "oke"})
ROWS_SHOWN, NUMBERS_SHOWN, THINGS_SHOWN, VALUES_SHOWN = 3, 5, 12, 3
#: Rows in which values of a column are looked for.
ROWS_SEARCHED = 50
#: Characters of a cell, and of a message.
CELL_SHOWN, MESSAGE_SHOWN = 28, 160
_CLASSIFICATION = "klasifikasi"


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Read the list, show the plan, ask as often as people correct it, append."""
    program = compose(options.credentials, texts, options.state)
    old = read_old_list(options, texts)
    said = said_of(old, options.map or ())
    taking = TakingIn(program.syncer, jakarta_now())
    with progress_bar() as progress:
        target = taking.find(options.tab, options.spreadsheet or "", progress)
    answer = "="
    while "=" in answer:
        plan = taking.plan(target, old, said)
        unread = [texts.say("impor.profil-keliru", baris=", ".join(map(str, taking.unread)))] if taking.unread else []
        teller = _Teller(plan, options.file.name, texts, taking.settings.rules.old_after_days, taking.now.date())
        show([*unread, *teller.lines()])
        if options.dry_run or not plan.rows:
            show(["", texts.say("impor.hasil.coba" if options.dry_run else "impor.hasil.batal")])
            return WELL
        answer = "ya" if options.yes else _answer(texts, "tanya")
        try:
            said |= said_of(old, answer.split(";") if "=" in answer else ())
        except ConfigurationError as error:
            show(["", *(texts.tell(cause) for cause in error.causes)])
    if answer not in _AGREED:
        show([texts.say("impor.hasil.batal")])
        return WELL
    vouched = options.dates_right or (
        bool(teller.old) and not options.yes and _answer(texts, "tanya-tanggal") in _AGREED
    )
    start_log(program.state)
    lacking = taking.append(plan, vouched=vouched)
    name, tab = target.snapshot.name, target.tab.title
    log.info("import: %d rows appended to %s", len(plan.rows) - lacking, name)
    if said:
        taking.remember(plan.old, said, options.file.name)
        show([texts.say("impor.hasil.ingat")])
    entry, count = ("kurang", lacking) if lacking else ("selesai", len(plan.rows))
    show([texts.say(f"impor.hasil.{entry}", banyak=count, tab=tab, spreadsheet=name, perintah=program.called)])
    return PARTLY if lacking or plan.translation.too_long else WELL


def _answer(texts: Texts, question: str) -> str:
    """What the operator says. Raises `ConfigurationError` where nobody can be asked."""
    if not (sys.stdin is not None and sys.stdin.isatty()):
        raise ConfigurationError(Trouble("impor.tanpa-jawaban"))
    try:
        return input(texts.say(f"impor.hasil.{question}")).strip().casefold()
    except EOFError:
        return ""


def read_old_list(options: argparse.Namespace, texts: Texts) -> OldList:
    """The list in the file: all its tabs that hold complaints, or the one that is asked for. Raises
    `ConfigurationError` where there is none, or formulas have no results."""
    name = options.file.name
    try:
        tabs = read_list(options.file)
    except WorkbookError as error:
        raise ConfigurationError(error) from error
    wanted = [tab for tab in tabs if options.sheet is None or fold(tab.title) == fold(options.sheet)]
    if options.sheet is not None and not wanted:
        listed = ", ".join(f"“{tab.title}”" for tab in tabs)
        raise ConfigurationError(Trouble("impor.lembar-asing", berkas=name, lembar=options.sheet, ada=listed))
    unnamed = texts.say("impor.tanpa-nama", huruf="{huruf}")
    lists = [old for tab in wanted if (old := find_list(tab.title, tab.rows, unnamed)) is not None]
    if not lists:
        raise ConfigurationError(Trouble("impor.tanpa-judul", berkas=name))
    old = joined(name, lists)
    for record in old.records:
        if UNCALCULATED in record.cells:
            raise ConfigurationError(Trouble("impor.rumus", berkas=name, baris=record.number))
    return old


def _is_open(complaint: Complaint) -> bool:
    return complaint.status is None or not complaint.status.closed


class _Teller:
    """Tells the whole plan, before anything is done; `file` is the list's name."""

    def __init__(self, plan: Plan, file: str, texts: Texts, old_after_days: int, today: date) -> None:
        self.plan, self.file, self.texts, self.old_after_days = plan, file, texts, old_after_days
        days = [(today - told.received).days for _, told in plan.rows if told.received is not None and _is_open(told)]
        self.old = sum(ago > old_after_days for ago in days)
        self.layout = plan.target.layout

    def say(self, entry: str, **particulars: object) -> str:
        return self.texts.say(f"impor.rencana.{entry}", **particulars)

    def lines(self) -> Iterator[str]:
        plan = self.plan
        title = plan.old.title
        sheet = "" if title == self.file else self.say("lembar", lembar=title)
        place = {"tab": plan.target.tab.title, "spreadsheet": plan.target.snapshot.name}
        yield self.say("judul", berkas=self.file, lembar=sheet, **place)
        yield from ("", self.say("kolom"))
        yield from sorted(
            (self._column(at, found) for at, found in enumerate(plan.old.columns)), key=lambda line: KEPT in line
        )
        for part in (self._notes(), self._left_out(), self._rows(), self._findings(), self._old_ones()):
            lines = [*part]
            yield from ["", *lines] if lines else ()

    def _rows(self) -> Iterator[str]:
        waiting = sum(complaint.blocked for _, complaint in self.plan.rows)
        counts = {"banyak": len(self.plan.rows), "tiket": len(self.plan.rows) - waiting, "menunggu": waiting}
        yield self.say("banyak" if self.plan.rows else "tidak-ada", **counts)

    def _column(self, at: int, found: Understood) -> str:
        """What a column is taken for, and three values of it."""
        held = [column for column in found.columns if self.layout.holds(column)]
        entry, target = "disimpan", KEPT
        if held:
            entry = "bagian" if found.part else found.meaning.value
            target = " + ".join(held)
        elif KELURAHAN in found.columns:
            entry = "kelurahan"
        elif fold(found.label) in self.layout.own:
            entry, target = "sendiri", found.label
        none = {*self.plan.translation.grouped, *self.plan.translation.empty}
        values = (record.cells[at] for record in self.plan.old.records if record.number not in none)
        shown = dict.fromkeys(filter(None, (_sample(found, value) for value in islice(values, ROWS_SEARCHED))))
        told = self.say("nilai", nilai="; ".join([*shown][:VALUES_SHOWN])) if shown else ""
        return self.say(entry, asal=found.label, tujuan=target) + told

    def _notes(self) -> Iterator[str]:
        translation = self.plan.translation
        if any(fold(found.label).startswith(_CLASSIFICATION) for found in self.plan.old.columns):
            yield self.say("klasifikasi")
        if translation.channel is not None:
            yield self.say("saluran", saluran=translation.channel)
        if made := [str(one.value) for one in self.layout.making(incoming for incoming, _ in self.plan.rows)]:
            yield self.say("kolom-baru", kolom=", ".join(made))
        if translation.meant:
            yield self.say("arti")
        for (column, written, entry), count in translation.meant.most_common(THINGS_SHOWN):
            yield self.say("arti-satu", kolom=column, tulisan=_masked(written), menjadi=entry, banyak=count)
        yield from self._more(len(translation.meant))

    def _left_out(self) -> Iterator[str]:
        translation, already = self.plan.translation, self.plan.already
        if already:
            places = [
                self.say("sudah-satu", nomor=number, tab=row.tab.title, baris=row.number + 1)
                for number, row in already[:ROWS_SHOWN]
            ]
            listed = "; ".join(places) + ("; …" if len(already) > ROWS_SHOWN else "")
            yield self.say("sudah", banyak=len(already), daftar=listed)
        others = [("lain", place.name, numbers) for place, numbers in translation.elsewhere.items()]
        kinds = {
            "kembar": translation.doubled,
            "kosong": translation.empty,
            "kelompok": translation.grouped,
            "panjang": translation.too_long,
            "ragu": translation.doubtful,
        }
        for entry, place, numbers in (*((entry, "", numbers) for entry, numbers in kinds.items()), *others):
            if numbers:
                yield self.say(entry, banyak=len(numbers), kelurahan=place, daftar=self._numbers(numbers))

    def _findings(self) -> Iterator[str]:
        """What `Pemeriksaan` will say, each message once with the rows that it stands beside."""
        for entry, blocking in (("perbaikan", True), ("catatan", False)):
            rows = [one for one in self.plan.rows if one[1].findings and one[1].blocked is blocking]
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
        complaints = [complaint for _, complaint in self.plan.rows]
        counts = {
            "tertutup": len(complaints) - sum(map(_is_open, complaints)),
            "terlambat": self.plan.late,
            "lama": self.old,
        }
        for entry, count in counts.items():
            if count:
                yield self.say(entry, banyak=count, hari=self.old_after_days)

    def _numbers(self, numbers: Sequence[str]) -> str:
        more = len(numbers) - NUMBERS_SHOWN
        listed = ", ".join(numbers[:NUMBERS_SHOWN])
        return self.say("nomor-lagi" if more > 0 else "nomor", daftar=listed, banyak=more)

    def _more(self, things: int) -> Iterator[str]:
        if things > THINGS_SHOWN:
            yield self.say("dan-lagi", banyak=things - THINGS_SHOWN)


def _sample(found: Understood, value: Value) -> str:
    if Form.DATE in (column.form for column in found.columns) and isinstance(value, (int, float)):
        return f"{date_of(value):%d/%m/%Y}" if read_date(value) else raw_text(value)
    if found.columns == (PHONE,) and value is not None:
        return " / ".join(f"{national(number)[:4]}{GAP}{number[-4:]}" for number in read_phones(value).numbers) or GAP
    return line_of(value) if found.columns == (ORIGIN,) else _masked(line_of(value))


def _masked(text: str) -> str:
    return shorten(without_contacts(text), CELL_SHOWN)
