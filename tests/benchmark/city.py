"""A whole city of complaints, and what people change between two cycles; the same in every run."""

import random
from collections.abc import Sequence
from datetime import timedelta

from automation.config.defaults import load_defaults, load_kelurahan, load_terms
from automation.model.cells import Tab, Value, serial_of
from automation.model.places import Places
from automation.model.rules import Category, Rules
from automation.tables import intake
from automation.tables.kendali import CATEGORIES
from tests.town import HEADINGS, RULES, TUESDAY, WORDS

ROWS, TABS, CHANGED = 100_000, 104, 1_000


def city_rules() -> Rules:
    """Places and categories as a new Kendali has them."""
    kelurahan = load_kelurahan()
    categories = {str(row[0]): Category(str(row[0])) for row in load_defaults(WORDS)[CATEGORIES]}
    return Rules(Places(kelurahan), categories, RULES.calendar, RULES.targets, RULES.texts, terms=load_terms())


def new_city() -> list[Tab]:
    """All complaints new: one tab for each kelurahan."""
    chance, rules = random.Random(1), city_rules()
    tabs: dict[str, list[list[Value]]] = {place.name: [list(HEADINGS)] for place in rules.places}
    titles = list(tabs)
    for number in range(ROWS):
        tabs[titles[number % len(titles)]].append(_typed(number, chance, list(rules.categories)))
    return [Tab(title, title, rows) for title, rows in tabs.items()]


def change(tabs: Sequence[Tab]) -> list[Tab]:
    """The tabs a cycle later, 1 % changed: of ten changes six correct a text, three set a status, one is a new row."""
    chance, categories = random.Random(2), list(city_rules().categories)
    description, status = HEADINGS.index(intake.DESCRIPTION), HEADINGS.index(intake.STATUS)
    width = len(HEADINGS)
    changed = [[[*row, *[None] * (width - len(row))] for row in tab.rows] for tab in tabs]
    for count in range(CHANGED):
        down, across = divmod(count * (ROWS // CHANGED) + 1, len(tabs))
        row = changed[across][down + 1]
        if count % 10 < 6:
            row[description] = f"{row[description]}, terima kasih"
        elif count % 10 < 9:
            row[status] = "Diverifikasi"
        else:
            changed[across].append(_typed(ROWS + count, chance, categories))
    return [Tab(tab.key, tab.title, rows) for tab, rows in zip(tabs, changed, strict=True)]


def _typed(number: int, chance: random.Random, categories: Sequence[str]) -> list[Value]:
    """A complaint as volunteers type it; one in fifty has a mistake, and waits."""
    received = TUESDAY.date() - timedelta(days=chance.randrange(120))
    what = chance.choice(["Lampu jalan mati", "Got mampet", "Sampah menumpuk"])
    since = chance.randrange(2, 30)
    row: dict[str, Value] = {
        intake.RECEIVED: serial_of(received) if number % 2 else f"{received:%d/%m/%Y}",
        intake.CHANNEL: chance.choice(["Hotline", "Datang Langsung", "WhatsApp", "WA"]),
        intake.NAME: f"{chance.choice(['Ibu', 'Pak'])} {chance.choice(['Yati', 'Amir', 'Sri', 'Wawan'])} {number}",
        intake.PHONE: f"0812{number:08}",
        intake.ADDRESS: f"Gg. {chance.choice(['Mawar', 'Melati', 'Kenanga'])} no {number % 400}",
        intake.RT_RW: f"{number % 12 + 1}/{number % 9 + 1}",
        intake.CATEGORY: chance.choice(categories),
        intake.PRIORITY: chance.choice([None, None, None, None, "Mendesak"]),
        intake.DESCRIPTION: f"{what} di depan rumah nomor {number % 400}, sudah {since} hari belum ada yang datang",
        intake.OFFICER: chance.choice(["Rina", "Joko"]),
    }
    if number % 50 == 0:
        row[chance.choice([intake.PHONE, intake.CATEGORY, intake.RECEIVED])] = "kurang tahu"
    return [row.get(heading) for heading in HEADINGS]
