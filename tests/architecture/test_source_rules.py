"""Rules that neither the linter nor the import contracts can state."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest

import app
from tests.support.source import ROOT, Module, modules

LONGEST_MODULE = 400

# A call that runs a second loop inside the first (exec), re-enters it (processEvents), starts a task that nobody owns,
# or opens a sheet past the window, and who may make it all the same.
BANNED_CALLS_IN_UI = {
    "exec": ("ui/first_frame.py",),  # before any other loop runs
    "exec_": (),
    "processEvents": (),
    "asyncSlot": (),
    "asyncClose": (),
    "ensure_future": (),
    "create_task": ("ui/calls.py",),
    "open_over": ("ui/shell/main_window.py",),  # it says in each sheet which connection it is about, and deletes it
}

# What a room may import besides itself and the standard library.
ROOMS = {
    "app/domain": ("app.domain", "msgspec"),  # structs for what is held in ten thousands
    "app/runtime": ("app.runtime", "app.domain", "app.errors"),
    "app/simulator": ("app.simulator", "resources", "msgspec", "cryptography"),
}
SIMULATOR_DOOR = "app/simulator/server.py"

# The distribution an imported name comes from, where the two differ.
DISTRIBUTIONS = {
    "jsonschema_rs": "jsonschema-rs",
    "PySide6": "pyside6-essentials",
    "shiboken6": "pyside6-essentials",
    "azure.core": "azure-core",
    "azure.identity": "azure-identity",
    "azure.mgmt.core": "azure-mgmt-core",
    "azure.mgmt.recoveryservices": "azure-mgmt-recoveryservices",
    "azure.mgmt.recoveryservicessiterecovery": "azure-mgmt-recoveryservicessiterecovery",
    "azure.mgmt.resource": "azure-mgmt-resource",
    "azure.storage.blob": "azure-storage-blob",
}


def called_names(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        called = node.func if isinstance(node, ast.Call) else None
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
        for each in [called, *decorators]:
            if isinstance(each, ast.Attribute):
                yield each.attr
            elif isinstance(each, ast.Name):
                yield each.id


def is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def is_standard(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def test_window_makes_no_banned_call() -> None:
    found = [
        f"{module.where}: {name}"
        for module in modules("ui")
        for name in called_names(module)
        if name in BANNED_CALLS_IN_UI and module.where not in BANNED_CALLS_IN_UI[name]
    ]
    assert not found


def test_colours_are_named_in_the_theme_alone() -> None:
    found = [
        f"{module.where}:{node.lineno} {node.value}"
        for module in modules("ui")
        if not module.where.startswith("ui/theme/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and re.fullmatch(r"#(?:[0-9a-fA-F]{3,4}){1,2}", str(node.value))
    ]
    assert not found


@pytest.mark.parametrize("room", ROOMS)
def test_room_stands_on_little(room: str) -> None:
    found = [
        f"{module.where}: {name}"
        for module in modules(room)
        for name in module.imports()
        if not is_standard(name)
        and not is_within(name, ROOMS[room])
        and not (module.where == SIMULATOR_DOOR and is_within(name, ("aiohttp",)))
    ]
    assert not found


def test_tour_knows_the_window_as_a_person_does() -> None:
    """It presses buttons by name; what it imported of the program it could not help knowing."""
    tour = [module for module in modules("ui") if module.where.startswith("ui/tour")]
    found = [
        f"{module.where}: {name}"
        for module in tour
        for name in module.imports()
        if is_within(name, ("app", "ui")) and not name.startswith("ui.tour")
    ]
    assert tour
    assert not found


def test_every_library_in_use_is_declared() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    declared = {re.split(r"[<>=]", line)[0].lower() for line in project["dependencies"]}
    found = []
    for module in modules("app", "ui", "resources"):
        for name in module.imports():
            if is_standard(name) or is_within(name, ("app", "ui", "resources")):
                continue
            known = [package for package in DISTRIBUTIONS if is_within(name, (package,))]
            distribution = DISTRIBUTIONS[max(known, key=len)] if known else name.partition(".")[0].lower()
            if distribution not in declared:
                found.append(f"{module.where}: {name}")
    assert not found


def test_every_module_says_what_lives_in_it() -> None:
    assert not [module.where for module in modules("app", "ui", "resources") if not ast.get_docstring(module.tree)]


def test_no_module_has_outgrown_a_reader() -> None:
    lengths = {module.where: module.text.count("\n") for module in modules("app", "ui", "packaging")}
    assert not {where: length for where, length in lengths.items() if length > LONGEST_MODULE}


def own_names(klass: ast.ClassDef) -> set[str]:
    """The private names under which objects of the class keep things."""
    return {
        node.attr
        for node in ast.walk(klass)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr.startswith("_")
    }


def test_no_widget_keeps_something_else_under_a_private_name_of_its_base() -> None:
    """Python does not tell, and mypy takes what Qt's classes hold for anything."""
    found = {
        klass.name: (module.where, own_names(klass) - {"_theme"}, {ast.unparse(base) for base in klass.bases})
        for module in modules("ui")
        for klass in ast.walk(module.tree)
        if isinstance(klass, ast.ClassDef)
    }
    clashes = [
        f"{path}: {name} and {base} both keep {', '.join(sorted(names & found[base][1]))}"
        for name, (path, names, bases) in found.items()
        for base in bases
        if base in found and found[base][0] != path and names & found[base][1]
    ]
    assert clashes == []


def test_the_version_that_is_shown_is_the_one_that_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert app.__version__ == project["version"]
