"""A person who tells a reporter finds the words ready beside the case, and nothing is ever sent for them."""

from functools import cache
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from automation.cases.event_details import carried
from automation.cases.events import Event, EventKind
from automation.cases.examiner import Examiner, make_entries
from automation.cases.journal import Case, fold
from automation.cases.kabari import LONGEST, is_told, kabari
from automation.digests.audience import closed_as
from automation.model.cells import Link, kept_text
from automation.model.complaint import CLOSED, Complaint, Status
from automation.model.disclosure import summary
from automation.model.rules import Category
from automation.tables import intake
from automation.tables.intake import ROBOT
from tests.mail_examples import closed as closed_case
from tests.town import RULES, TUESDAY, Town, three

NAMED = replace(
    RULES,
    organisation="Fraksi Contoh",
    categories={**RULES.categories, "Kekerasan": Category("Kekerasan", sensitive=True)},
)


def town() -> Town:
    return Town(rules=NAMED)


def shown(town: Town, identity: str) -> Link:
    value = town.get(identity, intake.KABARI)
    assert isinstance(value, Link), value
    return value


def words(link: Link) -> str:
    return parse_qs(urlsplit(link.address).query, strict_parsing=True)["text"][0]


def test_a_new_ticket_comes_with_a_message_that_names_it_and_its_deadline() -> None:
    city = town()
    yati, waiting, silent = city.type(), city.type(description=None), city.type(phone=None, name="Pak Nasrul")
    old = city.take_in(name="Pak Amir", status="Selesai")
    link = shown(city, yati)
    assert link == "WhatsApp: laporan diterima (0812-0000-1021)"
    assert link.address.startswith("https://wa.me/6281200001021?text=")
    text = words(link)
    assert text.startswith("Yth. Bapak/Ibu,") and "Yati" not in text, "who reads the link's address may be anybody"
    for part in ("Fraksi Contoh", city.ticket(yati), "tentang Jalan", "fraksi", "Senin, 30 November 2026"):
        assert part in text
    assert [city.get(of, intake.KABARI) for of in (waiting, silent, old)] == [None] * 3
    assert city.ticket(silent) and city.ticket(old), "nobody is to be told of what was closed before it was typed in"


@pytest.mark.parametrize(
    ("status", "part"),
    [
        ("Selesai", "sudah selesai ditindaklanjuti. Hasilnya: Got sudah dikeruk."),
        ("Bukan Kewenangan", "di luar kewenangan yang bisa kami tangani. Keterangannya: Got sudah dikeruk."),
        ("Ditutup Tanpa Solusi", "kami tutup tanpa penyelesaian. Keterangannya: Got sudah dikeruk."),
    ],
)
def test_at_the_end_the_message_tells_the_outcome(status: str, part: str) -> None:
    city = town()
    yati = city.take_in()
    city.change(yati, status=status, outcome="Got sudah dikeruk", days=1)
    assert shown(city, yati) == "WhatsApp: hasil laporan (0812-0000-1021)"
    assert part in words(shown(city, yati)) and city.ticket(yati) in words(shown(city, yati))
    city.change(yati, outcome=None)
    assert "silakan balas pesan ini" in words(shown(city, yati)), "kind also where nobody wrote what came of it"


@pytest.mark.parametrize("status", CLOSED)
def test_every_way_of_closing_has_a_message_of_its_own_and_a_section_in_the_digest(status: Status) -> None:
    city = town()
    yati = city.take_in()
    city.change(yati, status=status.value, days=1)
    assert city.ticket(yati) in words(shown(city, yati))
    assert closed_as([closed_case(1, status)])[status] == (closed_case(1, status),)


def test_it_is_gone_once_the_reporter_was_told_and_comes_back_if_not() -> None:
    city = town()
    yati = city.take_in(status=None)
    city.set(yati, intake.STATUS, "Selesai")
    for told, stays in (("Budi 24/11", False), ("belum diangkat", True), ("-", True), ("sudah", False)):
        city.change(yati, told=told, days=1)
        assert (city.get(yati, intake.KABARI) is not None) == stays == (not is_told(told))


