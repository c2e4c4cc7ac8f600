"""Grants and answers what people wish in Kendali's tab `Permintaan`: a line such as ``pulihkan RR-260504-0001-3``. The
next cycle does it once and answers beside it; where a spreadsheet can't be used just now, each cycle tries again. An
answer begins with its wish: beside another it counts for nothing, and goes back to its own. Before a mail is sent, the
answer says that it is under way, and that is read back: a robot that finds another's answer, or its own from before it
died, mails nothing. All else may be done twice without harm."""

import logging
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from difflib import get_close_matches
from typing import NamedTuple

from automation.cli.compose import Program
from automation.cli.papers import history_lines, letter_files, slip_files
from automation.cli.report import failure_lines, place_lines, unlisted_lines
from automation.config.tabs import rows_of
from automation.config.values import text
from automation.cycle.commit import commit
from automation.cycle.erasing import Erasing
from automation.cycle.facts import ERASE, Facts, waits_until
from automation.cycle.filing import filed_rows, give_back
from automation.cycle.gone import GoneCases
from automation.cycle.kendali import robot_columns
from automation.cycle.register import as_cell_text
from automation.cycle.sync import Report
from automation.model.cells import CellError, CellWrite
from automation.model.texts import Texts
from automation.model.tickets import Ticket
from automation.reading.cell_text import line_of
from automation.reading.tabs import find_columns
from automation.sheets.port import Changes, Snapshot
from automation.tables.kendali import WISHES
from automation.trouble import DeliveryError, Trouble, WorkbookError

log = logging.getLogger(__name__)
_WISH, _ANSWER = WISHES.headings
_TICKET = re.compile(r"\bRR[ .-]*(?:[0-9]{6}[ .-]*[0-9]{4,9}[ .-]*[0-9]\b|[0-9][0-9 .-]*[0-9])", re.IGNORECASE)
_DECISION = re.compile(r"\bK[0-9]{4}-[0-9]{6}-[0-9]{4,9}-[0-9]\b", re.IGNORECASE)
_OFF = re.compile(r"(?i)\b(?:(?:di ?)?batal\w*|jangan|jgn|urung|(?:tidak|tdk|ga?k?|ngg?ak) (?:usah|jadi))\b")
_UNDER_WAY = "permintaan.sedang"
Result = tuple[str, dict[str, object]]  # the entry of the answer, and its particulars


class Wish(NamedTuple):
    """A row of the tab: its 0-based number; what is wished (empty if unknown), its ticket, the rest; the answer."""

    row: int
    word: str
    ticket: str
    rest: str
    answer: str

    @property
    def key(self) -> str:  # the beginning of its answer
        return f"{self.word} {self.ticket}"

    @property
    def waits_for(self) -> date | None:
        """The day until which it waits, according to its answer; None if it does not wait."""
        key, day = waits_until(self.answer)
        return day if key == self.key else None


class Word(NamedTuple):
    """`act` does it, or raises `Trouble` with the reason; `waits`: until the next working day; `mailed`: by mail."""

    act: "Callable[[_Desk, Wish], Result]"
    waits: bool = False
    mailed: bool = False


def grant(program: Program, report: Report, now: datetime) -> None:
    """Do all wishes without an answer. A failure becomes the answer, or the wish waits; nothing here stops a cycle."""
    try:
        if any(is_open(wish, now.date(), program.texts) for wish in wishes_in(report.kendali)):
            _Desk(program, report, now).run()
    except Trouble as error:
        log.warning("wishes wait: %s", error.code)
    except Exception:
        log.exception("wishes wait")


def wishes_in(seen: Snapshot) -> Iterator[Wish]:
    """What is wished, row by row."""
    for record in rows_of(seen, WISHES):
        line = text(cell) if isinstance(cell := record[_WISH], CellError) else line_of(cell)
        written, answer = re.sub("[\u2010-\u2015\u2212]", "-", line), text(record[_ANSWER])
        found = _DECISION.search(written) or _TICKET.search(written)
        said = " ".join((written[: found.start()] if found else written).casefold().split()).strip(" :*\"'\u201c")
        number, rest = (found[0].upper(), written[found.end() :].strip(" :,*\"'\u201d-")) if found else ("", "")
        word = said if said in WORDS and not (_OFF.match(rest) if said == "tutup" else _OFF.search(written)) else ""
        ticket = number if _DECISION.fullmatch(number) else str(Ticket.parse(number) or "")
        yield Wish(record.number, word, ticket, rest if word and ticket else written, answer)


