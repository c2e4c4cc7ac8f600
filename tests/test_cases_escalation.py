"""Escalation: each level is reached once, and nothing that was so already is told as news."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given
from msgspec.structs import replace

from automation.cases.elsewhere import Elsewhere
from automation.cases.event_details import escalated
from automation.cases.events import Event, EventKind
from automation.cases.examiner import Examiner
from automation.cases.journal import fold
from automation.cases.reconcile import Reconciliation
from automation.model.deadlines import Ladder, Level
from automation.tables import intake
from tests.examples import examples
from tests.town import RULES, TUESDAY, Town, neighbours, sound, ticketed

LONG_AGO = "5/10/2026"  # a Monday; due on 12 October, more than a month before


def climbed(town: Town) -> list[tuple[date, str]]:
    """What was told as news, and on which day."""
    return [
        (event.at.date(), event.details["jenjang"])
        for event in town.journal
        if event.kind is EventKind.ESCALATED and "dasar" not in event.details
    ]


def without_levels(journal: list[Event]) -> list[Event]:
    """The journal as a version that knew no levels would have left it."""
    return [
        replace(event, details={key: value for key, value in event.details.items() if key != "jenjang"})
        for event in journal
        if event.kind is not EventKind.ESCALATED
    ]


@pytest.mark.parametrize(
    ("late", "left", "level"),
    [
        (0, 2, Level.NONE),
        (0, 1, Level.SOON),
        (0, 0, Level.TODAY),
        (0, None, Level.TODAY),  # past the deadline, on days when nobody works
        (1, None, Level.COORDINATOR),
        (2, None, Level.COORDINATOR),
        (3, None, Level.FACTION),
        (5, None, Level.FACTION),
        (6, None, Level.CHAIR),
        (99, None, Level.CHAIR),
    ],
)
def test_the_ladder_goes_up_as_the_working_days_pass(late: int, left: int | None, level: Level) -> None:
    assert Ladder().level(late, left) is level


def test_levels_that_were_given_the_wrong_way_round_still_go_up_only() -> None:
    ladder = Ladder(coordinator=5, faction=3, chair=2)
    assert [ladder.level(late, None) for late in range(1, 7)] == [Level.TODAY, *[Level.CHAIR] * 5]


def test_the_journals_name_of_a_level_leads_back_to_it_and_a_damaged_one_to_none() -> None:
    assert [Level.named(level.slug) for level in Level] == list(Level)
    damaged: tuple[object, ...] = (None, "", "presiden", 3, ["ketua"], {})
    assert {Level.named(name) for name in damaged} == {None}


@pytest.mark.parametrize(
    ("ladder", "days"),
    [
        (Ladder(), ("2026-11-28", "2026-11-30", "2026-12-01", "2026-12-03", "2026-12-07")),  # from a Saturday on
        (
            Ladder(warn_days=3, coordinator=2, faction=4, chair=5),
            ("2026-11-26", "2026-11-30", "2026-12-02", "2026-12-04", "2026-12-05"),
        ),
    ],
    ids=["as usual", "as the coordinators set it"],
)
def test_each_level_is_reached_once_as_days_go_by(ladder: Ladder, days: tuple[str, ...]) -> None:
    town = Town(rules=replace(RULES, ladder=ladder))
    town.take_in()  # received Monday 23 November, due Monday 30 November
    for _ in range(25):
        town.sync(days=1)
    levels = ("segera", "hari-ini", "koordinator", "fraksi", "ketua")
    assert climbed(town) == [(date.fromisoformat(day), level) for day, level in zip(days, levels, strict=True)]


def test_a_row_of_long_ago_that_is_typed_in_late_tells_nothing() -> None:
    town, old, ticket = ticketed(received=LONG_AGO, date_right="Ya")
    town.sync(days=10)
    case = town.plan().cases[ticket]
    assert (climbed(town), case.level, case.level_at) == ([], Level.CHAIR, None)
    assert [event.kind for event in town.journal] == [EventKind.ISSUED], "it goes with the ticket"
    # One that came waiting has its baseline when its clock starts.
    town, old, ticket = ticketed(received=LONG_AGO, date_right="Ya", status="Menunggu Pelapor")
    town.change(old, status="Ditindaklanjuti")
    assert climbed(town) == [] and town.plan().cases[ticket].level is Level.CHAIR


def test_what_was_reached_while_nothing_ran_is_told_when_it_runs_again() -> None:
    town, yati, _ = ticketed()
    town.sync(days=12)
    assert climbed(town) == [(date(2026, 12, 6), "fraksi")]
    assert town.plan().cases[town.ticket(yati)].level_at == town.now
    # So of a row that came half-way up, two working days after its deadline, a Saturday;
    town, *_ = ticketed(received="14/11/2026")
    town.sync(days=1)
    assert climbed(town) == [(date(2026, 11, 25), "fraksi")]
    # and a case that is reopened late comes before the right people at once.
    town, yati, _ = ticketed()
    for status, days in (("Bukan Kewenangan", 1), ("", 30)):
        town.change(yati, status=status, days=days)
    assert climbed(town) == [(date(2026, 12, 25), "ketua")]


def test_the_first_run_of_a_version_that_knows_levels_takes_what_is_there_as_its_baseline() -> None:
    town = Town()
    old, new = town.type(received=LONG_AGO, date_right="Ya"), town.type(name="Pak Amir", phone="081200001022")
    closed = town.take_in(
        name="Wawan", phone="081200001023", status="Selesai", outcome="Sudah", received=LONG_AGO, date_right="Ya"
    )
    town.journal = without_levels(town.journal)
    plan = town.sync(days=1)
    assert [(event.ticket, event.details) for event in plan.events] == [
        (town.ticket(old), {"jenjang": "ketua", "dasar": True}),
        (town.ticket(new), {"jenjang": "belum", "dasar": True}),
    ]
    assert plan.cases[town.ticket(old)].level_at is None
    town.sync(days=6)
    assert climbed(town) == [(date(2026, 12, 1), "koordinator")], "only of the case that went on"
    assert town.plan().cases[town.ticket(closed)].level is None


def test_the_baselines_of_an_upgrade_come_in_commits_of_bearable_size() -> None:
    town = Town()
    for number in range(10):
        town.type(name=f"Warga {number}", phone=f"08120000{number:04}", received=LONG_AGO, date_right="Ya")
    town.sync()
    town.journal = without_levels(town.journal)
    examiner = Examiner(town.rules, town.now.date())
    plan = Reconciliation(town.intake(), sound(town.journal), examiner, town.now, town.lane, Elsewhere(), most=4).plan()
    assert plan.cut and len(plan.events) == 4 and not plan.cells
    town.journal += plan.events
    town.sync()
    assert len(town.journal) == 20 and not climbed(town)


def test_a_case_goes_up_as_before_once_its_words_are_erased() -> None:
    town, _, ticket = ticketed()
    erased = Event(town.journal[-1].sequence + 1, town.now, ticket, EventKind.ERASED, {"sebab": "diminta"})
    town.journal.append(erased)
    town.sync(days=21)
    (case,) = fold(town.journal).values()
    assert case.erased and (case.level, case.level_at) == (Level.CHAIR, town.now)


def test_a_restored_spreadsheet_tells_nothing_again() -> None:
    """Its journal is put back from Kendali's copy."""
    town = Town()
    town.take_in()
    tabs = {title: [list(row) for row in rows] for title, rows in town.tabs.items()}
    town.sync(days=14)
    before = climbed(town)
    town.tabs = tabs
    town.sync()
    assert climbed(town) == before == [(date(2026, 12, 8), "ketua")]


