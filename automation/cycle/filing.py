"""The rows that the robot lays into Kendali's tables of `FILED`, and what of people's typing there is journalled."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from automation.config.filing import belongs, id_in, read_filed, unready
from automation.config.tabs import rows_of
from automation.config.values import text
from automation.cycle import second_copy
from automation.cycle.commit import commit
from automation.cycle.registry import Registry
from automation.digests.decisions import Filed, filed
from automation.digests.matters import Matter
from automation.model.cells import CellWrite, Writable, is_empty
from automation.model.register import Entry
from automation.model.rules import Rules
from automation.model.terms import Terms
from automation.model.texts import Texts
from automation.reading.cell_text import row_with
from automation.reading.tabs import find_columns
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.tables.kendali import DECISIONS, FILED, PROPOSALS
from automation.tables.meeting import CHECK, PROPOSAL
from automation.tables.table import Form, Nature, Owner, Table
from automation.trouble import Trouble

DECIDED = DECISIONS.by_heading["Keputusan"]
Known = Mapping[str, Mapping[str, Filed]]  # by table and id


def filed_rows(registry: Registry) -> Known:
    """All rows as they were last journalled, by table and id."""
    return {table: filed(registry.filed[table].values()) for table in FILED}


def proposed(registry: Registry) -> dict[str, tuple[str, str]]:
    """The state and the year of each proposal for the budget, by the tickets that it answers."""
    rows = filed(registry.filed[PROPOSALS].values()).values()
    told = ((row, (row.values.get("Keadaan", ""), row.values.get("Tahun", ""))) for row in rows)
    return {ticket: state for row, state in told for ticket in row.tickets}


class LaidRow(Struct, frozen=True):
    """A row to lay, or to update: what is journalled of it, and the robot's cells by heading."""

    row: Filed
    cells: Mapping[str, Writable]


def laid(
    seen: Snapshot, table: Table, rows: Collection[LaidRow], now: datetime
) -> tuple[Changes, list[list[Writable]]]:
    """The changes that make these rows stand in their table, wherever people have sorted them, and the rows of the
    second copy that record them. Nothing if Kendali lacks that table or it is locked, nor for what another robot has
    recorded since `now`: it has seen more. A new row is appended: at a fixed place people may just have pasted one."""
    tab = seen.tab(table)
    header = find_columns(seen.rows(table), table.headings)
    if tab is None or (at := header.columns.get(table.headings[0])) is None or tab.refuses(len(tab.rows), at):
        return Changes(), []
    places: dict[str, list[int]] = {}
    tickets = header.columns.get("Tiket", tab.width)
    for number in range(header.row + 1, len(tab.rows)):
        places.setdefault(id_in(tab.at(number, at)), []).append(number)
    cells: list[CellWrite] = []
    added: list[list[Writable]] = []
    before = filed(second_copy.filed_in(seen, table)) if rows else {}
    rows = [one for one in rows if (old := before.get(one.row.id)) is None or (old.told_at or now) <= now]
    for one in rows:
        values = {at: one.cells[heading] for heading, at in header.columns.items() if heading in one.cells}
        known = [(column, cell) for column, cell in values.items() if column != at]  # its id may be in lower case
        same = (number for number in places.get(one.row.id, ()) if belongs(one.row, tab.at(number, tickets)))
        cells += [cell for number in same for cell in tab.lacks(number, known)]
        added += [] if one.row.id in places else [row_with(values)]
    new = [one.row for one in rows if (old := before.get(one.row.id)) is None or old.tickets != one.row.tickets]
    told = [replace(row, values=before[row.id].values) if row.id in before else row for row in new]
    appends = {tab.title: added} if added else {}
    return Changes(appends=appends, cells=cells), [second_copy.row_of(table, row.event(now)) for row in told]


def give_back(kendali: Workbook, before: Known, id: str, entries: Iterable[Entry], rules: Rules) -> None:
    """Append the rows with this id that people deleted, as they were last understood; their words are not kept. Raises
    `Trouble` if none is known or all are there, and `WorkbookError`."""
    if id not in before[DECISIONS]:
        raise Trouble("kasus.asing-keputusan", nomor=id)
    rows = {table: before[table][id] for table in FILED if id in before[table]}
    named = {entry.ticket: entry for entry in entries if entry.ticket in rows[DECISIONS].tickets}
    cases = [named[ticket] for ticket in rows[DECISIONS].tickets if ticket in named]

    def wanted(seen: Snapshot) -> Changes:
        appends: dict[str, list[list[Writable]]] = {}
        for table, row in rows.items():
            tab, columns = seen.tab(table), find_columns(seen.rows(table), table.headings).columns
            if tab is None or table.headings[0] not in columns or id in links_to(kendali, seen, table):
                continue
            said = _proposal_cells(row, cases) if table == PROPOSALS else _given_back(row, cases, rules)
            for column in table.of(Owner.COORDINATOR):
                known = column.nature is Nature.FACT or column.heading == "Jawaban"  # that there is one, as figures say
                if known and (value := row.values.get(column.heading)):
                    said[column.heading] = date.fromisoformat(value) if column.form is Form.DATE else value
            appends[tab.title] = [row_with({at: said.get(heading) for heading, at in columns.items()})]
        if not appends:
            raise Trouble("kasus.keputusan-ada", nomor=id)
        return Changes(appends=appends)

    commit(kendali, kendali.read(), wanted, once=True)


