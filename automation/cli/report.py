"""What the operator is told about a cycle: what was done, what waits, what failed and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from automation.cli.compose import Program
from automation.cycle.erasing import Erasing, Held
from automation.cycle.filing import unrecorded
from automation.cycle.sources import Failure
from automation.cycle.sync import Report
from automation.model.cells import CellWrite, letters
from automation.model.disclosure import shorten, without_contacts
from automation.model.texts import Texts
from automation.model.tickets import Ticket, is_misheard
from automation.sheets.port import Changes
from automation.sheets.sources import Rehearsal
from automation.trouble import ConfigurationError, Trouble

CELLS_SHOWN = 12  # cells of a plan that are shown for each tab; the rest is counted
TICKETS_SHOWN = 10  # tickets that are named in a message
TEXT_SHOWN = 60  # characters of a cell's text: enough to recognise it


def counts_of(report: Report) -> Mapping[str, int]:
    """A cycle in numbers, in the order of the log. `waiting` counts rows with an error and no ticket yet, `noted` rows
    with a warning, `lanes` the spreadsheets whose rows still wait for a lane of numbers."""
    outcomes, entries = report.outcomes, report.entries
    waiting = sum(len(outcome.repairs) for outcome in outcomes)
    said = sum(bool(judged.check) for outcome in outcomes for judged in outcome.judged)
    return {
        "rows": sum(len(outcome.judged) for outcome in outcomes),
        "spreadsheets": len(outcomes),
        "issued": sum(outcome.done.issued for outcome in outcomes),
        "tickets": len(entries),
        "waiting": waiting,
        "noted": max(said - waiting, 0),
        "late": sum(entry.days_late > 0 for entry in entries),
        "running": sum(not entry.status.closed for entry in entries),
        "vanished": sum(len(tickets) for _, tickets in report.vanished),
        "restored": sum(count for _, count in report.restored),
        "lanes": sum(bool(outcome.waiting) for outcome in outcomes),
        "failed": len(report.failures),
    }


def report_lines(report: Report, program: Program) -> list[str]:
    """The summary at the end of `sync`, without people's names and the content of rows."""
    say, counts, texts = program.say, counts_of(report), program.texts
    return [
        say("operator.ringkasan.dibaca", baris=counts["rows"], spreadsheet=counts["spreadsheets"]),
        say("operator.ringkasan.tiket", baru=counts["issued"], semua=counts["tickets"]),
        say("operator.ringkasan.temuan", menunggu=counts["waiting"], catatan=counts["noted"]),
        say("operator.ringkasan.tenggat", terlambat=counts["late"], berjalan=counts["running"]),
        *event_lines(report, program),
        *ticket_lines("menunggu", report.missing, program),
        *ticket_lines("terlepas", report.orphans, program),
        *([say("operator.ringkasan.nomor", banyak=counts["lanes"])] if counts["lanes"] else ()),
        *_calendar(report, texts),
        *unread_lines(report, texts),
        *listed_lines("operator.ringkasan.kendali", report.settings.problems, texts),
        *(
            say("operator.ringkasan.catatan", kata=say("periksa.tanpa-tab", tab=table))
            for table in unrecorded(report.kendali)
        ),
    ]


def event_lines(report: Report, program: Program) -> list[str]:
    """Lines about rows that vanished and events that were restored, by spreadsheet, and what to do."""
    vanished = [ticket_lines("hilang", tickets, program, spreadsheet=name) for name, tickets in report.vanished]
    say = partial(program.say, "operator.ringkasan.pulih")
    return sum(vanished, [say(spreadsheet=name, banyak=count) for name, count in report.restored])


def ticket_lines(entry: str, tickets: Sequence[str], program: Program, **particulars: object) -> list[str]:
    """A message about these tickets, if there are any, that ends with the command for the first `TICKETS_SHOWN`."""
    if not tickets:
        return []
    more = len(tickets) - TICKETS_SHOWN
    also = program.say("operator.ringkasan.dan-lagi", banyak=more) if more > 0 else ""
    told = {"banyak": len(tickets), "lagi": also, "tiket": " ".join(tickets[:TICKETS_SHOWN])}
    return [program.say(f"operator.ringkasan.{entry}", **told, perintah=program.called, **particulars)]


def failure_lines(failures: Sequence[Failure], texts: Texts) -> list[str]:
    """The spreadsheets that failed, by their names in Sumber, and why."""
    told = [(failure.source.name, texts.tell(failure.trouble)) for failure in failures]
    lines = [f"  - {words}" if name in words else f"  - {name}: {words}" for name, words in told]
    return [texts.say("operator.ringkasan.gagal", banyak=len(failures)), *lines] if failures else []


