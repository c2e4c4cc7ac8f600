"""The kinds of digest: what each tells on which occasion, when it is due, and when to look whether it is. An occasion
(a day, a week, a case, an incident) is told once to each recipient: together with the kind and the address it is the
key in Kiriman. A new kind needs an entry in `KINDS`, and a folder of templates with its name."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from automation.config.kendali import Settings
from automation.cycle.facts import Facts, waiting_wishes
from automation.cycle.filing import LaidRow, agenda_rows
from automation.cycle.health import state_of
from automation.cycle.sync import Report
from automation.digests import at_once, ledger
from automation.digests.audience import Digest, Recipient, Scope, addressees, within
from automation.digests.mingguan import Mingguan, mingguan
from automation.digests.morning import Morning, harian, koordinator
from automation.model.register import Health, Register
from automation.model.rules import Rules
from automation.trouble import Trouble


class Occasion(Struct, frozen=True):
    """Something to tell a recipient once. `make` is only called if it has to be told."""

    name: str
    make: Callable[[], Digest]


class DigestKind(Struct, frozen=True):
    """A kind of digest; by default it goes out at once.

    - `has_come`: whether it may go out at this hour; `tries`: how often a delayed mail is tried
    - `occasions`: all that there is to tell a recipient at this moment, told already or not
    - `news`: what a cycle has shown that may have to be told (None: nothing); Kendali is read again if it changes
    - `marks`: what has to be marked in Kiriman before anything is told, as of now unless it was; no other stays marked
    - `dated`: whether it can be made for another day; `rows`: what `Keputusan` must hold, if it lays rows there
    """

    name: str
    occasions: Callable[[Facts, Recipient], Iterable[Occasion]]
    news: Callable[[Report, datetime], Hashable | None]
    marks: Callable[[Facts], Collection[str]] = lambda _: ()
    has_come: Callable[[Settings, datetime], bool] = lambda *_: True
    tries: int = ledger.PATIENT_TRIES
    dated: bool = False
    rows: Callable[[Facts, Collection[Digest]], Sequence[LaidRow]] | None = None


#: Makes a digest of these scopes: what is new since the first moment, as everything stands at the second.
Make = Callable[[Register, tuple[Scope, ...], datetime, datetime, Rules], Digest]
#: The occasion that is due at a moment, and when the one before it was.
Slot = Callable[[Settings, datetime], tuple[str, datetime]]


def at_its_hour(name: str, make: Make, slot: Slot, tries: int = ledger.TRIES) -> DigestKind:
    """A kind that is told at its hour of a working day, once for each `slot`."""

    def occasions(facts: Facts, recipient: Recipient) -> list[Occasion]:
        occasion, before = slot(facts.settings, facts.now)
        since, scopes = facts.since(name, recipient, before), recipient.scopes
        is_first = (name, recipient.email.casefold()) not in facts.kiriman.ledger.told

        def made() -> Digest:
            if (key := (name, scopes, since, is_first)) not in facts.made:
                told = make(facts.register, scopes, since, facts.now, facts.settings.rules)
                facts.made[key] = told.first if is_first and isinstance(told, Morning) else told
            return facts.made[key]

        return [Occasion(occasion, made)]

    def news(report: Report, now: datetime) -> Hashable | None:
        return slot(report.settings, now)[0] if _hour_has_come(report.settings, now) else None

    return DigestKind(name, occasions, news, has_come=_hour_has_come, tries=tries, dated=True)


def _hour_has_come(settings: Settings, now: datetime) -> bool:
    return settings.rules.calendar.is_working(now.date()) and now.time() >= settings.daily_at


def every_day(settings: Settings, now: datetime) -> tuple[str, datetime]:
    """Every working day. If a mail fails today, tomorrow's digest has its news."""
    return now.date().isoformat(), ledger.working_day_before(settings.rules.calendar, settings.daily_at, now)


def every_week(settings: Settings, now: datetime) -> tuple[str, datetime]:
    """Once a week, on its weekday or the next working day; a missed one is caught up until the next is due."""
    when = settings.rules.calendar, settings.weekly_on, settings.daily_at
    name, due = ledger.week_of(*when, now)
    return name, ledger.week_of(*when, due - timedelta(seconds=1))[1]


def _rows_of_agenda(facts: Facts, packs: Collection[Digest]) -> list[LaidRow]:
    matters = (matter for pack in packs if isinstance(pack, Mingguan) for matter in pack.agenda)
    return agenda_rows(matters, facts.texts, facts.now)


#: The mark from which on emergencies are told: earlier ones are the baseline, and told by the daily digest only.
EMERGENCIES_BEGIN = "mulai"
#: The name of Kendali among the spreadsheets.
KENDALI = "Kendali"
_SETTLED = (ledger.State.SENT, ledger.State.REFUSED)


def _emergencies(facts: Facts, recipient: Recipient) -> Iterator[Occasion]:
    """One for each case. A case that is no longer fresh is still told to those who should have been told before."""
    begun = facts.kiriman.ledger.begun("darurat", EMERGENCIES_BEGIN)  # None only in a preview
    for entry in within(at_once.emergencies(facts.register.entries), recipient.scopes):
        known = facts.kiriman.ledger.state(ledger.key_of("darurat", entry.ticket, recipient.email)) is not None
        if (begun is None or at_once.became_at(entry) > begun) and (known or at_once.is_fresh(entry, facts.now)):
            yield Occasion(entry.ticket, partial(at_once.darurat, entry, facts.now))


