"""What `Rekap` shows of descriptions, from one process to the next: to work it out took a fifth of a fresh one's time.

No more is kept than that, by a digest of what it was made of, for one day and one city's words. It may vanish, be
closed, be old, cut off or another city's at any time. Nothing here raises.
"""

import gzip
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from sys import intern

import msgspec

from automation import __version__
from automation.cases.examiner import Examiner
from automation.whole_file import names_of, write_whole

_KEPT = msgspec.json.Decoder(tuple[str, dict[str, str]])


class Summaries:
    """Those of all programs with these credentials, in one file of their own folder."""

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._path = folder / names_of("ringkas", credentials)[:-1]
        self._examiner: Examiner | None = None
        self._made_for, self._kept = "", dict[str, str]()

    def load(self, examiner: Examiner) -> None:
        """Let it know what was made with its words, on its day and by this version."""
        told = repr((__version__, examiner.today, examiner.rules.vocabulary.told())).encode()
        self._examiner, self._made_for, self._kept = examiner, blake2b(told, digest_size=16).hexdigest(), {}
        with suppress(OSError, EOFError, zlib.error, ValueError):
            made_for, summaries = _KEPT.decode(gzip.decompress(self._path.read_bytes()))
            if made_for == self._made_for:
                examiner.summaries = self._kept = {key: intern(shown) for key, shown in summaries.items()}

    def save(self, *, stays: bool = False) -> None:
        """Keep what is shown now, and nothing else; nothing for a process that `stays`."""
        with suppress(OSError, ValueError):
            if stays:
                self._kept = {}
                self._path.unlink(missing_ok=True)
            elif self._examiner is not None and self._examiner.summaries != self._kept:
                told = msgspec.json.encode((self._made_for, self._examiner.summaries))
                write_whole(self._path, gzip.compress(told, 1))
                self._kept = self._examiner.summaries
