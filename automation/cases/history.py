"""What happened to a case, for people: a line per event, with who was involved, and what the clock did and why."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from automation.cases.copies import counting
from automation.cases.events import Event, EventKind, from_json
from automation.cases.examiner import assignee_shown
from automation.cases.journal import Case, advance
from automation.cases.kabari import told_shown
from automation.model.cells import fold
from automation.model.complaint import Priority, Status
from automation.model.deadlines import Level
from automation.model.disclosure import known_names
from automation.model.rules import Rules
from automation.reading.cell_text import line_of
from automation.tables import intake
from automation.tables.meeting import LATER, LETTER, PREPARED, PROPOSALS, REFUSED, SENT_BACK

#: Columns whose new value is told, if it is an entry of their list: in a row that was pasted one column off, it is
#: somebody's name or illness. Of other columns only the change is told.
_SHOWN = (intake.PRIORITY, intake.CATEGORY)
#: For a row of the meeting's tables: the columns whose new content is told, with the message for it and the columns
#: that go into it; and (`_TELLING`) those that would reveal what a private matter is about.
_TOLD = {
    "Keputusan": ("putusan", ("Siapa", "Sebelum")),
    "Tanggal Surat": ("surat", ("Instansi", "Nomor Surat")),
    "Tanggal Jawaban": ("jawaban", ("Instansi", "Nomor Surat")),
    "Keadaan": ("usulan", ("Pengusul", "SKPD", "Tahun", "Alasan")),
}
_TELLING = ("Instansi", "SKPD")
_MORE: Mapping[EventKind | str, str] = {
    EventKind.VANISHED: "hilang", EventKind.BACK: "kembali", EventKind.TICKET_RESTORED: "tiket",
    EventKind.ERASED: "hapus", EventKind.DATE_CONFIRMED: "pasti", EventKind.MOVED_IN: "pindah",
}  # fmt: skip


class History:
    """What happened to the case of a ticket; for a `private` matter without what it is about."""

    def __init__(self, ticket: str, rules: Rules, *, private: bool = False) -> None:
        self._ticket, self._rules, self._private = ticket, rules, private
        self._cases: dict[str, Case] = {}
        self._entries = {fold(one): str(one) for one in (*rules.categories, *Priority)}

    def lines(self, events: Iterable[Event], typed: Mapping[str, Iterable[Event]]) -> list[str]:
        """The lines in order of time. `typed` are the events of decisions and proposals, of any case, by table."""
        told = [(event.at, 0, at, line) for at, event in enumerate(_once(events)) for line in self._of(event)]
        for table, rows in typed.items():
            initial = {"Keadaan": PREPARED} if table == PROPOSALS else {}
            last: dict[str, Mapping[str, str]] = {}
            for event in sorted(rows, key=lambda event: event.at):
                if self._ticket in event.details.get("tiket", ()):
                    id, values = event.details["id"], initial | event.details.get("nilai", {})
                    lines = self._row(id, last.get(id, {}), values, event.at.date())
                    told += [(event.at, 1, len(told), line) for line in lines]
                    last[id] = values
        return [f"{self._rules.texts.stamp(at)}: {line}" for at, _, _, line in sorted(told, key=lambda one: one[:3])]

    def _say(self, entry: str, **particulars: object) -> str:
        return self._rules.texts.say(f"jejak.{entry}", **particulars)

    def _of(self, event: Event) -> Iterator[str]:
        case = self._cases.get(event.ticket)
        before, day = (case.status, case.received) if case is not None else (None, None)
        since = case.statuses[-1][0] if case is not None else event.at
        advance(self._cases, event)
        if (case := self._cases.get(event.ticket)) is None:
            return
        details = event.details
        if event.kind is EventKind.ISSUED:
            yield self._say("terbit", tab=case.tab, diterima=self._rules.texts.long_date(case.received))
        elif event.kind is EventKind.ESCALATED:
            level = Level.named(details.get("jenjang"))
            if level is not None and level >= Level.COORDINATOR and not details.get("dasar"):
                yield self._rules.texts.say(f"surat.jenjang.{level.slug}")
        elif event.kind is EventKind.DATE_ASKED and case.doubted is not None:
            asked, counted = f"{case.doubted:%d/%m/%Y}", self._rules.texts.long_date(case.received)
            yield self._say("ragu", tertulis=asked, hari=counted)
        elif event.kind is EventKind.MOVED_IN and "tahun" in details:
            yield self._say("lanjut-lain" if case.came_from else "lanjut", tab=case.tab)
        elif event.kind in _MORE:
            yield self._say(_MORE[event.kind], tab=details.get("tab", case.tab))
        if event.kind not in (EventKind.ISSUED, EventKind.MOVED_IN):
            yield from self._changes(event.cells)
        if before is not None and case.status is not before and not self._private:
            entry = "sanggah" if case.contested is not None else "status"
            yield self._say(entry, dari=before.value, ke=case.status.value)
        if before is not None and before.paused and not case.status.paused:
            yield self._say("jeda", hari=self._rules.calendar.between(since.date(), event.at.date()))
        if before is not None and case.status.paused and not before.paused:
            yield self._say("berhenti")
        if day is not None and case.received != day and event.kind is not EventKind.DATE_ASKED:
            yield self._say("mulai", hari=self._rules.texts.long_date(case.received))

    def _changes(self, cells: Mapping[str, Any]) -> Iterator[str]:
        rules, changed = self._rules, list[str]()
        for heading, (_, new) in cells.items():
            written = line_of(from_json(new))
            entry = self._entries.get(fold(written)) if written else "-"
            if heading in (intake.STATUS, intake.RECEIVED):
                continue
            if heading == intake.TOLD:
                answer = told_shown(written, rules.texts) or rules.texts.say("rekap.belum")
                who = known_names(re.sub(r"\d+", ",", written), rules.helpers, rules.vocabulary)
                yield self._say("dikabari-oleh" if who else "dikabari", jawab=answer, siapa=who)
            elif heading == intake.ASSIGNEE:
                yield self._say("petugas", siapa=assignee_shown(written, rules) or "-")
            elif heading in _SHOWN and entry and not self._private:
                yield self._say("isi", kolom=heading, isi=entry)
            else:
                changed.append(heading)
        if changed and not self._private:
            yield self._say("diubah", kolom=", ".join(changed))

    def _row(self, id: str, before: Mapping[str, str], values: Mapping[str, str], day: date) -> Iterator[str]:
        """What is new in a row of the meeting's tables. A date that was not typed is the day on which the rest was."""
        dated = {"Tanggal Jawaban": f"{day}"} if "Jawaban" in values and "Jawaban" not in before else {}
        told = {**dated, **values}
        for heading, (entry, more) in _TOLD.items():
            if heading in told and told[heading] != before.get(heading):
                letter = heading != "Tanggal Jawaban" or told.get("Keputusan", LETTER) == LETTER
                said = [heading, *(one for one in more if letter and not (self._private and one in _TELLING))]
                parts = [self._part(one, told[one], told[heading], day) for one in said if one in told]
                yield self._say(entry if letter else "jalan", isi=", ".join(filter(None, parts)), nomor=id)
        if "Keputusan" in before and "Keputusan" not in values:
            yield self._say("cabut", isi=before["Keputusan"], nomor=id)
        if emptied := [
            one for one in ("Tanggal Surat", "Tanggal Jawaban", "Jawaban") if one in before and one not in values
        ]:
            yield self._say("kosong", kolom=", ".join(emptied), nomor=id)

    def _part(self, heading: str, value: str, state: str, told_on: date) -> str:
        if heading == "Alasan":  # its words are read in the tab
            return self._say("alasan") if state in (SENT_BACK, REFUSED) else ""
        if heading == "Sebelum":
            return self._say("sampai" if state == LATER else "sebelum", hari=self._day(value, told_on))
        return self._day(value, told_on) if heading.startswith("Tanggal") else value

    def _day(self, iso: str, told_on: date) -> str:
        day = date.fromisoformat(iso)
        return self._rules.texts.short_date(day) + (f" {day.year}" if day.year != told_on.year else "")


def _once(events: Iterable[Event]) -> Sequence[Event]:
    found, _ = counting({event.key: event for event in events})
    moved = {one.at for one in found if one.kind is EventKind.MOVED_IN and "tahun" not in one.details}
    # If a row moved between two spreadsheets in one cycle, the one that it left tells first.
    first = {one.key for one in found if one.kind is EventKind.VANISHED and one.at in moved}
    return sorted(found, key=lambda one: (one.at, one.key not in first, one.sequence))


def clock_line(case: Case, due: date, rules: Rules) -> str:
    """How the case stands by its clock now."""
    entry = "tutup" if case.status.closed else "menunggu" if case.status is Status.WAITING else "tenggat"
    return rules.texts.say(f"jejak.{entry}", status=case.status.value, hari=rules.texts.long_date(due))