def unread_lines(report: Report, texts: Texts) -> list[str]:
    """What could not be read or written: spreadsheets, and tabs of other spreadsheets."""
    troubles = [trouble for outcome in report.outcomes for trouble in outcome.troubles]
    return [*failure_lines(report.failures, texts), *listed_lines("operator.ringkasan.tab", troubles, texts)]


def listed_lines(entry: str, troubles: Sequence[Trouble], texts: Texts) -> list[str]:
    """A heading with the count of the troubles, if there are any, and each trouble in words."""
    return [texts.say(entry, banyak=len(troubles)), *trouble_lines(troubles, texts)] if troubles else []


def trouble_lines(troubles: Sequence[Trouble], texts: Texts) -> list[str]:
    """Each trouble in words, as a list item."""
    return [f"  - {texts.tell(trouble)}" for trouble in troubles]


def _calendar(report: Report, texts: Texts) -> list[str]:
    """Holidays that the deadlines of open cases depend on, and that may still change."""
    running = [entry for entry in report.entries if entry.days_left is not None or entry.days_late]
    if not running:
        return []
    last = max(entry.due for entry in running) + timedelta(days=1)
    days, years = report.settings.rules.calendar.doubts(min(entry.received for entry in running), last)
    told = {"perkiraan": [f"{day:%d/%m/%Y}" for day in days], "belum": [*map(str, years)]}
    listed = {entry: ", ".join(found) for entry, found in told.items() if found}
    return [texts.say(f"operator.ringkasan.libur-{entry}", tanggal=one, tahun=one) for entry, one in listed.items()]


def plan_lines(rehearsals: Sequence[Rehearsal], texts: Texts) -> list[str]:
    """What a dry run would have written, workbook by workbook."""
    planned = [(rehearsal, changes) for rehearsal in rehearsals for changes in rehearsal.planned]
    lines = [line for rehearsal, changes in planned for line in _changes(rehearsal, changes, texts)]
    return [texts.say("operator.rencana.judul"), *(lines or [texts.say("operator.rencana.kosong")]), ""]


def _changes(rehearsal: Rehearsal, changes: Changes, texts: Texts) -> list[str]:
    snapshot, say = rehearsal.read(), texts.say
    titles = {tab.key: tab.title for tab in snapshot.tabs}
    lines = [say("operator.rencana.spreadsheet", nama=snapshot.name)]
    lines += [say("operator.rencana.tab-baru", tab=new.title) for new in changes.new_tabs]
    lines += [say("operator.rencana.tambah", tab=title, banyak=len(rows)) for title, rows in changes.appends.items()]
    by_tab: dict[str, list[CellWrite]] = defaultdict(list)
    for cell in changes.cells:
        by_tab[cell.tab].append(cell)
    for key, cells in by_tab.items():
        lines.append(say("operator.rencana.tulis", tab=titles[key], banyak=len(cells)))
        for cell in cells[:CELLS_SHOWN]:
            shown = "" if cell.value is None else without_contacts(" ".join(str(cell.value).split()))
            place = f"{letters(cell.column)}{cell.row + 1}"
            lines.append(say("operator.rencana.sel", sel=place, isi=shorten(shown, TEXT_SHOWN)))
        if len(cells) > CELLS_SHOWN:
            lines.append(say("operator.rencana.lagi", banyak=len(cells) - CELLS_SHOWN))
    return lines


def read_tickets(written: Iterable[str]) -> list[str]:
    """The ticket numbers in their exact form, each once. Raises `ConfigurationError` with all texts that are none."""
    tickets, causes = list[str](), list[Trouble]()
    for text in (word.strip(" ,;.") for word in written):  # as they are copied from a list
        if (ticket := Ticket.parse(text) or Ticket.parse(f"RR{text}")) is not None:  # as they are read out
            tickets.append(str(ticket))
        else:
            wrong = is_misheard(text) or is_misheard(f"RR{text}")
            causes.append(Trouble(f"operator.pakai.tiket{'-salah' if wrong else ''}", tertulis=text))
    if causes:
        raise ConfigurationError(*causes)
    return list(dict.fromkeys(tickets))


def place_lines(held: Iterable[Held], texts: Texts, entry: str = "tempat", **more: str) -> list[str]:
    """The places where something is held, a line each."""
    lines = []
    for one in held:
        which = "baris" if one.row is not None else "banyak"
        where = texts.say(f"operator.data.{which}-ke", nomor=one.row if one.row is not None else one.rows)
        place = {"spreadsheet": one.spreadsheet, "tab": one.tab, "tempat": where}
        lines.append(texts.say(f"operator.data.{entry}", **place, **more))
    return lines


def unlisted_lines(erasing: Erasing, ticket: str, texts: Texts) -> list[str]:
    """The spreadsheets that hold a case's row and are no longer listed, a line each."""
    return [texts.say("operator.data.tak-terdaftar", spreadsheet=one) for one in erasing.unreachable(ticket)]
