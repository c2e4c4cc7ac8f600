"""What people type into Kendali, read the way they write it: numbers, Ya and Tidak, days, times, addresses, scopes."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from email.utils import parseaddr
from typing import Any

from msgspec import Struct, field
from rapidfuzz import fuzz, process

from automation.digests.audience import Scope
from automation.model.affixes import ROMANS
from automation.model.cells import CellError, Value, fold
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.cell_text import NO_WORDS, YES_WORDS, clean, line_of
from automation.reading.dates import read_date
from automation.reading.numbers import national, read_phones
from automation.tables.table import NO, YES

_DAPIL = re.compile(r"(?:dapil|daerah pemilihan)[\s.:-]*(?:kota tangerang\s*)?(\w+)", re.IGNORECASE)
#: Numbers of a dapil, Roman or in words.
NUMERALS = dict(zip([*ROMANS[:6], "satu", "dua", "tiga", "empat", "lima", "enam"], "123456123456", strict=True))
_KELURAHAN = re.compile(r"(?:kelurahan|kel)\b", re.IGNORECASE)
_KECAMATAN = re.compile(r"(?:kecamatan|kec)\b", re.IGNORECASE)
_CITY = frozenset(map(fold, ("Kota", "Kota Tangerang", "Seluruh Kota", "Se-Kota", "Semua")))
_CITY_NAME = fold("Tangerang")


def all_scopes(places: Places) -> list[str]:
    """Every scope, as it is written: the city first, then dapil, kecamatan, kelurahan."""
    dapil = sorted({place.dapil for place in places})
    return [
        "Kota",
        *(f"Dapil {number}" for number in dapil),
        *(f"Kecamatan {name}" for name in places.kecamatan),
        *(f"Kelurahan {place.name}" for place in places),
    ]


def read_scope(written: str, places: Places) -> Scope | Doubt:
    """``Kota``, ``Dapil 3``, ``Kecamatan Cipondoh``, ``Kelurahan Gondrong``, or a bare name that is only one of them. A
    doubt's candidates are scopes as they can be written."""
    written = " ".join(written.split())
    if fold(written) in _CITY:
        return Scope()
    if match := _DAPIL.fullmatch(written):
        dapil = NUMERALS.get(match[1].casefold(), match[1].lstrip("0"))
        known = {str(number): number for number in sorted({place.dapil for place in places})}
        return Scope(dapil=known[dapil]) if dapil in known else Doubt(tuple(f"Dapil {number}" for number in known))
    kelurahan = None if _KECAMATAN.match(written) else places.find(written)
    kecamatan = None if _KELURAHAN.match(written) else places.find_kecamatan(written)
    certain = {"Kota": Scope()} if fold(written) == _CITY_NAME else {}
    if isinstance(kecamatan, str):
        certain[f"Kecamatan {kecamatan}"] = Scope(kecamatan=kecamatan)
    if isinstance(kelurahan, Kelurahan):
        certain[f"Kelurahan {kelurahan.name}"] = Scope(kelurahan=kelurahan.code)
    if len(certain) == 1:
        return next(iter(certain.values()))
    doubts = {"Kecamatan": kecamatan, "Kelurahan": kelurahan}
    likely = (f"{kind} {name}" for kind, it in doubts.items() if isinstance(it, Doubt) for name in it.candidates)
    return Doubt(tuple(certain or likely))


#: Monday is 0, as in `datetime.date.weekday`.
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_WEEKDAYS = {fold(name): number for number, name in enumerate(WEEKDAYS)} | {"ahad": 6, "jumaat": 4}
_UNTIL = re.compile(r"\s*(?:[-–—]|s\s*/\s*d|s\.?d\.?|sampai|hingga)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;/&+\n]|\bdan\b", re.IGNORECASE)

_DIALLED = re.compile(r"\W*(62|[08])")  # how a telephone number begins, and a remark does not
_ID = re.compile(r"[\w-]{25,}")  # of a Google spreadsheet
_NUMBER = r"(\d{{1,9}})(?:[.,]0{{1,2}})?(?:\s*(?:{}))?"
_CLOCK = re.compile(r"(?:pukul|jam)?\s*(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?\s*(?:wib)?", re.IGNORECASE)

# Single dots, none at the ends; a domain of at least two labels; ASCII only, as not all servers support SMTPUTF8.
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=.{{6,254}}\Z)(?=[^@]{{1,64}}@){_LOCAL}(?:\.{_LOCAL})*@(?:{_LABEL}\.)+{_LABEL}")


class Unfit(ValueError):
    """A value that is not allowed. `kind` names what is (an entry of kendali.boleh), `limits` fill in its message."""

    def __init__(self, kind: str, **limits: int) -> None:
        super().__init__(kind)
        self.kind, self.limits = kind, limits


