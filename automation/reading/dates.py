"""The date that a cell says: day, month, year, always in this order. Nothing is ever guessed."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache

from automation.model.affixes import ROMANS, UNITS, in_figures
from automation.model.cells import Value, date_of, serial_of
from automation.model.disclosure import normalized
from automation.model.texts import ZONE
from automation.model.vocabulary import Spelling
from automation.reading.cell_text import TEXT_MARK, clean
from automation.tables.table import names, usual_names

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)  # outside these, a year is a slip and a number no date
_FIRST_SERIAL, _LAST_SERIAL = serial_of(_FIRST), serial_of(_LAST)
_LONGEST = 60  # characters; no date is longer
_DIGITS = str.maketrans("oil", "011")
MARKS = str.maketrans("\u2019\\|_*", "'////")  # typed by telephones, or by slips
_LABEL = re.compile(r"^(?:hari\W{1,3})?(?:tgl|tanggal)(?: \w+)? ?: ?", re.IGNORECASE)
_LOOSE = re.compile(r" *([/.-])\1* *(?=[0-9])")  # ``29 /11/ 26``, ``29--11--2026``
_MOST_BESIDE, _LATELY = 3, 60  # words behind a day; days within which a weekday confirms a day and month
#: Words beside a day that make it another one, or doubt it.
_OTHERWISE = frozenset(
    names("""besok; lusa; lalu; depan; bukan; lagi; dulu; kemudian; nanti; lapangan; batal; dibatalkan; salah; ralat;
    keliru; sebelum; mungkin; kayaknya; kayanya; kyknya; keknya; kali; lupa; entah; sepertinya; ragu; apa""")
)
#: “kemarin-kemarin” is no day, “minggu kemarin” may be a week.
_OTHER_DAYS = re.compile(r"\b(k[ae]?m[ae]?r[aei]?n)(?:[2²]|[ -]+\1)(?![a-z])|^m(?:in)?gg?u? +k[ae]?m[ae]?r[aei]?n$")

_IN_ORDER = names("""januari january jan; februari february pebruari feb peb; maret march mar mrt; april apr; mei may;
    juni june jun; juli july jul; agustus august agu ags agt agust aug; september sept sep; oktober october okt oct;
    november nopember nov nop nof; desember december des dec""")
_MONTH_NAMES = frozenset(said.split()[0] for said in _IN_ORDER)  # behind “3-5” they make it two days
_MONTHS = {name: number for number, said in enumerate(_IN_ORDER, start=1) for name in said.split()}
_MONTH_FIRST = re.compile(rf"(?<![0-9] )({'|'.join(_MONTHS)}) ([0-9]{{1,2}})(?=$|,? 20)")
_MONTHS |= {one: at for at, one in enumerate(ROMANS[:12], start=1)}
_WEEK = names("""senin sen snen snn monday mon; selasa sel seloso salasa tuesday tue; rabu rab rebo wednesday wed; kamis
    kam kemis thursday thu; jumat jum jum'at jmt jemuah jemuwah jumaah jumahat friday fri; sabtu sab setu saturday sat;
    ahad ngahad akad sunday sun""")
_NUMBER_OF_WEEKDAY = {name: number for number, said in enumerate(_WEEK) for name in said.split()}
_BESIDE_DATE = {**_NUMBER_OF_WEEKDAY, "minggu": 6, "min": 6}  # where it can't be a week
_IN_BRACKETS = re.compile(rf"\((?:hari )?({'|'.join(_BESIDE_DATE)}|[0-9]{{1,2}}[/.-][0-9/.-]+)\)")
_TIME = r"(?:[ ,T]+(?:(?:pukul|pkl|jam)\.? ?)?[0-9]{1,2}[.:][0-9]{2}(?:[.:][0-9]{2})?(?:[.,][0-9]+)?(?: ?WIB)?)?"
_DAY_FIRST = re.compile(
    r"(?:(?P<weekday>[a-z']+)[ ,.]+)?(?P<day>[0-9]{1,2})"
    r"(?:(?P<mark> ?[/.,-] ?| )(?P<number>[0-9]{1,2})(?:(?P=mark)'?| ?')|[ ./-]{0,3}"
    r"(?P<name>[a-z]{3,9}|(?<![0-9])[ivx]{1,4})[ .,'/-]{0,3})"
    r"(?P<year>[0-9]{4}|[0-9]{2})" + _TIME,
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})([/.-])(?P<number>[0-9]{2})\2(?P<day>[0-9]{2})" + _TIME, re.IGNORECASE)

_PARTS = ("pagi", "siang", "sore", "malam", "subuh", "dini hari", "magrib", "isya", "asar", "zuhur")
#: What people call a day that has just been in the usual spelling: today, yesterday, the day before.
_SAID_OF = (
    "hari ini; ini hari; hari sekarang; tadi; barusan; baru; sekarang; dini hari; tadi @; mau @; @ ini; @ tadi",
    "kemarin; hari kemarin; kemarin @; @ kemarin; tadi malam; mau malam; malam tadi; semalam; @ semalam; semalam @",
    "kemarin lusa; kemarin dulu; lusa kemarin; selumbari",
)
_AGO = {
    word: days
    for days, listed in enumerate(_SAID_OF)
    for said in listed.split("; ")
    for word in {said.replace("@", part) for part in _PARTS}
}
_SPELT = usual_names("""kemarin: yesterday kemaren kmrn kmrin kmaren kmarin kmren kemarn kmarn kamari wingi kemren;
    hari: hr hri ari poe dinten dina; ini: ni nih ieu iki; malam: malem mlm mlem bengi mbengi peuting; semalam: semalem
    smalem smlm semlm smlem; tadi: td tdi wau; pagi: pg pgi isuk esuk enjing; siang: sing siank awan; sore: sre soree
    sonten; 2: rong; 3: telung tilu; 4: patang opat; sekarang: today now skrg skrang skg saiki ayeuna; baru: bru br;
    barusan: brsn; malam minggu: malming; : tgl tanggal wib yang yg bgt banget dari dr sejak pas pada abis habis dek ti
    saja aja aj thn th tahun bln bulan bada ba'da; asar: ashar; zuhur: dzuhur dhuhur lohor; magrib: maghrib; minggu:
    mgg; seminggu: sminggu; lalu: lewat yll kepungkur kapengker; jam: jm; jumat: jum'at""")
