"""The values of a list that others made, as they stand in our columns: entries of our lists where theirs surely mean
one, telephone numbers with the zero that a spreadsheet took away. Anything else stays as it was written, and
`Pemeriksaan` asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum

from rapidfuzz import fuzz, process, utils

from automation.model.cells import CellError, Value, fold, kept_text
from automation.model.complaint import Channel, Priority, Status
from automation.reading.cell_text import line_of, raw_text
from automation.reading.dates import read_date
from automation.reading.phones import read_phones
from automation.tables.intake import CATEGORY, CHANNEL, PRIORITY, STATUS
from automation.tables.table import Column

_ALIKE = 85.0  # of 100, from which an entry is meant
_APART = 5.0  # so much more than the next one
_NEGATED = re.compile(r"\b(?:belum|blm|tidak|tdk|bukan|non)\b", re.IGNORECASE)  # "belum selesai" is not Selesai
_BARE = re.compile(r"[1-9][0-9]{6,14}(?:\.0+)?")
_MONTH_SECOND = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9])")
_ZONE = r"(?:\s*WIB|\s*Z)?$"
_CLOCK = re.compile(rf"[\sT,][0-9]{{1,2}}[.:][0-9]{{2}}(?:[.:][0-9]{{2}})?(?:[.,][0-9]+)?{_ZONE}", re.IGNORECASE)
_MIDNIGHT = re.compile(rf"(?<![0-9.:])0{{1,2}}[.:]00(?:[.:]00)?(?:[.,]0+)?{_ZONE}", re.IGNORECASE)


def _words(words: Mapping[StrEnum, str]) -> Mapping[str, str]:
    return {fold(word): entry.value for entry, listed in words.items() for word in listed.split(";")}


#: What lists elsewhere call our entries, LAPOR! first. `Ditutup` is left out: solved, or merely closed?
_MEANT: Mapping[Column, Mapping[str, str]] = {
    CHANNEL: _words(
        {
            Channel.HOTLINE: """
                telepon; telp; telpon; call center; hot line; via telepon; lewat telepon
            """,
            Channel.WALK_IN: """
                langsung; datang; datang sendiri; walk in; kantor; ke kantor; tatap muka
            """,
            Channel.WHATSAPP: "wa; wa group; grup wa; chat wa; pesan wa",
            Channel.VISIT: "kunjungan; reses; turun ke warga; door to door; ke rumah; blusukan",
            Channel.OTHER: """
                lapor; sp4n; sp4n lapor; lapor sp4n; website; web; aplikasi; mobile; android; ios; sms; sms 1708;
                1708; laksa; tangerang live; email; surel; surat; twitter; x; instagram; facebook; tiktok; media
                sosial; medsos; lain; lain lain
            """,
        }
    ),
    PRIORITY: _words(
        {
            Priority.NORMAL: "normal; rendah; sedang; rutin",
            Priority.URGENT: "tinggi; penting; urgent; segera",
            Priority.EMERGENCY: "emergency; gawat; gawat darurat",
        }
    ),
    STATUS: _words(
        {
            Status.NEW: """
                belum terverifikasi; belum diverifikasi; belum; open; masuk; belum diproses
            """,
            Status.VERIFIED: """
                terverifikasi; sudah diverifikasi; terdisposisi; didisposisikan; belum ditindaklanjuti
            """,
            Status.IN_PROGRESS: """
                proses; diproses; dalam proses; sedang diproses; on progress; progress; sedang ditangani; ditangani;
                sedang ditindaklanjuti; tindak lanjut; dalam penanganan
            """,
            Status.WAITING: """
                menunggu tanggapan pelapor; menunggu data pelapor; menunggu konfirmasi pelapor
            """,
            Status.RESOLVED: "done; tuntas; sudah selesai; beres; sudah beres; teratasi",
            Status.NOT_OURS: "bukan wewenang; bukan kewenangan kami; di luar kewenangan",
        }
    ),
}
#: What complaints are about in other lists, by the names of the categories that an empty Kendali starts with; they
#: count as long as there is a category of that name.
_ABOUT: Mapping[str, str] = {
    fold(word): name
    for name, words in {
        "Jalan & Drainase": "jalan rusak; jalan berlubang; infrastruktur jalan; got; saluran air",
        "Penerangan Jalan": "pju; lampu jalan; penerangan",
        "Sampah & Kebersihan": "persampahan",
        "Administrasi Kependudukan": "adminduk; dukcapil; kependudukan; ktp; kk; ktp dan kk",
        "Ketertiban & Keamanan": "trantib; trantibum; kamtibmas",
        "Bantuan Sosial": "bansos; pkh; bpnt",
        "Lainnya": "lain; lain lain; dll; lainya",
    }.items()
    for word in words.split(";")
}


def entry_meant(column: Column, written: str, categories: Collection[str]) -> str | None:
    """The entry of our list that another list's word surely means; None where that is unsure, or it is one already."""
    if column is CATEGORY:
        about = _ABOUT.get(fold(written))
        return about if about in categories else _closest(written, categories, fuzz.token_set_ratio)
    entries = {CHANNEL: Channel, PRIORITY: Priority, STATUS: Status}[column]
    meant = _MEANT[column].get(fold(written))
    if meant is None:
        denies = _NEGATED.search(written) is not None
        alike = [entry.value for entry in entries if (_NEGATED.search(entry.value) is not None) == denies]
        meant = _closest(written, alike, fuzz.ratio)
    return meant if meant is None or fold(meant) != fold(written) else None


def _closest(written: str, entries: Iterable[str], scorer: Callable[..., float]) -> str | None:
    found = process.extract(written, list(entries), scorer=scorer, processor=utils.default_process, limit=2)
    if not found or found[0][1] < _ALIKE or (len(found) > 1 and found[0][1] - found[1][1] < _APART):
        return None
    return found[0][0] if fold(found[0][0]) != fold(written) else None


def shown(value: Value) -> str:
    """What a cell says, as it can be written into another one."""
    text = value.text if isinstance(value, CellError) else raw_text(value)
    return kept_text(text).strip()


def telephone(value: Value) -> str:
    """A telephone number as text. Where a spreadsheet made a number of it, and so lost its zero, that is put back."""
    text = shown(value)
    if _BARE.fullmatch(text) and not text.startswith("62"):
        phones = read_phones(value)
        if len(phones.numbers) == 1 and not phones.faults:
            return "0" + phones.numbers[0].removeprefix("+62")
    return text


def has_time(value: Value) -> bool:
    """Whether a cell with a date tells a time of day as well, which a column of dates does not keep."""
    text = line_of(value)
    return _CLOCK.search(text) is not None and _MIDNIGHT.search(text) is None and read_date(value) is not None


def is_month_first(value: Value) -> bool:
    """Whether a date stands there as Americans write it (``11/24/2026``): then no other date beside it is certain."""
    match = _MONTH_SECOND.match(line_of(value))
    return match is not None and int(match[1]) <= 12 < int(match[3]) <= 31
