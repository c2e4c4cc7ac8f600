"""What an intake spreadsheet tells those who fill it: colours, notes, lists, the status line, the guide."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from automation.config.kendali import Settings, read_kendali
from automation.digests.audience import Recipient, Scope
from automation.model.cells import Tab, Value
from automation.model.complaint import Channel, Code, Finding, Priority, Status, check_text
from automation.reading.tabs import GUIDE, LISTS, find_headings, peoples, read_intake
from automation.sheets.looks import colours
from automation.sheets.looks.columns import HEADING_STYLES
from automation.sheets.looks.formulas import said, with_semicolons
from automation.sheets.looks.guides import HEADING, TOLD, Guide
from automation.sheets.looks.intake import intake_look, place_of_line, status_formula
from automation.sheets.looks.lists import (
    FRESH,
    LIST_HEADINGS,
    checked_cells,
    list_cells,
    lists_of,
    lists_tab,
    served_by,
)
from automation.sheets.looks.model import Area, ListFrom, Style, TabLook
from automation.sheets.looks.spreadsheets import prepare_spreadsheet, spreadsheet_looks
from automation.sheets.port import Changes, Snapshot
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from automation.tables.intake import COORDINATOR, ROBOT, VOLUNTEER
from automation.tables.table import Column, Owner
from tests.examples import examples
from tests.kendali_examples import kendali, texts
from tests.test_mail_browser import LEAST_CONTRAST, contrast
from tests.town import GONDRONG, TUESDAY

SETTINGS = read_kendali(kendali(), texts())
RULES = SETTINGS.rules
HEADS = [str(column) for column in INTAKE_COLUMNS]
EMPTY = Snapshot("Kecamatan Cipondoh", (), None)


def look_of(rows: Sequence[Sequence[Value]], title: str = "Gondrong", settings: Settings = SETTINGS) -> TabLook:
    tab, headings = Tab(title, title, rows), find_headings(rows)
    assert headings is not None
    return intake_look(tab, headings, settings.rules)


def test_every_text_can_be_read_on_its_colour_and_rows_that_want_attention_differ_without_colours() -> None:
    styles = [style for style in vars(colours).values() if isinstance(style, Style)]
    styles += [area.style for area in Guide(SETTINGS, INTAKE_COLUMNS).look().areas]
    for style in styles:
        assert contrast(f"#{style.ink or '000000'}", f"#{style.fill or 'FFFFFF'}") >= LEAST_CONTRAST, style
    wanting = (Style(), colours.OVERDUE, colours.DUE_SOON, colours.TO_MEND, colours.CLOSED)
    assert len({(one.bold, one.italic, one.underlined, one.struck) for one in wanting}) == 5


def test_every_heading_has_its_owners_colour_and_a_note_with_an_example() -> None:
    look = look_of([[], [], [*HEADS, "Kelurahan"]])
    by_column = {one.column: one for one in look.columns}
    for at, column in enumerate((*INTAKE_COLUMNS, intake.KELURAHAN)):
        one = by_column[at]
        owner = "program" if column in ROBOT else "relawan" if column in VOLUNTEER else "koordinator"
        assert one.heading == HEADING_STYLES[column.owner]
        assert owner in one.note.splitlines()[0] and "Contoh: " in one.note
        assert one.guarded == (column in ROBOT)
        assert one.width and one.width >= 60
    assert len({HEADING_STYLES[owner].fill for owner in Owner}) == 3


def test_the_examples_in_the_notes_are_those_of_the_messages() -> None:
    for code, slug in (
        ("tanggal-kosong", "tanggal-masuk"),
        ("saluran-kosong", "saluran"),
        ("nama-kosong", "nama-pelapor"),
        ("kontak-kosong", "telepon"),
        ("rtrw-keliru", "rt-rw"),
        ("uraian-kosong", "uraian"),
        ("kelurahan-kosong", "kelurahan"),
        ("hasil-kosong", "hasil-tindak-lanjut"),
        ("induk-keliru", "induk"),
    ):
        assert texts().raw(f"pemeriksaan.{code}.contoh") == texts().raw(f"kolom.{slug}.contoh")


def test_lists_refuse_what_the_program_would_refuse_and_only_warn_of_names_and_dates() -> None:
    look = look_of([[], [], [*HEADS, "Kelurahan"]])
    allowed = {(*INTAKE_COLUMNS, intake.KELURAHAN)[one.column]: one.allowed for one in look.columns if one.allowed}
    strict = {column for column, one in allowed.items() if one.strict}
    assert strict == {intake.DATE_RIGHT}, "words of the street may be typed where there is a list"
    listed = {intake.CHANNEL, intake.CATEGORY, intake.PRIORITY, intake.STATUS, intake.ASSIGNEE, intake.KELURAHAN}
    assert set(allowed) - strict == {intake.RECEIVED, *listed, intake.DONE}
    for column, one in allowed.items():
        assert len(one.help) <= 255, "Excel shows no more"
        if isinstance(one.what, ListFrom):
            assert LIST_HEADINGS[one.what.column] == f"Daftar {column!s}"


def test_formulas_hold_in_every_language_of_a_spreadsheet() -> None:
    look = look_of([[], [], HEADS])
    formulas = [rule.formula for rule in look.rules] + [one.formula for one in look.cells]
    formulas += [formula for view in look.views for _, formula in view.shown]
    for formula in formulas:
        outside = "".join(formula.split('"')[::2])
        looks_for = formula.startswith("=FIND(") and formula.count(",") == 1
        assert formula.startswith("=") and (looks_for or not set(",;") & set(outside)), formula
    assert len({rule.formula for rule in look.rules}) == len(look.rules), "a rule is known by its formula"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("=COUNTA('Daftar Pilihan'!$B:$B)", "counta($'Daftar Pilihan'!$B$1:$B$1048576)"),
        ("=COUNT(Gondrong!C:C)+LOG10(A1)", " count(Gondrong!C1:C1048576) + log10($A1)"),
        ('=IF(A1,"Ya, tentu",2)', '=if(A1; "Ya, tentu"; 2)'),
    ],
)
def test_a_formula_is_known_however_a_program_spells_it(ours: str, theirs: str) -> None:
    assert said(ours) == said(theirs) == said(with_semicolons(ours))
    assert said('=$E3="a b"', 2) == said('=$E7="a b"', 6) != said('=$E3="ab"', 2)
    assert said("=$E$3", 2) != said("=$E$7", 6), "a row that is told stays the same row"


def test_the_cell_that_is_named_in_the_check_is_lit() -> None:
    look = look_of([[], [], HEADS])
    check, category = HEADS.index(intake.CHECK), HEADS.index(intake.CATEGORY)
    message = check_text([Finding(Code.CATEGORY_UNKNOWN, intake.CATEGORY, (("pilihan", "Jalan"),))], texts())
    lit = [rule for rule in look.rules if rule.columns == (category, category) and "FIND" in rule.formula]
    (rule,) = lit
    told = re.fullmatch(r'=FIND\("(.+)",\$([A-Z]+)4\)', rule.formula)
    assert told is not None and told[1] in message and ord(told[2]) - ord("A") == check
    assert with_semicolons('=FIND("a, b",$B4)') == '=FIND("a, b";$B4)'


def test_what_people_keep_between_our_columns_is_left_as_they_like_it() -> None:
    rows = [[*HEADS[:8], "Catatan", *HEADS[8:]]]
    look = look_of(rows)
    assert 8 not in {one.column for one in look.columns}
    assert not [rule for rule in look.rules if rule.columns[0] <= 8 <= rule.columns[1]]
    assert len({rule.formula for rule in look.rules}) == len(look.rules), "a rule is known by its formula"
    assert look.frozen_rows == 1
    assert [area.place for area in look.areas] == [(0, len(rows[0]), 1, len(rows[0]) + 1)], (
        "the status line, behind all"
    )


@pytest.mark.parametrize(
    ("above", "place"),
    [
        ([[], []], (0, 0)),
        ([], (0, len(HEADS))),
        ([["Laporan warga"]], (1, len(HEADS))),
        ([[]], (1, len(HEADS))),
        ([["Laporan warga"], []], (2, len(HEADS))),
        ([["Laporan warga"], [], []], (1, 0)),
    ],
)
def test_the_status_line_stands_above_an_empty_row_or_beside_the_headings(
    above: list[list[Value]], place: tuple[int, int]
) -> None:
    rows: list[list[Value]] = [*above, [*HEADS]]
    headings = find_headings(rows)
    assert headings is not None
    tab = Tab("Gondrong", "Gondrong", rows)
    assert place_of_line(tab, headings, texts()) == place
    line = "Terakhir diperiksa program: 24/11/2026 09.00 · 3 laporan"
    shown = [list(row) for row in rows]
    row, column = place
    shown[row] += [None] * (column + 1 - len(shown[row]))
    shown[row][column] = line
    assert place_of_line(replace(tab, rows=shown), headings, texts()) == place, "it is found again"
    assert find_headings(shown) == headings, "and is no heading"


def test_the_status_line_does_not_count_itself() -> None:
    for rows in ([[], [], HEADS], [HEADS]):
        headings = find_headings(rows)
        assert headings is not None
        _, column = place_of_line(Tab("Gondrong", "Gondrong", rows), headings, texts())
        letter = chr(ord("A") + column)
        assert f"{letter}:{letter}" not in status_formula(headings, texts())


def test_my_cases_are_those_of_the_kelurahans_coordinator() -> None:
    asked = replace(GONDRONG, coordinator='Pak "Haji" {Hendra}')
    places = type(RULES.places)([asked])
    known = look_of([[], [], HEADS], settings=replace(SETTINGS, rules=replace(RULES, places=places)))
    mine, late = known.views
    assert (mine.title, late.title) == ("Milik saya", "Terlambat")
    assert any('="Pak ""Haji"" {Hendra}"' in formula for _, formula in mine.shown)
    assert mine.ordered_by == late.ordered_by == HEADS.index(intake.DUE)
    nobody = look_of([[], [], HEADS]).views[0]
    assert HEADS.index(intake.ASSIGNEE) not in {column for column, _ in nobody.shown}


def person(name: str, **scope: object) -> Recipient:
    return Recipient(name, "a@b.example", (Scope(**scope),), ("harian",), even_when_empty=False)  # type: ignore[arg-type]


def test_persons_in_charge_are_the_coordinators_and_those_whose_scope_touches_the_spreadsheet() -> None:
    places = [replace(place, coordinator="Hendra") for place in RULES.places if place.kecamatan == "Cipondoh"]
    people = [
        person("Ratna", dapil=places[0].dapil),
        person("Orang Jauh", kecamatan="Benda"),
        person(" hendra "),
        person("Sri", kelurahan=places[0].code),
    ]
    lists = lists_of(RULES, people, places)
    assert [*lists[intake.ASSIGNEE]] == ["Hendra", "Ratna", "Sri"]
    assert list(lists[intake.CHANNEL]) == [*Channel] and list(lists[intake.STATUS]) == [*Status]
    assert list(lists[intake.PRIORITY]) == [*Priority] and list(lists[intake.CATEGORY]) == [*RULES.categories]
    # A tab that serves several kelurahan may be of the whole city.
    posko = Tab("p", "Posko", [[*HEADS, "Kelurahan"]])
    assert served_by([Tab("g", "Gondrong", [HEADS])], RULES.places) == [RULES.places.find("Gondrong")]
    assert served_by([Tab("g", "Gondrong", [HEADS]), posko], RULES.places) == []


ENTRIES = st.lists(st.text("abc =+'", min_size=1, max_size=4), max_size=6)


@examples(80)
@given(ENTRIES, ENTRIES)
def test_lists_follow_kendali_and_then_need_nothing(before: list[str], after: list[str]) -> None:
    def lists(entries: list[str]) -> dict[Column, list[str]]:
        return dict.fromkeys((*VOLUNTEER, *COORDINATOR), entries)

    tab = Tab("d", LISTS, [list(LIST_HEADINGS)])
    for entries in (before, after):
        snapshot = Snapshot("", (tab,), None)
        (tab,) = snapshot.after(Changes(cells=list_cells(tab, lists(entries)))).tabs
        assert list_cells(tab, lists(entries)) == []
        assert [row[1] for row in tab.rows[1:] if len(row) > 1 and row[1] not in (None, "")] == entries


def test_the_time_of_the_last_look_is_written_with_other_things_or_after_an_hour() -> None:
    tab = Tab("d", LISTS, [list(LIST_HEADINGS)])

    def write(tab: Tab, *, after: timedelta, anyway: bool = False) -> Tab | None:
        cells = checked_cells(tab, TUESDAY + after, anyway=anyway)
        return Snapshot("", (tab,), None).after(Changes(cells=cells)).tabs[0] if cells else None

    first = write(tab, after=timedelta())
    assert first is not None
    assert write(first, after=FRESH - timedelta(minutes=1)) is None
    assert write(first, after=timedelta(minutes=1), anyway=True) is not None
    assert write(first, after=FRESH) is not None
    assert write(first, after=-FRESH) is not None, "it was written by a clock that was ahead"


def test_a_prepared_spreadsheet_needs_nothing_and_its_own_tabs_are_no_intake() -> None:
    after = EMPTY.after(prepare_spreadsheet(EMPTY, ("Gondrong", "Petir"), SETTINGS))
    assert not prepare_spreadsheet(after, (), SETTINGS)
    assert [tab.title for tab in after.tabs] == [GUIDE, "Gondrong", "Petir", "Riwayat", LISTS]
    assert [tab.title for tab in peoples(after.tabs)] == ["Gondrong", "Petir"]
    intake = read_intake(peoples(after.tabs), RULES.places, "")
    assert not intake.troubles and not intake.rows
    looks, taken = spreadsheet_looks(after, SETTINGS)
    assert [look.title for look in looks] == ["Gondrong", "Petir", GUIDE, LISTS] and taken == ()
    assert all(look.ours and look.protected for look in looks[2:])
    for tab in after.tabs:
        if tab.title in (GUIDE, LISTS):  # somebody may copy such a tab, under whatever name
            assert find_headings(tab.rows) is None


def test_tabs_that_people_have_made_under_the_robots_titles_are_left_alone_and_named() -> None:
    own = Snapshot("X", (Tab("1", GUIDE, [["Cara kami bekerja"]]), Tab("2", LISTS, [["Tamu"]])), None)
    changes = prepare_spreadsheet(own, ("Gondrong",), SETTINGS)
    assert {cell.tab for cell in changes.cells} == set() and not {GUIDE, LISTS} & set(changes.appends)
    after = own.after(changes)
    assert lists_tab(after) is None
    looks, taken = spreadsheet_looks(after, SETTINGS)
    assert taken == (GUIDE, LISTS) and not {GUIDE, LISTS} & {look.title for look in looks}


def test_the_guide_is_rewritten_when_its_words_have_changed() -> None:
    after = EMPTY.after(prepare_spreadsheet(EMPTY, ("Gondrong",), SETTINGS))
    other = replace(SETTINGS, rules=replace(SETTINGS.rules, organisation="Posko Warga"))
    changes = prepare_spreadsheet(after, (), other)
    assert changes and {cell.tab for cell in changes.cells} == {GUIDE}
    assert not prepare_spreadsheet(after.after(changes), (), other)


def test_the_guide_names_every_column_and_every_message() -> None:
    page = Guide(SETTINGS, (*INTAKE_COLUMNS, intake.KELURAHAN))
    words = "\n".join(str(cell) for row in page.rows for cell in row if cell)
    assert page.rows[0][0] == HEADING
    for column in (*INTAKE_COLUMNS, intake.KELURAHAN, intake.TITLE, intake.SECRET):
        assert str(column) in words
    for code in set(Code) - {*TOLD}:
        told = texts().raw(f"pemeriksaan.{code.value}.pesan")
        longest = max(told.replace("}", "{").split("{")[::2], key=len)
        assert longest.strip() in words, code
    assert "nol nol nol satu" in words


def test_the_guide_is_about_a_sheet_of_paper_long() -> None:
    look = Guide(SETTINGS, INTAKE_COLUMNS).look()
    width, height = sum(one.width or 0 for one in look.columns), sum(pixels for _, pixels in look.row_heights)
    assert look.one_page and height / width < 1.45, "it fills a sheet of A4, and is printed no smaller than that"
    merged = [area for area in look.areas if area.merged]
    assert not any(_overlap(one, other) for at, one in enumerate(merged) for other in merged[at + 1 :])


def _overlap(one: Area, other: Area) -> bool:
    pairs = ((one.place, other.place), (other.place, one.place))
    return all(first[0] < (second[2] or 0) and first[1] < second[3] for first, second in pairs)
