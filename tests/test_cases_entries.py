"""What the register knows of a case beyond its row."""

from __future__ import annotations

from automation.cases.examiner import Examiner, make_entries
from automation.cases.journal import fold
from automation.model.complaint import Status
from automation.model.register import Entry
from automation.tables import intake
from tests.town import Town, ticketed


def entries(town: Town) -> list[Entry]:
    cases = [("Cipondoh", case) for case in fold(town.journal).values()]
    return make_entries(cases, {}, Examiner(town.rules, town.now.date()), town.now)


def reporters(town: Town) -> list[int]:
    town.sync()
    return [entry.reporter for entry in entries(town)]


def test_the_history_of_a_case_is_every_status_and_since_when() -> None:
    town, identity, _ = ticketed()
    begun = town.now
    for status in ("Diverifikasi", "Selesai", "Ditindaklanjuti"):
        town.set(identity, intake.STATUS, status)
        town.sync(days=1)
    (entry,) = entries(town)
    assert [status for _, status in entry.history] == [
        Status.NEW,
        Status.VERIFIED,
        Status.RESOLVED,
        Status.IN_PROGRESS,
    ]
    assert [(at - begun).days for at, _ in entry.history] == [0, 1, 2, 3]
    assert entry.closed_at is None


def test_who_has_the_same_telephone_is_the_same_reporter_however_it_was_written() -> None:
    town = Town()
    town.type(name="Ibu Yati", phone="081200001021")
    town.type(name="Yati", phone="0812-0000-1021", description="lampu jalan mati di gang")
    town.type(name="Pak Amir", phone="081200001022")
    first, again, other = reporters(town)
    assert first == again != other


def test_without_a_telephone_name_and_address_tell_reporters_apart() -> None:
    town = Town()
    for name, address, description in (
        ("Ibu Yati", "Gg. Mawar no 4", "got mampet di depan musala"),
        ("ibu yati", "gg. mawar no 4", "lampu jalan mati di gang"),
        ("Ibu Yati", "Gg. Melati no 9", "sampah menumpuk di sini"),
    ):
        town.type(phone=None, channel="Datang Langsung", name=name, address=address, description=description)
    told = reporters(town)
    assert len(told) == 3
    assert told[0] == told[1] != told[2]


def test_the_number_of_a_reporter_tells_nothing_of_them() -> None:
    town = Town()
    for number in range(3):
        town.type(name=f"Warga {number}", phone=f"08120000102{number}")
    assert sorted(reporters(town)) == [0, 1, 2]
