"""Keeping personal data out of mails: telephone numbers, NIK and addresses of e-mail, also inside free text.

What is masked: `0812••••7890`. What must stay readable: ticket numbers, dates, amounts of money, house numbers.
"""

from __future__ import annotations

import re

DOT = "•"
_HIDDEN = DOT * 4
_SHOWN = 4  # digits at either end of a number
_NIK_DIGITS = 16
_FEWEST_DIGITS = 7
_FEWEST_WITH_CODE = 9  # digits of a number that begins with its area or its country
_MOST_DIGITS = 15  # of a telephone number (ITU-T E.164)

_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@[\w-]+(?:\.[\w-]+)+")
_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_BIRTHDAY = r"(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])[ .-]?(?:0[1-9]|1[0-2])"  # of women, day + 40
#: 16 digits in one piece; in groups that stand alone; or, beside other numbers, in groups that make sense as a NIK:
#: province, regency, district, day, month and year of birth, serial number.
_NIK = re.compile(
    r"(?<![0-9])[0-9]{16}(?![0-9])"
    rf"|(?<![0-9+/])(?<![0-9][ .-]){_PROVINCE}(?:[ .-]?[0-9]){{14}}(?![ .-]?[0-9])"
    rf"|(?<![0-9]){_PROVINCE}(?:[ .-]?[0-9]{{2}}){{2}}[ .-]?{_BIRTHDAY}(?:[ .-]?[0-9]{{2}}){{3}}(?![0-9])"
)
_SIXTEEN = re.compile(r"[0-9](?:[ .-]?[0-9]){15}")  # cheap to look for, and rarely found
_GAP = r"[ ().\u2011\u2013-]{0,3}"
_SEVEN = re.compile(rf"[0-9](?:{_GAP}[0-9]){{6}}")
_YEAR = r"(?:19|20)[0-9]{2}"
_LEFT = "|".join(
    (
        r"RR-[0-9]{6}-[0-9]{4,9}-[0-9](?![0-9])",  # a ticket
        rf"(?<![0-9])[0-3]?[0-9]/[01]?[0-9]/{_YEAR}(?![0-9])",  # a date
        rf"(?<![0-9])[0-3]?[0-9]([.-])[01]?[0-9]\2{_YEAR}(?![ .-]?[0-9]{{3}}|[.-]?[0-9])",
        rf"(?<![0-9]){_YEAR}[/-][01][0-9][/-][0-3][0-9](?![ .-]?[0-9]{{3}}|[.-]?[0-9])",
        rf"(?<![0-9]){_YEAR} ?[/\u2011\u2013-] ?{_YEAR}(?![ .-]?[0-9])",  # a span of years
        r"(?:Rp|IDR)[. ]{0,2}[1-9][0-9]{0,14}(?:[.,][0-9]{3})*(?![0-9])",  # money
        r"(?<![0-9])[1-9][0-9.]{0,12}(?= ?(?:rupiah|ribu|rb|juta|jt|miliar|milyar)\b)",
    )
)
_NUMBER = re.compile(
    rf"(?=[0-9+(RI])(?:(?P<left>{_LEFT})|\+?\(?[0-9](?:{_GAP}[0-9]){{{_FEWEST_DIGITS - 1},}})", re.IGNORECASE
)
_FEWEST_THOUSANDS = 11  # digits, from which 62.812.345.678 is a number to call and not an amount
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_LOCAL = re.compile(r"[0-9]{3,4}[.\u2011\u2013-][0-9]{3,4}")
_DIGIT = re.compile(r"[0-9]")
_NO_DIGIT = re.compile(r"[^0-9]+")


def has_nik(text: str) -> bool:
    """Whether a NIK stands in the text: 16 digits, in one piece or in groups."""
    return len(text) >= _NIK_DIGITS and _SIXTEEN.search(text) is not None and _NIK.search(text) is not None


def mask_phone(number: str) -> str:
    """``+6281234567890`` and ``0812-3456-7890`` → ``0812••••7890``; at least four digits are always hidden."""
    digits = _NO_DIGIT.sub("", number).removeprefix("00" if number.startswith("0062") else "")
    sign = ""
    if digits.startswith("62") and len(digits) >= _FEWEST_WITH_CODE:
        digits = "0" + digits[2:].removeprefix("0")
    elif number.startswith("+"):
        sign = "+"
    elif digits.startswith("8") and len(digits) >= _FEWEST_WITH_CODE:
        digits = "0" + digits
    shown = min(len(digits) - len(_HIDDEN), 2 * _SHOWN)
    if shown <= 0:
        return _HIDDEN
    tail = shown // 2
    return f"{sign}{digits[: shown - tail]}{_HIDDEN}{digits[-tail:] if tail else ''}"


def mask_text(text: str) -> str:
    """`text` without telephone numbers, NIK and addresses of e-mail, however they were written."""
    if "@" in text:
        text = _EMAIL.sub(rf"\1{DOT * 3}@{DOT * 3}", text)
    if _SEVEN.search(text):
        text = _NUMBER.sub(_masked, text)
    return text


def summary(description: str, limit: int) -> str:
    """A description on one line of at most `limit` characters, masked, cut between words."""
    return shorten(mask_text(" ".join(description.split())), limit)


def shorten(text: str, limit: int) -> str:
    """`text`, or as much of it as fits into `limit` characters with an ellipsis: whole words, if the last one that is
    left out is no longer than a third of it."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    gap = cut.rfind(" ")
    if text[limit - 1] != " " and gap > limit * 2 // 3:
        cut = cut[:gap]
    return cut.rstrip(" ,;:.-\u2013\u2014(") + "…"


def _masked(match: re.Match[str]) -> str:
    run = match[0]
    if match["left"]:
        return run
    groups = [group for group in _NO_DIGIT.split(run) if group]
    digits = "".join(groups)
    if len(digits) > _MOST_DIGITS:
        return _DIGIT.sub(DOT, run)
    return mask_phone(run.lstrip("(")) if _is_phone(run, groups, digits) else run


def _is_phone(run: str, groups: list[str], digits: str) -> bool:
    """Whether a run of seven digits or more is a number to call; when in doubt it is."""
    if run.startswith("+") or digits.startswith("0062"):
        return True
    if _THOUSANDS.fullmatch(run):
        return digits.startswith("628") and len(digits) >= _FEWEST_THOUSANDS
    with_code = len(digits) >= _FEWEST_WITH_CODE and digits.startswith(("0", "62", "8"))
    rt_rw = digits.startswith("00")  # one after the other
    return max(map(len, groups)) >= _FEWEST_DIGITS or (not rt_rw and (with_code or _LOCAL.fullmatch(run) is not None))
