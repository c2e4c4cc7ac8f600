"""How a reporter is told: a WhatsApp link with the message ready, or a number to call and words to read out.

Nothing is ever sent from here: a person opens the link, reads the message and sends it, or calls.
"""

import re
from datetime import date
from enum import Enum
from functools import lru_cache, partial
from urllib.parse import quote

from automation.cases.journal import Case
from automation.model.cells import Link, kept_text
from automation.model.complaint import Complaint, Status
from automation.model.disclosure import shorten, summary
from automation.model.rules import Rules
from automation.model.texts import Texts
from automation.reading.dates import read_date
from automation.reading.numbers import is_mobile, national

#: Characters of a link: browsers and spreadsheets open longer ones, but not every app that passes it on does.
LONGEST = 1800
NAME_SHOWN = 60  # characters of the organisation in a message

#: States of a proposal for the budget that a reporter is told, and the message for each.
PROPOSED = {"Diusulkan": "masuk", "Dikembalikan": "masuk", "Diteruskan": "masuk", "Dianggarkan": "dianggarkan"}
_YEAR = re.compile(r"\b20([2-9][0-9])\b|^\W*([2-9][0-9])\W*$")  # reporters are told nothing else of `Tahun`
_YET = r"bel[uo]?m|be?lon|bl[uo]?m|d?urung|(?:t(?:eu )?)?acan"
_NO = r"(?:tidak|tdk|tak|e?ng+ak?|ga?k?|kagak?|ndak|ora|mboten|(?:hen)?teu)"
_NOT = rf"(?:{_YET}|{_NO}|kurang|krg)"
_TELLING = (
    r"(?:(?:saya|sy|kita|kami|bisa|bs|berhasil|dapat|dapet|dpt|punya)\s+)?(?:di[\s-]?|mem?|nge?)?(?:k?abar\w*|info\w*|"
    r"hubung\w*|wa|(?:te?|ne?)le?p\w*|bal[ae]s(?:an)?|baca|read|jawab(?:an)?|angkat|ketemu|liat wa|online|konfirm\w*|"
    r"sampaik\w*|(?:kasih?|beri)\s*(?:ta\w+|kabar)|ta(?:h?u|nya)\b)"
)
_NUMBER = r"(?:hp|wa|nom[eo]r|no|nmr|te?le?p(?:on)?|tlpn?)"
_COMING = r"(?:yang|yg)\s+(?:dat[ae]ng|turun|gerak|nengok|(?:ke\s?)?sini|\w*(?:kerja|erjain|angan|bener|perbaik)\w*)"
_REACHED = (
    rf"(?:{_TELLING}|(?:(?:bisa|bs|berhasil)\s+)?(?:ter(?:sambung|hubung|kirim|pasang)|nyambung|aktif|semp[ae]t|"
    rf"(?:me)?respon\w*)|a[dy]a\s+(?!{_COMING})(?:di|orang\w*|jawaban|bal[ae]san|respon\w*|yang|yg|nomor|nomer|no|hp|"
    r"wa|te?le?p\w*|sinyal|pulsa|kuota|waktu)|(?:bisa|ada)(?!\s+\w)|di\s?(?:rumah|tempat))"
)
#: Words that mean "not done" behind a "not" (`_DONE`) or behind a "still" (`_STILL`).
_DONE = (
    r"(?:(?:terlalu|(?:be?)?gitu|sepenuhnya|sangat|pernah|cukup|merasa|(?:(?:bisa|mau)\s+)?(?:di)?bilang)\s+)?"
    rf"(?:(?:ada\s+)?(?:perubahan|perbaikan|tindak\w*|{_COMING})|(?:p|mem)ua+s+(?:kan)?|beres|selesai|sesuai|kelar|"
    r"rampung|tuntas|berubah|(?:me)?nyala|surut|lancar|di\s?(?:perbaiki|kerja(?:kan|in)|tangani|benerin)|"
    r"bisa\s+di(?:pakai|lewati))"
)
_STILL = (
    r"(?:sama|rusak|mati(?: lampu| air)?|padam|banjir|bocor|be?gitu|gelap|bau|mampet|macet|kotor|numpuk|berlubang|"
    r"bolong|keruh|licin|tergenang|genangan|jebol|ambl[ae]s|longsor|kumat|kambuh|ngadat|becek|kedip\w*|item|"
    r"s(?:eperti|pt)\s+(?:semula|dulu|kemar?in))"
)
_STAYS = r"(?:mas[iy]h?|ms[iy]?h|tet[ae]p)(?:\s+(?:aja|saja|ada|banyak|suka|sering))*"
_AGAIN = r"(?:lagi|lg)\b(?!\s+di\w)"  # “rusak lagi diperbaiki” is being repaired
_ON = r"(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}(?![0-9])"
#: A later report, behind a semicolon or a date, that says by itself that all is well now.
_LATER = (
    rf"(?:;|{_ON})(?:(?!\b(?:{_NOT}|{_STAYS}|padahal|dinas|lagi|lg)\b|{_ON})[^;])*?"
    r"\b(?:s?u?dah|sdh|udh|wis|wes)\s+(?:beres|selesai|lancar|nyala|bersih|aman|normal|surut|baik|bagus|kelar|rampung)\b"
)
#: Behind a `puas` that nobody has said yet.
_ASKED = rf"\s*(?:\?|(?:/|atau\b|apa\b)\s*{_NOT}\b|{_NOT}\W*$|(?:kalau|kalo|klo|bila|jika)\b)"
#: What the reporter answered, or that nobody reached them; the last one in a cell counts. Whoever could not be reached
#: again has not taken back an earlier answer; a bare `belum` before that is none.
_ANSWERS = re.compile(
    rf"(?P<unreached>\b(?:{_NOT}|gagal)\s+{_REACHED}2?\b|\bno respon\w*|\b(?:me)?nunggu (?:di\s?)?(?:bal[ae]s|jawab)\w*"
    rf"|(?<!di )(?<!dah )(?<!dh )\b{_NUMBER}(?:\s?{_NUMBER})?(?:\s?nya)?\W*(?:(?:{_STAYS}|s?udah|sdh|udh)\W*)?(?:ganti|"
    rf"(?:di\s?)?mati(?:in|kan)?(?! (?:lampu|air))|di\s?tutup|salah(?! (?:satu|paham))|hilang|"
    rf"{_NO}\s+(?:nyala|masuk|(?:ter|ke)daftar|valid|dikenal))\b|\bbukan (?:nom[eo]r|orang)"
    r"|\b(?:di\s?(?:blo[ck]k?(?:ir)?|reject)|nada tunggu|salah (?:sambung|no(?:m[eo]r)?|orang)|mudik|mailbox|sibuk|"
    r"voice ?mail|(?:centang|ceklis)\s+(?:1|satu|abu\w*)|dialihkan|(?:di|ke)?luar (?:kota|jangkauan)|"
    r"(?:orang|rumah)\s?(?:nya)?\s+(?:(?:lagi|lg|se?da?ng)\s+)?(?:keluar|pergi|kerja|kosong))\b"
    r"|^\W*(?:(?:mas[iy]h|msh)\s+)?(?:lupa|be?so?k|lusa|e?ntar|nant[ie]|isuk|enjing|sesuk|engke|mengko|pending|"
    r"(?:me)?[nt]unggu|(?:s?udah\s+|sdh\s+)?pindah|(?:lagi|lg|se?da?ng)\s(?=di|ke |pergi|proses|sakit)|minggu depan)\b"
    r"|(?:^|[:;0-9])\W*(?:(?!sebelum|(?:di)?(?:kabar|hubung|te?le?p|wa\b))\w+\s+){0,3}"
    r"(?:meninggal|wafat|dirawat|opname|umr[ao]h|pulkam|(?:pulang|balik) kampung)\b"
    r"|^\W*(?:\w+\s)?(?:mau|akan|rencana|minta|suruh|coba)\s+(?:di\s?)?(?:kabar|hubung|te?le?p|tlp|wa|lagi|dat[ae]ngi))"
    rf"|(?P<told>\b{_NOT}\s+(?:(?:ada|pernah)\s+)?{_STILL}\s+{_AGAIN}|{_LATER}"
    r"|\b(?:semoga|mudah\S+|mungkin|kayak\w*)\s+(?:\w+\s+)?puas+)"
    rf"|(?P<undone>\b{_NOT}\s+{_DONE}2?\b|\b{_STAYS}\s+(?:{_STILL}|sampah|komplain)\b(?!\s+(?:hp|nomor|no))"
    rf"|\b{_STILL}\s+{_AGAIN}|\b(?:baru|cuma)\s+(?:setengah|sebagian|separ\w+)|\bcuman?\s+di(?:foto|ukur|cek|liat)\b"
    rf"|\bt(?:api|p)\s+(?!mati|sama)(?:komplain|kecewa|{_STILL})\b(?!\s+(?:s?u?dah|sdh|udh|hp|no))"
    rf"|^\W*(?!mati|sama){_STILL}\W*$|\b(?:hasil|kerja\w*?)(?:nya)?\s+(?:jelek|buruk|asal)\b"
    r"|\basal(?:2|[- ]asal)an\b|\bmin?ta\s+di\s?(?:kerja|perbaik|bener)\w*\s+ulang\b"
    rf"|\b(?:dinas|petugas|tukang)(?:nya)?\s+{_NOT}\s+(?:dat[ae]ng|turun|muncul)\b"
    r"|(?:^|[:;0-9])\W*(?:(?:s?udah|sdh|udh|warga|pelapor|malah|agak|masih|msh)\W+)*"
    r"(?:komplain|protes|kecewa|marah2?|ngomel|ngamuk|nagih)\b)"
    rf"|(?P<yet>\b(?:{_YET})\b)|(?P<satisfied>\b(?:p|mem)ua+s+(?:kan|2)?\b(?!{_ASKED}))",
    re.IGNORECASE,
)
_NOTHING = re.compile(rf"[-–—.?❌✗\s]*|\W*(?:{_NO}|no|x)\W*", re.IGNORECASE)
_quoted = lru_cache(maxsize=4096)(partial(quote, safe=""))
_DAY = re.compile(r"[0-9]{1,4}[ /.-][0-9A-Za-z]{1,9}[ /.-][0-9]{2,4}")


