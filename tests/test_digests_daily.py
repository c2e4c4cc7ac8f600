"""The digests of every day: what members are told, and what coordinators are told to do."""

from collections.abc import Collection
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from automation.digests.at_once import became_at, darurat, emergencies, is_fresh
from automation.digests.audience import CITY, Scope
from automation.digests.flow import Period
from automation.digests.morning import Kinds, Morning, harian, koordinator, news, tasks
from automation.model.complaint import Priority, Status
from automation.model.deadlines import Ladder, Level
from automation.model.register import Decision, Entry, Health, Register, Repair
from tests.mail_examples import (
    CITY_RULES,
    CONTEXT,
    JATIUWUNG,
    NOTHING,
    NOW,
    SUKASARI,
    TODAY,
    UNREAD,
    WELL,
    YESTERDAY,
    case,
    closed,
    crowd,
    due,
    late,
    renderer,
    repair,
    twelve,
)

LAST_DAY = Period(YESTERDAY, NOW)
WAYS = (Status.RESOLVED, Status.UNRESOLVED, Status.NOT_OURS)


def compose(*entries: Entry, scopes: Collection[Scope] = (CITY,)) -> Morning:
    return harian(Register(entries, (), ()), scopes, YESTERDAY, NOW, CITY_RULES)


def parts(*entries: Entry, warn_days: int = 1, period: Period = LAST_DAY) -> dict[str, list[int]]:
    """What is told of the cases, by its kind."""
    return numbered(news(entries, period, replace(CITY_RULES, ladder=Ladder(warn_days))))


def numbered(kinds: Kinds) -> dict[str, list[int]]:
    return {
        kind: [int(one.ticket.split("-")[2]) for one in items if isinstance(one, Entry)]
        for kind, items in kinds.items()
    }


def test_a_case_is_new_or_comes_to_a_higher_level_in_one_digest_only() -> None:
    second = timedelta(seconds=1)
    at = (YESTERDAY, YESTERDAY + second, NOW, NOW + second)
    new = tuple(case(number, issued_at=time) for number, time in enumerate(at))
    up = tuple(late(days, days, level_at=time) for days, time in zip((1, 2, 7, 8), at, strict=True))
    told = parts(*new, *up)
    assert (told["masuk"], told["naik"]) == ([1, 2], [7, 2]), "the highest level first"
    later = parts(*new, *up, period=Period(NOW, NOW + timedelta(days=1)))
    assert (later["masuk"], later["naik"]) == ([3], [8])


def test_in_each_section_the_weightiest_stands_first() -> None:
    ranks = (Priority.NORMAL, Priority.URGENT, Priority.EMERGENCY)
    cases = (case(number, priority=rank, issued_at=NOW) for number, rank in enumerate(ranks, start=1))
    assert parts(*cases)["masuk"] == [3, 2, 1]
    assert parts(late(1, 2), late(2, 30), late(3, 7))["terlambat"] == [2, 3, 1]
    assert parts(*(late(days, days, level_at=NOW) for days in (3, 5, 4)))["naik"] == [5, 4, 3]
    soon = (due(1, 2), due(2, 0), due(3, 1), due(4, 3))  # includes today, and ends at the setting
    assert parts(*soon, warn_days=2)["segera"] == [2, 3, 1]
    assert parts(*soon, warn_days=0)["segera"] == [2]


def test_what_is_no_news_is_not_told_as_going_up() -> None:
    told = parts(late(1, 9, level_at=None))  # found when the case came
    assert (told["naik"], told["terlambat"]) == ([], [1])
    up = {"level": Level.CHAIR, "level_at": NOW}  # and overdue no more
    assert parts(closed(1, Status.RESOLVED, **up), due(2, 1, **up), case(3, status=Status.WAITING, **up))["naik"] == []
    told = parts(due(1, 0, level=Level.TODAY, level_at=NOW), due(2, 1, level=Level.SOON, level_at=NOW))
    assert (told["segera"], told["naik"]) == ([1, 2], [])


