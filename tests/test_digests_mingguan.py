"""The meeting pack as a whole: what is decided on, what changed, what is silent, and what is not known."""

from collections.abc import Sequence
from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given
from msgspec.structs import replace

from automation.digests.audience import Scope
from automation.digests.charts import BANDS, MOST_BARS, charts
from automation.digests.decisions import Filed, agencies, decisions, proposals, to_propose
from automation.digests.figures import legal, passed
from automation.digests.flow import Period, passage
from automation.digests.matters import MOST_COMMISSIONS, MOST_MATTERS, Matter, agenda, matters
from automation.digests.mingguan import Mingguan, reses
from automation.digests.morning import koordinator
from automation.mail.view import View
from automation.model.complaint import Priority, Status
from automation.model.register import Decision, Entry, Register
from automation.model.rules import Category
from tests.examples import examples
from tests.mail_examples import (
    JATIUWUNG,
    NOTHING,
    NOW,
    SUKASARI,
    TODAY,
    UNREAD,
    WELL,
    case,
    due,
    late,
    repair,
)
from tests.meeting_examples import CITY_PLACES, SECRET, WEEK, city_rules, large, lived, pack
from tests.town import WORDS

S = Status


def of(*entries: Entry, **options: object) -> Mingguan:
    return pack(Register(entries, (), (WELL,)), **options)  # type: ignore[arg-type]


def sections(told: Mingguan) -> dict[str, int]:
    return {name: len(cases) for name, cases in told.changes.items() if cases}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (lived(1, 3), {"new": 1}),
        (lived(1, 3, (1, S.RESOLVED)), {"new": 1, "selesai": 1}),
        (lived(1, 30, (28, S.UNRESOLVED)), {"ditutup-tanpa-solusi": 1}),
        (lived(1, 30, (28, S.NOT_OURS)), {"bukan-kewenangan": 1}),
        (lived(1, 30, (2, S.RESOLVED), (28, S.IN_PROGRESS)), {"reopened": 1}),
        (lived(1, 30, (25, S.RESOLVED), (28, S.IN_PROGRESS)), {"reopened": 1}),
        (lived(1, 30, (1, S.VERIFIED), (28, S.FORWARDED)), {"moved": 1}),
        (lived(1, 30, (25, S.FORWARDED), (28, S.VERIFIED), (29, S.FORWARDED)), {"moved": 1}),
        (lived(1, 30, (2, S.RESOLVED), (28, S.UNRESOLVED)), {"moved": 1}),
        (lived(1, 30, (1, S.VERIFIED)), {}),
        (lived(1, 30, (2, S.RESOLVED)), {}),
        (lived(1, 9), {"turned_late": 1}),
        (replace(lived(1, 30, (1, S.VERIFIED)), present=False), {"gone": 1}),
        (replace(lived(1, 30, (1, S.RESOLVED)), present=False), {}),
    ],
)
def test_what_changed_since_the_last_meeting_is_told_once(entry: Entry, told: dict[str, int]) -> None:
    assert sections(of(entry)) == told


def test_a_case_that_was_late_at_the_last_meeting_is_not_newly_late_at_this_one() -> None:
    told = of(lived(1, 40), lived(2, 10), lived(3, 1))
    assert [entry.ticket[-1] for entry in told.changes["turned_late"]] == ["2"]
    assert told.overdue == 2


@pytest.mark.parametrize(("days", "told"), [(0, 0), (1, 1), (7, 1), (8, 0)])
def test_on_the_day_of_its_deadline_a_case_is_not_late_yet(days: int, told: int) -> None:
    """So one that was due on the day of the last meeting became late after it."""
    entry = replace(lived(1, 40), due=TODAY - timedelta(days=days), days_late=days)
    assert len(of(entry).changes["turned_late"]) == told


def test_agenda_figures_and_lists_hold_every_open_case_and_no_other() -> None:
    told = pack(large(500))
    inside = [entry.ticket for matter in told.agenda for entry in (matter.lead, *matter.others)]
    assert len(told.agenda) == MOST_MATTERS and len(inside) == len(set(inside))
    assert len(inside) + sum(rest.cases for rest in told.rest) == told.open_cases == told.service.flow.end
    assert told.open_cases == sum(area.open_cases for area in told.coverage.areas)
    assert told.open_cases == sum(band.cases for band in told.charts.ages)
    flow, lists = told.service.flow, told.changes
    assert flow.received == len(lists["new"]) == sum(area.received for area in told.coverage.areas)
    assert told.before.flow.end == flow.start
    reclosed = sum(flow.closed.values()) - sum(len(lists[way.slug]) for way in flow.closed)
    assert 0 <= reclosed <= flow.reopened


def test_all_104_kelurahan_are_covered_and_the_silent_ones_named() -> None:
    fresh, long_ago = lived(1, 3), lived(2, 90, (5, S.RESOLVED))
    told = of(fresh, long_ago).coverage
    assert (told.places, told.silent, told.never) == (104, 103, 102)
    silent = {name for area in told.areas for name in area.silent}
    assert len(silent) == 103 and long_ago.kelurahan.name in silent and fresh.kelurahan.name not in silent
    (area,) = [area for area in told.areas if area.received]
    assert (area.kecamatan, area.open_cases, area.received) == (fresh.kelurahan.kecamatan, 1, 1)


