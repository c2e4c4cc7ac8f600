"""``setup``: turn an empty Kendali and spreadsheets into working ones. ``demo``: lay out a small city and run on it."""

import argparse
import json
import os
import shlex
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from automation.cli.compose import Program, jakarta_now, start
from automation.cli.digest import reses_page, sent_lines
from automation.cli.papers import letter_files, slip_files
from automation.cli.report import failure_lines, listed_lines, report_lines
from automation.cli.screen import CLOSE, PARTLY, WELL, Told, progress_bar, show
from automation.cli.state import NAME, closed_folder
from automation.cli.sync import run_cycle
from automation.config.tabs import Source
from automation.cycle.kinds import KINDS
from automation.cycle.proving import Trial
from automation.cycle.setup import Prepared, Setup
from automation.cycle.sources import Watch, create_missing
from automation.demo.city import CREDENTIALS, lay_out
from automation.model.disclosure import without_contacts
from automation.model.texts import Texts
from automation.sheets.links import local_path
from automation.sheets.port import Proof
from automation.trouble import ConfigurationError, Trouble, WorkbookError
from automation.whole_file import write_whole

ROWS_SHOWN = 20  # rows that a message names, at most


def setup(options: argparse.Namespace, texts: Texts) -> Told:
    """Prepare Kendali and every spreadsheet in Sumber; with --dry-run only say what they lack."""
    plan = options.dry_run
    unit = None if plan else options.create
    program = start(options, texts, rehearse=plan, creating=not plan, making=unit is not None)
    if not plan:
        program.sources.create_missing(program.credentials.kendali)

    def ahead(entry: str, **told: int) -> None:
        show([texts.say(f"operator.setup.{entry}", **told)])

    with progress_bar() as progress:
        making = partial(create_missing, unit, program.sources) if unit else None
        how = Watch(ahead, progress), making, options.locale, options.words
        report = Setup(program.kendali, program.syncer.open_source, texts, jakarta_now(), *how).run()
    told = f"operator.setup.istilah-{'ditambah' if options.words else 'kurang'}"
    later = [texts.say(told, banyak=report.terms)] if report.terms else []
    if plan:
        planned = [*_lines(report, Path(), texts), *later]
        return [texts.say("operator.setup.rencana"), *planned], WELL if report.well else PARTLY
    if moved := program.both.move():
        show([texts.say("operator.setup.dipindah", banyak=moved)])
    words = word_lines(program)
    opened = [*backup_lines(program), *open_lines(program, report.sources)]
    ready = [texts.say("operator.setup.siap", perintah=program.called)] if report.well and report.sources else []
    lines = [*_lines(report, program.state / NAME, texts), *later, *ready, *words, *opened]
    return lines, WELL if report.well and not words else PARTLY


def demo(options: argparse.Namespace, texts: Texts) -> Told:
    """Lay the city out (or go on with what is there), sync it, and write today's digests."""
    folder, again = options.dir, (options.dir / CREDENTIALS).exists()
    show([texts.say("operator.demo.lanjut" if again else "operator.demo.mulai", folder=folder)])
    try:
        options.credentials = lay_out(folder, jakarta_now().date(), texts)
    except OSError as error:
        raise ConfigurationError(closed_folder(folder, error)) from error
    program = start(options, texts)
    Setup(program.kendali, program.syncer.open_source, texts, jakarta_now()).run()
    report = run_cycle(program, jakarta_now())
    show([*report_lines(report, program), ""])
    well, opened = report.well, program.digester.open(jakarta_now(), report.known)
    with program.post() as post:
        for kind in KINDS.values():
            sent = opened.send(kind, post, whatever_the_hour=True)
            well = well and sent.well
            if sent.outcomes or sent.empty or sent.begins:
                show(sent_lines(kind, sent, program))
            elif kind.dated and sent.recipients:
                show([texts.say("operator.demo.kabar-sudah", kredensial=program.path, jenis=kind.name)])
    told = {"folder": folder, "outbox": program.outbox, "kredensial": program.path}
    return [texts.say("operator.demo.selesai", **told)], WELL if well else PARTLY


def _lines(report: Setup, log: Path, texts: Texts) -> list[str]:
    lines = [texts.say("operator.setup.dibuat", nama=", ".join(report.created))] if report.created else []
    lines += [line for done in report.done for line in _prepared(done, texts)]
    lines += failure_lines(report.failures, texts)
    lines += listed_lines("operator.ringkasan.tab", [one for done in report.done for one in done.troubles], texts)
    wrong = [one for one in report.problems if one not in texts.problems]  # `word_lines` tells those
    lines += listed_lines("operator.ringkasan.kendali", wrong, texts)
    if report.trial is not None:
        lines += trial_lines(report.trial, log, texts)
    if not report.sources:
        lines.append(texts.say("operator.setup.isi-sumber"))
    return lines


