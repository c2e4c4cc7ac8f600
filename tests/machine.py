"""A small machine of its own, for recipes that need one: a root of its own in namespaces of its own, with the program
at /opt/ruang-rakyat. Whoever runs there sees nothing of this machine but its programs, and changes nothing outside."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.programs import PATIENCE, run_program

REPOSITORY = Path(__file__).parent.parent
PLACE = "opt/ruang-rakyat"
#: What the machine is made of: an empty folder for its root, what is copied into it, the folder /out, which is ours,
#: Python's folder, that of its packages, and where these belong in a virtual environment; the rest is what runs there.
_MAKE = r"""
set -eu
root=$1 files=$2 out=$3 python=$4 packages=$5 inner=$6
shift 6
mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$root"
cd "$root"
for one in bin lib lib64 sbin; do
  if [ -L "/$one" ]; then cp -a "/$one" .; elif [ -d "/$one" ]; then mkdir "$one"; mount --rbind "/$one" "$one"; fi
done
mkdir -p out usr etc var/lib var/tmp run tmp proc sys dev opt/python root home srv
chmod 1777 tmp var/tmp
mount --rbind /usr usr
mount --rbind /dev dev
mount -t proc none proc
mount --rbind /sys sys
for one in passwd group nsswitch.conf ssl localtime; do
  if [ -e "/etc/$one" ]; then cp -a "/etc/$one" etc; fi
done
echo 'ruangrakyat:x:990:990::/nonexistent:/usr/sbin/nologin' >> etc/passwd
echo 'ruangrakyat:x:990:' >> etc/group
cp -a "$files/." .
mount --bind "$out" out
mount --bind "$python" opt/python
mkdir -p "opt/ruang-rakyat/.venv/$inner"
mount --bind "$packages" "opt/ruang-rakyat/.venv/$inner"
printf '%s\n' /opt/python/lib /usr/local/lib /usr/lib/*-linux-gnu > etc/ld.so.conf
ldconfig -r .
mkdir old
pivot_root . old
umount -l old
cd /
exec "$@"
"""
#: systemd as the first process, where there is one: `$1` is the unit that it begins with.
BOOT = r"""
mount --make-rshared /
umount -l /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs none /run
mount -t tmpfs none /tmp
exec env -i container=other PATH=/usr/sbin:/usr/bin SYSTEMD_UNIT_PATH=/etc/systemd/system \
  /usr/lib/systemd/systemd --system --unit="$1" --log-target=console --show-status=no
"""
_OWN = ("--mount", "--pid", "--fork", "--mount-proc", "--ipc", "--uts", "--cgroup", "--kill-child")


@cache
def _missing() -> str:
    """Why no such machine can be made here."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        return "only the administrator of a Linux machine can make another one in it"
    tried = subprocess.run(["unshare", *_OWN, "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True)
    return tried.stderr.decode()


class Machine:
    """`folder` is an empty one; its folder `files` is copied into the root before anything runs."""

    def __init__(self, folder: Path) -> None:
        if why := _missing():
            pytest.skip(why)
        self.files, self.out, self._root = folder / "files", folder / "out", folder / "root"
        program = self.files / PLACE
        for name in ("automation", "templates"):
            shutil.copytree(REPOSITORY / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
        (program / ".venv" / "bin").mkdir(parents=True)
        python = f"/opt/python/bin/python3.{sys.version_info.minor}"
        (program / ".venv" / "bin" / "python").symlink_to(python)
        (program / ".venv" / "pyvenv.cfg").write_text(f"home = {Path(python).parent}\n", "utf-8")
        for one in (self._root, self.out):
            one.mkdir()

    def put(self, path: str, text: str, mode: int = 0o644) -> Path:
        """A file in the root."""
        file = self.files / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        file.chmod(mode)
        return file

    def run(self, script: str, *arguments: str) -> str:
        """What a shell script writes that runs in the new root's folder, as the administrator of all of it."""
        packages = sysconfig.get_path("purelib")
        inner = f"lib/python3.{sys.version_info.minor}/site-packages"
        folders = [*map(str, (self._root, self.files, self.out)), sys.base_prefix, packages, inner]
        make = ["sh", "-c", _MAKE, "sh", *folders, "sh", "-euc", script, "sh", *arguments]
        with _control_group() as group:
            enter = 'echo $$ > "$0/cgroup.procs"; exec "$@"' if group else 'exec "$@"'
            return run_program("sh", "-c", enter, str(group), "unshare", *_OWN, *make, seconds=PATIENCE)


@contextmanager
def _control_group() -> Iterator[Path | None]:
    """A group of processes of its own, below which systemd makes its own ones; None where there is none to be had."""
    mounts = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    where = next((Path(line.split()[4]) for line in mounts if " - cgroup2 " in line), None)
    group = where / f"ruang-rakyat-{os.getpid()}" if where is not None else None
    if group is not None:
        group.mkdir()
    yield group
    if group is not None:
        for folder in sorted((one for one in group.rglob("*") if one.is_dir()), reverse=True):
            folder.rmdir()
        group.rmdir()


def inside(*command: str) -> str:
    """A command, run in the new root."""
    return f"chroot . {shlex.join(command)}"
