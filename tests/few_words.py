"""Cities of tests have a short `Istilah`: thousands of rows in each Kendali, read in every cycle, are half of what the
suite and the simulated office would cost."""

from collections.abc import Iterator

from automation.config import defaults
from tests.examples import ALL

_ALL_ROWS = defaults._rows
#: Of other words every so many-th is left, in the test command hardly any; of channels those with short names.
_ONE_OF, _SHORT = (15, 6) if ALL else (400, 3)
_KEPT = ("Keadaan", "Kelurahan", "Keputusan", *(("Status",) if ALL else ()))
_NEEDED = ("urgent", "berobat", "lampu", "pju", "proses")


def fewer_rows(name: str) -> Iterator[dict[str, str]]:
    """In place of ``defaults._rows``."""
    for at, row in enumerate(_ALL_ROWS(name)):
        kept = name != "istilah.csv" or row["kolom"] in _KEPT or row["kata"] in _NEEDED
        if kept or at % _ONE_OF == 0 or (row["kolom"] == "Saluran" and len(row["kata"]) <= _SHORT):
            yield row


def shorten() -> None:
    """For as long as this process lives."""
    defaults._rows = fewer_rows
    defaults.shipped_terms.cache_clear()
    defaults.load_terms.cache_clear()
