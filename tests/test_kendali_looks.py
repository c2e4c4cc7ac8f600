"""Kendali explains itself: what may be typed where, whose a tab is, and what the page of charts draws."""

from datetime import date

import pytest
from msgspec.structs import replace

from automation.cli.main import COMMANDS
from automation.config.defaults import DIGEST_KINDS, SETTINGS, USUAL_KINDS, load_defaults, load_kelurahan
from automation.config.values import all_scopes, read_scope
from automation.digests.charts import WEEKS_SHOWN, nothing_yet, overview
from automation.digests.flow import passage
from automation.model.cells import Value, is_empty
from automation.model.places import Doubt, Places
from automation.sheets.looks import colours
from automation.sheets.looks.guides import kendali_guide
from automation.sheets.looks.model import Allowed, CellLook, ListOf, TabLook, WholeNumber
from automation.sheets.looks.page import PageLook, charts_page
from automation.sheets.looks.spreadsheets import control_looks, list_rows, prepare_control
from automation.sheets.port import Snapshot
from automation.tables.kendali import (
    CHARTS,
    GUIDE,
    HEADINGS,
    JOURNAL,
    LAST_VALUES,
    LISTS,
    MAILS,
    RECIPIENTS,
    REGISTER,
    REPAIRS,
    TABS,
)
from tests.kendali_examples import texts, with_tab
from tests.mail_examples import NOW, TODAY
from tests.meeting_examples import city_rules, large, lived

WORDS = texts()


def prepared() -> Snapshot:
    empty = Snapshot("Kendali", (), None)
    return empty.after(prepare_control(empty, load_defaults(WORDS), WORDS, TODAY))


def looks(snapshot: Snapshot | None = None) -> dict[str, TabLook]:
    return {look.title: look for look in control_looks(snapshot or prepared(), WORDS, TODAY)[0]}


def rows(snapshot: Snapshot, title: str) -> list[list[Value]]:
    tab = snapshot.tab(title)
    assert tab is not None
    return [list(row) for row in tab.rows]


def accepts(allowed: Allowed, value: object) -> bool:
    if isinstance(allowed.what, ListOf):
        return value in allowed.what.values
    assert isinstance(allowed.what, WholeNumber)
    return isinstance(value, int) and allowed.what.low <= value <= allowed.what.high


def test_a_new_kendali_has_its_tabs_in_their_order_and_every_one_has_a_look() -> None:
    assert [tab.title for tab in prepared().tabs] == list(TABS)
    assert looks().keys() == set(TABS)
    assert not prepare_control(prepared(), load_defaults(WORDS), WORDS, date(2027, 1, 1)), "it lacks nothing"
    protected = {title for title, look in looks().items() if look.protected}
    assert protected == {GUIDE, CHARTS, REPAIRS, JOURNAL, MAILS, LISTS, LAST_VALUES}
    assert all(column.guarded for column in looks()[REGISTER].columns), "people sort it, and add notes to it"


def test_every_heading_tells_by_its_colour_and_its_note_who_types_below_it() -> None:
    for title, headings in HEADINGS.items():
        look = looks()[title]
        assert [column.column for column in look.columns] == list(range(len(headings)))
        for column in look.columns:
            robots = column.heading is colours.ROBOT
            assert column.note.startswith("Diisi otomatis" if robots else "Diisi koordinator."), column.note
            assert robots is (look.protected or column.guarded)


def test_looks_follow_the_columns_and_settings_that_people_have_moved() -> None:
    grid: list[list[Value]] = [["Daftar penerima"], [], *([None, *reversed(r)] for r in rows(prepared(), RECIPIENTS))]
    look = looks(with_tab(prepared(), RECIPIENTS, grid))[RECIPIENTS]
    scope = next(column for column in look.columns if column.column == len(RECIPIENTS.headings) - 3)
    assert look.heading_row == 2 and look.frozen_rows == 3
    assert scope.allowed is not None and "Cakupan" in scope.allowed.help
    grid = rows(prepared(), "Pengaturan")
    look = looks(with_tab(prepared(), "Pengaturan", [grid[0], *reversed(grid[1:])]))["Pengaturan"]
    row = 1 + [line[0] for line in reversed(grid[1:])].index("Cuti Bersama")
    (allowed,) = (cell.allowed for cell in look.cells if cell.row == row)
    assert allowed is not None and allowed.what == ListOf(("Ya", "Tidak"))


def test_what_the_program_would_refuse_can_not_be_typed_into_a_setting_and_what_stands_there_at_first_can() -> None:
    grid = rows(prepared(), "Pengaturan")
    cells: dict[int, CellLook] = {cell.row: cell for cell in looks()["Pengaturan"].cells}
    for row, setting in enumerate(SETTINGS, start=1):
        assert grid[row][0] == setting.name and cells[row].column == 1
        assert (example := setting.example(WORDS)) in cells[row].note and example != "None"
        kind = setting.read
        assert not kind.name or WORDS.say(f"kendali.boleh.{kind.name}", **kind.limits) in cells[row].note
        if (allowed := cells[row].allowed) is not None:
            assert allowed.strict and (setting.default is None or accepts(allowed, setting.default))
            assert not accepts(allowed, "besok") and not accepts(allowed, 0 if setting.default != 1 else -1)
    assert sum(cell.allowed is not None for cell in cells.values()) == 17


