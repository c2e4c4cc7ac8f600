"""Work in bulk, undisturbed by Python's collector of reference cycles.

While many objects are made, the collector goes over all that there are again and again, and takes a third of the time.
The heart's objects never refer to each other in a circle, so it has nothing to find there: counting references frees
them all. Whatever else it is for (openpyxl's cells, which know their tab) waits that second.
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


#: Lets the function that it decorates work with the collector paused.
in_bulk = _undisturbed()
