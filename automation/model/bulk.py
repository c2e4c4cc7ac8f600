"""Bulk work, undisturbed by Python's collector of reference cycles.

While many objects are made, the collector examines all existing ones again and again, which takes a third of the time.
The heart's objects never form cycles, so there is nothing to find: reference counting frees them all. Cycles of other
objects (openpyxl's cells refer to their tab) are collected that second later.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _undisturbed() -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


in_bulk = _undisturbed()  # a decorator: the function runs with the collector paused
