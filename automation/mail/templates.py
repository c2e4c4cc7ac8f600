"""Templates of mails and pages. For each file people's own version comes before the shipped one. If it can't be used,
it gives way to the shipped one, and is reported with its file and line."""

import logging
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import jinja2

from automation.model.texts import Texts
from automation.trouble import Trouble

log = logging.getLogger(__name__)

#: The folder of what templates import: an error there shows in the template that imports it.
_SHARED = "_bagian/"
_FAILURES = (jinja2.TemplateError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RuntimeError)


class _Loader(jinja2.FileSystemLoader):
    """Loads the templates of a folder, except those that are `barred`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder, self.barred = folder, set[str]()

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if template in self.barred:
            raise jinja2.TemplateNotFound(template)
        try:
            return super().get_source(environment, template)
        except jinja2.TemplateNotFound:
            raise
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "UTF-8"
            raise jinja2.TemplateSyntaxError(reason, 1, template, str(self.folder / template)) from error

    def serving(self) -> set[str]:
        names = {path.relative_to(self.folder).as_posix() for path in self.folder.glob("*/*.*")}
        return {name for name in names if name.endswith((".html", ".txt"))} - self.barred


class Templates:
    """The shipped templates, and before them people's `own`: what is wrong there goes to the problems of `texts`."""

    def __init__(self, shipped: Path, texts: Texts, own: Path | None = None) -> None:
        self.texts, self.folder, self._shipped = texts, shipped, _Loader(shipped)
        self._own = _Loader(own) if own is not None else None
        self._begin()
        for name in sorted(self._own.serving()) if self._own is not None else ():
            # So that a missing brace is reported before the digest is due.
            self._try(name, lambda environment, name=name: environment.get_template(name) and "")  # type: ignore[misc]

    def fill(self, name: str, names: Mapping[str, object]) -> str:
        """A template's text, filled in. Raises `Trouble` if not even the shipped template can be used."""
        return self._try(name, lambda environment: environment.get_template(name).render(names))

    def _try(self, name: str, fill: Callable[[jinja2.Environment], str]) -> str:
        while True:
            try:
                return fill(self._environments[name.endswith(".html")])
            except (*_FAILURES, SyntaxError) as error:  # a template may compile to invalid Python
                culprits, line = self._culprits(error)
                if self._own is None or not culprits:
                    raise _trouble(name, error) from error
                self._own.barred |= culprits
                place = {"file": f"{self._own.folder.name}/{min(culprits)}", "line": line}
                problem = Trouble("surat.templat.milik-surat", **place, reason=str(error))
                self.texts.problems.append(problem)
                log.warning("own template: %s", problem)
                self._begin()

    def _culprits(self, error: Exception) -> tuple[set[str], int]:
        """Which of people's own templates to bar, and the line: the one that failed; if it failed elsewhere, all that
        others import, or else all; none if none is in use any more."""
        if self._own is None:
            return set(), 0
        serving = self._own.serving()
        frames = traceback.extract_tb(error.__traceback__)
        places = [(frame.filename, frame.lineno or 0) for frame in frames]
        if isinstance(error, (jinja2.TemplateSyntaxError, SyntaxError)):
            places.append((error.filename or "", error.lineno or 1))
        for file, line in reversed(places):
            if Path(file).is_relative_to(self._own.folder):
                name = Path(file).relative_to(self._own.folder).as_posix()
                if name in serving:
                    return {name}, line
        return {name for name in serving if name.startswith(_SHARED)} or serving, 1

    def _begin(self) -> None:
        loader = jinja2.ChoiceLoader([*filter(None, [self._own]), self._shipped])
        self._environments = {html: _environment(loader, self.texts, html=html) for html in (True, False)}


def _environment(loader: jinja2.ChoiceLoader, texts: Texts, *, html: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=loader, undefined=jinja2.StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["kata"] = texts.say
    environment.filters.update(
        angka=lambda value: f"{value:,}".replace(",", "."),  # 2.988
        tanggal=texts.long_date,
        tanggal_pendek=texts.short_date,
        tanggal_ringkas=texts.brief_date,
        saat=texts.moment,
    )
    return environment


def _trouble(name: str, error: Exception) -> Trouble:
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Trouble("surat.templat.rusak-baris", file=error.name or name, line=error.lineno, reason=error.message)
    return Trouble("surat.templat.rusak", file=name, reason=str(error))
