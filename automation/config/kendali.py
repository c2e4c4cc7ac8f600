"""Kendali, read into settings. Everything that stops the work is collected and raised at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from automation.config import tabs
from automation.config.defaults import SETTINGS, city_vocabulary, load_terms, make_terms, shipped_categories
from automation.config.last_values import KEYS, Kept, as_records, mended, read_kept, read_settings, to_keep
from automation.config.tabs import Record, Source, Tabs, records
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
from automation.trouble import ConfigurationError, Trouble

PEOPLES_TABS = (
    *(tables.SETTINGS, tables.RECIPIENTS, tables.CATEGORIES, tables.TERMS),
    *(tables.PLACES, tables.HOLIDAYS, tables.SOURCES),
)
ROBOTS_TABS = tuple(table for table in tables.TABLES.values() if not table.of(tables.PEOPLE))
#: A table can do without these.
_UNREAD = ("Keterangan", "Catatan", "Telepon Koordinator", tables.CHECK)

Found = TypeVar("Found", bound=Sized)


@dataclass(frozen=True, slots=True)
class Settings:
    """All of Kendali that people decide. `problems` are what can't be used, each with its cell: rows that were passed
    over, settings and tables in whose place the last good ones serve."""

    rules: Rules
    recipients: tuple[Recipient, ...]
    sources: tuple[Source, ...]
    sync_minutes: int
    daily_at: time
    weekly_on: int  # 0 = Monday
    outage_minutes: int  # how long reading must have failed before it is told
    reply_to: str  # a person's address, or empty
    office: tuple[str, str]  # where citizens call and come: telephone and address, each may be empty
    new_tabs_minutes: int = 30  # after which it is asked anew which tabs there are
    ping: str = ""  # who is told of each cycle, or empty
    problems: tuple[Trouble, ...] = ()
    to_keep: Sequence[Sequence[Writable]] = ()  # the last good content of all tables, as rows of their hidden tab

    @property
    def all_linked(self) -> bool:
        """Whether no row of Sumber has lost its link, by a slip: nobody's rows are gone because of that."""
        return all(problem.code != "kendali.tautan-terhapus" for problem in self.problems)

    @property
    def heartbeat(self) -> timedelta:
        """How old `Terakhir Dibaca` may grow in quiet times before it is renewed for its own sake: an hour, or less
        where a failure is to be told sooner."""
        return min(timedelta(hours=1), timedelta(minutes=self.outage_minutes) / 2)

    @property
    def outage_after(self) -> timedelta:
        """How old `Terakhir Dibaca` is when a failure is told; never younger than it may be while all is well."""
        return max(timedelta(minutes=self.outage_minutes), self.heartbeat + 2 * timedelta(minutes=self.sync_minutes))


class Kendali(Tabs, Protocol):
    """What is needed of it here."""

    @property
    def tabs(self) -> Sequence[Tab]: ...

    @property
    def troubles(self) -> Sequence[Trouble]:
        """What it leads to and can't be used."""


