"""Checks an installed copy without a window: `python -m app selftest`.

Libraries are imported by name, as data, because this room may not depend on them: their absence is what it must report.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from app.paths import make_private_folder, user_paths

SUPPORTED_PYTHONS = ((3, 11), (3, 13))

# Each library the project names, and a module of it that loads what the program will load.
LIBRARIES = {
    "PySide6-Essentials": "PySide6.QtWidgets",
    "qasync": "qasync",
    "azure-identity": "azure.identity",
    "azure-core": "azure.core.pipeline.transport",
    "azure-mgmt-core": "azure.mgmt.core",
    "azure-mgmt-recoveryservices": "azure.mgmt.recoveryservices.aio",
    "azure-mgmt-recoveryservicessiterecovery": "azure.mgmt.recoveryservicessiterecovery.aio",
    "azure-mgmt-resource": "azure.mgmt.resource.resources.aio",
    "azure-storage-blob": "azure.storage.blob.aio",
    "aiohttp": "aiohttp",
    "cryptography": "cryptography.x509",
    "truststore": "truststore",
    "requests": "requests",
    "urllib3": "urllib3",
    "pypac": "pypac.parser",
    "msgspec": "msgspec",
    "jsonschema-rs": "jsonschema_rs",
    "keyring": "keyring",
    "platformdirs": "platformdirs",
}
FONT_LIBRARY = "qtawesome"  # read for its font and name table; importing it would bring in half of Qt for nothing

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"


class CheckFailed(Exception):
    """The text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    passed: bool
    text: str


def check_python() -> str:
    oldest, newest = SUPPORTED_PYTHONS
    if not oldest <= sys.version_info[:2] <= newest:
        raise CheckFailed(f"{sys.version.split()[0]}: install Python {newest[0]}.{newest[1]}")
    return sys.version.split()[0]


def locked_versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.MULTILINE))


def check_libraries() -> str:
    """Every library loads, and every installed package has the version that was tested, where the lock is at hand."""
    troubles = [_import_trouble(name, module) for name, module in LIBRARIES.items()]
    try:
        metadata.version(FONT_LIBRARY)
    except metadata.PackageNotFoundError:
        troubles.append(f"{FONT_LIBRARY} is not installed")
    if not LOCK.exists():
        return _verdict(
            troubles, f"{len(LIBRARIES) + 1} load; versions not compared, there is no lock beside the program"
        )
    compared = 0
    for name, locked in locked_versions(LOCK.read_text(encoding="utf-8")).items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or for development; a library that needs it has already failed to load
        compared += 1
        if installed != locked:
            troubles.append(f"{name} is {installed}, tested with {locked}")
    return _verdict(troubles, f"{len(LIBRARIES) + 1} load; {compared} packages at the tested version")


def _import_trouble(name: str, module: str) -> str:
    try:
        import_module(module)
    except ImportError as error:
        return f"{name} does not load ({error})"
    return ""


def _verdict(troubles: list[str], text: str) -> str:
    found = [trouble for trouble in troubles if trouble]
    if found:
        raise CheckFailed("; ".join(found) + ". Install the program again")
    return text


def check_resources() -> str:
    counts = []
    for kind in ("rules", "scenarios"):
        files = list(_toml_files(resources.files("resources") / kind))
        if not files:
            raise CheckFailed(f"no {kind} in the installed copy. Install the program again")
        for file in files:
            try:
                tomllib.loads(file.read_text(encoding="utf-8"))
            except ValueError as error:
                raise CheckFailed(f"{kind}/{file.name} cannot be read ({error}). Install the program again") from error
        counts.append(f"{len(files)} {kind}")
    return ", ".join(counts)


def _toml_files(folder: Traversable) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from (file for file in folder.iterdir() if file.name.endswith(".toml"))


def check_secret_store() -> str:
    """Name the system's store. Having none is no failure: secrets then stay in memory until the program ends."""
    backend = import_module("keyring").get_keyring()
    if backend.priority <= 0:
        return "none here: secrets are kept in memory until the program ends"
    return str(backend.name)


def check_user_folder() -> str:
    folder = user_paths().data
    try:
        make_private_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written by the self-test")
    except OSError as error:
        raise CheckFailed(f"{folder} cannot be written ({error.strerror}). Check its permissions") from error
    return str(folder)


def check_practice_vault() -> str:
    from app.simulator.messages import Request
    from app.simulator.service import Simulator

    response = Simulator.open("empty").handle(Request("GET", "/simulator", {}, b""))
    if response.status != 200:
        raise CheckFailed(f"answers {response.status} instead of 200. Install the program again")
    return "answers"


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Python", check_python),
    ("Libraries", check_libraries),
    ("Rules and scenarios", check_resources),
    ("Secret store", check_secret_store),
    ("User folder", check_user_folder),
    ("Practice vault", check_practice_vault),
)


def findings() -> Iterator[Finding]:
    for name, check in CHECKS:
        try:
            yield Finding(name, True, check())
        except CheckFailed as failure:
            yield Finding(name, False, str(failure))
        except Exception as error:  # the next checks still tell something
            yield Finding(name, False, f"{type(error).__name__}: {error}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The self-test has none."""


def run(_arguments: argparse.Namespace) -> int:
    all_passed = True
    for finding in findings():
        all_passed &= finding.passed
        print(f"{'ok' if finding.passed else 'FAILED':<7} {finding.name:<20} {finding.text}", flush=True)
    return 0 if all_passed else 1
