"""Kendali, read into settings. Everything that stops the work is collected and raised at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TypeVar

from automation.config import defaults, tabs
from automation.config.defaults import SETTINGS, Setting, load_spellings
from automation.config.tabs import Record, Source, Tabs, records
from automation.config.values import Unfit, closest, text
from automation.digests.audience import Recipient
from automation.model.cells import CellError, is_empty
from automation.model.complaint import Priority
from automation.model.deadlines import Ladder
from automation.model.places import Places
from automation.model.rules import Rules
from automation.model.texts import Texts
from automation.model.workdays import Calendar
from automation.reading.headings import find_columns
from automation.tables.kendali import (
    CATEGORIES,
    HEADINGS,
    HOLIDAYS,
    PLACES,
    RECIPIENTS,
    SETTINGS as SETTINGS_TAB,
    SOURCES,
)
from automation.trouble import ConfigurationError, Trouble

PEOPLES_TABS = (SETTINGS_TAB, RECIPIENTS, CATEGORIES, PLACES, HOLIDAYS, SOURCES)
#: Written for people alone; nothing is read from it.
_UNREAD = "Keterangan"
_SHOWN = 40  # characters of a wrong value that are enough to recognise it

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of Kendali that people decide. `problems` are rows that were passed over, each with its cell."""

    rules: Rules
    recipients: tuple[Recipient, ...]
    sources: tuple[Source, ...]
    sync_minutes: int
    daily_at: time
    weekly_on: int  # 0 = Monday
    outage_minutes: int  # how long reading must have failed before it is told
    reply_to: str  # a person's address, or empty
    problems: tuple[Trouble, ...] = ()

    @property
    def heartbeat(self) -> timedelta:
        """How old `Terakhir Dibaca` may grow in quiet times before it is renewed for its own sake: an hour, or less
        where a failure is to be told sooner."""
        return min(timedelta(hours=1), timedelta(minutes=self.outage_minutes) / 2)

    @property
    def outage_after(self) -> timedelta:
        """How old `Terakhir Dibaca` is when reading has failed for as long as the setting says; never younger than it
        may be while all is well."""
        return max(timedelta(minutes=self.outage_minutes), self.heartbeat + 2 * timedelta(minutes=self.sync_minutes))


def read_kendali(snapshot: Tabs, texts: Texts) -> Settings:
    """All that people decide in Kendali.

    Raises `ConfigurationError` with every cause: tabs or headings that are not there, settings that can't be
    understood, no places, no categories, no usable source. Rows that were passed over are in the settings' problems.
    """
    causes: list[Trouble] = []
    problems: list[Trouble] = []
    rows = {title: _rows_of(snapshot, title, causes) for title in PEOPLES_TABS}
    values = _read_settings(rows[SETTINGS_TAB], texts, causes, problems)
    kelurahan = tabs.read_places(rows[PLACES], problems)
    places = Places(kelurahan, load_spellings(kelurahan))
    categories = tabs.read_categories(rows[CATEGORIES], problems)
    sources = tabs.read_sources(rows[SOURCES], problems)
    days_off, days_worked = tabs.read_holidays(rows[HOLIDAYS], problems)
    recipients = tabs.read_recipients(rows[RECIPIENTS], places, problems) if kelurahan else ()
    if not causes:
        lacking = {"wilayah": kelurahan, "kategori": categories, "sumber": sources}
        causes = [Trouble(f"kendali.tanpa-{entry}") for entry, found in lacking.items() if not found]
        causes += problems if causes else ()
    if causes:
        raise ConfigurationError(*causes)

    def value(setting: Setting[T]) -> T:
        return values[setting.name]  # type: ignore[return-value]

    return Settings(
        rules=Rules(
            places=places,
            categories=categories,
            calendar=Calendar(
                week=value(defaults.WEEK),
                national=value(defaults.NATIONAL_HOLIDAYS),
                joint_leave=value(defaults.JOINT_LEAVE),
                days_off=days_off,
                days_worked=days_worked,
            ),
            targets={
                Priority.NORMAL: value(defaults.TARGET),
                Priority.URGENT: value(defaults.TARGET_URGENT),
                Priority.EMERGENCY: value(defaults.TARGET_EMERGENCY),
            },
            texts=texts,
            old_after_days=value(defaults.OLD_AFTER_DAYS),
            shortest_description=value(defaults.SHORTEST_DESCRIPTION),
            ladder=Ladder(
                warn_days=value(defaults.WARN_DAYS),
                coordinator=value(defaults.ESCALATE_COORDINATOR),
                faction=value(defaults.ESCALATE_FACTION),
                chair=value(defaults.ESCALATE_CHAIR),
            ),
            organisation=value(defaults.ORGANISATION),
        ),
        recipients=recipients,
        sources=sources,
        sync_minutes=value(defaults.SYNC_MINUTES),
        daily_at=value(defaults.DAILY_AT),
        weekly_on=value(defaults.WEEKLY_ON),
        outage_minutes=value(defaults.OUTAGE_MINUTES),
        reply_to=value(defaults.REPLY_TO),
        problems=tuple(problems),
    )


