"""How long the program waits before it tries again."""

from __future__ import annotations

import time

import pytest
import stamina

from automation.sheets.google.failures import LONGEST_WAIT, TRIES, Again, FailureKind, call_patiently


class Busy(Exception):
    """The other side can't answer now."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every wait, in seconds, without waiting."""
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


def always_busy() -> None:
    raise Busy


def test_waits_grow_and_differ(waits: list[float]) -> None:
    for _ in range(2):
        with pytest.raises(Busy):
            call_patiently(always_busy, lambda _: Again(tries=7))
    first, second = waits[:6], waits[6:]
    assert first != second
    for wait, least in zip(first, (1, 2, 4, 8, 16, 32), strict=True):
        assert least <= wait <= least + 1


@pytest.mark.parametrize(
    ("again", "least", "most"),
    [(Again(TRIES[FailureKind.QUOTA]), 60, 90), (Again(TRIES[FailureKind.OUTAGE]), 5, 15), (None, 0, 0.1)],
    ids=["longer than the minute a quota is metered by", "not long for an outage", "what trying again can't mend"],
)
def test_how_long_is_waited_in_all(waits: list[float], again: Again | None, least: float, most: float) -> None:
    with pytest.raises(Busy):
        call_patiently(always_busy, lambda _: again)
    assert least <= sum(waits) < most


def test_what_the_other_side_asks_to_wait_is_waited_up_to_a_limit(waits: list[float]) -> None:
    for after in (17.0, 86_400.0):
        with pytest.raises(Busy):
            call_patiently(always_busy, lambda _, after=after: Again(2, after))  # type: ignore[misc]
    assert 17 <= waits[0] <= 18
    assert LONGEST_WAIT <= waits[1] <= LONGEST_WAIT + 1


def test_the_result_of_the_first_try_that_succeeds_is_returned() -> None:
    answers = iter(["", "", "ada"])

    def call() -> str:
        answer = next(answers)
        if not answer:
            raise Busy
        return answer

    with stamina.set_testing(True, attempts=9, cap=True):
        assert call_patiently(call, lambda _: Again(tries=3)) == "ada"
