"""The practice vault as a process of its own, on a loopback port."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.served import ROOT, Served

pytestmark = pytest.mark.slow


@pytest.fixture
def served() -> Iterator[list[Served]]:
    started: list[Served] = []
    yield started
    for each in started:
        each.let_go()


def test_a_port_speaks_the_same_and_paces_the_waits(served: list[Served]) -> None:
    vault = Served("--scenario", "contoso", "--speed", "60")
    served.append(vault)
    assert set(vault.info) == {"arm", "blob", "subscription", "resource_group", "vault", "token", "ca"}
    status, headers, body = vault.ask("GET", f"{vault.vault}/replicationFabrics?api-version=2025-08-01")
    assert (status, json.loads(body)["value"][0]["name"]) == (200, "Contoso-HQ")
    refresh = f"{vault.vault}/replicationVaultHealth/default/refresh?api-version=2025-08-01"
    status, headers, _ = vault.ask("POST", refresh)
    assert (status, headers["Retry-After"]) == (202, "1")
    assert headers["Location"].startswith(vault.info["arm"])
    status, _, body = vault.ask("GET", "/nowhere?api-version=1")
    assert status == 501
    account = f"{vault.info['subscription']}/providers/Microsoft.Storage/storageAccounts?api-version=2023-01-01"
    _, _, body = vault.ask("GET", f"/subscriptions/{account}")
    assert json.loads(body)["value"][0]["properties"]["primaryEndpoints"]["blob"].startswith(vault.info["blob"])


def test_a_killed_vault_finds_everything_again(served: list[Served], tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state.db"), "--log", str(tmp_path / "log.jsonl"))
    first = Served("--scenario", "contoso", *options)
    served.append(first)
    body = b'{"properties": {"providerSpecificInput": {"instanceType": "HyperVReplicaAzure"}}}'
    path = f"{first.vault}/replicationPolicies/p?api-version=2025-08-01"
    status, headers, _ = first.ask("PUT", path, body)
    assert status == 202
    first.end(signal.SIGKILL)

    second = Served("--scenario", "empty", *options)
    served.append(second)
    job = headers["x-ms-request-id"]
    status, _, _ = second.ask("GET", f"{job}?api-version=2025-08-01")
    assert status == 200
    assert second.end(signal.SIGTERM) == 0
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [(line["method"], line["status"]) for line in lines] == [("PUT", 202), ("GET", 200)]


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("nowhere", "no scenario named 'nowhere'"),
        ("fleet many", "not a number of machines"),
        ("fleet 0", "a fleet has 1 to 50,000 machines, not 0"),
    ],
)
def test_what_cannot_be_opened_is_said_plainly(scenario: str, said: str) -> None:
    command = [sys.executable, "-m", "app", "serve-simulator", "--scenario", scenario]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_script_of_faults_is_played(tmp_path: Path, served: list[Served]) -> None:
    script = tmp_path / "faults.toml"
    script.write_text('[[at]]\nfault = "server-error"\nstatus = "504"\ncount = 1\n')
    server = Served("--faults", str(script))
    served.append(server)
    path = f"{server.vault}?api-version=2025-08-01"
    assert [server.ask("GET", path)[0] for _ in range(2)] == [504, 200]
    server.end(signal.SIGTERM)


def test_script_with_a_mistake_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "faults.toml"
    script.write_text('[[at]]\nfault = "flood"\n')
    command = [sys.executable, "-m", "app", "serve-simulator", "--faults", str(script)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "Step 1 of the script: there is no fault named 'flood'" in ended.stderr
