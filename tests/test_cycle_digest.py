"""Digests that are due: each is claimed, sent and recorded once, whatever crashes, and whoever else is at it."""

import shutil
from collections import Counter
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from msgspec.structs import replace

from automation.cli.compose import compose
from automation.cli.digest import sent_lines
from automation.cli.screen import TEMPLATES
from automation.cycle.digest import BATCH
from automation.cycle.facts import Facts
from automation.cycle.kinds import KINDS
from automation.digests.audience import CITY
from automation.digests.ledger import CLAIM_HOLDS
from automation.digests.morning import harian
from automation.mail.delivery import PostClosed
from automation.mail.render import Renderer
from automation.mail.templates import Templates
from automation.tables.kendali import MAILS
from automation.trouble import ConfigurationError, DeliveryError, Trouble
from tests.local_city import SRI, LocalCity
from tests.mail_box import Box, Robot
from tests.town import JAKARTA, NOTE, TUESDAY, WORDS

pytestmark = pytest.mark.sampled(tests=6)

RATNA, BUDI = "ratna@fraksi.example", "budi@fraksi.example"


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """One case, and two who are told of it every day from half past six."""
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",), "Timur": ("Cimone",)}, begin)


def begin(city: LocalCity) -> None:
    city.subscribe((RATNA, "Kota"), (BUDI, "Kecamatan Cipondoh"))
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    city.sync(TUESDAY - timedelta(minutes=30))


def states(city: LocalCity) -> list[tuple[str, str]]:
    return [(row[3], str(row[4]).partition(": sampai ")[0]) for row in city.rows("Kendali", MAILS)[1:]]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return " ".join(content.split())


def test_each_recipient_gets_one_mail_a_day_and_it_is_recorded(city: LocalCity) -> None:
    box = Box()
    sent = Robot.of(city).send("harian", TUESDAY, box)
    assert sent.well and sent.recipients == 2 and sorted(box.to()) == [BUDI, RATNA]
    assert Counter(states(city)) == {(who, state): 1 for who in (RATNA, BUDI) for state in ("diklaim", "terkirim")}
    assert all("RR-260504-0001-3" in text(mail) for mail in box.mails)
    for later in (timedelta(0), timedelta(minutes=1), timedelta(hours=14)):
        assert not Robot.of(city).send("harian", TUESDAY + later, box).outcomes
    assert len(box.mails) == 2


def test_only_who_was_told_before_is_told_what_has_changed_since(city: LocalCity) -> None:
    box, days = Box(), [TUESDAY + timedelta(days=n) for n in range(2)]
    Robot.of(city).send("harian", days[0], box)
    city.type("Barat", "Gondrong", SRI)
    city.sync(days[1] - timedelta(minutes=30))
    city.subscribe((RATNA, "Kota"), (BUDI, "Kecamatan Cipondoh"), ("baru@fraksi.example", "Kota"))
    Robot.of(city).send("harian", days[1], box)
    told = [
        (to, "terbuka (+1)" in text(mail), "(+" in text(mail)) for to, mail in zip(box.to(), box.mails, strict=True)
    ]
    assert sorted(told[:2]) == [(BUDI, False, False), (RATNA, False, False)]
    assert sorted(told[2:]) == [("baru@fraksi.example", False, False), (BUDI, True, True), (RATNA, True, True)]


def test_what_a_cycle_writes_that_began_before_the_mails_is_news_of_the_next_ones(city: LocalCity) -> None:
    box, days = Box(), [TUESDAY + timedelta(days=n) for n in range(3)]
    Robot.of(city).send("harian", days[0], box)
    city.type("Barat", "Gondrong", SRI)
    city.sync(days[0] - timedelta(minutes=20))  # as another process does that began then, and ends only now
    for day in days[1:]:
        Robot.of(city).send("harian", day, box)
    told = [text(mail) for mail in box.mails if RATNA in str(mail["To"])]
    assert ["RR-260504-0002" in one for one in told] == [False, True, False]
    assert "terbuka (+1)" in told[1] and "terbuka (+" not in told[2]


