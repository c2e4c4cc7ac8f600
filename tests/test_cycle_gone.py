"""Rows and whole spreadsheets that are lost, and the operator who brings them back, on either kind of workbook."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from automation.cases.events import JOURNAL
from automation.cli.compose import compose, jakarta_now
from automation.config.kendali import read_kendali
from automation.cycle.facts import Facts
from automation.cycle.gone import GoneCases
from automation.cycle.health import read_health
from automation.cycle.sync import Syncer
from automation.digests.flow import Period
from automation.digests.morning import Kinds, news
from automation.model.complaint import Status
from automation.model.register import Entry
from automation.model.tickets import Ticket
from automation.tables import intake
from automation.tables.kendali import CATEGORIES, SOURCES
from automation.trouble import Trouble
from tests.conftest import Say
from tests.local_city import Disturbed
from tests.lost_and_found import KENDALI, TITLES, GooglePlace, Place, laid_out
from tests.operator_desk import enable_logs
from tests.town import WORDS

pytestmark = pytest.mark.sampled(6, tests=8)

BARAT, TIMUR = "Laporan Barat", "Laporan Timur"
SPREADSHEETS = {BARAT: ("Gondrong", "Petir"), TIMUR: ("Cimone",)}


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Two spreadsheets with three complaints in Gondrong, all ticketed."""
    return laid_out(request, tmp_path, SPREADSHEETS, begin)


def begin(place: Place) -> None:
    for identity in ("yati", "amir", "sri"):
        place.type(BARAT, "Gondrong", identity)
    assert place.run("sync") == 0


def lose(place: Place, identity: str = "yati", tab: str = "Gondrong") -> str:
    tickets = place.tickets(BARAT, tab)
    place.delete_row(BARAT, tab, 1 + list(tickets).index(identity))
    return tickets[identity]


def is_quiet(place: Place, *, unread: bool = False) -> bool:
    """Whether another cycle finds nothing to write, nor to tell but that running cases are `unread`."""
    program = compose(place.credentials, WORDS, rehearse=True)
    report = program.syncer.sync(jakarta_now())
    return report.well != unread and not any(rehearsal.planned for rehearsal in program.rehearsals)


def gone_cases(place: Place, act: Callable[[], object] = lambda: None) -> GoneCases:
    """As `restore` and `close` begin, after their first cycle; `act` happens just before anything is written to Barat
    or to Kendali."""
    program = compose(place.credentials, WORDS)
    report = program.syncer.sync(jakarta_now())
    open_source = program.syncer.open_source

    def disturbed(source: object) -> list[Disturbed]:
        return [Disturbed(workbook, act) for workbook in open_source(source)]  # type: ignore[arg-type]

    return GoneCases(Syncer(Disturbed(program.kendali, act), disturbed, WORDS), report, jakarta_now())


def test_a_spreadsheet_restored_to_an_old_version_ends_whole(place: Place, say: Say) -> None:
    old = place.version(BARAT)
    for identity in ("wawan", "dedi"):
        place.type(BARAT, "Gondrong", identity)
    place.run("sync")
    tickets, journal = place.tickets(BARAT, "Gondrong"), [row[:4] for row in place.rows(BARAT, JOURNAL)]
    place.restore_version(BARAT, old)
    place.type(BARAT, "Gondrong", "euis")
    say()
    assert place.run("sync") == 0
    said = say()
    assert f"Dipulihkan  : 2 catatan riwayat yang hilang dari “{BARAT}”" in said
    lost = [tickets["wawan"], tickets["dedi"]]
    assert f"Hilang      : 2 laporan di “{BARAT}”" in said and f"restore {' '.join(lost)}" in said
    assert [row[:4] for row in place.rows(BARAT, JOURNAL)][: len(journal)] == journal
    assert place.run("restore", *lost) == 0
    after = place.tickets(BARAT, "Gondrong")
    assert {identity: after[identity] for identity in tickets} == tickets
    assert after["euis"] not in tickets.values()
    assert len(place.issued()) == len(set(place.issued())) == 6
    assert is_quiet(place)


