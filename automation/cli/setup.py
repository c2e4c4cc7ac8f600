"""``setup``: make an empty Kendali and empty spreadsheets into working ones. ``check``: try out, on the operator's own
account, what is only assumed of Google."""

from __future__ import annotations

import argparse
from math import ceil
from pathlib import Path

from automation.cli.compose import compose, jakarta_now
from automation.cli.logs import start_log
from automation.cli.report import failure_lines, problem_lines
from automation.cli.screen import PARTLY, WELL, progress_bar, show
from automation.config.defaults import load_defaults
from automation.cycle.proving import Trial, try_again
from automation.cycle.setup import Making, Prepared, SetupReport, set_up
from automation.cycle.sources import Effort, Unit, Watch
from automation.model.texts import Texts
from automation.sheets.google.pace import A_MINUTE, Pace
from automation.sheets.port import Proof


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Prepare Kendali and every spreadsheet in Sumber."""
    unit = Unit(options.create) if options.create is not None else None
    program = compose(options.credentials, texts, options.state, creating=True, pace=Pace(), making=unit is not None)
    path = start_log(program.state.path)
    program.sources.create_missing(program.credentials.kendali)
    with progress_bar() as progress:
        report = set_up(
            program.kendali,
            lambda source: program.sources.open(source.link),
            load_defaults(texts),
            texts,
            jakarta_now(),
            Watch(lambda count: show([_to_make(count, texts)]), lambda ahead: show([_ahead(ahead, texts)]), progress),
            Making(unit, program.sources) if unit is not None else None,
        )
    show(_lines(report, path, texts))
    return WELL if report.well else PARTLY


def check(options: argparse.Namespace, texts: Texts) -> int:
    """Try it out, and tell what holds."""
    program = compose(options.credentials, texts, options.state)
    path = start_log(program.state.path)
    trial = try_again(program.kendali, lambda source: program.sources.open(source.link), texts, jakarta_now())
    if trial is None:
        show([texts.say("uji.tidak-perlu")])
        return WELL
    show(_trial_lines(trial, path, texts))
    return WELL if trial.passed else PARTLY


def _to_make(count: int, texts: Texts) -> str:
    return texts.say("operator.setup.membuat", banyak=count, menit=ceil(count / A_MINUTE))


def _ahead(ahead: Effort, texts: Texts) -> str:
    particulars = {"spreadsheet": ahead.spreadsheets, "banyak": ahead.requests, "menit": ahead.minutes}
    return texts.say("operator.setup.perkiraan", **particulars)


def _lines(report: SetupReport, path: Path, texts: Texts) -> list[str]:
    lines = [texts.say("operator.setup.dibuat", nama=", ".join(report.created))] if report.created else []
    lines += [line for done in (report.kendali, *report.spreadsheets) for line in _prepared(done, texts)]
    lines += failure_lines(report.failures, texts)
    lines += problem_lines(report.problems, texts)
    if report.trial is not None:
        lines += _trial_lines(report.trial, path, texts)
    if not report.sources:
        lines.append(texts.say("operator.setup.isi-sumber"))
    elif report.well:
        lines.append(texts.say("operator.setup.siap"))
    return lines


def _prepared(done: Prepared, texts: Texts) -> list[str]:
    taken = [texts.say("operator.setup.dipakai", nama=done.name, tab=title) for title in done.taken]
    if not done.changed:
        return [texts.say("operator.setup.lengkap", nama=done.name), *taken]
    parts = []
    if done.tabs:
        parts.append(texts.say("operator.setup.tab", tab=", ".join(done.tabs)))
    if done.cells:
        parts.append(texts.say("operator.setup.sel", banyak=done.cells))
    if done.rows:
        parts.append(texts.say("operator.setup.baris", banyak=done.rows))
    if done.dressed:
        parts.append(texts.say("operator.setup.tampilan"))
    return [texts.say("operator.setup.ditambah", nama=done.name, apa="; ".join(parts)), *taken]


def _trial_lines(trial: Trial, path: Path, texts: Texts) -> list[str]:
    """A line for each assumption, and what follows from them; `path` is the log's."""
    lines = [texts.say("uji.judul", nama=trial.name), *(_proof_line(proof, texts) for proof in trial.proofs)]
    if trial.passed:
        return [*lines, texts.say("uji.lulus")]
    return [*lines, texts.say("uji.tidak-lulus"), texts.say("uji.jangan-pakai", berkas=path)]


def _proof_line(proof: Proof, texts: Texts) -> str:
    entry = {True: "baik", False: "gagal", None: "belum"}[proof.holds]
    if proof.cause:
        entry = "gagal-sebab"
    return texts.say(f"uji.hasil.{entry}", apa=texts.say(proof.code), sebab=proof.cause)
