"""The journal `Riwayat`: in every spreadsheet one, hidden, which only grows; each row is an event.

It is read by the place of its columns, because a long event goes on in the cells to the right of `Rincian`.
"""

from __future__ import annotations

from automation.tables.table import Audience, Column, Form, Nature, Owner, Table


def _column(heading: str, form: Form, nature: Nature, width: int = 130) -> Column:
    return Column(heading, Owner.ROBOT, form, nature, Audience.NOBODY, width=width, wrapped=False)


#: The journal of a spreadsheet.
JOURNAL = Table(
    name="Riwayat",
    hidden=True,
    protected=True,
    by_place=True,
    columns=(
        _column("Urutan", Form.NUMBER, Nature.FACT, 80),
        _column("Waktu", Form.LINE, Nature.FACT, 190),
        _column("Tiket", Form.TICKET, Nature.FACT, 145),
        _column("Peristiwa", Form.LINE, Nature.FACT),
        _column("Rincian", Form.LINE, Nature.WORDS, 420),
    ),
)
#: The copy of all journals in Kendali: the same after the spreadsheet that each event comes from.
COPY = Table(
    name=JOURNAL,
    hidden=True,
    protected=True,
    by_place=True,
    columns=(_column("Sumber", Form.LINE, Nature.FACT, 240), *JOURNAL.columns),
)