def went_up(city: LocalCity, since: datetime, now: datetime) -> int:
    """How many cases have gone up since the last mail, as a daily digest counts them."""
    facts = Facts(compose(city.credentials, WORDS).kendali, WORDS, now)
    return harian(facts.register, (CITY,), since, now, facts.settings.rules).counts["naik"]


def test_a_case_that_goes_up_is_told_once_also_when_nothing_ran_for_days(city: LocalCity) -> None:
    box = Box()
    Robot.of(city).send("harian", TUESDAY, box)
    later = TUESDAY + timedelta(days=9)  # Thursday 3 December; it was due on Monday
    city.sync(later - timedelta(minutes=10))
    assert [went_up(city, since, later) for since in (TUESDAY, later - timedelta(minutes=1))] == [1, 0]
    Robot.of(city).send("harian", later, box)
    city.sync(later + timedelta(hours=23))
    assert went_up(city, later, later + timedelta(days=1)) == 0, "told yesterday"
    Robot.of(city).send("harian", later + timedelta(days=1), box)
    first, told, after = (text(mail).casefold() for mail in box.mails[::2])
    assert "naik ke fraksi" in told and "naik ke" not in first
    assert "terlambat" in after and "naik ke fraksi" in after, "where it stands is said as long as it is overdue"


def test_whatever_the_hour_it_is_sent_to_whoever_asks_for_it_and_times_in_kiriman_are_whole_seconds(
    city: LocalCity,
) -> None:
    box, sunday = Box(), TUESDAY + timedelta(days=5)
    Robot.of(city).send("harian", sunday.replace(microsecond=123456), box, whatever_the_hour=True)
    assert len(box.mails) == 2
    assert {row[0] for row in city.rows("Kendali", MAILS)[1:]} == {sunday.isoformat()}


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime.combine(TUESDAY.date(), time(6, 29, 59), JAKARTA), False),
        (datetime.combine(TUESDAY.date(), time(6, 30), JAKARTA), True),
        (datetime.combine(TUESDAY.date(), time(23, 59), JAKARTA), True),
        (TUESDAY + timedelta(days=5), False),  # Sunday
        (datetime(2026, 12, 25, 9, tzinfo=JAKARTA), False),
    ],
)
def test_nothing_is_sent_before_its_hour_or_on_a_holiday(city: LocalCity, moment: datetime, due: bool) -> None:
    before = city.files()
    sent = Robot.of(city).send("harian", moment, Box())
    assert bool(sent.outcomes) is due and sent.waits is not due
    assert (city.files() == before) is not due


def test_a_crash_between_claim_and_result_repeats_the_mail_once_the_claim_is_old(city: LocalCity) -> None:
    class Crash(BaseException):
        """The machine dies."""

    def crash(message: EmailMessage) -> None:
        lost.append(message["Message-ID"])
        if BUDI in str(message["To"]):
            raise Crash

    lost: list[str] = []
    with pytest.raises(Crash):
        Robot.of(city).send("harian", TUESDAY, Box(crash))
    assert states(city) == [(RATNA, "diklaim"), (BUDI, "diklaim"), (RATNA, "terkirim")]
    boxes = [Box(), Box(), Box()]
    for moment, box in zip((CLAIM_HOLDS - timedelta(seconds=1), CLAIM_HOLDS, 2 * CLAIM_HOLDS), boxes, strict=True):
        Robot.of(city).send("harian", TUESDAY + moment, box)
    assert [box.to() for box in boxes] == [[], [BUDI], []]
    assert boxes[1].mails[0]["Message-ID"] == lost[-1]


def test_refused_and_delayed_mails_are_recorded_with_their_reason(city: LocalCity) -> None:
    def refuse(message: EmailMessage) -> None:
        if BUDI in str(message["To"]):
            raise DeliveryError("surat.kirim.ditunda", permanent=False, answer="451 later, call 081234567890")
        raise DeliveryError(
            "surat.kirim.alamat-ditolak", permanent=True, answer="550 ratna@fraksi.example " + "?" * 999
        )

    sent = Robot.of(city).send("harian", TUESDAY, Box(refuse))
    assert not sent.well
    (_, refused), (_, delayed) = states(city)[2:]
    assert refused.startswith("gagal tetap: ") and len(refused) < 600 and "ratna@" not in refused
    assert delayed.startswith("gagal sementara: ") and "081234567890" not in delayed
    box = Box()
    Robot.of(city).send("harian", TUESDAY + timedelta(hours=1), box)
    assert box.to() == [BUDI]


