"""The kelurahan of the city, as people keep them in Kendali's tab `Wilayah`."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from automation.config.tabs import Record
from automation.config.values import NUMERALS, is_cut_short, is_email, phone, text
from automation.model.cells import fold
from automation.model.places import Kelurahan
from automation.reading.cell_text import line_of
from automation.trouble import Trouble

_CODE = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})\.?(\d{4})")
_KECAMATAN = len("36.71.05")  # characters of its code, with which those of its kelurahan begin


def read_places(rows: Iterable[Record], problems: list[Trouble]) -> tuple[Kelurahan, ...]:
    """Each kelurahan whose code, name, kecamatan and dapil can be used, and that no row above has. What is wrong with
    its coordinator, or with how its kecamatan is spelled, keeps no kelurahan away."""
    rows = tuple(rows)
    usual, found, names = _usual_kecamatan(rows), dict[str, Kelurahan](), set[str]()
    for row in rows:
        code, kecamatan, name, dapil = _code(row), text(row["Kecamatan"]), line_of(row["Kelurahan"]), _dapil(row)
        if not code:
            problems.append(row.problem("kode-keliru", "Kode"))
        elif code in found:
            problems.append(row.problem("kode-ganda", "Kode", kode=code))
        elif not fold(kecamatan) or not fold(name):
            problems.append(row.problem("kosong-tetap", "Kelurahan" if fold(kecamatan) else "Kecamatan"))
        elif name.casefold() in names:
            problems.append(row.problem("kelurahan-ganda", "Kelurahan", kelurahan=name))
        elif not dapil:
            problems.append(row.problem("dapil-keliru", "Dapil"))
        else:
            official = usual[area := code[:_KECAMATAN]]
            if fold(official) != fold(kecamatan):
                problems.append(row.problem("kecamatan-lain", "Kecamatan", kode=area, kecamatan=official))
            email, called = text(row["Email Koordinator"]), phone(row["Telepon Koordinator"])
            if email and not is_email(email):
                problems.append(row.problem("email-keliru", "Email Koordinator"))
                email = ""
            if is_cut_short(called):  # it stays as it was typed
                problems.append(row.problem("telepon-keliru", "Telepon Koordinator"))
            found[code] = Kelurahan(code, official, name, dapil, line_of(row["Koordinator"]), email, called)
            names.add(name.casefold())
    return tuple(found.values())


def _usual_kecamatan(rows: Iterable[Record]) -> Mapping[str, str]:
    """Of each kecamatan's code, the name that most rows give it: one that is spelled in another way is no other one."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if fold(name := text(row["Kecamatan"])):
            names[_code(row)[:_KECAMATAN]][name] += 1
    return {area: counts.most_common(1)[0][0] for area, counts in names.items()}


def _code(row: Record) -> str:
    """The code of a kelurahan with its dots, which people leave out; empty if there is none."""
    return ".".join(match.groups()) if (match := _CODE.fullmatch(text(row["Kode"]))) else ""


def _dapil(row: Record) -> int:
    """Its number, also if a Roman one or “Dapil 3” is written; 0 if there is none."""
    said = text(row["Dapil"]).casefold().removeprefix("dapil").strip(" .:")
    number = NUMERALS.get(said, said)
    return int(number) if re.fullmatch("[0-9]{1,2}", number) else 0
