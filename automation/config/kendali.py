"""Kendali, read into settings. Everything that stops the work is collected and raised at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from datetime import time, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from automation.config import last_values, tabs
from automation.config.defaults import SETTINGS, city_vocabulary, load_terms, make_terms, shipped_categories
from automation.config.places import read_places
from automation.config.tabs import BACKUP_KEY, Kendali, Record, Source, records
from automation.digests.audience import Recipient
from automation.model.cells import Tab, Writable, is_empty
from automation.model.complaint import Channel, Priority, Status
from automation.model.deadlines import Calendar, Ladder
from automation.model.places import Places
from automation.model.rules import Rules
from automation.model.terms import MEANT
from automation.model.texts import Texts
from automation.reading.tabs import find_columns
from automation.tables import kendali as tables
from automation.tables.table import Table
from automation.trouble import ConfigurationError, Trouble

PEOPLES_TABS = (*tables.RULES, tables.SOURCES)
ROBOTS_TABS = tuple(table for table in tables.TABLES.values() if not table.of(tables.PEOPLE))
#: People's tables beside whose rows the robot says what came of them.
ANSWERED = (tables.SOURCES, tables.WISHES, *tables.FILED)
#: Settings of which each is reached before the next one.
_STEPS = (
    ("Eskalasi Koordinator", "Eskalasi Fraksi", "Eskalasi Ketua"),
    ("Target Darurat", "Target Mendesak", "Target Hari Kerja"),
)
_NUMBER = re.compile(r"\bRR\b|\bK[0-9]{4}-", re.IGNORECASE)  # the number of a case, or of a decision
_UNREAD = ("Keterangan", "Catatan", "Telepon Koordinator", tables.CHECK)  # headings that a table can do without

Found = TypeVar("Found", bound=Sized)


class Settings(Struct, frozen=True):
    """Everything that people decide in Kendali. `problems` tell what can't be used, each with its cell: rows that were
    passed over, and settings and tables that are replaced by the last good ones."""

    rules: Rules
    recipients: tuple[Recipient, ...]
    sources: tuple[Source, ...]
    sync_minutes: int
    daily_at: time
    weekly_on: int  # 0 = Monday
    outage_minutes: int  # how long reading must have failed before that is reported
    reply_to: str  # a person's address, or empty
    office: tuple[str, str]  # telephone and address for citizens; each may be empty
    new_tabs_minutes: int = 30  # how often a spreadsheet is asked which tabs it has
    ping: str = ""  # the web address that is called after each cycle, or empty
    problems: tuple[Trouble, ...] = ()
    to_keep: Sequence[Sequence[Writable]] = ()  # the last good content of all tables, as rows of their hidden tab

    @property
    def all_linked(self) -> bool:
        """Whether no row of Sumber has lost its link by a slip; if one has, no rows count as gone because of that."""
        return all(problem.code != "kendali.tautan-terhapus" for problem in self.problems)

    @property
    def heartbeat(self) -> timedelta:
        """How old `Terakhir Dibaca` may become in quiet times: an hour, or less if failures are to be told sooner."""
        return min(timedelta(hours=1), timedelta(minutes=self.outage_minutes) / 2)

    @property
    def outage_after(self) -> timedelta:
        """How old `Terakhir Dibaca` is when a failure is reported; always older than it may be while all is well."""
        return max(timedelta(minutes=self.outage_minutes), self.heartbeat + 2 * timedelta(minutes=self.sync_minutes))


def read_kendali(snapshot: Kendali, texts: Texts) -> Settings:
    """Everything that people decide in Kendali; words of `texts` that can't be used are among its problems. What can't
    be used gives way to the last good value, and is a problem. A table without rows is a decision, except for places,
    categories and sources; one that is gone, or has lost its headings, is not. Raises `ConfigurationError` with every
    cause if there are no places, categories or usable sources, and never were."""
    problems = [*texts.problems, *snapshot.troubles]
    kept = last_values.read_kept(snapshot)
    rows: dict[str, list[Record]] = {title: _rows_of(snapshot, title, kept, problems) for title in PEOPLES_TABS}
    for title, column in ((one, last_values.moved_alone(one, rows[one], kept)) for one in rows):
        if column:
            problems.append(Trouble("kendali.pindah-sendiri", tab=title, column=column))
            rows[title] = last_values.as_records(title, kept)
    values = last_values.read_settings(rows, kept, texts, problems)

    def usable(title: str, read: Callable[[Iterable[Record], list[Trouble]], Found], *, needed: bool = True) -> Found:
        """What is found in a table; its last good content where something in it can't be used."""
        found = read(rows[title], told := list[Trouble]())
        told += last_values.broken(title, rows[title], told) if title in last_values.KEYS else ()
        problems.extend(told)
        if told and title in last_values.KEYS:
            rows[title] = last_values.mended(title, rows[title], told, kept)
            found = read(rows[title], [])
        if found:
            return found
        last = last_values.as_records(title, kept)
        if not needed:  # switching all off, or emptying the table, is a decision
            spoiled = [row for row in rows[title] if read([row], wrong := list[Trouble]()) or wrong]
            needed = len(last) <= len(rows[title]) == len(spoiled)
        if not needed:
            return found
        if served := read(last, []):
            rows[title] = last
            problems.append(Trouble("kendali.isi-terakhir", tab=title))
        return served

    kelurahan = usable(tables.PLACES, read_places)
    categories = usable(tables.CATEGORIES, tabs.read_categories)
    was = tabs.read_categories(last_values.as_records(tables.CATEGORIES, kept), [])
    past = (str(name) for row in kept.get(last_values.ONCE, ()) for name in row)
    once = {*past, *(name for name, one in was.items() if one.sensitive)} - categories.keys()
    names = {name for place in kelurahan for name in (place.name, place.kecamatan)}
    lists: dict[str, Iterable[str]] = {
        **dict(zip(MEANT, (categories, Status, Channel, Priority, names), strict=True)),
        **{column: column.options for table in tables.FILED for column in table.columns if column.options},
    }
    if rows[tables.TERMS] or snapshot.tab(tables.TERMS) is not None:
        terms = make_terms(usable(tables.TERMS, partial(tabs.read_terms, lists, shipped_categories()), needed=False))
    else:
        terms = load_terms()  # until `setup` has made the tab
    places = Places(kelurahan, terms.places(names))
    sources = usable(tables.SOURCES, tabs.read_sources)
    days_off, days_worked = tabs.read_holidays(rows[tables.HOLIDAYS], problems)
    read_recipients = partial(tabs.read_recipients, places)
    recipients = usable(tables.RECIPIENTS, read_recipients, needed=False) if kelurahan else ()
    problems += shut_tabs(snapshot)
    problems += [Trouble("tab.tak-terbaca", workbook=_home(tab), tab=tab.title) for tab in snapshot.tabs if tab.unread]
    problems += [problem for table in ANSWERED[1:] for problem in lost_headings(snapshot, table)]
    lacking = {"wilayah": kelurahan, "kategori": categories, "sumber": sources}
    if causes := [Trouble(f"kendali.tanpa-{entry}") for entry, found in lacking.items() if not found]:
        raise ConfigurationError(*causes, *problems)

    def of(part: str) -> dict[str, Any]:
        """The values of a part of the settings, by its fields."""
        named = {setting.field.partition(".")[::2]: values[setting.name] for setting in SETTINGS}
        return {name: value for (of, name), value in named.items() if of == part}

    begins, ends = of("proposing")["begins"], of("proposing")["ends"]
    if begins and ends and begins > ends:
        problems.append(Trouble("kendali.pokir-terbalik"))
    days: dict[str, Any] = values
    for steps in _STEPS:
        told = ((one, other) for one, other in pairwise(steps) if days[one] > days[other])
        problems += [Trouble("kendali.tahap-terbalik", lebih_dulu=one, kemudian=other) for one, other in told]
    return Settings(
        rules=Rules(
            places=places,
            categories=categories,
            calendar=Calendar(days_off=days_off, days_worked=days_worked, **of("calendar")),
            targets={Priority(name): days for name, days in of("targets").items()},
            texts=texts,
            ladder=Ladder(**of("ladder")),
            proposing=(begins, ends),
            vocabulary=city_vocabulary(tuple(categories), places.names, terms),
            terms=terms,
            helpers=frozenset(filter(None, (*(one.name for one in recipients), *(one.coordinator for one in places)))),
            once_sensitive=frozenset(once),
            **of("rules"),
        ),
        recipients=recipients,
        sources=sources,
        office=(of("office")["phone"], of("office")["address"]),
        problems=tuple(problems),
        to_keep=last_values.to_keep(rows, once),
        **of("settings"),
    )