def test_a_post_that_is_closed_is_told_and_tried_again_later(city: LocalCity) -> None:
    def closed(message: EmailMessage) -> None:
        raise PostClosed("surat.kirim.kotak-keluar", permanent=True, folder="outbox", reason="penuh")

    sent = Robot.of(city).send("harian", TUESDAY, Box(closed))
    told, *reasons = sent_lines(KINDS["harian"], sent, compose(city.credentials, WORDS))
    assert told.startswith("2 kabar harian belum terkirim") and len(reasons) == 1, "the reason is said once"
    assert [state.split(":")[0] for _, state in states(city)[2:]] == ["gagal sementara"] * 2
    box = Box()
    Robot.of(city).send("harian", TUESDAY + timedelta(minutes=4), box)
    assert not box.mails
    Robot.of(city).send("harian", TUESDAY + timedelta(minutes=5), box)
    assert sorted(box.to()) == [BUDI, RATNA]


def test_who_has_nothing_to_hear_and_does_not_want_to_be_told_so_gets_no_mail(city: LocalCity) -> None:
    city.put("Kendali", "Penerima", {(2, 3): "Kecamatan Karawaci", (2, 5): "Tidak"})
    box = Box()
    sent = Robot.of(city).send("harian", TUESDAY, box)
    assert (sent.empty, box.to()) == (1, [RATNA])
    assert (BUDI, "nihil") in states(city)
    assert Robot.of(city).send("harian", TUESDAY + timedelta(minutes=1), box).empty == 0


def test_an_address_that_no_mail_can_go_to_stops_nobody_elses(city: LocalCity) -> None:
    city.put("Kendali", "Penerima", {(1, 1): "ratna.@fraksi.example"})
    box = Box()
    sent = Robot.of(city).send("harian", TUESDAY, box)
    assert box.to() == [BUDI] and not sent.well
    assert [str(trouble.particulars["cell"]) for trouble in sent.problems] == ["Penerima!B2"]
    assert RATNA not in str(states(city))
    assert len(Robot.of(city).preview("harian", TUESDAY)) == 1
    assert not Robot.of(city).send("harian", TUESDAY + timedelta(hours=2), box).outcomes