def test_a_rule_that_is_changed_after_the_first_cycle_counts_in_the_last_one(place: Place) -> None:
    ticket = lose(place)
    program = compose(place.credentials, WORDS)
    report = program.syncer.sync(jakarta_now())
    before = place.register()[ticket]["Tenggat"]
    place.put(KENDALI, CATEGORIES, 1, {3: 60})
    assert not GoneCases(program.syncer, report, jakarta_now()).restore([ticket])
    program.syncer.sync(jakarta_now())
    assert place.register()[ticket]["Tenggat"] != before


# Rows


def test_a_deleted_row_is_told_with_its_ticket_and_the_command_that_brings_it_back(place: Place, say: Say) -> None:
    enable_logs()
    ticket = lose(place)
    assert place.run("sync") == 0
    log = (place.credentials.parent / "ruang-rakyat.log").read_text("utf-8")
    assert f"{BARAT}: rows vanished: {ticket}" in log
    said = say()
    assert f"Hilang      : 1 laporan di “{BARAT}”" in said
    command = f'--credentials "{place.credentials}" restore {ticket}'
    assert command in said
    assert place.register()[ticket]["Keterlambatan"] == "baris tidak ditemukan"
    assert place.run("sync") == 0
    said = say()
    assert "Hilang" not in said
    assert "Menunggu    : 1 laporan yang masih berjalan belum punya baris lagi" in said and command in said


def test_a_deleted_row_comes_back_below_the_last_one_and_is_the_case_again(place: Place, say: Say) -> None:
    before = next(row for row in place.table(BARAT, "Gondrong") if row[intake.NAME] == "Warga yati")
    rekap = place.register()
    ticket, amir = lose(place), lose(place, "amir")
    assert place.run("restore", ticket) == 0
    said = say()
    assert f"{ticket}: barisnya ada lagi di “{BARAT}”, tab Gondrong, baris 3. Status: Baru." in said
    assert "Hilang      : 1 laporan" in said and f"restore {amir}" in said, "what it found besides"
    place.run("restore", amir)
    after = place.table(BARAT, "Gondrong")[1]
    assert {heading: after[heading] for heading in TITLES[:-1]} == {h: before[h] for h in TITLES[:-1]}
    assert place.kinds(BARAT, ticket) == place.copied(BARAT, ticket) == ["Diterbitkan", "Hilang", "Kembali"]
    now = place.register()[ticket]
    assert now.pop("Tautan") != rekap[ticket].pop("Tautan")
    assert now == rekap[ticket]
    assert is_quiet(place)


@pytest.mark.long
def test_of_many_deleted_rows_the_first_ten_are_named(place: Place, say: Say) -> None:
    for number in range(9):
        place.type(BARAT, "Petir", f"petir {number}")
    place.run("sync")
    tickets = [*place.tickets(BARAT, "Gondrong").values(), *place.tickets(BARAT, "Petir").values()]
    for tab, count in (("Gondrong", 3), ("Petir", 9)):
        for _ in range(count):
            place.delete_row(BARAT, tab, 1)
    say()
    assert place.run("sync") == 0
    said = say()
    assert f"12 laporan di “{BARAT}”" in said and "(ini yang pertama, + 2 lagi di tab Rekap)" in said
    assert said.count("RR-") == 10
    named = said.partition(" restore ")[2].split()[:10]
    assert set(named) < set(tickets)
    assert place.run("restore", *tickets) == 0
    assert [*place.tickets(BARAT, "Gondrong").values(), *place.tickets(BARAT, "Petir").values()] == tickets


def test_a_row_that_was_moved_to_another_spreadsheet_is_not_told_as_lost(place: Place, say: Say) -> None:
    row = place.rows(BARAT, "Gondrong")[1]
    ticket = lose(place)
    place.put(TIMUR, "Cimone", 1, {at: value for at, value in enumerate(row) if value is not None})
    assert place.run("sync") == 0
    assert "Hilang" not in say()
    assert place.run("restore", ticket) == 1
    assert f"masih ada di “{TIMUR}”, tab Cimone, baris 2" in say()


