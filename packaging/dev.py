"""Set the project up, run it, test it: one command from a fresh checkout, with nothing but Python installed.

    python3 packaging/dev.py run [-- ARGS]           the program (Windows: py packaging\\dev.py run)
    python3 packaging/dev.py test [-- PYTEST ARGS]   every check and test; with arguments, only pytest with those
    python3 packaging/dev.py bench [NAME ...]        benchmarks

Standard library only. The text before `main` must also be readable by Pythons that are too old or too new, so that they
can say which one to install instead of failing on syntax.

The environment in `.venv` is made once and kept: a stamp of the lock's contents says whether it is current. The project
itself is not installed into it; a path file points back at the checkout, which needs no build step and cannot go stale.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
TOUR = ROOT / "build" / "tour"

SUPPORTED = ((3, 11), (3, 12), (3, 13))
RECOMMENDED = "3.13"

# What Qt loads from the system on Linux, and the Debian package that brings it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
QT_LIBRARIES_WITH_A_DISPLAY = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# What some tests stand on, which skip without: a real keyring, and a real proxy.
TEST_PROGRAMS = {"gnome-keyring-daemon": "gnome-keyring", "dbus-run-session": "dbus", "tinyproxy": "tinyproxy-bin"}
FONT_PACKAGE = "fonts-inter"
FONT_FOLDERS = "/usr/share/fonts/*/inter*"


class CannotContinue(Exception):
    """Set-up met something that a person must decide or install; the text says what."""


def say(text: str) -> None:
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)  # a console may lack a tool's characters


def call(command: Sequence[str], environ: dict[str, str], folder: Path | None = None) -> int:
    """Run a command in this terminal and return its exit status as a shell would tell it."""
    process = subprocess.Popen(command, env=environ, cwd=folder)
    while True:
        try:
            status = process.wait()
        except KeyboardInterrupt:
            continue  # the command heard Ctrl+C as well, and ends in its own way
        return status if status >= 0 else 128 - status


def call_quietly(command: Sequence[str], environ: dict[str, str], folder: Path | None = None) -> bool:
    """Whether a command succeeds. Its words are shown only if it fails."""
    done = subprocess.run(
        command, check=False, env=environ, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        say(done.stdout.decode(errors="replace").strip())
    return done.returncode == 0


# --- the machine -------------------------------------------------------------------------------------------------


def version_refusal(version: tuple[int, int], installed: Sequence[str] = ()) -> str | None:
    """Why this Python cannot be used and what to do; None when it can. `installed`: suitable commands found here."""
    if version in SUPPORTED:
        return None
    names = "{}.{} to {}.{}".format(*SUPPORTED[0], *SUPPORTED[-1])
    refusal = "Site Recovery Desk needs Python {}; this is {}.{}.\n".format(names, *version)
    if installed:
        return refusal + f"It is installed here. Run: {installed[-1]} {shlex.join(sys.argv)}"
    return refusal + f"Install Python {RECOMMENDED}: https://www.python.org/downloads/"


def suitable_pythons() -> list[str]:
    names = ["python{}.{}".format(*version) for version in SUPPORTED]
    return [name for name in names if shutil.which(name)]


def has_display(platform: str, environ: dict[str, str]) -> bool:
    """Whether a window can be shown. Without one Qt aborts instead of raising, so this is asked before it starts."""
    chosen = environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen:
        return chosen not in ("offscreen", "minimal")
    return not platform.startswith("linux") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(with_display: bool) -> list[str]:
    """Debian packages that this Linux lacks: what Qt loads, and what makes an environment."""
    wanted = {**QT_LIBRARIES, **(QT_LIBRARIES_WITH_A_DISPLAY if with_display else {})}
    missing = [package for library, package in wanted.items() if not can_load(library)]
    if importlib.util.find_spec("ensurepip") is None and venv_version(VENV) not in SUPPORTED:
        missing.append("python{}.{}-venv".format(*sys.version_info[:2]))
    return missing


def welcome_packages(for_tests: bool) -> list[str]:
    """Debian packages that do good, and without which all goes on: the font, and what some tests stand on."""
    has_font = any(Path("/").glob(FONT_FOLDERS.lstrip("/")))
    programs = TEST_PROGRAMS if for_tests else {}
    missing = [package for program, package in programs.items() if shutil.which(program) is None]
    return missing if has_font else [FONT_PACKAGE, *missing]


def provide_system_packages(with_display: bool, for_tests: bool = False) -> None:
    """Install what the system lacks, as root on Debian and its kin; elsewhere say the one command that needs root."""
    if not sys.platform.startswith("linux"):
        return
    needed = missing_packages(with_display)
    wanted = [*needed, *welcome_packages(for_tests)]
    if not wanted:
        return
    if shutil.which("apt-get") is None:
        if needed:
            raise CannotContinue("Install these with your package manager (Debian's names): " + " ".join(needed))
        return
    if os.geteuid() != 0:
        command = "sudo apt-get install --no-install-recommends " + " ".join(wanted)
        if needed:
            raise CannotContinue("The system lacks some packages. Run this, then try again:\n  " + command)
        say("For the look the program was drawn for, and for every test: " + command)
        return
    say("Installing system packages: " + " ".join(wanted))
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt_get = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for command in ([*apt_get, "update"], [*apt_get, "install", "-y", "--no-install-recommends", *wanted]):
        if not call_quietly(command, environ):
            if needed:
                raise CannotContinue("This failed, its words are above: " + shlex.join(command))
            return


# --- the environment ---------------------------------------------------------------------------------------------


def venv_python(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def venv_version(venv: Path) -> tuple[int, int] | None:
    """The Python an environment was made with; None when there is none, or when that Python has gone."""
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    facts = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    if not venv_python(venv).exists() or not Path(facts.get("home", "")).is_dir():
        return None
    major, minor = facts.get("version", "0.0").split(".")[:2]
    return int(major), int(minor)


def wanted_stamp(lock: Path, version: tuple[int, int]) -> str:
    return "{}.{} {}\n".format(*version, hashlib.sha256(lock.read_bytes()).hexdigest())


def stamp_file(venv: Path) -> Path:
    return venv / "site-recovery-desk.stamp"


def is_current(venv: Path, lock: Path) -> bool:
    version = venv_version(venv)
    if version not in SUPPORTED or version is None:
        return False
    try:
        return stamp_file(venv).read_text(encoding="ascii") == wanted_stamp(lock, version)
    except OSError:
        return False


def install_command(python: Path, lock: Path) -> list[str]:
    """Install the lock and nothing beside it: its very files (hashes), no further dependency, nothing built here."""
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--compile"]
    return [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install", *options, "-r", str(lock)]


def site_packages(venv: Path, version: tuple[int, int]) -> Path:
    return venv / ("Lib/site-packages" if os.name == "nt" else "lib/python{}.{}/site-packages".format(*version))


def write_path_file(venv: Path, version: tuple[int, int], root: Path) -> None:
    """Make the checkout importable. Relative, so that any character may stand in the folder's own name."""
    folder = site_packages(venv, version)
    line = Path(os.path.relpath(root, folder)).as_posix() + "\n"
    (folder / "site_recovery_desk.pth").write_text(line, encoding="ascii")