def test_who_looks_after_a_part_of_the_city_sees_the_coverage_of_that_part() -> None:
    entries = [lived(number, 3) for number in range(1, 60)]
    told = of(*entries, scopes=(Scope(dapil=3), Scope(kecamatan="Benda")))
    inside = [place for place in CITY_PLACES if place.dapil == 3 or place.kecamatan == "Benda"]
    assert told.coverage.places == len(inside)
    assert {area.kecamatan for area in told.coverage.areas} == {place.kecamatan for place in inside}
    assert told.open_cases == sum(entry.kelurahan in inside for entry in entries)


def test_a_week_before_the_first_ticket_is_not_compared_with() -> None:
    assert not of(lived(1, 9)).before.known
    assert of(lived(1, 9)).service.known
    assert of(lived(1, 9), lived(2, 14.5)).before.known
    since = of(lived(1, 9)).since
    assert of(replace(lived(1, 9), issued_at=since)).service.known, "from the very beginning"
    assert not of(lived(1, 2)).service.known
    # When the program began is the same for the whole city.
    other = lived(2, 3)
    told = of(lived(1, 60), other, scopes=(Scope(kelurahan=other.kelurahan.code),))
    assert told.before.known and told.weeks[0].monday < (NOW - 5 * WEEK).date()


def test_a_pack_is_empty_only_when_there_is_nothing_to_decide_or_tell() -> None:
    assert pack(NOTHING).empty
    assert of(lived(1, 90, (1, S.RESOLVED))).empty
    for entry in (lived(1, 90), lived(1, 90, (88, S.RESOLVED)), late(1, 1)):
        assert not of(entry).empty
    assert not pack(Register((), (repair(),), (WELL,))).empty
    told = pack(Register((), (), (UNREAD,)), scopes=(Scope(kelurahan="36.71.01.1001"),))
    assert told.unread == (UNREAD,) and not told.empty, "told to everybody"


def test_after_two_weeks_without_a_meeting_the_two_weeks_before_are_compared_with() -> None:
    told = pack(large(300), since=NOW - 2 * WEEK)
    assert told.before.period.after == NOW - 4 * WEEK
    assert told.before.period.until == told.service.period.after == NOW - 2 * WEEK


def test_the_history_of_a_case_is_the_journals() -> None:
    again = lived(1, 30, (2, S.RESOLVED), (27, S.IN_PROGRESS), (29, S.RESOLVED))
    told = of(again)
    assert (told.service.flow.reopened, told.service.flow.closed[S.RESOLVED]) == (1, 1)
    assert told.before.flow == replace(told.before.flow, start=0, received=0, reopened=0, end=0)


# What a meeting decides on: cases, collective matters, and the clocks of the law beside them


DAY = timedelta(days=1)
PERIOD = Period(NOW - 7 * DAY, NOW)


def age(received: date) -> int:
    return (TODAY - received).days


def garbage(number: int, days_ago: int, **changes: object) -> Entry:
    said = {"kelurahan": JATIUWUNG, "category": "Sampah", "received": TODAY - days_ago * DAY, "together": lambda _: "1"}
    return case(number, **(said | changes))


def decided(*entries: Entry) -> list[Matter]:
    return matters(map(passage, entries), PERIOD, age)


def groups(*entries: Entry) -> list[list[int]]:
    """The matters, each as the numbers of its cases."""
    return [sorted(int(e.ticket.split("-")[2]) for e in (one.lead, *one.others)) for one in decided(*entries)]


def test_complaints_that_tell_of_the_same_are_one_collective_matter() -> None:
    (matter,) = decided(garbage(1, 9), garbage(2, 3), garbage(3, 1), garbage(4, 3, reporter=2))
    assert (matter.cases, matter.residents) == (4, 3)
    assert (matter.first, matter.last, matter.age) == (TODAY - 9 * DAY, TODAY - DAY, 9)


@pytest.mark.parametrize("other", [{"together": str}, {"sensitive": True}])
def test_what_tells_of_another_and_a_sensitive_case_do_not_belong(other: dict[str, object]) -> None:
    assert sorted(groups(garbage(1, 3), garbage(2, 2), garbage(3, 1, **other))) == [[1, 2], [3]]


def test_a_sensitive_case_is_decided_by_itself_and_one_person_is_one_resident_however_often() -> None:
    parent = garbage(9, 3)
    told = decided(parent, *(garbage(n, 1, sensitive=True, parent=parent.ticket) for n in range(1, 9)))
    assert [matter.cases for matter in told] == [1] * 9
    (matter,) = decided(*(garbage(number, 1, reporter=7) for number in range(1, 9)))
    assert (matter.cases, matter.residents) == (8, 1)


@examples(100)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2), st.integers(0, 5), st.booleans()), max_size=30))
def test_every_open_case_stands_in_exactly_one_matter(drawn: Sequence[tuple[int, int, int, bool]]) -> None:
    entries = [
        garbage(
            number,
            days,
            together=(str, lambda _: "1", lambda _: "2")[kind],
            reporter=who,
            status=Status.RESOLVED if done else Status.NEW,
        )
        for number, (days, kind, who, done) in enumerate(drawn, start=1)
    ]
    found = decided(*entries)
    told = [entry.ticket for matter in found for entry in (matter.lead, *matter.others)]
    assert sorted(told) == sorted(entry.ticket for entry in entries if not entry.status.closed)
    for matter in found:
        reporters = {entry.reporter for entry in (matter.lead, *matter.others)}
        assert matter.residents == len(reporters)


