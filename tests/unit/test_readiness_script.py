"""The readiness script: it parses, it only reads, and its file is the one that the format describes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import jsonschema_rs
import msgspec
import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from app.flows.host_scripts.checks import host_checks
from app.flows.host_scripts.readiness import SCHEMA, SCHEMA_VERSION, readiness_script
from app.rules import load_rules
from app.services import readiness_format
from app.services.readiness_text import limits
from tests.support.readiness_files import document, host, large, minutes, with_churn

RULES = load_rules().hosts
PARSER = Parser(Language(tree_sitter_powershell.language()))
WRITES_ITS_OWN_FILE = {"set-content", "add-content"}
HARMLESS = {
    "set-strictmode",
    "start-sleep",
    "write-host",
    "write-verbose",
    "join-path",
    "where-object",
    "foreach-object",
}
READING = {"invoke-command", "convertto-json", "select-object", "sort-object", "whoami.exe"}
READING |= {
    "test-netconnection",
    "resolve-dnsname",
    "select-object",
    "test-path",
    "split-path",
    "w32tm.exe",
    "netsh.exe",
    "invoke-webrequest",
}


@pytest.fixture(scope="module")
def text() -> str:
    return readiness_script(RULES).text


@pytest.fixture(scope="module")
def nodes(text: str) -> list[Node]:
    return list(_walk(PARSER.parse(text.encode()).root_node))


@pytest.fixture(scope="module")
def own(text: str) -> str:
    """The script without the checks of the host, which have tests of their own."""
    lines = {line.strip() for line in host_checks(RULES).splitlines()}
    return "\n".join(line for line in text.splitlines() if line.strip() not in lines)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def words(nodes: list[Node], kind: str) -> list[str]:
    return [(node.text or b"").decode() for node in nodes if node.type == kind]


def test_it_parses(nodes: list[Node]) -> None:
    wrong = [(node.type, node.start_point) for node in nodes if node.type == "ERROR" or node.is_missing]
    assert not wrong


def test_it_is_plain_ascii_and_nothing_is_left_to_fill_in(text: str) -> None:
    assert text.isascii()
    assert "{{" not in text
    assert readiness_script(RULES).file_name.endswith(".ps1")


def test_every_command_reads_or_is_a_function_of_its_own(nodes: list[Node]) -> None:
    own = {name.lower() for name in words(nodes, "function_name")}
    allowed = own | WRITES_ITS_OWN_FILE | HARMLESS | READING
    commands = {name.lower() for name in words(nodes, "command_name")}
    strange = {name for name in commands - allowed if not name.startswith("get-")}
    assert not strange


def test_it_writes_one_file_and_no_other(text: str) -> None:
    paths = re.findall(r"(?:Set|Add)-Content -LiteralPath (\$\w+)", text)
    assert len(re.findall(r"(?:Set|Add)-Content", text)) == len(paths)
    assert set(paths) == {"$OutFile", "$Path"}
    assert "Write-Churn $OutFile" in text


def test_it_holds_to_powershell_4_and_to_constrained_language(own: str) -> None:
    """Casts and static calls of other types end a script where only signed ones may do all."""
    types = {name.lower() for name in re.findall(r"\[([A-Za-z.]+)\]", own)}
    allowed = {"bool", "char", "double", "int", "long", "ordered", "pscustomobject", "regex", "scriptblock", "string"}
    assert types <= allowed | {"datetime", "version", "validaterange", "cmdletbinding"}
    assert not re.search(r"\?\?|\?\.|-Parallel|-AsArray|New-Object|Add-Type|::(?!Matches)", own)


def test_dates_and_numbers_do_not_depend_on_the_culture(own: str) -> None:
    assert set(re.findall(r"\.ToString\(([^)]*)\)", own)) <= {"'s'"}
    assert set(re.findall(r"'([^']*)' -f ", own)) <= {"\\u{0:x4}"}


def test_services_and_components_are_never_known_by_a_translated_name(text: str) -> None:
    for translated in ("Backup (volume", "Time Synchronization", "Guest Service Interface", "Administrators"):
        assert translated not in text


def test_machines_are_asked_by_what_they_are_and_not_by_their_name(text: str) -> None:
    assert not re.search(r"Get-VM\w* -(VMName|Name) ", text)
    assert "-Depth 8" in text


def test_it_ends_its_measurement_before_the_file_is_too_large_to_be_taken(text: str) -> None:
    bounds = limits()
    assert f"$LargestFile = {bounds.max_script_bytes}" in text
    assert bounds.max_script_bytes < bounds.max_file_bytes
    assert f"ValidateRange(0, {bounds.max_minutes})" in text


def test_it_says_what_it_writes(text: str) -> None:
    assert f'"schema":"{SCHEMA}","version":"{SCHEMA_VERSION}"' in text
    assert SCHEMA == readiness_format.SCHEMA
    assert f"{readiness_format.MAJOR}.{readiness_format.MINOR}" == SCHEMA_VERSION


# The format

DESCRIPTION = json.loads(resources.files("resources").joinpath("readiness", "report.schema.json").read_text("utf-8"))
(_,), COMPONENTS = msgspec.json.schema_components([readiness_format.Report])


@pytest.mark.parametrize("name", COMPONENTS)
def test_the_description_has_the_fields_of_the_reader(name: str) -> None:
    described, read = DESCRIPTION["$defs"][name], COMPONENTS[name]
    assert list(described["properties"]) == list(read["properties"])
    assert described["required"] == read.get("required", [])
    for field, kind in described["properties"].items():
        assert _kinds(kind) <= _kinds(read["properties"][field]) or not _kinds(read["properties"][field])


def _kinds(schema: Any) -> set[str]:
    """`number` covers `integer`; a reference is an object."""
    if "anyOf" in schema:
        return {kind for each in schema["anyOf"] for kind in _kinds(each)}
    if "$ref" in schema:
        return {"object"}
    kinds = schema.get("type", [])
    return {"number" if kind == "integer" else kind for kind in ([kinds] if isinstance(kinds, str) else kinds)}


def test_the_fields_that_the_script_writes_are_described(own: str, text: str) -> None:
    names = {name for part in DESCRIPTION["$defs"].values() for name in part["properties"]}
    written = set(re.findall(r"^\s+([a-z][a-z_0-9]*) = ", own, re.MULTILINE))
    assert written - names <= {"host", "instance", "values", "source"}
    for part in ("Machine", "Disk", "Nic", "Component", "Volume", "Switch", "Host"):
        missing = set(DESCRIPTION["$defs"][part]["properties"]) - written - {"has_dynamic_disks"}  # the guest knows
        assert not missing, part


def test_what_we_read_in_tests_is_what_is_described() -> None:
    judge = jsonschema_rs.validator_for(DESCRIPTION)
    for sample in (document(), large(5), document(host("A", []), {"name": "B", "is_reached": False})):
        judge.validate(sample)
    judge.validate(json.loads(with_churn(document(), minutes(["a.vhdx"], 3))))
    assert not judge.is_valid(document() | {"version": "2.0"})
    assert not judge.is_valid(document() | {"hosts": []})
