"""What an intake tab looks like: who owns each column, what may be typed there, and which rows need attention."""

import re
from functools import partial
from string import Formatter

from msgspec.structs import replace

from automation.model.cells import CellError, Tab, Value, is_empty, letters
from automation.model.places import Kelurahan, Places
from automation.model.rules import Rules
from automation.model.texts import Texts
from automation.reading.tabs import LISTS, ROWS_SEARCHED, Headings
from automation.sheets.looks import colours
from automation.sheets.looks.columns import CLOSED, Attention, column_look, rules as rules_for, views
from automation.sheets.looks.formulas import begins, has, is_any, quoted_text, whole_column
from automation.sheets.looks.lists import CHECKED
from automation.sheets.looks.model import Area, CellLook, ColumnLook, FilterView, TabLook
from automation.sheets.prepare import INTAKE_HEADING_ROW
from automation.tables import intake
from automation.tables.table import Column, Form, Owner

_HELP = {Form.DATE: "tanggal", Form.YES_NO: "boleh-kosong", Form.ENTRY: "istilah", Form.PLACE: "kelurahan"}
#: Pixels of the status line and of the empty row below it.
_LINE, _GAP = 24, 6


def intake_look(tab: Tab, headings: Headings[Column], rules: Rules) -> TabLook:
    """The look of one intake tab, with the headings where people have put them."""
    texts = rules.texts
    # In a tab of a form's answers, the questions are left as the form has made them.
    theirs = Owner.VOLUNTEER if headings.form else None
    ours = replace(headings, columns={one: at for one, at in headings.columns.items() if one.owner is not theirs})
    status_row, status_column = place_of_line(tab, headings, texts)
    above = status_row < headings.row
    coloured = {status_column, *(headings.columns.values() if above else ())}
    line = (status_row, min(coloured), status_row + 1, max(coloured) + 1)
    return TabLook(
        title=tab.title,
        heading_row=headings.row,
        columns=tuple(_column(column, at, rules) for column, at in ours.columns.items()),
        frozen_rows=headings.row + 1,
        frozen_columns=1 if headings.columns[intake.TICKET] == 0 else None,
        colour=colours.VOLUNTEER_TAB,
        rules=rules_for(ours, _attention(texts)),
        views=_views(headings, rules.places, tab.title, texts),
        filtered=not headings.form,
        areas=(Area(line, colours.STATUS_LINE),),
        row_heights=((status_row, _LINE), (status_row + 1, _GAP)) if above else (),
        cells=(CellLook(status_row, status_column, formula=status_formula(headings, texts)),),
        guard=texts.say("kolom.perlindungan.kolom"),
    )


def what_to_type(column: Column, rules: Rules) -> tuple[str, str]:
    """What to type into a column, and an example."""
    category = next(iter(rules.categories), "")
    say, table = rules.texts.say, f"kolom.{column.slug}"
    return say(f"{table}.tulis"), say(f"{table}.contoh", kategori=category)


def note(column: Column, rules: Rules) -> str:
    """The note at a heading: who owns the column, what to type, an example."""
    what, example = what_to_type(column, rules)
    owner = rules.texts.say(f"kolom.catatan.{column.owner.value}")
    return rules.texts.say("kolom.catatan.bentuk", pemilik=owner, tulis=what, contoh=example)


def _column(column: Column, at: int, rules: Rules) -> ColumnLook:
    """The look of a column; its help is for somebody who types something that the program does not know."""
    key, example = f"kolom.daftar.{_HELP.get(column.form, 'nama')}", what_to_type(column, rules)[1]
    help_text = partial(rules.texts.say, key, kolom=column, contoh=example)
    return column_look(column, at, note(column, rules), help_text, guarded=column.owner is Owner.ROBOT)


def _attention(texts: Texts) -> list[Attention]:
    """The rules: for an empty cell that is needed (either telephone or address is enough), a cell that is named in
    `Pemeriksaan`, a row to mend or to complete, an overdue one, one that is due soon, a closed one."""
    to_mend, to_complete = (begins(_cell(intake.CHECK), text) for text in waiting_words(texts))
    late = begins(_cell(intake.LATENESS), late_word(texts))
    soon = is_any(_cell(intake.LATENESS), (texts.say("tenggat.hari-ini"), texts.say("tenggat.besok")))
    needed = [column for column in intake.INTAKE.columns if column.needed]
    named = texts.raw("pemeriksaan.bentuk.galat").partition("{pesan}")[0].rstrip()
    wrong = {column: has(_cell(intake.CHECK), named.replace("{kolom}", column)) for column in intake.PEOPLE}
    return [
        *(((column,), f"(LEN({_cell(column)})=0)*{to_complete}", colours.EMPTY) for column in needed),
        ((intake.PHONE,), f"(LEN({_cell(intake.PHONE)})+LEN({_cell(intake.ADDRESS)})=0)*{to_complete}", colours.EMPTY),
        *(((column,), said, colours.TO_MEND) for column, said in wrong.items()),
        ((intake.CHECK,), to_mend, colours.TO_MEND),
        ((intake.CHECK,), to_complete, colours.TO_COMPLETE),
        (intake.ROBOT, late, colours.OVERDUE),
        (intake.ROBOT, soon, colours.DUE_SOON),
        (intake.INTAKE.columns, CLOSED, colours.CLOSED),
    ]


