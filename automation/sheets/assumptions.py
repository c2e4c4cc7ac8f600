"""What a workbook's promises rest on, though only its service's documentation vouches for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Proof:
    """One assumption, tried out. `code` is the key of its words; `holds` is None where it could not be tried because an
    earlier one failed; `cause` is what the service said against it."""

    code: str
    holds: bool | None
    cause: str = ""


class Assumptions(Protocol):
    """All of them, of one workbook."""

    @property
    def version(self) -> int:
        """Which assumptions these are: once there are others, they have to be tried out again."""

    def observe(self, title: str) -> tuple[Sequence[Proof], Sequence[Mapping[str, Any]]]:
        """What holds up nothing and is worth knowing, tried out likewise; and what was sent and answered, as JSON of
        that tab alone."""

    def try_out(self, title: str) -> Sequence[Proof]:
        """Try each of them in a hidden tab of this title, which is taken away again; nothing else is touched.

        Raises `WorkbookError` where the service can't be reached, or the spreadsheet not be written to.
        """
