"""The practice vault as a process of its own, on a loopback port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


class Served:
    """A `serve-simulator` under way."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "app", "serve-simulator", "--port", "0", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.info: dict[str, Any] = json.loads(line)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(self.info["arm"] + path, body, method=method)
        request.add_header("Authorization", f"Bearer {self.info['token']}")
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    @property
    def vault(self) -> str:
        info = self.info
        group = f"/subscriptions/{info['subscription']}/resourceGroups/{info['resource_group']}"
        return f"{group}/providers/Microsoft.RecoveryServices/vaults/{info['vault']}"

    def end(self, number: int) -> int:
        os.kill(self.process.pid, number)
        self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.fixture
def served() -> Iterator[list[Served]]:
    started: list[Served] = []
    yield started
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGKILL)
        for stream in (each.process.stdout, each.process.stderr):
            assert stream is not None
            stream.close()


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
        ("fleet 0", "at least one machine"),
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