def families(**changes: object) -> tuple[Entry, ...]:
    """A matter of three residents: the second and third case go with the first."""
    parent = late(1, 4, residents=3, level_at=NOW, issued_at=NOW, **changes)
    kin = (late(number, number, parent=parent.ticket, level_at=NOW, issued_at=NOW) for number in (2, 3))
    return (parent, *kin, due(4, 0, parent=parent.ticket))


def test_a_case_that_goes_with_another_is_counted_and_not_listed_beside_it() -> None:
    parent, second, third, fourth = families()
    told = parts(parent, second, third, fourth)
    assert [told[kind] for kind in ("masuk", "terlambat", "naik", "segera")] == [[1], [1], [1], []]
    assert compose(parent, second, third, fourth).numbers[-1].cases == 4
    assert parts(parent, replace(second, present=False))["hilang"] == [2]
    # Once a parent is closed, what is still open is listed again, and what is closed is to be told each.
    shut = closed(1, Status.RESOLVED)
    told = parts(shut, second, third, closed(4, Status.RESOLVED, parent=shut.ticket))
    assert (told["selesai"], told["terlambat"]) == ([4, 1], [3, 2])


def test_a_case_whose_parent_a_recipient_is_not_told_of_is_listed_to_them() -> None:
    far = late(5, 3, kelurahan=SUKASARI, residents=2)
    near = late(1, 3, kelurahan=JATIUWUNG, parent=far.ticket)
    assert [pick.item for pick in compose(far, near, scopes=(Scope(kelurahan=JATIUWUNG.code),)).picks] == [near]
    assert [pick.item for pick in compose(far, near).picks] == [far]


def test_the_three_ways_of_closing_a_case_are_never_mixed_and_a_paused_case_is_still_open() -> None:
    cases = (closed(1, Status.RESOLVED), closed(2, Status.UNRESOLVED), closed(3, Status.NOT_OURS))
    assert [parts(*cases)[way.slug] for way in WAYS] == [[1], [2], [3]]
    assert compose(*cases).numbers[-1].cases == 0
    assert compose(closed(1, Status.RESOLVED, closed_at=YESTERDAY)).empty, "that was told before"
    paused = compose(case(1, status=Status.WAITING, days_left=None, lateness="dijeda"))
    assert [number.cases for number in paused.numbers] == [0, 0, 1]


def test_resolved_without_an_outcome_is_counted_apart() -> None:
    bare = [closed(number, Status.RESOLVED, outcome=None) for number in (2, 3)]
    told = compose(closed(1, Status.RESOLVED, outcome=7), *bare)
    assert [(one.name, one.cases) for one in told.left] == [("selesai", 1), ("tanpa-hasil", 2)]


def test_a_deleted_row_is_told_and_its_delay_with_it() -> None:
    told = parts(late(1, 4, present=False), closed(2, Status.RESOLVED, present=False))
    assert (told["hilang"], told["terlambat"]) == ([1], [1])


def test_a_recipient_hears_of_their_part_of_the_city_only() -> None:
    cases = [late(number, 1) for number in range(1, 9)]
    told = compose(*cases, scopes=(Scope(kelurahan=JATIUWUNG.code), Scope(dapil=1)))
    assert {pick.item.kelurahan for pick in told.picks if isinstance(pick.item, Entry)} == {JATIUWUNG, SUKASARI}
    assert told.numbers[-1].cases == 4


def test_rows_that_wait_for_a_fix_follow_the_scope_and_a_spreadsheet_that_could_not_be_read_is_told_to_everybody() -> (
    None
):
    rows = (repair(2), repair(3, kecamatan="Tangerang", kelurahan="Sukasari"))
    told = harian(Register((), rows, (WELL, UNREAD)), (Scope(dapil=3),), YESTERDAY, NOW, CITY_RULES)
    assert told.counts["perbaiki"] == 1 and told.unread == (UNREAD,) and not told.empty
    todo = koordinator(Register((), rows, ()), (Scope(dapil=3),), YESTERDAY, NOW, CITY_RULES)
    assert [pick.item for pick in todo.picks] == [rows[0]]