def provide_environment() -> Path:
    """Make or refresh `.venv` where needed, and return its Python."""
    python = venv_python(VENV)
    if is_current(VENV, LOCK):
        return python
    began = time.monotonic()
    if venv_version(VENV) not in SUPPORTED:
        say("Making the environment in .venv")
        if not call_quietly([sys.executable, "-m", "venv", "--clear", str(VENV)], dict(os.environ)):
            raise CannotContinue(f"No environment could be made in {VENV}.")
    version = venv_version(VENV)
    if version is None:
        raise CannotContinue(f"The environment in {VENV} cannot be used. Delete it and try again.")
    say("Installing the locked packages; the first time this takes a minute or two")
    stamp_file(VENV).unlink(missing_ok=True)
    if not call_quietly(install_command(python, LOCK), dict(os.environ)):
        raise CannotContinue("The packages could not be installed; pip's words are above.")
    write_path_file(VENV, version, ROOT)
    stamp_file(VENV).write_text(wanted_stamp(LOCK, version), encoding="ascii")
    say(f"Ready after {time.monotonic() - began:.0f} s")
    return python


# --- commands ----------------------------------------------------------------------------------------------------


def window_arguments(arguments: Sequence[str], with_display: bool) -> list[str]:
    """What the program is started with: as asked, and the unattended tour where nobody could see a window."""
    tours = any(argument == "--tour" or argument.startswith("--tour=") for argument in arguments)
    return list(arguments) if with_display or tours else [*arguments, "--tour", str(TOUR)]


