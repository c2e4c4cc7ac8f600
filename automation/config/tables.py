"""The tabs of Kendali by their titles."""

from __future__ import annotations

from automation.tables import kendali
from automation.tables.journal import JOURNAL as _JOURNAL
from automation.tables.kendali import CHARTS, GUIDE, TABS
from automation.tables.register import REGISTER as _REGISTER

__all__ = [
    "CATEGORIES", "CHARTS", "GUIDE", "HEADINGS", "HOLIDAYS", "JOURNAL", "LISTS", "MAILS", "PLACES", "RECIPIENTS",
    "REGISTER", "REPAIRS", "SETTINGS", "SOURCES", "TABS",
]  # fmt: skip

SETTINGS = kendali.SETTINGS.title
RECIPIENTS = kendali.RECIPIENTS.title
CATEGORIES = kendali.CATEGORIES.title
PLACES = kendali.PLACES.title
HOLIDAYS = kendali.HOLIDAYS.title
SOURCES = kendali.SOURCES.title
REGISTER = _REGISTER.title
REPAIRS = kendali.REPAIRS.title
JOURNAL = _JOURNAL.title
MAILS = kendali.MAILS.title
LISTS = kendali.LISTS.title
HEADINGS = {table.title: table.headings for table in kendali.KENDALI}
