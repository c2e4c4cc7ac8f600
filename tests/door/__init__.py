"""How much of what is private a summary shows, and how much of the matter: counted on complaints marked by hand.

A line is ``name|address|description``. In a description ``[…]`` is private, ``{…}`` public, ``<…>`` says the matter;
a letter tells the kind: ``[a:…]``, ``{h:…}``. `measured.txt` was written before the summary, and what it
misses there was never looked at; `working.txt` is what it was tuned on.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from automation.config.defaults import city_vocabulary, load_defaults, load_kelurahan, load_terms
from automation.model.disclosure import normalized, summary
from automation.model.places import Places
from automation.model.vocabulary import Vocabulary
from automation.tables.kendali import CATEGORIES
from tests.town import WORDS

FOLDER = Path(__file__).parent
MEASURED, WORKING = FOLDER / "measured.txt", FOLDER / "working.txt"
KINDS = {
    "private": {"n": "names", "a": "house numbers", "t": "telephones", "k": "NIK, KK", "r": "accounts", "e": "e-mail"},
    "public": {
        "g": "agencies", "j": "streets", "l": "landmarks", "o": "office-holders", "h": "hotlines, agencies' telephones",
        "c": "case numbers", "x": "coordinates", "u": "amounts", "y": "years",
    },
    "matter": {"": "words of the matter"},
}  # fmt: skip
_MARKED = re.compile(r"\[(?:([a-z]):)?([^\]]+)\]|\{([a-z]):([^}]+)\}|<([^>]+)>")
_PART = re.compile(r"[^\W_]+")
_TITLES = frozenset(
    {"pak", "bu", "ibu", "bapak", "mbok", "mbah", "mang", "wak", "kang", "mas", "bang", "si", "nek", "nenek", "haji"}
    | {"koh", "mpok", "mak", "almarhum"}
)


@dataclass(slots=True)
class Count:
    """Of each (group, kind) how many there are, and how many went wrong: private shown, public or matter hidden."""

    all: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def share(self, group: str) -> float:
        """The share of a group that went wrong."""
        kinds = [(group, kind) for kind in KINDS[group]]
        return sum(self.wrong[kind] for kind in kinds) / max(1, sum(self.all[kind] for kind in kinds))


def vocabulary() -> Vocabulary:
    """The one of a city that starts."""
    kelurahan = load_kelurahan()
    names = {name for place in kelurahan for name in (place.name, place.kecamatan)}
    places = Places(kelurahan, load_terms().places(names))
    return city_vocabulary(tuple(str(row[0]) for row in load_defaults(WORDS)[CATEGORIES]), places.names, load_terms())


def count(lines: Iterable[str], words: Vocabulary) -> Count:
    """Read the lines, summarise each description, compare. Nothing is cut off a summary here."""
    found = Count()
    for line in filter(None, map(str.strip, lines)):
        name, address, marked = line.split("|", 2)
        description = _MARKED.sub(lambda mark: _read(mark)[2], marked)
        told = summary(description, words, name, address)
        parts, shown = _parts(description), Counter(_parts(told))
        aligned = SequenceMatcher(None, parts, _parts(told), autojunk=False).get_matching_blocks()
        kept = {at for block in aligned for at in range(block.a, block.a + block.size)}
        marks = [(mark.start(), *_read(mark)) for mark in _MARKED.finditer(marked)]
        private = Counter(part for _, group, kind, text in marks if group == "private" for part in _telling(kind, text))
        for start, group, kind, text in marks:
            first = len(_parts(_MARKED.sub(lambda mark: _read(mark)[2], marked[:start])))
            if group == "private":  # of a word that stands there twice, once as a name, it counts how often it is shown
                wrong = [part for part in _telling(kind, text) if shown[part] > parts.count(part) - private[part]]
            else:
                wrong = [part for at, part in enumerate(_parts(text), first) if at not in kept]
            found.all[group, kind] += len(_parts(text)) if group == "matter" else 1
            found.wrong[group, kind] += len(wrong) if group == "matter" else bool(wrong)
            if wrong:
                found.examples.append(f"{group} {kind} {wrong}: {line} -> {told}")
    return found


def table(found: Count) -> str:
    """The counts for people, as Markdown."""
    lines = ["| | there are | missed | share |", "|---|---|---|---|"]
    says = {"private": "private, shown all the same", "public": "public, hidden", "matter": "of the matter, hidden"}
    for group, kinds in KINDS.items():
        rows = [(f"– {told}", (group, kind)) for kind, told in kinds.items()] if len(kinds) > 1 else []
        total, wrong = (sum(of[group, kind] for kind in kinds) for of in (found.all, found.wrong))
        lines.append(f"| **{says[group]}** | {total} | {wrong} | {found.share(group):.1%} |")
        lines += [f"| {told} | {found.all[key]} | {found.wrong[key]} | |" for told, key in rows if found.all[key]]
    return "\n".join(lines)


def _read(mark: re.Match[str]) -> tuple[str, str, str]:
    if mark[2]:
        return "private", mark[1] or "n", mark[2]
    return ("public", mark[3], mark[4]) if mark[4] else ("matter", "", mark[5])


def _parts(text: str) -> list[str]:
    return _PART.findall(normalized(text).lower())


def _telling(kind: str, text: str) -> list[str]:
    """The parts of what is private that tell whose it is: of a name no title, of numbers the digits."""
    parts = [part for part in _parts(text) if part not in _TITLES]
    if kind in ("a", "t", "k", "r"):
        return [part for part in parts if any(map(str.isdigit, part))]
    return [part for part in parts if kind == "n" or len(part) > 2]
