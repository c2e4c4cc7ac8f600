"""The program's own folder, for what is no secret and nobody's work: the lock of `run`, the log.

Only `run` asks for it, to hold its lock there. Afterwards, and for all else, it may vanish or be read-only at any time:
nothing in it is needed to go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from automation.trouble import ConfigurationError, Trouble


@dataclass(frozen=True, slots=True)
class StateFolder:
    """A folder that nobody else need enter."""

    path: Path

    def make(self) -> None:
        """Make it, for its owner alone. Raises nothing: whatever is written there says for itself that it can't be."""
        with suppress(OSError):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def only_copy(self, credentials: Path) -> Iterator[None]:
        """Hold the lock of these credentials: a second copy is refused, from whatever folder it is started. The system
        lets go of it when the program ends, however it ends.

        Raises `ConfigurationError`.
        """
        lock = FileLock(self.path / f".{credentials.name}.kunci")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise ConfigurationError(Trouble("operator.sudah-jalan", berkas=credentials)) from None
        except OSError as error:
            cause = error.strerror or type(error).__name__
            raise ConfigurationError(Trouble("operator.folder-tertutup", folder=self.path, sebab=cause)) from error
        try:
            yield
        finally:
            lock.release()
