"""Dates and numbers as they are written in Indonesian; the words stand in ``templates/pesan/surat.toml``."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from automation.cases.texts import Texts

#: Moments are told in the city's time, whatever the machine's.
ZONE = ZoneInfo("Asia/Jakarta")


class Dates:
    """Says dates and moments in words."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def long(self, day: date) -> str:
        """``Kamis, 26 November 2026``."""
        return self._say("panjang", "hari", "bulan", day)

    def short(self, day: date) -> str:
        """``Kam 26 Nov``."""
        return self._say("pendek", "hari-pendek", "bulan-pendek", day)

    def brief(self, day: date) -> str:
        """``26 Nov``."""
        return self._say("ringkas", "hari-pendek", "bulan-pendek", day)

    def moment(self, time: datetime) -> str:
        """``Kam 26 Nov pukul 06.30``."""
        return self._say("saat", "hari-pendek", "bulan-pendek", time)

    def _say(self, pattern: str, days: str, months: str, when: date) -> str:
        if isinstance(when, datetime):
            when = when.astimezone(ZONE)
        return self._texts.say(
            f"surat.tanggal.{pattern}",
            hari=self._texts.say(f"surat.{days}.{when.isoweekday()}"),
            tanggal=when.day,
            bulan=self._texts.say(f"surat.{months}.{when.month}"),
            tahun=when.year,
            jam=f"{when:%H}",
            menit=f"{when:%M}",
        )


def number(value: int) -> str:
    """``2.988``: thousands are set off by a point."""
    return f"{value:,}".replace(",", ".")
