"""From the rows of Sumber to spreadsheets: those that are listed, each once, however often it is listed; and those that
a city needs and lacks, made in the folder that Sumber names."""

import logging
from collections.abc import Callable, Sequence
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from automation.config.tabs import Source
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.tabs import GUIDE
from automation.sheets.port import A_MINUTE, Workbook
from automation.sheets.prepare import places_named
from automation.sheets.sources import Sources
from automation.trouble import Trouble, WorkbookError

log = logging.getLogger(__name__)

#: Requests to one spreadsheet at most: its cells and, twice, its looks are read, cells and looks are written; its first
#: tab is looked at, hidden and removed. `_TRIAL`: the reads, and as many writes, for trying out what is assumed.
_READS, _WRITES, _TRIAL = 4, 4, 10

#: Opens a row of Sumber: one spreadsheet, or all in a folder. Raises `WorkbookError`.
OpenSource = Callable[[Source], Sequence[Workbook]]
#: Called before each spreadsheet: with how many are done, how many there are, and the name of the next.
Progress = Callable[[int, int, str], None]


class Failure(Struct, frozen=True):
    """A spreadsheet (or a row of Sumber) that could not be read or written."""

    source: Source
    trouble: Trouble


class Listed(Struct, frozen=True):
    """A spreadsheet, and the rows of Sumber that lead to it: a file and its folder may both be listed."""

    workbook: Workbook
    sources: tuple[Source, ...]

    @property
    def source(self) -> Source:
        """The first of these rows, which gives it its name."""
        return self.sources[0]


def open_listed(
    sources: Sequence[Source], open_source: OpenSource, kendali: Workbook
) -> tuple[list[Listed], list[Failure]]:
    """Every spreadsheet that Sumber leads to, in its order, without Kendali, and the rows that lead nowhere."""
    found: dict[str, Listed] = {}
    failures: list[Failure] = []
    for source in sources:
        try:
            opened = [workbook for workbook in open_source(source) if workbook.source != kendali.source]
            if not opened:
                raise WorkbookError("siklus.hanya-kendali", workbook=source.name)
        except Exception as error:
            failures.append(failure_of(source, error))
            continue
        for workbook in opened:
            known = found.get(workbook.source)
            found[workbook.source] = Listed(workbook, (*known.sources, source) if known else (source,))
    return list(found.values()), failures


def failure_of(source: Source, error: Exception) -> Failure:
    """The failure for an error: one bad spreadsheet never stops the city. Our mistakes are logged with traceback."""
    if isinstance(error, Trouble):
        log.warning("%s: %s", source.name, error)
        return Failure(source, error)
    log.exception("%s: unexpected", source.name, exc_info=error)
    return Failure(source, WorkbookError("siklus.galat-program", workbook=source.name))


class Watch(Struct, frozen=True):
    """An onlooker, told what is `ahead` (an entry of ``operator.setup``, and its particulars) and the progress."""

    ahead: Callable[..., object] = lambda *_, **__: None
    progress: Progress = lambda *_: None


#: As `create_missing` for a unit and folders.
Making = Callable[[Sequence[Source], Places, Texts, Watch], tuple[list[str], list[Failure]]]


def create_missing(
    unit: str, folders: Sources, sources: Sequence[Source], places: Places, texts: Texts, watch: Watch
) -> tuple[list[str], list[Failure]]:
    """Make a spreadsheet for each `unit` (kecamatan or kelurahan) that none serves by its name, in the first folder of
    Sumber; returns the names of those made. It ends with the first that can't be made: the next would fail too. Raises
    `WorkbookError` if Sumber names no folder."""
    folder, names = None, []
    for source in sources:
        try:
            inside = folders.in_folder(source.link)
        except WorkbookError as error:  # its content is unknown, and nothing may be made a second time
            return [], [failure_of(source, error)]
        folder = source if folder is None and inside is not None else folder
        names += [source.name] if inside is None else inside
    if folder is None:
        raise WorkbookError("operator.setup.tanpa-folder")
    wanted = missing_names(unit, names, places, texts)
    if wanted:
        watch.ahead("membuat", banyak=len(wanted), menit=ceil(len(wanted) / A_MINUTE))
    made: list[str] = []
    for number, name in enumerate(wanted):
        watch.progress(number, len(wanted), name)
        try:
            folders.create(folder.link, name, GUIDE)  # otherwise an empty tab "Sheet1" would stay in front
        except WorkbookError as error:
            return made, [failure_of(replace(folder, name=name), error)]
        made.append(name)
    return made, []


def missing_names(unit: str, names: Sequence[str], places: Places, texts: Texts) -> list[str]:
    """The names of the spreadsheets that are missing, given these `names`. A kelurahan is also served by the
    spreadsheet of its kecamatan; a kecamatan only by one that is named after all of it."""
    served = [places_named(name, places) for name in names]
    if unit == "kelurahan":
        there = {place for each in served for place in each}
        return [texts.say("operator.setup.nama-kelurahan", nama=place.name) for place in places if place not in there]
    whole = {place.kecamatan for each in served if len(each) > 1 for place in each}
    return [texts.say("operator.setup.nama-kecamatan", nama=name) for name in places.kecamatan if name not in whole]


def announce(workbooks: Sequence[Workbook], watch: Watch, *, trial: bool) -> None:
    """Tell of the work to prepare these, at most: how many are on Google, requests to them, and minutes within the
    quota. Those that assume nothing are local. `trial`: that is tried out, too."""
    if remote := sum(workbook.assumptions is not None for workbook in workbooks):
        reads, writes = (each * remote + _TRIAL * trial for each in (_READS, _WRITES))
        minutes = ceil(max(reads, writes) / A_MINUTE)
        watch.ahead("perkiraan", spreadsheet=remote, banyak=reads + writes, menit=minutes)
