"""What a cycle has worked out serves the digests after it, as long as it is what Kendali says."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from automation.cases.events import JOURNAL
from automation.cli.compose import compose
from automation.cycle.facts import CycleResult, Facts
from automation.cycle.health import Reading, last_readings, reading_cells
from automation.sheets.port import Changes
from automation.tables import intake
from automation.tables.kendali import CATEGORIES
from tests.kendali_examples import kendali
from tests.local_city import LocalCity
from tests.town import NOTE, TUESDAY, WORDS

pytestmark = pytest.mark.sampled(tests=6)

LATER = TUESDAY + timedelta(minutes=2)


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """One complaint, not read yet."""
    city = LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",)})
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    return city


def known(city: LocalCity) -> CycleResult:
    found = city.sync().known
    assert found is not None
    return found


def facts(city: LocalCity, known: CycleResult | None, *, stale: bool = False) -> Facts:
    return Facts(compose(city.credentials, WORDS).kendali, WORDS, LATER, known, stale=stale)


def test_the_entries_of_the_cycle_serve_and_are_what_kendali_says(city: LocalCity) -> None:
    worked_out = known(city)
    told = facts(city, worked_out)
    assert told.register.entries is worked_out.entries
    assert told.register == facts(city, None).register
    assert told.as_of is None


def type_another(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", {NOTE: "amir", intake.NAME: "Pak Amir", intake.PHONE: "081200001022"})


def another_robot(city: LocalCity) -> None:
    type_another(city)
    city.sync(TUESDAY + timedelta(minutes=1))


def another_rule(city: LocalCity) -> None:
    city.put("Kendali", CATEGORIES, {(1, 4): "Ya"})


@pytest.mark.parametrize("change", [another_robot, another_rule])
def test_what_kendali_says_otherwise_by_now_is_read_from_it(
    city: LocalCity, change: Callable[[LocalCity], None]
) -> None:
    worked_out = known(city)
    change(city)
    told = facts(city, worked_out)
    assert told.register.entries is not worked_out.entries
    assert told.register == facts(city, None).register


def test_on_another_day_days_are_counted_anew(city: LocalCity) -> None:
    yesterday = city.sync(TUESDAY - timedelta(days=1)).known
    assert yesterday is not None
    told = facts(city, yesterday, stale=True)
    assert told.register == facts(city, None).register
    assert told.as_of == yesterday.at, "nobody has read anything since"


def test_after_a_failed_cycle_it_says_of_when_it_is_unless_another_robot_has_been_at_work(city: LocalCity) -> None:
    worked_out = known(city)
    assert facts(city, worked_out, stale=True).as_of == TUESDAY
    another_robot(city)
    assert facts(city, worked_out, stale=True).as_of is None


def test_what_another_robot_tells_kendali_during_the_cycle_is_not_in_its_entries(city: LocalCity) -> None:
    city.sync()
    copied = city.rows("Kendali", JOURNAL)[-1]
    row = [
        copied[0],
        99,
        "2026-11-24T09:00:00+07:00",
        copied[3],
        "Diubah",
        '{"isi":{"Hasil Tindak Lanjut":[null,"x"]}}',
    ]

    def add() -> None:
        city.put("Kendali", JOURNAL, {(len(city.rows("Kendali", JOURNAL)), at): value for at, value in enumerate(row)})

    type_another(city)
    assert city.sync(LATER, between={"Kendali": add}).known is None


def test_what_a_clock_ahead_of_ours_has_written_is_news_of_the_next_digest(city: LocalCity) -> None:
    city.sync(LATER + timedelta(minutes=1))
    told = facts(city, known(city))
    assert told.told_until <= told.now < told.register.entries[0].issued_at


def test_a_rule_that_is_changed_during_the_cycle_counts_for_the_digests_after_it(city: LocalCity) -> None:
    worked_out = city.sync(between={"Kendali": lambda: another_rule(city)}).known
    told = facts(city, worked_out)
    assert told.register == facts(city, None).register


def test_when_a_spreadsheet_was_read_by_a_clock_that_was_ahead_is_told_by_the_next_cycle() -> None:
    link, hour = "Gondrong.xlsx", timedelta(hours=1)
    seen = kendali({"Sumber": [["Gondrong", link]]})
    for now, written in ((TUESDAY + 9 * hour, True), (TUESDAY, True), (TUESDAY + hour / 2, False)):
        cells = reading_cells(seen, {link: Reading(now, 1, "baik")}, hour, anyway=False)
        seen = seen.after(Changes(cells=cells))
        assert (last_readings(seen)[link].read_at == now) is written
