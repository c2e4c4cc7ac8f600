"""Rendering a digest: a kind is a folder of three templates (subject, text, HTML) that people may edit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from weakref import WeakKeyDictionary

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from automation.digests.audience import Scope
from automation.mail.view import View, inert, one_line, web_link
from automation.model.texts import Texts
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
        # With which step of `_SHOWN` a digest fits, and what its templates see then: many recipients share theirs.
        self._fitting: WeakKeyDictionary[object, tuple[int, object]] = WeakKeyDictionary()
        loader = FileSystemLoader(templates)
        self._plain = _environment(loader, texts, html=False)
        self._html = _environment(loader, texts, html=True)

    def render(self, kind: str, digest: object, context: Context) -> Mail:
        """The mail of one digest, small enough to be shown whole, however many cases there are.

        It has the longest lists with which it is small enough, or the shortest ones, whatever its size. Raises
        `Trouble` where a template can't be used, naming the file and, if known, the line.
        """
        around = SimpleNamespace(
            name=inert(context.name, 80),
            scope=inert(context.scope, 200),
            organisation=inert(context.organisation, 120),
            contact=one_line(context.contact),
            register_link=web_link(context.register_link),
            as_of=context.as_of,
        )
        start, seen = self._fitting.get(digest, (0, None))
        made: dict[int, tuple[Mail, object]] = {}  # by step, with what the templates saw

        def fits(step: int) -> bool:
            view = seen if seen is not None and step == start else View(self._texts, _SHOWN[step]).of(digest)
            mail = self._fill_all(kind, {"digest": view, "context": around})
            made[step] = mail, view
            return max(len(mail.html.encode()), len(mail.text.encode())) < LARGEST

        step = start
        if not fits(start) and start < _LAST:
            step = bisect_left(range(_LAST), True, lo=start + 1, key=fits)
            if step not in made:
                fits(step)
        mail, view = made[step]
        self._fitting[digest] = step, view
        return mail

    def _fill_all(self, kind: str, names: Mapping[str, object]) -> Mail:
        html = _tight(_fill(self._html, f"{kind}/isi.html", names))
        text = _spaced(_fill(self._plain, f"{kind}/isi.txt", names))
        return Mail(one_line(_fill(self._plain, f"{kind}/subjek.txt", names))[:200], text, html)


def scope_in_words(scopes: Collection[Scope], texts: Texts, kelurahan_names: Mapping[str, str]) -> str:
    """``Dapil 2, Kecamatan Cibodas``. `kelurahan_names` are names by code."""
    limits = (scope.limit for scope in scopes)
    words = (texts.say(f"surat.cakupan.{kind}", nama=kelurahan_names.get(it, it), nomor=it) for kind, it in limits)
    return ", ".join(words)


def _environment(loader: FileSystemLoader, texts: Texts, *, html: bool) -> Environment:
    environment = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["kata"] = texts.say
    environment.filters.update(
        angka=_number,
        tanggal=texts.long_date,
        tanggal_pendek=texts.short_date,
        tanggal_ringkas=texts.brief_date,
        saat=texts.moment,
    )
    return environment


def _number(value: int) -> str:
    """``2.988``: thousands are set off by a point."""
    return f"{value:,}".replace(",", ".")


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
