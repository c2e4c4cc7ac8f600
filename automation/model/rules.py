"""What coordinators have settled in Kendali, as far as cases depend on it."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from automation.model.complaint import Channel, Complaint, Priority, Status
from automation.model.deadlines import Calendar, Ladder
from automation.model.places import Places
from automation.model.terms import WORD, Terms
from automation.model.texts import Texts
from automation.model.vocabulary import Vocabulary
from automation.tables import intake
from automation.tables.table import Column


class Category(Struct, frozen=True):
    """A kind of complaint: the commission and agency that it goes to, and its own target (working days) if any."""

    name: str
    commission: str = ""
    agency: str = ""
    target_days: int | None = None
    sensitive: bool = False


class Rules(Struct, frozen=True):
    """Everything that a row's cells depend on besides the row and the day.

    `targets`: working days from receipt, by priority; for NORMAL the category's own target comes first. `organisation`:
    in whose name a reporter is told. `vocabulary`: the words that may leave a row; `helpers`: the names of people that
    may. `terms`: what people call the entries of lists.
    """

    places: Places
    categories: Mapping[str, Category]  # by name
    calendar: Calendar
    targets: Mapping[Priority, int]
    texts: Texts
    old_after_days: int = 30
    shortest_description: int = 1
    ladder: Ladder = field(default_factory=Ladder)
    organisation: str = ""
    retention_months: int | None = None  # how long after closing people's words are kept; None: for ever
    correction_days: int = 30  # how long words are kept after a correction has replaced them
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    terms: Terms = field(default_factory=Terms)
    proposing: tuple[date | None, date | None] = (None, None)  # first and last day for typing proposals into SIPD
    helpers: frozenset[str] = frozenset()  # as in Penerima and Wilayah
    once_sensitive: frozenset[str] = frozenset()  # sensitive categories that are no longer in the list

    def target_days(self, priority: Priority | None, category: str | None) -> int:
        """The working days promised: by priority; at normal priority the category's own target comes first."""
        priority, known = priority or Priority.NORMAL, self.category(category)
        if priority is Priority.NORMAL and known is not None and known.target_days is not None:
            return known.target_days
        return self.targets[priority]

    def entry(self, column: Column, text: str) -> str | None:
        """The entry of the column's list that a text names or surely means; None if that is unsure."""
        lists = {intake.CHANNEL: Channel, intake.PRIORITY: Priority, intake.STATUS: Status}
        return self.terms.choices(column, lists.get(column, self.categories)).find(text)

    def is_private(self, complaint: Complaint, before: Sequence[str] = ()) -> bool:
        """Whether nothing of a case may be told: it is secret, or its category is sensitive or unknown. If it had a
        sensitive category `before` and its text hints at such a matter, or that category is gone, it stays
        private until somebody says in `Rahasia` that it may be told."""
        known = self.category(complaint.category)
        if complaint.secret or known is None or known.sensitive:
            return True
        if complaint.secret is not None or not before:
            return False
        if not self.once_sensitive.isdisjoint(before):
            return True  # nothing can hint at it any more
        were = (self.category(self.entry(intake.CATEGORY, one)) for one in before)
        return any(one is not None and one.sensitive for one in were) and self.hints_at_private(complaint.description)

    def hints_at_private(self, text: str) -> bool:
        """Whether a text most likely belongs to a sensitive category, or tells what is done to a child or a woman,
        whichever category it was given (a pupil who is hit)."""
        choices = self.terms.choices(intake.CATEGORY, self.categories)
        said = set(WORD.findall(text.lower()))
        if not any(said.isdisjoint(self.terms.words[section]) for section in ("dilindungi", "dialami")):
            return any(one.sensitive for one in self.categories.values())
        if not choices.may_mean(text, {one.name for one in self.categories.values() if one.sensitive}):
            return False
        offers = choices.offers("", text).entries
        return bool(offers) and self.categories[offers[0]].sensitive

    def category(self, name: str | None) -> Category | None:
        """The category with this name; None if there is no name, or nobody knows it any more."""
        return self.categories.get(name) if name is not None else None
