"""What is refused is refused for itself alone: a mail for its size, an address for good. A server may be slow."""

import inspect
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from msgspec.structs import replace

from automation.cli.compose import compose
from automation.cli.run import Jobs
from automation.cli.state import NAME, start_log
from automation.cycle.digest import LONGEST
from automation.cycle.kinds import KINDS
from automation.digests.audience import CITY, Recipient
from automation.digests.ledger import BAD_DAYS, PAUSES, State, read_ledger, row
from automation.mail.delivery import deliver
from automation.mail.render import Mail, compose_message as write
from automation.mail.smtp import SmtpPost
from automation.tables.kendali import MAILS, RECIPIENTS
from automation.trouble import DeliveryError
from tests.conftest import Say
from tests.local_city import LocalCity
from tests.mail_box import Box, Robot
from tests.mail_examples import SETTINGS
from tests.operator_desk import Desk
from tests.smtp_server import HOST, PASSWORD, USERNAME, Server, account, smtp_server
from tests.town import NOTE, TUESDAY, WORDS

pytestmark = pytest.mark.sampled(tests=6)

RATNA, BUDI, WATI = "ratna@fraksi.example", "budi@fraksi.example", "wati@fraksi.example"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
UNKNOWN = "550 5.1.1 <budi@fraksi.example> unknown"


def mail(name: str, size: int = 0) -> tuple[str, EmailMessage]:
    to = Recipient(name.title(), f"{name}@example.org", (CITY,), (), False)
    return name, write(Mail("x", "y " * size, "z"), to, "harian", "x", "kabar@example.org", SETTINGS, TUESDAY)


# Sizes and waits ------------------------------------------------------------------------------------------------------


def too_large_at_mail(server: Server) -> None:
    """A server that says no size beforehand and refuses the second mail."""
    offered: list[str] = []

    def act(stage: str) -> None:
        offered.extend([stage] if stage == "MAIL" else [])
        server.behaviour.refuse_sender = "552 5.3.4 too big" if len(offered) == 2 else ""

    server.behaviour.act = act


def too_large_after_data(server: Server) -> None:
    def act(stage: str) -> None:
        count = len(server.behaviour.received)
        server.behaviour.after_data = "552 Message size exceeds the limit" if (stage, count) == ("DATA", 1) else ""
        server.behaviour.received.extend([b"refused"] if server.behaviour.after_data else [])

    server.behaviour.act = act


@pytest.mark.parametrize(
    "how",
    [lambda server: setattr(server.behaviour, "size", 4000), too_large_at_mail, too_large_after_data],
    ids=["said in EHLO", "552 at MAIL FROM", "552 after DATA"],
)
def test_a_mail_that_is_too_large_is_its_own_failure_only(
    server: Server, trusting: ssl.SSLContext, how: Callable[[Server], None]
) -> None:
    how(server)
    batch = [mail("siti"), mail("hadi", 9000), *(mail(f"ratna{number}") for number in range(5))]
    with closing(SmtpPost(account(server), trusting)) as post:
        outcomes = list(deliver(post, batch))
    assert [outcome.state for outcome in outcomes] == [State.SENT, State.REFUSED, *[State.SENT] * 5]
    error = outcomes[1].error
    assert error is not None and error.code == "surat.kirim.terlalu-besar"
    assert "lebih besar" in WORDS.tell(error)
    assert server.behaviour.connections == 1


def test_a_full_mailbox_or_a_server_that_will_not_says_nothing_against_an_address(
    server: Server, trusting: ssl.SSLContext
) -> None:
    answers = {"siti": "552 5.2.2 mailbox full", "hadi": "554 5.7.1 relaying denied", "ratna": "550 unknown"}
    server.behaviour.refuse = {f"{name}@example.org": answer for name, answer in answers.items()}
    with closing(SmtpPost(account(server), trusting)) as post:
        errors = [outcome.error for outcome in deliver(post, [mail(name) for name in answers])]
    assert [error.code.rpartition(".")[2] for error in errors if error] == [
        "penerima-ditolak",
        "penerima-ditolak",
        "alamat-ditolak",
    ]


def test_an_answer_to_a_mail_is_waited_for_longer_than_any_other(server: Server, trusting: ssl.SSLContext) -> None:
    def slow(stage: str) -> None:
        time.sleep(1.5 if stage == waits else 0)

    server.behaviour.act, waits = slow, "accepted"
    with closing(SmtpPost(account(server), trusting, timeout=1, after_data=30)) as post:
        post.send(mail("siti")[1])
        waits = "MAIL"
        with pytest.raises(DeliveryError, match="terputus"):
            post.send(mail("hadi")[1])
    assert len(server.behaviour.received) == 1
    defaults = inspect.signature(SmtpPost).parameters
    assert (defaults["timeout"].default, defaults["after_data"].default) == (30, 600), "RFC 5321, 4.5.3.2.6"


# Addresses that are refused for good ----------------------------------------------------------------------------------


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """One case, two who are told of it every day, and an operator."""
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",)}, begin)


def begin(city: LocalCity) -> None:
    city.subscribe((RATNA, "Kota"), (BUDI, "Kota"))
    city.put("Kendali", RECIPIENTS, {(3, c): v for c, v in enumerate(("Wati", WATI, "", "Kota", "operator"))})
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    city.sync(TUESDAY - 30 * MINUTE)


def refusing(entry: str = "alamat-ditolak", who: str = BUDI) -> Box:
    def refuse(message: EmailMessage) -> None:
        if who in str(message["To"]):
            raise DeliveryError(f"surat.kirim.{entry}", permanent=True, host=HOST, answer="550 5.1.1")

    return Box(refuse)


