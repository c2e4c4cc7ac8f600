"""The outbox: where mails go while no mail server is configured, as files that a mail program and a browser open."""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from pathlib import Path

from automation.mail.delivery import PostClosed
from automation.mail.message import KEY_HEADER
from automation.whole_file import write_whole


class OutboxPost:
    """Writes each mail as ``<key>.eml`` and ``<key>.html``. The same digest again replaces its files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the files, whole or not at all; raises `PostClosed` when the folder can't be written."""
        name = file_name(str(message[KEY_HEADER]))
        html = message.get_body(("html",))
        try:
            if isinstance(html, EmailMessage):
                write_whole(self._folder / f"{name}.html", html.get_content().encode())
            write_whole(self._folder / f"{name}.eml", message.as_bytes())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PostClosed("surat.kirim.kotak-keluar", permanent=True, folder=self._folder, reason=reason) from error


def file_name(key: str) -> str:
    """A name for any file system, and another one for any other key."""
    safe = re.sub(r"[^a-z0-9@._-]+", "-", key.casefold().replace(":", "-"))[:120].strip(".-")
    if safe == key.replace(":", "-"):
        return safe
    return f"{safe}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"
