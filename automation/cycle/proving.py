"""Tries out, once, what is only assumed of a spreadsheet service, before any ticket is issued there."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.events import Event, EventKind
from automation.config.kendali import list_sources
from automation.cycle import second_copy
from automation.cycle.commit import commit
from automation.cycle.registry import Registry
from automation.cycle.sources import OpenSource, open_listed
from automation.model.texts import Texts
from automation.sheets.port import Changes, Proof, Snapshot, Workbook
from automation.tables.kendali import OWN
from automation.trouble import WorkbookError

log = logging.getLogger(__name__)

#: Troubles of the whole service: the next spreadsheet would fail too, after as long a wait.
_OF_ALL = ("google.tak-terjangkau", "google.kuota")


class Trial(Struct, frozen=True):
    """The results of a trial, and the name of the spreadsheet in which it was made."""

    name: str
    proofs: tuple[Proof, ...]
    observed: Sequence[Proof] = ()
    transcript: Sequence[Mapping[str, Any]] = ()

    @property
    def passed(self) -> bool:
        """Whether all assumptions hold."""
        return all(proof.holds for proof in self.proofs)


def try_again(
    kendali: Workbook, snapshot: Snapshot, open_source: OpenSource, texts: Texts, now: datetime
) -> Trial | None:
    """Try the assumptions out, whether or not that was done before: in Kendali, or in the first spreadsheet of Sumber
    that has any. None if none has. Raises `WorkbookError` if none can be opened, reached or written to."""
    opened = [kendali]
    if kendali.assumptions is None:
        listed, failures = open_listed(list_sources(snapshot)[0], open_source, kendali)
        opened = [one.workbook for one in listed if one.workbook.assumptions is not None]
        if not opened and failures:
            raise failures[0].trouble
    trial = try_out(opened[0], kendali, snapshot, texts, now) if opened else None
    if trial is None or (assumptions := opened[0].assumptions) is None:
        return trial
    try:
        observed, transcript = assumptions.observe(texts.say("uji.nama-tab"))
    except WorkbookError as error:  # nothing depends on it
        log.warning("not observed: %s", error)
        return trial
    return replace(trial, observed=observed, transcript=transcript)


def try_out(workbook: Workbook, kendali: Workbook, snapshot: Snapshot, texts: Texts, now: datetime) -> Trial | None:
    """Try out what `workbook` assumes, and record in Kendali if all holds; not in one that has nothing of its own yet,
    which with a journal alone would be taken for a Cadangan. None if it assumes nothing."""
    assumptions = workbook.assumptions
    if assumptions is None:
        return None
    trial = Trial(workbook.read().name, tuple(assumptions.try_out(texts.say("uji.nama-tab"))))
    for proof in trial.proofs:
        if proof.holds is False:
            log.warning("assumption %s fails: %s", proof.code, proof.cause or "-")
    log.info("assumptions, version %d, tried out in %s: passed=%s", assumptions.version, trial.name, trial.passed)
    if trial.passed:

        def wanted(seen: Snapshot) -> Changes:
            proven = Registry(seen).has_proof_for(workbook) or not any(seen.tab(title) for title in OWN)
            proof = Event(0, now, "", EventKind.PROVEN, {"versi": assumptions.version})
            return second_copy.journalled(seen, workbook.source, () if proven else [proof])

        commit(kendali, snapshot, wanted)
    return trial


def make_sure(
    workbooks: Iterable[Workbook], kendali: Workbook, seen: Snapshot, registry: Registry, texts: Texts, now: datetime
) -> None:
    """Try out what, as far as Kendali knows, nobody has tried yet: a version may rely on more than the one before it,
    or Kendali's copy of the journals was lost. What can't be tried now is left for another day."""
    for one in (one for one in (kendali, *workbooks) if not registry.has_proof_for(one)):
        try:
            try_out(one, kendali, seen, texts, now)
            registry.refresh(kendali.read())
            return
        except WorkbookError as error:
            log.warning("assumptions not tried out: %s", error)
            if error.code in _OF_ALL:
                return
