"""Whatever crashes, whoever else is at it, however the mail server fails: nobody is told twice, and nobody left out.

Every kind of digest, over a real SMTP server. A robot dies at any point between reading Kendali and recording what it
sent, as a machine dies: nothing more is done. Afterwards healthy robots go on as time passes.
"""

import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import trustme
from hypothesis import given, strategies as st
from msgspec.structs import replace

from automation.cli.compose import compose
from automation.cli.screen import TEMPLATES
from automation.config.credentials import Smtp
from automation.cycle.digest import Digester
from automation.cycle.kinds import KINDS
from automation.digests.ledger import State
from automation.mail.delivery import Post
from automation.mail.render import KEY_HEADER, Renderer
from automation.mail.smtp import SmtpPost
from automation.mail.templates import Templates
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, ReadRequest, Snapshot, Tab
from automation.tables import intake
from automation.tables.kendali import RECIPIENTS, SOURCES
from automation.trouble import Outrun
from tests.examples import ALL, examples
from tests.local_city import Disturbed, LocalCity
from tests.mail_box import Robot
from tests.smtp_server import HOST, PASSWORD, USERNAME, Server, smtp_server
from tests.town import NOTE, TUESDAY, WORDS

pytestmark = pytest.mark.sampled(tests=7)


class MemoryWorkbook:
    source = "Kendali"
    largest_commit = None
    assumptions = None

    def __init__(self, snapshot: Snapshot) -> None:
        self.standing = replace(snapshot, revision=0)

    def read(self, _: ReadRequest | None = None) -> Snapshot:
        return self.standing

    def mark(self, _: ReadRequest | None = None) -> str:
        return ""

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        revision = self.standing.revision
        if seen.revision != revision:
            raise Outrun("siklus.terlalu-ramai", workbook=self.standing.name)
        assert isinstance(revision, int)
        self.standing = replace(self.standing.after(changes), revision=revision + 1)
        return self.standing

    def dress(self, looks: Sequence[TabLook]) -> int:
        raise NotImplementedError(f"nothing to look at for {len(looks)} looks")

    def link(self, tab: Tab, row: int) -> str:
        return f"{self.source}#'{tab.title}'!A{row + 1}"


# Whatever crashes, whoever else is at it, however the mail server fails: nobody is told twice, and nobody is left out


