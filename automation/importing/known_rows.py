"""Which rows of a list stand in a spreadsheet already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from automation.importing.headings import says
from automation.importing.layout import Incoming, Layout, first_line
from automation.importing.values import shown
from automation.model.cells import Tab, Value, fold
from automation.reading.cell_text import line_of
from automation.reading.dates import read_date
from automation.reading.phones import read_phones
from automation.reading.rt_rw import read_rt_rw
from automation.reading.tabs import IDENTITY, Row, identity_of
from automation.tables import intake
from automation.tables.intake import ORIGIN

Key = tuple[object, ...]


def same_as(people: Sequence[Value]) -> Key:
    """What makes two rows the same complaint, however each is written."""
    day, name, phone, address, unit, description = identity_of(people)
    read = read_rt_rw(unit)
    return (
        read_date(day) or line_of(day),
        line_of(name).casefold(),
        tuple(sorted(read_phones(phone).numbers)) or line_of(phone),
        line_of(address).casefold(),
        read if isinstance(read, str) else line_of(unit),
        line_of(description).casefold(),
    )


#: A row that stands in the spreadsheet, and the list's number where it came from one.
Standing = tuple[Row, str]


def standing(rows: Iterable[Row], tabs: Mapping[str, Tab], label: str) -> list[Standing]:
    """The rows with their references under the heading `label`; `tabs` by their keys."""
    layouts: dict[str, Layout] = {}
    found: list[Standing] = []
    for row in rows:
        tab = tabs[row.tab.key]
        layout = layouts.get(tab.key) or layouts.setdefault(tab.key, Layout(tab, row.tab))
        found.append((row, _reference(tab.rows[row.number], layout, label)))
    return found


def _reference(cells: Sequence[Value], layout: Layout, label: str) -> str:
    kept = layout.kept
    for at in (layout.columns[ORIGIN], layout.own.get(fold(label))):
        if at is not None and at < len(cells) and says(cells[at]):
            return first_line(shown(cells[at]))
    if label and kept < len(cells):
        lines = shown(cells[kept]).split("\n")
        found = (line.removeprefix(f"{label}: ") for line in lines if line.startswith(f"{label}: "))
        return next(map(first_line, found), "")
    return ""


_DAY, _NAME, _PHONE, _DESCRIPTION = (
    IDENTITY.index(column) for column in (intake.RECEIVED, intake.NAME, intake.PHONE, intake.DESCRIPTION)
)


class Known:
    """Finds rows again that were brought in before, or were typed by hand: by the list's own number; by their content;
    or, where people have corrected something since, by day, description, and name or telephone. Rows with two numbers
    of one list are two complaints, whatever they say."""

    def __init__(self, rows: Iterable[Standing]) -> None:
        self._by_reference: dict[str, Row] = {}
        self._by_content: dict[Key, list[Standing]] = defaultdict(list)
        for row, reference in rows:
            for number in filter(None, (reference, row.ticket_text)):
                self._by_reference.setdefault(number, row)
            for key in _keys(same_as(row.people)):
                self._by_content[key].append((row, reference))

    def find(self, incoming: Incoming) -> Row | None:
        """The row that stands there already."""
        reference = incoming.reference
        if reference in self._by_reference:
            return self._by_reference[reference]
        for key in _keys(same_as(incoming.people)):
            for row, another in self._by_content.get(key, ()):
                if not (reference and another):
                    return row
        return None


def _keys(content: Key) -> list[Key]:
    day, name, phone, description = (content[at] for at in (_DAY, _NAME, _PHONE, _DESCRIPTION))
    keys: list[Key] = [("", *content)]
    if day and description:
        keys += [(kind, day, description, who) for kind, who in (("nama", name), ("telepon", phone)) if who]
    return keys


def missing(wanted: Iterable[Incoming], rows: Iterable[Standing]) -> list[Incoming]:
    """Those of the wanted rows that do not stand there yet; of rows that are the same, as many as are lacking."""
    there = Counter((*same_as(row.people), reference) for row, reference in rows)
    lacking: list[Incoming] = []
    for incoming in wanted:
        key = (*same_as(incoming.people), incoming.reference)
        if there[key] <= 0:
            lacking.append(incoming)
        there[key] -= 1
    return lacking