def test_a_template_with_a_mistake_claims_nothing(city: LocalCity, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Not even for those whose own mail could be made: it shows where a case is new."""
    city.put("Kendali", "Penerima", {(1, 3): "Kecamatan Karawaci"})
    folder = tmp_path_factory.mktemp("templates") / "templates"
    shutil.copytree(TEMPLATES, folder)
    with (folder / "harian" / "isi.txt").open("a", encoding="utf-8") as broken:
        broken.write("{% if digest.new.count %}{{ digest.apa }}{% endif %}")
    before, box = city.files(), Box()
    with pytest.raises(Trouble, match=r"surat\.templat"):
        replace(Robot.of(city), renderer=Renderer(Templates(folder, WORDS))).send("harian", TUESDAY, box)
    assert city.files() == before and not box.mails


def test_a_sorted_kiriman_is_understood_in_the_order_of_its_times(city: LocalCity) -> None:
    Robot.of(city).send("harian", TUESDAY, Box())
    rows = city.rows("Kendali", MAILS)[1:]
    for order in (rows[::-1], sorted(rows, key=lambda row: str(row[4]), reverse=True)):
        city.put("Kendali", MAILS, {(r, c): v for r, row in enumerate(order, 1) for c, v in enumerate(row)})
        box = Box()
        Robot.of(city).send("harian", TUESDAY + timedelta(hours=2), box)
        assert not box.mails


def test_columns_of_kiriman_may_be_moved(city: LocalCity) -> None:
    with city.editing("Kendali") as book:
        book[MAILS].insert_cols(1, 2)
        book[MAILS].cell(1, 1).value = "Catatan"
    box = Box()
    for _ in range(2):
        Robot.of(city).send("harian", TUESDAY, box)
    assert len(box.mails) == 2
    titles, *rows = city.rows("Kendali", MAILS)
    assert titles[2:] == list(MAILS.headings)
    assert len(rows) == 4 and all(row[:2] == [None, None] and row[2] == TUESDAY.isoformat() for row in rows)


@pytest.mark.parametrize("heading", ["Kunci", "Keadaan"])
def test_nothing_is_sent_while_it_cannot_be_known_what_was(city: LocalCity, heading: str) -> None:
    Robot.of(city).send("harian", TUESDAY, Box())
    city.put("Kendali", MAILS, {(0, MAILS.headings.index(heading)): "x"})
    assert city.run("setup") == 0, "which adds no empty column, beside which nothing would seem sent"
    box = Box()
    with pytest.raises(ConfigurationError) as caught:
        Robot.of(city).send("harian", TUESDAY + timedelta(days=1), box)
    assert heading in str(caught.value) and not box.mails


def test_a_spreadsheet_that_was_never_read_or_not_for_long_is_told(city: LocalCity) -> None:
    city.list_sources("Barat.xlsx", "Timur.xlsx", "Baru.xlsx")
    box = Box()
    Robot.of(city).send("harian", TUESDAY, box)
    assert "PERHATIAN: 1 lembar kerja tidak terbaca" in text(box.mails[0])
    later = TUESDAY + timedelta(days=1)
    Robot.of(city).send("harian", later, box)
    assert "PERHATIAN: 3 lembar kerja tidak terbaca" in text(box.mails[2])
    city.list_sources("Barat.xlsx", "Timur.xlsx")
    city.sync(later + timedelta(days=1))
    Robot.of(city).send("harian", later + timedelta(days=1, hours=1), box)
    assert "dibaca" not in text(box.mails[4])


def test_what_keeps_nothing_from_being_read_is_told_the_operator_and_makes_no_figures_doubtful(city: LocalCity) -> None:
    """Whether dates may be swapped, who touched a journal, which column is locked: no council member can mend it."""
    head = city.rows("Barat", "Gondrong")[0]
    city.type("Barat", "Gondrong", {})
    city.put_rows("Barat", "Gondrong", [*city.rows("Barat", "Gondrong")[1:], head], at=0)  # sorted with its headings
    city.sync()
    box = Box()
    assert city.state().startswith("Catatan: Barat, tab Gondrong: di atas baris judul kolom")
    Robot.of(city).send("harian", TUESDAY, box)
    assert box.mails and "tidak terbaca" not in text(box.mails[0]) + str(box.subjects())
    city.put("Timur", "Cimone", {(0, head.index("Uraian")): "Keluhannya"})
    city.sync(TUESDAY + timedelta(days=1))
    Robot.of(city).send("harian", TUESDAY + timedelta(days=1), box)
    assert "1 lembar kerja tidak terbaca utuh, jadi angka di bawah belum tentu lengkap: Timur" in text(box.mails[-1])


@pytest.mark.long
def test_many_recipients_are_claimed_and_recorded_in_batches(city: LocalCity) -> None:
    addresses = [f"anggota{number:03}@fraksi.example" for number in range(BATCH + 5)]
    city.subscribe(*((address, "Kota") for address in addresses))
    claimed: list[int] = []
    box = Box(lambda _: claimed.append(len(states(city))))
    sent = Robot.of(city).send("harian", TUESDAY, box)
    assert sent.well and box.to() == addresses
    assert set(claimed) == {BATCH, 2 * BATCH + 5}
    assert len(states(city)) == 2 * len(addresses)


def test_a_preview_shows_every_mail_and_writes_nothing(city: LocalCity) -> None:
    before = city.files()
    previews = Robot.of(city).preview("harian", TUESDAY)
    assert [mail["To"].addresses[0].addr_spec for mail in previews] == [RATNA, BUDI]
    assert city.files() == before
