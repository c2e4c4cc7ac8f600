"""The last good content of the tables that people keep in Kendali, in a hidden tab of it. It is replaced, never
appended to: people who are taken off a table are kept nowhere else. Only the names of sensitive categories stay."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from types import NoneType

from msgspec.structs import replace

from automation.config.defaults import SETTINGS as DEFINED, Setting, shipped_terms
from automation.config.tabs import Kendali, Record
from automation.config.values import Unfit, closest, text
from automation.model.cells import CellError, Value, Writable, fold, is_empty
from automation.model.disclosure import without_contacts
from automation.model.texts import Texts
from automation.tables.kendali import CATEGORIES, LAST_VALUES, PEOPLE, PLACES, RECIPIENTS, SETTINGS, TABLES, TERMS
from automation.trouble import Trouble

_CELL = (str, int, float, NoneType)
_SHOWN = 40  # characters of a wrong value that are enough to recognise it
#: Instead of a table's title: the name of a sensitive category that is no longer in the list.
ONCE = "Kategori sensitif yang dihapus"
_GONE = "dihapus"  # stands behind the cells of a shipped row that people removed
Kept = Mapping[str, Sequence[Sequence[Value]]]


def kept_headings(title: str) -> list[str]:
    """The headings of a table below which people type."""
    return [column.heading for column in TABLES[title].of(PEOPLE)]


def read_kept(kendali: Kendali) -> Kept:
    """By the title of a table, its last good rows below `kept_headings`; what can't be read is passed over."""
    tab = kendali.tab(LAST_VALUES)
    if kept := _kept_in(tab.rows if tab is not None else ()):
        kept[TERMS] = _whole(kept[TERMS])
    return kept


def _kept_in(rows: Iterable[Sequence[object]]) -> dict[str, list[Sequence[Value]]]:
    kept: dict[str, list[Sequence[Value]]] = defaultdict(list)
    for row in rows:
        try:
            title, cells = str(row[0]), json.loads(str(row[1]))
        except (IndexError, ValueError, RecursionError):
            continue
        if isinstance(cells, list) and all(isinstance(cell, _CELL) for cell in cells):
            kept[title].append(cells)
    return kept


