"""What happened to a case, for people: a line an event, with who, and what the clock did and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from automation.cases.events import Event, EventKind, from_json
from automation.cases.filed import Filed, filed
from automation.cases.journal import Case, advance
from automation.cases.kabari import told_shown
from automation.model.complaint import Status
from automation.model.deadlines import Level
from automation.model.disclosure import known_names
from automation.model.rules import Rules
from automation.reading.cell_text import line_of
from automation.tables import intake

#: Columns of which the new value is told; of the others only that they were changed.
_SHOWN = (intake.PRIORITY, intake.CATEGORY)
_MORE: Mapping[EventKind | str, str] = {
    EventKind.VANISHED: "hilang", EventKind.BACK: "kembali", EventKind.TICKET_RESTORED: "tiket",
    EventKind.ERASED: "hapus", EventKind.DATE_CONFIRMED: "pasti", EventKind.MOVED_IN: "pindah",
}  # fmt: skip


def history(
    events: Iterable[Event], decided: Iterable[Event], ticket: str, rules: Rules, *, private: bool = False
) -> list[str]:
    """The lines of a case, in the order in which things happened; of a `private` matter without what it is about.
    `decided` are the events of decisions, on whichever cases."""
    return _History(ticket, rules, private=private).lines(events, decided)


class _History:
    def __init__(self, ticket: str, rules: Rules, *, private: bool) -> None:
        self._ticket, self._rules, self._private = ticket, rules, private
        self._cases: dict[str, Case] = {}

    def lines(self, events: Iterable[Event], decided: Iterable[Event]) -> list[str]:
        told = [(event.at, 0, event.sequence, line) for event in _once(events) for line in self._of(event)]
        rows = [event for event in decided if self._ticket in event.details.get("tiket", ())]
        rows = [*{(event.at, str(event.details)): event for event in rows}.values()]  # some went along with a year
        for event in rows:
            known = filed(one for one in rows if one.details["id"] == event.details["id"] and one.at <= event.at)
            for row in known.values():
                told += [(event.at, 1, 0, line) for line in self._decision(row, event)]
        return [f"{self._rules.texts.moment(at)}: {line}" for at, _, _, line in sorted(told, key=lambda one: one[:3])]

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
            yield self._say(
                "ragu", tertulis=f"{case.doubted:%d/%m/%Y}", hari=self._rules.texts.long_date(case.received)
            )
        elif event.kind is EventKind.MOVED_IN and "tahun" in details:
            yield self._say("lanjut", tab=case.tab)
        elif event.kind in _MORE:
            yield self._say(_MORE[event.kind], tab=details.get("tab", case.tab))
        if event.kind is not EventKind.ISSUED:
            yield from self._changes(details.get("isi", {}))
        if before is not None and case.status is not before and not self._private:
            entry = "sanggah" if case.contested is not None else "status"
            yield self._say(entry, dari=before.value, ke=case.status.value)
        if before is not None and before.paused and not case.status.paused:
            days = self._rules.calendar.between(since.date(), event.at.date())
            yield self._say("jeda", hari=days)
        if before is not None and case.status.paused and not before.paused:
            yield self._say("berhenti")
        if day is not None and case.received != day and event.kind is not EventKind.DATE_ASKED:
            yield self._say("mulai", hari=self._rules.texts.long_date(case.received))

    def _changes(self, cells: Mapping[str, Any]) -> Iterator[str]:
        if not all(isinstance(change, list) and len(change) == 2 for change in cells.values()):
            return  # the whole row of a case that has moved
        rules, changed = self._rules, list[str]()
        for heading, (_, new) in cells.items():
            written = line_of(from_json(new))
            if heading in (intake.STATUS, intake.RECEIVED):
                continue
            if heading == intake.TOLD:
                yield self._say("dikabari", jawab=told_shown(written, rules.texts) or rules.texts.say("rekap.belum"))
            elif heading == intake.ASSIGNEE:
                who = known_names(written, rules.helpers, rules.vocabulary)
                yield self._say("petugas", siapa=who or rules.texts.say("rekap.di-luar-daftar") if written else "-")
            elif heading in _SHOWN and not self._private:
                yield self._say("isi", kolom=heading, isi=written or "-")
            else:
                changed.append(heading)
        if changed and not self._private:
            yield self._say("diubah", kolom=", ".join(changed))

    def _decision(self, row: Filed, event: Event) -> Iterator[str]:
        """What is new of a decision."""
        new = {heading: value for heading, value in row.values.items() if row.since[heading] == event.at}
        for heading, entry in (("Keputusan", "putusan"), ("Tanggal Surat", "surat"), ("Tanggal Jawaban", "jawaban")):
            if heading in new:
                parts = {name: row.values.get(name, "") for name in ("Siapa", "Sebelum", "Instansi", "Nomor Surat")}
                said = [new[heading] if entry == "putusan" else self._day(new[heading])]
                said += [parts["Siapa"], parts["Sebelum"] and self._say("sebelum", hari=self._day(parts["Sebelum"]))]
                said = said if entry == "putusan" else [*said[:1], parts["Instansi"], parts["Nomor Surat"]]
                yield self._say(entry, isi=", ".join(filter(None, said)), nomor=row.id)

    def _day(self, iso: str) -> str:
        return self._rules.texts.short_date(date.fromisoformat(iso))


def _once(events: Iterable[Event]) -> Sequence[Event]:
    """Each event once, in their order: of two that differ only in that words were taken out of one, that one."""
    found: dict[tuple[object, ...], Event] = {}
    for event in events:
        key = event.sequence, event.at, event.kind
        if key not in found or "tanpa" in event.details:
            found[key] = event
    return sorted(found.values(), key=lambda event: (event.at, event.sequence))


def standing(case: Case, due: date, rules: Rules) -> str:
    """How the case stands by its clock now."""
    entry = "tutup" if case.status.closed else "menunggu" if case.status is Status.WAITING else "tenggat"
    return rules.texts.say(f"jejak.{entry}", status=case.status.value, hari=rules.texts.long_date(due))
