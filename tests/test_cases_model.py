"""Ticket numbers, places, working days, and work in bulk."""

import gc
from datetime import date, timedelta
from weakref import ref

import pytest
from hypothesis import given, strategies as st
from stdnum import damm

from automation.cycle.registry import Registry
from automation.model.bulk import in_bulk
from automation.model.deadlines import Calendar, known_through
from automation.model.places import Doubt, Kelurahan, Places
from automation.model.tickets import Ticket, prefix_of
from automation.sheets.port import Snapshot
from tests.town import Town

tickets = st.builds(
    Ticket, year=st.integers(2000, 2099), place=st.from_regex(r"[0-9]{4}", fullmatch=True), number=st.integers(1, 10**8)
)


def test_a_number_tells_year_place_and_count_and_ends_in_a_check_digit() -> None:
    assert str(Ticket(2026, prefix_of("36.71.05.1003"), 42)) == "RR-260503-0042-5"
    assert str(Ticket(2026, "0503", 12345)).startswith("RR-260503-12345-")


@given(tickets)
def test_every_number_that_is_written_is_read_back(ticket: Ticket) -> None:
    assert Ticket.parse(str(ticket)) == ticket


@given(ticket=tickets, data=st.data())
def test_one_wrong_digit_is_noticed(ticket: Ticket, data: st.DataObject) -> None:
    text = str(ticket)
    place = data.draw(st.sampled_from([n for n, character in enumerate(text) if character.isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[place]]))
    assert Ticket.parse(text[:place] + other + text[place + 1 :]) is None


@given(ticket=tickets, data=st.data())
def test_two_neighbours_swapped_are_noticed(ticket: Ticket, data: st.DataObject) -> None:
    digits = str(ticket).replace("-", "")
    place = data.draw(st.integers(2, len(digits) - 2))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        assert Ticket.parse(swapped) is None


def test_case_spaces_and_missing_dashes_are_forgiven_and_nothing_else() -> None:
    for text in (
        "rr-260503-0042-5",
        " RR-260503-0042-5 ",
        "RR 260503 0042 5",
        "RR26050300425",
        "RR - 260503 - 0042 - 5",
    ):
        assert Ticket.parse(text) == Ticket(2026, "0503", 42)
    for text in (
        "",
        "RR",
        "260503-0042-5",
        "RR-260503-42-5",
        "RR-260503-0000-0",
        "XX-260503-0042-5",
        "RR-260503-0042-5 x",
    ):
        assert Ticket.parse(text) is None


def test_a_number_is_written_in_one_way_only() -> None:
    checked = (f"RR-260503-00042-{digit}" for digit in range(10))
    (with_a_zero_too_many,) = (text for text in checked if damm.is_valid("".join(filter(str.isdigit, text))))
    assert Ticket.parse(with_a_zero_too_many) is None


# Finding the kelurahan that a person means


NAMES = {
    "Tangerang": ("Sukaasih", "Sukasari", "Kelapa Indah"),
    "Jatiuwung": ("Keroncong", "Jatake"),
    "Batuceper": ("Batuceper", "Poris Gaga", "Poris Gaga Baru", "Poris Jaya"),
    "Cipondoh": ("Cipondoh", "Cipondoh Indah", "Poris Plawad"),
    "Ciledug": ("Sudimara Barat", "Sudimara Timur", "Paninggilan"),
    "Karawaci": ("Karawaci", "Sukajadi", "Sumur Pacing"),
    "Cibodas": ("Cibodas", "Cibodas Sari", "Cibodas Baru", "Jatiuwung"),
    "Pinang": ("Sudimara Pinang", "Kunciran"),
}
SPELLINGS = {"Suka Asih": "Sukaasih", "Sumur Pancing (Pacing)": "Sumur Pacing", "Cileduk": "Ciledug", "X": "Nowhere"}
PLACES = Places(
    (
        Kelurahan(f"36.71.{district:02}.{1000 + number}", kecamatan, name, 1)
        for district, (kecamatan, names) in enumerate(NAMES.items(), start=1)
        for number, name in enumerate(names, start=1)
    ),
    SPELLINGS,
)


def found(text: str, kecamatan: str | None = None) -> str:
    place = PLACES.find(text, kecamatan)
    assert isinstance(place, Kelurahan), place
    return place.name


def candidates(text: str, kecamatan: str | None = None) -> tuple[str, ...]:
    place = PLACES.find(text, kecamatan)
    assert isinstance(place, Doubt), place
    return place.candidates


@pytest.mark.parametrize(
    "text", ["Cibodas Sari", "cibodas sari", "  CIBODASSARI ", "kelurahan cibodas-sari", "Kel.Cibodas Sari"]
)
def test_case_spaces_punctuation_and_the_word_kelurahan_are_forgiven(text: str) -> None:
    assert found(text) == "Cibodas Sari"