def list_sources(snapshot: Tabs) -> tuple[tuple[Source, ...], tuple[Trouble, ...]]:
    """The spreadsheets of Sumber and what is wrong there, for a Kendali that is still being set up. Never raises."""
    troubles: list[Trouble] = []
    sources = tabs.read_sources(_rows_of(snapshot, SOURCES, troubles), troubles)
    return sources, tuple(troubles)


def _rows_of(snapshot: Tabs, title: str, causes: list[Trouble]) -> list[Record]:
    tab = snapshot.tab(title)
    if tab is None:
        causes.append(Trouble("kendali.tab-hilang", tab=title))
        return []
    header = find_columns(tab.rows, HEADINGS[title])
    missing = [heading for heading in header.missing if heading != _UNREAD]
    faults = [
        Trouble(f"kendali.judul-{entry}", tab=title, row=header.row + 1, columns=", ".join(columns))
        for entry, columns in (("hilang", missing), ("ganda", header.doubled))
        if columns
    ]
    causes += faults
    return [] if faults else list(records(tab, header))


def _read_settings(
    rows: Iterable[Record], texts: Texts, causes: list[Trouble], problems: list[Trouble]
) -> dict[str, object]:
    """Every setting's value by its name; what is not set keeps its default."""
    by_name = {setting.name.casefold(): setting for setting in SETTINGS}
    values: dict[str, object] = {
        setting.name: "" if setting.default is None else setting.read(setting.default)  # type: ignore[arg-type]
        for setting in SETTINGS
    }
    seen: set[str] = set()
    for row in rows:
        name = text(row["Pengaturan"])
        setting = by_name.get(name.casefold())
        if setting is None:
            near = closest(name, [known.name for known in SETTINGS]) if name else None
            entry = "pengaturan-mirip" if near else "pengaturan-asing" if name else "pengaturan-tanpa-nama"
            problems.append(row.problem(entry, "Pengaturan", name=name[:_SHOWN], near=near))
        elif setting.name in seen:
            causes.append(Trouble("kendali.pengaturan-ganda", cell=row.place("Pengaturan"), name=setting.name))
        else:
            seen.add(setting.name)
            if not is_empty(row["Nilai"]):
                _read_setting(setting, row, values, texts, causes)
    return values


def _read_setting(
    setting: Setting[object], row: Record, values: dict[str, object], texts: Texts, causes: list[Trouble]
) -> None:
    value = row["Nilai"]
    try:
        if isinstance(value, CellError):
            raise Unfit("nilai")
        values[setting.name] = setting.read(value)
    except Unfit as unfit:
        written = text(value)
        causes.append(
            Trouble(
                "kendali.pengaturan-keliru",
                cell=row.place("Nilai"),
                name=setting.name,
                found=written if len(written) <= _SHOWN else written[:_SHOWN] + "…",
                allowed=texts.say(f"kendali.boleh.{unfit.kind}", **unfit.limits),
                example=texts.say(f"kendali.pengaturan.{setting.slug}.contoh"),
            )
        )