class Answer(Enum):
    """What `Dikabari` says; the value names its words in `Rekap`."""

    NONE = "belum"  # nobody was told
    UNREACHED = "tak-tersambung"
    UNDONE = "belum-beres"  # the reporter says that it is not done
    SATISFIED = "puas"
    TOLD = "sudah"  # the reporter was told, whatever they replied


def answer_in(told: str) -> Answer:
    """The answer in a free text about who has called, when, and what they heard."""
    if _NOTHING.fullmatch(told):
        return Answer.NONE
    found = [str(one.lastgroup).upper() for one in _ANSWERS.finditer(told)] or ["TOLD"]
    if found[-1] == "UNREACHED":
        found = [one for one in found if one in ("UNDONE", "SATISFIED", "TOLD")] or found
    told = found[-2 if found[-2:] == ["SATISFIED", "TOLD"] else -1]  # “puas, tidak banjir lagi”
    return Answer[told.replace("YET", "UNDONE")]


def told_of_outcome(case: Case, told: str) -> str:
    """What `Dikabari` says of how things stand now: nothing if it was typed while the case was open, on a day before it
    was closed, unless it tells the reporter's answer."""
    early = case.told_open is not None and case.closed_at is not None and case.told_open.date() < case.closed_at.date()
    return "" if early and answer_in(told) is Answer.TOLD else told


