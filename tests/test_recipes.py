"""The recipes of docs/recipes are tried: each in a machine of its own kind, as far as one can be had here."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from automation.cycle.kinds import KINDS
from tests.local_city import YATI, LocalCity
from tests.machine import BOOT, PLACE, Machine
from tests.programs import run_program

ROOT = Path(__file__).parent.parent
RECIPES = ROOT / "docs" / "recipes"
SYSTEMD, CONTAINER = RECIPES / "systemd", RECIPES / "container"
README = (ROOT / "README.md").read_text("utf-8")
PAGE = (ROOT / "docs" / "recipes.md").read_text("utf-8")
#: What one turn has to do.
TURN = ["sync", *(f"digest {kind}" for kind in KINDS)]
INSTALL = "python -m venv .venv && .venv/bin/pip install -q -r requirements.txt"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def city_in(folder: Path, home: str) -> LocalCity:
    """Local spreadsheets with one complaint, in a folder that the program calls `home`."""
    city = LocalCity.lay_out(folder, {"Barat": ("Gondrong",)})
    city.list_sources(f"{home}/Barat.xlsx")
    city.type("Barat", "Gondrong", YATI)
    city.enter(kendali=f"{home}/Kendali.xlsx")
    city.credentials.chmod(0o600)
    return city


def assert_done(folder: Path) -> None:
    assert LocalCity(folder).tickets("Barat")["yati"].startswith("RR-")


def recipe(name: str) -> str:
    return (RECIPES / name).read_text("utf-8")


def test_each_recipe_does_the_same_and_forgets_no_kind_of_digest() -> None:
    for name in ("systemd/ruang-rakyat-sync.service", "cron/ruang-rakyat", "workflow.yml", "windows/ruang-rakyat.xml"):
        told = re.findall(r"\b(?:automation|for what in|json) (sync)\b|\b(digest \w+)", recipe(name))
        assert sorted(one or other for one, other in told) == sorted(TURN), name
    assert INSTALL in recipe("workflow.yml") and f"{INSTALL} &&" in README.replace("python3", "python")
    files = [path.relative_to(ROOT / "docs").as_posix() for path in RECIPES.rglob("*") if path.is_file()]
    assert [name for name in files if f"({name})" not in PAGE] == []


# systemd


#: Of the machine that boots, besides the recipe's units: what every machine has, and a unit that looks on.
_STUBS = ("sysinit", "basic", "shutdown", "sockets", "timers", "multi-user", "network-online")
_BUS = """
[Unit]
DefaultDependencies=no
Requires=dbus.socket
[Service]
Type=notify
ExecStart=/usr/bin/dbus-daemon --config-file=/usr/share/dbus-1/system.conf --address=systemd: --nofork --nopidfile
"""
_SOCKET = "[Unit]\nDefaultDependencies=no\n[Socket]\nListenStream=/run/dbus/system_bus_socket\n"
_LOOK_ON = """
[Unit]
DefaultDependencies=no
Wants=dbus.socket dbus.service ruang-rakyat-run.service
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
TimeoutStartSec=120
StandardOutput=file:/out/seen
StandardError=inherit
ExecStart=/bin/sh -euc '\\
  until busctl status org.freedesktop.systemd1 >/dev/null 2>&1; do sleep 0.1; done; \\
  until [ -e /var/lib/ruang-rakyat/.credentials.json.siklus ]; do sleep 0.1; done; \\
  systemctl show -p ActiveState,User ruang-rakyat-run; \\
  /etc/systemd/system/ruang-rakyat --version; \\
  /etc/systemd/system/ruang-rakyat check; \\
  systemd-run --quiet --collect --wait --pipe --unit ruang-rakyat-once-1 /bin/sh /probe; \\
  systemctl stop ruang-rakyat-run; \\
  systemctl show -p ActiveState,Result,ExecMainStatus ruang-rakyat-run; \\
  systemctl start ruang-rakyat-sync; echo sync: $(systemctl show -p Result ruang-rakyat-sync); \\
  systemctl start ruang-rakyat-sync.timer; echo timer: $(systemctl show -p ActiveState ruang-rakyat-sync.timer); \\
  cp /srv/ruang-rakyat/*.xlsx /out/'
"""
#: What the service itself may do: nothing beyond its own folder; and libraries load, some of which make code.
_PROBE = """
for place in /opt/ruang-rakyat/x /etc/x /root/x /usr/x /srv/x; do touch $place 2>/dev/null && echo WRITES $place; done
cat /etc/ruang-rakyat/credentials.json 2>/dev/null && echo READS THE ORIGINAL
touch $STATE_DIRECTORY/x && rm $STATE_DIRECTORY/x && echo its own folder is writable
.venv/bin/python -c 'from cryptography.hazmat.primitives.asymmetric import rsa
key = rsa.generate_private_key(65537, 2048)
import ssl, gspread, rapidfuzz, fpdf; ssl.create_default_context(); print("libraries load")'
"""


@pytest.mark.long
def test_under_systemd_the_service_works_in_its_cage_and_ends_cleanly(machine: Machine) -> None:
    if shutil.which("systemd-run") is None or shutil.which("dbus-daemon") is None:
        pytest.skip("no systemd here")
    city_in(machine.files / "srv" / "ruang-rakyat", "/srv/ruang-rakyat").credentials.unlink()
    machine.put("etc/ruang-rakyat/credentials.json", '{"kendali": "/srv/ruang-rakyat/Kendali.xlsx"}', 0o600)
    units = machine.files / "etc" / "systemd" / "system"
    shutil.copytree(SYSTEMD, units)
    stubs = {f"{stub}.target": "[Unit]\nDefaultDependencies=no\n" for stub in _STUBS}
    for name, words in {**stubs, "look-on.service": _LOOK_ON, "dbus.service": _BUS, "dbus.socket": _SOCKET}.items():
        machine.put(f"etc/systemd/system/{name}", words)
    (local,) = re.findall(r"```ini\n(# .*20-local\.conf\n.*?)```", PAGE, re.DOTALL)
    machine.put("etc/systemd/system/ruang-rakyat-.service.d/20-local.conf", local)
    machine.put("probe", _PROBE)
    try:
        machine.run("chown -R 990:990 /srv/ruang-rakyat; chmod go-rwx /srv/ruang-rakyat/*; " + BOOT, "look-on.service")
    except subprocess.CalledProcessError as error:
        if error.returncode == 32:  # mount's
            pytest.skip(f"systemd can't have control groups of its own here: {error.stderr}")
        raise
    seen = (machine.out / "seen").read_text("utf-8")
    for told in (
        "User=ruangrakyat\nActiveState=active", "run sedang berjalan", "pembacaan terakhir", "baik   Rahasia",
        "its own folder is writable\nlibraries load",
        "Result=success\nExecMainStatus=0\nActiveState=inactive", "sync: Result=success", "timer: ActiveState=active",
    ):  # fmt: skip
        assert told in seen, seen
    assert "WRITES" not in seen and "ORIGINAL" not in seen and "SALAH" not in seen, seen
    assert_done(machine.out)


@pytest.mark.long
def test_systemd_finds_nothing_wrong_with_the_units_and_their_exposure_is_small(machine: Machine) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    shutil.copytree(SYSTEMD, machine.files / "etc" / "systemd" / "system")
    units = " ".join(sorted(path.name for path in SYSTEMD.glob("ruang-rakyat-*.*") if path.is_file()))
    machine.run(
        f"cd /etc/systemd/system; systemd-analyze verify --man=no {units} 2>&1 > /out/told; mount -t tmpfs none /run;"
        "systemd-analyze security --offline=true --threshold=15 --no-pager ruang-rakyat-run.service > /out/exposure"
    )
    assert (machine.out / "told").read_text("utf-8") == ""
    assert "OK" in (machine.out / "exposure").read_text("utf-8").splitlines()[-1]


# A container


@pytest.mark.long
def test_the_containers_steps_work_as_nobody_with_a_read_only_root(machine: Machine) -> None:
    lines = re.sub(r"\\\n\s*", " ", recipe("container/Containerfile")).splitlines()
    steps = [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]
    last = max(at for at, (word, _) in enumerate(steps) if word == "FROM")
    step = {word: rest for word, rest in steps[last:] if word not in ("COPY", "FROM")}
    start = [*json.loads(step["ENTRYPOINT"]), *json.loads(step["CMD"])]
    health = json.loads(step["HEALTHCHECK"].partition(" CMD ")[2])
    user, group = step["USER"].split(":")
    city_in(machine.files / "before", "/data").credentials.unlink()
    machine.put("run/secrets/credentials.json", '{"kendali": "/data/Kendali.xlsx"}', 0o400)
    assert (
        f"COPY --from=build /{PLACE}/.venv /{PLACE}/.venv" in lines and f"COPY automation /{PLACE}/automation" in lines
    )
    as_it = (
        f"setpriv --reuid {user} --regid {group} --clear-groups --bounding-set -all --no-new-privs env -i {step['ENV']}"
    )
    machine.run(f"""
        {step["RUN"]}
        mount -t tmpfs -o mode=700,uid={user} none {step["VOLUME"]}
        mount -t tmpfs -o mode=1777 none /tmp
        cp /before/*.xlsx /data; chown {user}:{group} /data/*.xlsx /run/secrets/credentials.json
        mount -o remount,ro /
        exec > /out/seen 2>&1
        cd {step["WORKDIR"]}
        {as_it} {shlex.join(health)} && echo too early
        {as_it} {shlex.join(start)} &
        until [ -e /data/.credentials.json.siklus ]; do sleep 0.1; done
        {as_it} {shlex.join(health)} && echo healthy
        {as_it} sh -c 'touch /opt/ruang-rakyat/x || touch /x || touch /run/secrets/x' || echo read only
        kill -TERM $!; wait $! && echo ended
        touch -d '2 hours ago' /data/.credentials.json.siklus
        {as_it} {shlex.join(health)} || echo ill
        cp /data/*.xlsx /out
    """)
    seen = (machine.out / "seen").read_text("utf-8")
    told = [line for line in seen.splitlines() if line in ("too early", "healthy", "read only", "ended", "ill")]
    assert told == ["healthy", "read only", "ended", "ill"], seen
    assert_done(machine.out)


# cron


@pytest.mark.long
def test_crons_line_works_where_nothing_is_known(machine: Machine) -> None:
    line = recipe("cron/ruang-rakyat").splitlines()[-1]
    schedule, command = line.split(" ")[:5], line.split(" ", 5)[5]
    assert schedule == ["*/10", "*", "*", "*", "*"] and "%" not in command  # which cron takes for the end of a line
    city_in(machine.files / PLACE, f"/{PLACE}")
    machine.run(f"""
        chown -R 990:990 /{PLACE}
        setpriv --reuid 990 --regid 990 --clear-groups env -i HOME=/nonexistent LOGNAME=ruangrakyat SHELL=/bin/sh \
          PATH=/usr/bin:/bin /bin/sh -c {shlex.quote(command)} > /out/told 2>&1
        cp /{PLACE}/*.xlsx /{PLACE}/ruang-rakyat.log /out
    """)
    assert (machine.out / "told").read_text("utf-8") == "", "cron mails whatever is printed"
    assert (machine.out / "ruang-rakyat.log").exists()
    assert_done(machine.out)