def is_open(wish: Wish, today: date, texts: Texts) -> bool:
    """Whether a wish has no answer of its own yet, or waits for today or an earlier day."""
    if not (wish.word and wish.ticket):
        return wish.answer != _how(wish, texts)
    return day <= today if (day := wish.waits_for) is not None else not wish.answer.startswith(wish.key + " ")


def _how(wish: Wish, texts: Texts) -> str:
    """The answer to a wish that is not understood: how to write it; empty beside an empty row."""
    said = wish.rest.casefold()
    asked = "batal" if _OFF.search(said) else "asing"
    near = get_close_matches(said.partition(" rr")[0], WORDS, 1) or [*filter(said.__contains__, WORDS)] or [*WORDS][:1]
    number = "keputusan" if (word := wish.word or near[-1]) == "surat" else "tiket"
    told = {"kata": word, "nomor": wish.ticket or texts.say(f"permintaan.nomor-{number}"), "daftar": ", ".join(WORDS)}
    return texts.say(f"permintaan.{f'tanpa-{number}' if wish.word else asked}", **told) if wish.rest else ""


class _Desk:
    def __init__(self, program: Program, report: Report, now: datetime) -> None:
        self.program, self.now, self.texts = program, now.replace(microsecond=0), program.texts
        self.settings, self.failures = report.settings, report.failures
        self.gone = GoneCases(program.syncer, report, now)
        self.erasing = Erasing(self.gone)
        self._answers: dict[tuple[str, str], str] = {}  # by wish, seen beside it or another

    def run(self) -> None:
        """Answer every open wish once, in however many rows; with its answer from another if that was left behind."""
        opened = [one for one in wishes_in(self.gone.snapshot) if is_open(one, self.now.date(), self.texts)]
        left = {waits_until(it.answer)[0]: it.answer for it in opened if (it.word or it.rest) and not it.waits_for}
        wished = {(one.key, one.rest): one for one in opened}
        self._answers |= {asked: left.pop(asked[0]) for asked in wished if asked[0] in left}
        for asked, wish in wished.items():
            if not (asked in self._answers and self._answer(wish, self._answers[asked])):
                self._do(wish)

    def _do(self, wish: Wish) -> None:
        if not (wish.word and wish.ticket):
            self._answer(wish, _how(wish, self.texts))
            return
        log.info("wish: %s", wish.key)
        word, day = WORDS[wish.word], self.settings.rules.calendar.after(self.now.date(), 1)
        try:
            several = _TICKET.search(wish.rest) or (word.mailed and wish.rest.count("@") > 1)
            if f"{wish.word} rr" in wish.rest.casefold() or (word.act is not _Desk.close and several):
                raise Trouble("permintaan.satu")
            if word.waits and wish.waits_for is None:
                if self.gone.known(wish.ticket)[1].erased:
                    raise Trouble("kasus.dihapus", tiket=wish.ticket)
                entry, told = "tunggu", dict[str, object](tanggal=f"{day:%d/%m/%Y}")
            else:
                mark = f"{self.now:%H.%M.%S}-{secrets.randbelow(1000):03}"
                if word.mailed and not self._answer(wish, self.texts.say(_UNDER_WAY, kunci=wish.key, waktu=mark)):
                    return  # it was withdrawn, or another robot is doing it
                there = wishes_in(self.program.kendali.read()) if not word.mailed else (wish,)
                if not any(one.key == wish.key and is_open(one, self.now.date(), self.texts) for one in there):
                    return  # it was withdrawn, or another robot has done it
                entry, told = word.act(self, wish)
        except Trouble as error:
            again = isinstance(error, WorkbookError) and not word.mailed
            entry = "belum" if isinstance(error, DeliveryError) else "tertunda" if again else "tidak"
            told = {"sebab": " ".join(map(self.texts.tell, error.causes)).removeprefix(f"{wish.ticket}: ")}
        except Exception:  # so that other wishes do not wait
            log.exception("a wish failed: %s", wish.word)
            entry, told = "galat", {}
        if entry != "tertunda" or not word.waits:  # an erasure goes on saying for which day it waits
            self._answer(wish, self.texts.say(f"permintaan.{entry}", kunci=wish.key, **told))

    def _answer(self, wish: Wish, answer: str) -> bool:
        """Write the answer beside its wish, wherever people have sorted that; returns whether it stands there."""
        begun = self.texts.raw(_UNDER_WAY).partition("{waktu}")[0].format(kunci=wish.key)

        def wanted(seen: Snapshot) -> Changes:
            tab, cells = seen.tab(WISHES), list[CellWrite]()
            at = find_columns(seen.rows(WISHES), WISHES.headings).columns.get(_ANSWER)
            if tab is None or at is None:
                return Changes()
            for one in wishes_in(seen):
                asked, still = (one.key, one.rest), is_open(one, self.now.date(), self.texts)
                if not still:
                    self._answers[asked] = one.answer
                own = one.answer.startswith(begun) and not answer.startswith(begun)
                if asked == (wish.key, wish.rest) and (still or own):
                    cells += tab.lacks(one.row, [(at, as_cell_text(answer) or None)])
                elif still and asked in self._answers:
                    cells += tab.lacks(one.row, [(at, self._answers[asked])])
            return Changes(cells=cells)

        seen = commit(self.program.kendali, self.program.kendali.read(), wanted, columns=robot_columns)
        return any(one.answer == text(answer) for one in wishes_in(seen) if one.key == wish.key)

    def restore(self, wish: Wish) -> Result:
        if _DECISION.fullmatch(wish.ticket):
            facts = Facts(self.program.kendali, self.texts, self.now, whole=True)  # its cases may be of earlier years
            rows, cases = filed_rows(facts.registry), facts.register.entries
            give_back(self.program.kendali, rows, wish.ticket, cases, self.settings.rules)
        elif trouble := self.gone.restore([wish.ticket]).get(wish.ticket):
            raise trouble
        return "dipulihkan", {}

    def close(self, wish: Wish) -> Result:
        kept = wish.rest and self.gone.close(wish.ticket, wish.rest)
        return "ditutup" if kept else "ditutup-dihapus" if wish.rest else "tanpa-alasan", {}

    def confirm(self, wish: Wish) -> Result:
        if re.search(r"[0-9]", wish.rest):  # a date typed after it may be meant as the right one
            raise Trouble("permintaan.tanggal-lain")
        return "tanggal", {"tanggal": f"{self.gone.confirm_date(wish.ticket):%d/%m/%Y}"}

    def erase(self, wish: Wish) -> Result:
        self.erasing.erase(wish.ticket, self.texts.say("operator.data.permintaan"))
        self.program.delete_files(wish.ticket)
        left = [*(one.source.name for one in self.failures), *self.erasing.unreachable(wish.ticket)]
        return "dihapus-kurang" if left else "dihapus", {"daftar": ", ".join(left)}

    def data(self, wish: Wish) -> Result:
        lines = place_lines(self.erasing.held(wish.ticket), self.texts) or [self.texts.say("operator.data.tidak-ada")]
        lines += unlisted_lines(self.erasing, wish.ticket, self.texts)
        return self._mail(wish, lines + failure_lines(self.failures, self.texts))

    def explain(self, wish: Wish) -> Result:
        return self._mail(wish, history_lines(self.program, wish.ticket, self.now))

    def paper(self, wish: Wish) -> Result:
        name, files = (slip_files if wish.word == "slip" else letter_files)(self.program, wish.ticket, self.now)
        told = self.texts.say("permintaan.lampiran") if wish.word == "slip" else files["txt"].decode()
        return self._mail(wish, told.splitlines(), name, files["pdf"])

    def _mail(self, wish: Wish, lines: list[str], name: str = "", pdf: bytes = b"") -> Result:
        """Mail these lines, and a PDF if given, to the known address that is named, or else to the coordinator."""
        names = {one.coordinator_email: one.coordinator for one in self.settings.rules.places if one.coordinator_email}
        names |= {person.email: person.name for person in self.settings.recipients}
        ticket = re.sub(r"^K\d{4}", "RR", wish.ticket)  # a decision's number has its first ticket in it
        own = self.settings.rules.places.by_code.get(self.gone.known(ticket)[1].kelurahan)
        named = next((word for word in wish.rest.split() if "@" in word), own.coordinator_email if own else "")
        address = next((one for one in names if one.casefold() == named.strip(".,;<>").casefold()), None)
        if address is None:
            return "alamat", {}
        self.program.send_note(wish.key, lines, names[address], address, self.settings, self.now, name, pdf)
        return "dikirim", {"nama": names[address] or "-"}


#: All wishes, by the words that people type.
WORDS = {
    "pulihkan": Word(_Desk.restore),
    "tutup": Word(_Desk.close),
    "tanggal benar": Word(_Desk.confirm),
    "slip": Word(_Desk.paper, mailed=True),
    "surat": Word(_Desk.paper, mailed=True),
    "jelaskan": Word(_Desk.explain, mailed=True),
    "data": Word(_Desk.data, mailed=True),
    ERASE: Word(_Desk.erase, waits=True),
}
