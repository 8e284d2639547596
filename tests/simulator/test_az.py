"""The plain Azure CLI against the served practice vault.

It is no dependency: it weighs 730 MB. Where `az` is installed, in an environment of its own, this tries it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.served import Served
from tests.support.identity import EXPIRED_SECRET, ROBOT, ROBOT_SECRET

AZ = os.environ.get("AZ") or shutil.which("az")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(AZ is None, reason="the Azure CLI is not installed; AZ may name its program"),
]

TENANT = "c0de7a11-3b5d-4e2f-8a61-7d9405b2c6e8"
CLIENT = "11111111-1111-1111-1111-111111111111"


class Cli:
    """An `az` with a configuration of its own, which trusts a served vault."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served = served
        self.arm = str(served.info["arm"])
        self._environment = os.environ | {
            "AZURE_CONFIG_DIR": str(folder / "az"),
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            "REQUESTS_CA_BUNDLE": served.info["ca"],
        }

    @classmethod
    def like(cls, other: Cli, folder: Path) -> Cli:
        """Another one for the same vault, which nobody has signed in to."""
        return cls(other.served, folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(AZ), *arguments, "--output", "json"],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=180,
        )

    def ask(self, *arguments: str) -> Any:
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    def sign_in(self, secret: str) -> subprocess.CompletedProcess[str]:
        return self.run("login", "--service-principal", "-u", CLIENT, "-p", secret, "--tenant", TENANT)


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    folder = tmp_path_factory.mktemp("cli")
    served = Served("--scenario", "failed-over", "--speed", "3600", "--tls", str(folder / "tls"))
    try:
        az = Cli(served, folder)
        az.ask("cloud", "register", "-n", "practice", "--endpoint-resource-manager", served.info["arm"])
        az.ask("cloud", "set", "-n", "practice")
        refused = az.sign_in("not the token")
        assert refused.returncode != 0
        assert "must be the token" in refused.stderr
        assert az.sign_in(served.info["token"]).returncode == 0
        yield az
    finally:
        served.let_go()


def test_an_application_of_the_directory_signs_in_with_its_own_secret(cli: Cli, tmp_path: Path) -> None:
    own = Cli.like(cli, tmp_path)
    own.ask("cloud", "register", "-n", "practice", "--endpoint-resource-manager", cli.arm)
    own.ask("cloud", "set", "-n", "practice")
    refused = own.run("login", "--service-principal", "-u", ROBOT, "-p", EXPIRED_SECRET, "--tenant", TENANT)
    assert "AADSTS7000222" in refused.stderr
    (account,) = own.ask("login", "--service-principal", "-u", ROBOT, "-p", ROBOT_SECRET, "--tenant", TENANT)
    assert account["user"] == {"name": ROBOT, "type": "servicePrincipal"}
    assert "rg-contoso-dr" in own.ask("group", "list", "--query", "[].name")


def test_groups_come_and_go(cli: Cli) -> None:
    assert "rg-contoso-dr" in cli.ask("group", "list", "--query", "[].name")
    assert cli.ask("group", "create", "-n", "rg-az", "-l", "westeurope", "--query", "name") == "rg-az"
    cli.ask("group", "delete", "-n", "rg-az", "--yes")
    assert cli.ask("group", "exists", "-n", "rg-az") is False


def test_storage_accounts_are_listed_and_made(cli: Cli) -> None:
    assert "stcontosoasrweu" in cli.ask("storage", "account", "list", "--query", "[].name")
    made = cli.ask(
        *("storage", "account", "create", "-n", "stbyaz01", "-g", "rg-contoso-dr", "-l", "westeurope"),
        *("--sku", "Standard_LRS", "--query", "provisioningState"),
    )
    assert made == "Succeeded"


def test_networks_are_listed_and_made(cli: Cli) -> None:
    assert "vnet-contoso-dr" in cli.ask("network", "vnet", "list", "-g", "rg-contoso-dr", "--query", "[].name")
    made = cli.ask(
        *("network", "vnet", "create", "-n", "vnet-az", "-g", "rg-contoso-dr", "-l", "westeurope"),
        *("--address-prefixes", "10.9.0.0/16", "--subnet-name", "a", "--subnet-prefixes", "10.9.1.0/24"),
        *("--query", "newVNet.subnets[0].name"),
    )
    assert made == "a"


def test_vaults_and_resources_are_listed(cli: Cli) -> None:
    assert cli.ask("backup", "vault", "list", "--query", "[].name") == ["asr-contoso-weu"]
    found = cli.ask("resource", "list", "-g", "rg-contoso-dr", "--query", "[].name")
    assert {"asr-contoso-weu", "vnet-contoso-dr", "WEB-01"} <= set(found)


def test_rest_reads_and_writes_site_recovery(cli: Cli) -> None:
    vault = "/subscriptions/{subscriptionId}/resourceGroups/rg-contoso-dr/providers/Microsoft.RecoveryServices"
    vault += "/vaults/asr-contoso-weu"
    version = "api-version=2025-08-01"
    items = cli.ask("rest", "--url", f"{vault}/replicationProtectedItems?{version}")["value"]
    assert {item["properties"]["friendlyName"] for item in items} >= {"DC01", "APP-HR"}
    body = json.dumps({"properties": {"providerSpecificInput": {"instanceType": "HyperVReplicaAzure"}}})
    cli.ask("rest", "--method", "put", "--url", f"{vault}/replicationPolicies/az?{version}", "--body", body)
    jobs = cli.ask("rest", "--url", f"{vault}/replicationJobs?{version}")["value"]
    assert "AddProtectionProfile" in {job["properties"]["scenarioName"] for job in jobs}
