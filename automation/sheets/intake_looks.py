"""What an intake tab looks like: whose column is whose, what may be typed there, and which rows want attention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from automation.cases.complaint import Status
from automation.cases.grid import Tab
from automation.cases.headings import Headings, find_headings
from automation.cases.places import Kelurahan, Places
from automation.cases.robot_tabs import LISTS, peoples
from automation.cases.rules import Rules
from automation.cases.texts import Texts
from automation.sheets.column_looks import column_look
from automation.sheets.looks import colours
from automation.sheets.looks.formulas import begins, cell, is_any, quoted
from automation.sheets.looks.model import (
    Allowed,
    AnyDate,
    Area,
    ColumnLook,
    FilterView,
    FormulaCell,
    ListFrom,
    Rule,
    Shown,
    Style,
    TabLook,
)
from automation.sheets.looks.status_line import late_word, place_of_line, status_formula, waiting_words
from automation.sheets.port import Snapshot
from automation.tables.intake import ADDRESS, ASSIGNEE, CHECK, DUE, INTAKE, LATENESS, PHONE, ROBOT, STATUS, TICKET
from automation.tables.table import Column, Form, Owner

#: Pixels of the status line and of the empty row below it.
_LINE, _GAP = 24, 6
#: Without these no ticket is issued; of telephone and address one is enough.
_NEEDED = tuple(column for column in INTAKE.columns if column.needed)


def intake_looks(snapshot: Snapshot, rules: Rules) -> list[TabLook]:
    """The look of each intake tab of a spreadsheet."""
    looks = []
    for tab in peoples(snapshot.tabs):
        headings = find_headings(tab.rows)
        if headings is not None and headings.complete:
            looks.append(intake_look(tab, headings, rules))
    return looks


def intake_look(tab: Tab, headings: Headings[Column], rules: Rules) -> TabLook:
    """The look of one intake tab, whose headings are where people have put them."""
    texts = rules.texts
    status_row, status_column = place_of_line(tab, headings, texts)
    above = status_row < headings.row
    first, last = min(headings.columns.values()), max(headings.columns.values())
    areas = (Area(status_row, first, status_row + 1, last + 1, colours.STATUS_LINE),) if above else ()
    return TabLook(
        title=tab.title,
        heading_row=headings.row,
        columns=tuple(_column(column, at, rules) for column, at in headings.columns.items()),
        frozen_rows=headings.row + 1,
        frozen_columns=1 if headings.columns[TICKET] == 0 else None,
        colour=colours.VOLUNTEER_TAB,
        rules=tuple(_rules(headings, texts)),
        views=_views(headings, rules.places, tab.title, texts),
        filtered=True,
        areas=areas,
        row_heights=((status_row, _LINE), (status_row + 1, _GAP)) if above else (),
        formulas=(FormulaCell(status_row, status_column, status_formula(headings, texts), colours.STATUS_LINE),),
        guard=texts.say("kolom.perlindungan.kolom"),
    )


def what_to_type(column: Column, rules: Rules) -> tuple[str, str]:
    """What to type into a column, and an example."""
    category = next(iter(rules.categories), "")
    say, table = rules.texts.say, f"kolom.{column.slug}"
    return say(f"{table}.tulis"), say(f"{table}.contoh", kategori=category)


def note(column: Column, rules: Rules) -> str:
    """The note at a heading: whose column it is, what to type, an example."""
    what, example = what_to_type(column, rules)
    owner = rules.texts.say(f"kolom.catatan.{column.owner.value}")
    return rules.texts.say("kolom.catatan.bentuk", pemilik=owner, tulis=what, contoh=example)


def _column(column: Column, at: int, rules: Rules) -> ColumnLook:
    robots = column.owner is Owner.ROBOT
    return column_look(column, at, note(column, rules), _allowed(column, rules), guarded=robots)


def _allowed(column: Column, rules: Rules) -> Allowed | None:
    """What may be typed. Lists that the program reads by their entries refuse everything else; a name or a date that
    the program may yet understand is only asked about."""
    say = rules.texts.say
    if column.owner is Owner.ROBOT:
        return None
    if column.form is Form.DATE:
        return Allowed(AnyDate(), say("kolom.daftar.tanggal", contoh=what_to_type(column, rules)[1]), strict=False)
    if column.entries is None:
        return None
    if column.entries.strict:
        entry = "wajib" if column.needed else "boleh-kosong"
    else:
        entry = "kelurahan" if column.form is Form.PLACE else "nama"
    help_text = say(f"kolom.daftar.{entry}", kolom=column)
    return Allowed(ListFrom(LISTS, column.entries.column), help_text, strict=column.entries.strict)


def _rules(headings: Headings[Column], texts: Texts) -> Iterable[Rule]:
    """A cell that is missing, a row to mend, an overdue one, one that is due soon, a closed one."""
    place = {column: cell(at, headings.row + 1) for column, at in headings.columns.items()}
    check, lateness = place[CHECK], place[LATENESS]
    to_mend, to_complete = (begins(check, text) for text in waiting_words(texts))
    soon = is_any(lateness, (texts.say("tenggat.hari-ini"), texts.say("tenggat.besok")))
    robots = [headings.columns[column] for column in ROBOT if column in headings.columns]
    for column in _NEEDED:
        yield _rule([headings.columns[column]], f"=(LEN({place[column]})=0)*{to_complete}", colours.EMPTY)
    contact = f"(LEN({place[PHONE]})+LEN({place[ADDRESS]})=0)"
    yield _rule([headings.columns[PHONE]], f"={contact}*{to_complete}", colours.EMPTY)
    yield _rule([headings.columns[CHECK]], f"={to_mend}", colours.TO_MEND)
    yield _rule([headings.columns[CHECK]], f"={to_complete}", colours.TO_COMPLETE)
    for formula, columns, style in (
        (f"={begins(lateness, late_word(texts))}", robots, colours.OVERDUE),
        (f"={soon}", robots, colours.DUE_SOON),
        (f"={is_any(place[STATUS], _closed())}", list(headings.columns.values()), colours.CLOSED),
    ):
        for number, run in enumerate(_runs(columns)):
            yield _rule(run, formula + "*1" * number, style)  # a rule is known by its formula


def _rule(columns: Sequence[int], formula: str, style: Style) -> Rule:
    return Rule((columns[0], columns[-1]), formula, style)


def _runs(columns: Iterable[int]) -> list[list[int]]:
    """Columns side by side: what people keep between ours stays as they like it."""
    runs: dict[int, list[int]] = {}
    for at, column in zip(count(), sorted(columns), strict=False):
        runs.setdefault(column - at, []).append(column)
    return list(runs.values())


def _closed() -> list[str]:
    return [status.value for status in Status if status.closed]


def _views(headings: Headings[Column], places: Places, title: str, texts: Texts) -> tuple[FilterView, ...]:
    """Whose cases are mine nobody can know; but a kelurahan has one coordinator, if Kendali says who. Where it does
    not, the view shows all open cases, and the name is chosen there."""
    columns = headings.columns
    status, assignee, lateness = (columns[at] for at in (STATUS, ASSIGNEE, LATENESS))
    first = headings.row + 1
    open_cases = "=" + "*".join(f"({cell(status, first)}<>{quoted(word)})" for word in _closed())
    mine = [Shown(columns[TICKET], f"=LEN({cell(columns[TICKET], first)})>0"), Shown(status, open_cases)]
    place = places.find(title)
    if isinstance(place, Kelurahan) and place.coordinator.strip():
        mine.append(Shown(assignee, f"={cell(assignee, first)}={quoted(place.coordinator.strip())}"))
    late = Shown(lateness, f"={begins(cell(lateness, first), late_word(texts))}")
    return (
        FilterView(texts.say("kolom.tampilan.milik-saya"), tuple(mine), columns[DUE]),
        FilterView(texts.say("kolom.tampilan.terlambat"), (late,), columns[DUE]),
    )
