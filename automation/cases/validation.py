"""Reading the cells of one row: what they say, and everything that is wrong with them, at once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from automation.cases.cell_text import Choices, Entry, line_of, lines_of
from automation.cases.cells import CellError, Value
from automation.cases.columns import PEOPLE, Column
from automation.cases.complaint import Channel, Complaint, Priority, Status
from automation.cases.dates import read_date
from automation.cases.findings import Code, Finding
from automation.cases.masking import has_nik, mask_text, shorten
from automation.cases.phones import PhoneFault, read_phones
from automation.cases.places import Doubt, Kelurahan, read_rt_rw
from automation.cases.rules import Rules
from automation.cases.tickets import Ticket

_ORDER = {column: place for place, column in enumerate(PEOPLE)}
_QUOTED = 40  # characters of a cell that a finding repeats
_FEWEST_WORDS = 3  # of a description on which somebody can act
_EXAMPLE_RT_RW = "003/007"

_CHANNELS = Choices(Channel, {"WA": Channel.WHATSAPP})
_PRIORITIES = Choices(Priority)
_STATUSES = Choices(Status)

_PHONE_CODES = {
    PhoneFault.INVALID: Code.PHONE_INVALID,
    PhoneFault.LOST: Code.PHONE_LOST,
    PhoneFault.SEVERAL: Code.PHONE_TWO,
    PhoneFault.FOREIGN: Code.PHONE_FOREIGN,
}


def examine(
    values: tuple[Value, ...],
    tab_place: Kelurahan | None,
    rules: Rules,
    today: date,
    has_kelurahan_column: bool = False,
) -> Complaint:
    """What a row says. `values` are its cells in the order of `PEOPLE`, None for a column that the tab lacks;
    `tab_place` is the kelurahan that the tab is named after. Findings come in the order of the columns.

    A cell that shows an error is understood as empty, and the error is the only finding of its column.
    """
    received, channel, name, phone, address, rt_rw, category, priority, description, officer, place, *rest = values
    status, assignee, outcome, told, parent = rest
    found: list[Finding] = []

    day = _received(received, rules, today, found)
    way = _channel(line_of(channel), found)
    who = _free(Column.NAME, line_of(name), found)
    if not who:
        found.append(Finding(Code.NAME_MISSING, Column.NAME))
    phones = _phones(phone, found)
    where = _free(Column.ADDRESS, line_of(address), found)
    if not where and not line_of(phone) and not isinstance(address, CellError):
        found.append(Finding(Code.CONTACT_MISSING, Column.PHONE))
    unit = _rt_rw(rt_rw, found)
    kind = _category(line_of(category), rules, found)
    urgency = _priority(line_of(priority), found)
    what = _description(lines_of(description), rules, found)
    taker = _free(Column.OFFICER, line_of(officer), found)
    kelurahan = _kelurahan(line_of(place), tab_place, rules, has_kelurahan_column, found)
    state = _status(line_of(status), found)
    assigned = _free(Column.ASSIGNEE, line_of(assignee), found)
    result = _free(Column.OUTCOME, lines_of(outcome), found)
    if state is Status.RESOLVED and not result:
        found.append(Finding(Code.OUTCOME_MISSING, Column.OUTCOME))
    answered = _free(Column.TOLD, line_of(told), found)
    belongs_to = _parent(line_of(parent), found)
    return Complaint(
        received=day,
        channel=way,
        name=who,
        phones=phones,
        address=where,
        rt_rw=unit,
        category=kind,
        priority=urgency,
        description=what,
        officer=taker,
        kelurahan=kelurahan,
        status=state,
        assignee=assigned,
        outcome=result,
        told=answered,
        parent=belongs_to,
        findings=_in_order(found, values),
    )


def _in_order(found: list[Finding], values: tuple[Value, ...]) -> tuple[Finding, ...]:
    """The findings in the order of the columns; those of a cell that shows an error give way to the error."""
    if CellError in map(type, values):
        broken = {column: cell.text for column, cell in zip(PEOPLE, values, strict=True) if isinstance(cell, CellError)}
        found = [finding for finding in found if finding.column not in broken]
        found += [Finding(Code.CELL_ERROR, column, (("galat", text),)) for column, text in broken.items()]
    if len(found) > 1:
        found.sort(key=lambda finding: _ORDER[finding.column] if finding.column else 0)
    return tuple(found)


def _finding(code: Code, column: Column, **particulars: str) -> Finding:
    return Finding(code, column, tuple(particulars.items()))


def _quote(text: str) -> str:
    """As much of a cell as a finding repeats. Findings reach Kendali and mails: nothing personal goes with them."""
    return shorten(mask_text(text), _QUOTED)


def _free(column: Column, text: str, found: list[Finding]) -> str:
    """Free text, in which a NIK has no place."""
    if has_nik(text):
        found.append(Finding(Code.NIK, column))
    return text


def _received(value: Value, rules: Rules, today: date, found: list[Finding]) -> date | None:
    day = read_date(value)
    if day is None:
        text = line_of(value)
        found.append(
            _finding(Code.DATE_INVALID, Column.RECEIVED, tulisan=_quote(text))
            if text
            else Finding(Code.DATE_MISSING, Column.RECEIVED)
        )
    elif day > today:
        found.append(_finding(Code.DATE_FUTURE, Column.RECEIVED, tanggal=f"{day:%d/%m/%Y}"))
    elif (today - day).days > rules.old_after_days:
        found.append(_finding(Code.DATE_OLD, Column.RECEIVED, tanggal=f"{day:%d/%m/%Y}"))
    return day


def _listed(code: Code, column: Column, choices: Choices[Entry], text: str, found: list[Finding]) -> Entry | None:
    """The entry of a list that `text` names; where it names none, the nearest are suggested."""
    entry = choices.find(text)
    if entry is None:
        found.append(_finding(code, column, tulisan=_quote(text), pilihan=", ".join(choices.suggest(text))))
    return entry


def _channel(text: str, found: list[Finding]) -> Channel | None:
    if not text:
        found.append(Finding(Code.CHANNEL_MISSING, Column.CHANNEL))
        return None
    return _listed(Code.CHANNEL_UNKNOWN, Column.CHANNEL, _CHANNELS, text, found)


def _priority(text: str, found: list[Finding]) -> Priority | None:
    if not text:
        return Priority.NORMAL
    return _listed(Code.PRIORITY_UNKNOWN, Column.PRIORITY, _PRIORITIES, text, found)


def _status(text: str, found: list[Finding]) -> Status | None:
    if not text:
        return Status.NEW
    return _listed(Code.STATUS_UNKNOWN, Column.STATUS, _STATUSES, text, found)


def _category(text: str, rules: Rules, found: list[Finding]) -> str | None:
    if not text:
        found.append(_finding(Code.CATEGORY_MISSING, Column.CATEGORY, contoh=next(iter(rules.categories), "")))
        return None
    if text in rules.categories:
        return text
    return _listed(Code.CATEGORY_UNKNOWN, Column.CATEGORY, _categories(tuple(rules.categories)), text, found)


@lru_cache(maxsize=8)
def _categories(names: tuple[str, ...]) -> Choices[str]:
    return Choices(names)


def _phones(value: Value, found: list[Finding]) -> tuple[str, ...]:
    phones = read_phones(value)
    found += [Finding(_PHONE_CODES[fault], Column.PHONE) for fault in phones.faults]
    if phones.faults and has_nik(line_of(value)):
        found.append(Finding(Code.NIK, Column.PHONE))
    return phones.numbers


def _rt_rw(value: Value, found: list[Finding]) -> str:
    unit = read_rt_rw(value)
    if isinstance(unit, str):
        return unit
    if unit.dated:
        found.append(_finding(Code.RT_RW_DATE, Column.RT_RW, mungkin=unit.likely or _EXAMPLE_RT_RW))
    else:
        found.append(_finding(Code.RT_RW_INVALID, Column.RT_RW, tulisan=_quote(line_of(value))))
    return ""


def _parent(text: str, found: list[Finding]) -> str:
    if not text:
        return ""
    ticket = Ticket.parse(text)
    if ticket is None:
        found.append(_finding(Code.PARENT_INVALID, Column.PARENT, tulisan=_quote(text)))
        return ""
    return str(ticket)


def _description(text: str, rules: Rules, found: list[Finding]) -> str:
    if not text:
        found.append(Finding(Code.DESCRIPTION_MISSING, Column.DESCRIPTION))
    elif len(text) < rules.shortest_description or len(text.split(maxsplit=_FEWEST_WORDS)) < _FEWEST_WORDS:
        found.append(Finding(Code.DESCRIPTION_SHORT, Column.DESCRIPTION))
    return _free(Column.DESCRIPTION, text, found)


def _kelurahan(
    text: str, tab_place: Kelurahan | None, rules: Rules, has_column: bool, found: list[Finding]
) -> Kelurahan | None:
    """The kelurahan that the row names, else the tab's. A tab of several whose name is a kecamatan's as well does
    not say which kelurahan an empty cell means."""
    if not text:
        if tab_place and not (has_column and isinstance(rules.places.find_kecamatan(tab_place.name), str)):
            return tab_place
        found.append(Finding(Code.KELURAHAN_MISSING if has_column else Code.KELURAHAN_TAB, Column.KELURAHAN))
        return None
    place = rules.places.find(text)
    if not isinstance(place, Doubt):
        return place
    found.append(
        _finding(Code.KELURAHAN_AMBIGUOUS, Column.KELURAHAN, tulisan=_quote(text), calon=", ".join(place.candidates))
        if place.candidates
        else _finding(Code.KELURAHAN_UNKNOWN, Column.KELURAHAN, tulisan=_quote(text))
    )
    return None