def list_sources(snapshot: Kendali) -> tuple[tuple[Source, ...], tuple[Trouble, ...]]:
    """The spreadsheets of Sumber and what is wrong there, for a Kendali that is still being set up. Never raises."""
    troubles: list[Trouble] = []
    sources = tabs.read_sources(_rows_of(snapshot, tables.SOURCES, last_values.read_kept(snapshot), troubles), troubles)
    return sources, tuple(troubles)


def _rows_of(snapshot: Kendali, title: str, kept: last_values.Kept, problems: list[Trouble]) -> list[Record]:
    """The rows of a table; the kept ones if it is gone, or has lost headings."""
    tab = snapshot.tab(title)
    header = find_columns(tab.rows if tab is not None else (), tables.HEADINGS[title])
    missing, doubled = ([one for one in some if one not in _UNREAD] for some in (header.missing, header.doubled))
    if tab is not None and not missing and not doubled:
        above = records(replace(tab, rows=tab.rows[: header.row]), replace(header, row=-1))
        told = ((row, sum(not is_empty(row[one]) for one in row.columns)) for row in above)
        if sorted_in := [row for row, filled in told if filled > 1]:  # a title fills one
            problems.append(Trouble("kendali.judul-tergeser", tab=title, row=header.row + 1))
        return [*sorted_in, *records(tab, header)]
    if tab is None and (title != tables.TERMS or title in kept):  # if it never existed, the shipped terms are used
        problems.append(Trouble("kendali.tab-hilang", tab=title))
    for entry, found in {"hilang": missing, "ganda": doubled}.items() if tab is not None else ():
        if found:
            problems.append(Trouble(f"kendali.judul-{entry}", tab=title, row=header.row + 1, columns=", ".join(found)))
    return last_values.as_records(title, kept)


