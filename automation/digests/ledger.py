"""The journal of e-mails: what was sent to whom, what may be tried again, and since when there is news.

Kiriman is append-only; the last row of a key is its state, unless an earlier one settled it. A digest is claimed before
it is sent, so that neither a crash nor a second robot sends it twice, except if a robot died while sending (then the
repeat has the same Message-ID, and a mail client can tell).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from automation.cases.events import parse_time
from automation.model.cells import Value
from automation.model.deadlines import Calendar


class State(StrEnum):
    """What became of a mail; the values stand in `Keadaan`, where a reason may follow after a colon."""

    CLAIMED = "diklaim"
    SENT = "terkirim"
    DELAYED = "gagal sementara"
    REFUSED = "gagal tetap"
    EMPTY = "nihil"  # nothing to tell, and not wanted when empty
    BEGUN = "mulai"  # no mail: the moment from which something counts, until EMPTY says that it is over


_STATES = {state.value: state for state in State}
_SETTLED = (State.SENT, State.REFUSED, State.EMPTY, State.BEGUN)
#: How long a claim without a result is respected: longer than any delivery takes.
CLAIM_HOLDS = timedelta(minutes=30)
PAUSES = (5, 15, 60, 120, 240)  # minutes to wait after each failed try; the last pause is repeated
#: Tries of a digest if the next one tells the same anyway; also of a mail if robots die over it.
TRIES = len(PAUSES) + 1
PATIENT_TRIES = TRIES + 18  # tries of a digest that is told only once: more than three days

#: The reason of a permanent refusal because of the address begins so. An address refused on so many days gets no mails
#: until Penerima has another one, or spells it differently.
BAD_ADDRESS, BAD_DAYS = "alamat ditolak", 3
UNTIL = "sampai "  # a claim says so up to when it tells, if it may lack what happened just before it was made

Row = tuple[str, str, str, str, str, str]  # the columns of Kiriman, in their order


class _Record(Struct, frozen=True):
    """What is known of one key. Times are None if that of the row can't be understood."""

    kind: str
    email: str  # casefolded
    state: State
    at: datetime | None
    claimed: datetime | None = None  # the last claim: up to when the digest tells
    tries: int = 0
    lost: int = 0  # of these: tries without a known end; a claim is one until its result is noted


class Ledger(Struct, frozen=True):
    """Kiriman, folded: one record per key."""

    records: Mapping[str, _Record]
    told: Mapping[tuple[str, str], datetime]  # by kind and address: what `since` returns
    bad_days: Mapping[str, Sequence[date]]  # by address as written: when it was refused, since its last mail

    def given_up(self, email: str) -> date | None:
        """The day since which this address gets no mails; None if it gets them."""
        days = self.bad_days.get(email, ())
        return days[BAD_DAYS - 1] if len(days) >= BAD_DAYS else None

    def may_be_sent(self, key: str, now: datetime, tries: int = TRIES) -> bool:
        """Whether this digest is to be sent now: never claimed, left behind by a crash, or to be tried again."""
        record = self.records.get(key)
        if record is None or not self.waits(key, tries):
            return record is None
        if record.at is None:
            return True
        # A time in the near future comes from another machine, whose clock is a little ahead.
        pause = timedelta(minutes=PAUSES[min(max(record.tries, 1), len(PAUSES)) - 1])
        return abs(now - record.at) >= (CLAIM_HOLDS if record.state is State.CLAIMED else pause)

    def waits(self, key: str, tries: int = TRIES) -> bool:
        """Whether this digest was begun, has no final state, and may still be tried."""
        record = self.records.get(key)
        if record is None or record.state not in (State.CLAIMED, State.DELAYED):
            return False
        return record.tries < tries and record.lost < TRIES

    def state(self, key: str) -> State | None:
        """The state of a digest; None if nothing is known of it."""
        return self.records[key].state if key in self.records else None

    def begun(self, kind: str, name: str) -> datetime | None:
        """When something with this name began to count; None if that is not known."""
        record = self.records.get(key_of(kind, name, ""))
        return record.at if record is not None and record.state is State.BEGUN else None

    def occasions(self, kind: str, email: str) -> dict[str, State]:
        """The occasions of this kind that this address was to be told of, and the state of each mail."""
        before, after = f"{kind}:", f":{email.casefold()}"
        return {
            key.removeprefix(before).removesuffix(after): record.state
            for key, record in self.records.items()
            if key.startswith(before) and key.endswith(after)
        }

    def since(self, kind: str, email: str, default: datetime) -> datetime:
        """Up to when the last digest of this kind told that reached this address, or had nothing to tell it.

        That is the time of its claim or earlier, not of its delivery: it does not tell what came in between.
        """
        return self.told.get((kind, email.casefold()), default)


