"""The words that people read, dates included. They stand in ``templates/pesan/*.toml``, none in the code."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import partialmethod
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from automation.trouble import Trouble

#: Times are told in the city's zone, whatever the machine's.
CITY_ZONE = "Asia/Jakarta"
try:
    ZONE: tzinfo = ZoneInfo(CITY_ZONE)
except ZoneInfoNotFoundError:  # a small container has no zone files
    ZONE = timezone(timedelta(hours=7))  # all year
_ANSWER = "{kunci} – "  # the beginning of an answer beside a wish, by which it is recognised


class Texts:
    """All messages, by dotted key: file name, table, entry (``pemeriksaan.telepon-keliru.pesan``).

    Each is a `str.format` pattern. An unknown key or a missing particular raises `KeyError`: our mistake, which the
    tests find by saying every message once. `problems` are the edits by people that can't be used.
    """

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.entries = {key: str(words) for key, words in flattened(tree)}
        self.problems: list[Trouble] = []

    def put(self, key: str, words: object) -> bool:
        """Replace an entry by `words`, if these can be used wherever the entry is: they are not empty, have no fields
        that it has not, and begin with words if it does (cells are recognised by that). An answer must begin with its
        wish, and have all its fields. Returns whether that was so."""
        entry = self.entries.get(key)
        if entry is None or not isinstance(words, str):
            return False
        begins = not entry.partition("{")[0].strip() or words.partition("{")[0].strip()
        try:
            fits = bool(begins and (words.strip() or not entry)) and _fields(words) <= _fields(entry)
            if entry.startswith(_ANSWER):
                fits = words.startswith(_ANSWER) and _fields(words) == _fields(entry)
        except ValueError:  # an unmatched brace
            return False
        if fits:
            self.entries[key] = words
        return fits

    def say(self, key: str, /, **particulars: object) -> str:
        """The message `key` with its particulars filled in. Braces within particulars are text, never patterns."""
        return self.entries[key].format(**particulars)

    def tell(self, trouble: Trouble) -> str:
        """What is wrong, in words."""
        return self.say(trouble.code, **trouble.particulars)

    def raw(self, key: str) -> str:
        """The message `key` as it is written, with its particulars in braces."""
        return self.entries[key]

    def has(self, key: str) -> bool:
        """Whether there is a message with this key."""
        return key in self.entries

    def _date(self, pattern: str, days: str, months: str, when: date) -> str:
        if isinstance(when, datetime):
            when = when.astimezone(ZONE)
        return self.say(
            f"surat.tanggal.{pattern}",
            hari=self.say(f"surat.{days}.{when.isoweekday()}"),
            tanggal=when.day,
            bulan=self.say(f"surat.{months}.{when.month}"),
            tahun=when.year,
            jam=f"{when:%H}",
            menit=f"{when:%M}",
        )

    #: ``26 November 2026``; after ``Kamis,``; ``Kam 26 Nov``; ``26 Nov``; ``Kam 26 Nov pukul 06.30``, or with its year.
    plain_date = partialmethod(_date, "lengkap", "hari", "bulan")
    long_date = partialmethod(_date, "panjang", "hari", "bulan")
    short_date = partialmethod(_date, "pendek", "hari-pendek", "bulan-pendek")
    brief_date = partialmethod(_date, "ringkas", "hari-pendek", "bulan-pendek")
    moment = partialmethod(_date, "saat", "hari-pendek", "bulan-pendek")
    stamp = partialmethod(_date, "saat-tahun", "hari-pendek", "bulan-pendek")


def _fields(pattern: str) -> set[tuple[str | None, ...]]:
    return {tuple(field) for _, *field in Formatter().parse(pattern) if field[0] is not None}


def flattened(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Each entry of nested tables, with its dotted key."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