_APART = re.compile(r"(?<=[0-9])(?=(?!an\b|o)[a-z])|(?<=[a-z]{3})(?=[013-9]|2[0-9])|(?<=jam)(?=2)")
_DAYS, _FEW_HOURS = {"hari": 1, "minggu": 7, "jam": 0}, 6
#: The usual spelling of each word; months and weekdays have the first of their names.
_SAID = {one: said.split()[0] for said in (*_IN_ORDER, *_WEEK) for one in said.split()} | _SPELT
_KNOWN = {"bukan", *filter(str.isalpha, _SAID.values()), *(one for one in _MONTHS if len(one) > 4)}
_usual = Spelling(_KNOWN, _SAID, closed=True).usual
_DAYS_SAID = frozenset(("kemarin", "lusa", "hari", "semalam", "malam", *_NUMBER_OF_WEEKDAY))
_CLOCK = re.compile(
    r"(?:(?:^|,? )(?:(?:sekitar|kira(?:-kira)?) )?(?:jam|pkl|pukul) ?[0-9]{1,2}(?:[.:][0-9]{2})?(?:[ -]?an| lalu)?"
    r"|(?<=.) [0-9]{1,2}[.:][0-9]{2})(?= |$)"
    r"| banget$|\([^/]*\)"
)
_DIGIT_BY_DIGIT = re.compile(rf"\b(?:{UNITS}) (?:{UNITS})\b")  # “dua tiga hari lalu”, “dua empat sebelas”
_NEW_YEAR = re.compile(r"\b(?:tahun|thn) ?(?:baru|bru)\b")
#: Letters that were typed for digits; “ii” alone between two marks is a Roman month.
_LETTER = re.compile(r"(?<![a-z])(?!(?<=.)i+\b)[oil]+(?=[0-9/.-])|(?<=[0-9/.-])(?!(?<=\D)i+\b)[oil]+(?![a-z])")
#: The time of day that is told with the day.
_PART = re.compile(r"(?<=[0-9a-z]),? (?:pagi|siang|sore|malam|subuh)$")
_DAYS_AGO = re.compile(r"([0-9]{1,2}|se) ?(hari|minggu|jam) (?:lalu|kemarin)")
_AND_DAY = re.compile(r"(.+) ([0-9]{1,2})")
_OF_IT = r"(?: (?:pagi|siang|sore|malam|subuh|dini hari))?"
_WEEKDAY_AGO = re.compile(rf"(malam |hari )?([a-z']+){_OF_IT}(?: (minggu )?(kemarin|lalu)| (?:tadi|ini))?{_OF_IT}")
#: Behind a day of the month: another month, or another year (``tgl 21 bln kmrn``).
_OTHER_PERIOD = re.compile(r"\b(?:bulan|bln|bl|tahun|thn|th) +([a-z]+)")
_NUMBERED = re.compile(
    rf"(?:hari )?(?:(?:tgl|tanggal)\.? ?|({'|'.join(_NUMBER_OF_WEEKDAY)}),? (?:(?:tgl|tanggal)\.? ?)?)([0-9]{{1,2}})"
)
#: “minggu lalu” may be a week.
_SUNDAY = re.compile(r"(?:(?<=malam )|hari )minggu\b|^minggu(?=$| (?:kemarin )?(?:pagi|siang|sore|malam)\b| \d\d\b)")
_WITHOUT_YEAR = re.compile(
    r"(?:([a-z']+)[ ,.]+)?([0-9]{1,2})(?: ?[/., -]{1,2} ?([0-9]{1,2})|[ ./-]{0,3}([a-z]{3,9}|(?<![0-9])[ivx]{1,4})\.?)"
)


