"""Errors that a person can put right: a stable code and its particulars.

The code is a key of `Texts` (``google.tanpa-akses`` stands in ``templates/pesan/google.toml``), looked up where the
error is shown. ``str()`` of an error is for the log and carries no personal data: particulars name places
(spreadsheet, tab, cell) and limits, never a row's content.
"""

import re


class Trouble(Exception):
    """Base of all errors that a person can put right; any other exception is our own mistake."""

    def __init__(self, code: str, /, **particulars: object) -> None:
        super().__init__(code, particulars)
        self.code = code
        self.particulars = particulars

    @property
    def causes(self) -> "tuple[Trouble, ...]":
        """All that is wrong: this error, or those that it collects."""
        return (self,)

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={_unquoted(value)!r}" for name, value in self.particulars.items())
        return f"{self.code} ({listed})" if listed else self.code


def _unquoted(value: object) -> object:
    """The text without what it quotes: messages of Google or of a template may quote a cell."""
    return re.sub(r"""(['"“‘]).*(['"”’])""", r"\1…\2", value, flags=re.DOTALL) if isinstance(value, str) else value


def reason_of(error: Exception) -> str:
    """Why the system refused something, in its own words."""
    return getattr(error, "strerror", None) or type(error).__name__


class ConfigurationError(Trouble):
    """The operator's mistakes in credentials.json, Kendali or a command, all collected and raised at once."""

    def __init__(self, *causes: Trouble) -> None:
        super().__init__("operator.konfigurasi", causes="; ".join(map(str, causes)))
        self._causes = causes

    def __str__(self) -> str:
        return f"{self.code} ({self.particulars['causes']})"

    @property
    def causes(self) -> tuple[Trouble, ...]:
        return self._causes


class WorkbookError(Trouble):
    """One spreadsheet can't be read or written now; the others go on."""


class Outrun(WorkbookError):
    """Somebody wrote to the spreadsheet after it was read; nothing of the commit was applied. Read and decide again."""


class DeliveryError(Trouble):
    """One mail was not accepted. `permanent` if trying again can't help (an unknown address, a wrong password)."""

    def __init__(self, code: str, /, *, permanent: bool, **particulars: object) -> None:
        super().__init__(code, **particulars)
        self.permanent = permanent