def read_kendali(snapshot: Kendali, texts: Texts) -> Settings:
    """All that people decide in Kendali; the words of `texts` that can't be used are among its problems.

    What can't be used gives way to what was good last, and is in the settings' problems. A table without rows is a
    decision, but of places, categories or sources; one that is gone, or has lost its headings, is not. Raises
    `ConfigurationError` with every cause where there are no places, no categories or no usable source, and never were.
    """
    problems = [*texts.problems, *snapshot.troubles]
    kept = read_kept(snapshot)
    rows: dict[str, list[Record]] = {title: _rows_of(snapshot, title, kept, problems) for title in PEOPLES_TABS}
    values = read_settings(rows, as_records(tables.SETTINGS, kept.get(tables.SETTINGS, ())), texts, problems)

    def usable(title: str, read: Callable[[Iterable[Record], list[Trouble]], Found], *, needed: bool = True) -> Found:
        """What is found in a table; where something in it can't be used, what was good there last."""
        found = read(rows[title], told := list[Trouble]())
        problems.extend(told)
        if told and title in KEYS:
            rows[title] = mended(title, rows[title], told, kept)
            found = read(rows[title], [])
        last = as_records(title, kept.get(title, ()))
        if not (found or needed):  # who is switched off, or taken off the table, is so by decision
            spoiled = [row for row in rows[title] if read([row], wrong := list[Trouble]()) or wrong]
            needed = len(last) <= len(rows[title]) == len(spoiled)
        if found or not needed:
            return found
        if served := read(last, []):
            rows[title] = last
            problems.append(Trouble("kendali.isi-terakhir", tab=title))
        return served

    kelurahan = usable(tables.PLACES, tabs.read_places)
    categories = usable(tables.CATEGORIES, tabs.read_categories)
    names = {name for place in kelurahan for name in (place.name, place.kecamatan)}
    lists: dict[str, Iterable[str]] = {
        **dict(zip(MEANT, (categories, Status, Channel, Priority, names), strict=True)),
        **{column: column.options for table in tables.FILED for column in table.columns if column.options},
    }
    terms = load_terms()  # until `setup` has made the tab
    if rows[tables.TERMS] or snapshot.tab(tables.TERMS) is not None:
        terms = make_terms(usable(tables.TERMS, partial(tabs.read_terms, lists, shipped_categories()), needed=False))
    places = Places(kelurahan, terms.places(names))
    sources = usable(tables.SOURCES, tabs.read_sources)
    days_off, days_worked = tabs.read_holidays(rows[tables.HOLIDAYS], problems)
    read_recipients = partial(tabs.read_recipients, places)
    recipients = usable(tables.RECIPIENTS, read_recipients, needed=False) if kelurahan else ()
    ours = filter(None, map(snapshot.tab, ROBOTS_TABS))
    problems += [Trouble("kendali.terkunci", tab=tab.title.strip()) for tab in ours if tab.refuses(len(tab.rows), 0)]
    problems += [problem for table in tables.FILED for problem in _lost_headings(snapshot, table)]
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
            **of("rules"),
        ),
        recipients=recipients,
        sources=sources,
        office=(of("office")["phone"], of("office")["address"]),
        problems=tuple(problems),
        to_keep=to_keep(rows),
        **of("settings"),
    )


def list_sources(snapshot: Tabs) -> tuple[tuple[Source, ...], tuple[Trouble, ...]]:
    """The spreadsheets of Sumber and what is wrong there, for a Kendali that is still being set up. Never raises."""
    troubles: list[Trouble] = []
    sources = tabs.read_sources(_rows_of(snapshot, tables.SOURCES, read_kept(snapshot), troubles), troubles)
    return sources, tuple(troubles)


def _rows_of(snapshot: Tabs, title: str, kept: Kept, problems: list[Trouble]) -> list[Record]:
    """The rows of a table; those that were kept of it where it is gone, or has lost headings."""
    tab = snapshot.tab(title)
    header = find_columns(tab.rows if tab is not None else (), tables.HEADINGS[title])
    missing, doubled = ([one for one in some if one not in _UNREAD] for some in (header.missing, header.doubled))
    if tab is not None and not missing and not doubled:
        above = replace(header, row=-1)
        if sorted_in := [row for row in records(tab, above) if row.number < header.row and _is_filled(row)]:
            problems.append(Trouble("kendali.judul-tergeser", tab=title, row=header.row + 1))
        return [*sorted_in, *records(tab, header)]
    if tab is None and (title != tables.TERMS or title in kept):  # where it never was, what is shipped serves
        problems.append(Trouble("kendali.tab-hilang", tab=title))
    for entry, found in {"hilang": missing, "ganda": doubled}.items() if tab is not None else ():
        if found:
            problems.append(Trouble(f"kendali.judul-{entry}", tab=title, row=header.row + 1, columns=", ".join(found)))
    return as_records(title, kept.get(title, ()))


def _lost_headings(snapshot: Kendali, table: tables.Table) -> Iterator[Trouble]:
    """That a tab of the meeting has lost its name, or a heading without which nothing that is typed there is known; one
    that people have called so has never had most of them."""
    if (tab := snapshot.tab(table)) is None:
        renamed = (one.title for one in snapshot.tabs if not find_columns(one.rows, table.headings).missing)
        yield from (Trouble("kendali.tab-berganti-nama", tab=str(table), other=title) for title in renamed)
    header = find_columns(tab.rows if tab is not None else (), table.headings)
    needed = [table.headings[0], *(column.heading for column in table.columns if column.options)]
    lost = [heading for heading in needed if heading in header.missing]
    if lost and 2 * len(header.columns) > len(table.headings):
        yield Trouble("kendali.judul-rapat", tab=str(table), row=header.row + 1, columns=", ".join(lost))


def _is_filled(row: Record) -> bool:
    """Whether it may be a row that was sorted above the headings: a title has a cell of its own."""
    return sum(not is_empty(row[heading]) for heading in row.columns) > 1