def test_new_and_reopened_cases_are_counted_in_their_matter() -> None:
    again = ((NOW - 20 * DAY, Status.NEW), (NOW - 9 * DAY, Status.RESOLVED), (NOW - DAY, Status.IN_PROGRESS))
    reopened = garbage(3, 4, history=again, issued_at=NOW - 20 * DAY, status=Status.IN_PROGRESS)
    (matter,) = decided(garbage(1, 9, issued_at=NOW - 9 * DAY), garbage(2, 3), reopened)
    assert (matter.new, matter.reopened) == (1, 1)


@pytest.mark.parametrize(
    ("days", "status", "lists"),
    [
        (3, Status.NEW, (0, 0, 0)), (4, Status.NEW, (1, 0, 0)), (4, Status.VERIFIED, (0, 0, 0)),
        (14, Status.VERIFIED, (0, 0, 0)), (15, Status.VERIFIED, (0, 1, 0)), (60, Status.WAITING, (0, 1, 0)),
        (61, Status.FORWARDED, (0, 0, 1)), (61, Status.NEW, (1, 0, 1)), (61, Status.RESOLVED, (0, 0, 0)),
    ],
)  # fmt: skip
def test_a_case_is_named_when_a_clock_of_the_law_has_passed(
    days: int, status: Status, lists: tuple[int, int, int]
) -> None:
    told = legal([entry := garbage(1, days, status=status)], age)
    assert tuple(map(len, told.values())) == lists
    assert entry.status.closed or passed(entry, days) == max((clock for clock in told if told[clock]), default=0)
    told = legal([garbage(1, 20, status=Status.VERIFIED), garbage(2, 40, status=Status.VERIFIED)], age)
    assert [one.age for one in told[14]] == [40, 20], "the oldest first"


# The agenda --------------------------------------------------------------------------------------------------------

CATEGORIES = {
    "Sampah": Category("Sampah", "Komisi IV"),
    "Sekolah": Category("Sekolah", "Komisi II"),
    "Lainnya": Category("Lainnya"),
    "Kesehatan": Category("Kesehatan", "Komisi II", sensitive=True),
}


@pytest.mark.parametrize(("days", "known"), [(30, (True, True)), (10, (True, False)), (3, (False, False))])
def test_a_week_of_which_closed_cases_are_away_with_a_year_is_not_told(days: int, known: tuple[bool, bool]) -> None:
    told = pack(Register((lived(1, 40),), (), (WELL,), whole_since=NOW - days * DAY))
    assert (told.service.known, told.before.known) == known


def test_the_most_urgent_in_the_city_is_listed_and_the_rest_is_counted_by_commission() -> None:
    category = ("Sampah", "Sekolah", "Lainnya")
    tail = [case(number, kelurahan=SUKASARI, category=category[number % 3], days_left=9) for number in range(30, 36)]
    tail[1] = replace(tail[1], received=tail[1].received - 20 * DAY)
    secret = case(40, kelurahan=SUKASARI, category="Kesehatan", sensitive=True, days_left=9)  # nobody is told which
    first = [
        due(1, 3, priority=Priority.EMERGENCY), late(2, 90, residents=9), late(3, 29), late(4, 25, residents=2),
        due(5, 2, priority=Priority.URGENT), *(late(n, 20 - n) for n in range(6, 16)),
    ]  # fmt: skip
    listed, rest = agenda(decided(*tail, secret, *reversed(first)), CATEGORIES, (), TODAY)
    assert [int(one.lead.ticket.split("-")[2]) for one in listed] == [1, 2, 3, 4, *range(6, 11), 5, *range(11, 16)]
    told = [(one.commission, one.private, one.matters, one.cases, one.overdue) for one in rest]
    assert told == [
        ("Komisi II", False, 2, 2, 0),
        ("Komisi IV", False, 2, 2, 0),
        ("", False, 2, 2, 0),
        ("", True, 1, 1, 0),
    ]
    ages = [one.age for one in decided(*tail) if one.lead.category == "Sekolah"]
    assert min(ages) < rest[0].oldest == max(ages)


def test_what_was_reopened_again_and_again_and_has_many_reporters_is_more_urgent() -> None:
    crowd = [garbage(number, 3, days_left=4) for number in (1, 2, 3)]
    steps = [(NOW - n * DAY, Status.RESOLVED if n % 2 else Status.IN_PROGRESS) for n in range(8, -1, -1)]
    again = case(4, history=((NOW - 20 * DAY, Status.NEW), *steps), issued_at=NOW - 20 * DAY, status=Status.IN_PROGRESS)
    listed, _ = agenda(decided(*crowd, again, late(5, 7), late(6, 5)), CATEGORIES, (), TODAY)
    assert [int(one.lead.ticket.split("-")[2]) for one in listed] == [4, 5, 3, 6]  # 20, 7, 6 and 5 points