def test_who_has_answered_that_it_is_not_done_is_not_thanked_for_the_report_again() -> None:
    city = town()
    yati, amir = city.type(), city.type(name="Pak Amir", phone="081200001022", told="belum")
    city.sync()
    city.change(yati, status="Selesai", outcome="got dikeruk")
    for status in ("Selesai", "Ditindaklanjuti"):
        city.change(yati, told="Ani 25/11: belum beres", status=status, days=1)
        assert city.get(yati, intake.KABARI) is None
    assert shown(city, amir).startswith("WhatsApp: laporan diterima"), "nobody has told the ticket"
    city.change(yati, status="Selesai", days=1)
    assert shown(city, yati).startswith("WhatsApp: hasil laporan")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2027", " 2027."), ("TA 2027", " 2027."), ("27", " 2027."), ("Pak Dedi", "."), ("tahun depan", ".")],
)
def test_of_a_proposal_s_year_the_reporter_is_told_only_the_year(typed: str, said: str) -> None:
    city = town()
    yati = city.take_in()
    plan = city.plan()
    case, complaint = plan.cases[city.ticket(yati)], plan.judged[0].complaint
    link = kabari(case, complaint, None, NAMED, ("Diusulkan", typed))
    assert link is not None and f"masuk usulan anggaran{said}" in words(link)


def test_who_was_told_of_the_ticket_has_yet_to_be_told_of_the_outcome() -> None:
    """`Dikabari` was typed on a day before the case was closed."""
    city = town()
    typed, told = city.type(), city.type(name="Pak Amir", phone="081200001022", told="Ani sudah kirim nomor tiket")
    done, puas = city.type(name="Pak Nasrul", phone="081200001023"), city.type(name="Bu Sri", phone="081200001024")
    city.sync()
    city.set(typed, intake.TOLD, "Ani 24/11, nomor tiket sudah dikirim")
    city.change(puas, told="Ani 24/11, warga puas")
    assert [city.get(one, intake.KABARI) for one in (typed, told, puas)] == [None] * 3
    for one in (typed, told, done, puas):
        city.set(one, intake.STATUS, "Selesai")
        city.set(one, intake.OUTCOME, "Got sudah dikeruk")
    city.set(done, intake.TOLD, "Ani 25/11, hasil sudah dikabarkan")  # at once with its status
    city.sync(days=1)
    assert [shown(city, one).partition(" (")[0] for one in (typed, told)] == ["WhatsApp: hasil laporan"] * 2
    assert [city.get(one, intake.KABARI) for one in (done, puas)] == [None] * 2
    examiner, cases = Examiner(NAMED, city.now.date()), fold(city.journal)
    entries = make_entries((("", one) for one in cases.values()), {}, examiner)
    register = {one.ticket: one.told for one in entries}
    assert [register[city.ticket(one)] for one in (typed, told, done, puas)] == ["", "", "Sudah", "Sudah, puas"]
    moved = Event(1, city.now, city.ticket(typed), EventKind.MOVED_IN, carried(cases[city.ticket(typed)], "Petir"))
    assert fold([moved])[moved.ticket].told_open == cases[moved.ticket].told_open is not None
    city.change(typed, told="Ani 24/11, nomor tiket sudah dikirim; 25/11 hasilnya")
    assert city.get(typed, intake.KABARI) is None


def test_on_the_day_on_which_a_case_is_closed_its_reporter_counts_as_told_of_that() -> None:
    city = town()
    yati = city.take_in()
    city.change(yati, told="Ani, sudah ditelepon, hasilnya diterima", days=1)
    city.change(yati, status="Selesai", outcome="Got sudah dikeruk")
    assert city.get(yati, intake.KABARI) is None


def test_a_private_matter_is_told_without_its_category_and_its_outcome() -> None:
    city = town()
    yati = city.take_in(category="Kekerasan")
    assert "Kekerasan" not in words(shown(city, yati)) and "tentang" not in words(shown(city, yati))
    city.change(yati, status="Selesai", outcome="Didampingi ke P2TP2A", days=1)
    told = words(shown(city, yati))
    assert "P2TP2A" not in told and "Kekerasan" not in told and city.ticket(yati) in told
    city.change(yati, phone="021-5512345")
    assert "P2TP2A" not in shown(city, yati)


def test_who_has_only_a_landline_is_called_and_the_words_to_read_out_stand_beside_the_number() -> None:
    city = town()
    yati = city.take_in(phone="(021) 5512345")
    link = shown(city, yati)
    assert link.address == "tel:+62215512345"
    assert link.startswith("Telepon (021) 5512345: laporan diterima.") and city.ticket(yati) in link
    city.change(yati, status="Selesai", outcome="Lampu\nsudah diganti", days=1)
    assert "Hasilnya: Lampu sudah diganti. Apakah sudah sesuai" in shown(city, yati)


def test_a_mobile_number_is_preferred_and_another_country_s_is_one_too() -> None:
    city = town()
    both, abroad = city.type(phone="021-5512345 / 0812-0000-1021"), city.type(name="Pak Lee", phone="+65 8123 4567")
    city.sync()
    assert shown(city, both).address.startswith("https://wa.me/6281200001021?")
    assert shown(city, abroad).address.startswith("https://wa.me/6581234567?")
    assert "+65 8123 4567" in shown(city, abroad)


