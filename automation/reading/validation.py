"""Reads the cells of one row: what they say, and everything that is wrong with them, at once. Findings reach Kendali
and mails, so they repeat nothing that was typed except entries of a list."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set as AbstractSet
from datetime import date
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields

from automation.model.cells import CellError, Value, fold
from automation.model.complaint import Channel, Code, Complaint, Finding, Priority, Status
from automation.model.disclosure import has_nik
from automation.model.places import Doubt, Kelurahan
from automation.model.rules import Rules
from automation.model.terms import Entry
from automation.model.tickets import Ticket
from automation.reading.cell_text import AS_ABOVE, line_of, lines_of, promised, raw_text, says_what, says_yes
from automation.reading.dates import read_date
from automation.reading.numbers import read_phones, read_rt_rw
from automation.tables import intake
from automation.tables.intake import PEOPLE, POSITION
from automation.tables.table import Column, Form

_EXAMPLE_RT_RW = "003/007"
_MOST_LISTED = 5  # entries of a list that are named if nothing is offered
#: What spreadsheets show in place of a value.
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#ERROR!", "#SPILL!"})


def examine(
    values: Sequence[Value], tab_place: Kelurahan | None, rules: Rules, today: date, has_kelurahan_column: bool = False
) -> Complaint:
    """What a row says. `values` are its cells in the order of `PEOPLE`, None for a column that the tab lacks;
    `tab_place` is the kelurahan that the tab is named after. Findings are in the order of the columns.

    A cell that shows an error, or the text of one, is read as empty, and that error is the only finding of its column.
    """
    values = tuple(CellError(str(value)) if value in _ERRORS else value for value in values)
    row = _Row(values, tab_place, rules, today, has_kelurahan_column)
    said: dict[Column, Any] = {
        column: read(row, column, value) for (column, read), value in zip(_READERS.items(), values, strict=True)
    }
    # In the system that it came from, by its number there.
    answered_there = said[intake.ORIGIN] and said[intake.CHANNEL] in (Channel.LAPOR, Channel.OTHER)
    if not said[intake.NAME] and not answered_there:
        row.find(Code.NAME_MISSING, intake.NAME)
    # Either a telephone, which people also write behind the name, or an address is enough.
    phone, address = values[POSITION[intake.PHONE]], values[POSITION[intake.ADDRESS]]
    beside = () if line_of(phone) else read_phones(values[POSITION[intake.NAME]]).numbers
    nowhere = not (said[intake.ADDRESS] or line_of(phone) or beside or answered_there)
    if nowhere and not isinstance(address, CellError):
        row.find(Code.CONTACT_MISSING, intake.PHONE)
    if said[intake.STATUS] is Status.RESOLVED and not said[intake.OUTCOME]:
        row.find(Code.OUTCOME_MISSING, intake.OUTCOME)
    understood = {name: said[column] for name, column in _FIELDS}
    return Complaint(**understood, phones=said[intake.PHONE] or beside, findings=row.findings())


class _Row(Struct):
    """The row while it is read, and what was found wrong so far."""

    values: tuple[Value, ...]
    tab_place: Kelurahan | None
    rules: Rules
    today: date
    has_kelurahan_column: bool
    found: list[Finding] = field(default_factory=list)

    def find(self, code: Code, column: Column, **particulars: str) -> None:
        self.found.append(Finding(code, column, tuple(particulars.items())))

    def findings(self) -> tuple[Finding, ...]:
        """The findings in the order of the columns; for a cell that shows an error only that error."""
        cells = zip(PEOPLE, self.values, strict=True)
        broken = {column: cell.text for column, cell in cells if type(cell) is CellError}
        found = [finding for finding in self.found if finding.column not in broken]
        found += [Finding(Code.CELL_ERROR, column, (("galat", text),)) for column, text in broken.items()]
        return tuple(sorted(found, key=lambda finding: POSITION[finding.column] if finding.column else 0))


_Reader = Callable[[_Row, Column, Value], Any]


def _free(row: _Row, column: Column, value: Value) -> str:
    """Free text, which must not contain a NIK."""
    if value is None:
        return ""
    text = lines_of(value) if column.form is Form.LINES else line_of(value)
    if has_nik(text):
        row.find(Code.NIK, column)
    may_say_none, said = column in (intake.OUTCOME, intake.ASSIGNEE), text.casefold().rstrip(" .")
    none_yet = may_say_none and said.replace(" ", "-") in row.rules.terms.words["hasil kosong"]
    return "" if none_yet or ((may_say_none or column.identity) and said in AS_ABOVE) else text


def _received(row: _Row, column: Column, value: Value) -> date | None:
    day = read_date(value, row.today)
    if day is None:
        row.find(Code.DATE_INVALID if line_of(value) else Code.DATE_MISSING, column)
    elif day > row.today:
        row.find(Code.DATE_FUTURE, column, tanggal=f"{day:%d/%m/%Y}")
    elif read_date(value) is None:  # its meaning depends on the day on which it is read
        row.find(Code.DATE_RELATIVE, column, tanggal=f"{day:%d/%m/%Y}")
    return day


def _done(row: _Row, column: Column, value: Value) -> date | None:
    day, received = read_date(value), read_date(row.values[POSITION[intake.RECEIVED]], row.today)
    if line_of(value) and (day is None or day > row.today or (received is not None and day < received)):
        row.find(Code.DONE_INVALID, column)
        return None
    return day


def _understood(row: _Row, column: Column, entries: Iterable[Entry], text: str) -> Entry | None:
    """The entry of a list that `text` names or surely means; None if there is none."""
    entry = row.rules.terms.choices(column, entries).find(text)
    if entry is not None and fold(entry) != fold(text):
        row.find(Code.READ, column, dibaca=str(entry))
    return entry


def _entry(entries: Iterable[Entry], unknown: Code, empty: Entry | Code) -> _Reader:
    """A reader for entries of a list. An empty cell means `empty`, or has that finding; one that shows an error means
    none. A status such as `selesai 80%` is not understood."""
    named = {str(entry): entry for entry in entries}

    def read(row: _Row, column: Column, value: Value) -> Entry | None:
        shouted = "!" * ("!" in raw_text(value))  # “!!!” is no empty cell
        if text := (line_of(value) or shouted).strip("-._ \u2013\u2014"):  # a dash says nothing
            entry = named.get(text) or _understood(row, column, entries, text)
            if entry is None:  # offer the entries that it may mean, else the first ones of the list
                offered = row.rules.terms.choices(column, entries).offers(text).entries
                row.find(unknown, column, pilihan=", ".join(offered or tuple(entries)[:_MOST_LISTED]))
            return entry
        if isinstance(empty, Code):
            row.find(empty, column)
        return None if isinstance(empty, Code) or isinstance(value, CellError) else empty

    return read


def _category(row: _Row, column: Column, value: Value) -> str | None:
    text, categories = line_of(value), row.rules.categories
    if text in categories:
        return text
    if (entry := _understood(row, column, categories, text)) is not None:
        return entry
    offers = row.rules.terms.choices(column, categories).offers(text, line_of(row.values[POSITION[intake.DESCRIPTION]]))
    told = {"pilihan": ", ".join(offers.entries), "karena": ", ".join(offers.because)} if offers.entries else {}
    unknown = Code.CATEGORY_OFFERED if told else Code.CATEGORY_UNKNOWN
    row.find(unknown if text else Code.CATEGORY_SUGGESTED if told else Code.CATEGORY_MISSING, column, **told)
    return None


def _phones(row: _Row, column: Column, value: Value) -> tuple[str, ...]:
    phones = read_phones(value)
    for fault in phones.faults:
        row.find(fault, column)
    if Code.PHONE_INVALID in phones.faults and has_nik(line_of(value)):
        row.find(Code.NIK, column)
    return phones.numbers


def _rt_rw(row: _Row, column: Column, value: Value) -> str:
    unit = read_rt_rw(value)
    if isinstance(unit, str):
        return unit
    likely = {"mungkin": unit.likely or _EXAMPLE_RT_RW} if unit.dated else {}
    row.find(Code.RT_RW_DATE if likely else Code.RT_RW_INVALID, column, **likely)
    return ""


def _parent(row: _Row, column: Column, value: Value) -> str:
    ticket = Ticket.parse(text := line_of(value))
    if text and ticket is None:
        row.find(Code.PARENT_INVALID, column)
    return str(ticket or "")


def _description(row: _Row, column: Column, value: Value) -> str:
    text, idle = _free(row, column, value), row.rules.terms.words["uraian kosong"]
    if not text:
        row.find(Code.DESCRIPTION_MISSING, column)
    elif len(text) < row.rules.shortest_description or not (says_what(text, idle) or _says_beside(text, idle, row)):
        row.find(Code.DESCRIPTION_SHORT, column)
    return text


def _says_beside(text: str, idle: AbstractSet[str], row: _Row) -> bool:
    """Whether a description says what is wrong together with the word used for its category (`got`, `mampet`)."""
    called = line_of(row.values[POSITION[intake.CATEGORY]])
    return row.rules.entry(intake.CATEGORY, called) not in (None, called) and says_what(text, idle, called)


def _kelurahan(row: _Row, column: Column, value: Value) -> Kelurahan | None:
    """The kelurahan that the row names, else the tab's. If the tab has the column and its name is also that of a
    kecamatan, it does not say which kelurahan an empty cell means."""
    text, places, has_column = line_of(value), row.rules.places, row.has_kelurahan_column
    if not text:
        if row.tab_place and not (has_column and isinstance(places.find_kecamatan(row.tab_place.name), str)):
            return row.tab_place
        row.find(Code.KELURAHAN_MISSING if has_column else Code.KELURAHAN_TAB, column)
        return None
    place = places.find(text)
    if not isinstance(place, Doubt):
        if fold(place.name) not in fold(text):
            row.find(Code.READ, column, dibaca=place.name)
        return place
    more = {"calon": ", ".join(place.candidates)} if place.candidates else {}
    row.find(Code.KELURAHAN_AMBIGUOUS if more else Code.KELURAHAN_UNKNOWN, column, **more)
    return None


#: Columns with readers of their own; all others are free text, searched for a NIK.
_OWN: Mapping[Column, _Reader] = {
    intake.RECEIVED: _received,
    intake.CHANNEL: _entry(Channel, Code.CHANNEL_UNKNOWN, Code.CHANNEL_MISSING),
    intake.PHONE: _phones,
    intake.RT_RW: _rt_rw,
    intake.CATEGORY: _category,
    intake.PRIORITY: _entry(Priority, Code.PRIORITY_UNKNOWN, Priority.NORMAL),
    intake.DESCRIPTION: _description,
    intake.KELURAHAN: _kelurahan,
    intake.STATUS: _entry(Status, Code.STATUS_UNKNOWN, Status.NEW),
    intake.PARENT: _parent,
    intake.DONE: _done,
    intake.DATE_RIGHT: lambda *cell: says_yes(line_of(cell[-1])),
    intake.SECRET: lambda *cell: promised(cell[-1]),
}
_READERS = {column: _OWN.get(column, _free) for column in PEOPLE}
#: The fields of a complaint that are named like their columns.
_NAMES = [field.name for field in fields(Complaint) if field.name not in ("phones", "findings")]
_FIELDS = [(name, getattr(intake, name.upper())) for name in _NAMES]
