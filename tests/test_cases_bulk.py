"""Work in bulk: the collector of reference cycles is paused, and misses nothing."""

from __future__ import annotations

import gc

import pytest

from automation.model.bulk import in_bulk
from tests.town import Town


def test_what_the_heart_makes_is_freed_without_the_collector() -> None:
    town = Town("Gondrong", "Petir")
    for number in range(20):
        town.type(name=f"Warga {number}", phone=f"08120000{number:04}" if number % 3 else "12")
    town.plan()  # what is made once, such as the calendar, stays
    gc.collect()
    town.plan()
    assert gc.collect() == 0


def test_the_collector_rests_only_while_the_work_goes_on() -> None:
    @in_bulk
    def work(*, fail: bool) -> bool:
        if fail:
            raise LookupError
        return gc.isenabled()

    assert not work(fail=False)
    assert gc.isenabled()
    with pytest.raises(LookupError):
        work(fail=True)
    assert gc.isenabled()
