"""Complaints that are one matter: what `Induk` may say, and who stands behind whom."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from automation.cases.elsewhere import Elsewhere
from automation.cases.examiner import Examiner, make_entries
from automation.cases.journal import Case
from automation.cases.one_matter import families
from automation.model.register import Entry
from automation.tables import intake
from automation.tables.intake import PEOPLE
from tests.local_city import LocalCity
from tests.town import NOTE, TUESDAY, Town

NOBODYS = "RR-260504-0099-9"


def street(count: int = 3) -> tuple[Town, list[str]]:
    """So many complaints that have their tickets."""
    town = Town()
    told = [
        town.type(name=f"Warga {number}", phone=f"0812000020{number:02}", description=f"Hal nomor {number} di sini")
        for number in range(1, count + 1)
    ]
    town.sync()
    return town, told


def marry(town: Town, child: str, parent: str) -> None:
    town.set(child, intake.PARENT, town.ticket(parent))


def entries(town: Town) -> dict[str, Entry]:
    """The register's entries by the people's own note."""
    examiner = Examiner(town.rules, town.now.date())
    cases = [("here", case) for case in town.plan().cases.values()]
    made = {entry.ticket: entry for entry in make_entries(cases, {}, examiner, town.now)}
    return {identity: made[town.ticket(identity)] for identity in (f"#{n}" for n in range(1, len(made) + 1))}


def test_a_parent_counts_the_residents_and_each_child_knows_it() -> None:
    town, (one, two, three) = street()
    marry(town, two, one)
    marry(town, three, one)
    town.sync()
    assert not any(map(town.check, (one, two, three)))
    told = entries(town)
    assert [told[of].residents for of in (one, two, three)] == [3, 1, 1]
    assert [told[of].parent for of in (one, two, three)] == ["", *[town.ticket(one)] * 2]


def test_the_children_of_a_child_belong_to_the_root() -> None:
    town, (one, two, three, four) = street(4)
    marry(town, four, three)
    marry(town, three, two)
    marry(town, two, one)
    town.sync()
    assert {entries(town)[of].parent for of in (two, three, four)} == {town.ticket(one)}
    assert entries(town)[one].residents == 4


def test_a_number_is_understood_as_people_write_it() -> None:
    town, (one, two, _) = street()
    town.set(two, intake.PARENT, town.ticket(one).lower().replace("-", " "))
    town.sync()
    assert entries(town)[two].parent == town.ticket(one)


@pytest.mark.parametrize(
    ("written", "said"),
    [("RR-260504-0001-4", "belum terbaca"), (NOBODYS, f"belum ada laporan dengan nomor {NOBODYS}")],
)
def test_a_parent_that_is_nobodys_is_said_with_an_example_and_counts_for_nothing(written: str, said: str) -> None:
    town, (one, *_) = street()
    town.set(one, intake.PARENT, written)
    town.sync()
    assert town.check(one).startswith("Mohon dicek – Induk: ") and said in town.check(one)
    assert "Contoh: RR-260504-0001-3" in town.check(one)
    assert entries(town)[one].parent == ""


def test_nobody_is_their_own_parent() -> None:
    town, (one, *_) = street()
    marry(town, one, one)
    town.sync()
    assert "nomor laporan ini sendiri" in town.check(one)
    assert (entries(town)[one].parent, entries(town)[one].residents) == ("", 1)


def test_in_a_circle_nobody_has_a_parent_until_one_of_them_is_cleared() -> None:
    town, (one, two, three) = street()
    for child, parent in ((one, two), (two, three), (three, one)):
        marry(town, child, parent)
    town.sync()
    assert all("sendiri berinduk pada laporan ini" in town.check(of) for of in (one, two, three))
    assert {entry.parent for entry in entries(town).values()} == {""}
    town.set(one, intake.PARENT, None)
    town.sync()
    assert not any(map(town.check, (one, two, three)))
    assert entries(town)[one].residents == 3


def test_who_leads_into_a_circle_belongs_to_the_one_that_is_named() -> None:
    town, (one, two, three, four) = street(4)
    for child, parent in ((one, two), (two, one), (three, two), (four, three)):
        marry(town, child, parent)
    town.sync()
    assert town.check(three) == town.check(four) == ""
    assert [entries(town)[of].parent for of in (three, four)] == [town.ticket(two)] * 2


def test_a_parent_in_another_spreadsheet_is_a_parent() -> None:
    town, (one, *_) = street()
    other = Town("Cimone")
    far = other.type("Cimone")
    other.sync()
    town.set(one, intake.PARENT, other.ticket(far))
    town.sync()
    assert "belum ada laporan" in town.check(one)
    town.elsewhere = Elsewhere(other.plan().cases)
    town.sync()
    assert town.check(one) == ""


def test_a_child_keeps_its_status_when_its_parent_is_closed() -> None:
    town, (one, two, _) = street()
    marry(town, two, one)
    town.set(one, intake.STATUS, "Selesai")
    town.set(one, intake.OUTCOME, "Sudah dikeruk")
    town.sync()
    assert [entries(town)[of].status.closed for of in (one, two)] == [True, False]
    assert town.get(two, intake.RESOLVED) is None


def test_a_parent_that_is_written_beside_a_new_complaint_keeps_it_from_nothing() -> None:
    town, _ = street()
    new = town.type(name="Pak Amir", parent=NOBODYS)
    town.sync()
    assert town.ticket(new) and "Induk" in town.check(new)


def case_of(number: int, parent: int | None) -> Case:
    written = None if parent is None else TICKETS[parent]
    content = tuple(written if column is intake.PARENT else None for column in PEOPLE)
    return Case(TICKETS[number], TUESDAY, content, "", TUESDAY.date(), "")


TOWN, _TOLD = street(8)
TICKETS = [TOWN.ticket(of) for of in _TOLD]


@given(st.lists(st.none() | st.integers(0, 7), min_size=8, max_size=8))
def test_whatever_is_written_every_case_has_one_root_and_every_resident_is_counted_once(
    parents: list[int | None],
) -> None:
    cases = {case.ticket: case for case in (case_of(number, parent) for number, parent in enumerate(parents))}
    found = families(cases)
    for number, ticket in enumerate(TICKETS):
        way = [number]
        while (above := parents[way[-1]]) is not None and above not in way:
            way.append(above)
        above = parents[way[-1]]
        ends = way[way.index(above)] if above is not None else way[-1]  # where the circle is entered, or the top
        assert found.roots.get(ticket, ticket) == TICKETS[ends]
    assert not set(found.roots) & set(found.residents), "a root has no parent"
    alone = len(TICKETS) - len(set(found.roots) | set(found.residents))
    assert sum(found.residents.values()) + alone == len(TICKETS)


def test_a_long_line_is_followed_to_its_end_in_bearable_time() -> None:
    town, told = street(200)
    for child, parent in zip(told[1:], told, strict=False):
        marry(town, child, parent)
    town.sync()
    assert entries(town)[told[0]].residents == 200


def test_the_register_says_who_belongs_to_whom_across_spreadsheets(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",), "Timur": ("Cimone",)})
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    city.sync()
    yati = city.tickets("Barat")["yati"]
    city.type(
        "Timur", "Cimone", {NOTE: "amir", intake.NAME: "Pak Amir", intake.PHONE: "081200001022", intake.PARENT: yati}
    )
    city.sync()
    amir = city.tickets("Timur", "Cimone")["amir"]
    assert city.column("Timur", "Cimone", "Pemeriksaan") == [None]
    assert {ticket: row["Induk"] for ticket, row in city.register().items()} == {yati: None, amir: yati}
    assert "Induk" in city.rows("Kendali", "Rekap")[0]
