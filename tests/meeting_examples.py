"""Invented registers to make meeting packs from: whole lives of cases, in the city's real kelurahan."""

import random
from datetime import datetime, timedelta
from functools import cache

from msgspec.structs import replace

from automation.config.defaults import load_defaults, load_kelurahan
from automation.digests.audience import CITY
from automation.digests.decisions import Filed, decisions
from automation.digests.mingguan import Mingguan, mingguan
from automation.mail.render import Mail
from automation.model.complaint import Priority, Status
from automation.model.deadlines import Level, clock
from automation.model.places import Places
from automation.model.register import Entry, Register
from automation.model.rules import Category, Rules
from automation.tables.kendali import CATEGORIES
from tests.mail_examples import COMPLAINTS, CONTEXT, NOW, TODAY, UNREAD, WELL, case, renderer, repair
from tests.town import RULES as TOWN, WORDS

WEEK = timedelta(days=7)
LAST_MEETING = NOW - WEEK
CITY_PLACES = load_kelurahan()
SECRET = "Kesehatan & BPJS"


@cache
def city_rules() -> Rules:
    """Kendali as it is at first: every kelurahan, and each category with its commission."""
    categories = {
        str(name): Category(str(name), str(commission or ""), sensitive=sensitive == "Ya")
        for name, commission, _, _, sensitive in load_defaults(WORDS)[CATEGORIES]
    }
    return Rules(Places(CITY_PLACES), categories, TOWN.calendar, TOWN.targets, WORDS)


def lived(number: int, days_ago: float, *steps: tuple[float, Status], **changes: object) -> Entry:
    """A case that came in `days_ago`, and took these steps, each so many days later; its clock is the program's own."""
    rules = city_rules()
    place = CITY_PLACES[number * 37 % len(CITY_PLACES)]
    issued = NOW - timedelta(days=days_ago)
    category = list(rules.categories)[number % len(rules.categories)]
    said = {"kelurahan": place, "category": category, "received": issued.date(), "priority": Priority.NORMAL} | changes
    history = ((issued, Status.NEW), *((issued + timedelta(days=after), status) for after, status in steps))
    entry = case(number, issued_at=issued, history=history, status=history[-1][1], **said)
    target, by = rules.target_days(entry.priority, entry.category), (rules.calendar, rules.ladder)
    first_due = None
    closings = [position for position, (_, status) in enumerate(history) if status.closed]
    if closings:
        first_due = clock(entry.received, target, history[: closings[0] + 1], None, *by, TODAY).due
    times = clock(entry.received, target, history, first_due, *by, TODAY)
    kind = rules.categories.get(entry.category)
    is_closed = entry.status.closed
    return replace(
        entry,
        ticket=f"RR-26{place.code[6:8]}{place.code[-2:]}-{number:04d}-{number % 10}",
        due=times.due,
        lateness=times.words(WORDS),
        days_late=times.days_late,
        days_left=times.days_left,
        level=times.level or Level.NONE,
        resolved=history[-1][0].date() if entry.status is Status.RESOLVED else None,
        closed_at=history[-1][0] if is_closed else None,
        sensitive=kind is not None and kind.sensitive,
        summary="(isi laporan tidak ditampilkan)" if kind is not None and kind.sensitive else entry.summary,
    )


def changed(entry: Entry, **changes: object) -> Entry:
    """The same case, but for what a test says differently."""
    return replace(entry, **changes)  # type: ignore[arg-type]


def small() -> Register:
    """Twelve cases that have seen everything."""
    gondrong = next(place for place in CITY_PLACES if place.name == "Gondrong")
    garbage = {"kelurahan": gondrong, "category": "Sampah & Kebersihan", "summary": COMPLAINTS[2][1]}
    step = Status
    entries = (
        lived(1, 16, (1, step.VERIFIED), (3, step.IN_PROGRESS), **garbage),
        lived(2, 9, **garbage),
        lived(3, 6, (1, step.VERIFIED), **garbage),
        lived(4, 5, **garbage),
        lived(5, 1, priority=Priority.EMERGENCY, category="Banjir", summary=COMPLAINTS[3][1]),
        lived(6, 30, (1, step.VERIFIED), (20, step.RESOLVED), (27, step.IN_PROGRESS), category="Jalan & Drainase"),
        lived(7, 40, (2, step.VERIFIED), (36, step.FORWARDED), category="Air Bersih", summary=COMPLAINTS[4][1]),
        lived(8, 3, (1, step.VERIFIED), category=SECRET),
        lived(9, 8, (1, step.VERIFIED), (4, step.RESOLVED), told="ya", category="Penerangan Jalan"),
        lived(10, 12, (9, step.UNRESOLVED), category="Ketenagakerjaan"),
        lived(11, 4, (1, step.NOT_OURS), category="Perizinan & Bangunan"),
        lived(12, 20, (1, step.VERIFIED), (10, step.WAITING), category="Pendidikan"),
    )
    return Register(entries, (repair(12),), (WELL, UNREAD))