def _differing(rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    """Of the thousands of words that every `Istilah` starts with, only those that were removed or added."""
    own, born = [*map(tuple, rows)], shipped_terms()
    there, shipped = set(own), set(born)
    yield from (list(row) for row in own if row not in shipped)
    yield from ([*row, _GONE] for row in born if row not in there)


def _whole(kept: Iterable[Sequence[Value]]) -> list[Sequence[Value]]:
    rows: list[tuple[Value, ...]] = [*map(tuple, kept)]
    born: Sequence[tuple[Value, ...]] = shipped_terms()
    shipped, gone = set(born), {row[:-1] for row in rows if row[-1:] == (_GONE,)}
    came = (row for row in rows if row[-1:] != (_GONE,) and row not in shipped)
    return [*(row for row in born if row not in gone), *came]


def as_records(title: str, kept: Kept) -> list[Record]:
    """The kept rows of a table, as if they were read from it."""
    columns = {heading: at for at, heading in enumerate(kept_headings(title))}
    return [Record(title, number, columns, cells) for number, cells in enumerate(kept.get(title, ()), start=1)]


#: Tables in which single cells are replaced by their last good content, and the headings that identify a row.
KEYS: Mapping[str, Sequence[str]] = {PLACES: ("Kelurahan", "Kode"), CATEGORIES: ("Kategori",)}
_NEVER = "Email Koordinator"  # never replaced: the last good address may be another person's
#: Columns whose cells say whose the rest of a row is; or, of that rest, who is written to.
_WHOSE = {**KEYS, PLACES: (*KEYS[PLACES], _NEVER), RECIPIENTS: ("Email",), TERMS: ("Kata", "Kolom", "Arti")}
_RETENTION = "Retensi"  # never replaced either: whoever writes “tidak” there wants nothing erased


def moved_alone(title: str, rows: Sequence[Record], kept: Kept) -> str:
    """The heading of such a column if it was sorted without the rest of the table, whose cells all stand as they last
    did, or a cell of it was deleted or inserted, which shifts those below: then each row would have another's
    commission, secrecy, dapil or mails. Empty if none was."""
    headings, last = kept_headings(title), [*map(tuple, kept.get(title, ()))]
    now = [tuple(row[one] for one in headings) for row in rows if title in _WHOSE]
    if not now or now == last or Counter(now) == Counter(last):
        return ""
    filled = zip_longest(now, last, fillvalue=(None,) * len(headings))
    columns = zip(headings, *(zip(*some, strict=False) for some in zip(*filled, strict=True)), strict=False)
    moved = [(one, here, there) for one, here, there in columns if here != there]
    for one, here, there in moved if len(moved) == 1 else ():
        several = sum(a != b and not is_empty(a) for a, b in zip(here, there, strict=True)) > 1
        if several and one in _WHOSE[title] and Counter(a for a in here if not is_empty(a)) <= Counter(there):
            return str(one)
    return ""


def broken(title: str, rows: Iterable[Record], problems: Iterable[Trouble]) -> list[Trouble]:
    """The troubles that cells show an error, of which no other trouble tells: they were not emptied."""
    told = {problem.particulars.get("cell") for problem in problems}
    cells = ((row, one) for row in rows for one in kept_headings(title) if isinstance(row[one], CellError))
    return [row.problem("galat", one, isi=text(row[one])) for row, one in cells if row.place(one) not in told]


def mended(title: str, rows: Sequence[Record], problems: Iterable[Trouble], kept: Kept) -> list[Record]:
    """The rows, with each unusable cell as it was when its row was last good. A spoiled code would take its kelurahan
    off the city, a spoiled target would move every deadline of its category. Of a row without its name the last good
    one is the only one that no row names any more and that says the same besides."""
    wrong = {problem.particulars.get("cell") for problem in problems}
    keys, last = KEYS[title], as_records(title, kept)
    known = {(key, fold(row[key])): row for row in reversed(last) for key in keys if not is_empty(row[key])}
    named = {fold(row[key]) for row in rows for key in keys}
    gone = [one for one in last if named.isdisjoint(fold(one[key]) for key in keys)]
    # If two rows say the same, either may be the spoiled one.
    double = {(key, said) for row in rows for key in keys if row.place(key) in wrong and (said := fold(row[key]))}

    def serve(row: Record) -> Record:
        spoiled = [one for one in row.columns if row.place(one) in wrong or (one, fold(row[one])) in double]
        served = [known[it] for key in keys if key not in spoiled if (it := (key, fold(row[key]))) in known][:1]
        if all(is_empty(row[key]) or isinstance(row[key], CellError) for key in keys):
            rest = {*kept_headings(title)}.difference(spoiled)
            served = [one for one in gone if all(fold(one[of]) == fold(row[of]) for of in rest)]
        if len(served) != 1:
            return row
        cells = [*row.cells, *[None] * (max(row.columns.values()) + 1 - len(row.cells))]
        for heading in filter(_NEVER.__ne__, spoiled):
            cells[row.columns[heading]] = served[0][heading]
        return replace(row, cells=cells)

    return [serve(row) for row in rows]


def changed_settings(before: Iterable[Sequence[Value]], now: Iterable[Sequence[Writable]]) -> Iterator[dict[str, str]]:
    """Each setting that differs between these rows of the hidden tab `before` and `now`: its name, old and new value,
    without contacts. If nothing was kept yet, nothing has changed."""
    shipped = {setting.name: str(setting.default or "") for setting in DEFINED}
    old, new = (
        {text(row["Pengaturan"]).casefold(): text(row["Nilai"]) for row in as_records(SETTINGS, kept)}
        for kept in map(_kept_in, (before, now))
    )
    for name, default in shipped.items() if old else ():
        was, becomes = (values.get(name.casefold()) or default for values in (old, new))
        if was != becomes:
            yield {"nama": name, "dari": without_contacts(was), "ke": without_contacts(becomes)}


def to_keep(tables: Mapping[str, Iterable[Record]], once_sensitive: Iterable[str]) -> list[list[Writable]]:
    """The rows of the hidden tab that keep these tables, and the names of these categories."""
    kept: list[list[Writable]] = [[ONCE, json.dumps([name])] for name in sorted(once_sensitive)]
    for title, records in tables.items():
        headings = kept_headings(title)
        cells = ([record[heading] for heading in headings] for record in records)
        rows = ([cell if isinstance(cell, _CELL) else None for cell in row] for row in cells)
        shown: Iterable[Sequence[Value]] = _differing(rows) if title == TERMS else rows
        kept += [[title, json.dumps(row, ensure_ascii=False)] for row in shown]
    return kept


def read_settings(
    rows: dict[str, list[Record]], kept: Kept, texts: Texts, problems: list[Trouble]
) -> dict[str, object]:
    """Every setting's value by its name. A setting that is not there keeps its default; one that can't be used, or
    stands there twice, its last good value (but for `Retensi`), which then also stands in `rows`."""
    by_name = {setting.name.casefold(): setting for setting in DEFINED}
    values: dict[str, object] = {
        setting.name: setting.empty if setting.default is None else setting.read(setting.default)  # type: ignore[arg-type]
        for setting in DEFINED
    }
    good: dict[str, Record] = {}
    unfit: set[str] = set()
    for row in rows[SETTINGS]:
        name = text(row["Pengaturan"])
        setting = by_name.get(name.casefold())
        if setting is None:
            near = closest(name, [known.name for known in DEFINED]) if name else None
            entry = "pengaturan-mirip" if near else "pengaturan-asing" if name else "pengaturan-tanpa-nama"
            problems.append(row.problem(entry, "Pengaturan", name=name[:_SHOWN], near=near))
        elif setting.name in good or setting.name in unfit:
            problems.append(Trouble("kendali.pengaturan-ganda", cell=row.place("Pengaturan"), name=setting.name))
            unfit.add(setting.name)
        elif (trouble := _unfit(setting, row, texts)) is not None:
            problems.append(trouble)
            unfit.add(setting.name)
        else:
            good[setting.name] = row
    told = ((by_name.get(text(row["Pengaturan"]).casefold()), row) for row in as_records(SETTINGS, kept))
    last = {setting.name: row for setting, row in told if setting is not None and setting.name != _RETENTION}
    good = {name: row for name, row in good.items() if name not in unfit}
    served = (name for name in unfit & last.keys() if _unfit(by_name[name.casefold()], last[name], texts) is None)
    good |= {name: last[name] for name in served}
    rows[SETTINGS] = list(good.values())
    for name, row in good.items():
        if not is_empty(row["Nilai"]):
            values[name] = by_name[name.casefold()].read(row["Nilai"])
    return values


def _unfit(setting: Setting, row: Record, texts: Texts) -> Trouble | None:
    """What is wrong with the value of a setting; an empty one stands for the default."""
    value = row["Nilai"]
    try:
        if isinstance(value, CellError):
            raise Unfit("nilai")
        if not is_empty(value):
            setting.read(value)
    except Unfit as unfit:
        entry = "kendali.retensi-keliru" if setting.name == _RETENTION else "kendali.pengaturan-keliru"
        found = text(value)[:_SHOWN] + "…" * (len(text(value)) > _SHOWN)
        allowed, example = texts.say(f"kendali.boleh.{unfit.kind}", **unfit.limits), setting.example(texts)
        told = {"name": setting.name, "found": found, "allowed": allowed, "example": example}
        return Trouble(entry, cell=row.place("Nilai"), **told)
    return None