def test_a_matter_keeps_the_row_that_was_laid_for_one_of_its_tickets() -> None:
    entry = late(1, 4)
    assert agenda(decided(entry), {}, (), TODAY)[0][0].id == f"K2648-{entry.ticket[3:]}"
    assert agenda(decided(entry), {}, [Decision("K2647-1", (entry.ticket,), entry)], TODAY)[0][0].id == "K2647-1"
    # Two that were one when the row was laid: it stays with the one that gave it its number.
    first, second = late(1, 4), late(2, 7)
    shared = f"K2648-{first.ticket[3:]}"
    listed, _ = agenda(decided(first, second), {}, [Decision(shared, (first.ticket, second.ticket), first)], TODAY)
    assert {one.lead.ticket: one.id for one in listed} == {
        first.ticket: shared,
        second.ticket: f"K2648-{second.ticket[3:]}",
    }


def test_however_many_commissions_are_typed_the_table_stays_one() -> None:
    categories = {f"Jenis {n}": Category(f"Jenis {n}", f"Komisi {n}") for n in range(60)}
    entries = [case(n + 1, kelurahan=SUKASARI, category=f"Jenis {n}") for n in range(60)]
    _, rest = agenda(decided(*entries), categories, (), TODAY)
    assert len(rest) == MOST_COMMISSIONS + 1
    assert sum(one.cases for one in rest) == 60 - MOST_MATTERS


# What was decided ----------------------------------------------------------------------------------------------------


def row_of(entry: Entry, **values: str) -> Filed:
    at = NOW - 9 * DAY
    return Filed(f"K-{entry.ticket}", (entry.ticket,), at, values, dict.fromkeys(values, at))


def with_rows(entries: Sequence[Entry], *rows: Filed, proposed: Filed | None = None) -> Mingguan:
    filed, links = {proposed.id: proposed} if proposed else {}, {row.id: f"Kendali.xlsx › {row.id}" for row in rows}
    return pack(Register(tuple(entries), (), (WELL,), decisions(rows, entries, links, city_rules(), NOW, filed)))


LATELY, SOON = f"{TODAY - 3 * DAY}", f"{TODAY + DAY}"
ANSWERED = {"Tanggal Surat": f"{TODAY - 12 * DAY}", "Jawaban": "ada"}
SENT = {"Keputusan": "Surat ke Dinas", "Instansi": "Dinas PUPR", "Tanggal Surat": LATELY, "Sebelum": LATELY}


@pytest.mark.parametrize(
    ("typed", "states", "proposed", "late", "came"),
    [  # what was typed; what became of the case; the proposal; the days past its day where it stands; else what is said
        ({"Keputusan": "Sidak", "Siapa": "Bu Rini", "Sebelum": LATELY}, (), "", 3, ""),
        (SENT, (), "", 0, ""),
        ({"Keputusan": "Usulan Pokir", "Sebelum": LATELY}, (), "Disiapkan", 3, ""),
        ({"Keputusan": "Usulan Pokir", "Sebelum": LATELY}, (), "Diteruskan", 0, ""),
        ({"Keputusan": "Usulan Pokir"}, (), "Dikembalikan", 0, ""),
        ({"Keputusan": "Tunda", "Sebelum": SOON}, (), "", 0, ""),
        ({"Keputusan": "Tunda", "Sebelum": LATELY}, (), "", None, "diputuskan 17 Nov: tunda, sampai 23 Nov"),
        ({"Keputusan": "Tunda"}, (), "", None, "diputuskan 17 Nov: tunda"),
        ({}, (), "", None, ""),
        (SENT | {"Tanggal Jawaban": LATELY}, (), "", None, "surat ke Dinas PUPR dijawab 23 Nov, keluhan masih terbuka"),
        (SENT | ANSWERED, (), "", None, "surat ke Dinas PUPR dijawab 17 Nov, keluhan masih terbuka"),
        ({"Keputusan": "Usulan Pokir"}, (), "Ditolak", None, "usulan pokir ditolak 17 Nov, keluhan masih terbuka"),
        ({"Keputusan": "Usulan Pokir"}, (), "Selesai", None, "usulan pokir selesai 17 Nov, keluhan masih terbuka"),
        (
            {"Keputusan": "Sidak"}, ((5, S.RESOLVED), (7, S.IN_PROGRESS)), "",
            None, "sidak (diputuskan 17 Nov), ditutup, lalu dibuka lagi",
        ),
        (
            {"Keputusan": "Sidak", "Jawaban": "ada"}, (), "",
            None, "sidak sudah dijalankan 17 Nov, keluhan masih terbuka",
        ),
        ({"Keputusan": "Tunda", "Sebelum": SOON, "Jawaban": "ada"}, (), "", 0, ""),
        ({"Keputusan": "Sidak", "Sebelum": LATELY}, ((0.1, S.RESOLVED), (0.2, S.IN_PROGRESS)), "", 3, ""),
        (SENT, ((5, S.RESOLVED), (7, S.IN_PROGRESS)), "", 0, ""),
    ],
)  # fmt: skip
def test_an_open_case_stands_once_as_decided_or_as_to_be_decided_with_what_came_of_it(
    typed: dict[str, str], states: tuple[tuple[float, Status], ...], proposed: str, late: int | None, came: str
) -> None:
    entry, other = lived(1, 10, *states), lived(2, 9)
    row = row_of(entry, **typed)
    begun = row_of(entry, Keadaan=proposed) if proposed else None
    told = with_rows([entry, other], row, proposed=begun)
    assert [(one.id, one.days_late) for one in told.pending] == ([(row.id, late)] if late is not None else [])
    (matter,) = [one for one in told.agenda if one.lead == entry] if late is None else [None]
    assert len(told.agenda) == (2 if late is None else 1)
    said = matter.before and View(WORDS, 9).decision(matter.before).age if matter else None
    assert (said or "") == came
    assert matter is None or matter.id == (
        f"K2648-{entry.ticket[3:]}" if "terbuka" in came or "dibuka" in came else row.id
    ), "is it decided anew"


