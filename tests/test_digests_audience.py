"""Who is told about what."""

from __future__ import annotations

from automation.digests.audience import CITY, Addressee, Recipient, Scope, addressees, covers, covers_repair
from tests.mail_examples import CIBODAS_SARI, JATIUWUNG, KARANG_TIMUR, PLACES, SUKASARI, repair

DAPIL_3 = Scope(dapil=3)
CIBODAS = Scope(kecamatan="cibodas")


def recipient(email: str, scope: Scope, *, kinds: tuple[str, ...] = ("harian",), empty: bool = False) -> Recipient:
    return Recipient(f"Yth. {email}", email, "Fraksi", scope, kinds, empty)


def test_a_scope_covers_its_own_part_of_the_city_only() -> None:
    assert all(covers(CITY, place) for place in PLACES)
    assert covers(DAPIL_3, JATIUWUNG)
    assert not covers(DAPIL_3, SUKASARI)
    assert covers(CIBODAS, JATIUWUNG)
    assert not covers(CIBODAS, KARANG_TIMUR)
    assert covers(Scope(kelurahan=JATIUWUNG.code), JATIUWUNG)
    assert not covers(Scope(kelurahan=JATIUWUNG.code), CIBODAS_SARI)


def test_a_row_to_repair_is_told_to_those_whose_place_it_is() -> None:
    assert covers_repair(Scope(kelurahan=CIBODAS_SARI.code), repair(), PLACES)
    assert not covers_repair(Scope(kelurahan=JATIUWUNG.code), repair(), PLACES)
    assert covers_repair(DAPIL_3, repair(), PLACES)


def test_a_row_whose_kelurahan_is_not_clear_is_told_to_all_in_its_kecamatan() -> None:
    unclear = repair(kelurahan="Cibodas Sri")
    assert covers_repair(Scope(kelurahan=JATIUWUNG.code), unclear, PLACES)
    assert not covers_repair(Scope(kelurahan=SUKASARI.code), unclear, PLACES)


def test_a_row_whose_place_nobody_knows_is_told_to_the_city_at_least() -> None:
    nowhere = repair(kecamatan="", kelurahan="")
    assert covers_repair(CITY, nowhere, PLACES)
    assert not covers_repair(DAPIL_3, nowhere, PLACES)


def test_an_address_named_twice_gets_one_mail_about_both_parts() -> None:
    rows = [recipient("siti@example.org", DAPIL_3), recipient("Siti@Example.org", Scope(dapil=5), empty=True)]
    expected = Addressee("Yth. siti@example.org", "siti@example.org", (DAPIL_3, Scope(dapil=5)), True)
    assert addressees("harian", rows) == (expected,)


def test_the_same_row_twice_is_as_good_as_once() -> None:
    rows = [recipient("siti@example.org", DAPIL_3)] * 2
    assert addressees("harian", rows)[0].scopes == (DAPIL_3,)


def test_whoever_sees_the_whole_city_needs_no_part_of_it_besides() -> None:
    for rows in ([DAPIL_3, CITY], [CITY, DAPIL_3]):
        found = addressees("harian", [recipient("siti@example.org", scope) for scope in rows])
        assert found[0].scopes == (CITY,)


def test_only_those_who_asked_for_this_kind_get_it() -> None:
    rows = [recipient("a@example.org", CITY, kinds=("mingguan",)), recipient("b@example.org", CITY)]
    assert [found.email for found in addressees("harian", rows)] == ["b@example.org"]