def _plain(text: str) -> str:  # without the marks of a message and of bold type, and “about”
    return _LABEL.sub("", normalized(clean(text)).strip(f"{TEXT_MARK}[]*_~\u00b1")).translate(MARKS)


@lru_cache(maxsize=4096)
def _read_text(text: str) -> date | None:
    text = _LOOSE.sub(r"\1", _plain(text))
    with suppress(ValueError, OverflowError):  # a moment elsewhere: in Greenwich's evening the next day has begun here
        if (moment := datetime.fromisoformat(text)).tzinfo is not None:
            text = f"{moment.astimezone(ZONE).date()}"
    if not (match := _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)):
        return None
    parts = match.groupdict()
    month = _MONTHS.get((parts.get("name") or "").lower(), 0) or int(parts["number"] or 0)
    year = int(parts["year"])
    try:
        day = date(year if len(parts["year"]) > 2 else _FIRST.year + year, month, int(parts["day"]))
    except ValueError:
        return None
    told = _BESIDE_DATE.get(said.lower()) if (said := parts.get("weekday")) else day.weekday()
    return day if _FIRST <= day <= _LAST and told == day.weekday() else None


@lru_cache(maxsize=1024)
def _read_relative(text: str, today: date) -> date | None:
    """The day at the beginning of a text, if the rest only says how it was (``kemarin sore, hujan``)."""
    text = _IN_BRACKETS.sub(r"\1", text.casefold())
    words = text.replace(",", " ").split()
    if _OTHER_DAYS.search(text) or any(_usual(said) in _DAYS_SAID for said in _OTHER_PERIOD.findall(text)):
        return None
    for count in range(len(words), max(0, len(words) - _MOST_BESIDE - 1), -1):
        rest, said = words[count:], text if count == len(words) else " ".join(words[:count])
        day, more = _read_words(said, today), " ".join(rest)
        other = frozenset(name for name, at in _BESIDE_DATE.items() if day and at != day.weekday())
        known = _OTHERWISE | _MONTH_NAMES | (other if any(map(str.isdigit, said)) else _DAYS_SAID)
        only_how = all(word.isalpha() and known.isdisjoint((word, _usual(word))) for word in rest)
        if day and (only_how or _read_words(more, today) == day):  # or the day is said twice: “kemarin, hari Rabu”
            return day
    return None


