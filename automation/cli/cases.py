"""What `restore` and `close` have in common: reading ticket numbers, and telling what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from automation.cases.texts import Texts
from automation.cases.tickets import Ticket, is_misheard
from automation.cli.report import event_lines, failure_lines, trouble_lines
from automation.cycle.sync import Report
from automation.trouble import ConfigurationError, Trouble


def read_tickets(written: Iterable[str]) -> list[str]:
    """The ticket numbers as they are issued, each once. Raises `ConfigurationError` with all that are none."""
    tickets: list[str] = []
    causes: list[Trouble] = []
    for text in (word.strip(" ,;.") for word in written):  # as they are copied from a list
        if (ticket := Ticket.parse(text)) is not None:
            tickets.append(str(ticket))
        else:
            causes.append(Trouble(f"operator.pakai.tiket{'-salah' if is_misheard(text) else ''}", tertulis=text))
    if causes:
        raise ConfigurationError(*causes)
    return list(dict.fromkeys(tickets))


def refused_lines(troubles: Sequence[Trouble], texts: Texts) -> list[str]:
    """What could not be done, and why."""
    if not troubles:
        return []
    return [texts.say("operator.kasus.gagal", banyak=len(troubles)), *trouble_lines(troubles, texts)]


def besides_lines(first: Report, last: Report, texts: Texts, called: str) -> list[str]:
    """What the cycles found besides: rows that are gone even after the `last` one, and spreadsheets that failed."""
    found = replace(first, entries=last.entries)
    return [*event_lines(found, texts, called), *failure_lines(last.failures, texts)]
