"""What people wish in Kendali's tab `Permintaan`, and what came of it.

A wish is a line such as ``pulihkan RR-260504-0001-3``. The cycle after it was typed does it once and answers beside it;
an answer begins with the wish, so that one which was sorted beside another row answers nothing there. What is to be
mailed is first said to be under way, and that is read back: a robot that finds another's word, or its own of before it
died, mails nothing. All else may be done twice without harm.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import NamedTuple

from automation.cli.compose import Program
from automation.cli.letters import Letters, Result
from automation.cli.report import files_of
from automation.config.kendali import Settings
from automation.config.tabs import rows_of
from automation.config.values import text
from automation.cycle.commit import commit
from automation.cycle.erasing import Erasing
from automation.cycle.gone import GoneCases
from automation.cycle.kendali import plain, robot_columns
from automation.cycle.sync import Report
from automation.model.cells import CellWrite
from automation.model.texts import Texts
from automation.model.tickets import Ticket
from automation.reading.cell_text import line_of
from automation.reading.tabs import find_columns
from automation.sheets.port import Changes, Snapshot
from automation.tables.kendali import WISHES
from automation.trouble import Trouble

log = logging.getLogger(__name__)

_WISH, _ANSWER = WISHES.headings
_TICKET = re.compile(r"\bRR[ .\u2013-]*[0-9][0-9 .\u2013-]*[0-9]", re.IGNORECASE)
_DECISION = re.compile(r"\bK[0-9]{4}-[0-9]{6}-[0-9]{4,9}-[0-9]\b", re.IGNORECASE)
_UNDER_WAY = "permintaan.sedang"
_DAY = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}")


class Wish(NamedTuple):
    """A row of the tab: its 0-based number, the word that says what is wished, its ticket, what else is said, and the
    answer that stands beside it. `word` is None for one that is not known."""

    row: int
    word: Word | None
    ticket: str
    rest: str
    answer: str

    @property
    def key(self) -> str:
        """How its answer begins."""
        return f"{self.word.name if self.word else ''} {self.ticket}"


@dataclass(frozen=True, slots=True)
class Word:
    """What can be wished: the `name` people type, whether it `waits` until the next working day, or is `mailed`, and
    what does it; that raises `Trouble` with the reason why not."""

    name: str
    act: Callable[[_Desk, Wish], Result]
    waits: bool = False
    mailed: bool = False


def grant(program: Program, report: Report, now: datetime) -> None:
    """Do what is wished and has no answer yet. Whatever fails is the answer, or waits; nothing here stops a cycle."""
    try:
        if any(_is_open(wish, now.date(), program.texts) for wish in _wishes(report.kendali)):
            _Desk(program, report, now).run()
    except Trouble as error:
        log.warning("wishes wait: %s", error.code)
    except Exception:
        log.exception("wishes wait")


def _wishes(seen: Snapshot) -> Iterator[Wish]:
    for record in rows_of(seen, WISHES):
        written, answer = line_of(record[_WISH]), text(record[_ANSWER])
        found = _DECISION.search(written) or _TICKET.search(written)
        said = " ".join((written[: found.start()] if found else written).casefold().split()).strip(" :")
        word = next((word for word in WORDS if word.name == said), None)
        number = found[0].upper() if found else ""
        ticket = number if _DECISION.fullmatch(number) else str(Ticket.parse(number) or "")
        rest = written[found.end() :].strip(" :,–-") if found else ""
        yield Wish(record.number, word, ticket, rest if word and ticket else written, answer)


def _is_open(wish: Wish, today: date, texts: Texts) -> bool:
    """Whether a wish has no answer of its own yet, or one that has to be taken up again today."""
    if wish.word is None or not wish.ticket:
        return wish.answer != _how(wish, texts)
    day = _until(wish, texts)
    return day <= today if day is not None else not wish.answer.startswith(wish.key + " ")


def _until(wish: Wish, texts: Texts) -> date | None:
    """The day until which an answer says that a wish waits."""
    found = _DAY.search(wish.answer)
    day = datetime.strptime(found[0], "%d/%m/%Y").date() if found else None  # noqa: DTZ007
    return day if day is not None and wish.answer == _waiting(wish, day, texts) else None


def _waiting(wish: Wish, day: date, texts: Texts) -> str:
    return texts.say("permintaan.tunggu", kunci=wish.key, tanggal=f"{day:%d/%m/%Y}")


def _how(wish: Wish, texts: Texts) -> str:
    """How a wish that is not understood is written right; nothing beside an empty row."""
    if not wish.rest:
        return ""
    if wish.word is not None:
        return texts.say("permintaan.tanpa-tiket", kata=wish.word.name)
    names = [word.name for word in WORDS]
    near = get_close_matches(wish.rest.casefold().partition(" rr")[0].strip(" :-"), names, 1) or names
    return texts.say("permintaan.asing", kata=near[0], daftar=", ".join(names))


class _Desk:
    """Where wishes are granted, after the cycle that `report` tells of."""

    def __init__(self, program: Program, report: Report, now: datetime) -> None:
        self.program, self.now, self.texts = program, now.replace(microsecond=0), program.texts
        self.settings: Settings = report.settings
        self.gone = GoneCases(program.syncer, report, now)
        self.erasing = Erasing(self.gone)
        self.letters = Letters(program, self.settings, self.gone, self.erasing, self.now)

    def run(self) -> None:
        """Answer every open wish, each once, in however many rows it stands."""
        answered: set[tuple[str, str]] = set()
        for wish in _wishes(self.gone.snapshot):
            if not _is_open(wish, self.now.date(), self.texts):
                continue
            if wish.word is None or not wish.ticket:
                self._answer(wish, _how(wish, self.texts))
            elif (wish.key, wish.rest) not in answered:
                answered.add((wish.key, wish.rest))
                self._do(wish, wish.word)

    def _do(self, wish: Wish, word: Word) -> None:
        log.info("wish: %s", wish.key)
        try:
            if word.waits and _until(wish, self.texts) is None:
                self.gone.known(wish.ticket)
                day = self.settings.rules.calendar.after(self.now.date(), 1)
                self._answer(wish, _waiting(wish, day, self.texts))
                return
            mark = f"{self.now:%H.%M.%S}-{secrets.randbelow(1000):03}"
            if word.mailed and not self._answer(wish, self.texts.say(_UNDER_WAY, kunci=wish.key, waktu=mark)):
                return  # it was withdrawn, or another robot is at it
            entry, told = word.act(self, wish)
            answer = self.texts.say(f"permintaan.{entry}", kunci=wish.key, **told)
        except Trouble as error:
            why = self.texts.tell(error).removeprefix(f"{wish.ticket}: ")
            answer = self.texts.say("permintaan.tidak", kunci=wish.key, sebab=why)
        self._answer(wish, answer)

    def _answer(self, wish: Wish, answer: str) -> bool:
        """Let the answer stand beside its wish, wherever people have sorted it; returns whether it does."""
        begun = self.texts.raw(_UNDER_WAY).partition("{waktu}")[0].format(kunci=wish.key)

        def wanted(seen: Snapshot) -> Changes:
            tab, cells = seen.tab(WISHES), list[CellWrite]()
            header = find_columns(tab.rows if tab is not None else (), WISHES.headings)
            for one in _wishes(seen) if tab is not None and _ANSWER in header.columns else ():
                ours = (one.key, one.rest) == (wish.key, wish.rest)
                own = one.answer.startswith(begun) and not answer.startswith(begun)
                if ours and (_is_open(one, self.now.date(), self.texts) or own) and tab is not None:
                    cells += tab.lacks(one.row, [(header.columns[_ANSWER], plain(answer) or None)])
            return Changes(cells=cells)

        kendali = self.program.kendali
        seen = commit(kendali, kendali.read(), wanted, columns=robot_columns)
        return any(one.answer == text(answer) for one in _wishes(seen) if one.key == wish.key)

    # What can be wished

    def restore(self, wish: Wish) -> Result:
        if _DECISION.fullmatch(wish.ticket):
            return self.letters.give_back(wish)
        if trouble := self.gone.restore([wish.ticket]).get(wish.ticket):
            raise trouble
        return "dipulihkan", {}

    def close(self, wish: Wish) -> Result:
        if wish.rest:
            self.gone.close(wish.ticket, wish.rest)
        return "ditutup" if wish.rest else "tanpa-alasan", {}

    def confirm(self, wish: Wish) -> Result:
        return "tanggal", {"tanggal": f"{self.gone.confirm_date(wish.ticket):%d/%m/%Y}"}

    def erase(self, wish: Wish) -> Result:
        self.erasing.erase(wish.ticket, self.texts.say("operator.data.permintaan"))
        for path in files_of(self.program, wish.ticket):
            path.unlink(missing_ok=True)
        return "dihapus", {}


#: All that can be wished; what people type is in front.
WORDS = (
    Word("pulihkan", _Desk.restore),
    Word("tutup", _Desk.close),
    Word("tanggal benar", _Desk.confirm),
    Word("slip", lambda desk, wish: desk.letters.slip(wish), mailed=True),
    Word("surat", lambda desk, wish: desk.letters.letter(wish), mailed=True),
    Word("jelaskan", lambda desk, wish: desk.letters.explain(wish), mailed=True),
    Word("data", lambda desk, wish: desk.letters.data(wish), mailed=True),
    Word("hapus data", _Desk.erase, waits=True),
)
