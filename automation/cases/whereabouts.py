"""The places that a text names: streets, landmarks, whose house it is; and whether two names are the same."""

import re
from collections.abc import Iterable, Sequence, Set as AbstractSet
from functools import lru_cache
from itertools import pairwise, takewhile
from operator import ne
from typing import Any, NamedTuple

from automation.model.affixes import ROMANS
from automation.model.places import Kelurahan
from automation.model.terms import Terms
from automation.model.vocabulary import Vocabulary, bare, shortens
from automation.tables.table import names, usual_names

_BLOCK = re.compile(r"\b(?:(?:blok|blk) (?=[a-z])|km (?=[0-9]))([a-z]{1,2}(?=[ 0-9]|$)|[0-9]{1,3}\b)")
_NUMBER = re.compile(r"\bno ([0-9]{1,3})\b")
_TWICE = re.compile(r"(.)\1+")
_LANES = ("gang", "gg")  # between a name and its number: “kutilang gg 3”
_HOUSE = names("no; nomor; nomer; nmr; blok; blk")  # what follows is the house's
#: What tells two places of one name apart.
_PARTS = {word: str(at) for at, word in enumerate(names("satu; dua; tiga; empat; lima"), start=1)}
_PARTS |= {word: str(at) for at, word in enumerate(ROMANS, start=1)}
_PARTS |= {side: side for side in names("utara; selatan; timur; barat; baru; lama; tengah; atas; bawah; dalam; luar")}
_ALIKE = [said.split() for said in names("sy s; sh s; kh k; dh d; th t; dj j; tj c; oe u; z s; f p; v p; q k")]
_ARTICLE = re.compile(r"^a(?:([dnrstz])(?=\1)|l(?=[a-z]{3}))")  # as it is written with the name
_LISTS = names("jalan; tempat; dekat; sebutan; orang; tanpa arti; awal nama; bernama")
_SHORT, _LONGEST_NAME = 2, 3  # so few letters alone tell nothing; words of a name
_SHORT_WORDS = "dgkny"  # “di”, “nggak”, “ke”, “dan”, “ya”: “jalan d depan pasar”
_AS_CITY = ("~",)  # stands for the name of a place that is named after its kelurahan
#: The kinds of landmarks, each with its other names.
_KINDS = usual_names("""
    masjid: mesjid musola musolla musala mushola musholla mushalla surau langgar; makam: kubur kuburan tpu pemakaman;
    pos: poskamling pos_kamling pos_ronda gardu_ronda pos_hansip; putaran: puteran u_turn putar_balik puter_balik;
    perempatan: simpang prapatan lampu_merah; flyover: fly_over jembatan_layang; tikungan: pengkolan belokan; smp: smpn;
    situ: danau setu telaga; toko: tb toko_bangunan; rs: rsud rumah_sakit; kontrakan: kosan kos; sekolah: sekolahan;
    stasiun: setasiun; spbu: pom_bensin; indomaret: indo; warung: warteg; alfamart: alfa; puskesmas: pkm; lapangan: lap;
    apotek: apotik; kali: sungai; sma: sman; smk: smkn; mall: mol mal; sd: sdn; rusun: rusunawa; bundaran: bunderan;
    pabrik: konveksi garmen
""")
_TWO_WORDS = re.compile(rf"\b(?:{'|'.join(said.replace('_', ' ') for said in _KINDS if '_' in said)})\b")
#: Thousands of complaints tell of few things and places: equal sets are kept once.
kept = lru_cache(maxsize=4096)(frozenset[Any])


class Name(NamedTuple):
    """The name of a street or landmark: its kind, its words, and the part that tells two of one name apart."""

    kind: str
    words: Sequence[str]
    part: str

    def heard_in(self, sounds: AbstractSet[str], names: AbstractSet[str]) -> bool:
        """Whether a text has one of its words, or all of them typed as one or short: ``gatsu``."""
        if not sounds.isdisjoint(self.words) or bare("".join(self.words)) in sounds:
            return True
        return len(self.words) > 1 and any(len(word) > _SHORT and _made_of(word, self.words) for word in names)


class NamedPlaces(NamedTuple):
    """What a text names: streets, landmarks, people, kinds of landmarks, and what something is near (`spots`)."""

    streets: frozenset[Name]
    landmarks: frozenset[Name]
    people: frozenset[str]
    kinds: frozenset[str]
    spots: frozenset[str]
    blocks: frozenset[str]
    numbers: frozenset[str]  # of houses


