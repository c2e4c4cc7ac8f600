"""How words are made from others, and how people type them, and say numbers, who never write a letter."""

import re
from collections.abc import Callable, Iterator, Sequence, Set as AbstractSet
from itertools import pairwise

_STEM = 4  # letters, at least, of a word from which another may be derived; one less before “nya” (``gotnya``)
_PREFIXES = (
    *("", "di", "ke", "se", "ber", "be", "ter", "te", "per", "memper", "diper", "pe", "mem", "men", "meng", "meny"),
    *("me", "pem", "pen", "peng", "peny", "nge", "ng", "ny"),
)
_SHORTEST = 5  # letters of a word that may be written otherwise in books
#: The street's beginnings and endings: ``kebakar``, ``kebobol``, ``belumpur``, ``nular``, ``dirapiin``, ``gotna``.
_AS_IN_BOOKS = [(re.compile(said), whole) for said, whole in (
    *(("^ke", "ter"), ("^(ke.*)$", r"\1an"), ("^ke", "di"), ("^be(?!r)", "ber"), ("^nge", "me"), ("^(?=[mn])", "me")),
    *(("^(?=[aiueo])", "h"), ("in$", "kan"), ("e$", "ai"), ("o$", "au"), ("x", "ks"), ("^ka", "ke"), ("keun$", "kan")),
    *(("e(?=[^aiueo]$)", "a"), ("o(?=[^aiueo]$)", "u"), ("g$", "k")),  # ``padem``, ``penoh``, ``jeblog``
    *(("n([ae])$", r"\1n"), ("(?:n(?:y[ae]?h?|[ae])|x)$", ""), ("(?<=[^aiueo])e$", "")),  # ``gotnye``, ``obate``
)]  # fmt: skip
#: The first letters of a word that a prefix replaces.
_SWALLOWED = {"men": "t", "pen": "t", "mem": "p", "pem": "p", "meng": "k", "peng": "k", "ng": "k"}
_SWALLOWED |= {"meny": "s", "peny": "s", "ny": "sc"}
_SUFFIXES = ("", "nya", "kan", "in", "an", "i", "lah", "kah", "pun", "ku", "mu", "annya", "kannya", "innya", "inya")
_UNIT, _DI = re.compile(r"\b(?:rt|rw)[ .:/]*\d+"), re.compile(r"\bdi ([a-z]{3,})")  # ``di pukul``
_TOWARDS = re.compile(r"\b(jalan|jl|jln|jalanan|akses|gang|gg|jembatan) ke\b")  # what follows is only its place
_NUMERALS = re.findall(r"\w+", "se satu dua tiga empat lima enam tujuh delapan lapan sembilan")
_FIGURES = dict(zip(_NUMERALS, map(int, "11234567889"), strict=True))
UNITS = "|".join(_FIGURES)
#: Roman numbers from 1 on, as far as streets and months have them.
ROMANS = re.findall(r"\w+", "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx")
_SPOKEN = re.compile(rf"\b(dua ribu )?(?:({UNITS}) ?(?:(belas)|puluh(?:(?<!sepuluh) ({UNITS}))?)|(?!se\b)({UNITS}))\b")
_NOUGHTS = re.compile(r"\b(?:(?:nol|kosong) )+(?=[0-9])|(?<=[0-9])(?: nol)+\b")
_TWICE = re.compile(r"\b([^\W\d_]{3,})[2²](?=an\b)")  # ``ugal2an``


def stems(word: str) -> Iterator[str]:
    """The words that a word may be derived from, by the language's affixes."""
    prefixes = [prefix for prefix in _PREFIXES if word.startswith(prefix)]
    for suffix in filter(word.endswith, _SUFFIXES):
        for prefix in prefixes:
            stem = word[len(prefix) : len(word) - len(suffix)]
            found = (stem, *(letter + stem for letter in _SWALLOWED.get(prefix, "")))
            yield from (one for one in found if len(one) >= _STEM - (suffix == "nya" and not prefix))


def as_in_books(word: str) -> Iterator[str]:
    """The words that a word of the street may stand for, and itself."""
    return (said.sub(whole, word) for said, whole in _AS_IN_BOOKS if len(word) >= _SHORTEST)


def as_words(text: str, listed: AbstractSet[str]) -> str:
    """A text in small letters without RT and RW, in which a word that was typed as two is one if that is `listed`."""
    text = _TWICE.sub(r"\1 \1", _TOWARDS.sub(r"\1 arah", _UNIT.sub(" ", text)))
    return _DI.sub(lambda of: of[0] if listed.isdisjoint(as_in_books(whole := f"di{of[1]}")) else whole, text)


def in_figures(text: str) -> str:
    """Numbers that are spoken, in figures: ``dua puluh tiga`` is ``23``, ``nol lima`` ``05``, ``dua tiga`` ``2 3``."""

    def figures(said: re.Match[str]) -> str:
        year, tens, teen, ones, unit = said.groups()
        first = _FIGURES[unit or tens]
        number = first if unit else first + 10 if teen else first * 10 + _FIGURES.get(ones, 0)
        return f"{2000 * bool(year) + number}"

    return _NOUGHTS.sub(lambda said: "0" * len(said[0].split()), _SPOKEN.sub(figures, text))


def without_place(words: Sequence[str], ends: AbstractSet[str], knows: Callable[[str], bool]) -> Sequence[str]:
    """The words before one of `ends`, or before the name of a street: “jalan” and a word that nobody `knows`."""
    pairs = enumerate(pairwise([*words, "jalan"]))
    stops = (at for at, (one, after) in pairs if at and (one in ends or (one == "jalan" and not knows(after))))
    return words[: next(stops, len(words))]
