"""What people said about the headings of a source, which also counts for the next file with the same headings; and what
is known of sources beforehand."""

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import itemgetter

from msgspec import Struct, field
from rapidfuzz import fuzz, process

from automation.importing.old_list import OldList
from automation.model.cells import fold
from automation.model.complaint import Channel
from automation.model.rules import Rules
from automation.reading.cell_text import line_of
from automation.reading.headings import STAMPS, Said, understand
from automation.tables.intake import CHANNEL, DESCRIPTION, PEOPLE
from automation.tables.table import Column, Form
from automation.trouble import ConfigurationError, Trouble

#: The column of people's own for what none of ours holds. Not the end of `Uraian`, because that is compared with other
#: complaints, is mailed, and would pass for a description if there is none.
KEPT = "Data Asal"
#: The share of a file's headings that a source must have, so that the file counts as coming from there.
_SAME = 0.8
_LOOKED_AT = 500  # rows in which texts are weighed
_ALIKE = 60.0  # of 100, from which a name may have been meant
_OURS: dict[str, tuple[Column, ...]] = {"": (), fold(KEPT): ()}
_OURS |= {fold(one): (one,) for one in PEOPLE if one.imported}
_LISTED = frozenset(fold(one) for one in PEOPLE if one.form is Form.ENTRY)


class Profile(Struct, frozen=True):
    """A source: the folded `headings` of its files, and what was `said` about them; the `channel` of its complaints, if
    it has no column for that; our entries for its own `words`, alone or after a column's name; and what was `guessed`
    of headings by what stands below them, which people should look at."""

    headings: frozenset[str]
    said: Said
    channel: Channel | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    guessed: Said = field(default_factory=dict)


def read_words(lines: Iterable[str]) -> dict[str, str]:
    """What people say of words, each as ``Kategori: Pekerjaan Umum=Jalan & Drainase``, by the text before the sign."""
    parts = (line.rpartition("=") for line in lines)
    return {label.strip(): entry.strip() for label, equals, entry in parts if equals and _is_word(label)}


def words_of(lines: Iterable[str], rules: Rules) -> dict[str, str]:
    """As `read_words`. Raises `ConfigurationError` for text that is no entry of its column."""
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
    """What people say about headings, each as ``Nama / No HP=Nama Pelapor+Telepon``, by folded heading. Raises
    `ConfigurationError` for another form, or a column that is none of ours."""
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
    """As `read_said`, for the headings of one list. Raises `ConfigurationError` also for a heading that it lacks."""
    said, labels = read_said(lines), {fold(found.label): found.label for found in old.columns}
    for strange in said.keys() - labels.keys():
        near = process.extractOne(strange, labels.keys(), score_cutoff=_ALIKE)
        listed = ", ".join(dict.fromkeys(labels[label] for label in [*(near or ())[:1], *labels]))
        raise ConfigurationError(Trouble("impor.peta-judul", nama=strange, ada=listed))
    return said


#: Headings that tell how a file's complaints came in, if no column does.
_CAME_BY = {fold("Tracking ID"): Channel.LAPOR} | dict.fromkeys(STAMPS, Channel.FORM)
_BAR = " | "  # separates the headings of a file in Kendali


def kept_row(old: OldList, said: Said, words: Mapping[str, str], file: str) -> list[str]:
    """The row that is kept about a source, in the order of its table's headings in Kendali."""
    told = [f"{one.label}={'+'.join(said[fold(one.label)])}" for one in old.columns if fold(one.label) in said]
    told += [f"{label}={entry}" for label, entry in words.items()]
    return [_BAR.join(found.label for found in old.columns), "\n".join(told), file]


def read_profile(headings: str, said: str) -> Profile:
    """A source from its row in Kendali. Raises `ConfigurationError` if that can't be read."""
    lines = [line for line in said.splitlines() if line.strip()]
    names = frozenset(map(fold, headings.split(_BAR.strip())))
    return Profile(names, read_said(lines), words=read_words(lines))


def profile_for(old: OldList, kept: Iterable[Profile], lapor: Profile) -> Profile:
    """What is known of the source of a list: what people said takes precedence over the shipped profile of `lapor`."""
    headings = frozenset(fold(found.label) for found in old.columns)
    channel = next((by for heading, by in _CAME_BY.items() if heading in headings), None)
    (shipped, _), (said, words) = said_before(old, [lapor]), said_before(old, kept)
    words = {**(lapor.words if channel is Channel.LAPOR else {}), **words}
    surely = {**shipped, **said}
    guessed = {} if any(DESCRIPTION in columns for columns in surely.values()) else _fullest(old)
    return Profile(headings, {**guessed, **surely}, channel, words, guessed)


#: Headings of a description that are more often a remark, or no more than a title.
_REMARK, _WEAK = "keterangan", frozenset(map(fold, ("keterangan", "perihal", "judul", "judul laporan")))


def _fullest(old: OldList) -> dict[str, tuple[Column, ...]]:
    """The heading that means a description, too, and tells more than the weak one that has been taken for it: `Uraian
    Singkat` beside `Perihal`, `Substansi Pengaduan` beside `Keterangan`. Empty if there is none."""
    if (at := old.at(DESCRIPTION)) is None or (label := fold(old.columns[at].label)) not in _WEAK:
        return {}
    told = Counter({label: 0})
    for number, found in enumerate(old.columns):
        meant = understand([found.label])[0].columns
        if number == at or (meant == (DESCRIPTION,) and _REMARK not in fold(found.label)):
            told[fold(found.label)] = sum(len(line_of(record.cells[number])) for record in old.records[:_LOOKED_AT])
    ((best, _),) = told.most_common(1)
    return {best: (DESCRIPTION,)} if best != label else {}


def said_before(old: OldList, profiles: Iterable[Profile]) -> tuple[dict[str, tuple[Column, ...]], dict[str, str]]:
    """What these profiles say about the headings and words of a list, if it comes from the same source; the most
    similar one takes precedence."""
    headings = {fold(found.label) for found in old.columns}  # by which a source's files are recognised
    shares = ((len(one.headings & headings) / len(headings), one) for one in profiles)
    like = [one for _, one in sorted((each for each in shares if each[0] >= _SAME), key=itemgetter(0))]
    said = {key: columns for one in like for key, columns in one.said.items() if key in headings}
    return said, {word: entry for one in like for word, entry in one.words.items()}
