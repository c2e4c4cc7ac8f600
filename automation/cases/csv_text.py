"""Text in a csv file, which a spreadsheet would run as a formula if it looked like one.

What OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe before whatever could begin a
formula, every text in quotation marks. The apostrophe can be taken away again, so nothing is lost.
"""

from __future__ import annotations

import re

#: ``=``, ``+``, ``-`` and ``@`` (also the wide ones of Japanese keyboards), whatever spaces or apostrophes stand before
#: them, and a tab or a line end at the beginning.
_RUNS = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
#: A number is none, though it may begin with a sign.
_NUMBER = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")


def escaped(text: str) -> str:
    """`text` as it may stand in a csv file."""
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    """The text that was escaped; any other text as it is."""
    return text[1:] if text.startswith("'") and escaped(text[1:]) == text else text
