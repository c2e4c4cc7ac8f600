"""Programs from outside: an office program, a browser, a reader of PDF; and the rights of who runs them."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: By the marker of a test, the program that it needs.
NEEDED = {"libreoffice": SOFFICE, "browser": CHROMIUM}
HANDS = Path(__file__).with_name("office_hands.py")
#: Seconds in which any of them answers, however slow the machine.
PATIENCE = 240
#: To open a workbook, to take a step after another in it (see tests/office_hands.py), and to save it.
Steps = Sequence[Sequence[object]]


def run_program(*command: str | Path, text: str = "", seconds: float = PATIENCE) -> str:
    """What a program writes; raises `CalledProcessError` if it fails."""
    pipe = subprocess.PIPE
    group = os.name == "posix"  # of the program and all that it starts, to be ended together
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=group)
    try:
        output, errors = process.communicate(text, timeout=seconds)
    except subprocess.TimeoutExpired:
        pytest.fail(f"{command[0]} did not answer within {seconds} seconds, and was ended")
    finally:
        with suppress(ProcessLookupError):
            if group:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
        process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, [*map(str, command)], output, errors)
    return output


class Office:
    """LibreOffice without its window, under a profile of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._profile = folder / "profil"

    def convert(self, path: Path, kind: str, *filters: str) -> Path:
        saved = self._folder / "disimpan"
        home = f"-env:UserInstallation={self._profile.absolute().as_uri()}"
        convert = ["--convert-to", kind, "--outdir", str(saved), str(path)]
        run_program(str(SOFFICE), home, "--headless", *filters, *convert)
        return saved / f"{path.stem}.{kind.partition(':')[0]}"

    def edit(self, *work: tuple[Path, Steps]) -> None:
        if not (python := python_with_uno()):
            pytest.skip("no Python on this computer can drive LibreOffice (python3-uno)")
        text = json.dumps([[str(path), list(steps)] for path, steps in work])
        run_program(python, HANDS, str(SOFFICE), self._profile, text=text)


@cache
def python_with_uno() -> str:
    """A Python that can drive LibreOffice: ours, the system's, or the one that LibreOffice brings along."""
    beside = Path(SOFFICE).resolve().parent if SOFFICE else Path()
    for python in (sys.executable, "/usr/bin/python3", "python3", str(beside / "python")):
        if shutil.which(python) is None:
            continue
        if subprocess.run([python, "-c", "import uno"], check=False, capture_output=True).returncode == 0:
            return python
    return ""


# The administrator of a machine may write anywhere: tests of permissions put that right aside for a while


_VERSION_3 = 0x20080522  # of capget(2): two blocks of 32 bits
_OVERRULES = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH of capabilities(7)


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """Let this thread obey the modes of files as any other user does.

    The administrator stays who they are (whoever becomes another user can't read a program in a folder of the
    administrator's own) and does without the two capabilities that overrule modes. Nothing happens to other users.
    """
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("only on Linux can the administrator be bound by permissions")
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then the same of the higher 32
    failed = libc.capget(header, rights)
    before = rights[0]
    rights[0] &= ~_OVERRULES
    if failed or libc.capset(header, rights):
        pytest.skip(f"the administrator can't be bound by permissions: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        rights[0] = before
        libc.capset(header, rights)
