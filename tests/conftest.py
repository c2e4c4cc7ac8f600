"""What all tests share."""

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType
from zlib import crc32

import jinja2
import pytest
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache

from automation.cli import compose
from automation.config import defaults
from automation.sheets.google import commit as google_commit
from tests import made_once
from tests.examples import ALL, QUARTER, SEED, examples
from tests.few_words import fewer_rows
from tests.programs import NEEDED
from tests.town import TUESDAY

pytest.register_assert_rewrite("tests.workbook_contract")
pytest_plugins = ["tests.sheets_server.fixtures", "tests.smtp_server", "tests.operator_desk"]

settings.register_profile("as often as asked", examples(100))
settings.load_profile("as often as asked")
# Cells come by the million and hold no circles: looking for these all the time takes a tenth of it.
gc.set_threshold(100_000, 20, 50)


#: The tabs of tests are short: of these, too, no more is read back than of long ones.
google_commit.SHORT = 0

#: Tells what the operator has read since the last call.
Say = Callable[[], str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """What the operator has read since the last call."""
    return lambda: "".join(capsys.readouterr())


#: Tests of words, and those that start the program as a process of its own. All others have a short `Istilah`.
WORDY = frozenset(
    f"tests.test_{name}"
    for name in (
        *("terms", "street", "cases_old_list", "cases_reading", "cases_validation", "cases_dates"),
        *("demo", "programs", "recipes", "walks"),
    )
)


#: Tests that start the program as a process of its own, which looks at the computer's clock.
OUTSIDE = frozenset(f"tests.test_{name}" for name in ("cli_run", "mail_kills", "recipes", "programs", "cli_main"))


@pytest.fixture(autouse=True, scope="module")
def a_tuesday(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever day the tests run, in them it is a Tuesday morning that goes on: no deadline comes by itself."""
    if request.module.__name__ in OUTSIDE:
        yield
        return
    ahead = TUESDAY - datetime.now(UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "datetime", Clock)
        yield


def _forget() -> None:
    for kept in (defaults.shipped_terms, defaults.load_terms):
        kept.cache_clear()


class Compiled(BytecodeCache):
    """A template is compiled once in this process, and not by each program that is composed in it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum, bucket.environment.autoescape))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum, bucket.environment.autoescape] = bucket.code


@pytest.fixture(autouse=True, scope="session")
def compiled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2, "Environment", partial(jinja2.Environment, bytecode_cache=Compiled()))
        yield


@pytest.fixture(autouse=True, scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the processes of this run leave each other what was made once."""
    own = tmp_path_factory.getbasetemp()
    made_once.shelf = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once"
    made_once.shelf.mkdir(exist_ok=True)


@pytest.fixture(autouse=True, scope="module")
def few_words(request: pytest.FixtureRequest) -> Iterator[None]:
    """Istilah as long as these tests need it."""
    if request.module.__name__ in WORDY:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(defaults, "_rows", fewer_rows)
        _forget()
        assert len(defaults.shipped_terms()) < 2_000, "the suite would take twice as long"
        yield
    _forget()


#: Files that take minutes: nobody waits for them at the end if they begin first.
LONGEST = (
    *("journal_damage", "bulkheads", "filing_histories", "year", "rollover", "walks", "recipes", "demo", "office"),
    *("mail_kills", "privacy", "check"),
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """A file's tests run in one process, which makes their cities once; files in the order that is given here."""
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Every other process loads the tests from the last to the first: two of them compile half of the files each."""
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0")[-1] in "13579" and session.config.args == ["tests"]:
        for path in sorted(Path(__file__).parent.glob("test_*.py"), reverse=True):
            with suppress(Exception, pytest.skip.Exception):  # it is told where tests are collected
                import_module(f"tests.{path.stem}")


def pytest_collection_finish() -> None:
    """All tests stay to the end: Python's collector need not go through them again and again."""
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers():
        if NEEDED.get(marker.name, "") is None:
            pytest.skip(f"this computer has no program for tests marked {marker.name}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that is marked ``sampled(n)`` the test command takes every nth case, at least one; which, its name
    decides, so that of tests on two kinds of spreadsheet some run on the one and some on the other. Of a file that is
    marked ``sampled(tests=n)`` it takes every nth test: those of whole cities."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if not ALL and (marker := item.get_closest_marker("sampled")) is not None and marker.args:
            cases[item.nodeid.partition("[")[0]].append(item)
    left: set[pytest.Item] = set()
    for name, all_of_it in cases.items():
        every = all_of_it[0].get_closest_marker("sampled").args[0]  # type: ignore[union-attr]
        left.update(all_of_it)
        left.difference_update(all_of_it[crc32(name.encode()) % min(every, len(all_of_it)) :: every])
    tests: dict[str, dict[str, list[pytest.Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items if not ALL else ():
        for marker in item.iter_markers("sampled"):
            if marker.kwargs:
                tests[item.nodeid.partition("::")[0]][item.nodeid.partition("[")[0]].append(item)
    for by_name in tests.values():
        every = next(iter(by_name.values()))[0]
        share = next(marker.kwargs["tests"] for marker in every.iter_markers("sampled") if marker.kwargs)
        for at, cases_of_it in enumerate(by_name.values()):
            left.update(cases_of_it if at % share else ())
    if QUARTER:
        sampled = (item for item in items if item.get_closest_marker("sampled") is not None)
        left.update(item for at, item in enumerate(sampled, SEED) if at % 6)  # of the cases of one test a sixth
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    kept = [item for item in items if item not in left]
    items[:] = sorted(kept, key=lambda item: item.path.stem.removeprefix("test_") not in LONGEST)
