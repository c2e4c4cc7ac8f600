"""Local files other than the city's spreadsheets: lists that people bring along (xlsx, csv), which are only read; and
tables that `export` writes, each as a new file."""

import csv
import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from functools import lru_cache
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice
from pathlib import Path

from automation.model.cells import LONGEST, Tab, Value, Writable, kept_text
from automation.model.disclosure import shorten
from automation.sheets.local.files import new_table, read_bytes
from automation.sheets.local.markup import normalized
from automation.sheets.local.package import Package
from automation.sheets.local.reading import read_tabs
from automation.trouble import ConfigurationError, Trouble, WorkbookError, reason_of
from automation.whole_file import write_down

_CSV = frozenset({".csv", ".tsv", ".txt"})
_HIDDEN = re.compile(rb'<(?:[^\s<>/:]+:)?row(?=[^>]*\shidden="(?:1|true)")[^>]*\sr="([0-9]+)"')


def read_list(path: Path) -> tuple[Tab, ...]:
    """The tabs of the file (a csv file is one tab), with dates as they are shown. Raises `WorkbookError`."""
    if not os.path.isfile(path):  # noqa: PTH113 - also in a folder that may not be entered
        raise WorkbookError("impor.tidak-ada", berkas=path)
    kind = path.suffix.casefold()
    if kind in _CSV:
        if path.stat().st_size > _LARGEST_FILE:
            raise WorkbookError("impor.terlalu-besar", berkas=path.name, batas=_LARGEST_FILE >> 20)
        return (read_csv(read_bytes(path), path.name),)
    if kind != ".xlsx":
        raise WorkbookError("impor.jenis", berkas=path, jenis=kind or "-")
    return read_tabs(read_bytes(path), str(path), as_shown=True)


def count_hidden(path: Path, tabs: Sequence[Tab]) -> int:
    """How many rows with content the file hides in these tabs of it, as a filter does."""
    if path.suffix.casefold() in _CSV:
        return 0
    package, rows = Package(read_bytes(path)), {tab.title: tab.rows for tab in tabs}
    hidden = ((title, _HIDDEN.findall(normalized(package.read(part)))) for title, part, _ in package.sheets())
    return sum(any(map(any, rows.get(title, ())[int(at) - 1 : int(at)])) for title, found in hidden for at in found)


#: Separates the cells of what is written: Excel with Indonesian (or European) settings splits at nothing else, because
#: there the comma is the decimal separator. Other programs detect it, or ask.
SEPARATOR = ";"
_SEPARATORS = (";", ",", "\t", "|")
#: Excel's own first line, which names the separator.
_TOLD = re.compile(r'[ \t"]*sep=([^\s"])[ \t\r"]*(?=\n)', re.IGNORECASE)
#: How exports keep the zero of a telephone number from a spreadsheet.
_AS_TEXT = re.compile(r'^="([^"]*)"$')
#: Rows from which the separator is guessed.
_LOOKED_AT = 500
_LARGEST_FILE = 64 << 20  # bytes; 20,000 complaints with two texts each take a third of it
_LARGEST_CELL = 10_000_000  # characters; what is longer has swallowed the rest of the file
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

#: What a spreadsheet could run as a formula: ``=``, ``+``, ``-`` or ``@`` (full-width forms too) after any spaces and
#: apostrophes, and a tab or a line end at the beginning.
_RUNS = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
#: A number is no formula, though it may begin with a sign.
_NUMBER = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")


def read_csv(data: bytes, name: str) -> Tab:
    """The file as a tab, called `name` (as in errors). All cells are text or None. Raises `WorkbookError`."""
    csv.field_size_limit(_LARGEST_CELL)
    text, rows = TextIOWrapper(BytesIO(data), _encoding(data, name), newline=""), list[Sequence[Value]]()
    if told := _TOLD.match(text.readline()):
        separator, rows = told[1], [()]
    else:  # commas in sentences make rows of many widths; in a tie the separator that makes the widest rows wins
        separator = max(_SEPARATORS, key=lambda separator: _table_in(text, separator))
        text.seek(0)
    # Strict, so that a stray quotation mark does not turn the rest of the file into one cell.
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        rows.extend([*map(_cell, cells)] if any(cells) else () for cells in reader)
    except csv.Error as error:
        raise WorkbookError("impor.kutip", berkas=name, baris=len(rows) + 1) from error
    return Tab(name, name, rows)


@lru_cache(maxsize=4096)  # most short ones stand in many rows: each is kept once
def _cell(cell: str) -> Value:
    return kept_text(unescaped(_AS_TEXT.sub(r"\1", cell) if cell.startswith("=") else cell)) or None


def write_csv(headings: Sequence[str], rows: Sequence[Sequence[Writable]]) -> bytes:
    """A csv file: UTF-8 with a byte order mark (without it Excel assumes another encoding), every text in quotation
    marks and escaped if it could run as a formula, dates as ``2026-11-24``, numbers as numbers."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=SEPARATOR, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_written(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _written(value: Writable) -> str | float:
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return escaped(kept_text(value or ""))


def _encoding(data: bytes, name: str) -> str:
    """By the byte order mark; else UTF-16 if there are many zeros; else UTF-8 if it decodes; else Windows-1252."""
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    even, odd = data[::2].count(0), data[1::2].count(0)
    wide = ["utf-16-be" if even > odd else "utf-16-le"] if even + odd > len(data) // 4 else []
    for encoding in marked or wide or ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            data.decode(encoding)
            return encoding
    raise WorkbookError("impor.aksara", berkas=name)


def _table_in(text: TextIOWrapper, separator: str) -> tuple[int, int]:
    """The most frequent width among rows that this separator divides: how many rows have it, and the width."""
    widths: Counter[int] = Counter()
    text.seek(0)
    with suppress(csv.Error):
        for cells in islice(csv.reader(text, delimiter=separator), _LOOKED_AT):
            widths[len(cells)] += 1
    return max(((rows, width) for width, rows in widths.items() if width > 1), default=(0, 0))


def escaped(text: str) -> str:
    """`text` as it is safe in a csv file: a spreadsheet runs a text that looks like a formula.

    As OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe before whatever could begin
    a formula, every text in quotation marks. The apostrophe can be taken away again, so nothing is lost.
    """
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    """The text before it was escaped; any other text as it is."""
    return text[1:] if text.startswith("'") and escaped(text[1:]) == text else text


class FileFormat(StrEnum):
    """The format of a file; the value is its file extension."""

    CSV = "csv"
    XLSX = "xlsx"


def table_file(form: FileFormat, title: str, headings: Sequence[str], rows: Sequence[Sequence[Writable]]) -> bytes:
    """A table as a file; nothing in it is ever run as a formula. `title` is the name of its tab. In xlsx, a text longer
    than a cell may hold (for which Excel would call the file damaged) is shortened."""
    if form is FileFormat.CSV:
        return write_csv(headings, rows)
    held = [[shorten(value, LONGEST) if isinstance(value, str) else value for value in row] for row in rows]
    return new_table(title, headings, held)


def write_new(path: Path, data: bytes) -> None:
    """Write a new file, readable by its owner only. Raises `ConfigurationError` if it is there, and `WorkbookError`."""
    try:
        write_down(path, data, "xb")
    except FileExistsError:
        raise ConfigurationError(Trouble("ekspor.sudah-ada", berkas=path)) from None
    except OSError as error:
        with suppress(OSError):  # half a table would pass for a whole one
            path.unlink()
        raise WorkbookError("ekspor.tidak-bisa-ditulis", berkas=path, sebab=reason_of(error)) from error
