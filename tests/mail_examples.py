"""An invented register to make digests from: natural complaints, in kelurahan that exist."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from automation.cli.screen import TEMPLATES, load_texts
from automation.config.kendali import Settings
from automation.digests.at_once import Operator, darurat
from automation.digests.audience import CITY
from automation.digests.morning import harian, koordinator
from automation.mail.render import Context, Renderer
from automation.mail.templates import Templates
from automation.model.complaint import Priority, Status
from automation.model.deadlines import Ladder
from automation.model.places import Kelurahan, Places
from automation.model.register import Entry, Health, Register, Repair
from tests.town import RULES

JAKARTA = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 11, 26)  # a Thursday
NOW = datetime(2026, 11, 26, 6, 30, tzinfo=JAKARTA)
YESTERDAY = NOW - timedelta(days=1)

SUKASARI = Kelurahan("36.71.01.1006", "Tangerang", "Sukasari", 1)
JATIUWUNG = Kelurahan("36.71.09.1002", "Cibodas", "Jatiuwung", 3)
CIBODAS_SARI = Kelurahan("36.71.09.1005", "Cibodas", "Cibodas Sari", 3)
KARANG_TIMUR = Kelurahan("36.71.06.1005", "Karang Tengah", "Karang Timur", 5)
PLACES = (SUKASARI, JATIUWUNG, CIBODAS_SARI, KARANG_TIMUR)
CITY_RULES = replace(RULES, places=Places(PLACES))
#: What people decide, as far as a message's headers say it.
SETTINGS = Settings(
    replace(CITY_RULES, organisation="Rumah Aspirasi"),
    (),
    (),
    15,
    time(6, 30),
    0,
    60,
    "Ibu Ratna <ratna@example.net>",
    ("", ""),
)

COMPLAINTS = (
    ("Jalan dan Trotoar", "Lubang besar di depan SDN 4, sudah dua pengendara motor jatuh sejak hujan minggu lalu."),
    ("Lampu Jalan", "Lampu penerangan dari pos ronda sampai mushala mati semua, warga takut lewat malam hari."),
    ("Sampah", "Sampah di TPS belakang pasar tidak diangkut enam hari, bau sampai ke rumah warga."),
    ("Banjir dan Drainase", "Got mampet di pertigaan, setiap hujan satu jam air masuk ke tujuh rumah."),
    ("Air Bersih", "Air PDAM keruh dan berbau besi, sudah lapor lewat aplikasi tetapi belum ada jawaban."),
    ("Administrasi Kependudukan", "KK hilang karena banjir; diminta bolak-balik tiga kali tanpa kepastian."),
    ("Bantuan Sosial", "Nama ibu tidak ada lagi di daftar PKH padahal masih memenuhi syarat."),
)
ASSIGNEES = ("Ibu Ratna (Fraksi)", "Pak Hadi", "", "Bang Ucup – RW 07")


def case(number: int = 1, **changes: object) -> Entry:
    """An open case of yesterday morning, due in some days, with whatever a test says differently."""
    category, summary = COMPLAINTS[number % len(COMPLAINTS)]
    place = PLACES[number % len(PLACES)]
    kecamatan, kelurahan = place.code.split(".")[2], place.code[-2:]
    entry = Entry(
        ticket=f"RR-26{kecamatan}{kelurahan}-{number:04d}-{number % 10}",
        kelurahan=place,
        received=TODAY - timedelta(days=2),
        category=category,
        priority=Priority.NORMAL,
        status=Status.VERIFIED,
        assignee=ASSIGNEES[number % len(ASSIGNEES)],
        summary=summary,
        due=TODAY + timedelta(days=6),
        lateness="",
        days_late=0,
        days_left=5,
        resolved=None,
        told="",
        issued_at=NOW - timedelta(days=2),
        closed_at=None,
        sensitive=False,
        present=True,
        link=f"https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdEFGH/edit#gid=18{number}&range=A{number}",
        source="cibodas",
        history=(),
        reporter=number,
    )
    entry = replace(entry, **changes)  # type: ignore[arg-type]
    return entry if entry.history else replace(entry, history=_history(entry))


def _history(entry: Entry) -> tuple[tuple[datetime, Status], ...]:
    if entry.status is Status.NEW:
        return ((entry.issued_at, Status.NEW),)
    return ((entry.issued_at, Status.NEW), (entry.closed_at or entry.issued_at, entry.status))


def late(number: int, days: int, **changes: object) -> Entry:
    """A case that is `days` working days past its deadline."""
    lateness = {"days_late": days, "days_left": None, "lateness": f"terlambat {days} hari kerja"}
    lateness["level"] = Ladder().level(days, None)
    return case(number, **({"status": Status.IN_PROGRESS, "due": TODAY - timedelta(days=days)} | lateness | changes))


def due(number: int, days: int, **changes: object) -> Entry:
    """A case whose deadline is in `days` working days."""
    words = {0: "jatuh tempo hari ini", 1: "jatuh tempo besok"}.get(days, "")
    return case(number, **({"days_left": days, "due": TODAY + timedelta(days=days), "lateness": words} | changes))


def closed(number: int, status: Status, **changes: object) -> Entry:
    """A case that was closed yesterday afternoon."""
    settled = {"days_left": None, "closed_at": NOW - timedelta(hours=14), "status": status, "outcome": number}
    return case(number, **(settled | changes))


def repair(row: int = 12, **changes: object) -> Repair:
    """A row of Cibodas Sari that waits for a fix."""
    check = "Telepon belum lengkap. Contoh: 0812-3456-7890."
    return replace(Repair("Cibodas", "Cibodas Sari", row, check, "https://docs.google.com/x"), **changes)  # type: ignore[arg-type]


UNREAD = Health("Kecamatan Benda", NOW - timedelta(days=2, hours=3), 210, "Lembar kerja ini tidak dibagikan lagi.")
WELL = Health("Kecamatan Cibodas", NOW, 480, "")


def twelve() -> Register:
    """What an ordinary morning looks like."""
    fresh = {"issued_at": NOW - timedelta(hours=15)}
    return Register(
        entries=(
            late(1, 3, level_at=NOW - timedelta(hours=6)),
            late(2, 12, priority=Priority.URGENT, status=Status.FORWARDED),
            late(3, 1, present=False, link=""),
            due(4, 0, priority=Priority.EMERGENCY, **fresh),
            due(5, 1),
            case(6, **fresh),
            case(7, sensitive=True, category="Kesehatan", summary="", **fresh),
            case(8, status=Status.WAITING, days_left=None, lateness="dijeda"),
            closed(9, Status.RESOLVED, resolved=TODAY - timedelta(days=1)),
            closed(10, Status.RESOLVED, resolved=TODAY - timedelta(days=1), told="ya, Senin"),
            closed(11, Status.UNRESOLVED),
            closed(12, Status.NOT_OURS),
        ),
        repairs=(repair(12), repair(31, kelurahan="", kecamatan="Cibodas", check="Kelurahan belum diisi.")),
        health=(WELL, UNREAD),
    )


def crowd(cases: int = 3000) -> Register:
    """A city on a very bad morning: everything overdue, new, due or closed, and with long words everywhere."""
    fresh = {"issued_at": NOW - timedelta(hours=9)}
    entries: list[Entry] = []
    for number in range(1, cases + 1):
        long = " ".join(COMPLAINTS[(number + step) % 7][1] for step in range(4))
        shape = number % 6
        common = {"summary": long, "ticket": f"RR-260905-{number:04d}-{number % 10}", **fresh}
        if shape < 3:
            entries.append(late(number, number % 40 + 1, **common))
        elif shape == 3:
            entries.append(due(number, number % 2, **common))
        else:
            ways = (Status.RESOLVED, Status.UNRESOLVED, Status.NOT_OURS)
            entries.append(closed(number, ways[number // 6 % 3], closed_at=NOW - timedelta(hours=1), **common))
    repairs = tuple(repair(row) for row in range(2, 400))
    return Register(tuple(entries), repairs, tuple(replace(UNREAD, name=f"Lembar {n}") for n in range(60)))


NOTHING = Register((), (), (WELL,))
CONTEXT = Context("Hj. Siti Nurbaya", "Kota Tangerang", "Rumah Aspirasi Tangerang", "aspirasi@example.org")


def renderer() -> Renderer:
    return Renderer(Templates(TEMPLATES, load_texts()))


def harian_of(register: Register) -> object:
    return harian(register, (CITY,), YESTERDAY, NOW, CITY_RULES)


def koordinator_of(register: Register) -> object:
    return koordinator(register, (CITY,), YESTERDAY, NOW, CITY_RULES)


def darurat_of(register: Register) -> object:
    return darurat(replace(next(iter(register.entries), case()), priority=Priority.EMERGENCY), NOW)


def raised_of(register: Register) -> object:
    entry = next(iter(register.entries), case())
    return darurat(replace(entry, priority=Priority.EMERGENCY, priority_since=NOW), NOW)


def outage_of(register: Register) -> object:
    """That the register's spreadsheets can't be read for long."""
    failing = tuple(replace(health, last_read=YESTERDAY) for health in register.health if health.problem) or (UNREAD,)
    return Operator(NOW, YESTERDAY, over=False, whole=False, failing=failing)


def whole_outage_of(_: Register) -> object:
    why = Health("", YESTERDAY, 0, "Kendali tidak dibagikan lagi kepada robot@contoh.iam.gserviceaccount.com.")
    return Operator(NOW, YESTERDAY, over=False, whole=True, failing=(why,))


def given_up_of(_: Register) -> object:
    """That addresses were refused for days."""
    return Operator(NOW, NOW, over=False, whole=False, failing=(), refused=("Penerima!B3", "Penerima!B14"))


def erasure_of(_: Register) -> object:
    """That somebody's words are erased tomorrow."""
    return Operator(NOW, NOW, over=False, whole=False, failing=(), erased="RR-260504-0001-3", erased_on=NOW.date())


def over_of(register: Register) -> object:
    """That an outage is over, whatever else can't be read."""
    failing = tuple(health for health in register.health if health.problem)
    return Operator(NOW, YESTERDAY, over=True, whole=False, failing=failing)


#: Every mail that there is: its kind, and how it is made from a register.
MAILS: tuple[tuple[str, Callable[[Register], object]], ...] = (
    ("harian", harian_of), ("koordinator", koordinator_of), ("darurat", darurat_of), ("darurat", raised_of),
    ("operator", outage_of), ("operator", whole_outage_of), ("operator", given_up_of),
    ("operator", erasure_of), ("operator", over_of),
)  # fmt: skip


def mail_name(value: object) -> str:
    return value if isinstance(value, str) else getattr(value, "__name__", "").removesuffix("_of")