def test_the_lists_offer_what_the_program_understands_and_every_part_of_the_city() -> None:
    places = Places(load_kelurahan())
    scopes = [read_scope(written, places) for written in all_scopes(places)]
    assert not any(isinstance(scope, Doubt) for scope in scopes) and len(set(scopes)) == 1 + 5 + 13 + 104
    assert all(set(choice.split(", ")) <= set(DIGEST_KINDS) for choice in USUAL_KINDS)
    assert [[*row, None][:2] for row in rows(prepared(), LISTS)[1:]] == list_rows(places)


def test_messages_and_formulas_fit_every_spreadsheet_program() -> None:
    for look in looks().values():
        allowed = [column.allowed for column in look.columns] + [cell.allowed for cell in look.cells]
        for one in filter(None, allowed):
            assert len(one.help) <= 255
            assert not isinstance(one.what, ListOf) or not any("," in value for value in one.what.values)
        formulas = [rule.formula for rule in look.rules]
        formulas += [formula for view in look.views for _, formula in view.shown]
        assert not any("," in formula or ";" in formula for formula in formulas)
        assert len(set(formulas[: len(look.rules)])) == len(look.rules), "a rule is known by its formula"


@pytest.mark.parametrize("title", [GUIDE, CHARTS])
def test_a_tab_that_people_have_made_for_themselves_stays_theirs(title: str) -> None:
    theirs = with_tab(prepared(), title, [["Catatan rapat"], ["jangan lupa"]])
    found, taken = control_looks(theirs, WORDS, TODAY)
    assert title not in {look.title for look in found} and taken == (title,)
    assert not prepare_control(theirs, load_defaults(WORDS), WORDS, TODAY)


def test_the_guide_tells_of_every_tab_every_kind_of_digest_and_every_command() -> None:
    words = {str(value) for row in kendali_guide(WORDS).rows for value in row if value}
    assert words >= {*COMMANDS, *DIGEST_KINDS, *TABS} - {GUIDE, LISTS, LAST_VALUES}
    assert not any("{" in word for word in words)


def drawn(page: PageLook) -> dict[str, list[list[object]]]:
    """What each chart draws, by its title: its categories, then its series, each with its heading first."""
    return {
        chart.title: [
            [page.rows[cells.row + down][cells.column] for down in range(cells.rows)]
            for cells in (chart.categories, *chart.series)
        ]
        for chart in page.charts
    }


def test_the_charts_draw_all_the_numbers_and_nothing_else() -> None:
    told = overview([passage(entry) for entry in large(600).entries], NOW, city_rules())
    weekly, on_time, ages, areas = drawn(charts_page(told, WORDS)).values()
    assert weekly[0][0] == "Minggu" and weekly[0][-1] == "23/11"
    assert [line[1:] for line in weekly[1:]] == [
        [week.received for week in told.weeks],
        [week.resolved for week in told.weeks],
        [week.otherwise for week in told.weeks],
    ]
    assert [value for value in on_time[1][1:] if value is not None] == [
        100 * week.kept // week.resolved for week in told.weeks if week.resolved >= 5
    ]
    assert ages == [
        ["Hari kerja", "0–3", "4–6", "7–14", "15–30", "31–60", "lebih dari 60"],
        ["Terbuka", *(band.cases for band in told.ages)],
    ]
    assert areas[0][1:] == list(city_rules().places.kecamatan)
    assert [line[1:] for line in areas[1:]] == [
        [area.open_cases for area in told.areas],
        [area.overdue for area in told.areas],
    ]


def test_the_charts_stay_where_they_are_whatever_the_numbers() -> None:
    empty = charts_page(nothing_yet(TODAY, ()), WORDS)
    full = charts_page(overview([passage(entry) for entry in large(100).entries], NOW, city_rules()), WORDS)
    assert empty.look() == full.look()
    # Weeks before the first ticket keep their place and say nothing.
    told = overview([passage(lived(1, 10))], NOW, city_rules())
    weekly = next(iter(drawn(charts_page(told, WORDS)).values()))
    assert all(len(line) == WEEKS_SHOWN + 1 for line in weekly)
    assert weekly[1][1:] == [None] * (WEEKS_SHOWN - 2) + [1, 0]
    # Cases that lie nowhere stand below the kecamatan.
    lost = replace(load_kelurahan()[0], code="36.71.99.1001", kecamatan="")
    page = charts_page(overview([passage(lived(1, 1, kelurahan=lost))], NOW, city_rules()), WORDS)
    assert [value for value in page.rows[-1] if not is_empty(value)] == ["(tidak ada di Wilayah)", 1, 0]  # type: ignore[arg-type]
