"""The rows that the robot laid in Kendali, as people have filled them in, found by their ids wherever they are. What
can't be understood, or stands there twice in different words, is asked about; until then the last content counts."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from automation.config.tabs import Kendali, Record, rows_of
from automation.config.values import NUMERALS, closest, text
from automation.digests.decisions import SOME, Filed
from automation.model.cells import CellError, Value, fold, is_empty
from automation.model.disclosure import shorten, without_contacts
from automation.model.terms import Terms
from automation.reading.cell_text import AS_ABOVE, DITTO_MARKS, line_of
from automation.reading.dates import read_date
from automation.tables.meeting import LETTER, PEOPLE, PREPARED, PROPOSALS, REFUSED, SENT_BACK
from automation.tables.table import Column, Form, Nature, Table
from automation.trouble import Trouble

#: How many days from today a typed date may lie; how many days ahead that of a letter may (not that of an answer, which
#: has come already); and how many days ago a deadline may be.
_FARTHEST, _SOON, _LATE = 800, 31, 35
_LONGEST = 120
_FEWEST_WORDS = 4  # of a complete address
#: Each column that makes no sense without another one; and those of a letter that need its date.
_NEEDS = dict.fromkeys(("Siapa", "Sebelum", "Nomor Surat", "Tanggal Surat", "Tanggal Jawaban", "Jawaban"), "Keputusan")
_SENT = dict.fromkeys(("Nomor Surat", "Tanggal Jawaban", "Jawaban"), "Tanggal Surat")
_UNTIL = re.compile(r"^\W*(?:sebelum|sblm|paling lambat|maks\w*|sampai|sd|s/d)\s+(?:tgl|tanggal)?", re.IGNORECASE)
#: A text that says that there is no answer; `_says_nothing` knows others.
_NEVER = r"(?:bel[uo]m|bl[uo]?m|durung|tidak|tdk|tak|no(?= resp)|e?ng+ak?|ga?k?|kagak?|(?:me)?n?unggu|tunggu)"
_NO_ANSWER = re.compile(
    rf"(?!.*\b(?:tapi|tp|tetapi|namun)\b).*\b{_NEVER}\W+(?:(?:ada|juga|pernah|di|surat|dapat|dapet|terima)\W+)*"
    r"\w*(?:ja?wa?b|b[ae]?l[ae]?s|resp|tangg[ae]p|kabar)"
)
_PASSED_ON = re.compile(r"\b(?:s?u?dah|sdh) (?=(?:di)?(?:teri|terus|dispo))")
#: How a result of anything but a letter, or a cell that waits for something, begins if that has not come about.
_NOT_YET = re.compile(
    rf"(?:bel[uo]m|bl[uo]?m|durung)\b(?! (?:ada|bi?s))|{_NEVER} jadi\b|(?:(?:di)?tunda|batal|menyusul|nanti|mundur)\b"
    r"|(?:di)?jadwal(?:kan)? ulang"
)


def id_in(value: Value) -> str:
    """The id in a cell; people who type it may use lower case."""
    return text(value).upper()


def belongs(row: Filed, tickets: Value) -> bool:
    """Whether a cell `Tiket` may stand beside the id of this row: it names one of its tickets, or none at all."""
    named = set(re.findall(r"RR-[0-9-]+", text(tickets)))
    return not named or not named.isdisjoint((*row.tickets, f"RR-{row.id.partition('-')[2]}"))


def read_filed(
    kendali: Kendali, table: Table, known: Mapping[str, Filed], today: date, terms: Terms, problems: list[Trouble]
) -> dict[str, dict[str, str]]:
    """The content of each row of the table that the robot has laid, by its id."""
    rows: dict[str, list[Record]] = defaultdict(list)
    columns = table.of(PEOPLE)
    for row in rows_of(kendali, table):
        if (id := id_in(row[table.headings[0]])) in known and belongs(known[id], row["Tiket"]):
            rows[id].append(row)
        elif table.headings[0] in row.columns and (id in known or not all(is_empty(row[one]) for one in columns)):
            own = " / ".join(one for one in known if text(row["Tiket"]) and belongs(known[one], row["Tiket"]))
            entry = "tanpa-nomor" if not own else "nomor-lain" if id in known else "nomor-hilang"
            problems.append(row.problem(entry, table.headings[0], nomor=id, milik=own))
    found: dict[str, dict[str, str]] = {}
    for id, same in rows.items():
        last, told = known[id].values, list[Trouble]()
        read = [_values(row, columns, last, today, terms, told) for row in same]
        if any(values != read[0] for values in read):
            others = [row for row, values in zip(same, read, strict=True) if values != last]
            told = [row.problem("dobel", table.headings[0], nomor=id) for row in others]
            read = [dict(last)]
        found[id] = read[0]
        problems += told
    return found


def unready(kendali: Kendali, known: Mapping[str, Filed], problems: list[Trouble]) -> None:
    """Report what would be sent back of the proposals that have not been made yet, one sentence each. Only the first
    row of an id is looked at: doubled rows are asked about elsewhere."""
    rows = {id: row for row in reversed(rows_of(kendali, PROPOSALS)) if (id := id_in(row["Nomor"])) in known}
    same = Counter(_matter(row) for row in rows.values() if not is_empty(row["Alamat"]))
    for id, row in rows.items():
        said = {column.heading: text(row[column]) for column in PROPOSALS.columns}
        words = re.findall(r"\d+|[a-z]+", said["Dapil Pengusul"].casefold())
        dapil = [NUMERALS.get(one, one.lstrip("0")) for one in words if one.isdigit() or one in NUMERALS]
        wrong = {
            "Volume": not (re.search(r"[1-9]", said["Volume"]) and re.search(r"[^\W\d]", said["Satuan"])),
            "Alamat": re.search(r"\d", said["Alamat"]) is None or len(said["Alamat"].split()) < _FEWEST_WORDS,
            "Dapil Pengusul": bool(dapil) and dapil != [said["Dapil"]],
            "Foto": not re.search(r"http|www\.|\.\w+/", said["Foto"].casefold()),
            "Judul Kamus": same[_matter(row)] > 1,
        }
        open_yet = known[id].values.get("Keadaan", PREPARED) in (PREPARED, SENT_BACK)
        if open_yet and any(said[column.heading] for column in PROPOSALS.of(PEOPLE)):
            found = [heading for heading, is_so in wrong.items() if is_so and heading in row.columns]
            problems += [row.problem(f"usulan-{PROPOSALS.by_heading[heading].slug}", heading) for heading in found]


def _matter(row: Record) -> tuple[str, ...]:
    """What is proposed, and where; letters and digits only, because the titles that SIPD lists are long."""
    return tuple("".join(filter(str.isalnum, text(row[one]).casefold())) for one in ("Judul Kamus", "Alamat"))


def _values(
    row: Record, columns: Sequence[Column], last: Mapping[str, str], today: date, terms: Terms, problems: list[Trouble]
) -> dict[str, str]:
    """The content of a row; where a cell can't be understood, or has lost its heading, its last content."""
    read: dict[str, str | None] = {
        column.heading: _value(row, column, last, today, terms, problems) if column.heading in row.columns else None
        for column in columns
    }
    values = {heading: last.get(heading, "") if value is None else value for heading, value in read.items()}
    if read.get("Keputusan") == LETTER and read["Instansi"] == "":
        values["Instansi"] = _addressee(text(row["Keputusan"]), terms)
    elif values.get("Keputusan") not in ("", LETTER) and _NOT_YET.match(text(row["Jawaban"]).casefold()):
        values["Jawaban"] = ""
    lost = [heading for heading in read if heading not in row.columns and heading in last]
    problems += [row.problem("tanpa-judul", lost[0], kolom=", ".join(lost))] if lost else []
    needs = [*_NEEDS.items(), *(_SENT.items() if values.get("Keputusan") == LETTER else ())]
    for heading, other in needs:
        if read.get(heading) and read.get(other) == "":
            problems.append(row.problem("perlu-juga", other, kolom=heading))
            break
    if (state := values.get("Keadaan")) in (SENT_BACK, REFUSED) and read.get("Alasan") == "":
        problems.append(row.problem("usulan-alasan", "Alasan", keadaan=state.lower()))
    if "" < values.get("Tanggal Jawaban", "") < values.get("Tanggal Surat", ""):
        problems.append(row.problem("jawaban-dulu", "Tanggal Jawaban"))
        kept = ("Tanggal Jawaban", "Tanggal Surat", "Nomor Surat")
        values |= {heading: last.get(heading, "") for heading in kept[: None if kept[0] in last else 1]}
    return {heading: value for heading, value in values.items() if value}