RATNA, BUDI = "ratna@fraksi.example", "budi@fraksi.example"
#: Of a mail as it arrived; to parse each mail whole, again and again, would take most of the time.
HEADERS = re.compile(rb"(?ms)^Message-ID: (\S+)\r$.*?^" + KEY_HEADER.encode() + rb": (\S+)\r$")
RENDERER = Renderer(Templates(TEMPLATES, WORDS))
#: What each of the two has to be told on this morning: the day's digests, an emergency, an outage.
WANTED = {
    f"{kind}:{occasion}:{who}"
    for who in (RATNA, BUDI)
    for kind, occasion in (
        ("harian", "2026-11-24"),
        ("koordinator", "2026-11-24"),
        ("mingguan", "2026-W48"),
        ("darurat", "RR-260504-0002-1"),
        ("operator", "gangguan-2026-11-24T05.00"),
    )
}


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Kendali on a morning on which every kind of digest is due: nothing has been sent yet."""
    city = LocalCity.lay_out(tmp_path_factory.mktemp("city"), {"Barat": ("Gondrong",), "Timur": ("Cimone",)})
    kinds = ", ".join(KINDS)
    people = [("Ibu Ratna", RATNA, "Anggota DPRD", "Kota", kinds), ("Pak Budi", BUDI, "", "Kecamatan Cipondoh", kinds)]
    city.put("Kendali", RECIPIENTS, {(r, c): v for r, row in enumerate(people, 1) for c, v in enumerate(row)})
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    city.sync(TUESDAY - timedelta(hours=4))
    city.path("Timur").unlink()
    Robot.of(city).send("darurat", TUESDAY - timedelta(hours=3), Counting())
    city.type(
        "Barat",
        "Gondrong",
        {NOTE: "amir", intake.NAME: "Pak Amir", intake.PHONE: "081200001022", intake.PRIORITY: "Darurat"},
    )
    city.sync(TUESDAY - timedelta(hours=1))
    city.put("Kendali", SOURCES, {(1, 2): "2026-11-24 23:00"})  # the other one is read all day
    return compose(city.credentials, WORDS).kendali.read()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[Server]:
    with smtp_server(authority) as running:
        yield running


class Crash(BaseException):
    """The machine dies."""


@dataclass
class Fate:
    """A robot dies at the `at`-th of its deeds of this kind; before it is done, or after. -1: it lives."""

    deed: str = "commit"  # or "send"
    at: int = -1
    after: bool = False
    dead: bool = False
    _seen: Counter[str] = field(default_factory=Counter)

    def around(self, deed: str, do: Callable[[], object]) -> object:
        """Do it, unless death comes first."""
        if self.dead:
            raise Crash
        now = deed == self.deed and self._seen[deed] == self.at
        self._seen[deed] += 1
        self.dead = now
        if now and not self.after:
            raise Crash
        result = do()
        if now:
            raise Crash
        return result


Acts = list[Callable[[], object]]


class MortalWorkbook(Disturbed):
    """Kendali in the hands of a robot that may die; each of `acts` happens once before a commit."""

    def __init__(self, kendali: MemoryWorkbook, fate: Fate, acts: Acts) -> None:
        super().__init__(kendali, *acts)
        self._fate = fate

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        if self._acts:
            self._acts.pop()()
        result = self._fate.around("commit", lambda: self._workbook.commit(changes, seen))
        assert isinstance(result, Snapshot)
        return result


class MortalPost:
    """The way out of a robot that may die; each of `acts` happens once before a mail, `then` after each."""

    def __init__(self, post: Post, fate: Fate, acts: Acts, then: Callable[[], object]) -> None:
        self._post, self._fate, self._acts, self._then = post, fate, acts, then

    def send(self, message: EmailMessage) -> None:
        if self._acts:
            self._acts.pop()()
        self._fate.around("send", lambda: self._post.send(message))
        self._then()


class Counting:
    """A way out that nothing comes out of."""

    def send(self, message: EmailMessage) -> None:
        raise AssertionError(message[KEY_HEADER])


#: How a mail server can fail. A refusal for good (550) is Budi's only: it is his address that does not exist.
FAILURES = (
    "well", "refuses connections", "refuses the login", "refuses the sender", "asks Ratna to wait",
    "asks everybody to wait", "refuses Budi", "refuses the content for now", "drops before it accepts",
    "drops after DATA", "is silent after DATA", "drops between mails",
)  # fmt: skip
AMBIGUOUS = ("drops after DATA", "is silent after DATA")


@dataclass(frozen=True)
class Turn:
    """A robot's turn: how the server fails, when the robot dies, and before which of its deeds a second one looks for
    the same (``commit``: it has read Kendali; ``send``: it has claimed its mails)."""

    failure: str = "well"
    deed: str = "commit"
    at: int = -1
    after: bool = False
    second: str = ""


class Office:
    """Kendali, a mail server, and robots that come and go."""

    def __init__(self, morning: Snapshot, server: Server, trusting: ssl.SSLContext) -> None:
        self.kendali, self.server, self.trusting = MemoryWorkbook(morning), server, trusting
        server.behaviour.received.clear()
        self.excused: set[str] = set()
        self.behave("well")

    def behave(self, failure: str) -> None:
        behaviour = self.server.behaviour
        self.server.release()
        behaviour.refuse_sender = "550 5.7.1 not yours" if failure == "refuses the sender" else ""
        behaviour.refuse = {
            "asks Ratna to wait": {RATNA: "450 4.2.1 greylisted"},
            "asks everybody to wait": dict.fromkeys((RATNA, BUDI), "451 4.7.1 greylisted"),
            "refuses Budi": {BUDI: "550 5.1.1 unknown"},
        }.get(failure, {})
        behaviour.after_data = "452 4.3.1 full" if failure == "refuses the content for now" else ""
        behaviour.drop_instead = failure == "drops before it accepts"
        behaviour.drop_after_data = failure == "drops after DATA"
        behaviour.silent_after_data = failure == "is silent after DATA"

    def robot(self, now: datetime, turn: Turn = Turn(), second: Callable[[], object] = lambda: None) -> None:
        self.behave(turn.failure)
        fate = Fate(turn.deed, turn.at, turn.after)
        port = 1 if turn.failure == "refuses connections" else self.server.port
        password = "salah" if turn.failure == "refuses the login" else PASSWORD
        account = Smtp(HOST, port, USERNAME, password, "Ruang Rakyat <kabar@example.org>")
        hang_up = self.server.hang_up if turn.failure == "drops between mails" else lambda: None
        acts: dict[str, Acts] = {"commit": [], "send": []} | ({turn.second: [second]} if turn.second else {})
        digester = Digester(MortalWorkbook(self.kendali, fate, acts["commit"]), WORDS, RENDERER, account.sender)
        before = len(self.delivered())
        try:
            with closing(
                SmtpPost(account, self.trusting, timeout=5, after_data=0.2 if "silent" in turn.failure else 5)
            ) as post:
                opened = digester.open(now)
                for kind in KINDS.values():
                    opened.send(kind, MortalPost(post, fate, acts["send"], hang_up))
        except Crash:
            pass
        if fate.dead or turn.failure in AMBIGUOUS:  # nobody can know of a mail that was not recorded yet
            self.excused |= {key for key, _ in self.delivered()[before:] if self.recorded(key) is not State.SENT}
        self.server.release()

    def take(self, now: datetime, turn: Turn) -> None:
        """One robot's turn, with the second one in the middle of it, for whom the server is well."""

        def second() -> None:
            self.robot(now)
            self.behave(turn.failure)

        self.robot(now, turn, second)

    def delivered(self) -> list[tuple[str, str]]:
        """Key and Message-ID of every mail that arrived."""
        parsed = (HEADERS.search(content) for content in self.server.behaviour.received)
        return [(found[2].decode(), found[1].decode()) for found in parsed if found is not None]

    def recorded(self, key: str) -> State | None:
        opened = Digester(self.kendali, WORDS, RENDERER, "kabar@example.org").open(TUESDAY)
        return opened.facts.kiriman.ledger.state(key)

    def live_on(self, now: datetime) -> None:
        """Healthy robots, as the hours pass."""
        for hours in (1, 4):
            self.robot(now + timedelta(hours=hours))

    def judge(self, *, budi_exists: bool) -> None:
        delivered = self.delivered()
        times, ids = Counter(key for key, _ in delivered), Counter(dict.fromkeys(delivered, 1))
        twice = {key for key, count in times.items() if count > 1}
        assert twice <= self.excused, twice - self.excused
        assert len(ids) == len(times), "a repeat carries the same Message-ID"
        wanted = WANTED if budi_exists else {key for key in WANTED if RATNA in key}
        assert wanted <= set(times) <= WANTED, wanted.symmetric_difference(times)


