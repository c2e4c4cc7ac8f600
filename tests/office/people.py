"""What volunteers and coordinators do to the spreadsheets. Each action takes three numbers that choose where and what,
and is passed over where it makes no sense."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from automation.cases.events import JOURNAL
from automation.cycle.erasing import Erasing
from automation.cycle.gone import GoneCases
from automation.model.cells import Value, serial_of
from automation.tables import intake
from automation.tables.intake import PEOPLE, ROBOT
from automation.tables.kendali import HOLIDAYS, RECIPIENTS, REGISTER, SETTINGS, WISHES
from automation.tables.table import Nature
from automation.trouble import Trouble
from tests.local_city import KELURAHAN, TITLES
from tests.office.desk import Desk, GoogleDesk, Rows
from tests.office.oracle import SWAPPED, TELLING, TO_COME, Complaint
from tests.office.robot import Fate
from tests.office.sheet import ASKED, QUESTIONS, ROBOTS, SPOILED, Sheet
from tests.town import NOTE

if TYPE_CHECKING:
    from tests.office.history import Office

NAMES = ("Ibu Yati", "Pak Amir", "Bu Sri", "Wawan", "Euis", "Pak RT")
WORDS = (
    "lampu jalan mati total sejak minggu lalu",
    "got mampet di depan musala",
    "sampah menumpuk di pinggir kali",
    "jalan berlubang dalam",
)
#: What stands in Tanggal Masuk: mostly a likely day; as people say it; day and month changed places; one to come.
DAYS: tuple[Value, ...] = (*["23/11/2026"] * 6, "kemarin", "22 Nop", SWAPPED, TO_COME)
STATUSES = ("", "Diverifikasi", "Menunggu Pelapor", "Selesai", "Ditindaklanjuti", "Bukan Kewenangan", "selesai")
OTHER_TABS = ("Karawaci", "Catatan rapat", "Cimone", "Petir 2")
MOST_COPIES = 2
#: What people type there is nobody else's.
UNIQUE = (intake.PHONE, intake.DESCRIPTION)

Action = Callable[["Office", int, int, int], bool | None]


class Spot:
    """A row of a tab of a spreadsheet, and the complaint in it."""

    def __init__(self, office: "Office", desk: Desk, title: str, sheet: Sheet, row: int) -> None:
        self.office, self.desk, self.title, self.sheet, self.row = office, desk, title, sheet, row
        self.complaint: Complaint = office.oracle.complaints[sheet.identity(row)]

    def save(self) -> None:
        self.office.put(self.desk, self.title, self.sheet.rows)


class Tab(NamedTuple):
    desk: Desk
    title: str
    sheet: Sheet


def _tabs(office: "Office", *, any_tab: bool = False) -> list[Tab]:
    return [
        Tab(desk, title, sheet)
        for desk in office.site.desks()
        for title in desk.titles()
        if title != JOURNAL and ((sheet := Sheet(desk.rows(title))) or any_tab)
    ]


def _tab(office: "Office", pick: int, *, any_tab: bool = False, readable: bool = False) -> Tab | None:
    tabs = [tab for tab in _tabs(office, any_tab=any_tab) if tab.sheet.readable or not readable]
    return tabs[pick % len(tabs)] if tabs else None


def _spot(office: "Office", pick: int) -> Spot | None:
    spots = [(*tab, row) for tab in _tabs(office) for row in tab.sheet.identities()]
    return Spot(office, *spots[pick % len(spots)]) if spots else None


def in_a_tab(
    deed: "Callable[[Office, Tab, int, int], bool | None]", *, readable: bool = False, moved: bool = False
) -> Action:
    """The deed in the tab that is picked, which is saved then."""

    def action(office: "Office", a: int, b: int, c: int) -> bool:
        if (tab := _tab(office, a, readable=readable)) is None or deed(office, tab, b, c) is False:
            return False
        if moved:
            office.rows_moved()
        office.put(tab.desk, tab.title, tab.sheet.rows)
        return True

    return action


readable_tab = partial(in_a_tab, readable=True)
moving = partial(in_a_tab, moved=True)


def in_a_row(deed: "Callable[[Office, Spot, int, int], bool | None]") -> Action:
    """The deed in the row that is picked, which is saved then."""

    def action(office: "Office", a: int, b: int, c: int) -> bool:
        if (spot := _spot(office, a)) is None or deed(office, spot, b, c) is False:
            return False
        spot.save()
        return True

    return action


@readable_tab
def type_a_row(office: "Office", tab: Tab, b: int, c: int) -> None:
    tab.sheet.append(office.new_complaint(b, c, complete=True))


def answer(office: "Office", a: int, b: int, c: int) -> bool:
    """A form writes an answer into a row that it inserts, below the others or among them: robots are at work or not."""
    forms = [tab for tab in _tabs(office) if tab.sheet.form and tab.sheet.readable]
    if not forms:
        return False
    desk, title, sheet = forms[a % len(forms)]
    at = sheet.head + 1 + b % (len(sheet.below) + 1) if c % 3 else None
    record = office.new_complaint(b, c, complete=True)
    hours = c % 24 / 24 or 0  # at midnight a whole number, as which it is given back
    sheet.append(record | {intake.RECEIVED: serial_of(office.now.date()) + hours}, at)
    office.rows_moved()
    office.put(desk, title, sheet.rows)
    return True


@readable_tab
def begin_a_row(office: "Office", tab: Tab, b: int, c: int) -> None:
    """Half a complaint; it is finished later."""
    record = office.new_complaint(b, c, complete=False)
    del record[intake.DESCRIPTION]
    tab.sheet.append(record)


@in_a_row
def finish_a_row(office: "Office", spot: Spot, b: int, c: int) -> bool | None:
    if spot.complaint.complete or spot.complaint.held or not spot.sheet.readable:
        return False
    spot.sheet.set(spot.row, intake.DESCRIPTION, office.description(b))
    spot.complaint.complete = True
    return None


@in_a_row
def correct(office: "Office", spot: Spot, b: int, c: int) -> bool | None:
    """Type over what tells a complaint from others."""
    column = TELLING[b % len(TELLING)]
    if not office.may_edit(spot, column):
        return False
    old = spot.sheet.get(spot.row, column)
    if column is intake.DESCRIPTION and old is None:
        return False
    new = {
        intake.NAME: f"{old or ''} bin {office.fresh()}".strip(),
        intake.PHONE: office.phone(),
        intake.ADDRESS: f"Jl. Baru no {office.fresh()}",
        intake.DESCRIPTION: f"{old}, makin parah" if c % 2 else office.description(c),
    }[column]
    spot.complaint.edited.add(column)
    if column in UNIQUE and old is not None:
        spot.complaint.replaced[str(old)] = None
    spot.sheet.set(spot.row, column, new)
    return None


@in_a_row
def erase(office: "Office", spot: Spot, b: int, c: int) -> bool | None:
    """A citizen asks for it; their row is emptied at once, or never. While a robot is under way that has not heard of
    it, nobody does so: it would know the row no more."""
    known, report = spot.complaint, next((robot.report for robot in office.robots if robot.report), None)
    ticket = spot.sheet.ticket(spot.row)
    alone = [one.kin for one in office.oracle.complaints.values()].count(known.kin) == 1
    if report is None or not alone or known.erased or known.held or known.moved or known.ticket_hit:
        return False
    if known.edited or not ticket or ticket != known.ticket or any(robot.locking for robot in office.robots):
        return False
    try:
        Erasing(GoneCases(office.site.program().syncer, report, office.now)).erase(ticket, "diminta")
    except Trouble:
        return False  # nobody has told Kendali of it yet, or somebody writes there all the time
    known.erased = True
    office.account.erased_by_command.add(ticket)
    words = [str(spot.sheet.get(spot.row, column)) for column in UNIQUE]
    known.replaced = dict.fromkeys([*known.replaced, *words])
    for column in PEOPLE if b % 2 and not any(robot.busy for robot in office.robots) else ():
        if column.nature is Nature.WORDS:
            spot.sheet.set(spot.row, column, None)
            known.complete = False  # should a robot's write land over its ticket, nobody could tell whose it was
    return None


@in_a_row
def triage(office: "Office", spot: Spot, b: int, c: int) -> None:
    column, value = [
        (intake.STATUS, STATUSES[c % len(STATUSES)]),
        (intake.ASSIGNEE, NAMES[c % len(NAMES)]),
        (intake.PRIORITY, ("", "Mendesak", "Darurat")[c % 3]),
        (intake.OUTCOME, f"sudah disampaikan {c}"),
    ][b % 4]
    spot.sheet.set(spot.row, column, value)


@in_a_row
def say_when(office: "Office", spot: Spot, b: int, c: int) -> bool | None:
    """Type another day of receipt, or that it is right."""
    if spot.complaint.held or spot.complaint.ticket_hit or spot.complaint.moved or not spot.sheet.readable:
        return False
    if b % 3:
        old, new = spot.sheet.get(spot.row, intake.RECEIVED), DAYS[c % len(DAYS)]
        # Another day is an answer to what is asked; also of a form's stamp, by a robot whose clock is behind.
        check = str(spot.sheet.get(spot.row, intake.CHECK) or "")
        is_asked = old in DAYS[-2:] or "belum terjadi" in check or ", benar?" in check
        spot.complaint.vouched |= old != new and is_asked
        spot.complaint.edited |= {intake.RECEIVED} if old != new else set()
        spot.sheet.set(spot.row, intake.RECEIVED, new)
    else:
        spot.complaint.vouched = True
        spot.sheet.set(spot.row, intake.DATE_RIGHT, "Ya")
    return None


@in_a_row
def delete_a_row(office: "Office", spot: Spot, b: int, c: int) -> None:
    spot.complaint.held = True
    del spot.sheet.rows[spot.row]
    office.rows_moved()


@in_a_row
def cut_a_row(office: "Office", spot: Spot, b: int, c: int) -> bool | None:
    """Cut it; the row is deleted (Sheets leaves it empty, and people do either)."""
    if spot.complaint.held or not spot.sheet.readable:
        return False
    office.clipboard.append((spot.desk.source, spot.complaint.identity, spot.sheet.record(spot.row)))
    spot.complaint.held, replaced = True, spot.complaint.replaced
    if not spot.complaint.erased:  # what was corrected just before is seen where it is pasted, or never
        spot.complaint.replaced = {words: since for words, since in replaced.items() if since is not None}
    if b % 2:
        del spot.sheet.rows[spot.row]
        office.rows_moved()
    else:
        spot.sheet.rows[spot.row] = []
    return None


def paste_a_row(office: "Office", a: int, b: int, c: int) -> bool:
    if not office.clipboard or (found := _tab(office, a, readable=True)) is None:
        return False
    desk, title, sheet = found
    source, identity, record = office.clipboard[b % len(office.clipboard)]
    complaint = office.oracle.complaints[identity]
    # Cut without its ticket, and perhaps corrected; it was put back and read since, as it had been before.
    restored = complaint.ticket and not record.get(intake.TICKET) and not complaint.ticket_hit
    if source != desk.source and (restored or (complaint.ticket_hit and complaint.edited)):
        return False
    office.clipboard.remove((source, identity, record))
    complaint.moved |= source != desk.source
    complaint.ticket_hit |= complaint.erased and not record.get(intake.TICKET)  # cut before it was erased
    if office.rows_of(complaint):  # it was given back or restored meanwhile: there are two of it now
        record = record | {NOTE: office.relative_of(complaint)}
    at = sheet.head + 1 + c % (len(sheet.below) + 1) if c % 3 else None
    sheet.append(record, at)
    office.rows_moved()
    office.put(desk, title, sheet.rows)
    return True


def copy_a_row(office: "Office", a: int, b: int, c: int) -> bool:
    """Copy and paste, all columns or the people's alone: it is a row of its own from then on, of the same kin."""
    if (
        (spot := _spot(office, a)) is None
        or (found := _tab(office, b, readable=True)) is None
        or not spot.sheet.readable
    ):
        return False
    desk, title, sheet = found
    record = spot.sheet.record(spot.row)
    if c % 2:
        record = {heading: value for heading, value in record.items() if heading not in ROBOTS}
    record[NOTE] = office.relative_of(spot.complaint)
    if (desk.source, title) == (spot.desk.source, spot.title):
        sheet = spot.sheet
    sheet.append(record, sheet.head + 1 if c % 3 == 0 else None)
    office.rows_moved()
    office.put(desk, title, sheet.rows)
    return True