def _value(
    row: Record, column: Column, last: Mapping[str, str], today: date, terms: Terms, problems: list[Trouble]
) -> str | None:
    """What a cell says; None if it has to be asked about."""
    written, said = line_of(row[column]), text(row[column]).casefold().strip(' .:;-\u2013\u2014"\u201d')
    if isinstance(row[column], CellError):
        problems.append(row.problem("galat", column, isi=text(row[column])))
        return None
    if column.nature is Nature.FACT and (said in AS_ABOVE or text(row[column]) in DITTO_MARKS):
        problems.append(row.problem("seperti-atas", column))
        return None
    if not written and not (said and column.options):
        return ""
    if column.nature is Nature.WORDS:
        return "" if column.heading == "Jawaban" and _says_nothing(written.casefold(), terms) else SOME
    if not (column.options or column.heading == "Sebelum") and (_NOT_YET.match(said) or _says_nothing(said, terms)):
        return ""
    if column.options:
        choices = terms.choices(column, column.options)
        if (option := choices.find(written)) is not None:
            if fold(option) != fold(written):
                said = ", ".join(filter(None, (option, _addressee(written, terms))))
                problems.append(row.problem("dibaca", column, pilihan=said))
            return option
        near = closest(written, column.options) or " / ".join(choices.offers(written).entries)
        listed = near or ", ".join(column.options)
        problems.append(row.problem("pilihan-mirip" if near else "pilihan-asing", column, pilihan=listed))
        return None
    if column.form is Form.DATE:
        to_come, soon = column.heading == "Sebelum", _SOON * (column.heading == "Tanggal Surat")
        earliest, latest = (-_LATE, _FARTHEST) if to_come else (-_FARTHEST, soon)
        typed = _UNTIL.sub("", value) if isinstance(value := row[column], str) and to_come else value
        day = _day(typed, last.get(column.heading, ""), today, 365 - _LATE if to_come else soon)
        if day and (day == last.get(column.heading) or earliest <= (date.fromisoformat(day) - today).days <= latest):
            return day
        problems.append(row.problem("hari-keliru", column))
        return None
    return shorten(without_contacts(written), _LONGEST)


