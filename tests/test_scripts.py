"""The commands a user has, on a pretended machine: real scripts and shell, fake apt-get, dpkg-query, sudo and Python."""

import fcntl
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from voices import give_up

ROOT = Path(__file__).resolve().parents[1]
REAL = [
    *["awk", "basename", "bash", "cat", "cp", "df", "dirname", "env", "flock"],
    *["mkdir", "realpath", "rm", "sha256sum", "tail", "touch"],
]

# The fakes that change something write down what they were asked, and whether the set-up's lock was left open to them.
COMMON = """#!/usr/bin/env bash
name=$(basename "$0")
note() {
  echo "$name $*" >>"$MACHINE/log"
  if [ -e /proc/$$/fd/9 ]; then echo "$name was given the lock" >>"$MACHINE/log"; fi
}
fail() { if [ -e "$MACHINE/$1" ]; then cat "$MACHINE/$1" >&2; exit "$2"; fi; }
"""

FAKES = {
    "id": 'cat "$MACHINE/uid"',
    "sudo": 'note "$@"; exec "$@"',
    "dpkg": 'note "$@"',
    "dpkg-query": """
for package in "${@:4}"; do [ -e "$MACHINE/debian/$package" ] && printf '<%s installed>' "$package"; done
[ -e "$MACHINE/debian/${!#}" ]
""",
    "apt-get": """
note "$@"
[[ $* == *install* ]] || exit 0
fail apt-complains 100
past=
for word; do
  if [ "$past" ]; then touch "$MACHINE/debian/$word"; fi
  if [ "$word" = --no-install-recommends ]; then past=yes; fi
done
""",
    "python3": """
case "$*" in
  --version) cat "$MACHINE/python" ;;
  *"version_info <"*) [[ $(cat "$MACHINE/python") > "Python 3.10" ]] ;;
  *"import ensurepip"*) [ ! -e "$MACHINE/no-venv" ] || [ -e "$MACHINE/debian/python3.11-venv" ] ;;
  *"print("*) echo python3.11-venv ;;
  *"import pip"*) [ -e "$(dirname "$0")/pip" ] ;;
  "-m venv .venv")
    note "$@"; fail venv-complains 1
    mkdir .venv/bin; cp "$0" .venv/bin/python; touch .venv/bin/pip ;;
  "-m pip"*)
    note "$@"; fail pip-complains 1
    [ -e "$MACHINE/power-cut" ] && kill -KILL 0
    cp "$MACHINE/voicecramp" .venv/bin/ ;;
  "-m pytest"*) note "$@"; echo "CI=${CI-} in $PWD, told: $(cat)" ;;
esac
""",
}
VOICECRAMP = 'note "$@"; printf "in %s: " "$PWD"; printf "<%s>" "$@"'


