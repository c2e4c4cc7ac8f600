"""Translates rows of somebody else's list into rows of an intake tab.

Every cell with content is found again in the new row: in our columns that its heading means; else in people's own
column of the same heading; else in the column `Data Asal`, as a line (``Klasifikasi: Aspirasi``). There also goes what
a column of ours does not keep: another list's word that was understood as an entry of ours, or the time of day. Only a
kelurahan that the tab is named after is not repeated.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache

from msgspec import Struct, field

from automation.importing import values
from automation.importing.layout import MARK, Incoming, Layout, first_line, kept_line, line_digest
from automation.importing.old_list import ListRow, OldList, group_of, place_above
from automation.importing.profiles import Profile
from automation.model.bulk import in_bulk
from automation.model.cells import Value, Writable, fold, serial_of
from automation.model.complaint import Channel, Status
from automation.model.places import Doubt, Kelurahan
from automation.model.rules import Rules
from automation.reading.cell_text import clean, line_of
from automation.reading.dates import read_date
from automation.reading.headings import Understood, says
from automation.tables import intake
from automation.tables.table import YES, Column, Form

_label = lru_cache(maxsize=1024)(fold)
_YEAR = re.compile(r"\b20[0-9]{2}\b")


class Translation(Struct):
    """The list's `rows` as they will stand in a tab, and what became of the others, by their numbers in the list:
    `doubled` repeat an earlier row exactly; `empty` are no complaints; `grouped` name a kelurahan or a day for the rows
    below; `elsewhere` belong to another kelurahan than the tab's; `too_long` have a text that fits no cell. Of `rows`,
    `doubtful` are those whose kelurahan is unclear, and `private` those kept private because their text hints at it.
    `meant` counts words that were understood as entries of our lists; `channel` is what was filled in if the list does
    not say it."""

    rows: list[Incoming] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    grouped: list[str] = field(default_factory=list)
    elsewhere: dict[Kelurahan, list[str]] = field(default_factory=lambda: defaultdict(list))
    too_long: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    meant: Counter[tuple[Column, str, str]] = field(default_factory=Counter)
    channel: Channel | None = None


@in_bulk
def translate(old: OldList, layout: Layout, rules: Rules, profile: Profile) -> Translation:
    """Translate every row of a list from this source for the tab."""
    result, words = Translation(), {fold(word): entry for word, entry in profile.words.items()}
    # Without a column for telephones, and one for addresses or names, reporters are answered where they complained.
    there = old.at(intake.ORIGIN) is not None and old.at(intake.PHONE) is None
    there = there and None in (old.at(intake.ADDRESS), old.at(intake.NAME))
    if told := rules.entry(intake.CHANNEL, words.get(fold(intake.CHANNEL), "")):
        result.channel = Channel(told)
    elif old.at(intake.CHANNEL) is None:
        result.channel = profile.channel or (Channel.OTHER if there else None)
    filled: dict[Column, Writable] = {intake.CHANNEL: result.channel.value} if result.channel else {}
    seen: set[tuple[object, ...]] = set()

    @cache
    def meant(column: Column, word: str) -> str | None:
        told = words.get(fold(column) + fold(word)) or words.get(fold(word))
        about = word.partition(" terkait ")[2] or word  # LAPOR! says “Lainnya terkait Lampu Jalan”
        entry = (rules.entry(column, told) if told else None) or rules.entry(column, about)
        return entry if entry is not None and fold(entry) != fold(word) else None

    here = layout.place if intake.KELURAHAN not in layout.columns else None
    above, signed = tuple[str, ...](), False
    group: Kelurahan | Doubt | None = None
    for record in old.records:
        said = sum(map(says, record.cells))
        signs = said <= values.FEW and any(map(values.is_signed, record.cells))
        signed = signs or (signed and record.above == above)
        if record.above != above:
            above, group = record.above, place_above(record.above, rules.places, layout.place)
            filled.pop(intake.RECEIVED, None)
            if old.at(intake.RECEIVED) is None and (held := values.day_held(above)):
                filled[intake.RECEIVED] = held
        if said == 1 < len(record.cells) and (day := values.day_of(next(filter(says, record.cells)))[0]):
            filled[intake.RECEIVED] = day
            result.grouped.append(record.number)
            continue
        if not signs and (named := group_of(record.cells, rules.places)) is not None:
            # A row that names only a kecamatan ends a group.
            group = values.likeliest(named, here, rules.places) if named != Doubt() else None
            result.grouped.append(record.number)
            continue
        if (record.cells, group, filled.get(intake.RECEIVED)) in seen:
            result.doubled.append(record.number)
            continue
        seen.add((record.cells, group, filled.get(intake.RECEIVED)))
        line = _Line(record, old, layout, rules, {**filled}, meant)
        incoming = line.read(group)
        dated = intake.RECEIVED in filled
        if not values.is_complaint(record.cells, incoming.people, said, signed=signed, dated=dated):
            result.empty.append(record.number)
        elif line.place is not None and layout.place is not None and line.place != layout.place:
            result.elsewhere[line.place].append(record.number)
        elif not incoming.fits:
            result.too_long.append(record.number)
        else:
            result.rows.append(incoming)
            result.meant.update(line.meant)
            result.doubtful += [record.number] * line.doubtful
            result.private += [record.number] * line.private
    return result


class _Line(Struct):
    """One row while it is translated. `place` is the kelurahan that it names, if the tab has no column for that;
    `doubtful`: it is unclear which one it names; `private`: it was marked private because of its text. `entry`
    returns the entry of ours that a word means."""

    record: ListRow
    old: OldList
    layout: Layout
    rules: Rules
    ours: dict[Column, Writable]
    entry: Callable[[Column, str], str | None]
    by: set[Column] = field(default_factory=set)  # columns that a heading has filled
    own: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)  # RT and RW, where they stand apart
    meant: list[tuple[Column, str, str]] = field(default_factory=list)
    place: Kelurahan | None = None
    doubtful: bool = False
    private: bool = False

    def read(self, group: Kelurahan | Doubt | None) -> Incoming:
        """The row as it will stand; `group` is the kelurahan that a row or title above names."""
        day = self.ours.get(intake.RECEIVED)
        for found, value in zip(self.old.columns, self.record.cells, strict=True):
            if not says(value):
                continue
            if len(found.columns) > 1:
                parts = values.taken_apart(values.as_text(value), found.columns)
                for column, part in parts.items():
                    self._one(found, column, part)
                if not values.is_whole(values.as_text(value), parts.values()):
                    self._keep(found, values.as_text(value))
            elif found.columns:
                self._one(found, found.columns[0], value)
            else:
                self._other(found, values.as_text(value))
        if self.parts:
            both = [self.parts.get(part, "") for part in ("RT", "RW")]
            self.ours[intake.RT_RW] = "/".join(both) if all(both) else " ".join(map(" ".join, self.parts.items()))
        if isinstance(self.ours.get(intake.DONE), date) and intake.STATUS not in self.by:
            self.ours[intake.STATUS] = Status.RESOLVED.value  # it says when it was done, so it is done
        if group is not None and self.place is None and not self.doubtful and intake.KELURAHAN not in self.ours:
            self._of_group(group)
        if intake.SECRET in self.layout.columns and intake.SECRET not in self.by and self._hints_at_secrets():
            self.ours[intake.SECRET], self.private = YES, True
        ours = map(self.ours.get, intake.PEOPLE)
        people = tuple(serial_of(written) if isinstance(written, date) else written or None for written in ours)
        mark = line_digest(self.record.cells if day is None else (*self.record.cells, str(day)))
        told = "\n".join([*self.kept, f"{MARK}: {mark}"])
        reference = first_line(str(self.ours.get(intake.ORIGIN) or kept_line(told, self.old.reference)))
        return Incoming(self.record.number, people, self.ours, self.own, told, reference, mark)

    def _one(self, found: Understood, column: Column, value: Value) -> None:
        if column in self.layout.columns:
            self._ours(found, column, value)
        elif column is intake.KELURAHAN:
            self._kelurahan(found, value)
        else:
            self._other(found, values.as_text(value))

    def _ours(self, found: Understood, column: Column, value: Value) -> None:
        text, part = values.as_text(value), found.part or (values.part_of(found) if column is intake.RT_RW else "")
        if column in self.by and not part:  # of two headings for a column, the first with content fills it
            if text != self.ours.get(column):
                self._keep(found, text)
            return
        self.by.add(column)
        if part:
            self.parts[part] = re.sub(rf"(?i)^{part}\b[ .:]*", "", text)  # “RT 3” below RT
        elif column.form is Form.DATE:
            read, has_time = values.day_of(value)
            if day := read or self._of_the_year(text) or ("" if values.is_past_saying(text) else text):
                self.ours[column] = day
            if not day or has_time:
                self._keep(found, text)
        elif column.form is Form.PHONES:
            self.ours[column] = values.telephone(value)
        elif column.form is Form.ENTRY and (entry := self.entry(column, clean(text))):
            self.ours[column] = entry
            self.meant.append((column, clean(text), entry))
            self._keep(found, text)
        elif column is intake.SECRET:
            if values.is_promised(text, ours=fold(found.label) == fold(column)):
                self.ours[column] = YES
            self._keep(found, text)
        else:
            self.ours[column] = text

    def _hints_at_secrets(self) -> bool:
        """Whether the text hints at a private matter, though the category is not private: then the row is kept private
        until a person empties the cell."""
        category, text = self.ours.get(intake.CATEGORY), self.ours.get(intake.DESCRIPTION)
        known = self.rules.category(self.rules.entry(intake.CATEGORY, str(category or "")))
        return known is not None and not known.sensitive and self.rules.hints_at_private(str(text or ""))

    def _of_the_year(self, text: str) -> date | None:
        """The date of a day without a year, if the titles above tell exactly one year; else None."""
        years = {year for told in self.record.above for year in _YEAR.findall(told)}
        dates = (read_date(f"{text}{mark}{year}") for year in years if len(years) == 1 for mark in "/- .")
        return next(filter(None, dates), None)

    def _kelurahan(self, found: Understood, value: Value) -> None:
        place = values.likeliest(self.rules.places.find(line_of(value)), self.layout.place, self.rules.places)
        if isinstance(place, Doubt):
            self.doubtful = True
        else:
            self.place = place
        if isinstance(place, Doubt) or self.layout.place is None:
            self._keep(found, values.as_text(value))

    def _of_group(self, group: Kelurahan | Doubt) -> None:
        if isinstance(group, Doubt):
            self.doubtful = True
            self.kept.append(f"{intake.KELURAHAN}: {', '.join(group.candidates) or '?'}")
        elif intake.KELURAHAN in self.layout.columns:
            self.ours[intake.KELURAHAN] = group.name
        else:
            self.place = group

    def _other(self, found: Understood, text: str) -> None:
        key = _label(found.label)
        if key in self.layout.own and self.layout.own[key] != self.layout.kept and key not in self.own:
            self.own[key] = text
        else:
            self._keep(found, text)

    def _keep(self, found: Understood, text: str) -> None:
        self.kept.append(f"{found.label}: {text}")
