"""``check``: a line for each thing that has to be right for the program to work: that it is well, or what cures it.
Nothing is changed, except that Google is tried out, ``--mail`` sends a mail, and ``--report`` writes a file."""

import argparse
import json
import logging
import platform
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from functools import cached_property
from math import inf

from automation import __version__
from automation.cli.compose import Program, compose, jakarta_now, start
from automation.cli.report import ticket_lines
from automation.cli.screen import PARTLY, USAGE, WELL, Found, Level, StatusLine, Told, each, refuse
from automation.cli.setup import backup_lines, open_lines, proof_lines, trial_lines, word_lines, write_transcript
from automation.cli.state import NAME, Heartbeat, closed_folder, is_running
from automation.config.kendali import list_sources
from automation.config.values import is_email
from automation.cycle.filing import unrecorded
from automation.cycle.health import last_readings, last_troubles, unread
from automation.cycle.kiriman import mail_rows
from automation.cycle.proving import try_again
from automation.cycle.sync import Report
from automation.digests.ledger import State
from automation.model.deadlines import known_through
from automation.model.disclosure import without_contacts
from automation.model.texts import Texts
from automation.sheets.backed_up import MOST_CELLS, fullness
from automation.sheets.port import A_MINUTE, Snapshot
from automation.trouble import ConfigurationError, Trouble

log = logging.getLogger(__name__)

ROOM = 100_000_000  # bytes that have to be free where the program keeps its own notes
SKEW = timedelta(minutes=2)  # the most that a clock may be off: Google refuses keys if it is off by five minutes
AHEAD = timedelta(days=14)  # the time before the known holidays end from which this is noted
STAMP = "%d/%m/%Y %H.%M"  # how a moment is written


def check(options: argparse.Namespace, texts: Texts) -> Told:
    """Look at everything, and tell how it is. Returns 2 if the program could not begin, 1 if something is wrong."""
    lines = [StatusLine("program", Level.WELL, f"Ruang Rakyat {__version__}, Python {platform.python_version()}")]
    if options.mail is not None and not is_email(options.mail):
        refuse("surel", tertulis=options.mail)
    try:
        doctor = _Doctor(start(options, texts), options)
    except ConfigurationError as error:
        lines += [StatusLine("kredensial", Level.WRONG, texts.tell(cause)) for cause in error.causes]
        code = USAGE
    else:
        lines += doctor.lines()
        code = USAGE if doctor.unusable else PARTLY if any(line.level is Level.WRONG for line in lines) else WELL
    if options.json:
        print(json.dumps([line._asdict() for line in lines], ensure_ascii=False, indent=1))
        return [], code
    count, say = Counter(line.level for line in lines), texts.say
    told = [say(f"periksa.baris.{level}", hal=say(f"periksa.hal.{hal}"), kata=kata) for hal, level, kata in lines]
    entry = "semua" if count[Level.WELL] == len(lines) else "ringkas"
    return [*told, say(f"periksa.{entry}", salah=count[Level.WRONG], catat=count[Level.NOTE])], code


