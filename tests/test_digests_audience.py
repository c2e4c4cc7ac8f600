"""Who is told about what."""

from __future__ import annotations

from automation.digests.audience import CITY, Addressee, Recipient, Scope, addressees, covers, register_within
from automation.model.register import Register, Repair
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


def is_told(scope: Scope, row: Repair) -> bool:
    return register_within(Register((), (row,), ()), (scope,), PLACES).repairs == (row,)


def test_a_row_to_repair_is_told_to_those_whose_place_it_is() -> None:
    assert is_told(Scope(kelurahan=CIBODAS_SARI.code), repair())
    assert not is_told(Scope(kelurahan=JATIUWUNG.code), repair())
    assert is_told(DAPIL_3, repair())


def test_a_row_whose_kelurahan_is_not_clear_is_told_to_all_in_its_kecamatan() -> None:
    unclear = repair(kelurahan="Cibodas Sri")
    assert is_told(Scope(kelurahan=JATIUWUNG.code), unclear)
    assert not is_told(Scope(kelurahan=SUKASARI.code), unclear)


def test_a_row_whose_place_nobody_knows_is_told_to_the_city_at_least() -> None:
    nowhere = repair(kecamatan="", kelurahan="")
    assert is_told(CITY, nowhere)
    assert not is_told(DAPIL_3, nowhere)


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