def test_what_goes_with_a_decided_case_is_decided_with_it_and_named_there() -> None:
    parent, late = lived(1, 10), lived(3, 3)
    for kin, listed in (
        (lived(2, 2, parent=parent.ticket), 1),
        (replace(lived(2, 2, parent=parent.ticket), sensitive=True), 2),
        (lived(2, 2), 2),
    ):
        told = with_rows([parent, kin, late], row_of(parent, Keputusan="Sidak"))
        (one,) = told.pending
        assert one.tickets == (parent.ticket, kin.ticket)[: 1 + (listed == 1)] and len(told.agenda) == listed
    both, kin = row_of(parent, Keputusan="Sidak"), lived(2, 2, parent=parent.ticket)
    private = replace(parent, sensitive=True)
    (one,) = (told := with_rows([private, kin], row_of(private, Keputusan="Sidak"))).pending
    assert one.tickets == (private.ticket,) and len(told.agenda) == 1, "nobody is told what it goes with"
    told = with_rows([parent, kin], both, row_of(kin, Keputusan="Jawab Warga"))
    assert {one.tickets for one in told.pending} == {(parent.ticket,), (kin.ticket,)}, "each with its own decision"
    shut = lived(1, 10, (1, S.RESOLVED))
    told = with_rows([shut, lived(2, 2, parent=shut.ticket)], row_of(shut, Keputusan="Sidak"))
    assert not told.pending and len(told.agenda) == 1, "by itself again"


def test_what_came_of_a_decision_in_the_week_of_its_row_is_decided_anew_in_the_next() -> None:
    entry = lived(1, 9)
    rows = [replace(row_of(entry, **(SENT | ANSWERED)), id=f"K26{week}-{entry.ticket[3:]}") for week in (47, 48)]
    assert with_rows([entry], rows[0]).agenda[0].id == rows[1].id
    assert not with_rows([entry], rows[1]).agenda, "its number is taken"
    assert not with_rows([entry], rows[0], replace(rows[1], values={"Keputusan": "Sidak"})).agenda


@pytest.mark.parametrize("answered", [{}, {"Tanggal Jawaban": LATELY}])
def test_of_a_private_matter_no_agency_is_named(answered: dict[str, str]) -> None:
    for sensitive in (True, False):
        entry = replace(lived(1, 10), sensitive=sensitive)
        (told,) = decisions([row_of(entry, **SENT, **answered)], [entry], {}, city_rules(), NOW)
        line = View(WORDS, 9).decision(told)
        assert ("PUPR" in line.age, bool(line.category)) == (not sensitive, not sensitive)
        assert line.age.startswith("surat ke" if answered else "diputuskan")


def test_beside_a_private_ticket_nothing_tells_what_its_matter_is_about_though_another_leads_it() -> None:
    first, second = lived(1, 10), replace(lived(2, 10), sensitive=True)
    row = replace(row_of(first, **SENT), tickets=(first.ticket, second.ticket))
    found = decisions([row], [first, second], {}, city_rules(), NOW), proposals([row], [first, second], {})
    for (told,) in found:
        line = View(WORDS, 9).decision(told)
        assert second.ticket in line.tickets and not line.category and "PUPR" not in line.age
    row = replace(row, values={"Keputusan": "Surat ke Dinas"})
    categories = {name: Category(name, agency=f"Dinas {name}") for name in (first.category, SECRET)}
    rules = replace(city_rules(), categories=categories)
    (told,) = decisions([row], [first, replace(second, category=SECRET)], {}, rules, NOW)
    assert told.agency == f"Dinas {first.category}", "nor does the letter go to the agency of the private one"


def test_an_outcome_that_was_typed_for_what_was_decided_before_says_nothing_of_what_is_decided_now() -> None:
    entry = lived(1, 10)
    row = row_of(entry, Keputusan="Sidak", Jawaban="ada")
    told = with_rows([entry], replace(row, since={**row.since, "Keputusan": NOW - 2 * DAY}))
    assert [one.id for one in told.pending] == [row.id] and not told.agenda