class Reader:
    """Reads the names in complaints of one kelurahan; the name of that kelurahan itself says nothing."""

    def __init__(self, terms: Terms, vocabulary: Vocabulary, place: Kelurahan | None) -> None:
        called = (place.name.casefold(), place.kecamatan.casefold()) if place is not None else ()
        whole = (word for name in called for word in (*name.split(), name.replace(" ", "")))
        short = (one[:3] + other[:cut] for name in called for one, other in pairwise(name.split()) for cut in (3, 4))
        self.city = frozenset((*whole, *(word for word in short if not vocabulary.has(word))))  # ``karteng``
        self._terms, self._vocabulary, sections = terms, vocabulary, vocabulary.sections
        lists = [sections[f"bandingan {name}"] for name in _LISTS]
        self._streets, self._landmarks, self._near, titles, self._people, idle, self._heads, self._named = lists
        self._titles, self._sided = titles | sections["sebutan jalan"], sections["bandingan bersisi"]
        self._no_more = self._near | self._streets | {"rt", "rw", *_HOUSE}
        self._no_place = idle | self.city | self._no_more
        #: Words that say nothing about what is wrong.
        self.idle, self._no_name = idle | self.city, idle | self.city | vocabulary.states

    def place(self, words: Sequence[str], *, lives: bool = False) -> NamedPlaces:
        """What a text names. Where somebody `lives`, a number behind the street is the number of the house."""
        streets, landmarks, people, kinds, spots = set[Name](), set[Name](), set[str](), set[str](), set[str]()
        text = _TWO_WORDS.sub(lambda said: _KINDS[said[0].replace(" ", "_")], " ".join(words))
        words = [self._spelled(word) for word in text.split()]
        for at, word in enumerate(words):
            kind, after = _KINDS.get(word, word), words[at + 1 : at + 7]
            count, is_place = self._vocabulary.phrase(words, at)
            on_street = at and words[at - 1] in self._streets
            if is_place and count > 1 and not (on_street or self.city.issuperset(words[at : at + count])):
                landmarks.add(Name(kind * (kind in self._landmarks), tuple(map(sound, words[at + 1 : at + count])), ""))
            if word in self._streets:
                streets.add(self._name(_street_of(after) if lives else after, word, lives=lives))
            elif kind in self._landmarks:
                kinds.add(kind)
                landmarks.add(self._name(after, kind, lives=lives)._replace(kind=kind))
            elif word in self._people:
                whose = next((one for one in after[:3] if one not in self._people), "")
                people |= {sound(whose)} if self.is_name(whose) else set()
            if word in self._near and not word.endswith("nya"):
                told = [one for one in after if one not in self._titles and one not in self._people][:2]
                beside = takewhile(lambda one: one not in self.idle, told)
                called = ((_KINDS.get(one, one), sound(self._terms.usual(one))) for one in beside)
                spots |= {which if which in self._landmarks else said for which, said in called} - {"sekolah"}
        if lives and not any(name.words for name in streets):
            streets.add(self._name(_street_of(words), "", lives=not (landmarks or kinds)))  # people leave out “perum”
        blocks, numbers = _BLOCK.findall(text), () if lives else _NUMBER.findall(text)
        named = ({name for name in found if name.words or name.part} for found in (streets, landmarks))
        return NamedPlaces(*map(kept, map(frozenset, (*named, people, kinds, spots, blocks, numbers))))

    def _spelled(self, word: str) -> str:
        """A word as it is, or the kind of place that it is short or a slip for: ``psr``, ``jmbatan``."""
        usual = self._terms.usual(word)
        known = word in _KINDS or _KINDS.get(usual, usual) not in self._landmarks or not shortens(word, usual)
        return word if known else usual

    def _name(self, words: Sequence[str], lead: str, *, lives: bool = False) -> Name:
        """The name that follows a word such as “gang” (`lead`)."""
        found: list[str] = []
        as_city: Sequence[str] = ()
        before = letter = ""
        strict = lead == "jalan" or (lead in self._landmarks and lead not in self._named)  # a name is no other word
        for word, after in pairwise((*words, "")):
            if lead in self._streets and word.isalpha() and len(word) == 1 and not (found or as_city or part_of(word)):
                letter = word  # “jl a”, but also “jl a yani”
                continue
            if word in self.city or (word in self._titles and not as_city):
                as_city, before = as_city or _AS_CITY * (word in self.city), word
                continue
            if (part := part_of(after if word in _LANES else word)) and (found or not letter):
                part += f" {part_of(after)}" if not part.isdigit() and part_of(after).isdigit() else ""
                of = tuple(found or as_city)
                return Name("", of, part * bool(of or part.isdigit() or lead in self._sided))
            if as_city and not found and word not in self._vocabulary.named:
                break
            clear = word not in self._no_name  # “jalan patah”
            named = (self.is_name(word) and (clear or bool(found))) or (before in self._heads and clear)
            named |= strict and word in self._heads and self.is_name(after)  # jalan Karang Asem
            named |= lives and len(word) > 1 and word not in (self._no_more if found else self._no_place)
            named |= lead == "masjid" and bool(_ARTICLE.match(word))  # ``alamin``, ``annur``
            before = word
            made = word.startswith("di") and self._vocabulary.has(word)  # ``komplek dibangun``
            if not (named or found or word in self._no_name or len(word) == 1 or strict or made):
                named = lead in self._named or not self._terms.knows(self._terms.usual(word))
            if not named or len(found) == _LONGEST_NAME:
                letter = letter * (word.isdigit() or letter not in _SHORT_WORDS)
                break
            found.append(sound(word))
        return Name("", said := tuple(found or as_city), "" if said else letter)

    def is_name(self, word: str) -> bool:
        """Whether a word is unknown to the language, or is one that streets are named by."""
        if len(word) <= _SHORT or word in self.idle or not word.isalpha():
            return False
        known = self._terms.knows(self._terms.usual(word)) or self._vocabulary.has(word)
        return not known or word in self._vocabulary.named


