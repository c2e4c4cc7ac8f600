"""The end of a year in the whole city: Rekap, each spreadsheet's last turn in one cycle, the mails, the second copy."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from automation.cases.archive import title_of
from automation.cases.codec import FORMAT, decode
from automation.cases.erasure import RETENTION
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cycle import second_copy
from automation.cycle.carrying import find_continuations
from automation.cycle.commit import commit
from automation.cycle.filing import filed_rows
from automation.cycle.intake import Turn
from automation.cycle.kiriman import lasting_mails
from automation.cycle.registry import Registry
from automation.cycle.rollover import Ended, LastTurn
from automation.cycle.sync import Report, Syncer
from automation.cycle.tending import free_title
from automation.model.cells import Writable, trimmed
from automation.reading.cell_text import writable
from automation.sheets.port import Changes, Snapshot, combined
from automation.sheets.prepare import new_tab
from automation.tables.kendali import HEADINGS, MAILS, REGISTER, SETTINGS
from automation.trouble import ConfigurationError, WorkbookError

#: Kinds of event that only the second copy holds, and that count for ever.
_LASTING = (EventKind.LANE, EventKind.PROVEN, EventKind.FORMAT)
_PUT_AWAY = (REGISTER, MAILS, JOURNAL)  # what Kendali puts away with a year


def roll_over(
    syncer: Syncer, year: int, cycle: Callable[[], Report], now: datetime, *, undo: bool = False
) -> tuple[list[Ended], Report]:
    """End a year in each spreadsheet, or bring it back (`undo`): a first `cycle` does all other work, a second ends the
    year. What could not be done is among that one's failures, and waits for the next time. Raises what a cycle raises,
    and `WorkbookError` if a spreadsheet can't be read, as nobody knows what moved to and from it, if a later year has
    ended, or if people have made a tab of the title under which ours is put away."""
    if failures := (before := cycle()).failures:
        raise WorkbookError("tahun.tak-terbaca", nama=", ".join(dict.fromkeys(one.source.name for one in failures)))
    kendali, by_source = syncer.kendali, dict[str, list[Ended]]()
    seen = kendali.read()
    if later := [one for one in range(year + 1, now.year + 1) if seen.tab(title_of(JOURNAL, one))]:
        raise WorkbookError("tahun.lebih-baru" if undo else "tahun.urutan", workbook=seen.name, tahun=later[-1])
    own = [tab.title for title in _PUT_AWAY if (tab := seen.tab(title_of(title, year))) and not tab.hidden]
    if own and not undo and not _has_archives(seen, year):
        raise WorkbookError("tahun.judul-ada", workbook=seen.name, tab=", ".join(own))
    others, coming = ({}, ()) if undo else find_continuations(before, syncer.open_source, kendali, year)
    if not undo:  # before the first case leaves Rekap: people's notes stand beside its rows
        seen = commit(kendali, seen, partial(_announced, year, now))
    kept: dict[str, list[list[Writable]]] = {}
    for row in seen.rows(title_of(JOURNAL, year)) if undo else ():
        if isinstance(event := decode(row[1:]), Event) and event.sequence:  # events of the copy alone have number 0
            kept.setdefault(str(row[0]), []).append([*map(writable, trimmed(row[1:]))])
    last = partial(LastTurn, year=year, undo=undo, ends=not undo, ended=by_source)
    syncer.turn = partial(last, kept=kept, onward=others, coming=coming)
    try:
        report = cycle()
    finally:
        syncer.turn = Turn
    if not (report.failures or undo):
        with suppress(ConfigurationError):  # a heading is gone there, so it stays as it is
            commit(kendali, kendali.read(), partial(_begun, year, title=MAILS, lasting=partial(lasting_mails, now)))
    if not report.failures:
        wanted = _freed if undo else partial(_begun, title=JOURNAL, lasting=_lasting)
        commit(kendali, kendali.read(), partial(wanted, year))
    worked = {one.source for one in report.outcomes}
    ended = [one for source, told in by_source.items() if source in worked for one in told]
    if any(one.there for one in ended):  # that spreadsheet may have had its turn before this one
        report = replace(report, failures=(*report.failures, *cycle().failures))
    return ended, report


def has_ended(kendali: Snapshot, year: int) -> bool:
    """Whether anything is put away with that year, as far as Kendali and its second copy know."""
    return any(kendali.tab(title_of(title, year)) for title in (JOURNAL, REGISTER)) or _has_archives(kendali, year)


def _has_archives(kendali: Snapshot, year: int) -> bool:
    registry = Registry(kendali)
    return any(year in registry.archive(source).years for source in registry.events())


def _announced(year: int, now: datetime, seen: Snapshot) -> Changes:
    """Puts Rekap away, and tells earlier versions to stop: they would take rows that are put away for new ones."""
    told = any(EventKind.FORMAT in row[4:5] for row in seen.rows(JOURNAL))
    mark = Event(0, now.replace(microsecond=0), "", EventKind.FORMAT, {"nomor": FORMAT})
    announced = second_copy.journalled(seen, SETTINGS, () if told else [mark])
    return replace(combined(_begun(year, seen, REGISTER, lambda _: []), announced), sure=True)


def _begun(
    year: int, seen: Snapshot, title: str, lasting: Callable[[Snapshot], Sequence[Sequence[Writable]]]
) -> Changes:
    """Puts a tab of Kendali's away with the year, and begins it anew with the rows that last."""
    tab, away = seen.tab(title), title_of(title, year)
    if tab is None or seen.tab(away) is not None:
        return Changes()
    rows = lasting(seen)
    appends = {title: rows} if rows else {}
    return Changes((new_tab(title, HEADINGS[title]),), appends, sure=True, put_away={tab.key: away})


def _lasting(seen: Snapshot) -> list[list[Writable]]:
    """The rows of the second copy that still count: events since each journal began anew, erasures on request, and
    events of the copy's own; for a laid row, those that its current content comes from."""
    registry = Registry(seen)
    stands = {
        (table, id, at)
        for table, laid in filed_rows(registry).items()
        for id, row in laid.items()
        for at in (row.laid_at, row.told_at, *row.since.values())
    }
    rows: list[list[Writable]] = []
    for row in seen.rows(JOURNAL):
        event = decode(row[1:])
        if not isinstance(event, Event) or event.kind is EventKind.SETTING:
            continue
        source = str(row[0])
        if event.kind is EventKind.FILED:
            lasts = (source, event.details.get("id"), event.at) in stands
        else:
            asked = event.kind is EventKind.ERASED and event.details.get("sebab") != RETENTION
            lasts = asked or event.kind in _LASTING or event.sequence >= registry.archive(source).since
        if lasts:
            rows.append([*map(writable, trimmed(row))])
    return rows


def _freed(year: int, seen: Snapshot) -> Changes:
    """Frees the titles of what was put away once the year is back, for the next time. What is shown may be people's."""
    away = (seen.tab(title_of(title, year)) for title in _PUT_AWAY)
    return Changes(put_away={tab.key: free_title(seen, tab.title) for tab in away if tab and tab.hidden})
