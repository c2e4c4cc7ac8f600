"""Numbers as people write them, or as spreadsheets changed them: telephones; RT and RW, the two smallest units of a
neighbourhood, which spreadsheets turn into dates."""

import re
from contextlib import suppress
from functools import lru_cache

import phonenumbers
from msgspec import Struct
from phonenumbers import PhoneNumber, PhoneNumberType

from automation.model.affixes import ROMANS, in_figures
from automation.model.cells import Value
from automation.model.complaint import Code
from automation.model.disclosure import normalized
from automation.reading.cell_text import TEXT_MARK, line_of
from automation.reading.dates import MARKS, read_date

_LONGEST = 200  # characters of a cell that are still a telephone number or two
_MOST_EXACT = 1e15  # a spreadsheet keeps 15 digits of a number
_MOST_DIGITS, _FEWEST_DIGITS = 15, 7  # at most: ITU-T E.164
_FEWEST_WITH_CODE = 10  # from so many digits on, a leading 62 is the country and not an area in the north
_NOTE = 5  # fewer digits beside a number are a note ("anak ke-2"), not another number

_RUN = re.compile(r"\+?\(?[0-9](?:[ ().-]{0,4}[0-9])*")
#: A date, and the time before a message copied from WhatsApp: both would pass for numbers. `_CUT_SHORT`: a number with
#: hidden digits, a letter among them, two ends, or of which people are not sure: it may be somebody else's.
_STAMP = re.compile(
    r"(?<![0-9.-])[0-3]?[0-9]([/.-])[01]?[0-9]\1(?:(?:19|20)[0-9]{2}(?![0-9-])|[0-9]{2}(?=,? [0-9]{1,2}[.:]))"
    r"(?:,? [0-9]{1,2}[.:][0-9]{2}(?:[.:][0-9]{2})?\b)?"
)
_GROUPED = re.compile(r"\b(0?8[0-9]{2})([^\w\s?]|_)([0-9]{3,4})\2([0-9]{3,5})\b")
_CUT_SHORT = re.compile(
    r"\d(?:[ -]?[xX*?]{2}|[A-Za-z]\d|[\d .-]{5,}(?:[xX?](?![A-Za-z])|(?:\.\.|--|__)\W*$))"
    r"|\b0?8[\d .-]{7,}(?:[/(]|atau) ?\d{1,4}(?![\d .-]*\d)|(?i:\b(?:kurang|lengkap|salah|bukan(?! wa)|lupa)\b)"
)
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_FRACTION = re.compile(r"^([0-9]+)\.0+$")
_LETTERS, _DIGITS = re.compile(r"(?<![A-Za-z])[OoIil]+(?![A-Za-z])"), str.maketrans("OoIil", "00111")
_GAP, _NOT_SPOKEN = re.compile(r"[ .-]+"), re.compile("[0-9]|puluh")  # “dua puluh satu” may be 21, or 20 and 1
_NO_MARKS = str.maketrans("", "", "+() .-")

#: The city's area code, and a landline's number without it; one that begins with 8 may be half a mobile number.
_AREA, _LANDLINE = "21", re.compile(r"[2-79][0-9]{6,7}")
#: Most numbers are mobile: the library's pattern for them (a test compares the two) saves its ten other checks.
_MOBILE, _SHORTEST_MOBILE = re.compile(r"8[1-35-9][0-9]{7,10}"), 9
#: Most of those are typed like this, and each is different, so that no cache would help.
_PLAIN = re.compile(rf"0({_MOBILE.pattern})")
_MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_PERSONAL = (*_MOBILES, PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP)


class Phones(Struct, frozen=True):
    """The numbers in a cell (E.164, in the order written, each once), and what is wrong with it."""

    numbers: tuple[str, ...] = ()
    faults: tuple[Code, ...] = ()


_INVALID = Phones(faults=(Code.PHONE_INVALID,))
_LOST = Phones(faults=(Code.PHONE_LOST,))


