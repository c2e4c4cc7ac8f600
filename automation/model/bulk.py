"""Work in bulk, undisturbed by Python's collector of reference cycles.

While many objects are made, the collector goes over all that there are again and again, and takes a third of the time.
The heart's objects never refer to each other in a circle, so it has nothing to find there: counting references frees
them all. Whatever else it is for (openpyxl's cells, which know their tab) waits that second.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def in_bulk(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Let `function` work with the collector paused."""

    @wraps(function)
    def paused(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        if not gc.isenabled():
            return function(*arguments, **options)
        gc.disable()
        try:
            return function(*arguments, **options)
        finally:
            gc.enable()

    return paused