def write_over_the_ticket(office: "Office", a: int, b: int, c: int) -> bool:
    """Clear the ticket, type nonsense, or paste another row's robot cells over it."""
    spot, other = _spot(office, a), _spot(office, b)
    if spot is None or other is None or not office.may_hit_ticket(spot):
        return False
    choice = c % 4
    if choice == 3 and (not spot.complaint.ticket or spot.complaint.edited):
        return False  # should the other row be deleted now, this one would be its complaint, to anybody who looks
    value: Value = [None, "RR-1", spot.sheet.ticket(spot.row)[:-1] or None, other.sheet.ticket(other.row)][choice]
    spot.sheet.set(spot.row, intake.TICKET, value)
    if choice == 3:
        for column in ROBOT[1:]:
            spot.sheet.set(spot.row, column, other.sheet.get(other.row, column))
        spot.complaint.held = True
    spot.complaint.ticket_hit = True
    spot.save()
    return True


@in_a_tab
def clear_robot_columns(office: "Office", tab: Tab, b: int, c: int) -> bool | None:
    """Select the grey columns of a tab and press Delete."""
    spots = [Spot(office, *tab, row) for row in tab.sheet.identities()]
    if not all(map(office.may_hit_ticket, spots)):
        return False
    for spot in spots:
        spot.complaint.ticket_hit = True
        for column in ROBOT[: 1 + b % len(ROBOT)]:
            spot.sheet.set(spot.row, column, None)
    return None


