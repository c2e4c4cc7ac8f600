"""What `check` looks at: each thing that has to be right for the program to do its work, and what cures it."""

from __future__ import annotations

import argparse
import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from automation.cli.compose import Program, closed_folder, compose, is_running, jakarta_now
from automation.cli.heartbeat import Heartbeat
from automation.cli.log import NAME
from automation.cli.report import ticket_lines
from automation.cli.setup import backup_lines, open_lines, proof_lines, trial_lines, word_lines, written
from automation.config.kendali import list_sources
from automation.cycle.facts import mail_rows
from automation.cycle.health import last_readings
from automation.cycle.outcome import foreign
from automation.cycle.proving import try_again
from automation.cycle.sync import Report
from automation.digests.audience import CITY, Recipient
from automation.digests.ledger import State
from automation.model.deadlines import known_through
from automation.model.disclosure import without_contacts
from automation.model.texts import Texts
from automation.sheets.google.pace import A_MINUTE
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)

ROOM = 100_000_000  # bytes that have to be free where the program keeps its own notes
#: A clock that is off by more is told: Google takes no key from one that is off by five minutes.
SKEW = timedelta(minutes=2)
#: So long before the known holidays end it is said.
AHEAD = timedelta(days=14)
#: How a moment is written.
STAMP = "%d/%m/%Y %H.%M"


class Level(StrEnum):
    """How a thing fares; the value is its mark."""

    WELL = "baik"
    NOTE = "catat"  # may be meant so
    WRONG = "salah"


class Line(NamedTuple):
    """What is told of a thing (a name below ``periksa.hal``)."""

    thing: str
    level: Level
    words: str


Found = Iterator[tuple[Level, str]]


