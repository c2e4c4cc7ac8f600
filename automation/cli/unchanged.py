"""Whether anything has changed since a cycle in which all was well and nothing had to be written. If not, the next
`sync` would find and tell the same: everything is looked at as always, but nothing is examined anew. That lasts half an
hour at most, and no longer than a day, or until a time that is shown (`Terakhir Dibaca`, the last look) is due, so that
what only time brings about comes in time.

What that cycle found and told is noted in the program's own folder. The note may be gone, closed, old or another city's
at any time: then a whole cycle is run. It holds digests and sentences, and nothing of anybody's rows.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from automation import __version__
from automation.cli import report as tell
from automation.cli.compose import Program
from automation.cli.screen import PARTLY, WELL, Told
from automation.cli.state import Heartbeat
from automation.config.tabs import Source
from automation.cycle.health import last_readings
from automation.cycle.kendali import part_of_kendali
from automation.cycle.sync import Report
from automation.model.cells import Part
from automation.sheets.looks.lists import FRESH
from automation.sheets.port import ReadRequest, Workbook
from automation.tables.kendali import WISHES
from automation.trouble import Trouble
from automation.whole_file import write_whole

log = logging.getLogger(__name__)

_LONGEST = timedelta(minutes=30)


class _Note(Struct, frozen=True):
    """`made_for`: version, day and words; `until`: as long as it holds; `marks`: of each workbook, by its source."""

    made_for: str
    since: datetime
    until: datetime
    around: float  # seconds after which tabs are asked for again
    sources: tuple[tuple[str, str], ...]  # names and links of Sumber
    marks: dict[str, str]
    lines: tuple[str, ...]
    ping: str


class Unchanged:
    """The note of these credentials."""

    def __init__(self, program: Program, now: datetime) -> None:
        self._program, self._now = program, now
        self._path: Path = program.state / f".{program.path.name}.tenang"
        words = __version__, now.date(), program.credentials.kendali, program.credentials.backup, program.texts.entries
        self._made_for = blake2b(repr(words).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def or_else(self, cycle: Callable[[], Report]) -> Told:
        """What the last cycle told, if nothing has changed since; or else what this one does. What was looked at before
        a change was met is not asked for again."""
        program = self._program
        if (note := self._holds()) is not None:
            program.syncer.remember()
            Heartbeat(program.state, program.path, program.texts).is_well(self._now, note.ping)
            log.info("cycle: nothing has changed")
            return note.lines, WELL
        report = cycle()
        lines = tell.report_lines(report, program)
        self._keep(report, lines)
        return lines, WELL if report.well else PARTLY

    def _holds(self) -> _Note | None:
        with suppress(OSError, ValueError, Trouble):
            note = msgspec.json.decode(self._path.read_bytes(), type=_Note)
            if note.made_for == self._made_for and note.since <= self._now < note.until and self._is_same(note):
                return note
        return None

    def _is_same(self, note: _Note) -> bool:
        program, marks = self._program, dict(note.marks)
        request = ReadRequest(part_of_kendali, self._now, away=True)
        if program.kendali.mark(request) != marks.pop(program.kendali.source, None):
            return False
        request = ReadRequest(lambda _: Part.ALL, self._now, timedelta(seconds=note.around))
        opened, open_anew = dict[str, list[Workbook]](), program.syncer.open_source
        program.syncer.open_source = lambda source: opened.pop(source.link, None) or open_anew(source)
        for at, (name, link) in enumerate(note.sources):
            opened[link] = [*open_anew(Source(name, link, at))]
            for one in opened[link]:
                if one.source != program.kendali.source and one.mark(request) != marks.pop(one.source, None):
                    return False
        return not marks

    def _keep(self, report: Report, lines: Sequence[str]) -> None:
        """Note what a cycle has told if all was well, nothing was written, and nothing waits."""
        program, settings, now = self._program, report.settings, self._now
        waits = any(outcome.waiting for outcome in report.outcomes)
        if report.kendali.tab(WISHES) is not None:
            from automation.cli.wishes import is_open, wishes_in  # most cities have none

            waits |= any(is_open(wish, now.date(), program.texts) for wish in wishes_in(report.kendali))
        with suppress(OSError, ValueError, Trouble):
            self._path.unlink(missing_ok=True)
            if waits or report.wrote or not report.well or report.known is None:
                return
            marks = {one.source: program.sources.open_one(one.source).mark() for one in report.outcomes}
            marks[program.kendali.source] = program.kendali.mark()
            read_at = [one.read_at for one in last_readings(report.kendali).values() if one.read_at is not None]
            shown = [one.looked_at + FRESH for one in report.outcomes if one.looked_at is not None]
            until = min([now + _LONGEST, *(at + settings.heartbeat for at in read_at), *shown])
            around, sources = settings.new_tabs_minutes * 60.0, tuple((one.name, one.link) for one in settings.sources)
            note = _Note(self._made_for, now, until, around, sources, marks, tuple(lines), settings.ping)
            if all(marks.values()):
                write_whole(self._path, msgspec.json.encode(note))
