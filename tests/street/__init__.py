"""How much of the words of the street is understood, how many same matters are recognised: counted on invented rows.

`measure/` was written first, by another hand, and is only ever measured with; `work/` is what everything was tuned on.
Both have the same columns (see `measure/README.md`), and so has a folder of one's own; files that lack are passed over.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from automation.cases.same_matter import LIKELY, Matters
from automation.cases.telling import Telling, tell
from automation.config.defaults import load_defaults, load_kelurahan, load_terms
from automation.model.cells import fold
from automation.model.complaint import UNREADABLE, Complaint
from automation.model.places import Places
from automation.model.rules import Category, Rules
from automation.reading.dates import read_date
from automation.reading.numbers import read_rt_rw
from automation.reading.validation import examine
from automation.tables import intake
from automation.tables.kendali import CATEGORIES
from tests.street.imports import grouped, lapor
from tests.town import RULES, WORDS

FOLDER = Path(__file__).parent
MEASURE, WORK = FOLDER / "measure", FOLDER / "work"
Line = Mapping[str, str]
#: What each thing is called, how much of how many was right, and how much is wanted.
Result = tuple[str, str, str]
_THUMB = {"tanggal": "received", "tanggalmasuk": "received", "saluran": "channel", "telepon": "phones", "rtrw": "rt_rw"}
_THUMB |= {"kategori": "category", "prioritas": "priority"}


def city() -> Rules:
    """The rules of a city that starts, in 2026."""
    kelurahan = load_kelurahan()
    names = {name for place in kelurahan for name in (place.name, place.kecamatan)}
    categories = {
        str(row[0]): Category(str(row[0]), sensitive=row[4] == "Ya") for row in load_defaults(WORDS)[CATEGORIES]
    }
    return replace(RULES, places=Places(kelurahan, load_terms().places(names)), categories=categories)


def lines(folder: Path, name: str) -> list[Line]:
    """The rows of a file, by folded headings; none where it is not there."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{fold(key): (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]


def _expected(line: Line) -> set[str]:
    """What a careful person would say; nothing where nobody could."""
    return {line["kategori"], line.get("kategorilain", "")} - {"", "?"}


def suggestions(rows: Iterable[Line], rules: Rules) -> Iterator[Result]:
    """Categories that are offered from the description alone."""
    counted = Counter[str]()
    choices = rules.terms.choices(intake.CATEGORY, rules.categories)
    for line in rows:
        offers = choices.offers("", line["uraian"]).entries
        counted["rows"] += 1
        counted["offered"] += bool(offers)
        counted["first"] += bool(offers) and offers[0] in _expected(line)
        counted["three"] += not _expected(line).isdisjoint(offers)
    if total := counted["rows"]:
        offered = counted["offered"]
        yield "a category offered from the description", share(offered, total), "≥ 60 %"
        yield "– the first one right", share(counted["first"], offered), "≥ 75 %"
        yield "– right among three", share(counted["three"], offered), "≥ 85 %"


def categories(rows: Iterable[Line], rules: Rules) -> Iterator[Result]:
    """Categories in a list's own words."""
    counted = Counter[str]()
    choices = rules.terms.choices(intake.CATEGORY, rules.categories)
    for line in rows:
        counted[judged_category(line, choices.find(line["tertulis"]), choices.offers(line["tertulis"]).entries)] += 1
    if total := counted.total():
        good = counted["right"] + counted["asked, right first"] + counted["silent, rightly"]
        yield "categories in a list's own words, right or the right one first", share(good, total), "≥ 90 %"
        for kind, count in sorted(counted.items()):
            yield f"– {kind}", str(count), ""


def judged_category(line: Line, meant: str | None, offered: tuple[str, ...]) -> str:
    """How a category in a list's own words fared. Where a careful person could not say, a sure answer is wrong."""
    if meant is not None:
        return "right" if meant == line["kategori"] or meant == line.get("kategorilain") != "" else "wrong"
    if not offered:
        return "silent, rightly" if line["kategori"] == "?" else "asked, none offered"
    return "asked, right first" if offered[0] in _expected(line) or line["kategori"] == "?" else "asked, wrong first"


def thumb(rows: Iterable[Line], rules: Rules) -> Iterator[Result]:
    """Rows as a tired hand types them."""
    counted = Counter[str]()
    stopped = Counter[str]()
    for line in rows:
        counted[judged := judged_row(line, rules)] += 1
        if judged == "asked":
            stopped.update(str(found.column) for found in read_row(line, rules).held)
    if counted:
        yield (
            "rows typed with a thumb, ticketed at once and understood rightly",
            share(counted["right"] + counted["beside"], counted.total()),
            "≥ 36 of 40",
        )
        yield "– of these, asked about a cell beside the ticket", str(counted["beside"]), ""
        yield "– understood wrongly", str(counted["wrong"]), "0"
        yield "– asked that need it", str(counted["asked, rightly"]), ""
        yield "– asked, that should get a ticket", str(counted["asked"]), ""
        yield from ((f"– stopped by {column}", str(count), "") for column, count in stopped.most_common())


