"""A few histories of the simulated office over real HTTP: apart from tests/test_office.py, whose short cut past the
network would be in the way while it stands."""

import gc

import pytest

from tests.office.history import random_steps, run
from tests.office.site import opened


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.long
def test_the_same_over_real_http() -> None:
    """A robot that is killed closes none of its connections; they are collected here, not under another test."""
    with opened("google", http=True) as site:
        for number in range(3):
            ran = run(site, random_steps(f"http/{number}"), 50)
            assert ran.failure is None, f"history {number}: {ran.failure}"
    gc.collect()