# A workflow of a code host, and Windows


@pytest.mark.long
def test_the_workflow_and_the_compose_file_keep_to_their_schemas_and_the_steps_work_as_a_script(tmp_path: Path) -> None:
    yaml = pytest.importorskip("ruamel.yaml")
    check = Path(sys.executable).with_name("check-jsonschema")
    for schema, name in (("github-workflows", "workflow.yml"), ("compose-spec", "container/compose.yaml")):
        run_program(check, "--builtin-schema", f"vendor.{schema}", RECIPES / name)
    (job,) = yaml.YAML(typ="safe").load(recipe("workflow.yml"))["jobs"].values()
    host = tmp_path / "host"
    for name in ("automation", "templates"):
        shutil.copytree(ROOT / name, host / name)
    (host / ".venv").symlink_to(Path(sys.prefix))
    city = city_in(tmp_path / "kota", str(tmp_path / "kota"))
    secret = city.credentials.read_text("utf-8")
    steps = [step["run"] for step in job["steps"] if "run" in step and step["run"] != INSTALL]
    assert len(steps) == 3
    for step in steps:
        subprocess.run(
            ["bash", "-e", "-c", step], cwd=host, check=True, env={"PATH": "/usr/bin:/bin", "CREDENTIALS": secret}
        )
    assert_done(tmp_path / "kota")
    assert not (host / "ruang").exists()


@pytest.mark.long
def test_what_the_task_of_windows_calls_works_without_a_terminal(tmp_path: Path) -> None:
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    task = ET.fromstring(recipe("windows/ruang-rakyat.xml"))
    calls = [node.findtext(f"{space}Arguments", "").split() for node in task.iter(f"{space}Exec")]
    city = city_in(tmp_path, str(tmp_path))
    for call in calls:  # pythonw has neither input nor output
        command = shlex.join([sys.executable, *call]) + " <&- >&- 2>&-"
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False, env={"PYTHONPATH": str(ROOT)})
        assert done.returncode == 0, call
    assert len(calls) == len(TURN) and "Galat" not in (tmp_path / "ruang-rakyat.log").read_text("utf-8")
    assert_done(city.folder)