def test_a_kecamatan_behind_the_name_says_where_it_lies_and_another_one_is_a_doubt() -> None:
    assert found("Kel. Cibodas Sari, Kec. Cibodas") == found("cibodas sari (kecamatan Cibodas)") == "Cibodas Sari"
    assert candidates("Jatiuwung, Kec. Jatiuwung")
    assert PLACES.find("Cibodas Sari, Kec. Bandung Kulon") == Doubt()


def test_the_official_name_is_found_by_spellings_in_use_and_where_others_begin_alike() -> None:
    assert found("Kelapa Indah") == "Kelapa Indah"
    assert (found("suka asih"), found("Sumur Pancing (Pacing)")) == ("Sukaasih", "Sumur Pacing")
    assert PLACES.find_kecamatan("cileduk") == "Ciledug"
    assert found("Cibodas") == "Cibodas"


def test_of_a_kecamatan_that_is_no_kelurahan_those_in_it_are_named() -> None:
    assert candidates("cileduk") == NAMES["Ciledug"]


def test_a_kelurahan_is_in_doubt_where_it_is_supposed_to_lie_in_another_kecamatan() -> None:
    assert found("Jatiuwung") == found("Jatiuwung", "Kec. Cibodas") == "Jatiuwung"
    assert candidates("Jatiuwung", "Jatiuwung") == ("Jatiuwung",)
    assert candidates("Sudimara", "Cileduk") == ("Sudimara Barat", "Sudimara Timur"), "it narrows what may be meant"
    assert found("Sukasari", "Bandung") == "Sukasari", "one that is unknown decides nothing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sudimara", ("Sudimara Barat", "Sudimara Timur", "Sudimara Pinang")),
        ("Poris", ("Poris Gaga", "Poris Gaga Baru", "Poris Jaya", "Poris Plawad")),
    ],
)
def test_a_part_of_several_names_is_asked(text: str, expected: tuple[str, ...]) -> None:
    assert candidates(text) == expected


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [("Cibodas S", "Cibodas Sari"), ("Karawacii", "Karawaci"), ("Plawad", "Poris Plawad"), ("Suka jd", "Sukajadi")],
)
def test_even_a_single_likely_name_is_asked_never_guessed(text: str, likeliest: str) -> None:
    assert candidates(text)[0] == likeliest


@pytest.mark.parametrize("text", ["Bandung Wetan", "", "-", "a", "😀", "x" * 50_000])
def test_what_resembles_nothing_has_no_candidates(text: str) -> None:
    assert candidates(text) == ()


def test_a_name_that_two_kecamatan_share_needs_the_kecamatan() -> None:
    twins = Places([Kelurahan("1.1", "A", "Sukamaju", 1), Kelurahan("2.1", "B", "Sukamaju", 2)])
    assert twins.find("Sukamaju") == Doubt(("Sukamaju",))
    assert twins.find("Sukamaju", "B") == twins.by_code.get("2.1")


def test_kecamatan_are_listed_in_order_and_found_like_kelurahan_which_a_code_finds_too() -> None:
    assert PLACES.kecamatan == tuple(NAMES)
    assert PLACES.find_kecamatan("KEC. batu ceper") == "Batuceper"
    assert PLACES.find_kecamatan("Cibo") == Doubt(("Cibodas",))
    assert PLACES.find_kecamatan("x" * 50_000) == Doubt()
    place = PLACES.by_code.get("36.71.01.1002")
    assert place is not None and place.name == "Sukasari"
    assert PLACES.by_code.get("36.71.99.1002") is None


# Working days


FIVE_DAYS = frozenset(range(5))
SIX_DAYS = frozenset(range(6))
days = st.dates(date(2023, 1, 1), date(2027, 12, 31))


def calendar(
    week: frozenset[int] = SIX_DAYS,
    national: bool = True,
    joint_leave: bool = True,
    days_off: frozenset[date] = frozenset(),
    days_worked: frozenset[date] = frozenset(),
) -> Calendar:
    return Calendar(week, national, joint_leave, days_off, days_worked)


SIX_DAY_WEEK = calendar()


def test_six_working_days_across_nyepi_and_idul_fitri_end_on_30_march_2026() -> None:
    assert calendar(FIVE_DAYS).after(date(2026, 3, 13), 6) == date(2026, 3, 30)


def test_saturday_counts_in_a_six_day_week_and_sunday_never() -> None:
    assert calendar().after(date(2026, 7, 3), 1) == date(2026, 7, 4)
    assert calendar().after(date(2026, 7, 4), 1) == date(2026, 7, 6)
    assert calendar(FIVE_DAYS).after(date(2026, 7, 3), 1) == date(2026, 7, 6)


def test_the_decree_for_2026_has_17_holidays_and_8_days_of_joint_leave() -> None:
    every_day = frozenset(range(7))
    year = date(2025, 12, 31), date(2026, 12, 31)
    assert calendar(every_day, joint_leave=False).between(*year) == 365 - 17
    assert calendar(every_day).between(*year) == 365 - 17 - 8
    assert calendar(every_day, national=False).between(*year) == 365 - 8
    assert calendar(every_day, national=False, joint_leave=False).between(*year) == 365


