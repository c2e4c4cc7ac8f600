"""What people type and nobody else may read: planted in every cell and name, looked for in every mail and the log."""

import contextlib
import email
import email.policy
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from automation.cases.events import JOURNAL
from automation.cli.compose import compose
from automation.cli.state import NAME, logger, start_log
from automation.cli.sync import run_cycle
from automation.cycle.kinds import KINDS
from automation.mail.render import KEY_HEADER
from automation.mail.view import WORD_JOINER
from automation.model.disclosure import normalized
from automation.sheets.local.workbook import local_workbook
from automation.tables import intake
from automation.tables.intake import PEOPLE
from automation.tables.kendali import COPY, LAST_VALUES, PLACES, RECIPIENTS, REGISTER, REPAIRS, SOURCES, TABS
from automation.tables.table import Column
from tests.conftest import Say
from tests.door.notations import NOTATIONS as DIGITS
from tests.local_city import GOOD_ROW, TITLES, LocalCity
from tests.mail_box import Box
from tests.meeting_examples import SECRET
from tests.town import NOTE, TUESDAY, WORDS
from tests.workbook_contract import Typed
from tests.xlsx_person import make_file

DAY = timedelta(days=1)
CITY, CIPONDOH, KARAWACI, GONDRONG = (f"{name}@fraksi.example" for name in ("kota", "cipondoh", "karawaci", "gondrong"))
SCOPES = {CITY: "Kota", CIPONDOH: "Kecamatan Cipondoh", KARAWACI: "Kecamatan Karawaci", GONDRONG: "Kelurahan Gondrong"}
#: Never in a mail, whatever the case: who complained, where they live, what was done, and by whom it was written down.
PRIVATE = {
    intake.NAME: "Zubaidah Kurniasih",
    intake.ADDRESS: "Gang Kenanga Ungu",
    intake.OFFICER: "Wirajaya",
    intake.OUTCOME: "Hasilnya Begini",
    intake.TOLD: "Dikabari Menantunya",
    NOTE: "Catatan Sendiri",
}
ASSIGNEE, SENSITIVE = "Bang Kipli Gondrong", "Rahasianya Sekali"
#: What a complaint is about, by what becomes of it.
MATTER = {
    "emergency": "gudang terbakar", "new": "lampu padam", "due": "got mampet", "late": "jalan berlubang",
    "gone": "pohon tumbang", "secret": "tagihan rumah sakit",
}  # fmt: skip
CLOSINGS = ("Selesai", "Ditutup Tanpa Solusi", "Bukan Kewenangan")


class Plants:
    """Telephone numbers, NIK, addresses and scripts, each another one, so that one that is found tells where it was."""

    def __init__(self) -> None:
        self.where: dict[str, str] = {}

    def of(self, where: str) -> str:
        """A text for a cell or a name, with one of each."""
        number = 1000 + len(self.where)
        phone, nik = f"0812-7{number % 1000:03d}-{number}", f"367101520190{number}"
        email, tag = f"warga{number}@rahasia.example", f"<script>alert({number})</script>"
        self.where |= dict.fromkeys((re.sub(r"\D", "", phone), nik, email, tag), where)
        return f"{phone} {nik} {email} {tag}"

    def found_in(self, text: str) -> set[str]:
        """Where that was planted which stands in a text, however its digits are grouped."""
        digits = re.sub(r"(?<=[0-9])[ .()-]+(?=[0-9])", "", text)
        return {f"{where}: {plant}" for plant, where in self.where.items() if plant in text or plant in digits}


#: What was planted, every mail that came of it in a week, and the log.
Walk = tuple[Plants, list[EmailMessage], str]