def test_several_rows_come_back_at_once_and_what_can_not_be_done_is_said_kindly(place: Place, say: Say) -> None:
    yati, amir = lose(place), lose(place, "amir")
    sri = place.tickets(BARAT, "Gondrong")["sri"]
    parsed = Ticket.parse(sri)
    assert parsed is not None
    unknown = str(Ticket(parsed.year, parsed.place, 9))
    # Copied from a list, with its commas, and in small letters.
    assert place.run("restore", f"{yati},", amir.lower(), sri, unknown, yati) == 1
    said = say()
    assert f"{yati}: barisnya ada lagi" in said and f"{amir}: barisnya ada lagi" in said
    assert f"{sri}: barisnya masih ada di “{BARAT}”, tab Gondrong, baris 2." in said
    assert f"{unknown}: nomor tiket ini tidak ada di Kendali. Mungkin maksudnya RR-" in said
    assert "2 permintaan tidak bisa dipenuhi" in said
    assert place.tickets(BARAT, "Gondrong") == {"sri": sri, "yati": yati, "amir": amir}
    assert is_quiet(place)


@pytest.mark.parametrize("two", [True, False], ids=["two operators at once", "a crash after it was written"])
def test_a_row_is_brought_back_once_and_the_next_cycle_knows_it(place: Place, two: bool) -> None:
    ticket = lose(place)
    cases = gone_cases(place, (lambda: place.run("restore", ticket)) if two else lambda: None)
    assert cases.restore([ticket]) == {}
    assert len(place.rows(BARAT, "Gondrong")) == 4
    assert two or place.kinds(BARAT, ticket) == ["Diterbitkan", "Hilang"]
    assert place.run("sync") == 0
    assert place.kinds(BARAT, ticket) == ["Diterbitkan", "Hilang", "Kembali"]
    assert place.tickets(BARAT, "Gondrong")["yati"] == ticket
    assert is_quiet(place)


def test_without_its_tab_a_row_goes_where_rows_name_their_kelurahan(place: Place, say: Say) -> None:
    ticket = place.tickets(BARAT, "Gondrong")["yati"]
    place.make("Hotline", {"Semua": [*TITLES, "Kelurahan"]})
    place.list_sources(BARAT, TIMUR, "Hotline")
    place.delete_tab(BARAT, "Gondrong")
    assert place.run("restore", ticket) == 0
    assert "“Hotline”, tab Semua, baris 2" in say()
    (row,) = place.table("Hotline", "Semua")
    assert (row[intake.TICKET], row[intake.KELURAHAN]) == (ticket, "Gondrong")
    assert place.kinds("Hotline", ticket) == ["Pindah Masuk"]
    assert place.register()[ticket]["Kelurahan"] == "Gondrong"
    assert place.register()[ticket]["Keterlambatan"] != "baris tidak ditemukan"
    place.run("sync")
    assert is_quiet(place, unread=True), "the others that stood there still wait"


def test_without_any_tab_for_it_the_operator_is_told_which_one_to_make(place: Place, say: Say) -> None:
    ticket = lose(place)
    place.run("sync")
    headings = dict(enumerate(place.rows(BARAT, "Gondrong")[0]))
    place.put(BARAT, "Gondrong", 0, {0: "Nomor"})
    before = place.rows(BARAT, "Gondrong")
    assert place.run("restore", ticket) == 1
    assert "judul kolomnya tidak lengkap" in say(), "a tab without its headings is not written to"
    assert place.rows(BARAT, "Gondrong") == before
    place.put(BARAT, "Gondrong", 0, headings)
    place.delete_tab(BARAT, "Gondrong")
    assert place.run("restore", ticket) == 1
    assert "Buat tab bernama Gondrong di" in say()
    assert place.kinds(BARAT, ticket) == ["Diterbitkan", "Hilang"]


