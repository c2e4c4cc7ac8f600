"""All mails of a morning, of every kind: what there is to tell is found once for all who share their part of the city
and what they were told last, and every mail is rendered. Nothing is delivered."""

import random
from collections.abc import Callable, Iterable, Mapping

from automation.digests.at_once import Operator, darurat, emergencies, is_fresh
from automation.digests.audience import CITY, Scope, within
from automation.digests.morning import harian, koordinator
from automation.mail.render import Context, Mail, Renderer
from automation.model.register import Register
from tests.benchmark.speed import timed
from tests.mail_examples import NOW, YESTERDAY, renderer
from tests.meeting_examples import CITY_PLACES, LAST_MEETING, city_rules, large, pack

CASES, DAYS, OPEN = 20_000, 365, 0.1
RECIPIENTS = 200  # the council's members and staff, and a coordinator for each kelurahan and kecamatan
TARGET = 10.0  # seconds for all kinds together

HEAD = f"{'':12}{'scopes':>8}{'found':>8}{'mails':>8}{'rendered':>10}{'largest KB':>12}"
NOTES = f"""\
found: what there is to tell, once for each scope. rendered: every mail. Target for all kinds together: {TARGET} s."""


def digests_table() -> str:
    """The table, and what its columns mean."""
    register = large(CASES, DAYS, OPEN)
    lines, total = [], 0.0
    for kind, of in KINDS.items():
        line, seconds = _line(kind, register, of)
        lines.append(line)
        total += seconds
    title = f"{RECIPIENTS} recipients, {CASES:,} cases of a year, {OPEN:.0%} open; processor seconds on one core"
    return "\n".join((title, HEAD, *lines, f"{'together':12}{total:34.2f}", NOTES))


def _daily(register: Register, scope: Scope) -> list[object]:
    return [harian(register, (scope,), YESTERDAY, NOW, city_rules())]


def _weekly(register: Register, scope: Scope) -> list[object]:
    return [pack(register, LAST_MEETING, scopes=(scope,))]


def _coordinators(register: Register, scope: Scope) -> list[object]:
    return [koordinator(register, (scope,), YESTERDAY, NOW, city_rules())]


def _alerts(register: Register, scope: Scope) -> list[object]:
    found = within(emergencies(register.entries), (scope,))
    return [darurat(entry, NOW) for entry in found if is_fresh(entry, NOW)]


def _outage(register: Register, scope: Scope) -> list[object]:
    return [Operator(NOW, YESTERDAY, False, False, tuple(register.health))]


#: By kind, what there is to tell a recipient of a scope, each in a mail of its own.
KINDS: Mapping[str, Callable[[Register, Scope], list[object]]] = {
    "harian": _daily,
    "koordinator": _coordinators,
    "mingguan": _weekly,
    "darurat": _alerts,
    "operator": _outage,
}


def recipients() -> list[Scope]:
    """Their scopes, in no helpful order: 65 of the whole city, 18 in each of the five dapil, the rest locally."""
    local = [Scope(kecamatan=name) for name in city_rules().places.kecamatan]
    local += [Scope(kelurahan=place.code) for place in CITY_PLACES[::4]]
    dapil = [Scope(dapil=number % 5 + 1) for number in range(90)]
    city = [CITY] * (RECIPIENTS - len(local) - len(dapil))
    return random.Random(1).sample([*city, *dapil, *local], RECIPIENTS)


def _line(kind: str, register: Register, of: Callable[[Register, Scope], list[object]]) -> tuple[str, float]:
    scopes = recipients()
    maker: Renderer = renderer()
    found, finding = timed(lambda: {scope: of(register, scope) for scope in dict.fromkeys(scopes)})
    names: Iterable[tuple[int, Scope]] = enumerate(scopes)
    mails, rendering = timed(
        lambda: [_mail(maker, kind, told, number) for number, scope in names for told in found[scope]]
    )
    largest = max((len(mail.html.encode()) for mail in mails), default=0) / 1000
    line = f"{kind:12}{len(found):8}{finding:8.2f}{len(mails):8}{rendering:10.2f}{largest:12.1f}"
    return line, finding + rendering


def _mail(maker: Renderer, kind: str, digest: object, number: int) -> Mail:
    return maker.render(kind, digest, Context(f"Penerima {number}", "Kota Tangerang", "Ruang Rakyat", "a@example.org"))