def _prepared(done: Prepared, texts: Texts) -> list[str]:
    parts: dict[str, object] = {
        "tab": ", ".join(new.title for new in done.added.new_tabs),
        "sel": len(done.added.cells),
        "baris": sum(map(len, done.added.appends.values())),
        "tampilan": done.dressed,
        "bahasa": done.added.local,
        "dihapus": done.removed,
    }
    added = [texts.say(f"operator.setup.{entry}", banyak=part, tab=part) for entry, part in parts.items() if part]
    entry, rows = "ditambah" if added else "lengkap", done.doubtful
    listed = ", ".join(rows[:ROWS_SHOWN]) + (" …" if len(rows) > ROWS_SHOWN else "")
    return [
        texts.say(f"operator.setup.{entry}", nama=done.name, apa="; ".join(added)),
        *(texts.say("operator.setup.dipakai", nama=done.name, tab=title) for title in done.taken),
        *([texts.say("operator.setup.tertukar", nama=done.name, banyak=len(rows), daftar=listed)] if rows else []),
    ]


def word_lines(program: Program) -> list[str]:
    """Which words and templates of people's can't be used: to find out, every digest and paper is made once."""
    texts = program.texts
    if program.own_words.exists():
        with suppress(Trouble):  # Kendali is not ready yet: then only problems that show without it
            opened = program.digester.open(jakarta_now())
            for kind in KINDS.values():
                opened.previews(kind)
            facts = opened.facts
            for case in [one for one in facts.register.entries if one.present and not one.status.closed][:1]:
                slip_files(program, case.ticket, facts.now)
                reses_page(program, facts, case.kelurahan.dapil, case.received, facts.now.date())
            for decision in facts.register.decisions[:1]:
                letter_files(program, decision.id, facts.now)
    return listed_lines("operator.ringkasan.kata", texts.problems, texts)


def open_lines(program: Program, sources: Sequence[Source]) -> list[str]:
    """Which files with secrets or personal data others on this machine may open, and the command to close them."""
    folder, state = program.credentials.folder, program.state
    found = [*program.credentials.secrets, program.outbox, *state.glob(f"{NAME}*")]
    if state != folder and state.is_dir() and all(one.name.startswith((".", NAME)) for one in state.glob("*")):
        found.append(state)  # in a folder that has other things, too (`/tmp`), the program's own files are closed
    for link in (program.credentials.kendali, program.both.backup_link, *(source.link for source in sources)):
        with suppress(OSError):  # no name that a file could have
            if link and not program.sources.is_google(link):
                path = local_path(link, folder)
                named = path.suffix.casefold() == ".xlsx"  # others fill in Sumber: it must not lead to system files
                found += path.glob("*.xlsx") if path.is_dir() else [path] if named else []
    # Files that systemd's LoadCredential puts there are for one user only, whatever their group permissions say.
    given = Path(os.environ.get("CREDENTIALS_DIRECTORY") or os.devnull)
    there = (path for path in dict.fromkeys(found) if path.exists() and not path.is_relative_to(given))
    opened = [str(path) for path in there if path.stat().st_mode & 0o077]
    if not opened or os.name != "posix":
        return []
    return [program.say("operator.setup.terbuka", banyak=len(opened), perintah=f"{CLOSE} {shlex.join(opened)}")]


def backup_lines(program: Program) -> list[str]:
    """A line if there is no Cadangan, or others than the operator and the robot may open it, or that can't be told; and
    one if Kendali still has journals of earlier years."""
    if not (link := program.both.backup_link):
        return [program.say("operator.setup.tanpa-cadangan")]
    away = ", ".join(f"“{title}”" for title in program.both.own_archives())
    found = [program.say("operator.setup.arsip-di-kendali", tab=away)] if away else []
    if not program.sources.is_google(link):
        return found  # `open_lines` tells who may open files
    try:
        others = program.sources.google().opened_by(link)
    except WorkbookError:
        others = None
    if others is None:
        return [*found, program.say("operator.setup.cadangan-entah")]
    who = ", ".join(one or program.say("operator.setup.siapa-saja") for one in others)
    return [*found, *([program.say("operator.setup.cadangan-terbuka", siapa=who)] if others else [])]


def write_transcript(path: Path, trial: Trial, texts: Texts) -> str:
    """Write what was asked of Google and its answers, about the trial's tab alone, without names; returns a line."""
    proofs = [{"code": one.code, "holds": one.holds} for one in (*trial.proofs, *trial.observed)]
    told = [{**one, "refused": without_contacts(one["refused"]).replace(trial.name, "…")} for one in trial.transcript]
    try:
        write_whole(path, json.dumps({"proofs": proofs, "transcript": told}, indent=1).encode())
    except OSError as error:
        return texts.tell(closed_folder(path.absolute().parent, error))
    return texts.say("uji.ditulis", berkas=path.absolute())


def proof_lines(proofs: Sequence[Proof], texts: Texts) -> list[str]:
    """A line for each proof."""
    known = {True: "baik", None: "belum"}
    said = ((one, known.get(one.holds, "gagal-sebab" if one.cause else "gagal")) for one in proofs)
    return [texts.say(f"uji.hasil.{entry}", apa=texts.say(one.code), sebab=one.cause) for one, entry in said]


def trial_lines(trial: Trial, log: Path, texts: Texts) -> list[str]:
    """The result of trying Google out."""
    lines = [texts.say("uji.judul", nama=trial.name), *proof_lines(trial.proofs, texts)]
    if trial.passed:
        return [*lines, texts.say("uji.lulus")]
    return [*lines, texts.say("uji.tidak-lulus"), texts.say("uji.jangan-pakai", berkas=log.resolve())]
