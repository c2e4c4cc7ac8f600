"""The words that people read, dates among them. They stand in ``templates/pesan/*.toml``, none in the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from automation.trouble import Trouble

#: Moments are told in the city's time, whatever the machine's.
ZONE = ZoneInfo("Asia/Jakarta")


class Texts:
    """All messages, by dotted key: file name, table, entry (``pemeriksaan.telepon-keliru.pesan``).

    Each is a `str.format` pattern. An unknown key or a missing particular raises `KeyError`: our mistake, which the
    tests find by saying every message once.
    """

    __slots__ = ("_entries",)

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._entries = dict(_flatten(tree))

    def say(self, key: str, /, **particulars: object) -> str:
        """The message `key` with its particulars filled in. Their own braces are text, never patterns."""
        return self._entries[key].format(**particulars)

    def tell(self, trouble: Trouble) -> str:
        """What is wrong, in words."""
        return self.say(trouble.code, **trouble.particulars)

    def raw(self, key: str) -> str:
        """The message `key` as it is written, its particulars in braces."""
        return self._entries[key]

    def has(self, key: str) -> bool:
        """Whether there is a message with this key."""
        return key in self._entries

    def long_date(self, day: date) -> str:
        """``Kamis, 26 November 2026``."""
        return self._date("panjang", "hari", "bulan", day)

    def short_date(self, day: date) -> str:
        """``Kam 26 Nov``."""
        return self._date("pendek", "hari-pendek", "bulan-pendek", day)

    def brief_date(self, day: date) -> str:
        """``26 Nov``."""
        return self._date("ringkas", "hari-pendek", "bulan-pendek", day)

    def moment(self, time: datetime) -> str:
        """``Kam 26 Nov pukul 06.30``."""
        return self._date("saat", "hari-pendek", "bulan-pendek", time)

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


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)