def test_what_came_of_an_inspection_is_no_answer_to_the_letter_that_went_before_it() -> None:
    entry, rules = lived(1, 30), city_rules()
    sent = {"Keputusan": "Sidak", "Instansi": "Dinas PUPR", "Tanggal Surat": f"{TODAY - 12 * DAY}", "Sebelum": LATELY}
    for outcome, reminded in (({}, True), ({"Jawaban": "ada"}, False)):
        register = Register(
            (entry,),
            (),
            (),
            decisions([row_of(entry, **sent, **outcome)], [entry], {row_of(entry).id: "Kendali.xlsx › A2"}, rules, NOW),
        )
        (told,), ((agency,)) = register.decisions, agencies(register.decisions, rules.calendar)
        assert (agency.sent, agency.answered, agency.longest) == (1, 0, told.waiting) and told.waiting
        picks = koordinator(register, (Scope(),), NOW - 7 * DAY, NOW, rules).picks
        assert [one.why for one in picks if isinstance(one.item, Decision)] == ["putusan"] * reminded
        late = f"sidak, lewat 3 hari kerja, suratnya belum dijawab {told.waiting} hari kerja"
        assert View(WORDS, 9).decision(told).age.endswith(late if reminded else "keluhan masih terbuka")


def test_a_coordinator_is_told_of_a_case_once_and_reminds_an_agency_that_has_had_a_week() -> None:
    late, old, young = (lived(number, 30) for number in (1, 2, 3))
    sent = ({"Keputusan": "Surat ke Dinas", "Tanggal Surat": f"{TODAY - days * DAY}"} for days in (9, 2))
    rows = [
        row_of(late, Keputusan="Sidak", Sebelum=LATELY),
        *(row_of(one, **of) for one, of in zip((old, young), sent, strict=False)),
    ]
    entries = (late, old, young)
    register = Register(entries, (), (), decisions(rows, entries, {}, city_rules(), NOW))
    told = koordinator(register, (Scope(),), NOW - 7 * DAY, NOW, city_rules())
    lines = [(one.why, one.item.id if isinstance(one.item, Decision) else one.item) for one in told.picks]
    about = {why: item for why, item in lines if why in ("putusan", "ingatkan", "tindak", "tugaskan")}
    assert len(about) == len(lines) and about == {
        "putusan": f"K-{late.ticket}",
        "ingatkan": f"K-{old.ticket}",
        "tindak": young,
    }
    assert told.counts["tindak"] == 3, "the number counts all"


def test_a_decision_and_the_proposal_that_it_began_are_told_in_one_line() -> None:
    entry, rules = lived(1, 9), replace(city_rules(), proposing=(TODAY - DAY, TODAY + DAY))
    row, begun = row_of(entry, Keputusan="Usulan Pokir"), row_of(entry)
    decided = decisions([row], [entry], {}, rules, NOW, {begun.id: begun})
    register = Register((entry,), (), (), decided, proposals([begun], [entry], {}))
    for days, why in ((20, "putusan"), (1, "usulan")):  # before it was decided, and after
        told = koordinator(register, (Scope(),), NOW - days * DAY, NOW, rules)
        assert [one.why for one in told.picks if isinstance(one.item, Decision)] == [why]
        assert not [one for one in told.left if one.name in ("putusan", "usulan")]


def test_a_proposal_that_was_only_prepared_goes_with_its_decision() -> None:
    entry, rules = replace(lived(1, 9), channel="Reses"), replace(city_rules(), proposing=(None, TODAY))
    for now in ({"Keputusan": "Sidak"}, {}):
        decided = decisions([row_of(entry, **now)], [entry], {}, rules, NOW)
        for state, told in (("Disiapkan", 0), ("Dikembalikan", 1)):
            found = proposals([row_of(entry, Keadaan=state)], [entry], {})
            register = Register((entry,), (), (), decided, found)
            picks = koordinator(register, (Scope(),), NOW - DAY, NOW, rules).picks
            assert [one.why for one in picks].count("usulan") == told
            (heard,) = reses(register, entry.kelurahan.dapil, entry.received, entry.received, NOW, ()).cases
            assert bool(heard.proposed) == told


def test_a_reses_counts_no_proposal_that_was_refused() -> None:
    entry = replace(lived(1, 9), channel="Reses")
    for state, sent in (("Disiapkan", 0), ("Diusulkan", 1), ("Dikembalikan", 1), ("Ditolak", 0)):
        register = Register((entry,), (), (), (), proposals([row_of(entry, Keadaan=state)], [entry], {}))
        told = reses(register, entry.kelurahan.dapil, entry.received, entry.received, NOW, ())
        assert [spot.proposed for spot in told.spots] == [sent]


def test_what_was_said_to_an_earlier_letter_answers_no_later_one() -> None:
    entry = lived(1, 30)
    for days, waits in ((12, None), (6, 5)):  # the answer was typed nine days ago
        row = row_of(
            entry, **{"Keputusan": "Surat ke Dinas", "Jawaban": "ada", "Tanggal Surat": f"{TODAY - days * DAY}"}
        )
        (told,) = decisions([row], [entry], {}, city_rules(), NOW)
        assert told.waiting == waits


def test_a_window_for_proposals_without_a_beginning_has_begun() -> None:
    found, rules = proposals([row_of(lived(1, 9))], [], {}), city_rules()
    for begins, ends, told in (
        (None, TODAY, 1),
        (None, TODAY - DAY, 0),
        (TODAY + DAY, TODAY + DAY, 0),
        (None, None, 0),
    ):
        assert len(to_propose(found, (), replace(rules, proposing=(begins, ends)), TODAY)) == told
    (back,) = to_propose(
        [replace(found[0], what="Dikembalikan")], (), replace(rules, proposing=(None, TODAY - DAY)), TODAY
    )
    assert back.by is None, "until a day that is past nothing can be done"


