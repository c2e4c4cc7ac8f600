"""What README and docs say is what the program does."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from automation import __version__
from automation.cli import screen
from automation.cli.main import COMMANDS, read_arguments
from automation.cli.wishes import WORDS as WISHED
from automation.config.credentials import read_credentials
from automation.config.defaults import SETTINGS
from automation.cycle.kinds import KINDS
from automation.model.texts import Texts
from automation.model.tickets import Ticket
from automation.reading.tabs import GUIDE
from automation.tables.intake import COORDINATOR, INTAKE, ROBOT, VOLUNTEER
from automation.tables.kendali import TABS
from automation.trouble import ConfigurationError

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_the_readme_names_every_command_and_no_other_and_tells_the_exit_codes() -> None:
    table = re.findall(r"^\| `(\w+)[^`]*` \|", README, re.MULTILINE)
    assert sorted(table) == sorted(COMMANDS)
    told = dict(re.findall(r"^\| (\d) \| (.+) \|$", README, re.MULTILINE))
    assert {int(code) for code in told} == {screen.WELL, screen.PARTLY, screen.USAGE}


def test_the_program_has_one_version() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    newest = next(line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## "))
    assert newest.split()[1] == __version__


def test_the_readme_lists_every_setting_with_its_default() -> None:
    table = README.split("## Settings")[1].split("## ")[0]
    listed = re.findall(r"^\| ([^|]+?) \| ([^|]*?) ?\| ", table, re.MULTILINE)[1:]
    assert [(name, value.strip()) for name, value in listed if not name.startswith("-")] == [
        (setting.name, str(setting.default if setting.default is not None else "")) for setting in SETTINGS
    ]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_and_pictures_lead_somewhere_and_every_ticket_that_is_shown_could_be_one(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [target for target in re.findall(r"\]\(([^)#]+)", text) if not target.startswith("https://")]
    assert [target for target in links if not (page.parent / target).exists()] == []
    shown = re.findall(r"RR-\d{6}-\d{4,}-\d", text)
    assert all(str(Ticket.parse(ticket)) == ticket for ticket in shown), shown


def test_the_design_names_the_owner_of_every_column() -> None:
    design = (ROOT / "docs" / "design.md").read_text("utf-8")
    for owner, columns in (("robot", ROBOT), ("volunteer", VOLUNTEER), ("coordinator", COORDINATOR)):
        (listed,) = re.findall(rf"^\| {owner} \| (.+) \|$", design, re.MULTILINE)
        assert listed.replace("(", "").replace(")", "").split(", ") == [str(column) for column in columns]


def test_the_table_of_changes_names_files_that_exist_and_leads_to_every_module() -> None:
    table = (ROOT / "docs" / "design.md").read_text("utf-8").split("## Where a change belongs")[1].split("\n## ")[0]
    named = [name for name in re.findall(r"`([^`]+)`", table) if "/" in name or name.endswith(".py")]
    places = [ROOT / ("" if name.startswith(("templates/", "tests/")) else "automation") / name for name in named]
    assert [str(place) for place in places if not place.exists()] == []
    reached = {place for place in places if place.suffix == ".py"}
    modules = {path for path in (ROOT / "automation").rglob("*.py") if not path.name.startswith("__")}
    assert sorted(str(module.relative_to(ROOT)) for module in modules - reached) == []


def test_the_example_of_credentials_is_understood_once_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text((ROOT / "credentials.example.json").read_text("utf-8"), "utf-8")
    with pytest.raises(ConfigurationError):
        read_credentials(path)
    content = json.loads(path.read_text("utf-8"))
    key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
    content["google"] |= {"private_key": key, "private_key_id": "1", "client_id": "1"}
    content["smtp"]["password"] = "rahasia"
    content["kendali"] = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit"
    path.write_text(json.dumps(content), "utf-8")
    assert read_credentials(path).smtp is not None


def test_every_trouble_and_every_word_in_the_code_has_its_message() -> None:
    """Codes of troubles and keys of messages are literals: each must be in the catalogue."""
    texts = Texts({p.stem: tomllib.loads(p.read_text("utf-8")) for p in (ROOT / "templates" / "pesan").glob("*.toml")})
    stems = "|".join(path.stem for path in (ROOT / "templates" / "pesan").glob("*.toml"))
    for module in sorted((ROOT / "automation").rglob("*.py")):
        for key in re.findall(rf'"((?:{stems})\.[a-z0-9.-]+[a-z0-9])"', module.read_text("utf-8")):
            assert texts.has(key), f"{module.name}: {key}"


# The pages in Indonesian


INDONESIAN = [ROOT / "README.id.md", ROOT / "docs" / "panduan-operator.md"]
#: What they name besides commands, settings, tabs and columns.
WORDS_OF_THE_PAGES = re.split(
    r"[|\n]",
    r""".venv/bin/python|.venv\Scripts\python|.venv\Scripts\python -m automation|.venv/bin/python -m automation