def agenda_rows(matters: Iterable[Matter], texts: Texts, now: datetime) -> list[LaidRow]:
    """A row of `Keputusan` for each matter."""
    rows = [(Filed(it.id, (it.lead.ticket, *(entry.ticket for entry in it.others)), now), it) for it in matters]
    laid = (LaidRow(row, _decision_cells(row, it.lead, it.residents, it.age, texts)) for row, it in rows)
    return [*{one.row.id: one for one in laid}.values()]


def private_cells(seen: Snapshot, before: Known, private: AbstractSet[str], texts: Texts) -> Iterator[CellWrite]:
    """What to write so that no row of `Keputusan` tells what a case is about that became private after it was laid."""
    hidden = {id for id, row in before[DECISIONS].items() if not private.isdisjoint(row.tickets)}
    tab = seen.tab(DECISIONS)
    for row in rows_of(seen, DECISIONS) if tab is not None and hidden else ():
        if tab is not None and id_in(row["Nomor"]) in hidden and "Perkara" in row.columns:
            yield from tab.lacks(row.number, [(row.columns["Perkara"], texts.say("surat.putusan.pribadi"))])


def new_proposals(before: Known, entries: Sequence[Entry], now: datetime) -> list[LaidRow]:
    """A row of `Usulan` for each decision `Usulan Pokir` that has none yet."""
    decided = (one for id, one in before[DECISIONS].items() if id not in before[PROPOSALS])
    wanted = [one for one in decided if one.values.get("Keputusan") == PROPOSAL]
    named = {one.tickets[0] for one in wanted}
    cases = {entry.ticket: entry for entry in entries if entry.ticket in named} if named else {}
    rows = [(Filed(one.id, one.tickets, now), cases.get(one.tickets[0])) for one in wanted]
    return [LaidRow(row, _proposal_cells(row, [lead] if lead else [])) for row, lead in rows]


def _decision_cells(row: Filed, lead: Entry, residents: int, age: int, texts: Texts) -> dict[str, Writable]:
    parts = {"kategori": lead.category, "warga": residents}  # no words of people's, so there are none to erase
    about = texts.say(f"surat.putusan.{'pribadi' if lead.sensitive else 'perkara'}", **parts)
    cells = (row.id, about, ", ".join(row.tickets), lead.kelurahan.name, age)
    return dict(zip(DECISIONS.headings, cells, strict=False))


def _given_back(row: Filed, cases: Sequence[Entry], rules: Rules) -> dict[str, Writable]:
    """The robot's cells as the row was laid, as far as its cases are known."""
    if not cases:
        return {"Nomor": row.id, "Tiket": ", ".join(row.tickets)}
    residents = max(len({one.reporter for one in cases}), *(one.residents for one in cases))
    age = rules.calendar.between(min(one.received for one in cases), row.laid_at.date())
    return _decision_cells(row, cases[0], residents, age, rules.texts)


def _proposal_cells(row: Filed, cases: Sequence[Entry]) -> dict[str, Writable]:
    cells: list[Writable] = [row.id, ", ".join(row.tickets)]
    for place in (one.kelurahan for one in cases[:1]):
        cells += (place.name, place.kecamatan, place.dapil)
    return dict(zip(PROPOSALS.headings, cells, strict=False))


def typed(seen: Snapshot, before: Known, now: datetime, terms: Terms) -> tuple[list[list[Writable]], list[Trouble]]:
    """The rows of the second copy for what people have typed since it was last journalled, and questions about it."""
    rows: list[list[Writable]] = []
    problems: list[Trouble] = []
    for table in FILED:
        laid = before.get(table, {})
        read = read_filed(seen, table, laid, now.date(), terms, problems)
        if any(values != laid[id].values for id, values in read.items()):
            # Another robot may have recorded it already; what it recorded after this cycle began is newer than ours.
            told = filed(second_copy.filed_in(seen, table))
            laid = {id: row for id, row in told.items() if row.told_at is None or row.told_at <= now}
            read = read_filed(seen, table, laid, now.date(), terms, [])
        new = (replace(laid[id], values=values) for id, values in read.items() if values != laid[id].values)
        rows += [second_copy.row_of(table, row.event(now)) for row in new]
    unready(seen, before.get(PROPOSALS, {}), problems)
    return rows, problems


def unrecorded(seen: Snapshot) -> list[Table]:
    """The tables that are gone or renamed although rows of them are known: what is typed there is not recorded."""
    return [table for table in FILED if seen.tab(table) is None and second_copy.filed_in(seen, table)]


def asked_about(seen: Snapshot, known: Mapping[str, Filed], terms: Terms) -> set[str]:
    """The ids of the rows of `Keputusan` with a decision that is not the one recorded, and is asked about beside it."""
    read = terms.choices(DECIDED, DECIDED.options).find
    rows = (row for row in rows_of(seen, DECISIONS) if not is_empty(row[CHECK]))
    said = ((row, text(row[DECIDED]).strip(" .-\u2013\u2014")) for row in rows)  # an error that it shows, too
    told = ((id_in(row["Nomor"]), read(decided)) for row, decided in said if decided)
    return {id for id, what in told if what is None or (id in known and what != known[id].values.get("Keputusan"))}


def links_to(kendali: Workbook, seen: Snapshot, table: Table) -> dict[str, str]:
    """The link to each row of the table, by its id."""
    if (tab := seen.tab(table)) is None:
        return {}
    rows = ((id_in(row[table.headings[0]]), row.number) for row in rows_of(seen, table))
    return {id: kendali.link(tab, number) for id, number in rows if id}
