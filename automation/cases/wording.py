"""The text of the cell `Pemeriksaan`: all findings of a row, in words that its volunteer can act on."""

from __future__ import annotations

from collections.abc import Sequence

from automation.cases.findings import Finding, Severity
from automation.cases.texts import Texts

_FORMS = {Severity.ERROR: "galat", Severity.WAITING: "tunggu", Severity.WARNING: "peringatan"}


def check_text(findings: Sequence[Finding], texts: Texts) -> str:
    """One finding a line, each beginning with how serious it is: first what is still missing, in one line; then
    errors; then what has to wait; then warnings. Empty when nothing was found."""
    lines: list[str] = []
    missing = [finding for finding in findings if finding.code.severity is Severity.MISSING]
    if missing:
        items = [message(finding, texts, "butir") for finding in missing]
        lines.append(texts.say("pemeriksaan.bentuk.kosong", daftar=texts.say("pemeriksaan.bentuk.pemisah").join(items)))
    for severity, form in _FORMS.items():
        lines += [_line(finding, texts, form) for finding in findings if finding.code.severity is severity]
    return "\n".join(lines)


def _line(finding: Finding, texts: Texts, form: str) -> str:
    told = message(finding, texts, "contoh")
    if finding.column is None:
        return texts.say(f"pemeriksaan.bentuk.{form}-baris", pesan=told)
    return texts.say(f"pemeriksaan.bentuk.{form}", kolom=finding.column, pesan=told)


def message(finding: Finding, texts: Texts, form: str) -> str:
    """What is wrong, with an example of how it is right where there is one; `form` is one of the catalogue's."""
    particulars = dict(finding.particulars)
    told = texts.say(f"pemeriksaan.{finding.code.value}.pesan", **particulars)
    example = texts.say(f"pemeriksaan.{finding.code.value}.contoh", **particulars)
    return texts.say(f"pemeriksaan.bentuk.{form}", pesan=told, contoh=example) if example else told
