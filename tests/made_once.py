"""What takes long to make and comes out the same wherever it is made is made once, by one of the processes that share a
test run."""

import pickle
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock

from automation.cli import compose
from automation.config import defaults

#: Where the processes leave it to each other; None: this one is alone.
shelf: Path | None = None
_made: dict[str, Any] = {}

T = TypeVar("T")


def made_once(key: str, make: Callable[[], T]) -> T:
    """What `make` makes, the same object each time: who changes it changes a copy. It is another one where other words
    or another clock count (see conftest.py)."""
    told = f"{key} {defaults._rows.__qualname__} {compose.datetime.__qualname__}"
    if told not in _made:
        _made[told] = _shared(shelf / sha256(told.encode()).hexdigest(), make) if shelf else make()
    made: T = _made[told]
    return made


def _shared(file: Path, make: Callable[[], T]) -> T:
    with FileLock(f"{file}.lock"):
        if not file.exists():
            file.write_bytes(pickle.dumps(make()))
        shared: T = pickle.loads(file.read_bytes())
        return shared