def rows(plants: Plants) -> Iterator[Mapping[str, Typed]]:
    """Complaints with something planted in each cell that takes any text, whatever becomes of them; and for each cell
    one with something planted there, where it may be no answer at all."""
    free = (intake.NAME, intake.ADDRESS, intake.OFFICER, intake.OUTCOME, intake.TOLD)
    days = {"emergency": 0, "new": 0, "due": 6, "late": 20, "secret": 9, "gone": 3, **dict.fromkeys(CLOSINGS, 2)}
    for number, (fate, ago) in enumerate(days.items()):
        about = SENSITIVE if fate == "secret" else ""
        said: dict[str, Typed] = {of: f"{PRIVATE.get(of, '')} {plants.of(f'{fate}, {of}')}" for of in free}
        said[intake.DESCRIPTION] = f"{MATTER.get(fate, 'jembatan roboh')} {about}: {plants.of(f'{fate}, Uraian')}"
        said |= {intake.TOLD: None} if fate in CLOSINGS else {}
        said[intake.ASSIGNEE] = about or ASSIGNEE
        said[intake.RECEIVED] = (TUESDAY - ago * DAY).strftime("%d/%m/%Y")
        said[intake.PHONE] = f"08120000{number:04d}"
        plants.where[f"08120000{number:04d}"] = f"{fate}, Telepon"
        said |= {intake.PRIORITY: "Darurat"} if fate == "emergency" else {}
        yield said | ({intake.CATEGORY: SECRET} if fate == "secret" else {}) | {NOTE: f"{PRIVATE[NOTE]} {fate}"}
    for column in PEOPLE:
        if column in TITLES:
            yield {intake.NAME: PRIVATE[intake.NAME], column: plants.of(f"the only one, {column}")}
    yield {intake.NAME: PRIVATE[intake.NAME], intake.PHONE: plants.of("no day, Telepon"), intake.RECEIVED: None}


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """What was planted, every mail that came of it in a week, and the log."""
    plants = Plants()
    city = LocalCity.lay_out(tmp_path_factory.mktemp("kota"), {"Barat": ("Gondrong",), "Timur": ("Cimone",)})
    people = [("Nama", email, "", scope, ", ".join(KINDS), "Ya", "Ya") for email, scope in SCOPES.items()]
    city.put("Kendali", RECIPIENTS, {(r, c): v for r, row in enumerate(people, 1) for c, v in enumerate(row)})
    # Names that people give: of a tab, of a file, and of spreadsheets in Sumber, one of which is not there.
    named = "Lembar 0812-7999-1234 367101520190999 bu.wati@rahasia.example"
    plants.where |= {"081279991234": "a name", "bu.wati@rahasia.example": "a name"}
    titles = [*TITLES[:-1], str(intake.KELURAHAN), TITLES[-1]]
    make_file(city.path(named), {"Telp 0812-7999-1234": [titles]})
    city.list_sources("Barat.xlsx", "Timur.xlsx", f"{named}.xlsx", f"{named} hilang.xlsx")
    city.put("Kendali", SOURCES, {(3, 0): named, (4, 0): f"{named} hilang"})
    emergency, *typed = rows(plants)
    city.type("Barat", "Gondrong", *typed)
    kendali = city.rows("Kendali", PLACES)
    city.put(
        "Kendali",
        PLACES,
        {(1, kendali[0].index("Koordinator")): ASSIGNEE, (2, kendali[0].index("Koordinator")): "Kokom"},
    )
    city.type("Timur", "Cimone", {intake.ASSIGNEE: "Ceu Kokom", intake.DESCRIPTION: "Pohon tumbang di Cimone saja"})
    city.type(named, "Telp 0812-7999-1234", {intake.KELURAHAN: plants.of("Kelurahan")}, {intake.KELURAHAN: "Petir"})
    start_log(city.folder)
    box = Box()
    for day in (0, 1, 2, 6):
        if day == 1:  # what is closed, what is deleted, and an emergency
            city.type("Barat", "Gondrong", emergency)
            note = TITLES.index(NOTE)
            for row, values in enumerate(city.rows("Barat", "Gondrong")):
                if (fate := str(values[note]).removeprefix(f"{PRIVATE[NOTE]} ")) in CLOSINGS:
                    city.put("Barat", "Gondrong", {(row, TITLES.index(intake.STATUS)): fate})
                elif fate == "gone":
                    city.put("Barat", "Gondrong", {(row, column): None for column in range(len(TITLES))})
        now = TUESDAY + day * DAY
        program = compose(city.credentials, WORDS)
        run_cycle(program, now)
        opened = program.digester.open(now)
        for kind in KINDS.values():
            opened.send(kind, box)
            box.mails += opened.previews(kind)
    log = (city.folder / NAME).read_text("utf-8")
    for handler in [*logger.handlers]:
        if getattr(handler, "baseFilename", "").startswith(str(city.folder)):
            logger.removeHandler(handler)
            handler.close()
    return plants, box.mails, log


