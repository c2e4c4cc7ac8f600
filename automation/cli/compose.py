"""The composition root: puts the parts of the program together, from credentials.json."""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from automation.cli.screen import OWN, TEMPLATES
from automation.cli.state import start_log
from automation.config.credentials import Credentials, read_credentials
from automation.config.kendali import Settings
from automation.config.tabs import Source
from automation.cycle.debts import Debts
from automation.cycle.register import Summaries
from automation.cycle.sync import Syncer
from automation.digests.audience import CITY, Recipient
from automation.model.texts import ZONE, Texts
from automation.sheets.backed_up import BackedUp
from automation.sheets.links import is_there, local_path
from automation.sheets.port import Workbook
from automation.sheets.sources import Rehearsal, Sources
from automation.trouble import ConfigurationError, Trouble, WorkbookError
from automation.whole_file import make_private

if TYPE_CHECKING:
    from automation.cycle.digest import Digester
    from automation.mail.delivery import Post
    from automation.mail.templates import Templates

_UNSEEN = re.compile("\u2060|=E2=81=A0|=\n")  # joiners, which keep a ticket on one line, and soft line ends of an .eml
_TICKET = re.compile("RR-[0-9]{6}-[0-9]{4,9}-[0-9]")
#: The sender of mails that only go to the outbox.
LOCAL_SENDER = "Ruang Rakyat <ruang-rakyat@localhost.localdomain>"


class Program(Struct, frozen=True, dict=True):
    """The parts, put together. `rehearsals` are the workbooks of a dry run, in the order in which they were opened.
    Modules for mails are imported only when a mail is written: `sync` writes none."""

    path: Path  # of credentials.json, as it was named
    texts: Texts
    credentials: Credentials
    sources: Sources
    kendali: Workbook
    both: BackedUp  # Kendali with its Cadangan
    syncer: Syncer
    rehearsals: Sequence[Rehearsal]
    state: Path  # the program's own folder

    def say(self, key: str, /, **particulars: object) -> str:
        return self.texts.say(key, **particulars)

    @property
    def outbox(self) -> Path:
        """The folder for mails if there is no SMTP server."""
        return self.credentials.folder / "outbox"

    def files_of(self, *tickets: str) -> list[Path]:
        """Mails and previews in the outbox that name one of them, even with joiners between digits or on two lines."""
        found: list[Path] = []
        for path in sorted(self.outbox.rglob("*")) if tickets else ():
            with suppress(OSError):  # a folder, or nobody may read it
                named = _TICKET.findall(_UNSEEN.sub("", path.read_text("utf-8", "replace")))
                found += [] if {*named}.isdisjoint(tickets) else [path]
        return found

    def delete_files(self, *tickets: str) -> None:
        """Delete these, unless somebody has one open: the reporters' data is erased."""
        for path in self.files_of(*tickets):
            with suppress(OSError):
                path.unlink()

    @property
    def own_words(self) -> Path:
        """The folder in which people keep words and templates of their own."""
        return self.credentials.folder / OWN

    @property
    def called(self) -> str:
        """The command that starts the program with these credentials, for messages that propose a command."""
        usual = self.path.absolute() == Path("credentials.json").absolute()
        return "python -m automation" if usual else f'python -m automation --credentials "{self.path}"'

    @cached_property
    def digester(self) -> "Digester":
        from automation.cycle.digest import Digester
        from automation.cycle.kiriman import Noted
        from automation.mail.render import Renderer

        smtp = self.credentials.smtp
        sender = smtp.sender if smtp is not None else LOCAL_SENDER
        noted = Noted(self.state, self.path)
        return Digester(self.kendali, self.texts, Renderer(self.templates), sender, noted)

    @cached_property
    def templates(self) -> "Templates":
        """Read once, so that a mistake in people's own ones is told once."""
        from automation.mail.templates import Templates

        return Templates(TEMPLATES, self.texts, self.own_words)

    @contextmanager
    def post(
        self, meanwhile: Callable[[], object] | None = None, ends: Callable[[], bool] = lambda: False
    ) -> "Iterator[Post]":
        """The way out for mails; while a server is waited for, it calls `meanwhile` (see `ThreadPost`)."""
        from automation.mail.delivery import OutboxPost, ThreadPost
        from automation.mail.smtp import SmtpPost

        smtp = self.credentials.smtp
        way = closing(SmtpPost(smtp)) if smtp is not None else nullcontext(OutboxPost(self.outbox))
        with way as post, closing(ThreadPost(post, meanwhile, ends)) if meanwhile else nullcontext(post) as sent:
            yield sent

    def send_note(
        self,
        about: str,
        lines: Sequence[str],
        name: str,
        email: str,
        settings: Settings,
        now: datetime,
        file: str = "",
        pdf: bytes = b"",
    ) -> None:
        """Mail these lines to somebody, perhaps with a PDF; other jobs run while the mail server is waited for. Raises
        `DeliveryError`, and `Trouble` for an address that can't be used."""
        from automation.mail.render import short_message

        to = Recipient(name, email, (CITY,), (), even_when_empty=True)
        message = short_message(about, lines, to, self.digester.sender, settings, now)
        if pdf:
            message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{file}.pdf")
        with self.post(self.sources.meanwhile) as post:
            post.send(message)