def large(cases: int = 3000, days: int = 120, open_share: float = 0.3) -> Register:
    """A city in a bad year: cases of many kinds and ages everywhere but in a few kelurahan, with long words."""
    chance = random.Random(7)
    names = list(city_rules().categories)
    speaking = CITY_PLACES[: len(CITY_PLACES) * 9 // 10]
    entries = []
    for number in range(1, cases + 1):
        age = chance.random() ** 1.5 * days
        steps: list[tuple[float, Status]] = []
        if chance.random() < 0.8:
            steps.append((chance.random() * min(age, 4), Status.VERIFIED))
        if chance.random() > open_share:
            ways = [Status.RESOLVED] * 6 + [Status.UNRESOLVED, Status.NOT_OURS]
            steps.append((min(age, 1 + chance.expovariate(0.12)), chance.choice(ways)))
            if chance.random() < 0.05:
                steps.append((min(age, steps[-1][0] + 3), Status.IN_PROGRESS))
        elif chance.random() < 0.5:
            steps.append((min(age, 4 + chance.random() * 9), chance.choice([Status.FORWARDED, Status.WAITING])))
        entries.append(
            lived(
                number,
                age,
                *steps,
                kelurahan=chance.choice(speaking),
                category=chance.choice(names),
                priority=chance.choice([Priority.NORMAL] * 20 + [Priority.URGENT] * 3 + [Priority.EMERGENCY]),
                summary=" ".join(COMPLAINTS[(number + step) % 7][1] for step in range(2))[:140],
            )
        )
    for place in speaking[::20]:  # a flood of one kind in one place
        for _ in range(12):
            number = len(entries) + 1
            flood = {"kelurahan": place, "category": "Banjir", "summary": COMPLAINTS[3][1]}
            entries.append(lived(number, chance.random() * 10, (0.2, Status.VERIFIED), **flood))
    entries.sort(key=lambda entry: entry.issued_at)
    return Register(tuple(entries), tuple(repair(row) for row in range(2, 60)), (WELL, UNREAD))


_MAKER = renderer()


def pack(register: Register, since: datetime = LAST_MEETING, **options: object) -> Mingguan:
    arguments = {"scopes": (CITY,), "now": NOW, "rules": city_rules()} | options
    return mingguan(register, since=since, **arguments)  # type: ignore[arg-type]


def packed(register: Register, **options: object) -> Mail:
    return _MAKER.render("mingguan", pack(register, **options), CONTEXT)  # type: ignore[arg-type]


def with_decisions(register: Register, count: int = 30) -> Register:
    """The register with decisions on so many of its open cases: some late, some sent to agencies, some answered."""
    ways = ("Surat ke Dinas", "Sidak", "Rapat Dengar Pendapat", "Jawab Warga", "Tunda")
    rows = []
    for number, entry in enumerate([one for one in register.entries if not one.status.closed][:count]):
        day = TODAY - timedelta(days=3 * number % 40 + 1)
        values = {"Keputusan": ways[number % 5], "Siapa": f"Ibu Rini {number}", "Sebelum": day.isoformat()}
        if number % 5 == 0:
            values |= {"Instansi": f"Dinas Nomor {number % 12}", "Nomor Surat": f"{number}/F/XI/2026"}
            values |= {"Tanggal Surat": day.isoformat()} if number % 10 else {}
            values |= {"Jawaban": "ada"} if number % 3 == 0 and number % 10 else {}
        since = dict.fromkeys(values, NOW - timedelta(days=9))
        rows.append(Filed(f"K2647-{entry.ticket[3:]}", (entry.ticket,), LAST_MEETING, values, since))
    decided = decisions(rows, register.entries, {}, city_rules(), NOW)
    return replace(register, decisions=decided)
