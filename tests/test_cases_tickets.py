"""Ticket numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from automation.model.tickets import Ticket, prefix_of

tickets = st.builds(
    Ticket,
    year=st.integers(2000, 2099),
    place=st.from_regex(r"[0-9]{4}", fullmatch=True),
    number=st.integers(1, 10**8),
)


def test_a_number_tells_year_place_and_count_and_ends_in_a_check_digit() -> None:
    assert str(Ticket(2026, prefix_of("36.71.05.1003"), 42)) == "RR-260503-0042-5"


def test_the_ten_thousandth_ticket_of_a_place_gets_five_digits() -> None:
    assert str(Ticket(2026, "0503", 12345)).startswith("RR-260503-12345-")


@given(tickets)
def test_every_number_that_is_written_is_read_back(ticket: Ticket) -> None:
    assert Ticket.parse(str(ticket)) == ticket


@given(ticket=tickets, data=st.data())
def test_one_wrong_digit_is_noticed(ticket: Ticket, data: st.DataObject) -> None:
    text = str(ticket)
    place = data.draw(st.sampled_from([n for n, character in enumerate(text) if character.isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[place]]))
    assert Ticket.parse(text[:place] + other + text[place + 1 :]) is None


@given(ticket=tickets, data=st.data())
def test_two_neighbours_swapped_are_noticed(ticket: Ticket, data: st.DataObject) -> None:
    digits = str(ticket).replace("-", "")
    place = data.draw(st.integers(2, len(digits) - 2))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        assert Ticket.parse(swapped) is None


@pytest.mark.parametrize(
    "text",
    ["rr-260503-0042-5", " RR-260503-0042-5 ", "RR 260503 0042 5", "RR26050300425", "RR - 260503 - 0042 - 5"],
)
def test_case_spaces_and_missing_dashes_are_forgiven(text: str) -> None:
    assert Ticket.parse(text) == Ticket(2026, "0503", 42)


@pytest.mark.parametrize(
    "text",
    ["", "RR", "260503-0042-5", "RR-260503-42-5", "RR-260503-0000-0", "XX-260503-0042-5", "RR-260503-0042-5 lama"],
)
def test_anything_else_is_not_a_ticket(text: str) -> None:
    assert Ticket.parse(text) is None


def test_a_number_is_written_in_one_way_only() -> None:
    with_a_zero_too_many = next(
        ticket for digit in range(10) if (ticket := f"RR-260503-00042-{digit}") and _damm_holds(ticket)
    )
    assert Ticket.parse(with_a_zero_too_many) is None


def _damm_holds(text: str) -> bool:
    from stdnum import damm

    return bool(damm.is_valid("".join(filter(str.isdigit, text))))