def read_row(line: Line, rules: Rules) -> Complaint:
    """What the program makes of a row on the day on which it is typed."""
    place, today = rules.places.find(line["tab"]), read_date(line["hari"])
    assert not isinstance(place, tuple) and today is not None
    cells = tuple(line.get(fold(column)) or None for column in intake.PEOPLE)
    return examine(cells, place if hasattr(place, "code") else None, rules, today)  # type: ignore[arg-type]


def judged_row(line: Line, rules: Rules) -> str:
    """How a row fared."""
    told = read_row(line, rules)
    said = {
        "received": f"{told.received or ''}",
        "channel": f"{told.channel or ''}",
        "phones": ",".join(told.phones),
        "rt_rw": told.rt_rw,
        "category": told.category or "",
        "priority": f"{told.priority or ''}",
    }
    if told.held:
        return "asked" if "tiket" in line["harap"] else "asked, rightly"
    asked = {_THUMB.get(fold(str(one.column))) for one in told.findings if one.blocks}
    for key, value in line.items():
        field = _THUMB.get(key.removeprefix("harap")) if key.startswith("harap") else None
        expected = f"{read_date(value)}" if field == "received" and value else value
        is_said = field not in asked and (expected or field == "rt_rw")
        if field and is_said and said[field] not in (expected, expected.replace(" ", "")):
            return "wrong"
    if asked:
        return "beside" if "tiket" in line["harap"] else "asked, rightly"
    return "right"


def telling(line: Line, rules: Rules, side: str = "") -> Telling:
    """What one complaint of a file tells."""
    said = {name: line.get(f"{name}{side}", "") for name in ("uraian", "alamat", "rtrw", "kategori")}
    unit = read_rt_rw(said["rtrw"])
    told = replace(
        UNREADABLE,
        description=said["uraian"],
        address=said["alamat"],
        rt_rw=unit if isinstance(unit, str) else "",
        category=said["kategori"] or None,
    )
    place, day = rules.places.find(line[f"kelurahan{side}"]), read_date(line[f"tanggal{side}"])
    assert day is not None
    return tell(told, getattr(place, "code", line[f"kelurahan{side}"]), day, rules)


def pairs(rows: Sequence[Line], rules: Rules) -> Iterator[Result]:
    """Two complaints each, of one matter or not."""
    told = [(telling(line, rules, "a"), telling(line, rules, "b"), line["penilaian"] == "sama") for line in rows]
    known = Matters((key, one) for at, (a, b, _) in enumerate(told) for key, one in (((at, 0), a), ((at, 1), b)))
    found = [(known.likelihood(one, other) >= LIKELY, same) for one, other, same in told]
    if rows:
        both, said, same = (sum(map(test, found)) for test in (all, lambda pair: pair[0], lambda pair: pair[1]))
        yield "same matter: precision", share(both, said), "≥ 85 %"
        yield "same matter: recall", share(both, same), "≥ 90 %"


def groups(rows: Sequence[Line], rules: Rules) -> Iterator[Result]:
    """A city, of which some complaints are one matter."""
    wanted = defaultdict[str, set[int]](set)
    for at, line in enumerate(rows):
        wanted[line["matter"]].add(at)
    known = Matters((at, telling(line, rules)) for at, line in enumerate(rows))
    found = [set(group) for group in known.groups()]
    several = [group for group in wanted.values() if len(group) > 1]
    if rows:
        yield "matters in the pack", share(sum(group in found for group in several), len(several)), "≥ 14 of 16"
        alone = [group for group in wanted.values() if len(group) == 1]
        yield "– alone, that belong nowhere", share(sum(group in found for group in alone), len(alone)), ""


def share(part: int, whole: int) -> str:
    """As people read it."""
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "–"


_Count = Callable[[Sequence[Line], Rules], Iterator[Result]]
COUNTS: Mapping[str, _Count] = {
    "complaints": suggestions,
    "categories": categories,
    "thumb": thumb,
    "pairs": pairs,
    "groups": groups,
}


def results(folder: Path) -> Iterator[Result]:
    """All that can be counted in a folder."""
    rules = city()
    for name, count in COUNTS.items():
        yield from count(lines(folder, name), rules)
    for name, counted in (("lapor", lapor), ("grouped", grouped)):
        path = folder / f"{name}.csv" if name == "lapor" else folder / f"{name}-list.csv"
        if told := lines(folder, f"{name}-expected"):
            yield from counted(path, told, rules, share)


def table(found: Iterable[Result]) -> str:
    """As Markdown."""
    return "\n".join(["| what | measured | to reach |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in found)])