class Doctor:
    """What is looked at, each by a function of its own; what can't be looked at says why."""

    def __init__(self, program: Program, options: argparse.Namespace, texts: Texts) -> None:
        self.program, self.options, self.texts, self.now = program, options, texts, jakarta_now()
        self.unusable = False
        self.remote: bool | None = None  # whether anything is on Google; None where that can't be reached
        self.last = Heartbeat(program.state, program.path, texts).last()
        self.running = is_running(options.state or options.credentials.parent, options.credentials)

    def lines(self) -> Iterator[Line]:
        """Of each thing at least one."""
        # fmt: off
        probes = (
            self._google, self._jam, self._kendali, self._cadangan, self._sumber, self._kuota, self._surat,
            self._folder, self._rahasia, self._robot, self._siklus, self._kabar, self._libur, self._kata,
        )
        # fmt: on
        told: list[str] = []  # each trouble once, though it stands in the way of more than one thing
        for probe in probes:
            try:
                thing = probe.__name__.strip("_")
                yield from (Line(thing, *found) for found in probe())
            except Trouble as error:
                self.unusable |= isinstance(error, ConfigurationError)
                causes = [self.texts.tell(cause) for cause in error.causes]
                yield from (Line(thing, Level.WRONG, words) for words in causes if words not in told)
                told += causes
            except Exception:
                log.exception("%s: unexpected", thing)
                words = self.texts.say("operator.galat-program", berkas=self.program.state / NAME)
                yield Line(thing, Level.WRONG, words)

    def _say(self, entry: str, **particulars: object) -> str:
        return self.texts.say(f"periksa.{entry}", **particulars)

    @property
    def report(self) -> Report:
        """What a cycle would find now; it writes nothing, and is tried once."""
        if isinstance(self._rehearsed, Trouble):
            raise self._rehearsed
        return self._rehearsed

    @cached_property
    def _rehearsed(self) -> Report | Trouble:
        program = compose(self.options.credentials, self.texts, self.options.state, rehearse=True)
        try:
            return program.syncer.sync(self.now)
        except Trouble as error:
            return error

    def _google(self) -> Found:
        trial = try_again(self.program.kendali, self.program.syncer.open_source, self.texts, self.now)
        self.remote = trial is not None
        if trial is None:
            yield Level.WELL, self.texts.say("uji.tidak-perlu")
            return
        if trial.passed:
            yield Level.WELL, self._say("google", nama=trial.name, banyak=len(trial.proofs))
        else:
            yield Level.WRONG, "\n".join(trial_lines(trial, self.program.state / NAME, self.texts))
        doubts = [proof for proof in trial.observed if not proof.holds]
        if doubts:
            yield Level.NOTE, "\n".join([self.texts.say("uji.diamati"), *proof_lines(doubts, self.texts)])
        if self.options.report is not None:
            yield Level.WELL, written(self.options.report, trial, self.texts)

    def _jam(self) -> Found:
        skew = abs(self.program.sources.skew or timedelta())
        told = {"menit": round(skew.total_seconds() / 60), "waktu": f"{self.now:{STAMP}}"}
        yield (Level.WRONG, self._say("jam-meleset", **told)) if skew > SKEW else (Level.WELL, self._say("jam", **told))

    def _kendali(self) -> Found:
        report = self.report
        troubles = [*report.settings.problems, *foreign(report.kendali)]
        if not troubles:
            count = len(report.settings.recipients)
            yield Level.WELL, self._say("kendali", nama=report.kendali.name, penerima=count)
        yield from ((Level.WRONG, self.texts.tell(trouble)) for trouble in troubles)

    def _cadangan(self) -> Found:
        if self.remote is None:
            return
        yield from _each(Level.NOTE, backup_lines(self.program, self.texts), self._say("cadangan"))

    def _sumber(self) -> Found:
        report = self.report
        for failure in report.failures:
            words = self.texts.tell(failure.trouble)
            yield Level.WRONG, words if failure.name in words else f"{failure.name}: {words}"
        for outcome in report.outcomes:
            yield from ((Level.WRONG, self.texts.tell(trouble)) for trouble in outcome.troubles)
        for line in ticket_lines("terlepas", report.orphans, self.texts, self.program.called):
            yield Level.WRONG, line
        well = [outcome for outcome in report.outcomes if not outcome.troubles]
        if well:
            yield Level.WELL, self._say("sumber", banyak=len(well), baris=sum(len(one.judged) for one in well))

    def _kuota(self) -> Found:
        if not self.remote:
            return
        minutes, reads = self.report.settings.sync_minutes, 1 + len(self.report.outcomes) + len(self.report.failures)
        told = {"banyak": reads, "menit": minutes, "boleh": A_MINUTE * minutes}
        well = reads <= A_MINUTE * minutes
        yield Level.WELL if well else Level.NOTE, self._say("kuota" if well else "kuota-lewat", **told)

    def _surat(self) -> Found:
        smtp = self.program.credentials.smtp
        if smtp is None:
            yield Level.NOTE, self._say("tanpa-surat", folder=self.program.outbox)
        else:
            from automation.mail.smtp import SmtpPost

            with closing(SmtpPost(smtp)) as server:
                server.greet()
            yield Level.WELL, self._say("surat", host=smtp.host, port=smtp.port)
        if self.options.mail is not None:
            from automation.mail.render import note

            to = Recipient("", self.options.mail, (CITY,), (), even_when_empty=True)
            sender, lines = self.program.digester.sender, self._say("surat-uji").split("\n")
            with self.program.post() as post:
                post.send(note(self._say("perihal"), lines, to, sender, self.report.settings, self.now))
            entry = "surat-ditulis" if smtp is None else "surat-dikirim"
            yield Level.WELL, self._say(entry, folder=self.program.outbox)

    def _folder(self) -> Found:
        state = self.program.state
        try:
            tempfile.TemporaryFile(dir=state).close()
        except OSError as error:  # what a crash leaves in doubt is known only by what is noted there
            closed = self.texts.tell(closed_folder(state, error))
            yield Level.NOTE, f"{closed} {self.texts.say('operator.tanpa-catatan')}"
            return
        free = shutil.disk_usage(state).free
        told = {"folder": state, "mb": free // 1_000_000}
        well = free >= ROOM
        yield Level.WELL if well else Level.WRONG, self._say("folder" if well else "penuh", **told)

    def _rahasia(self) -> Found:
        sources, _ = list_sources(self.program.kendali.read())
        yield from _each(Level.NOTE, open_lines(self.program, sources, self.texts), self._say("rahasia"))

    def _robot(self) -> Found:
        seen = last_readings(self.program.kendali.read(), self.now).values()
        read = max((one.read_at for one in seen if one.read_at is not None), default=None)
        yield Level.WELL, self._say("berjalan" if self.running else "tidak-berjalan")
        if read is not None and self.last is not None and read > self.last.time + SKEW:
            yield Level.NOTE, self._say("robot-lain", waktu=f"{read:{STAMP}}")

    def _siklus(self) -> Found:
        if self.last is None:
            yield Level.WELL, self._say("belum-ada-siklus")
            return
        minutes = self.report.settings.sync_minutes
        level, entry = self.last.standing(self.now, timedelta(minutes=minutes), running=self.running)
        told = {"waktu": f"{self.last.time:{STAMP}}", "detik": self.last.seconds, "menit": minutes}
        yield Level(level), self._say(entry, **told)

    def _kabar(self) -> Found:
        rows = [[str(cell or "") for cell in row] for row in mail_rows(self.program.kendali.read())]
        tried = [(row[0], row[4]) for row in rows if row[4].startswith((State.SENT, State.DELAYED, State.REFUSED))]
        at, state = tried[-1] if tried else ("", "")
        with suppress(ValueError):  # else as people have left it
            at = f"{datetime.fromisoformat(at):{STAMP}}"
        if not self.report.settings.recipients:
            yield Level.NOTE, self._say("tanpa-penerima")
        elif tried and not state.startswith(State.SENT):
            yield Level.WRONG, self._say("kabar-gagal", waktu=at, sebab=without_contacts(state))
        else:
            yield Level.WELL, self._say("kabar" if tried else "belum-ada-kabar", waktu=at)

    def _libur(self) -> Found:
        end = date(known_through(), 12, 31)
        well = end - self.now.date() > AHEAD
        yield Level.WELL if well else Level.NOTE, self._say("libur" if well else "libur-habis", tahun=end.year)

    def _kata(self) -> Found:
        lines = [line.strip(" -") for line in word_lines(self.program)[1:]]
        well = self._say("kata" if self.program.own_words.exists() else "kata-bawaan")
        yield from _each(Level.WRONG, lines, well)


def _each(level: Level, lines: Sequence[str], otherwise: str) -> Found:
    """Each of these, or that all is well."""
    yield from ((level, line) for line in lines) if lines else [(Level.WELL, otherwise)]