@dataclass
class Machine:
    """A pretended machine with a checkout on it."""

    folder: Path
    project: Path

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command of the checkout from another folder, in a process group of its own."""
        return subprocess.Popen(
            [self.project / command[0], *command[1:]],
            cwd=self.folder,
            env={"PATH": str(self.folder / "bin"), "MACHINE": str(self.folder), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*command, **environment)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def set(self, name: str, text: str = "") -> None:
        (self.folder / name).write_text(text)

    def unset(self, name: str) -> None:
        (self.folder / name).unlink()

    def asked(self) -> list[str]:
        """Return what the fakes were asked since the last time."""
        log = self.folder / "log"
        lines = log.read_text().splitlines()
        log.write_text("")
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    project = tmp_path / "a path" / "with spaces"
    for folder in (project, tmp_path / "bin", tmp_path / "debian"):
        folder.mkdir(parents=True)
    for folder in ("scripts", ".ci"):
        shutil.copytree(ROOT / folder, project / folder)
    (project / "pyproject.toml").write_text("[project]\n")
    for name in REAL:
        real = shutil.which(name)
        assert real, name
        (tmp_path / "bin" / name).symlink_to(real)
    for path, text in [
        *((tmp_path / "bin" / name, text) for name, text in FAKES.items()),
        (tmp_path / "voicecramp", VOICECRAMP),
    ]:
        path.write_text(COMMON + text)
        path.chmod(0o755)
    machine = Machine(tmp_path, project)
    machine.set("log")
    machine.set("uid", "1000")
    machine.set("python", "Python 3.11.2")
    return machine


def only(lines: list[str], *programs: str) -> list[str]:
    return [line for line in lines if line.startswith(programs)]


def test_a_first_start_sets_up_and_starts(machine):
    done = machine.run("scripts/run", "--input", "two words.wav")

    assert done.returncode == 0
    assert done.stdout == f"in {machine.folder}: <run><--input><two words.wav>"
    assert "Installing from Debian, with sudo: libportaudio2 (microphone and speaker), " in done.stderr
    asked = machine.asked()
    assert [line.split()[0] for line in asked if not line.startswith("sudo")] == [
        *["dpkg", "apt-get", "apt-get", "python3", "python", "voicecramp"]
    ]
    assert only(asked, "python ")[0].endswith("install --editable .")
    assert "given the lock" not in "".join(asked)


def test_a_second_start_only_starts(machine):
    machine.run("scripts/run")
    machine.asked()

    done = machine.run("scripts/run")

    assert done.stderr == ""
    assert machine.asked() == ["voicecramp run"]


def test_the_version_is_no_run(machine):
    assert machine.run("scripts/run", "--version").stdout.endswith(": <--version>")


def test_root_needs_no_sudo(machine):
    machine.set("uid", "0")
    machine.unset("bin/sudo")

    assert machine.run("scripts/run").returncode == 0


def test_the_tests_need_more_and_leave_nothing_to_do_for_a_start(machine):
    done = machine.run("scripts/test", "-k", "aec")

    assert done.returncode == 0
    assert f"in {machine.project}" in done.stdout
    assert (machine.folder / "debian" / "flite").exists()
    asked = only(machine.asked(), "python ")
    assert asked[0].endswith("install --editable .[dev]")
    assert asked[1].startswith("python -m pytest")
    assert asked[1].endswith("-k aec")
    machine.run("scripts/run")
    assert machine.asked() == ["voicecramp run"]


def test_a_start_is_not_enough_for_the_tests(machine):
    machine.run("scripts/run")
    machine.asked()

    machine.run("scripts/test")

    asked = machine.asked()
    assert not [line for line in only(asked, "apt-get") if "libportaudio2" in line]
    assert len(only(asked, "python -m pip")) == 1


def test_continuous_integration_runs_the_same_tests_without_input(machine):
    done = machine.run(".ci/run")

    assert done.returncode == 0
    assert f"CI=true in {machine.project}, told: \n" in done.stdout


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (
            lambda machine: (machine.project / "pyproject.toml").write_text("[project]\nname = 'x'\n"),
            ["-m pip"],
        ),
        (lambda machine: machine.unset("debian/libespeak-ng1"), []),
        (lambda machine: shutil.rmtree(machine.project / ".venv"), ["-m venv", "-m pip"]),
        (lambda machine: (machine.project / ".venv/bin/python").unlink(), ["-m venv", "-m pip"]),
        (lambda machine: machine.set("python", "Python 3.13.5"), ["-m pip"]),
    ],
    ids=["other dependencies", "a package removed", "no environment", "its Python gone", "another Python"],
)
def test_what_changed_is_done_again(machine, change, again):
    machine.run("scripts/run")
    machine.asked()
    change(machine)

    assert machine.run("scripts/run").returncode == 0

    assert [" ".join(line.split()[1:3]) for line in only(machine.asked(), "python")] == again
    assert (machine.folder / "debian/libespeak-ng1").exists()


def test_a_checkout_that_moved_is_installed_again(machine):
    machine.run("scripts/run")
    machine.asked()
    machine.project = machine.project.rename(machine.folder / "elsewhere")

    assert machine.run("scripts/run").returncode == 0
    assert len(only(machine.asked(), "python -m pip")) == 1


def test_a_set_up_cut_short_is_begun_anew(machine):
    machine.set("power-cut")
    assert machine.run("scripts/run").returncode == -signal.SIGKILL
    machine.unset("power-cut")
    machine.asked()

    assert machine.run("scripts/run").returncode == 0

    assert [line.split()[2] for line in only(machine.asked(), "python")] == ["venv", "pip"]


def test_a_cut_while_the_tests_are_set_up_stops_no_start(machine):
    machine.run("scripts/run")
    machine.set("power-cut")
    machine.run("scripts/test")
    machine.unset("power-cut")
    machine.asked()

    assert machine.run("scripts/run").returncode == 0

    assert len(only(machine.asked(), "python3 -m venv")) == 1


def test_two_at_once_take_turns(machine):
    with (machine.project / "pyproject.toml").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = machine.start("scripts/run")
        assert waiting.stderr.readline() == "Another set-up is at work here; waiting for it to end.\n"
        assert machine.asked() == []
    waiting.communicate(timeout=60)

    assert waiting.returncode == 0
    assert only(machine.asked(), "voicecramp")


def test_no_virtual_environments_in_python(machine):
    machine.set("no-venv")

    done = machine.run("scripts/run")

    assert done.returncode == 0
    assert "python3.11-venv (Python's virtual environments)" in done.stderr


def complaint(machine: Machine, *command: str) -> str:
    """Return the one sentence a command fails with."""
    done = machine.run(*(command or ("scripts/run",)))
    assert done.returncode == 1
    assert done.stdout == ""
    assert not only(machine.asked(), "voicecramp")
    said = [line for line in done.stderr.splitlines() if not line.startswith(("Installing", "Making"))]
    assert len(said) == 1
    return said[0]


def test_no_sudo(machine):
    machine.unset("bin/sudo")

    said = complaint(machine)

    assert "there is no sudo here: as root, run apt-get install libportaudio2 libespeak-ng1" in said
    assert machine.asked() == []


def test_apt_fails(machine):
    machine.set("apt-complains", "W: a warning\nE: Unable to locate package libportaudio2\nmore\n")

    said = complaint(machine)

    assert "(E: Unable to locate package libportaudio2)" in said
    assert "run sudo apt-get install libportaudio2" in said


def test_no_network_for_apt(machine):
    machine.set(
        "apt-complains", "E: Failed to fetch x  Temporary failure resolving 'x'\nE: Unable to fetch\n"
    )

    assert "because there is no network" in complaint(machine)


def test_no_debian(machine):
    machine.unset("bin/dpkg-query")

    assert complaint(machine).startswith("This is not Debian or Raspberry Pi OS")


def test_an_old_python(machine):
    machine.set("python", "Python 3.09.2")

    assert "Python 3.11 or newer is needed and there is Python 3.09.2 here" in complaint(machine)


def test_no_python(machine):
    machine.unset("bin/python3")

    assert "there is no Python here" in complaint(machine)


@pytest.mark.parametrize(
    ("pip", "why", "environment_again"),
    [
        (
            "WARNING: Retrying (Retry(total=0)) after x\nERROR: No matching distribution\n",
            "no network",
            False,
        ),
        ("ERROR: Could not install: [Errno 28] No space left on device\n", "the disk is full", True),
        (
            "note: x\nERROR: No matching distribution found for vosk\n\nnote: y\n",
            "(ERROR: No matching",
            False,
        ),
    ],
    ids=["no network", "disk full", "other"],
)
def test_pip_fails(machine, pip, why, environment_again):
    machine.set("pip-complains", pip)

    said = complaint(machine)

    assert why in said
    assert f"run .venv/bin/pip install --editable '.' in {machine.project}." in said
    machine.unset("pip-complains")
    machine.asked()
    assert machine.run("scripts/run").returncode == 0
    assert bool(only(machine.asked(), "python3 -m venv")) == environment_again


def test_pip_fails_and_what_was_there_still_serves(machine):
    machine.run("scripts/run")
    before = (machine.project / "pyproject.toml").read_text()
    (machine.project / "pyproject.toml").write_text("[project]\ndependencies = ['unheard-of']\n")
    machine.set("pip-complains", "ERROR: No matching distribution found for unheard-of\n")
    machine.asked()
    complaint(machine)

    (machine.project / "pyproject.toml").write_text(before)

    assert machine.run("scripts/run").returncode == 0


def test_no_virtual_environment_can_be_made(machine):
    machine.set("venv-complains", "Error: [Errno 13] Permission denied: '.venv'\n")

    assert "(Error: [Errno 13] Permission denied: '.venv')" in complaint(machine)


def test_the_scripts_are_sound():
    scripts = [
        path
        for folder in ("scripts", ".ci")
        for path in sorted((ROOT / folder).iterdir())
        if path.is_file() and (path.suffix == ".sh" or b"bash" in path.read_bytes().split(b"\n")[0])
    ]
    if not shutil.which("shellcheck"):
        give_up("shellcheck is not installed; ./scripts/test installs it")

    done = subprocess.run(["shellcheck", "-x", *scripts], capture_output=True, text=True, check=False)

    assert len(scripts) >= 4
    assert done.returncode == 0, done.stdout
    assert all(os.access(path, os.X_OK) for path in scripts if path.suffix != ".sh")
