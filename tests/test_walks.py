"""What docs/operating.md says of upgrading and moving house is played through as it stands there: its commands are run,
and each line of what people do is done, on local spreadsheets and on Google."""

import gzip
import json
import re
import shlex
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook as Book

from automation.cases.events import JOURNAL
from automation.tables import intake
from automation.tables.kendali import MAILS, RECIPIENTS
from tests.conftest import Say
from tests.local_city import LocalCity, head_of
from tests.lost_and_found import KENDALI, GooglePlace, LocalPlace, Place, laid_out
from tests.sheets_server.saved import book_of_json
from tests.town import TUESDAY

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt"
pytestmark = pytest.mark.long
FIRST = Path(__file__).parent / "cities" / "first"
Acts = Mapping[str, Callable[[], object]]
BARAT, BACKUP = {"Barat": ("Gondrong",)}, "Cadangan"
HARIAN = {0: "Ibu Ratna", 1: "ratna@example.org", 2: "Anggota DPRD", 3: "Kota", 4: "harian, operator", 5: "Ya", 6: "Ya"}


def steps(heading: str) -> list[str]:
    """The lines of the blocks below a heading."""
    (section,) = re.findall(rf"^##+ {heading}\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in re.findall(r"```bash\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]


def walk(heading: str, place: Callable[[], Place], acts: Acts) -> None:
    """Do all of it. A line that people do is known by how it begins."""
    done = set[str]()
    for line in steps(heading):
        if line.startswith("# "):
            (act,) = (words for words in acts if line[2:].startswith(words))
            acts[act]()
            done.add(act)
        elif line != INSTALL:
            program, command = line.split(" -m automation ")
            assert program == ".venv/bin/python" and place().run(*shlex.split(command)) == 0, line
    assert done == set(acts) and INSTALL in README


def nothing() -> None:
    """What people do where the tests have nothing of the kind."""


def begin(place: Place) -> None:
    for identity in ("yati", "amir"):
        place.type("Barat", "Gondrong", identity)
    place.put(KENDALI, RECIPIENTS, 1, HARIAN)
    assert place.run("sync") == 0
    assert place.run("digest", "harian", "--date", "2026-11-24") == 0


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    (tmp_path / "lama").mkdir()
    place = laid_out(request, tmp_path / "lama", BARAT, begin)
    place.make(BACKUP, {"Sheet1": ()})
    enter(place)
    assert place.run("setup") == 0
    return place


on_google = pytest.mark.parametrize("place", ["google"], indirect=True)


def elsewhere(place: Place, folder: Path) -> Place:
    """The same city, seen from another machine on which nothing is yet."""
    folder.mkdir(exist_ok=True)
    if isinstance(place, GooglePlace):
        place.credentials = place.city.credentials = folder / "credentials.json"
        return place
    for file in place.credentials.parent.glob("*.xlsx"):
        shutil.copy(file, folder)
    return LocalPlace(LocalCity(folder))


def enter(place: Place, backup: str = BACKUP) -> None:
    """Write credentials.json, with a Cadangan apart."""
    own = {"kendali": "Kendali.xlsx"} if isinstance(place, LocalPlace) else {}
    place.city.enter(**own, cadangan=place.address(backup))  # type: ignore[attr-defined]


def assert_goes_on(place: Place, before: Mapping[str, str]) -> None:
    """Every ticket is beside its complaint, the next number follows, and no digest is sent again."""
    mails = len(place.rows(KENDALI, MAILS))
    assert place.run("digest", "harian", "--date", "2026-11-24") == 0
    assert len(place.rows(KENDALI, MAILS)) == mails
    place.type("Barat", "Gondrong", "sri")
    assert place.run("sync") == 0
    after = place.tickets("Barat", "Gondrong")
    assert before.items() < after.items() and len(set(after.values())) == len(before) + 1 and all(after.values())
    assert len(place.register()) == len(after)


# Upgrading


@pytest.mark.parametrize("kind", ["local", "google"])
def test_an_upgrade_says_what_it_will_add_and_then_adds_just_that(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, say: Say
) -> None:
    names = {"Barat": (), "Hotline": ()}
    old: Place
    if kind == "local":
        for file in FIRST.glob("*.xlsx"):
            shutil.copy(file, tmp_path)
        old = LocalPlace(LocalCity(tmp_path))
        old.city.enter(kendali="Kendali.xlsx")
    else:
        old = GooglePlace(request.getfixturevalue("google"), tmp_path, names)
        for name, saved in json.loads(gzip.decompress((FIRST / "server.json.gz").read_bytes())).items():
            old.restore_version(name, book_of_json(saved))
    before = {name: old.rows(name, JOURNAL) for name in (KENDALI, *names)}
    told: list[str] = []

    def writes() -> object:
        if isinstance(old, GooglePlace):
            return old.google.server.count("batchUpdate")
        return {name: old.version(name) for name in before}

    class Listening(LocalPlace if kind == "local" else GooglePlace):  # type: ignore[misc]
        def __init__(self) -> None:
            self.__dict__ |= old.__dict__

        def run(self, *arguments: str) -> int:
            say()
            standing = writes()
            code = old.run(*arguments)
            told.append(say())
            assert "--dry-run" not in arguments or writes() == standing
            return code

    walk("Upgrading", Listening, {"stop `run`": nothing})
    _, plan, done, _ = told
    added = [re.sub(r"; tampilannya dilengkapi[^.;]*", "", line) for line in done.splitlines()]
    promised = [line for line in plan.splitlines() if line.startswith((KENDALI, *names))]
    assert "belum ada yang ditulis" in plan and len(promised) == 3 and set(promised) <= set(added)
    for name, events in before.items():
        assert old.rows(name, JOURNAL)[: len(events)] == events, "a journal is only added to"
    assert old.run("setup", "--dry-run") == 0 and say().count("tidak ada yang ditambahkan") == 3


# Moving house


def test_the_laptop_is_gone(place: Place, tmp_path: Path) -> None:
    before = place.tickets("Barat", "Gondrong")
    new: list[Place] = []

    def from_the_copy() -> None:
        new.append(elsewhere(place, tmp_path / "baru"))
        enter(new[0])

    acts = {
        "in the Google Cloud console": nothing,
        "write credentials.json": nothing,  # the test's server knows no lost keys
        "local spreadsheets": from_the_copy,
    }
    walk("The laptop is gone", lambda: new[0], acts)
    assert_goes_on(new[0], before)


@on_google
def test_the_google_account_is_gone_and_copies_in_another_one_go_on(place: Place, tmp_path: Path) -> None:
    assert isinstance(place, GooglePlace)
    before, old = place.tickets("Barat", "Gondrong"), dict(place.people)

    def copies() -> None:
        for name, person in old.items():
            place.make(name, {})
            place.people[name].book.become(person.book.copy())
            place.people[name].book.properties["title"] = name
            del place.city.server.drive.files[person.book.id]

    def credentials() -> None:
        place.city.kendali = place.people[KENDALI]
        enter(place)

    acts = {
        "a copy of each spreadsheet": copies,
        "share the folder": credentials,
        "in Kendali, Sumber": lambda: place.list_sources("Barat"),
    }
    walk("The Google account is gone", lambda: place, acts)
    assert_goes_on(place, before)


@on_google
def test_the_google_account_is_gone_and_the_downloads_go_on_as_local_spreadsheets(place: Place, tmp_path: Path) -> None:
    assert isinstance(place, GooglePlace)
    before = place.tickets("Barat", "Gondrong")
    local = LocalPlace(LocalCity(tmp_path / "unduhan"))

    def downloads() -> None:
        local.city.folder.mkdir()
        for name, person in place.people.items():
            book = Book()
            book.remove(book.worksheets[0])
            for sheet in person.book.sheets:
                tab = book.create_sheet(sheet.title)
                tab.sheet_state = "hidden" if sheet.properties.get("hidden") else "visible"
                for row, cells in enumerate(sheet.rows, start=1):
                    for column, cell in enumerate(cells, start=1):
                        if isinstance(cell.value, str | int | float):
                            tab.cell(row, column).value = cell.value
                            tab.cell(row, column).data_type = "s" if isinstance(cell.value, str) else "n"
            book.save(local.city.path(name))

    acts = {
        "a copy of each spreadsheet": downloads,
        "share the folder": lambda: enter(local),
        "in Kendali, Sumber": lambda: local.list_sources("Barat"),
    }
    walk("The Google account is gone", lambda: local, acts)
    assert_goes_on(local, before)


def test_another_spreadsheet_becomes_cadangan(place: Place) -> None:
    before, new = place.tickets("Barat", "Gondrong"), f"{BACKUP} baru"

    def copy() -> None:
        place.make(new, {"Sheet1": ()})
        place.restore_version(new, place.version(BACKUP))

    acts = {
        "stop `run`": nothing,
        "in Google: Cadangan": copy,
        "write the copy's link": lambda: enter(place, new),
        "delete the old one": lambda: place.remove(BACKUP),
    }
    walk("Another spreadsheet becomes Cadangan", lambda: place, acts)
    assert_goes_on(place, before)
    ticket = place.tickets("Barat", "Gondrong")["sri"]
    assert ticket in {str(row[3]) for row in place.rows(new, JOURNAL)} and len(place.rows(KENDALI, JOURNAL)) <= 1


def test_i_leave_the_branch(place: Place, tmp_path: Path) -> None:
    before, leaver = place.tickets("Barat", "Gondrong"), place.credentials
    new: list[Place] = []

    def follows() -> None:
        new.append(elsewhere(place, tmp_path / "penerus"))
        enter(new[0])

    def recipients() -> None:
        new[0].put(KENDALI, RECIPIENTS, 1, HARIAN | {0: "Pak Anwar", 1: "anwar@example.org"})

    def leaves() -> None:
        if isinstance(place, GooglePlace):  # the old machine is still at work for a while, on the same spreadsheets
            assert leaver != place.credentials
            place.city.credentials = leaver
            assert place.run("sync") == 0
            place.city.credentials = place.credentials
        leaver.unlink()

    acts = {
        "the new operator": follows,
        "in Kendali, Penerima": recipients,
        "the leaver": leaves,
        "in Google": nothing,
    }
    walk("I leave the branch", lambda: new[0], acts)
    outbox = new[0].credentials.parent / "outbox"
    assert new[0].run("digest", "harian", "--date", f"{TUESDAY:%Y-%m-%d}") == 0
    assert {mail.name.count("anwar") for mail in outbox.rglob("*.eml")} == {1}
    new[0].put(KENDALI, RECIPIENTS, 1, HARIAN)
    assert_goes_on(new[0], before)


@pytest.mark.parametrize("both_served", [False, True])
def test_two_branches_become_one(
    place: Place,
    both_served: bool,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tab, folder = "Gondrong" if both_served else "Petir", tmp_path / "lain"
    folder.mkdir()
    layout = {"Timur": (tab,)}
    other: Place = (
        LocalPlace.lay_out(folder, layout)
        if isinstance(place, LocalPlace)
        else GooglePlace.lay_out(request.getfixturevalue("google"), folder, layout)
    )
    rows = other.rows("Timur", tab)
    other.put("Timur", tab, head_of(rows), {len(rows[head_of(rows)]): "Rahasia"})
    for identity, secret in (("wawan", None), ("tuti", None), ("joko", "Ya")):
        other.type("Timur", tab, identity, secret=secret)
    assert other.run("sync") == 0
    at_parent = rows[head_of(rows)].index(intake.PARENT)
    other.put("Timur", tab, len(rows) + 1, {at_parent: other.tickets("Timur", tab)["wawan"]})
    assert other.run("sync") == 0
    ours, theirs = place.tickets("Barat", "Gondrong"), other.tickets("Timur", tab)
    at: list[Place] = [place]

    def list_theirs() -> None:
        if isinstance(place, LocalPlace):
            shutil.copy(other.credentials.with_name("Timur.xlsx"), place.credentials.parent)
        elif isinstance(place, GooglePlace) and isinstance(other, GooglePlace):
            place.people["Timur"] = other.people["Timur"]
        place.list_sources("Barat", *([] if both_served else ["Timur"]))

    acts = {
        "in the Kendali that stays": list_theirs,
        "share the other's": nothing,
        "from the other branch's folder": lambda: at.__setitem__(0, other),
        "from the folder of the branch that stays": lambda: at.__setitem__(0, place),
        "delete pindah.xlsx": lambda: Path("pindah.xlsx").unlink(),
    }
    if not both_served:  # then nothing has to be brought in
        chosen = [line for line in steps("Two branches become one") if not re.search("pindah.xlsx|# from", line)]
        monkeypatch.setattr(f"{__name__}.steps", lambda _: chosen)
        acts = {words: act for words, act in acts.items() if words.startswith(("in the", "share"))}
    monkeypatch.chdir(tmp_path)
    walk("Two branches become one", lambda: at[0], acts)
    if not both_served:
        assert place.tickets("Barat", "Gondrong") == ours and place.tickets("Timur", tab) == theirs
        assert set(place.register()) == {*ours.values(), *theirs.values()}
        return
    after = place.tickets("Barat", "Gondrong")
    assert ours.items() < after.items() and set(after) == {*ours, *theirs} and len(set(after.values())) == 5
    came = " ".join(str(row["Data Asal"]) for row in place.table("Barat", "Gondrong"))
    assert all(f"No. Tiket: {ticket}" in came for ticket in theirs.values()) and "Induk: RR-" in came
    told = {who: place.register()[ticket] for who, ticket in after.items()}
    assert not any(row["Induk"] for row in told.values()), "by the other branch's numbers: here they are other matters"
    hidden = {who for who, row in told.items() if "tidak ditampilkan" in str(row["Ringkasan"])}
    assert hidden == {"joko"}, "what was promised there is kept here"


@pytest.mark.parametrize("entry", ["kendali", "cadangan"])
def test_a_plan_makes_no_file_that_is_not_there(tmp_path: Path, entry: str, say: Say) -> None:
    city = LocalCity.lay_out(tmp_path, BARAT)
    city.enter(**{"kendali": "Kendali.xlsx", entry: "Baru.xlsx"})
    before = city.files()
    say()
    assert city.run("setup", "--dry-run") != 0 and "perintah setup membuatnya" in say()
    assert city.files() == before
