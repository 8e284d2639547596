"""The measure by the published description: where the service breaks it, that it can fail, and what it reaches."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.simulator.messages import Request
from app.simulator.routes import ALL_ROUTES
from tests.published.in_children import answers_tap
from tests.published.in_children.answers_tap import tap
from tests.published.in_children.sitecustomize import FOLDER_VARIABLE
from tests.published.judge import exceptions, the_judge
from tests.simulator.client import Client
from tests.support.recordings import REPOSITORY, all_exchanges, needs_recordings

pytestmark = needs_recordings

PATH = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
JOB: dict[str, Any] = {
    "id": f"{PATH}/replicationJobs/j",
    "name": "j",
    "properties": {
        "startTime": "2023-08-11T03:21:35.6527617Z",
        "tasks": [{"taskId": "t", "startTime": "0001-01-01T00:00:00", "state": "InProgress"}],
        "customDetails": {"instanceType": "AsrJobDetails", "affectedObjectDetails": {"primaryVmId": "1"}},
        "errors": [{"errorLevel": "Error", "providerErrorDetails": {"errorCode": 1}}],
    },
}
FABRIC = {"properties": {"customDetails": {"instanceType": "HyperVSite"}}}
VAULT = {"location": "westeurope", "sku": {"name": "Standard"}}


# --- what the service itself does ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_recorded_answers_break_the_description_where_the_rules_say_and_nowhere_else() -> None:
    judge, seen = the_judge(), set()
    for exchange in all_exchanges():
        operation = judge.specification.find(exchange.method, exchange.path)
        if operation is None or operation.id.endswith(".result"):
            continue  # in 2017 every result was a job
        for violation in judge.specification.violations(operation, exchange.status, exchange.body):
            covering = [rule for rule in exceptions() if rule.covers(operation, exchange.status, violation)]
            assert covering, (exchange.label, violation)
            seen.update(covering)
    assert seen == set(exceptions())


# --- that it can fail ----------------------------------------------------------------------------------------------


def changed(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    body = copy.deepcopy(body)
    *steps, last = [int(step) if step.isdigit() else step for step in pointer.strip("/").split("/")]
    within: Any = body
    for step in steps:
        within = within[step]
    within[last] = value
    return body


@pytest.mark.parametrize(
    ("path", "body", "pointer", "value", "rule"),
    [
        ("replicationJobs/j", JOB, "/name", 7, "type"),
        ("replicationJobs/j", JOB, "/properties/tasks", {}, "type"),
        ("replicationJobs/j", JOB, "/properties/tasks/0", None, "not"),
        ("replicationJobs/j", JOB, "/properties/startTime", "2023-08-11T03:21:35", "format"),
        ("replicationJobs/j", JOB, "/properties/startTime", "11 August 2023", "format"),
        ("replicationJobs/j", JOB, "/properties/startTime", "0001-01-01T00:00:00", "format"),
        ("replicationJobs/j", JOB, "/properties/errors/0/providerErrorDetails/errorCode", 2**31, "maximum"),
        ("replicationJobs/j", JOB, "/properties/errors/0/providerErrorDetails/errorCode", "1", "type"),
        ("replicationJobs/j", JOB, "/properties/customDetails", {}, "required"),
        ("replicationJobs/j", JOB, "/properties/customDetails/instanceType", "asrJobDetails", "listed"),
        ("replicationJobs/j", JOB, "/properties/customDetails/instanceType", None, "not"),
        ("replicationJobs/j", JOB, "/properties/customDetails/affectedObjectDetails/primaryVmId", 1, "type"),
        ("replicationFabrics/f", FABRIC, "/properties/customDetails/hyperVHosts", "HV01", "type"),
        ("", VAULT, "/sku/name", "standard", "listed"),
        ("", VAULT, "/sku", {}, "required"),
    ],
)
def test_an_answer_that_is_not_as_described_is_found(
    path: str, body: dict[str, Any], pointer: str, value: Any, rule: str
) -> None:
    judge = the_judge()
    operation = judge.find("GET", f"{PATH}/{path}")
    assert operation is not None
    assert not judge.violations(operation, 200, body)
    found = judge.violations(operation, 200, changed(body, pointer, value))
    assert {each.rule for each in found} == {rule}
    assert found[0].pointer == ("/properties/customDetails" if value == {} and rule == "required" and path else pointer)


def test_a_status_and_a_body_that_are_not_described_are_found() -> None:
    judge = the_judge()
    commit = judge.find("POST", f"{PATH}/replicationRecoveryPlans/p/failoverCommit")
    assert commit is not None
    assert not judge.violations(commit, 202, None)
    assert [each.rule for each in judge.violations(commit, 204, None)] == ["status"]
    assert [each.rule for each in judge.violations(commit, 202, {"status": "Accepted"})] == ["body"]
    assert [each.rule for each in judge.violations(commit, 200, None)] == ["body"]
    assert not judge.violations(commit, 404, {"error": {"code": "NotFound", "message": "gone"}})
    assert [each.rule for each in judge.violations(commit, 404, {"error": "gone"})] == ["type"]


def test_a_value_to_come_is_no_fault() -> None:
    judge = the_judge()
    operation = judge.find("GET", PATH)
    assert operation is not None
    assert not judge.violations(operation, 200, changed(VAULT, "/sku/name", "RS1"))
    assert not judge.violations(operation, 200, changed(VAULT, "/more", {"than": "described"}))


WRONG = """
from app.simulator.messages import Request
from app.simulator.replies import json_response
from app.simulator.service import Simulator