def test_where_an_old_version_brought_back_the_tab_that_is_read_no_more_another_title_is_told(
    place: Place, say: Say
) -> None:
    ticket, old = place.tickets(BARAT, "Gondrong")["yati"], place.version(BARAT)
    assert place.run("rollover", "2026", "--yes") == 0
    place.restore_version(BARAT, old)
    say()
    assert place.run("restore", ticket) == 1
    assert "Buat tab bernama Gondrong 2027 di" in say()


# Closing


def test_a_case_without_a_row_is_closed_with_a_reason_and_no_longer_told_as_missing(place: Place, say: Say) -> None:
    ticket = lose(place)
    due = place.register()[ticket]["Tenggat"]
    assert place.run("close", ticket, "--reason", "pelapor sudah pindah") == 0
    said = say()
    assert f"{ticket}: ditutup tanpa solusi" in said and "Hilang" not in said
    rekap = place.register()[ticket]
    assert (rekap["Status"], rekap["Keterlambatan"], rekap["Tautan"]) == ("Ditutup Tanpa Solusi", None, None)
    assert rekap["Tenggat"] == due
    assert place.kinds(BARAT, ticket) == place.copied(BARAT, ticket) == ["Diterbitkan", "Hilang", "Ditutup"]
    assert "pelapor sudah pindah" in str(place.rows(BARAT, JOURNAL)[-1][4])
    assert place.run("sync") == 0
    assert "Menunggu" not in say()
    assert is_quiet(place)


def test_the_digest_tells_it_among_the_missing_and_then_among_those_without_a_solution(place: Place) -> None:
    def told() -> Kinds:
        """What the daily digest of the whole city would tell now."""
        facts = Facts(compose(place.credentials, WORDS).kendali, WORDS, jakarta_now() + timedelta(minutes=1))
        return news(facts.register.entries, Period(before, facts.now), facts.settings.rules)

    ticket = lose(place)
    before = jakarta_now() - timedelta(minutes=1)
    place.run("sync")
    assert [entry.ticket for entry in told()["hilang"] if isinstance(entry, Entry)] == [ticket]
    place.run("close", ticket, "--reason", "pindah")
    assert [entry.ticket for entry in told()[Status.UNRESOLVED.slug] if isinstance(entry, Entry)] == [ticket]
    assert not told()["hilang"] and not told()[Status.RESOLVED.slug]


def test_what_is_not_to_be_closed_from_here_is_refused_kindly_and_a_closed_case_can_run_again(
    place: Place, say: Say
) -> None:
    ticket = lose(place)
    amir = place.tickets(BARAT, "Gondrong")["amir"]
    assert place.run("close", amir, "--reason", "x y") == 1
    assert "masih ada" in say() and place.register()[amir]["Status"] == "Baru"
    assert place.run("close", "RR-260705-0001-0", "--reason", "x y") == 1
    assert "tidak ada di Kendali" in say()
    assert place.run("close", ticket, "--reason", "pindah") == 0
    say()
    assert place.run("close", ticket, "--reason", "pindah") == 1
    assert "sudah ditutup pada" in say()
    assert place.kinds(BARAT, ticket).count("Ditutup") == 1
    assert place.run("restore", ticket) == 0
    assert "Status: Baru." in say()
    assert place.register()[ticket]["Status"] == "Baru"
    assert place.kinds(BARAT, ticket)[-2:] == ["Ditutup", "Kembali"]
    assert is_quiet(place)


def test_two_operators_at_once_close_a_case_once(place: Place) -> None:
    ticket = lose(place)
    cases = gone_cases(place, lambda: place.run("close", ticket, "--reason", "pertama"))
    with pytest.raises(Trouble, match=r"kasus\.sudah-ditutup"):
        cases.close(ticket, "kedua")
    assert place.kinds(BARAT, ticket) == ["Diterbitkan", "Hilang", "Ditutup"]