class ValueKind(Struct, frozen=True):
    """What may stand in a cell: `reads` tells what a cell says, None for what is not allowed. `name` is an entry of
    kendali.boleh, which `limits` fill in; empty if any text may. If there are `choices`, it is one of them."""

    name: str
    reads: Callable[[Value], Any]
    choices: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)

    def __call__(self, value: Value) -> Any:
        """What a cell says. Raises `Unfit`."""
        if (found := self.reads(value)) is None:
            raise Unfit(self.name, **self.limits)
        return found


def text(value: Value) -> str:
    """A cell's text on one line; a number or an error as people see it."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, CellError):
        return value.text
    return "" if value is None else str(int(value) if isinstance(value, float) and value.is_integer() else value)


def whole(value: Value) -> int | None:
    """The whole number in a cell that the robot writes; None if there is none."""
    return int(value) if isinstance(value, (int, float)) else None


def phone(value: Value) -> str:
    """A telephone number as typed; if the spreadsheet made it a number without its zero, as people here write it."""
    numbers = read_phones(value).numbers if isinstance(value, (int, float)) else ()
    return " / ".join(map(national, numbers)) or line_of(value)


def is_cut_short(called: str) -> bool:
    """Whether it begins as a telephone number does, and is none."""
    return _DIALLED.match(called) is not None and not read_phones(called).numbers


def _whole_phone(value: Value) -> str | None:
    return None if is_cut_short(called := phone(value)) else called


def yes_no(value: Value) -> bool | None:
    """Ya or Tidak, in the ways people tick a cell; None if it is neither."""
    word = text(value).casefold().rstrip(".!").removesuffix(" aktif")
    return word in YES_WORDS if word in YES_WORDS | NO_WORDS else None


def _weekdays(value: Value) -> frozenset[int] | None:
    days: set[int] = set()
    for part in filter(str.strip, _BETWEEN.split(_UNTIL.sub("–", text(value)))):
        ends = [_WEEKDAYS.get(fold(end)) for end in part.split("–")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            return None
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(days) or None


def _weekday(value: Value) -> int | None:
    days = _weekdays(value) or ()
    return next(iter(days)) if len(days) == 1 else None


def _clock(value: Value) -> time | None:
    """A time of day: text, or the fraction of a day that a spreadsheet makes of it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1:
        minutes = round(value * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    return time(int(match[1]), int(match[2])) if match and int(match[1]) < 24 and int(match[2]) < 60 else None


def _link(value: Value) -> str | None:
    """A spreadsheet: a Google address or id, or a file (``Cadangan.xlsx``)."""
    written = text(value)
    is_one = written.casefold().endswith(".xlsx") or "/spreadsheets/" in written or _ID.fullmatch(written)
    return written if is_one or not written else None


def _web(value: Value) -> str | None:
    written = text(value)
    return written if not written or re.fullmatch(r"https?://[^\s/]+\S*", written, re.IGNORECASE) else None


def _email(value: Value) -> str | None:
    return address if is_email(address := text(value)) else None


def is_email(address: str) -> bool:
    """Whether this has the form of an e-mail address; whether anybody reads it is another matter."""
    return _EMAIL.fullmatch(address) is not None


def is_sender(written: str) -> bool:
    """Whether this is an address, with or without a name: ``Ruang Rakyat <kabar@example.org>``."""
    return not re.search(r"[\r\n]", written) and is_email(parseaddr(written)[1])


def closest(written: str, known: Iterable[str]) -> str | None:
    """The entry of a list that was probably meant; None if none is near enough."""
    found = process.extractOne(written, list(known), scorer=fuzz.ratio, processor=fold, score_cutoff=70)
    return found[0] if found else None


ANY_TEXT, PHONE = ValueKind("", text), ValueKind("telepon", _whole_phone)
YES_NO = ValueKind("ya-tidak", yes_no, (YES, NO))
#: Days of the week, listed (``Senin, Selasa``) or as a range (``Senin–Sabtu``); and one of them. Monday is 0.
SOME_WEEKDAYS, WEEKDAY = ValueKind("hari", _weekdays), ValueKind("satu-hari", _weekday, WEEKDAYS)
CLOCK, DAY = ValueKind("jam", _clock), ValueKind("tanggal", read_date)
EMAIL, LINK, WEB = ValueKind("email", _email), ValueKind("tautan", _link), ValueKind("web", _web)


def between(low: int, high: int, unit: str = r"hari(?:\s+kerja)?|menit|huruf|karakter") -> ValueKind:
    """A whole number within these bounds; its unit is ignored (``6 hari kerja``)."""

    def reads(value: Value) -> int | None:
        number: float = -1
        if isinstance(value, str):
            match = re.fullmatch(_NUMBER.format(unit), value.strip(), re.IGNORECASE)
            number = int(match[1]) if match else -1
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            number = value
        return int(number) if low <= number <= high and number == int(number) else None

    return ValueKind("angka", reads, limits={"low": low, "high": high})