python3-venv|demo/|demo/Kecamatan Cipondoh.xlsx|.xlsx|credentials.json|chmod 600 credentials.json|client_email|--mail
"google"|"kendali"|"cadangan"|"smtp"|smtp.gmail.com|outbox|ruang-rakyat.log|pindah.xlsx
Data Asal|Kota|Dapil 3|Kecamatan Cipondoh|Kelurahan Gondrong""",
)


@pytest.mark.parametrize("page", INDONESIAN, ids=lambda page: page.name)
def test_an_indonesian_page_names_only_commands_settings_tabs_columns_and_files_that_there_are(page: Path) -> None:
    told = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    known = {*TABS, GUIDE, *(setting.name for setting in SETTINGS), *INTAKE.headings, *KINDS, *WORDS_OF_THE_PAGES}
    for words in re.findall(r"`([^`]+)`", told.replace("\n", " ")):
        command = words.removeprefix(".venv/bin/python -m automation ").split()
        if words not in known and not (ROOT / words).is_file():
            assert command[0] in COMMANDS, words
            try:
                read_arguments([word.strip('"') for word in command])
            except ConfigurationError as error:  # a command alone, without what it is about, is named like that
                assert len(command) == 1 and error.causes[0].code.startswith("operator.pakai.tanpa-"), words


def test_the_page_of_operating_names_every_wish() -> None:
    told = re.findall(r"^\| `([a-z ]+) (?:RR-|K)…", (ROOT / "docs" / "operating.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(WISHED)


def test_the_pages_in_indonesian_name_every_command() -> None:
    told = " ".join(page.read_text("utf-8") for page in INDONESIAN)
    assert [name for name in COMMANDS if not re.search(rf"(?:`|automation ){name}\b", told)] == []


def _commands(page: Path, heading: str) -> list[str]:
    (section,) = re.findall(rf"^##+ {heading}\n(.*?)(?=^##|\Z)", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        ("Upgrading", "Memasang versi baru"),
        ("The laptop is gone", "Laptopnya hilang"),
        ("The Google account is gone", "Akun Google-nya hilang"),
        ("I leave the branch", "Saya berhenti"),
        ("Two branches become one", "Dua cabang menjadi satu"),
    ],
)
def test_the_walks_are_the_same_commands_in_both_languages(english: str, indonesian: str) -> None:
    walk = _commands(ROOT / "docs" / "operating.md", english)
    assert walk and _commands(INDONESIAN[1], indonesian) == walk


def test_the_first_hour_has_the_readmes_command_there_are_ten_questions_and_what_is_quoted_is_said() -> None:
    readme, guide = (page.read_text("utf-8") for page in INDONESIAN)
    first = README.split("```bash\n")[1].split("```")[0]
    assert first in readme
    assert [int(number) for number in re.findall(r"^\*\*(\d+)\. ", readme, re.MULTILINE)] == list(range(1, 11))
    said = "".join(path.read_text("utf-8") for path in (ROOT / "templates" / "pesan").glob("*.toml"))
    quoted = re.findall(r"^\| “([^”]+)” \|", guide, re.MULTILINE)
    assert len(quoted) > 6 and [words for words in quoted if words not in said] == []