def test_a_quiet_day_is_empty_and_any_piece_of_news_is_not() -> None:
    assert harian(NOTHING, (CITY,), YESTERDAY, NOW, CITY_RULES).empty
    assert compose(case(1)).empty, "an open case in good time is no news"
    some = (case(1, issued_at=NOW), due(2, 0), late(3, 1), case(4, present=False))
    ways = tuple(closed(5, status) for status in (Status.RESOLVED, Status.UNRESOLVED, Status.NOT_OURS))
    for entry in some + ways:
        assert not compose(entry).empty
    assert not harian(replace(NOTHING, repairs=(repair(),)), (CITY,), YESTERDAY, NOW, CITY_RULES).empty


def test_counts_are_never_bounded() -> None:
    told = compose(*(late(number, 1) for number in range(5000)))
    assert told.counts["terlambat"] == told.numbers[-1].cases == 5000


def test_an_ordinary_morning_is_told_whole() -> None:
    told = harian(twelve(), (CITY,), YESTERDAY, NOW, CITY_RULES)
    kinds = ("masuk", "segera", "terlambat", *(way.slug for way in WAYS), "hilang", "perbaiki")
    assert [told.counts[kind] for kind in kinds] == [3, 2, 3, 2, 1, 1, 1, 2]
    assert (told.numbers[-1].cases, len(told.unread)) == (8, 1)


# What a coordinator is told to do, and which cases are alerts


def to_do(*entries: Entry, repairs: tuple[Repair, ...] = (), health: tuple[Health, ...] = ()) -> Morning:
    return koordinator(Register(entries, repairs, health), (CITY,), YESTERDAY, NOW, CITY_RULES)


def waiting(*entries: Entry) -> dict[str, list[int]]:
    """What waits for a coordinator, by its kind."""
    return numbered(tasks(entries, NOW))


def test_what_goes_with_an_open_case_is_worked_on_with_it_and_its_reporter_is_called_all_the_same() -> None:
    parent = late(1, 4, assignee="", residents=4)
    kin = {"parent": parent.ticket, "assignee": ""}
    told = waiting(parent, late(2, 3, **kin), case(3, **kin), closed(4, Status.RESOLVED, **kin), case(5, present=False))
    assert (told["tindak"], told["tugaskan"], told["kabari"], told["cari"]) == ([1], [1], [4], [5])
    shut = replace(parent, status=Status.UNRESOLVED, days_late=0, closed_at=NOW, told="ya")
    told = waiting(shut, late(2, 3, **kin), case(3, **kin))
    assert (told["tindak"], told["tugaskan"]) == ([2], [2, 3])


def test_the_mail_says_to_whom_an_overdue_case_went_up_and_how_many_residents_are_behind_it() -> None:
    mail = renderer().render("koordinator", to_do(late(1, 7, residents=12)), CONTEXT)
    assert "naik ke ketua, terlambat 7 hari kerja" in mail.text
    for body in (mail.text, mail.html):
        assert "naik ke ketua" in body
        assert "12 warga" in body


def test_reporters_are_to_be_called_until_somebody_wrote_that_they_were() -> None:
    notes = {"": False, "Belum": False, "blm, HP mati": False, " - ": False, " ": False}
    notes |= dict.fromkeys(("Sudah", "ya", "24/11", "Senin, oleh Ani"), True)
    for written, told in notes.items():
        assert to_do(closed(1, Status.RESOLVED, told=written)).empty is told
    bad = waiting(closed(1, Status.UNRESOLVED), closed(2, Status.NOT_OURS), closed(3, Status.RESOLVED))
    assert (bad["kabari"], bad["jelaskan"]) == ([3], [1, 2]), "with other words"
    typed_in_as_history = closed(1, Status.RESOLVED, issued_at=NOW, closed_at=NOW)
    row_is_gone = closed(1, Status.RESOLVED, present=False, link="")
    assert to_do(typed_in_as_history).empty and to_do(row_is_gone).empty


