"""What is declared, locked and shipped."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.source import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def locked() -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK, re.MULTILINE))


def declared() -> list[Requirement]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    return [Requirement(line) for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]]


def test_lock_holds_every_declared_dependency_within_its_bounds() -> None:
    outside = [str(each) for each in declared() if not each.specifier.contains(locked().get(each.name.lower(), "0"))]

    assert not outside


def test_every_locked_package_has_hashes() -> None:
    entries = re.split(r"\n(?=[a-z])", LOCK)
    packages = [entry for entry in entries if not entry.startswith("#")]

    assert len(packages) == len(locked())
    assert not [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry]


def test_lock_names_no_address() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*-", LOCK.replace("    --hash=sha256:", ""), re.MULTILINE)


def test_qt_stays_below_the_version_that_aborts() -> None:
    assert tuple(map(int, locked()["pyside6-essentials"].split("."))) < (6, 12)


@pytest.mark.slow
def test_wheel_has_the_packages_their_data_and_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    # Built from a copy of what is shipped: setuptools leaves its working folders beside the source.
    source = tmp_path / "source"
    for name in ("app", "ui", "resources"):
        for file in (ROOT / name).rglob("*"):
            if file.is_file() and file.suffix != ".pyc":
                copy = source / file.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (source / name).write_bytes((ROOT / name).read_bytes())

    done = subprocess.run([*command, "-w", str(tmp_path), str(source)], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {path.relative_to(source).as_posix() for path in (source / "resources").rglob("*") if path.is_file()}
    assert shipped <= names
    assert {"app/__main__.py", "app/py.typed", "ui/__init__.py"} <= names
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"app", "ui", "resources"}
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    assert "site-recovery-desk = ui.main:main" in zipfile.ZipFile(wheel).read(entry_points).decode()