def test_a_deadline_that_has_passed_is_promised_no_more() -> None:
    city = town()
    yati = city.take_in()
    city.sync(days=20)
    assert "paling lambat" not in words(shown(city, yati)) and "masih kami tangani" in words(shown(city, yati))
    linked = Link(str(city.get(yati, intake.DESCRIPTION)), "https://foto.example/1")
    city.set(yati, intake.DESCRIPTION, linked)
    assert not city.plan(), "where a cell of people's own leads is nobody's business"


def test_a_telephone_that_is_corrected_and_an_address_that_is_stale_are_rewritten() -> None:
    city = town()
    yati = city.take_in()
    city.change(yati, phone="081200001099")
    assert "6281200001099" in shown(city, yati).address
    right = shown(city, yati)
    for stale in (Link(str(right), "https://wa.me/6281200000000?text=lain"), str(right)):
        city.change(yati, kabari=stale)
        assert shown(city, yati).address == right.address


def test_a_copy_of_a_row_keeps_no_message_and_a_sorted_tab_each_its_own() -> None:
    city = town()
    ids = list(three(city))
    before = {of: shown(city, of).address for of in ids}
    city.sort("Gondrong", intake.NAME)
    assert not city.plan()
    assert {of: shown(city, of).address for of in ids} == before
    title, number = city.find(ids[0])
    city.tabs[title].append(list(city.tabs[title][number]))
    city.sync()
    assert city.tabs[title][-1][ROBOT.index(intake.KABARI)] is None


def test_a_tab_without_the_column_is_read_as_ever_and_nothing_is_written_for_it() -> None:
    city = town()
    at = city.titles("Gondrong").index(intake.KABARI)
    city.tabs["Gondrong"][0].pop(at)
    yati = city.type()
    plan = city.sync()
    assert not city.intake().troubles and city.ticket(yati)
    assert {cell.column for cell in plan.cells} <= {city.titles("Gondrong").index(c) for c in ROBOT if c != "Kabari"}


@cache
def closed() -> tuple[Case, Complaint]:
    city = town()
    yati = city.take_in()
    city.set(yati, intake.STATUS, "Selesai")
    plan = city.sync(days=1)
    return plan.cases[city.ticket(yati)], plan.judged[0].complaint


@given(outcome=st.text() | st.text(min_size=1000, max_size=3000), name=st.text())
def test_whatever_the_outcome_is_the_address_decodes_to_exactly_the_text(outcome: str, name: str) -> None:
    case, complaint = closed()
    link = kabari(case, replace(complaint, outcome=outcome, name=name), None, NAMED)
    assert link is not None
    assert len(link.address) <= LONGEST and link.address.isascii() and " " not in link.address
    text = words(link)
    assert link.address.endswith(quote(text, safe="")) and text == kept_text(text)
    told = summary(kept_text(outcome), NAMED.vocabulary, name, complaint.address, whole=True)
    if len(quote(told)) < 600:
        assert told in text
    assert case.ticket in text and text.endswith("\n\nSalam hormat,\nFraksi Contoh")


@pytest.mark.parametrize(
    "change",
    [{"outcome": "lain"}, {"phones": ("+6281200001099",)}, {"told": "ya"}, {"category": None}],
    ids=str,
)
def test_what_was_worked_out_before_is_not_told_of_a_row_that_was_changed(change: dict[str, Any]) -> None:
    examiner = Examiner(NAMED, TUESDAY.date())
    case, complaint = closed()
    times, _ = examiner.clock(complaint, case.received, case.statuses, case.first_due)
    links = [examiner.kabari(case, one, times) for one in (complaint, replace(complaint, **change), complaint)]
    assert links[0] == links[2] and links[0] is not None
    assert links[1] is None or links[1].address != links[0].address
    stands = Link(links[0], links[0].mark)  # as it is known where it was not read
    assert examiner.kabari(case, complaint, times, stands) is stands
    assert links[1] != stands or examiner.kabari(case, replace(complaint, **change), times, stands) is not stands
    for other in (str(stands), Link(stands, "https://wa.me/62"), Link(f"{stands}.", links[0].address)):
        again = examiner.kabari(case, complaint, times, other)
        assert again == links[0] and again.address == links[0].address


def test_a_long_outcome_is_cut_at_a_word() -> None:
    city = town()
    yati = city.take_in()
    city.change(yati, status="Selesai", outcome="sudah diperbaiki " * 300, days=1)
    link = shown(city, yati)
    assert len(link.address) <= LONGEST
    assert "diperbaiki… \n" in words(link).replace("…\n", "… \n") or "sudah…" in words(link)
