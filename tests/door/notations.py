"""How people and programs write digits: 48 notations of a telephone number, an account, a NIK."""

from collections.abc import Callable, Mapping
from functools import partial

_BETWEEN = (
    *(
        "",
        " ",
        "-",
        ".",
        "_",
        "/",
        ",",
        "*",
        "~",
        ":",
        "|",
        "+",
        "=",
        "'",
        "\u00b7",
        "\u2022",
        "\u2010",
        "\u2011",
        "\u2012",
    ),
    *(
        "\u2013",
        "\u2014",
        "\u2212",
        "\u00a0",
        "\u202f",
        "\u200b",
        "\u200d",
        "\u2060",
        " - ",
        ". ",
        ", ",
        " . ",
        "__",
        "\u3000",
    ),
)


def _fours(digits: str, mark: str) -> str:
    return mark.join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _script(zero: int) -> Callable[[str], str]:
    return lambda digits: "".join(chr(zero + int(digit)) for digit in digits)


#: By what it is called.
NOTATIONS: Mapping[str, Callable[[str], str]] = {
    **{f"fours by {mark!r}": partial(_fours, mark=mark) for mark in _BETWEEN},
    "full width": _script(0xFF10),
    "Arabic": _script(0x0660),
    "Persian": _script(0x06F0),
    "Devanagari": _script(0x0966),
    "mathematical": _script(0x1D7CE),
    "full width in fours": lambda digits: _fours(_script(0xFF10)(digits), "\uff0d"),
    "twos": lambda digits: " ".join(digits[at : at + 2] for at in range(0, len(digits), 2)),
    "one by one": " ".join,
    "one by one with dots": ".".join,
    "joined by nothing that is seen": "\u200d".join,
    "first in brackets": lambda digits: f"({digits[:4]}) {_fours(digits[4:], ' ')}",
    "all in brackets": lambda digits: f"({digits})",
    "a word before": lambda digits: f"telp {digits[:4]} {digits[4:]}",
    "glued to a word": lambda digits: f"telp{digits}",
    "a letter for the zero": lambda digits: digits.replace("0", "O", 1) if digits[0] == "0" else f"no{digits}",
    "bold for WhatsApp": lambda digits: f"*{digits}*",
}