def test_who_has_waited_longest_is_called_first() -> None:
    since = {"issued_at": NOW - timedelta(days=90)}
    ago = {1: 3, 2: 30, 3: 9}.items()
    cases = (closed(n, Status.RESOLVED, **since, closed_at=NOW - timedelta(days=age)) for n, age in ago)
    assert waiting(*cases)["kabari"] == [2, 3, 1]


def test_cases_without_a_person_in_charge_stand_with_the_most_urgent_first() -> None:
    told = waiting(
        case(1, assignee="", due=TODAY + timedelta(days=3)),
        case(2, assignee=" ", due=TODAY),
        case(3, assignee="", due=TODAY + timedelta(days=5), priority=Priority.EMERGENCY),
        case(4, assignee="Pak Hadi"),
        closed(5, Status.RESOLVED, assignee="", told="ya"),
    )
    assert told["tugaskan"] == [3, 2, 1]


def test_of_whom_no_words_are_kept_nobody_is_to_be_called_or_put_in_charge() -> None:
    told = waiting(case(1, assignee="", erased=True), closed(2, Status.RESOLVED, erased=True), late(3, 2, erased=True))
    assert (told["tugaskan"], told["kabari"]) == ([], [])
    assert told["tindak"] == [3], "the matter itself is still there"
    assert [one.name for one in compose(closed(1, Status.RESOLVED, erased=True)).left] == ["selesai"], "nor an outcome"


def test_a_coordinator_hears_of_their_own_kecamatan_only() -> None:
    told = koordinator(twelve(), (Scope(kecamatan="Cibodas"),), YESTERDAY, NOW, CITY_RULES)
    everywhere = koordinator(twelve(), (CITY,), YESTERDAY, NOW, CITY_RULES)
    places = {pick.item.kelurahan.kecamatan for pick in told.picks if isinstance(pick.item, Entry)}
    assert places == {"Cibodas"} and told.counts["tindak"] < everywhere.counts["tindak"]


def test_nothing_to_do_is_empty_and_what_could_not_be_read_is_not() -> None:
    assert to_do(health=NOTHING.health).empty
    some = (to_do(health=(UNREAD,)), to_do(repairs=(repair(),)), to_do(late(1, 2)), to_do(case(1, present=False)))
    assert not any(one.empty for one in some)


def test_the_mail_leads_to_the_row_where_the_reporter_is_called_and_shows_no_number_to_call() -> None:
    mail = renderer().render("koordinator", to_do(closed(1, Status.RESOLVED)), CONTEXT)
    assert mail.subject == "[Ruang Rakyat] Koordinator: 1 perlu dikabari – Kam 26 Nov"
    assert "Kabari hasilnya RR-260902-0001-1 Jatiuwung · Lampu Jalan: ditutup Rab 25 Nov" in mail.text
    assert closed(1, Status.RESOLVED).link in mail.text and "08" not in mail.text
    bare = renderer().render("koordinator", to_do(closed(1, Status.RESOLVED, outcome=None)), CONTEXT)
    assert "ditutup Rab 25 Nov, hasilnya belum ditulis" in bare.text, "there is nothing to tell yet"


