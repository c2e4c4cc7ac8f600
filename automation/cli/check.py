"""``check``: try out, on the operator's own account, what is only assumed of Google."""

from __future__ import annotations

import argparse
from pathlib import Path

from automation.cases.texts import Texts
from automation.cli.compose import compose, jakarta_now
from automation.cli.exit_codes import PARTLY, WELL
from automation.cli.logs import start_log
from automation.cli.screen import show
from automation.cycle.proving import Trial, try_again
from automation.sheets.port import Proof


def run(options: argparse.Namespace, texts: Texts) -> int:
    """Try it out, and tell what holds."""
    program = compose(options.credentials, texts)
    path = start_log(program.credentials.folder)
    trial = try_again(program.kendali, lambda source: program.sources.open(source.link), texts, jakarta_now())
    if trial is None:
        show([texts.say("uji.tidak-perlu")])
        return WELL
    show(trial_lines(trial, path, texts))
    return WELL if trial.passed else PARTLY


def trial_lines(trial: Trial, path: Path, texts: Texts) -> list[str]:
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