Simulator._answer = lambda self, call: json_response(200, {"value": [{"name": 7}], "nextLink": None})
Simulator.open("contoso").handle(
    Request("GET", "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/replicationFabrics")
)
"""


@pytest.mark.slow
@pytest.mark.parametrize("where", ["in this process", "in a process of its own"])
def test_a_test_that_gets_a_wrong_answer_fails(tmp_path: Path, where: str) -> None:
    (tmp_path / "wrong.py").write_text(WRONG, "utf-8")
    run = (
        "runpy.run_path({0!r})" if where == "in this process" else "subprocess.run([sys.executable, {0!r}], check=True)"
    )
    test = f"import runpy, subprocess, sys\n\ndef test_it():\n    {run.format(str(tmp_path / 'wrong.py'))}\n"
    (tmp_path / "test_it.py").write_text(test, "utf-8")
    command = ("-m", "pytest", "-q", "-p", "tests.published.plugin", "-p", "no:cacheprovider", "-c", os.devnull)
    environment = {name: value for name, value in os.environ.items() if name != FOLDER_VARIABLE}
    environment["PYTHONPATH"] = os.pathsep.join((str(REPOSITORY), environment.get("PYTHONPATH", "")))
    done = subprocess.run(
        [sys.executable, *command, "--rootdir", str(tmp_path), str(tmp_path / "test_it.py")],
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"GET {PATH}/replicationFabrics 200\n  at /value/0/name: 7\n  type: 7 is" in done.stdout
    assert "1 judged, of 1 operations" in done.stdout


# --- what it reaches -----------------------------------------------------------------------------------------------


def test_every_route_of_the_provider_is_described() -> None:
    judge = the_judge()
    routes = [route for route in ALL_ROUTES if answers_tap.PROVIDER in route.template.lower()]
    missing = [
        route for route in routes if judge.find(route.method, route.template.replace("{", "").replace("}", "")) is None
    ]
    assert [f"{route.method} {route.template}" for route in missing] == []


def test_a_long_page_is_judged_by_a_sample_that_is_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_tap, "WHOLE_UP_TO", 20_000)
    client = Client("fleet", count=3000)
    heard: list[tuple[str, str, int, bytes, bool]] = []
    untap = tap(type(client.simulator), lambda *answer: heard.append(answer))
    try:
        whole = client.get(f"{client.vault}/replicationProtectedItems")
    finally:
        untap()
    operation = the_judge().find("GET", f"{client.vault}/replicationProtectedItems")
    assert operation is not None
    *_, body, is_sample = heard[-1]
    assert is_sample
    sample = json.loads(body)
    assert 20 < len(sample["value"]) < len(whole["value"]) / 4
    assert sample["value"][0] == whole["value"][0]
    assert sample["value"][-1] == whole["value"][-1]
    assert not the_judge().violations(operation, 200, sample)


def test_what_is_heard_is_what_is_answered() -> None:
    client = Client()
    heard: list[tuple[str, str, int, bytes, bool]] = []
    untap = tap(type(client.simulator), lambda *answer: heard.append(answer))
    try:
        response = client.simulator.handle(
            Request("GET", f"{client.vault}/replicationJobs?api-version=2025-08-01", client.headers)
        )
        before = len(heard)
        body = response.read()
    finally:
        untap()
    assert (before, heard[-1][3:]) == (0, (body, False))


def test_a_chunk_without_anything_in_it_changes_nothing_of_what_is_heard() -> None:
    """A page whose first entries are filtered away begins with such chunks, where the machine is busy."""
    chunks = [b"", b'{"value":[', b"", b"1,", b"", b"", b"2]}", b""]
    heard: list[bytes] = []
    passed = answers_tap._heard(iter(chunks), lambda body, is_sample: heard.append(body))
    assert list(passed) == chunks
    assert heard == [b'{"value":[1,2]}']