def lost_headings(snapshot: Kendali, table: Table) -> Iterator[Trouble]:
    """The troubles that a tab that answers people has lost its title, or a heading that is needed to understand what is
    typed there, or whose column still stands between its neighbours: all of them, so that a row with a number of ours
    stands topmost, or a few. Where only a few are there, or others, it is a tab of people's own."""
    if (tab := snapshot.tab(table)) is None:
        most = len(table.headings) // 2
        renamed = (one.title for one in snapshot.tabs if len(find_columns(one.rows, table.headings).columns) > most)
        yield from (Trouble("kendali.tab-berganti-nama", tab=str(table), other=title) for title in renamed)
    header = find_columns(tab.rows if tab is not None else (), table.headings)
    choices = [table.headings[0], *(column.heading for column in table.columns if column.options)]
    needed = choices if header.columns and table is not tables.WISHES else table.headings
    standing = header.left_standing(table.headings)
    lost = [heading for heading in header.missing if heading in needed or heading in standing]
    top = next((row for row in tab.rows if not all(map(is_empty, row))), ()) if tab is not None else ()
    bare = not header.columns and any(_NUMBER.search(str(cell)) for cell in top)
    if bare or (lost and 2 * len(header.columns) >= len(table.headings)):
        yield Trouble("kendali.judul-rapat", tab=str(table), row=header.row + 1, columns=", ".join(lost))


def shut_tabs(snapshot: Kendali) -> list[Trouble]:
    """The troubles that the robot can't write into its own columns; when a cycle begins, Google may not tell yet."""
    there = ((tab, table) for table in (*ROBOTS_TABS, *ANSWERED) if (tab := snapshot.tab(table)) and tab.locks)
    shut = (tab for tab, table in there if not tab.unread and _is_shut(tab, table))
    return [Trouble("kendali.terkunci", workbook=_home(tab), tab=tab.title.strip()) for tab in shut]


def _home(tab: Tab) -> str:
    return "Cadangan" if tab.key.startswith(BACKUP_KEY) else "Kendali"


def _is_shut(tab: Tab, table: Table) -> bool:
    """Whether one of the robot's columns is locked, in the first row or below the last one."""
    found = find_columns(tab.rows, table.headings).columns
    columns = [found[one.heading] for one in table.of(tables.ROBOT) if one.heading in found] or [0]
    return any(tab.refuses(row, column) for row in (1, len(tab.rows)) for column in columns)