def test_what_somebody_has_to_carry_out_comes_before_what_waits_for_others() -> None:
    late, plain, sent, off, shut = lived(1, 9), lived(2, 9), lived(3, 9), lived(4, 9), lived(5, 9, (5, S.RESOLVED))
    rows = (
        row_of(off, Keputusan="Tunda", Sebelum=SOON),
        row_of(sent, **SENT),
        row_of(plain, Keputusan="Sidak"),
        row_of(late, Keputusan="Tutup", Sebelum=LATELY),
        row_of(shut, Keputusan="Sidak", Sebelum=LATELY),
    )
    told = with_rows([late, plain, sent, off, shut], *rows)
    assert [one.lead for one in told.pending] == [late, plain, sent, off] and not told.agenda


def test_the_table_of_agencies_counts_letters_answers_and_how_long_they_took() -> None:
    entries = [lived(number, 40) for number in range(1, 6)]
    days = (20, 13, 6, 30, 2)  # calendar days ago
    rows = [
        row_of(
            entry,
            Keputusan="Surat ke Dinas",
            Instansi=f"Dinas {'AAAAB'[n]}",
            **{"Tanggal Surat": f"{TODAY - ago * DAY}"},
        )
        for n, (entry, ago) in enumerate(zip(entries, days, strict=True))
    ]
    answered = {"Jawaban": "ada", "Tanggal Jawaban": f"{TODAY - 1 * DAY}"}
    rows[1], rows[2] = (replace(row, values={**row.values, **answered}) for row in rows[1:3])
    agency, other = with_rows(entries, *rows).agencies
    between = city_rules().calendar.between
    took = sorted(between(TODAY - ago * DAY, TODAY - DAY) for ago in (13, 6))
    assert (agency.name, agency.sent, agency.answered, agency.median) == ("Dinas A", 4, 2, took[0])
    assert (agency.longest, other.longest) == (between(TODAY - 30 * DAY, TODAY), between(TODAY - 2 * DAY, TODAY))
    assert (other.answered, other.median) == (0, None)


def test_a_letter_that_stands_beside_two_matters_is_one_in_the_table_of_agencies() -> None:
    entries = [lived(number, 40) for number in range(1, 5)]
    on = {"Keputusan": "Surat ke Dinas", "Instansi": "Dinas A", "Tanggal Surat": f"{TODAY - 13 * DAY}"}
    rows = [
        row_of(one, **on, **{"Nomor Surat": number})
        for one, number in zip(entries, ("12/F", "12/ F", "13/F", ""), strict=True)
    ]
    (agency,) = with_rows(entries, *rows).agencies
    assert (agency.sent, agency.answered, agency.longest) == (
        3,
        0,
        city_rules().calendar.between(TODAY - 13 * DAY, TODAY),
    )
    answered = {"Jawaban": "ada", "Tanggal Jawaban": f"{TODAY - DAY}"}
    rows[1:3] = (replace(row, values={**row.values, **answered}) for row in rows[1:3])
    (agency,) = with_rows(entries, *rows).agencies
    assert (agency.sent, agency.answered) == (3, 2), "the answer stands beside one of the two"


def test_of_a_letter_beside_two_matters_the_agency_is_reminded_once_and_not_after_it_has_answered_beside_one() -> None:
    entries, rules = [lived(number, 30) for number in range(1, 4)], city_rules()
    on = {"Instansi": "Dinas A", "Nomor Surat": "12/F", "Tanggal Surat": f"{TODAY - 13 * DAY}"}
    kinds = ("Surat ke Dinas", "Surat ke Dinas", "Sidak")
    rows = [row_of(one, Keputusan=kind, **on) for one, kind in zip(entries, kinds, strict=True)]
    answered = {"Jawaban": "ada", "Tanggal Jawaban": LATELY}
    for more, reminded, came, waits in (({}, 1, ["", ""], True), (answered, 0, ["dijawab", "dijawab"], False)):
        rows[0] = replace(rows[0], values={**rows[0].values, **more})
        found = decisions(rows, entries, {}, rules, NOW)
        register = Register(tuple(entries), (), (), found)
        told = koordinator(register, (Scope(),), NOW - 7 * DAY, NOW, rules)
        assert told.counts["ingatkan"] == reminded
        assert [one.came for one in found] == [*came, ""], "it had to do with the inspection, but is not its outcome"
        assert {(one.waiting is not None, f"{one.answered or ''}") for one in found} == {
            (waits, "" if waits else LATELY)
        }
        assert len(pack(register).pending) == (3 if waits else 1)


def test_the_agency_that_was_written_to_on_a_private_matter_is_not_named() -> None:
    """It would tell what the matter is about, which the pack lists without it."""
    entries = [lived(number, 40, category=name) for number, name in enumerate((SECRET, "Jalan & Drainase"), start=1)]
    told = with_rows(entries, *(row_of(entry, **SENT) for entry in entries))
    assert sorted((one.name, one.sent) for one in told.agencies) == [("", 1), ("Dinas PUPR", 1)]