def _street_of(address: Sequence[str]) -> list[str]:
    """The words of an address without the number of the house. A number before that is the street's: ``4/75``, ``5 no
    45``, ``3 blok b2``."""
    said = enumerate(pairwise((*address, "")))
    houses = (
        at
        for at, (word, after) in said
        if at and address[at - 1] != "km" and word.isdigit() and not (after.isdigit() or after in _HOUSE)
    )
    house = next(houses, len(address))
    return [*address[:house], *address[house + 1 :]]


def part_of(word: str) -> str:
    """What tells two places of one name apart, from the word behind the name: ``2`` for ``dua``; else empty."""
    return _PARTS.get(word, word.lstrip("0") if word.isdigit() else "")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A name as it sounds: the same for ``Hasyim`` and ``Hasim``, or ``Annur`` and ``Nur``."""
    word = _ARTICLE.sub("", word)
    for written, spoken in _ALIKE:
        word = word.replace(written, spoken)
    word = _TWICE.sub(r"\1", word.removesuffix("h"))
    return bare(word) if len(bare(word)) > _SHORT else word


def share_place(some: Iterable[Name], others: Iterable[Name]) -> bool:
    """Whether both name the same place."""
    return any(_same(one, other) for one in some for other in others)


@lru_cache(maxsize=65536)
def _same(one: Name, other: Name) -> bool:
    """Whether two names are the same: words may be left out or shortened, and so may the part that tells two apart."""
    few, many = sorted((one.words, other.words), key=len)
    if any(map(ne, one.part.split(), other.part.split())) or one.kind != other.kind:
        return False
    if not few:
        return one.part == other.part and (not many or bool(one.part))
    as_one = bare("".join(few))  # “kebonkopi”, “gatsu”
    shortened = len(many) > 1 and len(as_one) > _SHORT and _made_of(as_one, many)
    return shortened or all(any(_begin(word, said) for said in many) for word in few)


def _made_of(word: str, others: Sequence[str]) -> bool:
    """Whether a word without vowels is the beginnings of others, one after the other: ``gtsu``."""
    if not others:
        return not word
    first, *rest = others
    starts = (one[:count] for one in (bare(first), bare(f"_{first}")[1:]) for count in range(1, len(one) + 1))
    return any(word.startswith(start) and _made_of(word.removeprefix(start), rest) for start in starts)


def _begin(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    titled = long[1:] == short and long[0] in "hkm"  # haji, ki, muhammad: “kisamaun”
    begins = titled or (len(long) > len(short) + 1 and long.startswith(short))
    return word == other or (len(short) > _SHORT and begins)
