"""A plain client of `Simulator.handle`, with a clock that is moved by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from app.simulator.clock import SimulatorClock
from app.simulator.messages import Request, Response
from app.simulator.scenario_data import read_scenario
from app.simulator.service import Simulator

VERSION = "2025-08-01"
START = read_scenario("contoso").start
HYPER_V = "HyperVReplicaAzure"

WITH_FILE: list[Simulator] = []
"""Those that hold a state file open; `conftest.py` closes them when a test has ended."""

Json = dict[str, Any]


class Reply:
    """A response with its body read."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Sends requests as a management client would, and lets virtual time pass."""

    def __init__(
        self,
        scenario: str = "contoso",
        *,
        count: int | None = None,
        seed: int = 0,
        state_file: Path | None = None,
        log: IO[str] | None = None,
        token: str = "any",
        faults: str | None = None,
    ) -> None:
        self.clock = SimulatorClock(read_scenario(scenario).start, speed=0)
        self.simulator = Simulator.open(
            scenario,
            count=count,
            seed=seed,
            clock=self.clock,
            state_file=state_file,
            log=log,
            token=token,
            faults=faults,
        )
        if state_file is not None:
            WITH_FILE.append(self.simulator)
        self.subscription = f"/subscriptions/{self.simulator.subscription_id}"
        self.group = f"{self.subscription}/resourceGroups/{self.simulator.resource_group}"
        self.vault = f"{self.group}/providers/Microsoft.RecoveryServices/vaults/{self.simulator.vault_name}"
        self.headers = {"Authorization": "Bearer practice"}

    def raw(self, method: str, url: str, body: Json | None = None) -> Response:
        """The response as a door gets it, its body unread."""
        content = b"" if body is None else json.dumps(body).encode()
        return self.simulator.handle(Request(method, url, self.headers, content))

    def send(self, method: str, url: str, body: Json | bytes | None = None, **headers: str) -> Reply:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(self.simulator.handle(Request(method, url, sent, content)))

    def call(self, method: str, path: str, body: Json | None = None, **headers: str) -> Reply:
        separator = "&" if "?" in path else "?"
        return self.send(method, f"{path}{separator}api-version={VERSION}", body, **headers)

    def get(self, path: str) -> Any:
        reply = self.call("GET", path)
        assert reply.status == 200, reply.body
        return reply.json

    def values(self, path: str) -> list[Json]:
        """Every entry of a list, following its links."""
        page = self.get(path)
        found: list[Json] = list(page["value"])
        while link := page.get("nextLink"):
            page = self.send("GET", link).json
            found += page["value"]
        return found

    def begin(self, method: str, path: str, body: Json | None = None, **headers: str) -> Reply:
        reply = self.call(method, path, body, **headers)
        assert reply.status == 202, reply.body
        return reply

    def finish(self, accepted: Reply, step_s: float = 5.0) -> Json:
        """Let time pass until the operation has ended; its status body."""
        for _ in range(1000):
            status: Json = self.send("GET", accepted.headers["Azure-AsyncOperation"]).json
            if status["status"] not in ("NotStarted", "InProgress"):
                return status
            self.clock.advance(step_s)
        raise AssertionError("the operation did not end")

    def carry_out(self, method: str, path: str, body: Json | None = None) -> Json:
        """Begin, and wait until it has succeeded."""
        accepted = self.begin(method, path, body)
        status = self.finish(accepted)
        assert status["status"] == "Succeeded", status
        return status

    def job_of(self, accepted: Reply) -> Json:
        job: Json = self.get(accepted.headers["x-ms-request-id"])
        return job

    # The usual set-up

    @property
    def site(self) -> str:
        return f"{self.vault}/replicationFabrics/Contoso-HQ"

    @property
    def container(self) -> str:
        return str(self.values(f"{self.site}/replicationProtectionContainers")[0]["id"])

    def associate_policy(self, interval_s: int = 300, history_hours: int = 24, app_hours: int = 4) -> str:
        policy = f"{self.vault}/replicationPolicies/standard"
        details = {
            "instanceType": HYPER_V,
            "recoveryPointHistoryDuration": history_hours,
            "applicationConsistentSnapshotFrequencyInHours": app_hours,
            "replicationInterval": interval_s,
        }
        self.carry_out("PUT", policy, {"properties": {"providerSpecificInput": details}})
        mapping = {
            "policyId": policy,
            "targetProtectionContainerId": "Microsoft Azure",
            "providerSpecificInput": {"instanceType": HYPER_V},
        }
        path = f"{self.container}/replicationProtectionContainerMappings/standard"
        self.carry_out("PUT", path, {"properties": mapping})
        return policy

    def machine(self, name: str) -> Json:
        items = self.values(f"{self.container}/replicationProtectableItems")
        return next(item for item in items if item["properties"]["friendlyName"] == name)

    @property
    def network(self) -> str:
        return f"{self.group}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-dr"

    @property
    def drill_network(self) -> str:
        return f"{self.group}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-drill"

    def enable_body(self, machine: Json, policy: str, **details: Any) -> Json:
        properties = machine["properties"]["customDetails"]
        given = {
            "instanceType": HYPER_V,
            "osType": (properties["osDetails"] or {}).get("osType"),
            "vhdId": properties["diskDetails"][0]["vhdId"],
            "targetStorageAccountId": f"{self.group}/providers/Microsoft.Storage/storageAccounts/stcontosoasrweu",
            "targetAzureNetworkId": self.network,
            "targetAzureSubnetId": f"{self.network}/subnets/servers",
            "targetAzureV2ResourceGroupId": self.group,
            "targetAzureVmName": machine["properties"]["friendlyName"].replace(" ", "-"),
            "useManagedDisks": "true",
        }
        return {
            "properties": {
                "policyId": policy,
                "protectableItemId": machine["id"],
                "providerSpecificDetails": given | details,
            }
        }

    def begin_enable(self, name: str, policy: str, **details: Any) -> tuple[str, Reply]:
        machine = self.machine(name)
        item = f"{self.container}/replicationProtectedItems/{machine['name']}"
        return item, self.begin("PUT", item, self.enable_body(machine, policy, **details))

    def protect(self, name: str, policy: str | None = None, **details: Any) -> str:
        """Enable a machine and wait until it is protected and settled; its item's path."""
        item, accepted = self.begin_enable(name, policy or self.associate_policy(), **details)
        assert self.finish(accepted)["status"] == "Succeeded"
        self.until_settled(item)
        return item

    def until_settled(self, item: str) -> None:
        for _ in range(200):
            if "TestFailover" in self.properties(item)["allowedOperations"]:
                return
            self.clock.advance(600)
        raise AssertionError("the item was not protected in time")

    def properties(self, path: str) -> Json:
        properties: Json = self.get(path)["properties"]
        return properties

    def failover_body(self, **more: Any) -> Json:
        details = {"instanceType": HYPER_V}
        return {"properties": {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details} | more}

    def test_failover_body(self, network: str | None = None) -> Json:
        return self.failover_body(networkType="VmNetworkAsInput", networkId=network or self.drill_network)
