"""Rendering a digest: a kind is a folder of three templates (subject, text, HTML) that people may edit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from weakref import ReferenceType, ref

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from automation.cases.date_words import Dates, number
from automation.cases.texts import Texts
from automation.digests.audience import Scope
from automation.mail.plain import inert, one_line, web_link
from automation.mail.view import View
from automation.trouble import Trouble

#: Gmail clips HTML at about 102 KB, and then hides the rest of the mail.
LARGEST = 90_000
#: How many items a list prints: the first of these with which the mail is small enough.
_SHOWN = (80, 50, 30, 20, 15, 10, 7, 5, 4, 3, 2, 1, 0)
_LAST = len(_SHOWN) - 1


@dataclass(frozen=True, slots=True)
class Mail:
    """A digest as it is read: a subject of one line and two bodies that say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a mail says besides its digest."""

    name: str  # the recipient's
    scope: str  # in words: `scope_in_words`
    organisation: str  # who signs
    contact: str  # whom a reply reaches
    register_link: str = ""  # opens the register; empty where there is none to open
    as_of: datetime | None = None  # when all was last read, where reading has failed since


class Renderer:
    """Makes mails from the templates in a folder. Texts from cells reach them only through `View`."""

    def __init__(self, templates: Path, texts: Texts) -> None:
        self._texts = texts
        self._seen = _SeenDigests()
        loader = FileSystemLoader(templates)
        self._plain = _environment(loader, texts, html=False)
        self._html = _environment(loader, texts, html=True)

    def render(self, kind: str, digest: object, context: Context) -> Mail:
        """The mail of one digest, small enough to be shown whole, however many cases there are.

        Raises `Trouble` where a template can't be used, naming the file and, if known, the line.
        """
        around = SimpleNamespace(
            name=inert(context.name, 80),
            scope=inert(context.scope, 200),
            organisation=inert(context.organisation, 120),
            contact=one_line(context.contact),
            register_link=web_link(context.register_link),
            as_of=context.as_of,
        )
        mail = self._fit(kind, digest, around)
        return Mail(one_line(mail.subject)[:200], mail.text, mail.html)

    def _fit(self, kind: str, digest: object, around: SimpleNamespace) -> Mail:
        """The mail with the longest lists with which it is small enough; with the shortest ones, whatever its size."""
        seen = self._seen.get(digest)
        mails: dict[int, Mail] = {}

        def fits(step: int) -> bool:
            if step != seen.step:
                seen.step, seen.view = step, View(self._texts, _SHOWN[step]).of(digest)
            names = {"digest": seen.view, "context": around}
            html = _tight(_fill(self._html, f"{kind}/isi.html", names))
            if len(html.encode()) >= LARGEST and step < _LAST:
                return False
            text = _spaced(_fill(self._plain, f"{kind}/isi.txt", names))
            mails[step] = Mail(_fill(self._plain, f"{kind}/subjek.txt", names), text, html)
            return len(text.encode()) < LARGEST

        step = max(seen.step, 0)
        if not fits(step) and step < _LAST:
            step = bisect_left(range(_LAST), True, lo=step + 1, key=fits)
            if step != seen.step:  # the search has looked at shorter ones since, or the last was never looked at
                fits(step)
        return mails[step]


@dataclass(slots=True)
class _Seen:
    """A digest as its templates saw it last: most recipients share theirs, and need not wait for another search."""

    step: int = -1  # of `_SHOWN`
    view: object = None


class _SeenDigests:
    """What was seen of each digest, as long as the digest is there."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ReferenceType[object], _Seen]] = {}

    def get(self, digest: object) -> _Seen:
        """What was seen of this digest; something new where that is nothing yet, or it can't be remembered."""
        known, seen = self._known.get(id(digest), (None, _Seen()))
        if known is not None and known() is digest:
            return seen
        seen = _Seen()
        if hasattr(digest, "__weakref__"):
            self._known = {id: kept for id, kept in self._known.items() if kept[0]() is not None}
            self._known[id(digest)] = ref(digest), seen
        return seen


def scope_in_words(scopes: Collection[Scope], texts: Texts, kelurahan_names: Mapping[str, str]) -> str:
    """``Dapil 2, Kecamatan Cibodas``. `kelurahan_names` are names by code."""
    words = []
    for scope in scopes:
        if scope.kelurahan is not None:
            name = kelurahan_names.get(scope.kelurahan, scope.kelurahan)
            words.append(texts.say("surat.cakupan.kelurahan", nama=name))
        elif scope.kecamatan is not None:
            words.append(texts.say("surat.cakupan.kecamatan", nama=scope.kecamatan))
        elif scope.dapil is not None:
            words.append(texts.say("surat.cakupan.dapil", nomor=scope.dapil))
        else:
            words.append(texts.say("surat.cakupan.kota"))
    return ", ".join(words)


def _environment(loader: FileSystemLoader, texts: Texts, *, html: bool) -> Environment:
    environment = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["kata"] = texts.say
    dates = Dates(texts)
    environment.filters.update(
        angka=number,
        tanggal=dates.long,
        tanggal_pendek=dates.short,
        tanggal_ringkas=dates.brief,
        saat=dates.moment,
    )
    return environment


def _fill(environment: Environment, name: str, names: Mapping[str, object]) -> str:
    try:
        return environment.get_template(name).render(names)
    except TemplateSyntaxError as error:
        raise Trouble(
            "surat.templat.rusak-baris", file=error.name or name, line=error.lineno, reason=error.message
        ) from error
    except UnicodeDecodeError as error:
        raise Trouble("surat.templat.bukan-utf8", file=name) from error
    except (TemplateError, LookupError, TypeError, ValueError) as error:
        raise Trouble("surat.templat.rusak", file=name, reason=str(error)) from error


def _tight(html: str) -> str:
    """Without the indentation that is for the editor's eyes only: it counts towards the size."""
    return re.sub(r"\s*\n\s*", "\n", html).strip() + "\n"


def _spaced(text: str) -> str:
    """Lines without trailing space, and never more than one blank line in a row."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
