"""The journal of e-mails, understood: what was sent to whom, what may be tried again, and since when there is news.

Kiriman is append-only; the last row of a key is its state. A digest is claimed before it is sent, so that neither a
crash nor a second robot sends it twice, except where a robot died between the two (then the repeat carries the same
Message-ID, and a mail client can tell).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from automation.cases.cells import Value
from automation.digests.audience import Addressee, Recipient, addressees


class State(StrEnum):
    """What became of a mail; the values stand in `Keadaan`, where a reason may follow after a colon."""

    CLAIMED = "diklaim"
    SENT = "terkirim"
    DELAYED = "gagal sementara"
    REFUSED = "gagal tetap"
    EMPTY = "nihil"  # nothing to tell, and not wanted when empty


#: How long a claim without a result is respected: longer than any delivery takes.
CLAIM_HOLDS = timedelta(minutes=30)
#: Minutes to wait after each failed try of a day; as many tries as pauses, and one.
PAUSES = (5, 15, 60, 120, 240)
TRIES = len(PAUSES) + 1

Row = tuple[str, str, str, str, str, str]  # the columns of Kiriman, in their order


@dataclass(frozen=True, slots=True)
class _Record:
    """What is known of one key. Times are None where the row's own can't be understood."""

    kind: str
    email: str  # casefolded
    state: State
    at: datetime | None
    claimed: datetime | None = None  # the last claim: when the digest was composed
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """Kiriman, folded: one record per key."""

    records: Mapping[str, _Record]
    told: Mapping[tuple[str, str], datetime]  # by kind and address: what `since` answers

    def due(self, kind: str, day: date, recipients: Iterable[Recipient], now: datetime) -> tuple[Addressee, ...]:
        """Those who still have to get this digest of this day, one per address."""
        return tuple(
            addressee
            for addressee in addressees(kind, recipients)
            if _may_be_sent(self.records.get(key_of(kind, day, addressee.email)), now)
        )

    def since(self, kind: str, email: str, default: datetime) -> datetime:
        """When the last digest of this kind that reached (or had nothing to tell) this address was composed.

        That is the time of its claim, not of its delivery: what came in between the two was not in it.
        """
        return self.told.get((kind, email.casefold()), default)


def key_of(kind: str, day: date, email: str) -> str:
    """The identity of one digest to one address: it is sent once."""
    return f"{kind}:{day.isoformat()}:{email.casefold()}"


def row(now: datetime, kind: str, day: date, email: str, state: State, message_id: str = "", reason: str = "") -> Row:
    """A row to append to Kiriman. `now` of a claim must be the `now` that the digest is composed with."""
    told = f"{state}: {' '.join(reason.split())}" if reason else str(state)
    return now.isoformat(), key_of(kind, day, email), kind, email, told, message_id


def read_ledger(rows: Iterable[Sequence[Value]]) -> Ledger:
    """Fold the rows of Kiriman. Headings, blank rows and rows whose state nobody knows are passed over."""
    records: dict[str, _Record] = {}
    for cells in rows:
        time, key, kind, email, told = (*map(_text, cells[:5]), *[""] * 5)[:5]
        state = _state(told)
        if not key or state is None:
            continue
        known = records.get(key)
        at = _time(time)
        is_claim = state is State.CLAIMED
        records[key] = _Record(
            kind,
            email.casefold(),
            state,
            at,
            claimed=at if is_claim else known.claimed if known else None,
            tries=(known.tries if known else 0) + is_claim,
        )
    return Ledger(records, _told(records.values()))


def _told(records: Iterable[_Record]) -> dict[tuple[str, str], datetime]:
    told: dict[tuple[str, str], datetime] = {}
    for record in records:
        composed = record.claimed or record.at
        if record.state in (State.SENT, State.EMPTY) and composed is not None:
            whom = (record.kind, record.email)
            told[whom] = max(told.get(whom, composed), composed)
    return told


def _may_be_sent(record: _Record | None, now: datetime) -> bool:
    if record is None:
        return True
    if record.state not in (State.CLAIMED, State.DELAYED) or record.tries >= TRIES:
        return False
    if record.at is None:
        return True
    if record.state is State.CLAIMED:
        # A claim from the near future is another machine's whose clock is a little ahead.
        return abs(now - record.at) >= CLAIM_HOLDS
    return now - record.at >= timedelta(minutes=PAUSES[max(record.tries, 1) - 1])


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""


def _state(told: str) -> State | None:
    try:
        return State(told.partition(":")[0].strip().casefold())
    except ValueError:
        return None


def _time(text: str) -> datetime | None:
    """A moment, or None where the text is none or lacks its offset (then it could be anybody's)."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None