def read_phones(value: Value) -> Phones:
    """The telephone numbers in a cell. A leading zero that a spreadsheet dropped is put back, words beside a number are
    ignored, a landline number without an area code is the city's; service numbers (112, 0800…) are invalid."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return _INVALID
    if isinstance(value, float) and abs(value) >= _MOST_EXACT:
        return _LOST
    text = line_of(value)
    if plain := _PLAIN.fullmatch(text):
        return Phones((f"+62{plain[1]}",))
    if not text:
        return Phones()
    text = normalized(text if _NOT_SPOKEN.search(text) else in_figures(text.casefold()))
    if _SCIENTIFIC.fullmatch(text):
        return _LOST
    text = _LETTERS.sub(lambda letters: letters[0].translate(_DIGITS), _FRACTION.sub(r"\1", text))
    return _INVALID if _CUT_SHORT.search(text) else _weigh(_RUN.findall(_GROUPED.sub(r"\1\3\4", _STAMP.sub("", text))))


def is_mobile(number: str) -> bool:
    """Whether a number (E.164) is a mobile one, at which somebody may have WhatsApp."""
    if number.startswith("+62"):
        return _MOBILE.fullmatch(number[3:]) is not None
    return phonenumbers.number_type(phonenumbers.parse(number)) in _MOBILES


def national(number: str) -> str:
    """A number (E.164) as people here write it: ``0812-0000-1021``, ``(021) 5512345``; a foreign one with its code."""
    if number.startswith("+62") and _MOBILE.fullmatch(digits := number[3:]):  # the same form as the library's
        middle = 6 if len(digits) == _SHORTEST_MOBILE else 7
        return f"0{digits[:3]}-{digits[3:middle]}-{digits[middle:]}"
    known = phonenumbers.parse(number)
    here = phonenumbers.PhoneNumberFormat.NATIONAL
    style = here if known.country_code == 62 else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(known, style)


def _weigh(runs: list[str]) -> Phones:
    """Judge the runs of digits in a cell: each is a number, two numbers, or a note."""
    if len(runs) > 1:
        runs = [run for run in runs if len(run.translate(_NO_MARKS)) >= _NOTE]
    found = [((number,) if (number := _e164(run)) else _halves(run)) for run in runs]
    numbers = tuple(dict.fromkeys(number for several in found for number in several))
    faults = {
        Code.PHONE_INVALID: not all(found) or not found,
        Code.PHONE_TWO: len(numbers) > 1,
        Code.PHONE_FOREIGN: not all(number.startswith("+62") for number in numbers),
    }
    return Phones(numbers, tuple(code for code, holds in faults.items() if holds))


def _halves(run: str) -> tuple[str, ...]:
    """Two numbers with nothing but a space or a dash between them; empty if there are none."""
    parted = ((_e164(run[: gap.start()]), _e164(run[gap.end() :])) for gap in _GAP.finditer(run))
    return next(((first, second) for first, second in parted if first and second), ())


def _e164(run: str) -> str | None:
    digits = run.translate(_NO_MARKS)
    plus = "+" in run
    if digits.startswith("0062"):
        digits, plus = digits[2:], True
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return None
    if plus and not digits.startswith("62"):
        with suppress(phonenumbers.NumberParseException):
            return f"+{digits}" if phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}")) else None
        return None
    if plus or (digits.startswith("62") and len(digits) >= _FEWEST_WITH_CODE):
        digits = digits[2:]
    elif _LANDLINE.fullmatch(digits):
        digits = f"{_AREA}{digits}"
    national = digits.removeprefix("0")
    if national.startswith("0"):
        return None
    if _MOBILE.fullmatch(national):
        return f"+62{national}"
    number = PhoneNumber(country_code=62, national_number=int(national))
    return f"+62{national}" if phonenumbers.number_type(number) in _PERSONAL else None


# RT and RW


_LONGEST_RT_RW = 40  # characters
_BETWEEN = r"(?:[ ./,;:&=()-]|\bke\b|\bdan\b){0,6}"
#: What may follow RT and RW.
_TAIL = r"\.?(?:[ ,;(/-]+(?:(?:no|nomor|nmr|blok)\b.*|(?!r[tw]\b)[^0-9]*))?"
_RT_FIRST = re.compile(
    rf"(?:rt{_BETWEEN}rw{_BETWEEN}|rt?{_BETWEEN})?(?P<rt>[0-9]{{1,4}})"
    rf"(?:[ .]?[/,;:.-][ .]?|{_BETWEEN}r?w{_BETWEEN}| )(?P<rw>[0-9]{{1,4}}){_TAIL}"
)
_RW_FIRST = re.compile(rf"rw{_BETWEEN}(?P<rw>[0-9]{{1,4}}){_BETWEEN}rt{_BETWEEN}(?P<rt>[0-9]{{1,4}}){_TAIL}")
_ONE = re.compile(rf"(?P<which>rt|rw){_BETWEEN}(?P<number>[0-9]{{1,3}}){_TAIL}")
_UNIT = re.compile(r"(?:^(?:se|di|warga|sekitar) ?)?\br[ .]?([tw])(?:\.|\1)*(?=[^a-z]|$)")
_SPOKEN = re.compile(r"\b(?:er ?|rukun )([tw])(?:e|etangga|arga)\b")
#: Before a unit: who lives there, or where it is (``pak rt 3``, ``kp bulak rt 3/7``).
_BESIDE_UNIT = re.compile(r"^(?:pak?|i?bu|kp|gg|gang|jln?|perum|blok|kel)\b[a-z .']*[ ,.]+(?=r[tw][ .:]*[0-9])")
#: A part that nobody knows: ``rt 3 rw ?``.
_NOT_KNOWN = re.compile(
    r"(?!rt[ ./]*rw[ .:/=]*[0-9])\br[tw][ .:/=-]*(?:\?+|-+(?! ?[0-9])|"
    r"(?:ga|gak|g|tidak|tdk|ngga|nggak|blm|belum|lupa|kurang|kosong|entah|be?ra?pa?|xx+)\b[^0-9]*?(?=r[tw]|$)|(?=r[tw]|$))"
    r"|[?-]+(?= ?/)|(?<=/)[?-]+$|(?<=[^ ]) ?\((?!.*r[tw]).*\)$"
)
_LETTER = re.compile(r"(?<![a-suvx-z])[oil]+(?=[0-9])|(?<=[0-9])[oil]+(?![a-qs-z])")
_ROMAN = re.compile(rf"(?:(?<=r[tw])|(?<=r[tw][ .])|(?<=/)|^)(?:{'|'.join(ROMANS[:9])})(?=$|[ /.,-])")  # x: unknown
#: One of the two in the form in which it is kept.
_HALF = re.compile(r"0*([1-9][0-9]{0,2}) ?/|/ ?0*([1-9][0-9]{0,2})")
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}[ -][a-z]{3,9}|[a-z]{3,9}[ -][0-9]{1,2}", re.IGNORECASE)
_HIGHEST = 999
_NEVER_RT_RW = range(1000, 80_000)  # serials of the dates from 1902 to 2119


class NotRtRw(Struct, frozen=True):
    """A cell that doesn't say RT and RW. If a spreadsheet may have turned it into a date, it is `dated`; `likely` is
    what the volunteer probably typed, if the date still shows it."""

    dated: bool = False
    likely: str = ""


@lru_cache(maxsize=16384, typed=True)
def read_rt_rw(value: Value) -> str | NotRtRw:
    """RT and RW as ``003/007``; one of them alone as ``003/`` or ``/007``; empty if the cell is."""
    if isinstance(value, str) and len(value) > _LONGEST_RT_RW:
        return NotRtRw()
    text = normalized(line_of(value)).lstrip(TEXT_MARK)
    if not text:
        return ""
    if (day := read_date(value)) is not None:
        return NotRtRw(dated=True, likely=f"{day.day:03}/{day.month:03}")
    if not isinstance(value, str):
        return NotRtRw(dated=value in _NEVER_RT_RW)
    text = _LETTER.sub(lambda letters: letters[0].translate(_DIGITS), in_figures(text.casefold()))
    text = _UNIT.sub(r"r\1", _SPOKEN.sub(r"r\1 ", text.translate(MARKS)))
    text = _ROMAN.sub(lambda said: f"{ROMANS.index(said[0]) + 1}", _BESIDE_UNIT.sub("", text))
    said, text = text, _NOT_KNOWN.sub("", text).strip(" .,;-()[]")
    if not text.strip("/"):
        return "" if set(said) - set("rtw ./-") else NotRtRw()
    if match := _RT_FIRST.fullmatch(text) or _RW_FIRST.fullmatch(text):
        rt, rw = int(match["rt"]), int(match["rw"])
        return f"{rt:03}/{rw:03}" if 0 < rt <= _HIGHEST and 0 < rw <= _HIGHEST else NotRtRw()
    if match := _HALF.fullmatch(text):
        return f"{int(match[1]):03}/" if match[1] else f"/{int(match[2]):03}"
    if (match := _ONE.fullmatch(text)) and (number := int(match["number"])):
        return f"{number:03}/" if match["which"] == "rt" else f"/{number:03}"
    return NotRtRw(dated=_DAY_AND_MONTH.fullmatch(text) is not None)