def _says_nothing(said: str, terms: Terms) -> bool:
    """Whether what is typed as an answer only says that there is none, or none of substance yet."""
    words, idle = {*re.findall(r"\w+", _PASSED_ON.sub("", said))}, terms.words["jawaban tanpa isi"]
    kinds = (terms.words[f"jawaban {kind}"] for kind in ("kosong", "tertunda"))
    return not words or bool(_NO_ANSWER.match(said)) or any(words & kind and words <= kind | idle for kind in kinds)


def _addressee(decided: str, terms: Terms) -> str:
    """To whom a letter goes by the words of the decision itself, as typed (``surat ke Dinas PUPR``)."""
    known = {"dinas", *terms.words[f"sel tujuan {LETTER.casefold()}"]}
    words = ((terms.usual(word.casefold()) in known, word) for word in re.findall(r"\w+", decided))
    runs = (" ".join(word for _, word in run) for named, run in groupby(words, lambda one: one[0]) if named)
    return next((run for run in runs if run.casefold() != "dinas"), "")


def _day(value: Value, last: str, today: date, ahead: int) -> str | None:
    """The day that was typed; without a year the last one up to `ahead` days from today, which then stays the same. A
    relative day (``kemarin``) would be another day tomorrow, so it is not accepted."""
    if (day := read_date(value)) is not None:
        return day.isoformat()
    name, _, rest = line_of(value).partition(" ")
    told = _day(rest, last, today, ahead) if rest else None
    if told and told == f"{read_date(name.rstrip(','), date.fromisoformat(told))}":
        return told  # “Senin 7 Des”
    first, second = (read_date(value, today + timedelta(days=ahead + later)) for later in (0, 40))
    if first is None or second is None or f"{first}"[4:] != f"{second}"[4:]:
        return None
    return last if last[4:] == f"{first}"[4:] else first.isoformat()
