"""The parts of `packaging/dev.py` that decide; setting up a real environment is for a fresh machine."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from app.selftest import SUPPORTED_PYTHONS
from tests.support.source import ROOT

DEV = ROOT / "packaging" / "dev.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", DEV)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dev = load()


def make_venv(folder: Path, version: str = "3.12.1", home: str = "") -> Path:
    """What an environment looks like from outside."""
    python = dev.venv_python(folder)
    python.parent.mkdir(parents=True)
    python.touch()
    (folder / "pyvenv.cfg").write_text(f"home = {home or python.parent}\nversion = {version}\n", encoding="utf-8")
    return folder


# --- the machine


def test_older_pythons_can_read_the_refusal() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_suitable_python_is_accepted(version: tuple[int, int]) -> None:
    assert dev.version_refusal(version) is None


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14), (4, 0)])
def test_other_python_is_told_what_to_install(version: tuple[int, int]) -> None:
    refusal = dev.version_refusal(version)

    assert "this is {}.{}".format(*version) in refusal
    assert "Install Python 3.13" in refusal


def test_refusal_names_a_suitable_python_that_is_already_there() -> None:
    refusal = dev.version_refusal((3, 14), ["python3.11", "python3.12"])

    assert "Run: python3.12 " in refusal
    assert "Install" not in refusal


def test_all_places_agree_on_the_pythons() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["requires-python"]

    oldest, newest = dev.SUPPORTED[0], dev.SUPPORTED[-1]
    assert declared == f">=3.{oldest[1]},<3.{newest[1] + 1}"
    assert (oldest, newest) == SUPPORTED_PYTHONS


@pytest.mark.parametrize(
    ("platform", "environ", "shown"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "vnc:size=1024x768"}, True),
        ("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_display_is_known_before_qt_starts(platform: str, environ: dict[str, str], shown: bool) -> None:
    assert dev.has_display(platform, environ) is shown


def test_missing_library_is_told_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "can_load", lambda library: library not in ("libEGL.so.1", "libxcb-cursor.so.0"))

    assert dev.missing_packages(with_display=False) == ["libegl1"]
    assert dev.missing_packages(with_display=True) == ["libegl1", "libxcb-cursor0"]


def test_the_keyring_is_for_the_tests_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)

    assert dev.welcome_packages(for_tests=True)[-3:] == ["gnome-keyring", "dbus", "tinyproxy-bin"]
    assert "gnome-keyring" not in dev.welcome_packages(for_tests=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are a matter of Linux")
def test_without_root_the_one_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "can_load", lambda library: False)
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(dev.CannotContinue, match=r"sudo apt-get install .*libegl1"):
        dev.provide_system_packages(with_display=False)


# --- the environment


def test_environment_is_current_only_with_the_stamp_of_its_lock(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    venv = make_venv(tmp_path / "venv")
    assert not dev.is_current(venv, lock)

    dev.stamp_file(venv).write_text(dev.wanted_stamp(lock, (3, 12)))
    assert dev.is_current(venv, lock)

    lock.write_text("a==2\n")
    assert not dev.is_current(venv, lock)


@pytest.mark.parametrize("version", ["3.10.9", "3.14.0"])
def test_environment_of_an_unsuitable_python_is_not_current(tmp_path: Path, version: str) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    venv = make_venv(tmp_path / "venv", version)
    dev.stamp_file(venv).write_text(dev.wanted_stamp(lock, dev.venv_version(venv)))

    assert not dev.is_current(venv, lock)


def test_environment_whose_python_has_gone_counts_as_none(tmp_path: Path) -> None:
    assert dev.venv_version(tmp_path / "missing") is None
    assert dev.venv_version(make_venv(tmp_path / "venv", home=str(tmp_path / "uninstalled"))) is None


def test_install_takes_the_lock_and_nothing_else() -> None:
    command = dev.install_command(Path("python"), Path("requirements.lock"))

    assert command[:3] == ["python", "-m", "pip"]
    assert {"--require-hashes", "--no-deps", "--compile"} <= set(command)
    assert command[-2:] == ["-r", "requirements.lock"]


@pytest.mark.skipif(os.name == "nt", reason="the folder inside an environment is another one there")
def test_path_file_leads_back_to_the_checkout_whatever_its_name(tmp_path: Path) -> None:
    root = tmp_path / "Prüfung 検証"
    folder = dev.site_packages(root / ".venv", (3, 12))
    folder.mkdir(parents=True)

    dev.write_path_file(root / ".venv", (3, 12), root)

    line = (folder / "site_recovery_desk.pth").read_text(encoding="ascii").strip()
    assert (folder / line).resolve() == root.resolve()


# --- commands


@pytest.mark.parametrize(
    ("argv", "parsed"),
    [
        (["run"], ("run", [])),
        (["run", "--", "--tour", "build/tour"], ("run", ["--tour", "build/tour"])),
        (["test", "--", "-k", "a or b", "--"], ("test", ["-k", "a or b", "--"])),
        (["bench"], ("bench", [])),
        (["bench", "listing"], ("bench", ["listing"])),
    ],
)
def test_everything_after_the_dashes_is_passed_on(argv: list[str], parsed: tuple[str, list[str]]) -> None:
    assert dev.parse(argv) == parsed


@pytest.mark.parametrize("argv", [[], ["walk"], ["run", "--tour", "x"]])
def test_wrong_use_is_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        dev.parse(argv)

    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_with_a_display_the_program_starts_as_asked() -> None:
    assert dev.window_arguments(["--practice"], with_display=True) == ["--practice"]


def test_without_a_display_the_tour_runs() -> None:
    assert dev.window_arguments([], with_display=False) == ["--tour", str(ROOT / "build" / "tour")]


@pytest.mark.parametrize("arguments", [["--tour", "elsewhere"], ["--tour=elsewhere"]])
def test_without_a_display_an_asked_for_tour_stays(arguments: list[str]) -> None:
    assert dev.window_arguments(arguments, with_display=False) == arguments


@pytest.mark.slow
@pytest.mark.parametrize(("code", "status"), [("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", 137)])
@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_exit_status_passes_through(code: str, status: int) -> None:
    assert dev.call([sys.executable, "-c", code], dict(os.environ)) == status


@pytest.fixture
def as_if_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the checks by one that fails and one that passes, and pytest by a process that passes; keep the order."""
    order: list[str] = []

    def one(name: str, code: str) -> tuple[str, list[str], dict[str, str]]:
        return name, [sys.executable, "-c", code], {}

    monkeypatch.setattr(
        dev, "checks", lambda python: [one("bad", "print('why'); raise SystemExit(1)"), one("good", "")]
    )

    def call(command: list[str], environ: dict[str, str], folder: Path) -> int:
        order.append(" ".join(command[1:]))
        return 0

    monkeypatch.setattr(dev, "call", call)
    return order


@pytest.mark.slow
def test_all_checks_run_and_one_failure_fails_the_whole(
    as_if_checks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = dev.test(Path("python"), [])

    shown = capsys.readouterr().out
    assert status == 1
    assert "why" in shown
    assert "ok      good" in shown
    assert "Failed before the tests: bad." in shown
    assert as_if_checks == ["-m pytest -q -n 2"]


def test_with_arguments_only_pytest_runs(as_if_checks: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.test(Path("python"), ["tests/unit", "-x"]) == 0
    assert as_if_checks == ["-m pytest tests/unit -x"]
    assert capsys.readouterr().out == ""