def days(city: LocalCity, count: int, box: Box) -> datetime:
    """Send every morning; returns the next one."""
    for day in range(count):
        city.sync(TUESDAY + day * DAY - 30 * MINUTE)
        Robot.of(city).send("harian", TUESDAY + day * DAY, box)
        Robot.of(city).send("harian", TUESDAY + day * DAY + 5 * MINUTE, box)
    city.sync(TUESDAY + count * DAY - 30 * MINUTE)
    return TUESDAY + count * DAY


def test_an_address_that_is_refused_on_three_days_is_left_alone_and_told(city: LocalCity, say: Say) -> None:
    start_log(city.folder)
    box = refusing()
    now = days(city, BAD_DAYS, box)
    said = [str(row[4]) for row in city.rows("Kendali", MAILS) if row[3] == BUDI and "gagal" in str(row[4])]
    assert len(said) == BAD_DAYS and all(one.startswith("gagal tetap: alamat ditolak. Server surat") for one in said)
    assert not Robot.of(city).send("operator", now - DAY + timedelta(minutes=9), box).outcomes, "the day is not over"
    open_box = Box()
    sent = Robot.of(city).send("harian", now, open_box)
    assert open_box.to() == [RATNA] and not sent.well and not sent.waits
    [problem] = sent.problems
    assert "Penerima!B3" in WORDS.tell(problem) and "3 hari" in WORDS.tell(problem)
    Robot.of(city).send("operator", now, open_box)
    Robot.of(city).send("operator", now + 9 * MINUTE, open_box)
    [_, told] = open_box.mails
    assert open_box.to() == [RATNA, WATI]
    assert "Alamat penerima ditolak: 1" in str(told["Subject"])
    for kind in ("plain", "html"):
        body = told.get_body((kind,))
        assert body is not None and "Penerima!B3" in body.get_content()
    log = (city.folder / NAME).read_text("utf-8")
    assert "mail not sent" in log and "budi" not in log + str(problem)


def test_it_is_written_to_again_once_penerima_spells_it_otherwise(city: LocalCity) -> None:
    now = days(city, BAD_DAYS, refusing())
    city.put("Kendali", RECIPIENTS, {(2, 1): "Budi@fraksi.example"})
    box = Box()
    assert Robot.of(city).send("harian", now, box).well
    assert box.to() == [RATNA, "Budi@fraksi.example"]
    city.put("Kendali", RECIPIENTS, {(2, 1): BUDI})
    assert Robot.of(city).send("harian", now + DAY, box).well, "it has got a mail meanwhile"


@pytest.mark.parametrize("entry", ["isi-ditolak", "terlalu-besar", "penerima-ditolak"])
def test_what_is_refused_for_another_reason_is_tried_every_day(city: LocalCity, entry: str) -> None:
    box = Box()
    assert Robot.of(city).send("harian", days(city, BAD_DAYS + 1, refusing(entry)), box).well


def test_days_are_counted_since_the_last_mail_that_arrived() -> None:
    reason = "alamat ditolak. Server surat menolak"

    def on(day: int, state: State, email: str = BUDI) -> tuple[str, ...]:
        told = reason if state is State.REFUSED else ""
        return row(TUESDAY + day * DAY, "harian", f"d{day}", email, state, "", told)

    bad = [on(0, State.REFUSED), on(0, State.REFUSED), on(1, State.REFUSED)]
    assert read_ledger(bad).given_up(BUDI) is None
    assert read_ledger([*bad, on(5, State.REFUSED)]).given_up(BUDI) == (TUESDAY + 5 * DAY).date()
    assert read_ledger([*bad, on(2, State.SENT, BUDI.upper()), on(5, State.REFUSED)]).given_up(BUDI) is None
    assert read_ledger([*bad, on(5, State.REFUSED)]).given_up(RATNA) is None


def test_in_run_the_operator_hears_of_it_along_with_the_days_digests(desk: Desk, trusted: trustme.CA, say: Say) -> None:
    with smtp_server(trusted) as server:
        server.behaviour.refuse = {BUDI: UNKNOWN}
        smtp = {"host": HOST, "port": server.port, "username": USERNAME, "password": PASSWORD, "from": "k@example.org"}
        desk = Desk(desk.folder, smtp=smtp)
        desk.write("Kendali", RECIPIENTS, 2, ["Budi", BUDI, "", "Kota", "harian", "Ya", "Ya"])
        desk.write("Kendali", RECIPIENTS, 3, ["Wati", WATI, "", "Kota", "operator"])
        moment = [TUESDAY]
        jobs = Jobs(compose(desk.credentials, WORDS), lambda: moment[0])
        for _ in range(BAD_DAYS + 2):
            jobs.sync()
            jobs.digests()
            moment[0] += DAY
        arrived = [(str(one["To"]).partition("<")[2], str(one["Subject"])) for one in server.behaviour.messages()]
    assert [subject for to, subject in arrived if WATI in to] == [
        subject for _, subject in arrived if "Alamat penerima ditolak" in subject
    ]
    assert len([to for to, _ in arrived if WATI in to]) == 1
    assert "Penerima!B3" in say()


def test_a_round_that_takes_too_long_leaves_the_rest_to_the_next(city: LocalCity) -> None:
    seconds = [0.0]

    def slow(_: EmailMessage) -> None:
        seconds[0] += LONGEST + 1

    box = Box(slow)
    robot = replace(Robot.of(city), clock=lambda: seconds[0])
    sent = robot.send("harian", TUESDAY, box)
    assert box.to() == [RATNA] and sent.waits
    assert [outcome.state for outcome in sent.outcomes] == [State.SENT, State.DELAYED]
    Robot.of(city).send("harian", TUESDAY + PAUSES[0] * MINUTE, box)
    assert box.to() == [RATNA, BUDI]
    assert KINDS["harian"].tries > 1