def test_a_row_that_comes_back_just_before_its_case_is_closed_keeps_it_open(place: Place) -> None:
    row = place.rows(BARAT, "Gondrong")[1]
    ticket = lose(place)

    def paste() -> None:
        place.put(BARAT, "Gondrong", 3, {at: value for at, value in enumerate(row) if value is not None})
        place.run("sync")

    with pytest.raises(Trouble, match=r"kasus\.kembali"):
        gone_cases(place, paste).close(ticket, "pindah")
    assert place.register()[ticket]["Status"] == "Baru"


# Spreadsheets


def test_a_spreadsheet_that_was_deleted_and_made_anew_ends_whole(place: Place, say: Say) -> None:
    tickets = place.tickets(BARAT, "Gondrong")
    place.remove(BARAT)
    assert place.run("sync") == 1
    place.make(BARAT, {"Gondrong": TITLES, "Petir": TITLES})
    place.list_sources(BARAT, TIMUR)
    assert place.run("setup") == 0
    place.type(BARAT, "Gondrong", "euis")
    say()
    code, said = place.run("sync"), say()
    assert f"restore {' '.join(tickets.values())}" in said
    assert ("Hilang" in said) != ("Terlepas" in said), "the same file, or another spreadsheet"
    assert code == ("Terlepas" in said), "running cases of a spreadsheet that is listed no more are unread"
    assert place.run("restore", *tickets.values()) == 0
    after = place.tickets(BARAT, "Gondrong")
    assert {identity: after[identity] for identity in tickets} == tickets
    assert after["euis"] not in tickets.values()
    assert len(place.issued()) == len(set(place.issued())) == 4
    rekap = place.register()
    assert len(rekap) == 4 and all(row["Tautan"] for row in rekap.values())
    assert len({str(row["Tautan"]).partition("#")[0] for row in rekap.values()}) == 1
    say()
    assert is_quiet(place)
    place.run("sync")
    assert "restore" not in say()


def test_a_link_that_somebody_emptied_takes_no_row_away_until_the_whole_row_is_deleted(place: Place, say: Say) -> None:
    tickets, rekap = place.tickets(BARAT, "Gondrong"), place.register()
    link = place.rows(KENDALI, SOURCES)[1][1]
    place.put(KENDALI, SOURCES, 1, {1: None})
    for _ in range(2):
        say()
        place.run("sync")
        assert "Sumber!B2: tautannya terhapus" in say()
        assert place.register() == rekap
    assert {kind for ticket in tickets.values() for kind in place.copied(BARAT, ticket)} == {"Diterbitkan"}
    kendali, tomorrow = compose(place.credentials, WORDS).kendali.read(), jakarta_now() + timedelta(days=1)
    unread = read_health(kendali, read_kendali(kendali, WORDS), WORDS, tomorrow)
    assert place.rows(KENDALI, SOURCES)[1][0] in [one.name for one in unread if one.problem], "mails say what is old"
    ticket = tickets["yati"]
    assert place.run("close", ticket, "--reason", "arsip") == 1 and "hapus dari tab Sumber" in say()
    assert place.register() == rekap
    place.put(KENDALI, SOURCES, 1, {1: link})
    assert place.run("sync") == 0 and "terhapus" not in say() and place.register() == rekap
    place.list_sources(TIMUR)
    place.run("sync")
    assert {place.copied(BARAT, ticket)[-1] for ticket in tickets.values()} == {"Hilang"}