def told(mail: EmailMessage) -> str:
    """All that can be read of a mail and its source, without what keeps programs from making links of words."""
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    texts = (*(str(value) for value in mail.values()), *bodies, *map(html.unescape, bodies))
    return "\n".join(text.replace(WORD_JOINER, "") for text in texts)


def kind_of(mail: EmailMessage) -> str:
    return str(mail[KEY_HEADER]).split(":")[0]


def test_a_week_has_seen_every_kind_of_mail_and_every_fate(walk: Walk) -> None:
    _, mails, _ = walk
    assert {kind_of(mail) for mail in mails} == set(KINDS)
    everything = "\n".join(map(told, mails))
    assert MATTER["secret"] not in everything and any(words in everything for words in MATTER.values())
    for words in ("Kabari hasilnya", "barisnya hilang", "Hal pribadi", "Betulkan Baris", "tidak terbaca", "naik ke"):
        assert words in everything


def test_nothing_that_was_planted_or_that_tells_of_a_person_is_in_any_mail(walk: Walk) -> None:
    """Nor is a script one; nor does a sensitive case tell its words, or who has it."""
    plants, mails, _ = walk
    for mail in mails:
        said, page = told(mail), mail.get_body(("html",))
        found = [plant for plant in plants.found_in(said) if "<script>" not in plant]
        assert not found, (mail["To"], mail["Subject"])
        assert page is not None and "<script" not in page.get_content() + str(mail["Subject"])
        assert not [words for words in (*PRIVATE.values(), SENSITIVE, SECRET) if words in said], mail["Subject"]


def test_who_is_in_charge_is_told_to_nobody_outside_the_scope_of_the_case(walk: Walk) -> None:
    _, mails, _ = walk
    by_address = {email: "\n".join(told(mail) for mail in mails if email in str(mail["To"])) for email in SCOPES}
    assert [email for email, said in by_address.items() if ASSIGNEE in said] == [CITY, CIPONDOH, GONDRONG]
    assert [email for email, said in by_address.items() if "Ceu Kokom" in said] == [CITY, KARAWACI]


def test_nothing_that_was_planted_is_in_the_log(walk: Walk) -> None:
    plants, _, log = walk
    assert "cycle ends" in log
    assert "digest harian" in log
    assert not plants.found_in(log)
    assert not [words for words in (*PRIVATE.values(), ASSIGNEE, SENSITIVE) if words in log]


#: How people write what only helpers may read; `{}` is a word, or a number, of nobody else's.
NOTATIONS: Mapping[str, tuple[str, ...]] = {
    intake.NAME: (
        *(
            "Ibu {}",
            "PAK {}",
            "{}",
            "Hj. {}",
            "{}, S.Pd",
            "Bpk {} bin Umar",
            "{} (ketua RT 3)",
            "alm. {}",
            "Sdr. {} alias Udin",
        ),
        *("bu rt {}", "{}-Sari"),
    ),
    intake.PHONE: (
        *("0812{}", "+62812{}", "62812{}", "812{}", "HP 0812{}", "0812{} (WA)", "0812 - {}", "(0812) {}", "+62-812-{}"),
        *("0812.{}", "0812{} / rumah"),
    ),
    intake.ADDRESS: (
        *(
            "Jl. {} No. 5",
            "Gg {} 12",
            "gang {}",
            "Perum {} Blok C3/7",
            "JALAN {}",
            "Jln {} RT 03/04",
            "{} RT.003 RW.004",
        ),
        *("Kp. {}", "Komplek {}", "ruko {} lt 2", "belakang masjid {}"),
    ),
    intake.OUTCOME: (
        *("sudah bicara dengan {}", "ditelepon ke {}", "{} minta dirahasiakan", "kata {}: besok", "diterima istri {}"),
        *("surat untuk {}", "{} pindah rumah", "belum bertemu {}", "janji dengan {} Kamis", "{}", "lihat catatan {}"),
    ),
}
VALUES = 564


