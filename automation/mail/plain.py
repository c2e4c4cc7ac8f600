"""Text from cells, made harmless for a mail: one line, no invisible trickery, nothing that a mail client turns into
a link. What remains is what a person reads in the cell."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from automation.cases.masking import mask_text, shorten

#: Takes no room and allows no break; no address or phone number holds one, so mail clients stop seeing a link.
#: https://blog.teknkl.com/stop-email-client-hyperlinking-text-without-consent/ names the clients it was tried in.
WORD_JOINER = "\u2060"
#: Format characters that writing needs: joiners of emoji and of Persian and Malayalam letters.
_NEEDED = "\u200c\u200d"
#: Controls, format characters (bidirectional overrides among them), lone surrogates, private use.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co"))

_ADDRESS_SIGN = re.compile(r"(?<=\S)(?=[.@:/\\]\S)|(?<=\S[.@:/\\])(?=\S)")
_PHONE_LIKE = re.compile(r"\+?\d(?:[\s().\-]{0,2}\d){6,}")
_BETWEEN_DIGITS = re.compile(r"(?<=\d\d)(?=\d)")


def one_line(text: str) -> str:
    """The text without line breaks, controls and hidden characters, each stretch of space as one."""
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    kept = (char for char in spaced if char in _NEEDED or unicodedata.category(char) not in _HIDDEN)
    return " ".join("".join(kept).split())


def inert(text: str, most: int = 160) -> str:
    """Text as it may be printed in a mail: one line, shortened, and nothing in it that looks like an address."""
    text = shorten(one_line(text), most)
    text = _PHONE_LIKE.sub(lambda found: _BETWEEN_DIGITS.sub(WORD_JOINER, found[0]), text)
    return _ADDRESS_SIGN.sub(WORD_JOINER, text)


def web_link(address: str) -> str:
    """The address if it is one that may be a link (https, one line, not too long), otherwise nothing."""
    if len(address) > 600 or not address.isascii() or not address.isprintable() or re.search(r"[\s\"'<>\\`]", address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc else ""


def local_path(address: str, most: int = 90) -> str:
    """Where a row lies on a computer, for reading: the end of the path tells the most, so that is what stays."""
    path = one_line(address)
    if web_link(path) or "://" in path.removeprefix("file://"):
        return ""
    path = mask_text(path.removeprefix("file://"))
    return inert(path if len(path) <= most else "…" + path[1 - most :], most)
