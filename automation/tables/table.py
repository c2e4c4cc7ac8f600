"""A table: a tab whose columns are found by their headings. It is declared once; all else follows from that."""

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Self


class Owner(Enum):
    """Who types below a heading; the value is their name in templates."""

    ROBOT = "program"
    VOLUNTEER = "relawan"
    COORDINATOR = "koordinator"


class Form(Enum):
    """How a cell of a column is read. Its format, what may be typed, and how it is imported and exported follow."""

    LINE = "a text on one line"
    LINES = "a text with line breaks"
    DATE = "a day"
    PHONES = "telephone numbers"
    RT_RW = "two numbers of a neighbourhood"
    ENTRY = "an entry of a list"
    PLACE = "a kelurahan"
    TICKET = "a ticket"
    NUMBER = "a whole number"
    YES_NO = "Ya or Tidak"
    CODE = "digits that are no number"


YES, NO = "Ya", "Tidak"  # what may be typed into a column of Form.YES_NO


class Audience(Enum):
    """Who may see the content of a column outside its own row."""

    EVERYBODY = "everybody who reads a mail, Kendali or an exported table"
    HELPERS = "whoever helps with the case"
    NOBODY = "nobody"


class Nature(Enum):
    """Whether figures, deadlines and numbers depend on the content of a column, or it is only text."""

    FACT = "a fact"
    WORDS = "words"


#: For declarations: who types below a heading of Kendali, what stands there, and who may see it.
PEOPLE, ROBOT = Owner.COORDINATOR, Owner.ROBOT
FACT, WORDS = Nature
EVERYBODY, HELPERS, NOBODY = Audience


class Declared(str):  # noqa: SLOT000 - cached properties need a dict
    """A name that carries what was declared under it."""

    def __new__(cls, name: str, *_: Any, **__: Any) -> Self:
        return super().__new__(cls, name)

    @cached_property
    def slug(self) -> str:
        """Its name in templates: ``hasil-tindak-lanjut`` for “Hasil Tindak Lanjut”."""
        return "-".join(re.findall("[a-z]+", self.casefold()))


@dataclass(frozen=True, eq=False, repr=False)
class Column(Declared):
    """A column of a table. As a text it is its heading, so that it can be used wherever a heading is: in a row, in the
    journal, in a message. Its words for people are in ``templates/pesan/``, under its slug.

    - `nature` and `audience` have no default: whoever adds a column decides who may read it
    - `optional`: a tab may lack it; `needed`: a row is incomplete without it; `identity`: a moved row is known by it
    - `exported`: `export` writes it as typed, for its `audience`; `imported`: old lists may have it
    - `in_new_tabs`: `setup` adds it; `width`: in pixels; `wrapped`: text continues on further lines
    - `options`: all that may be typed; `entries`: the 0-based column of `Daftar Pilihan` that it offers, and no more
    - `other_names`: its names in other lists, the surest first
    """

    heading: str
    owner: Owner
    form: Form
    nature: Nature
    audience: Audience
    width: int = 130
    _: KW_ONLY
    entries: int | None = None
    options: tuple[str, ...] = ()
    optional: bool = False
    needed: bool = False
    identity: bool = False
    exported: bool = False
    in_new_tabs: bool = True
    imported: bool = True
    other_names: tuple[str, ...] = ()
    wrapped: bool = False


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Table(Declared):
    """A tab and its columns, in the order in which they stand in a new tab. As a text it is its title. `hidden`: people
    don't see it; `protected`: they have nothing to do there; `filtered`: it has arrows for filtering."""

    name: str
    columns: tuple[Column, ...]
    hidden: bool = False
    protected: bool = False
    filtered: bool = False

    @cached_property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        return {column.heading: column for column in self.columns}

    def of(self, *owners: Owner) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.owner in owners)


def table(name: str, *columns: Column, **more: bool) -> Table:
    """A table of Kendali; a hidden one is protected, too."""
    return Table(name=name, columns=columns, **{"protected": more.get("hidden", False), **more})


def usual_names(listed: str) -> dict[str, str]:
    """Words mapped to the usual one: ``masjid: musola langgar; sd: sdn``."""
    told = (one.partition(":") for one in names(listed))
    return {word: usual for usual, _, words in told for word in words.split()}


def names(listed: str) -> tuple[str, ...]:
    """The names in a text that separates them by semicolons."""
    return tuple(" ".join(name.split()) for name in listed.split(";"))
