"""The only way out of a row for what people type.

A description is told as a short summary: a word is shown if it is in the vocabulary, a number if it is of a public kind
(a hotline, a case, a coordinate, an amount, a year); all else becomes an ellipsis. So a name need not be known to stay
inside. Words of the vocabulary that are also names have additional rules.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import accumulate

from automation.model.affixes import UNITS, in_figures
from automation.model.description import GAP, HIDDEN, PUBLIC, RUN, Description
from automation.model.vocabulary import Vocabulary

_NIK_DIGITS = 16
_FEWEST_DIGITS = 7  # of a telephone number

_MAIL = r"(?<![\w.+-])[\w.+-]+ ?(?:@|[(\[] ?at ?[)\]]) ?[\w-]+(?: ?\. ?[\w-]+)*|@\w+|(?:https?://|www\.)\S+"
_SPOKEN = f"(?:nol|kosong|{UNITS.removeprefix('se|')})"
_MAIL += rf"|\b(?:\d[ ,.-]+)?{_SPOKEN}(?:[ ,.-]+(?:{_SPOKEN}|\d+)\b){{4,}}"  # a telephone in words
_MAIL += r"|\[\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? [\d.:]{4,8}\](?: [^:\[\]]{1,40}:)?"  # sender and time in WhatsApp
_ADDRESS = re.compile(_MAIL, re.IGNORECASE)
#: A cheap search, which rarely finds anything.
_HAS_ADDRESS = re.compile(rf"@|[(\[] ?at ?[)\]]|://|www\.|\[\d|\b{_SPOKEN}[ ,.-]+(?:{_SPOKEN}|\d)", re.IGNORECASE)
_NOT_PLAIN = re.compile(rf"[0-9]|{_HAS_ADDRESS.pattern}", re.IGNORECASE)
_SIXTEEN = re.compile(rf"[0-9](?:[\W_]{{0,4}}[0-9]){{{_NIK_DIGITS - 1}}}")
_CONTACT = re.compile(rf"(?P<public>{PUBLIC})|{_MAIL}|(?P<number>\+?{RUN})", re.IGNORECASE)
_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_NIK_ALONE = re.compile(rf"{_PROVINCE}\d{{14}}")
#: Province, regency, district; day (of women + 40), month and year of birth; serial number.
_NIK = re.compile(rf"{_PROVINCE}\d{{4}}(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{{6}}")
_WORD = re.compile(r"[^\W\d_]+")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"), "-")
_UNSEEN = frozenset(("Cf", "Cc", "Cs", "Co", "Cn", "Mn"))


def normalized(text: str) -> str:
    """`text` as it is compared: NFKC, digits of every script as ASCII, one kind of dash, no invisible characters."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    seen = (char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in seen)


def has_nik(text: str) -> bool:
    """Whether the text contains a NIK: 16 digits in a row, whatever is between them, even in words, that begin with a
    province; beside other numbers, they must also contain a birthday."""
    plain = normalized(text)
    if "nol" in (low := plain.lower()) or "kosong" in low:  # hardly any NIK does without
        plain = in_figures(low)
    return _SIXTEEN.search(plain) is not None and any(map(_holds_nik, re.findall(RUN, plain)))


def _holds_nik(run: str) -> bool:
    groups = re.findall(r"\d+", run)
    if len("".join(groups)) == _NIK_DIGITS:
        return _NIK_ALONE.fullmatch("".join(groups)) is not None
    joined = (digits for at in range(len(groups)) for digits in accumulate(groups[at : at + _NIK_DIGITS]))
    return any(len(digits) == _NIK_DIGITS and _NIK.fullmatch(digits) for digits in joined)


def without_contacts(text: str) -> str:
    """`text` that is no description (a file name, an error), without anything that may be a telephone number, an
    account, a NIK or an e-mail address."""

    def shown(found: re.Match[str]) -> str:
        short = found["number"] is not None and sum(map(str.isdigit, found["number"])) < _FEWEST_DIGITS
        return found[0] if found["public"] or short else GAP

    return _CONTACT.sub(shown, normalized(text))


def shorten(text: str, limit: int) -> str:
    """`text`, or as much of it as fits into `limit` characters with an ellipsis: whole words, unless that would drop a
    word longer than a third of `limit`."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    gap = cut.rfind(" ")
    if text[limit - 1] != " " and gap > limit * 2 // 3:
        cut = cut[:gap]
    return cut.rstrip(f" ,;:.-\u2013\u2014({GAP}") + GAP


def summary(text: str, vocabulary: Vocabulary, name: str, address: str, *, whole: bool = False) -> str:
    """What a description says of the matter, on one line, from where the matter begins (or `whole`); without the
    reporter's own `name`, and without numbers of the `address`."""
    plain = " ".join(normalized(text).split())
    own, words = _own(name, vocabulary), _WORD.findall(plain.lower())
    if not words:
        return GAP if plain else ""
    sure = vocabulary.all_sure(words, own) and _NOT_PLAIN.search(plain) is None
    if sure and (whole or words[0] not in vocabulary.sections["pembuka"]):
        return plain
    if _HAS_ADDRESS.search(plain):
        plain = _ADDRESS.sub(HIDDEN, plain)
    read = Description(plain, vocabulary, own, set(re.findall(r"\d+|[^\W\d_]+", normalized(address).lower())))
    read.judge()
    return read.told(from_matter=not whole)


def title(text: str, vocabulary: Vocabulary, name: str) -> str:
    """What somebody has written for others to read, without contacts and the reporter's own `name`."""
    own = _own(name, vocabulary)
    read = Description(" ".join(without_contacts(text).split()), vocabulary, own, set())
    for token in read.tokens:
        token.shown = token.text.lower() not in own
    return read.told(from_matter=False)


def known_names(text: str, helpers: Iterable[str], vocabulary: Vocabulary) -> str:
    """The names in a cell that stand in a list, whole or in part: “Pak Hendra” is Hendra Saputra there."""
    known = [set(_WORD.findall(helper.lower())) for helper in helpers]
    named = (part.strip() for part in re.split(r"[,;/&+\n]| dan ", text))
    told = {part: set(_WORD.findall(part.lower())) - vocabulary.sections["sapaan"] for part in named}
    return ", ".join(part for part, words in told.items() if words and any(words <= name for name in known))


def _own(name: str, vocabulary: Vocabulary) -> set[str]:
    """The words of a name, without titles unless there is nothing else."""
    words = {word for word in _WORD.findall(normalized(name).lower()) if len(word) > 2}
    return words - vocabulary.titles or words