def _incidents(facts: Facts, recipient: Recipient) -> Iterator[Occasion]:
    """What has failed for too long; what was reported and is over; addresses given up earlier; waiting erasures."""
    now, settings = facts.now, facts.settings
    marks = {name: at for name in _unread(facts) if (at := facts.kiriman.ledger.begun("operator", name)) is not None}
    found = at_once.by_incident(_watched(facts), marks)
    failing = {incident: health for incident, health in found.items() if now - incident.since >= settings.outage_after}
    for incident, health in failing.items():
        yield Occasion(incident.begun, partial(at_once.Operator, now, incident.since, False, False, tuple(health)))
    last_read = max((at_once.minute(one.last_read) for one in facts.health if one.last_read is not None), default=None)
    others = tuple(one for health in failing.values() for one in health)
    states = facts.kiriman.ledger.occasions("operator", recipient.email)
    for occasion, state in states.items():
        told = at_once.incident_begun(occasion, now.tzinfo)
        if told is None or state is ledger.State.REFUSED or states.get(told.over) in _SETTLED:
            continue
        is_over = last_read is not None and last_read > told.since if told.whole else told not in found
        if is_over:
            yield Occasion(told.over, partial(at_once.Operator, now, told.since, True, told.whole, others))
    for day in {day for day in facts.given_up.values() if day < now.date()}:
        cells = tuple(cell for cell, since in facts.given_up.items() if since == day)
        yield Occasion(f"alamat-{day}", partial(at_once.Operator, now, now, False, False, (), cells))
    for wish, day in waiting_wishes(facts.snapshot).items():
        ticket = wish.rpartition(" ")[2]
        yield Occasion(f"hapus-{ticket}-{day}", partial(at_once.Operator, now, now, False, False, (), (), ticket, day))


def _watched(facts: Facts) -> list[Health]:
    """Every spreadsheet; and Kendali itself, read just now, while last values replace what can't be used there."""
    served = _served(facts.settings)
    return [*facts.health, *([Health(KENDALI, facts.now, 0, state_of(served, facts.texts))] if served else ())]


def _served(settings: Settings) -> list[Trouble]:
    """The problems that a last good value replaces; not the rows that are passed over."""
    return [problem for problem in settings.problems if not problem.code.startswith("kendali.baris.")]


def _unread(facts: Facts) -> list[str]:
    """The marks of what could never be read, and of what is in trouble."""
    return [at_once.unread_mark(one) for one in _watched(facts) if one.last_read is None or one.problem]


def _incident_news(report: Report, now: datetime) -> Hashable:
    """What has failed for too long, and which erasures wait. Since when a spreadsheet could never be read, or is in
    trouble, as Kendali may be, only Kendali knows: it is read every hour for that."""
    limit, hour = report.settings.outage_after, now.replace(minute=0, second=0, microsecond=0)
    readings, well = report.readings.items(), state_of((), report.settings.rules.texts)
    late = {(link, one.read_at) for link, one in readings if one.read_at and now - at_once.minute(one.read_at) >= limit}
    troubled = [*(link for link, one in readings if one.state != well), *(KENDALI for _ in _served(report.settings))]
    return frozenset({*late, *((one, hour) for one in troubled), *waiting_wishes(report.kendali).items()})


DARURAT = DigestKind(
    "darurat",
    _emergencies,
    lambda report, now: frozenset(
        one.ticket for one in at_once.emergencies(report.entries) if at_once.is_fresh(one, now)
    ),
    marks=lambda _: [EMERGENCIES_BEGIN],
)
OPERATOR = DigestKind("operator", _incidents, _incident_news, marks=_unread)

_DAILY = [at_its_hour(name, make, every_day) for name, make in (("harian", harian), ("koordinator", koordinator))]
_WEEKLY = replace(at_its_hour("mingguan", mingguan, every_week, ledger.PATIENT_TRIES), rows=_rows_of_agenda)
#: Every kind that can be sent, by its name. The kinds a recipient may ask for are `config.defaults.DIGEST_KINDS`.
KINDS = {kind.name: kind for kind in (DARURAT, OPERATOR, *_DAILY, _WEEKLY)}


AGAIN = timedelta(minutes=5)  # the pause between two looks for the same: the shortest pause after a failed try


@dataclass(slots=True)
class DueKinds:
    """Remembers what was looked for, and when (None: nothing of it is left to do). Once every recipient was sent a
    day's digest, or an emergency, it is not looked for again; news is looked for at once, whatever the pause."""

    _looks: dict[str, tuple[Hashable, datetime | None]] = field(default_factory=dict)

    def due(self, report: Report, now: datetime) -> list[DigestKind]:
        """The kinds for which Kendali has to be read now. They count as looked for from now on."""
        found: list[DigestKind] = []
        for kind in KINDS.values():
            people, news = addressees(kind.name, report.settings.recipients), kind.news(report, now)
            if not people or news is None:
                continue
            last, at = self._looks.get(kind.name, (None, None))
            if last != (news, people) or (at is not None and abs(now - at) >= AGAIN):
                self._looks[kind.name] = (news, people), now
                found.append(kind)
        return found

    def done(self, kind: DigestKind) -> None:
        """Note that everything last looked for of this kind is done."""
        self._looks[kind.name] = self._looks.get(kind.name, (None,))[0], None