def _read_words(text: str, today: date) -> date | None:
    """A day relative to `today`: ``kemarin``, ``2 hari lalu``, ``Senin kemarin``; or without its year (``24 Nop``,
    ``24/11``, ``tgl 24 11``): then the last such day."""
    said = _plain(text).casefold()
    if _DIGIT_BY_DIGIT.search(said):
        return None
    said = in_figures(_LETTER.sub(lambda of: of[0].translate(_DIGITS), said))
    said = _APART.sub(" ", said.replace("jum at", "jumat"))  # as telephones correct it
    text = _CLOCK.sub("", " ".join(filter(None, (_usual(word) for word in said.rstrip(".!").split())))).strip()
    text = _MONTH_FIRST.sub(lambda of: f"{of[2]} {of[1]}", _SUNDAY.sub("ahad", text))
    if (days := _AGO.get(text)) is not None and not _NEW_YEAR.search(said):
        return today - timedelta(days=days)
    if (match := _AND_DAY.fullmatch(text)) and (days := _AGO.get(match[1])) is not None:
        return day if (day := today - timedelta(days=days)).day == int(match[2]) else None
    if (match := _DAYS_AGO.fullmatch(text)) and not said.startswith(("tgl", "tanggal")):
        number = int(match[1]) if match[1].isdigit() else 1
        return today - timedelta(days=number * _DAYS[match[2]]) if match[2] != "jam" or number <= _FEW_HOURS else None
    if (match := _WEEKDAY_AGO.fullmatch(text)) and (weekday := _NUMBER_OF_WEEKDAY.get(match[2])) is not None:
        ago = today.weekday() - weekday + (match[1] == "malam ")
        ago = ago + 7 if match[3] else ago % 7 or 7 * bool(match[4])  # “Kamis minggu lalu”
        differs = match[3] and _BESIDE_DATE["minggu"] in (weekday, today.weekday())  # with which day does a week begin?
        return None if differs else today - timedelta(days=ago)
    if match := _NUMBERED.fullmatch(_SUNDAY.sub("ahad", said)) or _NUMBERED.fullmatch(text):
        found = (today - timedelta(days=days) for days in range(31))
        weekday = _NUMBER_OF_WEEKDAY.get(match[1])
        return next((day for day in found if day.day == int(match[2]) and weekday in (None, day.weekday())), None)
    if (match := _WITHOUT_YEAR.fullmatch(text := _PART.sub("", text))) and match[1] not in _OTHERWISE | _MONTH_NAMES:
        month, told = int(match[3]) if match[3] else _MONTHS.get(match[4], 0), _read_words(match[1] or "", today)
        for year in (today.year, today.year - 1):
            with suppress(ValueError):
                if (day := date(year, month, int(match[2]))) <= today:
                    lately = (today - day).days < _LATELY and day.weekday() == _NUMBER_OF_WEEKDAY.get(match[1])
                    return day if lately or told in (None, day) else None
    return _read_text(text)


def read_date(value: Value, today: date | None = None) -> date | None:
    """The date that a cell holds: a spreadsheet's own date, or text such as ``24/11/2026``, ``24 Nov 2026``, ``Selasa,
    24 November 2026`` or ``2026-11-24``, with or without a time. None if it is not certainly a date: ``11/24/2026`` is
    none here, and a year outside 2000 to 2099 is a slip. With `today` also a day relative to that, such as ``kemarin``
    or ``24/11``."""
    if isinstance(value, str):
        if len(value) > _LONGEST:
            return None
        return _read_text(value) or (_read_relative(value, today) if today is not None else None)
    return date_of(value) if isinstance(value, (int, float)) and _FIRST_SERIAL <= value < _LAST_SERIAL + 1 else None