def run(python: Path, arguments: Sequence[str]) -> int:
    environ = dict(os.environ)
    with_display = has_display(sys.platform, environ)
    started_with = window_arguments(arguments, with_display)
    if not with_display:
        environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        say("No display here, so the program takes the tour unattended: " + shlex.join(started_with))
    command = [str(python), "-m", "ui", *started_with]
    if os.name == "posix":
        os.execve(command[0], command, environ)  # signals and the exit status are the program's own
    return call(command, environ)


def checks(python: Path) -> list[tuple[str, list[str], dict[str, str]]]:
    """What is checked before the tests: a name, a command, and variables added to its environment."""
    tools = venv_python(VENV).parent
    debug = [str(python), "-m", "pytest", "-q", "-m", "asyncio_debug"]
    return [
        ("format", [str(python), "-m", "ruff", "format", "--check", "."], {}),
        ("lint", [str(python), "-m", "ruff", "check", "."], {}),
        ("types", [str(python), "-m", "mypy"], {}),
        ("layers", [str(tools / "lint-imports"), "--no-logo"], {}),
        ("asyncio debug", debug, {"PYTHONASYNCIODEBUG": "1"}),
    ]


def test(python: Path, arguments: Sequence[str]) -> int:
    """Run every check, then every test. Pytest comes last, so that its closing line does too."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if arguments:
        return call([str(python), "-m", "pytest", *arguments], environ, ROOT)
    failed = []
    for name, command, added in checks(python):
        began = time.monotonic()
        passed = call_quietly(command, {**environ, **added}, ROOT)
        if not passed:
            failed.append(name)
        say("{:<7} {:<14} {:5.1f} s".format("ok" if passed else "FAILED", name, time.monotonic() - began))
    if failed:
        say("Failed before the tests: {}. The words are above; this run will not pass.".format(", ".join(failed)))
    status = call([str(python), "-m", "pytest", "-q", "-n", "2"], environ, ROOT)
    return status or (1 if failed else 0)


def bench(python: Path, names: Sequence[str]) -> int:
    environ = dict(os.environ)
    if not has_display(sys.platform, environ):
        environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return call([str(python), "-m", "tests.bench", *names], environ, ROOT)


def parse(argv: Sequence[str]) -> tuple[str, list[str]]:
    """The command, and what is passed on to it: all after `--`, or the names of benchmarks."""
    cut = list(argv).index("--") if "--" in argv else len(argv)
    parser = argparse.ArgumentParser(prog="dev.py", description="Set Site Recovery Desk up, run it, test it.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands.add_parser("run", help="start the program; what follows -- is passed to it")
    commands.add_parser("test", help="all checks and tests; with -- ARGS only pytest with those")
    commands.add_parser("bench", help="benchmarks, all or by name").add_argument("names", nargs="*", metavar="NAME")
    parsed = parser.parse_args(list(argv[:cut]))
    return parsed.command, [*getattr(parsed, "names", []), *argv[cut + 1 :]]


def main(argv: Sequence[str]) -> int:
    version = sys.version_info[:2]
    refusal = version_refusal(version, suitable_pythons() if version not in SUPPORTED else ())
    if refusal is not None:
        say(refusal)
        return 2
    command, passed_on = parse(argv)
    try:
        shows = command == "run" and has_display(sys.platform, dict(os.environ))
        provide_system_packages(with_display=shows, for_tests=command == "test")
        python = provide_environment()
        return {"run": run, "test": test, "bench": bench}[command](python, passed_on)
    except CannotContinue as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