@pytest.mark.long
def test_a_case_of_a_spreadsheet_that_is_listed_no_more_can_be_closed_in_kendali(place: Place, say: Say) -> None:
    gone, orphan = lose(place), place.tickets(BARAT, "Gondrong")["amir"]
    place.run("sync")
    place.list_sources(TIMUR)
    before = place.rows(BARAT, JOURNAL)
    assert place.run("close", gone, "--reason", "arsip") == 0
    assert place.run("close", orphan, "--reason", "arsip") == 0
    assert place.rows(BARAT, JOURNAL) == before
    assert [place.register()[ticket]["Status"] for ticket in (gone, orphan)] == ["Ditutup Tanpa Solusi"] * 2
    assert place.copied(BARAT, orphan) == ["Diterbitkan", "Hilang", "Ditutup"]
    say()
    place.run("sync")
    sri = place.tickets(BARAT, "Gondrong")["sri"]
    said = say()
    assert "Terlepas    : 1 laporan" in said and sri in said and orphan not in said
    assert is_quiet(place, unread=True)
    # Listed again, it learns what was decided, and its row says that the case goes on.
    place.list_sources(BARAT, TIMUR)
    assert place.run("sync") == 0
    assert place.kinds(BARAT, gone) == ["Diterbitkan", "Hilang", "Ditutup"]
    assert place.kinds(BARAT, orphan) == ["Diterbitkan", "Hilang", "Ditutup", "Kembali"]
    assert [place.register()[ticket]["Status"] for ticket in (gone, orphan)] == ["Ditutup Tanpa Solusi", "Baru"]
    assert is_quiet(place)


def test_while_a_spreadsheet_can_not_be_read_its_rows_are_not_taken_for_gone(place: Place, say: Say) -> None:
    ticket = place.tickets(BARAT, "Gondrong")["yati"]
    commands = (("restore", ticket), ("close", ticket, "--reason", "arsip"))
    place.remove(BARAT)
    for command in commands:
        assert place.run(*command) == 1
        said = say()
        assert BARAT in said and "hapus dari tab Sumber bila spreadsheet itu memang sudah tidak ada" in said
    place.list_sources(TIMUR)
    place.put(KENDALI, SOURCES, 2, {0: "Laporan Lama", 1: "https://docs.google.com/spreadsheets/"})
    for command in commands:  # nor while a link leads nowhere
        assert place.run(*command) == 1
        said = say()
        assert "Laporan Lama" in said and "Betulkan tautannya, atau hapus dari tab Sumber" in said
    place.list_sources(TIMUR)
    assert place.run("close", ticket, "--reason", "arsip") == 0
    assert place.register()[ticket]["Status"] == "Ditutup Tanpa Solusi"


# Kendali


def test_a_kendali_restored_to_an_old_version_ends_whole(place: Place) -> None:
    gone = lose(place)
    place.run("sync")
    old = place.version(KENDALI)
    place.type(BARAT, "Gondrong", "euis")
    assert place.run("close", gone, "--reason", "pindah") == 0
    rekap, journal = place.register(), sorted(map(str, place.rows(KENDALI, JOURNAL)))
    place.restore_version(KENDALI, old)
    assert place.run("sync") == 0
    assert place.register() == rekap
    assert sorted(map(str, place.rows(KENDALI, JOURNAL))) == journal
    assert place.register()[gone]["Status"] == "Ditutup Tanpa Solusi"
    place.type(BARAT, "Gondrong", "wawan")
    assert place.run("sync") == 0
    assert len(place.issued()) == len(set(place.issued())) == 5
    assert is_quiet(place)


@pytest.mark.long
def test_a_kendali_made_anew_ends_whole(place: Place) -> None:
    gone = lose(place)
    place.run("sync")
    closed = lose(place, "amir")
    assert place.run("close", closed, "--reason", "pindah") == 0
    rekap = place.register()
    place.remove(KENDALI)
    if isinstance(place, GooglePlace):
        place.make(KENDALI, {"Sheet1": ()})
        place.credentials.write_text(
            place.credentials.read_text().replace(place.city.kendali.book.id, place.source(KENDALI))
        )
    assert place.run("setup") == 0
    place.list_sources(BARAT, TIMUR)
    assert place.run("setup") == 0
    place.type(BARAT, "Gondrong", "euis")
    assert place.run("sync") == 0
    now = place.register()
    assert {ticket: now[ticket] for ticket in rekap} == rekap
    assert now[gone]["Keterlambatan"] == "baris tidak ditemukan"
    assert now[closed]["Status"] == "Ditutup Tanpa Solusi"
    assert len(place.issued()) == len(set(place.issued())) == 4
    assert place.run("restore", gone) == 0
    assert place.tickets(BARAT, "Gondrong")["yati"] == gone
    assert is_quiet(place)