@moving
def sort(office: "Office", tab: Tab, b: int, c: int) -> None:
    sheet = tab.sheet
    heading = list(sheet.at)[b % len(sheet.at)]
    keys = {row: str(value) if (value := sheet.get(row, heading)) is not None else "" for row in sheet.below}
    order = sorted((row for row in sheet.below if keys[row]), key=keys.__getitem__, reverse=c % 2 == 1)
    order += [row for row in sheet.below if not keys[row]]
    sheet.rows[sheet.head + 1 :] = [sheet.rows[row] for row in order]


@moving
def insert_rows(office: "Office", tab: Tab, b: int, c: int) -> None:
    """Empty rows, somewhere; also above the headings."""
    sheet = tab.sheet
    at = sheet.head + 1 + b % (len(sheet.below) + 1)
    if c % 7 == 0 and sheet.head < 3 and office.may_restructure(tab.desk, tab.title):
        at = 0
    sheet.rows[at:at] = [[] for _ in range(1 + c % 2)]


def interfere(office: "Office", a: int, b: int, c: int) -> bool:
    """Move rows or columns just when a robot is about to write there."""
    about = next((robot.about for robot in office.robots if robot.busy and robot.about), "")
    tabs = [tab for tab in _tabs(office) if tab.desk.source == about and len(tab.sheet.identities()) > 1]
    if not tabs:
        return False
    desk, title, sheet = tabs[a % len(tabs)]
    rows = sheet.rows
    width = len(rows[sheet.head])
    match b % 6:
        case 0 if sheet.head < 3 and office.may_restructure(desk, title):
            rows.insert(0, [])
        case 1 if office.may_restructure(desk, title):
            at = c % (width + 1)  # beside the ticket, among what people type, before what the robot writes at the right
            for cells in rows:
                if at <= len(cells):
                    cells.insert(at, None)
        case 5 if office.may_restructure(desk, title):
            for cells in rows:
                cells.extend([None] * (width - len(cells)))
                cells.insert(c // 7 % width, cells.pop(c % width))
        case 2:
            rows.insert(sheet.head + 1, [])
        case _:
            rows[sheet.head + 1 :] = reversed(rows[sheet.head + 1 :])
    office.rows_moved()
    office.put(desk, title, rows)
    return True


def interfere_and_cut_off(office: "Office", a: int, b: int, c: int) -> bool:
    """A column is inserted just then, what the robot writes lands beside its own, and its network is gone for good."""
    number = next((number for number, robot in enumerate(office.robots) if robot.busy and robot.about), None)
    if number is None or not interfere(office, a, 1, c):
        return False
    done = office.step(number, Fate.CUT_OFF)
    if b % 2:
        office.settle()
    return done


@moving
def insert_a_column(office: "Office", tab: Tab, b: int, c: int) -> bool | None:
    sheet = tab.sheet
    if len(sheet.rows[sheet.head]) > len(TITLES) + 5 or not office.may_restructure(tab.desk, tab.title):
        return False
    at = b % (len(sheet.rows[sheet.head]) + 1)
    for cells in sheet.rows:
        if at <= len(cells):
            cells.insert(at, None)
    sheet.rows[sheet.head][at : at + 1] = ["Kolom " + str(office.fresh()) if c % 2 else None]
    for row in sheet.below:
        if c % 3 == 0 and at < len(sheet.rows[row]):
            sheet.rows[row][at] = f"catatan {row}"
    return None


@moving
def move_a_column(office: "Office", tab: Tab, b: int, c: int) -> bool | None:
    if not office.may_restructure(tab.desk, tab.title):
        return False
    width = max(map(len, tab.sheet.rows))
    origin, target = b % width, c % width
    for cells in tab.sheet.rows:
        cells.extend([None] * (width - len(cells)))
        cells.insert(target, cells.pop(origin))
    return None


@in_a_tab
def rename_a_heading(office: "Office", tab: Tab, b: int, c: int) -> bool | None:
    """Something like it, or something else; put right by `mend_the_headings`."""
    titles = tab.sheet.rows[tab.sheet.head]
    at = b % len(titles)
    if titles[at] in (NOTE, *ASKED) or not isinstance(titles[at], str):
        return False
    old = str(titles[at])
    titles[at] = new = f"{old}{SPOILED}{office.fresh()}"
    office.oracle.moves += 1
    office.oracle.spoiled.add((tab.desk.source, tab.title))
    office.renamed[new] = old
    return None


def ask_otherwise(office: "Office", a: int, b: int, c: int) -> bool:
    """Other words for a question of a form, at times such as nobody knows: until somebody heeds the message."""
    desk, title, sheet = next((tab for tab in _tabs(office) if tab.sheet.form), (None, "", None))
    column = (intake.DESCRIPTION, *QUESTIONS)[b % (1 + len(QUESTIONS))]
    if desk is None or sheet is None or column not in sheet.at:
        return False
    titles, at = sheet.rows[sheet.head], sheet.at[column]
    old, words = str(titles[at]), QUESTIONS[column]
    titles[at] = words[(words.index(old) + 1) % len(words)]
    if column == intake.DESCRIPTION and c % 4 == 0:
        titles[at] = f"Isian{SPOILED}{office.fresh()}"
        office.renamed[str(titles[at])] = old
        office.oracle.spoiled.add((desk.source, title))
    office.oracle.moves += 1
    office.put(desk, title, sheet.rows)
    return True


def mend_the_headings(office: "Office", a: int, b: int, c: int) -> bool:
    """Somebody heeds the message."""
    mended = False
    for desk in office.site.desks():
        for title in desk.titles():
            rows = desk.rows(title)
            for row in rows[:10]:
                for at, heading in enumerate(row):
                    if isinstance(heading, str) and (old := office.renamed.get(heading)) and old not in row:
                        row[at] = old
                        mended = True
            if mended:
                office.put(desk, title, rows)
    office.oracle.moves += mended
    return mended


def rename_a_tab(office: "Office", a: int, b: int, c: int) -> bool:
    if (found := _tab(office, a)) is None or office.ending:
        return False
    desk, title, _ = found
    new = (*KELURAHAN, *OTHER_TABS)[b % (len(KELURAHAN) + len(OTHER_TABS))]
    if new in desk.titles():
        return False
    desk.rename(title, new)
    office.oracle.begin_anew(desk.source)
    return True


def add_a_tab(office: "Office", a: int, b: int, c: int) -> bool:
    desks = office.site.desks()
    desk, title = desks[a % len(desks)], OTHER_TABS[b % len(OTHER_TABS)]
    if title in desk.titles() or len(desk.titles()) > 5 or office.ending:
        return False
    rows: Rows = [list(TITLES)] if c % 2 else [["Rapat hari Kamis"], [], ["Hadir:", "Pak Amir"]]
    desk.add(title, rows)
    return True


def remove_a_tab(office: "Office", a: int, b: int, c: int) -> bool:
    found = _tab(office, a, any_tab=True)
    if found is None or office.ending or len([title for title in found[0].titles() if title != JOURNAL]) < 2:
        return False
    desk, title, sheet = found
    for identity in sheet.identities().values() if sheet else ():
        office.oracle.complaints[identity].held = True
    desk.remove(title)
    office.oracle.begin_anew(desk.source)
    return True


def protect(office: "Office", a: int, b: int, c: int) -> bool:
    """A tab, or one of the robot's columns in it, without the robot among the editors."""
    tab = _tab(office, a, readable=True)
    if tab is None or not isinstance(tab.desk, GoogleDesk):
        return False
    titles = tab.sheet.rows[tab.sheet.head]
    column = next((titles.index(one) for one in ROBOT[b % len(ROBOT) :] if one in titles), 0)
    area = {} if c % 3 == 0 else {"startColumnIndex": column, "endColumnIndex": column + 1}
    tab.desk.protect(tab.title, office.fresh(), area)
    office.oracle.locked.add((tab.desk.source, tab.title))
    return True


def lift_the_protections(office: "Office", a: int, b: int, c: int) -> bool:
    """Somebody heeds the message."""
    return bool([desk for desk in office.site.desks() if isinstance(desk, GoogleDesk) and desk.unprotect()])


#: Of these it makes no difference to a row what they say.
SETTINGS_SPOILED = ("Jeda Sinkron", "Jam Kabar Harian", "Hari Kabar Mingguan", "Lapor Gangguan Sesudah")
WRONG = "besok pagi"


def spoil_kendali(office: "Office", a: int, b: int, c: int) -> bool:
    """A setting that can't be used, or a table that is gone: the city goes on."""
    kendali = office.site.kendali
    if a % 3 == 0:
        title = (HOLIDAYS, RECIPIENTS)[b % 2]
        if title not in kendali.titles():
            return False
        office.tables[title] = kendali.rows(title)
        kendali.remove(title)
        return True
    rows, name = kendali.rows(SETTINGS), SETTINGS_SPOILED[b % len(SETTINGS_SPOILED)]
    for row in rows:
        if row[:1] == [name] and len(row) > 1 and row[1] != WRONG:
            office.settings[name], row[1] = row[1], WRONG
            kendali.put(SETTINGS, rows)
            return True
    return False


def mend_kendali(office: "Office", a: int, b: int, c: int) -> bool:
    """Somebody heeds the message."""
    kendali, mended = office.site.kendali, False
    for title, rows in office.tables.items():
        if title not in kendali.titles():
            kendali.add(title, rows)
            mended = True
    rows = kendali.rows(SETTINGS)
    for row in rows:
        if row[1:2] == [WRONG]:
            row[1] = office.settings[str(row[0])]
            mended = True
    kendali.put(SETTINGS, rows)
    return mended


def lose_the_fence(office: "Office", a: int, b: int, c: int) -> bool:
    desks = office.site.desks()
    desk = desks[a % len(desks)]
    if not isinstance(desk, GoogleDesk):
        return False
    desk.lose_fence()
    return True


def damage_the_journal(office: "Office", a: int, b: int, c: int) -> bool:
    """Somebody unhides it: rows deleted, edited, sorted, or all of it thrown away."""
    desks = office.site.desks()
    desk = desks[a % len(desks)]
    if not office.may_hurt(desk) or JOURNAL not in desk.titles():
        return False
    rows = desk.rows(JOURNAL)
    if c % 9 == 0 and len(desk.titles()) > 1:
        desk.remove(JOURNAL)
        return True
    _damage(rows, b, c)
    office.put(desk, JOURNAL, rows)
    return True


def damage_kendali(office: "Office", a: int, b: int, c: int) -> bool:
    """The same to Kendali's copy, or to its register."""
    if not office.may_hurt(None):
        return False
    title = (JOURNAL, REGISTER)[a % 2]
    kendali = office.site.copy if title == JOURNAL else office.site.kendali
    if title not in kendali.titles():
        return False
    rows = kendali.rows(title)
    if title == JOURNAL:
        lanes = [row for row in rows if {"Lajur Nomor", "Dicatat"} & set(row)]  # which nobody else knows
        _damage(rows, b, c)
        rows += [row for row in lanes if row not in rows]
    elif c % 2:
        rows[1:] = reversed(rows[1:])
    else:
        del rows[1 + b % max(1, len(rows) - 1) :]
    kendali.put(title, rows)
    return True


def _damage(rows: Rows, b: int, c: int) -> None:
    at = 1 + b % max(1, len(rows) - 1)
    match c % 6:
        case 5 if at < len(rows) - 1 and len(rows[at + 1]) > len(rows[at]) - 1 > 3:
            rows[at][-1], rows[at + 1][-1] = rows[at + 1][-1], rows[at][-1]
        case 4 if at < len(rows) and len(rows[at]) > 4:
            rows[at][-1] = str(rows[at][-1]).replace("a", "e", 1 + b % 3)
        case 0:
            del rows[at : at + 1 + b % 3]
        case 1 if at < len(rows) and len(rows[at]) > 4:
            rows[at][b % 5] = ("x", None, "rusak", 7)[b % 4]
        case 2:
            rows[1:] = sorted(rows[1:], key=lambda row: str(row[b % 4]) if len(row) > b % 4 else "")
        case _:
            rows[at:at] = [[], ["catatan saya"]]


def keep_a_version(office: "Office", a: int, b: int, c: int) -> bool:
    """Google does so by itself. Of Kendali too."""
    desks = office.site.desks()
    desk = desks[a % len(desks)]
    if not office.quiet:
        return False
    office.versions.append((desk.source, desk.version(), office.standing_in(desk)))
    office.kendali_versions.append((office.site.kendali.version(), office.site.copy.version()))
    return True


def restore_a_version(office: "Office", a: int, b: int, c: int) -> bool:
    if not office.versions:
        return False
    kept = {a % len(office.versions)}
    if b % 3 == 0:  # of every spreadsheet at once, as a Drive is put back
        kept = {*{source: at for at, (source, _, _) in enumerate(office.versions)}.values()}
    desks = {desk.source: desk for desk in office.site.desks()}
    found = [
        (desks[source], version, then)
        for source, version, then in map(office.versions.__getitem__, kept)
        if source in desks
    ]
    if not found or not all(office.may_hurt(desk) for desk, _, _ in found):
        return False
    for desk, version, then in found:
        _restore(office, desk, version, then)
    return True


def _restore(office: "Office", desk: Desk, version: object, then: dict[str, str]) -> None:
    for identity in {*office.standing_in(desk), *then}:
        office.hold(identity)
    desk.restore(version)
    office.account.back |= {*then.values()}
    office.oracle.begin_anew(desk.source)
    for identity, finished in office.finished_in(desk).items():
        office.oracle.complaints[identity].complete &= finished
    for identity, ticket in then.items():
        if not ticket and office.oracle.complaints[identity].ticket:
            # It was not fit for a ticket then, and the robot never saw what stands there now.
            office.relative_of(office.oracle.complaints[identity])


def restore_kendali(office: "Office", a: int, b: int, c: int) -> bool:
    if not office.kendali_versions or not office.may_hurt(None):
        return False
    """And Cadangan, where it is a spreadsheet of its own: one of them, or both."""
    kendali, copy = office.kendali_versions[a % len(office.kendali_versions)]
    wishes = office.site.kendali.rows(WISHES)
    if b % 3:
        office.site.copy.restore(copy)
    if b % 3 != 1:
        office.site.kendali.restore(kendali)
    office.account.anew(wishes, office.site.kendali.rows(WISHES), office.now.date())
    return True


def copy_a_spreadsheet(office: "Office", a: int, b: int, c: int) -> bool:
    """In the same folder, so that the robot looks after it too. Its rows are copies, all of them."""
    desks = office.site.desks()
    if len(desks) >= MOST_COPIES + 1 or not office.quiet or office.ending:
        return False
    copy = office.site.duplicate(desks[a % len(desks)])
    office.oracle.copied = True
    for title in copy.titles():
        if title != JOURNAL and (sheet := Sheet(copy.rows(title))):
            for row, identity in sheet.identities().items():
                sheet.set(row, NOTE, office.relative_of(office.oracle.complaints[identity]))
            copy.put(title, sheet.rows)
    return True


def discard_a_spreadsheet(office: "Office", a: int, b: int, c: int) -> bool:
    desks = office.site.desks()
    if len(desks) < MOST_COPIES + 1 or not office.quiet or office.ending:
        return False
    desk = desks[a % len(desks)]
    for identity in office.standing_in(desk):
        office.hold(identity)
    office.site.discard(desk)
    return True