@pytest.mark.parametrize(
    ("written", "agency"),
    [
        ("dinas pupr", "Dinas PUPR"), ("PUPR", "Dinas PUPR"), ("", "Dinas PUPR"), ("PLN", "PLN"), ("Dinas", "Dinas"),
        ("DLH", "Dinas Lingkungan Hidup"), ("Yth. Kepala DLH", "Dinas Lingkungan Hidup"),
        ("Dishub", "Dinas Perhubungan"), ("DPUPR", "Dinas PUPR"), ("lingkungan", "Dinas Lingkungan Hidup"),
        ("Dinkes", "Dinas Kesehatan"), ("disnaker", "Dinas Ketenagakerjaan"), ("DK", "DK"), ("Dispora", "Dispora"),
        ("BPBD", "BPBD"), ("DPRD", "DPRD"), ("Dinas Perhubungan Kota Tangerang", "Dinas Perhubungan"),
        ("Dinas PU", "Dinas PUPR"), ("dinas LH", "Dinas Lingkungan Hidup"), ("Dinas P", "Dinas P"),
        ("pemadam kebakaran", "Satpol PP, Pemadam Kebakaran"),
    ],
)  # fmt: skip
def test_an_agency_is_one_however_it_is_spelled(written: str, agency: str) -> None:
    entry = lived(1, 9, category="Banjir")
    known = ("PUPR", "Lingkungan Hidup", "Perhubungan", "Kesehatan", "Ketenagakerjaan")
    agencies = [*(f"Dinas {name}" for name in known), "Satpol PP, Pemadam Kebakaran"]
    categories = {f"{n}": Category(f"{n}", agency=name) for n, name in enumerate(agencies)}
    rules = replace(city_rules(), categories={"Banjir": Category("Banjir", agency="Dinas PUPR"), **categories})
    (told,) = decisions([row_of(entry, Keputusan="Surat ke Dinas", Instansi=written)], [entry], {}, rules, NOW)
    assert told.agency == agency


def test_what_has_come_back_is_asked_about_no_more() -> None:
    entries = [lived(number, 9, category="Banjir") for number in (1, 2)]
    rows = [row_of(entry, **{**SENT, **said}) for entry, said in zip(entries, ({}, ANSWERED), strict=True)]
    told = decisions(rows, entries, {}, city_rules(), NOW, asked={row.id for row in rows})
    assert [one.asked for one in told] == [True, False]


def test_what_goes_with_an_open_case_is_decided_with_it_whatever_its_kind_and_place() -> None:
    parent = garbage(1, 3, residents=12)
    kin = (garbage(2, 30, parent=parent.ticket), case(3, kelurahan=SUKASARI, category="Banjir", parent=parent.ticket))
    (matter,) = decided(*kin, parent)
    assert (matter.lead, matter.cases, matter.residents) == (parent, 3, 12)
    assert matter.first == TODAY - 30 * DAY


def test_a_collective_matter_takes_along_what_goes_with_its_cases_and_leads_with_one_that_goes_with_none() -> None:
    alike = [garbage(1, 3), garbage(2, 2), garbage(3, 1)]
    (matter,) = decided(*alike, late(4, 20, parent=alike[0].ticket))
    assert (matter.cases, matter.residents) == (4, 4)
    assert matter.lead in alike


@pytest.mark.parametrize("changes", [{"status": Status.RESOLVED}, {"sensitive": True}])
def test_what_goes_with_a_closed_or_a_sensitive_case_is_decided_by_itself(changes: dict[str, object]) -> None:
    parent = garbage(1, 3, **changes)
    assert [2] in groups(parent, garbage(2, 2, parent=parent.ticket))


@examples(60)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 25), st.booleans()), max_size=60))
def test_every_chart_adds_up_to_all_open_cases(drawn: Sequence[tuple[int, int, bool]]) -> None:
    entries = [
        garbage(n, days, category=f"Jenis {kind}", kelurahan=replace(SUKASARI, code=str(kind)), sensitive=secret)
        for n, (days, kind, secret) in enumerate(drawn)
    ]
    told = charts(entries, age)
    assert sum(band.cases for band in told.ages) == len(entries)
    assert sum(kind.cases for kind in told.kinds.bars) + told.kinds.others_cases == len(entries)
    assert sum(spot.cases for spot in told.spots.bars) + told.spots.others_cases == len(entries)
    assert len(told.kinds.bars) <= MOST_BARS + 1
    assert told.kinds.others != 1


@pytest.mark.parametrize(("days", "band"), [(0, 0), (3, 0), (4, 1), (6, 1), (7, 2), (60, 4), (61, 5), (5000, 5)])
def test_an_age_falls_into_the_band_whose_last_day_it_does_not_exceed(days: int, band: int) -> None:
    told = charts([garbage(number, days, category=name, sensitive=True) for number, name in ((1, "A"), (2, "B"))], age)
    assert [one.cases for one in told.ages].index(2) == band
    assert [one.oldest for one in told.ages] == [*BANDS, None]
    assert [(kind.name, kind.sensitive, kind.cases) for kind in told.kinds.bars] == [("", True, 2)], "one bar, unnamed"
