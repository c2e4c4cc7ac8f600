"""A year of a branch on both kinds of spreadsheet: complaints, packs, decisions, letters, answers, proposals and
outcomes, typed late, wrong and twice, sorted and deleted; every sentence read back, every figure recounted."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from automation.model.cells import Value
from automation.tables import intake
from automation.tables.kendali import DECISIONS, PROPOSALS, RECIPIENTS
from tests.lost_and_found import KENDALI, TITLES, Place, laid_out
from tests.test_decisions import cycle, send
from tests.town import TUESDAY

pytestmark = pytest.mark.long
BARAT = "Laporan Barat"
KINDS = ("Banjir", "Jalan & Drainase", "Sampah & Kebersihan")
MONTHS = 12
BEGIN = TUESDAY.replace(hour=8)


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return laid_out(request, tmp_path, {BARAT: ("Gondrong", "Petir")}, begin)


def begin(place: Place) -> None:
    kinds = "mingguan, koordinator"
    place.put(KENDALI, RECIPIENTS, 1, dict(enumerate(("Ibu Ratna", "ratna@example.org", "Anggota", "Kota", kinds))))


@dataclass
class Branch:
    """What its people do, and their own account of it."""

    place: Place
    now: datetime = BEGIN
    resolved: int = 0  # since the last pack, with an outcome
    bare: int = 0
    content: int = 0
    undone: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    open: list[str] = field(default_factory=list)  # who waits
    pending: set[str] = field(default_factory=set)  # whose decision is not carried out

    def later(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        cycle(self.place, self.now)

    def complain(self, month: int) -> None:
        for number, kind in enumerate(KINDS):
            who, tab = f"warga{month}x{number}", ("Gondrong", "Petir")[number % 2]
            text = f"{('got mampet', 'jalan berlubang', 'sampah menumpuk')[number]} di gang nomor {month}"
            self.place.type(BARAT, tab, who, received=f"{self.now:%d/%m/%Y}", category=kind, description=text)
            self.open.append(who)

    def row_of(self, who: str) -> tuple[str, int]:
        for tab in ("Gondrong", "Petir"):
            for at, row in enumerate(self.place.rows(BARAT, tab)):
                if f"Warga {who}" in row:
                    return tab, at
        raise KeyError(who)

    def fill(self, who: str, **cells: Value) -> None:
        tab, at = self.row_of(who)
        values = {TITLES.index(name.replace("_", " ")): value for name, value in cells.items()}
        self.place.put(BARAT, tab, at, values)

    def decide(self, who: str, table: str = DECISIONS, **cells: Value) -> None:
        tab, _ = self.row_of(who)
        ticket = self.place.tickets(BARAT, tab)[who]
        found = self.place.rows(KENDALI, table)
        headings = (DECISIONS if table == DECISIONS else PROPOSALS).headings
        at = next(at for at, row in enumerate(found) if ticket in str(row[headings.index("Tiket")]) and at)
        self.place.put(KENDALI, table, at, {headings.index(name.replace("_", " ")): v for name, v in cells.items()})

    def sort(self) -> None:
        """Somebody sorts the decisions, the newest first."""
        table = [list(row) for row in self.place.rows(KENDALI, DECISIONS)[1:] if row and row[0]]
        for at, row in enumerate(sorted(table, key=lambda row: str(row[0]), reverse=True), start=1):
            whole = [*row, *[None] * (len(DECISIONS.headings) - len(row))]
            self.place.put(KENDALI, DECISIONS, at, dict(enumerate(whole)))

    def close(self, who: str, outcome: str | None, answer: str | None) -> None:
        self.fill(who, Status="Selesai", Hasil_Tindak_Lanjut=outcome)
        self.later(1)
        if answer is not None:
            self.fill(who, Dikabari=f"Ani {self.now:%d/%m/%Y} {answer}")
            self.later(1)
        if answer == "belum":
            self.undone += 1
            return
        self.open.remove(who)
        self.pending.discard(who)
        self.resolved += outcome is not None
        self.bare += outcome is None
        self.content += outcome is not None and answer == "puas"


def figure(pack: str, name: str) -> int:
    found = re.search(rf"{re.escape(name)}: ([\d.]+)", pack)
    assert found, (name, pack[:400])
    return int(found[1].replace(".", ""))


def test_a_year_of_a_branch(place: Place) -> None:
    branch = Branch(place)
    for month in range(MONTHS):
        branch.complain(month)
        branch.later(1)
        pack = send(place, "mingguan", branch.now)
        if month:  # the figures of the month before, as its people have counted them
            for name, counted in (
                ("Selesai menurut kami (ada Hasil)", branch.resolved), ("Dikonfirmasi warga (puas)", branch.content),
                ("Dibuka lagi atau belum beres", branch.undone), ("Selesai tanpa Hasil, tidak dihitung", branch.bare),
                ("= terbuka pada akhir kurun", len(branch.open)),
            ):  # fmt: skip
                assert figure(pack, name) == counted, (month, name)
            assert (f"BELUM JALAN ({len(branch.pending)})" in pack) == bool(branch.pending), month
            for agency, sent in branch.letters.items():
                assert f"{agency}: terkirim {sent}, dijawab {branch.answers[agency]}" in pack, month
        branch.resolved = branch.bare = branch.content = branch.undone = 0
        flood, road, garbage = (f"warga{month}x{number}" for number in range(3))
        agency = f"Dinas {month % 3}"
        branch.decide(
            flood, Keputusan="surat ke dinas", Siapa="Bu Rini", Sebelum=f"{branch.now:%d/%m/%Y}", Instansi=agency
        )
        branch.decide(road, Keputusan="entah sidak", Siapa="Pak Hadi")  # wrong, and mended after it was asked
        branch.later(1)
        assert any("Maksudnya Sidak?" in str(row["Pemeriksaan"]) for row in place.table(KENDALI, DECISIONS))
        branch.decide(road, Keputusan="Sidak")
        branch.decide(garbage, Keputusan="Usulan Pokir" if month == 1 else "Jawab Warga")
        branch.pending |= {flood, road, garbage}
        branch.later(20)
        mail = send(place, "koordinator", branch.now)
        assert "Bu Rini" in mail and f"surat ke {agency}" in mail and "sidak, Pak Hadi" in mail
        branch.sort()
        branch.later(1)
        branch.decide(flood, Nomor_Surat=f"{month}/F", Tanggal_Surat=f"{branch.now:%d/%m/%Y}")  # late, and twice
        branch.later(1)
        branch.decide(flood, Nomor_Surat=f"{month}/F")
        branch.letters[agency] += 1
        branch.pending.discard(flood)
        branch.later(24 * 16)  # five working days, though days off lie between
        assert "Ingatkan instansi K" in send(place, "koordinator", branch.now)
        if month % 2:
            branch.decide(flood, Jawaban="akan dikerjakan", Tanggal_Jawaban=f"{branch.now:%d/%m/%Y}")
            branch.answers[agency] += 1
            branch.later(1)
        branch.close(flood, f"saluran dikeruk {month}", "puas")
        branch.close(road, f"lubang ditambal {month}", "belum")
        where, at = branch.row_of(road)
        assert "dihitung terbuka" in str(place.rows(BARAT, where)[at][TITLES.index(intake.CHECK)])
        branch.close(garbage, None, None)
        if month == 1:
            branch.decide(garbage, PROPOSALS, Keadaan="Dianggarkan", Tahun=2028)
        if month == 5:  # a row that is deleted takes no decision with it
            tab = place.rows(KENDALI, DECISIONS)
            ticket = place.tickets(BARAT, branch.row_of(road)[0])[road]
            place.delete_row(KENDALI, DECISIONS, next(at for at, row in enumerate(tab) if at and ticket in str(row[2])))
        branch.later(24 * 8)
        branch.fill(road, Dikabari=f"{branch.now:%d/%m/%Y} puas")  # the later answer ends it
        branch.later(1)
        branch.open.remove(road)
        branch.pending.discard(road)
        branch.resolved += 1
        branch.content += 1
    told = [str(row[5]) for row in place.rows(KENDALI, "Riwayat") if row[4] == "Dicatat"]
    assert len(told) == len(set(told)), "each is told once"
    assert len([row for row in place.table(KENDALI, DECISIONS) if row["Nomor"]]) == 3 * MONTHS - (MONTHS > 5)