def test_whoever_opens_every_tab_of_kendali_reads_no_name_number_address_or_text_of_a_reporter(
    tmp_path: Path, say: Say
) -> None:
    assert sum(map(len, NOTATIONS.values())) == 44
    city = LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",)}, cadangan="Cadangan.xlsx")
    planted: list[str] = []

    def person(number: int) -> dict[str, Typed]:
        """One whose cells nobody else has; of every third something else is to be mended."""
        cells: dict[str, Typed] = {NOTE: number, intake.DESCRIPTION: f"Lampu jalan nomor {number} mati sejak Senin"}
        for column, forms in NOTATIONS.items():
            name = "".join("bcdfghjklm"[int(digit)] + "aiueo"[int(digit) % 5] for digit in f"{number:04}").title()
            word = f"{30_000_000 + number * 7919}" if column is intake.PHONE else f"{name}{column[0].lower()}"
            cells[column] = forms[number % len(forms)].format(word)
            planted.append(word.casefold())
        return cells | ({intake.CATEGORY: "entah"} if number % 3 == 0 else {})

    city.type("Barat", "Gondrong", *map(person, range(1, VALUES // 4 + 1)))
    assert len(planted) == len(set(planted)) == VALUES
    city.run("setup")
    city.sync(TUESDAY)
    city.type("Barat", "Gondrong", person(500))
    city.sync(TUESDAY + DAY)
    shown = ("Ringkasan", "Penanggung Jawab", "Dikabari")
    hidden = {at for at, heading in enumerate(city.rows("Kendali", REGISTER)[0]) if heading in shown}
    told = [
        f"{cell} {getattr(cell, 'address', '')}"
        for tab in local_workbook(city.path("Kendali"), city.folder).read().tabs
        for row in tab.rows
        for at, cell in enumerate(row)
        if not (tab.title == REGISTER and at in hidden)
    ]
    said = "\n".join(told).casefold()
    digits = re.sub(r"(?<=[0-9])[ .()-]+(?=[0-9])", "", said)
    assert len(city.rows("Kendali", REPAIRS)) > 40, "rows that wait are looked at, too"
    assert not [word for word in planted if word in said or word in digits]
    kept = str(city.rows("Cadangan", JOURNAL)).casefold()
    assert len([word for word in planted if word in kept]) > VALUES // 2, "that is where they stand"


# Every notation in every column, and a column off; and everything that is made of a row


#: As many notations in one city as its rows are read quickly.
LOTS = [tuple(DIGITS)[first : first + 2] for first in range(0, len(DIGITS), 2)]
HOUSE, SURNAME = "Gang Kenanga Ungu no {}", "sukmawirata"


class Spill:
    """One of each kind of what is private, in a notation; each another one, so that it tells where it was planted."""

    def __init__(self) -> None:
        self.digits: dict[str, str] = {}
        self.words: dict[str, str] = {}

    def cell(self, where: str, notation: str, column: Column) -> str:
        """What somebody may type into a cell of this column."""
        number = len(self.words)
        write = DIGITS[notation]
        phone, nik, account = f"0813{number:04}7531", f"36710152018{number:05}", f"7310{number:04}5577"
        house, letters = f"4{number:04}", "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")
        self.digits |= dict.fromkeys((phone, nik, account, house), where)
        self.words |= {f"{SURNAME}{letters}": where}
        told = f"{write(nik)} rek {write(account)} {SURNAME}{letters}{number}@contoh.id, {HOUSE.format(house)} rt 3/5"
        start = {intake.NAME: f"Bu {SURNAME}{letters}", intake.PHONE: write(phone)}.get(
            column, f"got mampet, tadi {SURNAME}{letters}"
        )
        return f"{start} {told} hub {write(phone)}"

    def found_in(self, text: str) -> set[str]:
        """Where that was planted which stands in a text, as whoever reads it would read it."""
        found = set()
        for line in normalized(text).lower().splitlines():
            digits = re.sub(r"\D", "", line)
            runs = re.findall(r"\d+", line)
            found |= {
                f"{self.digits[plant]}: {plant}"
                for plant in self.digits
                if plant in (digits if len(plant) > 5 else runs)
            }
            found |= {f"{self.words[word]}: {word}" for word in re.findall(rf"{SURNAME}[a-j]{{4}}", line)}
        return found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], tuple[Spill, dict[str, str]]]:
    """Of a city in which a lot of notations was typed: what was planted, and all that came of it, by its name."""

    def write(lot: tuple[str, ...]) -> tuple[Spill, dict[str, str]]:
        spill, said = Spill(), io.StringIO()
        city = LocalCity.lay_out(tmp_path_factory.mktemp("kota"), {"Barat": ("Gondrong",)})
        city.put(
            "Kendali",
            RECIPIENTS,
            {(1, at): value for at, value in enumerate(("N", CITY, "", "Kota", ", ".join(KINDS), "Ya", "Ya"))},
        )
        typed = [column for column in PEOPLE if column in TITLES]
        complaints: list[Mapping[str, Typed]] = []
        for notation in lot:
            complaints += [{column: spill.cell(f"{column} ({notation})", notation, column)} for column in typed]
            whole: dict[str, Typed] = {
                column: spill.cell(f"whole row ({notation})", notation, column) for column in typed
            }
            shown = (intake.RECEIVED, intake.CHANNEL, intake.CATEGORY, intake.PRIORITY, intake.STATUS, intake.PARENT)
            whole |= {column: GOOD_ROW.get(column) for column in shown}
            complaints += [whole, {**whole, intake.CATEGORY: "Kesehatan & BPJS"}]
            for by in (-1, 1):
                complaints.append({column: whole[typed[(at + by) % len(typed)]] for at, column in enumerate(typed)})
        city.type("Barat", "Gondrong", *complaints)
        start_log(city.folder)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            city.run("sync", "--dry-run")
            city.run("sync")
            for kind in KINDS:
                city.run("digest", kind, "--preview")
            for name in ("semua.csv", "semua.xlsx"):
                city.run("export", "--output", str(city.folder / name))
            tickets = [row[0] for row in city.rows("Kendali", REGISTER)[1:]]
            assert len(tickets) > len(lot) * 2, "rows have become cases"
            for ticket in tickets[:: len(lot)]:
                city.run("slip", str(ticket), "--output", str(city.folder / "cetak"))
            city.run("slip", "RR-260504-9999-9")
        made = {"what the commands said": said.getvalue()}
        for path in (
            city.folder / NAME,
            *city.folder.glob("outbox/**/*.*"),
            *city.folder.glob("cetak/*.html"),
            city.folder / "semua.csv",
        ):
            made[path.name] = (
                path.read_text("utf-8-sig")
                if path.suffix != ".eml"
                else told(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
            )
        with zipfile.ZipFile(city.folder / "semua.xlsx") as book:  # in any part, shown or not
            parts = [book.read(part).decode("utf-8", "replace") for part in book.namelist()]
        made["semua.xlsx"] = html.unescape(re.sub("<[^>]*>", "\n", "\n".join(parts)))
        readable = [title for title in TABS if title not in (COPY, LAST_VALUES, RECIPIENTS)]
        made |= {
            title: "\n".join("\n".join(map(str, row)) for row in city.rows("Kendali", title)) for title in readable
        }
        checks = [row[TITLES.index(intake.CHECK)] for row in city.rows("Barat", "Gondrong")]
        return spill, made | {"Pemeriksaan": "\n".join(map(str, checks))}

    return write


@pytest.mark.sampled(99)
@pytest.mark.parametrize("lot", LOTS, ids=range(len(LOTS)))
def test_in_no_notation_and_no_column_anything_private_is_in_what_is_made_of_a_row(
    written: Callable[[tuple[str, ...]], tuple[Spill, dict[str, str]]], lot: tuple[str, ...]
) -> None:
    """In the row itself, in its journal and in Kabari, which opens the reporter's own number, it stays."""
    spill, made = written(lot)
    assert {"Rekap", "Perbaikan", "Grafik", "semua.csv", "Pemeriksaan"} < made.keys()
    assert all("got mampet" in made[name].lower() for name in ("Rekap", "semua.csv", "semua.xlsx"))
    assert {name: found for name, text in made.items() if (found := spill.found_in(text))} == {}