def test_a_deadline_that_moves_back_takes_no_level_away_and_none_is_reached_twice() -> None:
    town, yati, _ = ticketed()
    town.sync(days=7)
    assert [slug for _, slug in climbed(town)] == ["koordinator"]
    town.change(yati, received="30/11/2026", days=1)
    assert town.plan().cases[town.ticket(yati)].level is Level.COORDINATOR
    for _ in range(12):  # due again on 7 December
        town.sync(days=1)
    assert [slug for _, slug in climbed(town)] == ["koordinator", "fraksi", "ketua"]


def test_nothing_is_reached_while_the_reporters_answer_is_awaited_or_after_the_end() -> None:
    town = Town()
    waits, ends = town.type(status="Menunggu Pelapor"), town.type(name="Pak Amir", phone="081200001022")
    town.sync()
    town.change(ends, status="Bukan Kewenangan", days=1)
    town.sync(days=40)
    assert climbed(town) == []
    assert town.plan().cases[town.ticket(waits)].level is None


def test_a_case_that_moves_to_another_spreadsheet_takes_its_level_along() -> None:
    cipondoh, karawaci, yati, _ = neighbours()
    cipondoh.sync(days=7)
    row = cipondoh.delete(yati)
    cipondoh.sync()
    karawaci.now = cipondoh.now + timedelta(hours=1)
    karawaci.elsewhere = Elsewhere(cipondoh.plan().cases)
    karawaci.tabs["Cimone"].append(row)
    karawaci.sync()
    case = karawaci.plan().cases[karawaci.ticket(yati)]
    assert (case.level, case.level_at) == (Level.COORDINATOR, cipondoh.now)
    assert climbed(karawaci) == []
    karawaci.sync(days=2)
    assert [slug for _, slug in climbed(karawaci)] == ["fraksi"]
    cipondoh.now = karawaci.now  # and back again: what it reached elsewhere is not reached here once more
    cipondoh.elsewhere = Elsewhere({of: replace(case, present=False) for of, case in karawaci.plan().cases.items()})
    cipondoh.tabs["Gondrong"].append(karawaci.delete(yati))
    cipondoh.sync()
    assert [slug for _, slug in climbed(cipondoh)] == ["koordinator"]
    assert cipondoh.plan().cases[cipondoh.ticket(yati)].level is Level.FACTION


