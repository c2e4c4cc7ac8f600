"""Keeps what `Rekap` shows of descriptions and right `Kabari`; that saves the next process a third of its time.

No more than that is kept, by a digest of what it was made of, for one day and one city's words. The file may be gone,
closed, old, cut off or another city's at any time. Nothing here raises.
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

_KEPT = msgspec.json.Decoder(tuple[str, dict[str, str], set[str]])


class Summaries:
    """The summaries of all programs that use these credentials, in one file in the program's own folder."""

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._path = folder / names_of("ringkas", credentials)[:-1]
        self._examiner: Examiner | None = None
        self._made_for, self._kept = "", (dict[str, str](), set[str]())

    def load(self, examiner: Examiner) -> None:
        """Give the examiner what was made with the same words, on its day and by this version."""
        words = (rules := examiner.rules).vocabulary.told(), rules.texts.entries, rules.organisation, rules.categories
        told = repr((__version__, examiner.today, words)).encode()
        self._examiner, self._made_for, self._kept = examiner, blake2b(told, digest_size=16).hexdigest(), ({}, set())
        with suppress(OSError, EOFError, zlib.error, ValueError):
            made_for, summaries, right = _KEPT.decode(gzip.decompress(self._path.read_bytes()))
            if made_for == self._made_for:
                examiner.summaries = {key: intern(shown) for key, shown in summaries.items()}
                examiner.was_right, self._kept = right, (examiner.summaries, right)

    def save(self, *, stays: bool = False) -> None:
        """Keep what is shown now, and nothing else; nothing for a process that `stays`."""
        with suppress(OSError, ValueError):
            if stays:
                self._kept = {}, set()
                self._path.unlink(missing_ok=True)
            elif (one := self._examiner) is not None and (one.summaries, one.right) != self._kept:
                told = msgspec.json.encode((self._made_for, one.summaries, one.right))
                write_whole(self._path, gzip.compress(told, 1))
                self._kept = one.summaries, {*one.right}
