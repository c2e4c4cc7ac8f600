"""A complaint as understood from one row, and the catalogue of what can be wrong with it. Each finding has a stable
code and a severity; its message and a correct example stand in ``templates/pesan/pemeriksaan.toml``."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Self

from msgspec import Struct

from automation.model.places import Kelurahan
from automation.model.texts import Texts
from automation.tables import intake
from automation.tables.table import Column


class Severity(StrEnum):
    """ERROR must be mended, mostly before a ticket is issued; WARNING need not be; MISSING is an error of a row still
    being typed; WAITING is nothing that the row's people could mend; NOTE tells how a cell was understood."""

    ERROR = "error"
    WARNING = "warning"
    MISSING = "missing"
    WAITING = "waiting"
    NOTE = "note"


class Finding(Struct, frozen=True):
    """One thing that is wrong with a row. `particulars` fill the message's pattern."""

    code: "Code"
    column: Column | None = None
    particulars: tuple[tuple[str, str], ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether somebody has to mend it, mostly before a ticket is issued."""
        return self.code.severity not in (Severity.WARNING, Severity.NOTE)

    @property
    def outside(self) -> "Finding | None":
        """The part of the finding that may leave the row: not what the words of a description suggest or were
        understood as, nor which RT and RW were probably typed. None if there is none."""
        bare = {Code.CATEGORY_OFFERED: Code.CATEGORY_UNKNOWN, Code.CATEGORY_SUGGESTED: Code.CATEGORY_MISSING}
        bare[Code.RT_RW_DATE] = Code.RT_RW_INVALID
        if self.code in bare:
            return about(bare[self.code])
        return None if self.code is Code.READ else self


class Code(StrEnum):
    """Stable codes; the value is the key in the catalogue of messages. `column` is the one that a code is always about;
    None if it may be about any column, or is about the row."""

    severity: Severity
    column: Column | None

    def __new__(cls, value: str, severity: Severity, column: Column | None = None) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.severity, member.column = severity, column
        return member

    DATE_MISSING = "tanggal-kosong", Severity.MISSING, intake.RECEIVED
    DATE_INVALID = "tanggal-keliru", Severity.ERROR, intake.RECEIVED
    DATE_FUTURE = "tanggal-mendatang", Severity.WARNING, intake.RECEIVED
    DATE_ASKED = "tanggal-ditanya", Severity.WARNING, intake.RECEIVED
    DATE_RELATIVE = "tanggal-bergeser", Severity.WARNING, intake.RECEIVED
    CHANNEL_MISSING = "saluran-kosong", Severity.MISSING, intake.CHANNEL
    CHANNEL_UNKNOWN = "saluran-keliru", Severity.ERROR, intake.CHANNEL
    NAME_MISSING = "nama-kosong", Severity.MISSING, intake.NAME
    CONTACT_MISSING = "kontak-kosong", Severity.MISSING, intake.PHONE
    PHONE_INVALID = "telepon-keliru", Severity.ERROR, intake.PHONE
    PHONE_TWO = "telepon-dua", Severity.WARNING, intake.PHONE
    PHONE_LOST = "telepon-hilang-angka", Severity.ERROR, intake.PHONE
    PHONE_FOREIGN = "telepon-luar-negeri", Severity.WARNING, intake.PHONE
    RT_RW_INVALID = "rtrw-keliru", Severity.ERROR, intake.RT_RW
    RT_RW_DATE = "rtrw-jadi-tanggal", Severity.ERROR, intake.RT_RW
    CATEGORY_MISSING = "kategori-kosong", Severity.MISSING, intake.CATEGORY
    CATEGORY_SUGGESTED = "kategori-mungkin", Severity.MISSING, intake.CATEGORY
    CATEGORY_UNKNOWN = "kategori-keliru", Severity.ERROR, intake.CATEGORY
    CATEGORY_OFFERED = "kategori-tawaran", Severity.ERROR, intake.CATEGORY
    STILL_PRIVATE = "tetap-rahasia", Severity.WARNING, intake.CATEGORY
    PRIORITY_UNKNOWN = "prioritas-keliru", Severity.ERROR, intake.PRIORITY
    DESCRIPTION_MISSING = "uraian-kosong", Severity.MISSING, intake.DESCRIPTION
    DESCRIPTION_SHORT = "uraian-pendek", Severity.ERROR, intake.DESCRIPTION
    NIK = "nik", Severity.WARNING
    KELURAHAN_MISSING = "kelurahan-kosong", Severity.MISSING, intake.KELURAHAN
    KELURAHAN_TAB = "kelurahan-tab", Severity.ERROR  # the tab's name is no kelurahan, and no column says it
    KELURAHAN_UNKNOWN = "kelurahan-keliru", Severity.ERROR, intake.KELURAHAN
    KELURAHAN_AMBIGUOUS = "kelurahan-ganda", Severity.ERROR, intake.KELURAHAN
    STATUS_UNKNOWN = "status-keliru", Severity.ERROR, intake.STATUS
    STATUS_CONTESTED = "status-disanggah", Severity.WARNING, intake.STATUS
    OUTCOME_MISSING = "hasil-kosong", Severity.WARNING, intake.OUTCOME
    OUTCOME_STRAY = "hasil-lepas", Severity.ERROR, intake.OUTCOME
    DONE_INVALID = "selesai-keliru", Severity.WARNING, intake.DONE
    DONE_EARLY = "selesai-sebelum-terima", Severity.WARNING, intake.DONE
    PARENT_INVALID = "induk-keliru", Severity.WARNING, intake.PARENT  # it never keeps a complaint waiting
    PARENT_ITSELF = "induk-sendiri", Severity.WARNING, intake.PARENT
    PARENT_UNKNOWN = "induk-tidak-ada", Severity.WARNING, intake.PARENT
    PARENT_CIRCLE = "induk-melingkar", Severity.WARNING, intake.PARENT
    PARENT_CLOSED = "induk-ditutup", Severity.WARNING, intake.PARENT
    READ = "dibaca", Severity.NOTE
    CELL_ERROR = "sel-galat", Severity.ERROR
    TICKET_CHANGED = "tiket-diubah", Severity.WARNING
    ROW_COPIED = "baris-salinan", Severity.ERROR
    COPY_ERASED = "salinan-dihapus", Severity.ERROR
    ROW_REWRITTEN = "baris-berganti", Severity.WARNING
    SIMILAR = "mirip", Severity.WARNING
    SAME_PHONE = "telepon-sama", Severity.WARNING
    NUMBERS_WAIT = "nomor-menunggu", Severity.WAITING
    ROW_ERASED = "baris-dihapus", Severity.ERROR
    ROW_FAILS = "baris-gagal", Severity.WAITING
    TICKET_LOCKED = "tiket-terkunci", Severity.WAITING


def about(code: Code, **particulars: str) -> Finding:
    """What is wrong with a row, or with the column that its code is always about."""
    return Finding(code, code.column, tuple(particulars.items()))


#: Errors in these columns keep no ticket waiting; in that of the telephone only if another, or an address, is known.
_ASKED_BESIDE = (intake.PRIORITY, intake.CHANNEL, intake.RT_RW, intake.PHONE)
_FORMS = {Severity.ERROR: "galat", Severity.WAITING: "tunggu", Severity.WARNING: "peringatan"}


def check_text(findings: Sequence[Finding], texts: Texts) -> str:
    """The findings, one a line, each with its severity: first what is still missing, in one line; then errors; then
    what has to wait; then warnings; last, in one line, how cells were understood. Empty if there are none."""
    lines: list[str] = []
    if missing := [finding for finding in findings if finding.code.severity is Severity.MISSING]:
        items = [message(finding, texts, "butir") for finding in missing]
        lines.append(texts.say("pemeriksaan.bentuk.kosong", daftar=texts.say("pemeriksaan.bentuk.pemisah").join(items)))
    for severity, form in _FORMS.items():
        for finding in (one for one in findings if one.code.severity is severity):
            entry = f"pemeriksaan.bentuk.{form}{'' if finding.column else '-baris'}"
            lines.append(texts.say(entry, kolom=finding.column, pesan=message(finding, texts, "contoh")))
    if notes := [finding for finding in findings if finding.code.severity is Severity.NOTE]:
        items = [texts.say("pemeriksaan.bentuk.isi", kolom=one.column, pesan=message(one, texts, "")) for one in notes]
        lines.append(texts.say("pemeriksaan.bentuk.dibaca", daftar=texts.say("pemeriksaan.bentuk.pemisah").join(items)))
    return "\n".join(lines)


def message(finding: Finding, texts: Texts, form: str) -> str:
    """What is wrong, with an example of how it is right if there is one; `form` is one of the catalogue's."""
    particulars = dict(finding.particulars)
    told = texts.say(f"pemeriksaan.{finding.code.value}.pesan", **particulars)
    example = texts.say(f"pemeriksaan.{finding.code.value}.contoh", **particulars)
    return texts.say(f"pemeriksaan.bentuk.{form}", pesan=told, contoh=example) if example else told


class Channel(StrEnum):
    """How the complaint came in; the values are the list of `Saluran`."""

    HOTLINE = "Hotline"
    WALK_IN = "Datang Langsung"
    WHATSAPP = "WhatsApp"
    VISIT = "Kunjungan Warga"
    RESES = "Reses"
    LAPOR = "LAPOR!"
    FORM = "Formulir"
    OTHER = "Lainnya"


class Priority(StrEnum):
    """How soon it must be dealt with; an empty cell means NORMAL."""

    NORMAL = "Biasa"
    URGENT = "Mendesak"
    EMERGENCY = "Darurat"


class Status(StrEnum):
    """The state of the case; an empty cell means NEW."""

    NEW = "Baru"
    VERIFIED = "Diverifikasi"
    FORWARDED = "Diteruskan ke Fraksi"
    IN_PROGRESS = "Ditindaklanjuti"
    WAITING = "Menunggu Pelapor"
    RESOLVED = "Selesai"
    NOT_OURS = "Bukan Kewenangan"
    UNRESOLVED = "Ditutup Tanpa Solusi"

    @property
    def closed(self) -> bool:
        """Whether nothing more is done: solved, not ours, or closed without a solution (three different things)."""
        return self in CLOSED

    @property
    def paused(self) -> bool:
        """Whether the clock is stopped because the reporter has to answer."""
        return self is Status.WAITING

    @property
    def slug(self) -> str:
        """Its name in keys of messages: ``ditutup-tanpa-solusi``."""
        return self.value.casefold().replace(" ", "-")


#: All closed statuses, in the order in which they are listed for people.
CLOSED = (Status.RESOLVED, Status.UNRESOLVED, Status.NOT_OURS)


class Complaint(Struct, frozen=True):
    """What a row says, and the findings. A field is None or empty where the row says nothing that is understood."""

    received: date | None = None
    channel: Channel | None = None
    name: str = ""
    phones: tuple[str, ...] = ()  # E.164
    address: str = ""
    rt_rw: str = ""  # "003/007", "003/", "/007"
    category: str | None = None
    priority: Priority | None = None
    description: str = ""
    kelurahan: Kelurahan | None = None
    status: Status | None = None
    assignee: str = ""
    outcome: str = ""
    told: str = ""
    title: str = ""  # a coordinator's, for others to read
    parent: str = ""  # the ticket that `Induk` names, whether or not there is such a case
    done: date | None = None  # the typed day on which it was really done, between receipt and today
    date_right: bool = False  # somebody vouches for the day of receipt
    findings: tuple[Finding, ...] = ()
    secret: bool | None = None  # whether nothing of it may be told; None: nobody has said

    @property
    def blocked(self) -> bool:
        """Whether something is wrong that must be mended."""
        return any(finding.blocks for finding in self.findings)

    @property
    def held(self) -> list[Finding]:
        """The findings that must be mended before a ticket is issued."""
        beside = _ASKED_BESIDE if self.phones or self.address else _ASKED_BESIDE[:-1]
        wrong = (one for one in self.findings if one.blocks)
        return [one for one in wrong if one.code.severity is not Severity.ERROR or one.column not in beside]


#: A row that the program fails to read, by a mistake of its own.
UNREADABLE = Complaint(findings=(about(Code.ROW_FAILS),))