def start(options: argparse.Namespace, texts: Texts, **how: Any) -> Program:
    """The program for these options, with its log started unless it only rehearses; `how` as in `compose`."""
    program = compose(options.credentials, texts, options.state, **how)
    if not how.get("rehearse"):
        start_log(program.state, texts.problems)
    return program


def compose(
    path: Path,
    texts: Texts,
    state: Path | None = None,
    *,
    rehearse: bool = False,
    creating: bool = False,
    making: bool = False,
) -> Program:
    """Read credentials.json and put the program together. Its own folder is `state`, or that of the file. `rehearse`:
    nothing is written; `creating`: Kendali may be missing; `making`: spreadsheets are. Raises `ConfigurationError`."""
    credentials = read_credentials(path)
    if state is not None and not rehearse:
        with suppress(OSError):  # whoever writes there later reports it
            make_private(state)
    own = state or credentials.folder
    kept = None if rehearse else (own, path)
    note = None if rehearse else own / f".{path.name}.cadangan"
    sources = Sources(credentials.google, credentials.folder, creating=making, state=kept)
    rehearsals: list[Rehearsal] = []

    def opened(workbook: Workbook) -> Workbook:
        if not rehearse:
            return workbook
        rehearsals.append(Rehearsal(workbook))
        return rehearsals[-1]

    def open_backup(link: str) -> Workbook:
        backup = _open_kendali(link, credentials, sources, creating=creating)
        if creating and note is not None and sources.create_missing(link):
            with suppress(OSError):
                note.unlink()  # one that was lost had the same name: this one knows nothing of what that one knew
        return backup

    alone = _open_kendali(credentials.kendali, credentials, sources, creating=creating)
    both = BackedUp(alone, credentials.backup, open_backup, note)

    def open_source(source: Source) -> list[Workbook]:
        return [opened(one) for one in sources.open(source.link) if one.source != both.apart]

    kendali = opened(both)
    debts, summaries = (None, None) if rehearse else (Debts(own, path), Summaries(own, path))
    syncer = Syncer(kendali, open_source, texts, not rehearse, debts, summaries)

    def remember(*, stays: bool = False) -> None:
        sources.remember(stays=stays)
        if summaries is not None:
            summaries.save(stays=stays)

    syncer.remember = remember
    return Program(path, texts, credentials, sources, kendali, both, syncer, rehearsals, own)


def _open_kendali(link: str, credentials: Credentials, sources: Sources, *, creating: bool) -> Workbook:
    """Kendali, or Cadangan. Raises `ConfigurationError`, before anything is done, for a link that can't be one."""
    name = "Kendali" if link == credentials.kendali else "Cadangan"
    try:
        if not sources.is_google(link):
            there = is_there(path := local_path(link, credentials.folder))
            mistakes = {
                "folder": path.is_dir(),
                "bukan-xlsx": path.suffix.casefold() != ".xlsx",
                "tidak-ada": not (there or creating),
            }
            if entry := next((entry for entry, is_so in mistakes.items() if is_so), ""):
                told = {"berkas": path, "nama": name, "isian": name.lower()}
                raise ConfigurationError(Trouble(f"operator.kendali.{entry}", **told))
        return sources.open_one(link, name)
    except WorkbookError as error:
        raise ConfigurationError(error) from error


def jakarta_now() -> datetime:
    """Now, in the city's time zone, whatever the machine's is."""
    return datetime.now(ZONE)