def test_for_whatever_a_case_stands_there_its_missing_row_is_told_and_a_row_to_fix_is_told_from_its_place() -> None:
    gone = {"present": False, "link": ""}
    for kind, digest in (("harian", compose(late(1, 4, **gone))), ("koordinator", to_do(late(1, 4, **gone)))):
        text = renderer().render(kind, digest, CONTEXT).text
        assert "terlambat 4 hari kerja, barisnya hilang" in text
        assert ("barisnya hilang, ketik pulihkan" in text) == (kind == "koordinator"), "who can give it back"
    told = renderer().render("koordinator", to_do(case(1, **gone), repairs=(repair(),)), CONTEXT)
    assert "Jatiuwung · Lampu Jalan: barisnya hilang, ketik pulihkan di tab Permintaan" in told.text
    assert "Betulkan Baris 12, Cibodas Sari, Kec. Cibodas: Telepon belum lengkap." in told.text
    alone = renderer().render("koordinator", to_do(repairs=(repair(),)), CONTEXT)
    assert "Betulkan Baris 12, Cibodas Sari, Kec. Cibodas: Telepon" in alone.html, "in the preheader"


@pytest.mark.parametrize(("by", "told"), [(date(2026, 12, 10), "10 Des, Bu Rini"), (date(2028, 1, 10), "10 Jan 2028")])
def test_a_decisions_day_in_another_year_is_told_with_the_year(by: date, told: str) -> None:
    entry = case(1)
    decided = Decision("K2648-260902-0001-1", (entry.ticket,), entry, "Sidak", "Bu Rini", NOW, by, link="A2")
    digest = koordinator(Register((entry,), (), (), (decided,)), (CITY,), YESTERDAY, NOW, CITY_RULES)
    assert f"diputuskan 26 Nov: sidak, sebelum {told}" in renderer().render("koordinator", digest, CONTEXT).text


def test_a_decision_whose_row_was_deleted_is_told_with_how_the_row_comes_back() -> None:
    entry = case(1)
    for link in ("", "Kendali.xlsx#'Keputusan'!A2"):
        decided = Decision("K2648-260902-0001-1", (entry.ticket,), entry, "Sidak", "Bu Rini", NOW, link=link)
        digest = koordinator(Register((entry,), (), (), (decided,)), (CITY,), YESTERDAY, NOW, CITY_RULES)
        text = renderer().render("koordinator", digest, CONTEXT).text
        assert "sidak, Bu Rini" in text
        assert ("barisnya hilang: ketik pulihkan K2648-260902-0001-1 di tab Permintaan" in text) == (not link)


def test_of_a_thousand_cases_a_screen_says_the_few_and_counts_every_other_one_once() -> None:
    city = replace(crowd(1000), repairs=())
    told, tasks = (make(city, (CITY,), YESTERDAY, NOW, CITY_RULES) for make in (harian, koordinator))
    for digest, most in ((told, 7), (tasks, 8)):
        shown = [pick.item.ticket for pick in digest.picks if isinstance(pick.item, Entry)]
        assert len(shown) == len(set(shown)) == most
    assert len(told.picks) + sum(count.cases for count in told.left) == 1000, "all of them are overdue, due or closed"
    waiting = {
        entry.ticket for entry in city.entries if (not entry.status.closed and entry.days_late) or not entry.told
    }
    waiting -= {entry.ticket for entry in city.entries if entry.days_left is not None and entry.assignee}
    assert len(tasks.picks) + sum(count.cases for count in tasks.left) == len(waiting)
    assert [pick.why for pick in tasks.picks] == ["kabari"] * 3 + ["jelaskan"] * 3 + ["tindak"] * 2, "each kind in turn"


def test_a_case_is_told_for_its_weightiest_reason_and_of_a_sensitive_one_never_that_it_is_an_emergency() -> None:
    opened = ((NOW - timedelta(days=9), Status.NEW), (NOW - timedelta(days=3), Status.RESOLVED))
    fresh = {"issued_at": NOW, "priority": Priority.EMERGENCY}
    cases = (
        case(1, **fresh), case(2, **fresh, sensitive=True), case(3, history=(*opened, (NOW, Status.IN_PROGRESS))),
        late(4, 4, level_at=NOW), due(5, 0), late(6, 9), case(7, present=False), due(8, 1), case(9, issued_at=NOW),
    )  # fmt: skip
    why = {int(pick.item.ticket.split("-")[2]): pick.why for pick in compose(*cases).picks}  # type: ignore[union-attr]
    words = {1: "darurat", 3: "dibuka", 4: "naik", 5: "hari-ini", 6: "terlambat", 7: "hilang", 8: "segera"}
    assert why == words
    assert [(count.name, count.cases) for count in compose(*cases).left] == [("baru", 2)]