def is_told(told: str) -> bool:
    """Whether `Dikabari` says that the reporter knows, and does not say that it is not done."""
    return answer_in(told) in (Answer.SATISFIED, Answer.TOLD)


def told_shown(told: str, texts: Texts) -> str:
    """What others see of `Dikabari`: the reporter's answer, and the last date in the text, if there is one."""
    if not told:
        return ""
    days = [day for written in _DAY.findall(told) if (day := read_date(written)) is not None]
    answer = texts.say(f"rekap.{answer_in(told).value}")
    return f"{answer}, {days[-1]:%d/%m/%Y}" if days else answer


def kabari(
    case: Case, complaint: Complaint, promised: date | None, rules: Rules, proposed: tuple[str, ...] = ()
) -> Link | None:
    """What `Kabari` shows. For an open case: the ticket, and the day that was `promised` (None: nothing may be promised
    now) or the state and the year `proposed` for the budget. For a closed case: its outcome. None where nobody can be
    told, where the reporter knows already, or where the case was already closed when it was typed in."""
    told, closed = told_of_outcome(case, complaint.told), case.closed_at
    if not complaint.phones or is_told(told) or (closed is not None and closed <= case.issued_at):
        return None
    if closed is None and answer_in(told) is Answer.UNDONE and any(status.closed for _, status in case.statuses):
        return None  # who has answered that it is not done knows the ticket
    return _Message(case, complaint, promised, rules, proposed).link()


