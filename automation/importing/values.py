"""Turns values of a list that others made into values of our columns: telephone numbers get back the zero that a
spreadsheet took away, and a cell with several things is taken apart. Anything else stays as it was written, and
`Pemeriksaan` asks."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import zip_longest

from automation.model.cells import CellError, Value, fold, kept_text
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.cell_text import DITTO_MARKS, NO_WORDS, YES_WORDS, line_of, raw_text
from automation.reading.dates import read_date
from automation.reading.headings import Understood, says
from automation.reading.numbers import read_phones
from automation.reading.tabs import identity_of
from automation.tables.intake import ADDRESS, DESCRIPTION, NAME, PHONE, POSITION, RECEIVED
from automation.tables.table import Column, Form

_BARE = re.compile(r"[1-9][0-9]{6,14}(?:\.0+)?")
_MONTH_SECOND = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9])")
#: A moment in a sheet of an English account; an Indonesian one has two digits for each, and full stops in the time.
_AMERICAN = re.compile(r"(?:[1-9]/[0-9]{1,2}|[0-9]{2}/[1-9])/[0-9]{4} [0-9]{1,2}(?::[0-9]{2}){2}")
_ZONE = r"(?:\s*WIB|\s*Z|[+-][0-9]{2}:?[0-9]{2})?$"
#: Google downloads a form's answers with moments such as ``2026/11/24 6:46:43 PM GMT+7``.
_ANSWERED = re.compile(r"([0-9]{4}(?:/[0-9]{2}){2} [0-9]{1,2}:[0-9]{2}:[0-9]{2})\s[AP]M\sGMT\+7")
_CLOCK = re.compile(rf"[\sT,][0-9]{{1,2}}[.:][0-9]{{2}}(?:[.:][0-9]{{2}})?(?:[.,][0-9]+)?{_ZONE}", re.IGNORECASE)
_MIDNIGHT = re.compile(rf"(?<![0-9.:+-])0{{1,2}}[.:]00(?:[.:]00)?(?:[.,]0+)?{_ZONE}", re.IGNORECASE)

_PHONE = r"(?<![0-9])\(?(?:\+?62[ -]?|0|8(?=[0-9]{8}))[0-9][0-9 .()-]{5,15}[0-9](?![0-9])"
#: Patterns of what is recognised by its form, the surest first.
_PATTERNS: Mapping[Form, Sequence[str]] = {
    Form.PHONES: (rf"{_PHONE}(?:\s*[/,;&|]\s*{_PHONE})*",),
    Form.RT_RW: (
        r"\bRT[ .:]*[0-9]{1,3}(?:\s*[/,.-]?\s*RW[ .:]*[0-9]{1,3}|\s*/\s*[0-9]{1,3})?",
        r"\bRW[ .:]*[0-9]{1,3}|(?<![0-9A-Za-z/])[0-9]{1,3} ?/ ?[0-9]{1,3}(?![0-9/])",
    ),
    Form.DATE: (
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?[0-9]{2,4}",
        r"[0-9]{1,2} [A-Za-z]{3,9} [0-9]{2,4}",
    ),
    Form.PLACE: (r"\bkel(?:urahan)?\b[ .:]*[a-z]+(?: [a-z]+)?",),
}
#: Labels before what was taken out; below, the characters around and between parts.
_LABEL = re.compile(
    r"\b(?:no|nomor|hp|telp|tlp|telepon|wa|whatsapp|tgl|tanggal)\b[ .:]*(?=[\s(/,;|-]*$)", re.IGNORECASE
)
#: What stands for the content of the cell above. Below `Kategori` “sda” may be *sumber daya air*, and stays.
_DITTO = re.compile(rf"[-\s]*(?:s\.?\s?d\.?\s?a\.?|idem|{'|'.join(DITTO_MARKS)})[-\s]*", re.IGNORECASE)
#: Labels of totals; what stands above the names of those who sign a list.
_TOTALS = frozenset({"jumlah", "total", "subtotal", "grandtotal", "jumlahtotal"})
_SIGNS = re.compile(
    r"(?i)(?:mengetahui|menyetujui|hormat kami|dibuat oleh)\W*(?:(?:ketua|lurah|camat|petugas).*)?"
    r"|[a-z .]+,[ .…_]*(?:[0-9]{1,2} )?[a-z]{3,9} 20[0-9]{2}"  # “Cipondoh, 31 Oktober 2026”
)
FEW = 3  # cells of a row with signatures
#: A title such as ``Hari, tanggal : Minggu, 18 Oktober 2026``.
_HELD = re.compile(r"\bhari\W+(?:tanggal|tgl)\W+((?:[a-z']+\W+)?[0-9]{1,2}\W[ a-z0-9]+\W20[0-9]{2})", re.IGNORECASE)
#: What an address begins with.
_STREET = re.compile(
    r"(?<=[\s,])(?:jl|jln|jalan|gg|gang|kp|kampung|perum|perumahan|komp|komplek|kompleks|blok|ruko)\b", re.IGNORECASE
)
_EDGES = " \t\n.,:;/|&-()[]"
_BETWEEN = re.compile(r"\s*(?:[/|;\n]|\s-\s)\s*")


def as_text(value: Value) -> str:
    """The content of a cell as text that can be written into another one."""
    return kept_text(value.text if isinstance(value, CellError) else raw_text(value)).strip()


def telephone(value: Value) -> str:
    """A telephone number as text. If a spreadsheet has turned it into a number without its zero, that is put back."""
    text = as_text(value)
    if _BARE.fullmatch(text) and not text.startswith("62"):
        phones = read_phones(value)
        if len(phones.numbers) == 1 and not phones.faults:
            return "0" + phones.numbers[0].removeprefix("+62")
    return text


@lru_cache(maxsize=1024, typed=True)
def day_of(value: Value) -> tuple[date | None, bool]:
    """The date in a cell (or None), and whether it has a time of day as well, which a column of dates does not keep."""
    told = _ANSWERED.sub(r"\1", value) if isinstance(value, str) else value
    day, text = read_date(told), line_of(told)
    return day, day is not None and _CLOCK.search(text) is not None and _MIDNIGHT.search(text) is None


def as_above(rows: Iterable[Sequence[Value]], asked: Sequence[bool]) -> Iterator[tuple[tuple[Value, ...], bool]]:
    """The rows of a list, each cell that only says so (``sda``, ``"``) with what stands above it, and whether there is
    one; but not an ``sda`` in columns that are `asked`. A row that hardly says anything only stands between others."""
    above: Sequence[Value] = ()
    for cells in rows:
        same = {at for at, cell in enumerate(cells) if type(cell) is str and len(cell) < 10 and _DITTO.fullmatch(cell)}
        same = {at for at in same if above and says(above[at]) and not (asked[at] and fold(cells[at]) == "sda")}
        whole = tuple(above[at] if at in same else cell for at, cell in enumerate(cells)) if same else tuple(cells)
        above = whole if sum(map(says, whole)) > 2 else above
        yield whole, bool(same)


def day_held(above: Iterable[str]) -> date | None:
    """The day on which the titles above a list say that its meeting was; None if they do not, or name several."""
    days = {read_date(told) for told in _HELD.findall(" ".join(above))}
    return days.pop() if len(days) == 1 else None


def is_past_saying(text: str) -> bool:
    """Whether a text names a day relative to the day on which it was written (``kemarin``), which is unknown here."""
    days = {read_date(text, day) for day in (date(2024, 12, 31), date(2020, 5, 8))}
    return len(days) > 1 and not any(read_date(f"{text}{mark}2024") for mark in "/- .")


def likeliest(place: Kelurahan | Doubt, here: Kelurahan | None, places: Places) -> Kelurahan | Doubt:
    """The place; if it is a doubt that does not include the one that the tab is `here` for, its likeliest candidate, so
    that a name with a slip (``Petirr``) does not bring its rows into another kelurahan."""
    if isinstance(place, Kelurahan) or here is None or here.name in place.candidates or not place.candidates:
        return place
    return places.find(place.candidates[0])


def _is_total(cell: Value) -> bool:
    return fold(cell).rstrip("0123456789").removesuffix("laporan") in _TOTALS


def is_signed(cell: Value) -> bool:
    """Whether the signatures below a list begin with this cell."""
    return _SIGNS.fullmatch(text := line_of(cell)) is not None and read_date(text) is None


def part_of(found: Understood) -> str:
    """``RT`` or ``RW`` if a heading for both names only one of them (“RT berapa?”), as a list of one RW does."""
    names = {"RT", "RW"}.intersection(re.findall(r"[A-Z]+", found.label.upper()))
    return names.pop() if len(names) == len(found.columns) == 1 else ""


def is_complaint(cells: Sequence[Value], people: Sequence[Value], filled: int, *, signed: bool, dated: bool) -> bool:
    """Whether a list's row with so many `filled` cells is a complaint: not a total, nor a remark, nor a name below a
    list that is `signed`. `people` are its cells as they will stand, `dated` if a row above may name their day."""
    if not any(map(says, identity_of(people))) or (signed and filled <= FEW):
        return False
    if len(cells) > 3 and filled == 1:
        return says(told := people[POSITION[DESCRIPTION]]) and not _is_total(told)
    day, phone = (people[POSITION[column]] for column in (RECEIVED, PHONE))
    return bool(read_phones(phone).numbers) or not (dated or read_date(day) is None) or not any(map(_is_total, cells))


def is_promised(text: str, *, ours: bool) -> bool:
    """Whether a cell says that its row is confidential; under our own heading anything that does not deny it."""
    said = text.casefold().strip(" .!")
    return "rahasia" in said or said in YES_WORDS or (ours and said not in NO_WORDS)


def is_part(names: Iterable[str], of: Iterable[str]) -> bool:
    """Whether the folded names that are there stand at the same places in another row."""
    return all(name in ("", other) for name, other in zip_longest(names, of, fillvalue=""))


def is_month_first(value: Value, label: str = "") -> bool:
    """Whether a date is written the American way (``11/24/2026``): then no other date in the list is certain. So is a
    moment such as ``11/2/2026 18:05:22`` below the heading ``Timestamp``."""
    match = _MONTH_SECOND.match(text := line_of(value))
    if label.casefold() == "timestamp" and _AMERICAN.fullmatch(text):
        return True
    return match is not None and int(match[1]) <= 12 < int(match[3]) <= 31


def is_half_turned(cells: Sequence[Value]) -> bool:
    """Whether a spreadsheet of another language has read the days up to the 12th as months (so 5 November became 11
    May), and left all others as text."""
    read = [day.day for cell in cells if not isinstance(cell, str) and (day := read_date(cell)) is not None]
    texts = (_MONTH_SECOND.match(cell) for cell in cells if isinstance(cell, str) and read)
    left = [int(match[1]) for match in texts if match]
    return len(read) > 2 and bool(left) and min(left) > 12 >= max(read)


def taken_apart(text: str, columns: Sequence[Column]) -> dict[Column, str]:
    """The parts of `text` for each of the columns: first what is recognised by its form, then the rest in the order of
    the columns. Some of it may be left over (see `is_whole`)."""
    found: dict[Column, str] = {}
    rest = text
    for column in columns:
        told = (re.search(pattern, rest, re.IGNORECASE) for pattern in _PATTERNS.get(column.form, ()))
        if (match := next(filter(None, told), None)) is not None:
            part = match[0].strip()
            found[column] = part if part.count("(") == part.count(")") else part.strip("()")
            before = _LABEL.sub("", rest[: match.start()]).rstrip(_EDGES)
            rest = f"{before} / {rest[match.end() :].lstrip(_EDGES)}".strip(_EDGES) if before else rest[match.end() :]
    behind_name = {NAME, ADDRESS}.issubset(columns) and DESCRIPTION not in columns  # with no more than a comma
    if behind_name and (street := _STREET.search(rest)) is not None:
        found[ADDRESS], rest = rest[street.start() :].strip(_EDGES), rest[: street.start()]
    others = [column for column in columns if column.form not in _PATTERNS and column not in found]
    pieces = _BETWEEN.split(rest.strip(_EDGES), maxsplit=max(len(others) - 1, 0)) if rest.strip(_EDGES) else []
    return found | {column: piece.strip(_EDGES) for column, piece in zip(others, pieces, strict=False) if piece}


def is_whole(text: str, parts: Iterable[str]) -> bool:
    """Whether every letter and digit of a text is in its parts."""
    said, found = (sorted(filter(str.isalnum, one)) for one in (text, "".join(parts)))
    return said == found
