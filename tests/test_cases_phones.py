"""Reading telephone numbers."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, strategies as st

from automation.model.cells import Value
from automation.reading.phones import PhoneFault, Phones, read_phones

MOBILE = "+6281234567890"
LANDLINE = "+62215512345"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0812-3456-7890", MOBILE),
        ("081234567890", MOBILE),
        ("0812 3456 7890", MOBILE),
        ("0812.3456.7890", MOBILE),
        ("6281234567890", MOBILE),
        ("+62 812-3456-7890", MOBILE),
        ("+6281234567890", MOBILE),
        ("81234567890", MOBILE),
        ("8123456789.0", "+628123456789"),
        ("0062 812 3456 7890", MOBILE),
        ("+62 0812 3456 7890", MOBILE),
        ("62-0812-3456-7890", MOBILE),
        ("(021) 5512345", LANDLINE),
        ("021-55123456", "+622155123456"),
        ("21-5512345", LANDLINE),
        ("0812345678", "+62812345678"),
        ("'081234567890", MOBILE),
        ("O812 3456 789O", MOBILE),
        ("o812-3456-789o", MOBILE),
        ("0895-1234-56789", "+62895123456789"),
        ("0851 5123 4567", "+6285151234567"),
        ("+62(0)21 551 2345", LANDLINE),
        ("62812 3456 789", "+628123456789"),
        ("wa: 0878 1234 5678", "+6287812345678"),
        ("0812-3456-7890 (Bu Siti, 45 th)", MOBILE),
        ("No 0812-3456-7890", MOBILE),
        ("\u202a+62 812\u20113456\u20117890\u202c", MOBILE),  # as copied out of a chat
        ("0812\u20133456\u20137890", MOBILE),
        ("\uff10\uff18\uff11\uff1234567890", MOBILE),  # digits of full width
    ],
)
def test_a_number_is_understood_as_people_write_it(written: str, number: str) -> None:
    assert read_phones(written) == Phones((number,))


@pytest.mark.parametrize(
    ("value", "number"),
    [(81234567890.0, MOBILE), (81234567890, MOBILE), (6281234567890.0, MOBILE), (215512345, LANDLINE)],
)
def test_a_number_that_a_spreadsheet_made_of_it_gets_its_zero_back(value: Value, number: str) -> None:
    assert read_phones(value) == Phones((number,))


@pytest.mark.parametrize("value", ["8.12346E+10", "8,12346E+10", "8.12E10", 8.12345678901234e15])
def test_lost_digits_are_noticed_and_never_guessed(value: Value) -> None:
    assert read_phones(value) == Phones((), (PhoneFault.LOST,))


@pytest.mark.parametrize(
    "value",
    [
        "5512345",
        "08123456789012345",
        "0812-345",
        "00812-3456-7890",
        "0800-123-4567",
        "1500123",
        "112",
        112,
        812.5,
        True,
        "tidak ada",
        "3671051203850001",
        "0" * 50_000,
        "+",
    ],
)
def test_what_nobody_can_be_called_at_is_invalid(value: Value) -> None:
    assert read_phones(value) == Phones((), (PhoneFault.INVALID,))


@pytest.mark.parametrize("value", [None, "", "-", " \u2013 ", "'", "\u200b"])
def test_a_cell_that_says_nothing_is_empty(value: Value) -> None:
    assert read_phones(value) == Phones()


@pytest.mark.parametrize("between", [" / ", "/", ", ", "; ", " atau ", " & ", "\n", " ", " - ", " dan "])
def test_two_numbers_in_a_cell_are_both_kept(between: str) -> None:
    read = read_phones(f"0812-3456-7890{between}0857-1234-5678")
    assert read == Phones((MOBILE, "+6285712345678"), (PhoneFault.SEVERAL,))


def test_the_same_number_twice_is_one() -> None:
    assert read_phones("0812-3456-7890 / +62 812 3456 7890") == Phones((MOBILE,))


def test_a_good_number_is_kept_beside_a_bad_one() -> None:
    assert read_phones("0812-3456-7890 / 5512345") == Phones((MOBILE,), (PhoneFault.INVALID,))


def test_a_note_beside_a_number_is_not_another_number() -> None:
    assert read_phones("0812-3456-7890, ext 12") == Phones((MOBILE,))


def test_a_foreign_number_is_kept_and_noticed() -> None:
    assert read_phones("+65 8123 4567") == Phones(("+6581234567",), (PhoneFault.FOREIGN,))
    assert read_phones("+65 0000") == Phones((), (PhoneFault.INVALID,))
    assert read_phones("+999 8123 4567") == Phones((), (PhoneFault.INVALID,))


@given(st.from_regex(r"0[1-9][0-9]{5,13}", fullmatch=True))
def test_no_number_is_accepted_that_the_library_refuses_and_no_mobile_refused_that_it_accepts(written: str) -> None:
    parsed = phonenumbers.parse(written, "ID")
    read = read_phones(written)
    if read.numbers:
        assert phonenumbers.is_valid_number(parsed)
        assert read.numbers == (phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),)
    else:
        assert phonenumbers.number_type(parsed) not in (
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.FIXED_LINE,
        )


@given(digits=st.from_regex(r"8[1-9][0-9]{7,10}", fullmatch=True))
def test_mobiles_are_judged_as_the_library_judges_them(digits: str) -> None:
    number = phonenumbers.PhoneNumber(country_code=62, national_number=int(digits))
    expected = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    assert (read_phones(f"0{digits}").numbers == (f"+62{digits}",)) == expected
