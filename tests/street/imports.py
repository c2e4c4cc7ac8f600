"""How much of other people's lists comes in rightly: an export of LAPOR!, a list with kelurahan in rows of theirs."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from automation.config.defaults import load_lapor
from automation.importing.layout import Incoming, Layout
from automation.importing.old_list import OldList, as_one_list, find_lists
from automation.importing.profiles import profile_for
from automation.importing.translation import translate
from automation.model.cells import Tab
from automation.model.complaint import Channel
from automation.model.places import Doubt, Kelurahan
from automation.model.rules import Rules
from automation.reading.dates import read_date
from automation.reading.numbers import read_phones
from automation.reading.tabs import read_intake
from automation.reading.validation import examine
from automation.sheets.files import read_list
from automation.tables import intake
from automation.tables.intake import POSITION
from tests.town import HEADINGS, TUESDAY

Line = Mapping[str, str]
Result = tuple[str, str, str]
Share = Callable[[int, int], str]


def _brought(path: Path, rules: Rules) -> tuple[OldList, dict[str, Incoming]]:
    """The rows of a list by their numbers, as they would stand in a tab of the whole city."""
    lists = [old for tab in read_list(path) for old in find_lists(tab.title, tab.rows, "Kolom {huruf}")]
    old = as_one_list(path.name, lists)
    tab = Tab("t", "Semua", [[*HEADINGS, intake.KELURAHAN]])
    profile = profile_for(old, (), load_lapor())
    old = old.understood(profile.said)
    (found,) = read_intake([tab], rules.places, "Kota").tabs
    return old, {row.number: row for row in translate(old, Layout(tab, found), rules, profile).rows}


def _place(rules: Rules, name: str) -> Kelurahan:
    """The kelurahan of the tab into which a row is brought; any where nobody says it."""
    place = rules.places.find(name)
    return next(iter(rules.places)) if isinstance(place, Doubt) else place


def lapor(path: Path, expected: Sequence[Line], rules: Rules, share: Share) -> Iterator[Result]:
    """Each row in the tab of its kelurahan."""
    old, rows = _brought(path, rules)
    cells = {record.number: record.cells for record in old.records}
    labels = [found.label for found in old.columns]
    counted = Counter[str]()
    wanted = [line for line in expected if line["jaditiket"].casefold() in ("ya", "1", "x")]
    for line in wanted:
        number = str(int(line["baris"]) + 1)
        row = rows.get(number)
        if row is None:
            counted["left out"] += 1
            continue
        told = examine(row.people, _place(rules, line["kelurahan"]), rules, TUESDAY.date().replace(month=12), True)
        blocked = [found for found in told.held if found.column is not intake.KELURAHAN]
        counted["tickets"] += not blocked
        counted.update({f"stopped by {found.column}" for found in blocked})
        text = str(cells[number][labels.index(line["kolomisi"])] or "") if line["kolomisi"] in labels else ""
        counted["text"] += told.description.split() == text.split()
        counted["status"] += told.status in line["status"].split("|")
        private = [rules.category(line[name]) for name in ("kategori", "kategorilain") if line.get(name)]
        may_be = told.secret and any(one is not None and one.sensitive for one in private)  # it hints at what is
        counted["secret"] += may_be or bool(told.secret) == (line["rahasia"].casefold() == "ya")
        counted["channel"] += told.channel is Channel.LAPOR
        counted["category"] += told.category in {line["kategori"], line.get("kategorilain", "")} - {""}
    kept = sum(str(int(line["baris"]) + 1) in rows for line in expected if line not in wanted)
    yield "rows of a LAPOR! export that become tickets", share(counted["tickets"], len(wanted)), "≥ 95 %"
    for what in ("text", "status", "secret", "category"):
        yield f"– {what} right", share(counted[what], len(wanted)), ""
    yield from ((f"– {what}", str(count), "") for what, count in counted.most_common() if what.startswith("stop"))
    yield "– left out", str(counted["left out"]), ""
    yield "– of those that should get none, taken in and asked or ticketed", str(kept), ""


def grouped(path: Path, expected: Sequence[Line], rules: Rules, share: Share) -> Iterator[Result]:
    """Rows below the names of their kelurahan."""
    _, rows = _brought(path, rules)
    counted = Counter[str]()
    for line in expected:
        row = rows.get(line["baris"])
        if row is None:
            continue
        cell = {column: row.people[POSITION[column]] for column in (intake.KELURAHAN, intake.NAME, intake.RECEIVED)}
        place = rules.places.find(str(cell[intake.KELURAHAN] or ""))
        counted["place"] += place == rules.places.find(line["kelurahan"])
        counted["name"] += str(cell[intake.NAME] or "").casefold() == line["nama"].casefold()
        counted["day"] += read_date(cell[intake.RECEIVED], TUESDAY.date()) == read_date(line["tanggal"])
        numbers = read_phones(row.people[POSITION[intake.PHONE]]).numbers
        counted["phone"] += numbers == read_phones(line["telepon"]).numbers
    yield "group rows: rows in the right kelurahan", share(counted["place"], len(expected)), "all"
    for what in ("day", "name", "phone"):
        yield f"– {what} right", share(counted[what], len(expected)), ""