def test_the_numbers_say_by_how_much_they_have_changed_since_the_last_digest() -> None:
    # Thursday, since Wednesday: one fell due, one came, one was closed that was late, one waits since.
    history = ((NOW - timedelta(days=9), Status.NEW), (NOW - timedelta(hours=2), Status.WAITING))
    gone = closed(3, Status.RESOLVED, due=TODAY - timedelta(days=3))
    waits = case(4, status=Status.WAITING, days_left=None, due=TODAY - timedelta(days=2), history=history)
    entries = (late(1, 1), case(2, issued_at=NOW), gone, waits, late(5, 5, issued_at=NOW - timedelta(days=30)))
    told = compose(*entries)
    assert [(n.name, n.cases, n.change) for n in told.numbers] == [
        ("lewat", 2, -1),
        ("segera", 0, -1),
        ("terbuka", 4, 0),
    ]
    text = renderer().render("harian", told, CONTEXT).text
    assert "2 lewat tenggat (−1)" in text and "4 masih terbuka\n" in text
    overdue = to_do(*entries).numbers[1]
    assert (overdue.name, overdue.cases, overdue.change) == ("lewat", 2, -1)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def emergency_of(**changes: object) -> Entry:
    return case(1, **({"priority": Priority.EMERGENCY, "issued_at": NOW, "received": TODAY} | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": Priority.URGENT},
        {"status": Status.RESOLVED, "closed_at": NOW},
        {"status": Status.UNRESOLVED, "closed_at": NOW, "priority_since": NOW},
        {"present": False},
        {"received": TODAY - 8 * DAY},
    ],
    ids=["only urgent", "closed", "closed once raised", "its row is gone", "history that was typed in"],
)
def test_an_open_emergency_is_one_and_what_nobody_has_to_run_for_is_none(changes: dict[str, object]) -> None:
    assert emergencies([emergency_of()]) and not emergencies([emergency_of(**changes)])


def test_an_old_case_that_somebody_raised_is_an_emergency_from_then_on_and_after_two_days_no_alert() -> None:
    raised = emergency_of(issued_at=NOW - 60 * DAY, received=TODAY - 90 * DAY, priority_since=NOW - HOUR)
    assert emergencies([raised]) and became_at(raised) == NOW - HOUR
    assert darurat(raised, NOW).raised and not darurat(emergency_of(), NOW).raised
    assert is_fresh(emergency_of(issued_at=NOW - 47 * HOUR), NOW)
    assert not is_fresh(emergency_of(issued_at=NOW - 48 * HOUR), NOW)


def test_of_a_sensitive_emergency_only_number_place_and_age_are_told() -> None:
    secret = {"category": "Kesehatan Jiwa", "summary": "anak saya sakit", "assignee": "Dokter Ani", "sensitive": True}
    mail = renderer().render("darurat", darurat(emergency_of(**secret), NOW), CONTEXT)
    assert mail.subject.startswith("[Ruang Rakyat] DARURAT: Jatiuwung, Kec. Cibodas, RR-260902-0001-1")
    for body in (mail.text, mail.html):
        assert "RR-260902-0001-1" in body and "Jatiuwung" in body
        assert not [word for word in ("Kesehatan", "sakit", "Dokter") if word in body]
        assert "Telepon dan alamat pelapor ada di barisnya" in body
    mail = renderer().render("darurat", darurat(emergency_of(erased=True), NOW), CONTEXT)
    assert "ada di barisnya" not in mail.text + mail.html, "nobody is to look for what was erased"