def test_what_is_a_working_day() -> None:
    leave, holiday, sunday, monday = date(2026, 3, 20), date(2026, 8, 17), date(2026, 7, 5), date(2026, 7, 6)
    assert not calendar().is_working(leave) and calendar(joint_leave=False).is_working(leave)
    # Local exceptions win over the week and the nation's holidays.
    ours = calendar(days_off=frozenset({monday, sunday}), days_worked=frozenset({holiday, sunday}))
    assert [ours.is_working(day) for day in (holiday, sunday, monday)] == [True, True, False]
    # Zero working days is the day itself or the next that counts; the last one of a year can be the day due.
    assert calendar().after(date(2026, 7, 4), 0) == date(2026, 7, 4)
    assert calendar().after(sunday, 0) == monday
    assert calendar().after(date(2026, 12, 29), 2) == date(2026, 12, 31)


def test_the_clock_stands_on_days_that_are_skipped() -> None:
    waiting = {date(2026, 7, 7), date(2026, 7, 8), date(2026, 7, 12)}
    assert calendar().after(date(2026, 7, 6), 2, waiting) == date(2026, 7, 10)
    assert calendar().between(date(2026, 7, 6), date(2026, 7, 13), waiting) == 4


def test_counting_goes_on_over_the_turn_of_the_year_and_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    # 25 December and 1 January are holidays, 24 December is joint leave, 27 December a Sunday
    assert calendar().after(date(2026, 12, 23), 6) == date(2027, 1, 2)
    assert calendar().between(date(2026, 12, 23), date(2027, 1, 2)) == 6
    for later in (date(2026, 7, 10), date(2027, 7, 10)):
        assert calendar().between(later, date(2026, 7, 6)) == 0
    assert calendar().between(date(2026, 7, 10), date(2026, 7, 6), {date(2026, 7, 8)}) == 0


@given(start=days, n=st.integers(1, 60), waiting=st.sets(days, max_size=20))
def test_the_nth_working_day_has_n_working_days_up_to_it(start: date, n: int, waiting: set[date]) -> None:
    ours = calendar()
    due = ours.after(start, n, waiting)
    assert ours.between(start, due, waiting) == n
    assert ours.is_working(due)
    assert due not in waiting


@given(start=days, length=st.integers(0, 800))
def test_a_span_holds_as_many_working_days_as_are_found_one_by_one(start: date, length: int) -> None:
    ours = calendar()
    span = [start + timedelta(days=n) for n in range(1, length + 1)]
    assert ours.between(start, start + timedelta(days=length)) == sum(map(ours.is_working, span))


def test_a_holiday_within_the_span_that_is_only_estimated_or_may_move_into_it_is_a_doubt() -> None:
    def doubts(start: tuple[int, int, int], end: tuple[int, int, int], ours: Calendar = SIX_DAY_WEEK) -> list[object]:
        return [one for found in ours.doubts(date(*start), date(*end)) for one in found]

    assert known_through() == 2027
    assert not doubts((2026, 1, 1), (2026, 12, 31))
    assert doubts((2027, 3, 1), (2027, 3, 20)) == [date(2027, 3, 10), date(2027, 3, 11)]  # Idul Fitri
    assert doubts((2027, 3, 1), (2027, 3, 9)) and not doubts((2027, 3, 1), (2027, 3, 8))
    assert not doubts((2027, 6, 1), (2027, 6, 30))
    assert doubts((2027, 12, 20), (2028, 1, 10))[-1] == 2028
    assert not doubts((2027, 3, 1), (2029, 3, 20), calendar(national=False, joint_leave=False)), "what is not heeded"


def test_without_a_working_day_nothing_counts_forever() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    for week, skipping in ((frozenset[int](), ()), (frozenset({0}), Always())):
        with pytest.raises(ValueError, match="no working day"):
            calendar(week).after(date(2026, 7, 6), 1, skipping)


def test_calendars_that_count_alike_are_equal_whatever_was_asked_of_them() -> None:
    asked = calendar()
    asked.after(date(2026, 7, 6), 3)
    assert asked == calendar()
    assert hash(asked) == hash(calendar())


# Work in bulk: the collector of reference cycles is paused, and misses nothing


def test_what_the_heart_makes_is_freed_without_the_collector() -> None:
    town = Town("Gondrong", "Petir")
    for number in range(20):
        town.type(name=f"Warga {number}", phone=f"08120000{number:04}" if number % 3 else "12")
    town.plan()  # what is made once, such as the calendar, stays
    gc.collect()
    gc.freeze()  # all else need not be looked at
    town.plan()
    assert gc.collect() == 0
    registry = Registry(Snapshot("Kendali", (), None))
    others, freed = registry.elsewhere("Cipondoh"), ref(registry)
    del registry, others
    assert freed() is None


def test_the_collector_rests_only_while_the_work_goes_on() -> None:
    @in_bulk
    def work(*, fail: bool) -> bool:
        if fail:
            raise LookupError
        return gc.isenabled()

    assert not work(fail=False)
    assert gc.isenabled()
    with pytest.raises(LookupError):
        work(fail=True)
    assert gc.isenabled()