turns = st.builds(
    Turn,
    failure=st.sampled_from(FAILURES),
    deed=st.sampled_from(("commit", "send")),
    at=st.integers(-1, 8),
    after=st.booleans(),
    second=st.sampled_from(("", "commit", "send")),
)


def test_an_ordinary_morning_brings_each_mail_once(morning: Snapshot, server: Server, trusting: ssl.SSLContext) -> None:
    office = Office(morning, server, trusting)
    office.robot(TUESDAY)
    assert Counter(key for key, _ in office.delivered()) == dict.fromkeys(WANTED, 1)
    office.live_on(TUESDAY)
    assert len(office.delivered()) == len(WANTED) and not office.excused


@pytest.mark.sampled(5)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_server_that_fails_in_one_way_delays_and_loses_nothing(
    morning: Snapshot, server: Server, trusting: ssl.SSLContext, failure: str
) -> None:
    office = Office(morning, server, trusting)
    office.take(TUESDAY, Turn(failure))
    arrived = {key for key, _ in office.delivered()}
    expected = {
        "well": WANTED,
        "drops between mails": WANTED,
        "asks Ratna to wait": {key for key in WANTED if BUDI in key},
        "refuses Budi": {key for key in WANTED if RATNA in key},
        "drops after DATA": WANTED,
        "is silent after DATA": WANTED,
    }
    assert arrived == expected.get(failure, set())
    office.live_on(TUESDAY)
    office.judge(budi_exists=failure != "refuses Budi")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("second", ["", "commit", "send"], ids=["alone", "two reading", "two sending"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("deed", ["commit", "send"])
def test_a_robot_that_dies_anywhere_leaves_the_rest_to_the_next(
    morning: Snapshot, server: Server, trusting: ssl.SSLContext, deed: str, after: bool, second: str
) -> None:
    for at in range(8) if ALL else (0, 1, 5):
        office = Office(morning, server, trusting)
        office.take(TUESDAY, Turn(deed=deed, at=at, after=after, second=second))
        office.live_on(TUESDAY)
        office.judge(budi_exists=True)
        assert len(office.excused) <= (0 if deed == "send" and not after and at == 0 else 2), "no more than a batch"


@examples(20)
@given(disturbed=st.lists(turns, min_size=1, max_size=3))
def test_whatever_happens_nobody_is_told_twice_and_nobody_is_left_out(
    morning: Snapshot, server: Server, trusting: ssl.SSLContext, disturbed: list[Turn]
) -> None:
    office = Office(morning, server, trusting)
    for number, turn in enumerate(disturbed):
        office.take(TUESDAY + number * timedelta(minutes=65), turn)
    office.live_on(TUESDAY + len(disturbed) * timedelta(minutes=65))
    office.judge(budi_exists=all(turn.failure != "refuses Budi" for turn in disturbed))