class _Doctor:
    """Looks at each thing by a function of its own; if one can't be looked at, the line says why."""

    def __init__(self, program: Program, options: argparse.Namespace) -> None:
        self.program, self.options, self.texts, self.now = program, options, program.texts, jakarta_now()
        self.unusable, self.looked = False, program.rehearsals  # those of a cycle, once one was rehearsed
        self.remote: bool | None = None  # whether anything is on Google; None if Google can't be reached
        self.last = Heartbeat(program.state, program.path, program.texts).last()
        self.running = is_running(options.state, options.credentials)

    def lines(self) -> Iterator[StatusLine]:
        told: list[str] = []  # each trouble is told once, even if it affects several things
        for probe in (
            *(self._google, self._jam, self._kendali, self._cadangan, self._sumber, self._kuota, self._surat),
            *(self._folder, self._rahasia, self._robot, self._siklus, self._kabar, self._libur, self._kata),
        ):
            try:
                thing = probe.__name__.strip("_")
                yield from (StatusLine(thing, *found) for found in probe())
            except Trouble as error:
                self.unusable |= isinstance(error, ConfigurationError)
                causes = [self.texts.tell(cause) for cause in error.causes]
                yield from (StatusLine(thing, Level.WRONG, words) for words in causes if words not in told)
                told += causes
            except Exception:
                log.exception("%s: unexpected", thing)
                words = self.texts.say("operator.galat-program", berkas=self.program.state / NAME)
                yield StatusLine(thing, Level.WRONG, words)

    def _say(self, entry: str, **particulars: object) -> str:
        return self.texts.say(f"periksa.{entry}", perintah=self.program.called, **particulars)

    def _either(self, well: bool, entry: str, level: Level, other: str, **told: object) -> Found:
        """If `well`, the message `entry`; else `other`, at this level."""
        yield (Level.WELL, self._say(entry, **told)) if well else (level, self._say(other, **told))

    @property
    def report(self) -> Report:
        """What a cycle would find now, from one rehearsal, which writes nothing."""
        if isinstance(self._rehearsed, Trouble):
            raise self._rehearsed
        return self._rehearsed

    @cached_property
    def kendali(self) -> Snapshot:
        """Kendali, read once."""
        return self.program.kendali.read()

    @cached_property
    def _rehearsed(self) -> Report | Trouble:
        program = compose(self.options.credentials, self.texts, self.options.state, rehearse=True)
        self.looked = program.rehearsals
        try:
            return program.syncer.sync(self.now)
        except Trouble as error:
            return error

    def _google(self) -> Found:
        opened, key, told = self.program.syncer.open_source, self.program.credentials.google, (self.texts, self.now)
        trial = try_again(self.program.kendali, self.kendali, opened, *told) if key is not None else None
        self.remote = trial is not None
        if trial is None:
            yield Level.WELL, self.texts.say("uji.tidak-perlu" if self.options.report is None else "uji.tidak-ditulis")
            return
        if trial.passed:
            yield Level.WELL, self._say("google", nama=trial.name, banyak=len(trial.proofs))
        else:
            yield Level.WRONG, "\n".join(trial_lines(trial, self.program.state / NAME, self.texts))
        if doubts := [proof for proof in trial.observed if not proof.holds]:
            yield Level.NOTE, "\n".join([self.texts.say("uji.diamati"), *proof_lines(doubts, self.texts)])
        if self.options.report is not None:
            yield Level.WELL, write_transcript(self.options.report, trial, self.texts)

    def _jam(self) -> Found:
        off, entry = abs(self.program.sources.skew or timedelta()), "jam" if self.remote else "jam-sendiri"
        told = {"menit": round(off.total_seconds() / 60), "waktu": f"{self.now:{STAMP}}"}
        yield from self._either(off <= SKEW, entry, Level.WRONG, "jam-meleset", **told)
        issued = [one.issued_at for one in getattr(self._rehearsed, "entries", ())]
        if issued and max(issued) > self.now + SKEW:
            yield Level.WRONG, self._say("jam-mundur", waktu=f"{max(issued):{STAMP}}")

    def _kendali(self) -> Found:
        kendali, settings, own = self.report.kendali, self.report.settings, self.texts.problems  # `_kata` tells those
        wrong = [self.texts.tell(one) for one in settings.problems if one not in own]
        people = len({one.email.casefold() for one in settings.recipients})
        yield from each(Level.WRONG, wrong, self._say("kendali", nama=kendali.name, penerima=people))
        yield from ((Level.NOTE, self._say("tanpa-tab", tab=table)) for table in unrecorded(kendali))

    def _cadangan(self) -> Found:
        if self.remote is not None and self.kendali:  # only reading it shows which Cadangan it has
            yield from each(Level.NOTE, backup_lines(self.program), self._say("cadangan"))

    def _sumber(self) -> Found:
        report, tell = self.report, self.texts.tell
        wrong = [*unread(report.failures, self.kendali, self.texts)]
        wrong += [tell(trouble) for outcome in report.outcomes for trouble in outcome.troubles]
        wrong += ticket_lines("terlepas", report.orphans, self.program)
        noted = last_troubles(self.kendali, self.texts, wrong)  # those that are met only when writing
        yield from ((Level.WRONG, words) for words in wrong)
        yield from ((Level.NOTE, self._say("tertulis", kata=words)) for words in noted)
        if well := [outcome for outcome in report.outcomes if not outcome.troubles]:
            yield Level.WELL, self._say("sumber", banyak=len(well), baris=sum(len(one.judged) for one in well))

    def _kuota(self) -> Found:
        if not self.remote:
            return
        minutes, reads = self.report.settings.sync_minutes, 1 + len(self.report.outcomes) + len(self.report.failures)
        told = {"banyak": reads, "menit": minutes, "boleh": A_MINUTE * minutes}
        yield from self._either(reads <= A_MINUTE * minutes, "kuota", Level.NOTE, "kuota-lewat", **told)
        for book in self.looked:
            with suppress(Trouble):  # unread ones are told elsewhere; filling half has taken years, so there is time
                for name, cells in (found for found in fullness(book.read()) if found[1] > MOST_CELLS // 2):
                    yield Level.NOTE, self._say("kuota-sel", nama=name, juta=round(cells / 1_000_000, 1))
        running = Counter(entry.source for entry in self.report.entries if not entry.status.closed)
        for one in self.report.outcomes:  # at a year's end, all running cases are carried in one request
            if 2 * running[one.source] > (self.program.kendali.largest_commit or inf):
                yield Level.NOTE, self._say("kuota-tahun", nama=one.name, banyak=running[one.source])

    def _surat(self) -> Found:
        smtp = self.program.credentials.smtp
        if smtp is None:
            yield Level.NOTE, self._say("tanpa-surat", folder=self.program.outbox)
        else:
            from automation.mail.smtp import SmtpPost

            with closing(SmtpPost(smtp)) as server:
                server.ready()
            yield Level.WELL, self._say("surat", host=smtp.host, port=smtp.port)
        if self.options.mail is not None:
            told = self._say("perihal"), self._say("surat-uji").split("\n")
            self.program.send_note(*told, "", self.options.mail, self.report.settings, self.now)
            yield Level.WELL, self._say(f"surat-{'ditulis' if smtp is None else 'dikirim'}", folder=self.program.outbox)

    def _folder(self) -> Found:
        state = self.program.state
        try:
            tempfile.TemporaryFile(dir=state).close()
        except OSError as error:  # after a crash, only the notes there tell what was left in doubt
            told = self.texts.tell(closed_folder(state, error)), self.texts.say("operator.tanpa-catatan")
            yield (Level.NOTE if self.remote or state != self.program.path.parent else Level.WRONG), " ".join(told)
            return
        free = shutil.disk_usage(state).free
        yield from self._either(free >= ROOM, "folder", Level.WRONG, "penuh", folder=state, mb=free // 1_000_000)

    def _rahasia(self) -> Found:
        return each(Level.NOTE, open_lines(self.program, list_sources(self.kendali)[0]), self._say("rahasia"))

    def _robot(self) -> Found:
        read = [at for one in last_readings(self.kendali).values() if (at := one.read_at)]
        yield Level.WELL, self._say("berjalan" if self.running else "tidak-berjalan")
        if read and self.last is not None and max(read) > self.last.time + SKEW:
            yield Level.NOTE, self._say("robot-lain", waktu=f"{max(read):{STAMP}}")

    def _siklus(self) -> Found:
        if (last := self.last) is None:
            yield Level.WELL, self._say("belum-ada-siklus")
            return
        minutes, at = self.report.settings.sync_minutes, f"{last.time:{STAMP}}"
        level, entry = last.standing(self.now, timedelta(minutes=minutes), running=self.running)
        yield level, self._say(entry, waktu=at, detik=last.seconds, menit=minutes, kata=f"{last.broken.rstrip(':.')}.")

    def _kabar(self) -> Found:
        people = {one.email.casefold() for one in self.report.settings.recipients}
        rows = ([str(cell or "") for cell in row] for row in mail_rows(self.kendali))
        tried = {row[3].casefold(): (row[0], row[4]) for row in rows if row[4].startswith((State.SENT, "gagal"))}
        last = [tried[one] for one in people & tried.keys()]  # one may be refused for long while others get mails
        at, state = max([one for one in last if not one[1].startswith(State.SENT)] or last, default=("", ""))
        with suppress(ValueError):  # if people have changed it, as it stands
            at = f"{datetime.fromisoformat(at):{STAMP}}"
        if not people:
            yield Level.NOTE, self._say("tanpa-penerima")
        elif state and not state.startswith(State.SENT):
            yield Level.WRONG, self._say("kabar-gagal", waktu=at, sebab=without_contacts(state))
        else:
            yield Level.WELL, self._say("kabar" if state else "belum-ada-kabar", waktu=at)

    def _libur(self) -> Found:
        end = date(known_through(), 12, 31)
        return self._either(end - self.now.date() > AHEAD, "libur", Level.NOTE, "libur-habis", tahun=end.year)

    def _kata(self) -> Found:
        lines = [line.strip(" -") for line in word_lines(self.program)[1:]]
        return each(Level.WRONG, lines, self._say("kata" if self.program.own_words.exists() else "kata-bawaan"))