def key_of(kind: str, occasion: str, email: str) -> str:
    """The identity of one digest to one address, by which it is sent once. The occasion is a day, a week, a case or an
    incident, and has no colon."""
    return f"{kind}:{occasion}:{email.casefold()}"


def row(
    now: datetime, kind: str, occasion: str, email: str, state: State, message_id: str = "", reason: str = ""
) -> Row:
    """A row to append to Kiriman. For a claim, `now` must be the time at which the digest is composed, and the `reason`
    may be up to when it tells."""
    told = f"{state}: {' '.join(reason.split())}" if reason else str(state)
    return now.isoformat(), key_of(kind, occasion, email), kind, email, told, message_id


def read_ledger(rows: Iterable[Sequence[Value]]) -> Ledger:
    """Fold the rows of Kiriman. Headings, blank rows and rows with an unknown state are skipped."""
    records: dict[str, _Record] = {}
    bad_days: dict[str, list[date]] = {}
    for cells in rows:
        texts = [value.strip() if isinstance(value, str) else "" for value in cells[:5]]
        time, key, kind, email, told = (*texts, *[""] * 5)[:5]
        said, _, reason = told.partition(":")
        state = _STATES.get(said.strip().casefold())
        if not key or state is None:
            continue
        at = parse_time(time)
        if state is State.SENT:
            bad_days = {one: days for one, days in bad_days.items() if one.casefold() != email.casefold()}
        elif state is State.REFUSED and at is not None and reason.strip().casefold().startswith(BAD_ADDRESS):
            bad_days[email] = [*dict.fromkeys((*bad_days.get(email, ()), at.date()))]
        known = records.get(key, _Record(kind, "", state, None))
        ends = {known.state, state} == {State.BEGUN, State.EMPTY}  # what was marked is over, or begins again
        if key in records and known.state in _SETTLED and not ends and (known.at or state is not State.BEGUN):
            continue  # whatever stands below it: after a clock was set back, failed tries may come last
        is_claim = state is State.CLAIMED
        told_until = parse_time(reason.strip().removeprefix(UNTIL)) or at
        records[key] = _Record(
            kind,
            email.casefold(),
            state,
            at,
            claimed=told_until if is_claim or state is State.EMPTY else known.claimed,
            tries=known.tries + is_claim,
            lost=known.lost + 1 if is_claim else max(0, known.lost - (known.state is State.CLAIMED)),
        )
    told_at: dict[tuple[str, str], datetime] = {}
    for record in records.values():
        composed = record.claimed or record.at
        if record.state in (State.SENT, State.EMPTY) and composed is not None:
            whom = (record.kind, record.email)
            told_at[whom] = max(told_at.get(whom, composed), composed)
    return Ledger(records, told_at, bad_days)


def working_day_before(calendar: Calendar, at: time, now: datetime) -> datetime:
    """When a daily digest was due before today's."""
    day = now.date() - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return datetime.combine(day, at, now.tzinfo)


def week_of(calendar: Calendar, weekday: int, at: time, now: datetime) -> tuple[str, datetime]:
    """The latest weekly digest that is due at `now`: its name, and since when it has been due: since its weekday (0 is
    Monday), or the next working day. One that was missed can be sent until the next one is due.

    The name (``2026-W48``, ISO 8601) stays the same if the weekday is changed within the week, so that nobody gets two
    for one week.
    """
    day = now.date() - timedelta(days=(now.weekday() - weekday) % 7)
    while (due := datetime.combine(calendar.after(day, 0), at, now.tzinfo)) > now:
        day -= timedelta(days=7)
    return f"{day:%G-W%V}", due