class _Message:
    def __init__(
        self, case: Case, complaint: Complaint, promised: date | None, rules: Rules, proposed: tuple[str, ...]
    ) -> None:
        self._say, self._status = rules.texts.say, case.status
        category = rules.category(complaint.category)
        private = rules.is_private(complaint, case.categories)
        told = "" if private else kept_text(complaint.outcome)
        self._outcome = summary(told, rules.vocabulary, complaint.name, complaint.address, whole=True) if told else ""
        self._number = next(filter(is_mobile, complaint.phones), complaint.phones[0])
        day = rules.texts.long_date(promised) if promised is not None else ""
        self._parts = {
            "organisasi": shorten(kept_text(rules.organisation), NAME_SHOWN),
            "tiket": case.ticket,
            "sapaan": self._part("sapaan"),
            "tentang": self._part("tentang", kategori=category.name) if category is not None and not private else "",
            "nomor": self._part("nomor", tiket=case.ticket),
            "kapan": self._part("tenggat", tanggal=day) if day else self._part("tanpa-tenggat"),
        }
        if proposed and proposed[0] in PROPOSED:
            year = "20{}".format(*filter(None, said.groups())) if (said := _YEAR.search(proposed[1])) else ""
            self._parts["kapan"] = self._part(f"usulan-{PROPOSED[proposed[0]]}", tahun=year).replace(" .", ".")

    def link(self) -> Link:
        subject = self._say("kabari.sel.hasil" if self._status.closed else "kabari.sel.diterima")
        about = {"perihal": subject, "telepon": national(self._number)}
        if not is_mobile(self._number):
            # A dialler takes no text: the words to read out stand in the cell, beside the number.
            outcome = _sentence(shorten(self._outcome, LONGEST)) or self._part("titik-titik")
            closed = "selesai" if self._status is Status.RESOLVED else "ditutup"
            entry = f"kabari.bacakan.{closed if self._status.closed else 'diterima'}"
            label = self._say("kabari.sel.telepon", kata=self._say(entry, hasil=outcome, **self._parts), **about)
            return Link(" ".join(label.split()), f"tel:{self._number}")
        return Link(self._say("kabari.sel.whatsapp", **about), self._address())

    def _address(self) -> str:
        """WhatsApp's own link, https://faq.whatsapp.com/5913398998672934, with as much of the outcome as fits."""
        limit = len(self._outcome)
        while True:
            words = self._text(limit).split(" ")  # most stand in thousands of messages
            address = f"https://wa.me/{self._number[1:]}?text={'%20'.join(map(_quoted, words))}"
            if len(address) <= LONGEST or not limit:
                return address
            limit = limit * 9 // 10

    def _text(self, limit: int) -> str:
        entry = self._status.slug if self._status.closed else "diterima"
        outcome = _sentence(shorten(self._outcome, limit)) if limit else ""
        reason = "hasil" if self._status is Status.RESOLVED else "alasan"
        told = self._part(reason, hasil=outcome) if outcome else self._part("tanpa-hasil")
        return self._say(f"kabari.pesan.{entry}", keterangan=told, **self._parts).strip()

    def _part(self, entry: str, **particulars: str) -> str:
        return self._say(f"kabari.bagian.{entry}", **particulars)


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?…" else f"{text}."