def _views(headings: Headings[Column], places: Places, title: str, texts: Texts) -> tuple[FilterView, ...]:
    """The views "mine" and "late". Who is looking can't be known, but a kelurahan has one coordinator, if Kendali says
    who. If not, the first view shows all open cases, and people choose the name there."""
    mine = [(intake.TICKET, f"LEN({_cell(intake.TICKET)})>0"), (intake.STATUS, f"{CLOSED}=0")]
    place = places.find(title)
    if isinstance(place, Kelurahan) and place.coordinator.strip():
        name = quoted_text(place.coordinator.strip()).replace("{", "{{").replace("}", "}}")
        mine.append((intake.ASSIGNEE, f"{_cell(intake.ASSIGNEE)}={name}"))
    late = [(intake.LATENESS, begins(_cell(intake.LATENESS), late_word(texts)))]
    say = texts.say
    return views(headings, intake.DUE, {say("kolom.tampilan.milik-saya"): mine, say("kolom.tampilan.terlambat"): late})


def _cell(column: Column) -> str:
    """The placeholder of the column's cell in a formula (see `columns.rules`)."""
    return f"{{{column.slug}}}"


_SENTENCE = "kolom.baris-status"


def status_formula(headings: Headings[Column], texts: Texts) -> str:
    """The formula for the sentence of ``kolom.toml``. `INDIRECT` finds the time even in a tab that was made anew."""
    check, lateness = (whole_column(headings.columns[column]) for column in (intake.CHECK, intake.LATENESS))
    waiting = "+".join(begins(check, text) for text in waiting_words(texts))
    row, column = CHECKED
    time = f"'{LISTS}'!{letters(column)}{row + 1}"
    parts = {
        "waktu": f"INDIRECT({quoted_text(time)})",
        "laporan": f"COUNT({whole_column(headings.columns[intake.DUE])})",  # every case has a deadline
        "perbaiki": f"SUMPRODUCT({waiting})",
        "terlambat": f"SUMPRODUCT({begins(lateness, late_word(texts))})",
    }
    pieces = []
    for text, name, _, _ in Formatter().parse(texts.raw(_SENTENCE)):
        pieces += [quoted_text(text)] if text else []
        pieces += [parts[name]] if name else []
    return "=" + "&".join(pieces)


def waiting_words(texts: Texts) -> tuple[str, str]:
    """How `Pemeriksaan` begins if people have to do something: something is wrong, or still missing."""
    return beginning(texts, "pemeriksaan.bentuk.galat"), beginning(texts, "pemeriksaan.bentuk.kosong")


def late_word(texts: Texts) -> str:
    """How `Keterlambatan` begins for an overdue case."""
    return beginning(texts, "tenggat.terlambat")


def place_of_line(tab: Tab, headings: Headings[Column], texts: Texts) -> tuple[int, int]:
    """Where the status line stands, or may stand (0-based row and column): two rows above the headings, if nothing else
    stands there and the row between is empty; else to the right of everything in the row of the headings. Directly
    above them, it would be sorted along."""
    column, last = headings.columns[intake.TICKET], max(headings.columns.values())
    if headings.row >= INTAKE_HEADING_ROW:
        *_, above, between = tab.rows[: headings.row]
        if all(map(is_empty, between)) and all(is_empty(value) or is_line(value, texts) for value in above):
            there = (at for at, value in enumerate(above) if is_line(value, texts))
            return headings.row - INTAKE_HEADING_ROW, next(there, column)
    row = tab.rows[headings.row]
    there = (at for at, value in enumerate(row) if at > last and is_line(value, texts))
    return headings.row, next(there, tab.width)


def is_line(value: Value, texts: Texts) -> bool:
    """Whether a cell shows the status line, or an error (such as a formula not calculated yet)."""
    return isinstance(value, CellError) or (isinstance(value, str) and value.startswith(beginning(texts, _SENTENCE)))


def where_put_up(tab: Tab, texts: Texts) -> list[tuple[int, int]]:
    """The cells (0-based row and column) in which a tab says that it was put away with a year."""
    lines = (re.split(r"\{\w+\}", texts.raw(key)) for key in ("tahun.baris-arsip", "tahun.baris-arsip-lain"))
    ours = re.compile("|".join(".+".join(map(re.escape, parts)) for parts in lines))
    top = [(row, at, value) for row, line in enumerate(tab.rows[:ROWS_SEARCHED]) for at, value in enumerate(line)]
    return [(row, at) for row, at, value in top if isinstance(value, str) and ours.fullmatch(value)]


def beginning(texts: Texts, key: str) -> str:
    """A message up to its first placeholder, without a dash or colon before that."""
    return texts.raw(key).partition("{")[0].rstrip(" –-:")
