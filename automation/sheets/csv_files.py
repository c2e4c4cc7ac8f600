"""csv files: read whatever program wrote them, and written so that Excel and LibreOffice open them right."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO

from automation.cases.grid import Tab
from automation.model.cells import Value, Writable, kept_text
from automation.trouble import WorkbookError

#: Between the cells of what is written: Excel with Indonesian (or European) settings splits at nothing else, because
#: there the comma stands in numbers. Other programs find it out, or ask.
SEPARATOR = ";"
_SEPARATORS = (";", ",", "\t", "|")
#: Rows from which the separator is told.
_LOOKED_AT = 500
_LARGEST_CELL = 10_000_000  # characters; what is longer has swallowed the rest of the file
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

#: ``=``, ``+``, ``-`` and ``@`` (also the wide ones of Japanese keyboards), whatever spaces or apostrophes stand before
#: them, and a tab or a line end at the beginning.
_RUNS = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
#: A number is none, though it may begin with a sign.
_NUMBER = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")


def read_csv(data: bytes, name: str) -> Tab:
    """The file as a tab; `name` is what errors and the tab are called. All cells are text, or None where empty.

    Raises `WorkbookError` where quotation marks don't match, or no encoding fits.
    """
    csv.field_size_limit(_LARGEST_CELL)
    separator, text = _separator_told(_decoded(data, name))
    separator = separator or _separator_of(text)
    # A stray quotation mark must not make one cell of the rest of the file, so they are counted strictly.
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[Value]] = []
    try:
        rows.extend([kept_text(unescaped(cell)) or None for cell in cells] for cells in reader)
    except csv.Error as error:
        raise WorkbookError("impor.kutip", berkas=name, baris=len(rows) + 1) from error
    return Tab(name, name, rows)


def write_csv(headings: Sequence[str], rows: Sequence[Sequence[Writable]]) -> bytes:
    """UTF-8 with a mark (without it Excel takes it for another encoding), every text in quotation marks and none that
    could run as a formula, dates as ``2026-11-24``, numbers as numbers."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=SEPARATOR, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_written(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _written(value: Writable) -> str | int:
    if isinstance(value, int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return escaped(kept_text(value or ""))


def _decoded(data: bytes, name: str) -> str:
    """By its mark; else UTF-8 if it is that; UTF-16 shows by its zeros; anything else is what Windows wrote here."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            candidates: tuple[str, ...] = (encoding,)
            break
    else:
        even, odd = data[::2].count(0), data[1::2].count(0)
        wide = ("utf-16-be",) if even > odd else ("utf-16-le",)
        candidates = wide if even + odd > len(data) // 4 else ("utf-8", "cp1252")
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("impor.aksara", berkas=name)


def _separator_told(text: str) -> tuple[str, str]:
    """Excel's own first line ``sep=;`` says it; it counts as an empty row."""
    first, end, rest = text.partition("\n")
    told = first.strip().strip('"')
    if end and len(told) == len("sep=") + 1 and told.lower().startswith("sep="):
        return told[-1], end + rest
    return "", text


def _separator_of(text: str) -> str:
    """The one that makes a table of the most rows: a comma in sentences makes rows of all widths. Of equals, the one
    that makes the widest."""
    return max(_SEPARATORS, key=lambda separator: _table_in(text, separator))


def _table_in(text: str, separator: str) -> tuple[int, int]:
    """How many rows have the width that most of those have that are divided at all, and that width."""
    widths = Counter(width for cells in _some_rows(text, separator) if (width := len(cells)) > 1)
    return max(((rows, width) for width, rows in widths.items()), default=(0, 0))


def _some_rows(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(reader):
            if number >= _LOOKED_AT:
                return
            yield cells
    except csv.Error:
        return


def escaped(text: str) -> str:
    """`text` as it may stand in a csv file, which a spreadsheet would run as a formula if it looked like one.

    What OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe before whatever could
    begin a formula, every text in quotation marks. The apostrophe can be taken away again, so nothing is lost.
    """
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    """The text that was escaped; any other text as it is."""
    return text[1:] if text.startswith("'") and escaped(text[1:]) == text else text