@pytest.mark.parametrize("before_it_moves", [True, False])
def test_a_case_that_moves_to_another_spreadsheet_stays_an_emergency_since_it_became_one(before_it_moves: bool) -> None:
    cipondoh, karawaci, yati, _ = neighbours()
    if before_it_moves:
        cipondoh.change(yati, priority="Darurat", days=1)
    row = cipondoh.delete(yati)
    cipondoh.sync(days=1)
    karawaci.now = cipondoh.now
    karawaci.elsewhere = Elsewhere(cipondoh.plan().cases)
    karawaci.tabs["Cimone"].append(row)
    karawaci.change(yati, priority="DARURAT")
    raised = cipondoh.now - timedelta(days=1) if before_it_moves else karawaci.now
    assert karawaci.plan().cases[karawaci.ticket(yati)].priority_since == raised


def test_a_level_that_two_robots_recorded_counts_from_the_first_time() -> None:
    town, yati, _ = ticketed()
    town.sync(days=7)
    up = town.journal[-1]
    town.journal.append(replace(up, sequence=up.sequence + 1, at=up.at + timedelta(hours=1)))
    assert fold(town.journal)[town.ticket(yati)].level_at == up.at


STEPS = st.lists(
    st.one_of(
        st.integers(0, 9),
        st.sampled_from(
            ["Menunggu Pelapor", "Ditindaklanjuti", "Selesai", "", "Darurat", "Biasa", "upgrade", "old rows"]
        ),
    ),
    max_size=14,
)


@examples(150)
@given(received=st.integers(0, 40), steps=STEPS)
def test_whatever_happens_levels_only_rise_and_the_record_is_never_behind_the_clock(
    received: int, steps: list[int | str]
) -> None:
    town = Town()
    day = TUESDAY.date() - timedelta(days=received)
    yati = town.type(received=f"{day:%d/%m/%Y}", outcome="Sudah", date_right="Ya")
    tabs = None
    for step in [0, *steps]:
        if step == "upgrade":
            town.journal = without_levels(town.journal)
        elif step == "old rows" and tabs is not None:
            town.tabs = {title: [list(row) for row in rows] for title, rows in tabs.items()}
        elif isinstance(step, str) and step != "old rows":
            town.set(yati, intake.PRIORITY if step in ("Darurat", "Biasa") else intake.STATUS, step)
        before = len(town.journal)
        plan = town.sync(days=step if isinstance(step, int) else 0)
        tabs = tabs or {title: [list(row) for row in rows] for title, rows in town.tabs.items()}
        (case,) = plan.cases.values()
        examiner = Examiner(town.rules, town.now.date())
        complaint = examiner.examine(case.content, town.intake().tabs[0].place, False)
        stands_at = examiner.clock(complaint, case.received, case.statuses, case.first_due)[0].level
        assert stands_at is None or (case.level is not None and case.level >= stands_at)
        new = [event for event in town.journal[before:] if event.kind is EventKind.ESCALATED]
        assert len(new) <= 1
    told = [
        Level.named(event.details["jenjang"]) or Level.NONE
        for event in town.journal
        if event.kind is EventKind.ESCALATED
    ]
    assert told == sorted(set(told)), "a level was reached twice"
    (case,) = fold(town.journal).values()
    assert case.level_at is None or case.level_at in {event.at for event in town.journal}


@given(known=st.none() | st.sampled_from(Level), now=st.none() | st.sampled_from(Level))
def test_what_is_recorded_is_news_only_if_something_lower_was_recorded_before(
    known: Level | None, now: Level | None
) -> None:
    said = escalated(known, now)
    if said is None:
        assert now is None or (known is not None and now <= known)
    else:
        assert Level.named(said["jenjang"]) is now
        assert ("dasar" in said) is (known is None)
