"""What people said of the headings of a source, and what is known of sources beforehand: it counts for the next file
with the same headings, too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from rapidfuzz import fuzz, process

from automation.importing.old_list import OldList
from automation.model.cells import fold
from automation.model.complaint import Channel
from automation.model.rules import Rules
from automation.reading.headings import STAMPS, Said
from automation.tables.intake import CHANNEL, PEOPLE
from automation.tables.table import Column, Form
from automation.trouble import ConfigurationError, Trouble

#: The people's own column for what none of ours holds. Not the end of `Uraian`: what stands there is compared with
#: other complaints, is mailed, and would pass for a description where there is none.
KEPT = "Data Asal"
#: How much of a file's headings has to be a source's, that it comes from there.
_SAME = 0.8
_ALIKE = 60.0  # of 100, from which a name may have been meant
_OURS: Mapping[str, tuple[Column, ...]] = {fold(one): (one,) for one in PEOPLE if one.imported} | {
    "": (),
    fold(KEPT): (),
}
_LISTED = frozenset(fold(one) for one in PEOPLE if one.form is Form.ENTRY)


@dataclass(frozen=True, slots=True)
class Profile:
    """A source: the folded `headings` of its files, and what was `said` of them; how its complaints came in, where it
    has no column for that; and what its own `words` mean among our entries, by themselves or after a column's name."""

    headings: frozenset[str]
    said: Said
    channel: Channel | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def read_words(lines: Iterable[str]) -> dict[str, str]:
    """What people say of words, each ``Kategori: Pekerjaan Umum=Jalan & Drainase``, by what stands before the sign."""
    parts = (line.rpartition("=") for line in lines)
    return {label.strip(): entry.strip() for label, equals, entry in parts if equals and _is_word(label)}


def words_of(lines: Iterable[str], rules: Rules) -> dict[str, str]:
    """As `read_words`. Raises `ConfigurationError` for what is no entry of its column."""
    words = read_words(lines)
    for label, entry in words.items():
        (column,) = _OURS[fold(label.partition(":")[0])]
        if entry and rules.entry(column, entry) is None:
            raise ConfigurationError(Trouble("impor.peta-isian", nama=entry, kolom=column))
    return words


def _is_word(label: str) -> bool:
    column, colon, word = label.partition(":")
    every = bool(colon) and fold(column) == fold(CHANNEL)  # ``Saluran:=Hotline``: all came in so
    return fold(column) in _LISTED and (every or fold(word) != "")


def read_said(lines: Iterable[str]) -> dict[str, tuple[Column, ...]]:
    """What people say of headings, each ``Nama / No HP=Nama Pelapor+Telepon``, by folded heading. Raises
    `ConfigurationError` for a column that is none of ours."""
    said: dict[str, tuple[Column, ...]] = {}
    for line in lines:
        label, equals, columns = line.rpartition("=")
        if _is_word(label):
            continue
        names = [name.strip() for name in columns.split("+")]
        strange = [name for name in names if fold(name) not in _OURS]
        if not equals or not fold(label) or strange:
            known = [str(one) for one in PEOPLE if one.imported]
            near = process.extractOne("".join(strange[:1]), known, scorer=fuzz.WRatio, score_cutoff=_ALIKE)
            entry = "peta-asing" if strange and equals else "peta-bentuk"
            name, listed = "".join(strange[:1]), ", ".join(dict.fromkeys([*(near or ())[:1], *known]))
            raise ConfigurationError(Trouble(f"impor.{entry}", tulisan=line.strip(), nama=name, ada=listed))
        said[fold(label)] = tuple(column for name in names for column in _OURS[fold(name)])
    return said


def said_of(old: OldList, lines: Iterable[str]) -> dict[str, tuple[Column, ...]]:
    """As `read_said`, of the headings of one list. Raises `ConfigurationError` also for one that it does not have."""
    said, labels = read_said(lines), {fold(found.label): found.label for found in old.columns}
    for strange in said.keys() - labels.keys():
        near = process.extractOne(strange, labels.keys(), score_cutoff=_ALIKE)
        listed = ", ".join(dict.fromkeys(labels[label] for label in [*(near or ())[:1], *labels]))
        raise ConfigurationError(Trouble("impor.peta-judul", nama=strange, ada=listed))
    return said


#: By which heading of a file it is known how its complaints came in, where no column says it.
_CAME_BY = {fold("Tracking ID"): Channel.LAPOR} | dict.fromkeys(STAMPS, Channel.FORM)
#: Between the headings of a file in Kendali.
_BAR = " | "


def kept_row(old: OldList, said: Said, words: Mapping[str, str], file: str) -> list[str]:
    """What is kept of a source, below the headings of its table in Kendali."""
    told = [f"{one.label}={'+'.join(said[fold(one.label)])}" for one in old.columns if fold(one.label) in said]
    told += [f"{label}={entry}" for label, entry in words.items()]
    return [_BAR.join(found.label for found in old.columns), "\n".join(told), file]


def read_profile(headings: str, said: str) -> Profile:
    """A source as it is kept. Raises `ConfigurationError` for what can't be read."""
    lines = [line for line in said.splitlines() if line.strip()]
    names = frozenset(map(fold, headings.split(_BAR.strip())))
    return Profile(names, read_said(lines), words=read_words(lines))


def profile_for(old: OldList, kept: Iterable[Profile], lapor: Profile) -> Profile:
    """What is known of the source of a list: what people said comes over what is shipped of `lapor`."""
    headings = frozenset(fold(found.label) for found in old.columns)
    channel = next((by for heading, by in _CAME_BY.items() if heading in headings), None)
    (shipped, _), (said, words) = said_before(old, [lapor]), said_before(old, kept)
    words = {**(lapor.words if channel is Channel.LAPOR else {}), **words}
    return Profile(headings, {**shipped, **said}, channel, words)


def said_before(old: OldList, profiles: Iterable[Profile]) -> tuple[dict[str, tuple[Column, ...]], dict[str, str]]:
    """What these say of the headings of a list, and of its words, as far as it comes from the same source; the likest
    one counts."""
    headings = {fold(found.label) for found in old.columns}  # by which the files of a source are known
    shares = ((len(one.headings & headings) / len(headings), one) for one in profiles)
    like = [one for _, one in sorted((each for each in shares if each[0] >= _SAME), key=itemgetter(0))]
    said = {key: columns for one in like for key, columns in one.said.items() if key in headings}
    return said, {word: entry for one in like for word, entry in one.words.items()}
