"""Cases of any kind, for what must hold whatever happened to them."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st

from automation.model.complaint import Status
from automation.model.register import Entry
from tests.mail_examples import NOW, case

DAY = timedelta(days=1)

#: Histories of any kind: of one or many steps, in the order of the journal, whatever the clocks of the robots said.
MOMENTS = st.integers(-40 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
HISTORIES = st.lists(st.tuples(MOMENTS, st.sampled_from(Status)), min_size=1, max_size=7)


@st.composite
def any_case(draw: st.DrawFn) -> Entry:
    history = draw(HISTORIES)
    if draw(st.booleans()):
        history.sort(key=lambda step: step[0])
    issued = draw(st.sampled_from([history[0][0], history[0][0] - DAY, history[0][0] + DAY]))
    return case(1, issued_at=issued, history=tuple(history), status=history[-1][1])


CASES = st.lists(any_case(), max_size=12)
